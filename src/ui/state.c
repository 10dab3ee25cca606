/* What the screen shows, and which actions that allows. */
#include "ui/state.h"

#include "report/change.h"
#include "session/session_history.h"
#include "ui/menu.h"
#include "ui/screen.h"

enum mode ui_mode(const struct ui *ui)
{
    return ui->prompt.kind ? MODE_PROMPT : ui_mode_below(ui);
}

enum mode ui_mode_below(const struct ui *ui)
{
    return ui->form ? MODE_FORM
        : ui->menu.kind ? MODE_MENU
        : ui->trend.is_open ? MODE_TREND
        : ui->bars.is_open ? MODE_OVERVIEW
        : ui->detail ? MODE_DETAIL : MODE_TABLE;
}

bool ui_is_asking(const struct ui *ui)
{
    return ui->prompt.kind || ui->form || ui->menu.kind;
}

bool ui_is_over_users(const struct ui *ui)
{
    return ui->view.keys || (ui->log.is_open ? !ui->log.is_first : ui->report->changes && !ui->first->changes);
}

const char *ui_row_noun(const struct ui *ui)
{
    return ui->view.keys ? "credential" : !ui->report->changes ? "user" : ui->log.is_open ? "event" : "change";
}

/* Returns whether ACTION is about the row under the cursor, so that the table must not be empty. */
static bool needs_row(enum action action)
{
    return action == ACTION_OPEN || action == ACTION_COPY || action == ACTION_COPY_MORE || action == ACTION_MARK
        || action == ACTION_MARK_RANGE || action == ACTION_KEEP_VALUE || action == ACTION_DROP_VALUE;
}

/* Returns why an action that is allowed in MODES cannot be done in MODE. */
static const char *wrong_mode(enum mode mode, unsigned modes)
{
    if (!(modes & (MODE_TABLE | MODE_DETAIL | MODE_OVERVIEW | MODE_TREND)))
        return "this works only in lists and while typing";
    if (mode == MODE_TREND)
        return "not in the trend; {back} goes back";
    if (modes == (MODE_TREND | MODE_MENU))
        return "this works only in the trend and in lists";
    if (mode == MODE_OVERVIEW)
        return "not in the overview; {back} goes back to the users";
    return mode == MODE_DETAIL ? "not with a user open; {back} closes it" : "not here; {back} goes back";
}

const char *ui_refusal(const struct ui *ui, enum mode mode, enum action action)
{
    unsigned modes = action < ACTION_COUNT ? action_modes(action) : 0;
    if (!(modes & mode))
        return wrong_mode(mode, modes);
    if (mode == MODE_MENU && action != ACTION_REDRAW && action != ACTION_SUSPEND && action != ACTION_QUIT
        && !menu_can(ui, action))
        return "not in this list";
    const char *not_in_changes = ui->first->changes ? "not in a list of changes"
        : "not in a list of changes; {changes} goes back to the users";
    if (action == ACTION_TREND && mode != MODE_TREND && session_is_busy(ui->session))
        return "the older reports are still being read";
    bool has_history = chronicle_has_past(ui->report) || session_history_has_sample(ui->session);
    if (action == ACTION_TREND && mode != MODE_TREND && !has_history)
        return "only one date is known; open a directory of reports, or use --history";
    if (action == ACTION_LOG && !ui->log.is_open && session_is_busy(ui->session))
        return "the older reports are still being read";
    if (action == ACTION_LOG && ui->report->changes && !ui->log.is_open)
        return not_in_changes;
    if (action == ACTION_LOG && !ui->log.is_open && !has_history)
        return "only one date is known; open a directory of reports, or use --history";
    if (action == ACTION_EVIDENCE && session_is_busy(ui->session))
        return "the reports are still being read";
    bool counts = action == ACTION_COUNT_BY || action == ACTION_ACCOUNTS;
    if (counts && ui->view.keys)
        return "users are counted, not credentials; {keys} goes back to the users";
    bool users = counts || action == ACTION_OVERVIEW || action == ACTION_KEYS || action == ACTION_THRESHOLDS;
    if (ui->log.is_open && (users || action == ACTION_CHANGES || action == ACTION_WAIVE))
        return "not in the log; {log} goes back to the users";
    if (ui->report->changes && users)
        return not_in_changes;
    if (!ui->report->changes && (action == ACTION_KIND_NEXT || action == ACTION_KIND_BACK))
        return "only in a list of changes; {changes} shows one";
    if ((mode == MODE_TABLE || mode == MODE_DETAIL) && !ui->view.count && needs_row(action))
        return ui->view.keys ? "no credential is shown" : !ui->report->changes ? "no user is shown"
            : ui->log.is_open ? "no event is shown" : "no change is shown";
    return NULL;
}

bool ui_can(const struct ui *ui, enum action action)
{
    return !ui_refusal(ui, ui_mode(ui), action);
}
