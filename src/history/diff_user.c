/* One entry per change: first the user and its credentials, then findings. */
#include "history/diff_user.h"

#include "history/user_cells.h"
#include "audit/finding.h"
#include "report/cell.h"

/* ---- entries ---- */

/* The user being compared. */
struct user_pair {
    struct diff *d;
    uint32_t old_row, new_row;
};

/* WHAT is static. BEFORE and AFTER are offsets of texts in d->changes.text. */
static void add_as(struct user_pair *p, enum change change, enum severity severity, const char *what, size_t before,
    size_t after)
{
    struct diff *d = p->d;
    if ((d->changes.count & (d->changes.count - 1)) == 0)
        d->changes.entries = xrealloc(d->changes.entries, d->changes.count ? d->changes.count * 2 : 1,
            sizeof *d->changes.entries);
    d->changes.entries[d->changes.count++] = (struct change_entry){change, severity, p->old_row, p->new_row, what,
        before, after};
    d->changes.counts[change]++;
}

static void add_change(struct user_pair *p, enum change change, const char *what, size_t before, size_t after)
{
    add_as(p, change, change_usual_severity(change), what, before, after);
}

static size_t text_end(struct diff *d, size_t at)
{
    buffer_add(&d->changes.text, "", 1);
    return at;
}

/* Append the cell's text, or an empty one if there is no row or column; returns its offset. */
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

/* ---- keys, certificates, password and MFA ---- */

static void cells(struct user_pair *p, enum change change, const char *what, enum column before, enum column after)
{
    struct diff *d = p->d;
    size_t old = cell_text(d, d->changes.old, p->old_row, before);
    add_change(p, change, what, old, cell_text(d, d->changes.new, p->new_row, after));
}

static enum column column_of_cell(enum user_cell cell)
{
    return cell == CELL_NONE ? COL_COUNT : user_cell_columns[cell];
}

static void add_cells(void *pair, enum change change, int part, enum user_cell before, enum user_cell after)
{
    cells(pair, change, user_part_name(part), column_of_cell(before), column_of_cell(after));
}

static void user_itself(struct user_pair *p, enum change change)
{
    add_cells(p, change, USER_ITSELF, CELL_CREATED, CELL_CREATED);
}

/* ---- findings ---- */

/*
 * Append the evidence for a check that the user in ROW fails; returns its offset. For the old report, names of other
 * files' columns are bound to that report meanwhile.
 */
static size_t evidence(struct diff *d, const struct report *r, uint32_t row, size_t check)
{
    size_t at = d->changes.text.len;
    bool is_other = r != d->changes.new && query_late_name(r->audit->whole[check]);
    if (is_other)
        audit_bind(r->audit, r);
    struct finding f = finding_by(r, row, (unsigned)check);
    finding_evidence(&d->changes.text, r, &f);
    if (is_other)
        audit_bind(r->audit, d->changes.new);
    return text_end(d, at);
}

/*
 * Whether a finding in ROW of R is missing in the OTHER report only because the check could not be judged there: that
 * report lacks cells, or other files, that R has.
 */
static bool was_unknown(const struct report *r, uint32_t row, const struct report *other, uint32_t other_row,
    size_t check)
{
    const struct query *q = r->audit->whole[check];
    return other_row != CHANGE_NO_ROW && row != CHANGE_NO_ROW && audit_unknown(other, other_row) >> check & 1
        && (query_late_name(q) || (report_unknown_cells(other, other_row) & ~report_unknown_cells(r, row)
        & query_columns(q)));
}

/* IS_RECREATED: the user in the old row was another one, so that all findings of the new one are new. */
static void compare_findings_of(struct user_pair *p, bool is_recreated)
{
    struct diff *d = p->d;
    const struct report *old = d->changes.old, *new = d->changes.new;
    uint64_t before = p->old_row == CHANGE_NO_ROW ? 0 : audit_counted(old, p->old_row);
    uint64_t after = p->new_row == CHANGE_NO_ROW ? 0 : audit_counted(new, p->new_row);
    for (uint64_t left = is_recreated ? before | after : before ^ after; left; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        uint64_t bit = UINT64_C(1) << i;
        if (after & bit && (is_recreated || !was_unknown(new, p->new_row, old, p->old_row, i)))
            add_as(p, CHANGE_FINDING_NEW, audit_severity(new, p->new_row, i), check_at(i)->id, no_text(d),
                evidence(d, new, p->new_row, i));
        if (before & ~after & bit && !was_unknown(old, p->old_row, new, p->new_row, i))
            add_as(p, CHANGE_FINDING_FIXED, change_usual_severity(CHANGE_FINDING_FIXED), check_at(i)->id,
                evidence(d, old, p->old_row, i), no_text(d));
    }
}

/* ---- one user ---- */

void diff_user(struct diff *d, uint32_t old_row, uint32_t new_row)
{
    struct user_pair p = {d, old_row, new_row};
    struct user_cells old, new;
    bool is_recreated = false;
    if (new_row == CHANGE_NO_ROW) {
        user_itself(&p, CHANGE_REMOVED);
        return;
    }
    if (old_row == CHANGE_NO_ROW) {
        user_itself(&p, CHANGE_ADDED);
    } else if (!report_same_codes(d->changes.old, old_row, d->changes.new, new_row)) {
        user_cells_read(d->changes.old, old_row, &old);
        user_cells_read(d->changes.new, new_row, &new);
        is_recreated = user_cells_recreated(&old, &new);
        if (is_recreated)
            user_itself(&p, CHANGE_RECREATED);
        else
            user_cells_compare(&old, &new, add_cells, &p);
    }
    compare_findings_of(&p, is_recreated);
}
