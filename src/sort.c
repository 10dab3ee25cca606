/* Merge sort over keys fetched once a row and column, so that no text is looked up twice. */
#include "sort.h"

#include <stdlib.h>

bool sort_parse(struct sort_order *order, struct slice list, struct error *err)
{
    order->count = 0;
    while (list.len) {
        const char *comma = memchr(list.data, ',', list.len);
        struct slice name = {list.data, comma ? (size_t)(comma - list.data) : list.len};
        list = comma ? (struct slice){comma + 1, list.len - name.len - 1} : (struct slice){"", 0};
        bool descending = name.len && name.data[0] == '-';
        if (descending)
            name = (struct slice){name.data + 1, name.len - 1};
        enum column c = schema_find(name);
        if (c == COL_COUNT)
            return error_set(err, "no column \"%.*s\" to sort by; ncred --help=columns lists them", (int)name.len, name.data);
        if (order->count == SORT_KEYS_MAX)
            return error_set(err, "at most %d columns to sort by", SORT_KEYS_MAX);
        order->keys[order->count++] = (struct sort_key){c, descending};
    }
    return order->count || error_set(err, "a list of columns to sort by is wanted, such as -idle,user");
}

struct sorter {
    const struct sort_order *order;
    struct value *values; /* COUNT rows by the order's keys */
};

static int compare_values(enum column column, const struct value *a, const struct value *b)
{
    if (schema[column].type == TYPE_TEXT)
        return slice_compare_nocase(a->text, b->text);
    return (a->number > b->number) - (a->number < b->number);
}

static int compare(const struct sorter *s, size_t a, size_t b)
{
    for (size_t k = 0; k < s->order->count; k++) {
        const struct value *x = &s->values[a * s->order->count + k], *y = &s->values[b * s->order->count + k];
        bool has_x = x->state == STATE_VALUE, has_y = y->state == STATE_VALUE;
        if (has_x != has_y)
            return has_x ? -1 : 1;
        int d = has_x ? compare_values(s->order->keys[k].column, x, y) : 0;
        if (d)
            return s->order->keys[k].descending ? -d : d;
    }
    return 0;
}

static void merge_sort(const struct sorter *s, size_t *at, size_t *spare, size_t n)
{
    if (n < 2)
        return;
    size_t half = n / 2;
    merge_sort(s, at, spare, half);
    merge_sort(s, at + half, spare, n - half);
    memcpy(spare, at, half * sizeof *at);
    size_t i = 0, j = half, o = 0;
    while (i < half)
        at[o++] = j < n && compare(s, at[j], spare[i]) < 0 ? at[j++] : spare[i++];
}

void sort_rows(const struct sort_order *order, const struct report *r, uint32_t *rows, size_t count)
{
    if (!order->count || count < 2)
        return;
    struct sorter s = {order, xcalloc(count * order->count, sizeof *s.values)};
    size_t *at = xcalloc(count, sizeof *at), *spare = xcalloc(count, sizeof *spare);
    uint32_t *out = xcalloc(count, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        at[i] = i;
        for (size_t k = 0; k < order->count; k++)
            s.values[i * order->count + k] = report_value(r, rows[i], order->keys[k].column);
    }
    merge_sort(&s, at, spare, count);
    for (size_t i = 0; i < count; i++)
        out[i] = rows[at[i]];
    memcpy(rows, out, count * sizeof *rows);
    free(out);
    free(spare);
    free(at);
    free(s.values);
}
