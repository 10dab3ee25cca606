/*
 * Writes one file after another, each completely or not at all. README.md is last because it has the others' digests.
 */
#include <config.h>

#include "session/evidence.h"

#include "aws/arn.h"
#include "base/save.h"
#include "base/timestamp.h"
#include "context/context.h"
#include "export/finding_table.h"
#include "export/markdown.h"
#include "export/summary.h"
#include "export/users.h"
#include "history/diff.h"
#include "history/log.h"
#include "session/input_digest.h"
#include "session/report_page.h"
#include "session/unknown.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum evidence_file { EVIDENCE_FINDINGS, EVIDENCE_USERS, EVIDENCE_CHANGES, EVIDENCE_PAGE, EVIDENCE_README,
    EVIDENCE_FILES };

static const struct {
    const char *name, *what;
} evidence_files[EVIDENCE_FILES] = {
    [EVIDENCE_FINDINGS] = {"findings.csv", "one row per finding, waived ones too, with evidence, file and line"},
    [EVIDENCE_USERS] = {"users.csv", "one row per user: the report's columns, then ncred's"},
    [EVIDENCE_CHANGES] = {"changes.csv", "one row per change"},
    [EVIDENCE_PAGE] = {"report.html", "overview, findings and users as a page for a browser or paper"},
    [EVIDENCE_README] = {"README.md", "this file"},
};

/* A folder while it is being filled. */
struct folder {
    const struct evidence *e;
    const char *directory;
    struct {
        bool is_made;
        size_t rows;
        struct input_digest digest;
    } made[EVIDENCE_FILES];
    struct summary summary;
    int64_t *times; /* owned: of the reports in the history, in ascending order */
    size_t time_count;
    struct error *err;
};

/* ---- files ---- */

/* Writes the contents of a file. Output errors are left in OUT. Returns false if cancelled. */
typedef bool fill_file(struct folder *f, FILE *out);

static bool is_cancelled(const struct folder *f)
{
    return cancel_check(f->e->cancel);
}

static bool make_file(struct folder *f, enum evidence_file which, fill_file *fill)
{
    struct save s;
    struct buffer path = {0};
    if (!save_open_in(&s, f->directory, evidence_files[which].name, f->err))
        return false;
    errno = 0;
    bool goes_on = fill(f, s.out) && !is_cancelled(f) && save_wait(&s, f->e->cancel);
    bool ok = save_close(&s, goes_on, f->err) && goes_on;
    f->made[which].is_made = ok;
    buffer_printf(&path, "%s/%s", f->directory, evidence_files[which].name);
    if (ok && which != EVIDENCE_README)
        ok = input_digest_file(&f->made[which].digest, path.data, f->e->cancel);
    buffer_free(&path);
    return ok;
}

static void write_csv_table(struct folder *f, enum evidence_file which, struct table t, FILE *out)
{
    f->made[which].rows = t.row_count;
    t.cancel = f->e->cancel;
    t.spreadsheet_safe = f->e->options->spreadsheet_safe;
    export_find("csv")->write(&t, false, out);
}

static bool fill_findings(struct folder *f, FILE *out)
{
    const struct evidence *e = f->e;
    struct findings findings;
    struct error err;
    findings_collect(&findings, e->report, e->rows, e->count, e->cancel);
    findings.allowed = &e->options->allowed;
    if (!findings_choose(&findings, NULL, false, &err) || !column_list_choose(&findings.columns, "file,line", &err))
        abort(); /* a bug: a name in these lists is unknown */
    if (!is_cancelled(f))
        write_csv_table(f, EVIDENCE_FINDINGS, findings_table(&findings, SIZE_MAX), out);
    findings_free(&findings);
    return !is_cancelled(f);
}

static bool fill_users(struct folder *f, FILE *out)
{
    static const enum column derived[] = {COL_ACCOUNT, COL_SEVERITY, COL_FINDINGS, COL_WAIVED, COL_UNKNOWN_CHECKS,
        COL_LAST_ACTIVITY};
    const struct evidence *e = f->e;
    const struct report *r = e->report;
    size_t extra = r->extra ? r->extra->count : 0, n = 0;
    struct users_column *columns = xcalloc(r->column_count + sizeof derived / sizeof derived[0] + extra,
        sizeof *columns);
    struct users users;
    for (size_t i = 0; i < r->column_count; i++)
        columns[n++] = (struct users_column){r->columns[i].known, i};
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++)
        columns[n++] = (struct users_column){derived[i], SIZE_MAX};
    for (size_t i = 0; i < extra; i++) { /* columns of other files; the report's own were added above */
        if (r->extra->list[i].origin != EXTRA_REPORT)
            columns[n++] = (struct users_column){(enum column)(COL_EXTRA + i), SIZE_MAX};
    }
    write_csv_table(f, EVIDENCE_USERS, users_table(&users, r, e->rows, e->count, columns, n, false), out);
    users_free(&users);
    free(columns);
    return !is_cancelled(f);
}

static void write_changes(struct folder *f, const struct report *changes, const uint32_t *rows, size_t count,
    const char *list, FILE *out)
{
    struct users_column columns[16] = {{COL_ACCOUNT, SIZE_MAX}};
    struct users users;
    struct slice name;
    size_t n = 1;
    for (int width; column_list_next(&list, &name, &width) && n < sizeof columns / sizeof columns[0];)
        columns[n++] = (struct users_column){report_column_find(changes, name), SIZE_MAX};
    write_csv_table(f, EVIDENCE_CHANGES, users_table(&users, changes, rows, count, columns, n, false), out);
    users_free(&users);
}

static bool fill_given_changes(struct folder *f, FILE *out)
{
    const struct evidence *e = f->e;
    const char *columns = changes_are_a_log(e->changes->changes) ? log_columns : diff_columns;
    write_changes(f, e->changes, e->change_rows, e->change_count, columns, out);
    return !is_cancelled(f);
}

/*
 * The events of the chosen users, as rows of EVENTS; the caller frees them. Events of users that no longer exist are
 * included only if all users were chosen.
 */
static uint32_t *choose_events(const struct evidence *e, const struct report *events, size_t *count)
{
    uint32_t *rows = xcalloc(events->row_count + 1, sizeof *rows);
    bool *is_meant = xcalloc(e->report->row_count + 1, sizeof *is_meant);
    for (size_t i = 0; i < e->count; i++)
        is_meant[e->rows[i]] = true;
    *count = 0;
    for (uint32_t row = 0; row < events->row_count; row++) {
        uint32_t user = events->changes->entries[row].new_row;
        if (user == CHANGE_NO_ROW ? e->count == e->report->row_count : is_meant[user])
            rows[(*count)++] = row;
    }
    free(is_meant);
    return rows;
}

static bool fill_events(struct folder *f, FILE *out)
{
    const struct evidence *e = f->e;
    struct history_log log;
    bool ok = log_make(&log, e->report, e->audit, e->cancel, f->err);
    if (ok) {
        size_t count;
        struct sort_order newest;
        uint32_t *rows = choose_events(e, &log.report, &count);
        ok = sort_parse(&newest, slice_of(log_newest_first), &sort_users, &log.report, f->err);
        sort_rows(&newest, &log.report, rows, count, e->cancel);
        write_changes(f, &log.report, rows, count, log_columns, out);
        free(rows);
    }
    log_free(&log);
    return ok && !is_cancelled(f);
}

static bool fill_page(struct folder *f, FILE *out)
{
    const struct evidence *e = f->e;
    enum column triage[USERS_TRIAGE_MAX];
    struct users_column columns[USERS_TRIAGE_MAX + 1] = {{COL_SEVERITY, SIZE_MAX}};
    struct users users;
    size_t n = users_triage_columns(e->report, triage);
    for (size_t i = 0; i < n; i++)
        columns[1 + i] = (struct users_column){triage[i], SIZE_MAX};
    struct table table = users_table(&users, e->report, e->rows, e->count, columns, 1 + n, false);
    struct report_page page = {.report = e->report, .rows = e->rows, .count = e->count, .users = &table,
        .filters = e->filters, .filter_count = e->filters_are_of_changes ? 0 : e->filter_count,
        .history_counts_all_users = e->history_counts_all_users,
        .allowed = &e->options->allowed, .limit = SIZE_MAX, .ascii = e->options->ascii, .cancel = e->cancel};
    bool ok = report_page_write(&page, out) || ferror(out);
    users_free(&users);
    return ok && !is_cancelled(f);
}

/* ---- README.md: summary ---- */

static void put_cell_text(struct buffer *b, const char *text)
{
    markdown_text(b, slice_of(text), false);
}

static void put_accounts_line(struct buffer *b, const struct report *r)
{
    struct value account = r->row_count ? report_value(r, 0, COL_ACCOUNT) : (struct value){.state = STATE_ABSENT};
    if (r->account_count != 1 || account.state != STATE_VALUE) {
        buffer_printf(b, "- Accounts: %zu\n", r->account_count);
        return;
    }
    struct value name = report_value(r, 0, COL_ACCOUNT_NAME);
    buffer_puts(b, "- Account: ");
    markdown_text(b, account.text, false);
    if (name.state == STATE_VALUE) {
        buffer_puts(b, ", ");
        markdown_text(b, name.text, false);
    }
    buffer_putc(b, '\n');
}

static void put_about(struct buffer *b, const struct folder *f)
{
    const struct evidence *e = f->e;
    const struct report *r = e->report;
    char as_of[32], now[32];
    buffer_puts(b, "# Evidence from IAM credential reports\n\n");
    put_accounts_line(b, r);
    buffer_printf(b, "- As of: %s, %s\n", timestamp_format(as_of, sizeof as_of, r->as_of), report_page_origin(r));
    buffer_printf(b, "- Created: %s, by ncred " PACKAGE_VERSION "\n", timestamp_format(now, sizeof now, e->now));
    buffer_printf(b, "- Users: %zu of %zu\n", e->count, r->row_count);
    for (size_t i = 0; i < e->filter_count; i++) {
        buffer_put_all(b, "- Filter", e->filters_are_of_changes ? " of changes: " : ": ");
        put_cell_text(b, e->filters[i]);
        buffer_putc(b, '\n');
    }
    if (!e->filter_count)
        buffer_puts(b, "- Filters: none\n");
    buffer_puts(b, e->is_by_hand ? "- Chosen by hand: the users that were marked on screen\n" : "");
    buffer_put_all(b, "- Benchmark: ", benchmark_name(r->audit->settings.benchmark), "\n");
    if (r->audit->settings.central_root)
        buffer_puts(b, "- Root is managed centrally: any root credential in a member account is a finding\n");
    buffer_printf(b, "- Findings: %zu, and %zu that are waived\n", f->summary.all.findings, f->summary.all.waived);
}

static void put_made(struct buffer *b, const struct folder *f)
{
    buffer_puts(b, "\n## Files\n\n| file | what | rows | SHA-256 |\n| --- | --- | ---: | --- |\n");
    for (size_t i = 0; i < EVIDENCE_FILES; i++) {
        if (!f->made[i].is_made)
            continue;
        buffer_printf(b, "| %s | %s | ", evidence_files[i].name, evidence_files[i].what);
        if (i != EVIDENCE_PAGE)
            buffer_printf(b, "%zu", f->made[i].rows);
        buffer_put_all(b, " | `", f->made[i].digest.sha256, "` |\n");
    }
    if (!f->made[EVIDENCE_CHANGES].is_made)
        buffer_puts(b, "\nThere is no changes.csv, because no older report was read.\n");
}

static void put_item_line(void *out, struct slice text)
{
    buffer_puts(out, "- ");
    markdown_text(out, text, false);
    buffer_putc(out, '\n');
}

/* ---- README.md: inputs ---- */

/* REMARK, which may be NULL, stands before what D->why says. */
static void put_input(struct buffer *b, const char *name, const char *what, const struct input_digest *d,
    const char *remark)
{
    buffer_puts(b, "| ");
    put_cell_text(b, name);
    buffer_printf(b, " | %s | ", what);
    if (d->sha256[0])
        buffer_printf(b, "%llu | `%s` | ", (unsigned long long)d->size, d->sha256);
    else
        buffer_puts(b, "| | ");
    buffer_put_all(b, remark ? remark : "", remark && d->why ? "; " : "", d->why ? d->why : "", " |\n");
}

static bool put_file_input(struct buffer *b, const struct folder *f, const char *path, const char *what)
{
    struct input_digest d;
    if (!input_digest_file(&d, path, f->e->cancel))
        return false;
    put_input(b, path, what, &d, NULL);
    return true;
}

static int compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void list_times(struct folder *f)
{
    const struct chronicle *h = f->e->report->chronicle;
    f->time_count = h ? chronicle_report_count(h) : 0;
    f->times = xcalloc(f->time_count + 1, sizeof *f->times);
    for (size_t i = 0; i < f->time_count; i++)
        f->times[i] = chronicle_report(h, i)->time;
    qsort(f->times, f->time_count, sizeof *f->times, compare_times);
}

/* IS_OLD: the item is one of --diff OLD. */
static const char *input_role(const struct folder *f, const struct inputs_item *item, bool is_old)
{
    bool is_in_history = item->use != INPUTS_REPEATED && item->use != INPUTS_UNREADABLE
        && bsearch(&item->time, f->times, f->time_count, sizeof *f->times, compare_times);
    return item->is_part && item->is_older ? "report of some accounts, older report of others"
        : item->is_older ? is_in_history ? "older report, of the history" : "older report, not used"
        : item->left_out ? "not used" : !item->is_read ? "not read, or not to its end"
        : is_old ? "older report, of the comparison" : "report";
}

/* Append the source of a report, and the details and key IDs that AWS sent with it. */
static bool put_item(struct buffer *b, const struct folder *f, const struct inputs_item *item, bool is_old)
{
    struct input_digest d;
    struct cancel_token *cancel = f->e->cancel;
    if (!input_digest_item(&d, item, cancel))
        return false;
    put_input(b, strcmp(item->name, "-") == 0 ? "(stdin)" : item->name, input_role(f, item, is_old), &d,
        item->is_older ? inputs_use_text(item->use) : NULL);
    const struct buffer *const extras[] = {&item->details, &item->keys};
    static const char *const names[] = {"details", "key IDs"};
    for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
        if (!extras[i]->len)
            continue;
        if (!input_digest_bytes(&d, (struct slice){extras[i]->data, extras[i]->len}, cancel))
            return false;
        put_input(b, item->name, names[i], &d, NULL);
    }
    return true;
}

/* Whether an option names an input file. Reports and waivers are listed elsewhere. */
static bool is_input_option(const struct option_row *row)
{
    static const char *const others[] = {"save", "history", "waivers", "config", "evidence"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(row->name, others[i]) == 0)
            return false;
    }
    return row->kind == ARGUMENT_FILE;
}

static bool put_other_inputs(struct buffer *b, const struct folder *f)
{
    const struct options *o = f->e->options;
    bool ok = true;
    for (size_t i = 0; i < o->given_count && ok; i++) {
        if (is_input_option(o->given[i].row))
            ok = put_file_input(b, f, o->given[i].text, o->given[i].row->name);
    }
    for (const struct waivers *w = &f->e->audit->waivers; w && ok; w = w->more)
        ok = !w->file || put_file_input(b, f, w->file, "waivers");
    if (ok && o->config.path && access(o->config.path, R_OK) == 0)
        ok = put_file_input(b, f, o->config.path, "configuration");
    return ok;
}

static bool put_inputs(struct buffer *b, struct folder *f)
{
    bool ok = true;
    buffer_puts(b, "\n## Inputs\n\nSHA-256 of the files as they were on disk, compressed or not, when this folder was "
        "made.\n\n"
        "| input | what | bytes | SHA-256 | remark |\n| --- | --- | ---: | --- | --- |\n");
    list_times(f);
    if (f->e->options->demo)
        buffer_puts(b, "| built-in sample | report | | | part of ncred |\n");
    for (size_t side = 0; side < 2; side++) {
        const struct inputs *in = f->e->inputs[side];
        for (size_t i = 0; in && i < in->count && ok; i++)
            ok = put_item(b, f, &in->items[i], f->e->options->diff && side == 0);
        for (size_t i = 0; in && i < in->beside_count && ok; i++)
            ok = put_file_input(b, f, in->beside[i], "details or key IDs, beside the reports");
    }
    free(f->times);
    ok = ok && put_other_inputs(b, f);
    const struct inputs *first = f->e->inputs[0]; /* has the messages of the second inputs, too */
    const char *line = first && first->messages.len ? first->messages.data : "";
    for (size_t len; *line; line += len + (line[len] == '\n')) {
        len = strcspn(line, "\n");
        buffer_puts(b, line == first->messages.data ? "\n" : "");
        put_item_line(b, (struct slice){line, len});
    }
    return ok;
}

/* ---- README.md: checks and waivers ---- */

static void put_rules(struct buffer *b, const struct check_settings *s)
{
    size_t off = 0;
    for (size_t i = 0; i < check_count(); i++) {
        if (check_is_on(s, i))
            continue;
        buffer_put_all(b, off++ ? ", " : "\nChecks that are off: ", check_at(i)->id);
    }
    buffer_puts(b, off ? ".\n" : "");
    for (size_t i = 0; i < s->clause_count; i++) {
        const struct check_clause *c = &s->clauses[i];
        buffer_printf(b, "%s- Only for some users: %s ", i ? "" : "\n", check_at(c->check)->id);
        if (c->on && c->days != CHECK_DAYS_OF_OTHERS)
            buffer_printf(b, "= %dd", c->days);
        else
            buffer_puts(b, c->on ? "is on" : "is off");
        buffer_puts(b, " where ");
        put_cell_text(b, c->where);
        buffer_putc(b, '\n');
    }
    for (size_t i = check_built_in_count(); i < check_count(); i++) {
        buffer_put_all(b, i == check_built_in_count() ? "\n" : "", "- Own check ", check_at(i)->id, ": ");
        put_cell_text(b, check_at(i)->rule);
        buffer_putc(b, '\n');
    }
}

static void put_checks(struct buffer *b, const struct folder *f, FILE *out)
{
    buffer_puts(b, "\n## Checks and thresholds\n\nThresholds are in the titles. `ncred --help=checks` prints the "
        "queries.\n\n");
    fwrite(b->data, 1, b->len, out);
    b->len = 0;
    struct table table = summary_table(&f->summary, f->summary.has_since);
    export_find("markdown")->write(&table, false, out);
    put_rules(b, &f->e->report->audit->settings);
}

static void put_waivers(struct buffer *b, const struct folder *f)
{
    bool any = false;
    char until[32];
    buffer_puts(b, "\n## Waivers\n\n");
    for (const struct waivers *w = &f->e->audit->waivers; w; w = w->more) {
        for (size_t i = 0; i < w->count; i++) {
            const struct waiver *one = &w->list[i];
            if (!any)
                buffer_puts(b, "| user | check | until | in force | owner | reason | file |\n| --- | --- | --- | --- | "
                    "--- | --- | --- |\n");
            any = true;
            buffer_puts(b, "| ");
            markdown_text(b, one->user, false);
            buffer_printf(b, " | %s | %.10s | %s | ", check_at(one->check)->id,
                timestamp_format(until, sizeof until, one->until), one->until > f->e->report->as_of ? "yes" : "no");
            put_cell_text(b, one->owner);
            buffer_puts(b, " | ");
            put_cell_text(b, one->reason);
            buffer_puts(b, " | ");
            put_cell_text(b, w->file ? w->file : "");
            buffer_printf(b, ":%zu |\n", one->line);
        }
    }
    buffer_puts(b, any ? "" : "None.\n");
}

static bool fill_readme(struct folder *f, FILE *out)
{
    struct buffer b = {0};
    put_about(&b, f);
    put_made(&b, f);
    bool ok = put_inputs(&b, f);
    if (ok) {
        put_checks(&b, f, out);
        put_waivers(&b, f);
        buffer_puts(&b, "\n## Unknown\n\n");
        if (!unknown_tell(f->e->report, &f->summary.unjudged, put_item_line, &b))
            buffer_puts(&b, "Every check could judge every user, and the files have no problems.\n");
        fwrite(b.data, 1, b.len, out);
    }
    buffer_free(&b);
    return ok && !is_cancelled(f);
}

/* ---- the folder ---- */

static bool fill_folder(struct folder *f)
{
    const struct evidence *e = f->e;
    bool has_events = !e->changes && e->report->chronicle && chronicle_report_count(e->report->chronicle) > 1;
    audit_bind(e->audit, e->report);
    if (!make_file(f, EVIDENCE_FINDINGS, fill_findings) || !make_file(f, EVIDENCE_USERS, fill_users)
        || !make_file(f, EVIDENCE_PAGE, fill_page))
        return false;
    if ((e->changes || has_events) && !make_file(f, EVIDENCE_CHANGES, e->changes ? fill_given_changes : fill_events))
        return false;
    audit_bind(e->audit, e->report);
    summary_count(&f->summary, e->report, e->rows, e->count, &e->options->allowed);
    return make_file(f, EVIDENCE_README, fill_readme);
}

/* Remove an incomplete folder. Returns false if that fails. */
static bool remove_folder(const struct folder *f)
{
    struct buffer path = {0};
    for (size_t i = 0; i < EVIDENCE_FILES; i++) {
        path.len = 0;
        buffer_printf(&path, "%s/%s", f->directory, evidence_files[i].name);
        if (f->made[i].is_made)
            unlink(path.data);
    }
    buffer_free(&path);
    return save_remove_directory(f->directory);
}

bool evidence_write(const struct evidence *e, const char *directory, struct error *err)
{
    struct folder f = {.e = e, .directory = directory, .err = err};
    struct error why;
    err->text[0] = '\0';
    if (!save_make_directory(directory, err))
        return false;
    if (fill_folder(&f))
        return true;
    why = *err;
    if (!remove_folder(&f))
        error_set(err, "%s%s%s: what was written so far could not be removed", why.text, why.text[0] ? "; " : "",
            directory);
    return false;
}

void evidence_name(struct buffer *out, const struct report *r)
{
    struct value account = r->row_count ? report_value(r, 0, COL_ACCOUNT) : (struct value){.state = STATE_ABSENT};
    char stamp[32];
    buffer_puts(out, "evidence-");
    if (r->account_count != 1)
        buffer_printf(out, "%zu-accounts-", r->account_count);
    else if (account.state == STATE_VALUE && arn_account_number(account.text).len)
        buffer_printf(out, "%.*s-", (int)arn_account_number(account.text).len, arn_account_number(account.text).data);
    buffer_printf(out, "%.10s", timestamp_format(stamp, sizeof stamp, r->as_of));
}
