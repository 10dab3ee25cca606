/* Regular expressions, matched in bounded time and memory. */
#ifndef NCRED_REGEX_H
#define NCRED_REGEX_H

#include "base/text.h"

#include <stdbool.h>

struct regex;

/* Compile TEXT; NULL: MESSAGE (of SIZE bytes) says what is wrong with it, AT the byte where. To be freed. */
struct regex *regex_new(struct slice text, bool ignore_case, char *message, size_t size, size_t *at);
/* Whether it matches somewhere in TEXT, by characters, or by bytes if TEXT is not UTF-8. One thread at a time. */
bool regex_matches(struct regex *re, struct slice text);
/* Whether some text so far was given up on: finding out would have taken too long. */
bool regex_gave_up(const struct regex *re);
void regex_free(struct regex *re);

#endif
