/* Which rows need the grammar, and feeding those to libcsv; the others are scanned, on several threads if many. */
#include "read/parse.h"

#include "base/parallel.h"
#include "read/scan.h"

#include <csv.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    HEADER_MAX = 4096,          /* columns; a report has 22 */
    PART_MIN = 1 << 19,         /* bytes worth a thread of their own */
    REACH_MIN = 1 << 16,
    REACH_MAX = 1 << 26,
    DECODED_SEGMENT = 1 << 16,
};

void parse_start(struct parse *p, struct report *r, const char *name, size_t file, size_t row)
{
    report_init(r);
    *p = (struct parse){.report = r, .name = name, .file = file, .row = row, .line = 1, .segment = SIZE_MAX};
    p->way = scan_best();
    p->reach = REACH_MIN;
    p->threads = (int)parallel_threads();
}

void parse_end(struct parse *p)
{
    if (p->csv)
        csv_free(p->csv);
    free(p->csv);
    header_free(&p->header);
    buffer_free(&p->row_text);
    free(p->row_ends);
    for (size_t i = 0; i < p->batch.problem_count; i++)
        free(p->batch.problems[i].text);
    free(p->batch.problems);
    free(p->batch.marks);
}

/* ---- what needs the grammar ---- */

static void on_field(void *data, size_t len, void *context)
{
    struct parse *p = context;
    if (p->row_fields > ROW_FIELDS_MAX) /* too many by one already */
        return;
    if ((p->row_fields & (p->row_fields - 1)) == 0)
        p->row_ends = xrealloc(p->row_ends, p->row_fields ? p->row_fields * 2 : 1, sizeof *p->row_ends);
    buffer_add(&p->row_text, len ? data : "", len);
    p->row_ends[p->row_fields++] = (uint32_t)p->row_text.len;
}

static void on_row(int terminator, void *context)
{
    struct parse *p = context;
    (void)terminator;
    p->row_done = true;
}

/* What a report's fields hold, spaces too, is data: libcsv is not to trim it. */
static int is_never_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void *csv_realloc(void *old, size_t size)
{
    return xrealloc(old, size, 1);
}

static void start_csv(struct parse *p)
{
    if (p->csv)
        csv_free(p->csv);
    else
        p->csv = xcalloc(1, sizeof *p->csv);
    csv_init(p->csv, 0);
    csv_set_space_func(p->csv, is_never_space);
    csv_set_realloc_func(p->csv, csv_realloc);
    csv_set_blk_size(p->csv, 4096);
}

/* Through the next line end; the whole of S when there is none. */
static size_t line_length(struct slice s)
{
    const char *lf = memchr(s.data, '\n', s.len);
    size_t n = lf ? (size_t)(lf - s.data) + 1 : s.len;
    const char *cr = memchr(s.data, '\r', n);
    if (cr && !(lf && cr + 1 == lf) && cr + 1 < s.data + s.len)
        return (size_t)(cr - s.data) + 1;
    return n;
}

/*
 * The next row of TEXT into row_text and row_ends; how many bytes it took, 0 when it is not all there. *LINES: how
 * many lines they were, *BLANK: of them before the row.
 */
static size_t feed_row(struct parse *p, struct slice text, bool final, size_t *lines, size_t *blank)
{
    size_t used = 0;
    start_csv(p);
    p->row_text.len = p->row_fields = *lines = *blank = 0;
    p->row_done = false;
    while (!p->row_done && used < text.len) {
        size_t n = line_length((struct slice){text.data + used, text.len - used});
        bool complete = text.data[used + n - 1] == '\n' || used + n < text.len;
        csv_parse(p->csv, text.data + used, n, on_field, on_row, p);
        used += n;
        *lines += complete;
        *blank += complete && p->csv->pstate == 0 && !p->row_done;
    }
    if (!final && (!p->row_done || (used == text.len && text.data[used - 1] == '\r')))
        return 0; /* more of the row may come, or the other half of its CR LF */
    if (p->row_done)
        return used;
    if (p->csv->quoted && p->csv->pstate == 2 && p->has_header)
        print_problem(&p->batch, p->file, p->line + *blank,
            "a quotation mark is never closed; the rest of the file is one field");
    csv_fini(p->csv, on_field, on_row, p);
    return used;
}

static struct slice row_field(const struct parse *p, size_t i)
{
    size_t from = i ? p->row_ends[i - 1] : 0;
    return (struct slice){p->row_text.data + from, p->row_ends[i] - from};
}

static void writer_start(struct parse *p, struct report_writer *w)
{
    *w = (struct report_writer){.report = p->report, .header = &p->header, .file = p->file,
        .next_row = p->row, .next_line = p->next_line};
}

/* REST, of which no row is complete, is longer than any row. */
static bool too_long(const struct parse *p, struct slice rest, struct error *err)
{
    return error_set(err, "%s:%zu: this line goes on for more than %d MiB: not a credential report%s", p->name, p->line,
        ROW_BYTES_MAX >> 20, memchr(rest.data, '"', rest.len) ? ", or a quotation mark is never closed" : "");
}

static bool too_wide(const struct parse *p, size_t line, struct error *err)
{
    return error_set(err, "%s:%zu: the row has more than %d fields: not a credential report", p->name, line,
        ROW_FIELDS_MAX);
}

static bool writer_end(struct parse *p, struct report_writer *w, struct error *err)
{
    p->row += w->batch.rows;
    p->next_line = w->next_line;
    print_join(&p->batch, &w->batch);
    if (w->too_wide)
        return too_wide(p, w->too_wide, err);
    return !w->too_long || error_set(err, "%s: %d rows in a row take more than 2 GB: too long to be a report", p->name,
        BLOCK_ROWS);
}

/* Where the next decoded row can go, with SIZE bytes of room. */
static char *decoded_room(struct parse *p, size_t size, uint64_t *at)
{
    struct report *r = p->report;
    if (p->segment == SIZE_MAX || r->segments[p->segment].size - p->segment_used < size) {
        size_t room = p->segment == SIZE_MAX ? DECODED_SEGMENT : r->segments[p->segment].size * 2;
        room = room > (size_t)1 << 24 ? (size_t)1 << 24 : room;
        p->segment = report_add_segment(r, room > size ? room : size);
        p->segment_used = 0;
        if (!r->segments[p->segment].data)
            return NULL;
    }
    *at = r->segments[p->segment].start + p->segment_used;
    p->segment_used += size;
    return r->segments[p->segment].data + p->segment_used - size;
}

/* Keep the row that libcsv has read, which stands on LINE. */
static bool write_decoded(struct parse *p, size_t line, uint64_t plain, struct error *err)
{
    size_t size = decoded_size(p->row_ends, p->row_fields);
    uint64_t at = 0;
    char *room = decoded_room(p, size, &at);
    bool ok = room || error_set(err, "%s: too much quoted text to hold; split the report", p->name);
    if (ok) {
        struct report_writer w;
        struct report_row row = {.text = p->row_text.data, .ends = p->row_ends, .count = p->row_fields};
        decoded_write(room, row.text, row.ends, row.count);
        report_add_blocks(p->report, p->row, 1, plain, at);
        writer_start(p, &w);
        report_write(&w, p->row, line, &row, at, true);
        ok = writer_end(p, &w, err);
    }
    return ok;
}

/* ---- the first row ---- */

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
        return "it looks like JSON";
    return NULL;
}

static bool not_a_report(const struct parse *p, struct error *err)
{
    struct buffer line = {0};
    for (size_t i = 0; i < p->row_fields && line.len < 60; i++) {
        struct slice name = row_field(p, i);
        buffer_printf(&line, "%s%.*s", i ? "," : "", (int)(name.len < 60 ? name.len : 60), name.data);
    }
    error_set(err, "%s: not a credential report: its first line is \"%.*s\", without the columns user and arn", p->name,
        (int)(line.len < 60 ? line.len : 60), line.len ? line.data : "");
    buffer_free(&line);
    return false;
}

/* The row that libcsv has read is the header; false when it is not one of a report. */
static bool take_header(struct parse *p, struct error *err)
{
    size_t known = 0;
    bool has[COL_COUNT + 1] = {false};
    if (p->row_fields > HEADER_MAX)
        return error_set(err, "%s: not a credential report: its first line names %zu columns, and %d are the most",
            p->name, p->row_fields, (int)HEADER_MAX);
    for (size_t i = 0; i < p->row_fields; i++) {
        header_add(&p->header, row_field(p, i));
        enum column c = (enum column)p->header.column[i];
        known += c != COL_COUNT && !has[c];
        has[c] = true;
    }
    for (enum column c = 0; c < COL_REPORT_COUNT; c++) {
        if (!has[c])
            p->header.lacks[p->header.lacks_count++] = c;
    }
    return (has[COL_USER] && known >= 2) || not_a_report(p, err);
}

/* ---- what does not ---- */

struct part {
    struct report_writer writer;
    const struct scan_way *way;
    struct slice text;
    struct scan_count count;
    size_t row, line;
    uint64_t at;
    pthread_t thread;
    bool running;
};

static void *count_part(void *context)
{
    struct part *part = context;
    part->count = part->way->count(part->text);
    return NULL;
}

static void *write_part(void *context)
{
    struct part *part = context;
    part->way->rows(&part->writer, part->text, part->row, part->line, part->at);
    return NULL;
}

/* Do WORK on each part, the first one here, the others on threads of their own where those can be had. */
static void on_parts(struct part *parts, size_t count, void *(*work)(void *))
{
    for (size_t i = 1; i < count; i++)
        parts[i].running = pthread_create(&parts[i].thread, NULL, work, &parts[i]) == 0;
    work(&parts[0]);
    for (size_t i = 1; i < count; i++) {
        if (parts[i].running)
            pthread_join(parts[i].thread, NULL);
        else
            work(&parts[i]);
    }
}

/* Cut TEXT into parts that end where lines do. */
static size_t cut(const struct parse *p, struct slice text, struct part *parts)
{
    size_t count = text.len / PART_MIN + 1, n = 0;
    count = count > (size_t)p->threads ? (size_t)p->threads : count;
    while (text.len) {
        size_t size = n + 1 == count ? text.len : text.len / (count - n);
        const char *lf = size < text.len ? memchr(text.data + size, '\n', text.len - size) : NULL;
        size = lf ? (size_t)(lf - text.data) + 1 : text.len;
        parts[n++] = (struct part){.way = p->way, .text = {text.data, size}};
        text = (struct slice){text.data + size, text.len - size};
    }
    return n;
}

/*
 * Rows of TEXT, which ends where a line does, up to the line with the first quotation mark; *USED: how many bytes
 * those are. AT is the offset of TEXT.
 */
static bool write_plain(struct parse *p, struct slice text, uint64_t at, size_t *used, struct error *err)
{
    struct part parts[PARALLEL_THREADS_MAX];
    size_t count = cut(p, text, parts), n = 0, rows = 0;
    bool ok = true, has_quote = false;
    *used = 0;
    on_parts(parts, count, count_part);
    for (; n < count && !has_quote; n++) {
        struct part *part = &parts[n];
        writer_start(p, &part->writer);
        part->row = p->row + rows;
        part->line = p->line;
        part->at = at + *used;
        part->text.len = part->count.length;
        has_quote = part->count.has_quote;
        *used += part->count.length;
        rows += part->count.rows;
        p->line += part->count.lines;
    }
    uint64_t decoded = p->segment == SIZE_MAX ? p->report->text_end
        : p->report->segments[p->segment].start + p->segment_used;
    report_add_blocks(p->report, p->row, rows, at, decoded);
    on_parts(parts, n, write_part);
    for (size_t i = 0; i < n; i++)
        ok = writer_end(p, &parts[i].writer, err) && ok;
    return ok;
}

/* Up to where TEXT, with more to come behind it unless it is FINAL, holds only whole lines. */
static size_t whole_lines(struct slice text, bool final)
{
    size_t n = text.len;
    /* a CR at the very end may be half of a CR LF */
    while (!final && n && text.data[n - 1] != '\n' && !(text.data[n - 1] == '\r' && n < text.len))
        n--;
    return n;
}

/* The row at the start of TEXT by way of libcsv; *USED is 0 when it is not all there. */
static bool write_quoted(struct parse *p, struct slice text, uint64_t at, bool final, size_t *used, struct error *err)
{
    size_t lines, blank;
    *used = feed_row(p, text, final, &lines, &blank);
    if (*used && p->row_fields > ROW_FIELDS_MAX)
        return too_wide(p, p->line + blank, err);
    if (*used && p->row_fields && !write_decoded(p, p->line + blank, at, err))
        return false;
    if (*used)
        p->line += lines;
    return true;
}

/*
 * Plain pieces and quoted rows in turn. How far it looks ahead for a quotation mark grows while there is none, so that
 * no byte is looked at more than a few times wherever they are.
 */
static bool take_rows(struct parse *p, struct slice text, uint64_t at, bool final, size_t *used, struct error *err)
{
    *used = 0;
    while (*used < text.len) {
        struct slice rest = {text.data + *used, text.len - *used};
        bool all = rest.len <= p->reach;
        size_t whole = whole_lines((struct slice){rest.data, all ? rest.len : p->reach}, all && final), n = 0;
        if (whole && !write_plain(p, (struct slice){rest.data, whole}, at + *used, &n, err))
            return false;
        *used += n;
        if (whole && n == whole) {
            p->reach = p->reach < REACH_MAX ? p->reach * 2 : p->reach;
            continue;
        }
        p->reach = whole ? REACH_MIN : all ? p->reach : p->reach * 2;
        rest = (struct slice){rest.data + n, rest.len - n};
        if (!whole && !memchr(rest.data, '"', rest.len)) {
            if (all && rest.len > ROW_BYTES_MAX)
                return too_long(p, rest, err);
            if (all)
                return true;
            continue; /* a line that is longer than the reach */
        }
        if (!write_quoted(p, rest, at + *used, final, &n, err))
            return false;
        *used += n;
        if (!n && rest.len > ROW_BYTES_MAX)
            return too_long(p, rest, err);
        if (!n)
            return true;
    }
    return true;
}

/* The header, or what is there instead; *USED is 0 when not all of it is there yet. */
static bool take_start(struct parse *p, struct slice text, bool final, size_t *used, struct error *err)
{
    size_t bom = text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, lines, blank;
    text = (struct slice){text.data + bom, text.len - bom};
    const char *kind = other_kind(text);
    if (kind)
        return error_set(err, "%s: not a credential report: %s", p->name, kind);
    size_t n = feed_row(p, text, final, &lines, &blank);
    *used = n ? bom + n : 0;
    if (!n && text.len > ROW_BYTES_MAX)
        return too_long(p, text, err);
    if (!n)
        return true;
    p->line += lines;
    return p->has_header = take_header(p, err);
}

bool parse_text(struct parse *p, size_t segment, size_t from, size_t to, bool final, size_t *used, struct error *err)
{
    struct report_segment *s = &p->report->segments[segment];
    struct slice text = {s->data + from, to - from};
    size_t n = 0;
    *used = 0;
    if (!p->has_header && !take_start(p, text, final, &n, err))
        return false;
    *used = n;
    if (!p->has_header)
        return true;
    if (final)
        s->data[to] = '\n'; /* what ends the last row */
    bool ok = take_rows(p, (struct slice){text.data + n, text.len - n}, s->start + from + n, final, &n, err);
    *used += n;
    p->batch.text_ready = s->start + from + *used;
    p->batch.segments = p->report->segments_made;
    return ok;
}

bool parse_report(struct report *r, const char *name, struct slice csv, struct error *err)
{
    struct parse p;
    size_t used;
    parse_start(&p, r, name, r->file_count, r->row_count);
    size_t segment = report_add_segment(r, csv.len);
    char *room = r->segments[segment].data;
    if (room && csv.len)
        memcpy(room, csv.data, csv.len);
    bool ok = room ? parse_text(&p, segment, 0, csv.len, true, &used, err)
        : error_set(err, "%s: too many reports", name);
    if (ok) {
        report_publish_file(r, name, &p.header);
        report_publish(r, &p.batch);
    }
    else
        report_forget(r, r->row_count, p.row);
    parse_end(&p);
    return ok;
}
