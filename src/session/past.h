/* Reads the older reports of a run, one after another, into a chronicle: at once, or while the newest is on screen. */
#ifndef NCRED_PAST_H
#define NCRED_PAST_H

#include "config/options.h"
#include "history/chronicle.h"
#include "session/inputs.h"

struct past;

/*
 * Begin with the COUNT reports of OLDER, oldest first, judged by the checks and waivers of O; both must outlive it.
 * BEHIND: on a thread of its own. Never NULL; free with past_free, which ends it if need be.
 */
struct past *past_start(const struct inputs_older *older, size_t count, const struct options *o, bool behind);
/* Whether a filter asks for what older reports do not have (since, columns of other files): their numbers are of all users. */
bool past_is_of_all(const struct options *o);
/* Which rows of R are SELECTED for the numbers of a trend: those that all filters of O hold for, unless past_is_of_all(). */
void past_select(const struct report *r, const struct options *o, bool *selected);
/* Whether there is more to come. */
bool past_is_busy(struct past *p);
/* A descriptor that can be read when some report was taken in, or all; -1: there is none. */
int past_descriptor(const struct past *p);
/* Returns how many reports were taken in, and sets *OF to how many there are. */
size_t past_done(const struct past *p, size_t *of);
/* Stop reading soon; reports that were taken in stay. */
void past_stop(struct past *p);
/* Once it is no longer busy: the chronicle, which the caller owns from then on. */
struct chronicle *past_take(struct past *p);
/* Messages about reports that could not be read, one line each, harmless; NULL if there are none. Sets *FAILED to how many. */
const char *past_said(const struct past *p, size_t *failed);
void past_free(struct past *p);

#endif
