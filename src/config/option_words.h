/* Options whose argument is one of a few words: which words, from the tables of formats, themes and so on. */
#ifndef NCRED_OPTION_WORDS_H
#define NCRED_OPTION_WORDS_H

#include "config/options.h"

/* Returns word INDEX of those for an argument of KIND; NULL after the last, or if KIND is not about such words. */
const char *option_word(enum option_argument kind, size_t index);
/* Returns the index of WORD among them, or SIZE_MAX. */
size_t option_word_find(enum option_argument kind, struct slice word);
/* Set ERR to 'no WHAT "ARGUMENT"; there are ...' with the words for KIND. Returns false. */
bool option_words_refuse(struct error *err, const char *what, const char *argument, enum option_argument kind);
/* Append the help of ROW, with {} replaced by the words of its argument. */
void option_words_help(struct buffer *out, const struct option_row *row);

#endif
