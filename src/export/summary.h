/* Counts of findings by check, by severity and in all: what --summary prints. */
#ifndef NCRED_SUMMARY_H
#define NCRED_SUMMARY_H

#include "audit/unjudged.h"
#include "export/table.h"
#include "history/time_columns.h"

struct tally {
    size_t findings; /* without waived ones */
    size_t waived;
    size_t users;    /* with a finding that is not waived */
    size_t unknown;  /* users who could not be judged */
    size_t late;     /* findings older than the time allowed to fix them */
    int64_t since;   /* if has_since: when the oldest finding began, by older reports; seconds since 1970 */
    bool has_since;
    bool is_at_least; /* the oldest finding may be older than since: the oldest report has it, too */
};

struct summary {
    const struct report *report;
    struct tally checks[CHECKS_MAX];        /* for every check that is on */
    struct tally severities[SEVERITY_COUNT]; /* a user counts for each severity of which he has a finding */
    struct tally all;
    struct unjudged unjudged;
    bool has_late;                          /* there is a time allowed */
    bool has_since;                         /* there are older reports */
    size_t users;                           /* all, with and without findings */
};

/* The columns of the table, in order. */
extern const struct table_column summary_columns[];
extern const size_t summary_column_count;

/* Fill S for the COUNT users at ROWS of R, which must outlive S. ALLOWED says when a finding is late; NULL: never. */
void summary_count(struct summary *s, const struct report *r, const uint32_t *rows, size_t count,
    const struct time_allowed *allowed);
/*
 * Returns a table with one row per check that is on, one per severity, and one for all, which borrows from S. It has
 * the column `late` if there is a limit, and both columns about time with WITH_SINCE.
 */
struct table summary_table(const struct summary *s, bool with_since);

#endif
