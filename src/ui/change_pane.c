/* The detail pane of a change: all changes of its user, then both reports field by field, old beside new. */
#include "base/timestamp.h"
#include "report/change.h"
#include "ui/pane.h"
#include "ui/screen.h"
#include "ui/severity.h"
#include "ui/status.h"

/* BESIDE_FROM: the pane width from which two times fit side by side, beside the shorter names. */
enum { SEVERITY_WIDTH = 9, MARK_WIDTH = 2, BESIDE_FROM = 20 + MARK_WIDTH + 2 * PANE_TIME };

static const struct changes *diff_of(const struct pane *p)
{
    return p->ui->report->changes;
}

/* List everything that changed for the user, the most severe first. */
static void list_changes(struct pane *p)
{
    const struct changes *d = diff_of(p);
    const struct change_entry *here = &d->entries[p->row];
    struct buffer b = {0};
    pane_heading(p, "CHANGED");
    for (int severity = SEVERITY_COUNT; severity-- > 0;) {
        for (size_t i = change_first(d, p->row); i < d->count && d->entries[i].old_row == here->old_row
            && d->entries[i].new_row == here->new_row; i++) {
            if ((int)change_severity(d, i) != severity)
                continue;
            change_sentence(&b, d, i);
            pane_entry(p, severity ? severity_name((enum severity)severity) : "", SEVERITY_WIDTH,
                (struct slice){b.data, b.len}, severity ? role_of_severity((enum severity)severity) : ROLE_TEXT);
            b.len = 0;
        }
    }
    buffer_free(&b);
}

/* ---- field by field ---- */

/* Returns the index of R's column called NAME, or column_count if there is none. LIKELY is the index tried first. */
static size_t column_named(const struct report *r, const char *name, size_t likely)
{
    if (likely < r->column_count && strcmp(r->columns[likely].name, name) == 0)
        return likely;
    size_t i = 0;
    while (i < r->column_count && strcmp(r->columns[i].name, name) != 0)
        i++;
    return i;
}

/*
 * Set TEXT to the field of ROW in the column called NAME. Returns false, with TEXT "-", if ROW is CHANGE_NO_ROW or
 * has no such field.
 */
static bool field(const struct report *r, uint32_t row, const char *name, size_t likely, struct slice *text)
{
    *text = slice_of("-");
    size_t i = row == CHANGE_NO_ROW ? r->column_count : column_named(r, name, likely);
    return i < r->column_count && report_raw_at(r, row, i, text);
}

/* Draw LABEL, on a line of its own if it is long, then OLD and NEW side by side. */
static void put_beside(struct pane *p, const char *label, struct slice old, enum role old_role, struct slice new,
    enum role new_role)
{
    int most = PANE_FIELD_NAME + MARK_WIDTH, left = p->width - 2 * PANE_TIME, width = left < most ? left : most;
    int half = (p->width - width) / 2, whole = p->width;
    if ((int)text_width(slice_of(label)) >= width) {
        pane_entry(p, "", 0, slice_of(label), ROLE_LABEL);
        label = "";
    }
    struct pane right = *p;
    right.x += width + half;
    right.width -= width + half;
    p->width = width + half - 1;
    pane_entry(p, label, width, old, old_role);
    p->width = whole;
    pane_entry(&right, "", 0, new, new_role);
    p->line = right.line > p->line ? right.line : p->line;
}

/*
 * Draw a field's name, then its old and new value side by side; in a narrow pane one below the other, and equal
 * values once. If ONLY is true, only a field that differs is drawn, otherwise only one that is the same.
 */
static void compare_field(struct pane *p, const char *name, size_t likely, bool only)
{
    const struct changes *d = diff_of(p);
    const struct change_entry *e = &d->entries[p->row];
    struct slice old, new;
    struct buffer label = {0};
    bool had = field(d->old, e->old_row, name, likely, &old), has = field(d->new, e->new_row, name, likely, &new);
    bool differs = had != has || !slice_equal(old, new);
    bool both = e->old_row != CHANGE_NO_ROW && e->new_row != CHANGE_NO_ROW;
    if (differs != only)
        return;
    enum role role = differs && both ? ROLE_NOTE : ROLE_TEXT;
    /* the asterisk marks a difference for readers who do not see the colour */
    buffer_printf(&label, "%s%s", differs && both ? "* " : "  ", name);
    if (p->width < BESIDE_FROM) {
        pane_field(p, label.data, PANE_FIELD_NAME + MARK_WIDTH, had || !has ? old : new, had ? role : ROLE_TEXT);
        if (differs && both)
            pane_field(p, "    now", PANE_FIELD_NAME + MARK_WIDTH, new, role);
    } else {
        put_beside(p, label.data, old, had ? role : ROLE_MISSING, new, has ? role : ROLE_MISSING);
    }
    buffer_free(&label);
}

/* Append what tells side R of D from the other: its time or, where both have the same, the name of its file. */
static void put_side(struct buffer *b, const struct changes *d, const struct report *r)
{
    const char *old, *new;
    char stamp[32];
    timestamp_format(stamp, sizeof stamp, r->as_of);
    if (d->old->as_of == d->new->as_of && status_names_of_both(d, &old, &new))
        buffer_puts(b, r == d->old ? old : new);
    else
        buffer_printf(b, "%.10s %.5sZ", stamp, stamp + 11);
}

static void head(struct pane *p)
{
    const struct changes *d = diff_of(p);
    struct buffer old = {0}, new = {0}, b = {0};
    put_side(&old, d, d->old);
    put_side(&new, d, d->new);
    pane_heading(p, "FIELD BY FIELD");
    if (p->width < BESIDE_FROM) {
        buffer_printf(&b, "* = changed between %s and %s", old.data, new.data);
        pane_entry(p, "", 0, (struct slice){b.data, b.len}, ROLE_HINT);
    } else {
        put_beside(p, "  (* differs)", (struct slice){old.data, old.len}, ROLE_HEADER,
            (struct slice){new.data, new.len}, ROLE_HEADER);
    }
    buffer_free(&old);
    buffer_free(&new);
    buffer_free(&b);
}

void changes_draw(struct pane *p)
{
    const struct changes *d = diff_of(p);
    list_changes(p);
    head(p);
    for (int only = 1; only >= 0; only--) { /* fields that differ first */
        for (size_t i = 0; i < d->new->column_count; i++)
            compare_field(p, d->new->columns[i].name, i, only);
        for (size_t i = 0; i < d->old->column_count; i++) {
            if (column_named(d->new, d->old->columns[i].name, i) == d->new->column_count)
                compare_field(p, d->old->columns[i].name, i, only);
        }
    }
}
