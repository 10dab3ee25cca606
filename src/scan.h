/* Rows out of text without a quotation mark, where a comma is a comma and a line is a row. */
#ifndef NCRED_SCAN_H
#define NCRED_SCAN_H

#include "report_build.h"

/* What stands in a piece of text: rows that are not blank, and line ends. */
struct scan_count {
    size_t rows, lines;
};

struct scan_count scan_count(struct slice text);
/* Write the rows of TEXT, the first as ROW on LINE; AT is the offset of its first byte in the report's text. */
void scan_rows(struct report_writer *w, struct slice text, size_t row, size_t line, uint64_t at);

#endif
