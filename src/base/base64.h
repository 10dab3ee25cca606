/*
 * Base64 (RFC 4648, section 4; decoding also section 5). AWS encodes the Content of a report so, and OSC 52 the text
 * for the clipboard.
 */
#ifndef NCRED_BASE64_H
#define NCRED_BASE64_H

#include "base/error.h"
#include "base/text.h"

/*
 * Append the decoded bytes of TEXT to OUT; - and _ are read like + and /. Line ends and blanks are skipped and padding
 * may be missing, because people paste such text. Returns false if there is any other byte or the text was cut off; ERR
 * says at which offset.
 */
bool base64_decode(struct slice text, struct buffer *out, struct error *err);
/* Append TEXT encoded, with padding, on one line. */
void base64_encode(struct slice text, struct buffer *out);
/* Whether C is a digit, of either alphabet, or the padding (=). */
bool base64_char(char c);

#endif
