/* Putting bytes into the envelopes that the program opens, for drivers whose mutations nest them. */
#ifndef NCRED_FUZZ_WRAP_H
#define NCRED_FUZZ_WRAP_H

#include "base/text.h"

enum wrap_kind {
    WRAP_BASE64, WRAP_BASE64_LINES, WRAP_GZIP, WRAP_JSON_STRING, WRAP_JSON, WRAP_JSON_ROWS, WRAP_XML, WRAP_YAML,
        WRAP_CLI_TEXT,
    WRAP_BOM, WRAP_UTF16_LE, WRAP_UTF16_BE, WRAP_QUOTED, WRAP_KINDS
};

/*
 * Append BYTES in an envelope of this kind to OUT. What the kind cannot hold, such as bytes that are not UTF-8, is as
 * it is.
 */
void wrap(struct buffer *out, enum wrap_kind kind, struct slice bytes);

#endif
