/* Printing without a screen: filter, sort, limit, write. */
#ifndef NCRED_PRINT_H
#define NCRED_PRINT_H

#include "config/options.h"
#include "export/users.h"
#include "session/session.h"

/*
 * Print what O asks for to OUT. False: ERR says which column there is not, or why OUT could not be written.
 * A reader that has gone (EPIPE) is no error: it has seen what it wanted.
 */
bool print_listing(const struct options *o, const struct report *r, FILE *out, struct error *err);

/* Make the folder that --evidence names, of what the options of S select. False: ERR says why there is none. */
bool print_evidence(const struct session *s, struct error *err);
/* Whether O has anything printed, besides. */
bool print_has_listing(const struct options *o);

/* Users on their way out, in one piece or one after another. */
struct print_users {
    const struct options *options;
    const struct export_format *format;
    struct users_column *columns; /* owned */
    size_t column_count;
    bool own;                     /* they are the report's own */
    bool has_begun;
    bool has_ages;                /* some column is of ages */
    size_t left;                  /* of the limit */
};

/* Choose the columns. False: ERR says which one there is not. Freed with print_users_free either way. */
bool print_users_choose(struct print_users *u, const struct options *o, const struct report *r,
    const struct export_format *format, struct error *err);
/* Write COUNT of the report's rows, as far as the limit goes; more than once where the format is one of lines. */
void print_users_write(struct print_users *u, const struct report *r, const uint32_t *rows, size_t count, FILE *out);
void print_users_free(struct print_users *u);
/* What is wrong in the report, on standard error. */
void print_tell_problems(const struct report *r);
/* Say on standard error which columns are missing, where people or checks look at what depends on them. */
void print_tell_missing(const struct options *o, const struct report *r);
/* Say on standard error that ages count to now, where the outcome depends on ages and the output does not say so itself. */
void print_tell_now(const struct options *o, const struct report *r);
/* False, with ERR filled: a filter could not tell of some users, which is not to pass for a "no". */
bool print_has_answers(const struct options *o, struct error *err);

/* Whether O asks for something printed, whatever standard output is. */
bool print_is_wanted(const struct options *o);
/* The users that have a part in the listing: those that all filters hold for, or some credential of theirs; to be freed. */
uint32_t *print_chosen_users(const struct options *o, const struct report *r, size_t *count);
/*
 * How many findings of o->fail_on or worse count for the users (with --keys, the credentials; of a comparison, the
 * changes) that O selects; those of the baseline do not.
 */
size_t print_failing(const struct options *o, const struct report *r);
/*
 * Where findings are printed or counted: report on standard error which enabled checks could not judge how many of the
 * users that O selects, and why. How many checks those are.
 */
size_t print_tell_unjudged(const struct options *o, const struct report *r);
/* Flush OUT and tell as print_listing() does whether all of it was written. */
bool print_flush(FILE *out, struct error *err);

#endif
