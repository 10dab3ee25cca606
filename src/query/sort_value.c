/* Sorts by text and by values that codes cannot hold: in-place radix sort, most significant bits first. */
#include "query/sort_priv.h"

#include "base/large_pages.h"
#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * One thing to sort. For text, WORD holds the first PREFIX bytes in lower case, padded with zeros, and in its last byte
 * their number + 1 (LONGER if the text goes on), so that shorter texts come first:
 *
 *     "Ab"    word[0] = 61 62 00 00 00 00 00 00    word[1] = 00 00 00 00 00 00 00 03
 *
 * PLACE is the position before sorting, which makes the sort stable.
 */
enum { PREFIX = 15, LONGER = PREFIX + 2 };
struct sort_entry {
    uint64_t word[2]; /* compared as big-endian bytes; all ones if there is no value */
    uint32_t id, place;
};

struct value_sorting {
    const struct sort_source *source;
    const uint32_t *ids;
    int column;
    bool is_text;
    uint64_t flip;        /* all ones to sort in descending order, else 0 */
    struct slice *texts;  /* by place; filled in only for texts longer than PREFIX */
    struct chunk *kept;   /* owned: copies of texts that were in SCRATCH */
    struct cancel_token *cancel, own; /* OWN checks CANCEL, and stops all threads when it has ended */
    pthread_t beginner;   /* the thread that may check CANCEL */
    atomic_bool is_over;
    size_t job_most;      /* ranges up to this size become jobs for all threads; 0: none do */
    struct range *jobs;
    size_t job_count, job_room;
};

/* Entries whose texts are equal up to DEPTH. Their WORD holds the bytes from DEPTH on. */
struct range {
    struct value_sorting *sorting;
    struct sort_entry *at;
    size_t count, depth;
};
enum { WORTH_ASKING = 1 << 12 }; /* entries handled between two checks for cancellation */

static bool cancelled(void *sorting)
{
    struct value_sorting *s = sorting;
    if (cancel_check(s->cancel))
        atomic_store(&s->is_over, true);
    return atomic_load(&s->is_over);
}

/* The token that this thread may check; NULL for other threads than the first. */
static struct cancel_token *own_cancel(struct value_sorting *s)
{
    return pthread_equal(pthread_self(), s->beginner) ? &s->own : NULL;
}

static bool was_cancelled(struct value_sorting *s)
{
    return cancel_check(own_cancel(s)) || atomic_load(&s->is_over);
}

/* A block of memory for copied texts. */
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

static uint64_t lower_word(uint64_t word)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    uint64_t low = word & ~high, above_at = low + ones * (0x80 - 'A'), above_z = low + ones * (0x80 - 'Z' - 1);
    return word | ((above_at & ~above_z & ~word & high) >> 2);
}

/* Up to eight bytes of TEXT as a big-endian number, in lower case, padded with zeros. */
static uint64_t word_of(const char *text, size_t len)
{
    unsigned char bytes[8];
    uint64_t word = 0;
    if (len < 8) {
        for (unsigned i = 0; i < len; i++)
            word |= (uint64_t)(unsigned char)text[i] << (56 - 8 * i);
        return lower_word(word);
    }
    memcpy(bytes, text, 8);
    for (unsigned i = 0; i < 8; i++)
        word = word << 8 | bytes[i];
    return lower_word(word);
}

static void read_text(const struct value_sorting *s, struct sort_entry *e, struct slice text, size_t depth)
{
    size_t left = text.len > depth ? text.len - depth : 0;
    uint64_t first = left ? word_of(text.data + depth, left) : 0;
    uint64_t second = left > 8 ? word_of(text.data + depth + 8, left - 8) & ~UINT64_C(255) : 0;
    e->word[0] = first ^ s->flip;
    e->word[1] = (second | (left > PREFIX ? LONGER : left + 1)) ^ s->flip;
}

/* Read the bytes from the new DEPTH on into the words of some entries. */
static void read_on(void *range, size_t from, size_t to)
{
    const struct range *r = range;
    for (size_t i = from; i < to; i++)
        read_text(r->sorting, &r->at[i], r->sorting->texts[r->at[i].place], r->depth);
}

/* Fill in entries FROM to TO from their things. */
static void gather_entries(void *range, size_t from, size_t to)
{
    struct range *r = range;
    struct value_sorting *s = r->sorting;
    struct buffer scratch = {0};
    for (size_t i = from; i < to; i++) {
        struct sort_entry *e = &r->at[i];
        struct value v = s->source->value(s->source->context, s->ids[i], s->column, &scratch);
        *e = (struct sort_entry){{UINT64_MAX, UINT64_MAX}, s->ids[i], (uint32_t)i};
        if (v.state == STATE_VALUE && s->is_text) {
            read_text(s, e, v.text, 0);
            if (v.text.len > PREFIX)
                s->texts[i] = v.text.data == scratch.data ? keep_text(&s->kept, v.text) : v.text;
        } else if (v.state == STATE_VALUE) {
            e->word[0] = (uint64_t)v.number ^ UINT64_C(1) << 63 ^ s->flip;
            e->word[1] = 0;
        }
    }
    buffer_free(&scratch);
}

static bool same_words(const struct sort_entry *a, const struct sort_entry *b)
{
    return a->word[0] == b->word[0] && a->word[1] == b->word[1];
}

/* Whether the entry's text goes on after the bytes in its words. */
static bool is_longer(const struct value_sorting *s, const struct sort_entry *e)
{
    return ((e->word[1] ^ s->flip) & 255) == LONGER;
}

/* Compare the rest of both texts. Used when very long beginnings are equal. */
static bool deep_before(const struct range *r, const struct sort_entry *a, const struct sort_entry *b)
{
    struct slice x = r->sorting->texts[a->place], y = r->sorting->texts[b->place];
    int order = slice_compare_nocase((struct slice){x.data + r->depth, x.len - r->depth},
        (struct slice){y.data + r->depth, y.len - r->depth});
    return !order ? a->place < b->place : r->sorting->flip ? order > 0 : order < 0;
}

static void merge_sort(const struct range *r, struct sort_entry *at, struct sort_entry *spare, size_t n)
{
    if (n < 2 || (n >= WORTH_ASKING && was_cancelled(r->sorting)))
        return;
    size_t half = n / 2, i = 0, j = half, o = 0;
    merge_sort(r, at, spare, half);
    merge_sort(r, at + half, spare, n - half);
    memcpy(spare, at, half * sizeof *at);
    while (i < half)
        at[o++] = j < n && deep_before(r, &at[j], &spare[i]) ? at[j++] : spare[i++];
}

/*
 * The words of all entries of R are equal: read the next bytes of the texts or, at their end, sort by place. Returns
 * false if nothing is left to sort.
 */
static bool deepen(struct range *r)
{
    enum { DEEP = 8 * PREFIX };
    struct value_sorting *s = r->sorting;
    if (!is_longer(s, r->at)) {
        for (size_t i = 0; i < r->count; i++)
            r->at[i].word[0] = r->at[i].place;
        return true;
    }
    r->depth += PREFIX;
    if (r->depth > DEEP) {
        struct sort_entry *spare = large_pages_new(r->count / 2, sizeof *spare);
        merge_sort(r, r->at, spare, r->count);
        free(spare);
        return false;
    }
    if (r->count >= WORTH_ASKING) /* threads are free to help here while jobs are only collected */
        return parallel_pieces(r->count, WORTH_ASKING, s->job_most, read_on, r, own_cancel(s));
    read_on(r, 0, r->count);
    return true;
}

static void sort_range(struct range r);

static bool entry_before(const struct sort_entry *a, const struct sort_entry *b)
{
    return a->word[0] != b->word[0] ? a->word[0] < b->word[0]
        : a->word[1] != b->word[1] ? a->word[1] < b->word[1] : a->place < b->place;
}

static void sort_few(const struct range *r)
{
    for (size_t i = 1; i < r->count; i++) {
        struct sort_entry e = r->at[i];
        size_t k = i;
        for (; k > 0 && entry_before(&e, &r->at[k - 1]); k--)
            r->at[k] = r->at[k - 1];
        r->at[k] = e;
    }
    for (size_t i = 0, end; i < r->count; i = end) {
        for (end = i + 1; end < r->count && same_words(&r->at[end], &r->at[i]); end++)
            ;
        struct range same = {r->sorting, r->at + i, end - i, r->depth};
        if (end - i > 1 && is_longer(r->sorting, &r->at[i]) && deepen(&same))
            sort_range(same);
    }
}

/* Some bits of one of the words. Small ranges use few bits, because all values of the digit are visited. */
enum { BITS_LEAST = 6, BITS_MOST = 16 };
struct digit {
    unsigned word, shift, values;
};

static struct digit digit_for(size_t count, const uint64_t differ[2])
{
    unsigned word = !differ[0], top = 64 - (unsigned)__builtin_clzll(differ[word]);
    unsigned bits = 62 - (unsigned)__builtin_clzll(count);
    bits = bits < BITS_LEAST ? BITS_LEAST : bits > BITS_MOST ? BITS_MOST : bits;
    return (struct digit){word, top < bits ? 0 : top - bits, 1U << bits};
}

/* Move each entry to the part for its digit, in place. END[V] is set to the end of the part for digit V. */
static void distribute(const struct range *r, struct digit d, uint32_t *end)
{
    enum { AHEAD = 5 };
    uint32_t *next = xrealloc(NULL, d.values, sizeof *next), place = 0;
    struct sort_entry *at = r->at;
    memset(end, 0, d.values * sizeof *end);
    for (size_t i = 0; i < r->count; i++)
        end[at[i].word[d.word] >> d.shift & (d.values - 1)]++;
    for (unsigned v = 0; v < d.values; v++) {
        next[v] = place;
        place += end[v];
        end[v] = place;
    }
    for (unsigned v = 0; v < d.values; v++) {
        while (next[v] < end[v]) {
            struct sort_entry e = at[next[v]];
            uint64_t key = at[next[v]].word[d.word];
            for (unsigned to; (to = key >> d.shift & (d.values - 1)) != v;) {
                struct sort_entry *other = &at[next[to]++], kept = *other;
                __builtin_prefetch(other + AHEAD, 1);
                key = other->word[d.word];
                *other = e;
                e = kept;
            }
            at[next[v]++] = e;
        }
    }
    free(next);
}

static void put_off(const struct range *r)
{
    struct value_sorting *s = r->sorting;
    if (s->job_count == s->job_room) {
        s->job_room = s->job_room ? s->job_room * 2 : 64;
        s->jobs = xrealloc(s->jobs, s->job_room, sizeof *s->jobs);
    }
    s->jobs[s->job_count++] = *r;
}

/* Split R by a digit, sort all parts but the largest, and set R to the largest. */
static void split_range(struct range *r, struct digit d)
{
    uint32_t *end = xrealloc(NULL, d.values, sizeof *end), from = 0;
    struct range largest = {r->sorting, r->at, 0, r->depth};
    distribute(r, d, end);
    for (unsigned v = 0; v < d.values; from = end[v++]) {
        struct range part = {r->sorting, r->at + from, end[v] - from, r->depth};
        if (part.count > largest.count) {
            struct range other = largest;
            largest = part;
            part = other;
        }
        if (part.count > 1)
            sort_range(part);
    }
    free(end);
    *r = largest;
}

/*
 * Sort by the first bits that differ, then by the next. The loop continues with the largest part and recurses into the
 * others, so that the recursion stays shallow.
 */
static void sort_range(struct range r)
{
    enum { FEW = 28 };
    while (r.count > FEW) {
        uint64_t differ[2] = {0, 0};
        if (r.count <= r.sorting->job_most) {
            put_off(&r);
            return;
        }
        if (r.count >= WORTH_ASKING && was_cancelled(r.sorting))
            return;
        for (size_t i = 1; i < r.count; i++) {
            differ[0] |= r.at[i].word[0] ^ r.at[0].word[0];
            differ[1] |= r.at[i].word[1] ^ r.at[0].word[1];
        }
        if (differ[0] | differ[1])
            split_range(&r, digit_for(r.count, differ));
        else if (!deepen(&r))
            return;
    }
    sort_few(&r);
}

static void do_jobs(void *sorting, size_t from, size_t to)
{
    const struct value_sorting *s = sorting;
    for (size_t i = from; i < to; i++)
        sort_range(s->jobs[i]);
}

enum { JOBS = 32 };

/* Sort all entries and write their ids to IDS in that order. */
static void sort_entries(const struct range *all, uint32_t *ids, bool threads)
{
    struct value_sorting *s = all->sorting;
    sort_range(*all);
    s->job_most = 0;
    parallel_pieces(s->job_count, 1, threads, do_jobs, s, &s->own);
    for (size_t i = 0; i < all->count && !cancel_is_set(&s->own); i++)
        ids[i] = all->at[i].id;
}

void sort_by_value(struct sort_key key, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p)
{
    bool several = source->threads && count > PARALLEL_PIECE && parallel_threads() > 1;
    struct value_sorting s = {.source = source, .ids = ids, .column = (int)key.column,
        .is_text = source->type(source->context, (int)key.column) == TYPE_TEXT, .flip = key.descending ? UINT64_MAX : 0,
        .cancel = p, .own = {.is_over = cancelled, .context = &s}, .beginner = pthread_self(),
        .job_most = several ? count / JOBS : 0};
    struct range all = {&s, large_pages_new(count, sizeof *all.at), count, 0};
    s.texts = s.is_text ? large_pages_new(count, sizeof *s.texts) : NULL;
    if (parallel_pieces(count, WORTH_ASKING, several, gather_entries, &all, &s.own))
        sort_entries(&all, ids, several);
    free_texts(s.kept);
    free(s.texts);
    free(s.jobs);
    free(all.at);
}

/* ---- several numbers packed into one word ---- */

/*
 * Append the values of one key to word[0] of each entry, of which *BITS bits are in use so far; missing values sort
 * last. Entries are still in their original order, which mostly is the order of the values in memory. Returns false if
 * 63 bits do not suffice.
 */
static bool pack_key(struct value_sorting *s, struct sort_key key, struct sort_entry *at, size_t count, unsigned *bits)
{
    enum { BITS_MAX = 63 };
    const int64_t missing = INT64_MIN;
    int64_t least = INT64_MAX, most = missing;
    struct buffer scratch = {0};
    for (size_t i = 0; i < count && (i % WORTH_ASKING || !was_cancelled(s)); i++) {
        struct value v = s->source->value(s->source->context, s->ids[i], (int)key.column, &scratch);
        int64_t number = v.state == STATE_VALUE ? v.number : missing;
        least = number != missing && number < least ? number : least;
        most = number > most ? number : most;
        at[i].word[1] = (uint64_t)number;
    }
    buffer_free(&scratch);
    if (most == missing) /* no row has a value */
        return true;
    uint64_t values = (uint64_t)most - (uint64_t)least + 1;
    unsigned own = values ? 64 - (unsigned)__builtin_clzll(values) : 64;
    *bits += own;
    for (size_t i = 0; i < count && *bits <= BITS_MAX; i++) {
        uint64_t number = at[i].word[1], low = number == (uint64_t)missing ? values
            : key.descending ? (uint64_t)most - number : number - (uint64_t)least;
        at[i].word[0] = at[i].word[0] << own | low;
    }
    return *bits <= BITS_MAX;
}

bool sort_by_numbers(const struct sort_order *order, const struct sort_source *source, uint32_t *ids, size_t count,
    struct cancel_token *p)
{
    struct value_sorting s = {.source = source, .ids = ids, .cancel = p,
        .own = {.is_over = cancelled, .context = &s}, .beginner = pthread_self()};
    unsigned bits = 0;
    bool fits = true;
    for (size_t k = 0; k < order->count; k++) {
        if (source->type(source->context, (int)order->keys[k].column) == TYPE_TEXT)
            return false;
    }
    struct range all = {&s, large_pages_new(count, sizeof *all.at), count, 0};
    for (size_t i = 0; i < count; i++)
        all.at[i] = (struct sort_entry){{0, 0}, ids[i], (uint32_t)i};
    for (size_t k = 0; k < order->count && fits && !cancel_is_set(&s.own); k++)
        fits = pack_key(&s, order->keys[k], all.at, count, &bits);
    for (size_t i = 0; i < count; i++)
        all.at[i].word[1] = 0;
    if (fits && !cancel_is_set(&s.own))
        sort_entries(&all, ids, false);
    free(s.jobs);
    free(all.at);
    return fits || cancel_is_set(&s.own);
}
