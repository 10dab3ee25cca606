/* A turn ends after a time that is too short to be noticed when a key is pressed. */
#include "session/turn.h"

#include <time.h>

enum { TURN = 40 }; /* milliseconds */

static int64_t turn_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool turn_is_over(void *context)
{
    struct turn *t = context;
    return turn_clock() >= t->end || cancel_check(t->outer);
}

struct cancel_token *turn_begin(struct turn *t, struct cancel_token *outer)
{
    *t = (struct turn){.token = {.is_over = turn_is_over, .context = t}, .outer = outer, .end = turn_clock() + TURN};
    return &t->token;
}
