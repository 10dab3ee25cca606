/* Waiving a finding of the selected user: which one, until when, who answers for it, and why. */
#include "screen.h"

#include "../stamp.h"

#include <stdio.h>
#include <stdlib.h>

enum { USUAL_DAYS = 90 };

static const struct prompt_kind until_prompt, owner_prompt, reason_prompt, file_prompt;

static char *copy(struct slice text)
{
    char *s = xcalloc(text.len + 1, 1);
    if (text.len)
        memcpy(s, text.data, text.len);
    return s;
}

void waiving_free(struct waiving *w)
{
    free(w->waiver.user);
    free(w->waiver.owner);
    free(w->waiver.reason);
    free(w->file);
    *w = (struct waiving){0};
}

/* ---- which finding ------------------------------------------------------------- */

static size_t waive_count(const struct ui *ui)
{
    struct finding list[CHECKS_MAX];
    size_t row = view_selected(&ui->view);
    return row == SIZE_MAX ? 0 : finding_list(ui->report, row, list);
}

static void waive_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    struct finding list[CHECKS_MAX];
    finding_list(ui->report, view_selected(&ui->view), list);
    buffer_puts(&item->left, glyph_of_severity(checks[list[index].check].severity));
    buffer_putc(&item->left, ' ');
    finding_title(&item->left, ui, &list[index]);
    item->role = list[index].waiver ? ROLE_MISSING : ROLE_TEXT;
}

static void waive_act(struct ui *ui, size_t index, enum action action)
{
    struct finding list[CHECKS_MAX];
    char stamp[32];
    size_t row = view_selected(&ui->view);
    struct slice arn = report_raw(ui->report, row, COL_ARN);
    (void)action;
    finding_list(ui->report, row, list);
    waiving_free(&ui->waiving);
    ui->waiving.waiver.check = list[index].check;
    ui->waiving.waiver.user = copy(arn.len ? arn : report_raw(ui->report, row, COL_USER));
    stamp_format(stamp, sizeof stamp, ui->report->as_of + USUAL_DAYS * STAMP_DAY);
    menu_close(ui);
    prompt_open(ui, &until_prompt, (struct slice){stamp, 10});
}

const struct menu_kind menu_waive = {"Waive a finding of this user", "nothing found against this user",
    {ACTION_OPEN, ACTION_NONE}, NULL, false, waive_count, waive_item, waive_act};

/* ---- until when, who, why, where ------------------------------------------------ */

static bool fault(struct ui *ui, const char *text)
{
    ui->prompt.is_faulty = true;
    return error_at(&ui->prompt.fault, 0, "%s", text);
}

static bool until_accept(struct ui *ui, struct slice text)
{
    const char *user = getenv("USER");
    struct waiver *w = &ui->waiving.waiver;
    if (text.len != 10 || !stamp_parse_loose(text, &w->until))
        return fault(ui, "a day is wanted, such as 2026-12-31");
    if (w->until <= ui->report->as_of)
        return fault(ui, "that day is past; a waiver ends");
    prompt_open(ui, &owner_prompt, slice_of(user ? user : ""));
    return true;
}

static bool owner_accept(struct ui *ui, struct slice text)
{
    ui->waiving.waiver.owner = copy(text);
    prompt_open(ui, &reason_prompt, slice_of(""));
    return true;
}

/* Have the file as it is now hold, and everything counted anew. */
static bool use_file(struct ui *ui, const char *path, struct error *err)
{
    struct waivers fresh = {0};
    if (!waivers_load(&fresh, path, err))
        return false;
    waivers_free(&ui->audit->waivers);
    ui->audit->waivers = fresh;
    audit_run(ui->audit, ui->report);
    view_refresh(&ui->view);
    return true;
}

static void write_waiver(struct ui *ui, const char *path)
{
    struct error err;
    if (!waiver_append(path, &ui->waiving.waiver, &err) || !use_file(ui, path, &err))
        ui_say(ui, "%s", err.text);
    else
        ui_say(ui, "waived in %s; to use it next time: --waivers %s", path, path);
    waiving_free(&ui->waiving);
}

static bool reason_accept(struct ui *ui, struct slice text)
{
    const char *path = ui->audit->waivers.file;
    ui->waiving.waiver.reason = copy(text);
    if (path) {
        ui->waiving.file = copy(slice_of(path));
        write_waiver(ui, ui->waiving.file);
    } else {
        prompt_open(ui, &file_prompt, slice_of("waivers"));
    }
    return true;
}

static bool file_accept(struct ui *ui, struct slice text)
{
    ui->waiving.file = copy(text);
    write_waiver(ui, ui->waiving.file);
    return true;
}

static void cancel(struct ui *ui)
{
    waiving_free(&ui->waiving);
}

static const struct prompt_kind until_prompt = {"waived until: ",
    "the day on which it counts again   Enter next, Esc back",
    HISTORY_UNTIL, NULL, until_accept, cancel, NULL};
static const struct prompt_kind owner_prompt = {"owner: ", "who answers for it   Enter next, Esc back",
    HISTORY_OWNER, NULL, owner_accept, cancel, NULL};
static const struct prompt_kind reason_prompt = {"reason: ", "why it may stay as it is   Enter next, Esc back",
    HISTORY_REASON, NULL, reason_accept, cancel, NULL};
static const struct prompt_kind file_prompt = {"waivers file: ", "made when it is not there   Enter write, Esc back",
    HISTORY_FILE, NULL, file_accept, cancel, NULL};
