/* The file of waivers. */
#include "fuzz.h"
#include "audit/waiver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct waivers w;
    struct error err;
    if (waivers_load(&w, fuzz_file(data, size), false, &err)) {
        for (size_t i = 0; i < w.count; i++)
            FUZZ_CHECK(w.list[i].user.len && w.list[i].owner[0] && w.list[i].reason[0] && w.list[i].line >= 1);
    } else {
        FUZZ_CHECK(err.text[0] && !w.count);
    }
    waivers_free(&w);
    fuzz_file_end();
    return 0;
}
