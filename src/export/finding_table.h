/* Findings as a table, one row a finding: what --findings prints. */
#ifndef NCRED_FINDING_TABLE_H
#define NCRED_FINDING_TABLE_H

#include "audit/finding.h"
#include "audit/unjudged.h"
#include "export/column_list.h"
#include "history/time_columns.h"
#include "query/sort.h"

/* Its own columns; those of its user stand behind them. */
extern const struct column_info finding_columns[];
extern const size_t finding_column_count;

/*
 * Findings in an order. Those that count stand before waived ones, worse ones first, whoever has them, users as in ROWS
 * within: in this order no list is kept, whose memory would grow with their number, but how many there are for each
 * severity in each FINDINGS_USERS users. findings_list() makes a list, to be sorted or made shorter.
 */
enum { FINDINGS_USERS = 512 };

struct finding_words;

struct findings {
    const struct report *report;
    const uint32_t *rows; /* borrowed */
    size_t row_count;
    size_t count;
    size_t *before;       /* owned: findings before those of each severity's each FINDINGS_USERS users; and COUNT */
    struct audit_faults faults;
    struct finding *list; /* owned: COUNT of them in their order; NULL: they are as above */
    struct unjudged unjudged;
    struct column_list columns;
    struct column_span *spans;   /* owned: what begins with each column */
    struct finding_words *words; /* owned: what cells of many findings say */
    const struct time_allowed *allowed; /* borrowed; for due and late; NULL: nothing is ever late */
    struct cancel_token *cancel; /* borrowed; asked while the table is written, too. NULL: none */
};

/* The findings of the COUNT users at ROWS, which must outlive F. Once P, which may be NULL, has ended, they are of no use. */
void findings_collect(struct findings *f, const struct report *r, const uint32_t *rows, size_t count,
    struct cancel_token *p);
/* Put the findings from FROM up to TO, at most F->count, into OUT. */
void findings_get(const struct findings *f, size_t from, size_t to, struct finding *out);
/* Make F->list, unless there is one. */
void findings_list(struct findings *f);
/* The number of a column of findings, else of their users in the schema; -1: there is none. For sort_parse_of(). */
int findings_column_find(struct slice name);
/* As sort_rows(), by these and columns that the report has beyond them. */
void findings_sort(struct findings *f, const struct sort_order *order);
/* The columns: those of LIST, or when it is NULL the usual ones, fewer when for PEOPLE. */
bool findings_choose(struct findings *f, const char *list, bool people, struct error *err);
/* At most LIMIT of them; F must outlive the table. */
struct table findings_table(struct findings *f, size_t limit);
void findings_free(struct findings *f);

#endif
