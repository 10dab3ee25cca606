/*
 * Copies rows of reports into another one, with their text and codes, so that nothing is parsed again.
 *
 *     struct report_copy copy = {.to = &changes};
 *     report_copy_row(&copy, newer, row);      // any number of rows, of any reports
 *     report_copy_publish(&copy);
 *     report_copy_end(&copy);
 *
 * Consecutive rows from the same file belong to one file of the new report.
 */
#ifndef NCRED_REPORT_COPY_H
#define NCRED_REPORT_COPY_H

#include "report/report_build.h"

struct report_copy {
    struct report *to;         /* borrowed */
    const struct report *from; /* borrowed: the report of the last row; NULL before the first row */
    size_t file;               /* index of that row's file in from->files */
    size_t file_count;         /* to->file_count after that row */
    size_t used;               /* bytes used of the segment */
    size_t segment;            /* index in to->segments of the segment that rows go to, or SIZE_MAX */
    size_t next_line;          /* the line after that of the last row */
    uint16_t *words, *accounts; /* owned: for each word or account of `from` its code in `to`, 0 if not looked up yet */
    struct report_batch batch;
};

/* Append ROW of FROM to c->to. Returns false if c->to is full. The row is visible after report_copy_publish(). */
bool report_copy_row(struct report_copy *c, const struct report *from, size_t row) __attribute__((nonnull));
/* Publish the rows copied so far. */
void report_copy_publish(struct report_copy *c);
/* Free what C owns, and drop rows that were not published. */
void report_copy_end(struct report_copy *c);

#endif
