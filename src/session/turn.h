/*
 * A turn: a short piece of long work on the screen's thread, after which the screen is drawn and keys are answered.
 *
 *     struct turn turn;
 *     done = audit_run_part(audit, r, done, r->row_count, turn_begin(&turn, NULL));
 *     return done < r->row_count;         // call again, after a look for keys
 */
#ifndef NCRED_TURN_H
#define NCRED_TURN_H

#include "base/cancel.h"

#include <stdint.h>

struct turn {
    struct cancel_token token;
    struct cancel_token *outer; /* borrowed: ends the turn early, or NULL */
    int64_t end;                /* of the monotonic clock, in milliseconds */
};

/* Begin T, which ends soon, or when OUTER (may be NULL) does. Returns its token, which is valid as long as T is. */
struct cancel_token *turn_begin(struct turn *t, struct cancel_token *outer);

#endif
