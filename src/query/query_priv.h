/*
 * The tree of a query, which query_parse.c builds and query_eval.c, query_judge.c and query_blame.c evaluate. Not for
 * other folders.
 */
#ifndef NCRED_QUERY_PRIV_H
#define NCRED_QUERY_PRIV_H

#include "query/query.h"
#include "base/hash_index.h"
#include "base/regex.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_OPERATOR,
    TOKEN_BAD };

enum comparison { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_MATCH, CMP_AND, CMP_OR, CMP_NOT };

struct token {
    enum token_kind kind;
    enum comparison operator;
    size_t offset;
    struct slice text; /* of a string: the bytes between its quotation marks, as written */
    bool doubled;      /* a string with doubled quotation marks, each pair standing for one */
};

/*
 * Return the next token of TEXT from *AT and advance *AT behind it. An unclosed quotation mark or a stray character is
 * a TOKEN_BAD, which *AT does not pass.
 */
struct token query_lex(struct slice text, size_t *at);
/* Append the text that token T stands for, with doubled quotation marks resolved, to OUT. */
void query_put_text(struct buffer *out, const struct token *t);

/* What a name in a leaf belongs to. */
enum scope {
    SCOPE_USER, SCOPE_KEY, SCOPE_CERT, SCOPE_CREDENTIAL,
    SCOPE_CHECK, /* since(ID) and failing(ID); query.id is the check */
};

enum key_member { KEY_EXISTS, KEY_ACTIVE, KEY_USED, KEY_AGE, KEY_IDLE, KEY_LAST_ROTATED, KEY_LAST_USED, KEY_REGION,
    KEY_SERVICE, KEY_ID, KEY_SLOT, KEY_MEMBERS };
enum cert_member { CERT_EXISTS, CERT_ACTIVE, CERT_AGE, CERT_LAST_ROTATED, CERT_SLOT, CERT_MEMBERS };

/* The rows that a node is evaluated for in one go: COUNT (at most QUERY_SPAN) from FIRST, all in one block. */
struct span {
    const struct report *report;
    size_t first, count;
    int slot; /* of the key or certificate at hand: 1 or 2; in a query about credentials 1 + enum credential; else 0 */
    struct cancel_token *cancel; /* checked before each match of a regular expression; NULL if not cancellable */
};

struct query {
    /* Clear in BITS, one bit per row of the span, the rows that the node does not hold for. */
    void (*narrow)(const struct query *q, const struct span *s, uint64_t *bits);
    struct query *inside; /* the first operand of and, or, not, key(...), cert(...) */
    struct query *next;   /* the next operand of the same node */
    uint32_t columns;     /* root only: see query_columns() */
    bool needs_report;    /* root only: see query_needs_report(); also set if a word may be a column */
    bool is_word;         /* of a search for text without quotation marks, see query_word_column() */
    bool is_column;       /* of such a word at OFFSET: it resembles a column's name, so the report must have it */
    size_t offset;
    int id;                /* of a leaf: enum column, member of the scope, or number of a check */
    enum scope scope;
    enum type type;
    enum comparison cmp;
    int test;              /* a state, TEST_MISSING or TEST_NEVER; 0 for a comparison of values */
    int64_t number;
    bool is_now;           /* the value is the time to which the report's ages count, not NUMBER */
    char *text;            /* owned */
    bool (*holds)(const struct query *q, struct slice text); /* of a leaf about text: whether it holds for TEXT */
    struct regex *regex;   /* owned: of a ~ comparison, else NULL */
    const struct query_checks *checks; /* of a leaf about a column: the CHECKS of query_parse(); borrowed */
    struct query_name *name; /* owned; only of a leaf whose column only a report knows, else NULL */
    struct query_words *words; /* owned: of narrow_or() and many texts in a list, in place of its operands; else NULL */
};

/* The texts with which a long list compares a column, so that a row's text is looked up and not compared with each. */
struct query_words {
    struct query leaf;       /* about the column; owns nothing */
    struct hash_index index; /* of the texts in lower case */
    struct slice *list;      /* owned: parts of TEXTS, by number */
    struct buffer texts;
};

/*
 * Returns the words of a list whose operands, COUNT from FIRST on, are equal to a text of the same column each. NULL if
 * one of them is not, or if they are few. Free them with query_words_free().
 */
struct query_words *query_words_new(const struct query *first, size_t count);
void query_words_free(struct query_words *words);

/* A name and value as written, from which query_bind() makes a leaf. */
struct query_name {
    char *name, *value;    /* owned; VALUE without its quotation marks */
    size_t offset, value_offset;
    bool is_string;        /* the value is in quotation marks, so it is no state */
    bool is_bound;
    bool of_credential;    /* of a query about credentials; their columns are suggested for a misspelt name */
    enum column slots[2];  /* of KEY_ID: the columns with the ids of both keys */
};

/* Set in OUT those of the rows in IN for which since(ID) is unknown: no history, or the check could not judge them. */
void query_since_unknown(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *out);

/*
 * The bool column of R that Q, a word that stands alone, names, so that Q asks for the users for whom it is true.
 * COL_COUNT if R has no such column or Q is no such word; a word is then text to search for.
 */
enum column query_word_column(const struct query *q, const struct report *r);
/* A leaf that holds for the users for whom a bool column is true. It owns nothing. */
struct query query_of_column(enum column column);

/* For a leaf bound to a column of lists: whether any element of TEXT satisfies it (for !=: none is equal). */
bool holds_element(const struct query *q, struct slice text);
/* For a leaf that is not bound: it holds for no row. */
void narrow_unbound(const struct query *q, const struct span *s, uint64_t *bits);

static inline bool query_is_none(const uint64_t *bits)
{
    uint64_t any = 0;
    for (size_t w = 0; w < QUERY_WORDS; w++)
        any |= bits[w];
    return !any;
}

/* The functions for struct query.narrow, one per kind of node or leaf. */
void narrow_and(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_or(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_not(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_key(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_credential(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_cert(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_fails(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_unknown(const struct query *q, const struct span *s, uint64_t *bits);
/* fails(ID) and unknown(ID) by another benchmark than the chosen one: INSIDE is its query for the check. */
void narrow_fails_by(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_unknown_by(const struct query *q, const struct span *s, uint64_t *bits);
/* since(ID), a time, and failing(ID), a duration, compared with a value or a state. */
void narrow_since(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_number(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_state(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_text(const struct query *q, const struct span *s, uint64_t *bits);
/* Compares the times in a text column, such as the dates in a tag, with now. */
void narrow_moment(const struct query *q, const struct span *s, uint64_t *bits);
/* Set in OUT those of the rows in IN whose text is unknown or no time. */
void query_moment_unknown(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *out);
void narrow_contains(const struct query *q, const struct span *s, uint64_t *bits);

/* Evaluate a leaf or an inner node with three outcomes (see query_judge()) for the rows in IN. */
void query_judge_node(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *yes,
    uint64_t *unknown);
/* The report columns that can make the node unknown, in both slots; see query_columns(). */
uint32_t query_node_columns(const struct query *q);

/* The column that a leaf reads in SLOT; COL_COUNT for exists, used and slot, which are no columns. */
enum column query_column_of(const struct query *q, int slot);
/* The value codes of a leaf for the rows of the span; borrowed, or stored in SCRATCH. */
const uint32_t *query_leaf_codes(const struct query *q, const struct span *s, uint32_t *scratch);
/*
 * The columns that tell whether the key or certificate in SLOT exists: active, creation time, last use. A certificate
 * has no last use; its creation time is repeated.
 */
void query_existence(enum scope scope, int slot, enum column out[3]);

/* Functions for struct query.holds: compare TEXT, ignoring case, or match it with the regular expression. */
bool holds_compared(const struct query *q, struct slice text);
bool holds_regex(const struct query *q, struct slice text);

#endif
