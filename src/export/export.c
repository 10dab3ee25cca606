/* csv and tsv give the fields' own text; json has types; text and markdown are for people. */
#include "export/export.h"

#include "report/cell.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/cancel.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, ROWS_BETWEEN = 1 << 10 };

static void put_json_escape(struct buffer *b, uint32_t cp)
{
    if (cp == UINT32_MAX)
        buffer_puts(b, "\\ufffd");
    else if (cp == '"' || cp == '\\')
        buffer_printf(b, "\\%c", (char)cp);
    else if (cp < 0x10000)
        buffer_printf(b, "\\u%04x", (unsigned)cp);
    else
        buffer_printf(b, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (cp >> 10)), (unsigned)(0xdc00 + (cp & 0x3ff)));
}

static bool is_special(uint32_t cp)
{
    return cp == '"' || cp == '\\' || !codepoint_is_visible(cp);
}

static bool is_above_ascii(uint32_t cp)
{
    return cp > 0x7e;
}

/* TEXT with the characters that MUST_ESCAPE finds as escapes; what is between them is copied at once. */
static void put_escaped(struct buffer *b, struct slice text, bool (*must_escape)(uint32_t cp))
{
    size_t from = 0;
    for (size_t i = 0, n; i < text.len; i += n) {
        uint32_t cp;
        n = utf8_decode(text.data + i, text.len - i, &cp);
        if (!must_escape(cp))
            continue;
        buffer_add(b, text.data + from, i - from);
        put_json_escape(b, cp);
        from = i + n;
    }
    if (text.len > from)
        buffer_add(b, text.data + from, text.len - from);
}

void export_json_string(struct buffer *b, struct slice s)
{
    buffer_putc(b, '"');
    put_escaped(b, s, is_special);
    buffer_putc(b, '"');
}

void export_json_ascii(struct buffer *b, struct slice json)
{
    put_escaped(b, json, is_above_ascii);
}

/* Lines gather in a buffer, which goes out in chunks. */
struct sink {
    struct buffer b;
    FILE *out;
    struct cancel_token *cancel;
    size_t rows;    /* that were written */
    bool terminal;  /* it gets nothing that it would obey, though the format is exact */
    char separator; /* of fields, when to a terminal */
    bool is_json;   /* every character above 0x7e is in a string */
};

static void drain_to_terminal(struct sink *s)
{
    struct buffer harmless = {0};
    for (size_t from = 0, to; from < s->b.len; from = to + 1) {
        for (to = from; to < s->b.len && s->b.data[to] != '\n' && s->b.data[to] != s->separator; to++)
            ;
        text_harmless(&harmless, (struct slice){s->b.data + from, to - from}, false);
        if (to < s->b.len)
            buffer_putc(&harmless, s->b.data[to]);
    }
    fwrite(harmless.data, 1, harmless.len, s->out);
    buffer_free(&harmless);
}

/* To a terminal that does not take UTF-8: the same JSON, in ASCII. */
static void drain_ascii(struct sink *s)
{
    struct buffer ascii = {0};
    export_json_ascii(&ascii, (struct slice){s->b.data, s->b.len});
    fwrite(ascii.data, 1, ascii.len, s->out);
    buffer_free(&ascii);
}

static void drain(struct sink *s)
{
    if (s->b.len && s->is_json && s->terminal && !utf8_is_in_locale())
        drain_ascii(s);
    else if (s->b.len && s->terminal && !s->is_json)
        drain_to_terminal(s);
    else if (s->b.len)
        fwrite(s->b.data, 1, s->b.len, s->out);
    s->b.len = 0;
}

/* After each row; false: OUT has failed, or nobody waits any more, so stop. */
static bool more(struct sink *s)
{
    if (s->b.len >= CHUNK)
        drain(s);
    return !ferror(s->out) && (++s->rows % ROWS_BETWEEN != 0 || !cancel_check(s->cancel));
}

static void finish(struct sink *s)
{
    drain(s);
    buffer_free(&s->b);
}

static struct slice file_text(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    if (t->file_text)
        return t->file_text(t, row, column, scratch);
    struct value v = t->value(t, row, column, scratch);
    struct buffer text = {0};
    if (t->columns[column].type == TYPE_TEXT)
        return v.state == STATE_VALUE ? v.text : slice_of("");
    cell_value_for_files(&text, &v, t->columns[column].type);
    scratch->len = 0;
    buffer_add(scratch, text.data, text.len);
    buffer_free(&text);
    return (struct slice){scratch->data, scratch->len};
}

static void put_csv(struct buffer *b, struct slice s)
{
    bool quote = false;
    for (size_t i = 0; i < s.len && !quote; i++)
        quote = s.data[i] == ',' || s.data[i] == '"' || s.data[i] == '\n' || s.data[i] == '\r';
    if (!quote) {
        buffer_add(b, s.data, s.len);
        return;
    }
    buffer_putc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"')
            buffer_putc(b, '"');
        buffer_putc(b, s.data[i]);
    }
    buffer_putc(b, '"');
}

/* TSV has no quoting: what would break a line or a column becomes \t, \n, \r, \\. */
static void put_tsv(struct buffer *b, struct slice s)
{
    static const char bytes[] = "\t\n\r\\", letters[] = "tnr\\";
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char *at = s.data[i] ? strchr(bytes, s.data[i]) : NULL;
        if (!at)
            continue;
        buffer_add(b, s.data + from, i - from);
        buffer_putc(b, '\\');
        buffer_putc(b, letters[at - bytes]);
        from = i + 1;
    }
    buffer_add(b, s.data + from, s.len - from);
}

struct separated {
    char separator;
    void (*put)(struct buffer *b, struct slice s);
    bool safe; /* no field is a formula to a spreadsheet */
};

/* The length of the first character of S if it is one of LIST, which are UTF-8; 0 otherwise. */
static size_t begins_with_any(struct slice s, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(list[i]);
        if (s.len >= n && memcmp(s.data, list[i], n) == 0)
            return n;
    }
    return 0;
}

/*
 * Whether a spreadsheet could take a cell that begins with S for a formula: what OWASP's page on CSV injection lists,
 * with the full-width forms, which some locales take for the others, behind blanks or quotation marks.
 */
static bool is_formula(struct slice s)
{
    static const char *const blanks[] = {" ", "\"", "\v", "\f", "\xc2\xa0", "\xe3\x80\x80", "\xef\xbb\xbf"};
    static const char *const starts[] = {"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
        "\xef\xbc\xa0"};
    for (size_t n; (n = begins_with_any(s, blanks, sizeof blanks / sizeof blanks[0])) > 0;)
        s = (struct slice){s.data + n, s.len - n};
    return begins_with_any(s, starts, sizeof starts / sizeof starts[0]) > 0;
}

static bool is_negative_number(struct slice s)
{
    size_t n = 1;
    while (n < s.len && s.data[n] >= '0' && s.data[n] <= '9')
        n++;
    return s.len > 1 && s.data[0] == '-' && n == s.len;
}

/* Where some spreadsheet, by its locale or by what it was told on import, begins a new cell or row within a field. */
static bool ends_cell(char c)
{
    return c == ';' || c == '\t' || c == ',' || c == '|' || c == '\n' || c == '\r';
}

/* FIELD with an apostrophe before each formula in it, and before a blank that would hide one from what reads it. */
static void guard_field(struct buffer *b, struct slice field)
{
    for (size_t at = 0, len; at <= field.len; at += len + 1) {
        struct slice rest = {field.data + at, field.len - at};
        for (len = 0; len < rest.len && !ends_cell(rest.data[len]); len++)
            ;
        bool is_first = at == 0, is_control = is_first && rest.len && strchr("\t\r\n", rest.data[0]);
        if (is_control || (is_formula((struct slice){rest.data, len}) && !is_negative_number((struct slice){rest.data, len})))
            buffer_putc(b, '\'');
        buffer_add(b, rest.data, len < rest.len ? len + 1 : len);
    }
}

static void put_field(struct buffer *b, struct slice field, const struct separated *how)
{
    struct buffer guarded = {0};
    if (how->safe && field.len) {
        guard_field(&guarded, field);
        field = (struct slice){guarded.data, guarded.len};
    }
    how->put(b, field);
    buffer_free(&guarded);
}

static void put_fields(struct buffer *b, const struct slice *fields, size_t count, const struct separated *how)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_putc(b, how->separator);
        /* an empty line would be read as no row at all */
        if (count == 1 && fields[i].len == 0 && how->separator == ',')
            buffer_puts(b, "\"\"");
        else
            put_field(b, fields[i], how);
    }
    buffer_putc(b, '\n');
}

static void write_separated(const struct table *t, FILE *out, const struct separated *how)
{
    struct sink s = {.out = out, .cancel = t->cancel, .terminal = isatty(fileno(out)), .separator = how->separator};
    size_t room = t->column_count;
    struct slice *fields = xcalloc(room, sizeof *fields);
    struct buffer *scratch = xcalloc(t->column_count, sizeof *scratch);
    for (size_t i = 0; i < t->column_count; i++)
        fields[i] = slice_of(t->columns[i].in_files ? t->columns[i].in_files : t->columns[i].name);
    if (!t->continues)
        put_fields(&s.b, fields, t->column_count, how);
    for (size_t row = 0; row < t->row_count && more(&s); row++) {
        size_t n = t->column_count;
        if (t->row_texts && (n = t->row_texts(t, row, fields, room)) > room) {
            room = n;
            fields = xrealloc(fields, room, sizeof *fields);
            n = t->row_texts(t, row, fields, room);
        }
        for (size_t i = 0; !t->row_texts && i < n; i++)
            fields[i] = file_text(t, row, i, &scratch[i]);
        put_fields(&s.b, fields, n, how);
    }
    for (size_t i = 0; i < t->column_count; i++)
        buffer_free(&scratch[i]);
    free(scratch);
    free(fields);
    finish(&s);
}

static void write_csv(const struct table *t, bool ascii, FILE *out)
{
    (void)ascii;
    write_separated(t, out, &(struct separated){',', put_csv, t->spreadsheet_safe});
}

static void write_tsv(const struct table *t, bool ascii, FILE *out)
{
    (void)ascii;
    write_separated(t, out, &(struct separated){'\t', put_tsv, t->spreadsheet_safe});
}

static void put_json_value(struct buffer *b, const struct value *v, enum type type)
{
    char stamp[32];
    if (v->state != STATE_VALUE) {
        buffer_puts(b, "null");
        return;
    }
    switch (type) {
    case TYPE_TEXT: export_json_string(b, v->text); break;
    case TYPE_BOOL: buffer_puts(b, v->number ? "true" : "false"); break;
    case TYPE_TIME:
        export_json_string(b, v->text.len ? v->text : slice_of(timestamp_format(stamp, sizeof stamp, v->number)));
        break;
    case TYPE_SEVERITY: export_json_string(b, slice_of(severity_name((enum severity)v->number))); break;
    case TYPE_RIGHTS: export_json_string(b, slice_of(rights_name((enum rights)v->number))); break;
    case TYPE_DURATION: buffer_printf(b, "%lld", (long long)duration_days(v->number)); break;
    case TYPE_NUMBER: buffer_printf(b, "%lld", (long long)v->number); break;
    }
}

/*
 * One flag per column, freed by the caller: an earlier column has the same name. An object has each name once, and
 * columns of one name hold one value.
 */
static bool *repeated_names(const struct table *t)
{
    bool *repeated = xcalloc(t->column_count + 1, sizeof *repeated);
    for (size_t i = 1; i < t->column_count; i++) {
        for (size_t k = 0; k < i && !repeated[i]; k++)
            repeated[i] = strcmp(t->columns[k].name, t->columns[i].name) == 0;
    }
    return repeated;
}

static void put_json_row(struct buffer *b, const struct table *t, const bool *skip, size_t row, struct buffer *scratch)
{
    buffer_putc(b, '{');
    for (size_t i = 0; i < t->column_count; i++) {
        if (skip[i])
            continue;
        if (i) /* the first is never skipped */
            buffer_putc(b, ',');
        export_json_string(b, slice_of(t->columns[i].name));
        buffer_putc(b, ':');
        struct value v = t->value(t, row, i, scratch);
        put_json_value(b, &v, t->columns[i].type);
    }
    buffer_putc(b, '}');
}

static void write_json(const struct table *t, bool ascii, FILE *out)
{
    struct sink s = {.out = out, .cancel = t->cancel, .terminal = isatty(fileno(out)), .is_json = true};
    struct buffer scratch = {0};
    bool *repeated = repeated_names(t);
    (void)ascii;
    buffer_putc(&s.b, '[');
    for (size_t row = 0; row < t->row_count && more(&s); row++) {
        buffer_puts(&s.b, row ? ",\n " : "\n ");
        put_json_row(&s.b, t, repeated, row, &scratch);
    }
    buffer_puts(&s.b, t->row_count ? "\n]\n" : "]\n");
    buffer_free(&scratch);
    free(repeated);
    finish(&s);
}

static void write_jsonl(const struct table *t, bool ascii, FILE *out)
{
    struct sink s = {.out = out, .cancel = t->cancel, .terminal = isatty(fileno(out)), .is_json = true};
    struct buffer scratch = {0};
    bool *repeated = repeated_names(t);
    (void)ascii;
    for (size_t row = 0; row < t->row_count && more(&s); row++) {
        put_json_row(&s.b, t, repeated, row, &scratch);
        buffer_putc(&s.b, '\n');
    }
    buffer_free(&scratch);
    free(repeated);
    finish(&s);
}

static void people_text(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    if (t->people_text) {
        t->people_text(t, row, column, b, ascii);
        return;
    }
    struct buffer scratch = {0};
    struct value v = t->value(t, row, column, &scratch);
    if (!t->blanks || v.state != STATE_EMPTY)
        cell_value_for_people(b, &v, t->columns[column].type, ascii);
    buffer_free(&scratch);
}

/*
 * What stands for the character at I of a Markdown cell, NULL: itself. Beyond CommonMark's own markup: entities, GitHub's
 * strikethrough, formulas, links made of bare addresses, and mentions. A backslash does not prevent these last, for they
 * are looked for in the finished text; an empty comment parts the text.
 */
static const char *markdown_escape(struct slice cell, size_t i)
{
    const char *rest = cell.data + i;
    size_t len = cell.len - i;
    switch (rest[0]) {
    case '&': return "&amp;";
    case '<': return "\\<";
    case '>': return "\\>";
    case '@': return "@<!-- -->";
    case '#': return len > 1 && rest[1] >= '0' && rest[1] <= '9' ? "\\#<!-- -->" : "\\#";
    case ':': return len > 2 && rest[1] == '/' && rest[2] == '/' ? ":<!-- -->" : NULL;
    case '.': return i >= 3 && slice_equal_nocase((struct slice){rest - 3, 3}, slice_of("www")) ? ".<!-- -->" : NULL;
    case '|': return "\\|";
    case '\\': return "\\\\";
    case '`': return "\\`";
    case '*': return "\\*";
    case '_': return "\\_";
    case '[': return "\\[";
    case ']': return "\\]";
    case '~': return "\\~";
    case '$': return "\\$<!-- -->";
    default: return NULL;
    }
}

/* A cell of Markdown: nothing in it can end it or be taken for markup. */
static void put_markdown(struct buffer *out, const struct buffer *cell)
{
    struct slice text = {cell->data, cell->len};
    buffer_puts(out, "| ");
    for (size_t i = 0; i < text.len; i++) {
        const char *escape = markdown_escape(text, i);
        if (escape)
            buffer_puts(out, escape);
        else
            buffer_putc(out, text.data[i]);
    }
    buffer_putc(out, ' ');
}

static void write_markdown(const struct table *t, bool ascii, FILE *out)
{
    struct sink s = {.out = out, .cancel = t->cancel};
    struct buffer cell = {0};
    for (size_t i = 0; i < t->column_count; i++) {
        cell.len = 0;
        text_harmless(&cell, slice_of(t->columns[i].name), ascii);
        put_markdown(&s.b, &cell);
    }
    buffer_puts(&s.b, "|\n");
    for (size_t i = 0; i < t->column_count; i++)
        buffer_puts(&s.b, type_is_right(t->columns[i].type) ? "| ---: " : "| --- ");
    buffer_puts(&s.b, "|\n");
    for (size_t row = 0; row < t->row_count && more(&s); row++) {
        for (size_t i = 0; i < t->column_count; i++) {
            cell.len = 0;
            people_text(t, row, i, &cell, ascii);
            put_markdown(&s.b, &cell);
        }
        buffer_puts(&s.b, "|\n");
    }
    buffer_free(&cell);
    finish(&s);
}

static void pad(struct buffer *b, size_t n)
{
    while (n--)
        buffer_putc(b, ' ');
}

/* Cell I of line LINE of the table, of which the first is its headings. */
static size_t text_cell(const struct table *t, size_t line, size_t i, struct buffer *b, bool ascii)
{
    const struct table_column *c = &t->columns[i];
    b->len = 0;
    buffer_puts(b, "");
    if (line)
        people_text(t, line - 1, i, b, ascii);
    else
        text_harmless(b, slice_of(c->heading ? c->heading : c->name), ascii);
    return text_width((struct slice){b->data, b->len});
}

/*
 * A column is as wide as its widest cell, up to this: one long name does not pad every line. A longer cell is printed
 * whole, and moves what is behind it in its line.
 */
enum { TEXT_WIDTH_MAX = 200 };

static void text_line(const struct table *t, size_t line, const size_t *widths, struct buffer *out, struct buffer *cell,
    bool ascii)
{
    size_t end = out->len;
    for (size_t i = 0; i < t->column_count; i++) {
        size_t width = text_cell(t, line, i, cell, ascii), room = width < widths[i] ? widths[i] - width : 0;
        if (i)
            buffer_puts(out, "  ");
        if (type_is_right(t->columns[i].type))
            pad(out, room);
        buffer_add(out, cell->data, cell->len);
        if (cell->len)
            end = out->len;
        if (!type_is_right(t->columns[i].type) && i + 1 < t->column_count)
            pad(out, room);
    }
    out->len = end; /* no blanks behind the last cell that is not empty */
    buffer_putc(out, '\n');
}

/* Twice over the rows, for the widths and for the lines: cells are not kept, however many there are. */
static void write_text(const struct table *t, bool ascii, FILE *out)
{
    struct sink s = {.out = out, .cancel = t->cancel};
    struct buffer cell = {0};
    size_t *widths = xcalloc(t->column_count, sizeof *widths);
    for (size_t line = 0; line <= t->row_count && more(&s); line++) {
        for (size_t i = 0; i < t->column_count; i++) {
            size_t w = text_cell(t, line, i, &cell, ascii);
            w = w < TEXT_WIDTH_MAX ? w : TEXT_WIDTH_MAX;
            if (w > widths[i])
                widths[i] = w;
        }
    }
    for (size_t line = 0; line <= t->row_count && more(&s); line++)
        text_line(t, line, widths, &s.b, &cell, ascii);
    buffer_free(&cell);
    free(widths);
    finish(&s);
}

const struct export_format export_formats[] = {
    {"text", "txt", true, false, false, write_text},
    {"csv", "csv", false, true, false, write_csv},
    {"tsv", "tsv", false, true, false, write_tsv},
    {"json", "json", false, false, false, write_json},
    {"jsonl", "jsonl", false, true, false, write_jsonl},
    {"markdown", "md", true, false, false, write_markdown},
    {"sarif", "sarif", false, false, true, write_json},
};
const size_t export_format_count = sizeof export_formats / sizeof export_formats[0];

const struct export_format *export_find(const char *name)
{
    for (size_t i = 0; i < export_format_count; i++) {
        if (strcmp(export_formats[i].name, name) == 0)
            return &export_formats[i];
    }
    return NULL;
}

const struct export_format *export_find_by_path(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    for (size_t i = 0; dot && i < export_format_count; i++) {
        if (slice_equal_nocase(slice_of(dot + 1), slice_of(export_formats[i].extension)))
            return &export_formats[i];
    }
    return dot ? export_find(dot + 1) : NULL;
}
