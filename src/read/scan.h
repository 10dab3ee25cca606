/* Rows out of text without a quotation mark, where a comma is a comma and a line is a row. */
#ifndef NCRED_SCAN_H
#define NCRED_SCAN_H

#include "report/report_build.h"

/* What stands in a piece of text before the line with the first quotation mark. */
struct scan_count {
    size_t rows, lines; /* rows that are not blank, and line ends */
    size_t length;      /* bytes up to that line; all of them when there is no quotation mark, */
    bool has_quote;     /* which this tells */
};

/* One way to find separators; all find the same, some faster. */
struct scan_way {
    const char *name;
    bool (*is_possible)(void); /* on this machine */
    struct scan_count (*count)(struct slice text);
    /* Write the rows of TEXT, the first as ROW on LINE; AT is the offset of its first byte in the report's text. */
    void (*rows)(struct report_writer *w, struct slice text, size_t row, size_t line, uint64_t at);
};

/* From the plainest to the fastest. */
extern const struct scan_way scan_ways[];
extern const size_t scan_way_count;
/* The fastest that this machine can do. */
const struct scan_way *scan_best(void);

#endif
