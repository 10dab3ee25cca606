/*
 * The memory of a report, for those who fill it and for report.c.
 *
 *   segments:  [ text of file 1, as it came ][ more of it ][ decoded rows ] ...     bytes; never move
 *                ^ base + start
 *   blocks:    [ BLOCK_ROWS rows: start | times | words | flags | failed ][ ... ]   codes; never move
 *
 * A row is an index: row >> BLOCK_BITS is its block, the rest its place in each array of it. `start` says where the
 * row's text begins, counted from the block's base[0], or, top bit set, from base[1] in the decoded form.
 */
#ifndef NCRED_REPORT_MEMORY_H
#define NCRED_REPORT_MEMORY_H

#include "report/report.h"

/* Where a column's codes are kept in a block. */
enum storage { STORED_NOWHERE, STORED_TIME, STORED_RARE_TIME, STORED_WORD, STORED_FLAG, STORED_RARE_FLAG };

struct column_storage {
    enum storage kind;
    int index;
};
extern const struct column_storage report_storage[COL_COUNT];

/* A flag's code as a rare flag keeps it, and back: that of false is 0. */
static inline uint32_t rare_code(uint32_t code)
{
    return code ^ CODE_FIRST;
}

/* Get a report that is all zero ready to be filled; called by the parser. report_free() frees it. */
void report_init(struct report *r);

/*
 * Make room for SIZE bytes of text. Returns the segment's index in r->segments; its data is NULL when there are
 * SEGMENTS_MAX segments already.
 */
size_t report_add_segment(struct report *r, size_t size);
/* The same for the SIZE bytes at DATA and one more, from malloc: the report frees them, at once when it has no room. */
size_t report_adopt_segment(struct report *r, char *data, size_t size);
/*
 * The same as report_add_segment, beginning with the REST bytes at FROM of segment OLD, whose memory it takes over if that is large enough.
 * Rows that lie in OLD have no text any more.
 */
size_t report_reuse_segment(struct report *r, size_t old, size_t from, size_t rest, size_t size);

/*
 * Blocks for COUNT rows from FIRST on, whose text starts at or after PLAIN, or, decoded, at or after DECODED. False: the
 * report would have more than ROWS_MAX rows.
 */
bool report_add_blocks(struct report *r, size_t first, size_t count, uint64_t plain, uint64_t decoded);
/* Forget the rows before TO, except those in TO's own block: their memory is for new ones. */
void report_drop_rows(struct report *r, size_t to);
/* Wipe rows FROM to TO, which were written and will not be published. */
void report_forget(struct report *r, size_t from, size_t to);

#endif
