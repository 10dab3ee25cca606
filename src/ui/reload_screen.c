/*
 * Reading the reports again, and the list of what changed since. JOB reads in the background, COMING is then compared
 * step by step, and take_reload() shows the result.
 */
#include "ui/reload_screen.h"

#include "audit/credential_value.h"
#include "history/time_columns.h"
#include "session/session_context.h"
#include "session/session_history.h"
#include "ui/columns.h"
#include "ui/count_list.h"
#include "ui/judged.h"
#include "ui/log_screen.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/search_place.h"
#include "ui/suggest_box.h"
#include "ui/state.h"
#include "ui/term/paint.h"
#include "ui/undo.h"
#include "ui/waiting.h"
#include "ui/watching.h"

#include <stdlib.h>

static void reload_screen_start(struct ui *ui, bool two);

static void drop(struct reload **r)
{
    if (*r)
        reload_free(*r);
    free(*r);
    *r = NULL;
}

void reload_screen_free(struct ui *ui)
{
    reload_abandon(ui->job);
    view_free(&ui->parked);
    drop(&ui->coming);
    drop(&ui->reloads[0]);
    drop(&ui->reloads[1]);
    buffer_free(&ui->reload_messages);
}

/*
 * Returns whether the row at INDEX of V is the user (or credential) at HERE of OLD. Users are compared by ARN, else by
 * name.
 */
static bool is_same_row(const struct view *v, size_t index, const struct view *old, size_t here)
{
    size_t was = view_user(old, here), is = view_user(v, index);
    struct slice arn = report_raw(old->report, was, COL_ARN);
    enum column identity = arn.len ? COL_ARN : COL_USER;
    if (v->keys && old->keys && credential_slot(v->rows[index]) != credential_slot(old->rows[here]))
        return false;
    return slice_equal(report_raw(v->report, is, identity), report_raw(old->report, was, identity));
}

/*
 * Move the cursor of V to the row that it had in OLD, on the same screen line; if that row is gone, to the row now in
 * its place. Unless CHOSEN (a person moved to the row), the cursor goes to the first row.
 */
static void select_as(struct view *v, const struct view *old, bool chosen)
{
    size_t line = old->cursor - old->top, i = 0;
    view_resize(v, old->height);
    while (chosen && i < v->count && old->count && !is_same_row(v, i, old, old->cursor))
        i++;
    i = !chosen ? 0 : i < v->count ? i : old->cursor < v->count ? old->cursor : v->count ? v->count - 1 : 0;
    v->top = i > line ? i - line : 0;
    view_move_to(v, i);
}

/* Sort the view; if a key cancels that, it is done after the key. */
static void screen_put_in_order(struct ui *ui)
{
    bool is_ours = !ui->view.cancel; /* otherwise a key's action has begun the waiting already */
    if (is_ours)
        waiting_begin(ui, true);
    if (!view_sort(&ui->view, &ui->view.sort))
        ui->view.is_unsorted = ui->view.has_grown = true;
    if (is_ours)
        waiting_end(ui);
}

static void tell_lost_order(struct left_out *left_out, struct slice column)
{
    left_out->sort_columns++;
    buffer_puts(&left_out->lines, "no longer sorted by ");
    text_harmless(&left_out->lines, column, false);
    buffer_puts(&left_out->lines, ": no such column\n");
}

/*
 * Translate OLD, a sort order for FROM, to TO: columns of other files may have another number there or be missing.
 * ORDER stays as it is if nothing is left. LEFT_OUT (or NULL) gets the missing ones.
 */
static void order_like(struct sort_order *order, const struct sort_order *old, const struct report *from,
    const struct report *to, struct left_out *left_out)
{
    struct sort_order fresh = {0};
    for (size_t i = 0; i < old->count; i++) {
        struct sort_key key = old->keys[i];
        bool is_extra = (size_t)key.column >= COL_EXTRA;
        if (is_extra)
            key.column = extra_columns_find(to->extra, slice_of(report_column_info(from, key.column)->name));
        if (!is_extra || key.column != COL_COUNT)
            fresh.keys[fresh.count++] = key;
        else if (left_out)
            tell_lost_order(left_out, slice_of(report_column_info(from, old->keys[i].column)->name));
    }
    if (fresh.count)
        *order = fresh;
}

/* Append to LEFT_OUT (or NULL) the line that says why F is not among the filters any more. */
static void tell_left_out(struct left_out *left_out, const struct view_filter *f, const struct error *why)
{
    if (!left_out)
        return;
    left_out->filters++;
    buffer_puts(&left_out->lines, "left out the filter ");
    text_harmless(&left_out->lines, slice_of(f->text), false);
    buffer_printf(&left_out->lines, ": %s\n", why->text);
}

/*
 * Make V a view of R with the sort orders, filters and marks of OLD; LEFT_OUT: see reload_screen_show(). Returns false,
 * with V freed, if a key cancelled it.
 */
static bool view_like(struct view *v, const struct view *old, const struct report *r, struct cancel_token *cancel,
    struct left_out *left_out)
{
    struct error why;
    view_init(v, r);
    v->cancel = cancel;
    v->benchmark = old->benchmark;
    order_like(&v->sort, old->keys ? &old->other_sort : &old->sort, old->report, r, left_out);
    order_like(&v->other_sort, old->keys ? &old->sort : &old->other_sort, old->report, r, left_out);
    bool ok = view_sort(v, &v->sort);
    for (enum query_subject subject = QUERY_USERS; ok && subject <= view_subject(old); subject++) {
        ok = subject == QUERY_USERS || view_set_keys(v, true);
        for (size_t i = 0; ok && i < old->filter_count; i++) {
            const struct view_filter *f = &old->filters[i];
            if (f->subject != subject || view_add_named_filter(v, slice_of(f->text), f->inverted, f->name, &why))
                continue;
            ok = !view_was_cancelled(v);
            if (ok)
                tell_left_out(left_out, f, &why);
        }
    }
    if (ok)
        view_mark_as(v, old);
    v->cancel = NULL;
    if (!ok)
        view_free(v);
    return ok;
}

bool reload_screen_show(struct ui *ui, struct report *r, struct left_out *left_out)
{
    struct view old = ui->view, fresh;
    bool is_ours = !old.cancel; /* otherwise a key's action has begun the waiting already */
    if (is_ours)
        waiting_begin(ui, true);
    bool ok = view_like(&fresh, &old, r, ui->view.cancel, left_out);
    if (is_ours)
        waiting_end(ui);
    if (!ok)
        return false;
    fresh.cancel = ui->view.cancel;
    ui->view = fresh;
    ui->report = r;
    suggest_box_forget(ui, false);
    counting_free(&ui->counting); /* the counts are of rows of the previous report */
    select_as(&ui->view, &old, ui->chosen);
    old.cancel = NULL;
    view_free(&old);
    ui->bars.is_counted = ui->tally.is_counted = false;
    columns_settle(ui);
    return true;
}

/* Returns the latest report of the users, even while changes are listed. */
static struct report *newest(struct ui *ui)
{
    return ui->reloads[0] ? &ui->reloads[0]->report : ui->first;
}

/*
 * Switch between users and changes, which each have their own order, filters, marks and cursor. The checks must have
 * run on the one that is shown then.
 */
static void reload_go(struct ui *ui)
{
    struct view here = ui->view;
    struct error err;
    size_t set = ui->set;
    ui->view = ui->parked;
    ui->parked = here;
    ui->parked.cancel = NULL;
    ui->report = ui->report->changes ? newest(ui) : &ui->reloads[0]->diff.report;
    audit_bind(ui->audit, ui->report);
    search_place_stop(ui); /* it was for the other rows */
    suggest_box_forget(ui, false);
    counting_free(&ui->counting);
    bool is_new = !ui->view.report;
    ui->set = is_new ? column_sets_first(ui->report) : ui->parked_set;
    ui->parked_set = set;
    ui->bars.is_open = ui->bars.is_counted = ui->tally.is_counted = ui->trend.is_open = false;
    ui->detail_top = ui->left = 0;
    if (is_new)
        view_init(&ui->view, ui->report);
    ui->view.cancel = here.cancel;
    columns_settle(ui);
    if (!is_new)
        return;
    ui->view.benchmark = here.benchmark;
    sort_parse(&ui->view.sort, slice_of(diff_worst_first), &sort_users, NULL, &err);
    sort_parse(&ui->view.other_sort, slice_of(credential_worst_first), &credential_sort_names, NULL, &err);
    screen_put_in_order(ui);
    view_move_to(&ui->view, 0);
}

/*
 * Judge the parked report again if waivers or thresholds changed since it was shown. Returns false if a key cancelled
 * it.
 */
static bool judge_parked(struct ui *ui)
{
    struct report *parked = ui->report->changes ? newest(ui) : &ui->reloads[0]->diff.report;
    if (ui->parked_judged == ui->judged)
        return true;
    if (!judged_run_on(ui, parked))
        return false;
    ui->parked_judged = ui->judged;
    ui->parked.is_unsorted = ui->parked.report != NULL;
    return true;
}

void changes_toggle(struct ui *ui)
{
    const struct inputs_wish *w = &ui->options->wish;
    if (ui->first->changes)
        ui_say(ui, "these are the changes between the two reports");
    else if (ui->reloads[0] && judge_parked(ui))
        reload_go(ui);
    else if (ui->reloads[0])
        ui_say(ui, "cancelled");
    else if (w->path_count == 2 && !w->fetch)
        reload_screen_start(ui, true);
    else if (chronicle_has_past(ui->first) || session_history_has_sample(ui->session))
        ui_say_keys(ui, MODE_TABLE,
            "only one report is open: {log} lists what happened before, ncred OLD NEW compares");
    else
        ui_say_keys(ui, MODE_TABLE,
            "only one report is open; start with ncred OLD NEW, or press {reload} to read it again");
}

static void reload_screen_start(struct ui *ui, bool two)
{
    const struct options *o = ui->options;
    struct error err;
    if (session_is_busy(ui->session) || reload_screen_is_on(ui)) {
        ui_say(ui, "still reading; C-c stops that");
        return;
    }
    if (o->demo || o->diff) {
        ui_say(ui, "%s cannot be read again", o->demo ? "the sample" : "a comparison");
        return;
    }
    ui->job_is_comparison = two;
    watching_accept(ui);
    ui->job = reload_start(&o->wish, &fetch_defaults, newest(ui),
        ui->reloads[0] ? &ui->reloads[0]->obtained : &ui->session->sides[0].inputs, two, o, &err);
    if (!ui->job)
        ui_say(ui, "%s", err.text);
    else if (o->wish.fetch)
        ui_say(ui, "fetching... (AWS renews reports every 4 h, so it may be the same) C-c cancels");
}

void reload_reports(struct ui *ui)
{
    reload_screen_start(ui, false);
}

void reload_screen_cancel(struct ui *ui)
{
    if (ui->coming && ui->coming->is_in_history) {
        ui_say(ui, "the new data is ready; it is shown as soon as no key interrupts that");
        return;
    }
    reload_abandon(ui->job);
    ui->job = NULL;
    drop(&ui->coming);
    audit_bind(ui->audit, ui->report); /* comparing bound the names in rules to the columns of the other report */
    ui_say(ui, "cancelled; nothing changed");
}

/*
 * Show SUMMARY, such as "reloaded: 1 user added, 40 MFA removed", followed by REST. Kinds at its end are cut if REST
 * would not fit.
 */
static void say_summary(struct ui *ui, struct buffer *summary, const char *rest)
{
    int room = paint_columns() - 1 - (int)strlen(rest) - (int)strlen(", ~");
    const char *kinds = strchr(summary->data, ':');
    if (kinds && room > 0 && (int)summary->len > room + (int)strlen(", ~")) {
        size_t first = (size_t)(kinds - summary->data);
        size_t n = text_fit((struct slice){summary->data, summary->len}, (size_t)room);
        while (n > first && !(summary->data[n] == ',' && summary->data[n + 1] == ' ')) /* not the comma in 1,000 */
            n--;
        summary->len = n > first ? n : first + 1;
        buffer_printf(summary, "%s %s", n > first ? "," : "", paint_glyph(GLYPH_CUT));
    }
    ui_say(ui, "%s%s", summary->data, rest);
}

/* Continue the history with R and judge the report that is hidden, if it will be shown. Returns false if cancelled. */
static bool prepare_reload(struct ui *ui, struct reload *r)
{
    waiting_begin(ui, true);
    ui->session->cancel = ui->view.cancel;
    bool ok = (r->has_history || session_history_extend(ui->session, newest(ui), r))
        && (!ui->report->changes || judge_parked(ui));
    ui->session->cancel = NULL;
    waiting_end(ui);
    return ok;
}

/* Say SUMMARY, which key lists the changes and, if something was LEFT_OUT, which one says why. */
static void say_reloaded(struct ui *ui, struct buffer *summary, const struct left_out *left_out)
{
    const struct keymap *keymap = &ui->options->config.keymap;
    bool is_elsewhere = ui->reloads[0]->diff.changes.count && !ui->job_is_comparison;
    struct buffer rest = {0};
    const char *what = left_out->filters && left_out->sort_columns
        ? "; a filter and a sort column are lost ({problems}: why)"
        : left_out->filters ? "; a filter was left out ({problems}: why)"
        : left_out->sort_columns ? "; a sort column is lost ({problems}: why)" : "";
    keys_fill(&rest, keymap, what, MODE_TABLE);
    keys_fill(&rest, keymap, is_elsewhere ? "  ({changes} lists the changes)" : "", MODE_TABLE);
    say_summary(ui, summary, rest.data);
    if (left_out->lines.len)
        buffer_add(&ui->reload_messages, left_out->lines.data, left_out->lines.len);
    buffer_free(&rest);
}

/* Show the new report after its comparison; without effect on the screen if a key cancels it (it is tried again). */
static void take_reload(struct ui *ui)
{
    struct buffer summary = {0};
    struct left_out left_out = {0};
    struct reload *oldest = ui->reloads[1], *r = ui->coming;
    if (!log_close(ui) || !prepare_reload(ui, r))
        return; /* a key came first; reload_screen_poll() tries again */
    if (ui->report->changes)
        reload_go(ui);
    struct error ignored; /* reported already when the report itself was read */
    session_context_to_changes(ui->session->context, &r->diff, ui->audit, &ignored);
    if (!reload_screen_show(ui, &r->report, &left_out)) {
        buffer_free(&left_out.lines);
        return; /* a key came first; reload_screen_poll() tries again */
    }
    ui->coming = NULL;
    watching_ended(ui, !r->obtained.kept);
    view_free(&ui->parked);
    ui->parked = (struct view){0};
    ui->parked_judged = ui->judged; /* the new list of changes */
    ui->reloads[1] = ui->reloads[0];
    ui->reloads[0] = r; /* R's comparison refers to the report of reloads[1], so that one is kept */
    ui->as_of_why = r->as_of_why;
    drop(&oldest);
    undo_free(ui); /* its steps hold rows of freed reports, and a new report may get the same address */
    ui->search_place.report = NULL;
    if (ui->job_is_comparison)
        change_summary(&summary, &r->diff.changes);
    else
        reload_summary(&summary, r);
    say_reloaded(ui, &summary, &left_out);
    buffer_free(&left_out.lines);
    buffer_free(&summary);
    if (ui->job_is_comparison)
        reload_go(ui);
}

bool reload_screen_is_on(const struct ui *ui)
{
    return ui->job || ui->coming;
}

int reload_screen_descriptor(const struct ui *ui)
{
    return ui->job ? reload_descriptor(ui->job) : -1;
}

bool reload_screen_has_work(const struct ui *ui)
{
    return ui->coming ? !reload_is_compared(ui->coming) || !ui_is_asking(ui)
        : ui->job && reload_descriptor(ui->job) < 0;
}

void reload_screen_progress(struct ui *ui, struct buffer *b)
{
    if (ui->job)
        reload_progress(ui->job, b);
    else if (reload_is_compared(ui->coming))
        buffer_puts(b, "new data is ready; shown when you close this");
    else
        buffer_printf(b, "comparing %u%%", reload_percent(ui->coming));
}

/*
 * Take over what files beside the new reports say or, if there are none, add what other files said before: before the
 * checks run, because rules may refer to it.
 */
static bool add_context_again(struct ui *ui, struct reload *r, struct error *err)
{
    struct session *s = ui->session;
    struct buffer ignored = {0};
    if (r->context) {
        context_free(s->context);
        s->context = r->context;
        r->context = NULL;
        return true;
    }
    bool ok = session_context_apply(s->context, &r->report, &r->obtained.messages, err)
        && session_context_apply(s->context, &r->older, &ignored, err);
    buffer_free(&ignored);
    return ok;
}

/* Store the reload's messages for the list of problems, and ERR (or NULL), the reason why nothing new is shown. */
static void tell_reasons(struct ui *ui, const struct error *err)
{
    struct buffer *b = &ui->reload_messages;
    const struct buffer *said = &ui->coming->obtained.messages;
    b->len = 0;
    if (said->len)
        buffer_add(b, said->data, said->len);
    if (err && (!said->len || !strstr(said->data, err->text)))
        buffer_printf(b, "%s\n", err->text);
}

/* Add to the message which key lists all reasons, because the message line shows only one. */
static void tell_where_reasons_are(struct ui *ui)
{
    struct buffer key = {0};
    size_t used = strlen(ui->message);
    if (keys_of(&key, &ui->options->config.keymap, ACTION_PROBLEMS, MODE_TABLE, 1) && used + 40 < sizeof ui->message) {
        struct buffer said = {0};
        buffer_printf(&said, "nothing changed (%s: why): %s", key.data, ui->message);
        ui_say(ui, "%s", said.data);
        buffer_free(&said);
    }
    buffer_free(&key);
}

/* Take over the report that JOB has read; ui->coming is then ready to be compared, or NULL after an error. */
static void compare_reports(struct ui *ui)
{
    const struct options *o = ui->options;
    struct reload_time when = {ui->clock(), o->as_of_given, o->as_of};
    struct error err;
    ui->coming = xcalloc(1, sizeof *ui->coming);
    bool ok = reload_take(ui->job, ui->coming, newest(ui), &when, &err);
    ui->job = NULL;
    ok = ok && add_context_again(ui, ui->coming, &err);
    tell_reasons(ui, ok ? NULL : &err);
    if (ok)
        return;
    ui_say(ui, "%s", err.text);
    tell_where_reasons_are(ui);
    watching_ended(ui, false);
    drop(&ui->coming);
}

void reload_screen_poll(struct ui *ui)
{
    if (ui->job && !reload_poll(ui->job))
        compare_reports(ui);
    bool is_ready = ui->coming && !reload_step(ui->coming, ui->audit);
    if (ui->coming) /* names in rules must refer to the columns of the report shown */
        audit_bind(ui->audit, ui->report);
    if (is_ready && !ui_is_asking(ui)) /* an open prompt, form or list refers to rows of the report shown */
        take_reload(ui);
}
