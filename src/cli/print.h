/* Printing without a screen: rows are filtered, sorted, limited and written in a format of export/. */
#ifndef NCRED_PRINT_H
#define NCRED_PRINT_H

#include "config/options.h"
#include "export/users.h"
#include "session/session.h"

/*
 * Print the listing that O selects (users, findings, ...) to OUT. Returns false with ERR set if O names an unknown
 * column or OUT cannot be written. A reader that has closed the pipe (EPIPE) is no error: it has seen what it wanted.
 */
bool print_listing(const struct options *o, const struct report *r, FILE *out, struct error *err);

/*
 * Write the folder that --evidence names, with the users that the options of S select. Returns false with ERR set on
 * failure.
 */
bool print_evidence(const struct session *s, struct error *err);
/* Returns whether O also asks for a listing: with --evidence only if it names a format or a listing. */
bool print_has_listing(const struct options *o);

/*
 * Printing users, all at once or in pieces: print_users_choose(), print_users_write() once or more,
 * print_users_free().
 */
struct print_users {
    const struct options *options;
    const struct export_format *format;
    struct users_column *columns; /* owned */
    size_t column_count;
    bool own;                     /* the columns are those of the report, in its order */
    bool has_begun;               /* something was written: the heading is there */
    bool has_ages;                /* some column holds ages */
    size_t left;                  /* users that --limit still allows */
};

/* Choose the columns. Returns false with ERR set if O names an unknown one. Call print_users_free() either way. */
bool print_users_choose(struct print_users *u, const struct options *o, const struct report *r,
    const struct export_format *format, struct error *err);
/* Write the COUNT users at ROWS, up to the limit. May be called repeatedly only if format->lines. */
void print_users_write(struct print_users *u, const struct report *r, const uint32_t *rows, size_t count, FILE *out);
void print_users_free(struct print_users *u);
/* Write the problems of R to standard error, one per line. */
void print_tell_problems(const struct report *r);
/* Report on standard error which columns the files lack, if people or checks see cells that depend on them. */
void print_tell_missing(const struct options *o, const struct report *r);
/*
 * Report on standard error that ages count to now, if the outcome depends on ages and the output does not show that
 * time.
 */
void print_tell_now(const struct options *o, const struct report *r);
/*
 * Returns false with ERR set if a filter could not decide about some users, which must not pass for "does not match".
 */
bool print_has_answers(const struct options *o, struct error *err);

/* Returns whether O asks for something that is printed even if standard output is a terminal. */
bool print_is_wanted(const struct options *o);
/*
 * Returns the users in the listing: those that match all filters or, with --keys, have a credential that does. The
 * caller frees it.
 */
uint32_t *print_chosen_users(const struct options *o, const struct report *r, size_t *count);
/*
 * Returns how many findings of severity o->fail_on or worse the users that O selects have (with --keys, the
 * credentials; of a comparison, the changes), for --fail-on. Waived findings and those of the baseline do not count.
 */
size_t print_failing(const struct options *o, const struct report *r);
/*
 * If findings are printed or counted, report on standard error which enabled checks could not judge how many of the
 * users that O selects, and why. Returns the number of these checks.
 */
size_t print_tell_unjudged(const struct options *o, const struct report *r);
/* Flush OUT. Returns false with ERR set if not all of it was written; EPIPE is no error. */
bool print_flush(FILE *out, struct error *err);

#endif
