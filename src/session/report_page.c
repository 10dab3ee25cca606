/*
 * The page is written section by section; only counts are kept in memory, and table rows are written as they are made.
 */
#include <config.h>

#include "session/report_page.h"

#include "base/timestamp.h"
#include "browse/overview_counts.h"
#include "export/chosen_table.h"
#include "export/finding_table.h"
#include "export/html.h"
#include "export/trend_table.h"
#include "report/cell.h"
#include "session/unknown.h"

#include <stdlib.h>

/* Maximum number of bars in a section; the number of omitted ones follows. */
enum { BARS_MAX = 60 };

static bool flush_html(struct buffer *b, const struct report_page *p, FILE *out)
{
    if (b->len)
        fwrite(b->data, 1, b->len, out);
    b->len = 0;
    return !ferror(out) && !cancel_check(p->cancel);
}

static void put_number(struct buffer *b, size_t n)
{
    char number[32];
    buffer_puts(b, text_count(number, sizeof number, n));
}

const char *report_page_origin(const struct report *r)
{
    static const char *const words[][2] = {{"--as-of", "given with --as-of"}, {"report", "the time of the report"},
        {"file name", "the time in the name of the file"}, {"sample", "the time of the built-in sample"},
        {"now", "when ncred was started: no report contains its time"}};
    for (size_t i = 0; r->as_of_why && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i][0], r->as_of_why) == 0)
            return words[i][1];
    }
    return r->as_of_why ? r->as_of_why : "chosen on screen";
}

/* Numbers of findings. */
struct finding_counts {
    size_t severity[SEVERITY_COUNT]; /* findings that count */
    size_t waived, waived_of[CHECKS_MAX];
};

static void count_findings(struct finding_counts *c, const struct findings *f)
{
    enum { AT_ONCE = 256 };
    struct finding list[AT_ONCE];
    for (size_t from = 0, to; from < f->count && !cancel_check(f->cancel); from = to) {
        to = f->count - from < AT_ONCE ? f->count : from + AT_ONCE;
        findings_get(f, from, to, list);
        for (size_t i = 0; i < to - from; i++) {
            c->severity[list[i].severity] += !list[i].waiver;
            c->waived += list[i].waiver != NULL;
            c->waived_of[list[i].check] += list[i].waiver != NULL;
        }
    }
}

/* ---- summary ---- */

static void put_fact(struct buffer *b, const char *name)
{
    buffer_put_all(b, "<dt>", name, "</dt><dd>");
}

static void put_accounts_of(struct buffer *b, const struct report_page *p)
{
    const struct report *r = p->report;
    struct buffer text = {0};
    if (r->account_count == 1 && r->row_count) {
        cell_for_people(&text, r, 0, COL_ACCOUNT, p->ascii);
        if (report_value(r, 0, COL_ACCOUNT_NAME).state == STATE_VALUE) {
            buffer_puts(&text, ", ");
            cell_for_people(&text, r, 0, COL_ACCOUNT_NAME, p->ascii);
        }
        html_put(b, (struct slice){text.data, text.len}, p->ascii);
    } else {
        put_number(b, r->account_count);
        buffer_puts(b, " accounts");
    }
    buffer_free(&text);
}

static void put_facts(struct buffer *b, const struct report_page *p, size_t findings, const struct finding_counts *c)
{
    const struct report *r = p->report;
    char stamp[32];
    buffer_puts(b, "<dl>\n");
    put_fact(b, r->account_count == 1 ? "Account" : "Accounts");
    put_accounts_of(b, p);
    buffer_puts(b, "</dd>\n");
    put_fact(b, "As of");
    buffer_put_all(b, timestamp_format(stamp, sizeof stamp, r->as_of), ", ", report_page_origin(r), "</dd>\n");
    put_fact(b, "Users");
    put_number(b, p->count);
    if (p->count != r->row_count) {
        buffer_puts(b, " of ");
        put_number(b, r->row_count);
    }
    buffer_puts(b, "</dd>\n");
    for (size_t i = 0; i < p->filter_count; i++) {
        put_fact(b, "Filter");
        html_put(b, slice_of(p->filters[i]), p->ascii);
        buffer_puts(b, "</dd>\n");
    }
    put_fact(b, "Benchmark");
    buffer_put_all(b, benchmark_name(r->audit->settings.benchmark), "</dd>\n");
    put_fact(b, "Findings");
    put_number(b, findings - c->waived);
    for (int s = SEVERITY_CRITICAL; s > SEVERITY_NONE; s--) {
        buffer_puts(b, s == SEVERITY_CRITICAL ? ": " : ", ");
        put_number(b, c->severity[s]);
        buffer_put_all(b, " ", severity_name((enum severity)s));
    }
    if (c->waived) {
        buffer_puts(b, "; waived, and not among them: ");
        put_number(b, c->waived);
    }
    buffer_puts(b, "</dd>\n</dl>\n");
}

/* Append how many users have no finding that counts. */
static void put_gauge(struct buffer *b, const struct report_page *p)
{
    size_t clean = 0;
    for (size_t i = 0; i < p->count; i++)
        clean += audit_counted(p->report, p->rows[i]) == 0;
    if (!p->count)
        return;
    buffer_puts(b, "<p>");
    put_number(b, clean);
    buffer_puts(b, " of ");
    put_number(b, p->count);
    buffer_printf(b, " users have no finding (%u%%)</p>\n", (unsigned)((double)clean * 100 / (double)p->count));
    html_bar(b, clean, p->count, true, SEVERITY_NONE);
    buffer_putc(b, '\n');
}

/* ---- history ---- */

/* Append N, or "-" if the check could not run on that report. */
static void put_known_number(struct buffer *b, uint32_t n)
{
    if (n == HTML_UNKNOWN)
        buffer_putc(b, '-');
    else
        put_number(b, n);
}

/* Append column COLUMN of a trend as table cells: its first number, a line, its last number. */
static void put_history_cells(struct buffer *b, const struct table *t, size_t column, enum severity severity)
{
    struct buffer scratch = {0};
    uint32_t *numbers = xcalloc(t->row_count + 1, sizeof *numbers);
    for (size_t row = 0; row < t->row_count; row++) {
        struct value v = t->value(t, row, column, &scratch);
        numbers[row] = v.state == STATE_VALUE ? (uint32_t)v.number : HTML_UNKNOWN;
    }
    buffer_puts(b, "<td class=\"n\">");
    put_known_number(b, numbers[0]);
    buffer_puts(b, "</td><td>");
    html_line(b, numbers, t->row_count, severity);
    buffer_puts(b, "</td><td class=\"n\">");
    put_known_number(b, numbers[t->row_count - 1]);
    buffer_puts(b, "</td>");
    free(numbers);
    buffer_free(&scratch);
}

static size_t find_column_of(const struct table *t, const char *name)
{
    size_t i = 0;
    while (i < t->column_count && strcmp(t->columns[i].name, name) != 0)
        i++;
    return i;
}

/* Append the trend of users and of findings by severity. Trends of checks stand beside their bars. */
static void put_history(struct buffer *b, const struct report_page *p, const struct trend *trend, const struct table *t)
{
    static const struct {
        const char *column, *label;
        enum severity severity;
    } lines[] = {{"users", "users", SEVERITY_NONE}, {"critical", "findings of critical checks", SEVERITY_CRITICAL},
        {"high", "findings of high checks", SEVERITY_HIGH}, {"medium", "findings of medium checks", SEVERITY_MEDIUM},
        {"low", "findings of low checks", SEVERITY_LOW}};
    buffer_puts(b, "<h2>History</h2>\n");
    if (p->history_counts_all_users && p->filter_count)
        buffer_puts(b, "<p>Numbers of all users, whatever the filters.</p>\n");
    if (trend->always != trend->checks)
        buffer_puts(b, "<p>Checks that some of the reports could not run are left out.</p>\n");
    buffer_puts(b, "<table>\n<caption>First and last report</caption>\n<thead>\n<tr><th scope=\"col\">WHAT</th><th "
        "scope=\"col\" "
        "class=\"n\">FIRST</th><th scope=\"col\">TREND</th><th scope=\"col\" "
        "class=\"n\">LAST</th></tr>\n</thead>\n<tbody>\n");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        buffer_put_all(b, "<tr><th scope=\"row\">", lines[i].label, "</th>");
        put_history_cells(b, t, find_column_of(t, lines[i].column), lines[i].severity);
        buffer_puts(b, "</tr>\n");
    }
    buffer_puts(b, "</tbody>\n</table>\n");
}

/* Write the trend as numbers, without columns of checks, which would not fit on paper. */
static bool put_dates(const struct table *trend, const struct report_page *p, FILE *out)
{
    struct chosen_table c;
    struct error err;
    if (!chosen_table_make(&c, trend, "date,users,console_users,mfa_users,active_keys,critical,high,medium,low", &err))
        abort(); /* a bug: a name in this list is unknown */
    c.table.cancel = p->cancel;
    bool ok = html_table(&c.table, "One row per date of a report", p->ascii, out);
    chosen_table_free(&c);
    return ok;
}

/* ---- overview ---- */

/* Append a title such as "USERS BY LAST ACTIVITY" in lower case, except for its first letter. */
static void put_section_title(struct buffer *b, const char *title)
{
    for (size_t i = 0; title[i]; i++)
        buffer_putc(b, i && title[i] >= 'A' && title[i] <= 'Z' ? (char)(title[i] + 'a' - 'A') : title[i]);
}

/* Data shown beside the bars of checks. */
struct beside {
    const struct table *trend; /* NULL if there is no history */
    const struct finding_counts *counts;
};

static void put_bar_row(struct buffer *b, const struct report_page *p, const struct bar *bar, size_t most,
    const struct beside *beside)
{
    bool of_check = bar->severity != SEVERITY_NONE;
    buffer_puts(b, "<tr>");
    if (of_check)
        buffer_printf(b, "<td class=\"s s%d\">%s</td>", (int)bar->severity, severity_name(bar->severity));
    buffer_puts(b, "<th scope=\"row\">");
    html_put(b, (struct slice){bar->label.data, bar->label.len}, p->ascii);
    buffer_puts(b, "</th><td class=\"n\">");
    put_number(b, bar->count);
    if (of_check && beside->counts->waived) {
        buffer_puts(b, "</td><td class=\"n\">");
        put_number(b, beside->counts->waived_of[bar->check]);
    }
    buffer_puts(b, "</td><td>");
    html_bar(b, bar->count, most, false, bar->severity);
    buffer_puts(b, "</td>");
    if (of_check && beside->trend)
        put_history_cells(b, beside->trend, trend_column_of_check(beside->trend->source, bar->check), bar->severity);
    buffer_puts(b, "</tr>\n");
}

static void put_section(struct buffer *b, const struct report_page *p, const struct overview_counts *o,
    const struct overview_section *s, const struct beside *beside)
{
    bool of_checks = s->count && o->bars[s->first].severity != SEVERITY_NONE;
    size_t shown = s->count < BARS_MAX || of_checks ? s->count : BARS_MAX;
    buffer_puts(b, "<div>\n<table>\n<caption>");
    put_section_title(b, s->title);
    buffer_puts(b, "</caption>\n<thead>\n<tr>");
    if (of_checks)
        buffer_puts(b, "<th scope=\"col\">SEVERITY</th>");
    buffer_put_all(b, "<th scope=\"col\">", of_checks ? "CHECK" : "WHAT",
        "</th><th scope=\"col\" class=\"n\">USERS</th>",
        of_checks && beside->counts->waived ? "<th scope=\"col\" class=\"n\">WAIVED</th>" : "",
        "<th scope=\"col\">BAR</th>");
    if (of_checks && beside->trend)
        buffer_puts(b, "<th scope=\"col\" class=\"n\">FIRST</th><th scope=\"col\">TREND</th><th scope=\"col\" "
            "class=\"n\">LAST</th>");
    buffer_puts(b, "</tr>\n</thead>\n<tbody>\n");
    for (size_t i = 0; i < shown; i++)
        put_bar_row(b, p, &o->bars[s->first + i], s->most, beside);
    buffer_puts(b, "</tbody>\n</table>\n");
    if (shown < s->count) {
        buffer_puts(b, "<p>and ");
        put_number(b, s->count - shown);
        buffer_puts(b, " more</p>\n");
    }
    buffer_puts(b, "</div>\n");
}

/* ---- what is unknown ---- */

struct unknown_list {
    struct buffer *out;
    bool ascii;
};

static void put_unknown_line(void *list, struct slice text)
{
    const struct unknown_list *l = list;
    buffer_puts(l->out, "<li>");
    html_put(l->out, text, l->ascii);
    buffer_puts(l->out, "</li>\n");
}

static void put_unknown(struct buffer *b, const struct report_page *p, const struct findings *f)
{
    struct buffer lines = {0};
    struct unknown_list list = {&lines, p->ascii};
    if (unknown_tell(p->report, &f->unjudged, put_unknown_line, &list))
        buffer_put_all(b, "<h2>Not known</h2>\n<ul>\n", lines.data, "</ul>\n");
    buffer_free(&lines);
}

/* ---- tables ---- */

/* Write a table with a caption such as "Findings: 51, worst first" or "Findings: the first 10 of 51". */
static bool put_table(const struct report_page *p, const struct table *t, size_t all, const char *title,
    const char *order, FILE *out)
{
    struct buffer caption = {0};
    char shown[32], of[32];
    text_count(shown, sizeof shown, t->row_count);
    text_count(of, sizeof of, all);
    if (t->row_count < all)
        buffer_printf(&caption, "%s: the first %s of %s", title, shown, of);
    else
        buffer_printf(&caption, "%s: %s%s", title, shown, order);
    fprintf(out, "<h2>%s</h2>\n", title);
    bool ok = html_table(t, caption.data, p->ascii, out);
    buffer_free(&caption);
    return ok;
}

static bool put_findings_table(const struct report_page *p, struct findings *f, FILE *out)
{
    struct error err;
    f->allowed = p->allowed;
    if (!findings_choose(f, NULL, true, &err) || !column_list_choose(&f->columns, "file,line", &err))
        abort(); /* a bug: a name in these lists is unknown */
    struct table t = findings_table(f, p->limit);
    t.cancel = p->cancel;
    return put_table(p, &t, f->count, "Findings", ", worst first", out);
}

static bool put_users_table(const struct report_page *p, FILE *out)
{
    struct table t = *p->users;
    t.cancel = p->cancel;
    t.row_count = t.row_count < p->limit ? t.row_count : p->limit;
    return put_table(p, &t, p->count, "Users", "", out);
}

/* Write the overview, and the tables of the history if there is one. */
static bool put_overview(const struct report_page *p, const struct overview_counts *o,
    const struct finding_counts *counts, FILE *out)
{
    const struct report *r = p->report;
    struct trend trend = {0};
    struct table table = {0};
    struct beside beside = {.counts = counts};
    struct buffer b = {0};
    if (r->chronicle)
        trend_make(&trend, r, false);
    bool has_history = trend.count > 1, ok = true;
    if (has_history) {
        table = trend_table(&trend, SIZE_MAX);
        beside.trend = &table;
    }
    buffer_puts(&b, "<h2>Overview</h2>\n");
    put_gauge(&b, p);
    buffer_puts(&b, "<div class=\"side\">\n");
    for (size_t i = 0; i < o->section_count && ok; i++) {
        put_section(&b, p, o, &o->sections[i], &beside);
        ok = flush_html(&b, p, out);
    }
    buffer_puts(&b, "</div>\n");
    if (ok && has_history)
        put_history(&b, p, &trend, &table);
    ok = ok && flush_html(&b, p, out);
    ok = ok && (!has_history || put_dates(&table, p, out));
    buffer_free(&b);
    trend_free(&trend);
    return ok;
}

static bool write_sections(const struct report_page *p, struct findings *f, FILE *out)
{
    struct overview_counts o;
    struct buffer b = {0};
    struct finding_counts counts = {.waived = 0};
    count_findings(&counts, f);
    put_facts(&b, p, f->count, &counts);
    bool ok = overview_counts_build(&o, p->report, p->rows, p->count, &p->report->audit->settings, p->cancel)
        && flush_html(&b, p, out) && put_overview(p, &o, &counts, out);
    overview_counts_free(&o);
    if (ok) {
        put_unknown(&b, p, f);
        ok = flush_html(&b, p, out);
    }
    buffer_free(&b);
    return ok && put_findings_table(p, f, out) && put_users_table(p, out);
}

bool report_page_write(const struct report_page *p, FILE *out)
{
    struct findings f;
    findings_collect(&f, p->report, p->rows, p->count, p->cancel);
    html_begin(out, "IAM credential report", p->ascii);
    bool ok = !cancel_check(p->cancel) && write_sections(p, &f, out);
    if (ok)
        fputs("<footer><p>ncred " PACKAGE_VERSION "</p></footer>\n", out);
    if (ok)
        html_end(out);
    findings_free(&f);
    return ok && !ferror(out);
}
