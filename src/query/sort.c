/* One stable pass per key, last key first. Value codes are sorted by radix sort, least significant byte first. */
#include "query/sort_priv.h"

#include "base/cancel_sort.h"
#include "base/large_pages.h"
#include "report/context_columns.h"

#include <stdlib.h>

static int find_sort_column(struct slice name)
{
    enum column c = schema_find(name);
    return c == COL_COUNT ? -1 : (int)c;
}

const struct sort_names sort_users = {"users", find_sort_column, false};

bool sort_parse(struct sort_order *order, struct slice list, const struct sort_names *names, const struct report *r,
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
        int c = names->find(name);
        enum column extra = c < 0 && r ? extra_columns_find(r->extra, name) : COL_COUNT;
        if (extra != COL_COUNT)
            c = (int)extra;
        if (c < 0 && !names->are_all && context_columns_explain(name, r ? r->extra : NULL, "", err))
            return false;
        if (c < 0)
            return error_set(err, "no column \"%.*s\" to sort %s by; ncred --help=columns lists them", (int)name.len,
                name.data, names->what);
        if (order->count == SORT_KEYS_MAX)
            return error_set(err, "at most %d columns to sort by", SORT_KEYS_MAX);
        order->keys[order->count++] = (struct sort_key){(enum column)c, descending};
    }
    return order->count || error_set(err, "expected a list of columns to sort by, such as -idle,user");
}

bool sort_parse_late(struct sort_order *order, struct slice list, const struct sort_names *names,
    bool refuses_similar, bool *is_late, struct error *err)
{
    *is_late = false;
    for (struct slice rest = list; rest.len;) {
        const char *comma = memchr(rest.data, ',', rest.len);
        struct slice name = {rest.data, comma ? (size_t)(comma - rest.data) : rest.len};
        rest = comma ? (struct slice){comma + 1, rest.len - name.len - 1} : (struct slice){"", 0};
        name = name.len && name.data[0] == '-' ? (struct slice){name.data + 1, name.len - 1} : name;
        struct nearest near = {.text = name, .distance = name.len / 2 + 1, .only_slips = true};
        for (enum column c = 0; c < COL_COUNT; c++)
            nearest_try(&near, schema[c].name);
        *is_late |= name.len && names->find(name) < 0 && !(near.name && refuses_similar);
    }
    if (!*is_late)
        return sort_parse(order, list, names, NULL, err);
    order->count = 0;
    return true;
}

/* ---- by code ---- */

struct code_row {
    uint32_t key, row;
};

enum { AT_ONCE = 1 << 16 }; /* pairs handled between two checks for cancellation */

/* The end of the piece of COUNT pairs that begins at FROM. */
static size_t piece_end(size_t from, size_t count)
{
    return count - from < AT_ONCE ? count : from + AT_ONCE;
}

/* Copy each pair to its place by byte D of its key; AT[B] is the next place for byte B. Returns false if cancelled. */
static bool scatter(const struct code_row *from, struct code_row *to, size_t count, unsigned d, size_t *at,
    struct cancel_token *p)
{
    for (size_t i = 0; i < count && !cancel_check(p);) {
        for (size_t end = piece_end(i, count); i < end; i++)
            to[at[from[i].key >> d * 8 & 255]++] = from[i];
    }
    return !cancel_is_set(p);
}

/* Least significant byte first. A byte that is the same in all keys is skipped. */
static void radix_sort(struct code_row *pairs, struct code_row *spare, size_t count, struct cancel_token *p)
{
    size_t counts[4][256] = {{0}};
    for (size_t i = 0; i < count && !cancel_check(p);) {
        for (size_t end = piece_end(i, count); i < end; i++) {
            for (unsigned d = 0; d < 4; d++)
                counts[d][pairs[i].key >> d * 8 & 255]++;
        }
    }
    struct code_row *from = pairs, *to = spare;
    for (unsigned d = 0; d < 4; d++) {
        if (counts[d][from[0].key >> d * 8 & 255] == count)
            continue;
        size_t at = 0;
        for (unsigned v = 0; v < 256; v++) {
            size_t n = counts[d][v];
            counts[d][v] = at;
            at += n;
        }
        if (!scatter(from, to, count, d, counts[d], p))
            return;
        struct code_row *other = from;
        from = to;
        to = other;
    }
    if (from != pairs)
        memcpy(pairs, from, count * sizeof *pairs);
}

/* A word and its number in the dictionary. */
struct ranked_word {
    struct slice word;
    uint32_t number;
};

static int by_word(const void *a, const void *b)
{
    const struct ranked_word *x = a, *y = b;
    return slice_compare_nocase(x->word, y->word);
}

/*
 * The rank of each word of the column in text order; words that differ only in case share one. The caller frees the
 * array. Returns NULL if cancelled.
 */
static uint32_t *word_ranks(const struct report *r, enum column column, struct cancel_token *p)
{
    bool is_extra = extra_columns_at(r->extra, column) != NULL;
    /* A load in progress may add words: this many are there now. */
    size_t count = is_extra ? r->extra->words.count : dict_count(report_words(r, column));
    struct ranked_word *words = xcalloc(count, sizeof *words);
    uint32_t *rank = xcalloc(count, sizeof *rank);
    for (size_t i = 0; i < count; i++)
        words[i] = (struct ranked_word){report_word(r, column, CODE_FIRST + (uint32_t)i), (uint32_t)i};
    if (!cancel_sort(words, count, sizeof *words, by_word, p)) {
        free(words);
        free(rank);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        bool same = i && by_word(&words[i], &words[i - 1]) == 0;
        rank[words[i].number] = same ? rank[words[i - 1].number] : (uint32_t)i;
    }
    free(words);
    return rank;
}

/* The codes of all rows of the report; the caller frees them. */
static uint32_t *all_codes(const struct report *r, enum column column)
{
    uint32_t *all = large_pages_new(r->row_count, sizeof *all), scratch[REPORT_SPAN];
    for (size_t first = 0; first < r->row_count; first += REPORT_SPAN) {
        size_t n = r->row_count - first < REPORT_SPAN ? r->row_count - first : REPORT_SPAN;
        memcpy(all + first, report_codes(r, first, n, column, scratch), n * sizeof *all);
    }
    return all;
}

static void sort_by_code(struct sort_key key, const struct report *r, uint32_t *rows, size_t count,
    struct cancel_token *p)
{
    struct code_row *pairs = large_pages_new(count, sizeof *pairs), *spare = large_pages_new(count, sizeof *spare);
    uint32_t *all = count > r->row_count / 8 ? all_codes(r, key.column) : NULL;
    enum type type = report_column_info(r, key.column)->type;
    uint32_t *rank = type == TYPE_TEXT ? word_ranks(r, key.column, p) : NULL;
    /* a duration is coded as a moment: the longer, the earlier */
    bool reverse = key.descending != (type == TYPE_DURATION);
    for (size_t i = 0; i < count && (i % AT_ONCE || !cancel_check(p)); i++) {
        uint32_t scratch, code = all ? all[rows[i]] : *report_codes(r, rows[i], 1, key.column, &scratch);
        if (rank && code >= CODE_FIRST)
            code = CODE_FIRST + rank[code - CODE_FIRST];
        pairs[i] = (struct code_row){code < CODE_FIRST ? UINT32_MAX : reverse ? ~code : code - CODE_FIRST, rows[i]};
    }
    if (!cancel_is_set(p))
        radix_sort(pairs, spare, count, p);
    for (size_t i = 0; i < count && !cancel_is_set(p); i++)
        rows[i] = pairs[i].row;
    free(all);
    free(rank);
    free(spare);
    free(pairs);
}

static struct value row_value(const void *report, uint32_t row, int column, struct buffer *scratch)
{
    (void)scratch;
    return report_value(report, row, (enum column)column);
}

static enum type row_type(const void *report, int column)
{
    /* `change` sorts by how much a change matters, not by its name */
    return column == COL_CHANGE ? TYPE_NUMBER : report_column_info(report, (enum column)column)->type;
}

bool sort_rows(const struct sort_order *order, const struct report *r, uint32_t *rows, size_t count,
    struct cancel_token *p)
{
    struct sort_source source = {r, row_value, row_type, true};
    if (r->has_text_codes && count > 1 && order->count > 1 && sort_by_numbers(order, &source, rows, count, p))
        return !cancel_is_set(p);
    for (size_t k = count > 1 ? order->count : 0; k-- > 0 && !cancel_check(p);) {
        if (report_has_codes(order->keys[k].column) && !r->has_text_codes)
            sort_by_code(order->keys[k], r, rows, count, p);
        else
            sort_by_value(order->keys[k], &source, rows, count, p);
    }
    return !cancel_is_set(p);
}

bool sort_ids(const struct sort_order *order, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p)
{
    if (count > 1 && order->count > 1 && sort_by_numbers(order, source, ids, count, p))
        return !cancel_is_set(p);
    for (size_t k = count > 1 ? order->count : 0; k-- > 0 && !cancel_check(p);)
        sort_by_value(order->keys[k], source, ids, count, p);
    return !cancel_is_set(p);
}
