/* Functions that both the reading and the writing of a file of waivers need. */
#ifndef NCRED_WAIVER_PRIV_H
#define NCRED_WAIVER_PRIV_H

#include "audit/waiver.h"

/* Remove the first word from *REST, with the blanks behind it, and return it. */
struct slice waiver_take_word(struct slice *rest);
/* Returns the length of the query in parentheses at the start of REST, or 0 if they are not closed. */
size_t waiver_query_length(struct slice rest);
/*
 * Read the file at PATH into B, which gets room for MORE further bytes. If P is not NULL, reading can be cancelled and
 * the file must be a regular one. Returns false with ERR set; the caller frees B in any case.
 */
bool waivers_read_file(struct buffer *b, const char *path, size_t more, struct cancel_token *p, struct error *err);
/*
 * Parse BYTES, the contents of the file at PATH, into W, which takes them over and leaves BYTES empty. Returns false
 * with ERR set and W empty if a line is wrong or P, which may be NULL, has ended.
 */
bool waivers_read_bytes(struct waivers *w, const char *path, bool other_names, struct buffer *bytes,
    struct cancel_token *p, struct error *err);

#endif
