/* Counts that show a whole report at once: by check, by age, by last use, by account; each is a query. */
#ifndef NCRED_OVERVIEW_COUNTS_H
#define NCRED_OVERVIEW_COUNTS_H

#include "audit/checks.h"
#include "query/query.h"

/* A bar: how many of the users looked at QUERY holds for. */
struct bar {
    struct buffer label, query;
    enum severity severity; /* of a check's findings; SEVERITY_NONE: it is no check */
    size_t check;           /* which one */
    size_t count;
};

struct overview_section {
    const char *title;
    size_t first, count; /* in overview.bars */
    size_t most;         /* the largest count in it */
    bool is_histogram;   /* steps of a number of days, not findings or accounts */
};

enum { OVERVIEW_SECTIONS_MAX = 8 };

struct overview_counts {
    struct bar *bars;
    size_t bar_count;
    struct overview_section sections[OVERVIEW_SECTIONS_MAX];
    size_t section_count;
};

/*
 * Count among the COUNT users at ROWS; to be freed with overview_counts_free, also when it is false: P, which may be NULL, has
 * ended before all was counted.
 */
bool overview_counts_build(struct overview_counts *o, const struct report *r, const uint32_t *rows, size_t count,
    const struct check_settings *settings, struct cancel_token *p);
void overview_counts_free(struct overview_counts *o);

#endif
