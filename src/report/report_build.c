/* From fields to codes in blocks; files, problems and line numbers as they are published. */
#include "report/report_build.h"

#include "aws/arn.h"
#include "base/large_pages.h"
#include "base/timestamp.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void header_add(struct header *h, struct slice name)
{
    enum column c = schema_find(name);
    if (c >= COL_REPORT_COUNT)
        c = COL_COUNT;
    for (size_t i = 0; i < h->count && c != COL_COUNT; i++) {
        if (h->column[i] == c)
            c = COL_COUNT;
    }
    h->ends = xrealloc(h->ends, h->count + 1, sizeof *h->ends);
    h->column = xrealloc(h->column, h->count + 1, sizeof *h->column);
    buffer_add(&h->names, name.data, name.len);
    h->ends[h->count] = h->names.len;
    h->column[h->count++] = (uint8_t)c;
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
    *h = (struct header){0};
}

/* Room for one more after COUNT; the room doubles at the powers of two. */
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

static void add_mark(struct report_batch *batch, struct line_mark mark)
{
    batch->marks = grown(batch->marks, batch->mark_count, sizeof mark);
    batch->marks[batch->mark_count++] = mark;
}

__attribute__((format(printf, 3, 0))) static struct problem problem(size_t file, size_t line, const char *format,
    va_list args)
{
    char raw[400];
    struct buffer text = {0};
    vsnprintf(raw, sizeof raw, format, args);
    text_harmless(&text, slice_of(raw), false);
    return (struct problem){file, line, text.data};
}

void print_problem(struct report_batch *batch, size_t file, size_t line, const char *format, ...)
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

void print_join(struct report_batch *batch, struct report_batch *more)
{
    for (size_t i = 0; i < more->problem_count; i++)
        add_problem(batch, more->problems[i]);
    for (size_t i = 0; i < more->mark_count; i++)
        add_mark(batch, more->marks[i]);
    batch->problems_left += more->problems_left;
    batch->rows += more->rows;
    batch->has_text_codes |= more->has_text_codes;
    batch->text_ready = more->text_ready > batch->text_ready ? more->text_ready : batch->text_ready;
    batch->segments = more->segments > batch->segments ? more->segments : batch->segments;
    free(more->problems);
    free(more->marks);
    *more = (struct report_batch){0};
}

static uint32_t state_code(enum state s)
{
    return (uint32_t)(s - STATE_NA);
}

static bool is_na(struct slice s)
{
    return s.len == 3 && memcmp(s.data, "N/A", 3) == 0;
}

static uint32_t time_code(struct slice s)
{
    int64_t t;
    if (is_na(s))
        return CODE_NA;
    if (timestamp_parse(s, &t))
        return t >= CODE_FIRST && t <= UINT32_MAX ? (uint32_t)t : CODE_TEXT;
    enum state state = state_of_text(s);
    return state == STATE_VALUE ? CODE_MALFORMED : state_code(state);
}

static uint32_t bool_code(struct slice s)
{
    if (s.len == 5 && (memcmp(s.data, "false", 5) == 0 || slice_equal_nocase(s, slice_of("false"))))
        return CODE_FIRST;
    if (s.len == 4 && (memcmp(s.data, "true", 4) == 0 || slice_equal_nocase(s, slice_of("true"))))
        return CODE_FIRST + 1;
    enum state state = state_of_text(s);
    return state == STATE_VALUE ? CODE_MALFORMED : state_code(state);
}

static uint32_t dict_code(struct dict *d, struct slice s)
{
    size_t index = dict_add(d, s);
    return index < DICT_MAX ? (uint32_t)(CODE_FIRST + index) : CODE_TEXT;
}

/* Most words were seen a moment ago: no need to ask the dictionary, which the threads share. */
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
    enum state state = state_of_text(s);
    uint32_t code = state == STATE_VALUE ? dict_code(&w->report->words, s) : state_code(state);
    if (code >= CODE_FIRST)
        *seen = (struct seen_word){dict_word(&w->report->words, code - CODE_FIRST), code};
    return code;
}

static inline void put(struct report_writer *w, struct report_block *b, size_t i, enum column c, uint32_t code)
{
    w->batch.has_text_codes |= code == CODE_TEXT;
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

static void put_field(struct report_writer *w, struct report_block *b, size_t i, size_t line, enum column c,
    struct slice text)
{
    uint32_t code;
    switch (report_storage[c].kind) {
    case STORED_TIME:
    case STORED_RARE_TIME: code = time_code(text); break;
    case STORED_FLAG:
    case STORED_RARE_FLAG: code = bool_code(text); break;
    case STORED_WORD: code = word_code(w, text); break;
    default: return;
    }
    if (code == CODE_MALFORMED)
        print_problem(&w->batch, w->file, line, "%s is not a %s: \"%.*s\"", schema[c].name,
            schema[c].type == TYPE_BOOL ? "boolean" : "time", (int)(text.len > 80 ? 80 : text.len), text.data);
    put(w, b, i, c, code);
}

static void put_derived(struct report_writer *w, struct report_block *b, size_t i, struct slice user, struct slice arn)
{
    struct slice head = w->arn_head;
    bool is_root;
    if (head.len && arn.len > head.len && memcmp(arn.data, head.data, head.len) == 0) {
        struct slice rest = {arn.data + head.len, arn.len - head.len};
        is_root = (rest.len == 4 && memcmp(rest.data, "root", 4) == 0) || slice_equal(user, slice_of("<root_account>"));
    } else {
        struct slice account = arn_account(arn);
        w->account_code = account.len ? dict_code(&w->report->accounts, account) : CODE_ABSENT;
        w->arn_head = arn_head(arn);
        is_root = arn_is_root(user, arn);
    }
    put(w, b, i, COL_ACCOUNT, w->account_code);
    put(w, b, i, COL_ROOT, CODE_FIRST + is_root);
}

/* What report_block.start can hold. */
enum { START_MAX = LIMIT(0x7fffffff, 1 << 15) };

void report_write(struct report_writer *w, size_t row, size_t line, const struct report_row *fields, uint64_t at,
    bool decoded)
{
    struct report_block *b = w->report->blocks[row >> BLOCK_BITS];
    size_t i = row & BLOCK_MASK, start = fields->start;
    const struct header *h = w->header;
    struct slice user = {"", 0}, arn = {"", 0};
    uint64_t from = at - b->base[decoded];
    w->too_long |= from > START_MAX;
    b->start[i] = (uint32_t)from | (uint32_t)decoded << 31;
    if (row != w->next_row || line != w->next_line)
        add_mark(&w->batch, (struct line_mark){(uint32_t)row, line});
    w->next_row = row + 1;
    w->next_line = line + 1;
    w->batch.rows++;
    if (fields->count > ROW_FIELDS_MAX)
        w->too_wide = line;
    if (fields->count && fields->ends[fields->count - 1] - fields->start > ROW_BYTES_MAX)
        w->too_large = line;
    if (fields->count != h->count)
        print_problem(&w->batch, w->file, line, "the row has %zu fields, the header %zu; kept as it is", fields->count,
            h->count);
    for (size_t p = 0; p < h->count; p++) {
        enum column c = (enum column)h->column[p];
        struct slice text = {"", 0};
        if (p < fields->count) {
            text = (struct slice){fields->text + start, fields->ends[p] - start};
            start = fields->ends[p] + fields->gap;
        }
        if (c == COL_COUNT)
            continue;
        if (p >= fields->count)
            put(w, b, i, c, CODE_ABSENT);
        else if (c == COL_USER)
            user = text;
        else if (c == COL_ARN)
            arn = text;
        else
            put_field(w, b, i, line, c, text);
    }
    for (size_t k = 0; k < h->lacks_count; k++)
        put(w, b, i, h->lacks[k], CODE_ABSENT);
    put_derived(w, b, i, user, arn);
}

/* A decoded row: how many fields, where each ends, and their text end to end. */
size_t decoded_size(const uint32_t *ends, size_t count)
{
    return (count + 1) * sizeof *ends + (count ? ends[count - 1] : 0);
}

void decoded_write(char *out, const char *text, const uint32_t *ends, size_t count)
{
    uint32_t n = (uint32_t)count;
    memcpy(out, &n, sizeof n);
    out += sizeof n;
    memcpy(out, ends, count * sizeof *ends);
    out += count * sizeof *ends;
    if (count && ends[count - 1])
        memcpy(out, text, ends[count - 1]);
}

/* The *HAVE things of SIZE at TO, and COUNT more from FROM. */
static void *joined(void *to, size_t have, const void *from, size_t count, size_t size)
{
    if (!count)
        return to;
    char *all = xrealloc(to, have + count, size);
    memcpy(all + have * size, from, count * size);
    return all;
}

static size_t column_index(struct report *r, struct slice name, enum column known, bool duplicate)
{
    for (size_t i = 0; i < r->column_count && !duplicate; i++) {
        if (known != COL_COUNT ? r->columns[i].known == known : slice_equal(slice_of(r->columns[i].name), name))
            return i;
    }
    r->columns = xrealloc(r->columns, r->column_count + 1, sizeof *r->columns);
    char *copy = xcalloc(name.len + 1, 1);
    if (name.len)
        memcpy(copy, name.data, name.len);
    r->columns[r->column_count] = (struct report_column){copy, known};
    return r->column_count++;
}

void report_publish_file(struct report *r, const char *name, const struct header *h)
{
    r->files = xrealloc(r->files, r->file_count + 1, sizeof *r->files);
    struct report_file *f = &r->files[r->file_count++];
    *f = (struct report_file){.column_count = h->count, .first_row = (uint32_t)r->row_count};
    f->name = xstrdup(name);
    f->columns = xcalloc(h->count, sizeof *f->columns);
    for (size_t c = 0; c < COL_REPORT_COUNT; c++)
        f->position[c] = SIZE_MAX;
    for (size_t i = 0; i < h->count; i++) {
        bool duplicate = false;
        for (size_t j = 0; j < i && !duplicate; j++)
            duplicate = slice_equal_nocase(header_name(h, i), header_name(h, j));
        f->columns[i] = column_index(r, header_name(h, i), (enum column)h->column[i], duplicate);
        if (h->column[i] != COL_COUNT)
            f->position[h->column[i]] = i;
    }
}

/* As many as there is room for; the last one then says how many more there are. */
static void take_problems(struct report *r, struct report_batch *batch)
{
    size_t room = r->problem_count < PROBLEMS_MAX ? PROBLEMS_MAX - r->problem_count : 0;
    size_t n = batch->problem_count < room ? batch->problem_count : room;
    r->problems = joined(r->problems, r->problem_count, batch->problems, n, sizeof *r->problems);
    r->problem_count += n;
    for (size_t i = n; i < batch->problem_count; i++)
        free(batch->problems[i].text);
    size_t left = batch->problem_count - n + batch->problems_left;
    if (!left)
        return;
    size_t line = n < batch->problem_count ? batch->problems[n].line : r->problems[r->problem_count - 1].line;
    if (r->problems_left) {
        line = r->problems[--r->problem_count].line;
        free(r->problems[r->problem_count].text);
    }
    r->problems_left += left;
    report_add_problem(r, r->file_count - 1, line, "%zu more problem%s not listed from here on", r->problems_left,
        r->problems_left == 1 ? " is" : "s are");
}

void report_publish(struct report *r, struct report_batch *batch)
{
    struct report_file *f = &r->files[r->file_count - 1];
    take_problems(r, batch);
    f->marks = joined(f->marks, f->mark_count, batch->marks, batch->mark_count, sizeof *f->marks);
    f->mark_count += batch->mark_count;
    r->has_text_codes |= batch->has_text_codes;
    r->row_count += batch->rows;
    r->segment_count = batch->segments > r->segment_count ? batch->segments : r->segment_count;
    r->text_ready = batch->text_ready > r->text_ready ? batch->text_ready : r->text_ready;
    r->account_count = dict_count(&r->accounts);
    free(batch->problems);
    free(batch->marks);
    *batch = (struct report_batch){0};
}

void report_add_problem(struct report *r, size_t file, size_t line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct problem p = problem(file, line, format, args);
    va_end(args);
    r->problems = joined(r->problems, r->problem_count++, &p, 1, sizeof p);
}
