/* Where in the program a signal can find it. */
#ifndef NCRED_PLACES_H
#define NCRED_PLACES_H

#include "term.h"

/* Keys that lead there from the start, and what is then shown. */
struct place {
    const char *keys, *marker;
};
extern const struct place places[];
extern const int place_count;

/* The sample, on screen; the same, at a place. */
struct term *place_open_demo(void);
struct term *place_open(int place);

#endif
