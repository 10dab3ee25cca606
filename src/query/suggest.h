/*
 * What the word at the end of a line could become: names of the query language, actions, whatever a list has.
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
    const char *word;    /* what is put into the line */
    const char *label;   /* what is shown and compared with what was typed; untrusted; NULL: the word */
    const char *type;    /* of a column; NULL: none */
    const char *example; /* such as "> 90d"; NULL: none */
    const char *note;    /* what it means; untrusted; NULL: nothing */
    size_t count;        /* how many rows have it; SIZE_MAX: nobody counted */
    int rank;            /* those of rank 0 come before those of rank 1 */
    char *texts;         /* owned: the texts above lie in it */
    bool is_near;        /* what was typed stands within it, or is misspelt, and is not its beginning */
};

/* What the suggestions are. */
enum suggest_kind { SUGGEST_NOTHING, SUGGEST_EXAMPLES, SUGGEST_NAMES, SUGGEST_OPERATORS, SUGGEST_JOINS, SUGGEST_VALUES,
    SUGGEST_CHECKS, SUGGEST_WORDS };

struct suggestions {
    size_t from;             /* where the word begins in the text, */
    size_t typed_from;       /* and what it is compared with: behind a quotation mark */
    struct suggestion *list; /* owned, its texts too; those that begin with what was typed come first */
    size_t count, firm;      /* how many there are, and how many of them begin with it */
    enum suggest_kind kind;
    const char *subject;     /* of SUGGEST_VALUES: the column's name; borrowed */
    /* Of SUGGEST_VALUES: the columns whose values in the report the caller can add. */
    enum column columns[2];
    size_t column_count;
    bool is_list;            /* these columns are lists, whose elements are values */
    bool is_unknown;         /* of SUGGEST_CHECKS: those that cannot judge, not those that fail */
};

/* Start anew with the word of TEXT that begins at FROM. */
void suggest_start(struct suggestions *c, size_t from);
/* Offer WORD, if the text's word is a prefix of it without regard to ASCII case. */
void suggest_offer(struct suggestions *c, struct slice text, const char *word);
/* Offer S, whose texts are copied, if the text's word stands anywhere in its label. */
void suggest_add(struct suggestions *c, struct slice text, const struct suggestion *s);
/* The suggestion of this word, or NULL. */
struct suggestion *suggest_find(struct suggestions *c, const char *word);
/* Put them in order; to be called after the last one was added. */
void suggest_finish(struct suggestions *c);
/*
 * What TEXT, the part of a query before the cursor, could go on with: columns and members of key() and cert(), then the
 * operators that go with the column's type, then values and states; ids of CHECKS within fails(); in an empty text
 * examples. R, which may be NULL, has columns of its own. Values that rows have are left to the caller: see COLUMNS.
 */
void suggest_query(struct suggestions *c, struct slice text, enum query_subject subject, const struct query_checks *checks,
    const struct report *r);
/* How many bytes all that begin with what was typed have in common. */
size_t suggest_common(const struct suggestions *c);
/* Forget the suggestions, but not where the word stands and what they are. */
void suggest_clear(struct suggestions *c);
void suggest_free(struct suggestions *c);

#endif
