/*
 * The configuration file: lines of the form "VERB NAME = VALUE" that set options, keys, colours, filters, column sets
 * and checks, all by their names in the program's tables. ncred(1) describes it.
 */
#ifndef NCRED_CONFIG_H
#define NCRED_CONFIG_H

#include "audit/checks.h"
#include "config/keys.h"
#include "config/theme.h"
#include "config/unsure_lines.h"

struct options;

/* A name and its value: a saved filter and its query, or a column set and its list. */
struct config_pair {
    char *name, *value; /* owned */
};

struct config_pairs {
    struct config_pair *list; /* owned */
    size_t count;
};

struct config {
    char *path;                   /* owned: the file, whether it exists or not; NULL: none is used */
    struct config_pairs filters;  /* saved filters, which the key p lists */
    struct config_pairs sets;     /* column sets: built-in ones that are changed, and further ones */
    struct keymap keymap;
    struct look looks[ROLE_COUNT]; /* where look_is_set: in place of the theme's */
    bool look_is_set[ROLE_COUNT];
    char **texts;                 /* owned: arguments that struct options borrows */
    size_t text_count;
    struct buffer problems;       /* one line per problem: FILE:LINE: what is wrong */
    size_t problem_count;
    bool is_for_aws;              /* reports come from AWS, without columns of their own: no line is unsure */
    struct unsure_lines unsure;
};

/* Make C empty, with the default keys. Free it with config_free(). */
void config_init(struct config *c);
void config_free(struct config *c);
/*
 * Read TEXT into O: its config, options and checks. A line with an error has no effect and is listed in
 * o->config.problems under the file name NAME; all other lines count.
 */
void config_parse(struct options *o, const char *name, struct slice text);
/*
 * Read the file at PATH into O. NULL: $XDG_CONFIG_HOME/ncred/config, or ~/.config/ncred/config without that variable;
 * "": no file. A PATH other than NULL must exist unless MAY_LACK. Then read the COUNT files of rules at RULES, and
 * those that the configuration names with "set rules = FILE". A file that cannot be read is listed in
 * o->config.problems.
 */
void config_load(struct options *o, const char *path, bool may_lack, char *const *rules, size_t count);
/* Append a configuration with everything that is set in O and, as comments, every default: --dump-config. */
void config_dump(struct buffer *out, const struct options *o);

/*
 * Write the configuration file, and make its directories: --write-config. Options of the command line are set in it,
 * all other lines stay as they are, and whatever else can be configured is appended as comments with the defaults.
 * Returns false with ERR set, and the file unchanged, if that fails.
 */
bool config_write(const struct options *o, struct error *err);

/* Returns VALUE with "~/" at its start replaced by the home directory; the caller frees it. */
char *config_file_name(struct slice value);

/*
 * Set a line such as "check ID = on 90d" in the configuration file, as config_remember() does, for each check whose
 * bit is set in WHICH, with the threshold that S has. Lines with `where` stay as they are.
 */
bool config_remember_checks(const struct config *c, const struct check_settings *s, uint64_t which, struct error *err);

void config_pairs_free(struct config_pairs *pairs);
/* Set the value of NAME, which replaces an earlier one; both are copied. */
void config_pairs_set(struct config_pairs *pairs, struct slice name, struct slice value);
/* Returns the value of NAME, or NULL; borrowed. */
const char *config_pairs_find(const struct config_pairs *pairs, struct slice name);
/*
 * Append to OUT the configuration TEXT with the line "VERB NAME = VALUE", which replaces the last line that sets this
 * name or else becomes the last line. All other lines stay as they are. NAME and VALUE may be text of a report:
 * unless config_parse() reads the result as one line with this verb, name and value, false is returned, with ERR
 * filled and OUT unchanged. So it is with control characters, invisible characters and bytes that are not UTF-8.
 */
bool config_amend(struct buffer *out, struct slice text, const char *verb, struct slice name, struct slice value,
    struct error *err);
/*
 * Change the configuration file as config_amend() says, and make its directories if needed. Returns false with ERR
 * filled, and the file unchanged, if that fails.
 */
bool config_remember(const struct config *c, const char *verb, struct slice name, struct slice value,
    struct error *err);

#endif
