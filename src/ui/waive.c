/* Waiving a finding of the marked users, or the selected one: which, until when, who answers for it, and why. */
#include "ui/waive.h"

#include "base/timestamp.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/severity.h"

#include <stdio.h>
#include <stdlib.h>

enum { USUAL_DAYS = 90 };
enum { AT_ONCE = 1 << 12 }; /* users between two questions whether to go on */

static const struct prompt_kind until_prompt, owner_prompt, reason_prompt, file_prompt;

static void ask_until(struct ui *ui);

void waiving_free(struct waiving *w)
{
    free(w->waiver.owner);
    free(w->waiver.reason);
    free(w->rows);
    *w = (struct waiving){0};
}

/* ---- which finding ------------------------------------------------------------- */

/* Those that count for somebody before those that are all waived, the worse first. */
static bool waive_before(const struct waiving *w, const struct report *r, size_t a, size_t b)
{
    if (!w->failing[a] != !w->failing[b])
        return w->failing[a];
    return r->audit->meaning[a].severity > r->audit->meaning[b].severity;
}

static void add_bits(size_t *counts, uint64_t bits)
{
    for (; bits; bits &= bits - 1)
        counts[__builtin_ctzll(bits)]++;
}

/* Count the users of each check; false: cancelled. */
static bool count_waivers(struct waiving *w, const struct report *r, struct cancel_token *p)
{
    for (size_t k = 0; k < w->row_count; k++) {
        if (k % AT_ONCE == 0 && cancel_check(p))
            return false;
        add_bits(w->failing, audit_counted(r, w->rows[k]));
        add_bits(w->waived, audit_waived(r, w->rows[k]));
    }
    for (size_t i = 0; i < check_count(); i++) {
        size_t at = w->count;
        if (!w->failing[i] && !w->waived[i])
            continue;
        for (w->count++; at && waive_before(w, r, i, w->checks[at - 1]); at--)
            w->checks[at] = w->checks[at - 1];
        w->checks[at] = i;
    }
    return true;
}

static size_t waive_count(const struct ui *ui)
{
    return ui->waiving.count;
}

static void waive_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    const struct waiving *w = &ui->waiving;
    size_t check = w->checks[index];
    struct finding f = {.row = w->rows[0], .check = (uint32_t)check};
    char number[32];
    if (w->row_count == 1 && w->waived[check])
        f.waiver = waivers_find(&ui->audit->waivers, ui->report, f.row, check);
    buffer_puts(&item->left, glyph_of_severity(check_severity(check, &ui->audit->settings)));
    buffer_putc(&item->left, ' ');
    finding_title(&item->left, ui, &f);
    item->role = w->failing[check] ? ROLE_TEXT : ROLE_MISSING;
    if (w->row_count == 1)
        return;
    buffer_printf(&item->right, "%s", text_count(number, sizeof number, w->failing[check]));
    if (w->waived[check])
        buffer_printf(&item->right, ", %s waived", text_count(number, sizeof number, w->waived[check]));
}

static void waive_act(struct ui *ui, size_t index, enum action action)
{
    (void)action;
    ui->waiving.waiver.check = ui->waiving.checks[index];
    menu_close(ui);
    ask_until(ui);
}

static const struct menu_kind menu_waive = {"Waive which finding?", "this user has no findings",
    {ACTION_OPEN, ACTION_NONE}, NULL, false, waive_count, waive_item, waive_act};
static const struct menu_kind menu_waive_marked = {"Waive which finding of the marked users?",
    "the marked users have no findings",
    {ACTION_OPEN, ACTION_NONE}, NULL, true, waive_count, waive_item, waive_act};

static void list_findings(struct ui *ui)
{
    menu_open(ui, ui->view.mark_count ? &menu_waive_marked : &menu_waive, NULL);
}

void waiving_open(struct ui *ui)
{
    struct waiving *w = &ui->waiving;
    waiving_free(w);
    w->rows = view_chosen(&ui->view, &w->row_count);
    if (!count_waivers(w, ui->report, ui->view.cancel)) {
        waiving_free(w);
        return;
    }
    list_findings(ui);
}

/* ---- until when, who, why, where ------------------------------------------------ */

static bool waive_fault(struct ui *ui, const char *text)
{
    ui->prompt.is_faulty = true;
    return error_at(&ui->prompt.fault, 0, "%s", text);
}

/* The questions in their order, each with what was answered before, or with a proposal. */
static void ask_until(struct ui *ui)
{
    char stamp[32];
    int64_t usual = ui->report->as_of + USUAL_DAYS * TIMESTAMP_DAY, before = ui->waiving.waiver.until;
    timestamp_format(stamp, sizeof stamp, before ? before : usual);
    prompt_open(ui, &until_prompt, (struct slice){stamp, 10});
}

static void ask_owner(struct ui *ui)
{
    const char *user = getenv("USER"), *before = ui->waiving.waiver.owner;
    prompt_open(ui, &owner_prompt, slice_of(before ? before : user ? user : ""));
}

static void ask_reason(struct ui *ui)
{
    const char *before = ui->waiving.waiver.reason;
    prompt_open(ui, &reason_prompt, slice_of(before ? before : ""));
}

static bool until_accept(struct ui *ui, struct slice text)
{
    int64_t until;
    if (text.len != 10 || !timestamp_parse(text, &until))
        return waive_fault(ui, "expected a date, such as 2026-12-31");
    if (until <= ui->report->as_of)
        return waive_fault(ui, "that day is past; a waiver ends");
    ui->waiving.waiver.until = until;
    ask_owner(ui);
    return true;
}

static bool owner_accept(struct ui *ui, struct slice text)
{
    if (memchr(text.data, ' ', text.len))
        return waive_fault(ui, "expected one word, such as a login or an e-mail address");
    free(ui->waiving.waiver.owner);
    ui->waiving.waiver.owner = slice_copy(text);
    ask_reason(ui);
    return true;
}

/*
 * One waiver a user for whom the finding counts; when it counts for none, for all, so that it holds for longer. Into
 * USERS, which has room for all; how many.
 */
static size_t choose_users(const struct ui *ui, struct slice *users)
{
    enum { AHEAD = 16 };
    const struct waiving *w = &ui->waiving;
    const struct report *r = ui->report;
    size_t check = w->waiver.check, n = 0;
    for (size_t i = 0; i < w->row_count && (i % AT_ONCE || !cancel_check(ui->view.cancel)); i++) {
        uint32_t row = w->rows[i];
        if (i + AHEAD < w->row_count)
            report_prefetch(r, w->rows[i + AHEAD]);
        uint64_t which = w->failing[check] ? audit_counted(r, row) : audit_waived(r, row);
        if (!(which >> check & 1))
            continue;
        struct slice arn = report_raw(r, row, COL_ARN);
        users[n++] = arn.len ? arn : report_raw(r, row, COL_USER);
    }
    return n;
}

static bool show_waiving(void *context)
{
    struct ui *ui = context;
    return view_sort(&ui->view, &ui->view.sort);
}

/* Have the file hold what is new, and all that is shown, or leave everything as it is. How many users; 0: not done. */
static size_t write_waivers(struct ui *ui, const char *path, struct error *err)
{
    struct waiving *w = &ui->waiving;
    struct waivers_draft draft;
    struct slice *users = xcalloc(w->row_count, sizeof *users);
    struct waivers_new new = {w->waiver, users, choose_users(ui, users), ui->audit->settings.other_names};
    bool ok = new.count || error_set(err, "nobody has that any more; nothing was waived");
    ok = ok && waivers_draft(&draft, path, &new, ui->view.cancel, err);
    if (ok && !audit_waive(ui->audit, ui->report, &draft, show_waiving, ui, err)) {
        ok = false;
        ui->tally.is_counted = ui->bars.is_counted = false; /* they may have been counted meanwhile */
        if (!view_was_cancelled(&ui->view)) /* what went wrong then did so when all was shown already */
            view_refresh(&ui->view);
    }
    if (ok)
        waivers_patch_free(&draft.patch);
    if (ok && ui->coming)
        reload_audit_again(ui->coming);
    free(users);
    return ok ? new.count : 0;
}

/* False: it was not possible, the line says why, and stays open with all answers. */
static bool write_waived(struct ui *ui, const char *path)
{
    struct error err;
    char users[32];
    size_t n = write_waivers(ui, path, &err);
    if (!n && !view_was_cancelled(&ui->view))
        return waive_fault(ui, err.text);
    if (!n)
        ui_say(ui, "nothing was waived");
    else if (n == 1)
        ui_say(ui, "Waived. Saved in %s - next time start with --waivers %s", path, path);
    else
        ui_say(ui, "Waived for %s users. Saved in %s - next time start with --waivers %s", text_count(users, sizeof users, n),
            path, path);
    waiving_free(&ui->waiving);
    return true;
}

static bool reason_accept(struct ui *ui, struct slice text)
{
    free(ui->waiving.waiver.reason);
    ui->waiving.waiver.reason = slice_copy(text);
    if (!ui->audit->waivers.file) {
        prompt_open(ui, &file_prompt, slice_of("waivers"));
        return true;
    }
    char *path = slice_copy(slice_of(ui->audit->waivers.file)); /* the name goes with what was read */
    bool ok = write_waived(ui, path);
    free(path);
    return ok;
}

static bool file_accept(struct ui *ui, struct slice text)
{
    return write_waived(ui, text.data);
}

/* What is typed at the question that is left, so that coming back to it finds it again. */
static void keep_typed(char **answer, const struct ui *ui)
{
    free(*answer);
    *answer = slice_copy((struct slice){ui->prompt.line.text.data, ui->prompt.line.text.len});
}

/* Esc goes back by one question and loses nothing; from the first one to the list of findings. */
static void owner_cancel(struct ui *ui)
{
    keep_typed(&ui->waiving.waiver.owner, ui);
    ask_until(ui);
}

static void reason_cancel(struct ui *ui)
{
    keep_typed(&ui->waiving.waiver.reason, ui);
    ask_owner(ui);
}

static const struct prompt_kind until_prompt = {"Waive until (YYYY-MM-DD): ",
    "it counts again from that day   Enter next, Esc back",
    HISTORY_UNTIL, NULL, until_accept, list_findings, NULL, true, "expected a date, such as 2026-12-31"};
static const struct prompt_kind owner_prompt = {"Owner: ", "who accepts this risk? (login or e-mail)   Enter next, Esc back",
    HISTORY_OWNER, NULL, owner_accept, owner_cancel, NULL, true, "an owner is needed, such as a login; Esc goes back"};
static const struct prompt_kind reason_prompt = {"Reason: ", "for example a ticket number   Enter next, Esc back",
    HISTORY_REASON, NULL, reason_accept, reason_cancel, NULL, false, "a reason is needed; Esc goes back"};
static const struct prompt_kind file_prompt = {"Waivers file: ",
    "created if missing   Enter write, Esc back",
    HISTORY_FILE, NULL, file_accept, ask_reason, NULL, true, "the name of a file is needed; Esc goes back"};
