/* What wraps a report: JSON, XML, YAML, base 64, gzip, UTF-16. */
#include "base/gunzip.h"
#include "read/envelope.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct envelope e;
    struct error err;
    struct slice bytes = {(const char *)data, size};
    envelope_is_none(bytes);
    if (envelope_open(bytes, size, "fuzz", &e, &err)) {
        /* no bomb gets further than this */
        FUZZ_CHECK(e.csv.len <= GUNZIP_ALWAYS + size * GUNZIP_RATIO);
    } else {
        FUZZ_CHECK(err.text[0] && !strpbrk(err.text, "\033\n\r\x7f"));
    }
    envelope_free(&e);
    return 0;
}
