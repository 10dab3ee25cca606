/* One stable pass a key, the last key first: radix sort on codes, merge sort on text behind an eight-byte prefix. */
#include "sort.h"

#include <stdlib.h>

static int find_column(struct slice name)
{
    enum column c = schema_find(name);
    return c == COL_COUNT ? -1 : (int)c;
}

bool sort_parse_of(struct sort_order *order, struct slice list, const char *what, int (*find)(struct slice name),
    struct error *err)
{
    order->count = 0;
    while (list.len) {
        const char *comma = memchr(list.data, ',', list.len);
        struct slice name = {list.data, comma ? (size_t)(comma - list.data) : list.len};
        list = comma ? (struct slice){comma + 1, list.len - name.len - 1} : (struct slice){"", 0};
        bool descending = name.len && name.data[0] == '-';
        if (descending)
            name = (struct slice){name.data + 1, name.len - 1};
        int c = find(name);
        if (c < 0)
            return error_set(err, "no column \"%.*s\" to sort %s by; ncred --help=columns lists them", (int)name.len,
                name.data, what);
        if (order->count == SORT_KEYS_MAX)
            return error_set(err, "at most %d columns to sort by", SORT_KEYS_MAX);
        order->keys[order->count++] = (struct sort_key){(enum column)c, descending};
    }
    return order->count || error_set(err, "a list of columns to sort by is wanted, such as -idle,user");
}

bool sort_parse(struct sort_order *order, struct slice list, struct error *err)
{
    return sort_parse_of(order, list, "users", find_column, err);
}

/* A row and what it is sorted by: a key that orders as the values do, missing ones last. */
struct entry {
    uint64_t key;
    uint32_t row;
    struct slice text;
};

/* ---- by code ---- */

struct pair {
    uint32_t key, row;
};

/* Least significant byte first; a byte that all keys share costs nothing. */
static void radix_sort(struct pair *pairs, struct pair *spare, size_t count)
{
    size_t counts[4][256] = {{0}};
    for (size_t i = 0; i < count; i++) {
        for (unsigned d = 0; d < 4; d++)
            counts[d][pairs[i].key >> d * 8 & 255]++;
    }
    struct pair *from = pairs, *to = spare;
    for (unsigned d = 0; d < 4; d++) {
        if (counts[d][from[0].key >> d * 8 & 255] == count)
            continue;
        size_t at = 0;
        for (unsigned v = 0; v < 256; v++) {
            size_t n = counts[d][v];
            counts[d][v] = at;
            at += n;
        }
        for (size_t i = 0; i < count; i++)
            to[counts[d][from[i].key >> d * 8 & 255]++] = from[i];
        struct pair *other = from;
        from = to;
        to = other;
    }
    if (from != pairs)
        memcpy(pairs, from, count * sizeof *pairs);
}

/* The place of each word in the order of text; words that differ by case only share one. */
static uint32_t *word_ranks(const struct dict *d)
{
    uint32_t *at = xcalloc(d->count, sizeof *at), *rank = xcalloc(d->count, sizeof *rank);
    /* a few hundred words: insertion is short and stable */
    for (size_t i = 0; i < d->count; i++) {
        size_t k = i;
        for (; k > 0 && slice_compare_nocase(dict_word(d, i), dict_word(d, at[k - 1])) < 0; k--)
            at[k] = at[k - 1];
        at[k] = (uint32_t)i;
    }
    for (size_t i = 0; i < d->count; i++) {
        bool same = i && slice_equal_nocase(dict_word(d, at[i]), dict_word(d, at[i - 1]));
        rank[at[i]] = same ? rank[at[i - 1]] : (uint32_t)i;
    }
    free(at);
    return rank;
}

static void sort_by_code(struct sort_key key, const struct report *r, uint32_t *rows, size_t count)
{
    struct pair *pairs = xcalloc(count, sizeof *pairs), *spare = xcalloc(count, sizeof *spare);
    const struct dict *d = key.column == COL_ACCOUNT ? &r->accounts : &r->words;
    uint32_t *rank = schema[key.column].type == TYPE_TEXT ? word_ranks(d) : NULL;
    /* the older, the earlier the moment that a duration's code is */
    bool reverse = key.descending != (schema[key.column].type == TYPE_DURATION);
    for (size_t i = 0; i < count; i++) {
        uint32_t scratch, code = *report_codes(r, rows[i], 1, key.column, &scratch);
        if (rank && code >= CODE_FIRST)
            code = CODE_FIRST + rank[code - CODE_FIRST];
        pairs[i] = (struct pair){code < CODE_FIRST ? UINT32_MAX : reverse ? ~code : code - CODE_FIRST, rows[i]};
    }
    radix_sort(pairs, spare, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = pairs[i].row;
    free(rank);
    free(spare);
    free(pairs);
}

/* ---- by text, and by what a code cannot hold ---- */

/* The first eight bytes without regard to case, so that most comparisons are of two numbers. */
static uint64_t prefix(struct slice s)
{
    uint64_t key = 0;
    for (size_t i = 0; i < 8; i++) {
        unsigned char c = i < s.len ? (unsigned char)s.data[i] : 0;
        key = key << 8 | (c >= 'A' && c <= 'Z' ? c + 32u : c);
    }
    return key;
}

static int compare(const struct entry *a, const struct entry *b, bool descending)
{
    if (!a->text.data || !b->text.data) /* missing */
        return (a->text.data == NULL) - (b->text.data == NULL);
    int order = (a->key > b->key) - (a->key < b->key);
    if (!order)
        order = slice_compare_nocase(a->text, b->text);
    return descending ? -order : order;
}

static void merge_sort(struct entry *at, struct entry *spare, size_t n, bool descending)
{
    if (n < 2)
        return;
    size_t half = n / 2;
    merge_sort(at, spare, half, descending);
    merge_sort(at + half, spare, n - half, descending);
    if (compare(&at[half - 1], &at[half], descending) <= 0)
        return;
    memcpy(spare, at, half * sizeof *at);
    size_t i = 0, j = half, o = 0;
    while (i < half)
        at[o++] = j < n && compare(&at[j], &spare[i], descending) < 0 ? at[j++] : spare[i++];
}

/* Texts that nobody else keeps. */
struct chunk {
    struct chunk *next;
    size_t used, size;
    char data[];
};

static struct slice keep_text(struct chunk **chunks, struct slice text)
{
    struct chunk *c = *chunks;
    if (!c || c->size - c->used < text.len) {
        size_t size = text.len > 65536 ? text.len : 65536;
        c = xcalloc(1, sizeof *c + size);
        *c = (struct chunk){.next = *chunks, .size = size};
        *chunks = c;
    }
    char *to = c->data + c->used;
    if (text.len)
        memcpy(to, text.data, text.len);
    c->used += text.len;
    return (struct slice){to, text.len};
}

static void free_texts(struct chunk *c)
{
    for (struct chunk *next; c; c = next) {
        next = c->next;
        free(c);
    }
}

/* By numbers that lie within four bytes of each other; false: they do not. */
static bool sort_by_number(struct entry *at, size_t count, bool descending)
{
    uint64_t least = UINT64_MAX, most = 0;
    for (size_t i = 0; i < count; i++) {
        least = at[i].text.data && at[i].key < least ? at[i].key : least;
        most = at[i].text.data && at[i].key > most ? at[i].key : most;
    }
    if (least <= most && most - least >= UINT32_MAX)
        return false;
    struct pair *pairs = xcalloc(count, sizeof *pairs), *spare = xcalloc(count, sizeof *spare);
    for (size_t i = 0; i < count; i++) {
        uint32_t key = (uint32_t)(descending ? most - at[i].key : at[i].key - least);
        pairs[i] = (struct pair){at[i].text.data ? key : UINT32_MAX, at[i].row};
    }
    radix_sort(pairs, spare, count);
    for (size_t i = 0; i < count; i++)
        at[i].row = pairs[i].row;
    free(spare);
    free(pairs);
    return true;
}

static void sort_by_value(struct sort_key key, const struct sort_source *s, uint32_t *ids, size_t count)
{
    struct entry *at = xcalloc(count, sizeof *at);
    struct buffer scratch = {0};
    struct chunk *texts = NULL;
    bool is_text = s->type(s->context, (int)key.column) == TYPE_TEXT;
    for (size_t i = 0; i < count; i++) {
        struct value v = s->value(s->context, ids[i], (int)key.column, &scratch);
        at[i] = (struct entry){.row = ids[i]};
        if (v.state != STATE_VALUE)
            continue;
        at[i].text = !is_text ? (struct slice){"", 0} : v.text.data == scratch.data ? keep_text(&texts, v.text) : v.text;
        at[i].key = is_text ? prefix(v.text) : (uint64_t)v.number ^ UINT64_C(1) << 63;
    }
    if (is_text || !sort_by_number(at, count, key.descending)) {
        struct entry *spare = xcalloc(count, sizeof *spare);
        merge_sort(at, spare, count, key.descending);
        free(spare);
    }
    for (size_t i = 0; i < count; i++)
        ids[i] = at[i].row;
    free_texts(texts);
    buffer_free(&scratch);
    free(at);
}

static struct value row_value(const void *report, uint32_t row, int column, struct buffer *scratch)
{
    (void)scratch;
    return report_value(report, row, (enum column)column);
}

static enum type row_type(const void *report, int column)
{
    (void)report;
    /* changes, as severities, by how much they matter */
    return column == COL_CHANGE ? TYPE_NUMBER : schema[column].type;
}

void sort_rows(const struct sort_order *order, const struct report *r, uint32_t *rows, size_t count)
{
    struct sort_source source = {r, row_value, row_type};
    for (size_t k = count > 1 ? order->count : 0; k-- > 0;) {
        if (report_has_codes(order->keys[k].column) && !r->has_text_codes)
            sort_by_code(order->keys[k], r, rows, count);
        else
            sort_by_value(order->keys[k], &source, rows, count);
    }
}

void sort_ids(const struct sort_order *order, const struct sort_source *source, uint32_t *ids, size_t count)
{
    for (size_t k = count > 1 ? order->count : 0; k-- > 0;)
        sort_by_value(order->keys[k], source, ids, count);
}
