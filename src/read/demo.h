/* The built-in sample: a report of an invented account, with a cell in every state and a user for every finding. */
#ifndef NCRED_DEMO_H
#define NCRED_DEMO_H

#include <stdint.h>

extern const char demo_csv[];
/* The time at which the sample is judged, seconds since 1970. */
extern const int64_t demo_as_of;

#endif
