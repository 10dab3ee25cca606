/*
 * The query language of filters and checks: parses text into a tree with columns resolved, and evaluates the tree over
 * rows. ncred-query(7) describes the language.
 */
#ifndef NCRED_QUERY_H
#define NCRED_QUERY_H

#include "base/cancel.h"
#include "base/error.h"
#include "report/credential.h"
#include "report/report.h"

struct query;

/*
 * Interface through which the parser and suggestions learn about checks, because src/audit comes after this folder. A
 * check is a number below count(). audit/check_query.h implements it for the program's own checks.
 */
struct query_checks {
    size_t (*count)(void);
    const char *(*id)(size_t check);
    /* The check with this id, or this number in the benchmark NUMBERS (an enum benchmark); count() if there is none. */
    size_t (*find)(struct slice id, int numbers);
    /*
     * If ID is a number of another benchmark than NUMBERS, and that benchmark means other users by it, append the
     * check's query as that benchmark has it. Otherwise append nothing: the results of the checks hold. NULL if there
     * are no checks.
     */
    void (*meaning)(struct buffer *out, struct slice id, int numbers);
    /* The id nearest to a misspelt one, or NULL. */
    const char *(*nearest)(struct slice id);
    /* credential_value(), or NULL where no query is about credentials. */
    struct value (*credential_value)(const struct report *r, uint32_t id, int column, struct buffer *scratch);
};

/*
 * What rows the query is about: users or credentials (see credential.h). In a query about credentials, a name means a
 * column of credentials before one of users.
 */
enum query_subject { QUERY_USERS, QUERY_CREDENTIALS };

/*
 * Parse TEXT, which need not outlive the query, whereas CHECKS must. NUMBERS is passed to CHECKS->find. Returns a query
 * to be freed with query_free(), or NULL with ERR set to the message and the offset in TEXT.
 */
struct query *query_parse(struct slice text, enum query_subject subject, const struct query_checks *checks, int numbers,
    struct error *err);
/*
 * As query_parse(), where columns of other files are expected. A name similar to a column's name, or a short name such
 * as `mfa`, may then be such a column, too; query_bind() decides.
 */
struct query *query_parse_late(struct slice text, enum query_subject subject, const struct query_checks *checks,
    int numbers, struct error *err);
/*
 * Look up names that only a report knows: columns of its own or joined ones. Must be called before Q is evaluated for
 * rows of R, and again for another report. Returns false if R lacks a name or a value does not have its column's type,
 * with ERR (which may be NULL) set to the first such error and its offset; that part of Q then holds for no row.
 */
bool query_bind(struct query *q, const struct report *r, struct error *err);
/*
 * The same for a query (NULL: none) that is evaluated for several reports: words that name a bool column of R become
 * comparisons with that column, so that they mean the column in every other report, too, even in one that lacks it.
 */
void query_bind_settled(struct query *q, const struct report *r);
/*
 * Whether the word NAME, in any case, stands alone in Q without quotation marks. For a report with a bool column of
 * that name such a word means the users for whom it is true; for others it is text to search for.
 */
bool query_has_word(const struct query *q, struct slice name);
/* Whether NAME, in any case, is among the names in Q that only a report knows. */
bool query_has_late_name(const struct query *q, struct slice name);
/* Whether Q has names that only a report knows, or asks for the history of R: since(ID), failing(ID). */
bool query_needs_report(const struct query *q);
/*
 * The first name in Q that only a report knows / that the report it was bound to lacks. Borrowed; NULL if there is
 * none.
 */
const char *query_late_name(const struct query *q);
const char *query_unbound_name(const struct query *q);
/* Whether Q holds for a row. A comparison with an unknown cell is false. */
bool query_matches(const struct query *q, const struct report *r, size_t row);
/* As query_matches(), for a query about credentials; ID is a credential's id. */
bool query_matches_credential(const struct query *q, const struct report *r, uint32_t id);

/* Rows are evaluated in spans, which divide blocks; results are one bit per row. */
enum { QUERY_SPAN = REPORT_SPAN, QUERY_WORDS = QUERY_SPAN / 64 };
/*
 * For one query, or several in conjunction: query_span_begin() sets the bits of COUNT rows, then each call of
 * query_span_narrow() clears the bits of those from FIRST (a multiple of QUERY_SPAN) that its query does not hold for.
 */
void query_span_begin(size_t count, uint64_t *bits);
void query_span_narrow(const struct query *q, const struct report *r, size_t first, size_t count, uint64_t *bits);
/*
 * Evaluate Q with three outcomes (Kleene's logic), as checks do. YES: Q holds. UNKNOWN: the outcome depends on a cell
 * that is unknown, because its column is missing or its text is empty or malformed. Neither: Q does not hold. N/A,
 * no_information and not_supported are known values. query_span_*() differ: there a comparison with an unknown cell is
 * false, and its `not` is true.
 */
void query_judge(const struct query *q, const struct report *r, size_t first, size_t count, uint64_t *yes,
    uint64_t *unknown);
/* Whether Q holds for a row whatever its unknown cells may be. */
bool query_holds_surely(const struct query *q, const struct report *r, size_t row);
/*
 * Find out whether credential C makes Q hold. BITS has one bit per row of COUNT from FIRST; the bit stays set where C
 * satisfies a key(...), cert(...) or column of that credential which is a reason for Q to hold. Inside `not`, key(...)
 * and cert(...) name no credential.
 */
void query_blame(const struct query *q, const struct report *r, size_t first, size_t count, enum credential c,
    uint64_t *bits);
/* The columns that Q names outside key(...) and cert(...), one bit per enum column. */
uint64_t query_user_columns(const struct query *q);
/*
 * Append to LIST, which has COUNT of at most MAX entries, the columns of R beyond the schema that Q names outside
 * key(...), each once. Q must have been bound to R. Returns the new count.
 */
size_t query_bound_columns(const struct query *q, const struct report *r, enum column *list, size_t count, size_t max);
/*
 * The report columns whose cells can make the outcome of Q unknown, one bit per column. All bits are set for queries
 * that ask for results of checks.
 */
uint32_t query_columns(const struct query *q);
/* All report columns that evaluating Q reads, one bit per column; all bits if the outcome depends on more than that. */
uint32_t query_read_columns(const struct query *q);
/*
 * The report columns that COLUMN is computed from, one bit per column, except those that identify the user (such as
 * user and ARN). All bits if there are many.
 */
uint32_t query_columns_behind(enum column column);
/*
 * Keep those of the COUNT rows in ROWS that Q holds for (INVERTED: does not hold for), in their order. Returns how many
 * are left. Cancellable by P, which may be NULL; ROWS must then be discarded.
 */
size_t query_keep(const struct query *q, const struct report *r, uint32_t *rows, size_t count, bool inverted,
    struct cancel_token *p);
/* As query_keep() for credential ids. SUBJECT says whether Q is about credentials or about their users. */
size_t query_keep_credentials(const struct query *q, enum query_subject subject, const struct report *r, uint32_t *ids,
    size_t count, bool inverted, struct cancel_token *p);
/* Whether only one thread at a time may evaluate Q, because it has a regular expression. */
bool query_is_for_one_thread(const struct query *q);
/* Whether a regular expression in Q took too long on some value so far; that value counted as not matching. */
bool query_gave_up(const struct query *q);
/*
 * Whether every row of R that TO holds for is known to be one that FROM holds for. May return false although it is so:
 * only searches for a text are recognized.
 */
bool query_only_narrows(const struct query *from, const struct query *to, const struct report *r);
/* Whether the outcome of Q depends on results of the checks, so that they must have run before. */
bool query_asks_checks(const struct query *q);
void query_free(struct query *q);

/*
 * For a query that is being typed: whether the last word of TEXT may still become the name of a column or function, so
 * that it should not be searched for yet. False inside key(...) and cert(...).
 */
bool query_ends_in_name(struct slice text, enum query_subject subject);
/*
 * Set OUT to TEXT without its last CUT tokens and with its parentheses closed, or to nothing if what is left ends in
 * such a word. Returns false if no text is left.
 */
bool query_so_far(struct buffer *out, struct slice text, size_t cut, enum query_subject subject);

/* The names inside key(...) and cert(...), for help and completion. */
struct query_member {
    const char *name;
    enum type type;
    const char *help;
};
/* Names that are followed by parentheses. */
enum query_function {
    FUNCTION_KEY, FUNCTION_CERT, FUNCTION_FAILS, FUNCTION_UNKNOWN, FUNCTION_SINCE, FUNCTION_FAILING, FUNCTION_COUNT
};
extern const char *const query_functions[FUNCTION_COUNT];
/* The function of this name, in any case, or FUNCTION_COUNT. */
enum query_function query_function_find(struct slice name);
/*
 * Whether F takes the id of a check, and whether its result must be compared. *TYPE is set to the type of that result:
 * a time or a duration.
 */
bool query_function_takes_check(enum query_function f);
bool query_function_is_compared(enum query_function f, enum type *type);

/* The words for a cell without a value, as in `mfa = missing`. `never` is accepted only for times of use. */
struct query_state {
    const char *word;
    int test; /* an enum state, TEST_MISSING or TEST_NEVER */
};
enum { TEST_MISSING = 100, TEST_NEVER };
extern const struct query_state query_states[];
extern const size_t query_state_count;

extern const struct query_member query_key_members[];
extern const struct query_member query_cert_members[];
extern const size_t query_key_member_count, query_cert_member_count;

#endif
