/* How long something takes, for waits and limits. The present time of day is passed in by main() instead. */
#ifndef NCRED_CLOCK_H
#define NCRED_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Returns the time of CLOCK, such as CLOCK_MONOTONIC, in milliseconds. */
int64_t clock_milliseconds(clockid_t clock);
/* Returns the time of CLOCK_MONOTONIC in milliseconds. */
int64_t clock_monotonic(void);

#endif
