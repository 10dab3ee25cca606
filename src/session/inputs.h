/*
 * Collects everything that the command line names as reports: files, directories of files, and accounts to fetch. Of
 * each account the newest report is shown; older ones become its history.
 *
 *     struct inputs in;
 *     if (!inputs_obtain(wish, &settings, &report, &in, &err))
 *         ...
 *     inputs_free(&in);
 */
#ifndef NCRED_INPUTS_H
#define NCRED_INPUTS_H

#include "base/hash_index.h"
#include "base/sha256.h"
#include "config/inputs_wish.h"
#include "fetch/fetch.h"
#include "history/chronicle.h"
#include "read/load.h"
#include "report/accounts.h"

/* What became of an older report, as far as that is known; see inputs_use_text(). */
enum inputs_use { INPUTS_USED, INPUTS_UNREADABLE, INPUTS_REPEATED, INPUTS_PARTLY_REPEATED };
/* Returns why the report, or a part of it, is not used: a part of a sentence; NULL for INPUTS_USED. */
const char *inputs_use_text(enum inputs_use use);

/* One input that may be a report. */
struct inputs_item {
    char *name;             /* owned: the path, or what was fetched */
    struct buffer bytes;    /* owned: what was fetched, or read from a pipe */
    struct buffer details, keys; /* owned: fetched with the report, as JSON of the aws command; empty if not */
    bool is_file, fetched;
    bool is_kept;           /* it could not be read again: BYTES are its rows in the earlier report */
    bool is_told;           /* its error has been reported */
    bool has_place;         /* PLACE is known */
    struct inputs_place {
        uint64_t device, inode; /* identify the file or pipe, whatever its name */
    } place;
    uint64_t size;          /* in bytes, when it was found */
    int64_t changed;        /* time of its last change when it was found, nanoseconds since 1970 */
    char sha256[SHA256_HEX]; /* of what was read from a pipe; empty for others */
    bool left_out;          /* not shown: reports that are as new or newer have all its accounts; or is_past */
    bool is_past;           /* named by --history */
    bool is_older;          /* an older report of an account that is shown */
    enum inputs_use use;    /* of an older report */
    bool is_part;           /* some of its accounts are not shown, because reports that are as new or newer have them */
    struct buffer part;     /* owned: if is_part, the other rows as CSV, each on its line in the file */
    int64_t time;           /* seconds since 1970, by which reports of an account were ordered; 0: they were not */
    /* Of its last load, as in struct load_result, without the error, which is long. */
    bool is_read;
    size_t file;
    struct load_time own_time;
};

/* An older report of an account that is shown. */
struct inputs_older {
    struct load_input input;
    int64_t time;
    size_t item; /* index in `items` */
};

/* What was found and fetched. */
struct inputs {
    struct inputs_item *items; /* owned */
    size_t count;
    size_t past_from;          /* index of the first item that --history names */
    struct hash_index by_place; /* owned: items by their place, the last one of each; empty after inputs_gather() */
    struct load_input *inputs;   /* owned: items that are not left out, for a load */
    size_t input_count;
    struct inputs_older *older;  /* owned: the history of the accounts, oldest first */
    size_t older_count;
    struct chronicle_limits limits; /* owned: which rows of OLDER are history, by shown account */
    struct load_time own_time;   /* time of the newest report */
    struct buffer messages; /* messages, one line each, safe to print: what was left out and why, and so on */
    struct error last;    /* the last error */
    char **beside;        /* owned: paths of authorization details and key IDs found in directories */
    size_t beside_count;
    size_t failed;        /* number of inputs that could not be read or fetched, or are no reports */
    size_t fetched;       /* number of reports from AWS */
    /* Owner of the access key that --whose asks about; `user` is "" if unknown. */
    struct fetch_key_owner owner;
    size_t kept;          /* number of inputs that could not be read again and keep their rows */
};

/*
 * Find the files of W, and fetch its accounts with SETTINGS, which report progress. OUT lists the inputs, ready to be
 * loaded, and a message for each that failed. Returns false with ERR set if all failed. Free OUT with inputs_free() in
 * either case.
 */
bool inputs_gather(const struct inputs_wish *w, const struct fetch_settings *settings, struct inputs *out,
    struct error *err);
/* Load the inputs of O into R again: its rows are discarded, its account names stay. *STOP as for load_all(). */
bool inputs_reload(struct inputs *o, struct report *r, const atomic_bool *stop, struct error *err);
/* Set ERR to why no input could be read. Returns false. */
bool inputs_explain_none(const struct inputs *o, struct error *err);
/*
 * Load the inputs that are not left out into R, which must be empty, and settle them; call it again after items were
 * added. Returns false with ERR set if nothing could be read.
 */
bool inputs_load(struct inputs *o, struct report *r, const atomic_bool *stop, struct error *err);
/* inputs_gather() and inputs_load() in one call. */
bool inputs_obtain(const struct inputs_wish *w, const struct fetch_settings *settings, struct report *r,
    struct inputs *out, struct error *err);
void inputs_free(struct inputs *o);
/* Whether W can be read again; standard input cannot. */
bool inputs_can_reload(const struct inputs_wish *w);

#endif
