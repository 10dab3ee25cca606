/* Waiving a finding of the marked users or the one under the cursor, in one form; extending and withdrawing waivers. */
#include "ui/waive.h"

#include "base/timestamp.h"
#include "config/config.h"
#include "config/options.h"
#include "report/change.h"
#include "ui/form.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/severity.h"
#include "ui/waive_file.h"

#include <stdio.h>
#include <stdlib.h>

enum { USUAL_DAYS = 90 };
enum { AT_ONCE = 1 << 12 }; /* users handled between two checks for cancellation */

enum waive_field { FIELD_UNTIL, FIELD_OWNER, FIELD_REASON, FIELD_FILE };

enum deed { DEED_WAIVE, DEED_EXTEND, DEED_WITHDRAW, DEED_OWN, DEED_LEAVE };

/* State of the dialogue from the list of findings to the form: which finding of which users, and what waives it now. */
struct waiving {
    uint32_t *rows;               /* owned: the rows of the users asked about */
    size_t row_count;
    size_t checks[CHECKS_MAX];    /* the checks in the list, in its order */
    size_t failing[CHECKS_MAX];   /* by check: number of these users for whom it counts */
    size_t waived[CHECKS_MAX];    /* by check: number of these users for whom it is waived */
    size_t count;
    size_t check;                 /* the check chosen in the list */
    const struct waiver **lines;  /* owned: the waivers in force for these users, each once, by address */
    size_t line_count, others;    /* OTHERS: other users waived by these lines */
    const struct waiver *wide;    /* one of LINES that is a pattern or a query; NULL if none */
    enum deed deeds[DEED_LEAVE + 1], deed; /* the choices offered, and the one made */
    size_t deed_count;
};

void waiving_free(struct ui *ui)
{
    if (!ui->waiving)
        return;
    free(ui->waiving->rows);
    free(ui->waiving->lines);
    free(ui->waiving);
    ui->waiving = NULL;
}

/* ---- texts ---------------------------------------------------------------------- */

/* Append such as "1 user" or "1,234 users". */
static void put_user_count(struct buffer *b, size_t count, const char *what)
{
    char number[32];
    buffer_printf(b, "%s %s%s", text_count(number, sizeof number, count), what, count == 1 ? "" : "s");
}

/* Append the user's name or, for several, COUNT users. */
static void put_whom(struct buffer *b, const struct ui *ui, size_t count)
{
    const struct waiving *w = ui->waiving;
    if (w->row_count > 1) {
        put_user_count(b, count, "user");
        return;
    }
    struct slice name = report_raw(ui->report, w->rows[0], COL_USER);
    buffer_add(b, name.data, name.len);
}

/* Append such as "until 2026-09-01 by ops: on order". */
static void put_waiver(struct buffer *b, const struct waiver *v)
{
    char until[32];
    timestamp_format(until, sizeof until, v->until);
    buffer_printf(b, "until %.10s by %s: %s", until, v->owner, v->reason);
}

/* Returns the waivers of the file that contains V. */
static const struct waivers *file_of_line(const struct ui *ui, const struct waiver *v)
{
    const struct waivers *w = &ui->audit->waivers;
    while (w->more && (v < w->list || v >= w->list + w->count))
        w = w->more;
    return w;
}

/* ---- which finding ------------------------------------------------------------- */

/*
 * The order of the list: findings that count for somebody first, then those waived for all; within each, the most
 * severe first.
 */
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

/* Count the users of each check and fill the list. Returns false if cancelled. */
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
    return ui->waiving->count;
}

static void waive_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    const struct waiving *w = ui->waiving;
    size_t check = w->checks[index];
    struct finding f = {.row = w->rows[0], .check = (uint8_t)check};
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

static void choose_finding(struct ui *ui, size_t check);

static void waive_act(struct ui *ui, size_t index, enum action action)
{
    (void)action;
    choose_finding(ui, ui->waiving->checks[index]);
}

static const struct menu_kind menu_waive = {"Waive which finding?", "this user has no findings",
    {ACTION_OPEN, ACTION_NONE}, NULL, MENU_TEXTS, waive_count, waive_item, waive_act, {NULL}};
static const struct menu_kind menu_waive_marked = {"Waive which finding of the marked users?",
    "the marked users have no findings",
    {ACTION_OPEN, ACTION_NONE}, NULL, MENU_NUMBERS, waive_count, waive_item, waive_act, {NULL}};

void waiving_open(struct ui *ui)
{
    waiving_free(ui);
    struct waiving *w = ui->waiving = xcalloc(1, sizeof *ui->waiving);
    w->rows = view_chosen(&ui->view, &w->row_count);
    if (ui->report->changes)
        w->row_count = change_keep_users(ui->report->changes, w->rows, w->row_count);
    if (!count_waivers(w, ui->report, ui->view.cancel)) {
        waiving_free(ui);
        return;
    }
    menu_open(ui, ui->view.mark_count ? &menu_waive_marked : &menu_waive, NULL);
}

/* ---- the waivers of the finding ----------------------------------------------------- */

static int compare_lines(const void *a, const void *b)
{
    const struct waiver *const *x = a, *const *y = b;
    return (*x > *y) - (*x < *y);
}

static bool is_line(const struct waiving *w, const struct waiver *v)
{
    return v && w->line_count && bsearch(&v, w->lines, w->line_count, sizeof(void *), compare_lines);
}

/*
 * Find the waivers of the chosen finding for these users, and count the other users they cover. Returns false if
 * cancelled.
 */
static bool find_lines(struct ui *ui)
{
    struct waiving *w = ui->waiving;
    const struct waivers *all = &ui->audit->waivers;
    size_t n = 0, users = 0;
    free(w->lines);
    w->lines = xcalloc(w->waived[w->check] + 1, sizeof(void *));
    w->line_count = w->others = 0;
    w->wide = NULL;
    for (size_t i = 0; i < w->row_count && n < w->waived[w->check]; i++) {
        if (i % AT_ONCE == 0 && cancel_check(ui->view.cancel))
            return false;
        const struct waiver *v = audit_waived(ui->report, w->rows[i]) >> w->check & 1
            ? waivers_find(all, ui->report, w->rows[i], w->check) : NULL;
        if (v)
            w->lines[n++] = v;
    }
    users = n;
    qsort(w->lines, n, sizeof(void *), compare_lines);
    for (size_t i = 0; i < n; i++) {
        if (w->line_count && w->lines[w->line_count - 1] == w->lines[i])
            continue;
        w->lines[w->line_count++] = w->lines[i];
        if (w->lines[w->line_count - 1]->is_wide)
            w->wide = w->lines[w->line_count - 1];
    }
    size_t covered = 0;
    for (size_t row = 0; row < ui->report->row_count; row++) {
        if (row % AT_ONCE == 0 && cancel_check(ui->view.cancel))
            return false;
        covered += audit_waived(ui->report, row) >> w->check & 1
            && is_line(w, waivers_find(all, ui->report, row, w->check));
    }
    w->others = covered > users ? covered - users : 0;
    return true;
}

/* ---- extend, withdraw or waive ----------------------------------------------- */

static void open_form(struct ui *ui);
static void withdraw(struct ui *ui);

static void do_deed(struct ui *ui, enum deed deed)
{
    menu_close(ui);
    ui->waiving->deed = deed;
    if (deed == DEED_WITHDRAW)
        withdraw(ui);
    else if (deed == DEED_LEAVE)
        ui_say(ui, "nothing changed");
    else
        open_form(ui);
}

static size_t deed_count(const struct ui *ui)
{
    return ui->waiving->deed_count + (ui->waiving->line_count > 0);
}

/* Append the text of the waivers, as a heading above the choices. */
static void put_lines(struct buffer *b, const struct ui *ui)
{
    const struct waiving *w = ui->waiving;
    const struct waiver *v = w->wide ? w->wide : w->lines[0];
    if (w->wide)
        buffer_printf(b, "%.*s  ", (int)v->user.len, v->user.data);
    put_waiver(b, v);
    if (w->line_count > 1)
        buffer_printf(b, "  +%zu more", w->line_count - 1);
}

static void deed_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    const struct waiving *w = ui->waiving;
    if (w->line_count && !index) {
        item->is_heading = true;
        put_lines(&item->left, ui);
        return;
    }
    switch (w->deeds[index - (w->line_count > 0)]) {
    case DEED_WAIVE:
        buffer_puts(&item->left, "waive it for the ");
        put_user_count(&item->left, w->failing[w->check], "user");
        buffer_puts(&item->left, " for whom it counts");
        break;
    case DEED_EXTEND:
        buffer_puts(&item->left, "extend: it holds until another date");
        break;
    case DEED_WITHDRAW:
        buffer_puts(&item->left, "withdraw: the finding counts again");
        break;
    case DEED_OWN:
        buffer_puts(&item->left, "a waiver of its own for ");
        put_whom(&item->left, ui, w->row_count);
        break;
    default: buffer_puts(&item->left, "leave it as it is"); break;
    }
}

/* Items of the list that asks again, because the waivers also cover other users. */
static void sure_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    const struct waiving *w = ui->waiving;
    deed_item(ui, index, item);
    enum deed deed = index ? w->deeds[index - 1] : DEED_LEAVE;
    if (deed != DEED_EXTEND && deed != DEED_WITHDRAW)
        return;
    item->left.len = 0;
    buffer_printf(&item->left, "%s it for all of them: ", deed == DEED_EXTEND ? "extend" : "withdraw");
    put_whom(&item->left, ui, w->waived[w->check]);
    buffer_puts(&item->left, " and ");
    put_user_count(&item->left, w->others, "other");
}

static void sure_act(struct ui *ui, size_t index, enum action action)
{
    (void)action;
    if (index)
        do_deed(ui, ui->waiving->deeds[index - 1]);
}

static const struct menu_kind menu_sure = {"This waiver is not for these users alone", "",
    {ACTION_OPEN, ACTION_NONE}, NULL, MENU_TEXTS, deed_count, sure_item, sure_act, {NULL}};

static void deed_act(struct ui *ui, size_t index, enum action action)
{
    struct waiving *w = ui->waiving;
    (void)action;
    if (w->line_count && !index)
        return;
    enum deed deed = w->deeds[index - (w->line_count > 0)];
    bool asks = (w->wide || w->others) && (deed == DEED_EXTEND || deed == DEED_WITHDRAW);
    if (!asks) {
        do_deed(ui, deed);
        return;
    }
    w->deed_count = 0;
    w->deeds[w->deed_count++] = DEED_LEAVE;
    w->deeds[w->deed_count++] = deed;
    if (deed == DEED_EXTEND)
        w->deeds[w->deed_count++] = DEED_OWN;
    menu_open(ui, &menu_sure, NULL);
}

static const struct menu_kind menu_deeds = {"This finding is waived", "", {ACTION_OPEN, ACTION_NONE}, NULL, MENU_TEXTS,
    deed_count, deed_item, deed_act, {NULL}};

static void choose_finding(struct ui *ui, size_t check)
{
    struct waiving *w = ui->waiving;
    menu_close(ui);
    w->check = check;
    w->deed_count = 0;
    if (!w->waived[check]) {
        do_deed(ui, DEED_WAIVE);
        return;
    }
    if (!find_lines(ui))
        return;
    if (w->failing[check])
        w->deeds[w->deed_count++] = DEED_WAIVE;
    if (w->line_count) {
        w->deeds[w->deed_count++] = DEED_EXTEND;
        w->deeds[w->deed_count++] = DEED_WITHDRAW;
    }
    menu_open(ui, &menu_deeds, NULL);
}

/* ---- withdrawing and extending ---------------------------------------------------------- */

static void begin_step(struct ui *ui, const char *what)
{
    const struct waiving *w = ui->waiving;
    struct buffer b = {0};
    buffer_printf(&b, "%s of %s for ", what, check_at(w->check)->id);
    put_whom(&b, ui, w->deed == DEED_WAIVE ? w->failing[w->check] : w->waived[w->check]);
    waive_file_begin(ui, b.data);
    buffer_free(&b);
}

/*
 * Apply LIKE to the waivers found, in each file that contains some. Returns false if a file could not be changed; ERR
 * says why, and *CHANGED counts the lines of the files changed before.
 */
static bool change_files(struct ui *ui, const struct waivers_change *like, size_t *changed, struct error *err)
{
    struct waiving *w = ui->waiving;
    struct waivers_change c = *like;
    const struct waiver **mine = xcalloc(w->line_count + 1, sizeof(void *));
    const struct waivers *next;
    bool ok = true;
    c.lines = mine;
    c.other_names = ui->audit->settings.other_names;
    *changed = 0;
    for (const struct waivers *file = &ui->audit->waivers; ok && file; file = next) {
        size_t n;
        next = file->more; /* before the change: it replaces the waivers of FILE, but not their struct */
        c.of = file;
        c.count = 0;
        for (size_t i = 0; i < w->line_count; i++) {
            if (file->count && w->lines[i] >= file->list && w->lines[i] < file->list + file->count)
                mine[c.count++] = w->lines[i];
        }
        ok = !c.count || waive_file_change(ui, &c, &n, err);
        *changed += ok && c.count ? n : 0;
    }
    free(mine);
    return ok;
}

/* Returns for how many of the users the finding is waived now. */
static size_t count_waived(const struct ui *ui)
{
    const struct waiving *w = ui->waiving;
    size_t n = 0;
    for (size_t i = 0; i < w->row_count; i++)
        n += audit_waived(ui->report, w->rows[i]) >> w->check & 1;
    return n;
}

/* Say what still waives the finding after a line was withdrawn. */
static void tell_what_is_left(struct ui *ui, size_t left, const char *path)
{
    const struct waiving *w = ui->waiving;
    struct buffer b = {0};
    const struct waivers *all = &ui->audit->waivers;
    const struct waiver *v = w->row_count == 1 ? waivers_find(all, ui->report, w->rows[0], w->check) : NULL;
    buffer_printf(&b, "withdrawn from %s, but it is still waived ", path);
    if (v) {
        put_waiver(&b, v);
    } else {
        buffer_puts(&b, "for ");
        put_user_count(&b, left, "user");
        buffer_puts(&b, " by other lines");
    }
    ui_say(ui, "%s", b.data);
    buffer_free(&b);
}

static void withdraw(struct ui *ui)
{
    struct waiving *w = ui->waiving;
    struct waivers_change c = {.withdraw = true};
    struct error err;
    size_t changed;
    char *path = xstrdup(file_of_line(ui, w->lines[0])->file), number[32]; /* the change frees the original */
    begin_step(ui, "withdrawal");
    bool ok = change_files(ui, &c, &changed, &err);
    size_t left = ok ? count_waived(ui) : 0;
    if (!ok && changed)
        ui_say(ui, "not all were withdrawn: %s", err.text);
    else if (!ok && !view_was_cancelled(&ui->view))
        ui_say(ui, "%s", err.text);
    else if (!ok)
        ui_say(ui, "nothing was withdrawn");
    else if (!changed)
        ui_say(ui, "it was withdrawn in %s already", path);
    else if (left)
        tell_what_is_left(ui, left, path);
    else if (changed == 1)
        ui_say(ui, "withdrawn from %s: the finding counts again", path);
    else
        ui_say(ui, "%s lines withdrawn: the finding counts again", text_count(number, sizeof number, changed));
    free(path);
    waiving_free(ui);
}

/* ---- the form ------------------------------------------------------------------------ */

/* Parse a date (2026-12-31) or a time from the report's as-of date on (6mo), of at least a day. */
static bool read_until(const struct ui *ui, struct slice text, int64_t *until)
{
    int64_t seconds;
    text = slice_trimmed(text);
    if (text.len == 10 && timestamp_parse(text, until))
        return true;
    if (!duration_parse(text, &seconds) || seconds < TIMESTAMP_DAY || seconds > CHECK_DAYS_MAX * TIMESTAMP_DAY)
        return false;
    *until = (ui->report->as_of + seconds) / TIMESTAMP_DAY * TIMESTAMP_DAY;
    return true;
}

static bool check_until(const struct ui *ui, struct slice text, struct error *err)
{
    int64_t until;
    if (!read_until(ui, text, &until))
        return error_set(err, "expected a date, such as 2026-12-31, or 6mo");
    return until > ui->report->as_of || error_set(err, "that day is past");
}

static bool waive_check(const struct ui *ui, size_t field, struct slice text, struct error *err)
{
    bool may_lack = ui->waiving->deed == DEED_EXTEND && ui->waiving->line_count > 1;
    struct slice trimmed = slice_trimmed(text);
    if (!text_is_harmless(text))
        return error_set(err, "expected visible characters only");
    switch ((enum waive_field)field) {
    case FIELD_UNTIL: return check_until(ui, trimmed, err);
    case FIELD_OWNER:
        if (!trimmed.len)
            return may_lack || error_set(err, "an owner is needed");
        return !memchr(trimmed.data, ' ', trimmed.len)
            || error_set(err, "expected one word, such as a login or an e-mail address");
    case FIELD_REASON: return trimmed.len || may_lack || error_set(err, "a reason is needed");
    default: return text.len || error_set(err, "the name of a file is needed");
    }
}

/* Returns the trimmed text of a field, owned by the caller, or NULL if it is empty. */
static char *answer(const struct ui *ui, enum waive_field field)
{
    struct slice text = slice_trimmed(form_text(ui, field));
    return text.len ? slice_copy(text) : NULL;
}

static int64_t until_of(const struct ui *ui)
{
    int64_t until = 0;
    read_until(ui, form_text(ui, FIELD_UNTIL), &until);
    return until;
}

/*
 * Put into USERS the ARN, else the name, of each user for whom the finding counts (or is waived, for DEED_OWN). Returns
 * their number.
 */
static size_t choose_users(const struct ui *ui, struct slice *users)
{
    enum { AHEAD = 16 };
    const struct waiving *w = ui->waiving;
    const struct report *r = ui->report;
    size_t n = 0;
    for (size_t i = 0; i < w->row_count && (i % AT_ONCE || !cancel_check(ui->view.cancel)); i++) {
        uint32_t row = w->rows[i];
        if (i + AHEAD < w->row_count)
            report_prefetch(r, w->rows[i + AHEAD]);
        uint64_t which = w->deed == DEED_OWN ? audit_waived(r, row) : audit_counted(r, row);
        if (!(which >> w->check & 1))
            continue;
        struct slice arn = report_raw(r, row, COL_ARN);
        users[n++] = arn.len ? arn : report_raw(r, row, COL_USER);
    }
    return n;
}

/* Returns whether the command line or the configuration names this file of waivers. */
static bool is_loaded_at_start(const struct ui *ui, const char *path)
{
    for (size_t i = 0; i < ui->options->waiver_count; i++) {
        if (strcmp(ui->options->waivers[i], path) == 0)
            return true;
    }
    return false;
}

static void tell_waived(struct ui *ui, size_t users, const char *path)
{
    struct buffer b = {0};
    buffer_puts(&b, "Waived");
    if (users > 1) {
        buffer_puts(&b, " for ");
        put_user_count(&b, users, "user");
    }
    /* the path only once, so that the message line has room for it and the option */
    buffer_printf(&b, ". Saved%s %s", is_loaded_at_start(ui, path) ? " in" : "; next time start with --waivers", path);
    ui_say(ui, "%s", b.data);
    buffer_free(&b);
}

/* Report ERR and return false, which keeps the form open with all its text. */
static bool tell_not_written(struct ui *ui, const struct error *err)
{
    if (view_was_cancelled(&ui->view)) {
        ui_say(ui, "cancelled; nothing changed");
        return false;
    }
    form_fault(ui, FIELD_FILE, err->text);
    ui_say(ui, "%s", err->text); /* the space beside the field may be too short for it */
    return false;
}

static bool write_new(struct ui *ui, char *owner, char *reason, struct error *err)
{
    struct waiving *w = ui->waiving;
    char *path = config_file_name(slice_trimmed(form_text(ui, FIELD_FILE)));
    struct slice *users = xcalloc(w->row_count, sizeof *users);
    struct waivers_new new = {{.check = w->check, .until = until_of(ui), .owner = owner, .reason = reason}, users,
        choose_users(ui, users), ui->audit->settings.other_names};
    begin_step(ui, "waiver");
    bool ok = (new.count || error_set(err, "no user has this finding any more; nothing was waived"))
        && waive_file_add(ui, path, &new, err);
    if (ok)
        tell_waived(ui, new.count, path);
    free(users);
    free(path);
    return ok;
}

/* Also returns true if only some files were changed: the form's lines are out of date then, so it must close. */
static bool write_extended(struct ui *ui, const char *owner, const char *reason, struct error *err)
{
    struct waivers_change c = {.until = until_of(ui), .owner = owner, .reason = reason};
    size_t changed;
    char *path = xstrdup(file_of_line(ui, ui->waiving->lines[0])->file), until[32], number[32];
    begin_step(ui, "extension");
    bool ok = change_files(ui, &c, &changed, err);
    timestamp_format(until, sizeof until, c.until);
    if (ok && changed == 1)
        ui_say(ui, "extended until %.10s in %s", until, path);
    else if (ok)
        ui_say(ui, "%s lines extended until %.10s", text_count(number, sizeof number, changed), until);
    else if (changed)
        ui_say(ui, "not all were extended: %s", err->text);
    free(path);
    return ok || changed;
}

static bool waive_accept(struct ui *ui)
{
    struct error err = {.text = ""};
    char *owner = answer(ui, FIELD_OWNER), *reason = answer(ui, FIELD_REASON);
    bool ok = ui->waiving->deed == DEED_EXTEND ? write_extended(ui, owner, reason, &err)
        : write_new(ui, owner, reason, &err);
    free(owner);
    free(reason);
    if (!ok)
        return tell_not_written(ui, &err);
    waiving_free(ui);
    return true;
}

static const struct form_kind waive_form = {"waive", waive_check, waive_accept};
static const struct form_kind extend_form = {"extend", waive_check, waive_accept};

/* Returns the owner (or the reason) if it is the same in all lines, else "". */
static const char *common(const struct waiving *w, bool is_owner)
{
    const char *first = w->line_count ? is_owner ? w->lines[0]->owner : w->lines[0]->reason : "";
    for (size_t i = 1; i < w->line_count; i++) {
        if (strcmp(first, is_owner ? w->lines[i]->owner : w->lines[i]->reason) != 0)
            return "";
    }
    return first;
}

/* Returns the owner typed last, else the login name. */
static const char *usual_owner(const struct ui *ui)
{
    const struct line_history *h = &ui->histories[HISTORY_OWNER];
    const char *user = getenv("USER");
    return h->count ? h->lines[h->count - 1] : user ? user : "";
}

/*
 * Returns the proposed day: 90 days after the as-of date or, when extending, after the end of the waiver if that is
 * later.
 */
static int64_t usual_until(const struct ui *ui)
{
    const struct waiving *w = ui->waiving;
    int64_t from = ui->report->as_of;
    for (size_t i = 0; i < w->line_count && w->deed == DEED_EXTEND; i++)
        from = w->lines[i]->until > from ? w->lines[i]->until : from;
    return from + USUAL_DAYS * TIMESTAMP_DAY;
}

static void put_title(struct buffer *b, const struct ui *ui)
{
    const struct waiving *w = ui->waiving;
    size_t count = w->deed == DEED_WAIVE ? w->failing[w->check] : w->waived[w->check];
    buffer_puts(b, w->deed == DEED_EXTEND ? "Extend the waiver of \"" : "Waive \"");
    check_title(b, w->check, &ui->audit->settings);
    buffer_puts(b, "\" for ");
    put_whom(b, ui, count);
}

/* Append the file and line number of the first line, and how many more there are. */
static void put_line_place(struct buffer *b, const struct ui *ui)
{
    const struct waiving *w = ui->waiving;
    buffer_printf(b, "%s:%zu", file_of_line(ui, w->lines[0])->file, w->lines[0]->line);
    if (w->line_count > 1)
        buffer_printf(b, " and %zu more lines", w->line_count - 1);
}

static void open_form(struct ui *ui)
{
    const struct waiving *w = ui->waiving;
    bool extends = w->deed == DEED_EXTEND, is_new = w->deed == DEED_WAIVE;
    char until[32];
    struct buffer title = {0}, file = {0};
    put_title(&title, ui);
    if (extends)
        put_line_place(&file, ui);
    else
        buffer_puts(&file, ui->audit->waivers.file ? ui->audit->waivers.file : "waivers");
    timestamp_format(until, sizeof until, usual_until(ui));
    bool keeps = extends && w->line_count > 1;
    form_open(ui, extends ? &extend_form : &waive_form, title.data);
    form_add(ui, (struct form_field){"until", "a date, or 90d, 6mo; from that day on the finding counts again",
        &ui->histories[HISTORY_UNTIL], false}, (struct slice){until, 10});
    form_add(ui, (struct form_field){"owner", keeps ? "empty: each line keeps its own"
        : "who accepts this risk? a login or an e-mail address", &ui->histories[HISTORY_OWNER], false},
        slice_of(is_new ? usual_owner(ui) : common(w, true)));
    form_add(ui, (struct form_field){"reason", keeps ? "empty: each line keeps its own" : "for example a ticket number",
        &ui->histories[HISTORY_REASON], false}, slice_of(is_new ? "" : common(w, false)));
    form_add(ui, (struct form_field){"file", extends ? "" : "created if missing; --waivers reads it the next time",
        extends ? NULL : &ui->histories[HISTORY_FILE], extends}, (struct slice){file.data, file.len});
    buffer_free(&title);
    buffer_free(&file);
}
