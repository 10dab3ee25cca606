/* A table with one row per finding: what --findings prints. */
#ifndef NCRED_FINDING_TABLE_H
#define NCRED_FINDING_TABLE_H

#include "audit/finding.h"
#include "audit/unjudged.h"
#include "export/column_list.h"
#include "history/time_columns.h"
#include "query/sort.h"

/* The columns of a finding itself; those of its user come after them, see column_list.h. */
extern const struct column_info finding_columns[];
extern const size_t finding_column_count;

/*
 * The findings of some users. Their usual order is: findings that are not waived first, then worse ones first, then
 * users as in rows. In this order no list of findings is kept, whose memory would grow with their number, only how
 * many there are of each severity in every FINDINGS_USERS users, from which findings_get() finds any of them again.
 * For another order, or some of them only, findings_list() makes a list.
 */
enum { FINDINGS_USERS = 512 };

struct finding_words;

struct findings {
    const struct report *report;
    const uint32_t *rows; /* borrowed: the users */
    size_t row_count;
    size_t count;         /* of findings */
    size_t *before;       /* owned: for each severity and each FINDINGS_USERS users, the findings before; then count */
    struct audit_faults faults;
    struct finding *list; /* owned: count findings in their order; NULL: they are in the usual order */
    struct unjudged unjudged; /* how many users each check could not judge */
    struct column_list columns;
    struct column_span *spans;   /* owned: the span at each column, see column_list.h */
    struct finding_words *words; /* owned: texts that many cells have */
    const struct time_allowed *allowed; /* borrowed: for the columns due and late; NULL: nothing is ever late */
    struct cancel_token *cancel; /* borrowed; also looked at while the table is written; NULL: none */
};

/*
 * Fill F with the findings of the COUNT users at ROWS of R; both are borrowed. If P, which may be NULL, ends, F is
 * incomplete and must be discarded. Free F with findings_free() either way.
 */
void findings_collect(struct findings *f, const struct report *r, const uint32_t *rows, size_t count,
    struct cancel_token *p);
/* Put findings number FROM to TO - 1 into OUT. TO is at most F->count. */
void findings_get(const struct findings *f, size_t from, size_t to, struct finding *out);
/* Make F->list if there is none yet. */
void findings_list(struct findings *f);
/* The columns of findings and of users, as column_list.h numbers them, for sort_parse(). */
extern const struct sort_names findings_sort_names;
/* Sort the findings as sort_rows() sorts users, by columns of findings and of users. */
void findings_sort(struct findings *f, const struct sort_order *order);
/*
 * Choose the columns of LIST or, if it is NULL, the usual ones: fewer for PEOPLE. Returns false with ERR naming the
 * first that does not exist.
 */
bool findings_choose(struct findings *f, const char *list, bool people, struct error *err);
/* Returns a table of the first LIMIT findings, which borrows from F. */
struct table findings_table(struct findings *f, size_t limit);
void findings_free(struct findings *f);

#endif
