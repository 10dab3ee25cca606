/* Reads rows from text without quotation marks, where every comma separates and every line is a row. */
#ifndef NCRED_SCAN_H
#define NCRED_SCAN_H

#include "report/report_build.h"

/* What a piece of text has before the line with its first quotation mark. */
struct scan_count {
    size_t rows, lines; /* rows that are not blank, and line ends */
    size_t length;      /* bytes up to that line; the size of the text if it has no quotation mark */
    bool has_quote;     /* the text has a quotation mark */
};

/* One implementation. All give the same results, at different speed. */
struct scan_way {
    const char *name;
    bool (*is_possible)(void); /* on this processor */
    struct scan_count (*count)(struct slice text);
    /*
     * Write the rows of TEXT to W, numbered from ROW, on lines from LINE. AT is the offset of TEXT in the report's
     * text. Rows after one that is not a user's (w->no_user_at) may be left out, because the parser writes all again.
     */
    void (*rows)(struct report_writer *w, struct slice text, size_t row, size_t line, uint64_t at);
    /*
     * Write to MARKS the offsets of all separators, LFs, CRs and quotation marks in TEXT, in order, and return their
     * number. MARKS has room for SCAN_MARKS_MORE elements more than TEXT has bytes.
     */
    size_t (*marks)(struct slice text, char separator, uint32_t *marks);
};
enum { SCAN_MARKS_MORE = 8 };

/* From the simplest to the fastest. */
extern const struct scan_way scan_ways[];
extern const size_t scan_way_count;
/* The fastest that works on this processor. */
const struct scan_way *scan_best(void);

#endif
