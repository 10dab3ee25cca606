#include "base/clock.h"

int64_t clock_milliseconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_monotonic(void)
{
    return clock_milliseconds(CLOCK_MONOTONIC);
}
