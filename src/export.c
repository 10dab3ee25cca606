/* csv and tsv give the fields' own text; json has types; text and markdown are for people. */
#include "export.h"

#include "cell.h"
#include "stamp.h"

#include <stdlib.h>

static const char *name_at(const struct export *e, size_t i)
{
    const struct export_column *c = &e->columns[i];
    return c->known == COL_COUNT || c->own != SIZE_MAX ? e->report->columns[c->own].name : schema[c->known].name;
}

static bool is_right(const struct export *e, size_t i)
{
    return e->columns[i].known != COL_COUNT && cell_is_right(e->columns[i].known);
}

static void file_cell(const struct export *e, size_t row, size_t i, struct buffer *b)
{
    struct slice text;
    b->len = 0;
    buffer_puts(b, "");
    if (e->columns[i].known != COL_COUNT)
        cell_for_files(b, e->report, row, e->columns[i].known);
    else if (report_raw_at(e->report, row, e->columns[i].own, &text))
        buffer_add(b, text.data, text.len);
}

static void put_csv(FILE *out, struct slice s)
{
    bool quote = false;
    for (size_t i = 0; i < s.len && !quote; i++)
        quote = s.data[i] == ',' || s.data[i] == '"' || s.data[i] == '\n' || s.data[i] == '\r';
    if (!quote) {
        fwrite(s.data, 1, s.len, out);
        return;
    }
    putc('"', out);
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"')
            putc('"', out);
        putc(s.data[i], out);
    }
    putc('"', out);
}

/* TSV has no quoting: what would break a line or a column becomes \t, \n, \r, \\. */
static void put_tsv(FILE *out, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        if (c == '\t' || c == '\n' || c == '\r' || c == '\\')
            fprintf(out, "\\%c", c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\');
        else
            putc(c, out);
    }
}

static void put_row(const struct export *e, size_t row, char separator, void (*put)(FILE *, struct slice), struct buffer *b)
{
    size_t count = report_field_count(e->report, row), fields = e->column_count;
    /* a row too long or too short goes out as it came in, when only its own file's columns are shown */
    bool as_is = e->own && e->report->file_count == 1 && count != e->report->files[0].column_count;
    if (as_is)
        fields = count;
    for (size_t i = 0; i < fields; i++) {
        struct slice text;
        if (i)
            putc(separator, e->out);
        if (as_is) {
            text = report_field(e->report, row, i);
        } else {
            file_cell(e, row, i, b);
            text = (struct slice){b->data, b->len};
        }
        /* an empty line would be read as no row at all */
        if (fields == 1 && text.len == 0 && separator == ',')
            fputs("\"\"", e->out);
        else
            put(e->out, text);
    }
    putc('\n', e->out);
}

static void write_separated(const struct export *e, char separator, void (*put)(FILE *, struct slice))
{
    struct buffer b = {0};
    for (size_t i = 0; i < e->column_count; i++) {
        if (i)
            putc(separator, e->out);
        put(e->out, slice_of(name_at(e, i)));
    }
    putc('\n', e->out);
    for (size_t r = 0; r < e->row_count && !ferror(e->out); r++)
        put_row(e, e->rows[r], separator, put, &b);
    buffer_free(&b);
}

static void write_csv(const struct export *e)
{
    write_separated(e, ',', put_csv);
}

static void write_tsv(const struct export *e)
{
    write_separated(e, '\t', put_tsv);
}

static void put_json(FILE *out, struct slice s)
{
    putc('"', out);
    for (size_t i = 0; i < s.len;) {
        uint32_t cp;
        size_t n = utf8_decode(s.data + i, s.len - i, &cp);
        if (cp == UINT32_MAX)
            fputs("\\ufffd", out);
        else if (cp == '"' || cp == '\\')
            fprintf(out, "\\%c", (char)cp);
        else if (codepoint_width(cp) >= 0)
            fwrite(s.data + i, 1, n, out);
        else if (cp < 0x10000)
            fprintf(out, "\\u%04x", (unsigned)cp);
        else
            fprintf(out, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (cp >> 10)), (unsigned)(0xdc00 + (cp & 0x3ff)));
        i += n;
    }
    putc('"', out);
}

static void json_cell(const struct export *e, size_t row, size_t i)
{
    enum column c = e->columns[i].known;
    struct slice own;
    if (c == COL_COUNT) {
        if (report_raw_at(e->report, row, e->columns[i].own, &own) && own.len)
            put_json(e->out, own);
        else
            fputs("null", e->out);
        return;
    }
    struct value v = report_value(e->report, row, c);
    char stamp[32];
    if (v.state != STATE_VALUE)
        fputs("null", e->out);
    else if (schema[c].type == TYPE_TEXT)
        put_json(e->out, v.text);
    else if (schema[c].type == TYPE_BOOL)
        fputs(v.number ? "true" : "false", e->out);
    else if (schema[c].type == TYPE_TIME)
        put_json(e->out, v.text.len ? v.text : slice_of(stamp_format(stamp, sizeof stamp, v.number)));
    else if (schema[c].type == TYPE_SEVERITY)
        put_json(e->out, slice_of(severity_name((enum severity)v.number)));
    else
        fprintf(e->out, "%lld", (long long)(schema[c].type == TYPE_DURATION ? duration_days(v.number) : v.number));
}

static void json_row(const struct export *e, size_t row)
{
    putc('{', e->out);
    for (size_t i = 0; i < e->column_count; i++) {
        if (i)
            putc(',', e->out);
        put_json(e->out, slice_of(name_at(e, i)));
        putc(':', e->out);
        json_cell(e, row, i);
    }
    putc('}', e->out);
}

static void write_json(const struct export *e)
{
    putc('[', e->out);
    for (size_t r = 0; r < e->row_count && !ferror(e->out); r++) {
        fputs(r ? ",\n " : "\n ", e->out);
        json_row(e, e->rows[r]);
    }
    fputs(e->row_count ? "\n]\n" : "]\n", e->out);
}

static void write_jsonl(const struct export *e)
{
    for (size_t r = 0; r < e->row_count && !ferror(e->out); r++) {
        json_row(e, e->rows[r]);
        putc('\n', e->out);
    }
}

static void people_cell(const struct export *e, size_t row, size_t i, struct buffer *b)
{
    enum column c = e->columns[i].known;
    struct slice own;
    if (c != COL_COUNT)
        cell_for_people(b, e->report, row, c, e->ascii);
    else if (report_raw_at(e->report, row, e->columns[i].own, &own))
        text_harmless(b, own, e->ascii);
}

/* A cell of Markdown: nothing in it can end it or be taken for markup. */
static void put_markdown(FILE *out, const struct buffer *b)
{
    fputs("| ", out);
    for (size_t k = 0; k < b->len; k++) {
        if (strchr("|\\`*_<>[]", b->data[k]))
            putc('\\', out);
        putc(b->data[k], out);
    }
    putc(' ', out);
}

static void write_markdown(const struct export *e)
{
    struct buffer b = {0};
    for (size_t i = 0; i < e->column_count; i++) {
        b.len = 0;
        text_harmless(&b, slice_of(name_at(e, i)), e->ascii);
        put_markdown(e->out, &b);
    }
    fputs("|\n", e->out);
    for (size_t i = 0; i < e->column_count; i++)
        fputs(is_right(e, i) ? "| ---: " : "| --- ", e->out);
    fputs("|\n", e->out);
    for (size_t r = 0; r < e->row_count && !ferror(e->out); r++) {
        for (size_t i = 0; i < e->column_count; i++) {
            b.len = 0;
            people_cell(e, e->rows[r], i, &b);
            put_markdown(e->out, &b);
        }
        fputs("|\n", e->out);
    }
    buffer_free(&b);
}

static void pad(FILE *out, size_t n)
{
    while (n--)
        putc(' ', out);
}

/* Cell I of line LINE of the table, of which the first is its headings. */
static void text_cell(const struct export *e, size_t line, size_t i, struct buffer *b)
{
    char title[40];
    b->len = 0;
    buffer_puts(b, "");
    if (line)
        people_cell(e, e->rows[line - 1], i, b);
    else if (e->columns[i].known == COL_COUNT)
        text_harmless(b, slice_of(name_at(e, i)), e->ascii);
    else
        buffer_puts(b, schema_title(e->columns[i].known, title, sizeof title));
}

static void text_line(const struct export *e, size_t line, const size_t *widths, struct buffer *b)
{
    for (size_t i = 0; i < e->column_count; i++) {
        text_cell(e, line, i, b);
        size_t room = widths[i] - text_width((struct slice){b->data, b->len});
        if (i)
            fputs("  ", e->out);
        if (is_right(e, i))
            pad(e->out, room);
        fwrite(b->data, 1, b->len, e->out);
        if (!is_right(e, i) && i + 1 < e->column_count)
            pad(e->out, room);
    }
    putc('\n', e->out);
}

/* Twice over the rows, for the widths and for the lines: cells are not kept, however many there are. */
static void write_text(const struct export *e)
{
    struct buffer b = {0};
    size_t *widths = xcalloc(e->column_count, sizeof *widths);
    for (size_t line = 0; line <= e->row_count; line++) {
        for (size_t i = 0; i < e->column_count; i++) {
            text_cell(e, line, i, &b);
            size_t w = text_width((struct slice){b.data, b.len});
            if (w > widths[i])
                widths[i] = w;
        }
    }
    for (size_t line = 0; line <= e->row_count && !ferror(e->out); line++)
        text_line(e, line, widths, &b);
    buffer_free(&b);
    free(widths);
}

const struct export_format export_formats[] = {{"text", true, write_text}, {"csv", false, write_csv},
    {"tsv", false, write_tsv}, {"json", false, write_json}, {"jsonl", false, write_jsonl},
    {"markdown", true, write_markdown}};
const size_t export_format_count = sizeof export_formats / sizeof export_formats[0];

const struct export_format *export_find(const char *name)
{
    for (size_t i = 0; i < export_format_count; i++) {
        if (strcmp(export_formats[i].name, name) == 0)
            return &export_formats[i];
    }
    return NULL;
}
