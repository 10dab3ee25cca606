/* Reports for the terminal tests, and reading the table off the screen. */
#ifndef NCRED_BROWSE_H
#define NCRED_BROWSE_H

#include "term.h"

/* The time that the tests' reports speak of. */
#define BROWSE_AS_OF "2026-06-15T12:00:00Z"
/* The marker of the selected row, in the first column. */
#define BROWSE_CURSOR "\342\226\214"
#define BROWSE_DESCENDING "\342\226\274"
#define BROWSE_ASCENDING "\342\226\262"

/* What matters of a user; ages in days before BROWSE_AS_OF, -1: none. */
struct browse_user {
    const char *name;
    const char *path;              /* NULL: "/" */
    const char *account;           /* NULL: 123456789012 */
    bool mfa;
    int password_age;              /* -1: no password */
    int password_idle;             /* -1: never used */
    struct {
        int age;                   /* -1: no key */
        int idle;                  /* -1: never used */
        bool inactive;
    } key[2];
};

/* Append the header; a user. */
void browse_header(FILE *f);
void browse_user(FILE *f, const struct browse_user *u);
/* A report of these users in the file NAME, open on screen as of BROWSE_AS_OF; more arguments up to a NULL. */
struct term *browse_open(int rows, int columns, const struct browse_user *users, size_t count, ...)
    __attribute__((sentinel));
/* 5,012 users, of whom these have each trait and no other: numbers that the tests ask for. */
enum { MANY = 5012, MANY_OLD_KEYS = 37, MANY_WITHOUT_MFA = 1234 };
struct term *browse_open_many(int rows, int columns);

/* The selected user's name as far as the table shows it; "" when no row is marked. Valid until the next call. */
const char *browse_selected(struct term *t);
void browse_wait_selected(struct term *t, const char *name);
/* Press KEY until NAME is selected. */
void browse_go(struct term *t, const char *key, const char *name);
/* The names in the table, each followed by a blank. Valid until the next call. */
const char *browse_names(struct term *t);
void browse_wait_names(struct term *t, const char *names);
/* Type TEXT, and Enter, when the line beside LABEL is being asked for. */
void browse_answer(struct term *t, const char *label, const char *text);
/* Fill in the form that waives a finding, and accept it. */
void browse_fill(struct term *t, const char *until, const char *owner, const char *reason, const char *file);
/* End with q and status 0, and the terminal as it was. */
void browse_quit(struct term *t);

#endif
