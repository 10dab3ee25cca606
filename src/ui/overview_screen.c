/* The overview: bars in one or two columns; Enter adds a filter for the bar's users. */
#include "ui/overview_screen.h"

#include "base/timestamp.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/search_place.h"
#include "ui/severity.h"
#include "ui/term/paint.h"
#include "ui/waiting.h"

enum { TWO_COLUMNS_FROM = 72, TWO_WITH_TREND_FROM = 130, BAR_MIN = 4, RIGHT_MIN = 31 };

/* Position of a section, which takes one line for its heading, one per bar, and an empty one. */
struct section_place {
    int column;
    size_t line; /* of the heading, counted from the top of its column */
};

/* Two columns need more width if the rows of checks also show a trend. */
static bool has_two(const struct ui *ui)
{
    return paint_columns() >= (chronicle_has_past(ui->report) ? TWO_WITH_TREND_FROM : TWO_COLUMNS_FROM);
}

/*
 * Returns where the right column begins. The left one is wider because titles of checks are longer than steps of a
 * histogram.
 */
static int middle(void)
{
    int half = paint_columns() * 3 / 5;
    return paint_columns() < 100 ? paint_columns() - RIGHT_MIN : half;
}

bool overview_count(struct ui *ui)
{
    struct bars *b = &ui->bars;
    struct overview_counts fresh;
    if (b->is_counted && b->generation == ui->view.generation)
        return true;
    bool mine = !ui->view.cancel; /* otherwise a key's action has begun the waiting already */
    if (mine)
        waiting_begin(ui, true);
    bool ok = overview_counts_build(&fresh, ui->report, ui->view.rows, ui->view.count, &ui->audit->settings,
        ui->view.cancel);
    if (mine)
        waiting_end(ui);
    if (!ok) {
        overview_counts_free(&fresh);
        return false;
    }
    overview_counts_free(&b->overview);
    b->overview = fresh;
    b->clean = 0;
    for (size_t i = 0; i < ui->view.count; i++)
        b->clean += report_value(ui->report, view_user(&ui->view, i), COL_SEVERITY).number == SEVERITY_NONE;
    b->generation = ui->view.generation;
    b->is_counted = true;
    if (b->cursor >= b->overview.bar_count)
        b->cursor = 0;
    return true;
}

/* Set the place of each section: findings and accounts left, histograms right; all in one column on a narrow screen. */
static void arrange_overview(const struct ui *ui, struct section_place *places)
{
    const struct overview_counts *o = &ui->bars.overview;
    size_t used[2] = {0, 0};
    for (size_t i = 0; i < o->section_count; i++) {
        places[i].column = has_two(ui) && o->sections[i].is_histogram;
        places[i].line = used[places[i].column];
        used[places[i].column] += o->sections[i].count + 2;
    }
}

static size_t section_of(const struct overview_counts *o, size_t bar)
{
    size_t i = 0;
    while (i + 1 < o->section_count && bar >= o->sections[i + 1].first)
        i++;
    return i;
}

static void draw_bar(int y, int x, int width, size_t count, size_t most, enum role role)
{
    struct buffer b = {0};
    buffer_puts(&b, "");
    paint_put_bar(&b, count, most, width);
    paint_text(y, x, width, (struct slice){b.data, b.len}, role);
    buffer_free(&b);
}

/* The trend in the row of a check: "▁▂▃▅▇█ 101 -> 210". */
enum { SPARK = 12 };

static int trend_width(int digits)
{
    return SPARK + 1 + 2 * digits + (int)sizeof " -> ";
}

/* Returns the number of digits of the largest number that the trends show. */
static int trend_digits(const struct trend *t)
{
    char number[32];
    uint32_t widest = 0;
    for (size_t i = 0; i < check_count(); i++) {
        uint32_t first = trend_failing(t, 0, i), last = trend_failing(t, t->count - 1, i);
        widest = first > widest ? first : widest;
        widest = last > widest ? last : widest;
    }
    return (int)strlen(text_count(number, sizeof number, widest));
}

/*
 * Draw the trend of CHECK: one block per report, oldest first, scaled between the check's own least and most, then the
 * first and the last number, each DIGITS columns wide. At most SPARK reports are shown, evenly spaced.
 */
static void draw_trend(int y, int x, const struct trend *t, size_t check, int digits, bool here)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const plain[] = {"_", ".", "-", "-", "=", "=", "#", "#"};
    enum { STEPS = 8 };
    char first[32], last[32];
    uint32_t least = UINT32_MAX, most = 0;
    for (size_t i = 0; i < t->count; i++) {
        uint32_t n = trend_failing(t, i, check);
        if (!trend_knows(t, i, check))
            continue;
        least = n < least ? n : least;
        most = n > most ? n : most;
    }
    struct buffer b = {0};
    int columns = t->count < SPARK ? (int)t->count : SPARK;
    for (int i = 0; i < columns; i++) {
        size_t at = columns > 1 ? (size_t)i * (t->count - 1) / (size_t)(columns - 1) : t->count - 1;
        uint32_t n = trend_failing(t, at, check);
        size_t step = most > least ? (size_t)(n - least) * (STEPS - 1) / (most - least) : 0;
        buffer_puts(&b, !trend_knows(t, at, check) ? " " : paint_is_ascii() ? plain[step] : blocks[step]);
    }
    paint_text(y, x, columns, (struct slice){b.data, b.len}, here ? ROLE_SELECTED : ROLE_BAR);
    b.len = 0;
    const char *from = trend_knows(t, 0, check) ? text_count(first, sizeof first, trend_failing(t, 0, check)) : "?";
    buffer_printf(&b, "%*s -> %*s", digits, from, digits,
        text_count(last, sizeof last, trend_failing(t, t->count - 1, check)));
    paint_text(y, x + SPARK + 1, trend_width(digits), (struct slice){b.data, b.len}, here ? ROLE_SELECTED : ROLE_HINT);
    buffer_free(&b);
}

struct bar_column {
    int y, x, height, width;
    size_t top;
    int label, trend, count; /* widths of the parts of a row */
    const struct trend *numbers; /* borrowed; NULL without older reports */
};

/* Returns whether there is room above the bars for the line of users without findings. */
static bool has_gauge(const struct ui *ui)
{
    enum { LINES_FROM = 12, COLUMNS_FROM = 60 };
    return ui->layout.row_lines >= LINES_FROM && paint_columns() >= COLUMNS_FROM;
}

static void draw_gauge(const struct ui *ui)
{
    struct buffer b = {0};
    char clean[32], all[32];
    size_t count = ui->view.count, percent = count ? ui->bars.clean * 100 / count : 0;
    int y = ui->layout.title + 1, end = paint_columns() - 7;
    buffer_printf(&b, "%s of %s users have no finding", text_count(clean, sizeof clean, ui->bars.clean),
        text_count(all, sizeof all, count));
    int x = 3 + paint_text(y, 1, paint_columns() - 2, (struct slice){b.data, b.len}, ROLE_TITLE);
    draw_bar(y, x, end - x, ui->bars.clean, count, ROLE_BAR);
    b.len = 0;
    buffer_printf(&b, "%zu%%", percent);
    paint_right(y, end + 1, 5, (struct slice){b.data, b.len}, ROLE_STATUS);
    buffer_free(&b);
}

/* Returns the screen area of a column of bars. */
static struct bar_column bar_column_of(const struct ui *ui, int column)
{
    const struct layout *l = &ui->layout;
    int y = l->title + 1 + has_gauge(ui), half = middle(), columns = paint_columns();
    return (struct bar_column){.y = y, .x = column ? half : 1, .height = l->rows + l->row_lines - y,
        .width = column ? columns - half - 1 : has_two(ui) ? half - 2 : columns - 2, .top = ui->bars.top[column]};
}

/* Compute the widths in the rows of section S: labels as wide as they need while a trend and a bar still fit. */
static void measure(const struct overview_counts *o, const struct overview_section *s, struct bar_column *c)
{
    enum { LABEL_BESIDE_TREND = 20 };
    char number[32];
    c->label = 0;
    c->count = (int)strlen(text_count(number, sizeof number, s->most));
    for (size_t i = s->first; i < s->first + s->count; i++) {
        int width = (int)text_width((struct slice){o->bars[i].label.data, o->bars[i].label.len});
        c->label = width > c->label ? width : c->label;
    }
    bool is_checks = s->count && o->bars[s->first].severity != SEVERITY_NONE;
    int glyph = is_checks ? 3 : 0, room = c->width - 2 - glyph - c->count - BAR_MIN - 2;
    c->trend = is_checks && c->numbers ? trend_width(trend_digits(c->numbers)) : 0;
    c->trend = room - c->trend < LABEL_BESIDE_TREND ? 0 : c->trend;
    room -= c->trend;
    c->label = c->label > room ? room : c->label;
}

static void draw_line(struct ui *ui, const struct bar_column *c, int y, size_t index, const struct overview_section *s)
{
    const struct bar *bar = &ui->bars.overview.bars[index];
    bool here = index == ui->bars.cursor, is_check = bar->severity != SEVERITY_NONE;
    char number[32];
    int x = c->x + 2, end = c->x + c->width;
    if (here) {
        paint_blank(y, c->x, c->width - 1, ROLE_SELECTED);
        paint_text(y, c->x, 1, slice_of(paint_glyph(GLYPH_CURSOR)), ROLE_SELECTED);
        ui->cursor_y = y;
        ui->cursor_x = x;
    }
    if (is_check) {
        paint_text(y, x, 2, slice_of(glyph_of_severity(bar->severity)),
            here ? ROLE_SELECTED : role_of_severity(bar->severity));
        x += 3;
    }
    enum role role = here ? ROLE_SELECTED : bar->count ? ROLE_TEXT : ROLE_MISSING;
    if (c->label < 1) {
        paint_text(y, x, end - x, (struct slice){bar->label.data, bar->label.len}, role);
        return;
    }
    paint_text(y, x, c->label, (struct slice){bar->label.data, bar->label.len}, role);
    x += c->label + 1;
    if (c->trend && is_check)
        draw_trend(y, x, c->numbers, bar->check, trend_digits(c->numbers), here);
    x += c->trend;
    paint_right(y, x, c->count, slice_of(text_count(number, sizeof number, bar->count)),
        here ? ROLE_SELECTED : bar->count ? ROLE_STATUS : ROLE_MISSING);
    x += c->count + 1;
    draw_bar(y, x, end - 1 - x, bar->count, s->most, here ? ROLE_SELECTED : ROLE_BAR); /* edge: draw_more() */
}

/*
 * Returns whose numbers the trends are if not those of the users shown, else "". The history has all users, but with
 * --trend those whom the filters of the command line match.
 */
static const char *users_of_trend(const struct ui *ui)
{
    const struct options *o = ui->options;
    const struct view *v = &ui->view;
    size_t count = o->listing == LIST_TREND ? o->filter_count : 0;
    bool are_shown = v->filter_count == count;
    for (size_t i = 0; are_shown && i < count; i++)
        are_shown = !v->filters[i].inverted && strcmp(v->filters[i].text, o->filter_texts[i]) == 0;
    return are_shown ? "" : count ? "-f users " : "all users ";
}

/* Draw the heading, above trends the date of their first report, and "now" above the numbers of the users shown. */
static void draw_section_title(const struct ui *ui, const struct bar_column *c, const struct overview_section *s, int y)
{
    struct buffer b = {0};
    char time[32];
    int x = c->x + 2 + 3 + c->label + 1; /* the same sum as in draw_line() */
    paint_text(y, c->x, c->width, slice_of(s->title), ROLE_HEADER);
    if (!c->trend)
        return;
    buffer_printf(&b, "%ssince %.10s", users_of_trend(ui),
        timestamp_format(time, sizeof time, c->numbers->rows[0].day));
    x += paint_text(y, x, c->x + c->width - x, (struct slice){b.data, b.len}, ROLE_LABEL);
    int end = c->x + 2 + 3 + c->label + 1 + c->trend + c->count;
    if (x + 1 + (int)strlen("now") <= end)
        paint_right(y, x, end - x, slice_of("now"), ROLE_LABEL);
    buffer_free(&b);
}

static void draw_section(struct ui *ui, struct bar_column *c, const struct overview_section *s, size_t line)
{
    measure(&ui->bars.overview, s, c);
    for (size_t i = 0; i <= s->count; i++, line++) {
        if (line < c->top || line >= c->top + (size_t)c->height)
            continue;
        int y = c->y + (int)(line - c->top);
        if (i == 0)
            draw_section_title(ui, c, s, y);
        else
            draw_line(ui, c, y, s->first + i - 1, s);
    }
}

static void draw_more(const struct bar_column *c, size_t lines)
{
    int x = c->x + c->width - 1;
    if (c->top > 0)
        paint_text(c->y, x, 1, slice_of(paint_glyph(GLYPH_ASCENDING)), ROLE_MARK);
    if (c->height > 0 && c->top + (size_t)c->height < lines)
        paint_text(c->y + c->height - 1, x, 1, slice_of(paint_glyph(GLYPH_DESCENDING)), ROLE_MARK);
}

void overview_draw(struct ui *ui)
{
    struct bars *b = &ui->bars;
    struct section_place places[OVERVIEW_SECTIONS_MAX];
    if (!b->overview.bar_count) {
        paint_text(ui->layout.rows, 1, paint_columns() - 2, slice_of("Not counted yet: a key interrupted it."),
            ROLE_NOTE);
        return;
    }
    if (has_gauge(ui))
        draw_gauge(ui);
    arrange_overview(ui, places);
    size_t section = section_of(&b->overview, b->cursor);
    size_t line = places[section].line + 1 + b->cursor - b->overview.sections[section].first;
    struct bar_column strips[2] = {bar_column_of(ui, 0), bar_column_of(ui, 1)};
    strips[0].numbers = strips[1].numbers = trend_page_data(ui);
    size_t *top = &strips[places[section].column].top, window = strips[0].height > 0 ? (size_t)strips[0].height : 1;
    if (*top + 1 > line)
        *top = line - 1; /* includes the heading if this is the section's first bar */
    if (line >= *top + window)
        *top = line - window + 1;
    b->top[places[section].column] = *top;
    size_t ends[2] = {0, 0};
    for (size_t i = 0; i < b->overview.section_count; i++) {
        draw_section(ui, &strips[places[i].column], &b->overview.sections[i], places[i].line);
        ends[places[i].column] = places[i].line + 1 + b->overview.sections[i].count;
    }
    for (int i = 0; i < 2; i++) {
        for (int y = strips[i].y; y < strips[i].y + strips[i].height; y++)
            paint_matches(y, strips[i].x + 2, strips[i].width - 3, search_place_lit(ui), ROLE_MATCH);
    }
    for (int i = 0; i < 2; i++) /* after the matches, so that the arrows stay visible */
        draw_more(&strips[i], ends[i]);
}

void overview_query(struct buffer *b, const struct ui *ui)
{
    const struct overview_counts *o = &ui->bars.overview;
    if (ui->bars.cursor < o->bar_count)
        buffer_printf(b, "& %s", o->bars[ui->bars.cursor].query.data);
    else
        buffer_puts(b, "");
}

/* Move by DELTA bars within the cursor's column. */
static void overview_walk(struct ui *ui, long delta)
{
    struct bars *b = &ui->bars;
    struct section_place places[OVERVIEW_SECTIONS_MAX] = {{0}};
    if (!overview_count(ui)) /* keys may come before the overview was drawn and counted */
        return;
    arrange_overview(ui, places);
    int column = places[section_of(&b->overview, b->cursor)].column;
    size_t n = b->overview.bar_count, left = delta < 0 ? (size_t)-delta : (size_t)delta;
    for (size_t i = b->cursor; left && (delta < 0 ? i > 0 : i + 1 < n);) {
        i = delta < 0 ? i - 1 : i + 1;
        if (places[section_of(&b->overview, i)].column != column)
            continue;
        b->cursor = i;
        left--;
    }
}

static bool bar_holds(const struct overview_counts *o, size_t i, struct slice text)
{
    return slice_contains_nocase((struct slice){o->bars[i].label.data, o->bars[i].label.len}, text);
}

bool overview_search(struct ui *ui, struct slice text, int step, struct buffer *place)
{
    struct bars *b = &ui->bars;
    const struct overview_counts *o = &b->overview;
    size_t n = overview_count(ui) ? o->bar_count : 0, k = step != 0, nth = 0, all = 0;
    for (; n && k <= n; k++) {
        size_t i = step >= 0 ? (b->cursor + k) % n : (b->cursor + n - k) % n;
        if (bar_holds(o, i, text)) {
            b->cursor = i;
            break;
        }
    }
    for (size_t i = 0; i < n; i++) {
        all += bar_holds(o, i, text);
        nth = i == b->cursor ? all : nth;
    }
    if (place && all)
        buffer_printf(place, "%zu of %zu", nth, all);
    return all > 0;
}

bool overview_return(struct ui *ui)
{
    const struct bars *b = &ui->bars;
    const struct view *v = &ui->view;
    if (v->keys || ui->report->changes || !b->filter || b->filter != v->filter_count
        || b->cursor >= b->overview.bar_count
        || strcmp(v->filters[b->filter - 1].text, b->overview.bars[b->cursor].query.data) != 0)
        return false;
    if (view_remove_filter(&ui->view, b->filter - 1))
        ui->bars.is_open = true;
    return true;
}

/* Move to the bar in COLUMN whose screen line is nearest to the cursor's. */
static void cross(struct ui *ui, int column)
{
    struct bars *b = &ui->bars;
    struct section_place places[OVERVIEW_SECTIONS_MAX] = {{0}};
    if (!overview_count(ui))
        return;
    arrange_overview(ui, places);
    size_t here = section_of(&b->overview, b->cursor);
    size_t line = places[here].line + b->cursor - b->overview.sections[here].first - b->top[places[here].column];
    size_t best = b->cursor, least = SIZE_MAX;
    for (size_t i = 0; i < b->overview.section_count; i++) {
        const struct overview_section *s = &b->overview.sections[i];
        for (size_t k = 0; places[i].column == column && k < s->count; k++) {
            size_t other = places[i].line + k - b->top[column], away = other > line ? other - line : line - other;
            if (away < least) {
                least = away;
                best = s->first + k;
            }
        }
    }
    if (places[here].column != column)
        b->cursor = best;
}

static void go_to(struct ui *ui)
{
    struct error err;
    if (!overview_count(ui))
        return;
    const struct bar *bar = &ui->bars.overview.bars[ui->bars.cursor];
    bool ok = view_add_filter(&ui->view, (struct slice){bar->query.data, bar->query.len}, false, &err);
    ui->bars.is_open = view_was_cancelled(&ui->view);
    if (!ok)
        ui_say(ui, "%s", err.text);
    if (!ui->bars.is_open) {
        search_place_stop(ui); /* it was for a bar */
        view_move_to(&ui->view, 0);
    }
    ui->bars.filter = ok ? ui->view.filter_count : 0;
}

void overview_click(struct ui *ui, int y, int x)
{
    struct bars *b = &ui->bars;
    struct section_place places[OVERVIEW_SECTIONS_MAX];
    if (!overview_count(ui)) /* counts again if rows were added since the overview was drawn */
        return;
    arrange_overview(ui, places);
    int column = has_two(ui) && x >= middle();
    const struct bar_column s = bar_column_of(ui, column);
    if (y < s.y || y >= s.y + s.height)
        return;
    size_t line = s.top + (size_t)(y - s.y);
    for (size_t i = 0; i < b->overview.section_count; i++) {
        const struct overview_section *section = &b->overview.sections[i];
        size_t first = places[i].line + 1;
        if (places[i].column != column || line < first || line >= first + section->count)
            continue;
        size_t bar = section->first + line - first;
        if (bar == b->cursor)
            ui_request(ui, ACTION_OPEN, 1);
        else
            b->cursor = bar;
        return;
    }
}

static void close_overview(struct ui *ui)
{
    ui->bars.is_open = false;
    search_place_stop(ui); /* it was for a bar */
}

/* End the highlighting of a search first, as in the table. */
static void back_from_overview(struct ui *ui)
{
    if (ui->search_place.is_lit)
        search_place_stop(ui);
    else
        close_overview(ui);
}

bool overview_act(struct ui *ui, enum action action)
{
    long page = ui->layout.row_lines > 0 ? ui->layout.row_lines : 1;
    switch ((int)action) {
    case ACTION_DOWN: overview_walk(ui, 1); return true;
    case ACTION_UP: overview_walk(ui, -1); return true;
    case ACTION_PAGE_DOWN: overview_walk(ui, page); return true;
    case ACTION_PAGE_UP: overview_walk(ui, -page); return true;
    case ACTION_HALF_DOWN: overview_walk(ui, page / 2 + 1); return true;
    case ACTION_HALF_UP: overview_walk(ui, -page / 2 - 1); return true;
    case ACTION_FIRST: overview_walk(ui, -INT32_MAX); return true;
    case ACTION_LAST: overview_walk(ui, INT32_MAX); return true;
    case ACTION_LEFT: cross(ui, 0); return true;
    case ACTION_RIGHT: cross(ui, 1); return true;
    case ACTION_OPEN: go_to(ui); return true;
    case ACTION_OVERVIEW:
    case ACTION_LEAVE: close_overview(ui); return true;
    case ACTION_BACK: back_from_overview(ui); return true;
    default: return false;
    }
}
