/* Noticing that the report's files change on disk. */
#ifndef NCRED_UI_WATCHING_H
#define NCRED_UI_WATCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct ui;

struct watching {
    bool is_changed;   /* the files differ from what is shown */
    bool has_failed;   /* the changed files could not be read when that was tried */
    int64_t next_look; /* monotonic milliseconds; neither keys nor events cause a look earlier */
    int64_t due;       /* monotonic milliseconds at which to look in any case; 0: never */
};

/*
 * Look at the files if there is a reason to: a file event, HAS_KEY, or the time. Returns true, only with --watch, if
 * the caller should read them again now: they have changed, nobody is writing to them any more, and CAN_READ is true.
 */
bool watching_poll(struct ui *ui, bool has_key, bool can_read);
/*
 * Returns a descriptor that becomes readable when there is a reason to look, or -1 if there is none or a look is due
 * anyway.
 */
int watching_descriptor(const struct ui *ui);
/* Returns the milliseconds after which to call watching_poll() even if the descriptor is silent, or -1 for never. */
int watching_wait_at_most(const struct ui *ui);
/* Must be called before the files are read: only later changes count. */
void watching_accept(struct ui *ui);
/* Must be called after the files were read. IS_WHOLE: all of them could be read. */
void watching_ended(struct ui *ui, bool is_whole);
/* Append the note for the title: nothing, or "changed on disk (R)". */
void watching_tell(const struct ui *ui, struct buffer *b);

#endif
