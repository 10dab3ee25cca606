/* Keeps codes in one array per column, and words in one buffer with a hash index. */
#include "report/extra_columns.h"

#include "base/large_pages.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "report/report.h"

#include <stdlib.h>

static struct slice extra_word_at(const struct extra_words *w, uint32_t number)
{
    size_t from = number ? w->ends[number - 1] : 0;
    return (struct slice){w->text.data + from, w->ends[number] - from};
}

static struct slice extra_indexed_word(const void *owner, uint32_t number)
{
    return extra_word_at(owner, number);
}

struct extra_columns *extra_columns_new(void)
{
    struct extra_columns *x = xcalloc(1, sizeof *x);
    x->words.index = (struct hash_index){.text = extra_indexed_word, .owner = &x->words};
    x->names.index = (struct hash_index){.text = extra_indexed_word, .owner = &x->names};
    return x;
}

/* Returns the number + 1 of TEXT, which is added if it is new. */
static uint32_t extra_words_add(struct extra_words *w, struct slice text)
{
    uint32_t *slot = hash_index_add(&w->index, text, hash_text(text));
    if (!*slot) {
        if (w->count == w->room) {
            w->room = w->room ? w->room * 2 : 64;
            w->ends = xrealloc(w->ends, w->room, sizeof *w->ends);
        }
        buffer_add(&w->text, text.data, text.len);
        w->ends[w->count++] = w->text.len;
        *slot = (uint32_t)w->count;
    }
    return *slot;
}

static void extra_words_free(struct extra_words *w)
{
    buffer_free(&w->text);
    hash_index_free(&w->index);
    free(w->ends);
}

void extra_columns_free(struct extra_columns *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < x->count; i++) {
        free(x->list[i].name);
        free(x->list[i].prefixed);
        free(x->list[i].heading);
        free(x->list[i].source);
        free(x->list[i].help);
        free(x->list[i].codes);
    }
    extra_words_free(&x->names);
    extra_words_free(&x->words);
    free(x->list);
    free(x);
}

/* ---- names ------------------------------------------------------------------------- */

static bool extra_is_name_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.'
        || c == ':' || c == '-';
}

void extra_columns_name(struct buffer *out, struct slice name)
{
    name = slice_trimmed(name);
    bool is_word = name.len && ((name.data[0] | 0x20) >= 'a' && (name.data[0] | 0x20) <= 'z');
    if (!is_word)
        buffer_putc(out, '_');
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.data[i];
        if (extra_is_name_character((char)c))
            buffer_putc(out, (char)c);
        else if (c < 0x80 || c >= 0xc0) /* one _ per character, not per byte: skip UTF-8 continuation bytes */
            buffer_putc(out, '_');
    }
}

/* Returns the column whose name is exactly this, but for case; COL_COUNT if there is none. */
static enum column extra_find_exactly(const struct extra_columns *x, struct slice name)
{
    struct buffer lower = {0};
    if (!x->count)
        return COL_COUNT;
    buffer_add_lower(&lower, name);
    struct slice text = {lower.data, lower.len};
    const uint32_t *slot = hash_index_find(&x->names.index, text, hash_text(text));
    buffer_free(&lower);
    return slot ? (enum column)(COL_EXTRA + (*slot - 1)) : COL_COUNT;
}

/* Returns the column of a file whose prefixed name this is, although its name needed no prefix; else COL_COUNT. */
static enum column extra_find_prefixed(const struct extra_columns *x, struct slice name)
{
    const char *dot = name.len ? memchr(name.data, '.', name.len) : NULL;
    size_t start = dot ? (size_t)(dot + 1 - name.data) : name.len;
    enum column c = extra_find_exactly(x, (struct slice){name.data + start, name.len - start});
    const struct extra_column *extra = extra_columns_at(x, c);
    return extra && extra->origin != EXTRA_PROGRAM && slice_equal_nocase(name, slice_of(extra->prefixed)) ? c
        : COL_COUNT;
}

static bool extra_is_plain(struct slice name)
{
    bool is_plain = true;
    for (size_t i = 0; i < name.len; i++)
        is_plain &= extra_is_name_character(name.data[i]);
    return is_plain;
}

/* Whether NAME is column C's name as its file writes it, but for case. */
static bool extra_is_heading(const struct extra_columns *x, enum column c, struct slice name)
{
    const struct extra_column *extra = extra_columns_at(x, c);
    return extra && extra->origin != EXTRA_PROGRAM
        && slice_equal_nocase(slice_trimmed(name), slice_trimmed(slice_of(extra->heading)));
}

/* Like extra_find_prefixed() for a name as the file writes it: "report.Cost centre". */
static enum column extra_find_prefixed_raw(const struct extra_columns *x, struct slice name)
{
    struct buffer written = {0};
    const char *dot = name.len ? memchr(name.data, '.', name.len) : NULL;
    if (!dot)
        return COL_COUNT;
    struct slice prefix = {name.data, (size_t)(dot - name.data)};
    if (extra_is_plain(prefix)) /* perhaps with a _ of ours */
        buffer_add(&written, prefix.data, prefix.len);
    else
        extra_columns_name(&written, prefix);
    buffer_putc(&written, '.');
    struct slice heading = {dot + 1, name.len - prefix.len - 1};
    extra_columns_name(&written, heading);
    enum column found = extra_find_exactly(x, (struct slice){written.data, written.len});
    if (!extra_is_heading(x, found, heading))
        found = extra_find_prefixed(x, (struct slice){written.data, written.len});
    buffer_free(&written);
    return extra_is_heading(x, found, heading) ? found : COL_COUNT;
}

enum column extra_columns_find(const struct extra_columns *x, struct slice name)
{
    if (!x || !x->count)
        return COL_COUNT;
    enum column found = extra_find_exactly(x, name);
    if (found != COL_COUNT)
        return found;
    if (extra_is_plain(name))
        return extra_find_prefixed(x, name);
    for (size_t i = 0; i < x->count; i++) { /* "Cost/centre" is not "Cost centre", although both become Cost_centre */
        if (extra_is_heading(x, (enum column)(COL_EXTRA + i), name))
            return (enum column)(COL_EXTRA + i);
    }
    return extra_find_prefixed_raw(x, name);
}

static bool extra_is_reserved(const struct extra_columns *x, const struct buffer *name, enum extra_origin origin)
{
    return origin != EXTRA_PROGRAM && x->is_reserved
        && x->is_reserved(x->reserver, (struct slice){name->data, name->len});
}

static bool extra_is_taken(const struct extra_columns *x, const struct buffer *name, enum extra_origin origin)
{
    struct slice text = {name->data, name->len};
    return schema_find(text) != COL_COUNT || extra_find_exactly(x, text) != COL_COUNT
        || extra_is_reserved(x, name, origin);
}

struct slice extra_columns_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct slice name = slice_of(slash ? slash + 1 : path);
    const char *dot = name.len ? memchr(name.data, '.', name.len) : NULL;
    return dot && dot > name.data ? (struct slice){name.data, (size_t)(dot - name.data)} : name;
}

/* Set OUT to PREFIX, the base name of D's source, a dot and D's name. */
static void extra_put_prefixed(struct buffer *out, const char *prefix, const struct extra_description *d)
{
    out->len = 0;
    buffer_puts(out, prefix);
    extra_columns_name(out, extra_columns_base_name(d->source ? d->source : "report"));
    buffer_put_all(out, ".", d->name);
}

/* Returns a name for D that no column has, see extra_columns_add(). The caller frees it. */
static char *extra_free_name(struct extra_columns *x, const struct extra_description *d)
{
    struct buffer b = {0};
    buffer_puts(&b, d->name);
    if (extra_is_taken(x, &b, d->origin)) {
        extra_put_prefixed(&b, "", d);
        if (extra_is_reserved(x, &b, d->origin)) /* no reserved name begins with _ */
            extra_put_prefixed(&b, "_", d);
    }
    enum column first = extra_find_exactly(x, (struct slice){b.data, b.len});
    struct extra_column *same = first == COL_COUNT ? NULL : &x->list[first - COL_EXTRA];
    size_t stem = b.len;
    for (unsigned n = same && same->next_double ? same->next_double : 2; extra_is_taken(x, &b, d->origin); n++) {
        b.len = stem;
        buffer_printf(&b, "_%u", n);
        if (same)
            same->next_double = n + 1;
    }
    return b.data;
}

size_t extra_columns_add(struct extra_columns *x, const struct extra_description *d)
{
    enum { WIDTH_MIN = 4, WIDTH_TEXT = 16, WIDTH_TIME = 20, WIDTH_LIST = 24 };
    if (x->count == EXTRA_COLUMNS_MAX)
        return SIZE_MAX;
    x->list = xrealloc(x->list, x->count + 1, sizeof *x->list);
    struct extra_column *c = &x->list[x->count];
    *c = (struct extra_column){.is_list = d->is_list, .origin = d->origin};
    c->name = extra_free_name(x, d);
    struct buffer lower = {0};
    buffer_add_lower(&lower, slice_of(c->name));
    extra_words_add(&x->names, (struct slice){lower.data, lower.len});
    lower.len = 0;
    extra_put_prefixed(&lower, "", d);
    c->prefixed = lower.data;
    c->heading = xstrdup(d->heading ? d->heading : c->name);
    for (char *at = c->heading; !d->heading && *at; at++) /* capitals, like the schema's headings */
        *at = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    c->source = xstrdup(d->source ? d->source : "");
    struct buffer help = {0};
    buffer_printf(&help, "%s%s", d->help ? "" : "from ", d->help ? d->help : c->source);
    c->help = help.data;
    int width = d->is_list ? WIDTH_LIST : d->type == TYPE_TIME ? WIDTH_TIME : d->type == TYPE_TEXT ? WIDTH_TEXT
        : WIDTH_MIN;
    int heading = (int)text_width(slice_of(c->heading));
    c->info = (struct column_info){c->name, NULL, c->heading, d->type, heading > width ? heading : width, c->help};
    return x->count++;
}

/* ---- cells ------------------------------------------------------------------------- */

void extra_columns_expect(struct extra_columns *x, size_t count)
{
    struct extra_words *w = &x->words;
    hash_index_reserve(&w->index, w->count + count);
    if (w->count + count > w->room) {
        w->room = w->count + count;
        w->ends = xrealloc(w->ends, w->room, sizeof *w->ends);
    }
}

uint32_t extra_columns_text(struct extra_columns *x, struct slice text)
{
    return text.len == 0 ? CODE_EMPTY : CODE_FIRST + extra_words_add(&x->words, text) - 1;
}

bool extra_columns_next_element(struct slice *rest, struct slice *element)
{
    if (!rest->data)
        return false;
    const char *end = rest->len ? memchr(rest->data, EXTRA_LIST_SEPARATOR, rest->len) : NULL;
    *element = (struct slice){rest->data, end ? (size_t)(end - rest->data) : rest->len};
    *rest = end ? (struct slice){end + 1, rest->len - element->len - 1} : (struct slice){NULL, 0};
    return true;
}

uint32_t extra_columns_number(int64_t number)
{
    return number < 0 || number > INT32_MAX ? CODE_MALFORMED : CODE_FIRST + (uint32_t)number;
}

uint32_t extra_columns_time(int64_t seconds)
{
    return seconds < CODE_FIRST || seconds > UINT32_MAX ? CODE_MALFORMED : (uint32_t)seconds;
}

void extra_columns_reserve(struct extra_columns *x, size_t rows)
{
    for (size_t i = 0; i < x->count; i++) {
        struct extra_column *c = &x->list[i];
        if (c->room >= rows)
            continue;
        c->codes = c->codes ? xrealloc(c->codes, rows, sizeof *c->codes) : large_pages_new(rows, sizeof *c->codes);
        for (; c->room < rows; c->room++)
            c->codes[c->room] = CODE_ABSENT;
    }
}

const uint32_t *extra_columns_codes(const struct extra_column *c, size_t first, size_t count, uint32_t *scratch)
{
    if (first + count <= c->room)
        return c->codes + first;
    for (size_t k = 0; k < count; k++)
        scratch[k] = first + k < c->room ? c->codes[first + k] : CODE_ABSENT;
    return scratch;
}

struct slice extra_columns_word(const struct extra_columns *x, uint32_t code)
{
    return code >= CODE_FIRST && code - CODE_FIRST < x->words.count ? extra_word_at(&x->words, code - CODE_FIRST)
        : (struct slice){"", 0};
}

void extra_columns_put_list(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == EXTRA_LIST_SEPARATOR)
            buffer_puts(out, ", ");
        else
            buffer_putc(out, text.data[i]);
    }
}

/* ---- types ------------------------------------------------------------------------- */

/* Parse a number of up to 9 digits. One with a leading zero is none, but an identifier (an account, a cost centre). */
static bool extra_read_number(struct slice text, int64_t *value)
{
    *value = 0;
    if (!text.len || text.len > 9 || (text.len > 1 && text.data[0] == '0'))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *value = *value * 10 + (text.data[i] - '0');
    }
    return true;
}

/* Whether TEXT is a number with a sign or a fraction: -3, 2.5 and 2,5, which extra_read_number() does not read. */
static bool is_decimal(struct slice text)
{
    size_t i = text.len && (text.data[0] == '-' || text.data[0] == '+'), from = i, points = 0;
    for (; i < text.len; i++) {
        bool is_point = (text.data[i] == '.' || text.data[i] == ',') && i > from && i + 1 < text.len;
        points += is_point;
        if (!is_point && (text.data[i] < '0' || text.data[i] > '9'))
            return false;
    }
    return i > from && points < 2 && (points || from);
}

void extra_inference_start(struct extra_inference *i)
{
    *i = (struct extra_inference){.is_bool = true, .is_number = true, .is_time = true};
}

void extra_inference_see(struct extra_inference *i, struct slice text)
{
    bool truth;
    int64_t number;
    if (!text.len || state_of_text(text) != STATE_VALUE)
        return;
    i->any = true;
    bool counts = i->seen < EXTRA_INFERENCE_COUNTED;
    bool is_bool = (i->is_bool || counts) && bool_of_text(text, false, &truth);
    bool is_number = (i->is_number || counts) && extra_read_number(text, &number);
    bool is_time = (i->is_time || counts) && timestamp_parse(text, &number)
        && extra_columns_time(number) != CODE_MALFORMED;
    i->is_bool &= is_bool;
    i->is_number &= is_number;
    i->is_time &= is_time;
    i->seen += counts;
    i->bools += counts && is_bool;
    i->numbers += counts && is_number;
    i->times += counts && is_time;
    i->decimals += counts && !is_number && is_decimal(text);
}

enum type extra_inference_nearly(const struct extra_inference *i)
{
    unsigned most = i->seen - i->seen / 5; /* one in five may have another type; fewer than three texts tell nothing */
    if (extra_inference_type(i) != TYPE_TEXT || i->seen < 3)
        return TYPE_TEXT;
    return i->numbers + i->decimals >= most || (i->seen < 5 && i->numbers + 1 == i->seen) ? TYPE_NUMBER
        : i->times >= most || (i->seen < 5 && i->times + 1 == i->seen) ? TYPE_TIME : i->bools >= most ? TYPE_BOOL
        : TYPE_TEXT;
}

enum type extra_inference_type(const struct extra_inference *i)
{
    return !i->any ? TYPE_TEXT : i->is_bool ? TYPE_BOOL : i->is_number ? TYPE_NUMBER : i->is_time ? TYPE_TIME
        : TYPE_TEXT;
}

uint32_t extra_columns_code(struct extra_columns *x, enum type type, struct slice text)
{
    enum state state = state_of_text(text);
    bool truth;
    int64_t number;
    if (type == TYPE_TEXT || state == STATE_EMPTY)
        return extra_columns_text(x, text);
    if (state != STATE_VALUE)
        return (uint32_t)(state - STATE_NA);
    if (type == TYPE_BOOL)
        return bool_of_text(text, false, &truth) ? extra_columns_number(truth) : CODE_MALFORMED;
    if (type == TYPE_NUMBER)
        return extra_read_number(text, &number) ? extra_columns_number(number) : CODE_MALFORMED;
    return timestamp_parse(text, &number) ? extra_columns_time(number) : CODE_MALFORMED;
}
