/*
 * DOINGS has one function per action, for the table and the detail pane. An open list, the overview and the trend page
 * take the actions that they know first; see act_once().
 */
#include "ui/actions.h"

#include "ui/cell_filter.h"
#include "ui/change_strip.h"
#include "ui/columns.h"
#include "ui/command_prompt.h"
#include "ui/copy.h"
#include "ui/count_list.h"
#include "ui/detail_pane.h"
#include "ui/evidence_screen.h"
#include "ui/filter_search.h"
#include "ui/help_list.h"
#include "ui/log_screen.h"
#include "ui/menu.h"
#include "ui/menus.h"
#include "ui/message.h"
#include "ui/overview_screen.h"
#include "ui/reload_screen.h"
#include "ui/remedy_sheet.h"
#include "ui/screen.h"
#include "ui/search_place.h"
#include "ui/state.h"
#include "ui/term/terminal.h"
#include "ui/trend_page.h"
#include "ui/thresholds.h"
#include "ui/undo.h"
#include "ui/user_table.h"
#include "ui/waive.h"
#include "ui/write.h"

/* While the pane is open, paging keys scroll the pane, and the keys for single lines still move between users. */
static void page(struct ui *ui, int parts, int sign)
{
    long lines = (long)ui->view.height / parts;
    lines = lines > 0 ? lines : 1;
    if (!ui->detail) {
        view_move(&ui->view, lines * sign);
        return;
    }
    detail_scroll(ui, lines * sign);
}

static void page_down(struct ui *ui) { page(ui, 1, 1); }
static void page_up(struct ui *ui) { page(ui, 1, -1); }
static void half_down(struct ui *ui) { page(ui, 2, 1); }
static void half_up(struct ui *ui) { page(ui, 2, -1); }

static void scroll(struct ui *ui, long lines)
{
    if (ui->detail)
        detail_scroll(ui, lines);
    else
        view_scroll(&ui->view, lines);
}

static void scroll_down(struct ui *ui) { scroll(ui, 1); }
static void scroll_up(struct ui *ui) { scroll(ui, -1); }

static void to(struct ui *ui, size_t index)
{
    view_move_to(&ui->view, index);
    ui->detail_top = 0;
}

static void down(struct ui *ui) { to(ui, ui->view.cursor + 1); }
static void up(struct ui *ui) { to(ui, ui->view.cursor ? ui->view.cursor - 1 : 0); }
static void first(struct ui *ui) { to(ui, 0); }
static void last(struct ui *ui) { to(ui, ui->view.count); }

static void left(struct ui *ui)
{
    if (ui->focus)
        ui->focus--;
}

static void right(struct ui *ui) { ui->focus++; /* act_once() keeps it within the columns */ }

static void filters_new(struct ui *ui) { ask_filter(ui, slice_of(""), SIZE_MAX); }
static void filters_list(struct ui *ui) { menu_open(ui, &menu_filters, NULL); }

static void search(struct ui *ui)
{
    if (ui->bars.is_open)
        ask_overview_search(ui);
    else
        ask_search(ui);
}

static void search_next(struct ui *ui) { search_again(ui, 1); }
static void search_back(struct ui *ui) { search_again(ui, -1); }
static void keep_value(struct ui *ui) { cell_filter(ui, true); }
static void drop_value(struct ui *ui) { cell_filter(ui, false); }

static void filter_remove(struct ui *ui)
{
    if (ui->view.filter_count)
        view_remove_filter(&ui->view, ui->view.filter_count - 1);
    else
        ui_say(ui, "no filter is active");
}

/* Open the list of sort columns with its cursor on the column in focus, so that Enter sorts by it. */
static void sort_list(struct ui *ui, const struct menu_kind *kind)
{
    menu_open(ui, kind, NULL);
    menu_sort_go(ui);
}

static void sort_pick(struct ui *ui) { sort_list(ui, &menu_sort); }
static void sort_then(struct ui *ui) { sort_list(ui, &menu_sort_then); }
static void sort_invert(struct ui *ui) { view_sort_invert(&ui->view); }

/* Sort by the next column shown to the right (STEP 1) or left (SIZE_MAX) of the first sort column, wrapping around. */
static void shift_sort(struct ui *ui, size_t step)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    size_t n = columns_shown(ui, columns), at = 0;
    int now = ui->view.sort.count ? (int)ui->view.sort.keys[0].column : -1;
    while (at < n && table_sort_column(ui, columns[at].id) != now)
        at++;
    if (at == n)
        at = step == 1 ? n - 1 : 0;
    for (size_t tries = 0; tries < n; tries++) {
        at = (at + n + step) % n;
        int c = table_sort_column(ui, columns[at].id);
        if (c >= 0) {
            view_sort_by(&ui->view, c);
            return;
        }
    }
}

static void sort_left(struct ui *ui) { shift_sort(ui, SIZE_MAX); }
static void sort_right(struct ui *ui) { shift_sort(ui, 1); }

static void open_detail(struct ui *ui)
{
    ui->detail = ui->view.count > 0;
    ui->detail_top = 0;
}

static void kind_next(struct ui *ui) { change_strip_step(ui, 1); }
static void kind_back(struct ui *ui) { change_strip_step(ui, -1); }
static void columns_next(struct ui *ui) { columns_change_set(ui, 1); }
static void columns_back(struct ui *ui) { columns_change_set(ui, -1); }
static void column_left(struct ui *ui) { columns_move(ui, -1); }
static void column_right(struct ui *ui) { columns_move(ui, 1); }
static void column_narrower(struct ui *ui) { columns_resize(ui, -1); }
static void column_wider(struct ui *ui) { columns_resize(ui, 1); }

static void keys(struct ui *ui)
{
    if (!view_set_keys(&ui->view, !ui->view.keys))
        return;
    ui->left = ui->focus = 0;
    ui->detail_top = 0;
}

static void overview(struct ui *ui)
{
    if (!view_set_keys(&ui->view, false))
        return;
    search_place_stop(ui); /* it was for a row */
    ui->bars.is_open = true;
    ui->bars.cursor = 0;
    ui->bars.top[0] = ui->bars.top[1] = 0;
}

/* Open the trend page; on the overview, with the check under its cursor. */
static void trend(struct ui *ui)
{
    const struct bars *b = &ui->bars;
    log_add_sample(ui);
    bool is_check = b->is_open && b->is_counted && b->cursor < b->overview.bar_count
        && b->overview.bars[b->cursor].severity != SEVERITY_NONE;
    trend_page_open(ui, is_check ? b->overview.bars[b->cursor].check : check_count());
}

static void mark(struct ui *ui)
{
    size_t row = view_selected(&ui->view);
    view_mark(&ui->view, row, !view_is_marked(&ui->view, row));
    down(ui);
}

static void mark_range(struct ui *ui) { view_mark_range(&ui->view); }
static void mark_invert(struct ui *ui) { view_mark_shown(&ui->view, true); }
static void mark_all(struct ui *ui) { view_mark_shown(&ui->view, false); }
static void mark_none(struct ui *ui) { view_mark_none(&ui->view); }
static void problems(struct ui *ui)
{
    unjudged_count(&ui->unjudged, ui->report, NULL, ui->report->row_count);
    if (problems_look_at_waivers(ui))
        menu_open(ui, &menu_problems, NULL);
    else
        ui_say(ui, "cancelled");
}

static void help(struct ui *ui) { menu_open(ui, ui->menu.kind == &menu_card ? &menu_help : &menu_card, NULL); }
static void redraw(struct ui *ui) { (void)ui; terminal_redraw(); }
static void suspend(struct ui *ui) { (void)ui; terminal_suspend(); }

/* If something would be lost, the first key only says what; the same key again quits. */
static void quit(struct ui *ui)
{
    size_t marks = ui->view.mark_count, n = 0;
    const char *lost[3];
    if (marks)
        lost[n++] = marks == 1 ? "1 mark" : "marks";
    if (ui->has_unsaved_columns)
        lost[n++] = "changed columns";
    if (thresholds_unsaved(ui))
        lost[n++] = "changed thresholds";
    if (ui->was_asked_to_quit || !n) {
        ui->quit = true;
        return;
    }
    ui->was_asked_to_quit = true;
    ui_say(ui, "%s%s%s%s%s would be lost; the same key again quits", lost[0], n > 2 ? ", " : n > 1 ? " and " : "",
        n > 1 ? lost[1] : "", n > 2 ? " and " : "", n > 2 ? lost[2] : "");
}

/* Remove the last filter; if it was chosen from the list of counts, return to that list. */
static void remove_filter(struct ui *ui)
{
    bool counted = counts_is_last_filter(ui);
    if (view_remove_filter(&ui->view, ui->view.filter_count - 1) && counted)
        counts_return(ui);
}

static void close_detail(struct ui *ui)
{
    ui->detail = ui->beside = false;
}

/* Close the list that was opened over the users. */
static void back_to_users(struct ui *ui)
{
    if (ui->view.keys)
        keys(ui);
    else if (ui->log.is_open)
        log_toggle(ui);
    else
        changes_toggle(ui);
}

static void back(struct ui *ui)
{
    if (!ui->detail && ui->search_place.is_lit) {
        search_place_stop(ui); /* this only: the next key goes back */
        return;
    }
    if (ui->detail)
        close_detail(ui);
    else if (reload_screen_is_on(ui))
        reload_screen_cancel(ui);
    else if (overview_return(ui))
        return;
    else if (ui->view.filter_count)
        remove_filter(ui);
    else if (ui_is_over_users(ui))
        back_to_users(ui);
    else if (ui->layout.pane_width)
        close_detail(ui);
    else
        ui_say_keys(ui, MODE_TABLE, "nothing to go back to; {leave} quits, {help} is help");
}

/* Like back(), but filters are kept, and from the table it quits. */
static void leave(struct ui *ui)
{
    if (ui->detail)
        close_detail(ui);
    else if (ui_is_over_users(ui))
        back_to_users(ui);
    else
        quit(ui);
}

static void (*const action_functions[ACTION_COUNT])(struct ui *ui) = {
    [ACTION_DOWN] = down, [ACTION_UP] = up, [ACTION_PAGE_DOWN] = page_down, [ACTION_PAGE_UP] = page_up,
    [ACTION_HALF_DOWN] = half_down, [ACTION_HALF_UP] = half_up,
    [ACTION_SCROLL_DOWN] = scroll_down, [ACTION_SCROLL_UP] = scroll_up, [ACTION_FIRST] = first, [ACTION_LAST] = last,
    [ACTION_LEFT] = left, [ACTION_RIGHT] = right,
    [ACTION_FILTER] = filters_new, [ACTION_FILTERS] = filters_list, [ACTION_PRESETS] = presets_open,
    [ACTION_KEEP_VALUE] = keep_value, [ACTION_DROP_VALUE] = drop_value, [ACTION_FILTER_REMOVE] = filter_remove,
    [ACTION_UNDO] = undo_back, [ACTION_REDO] = undo_forth, [ACTION_RETURN] = undo_return, [ACTION_LEAVE] = leave,
    [ACTION_SEARCH] = search, [ACTION_SEARCH_NEXT] = search_next, [ACTION_SEARCH_BACK] = search_back,
    [ACTION_SORT] = sort_pick, [ACTION_SORT_THEN] = sort_then, [ACTION_SORT_LEFT] = sort_left,
    [ACTION_SORT_RIGHT] = sort_right, [ACTION_SORT_INVERT] = sort_invert,
    [ACTION_OPEN] = open_detail, [ACTION_COLUMNS_NEXT] = columns_next, [ACTION_COLUMNS_BACK] = columns_back,
    [ACTION_COLUMNS] = columns_list, [ACTION_COLUMN_HIDE] = columns_hide, [ACTION_COLUMN_LEFT] = column_left,
    [ACTION_COLUMN_RIGHT] = column_right, [ACTION_COLUMN_NARROWER] = column_narrower,
    [ACTION_COLUMN_WIDER] = column_wider, [ACTION_COLUMNS_RESET] = columns_reset, [ACTION_COLUMNS_SAVE] = columns_save,
    [ACTION_COUNT_BY] = counts_open, [ACTION_ACCOUNTS] = counts_open_accounts,
    [ACTION_OVERVIEW] = overview, [ACTION_TREND] = trend, [ACTION_LOG] = log_toggle, [ACTION_KEYS] = keys,
    [ACTION_MARK] = mark, [ACTION_MARK_RANGE] = mark_range, [ACTION_MARK_INVERT] = mark_invert,
    [ACTION_MARK_ALL] = mark_all, [ACTION_MARK_NONE] = mark_none,
    [ACTION_RELOAD] = reload_reports, [ACTION_CHANGES] = changes_toggle,
    [ACTION_KIND_NEXT] = kind_next, [ACTION_KIND_BACK] = kind_back,
    [ACTION_REMEDIES] = remedies_open, [ACTION_WAIVE] = waiving_open, [ACTION_THRESHOLDS] = thresholds_open,
    [ACTION_COPY] = copy_cell, [ACTION_COPY_MORE] = copy_more, [ACTION_WRITE] = write_ask,
    [ACTION_WHOSE] = whose_prompt_open, [ACTION_EVIDENCE] = evidence_ask,
    [ACTION_COMMAND] = command_prompt_open,
    [ACTION_PROBLEMS] = problems, [ACTION_HELP] = help, [ACTION_BACK] = back, [ACTION_REDRAW] = redraw,
    [ACTION_SUSPEND] = suspend, [ACTION_QUIT] = quit,
};

/* Perform ACTION in the open list, or here if menu_act() returns an action that concerns more than the list. */
static void act_on_list(struct ui *ui, enum action action)
{
    switch ((int)menu_act(ui, action)) {
    case ACTION_SEARCH: ask_menu_search(ui); break;
    case ACTION_UNDO: undo_back(ui); break;
    case ACTION_REDO: undo_forth(ui); break;
    case ACTION_HELP:
        if (ui->menu.kind != &menu_help)
            help(ui);
        break;
    default: break;
    }
}

static void act_once(struct ui *ui, enum action action)
{
    enum mode mode = ui_mode(ui);
    const char *why = ui_refusal(ui, mode, action);
    bool always = action == ACTION_REDRAW || action == ACTION_SUSPEND || action == ACTION_QUIT;
    if (why && mode != MODE_MENU)
        ui_say_keys(ui, mode, why);
    else if (why)
        return;
    else if (mode == MODE_MENU && !always)
        act_on_list(ui, action);
    else if (mode == MODE_OVERVIEW && overview_act(ui, action))
        ;
    else if (mode == MODE_TREND && trend_page_act(ui, action))
        ;
    else if (action_functions[action])
        action_functions[action](ui);
    columns_settle(ui);
    menu_settle(ui);
}

static bool repeats(enum action action)
{
    static const enum action list[] = {ACTION_DOWN, ACTION_UP, ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_HALF_DOWN,
        ACTION_HALF_UP, ACTION_SCROLL_DOWN, ACTION_SCROLL_UP, ACTION_LEFT, ACTION_RIGHT, ACTION_SEARCH_NEXT,
        ACTION_SEARCH_BACK, ACTION_MARK};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (list[i] == action)
            return true;
    }
    return false;
}

/* Perform ACTION with the number typed before it: 10j moves down 10 rows, 5G goes to row 5. */
static void act_times(struct ui *ui, enum action action, size_t times)
{
    enum { MOST = 1 << 12 };
    bool in_rows = ui_mode(ui) == MODE_TABLE || ui_mode(ui) == MODE_DETAIL;
    size_t at = ui->view.cursor;
    if (in_rows && (action == ACTION_DOWN || action == ACTION_UP)) {
        to(ui, action == ACTION_DOWN ? at + times : at > times ? at - times : 0);
    } else if (in_rows && (action == ACTION_FIRST || action == ACTION_LAST)) {
        to(ui, times - 1);
    } else if (action == ACTION_FIRST || action == ACTION_LAST) {
        act_once(ui, ACTION_FIRST);
        for (size_t i = 1; i < times && i < MOST; i++)
            act_once(ui, ACTION_DOWN);
    } else {
        for (size_t i = 0; i < (repeats(action) ? times : 1) && i < MOST; i++)
            act_once(ui, action);
    }
}

void ui_act(struct ui *ui, enum action action)
{
    size_t times = ui->times;
    ui->times = 0;
    if (times > 1 || (times && (action == ACTION_FIRST || action == ACTION_LAST)))
        act_times(ui, action, times);
    else
        act_once(ui, action);
    ui_act_on_request(ui);
}

void ui_act_on_request(struct ui *ui)
{
    while (ui->request.times) {
        ui->request.times--;
        act_once(ui, ui->request.action);
    }
}
