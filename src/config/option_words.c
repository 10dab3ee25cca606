/* One function per kind of argument, which returns the names in a table one by one. */
#include "config/option_words.h"

static const char *format_word(size_t index)
{
    return index < export_format_count ? export_formats[index].name : index == export_format_count ? "line" : NULL;
}

static const char *severity_word(size_t index)
{
    enum severity severity = SEVERITY_LOW + (enum severity)index;
    return index < SEVERITY_COUNT - SEVERITY_LOW ? severity_name(severity) : NULL;
}

static const char *theme_word(size_t index)
{
    return index < theme_count ? themes[index].name : NULL;
}

static const char *clipboard_word(size_t index)
{
    return index < CLIPBOARD_WAYS ? clipboard_ways[index] : NULL;
}

/* For --via, by enum fetch_via. */
static const char *way_word(size_t index)
{
    static const char *const words[] = {[FETCH_VIA_AUTO] = "auto", [FETCH_VIA_API] = "api", [FETCH_VIA_CLI] = "cli"};
    return index < sizeof words / sizeof words[0] ? words[index] : NULL;
}

/* For --with, in the order in which set_with() has what they ask for. */
static const char *extra_word(size_t index)
{
    static const char *const words[] = {"details", "key-ids"};
    return index < sizeof words / sizeof words[0] ? words[index] : NULL;
}

const char *option_word(enum option_argument kind, size_t index)
{
    static const char *(*const words[ARGUMENT_KINDS])(size_t index) = {
        [ARGUMENT_FORMAT] = format_word, [ARGUMENT_BENCHMARK] = benchmark_choice, [ARGUMENT_SEVERITY] = severity_word,
        [ARGUMENT_THEME] = theme_word, [ARGUMENT_CLIPBOARD] = clipboard_word, [ARGUMENT_WAY] = way_word,
        [ARGUMENT_EXTRAS] = extra_word};
    return words[kind] ? words[kind](index) : NULL;
}

size_t option_word_find(enum option_argument kind, struct slice word)
{
    const char *one;
    for (size_t i = 0; (one = option_word(kind, i)); i++) {
        if (slice_equal(word, slice_of(one)))
            return i;
    }
    return SIZE_MAX;
}

static void put_option_words(struct buffer *out, enum option_argument kind)
{
    const char *word;
    for (size_t i = 0; (word = option_word(kind, i)); i++)
        buffer_put_all(out, i ? ", " : "", word);
}

bool option_words_refuse(struct error *err, const char *what, const char *argument, enum option_argument kind)
{
    struct buffer words = {0};
    put_option_words(&words, kind);
    error_set(err, "no %s \"%s\"; there are %s", what, argument, words.data);
    buffer_free(&words);
    return false;
}

void option_words_help(struct buffer *out, const struct option_row *row)
{
    const char *hole = strstr(row->help, "{}");
    if (!hole) {
        buffer_puts(out, row->help);
        return;
    }
    buffer_add(out, row->help, (size_t)(hole - row->help));
    put_option_words(out, row->kind);
    buffer_puts(out, hole + 2);
}
