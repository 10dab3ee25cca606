/*
 * Writes the report as one HTML page: summary, overview with bars, history as lines, what is unknown, then tables of
 * findings and users. `-o html` prints it, and evidence has it as report.html.
 */
#ifndef NCRED_REPORT_PAGE_H
#define NCRED_REPORT_PAGE_H

#include "base/cancel.h"
#include "export/table.h"
#include "history/time_columns.h"

#include <stdio.h>

struct report_page {
    const struct report *report; /* of users; audited */
    const uint32_t *rows;        /* the users to include, in the order of their table */
    size_t count;
    const struct table *users;   /* the table of these users, with the columns asked for */
    const char *const *filters;  /* queries that chose the users */
    size_t filter_count;
    bool history_counts_all_users; /* numbers of older reports count all users, whatever the filters */
    const struct time_allowed *allowed; /* `sla` of the configuration, or NULL */
    size_t limit;                /* maximum number of rows in each table */
    bool ascii;
    struct cancel_token *cancel; /* NULL if not cancellable */
};

/*
 * Write the page to OUT. Returns false if cancelled or if OUT has an error (see ferror()); the page is then incomplete.
 */
bool report_page_write(const struct report_page *p, FILE *out);
/* Where R's as-of time comes from, in words: "the time of the report". Static, or R's as_of_why. */
const char *report_page_origin(const struct report *r);

#endif
