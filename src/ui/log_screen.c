/*
 * The log is a report of its own with a view of its own, so users and log each keep their order, filters, marks and
 * cursor. Toggling swaps ui->view with the parked view.
 */
#include "ui/log_screen.h"

#include "audit/credential_value.h"
#include "config/column_sets.h"
#include "history/time_columns.h"
#include "session/session_history.h"
#include "ui/columns.h"
#include "ui/judged.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/search_place.h"
#include "ui/state.h"
#include "ui/undo.h"
#include "ui/suggest_box.h"
#include "ui/waiting.h"

#include <string.h>

/* Returns the column set to show first: that of --columns if it was given together with --log, else the log's own. */
static size_t first_set(const struct ui *ui)
{
    const struct options *o = ui->options;
    bool has_own = o->listing == LIST_LOG && o->column_list && o->column_list != log_columns;
    return has_own ? ui->sets.count - 1 : column_sets_first(ui->report);
}

/* Set the view's order and filters: with --log those of the command line, otherwise the newest event first. */
static void start_log_view(struct ui *ui, enum benchmark benchmark)
{
    const struct options *o = ui->options;
    struct error err;
    bool is_listed = o->listing == LIST_LOG;
    ui->view.benchmark = benchmark;
    bool has_order = is_listed && o->sort_list;
    if (!has_order || !sort_parse(&ui->view.sort, slice_of(o->sort_list), &sort_users, ui->report, &err)) {
        if (has_order)
            ui_say(ui, "--sort: %s", err.text);
        sort_parse(&ui->view.sort, slice_of(log_newest_first), &sort_users, ui->report, &err);
    }
    sort_parse(&ui->view.other_sort, slice_of(credential_worst_first), &credential_sort_names, NULL, &err);
    if (!view_sort(&ui->view, &ui->view.sort))
        ui->view.is_unsorted = ui->view.has_grown = true;
    for (size_t i = 0; is_listed && i < o->filter_count; i++) {
        if (!view_add_filter(&ui->view, slice_of(o->filter_texts[i]), false, &err) && !view_was_cancelled(&ui->view))
            ui_say(ui, "--filter: %s", err.text);
    }
    view_move_to(&ui->view, 0);
}

/*
 * Exchange the view that is shown and the parked one, whose report is R and has been checked. Makes R's view if there
 * is none yet.
 */
static void swap_with(struct ui *ui, struct report *r)
{
    struct log_screen *l = &ui->log;
    struct view here = ui->view;
    size_t set = ui->set;
    ui->view = l->parked;
    l->parked = here;
    l->parked.cancel = NULL;
    ui->report = r;
    audit_bind(ui->audit, r);
    search_place_stop(ui); /* it was for the other rows */
    suggest_box_forget(ui, false);
    counting_free(&ui->counting); /* its rows are those of the other report */
    ui->bars.is_open = ui->bars.is_counted = ui->tally.is_counted = ui->detail = false;
    ui->detail_top = ui->left = ui->focus = 0;
    bool is_new = !ui->view.report;
    ui->set = is_new ? first_set(ui) : l->parked_set;
    l->parked_set = set;
    if (is_new)
        view_init(&ui->view, r);
    ui->view.cancel = here.cancel;
    if (is_new)
        start_log_view(ui, here.benchmark);
    columns_settle(ui);
}

static void forget_log(struct log_screen *l)
{
    view_free(&l->parked);
    l->parked = (struct view){0};
    log_free(&l->log);
    l->users = NULL;
}

static void switch_log(struct ui *ui)
{
    struct log_screen *l = &ui->log;
    struct error err;
    if (l->is_open) {
        l->is_open = l->is_first = false;
        swap_with(ui, l->users);
        return;
    }
    if (!l->users && !session_history_log(ui->session, ui->report, &l->log, ui->view.cancel, &err)) {
        forget_log(l);
        ui_say(ui, "%s", err.text);
        return;
    }
    if (!l->users)
        l->judged = ui->judged;
    l->users = ui->report;
    l->is_open = true;
    swap_with(ui, &l->log.report);
    if (!l->log.report.row_count)
        ui_say(ui, "nothing happened from one report to the next");
}

/*
 * Check the hidden report again if waivers or thresholds changed since it was shown. Returns false if a key cancelled
 * that.
 */
static bool judge_hidden(struct ui *ui)
{
    struct log_screen *l = &ui->log;
    if (!l->users || l->judged == ui->judged)
        return true;
    bool is_ours = !ui->view.cancel; /* otherwise a key's action has begun the waiting already */
    if (is_ours)
        waiting_begin(ui, true);
    bool is_done = judged_run_on(ui, l->is_open ? l->users : &l->log.report);
    if (is_ours)
        waiting_end(ui);
    if (is_done) {
        l->judged = ui->judged;
        l->parked.is_unsorted = l->parked.report != NULL;
    }
    return is_done;
}

void log_add_sample(struct ui *ui)
{
    if (!session_history_has_sample(ui->session))
        return;
    session_history_add_sample(ui->session);
    ui->view.is_unsorted = true; /* the order or a filter may depend on the history */
}

void log_toggle(struct ui *ui)
{
    log_add_sample(ui);
    if (judge_hidden(ui))
        switch_log(ui);
    else
        ui_say(ui, "cancelled");
}

bool log_close(struct ui *ui)
{
    if (ui->log.is_open && !judge_hidden(ui))
        return false;
    if (ui->log.is_open)
        switch_log(ui);
    if (ui->log.users)
        undo_free(ui); /* its steps may refer to rows of the log, and the next log has the same address */
    forget_log(&ui->log);
    return true;
}

void log_open_wanted(struct ui *ui)
{
    bool is_ready = ui->log.is_wanted && !session_is_busy(ui->session) && ui->session->report == ui->first
        && !ui_is_asking(ui);
    if (!is_ready)
        return;
    ui->log.is_wanted = false;
    if (!ui->report->chronicle || ui->report->changes)
        return;
    waiting_begin(ui, true);
    log_toggle(ui);
    bool is_interrupted = waiting_end(ui) && !ui->log.is_open;
    if (is_interrupted)
        ui->message[0] = '\0'; /* it is tried again after the key */
    ui->log.is_wanted = is_interrupted;
    ui->log.is_first = ui->log.is_open;
}

void log_screen_free(struct ui *ui)
{
    forget_log(&ui->log);
}
