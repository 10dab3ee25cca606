/*
 * --help and its topics, generated from the tables of options, columns, query words, checks and keys; 80 columns wide.
 */
#include "cli/help.h"

#include "report/context_columns.h"
#include "report/credential.h"
#include "history/log.h"
#include "history/time_columns.h"
#include "export/finding_table.h"
#include "config/keys.h"
#include "config/option_words.h"

enum { HELP_WIDTH = 80 };

/* Print LEFT padded to INDENT columns, then TEXT, wrapped at blanks and indented. */
static void print_row(FILE *out, const char *left, int indent, const char *text)
{
    int at = fprintf(out, "%-*s", indent, left);
    if (indent && (int)strlen(left) >= indent)
        at = fprintf(out, "\n%*s", indent, "") - 1;
    for (bool first = true; *text; first = false) {
        int n = (int)strcspn(text, " ");
        if (!first && at + 1 + n > HELP_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        } else if (!first) {
            putc(' ', out);
            at++;
        }
        fwrite(text, 1, (size_t)n, out);
        at += n;
        text += n + (text[n] == ' ');
    }
    putc('\n', out);
}

static void print_option(const struct option_row *row, FILE *out)
{
    struct buffer left = {0}, help = {0};
    if (row->letter)
        buffer_printf(&left, "  -%c, --%s", row->letter, row->name);
    else
        buffer_printf(&left, "      --%s", row->name);
    if (row->argument && row->argument[0] == '[')
        buffer_printf(&left, "[=%s", row->argument + 1);
    else if (row->argument)
        buffer_printf(&left, " %s", row->argument);
    option_words_help(&help, row);
    print_row(out, left.data, 25, help.data);
    buffer_free(&help);
    buffer_free(&left);
}

static void print_options(const struct options *o, FILE *out)
{
    (void)o;
    fputs("Usage: ncred [OPTION]... [REPORT]...\n"
          "\n"
          "A terminal browser for AWS IAM credential reports, riskiest users first.\n"
          "REPORT is a credential report: the CSV, or the output of the AWS CLI (json,\n"
          "text, yaml) or the API (XML), gzipped or not; - is standard input. If standard\n"
          "output is not a terminal, or with -o, ncred prints the table. ncred is\n"
          "read-only: it changes neither the report nor anything in AWS.\n", out);
    for (enum option_group group = 0; group < GROUP_COUNT; group++) {
        fprintf(out, "\n%s:\n", option_group_titles[group]);
        for (size_t i = 0; i < option_row_count; i++) {
            if (option_rows[i].group == group)
                print_option(&option_rows[i], out);
        }
    }
    fputs("\n"
          "Examples:\n"
          "  ncred report.csv\n"
          "  ncred -f 'key(active and age > 90d)' -s -oldest_key -o text report.csv\n"
          "  ncred -f 'password_enabled and not mfa_active' -c user,arn -o csv report.csv\n"
          "\n"
          "Topics of --help=TOPIC:", out);
    for (size_t i = 0; i < help_topic_count; i++)
        fprintf(out, "%s %s", i ? "," : "", help_topics[i].name);
    fputs(".\nManual: ncred(1), ncred-query(7), ncred-checks(7), ncred-fetch(7),\nncred-history(7).\n", out);
}

static void print_column(FILE *out, const struct column_info *column)
{
    char left[64];
    snprintf(left, sizeof left, "  %-31s %-9s", column->name, type_name(column->type));
    print_row(out, left, 44, column->help);
}

static void print_described(FILE *out, const struct extra_description *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        print_column(out, &(struct column_info){.name = columns[i].name, .type = columns[i].type,
            .help = columns[i].help});
}

/* Print which columns the files of other options add. */
static void print_added(FILE *out)
{
    struct buffer text = {0};
    buffer_puts(&text, "Files of other options add columns.");
    for (enum context_column c = 0; c < CONTEXT_COLUMNS; c++) {
        bool is_first = c == 0 || strcmp(context_columns[c].source, context_columns[c - 1].source) != 0;
        if (is_first && c)
            buffer_puts(&text, ", and tag.KEY for each tag.");
        if (is_first)
            buffer_printf(&text, " %s: %s", context_columns[c].source, context_columns[c].name);
        else
            buffer_printf(&text, ", %s", context_columns[c].name);
    }
    buffer_puts(&text, ". --join: those of the table.");
    putc('\n', out);
    print_row(out, "", 0, text.data);
    buffer_free(&text);
}

static void print_columns(const struct options *o, FILE *out)
{
    (void)o;
    fputs("Columns for -c, -s and queries: first those of the report, then those that\n"
          "ncred calculates.\n\n", out);
    for (enum column c = 0; c < COL_COUNT; c++)
        print_column(out, &schema[c]);
    fputs("\nColumns about each user and its worst finding; most need older reports:\n\n", out);
    print_described(out, time_columns, TIME_COLUMNS);
    print_added(out);
    fputs("\nColumns of an event, with --log, besides those of changes:\n\n", out);
    print_described(out, log_own_columns, LOG_OWN_COLUMNS);
    fputs("\nColumns of a credential, with --keys; they take precedence over a user's column\nof the same name:\n\n",
        out);
    for (size_t i = 0; i < CREDENTIAL_COLUMNS; i++)
        print_column(out, &credential_schema[i]);
    fputs("\nColumns of a finding, for -c and -s with --findings:\n\n", out);
    for (size_t i = 0; i < finding_column_count; i++)
        print_column(out, &finding_columns[i]);
}

static void print_members(FILE *out, const struct query_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char left[64];
        snprintf(left, sizeof left, "  %-13s %-9s", members[i].name, type_name(members[i].type));
        print_row(out, left, 26, members[i].help);
    }
}

static void print_query(const struct options *o, FILE *out)
{
    static const char *const rows[][2] = {
        {"mfa_active", "a boolean column alone; false if the value is missing"},
        {"age > 90d", "comparison: = != < <= > >=; durations 90d 12w 6mo 1y 36h"},
        {"user_creation_time < 2024-01-31", "times, in UTC; also 2024-01-31T10:00Z, now"},
        {"user ~ '^svc-'", "a regular expression; case matters only if it contains a capital letter"},
        {"account in (111111111111, 222222222222)", "any of these"},
        {"password_last_used = never", "never used"},
        {"mfa_active = missing", "no value: n/a, no_information, not_supported, empty, malformed, or no such column"},
        {"jane", "a word alone: users whose name, ARN, path, account name or owner contains it"},
        {"fails(console-mfa)", "a check, by its id or number, such as fails(cis-1.10); ncred --help=checks lists them"},
        {"failing(console-mfa) > 30d",
            "since when a check fails, from older reports; also since(console-mfa) < 2026-01-31"},
        {"key(active and age > 90d)", "at least one key that matches everything inside"},
        {"cert(active)", "at least one signing certificate"},
        {"A and B, A or B, not A, (A)", "also A && B, A || B, !A"},
    };
    (void)o;
    fputs("A query is an expression that holds for a user or does not. Its names are the\n"
          "columns that ncred --help=columns lists. A comparison with a missing value is\n"
          "false, and its not is true.\n\n", out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char left[64];
        snprintf(left, sizeof left, "  %s", rows[i][0]);
        print_row(out, left, 35, rows[i][1]);
    }
    fputs("\nShort names: ", out);
    for (size_t i = 0; i < schema_alias_count; i++)
        fprintf(out, "%s%s is %s", i ? ", " : "", schema_aliases[i].name, schema[schema_aliases[i].column].name);
    fputs("\n\nInside key(...):\n", out);
    print_members(out, query_key_members, query_key_member_count);
    fputs("\nInside cert(...):\n", out);
    print_members(out, query_cert_members, query_cert_member_count);
}

static void print_checks(const struct options *o, FILE *out)
{
    fputs("Checks, for fails(...): severity, number in the benchmark that --benchmark\n"
          "chooses, and the query that holds for a user that fails. Checks that need\n"
          "--details are skipped without it; unknown(...) then holds for every user.\n", out);
    for (size_t i = 0; i < check_count(); i++) {
        struct buffer line = {0}, predicate = {0};
        char left[80];
        check_title(&line, i, &o->checks);
        if (check_has_number(check_at(i), o->checks.benchmark)) {
            buffer_puts(&line, " (");
            check_number(&line, check_at(i), o->checks.benchmark);
            buffer_putc(&line, ')');
        }
        buffer_puts(&line, check_at(i)->needs ? "; needs --details" : "");
        buffer_puts(&line, o->checks.on >> i & 1 ? "" : check_is_on(&o->checks, i) ? "; off for others" : "; off");
        snprintf(left, sizeof left, "  %-17s %s", check_at(i)->id, severity_name(check_severity(i, &o->checks)));
        putc('\n', out);
        print_row(out, left, 30, line.data);
        check_predicate(&predicate, i, &o->checks);
        print_row(out, "", 4, predicate.data);
        buffer_free(&line);
        buffer_free(&predicate);
    }
}

/*
 * Print what a check means in one benchmark: number, threshold, scope, severity. ncred-checks(7) contains the same
 * rows.
 */
static void print_meaning(const struct check *base, size_t check, enum benchmark benchmark, FILE *out)
{
    struct check c = check_meaning(check, benchmark);
    struct buffer difference = {0};
    char days[16] = "-";
    const char *number = check_number_in(base, benchmark);
    number = number ? number : "-";
    if (c.days)
        snprintf(days, sizeof days, "%dd", c.days);
    int n = (int)strcspn(number, " ");
    fprintf(out, "  %-12s %-36.*s %4s  %-7s  %s\n",
        benchmark == BENCHMARK_CIS_1_4 ? "cis-1.4..4.0" : benchmark_name(benchmark), n, number, days, c.scope,
        severity_name(c.severity));
    for (number += n; *number; number += n + 1) {
        n = (int)strcspn(number + 1, " ");
        fprintf(out, "  %-12s %.*s\n", "", n, number + 1);
    }
    if (c.difference) {
        check_fill(&difference, c.difference, c.days);
        fprintf(out, "    %s\n", difference.data);
    }
    buffer_free(&difference);
}

static void print_benchmarks(const struct options *o, FILE *out)
{
    (void)o;
    fputs("How each benchmark defines each check: number, threshold, the users that it\n"
          "applies to, severity, and below that any difference from ncred's own definition,\n"
          "which has the numbers of CIS 1.4 to 4.0. If a benchmark has no row, it has no such\n"
          "check, and ncred's own definition applies.\n", out);
    for (size_t i = 0; i < check_count(); i++) {
        const struct check *c = check_at(i);
        fprintf(out, "\n%s\n", c->id);
        for (enum benchmark b = BENCHMARK_NCRED; b < BENCHMARK_COUNT; b++) {
            if (b == BENCHMARK_NCRED || check_number_in(c, b))
                print_meaning(c, i, b, out);
        }
    }
}

static void print_key_help(const struct options *o, FILE *out)
{
    const char *group = "";
    fputs("Keys on screen, and the names of their actions.\n", out);
    for (enum action a = 0; a < ACTION_COUNT; a++) {
        struct buffer keys = {0};
        char left[64];
        buffer_puts(&keys, "");
        keys_of(&keys, &o->config.keymap, a, ~0U, SIZE_MAX);
        if (strcmp(group, actions[a].group) != 0)
            fprintf(out, "\n%s:\n", group = actions[a].group);
        snprintf(left, sizeof left, "  %-14s %s", actions[a].name, keys.data);
        print_row(out, left, 34, actions[a].help);
        buffer_free(&keys);
    }
}

const struct help_topic help_topics[] = {
    {"options", print_options}, {"columns", print_columns}, {"query", print_query}, {"checks", print_checks},
    {"benchmarks", print_benchmarks}, {"keys", print_key_help}};
const size_t help_topic_count = sizeof help_topics / sizeof help_topics[0];

const struct help_topic *help_find(const char *name, struct error *err)
{
    for (size_t i = 0; i < help_topic_count; i++) {
        if (strcmp(help_topics[i].name, name) == 0)
            return &help_topics[i];
    }
    struct buffer names = {0};
    for (size_t i = 0; i < help_topic_count; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", help_topics[i].name);
    error_set(err, "--help: no topic \"%s\"; there are %s", name, names.data);
    buffer_free(&names);
    return NULL;
}
