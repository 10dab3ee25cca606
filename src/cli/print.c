/* Printing: each listing (users, credentials, findings, ...) has a function that fills a struct table and writes it. */
#include "cli/print.h"

#include "audit/baseline.h"
#include "report/cell.h"
#include "report/context_columns.h"
#include "audit/unjudged.h"
#include "config/command_line.h"
#include "export/chosen_table.h"
#include "export/column_list.h"
#include "audit/credential_value.h"
#include "export/count_by.h"
#include "export/credential_table.h"
#include "export/trend_table.h"
#include "history/diff.h"
#include "history/log.h"
#include "base/large_pages.h"
#include "base/timestamp.h"
#include "audit/remedy.h"
#include "export/sarif.h"
#include "config/column_sets.h"
#include "export/summary.h"
#include "export/users.h"
#include "session/evidence.h"
#include "session/past.h"
#include "session/report_page.h"

#include <errno.h>
#include <stdlib.h>

static void choose_columns(struct print_users *c, enum column known, size_t own)
{
    c->columns = xrealloc(c->columns, c->column_count + 1, sizeof *c->columns);
    c->columns[c->column_count++] = (struct users_column){known, own};
}

static void choose_own(struct print_users *c, const struct report *r)
{
    for (size_t i = 0; i < r->column_count; i++)
        choose_columns(c, r->columns[i].known, i);
}

/* Choose the column NAME, of the schema or one that only this report has. Returns false if there is none. */
static bool choose_name(struct print_users *c, const struct report *r, struct slice name)
{
    enum column known = report_column_find(r, name);
    if (known != COL_COUNT) {
        choose_columns(c, known, SIZE_MAX);
        return true;
    }
    for (size_t i = 0; i < r->column_count; i++) {
        if (slice_equal_nocase(name, slice_of(r->columns[i].name))) {
            choose_columns(c, COL_COUNT, i);
            return true;
        }
    }
    return false;
}

static bool choose_list(struct print_users *c, const struct report *r, const char *list, struct error *err)
{
    struct slice name;
    for (int width; column_list_next(&list, &name, &width);) { /* widths matter only on the screen */
        if (slice_equal_nocase(name, slice_of("report")))
            choose_own(c, r);
        else if (!choose_name(c, r, name))
            return !context_columns_explain(name, r->extra, "--columns: ", err)
                && error_set(err, "--columns: no column \"%.*s\", neither in the report nor in ncred --help=columns",
                (int)name.len, name.data);
    }
    return true;
}

static void choose_triage(struct print_users *c, const struct report *r)
{
    enum column triage[USERS_TRIAGE_MAX];
    size_t n = users_triage_columns(r, triage);
    enum column why = c->format->tells_why ? report_column_find(r, slice_of("why")) : COL_COUNT;
    if ((c->format->page || c->format->tells_why) && !r->changes)
        choose_columns(c, COL_SEVERITY, SIZE_MAX);
    for (size_t i = 0; i < n; i++)
        choose_columns(c, triage[i], SIZE_MAX);
    if (why != COL_COUNT)
        choose_columns(c, why, SIZE_MAX);
}

/*
 * Returns the users that match all filters, in ORDER, or in the report's order if that is empty. The caller frees them.
 */
static uint32_t *choose_rows(const struct options *o, const struct report *r, const struct sort_order *order,
    size_t *count)
{
    uint32_t *rows = large_pages_new(r->row_count, sizeof *rows);
    *count = r->row_count;
    for (uint32_t row = 0; row < r->row_count; row++)
        rows[row] = row;
    for (size_t i = 0; i < o->filter_count; i++)
        *count = query_keep(o->filters[i], r, rows, *count, false, NULL);
    if (o->only)
        *count = query_keep(o->only, r, rows, *count, false, NULL);
    sort_rows(order, r, rows, *count, NULL);
    return rows;
}

bool print_flush(FILE *out, struct error *err)
{
    bool failed = ferror(out);
    if ((fflush(out) == 0 && !failed) || errno == EPIPE)
        return true;
    return error_set(err, "cannot write: %s", strerror(errno));
}

/* Apply the options of the command line that hold for every table. */
static void prepare_table(struct table *t, const struct options *o, const struct export_format *format)
{
    t->spreadsheet_safe = o->spreadsheet_safe;
    t->continues = o->no_header && (format->lines || format->people) && !format->page;
}

/* Returns whether a table shows ages, which need the time that they are counted to. */
static bool tells_ages(const struct table *t)
{
    size_t i = 0;
    while (i < t->column_count && t->columns[i].type != TYPE_DURATION && strcmp(t->columns[i].name, "evidence") != 0)
        i++;
    return i < t->column_count;
}

bool print_users_choose(struct print_users *u, const struct options *o, const struct report *r,
    const struct export_format *format, struct error *err)
{
    *u = (struct print_users){.options = o, .format = format, .left = o->limit};
    u->own = !o->column_list && !format->people;
    if ((o->column_list == diff_columns || o->column_list == log_columns) && r->account_count > 1)
        choose_columns(u, r->account_names ? COL_ACCOUNT_NAME : COL_ACCOUNT, SIZE_MAX);
    if (o->column_list && !choose_list(u, r, o->column_list, err))
        return false;
    if (u->own)
        choose_own(u, r);
    else if (!o->column_list)
        choose_triage(u, r);
    return true;
}

void print_users_write(struct print_users *u, const struct report *r, const uint32_t *rows, size_t count, FILE *out)
{
    struct users users;
    count = count < u->left ? count : u->left;
    struct table table = users_table(&users, r, rows, count, u->columns, u->column_count, u->own);
    prepare_table(&table, u->options, u->format);
    table.continues |= u->has_begun;
    u->has_ages |= tells_ages(&table);
    u->format->write(&table, u->options->ascii, out);
    u->has_begun = true;
    u->left -= count;
    users_free(&users);
}

void print_users_free(struct print_users *u)
{
    free(u->columns);
}

/* Returns the order that lists the users with the worst findings first. */
static struct sort_order worst_first(const struct report *r)
{
    struct sort_order worst = {.count = 0};
    finding_worst_first(&worst, r);
    return worst;
}

/* Print the whole report as a page, which ends with the table of users. */
static bool print_page(const struct options *o, const struct report *r, const struct export_format *format,
    const struct sort_order *order, FILE *out, struct error *err)
{
    struct print_users u;
    struct users users;
    struct sort_order worst = worst_first(r);
    bool ok = print_users_choose(&u, o, r, format, err);
    if (ok) {
        size_t count;
        uint32_t *rows = choose_rows(o, r, order->count ? order : &worst, &count);
        struct table table = users_table(&users, r, rows, count, u.columns, u.column_count, false);
        struct report_page page = {.report = r, .rows = rows, .count = count, .users = &table,
            .history_counts_all_users = past_counts_all_users(o), .filters = o->filter_texts,
            .filter_count = o->filter_text_count,
            .allowed = &o->allowed, .limit = o->limit, .ascii = o->ascii};
        report_page_write(&page, out);
        users_free(&users);
        free(rows);
    }
    print_users_free(&u);
    return ok;
}

/* Below a table for people: print the time that its ages are counted to, and where that time comes from. */
static void tell_as_of(const struct options *o, const struct report *r, const struct export_format *format, FILE *out)
{
    char stamp[32];
    if (!format->people || format->page || o->no_header || !r->as_of_why)
        return;
    timestamp_format(stamp, sizeof stamp, r->as_of);
    if (strcmp(r->as_of_why, "now") == 0)
        fprintf(out, "\nAges as of %s (now: no report contains its time)\n", stamp);
    else
        fprintf(out, "\nAges as of %s (%s)\n", stamp, r->as_of_why);
}

void print_tell_now(const struct options *o, const struct report *r)
{
    bool is_table = o->listing == LIST_USERS || o->listing == LIST_FINDINGS || o->listing == LIST_KEYS;
    bool is_told = is_table && (!o->output || o->output->people) && !o->no_header; /* printed below the table */
    if (!is_told && options_ask_checks(o) && r->as_of_why && strcmp(r->as_of_why, "now") == 0)
        fputs("ncred: no report contains its time: ages are counted to now; see --as-of\n", stderr);
}

static void write_with_ages(const struct options *o, const struct table *t, const struct report *r,
    const struct export_format *format, FILE *out)
{
    format->write(t, o->ascii, out);
    if (tells_ages(t))
        tell_as_of(o, r, format, out);
}

static bool print_users(const struct options *o, const struct report *r, const struct export_format *format, FILE *out,
    struct error *err)
{
    struct print_users users;
    struct sort_order order;
    bool ok = print_users_choose(&users, o, r, format, err) && command_line_sort(o, r, &order, err)
        && (!r->changes || order.count || sort_parse(&order, slice_of(diff_worst_first), &sort_users, NULL, err));
    if (ok && options_order_by_findings(o))
        order = worst_first(r);
    if (ok && format->page && o->listing == LIST_USERS && !r->changes) {
        ok = print_page(o, r, format, &order, out, err);
    } else if (ok) {
        size_t count;
        uint32_t *rows = choose_rows(o, r, &order, &count);
        print_users_write(&users, r, rows, count, out);
        free(rows);
        if (users.has_ages && !r->changes)
            tell_as_of(o, r, format, out);
    }
    print_users_free(&users);
    return ok;
}

/* ---- findings of a comparison: the new ones, each once, with rows of the newer report ---- */

/* Returns the bit of the check that the user of change ROW in R fails anew, or 0 if the change is not a new finding. */
static uint64_t new_finding(const struct report *r, size_t row)
{
    const struct change_entry *e = &r->changes->entries[row];
    if (e->change != CHANGE_FINDING_NEW)
        return 0;
    size_t check = 0;
    while (check < check_count() && strcmp(check_at(check)->id, e->what) != 0)
        check++;
    return check < check_count() ? UINT64_C(1) << check : 0;
}

/*
 * Returns the rows of the newer report that the changes ROWS in R are about, each once, in this order; *NEW_CHECKS is
 * set to one word per row of that report: the checks the user fails anew. The caller frees both.
 */
static uint32_t *changed_users(const struct report *r, const uint32_t *rows, size_t count, size_t *user_count,
    uint64_t **new_checks)
{
    const struct report *new = r->changes->new;
    uint32_t *users = xcalloc(count + 1, sizeof *users);
    bool *seen = xcalloc(new->row_count + 1, sizeof *seen);
    *new_checks = xcalloc(new->row_count + 1, sizeof **new_checks);
    *user_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t user = r->changes->entries[rows[i]].new_row;
        if (user == CHANGE_NO_ROW)
            continue;
        (*new_checks)[user] |= new_finding(r, rows[i]);
        if (!seen[user])
            users[(*user_count)++] = user;
        seen[user] = true;
    }
    free(seen);
    return users;
}

/* Remove the findings of F that are not in NEW_CHECKS, which has one word per row of the newer report. */
static void keep_new(struct findings *f, const uint64_t *new_checks)
{
    size_t kept = 0;
    findings_list(f);
    for (size_t i = 0; i < f->count; i++) {
        if (new_checks[f->list[i].row] >> f->list[i].check & 1)
            f->list[kept++] = f->list[i];
    }
    f->count = kept;
}

/* Remove the findings of F that the baseline has; none if there is no baseline. */
static void drop_known(struct findings *f)
{
    size_t kept = 0;
    findings_list(f);
    for (size_t i = 0; i < f->count; i++) {
        if (!baseline_has(f->report, &f->list[i]))
            f->list[kept++] = f->list[i];
    }
    f->count = kept;
}

static void collect_new_findings(struct findings *f, const struct report *r, const uint32_t *rows, size_t count)
{
    uint64_t *new_checks;
    size_t user_count;
    uint32_t *users = changed_users(r, rows, count, &user_count, &new_checks);
    findings_collect(f, r->changes->new, users, user_count, NULL);
    keep_new(f, new_checks); /* makes F's own list, so USERS can be freed */
    free(users);
    free(new_checks);
}

static bool print_findings(const struct options *o, const struct report *r, const struct export_format *format,
    FILE *out, struct error *err)
{
    struct findings f;
    struct sort_order worst = worst_first(r), order;
    size_t count;
    uint32_t *rows = choose_rows(o, r, &worst, &count);
    if (r->changes)
        collect_new_findings(&f, r, rows, count);
    else
        findings_collect(&f, r, rows, count, NULL);
    if (!r->changes && r->audit && r->audit->baseline)
        drop_known(&f);
    f.allowed = &o->allowed;
    bool ok = command_line_sort(o, f.report, &order, err) && findings_choose(&f, o->column_list, format->people, err);
    if (ok)
        findings_sort(&f, &order);
    struct table table = findings_table(&f, o->limit);
    prepare_table(&table, o, format);
    if (ok && format->sarif)
        sarif_write(&f, table.row_count, out);
    else if (ok)
        write_with_ages(o, &table, f.report, format, out);
    findings_free(&f);
    free(rows);
    return ok;
}

/* Write T, a listing of something other than users, with the columns chosen on the command line. */
static bool write_table(const struct options *o, struct table t, const struct export_format *format, FILE *out,
    struct error *err)
{
    struct chosen_table c;
    prepare_table(&t, o, format);
    bool ok = chosen_table_make(&c, &t, o->column_list, err);
    if (ok)
        format->write(&c.table, o->ascii, out);
    chosen_table_free(&c);
    return ok;
}

/* Print one row per value of the column of --by. */
static bool print_by(const struct options *o, const struct report *r, const struct export_format *format, FILE *out,
    struct error *err)
{
    struct count_by by;
    size_t count;
    enum column column = report_column_find(r, slice_of(o->by));
    if (column == COL_COUNT && context_columns_explain(slice_of(o->by), r->extra, "--by: ", err))
        return false;
    if (column == COL_COUNT)
        return error_set(err, "--by: no column \"%s\", neither in the report nor in ncred --help=columns", o->by);
    uint32_t *rows = choose_rows(o, r, &o->sort, &count);
    bool ok = count_by_build(&by, r, column, rows, count, NULL, err);
    if (ok) {
        struct table table = count_by_table(&by);
        table.row_count = table.row_count < o->limit ? table.row_count : o->limit;
        ok = write_table(o, table, format, out, err);
    }
    count_by_free(&by);
    free(rows);
    return ok;
}

/* Count the findings of F that are not waived, by severity. Returns their total. */
static size_t count_by_severity(struct findings *f, size_t counts[SEVERITY_COUNT])
{
    size_t all = 0;
    memset(counts, 0, SEVERITY_COUNT * sizeof *counts);
    findings_list(f);
    for (size_t i = 0; i < f->count; i++) {
        counts[f->list[i].severity] += !f->list[i].waiver;
        all += !f->list[i].waiver;
    }
    return all;
}

/* Append such as "3 findings: 1 critical, 2 low"; KIND, such as "new ", precedes "findings". */
static void put_findings(struct buffer *b, const char *kind, size_t all, const size_t counts[SEVERITY_COUNT])
{
    const char *between = ": ";
    char number[32];
    buffer_printf(b, "%s %sfinding%s", text_count(number, sizeof number, all), kind, all == 1 ? "" : "s");
    for (int s = SEVERITY_CRITICAL; s > SEVERITY_NONE; s--) {
        if (!counts[s])
            continue;
        buffer_printf(b, "%s%s %s", between, text_count(number, sizeof number, counts[s]),
            severity_name((enum severity)s));
        between = ", ";
    }
}

static void put_accounts(struct buffer *b, const struct report *r)
{
    char number[32];
    struct value account = r->row_count ? report_value(r, 0, COL_ACCOUNT) : (struct value){.state = STATE_ABSENT};
    if (r->account_count == 1 && account.state == STATE_VALUE) {
        buffer_puts(b, "account ");
        cell_for_people(b, r, 0, COL_ACCOUNT, true);
        if (report_value(r, 0, COL_ACCOUNT_NAME).state == STATE_VALUE) {
            buffer_puts(b, " (");
            cell_for_people(b, r, 0, COL_ACCOUNT_NAME, false);
            buffer_putc(b, ')');
        }
        return;
    }
    buffer_printf(b, "%s account%s", text_count(number, sizeof number, r->account_count),
        r->account_count == 1 ? "" : "s");
}

/*
 * Print one line for chat: account, users, findings by severity, and new ones since the baseline or the older report.
 */
static bool print_summary_line(const struct options *o, const struct report *r, FILE *out)
{
    const struct report *now = r->changes ? r->changes->new : r;
    struct findings f;
    struct buffer line = {0};
    char number[32];
    size_t counts[SEVERITY_COUNT], count;
    uint32_t *rows = choose_rows(o, r, &(struct sort_order){.count = 0}, &count), *entries = NULL;
    size_t entry_count = count;
    if (r->changes) { /* filters select changes; the current findings are those of all users */
        entries = rows;
        rows = xcalloc(now->row_count + 1, sizeof *rows);
        for (count = 0; count < now->row_count; count++)
            rows[count] = (uint32_t)count;
    }
    findings_collect(&f, now, rows, count, NULL);
    size_t all = count_by_severity(&f, counts), waived = f.count - all;
    put_accounts(&line, now);
    buffer_printf(&line, ": %s user%s, ", text_count(number, sizeof number, count), count == 1 ? "" : "s");
    put_findings(&line, "", all, counts);
    if (waived)
        buffer_printf(&line, "; %s waived", text_count(number, sizeof number, waived));
    if (unjudged_checks(&f.unjudged))
        buffer_printf(&line, "; %s check%s unknown for some users",
            text_count(number, sizeof number, unjudged_checks(&f.unjudged)),
            unjudged_checks(&f.unjudged) == 1 ? "" : "s");
    if (entries) {
        uint64_t *new_checks;
        size_t users;
        free(changed_users(r, entries, entry_count, &users, &new_checks));
        keep_new(&f, new_checks);
        free(new_checks);
    } else if (now->audit && now->audit->baseline) {
        drop_known(&f);
    }
    if (r->changes || (now->audit && now->audit->baseline)) {
        all = count_by_severity(&f, counts);
        buffer_puts(&line, "; ");
        put_findings(&line, "new ", all, counts);
    }
    fprintf(out, "%s\n", line.data);
    buffer_free(&line);
    findings_free(&f);
    free(entries);
    free(rows);
    return true;
}

static bool print_summary(const struct options *o, const struct report *r, const struct export_format *format,
    FILE *out, struct error *err)
{
    struct summary s;
    size_t count;
    if (o->as_line)
        return print_summary_line(o, r, out);
    if (o->by)
        return print_by(o, r, format, out, err);
    uint32_t *rows = choose_rows(o, r, &o->sort, &count);
    summary_count(&s, r, rows, count, &o->allowed);
    bool ok = write_table(o, summary_table(&s, o->column_list != NULL), format, out, err);
    free(rows);
    return ok;
}

/*
 * Returns the credentials that match all filters, user by user in the report's order. The caller frees them and sorts
 * them.
 */
static uint32_t *choose_credentials(const struct options *o, const struct report *r, size_t *count)
{
    uint32_t *ids;
    *count = credential_list(r, 0, r->row_count, &ids);
    if (o->only)
        *count = query_keep_credentials(o->only, QUERY_USERS, r, ids, *count, false, NULL);
    for (size_t i = 0; i < o->filter_count; i++)
        *count = query_keep_credentials(o->filters[i], QUERY_CREDENTIALS, r, ids, *count, false, NULL);
    return ids;
}

static bool print_key_rows(const struct options *o, const struct report *r, const struct export_format *format,
    FILE *out, struct error *err)
{
    struct credential_table c;
    struct sort_order order;
    size_t count;
    if (!command_line_sort(o, r, &order, err))
        return false;
    if (!order.count)
        sort_parse(&order, slice_of(credential_worst_first), &credential_sort_names, NULL, err);
    uint32_t *ids = choose_credentials(o, r, &count);
    bool ok = credential_table_choose(&c, r, ids, count < o->limit ? count : o->limit, o->column_list, format->people,
        err);
    if (ok) /* C borrows IDS, and the first of them are written in their new order */
        credential_sort(&order, r, c.faults.first ? &c.faults : NULL, ids, count, NULL);
    struct table table = credential_table_get(&c);
    prepare_table(&table, o, format);
    if (ok)
        write_with_ages(o, &table, r, format, out);
    credential_table_free(&c);
    free(ids);
    return ok;
}

static bool write_piece(void *out, struct slice piece)
{
    return fwrite(piece.data, 1, piece.len, out) == piece.len;
}

static bool print_remedies(const struct options *o, const struct report *r, const struct export_format *format,
    FILE *out, struct error *err)
{
    struct sort_order worst = worst_first(r), order;
    size_t count;
    if (!command_line_sort(o, r, &order, err))
        return false;
    uint32_t *rows = choose_rows(o, r, order.count ? &order : &worst, &count);
    bool ok = strcmp(format->name, "text") == 0
        || error_set(err, "--remedies prints a shell script; it cannot be combined with --output");
    if (ok) /* a write error is a property of OUT, and print_flush() reports it */
        remedy_stream(r, rows, count < o->limit ? count : o->limit, NULL, write_piece, out);
    free(rows);
    return ok;
}

static bool print_trend(const struct options *o, const struct report *r, const struct export_format *format, FILE *out,
    struct error *err)
{
    struct trend t;
    trend_make(&t, r, o->by != NULL);
    trend_sort(&t, &o->sort);
    bool ok = write_table(o, trend_table(&t, o->limit), format, out, err);
    trend_free(&t);
    return ok;
}

static bool (*const printers[])(const struct options *, const struct report *, const struct export_format *, FILE *,
    struct error *) = {
    [LIST_USERS] = print_users,
    [LIST_FINDINGS] = print_findings,
    [LIST_SUMMARY] = print_summary,
    [LIST_KEYS] = print_key_rows,
    [LIST_REMEDIES] = print_remedies,
    [LIST_LOG] = print_users,
    [LIST_TREND] = print_trend,
};

bool print_evidence(const struct session *s, struct error *err)
{
    const struct options *o = s->options;
    const struct report *r = s->report;
    struct sort_order order;
    struct options everybody = *o;
    everybody.filter_count = 0; /* in a comparison, filters select changes, not users */
    struct evidence e = {.options = o, .audit = &s->audit,
        .inputs = {&s->sides[0].inputs, o->diff ? &s->sides[1].inputs : NULL},
        .report = r->changes ? r->changes->new : r, .changes = r->changes ? r : NULL,
        .filters_are_of_changes = r->changes != NULL, .filters = o->filter_texts,
        .filter_count = o->filter_text_count, .history_counts_all_users = past_counts_all_users(o), .now = s->now};
    const char *usual = o->listing == LIST_LOG ? log_newest_first : diff_worst_first;
    if (!command_line_sort(o, r, &order, err)
        || (r->changes && !order.count && !sort_parse(&order, slice_of(usual), &sort_users, NULL, err)))
        return false;
    struct sort_order worst = worst_first(e.report);
    uint32_t *changes = r->changes ? choose_rows(o, r, &order, &e.change_count) : NULL;
    bool sorts_users = !r->changes && (o->listing == LIST_USERS || o->listing == LIST_SUMMARY) && order.count;
    uint32_t *rows = choose_rows(r->changes ? &everybody : o, e.report, sorts_users ? &order : &worst, &e.count);
    e.change_rows = changes;
    e.rows = rows;
    bool ok = evidence_write(&e, o->evidence, err);
    free(changes);
    free(rows);
    return ok;
}

bool print_has_listing(const struct options *o)
{
    return !o->evidence || o->output || o->listing != LIST_USERS;
}

bool print_is_wanted(const struct options *o)
{
    bool has_screen = o->listing == LIST_USERS || o->listing == LIST_LOG || o->listing == LIST_TREND;
    return o->evidence || o->output || o->split || o->whose || !has_screen || o->fail_on != SEVERITY_NONE;
}

void print_tell_problems(const struct report *r)
{
    for (size_t i = 0; i < r->problem_count; i++) {
        char name[1024]; /* file names are untrusted */
        text_escape(name, sizeof name, slice_of(r->files[r->problems[i].file].name));
        fprintf(stderr, "ncred: %s:%zu: %s\n", name, r->problems[i].line, r->problems[i].text);
    }
}

/* Returns the report columns, one bit each, from which COLUMN is calculated. */
static uint32_t columns_behind(enum column column)
{
    uint32_t columns = 0;
    if (column >= COL_COUNT)
        return 0;
    bool is_use = column == COL_LAST_ACTIVITY || column == COL_IDLE;
    bool is_age = column == COL_OLDEST || column == COL_OLDEST_KEY;
    if (!is_use && !is_age && column != COL_ACTIVE_KEYS)
        return query_columns_behind(column);
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        const struct credential_columns *of = &credential_columns[c];
        bool is_key = c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2;
        if (is_use && of->used != COL_COUNT)
            columns |= UINT32_C(1) << of->used;
        else if (!is_use && (is_key || column == COL_OLDEST))
            columns |= UINT32_C(1) << of->active | (is_age ? UINT32_C(1) << of->made : 0);
    }
    return columns;
}

/*
 * Returns the report columns, one bit each, that the output depends on, so that it matters if a file lacks them. Output
 * that only copies the report depends on none.
 */
static uint32_t columns_that_matter(const struct options *o)
{
    uint32_t columns = !o->output || o->output->people || options_ask_checks(o) ? UINT32_MAX : 0;
    const char *list = o->column_list;
    struct slice name;
    for (size_t i = 0; i < o->filter_count; i++)
        columns |= query_columns(o->filters[i]);
    for (size_t i = 0; i < o->sort.count; i++)
        columns |= columns_behind(o->sort.keys[i].column);
    for (int width; column_list_next(&list, &name, &width);)
        columns |= columns_behind(schema_find(name));
    return columns;
}

void print_tell_missing(const struct options *o, const struct report *r)
{
    bool is_log = o->listing == LIST_LOG; /* the log also covers users who no longer exist */
    uint32_t columns = is_log ? 0 : columns_that_matter(o);
    for (size_t i = 0; i < r->file_count && columns; i++) {
        struct buffer text = {0};
        char name[1024];
        text_escape(name, sizeof name, slice_of(r->files[i].name));
        if (report_tell_missing(r, i, columns, &text))
            fprintf(stderr, "ncred: %s:%zu: %s\n", name, r->files[i].header_line, text.data);
        buffer_free(&text);
    }
}

/* Replace IDS, credentials grouped by user, by their users, each once. Returns the number of users. */
static size_t users_of(uint32_t *ids, size_t count)
{
    size_t users = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = credential_row(ids[i]);
        if (!users || ids[users - 1] != row)
            ids[users++] = row;
    }
    return users;
}

uint32_t *print_chosen_users(const struct options *o, const struct report *r, size_t *count)
{
    static const struct sort_order as_they_are = {.count = 0};
    if (o->listing != LIST_KEYS)
        return choose_rows(o, r, &as_they_are, count);
    uint32_t *ids = choose_credentials(o, r, count);
    *count = users_of(ids, *count);
    return ids;
}

/*
 * Report the checks named by --checks that could not be made, because a person who names a check relies on it. Returns
 * their number. Check listings report the others.
 */
static size_t tell_named_not_made(const struct options *o, const struct report *r)
{
    uint64_t named = o->check_list_count > o->configured_lists ? audit_not_made(r) & o->checks.on_given : 0;
    size_t count = 0;
    for (size_t i = 0; i < check_count(); i++) {
        if (named >> i & 1) {
            fprintf(stderr, "ncred: %s is skipped without --details\n", check_at(i)->id);
            count++;
        }
    }
    return count;
}

size_t print_tell_unjudged(const struct options *o, const struct report *r)
{
    struct unjudged u;
    size_t count;
    bool asked = o->listing == LIST_FINDINGS || o->listing == LIST_SUMMARY || o->listing == LIST_REMEDIES
        || o->fail_on != SEVERITY_NONE;
    if (!asked || !r->audit)
        return 0;
    const struct report *judged = r->changes ? r->changes->new : r;
    /* in a comparison, all users of the newer report: an unjudged one may have no change that filters could select */
    uint32_t *rows = r->changes ? NULL : print_chosen_users(o, r, &count);
    count = r->changes ? judged->row_count : count;
    unjudged_count(&u, judged, rows, count);
    for (size_t i = 0; i < unjudged_checks(&u); i++) {
        size_t check = unjudged_check(&u, i);
        struct buffer line = {0}, harmless = {0};
        unjudged_describe(&line, &u, check); /* a rule may name a column that no file has */
        text_harmless(&harmless, (struct slice){line.data, line.len}, false);
        fprintf(stderr, "ncred: %s is unknown for %s\n", check_at(check)->id, harmless.data);
        buffer_free(&line);
        buffer_free(&harmless);
    }
    free(rows);
    return unjudged_checks(&u) + tell_named_not_made(o, judged);
}

bool print_has_answers(const struct options *o, struct error *err)
{
    bool gave_up = false;
    for (size_t i = 0; i < o->filter_count; i++)
        gave_up |= query_gave_up(o->filters[i]);
    return !gave_up || error_set(err,
        "the regular expression of a filter takes too long for some users, who were taken "
        "for not matching: repeat nothing inside of a repetition");
}

bool print_listing(const struct options *o, const struct report *r, FILE *out, struct error *err)
{
    const struct export_format *format = o->output ? o->output : export_find("text");
    errno = 0;
    return printers[o->listing](o, r, format, out, err) && print_flush(out, err) && print_has_answers(o, err);
}

/*
 * Returns how many unwaived findings of SEVERITY or worse the credentials IDS have, which must be grouped by user; a
 * finding caused by two credentials of a user counts once.
 */
static size_t count_by_credentials(const struct report *r, const uint32_t *ids, size_t count, enum severity severity)
{
    struct audit_faults faults = audit_faults(r, NULL);
    uint64_t of_user = 0;
    size_t findings = 0;
    for (size_t i = 0; i < count; i++) {
        size_t row = credential_row(ids[i]);
        of_user = i && credential_row(ids[i - 1]) == row ? of_user : 0;
        uint64_t own = audit_faults_by(&faults, r, row, credential_slot(ids[i])) & audit_severe(r, row, severity)
            & ~of_user;
        findings += (size_t)__builtin_popcountll(own);
        of_user |= own;
    }
    audit_faults_free(&faults);
    return findings;
}

/* Returns how many findings of SEVERITY or worse are neither waived nor in the baseline. */
static size_t count_unknown_to_baseline(const struct report *r, const uint32_t *rows, size_t count,
    enum severity severity)
{
    struct findings f;
    size_t findings = 0;
    findings_collect(&f, r, rows, count, NULL);
    drop_known(&f);
    for (size_t i = 0; i < f.count; i++)
        findings += !f.list[i].waiver && f.list[i].severity >= severity;
    findings_free(&f);
    return findings;
}

size_t print_failing(const struct options *o, const struct report *r)
{
    static const struct sort_order as_they_are = {.count = 0};
    size_t failing = 0, count;
    if (o->fail_on == SEVERITY_NONE)
        return 0;
    uint32_t *ids = o->listing == LIST_KEYS ? choose_credentials(o, r, &count)
        : choose_rows(o, r, &as_they_are, &count);
    if (o->listing == LIST_KEYS)
        failing = count_by_credentials(r, ids, count, o->fail_on);
    else if (r->audit && r->audit->baseline)
        failing = count_unknown_to_baseline(r, ids, count, o->fail_on);
    else if (!r->changes)
        for (size_t i = 0; i < count; i++)
            failing += (size_t)__builtin_popcountll(audit_severe(r, ids[i], o->fail_on));
    for (size_t i = 0; i < count && r->changes; i++) /* the finding's severity, not its user's worst */
        failing += new_finding(r, ids[i]) && change_severity(r->changes, ids[i]) >= o->fail_on;
    free(ids);
    return failing;
}
