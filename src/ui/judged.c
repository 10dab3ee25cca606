/* ui->judged counts how often the checks were run again; a parked view with another number must be checked again. */
#include "ui/judged.h"

#include "history/time_columns.h"
#include "ui/screen.h"

struct report *judged_newer(struct ui *ui)
{
    struct session *s = ui->session;
    struct report *all[] = {&s->sides[0].report, &s->sides[1].report, ui->reloads[0] ? &ui->reloads[0]->report : NULL,
        ui->reloads[1] ? &ui->reloads[1]->report : NULL};
    for (size_t i = 0; ui->report->changes && i < sizeof all / sizeof all[0]; i++) {
        if (all[i] == ui->report->changes->new)
            return all[i];
    }
    return NULL;
}

bool judged_all(const struct ui *ui, struct error *err)
{
    return !ui->session->is_judging
        || error_set(err, "some users are still being judged: try again when the last line says so no more");
}

void judged_mark_stale(struct ui *ui)
{
    struct report *users = judged_newer(ui);
    ui->judged++;
    ui->tally.is_counted = ui->bars.is_counted = false;
    if (ui->coming)
        reload_audit_again(ui->coming);
    ui->report->has_stale_times = true;
    if (users)
        users->has_stale_times = true;
    judged_settle(ui);
    if (ui->view.cancel) /* the change itself is complete */
        ui->view.cancel->has_ended = false;
}

bool judged_settle(struct ui *ui)
{
    struct report *reports[] = {ui->report, judged_newer(ui)};
    bool ok = true;
    for (size_t i = 0; i < sizeof reports / sizeof reports[0] && ok; i++)
        ok = !reports[i] || !reports[i]->has_stale_times
            || time_columns_refresh(reports[i], &ui->options->allowed, ui->view.cancel);
    return ok;
}

bool judged_run_on(struct ui *ui, struct report *r)
{
    bool is_done = audit_run_until(ui->audit, r, ui->view.cancel)
        && time_columns_refresh(r, &ui->options->allowed, ui->view.cancel);
    audit_bind(ui->audit, ui->report);
    return is_done;
}
