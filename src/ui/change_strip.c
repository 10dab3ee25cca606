/*
 * The kinds that occur stand in a row, the most important first. Which kind is kept is stored nowhere: it is the
 * first one whose query ("change = ...") is among the filters of the view.
 */
#include "ui/change_strip.h"

#include "report/change.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/severity.h"
#include "ui/term/paint.h"

#include <string.h>

enum { GAP = 2, LEFT = 1 };

/* Write the kinds that occur to KINDS, in the order in which they are shown. Returns their number. */
static size_t kinds_there(const struct changes *all, enum change *kinds)
{
    size_t n = 0;
    for (size_t i = 0; i < CHANGE_COUNT; i++) {
        enum change c = change_by_importance(i);
        if (all->counts[c])
            kinds[n++] = c;
    }
    return n;
}

static void put_kind_query(struct buffer *b, enum change kind)
{
    buffer_printf(b, "change = %s", change_name(kind));
}

/* Returns the index of the filter that keeps KIND, or filter_count if there is none. */
static size_t filter_of(const struct ui *ui, enum change kind)
{
    const struct view *v = &ui->view;
    struct buffer query = {0};
    size_t i = 0;
    put_kind_query(&query, kind);
    while (i < v->filter_count && (v->filters[i].inverted || strcmp(v->filters[i].text, query.data) != 0))
        i++;
    buffer_free(&query);
    return i;
}

/* Returns the index in KINDS of the kind that is kept, or N if all are shown. */
static size_t kept_part(const struct ui *ui, const enum change *kinds, size_t n)
{
    size_t i = 0;
    while (i < n && filter_of(ui, kinds[i]) == ui->view.filter_count)
        i++;
    return i;
}

static void put_part(struct buffer *b, const struct ui *ui, enum change kind)
{
    b->len = 0;
    change_count(b, ui->report->changes, kind, "");
}

/* Say how many accounts the newer report lacks: they were not compared, so "nothing changed" would be wrong. */
static void put_absent(struct buffer *b, const struct changes *all)
{
    b->len = 0;
    buffer_puts(b, "");
    if (all->absent_accounts)
        buffer_printf(b, "%zu account%s not compared", all->absent_accounts, all->absent_accounts == 1 ? "" : "s");
}

/* Returns the index of the first kind to draw, so that kind KEPT is visible. */
static size_t first_part(const struct ui *ui, const enum change *kinds, size_t n, size_t kept)
{
    struct buffer b = {0};
    size_t first = 0;
    int x = LEFT;
    for (size_t i = 0; i <= kept && i < n; i++) {
        put_part(&b, ui, kinds[i]);
        int width = (int)b.len + GAP;
        if (x + width > paint_columns() - LEFT) {
            first = i;
            x = LEFT + GAP;
        }
        x += width;
    }
    buffer_free(&b);
    return first;
}

void change_strip_draw(const struct ui *ui, int y)
{
    enum change kinds[CHANGE_COUNT];
    size_t n = kinds_there(ui->report->changes, kinds), kept = kept_part(ui, kinds, n);
    size_t first = first_part(ui, kinds, n, kept < n ? kept : 0);
    struct buffer b = {0};
    int x = LEFT, end = paint_columns() - LEFT;
    if (first)
        x += paint_text(y, x, 1, slice_of(paint_glyph(GLYPH_LEFT)), ROLE_MARK) + 1;
    for (size_t i = first; i < n; i++) {
        put_part(&b, ui, kinds[i]);
        if (x + (int)b.len > end) {
            paint_text(y, end, 1, slice_of(paint_glyph(GLYPH_RIGHT)), ROLE_MARK);
            break;
        }
        enum role role = kept == i ? ROLE_SELECTED : role_of_severity(change_usual_severity(kinds[i]));
        x += paint_text(y, x, end - x, (struct slice){b.data, b.len}, role) + GAP;
    }
    put_absent(&b, ui->report->changes);
    if (!n && !b.len)
        buffer_puts(&b, "nothing changed");
    if (b.len && x + (int)b.len <= end)
        paint_text(y, x, end - x, (struct slice){b.data, b.len}, ROLE_NOTE);
    buffer_free(&b);
}

/* Filter by kind AT of KINDS instead of the kind that is kept now; AT = N shows all kinds. */
static void keep_part(struct ui *ui, const enum change *kinds, size_t n, size_t at)
{
    struct buffer query = {0};
    struct error err;
    size_t before = kept_part(ui, kinds, n);
    if (before < n && !view_remove_filter(&ui->view, filter_of(ui, kinds[before])))
        return;
    if (at < n) {
        put_kind_query(&query, kinds[at]);
        if (!view_add_filter(&ui->view, (struct slice){query.data, query.len}, false, &err)
            && !view_was_cancelled(&ui->view))
            ui_say(ui, "%s", err.text);
    }
    view_move_to(&ui->view, 0);
    buffer_free(&query);
}

void change_strip_step(struct ui *ui, int step)
{
    enum change kinds[CHANGE_COUNT];
    size_t n = kinds_there(ui->report->changes, kinds), at = kept_part(ui, kinds, n);
    keep_part(ui, kinds, n, step > 0 ? (at == n ? 0 : at + 1) : at == 0 ? n : at - 1);
}

void change_strip_click(struct ui *ui, int x)
{
    enum change kinds[CHANGE_COUNT];
    size_t n = kinds_there(ui->report->changes, kinds), kept = kept_part(ui, kinds, n);
    size_t first = first_part(ui, kinds, n, kept < n ? kept : 0);
    struct buffer b = {0};
    int at = LEFT + (first ? 2 : 0);
    for (size_t i = first; i < n; i++) {
        put_part(&b, ui, kinds[i]);
        if (x >= at && x < at + (int)b.len) {
            keep_part(ui, kinds, n, i == kept ? n : i);
            break;
        }
        at += (int)b.len + GAP;
    }
    buffer_free(&b);
}
