/*
 * Turns fields into codes and stores them in blocks; publishes files, problems and line marks. The usual forms of a
 * cell are tried first and inline; odd ones (blanks, other spellings) go to functions that are not inlined.
 */
#include "report/report_build.h"

#include "aws/arn.h"
#include "base/large_pages.h"
#include "base/timestamp.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct slice without_bom(struct slice s)
{
    bool has = s.len >= 3 && memcmp(s.data, "\xef\xbb\xbf", 3) == 0;
    return has ? (struct slice){s.data + 3, s.len - 3} : s;
}

void header_add(struct header *h, struct slice name)
{
    name = slice_trimmed(name);
    name = h->count ? name : slice_trimmed(without_bom(name)); /* behind blank lines a mark is part of the header */
    h->ends = xrealloc(h->ends, h->count + 1, sizeof *h->ends);
    buffer_add(&h->names, name.data, name.len);
    h->ends[h->count++] = h->names.len;
}

enum column_meaning header_bind(struct header *h)
{
    enum column_meaning best[COL_COUNT + 1] = {MEANING_OTHER}, found = MEANING_OTHER;
    size_t position[COL_COUNT + 1], known = 0;
    h->column = xrealloc(h->column, h->count, sizeof *h->column);
    h->account = SIZE_MAX;
    h->time = SIZE_MAX;
    for (size_t i = 0; i < h->count; i++) {
        enum column c;
        enum column_meaning meaning = column_meaning(header_name(h, i), &c);
        h->column[i] = COL_COUNT;
        if (meaning == MEANING_ACCOUNT && h->account == SIZE_MAX)
            h->account = i;
        if (meaning == MEANING_TIME && h->time == SIZE_MAX)
            h->time = i;
        if (c < COL_REPORT_COUNT && meaning > best[c]) { /* of equally good names, the first one */
            best[c] = meaning;
            position[c] = i;
        }
    }
    h->lacks_count = 0;
    for (enum column c = 0; c < COL_REPORT_COUNT; c++) {
        if (best[c] == MEANING_OTHER)
            h->lacks[h->lacks_count++] = c;
        else
            h->column[position[c]] = (uint8_t)c;
        known += best[c] > MEANING_GUESS;
    }
    header_leave_unread(h, 0);
    h->mark = best[COL_USER] == MEANING_OTHER ? COL_ARN : COL_USER;
    h->mark_name = best[h->mark] == MEANING_OTHER ? (struct slice){"", 0} : header_name(h, position[h->mark]);
    found = best[COL_USER] > best[COL_ARN] ? best[COL_USER] : best[COL_ARN];
    return known >= 2 ? found : found > MEANING_GUESS ? MEANING_GUESS : MEANING_OTHER;
}

void header_leave_unread(struct header *h, uint32_t unread)
{
    h->read = xrealloc(h->read, h->count, sizeof *h->read);
    h->read_count = 0;
    for (size_t p = 0; p < h->count; p++) {
        if (h->column[p] != COL_COUNT && !(unread >> h->column[p] & 1))
            h->read[h->read_count++] = p;
    }
}

struct slice header_name(const struct header *h, size_t index)
{
    size_t from = index ? h->ends[index - 1] : 0;
    return (struct slice){h->names.data + from, h->ends[index] - from};
}

void header_free(struct header *h)
{
    buffer_free(&h->names);
    free(h->ends);
    free(h->column);
    free(h->read);
    *h = (struct header){0};
}

/*
 * Returns the array AT with room for one element after COUNT. It grows when COUNT is a power of two, to twice the size.
 */
static void *grown(void *at, size_t count, size_t size)
{
    return count & (count - 1) ? at : xrealloc(at, count ? count * 2 : 1, size);
}

static void add_problem(struct report_batch *batch, struct problem problem)
{
    if (batch->problem_count == PROBLEMS_MAX) {
        batch->problems_left++;
        free(problem.text);
        return;
    }
    batch->problems = grown(batch->problems, batch->problem_count, sizeof problem);
    batch->problems[batch->problem_count++] = problem;
}

void report_batch_mark(struct report_batch *batch, struct line_mark mark)
{
    batch->marks = grown(batch->marks, batch->mark_count, sizeof mark);
    batch->marks[batch->mark_count++] = mark;
}

__attribute__((format(printf, 3, 0))) static struct problem problem(size_t file, size_t line, const char *format,
    va_list args)
{
    char raw[1000];
    struct buffer text = {0};
    vsnprintf(raw, sizeof raw, format, args);
    text_harmless(&text, slice_of(raw), false);
    return (struct problem){file, line, text.data};
}

void report_batch_problem(struct report_batch *batch, size_t file, size_t line, const char *format, ...)
{
    va_list args;
    if (batch->problem_count == PROBLEMS_MAX) {
        batch->problems_left++;
        return;
    }
    va_start(args, format);
    add_problem(batch, problem(file, line, format, args));
    va_end(args);
}

void report_batch_join(struct report_batch *batch, struct report_batch *more)
{
    for (size_t i = 0; i < more->problem_count; i++)
        add_problem(batch, more->problems[i]);
    for (size_t i = 0; i < more->mark_count; i++)
        report_batch_mark(batch, more->marks[i]);
    batch->problems_left += more->problems_left;
    batch->rows += more->rows;
    batch->has_text_codes |= more->has_text_codes;
    batch->latest = more->latest > batch->latest ? more->latest : batch->latest;
    batch->generated = more->generated > batch->generated ? more->generated : batch->generated;
    batch->unreadable_time = batch->unreadable_time ? batch->unreadable_time : more->unreadable_time;
    batch->text_ready = more->text_ready > batch->text_ready ? more->text_ready : batch->text_ready;
    batch->segments = more->segments > batch->segments ? more->segments : batch->segments;
    free(more->problems);
    free(more->marks);
    *more = (struct report_batch){0};
}

void report_batch_free(struct report_batch *batch)
{
    for (size_t i = 0; i < batch->problem_count; i++)
        free(batch->problems[i].text);
    free(batch->problems);
    free(batch->marks);
    *batch = (struct report_batch){0};
}

static uint32_t state_code(enum state s)
{
    return (uint32_t)(s - STATE_NA);
}

static bool is_na(struct slice s)
{
    return s.len == 3 && memcmp(s.data, "N/A", 3) == 0;
}

/* Returns the code of a cell without value or state: CODE_EMPTY for what databases and pandas write for nothing. */
__attribute__((noinline)) static uint32_t odd_code(struct slice s)
{
    static const char *const words[] = {"null", "none", "nan", "nat", "<na>", "\\N", "nil", "<null>", "(null)", "<nil>",
        "#N/A"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (slice_equal_nocase(s, slice_of(words[i])))
            return CODE_EMPTY;
    }
    return CODE_MALFORMED;
}

static uint32_t time_code(struct slice s)
{
    int64_t t;
    if (is_na(s))
        return CODE_NA;
    if (timestamp_parse(s, &t))
        return t >= CODE_FIRST && t <= UINT32_MAX ? (uint32_t)t : timestamp_is_zero(t) ? CODE_NA : CODE_TEXT;
    enum state state = state_of_text(slice_trimmed(s));
    if (state == STATE_VALUE)
        return timestamp_parse_epoch(s, &t) && t <= UINT32_MAX ? (uint32_t)t : odd_code(slice_trimmed(s));
    return state_code(state);
}

/*
 * Returns the code of a bool that is not exactly true or false: with blanks around it, in other words, a state, or
 * malformed.
 */
__attribute__((noinline)) static uint32_t odd_bool_code(struct slice s)
{
    bool truth;
    s = slice_trimmed(s);
    if (bool_of_text(s, true, &truth))
        return CODE_FIRST + truth;
    enum state state = state_of_text(s);
    return state == STATE_VALUE ? odd_code(s) : state_code(state);
}

static uint32_t bool_code(struct slice s)
{
    if (s.len == 5 && (memcmp(s.data, "false", 5) == 0 || slice_equal_nocase(s, slice_of("false"))))
        return CODE_FIRST;
    if (s.len == 4 && (memcmp(s.data, "true", 4) == 0 || slice_equal_nocase(s, slice_of("true"))))
        return CODE_FIRST + 1;
    return odd_bool_code(s);
}

static uint32_t dict_code(struct dict *d, struct slice s)
{
    size_t index = dict_add(d, s);
    return index < DICT_MAX ? (uint32_t)(CODE_FIRST + index) : CODE_TEXT;
}

/* Returns the code of a word. A small cache per thread saves most look-ups in the dictionary, which threads share. */
static uint32_t word_code(struct report_writer *w, struct slice s)
{
    if (!s.len)
        return CODE_EMPTY;
    if (is_na(s))
        return CODE_NA;
    unsigned hash = (unsigned)s.len * 7 + (unsigned char)s.data[0] * 3u + (unsigned char)s.data[s.len / 2] * 5u
        + (unsigned char)s.data[s.len - 1];
    struct seen_word *seen = &w->seen[hash % WORDS_SEEN];
    if (seen->code >= CODE_FIRST && slice_equal(seen->word, s))
        return seen->code;
    struct slice trimmed = slice_trimmed(s);
    enum state state = state_of_text(trimmed.len ? trimmed : s);
    uint32_t code = state == STATE_VALUE ? dict_code(&w->report->memory->words, s) : state_code(state);
    if (code >= CODE_FIRST)
        *seen = (struct seen_word){dict_word(&w->report->memory->words, code - CODE_FIRST), code};
    return code;
}

/* Note that column C has an unknown cell in the span of row I. Atomic, because threads may write rows of one span. */
static void note_unknown(struct report_block *b, size_t i, enum column c)
{
    _Atomic uint32_t *columns = &b->unknown_columns[i / REPORT_SPAN];
    uint32_t bit = UINT32_C(1) << c;
    if (!(atomic_load_explicit(columns, memory_order_relaxed) & bit))
        atomic_fetch_or_explicit(columns, bit, memory_order_relaxed);
}

static inline void put_code1(struct report_writer *w, struct report_block *b, size_t i, enum column c, uint32_t code)
{
    w->batch.has_text_codes |= code == CODE_TEXT;
    if (code_is_unknown(code) && c < COL_REPORT_COUNT)
        note_unknown(b, i, c);
    int index = report_storage[c].index;
    switch (report_storage[c].kind) {
    case STORED_TIME: b->time[index][i] = code; break;
    case STORED_RARE_TIME: sparse_set(&b->rare_time[index], i, code); break;
    case STORED_WORD: b->word[index][i] = (uint16_t)code; break;
    case STORED_FLAG: b->flag[index][i] = (uint8_t)code; break;
    case STORED_RARE_FLAG: sparse_set(&b->rare_flag[index], i, rare_code(code)); break;
    case STORED_NOWHERE: break;
    }
}

static void put_cell(struct report_writer *w, struct report_block *b, size_t i, size_t line, enum column c,
    struct slice text)
{
    uint32_t code;
    switch (report_storage[c].kind) {
    case STORED_TIME:
    case STORED_RARE_TIME:
        code = time_code(text);
        w->batch.latest = code > w->batch.latest && c != COL_PASSWORD_NEXT_ROTATION ? code : w->batch.latest;
        break;
    case STORED_FLAG:
    case STORED_RARE_FLAG: code = bool_code(text); break;
    case STORED_WORD: code = word_code(w, text); break;
    default: return;
    }
    if (code == CODE_MALFORMED)
        report_batch_problem(&w->batch, w->file, line, "%s is not a %s: \"%.*s\"", schema[c].name,
            schema[c].type == TYPE_BOOL ? "boolean" : "time", (int)(text.len > 80 ? 80 : text.len), text.data);
    put_code1(w, b, i, c, code);
}

/* Returns field P of a row. */
static struct slice field_of(const struct report_row *fields, size_t p)
{
    uint32_t from = p ? fields->ends[p - 1] + fields->gap : fields->start;
    return (struct slice){fields->text + from, fields->ends[p] - from};
}

/* Returns the account's number from a column with account numbers; empty if there is no column or no such number. */
static struct slice account_field(const struct header *h, const struct report_row *fields)
{
    if (h->account >= fields->count)
        return (struct slice){"", 0};
    return arn_account_number(field_of(fields, h->account));
}

/* Set the writer's account to that of a row whose ARN begins otherwise than the row before. */
__attribute__((noinline)) static void take_account(struct report_writer *w, struct slice arn,
    const struct report_row *fields)
{
    struct buffer id = {0};
    arn_put_account_id(&id, arn);
    struct slice account = {id.data, id.len};
    if (!account.len)
        account = account_field(w->header, fields);
    w->account_code = account.len ? dict_code(&w->report->memory->accounts, account) : CODE_ABSENT;
    buffer_free(&id);
    w->arn_head = arn_head(arn);
}

__attribute__((always_inline)) static inline void put_derived(struct report_writer *w, struct report_block *b, size_t i,
    struct slice user, struct slice arn, const struct report_row *fields)
{
    struct slice head = w->arn_head;
    bool is_root;
    if (head.len && arn.len > head.len && memcmp(arn.data, head.data, head.len) == 0) {
        struct slice rest = {arn.data + head.len, arn.len - head.len};
        is_root = (rest.len >= 4 && memcmp(rest.data, "root", 4) == 0 && slice_trimmed(rest).len == 4)
            || slice_equal(user, slice_of("<root_account>"));
    } else {
        take_account(w, arn, fields);
        is_root = arn_is_root(user, arn);
    }
    put_code1(w, b, i, COL_ACCOUNT, w->account_code);
    put_code1(w, b, i, COL_ROOT, CODE_FIRST + is_root);
}

bool report_row_is_header(const struct header *h, const struct report_row *fields, size_t from)
{
    if (fields->count != h->count + from)
        return false;
    for (size_t p = 0; p < h->count; p++) {
        struct slice name = header_name(h, p), field = field_of(fields, from + p);
        if (p == 0 && from && field.len > name.len)
            field = (struct slice){field.data + (field.len - name.len), name.len};
        if (!slice_equal_nocase(slice_trimmed(without_bom(field)), name))
            return false;
    }
    return true;
}

/* Whether the fields of a row's user and ARN are names of columns, as in a header with its columns in another order. */
__attribute__((noinline)) static bool are_column_names(struct slice user, struct slice arn)
{
    enum column c;
    return column_meaning(user, &c) >= MEANING_ALIAS && column_meaning(arn, &c) >= MEANING_ALIAS;
}

/*
 * Note that the row at AT repeats the header, as where two reports were joined with cat. The parser decides what to do.
 */
static void note_header(struct report_writer *w, uint64_t at, const struct report_row *fields, struct slice arn)
{
    enum column c;
    bool same = report_row_is_header(w->header, fields, 0);
    if (w->no_user_at != UINT64_MAX || (!same && column_meaning(arn, &c) < MEANING_ALIAS))
        return;
    w->no_user_at = at;
    w->no_user = same ? ROW_HEADER : ROW_OTHER_HEADER;
}

/*
 * The same if the first report's last line had no newline: cat then joins that row's last field and the header's first
 * name into one field.
 */
static void note_joined_header(struct report_writer *w, uint64_t at, const struct report_row *fields)
{
    const struct header *h = w->header;
    size_t name = header_name(h, 0).len, last = h->count - 1;
    if (w->no_user_at != UINT64_MAX || !name || !report_row_is_header(h, fields, last))
        return;
    struct slice field = field_of(fields, last);
    size_t value = field.len - name;
    value -= value >= 3 && memcmp(field.data + value - 3, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    w->no_user_at = at + (fields->ends[last] - fields->start) - (field.len - value);
    w->no_user = ROW_HEADER;
}

/* Whether S is the number of rows that psql, sqlcmd, SQL*Plus or db2 writes below them. */
static bool is_row_count(struct slice s)
{
    static const char *const ends[] = {" row)", " rows)", " row affected)", " rows affected)", " row selected.",
        " rows selected.", " record(s) selected."};
    size_t from = s.len && s.data[0] == '(', n = from;
    while (n < s.len && s.data[n] >= '0' && s.data[n] <= '9')
        n++;
    struct slice rest = {s.data + n, s.len - n};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (n > from && from == (ends[i][strlen(ends[i]) - 1] == ')') && slice_equal(rest, slice_of(ends[i])))
            return true;
    }
    return false;
}

/* Whether S is the line that ncred itself prints below a table of text or Markdown. */
static bool is_ages_line(struct slice s)
{
    static const char start[] = "Ages as of ";
    return s.len >= sizeof start && memcmp(s.data, start, sizeof start - 1) == 0;
}

enum row_kind report_row_kind(const struct header *h, const struct report_row *fields)
{
    enum { DOS_END = 0x1a, DASHES_MIN = 3 };
    bool is_empty = fields->count == 1 || fields->count == h->count, is_ruler = fields->count > 1;
    for (size_t p = 0; p < fields->count && (is_empty || is_ruler); p++) {
        struct slice s = slice_trimmed(field_of(fields, p));
        size_t dashes = 0;
        while (dashes < s.len && s.data[dashes] == '-')
            dashes++;
        is_empty &= !s.len;
        is_ruler &= dashes == s.len && dashes >= DASHES_MIN;
    }
    if (is_empty || is_ruler || fields->count != 1)
        return is_empty ? ROW_EMPTY : is_ruler ? ROW_DRAWN : ROW_USER;
    struct slice only = slice_trimmed(field_of(fields, 0));
    bool is_drawn = is_row_count(only) || is_ages_line(only) || (only.len == 1 && only.data[0] == DOS_END);
    return is_drawn ? ROW_DRAWN : ROW_USER;
}

/* Note the row at AT if it is not a user's. */
__attribute__((noinline)) static void note_row_kind(struct report_writer *w, uint64_t at,
    const struct report_row *fields)
{
    enum row_kind kind = w->no_user_at == UINT64_MAX ? report_row_kind(w->header, fields) : ROW_USER;
    if (kind == ROW_USER)
        return;
    w->no_user_at = at;
    w->no_user = kind;
}

/*
 * Write a row that has another number of fields than the header. It is not known which field belongs to which column,
 * so all its typed cells are unknown. User and ARN are kept, because they come first.
 */
static void write_shifted(struct report_writer *w, struct report_block *b, size_t i, size_t line,
    const struct report_row *fields)
{
    const struct header *h = w->header;
    struct slice user = {"", 0}, arn = {"", 0};
    report_batch_problem(&w->batch, w->file, line, "the row has %zu field%s, the header %zu: its values are unknown",
        fields->count, fields->count == 1 ? "" : "s", h->count);
    for (enum column c = 0; c < COL_REPORT_COUNT; c++)
        put_code1(w, b, i, c, CODE_ABSENT);
    for (size_t p = 0; p < h->count && p < fields->count; p++) {
        if (h->column[p] == COL_USER)
            user = slice_trimmed(field_of(fields, p));
        else if (h->column[p] == COL_ARN)
            arn = slice_trimmed(field_of(fields, p));
    }
    put_derived(w, b, i, user, arn, fields);
}

/*
 * Record the time of the report in TEXT, from the row at LINE, if it is later than before; or that it cannot be read.
 */
static void take_generated_time(struct report_writer *w, struct slice text, size_t line)
{
    int64_t time;
    struct slice previous = {w->generated_text, w->generated_length};
    if (!text.len || text.len > sizeof w->generated_text || slice_equal(text, previous))
        return;
    memcpy(w->generated_text, text.data, text.len);
    w->generated_length = text.len;
    if (!timestamp_parse(slice_trimmed(text), &time) && !timestamp_parse_epoch(slice_trimmed(text), &time))
        w->batch.unreadable_time = w->batch.unreadable_time ? w->batch.unreadable_time : line;
    else if (time > w->batch.generated)
        w->batch.generated = time;
}

/* The greatest offset that report_block.start can hold beside its top bit. */
enum { START_MAX = LIMIT(0x7fffffff, 1 << 15) };

void report_write(struct report_writer *w, size_t row, size_t line, const struct report_row *fields, uint64_t at,
    bool decoded)
{
    struct report_block *b = w->report->blocks[row >> BLOCK_BITS];
    size_t i = row & BLOCK_MASK;
    const struct header *h = w->header;
    struct slice user = {"", 0}, arn = {"", 0};
    uint64_t from = at - b->base[decoded];
    w->too_long |= from > START_MAX;
    b->start[i] = (uint32_t)from | (uint32_t)decoded << 31;
    if (row != w->next_row || line != w->next_line)
        report_batch_mark(&w->batch, (struct line_mark){(uint32_t)row, line});
    w->next_row = row + 1;
    w->next_line = line + 1;
    w->batch.rows++;
    if (fields->count > ROW_FIELDS_MAX)
        w->too_wide = line;
    if (fields->count && fields->ends[fields->count - 1] - fields->start > ROW_BYTES_MAX)
        w->too_large = line;
    if (fields->count != h->count) {
        write_shifted(w, b, i, line, fields);
        note_joined_header(w, at, fields);
        if (fields->count && (fields->count == 1 || fields->text[fields->start] == '-'))
            note_row_kind(w, at, fields);
        return;
    }
    if (h->time != SIZE_MAX)
        take_generated_time(w, field_of(fields, h->time), line);
    for (size_t k = 0; k < h->read_count; k++) {
        enum column c = (enum column)h->column[h->read[k]];
        struct slice text = field_of(fields, h->read[k]);
        if (c == COL_USER)
            user = slice_trimmed(text);
        else if (c == COL_ARN)
            arn = slice_trimmed(text);
        else
            put_cell(w, b, i, line, c, text);
    }
    for (size_t k = 0; k < h->lacks_count; k++)
        put_code1(w, b, i, h->lacks[k], CODE_ABSENT);
    put_derived(w, b, i, user, arn, fields);
    struct slice mark = h->mark == COL_USER ? user : arn;
    size_t longer = mark.len - h->mark_name.len; /* 3 for a BOM, which a joined file may begin with */
    bool is_like_header = (longer == 0 || longer == 3)
        && slice_equal_nocase(slice_trimmed(without_bom(mark)), h->mark_name);
    if (is_like_header || (arn.len && (arn.len < 4 || memcmp(arn.data, "arn:", 4) != 0) && are_column_names(user, arn)))
        note_header(w, at, fields, arn);
    if (!mark.len || mark.data[0] == '-')
        note_row_kind(w, at, fields);
}

size_t report_decoded_size(const uint32_t *ends, size_t count)
{
    return (count + 1) * sizeof *ends + (count ? ends[count - 1] : 0);
}

void report_decoded_write(char *out, const char *text, const uint32_t *ends, size_t count)
{
    uint32_t n = (uint32_t)count;
    memcpy(out, &n, sizeof n);
    out += sizeof n;
    memcpy(out, ends, count * sizeof *ends);
    out += count * sizeof *ends;
    if (count && ends[count - 1])
        memcpy(out, text, ends[count - 1]);
}

/* Returns the array TO of HAVE elements of SIZE bytes, reallocated, with COUNT more copied from FROM. */
static void *grown_copy(void *to, size_t have, const void *from, size_t count, size_t size)
{
    if (!count)
        return to;
    char *all = xrealloc(to, have + count, size);
    memcpy(all + have * size, from, count * size);
    return all;
}

/* Returns a keyed hash of a name in lower case. Its 64 bits stand for the name: names are compared by it alone. */
static uint64_t hash_lower(struct slice name)
{
    struct buffer lower = {0};
    buffer_add_lower(&lower, name);
    uint64_t hash = hash_text((struct slice){lower.data, lower.len});
    buffer_free(&lower);
    return hash;
}

/* Returns a name for a new column that no other column has, because JSON objects and --columns need unique ones. */
static char *unique_name(const struct report *r, struct slice name, size_t occurrence, uint64_t *hash)
{
    struct buffer b = {0};
    buffer_add(&b, name.data, name.len);
    if (occurrence > 1)
        buffer_printf(&b, "_%zu", occurrence);
    *hash = hash_lower((struct slice){b.data, b.len});
    for (size_t i = 0; i < r->column_count; i++) {
        if (r->columns[i].name_hash == *hash) {
            buffer_printf(&b, "_%zu", r->column_count + 1);
            *hash = hash_lower((struct slice){b.data, b.len});
            i = SIZE_MAX; /* compare with all columns again */
        }
    }
    return b.data;
}

/*
 * Returns the index in r->columns of a file's column NAME, which is added if it is new. OCCURRENCE is 1 for the first
 * column of that name in the header, 2 for the second, and so on.
 */
static size_t column_index(struct report *r, struct slice name, enum column known, size_t occurrence)
{
    uint64_t hash = hash_text(name), name_hash;
    for (size_t i = 0; i < r->column_count; i++) {
        const struct report_column *c = &r->columns[i];
        if (known != COL_COUNT ? c->known == known : c->known == COL_COUNT && c->occurrence == occurrence
            && c->header_hash == hash && slice_equal(slice_of(c->header), name))
            return i;
    }
    r->columns = xrealloc(r->columns, r->column_count + 1, sizeof *r->columns);
    char *unique = unique_name(r, name, occurrence, &name_hash);
    r->columns[r->column_count] = (struct report_column){unique, slice_copy(name), occurrence, known, name_hash, hash};
    return r->column_count++;
}

/* Report columns that are in the header twice, as one problem of the file. */
static void tell_doubles(struct report *r, const struct report_file *f, const struct header *h)
{
    enum { LISTED_MAX = 8 };
    struct buffer twice = {0};
    size_t doubles = 0;
    for (size_t i = 0; i < h->count; i++) {
        const struct report_column *c = &r->columns[f->columns[i]];
        if (c->occurrence > 1 && c->header[0] && ++doubles <= LISTED_MAX)
            buffer_printf(&twice, "%s%s (the second is %s here)", twice.len ? ", " : "", c->header, c->name);
    }
    if (twice.len)
        report_add_problem(r, r->file_count - 1, h->line, "columns named twice, of which the first counts: %s%s",
            twice.data, doubles > LISTED_MAX ? " and more" : "");
    buffer_free(&twice);
}

/* Returns for each name of the header its occurrence, see column_index(), ignoring case. The caller frees the array. */
static size_t *count_occurrences(const struct header *h)
{
    size_t *count = xcalloc(h->count, sizeof *count);
    uint64_t *hashes = xcalloc(h->count, sizeof *hashes);
    for (size_t i = 0; i < h->count; i++) {
        hashes[i] = hash_lower(header_name(h, i));
        count[i] = 1;
        for (size_t k = 0; k < i; k++) /* quadratic, but a header has at most HEADER_MAX names */
            count[i] += hashes[k] == hashes[i];
    }
    free(hashes);
    return count;
}

void report_publish_file(struct report *r, const char *name, const struct header *h)
{
    r->files = xrealloc(r->files, r->file_count + 1, sizeof *r->files);
    struct report_file *f = &r->files[r->file_count++];
    *f = (struct report_file){.column_count = h->count, .account = h->account, .first_row = (uint32_t)r->row_count};
    f->name = xstrdup(name);
    f->columns = xcalloc(h->count, sizeof *f->columns);
    for (size_t c = 0; c < COL_REPORT_COUNT; c++)
        f->position[c] = SIZE_MAX;
    size_t *occurrence = count_occurrences(h);
    for (size_t i = 0; i < h->count; i++) {
        f->columns[i] = column_index(r, header_name(h, i), (enum column)h->column[i], occurrence[i]);
        if (h->column[i] != COL_COUNT)
            f->position[h->column[i]] = i;
    }
    free(occurrence);
    f->header_line = h->line;
    for (size_t k = 0; k < h->lacks_count; k++)
        f->lacks |= UINT32_C(1) << h->lacks[k];
    f->lacks &= ~(UINT32_C(1) << COL_ADDITIONAL_INFO); /* AWS documents this column but does not write it */
    if (f->position[COL_ARN] != SIZE_MAX)
        f->lacks &= ~(UINT32_C(1) << COL_USER); /* the ARN has the name */
    tell_doubles(r, f, h);
}

/* Put the number of unlisted problems into the list's line about them, which is added first if there is none. */
static void tell_left(struct report *r, size_t line)
{
    if (!r->has_problems_left) {
        r->has_problems_left = true;
        r->left_line = r->problem_count;
        report_add_problem(r, r->file_count - 1, line, "%s", "");
    }
    struct buffer text = {0};
    buffer_printf(&text, "%zu more problem%s not listed", r->problems_left,
        r->problems_left == 1 ? " is" : "s are");
    free(r->problems[r->left_line].text);
    r->problems[r->left_line].text = text.data;
}

/* Move the batch's problems into the report as far as PROBLEMS_MAX allows; the others are counted, see tell_left(). */
static void take_problems(struct report *r, struct report_batch *batch)
{
    size_t room = r->problem_count < PROBLEMS_MAX && !r->has_problems_left ? PROBLEMS_MAX - r->problem_count : 0;
    size_t n = batch->problem_count < room ? batch->problem_count : room;
    r->problems = grown_copy(r->problems, r->problem_count, batch->problems, n, sizeof *r->problems);
    r->problem_count += n;
    for (size_t i = n; i < batch->problem_count; i++)
        free(batch->problems[i].text);
    size_t left = batch->problem_count - n + batch->problems_left;
    if (!left)
        return;
    r->problems_left += left;
    tell_left(r, n < batch->problem_count ? batch->problems[n].line
        : r->problem_count ? r->problems[r->problem_count - 1].line : 1);
}

void report_publish(struct report *r, struct report_batch *batch)
{
    struct report_file *f = &r->files[r->file_count - 1];
    take_problems(r, batch);
    f->marks = grown_copy(f->marks, f->mark_count, batch->marks, batch->mark_count, sizeof *f->marks);
    f->mark_count += batch->mark_count;
    r->has_text_codes |= batch->has_text_codes;
    r->latest = batch->latest > r->latest ? batch->latest : r->latest;
    r->generated = batch->generated > r->generated ? batch->generated : r->generated;
    r->row_count += batch->rows;
    r->segment_count = batch->segments > r->segment_count ? batch->segments : r->segment_count;
    r->text_ready = batch->text_ready > r->text_ready ? batch->text_ready : r->text_ready;
    r->account_count = dict_count(&r->memory->accounts);
    if (batch->unreadable_time && !f->has_unreadable_time) {
        f->has_unreadable_time = true;
        report_add_problem(r, r->file_count - 1, batch->unreadable_time,
            "the column with the time of the report has no time here");
    }
    free(batch->problems);
    free(batch->marks);
    *batch = (struct report_batch){0};
}

void report_add_columns(struct report *r, const struct report *from)
{
    for (size_t i = 0; i < from->column_count; i++) {
        const struct report_column *c = &from->columns[i];
        column_index(r, slice_of(c->header), c->known, c->occurrence);
    }
}

void report_add_problem(struct report *r, size_t file, size_t line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct problem p = problem(file, line, format, args);
    va_end(args);
    r->problems = grown_copy(r->problems, r->problem_count++, &p, 1, sizeof p);
}
