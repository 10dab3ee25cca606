/* Base 64 of RFC 4648, as AWS writes a report's Content and OSC 52 has the clipboard's. */
#ifndef NCRED_BASE64_H
#define NCRED_BASE64_H

#include "base/error.h"
#include "base/text.h"

/*
 * Append what TEXT stands for to OUT, which the caller frees. Line ends and blanks are skipped and padding may be
 * missing, for people paste; any other byte, or a text that was cut off, is an error that tells the offset.
 */
bool base64_decode(struct slice text, struct buffer *out, struct error *err);
/* Append TEXT in base 64, padded, on one line. */
void base64_encode(struct slice text, struct buffer *out);
/* Whether C can be part of it, padding included. */
bool base64_char(char c);

#endif
