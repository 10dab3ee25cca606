/*
 * Waivers: findings that somebody accepts until a date. They are read from files with one waiver per line. A waiver
 * names a user or ARN, or matches users by a pattern or a query.
 *
 *     struct waivers w;
 *     if (waivers_load(&w, path, false, &err))
 *         v = waivers_find(&w, r, row, check);
 *     waivers_free(&w);
 *
 * Waivers for a named user are found by a hash index and linked by check:
 *
 *     users -> longest waiver for check A --other--> longest one for check B --other--> ...
 *                         |                                 |
 *                        same                              same
 *                         v                                 v
 *              shorter waivers for A             shorter waivers for B
 */
#ifndef NCRED_WAIVER_H
#define NCRED_WAIVER_H

#include "base/error.h"
#include "base/hash_index.h"
#include "query/query.h"
#include "report/report.h"

struct waiver {
    struct slice user;     /* a user's name (in any account) or ARN; or the pattern or query as the file has it */
    struct query *query;   /* owned: holds for the users that it is for; NULL unless USER is a query */
    char *owner;
    char *reason;
    bool is_wide;  /* USER is a pattern or a query */
    size_t check;  /* see check_at() */
    int64_t until; /* 00:00 UTC of the day on which the finding counts again */
    size_t line;   /* in the file, from 1 */
    uint32_t other;  /* index + 1 of the user's longest waiver for another check, or 0; see above */
    uint32_t same;   /* index + 1 of the user's next waiver for this check, which ends no later, or 0 */
};

/* The waivers of one file, and by a link those of further files. All texts in the list are borrowed from `text`. */
struct waivers {
    char *file;          /* owned: its path; NULL if none was loaded */
    char *text;          /* owned: the file's bytes */
    struct waiver *list; /* owned: in the order of the file */
    size_t count;
    struct hash_index users;    /* by name or ARN: index of the first of the user's waivers, see above */
    uint32_t *wide;             /* owned: indexes of those with a pattern or a query */
    uint64_t *wide_pairs;       /* owned: for each of them, pairs of bytes in all that it matches, see add_pair() */
    size_t wide_count;
    struct waivers *more;       /* owned: the waivers of the next file, or NULL */
    char *doubt;                /* owned: what is wrong unless the report has a column that a query names, or NULL */
};

/*
 * Read the file at PATH into W. With OTHER_NAMES its queries may name columns of other files, see rule_is_query().
 * Without it, names similar to a column's may be the report's own: waivers_check_names() says so when that is read.
 * Returns false if the file cannot be read or has an error; ERR then names file and line, and W is empty. Free W with
 * waivers_free().
 */
bool waivers_load(struct waivers *w, const char *path, bool other_names, struct error *err);
/* Add the waivers of a further file to W. On failure W keeps what it has. */
bool waivers_add(struct waivers *w, const char *path, bool other_names, struct error *err);
/*
 * Whether R has the columns of its own that W depends on; NULL has none. Binds the queries in question to R. Returns
 * false with ERR set to file, line and name.
 */
bool waivers_check_names(const struct waivers *w, const struct report *r, struct error *err);
/* Free what W owns, the waivers of further files included. W is empty afterwards. */
void waivers_free(struct waivers *w);
/* Whether any file has a waiver. */
bool waivers_any(const struct waivers *w);
/* Returns how long it takes to try all patterns and queries for one user, in times of one pattern. */
size_t waivers_tries(const struct waivers *w);
/* Whether a query has a regular expression, which threads can use only one at a time. */
bool waivers_are_for_one_thread(const struct waivers *w);
/*
 * Look up in R the names in the queries of W that only a report knows. A query with a name that R lacks waives nothing.
 */
void waivers_bind(const struct waivers *w, const struct report *r);
/*
 * Returns the waiver in force as of r->as_of for the row's finding of CHECK, or NULL; of several the one that ends
 * last. One for the row's ARN takes precedence over one for its name, and both over patterns and queries.
 */
const struct waiver *waivers_find(const struct waivers *w, const struct report *r, size_t row, size_t check);
/*
 * For each of the COUNT rows from FIRST on: set FOUND[i] to the bits of WANTED[i], one per check, for which
 * waivers_find() returns a waiver.
 */
void waivers_span(const struct waivers *w, const struct report *r, size_t first, size_t count, const uint64_t *wanted,
    uint64_t *found);
enum { WAIVER_WARN_DAYS = 14 };
/*
 * Append to OUT a warning line for each waiver that has ended as of r->as_of, that ends within WAIVER_WARN_DAYS, that
 * names a column that R lacks, or that is for no user of R, in the order of the files. Returns false, with some of them
 * missing, if P (may be NULL) has ended.
 */
bool waivers_stale(const struct waivers *w, const struct report *r, struct buffer *out, struct cancel_token *p);

#endif
