/* The indices of matching rows, collected in steps and kept until the text or the rows of the view change. */
#include "ui/search_place.h"

#include "base/memory.h"
#include "ui/message.h"
#include "ui/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 20000, STEP = 1 << 13 };

static bool is_current(const struct ui *ui)
{
    const struct search_place *s = &ui->search_place;
    return s->text.len && s->report == ui->report && s->generation == ui->view.generation;
}

bool search_place_has_work(const struct ui *ui)
{
    return is_current(ui) && ui->search_place.at < ui->view.count;
}

/* Examine up to MOST more rows. */
static void look_at(struct ui *ui, size_t most)
{
    struct search_place *s = &ui->search_place;
    size_t end = ui->view.count - s->at > most ? s->at + most : ui->view.count;
    struct slice text = {s->text.data, s->text.len};
    for (; s->at < end; s->at++) {
        if (!view_holds(&ui->view, s->at, text))
            continue;
        if (s->count == s->room)
            s->list = xrealloc(s->list, s->room = s->room * 2 + 64, sizeof *s->list);
        s->list[s->count++] = (uint32_t)s->at;
    }
}

void search_place_start(struct ui *ui, struct slice text)
{
    struct search_place *s = &ui->search_place;
    bool is_same = is_current(ui) && slice_equal(text, (struct slice){s->text.data, s->text.len});
    s->is_lit = text.len > 0;
    s->said[0] = '\0';
    if (is_same)
        return;
    s->text.len = s->count = s->at = 0;
    buffer_add(&s->text, text.data, text.len);
    s->report = ui->report;
    s->generation = ui->view.generation;
    if (search_place_has_work(ui) && ui->view.count <= AT_ONCE)
        look_at(ui, AT_ONCE);
}

void search_place_stop(struct ui *ui)
{
    ui->search_place.is_lit = false;
    ui->search_place.said[0] = '\0';
}

bool search_place_put(const struct ui *ui, struct buffer *b)
{
    const struct search_place *s = &ui->search_place;
    char place[32], all[32];
    size_t low = 0, high = s->count;
    if (!is_current(ui) || search_place_has_work(ui))
        return false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->list[middle] < ui->view.cursor)
            low = middle + 1;
        else
            high = middle;
    }
    buffer_printf(b, "%s of %s", text_count(place, sizeof place, low + 1), text_count(all, sizeof all, s->count));
    return s->count > 0;
}

/* Append the name of the column that contains the text, which may not be on screen; nothing for the user's name. */
static void put_where(const struct ui *ui, struct buffer *b)
{
    const struct search_place *s = &ui->search_place;
    if (ui->view.cursor >= ui->view.count)
        return;
    enum column column = view_holding(&ui->view, ui->view.cursor, (struct slice){s->text.data, s->text.len});
    if (column != COL_USER && column != COL_COUNT)
        buffer_printf(b, ", by %s", report_column_info(ui->report, column)->name);
}

static void say_place(struct ui *ui, const char *message)
{
    struct buffer b = {0};
    if (search_place_put(ui, &b)) {
        put_where(ui, &b);
        ui_say(ui, "%s%s%s", b.data, message[0] ? "; " : "", message);
    } else {
        ui_say(ui, "%s", message);
    }
    buffer_free(&b);
}

void search_place_say(struct ui *ui, const char *message)
{
    struct search_place *s = &ui->search_place;
    say_place(ui, message);
    if (search_place_has_work(ui))
        snprintf(s->said, sizeof s->said, "%s", message[0] ? message : "counting...");
    if (search_place_has_work(ui) && !message[0])
        ui_say(ui, "%s", s->said);
}

void search_place_work(struct ui *ui)
{
    struct search_place *s = &ui->search_place;
    look_at(ui, STEP);
    if (search_place_has_work(ui))
        return;
    if (ui->prompt.kind && ui->prompt.counts_places) {
        ui->prompt.note.len = 0;
        search_place_put(ui, &ui->prompt.note);
    } else if (s->said[0] && strcmp(ui->message, s->said) == 0) { /* no other message since */
        say_place(ui, strcmp(s->said, "counting...") == 0 ? "" : s->said);
    }
    s->said[0] = '\0';
}

struct slice search_place_lit(const struct ui *ui)
{
    const struct search_place *s = &ui->search_place;
    return s->is_lit ? (struct slice){s->text.data, s->text.len} : (struct slice){"", 0};
}

void search_place_free(struct ui *ui)
{
    buffer_free(&ui->search_place.text);
    free(ui->search_place.list);
    ui->search_place = (struct search_place){0};
}
