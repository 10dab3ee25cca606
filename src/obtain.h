/* Everything that the command line names as reports: files, directories of them, and accounts to fetch. */
#ifndef NCRED_OBTAIN_H
#define NCRED_OBTAIN_H

#include "accounts.h"
#include "fetch/fetch.h"
#include "report.h"

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

/* What came of it. */
struct obtained {
    bool time_known;      /* of the newest report */
    int64_t time;         /* seconds since 1970 */
    const char *time_why; /* "report" or "file name" */
    struct buffer said;   /* what was left out and why, what is not as one might think: a line each, harmless */
    size_t failed;        /* how many inputs could not be had, or were no reports */
    size_t fetched;       /* how many reports came from AWS */
};

/* Whether it is one file or pipe and nothing else, which needs no sorting out of accounts. */
bool obtain_is_plain(const struct obtain_wish *w);
/*
 * Get all of W into R. One of many that fails is said in OUT; false with ERR when nothing at all could be had.
 * SETTINGS: those of a fetch, with its progress. OUT is freed with obtained_free.
 */
bool obtain(const struct obtain_wish *w, const struct fetch_settings *settings, struct report *r, struct obtained *out,
    struct error *err);
void obtained_free(struct obtained *o);
/* Whether W can be obtained a second time: standard input cannot. */
bool obtain_can_again(const struct obtain_wish *w);

#endif
