/* How many findings there are: by check, by severity, in all. */
#ifndef NCRED_SUMMARY_H
#define NCRED_SUMMARY_H

#include "audit/unjudged.h"
#include "export/table.h"

struct tally {
    size_t findings; /* that count */
    size_t waived;
    size_t users;    /* with a finding that counts */
    size_t unknown;  /* users that could not be judged */
};

struct summary {
    const struct report *report;
    struct tally checks[CHECKS_MAX];        /* of every check that is on */
    struct tally severities[SEVERITY_COUNT]; /* users: with a finding of just that severity, among others */
    struct tally all;
    struct unjudged unjudged;
    size_t users;                           /* all of them, with findings or not */
};

/* Count for the COUNT users at ROWS. */
void summary_count(struct summary *s, const struct report *r, const uint32_t *rows, size_t count);
/* A row a check that is on, then a row a severity, then one of all; S must outlive it. */
struct table summary_table(const struct summary *s);

#endif
