/* The configuration: a file of lines "VERB NAME = VALUE" that sets whatever the tables of the program name. */
#ifndef NCRED_CONFIG_H
#define NCRED_CONFIG_H

#include "audit/checks.h"
#include "config/keys.h"
#include "config/theme.h"

struct options;

/* A name and what it stands for: a saved filter and its query, a set of columns and its list. */
struct config_pair {
    char *name, *value; /* owned */
};

struct config_pairs {
    struct config_pair *list; /* owned */
    size_t count;
};

struct config {
    char *path;                   /* owned: the file that it is from, or would be from; NULL: no file */
    struct config_pairs filters;  /* saved ones, for p */
    struct config_pairs sets;     /* of columns, those of the table of that name or further ones */
    struct keymap keymap;
    struct look looks[ROLE_COUNT];
    bool look_is_set[ROLE_COUNT];
    char **texts;                 /* owned: what options borrow */
    size_t text_count;
    struct buffer problems;       /* a line each: FILE:LINE: what is wrong */
    size_t problem_count;
};

/* Start empty, with the default keys. */
void config_init(struct config *c);
void config_free(struct config *c);
/*
 * Read TEXT into O (its config, its options, its checks). A line that is wrong is left out and told in problems, with
 * NAME as the file's; all others hold.
 */
void config_parse(struct options *o, const char *name, struct slice text);
/*
 * Read the file at PATH, or with PATH NULL $XDG_CONFIG_HOME/ncred/config, ~/.config without; the empty path: none. Only a
 * PATH that was given has to exist, unless MAY_LACK; what cannot be read is a problem.
 * RULES are COUNT files of rules, read together with it, as are those that it names by "set rules = FILE".
 */
void config_load(struct options *o, const char *path, bool may_lack, char *const *rules, size_t count);
/* Append a configuration that holds all that O was given and, as comments, every default. */
void config_dump(struct buffer *out, const struct options *o);

/*
 * Write the configuration file and make its directories: the lines that are there stay as they are, but for the options
 * of the command line, which are set; all else that can be configured and that the file does not name is appended as
 * comments with the defaults. False: ERR says why, and the file is as it was.
 */
bool config_write(const struct options *o, struct error *err);

/* VALUE, in which "~/" at the start is the home directory; to be freed. */
char *config_file_name(struct slice value);

/*
 * Amend the configuration file, see config_remember(), with a line "check ID = on 90d" as S has it for each check whose
 * bit is set in WHICH. Lines with `where` stay as they are.
 */
bool config_remember_checks(const struct config *c, const struct check_settings *s, uint64_t which, struct error *err);

void config_pairs_free(struct config_pairs *pairs);
/* Set the pair of this name, in the place of the one before. */
void config_pairs_set(struct config_pairs *pairs, struct slice name, struct slice value);
/* The value of this name, or NULL. */
const char *config_pairs_find(const struct config_pairs *pairs, struct slice name);
/*
 * Append to OUT the configuration TEXT with "VERB NAME = VALUE" in it: in place of the last line that sets this name,
 * otherwise as a new last line. Every other line stays as it is. NAME and VALUE may be text of a report: false, with
 * ERR set and OUT unchanged, unless the result is one line that config_parse() reads as this verb, name and value.
 * Control characters, invisible characters and bytes that are not UTF-8 are refused.
 */
bool config_amend(struct buffer *out, struct slice text, const char *verb, struct slice name, struct slice value,
    struct error *err);
/*
 * Amend the configuration file as config_amend() does; makes its directories as needed. False: ERR says why, and the
 * file is as it was. Nothing else writes to the configuration.
 */
bool config_remember(const struct config *c, const char *verb, struct slice name, struct slice value, struct error *err);

#endif
