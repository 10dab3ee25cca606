/* Regular expressions of PCRE2, matched in bounded time and memory. */
#ifndef NCRED_REGEX_H
#define NCRED_REGEX_H

#include "base/text.h"

#include <stdbool.h>

struct regex;

/*
 * Compile the regular expression TEXT. Returns NULL if it is wrong: MESSAGE, an array of SIZE bytes, then says why, and
 * *AT is the byte offset of the mistake. Free the result with regex_free(), which accepts NULL.
 */
struct regex *regex_new(struct slice text, bool ignore_case, char *message, size_t size, size_t *at);
/*
 * Whether RE matches anywhere in TEXT: by characters, or by bytes if TEXT is not UTF-8. Returns false if that takes too
 * long. Threads may share RE, but wait for each other.
 */
bool regex_matches(struct regex *re, struct slice text);
/* Whether regex_matches() has returned false for any text so far because it took too long. */
bool regex_gave_up(const struct regex *re);
void regex_free(struct regex *re);

#endif
