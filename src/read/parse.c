/*
 * Separates lines without quotation marks, which scan.c reads, on several threads if there are many, from rows with
 * quotation marks, which libcsv reads.
 */
#include "read/parse.h"

#include "base/limits.h"
#include "base/parallel.h"
#include "read/scan.h"

#include <csv.h>
#include <stdlib.h>

enum {
    HEADER_MAX = LIMIT(4096, 64),                /* columns; a report has 22 */
    PART_MIN = LIMIT(1 << 19, 1 << 6),           /* bytes that are worth a thread */
    REACH_MIN = LIMIT(1 << 16, 1 << 7),
    REACH_LEAST = LIMIT(1 << 12, 1 << 6),        /* with rows that are skipped */
    REACH_MAX = LIMIT(1 << 26, 1 << 10),
    DECODED_SEGMENT = LIMIT(1 << 16, 1 << 6),
    DECODED_SEGMENT_MAX = LIMIT(1 << 24, 1 << 7),
    FED_AT_ONCE = LIMIT(1 << 20, 1 << 6),        /* bytes passed to libcsv in one call */
    IN_QUOTES = 2,                               /* a state of libcsv that has no name: inside a quoted field */
    THREADS = LIMIT(PARALLEL_THREADS_MAX, 3), /* maximum; a fuzzing build still cuts text into parts, without threads */
};

void parse_start(struct parse *p, struct report *r, const char *name, size_t file, size_t row)
{
    report_init(r);
    *p = (struct parse){.report = r, .name = name, .file = file, .row = row, .line = 1, .segment = SIZE_MAX,
        .separator = ','};
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
    free(p->parts);
    report_batch_free(&p->batch);
}

/* ---- rows with quotation marks ---- */

/* Resolve the escapes that ncred's tsv, mysql and psql write for tab, line ends and backslash in a field. */
static void add_unescaped(struct buffer *b, struct slice s)
{
    static const char letters[] = "tnr\\", bytes[] = "\t\n\r\\";
    for (size_t i = 0; i < s.len; i++) {
        const char *at = s.data[i] == '\\' && i + 1 < s.len ? memchr(letters, s.data[i + 1], sizeof letters - 1) : NULL;
        buffer_putc(b, at ? bytes[at - letters] : s.data[i]);
        i += at != NULL;
    }
}

static bool goes_on_with(struct slice s, size_t at, struct slice text)
{
    return s.len - at >= text.len && memcmp(s.data + at, text.data, text.len) == 0;
}

/*
 * Resolve the escapes of a Markdown table: a backslash before a sign, entities and, as ncred writes them, empty
 * comments, which keep addresses and mentions from becoming links.
 */
static void add_markdown(struct buffer *b, struct slice s)
{
    static const char signs[] = "\\`*_{}[]<>()#+-.!~&@|\"'$";
    static const struct {
        const char *text, *sign;
    } marks[] = {{"<!-- -->", ""}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}};
    enum { MARKS = sizeof marks / sizeof marks[0] };
    for (size_t i = 0; i < s.len; i++) {
        size_t m = 0;
        if (s.data[i] == '\\' && i + 1 < s.len && memchr(signs, s.data[i + 1], sizeof signs - 1)) {
            buffer_putc(b, s.data[++i]);
            continue;
        }
        while (m < MARKS && !goes_on_with(s, i, slice_of(marks[m].text)))
            m++;
        if (m < MARKS) {
            buffer_puts(b, marks[m].sign);
            i += strlen(marks[m].text) - 1;
        } else {
            buffer_putc(b, s.data[i]);
        }
    }
}

/* Whether the last byte of S is a backslash that no other one escapes. */
static bool ends_in_backslash(struct slice s)
{
    size_t n = 0;
    while (n < s.len && s.data[s.len - 1 - n] == '\\')
        n++;
    return n % 2;
}

/*
 * Add a cell of a table drawn for people, which is padded with blanks. In a Markdown table, whose rows begin with the
 * separator, a separator after a backslash belongs to the cell.
 */
static void add_drawn_cell(struct parse *p, struct slice cell)
{
    bool goes_on = p->row_fields && p->cell_goes_on && p->row_ends[0] == 0;
    p->cell_goes_on = ends_in_backslash(cell);
    if (!goes_on) {
        add_markdown(&p->row_text, slice_trimmed(cell));
        return;
    }
    p->row_text.data[p->row_text.len - 1] = p->separator;
    p->row_fields--;
    while (cell.len && cell.data[cell.len - 1] == ' ')
        cell.len--;
    add_markdown(&p->row_text, cell);
}

static void on_field(void *data, size_t len, void *context)
{
    struct parse *p = context;
    struct slice field = {len ? data : "", len};
    if (p->row_fields > ROW_FIELDS_MAX) /* already one too many */
        return;
    if ((p->row_fields & (p->row_fields - 1)) == 0)
        p->row_ends = xrealloc(p->row_ends, p->row_fields ? p->row_fields * 2 : 1, sizeof *p->row_ends);
    if (p->separator == '|')
        add_drawn_cell(p, field);
    else if (p->separator == '\t' && len && memchr(data, '\\', len))
        add_unescaped(&p->row_text, field);
    else
        buffer_add(&p->row_text, field.data, field.len);
    p->row_ends[p->row_fields++] = (uint32_t)p->row_text.len;
}

static void on_row(int terminator, void *context)
{
    struct parse *p = context;
    (void)terminator;
    p->row_done = true;
}

/* Blanks in fields are data, so libcsv must not trim them. */
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
    csv_init(p->csv, CSV_STRICT);
    csv_set_delim(p->csv, (unsigned char)p->separator);
    csv_set_space_func(p->csv, is_never_space);
    csv_set_realloc_func(p->csv, csv_realloc);
    csv_set_blk_size(p->csv, 4096);
}

/* Length of the first line of S with its line end; S.len if it has none. */
static size_t line_length(struct slice s)
{
    enum { WINDOW = 256 }; /* so that no byte far behind the line end is read */
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
    p->row_done = p->row_too_long = p->row_is_loose = false;
    p->in_row = true;
}

/* Size of the row that begins at row_from, up to USED, without its line end. */
static size_t row_size(const struct parse *p, struct slice text, size_t used)
{
    size_t size = used - p->row_from;
    for (size_t i = 0; p->row_done && i < 2 && size && is_line_end(text.data[p->row_from + size - 1]); i++)
        size--;
    return size;
}

/* Number of blanks at the start of S that are not separators. */
static size_t loose_blanks(const struct parse *p, struct slice s)
{
    size_t n = 0;
    while (n < s.len && (s.data[n] == ' ' || s.data[n] == '\t') && s.data[n] != p->separator)
        n++;
    return n;
}

/*
 * Read one field of LINE, whose quotation marks are malformed. Returns its size with the separator. *HAS_TAIL is set if
 * text follows a closing quotation mark, or if a mark is never closed.
 */
static size_t take_loose_field(struct parse *p, struct slice line, bool *has_tail)
{
    struct buffer value = {0};
    size_t blank = loose_blanks(p, line), i = 0, end;
    if (blank < line.len && line.data[blank] == '"') {
        for (i = blank + 1; i < line.len && (line.data[i] != '"'
            || (i + 1 < line.len && line.data[i + 1] == '"')); i++) {
            i += line.data[i] == '"';
            buffer_putc(&value, line.data[i]);
        }
        bool is_closed = i < line.len;
        i = is_closed ? i + 1 : 0;
        if (is_closed)
            i += loose_blanks(p, (struct slice){line.data + i, line.len - i});
        value.len = is_closed ? value.len : 0; /* otherwise the quotation mark is part of the text */
        *has_tail |= !is_closed;
    }
    const char *separator = i < line.len ? memchr(line.data + i, p->separator, line.len - i) : NULL;
    end = separator ? (size_t)(separator - line.data) : line.len;
    *has_tail |= i > 0 && end > i;
    buffer_add(&value, line.data + i, end - i);
    on_field(value.data, value.len, p);
    buffer_free(&value);
    return end + (separator != NULL);
}

/*
 * Read a row with text after a closing quotation mark, a quotation mark inside text, or one that is never closed. Such
 * a row ends with its line, whatever its quotation marks enclose, so that it swallows no other row. Returns the number
 * of bytes consumed, or 0 if the line is incomplete.
 */
static size_t feed_loose_row(struct parse *p, struct slice text, bool final)
{
    bool has_tail = false;
    size_t end = p->row_is_loose ? p->looked : p->row_from;
    p->row_is_loose = true;
    while (end < text.len && !is_line_end(text.data[end]))
        end++;
    p->looked = end;
    p->row_too_long = end - p->row_from > ROW_BYTES_MAX;
    bool is_complete = end + 1 < text.len || (end < text.len && (final || text.data[end] == '\n'));
    if (p->row_too_long || (!final && !is_complete))
        return 0;
    struct slice line = {text.data + p->row_from, end - p->row_from};
    p->row_text.len = p->row_fields = 0;
    for (bool more = true; more;) {
        size_t n = take_loose_field(p, line, &has_tail);
        more = n && line.data[n - 1] == p->separator && p->row_fields <= ROW_FIELDS_MAX;
        line = (struct slice){line.data + n, line.len - n};
        if (more && !line.len) { /* after a trailing separator comes an empty field */
            on_field(NULL, 0, p);
            more = false;
        }
    }
    if (has_tail && p->has_header)
        report_batch_problem(&p->batch, p->file, p->line + p->row_blank,
            "text after a closing quotation mark, or one that is not closed; the row ends with its line");
    p->row_lines = p->row_blank + is_complete;
    p->row_done = true;
    p->in_row = false;
    p->looked = 0;
    return end + (is_complete ? line_length((struct slice){text.data + end, text.len - end}) : 0);
}

/*
 * Read the next row of TEXT into row_text and row_ends. Returns the number of bytes consumed, or 0 if the row is
 * incomplete or too long. Bytes are passed to libcsv only once.
 */
static size_t feed_row(struct parse *p, struct slice text, bool final)
{
    if (!p->in_row || p->looked > text.len) /* LOOKED included an envelope's tail, which has been removed meanwhile */
        begin_row(p);
    if (p->row_is_loose)
        return feed_loose_row(p, text, final);
    /* leave out a CR at the end, which may be half of a CR LF */
    size_t used = p->looked, end = text.len - (!final && text.len && text.data[text.len - 1] == '\r');
    while (!p->row_done && !p->row_too_long && used < end) {
        size_t n = line_length((struct slice){text.data + used, end - used});
        n = n > FED_AT_ONCE + 2 ? FED_AT_ONCE : n;
        bool ends = is_line_end(text.data[used + n - 1]);
        if (csv_parse(p->csv, text.data + used, n, on_field, on_row, p) != n)
            return feed_loose_row(p, text, final);
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
        if (p->csv->quoted && p->csv->pstate == IN_QUOTES && p->has_header)
            return feed_loose_row(p, text, final);
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
        .next_row = p->row, .next_line = p->next_line, .no_user_at = UINT64_MAX};
}

/* Set ERR: the row on LINE has more bytes than any report's. Returns false. */
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
    report_batch_join(&p->batch, &w->batch);
    if (w->too_wide)
        return too_wide(p, w->too_wide, err);
    if (w->too_large)
        return too_long(p, w->too_large, false, err);
    return !w->too_long || error_set(err, "%s: %d rows in a row take more than 2 GB: too long to be a report", p->name,
        BLOCK_ROWS);
}

/* Room of SIZE bytes for a decoded row; *AT is set to its offset in the report's text. NULL if there is no room. */
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

static void tell_header_again(struct parse *p, size_t line)
{
    report_batch_problem(&p->batch, p->file, line, "a repeated header, as in joined files; it is not a row");
}

static void tell_empty(struct parse *p, size_t line)
{
    if (!p->has_empty_row)
        report_batch_problem(&p->batch, p->file, line,
            "an empty row, as in spreadsheets; empty rows are left out");
    p->has_empty_row = true;
}

static bool other_header(const struct parse *p, size_t line, struct error *err)
{
    return error_set(err, "%s:%zu: another report begins, with other columns; put each into a file of its own", p->name,
        line);
}

/* Whether the row only draws a line: directly below the header any dashes count, elsewhere at least three per field. */
static bool is_ruler(const struct parse *p)
{
    bool is = p->separator == '|' && p->row_text.len, is_first = !p->row;
    for (size_t i = 0; i < p->row_fields && is; i++) {
        struct slice field = slice_trimmed(row_field(p, i));
        size_t drawn = 0, dashes = 0;
        for (; drawn < field.len && strchr("-+:=", field.data[drawn]) && field.data[drawn]; drawn++)
            dashes += field.data[drawn] == '-' || field.data[drawn] == '=';
        is = drawn == field.len && (is_first || !drawn || dashes >= 3);
    }
    return is;
}

/* Make room for COUNT more rows, see report_add_blocks(). */
static bool add_rows(struct parse *p, size_t count, uint64_t plain, uint64_t decoded, struct error *err)
{
    return report_add_blocks(p->report, p->row, count, plain, decoded)
        || error_set(err, "%s: more than %llu rows; split the report", p->name, (unsigned long long)ROWS_MAX);
}

/* A repeated header was appended to a last line without a line end: remove it from the row's last field. */
static void cut_header(struct parse *p)
{
    size_t last = p->header.count - 1;
    struct slice value = row_field(p, last);
    size_t len = value.len - header_name(&p->header, 0).len;
    len -= len >= 3 && memcmp(value.data + len - 3, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    p->row_fields = p->header.count;
    p->row_ends[last] = (uint32_t)((size_t)(value.data - p->row_text.data) + len);
}

/* Store the row that libcsv has read; it is on LINE. */
static bool write_decoded(struct parse *p, size_t line, uint64_t plain, struct error *err)
{
    struct report_row read = {.text = p->row_text.data, .ends = p->row_ends, .count = p->row_fields};
    enum row_kind kind = report_row_kind(&p->header, &read);
    if (kind == ROW_EMPTY)
        tell_empty(p, line);
    if (kind != ROW_USER || is_ruler(p))
        return true;
    if (report_row_is_header(&p->header, &read, 0)) {
        tell_header_again(p, line);
        return true;
    }
    bool is_joined = header_name(&p->header, 0).len
        && report_row_is_header(&p->header, &read, p->header.count - 1);
    if (is_joined)
        cut_header(p);
    size_t size = report_decoded_size(p->row_ends, p->row_fields);
    uint64_t at = 0;
    char *room = decoded_room(p, size, &at);
    bool ok = room || error_set(err, "%s: too much quoted text to hold; split the report", p->name);
    if (ok) {
        struct report_writer w;
        struct report_row row = {.text = p->row_text.data, .ends = p->row_ends, .count = p->row_fields};
        report_decoded_write(room, row.text, row.ends, row.count);
        ok = add_rows(p, 1, plain, at, err);
        if (ok) {
            writer_start(p, &w);
            report_write(&w, p->row, line, &row, at, true);
            ok = writer_end(p, &w, err) && (w.no_user != ROW_OTHER_HEADER || other_header(p, line, err));
        }
    }
    if (ok && is_joined)
        tell_header_again(p, line);
    return ok;
}

/* ---- the header ---- */

/* What TEXT, which does not begin with a blank, is if it is clearly no CSV or no report; NULL if it may be one. */
static const char *other_kind(struct slice text)
{
    static const char root[] = "<root_account>";
    char start = text.data[0];
    if (text.len >= sizeof root - 1 && memcmp(text.data, root, sizeof root - 1) == 0)
        return "it begins with the root user: the line above, with the columns' names, is missing";
    bool is_list = start == '[' && text.len > 1 && text.data[1] && strchr("{[\"]", text.data[1]);
    return start == '<' ? "it looks like HTML or XML" : start == '{' || is_list ? "it looks like JSON" : NULL;
}

static bool not_a_report(const struct parse *p, enum column_meaning meaning, struct error *err)
{
    struct buffer line = {0};
    for (size_t i = 0; i < p->row_fields && line.len < 60; i++) {
        struct slice name = row_field(p, i);
        buffer_printf(&line, "%s%.*s", i ? "," : "", (int)(name.len < 60 ? name.len : 60), name.data);
    }
    error_set(err, "%s: not a credential report: its first line is \"%.*s\", %s", p->name,
        (int)(line.len < 60 ? line.len : 60), line.len ? line.data : "", meaning == MEANING_OTHER
        ? "without the columns user and arn" : "without any of a report's columns but one");
    buffer_free(&line);
    return false;
}

/*
 * Whether the row is the header of a table in a wiki such as Jira's: ||user||arn||, with single bars in its rows. In
 * user||arn, which does not begin with bars, they are the separator of all rows.
 */
static bool has_double_bars(const struct parse *p)
{
    size_t i = 1;
    while (p->separator == '|' && i < p->row_fields && !row_field(p, i).len)
        i += 2;
    return i > 1 && i >= p->row_fields && !row_field(p, 0).len;
}

/* Take the row that libcsv has read as a header. Returns how well it is understood. */
static enum column_meaning read_header(struct parse *p)
{
    header_free(&p->header);
    for (size_t i = 0, step = has_double_bars(p) ? 2 : 1; i < p->row_fields && i <= HEADER_MAX; i += step)
        header_add(&p->header, row_field(p, i));
    return header_bind(&p->header);
}

/*
 * Make the row at the start of TEXT, which libcsv has read, the header. Separators are tried in turn until the names
 * are those of a report. Returns false with ERR set if none fits.
 */
static bool take_header(struct parse *p, struct slice text, bool final, struct error *err)
{
    static const char separators[] = {',', ';', '\t', '|'};
    size_t lines = p->row_lines, blank = p->row_blank;
    enum column_meaning meaning = read_header(p), best = meaning;
    for (size_t i = 0; meaning <= MEANING_GUESS && i < sizeof separators; i++) {
        p->separator = separators[i];
        p->in_row = false;
        meaning = feed_row(p, text, final) ? read_header(p) : MEANING_OTHER;
        best = meaning > best ? meaning : best;
    }
    p->in_row = false;
    p->looked = 0;
    if (p->row_fields > HEADER_MAX)
        return error_set(err, "%s: not a credential report: its first line names %zu columns, and %d are the most",
            p->name, p->row_fields, (int)HEADER_MAX);
    if (meaning <= MEANING_GUESS) {
        p->separator = ',';
        feed_row(p, text, final);
        return not_a_report(p, best, err);
    }
    struct slice last = header_name(&p->header, p->header.count - 1);
    if (last.len && last.data[last.len - 1] == '=')
        return error_set(err, "%s: a header that ends with =, as quoted-printable text in e-mail has it; save the "
            "attachment instead", p->name);
    header_leave_unread(&p->header, p->report->unread);
    p->header.line = p->line + blank;
    p->line += lines;
    return p->has_header = true;
}

/* ---- lines without quotation marks ---- */

struct parse_part {
    struct report_writer writer;
    const struct scan_way *way;
    struct slice text;
    struct scan_count count;
    size_t row, line;
    uint64_t at;
};

static void count_parts(void *parts, size_t from, size_t to)
{
    for (struct parse_part *part = (struct parse_part *)parts + from; part < (struct parse_part *)parts + to; part++)
        part->count = part->way->count(part->text);
}

static void write_parts(void *parts, size_t from, size_t to)
{
    for (struct parse_part *part = (struct parse_part *)parts + from; part < (struct parse_part *)parts + to; part++)
        part->way->rows(&part->writer, part->text, part->row, part->line, part->at);
}

/* Call WORK for each part, on several threads. */
static void on_parts(struct parse_part *parts, size_t count, void (*work)(void *parts, size_t from, size_t to))
{
    parallel_pieces(count, 1, LIMIT(true, false), work, parts, NULL);
}

/* Cut TEXT into parts that end with a line. Returns their number. */
static size_t cut_into_parts(const struct parse *p, struct slice text, struct parse_part *parts)
{
    size_t count = text.len / PART_MIN + 1, n = 0;
    count = count > (size_t)p->threads ? (size_t)p->threads : count;
    while (text.len) {
        size_t size = n + 1 == count ? text.len : text.len / (count - n);
        const char *lf = size < text.len ? memchr(text.data + size, '\n', text.len - size) : NULL;
        size = lf ? (size_t)(lf - text.data) + 1 : text.len;
        parts[n++] = (struct parse_part){.way = p->way, .text = {text.data, size}};
        text = (struct slice){text.data + size, text.len - size};
    }
    return n;
}

static bool write_plain(struct parse *p, struct slice text, uint64_t at, size_t *used, struct error *err);

/* The first part with a row that is not a user's; COUNT if there is none. */
static size_t part_with_no_user(const struct parse_part *parts, size_t count)
{
    size_t i = 0;
    while (i < count && parts[i].writer.no_user_at == UINT64_MAX)
        i++;
    return i;
}

/* Whether LINE, which has no quotation mark, ends and is a ROW_EMPTY. */
static bool is_empty_line(const struct parse *p, struct slice line)
{
    size_t commas = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] != ',' && line.data[i] != ' ' && line.data[i] != '\t' && !is_line_end(line.data[i]))
            return false;
        commas += line.data[i] == ',';
    }
    return line.len && is_line_end(line.data[line.len - 1]) && (!commas || commas + 1 == p->header.count);
}

/*
 * Rows of TEXT were written before a row of KIND, which is not a user's, was found among them at OFFSET. The caller has
 * dropped them: write those before it again, and skip it. A header of other columns is an error.
 */
static bool skip_row(struct parse *p, struct slice text, uint64_t at, size_t offset, enum row_kind kind, size_t *used,
    struct error *err)
{
    /* files were joined in the middle of a line: replace the header's first letter with the missing newline */
    bool is_joined = kind == ROW_HEADER && offset && !is_line_end(text.data[offset - 1]);
    size_t end = offset + line_length((struct slice){text.data + offset, text.len - offset});
    if (is_joined)
        ((char *)(uintptr_t)text.data)[offset] = '\n';
    size_t before = offset + is_joined, n = 0;
    if (before && !write_plain(p, (struct slice){text.data, before}, at, &n, err))
        return false;
    if (kind == ROW_OTHER_HEADER)
        return other_header(p, p->line, err);
    if (kind == ROW_HEADER)
        tell_header_again(p, p->line - is_joined);
    else if (kind == ROW_EMPTY)
        tell_empty(p, p->line);
    p->line += !is_joined;
    while (kind == ROW_EMPTY && end < text.len) { /* at once, because there may be very many */
        size_t next = line_length((struct slice){text.data + end, text.len - end});
        if (!is_empty_line(p, (struct slice){text.data + end, next}))
            break;
        end += next;
        p->line++;
    }
    p->has_skipped = true;
    *used = end;
    return true;
}

/* Drop the rows FROM to TO that the parts have written. */
static void drop_parts(struct parse *p, struct parse_part *parts, size_t count, size_t from, size_t to)
{
    report_forget(p->report, from, to);
    for (size_t i = 0; i < count; i++)
        report_batch_free(&parts[i].writer.batch);
}

/*
 * Store the rows of TEXT, which ends with a line, up to the line with the first quotation mark. *USED is set to the
 * number of bytes consumed. AT is the offset of TEXT in the report's text.
 */
static bool write_plain(struct parse *p, struct slice text, uint64_t at, size_t *used, struct error *err)
{
    if (!p->parts) /* not on the stack, of which this function would touch each page whether or not it is used */
        p->parts = xrealloc(NULL, (size_t)p->threads, sizeof *p->parts);
    struct parse_part *parts = p->parts;
    size_t count = cut_into_parts(p, text, parts), n = 0, rows = 0, line = p->line;
    bool ok = true, has_quote = false;
    *used = 0;
    on_parts(parts, count, count_parts);
    for (; n < count && !has_quote; n++) {
        struct parse_part *part = &parts[n];
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
    uint64_t decoded = p->segment == SIZE_MAX ? p->report->memory->text_end
        : p->report->segments[p->segment].start + p->segment_used;
    if (!add_rows(p, rows, at, decoded, err))
        return false;
    on_parts(parts, n, write_parts);
    size_t found = part_with_no_user(parts, n);
    if (found < n) {
        const struct report_writer *w = &parts[found].writer;
        size_t offset = (size_t)(w->no_user_at - at);
        enum row_kind kind = w->no_user;
        drop_parts(p, parts, n, p->row, p->row + rows);
        p->line = line;
        return skip_row(p, text, at, offset, kind, used, err);
    }
    for (size_t i = 0; i < n; i++)
        ok = writer_end(p, &parts[i].writer, err) && ok;
    return ok;
}

/* Number of bytes at the start of TEXT that are whole lines. Unless FINAL, more text may follow. */
static size_t whole_lines(struct slice text, bool final)
{
    size_t n = text.len;
    /* a CR at the very end may be half of a CR LF */
    while (!final && n && text.data[n - 1] != '\n' && !(text.data[n - 1] == '\r' && n < text.len))
        n--;
    return n;
}

/* Store the row at the start of TEXT, read by libcsv. *USED is set to 0 if the row is incomplete. */
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

/* Whether the row at the start of REST, which had no quotation mark and no end so far, still has neither. */
static bool goes_on(const struct parse *p, struct slice rest)
{
    if (!p->looked || p->looked > rest.len)
        return false;
    struct slice new = {rest.data + p->looked - 1, rest.len - p->looked + 1}; /* from the last byte seen: a CR? */
    return !memchr(new.data, '\n', new.len) && !memchr(new.data, '\r', new.len) && !memchr(new.data, '"', new.len);
}

/* The row at the start of REST has no quotation mark and no end yet. Returns false with ERR set if it is too long. */
static bool wait_for_more(struct parse *p, struct slice rest, struct error *err)
{
    p->looked = rest.len;
    /* one byte more, because it may be the CR that ends the row */
    return rest.len <= ROW_BYTES_MAX + 1 || too_long(p, p->line, false, err);
}

/*
 * The text to search for a quotation mark next: REACH bytes. If the reach is shortest, because there are quotation
 * marks, it ends after the next one, and *QUOTE is set.
 */
static struct slice next_window(const struct parse *p, struct slice rest, bool *quote)
{
    struct slice window = {rest.data, rest.len < p->reach ? rest.len : p->reach};
    const char *at = p->reach <= REACH_MIN ? memchr(window.data, '"', window.len) : NULL;
    *quote = at != NULL;
    if (at)
        window.len = (size_t)(at - window.data) + 1;
    return window;
}

/*
 * Read plain lines and quoted rows in turn. The distance to search for a quotation mark grows while there is none, so
 * that no byte is examined more than a few times.
 */
static bool take_rows(struct parse *p, struct slice text, uint64_t at, bool final, size_t *used, struct error *err)
{
    *used = 0;
    while (*used < text.len) {
        struct slice rest = {text.data + *used, text.len - *used};
        size_t whole = 0, n = 0;
        if (!p->in_row && p->separator == ',') {
            bool all = rest.len <= p->reach, quote;
            if (!final && goes_on(p, rest))
                return wait_for_more(p, rest, err);
            p->looked = 0;
            struct slice window = next_window(p, rest, &quote);
            whole = whole_lines(window, all && final && !quote);
            if (whole && !write_plain(p, (struct slice){rest.data, whole}, at + *used, &n, err))
                return false;
            *used += n;
            if (p->has_skipped) {
                p->has_skipped = false;
                /* the text behind the row is scanned again, so that many such rows must not each scan much */
                p->reach = n < p->reach / 2 ? 2 * n + REACH_LEAST : p->reach;
                continue;
            }
            if (whole && n == whole && !quote) {
                p->reach = p->reach < REACH_MAX ? p->reach * 2 : p->reach;
                continue;
            }
            p->reach = whole || quote ? REACH_MIN : all ? p->reach : p->reach * 2;
            rest = (struct slice){rest.data + n, rest.len - n};
            if (!whole && !quote && !memchr(rest.data, '"', rest.len)) {
                if (all)
                    return wait_for_more(p, rest, err);
                continue; /* the line is longer than REACH */
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

/* Offset of the first byte that is not blank; TEXT.len if there is none yet. */
static size_t skip_blank(struct parse *p, struct slice text)
{
    while (p->blank < text.len && (text.data[p->blank] == ' ' || text.data[p->blank] == '\t'
        || is_line_end(text.data[p->blank])))
        p->blank++;
    return p->blank;
}

static size_t line_ends(struct slice s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.data[i] == '\n' || (s.data[i] == '\r' && !(i + 1 < s.len && s.data[i + 1] == '\n'));
    return n;
}

enum { PRELUDE_MAX = 4096 };

/* Whether LINE has only separators, blanks and quotation marks, as a spreadsheet writes an empty row. */
static bool is_empty_row(struct slice line)
{
    size_t n = 0;
    while (n < line.len && line.data[n] && strchr(",;\t| \"\r\n", line.data[n]))
        n++;
    return n == line.len;
}

/*
 * Whether the complete LINE may precede a header: PowerShell's #TYPE, a comment, an empty row, or Excel's sep=, whose
 * separator is stored in *ASKED. A header may begin with "#", but then it has separators.
 */
static bool parse_is_prelude(struct slice line, char *asked)
{
    size_t quote = line.len && line.data[0] == '"';
    struct slice rest = {line.data + quote, line.len - quote};
    bool has_separator = false;
    if (rest.len > 4 && slice_equal_nocase((struct slice){rest.data, 4}, slice_of("sep="))
        && !is_line_end(rest.data[4])) {
        *asked = rest.data[4]; /* may be a blank */
        return true;
    }
    for (size_t i = 0; i < rest.len; i++)
        has_separator |= rest.data[i] && strchr(",;\t|", rest.data[i]);
    return is_empty_row(line) || (rest.len > 1 && rest.data[0] == '#' && (rest.data[1] == ' ' || !has_separator
        || (rest.len > 5 && slice_equal_nocase((struct slice){rest.data, 5}, slice_of("#TYPE")))));
}

size_t parse_skip_prelude(struct slice *text, char *asked)
{
    size_t lines = 0;
    for (bool more = true; more && text->len; lines += more) {
        size_t len = line_length(*text);
        more = parse_is_prelude((struct slice){text->data, len}, asked);
        *text = more ? (struct slice){text->data + len, text->len - len} : *text;
    }
    return lines;
}

/* Whether a byte order mark stands at the start of TEXT; *IS_CUT: perhaps, for TEXT ends within it. */
static bool starts_with_mark(struct slice text, bool *is_cut)
{
    static const char mark[] = "\xef\xbb\xbf";
    enum { MARK = sizeof mark - 1 };
    *is_cut = text.len && text.len < MARK && memcmp(text.data, mark, text.len) == 0;
    return text.len >= MARK && memcmp(text.data, mark, MARK) == 0;
}

/*
 * Skip lines before the header. *USED is set to their size, and *TEXT is advanced. Returns false if one of them is
 * incomplete.
 */
static bool skip_prelude(struct parse *p, struct slice *text, bool final, size_t *used)
{
    *used = 0;
    while (!p->in_row && !p->looked) {
        size_t start = skip_blank(p, *text);
        struct slice rest = {text->data + start, text->len - start};
        if (!rest.len || !rest.data[0] || !strchr("#sS\",;|", rest.data[0]))
            return true;
        size_t n = line_length((struct slice){rest.data, rest.len < PRELUDE_MAX ? rest.len : PRELUDE_MAX});
        /* more of the line may follow, or the second half of a CR LF */
        if (!final && rest.len < PRELUDE_MAX && (!is_line_end(rest.data[n - 1])
            || (n == rest.len && rest.data[n - 1] == '\r')))
            return false;
        if (!is_line_end(rest.data[n - 1]) || !parse_is_prelude((struct slice){rest.data, n}, &p->separator))
            return true;
        p->line += line_ends((struct slice){text->data, start + n});
        p->blank = 0;
        *used += start + n;
        *text = (struct slice){text->data + start + n, text->len - start - n};
        bool is_cut; /* a line such as sep= may have been put before a file with a mark */
        if (starts_with_mark(*text, &is_cut)) {
            *used += 3;
            *text = (struct slice){text->data + 3, text->len - 3};
        } else if (is_cut && !final) {
            return false;
        }
    }
    return true;
}

/*
 * Whether the first line, which begins at START, contains a NUL byte as far as it has been read. Further lines are not
 * examined: how many there are depends on the pieces in which the file arrives.
 */
static bool has_nul(struct parse *p, struct slice text, size_t start)
{
    size_t at = p->looked > start ? p->looked : start;
    for (; at < text.len && !p->has_first_line; at++) {
        if (!text.data[at])
            return true;
        p->has_first_line = is_line_end(text.data[at]);
    }
    return false;
}

/*
 * Read the header, or report what there is instead. *USED is set to the number of bytes consumed, which is 0 or the
 * size of lines before the header if the header is incomplete.
 */
static bool take_start(struct parse *p, struct slice text, bool final, size_t *used, struct error *err)
{
    bool is_cut;
    size_t bom = starts_with_mark(text, &is_cut) ? 3 : 0, n, before;
    *used = 0;
    if (is_cut && !final)
        return true;
    text = (struct slice){text.data + bom, text.len - bom};
    bool is_there = skip_prelude(p, &text, final, &before);
    *used = before ? bom + before : 0;
    if (!is_there)
        return true;
    size_t start = skip_blank(p, text);
    const char *kind = start < text.len ? other_kind((struct slice){text.data + start, text.len - start}) : final
        ? "it is empty" : NULL;
    if (!kind && has_nul(p, text, start))
        kind = "it is binary";
    if (start > ROW_BYTES_MAX)
        return too_long(p, p->line, false, err);
    n = kind || start == text.len ? 0 : feed_row(p, text, final);
    if (kind)
        return error_set(err, "%s: not a credential report: %s", p->name, kind);
    *used = n ? bom + before + n : *used;
    if (p->row_too_long)
        return too_long(p, p->line + p->row_blank, memchr(text.data, '"', text.len), err);
    return !n || take_header(p, text, final, err);
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
        s->data[to] = '\n'; /* ends the last row */
    bool ok = take_rows(p, (struct slice){text.data + n, text.len - n}, s->start + from + n, final, &n, err);
    *used += n;
    p->batch.text_ready = s->start + from + *used;
    p->batch.segments = p->report->memory->segments_made;
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
