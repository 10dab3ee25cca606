/* T: the list of checks with on or off, days, and how many users fail each. Changes take effect at once. */
#include "ui/thresholds.h"

#include "config/options.h"
#include "history/time_columns.h"
#include "ui/columns.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/prompt.h"
#include "ui/judged.h"
#include "ui/screen.h"
#include "ui/severity.h"
#include "ui/term/paint.h"
#include "ui/user_table.h"

#include <stdio.h>
#include <stdlib.h>

enum { NOT_COUNTED = -1 };

struct thresholds {
    struct check_settings saved;  /* settings of the configuration and command line */
    long counts[CHECKS_MAX];      /* by check: users who fail it, without waived ones */
    size_t rows;                  /* number of users counted */
    int64_t as_of;                /* the report's as-of time when counted */
    unsigned judged;              /* ui->judged when counted */
    long preview;                 /* users with the days being typed, or NOT_COUNTED */
};

static const struct menu_kind menu_thresholds;
static const struct prompt_kind days_prompt;

static struct thresholds *thresholds_of(struct ui *ui)
{
    if (!ui->thresholds) {
        ui->thresholds = xcalloc(1, sizeof *ui->thresholds);
        ui->thresholds->saved = ui->audit->settings;
    }
    return ui->thresholds;
}

void thresholds_free(struct ui *ui)
{
    free(ui->thresholds);
    ui->thresholds = NULL;
}

/* ---- the settings in force --------------------------------------------------------- */

static struct threshold_state state_of(const struct check_settings *s)
{
    struct threshold_state state = {.on = s->on, .partly = s->partly};
    memcpy(state.days, s->days, sizeof state.days);
    return state;
}

struct threshold_state thresholds_state(const struct ui *ui)
{
    return state_of(&ui->audit->settings);
}

static bool same_check(const struct threshold_state *a, const struct threshold_state *b, size_t check)
{
    uint64_t bit = UINT64_C(1) << check;
    return !((a->on ^ b->on) & bit) && !((a->partly ^ b->partly) & bit) && a->days[check] == b->days[check];
}

bool thresholds_same(const struct threshold_state *a, const struct threshold_state *b)
{
    return a->on == b->on && a->partly == b->partly && memcmp(a->days, b->days, sizeof a->days) == 0;
}

void thresholds_describe(struct buffer *b, const struct threshold_state *from, const struct threshold_state *to)
{
    size_t i = 0;
    while (i + 1 < check_count() && same_check(from, to, i))
        i++;
    const char *id = check_at(i)->id;
    if (from->days[i] != to->days[i])
        buffer_printf(b, "%s = %d days, was %d", id, to->days[i], from->days[i]);
    else
        buffer_printf(b, "%s switched %s", id, (to->on | to->partly) >> i & 1 ? "on" : "off");
}

/* Returns the checks whose settings differ from the saved ones, one bit per check. */
static uint64_t unsaved_checks(const struct ui *ui)
{
    if (!ui->thresholds)
        return 0;
    struct threshold_state now = thresholds_state(ui), saved = state_of(&ui->thresholds->saved);
    uint64_t bits = 0;
    for (size_t i = 0; i < check_count(); i++)
        bits |= same_check(&now, &saved, i) ? 0 : UINT64_C(1) << i;
    return bits;
}

bool thresholds_unsaved(const struct ui *ui)
{
    return unsaved_checks(ui) != 0;
}

/* Count the users per check, unless the counts are still valid; they are not once rows were added or judged again. */
static void count_failing(const struct ui *ui)
{
    struct thresholds *t = ui->thresholds;
    if (t->rows == ui->report->row_count && t->as_of == ui->report->as_of && t->judged == ui->judged)
        return;
    t->rows = ui->report->row_count;
    t->as_of = ui->report->as_of;
    t->judged = ui->judged;
    memset(t->counts, 0, sizeof t->counts);
    for (size_t row = 0; row < t->rows; row++) {
        for (uint64_t bits = audit_failed(ui->report, row) & ~audit_waived(ui->report, row); bits; bits &= bits - 1)
            t->counts[__builtin_ctzll(bits)]++;
    }
}

/* Judge all users by SETTINGS and update what is shown. Returns false, with nothing changed, if a key cancelled it. */
static bool judge_by(struct ui *ui, const struct check_settings *settings)
{
    struct report *reports[] = {ui->report, judged_newer(ui)};
    thresholds_of(ui); /* must store the saved settings before they change */
    if (!audit_change(ui->audit, settings, reports, reports[1] ? 2 : 1, ui->view.cancel))
        return false;
    judged_mark_stale(ui);
    if (!view_sort(&ui->view, &ui->view.sort)) {
        ui->view.is_unsorted = ui->view.has_grown = true; /* a key came first; sort after it */
        ui->view.cancel->has_ended = false; /* the change itself is complete */
    }
    return true;
}

bool thresholds_restore(struct ui *ui, const struct threshold_state *state)
{
    struct threshold_state now = thresholds_state(ui);
    struct check_settings s = ui->audit->settings;
    if (thresholds_same(&now, state))
        return true;
    s.on = state->on;
    s.partly = state->partly;
    memcpy(s.days, state->days, sizeof s.days);
    return judge_by(ui, &s);
}

/*
 * Switch CHECK on or off. A check that was on for some users only is switched off for all, and then on for those users
 * again.
 */
static void toggle(struct ui *ui, size_t check)
{
    struct check_settings s = ui->audit->settings;
    uint64_t bit = UINT64_C(1) << check;
    bool was_partly = !(thresholds_of(ui)->saved.on & bit) && thresholds_of(ui)->saved.partly & bit;
    if ((s.on | s.partly) & bit) {
        s.on &= ~bit;
        s.partly &= ~bit;
    } else if (was_partly) {
        s.partly |= bit;
    } else {
        s.on |= bit;
    }
    judge_by(ui, &s);
}

/* ---- a number of days ---------------------------------------------------------------- */

static size_t row_check(const struct ui *ui)
{
    return ui->menu.cursor ? ui->menu.cursor - 1 : 0;
}

/* Parse TEXT, such as 90, 90d or 12w, as days for CHECK. */
static bool parse_days(const struct ui *ui, size_t check, struct slice text, int *days)
{
    struct check_settings s = ui->audit->settings;
    struct buffer edit = {0};
    struct error ignored;
    text = slice_trimmed(text);
    buffer_printf(&edit, "%s=%.*s", check_at(check)->id, (int)text.len, text.data);
    bool ok = text.len && !memchr(text.data, ',', text.len)
        && check_settings_edit(&s, (struct slice){edit.data, edit.len}, &ignored);
    buffer_free(&edit);
    *days = s.days[check];
    return ok;
}

static void days_changed(struct ui *ui, struct slice text)
{
    struct thresholds *t = thresholds_of(ui);
    struct buffer *note = &ui->prompt.note;
    char number[32];
    int days;
    size_t users = SIZE_MAX;
    if (parse_days(ui, row_check(ui), text, &days))
        users = audit_count_with(ui->audit, ui->report, row_check(ui), days, ui->view.cancel);
    t->preview = users == SIZE_MAX ? NOT_COUNTED : (long)users;
    note->len = 0;
    buffer_printf(note, "%s user%s", users == SIZE_MAX ? "-" : text_count(number, sizeof number, users),
        users == 1 ? "" : "s");
}

static bool days_accept(struct ui *ui, struct slice text)
{
    struct check_settings s = ui->audit->settings;
    size_t check = row_check(ui);
    if (!parse_days(ui, check, text, &s.days[check])) {
        ui->prompt.is_faulty = true;
        return error_at(&ui->prompt.fault, 0, "expected a number of days up to %d", CHECK_DAYS_MAX);
    }
    return s.days[check] == ui->audit->settings.days[check] || judge_by(ui, &s);
}

static const struct prompt_kind days_prompt = {.label = "Days: ",
    .help = "a number of days; also 12w, 6mo   {accept} apply, {cancel} back", .history = HISTORY_DAYS,
    .changed = days_changed,
    .accept = days_accept};

/* Open a prompt for the days of the check under the cursor, with TEXT as its start, or say why it has none. */
static void ask_days(struct ui *ui, struct slice text)
{
    size_t check = row_check(ui);
    const struct check_settings *s = &ui->audit->settings;
    if (~s->on & s->partly & UINT64_C(1) << check)
        ui_say(ui, "%s is on for some users only: see its lines in the configuration",
            check_at(check)->id);
    else if (!check_meaning(check, s->benchmark).days) {
        struct buffer key = {0};
        ui_put_keys(ui, &key, MODE_MENU, "{choose}");
        ui_say(ui, "%s has no threshold; %s switches it on and off", check_at(check)->id, key.data);
        buffer_free(&key);
    } else
        prompt_open(ui, &days_prompt, text);
}

bool thresholds_take_digit(struct ui *ui, uint32_t key)
{
    if (ui->menu.kind != &menu_thresholds || key < '0' || key > '9')
        return false;
    char digit = (char)key;
    ask_days(ui, (struct slice){&digit, 1});
    ui->prompt.line.is_selected = false;
    return true;
}

/* ---- the list -------------------------------------------------------------------------- */

static size_t thresholds_count(const struct ui *ui)
{
    count_failing(ui);
    return check_count() + 1;
}

/* Append TEXT in WIDTH columns, cut with a mark if necessary, and a gap of two. */
static void put_column(struct buffer *out, const char *text, int width, bool right)
{
    struct slice all = slice_of(text);
    bool is_cut = text_fit(all, (size_t)width) < all.len;
    all.len = text_fit(all, (size_t)(is_cut ? width - 1 : width));
    int blanks = width - (int)text_width(all) - is_cut;
    for (int i = 0; right && i < blanks; i++)
        buffer_putc(out, ' ');
    buffer_add(out, all.data, all.len);
    if (is_cut)
        buffer_puts(out, paint_glyph(GLYPH_CUT));
    for (int i = right ? blanks : 0; i < blanks; i++)
        buffer_putc(out, ' ');
    buffer_puts(out, "  ");
}

static void trim_end(struct buffer *b)
{
    while (b->len && b->data[b->len - 1] == ' ')
        b->data[--b->len] = '\0';
}

/* Widths of the columns for the current screen; NUMBER is 0 if there is no room for it. */
struct threshold_widths {
    int id, days, users, number;
};

static struct threshold_widths fit_columns(const struct ui *ui)
{
    enum { ID_MIN = 8, BESIDE = 24, NUMBER_FROM = 70, NUMBER = 12 };
    struct threshold_widths w = {.days = 5, .users = (int)sizeof "USERS"};
    char count[32];
    int widest = ID_MIN, users = (int)strlen(text_count(count, sizeof count, ui->report->row_count));
    w.users = users > w.users ? users : w.users;
    int room = paint_columns() - BESIDE - w.users;
    struct buffer b = {0};
    for (size_t i = 0; i < check_count(); i++) {
        int width = (int)text_width(slice_of(check_at(i)->id));
        widest = width > widest ? width : widest;
        b.len = 0;
        check_number(&b, check_at(i), ui->audit->settings.benchmark);
        width = (int)text_width((struct slice){b.data, b.len});
        w.number = width > w.number ? width : w.number;
    }
    buffer_free(&b);
    w.id = widest > room ? room < ID_MIN ? ID_MIN : room : widest;
    if (paint_columns() < NUMBER_FROM)
        w.number = 0;
    else if (w.number && w.number < (int)sizeof "NUMBER" - 1)
        w.number = (int)sizeof "NUMBER" - 1;
    else if (w.number > NUMBER && paint_columns() < 2 * NUMBER_FROM)
        w.number = NUMBER;
    return w;
}

static void thresholds_heading(const struct ui *ui, struct menu_item *item)
{
    struct threshold_widths w = fit_columns(ui);
    item->is_heading = item->is_pinned = true;
    buffer_puts(&item->left, "  ON     ");
    put_column(&item->left, "CHECK", w.id, false);
    put_column(&item->left, "DAYS", w.days, true);
    put_column(&item->left, "USERS", w.users, true);
    if (w.number)
        put_column(&item->left, "NUMBER", w.number, false);
    trim_end(&item->left);
}

/* Write the days of CHECK into OUT or, with TYPED, the text of the prompt. */
static void put_typed_days(char *out, size_t size, const struct ui *ui, size_t check, bool typed)
{
    const struct buffer *text = &ui->prompt.line.text;
    const struct check_settings *s = &ui->audit->settings;
    if (typed)
        snprintf(out, size, "%.*s_", (int)(text->len < 16 ? text->len : 16), text->data ? text->data : "");
    else if (check_meaning(check, s->benchmark).days)
        snprintf(out, size, "%d", s->days[check]);
    else
        snprintf(out, size, "-");
}

static void thresholds_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    const struct thresholds *t = ui->thresholds;
    const struct check_settings *s = &ui->audit->settings;
    size_t check = index - 1;
    char days[32], users[32];
    if (!index) {
        thresholds_heading(ui, item);
        return;
    }
    bool typed = ui->prompt.kind == &days_prompt && index == ui->menu.cursor;
    long count = typed ? t->preview : t->counts[check];
    struct threshold_widths w = fit_columns(ui);
    put_typed_days(days, sizeof days, ui, check, typed);
    buffer_printf(&item->left, "%s ", unsaved_checks(ui) >> check & 1 ? paint_glyph(GLYPH_MARK) : " ");
    buffer_printf(&item->left, "[%s] %s ", s->on >> check & 1 ? "x" : s->partly >> check & 1 ? "~" : " ",
        glyph_of_severity(check_severity(check, s)));
    put_column(&item->left, check_at(check)->id, w.id, false);
    put_column(&item->left, days, w.days, true);
    bool is_unknown = ui->report->checks_not_made >> check & 1; /* no file has the data that the check needs */
    put_column(&item->left, is_unknown ? "?" : count == NOT_COUNTED ? "-"
        : text_count(users, sizeof users, (unsigned long long)count), w.users, true);
    if (w.number) {
        struct buffer b = {0};
        buffer_puts(&b, "");
        check_number(&b, check_at(check), s->benchmark);
        put_column(&item->left, b.data, w.number, false);
        buffer_free(&b);
    }
    check_title(&item->right, check, s);
    trim_end(&item->left);
    item->role = check_is_on(s, check) ? ROLE_TEXT : ROLE_MISSING;
}

static void save(struct ui *ui)
{
    const struct config *c = &ui->options->config;
    struct thresholds *t = thresholds_of(ui);
    uint64_t which = unsaved_checks(ui);
    struct error err;
    if (!which) {
        ui_say(ui, "nothing to save: no check was changed");
    } else if (config_remember_checks(c, &ui->audit->settings, which, &err)) {
        int n = __builtin_popcountll(which);
        t->saved = ui->audit->settings;
        ui_say(ui, "saved %d check%s in %s%s", n, n == 1 ? "" : "s", c->path,
            ui->options->check_list_count ? "; --checks and set checks still take precedence" : "");
    } else {
        ui_say(ui, "%s", err.text);
    }
}

static void thresholds_act(struct ui *ui, size_t index, enum action action)
{
    char days[32];
    size_t check = index - 1;
    if (action == ACTION_SAVE) {
        save(ui);
    } else if (!index) {
        return;
    } else if (action == ACTION_CHOOSE || !check_meaning(check, ui->audit->settings.benchmark).days) {
        toggle(ui, check);
    } else {
        snprintf(days, sizeof days, "%d", ui->audit->settings.days[check]);
        ask_days(ui, slice_of(days));
    }
}

static const struct menu_kind menu_thresholds = {
    "Checks: {choose} on/off, digits or {open} days, {save} saves, {undo} undo", "",
    {ACTION_CHOOSE, ACTION_OPEN, ACTION_SAVE, ACTION_UNDO, ACTION_REDO, ACTION_NONE}, NULL, MENU_TEXTS,
    thresholds_count, thresholds_item, thresholds_act, {NULL, "days"}};

bool thresholds_are_open(const struct ui *ui)
{
    return ui->menu.kind == &menu_thresholds;
}

/*
 * Returns the check for which the cursor's cell shows a finding, else the user's worst failed check with days, else
 * check_count().
 */
static size_t check_of_cell(const struct ui *ui)
{
    struct finding list[CHECKS_MAX];
    size_t row = view_selected(&ui->view), n = row == SIZE_MAX ? 0 : finding_list(ui->report, row, list);
    size_t best = check_count();
    int column = table_sort_column(ui, columns_focused(ui));
    for (size_t i = 0; i < n; i++) {
        if (!check_meaning(list[i].check, ui->audit->settings.benchmark).days)
            continue;
        if (column >= 0 && column < 64 && finding_cells(ui->report, &list[i]) >> column & 1)
            return list[i].check;
        best = best == check_count() ? list[i].check : best;
    }
    return best;
}

void thresholds_open(struct ui *ui)
{
    size_t check = check_of_cell(ui);
    thresholds_of(ui)->rows = SIZE_MAX; /* count again: another report may have the same number of users */
    menu_open(ui, &menu_thresholds, NULL);
    if (check < check_count())
        ui->menu.cursor = check + 1;
}
