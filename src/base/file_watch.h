/*
 * Detects that files have changed since they were read. A file has changed if another file is at its path (after a
 * rename(), for instance) or if its size or modification time differs; a directory has changed if a file in it has.
 * Where the system has inotify, a descriptor tells when to look.
 *
 *     struct file_watch *w = file_watch_start(NULL, true);
 *     file_watch_add(w, "report.csv");
 *     file_watch_accept(w);                 before the file is read
 *     ... poll(file_watch_descriptor(w)) ...
 *     if (file_watch_look(w))
 *         ... it has changed
 */
#ifndef NCRED_FILE_WATCH_H
#define NCRED_FILE_WATCH_H

#include <stdbool.h>

struct file_watch;

/*
 * COUNTS tells by its name whether a file in a directory matters; if it is NULL, all do. WITH_EVENTS: use inotify if
 * the system has it. Never returns NULL. Free the result with file_watch_free().
 */
struct file_watch *file_watch_start(bool (*counts)(const char *name), bool with_events);
/* Watch PATH, where a file or directory is or will be. Pipes and devices never count as changed. */
void file_watch_add(struct file_watch *w, const char *path);
/* Take the present state as known: only later changes count. */
void file_watch_accept(struct file_watch *w);
/* Returns a descriptor that becomes readable when it is time to look, or -1: then look at intervals. Owned by W. */
int file_watch_descriptor(const struct file_watch *w);
/* Look at all paths. Returns whether anything differs from the accepted state. */
bool file_watch_look(struct file_watch *w);
/* Whether the last two looks saw the same, so that probably nobody is still writing. */
bool file_watch_is_settled(const struct file_watch *w);
/* W may be NULL. */
void file_watch_free(struct file_watch *w);

#endif
