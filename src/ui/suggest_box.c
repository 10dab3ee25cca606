/* Suggestions, with the values that occur in the report, which are counted while no key is waiting. */
#include "ui/suggest_box.h"

#include "base/memory.h"
#include "query/query_text.h"
#include "report/accounts.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/term/paint.h"


enum { LINES_MAX = 8, LABEL_MAX = 34, LABEL_MIN = 12, NOTE_MIN = 12, WIDTH_MIN = 80 };

/* ---- values ------------------------------------------------------------------------ */

void suggest_box_forget(struct ui *ui, bool only_checks)
{
    struct suggest_box *b = &ui->suggest_box;
    size_t kept = 0;
    for (size_t i = 0; i < b->count; i++) {
        struct value_counts *v = b->kept[i];
        bool is_of_checks = !v->column_count || schema_of_checks((int)v->columns[0]);
        if (only_checks && !is_of_checks)
            b->kept[kept++] = v;
        else
            value_counts_free(v);
    }
    b->count = kept;
}

static bool is_of(const struct value_counts *v, const enum column *columns, size_t count)
{
    return v->column_count == count && (!count || v->columns[0] == columns[0])
        && (count < 2 || v->columns[1] == columns[1]);
}

/*
 * Returns the counts of these columns, or of the checks if COUNT is 0, and moves them to the front. Starts counting
 * unless they are kept.
 */
static struct value_counts *counts_of(struct ui *ui, const enum column *columns, size_t count, bool is_list)
{
    struct suggest_box *b = &ui->suggest_box;
    size_t at = 0;
    while (at < b->count && !is_of(b->kept[at], columns, count))
        at++;
    struct value_counts *v = at < b->count ? b->kept[at] : NULL;
    if (!v && b->count == SUGGEST_BOX_KEPT)
        value_counts_free(b->kept[--at]); /* replaces the least recently used one */
    else if (!v)
        b->count++;
    v = v ? v : value_counts_new(ui->report, columns, count, is_list);
    for (; at > 0; at--)
        b->kept[at] = b->kept[at - 1];
    return b->kept[0] = v;
}

/* Returns the counts that the current suggestions use, or NULL. */
static struct value_counts *wanted_counts(const struct ui *ui)
{
    const struct suggestions *c = &ui->prompt.complete;
    const struct suggest_box *b = &ui->suggest_box;
    bool wants = ui->prompt.kind && (c->kind == SUGGEST_CHECKS || (c->kind == SUGGEST_VALUES && c->column_count));
    bool is = wants && b->count && b->kept[0]->report == ui->report && is_of(b->kept[0], c->columns, c->column_count);
    return is ? b->kept[0] : NULL;
}

static void add_counted(struct ui *ui, struct slice text, const struct value_counts *v)
{
    enum { MOST = 1000 };
    struct suggestions *c = &ui->prompt.complete;
    bool is_text = report_column_info(ui->report, v->columns[0])->type == TYPE_TEXT;
    for (size_t i = 0; i < v->count && i < MOST; i++) {
        struct slice value = value_counts_text(v, v->order[i].index);
        struct buffer word = {0}, label = {0};
        buffer_add(&label, value.data, value.len);
        buffer_puts(&label, "");
        query_text_value(&word, value);
        struct suggestion *known = is_text ? NULL : suggest_find(c, label.data);
        struct suggestion s = {.word = word.data, .label = label.data, .count = v->order[i].rows};
        char note[80] = "";
        if (v->columns[0] == COL_ACCOUNT) {
            text_escape(note, sizeof note, accounts_name(ui->report->account_names, value));
            s.note = note;
        }
        if (known)
            known->count = s.count;
        else if (value.len && text_is_harmless(value)) /* other characters cannot be typed */
            suggest_add(c, text, &s);
        buffer_free(&word);
        buffer_free(&label);
    }
}

/* Replace the suggestions by all checks with severity, title and number of users failing (or unknown). */
static void add_described_checks(struct ui *ui, struct slice text, const struct value_counts *v)
{
    struct suggestions *c = &ui->prompt.complete;
    const struct check_settings *settings = &ui->audit->settings;
    suggest_clear(c);
    for (size_t i = 0; i < check_count(); i++) {
        struct buffer title = {0};
        check_title(&title, i, settings);
        suggest_add(c, text, &(struct suggestion){.word = check_at(i)->id,
            .type = severity_name(check_severity(i, settings)),
            .note = title.data, .count = c->is_unknown ? v->unknown[i] : v->failing[i]});
        buffer_free(&title);
    }
}

void suggest_box_refresh(struct ui *ui)
{
    struct prompt *p = &ui->prompt;
    struct suggestions *c = &p->complete;
    struct slice text = {p->line.text.data, p->line.at};
    suggest_free(c);
    p->completed = SIZE_MAX;
    ui->suggest_box.top = 0;
    if (!p->kind || !p->kind->complete)
        return;
    p->kind->complete(ui, text, c);
    if (c->kind == SUGGEST_CHECKS)
        add_described_checks(ui, text, counts_of(ui, NULL, 0, false));
    else if (c->kind == SUGGEST_VALUES && c->column_count)
        add_counted(ui, text, counts_of(ui, c->columns, c->column_count, c->is_list));
    suggest_finish(c);
    /* an error before the word comes first, unless it is only the missing operator */
    if (p->is_faulty && p->fault.offset < c->from && c->kind != SUGGEST_OPERATORS)
        suggest_free(c);
}

bool suggest_box_has_work(const struct ui *ui)
{
    const struct value_counts *v = wanted_counts(ui);
    return v && !value_counts_is_complete(v);
}

void suggest_box_work(struct ui *ui)
{
    struct value_counts *v = wanted_counts(ui);
    if (v && value_counts_step(v) && ui->prompt.completed == SIZE_MAX) /* not while a person walks through them */
        suggest_box_refresh(ui);
}

/* ---- drawing -------------------------------------------------------------------------- */

/* Widths of the parts of a line; 0 for a part that is left out. */
struct suggestion_parts {
    int label, type, count, example, note;
};

static int width_of_text(const char *text, int most)
{
    struct buffer b = {0};
    text_harmless(&b, slice_of(text ? text : ""), paint_is_ascii());
    buffer_puts(&b, "");
    int width = (int)text_width((struct slice){b.data, b.len});
    buffer_free(&b);
    return width < most ? width : most;
}

static void widen_part(int *width, int needed)
{
    *width = needed > *width ? needed : *width;
}

/*
 * Compute the widths for the suggestions from FIRST up to END in ROOM columns. Parts are left out if they do not fit;
 * the note gets what remains.
 */
static struct suggestion_parts measure_parts(const struct suggestions *c, size_t first, size_t end, int room)
{
    struct suggestion_parts p = {.label = LABEL_MIN};
    char number[32];
    for (size_t i = first; i < end; i++) {
        const struct suggestion *s = &c->list[i];
        widen_part(&p.label, width_of_text(s->label ? s->label : s->word, LABEL_MAX));
        widen_part(&p.type, width_of_text(s->type, room));
        widen_part(&p.count, s->count == SIZE_MAX ? 0 : (int)strlen(text_count(number, sizeof number, s->count)));
        widen_part(&p.example, width_of_text(s->example, room));
        widen_part(&p.note, width_of_text(s->note, room));
    }
    p.label = p.label > room ? room : p.label;
    int left = room - p.label;
    int *const parts[] = {&p.count, &p.type, &p.example};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        *parts[i] = *parts[i] && *parts[i] + 2 <= left ? *parts[i] : 0;
        left -= *parts[i] ? *parts[i] + 2 : 0;
    }
    p.note = left - 2 < NOTE_MIN && p.note > left - 2 ? 0 : p.note < left - 2 ? p.note : left - 2;
    return p;
}

static int width_of_parts(const struct suggestion_parts *p)
{
    return p->label + (p->count ? p->count + 2 : 0) + (p->type ? p->type + 2 : 0) + (p->example ? p->example + 2 : 0)
        + (p->note ? p->note + 2 : 0);
}

static void draw_suggestion(int y, int x, int width, const struct suggestion *s, const struct suggestion_parts *p,
    bool here)
{
    char number[32];
    enum role plain = here ? ROLE_SELECTED : ROLE_TEXT, faint = here ? ROLE_SELECTED : ROLE_HINT;
    const char *label = s->label ? s->label : s->word;
    if (here) {
        paint_blank(y, x, width, ROLE_SELECTED);
        paint_text(y, x, 1, slice_of(paint_glyph(GLYPH_CURSOR)), ROLE_SELECTED);
    }
    x += 2;
    paint_text(y, x, p->label, slice_of(label), plain);
    x += p->label + 2;
    if (p->count && s->count != SIZE_MAX)
        paint_right(y, x, p->count, slice_of(text_count(number, sizeof number, s->count)),
            here ? ROLE_SELECTED : ROLE_STATUS);
    x += p->count ? p->count + 2 : 0;
    if (p->type && s->type)
        paint_text(y, x, p->type, slice_of(s->type), faint);
    x += p->type ? p->type + 2 : 0;
    if (p->example && s->example)
        paint_text(y, x, p->example, slice_of(s->example), plain);
    x += p->example ? p->example + 2 : 0;
    if (p->note && s->note)
        paint_text(y, x, p->note, slice_of(s->note), faint);
}

static const char *kind_title(enum suggest_kind kind)
{
    switch (kind) {
    case SUGGEST_EXAMPLES: return "examples";
    case SUGGEST_NAMES: return "columns";
    case SUGGEST_OPERATORS: return "operators";
    case SUGGEST_JOINS: return "go on with";
    case SUGGEST_VALUES: return "values";
    case SUGGEST_CHECKS: return "checks";
    case SUGGEST_WORDS:
    case SUGGEST_NOTHING: break;
    }
    return "could be";
}

static void put_box_title(struct buffer *b, const struct ui *ui)
{
    const struct suggestions *c = &ui->prompt.complete;
    const struct value_counts *v = wanted_counts(ui);
    buffer_puts(b, kind_title(c->kind));
    if (c->kind == SUGGEST_VALUES && c->subject)
        buffer_printf(b, " of %s", c->subject);
    if (v && v->is_crowded)
        buffer_printf(b, ", the first %d", VALUE_COUNTS_MAX);
    if (v && !value_counts_is_complete(v))
        buffer_printf(b, ", counting %u%%", (unsigned)(v->at * 100 / (v->report->row_count + 1)));
}

bool suggest_box_draw(struct ui *ui, int y)
{
    const struct suggestions *c = &ui->prompt.complete;
    size_t *top = &ui->suggest_box.top, at = ui->prompt.completed;
    int height = y - 1 < LINES_MAX ? y - 1 : LINES_MAX; /* keep the title line visible */
    size_t lines = height > 2 ? (size_t)height - 2 : 0;
    if (!c->count || !lines || paint_columns() < LABEL_MIN + 6)
        return false;
    lines = lines < c->count ? lines : c->count;
    if (at != SIZE_MAX && at < *top)
        *top = at;
    if (at != SIZE_MAX && at >= *top + lines)
        *top = at - lines + 1;
    *top = *top + lines > c->count ? c->count - lines : *top;
    struct buffer title = {0};
    put_box_title(&title, ui);
    struct suggestion_parts p = measure_parts(c, *top, *top + lines, paint_columns() - 6);
    int width = width_of_parts(&p) + 6;
    width = width < WIDTH_MIN ? WIDTH_MIN : width; /* a minimum, so that the box does not jump while typing */
    width = width > paint_columns() ? paint_columns() : width;
    int first = y - (int)lines - 2;
    paint_box(first, 0, (int)lines + 2, width, title.data);
    for (size_t i = 0; i < lines; i++)
        draw_suggestion(first + 1 + (int)i, 2, width - 4, &c->list[*top + i], &p, *top + i == at);
    if (c->count > lines) {
        title.len = 0;
        buffer_printf(&title, " %zu-%zu of %zu ", *top + 1, *top + lines, c->count);
        paint_right(y - 1, 2, width - 4, (struct slice){title.data, title.len}, ROLE_HINT);
    }
    buffer_free(&title);
    return true;
}
