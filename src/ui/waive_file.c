/* Changes to waiver files that keep file and screen consistent, and the journal of changes that undo and redo use. */
#include "ui/waive_file.h"

#include "config/options.h"
#include "history/time_columns.h"
#include "ui/judged.h"
#include "ui/menus.h"
#include "ui/screen.h"

#include <stdlib.h>

enum { STEPS_MAX = 50 };

/* One step of undo: the changes of one key, perhaps to several files. */
struct step {
    char *what;                    /* owned */
    struct waivers_patch *patches; /* owned: in the order made */
    size_t count;
};

struct waive_journal {
    struct step steps[STEPS_MAX];
    size_t forgotten;  /* number of older steps dropped from STEPS */
    size_t count;      /* number of STEPS used */
    size_t done;       /* number of STEPS in force; the others were undone */
    char *what;        /* owned: name of the step that the next change begins; NULL: it continues the last */
};

static void free_step(struct step *s)
{
    for (size_t i = 0; i < s->count; i++)
        waivers_patch_free(&s->patches[i]);
    free(s->patches);
    free(s->what);
    *s = (struct step){0};
}

void waive_file_free(struct ui *ui)
{
    struct waive_journal *j = ui->waive_journal;
    for (size_t i = 0; j && i < j->count; i++)
        free_step(&j->steps[i]);
    if (j)
        free(j->what);
    free(j);
    ui->waive_journal = NULL;
}

static struct waive_journal *journal_of(struct ui *ui)
{
    if (!ui->waive_journal)
        ui->waive_journal = xcalloc(1, sizeof *ui->waive_journal);
    return ui->waive_journal;
}

void waive_file_begin(struct ui *ui, const char *what)
{
    struct waive_journal *j = journal_of(ui);
    free(j->what);
    j->what = xstrdup(what);
}

/* Append PATCH to the journal, dropping undone steps. The journal owns it. */
static void note_patch(struct waive_journal *j, struct waivers_patch patch)
{
    while (j->count > j->done)
        free_step(&j->steps[--j->count]);
    if (j->what && j->count == STEPS_MAX) {
        free_step(&j->steps[0]);
        memmove(&j->steps[0], &j->steps[1], (STEPS_MAX - 1) * sizeof j->steps[0]);
        j->steps[STEPS_MAX - 1] = (struct step){0};
        j->count--;
        j->done--;
        j->forgotten++;
    }
    if (j->what) {
        j->steps[j->count++] = (struct step){.what = j->what};
        j->done++;
        j->what = NULL;
    }
    struct step *s = &j->steps[j->count - 1];
    s->patches = xrealloc(s->patches, s->count + 1, sizeof *s->patches);
    s->patches[s->count++] = patch;
}

static bool show_waived(void *context)
{
    struct ui *ui = context;
    return view_sort(&ui->view, &ui->view.sort);
}

/*
 * Whether a report shown has the columns of its own that W depends on, as at the start: either side of a comparison
 * will do, and what is still being read may have them.
 */
static bool are_names_known(const struct ui *ui, const struct waivers *w, struct error *err)
{
    const struct changes *c = ui->report->changes;
    struct error ignored;
    return session_is_loading(ui->session) || (c && waivers_check_names(w, c->old, &ignored))
        || waivers_check_names(w, c ? c->new : ui->report, err);
}

/*
 * Put D in force in both the file and the findings shown. Returns false if neither has changed: ERR says why, or a key
 * cancelled it.
 */
static bool take_draft(struct ui *ui, struct waivers_draft *d, struct error *err)
{
    struct report *reports[] = {ui->report, judged_newer(ui)};
    struct error ignored;
    if (!are_names_known(ui, &d->waivers, err) || !time_columns_are_unasked_by(&d->waivers, err)) {
        waivers_draft_end(d, false, &ignored);
        waivers_free(&d->waivers);
        return false;
    }
    if (audit_waive(ui->audit, reports, reports[1] ? 2 : 1, d, show_waived, ui, err)) {
        judged_mark_stale(ui);
        ui->view.is_unsorted |= ui->report->extra != NULL; /* the order or a filter may depend on the time columns */
        ui->are_waivers_due = true;
        return true;
    }
    ui->tally.is_counted = ui->bars.is_counted = false; /* they may have been counted during the attempt */
    if (!view_was_cancelled(&ui->view)) /* failed after the new findings were shown */
        view_refresh(&ui->view);
    return false;
}

bool waive_file_add(struct ui *ui, const char *path, const struct waivers_new *new, struct error *err)
{
    struct waivers_draft d;
    if (!waivers_draft(&d, path, new, ui->view.cancel, err) || !take_draft(ui, &d, err))
        return false;
    note_patch(journal_of(ui), d.patch);
    return true;
}

bool waive_file_change(struct ui *ui, const struct waivers_change *c, size_t *changed, struct error *err)
{
    struct waivers_draft d;
    if (!waivers_draft_change(&d, c, ui->view.cancel, err) || !take_draft(ui, &d, err))
        return false;
    *changed = d.changed;
    if (d.changed)
        note_patch(journal_of(ui), d.patch);
    else
        waivers_patch_free(&d.patch); /* others had changed the lines already */
    return true;
}

/* ---- undo ---------------------------------------------------------------------- */

size_t waive_file_steps(const struct ui *ui)
{
    const struct waive_journal *j = ui->waive_journal;
    return j ? j->forgotten + j->done : 0;
}

const char *waive_file_step_name(const struct ui *ui, size_t step)
{
    const struct waive_journal *j = ui->waive_journal;
    bool is_here = j && step > j->forgotten && step <= j->forgotten + j->count;
    return is_here ? j->steps[step - j->forgotten - 1].what : "waivers";
}

static bool apply_patch(struct ui *ui, const struct waivers_patch *patch, bool back, struct error *err)
{
    struct waivers_draft d;
    if (!waivers_draft_patch(&d, patch, back, ui->audit->settings.other_names, ui->view.cancel, err)
        || !take_draft(ui, &d, err))
        return false;
    waivers_patch_free(&d.patch);
    return true;
}

/* Apply all changes of a step or none: after a failure, those already made are reverted, which cannot be cancelled. */
static bool apply_step(struct ui *ui, const struct step *s, bool back, struct error *err)
{
    struct cancel_token *cancel = ui->view.cancel;
    struct error ignored;
    for (size_t i = 0; i < s->count; i++) {
        if (apply_patch(ui, &s->patches[back ? s->count - 1 - i : i], back, err))
            continue;
        ui->view.cancel = NULL;
        while (i-- > 0)
            apply_patch(ui, &s->patches[back ? s->count - 1 - i : i], !back, &ignored);
        ui->view.cancel = cancel;
        return false;
    }
    return true;
}

bool waive_file_go(struct ui *ui, size_t step, struct error *err)
{
    struct waive_journal *j = journal_of(ui);
    for (size_t now; (now = waive_file_steps(ui)) != step;) {
        bool back = now > step;
        if (back ? !j->done : j->done == j->count)
            return error_set(err, "that change of the waivers is too old");
        if (!apply_step(ui, &j->steps[back ? j->done - 1 : j->done], back, err))
            return false;
        j->done = back ? j->done - 1 : j->done + 1;
    }
    return true;
}
