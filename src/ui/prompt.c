/* The prompt: a line at the bottom with a note on its right, and an error message below the place of the error. */
#include "ui/prompt.h"

#include "ui/message.h"
#include "ui/screen.h"
#include "ui/suggest_box.h"
#include "ui/term/paint.h"

#include <stdlib.h>
#include <string.h>

void prompt_open(struct ui *ui, const struct prompt_kind *kind, struct slice text)
{
    struct prompt *p = &ui->prompt;
    const struct line_history *h = &ui->histories[kind->history];
    p->kind = kind;
    p->is_faulty = false;
    p->origin = ui->menu.kind ? ui->menu.cursor : ui->bars.is_open ? ui->bars.cursor : ui->view.cursor;
    p->counts_places = false;
    p->note.len = 0;
    suggest_free(&p->complete);
    line_editor_set(&p->line, h, text);
    line_editor_select(&p->line);
    if (kind->changed)
        kind->changed(ui, (struct slice){p->line.text.data, p->line.text.len});
    p->completed = SIZE_MAX;
    suggest_box_forget(ui, true);
    if (kind->teaches)
        suggest_box_refresh(ui);
}

void prompt_close(struct ui *ui)
{
    suggest_free(&ui->prompt.complete);
    ui->prompt.kind = NULL;
}

static struct slice typed(const struct prompt *p)
{
    return (struct slice){p->line.text.data, p->line.text.len};
}

static void prompt_cancel(struct ui *ui)
{
    const struct prompt_kind *kind = ui->prompt.kind;
    prompt_close(ui);
    if (kind->cancel)
        kind->cancel(ui);
}

static void accept(struct ui *ui)
{
    struct prompt *p = &ui->prompt;
    const struct prompt_kind *kind = p->kind;
    if (!typed(p).len) {
        prompt_cancel(ui);
        return;
    }
    /* a copy, because accept() may open the next prompt, which replaces the text */
    char *line = xcalloc(typed(p).len + 1, 1);
    memcpy(line, typed(p).data, typed(p).len);
    if (kind->accept(ui, slice_of(line))) {
        line_history_add(&ui->histories[kind->history], slice_of(line));
        if (p->kind == kind)
            prompt_close(ui);
    }
    free(line);
}

/* Must be called after each change of the text: clears the error and calls the kind's changed(). */
static void text_changed(struct ui *ui)
{
    struct prompt *p = &ui->prompt;
    p->is_faulty = false;
    if (p->kind->changed)
        p->kind->changed(ui, typed(p));
}

static void use_word(struct prompt *p, const char *word, size_t len)
{
    line_editor_replace(&p->line, p->complete.from, (struct slice){word, len});
}

/* Put the next suggestion (STEP 1) or the previous one (-1) into the line. The first call saves the typed line. */
static void choose(struct ui *ui, int step)
{
    struct prompt *p = &ui->prompt;
    const struct suggestions *c = &p->complete;
    size_t n = c->count, at = p->completed;
    if (at == SIZE_MAX) {
        p->before.len = 0;
        buffer_add(&p->before, p->line.text.data, p->line.text.len);
        p->before_at = p->line.at;
    }
    p->completed = at == SIZE_MAX ? (step > 0 ? 0 : n - 1) : step > 0 ? (at + 1) % n : (at + n - 1) % n;
    use_word(p, c->list[p->completed].word, strlen(c->list[p->completed].word));
    text_changed(ui);
}

/* Restore the line as it was before choose(). */
static void unchoose(struct ui *ui)
{
    struct prompt *p = &ui->prompt;
    line_editor_set(&p->line, &ui->histories[p->kind->history], (struct slice){p->before.data, p->before.len});
    p->line.at = p->before_at;
    text_changed(ui);
    suggest_box_refresh(ui);
}

/* Complete the word to the only suggestion, followed by a blank unless it ends with "(" or text follows. */
static void use_only(struct ui *ui)
{
    struct prompt *p = &ui->prompt;
    size_t from = p->complete.from, typed_len = p->line.at - from, len = strlen(p->complete.list[0].word);
    bool is_call = p->complete.list[0].word[len - 1] == '(', is_longer = len > typed_len;
    use_word(p, p->complete.list[0].word, len);
    if (!is_call && p->line.at == p->line.text.len && (is_longer || p->kind->teaches))
        line_editor_insert(&p->line, ' ');
    suggest_free(&p->complete);
}

/*
 * Handle Tab: complete as far as all suggestions agree, or to the only one; if that adds nothing, choose the next one.
 */
static void complete(struct ui *ui, int step)
{
    struct prompt *p = &ui->prompt;
    struct suggestions *c = &p->complete;
    bool is_fresh = !c->count || (p->kind->teaches && p->completed == SIZE_MAX), is_selected = p->line.is_selected;
    if (!c->count)
        suggest_box_refresh(ui);
    if (!c->count)
        return;
    size_t common = suggest_common(c);
    if (p->completed == SIZE_MAX && (c->firm == 1 || c->count == 1))
        use_only(ui);
    else if (is_fresh && common > p->line.at - c->from)
        use_word(p, c->list[0].word, common);
    else
        choose(ui, step);
    /* a file name with another extension remains a proposal that typing replaces; a word of a query does not */
    p->line.is_selected = is_selected && !p->kind->teaches;
    text_changed(ui);
    if (p->kind->teaches && p->completed == SIZE_MAX)
        suggest_box_refresh(ui);
}

/*
 * Returns whether ACTION, Up or Down, walks the history instead of the suggestions: if there are none, if the line came
 * from the history, or for Up on an empty line.
 */
static bool goes_to_history(const struct ui *ui, enum action action)
{
    const struct prompt *p = &ui->prompt;
    const struct line_history *h = &ui->histories[p->kind->history];
    if (!p->complete.count)
        return true;
    if (p->completed != SIZE_MAX)
        return false;
    return p->line.history_at < h->count || (!p->line.text.len && action == ACTION_CHOOSE_BACK && h->count);
}

static void edit(struct ui *ui, uint32_t key, enum action action, bool pasted)
{
    struct prompt *p = &ui->prompt;
    const struct line_history *h = &ui->histories[p->kind->history];
    if (action == ACTION_NONE && key >= KEYS_UP)
        return; /* not a character, such as Alt with a letter */
    suggest_free(&p->complete);
    p->completed = SIZE_MAX;
    bool is_history = action == ACTION_HISTORY_BACK || action == ACTION_HISTORY_NEXT;
    if (!is_history)
        p->line.history_at = h->count; /* an edited line is no longer an entry of the history */
    bool fits = true;
    if (action == ACTION_NONE)
        fits = line_editor_insert(&p->line, pasted && key < ' ' ? ' ' : key);
    else
        line_editor_edit(&p->line, h, action);
    text_changed(ui);
    if (!fits) { /* such as a long list that was pasted: what is left of it may well be a query */
        p->is_faulty = true;
        line_editor_full(&p->fault);
        p->fault.offset = p->line.text.len;
    }
    if (p->kind->teaches)
        suggest_box_refresh(ui);
}

void prompt_key(struct ui *ui, uint32_t key, bool pasted)
{
    struct prompt *p = &ui->prompt;
    enum action action = pasted ? ACTION_NONE : keys_action(&ui->options->config.keymap, key, MODE_PROMPT);
    bool is_arrow = action == ACTION_CHOOSE_BACK || action == ACTION_CHOOSE_NEXT;
    if (is_arrow && goes_to_history(ui, action)) {
        action = action == ACTION_CHOOSE_BACK ? ACTION_HISTORY_BACK : ACTION_HISTORY_NEXT;
        is_arrow = false;
    }
    if (action == ACTION_REDRAW || action == ACTION_SUSPEND)
        ui_request(ui, action, 1);
    else if (action == ACTION_ACCEPT)
        accept(ui);
    else if (action == ACTION_CANCEL && p->completed != SIZE_MAX && p->kind->teaches)
        unchoose(ui);
    else if (action == ACTION_CANCEL || (action == ACTION_ERASE_BACK && !p->line.text.len))
        prompt_cancel(ui);
    else if (is_arrow)
        choose(ui, action == ACTION_CHOOSE_NEXT ? 1 : -1);
    else if (action != ACTION_COMPLETE && action != ACTION_COMPLETE_BACK)
        edit(ui, key, action, pasted);
    else if (p->kind->complete)
        complete(ui, action == ACTION_COMPLETE ? 1 : -1);
}

void prompt_free(struct ui *ui)
{
    line_editor_free(&ui->prompt.line);
    buffer_free(&ui->prompt.note);
    suggest_free(&ui->prompt.complete);
    suggest_box_forget(ui, false);
    buffer_free(&ui->prompt.before);
    for (int i = 0; i < HISTORY_COUNT; i++)
        line_history_free(&ui->histories[i]);
}

/*
 * Draw "^ message" under column X, or "message ^" if the message only fits to the left of X; without ^ from the start
 * of the line if it fits on neither side.
 */
static void draw_fault(const struct ui *ui, int y, int x)
{
    struct buffer b = {0}, text = {0};
    int width = paint_columns();
    buffer_puts(&text, "");
    message_fit(&text, ui->prompt.fault.text, width);
    int need = (int)text_width((struct slice){text.data, text.len}) + 2;
    if (x > width - 1)
        x = width - 1;
    if (x + need <= width || x < need) {
        int at = x + need <= width ? x : 0;
        buffer_printf(&b, "%s%s", at == x ? "^ " : "", text.data);
        paint_text(y, at, width - at, (struct slice){b.data, b.len}, ROLE_FAULT);
    } else {
        buffer_printf(&b, "%s ^", text.data);
        paint_text(y, x - need + 1, need, (struct slice){b.data, b.len}, ROLE_FAULT);
    }
    buffer_free(&text);
    buffer_free(&b);
}

/* Draw as many suggestions as fit, always including the chosen one. */
static void draw_words(const struct prompt *p, int y)
{
    const struct suggestions *c = &p->complete;
    int x = 1, width = paint_columns();
    size_t first = 0, here = p->completed == SIZE_MAX ? 0 : p->completed;
    for (size_t i = 0; i <= here; i++) {
        x += (int)strlen(c->list[i].word) + 2;
        if (x > width) {
            first = i;
            x = 1 + (int)strlen(c->list[i].word) + 2;
        }
    }
    x = 1;
    for (size_t i = first; i < c->count && x < width; i++)
        x += paint_text(y, x, width - x, slice_of(c->list[i].word), i == p->completed ? ROLE_SELECTED : ROLE_HINT) + 2;
}

/* Draw as many parts of the prompt's help from its start as fit; parts are separated by three blanks. */
static void draw_help(const struct ui *ui, int y)
{
    int width = paint_columns() - 1;
    struct buffer help = {0};
    keys_fill(&help, &ui->options->config.keymap, ui->prompt.kind->help, MODE_PROMPT);
    struct slice text = {help.data, help.len};
    for (size_t at = text.len; at > 0 && (int)text_width(text) > width; at--) {
        if (strncmp(help.data + at - 1, "   ", 3) == 0)
            text.len = at - 1;
    }
    paint_text(y, 1, width, text, ROLE_HINT);
    buffer_free(&help);
}

void prompt_draw(struct ui *ui)
{
    struct prompt *p = &ui->prompt;
    int width = paint_columns(), y = paint_lines() > 1 ? paint_lines() - 2 : 0;
    int label = (int)text_width(slice_of(p->kind->label));
    label = label < width / 2 ? label : width / 2; /* what is typed stays visible on a narrow screen */
    int note = (int)text_width((struct slice){p->note.data, p->note.len});
    bool noted = note && label + note + 12 < width;
    int room = width - label - (noted ? note + 2 : 0);
    size_t from = line_editor_first(&p->line, room > 1 ? (size_t)room : 1);
    struct slice text = {p->line.text.data + from, p->line.text.len - from};
    bool has_box = suggest_box_draw(ui, y);
    paint_blank(y, 0, width, ROLE_PROMPT);
    paint_text(y, 0, label, slice_of(p->kind->label), ROLE_TITLE);
    paint_text(y, label, room, text, p->line.is_selected ? ROLE_SELECTED : ROLE_PROMPT);
    if (noted)
        paint_right(y, width - note, note, (struct slice){p->note.data, p->note.len}, ROLE_STATUS);
    if (paint_lines() > 1) {
        paint_blank(y + 1, 0, width, ROLE_TEXT);
        size_t at = p->fault.offset < p->line.text.len ? p->fault.offset : p->line.text.len;
        if (p->is_faulty) /* errors take precedence */
            draw_fault(ui, y + 1, label + (at > from ? (int)text_width((struct slice){text.data, at - from}) : 0));
        else if (ui->message[0]) /* progress of long work */
            paint_text(y + 1, 1, width - 1, slice_of(ui->message), ROLE_NOTE);
        else if (!has_box && p->complete.count > 1)
            draw_words(p, y + 1);
        else
            draw_help(ui, y + 1);
    }
    ui->cursor_y = y;
    ui->cursor_x = label + (int)text_width((struct slice){text.data, p->line.at - from});
}
