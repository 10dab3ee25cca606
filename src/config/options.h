/*
 * The table of options, from which parsing, --help, completion, the configuration and the test of the manual are
 * made; and struct options, what they set. command_line.h reads a command line into it.
 */
#ifndef NCRED_OPTIONS_H
#define NCRED_OPTIONS_H

#include "base/clipboard.h"
#include "config/config.h"
#include "export/export.h"
#include "config/context_wish.h"
#include "config/inputs_wish.h"
#include "audit/checks.h"
#include "query/query.h"
#include "query/sort.h"
#include "history/time_columns.h"

enum { OPTIONS_FILTERS_MAX = 64, OPTIONS_COLUMNS_MAX = 128, OPTIONS_WAIVERS_MAX = 64 };

/* What a run prints: one line per user, or another listing. */
enum listing_kind { LIST_USERS, LIST_FINDINGS, LIST_SUMMARY, LIST_KEYS, LIST_REMEDIES, LIST_LOG, LIST_TREND };

struct option_row;

/* An option as it was given, on the command line or earlier in the configuration. */
struct option_given {
    const struct option_row *row;
    const char *text;            /* borrowed: its argument; "yes" for an option without one */
};

struct options {
    struct config config;
    struct option_given *given;  /* owned */
    size_t given_count;
    size_t configured_count;     /* the first ones, which are from the configuration */
    char *const *files;          /* borrowed from argv, as all text here is */
    size_t file_count;
    struct inputs_wish wish;     /* the reports to open: files among them */
    const char *account_names;   /* a file with names of accounts; NULL: none */
    struct context_wish context; /* --join, --details, --key-ids */
    const char *whose;           /* an access key ID, whose owner is searched for; NULL: none */
    bool diff;                   /* compare two reports, old and new */
    struct query *filters[OPTIONS_FILTERS_MAX];
    const char *filter_texts[OPTIONS_FILTERS_MAX];
    size_t filter_text_count, filter_count; /* of filter_texts, as given; of filters, which are parsed */
    struct check_settings checks; /* thresholds, and the benchmark whose numbers filters use */
    const char *check_lists[OPTIONS_FILTERS_MAX]; /* --checks as given; applied when the benchmark is known */
    size_t check_list_count;
    size_t configured_lists;     /* the first ones, which are from the configuration */
    const char *waivers[OPTIONS_WAIVERS_MAX]; /* paths */
    size_t waiver_count;
    const char *evidence;        /* the folder to create; NULL: none */
    const char *baseline;        /* a file with findings of an earlier run; NULL: none */
    bool as_line;                /* --summary -o line */
    struct time_allowed allowed; /* how long findings may stay unfixed: sla in the configuration */
    enum severity fail_on;       /* exit with status 1 for findings this bad; SEVERITY_NONE: never */
    bool no_header;              /* print no headings, and in text nothing after the rows */
    bool allow_unknown;          /* with fail_on: do not fail because a check could not judge a user */
    enum listing_kind listing;
    bool listing_given;          /* the command line names a listing */
    const char *by;              /* with --summary: count by the values of this column; NULL: by check */
    const char *split;           /* write one file per value of this column; NULL: one output */
    bool force;                  /* with split: overwrite files */
    const struct query *only;    /* with split: the users in the file being written, see print_split.h; NULL: all */
    bool config_given;           /* --config was given: errors in the file end the run */
    struct sort_order sort;
    bool is_sort_late;           /* sort has a name that only a report may know: it is parsed again when that is read */
    const char *sort_list;       /* --sort as given; a listing may have columns of its own; NULL: none */
    const char *column_list;     /* --columns as given; it may name columns that only the report has; NULL: none */
    enum column columns[OPTIONS_COLUMNS_MAX]; /* those of column_list that the schema has */
    size_t column_count;
    const struct export_format *output; /* NULL: the screen, or text if standard output is no terminal */
    size_t limit;                /* rows to print; SIZE_MAX: all */
    bool as_of_given;
    int64_t as_of;               /* if as_of_given: the time that ages count to, in seconds since 1970 */
    int64_t now;                 /* the time of the run, likewise */
    const char *help;            /* print help about this topic and nothing else; NULL: no */
    const char *completion;      /* print the completion script of this shell; NULL: no */
    const struct theme *theme;
    enum clipboard_way clipboard;
    bool no_color, ascii, mouse, watch, demo, version, dump_config, write_config;
    bool verbose;                /* report on standard error how the run is sandboxed */
    bool spreadsheet_safe;       /* see table.spreadsheet_safe */
};

/* What the function of an option, option_row.set, gets besides the argument. */
struct option_context {
    struct options *options;
    int64_t now;      /* what "--as-of now" means, in seconds since 1970 */
    bool configured;  /* the option is in the configuration, which may say how to do something, but not what to do */
    struct error *err; /* filled if it returns false */
};

/* The headings of --help, in its order. */
enum option_group { GROUP_FETCH, GROUP_CONTEXT, GROUP_SELECT, GROUP_OUTPUT, GROUP_TIME, GROUP_OTHER, GROUP_COUNT };

/* The kind of an argument, for completion. */
enum option_argument {
    ARGUMENT_TEXT, ARGUMENT_FILE, ARGUMENT_QUERY, ARGUMENT_COLUMN, ARGUMENT_COLUMNS, ARGUMENT_SORT, ARGUMENT_FORMAT,
    ARGUMENT_BENCHMARK, ARGUMENT_SEVERITY, ARGUMENT_TOPIC, ARGUMENT_SHELL, ARGUMENT_WAY, ARGUMENT_THEME,
    ARGUMENT_CLIPBOARD, ARGUMENT_EXTRAS, ARGUMENT_CHECKS, ARGUMENT_PROFILE, ARGUMENT_KINDS
};

struct option_row {
    enum option_group group;
    char letter;          /* such as 'f' for -f; 0: there is only the long name */
    const char *name;     /* the long name, without -- */
    const char *argument; /* its name in --help; NULL: none; in brackets: optional, and written after "=" */
    enum option_argument kind;
    const char *help;     /* {} stands for the words that its argument can be, see option_words_help() */
    /*
     * Set the option to ARGUMENT, which is NULL only if an optional one is missing, and "yes" or "no" for an option
     * without argument. Returns false with context->err filled; the option's name is added to it later.
     */
    bool (*set)(struct option_context *context, const char *argument);
    const char *usual;    /* its default in the configuration; "": none; "no": a switch; NULL: it cannot be set there */
    bool adds;            /* it may be repeated and adds up; otherwise the last one counts */
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;
extern const char *const option_group_titles[GROUP_COUNT];

/*
 * Returns the row of the option called NAME, or NULL.
 */
const struct option_row *options_find(struct slice name);
/*
 * Returns the name of the option that a misspelt NAME may mean: the only one that begins with it, otherwise the one
 * at the least edit distance; NULL if none is near.
 */
const char *options_nearest(struct slice name);
/*
 * Set the option of ROW to TEXT, which must outlive O. CONFIGURED: it is from the configuration. Returns false with ERR
 * filled, without the option's name.
 */
bool options_set(struct options *o, const struct option_row *row, const char *text, bool configured, struct error *err);

/* Choose the columns of LIST, which must outlive O, as --columns does. Returns false with ERR naming a wrong one. */
bool options_set_columns(struct options *o, const char *list, struct error *err);

/* Whether the option NAME adds columns that queries and lists can name, such as --join. */
bool options_gives_names(struct slice name);
/*
 * Whether QUERY can be parsed, either for users or for credentials: which of them a line of the configuration is for is
 * known only when the command line has been read. Otherwise ERR says what is wrong with it.
 */
bool options_can_parse(const struct options *o, struct slice query, struct error *err);
/*
 * Whether O can be checked only with the report: a filter, the order or a column may have names that only files know.
 */
bool options_need_report(const struct options *o);
/* Whether O writes the report as a page, printed or in a folder of evidence; see session/report_page.h. */
bool options_make_page(const struct options *o);
/* Whether O prints users for people without --sort: then the worst come first, as on screen. */
bool options_order_by_findings(const struct options *o);
/* Whether O prints users with their severity and the reasons, because the format does so and no columns were chosen. */
bool options_tell_why(const struct options *o);
/* Whether the checks must be run for what O prints, counts or fails on. */
bool options_ask_checks(const struct options *o);

#endif
