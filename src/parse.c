/* Feeding libcsv line by line, so that every row knows the line it starts on. */
#include "parse.h"

#include <csv.h>
#include <stdlib.h>

struct parse {
    struct report *report;
    const char *name;
    struct buffer header_text;   /* the header's fields, end to end */
    size_t *header_ends;         /* where each ends in it */
    size_t header_count;
    bool header_done, failed;
    size_t file;                 /* index in the report, once the header is done */
    size_t line;                 /* where the row in hand starts */
    size_t fields;               /* fields of the row in hand */
    struct error *err;
};

static void on_field(void *data, size_t len, void *context)
{
    struct parse *p = context;
    struct slice text = {len ? data : "", len};
    if (p->failed)
        return;
    if (p->header_done) {
        report_add_field(p->report, text);
        p->fields++;
        return;
    }
    p->header_ends = xrealloc(p->header_ends, p->header_count + 1, sizeof *p->header_ends);
    buffer_add(&p->header_text, text.data, text.len);
    p->header_ends[p->header_count++] = p->header_text.len;
}

static void not_a_report(const struct parse *p, const struct slice *names)
{
    struct buffer line = {0};
    for (size_t i = 0; i < p->header_count && line.len < 60; i++)
        buffer_printf(&line, "%s%.*s", i ? "," : "", (int)(names[i].len < 60 ? names[i].len : 60), names[i].data);
    error_set(p->err, "%s: not a credential report: its first line is \"%.*s\", without the columns user and arn", p->name,
        (int)(line.len < 60 ? line.len : 60), line.len ? line.data : "");
    buffer_free(&line);
}

static bool header_to_file(struct parse *p)
{
    struct slice *names = xcalloc(p->header_count, sizeof *names);
    size_t from = 0, known = 0;
    bool has_user = false;
    for (size_t i = 0; i < p->header_count; i++) {
        names[i] = (struct slice){p->header_text.data + from, p->header_ends[i] - from};
        from = p->header_ends[i];
        enum column c = schema_find(names[i]);
        known += c < COL_REPORT_COUNT;
        has_user |= c == COL_USER;
    }
    bool ok = has_user && known >= 2;
    if (ok)
        p->file = report_add_file(p->report, p->name, names, p->header_count);
    else
        not_a_report(p, names);
    free(names);
    return ok;
}

static void on_row(int terminator, void *context)
{
    struct parse *p = context;
    (void)terminator;
    if (p->failed)
        return;
    if (p->header_done) {
        report_add_row(p->report, p->file, p->line, p->fields);
        p->fields = 0;
        return;
    }
    p->failed = !header_to_file(p);
    p->header_done = true;
}

/* What a report's fields hold, spaces too, is data: libcsv is not to trim it. */
static int is_never_space(unsigned char c)
{
    (void)c;
    return 0;
}

static size_t line_length(struct slice s)
{
    const char *lf = memchr(s.data, '\n', s.len);
    size_t n = lf ? (size_t)(lf - s.data) + 1 : s.len;
    const char *cr = memchr(s.data, '\r', n);
    if (cr && !(lf && cr + 1 == lf) && cr + 1 < s.data + s.len)
        return (size_t)(cr - s.data) + 1;
    return n;
}

/* What this is when it is plainly not CSV; NULL when it may be. */
static const char *other_kind(struct slice s)
{
    size_t head = s.len < 4096 ? s.len : 4096;
    size_t i = 0;
    while (i < s.len && (s.data[i] == ' ' || s.data[i] == '\t' || s.data[i] == '\r' || s.data[i] == '\n'))
        i++;
    if (i == s.len)
        return "it is empty";
    if (memchr(s.data, '\0', head))
        return "it is binary";
    if (s.data[i] == '<')
        return "it looks like HTML or XML";
    if (s.data[i] == '{' || s.data[i] == '[')
        return "it looks like JSON; decode its Content first";
    return NULL;
}

static bool feed(struct parse *p, struct slice csv)
{
    struct csv_parser parser;
    if (csv_init(&parser, 0) != 0)
        return error_set(p->err, "%s: cannot start the CSV parser", p->name);
    csv_set_space_func(&parser, is_never_space);
    csv_set_realloc_func(&parser, realloc);
    bool ok = true;
    size_t line = 1;
    while (csv.len && ok && !p->failed) {
        size_t n = line_length(csv);
        if (parser.pstate == 0)
            p->line = line;
        ok = csv_parse(&parser, csv.data, n, on_field, on_row, p) == n;
        csv = (struct slice){csv.data + n, csv.len - n};
        line++;
    }
    bool open_quote = parser.quoted && parser.pstate == 2;
    if (ok)
        ok = csv_fini(&parser, on_field, on_row, p) == 0;
    if (!ok)
        error_set(p->err, "%s:%zu: %s", p->name, line, csv_strerror(csv_error(&parser)));
    else if (open_quote && p->header_done && !p->failed)
        report_add_problem(p->report, p->file, p->line, "a quotation mark is never closed; the rest of the file is one field");
    csv_free(&parser);
    return ok && !p->failed;
}

bool parse_report(struct report *r, const char *name, struct slice csv, struct error *err)
{
    if (csv.len >= 3 && memcmp(csv.data, "\xef\xbb\xbf", 3) == 0)
        csv = (struct slice){csv.data + 3, csv.len - 3};
    const char *kind = other_kind(csv);
    if (kind)
        return error_set(err, "%s: not a credential report: %s", name, kind);
    struct parse p = {.report = r, .name = name, .err = err};
    bool ok = feed(&p, csv);
    buffer_free(&p.header_text);
    free(p.header_ends);
    return ok;
}
