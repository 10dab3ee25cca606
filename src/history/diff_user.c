/* What changed of one user: credentials first, then what fails; one entry a change. */
#include "history/diff_user.h"

#include "report/cell.h"
#include "audit/finding.h"

/* ---- entries ---- */

/* The user in hand, in both reports. */
struct pair {
    struct diff *d;
    uint32_t old_row, new_row;
};

/* BEFORE and AFTER are offsets of texts in d->changes.text. */
static void add_as(struct pair *p, enum change change, enum severity severity, const char *what, size_t before,
    size_t after)
{
    struct diff *d = p->d;
    if ((d->changes.count & (d->changes.count - 1)) == 0)
        d->changes.entries = xrealloc(d->changes.entries, d->changes.count ? d->changes.count * 2 : 1, sizeof *d->changes.entries);
    d->changes.entries[d->changes.count++] = (struct change_entry){change, severity, p->old_row, p->new_row, what, before, after};
    d->changes.counts[change]++;
}

static void add(struct pair *p, enum change change, const char *what, size_t before, size_t after)
{
    add_as(p, change, change_usual_severity(change), what, before, after);
}

static size_t text_end(struct diff *d, size_t at)
{
    buffer_add(&d->changes.text, "", 1);
    return at;
}

/* A cell's own text, or nothing. */
static size_t cell_text(struct diff *d, const struct report *r, uint32_t row, enum column column)
{
    size_t at = d->changes.text.len;
    if (row != CHANGE_NO_ROW && column != COL_COUNT)
        cell_for_files(&d->changes.text, r, row, column);
    return text_end(d, at);
}

static size_t no_text(struct diff *d)
{
    return text_end(d, d->changes.text.len);
}

static bool value_of(const struct report *r, size_t row, enum column column, int64_t *out)
{
    struct value v = report_number(r, row, column);
    *out = v.number;
    return v.state == STATE_VALUE;
}

static bool is_true(const struct report *r, size_t row, enum column column)
{
    int64_t n;
    return value_of(r, row, column, &n) && n;
}

static bool is_false(const struct report *r, size_t row, enum column column)
{
    int64_t n;
    return value_of(r, row, column, &n) && !n;
}

/* ---- keys and certificates ---- */

/* Whether the old credential A and the new one B can be one: nothing tells them apart but the time they were made. */
static bool same_made(const struct pair *p, enum credential a, enum credential b)
{
    int64_t x, y;
    bool has_x = value_of(p->d->changes.old, p->old_row, credential_columns[a].made, &x);
    bool has_y = value_of(p->d->changes.new, p->new_row, credential_columns[b].made, &y);
    return has_x && has_y ? x == y : a == b;
}

static void one_credential(struct pair *p, enum credential a, enum credential b)
{
    struct diff *d = p->d;
    const struct credential_columns *x = &credential_columns[a], *y = &credential_columns[b];
    const char *what = credential_name(b);
    int64_t t;
    if (is_true(d->changes.old, p->old_row, x->active) && is_false(d->changes.new, p->new_row, y->active))
        add(p, CHANGE_DEACTIVATED, what, cell_text(d, d->changes.old, p->old_row, x->active),
            cell_text(d, d->changes.new, p->new_row, y->active));
    if (is_false(d->changes.old, p->old_row, x->active) && is_true(d->changes.new, p->new_row, y->active))
        add(p, CHANGE_REACTIVATED, what, cell_text(d, d->changes.old, p->old_row, x->active),
            cell_text(d, d->changes.new, p->new_row, y->active));
    if (x->used == COL_COUNT || y->used == COL_COUNT)
        return;
    bool known = report_number(d->changes.old, p->old_row, x->used).state != STATE_ABSENT;
    if (known && !value_of(d->changes.old, p->old_row, x->used, &t) && value_of(d->changes.new, p->new_row, y->used, &t))
        add(p, CHANGE_FIRST_USED, what, cell_text(d, d->changes.old, p->old_row, x->used),
            cell_text(d, d->changes.new, p->new_row, y->used));
}

/* Two slots; a credential may turn up in the other one, for AWS numbers what there is. */
static void two_slots(struct pair *p, enum credential first)
{
    struct diff *d = p->d;
    bool old[2], new[2];
    for (int i = 0; i < 2; i++) {
        old[i] = credential_exists(d->changes.old, p->old_row, first + (enum credential)i);
        new[i] = credential_exists(d->changes.new, p->new_row, first + (enum credential)i);
    }
    for (int step = 0; step < 4; step++) {
        int i = step & 1, j = step < 2 ? i : 1 - i;
        enum credential a = first + (enum credential)i, b = first + (enum credential)j;
        if (old[i] && new[j] && same_made(p, a, b)) {
            one_credential(p, a, b);
            old[i] = new[j] = false;
        }
    }
    for (int step = 0; step < 4; step++) {
        int i = step & 1, j = step < 2 ? i : 1 - i;
        enum credential a = first + (enum credential)i, b = first + (enum credential)j;
        if (old[i] && new[j]) {
            add(p, CHANGE_ROTATED, credential_name(b), cell_text(d, d->changes.old, p->old_row, credential_columns[a].made),
                cell_text(d, d->changes.new, p->new_row, credential_columns[b].made));
            old[i] = new[j] = false;
        }
    }
    for (int i = 0; i < 2; i++) {
        enum credential c = first + (enum credential)i;
        if (new[i])
            add(p, CHANGE_MADE, credential_name(c), no_text(d),
                cell_text(d, d->changes.new, p->new_row, credential_columns[c].made));
        if (old[i])
            add(p, CHANGE_DELETED, credential_name(c), cell_text(d, d->changes.old, p->old_row, credential_columns[c].made),
                no_text(d));
    }
}

/* ---- password and MFA ---- */

static void cells(struct pair *p, enum change change, const char *what, enum column column)
{
    struct diff *d = p->d;
    add(p, change, what, cell_text(d, d->changes.old, p->old_row, column), cell_text(d, d->changes.new, p->new_row, column));
}

static void sign_in(struct pair *p)
{
    const struct report *old = p->d->changes.old, *new = p->d->changes.new;
    int64_t x, y;
    bool had = is_true(old, p->old_row, COL_PASSWORD_ENABLED), has = is_true(new, p->new_row, COL_PASSWORD_ENABLED);
    if (is_false(old, p->old_row, COL_PASSWORD_ENABLED) && has)
        cells(p, CHANGE_PASSWORD_SET, "password", COL_PASSWORD_LAST_CHANGED);
    if (had && is_false(new, p->new_row, COL_PASSWORD_ENABLED))
        cells(p, CHANGE_PASSWORD_REMOVED, "password", COL_PASSWORD_LAST_CHANGED);
    if (had && has && value_of(old, p->old_row, COL_PASSWORD_LAST_CHANGED, &x)
        && value_of(new, p->new_row, COL_PASSWORD_LAST_CHANGED, &y) && x != y)
        cells(p, CHANGE_PASSWORD_CHANGED, "password", COL_PASSWORD_LAST_CHANGED);
    bool known = report_number(old, p->old_row, COL_PASSWORD_LAST_USED).state != STATE_ABSENT;
    if (known && !value_of(old, p->old_row, COL_PASSWORD_LAST_USED, &x)
        && value_of(new, p->new_row, COL_PASSWORD_LAST_USED, &y))
        cells(p, CHANGE_FIRST_USED, "password", COL_PASSWORD_LAST_USED);
    if (is_true(old, p->old_row, COL_MFA_ACTIVE) && is_false(new, p->new_row, COL_MFA_ACTIVE))
        cells(p, CHANGE_MFA_LOST, "mfa", COL_MFA_ACTIVE);
    if (is_false(old, p->old_row, COL_MFA_ACTIVE) && is_true(new, p->new_row, COL_MFA_ACTIVE))
        cells(p, CHANGE_MFA_GAINED, "mfa", COL_MFA_ACTIVE);
}

/* ---- findings ---- */

static size_t evidence(struct diff *d, const struct report *r, uint32_t row, size_t check)
{
    struct finding list[CHECKS_MAX];
    size_t at = d->changes.text.len, count = row == CHANGE_NO_ROW ? 0 : finding_list(r, row, list);
    for (size_t i = 0; i < count; i++) {
        if (list[i].check == check)
            finding_evidence(&d->changes.text, r, &list[i]);
    }
    return text_end(d, at);
}

static void findings(struct pair *p)
{
    struct diff *d = p->d;
    uint64_t before = p->old_row == CHANGE_NO_ROW ? 0 : audit_counted(d->changes.old, p->old_row);
    uint64_t after = p->new_row == CHANGE_NO_ROW ? 0 : audit_counted(d->changes.new, p->new_row);
    for (size_t i = 0; i < check_count; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if ((before ^ after) & bit)
            add_as(p, after & bit ? CHANGE_FINDING_NEW : CHANGE_FINDING_FIXED,
                after & bit ? checks[i].severity : change_usual_severity(CHANGE_FINDING_FIXED), checks[i].id,
                before & bit ? evidence(d, d->changes.old, p->old_row, i) : no_text(d),
                after & bit ? evidence(d, d->changes.new, p->new_row, i) : no_text(d));
    }
}

/* ---- all of it ---- */

static bool is_recreated(const struct pair *p)
{
    int64_t x, y;
    return value_of(p->d->changes.old, p->old_row, COL_USER_CREATION_TIME, &x)
        && value_of(p->d->changes.new, p->new_row, COL_USER_CREATION_TIME, &y) && x != y;
}

static void in_new(struct pair *p)
{
    if (p->old_row == CHANGE_NO_ROW) {
        cells(p, CHANGE_ADDED, "user", COL_USER_CREATION_TIME);
    } else if (is_recreated(p)) {
        cells(p, CHANGE_RECREATED, "user", COL_USER_CREATION_TIME);
    } else {
        two_slots(p, CREDENTIAL_KEY_1);
        two_slots(p, CREDENTIAL_CERT_1);
        sign_in(p);
    }
    findings(p);
}

void diff_user(struct diff *d, uint32_t old_row, uint32_t new_row)
{
    struct pair p = {d, old_row, new_row};
    if (new_row == CHANGE_NO_ROW)
        cells(&p, CHANGE_REMOVED, "user", COL_USER_CREATION_TIME);
    else
        in_new(&p);
}
