/*
 * Tells whose an access key is, by its id, for somebody who was told that a key leaked, and writes the commands that
 * contain the leak. Each fact is printed with its source; what is not known is said to be unknown.
 *
 *     struct whose w;
 *     whose_find(&w, context, report, slice_of("AKIA..."));
 *     whose_text(&text, &w);
 */
#ifndef NCRED_WHOSE_H
#define NCRED_WHOSE_H

#include "aws/access_key_id.h"
#include "context/context.h"

struct whose {
    const struct context *context;   /* borrowed; NULL if there is none */
    const struct report *report;     /* borrowed */
    char id[ACCESS_KEY_ID_LENGTH + 1]; /* in upper case; "" if the text is no id */
    enum access_key_id_kind kind;
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE]; /* decoded from the id; "" if it does not contain one */
    const struct key_id *entry;      /* from the key IDs; NULL if not in them */
    size_t row;                      /* of the user; SIZE_MAX if unknown */
    int slot;                        /* 1 or 2; 0 if the key is not in the report, even if the user is */
    bool is_ambiguous;               /* several users match; ROW is then SIZE_MAX */
    const char *used, *service, *region; /* last use according to AWS now; set by the caller; USED: NULL if not asked */
};

/*
 * Fill in W for ID; if R lists changes, from the newer report, which does not have removed users. Returns false if ID
 * is no access key ID; W then has nothing else.
 */
bool whose_find(struct whose *w, const struct context *c, const struct report *r, struct slice id);
/* Active keys in all accounts of one number; each partition can have one such account. */
struct whose_keys {
    size_t active;     /* keys known to be active */
    bool is_at_least;  /* there may be more, because the state of some key is unknown */
    size_t accounts;   /* number of these accounts; 0 if the reports have none */
};
/* Count the active keys in the accounts of R that have this number. */
struct whose_keys whose_active_keys(const struct report *r, struct slice number);
/* Append "at least 3 active keys". */
void whose_put_keys(struct buffer *b, const struct whose_keys *k);
/*
 * Append the command that asks AWS for the key's user; for the session, if the id is of temporary credentials, which
 * IAM does not know; or for the account, if the id does not contain it.
 */
void whose_question(struct buffer *b, const struct whose *w);
/*
 * Append what is known, one fact per line with its source, safe to print. If the user was found, the result is a shell
 * script (POSIX sh) for a person to review and run. It has the facts as comments, and commands that deactivate the key
 * and the user's other credentials, deny sessions started with it, and look it up in CloudTrail. The line below each
 * active command undoes it.
 */
void whose_text(struct buffer *b, const struct whose *w);

#endif
