/* Collects users, filters and changes from the screen into a struct evidence, which session/evidence.h writes. */
#include "ui/evidence_screen.h"

#include "session/evidence.h"
#include "ui/judged.h"
#include "ui/log_screen.h"
#include "ui/message.h"
#include "ui/prompt.h"
#include "ui/screen.h"

#include <stdlib.h>
#include <sys/stat.h>

/*
 * Returns the users that the evidence is about, each once: those marked or, if none is, those shown; all of the newer
 * report while changes are listed. COUNT is their number. The caller frees the result.
 */
static uint32_t *users_meant(const struct ui *ui, const struct report *r, size_t *count)
{
    const struct view *v = &ui->view;
    bool is_changes = ui->report->changes != NULL;
    uint32_t *rows = xcalloc((is_changes ? r->row_count : v->count) + 1, sizeof *rows);
    *count = 0;
    if (is_changes) {
        for (uint32_t row = 0; row < r->row_count; row++)
            rows[(*count)++] = row;
        return rows;
    }
    if (v->mark_count && !v->keys) {
        free(rows);
        return view_chosen(v, count);
    }
    bool *seen = xcalloc(r->row_count + 1, sizeof *seen); /* the key view may show several credentials of a user */
    for (size_t i = 0; i < v->count; i++) {
        size_t user = view_user(v, i);
        if (!seen[user] && (!v->mark_count || view_is_marked(v, user)))
            rows[(*count)++] = (uint32_t)user;
        seen[user] = true;
    }
    free(seen);
    return rows;
}

/* Returns the filters of the view as queries; free them with free_filters(). */
static char **filters_in_force(const struct view *v)
{
    char **filters = xcalloc(v->filter_count + 1, sizeof *filters);
    for (size_t i = 0; i < v->filter_count; i++) {
        struct buffer b = {0};
        buffer_put_all(&b, v->filters[i].inverted ? "not (" : "", v->filters[i].text,
            v->filters[i].inverted ? ")" : "");
        filters[i] = b.data;
    }
    return filters;
}

static void free_filters(char **filters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(filters[i]);
    free(filters);
}

/*
 * Set E's report of changes and their number, and return their rows, which the caller frees: the changes that are
 * shown if changes are listed, otherwise all changes between the two reports that were opened, if two were.
 */
static uint32_t *changes_meant(const struct ui *ui, struct evidence *e)
{
    const struct view *v = &ui->view;
    e->changes = ui->report->changes ? ui->report : ui->first->changes ? ui->first : NULL;
    bool are_shown = e->changes == ui->report;
    e->change_count = !e->changes ? 0 : are_shown ? v->count : e->changes->row_count;
    uint32_t *rows = xcalloc(e->change_count + 1, sizeof *rows);
    for (size_t i = 0; i < e->change_count; i++)
        rows[i] = are_shown ? v->rows[i] : (uint32_t)i;
    e->filters_are_of_changes = e->changes && are_shown;
    return rows;
}

bool evidence_make(struct ui *ui, struct slice directory, struct error *err)
{
    const struct session *s = ui->session;
    const struct report *r = ui->report->changes ? ui->report->changes->new : ui->report;
    log_add_sample(ui);
    /* with --trend the history has only the users of the filters of the command line */
    bool has_part = ui->options->listing == LIST_TREND && ui->options->filter_count;
    struct evidence e = {.options = ui->options, .audit = ui->audit,
        .inputs = {ui->reloads[0] ? &ui->reloads[0]->obtained : &s->sides[0].inputs,
            ui->reloads[0] ? ui->reloads[0]->older_inputs.count ? &ui->reloads[0]->older_inputs : NULL
                : ui->options->diff ? &s->sides[1].inputs : NULL},
        .report = r, .filter_count = ui->view.filter_count, .history_counts_all_users = !has_part,
        .now = ui->clock(), .cancel = ui->view.cancel};
    char *path = config_file_name(directory), **filters = filters_in_force(&ui->view), number[32];
    uint32_t *changes = changes_meant(ui, &e), *rows = users_meant(ui, r, &e.count);
    struct buffer name = {0};
    e.rows = rows;
    e.change_rows = changes;
    e.filters = (const char *const *)filters;
    e.is_by_hand = ui->view.mark_count && !ui->report->changes;
    err->text[0] = '\0';
    bool ok = judged_settle(ui) && evidence_write(&e, path, err);
    text_harmless(&name, slice_of(path), false);
    if (ok)
        ui_say(ui, "wrote evidence about %s user%s to %s", text_count(number, sizeof number, e.count),
            e.count == 1 ? "" : "s", name.data);
    else if (!err->text[0])
        ui_say(ui, "cancelled: nothing of %s is left", name.data);
    buffer_free(&name);
    free(rows);
    free(changes);
    free_filters(filters, ui->view.filter_count);
    free(path);
    return ok;
}

static bool evidence_accept(struct ui *ui, struct slice text)
{
    struct prompt *p = &ui->prompt;
    bool ok = evidence_make(ui, text, &p->fault);
    p->is_faulty = !ok && p->fault.text[0];
    return !p->is_faulty;
}

static const struct prompt_kind evidence_prompt = {.label = "folder for evidence: ",
    .help = "a new folder: CSV, report.html, README.md   {accept} make, {cancel} back", .history = HISTORY_FILE,
    .accept = evidence_accept};

void evidence_ask(struct ui *ui)
{
    enum { TRIES = 1000 };
    struct buffer name = {0};
    struct stat st;
    char number[32];
    size_t count;
    const struct report *r = ui->report->changes ? ui->report->changes->new : ui->report;
    evidence_name(&name, r);
    size_t len = name.len;
    for (int i = 2; i < TRIES && lstat(name.data, &st) == 0; i++) { /* a folder of this name exists */
        name.len = len;
        buffer_printf(&name, "-%d", i);
    }
    free(users_meant(ui, r, &count));
    prompt_open(ui, &evidence_prompt, (struct slice){name.data, name.len});
    ui->prompt.note.len = 0;
    buffer_printf(&ui->prompt.note, "%s user%s", text_count(number, sizeof number, count), count == 1 ? "" : "s");
    buffer_free(&name);
}
