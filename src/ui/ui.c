/* The main loop: draws the parts of the screen, and decides which part gets a key. */
#include "ui/ui.h"

#include "audit/credential_value.h"
#include "base/bug.h"
#include "session/inputs_items.h"
#include "session/session_history.h"
#include "ui/actions.h"
#include "ui/columns.h"
#include "ui/copy.h"
#include "ui/count_list.h"
#include "ui/detail_pane.h"
#include "ui/form.h"
#include "ui/judged.h"
#include "ui/layout.h"
#include "ui/menu.h"
#include "ui/menus.h"
#include "ui/message.h"
#include "ui/mouse.h"
#include "ui/overview_screen.h"
#include "ui/prompt.h"
#include "ui/reload_screen.h"
#include "ui/remedy_sheet.h"
#include "ui/screen.h"
#include "ui/search_place.h"
#include "ui/state.h"
#include "ui/status.h"
#include "ui/suggest_box.h"
#include "ui/term/paint.h"
#include "ui/term/terminal.h"
#include "ui/thresholds.h"
#include "ui/undo.h"
#include "ui/user_table.h"
#include "ui/waiting.h"
#include "ui/waive.h"
#include "ui/waive_file.h"
#include "ui/watching.h"
#include "ui/write.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEY_INTERRUPT = 'C' & 0x1f };
enum { AT_ONCE = 8 }; /* steps of loading done before the first draw if there is nothing to wait for */

static void draw(struct ui *ui)
{
    paint_clear();
    ui_lay_out(ui);
    if (ui->trend.is_open)
        trend_page_draw(ui);
    else if (ui->bars.is_open)
        overview_draw(ui);
    else if (ui->layout.table_width)
        table_draw(ui);
    else
        view_resize(&ui->view, (size_t)ui->layout.row_lines);
    if (ui->layout.pane_width)
        detail_draw(ui);
    status_draw(ui);
    if (ui->menu.kind)
        menu_draw(ui);
    if (ui->form)
        form_draw(ui);
    if (ui->prompt.kind)
        prompt_draw(ui);
    terminal_flush(ui->cursor_y, ui->cursor_x);
}

static void tell_no_such_key(struct ui *ui, uint32_t key)
{
    struct buffer name = {0}, help = {0};
    enum mode mode = ui_mode(ui);
    const char *here = mode == MODE_TABLE ? "" : " here"; /* in the table it may well have a meaning */
    keys_name(&name, key);
    if (keys_of(&help, &ui->options->config.keymap, ACTION_HELP, mode, 1))
        ui_say(ui, "%s: no such key%s (%s help)", name.data, here, help.data);
    else
        ui_say(ui, "%s: no such key%s", name.data, here);
    buffer_free(&name);
    buffer_free(&help);
}

/* Take KEY as a digit of a count before another key. Returns false if it is not one. */
static bool take_digit(struct ui *ui, uint32_t key, enum action action, bool pasted)
{
    enum { MOST = 10000000 };
    if (ui->prompt.kind || ui->form || pasted || action != ACTION_NONE || key < '0' + !ui->times || key > '9')
        return false;
    size_t times = ui->times * 10 + (key - '0');
    ui->times = times < MOST ? times : MOST;
    ui_say(ui, "%zu", ui->times);
    return true;
}

static void dispatch(struct ui *ui, uint32_t key, enum action action, bool pasted)
{
    if (session_is_busy(ui->session) && key == KEY_INTERRUPT)
        session_stop(ui->session);
    else if (key >= KEYS_CLICK && key <= KEYS_WHEEL_DOWN)
        mouse_take(ui, key);
    else if (reload_screen_is_on(ui) && key == KEY_INTERRUPT)
        reload_screen_cancel(ui);
    else if (ui->prompt.kind)
        prompt_key(ui, key, pasted);
    else if (ui->form)
        form_key(ui, key, pasted);
    else if (pasted)
        ui_say_keys(ui, MODE_TABLE, "pasted text is accepted only while you type: press {filter} or {search} first");
    else if (action != ACTION_NONE)
        ui_act(ui, action);
    else if (!ui->menu.kind || !menu_key(ui, key))
        tell_no_such_key(ui, key);
}

/* Returns whether KEY is only meant to cancel the work of the previous key, which it has done already. */
static bool only_cancels(const struct ui *ui, uint32_t key)
{
    return ui->was_cancelled && !ui->prompt.kind && (key == KEYS_ESC || key == KEY_INTERRUPT);
}

/* Returns a word for what ACTION does when it takes long, such as "Sorting", or NULL. */
static const char *doing_of(const struct ui *ui, enum action action)
{
    switch ((int)action) {
    case ACTION_SORT_LEFT: case ACTION_SORT_RIGHT: case ACTION_SORT_INVERT: return "Sorting";
    case ACTION_FILTER_REMOVE: case ACTION_KEEP_VALUE: case ACTION_DROP_VALUE: case ACTION_BACK: return "Filtering";
    case ACTION_SEARCH_NEXT: case ACTION_SEARCH_BACK: return "Searching";
    case ACTION_PRESETS: case ACTION_OVERVIEW: case ACTION_COUNT_BY: case ACTION_ACCOUNTS: return "Counting";
    default: break;
    }
    if (thresholds_are_open(ui))
        return "Judging";
    if (ui->prompt.kind)
        return ui->prompt.kind->history == HISTORY_FILTER ? "Filtering"
            : ui->prompt.kind->history == HISTORY_FILE ? "Writing" : NULL;
    return ui->menu.kind == &menu_sort || ui->menu.kind == &menu_sort_then ? "Sorting" : NULL;
}

static void check_view(const struct view *v)
{
    BUG_ON(v->count ? v->cursor >= v->count : v->cursor != 0);
    BUG_ON(v->filter_count > VIEW_FILTERS_MAX || v->height == 0);
}

/* What key handlers rely on at any time, whatever was drawn last. Checked before and after each key in debug builds. */
static void check_state(const struct ui *ui)
{
    check_view(&ui->view);
    BUG_ON(ui->view.report != ui->report);
    BUG_ON(ui->set >= ui->sets.count);
    BUG_ON(ui->menu.kind && ui->menu.cursor && ui->menu.cursor >= ui->menu.kind->count(ui));
    BUG_ON(ui->bars.is_open && ui->bars.cursor && ui->bars.cursor >= ui->bars.overview.bar_count);
    BUG_ON(ui->prompt.kind && ui->prompt.line.at > ui->prompt.line.text.len);
    BUG_ON(ui->form && ui->prompt.kind);
    BUG_ON(ui->request.times);
}

static void take_key(struct ui *ui, uint32_t key, bool pasted)
{
    enum action action = keys_action(&ui->options->config.keymap, key, ui_mode(ui));
    bool before = ui->was_cancelled, was_asked = ui->was_asked_to_quit;
    ui->message[0] = '\0';
    if (!pasted && ui_mode(ui) == MODE_MENU && action == ACTION_NONE && thresholds_take_digit(ui, key))
        return;
    if (take_digit(ui, key, action, pasted))
        return;
    if (ui_mode(ui) == MODE_MENU && action != ACTION_NONE && ui_refusal(ui, MODE_MENU, action))
        action = ACTION_NONE; /* the list may use the key as a letter instead */
    waiting_begin(ui, ui->prompt.kind && action != ACTION_ACCEPT);
    ui->waiting.doing = doing_of(ui, action);
    if (!only_cancels(ui, key))
        dispatch(ui, key, action, pasted);
    ui_act_on_request(ui);
    ui->was_cancelled = waiting_end(ui) && !ui->prompt.kind;
    if (before && !ui->message[0])
        ui_say(ui, "cancelled; nothing changed");
    ui->times = 0;
    ui->was_asked_to_quit &= !was_asked;
    copy_withdraw(ui);
    if (!ui->quit)
        undo_note(ui);
    ui->chosen |= ui->view.cursor > 0 || ui->detail || ui->view.mark_count > 0;
}

/* Handle all waiting keys. Returns whether there was one. */
static bool take_keys(struct ui *ui)
{
    bool pasted, any = false;
    for (uint32_t key; !ui->quit && (key = terminal_key(&pasted)) != KEYS_NONE; any = true) {
        menu_settle(ui); /* a resize, or what was read since the last key, can have made the list shorter */
        check_state(ui);
        take_key(ui, key, pasted);
        menu_settle(ui);
        check_state(ui);
    }
    return any;
}

/* Set up the view with the filters and the order of the command line; by default, worst first. */
static void start_view(struct ui *ui)
{
    struct error err;
    view_init(&ui->view, ui->report);
    ui->view.benchmark = ui->audit->settings.benchmark;
    bool are_listed = ui->options->listing != LIST_LOG && ui->options->listing != LIST_TREND; /* else the log's order */
    if (are_listed)
        ui->view.sort = ui->options->sort;
    if (are_listed && ui->options->is_sort_late
        && !sort_parse(&ui->view.sort, slice_of(ui->options->sort_list), &sort_users, ui->report, &err))
        ui_say(ui, "--sort: %s", err.text);
    if (!ui->view.sort.count && !ui->report->changes)
        finding_worst_first(&ui->view.sort, ui->report);
    else if (!ui->view.sort.count && !sort_parse(&ui->view.sort, slice_of(diff_worst_first), &sort_users, NULL, &err))
        ui_say(ui, "%s", err.text);
    waiting_begin(ui, true);
    if (!view_sort(&ui->view, &ui->view.sort))
        ui->view.is_unsorted = ui->view.has_grown = true;
    if (!sort_parse(&ui->view.other_sort, slice_of(credential_worst_first), &credential_sort_names, NULL, &err))
        ui_say(ui, "%s", err.text);
    for (size_t i = 0; ui->options->listing != LIST_LOG && i < ui->options->filter_count; i++) {
        struct slice text = slice_of(ui->options->filter_texts[i]);
        if (view_add_filter(&ui->view, text, false, &err))
            continue;
        if (!view_was_cancelled(&ui->view)) {
            ui_say(ui, "%s", err.text);
            continue;
        }
        line_history_add(&ui->histories[HISTORY_FILTER], text);
        ui_say_keys(ui, MODE_TABLE,
            "a key cancelled the filter; it is not active. {filter} {choose-back} brings it back");
        break;
    }
    waiting_end(ui);
    view_move_to(&ui->view, 0);
}

/*
 * Show the first of the new messages about the inputs, once: what keys say meanwhile must stay. All of them are printed
 * when the screen has closed.
 */
static void tell_said(struct ui *ui)
{
    const struct buffer *said = &ui->session->sides[0].inputs.messages;
    size_t printed = ui->session->messages_printed, from = ui->messages_shown > printed ? ui->messages_shown : printed;
    if (said->len <= from)
        return;
    ui->messages_shown = said->len;
    const char *line = said->data + from, *rest = strchr(line, '\n');
    bool more = rest && rest[1];
    /* with two reports of one account, people often want to see what changed */
    bool two = ui->options->wish.path_count == 2 && ui->session->sides[0].inputs.input_count == 1 && !ui->options->diff;
    struct buffer before = {0}, behind = {0};
    ui_put_keys(ui, &before, MODE_TABLE, two ? "{changes} compares the two. " : "");
    ui_put_keys(ui, &behind, MODE_TABLE, more ? " (and more: {problems})" : "");
    ui_say(ui, "%s%.*s%s", before.data, (int)(rest ? rest - line : 0), line, behind.data);
    buffer_free(&before);
    buffer_free(&behind);
}

/* A message that stays while work that nobody asked for shows its progress. */
struct said {
    char text[sizeof ((struct ui *)0)->message];
};

/* Begin work of the view or the session that a key interrupts; it must be tried again after the key. */
static struct said begin_work(struct ui *ui)
{
    struct said said;
    memcpy(said.text, ui->message, sizeof said.text);
    waiting_begin(ui, true);
    ui->session->cancel = ui->view.cancel;
    return said;
}

static void end_work(struct ui *ui, const struct said *said)
{
    ui->session->cancel = NULL;
    waiting_end(ui);
    memcpy(ui->message, said->text, sizeof said->text);
}

/* Add loaded rows to the view. */
static void grow(struct ui *ui)
{
    struct said said = begin_work(ui);
    view_grow(&ui->view);
    end_work(ui, &said);
}

/*
 * When everything is read and no report has its time, say so once, unless there is another message; the status line
 * shows it all the time.
 */
static void tell_now(struct ui *ui)
{
    bool is_now = ui->as_of_why && strcmp(ui->as_of_why, "now") == 0;
    if (ui->was_told_now || ui->message[0] || session_is_loading(ui->session) || !is_now)
        return;
    ui->was_told_now = true; /* older reports are still being read, and what keys say meanwhile must stay */
    ui_say(ui, "no report contains its time: ages are counted to now; see --as-of");
}

static void tell_config_problems(struct ui *ui)
{
    const struct config *c = &ui->options->config;
    struct buffer more = {0};
    ui_put_keys(ui, &more, MODE_TABLE, c->problem_count > 1 ? " (and more: {problems})" : "");
    if (c->problem_count)
        ui_say(ui, "%.*s%s", (int)strcspn(c->problems.data, "\n"), c->problems.data, more.data);
    buffer_free(&more);
}

/* Look for waivers that expired or soon will. Returns false if a key came first; ui_step() tries again after it. */
static bool look_at_waivers(struct ui *ui)
{
    struct said said = begin_work(ui);
    bool ok = problems_look_at_waivers(ui);
    end_work(ui, &said);
    return ok;
}

/* When everything is read, mention such waivers, unless there is another message. */
static void tell_waivers(struct ui *ui)
{
    size_t count = look_at_waivers(ui) ? ui->waiver_warnings : 0;
    struct buffer key = {0};
    ui_put_keys(ui, &key, MODE_TABLE, "{problems}");
    if (count && !session_is_busy(ui->session) && !ui->message[0])
        ui_say(ui, "%zu warning%s about waivers (%s)", count, count == 1 ? "" : "s", key.data);
    buffer_free(&key);
}

/* Take over what was loaded since the last call; new rows stay at the end of the table until loading has finished. */
static void take_load(struct ui *ui)
{
    struct error err;
    size_t count = ui->report->row_count;
    int64_t as_of = ui->report->as_of;
    const struct chronicle *history = ui->report->chronicle;
    const struct extra_columns *extra = ui->report->extra;
    bool had_past = ui->session->past, was_judging = ui->session->is_judging;
    struct said said = begin_work(ui);
    bool more = session_poll(ui->session, &err);
    end_work(ui, &said);
    bool has_history = had_past && !ui->session->past;
    if (has_history || ui->report->chronicle != history || ui->report->extra != extra) /* filters may use these */
        ui->view.has_grown = ui->view.is_unsorted = true;
    ui->view.has_grown |= ui->report->row_count != count || ui->report->as_of != as_of || was_judging;
    ui->as_of_why = ui->session->as_of_why;
    grow(ui);
    if (more && session_is_loading(ui->session))
        return;
    ui->view.is_unsorted |= ui->view.has_grown;
    tell_now(ui);
    tell_said(ui);
    tell_waivers(ui);
    if (!err.text[0])
        return;
    struct inputs *in = &ui->session->sides[0].inputs;
    if (!in->messages.len || !strstr(in->messages.data, err.text)) /* P lists it in full */
        inputs_say(in, "%s", err.text);
    ui->messages_shown = in->messages.len;
    ui_say(ui, "%s", err.text);
}

/* When everything is read, show the report without the rows that newer reports replace. */
static void show_newer(struct ui *ui)
{
    if (ui->session->report == ui->first || ui_is_asking(ui))
        return;
    if (!reload_screen_show(ui, ui->session->report, NULL))
        return;
    ui->first = ui->session->report;
    ui->view.is_unsorted = true;
}

/* Fill the columns about time, which a key interrupted; the order and filters may depend on them. */
static void settle_times(struct ui *ui)
{
    struct said said = begin_work(ui);
    ui->view.is_unsorted |= judged_settle(ui);
    end_work(ui, &said);
}

/* Sort the rows added last into place. */
static void sort_in(struct ui *ui)
{
    struct said said = begin_work(ui);
    ui->view.has_grown = ui->view.is_unsorted = !view_sort(&ui->view, &ui->view.sort);
    end_work(ui, &said);
    if (!ui->view.is_unsorted && !ui->chosen)
        view_move_to(&ui->view, 0);
}

/* Say once that a filter is uncertain for some users, whatever action caused it. */
static void tell_unsure(struct ui *ui)
{
    bool is = view_is_unsure(&ui->view);
    if (ui->prompt.kind)
        return;
    if (is && !ui->is_unsure)
        ui_say(ui, "the regular expression takes too long for some users: they count as no match");
    ui->is_unsure = is;
}

/* Returns THEME, or for "auto" the theme that suits the background. */
static const struct theme *theme_for(const struct theme *theme, enum background background)
{
    if (background == BACKGROUND_UNKNOWN || strcmp(theme->name, "auto") != 0)
        return theme;
    return theme_find(slice_of(background == BACKGROUND_LIGHT ? "light" : "dark"));
}

static void start_paint(const struct options *o, enum background background)
{
    const struct theme *theme = theme_for(o->theme, background);
    const char *no_color = getenv("NO_COLOR");
    bool utf8 = utf8_is_in_locale();
    struct look looks[ROLE_COUNT];
    for (int i = 0; i < ROLE_COUNT; i++)
        looks[i] = o->config.look_is_set[i] ? o->config.looks[i] : theme->looks[i];
    paint_start(looks, !o->no_color && !o->theme->is_mono && !(no_color && *no_color), o->ascii || !utf8);
}

static void free_ui(struct ui *ui)
{
    menu_close(ui);
    prompt_free(ui);
    form_close(ui);
    buffer_free(&ui->menu.found);
    buffer_free(&ui->menu.lit);
    buffer_free(&ui->menu.title);
    buffer_free(&ui->search);
    buffer_free(&ui->waivers_said);
    search_place_free(ui);
    overview_counts_free(&ui->bars.overview);
    trend_page_forget(&ui->trend);
    log_screen_free(ui);
    sheet_free(&ui->sheet);
    waiving_free(ui);
    waive_file_free(ui);
    thresholds_free(ui);
    writing_free(&ui->writing);
    counting_free(&ui->counting);
    view_free(&ui->view);
    columns_free(ui);
    undo_free(ui);
    reload_screen_free(ui);
}

/*
 * Returns the descriptor that becomes readable when there is more to load; -1 if there is none or work continues
 * anyway.
 */
static int wake_descriptor(const struct ui *ui)
{
    return session_is_busy(ui->session) ? session_descriptor(ui->session)
        : reload_screen_is_on(ui) ? reload_screen_descriptor(ui) : -1;
}

/* Whether look_at_waivers() was cancelled, or waivers have changed since. */
static bool waivers_are_due(const struct ui *ui)
{
    return ui->are_waivers_due && !session_is_busy(ui->session);
}

/* Returns how long to wait for a key in milliseconds: 0 if there is work, -1 for no limit. */
static int wait_at_most(const struct ui *ui)
{
    bool is_newer = ui->session->report != ui->first && !ui_is_asking(ui); /* show_newer() has work */
    bool is_wanted = (ui->log.is_wanted || ui->trend.is_wanted) && !session_is_busy(ui->session) && !ui_is_asking(ui);
    bool has_work = is_newer || is_wanted || ui->view.is_unsorted || ui->report->has_stale_times
        || view_is_behind(&ui->view) || waivers_are_due(ui)
        || reload_screen_has_work(ui) || suggest_box_has_work(ui) || search_place_has_work(ui)
        || (session_is_busy(ui->session) && session_descriptor(ui->session) < 0);
    int session = session_wait_at_most(ui->session), files = watching_wait_at_most(ui);
    return has_work ? 0 : session < 0 || (files >= 0 && files < session) ? files : session;
}

bool ui_is_possible(void)
{
    return terminal_is_able();
}

struct ui *ui_open(struct session *session, int64_t (*clock)(void))
{
    const struct options *o = session->options;
    struct ui *ui = xcalloc(1, sizeof *ui);
    *ui = (struct ui){.options = o, .report = session->report, .first = session->report, .audit = &session->audit,
        .session = session, .clock = clock, .draw = draw, .beside = true};
    if (!terminal_start(o->mouse, &ui->advice)) {
        free(ui);
        return NULL;
    }
    start_paint(o, BACKGROUND_UNKNOWN);
    session_wait(session);
    ui->as_of_why = session->as_of_why;
    columns_start(ui);
    start_view(ui);
    tell_now(ui);
    tell_config_problems(ui);
    if (ui->advice)
        ui_say(ui, "%s", ui->advice);
    if (session->sides[0].inputs.failed)
        ui_say(ui, "%zu input%s could not be read, the last one: %s", session->sides[0].inputs.failed,
            session->sides[0].inputs.failed == 1 ? "" : "s", session->sides[0].inputs.last.text);
    if (!session_is_busy(session))
        tell_waivers(ui);
    undo_note(ui);
    ui->log.is_wanted = o->listing == LIST_LOG;
    ui->trend.is_wanted = o->listing == LIST_TREND;
    bool is_slow = session->is_judging; /* which waits for the screen */
    for (int i = 0; i < AT_ONCE && !is_slow && session_is_busy(session) && session_descriptor(session) < 0; i++)
        take_load(ui);
    return ui;
}

/*
 * Returns whether --watch may read the reports again now. Not while a list of changes is shown: it would be replaced.
 */
static bool can_read_again(const struct ui *ui)
{
    return !session_is_busy(ui->session) && !reload_screen_is_on(ui) && !ui->report->changes;
}

bool ui_step(struct ui *ui)
{
    show_newer(ui);
    if (view_is_behind(&ui->view))
        grow(ui);
    if (ui->report->has_stale_times)
        settle_times(ui);
    if (ui->view.is_unsorted)
        sort_in(ui);
    if (waivers_are_due(ui))
        look_at_waivers(ui);
    log_open_wanted(ui);
    trend_page_open_wanted(ui);
    if (ui->bars.is_open && !ui->trend.is_open)
        overview_count(ui);
    if (suggest_box_has_work(ui))
        suggest_box_work(ui);
    if (search_place_has_work(ui))
        search_place_work(ui);
    tell_unsure(ui);
    ui->draw(ui);
    session_history_fill(ui->session); /* keys may sort, filter or write by these columns */
    if (!terminal_wait(wake_descriptor(ui), watching_descriptor(ui), wait_at_most(ui)))
        return false;
    bool has_key = take_keys(ui);
    if (terminal_background() != ui->background) { /* the terminal has answered */
        ui->background = terminal_background();
        start_paint(ui->options, ui->background);
    }
    if (!ui->quit && watching_poll(ui, has_key, can_read_again(ui)))
        reload_reports(ui);
    if (reload_screen_is_on(ui) && !ui->quit)
        reload_screen_poll(ui);
    if (session_is_busy(ui->session) && !ui->quit)
        take_load(ui);
    return !ui->quit && !terminal_ended_by();
}

int ui_close(struct ui *ui)
{
    terminal_stop();
    copy_print(ui);
    if (ui->advice)
        fprintf(stderr, "ncred: %s\n", ui->advice);
    free_ui(ui);
    free(ui);
    return terminal_ended_by() ? 128 + terminal_ended_by() : 0;
}

int ui_run(struct session *session, int64_t (*clock)(void))
{
    struct ui *ui = ui_open(session, clock);
    if (!ui) {
        fputs("ncred: cannot use this terminal; try -o text, or TERM=vt100\n", stderr);
        return 2;
    }
    while (!terminal_ended_by() && ui_step(ui))
        ;
    return ui_close(ui);
}
