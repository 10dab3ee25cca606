/* Each kind of prompt has its functions for a changed, accepted and cancelled text; see struct prompt_kind. */
#include "ui/filter_search.h"

#include "audit/check_query.h"
#include "context/whose.h"
#include "ui/copy.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/overview_screen.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/search_place.h"

/* ---- filter --------------------------------------------------------------- */

/*
 * Set the prompt's note to the number of rows shown, such as "3 of 412". Without IS_COUNTED it is "- of 412",
 * because the rows are those of another query than the text: it has an error, or its last word is not searched for
 * yet.
 */
static void note_count(struct ui *ui, bool is_counted)
{
    char shown[32], all[32];
    ui->prompt.note.len = 0;
    buffer_printf(&ui->prompt.note, "%s of %s", is_counted ? text_count(shown, sizeof shown, ui->view.count) : "-",
        text_count(all, sizeof all, ui->view.order_count));
    if (view_is_unsure(&ui->view))
        buffer_puts(&ui->prompt.note, ", some take too long");
}

/* For a preview that the next key cancelled before it was ready. The preview of the last key replaces the note. */
static void note_cancelled(struct ui *ui)
{
    ui->prompt.note.len = 0;
    buffer_puts(&ui->prompt.note, "cancelled");
}

/* Whether TEXT is no filter yet: it is empty, or has only blanks and "!". */
static bool is_blank_text(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != ' ' && text.data[i] != '!')
            return false;
    }
    return true;
}

/* Show the result of the longest part of TEXT that is a query, without its last CUT tokens; if none is, all rows. */
static void preview_so_far(struct ui *ui, struct slice text, size_t cut)
{
    struct buffer part = {0};
    struct error ignored;
    bool shown = false;
    for (; !shown && !view_was_cancelled(&ui->view) && query_so_far(&part, text, cut, view_subject(&ui->view)); cut++)
        shown = view_preview(&ui->view, (struct slice){part.data, part.len}, ui->prompt.index, &ignored);
    if (!shown && !view_was_cancelled(&ui->view))
        view_cancel(&ui->view);
    buffer_free(&part);
}

/*
 * While the text is not finished, show the result of the part that is; if it has an error, the last valid result
 * stays. A last word that may become a name is not searched for, or the table would go empty while `key(` is typed.
 */
static void filter_changed(struct ui *ui, struct slice text)
{
    struct prompt *p = &ui->prompt;
    bool is_partial = !is_blank_text(text) && query_ends_in_name(text, view_subject(&ui->view));
    p->is_faulty = false;
    if (is_blank_text(text)) {
        view_cancel(&ui->view);
    } else if (is_partial) {
        p->is_faulty = !view_is_filter(&ui->view, text, p->index, &p->fault);
        preview_so_far(ui, text, 1);
    } else {
        p->is_faulty = !view_preview(&ui->view, text, p->index, &p->fault) && !view_was_cancelled(&ui->view);
        if (p->is_faulty && p->fault.offset >= text.len)
            preview_so_far(ui, text, 0);
    }
    if (view_was_cancelled(&ui->view))
        note_cancelled(ui);
    else
        note_count(ui, !is_partial && !p->is_faulty);
}

/* Previews the whole text again, because the preview shown may be that of a part of it. */
static bool filter_accept(struct ui *ui, struct slice text)
{
    struct prompt *p = &ui->prompt;
    if (is_blank_text(text) || p->is_faulty)
        return false;
    if (!view_preview(&ui->view, text, p->index, &p->fault)) {
        note_cancelled(ui);
        return false;
    }
    view_accept(&ui->view);
    return true;
}

static void filter_cancel(struct ui *ui)
{
    view_cancel(&ui->view);
}

static void filter_complete(const struct ui *ui, struct slice text, struct suggestions *c)
{
    suggest_query(c, text, view_subject(&ui->view), &check_query_checks, ui->report);
}

static const struct prompt_kind filter_prompt = {.label = "& ",
    .help = "{complete}, {choose-next}, {choose-back} choose   {accept} filters   {cancel} back   "
        "{history-back} earlier filters", .history = HISTORY_FILTER,
    .changed = filter_changed, .accept = filter_accept, .cancel = filter_cancel, .complete = filter_complete,
    .teaches = true};

void ask_filter(struct ui *ui, struct slice text, size_t index)
{
    struct buffer whole = {0};
    buffer_puts(&whole, "");
    if (index != SIZE_MAX) {
        const struct view_filter *f = &ui->view.filters[index];
        buffer_printf(&whole, "%s%s", f->inverted ? "!" : "", f->text);
    } else {
        buffer_add(&whole, text.data, text.len);
    }
    ui->prompt.index = index;
    prompt_open(ui, &filter_prompt, (struct slice){whole.data, whole.len});
    ui->prompt.line.is_selected = false; /* typing adds to the filter, instead of replacing it as a proposal */
    buffer_free(&whole);
}

/* ---- search in the table: the cursor moves while the text is typed ------ */

static void search_bars(struct ui *ui, struct slice text, int step)
{
    size_t before = ui->bars.cursor;
    struct buffer place = {0};
    buffer_puts(&place, "");
    if (!overview_search(ui, text, step, &place))
        ui_say(ui, "no bar is named \"%.*s\"", (int)text.len, text.data);
    else
        ui_say(ui, "%s%s", place.data,
            ui->bars.cursor == before ? "; this is the only one"
            : (step > 0) == (ui->bars.cursor < before) ? "; wrapped" : "");
    buffer_free(&place);
}

static void search_rows_again(struct ui *ui, struct slice text, int step)
{
    size_t before = ui->view.cursor;
    bool was_found = view_search(&ui->view, text, step);
    if (view_was_cancelled(&ui->view))
        return;
    if (!was_found) {
        ui_say(ui, "no user shown contains \"%.*s\"", (int)text.len, text.data);
        return;
    }
    bool is_wrapped = step > 0 ? ui->view.cursor <= before : ui->view.cursor >= before;
    search_place_start(ui, text);
    search_place_say(ui, !is_wrapped ? "" : ui->view.cursor == before ? "this is the only one"
        : step > 0 ? "wrapped to the first one" : "wrapped to the last one");
}

void search_again(struct ui *ui, int step)
{
    struct slice text = {ui->search.data, ui->search.len};
    if (!text.len)
        ui_say_keys(ui, MODE_TABLE, "nothing to repeat; {search} searches");
    else if (ui->bars.is_open)
        search_bars(ui, text, step);
    else
        search_rows_again(ui, text, step);
}

static void search_changed(struct ui *ui, struct slice text)
{
    struct prompt *p = &ui->prompt;
    /* starts from the row before the one where the prompt was opened, so that this one can match too */
    view_move_to(&ui->view, p->origin);
    p->note.len = 0;
    p->counts_places = false;
    search_place_stop(ui);
    if (!text.len)
        return;
    size_t count = ui->view.count;
    view_move_to(&ui->view, p->origin ? p->origin - 1 : count ? count - 1 : 0);
    if (!view_search(&ui->view, text, 1)) {
        view_move_to(&ui->view, p->origin);
        buffer_puts(&p->note, view_was_cancelled(&ui->view) ? "cancelled" : "not found");
        return;
    }
    search_place_start(ui, text);
    p->counts_places = true;
    search_place_put(ui, &p->note);
}

/*
 * If TEXT is an access key ID, show the account that its format contains, and offer the command that finds its
 * owner for copying. Returns false if TEXT is no access key ID.
 */
static bool tell_key_id(struct ui *ui, struct slice text)
{
    struct whose w;
    struct whose_keys keys = {0};
    struct buffer command = {0}, count = {0}, copies = {0};
    if (!whose_find(&w, ui->session->context, ui->report, text))
        return false;
    if (w.account[0])
        keys = whose_active_keys(ui->report, slice_of(w.account));
    whose_put_keys(&count, &keys);
    whose_question(&command, &w);
    ui_put_keys(ui, &copies, MODE_TABLE, "; {copy} copies: ");
    if (!w.account[0])
        ui_say(ui, "an ID of the old format does not contain its account%s%s", copies.data, command.data);
    else if (w.kind == ACCESS_KEY_ID_TEMPORARY)
        ui_say(ui, "temporary credentials of account %s, by the ID's format%s%s", w.account, copies.data, command.data);
    else if (!keys.accounts)
        ui_say(ui, "account %s by the ID's format, not in these reports%s%s", w.account, copies.data, command.data);
    else
        ui_say(ui, "account %s by the ID's format: %s here%s%s", w.account, count.data, copies.data, command.data);
    buffer_free(&copies);
    copy_offer(ui, (struct slice){command.data, command.len});
    buffer_free(&command);
    buffer_free(&count);
    return true;
}

static bool search_accept(struct ui *ui, struct slice text)
{
    bool was_found = ui->prompt.counts_places;
    ui->search.len = 0;
    buffer_add(&ui->search, text.data, text.len);
    if (was_found)
        search_place_say(ui, "");
    else if (!tell_key_id(ui, text)) /* searches again, because the search while typing may have been cancelled */
        search_again(ui, 1);
    return true;
}

static void search_cancel(struct ui *ui)
{
    search_place_stop(ui);
    view_move_to(&ui->view, ui->prompt.origin);
}

static const struct prompt_kind search_prompt = {.label = "/",
    .help = "parts of a name, ARN, account name, tag or key ID   {accept} accept, {cancel} back",
    .history = HISTORY_SEARCH,
    .changed = search_changed, .accept = search_accept, .cancel = search_cancel};

void ask_search(struct ui *ui)
{
    prompt_open(ui, &search_prompt, slice_of(""));
}

/* ---- search in a list ----------------------------------------------------- */

static void list_search_changed(struct ui *ui, struct slice text)
{
    struct prompt *p = &ui->prompt;
    p->note.len = 0;
    ui->menu.cursor = p->origin;
    menu_light(ui, text);
    if (text.len && !menu_search(ui, text, 0, &p->note))
        buffer_puts(&p->note, "not found");
}

static bool list_search_accept(struct ui *ui, struct slice text)
{
    ui->menu.found.len = 0;
    buffer_add(&ui->menu.found, text.data, text.len);
    if (!menu_search(ui, text, 0, NULL))
        ui_say(ui, "nothing in this list contains \"%s\"", ui->menu.found.data);
    return true;
}

static void list_search_cancel(struct ui *ui)
{
    menu_light(ui, (struct slice){"", 0});
    ui->menu.cursor = ui->prompt.origin;
}

static const struct prompt_kind menu_search_prompt = {.label = "/",
    .help = "part of a line of the list   {accept} accept, {cancel} back", .history = HISTORY_SEARCH,
    .changed = list_search_changed, .accept = list_search_accept, .cancel = list_search_cancel};

void ask_menu_search(struct ui *ui)
{
    prompt_open(ui, &menu_search_prompt, slice_of(""));
}

/* ---- search on the overview ------------------------------------------------- */

static void overview_search_changed(struct ui *ui, struct slice text)
{
    struct prompt *p = &ui->prompt;
    p->note.len = 0;
    ui->bars.cursor = p->origin;
    search_place_stop(ui);
    if (!text.len)
        return;
    if (!overview_search(ui, text, 0, &p->note))
        buffer_puts(&p->note, "not found");
    search_place_start(ui, text); /* highlights TEXT in the bars */
}

static bool overview_search_accept(struct ui *ui, struct slice text)
{
    ui->search.len = 0;
    buffer_add(&ui->search, text.data, text.len);
    if (!overview_search(ui, text, 0, NULL))
        ui_say(ui, "no bar is named \"%s\"", ui->search.data);
    return true;
}

static void overview_search_cancel(struct ui *ui)
{
    search_place_stop(ui);
    ui->bars.cursor = ui->prompt.origin;
}

static const struct prompt_kind overview_search_prompt = {.label = "/",
    .help = "part of a bar's label   {accept} accept, {cancel} back", .history = HISTORY_SEARCH,
    .changed = overview_search_changed, .accept = overview_search_accept, .cancel = overview_search_cancel};

void ask_overview_search(struct ui *ui)
{
    prompt_open(ui, &overview_search_prompt, slice_of(""));
}
