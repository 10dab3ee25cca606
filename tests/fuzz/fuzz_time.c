/* Times and durations: what is read can be written, and read again as the same. */
#include "fuzz.h"
#include "base/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    char out[32];
    int64_t t, again;
    if (timestamp_parse(text, &t))
        FUZZ_CHECK(timestamp_parse(slice_of(timestamp_format(out, sizeof out, t)), &again) && again == t);
    if (timestamp_parse_epoch(text, &t))
        FUZZ_CHECK(timestamp_parse(slice_of(timestamp_format(out, sizeof out, t)), &again) && again == t);
    if (timestamp_in_file_name(text, &t))
        FUZZ_CHECK(timestamp_parse(slice_of(timestamp_format(out, sizeof out, t)), &again) && again == t);
    if (duration_parse(text, &t))
        FUZZ_CHECK(t >= 0 && duration_days(t) >= 0);
    return 0;
}
