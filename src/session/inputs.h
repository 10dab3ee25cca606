/* Everything that the command line names as reports: files, directories of them, and accounts to fetch. */
#ifndef NCRED_INPUTS_H
#define NCRED_INPUTS_H

#include "base/sha256.h"
#include "config/inputs_wish.h"
#include "fetch/fetch.h"
#include "read/load.h"
#include "report/accounts.h"

struct stat;

/* One thing that may be a report. */
struct inputs_item {
    char *name;             /* owned; the path, or what was fetched */
    struct buffer bytes;    /* owned; what was fetched, or came through a pipe among others */
    struct buffer details, keys; /* owned; what was fetched beside it, as JSON of the aws command; empty: nothing */
    bool is_file, fetched;
    bool is_kept;           /* BYTES are its rows as an earlier report has them: it could not be read again */
    bool is_told;           /* that it could not be read was said */
    bool has_place;         /* DEVICE and INODE tell which file or pipe it is, */
    uint64_t device, inode; /* under whatever name */
    uint64_t size;          /* in bytes, and */
    int64_t changed;        /* when its content was changed last, in nanoseconds: both when it was found */
    char sha256[SHA256_HEX]; /* of the bytes that came through a pipe; empty: it was none, or was not kept */
    bool left_out;          /* not shown: another report, no older, has all its accounts; or --history names it */
    bool is_past;           /* --history names it */
    bool is_older;          /* it is of an account that is shown, and from before */
    int64_t time;           /* of what is older */
    struct load_result result;
};

/* A report from before the one that is shown. */
struct inputs_older {
    struct load_input input;
    int64_t time;
};

/* What was found and fetched. */
struct inputs {
    struct inputs_item *items; /* owned */
    size_t count;
    size_t past_from;          /* the first of those that --history names */
    struct load_input *inputs;   /* owned; those not left out, for a load */
    size_t input_count;
    struct inputs_older *older;  /* owned: the history of the accounts, oldest first */
    size_t older_count;
    struct load_time own;        /* of the newest report */
    struct buffer said;   /* messages, one line each, harmless: what was left out and why, and other remarks */
    struct error last;    /* of those that failed */
    char **beside;        /* owned: paths of authorization details and key ids that lie beside reports in directories */
    size_t beside_count;
    size_t failed;        /* how many could not be read or fetched, or were no reports */
    size_t fetched;       /* how many reports came from AWS */
    struct fetch_key_owner owner; /* of the key that was asked for; user "": nobody knows */
    size_t kept;          /* how many could not be read again, and keep their rows */
};

/* Read the list of accounts of W, unless there is none or it was read before. */
bool inputs_list(const struct inputs_wish *w, struct error *err);
/*
 * Find the files of W, and fetch its accounts with SETTINGS, which report progress. OUT lists the inputs, ready to be
 * loaded, and a message for each that failed. Returns false with ERR set if all failed. Free OUT with inputs_free either way.
 */
bool inputs_gather(const struct inputs_wish *w, const struct fetch_settings *settings, struct inputs *out,
    struct error *err);
/*
 * Called when the inputs were loaded into R, with RESULTS: keep only the newest report of each account. Returns true if
 * that left some out; the inputs that remain must then be loaded once more, into another report.
 */
bool inputs_settle(struct inputs *o, const struct report *r, const struct load_result *results);
/* Load the inputs of O into R once more: its rows are discarded, its account names stay. *STOP as for load_all. */
bool inputs_again(const struct inputs *o, struct report *r, const atomic_bool *stop, struct error *err);
/* Set ERR to why not one input could be read. Returns false. */
bool inputs_none(const struct inputs *o, struct error *err);
/*
 * Load what is not left out of O into R, which is empty, and settle it; called again when items were added. False: ERR says
 * why there is nothing.
 */
bool inputs_load(struct inputs *o, struct report *r, const atomic_bool *stop, struct error *err);
/* inputs_gather() and inputs_load() in one call. */
bool inputs_obtain(const struct inputs_wish *w, const struct fetch_settings *settings, struct report *r, struct inputs *out,
    struct error *err);
/* Add an item named NAME; say why something could not be read, and count that; add a remark. */
struct inputs_item *inputs_add(struct inputs *o, const char *name);
void inputs_fail(struct inputs *o, const struct error *err);
__attribute__((format(printf, 2, 3))) void inputs_say(struct inputs *o, const char *format, ...);
/* Whether ST, of the file at the item's path, is still that of the file that was found. */
bool inputs_is_unchanged(const struct inputs_item *item, const struct stat *st);
void inputs_free(struct inputs *o);
/* Whether a file in a directory is taken for a report. */
bool inputs_is_named_like_report(const char *name);
/* Whether W can be obtained a second time: standard input cannot. */
bool inputs_can_again(const struct inputs_wish *w);

#endif
