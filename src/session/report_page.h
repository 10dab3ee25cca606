/*
 * The whole report as one page of HTML: what it is about, the overview with its bars, the history as lines, what is not
 * known, then the findings and the users as tables. `-o html` prints it, and evidence has it as report.html.
 */
#ifndef NCRED_REPORT_PAGE_H
#define NCRED_REPORT_PAGE_H

#include "base/cancel.h"
#include "export/table.h"
#include "history/time_columns.h"

#include <stdio.h>

struct report_page {
    const struct report *report; /* audited; no list of changes */
    const uint32_t *rows;        /* the users that it is about, in the order of the table of users */
    size_t count;
    const struct table *users;   /* of these users, with the columns that were asked for */
    const char *const *filters;  /* queries that chose the users */
    size_t filter_count;
    bool history_is_of_all;      /* the numbers of older reports are of all users, whatever the filters */
    const struct time_allowed *allowed; /* the configuration's sla; NULL: none */
    size_t limit;                /* at most so many rows in each table */
    bool ascii;
    struct cancel_token *cancel; /* NULL: never */
};

/* Errors stay in OUT. False: P->cancel has ended, or OUT has failed, and what was written is of no use. */
bool report_page_write(const struct report_page *p, FILE *out);
/* Where R's as-of time comes from, in words: "the time of the report". */
const char *report_page_origin(const struct report *r);

#endif
