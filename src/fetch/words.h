/* Splitting a line into words with the rules of Python's shlex, which AWS's tools use: no shell, no expansion. */
#ifndef NCRED_WORDS_H
#define NCRED_WORDS_H

#include "base/text.h"

enum { WORDS_MAX = 64 };

/*
 * Split TEXT into words. OUT has room for TEXT.len + 2 bytes and receives them, each with its NUL; ARGV points to them
 * and ends with NULL. Returns how many there are, or -1: a quotation mark without its partner, a backslash at the end,
 * a NUL byte, or more than WORDS_MAX words.
 */
int words_split(struct slice text, char *out, char *argv[WORDS_MAX + 1]);

#endif
