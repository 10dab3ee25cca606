/* Times and durations: what is read can be written, and read again as the same. */
#include "fuzz.h"
#include "base/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    char out[32];
    int64_t t, again;
    if (stamp_parse(text, &t)) {
        FUZZ_CHECK(stamp_parse_loose(text, &again) && again == t);
        FUZZ_CHECK(stamp_parse(slice_of(stamp_format(out, sizeof out, t)), &again) && again == t);
    }
    if (stamp_parse_loose(text, &t))
        FUZZ_CHECK(stamp_parse(slice_of(stamp_format(out, sizeof out, t)), &again) && again == t);
    if (stamp_in_file_name(text, &t))
        FUZZ_CHECK(stamp_parse(slice_of(stamp_format(out, sizeof out, t)), &again) && again == t);
    if (duration_parse(text, &t))
        FUZZ_CHECK(t >= 0 && duration_days(t) >= 0);
    return 0;
}
