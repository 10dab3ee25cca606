/* The texts that can be copied are collected in a buffer by the functions of THINGS; copy() decides where it goes. */
#include "ui/copy.h"

#include "audit/remedy.h"
#include "audit/unjudged.h"
#include "base/clipboard.h"
#include "base/timestamp.h"
#include "export/markdown.h"
#include "report/cell.h"
#include "report/change.h"
#include "ui/columns.h"
#include "ui/judged.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/severity.h"
#include "ui/term/terminal.h"
#include "ui/user_table.h"

#include <stdio.h>
#include <stdlib.h>

/* Copy TEXT, which must be harmless to print. WHAT describes it in the message. */
static void copy(struct ui *ui, struct slice text, const char *what)
{
    struct clipboard_path path = clipboard_path_of(getenv("TERM"), getenv("TMUX"), getenv("STY"));
    enum clipboard_way way = ui->options->clipboard;
    bool may_take = path.tmux || path.screen || terminal_has_answered();
    struct buffer sequence = {0};
    struct error err;
    if (way == CLIPBOARD_PRINT || (way == CLIPBOARD_AUTO && !may_take)) {
        buffer_add(&ui->copied, text.data, text.len);
        buffer_putc(&ui->copied, '\n');
        ui_say(ui, "to be printed when ncred ends: %s", what);
    } else if (clipboard_sequence(&sequence, text, path, &err)) {
        terminal_send((struct slice){sequence.data, sequence.len});
        /* the message promises nothing, because the terminal, tmux or screen may ignore the request without a reply */
        if (path.tmux)
            ui_say(ui, "sent to tmux: %s (see set-clipboard)", what);
        else
            ui_say(ui, "%s: %s (if the terminal takes OSC 52)", path.screen ? "sent through screen" : "copied", what);
    } else {
        ui_say(ui, "%s", err.text);
    }
    buffer_free(&sequence);
}

void copy_print(struct ui *ui)
{
    if (ui->copied.len)
        fwrite(ui->copied.data, 1, ui->copied.len, stdout);
    fflush(stdout);
    buffer_free(&ui->copied);
    buffer_free(&ui->offered);
}

void copy_offer(struct ui *ui, struct slice text)
{
    ui->offered.len = 0;
    buffer_add(&ui->offered, text.data, text.len);
    ui->offered_now = true;
}

void copy_withdraw(struct ui *ui)
{
    if (!ui->offered_now)
        ui->offered.len = 0;
    ui->offered_now = false;
}

void copy_cell(struct ui *ui)
{
    struct buffer text = {0};
    if (ui->offered.len) {
        copy(ui, (struct slice){ui->offered.data, ui->offered.len}, ui->offered.data);
        return;
    }
    if (!ui->view.count)
        return;
    table_cell(&text, ui, ui->view.rows[ui->view.cursor], columns_focused(ui));
    copy(ui, (struct slice){text.data, text.len}, text.len ? text.data : "an empty cell");
    buffer_free(&text);
}

/* ---- what else there is to copy ------------------------------------------------------ */

/* Append the cells of the columns shown, separated by tabs. */
static void copy_row(struct buffer *out, const struct ui *ui, uint32_t row)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    struct buffer cell = {0};
    size_t n = columns_shown(ui, columns);
    for (size_t i = 0; i < n; i++) {
        table_cell(&cell, ui, row, columns[i].id);
        buffer_puts(out, i ? "\t" : "");
        buffer_add(out, cell.data, cell.len);
    }
    buffer_free(&cell);
}

/* Returns the user of ROW of the view, which in the key view is a credential. */
static size_t user_of(const struct ui *ui, uint32_t row)
{
    return ui->view.keys ? credential_row(row) : row;
}

static void copy_user(struct buffer *out, const struct ui *ui, uint32_t row)
{
    text_harmless(out, report_raw(ui->report, user_of(ui, row), COL_USER), false);
}

static void put_arn(struct buffer *out, const struct ui *ui, uint32_t row)
{
    text_harmless(out, report_raw(ui->report, user_of(ui, row), COL_ARN), false);
}

/* Append one item of a Markdown list, such as "- MFA: no". */
static void put_ticket_fact(struct buffer *out, const char *name, const struct buffer *text)
{
    buffer_put_all(out, "- ", name);
    markdown_text(out, (struct slice){text->data, text->len}, false);
    buffer_putc(out, '\n');
}

static void put_ticket_cell(struct buffer *out, const struct report *r, size_t user, const char *name,
    enum column column)
{
    struct buffer text = {0};
    cell_for_people(&text, r, user, column, false);
    put_ticket_fact(out, name, &text);
    buffer_free(&text);
}

static void put_ticket_facts(struct buffer *out, const struct report *r, size_t user)
{
    struct buffer b = {0};
    char stamp[32];
    if (report_value(r, user, COL_ACCOUNT_NAME).state == STATE_VALUE)
        put_ticket_cell(out, r, user, "Account: ", COL_ACCOUNT_NAME);
    put_ticket_cell(out, r, user, "ARN: ", COL_ARN);
    buffer_printf(&b, "%s:%zu", r->files[report_file_of(r, user)].name, report_line_of(r, user));
    put_ticket_fact(out, "In the report ", &b);
    buffer_printf(out, "- As of %s\n", timestamp_format(stamp, sizeof stamp, r->as_of));
    put_ticket_cell(out, r, user, "MFA: ", COL_MFA_ACTIVE);
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        if (!credential_exists(r, user, c))
            continue;
        b.len = 0;
        finding_describe(&b, r, user, c);
        put_ticket_fact(out, "", &b);
    }
    buffer_free(&b);
}

/* Append the findings LIST of USER, then the checks that cannot judge the user, and why. */
static void put_ticket_findings(struct buffer *out, const struct ui *ui, uint32_t user, const struct finding *list,
    size_t count)
{
    struct buffer b = {0};
    struct unjudged u;
    unjudged_count(&u, ui->report, &user, 1);
    buffer_puts(out, count || unjudged_checks(&u) ? "\nFindings:\n\n" : "\nNo findings.\n");
    for (size_t i = 0; i < count; i++) {
        b.len = 0;
        finding_title(&b, ui, &list[i]);
        buffer_puts(&b, ": ");
        finding_evidence(&b, ui->report, &list[i]);
        if (list[i].waiver)
            buffer_printf(&b, "; waived because: %s", list[i].waiver->reason);
        buffer_printf(out, "- **%s** ", severity_name(list[i].severity));
        markdown_text(out, (struct slice){b.data, b.len}, false);
        buffer_putc(out, '\n');
    }
    if (unjudged_checks(&u)) {
        b.len = 0;
        for (size_t i = 0; i < unjudged_checks(&u); i++)
            buffer_printf(&b, "%s%s", i ? ", " : "", check_at(unjudged_check(&u, i))->id);
        buffer_puts(&b, ": ");
        unjudged_reasons(&b, &u);
        buffer_puts(out, "- **unknown** ");
        markdown_text(out, (struct slice){b.data, b.len}, false);
        buffer_putc(out, '\n');
    }
    buffer_free(&b);
}

/* Append a user as Markdown, for a ticket: credentials, findings with evidence, what to do first. */
static void put_ticket(struct buffer *out, const struct ui *ui, uint32_t row)
{
    const struct report *r = ui->report;
    size_t user = user_of(ui, row);
    struct finding list[CHECKS_MAX];
    struct buffer next = {0};
    size_t n = r->audit ? finding_list(r, user, list) : 0;
    buffer_puts(out, "## ");
    markdown_text(out, report_raw(r, user, COL_USER), false);
    buffer_puts(out, "\n\n");
    put_ticket_facts(out, r, user);
    if (r->changes && r->changes->entries[user].new_row == CHANGE_NO_ROW) {
        buffer_puts(out, "\nThe user is not in the newer report.\n");
        return;
    }
    put_ticket_findings(out, ui, (uint32_t)user, list, n);
    if (n)
        remedy_next(&next, r, user);
    if (next.len) {
        buffer_puts(out, "\nNext: ");
        markdown_text(out, (struct slice){next.data, next.len}, false);
        buffer_putc(out, '\n');
    }
    buffer_free(&next);
}

/*
 * MANY: PUT is called for each marked row (each row shown if none is marked), otherwise for the cursor's row. WHAT is
 * then the word for one of them.
 */
static const struct {
    bool many;
    bool has_findings; /* it may tell what the checks found */
    const char *what;
    void (*put)(struct buffer *out, const struct ui *ui, uint32_t row);
} things[] = {
    {false, true, "the row", copy_row}, {false, false, "the ARN", put_arn},
    {false, false, "the user's name", copy_user},
    {false, true, "the user as Markdown, for a ticket", put_ticket},
    {true, true, "row", copy_row}, {true, false, "ARN", put_arn},
};
enum { AT_ONCE = 1 << 8 }; /* rows between two checks for cancellation */
enum { THINGS = sizeof things / sizeof things[0] };
static const char letters[] = "rausmA"; /* for each of THINGS, one of menu_letters */
_Static_assert(sizeof letters == THINGS + 1, "each of THINGS has a letter");

static size_t things_count(const struct ui *ui)
{
    return ui->view.count ? THINGS : 0;
}

static void things_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    char number[32];
    const struct view *v = &ui->view;
    if (!things[index].many)
        buffer_puts(&item->left, things[index].what);
    else
        buffer_printf(&item->left, "%ss of all %s %s", things[index].what,
            text_count(number, sizeof number, v->mark_count ? v->mark_count : v->count),
            v->mark_count ? "marked" : "shown");
}

static void things_act(struct ui *ui, size_t index, enum action action)
{
    struct buffer text = {0};
    const struct view *v = &ui->view;
    char what[96], number[32], bytes[32];
    size_t rows = 0;
    struct error err;
    (void)action;
    menu_close(ui);
    if (things[index].has_findings && !judged_all(ui, &err)) {
        ui_say(ui, "%s", err.text);
        return;
    }
    for (size_t i = things[index].many ? 0 : v->cursor; i < v->count; i++) {
        if (i % AT_ONCE == 0 && cancel_check(v->cancel))
            break;
        if (things[index].many && v->mark_count && !view_is_marked(v, view_user(v, i)))
            continue;
        buffer_puts(&text, rows++ ? "\n" : "");
        things[index].put(&text, ui, v->rows[i]);
        if (!things[index].many)
            break;
    }
    if (view_was_cancelled(v)) {
        buffer_free(&text);
        return;
    }
    if (!rows) {
        ui_say(ui, "none of the marked users is shown");
        return;
    }
    if (things[index].many)
        snprintf(what, sizeof what, "%s %s%s, %s bytes", text_count(number, sizeof number, rows), things[index].what,
            rows == 1 ? "" : "s", text_count(bytes, sizeof bytes, text.len));
    else
        snprintf(what, sizeof what, "%s", things[index].what);
    copy(ui, (struct slice){text.data, text.len}, what);
    buffer_free(&text);
}

static const struct menu_kind menu_copy = {"Copy", "no user is shown", {ACTION_OPEN, ACTION_NONE}, letters, MENU_TEXTS,
    things_count, things_item, things_act, {"copy"}};

/* If rows are marked, the list's cursor starts on the first entry that copies them. */
void copy_more(struct ui *ui)
{
    menu_open(ui, &menu_copy, NULL);
    if (ui->view.mark_count)
        ui->menu.cursor = 4;
}
