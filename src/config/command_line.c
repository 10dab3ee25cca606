/*
 * From argv to struct options: getopt_long() over the table of options, the configuration first, then what goes
 * together.
 */
#include "config/command_line.h"

#include "history/log.h"
#include "export/trend_table.h"
#include "export/finding_table.h"
#include "history/diff.h"
#include "audit/check_query.h"
#include "audit/credential_value.h"

#include <getopt.h>
#include <stdlib.h>

/* What getopt_long() returns for row I of the table is LONG_BASE + I, above every letter. */
enum { LONG_BASE = 1000, OPTIONS_MAX = 128 };

/* Apply the lists of --checks from FROM up to END, joined to one: they add up. */
static bool edit_checks_by(struct options *o, size_t from, size_t end, struct error *err)
{
    struct buffer list = {0};
    struct error why;
    for (size_t i = from; i < end; i++)
        buffer_printf(&list, "%s%s", i > from ? "," : "", o->check_lists[i]);
    bool ok = from == end || check_settings_edit(&o->checks, (struct slice){list.data, list.len}, &why)
        || error_set(err, "--checks: %s", why.text);
    buffer_free(&list);
    return ok;
}

/*
 * Once all options are read: the benchmark says which check a number is. The command line's lists change what the
 * configuration's left.
 */
static bool edit_checks(struct options *o, struct error *err)
{
    return edit_checks_by(o, 0, o->configured_lists, err)
        && edit_checks_by(o, o->configured_lists, o->check_list_count, err);
}

/*
 * Parse one filter. Only the report can tell whether a name similar to a column's is misspelt or a column of its own,
 * so that it is reported when that is read. What AWS sends has no such columns: a fetch need not be waited for.
 */
static struct query *parse_filter(const struct options *o, const char *text, struct error *err)
{
    struct error ignored;
    enum query_subject subject = o->listing == LIST_KEYS ? QUERY_CREDENTIALS : QUERY_USERS;
    bool late = o->checks.other_names || o->listing == LIST_LOG || time_columns_are_named(text);
    struct query *q = late ? check_query_parse_late(slice_of(text), subject, o->checks.benchmark, err)
        : check_query_parse(slice_of(text), subject, o->checks.benchmark, err);
    bool may_be_own = !late && !o->wish.fetch && o->listing != LIST_TREND;
    return q || !may_be_own ? q : check_query_parse_late(slice_of(text), subject, o->checks.benchmark, &ignored);
}

/* Parse the filters when all options are read, because --benchmark may come after a filter. */
static bool parse_filters(struct options *o, struct error *err)
{
    struct error why;
    for (; o->filter_count < o->filter_text_count; o->filter_count++) {
        const char *text = o->filter_texts[o->filter_count];
        o->filters[o->filter_count] = parse_filter(o, text, &why);
        if (!o->filters[o->filter_count])
            return error_set(err, "--filter: at offset %zu of \"%s\": %s", why.offset, text, why.text);
    }
    return true;
}

/* Whether the command line has this option. */
static bool is_given(const struct options *o, const char *name)
{
    size_t i = o->configured_count;
    while (i < o->given_count && strcmp(o->given[i].row->name, name) != 0)
        i++;
    return i < o->given_count;
}

/* Returns false with ERR set for options that need or exclude each other. */
static bool check_wish(const struct options *o, struct error *err)
{
    const struct inputs_wish *w = &o->wish;
    if (w->save_path && !w->fetch && !o->split && is_given(o, "save"))
        return error_set(err, "--save needs --fetch or --split");
    if (o->split && !w->save_path)
        return error_set(err, "--split writes several files: --save names the directory for them");
    if (o->split && (o->diff || o->whose || o->listing == LIST_LOG || o->listing == LIST_TREND))
        return error_set(err, "--split works on users; it cannot be combined with --%s",
            o->diff ? "diff" : o->whose ? "whose"
            : o->listing == LIST_LOG ? "log" : "trend");
    if (o->force && !o->split)
        return error_set(err, "--force needs --split");
    if (w->save_path && strcmp(w->save_path, "-") == 0)
        return error_set(err, "--save names a file or a directory; without it, -o csv writes to standard output");
    if ((w->with_details || w->with_key_ids) && !w->fetch && is_given(o, "with"))
        return error_set(err, "--with needs --fetch: it says what to fetch besides the report");
    if (is_given(o, "spreadsheet-safe") && o->output && strcmp(o->output->name, "csv") != 0
        && strcmp(o->output->name, "tsv") != 0)
        return error_set(err, "--spreadsheet-safe works with csv and tsv, not %s", o->output->name);
    if (!w->role_template != !w->accounts_path && (is_given(o, "accounts") || is_given(o, "role-arn-template")))
        return error_set(err, "--role-arn-template and --accounts must be used together");
    if (o->diff && (o->listing == LIST_LOG || o->listing == LIST_TREND))
        return error_set(err, "--diff compares two reports; --%s goes through any number of them: leave out --diff",
            o->listing == LIST_LOG ? "log" : "trend");
    if (o->diff && is_given(o, "history"))
        return error_set(err, "--diff compares two reports; --history goes with one: leave out --diff");
    if (o->by && o->listing != LIST_SUMMARY && o->listing != LIST_TREND)
        return error_set(err, "--by needs --summary or --trend");
    if (o->by && o->listing == LIST_TREND && !slice_equal_nocase(slice_of(o->by), slice_of("account")))
        return error_set(err, "--by: --trend counts by account, not by %s", o->by);
    if (o->as_line && (o->listing != LIST_SUMMARY || o->by))
        return error_set(err, "--output line needs --summary");
    if (o->listing == LIST_SUMMARY && !o->by && is_given(o, "limit"))
        return error_set(err, "--limit: --summary counts all users; with --by it limits the lines");
    if (o->baseline && is_given(o, "baseline") && o->listing != LIST_FINDINGS && o->fail_on == SEVERITY_NONE
        && !o->as_line)
        return error_set(err, "--baseline needs --findings, --fail-on or --summary -o line");
    if (o->listing == LIST_LOG && is_given(o, "fail-on"))
        return error_set(err, "--fail-on cannot be combined with --log, which lists events, not users");
    if (o->baseline && (o->diff || o->listing == LIST_KEYS))
        return error_set(err, "--baseline cannot be combined with --diff or --keys");
    if (o->diff && ((o->listing == LIST_SUMMARY && !o->as_line) || o->listing == LIST_KEYS
        || o->listing == LIST_REMEDIES))
        return error_set(err,
            "--diff lists changes, or with --findings those findings that are new; for --summary, --keys "
            "or --remedies name one report");
    if (o->diff && (w->fetch ? o->file_count != 1 : o->file_count != 2))
        return error_set(err, "--diff: expected two reports, OLD and NEW; or OLD and --fetch");
    return true;
}

/* What each listing is sorted by. */
static const struct sort_names *const sorted_by[] = {
    [LIST_USERS] = &sort_users, [LIST_FINDINGS] = &findings_sort_names, [LIST_SUMMARY] = &sort_users,
    [LIST_KEYS] = &credential_sort_names, [LIST_REMEDIES] = &sort_users, [LIST_LOG] = &sort_users,
    [LIST_TREND] = &trend_sort_names,
};

/* Whether rows of the listing are of users, who can have columns that only their report knows. */
static bool is_of_users(const struct options *o)
{
    return o->listing == LIST_USERS || o->listing == LIST_FINDINGS || o->listing == LIST_KEYS
        || o->listing == LIST_REMEDIES;
}

/* Parse --sort, when the listing is known. */
static bool parse_sort(struct options *o, struct error *err)
{
    struct error why;
    if (!o->sort_list)
        return true;
    struct slice list = slice_of(o->sort_list);
    const struct sort_names *names = sorted_by[o->listing];
    o->is_sort_late = o->listing == LIST_LOG || (is_of_users(o) && o->checks.other_names)
        || (o->listing == LIST_USERS && time_columns_are_named(o->sort_list));
    if (o->is_sort_late)
        return true;
    if (is_of_users(o) ? sort_parse_late(&o->sort, list, names, o->wish.fetch, &o->is_sort_late, &why)
            : sort_parse(&o->sort, list, names, NULL, &why))
        return true;
    return error_set(err, "--sort: %s", why.text);
}

bool command_line_sort(const struct options *o, const struct report *r, struct sort_order *order, struct error *err)
{
    struct error why;
    *order = o->sort;
    return !o->is_sort_late
        || sort_parse(order, slice_of(o->sort_list), sorted_by[o->listing], r, &why)
        || error_set(err, "--sort: %s", why.text);
}

/* Returns the row of OPTION, which getopt_long() returned or left in optopt; option_row_count if there is none. */
static size_t option_of(int c)
{
    if (c >= LONG_BASE)
        return (size_t)c - LONG_BASE;
    size_t i = 0;
    while (i < option_row_count && (!c || option_rows[i].letter != c))
        i++;
    return i;
}

/* Fill ERR for an option that does not exist: WORD, with its dashes. Suggests one that is a slip or two away. */
static void unknown_option(const char *word, struct error *err)
{
    enum { SLIPS = 2, LETTERS_PER_SLIP = 3 };
    size_t dashes = strspn(word, "-"), len = strcspn(word + dashes, "="), slips = len / LETTERS_PER_SLIP;
    struct nearest n = nearest_to((struct slice){word + dashes, len});
    n.distance = (slips > SLIPS ? SLIPS : slips) + 1;
    for (size_t i = 0; i < option_row_count; i++)
        nearest_try(&n, option_rows[i].name);
    if (n.name)
        error_set(err, "unknown option %s; --%s?", word, n.name);
    else
        error_set(err, "unknown option %s; see ncred --help", word);
}

/* Fill ERR with what is wrong with an option that getopt_long() refused. WORD is the whole argument. */
static bool refuse_option(int c, const char *word, struct error *err)
{
    size_t i = option_of(optopt);
    if (c == ':')
        return error_set(err, "option --%s needs an argument: %s", option_rows[i].name, option_rows[i].argument);
    if (i < option_row_count)
        return error_set(err, "option --%s takes no argument", option_rows[i].name);
    if (optopt)
        return error_set(err, "unknown option -%c; see ncred --help", optopt);
    struct buffer names = {0};
    size_t len = strlen(word), count = 0;
    for (i = 0; i < option_row_count && len > 2; i++) {
        if (strncmp(option_rows[i].name, word + 2, len - 2) == 0)
            buffer_printf(&names, "%s--%s", count++ ? ", " : "", option_rows[i].name);
    }
    if (count)
        error_set(err, "option %s could be %s", word, names.data);
    else
        unknown_option(word, err);
    buffer_free(&names);
    return false;
}

/* Make the table of options that getopt_long() takes. */
static void describe_options(struct option *longs, char *shorts)
{
    size_t n = 0;
    shorts[n++] = ':';
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        bool may_lack = row->argument && row->argument[0] == '[', is_switch = !row->argument && row->usual;
        longs[i] = (struct option){row->name, may_lack || is_switch ? optional_argument
            : row->argument ? required_argument : no_argument, NULL, LONG_BASE + (int)i};
        if (row->letter)
            shorts[n++] = row->letter;
        if (row->letter && row->argument && !may_lack)
            shorts[n++] = ':';
    }
    shorts[n] = '\0';
    longs[option_row_count] = (struct option){0};
}

void command_line_init(struct options *o, int64_t now)
{
    *o = (struct options){.limit = SIZE_MAX, .theme = &themes[0], .now = now};
    config_init(&o->config);
    check_settings_init(&o->checks);
}

/* Read the configuration that --config and --rules choose, before the other options, which override it. */
static void read_config(struct options *o, int argc, char **argv, const char *shorts, const struct option *longs)
{
    const char *path = NULL;
    bool writes = false;
    char **rules = NULL;
    size_t count = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        const char *name = c >= LONG_BASE ? option_rows[c - LONG_BASE].name : "";
        if (strcmp(name, "config") == 0)
            path = optarg;
        if (strcmp(name, "rules") == 0 && optarg) {
            rules = xrealloc(rules, count + 1, sizeof *rules);
            rules[count++] = optarg;
        }
        writes |= strcmp(name, "write-config") == 0;
        o->config.is_for_aws |= strcmp(name, "fetch") == 0;
        o->checks.other_names |= options_gives_names(slice_of(name));
    }
    config_load(o, path, writes, rules, count);
    free(rules);
    o->config_given = path != NULL || count > 0;
    o->configured_count = o->given_count;
    o->configured_lists = o->check_list_count;
}

/* Finish O when all options are read. */
static bool command_line_finish(struct options *o, struct error *err)
{
    if (o->output && o->output->sarif && o->listing == LIST_USERS)
        o->listing = LIST_FINDINGS;
    if (o->output && o->output->sarif && o->listing != LIST_FINDINGS)
        return error_set(err, "--output: sarif is a format of findings");
    if (o->wish.accounts_path)
        o->wish.accounts = xcalloc(1, sizeof *o->wish.accounts);
    if (o->evidence && (o->whose || o->listing == LIST_REMEDIES))
        return error_set(err, "--evidence cannot be combined with --whose or --remedies");
    o->wish.keeps_pipes = o->evidence != NULL;
    o->wish.paths = o->files;
    o->wish.path_count = o->file_count;
    /* a listing set in the configuration is for one report */
    if (o->diff && !o->listing_given && o->listing != LIST_FINDINGS)
        o->listing = LIST_USERS;
    bool is_of_users = o->listing == LIST_USERS || o->listing == LIST_LOG;
    if (!is_of_users && !is_given(o, "columns")) /* columns set in the configuration are for users */
        o->column_list = NULL;
    if (o->listing == LIST_LOG && !o->column_list)
        options_set_columns(o, log_columns, err);
    if (o->listing == LIST_LOG && !o->sort_list)
        o->sort_list = log_newest_first;
    if (o->diff && !o->column_list && o->listing == LIST_USERS)
        options_set_columns(o, diff_columns, err);
    if (!check_wish(o, err))
        return false;
    if (o->listing == LIST_LOG)
        o->fail_on = SEVERITY_NONE; /* the configuration's is for users */
    return edit_checks(o, err) && parse_filters(o, err) && parse_sort(o, err);
}

bool command_line_parse(struct options *o, int argc, char **argv, int64_t now, struct error *err)
{
    struct option longs[OPTIONS_MAX + 1];
    char shorts[OPTIONS_MAX * 2 + 2];
    struct error why;
    command_line_init(o, now);
    describe_options(longs, shorts);
    opterr = 0;
    read_config(o, argc, argv, shorts, longs);
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (c == ':' || c == '?')
            return refuse_option(c, argv[optind - 1], err);
        const struct option_row *row = &option_rows[option_of(c)];
        if (!options_set(o, row, optarg, false, &why))
            return error_set(err, "--%s: %s", row->name, why.text);
    }
    o->files = argv + optind;
    o->file_count = (size_t)(argc - optind);
    return command_line_finish(o, err);
}

void command_line_free(struct options *o)
{
    for (size_t i = 0; i < o->filter_count; i++)
        query_free(o->filters[i]);
    free(o->given);
    if (o->wish.accounts)
        accounts_free(o->wish.accounts);
    free(o->wish.accounts);
    config_free(&o->config);
}
