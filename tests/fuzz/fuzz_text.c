/* Untrusted text made harmless: nothing that a terminal obeys is left, and it takes the columns that it says. */
#include "fuzz.h"
#include "base/text.h"

#include <locale.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *locale;
    if (!locale && !(locale = setlocale(LC_CTYPE, "C.UTF-8"))) /* without it nothing but ASCII would be left */
        locale = "C";
    for (int ascii = 0; ascii < 2; ascii++) {
        struct buffer b = {0};
        text_harmless(&b, (struct slice){(const char *)data, size}, ascii);
        size_t columns = 0;
        for (size_t at = 0, n; at < b.len; at += n) {
            uint32_t cp;
            n = utf8_decode(b.data + at, b.len - at, &cp);
            FUZZ_CHECK(cp >= ' ' && cp != 0x7f && !(cp >= 0x80 && cp < 0xa0) && cp <= (ascii ? 0x7e : 0x10ffff));
            FUZZ_CHECK(!(cp >= 0x202a && cp <= 0x202e) && !(cp >= 0x2066 && cp <= 0x2069) && codepoint_width(cp) >= 0);
            columns += (size_t)codepoint_width(cp);
        }
        struct slice harmless = {b.data, b.len};
        FUZZ_CHECK(text_is_harmless(harmless));
        FUZZ_CHECK(b.len == 0 || text_width(harmless) == columns);
        for (size_t room = 0; b.len && room < 20; room++)
            FUZZ_CHECK(text_width((struct slice){b.data, text_fit(harmless, room)}) <= room);
        buffer_free(&b);
    }
    return 0;
}
