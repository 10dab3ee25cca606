/* Everything that the command line names as reports: files, directories of them, and accounts to fetch. */
#ifndef NCRED_OBTAIN_H
#define NCRED_OBTAIN_H

#include "report/accounts.h"
#include "fetch/fetch.h"
#include "read/load.h"

enum { OBTAIN_PROFILES_MAX = 256 };

/* What is wanted; all text borrowed. */
struct obtain_wish {
    char *const *paths;       /* files, directories, "-" */
    size_t path_count;
    bool fetch;
    const char *profiles[OBTAIN_PROFILES_MAX];
    size_t profile_count;
    const char *role_template; /* "arn:aws:iam::{account}:role/audit"; NULL: none */
    const char *accounts_path; /* the accounts of the template */
    const char *save_path;     /* NULL: do not save */
    enum fetch_via via;
    int64_t patience_ms;
};

/* One thing that may be a report. */
struct obtained_item {
    char *name;             /* owned; the path, or what was fetched */
    struct buffer bytes;    /* owned; what was fetched, or came through a pipe among others */
    bool is_file, fetched;
    bool left_out;          /* a newer report has all its accounts */
    struct load_result result;
};

/* What came of it. */
struct obtained {
    struct obtained_item *items; /* owned */
    size_t count;
    struct load_input *inputs;   /* owned; those not left out, for a load */
    size_t input_count;
    struct load_time own;        /* of the newest report */
    struct buffer said;   /* what was left out and why, what is not as one might think: a line each, harmless */
    struct error last;    /* of those that failed */
    size_t failed;        /* how many could not be had, or were no reports */
    size_t fetched;       /* how many reports came from AWS */
};

/*
 * Find the files of W, and fetch what is to be fetched with SETTINGS, progress and all; what comes of it is in OUT,
 * whose inputs are ready to be loaded. One of many that fails is said in OUT; false with ERR when nothing can be had.
 * OUT is freed with obtained_free either way.
 */
bool obtain_gather(const struct obtain_wish *w, const struct fetch_settings *settings, struct obtained *out,
    struct error *err);
/*
 * The inputs have been loaded into R, with RESULTS: of each account the newest report counts. True: some are left out,
 * and those that are now inputs are to be loaded once more, into another report.
 */
bool obtain_settle(struct obtained *o, const struct report *r, const struct load_result *results);
/* That: R is emptied first, but for the names of its accounts. *STOP as for load_all. */
bool obtain_again(const struct obtained *o, struct report *r, const atomic_bool *stop, struct error *err);
/* What there is to say when none could be had. */
bool obtain_none(const struct obtained *o, struct error *err);
/* All of that at once, into R. */
bool obtain(const struct obtain_wish *w, const struct fetch_settings *settings, struct report *r, struct obtained *out,
    struct error *err);
void obtained_free(struct obtained *o);
/* Whether W can be obtained a second time: standard input cannot. */
bool obtain_can_again(const struct obtain_wish *w);

#endif
