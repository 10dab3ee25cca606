/*
 * Writes a file completely or not at all: the contents go to a temporary file beside it, which then replaces it.
 *
 *     struct save s;
 *     if (!save_open(&s, path, &err))
 *         return false;
 *     fprintf(s.out, ...);  or  save_write(&s, bytes, cancel);
 *     return save_close(&s, true, &err);
 */
#ifndef NCRED_SAVE_H
#define NCRED_SAVE_H

#include "base/error.h"
#include "base/cancel.h"
#include "base/text.h"

#include <stdio.h>
#include <sys/stat.h>

/* A file that is being written. */
struct save {
    FILE *out;         /* stream to write to */
    int directory;     /* descriptor of the directory with both files, valid even if it is moved */
    char *path;        /* owned: for messages */
    char *name;        /* owned: name of the file itself, not of a link to it */
    char *temporary;   /* owned: name of the temporary file */
    int why;           /* errno of the first failure, or 0 */
    struct save_sync *sync; /* thread that calls fsync(), or NULL */
};

/*
 * Make every save of this process fail from now on: for programs that try random keys and must leave no file behind.
 * Call it before any thread starts. It cannot be undone.
 */
void save_forbid(void);
/* Whether files may be saved. If not, sets ERR. */
bool save_is_allowed(const char *path, struct error *err);

/*
 * Make the directory at PATH, mode 0700, for files that belong together. Returns false with ERR set if that fails or if
 * there is one already, which is left alone.
 */
bool save_make_directory(const char *path, struct error *err);
/* Remove the directory at PATH if it is empty. Returns whether it was removed. */
bool save_remove_directory(const char *path);

/*
 * Begin to write the file at PATH, mode 0600. A symbolic link stays; the file behind it is replaced. Returns false with
 * ERR set if the temporary file cannot be created; S needs no save_close() then.
 */
bool save_open(struct save *s, const char *path, struct error *err);
/*
 * The same for the file NAME in DIRECTORY, for names made from data: symbolic links are not followed, and NAME is
 * refused if it is empty, begins with a dot, or has a slash or an invisible character.
 */
bool save_open_in(struct save *s, const char *directory, const char *name, struct error *err);
/* Returns why save_open_in() does not replace a file, of which lstat() tells ST; NULL if it does. */
const char *save_refusal(const struct stat *st);
/* Give the file the mode of the one that it replaces or, if there is none, 0666 less the umask. */
void save_keep_mode(struct save *s);
/* Write BYTES. Returns false if P, which may be NULL, has ended. Failures are reported by save_close(). */
bool save_write(struct save *s, struct slice bytes, struct cancel_token *p);
/* Begin to put the contents on the disk (fsync) in the background. Call it when all is written. */
void save_begin_sync(struct save *s);
/* Wait until the contents are on the disk. Returns false if P, which may be NULL, has ended before. */
bool save_wait(struct save *s, struct cancel_token *p);
/*
 * If OK, wait until the contents are on the disk and rename the temporary file to its path. If OK is false or anything
 * failed, remove it, and the file at the path stays. Returns whether the file was replaced; if not and OK, ERR says
 * why. Frees what S owns.
 */
bool save_close(struct save *s, bool ok, struct error *err);

/* Write a file with the contents BYTES in one go. */
bool save_file(const char *path, struct slice bytes, struct error *err);
bool save_file_in(const char *directory, const char *name, struct slice bytes, struct error *err);

#endif
