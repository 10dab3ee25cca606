/*
 * Rows of reports copied into another one, with their text and their codes: nothing is parsed again.
 *
 *     struct report_copy copy = {.to = &changes};
 *     report_copy_row(&copy, newer, row);      // any number of rows, of any reports
 *     report_copy_publish(&copy);
 *     report_copy_end(&copy);
 *
 * Rows that come from the same file one after the other make one file of the report.
 */
#ifndef NCRED_REPORT_COPY_H
#define NCRED_REPORT_COPY_H

#include "report/report_build.h"

struct report_copy {
    struct report *to;         /* borrowed */
    const struct report *from; /* borrowed: what the last row was copied from; NULL: nothing yet */
    size_t file;               /* the file of that row in FROM, */
    size_t file_count;         /* and how many files TO had then */
    size_t used;               /* bytes of TO's last segment, if this has made it */
    size_t segment;            /* which one that is; SIZE_MAX: none */
    size_t next_line;          /* behind the line of the last row */
    uint16_t *words, *accounts; /* owned: the code in TO of each word of FROM; 0: not known yet */
    struct report_batch batch;
};

/* Append ROW of FROM. False: TO is full. It is seen once it is published, which may be done after any number of rows. */
bool report_copy_row(struct report_copy *c, const struct report *from, size_t row) __attribute__((nonnull));
void report_copy_publish(struct report_copy *c);
/* Free what C owns; rows that were not published are dropped. */
void report_copy_end(struct report_copy *c);

#endif
