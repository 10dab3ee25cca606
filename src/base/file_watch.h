/*
 * Whether files have changed since they were read: their places are looked at, and where the system has inotify it tells
 * when to look. What counts is which file lies under a name, its size and its times, so that one that takes the place of
 * another by rename() is noticed, too; a directory stands for the files in it.
 *
 *     struct file_watch *w = file_watch_start(NULL, true);
 *     file_watch_add(w, "report.csv");
 *     file_watch_accept(w);                 before it is read
 *     ... poll(file_watch_descriptor(w)) ...
 *     if (file_watch_look(w))
 *         ... it is another one now
 */
#ifndef NCRED_FILE_WATCH_H
#define NCRED_FILE_WATCH_H

#include <stdbool.h>

struct file_watch;

/* COUNTS: whether a file of that name in a directory matters; NULL: all do. WITH_EVENTS: use inotify. Never NULL. */
struct file_watch *file_watch_start(bool (*counts)(const char *name), bool with_events);
/* Watch what is, or will be, at PATH: a file or a directory. Pipes and the like never change. */
void file_watch_add(struct file_watch *w, const char *path);
/* What is there now is known; only what comes later is a change. */
void file_watch_accept(struct file_watch *w);
/* A descriptor that can be read when it is time to look; -1: there is none, so look now and then. */
int file_watch_descriptor(const struct file_watch *w);
/* Whether anything is different from what was accepted last. */
bool file_watch_look(struct file_watch *w);
/* Whether the look before saw the same as the last one, so that nobody is writing any more. */
bool file_watch_is_settled(const struct file_watch *w);
void file_watch_free(struct file_watch *w);

#endif
