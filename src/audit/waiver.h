/* Findings that somebody accepts until a date: the files of waivers, and which finding they waive. */
#ifndef NCRED_WAIVER_H
#define NCRED_WAIVER_H

#include "base/error.h"
#include "base/hash_index.h"
#include "query/query.h"
#include "report/report.h"

struct waiver {
    struct slice user; /* a user's name, good in every account, or an ARN; a pattern or a query as it stands in the file */
    struct query *query;   /* owned; NULL, or: the users that it is for */
    char *owner;
    char *reason;
    bool is_wide;  /* USER is a pattern or a query */
    size_t check;  /* see check_at() */
    int64_t until; /* 00:00 UTC of the day on which the finding counts again */
    size_t line;   /* in the file, from 1 */
    uint32_t other;  /* the next one of this user that holds longest for its check, its index + 1; 0: none */
    uint32_t same;   /* the next one of this user and check, which ends earlier or at the same time; as above */
};

struct waivers {
    char *file;          /* owned; NULL: none was loaded */
    char *text;          /* owned: what the words of the list lie in */
    struct waiver *list; /* owned; as they stand in the file */
    size_t count;
    struct hash_index users;    /* the first of each user's waivers, linked by OTHER: one per check */
    uint32_t *wide;             /* owned: those with a pattern or a query, by their index */
    size_t wide_count;
    struct waivers *more;       /* owned: those of a further file; NULL: there is none */
};

/*
 * Read the file at PATH into W. OTHER_NAMES: its queries may name columns of other files, see rule_is_query(). False: ERR
 * names file and line, W is empty.
 */
bool waivers_load(struct waivers *w, const char *path, bool other_names, struct error *err);
/* The same for a further file: W keeps what it has. */
bool waivers_add(struct waivers *w, const char *path, bool other_names, struct error *err);
void waivers_free(struct waivers *w);
/* Whether there are any, in any file. */
bool waivers_any(const struct waivers *w);
/* Look up the names that only R knows in the queries of W; one with a name that R lacks waives nothing. */
void waivers_bind(const struct waivers *w, const struct report *r);
/*
 * The longest waiver of this user's finding that is in force as of r->as_of, or NULL; one of its ARN before one of its
 * name, and these before patterns and queries. A waiver without '*', '?' and parentheses is for one ARN or name.
 */
const struct waiver *waivers_find(const struct waivers *w, const struct report *r, size_t row, size_t check);
/*
 * For each of the COUNT rows from FIRST on: set FOUND[i] to the bits of WANTED[i], one per check, for which waivers_find()
 * returns a waiver.
 */
void waivers_span(const struct waivers *w, const struct report *r, size_t first, size_t count, const uint64_t *wanted,
    uint64_t *found);
enum { WAIVER_WARN_DAYS = 14 };
/*
 * Those that have ended as of r->as_of, that end within WAIVER_WARN_DAYS, or that are for no user of the report: one line
 * each, as in the file, to OUT.
 */
void waivers_stale(const struct waivers *w, const struct report *r, struct buffer *out);

#endif
