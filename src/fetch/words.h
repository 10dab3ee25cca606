/*
 * Splitting the command of credential_process into words, as botocore does: with the rules of Python's shlex.split()
 * for POSIX. There is no shell and no expansion.
 */
#ifndef NCRED_WORDS_H
#define NCRED_WORDS_H

#include "base/text.h"

enum { WORDS_MAX = 64 };

/*
 * Split TEXT into words, each ending with a NUL, in OUT, which has room for TEXT.len + 2 bytes. ARGV points to them
 * and ends with NULL. Returns how many there are, or -1 for a quotation mark without its partner, a backslash at the
 * end, a NUL byte, or more than WORDS_MAX words.
 */
int words_split(struct slice text, char *out, char *argv[WORDS_MAX + 1]);

#endif
