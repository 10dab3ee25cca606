/* Reads reports again. A report that cannot be read this time, or is incomplete, keeps the rows that it had. */
#ifndef NCRED_KEPT_H
#define NCRED_KEPT_H

#include "session/inputs.h"

/*
 * As inputs_obtain(). BEFORE is the report that an earlier call filled, or NULL. If a file or account of it cannot be
 * read now, or ends in the middle of a line because it is being written, its rows are kept: OUT has a message and
 * counts it in OUT->kept, and its file in R is marked is_kept. Returns false if nothing could be read: ERR says why,
 * and OUT->messages has all reasons.
 */
bool kept_obtain(const struct inputs_wish *w, const struct fetch_settings *settings, const struct report *before,
    struct report *r, struct inputs *out, struct error *err);

#endif
