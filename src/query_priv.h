/* The tree that query_parse.c builds and query_eval.c walks. */
#ifndef NCRED_QUERY_PRIV_H
#define NCRED_QUERY_PRIV_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "query.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_OPERATOR, TOKEN_BAD };

enum comparison { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_MATCH, CMP_AND, CMP_OR, CMP_NOT };

struct token {
    enum token_kind kind;
    enum comparison operator;
    size_t offset;
    struct slice text; /* without quotes */
};

/* The next token of TEXT from *AT on; a bad one (an open quote, a stray sign) is TOKEN_BAD. */
struct token query_lex(struct slice text, size_t *at);

/* Which credential's inside a name belongs to. */
enum scope { SCOPE_USER, SCOPE_KEY, SCOPE_CERT };

/* Values of a state test beyond enum state. */
enum { TEST_MISSING = 100, TEST_NEVER };

struct query {
    bool (*eval)(const struct query *q, const struct report *r, size_t row, int slot);
    struct query *left, *right;
    struct value (*get)(const struct report *r, size_t row, int slot, int id);
    int id;                /* column, member of the scope, or index of a check */
    enum scope scope;
    enum type type;
    enum comparison cmp;
    int test;              /* a state, TEST_MISSING or TEST_NEVER */
    int64_t number;
    char *text;            /* owned */
    pcre2_code *regex;
    pcre2_match_data *match;
};

enum key_member { KEY_EXISTS, KEY_ACTIVE, KEY_USED, KEY_AGE, KEY_IDLE, KEY_LAST_ROTATED, KEY_LAST_USED, KEY_REGION, KEY_SERVICE, KEY_SLOT, KEY_MEMBERS };
enum cert_member { CERT_EXISTS, CERT_ACTIVE, CERT_AGE, CERT_LAST_ROTATED, CERT_SLOT, CERT_MEMBERS };

struct value query_get_column(const struct report *r, size_t row, int slot, int id);
struct value query_get_key(const struct report *r, size_t row, int slot, int id);
struct value query_get_cert(const struct report *r, size_t row, int slot, int id);

bool eval_and(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_or(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_not(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_key(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_fails(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_cert(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_truth(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_number(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_text(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_regex(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_state(const struct query *q, const struct report *r, size_t row, int slot);
bool eval_contains(const struct query *q, const struct report *r, size_t row, int slot);

#endif
