/*
 * Texts are copied to new segments, codes from block to block. Codes of words are translated between the dictionaries.
 */
#include "report/report_copy.h"

#include "base/memory.h"

#include <stdlib.h>

enum { SEGMENT_MIN = LIMIT(1 << 16, 1 << 6), SEGMENT_MAX = LIMIT(1 << 24, 1 << 9),
    START_MAX = LIMIT(0x7fffffff, 1 << 15) };

/* ---- files ---- */

/* Returns a header with the columns of a file of FROM. Free it with header_free(). */
static struct header header_of(const struct report *from, size_t file)
{
    const struct report_file *f = &from->files[file];
    struct header h = {.line = f->header_line};
    for (size_t i = 0; i < f->column_count; i++)
        header_add(&h, slice_of(from->columns[f->columns[i]].name));
    h.column = xcalloc(f->column_count + 1, sizeof *h.column);
    h.account = f->account;
    memset(h.column, COL_COUNT, f->column_count);
    for (enum column c = 0; c < COL_REPORT_COUNT; c++) {
        if (f->position[c] == SIZE_MAX)
            h.lacks[h.lacks_count++] = c;
        else
            h.column[f->position[c]] = (uint8_t)c;
    }
    return h;
}

static void begin_file(struct report_copy *c, const struct report *from, size_t file)
{
    report_copy_publish(c);
    if (c->from != from) {
        free(c->words);
        free(c->accounts);
        c->words = xcalloc(DICT_MAX, sizeof *c->words);
        c->accounts = xcalloc(DICT_MAX, sizeof *c->accounts);
    }
    if (!c->from) {
        report_init(c->to);
        c->segment = SIZE_MAX;
    }
    struct header h = header_of(from, file);
    report_publish_file(c->to, from->files[file].name, &h);
    header_free(&h);
    c->from = from;
    c->file = file;
    c->file_count = c->to->file_count;
    c->next_line = SIZE_MAX; /* no line, so that the file's first row gets a mark */
}

/* ---- text ---- */

/*
 * Returns room for SIZE bytes of text and sets *AT to its offset; NULL if there is none. Each segment begins with an
 * empty line: start_of() points rows to it whose offset from their block's base is too large.
 */
static char *room_for(struct report_copy *c, size_t size, uint64_t *at)
{
    enum { LOOKED_AT = 64 }; /* bytes behind a row that report_plain_text() lets callers read */
    struct report *to = c->to;
    struct report_segment *s = c->segment == SIZE_MAX ? NULL : &to->segments[c->segment];
    if (!s || s->size - c->used < size) {
        size_t next = !s ? SEGMENT_MIN : s->size < SEGMENT_MAX ? s->size * 2 : s->size;
        next = next < SEGMENT_MAX ? next : SEGMENT_MAX;
        if (s)
            memset(s->data + c->used, '\n', s->size - c->used < LOOKED_AT ? s->size - c->used : LOOKED_AT);
        c->segment = report_add_segment(to, next > size ? next : size + 1);
        s = &to->segments[c->segment];
        if (!s->data) {
            c->segment = SIZE_MAX;
            return NULL;
        }
        s->data[0] = '\n';
        c->used = 1;
    }
    *at = s->start + c->used;
    c->used += size;
    return s->data + c->used - size;
}

/* Returns the value of `start` for row ROW, whose text is at offset AT. */
static uint32_t start_of(const struct report *to, size_t row, uint64_t at, bool decoded)
{
    uint64_t from = at - report_block_of(to, row)->base[decoded];
    return from > START_MAX ? 0 : (uint32_t)from | (uint32_t)decoded << 31;
}

/* ---- codes ---- */

/* Returns the code in TO of the word that has CODE in FROM. KNOWN caches the results. */
static uint16_t word_code_of(struct dict *to, const struct dict *from, uint16_t *known, uint16_t code)
{
    if (code < CODE_FIRST)
        return code;
    uint16_t *found = &known[code - CODE_FIRST];
    if (!*found) {
        size_t index = dict_add(to, dict_word(from, (size_t)code - CODE_FIRST));
        *found = (uint16_t)(index < DICT_MAX ? CODE_FIRST + index : CODE_TEXT);
    }
    return *found;
}

static void copy_codes(struct report_copy *c, const struct report *from, size_t from_row, size_t to_row)
{
    const struct report_block *x = report_block_of(from, from_row);
    struct report_block *y = c->to->blocks[to_row >> BLOCK_BITS];
    size_t i = from_row & BLOCK_MASK, k = to_row & BLOCK_MASK;
    const int account = report_storage[COL_ACCOUNT].index;
    const struct report_memory *have = from->memory;
    struct report_memory *to = c->to->memory;
    for (size_t t = 0; t < BLOCK_TIMES; t++)
        y->time[t][k] = x->time[t][i];
    for (size_t f = 0; f < BLOCK_FLAGS; f++)
        y->flag[f][k] = x->flag[f][i];
    for (size_t t = 0; t < BLOCK_RARE_TIMES; t++)
        sparse_set(&y->rare_time[t], k, sparse_get(&x->rare_time[t], i));
    for (size_t f = 0; f < BLOCK_RARE_FLAGS; f++)
        sparse_set(&y->rare_flag[f], k, sparse_get(&x->rare_flag[f], i));
    for (int w = 0; w < BLOCK_WORDS; w++)
        y->word[w][k] = w == account ? word_code_of(&to->accounts, &have->accounts, c->accounts, x->word[w][i])
            : word_code_of(&to->words, &have->words, c->words, x->word[w][i]);
    atomic_fetch_or_explicit(&y->unknown_columns[k / REPORT_SPAN], report_unknown_cells(from, from_row),
        memory_order_relaxed);
}

/* ---- rows ---- */

bool report_copy_row(struct report_copy *c, const struct report *from, size_t row)
{
    size_t file = report_file_of(from, row);
    bool decoded;
    uint64_t at;
    struct slice bytes = report_row_bytes(from, row, &decoded);
    if (c->from != from || c->file != file || c->file_count != c->to->file_count)
        begin_file(c, from, file);
    size_t to_row = c->to->row_count + c->batch.rows, line = report_line_of(from, row);
    char *room = room_for(c, bytes.len + 1, &at);
    if (!room)
        return false;
    uint64_t base = c->to->segments[c->segment].start;
    if (!report_add_blocks(c->to, to_row, 1, base, base))
        return false;
    memcpy(room, bytes.data, bytes.len);
    room[bytes.len] = '\n';
    c->to->blocks[to_row >> BLOCK_BITS]->start[to_row & BLOCK_MASK] = start_of(c->to, to_row, at, decoded);
    copy_codes(c, from, row, to_row);
    if (line != c->next_line)
        report_batch_mark(&c->batch, (struct line_mark){(uint32_t)to_row, line});
    c->next_line = line + 1;
    c->batch.rows++;
    c->batch.has_text_codes |= from->has_text_codes;
    c->batch.latest = from->latest > c->batch.latest ? from->latest : c->batch.latest;
    c->batch.text_ready = at + bytes.len + 1;
    c->batch.segments = c->to->memory->segments_made;
    return true;
}

void report_copy_publish(struct report_copy *c)
{
    if (c->batch.rows)
        report_publish(c->to, &c->batch);
}

void report_copy_end(struct report_copy *c)
{
    report_batch_free(&c->batch);
    free(c->words);
    free(c->accounts);
    *c = (struct report_copy){0};
}
