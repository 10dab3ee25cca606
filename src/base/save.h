/* Writing a file whole or not at all. */
#ifndef NCRED_SAVE_H
#define NCRED_SAVE_H

#include "base/error.h"
#include "base/cancel.h"
#include "base/text.h"

#include <stdio.h>

/* A file on its way. */
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

/* Begin to write the file that will stand at PATH, mode 0600. False: ERR says why it cannot be, and there is nothing to close. */
bool save_open(struct save *s, const char *path, struct error *err);
/*
 * The same for the file NAME in the directory at DIRECTORY, for names that are made of data: no link is followed, and a
 * name that is empty, begins with a dot, or holds a slash or a control character is refused.
 */
bool save_open_in(struct save *s, const char *directory, const char *name, struct error *err);
/* Give it the mode of the file at its path or, when there is none, that of any new file. */
void save_keep_mode(struct save *s);
/* Write BYTES. False: P, which may be NULL, has ended. What went wrong save_close tells. */
bool save_write(struct save *s, struct slice bytes, struct cancel_token *p);
/* All is written: begin to put it on the disk, while something else is done. */
void save_begin_sync(struct save *s);
/* Wait until it is there; false: P has ended before. */
bool save_wait(struct save *s, struct cancel_token *p);
/*
 * With OK, put it at its path, in place of what was there, once all of it is on the disk. False: ERR says why not (with
 * OK false it is left as it is); what was at the path is still there, and nothing else.
 */
bool save_close(struct save *s, bool ok, struct error *err);

/* The same for BYTES in one go. */
bool save_file(const char *path, struct slice bytes, struct error *err);
bool save_file_in(const char *directory, const char *name, struct slice bytes, struct error *err);

#endif
