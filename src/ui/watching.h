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
    int64_t next_look; /* milliseconds of the monotonic clock; a key does not lead to a look before that */
    int64_t due;       /* look then, whatever happens; 0: never */
};

/*
 * Look at the files if there is reason to, HAS_KEY being one. Returns true with --watch if they are to be read again now:
 * they have changed, nobody writes any more, and the caller CAN_READ.
 */
bool watching_poll(struct ui *ui, bool has_key, bool can_read);
/* What becomes readable when there is reason to look; -1: nothing. */
int watching_descriptor(const struct ui *ui);
/* Milliseconds after which to look all the same; -1: never. */
int watching_wait_at_most(const struct ui *ui);
/* The files are about to be read: what is there now is no change any more. */
void watching_accept(struct ui *ui);
/* They have been read, all of them or not. */
void watching_ended(struct ui *ui, bool is_whole);
/* Append what the title says: nothing, or "changed on disk (R)". */
void watching_tell(const struct ui *ui, struct buffer *b);

#endif
