/* Writing a file whole or not at all. */
#ifndef NCRED_SAVE_H
#define NCRED_SAVE_H

#include "base/error.h"
#include "base/cancel.h"
#include "base/text.h"

#include <stdio.h>

/* A file that is being written. */
struct save {
    FILE *out;         /* to be written to */
    int directory;     /* a descriptor; NAME and TEMPORARY are in it, wherever it is moved to */
    char *path;        /* owned: for messages */
    char *name;        /* owned: of the file itself, not of a link to it */
    char *temporary;   /* owned: its name until it is whole */
    int why;           /* errno of what went wrong; 0: nothing did yet */
    struct save_sync *sync; /* what puts it on the disk; NULL: nothing does yet */
};

/*
 * From now on every save of this process fails: for drivers that try random keys and must leave no file behind. Set before
 * any thread starts, never cleared.
 */
void save_forbid(void);
/* Whether files may be saved; false: ERR says so. */
bool save_is_allowed(const char *path, struct error *err);

/*
 * Make the directory at PATH, mode 0700, for files that belong together. False: ERR says why not; one that is there already
 * is left alone.
 */
bool save_make_directory(const char *path, struct error *err);
/* Remove the directory at PATH if there is nothing in it. Returns whether it is gone. */
bool save_remove_directory(const char *path);

/* Begin to write the file for PATH, mode 0600. Returns false with ERR set if it cannot be created; then there is nothing to close. */
bool save_open(struct save *s, const char *path, struct error *err);
/*
 * The same for the file NAME in the directory at DIRECTORY, for names that are made of data: no link is followed, and a
 * name that is empty, begins with a dot, or holds a slash or a control character is refused.
 */
bool save_open_in(struct save *s, const char *directory, const char *name, struct error *err);
/* Give the file the mode of the one at its path or, if there is none, 0666 less the umask. */
void save_keep_mode(struct save *s);
/* Write BYTES. Returns false if P, which may be NULL, has ended. Errors are reported by save_close(). */
bool save_write(struct save *s, struct slice bytes, struct cancel_token *p);
/* Call when all is written: begin to put it on the disk (fsync), while the caller goes on. */
void save_begin_sync(struct save *s);
/* Wait until all of it is on the disk. Returns false if P has ended before. */
bool save_wait(struct save *s, struct cancel_token *p);
/*
 * If OK: wait until all of it is on the disk, then rename it to its path. Otherwise, or if something failed, remove it; what
 * was at the path stays. Returns false unless it was renamed; ERR says why, and is left alone if OK is false.
 */
bool save_close(struct save *s, bool ok, struct error *err);

/* The same for BYTES in one go. */
bool save_file(const char *path, struct slice bytes, struct error *err);
bool save_file_in(const char *directory, const char *name, struct slice bytes, struct error *err);

#endif
