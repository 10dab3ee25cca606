/* What the word at the end of a line could become: names of the query language, actions, whatever a list has. */
#ifndef NCRED_SUGGEST_H
#define NCRED_SUGGEST_H

#include "query/query.h"

struct suggestions {
    size_t from;   /* where the word begins in the text */
    char **words;  /* owned, in order */
    size_t count;
};

/* Start anew with the word of TEXT that begins at FROM. */
void suggest_start(struct suggestions *c, size_t from);
/* Offer WORD, if the text's word is a prefix of it without regard to ASCII case. */
void suggest_offer(struct suggestions *c, struct slice text, const char *word);
/*
 * The words that TEXT, the part of a query before the cursor, could go on with: fields, members of key() and cert(),
 * ids of CHECKS within fails(), after a comparison states and values.
 */
void suggest_query(struct suggestions *c, struct slice text, enum query_subject subject, const struct query_checks *checks);
/* How many bytes all of the words have in common. */
size_t suggest_common(const struct suggestions *c);
void suggest_free(struct suggestions *c);

#endif
