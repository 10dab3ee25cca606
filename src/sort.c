/* One stable pass a key, the last key first: radix sort on codes, and on text eight bytes at a time. */
#include "sort.h"

#include "pages.h"

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

/* The code of every row of the report, to be looked up in any order; freed by the caller. */
static uint32_t *all_codes(const struct report *r, enum column column)
{
    uint32_t *all = pages_new(r->row_count, sizeof *all), scratch[REPORT_SPAN];
    for (size_t first = 0; first < r->row_count; first += REPORT_SPAN) {
        size_t n = r->row_count - first < REPORT_SPAN ? r->row_count - first : REPORT_SPAN;
        memcpy(all + first, report_codes(r, first, n, column, scratch), n * sizeof *all);
    }
    return all;
}

static void sort_by_code(struct sort_key key, const struct report *r, uint32_t *rows, size_t count)
{
    struct pair *pairs = pages_new(count, sizeof *pairs), *spare = pages_new(count, sizeof *spare);
    uint32_t *all = count > r->row_count / 8 ? all_codes(r, key.column) : NULL;
    const struct dict *d = key.column == COL_ACCOUNT ? &r->accounts : &r->words;
    uint32_t *rank = schema[key.column].type == TYPE_TEXT ? word_ranks(d) : NULL;
    /* the older, the earlier the moment that a duration's code is */
    bool reverse = key.descending != (schema[key.column].type == TYPE_DURATION);
    for (size_t i = 0; i < count; i++) {
        uint32_t scratch, code = all ? all[rows[i]] : *report_codes(r, rows[i], 1, key.column, &scratch);
        if (rank && code >= CODE_FIRST)
            code = CODE_FIRST + rank[code - CODE_FIRST];
        pairs[i] = (struct pair){code < CODE_FIRST ? UINT32_MAX : reverse ? ~code : code - CODE_FIRST, rows[i]};
    }
    radix_sort(pairs, spare, count);
    for (size_t i = 0; i < count; i++)
        rows[i] = pairs[i].row;
    free(all);
    free(rank);
    free(spare);
    free(pairs);
}

/* ---- by text, and by what a code cannot hold ---- */

/* Eight bytes of what a row is sorted by, so that they order as numbers do; and where the rest of it is. */
struct entry {
    uint64_t key;
    uint32_t row, text; /* index of the text */
};

struct by_text {
    struct slice *texts;
    struct entry *spare;
    bool descending;
    struct patience *patience;
};
enum { WORTH_ASKING = 1 << 12 }; /* things between two questions whether to go on */

static uint64_t lower_word(uint64_t word)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    uint64_t low = word & ~high, above_at = low + ones * (0x80 - 'A'), above_z = low + ones * (0x80 - 'Z' - 1);
    return word | ((above_at & ~above_z & ~word & high) >> 2);
}

/* Eight bytes from AT on, without regard to case and zeros behind the end, the first one the most significant. */
static uint64_t word_at(struct slice s, size_t at)
{
    unsigned char bytes[8] = {0};
    uint64_t key = 0;
    if (s.len >= at + 8)
        memcpy(bytes, s.data + at, 8);
    else if (s.len > at)
        memcpy(bytes, s.data + at, s.len - at);
    for (unsigned i = 0; i < 8; i++)
        key = key << 8 | bytes[i];
    return lower_word(key);
}

/* By the first eight bytes, least significant first; a byte that all keys share costs nothing. */
static void sort_words(struct entry *at, struct entry *spare, size_t count)
{
    size_t counts[8][256] = {{0}};
    for (size_t i = 0; i < count; i++) {
        for (unsigned d = 0; d < 8; d++)
            counts[d][at[i].key >> d * 8 & 255]++;
    }
    struct entry *from = at, *to = spare;
    for (unsigned d = 0; d < 8; d++) {
        size_t place = 0;
        if (counts[d][from[0].key >> d * 8 & 255] == count)
            continue;
        for (unsigned v = 0; v < 256; v++) {
            size_t n = counts[d][v];
            counts[d][v] = place;
            place += n;
        }
        for (size_t i = 0; i < count; i++)
            to[counts[d][from[i].key >> d * 8 & 255]++] = from[i];
        struct entry *other = from;
        from = to;
        to = other;
    }
    if (from != at)
        memcpy(at, from, count * sizeof *at);
}

static int compare(const struct by_text *t, const struct entry *a, const struct entry *b, size_t depth)
{
    int order = (a->key > b->key) - (a->key < b->key);
    if (order)
        return order;
    struct slice x = t->texts[a->text], y = t->texts[b->text];
    size_t from = depth + 8;
    bool both = x.len > from && y.len > from;
    order = both ? slice_compare_nocase((struct slice){x.data + from, x.len - from},
        (struct slice){y.data + from, y.len - from}) : (x.len > y.len) - (x.len < y.len);
    return t->descending ? -order : order;
}

static void merge_sort(const struct by_text *t, struct entry *at, struct entry *spare, size_t n, size_t depth)
{
    enum { FEW = 12 };
    if (n >= WORTH_ASKING && patience_ends(t->patience))
        return;
    if (n <= FEW) {
        for (size_t i = 1; i < n; i++) {
            struct entry e = at[i];
            size_t k = i;
            for (; k > 0 && compare(t, &at[k - 1], &e, depth) > 0; k--)
                at[k] = at[k - 1];
            at[k] = e;
        }
        return;
    }
    size_t half = n / 2;
    merge_sort(t, at, spare, half, depth);
    merge_sort(t, at + half, spare, n - half, depth);
    if (compare(t, &at[half - 1], &at[half], depth) <= 0)
        return;
    memcpy(spare, at, half * sizeof *at);
    size_t i = 0, j = half, o = 0;
    while (i < half)
        at[o++] = j < n && compare(t, &at[j], &spare[i], depth) < 0 ? at[j++] : spare[i++];
}

/* COUNT entries whose texts are the same up to DEPTH, a multiple of eight; their keys are what stands there. */
static void sort_entries(const struct by_text *t, struct entry *at, size_t count, size_t depth)
{
    enum { WORTH_COUNTING = 1 << 12, DEEP = 256 };
    if (count < WORTH_COUNTING || depth >= DEEP) {
        merge_sort(t, at, t->spare, count, depth);
        return;
    }
    if (patience_ends(t->patience))
        return;
    sort_words(at, t->spare, count);
    for (size_t i = 0, end; i < count; i = end) {
        bool longer = false;
        for (end = i; end < count && at[end].key == at[i].key; end++)
            longer |= t->texts[at[end].text].len != t->texts[at[i].text].len || t->texts[at[end].text].len > depth + 8;
        if (end - i == 1 || !longer)
            continue;
        for (size_t k = i; k < end; k++)
            at[k].key = word_at(t->texts[at[k].text], depth + 8) ^ (t->descending ? UINT64_MAX : 0);
        /* equal words, one of them padded: what is shorter comes first */
        sort_entries(t, at + i, end - i, depth + 8);
    }
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

/* Missing values come last, in whatever direction. */
static void sort_by_value(struct sort_key key, const struct sort_source *s, uint32_t *ids, size_t count,
    struct patience *p)
{
    struct entry *at = pages_new(count, sizeof *at);
    struct by_text t = {pages_new(count, sizeof *t.texts), pages_new(count, sizeof *at), key.descending, p};
    uint32_t *missing = pages_new(count, sizeof *missing);
    struct buffer scratch = {0};
    struct chunk *texts = NULL;
    bool is_text = s->type(s->context, (int)key.column) == TYPE_TEXT;
    size_t n = 0, missing_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (i % WORTH_ASKING == WORTH_ASKING - 1 && patience_ends(p))
            break;
        struct value v = s->value(s->context, ids[i], (int)key.column, &scratch);
        if (v.state != STATE_VALUE) {
            missing[missing_count++] = ids[i];
            continue;
        }
        uint64_t word = is_text ? word_at(v.text, 0) : (uint64_t)v.number ^ UINT64_C(1) << 63;
        t.texts[n] = !is_text ? (struct slice){"", 0} : v.text.data == scratch.data ? keep_text(&texts, v.text) : v.text;
        at[n] = (struct entry){word ^ (key.descending ? UINT64_MAX : 0), ids[i], (uint32_t)n};
        n++;
    }
    if (!patience_has_ended(p))
        sort_entries(&t, at, n, 0);
    for (size_t i = 0; i < n; i++)
        ids[i] = at[i].row;
    if (missing_count)
        memcpy(ids + n, missing, missing_count * sizeof *ids);
    free_texts(texts);
    buffer_free(&scratch);
    free(missing);
    free(t.texts);
    free(t.spare);
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

bool sort_rows(const struct sort_order *order, const struct report *r, uint32_t *rows, size_t count, struct patience *p)
{
    struct sort_source source = {r, row_value, row_type};
    for (size_t k = count > 1 ? order->count : 0; k-- > 0 && !patience_ends(p);) {
        if (report_has_codes(order->keys[k].column) && !r->has_text_codes)
            sort_by_code(order->keys[k], r, rows, count);
        else
            sort_by_value(order->keys[k], &source, rows, count, p);
    }
    return !patience_has_ended(p);
}

bool sort_ids(const struct sort_order *order, const struct sort_source *source, uint32_t *ids, size_t count,
    struct patience *p)
{
    for (size_t k = count > 1 ? order->count : 0; k-- > 0 && !patience_ends(p);)
        sort_by_value(order->keys[k], source, ids, count, p);
    return !patience_has_ended(p);
}
