/* The command line opened by `:` takes any action's name, some with an argument (WITH_ARGUMENT), or a row's number. */
#include "ui/command_prompt.h"

#include "audit/check_query.h"
#include "audit/credential_value.h"
#include "query/suggest.h"
#include "report/context_columns.h"
#include "ui/columns.h"
#include "ui/evidence_screen.h"
#include "ui/filter_search.h"
#include "ui/message.h"
#include "ui/prompt.h"
#include "ui/remedy_sheet.h"
#include "ui/screen.h"
#include "ui/state.h"
#include "ui/write.h"

#include <stdarg.h>
#include <stdio.h>

static bool command_fault(struct ui *ui, size_t offset, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool command_fault(struct ui *ui, size_t offset, const char *format, ...)
{
    va_list args;
    char text[256];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ui->prompt.is_faulty = true;
    return error_at(&ui->prompt.fault, offset, "%s", text);
}

/* ---- actions that take an argument ---------------------------------------------------------- */

static bool do_filter(struct ui *ui, struct slice text, struct error *err)
{
    return view_add_filter(&ui->view, text, false, err);
}

static bool do_sort(struct ui *ui, struct slice text, struct error *err)
{
    struct sort_order order;
    if (!sort_parse(&order, text, ui->view.keys ? &credential_sort_names : &sort_users, ui->report, err))
        return false;
    return view_sort(&ui->view, &order) || error_set(err, "cancelled");
}

static bool do_search(struct ui *ui, struct slice text, struct error *err)
{
    (void)err;
    ui->search.len = 0;
    buffer_add(&ui->search, text.data, text.len);
    search_again(ui, 1);
    return true;
}

/* TEXT is the name of a set to show, or a list of columns for the set that is shown. */
static bool do_columns(struct ui *ui, struct slice text, struct error *err)
{
    if (columns_choose_set(ui, text))
        return true;
    if (!column_sets_check(slice_of(columns_set_name(ui)), text.data, ui->report, false, err))
        return false;
    columns_use(ui, text.data);
    return true;
}

static bool do_count(struct ui *ui, struct slice text, struct error *err)
{
    enum column column = report_column_find(ui->report, text);
    if (column == COL_COUNT && context_columns_explain(text, ui->report->extra, "", err))
        return false;
    if (column == COL_COUNT) {
        struct buffer lists = {0};
        ui_put_keys(ui, &lists, MODE_PROMPT, "; {complete} lists them");
        error_set(err, "no column \"%.*s\"%s", (int)text.len, text.data, lists.data);
        buffer_free(&lists);
        return false;
    }
    counts_open_column(ui, column);
    return true;
}

static bool do_write(struct ui *ui, struct slice text, struct error *err)
{
    return write_to(ui, text, err);
}

static bool do_evidence(struct ui *ui, struct slice text, struct error *err)
{
    return evidence_make(ui, text, err) || !err->text[0];
}

static const struct {
    enum action action;
    const char *argument;
    /* Performs ACTION with TEXT, which ends with a NUL byte. Returns false with ERR set if that fails. */
    bool (*act)(struct ui *ui, struct slice text, struct error *err);
} with_argument[] = {
    {ACTION_FILTER, "QUERY", do_filter}, {ACTION_SORT, "LIST", do_sort}, {ACTION_SEARCH, "TEXT", do_search},
    {ACTION_COLUMNS, "SET or LIST", do_columns}, {ACTION_WRITE, "FILE", do_write},
    {ACTION_EVIDENCE, "DIR", do_evidence},
    {ACTION_WHOSE, "KEYID", whose_open}, {ACTION_COUNT_BY, "COLUMN", do_count},
};
enum { WITH_ARGUMENT = sizeof with_argument / sizeof with_argument[0] };

/* ---- the line ------------------------------------------------------------------------------- */

/*
 * Returns the action with this name, with this key in the table, or the only one whose name begins with NAME.
 * Otherwise returns ACTION_NONE, and NAMES lists the actions that NAME may be short for, if any.
 */
static enum action find_action(const struct ui *ui, struct slice name, struct buffer *names)
{
    enum action found = action_find(name), key = ACTION_NONE;
    size_t count = 0;
    uint32_t cp = keys_parse(name);
    if (cp != KEYS_NONE)
        key = keys_action(&ui->options->config.keymap, cp, MODE_TABLE);
    if (found != ACTION_NONE || key != ACTION_NONE)
        return found != ACTION_NONE ? found : key;
    for (enum action a = 0; a < ACTION_COUNT; a++) {
        if (strncmp(actions[a].name, name.data, name.len) != 0)
            continue;
        buffer_printf(names, "%s%s", count++ ? ", " : "", actions[a].name);
        found = a;
    }
    return count == 1 ? found : ACTION_NONE;
}

static bool unknown(struct ui *ui, struct slice name, const struct buffer *names)
{
    const char *near = action_nearest(name);
    if (names->len)
        return command_fault(ui, 0, "could be %s", names->data);
    struct buffer lists = {0};
    ui_put_keys(ui, &lists, MODE_PROMPT, "; {complete} lists them");
    command_fault(ui, 0, "no action \"%.*s\"%s%s%s", (int)name.len, name.data, near ? "; " : "",
        near ? near : "", near ? "?" : lists.data);
    buffer_free(&lists);
    return false;
}

/* Returns the argument: TEXT from offset AT on, without leading blanks. */
static struct slice rest_of_line(struct slice text, size_t at)
{
    while (at < text.len && text.data[at] == ' ')
        at++;
    return (struct slice){text.data + at, text.len - at};
}

static bool act_with(struct ui *ui, enum action action, struct slice text, struct slice rest)
{
    struct error err = {.offset = 0};
    for (size_t i = 0; i < WITH_ARGUMENT; i++) {
        if (with_argument[i].action != action)
            continue;
        return with_argument[i].act(ui, rest, &err)
            || command_fault(ui, (size_t)(rest.data - text.data) + err.offset, "%s", err.text);
    }
    return command_fault(ui, (size_t)(rest.data - text.data), "%s takes no argument", actions[action].name);
}

/* ":12" goes to row 12, as in less and vi. Returns false if TEXT is not a number. */
static bool go_to_row(struct ui *ui, struct slice text)
{
    size_t row = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || row > UINT32_MAX)
            return false;
        row = row * 10 + (size_t)(text.data[i] - '0');
    }
    view_move_to(&ui->view, row ? row - 1 : 0);
    return text.len > 0;
}

/* ":q" and ":q!" quit, as in less and vi; ":q!" without asking. Returns false for any other TEXT. */
static bool quits(struct ui *ui, struct slice text)
{
    bool anyway = slice_equal(text, slice_of("q!"));
    if (!anyway && !slice_equal(text, slice_of("q")))
        return false;
    ui->was_asked_to_quit |= anyway;
    prompt_close(ui);
    ui_request(ui, ACTION_QUIT, 1);
    return true;
}

/* Show WHY, a text for keys_fill(), as the reason why ACTION cannot be done. Returns false. */
static bool refuse_action(struct ui *ui, enum action action, const char *why)
{
    struct buffer filled = {0};
    keys_fill(&filled, &ui->options->config.keymap, why, ui_mode_below(ui));
    command_fault(ui, 0, "%s: %s", actions[action].name, filled.data);
    buffer_free(&filled);
    return false;
}

/* Execute TEXT, without blanks at its end and followed by a NUL byte. Returns false to keep the prompt open. */
static bool command_take(struct ui *ui, struct slice text)
{
    struct buffer names = {0};
    size_t n = 0;
    while (n < text.len && text.data[n] != ' ')
        n++;
    if (go_to_row(ui, text))
        return true;
    if (quits(ui, text))
        return true;
    enum action action = find_action(ui, (struct slice){text.data, n}, &names);
    struct slice rest = rest_of_line(text, n);
    const char *why;
    bool ok;
    if (action == ACTION_NONE)
        ok = unknown(ui, (struct slice){text.data, n}, &names);
    else if ((why = ui_refusal(ui, ui_mode_below(ui), action)))
        ok = refuse_action(ui, action, why);
    else
        ok = !rest.len || act_with(ui, action, text, rest);
    if (ok && !rest.len) {
        prompt_close(ui); /* first, because ui_refusal() allowed the action in the mode below the prompt */
        ui_request(ui, action, 1);
    }
    columns_settle(ui);
    buffer_free(&names);
    return ok;
}

/* Strips the blank that completion leaves behind a name. */
static bool command_accept(struct ui *ui, struct slice text)
{
    struct buffer whole = {0};
    while (text.len && text.data[text.len - 1] == ' ')
        text.len--;
    buffer_add(&whole, text.data, text.len);
    buffer_puts(&whole, "");
    bool ok = command_take(ui, (struct slice){whole.data, whole.len});
    buffer_free(&whole);
    return ok;
}

/* Complete names of actions; after "filter" names in queries, after "sort", "columns" and the count action columns. */
static void command_complete(const struct ui *ui, struct slice text, struct suggestions *c)
{
    static const char filter[] = "filter ";
    size_t n = 0, from = text.len;
    while (n < text.len && text.data[n] != ' ')
        n++;
    suggest_start(c, 0);
    if (n == text.len) {
        for (enum action a = 0; a < ACTION_COUNT; a++) {
            if (!ui_refusal(ui, ui_mode_below(ui), a))
                suggest_offer(c, text, actions[a].name);
        }
        return;
    }
    enum action action = action_find((struct slice){text.data, n});
    if (action == ACTION_FILTER) {
        size_t skip = sizeof filter - 1;
        suggest_query(c, (struct slice){text.data + skip, text.len - skip},
            view_subject(&ui->view), &check_query_checks, ui->report);
        c->from += skip;
        c->typed_from += skip;
    } else if (action == ACTION_SORT || action == ACTION_COLUMNS || action == ACTION_COUNT_BY) {
        while (from > n + 1 && text.data[from - 1] != ',' && text.data[from - 1] != '-' && text.data[from - 1] != ' ')
            from--;
        suggest_start(c, from);
        for (size_t i = 0; i < ui->sets.count && action == ACTION_COLUMNS && from == n + 1; i++)
            suggest_offer(c, text, ui->sets.list[i].name);
        for (int k = 0; k < CREDENTIAL_COLUMNS && ui->view.keys; k++)
            suggest_offer(c, text, credential_schema[k].name);
        for (enum column k = 0; k < COL_COUNT; k++)
            suggest_offer(c, text, schema[k].name);
        for (size_t k = 0; ui->report->extra && k < ui->report->extra->count; k++)
            suggest_offer(c, text, ui->report->extra->list[k].name);
    }
}

static const struct prompt_kind command_prompt = {.label = ":",
    .help = "an action such as sort -key_1_age, or a row's number   {complete} completes",
    .history = HISTORY_COMMAND, .accept = command_accept, .complete = command_complete};

void command_prompt_open(struct ui *ui)
{
    prompt_open(ui, &command_prompt, slice_of(""));
}

static bool whose_accept(struct ui *ui, struct slice text)
{
    struct error err;
    return whose_open(ui, slice_trimmed(text), &err) || command_fault(ui, 0, "%s", err.text);
}

static const struct prompt_kind whose_prompt = {.label = "Access key ID: ",
    .help = "whose it is, and how to contain a leak; AKIA...   {accept} find, {cancel} back",
    .history = HISTORY_WHOSE, .accept = whose_accept};

void whose_prompt_open(struct ui *ui)
{
    prompt_open(ui, &whose_prompt, slice_of(""));
}
