/* The query language: text to a tree with columns resolved, and its evaluation over rows. */
#ifndef NCRED_QUERY_H
#define NCRED_QUERY_H

#include "base/cancel.h"
#include "base/error.h"
#include "report/credential.h"
#include "report/report.h"

struct query;

/*
 * What the parser and suggestions must know about checks, which come after this folder. A check is a number below count().
 * audit/check_query.h has the one for the program's own checks.
 */
struct query_checks {
    size_t (*count)(void);
    const char *(*id)(size_t check);
    /* The check with this id, or with this number in the benchmark NUMBERS (an enum benchmark); count(): there is none. */
    size_t (*find)(struct slice id, int numbers);
    /*
     * Append the query of the check by the benchmark whose number ID is, if it is another one than NUMBERS and means other
     * users by it; otherwise append nothing: what the checks have found holds. NULL: there are no checks.
     */
    void (*meaning)(struct buffer *out, struct slice id, int numbers);
    /* The id nearest to a misspelt one, or NULL. */
    const char *(*nearest)(struct slice id);
    /* credential_value(); NULL where no query is about credentials. */
    struct value (*credential_value)(const struct report *r, uint32_t id, int column, struct buffer *scratch);
};

/* No checks, for the queries that the checks themselves are made of: fails(...) is an error in them. */
extern const struct query_checks query_no_checks;

/* What the names in a query are columns of: users, or credentials (see credential.h), whose names come first. */
enum query_subject { QUERY_USERS, QUERY_CREDENTIALS };

/*
 * Parse TEXT, which need not outlive the query; CHECKS must. NUMBERS is passed to CHECKS->find. Returns the query, to be
 * freed with query_free(), or NULL with ERR telling what is wrong and, by its offset, where.
 */
struct query *query_parse(struct slice text, enum query_subject subject, const struct query_checks *checks, int numbers,
    struct error *err);
/* The same where columns of other files are expected: also a name like that of a column may be one of theirs. */
struct query *query_parse_late(struct slice text, enum query_subject subject, const struct query_checks *checks,
    int numbers, struct error *err);
/*
 * Names that only a report knows, of its own or joined columns, are looked up when it is there: bind Q to R before asking
 * it of R's rows, and again for another report. False: ERR tells, by its offset, which name R does not have, or which
 * value is not of its column's type; that part of Q then holds for nobody. ERR may be NULL.
 */
bool query_bind(struct query *q, const struct report *r, struct error *err);
/* Whether Q has such names, or asks for the history of R: since(ID), failing(ID). */
bool query_needs_report(const struct query *q);
/* The first name of Q that only a report knows, or that the report it was bound to does not have; borrowed; NULL: none. */
const char *query_late_name(const struct query *q);
const char *query_unbound_name(const struct query *q);
bool query_matches(const struct query *q, const struct report *r, size_t row);
/* The same for a query about credentials. */
bool query_matches_credential(const struct query *q, const struct report *r, uint32_t id);

/* Rows are looked at by spans, which divide blocks; the answer is one bit per row. */
enum { QUERY_SPAN = REPORT_SPAN, QUERY_WORDS = QUERY_SPAN / 64 };
/* Which of COUNT rows from FIRST on (a multiple of QUERY_SPAN) Q holds for. */
void query_span(const struct query *q, const struct report *r, size_t first, size_t count, uint64_t *bits);
/* The same for several queries: all bits first, and those cleared that a query does not hold for. */
void query_span_begin(size_t count, uint64_t *bits);
void query_span_narrow(const struct query *q, const struct report *r, size_t first, size_t count, uint64_t *bits);
/*
 * Three outcomes (Kleene's logic), for checks: Q holds for the rows in YES, and for those in UNKNOWN it depends on a cell
 * that is unknown: its column is missing, or its text is empty or malformed. It does not hold for the others. N/A,
 * no_information and not_supported are known. query_span_* differ: to them a comparison with an unknown cell is false,
 * and its `not` true.
 */
void query_judge(const struct query *q, const struct report *r, size_t first, size_t count, uint64_t *yes,
    uint64_t *unknown);
/* Whether Q holds for a row without doubt. */
bool query_holds_surely(const struct query *q, const struct report *r, size_t row);
/*
 * Which credential makes Q hold for a row: clear in BITS, one bit per row of COUNT from FIRST on, those where C is none of the
 * credentials that satisfy a key(...), cert(...) or password_... part through which Q holds. Parts below `not` name no key.
 */
void query_blame(const struct query *q, const struct report *r, size_t first, size_t count, enum credential c,
    uint64_t *bits);
/* The columns that Q names outside key(...) and cert(...), one bit per enum column. */
uint64_t query_user_columns(const struct query *q);
/*
 * The columns beyond the schema that Q's names were bound to, outside key(...): each once, behind the COUNT in LIST, which
 * has room for MAX. How many there are then.
 */
size_t query_bound_columns(const struct query *q, enum column *list, size_t count, size_t max);
/* The report columns that Q reads, one bit per column; others cannot make its outcome unknown. */
uint32_t query_columns(const struct query *q);
/* All report columns that are looked at to evaluate Q, one bit per column; all bits when that depends on more than Q. */
uint32_t query_read_columns(const struct query *q);
/* The report columns that a column of users is made of, one bit per column, but user and ARN; all bits: of many. */
uint32_t query_columns_behind(enum column column);
/*
 * Keep in ROWS, in their order, those that Q holds for (INVERTED: does not hold for); how many are left. P, unless NULL,
 * may end before that: ROWS is of no use then.
 */
size_t query_keep(const struct query *q, const struct report *r, uint32_t *rows, size_t count, bool inverted,
    struct cancel_token *p);
/* The same for credentials: Q is about them or, unless OF_CREDENTIAL, about their users. */
size_t query_keep_credentials(const struct query *q, bool of_credential, const struct report *r, uint32_t *ids,
    size_t count, bool inverted, struct cancel_token *p);
/* Whether Q can be asked by one thread at a time only. */
bool query_is_for_one_thread(const struct query *q);
/* Whether a regular expression in Q would have taken too long for some value so far; it counts as not matching. */
bool query_gave_up(const struct query *q);
/* Whether each row that TO holds for is one that FROM holds for. May return false although it is so. */
bool query_only_narrows(const struct query *from, const struct query *to);
/* Whether what Q says depends on the checks having been run. */
bool query_asks_checks(const struct query *q);
void query_free(struct query *q);

/*
 * For text that is being typed. Whether its last word may yet become a name, of a field or in `key(...)`, and is no
 * text to look for; CREDENTIALS: of a query about credentials.
 */
bool query_ends_in_name(struct slice text, bool credentials);
/*
 * Put into OUT the text without its last CUT tokens and with its parentheses closed; nothing when it would end in such a
 * word. False: there is no text left.
 */
bool query_so_far(struct buffer *out, struct slice text, size_t cut, bool credentials);

/* The names that hold inside key(...) and cert(...), for help and completion. */
struct query_member {
    const char *name;
    enum type type;
    const char *help;
};
/* What takes a pair of parentheses. */
enum query_function {
    FUNCTION_KEY, FUNCTION_CERT, FUNCTION_FAILS, FUNCTION_UNKNOWN, FUNCTION_SINCE, FUNCTION_FAILING, FUNCTION_COUNT
};
extern const char *const query_functions[FUNCTION_COUNT];
/* The one of this name, or FUNCTION_COUNT. */
enum query_function query_function_find(struct slice name);
/* Whether it takes the id of a check; and whether what it returns must be compared: a time, or a duration. */
bool query_function_takes_check(enum query_function f);
bool query_function_is_compared(enum query_function f, enum type *type);

/* What a field without a value may be compared with, in the language's words; `never` goes with times of use only. */
struct query_state {
    const char *word;
    int test; /* a state, or TEST_MISSING or TEST_NEVER */
};
enum { TEST_MISSING = 100, TEST_NEVER };
extern const struct query_state query_states[];
extern const size_t query_state_count;

extern const struct query_member query_key_members[];
extern const struct query_member query_cert_members[];
extern const size_t query_key_member_count, query_cert_member_count;

#endif
