/*
 * From top to bottom: a title, the graph with its axes, the list of checks. A letter at the end of each series,
 * repeated in the list, identifies it, because colours show severity.
 */
#include "ui/trend_page.h"

#include "audit/checks.h"
#include "base/timestamp.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/severity.h"
#include "ui/state.h"
#include "ui/graph.h"
#include "ui/term/paint.h"

#include <stdio.h>

enum { LIST_LEAST = 3, PLOT_LEAST = 3, PLOT_COLUMNS_LEAST = 16, ENDS = 4, AXES = 3 };

/* ---- numbers ---------------------------------------------------------------------- */

const struct trend *trend_page_data(struct ui *ui)
{
    struct trend_page *p = &ui->trend;
    const struct chronicle *c = ui->report->chronicle;
    if (!chronicle_has_past(ui->report))
        return NULL;
    if (p->is_counted && p->trend.chronicle == c && p->report_count == chronicle_report_count(c)
        && p->trend.checks == ui->report->checks_on)
        return &p->trend;
    trend_page_forget(p);
    trend_make(&p->trend, ui->report, false);
    p->report_count = chronicle_report_count(c);
    p->is_counted = true;
    return &p->trend;
}

void trend_page_forget(struct trend_page *p)
{
    trend_free(&p->trend);
    p->is_counted = false;
}

static uint32_t most_failing(const struct trend *t, size_t check)
{
    uint32_t most = 0;
    for (size_t i = 0; i < t->count; i++) {
        uint32_t n = trend_failing(t, i, check);
        most = n > most ? n : most;
    }
    return most;
}

/* Put the checks with a finding in any report into LIST (of CHECKS_MAX), worst first. Returns their number. */
static size_t list_checks(const struct trend *t, size_t *list)
{
    size_t count = 0;
    for (int s = SEVERITY_CRITICAL; s > SEVERITY_NONE; s--) {
        for (size_t i = 0; i < check_count(); i++) {
            if ((t->checks >> i & 1) && t->audit->meaning[i].severity == (enum severity)s && most_failing(t, i))
                list[count++] = i;
        }
    }
    return count;
}

/* Returns the letter of the series of item INDEX of LIST, or a blank if its bit in CHOSEN is not set. */
static char letter_of(uint64_t chosen, const size_t *list, size_t index)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-";
    size_t before = 0;
    if (!(chosen >> list[index] & 1))
        return ' ';
    for (size_t i = 0; i < index; i++)
        before += chosen >> list[i] & 1;
    return letters[before < sizeof letters - 1 ? before : sizeof letters - 2];
}

/*
 * Returns the bit of the check with the highest count at any date, among those counted at all dates and not in BUT; 0
 * if none is left.
 */
static uint64_t largest_but(const struct trend *t, const size_t *list, size_t count, uint64_t but)
{
    uint64_t bit = 0;
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t n = most_failing(t, list[i]);
        if (n > most && (t->always & ~but) >> list[i] & 1) {
            most = n;
            bit = UINT64_C(1) << list[i];
        }
    }
    return bit;
}

void trend_page_open(struct ui *ui, size_t check)
{
    enum { AT_FIRST = 3 };
    struct trend_page *p = &ui->trend;
    const struct trend *t = trend_page_data(ui);
    size_t list[CHECKS_MAX], count = t ? list_checks(t, list) : 0;
    if (!t)
        return;
    p->is_open = true;
    p->cursor = p->top = 0;
    uint64_t there = 0, largest = 0;
    for (size_t i = 0; i < count; i++) {
        there |= UINT64_C(1) << list[i];
        if (list[i] == check)
            p->cursor = i;
    }
    if (check < check_count())
        p->chosen |= UINT64_C(1) << check & there;
    for (size_t i = 0; !(p->chosen & there) && i < AT_FIRST; i++)
        largest |= largest_but(t, list, count, largest);
    p->chosen |= largest;
    for (size_t i = count; check == check_count() && i-- > 0;) /* the cursor starts at the first check in the graph */
        p->cursor = p->chosen >> list[i] & 1 ? i : p->cursor;
}

void trend_page_open_wanted(struct ui *ui)
{
    struct trend_page *p = &ui->trend;
    if (!p->is_wanted || session_is_busy(ui->session) || ui_is_asking(ui))
        return;
    p->is_wanted = false;
    if (chronicle_has_past(ui->report))
        trend_page_open(ui, check_count());
    else
        ui_say(ui, "only one date is known; open a directory of reports, or use --history");
}

/* ---- layout ---------------------------------------------------------------------------- */

struct page {
    int y, lines;               /* of the whole page */
    int plot_lines;             /* 0 if there is no room for a graph */
    int plot_x, plot_columns;   /* between the labels and the letters */
    int list_y, list_lines;
};

static struct page arrange_page(const struct ui *ui, size_t count, int label)
{
    const struct layout *l = &ui->layout;
    struct page g = {.y = l->title + 1};
    g.lines = l->rows + l->row_lines - g.y;
    int most = g.lines / 3 > LIST_LEAST ? g.lines / 3 : LIST_LEAST;
    g.list_lines = (int)count < most ? (int)count : most;
    g.plot_lines = g.lines - g.list_lines - AXES - 1;
    g.plot_x = 1 + label + 2;
    g.plot_columns = paint_columns() - 1 - ENDS - g.plot_x;
    if (g.plot_lines < PLOT_LEAST || g.plot_columns < PLOT_COLUMNS_LEAST) {
        g.plot_lines = 0;
        g.list_lines = g.lines;
    }
    g.list_y = g.y + g.lines - g.list_lines;
    return g;
}

/* ---- drawing ---------------------------------------------------------------------- */

static void put_day(struct buffer *b, int64_t time)
{
    char text[32];
    buffer_printf(b, "%.10s", timestamp_format(text, sizeof text, time));
}

static void draw_page_title(const struct trend *t, const struct page *g)
{
    struct buffer b = {0};
    buffer_printf(&b, "USERS WHO FAIL, ");
    put_day(&b, t->rows[0].day);
    buffer_puts(&b, " to ");
    put_day(&b, t->rows[t->count - 1].day);
    buffer_printf(&b, ", %zu date%s", t->count, t->count == 1 ? "" : "s");
    paint_text(g->y, 1, paint_columns() - 2, (struct slice){b.data, b.len}, ROLE_HEADER);
    buffer_free(&b);
}

static void draw_axes(const struct trend *t, const struct page *g, uint32_t most)
{
    char number[32];
    const uint32_t labels[] = {most, most / 2, 0};
    struct graph scale = {.most = most, .lines = g->plot_lines, .columns = g->plot_columns,
        .is_ascii = paint_is_ascii()};
    int bottom = g->y + 1 + g->plot_lines, end = g->plot_x + g->plot_columns;
    struct buffer b = {0};
    for (int i = 0; i < g->plot_lines; i++)
        paint_text(g->y + 1 + i, g->plot_x - 1, 1, slice_of(paint_glyph(GLYPH_VERTICAL)), ROLE_BORDER);
    for (size_t i = 0; i < 3; i++) {
        if (i == 1 && (labels[1] * 2 != most || g->plot_lines < 5))
            continue;
        text_count(number, sizeof number, labels[i]);
        paint_right(g->y + 1 + graph_row(&scale, labels[i]), 1, g->plot_x - 3, slice_of(number), ROLE_LABEL);
    }
    for (int x = 0; x < g->plot_columns; x++)
        buffer_puts(&b, paint_glyph(GLYPH_HORIZONTAL));
    paint_text(bottom, g->plot_x - 1, 1, slice_of(paint_glyph(GLYPH_BOTTOM_LEFT)), ROLE_BORDER);
    paint_text(bottom, g->plot_x, g->plot_columns, (struct slice){b.data, b.len}, ROLE_BORDER);
    int64_t from = t->rows[0].day, to = t->rows[t->count - 1].day;
    const int64_t days[] = {from, from + (to - from) / 2, to};
    for (size_t i = 0; i < 3; i++) {
        enum { DAY = 10 };
        int x = i == 0 ? g->plot_x : i == 1 ? g->plot_x + g->plot_columns / 2 - DAY / 2 : end - DAY;
        b.len = 0;
        put_day(&b, days[i]);
        if ((i == 1 && g->plot_columns < 4 * DAY) || (i == 0 && to == from))
            continue;
        paint_text(bottom + 1, x, DAY, (struct slice){b.data, b.len}, ROLE_LABEL);
    }
    buffer_free(&b);
}

/* Draw the letters at the ends of the series, side by side where they end in the same line. */
static void draw_ends(const struct trend *t, const struct page *g, const struct graph *graph, const size_t *list,
    size_t count, uint64_t chosen)
{
    enum { LINES_MAX = 512 };
    uint8_t used[LINES_MAX] = {0};
    for (size_t i = 0; i < count; i++) {
        char letter = letter_of(chosen, list, i);
        int line = graph_row(graph, trend_failing(t, t->count - 1, list[i]));
        if (letter == ' ' || line >= LINES_MAX || used[line] >= ENDS)
            continue;
        paint_text(g->y + 1 + line, g->plot_x + g->plot_columns + used[line]++, 1, (struct slice){&letter, 1},
            role_of_severity(check_at(list[i])->severity));
    }
}

/* Draw one line of the graph; adjacent cells of the same series are written together. */
static void draw_cells(const struct page *g, const struct graph *graph, const enum role *roles, int line)
{
    struct buffer b = {0};
    for (int x = 0, end; x < g->plot_columns; x = end) {
        char letter = graph_letter(graph, line, x);
        end = x + 1;
        while (end < g->plot_columns && graph_letter(graph, line, end) == letter)
            end++;
        if (!letter)
            continue;
        b.len = 0;
        graph_put(&b, graph, line, x, end - x);
        paint_text(g->y + 1 + line, g->plot_x + x, end - x, (struct slice){b.data, b.len},
            roles[(unsigned char)letter & 127]);
    }
    buffer_free(&b);
}

static void draw_graph(const struct ui *ui, const struct trend *t, const struct page *g, const size_t *list,
    size_t count, uint32_t most)
{
    struct graph graph;
    uint64_t chosen = ui->trend.chosen;
    enum role roles[128] = {ROLE_TEXT};
    graph_start(&graph, t->rows[0].day, t->rows[t->count - 1].day, most, g->plot_lines, g->plot_columns,
        paint_is_ascii());
    for (size_t k = 0; k < count; k++) {
        size_t i = count - 1 - k; /* the worst one last, so that it covers the others */
        char letter = letter_of(chosen, list, i);
        if (letter == ' ')
            continue;
        roles[(unsigned char)letter & 127] = role_of_severity(check_at(list[i])->severity);
        for (size_t d = 0; d < t->count; d++) {
            size_t next = d + 1 < t->count ? d + 1 : d;
            if (!trend_knows(t, d, list[i]) || !trend_knows(t, next, list[i]))
                next = d;
            if (trend_knows(t, d, list[i]))
                graph_line(&graph, letter, t->rows[d].day, trend_failing(t, d, list[i]), t->rows[next].day,
                    trend_failing(t, next, list[i]));
        }
    }
    for (int line = 0; line < g->plot_lines; line++)
        draw_cells(g, &graph, roles, line);
    draw_ends(t, g, &graph, list, count, chosen);
    graph_free(&graph);
}

/* Draw a line of the list, such as "[x] a !  console user without MFA    412 -> 41". */
static void draw_check(struct ui *ui, const struct trend *t, const size_t *list, size_t index, int y)
{
    const struct trend_page *p = &ui->trend;
    size_t check = list[index];
    bool here = index == p->cursor;
    char letter = letter_of(p->chosen, list, index), first[32], last[32];
    struct buffer left = {0}, right = {0};
    enum severity severity = check_severity(check, &ui->audit->settings);
    int width = paint_columns() - 2, x = 3;
    buffer_printf(&right, "%s -> %s", trend_knows(t, 0, check) ? text_count(first, sizeof first,
        trend_failing(t, 0, check)) : "?", text_count(last, sizeof last, trend_failing(t, t->count - 1, check)));
    if (here) {
        paint_blank(y, 1, width, ROLE_SELECTED);
        paint_text(y, 1, 1, slice_of(paint_glyph(GLYPH_CURSOR)), ROLE_SELECTED);
        ui->cursor_y = y;
        ui->cursor_x = x;
    }
    buffer_printf(&left, "[%c] %c ", letter == ' ' ? ' ' : 'x', letter);
    x += paint_text(y, x, width - 2, (struct slice){left.data, left.len}, here ? ROLE_SELECTED : ROLE_TEXT);
    paint_text(y, x, 2, slice_of(glyph_of_severity(severity)), here ? ROLE_SELECTED : role_of_severity(severity));
    x += 3;
    left.len = 0;
    check_title(&left, check, &ui->audit->settings);
    int room = width - x - (int)right.len;
    if (room > 0)
        paint_text(y, x, room, (struct slice){left.data, left.len}, here ? ROLE_SELECTED : ROLE_TEXT);
    if (room > 0)
        paint_right(y, x + room, (int)right.len + 1, (struct slice){right.data, right.len},
            here ? ROLE_SELECTED : ROLE_STATUS);
    buffer_free(&left);
    buffer_free(&right);
}

static void settle_cursor(struct trend_page *p, size_t count, int lines)
{
    size_t window = lines > 0 ? (size_t)lines : 1;
    if (p->cursor >= count)
        p->cursor = count ? count - 1 : 0;
    if (p->cursor < p->top)
        p->top = p->cursor;
    if (p->cursor >= p->top + window)
        p->top = p->cursor - window + 1;
    if (p->top + window > count)
        p->top = count > window ? count - window : 0;
}

/* Returns the top of the value axis for the CHOSEN checks. */
static uint32_t axis_top(const struct trend *t, const size_t *list, size_t count, uint64_t chosen)
{
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t n = chosen >> list[i] & 1 ? most_failing(t, list[i]) : 0;
        most = n > most ? n : most;
    }
    return graph_top(most);
}

void trend_page_draw(struct ui *ui)
{
    struct trend_page *p = &ui->trend;
    const struct trend *t = trend_page_data(ui);
    size_t list[CHECKS_MAX], count = t ? list_checks(t, list) : 0;
    char number[32];
    if (!count) {
        paint_text(ui->layout.rows, 1, paint_columns() - 2, slice_of("No report has a finding."), ROLE_NOTE);
        return;
    }
    uint32_t most = axis_top(t, list, count, p->chosen);
    struct page g = arrange_page(ui, count, (int)strlen(text_count(number, sizeof number, most)));
    settle_cursor(p, count, g.list_lines);
    if (g.plot_lines) {
        draw_page_title(t, &g);
        draw_axes(t, &g, most);
        draw_graph(ui, t, &g, list, count, most);
    }
    for (int i = 0; i < g.list_lines && p->top + (size_t)i < count; i++)
        draw_check(ui, t, list, p->top + (size_t)i, g.list_y + i);
    int edge = paint_columns() - 1;
    if (p->top > 0)
        paint_text(g.list_y, edge, 1, slice_of(paint_glyph(GLYPH_ASCENDING)), ROLE_MARK);
    if (p->top + (size_t)g.list_lines < count && g.list_lines > 0)
        paint_text(g.list_y + g.list_lines - 1, edge, 1, slice_of(paint_glyph(GLYPH_DESCENDING)), ROLE_MARK);
}

/* ---- keys --------------------------------------------------------------------------- */

/* Returns the check under the cursor, or check_count() if there is none. */
static size_t check_here(struct ui *ui)
{
    const struct trend *t = trend_page_data(ui);
    size_t list[CHECKS_MAX], count = t ? list_checks(t, list) : 0;
    return ui->trend.cursor < count ? list[ui->trend.cursor] : check_count();
}

void trend_page_query(struct buffer *b, struct ui *ui)
{
    size_t check = check_here(ui);
    buffer_puts(b, "");
    if (check < check_count())
        buffer_printf(b, "& fails(%s)", check_at(check)->id);
}

static void choose_check(struct ui *ui)
{
    size_t check = check_here(ui);
    if (check < check_count())
        ui->trend.chosen ^= UINT64_C(1) << check;
}

static void walk_checks(struct ui *ui, long delta)
{
    struct trend_page *p = &ui->trend;
    const struct trend *t = trend_page_data(ui);
    size_t list[CHECKS_MAX], count = t ? list_checks(t, list) : 0;
    long to = (long)p->cursor + delta;
    p->cursor = to < 0 || !count ? 0 : to < (long)count ? (size_t)to : count - 1;
}

/* Filter the table for the users who now fail the check under the cursor. */
static void go_to_users(struct ui *ui)
{
    struct error err;
    struct buffer query = {0};
    size_t check = check_here(ui);
    if (check == check_count())
        return;
    buffer_printf(&query, "fails(%s)", check_at(check)->id);
    if (view_set_keys(&ui->view, false) && view_add_filter(&ui->view, (struct slice){query.data, query.len}, false,
        &err)) {
        ui->trend.is_open = ui->bars.is_open = false;
        view_move_to(&ui->view, 0);
    } else if (!view_was_cancelled(&ui->view)) {
        ui_say(ui, "%s", err.text);
    }
    buffer_free(&query);
}

void trend_page_click(struct ui *ui, int y, int x)
{
    struct trend_page *p = &ui->trend;
    const struct trend *t = trend_page_data(ui);
    size_t list[CHECKS_MAX], count = t ? list_checks(t, list) : 0;
    struct page g = arrange_page(ui, count, 1);
    (void)x;
    if (y < g.list_y || y >= g.list_y + g.list_lines || p->top + (size_t)(y - g.list_y) >= count)
        return;
    size_t at = p->top + (size_t)(y - g.list_y);
    if (at == p->cursor)
        choose_check(ui);
    p->cursor = at;
}

bool trend_page_act(struct ui *ui, enum action action)
{
    long page = ui->layout.row_lines > 0 ? ui->layout.row_lines : 1;
    switch ((int)action) {
    case ACTION_DOWN: walk_checks(ui, 1); return true;
    case ACTION_UP: walk_checks(ui, -1); return true;
    case ACTION_PAGE_DOWN: walk_checks(ui, page); return true;
    case ACTION_PAGE_UP: walk_checks(ui, -page); return true;
    case ACTION_HALF_DOWN: walk_checks(ui, page / 2 + 1); return true;
    case ACTION_HALF_UP: walk_checks(ui, -page / 2 - 1); return true;
    case ACTION_FIRST: walk_checks(ui, -INT32_MAX); return true;
    case ACTION_LAST: walk_checks(ui, INT32_MAX); return true;
    case ACTION_CHOOSE: choose_check(ui); return true;
    case ACTION_OPEN: go_to_users(ui); return true;
    case ACTION_TREND:
    case ACTION_LEAVE:
    case ACTION_BACK: ui->trend.is_open = false; return true;
    default: return false;
    }
}
