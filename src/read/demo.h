/* The built-in sample: a report of an invented account, every state and every finding in it. */
#ifndef NCRED_DEMO_H
#define NCRED_DEMO_H

#include <stdint.h>

extern const char demo_csv[];
/* The time the sample speaks of. */
extern const int64_t demo_as_of;

#endif
