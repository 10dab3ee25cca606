/* What can be wrong with a user: one table of checks, each a query, and which users fail them. */
#ifndef NCRED_CHECKS_H
#define NCRED_CHECKS_H

#include "error.h"
#include "report.h"

/* Whose numbers `fails(cis-1.14)` and the screen mean. */
enum benchmark { BENCHMARK_CIS_1_4, BENCHMARK_CIS_5_0, BENCHMARK_CIS_6_0, BENCHMARK_CIS_7_0, BENCHMARK_SECURITY_HUB,
    BENCHMARK_AWS_CONFIG, BENCHMARK_PROWLER, BENCHMARK_COUNT };

struct check {
    const char *id;
    const char *title;
    enum severity severity;
    const char *numbers[BENCHMARK_COUNT]; /* NULL: not in that benchmark */
    const char *predicate;                /* holds for the users that fail */
};

enum { CHECKS_MAX = 32 }; /* one bit each in report.failed */
extern const struct check checks[];
extern const size_t check_count;

/* The benchmark of this name (cis-4.0, security-hub), or BENCHMARK_COUNT. */
enum benchmark benchmark_find(struct slice name);
/* "cis-1.4, cis-1.5, ..." into OUT. */
void benchmark_names(struct buffer *out);
/* Index of the check with this id, or with this number in BENCHMARK (cis-1.14, iam.4), or check_count. */
size_t check_find(struct slice id, enum benchmark benchmark);
/* The number as people write it ("CIS 1.14") into OUT; empty when the benchmark has none. */
void check_number(struct buffer *out, const struct check *check, enum benchmark benchmark);

/* Work out what every row fails, as of r->as_of; again after as_of or the rows changed. */
void checks_run(struct report *r);

#endif
