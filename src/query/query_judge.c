/* Evaluation with three outcomes (Kleene's logic) over the same tree, for spans in which some cell is unknown. */
#include "query/query_priv.h"

#include <assert.h>
#include <string.h>

static_assert((int)KEY_EXISTS == (int)CERT_EXISTS, "one leaf for both");

static bool is_slots(const struct query *q)
{
    return q->narrow == narrow_key || q->narrow == narrow_cert;
}

/* Columns that identify a user are never unknown: their text is always known, and `root` is derived from it. */
static bool is_identity(enum column column)
{
    return column == COL_USER || column == COL_ARN || (column >= COL_ACCOUNT && column <= COL_ROOT);
}

static uint32_t column_bit(enum column column)
{
    return column < COL_REPORT_COUNT && !is_identity(column) ? UINT32_C(1) << column : 0;
}

uint32_t query_columns_behind(enum column column)
{
    switch ((int)column) {
    case COL_AGE: return column_bit(COL_USER_CREATION_TIME);
    case COL_PASSWORD_AGE: return column_bit(COL_PASSWORD_LAST_CHANGED);
    case COL_PASSWORD_IDLE: return column_bit(COL_PASSWORD_LAST_USED) | column_bit(COL_PASSWORD_LAST_CHANGED);
    case COL_KEY_1_AGE: return column_bit(COL_KEY_1_LAST_ROTATED);
    case COL_KEY_2_AGE: return column_bit(COL_KEY_2_LAST_ROTATED);
    case COL_KEY_1_IDLE: return column_bit(COL_KEY_1_LAST_USED_DATE) | column_bit(COL_KEY_1_LAST_ROTATED);
    case COL_KEY_2_IDLE: return column_bit(COL_KEY_2_LAST_USED_DATE) | column_bit(COL_KEY_2_LAST_ROTATED);
    case COL_CERT_1_AGE: return column_bit(COL_CERT_1_LAST_ROTATED);
    case COL_CERT_2_AGE: return column_bit(COL_CERT_2_LAST_ROTATED);
    default: break;
    }
    /* other derived columns are computed from many report columns */
    return column >= COL_REPORT_COUNT && !is_identity(column) ? UINT32_MAX : column_bit(column);
}

static uint32_t existence_columns(enum scope scope)
{
    uint32_t columns = 0;
    for (int slot = 1; slot <= 2; slot++) {
        enum column of[3];
        query_existence(scope, slot, of);
        columns |= column_bit(of[0]) | column_bit(of[1]);
    }
    return columns;
}

static uint32_t leaf_columns(const struct query *q)
{
    uint32_t columns = 0;
    if (q->scope == SCOPE_CREDENTIAL)
        return UINT32_MAX;
    if (q->scope == SCOPE_USER)
        return query_columns_behind((enum column)q->id);
    for (int slot = 1; slot <= 2; slot++) {
        enum column column = query_column_of(q, slot);
        columns |= column == COL_COUNT ? existence_columns(q->scope) : query_columns_behind(column);
    }
    return columns;
}

uint32_t query_node_columns(const struct query *q)
{
    if (q->narrow == narrow_contains)
        return 0;
    if (q->name) /* query_judge() checks needs_report instead */
        return 0;
    if (q->narrow == narrow_fails || q->narrow == narrow_unknown || q->narrow == narrow_since)
        return UINT32_MAX;
    if (!q->inside)
        return leaf_columns(q);
    uint32_t columns = is_slots(q) ? existence_columns(q->narrow == narrow_key ? SCOPE_KEY : SCOPE_CERT) : 0;
    for (const struct query *one = q->inside; one; one = one->next)
        columns |= query_node_columns(one);
    return columns;
}

uint32_t query_columns(const struct query *q)
{
    return q->columns;
}

uint32_t query_read_columns(const struct query *q)
{
    uint32_t columns = 0;
    if (q->narrow == narrow_and || q->narrow == narrow_or || q->narrow == narrow_not) {
        for (const struct query *one = q->inside; one; one = one->next)
            columns |= query_read_columns(one);
        return columns;
    }
    bool is_comparison = q->narrow == narrow_number || q->narrow == narrow_state || q->narrow == narrow_text;
    /* `never` also depends on whether the credential exists */
    bool is_simple = is_comparison && !q->inside && !q->name && q->scope == SCOPE_USER && q->test != TEST_NEVER;
    return is_simple ? query_columns_behind((enum column)q->id) : UINT32_MAX;
}

/* ---- which rows a leaf is unknown for ---- */

static void or_unknown(const uint32_t *codes, size_t count, uint64_t *out)
{
    for (size_t k = 0; k < count; k++)
        out[k / 64] |= (uint64_t)code_is_unknown(codes[k]) << k % 64;
}

/*
 * Set OUT to the rows for which it is unknown whether the key or certificate exists. An unknown last use does not
 * matter: a used credential has a creation time, too.
 */
static void existence_unknown(const struct span *s, enum scope scope, uint64_t *out)
{
    enum column of[3];
    struct query exists = {.scope = scope, .id = KEY_EXISTS};
    uint32_t scratch[QUERY_SPAN];
    query_existence(scope, s->slot, of);
    memset(out, 0, QUERY_WORDS * sizeof *out);
    for (int i = 0; i < 2; i++)
        or_unknown(report_codes(s->report, s->first, s->count, of[i], scratch), s->count, out);
    const uint32_t *codes = query_leaf_codes(&exists, s, scratch);
    for (size_t k = 0; k < s->count; k++)
        out[k / 64] &= ~((uint64_t)(codes[k] == CODE_FIRST + 1) << k % 64);
}

/* For free text, whose cells have no codes: look at each row of IN. */
static void text_unknown(const struct span *s, enum column column, const uint64_t *in, uint64_t *out)
{
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = in[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            if (state_is_unknown(report_value(s->report, s->first + w * 64 + k, column).state))
                out[w] |= UINT64_C(1) << k;
        }
    }
}

static void leaf_unknown(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *out)
{
    uint32_t scratch[QUERY_SPAN];
    memset(out, 0, QUERY_WORDS * sizeof *out);
    enum column word = query_word_column(q, s->report);
    if (word != COL_COUNT) {
        struct query of_column = query_of_column(word);
        leaf_unknown(&of_column, s, in, out);
        return;
    }
    bool tells = q->test == TEST_MISSING || q->test == STATE_EMPTY || q->test == STATE_MALFORMED;
    if (q->narrow == narrow_unbound) {
        memcpy(out, in, QUERY_WORDS * sizeof *out);
        return;
    }
    if (tells || q->narrow == narrow_contains || q->narrow == narrow_unknown || q->narrow == narrow_unknown_by
        || q->scope == SCOPE_CREDENTIAL)
        return;
    if (q->narrow == narrow_moment) {
        query_moment_unknown(q, s, in, out);
        return;
    }
    if (q->narrow == narrow_since) {
        query_since_unknown(q, s, in, out);
        return;
    }
    if (q->narrow == narrow_fails) {
        const struct report_block *b = report_block_of(s->report, s->first);
        if (s->report->checks_not_made >> q->id & 1)
            memcpy(out, in, QUERY_WORDS * sizeof *out);
        for (size_t k = 0; k < s->count; k++)
            out[k / 64] |= (sparse_get(&b->unknown, (s->first & BLOCK_MASK) + k) >> q->id & 1) << k % 64;
        return;
    }
    enum column column = query_column_of(q, s->slot);
    bool exists = (q->scope == SCOPE_KEY && q->id == KEY_EXISTS) || (q->scope == SCOPE_CERT && q->id == CERT_EXISTS);
    if (exists)
        existence_unknown(s, q->scope, out);
    else if (column == COL_COUNT || report_has_codes(column)) {
        if (column == COL_COUNT || !is_identity(column))
            or_unknown(query_leaf_codes(q, s, scratch), s->count, out);
    } else if (!is_identity(column)) {
        text_unknown(s, column, in, out);
    }
}

/* ---- the tree ---- */

static void judge_slots(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *yes,
    uint64_t *unknown)
{
    enum scope scope = q->narrow == narrow_key ? SCOPE_KEY : SCOPE_CERT;
    struct query exists = {.narrow = narrow_number, .scope = scope, .type = TYPE_BOOL, .cmp = CMP_EQ, .number = 1,
        .id = KEY_EXISTS};
    memset(yes, 0, QUERY_WORDS * sizeof *yes);
    memset(unknown, 0, QUERY_WORDS * sizeof *unknown);
    for (int slot = 1; slot <= 2; slot++) {
        struct span inner = {s->report, s->first, s->count, slot, s->cancel};
        uint64_t there[QUERY_WORDS], perhaps[QUERY_WORDS], holds[QUERY_WORDS], open[QUERY_WORDS];
        query_judge_node(&exists, &inner, in, there, perhaps);
        query_judge_node(q->inside, &inner, in, holds, open);
        for (size_t w = 0; w < QUERY_WORDS; w++) {
            yes[w] |= there[w] & holds[w];
            unknown[w] |= (there[w] | perhaps[w]) & (holds[w] | open[w]);
        }
    }
    for (size_t w = 0; w < QUERY_WORDS; w++)
        unknown[w] &= ~yes[w];
}

static void judge_and(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *yes, uint64_t *unknown)
{
    uint64_t open[QUERY_WORDS], holds[QUERY_WORDS], perhaps[QUERY_WORDS];
    memcpy(yes, in, sizeof open);
    memcpy(open, in, sizeof open);
    for (const struct query *one = q->inside; one && !query_is_none(open); one = one->next) {
        query_judge_node(one, s, open, holds, perhaps);
        for (size_t w = 0; w < QUERY_WORDS; w++) {
            open[w] &= holds[w] | perhaps[w];
            yes[w] &= holds[w];
        }
    }
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        yes[w] &= open[w];
        unknown[w] = open[w] & ~yes[w];
    }
}

static void judge_or(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *yes, uint64_t *unknown)
{
    uint64_t rest[QUERY_WORDS], holds[QUERY_WORDS], perhaps[QUERY_WORDS];
    memcpy(rest, in, sizeof rest);
    memset(yes, 0, sizeof rest);
    memset(unknown, 0, sizeof rest);
    for (const struct query *one = q->inside; one && !query_is_none(rest); one = one->next) {
        query_judge_node(one, s, rest, holds, perhaps);
        for (size_t w = 0; w < QUERY_WORDS; w++) {
            yes[w] |= holds[w];
            unknown[w] |= perhaps[w];
            rest[w] &= ~holds[w];
        }
    }
    for (size_t w = 0; w < QUERY_WORDS; w++)
        unknown[w] &= ~yes[w];
}

static void judge_not(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *yes, uint64_t *unknown)
{
    uint64_t holds[QUERY_WORDS];
    query_judge_node(q->inside, s, in, holds, unknown);
    for (size_t w = 0; w < QUERY_WORDS; w++)
        yes[w] = in[w] & ~holds[w] & ~unknown[w];
}

/* Judge the query of a check, which is about users, for the rows of IN, even below a credential. */
static void judge_rule(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *yes,
    uint64_t *unknown)
{
    struct span of_users = *s;
    of_users.slot = 0;
    query_judge_node(q->inside, &of_users, in, yes, unknown);
}

void query_judge_node(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *yes, uint64_t *unknown)
{
    if (q->narrow == narrow_and) {
        judge_and(q, s, in, yes, unknown);
    } else if (q->narrow == narrow_or) {
        judge_or(q, s, in, yes, unknown);
    } else if (q->narrow == narrow_not) {
        judge_not(q, s, in, yes, unknown);
    } else if (is_slots(q)) {
        judge_slots(q, s, in, yes, unknown);
    } else if (q->narrow == narrow_fails_by) {
        judge_rule(q, s, in, yes, unknown);
    } else {
        memcpy(yes, in, QUERY_WORDS * sizeof *yes);
        q->narrow(q, s, yes);
        leaf_unknown(q, s, in, unknown);
        for (size_t w = 0; w < QUERY_WORDS; w++) {
            unknown[w] &= in[w];
            yes[w] &= ~unknown[w];
        }
    }
}

void narrow_fails_by(const struct query *q, const struct span *s, uint64_t *bits)
{
    uint64_t yes[QUERY_WORDS], unknown[QUERY_WORDS];
    judge_rule(q, s, bits, yes, unknown);
    memcpy(bits, yes, sizeof yes);
}

void narrow_unknown_by(const struct query *q, const struct span *s, uint64_t *bits)
{
    uint64_t yes[QUERY_WORDS], unknown[QUERY_WORDS];
    judge_rule(q, s, bits, yes, unknown);
    memcpy(bits, unknown, sizeof unknown);
}

void query_judge(const struct query *q, const struct report *r, size_t first, size_t count, uint64_t *yes,
    uint64_t *unknown)
{
    struct span s = {r, first, count, 0, NULL};
    uint64_t in[QUERY_WORDS];
    query_span_begin(count, in);
    if (q->needs_report || (report_unknown_columns(r, first) & q->columns)) {
        query_judge_node(q, &s, in, yes, unknown);
        return;
    }
    memcpy(yes, in, sizeof in);
    memset(unknown, 0, sizeof in);
    q->narrow(q, &s, yes);
}

bool query_holds_surely(const struct query *q, const struct report *r, size_t row)
{
    uint64_t yes[QUERY_WORDS], unknown[QUERY_WORDS];
    query_judge(q, r, row, 1, yes, unknown);
    return yes[0] & 1;
}
