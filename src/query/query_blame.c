/* Which credentials make a query hold: those that satisfy its key(...), cert(...) and password parts. */
#include "query/query_priv.h"

#include <string.h>

static enum credential first_slot(const struct query *q)
{
    return q->narrow == narrow_key ? CREDENTIAL_KEY_1 : CREDENTIAL_CERT_1;
}

static bool is_column_of(enum credential c, enum column column)
{
    const struct credential_columns *k = &credential_columns[c];
    const enum column of[] = {k->active, k->made, k->used, k->region, k->service, k->age, k->idle};
    bool is = c == CREDENTIAL_PASSWORD && column == COL_PASSWORD_NEXT_ROTATION;
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
        is |= column < COL_COUNT && of[i] == column;
    return is;
}

/* Set in OUT those of the rows in IN that the node surely holds for or, if NEGATED, surely does not hold for. */
static void judge_surely(const struct query *q, const struct span *s, const uint64_t *in, bool negated, uint64_t *out)
{
    uint64_t yes[QUERY_WORDS], unknown[QUERY_WORDS];
    query_judge_node(q, s, in, yes, unknown);
    for (size_t w = 0; w < QUERY_WORDS; w++)
        out[w] = negated ? in[w] & ~yes[w] & ~unknown[w] : yes[w];
}

static void clear_absent(const struct span *s, enum credential c, uint64_t *bits)
{
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            if (!credential_exists(s->report, s->first + w * 64 + k, c))
                bits[w] &= ~(UINT64_C(1) << k);
        }
    }
}

/*
 * Set in OUT the rows for which credential C satisfies a part that makes the node hold. Such parts are all operands of
 * an "and", and those operands of an "or" that hold themselves; `not` exchanges the two.
 */
static void blame(const struct query *q, const struct span *s, const uint64_t *in, enum credential c, bool negated,
    uint64_t *out)
{
    memset(out, 0, QUERY_WORDS * sizeof *out);
    if (q->narrow == narrow_not) {
        blame(q->inside, s, in, c, !negated, out);
    } else if (q->narrow == narrow_and || q->narrow == narrow_or) {
        uint64_t held[QUERY_WORDS], part[QUERY_WORDS];
        judge_surely(q, s, in, negated, held);
        for (const struct query *one = q->inside; one; one = one->next) {
            blame(one, s, held, c, negated, part);
            for (size_t w = 0; w < QUERY_WORDS; w++)
                out[w] |= part[w];
        }
    } else if (q->narrow == narrow_key || q->narrow == narrow_cert) {
        /* a user who lacks a key has no key to blame */
        if (negated || c < first_slot(q) || c > first_slot(q) + 1)
            return;
        struct span inner = {s->report, s->first, s->count, (int)(c - first_slot(q)) + 1, s->cancel};
        judge_surely(q->inside, &inner, in, false, out);
        clear_absent(s, c, out);
    } else if (q->narrow != narrow_contains && !q->name && q->scope == SCOPE_USER && is_column_of(c, (enum column)q->id)
        && q->narrow != narrow_fails && q->narrow != narrow_unknown) {
        judge_surely(q, s, in, negated, out);
        clear_absent(s, c, out);
    }
}

void query_blame(const struct query *q, const struct report *r, size_t first, size_t count, enum credential c,
    uint64_t *bits)
{
    struct span s = {r, first, count, 0, NULL};
    uint64_t in[QUERY_WORDS];
    memcpy(in, bits, sizeof in);
    blame(q, &s, in, c, false, bits);
}

uint64_t query_user_columns(const struct query *q)
{
    uint64_t columns = 0;
    for (; q; q = q->next) {
        bool is_leaf = !q->inside && !q->name && q->scope == SCOPE_USER && q->narrow != narrow_contains
            && q->narrow != narrow_fails
            && q->narrow != narrow_unknown;
        if (is_leaf && q->id < COL_COUNT)
            columns |= UINT64_C(1) << q->id;
        columns |= query_user_columns(q->inside);
    }
    return columns;
}
