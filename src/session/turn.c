/* A turn ends after a time that is too short to be noticed when a key is pressed. */
#include "session/turn.h"

#include "base/clock.h"

enum { TURN = 40 }; /* milliseconds */

static bool turn_is_over(void *context)
{
    struct turn *t = context;
    return clock_monotonic() >= t->end || cancel_check(t->outer);
}

struct cancel_token *turn_begin(struct turn *t, struct cancel_token *outer)
{
    *t = (struct turn){.token = {.is_over = turn_is_over, .context = t}, .outer = outer,
        .end = clock_monotonic() + TURN};
    return &t->token;
}
