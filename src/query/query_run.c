/* Evaluates queries for one row, for a span, and for lists of rows; the last on several threads. */
#include "query/query_priv.h"

#include "base/bug.h"
#include "report/credential.h"
#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

bool query_matches_credential(const struct query *q, const struct report *r, uint32_t id)
{
    struct span s = {r, credential_row(id), 1, 1 + (int)credential_slot(id), NULL};
    uint64_t bits[QUERY_WORDS] = {1};
    q->narrow(q, &s, bits);
    return bits[0];
}

bool query_matches(const struct query *q, const struct report *r, size_t row)
{
    struct span s = {r, row, 1, 0, NULL};
    uint64_t bits[QUERY_WORDS] = {1};
    q->narrow(q, &s, bits);
    return bits[0];
}

void query_span_begin(size_t count, uint64_t *bits)
{
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        size_t n = count > w * 64 ? count - w * 64 : 0;
        bits[w] = n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
    }
}

void query_span_narrow(const struct query *q, const struct report *r, size_t first, size_t count, uint64_t *bits)
{
    struct span s = {r, first, count, 0, NULL};
    BUG_ON(count > QUERY_SPAN || (first & BLOCK_MASK) + count > BLOCK_ROWS);
    q->narrow(q, &s, bits);
}

enum { FEW = 32 }; /* up to this many rows are cheaper to evaluate one by one than with a bitmap of all rows */

bool query_is_for_one_thread(const struct query *q)
{
    bool is = false;
    for (; q && !is; q = q->next) /* a regular expression has memory for one match at a time */
        is = q->regex || query_is_for_one_thread(q->inside);
    return is;
}

bool query_gave_up(const struct query *q)
{
    bool did = false;
    for (; q && !did; q = q->next)
        did = (q->regex && regex_gave_up(q->regex)) || query_gave_up(q->inside);
    return did;
}

struct narrowing {
    const struct query *q;
    const struct report *r;
    uint64_t *bits; /* one bit per row of the report */
    int slot;       /* see struct span */
    struct cancel_token *cancel; /* NULL if several threads work */
};

static void narrow_piece(void *context, size_t from, size_t to)
{
    const struct narrowing *n = context;
    for (size_t first = from; first < to; first += QUERY_SPAN) {
        struct span s = {n->r, first, to - first < QUERY_SPAN ? to - first : QUERY_SPAN, n->slot, n->cancel};
        /* The last part of a piece may be shorter than a span, and ALL may end with it. */
        uint64_t part[QUERY_WORDS] = {0}, *all = n->bits + first / 64;
        size_t bytes = (s.count + 63) / 64 * sizeof *part;
        memcpy(part, all, bytes);
        if (!query_is_none(part))
            n->q->narrow(n->q, &s, part);
        memcpy(all, part, bytes);
    }
}

/* Clear the bits of rows, or of their credentials in SLOT, that Q does not hold for. Returns false if cancelled. */
static bool narrow_all(const struct query *q, const struct report *r, uint64_t *bits, int slot, struct cancel_token *p)
{
    bool alone = query_is_for_one_thread(q);
    struct narrowing n = {q, r, bits, slot, alone ? p : NULL};
    return parallel_run(r->row_count, alone, narrow_piece, &n, p) && !cancel_is_set(p);
}

/* A bitmap over all rows: those in ROWS that satisfy Q. The caller frees it. NULL if cancelled. */
static uint64_t *narrowed(const struct query *q, const struct report *r, const uint32_t *rows, size_t count,
    struct cancel_token *p)
{
    uint64_t *bits = xcalloc(r->row_count / QUERY_SPAN + 1, QUERY_WORDS * sizeof *bits);
    bool all = count == r->row_count; /* rows are distinct, so ROWS has all of them */
    for (size_t i = 0; i < count && !all; i++)
        bits[rows[i] / 64] |= UINT64_C(1) << rows[i] % 64;
    if (all)
        memset(bits, 0xff, r->row_count / 64 * sizeof *bits);
    for (size_t row = r->row_count / 64 * 64; all && row < r->row_count; row++)
        bits[row / 64] |= UINT64_C(1) << row % 64;
    if (narrow_all(q, r, bits, 0, p))
        return bits;
    free(bits);
    return NULL;
}

size_t query_keep(const struct query *q, const struct report *r, uint32_t *rows, size_t count, bool inverted,
    struct cancel_token *p)
{
    uint64_t *bits = count > FEW ? narrowed(q, r, rows, count, p) : NULL;
    size_t kept = 0;
    if (count > FEW && !bits)
        return 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        if (!bits && cancel_check(p))
            return 0;
        bool holds = bits ? bits[row / 64] >> row % 64 & 1 : query_matches(q, r, row);
        rows[kept] = row; /* without a branch, which the processor could not predict */
        kept += holds != inverted;
    }
    free(bits);
    return kept;
}

/* Set the bits of the rows whose credential C is in IDS. */
static void mark_slot(uint64_t *bits, const uint32_t *ids, size_t count, enum credential c)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t row = credential_row(ids[i]);
        if (credential_slot(ids[i]) == c)
            bits[row / 64] |= UINT64_C(1) << row % 64;
    }
}

size_t query_keep_credentials(const struct query *q, enum query_subject subject, const struct report *r, uint32_t *ids,
    size_t count, bool inverted, struct cancel_token *p)
{
    uint64_t *bits[CREDENTIAL_COUNT];
    size_t kept = 0;
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        bits[c] = count > FEW ? xcalloc(r->row_count / QUERY_SPAN + 1, QUERY_WORDS * sizeof **bits) : NULL;
        if (!bits[c] || cancel_check(p))
            continue;
        mark_slot(bits[c], ids, count, c);
        narrow_all(q, r, bits[c], subject == QUERY_CREDENTIALS ? 1 + (int)c : 0, p);
    }
    for (size_t i = 0; i < count && !cancel_is_set(p); i++) {
        uint32_t row = credential_row(ids[i]);
        const uint64_t *of = bits[credential_slot(ids[i])];
        if (!of && cancel_check(p))
            break;
        bool holds = of ? of[row / 64] >> row % 64 & 1
            : subject == QUERY_CREDENTIALS ? query_matches_credential(q, r, ids[i]) : query_matches(q, r, row);
        if (holds != inverted)
            ids[kept++] = ids[i];
    }
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
        free(bits[c]);
    return kept;
}

bool query_only_narrows(const struct query *from, const struct query *to, const struct report *r)
{
    return from->narrow == narrow_contains && to->narrow == narrow_contains && query_word_column(from, r) == COL_COUNT
        && query_word_column(to, r) == COL_COUNT
        && slice_contains_nocase(slice_of(to->text), slice_of(from->text));
}

bool query_asks_checks(const struct query *q)
{
    bool asks = false;
    for (; q && !asks; q = q->next) {
        /* columns of credentials are numbered differently, so any of them counts, to be safe */
        asks = q->narrow == narrow_fails || q->narrow == narrow_unknown || q->narrow == narrow_since
            || q->scope == SCOPE_CREDENTIAL || query_asks_checks(q->inside)
            || (!q->inside && q->scope == SCOPE_USER && schema_of_checks(q->id));
    }
    return asks;
}
