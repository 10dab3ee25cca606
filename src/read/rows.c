/*
 * The first bytes tell whether a text is JSON. Other text is read line by line; libcsv reads lines with quotation
 * marks.
 */
#include "read/rows.h"

#include "base/memory.h"
#include "base/json_reader.h"
#include "read/parse.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

struct rows_reader {
    const char *name;
    const struct rows_sink *sink;
    struct error *err;
    struct buffer texts;     /* the fields of the row, without separators */
    size_t *ends;            /* owned: end of each field in TEXTS */
    struct slice *fields;    /* owned: the fields */
    size_t count, room;
    size_t line, row_line;
    bool has_header, failed;
};

/* Make room for one more field. Returns r->fields. */
static struct slice *rows_make_room(struct rows_reader *r)
{
    if (r->count == r->room) {
        r->room = r->room ? r->room * 2 : 32;
        r->ends = xrealloc(r->ends, r->room, sizeof *r->ends);
        r->fields = xrealloc(r->fields, r->room, sizeof *r->fields);
    }
    return r->fields;
}

static void rows_add_field(struct rows_reader *r, const void *data, size_t len)
{
    rows_make_room(r);
    buffer_add(&r->texts, data, len);
    r->ends[r->count++] = r->texts.len;
}

static bool rows_fail(struct rows_reader *r, size_t line, const char *what)
{
    r->failed = true;
    return error_set(r->err, "%s:%zu: %s", r->name, line, what);
}

/* Note the names that occur more than once in the header. */
static void rows_note_columns(const struct rows_reader *r)
{
    struct rows_notes *notes = r->sink->notes;
    for (size_t i = 1; notes && i < r->count; i++) {
        struct slice name = slice_trimmed(r->fields[i]);
        size_t k = 0;
        while (k < i && (!name.len || !slice_equal_nocase(name, slice_trimmed(r->fields[k]))))
            k++;
        if (k < i && !notes->columns++)
            text_escape(notes->column, sizeof notes->column, name);
    }
}

void rows_notes_tell(struct buffer *b, const char *name, const struct rows_notes *notes, const char *columns)
{
    char file[200], number[32];
    text_escape(file, sizeof file, slice_of(name));
    if (notes->members.count) {
        buffer_printf(b, "%s: ", file);
        json_doubles_tell(b, &notes->members);
        buffer_putc(b, '\n');
    }
    if (notes->columns)
        buffer_printf(b, "%s: %s column%s named twice, the first \"%s\"; %s\n", file,
            text_count(number, sizeof number, notes->columns), notes->columns == 1 ? " is" : "s are", notes->column,
            columns);
}

/* Pass r->fields to the sink, as header or as row. */
static void rows_hand_over(struct rows_reader *r)
{
    if (r->failed)
        return;
    bool is_blank = r->count == 0 || (r->count == 1 && r->fields[0].len == 0);
    if (!r->has_header && !is_blank) {
        r->has_header = true;
        rows_note_columns(r);
        r->failed = !r->sink->header(r->sink->context, r->fields, r->count, r->err);
    } else if (!is_blank) {
        r->failed = !r->sink->row(r->sink->context, r->fields, r->count, r->row_line, r->err);
    }
    r->count = r->texts.len = 0;
}

/* Make slices of the fields in TEXTS and pass them to the sink. */
static void rows_end_row(struct rows_reader *r)
{
    size_t from = 0;
    for (size_t i = 0; i < r->count; i++) {
        r->fields[i] = (struct slice){r->texts.data + from, r->ends[i] - from};
        from = r->ends[i];
    }
    rows_hand_over(r);
}

/* ---- separated fields ---- */

static void rows_take_field(void *data, size_t len, void *context)
{
    struct rows_reader *r = context;
    if (r->failed)
        return;
    if (r->count == ROWS_COLUMNS_MAX)
        rows_fail(r, r->row_line, "too many fields");
    else if (len > ROWS_FIELD_MAX)
        rows_fail(r, r->row_line, "a field that is too long");
    else
        rows_add_field(r, data, len);
}

static void rows_take_row_end(int end, void *context)
{
    (void)end;
    rows_end_row(context);
}

/* The separator that occurs most often in the first line; a comma if there is none. */
static char rows_find_separator(struct slice text)
{
    static const char candidates[] = {',', '\t', ';', '|'};
    size_t counts[sizeof candidates] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len && (quoted || (text.data[i] != '\n' && text.data[i] != '\r')); i++) {
        quoted ^= text.data[i] == '"';
        for (size_t k = 0; k < sizeof candidates && !quoted; k++)
            counts[k] += text.data[i] == candidates[k];
    }
    for (size_t k = 1; k < sizeof candidates; k++)
        best = counts[k] > counts[best] ? k : best;
    return candidates[best];
}

/* Where a byte occurs next in a text: a search over many lines at once, where few of them have it. */
struct rows_next {
    char byte;
    const char *at; /* the next one; the end of the text if there is none; NULL before the first search */
};

/* Does the byte occur in LINE, a part of the text up to END behind those asked for before? */
static bool rows_has(struct rows_next *n, struct slice line, const char *end)
{
    if (!n->at || n->at < line.data) {
        n->at = memchr(line.data, n->byte, (size_t)(end - line.data));
        n->at = n->at ? n->at : end;
    }
    return n->at < line.data + line.len;
}

/*
 * Remove the line end from LINE, a part of the text up to END. Returns false if it has quotation marks or CRs, so that
 * libcsv must read it.
 */
static bool rows_plain_line(struct slice *line, struct rows_next *quote, struct rows_next *cr, const char *end)
{
    size_t len = line->len;
    len -= len && line->data[len - 1] == '\n';
    len -= len && line->data[len - 1] == '\r';
    line->len = len;
    return !rows_has(quote, *line, end) && !rows_has(cr, *line, end);
}

/* Remove blanks around a field, as libcsv does; a tab is no blank if it is the separator. */
static struct slice rows_trim(struct slice s, char separator)
{
    while (s.len && (s.data[0] == ' ' || (s.data[0] == '\t' && separator != '\t')))
        s = (struct slice){s.data + 1, s.len - 1};
    while (s.len && (s.data[s.len - 1] == ' ' || (s.data[s.len - 1] == '\t' && separator != '\t')))
        s.len--;
    return s;
}

/* Read a line accepted by rows_plain_line(). Its fields are not copied. */
static void rows_take_line(struct rows_reader *r, struct slice line, char separator)
{
    if (!rows_trim(line, separator).len)
        return;
    for (bool more = true; more && !r->failed;) {
        const char *end = memchr(line.data, separator, line.len);
        struct slice field = rows_trim((struct slice){line.data, end ? (size_t)(end - line.data) : line.len},
            separator);
        more = end != NULL;
        if (r->count == ROWS_COLUMNS_MAX)
            rows_fail(r, r->row_line, "too many fields");
        else if (field.len > ROWS_FIELD_MAX)
            rows_fail(r, r->row_line, "a field that is too long");
        else
            rows_make_room(r)[r->count++] = field;
        if (more)
            line = (struct slice){end + 1, line.len - (size_t)(end + 1 - line.data)};
    }
    rows_hand_over(r);
}

/* Skip lines before the header. Returns the separator, which one of them may tell. */
static char rows_skip_prelude(struct rows_reader *r, struct slice *text)
{
    char asked = '\0';
    for (bool more = true; more && text->len;) {
        size_t len = 0;
        while (len < text->len && text->data[len] != '\n' && text->data[len] != '\r')
            len++;
        len += len < text->len;
        len += len < text->len && text->data[len - 1] == '\r' && text->data[len] == '\n';
        more = parse_is_prelude((struct slice){text->data, len}, &asked);
        *text = more ? (struct slice){text->data + len, text->len - len} : *text;
        r->line += more;
    }
    return asked ? asked : rows_find_separator(*text);
}

static bool rows_read_separated(struct rows_reader *r, struct slice text)
{
    enum { BETWEEN_ROWS = 0 }; /* a state of libcsv that has no name */
    struct csv_parser parser;
    char separator = rows_skip_prelude(r, &text);
    struct rows_next quote = {'"', NULL}, cr = {'\r', NULL};
    if (csv_init(&parser, CSV_APPEND_NULL) != 0)
        return rows_fail(r, 1, "out of memory");
    csv_set_delim(&parser, (unsigned char)separator);
    r->row_line = r->line + 1;
    /* line by line, so that the line where a row starts is known */
    for (size_t from = 0; from < text.len && !r->failed;) {
        const char *end = memchr(text.data + from, '\n', text.len - from);
        size_t len = end ? (size_t)(end - text.data) + 1 - from : text.len - from;
        r->line++;
        if (r->count == 0 && r->texts.len == 0)
            r->row_line = r->line;
        struct slice line = {text.data + from, len};
        if (parser.pstate == BETWEEN_ROWS && r->count == 0 && rows_plain_line(&line, &quote, &cr, text.data + text.len))
            rows_take_line(r, line, separator);
        else if (csv_parse(&parser, text.data + from, len, rows_take_field, rows_take_row_end, r) != len && !r->failed)
            rows_fail(r, r->line, csv_strerror(csv_error(&parser)));
        from += len;
    }
    if (!r->failed && parser.quoted && parser.pstate == 2) /* an unnamed state of libcsv: inside a quoted field */
        rows_fail(r, r->row_line, "a quotation mark is never closed");
    if (!r->failed)
        csv_fini(&parser, rows_take_field, rows_take_row_end, r);
    csv_free(&parser);
    return !r->failed;
}

/* ---- JSON ---- */

/* The names of members in the order in which they first appear. */
struct member_names {
    struct buffer *list; /* owned, with its texts, which may contain NUL */
    size_t count;
    size_t expected; /* index to try first, because objects mostly have their members in the same order */
};

static size_t rows_member_find(struct member_names *m, struct slice name)
{
    for (size_t i = 0; i < m->count; i++) {
        size_t at = (m->expected + i) % m->count;
        if (slice_equal(name, (struct slice){m->list[at].data, m->list[at].len})) {
            m->expected = at + 1;
            return at;
        }
    }
    return SIZE_MAX;
}

/* Advance to the next object. Returns JSON_EVENT_END after the last one. */
static enum json_event rows_next_object(struct json_reader *j)
{
    enum json_event e = json_reader_next(j);
    while (e == JSON_EVENT_ARRAY || e == JSON_EVENT_ARRAY_END)
        e = json_reader_next(j);
    return e;
}

static bool rows_collect_names(struct rows_reader *r, struct slice text, struct member_names *m)
{
    struct json_reader j;
    enum json_event e;
    json_reader_start(&j, text);
    j.many = true;
    j.finds_doubles = r->sink->notes != NULL;
    while ((e = rows_next_object(&j)) == JSON_EVENT_OBJECT) {
        while ((e = json_reader_next(&j)) == JSON_EVENT_KEY) {
            if (rows_member_find(m, j.text) == SIZE_MAX) {
                if (m->count == ROWS_COLUMNS_MAX) {
                    rows_fail(r, j.line, "too many different members");
                    break;
                }
                m->list = xrealloc(m->list, m->count + 1, sizeof *m->list);
                m->list[m->count] = (struct buffer){0};
                buffer_add(&m->list[m->count++], j.text.data, j.text.len);
            }
            if (!json_reader_skip(&j))
                break;
        }
        if (e != JSON_EVENT_OBJECT_END)
            break;
    }
    if (e != JSON_EVENT_END && !r->failed)
        rows_fail(r, j.line, j.error ? j.error : "expected rows: objects in one array, or one per line");
    if (r->sink->notes)
        json_doubles_add(&r->sink->notes->members, &j.doubles);
    json_reader_free(&j);
    return !r->failed;
}

/* Note that the member NAME is a list or an object, which J has entered, unless that is empty. */
static void rows_note_nested(struct rows_reader *r, const struct json_reader *j, const struct buffer *name)
{
    struct rows_notes *notes = r->sink->notes;
    size_t at = 0;
    while (at < j->rest.len && strchr(" \t\r\n", j->rest.data[at]))
        at++;
    bool is_empty = at < j->rest.len && (j->rest.data[at] == ']' || j->rest.data[at] == '}');
    if (notes && !is_empty && !notes->nested++)
        text_escape(notes->nested_member, sizeof notes->nested_member, (struct slice){name->data, name->len});
}

/* Read the members of an object. VALUES has room for the value of each name, and is empty before and after. */
static bool rows_read_object(struct rows_reader *r, struct json_reader *j, struct member_names *m,
    struct buffer *values)
{
    while (json_reader_next(j) == JSON_EVENT_KEY) {
        size_t at = rows_member_find(m, j->text);
        enum json_event e = json_reader_next(j);
        bool is_text = e == JSON_EVENT_STRING || e == JSON_EVENT_NUMBER || e == JSON_EVENT_TRUE
            || e == JSON_EVENT_FALSE;
        if (at != SIZE_MAX)
            values[at].len = 0;
        if (is_text && at != SIZE_MAX)
            buffer_add(&values[at], j->text.data, j->text.len);
        bool is_nested = e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY;
        if (is_nested && at != SIZE_MAX)
            rows_note_nested(r, j, &m->list[at]);
        if (e == JSON_EVENT_ERROR || (is_nested && !json_reader_skip(j)))
            return false;
    }
    for (size_t i = 0; i < m->count; i++) {
        rows_add_field(r, values[i].len ? values[i].data : "", values[i].len);
        values[i].len = 0;
    }
    return true;
}

static bool rows_read_json_rows(struct rows_reader *r, struct slice text)
{
    struct member_names m = {0};
    struct json_reader j;
    if (!rows_collect_names(r, text, &m))
        goto out;
    for (size_t i = 0; i < m.count; i++)
        rows_add_field(r, m.list[i].data, m.list[i].len);
    rows_end_row(r);
    struct buffer *values = xcalloc(m.count ? m.count : 1, sizeof *values);
    json_reader_start(&j, text);
    j.many = true;
    while (!r->failed && rows_next_object(&j) == JSON_EVENT_OBJECT) {
        r->row_line = j.line;
        if (rows_read_object(r, &j, &m, values))
            rows_end_row(r);
    }
    json_reader_free(&j);
    for (size_t i = 0; i < m.count; i++)
        buffer_free(&values[i]);
    free(values);
out:
    for (size_t i = 0; i < m.count; i++)
        buffer_free(&m.list[i]);
    free(m.list);
    return !r->failed;
}

bool rows_read(struct slice text, const char *name, const struct rows_sink *sink, struct error *err)
{
    struct rows_reader r = {.name = name, .sink = sink, .err = err};
    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        text = (struct slice){text.data + 3, text.len - 3};
    struct slice trimmed = slice_trimmed(text);
    bool is_json = trimmed.len && (trimmed.data[0] == '{' || trimmed.data[0] == '[');
    bool ok = is_json ? rows_read_json_rows(&r, text) : rows_read_separated(&r, text);
    if (ok && !r.has_header)
        ok = error_set(err, "%s: empty: expected a header and rows", name);
    buffer_free(&r.texts);
    free(r.ends);
    free(r.fields);
    return ok;
}
