/* Waiving a finding of the marked users, or the selected one: which, until when, who answers for it, and why. */
#include "ui/screen.h"

#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>

enum { USUAL_DAYS = 90 };
enum { AT_ONCE = 1 << 12 }; /* users between two questions whether to go on */

static const struct prompt_kind until_prompt, owner_prompt, reason_prompt, file_prompt;

void waiving_free(struct waiving *w)
{
    free(w->waiver.owner);
    free(w->waiver.reason);
    free(w->rows);
    *w = (struct waiving){0};
}

/* ---- which finding ------------------------------------------------------------- */

/* Those that count for somebody before those that are all waived, the worse first. */
static bool before(const struct waiving *w, size_t a, size_t b)
{
    if (!w->failing[a] != !w->failing[b])
        return w->failing[a];
    return checks[a].severity > checks[b].severity;
}

static void add_bits(size_t *counts, uint64_t bits)
{
    for (; bits; bits &= bits - 1)
        counts[__builtin_ctzll(bits)]++;
}

/* What each check comes to; false: given up. */
static bool count(struct waiving *w, const struct report *r, struct cancel_token *p)
{
    for (size_t k = 0; k < w->row_count; k++) {
        if (k % AT_ONCE == 0 && cancel_check(p))
            return false;
        add_bits(w->failing, audit_counted(r, w->rows[k]));
        add_bits(w->waived, audit_waived(r, w->rows[k]));
    }
    for (size_t i = 0; i < check_count; i++) {
        size_t at = w->count;
        if (!w->failing[i] && !w->waived[i])
            continue;
        for (w->count++; at && before(w, i, w->checks[at - 1]); at--)
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
    buffer_puts(&item->left, glyph_of_severity(checks[check].severity));
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
    char stamp[32];
    (void)action;
    ui->waiving.waiver.check = ui->waiving.checks[index];
    timestamp_format(stamp, sizeof stamp, ui->report->as_of + USUAL_DAYS * TIMESTAMP_DAY);
    menu_close(ui);
    prompt_open(ui, &until_prompt, (struct slice){stamp, 10});
}

static const struct menu_kind menu_waive = {"Waive a finding of this user", "nothing found against this user",
    {ACTION_OPEN, ACTION_NONE}, NULL, false, waive_count, waive_item, waive_act};
static const struct menu_kind menu_waive_marked = {"Waive a finding of all marked users who have it",
    "nothing found against the marked users",
    {ACTION_OPEN, ACTION_NONE}, NULL, true, waive_count, waive_item, waive_act};

void waiving_open(struct ui *ui)
{
    struct waiving *w = &ui->waiving;
    waiving_free(w);
    w->rows = view_chosen(&ui->view, &w->row_count);
    if (!count(w, ui->report, ui->view.cancel)) {
        waiving_free(w);
        return;
    }
    menu_open(ui, ui->view.mark_count ? &menu_waive_marked : &menu_waive, NULL);
}

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
    if (text.len != 10 || !timestamp_parse(text, &w->until))
        return fault(ui, "a day is wanted, such as 2026-12-31");
    if (w->until <= ui->report->as_of)
        return fault(ui, "that day is past; a waiver ends");
    prompt_open(ui, &owner_prompt, slice_of(user ? user : ""));
    return true;
}

static bool owner_accept(struct ui *ui, struct slice text)
{
    if (memchr(text.data, ' ', text.len))
        return fault(ui, "one word is wanted, such as a login or a mail address");
    ui->waiving.waiver.owner = slice_copy(text);
    prompt_open(ui, &reason_prompt, slice_of(""));
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

static bool show(void *context)
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
    struct waivers_new new = {w->waiver, users, choose_users(ui, users)};
    bool ok = new.count || error_set(err, "nobody has that any more; nothing was waived");
    ok = ok && waivers_draft(&draft, path, &new, ui->view.cancel, err);
    if (ok && !audit_waive(ui->audit, ui->report, &draft, show, ui, err)) {
        ok = false;
        ui->tally.is_counted = ui->bars.is_counted = false; /* they may have been counted meanwhile */
        if (!view_was_given_up(&ui->view)) /* what went wrong then did so when all was shown already */
            view_refresh(&ui->view);
    }
    if (ok && ui->coming)
        reload_audit_again(ui->coming);
    free(users);
    return ok ? new.count : 0;
}

static void write_waived(struct ui *ui, const char *path)
{
    struct error err;
    char users[32];
    size_t n = write_waivers(ui, path, &err);
    if (!n && view_was_given_up(&ui->view))
        ui_say(ui, "nothing was waived");
    else if (!n)
        ui_say(ui, "%s", err.text);
    else if (n == 1)
        ui_say(ui, "waived in %s; to use it next time: --waivers %s", path, path);
    else
        ui_say(ui, "waived for %s users in %s; to use it next time: --waivers %s", text_count(users, sizeof users, n),
            path, path);
    waiving_free(&ui->waiving);
}

static bool reason_accept(struct ui *ui, struct slice text)
{
    ui->waiving.waiver.reason = slice_copy(text);
    if (!ui->audit->waivers.file) {
        prompt_open(ui, &file_prompt, slice_of("waivers"));
        return true;
    }
    char *path = slice_copy(slice_of(ui->audit->waivers.file)); /* the name goes with what was read */
    write_waived(ui, path);
    free(path);
    return true;
}

static bool file_accept(struct ui *ui, struct slice text)
{
    write_waived(ui, text.data);
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
