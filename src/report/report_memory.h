/*
 * The memory of a report, used by report.c and the functions that fill a report.
 *
 *   segments:  [ text of file 1, as it came ][ more of it ][ decoded rows ] ...     bytes; never move
 *                ^ base + start
 *   blocks:    [ BLOCK_ROWS rows: start | times | words | flags | failed ][ ... ]   codes; never move
 *
 * A row is an index: row >> BLOCK_BITS is its block, the lower bits its index in each of the block's arrays. `start` is
 * the offset of the row's text from the block's base[0], or, if its top bit is set, from base[1]: then the row is
 * decoded.
 */
#ifndef NCRED_REPORT_MEMORY_H
#define NCRED_REPORT_MEMORY_H

#include "report/report.h"

/* How a column's codes are stored in a block: in which of its arrays, and at which index. */
enum storage { STORED_NOWHERE, STORED_TIME, STORED_RARE_TIME, STORED_WORD, STORED_FLAG, STORED_RARE_FLAG };

struct column_storage {
    enum storage kind;
    int index;
};
extern const struct column_storage report_storage[COL_COUNT];

/* Convert a flag's code to the form of rare flags, in which false is 0, or back. */
static inline uint32_t rare_code(uint32_t code)
{
    return code ^ CODE_FIRST;
}

/* Prepare a report that is all zero for filling. Does nothing if that was done. Free the report with report_free(). */
void report_init(struct report *r);

/*
 * Add a segment with room for SIZE bytes of text. Returns its index in r->segments; the segment's data is NULL if there
 * are SEGMENTS_MAX segments already.
 */
size_t report_add_segment(struct report *r, size_t size);
/* The same for text whose first rows somebody waits for; see large_pages_later(). */
size_t report_add_awaited_segment(struct report *r, size_t size);
/*
 * The same with memory from malloc: SIZE bytes at DATA and one more. The report owns it; if it has no room, it is
 * freed.
 */
size_t report_adopt_segment(struct report *r, char *data, size_t size);
/*
 * As report_add_segment(), but the segment begins with a copy of the REST bytes at FROM of segment OLD, and reuses
 * OLD's memory if that is large enough. OLD is then empty: its rows must not be used any more.
 */
size_t report_reuse_segment(struct report *r, size_t old, size_t from, size_t rest, size_t size);

/*
 * Make the blocks for COUNT rows from FIRST on, as far as they are missing. Their texts will not start before offset
 * PLAIN or, if decoded, DECODED. Returns false if the report would have more than ROWS_MAX rows.
 */
bool report_add_blocks(struct report *r, size_t first, size_t count, uint64_t plain, uint64_t decoded);
/* Drop all blocks before that of row TO and keep their memory for new blocks. */
void report_drop_rows(struct report *r, size_t to);
/* Clear the sparse columns of rows FROM to TO - 1, which were written but will not be published. */
void report_forget(struct report *r, size_t from, size_t to);

#endif
