/* The same reports read again, and the list of what changed since. */
#include "screen.h"

#include "../reload.h"

#include <stdlib.h>
#include <time.h>

void again_free(struct ui *ui)
{
    for (int i = 0; i < 2; i++) {
        if (ui->reloads[i])
            reload_free(ui->reloads[i]);
        free(ui->reloads[i]);
        ui->reloads[i] = NULL;
    }
}

static void select_arn(struct view *v, struct slice arn)
{
    for (size_t i = 0; i < v->count; i++) {
        if (slice_equal(report_raw(v->report, view_user(v, i), COL_ARN), arn)) {
            view_move_to(v, i);
            return;
        }
    }
    view_move_to(v, 0);
}

/* Show R in the place of what is shown: the same order, filters, marks and user, as far as R has them. */
static void show(struct ui *ui, struct report *r)
{
    struct view old = ui->view, *v = &ui->view;
    struct error ignored;
    size_t row = view_selected(&old);
    struct slice arn = row == SIZE_MAX ? slice_of("") : report_raw(old.report, row, COL_ARN);
    view_init(v, r);
    v->benchmark = old.benchmark;
    v->sort = old.keys ? old.other_sort : old.sort;
    v->other_sort = old.keys ? old.sort : old.other_sort;
    view_refresh(v);
    for (size_t i = 0; i < old.filter_count; i++) {
        if (!old.filters[i].of_credential)
            view_add_filter(v, slice_of(old.filters[i].text), old.filters[i].inverted, &ignored);
    }
    view_mark_as(v, &old);
    select_arn(v, arn);
    if (!r->diff != !ui->report->diff)
        ui->set = sets_first(r);
    view_free(&old);
    ui->report = r;
    ui->bars.is_counted = false;
    ui->detail_top = ui->left = ui->focus = 0;
}

/* The report that is browsed, also while its changes are listed. */
static struct report *newest(struct ui *ui)
{
    return ui->reloads[0] ? &ui->reloads[0]->report : ui->first;
}

void changes_toggle(struct ui *ui)
{
    if (ui->report->diff && ui->report != ui->first)
        show(ui, newest(ui));
    else if (ui->report->diff)
        ui_say(ui, "these are the changes between the two reports");
    else if (ui->reloads[0])
        show(ui, &ui->reloads[0]->diff.report);
    else
        ui_say(ui, "nothing to compare with yet: R reads the report again; ncred --diff OLD NEW compares two");
}

void reload_reports(struct ui *ui)
{
    const struct options *o = ui->options;
    struct reload_time when = {(int64_t)time(NULL), o->as_of_given, o->as_of};
    struct buffer summary = {0};
    struct error err;
    if (ui->session->load) {
        ui_say(ui, "it is still being read; C-c stops that");
        return;
    }
    if (o->demo || o->diff) {
        ui_say(ui, "%s cannot be read again", o->demo ? "the sample" : "a comparison");
        return;
    }
    ui_say(ui, "reading again...");
    ui_draw(ui);
    struct reload *r = xcalloc(1, sizeof *r);
    if (!reload_run(r, &o->wish, &fetch_defaults, newest(ui), ui->audit, &when, &err)) {
        reload_free(r);
        free(r);
        ui_say(ui, "%s", err.text);
        return;
    }
    struct reload *oldest = ui->reloads[1];
    ui->reloads[1] = ui->reloads[0];
    ui->reloads[0] = r; /* compares with the report of reloads[1], which therefore stays */
    show(ui, &r->report);
    ui->why = r->why;
    if (oldest)
        reload_free(oldest);
    free(oldest);
    reload_summary(&summary, r);
    ui_say(ui, "%s%s", summary.data, r->diff.count ? "  (D lists the changes)" : "");
    buffer_free(&summary);
}
