/* One function a kind of leaf; the parser put the right one into each node. */
#include "query_priv.h"

#include "audit.h"

static struct value flag(bool b)
{
    return (struct value){.state = STATE_VALUE, .number = b};
}

/* What a report does not say, or not in a way that can be read, is neither used nor unused. */
static struct value used(struct value last_used)
{
    bool never = last_used.state == STATE_NA || last_used.state == STATE_NO_INFORMATION;
    return last_used.state == STATE_VALUE || never ? flag(!never) : last_used;
}

struct value query_get_column(const struct report *r, size_t row, int slot, int id)
{
    (void)slot;
    return report_value(r, row, (enum column)id);
}

struct value query_get_key(const struct report *r, size_t row, int slot, int id)
{
    enum column base = slot == 1 ? COL_KEY_1_ACTIVE : COL_KEY_2_ACTIVE;
    switch ((enum key_member)id) {
    case KEY_EXISTS: return flag(report_key_exists(r, row, slot));
    case KEY_USED: return used(report_value(r, row, base + 2));
    case KEY_AGE: return report_value(r, row, slot == 1 ? COL_KEY_1_AGE : COL_KEY_2_AGE);
    case KEY_IDLE: return report_value(r, row, slot == 1 ? COL_KEY_1_IDLE : COL_KEY_2_IDLE);
    case KEY_ACTIVE: return report_value(r, row, base);
    case KEY_LAST_ROTATED: return report_value(r, row, base + 1);
    case KEY_LAST_USED: return report_value(r, row, base + 2);
    case KEY_REGION: return report_value(r, row, base + 3);
    case KEY_SERVICE: return report_value(r, row, base + 4);
    case KEY_SLOT:
    case KEY_MEMBERS: break;
    }
    return (struct value){.state = STATE_VALUE, .number = slot};
}

struct value query_get_cert(const struct report *r, size_t row, int slot, int id)
{
    enum column base = slot == 1 ? COL_CERT_1_ACTIVE : COL_CERT_2_ACTIVE;
    switch ((enum cert_member)id) {
    case CERT_EXISTS: return flag(report_cert_exists(r, row, slot));
    case CERT_ACTIVE: return report_value(r, row, base);
    case CERT_AGE: return report_value(r, row, slot == 1 ? COL_CERT_1_AGE : COL_CERT_2_AGE);
    case CERT_LAST_ROTATED: return report_value(r, row, base + 1);
    case CERT_SLOT:
    case CERT_MEMBERS: break;
    }
    return (struct value){.state = STATE_VALUE, .number = slot};
}

bool eval_and(const struct query *q, const struct report *r, size_t row, int slot)
{
    return q->left->eval(q->left, r, row, slot) && q->right->eval(q->right, r, row, slot);
}

bool eval_or(const struct query *q, const struct report *r, size_t row, int slot)
{
    return q->left->eval(q->left, r, row, slot) || q->right->eval(q->right, r, row, slot);
}

bool eval_not(const struct query *q, const struct report *r, size_t row, int slot)
{
    return !q->left->eval(q->left, r, row, slot);
}

/* A credential that does not exist can satisfy nothing, not even a `not`. */
bool eval_key(const struct query *q, const struct report *r, size_t row, int slot)
{
    (void)slot;
    for (int s = 1; s <= 2; s++) {
        if (report_key_exists(r, row, s) && q->left->eval(q->left, r, row, s))
            return true;
    }
    return false;
}

bool eval_cert(const struct query *q, const struct report *r, size_t row, int slot)
{
    (void)slot;
    for (int s = 1; s <= 2; s++) {
        if (report_cert_exists(r, row, s) && q->left->eval(q->left, r, row, s))
            return true;
    }
    return false;
}

bool eval_fails(const struct query *q, const struct report *r, size_t row, int slot)
{
    (void)slot;
    return audit_failed(r, row) >> q->id & 1;
}

bool eval_truth(const struct query *q, const struct report *r, size_t row, int slot)
{
    struct value v = q->get(r, row, slot, q->id);
    return v.state == STATE_VALUE && v.number;
}

static bool holds(enum comparison cmp, int64_t order)
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

bool eval_number(const struct query *q, const struct report *r, size_t row, int slot)
{
    struct value v = q->get(r, row, slot, q->id);
    return v.state == STATE_VALUE && holds(q->cmp, (v.number > q->number) - (v.number < q->number));
}

bool eval_text(const struct query *q, const struct report *r, size_t row, int slot)
{
    struct value v = q->get(r, row, slot, q->id);
    struct slice want = slice_of(q->text);
    if (v.state != STATE_VALUE)
        return false;
    if (q->cmp == CMP_EQ || q->cmp == CMP_NE)
        return slice_equal(v.text, want) == (q->cmp == CMP_EQ);
    return holds(q->cmp, slice_compare_nocase(v.text, want));
}

bool eval_regex(const struct query *q, const struct report *r, size_t row, int slot)
{
    struct value v = q->get(r, row, slot, q->id);
    return v.state == STATE_VALUE
        && pcre2_match(q->regex, (PCRE2_SPTR)v.text.data, v.text.len, 0, 0, q->match, NULL) >= 0;
}

/* The credential whose use this is exists, and the report says that it was never used. */
static bool never_used(const struct query *q, const struct report *r, size_t row, int slot)
{
    struct value v = q->get(r, row, slot, q->id);
    if (v.state != STATE_NA && v.state != STATE_NO_INFORMATION)
        return false;
    if (q->scope == SCOPE_KEY)
        return true;
    if (q->id == COL_PASSWORD_LAST_USED)
        return v.state == STATE_NO_INFORMATION;
    if (q->id == COL_KEY_1_LAST_USED_DATE || q->id == COL_KEY_2_LAST_USED_DATE)
        return report_key_exists(r, row, q->id == COL_KEY_1_LAST_USED_DATE ? 1 : 2);
    return true;
}

bool eval_state(const struct query *q, const struct report *r, size_t row, int slot)
{
    enum state s = q->get(r, row, slot, q->id).state;
    bool is = q->test == TEST_MISSING ? s != STATE_VALUE : q->test == TEST_NEVER ? never_used(q, r, row, slot) : (int)s == q->test;
    return is == (q->cmp == CMP_EQ);
}

bool eval_contains(const struct query *q, const struct report *r, size_t row, int slot)
{
    (void)slot;
    struct slice want = slice_of(q->text);
    return slice_contains_nocase(report_raw(r, row, COL_USER), want) || slice_contains_nocase(report_raw(r, row, COL_ARN), want);
}

bool query_matches(const struct query *q, const struct report *r, size_t row)
{
    return q->eval(q, r, row, 0);
}

size_t query_keep(const struct query *q, const struct report *r, uint32_t *rows, size_t count, bool inverted)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (query_matches(q, r, rows[i]) != inverted)
            rows[kept++] = rows[i];
    }
    return kept;
}
