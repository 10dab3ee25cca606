/* The command line: one table of options; parsing, --help, completion and the test of the manual come off it. */
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

/* What is printed: users, or what is asked of them. */
enum listing_kind { LIST_USERS, LIST_FINDINGS, LIST_SUMMARY, LIST_KEYS, LIST_REMEDIES, LIST_LOG, LIST_TREND };

struct option_row;

/* An option as it was given, on the command line or before in the configuration. */
struct option_given {
    const struct option_row *row;
    const char *text;            /* borrowed; "yes" when the option takes no argument */
};

struct options {
    struct config config;
    struct option_given *given;  /* owned */
    size_t given_count, configured_count; /* so many of them are from the configuration */
    char *const *files;          /* borrowed from argv, as every text here */
    size_t file_count;
    struct inputs_wish wish;     /* the files among other things */
    const char *account_names;   /* a file of accounts' names; NULL: none */
    struct context_wish context; /* files that say more about users */
    const char *whose;           /* the access key id to tell the owner of; NULL: none */
    bool diff;                   /* the two files are one report, old and new */
    struct query *filters[OPTIONS_FILTERS_MAX];
    const char *filter_texts[OPTIONS_FILTERS_MAX];
    size_t filter_text_count, filter_count; /* as given; parsed */
    struct check_settings checks; /* with the benchmark whose numbers filters use */
    const char *check_lists[OPTIONS_FILTERS_MAX]; /* as given; they change CHECKS once the benchmark is known */
    size_t check_list_count, configured_lists; /* so many of them are from the configuration */
    const char *waivers[OPTIONS_WAIVERS_MAX]; /* files */
    size_t waiver_count;
    const char *evidence;        /* a folder to make; NULL: none */
    const char *baseline;        /* findings of an earlier run, a file; NULL: none */
    bool as_line;                /* --summary -o line */
    struct time_allowed allowed; /* the configuration's sla */
    enum severity fail_on;       /* SEVERITY_NONE: never */
    bool no_header;              /* tables are printed without their headings, and text without what follows the rows */
    bool allow_unknown;          /* a check that could not judge a user is no reason to fail */
    enum listing_kind listing;
    bool listing_given;          /* on the command line */
    const char *by;              /* count by the values of this column; NULL: as the listing does */
    const char *split;           /* write one file for each value of this column; NULL: one output */
    bool force;                  /* these files may take the place of others */
    const struct query *only;    /* of the file that is being written, see print_split.h: the users in it; NULL: all */
    bool config_given;           /* --config was, so it has to be right */
    struct sort_order sort;
    bool is_sort_late;           /* it has a name that only a report can know: read again when it is there */
    const char *sort_list;       /* as given: a listing may have columns of its own */
    const char *column_list;     /* as given, for print_columns(): it may name columns that only the report has */
    enum column columns[OPTIONS_COLUMNS_MAX];
    size_t column_count;         /* those of the list that the schema has */
    const struct export_format *output; /* NULL: the screen, or text when there is none */
    size_t limit;                /* SIZE_MAX: all */
    bool as_of_given;
    int64_t as_of;
    int64_t now;
    const char *help;            /* the topic to print instead of anything else; NULL: none */
    const char *completion;      /* the shell whose script to print; NULL: none */
    const struct theme *theme;
    enum clipboard_way clipboard;
    bool no_color, ascii, mouse, watch, demo, version, dump_config, write_config;
    bool verbose;                /* say on standard error how far the run is confined */
    bool spreadsheet_safe;       /* what is exported as csv or tsv, see table.h */
};

/* What a setter may look at and fill in besides the argument. */
struct option_context {
    struct options *options;
    int64_t now;      /* what --as-of now means */
    bool configured;  /* the option is from the configuration, where it is to say how, not what to do */
    struct error *err;
};

/* The headings of --help, in its order. */
enum option_group { GROUP_FETCH, GROUP_CONTEXT, GROUP_SELECT, GROUP_OUTPUT, GROUP_TIME, GROUP_OTHER, GROUP_COUNT };

/* What an argument is made of, for completion. */
enum option_argument {
    ARGUMENT_TEXT, ARGUMENT_FILE, ARGUMENT_QUERY, ARGUMENT_COLUMNS, ARGUMENT_SORT, ARGUMENT_FORMAT, ARGUMENT_BENCHMARK,
    ARGUMENT_SEVERITY, ARGUMENT_TOPIC, ARGUMENT_SHELL, ARGUMENT_WAY, ARGUMENT_THEME, ARGUMENT_CLIPBOARD, ARGUMENT_EXTRAS,
    ARGUMENT_CHECKS, ARGUMENT_PROFILE
};

/* What --with takes; NULL at the end. */
extern const char *const option_extras[];

struct option_row {
    enum option_group group;
    char letter;          /* 0: only the long name */
    const char *name;
    const char *argument; /* its name in --help; NULL: takes none; in brackets: may be left out, else after = */
    enum option_argument kind;
    const char *help;
    /*
     * False with context->err filled, without the option's name; ARGUMENT may be NULL only when it may be left out.
     * It is "yes" or "no" for an option that takes none.
     */
    bool (*set)(struct option_context *context, const char *argument);
    const char *usual;    /* default in the configuration, "": none, "no": a switch; NULL: not to be set there */
    bool adds;            /* given again it adds up, else the last one counts */
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;
extern const char *const option_group_titles[GROUP_COUNT];

/*
 * The row of this name, or NULL; the name nearest to a misspelt one: the only one that begins with it, otherwise the one at
 * the least edit distance, or NULL if none is near.
 */
const struct option_row *options_find(struct slice name);
const char *options_nearest(struct slice name);
/*
 * Set one option as if TEXT were given for it; TEXT must outlive O. CONFIGURED: it is from the configuration. Returns
 * false with ERR saying what is wrong, without the option's name.
 */
bool options_set(struct options *o, const struct option_row *row, const char *text, bool configured, struct error *err);

/* Choose the columns of LIST, which must outlive O, as --columns does. Returns false with ERR set when one is wrong. */
bool options_set_columns(struct options *o, const char *list, struct error *err);

/* Whether the option NAME reads a file whose columns have names of their own, which queries and lists may then have. */
bool options_gives_names(struct slice name);
/*
 * Whether QUERY is one, about users or about credentials: which of both a configuration's line is for is known only when
 * the command line has been read. False: ERR says what is wrong.
 */
bool options_can_parse(const struct options *o, struct slice query, struct error *err);
/* Whether a filter, the order or a column has a name that only a report knows, or files that say more must be read. */
bool options_need_report(const struct options *o);
/* Whether O asks for the whole report as a page, printed or in a folder of evidence; see session/report_page.h. */
bool options_make_page(const struct options *o);
/* Whether O prints users for people and names no order: then the worst come first, as on the screen. */
bool options_order_by_findings(const struct options *o);
/* Whether users are printed with what is wrong with them, severity and why, for no columns were chosen: as Markdown. */
bool options_tell_why(const struct options *o);
/* Whether what O prints, counts or fails on depends on the checks having been run. */
bool options_ask_checks(const struct options *o);

#endif
