/* Rows are counted block by block, by the column's codes if it has them, else by text. */
#include "browse/value_counts.h"

#include "base/memory.h"

#include <stdlib.h>

enum { CODED_STEP = 1 << 15, TEXT_STEP = 1 << 12, SEEN = 64 };

static struct slice value_counts_key(const void *owner, uint32_t number)
{
    const struct value_counts *v = owner;
    const struct value_count *c = &v->list[number];
    return (struct slice){v->text.data + c->start + c->len, c->len};
}

struct value_counts *value_counts_new(const struct report *r, const enum column *columns, size_t count, bool is_list)
{
    struct value_counts *v = xcalloc(1, sizeof *v);
    *v = (struct value_counts){.report = r, .column_count = count, .is_list = is_list,
        .index = {.text = value_counts_key}};
    for (size_t i = 0; i < count && i < 2; i++)
        v->columns[i] = columns[i];
    v->index.owner = v;
    v->list = xcalloc(VALUE_COUNTS_MAX, sizeof *v->list);
    v->order = xcalloc(VALUE_COUNTS_MAX, sizeof *v->order);
    return v;
}

void value_counts_free(struct value_counts *v)
{
    if (!v)
        return;
    hash_index_free(&v->index);
    buffer_free(&v->text);
    free(v->list);
    free(v->order);
    free(v);
}

struct slice value_counts_text(const struct value_counts *v, size_t index)
{
    return (struct slice){v->text.data + v->list[index].start, v->list[index].len};
}

bool value_counts_is_complete(const struct value_counts *v)
{
    return v->at >= v->report->row_count;
}

/* ---- one value ------------------------------------------------------------------ */

/*
 * Returns the index of the value TEXT (case ignored), adding it if it is new, or VALUE_COUNTS_MAX if it is too long.
 * The list must not be full.
 */
static size_t find_value(struct value_counts *v, struct slice text, uint32_t row)
{
    enum { LONGEST = 1 << 12 };
    size_t start = v->text.len;
    if (text.len > LONGEST) /* nobody types such a value, and a screen could not distinguish it */
        return VALUE_COUNTS_MAX;
    buffer_add(&v->text, text.data, text.len);
    for (size_t i = 0; i < text.len; i++) {
        char ch = text.data[i];
        buffer_putc(&v->text, ch >= 'A' && ch <= 'Z' ? (char)(ch | 0x20) : ch);
    }
    struct slice key = {v->text.data + start + text.len, text.len};
    uint32_t *slot = hash_index_add(&v->index, key, hash_text(key));
    if (*slot) {
        v->text.len = start;
        return *slot - 1;
    }
    v->list[v->count] = (struct value_count){.start = start, .len = text.len, .row = UINT32_MAX, .first = row};
    *slot = (uint32_t)v->count + 1;
    return v->count++;
}

/* Returns the index of the value TEXT if it is in the list, else VALUE_COUNTS_MAX. */
static size_t known_value(const struct value_counts *v, struct slice text)
{
    char lower[256];
    if (text.len > sizeof lower)
        return VALUE_COUNTS_MAX;
    for (size_t i = 0; i < text.len; i++)
        lower[i] = text.data[i] >= 'A' && text.data[i] <= 'Z' ? (char)(text.data[i] | 0x20) : text.data[i];
    struct slice key = {lower, text.len};
    const uint32_t *slot = hash_index_find(&v->index, key, hash_text(key));
    return slot ? *slot - 1 : VALUE_COUNTS_MAX;
}

/* Count ROW once for the value TEXT. Returns its index, or VALUE_COUNTS_MAX if the value is not counted. */
static size_t count_text_of(struct value_counts *v, struct slice text, uint32_t row)
{
    bool is_full = v->count == VALUE_COUNTS_MAX;
    size_t at = is_full ? known_value(v, text) : find_value(v, text, row);
    v->is_crowded |= at == VALUE_COUNTS_MAX;
    if (at == VALUE_COUNTS_MAX || (v->list[at].rows && v->list[at].row == row))
        return at;
    v->list[at].row = row;
    v->list[at].rows++;
    return at;
}

/* Count ROW for TEXT or, in a list, for each element. Returns the index of the last one. */
static size_t count_slice(struct value_counts *v, struct slice text, uint32_t row)
{
    struct slice element;
    size_t at = VALUE_COUNTS_MAX;
    if (!v->is_list)
        return count_text_of(v, text, row);
    while (extra_columns_next_element(&text, &element))
        at = count_text_of(v, element, row);
    return at;
}

static size_t count_value_number(struct value_counts *v, enum type type, int64_t number, uint32_t row)
{
    struct buffer b = {0};
    if (type == TYPE_BOOL)
        buffer_puts(&b, number ? "true" : "false");
    else if (type == TYPE_SEVERITY)
        buffer_puts(&b, severity_name((enum severity)number));
    else if (type == TYPE_RIGHTS)
        buffer_puts(&b, rights_name((enum rights)number));
    else
        buffer_number(&b, number);
    size_t at = count_text_of(v, (struct slice){b.data, b.len}, row);
    buffer_free(&b);
    return at;
}

/* ---- rows ------------------------------------------------------------------------- */

static void count_value_row(struct value_counts *v, enum column column, enum type type, uint32_t row)
{
    struct value value = report_value(v->report, row, column);
    if (value.state != STATE_VALUE)
        return;
    if (type == TYPE_TEXT)
        count_slice(v, value.text, row);
    else
        count_value_number(v, type, value.number, row);
}

/* SEEN caches the values of recent codes, so that most codes of a span are looked up only once. */
static void count_codes(struct value_counts *v, enum column column, enum type type, size_t first, size_t count)
{
    uint32_t scratch[REPORT_SPAN];
    struct {
        uint32_t code;
        size_t at;
    } seen[SEEN] = {{0}};
    const uint32_t *code = report_codes(v->report, first, count, column, scratch);
    for (size_t i = 0; i < count; i++) {
        uint32_t row = (uint32_t)(first + i), c = code[i], slot = c % SEEN;
        if (c < CODE_TEXT)
            continue;
        if (c == CODE_TEXT) {
            count_value_row(v, column, type, row);
        } else if (!v->is_list && seen[slot].code == c) {
            struct value_count *known = &v->list[seen[slot].at];
            known->rows++;
            known->row = row;
        } else {
            size_t at = type == TYPE_TEXT ? count_slice(v, report_word(v->report, column, c), row)
                : count_value_number(v, type, (int64_t)c - CODE_FIRST, row);
            seen[slot].code = at == VALUE_COUNTS_MAX ? 0 : c;
            seen[slot].at = at;
        }
    }
}

static void count_checks(struct value_counts *v, size_t first, size_t count)
{
    const struct report_block *b = report_block_of(v->report, first);
    for (size_t i = 0; i < count; i++) {
        size_t at = (first + i) & BLOCK_MASK;
        for (uint64_t left = check_sets_get(&b->failed, at); left; left &= left - 1)
            v->failing[__builtin_ctzll(left)]++;
        for (uint64_t left = sparse_get(&b->unknown, at); left; left &= left - 1)
            v->unknown[__builtin_ctzll(left)]++;
    }
}

/* Count COUNT rows from FIRST on, all in one span. */
static void count_span(struct value_counts *v, size_t first, size_t count)
{
    if (!v->column_count)
        count_checks(v, first, count);
    for (size_t k = 0; k < v->column_count; k++) {
        enum column column = v->columns[k];
        enum type type = report_column_info(v->report, column)->type;
        if (v->column_count == 1 && report_has_codes(column)) {
            count_codes(v, column, type, first, count);
            continue;
        }
        for (size_t i = 0; i < count; i++) { /* both columns of a row together, so that a value in both counts once */
            if (!k)
                count_value_row(v, column, type, (uint32_t)(first + i));
            if (!k && v->column_count > 1)
                count_value_row(v, v->columns[1], type, (uint32_t)(first + i));
        }
    }
}

static int compare_orders(const void *a, const void *b)
{
    const struct value_order *x = a, *y = b;
    return x->rows != y->rows ? (x->rows > y->rows ? -1 : 1) : (x->index > y->index) - (x->index < y->index);
}

bool value_counts_step(struct value_counts *v)
{
    size_t end = v->report->row_count, from = v->at;
    bool is_coded = !v->column_count || (v->column_count == 1 && report_has_codes(v->columns[0]));
    size_t most = is_coded ? CODED_STEP : TEXT_STEP;
    end = end - from > most ? from + most : end;
    while (v->at < end) {
        size_t span = REPORT_SPAN - v->at % REPORT_SPAN, count = end - v->at < span ? end - v->at : span;
        count_span(v, v->at, count);
        v->at += count;
    }
    for (size_t i = 0; i < v->count; i++)
        v->order[i] = (struct value_order){v->list[i].rows, (uint32_t)i};
    if (v->count)
        qsort(v->order, v->count, sizeof *v->order, compare_orders);
    return v->at > from;
}
