/* Matching users, then their credentials, then what they fail; one entry a change. */
#include "diff.h"

#include "cell.h"
#include "finding.h"
#include "parse.h"

#include <stdlib.h>

const char diff_columns[] = "user,change,what,before,after";

const char diff_worst_first[] = "-change,user";

/* PLACE: among those that matter as much, the higher comes first. What gives somebody more access matters most. */
static const struct {
    const char *name;
    enum severity severity;
    int place;
} kinds[CHANGE_COUNT] = {
    [CHANGE_ADDED] = {"added", SEVERITY_MEDIUM, 7},
    [CHANGE_REMOVED] = {"removed", SEVERITY_LOW, 5},
    [CHANGE_RECREATED] = {"recreated", SEVERITY_MEDIUM, 8},
    [CHANGE_MADE] = {"made", SEVERITY_MEDIUM, 5},
    [CHANGE_ROTATED] = {"rotated", SEVERITY_NONE, 7},
    [CHANGE_DEACTIVATED] = {"deactivated", SEVERITY_NONE, 5},
    [CHANGE_REACTIVATED] = {"reactivated", SEVERITY_MEDIUM, 6},
    [CHANGE_DELETED] = {"deleted", SEVERITY_NONE, 4},
    [CHANGE_FIRST_USED] = {"first-used", SEVERITY_LOW, 8},
    [CHANGE_MFA_LOST] = {"mfa-lost", SEVERITY_HIGH, 8},
    [CHANGE_MFA_GAINED] = {"mfa-gained", SEVERITY_NONE, 2},
    [CHANGE_PASSWORD_SET] = {"password-set", SEVERITY_MEDIUM, 4},
    [CHANGE_PASSWORD_CHANGED] = {"password-changed", SEVERITY_NONE, 6},
    [CHANGE_PASSWORD_REMOVED] = {"password-removed", SEVERITY_NONE, 3},
    [CHANGE_FINDING_NEW] = {"finding-new", SEVERITY_NONE, 9}, /* as severe as the check */
    [CHANGE_FINDING_FIXED] = {"finding-fixed", SEVERITY_NONE, 1},
};

const char *change_name(enum change change)
{
    return kinds[change].name;
}

enum severity diff_severity(const struct diff *d, size_t row)
{
    const struct diff_entry *e = &d->entries[row];
    size_t i = 0;
    if (e->change != CHANGE_FINDING_NEW)
        return kinds[e->change].severity;
    while (i + 1 < check_count && checks[i].id != e->what)
        i++;
    return checks[i].severity;
}

int64_t diff_weight(const struct diff *d, size_t row)
{
    return 10 * (int64_t)diff_severity(d, row) + kinds[d->entries[row].change].place;
}

/* ---- who is who ---- */

struct matching {
    const struct report *r;
    uint32_t *slots; /* row + 1, or 0 */
    size_t mask;
    uint8_t *taken;  /* a byte a row: matched already */
};

static struct slice identity(const struct report *r, size_t row)
{
    struct slice arn = report_raw(r, row, COL_ARN);
    return arn.len ? arn : report_raw(r, row, COL_USER);
}

/* FNV-1a */
static size_t hash(struct slice s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.data[i]) * UINT64_C(0x100000001b3);
    return (size_t)(h ^ h >> 32);
}

static void matching_start(struct matching *m, const struct report *r)
{
    size_t size = 16;
    while (size < r->row_count * 2)
        size *= 2;
    *m = (struct matching){r, xcalloc(size, sizeof *m->slots), size - 1, xcalloc(r->row_count, 1)};
    for (size_t row = 0; row < r->row_count; row++) {
        size_t at = hash(identity(r, row)) & m->mask;
        while (m->slots[at])
            at = (at + 1) & m->mask;
        m->slots[at] = (uint32_t)row + 1;
    }
}

/* The first row of that identity that nobody has taken; of doubles, first goes with first. */
static uint32_t matching_take(struct matching *m, struct slice who)
{
    for (size_t at = hash(who) & m->mask; m->slots[at]; at = (at + 1) & m->mask) {
        uint32_t row = m->slots[at] - 1;
        if (!m->taken[row] && slice_equal(identity(m->r, row), who)) {
            m->taken[row] = 1;
            return row;
        }
    }
    return DIFF_NO_ROW;
}

static void matching_end(struct matching *m)
{
    free(m->slots);
    free(m->taken);
}

/* ---- entries ---- */

/* The user in hand, in both reports. */
struct pair {
    struct diff *d;
    uint32_t old_row, new_row;
};

/* BEFORE and AFTER are offsets of texts in d->text. */
static void add(struct pair *p, enum change change, const char *what, size_t before, size_t after)
{
    struct diff *d = p->d;
    if ((d->count & (d->count - 1)) == 0)
        d->entries = xrealloc(d->entries, d->count ? d->count * 2 : 1, sizeof *d->entries);
    d->entries[d->count++] = (struct diff_entry){change, p->old_row, p->new_row, what, before, after};
    d->counts[change]++;
}

static size_t text_end(struct diff *d, size_t at)
{
    buffer_add(&d->text, "", 1);
    return at;
}

/* A cell's own text, or nothing. */
static size_t cell_text(struct diff *d, const struct report *r, uint32_t row, enum column column)
{
    size_t at = d->text.len;
    if (row != DIFF_NO_ROW && column != COL_COUNT)
        cell_for_files(&d->text, r, row, column);
    return text_end(d, at);
}

static size_t no_text(struct diff *d)
{
    return text_end(d, d->text.len);
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
    bool has_x = value_of(p->d->old, p->old_row, credential_columns[a].made, &x);
    bool has_y = value_of(p->d->new, p->new_row, credential_columns[b].made, &y);
    return has_x && has_y ? x == y : a == b;
}

static void one_credential(struct pair *p, enum credential a, enum credential b)
{
    struct diff *d = p->d;
    const struct credential_columns *x = &credential_columns[a], *y = &credential_columns[b];
    const char *what = credential_name(b);
    int64_t t;
    if (is_true(d->old, p->old_row, x->active) && is_false(d->new, p->new_row, y->active))
        add(p, CHANGE_DEACTIVATED, what, cell_text(d, d->old, p->old_row, x->active),
            cell_text(d, d->new, p->new_row, y->active));
    if (is_false(d->old, p->old_row, x->active) && is_true(d->new, p->new_row, y->active))
        add(p, CHANGE_REACTIVATED, what, cell_text(d, d->old, p->old_row, x->active),
            cell_text(d, d->new, p->new_row, y->active));
    if (x->used == COL_COUNT || y->used == COL_COUNT)
        return;
    bool known = report_number(d->old, p->old_row, x->used).state != STATE_ABSENT;
    if (known && !value_of(d->old, p->old_row, x->used, &t) && value_of(d->new, p->new_row, y->used, &t))
        add(p, CHANGE_FIRST_USED, what, cell_text(d, d->old, p->old_row, x->used),
            cell_text(d, d->new, p->new_row, y->used));
}

/* Two slots; a credential may turn up in the other one, for AWS numbers what there is. */
static void two_slots(struct pair *p, enum credential first)
{
    struct diff *d = p->d;
    bool old[2], new[2];
    for (int i = 0; i < 2; i++) {
        old[i] = credential_exists(d->old, p->old_row, first + (enum credential)i);
        new[i] = credential_exists(d->new, p->new_row, first + (enum credential)i);
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
            add(p, CHANGE_ROTATED, credential_name(b), cell_text(d, d->old, p->old_row, credential_columns[a].made),
                cell_text(d, d->new, p->new_row, credential_columns[b].made));
            old[i] = new[j] = false;
        }
    }
    for (int i = 0; i < 2; i++) {
        enum credential c = first + (enum credential)i;
        if (new[i])
            add(p, CHANGE_MADE, credential_name(c), no_text(d),
                cell_text(d, d->new, p->new_row, credential_columns[c].made));
        if (old[i])
            add(p, CHANGE_DELETED, credential_name(c), cell_text(d, d->old, p->old_row, credential_columns[c].made),
                no_text(d));
    }
}

/* ---- password and MFA ---- */

static void cells(struct pair *p, enum change change, const char *what, enum column column)
{
    struct diff *d = p->d;
    add(p, change, what, cell_text(d, d->old, p->old_row, column), cell_text(d, d->new, p->new_row, column));
}

static void sign_in(struct pair *p)
{
    const struct report *old = p->d->old, *new = p->d->new;
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
    size_t at = d->text.len, count = row == DIFF_NO_ROW ? 0 : finding_list(r, row, list);
    for (size_t i = 0; i < count; i++) {
        if (list[i].check == check)
            finding_evidence(&d->text, r, &list[i]);
    }
    return text_end(d, at);
}

static void findings(struct pair *p)
{
    struct diff *d = p->d;
    uint32_t before = p->old_row == DIFF_NO_ROW ? 0 : audit_counted(d->old, p->old_row);
    uint32_t after = p->new_row == DIFF_NO_ROW ? 0 : audit_counted(d->new, p->new_row);
    for (size_t i = 0; i < check_count; i++) {
        uint32_t bit = UINT32_C(1) << i;
        if ((before ^ after) & bit)
            add(p, after & bit ? CHANGE_FINDING_NEW : CHANGE_FINDING_FIXED, checks[i].id,
                before & bit ? evidence(d, d->old, p->old_row, i) : no_text(d),
                after & bit ? evidence(d, d->new, p->new_row, i) : no_text(d));
    }
}

/* ---- a user, and all of them ---- */

static bool is_recreated(const struct pair *p)
{
    int64_t x, y;
    return value_of(p->d->old, p->old_row, COL_USER_CREATION_TIME, &x)
        && value_of(p->d->new, p->new_row, COL_USER_CREATION_TIME, &y) && x != y;
}

static void compare(struct pair *p)
{
    if (p->old_row == DIFF_NO_ROW) {
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

static void put_quoted(struct buffer *b, struct slice s)
{
    buffer_putc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"')
            buffer_putc(b, '"');
        buffer_putc(b, s.data[i]);
    }
    buffer_putc(b, '"');
}

/* In quotation marks only where it needs them: what has none is read much faster. */
static void put_field(struct buffer *b, struct slice s, bool alone)
{
    bool quote = alone && !s.len; /* else the line would be blank */
    for (size_t i = 0; i < s.len && !quote; i++)
        quote = s.data[i] == ',' || s.data[i] == '"' || s.data[i] == '\n' || s.data[i] == '\r';
    if (quote)
        put_quoted(b, s);
    else
        buffer_add(b, s.data, s.len);
}

static void put_header(struct buffer *b, const struct report *r, size_t file)
{
    const struct report_file *f = &r->files[file];
    for (size_t i = 0; i < f->column_count; i++) {
        buffer_puts(b, i ? "," : "");
        put_quoted(b, slice_of(r->columns[f->columns[i]].name));
    }
    buffer_putc(b, '\n');
}

static void put_row(struct buffer *b, const struct report *r, size_t row)
{
    struct slice few[64], *fields = few;
    size_t room = sizeof few / sizeof few[0], count = report_fields(r, row, fields, room);
    if (count > room) {
        fields = xcalloc(count, sizeof *fields);
        report_fields(r, row, fields, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_putc(b, ',');
        put_field(b, fields[i], count == 1);
    }
    buffer_putc(b, '\n');
    if (fields != few)
        free(fields);
}

static const struct report *report_of(const struct diff *d, size_t entry, uint32_t *row)
{
    const struct diff_entry *e = &d->entries[entry];
    *row = e->new_row != DIFF_NO_ROW ? e->new_row : e->old_row;
    return e->new_row != DIFF_NO_ROW ? d->new : d->old;
}

/* Entries whose users stand in one file, one after another, into the report as a file of their own. */
static size_t copy_run(struct diff *d, size_t from, struct buffer *csv)
{
    uint32_t row, next;
    struct error err;
    const struct report *r = report_of(d, from, &row);
    size_t file = report_file_of(r, row), at = from;
    csv->len = 0;
    put_header(csv, r, file);
    for (; at < d->count && report_of(d, at, &next) == r && report_file_of(r, next) == file; at++)
        put_row(csv, r, next);
    /* it was a report before, so it is one now */
    parse_report(&d->report, r->files[file].name, (struct slice){csv->data, csv->len}, &err);
    return at;
}

static void make_report(struct diff *d, const struct audit *audit)
{
    struct buffer csv = {0};
    for (size_t at = 0; at < d->count;)
        at = copy_run(d, at, &csv);
    buffer_free(&csv);
    /* what is odd about a row was said of the report that it is from */
    for (size_t i = 0; i < d->report.problem_count; i++)
        free(d->report.problems[i].text);
    d->report.problem_count = 0;
    d->report.as_of = d->new->as_of;
    d->report.account_names = d->new->account_names;
    d->report.diff = d;
    audit_run(audit, &d->report);
}

void diff_run(struct diff *d, const struct report *old, const struct report *new, const struct audit *audit)
{
    struct matching m;
    struct pair p = {d, 0, 0};
    *d = (struct diff){.old = old, .new = new};
    matching_start(&m, old);
    for (p.new_row = 0; p.new_row < new->row_count; p.new_row++) {
        p.old_row = matching_take(&m, identity(new, p.new_row));
        compare(&p);
    }
    p.new_row = DIFF_NO_ROW;
    for (p.old_row = 0; p.old_row < old->row_count; p.old_row++) {
        if (!m.taken[p.old_row])
            cells(&p, CHANGE_REMOVED, "user", COL_USER_CREATION_TIME);
    }
    matching_end(&m);
    make_report(d, audit);
}

void diff_free(struct diff *d)
{
    report_free(&d->report);
    free(d->entries);
    buffer_free(&d->text);
    *d = (struct diff){0};
}

void diff_summary(struct buffer *b, const struct diff *d)
{
    size_t said = 0;
    for (enum change c = 0; c < CHANGE_COUNT; c++) {
        if (d->counts[c])
            buffer_printf(b, "%s%zu %s", said++ ? ", " : "", d->counts[c], kinds[c].name);
    }
    if (!said)
        buffer_puts(b, "nothing changed");
}

struct slice diff_cell(const struct diff *d, size_t row, enum column column)
{
    const struct diff_entry *e = &d->entries[row];
    switch ((int)column) {
    case COL_CHANGE: return slice_of(kinds[e->change].name);
    case COL_WHAT: return slice_of(e->what);
    case COL_BEFORE: return slice_of(d->text.data + e->before);
    default: return slice_of(d->text.data + e->after);
    }
}

void diff_describe(struct buffer *b, const struct diff *d, size_t row)
{
    struct slice before = diff_cell(d, row, COL_BEFORE), after = diff_cell(d, row, COL_AFTER);
    buffer_printf(b, "%s %s", kinds[d->entries[row].change].name, d->entries[row].what);
    if (before.len && after.len)
        buffer_printf(b, ": %s, now %s", before.data, after.data);
    else if (before.len || after.len)
        buffer_printf(b, ": %s%s", before.len ? "was " : "", before.len ? before.data : after.data);
}

size_t diff_first(const struct diff *d, size_t row)
{
    const struct diff_entry *e = &d->entries[row];
    while (row && d->entries[row - 1].old_row == e->old_row && d->entries[row - 1].new_row == e->new_row)
        row--;
    return row;
}
