/* What reading and writing a file of waivers share. */
#ifndef NCRED_WAIVER_PRIV_H
#define NCRED_WAIVER_PRIV_H

#include "audit/waiver.h"

/* Take the first word off *REST. */
struct slice waiver_take_word(struct slice *rest);
/* The length of the query in parentheses that REST begins with; 0: they are not closed. */
size_t waiver_query_length(struct slice rest);
/* Read the file at PATH into B, which has room for MORE bytes afterwards. With P only a regular file is read. */
bool waivers_read_file(struct buffer *b, const char *path, size_t more, struct cancel_token *p, struct error *err);
/* Read BYTES, which become a part of W, as the file at PATH. */
bool waivers_read_bytes(struct waivers *w, const char *path, bool other_names, struct buffer *bytes,
    struct cancel_token *p, struct error *err);

#endif
