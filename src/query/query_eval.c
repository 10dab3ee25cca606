/*
 * Evaluation over spans of rows: each node's narrow function clears the bits of rows that the node does not hold for.
 * Cells are compared as 32-bit value codes (see report.h), with SSE2 where available.
 */
#include "query/query_priv.h"

#include "base/timestamp.h"
#include "report/credential.h"

#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static const enum column key_columns[KEY_MEMBERS][2] = {
    [KEY_EXISTS] = {COL_COUNT, COL_COUNT},
    [KEY_ACTIVE] = {COL_KEY_1_ACTIVE, COL_KEY_2_ACTIVE},
    [KEY_USED] = {COL_COUNT, COL_COUNT},
    [KEY_AGE] = {COL_KEY_1_AGE, COL_KEY_2_AGE},
    [KEY_IDLE] = {COL_KEY_1_IDLE, COL_KEY_2_IDLE},
    [KEY_LAST_ROTATED] = {COL_KEY_1_LAST_ROTATED, COL_KEY_2_LAST_ROTATED},
    [KEY_LAST_USED] = {COL_KEY_1_LAST_USED_DATE, COL_KEY_2_LAST_USED_DATE},
    [KEY_REGION] = {COL_KEY_1_LAST_USED_REGION, COL_KEY_2_LAST_USED_REGION},
    [KEY_SERVICE] = {COL_KEY_1_LAST_USED_SERVICE, COL_KEY_2_LAST_USED_SERVICE},
    [KEY_ID] = {(enum column)COL_EXTRA, (enum column)COL_EXTRA}, /* set by query_bind(), see query_column_of() */
    [KEY_SLOT] = {COL_COUNT, COL_COUNT},
};

static const enum column cert_columns[CERT_MEMBERS][2] = {
    [CERT_EXISTS] = {COL_COUNT, COL_COUNT},
    [CERT_ACTIVE] = {COL_CERT_1_ACTIVE, COL_CERT_2_ACTIVE},
    [CERT_AGE] = {COL_CERT_1_AGE, COL_CERT_2_AGE},
    [CERT_LAST_ROTATED] = {COL_CERT_1_LAST_ROTATED, COL_CERT_2_LAST_ROTATED},
    [CERT_SLOT] = {COL_COUNT, COL_COUNT},
};

enum column query_column_of(const struct query *q, int slot)
{
    if (q->scope == SCOPE_KEY && q->id == KEY_ID && q->name)
        return q->name->slots[slot - 1];
    if (q->scope == SCOPE_KEY)
        return key_columns[q->id][slot - 1];
    if (q->scope == SCOPE_CERT)
        return cert_columns[q->id][slot - 1];
    return (enum column)q->id;
}

void query_existence(enum scope scope, int slot, enum column out[3])
{
    bool key = scope == SCOPE_KEY;
    out[0] = key ? key_columns[KEY_ACTIVE][slot - 1] : cert_columns[CERT_ACTIVE][slot - 1];
    out[1] = key ? key_columns[KEY_LAST_ROTATED][slot - 1] : cert_columns[CERT_LAST_ROTATED][slot - 1];
    out[2] = key ? key_columns[KEY_LAST_USED][slot - 1] : out[1];
}

static const uint32_t *codes(const struct span *s, enum column column, uint32_t *scratch)
{
    return report_codes(s->report, s->first, s->count, column, scratch);
}

/* A key or certificate exists if it is active or has a date. */
static void exists_codes(const struct span *s, enum scope scope, uint32_t *out)
{
    bool key = scope == SCOPE_KEY;
    int i = s->slot - 1;
    uint32_t actives[QUERY_SPAN], dates[QUERY_SPAN];
    const uint32_t *active = codes(s, key ? key_columns[KEY_ACTIVE][i] : cert_columns[CERT_ACTIVE][i], actives);
    const uint32_t *made = codes(s, key ? key_columns[KEY_LAST_ROTATED][i] : cert_columns[CERT_LAST_ROTATED][i], dates);
    const uint32_t *used = key ? codes(s, key_columns[KEY_LAST_USED][i], NULL) : made;
    for (size_t k = 0; k < s->count; k++)
        out[k] = CODE_FIRST
            + (uint32_t)((active[k] == CODE_FIRST + 1) | (made[k] >= CODE_TEXT) | (used[k] >= CODE_TEXT));
}

/* Whether the key was used, as codes of bools. If the last use is unknown (missing or malformed), so is the result. */
static void used_codes(const struct span *s, uint32_t *out)
{
    const uint32_t *used = codes(s, key_columns[KEY_LAST_USED][s->slot - 1], NULL);
    for (size_t k = 0; k < s->count; k++)
        out[k] = used[k] >= CODE_TEXT ? CODE_FIRST + 1 : used[k] <= CODE_NO_INFORMATION ? CODE_FIRST : used[k];
}

const uint32_t *query_leaf_codes(const struct query *q, const struct span *s, uint32_t *scratch)
{
    enum column column = query_column_of(q, s->slot);
    if (column != COL_COUNT)
        return codes(s, column, scratch);
    if (q->scope == SCOPE_KEY && q->id == KEY_USED) {
        used_codes(s, scratch);
    } else if ((q->scope == SCOPE_KEY && q->id == KEY_EXISTS) || (q->scope == SCOPE_CERT && q->id == CERT_EXISTS)) {
        exists_codes(s, q->scope, scratch);
    } else {
        for (size_t k = 0; k < s->count; k++)
            scratch[k] = CODE_FIRST + (uint32_t)s->slot;
    }
    return scratch;
}

void narrow_and(const struct query *q, const struct span *s, uint64_t *bits)
{
    for (const struct query *one = q->inside; one && !query_is_none(bits); one = one->next)
        one->narrow(one, s, bits);
}

void narrow_or(const struct query *q, const struct span *s, uint64_t *bits)
{
    uint64_t rest[QUERY_WORDS], held[QUERY_WORDS];
    if (q->words) {
        narrow_text(&q->words->leaf, s, bits);
        return;
    }
    memcpy(rest, bits, sizeof rest);
    for (const struct query *one = q->inside; one && !query_is_none(rest); one = one->next) {
        memcpy(held, rest, sizeof held);
        one->narrow(one, s, held);
        for (size_t w = 0; w < QUERY_WORDS; w++)
            rest[w] &= ~held[w];
    }
    for (size_t w = 0; w < QUERY_WORDS; w++)
        bits[w] &= ~rest[w];
}

void narrow_not(const struct query *q, const struct span *s, uint64_t *bits)
{
    uint64_t holds[QUERY_WORDS];
    memcpy(holds, bits, sizeof holds);
    q->inside->narrow(q->inside, s, holds);
    for (size_t w = 0; w < QUERY_WORDS; w++)
        bits[w] &= ~holds[w];
}

/*
 * One bit for each of N codes (at most 64) that is from LOW to HIGH or, if OUTSIDE, is not. Codes below LEAST never
 * count; LEAST is the first code of a value.
 */
static uint64_t in_range(const uint32_t *code, size_t n, uint32_t low, uint32_t high, uint32_t least, bool outside)
{
    uint32_t room = high - low;
    uint64_t in = 0;
    size_t k = 0;
#ifdef __SSE2__
    /* SSE2 compares signed numbers only, so the sign bits are flipped */
    const __m128i sign = _mm_set1_epi32(INT32_MIN), from = _mm_set1_epi32((int32_t)low);
    const __m128i most = _mm_set1_epi32((int32_t)(room ^ UINT32_C(0x80000000)));
    const __m128i state = _mm_set1_epi32((int32_t)((least - 1) ^ UINT32_C(0x80000000)));
    for (; k + 4 <= n; k += 4) {
        __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(code + k));
        __m128i above = _mm_cmpgt_epi32(_mm_xor_si128(_mm_sub_epi32(c, from), sign), most);
        __m128i value = _mm_cmpgt_epi32(_mm_xor_si128(c, sign), state);
        __m128i keep = outside ? _mm_and_si128(above, value) : _mm_andnot_si128(above, value);
        in |= (uint64_t)(unsigned)_mm_movemask_ps(_mm_castsi128_ps(keep)) << k;
    }
#endif
    for (; k < n; k++)
        in |= (uint64_t)(((code[k] - low <= room) != outside) & (code[k] >= least)) << k;
    return in;
}

/* The same for codes stored as bytes. LOW is at most 255. */
static uint64_t flags_in_range(const uint8_t *code, size_t n, uint32_t low, uint32_t high, bool outside)
{
    uint8_t room = (uint8_t)((high > UINT8_MAX ? UINT8_MAX : high) - low);
    uint64_t in = 0;
    size_t k = 0;
#ifdef __SSE2__
    const __m128i from = _mm_set1_epi8((char)low), most = _mm_set1_epi8((char)room), least = _mm_set1_epi8(CODE_FIRST);
    const __m128i turn = _mm_set1_epi8((char)(outside ? -1 : 0));
    for (; k + 16 <= n; k += 16) {
        __m128i c = _mm_loadu_si128((const __m128i *)(const void *)(code + k)), above = _mm_sub_epi8(c, from);
        __m128i inside = _mm_xor_si128(_mm_cmpeq_epi8(_mm_min_epu8(above, most), above), turn);
        __m128i value = _mm_cmpeq_epi8(_mm_max_epu8(c, least), c);
        in |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_and_si128(inside, value)) << k;
    }
#endif
    for (; k < n; k++)
        in |= (uint64_t)(((uint8_t)(code[k] - low) <= room) != outside && code[k] >= CODE_FIRST) << k;
    return in;
}

/* Clear the bits of rows whose code is not from LOW to HIGH (OUTSIDE: is), or that have no value. */
static void keep_range(uint64_t *bits, const uint32_t *code, size_t count, uint32_t low, uint32_t high, bool outside)
{
    for (size_t w = 0; w * 64 < count; w++) {
        size_t n = count - w * 64 < 64 ? count - w * 64 : 64;
        if (bits[w])
            bits[w] &= in_range(code + w * 64, n, low, high, CODE_FIRST, outside);
    }
}

static void keep_flags(uint64_t *bits, const uint8_t *code, size_t count, uint32_t low, uint32_t high, bool outside)
{
    for (size_t w = 0; w * 64 < count; w++) {
        size_t n = count - w * 64 < 64 ? count - w * 64 : 64;
        if (bits[w])
            bits[w] &= flags_in_range(code + w * 64, n, low, high, outside);
    }
}

/* Clear the bits of rows whose key or certificate does not exist: it is not active and has no date. */
static void keep_existing(uint64_t *bits, const struct span *s, enum scope scope)
{
    bool key = scope == SCOPE_KEY;
    int i = s->slot - 1;
    enum column flag = key ? key_columns[KEY_ACTIVE][i] : cert_columns[CERT_ACTIVE][i];
    uint32_t actives[QUERY_SPAN], dates[QUERY_SPAN];
    const uint8_t *bytes = report_flags(s->report, s->first, flag);
    const uint32_t *active = bytes ? NULL : codes(s, flag, actives);
    const uint32_t *made = codes(s, key ? key_columns[KEY_LAST_ROTATED][i] : cert_columns[CERT_LAST_ROTATED][i], dates);
    const uint32_t *used = key ? codes(s, key_columns[KEY_LAST_USED][i], NULL) : made;
    for (size_t w = 0; w * 64 < s->count; w++) {
        size_t n = s->count - w * 64 < 64 ? s->count - w * 64 : 64, at = w * 64;
        uint64_t exists = !bits[w] ? 0 : bytes ? flags_in_range(bytes + at, n, CODE_FIRST + 1, CODE_FIRST + 1, false)
            : in_range(active + at, n, CODE_FIRST + 1, CODE_FIRST + 1, CODE_FIRST, false);
        if (bits[w] & ~exists) /* rare, because queries mostly ask for active keys */
            exists |= in_range(made + at, n, CODE_TEXT, UINT32_MAX, CODE_TEXT, false)
                | in_range(used + at, n, CODE_TEXT, UINT32_MAX, CODE_TEXT, false);
        bits[w] &= exists;
    }
}

/*
 * A row stays if at least one slot satisfies the node. A credential that does not exist satisfies nothing, not even a
 * `not`.
 */
static void narrow_slots(const struct query *q, const struct span *s, uint64_t *bits, enum scope scope)
{
    uint64_t any[QUERY_WORDS] = {0}, one[QUERY_WORDS];
    for (int slot = 1; slot <= 2; slot++) {
        struct span inner = {s->report, s->first, s->count, slot, s->cancel};
        for (size_t w = 0; w < QUERY_WORDS; w++)
            one[w] = bits[w] & ~any[w];
        if (!query_is_none(one))
            q->inside->narrow(q->inside, &inner, one);
        keep_existing(one, &inner, scope);
        for (size_t w = 0; w < QUERY_WORDS; w++)
            any[w] |= one[w];
    }
    memcpy(bits, any, sizeof any);
}

void narrow_key(const struct query *q, const struct span *s, uint64_t *bits)
{
    narrow_slots(q, s, bits, SCOPE_KEY);
}

void narrow_cert(const struct query *q, const struct span *s, uint64_t *bits)
{
    narrow_slots(q, s, bits, SCOPE_CERT);
}

/* Clear the bits of rows for which TEST returns false. For values without codes. */
static void keep_rows(uint64_t *bits, const struct query *q, const struct span *s,
    bool (*test)(const struct query *q, const struct span *s, size_t row))
{
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = bits[w]; left; left &= left - 1)
            report_prefetch_identity(s->report, s->first + w * 64 + (size_t)__builtin_ctzll(left));
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            if (!test(q, s, s->first + w * 64 + k))
                bits[w] &= ~(UINT64_C(1) << k);
        }
    }
}

/* Clear the bits of rows that do not fail check ID or, if UNKNOWN, that it could judge. */
static void keep_check(uint64_t *bits, const struct span *s, int id, bool unknown)
{
    const struct report_block *b = report_block_of(s->report, s->first);
    size_t at = s->first & BLOCK_MASK;
    if (unknown && s->report->checks_not_made >> id & 1) /* a check that did not run is unknown for all rows */
        return;
    for (size_t w = 0; w * 64 < s->count; w++) {
        size_t n = s->count - w * 64 < 64 ? s->count - w * 64 : 64;
        uint64_t in = 0;
        for (size_t k = 0; k < n; k++, at++)
            in |= ((unknown ? sparse_get(&b->unknown, at) : check_sets_get(&b->failed, at)) >> id & 1) << k;
        bits[w] &= in;
    }
}

void narrow_fails(const struct query *q, const struct span *s, uint64_t *bits)
{
    keep_check(bits, s, q->id, false);
}

void narrow_unknown(const struct query *q, const struct span *s, uint64_t *bits)
{
    keep_check(bits, s, q->id, true);
}

static bool compared(enum comparison cmp, int64_t order)
{
    switch (cmp) {
    case CMP_EQ: return order == 0;
    case CMP_NE: return order != 0;
    case CMP_LT: return order < 0;
    case CMP_LE: return order <= 0;
    case CMP_GT: return order > 0;
    case CMP_GE: return order >= 0;
    default: return false;
    }
}

/* Returns the number that Q compares values of R with. */
static int64_t wanted_number(const struct query *q, const struct report *r)
{
    return q->is_now ? r->as_of : q->number;
}

static bool number_at(const struct query *q, const struct span *s, size_t row)
{
    struct value v = report_value(s->report, row, query_column_of(q, s->slot));
    int64_t n = wanted_number(q, s->report);
    return v.state == STATE_VALUE && compared(q->cmp, (v.number > n) - (v.number < n));
}

static struct value since_value(const struct query *q, const struct span *s, size_t row)
{
    const struct report *r = s->report;
    struct value v = r->since ? r->since(r, row, (size_t)q->id) : (struct value){.state = STATE_ABSENT};
    if (q->type == TYPE_DURATION)
        v.number = r->as_of - v.number;
    return v;
}

static bool in_state(const struct query *q, const struct span *s, size_t row, enum state state);

static bool since_at(const struct query *q, const struct span *s, size_t row)
{
    struct value v = since_value(q, s, row);
    int64_t n = wanted_number(q, s->report);
    return q->test ? in_state(q, s, row, v.state)
        : v.state == STATE_VALUE && compared(q->cmp, (v.number > n) - (v.number < n));
}

void narrow_since(const struct query *q, const struct span *s, uint64_t *bits)
{
    keep_rows(bits, q, s, since_at);
}

void query_since_unknown(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *out)
{
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = in[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            out[w] |= (uint64_t)state_is_unknown(since_value(q, s, s->first + w * 64 + k).state) << k;
        }
    }
}

/*
 * Set *LOW and *HIGH to the codes that the comparison holds for (for !=: does not hold for). Returns false if there are
 * none.
 */
static bool code_range(const struct query *q, int64_t as_of, uint32_t *low, uint32_t *high)
{
    static const int64_t far = INT64_C(1) << 40; /* beyond every code, without overflow in sums */
    int64_t n = q->is_now ? as_of : q->number, from = -far, to = far;
    if (q->cmp == CMP_EQ || q->cmp == CMP_NE || q->cmp == CMP_GE || q->cmp == CMP_GT)
        from = n + (q->cmp == CMP_GT);
    if (q->cmp == CMP_EQ || q->cmp == CMP_NE || q->cmp == CMP_LE || q->cmp == CMP_LT)
        to = n - (q->cmp == CMP_LT);
    if (q->type == TYPE_DURATION) { /* a longer duration means an earlier moment */
        int64_t earliest = as_of - to;
        to = as_of - from;
        from = earliest;
    } else if (q->type != TYPE_TIME) {
        from += CODE_FIRST;
        to += CODE_FIRST;
    }
    if (from > UINT32_MAX || to < CODE_FIRST || from > to)
        return false;
    *low = from < CODE_FIRST ? CODE_FIRST : (uint32_t)from;
    *high = to > UINT32_MAX ? UINT32_MAX : (uint32_t)to;
    return true;
}

void narrow_number(const struct query *q, const struct span *s, uint64_t *bits)
{
    uint32_t scratch[QUERY_SPAN], low = 0, high = 0;
    bool moment = q->type == TYPE_TIME || q->type == TYPE_DURATION;
    if (moment && s->report->has_text_codes) {
        keep_rows(bits, q, s, number_at);
        return;
    }
    bool outside = q->cmp == CMP_NE;
    enum column column = query_column_of(q, s->slot);
    /* the same for all rows */
    if (q->scope == SCOPE_KEY ? q->id == KEY_SLOT : q->scope == SCOPE_CERT && q->id == CERT_SLOT) {
        if (!compared(q->cmp, s->slot - q->number))
            memset(bits, 0, QUERY_WORDS * sizeof *bits);
        return;
    }
    const uint8_t *flags = column == COL_COUNT ? NULL : report_flags(s->report, s->first, column);
    bool is_possible = code_range(q, s->report->as_of, &low, &high);
    if (flags && is_possible && low <= UINT8_MAX)
        keep_flags(bits, flags, s->count, low, high, outside);
    else if (is_possible)
        keep_range(bits, query_leaf_codes(q, s, scratch), s->count, low, high, outside);
    else if (outside)
        keep_range(bits, query_leaf_codes(q, s, scratch), s->count, CODE_FIRST, UINT32_MAX, false);
    else
        memset(bits, 0, QUERY_WORDS * sizeof *bits);
}

/* Whether the credential that this time of use belongs to exists, and the report says that it was never used. */
static bool never_used(const struct query *q, const struct span *s, size_t row, enum state state)
{
    if (state != STATE_NA && state != STATE_NO_INFORMATION)
        return false;
    if (q->scope == SCOPE_KEY || q->scope == SCOPE_CREDENTIAL)
        return true;
    if (q->id == COL_PASSWORD_LAST_USED)
        return state == STATE_NO_INFORMATION;
    if (q->id == COL_KEY_1_LAST_USED_DATE || q->id == COL_KEY_2_LAST_USED_DATE)
        return report_key_exists(s->report, row, q->id == COL_KEY_1_LAST_USED_DATE ? 1 : 2);
    return true;
}

static bool in_state(const struct query *q, const struct span *s, size_t row, enum state state)
{
    bool is = q->test == TEST_MISSING ? state != STATE_VALUE
        : q->test == TEST_NEVER ? never_used(q, s, row, state) : (int)state == q->test;
    return is == (q->cmp == CMP_EQ);
}

static bool text_state_at(const struct query *q, const struct span *s, size_t row)
{
    return in_state(q, s, row, report_value(s->report, row, query_column_of(q, s->slot)).state);
}

void narrow_state(const struct query *q, const struct span *s, uint64_t *bits)
{
    enum column column = query_column_of(q, s->slot);
    uint32_t scratch[QUERY_SPAN];
    if (column != COL_COUNT && !report_has_codes(column)) {
        keep_rows(bits, q, s, text_state_at);
        return;
    }
    const uint32_t *code = query_leaf_codes(q, s, scratch);
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            if (!in_state(q, s, s->first + w * 64 + k, code_state(code[w * 64 + k])))
                bits[w] &= ~(UINT64_C(1) << k);
        }
    }
}

bool holds_compared(const struct query *q, struct slice text)
{
    return compared(q->cmp, slice_compare_nocase(text, slice_of(q->text)));
}

bool holds_regex(const struct query *q, struct slice text)
{
    return regex_matches(q->regex, text);
}

/*
 * Whether Q holds for TEXT. A regular expression may take a millisecond per text, so cancellation is checked before
 * each.
 */
static bool holds_in(const struct query *q, const struct span *s, struct slice text)
{
    return !(q->regex && cancel_check(s->cancel)) && q->holds(q, text);
}

static bool query_text_matches(const struct query *q, const struct span *s, size_t row)
{
    struct value v = report_value(s->report, row, query_column_of(q, s->slot));
    return v.state == STATE_VALUE && holds_in(q, s, v.text);
}

/* Each word is evaluated once per span, however many rows have it. */
static void narrow_word(const struct query *q, const struct span *s, uint64_t *bits, enum column column)
{
    enum { SLOTS = 64 };
    struct {
        uint32_t code;
        bool holds;
    } seen[SLOTS] = {{0}};
    uint32_t scratch[QUERY_SPAN];
    const uint32_t *code = codes(s, column, scratch);
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            uint32_t c = code[w * 64 + k], at = c % SLOTS;
            bool holds = false;
            if (c == CODE_TEXT)
                holds = query_text_matches(q, s, s->first + w * 64 + k);
            else if (c >= CODE_FIRST && seen[at].code != c)
                holds = seen[at].holds = holds_in(q, s, report_word(s->report, column, seen[at].code = c));
            else if (c >= CODE_FIRST)
                holds = seen[at].holds;
            if (!holds)
                bits[w] &= ~(UINT64_C(1) << k);
        }
    }
}

bool holds_element(const struct query *q, struct slice text)
{
    bool any = false;
    struct slice one;
    while (!any && extra_columns_next_element(&text, &one)) {
        bool holds = q->regex ? holds_regex(q, one) : holds_compared(q, one);
        any = holds != (q->cmp == CMP_NE);
    }
    return any != (q->cmp == CMP_NE); /* != holds if no element is equal */
}

void narrow_unbound(const struct query *q, const struct span *s, uint64_t *bits)
{
    (void)q;
    (void)s;
    memset(bits, 0, QUERY_WORDS * sizeof *bits);
}

void narrow_text(const struct query *q, const struct span *s, uint64_t *bits)
{
    enum column column = query_column_of(q, s->slot);
    if (report_has_codes(column))
        narrow_word(q, s, bits, column);
    else
        keep_rows(bits, q, s, query_text_matches);
}

static struct slice word_text(const void *words, uint32_t number)
{
    return ((const struct query_words *)words)->list[number];
}

static bool holds_listed(const struct query *q, struct slice text)
{
    char lower[128];
    struct buffer longer = {0};
    if (text.len > sizeof lower)
        buffer_add_lower(&longer, text);
    for (size_t i = 0; i < text.len && text.len <= sizeof lower; i++)
        lower[i] = (char)(text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + ('a' - 'A') : text.data[i]);
    struct slice word = {longer.data ? longer.data : lower, text.len};
    bool holds = hash_index_find(&q->words->index, word, hash_text(word));
    buffer_free(&longer);
    return holds;
}

struct query_words *query_words_new(const struct query *first, size_t count)
{
    enum { FEW = 8 };
    if (!first || count < FEW)
        return NULL;
    for (const struct query *q = first; q; q = q->next) {
        if (q->narrow != narrow_text || q->holds != holds_compared || q->cmp != CMP_EQ || q->name)
            return NULL;
    }
    struct query_words *w = xcalloc(1, sizeof *w);
    size_t n = 0;
    w->leaf = *first;
    w->leaf.next = NULL;
    w->leaf.holds = holds_listed;
    w->leaf.words = w;
    w->index = (struct hash_index){.text = word_text, .owner = w};
    w->list = xcalloc(count, sizeof *w->list);
    for (const struct query *q = first; q; q = q->next)
        buffer_add_lower(&w->texts, slice_of(q->text));
    hash_index_reserve(&w->index, count);
    size_t at = 0;
    for (const struct query *q = first; q; q = q->next, n++) {
        w->list[n] = (struct slice){w->texts.data ? w->texts.data + at : "", strlen(q->text)};
        at += w->list[n].len;
        uint32_t *slot = hash_index_add(&w->index, w->list[n], hash_text(w->list[n]));
        *slot = *slot ? *slot : (uint32_t)n + 1;
    }
    return w;
}

void query_words_free(struct query_words *words)
{
    if (!words)
        return;
    hash_index_free(&words->index);
    buffer_free(&words->texts);
    free(words->list);
    free(words);
}

/* Whether the text cell in ROW is a time, as which it is put into *AT. *STATE becomes the cell's state. */
static bool text_moment(const struct query *q, const struct span *s, size_t row, enum state *state, int64_t *at)
{
    struct value v = report_value(s->report, row, query_column_of(q, s->slot));
    *state = v.state;
    return v.state == STATE_VALUE && timestamp_parse(v.text, at);
}

static bool moment_at(const struct query *q, const struct span *s, size_t row)
{
    int64_t at, now = s->report->as_of;
    enum state state;
    return text_moment(q, s, row, &state, &at) && compared(q->cmp, (at > now) - (at < now));
}

void narrow_moment(const struct query *q, const struct span *s, uint64_t *bits)
{
    keep_rows(bits, q, s, moment_at);
}

void query_moment_unknown(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *out)
{
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = in[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            int64_t at;
            enum state state;
            if (!text_moment(q, s, s->first + w * 64 + k, &state, &at)
                && (state == STATE_VALUE || state_is_unknown(state)))
                out[w] |= UINT64_C(1) << k;
        }
    }
}

static bool credential_at(const struct query *q, const struct span *s, size_t row)
{
    struct buffer scratch = {0};
    uint32_t id = credential_id((uint32_t)row, (enum credential)(s->slot - 1));
    struct value v = q->checks->credential_value(s->report, id, COL_COUNT + q->id, &scratch);
    int64_t n = wanted_number(q, s->report);
    bool holds = q->test ? in_state(q, s, row, v.state)
        : v.state != STATE_VALUE ? false
        : q->holds ? holds_in(q, s, v.text) : compared(q->cmp, (v.number > n) - (v.number < n));
    buffer_free(&scratch);
    return holds;
}

/* Evaluate whole spans if a column of users has the value, otherwise credential by credential. */
void narrow_credential(const struct query *q, const struct span *s, uint64_t *bits)
{
    enum column column = credential_column_of_user((enum credential_column)q->id, (enum credential)(s->slot - 1));
    struct query of_user = *q;
    of_user.scope = SCOPE_USER;
    of_user.id = (int)column;
    if (column == COL_COUNT || q->test == TEST_NEVER)
        keep_rows(bits, q, s, credential_at);
    else if (q->test)
        narrow_state(&of_user, s, bits);
    else if (q->holds)
        narrow_text(&of_user, s, bits);
    else
        narrow_number(&of_user, s, bits);
}
