/*
 * The sheet of commands for the marked users or the one under the cursor; it can be saved, and ncred never runs it.
 * Also the page of an access key ID.
 */
#include "ui/remedy_sheet.h"

#include "audit/remedy.h"
#include "context/whose.h"
#include "report/change.h"
#include "ui/judged.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/prompt.h"
#include "ui/screen.h"

#include <stdlib.h>

/* Split TEXT into lines. Returns false if P ended. */
static bool set_lines(struct sheet *s, struct cancel_token *p)
{
    enum { AT_ONCE = 1 << 12 };
    size_t room = 0;
    s->count = 0;
    for (size_t at = 0; at < s->text.len && (s->count % AT_ONCE || !cancel_check(p)); s->count++) {
        const char *end = memchr(s->text.data + at, '\n', s->text.len - at);
        size_t len = end ? (size_t)(end - s->text.data) - at : s->text.len - at;
        if (s->count == room) {
            room = room ? room * 2 : AT_ONCE;
            s->lines = xrealloc(s->lines, room, sizeof *s->lines);
        }
        s->lines[s->count] = (struct slice){s->text.data + at, len};
        at += len + 1;
    }
    return !cancel_is_set(p);
}

void sheet_free(struct sheet *s)
{
    buffer_free(&s->text);
    free(s->lines);
    *s = (struct sheet){0};
}

static size_t sheet_count(const struct ui *ui)
{
    return ui->sheet.count;
}

static void sheet_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    struct slice line = ui->sheet.lines[index];
    buffer_add(&item->left, line.data, line.len);
    item->role = line.len && line.data[0] == '#' ? ROLE_HINT : ROLE_TEXT;
}

/* ---- saving ------------------------------------------------------------------ */

static bool save_accept(struct ui *ui, struct slice text)
{
    struct prompt *p = &ui->prompt;
    struct slice sheet = {ui->sheet.text.data, ui->sheet.text.len};
    (void)text;
    p->is_faulty = !remedy_save(p->line.text.data, sheet, ui->view.cancel, &p->fault);
    if (!p->is_faulty)
        ui_say(ui, "saved to %s: review it, then run it with sh", p->line.text.data);
    return !p->is_faulty;
}

static const struct prompt_kind save_prompt = {.label = "save to: ",
    .help = "a new file; ncred runs nothing of it   {accept} save, {cancel} back", .history = HISTORY_FILE,
    .accept = save_accept};

static void sheet_act(struct ui *ui, size_t index, enum action action)
{
    (void)index;
    if (action == ACTION_SAVE && ui->sheet.count)
        prompt_open(ui, &save_prompt, slice_of("remedies.sh"));
}

static const struct menu_kind menu_sheet = {"Commands to review; ncred runs none of them", "nothing to fix",
    {ACTION_SAVE, ACTION_NONE}, NULL, MENU_WRAPPED, sheet_count, sheet_item, sheet_act, {NULL}};

/* Returns the line of the first user, or 0 if there is none; the lines above it are the same in every sheet. */
static size_t first_user(const struct sheet *s)
{
    static const char start[] = "# ---- ";
    for (size_t i = 0; i < s->count; i++) {
        if (s->lines[i].len >= sizeof start - 1 && memcmp(s->lines[i].data, start, sizeof start - 1) == 0)
            return i;
    }
    return 0;
}

void remedies_open(struct ui *ui)
{
    struct cancel_token *p = ui->view.cancel;
    struct error err;
    size_t count;
    if (!judged_all(ui, &err)) {
        ui_say(ui, "%s", err.text);
        return;
    }
    uint32_t *rows = view_chosen(&ui->view, &count);
    if (ui->report->changes)
        count = change_keep_users(ui->report->changes, rows, count);
    sheet_free(&ui->sheet);
    bool ok = !count || remedy_sheet(&ui->sheet.text, ui->report, rows, count, p);
    free(rows);
    if (!ok || !set_lines(&ui->sheet, p)) {
        sheet_free(&ui->sheet);
        return;
    }
    menu_open(ui, &menu_sheet, NULL);
    ui->menu.top = ui->menu.cursor = first_user(&ui->sheet);
}

/* ---- a leaked key ------------------------------------------------------------- */

static const struct menu_kind menu_whose = {"Access key: facts, and commands to review; ncred runs none of them",
    "nothing is known",
    {ACTION_SAVE, ACTION_NONE}, NULL, MENU_WRAPPED, sheet_count, sheet_item, sheet_act, {NULL}};

bool whose_open(struct ui *ui, struct slice id, struct error *err)
{
    struct whose w;
    if (!whose_find(&w, ui->session->context, ui->report, id))
        return error_set(err, "expected an access key ID such as AKIAIOSFODNN7EXAMPLE");
    sheet_free(&ui->sheet);
    whose_text(&ui->sheet.text, &w);
    set_lines(&ui->sheet, NULL);
    menu_open(ui, &menu_whose, NULL);
    return true;
}
