/*
 * The table: one or two header lines, a first column that does not scroll, and the cursor's row with its own
 * background.
 */
#include "ui/user_table.h"

#include "audit/credential_value.h"
#include "history/diff.h"
#include "report/cell.h"
#include "ui/columns.h"
#include "ui/screen.h"
#include "ui/search_place.h"
#include "ui/severity.h"
#include "ui/state.h"
#include "ui/term/paint.h"

enum { GUTTER = 5, USER_MIN = 12, USER_MAX = 40, USER_WHEN_SCROLLED = 22, UNKNOWN_WIDTH = 16,
    ARROW = 2 /* a blank and the arrow that shows that columns follow at the right */ };

/* A visible column: its id, its index among the columns shown, its position and width. */
struct visible_column {
    size_t id, index;
    int x, width;
};

/*
 * Whether ID is a column of the report file itself. In the key view there are none: ids are credential columns there.
 */
static bool is_raw(const struct ui *ui, size_t id)
{
    return !ui->view.keys && id >= COLUMN_SETS_RAW && id < COL_EXTRA;
}

int table_sort_column(const struct ui *ui, size_t id)
{
    enum column c = ui->view.keys ? COL_USER : column_sets_sort_column(ui->report, id);
    return ui->view.keys ? (int)id : c == COL_COUNT ? -1 : (int)c;
}

/* Returns the description of column ID, or NULL if only this report has that column. */
static const struct column_info *info_of(const struct ui *ui, size_t id)
{
    int column = table_sort_column(ui, id);
    return column < 0 ? NULL : view_column(&ui->view, column);
}

/* Whether the column shows a change as a sentence, which takes the width that the others leave. */
static bool is_sentence(const struct ui *ui, size_t id)
{
    return id == COL_CHANGE && columns_have_sentence(ui);
}

enum { SENTENCE_MIN = 24 };

static int width_of(const struct ui *ui, const struct set_column *c)
{
    if (is_sentence(ui, c->id))
        return SENTENCE_MIN;
    const struct column_info *info = info_of(ui, c->id);
    return c->width ? c->width : info ? info->width : UNKNOWN_WIDTH;
}

static bool to_the_right(const struct ui *ui, size_t id)
{
    const struct column_info *info = is_raw(ui, id) ? NULL : info_of(ui, id);
    return info && type_is_right(info->type);
}

/* From WHY_FROM columns on, the space at the right says why each user is listed, and long names are cut for it. */
enum { WHY_FROM = 110, WHY_MIN = 20, WHY_GAP = 2, WHY_ROOM = WHY_GAP + WHY_MIN + 1,
    WHY_GOOD = WHY_GAP + 32 + 1 /* room for two or three findings */ };
/* Where there is little room, names get USER_GOOD_WITH_WHY and WHY the rest. */
enum { USER_MIN_WITH_WHY = 16, USER_GOOD_WITH_WHY = 20, USER_MAX_WITH_WHY = 28 };

bool table_has_why(const struct ui *ui)
{
    return ui->layout.table_width >= WHY_FROM && !ui->view.keys && !ui->report->changes && ui->report->audit;
}

/* Returns the width of the longest of the first NAMES names, at least USER_MIN, cached. Other columns get the rest. */
static int width_of_names(struct ui *ui)
{
    enum { NAMES = 10000 };
    struct names_width *w = &ui->names;
    const struct report *r = ui->report;
    if (w->report != r || w->count > r->row_count)
        *w = (struct names_width){.report = r, .width = USER_MIN};
    for (; w->count < r->row_count && w->count < NAMES; w->count++) {
        struct slice name = report_raw(r, w->count, COL_USER);
        int width = name.len > USER_MAX ? USER_MAX : (int)text_width(name);
        w->width = width > w->width ? width : w->width;
    }
    return w->width;
}

/* Returns the maximum width of the first column, ID. */
static int user_max(struct ui *ui, size_t id)
{
    bool can_spare = ui->report->changes || table_has_why(ui);
    int most = columns_have_sentence(ui) ? USER_WHEN_SCROLLED : table_has_why(ui) ? USER_MAX_WITH_WHY : USER_MAX;
    int names = can_spare && id == COL_USER ? width_of_names(ui) : most;
    return names < most ? names : most;
}

/* Returns the width of the first column if the others do not all fit beside it in ROOM. */
static int user_when_scrolled(struct ui *ui, size_t id, int room)
{
    int most = room / 3 < USER_WHEN_SCROLLED ? room / 3 : USER_WHEN_SCROLLED;
    int names = id == COL_USER ? width_of_names(ui) : most;
    return names < most ? names : most;
}

/*
 * Returns the blanks between two columns: two where text on the left would follow text on the right, because headings
 * such as IDLE and PASSWORD would read as one.
 */
static int gap_between(const struct ui *ui, size_t left, size_t right)
{
    return to_the_right(ui, left) && !to_the_right(ui, right) ? 2 : 1;
}

/* Returns what N columns leave of ROOM for the first one. */
static int rest_of_width(const struct ui *ui, const struct set_column *columns, size_t n, int room)
{
    for (size_t i = 1; i < n; i++)
        room -= width_of(ui, &columns[i]) + gap_between(ui, columns[i - 1].id, columns[i].id);
    return room;
}

/* Returns the width of the first column: what the others leave, within limits. If they do not fit, they scroll. */
static int first_width(struct ui *ui, const struct set_column *columns, size_t n, int room)
{
    int left = rest_of_width(ui, columns, n, room), most = user_max(ui, columns[0].id);
    int beside = left - WHY_ROOM;
    if (table_has_why(ui) && beside >= USER_MIN_WITH_WHY && beside < most)
        most = beside < USER_GOOD_WITH_WHY ? beside : USER_GOOD_WITH_WHY;
    if (columns[0].width)
        left = columns[0].width < room ? columns[0].width : room;
    else if (left < USER_MIN)
        left = user_when_scrolled(ui, columns[0].id, room);
    else if (left > most)
        left = most;
    return left > 0 ? left : room;
}

/* Whether column C is text of any length without a width set by the person. */
static bool can_widen(const struct ui *ui, const struct set_column *c)
{
    const struct column_info *info = is_raw(ui, c->id) ? NULL : info_of(ui, c->id);
    return !c->width && info && info->type == TYPE_TEXT;
}

/*
 * Distribute the cells left at the right, too few for another column, among the text columns of the N PLACES, so that
 * less of their text is cut. The first column gets none.
 */
static void spread(const struct ui *ui, const struct set_column *columns, struct visible_column *places, size_t n,
    int width)
{
    enum { MORE_MAX = 12 };
    int texts = 0, shift = 0, rest = width - places[n - 1].x - places[n - 1].width;
    for (size_t i = 1; i < n; i++)
        texts += can_widen(ui, &columns[places[i].index]);
    for (size_t i = 1; i < n; i++) {
        places[i].x += shift;
        if (!can_widen(ui, &columns[places[i].index]))
            continue;
        int more = texts > 1 ? rest / texts : rest;
        more = more > MORE_MAX ? MORE_MAX : more;
        texts--;
        rest -= more;
        places[i].width += more;
        shift += more;
    }
}

/* Compute the positions of the columns when ui->left of them are scrolled away. Returns how many are visible. */
static size_t table_lay_out(struct ui *ui, const struct set_column *columns, size_t n, struct visible_column *places)
{
    int width = ui->layout.table_width, x = GUTTER < width ? GUTTER : 0;
    size_t shown = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && i <= ui->left)
            continue;
        x += shown ? gap_between(ui, places[shown - 1].id, columns[i].id) : 0;
        int w = i == 0 ? first_width(ui, columns, n, width - x) : width_of(ui, &columns[i]);
        /* a column is left out rather than cut, unless it would be the only one beside the first; an arrow follows */
        int end = i + 1 < n ? width - ARROW : width;
        bool takes_rest = i + 1 == n && i && ui->report->changes && !to_the_right(ui, columns[i].id);
        if (takes_rest && (width - x > w || width - x >= SENTENCE_MIN))
            w = width - x; /* the last column of changes says what happened: cut rather than out of sight */
        if (x >= width || (shown > 1 && x + w > end))
            break;
        places[shown++] = (struct visible_column){columns[i].id, i, x, x + w > width ? width - x : w};
        x += w;
    }
    if (shown && (ui->left || places[shown - 1].index + 1 < n))
        spread(ui, columns, places, shown, places[shown - 1].index + 1 < n ? width - ARROW : width);
    return shown;
}

/*
 * Whether to leave out the last of N columns, the number of findings: if only then all others fit, because the gutter
 * shows the severity, or where only then two or three findings fit into the column WHY, which ends with the number of
 * the others. Not if users are sorted by it.
 */
static bool leaves_out_findings(struct ui *ui, const struct set_column *columns, size_t n, int room)
{
    const struct sort_order *s = &ui->view.sort;
    if (n <= 2 || ui->view.keys || columns[n - 1].id != COL_FINDINGS || columns[n - 1].width
        || (s->count && s->keys[0].column == COL_FINDINGS))
        return false;
    int with = rest_of_width(ui, columns, n, room), without = rest_of_width(ui, columns, n - 1, room);
    int names = columns[0].id == COL_USER && table_has_why(ui) ? width_of_names(ui) : USER_GOOD_WITH_WHY;
    names = names < USER_GOOD_WITH_WHY ? names : USER_GOOD_WITH_WHY;
    return (with < USER_MIN && without >= USER_MIN)
        || (table_has_why(ui) && with - WHY_GOOD < names && without - WHY_ROOM >= USER_MIN_WITH_WHY);
}

/*
 * Compute the positions of the visible columns, scrolled so that the focused one is visible. MORE: others follow at the
 * right. Returns how many are visible.
 */
static size_t arrange_columns(struct ui *ui, struct visible_column *places, bool *more)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns), shown;
    int width = ui->layout.table_width, x = GUTTER < width ? GUTTER : 0;
    n -= leaves_out_findings(ui, columns, n, width - x);
    if (ui->focus >= n)
        ui->focus = n - 1;
    if (ui->left + 1 >= n)
        ui->left = n > 1 ? n - 2 : 0;
    if (ui->left && ui->focus <= ui->left)
        ui->left = ui->focus ? ui->focus - 1 : 0;
    while ((shown = table_lay_out(ui, columns, n, places)) && places[shown - 1].index < ui->focus && ui->left + 2 < n)
        ui->left++;
    *more = shown && places[shown - 1].index + 1 < n;
    return shown;
}

/* ---- header --------------------------------------------------------------- */

static void add_arrow(struct buffer *b, const struct ui *ui, size_t id)
{
    const struct sort_order *s = &ui->view.sort;
    int column = table_sort_column(ui, id);
    for (size_t i = 0; i < s->count; i++) {
        if ((int)s->keys[i].column != column)
            continue;
        buffer_puts(b, paint_glyph(s->keys[i].descending ? GLYPH_DESCENDING : GLYPH_ASCENDING));
        if (s->count > 1)
            buffer_printf(b, "%zu", i + 1);
    }
}

static const char *group_of(const struct ui *ui, size_t id)
{
    const struct column_info *info = info_of(ui, id);
    return info ? info->group : NULL;
}

static struct slice heading_of(const struct ui *ui, size_t id)
{
    const struct column_info *info = info_of(ui, id);
    return slice_of(info ? info->heading : ui->report->columns[id - COLUMN_SETS_RAW].name);
}

static void draw_in(const struct ui *ui, int y, const struct visible_column *p, struct slice text, enum role role)
{
    if (to_the_right(ui, p->id))
        paint_right(y, p->x, p->width, text, role);
    else
        paint_text(y, p->x, p->width, text, role);
}

/* Draw a heading with its sort arrow; the heading is cut if both do not fit. */
static void draw_heading(const struct ui *ui, int y, const struct visible_column *p, bool with_heading)
{
    struct buffer b = {0}, arrow = {0};
    buffer_puts(&arrow, "");
    add_arrow(&arrow, ui, p->id);
    int room = p->width - (int)text_width((struct slice){arrow.data, arrow.len});
    struct slice heading = heading_of(ui, p->id);
    if (with_heading && room > 0) {
        text_harmless(&b, heading, paint_is_ascii());
        b.len = text_fit((struct slice){b.data, b.len}, (size_t)room);
    }
    buffer_add(&b, arrow.data, arrow.len);
    if (p->index == ui->focus)
        paint_blank(y, p->x, p->width, ROLE_FOCUS);
    draw_in(ui, y, p, (struct slice){b.data, b.len}, p->index == ui->focus ? ROLE_FOCUS : ROLE_HEADER);
    buffer_free(&arrow);
    buffer_free(&b);
}

static bool same_group(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/*
 * Draw the header: in its first line the group above columns that belong together, or the heading of a column without a
 * group.
 */
static void draw_header(struct ui *ui, const struct visible_column *places, size_t n)
{
    int y = ui->layout.header;
    for (size_t i = 0; i < n && ui->layout.header_lines > 0;) {
        const char *group = group_of(ui, places[i].id);
        size_t last = i;
        while (last + 1 < n && same_group(group, group_of(ui, places[last + 1].id)))
            last++;
        struct visible_column all = {places[last].id, places[last].index, places[i].x,
            places[last].x + places[last].width - places[i].x};
        bool two = ui->layout.header_lines == 2;
        bool in_focus = !group && places[i].index == ui->focus;
        if (two && in_focus)
            paint_blank(y, all.x, all.width, ROLE_FOCUS);
        if (two)
            draw_in(ui, y, &all, group ? slice_of(group) : heading_of(ui, places[i].id),
                in_focus ? ROLE_FOCUS : ROLE_HEADER);
        for (size_t k = i; k <= last; k++)
            draw_heading(ui, y + two, &places[k], group || !two);
        i = last + 1;
    }
}

/* ---- rows ----------------------------------------------------------------- */

/* Returns the user's column that column ID of ROW is about, or COL_COUNT if none; it decides the cell's colour. */
static enum column subject(const struct ui *ui, uint32_t row, size_t id)
{
    if (!ui->view.keys || id < COL_COUNT || id >= COL_EXTRA)
        return is_raw(ui, id) ? column_sets_sort_column(ui->report, id) : (enum column)id;
    const struct credential_columns *k = &credential_columns[credential_slot(row)];
    switch ((int)id - COL_COUNT) {
    case CRED_STATE: return k->active;
    case CRED_AGE: return k->age;
    case CRED_IDLE: return k->idle;
    default: return COL_COUNT;
    }
}

/*
 * Returns the role of a cell: that of the worst finding it shows, if any. LIT: for each severity, one bit per column.
 */
static enum role role_of_cell(const struct ui *ui, size_t user, enum column c, const uint64_t *lit)
{
    if (c == COL_COUNT)
        return ROLE_TEXT;
    struct value v = report_value(ui->report, user, c);
    if (c == COL_CHANGE && ui->report->changes)
        return role_of_severity(change_severity(ui->report->changes, user));
    for (int s = SEVERITY_CRITICAL; s > SEVERITY_NONE; s--) {
        if (c < COL_COUNT && lit[s] >> c & 1)
            return role_of_severity((enum severity)s);
    }
    if (v.state == STATE_MALFORMED)
        return ROLE_FAULT;
    if (v.state != STATE_VALUE)
        return v.state == STATE_NO_INFORMATION ? ROLE_NOTE : ROLE_MISSING;
    return ROLE_TEXT;
}

void table_cell(struct buffer *b, const struct ui *ui, uint32_t row, size_t id)
{
    struct slice text;
    b->len = 0;
    buffer_puts(b, "");
    if (ui->view.keys)
        credential_cell(b, ui->report, row, (int)id, paint_is_ascii());
    else if (!is_raw(ui, id))
        cell_for_people(b, ui->report, row, (enum column)id, paint_is_ascii());
    else if (report_raw_at(ui->report, row, id - COLUMN_SETS_RAW, &text))
        text_harmless(b, text, paint_is_ascii());
    else
        buffer_puts(b, "?");
}

/*
 * Like table_cell(), but limited to what a screen can show, because a cell may hold megabytes. A time is cut to its
 * date if the column is too narrow.
 */
static void visible_cell(struct buffer *b, const struct ui *ui, uint32_t row, const struct visible_column *p)
{
    enum { MOST = 1 << 12, DAY = 10, MOMENT = 20 };
    size_t id = p->id;
    const struct column_info *info = is_raw(ui, id) ? NULL : info_of(ui, id);
    size_t user = ui->view.keys ? credential_row(row) : row;
    struct slice text = {NULL, 0};
    if (is_raw(ui, id))
        report_raw_at(ui->report, row, id - COLUMN_SETS_RAW, &text);
    else if (id < COL_COUNT && schema[id].type == TYPE_TEXT)
        text = report_raw(ui->report, user, (enum column)id);
    if (text.len <= MOST) {
        table_cell(b, ui, row, id);
        if (info && info->type == TYPE_TIME && b->len == MOMENT && p->width >= DAY && p->width < MOMENT)
            b->len = DAY;
        return;
    }
    b->len = 0;
    text_harmless(b, (struct slice){text.data, text_start(text, MOST)}, paint_is_ascii());
}

/* Write a change as a sentence in WIDTH columns; a date is never cut in the middle. */
static void put_sentence(struct buffer *b, const struct ui *ui, uint32_t row, int width)
{
    struct buffer whole = {0};
    change_sentence(&whole, ui->report->changes, row);
    b->len = 0;
    text_harmless(b, (struct slice){whole.data, whole.len}, paint_is_ascii());
    buffer_free(&whole);
    if ((int)text_width((struct slice){b->data, b->len}) <= width)
        return;
    b->len = text_fit_dates((struct slice){b->data, b->len}, (size_t)(width - 1));
    buffer_puts(b, paint_glyph(GLYPH_CUT));
}

/* Write the text of the cell at P. */
static void put_row_cell(struct buffer *b, const struct ui *ui, uint32_t row, const struct visible_column *p)
{
    if (is_sentence(ui, p->id))
        put_sentence(b, ui, row, p->width);
    else
        visible_cell(b, ui, row, p);
}

static enum severity severity_of(const struct ui *ui, uint32_t row)
{
    if (ui->report->changes && !ui->view.keys)
        return change_severity(ui->report->changes, row);
    struct value worst = ui->view.keys ? credential_value(ui->report, row, COL_COUNT + CRED_SEVERITY, NULL)
        : report_value(ui->report, row, COL_SEVERITY);
    return worst.state == STATE_VALUE ? (enum severity)worst.number : SEVERITY_NONE;
}

/* Draw the glyph of the row's severity, and ? if checks cannot judge the user. HERE: the row is the cursor's. */
static void draw_severity(const struct ui *ui, int y, size_t user, enum severity severity, bool here)
{
    paint_text(y, 2, 2, slice_of(glyph_of_severity(severity)), here ? ROLE_SELECTED : role_of_severity(severity));
    if (severity < SEVERITY_CRITICAL && !ui->report->changes && audit_unknown(ui->report, user))
        paint_text(y, severity == SEVERITY_NONE ? 2 : 3, 1, slice_of("?"), here ? ROLE_SELECTED : ROLE_MISSING);
}

/*
 * Draw the cursor's row: one background over the full width and another for the focused cell. Its cells have no colours
 * of their own, because those would double the bytes sent per step; the line below the table names the finding.
 */
static void draw_selected_row(struct ui *ui, int y, const struct visible_column *places, size_t n, struct buffer *b)
{
    uint32_t row = ui->view.rows[ui->view.cursor];
    size_t user = view_user(&ui->view, ui->view.cursor);
    paint_blank(y, 0, ui->layout.table_width, ROLE_SELECTED);
    paint_text(y, 0, 1, slice_of(paint_glyph(GLYPH_CURSOR)), ROLE_SELECTED);
    if (view_is_marked(&ui->view, user))
        paint_text(y, 1, 1, slice_of(paint_glyph(GLYPH_MARK)), ROLE_SELECTED);
    if (n && places[0].x == GUTTER)
        draw_severity(ui, y, user, severity_of(ui, row), true);
    for (size_t i = 0; i < n; i++) {
        const struct visible_column *p = &places[i];
        put_row_cell(b, ui, row, p);
        struct slice text = {b->data, b->len};
        int used = (int)text_width(text);
        used = used < p->width ? used : p->width;
        if (p->index == ui->focus)
            paint_blank(y, p->x, p->width, ROLE_CURSOR);
        draw_in(ui, y, p, text, p->index == ui->focus ? ROLE_CURSOR : ROLE_SELECTED);
        if (p->index == ui->focus)
            ui->cursor_x = p->x + (to_the_right(ui, p->id) ? p->width - used : 0);
    }
}

static void draw_row(const struct ui *ui, int y, size_t index, const struct visible_column *places, size_t n,
    struct buffer *b)
{
    uint32_t row = ui->view.rows[index];
    size_t user = view_user(&ui->view, index);
    enum severity severity = severity_of(ui, row);
    uint64_t lit[SEVERITY_COUNT] = {0};
    if (view_is_marked(&ui->view, user))
        paint_text(y, 1, 1, slice_of(paint_glyph(GLYPH_MARK)), ROLE_MARK);
    paint_among_colors(true);
    if (n && places[0].x == GUTTER)
        draw_severity(ui, y, user, severity, false);
    if (severity != SEVERITY_NONE)
        finding_cells_of_row(ui->report, user, lit);
    int end = 4; /* end of the previous text: at first, of the severity glyph */
    enum role before = ROLE_TEXT;
    for (size_t i = 0; i < n; i++) {
        const struct visible_column *p = &places[i];
        put_row_cell(b, ui, row, p);
        struct slice text = {b->data, b->len};
        int used = (int)text_width(text);
        used = used < p->width ? used : p->width;
        int start = p->x + (to_the_right(ui, p->id) ? p->width - used : 0);
        enum role role = role_of_cell(ui, user, subject(ui, row, p->id), lit);
        paint_gap(y, end, start - end, before);
        draw_in(ui, y, p, text, role);
        end = start + used;
        before = role;
    }
    paint_among_colors(false);
}

/* ---- why: the space at the right of a wide screen says why each user is listed ---- */

/* Write the user's findings that count, as many as fit in WIDTH columns, and how long the worst one has failed. */
static void put_why(struct buffer *b, const struct ui *ui, size_t user, int width)
{
    const char *between = paint_is_ascii() ? " - " : " \u00b7 ";
    struct finding list[CHECKS_MAX];
    struct buffer since = {0};
    buffer_puts(&since, "");
    if (finding_list(ui->report, user, list) && !list[0].waiver)
        finding_since(&since, ui, user, list[0].check, between);
    if ((int)text_width((struct slice){since.data, since.len}) * 2 > width)
        since.len = 0;
    int left = width - (int)text_width((struct slice){since.data, since.len});
    b->len = 0;
    finding_why(b, ui->report, user, NULL, between, (size_t)left);
    if (since.len && (int)text_width((struct slice){b->data, b->len}) > left) { /* the reason is more than the time */
        since.len = b->len = 0;
        finding_why(b, ui->report, user, NULL, between, (size_t)width);
    }
    buffer_add(b, since.data, since.len);
    buffer_free(&since);
}

static void draw_why(struct ui *ui, const struct visible_column *places, size_t n, struct buffer *b)
{
    const struct layout *l = &ui->layout;
    int x = n ? places[n - 1].x + places[n - 1].width + WHY_GAP : 0, width = l->table_width - x - 1;
    if (!table_has_why(ui) || width < WHY_MIN)
        return;
    for (size_t i = 0; i < n; i++) { /* "why" may be shown as a column already */
        const struct column_info *info = places[i].id >= COL_EXTRA ? info_of(ui, places[i].id) : NULL;
        if (info && strcmp(info->name, "why") == 0)
            return;
    }
    if (l->header_lines > 0)
        paint_text(l->header, x, width, slice_of("WHY"), ROLE_HEADER);
    for (int i = 0; i < l->row_lines && ui->view.top + (size_t)i < ui->view.count; i++) {
        size_t index = ui->view.top + (size_t)i;
        put_why(b, ui, view_user(&ui->view, index), width);
        paint_text(l->rows + i, x, width, (struct slice){b->data, b->len},
            index == ui->view.cursor ? ROLE_SELECTED : ROLE_TEXT);
    }
}

static const char *nothing_at_all(const struct ui *ui)
{
    const struct session *s = ui->session;
    bool is_both = !ui->options->diff || s->has_both;
    return session_is_busy(s) ? is_both ? "Nothing so far." : "The two reports are being read."
        : !is_both ? "Nothing was compared."
        : s->is_stopped && ui->report == ui->first ? "Stopped before anything was read."
        : ui->report->changes ? "Nothing changed." : "The report has no users.";
}

static void draw_nobody(const struct ui *ui)
{
    const char *what = ui_row_noun(ui);
    struct buffer b = {0};
    if (!ui->report->row_count)
        buffer_puts(&b, nothing_at_all(ui));
    else if (ui->view.filter_count > 1)
        buffer_printf(&b, "No %s matches all %zu filters.", what, ui->view.filter_count);
    else
        buffer_printf(&b, "No %s matches.", what);
    if (ui->report->row_count && !ui->prompt.kind)
        keys_fill(&b, &ui->options->config.keymap, " {back} removes the last filter; {filters} lists them.",
            MODE_TABLE);
    paint_text(ui->layout.rows + (ui->layout.row_lines > 2), GUTTER, ui->layout.table_width - GUTTER,
        (struct slice){b.data, b.len}, ROLE_NOTE);
    buffer_free(&b);
}

/* In the rows that contain all words searched for, highlight each word in the columns of text. */
static void draw_matches(const struct ui *ui, const struct visible_column *places, size_t n)
{
    const struct slice text = search_place_lit(ui);
    for (int y = 0; text.len && y < ui->layout.row_lines && ui->view.top + (size_t)y < ui->view.count; y++) {
        struct slice word, rest = text;
        if (!view_holds(&ui->view, ui->view.top + (size_t)y, text))
            continue;
        while (slice_next_word(&rest, &word)) {
            for (size_t i = 0; i < n; i++) {
                const struct column_info *info = is_raw(ui, places[i].id) ? NULL : info_of(ui, places[i].id);
                if (!info || info->type == TYPE_TEXT)
                    paint_matches(ui->layout.rows + y, places[i].x, places[i].width, word, ROLE_MATCH);
            }
        }
    }
}

void table_draw(struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct visible_column places[COLUMN_SETS_COLUMNS_MAX];
    struct buffer b = {0};
    bool more;
    view_resize(&ui->view, l->row_lines > 0 ? (size_t)l->row_lines : 1);
    size_t n = arrange_columns(ui, places, &more);
    draw_header(ui, places, n);
    if (l->header_lines > 0 && ui->left > 0)
        paint_text(l->header, 0, 1, slice_of(paint_glyph(GLYPH_LEFT)), ROLE_MARK);
    if (l->header_lines > 0 && more)
        paint_text(l->header, l->table_width - 1, 1, slice_of(paint_glyph(GLYPH_RIGHT)), ROLE_MARK);
    ui->cursor_x = n ? places[0].x : 0;
    for (size_t i = 0; i < n; i++)
        ui->focus_width = places[i].index == ui->focus ? places[i].width : ui->focus_width;
    for (int i = 0; i < l->row_lines && ui->view.top + (size_t)i < ui->view.count; i++) {
        if (ui->view.top + (size_t)i == ui->view.cursor)
            draw_selected_row(ui, l->rows + i, places, n, &b);
        else
            draw_row(ui, l->rows + i, ui->view.top + (size_t)i, places, n, &b);
    }
    if (!more)
        draw_why(ui, places, n, &b);
    draw_matches(ui, places, n);
    if (!ui->view.count)
        draw_nobody(ui);
    ui->cursor_y = l->rows + (int)(ui->view.cursor - ui->view.top);
    buffer_free(&b);
}

void table_click(struct ui *ui, int y, int x)
{
    const struct layout *l = &ui->layout;
    struct visible_column places[COLUMN_SETS_COLUMNS_MAX];
    bool more;
    size_t n = arrange_columns(ui, places, &more), i = 0;
    size_t index = ui->view.top + (size_t)(y > l->rows ? y - l->rows : 0);
    while (i + 1 < n && places[i + 1].x <= x)
        i++;
    bool in_header = y >= l->header && y < l->header + l->header_lines;
    int column = n ? table_sort_column(ui, places[i].id) : -1;
    if (in_header && column >= 0 && ui_can(ui, ACTION_SORT))
        view_sort_by(&ui->view, column);
    if (in_header || y < l->rows || y >= l->rows + l->row_lines || index >= ui->view.count)
        return;
    ui->focus = n ? places[i].index : 0;
    if (index == ui->view.cursor && ui_can(ui, ACTION_OPEN))
        ui_request(ui, ACTION_OPEN, 1);
    else
        view_move_to(&ui->view, index);
}
