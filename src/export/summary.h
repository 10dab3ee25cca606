/* How many findings there are: by check, by severity, in all. */
#ifndef NCRED_SUMMARY_H
#define NCRED_SUMMARY_H

#include "audit/unjudged.h"
#include "export/table.h"
#include "history/time_columns.h"

struct tally {
    size_t findings; /* that count */
    size_t waived;
    size_t users;    /* with a finding that counts */
    size_t unknown;  /* users that could not be judged */
    size_t late;     /* findings beyond the time that is allowed */
    int64_t since;   /* when the oldest finding began, by older reports, */
    bool has_since;  /* if they tell; */
    bool is_at_least; /* it may be older */
};

struct summary {
    const struct report *report;
    struct tally checks[CHECKS_MAX];        /* of every check that is on */
    struct tally severities[SEVERITY_COUNT]; /* users: with a finding of just that severity, among others */
    struct tally all;
    struct unjudged unjudged;
    bool has_late, has_since;               /* there is a time allowed; there are older reports */
    size_t users;                           /* all of them, with findings or not */
};

/* Count for the COUNT users at ROWS; findings must be fixed within the time ALLOWED. */
void summary_count(struct summary *s, const struct report *r, const uint32_t *rows, size_t count,
    const struct time_allowed *allowed);
/*
 * One row per enabled check, one per severity, then one for all; S must outlive it. The columns about time are in it where
 * something tells, or with ALL.
 */
struct table summary_table(const struct summary *s, bool all);

#endif
