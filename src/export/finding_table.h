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

struct findings {
    const struct report *report;
    struct finding *list; /* owned */
    size_t count;
    struct unjudged unjudged;
    struct column_list columns;
    struct {
        struct buffer number, title;
    } texts[CHECKS_MAX]; /* owned: what every finding of a check says */
    const struct time_allowed *allowed; /* borrowed; for due and late; NULL: nothing is ever late */
    struct cancel_token *cancel; /* borrowed; whoever writes them asks it, too. NULL: none */
};

/*
 * The findings of the COUNT users at ROWS: those that count before waived ones and worse ones first, whoever has them,
 * users in the order given within. Once P, which may be NULL, has ended, they are of no use.
 */
void findings_collect(struct findings *f, const struct report *r, const uint32_t *rows, size_t count,
    struct cancel_token *p);
/* As sort_parse() and sort_rows(), by the columns of findings before those of their users. */
bool findings_sort_parse(struct sort_order *order, struct slice list, struct error *err);
void findings_sort(struct findings *f, const struct sort_order *order);
/* The columns: those of LIST, or when it is NULL the usual ones, fewer when for PEOPLE. */
bool findings_choose(struct findings *f, const char *list, bool people, struct error *err);
/* At most LIMIT of them; F must outlive the table. */
struct table findings_table(const struct findings *f, size_t limit);
void findings_free(struct findings *f);

#endif
