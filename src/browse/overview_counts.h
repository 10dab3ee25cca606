/*
 * Counts that summarise a whole report: by check, by age, by last use, by account. Each is a bar, and each bar a
 * query.
 */
#ifndef NCRED_OVERVIEW_COUNTS_H
#define NCRED_OVERVIEW_COUNTS_H

#include "audit/checks.h"
#include "query/query.h"

/* One bar: how many of the counted users match QUERY. */
struct bar {
    struct buffer label, query; /* owned */
    enum severity severity; /* of the check's findings; SEVERITY_NONE if the bar is not about a check */
    size_t check;           /* index of that check */
    size_t count;
};

struct overview_section {
    const char *title;
    size_t first, count; /* in overview.bars */
    size_t most;         /* the largest count in it */
    bool is_histogram;   /* bars are ranges of days, not findings or accounts */
};

enum { OVERVIEW_SECTIONS_MAX = 8 };

struct overview_counts {
    struct bar *bars;
    size_t bar_count;
    struct overview_section sections[OVERVIEW_SECTIONS_MAX];
    size_t section_count;
};

/*
 * Count the COUNT users at ROWS. Returns false if P, which may be NULL, was cancelled first: counts are incomplete
 * then. Free with overview_counts_free() either way.
 */
bool overview_counts_build(struct overview_counts *o, const struct report *r, const uint32_t *rows, size_t count,
    const struct check_settings *settings, struct cancel_token *p);
void overview_counts_free(struct overview_counts *o);

#endif
