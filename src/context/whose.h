/*
 * Whose an access key is, from its id: the page that somebody needs who was told that a key was found in public, and the
 * commands that contain the leak. Facts are stated with their source; what is not known is said to be unknown.
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
    const struct context *context;   /* borrowed; NULL: none */
    const struct report *report;     /* borrowed */
    char id[ACCESS_KEY_ID_LENGTH + 1]; /* upper case; "" when the text is no id */
    enum access_key_id_kind kind;
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE]; /* by the id's format; "": it does not tell */
    const struct key_id *entry;      /* of the key ids; NULL: not in them */
    size_t row;                      /* of the user; SIZE_MAX: not known */
    int slot;                        /* 1 or 2; 0: the user is known, the key is not in the report */
    bool is_ambiguous;               /* several users of the reports fit; ROW is none of them */
    const char *used, *service, *region; /* what AWS says of its last use now, for the caller to set; USED NULL: not asked */
};

/* Look ID up. False: it is no access key id, and nothing else of W holds. */
bool whose_find(struct whose *w, const struct context *c, const struct report *r, struct slice id);
/* The active keys that the reports have in the accounts of a number, of which each partition can have one. */
struct whose_keys {
    size_t active;     /* as far as the reports tell; */
    bool is_at_least;  /* of some key they do not */
    size_t accounts;   /* 0: the number is not in the reports */
};
struct whose_keys whose_active_keys(const struct report *r, struct slice number);
/* Append "at least 3 active keys". */
void whose_put_keys(struct buffer *b, const struct whose_keys *k);
/* Append the command that asks AWS: whose the key is or, where the id does not tell, of which account. */
void whose_question(struct buffer *b, const struct whose *w);
/*
 * Append what is known, harmless to print: one fact per line, its source behind it. When the user was found it is a sheet
 * for POSIX sh: the facts as comments, then commands that deactivate the key and the user's other credentials, end sessions
 * that were started with it, look it up in CloudTrail. It is reviewed and run by a person; every active command can be
 * undone by the line below it.
 */
void whose_text(struct buffer *b, const struct whose *w);

#endif
