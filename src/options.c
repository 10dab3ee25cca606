/* One row an option. */
#include "options.h"

#include "stamp.h"

#include <getopt.h>
#include <stdlib.h>

struct option_row {
    char letter;          /* 0: only the long name */
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *help;
    bool (*set)(struct options *o, const char *argument, struct error *err);
};

static int64_t option_now; /* what "now" means while options are parsed */

static bool set_filter(struct options *o, const char *argument, struct error *err)
{
    if (o->filter_text_count == OPTIONS_FILTERS_MAX)
        return error_set(err, "--filter: at most %d filters", OPTIONS_FILTERS_MAX);
    o->filter_texts[o->filter_text_count++] = argument;
    return true;
}

/* Once all options are read, for the benchmark may be named after a filter. */
static bool parse_filters(struct options *o, struct error *err)
{
    struct error why;
    for (; o->filter_count < o->filter_text_count; o->filter_count++) {
        const char *text = o->filter_texts[o->filter_count];
        o->filters[o->filter_count] = query_parse_for(slice_of(text), o->benchmark, &why);
        if (!o->filters[o->filter_count])
            return error_set(err, "--filter: at offset %zu of \"%s\": %s", why.offset, text, why.text);
    }
    return true;
}

static bool set_benchmark(struct options *o, const char *argument, struct error *err)
{
    o->benchmark = benchmark_find(slice_of(argument));
    if (o->benchmark < BENCHMARK_COUNT)
        return true;
    struct buffer names = {0};
    benchmark_names(&names);
    error_set(err, "--benchmark: no benchmark \"%s\"; there are %s", argument, names.data);
    buffer_free(&names);
    return false;
}

static bool set_sort(struct options *o, const char *argument, struct error *err)
{
    return sort_parse(&o->sort, slice_of(argument), err);
}

static bool set_columns(struct options *o, const char *argument, struct error *err)
{
    o->column_count = 0;
    for (const char *at = argument;; at++) {
        size_t n = strcspn(at, ",");
        struct slice name = {at, n};
        bool all = slice_equal_nocase(name, slice_of("report"));
        enum column c = all ? COL_USER : schema_find(name);
        enum column last = all ? COL_REPORT_COUNT - 2 : c;
        if (c == COL_COUNT)
            return error_set(err, "--columns: no column \"%.*s\"; ncred --help lists them", (int)n, at);
        for (; c <= last; c++) {
            if (o->column_count == OPTIONS_COLUMNS_MAX)
                return error_set(err, "--columns: at most %d columns", OPTIONS_COLUMNS_MAX);
            o->columns[o->column_count++] = c;
        }
        at += n;
        if (!*at)
            return true;
    }
}

static bool set_limit(struct options *o, const char *argument, struct error *err)
{
    char *end;
    unsigned long long n = strtoull(argument, &end, 10);
    if (argument[0] < '0' || argument[0] > '9' || *end)
        return error_set(err, "--limit: a number of rows is wanted, not \"%s\"", argument);
    o->limit = n;
    return true;
}

static bool set_output(struct options *o, const char *argument, struct error *err)
{
    o->output = export_find(argument);
    if (o->output)
        return true;
    struct buffer names = {0};
    for (size_t i = 0; i < export_format_count; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", export_formats[i].name);
    error_set(err, "--output: no format \"%s\"; there are %s", argument, names.data);
    buffer_free(&names);
    return false;
}

static bool set_as_of(struct options *o, const char *argument, struct error *err)
{
    o->as_of_given = true;
    o->as_of = option_now;
    if (strcmp(argument, "now") == 0 || stamp_parse_loose(slice_of(argument), &o->as_of))
        return true;
    return error_set(err, "--as-of: a time such as 2026-01-31 or 2026-01-31T10:00Z is wanted, or now, not \"%s\"", argument);
}

#define FLAG(member) \
    static bool set_##member(struct options *o, const char *argument, struct error *err) \
    { \
        (void)argument; \
        (void)err; \
        return o->member = true; \
    }
FLAG(no_color)
FLAG(ascii)
FLAG(demo)
FLAG(help)
FLAG(version)

static const struct option_row rows[] = {
    {'f', "filter", "QUERY", "show only users that QUERY holds for; repeatable, all must hold", set_filter},
    {'s', "sort", "LIST", "sort by these columns; - before a name: descending (-s -idle,user)", set_sort},
    {'c', "columns", "LIST", "show these columns; `report' stands for the report's own", set_columns},
    {'n', "limit", "N", "show at most N users", set_limit},
    {'o', "output", "FORMAT", "print, never open the screen: text, csv, tsv, json, jsonl, markdown", set_output},
    {0, "as-of", "TIME", "count ages to TIME, or to `now'; default: the time in the file's name, else now", set_as_of},
    {0, "benchmark", "NAME", "whose numbers fails(...) and the screen use: cis-1.4 to cis-7.0, security-hub, aws-config, prowler", set_benchmark},
    {0, "no-color", NULL, "no colours", set_no_color},
    {0, "ascii", NULL, "nothing but ASCII on the screen and in text", set_ascii},
    {0, "demo", NULL, "open the built-in sample", set_demo},
    {'h', "help", NULL, "print this help", set_help},
    {'V', "version", NULL, "print the version", set_version},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

bool options_parse(struct options *o, int argc, char **argv, int64_t now, struct error *err)
{
    struct option longs[ROWS + 1] = {0};
    char shorts[ROWS * 2 + 2] = ":";
    size_t n = 1;
    *o = (struct options){.limit = SIZE_MAX};
    option_now = now;
    for (int i = 0; i < ROWS; i++) {
        longs[i] = (struct option){rows[i].name, rows[i].argument ? required_argument : no_argument, NULL, 1000 + i};
        if (rows[i].letter)
            shorts[n++] = rows[i].letter;
        if (rows[i].letter && rows[i].argument)
            shorts[n++] = ':';
    }
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (c == ':')
            return error_set(err, "option %s needs an argument; see ncred --help", argv[optind - 1]);
        int i = c >= 1000 ? c - 1000 : 0;
        while (c < 1000 && i < ROWS && rows[i].letter != c)
            i++;
        if (i == ROWS)
            return error_set(err, "unknown option %s; see ncred --help", argv[optind - 1]);
        if (!rows[i].set(o, optarg, err))
            return false;
    }
    o->files = argv + optind;
    o->file_count = (size_t)(argc - optind);
    return parse_filters(o, err);
}

void options_help(FILE *out)
{
    fputs("Usage: ncred [OPTION]... [REPORT]...\n"
          "Browse AWS IAM credential reports: sort, filter, and see who needs attention.\n"
          "REPORT is a credential report in CSV; - is standard input. ncred only reads.\n\n", out);
    for (int i = 0; i < ROWS; i++) {
        char left[40];
        snprintf(left, sizeof left, "%c%c%s --%s%s%s", rows[i].letter ? '-' : ' ', rows[i].letter ? rows[i].letter : ' ',
            rows[i].letter ? "," : " ", rows[i].name, rows[i].argument ? " " : "", rows[i].argument ? rows[i].argument : "");
        fprintf(out, "  %-22s %s\n", left, rows[i].help);
    }
    fputs("\nColumns, for -c, -s and queries:\n", out);
    for (enum column c = 0; c < COL_COUNT; c++)
        fprintf(out, "  %-34s %s\n", schema[c].name, schema[c].help);
    fputs("\nIn queries also key(...) and cert(...): some one key or certificate for which the inside holds.\n"
          "  key(active and age > 90d)          active keys older than 90 days\n"
          "  password_enabled and not mfa_active\n", out);
}

void options_free(struct options *o)
{
    for (size_t i = 0; i < o->filter_count; i++)
        query_free(o->filters[i]);
}
