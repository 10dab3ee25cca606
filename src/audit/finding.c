/* What a finding rests on: words for the credentials at fault, and the cells to light. */
#include "audit/finding.h"

#include "base/timestamp.h"
#include "report/cell.h"

#include <assert.h>

const char finding_worst_first[] = "-severity,-findings,-oldest";

static_assert(COL_COUNT <= 64, "a bit a column");

/* Those that count before waived ones, then worse ones first; the table's order within. */
static bool before(const struct finding *a, const struct finding *b)
{
    if (!a->waiver != !b->waiver)
        return !a->waiver;
    return check_at(a->check)->severity > check_at(b->check)->severity;
}

size_t finding_list(const struct report *r, size_t row, struct finding out[CHECKS_MAX])
{
    uint64_t faults[CREDENTIAL_COUNT];
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
        faults[c] = audit_fault(r, row, c);
    return finding_list_by(r, row, faults, out);
}

size_t finding_list_by(const struct report *r, size_t row, const uint64_t *faults, struct finding out[CHECKS_MAX])
{
    size_t n = 0;
    uint64_t waived = audit_waived(r, row);
    for (uint64_t left = audit_counted(r, row) | waived; left; left &= left - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(left);
        struct finding f = {(uint32_t)row, i, 0, NULL};
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
            f.at_fault |= (faults[c] >> i & 1) << c;
        if (waived >> i & 1)
            f.waiver = waivers_find(&r->audit->waivers, r, row, i);
        size_t at = n++;
        for (; at && before(&f, &out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = f;
    }
    return n;
}

/* A length of time, without its sign: hours under two days, then whole days. */
static void put_days(struct buffer *b, int64_t seconds)
{
    enum { HOUR = 3600 };
    seconds = seconds < 0 ? -seconds : seconds;
    bool is_short = seconds < 2 * TIMESTAMP_DAY;
    int64_t n = is_short ? seconds / HOUR : duration_days(seconds);
    char count[32];
    text_count(count, sizeof count, (unsigned long long)n);
    if (seconds < HOUR) {
        buffer_puts(b, "less than 1 hour");
        return;
    }
    buffer_puts(b, count);
    buffer_puts(b, is_short ? " hour" : " day");
    buffer_puts(b, n == 1 ? "" : "s");
}

static void put_use(struct buffer *b, const struct report *r, const struct value *used)
{
    if (used->state == STATE_NA || used->state == STATE_NO_INFORMATION) {
        buffer_puts(b, "never used");
    } else if (used->state != STATE_VALUE) {
        buffer_puts(b, "last use unknown");
    } else {
        buffer_puts(b, "used ");
        put_days(b, r->as_of - used->number);
        buffer_puts(b, r->as_of < used->number ? " after the report's time" : " ago");
    }
}

static void put_age(struct buffer *b, const struct report *r, const struct value *made)
{
    if (made->state != STATE_VALUE) {
        buffer_puts(b, made->state == STATE_NOT_SUPPORTED ? "its age is not reported by AWS" : "age unknown");
        return;
    }
    put_days(b, r->as_of - made->number);
    buffer_puts(b, made->number > r->as_of ? " ahead of the report's time" : " old");
}

void finding_describe(struct buffer *b, const struct report *r, size_t row, enum credential c)
{
    const struct credential_columns *k = &credential_columns[c];
    struct value active = report_number(r, row, k->active), made = report_number(r, row, k->made);
    buffer_puts(b, credential_title(c));
    buffer_puts(b, ": ");
    if (active.state != STATE_VALUE)
        buffer_puts(b, active.state == STATE_NOT_SUPPORTED ? "AWS does not report whether it is enabled" : "not known to be active");
    else if (c == CREDENTIAL_PASSWORD)
        buffer_puts(b, active.number ? "enabled" : "disabled");
    else
        buffer_puts(b, active.number ? "active" : "inactive");
    buffer_puts(b, ", ");
    put_age(b, r, &made);
    if (k->used == COL_COUNT)
        return;
    struct value used = report_number(r, row, k->used);
    buffer_puts(b, ", ");
    put_use(b, r, &used);
}

static void describe_user(struct buffer *b, const struct report *r, size_t row)
{
    struct value made = report_value(r, row, COL_USER_CREATION_TIME);
    buffer_puts(b, "no password, key or certificate; user: ");
    put_age(b, r, &made);
}

static uint64_t bit(enum column column)
{
    return column < COL_COUNT ? UINT64_C(1) << column : 0;
}

/* The columns of the report and derived ones that tell of a credential. */
static uint64_t columns_of(enum credential c)
{
    const struct credential_columns *k = &credential_columns[c];
    return bit(k->active) | bit(k->made) | bit(k->used) | bit(k->region) | bit(k->service) | bit(k->age) | bit(k->idle);
}

static uint64_t columns_at_fault(const struct finding *f)
{
    uint64_t columns = 0;
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
        columns |= f->at_fault >> c & 1 ? columns_of(c) : 0;
    return columns;
}

/* What else the rule asks of the user: "mfa_active: no; path: /ci/". */
static void describe_rule(struct buffer *b, const struct report *r, const struct finding *f, const char *between)
{
    uint64_t names = query_user_columns(r->audit->rule[f->check]) & ~columns_at_fault(f) & ~bit(COL_USER) & ~bit(COL_ARN);
    for (uint64_t left = names; left; left &= left - 1) {
        enum column column = (enum column)__builtin_ctzll(left);
        buffer_printf(b, "%s%s: ", between, schema[column].name);
        cell_for_people(b, r, f->row, column, true);
        between = "; ";
    }
    if (!names && !f->at_fault) {
        struct value made = report_value(r, f->row, COL_USER_CREATION_TIME);
        buffer_puts(b, "user: ");
        put_age(b, r, &made);
    }
}

void finding_evidence(struct buffer *b, const struct report *r, const struct finding *f)
{
    const char *between = "";
    if (check_at(f->check)->lit & LIT_MFA) {
        buffer_puts(b, "no MFA");
        between = "; ";
    }
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        if (!(f->at_fault >> c & 1))
            continue;
        buffer_puts(b, between);
        finding_describe(b, r, f->row, c);
        between = "; ";
    }
    if (check_at(f->check)->rule)
        describe_rule(b, r, f, between);
    else if (!f->at_fault)
        describe_user(b, r, f->row);
}

void finding_credentials(struct buffer *b, const struct finding *f)
{
    const char *between = "";
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        if (f->at_fault >> c & 1) {
            buffer_puts(b, between);
            buffer_puts(b, credential_name(c));
            between = " ";
        }
    }
}

uint64_t finding_cells(const struct report *r, const struct finding *f)
{
    unsigned lit = check_at(f->check)->lit;
    if (check_at(f->check)->rule)
        return columns_at_fault(f) | query_user_columns(r->audit->rule[f->check]);
    uint64_t cells = (lit & LIT_MFA ? bit(COL_MFA_ACTIVE) : 0) | (lit & LIT_USER ? bit(COL_USER) : 0);
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        if (!(f->at_fault >> c & 1))
            continue;
        const struct credential_columns *k = &credential_columns[c];
        /* An age says that the credential is there: on the first screen nothing else does. */
        if (lit & LIT_ACTIVE)
            cells |= bit(k->active) | bit(k->age);
        if (lit & LIT_AGE)
            cells |= bit(k->made) | bit(k->age);
        if (lit & LIT_IDLE)
            cells |= k->used < COL_COUNT ? bit(k->used) | bit(k->idle) : bit(k->made) | bit(k->age);
        /* What was never used counts from when it was made. */
        if ((lit & LIT_IDLE) && k->used < COL_COUNT && report_value(r, f->row, k->used).state != STATE_VALUE)
            cells |= bit(k->made);
    }
    return cells;
}

void finding_cells_of_row(const struct report *r, size_t row, uint64_t *cells)
{
    struct finding list[CHECKS_MAX];
    size_t n = finding_list(r, row, list);
    memset(cells, 0, SEVERITY_COUNT * sizeof *cells);
    for (size_t i = 0; i < n; i++) {
        uint64_t own = list[i].waiver ? 0 : finding_cells(r, &list[i]);
        for (int s = SEVERITY_NONE; s <= (int)check_at(list[i].check)->severity; s++)
            cells[s] |= own;
    }
}
