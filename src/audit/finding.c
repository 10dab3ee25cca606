/*
 * Lists findings in order; describes the credentials at fault in words; chooses the cells that the screen highlights.
 */
#include "audit/finding.h"

#include "base/timestamp.h"
#include "report/cell.h"

#include <assert.h>
#include <stdlib.h>

static_assert(COL_COUNT <= 64, "one bit per column");

/*
 * Whether A comes before B: waived findings last, otherwise worse ones first. Equal ones keep the order of the checks.
 */
static bool finding_before(const struct finding *a, const struct finding *b)
{
    if (!a->waiver != !b->waiver)
        return !a->waiver;
    return a->severity > b->severity;
}

/* Returns the row's finding of CHECK with at_fault still 0. WAIVED is audit_waived() of the row. */
static struct finding make_finding(const struct report *r, size_t row, unsigned check, uint64_t waived)
{
    struct finding f = {.row = (uint32_t)row, .check = (uint8_t)check,
        .severity = (uint8_t)audit_severity(r, row, check)};
    if (waived >> check & 1)
        f.waiver = waivers_find(&r->audit->waivers, r, row, check);
    return f;
}

/* Insert F in its place among the COUNT findings at OUT, which has room for one more. */
static void put_finding(struct finding *out, size_t count, struct finding f)
{
    size_t at = count;
    for (; at && finding_before(&f, &out[at - 1]); at--)
        out[at] = out[at - 1];
    out[at] = f;
}

struct finding finding_by(const struct report *r, size_t row, unsigned check)
{
    struct finding f = make_finding(r, row, check, audit_waived(r, row));
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
        f.at_fault |= (uint8_t)(audit_is_fault(r, row, check, c) << c);
    return f;
}

size_t finding_list(const struct report *r, size_t row, struct finding out[CHECKS_MAX])
{
    size_t n = 0;
    for (uint64_t left = audit_counted(r, row) | audit_waived(r, row); left; left &= left - 1)
        put_finding(out, n++, finding_by(r, row, (unsigned)__builtin_ctzll(left)));
    return n;
}

size_t finding_list_by(const struct report *r, size_t row, const struct audit_faults *faults,
    struct finding out[CHECKS_MAX])
{
    size_t n = 0;
    uint64_t waived = audit_waived(r, row);
    const uint8_t *at_fault = audit_faults_of(faults, row);
    for (uint64_t left = r->audit ? audit_failed(r, row) & r->checks_on : 0; left; left &= left - 1) {
        struct finding f = make_finding(r, row, (unsigned)__builtin_ctzll(left), waived);
        f.at_fault = *at_fault++;
        put_finding(out, n++, f);
    }
    return n;
}

struct finding finding_of(const struct report *r, size_t row, unsigned check, const struct audit_faults *faults)
{
    struct finding f = make_finding(r, row, check, audit_waived(r, row));
    uint64_t before = audit_failed(r, row) & r->checks_on & ((UINT64_C(1) << check) - 1);
    f.at_fault = audit_faults_of(faults, row)[__builtin_popcountll(before)];
    return f;
}

/*
 * AWS has recorded sign-ins since 2014-10-20 and the use of keys since 2015-04-22, so an earlier use would not show.
 * The report does not say when a password was first set, so the user's creation decides for passwords.
 */
const char *finding_recorded_since(const struct report *r, size_t row, enum credential c)
{
    static const int64_t sign_ins = INT64_C(1413763200), keys = INT64_C(1429660800);
    bool is_password = c == CREDENTIAL_PASSWORD;
    struct value made = report_number(r, row, is_password ? COL_USER_CREATION_TIME : credential_columns[c].made);
    if (made.state != STATE_VALUE || made.number >= (is_password ? sign_ins : keys))
        return NULL;
    return is_password ? "2014-10-20" : "2015-04-22";
}

void finding_put_never(struct buffer *b, const struct report *r, size_t row, enum credential c)
{
    const char *since = finding_recorded_since(r, row, c);
    buffer_put_all(b, since ? "not used since " : "never used", since ? since : "");
}

/* Whether the key C was made together with its user. The console audit of CIS asks this for setup-key. */
static bool is_from_setup(const struct report *r, size_t row, enum credential c)
{
    enum { TOGETHER = 10 }; /* seconds */
    struct value made = report_number(r, row, credential_columns[c].made);
    struct value user = report_number(r, row, COL_USER_CREATION_TIME);
    return c != CREDENTIAL_PASSWORD && made.state == STATE_VALUE && user.state == STATE_VALUE
        && llabs((long long)(made.number - user.number)) < TOGETHER;
}

static void put_use(struct buffer *b, const struct report *r, size_t row, enum credential c, const struct value *used)
{
    if (used->state == STATE_NA || used->state == STATE_NO_INFORMATION) {
        finding_put_never(b, r, row, c);
        buffer_puts(b, is_from_setup(r, row, c) ? ", created with the user" : "");
    } else if (used->state != STATE_VALUE) {
        buffer_puts(b, "last use unknown");
    } else {
        buffer_puts(b, "used ");
        duration_words(b, r->as_of - used->number);
        buffer_puts(b, r->as_of < used->number ? " after the report's time" : " ago");
    }
}

/*
 * Append the age: "91 days old". What is beyond the days is added only if the age is exactly THRESHOLD whole days,
 * because then it decides whether the check fails: "90 days 5 hours old", "90 days 1 second old". THRESHOLD is 0 if
 * there is none.
 */
static void put_age(struct buffer *b, const struct report *r, const struct value *made, int threshold)
{
    if (made->state != STATE_VALUE) {
        buffer_puts(b, made->state == STATE_NOT_SUPPORTED ? "its age is not reported by AWS" : "age unknown");
        return;
    }
    int64_t age = r->as_of - made->number, beyond = age % TIMESTAMP_DAY;
    duration_words(b, age);
    if (threshold && age >= 2 * TIMESTAMP_DAY && duration_days(age) == threshold && beyond) {
        const char *unit = beyond >= 3600 ? "hour" : beyond >= 60 ? "minute" : "second";
        int count = (int)(beyond >= 3600 ? beyond / 3600 : beyond >= 60 ? beyond / 60 : beyond);
        buffer_printf(b, " %d %s%s", count, unit, count == 1 ? "" : "s");
    }
    buffer_puts(b, made->number > r->as_of ? " ahead of the report's time" : " old");
}

static void describe_credential(struct buffer *b, const struct report *r, size_t row, enum credential c, int threshold)
{
    const struct credential_columns *k = &credential_columns[c];
    struct value active = report_number(r, row, k->active), made = report_number(r, row, k->made);
    bool is_silent = active.state == STATE_NOT_SUPPORTED && made.state == STATE_NOT_SUPPORTED; /* of root's password */
    buffer_puts(b, credential_title(c));
    buffer_puts(b, ": ");
    if (is_silent)
        buffer_puts(b, "state and age not reported by AWS");
    else if (active.state != STATE_VALUE)
        buffer_puts(b, active.state == STATE_NOT_SUPPORTED ? "AWS does not report whether it is enabled"
            : "not known to be active");
    else if (c == CREDENTIAL_PASSWORD)
        buffer_puts(b, active.number ? "enabled" : "disabled");
    else
        buffer_puts(b, active.number ? "active" : "inactive");
    if (!is_silent) {
        buffer_puts(b, ", ");
        put_age(b, r, &made, threshold);
    }
    if (k->used == COL_COUNT)
        return;
    struct value used = report_number(r, row, k->used);
    buffer_puts(b, ", ");
    put_use(b, r, row, c, &used);
}

void finding_describe(struct buffer *b, const struct report *r, size_t row, enum credential c)
{
    describe_credential(b, r, row, c, 0);
}

/*
 * Append the user's age; before it, unless AS_SUCH, that the user has no credential, which is then part of the finding.
 */
static void describe_user(struct buffer *b, const struct report *r, size_t row, bool as_such)
{
    struct value made = report_number(r, row, COL_USER_CREATION_TIME);
    buffer_printf(b, "%suser: ", as_such ? "" : "no password, key or certificate; ");
    put_age(b, r, &made, 0);
}

static uint64_t bit(enum column column)
{
    return column < COL_COUNT ? UINT64_C(1) << column : 0;
}

/* Returns the columns about credential C, reported and derived, one bit each. */
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

/*
 * Append the cells that a user-defined rule looks at besides those of the credentials at fault: "mfa_active: no; path:
 * /ci/; owner: ana". Appends the user's age if there is no other evidence. BETWEEN comes first.
 */
static void describe_rule(struct buffer *b, const struct report *r, const struct finding *f, const char *between)
{
    enum { OTHERS_MAX = 8 };
    enum column others[OTHERS_MAX];
    const struct query *q = r->audit->rule[f->check];
    uint64_t names = query_user_columns(q) & ~columns_at_fault(f) & ~bit(COL_USER) & ~bit(COL_ARN);
    size_t count = query_bound_columns(q, r, others, 0, OTHERS_MAX);
    for (uint64_t left = names; left; left &= left - 1) {
        enum column column = (enum column)__builtin_ctzll(left);
        buffer_printf(b, "%s%s: ", between, schema[column].name);
        cell_for_people(b, r, f->row, column, true);
        between = "; ";
    }
    for (size_t i = 0; i < count; i++) {
        buffer_printf(b, "%s%s: ", between, report_column_info(r, others[i])->name);
        cell_for_people(b, r, f->row, others[i], true);
        between = "; ";
    }
    if (!names && !count && !f->at_fault) {
        struct value made = report_number(r, f->row, COL_USER_CREATION_TIME);
        buffer_puts(b, "user: ");
        put_age(b, r, &made, 0);
    }
}

/* Whether R has a column NAME, which --details gives, with a value in ROW; *COLUMN becomes its number. */
static bool has_detail(const struct report *r, size_t row, const char *name, enum column *column)
{
    *column = report_column_find(r, slice_of(name));
    return *column != COL_COUNT && report_value(r, row, *column).state == STATE_VALUE;
}

/* Append evidence from --details: "; rights: admin, by group ops: AdministratorAccess", "; policies: Deploy". */
static void describe_details(struct buffer *b, const struct report *r, const struct finding *f)
{
    unsigned lit = check_at(f->check)->lit;
    enum column column;
    if (lit & LIT_RIGHTS && has_detail(r, f->row, "rights", &column)) {
        buffer_puts(b, "; rights: ");
        cell_for_people(b, r, f->row, column, true);
        if (has_detail(r, f->row, "rights_by", &column)) {
            buffer_puts(b, ", by ");
            cell_for_people(b, r, f->row, column, true);
        }
    }
    if (lit & LIT_POLICIES && has_detail(r, f->row, "policies", &column)) {
        buffer_puts(b, "; policies: ");
        cell_for_people(b, r, f->row, column, true);
    }
}

void finding_worst_first(struct sort_order *order, const struct report *r)
{
    const struct extra_column *rights = extra_columns_at(r->extra, extra_columns_find(r->extra, slice_of("rights")));
    bool are_known = rights && rights->origin == EXTRA_PROGRAM;
    struct error ignored;
    const char *list = are_known ? "-severity,-rights,-findings,-oldest" : "-severity,-findings,-oldest";
    sort_parse(order, slice_of(list), &sort_users, r, &ignored);
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
        describe_credential(b, r, f->row, c, check_at(f->check)->lit & LIT_AGE ? r->audit->settings.days[f->check] : 0);
        between = "; ";
    }
    if (check_at(f->check)->rule) {
        describe_rule(b, r, f, between);
    } else if (!f->at_fault) {
        buffer_puts(b, between);
        describe_user(b, r, f->row, check_at(f->check)->lit & LIT_MFA || check_at(f->check)->needs);
    }
    describe_details(b, r, f);
}

/*
 * Append the credential with its age, or if IDLE with the time since its last use: "key 1 1559d", "key 2 unused 315d".
 */
static void put_brief(struct buffer *b, const struct report *r, const struct finding *f, enum credential c, bool idle)
{
    const struct credential_columns *k = &credential_columns[c];
    struct value v = report_number(r, f->row, idle ? k->idle : k->age);
    bool never = idle && report_number(r, f->row, k->used).state != STATE_VALUE;
    buffer_puts(b, credential_title(c));
    if (never) {
        buffer_putc(b, ' ');
        finding_put_never(b, r, f->row, c);
    } else if (v.state == STATE_VALUE) {
        buffer_puts(b, idle ? " unused " : " ");
        buffer_number(b, duration_days(v.number));
        buffer_putc(b, 'd');
    }
}

void finding_brief(struct buffer *b, const struct report *r, const struct finding *f)
{
    const struct check *check = check_at(f->check);
    bool idle = check->lit & LIT_IDLE, any = false;
    enum column rights;
    bool has_rights = check->lit & LIT_RIGHTS && has_detail(r, f->row, "rights", &rights);
    if (has_rights)
        buffer_printf(b, "rights %s%s", rights_name((enum rights)report_number(r, f->row, rights).number),
            check->lit & (LIT_MFA | LIT_AGE) ? ", " : "");
    if (check->lit & LIT_MFA)
        buffer_puts(b, "no MFA");
    if (check->lit & LIT_MFA || (has_rights && check->lit & LIT_USER))
        return;
    /* root-used looks at the last use, too, but "unused" would be the opposite of its reason: it gets its title */
    for (int c = 0; strcmp(check->id, "root-used") != 0 && check->lit & (LIT_AGE | LIT_IDLE)
        && c < CREDENTIAL_COUNT; c++) {
        if (!(f->at_fault >> c & 1) || (idle && credential_columns[c].used == COL_COUNT))
            continue;
        buffer_puts(b, any ? ", " : "");
        put_brief(b, r, f, (enum credential)c, idle);
        any = true;
    }
    if (!any) {
        struct buffer title = {0};
        check_title(&title, f->check, &r->audit->settings);
        text_harmless(b, (struct slice){title.data, title.len}, false);
        buffer_free(&title);
    }
}

void finding_why(struct buffer *b, const struct report *r, size_t row, const struct audit_faults *faults,
    const char *between, size_t width)
{
    enum { MORE = 4 }; /* " +12" */
    struct finding list[CHECKS_MAX];
    struct buffer brief = {0};
    size_t n = faults ? finding_list_by(r, row, faults, list) : finding_list(r, row, list), count = 0, start = b->len;
    while (count < n && !list[count].waiver)
        count++;
    buffer_puts(b, "");
    for (size_t i = 0; i < count; i++) {
        size_t end = b->len;
        brief.len = 0;
        finding_brief(&brief, r, &list[i]);
        if (!strstr(b->data + start, brief.data)) { /* two checks may have one reason */
            buffer_puts(b, end > start ? between : "");
            buffer_add(b, brief.data, brief.len);
        }
        size_t more = i + 1 < count ? MORE : 0;
        if (width && end > start && text_width((struct slice){b->data + start, b->len - start}) + more > width) {
            b->len = end;
            buffer_printf(b, " +%zu", count - i);
            break;
        }
    }
    buffer_free(&brief);
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
        /* Highlight the age, too: on the first screen it is the only cell that shows that the credential exists. */
        if (lit & LIT_ACTIVE)
            cells |= bit(k->active) | bit(k->age);
        if (lit & LIT_AGE)
            cells |= bit(k->made) | bit(k->age);
        if (lit & LIT_IDLE)
            cells |= k->used < COL_COUNT ? bit(k->used) | bit(k->idle) : bit(k->made) | bit(k->age);
        /* The idle time of a credential that was never used counts from its creation. */
        if ((lit & LIT_IDLE) && k->used < COL_COUNT && report_number(r, f->row, k->used).state != STATE_VALUE)
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
        for (int s = SEVERITY_NONE; s <= (int)list[i].severity; s++)
            cells[s] |= own;
    }
}
