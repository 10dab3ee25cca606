/* Noticing that the files of the report change on disk. */
#ifndef NCRED_UI_WATCHING_H
#define NCRED_UI_WATCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct ui;

struct watching {
    bool is_changed;   /* the files are no longer those that are shown, */
    bool has_failed;   /* and could not be read when that was tried */
    int64_t next_look; /* milliseconds of the monotonic clock; neither a key nor an event leads to a look before that */
    int64_t due;       /* look then, whatever happens; 0: never */
};

/*
 * Look at the files if there is a reason to: an event, HAS_KEY, or the time. Returns true with --watch if the caller should
 * read them again now: they have changed, nobody writes to them any more, and the caller CAN_READ.
 */
bool watching_poll(struct ui *ui, bool has_key, bool can_read);
/* A descriptor that becomes readable when there is a reason to look; -1: none, or a look is due anyway. */
int watching_descriptor(const struct ui *ui);
/* Milliseconds after which to call watching_poll() even if the descriptor is silent; -1: never. */
int watching_wait_at_most(const struct ui *ui);
/* Call before the files are read: only what happens to them later is a change. */
void watching_accept(struct ui *ui);
/* Call when the files have been read; IS_WHOLE: all of them could be. */
void watching_ended(struct ui *ui, bool is_whole);
/* Append what the title says: nothing, or "changed on disk (R)". */
void watching_tell(const struct ui *ui, struct buffer *b);

#endif
