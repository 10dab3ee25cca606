/* The lines around the table: the title, why the user under the cursor is listed, the status, and the keys. */
#include "ui/status.h"

#include "base/timestamp.h"
#include "history/diff.h"
#include "ui/change_strip.h"
#include "ui/columns.h"
#include "ui/message.h"
#include "ui/overview_screen.h"
#include "ui/reload_screen.h"
#include "ui/screen.h"
#include "ui/severity.h"
#include "ui/state.h"
#include "ui/term/paint.h"
#include "ui/watching.h"

#include <stdio.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

bool status_names_of_both(const struct changes *d, const char **old, const char **new)
{
    if (!d->old || !d->new || d->old->file_count != 1 || d->new->file_count != 1)
        return false;
    *old = base_name(d->old->files[0].name);
    *new = base_name(d->new->files[0].name);
    return strcmp(*old, *new) != 0;
}

static void add_sources(struct buffer *b, const struct ui *ui)
{
    const struct report *r = ui->report;
    const char *old, *new;
    if (r->changes && ui->log.is_open)
        buffer_puts(b, "ncred  log");
    else if (r->changes && status_names_of_both(r->changes, &old, &new))
        buffer_printf(b, "ncred  changes  %s -> %s", old, new);
    else if (r->changes)
        buffer_puts(b, "ncred  changes");
    else if (r->file_count == 1)
        buffer_printf(b, "ncred  %s", base_name(r->files[0].name));
    else
        buffer_printf(b, "ncred  %zu reports", r->file_count);
    struct value account = {.state = STATE_ABSENT};
    if (r->account_count == 1 && r->row_count)
        account = report_value(r, 0, COL_ACCOUNT);
    if (account.state == STATE_VALUE)
        buffer_printf(b, "  %.*s", (int)account.text.len, account.text.data);
    else if (r->account_count > 1)
        buffer_printf(b, "  %zu accounts", r->account_count);
    if (ui->audit->settings.benchmark != BENCHMARK_NCRED)
        buffer_printf(b, "  %s", benchmark_name(ui->audit->settings.benchmark));
}

static void add_chip(struct buffer *b, const struct view_filter *f)
{
    buffer_printf(b, "%s%s %s", f->inverted ? "not " : "", f->name ? f->name : f->text, paint_glyph(GLYPH_TIMES));
}

static int chip_width(const struct view_filter *f)
{
    struct buffer b = {0};
    add_chip(&b, f);
    int width = (int)text_width((struct slice){b.data, b.len});
    buffer_free(&b);
    return width;
}

enum { CHIP_GAP = 2, CHIP_COUNT = 4 };

/* Returns the index of the first filter that is drawn from column X on: as many of the last ones as fit. */
static size_t first_chip(const struct view *v, int x)
{
    int room = paint_columns() - 1 - x - CHIP_COUNT;
    size_t first = v->filter_count;
    while (first > 0 && (room -= chip_width(&v->filters[first - 1]) + CHIP_GAP) >= 0)
        first--;
    return first == v->filter_count && first ? first - 1 : first; /* the last one is drawn cut */
}

static void put_left_out(struct buffer *b, size_t filters)
{
    buffer_puts(b, "");
    if (filters)
        buffer_printf(b, "+%zu", filters);
}

/* Draw one chip at column X of the title. Returns the column where the next one begins. */
static int draw_chip(const struct ui *ui, int x, const struct buffer *text, enum role role)
{
    x += CHIP_GAP;
    return x + paint_text(ui->layout.title, x, paint_columns() - 1 - x, (struct slice){text->data, text->len}, role);
}

/* Draw the filters as chips from column X on, after the number of those left out. Returns the column after them. */
static int draw_chips(const struct ui *ui, int x)
{
    const struct view *v = &ui->view;
    size_t first = first_chip(v, x);
    struct buffer b = {0};
    put_left_out(&b, first);
    if (b.len)
        x = draw_chip(ui, x, &b, ROLE_HINT);
    for (size_t i = first; i < v->filter_count; i++) {
        b.len = 0;
        add_chip(&b, &v->filters[i]);
        x = draw_chip(ui, x, &b, ROLE_NOTE);
    }
    buffer_free(&b);
    return x;
}

void status_click(struct ui *ui, int x)
{
    struct view *v = &ui->view;
    int at = ui->layout.chips;
    struct buffer b = {0};
    size_t i = first_chip(v, at);
    put_left_out(&b, i);
    at += b.len ? (int)b.len + CHIP_GAP : 0;
    for (; i < v->filter_count && x >= at + CHIP_GAP; i++) {
        at += CHIP_GAP + chip_width(&v->filters[i]);
        if (x < at) {
            view_remove_filter(v, i);
            break;
        }
    }
    buffer_free(&b);
}

/* Draw NEWS, the note that files have changed, after column X. Returns the columns used. */
static int draw_news(const struct ui *ui, int x, struct slice news)
{
    enum { GAP = 2 };
    return news.len ? paint_text(ui->layout.title, x + GAP, paint_columns() - 1 - x - GAP, news, ROLE_MARK) + GAP : 0;
}

static void add_order(struct buffer *b, const struct ui *ui)
{
    const struct sort_order *s = &ui->view.sort;
    for (size_t i = 0; i < s->count; i++)
        buffer_printf(b, "%s%s %s", i ? ", " : "by ", view_column(&ui->view, (int)s->keys[i].column)->name,
            paint_glyph(s->keys[i].descending ? GLYPH_DESCENDING : GLYPH_ASCENDING));
}

static void draw_title(struct ui *ui)
{
    struct buffer left = {0}, right = {0};
    int width = paint_columns();
    add_sources(&left, ui);
    buffer_puts(&right, "");
    add_order(&right, ui);
    int order = (int)text_width((struct slice){right.data, right.len});
    /* the order comes last, because the table's header shows it as well */
    struct buffer news = {0};
    watching_tell(ui, &news);
    int chips = 0, most = width / 2; /* a long file name leaves this much for chips and news */
    for (size_t i = 0; i < ui->view.filter_count; i++)
        chips += chip_width(&ui->view.filters[i]) + 2;
    chips += news.len ? (int)text_width((struct slice){news.data, news.len}) : 0;
    chips = chips + 4 > most ? most : chips ? chips + 4 : 0;
    int used = paint_text(ui->layout.title, 1, width - 2 - chips, (struct slice){left.data, left.len}, ROLE_TITLE);
    used += draw_news(ui, 1 + used, (struct slice){news.data, news.len});
    ui->layout.chips = 1 + used;
    used = draw_chips(ui, ui->layout.chips) - 1;
    if (order && used + order + 4 <= width)
        paint_right(ui->layout.title, used + 3, width - used - 4, (struct slice){right.data, right.len}, ROLE_HINT);
    buffer_free(&left);
    buffer_free(&right);
    buffer_free(&news);
}

static void count_severities(struct ui *ui)
{
    struct severity_tally *t = &ui->tally;
    const struct view *v = &ui->view;
    if (t->is_counted && t->generation == v->generation)
        return;
    *t = (struct severity_tally){.generation = v->generation, .is_counted = true};
    for (size_t i = 0; i < v->count; i++)
        t->of[report_value(ui->report, v->rows[i], COL_SEVERITY).number]++;
}

/*
 * Append "1 critical  4 high  10 medium  6 low" or, if that exceeds ROOM, "!!1 !4 +10 .6" with the glyphs of the table;
 * nothing if that does not fit either.
 */
static void add_severities(struct buffer *b, struct ui *ui, int room)
{
    if (ui->view.keys || session_is_busy(ui->session) || ui->report->changes)
        return;
    count_severities(ui);
    for (int words = 1; words >= 0 && !b->len; words--) {
        for (int s = SEVERITY_CRITICAL; s > SEVERITY_NONE; s--) {
            char number[32];
            const char *glyph = glyph_of_severity((enum severity)s);
            if (!ui->tally.of[s])
                continue;
            text_count(number, sizeof number, ui->tally.of[s]);
            if (words)
                buffer_printf(b, "%s%s %s", b->len ? "  " : "", number, severity_name((enum severity)s));
            else
                buffer_printf(b, "%s%.*s%s", b->len ? " " : "", (int)strcspn(glyph, " "), glyph, number);
        }
        if ((int)b->len > room)
            b->len = 0;
    }
}

static void draw_status(struct ui *ui)
{
    char shown[32], all[32], stamp[32];
    struct buffer b = {0};
    buffer_printf(&b, "%s of %s", text_count(shown, sizeof shown, ui->view.count),
        text_count(all, sizeof all, ui->view.order_count));
    if (ui->view.keys)
        buffer_puts(&b, " credentials");
    if (session_is_busy(ui->session)) {
        buffer_puts(&b, "  ");
        session_progress(ui->session, &b);
        buffer_puts(&b, session_is_judging(ui->session) ? "" : " (C-c stops)");
    }
    if (reload_screen_is_on(ui)) {
        buffer_puts(&b, "  ");
        reload_screen_progress(ui, &b);
        buffer_puts(&b, " (C-c cancels)");
    }
    if (ui->view.mark_count)
        buffer_printf(&b, "  %s marked", text_count(shown, sizeof shown, ui->view.mark_count));
    timestamp_format(stamp, sizeof stamp, ui->report->as_of);
    buffer_printf(&b, "  as of %.10s %.5sZ (%s)", stamp, stamp + 11, ui->as_of_why);
    /* the log's own report has none; P lists those of the newest report */
    size_t problems = ui->log.is_open ? 0 : report_problem_count(ui->report) + ui->waiver_warnings;
    if (problems) {
        buffer_printf(&b, "  %s problem%s", text_count(shown, sizeof shown, problems), problems == 1 ? "" : "s");
        ui_put_keys(ui, &b, MODE_TABLE, " ({problems})");
    }
    const struct inputs *o = ui->reloads[0] ? &ui->reloads[0]->obtained : &ui->session->sides[0].inputs;
    if (o->failed)
        buffer_printf(&b, "  %zu report%s missing", o->failed, o->failed == 1 ? "" : "s");
    int used = paint_text(ui->layout.status, 1, paint_columns() - 1, (struct slice){b.data, b.len}, ROLE_STATUS);
    int room = paint_columns() - used - 4;
    b.len = 0;
    add_severities(&b, ui, room);
    const char *set = columns_set_name(ui);
    if ((int)(b.len + strlen(set)) + 3 <= room || !b.len)
        buffer_printf(&b, "%s%s", b.len ? "   " : "", set);
    if ((int)b.len <= room)
        paint_right(ui->layout.status, used + 3, room, (struct slice){b.data, b.len}, ROLE_HINT);
    buffer_free(&b);
}

static bool is_always_hinted(enum action a)
{
    return a == ACTION_HELP || a == ACTION_BACK || a == ACTION_LEAVE;
}

/*
 * Returns the hint for action A in MODE, a word or two, or NULL if it has none. Where q goes back instead of quitting,
 * its hint says so.
 */
static const char *hint_of(const struct ui *ui, enum mode mode, enum action a)
{
    const char *word = mode == MODE_MENU ? menu_word(ui, a) : NULL;
    if (word)
        return word;
    if ((a == ACTION_OPEN && mode != MODE_TABLE) || (a == ACTION_KEYS && ui->view.keys))
        return "users";
    bool goes_back = a == ACTION_LEAVE && (mode != MODE_TABLE || ui_is_over_users(ui));
    return goes_back ? actions[ACTION_BACK].hint : actions[a].hint;
}

static bool has_a_key(const struct ui *ui, enum mode mode, enum action a)
{
    struct buffer ignored = {0};
    bool has = keys_of(&ignored, &ui->options->config.keymap, a, mode, 1);
    buffer_free(&ignored);
    return has;
}

/*
 * Returns whether to hint at A: it can be done, has a hint, in a list is one of that list's actions, and for back there
 * is something to go back to.
 */
static bool is_offered(const struct ui *ui, enum mode mode, enum action a)
{
    bool can_go_back = mode != MODE_TABLE || ui_is_over_users(ui);
    if (a == ACTION_BACK && !can_go_back && !ui->view.filter_count)
        return false;
    if (a == ACTION_LEAVE && can_go_back && ui_can(ui, ACTION_BACK) && has_a_key(ui, mode, ACTION_BACK))
        return false; /* one of the two keys that go back is enough */
    if ((ui->view.keys && a == ACTION_COLUMNS_NEXT) || (mode == MODE_TREND && a == ACTION_TREND)
        || (mode == MODE_OVERVIEW && a == ACTION_OVERVIEW) || !ui_can(ui, a))
        return false;
    return (mode != MODE_MENU || is_always_hinted(a) || menu_word(ui, a)) && hint_of(ui, mode, a);
}

/*
 * Append "KEY hint" pairs in the order of the keymap, as many as fit in WIDTH columns; ALWAYS selects help and back, or
 * all others.
 */
static void add_hints(struct buffer *b, const struct ui *ui, bool always, int width)
{
    enum mode mode = ui_mode(ui);
    bool seen[ACTION_COUNT] = {false};
    const struct keymap *keymap = &ui->options->config.keymap;
    for (size_t i = 0; i < keymap->count; i++) {
        const struct binding *binding = &keymap->list[i];
        enum action a = binding->action;
        if (!(binding->modes & mode) || seen[a] || is_always_hinted(a) != always || !is_offered(ui, mode, a))
            continue;
        seen[a] = true;
        size_t start = b->len;
        buffer_printf(b, "%s%s %s", start ? "  " : "", binding->key,
            hint_of(ui, mode, a));
        if (text_width((struct slice){b->data, b->len}) > (size_t)width)
            b->len = start;
    }
}

static void draw_bottom(const struct ui *ui)
{
    struct buffer b = {0};
    int y = ui->layout.bottom;
    if (ui->message[0]) {
        message_fit(&b, ui->message, paint_columns() - 1);
        paint_text(y, 1, paint_columns() - 1, (struct slice){b.data, b.len}, ROLE_NOTE);
        buffer_free(&b);
        return;
    }
    if (ui->form)
        return; /* a form shows its keys in its frame */
    buffer_puts(&b, "");
    add_hints(&b, ui, true, paint_columns() - 2);
    int always = (int)text_width((struct slice){b.data, b.len});
    paint_right(y, 1, paint_columns() - 2, (struct slice){b.data, b.len}, ROLE_HINT);
    b.len = 0;
    add_hints(&b, ui, false, paint_columns() - always - 4);
    paint_text(y, 1, paint_columns() - 1, (struct slice){b.data, b.len}, ROLE_HINT);
    buffer_free(&b);
}

/* Keep only the findings caused by credential C. Returns their number. */
static size_t only_of(enum credential c, struct finding *list, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (list[i].at_fault >> c & 1)
            list[kept++] = list[i];
    }
    return kept;
}

/*
 * Append such as "CIS 1.4 root has an access key: key 1: active, 900 days old, used today"; NUMBER false omits the
 * check's number.
 */
static void add_reason(struct buffer *b, const struct ui *ui, size_t row, const struct finding *f, bool number)
{
    buffer_puts(b, b->len ? "; " : "");
    size_t start = b->len, skip = 0;
    finding_title(b, ui, f);
    if (!number) {
        struct buffer n = {0};
        check_number(&n, check_at(f->check), ui->audit->settings.benchmark);
        skip = n.len ? n.len + 1 : 0;
        buffer_free(&n);
    }
    memmove(b->data + start, b->data + start + skip, b->len - start - skip);
    b->len -= skip;
    if (!f->waiver)
        finding_since(b, ui, row, f->check, ", "); /* first, because the evidence may be cut */
    buffer_puts(b, ": ");
    finding_evidence(b, ui->report, f);
}

static bool fits(const struct buffer *b, size_t more, int width)
{
    char tail[32];
    int need = more ? snprintf(tail, sizeof tail, "  +%zu more", more) : 0;
    return (int)text_width((struct slice){b->data, b->len}) + need <= width;
}

/*
 * Append the worst finding with its evidence in WIDTH columns, and further findings as long as all fit in BRIEF
 * columns: the line is sent again with each movement of the cursor, and the pane shows the rest. Returns the number of
 * findings left out.
 */
static size_t reason_text(struct buffer *b, const struct ui *ui, size_t row, int width)
{
    enum { BRIEF = 80 };
    int brief = width < BRIEF ? width : BRIEF;
    struct finding list[CHECKS_MAX];
    size_t n = finding_list(ui->report, row, list);
    if (ui->view.keys)
        n = only_of(credential_slot(ui->view.rows[ui->view.cursor]), list, n);
    for (size_t i = 0; i < n; i++) {
        size_t start = b->len;
        add_reason(b, ui, row, &list[i], true);
        if (!i && !fits(b, n - 1, width)) {
            b->len = 0;
            add_reason(b, ui, row, &list[i], false);
        }
        if (i && !fits(b, n - i - 1, brief)) {
            b->len = start;
            return n - i;
        }
    }
    return 0;
}

static void draw_reason(struct ui *ui)
{
    struct buffer b = {0}, tail = {0};
    size_t row = view_selected(&ui->view);
    int y = ui->layout.reason, width = paint_columns() - 2;
    if (ui->trend.is_open || ui->bars.is_open) {
        if (ui->trend.is_open)
            trend_page_query(&b, ui);
        else
            overview_query(&b, ui);
        paint_text(y, 1, width, (struct slice){b.data, b.len}, ROLE_NOTE);
        buffer_free(&b);
        return;
    }
    if (row == SIZE_MAX)
        return;
    buffer_puts(&b, "");
    if (ui->report->changes) {
        if (ui->log.is_open)
            log_describe(&tail, &ui->log.log, row, &ui->audit->settings);
        else
            change_sentence(&tail, ui->report->changes, row);
        text_harmless(&b, (struct slice){tail.data, tail.len}, paint_is_ascii());
        buffer_free(&tail);
        if ((int)text_width((struct slice){b.data, b.len}) > width) {
            b.len = text_fit_dates((struct slice){b.data, b.len}, (size_t)(width - 1));
            buffer_puts(&b, paint_glyph(GLYPH_CUT));
        }
        paint_text(y, 1, width, (struct slice){b.data, b.len}, ROLE_TEXT);
        buffer_free(&b);
        return;
    }
    buffer_puts(&tail, "");
    size_t more = reason_text(&b, ui, row, width);
    int open = __builtin_popcountll(audit_unknown(ui->report, row));
    if (!b.len && open && !ui->view.keys && !ui->report->changes)
        buffer_printf(&b, "nothing found, but %d check%s cannot judge this user", open, open == 1 ? "" : "s");
    if (!b.len)
        buffer_puts(&b, ui->view.keys ? "this credential has no findings" : "this user has no findings");
    if (more)
        buffer_printf(&tail, "  +%zu more", more);
    int used = paint_text(y, 1, width - (int)tail.len, (struct slice){b.data, b.len}, ROLE_TEXT);
    paint_text(y, 1 + used, (int)tail.len, (struct slice){tail.data, tail.len}, ROLE_TEXT);
    buffer_free(&tail);
    buffer_free(&b);
}

void status_draw(struct ui *ui)
{
    if (ui->layout.title >= 0)
        draw_title(ui);
    if (ui->layout.strip >= 0)
        change_strip_draw(ui, ui->layout.strip);
    if (ui->layout.reason >= 0)
        draw_reason(ui);
    if (ui->layout.status >= 0)
        draw_status(ui);
    if (ui->layout.bottom >= 0)
        draw_bottom(ui);
}
