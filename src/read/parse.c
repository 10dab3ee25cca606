/* Which rows need the grammar, and feeding those to libcsv; the others are scanned, on several threads if many. */
#include "read/parse.h"

#include "base/limits.h"
#include "base/parallel.h"
#include "read/scan.h"

#include <csv.h>
#include <stdlib.h>

enum {
    HEADER_MAX = LIMIT(4096, 64),                /* columns; a report has 22 */
    PART_MIN = LIMIT(1 << 19, 1 << 6),           /* bytes worth a thread of their own */
    REACH_MIN = LIMIT(1 << 16, 1 << 7),
    REACH_MAX = LIMIT(1 << 26, 1 << 10),
    DECODED_SEGMENT = LIMIT(1 << 16, 1 << 6),
    DECODED_SEGMENT_MAX = LIMIT(1 << 24, 1 << 7),
    FED_AT_ONCE = LIMIT(1 << 20, 1 << 6),        /* bytes, to libcsv */
    THREADS = LIMIT(PARALLEL_THREADS_MAX, 3),    /* at most; in a build for fuzzing only the parts for them */
};

void parse_start(struct parse *p, struct report *r, const char *name, size_t file, size_t row)
{
    report_init(r);
    *p = (struct parse){.report = r, .name = name, .file = file, .row = row, .line = 1, .segment = SIZE_MAX};
    p->way = scan_best();
    p->reach = REACH_MIN;
    p->threads = LIMIT((int)parallel_threads(), THREADS);
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
    enum { WINDOW = 256 }; /* no byte far behind the line end is looked at */
    for (size_t at = 0; at < s.len; at += WINDOW) {
        size_t n = s.len - at < WINDOW ? s.len - at : WINDOW;
        const char *lf = memchr(s.data + at, '\n', n);
        const char *cr = memchr(s.data + at, '\r', lf ? (size_t)(lf - s.data) - at : n);
        size_t end = (size_t)((cr ? cr : lf ? lf : s.data) - s.data) + 1;
        if (cr)
            return end + (end < s.len && s.data[end] == '\n');
        if (lf)
            return end;
    }
    return s.len;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static void begin_row(struct parse *p)
{
    start_csv(p);
    p->row_text.len = p->row_fields = 0;
    p->looked = p->row_from = p->row_lines = p->row_blank = 0;
    p->row_done = p->row_too_long = false;
    p->in_row = true;
}

/* How many bytes the row that ends, or goes on, before USED has, without its line end. */
static size_t row_size(const struct parse *p, struct slice text, size_t used)
{
    size_t size = used - p->row_from;
    for (size_t i = 0; p->row_done && i < 2 && size && is_line_end(text.data[p->row_from + size - 1]); i++)
        size--;
    return size;
}

/*
 * The next row of TEXT into row_text and row_ends; how many bytes it took, 0 when it is not all there, or is too long. What
 * was given to libcsv before is not given again.
 */
static size_t feed_row(struct parse *p, struct slice text, bool final)
{
    if (!p->in_row || p->looked > text.len) /* an envelope's tail that was taken for a part of the row is gone */
        begin_row(p);
    /* more may come, also the other half of a CR LF */
    size_t used = p->looked, end = text.len - (!final && text.len && text.data[text.len - 1] == '\r');
    while (!p->row_done && !p->row_too_long && used < end) {
        size_t n = line_length((struct slice){text.data + used, end - used});
        n = n > FED_AT_ONCE + 2 ? FED_AT_ONCE : n;
        bool ends = is_line_end(text.data[used + n - 1]);
        csv_parse(p->csv, text.data + used, n, on_field, on_row, p);
        used += n;
        p->row_lines += ends;
        if (ends && p->csv->pstate == 0 && !p->row_done) {
            p->row_blank++;
            p->row_from = used;
        }
        p->row_too_long = row_size(p, text, used) > ROW_BYTES_MAX;
    }
    p->looked = used;
    if (p->row_too_long || (!final && !p->row_done))
        return 0;
    if (!p->row_done) {
        if (p->csv->quoted && p->csv->pstate == 2 && p->has_header)
            print_problem(&p->batch, p->file, p->line + p->row_blank,
                "a quotation mark is never closed; the rest of the file is one field");
        csv_fini(p->csv, on_field, on_row, p);
    }
    p->in_row = false;
    p->looked = 0;
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

/* The row on LINE has more bytes than any report's. */
static bool too_long(const struct parse *p, size_t line, bool has_quote, struct error *err)
{
    return error_set(err, "%s:%zu: this line goes on for more than %d MiB: not a credential report%s", p->name, line,
        ROW_BYTES_MAX >> 20, has_quote ? ", or a quotation mark is never closed" : "");
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
    if (w->too_large)
        return too_long(p, w->too_large, false, err);
    return !w->too_long || error_set(err, "%s: %d rows in a row take more than 2 GB: too long to be a report", p->name,
        BLOCK_ROWS);
}

/* Where the next decoded row can go, with SIZE bytes of room. */
static char *decoded_room(struct parse *p, size_t size, uint64_t *at)
{
    struct report *r = p->report;
    if (p->segment == SIZE_MAX || r->segments[p->segment].size - p->segment_used < size) {
        size_t room = p->segment == SIZE_MAX ? DECODED_SEGMENT : r->segments[p->segment].size * 2;
        room = room > DECODED_SEGMENT_MAX ? DECODED_SEGMENT_MAX : room;
        p->segment = report_add_segment(r, room > size ? room : size);
        p->segment_used = 0;
        if (!r->segments[p->segment].data)
            return NULL;
    }
    *at = r->segments[p->segment].start + p->segment_used;
    p->segment_used += size;
    return r->segments[p->segment].data + p->segment_used - size;
}

/* Make room for COUNT more rows; see report_add_blocks. */
static bool add_rows(struct parse *p, size_t count, uint64_t plain, uint64_t decoded, struct error *err)
{
    return report_add_blocks(p->report, p->row, count, plain, decoded)
        || error_set(err, "%s: more than %llu rows; split the report", p->name, (unsigned long long)ROWS_MAX);
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
        ok = add_rows(p, 1, plain, at, err);
        if (ok) {
            writer_start(p, &w);
            report_write(&w, p->row, line, &row, at, true);
            ok = writer_end(p, &w, err);
        }
    }
    return ok;
}

/* ---- the first row ---- */

/* What the text that begins with START, which is not blank, is when it is plainly not CSV; NULL when it may be. */
static const char *other_kind(char start)
{
    return start == '<' ? "it looks like HTML or XML" : start == '{' || start == '[' ? "it looks like JSON" : NULL;
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
};

static void count_parts(void *parts, size_t from, size_t to)
{
    for (struct part *part = (struct part *)parts + from; part < (struct part *)parts + to; part++)
        part->count = part->way->count(part->text);
}

static void write_parts(void *parts, size_t from, size_t to)
{
    for (struct part *part = (struct part *)parts + from; part < (struct part *)parts + to; part++)
        part->way->rows(&part->writer, part->text, part->row, part->line, part->at);
}

/* Do WORK on each part, on several threads. */
static void on_parts(struct part *parts, size_t count, void (*work)(void *parts, size_t from, size_t to))
{
    parallel_pieces(count, 1, LIMIT(true, false), work, parts, NULL);
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
    on_parts(parts, count, count_parts);
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
    if (!add_rows(p, rows, at, decoded, err))
        return false;
    on_parts(parts, n, write_parts);
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
    *used = feed_row(p, text, final);
    size_t line = p->line + p->row_blank;
    if (p->row_too_long)
        return too_long(p, line, true, err);
    if (p->row_fields > ROW_FIELDS_MAX)
        return too_wide(p, line, err);
    if (*used && p->row_fields && !write_decoded(p, line, at, err))
        return false;
    if (*used)
        p->line += p->row_lines;
    return true;
}

/* Whether the row at the start of REST, which has no quotation mark so far, still goes on behind what was looked at. */
static bool goes_on(const struct parse *p, struct slice rest)
{
    if (!p->looked || p->looked > rest.len)
        return false;
    struct slice new = {rest.data + p->looked - 1, rest.len - p->looked + 1}; /* from a CR that may end it */
    return !memchr(new.data, '\n', new.len) && !memchr(new.data, '\r', new.len) && !memchr(new.data, '"', new.len);
}

/* REST begins with a row without a quotation mark, and without an end so far. */
static bool wait_for_more(struct parse *p, struct slice rest, struct error *err)
{
    p->looked = rest.len;
    /* one byte may be a CR, and the row's end */
    return rest.len <= ROW_BYTES_MAX + 1 || too_long(p, p->line, false, err);
}

/*
 * What to look at next: as far as the reach, which is short only where quotation marks are, and then up to the next one.
 * *QUOTE: that is what ends it.
 */
static struct slice next_window(const struct parse *p, struct slice rest, bool *quote)
{
    struct slice window = {rest.data, rest.len < p->reach ? rest.len : p->reach};
    const char *at = p->reach == REACH_MIN ? memchr(window.data, '"', window.len) : NULL;
    *quote = at != NULL;
    if (at)
        window.len = (size_t)(at - window.data) + 1;
    return window;
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
        size_t whole = 0, n = 0;
        if (!p->in_row) {
            bool all = rest.len <= p->reach, quote;
            if (!final && goes_on(p, rest))
                return wait_for_more(p, rest, err);
            p->looked = 0;
            struct slice window = next_window(p, rest, &quote);
            whole = whole_lines(window, all && final && !quote);
            if (whole && !write_plain(p, (struct slice){rest.data, whole}, at + *used, &n, err))
                return false;
            *used += n;
            if (whole && n == whole && !quote) {
                p->reach = p->reach < REACH_MAX ? p->reach * 2 : p->reach;
                continue;
            }
            p->reach = whole || quote ? REACH_MIN : all ? p->reach : p->reach * 2;
            rest = (struct slice){rest.data + n, rest.len - n};
            if (!whole && !quote && !memchr(rest.data, '"', rest.len)) {
                if (all)
                    return wait_for_more(p, rest, err);
                continue; /* a line that is longer than the reach */
            }
        }
        if (!write_quoted(p, rest, at + *used, final, &n, err))
            return false;
        *used += n;
        if (!n)
            return true;
    }
    return true;
}

/* Where the first byte is that is not blank; LEN: nowhere yet. */
static size_t skip_blank(struct parse *p, struct slice text)
{
    while (p->blank < text.len && (text.data[p->blank] == ' ' || text.data[p->blank] == '\t'
        || is_line_end(text.data[p->blank])))
        p->blank++;
    return p->blank;
}

/* The header, or what is there instead; *USED is 0 when not all of it is there yet. */
static bool take_start(struct parse *p, struct slice text, bool final, size_t *used, struct error *err)
{
    size_t bom = text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    text = (struct slice){text.data + bom, text.len - bom};
    size_t start = skip_blank(p, text), looked = p->looked;
    const char *kind = start < text.len ? other_kind(text.data[start]) : final ? "it is empty" : NULL;
    if (start > ROW_BYTES_MAX)
        return too_long(p, p->line, false, err);
    size_t n = kind || start == text.len ? 0 : feed_row(p, text, final), end = n ? n : text.len;
    /* only the first row tells: how much is there behind it depends on how fast it comes */
    if (!kind && end > looked && memchr(text.data + looked, '\0', end - looked))
        kind = "it is binary";
    if (kind)
        return error_set(err, "%s: not a credential report: %s", p->name, kind);
    *used = n ? bom + n : 0;
    if (p->row_too_long)
        return too_long(p, p->line + p->row_blank, memchr(text.data, '"', text.len), err);
    if (!n)
        return true;
    p->line += p->row_lines;
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
