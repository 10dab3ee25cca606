/* Reports read a second time: what cannot be read then, or is incomplete, keeps the rows that it had. */
#ifndef NCRED_KEPT_H
#define NCRED_KEPT_H

#include "session/inputs.h"

/*
 * As inputs_obtain(), where BEFORE (NULL: nothing) is the report that an earlier call brought. A file or account of it that
 * cannot be read now, or ends in the middle of a line, as while it is being written, keeps its rows: OUT says so and counts
 * it in OUT->kept, and the file in R is marked is_kept. False: ERR says why nothing is new, and OUT->said all reasons.
 */
bool kept_obtain(const struct inputs_wish *w, const struct fetch_settings *settings, const struct report *before,
    struct report *r, struct inputs *out, struct error *err);

#endif
