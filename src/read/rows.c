/*
 * The first bytes tell whether a text is JSON. Other text is read line by line; libcsv reads lines with CRs or unusual
 * quotation marks.
 */
#include "read/rows.h"

#include "base/memory.h"
#include "base/json_reader.h"
#include "base/parallel.h"
#include "read/parse.h"
#include "read/scan.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ROWS_PIECE = LIMIT(1 << 18, 64),  /* bytes of text in a piece */
    ROWS_WINDOW = LIMIT(1 << 14, 64), /* bytes in which separators are found at once; longer lines are rare */
    ROWS_LIBCSV = LIMIT(1 << 16, 64), /* bytes given to libcsv at once */
};

/* A table that is read in pieces. */
struct rows_run {
    const struct rows_pieces *pieces;
    const char *name;
    struct slice text;
    char separator;
    size_t size;             /* bytes of text in a piece */
    size_t base;             /* where the pieces begin, behind the header */
    size_t next, line;       /* where the next row to take begins, and the number of the line before it */
    struct buffer again;     /* a piece that had to be prepared again */
    struct error *err;
};

/* Stands at the end of a piece. */
struct rows_piece_end {
    size_t from, to;         /* it has the rows that begin between these offsets; FROM is SIZE_MAX if it is unusable */
    size_t next;             /* where the next row begins */
    size_t lines;            /* number of lines begun */
    const char *fault;       /* what is wrong with the row after the piece's last one, or NULL */
    size_t fault_line;
};

struct rows_reader {
    const char *name;
    const struct rows_sink *sink;
    struct error *err;       /* NULL in a piece: its faults are told when it is taken */
    const char *fault;       /* static: what is wrong, or NULL */
    size_t fault_line;
    struct rows_run *run;    /* NULL if the table is not read in pieces */
    void *piece;             /* of r->run->pieces; NULL before the header */
    bool is_enough;          /* stop after this row */
    /* separated fields */
    struct csv_parser csv;
    char separator;
    const struct scan_way *way;
    uint32_t *marks;         /* owned: where separators, line ends and quotation marks are in the window */
    size_t window, window_len; /* where it begins in the text, and its size */
    size_t mark_count, mark; /* number of marks, and the first one that was not looked at */
    bool is_cut;             /* the window ends before the line that was looked at last */
    /* the row */
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
    r->fault = what;
    r->fault_line = line;
    return r->err && error_set(r->err, "%s:%zu: %s", r->name, line, what);
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
        r->failed = !r->sink->header(r->sink->context, r->fields, r->count, r->run ? r->run->err : r->err);
        if (r->run && !r->failed) {
            r->piece = r->run->pieces->begin(r->sink->context, &r->run->again);
            r->is_enough = true;
        }
    } else if (!is_blank && r->run) {
        r->is_enough |= !r->run->pieces->row(r->piece, r->fields, r->count, r->row_line);
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

/* Remove blanks around a field, as libcsv does; a tab is no blank if it is the separator. */
static struct slice rows_trim(struct slice s, char separator)
{
    while (s.len && (s.data[0] == ' ' || (s.data[0] == '\t' && separator != '\t')))
        s = (struct slice){s.data + 1, s.len - 1};
    while (s.len && (s.data[s.len - 1] == ' ' || (s.data[s.len - 1] == '\t' && separator != '\t')))
        s.len--;
    return s;
}

/* Add a field of a line without quotation marks, which is not copied. */
static inline void rows_add_plain(struct rows_reader *r, struct slice field)
{
    if (r->count == ROWS_COLUMNS_MAX)
        rows_fail(r, r->row_line, "too many fields");
    else if (field.len > ROWS_FIELD_MAX)
        rows_fail(r, r->row_line, "a field that is too long");
    else
        rows_make_room(r)[r->count++] = field;
}

/* Read a line without quotation marks and CRs. */
static void rows_take_line(struct rows_reader *r, struct slice line)
{
    if (!rows_trim(line, r->separator).len)
        return;
    for (bool more = true; more && !r->failed;) {
        const char *end = memchr(line.data, r->separator, line.len);
        rows_add_plain(r, rows_trim((struct slice){line.data, end ? (size_t)(end - line.data) : line.len},
            r->separator));
        more = end != NULL;
        if (more)
            line = (struct slice){end + 1, line.len - (size_t)(end + 1 - line.data)};
    }
    rows_hand_over(r);
}

/* Skip lines before the header. Returns the separator, which one of them may tell. */
static char rows_skip_prelude(struct rows_reader *r, struct slice *text)
{
    char asked = '\0';
    r->line += parse_skip_prelude(text, &asked);
    return asked ? asked : rows_find_separator(*text);
}

/* Whether no row has begun, as far as the text was read. */
static bool rows_is_between(const struct rows_reader *r)
{
    enum { BETWEEN_ROWS = 0 }; /* a state of libcsv that has no name */
    return r->csv.pstate == BETWEEN_ROWS && r->count == 0 && r->texts.len == 0;
}

/*
 * Read the line of TEXT at AT, or a part of it that libcsv reads, which is at most ROWS_LIBCSV bytes. Returns where it
 * ends.
 */
static size_t rows_read_line(struct rows_reader *r, struct slice text, size_t at)
{
    bool is_between = rows_is_between(r);
    size_t len = text.len - at < ROWS_LIBCSV ? text.len - at : ROWS_LIBCSV, plain;
    const char *end = memchr(text.data + at, '\n', len);
    len = end ? (size_t)(end - text.data) + 1 - at : len;
    plain = len - (end != NULL);
    plain -= plain && text.data[at + plain - 1] == '\r';
    r->line += at == 0 || text.data[at - 1] == '\n';
    r->row_line = is_between ? r->line : r->row_line;
    if (is_between && (end || at + len == text.len) && !memchr(text.data + at, '"', plain)
        && !memchr(text.data + at, '\r', plain)) {
        rows_take_line(r, (struct slice){text.data + at, plain});
        return at + len;
    }
    if (csv_parse(&r->csv, text.data + at, len, rows_take_field, rows_take_row_end, r) != len && !r->failed)
        rows_fail(r, r->line, csv_strerror(csv_error(&r->csv)));
    if (!r->csv.quoted && r->csv.entry_pos - r->csv.spaces > ROWS_FIELD_MAX && !r->failed)
        rows_fail(r, r->row_line, "a field that is too long");
    return at + len;
}

/* Find the marks in the lines of TEXT from AT on. */
static void rows_open_window(struct rows_reader *r, struct slice text, size_t at)
{
    r->window = at;
    r->window_len = text.len - at < ROWS_WINDOW ? text.len - at : ROWS_WINDOW;
    r->mark_count = r->way->marks((struct slice){text.data + at, r->window_len}, r->separator, r->marks);
    r->mark = 0;
}

/*
 * The mark that ends the field whose first quotation mark is mark K. 0 if libcsv must read the line: there is something
 * else around the quotation marks, or another one or a line end within; r->mark_count or more if the window ends first.
 */
static size_t rows_end_of_quoted(const struct rows_reader *r, const char *text, size_t k, size_t start)
{
    size_t second = k + 1;
    while (second < r->mark_count && text[r->marks[second]] == r->separator)
        second++;
    if (r->marks[k] != start || (second < r->mark_count && text[r->marks[second]] != '"'))
        return 0;
    if (second + 1 >= r->mark_count)
        return r->mark_count;
    bool is_closed = r->marks[second + 1] == r->marks[second] + 1 && text[r->marks[second + 1]] != '"';
    return is_closed ? second + 1 : 0;
}

/*
 * Split the line of the window that begins at START into r->fields, by the marks from *NEXT on, which is set to the
 * mark of its LF. Returns false if libcsv must read it or, with r->is_cut set, if the window ends before it.
 */
static bool rows_split(struct rows_reader *r, const char *text, size_t start, size_t *next)
{
    size_t k = *next;
    for (r->is_cut = false; k < r->mark_count; k++) {
        size_t from = start, end = r->marks[k];
        bool is_quoted = text[end] == '"';
        if (is_quoted) {
            k = rows_end_of_quoted(r, text, k, start);
            if (!k || k >= r->mark_count)
                break;
            from++;
            end = r->marks[k] - 1;
        }
        bool is_cr = text[r->marks[k]] == '\r';
        if (is_cr && k + 1 < r->mark_count && text[r->marks[k] + 1] != '\n')
            return false;
        k += is_cr; /* CR LF */
        if (k == r->mark_count)
            break;
        struct slice field = {text + from, end - from};
        rows_add_plain(r, is_quoted ? field : rows_trim(field, r->separator));
        if (r->failed || text[r->marks[k]] == '\n') {
            *next = k;
            return true;
        }
        start = r->marks[k] + 1;
    }
    r->is_cut = k >= r->mark_count;
    return false;
}

/*
 * Read the lines from AT on, before TO, that are in one window and need no libcsv. Returns where they end: AT if there
 * are none.
 */
static size_t rows_read_window(struct rows_reader *r, struct slice text, size_t at, size_t to)
{
    if (at < r->window || at >= r->window + r->window_len)
        rows_open_window(r, text, at);
    const char *window = text.data + r->window;
    while (r->mark < r->mark_count && r->window + r->marks[r->mark] < at)
        r->mark++;
    while (at < to && !r->failed && !r->is_enough) {
        size_t lf = r->mark;
        r->row_line = r->line + (at == 0 || text.data[at - 1] == '\n');
        if (!rows_split(r, window, at - r->window, &lf)) {
            r->count = 0;
            break;
        }
        r->line = r->row_line;
        if (!r->failed)
            rows_hand_over(r);
        at = r->window + r->marks[lf] + 1;
        r->mark = lf + 1;
    }
    return at;
}

/*
 * Read the rows that begin from AT on, before TO, up to one with which it is enough. Returns where the next row begins,
 * or SIZE_MAX if a row has not ended at REACH.
 */
static size_t rows_read_lines(struct rows_reader *r, struct slice text, size_t at, size_t to, size_t reach)
{
    while (at < text.len && !r->failed) {
        bool is_between = rows_is_between(r);
        if (is_between && (at >= to || r->is_enough))
            return at;
        if (!is_between && at >= reach)
            return SIZE_MAX;
        bool is_easy = is_between && r->separator != ' '; /* otherwise blanks would have to be told from fields */
        size_t next = is_easy ? rows_read_window(r, text, at, to) : at;
        if (next == at && is_easy && r->is_cut && r->window != at) {
            rows_open_window(r, text, at);
            next = rows_read_window(r, text, at, to);
        }
        at = next == at ? rows_read_line(r, text, at) : next;
    }
    if (!r->failed && r->csv.quoted && r->csv.pstate == 2) /* an unnamed state of libcsv: inside a quoted field */
        rows_fail(r, r->row_line, "a quotation mark is never closed");
    if (!r->failed)
        csv_fini(&r->csv, rows_take_field, rows_take_row_end, r);
    return text.len;
}

/* Prepare R for separated fields. Returns false if out of memory. */
static bool rows_start(struct rows_reader *r, char separator)
{
    r->separator = separator;
    r->way = scan_best();
    r->marks = xrealloc(NULL, ROWS_WINDOW + SCAN_MARKS_MORE, sizeof *r->marks);
    if (csv_init(&r->csv, CSV_APPEND_NULL) != 0)
        return rows_fail(r, 1, "out of memory");
    csv_set_delim(&r->csv, (unsigned char)separator);
    return true;
}

static void rows_reader_free(struct rows_reader *r)
{
    if (r->marks)
        csv_free(&r->csv);
    free(r->marks);
    buffer_free(&r->texts);
    free(r->ends);
    free(r->fields);
}

static bool rows_read_separated(struct rows_reader *r, struct slice text)
{
    char separator = rows_skip_prelude(r, &text);
    if (rows_start(r, separator))
        (void)rows_read_lines(r, text, 0, SIZE_MAX, SIZE_MAX);
    return !r->failed;
}

/* ---- pieces ---- */

/* Finish the piece of R, which is in OUT, and append what is to know of it: END, but for the faults. */
static void rows_end_piece(struct rows_reader *r, struct rows_piece_end *end, struct buffer *out)
{
    end->fault = r->fault;
    end->fault_line = r->fault_line;
    r->run->pieces->end(r->piece);
    buffer_add(out, end, sizeof *end);
    r->piece = NULL;
}

/* Take the rows in MADE. Returns false with run->err set on failure. */
static bool rows_take_piece(struct rows_run *run, struct slice made)
{
    struct rows_piece_end end;
    memcpy(&end, made.data + made.len - sizeof end, sizeof end);
    made.len -= sizeof end;
    if (!run->pieces->take(run->pieces->sink.context, made, run->line, end.next, run->err))
        return false;
    if (end.fault)
        return error_set(run->err, "%s:%zu: %s", run->name, run->line + end.fault_line, end.fault);
    run->line += end.lines;
    run->next = end.next;
    return true;
}

/*
 * Append to OUT the rows that begin at FROM, where one begins, or later, but before TO. If one ends behind REACH, the
 * piece is not usable. Returns TO, or where the next row begins if there were enough.
 */
static size_t rows_make_piece(struct rows_run *run, size_t from, size_t to, size_t reach, struct buffer *out)
{
    struct rows_reader r = {.name = run->name, .sink = &run->pieces->sink, .run = run, .has_header = true};
    struct rows_piece_end end = {from, to, from, 0, NULL, 0};
    r.piece = run->pieces->begin(run->pieces->sink.context, out);
    if (from < to && rows_start(&r, run->separator))
        end.next = rows_read_lines(&r, run->text, from, to, reach);
    end.to = r.is_enough && end.next < to ? end.next : to;
    end.from = end.next == SIZE_MAX ? SIZE_MAX : from;
    end.lines = r.line;
    rows_end_piece(&r, &end, out);
    rows_reader_free(&r);
    return end.to;
}

/* Prepare the piece that begins behind the first LF from FROM - 1 on. It is not known whether a row begins there. */
static size_t rows_guess_piece(void *context, size_t from, size_t to, struct buffer *out)
{
    struct rows_run *run = context;
    const char *text = run->text.data;
    from += run->base;
    to += run->base;
    size_t start = from;
    if (from > run->base && text[from - 1] != '\n') {
        const char *lf = memchr(text + from, '\n', to - from);
        start = lf ? (size_t)(lf - text) + 1 : to;
    }
    return rows_make_piece(run, start, to, to + run->size, out) - run->base;
}

/* Take a piece. What it lacks because its start was guessed wrong is prepared now. */
static bool rows_emit_piece(void *context, struct slice made)
{
    struct rows_run *run = context;
    struct rows_piece_end end;
    memcpy(&end, made.data + made.len - sizeof end, sizeof end);
    bool ok = end.from != run->next || end.from >= end.to || rows_take_piece(run, made);
    while (ok && run->next < end.to) {
        run->again.len = 0;
        (void)rows_make_piece(run, run->next, end.to, SIZE_MAX, &run->again);
        ok = rows_take_piece(run, (struct slice){run->again.data, run->again.len});
    }
    return ok;
}

/* Read the header, which R is to begin with, and then all rows, in pieces. */
static bool rows_read_run(struct rows_reader *r, struct slice text)
{
    struct rows_run *run = r->run;
    char separator = rows_skip_prelude(r, &text);
    struct rows_piece_end end = {0};
    run->text = text;
    run->separator = separator;
    if (rows_start(r, separator))
        end.next = rows_read_lines(r, text, 0, SIZE_MAX, SIZE_MAX);
    if (!r->piece)
        return !r->failed;
    end.lines = r->line;
    rows_end_piece(r, &end, &run->again);
    if (!rows_take_piece(run, (struct slice){run->again.data, run->again.len}))
        return false;
    run->base = run->next;
    return parallel_text(text.len - run->base, run->size, rows_guess_piece, rows_emit_piece, run, NULL);
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
    for (size_t i = 0; i < m->count && !r->failed; i++) {
        if (values[i].len > ROWS_FIELD_MAX)
            rows_fail(r, r->row_line, "a field that is too long");
        rows_add_field(r, values[i].len ? values[i].data : "", values[i].len);
        values[i].len = 0;
    }
    return true;
}

/* Take the objects read so far, up to offset READ, and begin another piece. */
static void rows_take_objects(struct rows_reader *r, size_t read)
{
    struct rows_run *run = r->run;
    struct rows_piece_end end = {.next = read};
    rows_end_piece(r, &end, &run->again);
    r->failed = !rows_take_piece(run, (struct slice){run->again.data, run->again.len});
    run->again.len = 0;
    r->piece = run->pieces->begin(run->pieces->sink.context, &run->again);
    r->is_enough = false;
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
        if (r->run && r->is_enough && !r->failed)
            rows_take_objects(r, (size_t)(text.len - j.rest.len));
    }
    if (r->piece && !r->failed)
        rows_take_objects(r, text.len);
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

/* Read TEXT with R, which is prepared, and free what R owns. */
static bool rows_read_with(struct rows_reader *r, struct slice text, struct error *err)
{
    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        text = (struct slice){text.data + 3, text.len - 3};
    struct slice trimmed = slice_trimmed(text);
    bool is_json = trimmed.len && (trimmed.data[0] == '{' || trimmed.data[0] == '[');
    bool ok = is_json ? rows_read_json_rows(r, text) : r->run ? rows_read_run(r, text) : rows_read_separated(r, text);
    if (ok && !r->has_header)
        ok = error_set(err, "%s: empty: expected a header and rows", r->name);
    rows_reader_free(r);
    return ok;
}

bool rows_read(struct slice text, const char *name, const struct rows_sink *sink, struct error *err)
{
    struct rows_reader r = {.name = name, .sink = sink, .err = err};
    return rows_read_with(&r, text, err);
}

bool rows_read_pieces(struct slice text, const char *name, const struct rows_pieces *pieces, struct error *err)
{
    struct rows_run run = {.pieces = pieces, .name = name, .err = err};
    run.size = pieces->size ? pieces->size : ROWS_PIECE;
    struct rows_reader r = {.name = name, .sink = &pieces->sink, .err = err, .run = &run};
    bool ok = rows_read_with(&r, text, err);
    if (r.piece) /* nothing will be added to it */
        pieces->end(r.piece);
    buffer_free(&run.again);
    return ok;
}
