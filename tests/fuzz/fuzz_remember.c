/*
 * Amending the configuration with text of a report: what is remembered reads back as the same setting, every other line
 * stays as it was, and what was refused changed nothing. The input is VERB, NAME, VALUE and the old text, each but the
 * last with a byte 0xff behind it.
 */
#include "fuzz.h"
#include "config/command_line.h"

/* The part up to 0xff, taken off REST. */
static struct slice take_part(struct slice *rest)
{
    const char *end = rest->len ? memchr(rest->data, 0xff, rest->len) : NULL;
    struct slice part = {rest->data, end ? (size_t)(end - rest->data) : rest->len};
    *rest = (struct slice){rest->data + part.len + (end != NULL), rest->len - part.len - (end != NULL)};
    return part;
}

static size_t count_lines(struct slice text)
{
    size_t n = text.len && text.data[text.len - 1] != '\n';
    for (size_t i = 0; i < text.len; i++)
        n += text.data[i] == '\n';
    return n;
}

static struct slice take_line(struct slice *rest)
{
    const char *end = rest->len ? memchr(rest->data, '\n', rest->len) : NULL;
    struct slice line = {rest->data, end ? (size_t)(end - rest->data) : rest->len};
    *rest = (struct slice){rest->data + line.len + (end != NULL), rest->len - line.len - (end != NULL)};
    return line;
}

static bool ends_with(struct slice line, const struct buffer *end)
{
    line = slice_trimmed(line);
    return line.len >= end->len && memcmp(line.data + line.len - end->len, end->data, end->len) == 0;
}

/* Of the lines of NEW just one differs from OLD's, and that one is EXPECTED. */
static void check_lines(struct slice old, struct slice new, const struct buffer *expected)
{
    size_t before = count_lines(old), after = count_lines(new), changed = 0;
    FUZZ_CHECK(after == before || after == before + 1);
    for (size_t i = 0; i < after; i++) {
        struct slice was = i < before ? take_line(&old) : (struct slice){"", 0}, is = take_line(&new);
        if (i < before && slice_equal(was, is))
            continue;
        changed++;
        FUZZ_CHECK(ends_with(is, expected));
    }
    FUZZ_CHECK(changed <= 1);
}

/* A line of its own means the same to the parser. */
static void check_remembered(const char *verb, struct slice name, struct slice value, struct slice line)
{
    struct options o;
    command_line_init(&o, 1781524800);
    config_parse(&o, "config", line);
    const struct config *c = &o.config;
    const struct config_pairs *pairs = strcmp(verb, "filter") == 0 ? &c->filters : &c->sets;
    if (!c->problem_count) {
        const char *found = config_pairs_find(pairs, name);
        FUZZ_CHECK(c->filters.count + c->sets.count == 1 && found && slice_equal(slice_of(found), value));
        FUZZ_CHECK(o.given_count == 0);
    }
    FUZZ_CHECK(c->problem_count <= 1);
    command_line_free(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const verbs[] = {"filter", "columns"};
    struct slice rest = {(const char *)data, size}, which = take_part(&rest), name = take_part(&rest),
        value = take_part(&rest);
    const char *verb = verbs[which.len % 2];
    struct buffer new = {0}, line = {0}, again = {0};
    struct error err;
    if (config_amend(&new, rest, verb, name, value, &err)) {
        buffer_printf(&line, "%s %.*s = %.*s", verb, (int)name.len, name.data, (int)value.len, value.data);
        check_lines(rest, (struct slice){new.data, new.len}, &line);
        check_remembered(verb, name, value, (struct slice){line.data, line.len});
        FUZZ_CHECK(config_amend(&again, (struct slice){new.data, new.len}, verb, name, value, &err));
        FUZZ_CHECK(slice_equal((struct slice){new.data, new.len}, (struct slice){again.data, again.len}));
    } else {
        FUZZ_CHECK(!new.len);
    }
    buffer_free(&new);
    buffer_free(&line);
    buffer_free(&again);
    return 0;
}
