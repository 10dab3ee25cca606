/* The configuration: whatever the bytes, what was understood of them is printed and read back as the same. */
#include "fuzz.h"
#include "config/command_line.h"

static void read_and_print(struct slice text, struct buffer *out)
{
    struct options o;
    command_line_init(&o, 1781524800);
    config_parse(&o, "config", text);
    FUZZ_CHECK(!o.config.problem_count == !o.config.problems.len);
    config_dump(out, &o);
    command_line_free(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer first = {0}, again = {0};
    read_and_print((struct slice){(const char *)data, size}, &first);
    read_and_print((struct slice){first.data, first.len}, &again);
    FUZZ_CHECK(first.len == again.len && memcmp(first.data, again.data, first.len) == 0);
    buffer_free(&first);
    buffer_free(&again);
    return 0;
}
