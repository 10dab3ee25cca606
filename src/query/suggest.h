/* What the word at the end of a line could become: names of the query language, actions, whatever a list has. */
#ifndef NCRED_COMPLETE_H
#define NCRED_COMPLETE_H

#include "base/text.h"

struct complete {
    size_t from;   /* where the word begins in the text */
    char **words;  /* owned, in order */
    size_t count;
};

/* Start anew with the word of TEXT that begins at FROM. */
void complete_start(struct complete *c, size_t from);
/* Offer WORD, if the text's word is a prefix of it without regard to ASCII case. */
void complete_offer(struct complete *c, struct slice text, const char *word);
/*
 * The words that TEXT, the part of a query before the cursor, could go on with: fields, members of key() and cert(),
 * checks within fails(), after a comparison states and values. KEYS: a query about credentials.
 */
void complete_query(struct complete *c, struct slice text, bool keys);
/* How many bytes all of the words have in common. */
size_t complete_common(const struct complete *c);
void complete_free(struct complete *c);

#endif
