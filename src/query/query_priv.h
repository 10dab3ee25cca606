/* The tree that query_parse.c builds, query_eval.c walks and query_run.c asks of rows. */
#ifndef NCRED_QUERY_PRIV_H
#define NCRED_QUERY_PRIV_H

#include "query/query.h"
#include "base/regex.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_OPERATOR, TOKEN_BAD };

enum comparison { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_MATCH, CMP_AND, CMP_OR, CMP_NOT };

struct token {
    enum token_kind kind;
    enum comparison operator;
    size_t offset;
    struct slice text; /* of a string: what stands between its marks, as it was written */
    bool doubled;      /* a string in which two marks in a row stand for one */
};

/* The next token of TEXT from *AT on; a bad one (an open quote, a stray sign) is TOKEN_BAD. */
struct token query_lex(struct slice text, size_t *at);
/* Append the text that token T stands for to OUT. */
void query_put_text(struct buffer *out, const struct token *t);

/* Which credential's inside a name belongs to. */
enum scope {
    SCOPE_USER, SCOPE_KEY, SCOPE_CERT, SCOPE_CREDENTIAL,
    SCOPE_CHECK, /* since(ID) and failing(ID): id is the check */
};

enum key_member { KEY_EXISTS, KEY_ACTIVE, KEY_USED, KEY_AGE, KEY_IDLE, KEY_LAST_ROTATED, KEY_LAST_USED, KEY_REGION, KEY_SERVICE, KEY_ID, KEY_SLOT, KEY_MEMBERS };
enum cert_member { CERT_EXISTS, CERT_ACTIVE, CERT_AGE, CERT_LAST_ROTATED, CERT_SLOT, CERT_MEMBERS };

/* Rows that a leaf looks at in one go: COUNT (at most QUERY_SPAN) from FIRST on, all in one block. */
struct span {
    const struct report *report;
    size_t first, count;
    int slot; /* of the key or certificate in hand, 1 or 2; of a credential 1 + enum credential; else 0 */
    struct cancel_token *cancel; /* checked before each text that a regular expression is tried on; NULL: never */
};

struct query {
    /* Clear in BITS, one bit per row of the span, those that the node does not hold for. */
    void (*narrow)(const struct query *q, const struct span *s, uint64_t *bits);
    struct query *inside; /* the first operand of and, or, not, key(...), cert(...) */
    struct query *next;   /* the operand after this one */
    uint32_t columns;     /* of the root: see query_columns */
    bool needs_report;    /* of the root: see query_needs_report */
    int id;                /* enum column, or member of the scope, or index of a check */
    enum scope scope;
    enum type type;
    enum comparison cmp;
    int test;              /* a state, TEST_MISSING or TEST_NEVER */
    int64_t number;
    char *text;            /* owned */
    bool (*holds)(const struct query *q, struct slice text); /* for leaves about text */
    struct regex *regex;
    const struct query_checks *checks; /* of a leaf about a column: those of query_parse() */
    struct query_name *name; /* owned; of a leaf whose column only a report knows; NULL: any other leaf */
};

/* What query_bind() makes a leaf of. */
struct query_name {
    char *name, *value;    /* owned; VALUE is the text that the token stands for; NULL: a name that stands alone */
    size_t offset, value_offset;
    bool is_string;        /* the value is in quotation marks, and so no state */
    bool is_bound;
    bool of_credential;    /* of a query about credentials, whose names are near, too */
    enum column slots[2];  /* of KEY_ID: the columns of both keys */
};

/* Into OUT: of the rows in IN, those whose report has no history, or whose check could not be judged. */
void query_since_unknown(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *out);

/* A leaf that is bound to a column that is a list: TEXT is its word. */
bool holds_element(const struct query *q, struct slice text);
/* A leaf that is not bound: it holds for nobody. */
void narrow_unbound(const struct query *q, const struct span *s, uint64_t *bits);

static inline bool query_is_none(const uint64_t *bits)
{
    uint64_t any = 0;
    for (size_t w = 0; w < QUERY_WORDS; w++)
        any |= bits[w];
    return !any;
}

void narrow_and(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_or(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_not(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_key(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_credential(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_cert(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_fails(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_unknown(const struct query *q, const struct span *s, uint64_t *bits);
/* The same by INSIDE, the query of a check as another benchmark than the chosen one has it. */
void narrow_fails_by(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_unknown_by(const struct query *q, const struct span *s, uint64_t *bits);
/* since(ID), a time, and failing(ID), a duration: compared with a number or a state. */
void narrow_since(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_number(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_state(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_text(const struct query *q, const struct span *s, uint64_t *bits);
void narrow_contains(const struct query *q, const struct span *s, uint64_t *bits);

/* Of the rows in IN: those that a leaf or an inner node holds for, and those that it is unknown for. */
void query_judge_node(const struct query *q, const struct span *s, const uint64_t *in, uint64_t *yes, uint64_t *unknown);
/* The report columns that the node reads in its slot or, for slot 0, in either. */
uint32_t query_node_columns(const struct query *q);

/* The report column that a leaf reads in SLOT; COL_COUNT: several, or none. */
enum column query_column_of(const struct query *q, int slot);
/* The codes of the leaf for the span, borrowed or in SCRATCH. */
const uint32_t *query_leaf_codes(const struct query *q, const struct span *s, uint32_t *scratch);
/* The columns that say whether the key or certificate in SLOT exists: active, made, used; a certificate has no used. */
void query_existence(enum scope scope, int slot, enum column out[3]);

bool holds_compared(const struct query *q, struct slice text);
bool holds_regex(const struct query *q, struct slice text);

#endif
