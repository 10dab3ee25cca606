/* Findings that somebody has answered for until a date: reading and writing the file of waivers. */
#ifndef NCRED_WAIVER_H
#define NCRED_WAIVER_H

#include "error.h"
#include "report.h"

struct waiver {
    char *user;    /* owned; a user's name, good in every account, or an ARN */
    char *owner;   /* owned */
    char *reason;  /* owned */
    size_t check;  /* index of checks[] */
    int64_t until; /* 00:00 UTC of the day on which the finding counts again */
    size_t line;   /* in the file, from 1 */
};

struct waivers {
    char *file;    /* owned; NULL: none was loaded */
    struct waiver *list; /* by user, then check, then the longest first */
    size_t count;
};

/* Read the file at PATH into W. False: ERR names file and line, W is empty. */
bool waivers_load(struct waivers *w, const char *path, struct error *err);
void waivers_free(struct waivers *w);
/* The waiver of this user's finding that is in force as of r->as_of, or NULL. */
const struct waiver *waivers_find(const struct waivers *w, const struct report *r, size_t row, size_t check);
/* Those that have ended as of r->as_of, or whose user is in no report: one line each for people, appended to OUT. */
void waivers_stale(const struct waivers *w, const struct report *r, struct buffer *out);

/*
 * Add the COUNT waivers at LIST to the file at PATH, which is made when it is not there: written whole beside it and put
 * in its place, or not at all. Their lines are ignored. False: ERR says why, or what of a waiver is missing.
 */
bool waivers_append(const char *path, const struct waiver *list, size_t count, struct error *err);

#endif
