/* The table of options, and the function of each. */
#include "config/options.h"

#include "aws/access_key_id.h"
#include "config/option_words.h"
#include "export/column_list.h"
#include "audit/credential_value.h"
#include "config/column_sets.h"
#include "base/timestamp.h"
#include "audit/check_query.h"

#include <errno.h>
#include <stdlib.h>

bool options_gives_names(struct slice name)
{
    static const char *const giving[] = {"join", "details", "key-ids", "with", "demo"};
    size_t i = 0;
    while (i < sizeof giving / sizeof giving[0] && !slice_equal(name, slice_of(giving[i])))
        i++;
    return i < sizeof giving / sizeof giving[0];
}

bool options_can_parse(const struct options *o, struct slice query, struct error *err)
{
    struct error ignored;
    struct query *q = o->checks.other_names ? check_query_parse_late(query, QUERY_USERS, o->checks.benchmark, err)
        : check_query_parse(query, QUERY_USERS, o->checks.benchmark, err);
    q = q ? q : check_query_parse(query, QUERY_CREDENTIALS, o->checks.benchmark, &ignored);
    bool ok = q != NULL;
    query_free(q);
    return ok;
}

static bool set_filter_option(struct option_context *c, const char *argument)
{
    struct options *o = c->options;
    if (o->filter_text_count == OPTIONS_FILTERS_MAX)
        return error_set(c->err, "at most %d filters", OPTIONS_FILTERS_MAX);
    if (c->configured && !options_can_parse(o, slice_of(argument), c->err))
        return false;
    o->filter_texts[o->filter_text_count++] = argument;
    return true;
}

static bool set_benchmark(struct option_context *c, const char *argument)
{
    struct check_settings *s = &c->options->checks;
    enum benchmark benchmark = benchmark_find(slice_of(argument));
    if (benchmark < BENCHMARK_COUNT) {
        check_settings_choose(s, benchmark, s->central_root);
        return true;
    }
    return option_words_refuse(c->err, "benchmark", argument, ARGUMENT_BENCHMARK);
}

static bool set_checks(struct option_context *c, const char *argument)
{
    struct options *o = c->options;
    if (o->check_list_count == OPTIONS_FILTERS_MAX)
        return error_set(c->err, "at most %d lists", OPTIONS_FILTERS_MAX);
    struct check_settings tried = o->checks;
    if (c->configured && !check_settings_edit(&tried, slice_of(argument), c->err))
        return false;
    o->check_lists[o->check_list_count++] = argument;
    return true;
}

static bool is_yes(const char *argument)
{
    return strcmp(argument, "no") != 0;
}

static bool set_central_root(struct option_context *c, const char *argument)
{
    struct check_settings *s = &c->options->checks;
    check_settings_choose(s, s->benchmark, is_yes(argument));
    return true;
}

static bool set_waivers(struct option_context *c, const char *argument)
{
    struct options *o = c->options;
    if (o->waiver_count == OPTIONS_WAIVERS_MAX)
        return error_set(c->err, "at most %d files of waivers", OPTIONS_WAIVERS_MAX);
    o->waivers[o->waiver_count++] = argument;
    return true;
}

static bool add_context_file(struct option_context *c, struct context_files *files, const char *path)
{
    if (files->count == CONTEXT_FILES_MAX)
        return error_set(c->err, "at most %d files", CONTEXT_FILES_MAX);
    files->paths[files->count++] = path;
    return true;
}

static bool set_join(struct option_context *c, const char *argument)
{
    return add_context_file(c, &c->options->context.joins, argument);
}

static bool set_details(struct option_context *c, const char *argument)
{
    return add_context_file(c, &c->options->context.details, argument);
}

static bool set_whose(struct option_context *c, const char *argument)
{
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE];
    if (access_key_id_parse(slice_trimmed(slice_of(argument)), account) == ACCESS_KEY_ID_NONE)
        return error_set(c->err, "expected an access key ID such as AKIAIOSFODNN7EXAMPLE");
    c->options->whose = c->options->wish.whose = argument;
    return true;
}

static bool set_key_ids(struct option_context *c, const char *argument)
{
    return add_context_file(c, &c->options->context.key_ids, argument);
}

static bool set_fail_on(struct option_context *c, const char *argument)
{
    enum severity severity = severity_find(slice_of(argument));
    if (severity <= SEVERITY_NONE || severity >= SEVERITY_COUNT)
        return error_set(c->err, "expected low, medium, high or critical, got \"%s\"", argument);
    c->options->fail_on = severity;
    return true;
}

static bool set_no_header(struct option_context *c, const char *argument)
{
    c->options->no_header = is_yes(argument);
    return true;
}

static bool set_allow_unknown(struct option_context *c, const char *argument)
{
    c->options->allow_unknown = is_yes(argument);
    return true;
}

static bool set_list(struct option_context *c, enum listing_kind kind, bool yes)
{
    struct options *o = c->options;
    if (!yes) {
        o->listing = o->listing == kind ? LIST_USERS : o->listing;
        return true;
    }
    if (!c->configured && o->listing_given && o->listing != kind)
        return error_set(c->err, "one of --findings, --summary, --keys, --remedies, --log and --trend at a time");
    o->listing_given |= !c->configured;
    o->listing = kind;
    return true;
}

#define LISTING(name, kind) \
    static bool set_##name(struct option_context *c, const char *argument) \
    { \
        return set_list(c, kind, is_yes(argument)); \
    }
LISTING(findings, LIST_FINDINGS)
LISTING(summary, LIST_SUMMARY)
LISTING(keys, LIST_KEYS)
LISTING(remedies, LIST_REMEDIES)
LISTING(log, LIST_LOG)
LISTING(trend, LIST_TREND)

static bool set_by(struct option_context *c, const char *argument)
{
    if (!*argument)
        return error_set(c->err, "expected a column, such as account or path");
    c->options->by = argument;
    return true;
}

static bool set_split(struct option_context *c, const char *argument)
{
    if (!*argument)
        return error_set(c->err, "expected a column, such as account or tag.Team");
    c->options->split = argument;
    return true;
}

static bool set_sort(struct option_context *c, const char *argument)
{
    struct sort_order tried;
    bool is_late;
    struct error ignored;
    if (c->configured && !c->options->checks.other_names
        && !sort_parse_late(&tried, slice_of(argument), &sort_users, true, &is_late, c->err)
        && !sort_parse(&tried, slice_of(argument), &credential_sort_names, NULL, &ignored))
        return false;
    c->options->sort_list = argument;
    return true;
}

/* The columns of a list that are in the schema. */
struct listed_columns {
    enum column list[OPTIONS_COLUMNS_MAX];
    size_t count;
};

static bool add_columns(struct listed_columns *l, enum column first, enum column last, struct error *err)
{
    for (enum column column = first; column <= last; column++) {
        if (l->count == OPTIONS_COLUMNS_MAX)
            return error_set(err, "at most %d columns", OPTIONS_COLUMNS_MAX);
        l->list[l->count++] = column;
    }
    return true;
}

static bool set_column_option(struct option_context *c, const char *argument)
{
    struct options *o = c->options;
    struct listed_columns l = {.count = 0};
    struct slice name;
    const char *rest = argument;
    for (int width; column_list_next(&rest, &name, &width);) {
        enum column column = schema_find(name);
        if (!name.len)
            return error_set(c->err, "expected a list of columns, such as user,key_1_age; ncred --help=columns lists "
                "them");
        if (slice_equal_nocase(name, slice_of("report")) && !add_columns(&l, COL_USER, COL_CERT_2_LAST_ROTATED, c->err))
            return false;
        if (column != COL_COUNT && !add_columns(&l, column, column, c->err))
            return false;
        if (width < 0)
            return error_set(c->err, "the width of %.*s must be from 1 to %d", (int)name.len, name.data,
                COLUMN_LIST_WIDTH_MAX);
    }
    o->column_list = argument;
    o->column_count = l.count;
    memcpy(o->columns, l.list, l.count * sizeof *l.list);
    return true;
}

static bool set_limit(struct option_context *c, const char *argument)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(argument, &end, 10);
    if (argument[0] < '0' || argument[0] > '9' || *end)
        return error_set(c->err, "expected a number of users, got \"%s\"", argument);
    c->options->limit = errno || n > SIZE_MAX ? SIZE_MAX : (size_t)n;
    return true;
}

static bool set_output(struct option_context *c, const char *argument)
{
    bool as_line = strcmp(argument, "line") == 0;
    const struct export_format *output = export_find(as_line ? "text" : argument);
    if (!output)
        return option_words_refuse(c->err, "format", argument, ARGUMENT_FORMAT);
    c->options->as_line = as_line;
    c->options->output = output;
    return true;
}

static bool set_as_of(struct option_context *c, const char *argument)
{
    int64_t as_of = c->now;
    if (strcmp(argument, "now") != 0 && !timestamp_parse(slice_of(argument), &as_of))
        return error_set(c->err, "expected a time such as 2026-01-31 or 2026-01-31T10:00Z, or now, got \"%s\"",
            argument);
    c->options->as_of_given = true;
    c->options->as_of = as_of;
    return true;
}

static bool set_help(struct option_context *c, const char *argument)
{
    c->options->help = argument ? argument : "options";
    return true;
}

static bool set_via(struct option_context *c, const char *argument)
{
    struct inputs_wish *w = &c->options->wish;
    size_t way = option_word_find(ARGUMENT_WAY, slice_of(argument));
    if (way == SIZE_MAX)
        return option_words_refuse(c->err, "way", argument, ARGUMENT_WAY);
    w->fetch |= !c->configured;
    w->via = (enum fetch_via)way;
    return true;
}

static bool set_profile(struct option_context *c, const char *argument)
{
    struct inputs_wish *w = &c->options->wish;
    w->fetch |= !c->configured;
    if (w->profile_count == INPUTS_PROFILES_MAX)
        return error_set(c->err, "at most %d profiles", INPUTS_PROFILES_MAX);
    w->profiles[w->profile_count++] = argument;
    return true;
}

static bool set_with(struct option_context *c, const char *argument)
{
    bool details = false, key_ids = false, *const wanted[] = {&details, &key_ids};
    for (const char *at = argument; *at;) {
        size_t n = strcspn(at, ", "), i = option_word_find(ARGUMENT_EXTRAS, (struct slice){at, n});
        if (n && i == SIZE_MAX)
            return error_set(c->err, "unknown \"%.*s\": expected details, key-ids, or both", (int)n, at);
        if (n)
            *wanted[i] = true;
        at += n + (at[n] != '\0');
    }
    c->options->wish.with_details |= details;
    c->options->wish.with_key_ids |= key_ids;
    return true;
}

static bool set_history(struct option_context *c, const char *argument)
{
    struct inputs_wish *w = &c->options->wish;
    if (w->history_count == INPUTS_HISTORY_MAX)
        return error_set(c->err, "at most %d paths", INPUTS_HISTORY_MAX);
    w->history[w->history_count++] = argument;
    return true;
}

static bool set_patience(struct option_context *c, const char *argument)
{
    int64_t seconds;
    if (!duration_parse_named(slice_of(argument), &seconds) || seconds < 1)
        return error_set(c->err, "expected a duration such as 90s or 10m, got \"%s\"", argument);
    c->options->wish.patience_ms = seconds * 1000;
    return true;
}

static bool set_role_arn_template(struct option_context *c, const char *argument)
{
    if (!strstr(argument, "{account}"))
        return error_set(c->err, "there is no {account} in \"%s\"", argument);
    c->options->wish.fetch |= !c->configured;
    c->options->wish.role_template = argument;
    return true;
}

#define TEXT(name, member) \
    static bool set_##name(struct option_context *c, const char *argument) \
    { \
        c->options->member = argument; \
        return true; \
    }
TEXT(accounts, wish.accounts_path)
TEXT(save, wish.save_path)
TEXT(account_names, account_names)
TEXT(completion, completion)
TEXT(baseline, baseline)
TEXT(evidence, evidence)

static bool set_fetch(struct option_context *c, const char *argument)
{
    c->options->wish.fetch = is_yes(argument);
    return true;
}

#define FLAG(member) \
    static bool set_##member(struct option_context *c, const char *argument) \
    { \
        c->options->member = is_yes(argument); \
        return true; \
    }
FLAG(no_color)
FLAG(ascii)
FLAG(mouse)
FLAG(watch)
FLAG(spreadsheet_safe)
FLAG(demo)
FLAG(force)
FLAG(diff)
FLAG(version)
FLAG(dump_config)
FLAG(write_config)
FLAG(verbose)

static bool set_theme(struct option_context *c, const char *argument)
{
    const struct theme *theme = theme_find(slice_of(argument));
    if (!theme)
        return option_words_refuse(c->err, "theme", argument, ARGUMENT_THEME);
    c->options->theme = theme;
    return true;
}

static bool set_clipboard(struct option_context *c, const char *argument)
{
    enum clipboard_way way = clipboard_way_find(argument);
    if (way == CLIPBOARD_WAYS)
        return option_words_refuse(c->err, "way", argument, ARGUMENT_CLIPBOARD);
    c->options->clipboard = way;
    return true;
}

/* command_line_parse() reads --rules before all other options. */
static bool set_rules(struct option_context *c, const char *argument)
{
    (void)c;
    (void)argument;
    return true;
}

/* The same for --config. */
static bool set_config(struct option_context *c, const char *argument)
{
    (void)c;
    (void)argument;
    return true;
}

const char *const option_group_titles[GROUP_COUNT] = {
    [GROUP_FETCH] = "Get reports",
    [GROUP_CONTEXT] = "Know more about users",
    [GROUP_SELECT] = "Select and order",
    [GROUP_OUTPUT] = "Output",
    [GROUP_TIME] = "Time",
    [GROUP_OTHER] = "Other",
};

/* In the order of --help: group by group. */
const struct option_row option_rows[] = {
    {GROUP_FETCH, 0, "fetch", NULL, ARGUMENT_TEXT,
        "request a report from AWS, wait until it is ready, and open it", set_fetch, "no", false},
    {GROUP_FETCH, 0, "via", "WAY", ARGUMENT_WAY,
        "how to fetch: api with credentials that ncred finds, cli through the aws command, or auto (default)",
        set_via, "auto", false},
    {GROUP_FETCH, 0, "profile", "NAME", ARGUMENT_PROFILE,
        "fetch with this profile of ~/.aws/config; repeat it for several accounts", set_profile, "", true},
    {GROUP_FETCH, 0, "role-arn-template", "ARN", ARGUMENT_TEXT,
        "fetch every account of --accounts through this role, such as arn:aws:iam::{account}:role/audit",
        set_role_arn_template, "", false},
    {GROUP_FETCH, 0, "accounts", "FILE", ARGUMENT_FILE,
        "read the accounts from FILE: one number per line, with a name, or the output of aws organizations "
        "list-accounts",
        set_accounts, "", false},
    {GROUP_FETCH, 0, "with", "LIST", ARGUMENT_EXTRAS,
        "also fetch details (policies, groups, tags), key-ids (access key IDs), or both", set_with, "", true},
    {GROUP_FETCH, 0, "save", "FILE", ARGUMENT_FILE,
        "save the fetched report as CSV that only you can read; FILE is a directory for several accounts and for "
        "--split",
        set_save, "", false},
    {GROUP_FETCH, 0, "patience", "DURATION", ARGUMENT_TEXT,
        "wait at most this long for the report of an account (default 5m)", set_patience, "5m", false},
    {GROUP_FETCH, 0, "account-names", "FILE", ARGUMENT_FILE,
        "read names for the column account_name from FILE, in the format of --accounts", set_account_names, "", false},
    {GROUP_FETCH, 0, "history", "PATH", ARGUMENT_FILE,
        "read older reports of the same accounts from a file or directory: since when each finding has existed, how "
        "often it came back, what happened; repeatable",
        set_history, "", true},
    {GROUP_FETCH, 0, "diff", NULL, ARGUMENT_TEXT,
        "show what changed between two reports, OLD and NEW", set_diff, "no", false},
    {GROUP_CONTEXT, 0, "join", "FILE", ARGUMENT_FILE,
        "add columns of a table (CSV, TSV, JSON) that has a column arn, user or account; repeatable",
        set_join, "", true},
    {GROUP_CONTEXT, 0, "details", "FILE", ARGUMENT_FILE,
        "read rights, groups, policies and tags from the output of aws iam get-account-authorization-details; "
        "repeatable",
        set_details, "", true},
    {GROUP_CONTEXT, 0, "key-ids", "FILE", ARGUMENT_FILE,
        "read access key IDs from the output of aws iam list-access-keys, or from a table; repeatable",
        set_key_ids, "", true},
    {GROUP_CONTEXT, 0, "whose", "KEYID", ARGUMENT_TEXT,
        "find the owner of access key KEYID and print commands that contain a leak, for review",
        set_whose, NULL, false},
    {GROUP_SELECT, 'f', "filter", "QUERY", ARGUMENT_QUERY,
        "show only users that match QUERY; repeatable, a user must match all", set_filter_option, "", true},
    {GROUP_SELECT, 's', "sort", "LIST", ARGUMENT_SORT,
        "sort by these columns; - before a name reverses its order", set_sort, "", false},
    {GROUP_SELECT, 'n', "limit", "N", ARGUMENT_TEXT, "show at most the first N users", set_limit, "", false},
    {GROUP_SELECT, 0, "checks", "LIST", ARGUMENT_CHECKS,
        "choose the checks: -ID turns one off, +ID turns one on, ID=90d sets its threshold; a plain ID runs only "
        "the checks listed",
        set_checks, "", true},
    {GROUP_SELECT, 0, "rules", "FILE", ARGUMENT_FILE,
        "read your own checks from FILE: lines rule, title, remedy, number and check, as in the configuration; "
        "repeatable",
        set_rules, "", true},
    {GROUP_SELECT, 0, "waivers", "FILE", ARGUMENT_FILE,
        "read waivers (findings accepted until a date) from FILE, one per line: user, ARN, pattern or (query), check, "
        "expiry date, owner, reason; repeatable",
        set_waivers, "", true},
    {GROUP_SELECT, 0, "benchmark", "NAME", ARGUMENT_BENCHMARK,
        "use the checks of this benchmark, with its numbers, thresholds, scopes and severities: cis-1.2 to cis-7.0,"
        " security-hub, aws-config, prowler; by default ncred", set_benchmark, "ncred", false},
    {GROUP_SELECT, 0, "central-root", NULL, ARGUMENT_TEXT,
        "root is managed centrally, so that any root credential in a member account is a finding", set_central_root,
        "no", false},
    {GROUP_OUTPUT, 'o', "output", "FORMAT", ARGUMENT_FORMAT,
        "print in this format ({}) instead of opening the screen; line prints --summary in one line", set_output, "", false},
    {GROUP_OUTPUT, 0, "findings", NULL, ARGUMENT_TEXT,
        "print one line per finding, worst first", set_findings, "no", false},
    {GROUP_OUTPUT, 0, "summary", NULL, ARGUMENT_TEXT,
        "print the number of findings by check and severity", set_summary, "no", false},
    {GROUP_OUTPUT, 0, "by", "COLUMN", ARGUMENT_COLUMN,
        "with --summary: one line for each value of COLUMN instead, worst first; with --trend: account", set_by, NULL,
        false},
    {GROUP_OUTPUT, 0, "split", "COLUMN", ARGUMENT_COLUMN,
        "write one file for each value of COLUMN, into the directory that --save names", set_split, NULL, false},
    {GROUP_OUTPUT, 0, "force", NULL, ARGUMENT_TEXT, "with --split: overwrite files", set_force, NULL, false},
    {GROUP_OUTPUT, 0, "keys", NULL, ARGUMENT_TEXT,
        "print one line per credential (password, access keys, certificates); queries and -s then apply to credentials",
        set_keys, "no", false},
    {GROUP_OUTPUT, 0, "remedies", NULL, ARGUMENT_TEXT,
        "print AWS CLI commands that fix the findings, for review", set_remedies, "no", false},
    {GROUP_OUTPUT, 0, "log", NULL, ARGUMENT_TEXT,
        "list what happened between one report and the next, one line per event, newest first", set_log, "no", false},
    {GROUP_OUTPUT, 0, "trend", NULL, ARGUMENT_TEXT,
        "list how many users and findings there were, one line per date of a report; on screen as a graph", set_trend,
        "no", false},
    {GROUP_OUTPUT, 0, "evidence", "DIR", ARGUMENT_FILE,
        "make folder DIR with evidence for auditors: findings, users and changes as CSV, report.html, and README.md "
        "with "
        "SHA-256 of the inputs",
        set_evidence, NULL, false},
    {GROUP_OUTPUT, 0, "fail-on", "SEVERITY", ARGUMENT_SEVERITY,
        "exit with 1 if there is a finding of this severity or worse: {}",
        set_fail_on, "", false},
    {GROUP_OUTPUT, 0, "baseline", "FILE", ARGUMENT_FILE,
        "ignore the findings in FILE, which an earlier run printed as csv or json; with --findings, --fail-on, or "
        "--summary -o line",
        set_baseline, "", false},
    {GROUP_OUTPUT, 0, "allow-unknown", NULL, ARGUMENT_TEXT,
        "with --fail-on, exit with 0 even if a check could not judge a user", set_allow_unknown, "no", false},
    {GROUP_OUTPUT, 0, "no-header", NULL, ARGUMENT_TEXT,
        "text, markdown, csv and tsv: print the rows only, without the names of the columns", set_no_header, "no",
        false},
    {GROUP_OUTPUT, 'c', "columns", "LIST", ARGUMENT_COLUMNS,
        "show these columns; report stands for all columns of the report", set_column_option, "", false},
    {GROUP_OUTPUT, 0, "theme", "NAME", ARGUMENT_THEME,
        "choose the colours: auto (default: dark or light, as the terminal is), safe (colour-blind safe), dark, light, "
        "terminal (its own 16), mono",
        set_theme, "auto", false},
    {GROUP_OUTPUT, 0, "clipboard", "WAY", ARGUMENT_CLIPBOARD,
        "where copied text goes: osc52 (the terminal's clipboard), print (when ncred ends), or auto (default)",
        set_clipboard, "auto", false},
    {GROUP_OUTPUT, 0, "no-color", NULL, ARGUMENT_TEXT, "use no colours", set_no_color, "no", false},
    {GROUP_OUTPUT, 0, "ascii", NULL, ARGUMENT_TEXT, "use only ASCII on screen and in text", set_ascii, "no", false},
    {GROUP_OUTPUT, 0, "mouse", NULL, ARGUMENT_TEXT,
        "use the mouse: wheel, click, click on a heading; hold Shift to select text", set_mouse, "no", false},
    {GROUP_OUTPUT, 0, "watch", NULL, ARGUMENT_TEXT,
        "on screen, read files again when they change; without it, the title reports the change and R reads them",
        set_watch, "no", false},
    {GROUP_OUTPUT, 0, "spreadsheet-safe", NULL, ARGUMENT_TEXT,
        "csv and tsv: put ' before fields that a spreadsheet would take for a formula",
        set_spreadsheet_safe, "no", false},
    {GROUP_TIME, 0, "as-of", "TIME", ARGUMENT_TEXT,
        "count ages to TIME, or to now; by default to the time of the report, else to now", set_as_of, "", false},
    {GROUP_OTHER, 0, "demo", NULL, ARGUMENT_TEXT, "open the built-in sample", set_demo, "no", false},
    {GROUP_OTHER, 0, "config", "FILE", ARGUMENT_FILE,
        "read the configuration from FILE instead of ~/.config/ncred/config; --config= reads none",
        set_config, NULL, false},
    {GROUP_OTHER, 0, "dump-config", NULL, ARGUMENT_TEXT,
        "print all current settings in the form of a configuration file", set_dump_config, NULL, false},
    {GROUP_OTHER, 0, "write-config", NULL, ARGUMENT_TEXT,
        "write the configuration file: existing lines stay, options given are set, defaults are comments",
        set_write_config, NULL, false},
    {GROUP_OTHER, 0, "verbose", NULL, ARGUMENT_TEXT,
        "report on standard error how far the run is confined, and the reason if it is not", set_verbose, "no", false},
    {GROUP_OTHER, 0, "completion", "SHELL", ARGUMENT_SHELL,
        "print the completion script of bash, zsh or fish", set_completion, NULL, false},
    {GROUP_OTHER, 'h', "help", "[TOPIC]", ARGUMENT_TOPIC,
        "print this help, or that of a topic: columns, query, checks, benchmarks, keys", set_help, NULL, false},
    {GROUP_OTHER, 'V', "version", NULL, ARGUMENT_TEXT, "print the version", set_version, NULL, false},
};
const size_t option_row_count = sizeof option_rows / sizeof option_rows[0];

bool options_set_columns(struct options *o, const char *list, struct error *err)
{
    return set_column_option(&(struct option_context){o, o->now, false, err}, list);
}

const struct option_row *options_find(struct slice name)
{
    for (size_t i = 0; i < option_row_count; i++) {
        if (slice_equal(name, slice_of(option_rows[i].name)))
            return &option_rows[i];
    }
    return NULL;
}

const char *options_nearest(struct slice name)
{
    struct nearest n = nearest_to(name);
    const char *longer = NULL;
    size_t count = 0;
    for (size_t i = 0; i < option_row_count; i++) {
        struct slice row = slice_of(option_rows[i].name);
        bool begins = name.len > 1 && row.len > name.len
            && slice_equal_nocase((struct slice){row.data, name.len}, name);
        longer = begins ? row.data : longer;
        count += begins;
        nearest_try(&n, option_rows[i].name);
    }
    return count == 1 ? longer : n.name;
}

bool options_set(struct options *o, const struct option_row *row, const char *text, bool configured, struct error *err)
{
    struct option_context context = {o, o->now, configured, err};
    if (!row->argument && !text)
        text = "yes";
    if (!row->argument && strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
        return error_set(err, "expected yes or no, got \"%s\"", text);
    if (!row->set(&context, text))
        return false;
    o->checks.other_names |= options_gives_names(slice_of(row->name)) && (row->argument || strcmp(text, "yes") == 0);
    o->given = xrealloc(o->given, o->given_count + 1, sizeof *o->given);
    o->given[o->given_count++] = (struct option_given){row, text ? text : ""};
    return true;
}

/* Whether the list of columns has a name that is not in the schema. */
static bool has_late_column(const struct options *o)
{
    const char *list = o->column_list;
    struct slice name;
    bool has = false;
    for (int width; column_list_next(&list, &name, &width);)
        has |= schema_find(name) == COL_COUNT && !slice_equal_nocase(name, slice_of("report"));
    return has && (o->listing == LIST_USERS || o->listing == LIST_FINDINGS || o->listing == LIST_KEYS);
}

bool options_need_report(const struct options *o)
{
    const struct context_wish *c = &o->context;
    bool needs = c->joins.count || c->details.count || c->key_ids.count || o->whose || o->is_sort_late
        || has_late_column(o)
        || (o->by && schema_find(slice_of(o->by)) == COL_COUNT)
        || (o->split && schema_find(slice_of(o->split)) == COL_COUNT);
    for (size_t i = 0; i < o->filter_count; i++)
        needs |= query_needs_report(o->filters[i]);
    return needs;
}

bool options_make_page(const struct options *o)
{
    return o->evidence || (o->output && o->output->page && o->listing == LIST_USERS && !o->diff);
}

bool options_order_by_findings(const struct options *o)
{
    return o->listing == LIST_USERS && (!o->output || o->output->people) && !o->diff && !o->sort.count
        && !o->is_sort_late;
}

bool options_tell_why(const struct options *o)
{
    return o->output && o->output->tells_why && o->listing == LIST_USERS && !o->column_list && !o->diff;
}

bool options_ask_checks(const struct options *o)
{
    bool asks = options_order_by_findings(o) || options_make_page(o) || options_tell_why(o) || o->split
        || o->listing != LIST_USERS
        || o->fail_on != SEVERITY_NONE || o->waiver_count || o->baseline || o->diff;
    for (size_t i = 0; i < o->filter_count; i++)
        asks |= query_asks_checks(o->filters[i]);
    for (size_t i = 0; i < o->sort.count; i++)
        asks |= schema_of_checks((int)o->sort.keys[i].column);
    const char *lists[] = {o->column_list, o->is_sort_late ? o->sort_list : NULL};
    struct slice name;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (int width; column_list_next(&lists[i], &name, &width);) {
            size_t minus = name.len && name.data[0] == '-'; /* in an order */
            asks |= schema_of_checks((int)schema_find((struct slice){name.data + minus, name.len - minus}));
        }
    }
    return asks;
}
