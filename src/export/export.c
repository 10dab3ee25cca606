/* csv and tsv give the fields' own text; json has types; text and markdown are for people. */
#include "export/export.h"

#include "report/cell.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/cancel.h"
#include "base/parallel.h"
#include "base/sixteen_bytes.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "export/html.h"
#include "export/markdown.h"
#include "export/people_text.h"
#include "export/table_piece.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void put_hex(struct buffer *b, uint32_t unit)
{
    static const char hex[] = "0123456789abcdef";
    char escape[] = {'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};
    buffer_add(b, escape, sizeof escape);
}

static void put_json_escape(struct buffer *b, uint32_t cp)
{
    if (cp == UINT32_MAX) {
        put_hex(b, 0xfffd);
    } else if (cp == '"' || cp == '\\') {
        buffer_putc(b, '\\');
        buffer_putc(b, (char)cp);
    } else if (cp < 0x10000) {
        put_hex(b, cp);
    } else {
        put_hex(b, 0xd7c0 + (cp >> 10));
        put_hex(b, 0xdc00 + (cp & 0x3ff));
    }
}

static bool is_special(uint32_t cp)
{
    return cp == '"' || cp == '\\' || !codepoint_is_visible(cp);
}

static bool is_above_ascii(uint32_t cp)
{
    return cp > 0x7e;
}

/* Append TEXT with escapes for the characters that MUST_ESCAPE finds; what is between them is copied in one go. */
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

/* ---- sixteen bytes at a time ---- */

/* Characters because of which CSV needs quotation marks. */
static inline sixteen_bytes needs_quotes(sixteen_bytes b)
{
    return (b == ',') | (b == '"') | (b == '\n') | (b == '\r');
}

static inline sixteen_bytes needs_tsv_escape(sixteen_bytes b)
{
    return (b == '\t') | (b == '\\') | (b == '\n') | (b == '\r');
}

/*
 * Whether a byte is anything but printable ASCII, which JSON takes as it is. As a signed char, bytes above 0x7f are
 * negative.
 */
static inline sixteen_bytes needs_json_care(sixteen_bytes b)
{
    return (b < ' ') | (b == 0x7f) | (b == '"') | (b == '\\');
}

/* Copy LEN bytes, 1 to 15, from TEXT to TO. Returns them, some of them twice, as a vector to be searched. */
static inline sixteen_bytes copy_few(char *to, const char *text, size_t len)
{
    sixteen_bytes all;
    uint64_t words[2];
    uint32_t halves[4];
    if (len >= sizeof words[0]) {
        memcpy(&words[0], text, sizeof words[0]);
        memcpy(&words[1], text + len - sizeof words[0], sizeof words[0]);
        memcpy(to, &words[0], sizeof words[0]);
        memcpy(to + len - sizeof words[0], &words[1], sizeof words[0]);
        memcpy(&all, words, sizeof all);
        return all;
    }
    if (len >= sizeof halves[0]) {
        memcpy(&halves[0], text, sizeof halves[0]);
        memcpy(&halves[1], text + len - sizeof halves[0], sizeof halves[0]);
        memcpy(to, &halves[0], sizeof halves[0]);
        memcpy(to + len - sizeof halves[0], &halves[1], sizeof halves[0]);
        halves[2] = halves[3] = halves[0];
        memcpy(&all, halves, sizeof all);
        return all;
    }
    char first = text[0], middle = text[len / 2], last = text[len - 1];
    to[0] = first;
    to[len / 2] = middle;
    to[len - 1] = last;
    return (sixteen_bytes){first, middle, last, first, first, first, first, first, first, first, first, first, first,
        first, first, first};
}

/* Append TEXT unless IS_SPECIAL finds something in it. Returns whether it was appended. */
static inline __attribute__((always_inline)) bool put_plain(struct buffer *b, struct slice text,
    sixteen_bytes (*find_special)(sixteen_bytes bytes))
{
    buffer_reserve(b, text.len);
    char *to = b->data + b->len;
    sixteen_bytes bytes, special;
    if (!text.len)
        return true;
    if (text.len < sizeof bytes) {
        special = find_special(copy_few(to, text.data, text.len));
    } else { /* the last sixteen bytes, some of them for the second time */
        memcpy(&bytes, text.data + text.len - sizeof bytes, sizeof bytes);
        memcpy(to + text.len - sizeof bytes, &bytes, sizeof bytes);
        special = find_special(bytes);
        for (size_t i = 0; i + sizeof bytes < text.len; i += sizeof bytes) {
            memcpy(&bytes, text.data + i, sizeof bytes);
            memcpy(to + i, &bytes, sizeof bytes);
            special |= find_special(bytes);
        }
    }
    if (sixteen_bytes_any(special))
        return false;
    b->len += text.len;
    b->data[b->len] = '\0';
    return true;
}

static inline sixteen_bytes needs_message_care(sixteen_bytes b)
{
    return needs_json_care(b) | (b == '[') | (b == ']') | (b == '{') | (b == '}');
}

bool export_json_plain(struct buffer *b, struct slice text)
{
    return put_plain(b, text, needs_message_care);
}

void export_json_text(struct buffer *b, struct slice text)
{
    if (!put_plain(b, text, needs_json_care))
        put_escaped(b, text, is_special);
}

void export_json_string(struct buffer *b, struct slice text)
{
    buffer_putc(b, '"');
    export_json_text(b, text);
    buffer_putc(b, '"');
}

void export_json_ascii(struct buffer *b, struct slice json)
{
    put_escaped(b, json, is_above_ascii);
}

/* Where a format writes to. */
struct sink {
    FILE *out;
    bool terminal;  /* a terminal: control characters are escaped, though the format is exact */
    char separator; /* between fields, if it is a terminal */
    bool is_json;   /* the text is JSON, where characters above 0x7e are only in strings */
};

static void send_to_terminal(const struct sink *s, struct slice text)
{
    struct buffer harmless = {0};
    for (size_t from = 0, to; from < text.len; from = to + 1) {
        for (to = from; to < text.len && text.data[to] != '\n' && text.data[to] != s->separator; to++)
            ;
        text_harmless(&harmless, (struct slice){text.data + from, to - from}, false);
        if (to < text.len)
            buffer_putc(&harmless, text.data[to]);
    }
    fwrite(harmless.data, 1, harmless.len, s->out);
    buffer_free(&harmless);
}

/* Write JSON as ASCII, for a terminal without UTF-8. */
static void send_ascii(const struct sink *s, struct slice text)
{
    struct buffer ascii = {0};
    export_json_ascii(&ascii, text);
    fwrite(ascii.data, 1, ascii.len, s->out);
    buffer_free(&ascii);
}

/* Write whole rows. Returns false if OUT has failed. */
static bool send_text(const struct sink *s, struct slice text)
{
    if (text.len && s->is_json && s->terminal && !utf8_is_in_locale())
        send_ascii(s, text);
    else if (text.len && s->terminal && !s->is_json)
        send_to_terminal(s, text);
    else if (text.len)
        fwrite(text.data, 1, text.len, s->out);
    return !ferror(s->out);
}

/* ---- rows, in pieces ---- */

enum { ROWS_AT_ONCE = 1 << 9 };

/* What a thread has while it formats rows. */
struct row_state {
    struct buffer scratch, cell; /* for the table's functions, and for the format's own */
    struct slice *fields;        /* owned */
    size_t room;
};

struct writer;

/* How a format writes the cells of one column; chosen once per column. */
struct cell_writer {
    /* Append a cell to OUT. */
    void (*put)(const struct writer *w, const struct table *t, size_t row, size_t column, struct row_state *s,
        struct buffer *out);
    /* The same for a cell that has none of the column's words. */
    void (*put_other)(const struct writer *w, const struct table *t, size_t row, size_t column, struct row_state *s,
        struct buffer *out);
    struct buffer *words; /* owned: the column's words, formatted */
    size_t word_count;
    size_t together;      /* how many columns, from this one on, these words are for, with separators between them */
};

/* A table that a format writes, with everything prepared for its columns. */
struct writer {
    const struct table *table;
    struct sink sink;
    bool ascii;
    const struct separated *separated;
    struct cell_writer *cells; /* owned */
    bool spans;           /* cells that are next to each other in the report are copied together */
    struct buffer *heads; /* owned: for JSON, what comes before each cell; empty: the column is left out */
    size_t *widths;       /* owned: for text, of each column */
    pthread_mutex_t widening; /* for widths, while threads measure them */
    /* Append row ROW to OUT. */
    void (*put_row)(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
        struct buffer *out);
};

static size_t put_rows(void *writing, size_t from, size_t to, struct buffer *out)
{
    const struct writer *w = writing;
    struct row_state state = {0};
    struct table_piece piece;
    size_t row = from;
    table_piece_begin(&piece, w->table, from, to);
    for (; row < to && out->len < PARALLEL_TEXT_ENOUGH; row++) {
        table_piece_prefetch(&piece, row);
        w->put_row(w, &piece.table, row, &state, out);
    }
    table_piece_end(&piece);
    buffer_free(&state.scratch);
    buffer_free(&state.cell);
    free(state.fields);
    return row;
}

static bool send_rows(void *writing, struct slice text)
{
    const struct writer *w = writing;
    return send_text(&w->sink, text);
}

/* Write HEAD, all rows, and TAIL; it stops when OUT has failed or t->cancel has ended. */
static void export_rows(struct writer *w, struct slice head, struct slice tail)
{
    if (send_text(&w->sink, head)
        && parallel_text(w->table->row_count, ROWS_AT_ONCE, put_rows, send_rows, w, w->table->cancel))
        send_text(&w->sink, tail);
}

static void put_prepared_word(const struct writer *w, const struct table *t, size_t row, size_t column,
    struct row_state *s, struct buffer *out)
{
    const struct cell_writer *cell = &w->cells[column];
    size_t word = t->word(t, row, column);
    if (word == TABLE_NO_WORD)
        cell->put_other(w, t, row, column, s, out);
    else
        buffer_add(out, cell->words[word].data, cell->words[word].len);
}

/* Set PUT for the cells of a column, and format each of its words once with PUT_WORD_TEXT. */
static void choose_writer(struct writer *w, size_t column, void (*put)(const struct writer *w, const struct table *t,
    size_t row, size_t column, struct row_state *s, struct buffer *out), void (*put_word_text)(const struct writer *w,
    size_t column, struct slice word, struct buffer *out))
{
    struct cell_writer *cell = &w->cells[column];
    *cell = (struct cell_writer){.put = put, .put_other = put, .together = 1};
    const struct slice *words = w->table->words ? w->table->words(w->table, column, &cell->word_count) : NULL;
    if (!words)
        return;
    cell->put = put_prepared_word;
    cell->words = xcalloc(cell->word_count, sizeof *cell->words);
    for (size_t i = 0; i < cell->word_count; i++)
        put_word_text(w, column, words[i], &cell->words[i]);
}

static void free_writers(struct writer *w)
{
    for (size_t i = 0; i < w->table->column_count; i++) {
        for (size_t k = 0; w->cells[i].words && k < w->cells[i].word_count; k++)
            buffer_free(&w->cells[i].words[k]);
        free(w->cells[i].words);
    }
    free(w->cells);
}

static void put_csv(struct buffer *b, struct slice s)
{
    if (put_plain(b, s, needs_quotes))
        return;
    buffer_putc(b, '"');
    for (const char *quote; (quote = memchr(s.data, '"', s.len)) != NULL;) { /* which is doubled */
        size_t n = (size_t)(quote - s.data) + 1;
        buffer_add(b, s.data, n);
        buffer_putc(b, '"');
        s = (struct slice){s.data + n, s.len - n};
    }
    buffer_add(b, s.data, s.len);
    buffer_putc(b, '"');
}

/* TSV has no quotation marks: tabs, line ends and backslashes become \t, \n, \r and \\. */
static void put_tsv(struct buffer *b, struct slice s)
{
    static const char bytes[] = "\t\n\r\\", letters[] = "tnr\\";
    if (put_plain(b, s, needs_tsv_escape))
        return;
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
    bool safe; /* no field may be a formula in a spreadsheet */
};

/* Whether S begins with one of the COUNT texts of LIST. */
static bool begins_with_any(struct slice s, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(list[i]);
        if (s.len >= n && memcmp(s.data, list[i], n) == 0)
            return true;
    }
    return false;
}

/*
 * Whether a spreadsheet could take a cell that begins with S for a formula: what OWASP's page on CSV injection lists,
 * with the full-width forms, which some locales take for the others. Quotation marks, blanks and what cannot be seen
 * may stand before it, whichever of them a program leaves out.
 */
static bool is_formula(struct slice s)
{
    static const char *const starts[] = {"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
        "\xef\xbc\xa0"};
    uint32_t cp;
    for (size_t n; s.len; s = (struct slice){s.data + n, s.len - n}) {
        n = utf8_decode(s.data, s.len, &cp);
        if (cp != ' ' && cp != '"' && codepoint_is_visible(cp))
            break;
    }
    return begins_with_any(s, starts, sizeof starts / sizeof starts[0]);
}

static bool is_negative_number(struct slice s)
{
    size_t n = 1;
    while (n < s.len && s.data[n] >= '0' && s.data[n] <= '9')
        n++;
    return s.len > 1 && s.data[0] == '-' && n == s.len;
}

/* Characters at which a spreadsheet may begin a new cell or row within a field, by its locale or import settings. */
static bool ends_cell(char c)
{
    return c == ';' || c == '\t' || c == ',' || c == '|' || c == '\n' || c == '\r';
}

/* Append FIELD with an apostrophe before each formula in it, and before blanks that a spreadsheet would skip. */
static void guard_field(struct buffer *b, struct slice field)
{
    for (size_t at = 0, len; at <= field.len; at += len + 1) {
        struct slice rest = {field.data + at, field.len - at};
        for (len = 0; len < rest.len && !ends_cell(rest.data[len]); len++)
            ;
        bool is_first = at == 0, is_control = is_first && rest.len && strchr("\t\r\n", rest.data[0]);
        if (is_control || (is_formula((struct slice){rest.data, len})
            && !is_negative_number((struct slice){rest.data, len})))
            buffer_putc(b, '\'');
        buffer_add(b, rest.data, len < rest.len ? len + 1 : len);
    }
}

static void put_separated_field(struct buffer *b, struct slice field, const struct separated *how)
{
    if (!how->safe || !field.len) {
        how->put(b, field);
        return;
    }
    struct buffer guarded = {0};
    guard_field(&guarded, field);
    how->put(b, (struct slice){guarded.data, guarded.len});
    buffer_free(&guarded);
}

/* Append field I of COUNT and the separator or line end after it. */
static void put_next_field(struct buffer *b, struct slice field, size_t i, size_t count, const struct separated *how)
{
    /* readers skip an empty line */
    if (count == 1 && field.len == 0 && how->separator == ',')
        buffer_puts(b, "\"\"");
    else
        put_separated_field(b, field, how);
    buffer_putc(b, i + 1 < count ? how->separator : '\n');
}

static void put_file_text(const struct writer *w, const struct table *t, size_t row, size_t column,
    struct row_state *s, struct buffer *out)
{
    put_separated_field(out, t->file_text(t, row, column, &s->scratch), w->separated);
}

static void put_value_text(const struct writer *w, const struct table *t, size_t row, size_t column,
    struct row_state *s, struct buffer *out)
{
    struct value v = t->value(t, row, column, &s->scratch);
    if (v.state == STATE_VALUE)
        put_separated_field(out, v.text, w->separated);
}

/* A cell whose value is a number, a time or a known word: it needs no quotation marks and is no formula. */
static void put_value_plain(const struct writer *w, const struct table *t, size_t row, size_t column,
    struct row_state *s, struct buffer *out)
{
    struct value v = t->value(t, row, column, &s->scratch);
    (void)w;
    cell_value_for_files(out, &v, t->columns[column].type);
}

static void put_separated_word(const struct writer *w, size_t column, struct slice word, struct buffer *out)
{
    (void)column;
    put_separated_field(out, word, w->separated);
}

static void put_separated(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
    struct buffer *out)
{
    size_t n = t->column_count, before = out->len;
    for (size_t i = 0; i < n; i++) {
        const struct cell_writer *cell = &w->cells[i];
        struct slice span;
        size_t word, together = w->spans && t->columns[i].spans ? t->csv_span(t, row, i, &span) : 0;
        if (together) {
            buffer_add(out, span.data, span.len);
            i += together - 1;
        } else if (cell->words && (word = t->word(t, row, i)) != TABLE_NO_WORD) {
            buffer_add(out, cell->words[word].data, cell->words[word].len);
            i += cell->together - 1;
        } else {
            cell->put_other(w, t, row, i, s, out);
        }
        if (n == 1 && out->len == before && w->separated->separator == ',')
            buffer_puts(out, "\"\""); /* readers skip an empty line */
        buffer_putc(out, i + 1 < n ? w->separated->separator : '\n');
    }
    if (n == 0)
        buffer_putc(out, '\n');
}

/* A row with as many fields as it has in its file. */
static void put_file_row(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
    struct buffer *out)
{
    size_t n = t->row_texts(t, row, s->fields, s->room);
    if (n > s->room) {
        s->room = n;
        s->fields = xrealloc(s->fields, s->room, sizeof *s->fields);
        n = t->row_texts(t, row, s->fields, s->room);
    }
    for (size_t i = 0; i < n; i++)
        put_next_field(out, s->fields[i], i, n, w->separated);
    if (n == 0)
        buffer_putc(out, '\n');
}

/* Join the words of neighbouring columns that have the same numbers. */
static void join_words(struct writer *w)
{
    const struct table *t = w->table;
    for (size_t i = t->column_count; t->same_word && i-- > 1;) {
        struct cell_writer *left = &w->cells[i - 1], *right = &w->cells[i];
        if (!left->words || !right->words || !t->same_word(t, i - 1, i))
            continue;
        left->together += right->together;
        for (size_t k = 0; k < left->word_count; k++) {
            buffer_putc(&left->words[k], w->separated->separator);
            buffer_add(&left->words[k], right->words[k].data, right->words[k].len);
        }
    }
}

static void write_separated(const struct table *t, FILE *out, const struct separated *how)
{
    struct table in_files = *t;
    in_files.in_files = true;
    struct writer w = {.table = &in_files, .separated = how, .put_row = t->row_texts ? put_file_row : put_separated,
        .cells = xcalloc(t->column_count, sizeof *w.cells), .spans = t->csv_span && how->separator == ',' && !how->safe,
        .sink = {.out = out, .terminal = isatty(fileno(out)), .separator = how->separator}};
    struct buffer head = {0};
    for (size_t i = 0; i < t->column_count; i++)
        choose_writer(&w, i, t->file_text && !(t->file_is_value && t->file_is_value(t, i)) ? put_file_text
            : t->columns[i].type == TYPE_TEXT ? put_value_text : put_value_plain, put_separated_word);
    join_words(&w);
    for (size_t i = 0; i < t->column_count && !t->continues; i++)
        put_next_field(&head, slice_of(t->columns[i].in_files ? t->columns[i].in_files : t->columns[i].name), i,
            t->column_count, how);
    if (!t->column_count && !t->continues)
        buffer_putc(&head, '\n');
    export_rows(&w, (struct slice){head.data, head.len}, slice_of(""));
    buffer_free(&head);
    free_writers(&w);
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

static void put_json_time(struct buffer *b, int64_t t)
{
    buffer_reserve(b, TIMESTAMP_LENGTH + 2);
    b->data[b->len++] = '"';
    timestamp_write(b->data + b->len, t);
    b->len += TIMESTAMP_LENGTH;
    buffer_putc(b, '"');
}

static void put_json_value(struct buffer *b, const struct value *v, enum type type)
{
    if (v->state != STATE_VALUE) {
        buffer_add(b, "null", 4);
        return;
    }
    switch (type) {
    case TYPE_TEXT: export_json_string(b, v->text); break;
    case TYPE_BOOL: buffer_puts(b, v->number ? "true" : "false"); break;
    case TYPE_TIME:
        if (v->text.len)
            export_json_string(b, v->text);
        else
            put_json_time(b, v->number);
        break;
    case TYPE_SEVERITY: export_json_string(b, slice_of(severity_name((enum severity)v->number))); break;
    case TYPE_RIGHTS: export_json_string(b, slice_of(rights_name((enum rights)v->number))); break;
    case TYPE_DURATION: buffer_number(b, duration_days(v->number)); break;
    case TYPE_NUMBER: buffer_number(b, v->number); break;
    }
}

static void put_json_text(const struct writer *w, const struct table *t, size_t row, size_t column,
    struct row_state *s, struct buffer *out)
{
    struct value v = t->value(t, row, column, &s->scratch);
    (void)w;
    if (v.state == STATE_VALUE)
        export_json_string(out, v.text);
    else
        buffer_add(out, "null", 4);
}

static void put_json_cell(const struct writer *w, const struct table *t, size_t row, size_t column,
    struct row_state *s, struct buffer *out)
{
    struct value v = t->value(t, row, column, &s->scratch);
    (void)w;
    put_json_value(out, &v, t->columns[column].type);
}

/* A word as the value of a member; true, false and numbers are quoted if the column is of text. */
static void put_json_word(const struct writer *w, size_t column, struct slice word, struct buffer *out)
{
    if (!word.len)
        buffer_puts(out, "null");
    else if (w->table->columns[column].type == TYPE_BOOL || w->table->columns[column].type == TYPE_NUMBER)
        buffer_add(out, word.data, word.len);
    else
        export_json_string(out, word);
}

/*
 * What stands before each column's cell, to be freed with free_heads(): {"user": or ,"arn": and nothing where an
 * earlier column has the same name. An object has each name once, and columns of one name hold one value.
 */
static struct buffer *json_heads(const struct table *t)
{
    struct buffer *heads = xcalloc(t->column_count + 1, sizeof *heads);
    for (size_t i = 0; i < t->column_count; i++) {
        bool repeated = false;
        for (size_t k = 0; k < i && !repeated; k++)
            repeated = strcmp(t->columns[k].name, t->columns[i].name) == 0;
        if (repeated)
            continue;
        buffer_putc(&heads[i], i ? ',' : '{');
        export_json_string(&heads[i], slice_of(t->columns[i].name));
        buffer_putc(&heads[i], ':');
    }
    return heads;
}

static void free_heads(struct writer *w)
{
    for (size_t i = 0; i < w->table->column_count; i++)
        buffer_free(&w->heads[i]);
    free(w->heads);
}

static void put_object(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
    struct buffer *out)
{
    if (!t->column_count)
        buffer_putc(out, '{');
    for (size_t i = 0; i < t->column_count; i++) {
        if (!w->heads[i].len)
            continue;
        buffer_add(out, w->heads[i].data, w->heads[i].len);
        w->cells[i].put(w, t, row, i, s, out);
    }
    buffer_putc(out, '}');
}

static void put_json_row(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
    struct buffer *out)
{
    buffer_puts(out, row ? ",\n " : "\n ");
    put_object(w, t, row, s, out);
}

static void put_json_line(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
    struct buffer *out)
{
    put_object(w, t, row, s, out);
    buffer_putc(out, '\n');
}

/* Write T as JSON, each row with PUT_ROW. */
static void write_objects(const struct table *t, FILE *out, const char *head, const char *tail,
    void (*put_row)(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
    struct buffer *out))
{
    struct writer w = {.table = t, .heads = json_heads(t), .put_row = put_row,
        .cells = xcalloc(t->column_count, sizeof *w.cells),
        .sink = {.out = out, .terminal = isatty(fileno(out)), .is_json = true}};
    for (size_t i = 0; i < t->column_count; i++)
        choose_writer(&w, i, t->columns[i].type == TYPE_TEXT ? put_json_text : put_json_cell, put_json_word);
    export_rows(&w, slice_of(head), slice_of(tail));
    free_heads(&w);
    free_writers(&w);
}

static void write_json(const struct table *t, bool ascii, FILE *out)
{
    (void)ascii;
    write_objects(t, out, "[", t->row_count ? "\n]\n" : "]\n", put_json_row);
}

static void write_jsonl(const struct table *t, bool ascii, FILE *out)
{
    (void)ascii;
    write_objects(t, out, "", "", put_json_line);
}

/* A cell of Markdown, in which nothing ends the cell or is markup. */
static void put_markdown(struct buffer *out, const struct buffer *cell)
{
    buffer_puts(out, "| ");
    markdown_put(out, (struct slice){cell->data, cell->len});
    buffer_putc(out, ' ');
}

static void put_markdown_row(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
    struct buffer *out)
{
    for (size_t i = 0; i < t->column_count; i++) {
        s->cell.len = 0;
        people_text_cell(t, row, i, &s->cell, w->ascii);
        put_markdown(out, &s->cell);
    }
    buffer_puts(out, "|\n");
}

static void write_markdown(const struct table *t, bool ascii, FILE *out)
{
    struct writer w = {.table = t, .ascii = ascii, .put_row = put_markdown_row, .sink = {.out = out}};
    struct buffer head = {0}, cell = {0};
    for (size_t i = 0; i < t->column_count; i++) {
        cell.len = 0;
        text_harmless(&cell, slice_of(t->columns[i].name), ascii);
        put_markdown(&head, &cell);
    }
    buffer_puts(&head, "|\n");
    for (size_t i = 0; i < t->column_count; i++)
        buffer_puts(&head, type_is_right(t->columns[i].type) ? "| ---: " : "| --- ");
    buffer_puts(&head, "|\n");
    export_rows(&w, (struct slice){head.data, t->continues ? 0 : head.len}, slice_of(""));
    buffer_free(&head);
    buffer_free(&cell);
}

static void pad(struct buffer *b, size_t n)
{
    while (n--)
        buffer_putc(b, ' ');
}

static size_t cell_width(const struct buffer *cell)
{
    return text_width((struct slice){cell->data, cell->len});
}

/*
 * A column is as wide as its widest cell, up to this: one long name does not pad every line. A longer cell is printed
 * whole, and moves what is behind it in its line.
 */
enum { TEXT_WIDTH_MAX = 200 };

static void widen_column(size_t *width, const struct buffer *cell)
{
    size_t wanted = cell_width(cell);
    wanted = wanted < TEXT_WIDTH_MAX ? wanted : TEXT_WIDTH_MAX;
    if (wanted > *width)
        *width = wanted;
}

/* Append column I of the line that begins at byte LINE of OUT. *END: where its last cell that is not empty ends. */
static void put_text_cell(const struct writer *w, size_t i, const struct buffer *cell, struct buffer *out, size_t *end)
{
    size_t width = cell_width(cell), room = width < w->widths[i] ? w->widths[i] - width : 0;
    bool is_right = type_is_right(w->table->columns[i].type);
    if (i)
        buffer_puts(out, "  ");
    if (is_right)
        pad(out, room);
    buffer_add(out, cell->data, cell->len);
    if (cell->len)
        *end = out->len;
    if (!is_right && i + 1 < w->table->column_count)
        pad(out, room);
}

/* Cut the blanks after the last cell that is not empty. */
static void end_text_line(struct buffer *out, size_t end)
{
    out->len = end;
    buffer_putc(out, '\n');
}

static void put_heading(const struct table_column *c, struct buffer *cell, bool ascii)
{
    cell->len = 0;
    buffer_puts(cell, "");
    people_text_heading(c, cell, ascii);
}

static void put_person_cell(const struct table *t, size_t row, size_t i, struct buffer *cell, bool ascii)
{
    cell->len = 0;
    buffer_puts(cell, "");
    people_text_cell(t, row, i, cell, ascii);
}

static void put_text_row(const struct writer *w, const struct table *t, size_t row, struct row_state *s,
    struct buffer *out)
{
    size_t end = out->len;
    for (size_t i = 0; i < t->column_count; i++) {
        put_person_cell(t, row, i, &s->cell, w->ascii);
        put_text_cell(w, i, &s->cell, out, &end);
    }
    end_text_line(out, end);
}

/* Widen the columns for the rows from FROM up to TO. */
static void measure_rows(void *writing, size_t from, size_t to)
{
    struct writer *w = writing;
    struct table_piece piece;
    struct buffer cell = {0};
    size_t *widths = xcalloc(w->table->column_count, sizeof *widths);
    table_piece_begin(&piece, w->table, from, to);
    for (size_t row = from; row < to; row++) {
        for (size_t i = 0; i < piece.table.column_count; i++) {
            put_person_cell(&piece.table, row, i, &cell, w->ascii);
            widen_column(&widths[i], &cell);
        }
    }
    pthread_mutex_lock(&w->widening);
    for (size_t i = 0; i < piece.table.column_count; i++)
        w->widths[i] = widths[i] > w->widths[i] ? widths[i] : w->widths[i];
    pthread_mutex_unlock(&w->widening);
    table_piece_end(&piece);
    buffer_free(&cell);
    free(widths);
}

/* Goes over the rows twice, for the widths and for the lines, instead of keeping every cell in memory. */
static void write_text(const struct table *t, bool ascii, FILE *out)
{
    struct writer w = {.table = t, .ascii = ascii, .put_row = put_text_row, .sink = {.out = out},
        .widths = xcalloc(t->column_count, sizeof *w.widths), .widening = PTHREAD_MUTEX_INITIALIZER};
    struct buffer head = {0}, cell = {0};
    size_t end = 0;
    for (size_t i = 0; i < t->column_count && !t->continues; i++) {
        put_heading(&t->columns[i], &cell, ascii);
        widen_column(&w.widths[i], &cell);
    }
    if (parallel_pieces(t->row_count, ROWS_AT_ONCE, t->row_count >= 4 * ROWS_AT_ONCE, measure_rows, &w, t->cancel)) {
        for (size_t i = 0; i < t->column_count; i++) {
            put_heading(&t->columns[i], &cell, ascii);
            put_text_cell(&w, i, &cell, &head, &end);
        }
        end_text_line(&head, end);
        export_rows(&w, (struct slice){head.data, t->continues ? 0 : head.len}, slice_of(""));
    }
    buffer_free(&head);
    buffer_free(&cell);
    free(w.widths);
}

const struct export_format export_formats[] = {
    {"text", "txt", .people = true, .write = write_text},
    {"csv", "csv", .lines = true, .write = write_csv},
    {"tsv", "tsv", .lines = true, .write = write_tsv},
    {"json", "json", .write = write_json},
    {"jsonl", "jsonl", .lines = true, .write = write_jsonl},
    {"markdown", "md", .people = true, .tells_why = true, .write = write_markdown},
    {"html", "html", .people = true, .page = true, .write = html_write},
    {"sarif", "sarif", .sarif = true, .write = write_json},
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
