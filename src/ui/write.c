/* Writing the rows shown or marked to a file: its name, its format, and whether to overwrite an existing file. */
#include "ui/write.h"

#include "base/cancel.h"
#include "base/save.h"
#include "base/timestamp.h"
#include "export/credential_table.h"
#include "export/export.h"
#include "export/finding_table.h"
#include "export/sarif.h"
#include "export/users.h"
#include "history/time_columns.h"
#include "report/change.h"
#include "ui/columns.h"
#include "ui/judged.h"
#include "ui/menu.h"
#include "ui/message.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/state.h"
#include "ui/user_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void writing_free(struct writing *w)
{
    free(w->path);
    *w = (struct writing){0};
}

/* ---- the contents --------------------------------------------------------------------- */

/* Returns the marked rows or, if there are none, all rows shown. The caller frees them. */
static uint32_t *rows_to_write(const struct ui *ui, size_t *count)
{
    const struct view *v = &ui->view;
    if (v->mark_count && !v->keys)
        return view_chosen(v, count);
    uint32_t *rows = xcalloc(v->count + 1, sizeof *rows);
    *count = 0;
    for (size_t i = 0; i < v->count; i++) {
        if (!v->mark_count || view_is_marked(v, view_user(v, i)))
            rows[(*count)++] = v->rows[i];
    }
    return rows;
}

/*
 * The column set "report" is written exactly as -o csv does: the report's own columns in their order, values unchanged.
 */
static bool is_report_itself(const struct ui *ui, const struct export_format *format)
{
    return !format->people && strcmp(ui->sets.list[ui->set].value, "report") == 0;
}

/* Append COLUMN to the N COLUMNS unless they include it. Returns the new number of columns. */
static size_t add_column(struct users_column *columns, size_t n, enum column column)
{
    for (size_t i = 0; i < n; i++) {
        if (columns[i].known == column)
            return n;
    }
    columns[n] = (struct users_column){column, SIZE_MAX};
    return n + 1;
}

/*
 * Append the column that says why each user is listed, if there is one, and for formats that tell why, such as
 * Markdown, the severity. Returns the new number of columns.
 */
static size_t add_reasons(const struct ui *ui, const struct export_format *format, struct users_column *columns,
    size_t n)
{
    enum column why = time_columns_why(ui->report, ui->view.cancel);
    if (format->tells_why)
        n = add_column(columns, n, COL_SEVERITY);
    return why == COL_COUNT ? n : add_column(columns, n, why);
}

static void write_users(const struct ui *ui, const struct export_format *format, const uint32_t *rows, size_t count,
    FILE *out)
{
    struct set_column shown[COLUMN_SETS_COLUMNS_MAX];
    const struct report *r = ui->report;
    bool own = is_report_itself(ui, format);
    size_t n = own ? r->column_count : columns_shown(ui, shown);
    struct users_column *columns = xcalloc(n + 2, sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        size_t id = own ? COLUMN_SETS_RAW + i : shown[i].id;
        columns[i] = id < COLUMN_SETS_RAW || id >= COL_EXTRA ? (struct users_column){(enum column)id, SIZE_MAX}
            : (struct users_column){r->columns[id - COLUMN_SETS_RAW].known, id - COLUMN_SETS_RAW};
    }
    if (!own && !r->changes && (format->tells_why || table_has_why(ui)))
        n = add_reasons(ui, format, columns, n);
    struct users users;
    struct table table = users_table(&users, r, rows, count, columns, n, own);
    table.spreadsheet_safe = ui->options->spreadsheet_safe;
    table.cancel = ui->view.cancel;
    format->write(&table, ui->options->ascii, out);
    users_free(&users);
    free(columns);
}

static bool write_credentials(const struct ui *ui, const struct export_format *format, const uint32_t *ids,
    size_t count, FILE *out, struct error *err)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    struct credential_table c;
    struct buffer list = {0};
    size_t n = columns_shown(ui, columns);
    for (size_t i = 0; i < n; i++)
        columns[i].width = 0;
    column_sets_write(&list, ui->report, true, columns, n);
    bool ok = credential_table_choose(&c, ui->report, ids, count, list.data, format->people, err);
    struct table table = credential_table_get(&c);
    table.spreadsheet_safe = ui->options->spreadsheet_safe;
    table.cancel = ui->view.cancel;
    if (ok)
        format->write(&table, ui->options->ascii, out);
    credential_table_free(&c);
    buffer_free(&list);
    return ok;
}

/* Write the findings of the users of ROWS, each once, even if the rows are changes. */
static bool write_findings(const struct ui *ui, const uint32_t *rows, size_t count, FILE *out, struct error *err)
{
    struct findings f;
    uint32_t *users = xcalloc(count + 1, sizeof *users);
    if (count)
        memcpy(users, rows, count * sizeof *users);
    if (ui->report->changes)
        count = change_keep_users(ui->report->changes, users, count);
    findings_collect(&f, ui->report, users, count, ui->view.cancel);
    f.allowed = &ui->options->allowed;
    bool ok = findings_choose(&f, NULL, false, err);
    if (ok)
        sarif_write(&f, f.count, out);
    findings_free(&f);
    free(users);
    return ok;
}

static bool refuse_sarif(const struct ui *ui, struct error *err)
{
    struct buffer why = {0};
    ui_put_keys(ui, &why, MODE_TABLE, "sarif is a format of findings; leave the view of credentials ({keys}) first");
    error_set(err, "%s", why.data);
    buffer_free(&why);
    return false;
}

static bool write_chosen(const struct ui *ui, const struct export_format *format, const uint32_t *rows, size_t count,
    FILE *out, struct error *err)
{
    if (format->sarif && ui->view.keys)
        return refuse_sarif(ui, err);
    if (format->sarif)
        return write_findings(ui, rows, count, out, err);
    if (ui->view.keys)
        return write_credentials(ui, format, rows, count, out, err);
    write_users(ui, format, rows, count, out);
    return true;
}

static void write_counts(const struct ui *ui, const struct export_format *format, FILE *out)
{
    struct table table = count_by_table(&ui->counting.by);
    table.spreadsheet_safe = ui->options->spreadsheet_safe;
    table.cancel = ui->view.cancel;
    format->write(&table, ui->options->ascii, out);
}

/* Returns what is written one of, such as "user". */
static const char *noun(const struct ui *ui)
{
    return ui->counting.is_written ? "value" : ui_row_noun(ui);
}

/* Write, and say what was written. Returns false with ERR if it could not be. */
static bool write_now(struct ui *ui, struct error *err)
{
    const struct writing *w = &ui->writing;
    struct save s;
    char number[32];
    size_t count;
    if (!judged_all(ui, err))
        return false;
    uint32_t *rows = rows_to_write(ui, &count);
    bool ok = save_open(&s, w->path, err), is_cancelled = false;
    if (ok && ui->counting.is_written) {
        count = ui->counting.by.count;
        write_counts(ui, w->format, s.out);
    }
    if (ok) {
        ok = ui->counting.is_written || !judged_settle(ui) || write_chosen(ui, w->format, rows, count, s.out, err);
        is_cancelled = cancel_check(ui->view.cancel) || (ok && !save_wait(&s, ui->view.cancel));
        ok = save_close(&s, ok && !is_cancelled, err);
    }
    free(rows);
    if (is_cancelled)
        ui_say(ui, "nothing was written");
    else if (ok)
        ui_say(ui, "wrote %s %s%s as %s to %s", text_count(number, sizeof number, count), noun(ui),
            count == 1 ? "" : "s", w->format->name, w->path);
    else
        return false;
    ui->counting.is_written = false;
    return true;
}

/* The same for a list, which has closed: an error is shown, too. */
static void write_or_say(struct ui *ui)
{
    struct error err;
    if (!write_now(ui, &err))
        ui_say(ui, "%s", err.text);
    ui->counting.is_written = false;
}

/* ---- overwriting ------------------------------------------------------------------------ */

static size_t two(const struct ui *ui)
{
    (void)ui;
    return 2;
}

static void overwrite_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    if (index == 0)
        buffer_puts(&item->left, "no, keep it");
    else
        buffer_printf(&item->left, "yes, overwrite %s", ui->writing.path);
}

static void overwrite_act(struct ui *ui, size_t index, enum action action)
{
    (void)action;
    menu_close(ui);
    if (index == 1)
        write_or_say(ui);
    else
        ui_say(ui, "nothing was written");
}

static const struct menu_kind menu_overwrite = {"The file exists", "", {ACTION_OPEN, ACTION_NONE}, "xy", MENU_TEXTS,
    two, overwrite_item, overwrite_act, {NULL}};

/* Returns whether there is such a file; then the person is asked. */
static bool asks_to_overwrite(struct ui *ui)
{
    struct stat st;
    bool is_there = stat(ui->writing.path, &st) == 0;
    if (is_there)
        menu_open(ui, &menu_overwrite, NULL);
    return is_there;
}

/* ---- the format, if the name does not determine it ----------------------------------------- */

static size_t formats_count(const struct ui *ui)
{
    (void)ui;
    return export_format_count;
}

static void formats_item(const struct ui *ui, size_t index, struct menu_item *item)
{
    (void)ui;
    buffer_puts(&item->left, export_formats[index].name);
}

static void formats_act(struct ui *ui, size_t index, enum action action)
{
    (void)action;
    menu_close(ui);
    ui->writing.format = &export_formats[index];
    if (!asks_to_overwrite(ui))
        write_or_say(ui);
}

static const struct menu_kind menu_formats = {"In which format?", "", {ACTION_OPEN, ACTION_NONE}, menu_letters,
    MENU_TEXTS, formats_count, formats_item, formats_act, {NULL}};

/* ---- the name ----------------------------------------------------------------------------- */

bool write_to(struct ui *ui, struct slice path, struct error *err)
{
    writing_free(&ui->writing);
    ui->writing.path = config_file_name(path);
    ui->writing.format = export_find_by_path(ui->writing.path);
    if (ui->writing.format)
        return asks_to_overwrite(ui) || write_now(ui, err);
    menu_open(ui, &menu_formats, NULL);
    return true;
}

static bool write_name_accept(struct ui *ui, struct slice text)
{
    struct prompt *p = &ui->prompt;
    p->is_faulty = !write_to(ui, text, &p->fault);
    return !p->is_faulty;
}

static void name_cancel(struct ui *ui)
{
    ui->counting.is_written = false;
}

static void name_changed(struct ui *ui, struct slice text)
{
    struct buffer name = {0};
    size_t count;
    char number[32];
    buffer_add(&name, text.data, text.len);
    buffer_puts(&name, "");
    const struct export_format *format = export_find_by_path(name.data);
    free(rows_to_write(ui, &count));
    count = ui->counting.is_written ? ui->counting.by.count : count;
    ui->prompt.note.len = 0;
    buffer_printf(&ui->prompt.note, "%s %s%s%s%s", text_count(number, sizeof number, count), noun(ui),
        count == 1 ? "" : "s", format ? " as " : "", format ? format->name : "");
    buffer_free(&name);
}

/* Offer the same name with the extension of each format. */
static void name_complete(const struct ui *ui, struct slice text, struct suggestions *c)
{
    struct buffer name = {0};
    size_t stem = text.len, now = 0;
    (void)ui;
    for (size_t i = 0; i < text.len; i++)
        stem = text.data[i] == '.' ? i : text.data[i] == '/' ? text.len : stem;
    buffer_add(&name, text.data, text.len);
    buffer_puts(&name, "");
    const struct export_format *format = export_find_by_path(name.data);
    now = format ? (size_t)(format - export_formats) + 1 : 0;
    suggest_start(c, 0);
    for (size_t i = 0; i < export_format_count; i++) {
        name.len = stem;
        buffer_printf(&name, ".%s", export_formats[(now + i) % export_format_count].extension);
        suggest_offer(c, slice_of(""), name.data);
    }
    buffer_free(&name);
}

static const struct prompt_kind name_prompt = {.label = "write to: ",
    .help = "format by extension; {complete}: next format   {accept} write, {cancel} back", .history = HISTORY_FILE,
    .changed = name_changed, .accept = write_name_accept, .cancel = name_cancel, .complete = name_complete};

void write_ask(struct ui *ui)
{
    char stamp[32], name[64];
    timestamp_format(stamp, sizeof stamp, ui->report->as_of);
    snprintf(name, sizeof name, "ncred-%s%.10s.csv", ui->counting.is_written ? "counts-" : "", stamp);
    prompt_open(ui, &name_prompt, slice_of(name));
}
