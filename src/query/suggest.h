/*
 * Completion: what the word at the end of a text could become. For queries: names, operators, values; any other list
 * with suggest_start(), suggest_offer() or suggest_add(), and suggest_finish().
 *
 *     struct suggestions c = {0};
 *     suggest_query(&c, text, QUERY_USERS, &check_query_checks, r);
 *     for (size_t i = 0; i < c.count; i++)
 *         show(c.list[i].label, c.list[i].type, c.list[i].note);
 *     suggest_free(&c);
 */
#ifndef NCRED_SUGGEST_H
#define NCRED_SUGGEST_H

#include "query/query.h"

struct suggestion {
    const char *word;    /* the text to insert */
    const char *label;   /* the text to show and to compare with what was typed; untrusted; NULL: same as word */
    const char *type;    /* type of a column, static; NULL if it is none */
    const char *example; /* such as "> 90d", or NULL */
    const char *note;    /* explanation; untrusted; or NULL */
    size_t count;        /* number of rows that have it; SIZE_MAX if not counted */
    int rank;            /* 0 or 1; lower ranks come first */
    char *texts;         /* owned: memory of the texts above, except type */
    bool is_near;        /* the label does not begin with what was typed, but contains it or is similar */
};

/* What kind of things the suggestions are. */
enum suggest_kind { SUGGEST_NOTHING, SUGGEST_EXAMPLES, SUGGEST_NAMES, SUGGEST_OPERATORS, SUGGEST_JOINS, SUGGEST_VALUES,
    SUGGEST_CHECKS, SUGGEST_WORDS };

struct suggestions {
    size_t from;             /* offset in the text where the word begins */
    size_t typed_from;       /* offset from which labels are compared: after FROM if there is a quotation mark */
    struct suggestion *list; /* owned, with its texts; sorted by suggest_finish(), those that are not near first */
    size_t count, firm;      /* number of suggestions, and of those whose label begins with what was typed */
    enum suggest_kind kind;
    const char *subject;     /* of SUGGEST_VALUES: the column's name; borrowed */
    /* Of SUGGEST_VALUES: the columns whose values in the report the caller can add. */
    enum column columns[2];
    size_t column_count;
    bool is_list;            /* the columns hold lists, whose elements are the values */
    bool is_unknown;         /* of SUGGEST_CHECKS: inside unknown(), not fails() */
};

/* Empty C and begin with the word of TEXT that starts at offset FROM. */
void suggest_start(struct suggestions *c, size_t from);
/* Add WORD if it begins with the text's word, ignoring ASCII case, and is not in the list yet. */
void suggest_offer(struct suggestions *c, struct slice text, const char *word);
/* Add a copy of S if its label contains the text's word, ignoring ASCII case. */
void suggest_add(struct suggestions *c, struct slice text, const struct suggestion *s);
/* The suggestion of this word, or NULL. */
struct suggestion *suggest_find(struct suggestions *c, const char *word);
/* Sort the suggestions. Call it after the last one was added. */
void suggest_finish(struct suggestions *c);
/*
 * Suggest how TEXT, the part of a query before the cursor, can go on: columns and members of key() and cert(), then
 * operators for the column's type, then values and states; ids of CHECKS within fails() and the like; for an empty
 * text, examples. R, which may be NULL, adds its own columns. Values that occur in rows are left to the caller, see
 * `columns`.
 */
void suggest_query(struct suggestions *c, struct slice text, enum query_subject subject,
    const struct query_checks *checks, const struct report *r);
/* Number of leading bytes that all suggestions which begin with what was typed share. */
size_t suggest_common(const struct suggestions *c);
/* Remove the suggestions, but keep where the word is and what kind they are. */
void suggest_clear(struct suggestions *c);
void suggest_free(struct suggestions *c);

#endif
