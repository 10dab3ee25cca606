/* A field is checked when the cursor leaves it, and all are on Enter. Once something is edited, Esc asks first. */
#include "ui/form.h"

#include "config/options.h"
#include "ui/screen.h"
#include "ui/term/paint.h"

#include <stdlib.h>

enum {
    FIELDS_MAX = 8, WIDEST = 100,
    BESIDE_FROM = 32, /* screen columns from which on errors stand beside their fields, perhaps cut */
    WHOLE_FROM = 60   /* below this many, the error of the cursor's field also stands below the fields */
};

struct open_field {
    struct form_field is;
    struct line_editor line;
    char *first;        /* owned: the text that the field opened with */
    struct error fault;
    bool is_faulty;
};

struct form {
    const struct form_kind *kind;
    char *title;        /* owned */
    struct open_field fields[FIELDS_MAX];
    size_t count, cursor;
    bool was_asked;     /* the key before was a cancel that only warned of losing the input */
    int y, shown;       /* screen line of the first visible field; number of visible fields */
    size_t top;         /* index of the first visible field */
};

static struct slice field_text(const struct open_field *f)
{
    return (struct slice){f->line.text.data ? f->line.text.data : "", f->line.text.len};
}

static bool is_as_opened(const struct open_field *f)
{
    return slice_equal(field_text(f), slice_of(f->first));
}

/* Move the cursor to a field; a text that the user did not edit is selected. */
static void enter_field(struct form *form, size_t index)
{
    struct open_field *f = &form->fields[index];
    form->cursor = index;
    line_editor_edit(&f->line, NULL, ACTION_LINE_END);
    if (is_as_opened(f))
        line_editor_select(&f->line);
}

void form_open(struct ui *ui, const struct form_kind *kind, const char *title)
{
    form_close(ui);
    ui->form = xcalloc(1, sizeof *ui->form);
    ui->form->kind = kind;
    ui->form->title = xstrdup(title);
}

void form_add(struct ui *ui, struct form_field field, struct slice text)
{
    struct form *form = ui->form;
    if (form->count == FIELDS_MAX)
        return;
    struct open_field *f = &form->fields[form->count++];
    *f = (struct open_field){.is = field};
    line_editor_set(&f->line, field.history, text);
    f->first = slice_copy(field_text(f));
    if (form->fields[form->cursor].is.is_fixed || form->count == 1)
        enter_field(form, form->count - 1);
}

void form_close(struct ui *ui)
{
    struct form *form = ui->form;
    if (!form)
        return;
    for (size_t i = 0; i < form->count; i++) {
        line_editor_free(&form->fields[i].line);
        free(form->fields[i].first);
    }
    free(form->title);
    free(form);
    ui->form = NULL;
}

struct slice form_text(const struct ui *ui, size_t field)
{
    return field_text(&ui->form->fields[field]);
}

void form_fault(struct ui *ui, size_t field, const char *why)
{
    struct open_field *f = &ui->form->fields[field];
    f->is_faulty = true;
    error_set(&f->fault, "%s", why);
    if (!f->is.is_fixed)
        enter_field(ui->form, field);
    f->line.is_selected = false;
}

/* ---- keys ---------------------------------------------------------------------- */

static bool check_field(struct ui *ui, size_t index)
{
    struct form *form = ui->form;
    struct open_field *f = &form->fields[index];
    f->is_faulty = !f->is.is_fixed && !form->kind->check(ui, index, field_text(f), &f->fault);
    return !f->is_faulty;
}

/* Check this field and move to the next (STEP 1) or previous (-1) one that is not fixed, wrapping around. */
static void form_step(struct ui *ui, int step)
{
    struct form *form = ui->form;
    size_t n = form->count, at = form->cursor;
    check_field(ui, at);
    do
        at = (at + n + (step > 0 ? 1 : n - 1)) % n;
    while (form->fields[at].is.is_fixed && at != form->cursor);
    enter_field(form, at);
}

static void form_accept(struct ui *ui)
{
    struct form *form = ui->form;
    size_t wrong = form->count;
    for (size_t i = form->count; i-- > 0;) {
        if (!check_field(ui, i))
            wrong = i;
    }
    if (wrong < form->count) {
        if (wrong != form->cursor)
            enter_field(form, wrong);
        return;
    }
    if (!form->kind->accept(ui))
        return;
    for (size_t i = 0; i < form->count; i++) { /* only now: an open line editor holds an index into its history */
        if (form->fields[i].is.history)
            line_history_add(form->fields[i].is.history, field_text(&form->fields[i]));
    }
    form_close(ui);
}

static void form_cancel(struct ui *ui, bool was_asked)
{
    struct form *form = ui->form;
    bool is_same = true;
    for (size_t i = 0; i < form->count; i++)
        is_same &= is_as_opened(&form->fields[i]);
    if (is_same || was_asked)
        form_close(ui);
    else
        form->was_asked = true;
}

void form_key(struct ui *ui, uint32_t key, bool pasted)
{
    struct form *form = ui->form;
    struct open_field *f = &form->fields[form->cursor];
    enum action action = pasted ? ACTION_NONE : keys_action(&ui->options->config.keymap, key, MODE_FORM);
    bool was_asked = form->was_asked;
    form->was_asked = false;
    switch ((int)action) {
    case ACTION_REDRAW:
    case ACTION_SUSPEND: ui_request(ui, action, 1); return;
    case ACTION_ACCEPT: form_accept(ui); return;
    case ACTION_CANCEL: form_cancel(ui, was_asked); return;
    case ACTION_FIELD_NEXT: form_step(ui, 1); return;
    case ACTION_FIELD_BACK: form_step(ui, -1); return;
    case ACTION_NONE:
        if (key >= KEYS_UP)
            return; /* not a character: a function key, Alt with a letter */
        if (line_editor_insert(&f->line, pasted && key < ' ' ? ' ' : key))
            break;
        f->is_faulty = true;
        line_editor_full(&f->fault);
        return;
    default: line_editor_edit(&f->line, f->is.history, action); break;
    }
    f->is_faulty = false;
}

void form_click(struct ui *ui, int y)
{
    struct form *form = ui->form;
    if (y < form->y || y >= form->y + form->shown)
        return;
    size_t at = form->top + (size_t)(y - form->y);
    if (at != form->cursor && !form->fields[at].is.is_fixed) {
        check_field(ui, form->cursor);
        enter_field(form, at);
    }
}

/* ---- drawing --------------------------------------------------------------------- */

static int label_width(const struct form *form)
{
    int width = 0;
    for (size_t i = 0; i < form->count; i++) {
        int one = (int)text_width(slice_of(form->fields[i].is.label));
        width = one > width ? one : width;
    }
    return width + 2;
}

/* Draw a field in WIDTH columns: label, text and, if BESIDE, its error. The active field places the cursor. */
static void draw_field(struct ui *ui, int y, int x, int width, size_t index, bool beside)
{
    struct form *form = ui->form;
    const struct open_field *f = &form->fields[index];
    bool here = index == form->cursor;
    int label = label_width(form), fault = 0;
    label = label > width / 2 ? width / 2 : label;
    if (here)
        paint_text(y, x, 1, slice_of(paint_glyph(GLYPH_CURSOR)), ROLE_TITLE);
    x += 2;
    width -= 2;
    paint_text(y, x, label - 1, slice_of(f->is.label), f->is_faulty ? ROLE_FAULT : here ? ROLE_TITLE : ROLE_LABEL);
    int room = width - label;
    if (f->is_faulty && beside) {
        int left = room - (int)text_width(field_text(f)) - 3, most = left > room * 2 / 3 ? left : room * 2 / 3;
        fault = (int)text_width(slice_of(f->fault.text)) + 2;
        fault = fault > most ? most : fault;
        room -= fault + 2;
    }
    size_t from = here ? line_editor_first(&f->line, room > 1 ? (size_t)room : 1) : 0;
    struct slice all = field_text(f), text = {all.data + from, all.len - from};
    enum role role = f->is.is_fixed ? ROLE_NOTE : here && f->line.is_selected ? ROLE_SELECTED : ROLE_PROMPT;
    if (here)
        paint_blank(y, x + label, room, ROLE_PROMPT);
    int used = paint_text(y, x + label, room, text, role);
    if (fault) {
        struct buffer b = {0};
        buffer_printf(&b, "^ %s", f->fault.text);
        paint_text(y, x + label + used + 2, fault, (struct slice){b.data, b.len}, ROLE_FAULT);
        buffer_free(&b);
    }
    if (here) {
        int column = (int)text_width((struct slice){text.data, f->line.at - from});
        ui->cursor_y = y;
        ui->cursor_x = x + label + (column < room ? column : room - 1);
    }
}

static void put_form_key(struct buffer *b, const struct ui *ui, enum action action, const char *word)
{
    size_t start = b->len;
    buffer_puts(b, start ? "   " : " ");
    if (keys_of(b, &ui->options->config.keymap, action, MODE_FORM, 1))
        buffer_printf(b, " %s", word);
    else
        b->len = start;
}

/*
 * Draw the line below the fields: the warning that input would be lost, the error of the cursor's field on a narrow
 * screen, or the field's hint.
 */
static void draw_below(const struct ui *ui, int y, int x, int width)
{
    const struct form *form = ui->form;
    const struct open_field *f = &form->fields[form->cursor];
    if (form->was_asked) {
        struct buffer b = {0};
        keys_of(&b, &ui->options->config.keymap, ACTION_CANCEL, MODE_FORM, 1);
        buffer_puts(&b, " again discards what you typed; or go on");
        paint_text(y, x, width, (struct slice){b.data, b.len}, ROLE_FAULT);
        buffer_free(&b);
    } else if (f->is_faulty && paint_columns() < WHOLE_FROM) {
        paint_text(y, x, width, slice_of(f->fault.text), ROLE_FAULT);
    } else {
        paint_text(y, x, width, slice_of(f->is.hint), ROLE_HINT);
    }
}

static void draw_keys(const struct ui *ui, int y, int x, int width)
{
    struct buffer b = {0};
    buffer_puts(&b, "");
    put_form_key(&b, ui, ACTION_FIELD_NEXT, "next");
    put_form_key(&b, ui, ACTION_ACCEPT, ui->form->kind->verb);
    put_form_key(&b, ui, ACTION_CANCEL, "back");
    buffer_putc(&b, ' ');
    paint_right(y, x, width, (struct slice){b.data, b.len}, ROLE_HINT);
    buffer_free(&b);
}

/* Draws a box if the screen has the lines for it, otherwise only fields, down to the cursor's field alone. */
void form_draw(struct ui *ui)
{
    struct form *form = ui->form;
    int lines = paint_lines() - 1, columns = paint_columns(), count = (int)form->count;
    bool boxed = lines >= count + 3 && columns >= 24, beside = columns >= BESIDE_FROM;
    int width = columns > WIDEST ? WIDEST : columns, height = count + 3, x = boxed ? (columns - width) / 2 : 0;
    lines = lines > 0 ? lines : 1;
    int y = boxed ? (lines - height) / 2 : 0, hint = boxed || lines > 1;
    form->shown = boxed || lines - hint >= count ? count : lines - hint;
    size_t shown = (size_t)form->shown;
    form->top = form->cursor < shown ? 0 : form->cursor - shown + 1;
    form->y = y + boxed;
    if (boxed) {
        paint_box(y, x, height, width, form->title);
        draw_keys(ui, y + height - 1, x + 2, width - 4);
    } else {
        paint_clear();
    }
    for (int i = 0; i < form->shown; i++)
        draw_field(ui, form->y + i, x + boxed * 2, width - boxed * 4, form->top + (size_t)i, beside);
    if (hint)
        draw_below(ui, form->y + form->shown, x + boxed * 4, width - boxed * 6);
}
