/*
 * A temporary file in the same directory is written, put on the disk, and renamed to the final name. The directory is
 * opened once, so that both names are in it even if it is moved meanwhile; the save then fails, see is_in_place().
 */
#include "base/save.h"

#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool save_fail(struct error *err, const char *path, const char *why)
{
    return error_set(err, "%s: cannot save: %s", path, why);
}

static bool is_forbidden;

void save_forbid(void)
{
    is_forbidden = true;
}

bool save_is_allowed(const char *path, struct error *err)
{
    return !is_forbidden || save_fail(err, path, strerror(EROFS));
}

bool save_make_directory(const char *path, struct error *err)
{
    if (!save_is_allowed(path, err))
        return false;
    if (mkdir(path, 0700) == 0)
        return true;
    return errno == EEXIST ? error_set(err, "%s: already exists and was not changed; name a new folder", path)
        : error_set(err, "%s: cannot make the folder: %s", path, strerror(errno));
}

bool save_remove_directory(const char *path)
{
    return rmdir(path) == 0;
}

static void free_save(struct save *s)
{
    if (s->directory >= 0)
        close(s->directory);
    free(s->path);
    free(s->name);
    free(s->temporary);
}

/* Returns NAME with a dot and six random letters appended. The caller frees it. */
static char *temporary_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
    unsigned char random[6];
    struct buffer b = {0};
    if (!system_random(random, sizeof random)) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        memcpy(random, &now.tv_nsec, sizeof random < sizeof now.tv_nsec ? sizeof random : sizeof now.tv_nsec);
    }
    buffer_printf(&b, "%s.", name);
    for (size_t i = 0; i < sizeof random; i++)
        buffer_putc(&b, letters[random[i] % 32]);
    return b.data;
}

/* Create the temporary file, mode 0600, in the open directory. Never opens an existing file or follows a link. */
static bool open_temporary(struct save *s)
{
    enum { TRIES = 100 };
    int fd = -1;
    for (int i = 0; i < TRIES && fd < 0 && (i == 0 || errno == EEXIST); i++) {
        free(s->temporary);
        s->temporary = temporary_name(s->name);
        fd = openat(s->directory, s->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    }
    s->out = fd < 0 ? NULL : fdopen(fd, "w");
    return s->out != NULL;
}

/*
 * Open DIRECTORY and the temporary file in it. The path and the name in S must be set. On failure frees S and sets ERR.
 */
static bool begin_save(struct save *s, const char *directory, struct error *err)
{
    s->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->directory >= 0 && open_temporary(s))
        return true;
    save_fail(err, s->path, strerror(errno));
    free_save(s);
    return false;
}

bool save_open(struct save *s, const char *path, struct error *err)
{
    struct stat st;
    if (!save_is_allowed(path, err))
        return false;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        save_fail(err, path, S_ISDIR(st.st_mode) ? "it is a directory" : "it is not a regular file");
        return false;
    }
    char *target = realpath(path, NULL), *directory = target ? target : xstrdup(path); /* links are followed and stay */
    char *slash = strrchr(directory, '/');
    *s = (struct save){.path = xstrdup(directory), .name = xstrdup(slash ? slash + 1 : directory)};
    if (slash)
        slash[slash == directory] = '\0'; /* cut off the name, but keep the slash of the root directory */
    bool ok = begin_save(s, slash ? directory : ".", err);
    free(directory);
    return ok;
}

const char *save_refusal(const struct stat *st)
{
    return S_ISREG(st->st_mode) ? NULL : S_ISLNK(st->st_mode) ? "it is a symbolic link" : "it is not a regular file";
}

bool save_open_in(struct save *s, const char *directory, const char *name, struct error *err)
{
    struct stat st;
    struct buffer path = {0};
    if (!save_is_allowed(name, err))
        return false;
    buffer_printf(&path, "%s/%s", directory, name);
    *s = (struct save){.path = path.data, .name = xstrdup(name)};
    if (!*name || *name == '.' || strchr(name, '/') || !text_is_harmless(slice_of(name))) {
        save_fail(err, s->path, "this is not a valid file name");
        s->directory = -1;
        free_save(s);
        return false;
    }
    if (!begin_save(s, directory, err))
        return false;
    const char *why = fstatat(s->directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? save_refusal(&st) : NULL;
    if (!why)
        return true;
    save_fail(err, s->path, why);
    struct error ignored;
    save_close(s, false, &ignored);
    return false;
}

void save_keep_mode(struct save *s)
{
    struct stat st;
    mode_t mask = umask(0);
    umask(mask);
    bool is_there = fstatat(s->directory, s->name, &st, 0) == 0;
    if (fchmod(fileno(s->out), is_there ? st.st_mode & 07777 : 0666 & ~mask) != 0)
        s->why = errno;
}

bool save_write(struct save *s, struct slice bytes, struct cancel_token *p)
{
    enum { AT_ONCE = 1 << 20 };
    while (bytes.len && !s->why && !cancel_check(p)) {
        size_t n = bytes.len < AT_ONCE ? bytes.len : AT_ONCE;
        errno = 0;
        if (fwrite(bytes.data, 1, n, s->out) != n)
            s->why = errno ? errno : EIO;
        bytes = (struct slice){bytes.data + n, bytes.len - n};
    }
    return !cancel_is_set(p);
}

/* ---- fsync ----------------------------------------------------------------------- */

/*
 * fsync() cannot be interrupted, so a thread runs it. The last of the two owners (thread, struct save) frees this
 * struct.
 */
struct save_sync {
    pthread_mutex_t lock;
    pthread_cond_t has_ended;
    int fd;       /* duplicate of the file's descriptor, closed by the thread */
    int why;      /* errno of fsync(), or 0 */
    bool is_done;
    bool is_left; /* struct save has let go of it */
};

static void free_sync(struct save_sync *y)
{
    pthread_mutex_destroy(&y->lock);
    pthread_cond_destroy(&y->has_ended);
    free(y);
}

static void *sync_file(void *context)
{
    struct save_sync *y = context;
    int why = fsync(y->fd) == 0 ? 0 : errno;
    close(y->fd);
    pthread_mutex_lock(&y->lock);
    bool is_left = y->is_left;
    y->why = why;
    y->is_done = true;
    pthread_cond_signal(&y->has_ended);
    pthread_mutex_unlock(&y->lock);
    if (is_left)
        free_sync(y);
    return NULL;
}

void save_begin_sync(struct save *s)
{
    pthread_t thread;
    int fd = s->why || fflush(s->out) != 0 ? -1 : fcntl(fileno(s->out), F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
        s->why = s->why ? s->why : errno;
        return;
    }
    s->sync = xcalloc(1, sizeof *s->sync);
    s->sync->fd = fd;
    pthread_mutex_init(&s->sync->lock, NULL);
    pthread_cond_init(&s->sync->has_ended, NULL);
    if (pthread_create(&thread, NULL, sync_file, s->sync) == 0)
        pthread_detach(thread);
    else
        sync_file(s->sync);
}

/* Let go of s->sync; free it if the thread has finished. */
static void leave_sync(struct save *s)
{
    struct save_sync *y = s->sync;
    if (!y)
        return;
    pthread_mutex_lock(&y->lock);
    bool is_done = y->is_done;
    y->is_left = true;
    pthread_mutex_unlock(&y->lock);
    if (is_done)
        free_sync(y);
    s->sync = NULL;
}

/* Wait a few milliseconds at most. Returns whether fsync() has finished. */
static bool is_synced(struct save_sync *y)
{
    enum { NANOSECONDS = 10000000 };
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += until.tv_nsec >= 1000000000 - NANOSECONDS;
    until.tv_nsec = (until.tv_nsec + NANOSECONDS) % 1000000000;
    pthread_mutex_lock(&y->lock);
    if (!y->is_done)
        pthread_cond_timedwait(&y->has_ended, &y->lock, &until);
    bool is_done = y->is_done;
    pthread_mutex_unlock(&y->lock);
    return is_done;
}

bool save_wait(struct save *s, struct cancel_token *p)
{
    if (!s->sync)
        save_begin_sync(s);
    while (s->sync && !is_synced(s->sync)) {
        if (cancel_check(p))
            return false;
    }
    if (s->sync && s->sync->why)
        s->why = s->sync->why;
    return true;
}

/* Wait until the contents are on the disk. Not cancellable. */
static void save_finish(struct save *s)
{
    if (s->sync)
        save_wait(s, NULL);
    else if (!s->why && (fflush(s->out) != 0 || fsync(fileno(s->out)) != 0))
        s->why = errno;
}

/* Whether the directory is still at its path. If it was moved, the file would end up where nobody looks for it. */
static bool is_in_place(const struct save *s)
{
    struct stat opened, there;
    const char *slash = strrchr(s->path, '/');
    char *directory = !slash ? xstrdup(".") : slash == s->path ? xstrdup("/")
        : slice_copy((struct slice){s->path, (size_t)(slash - s->path)});
    bool is = stat(directory, &there) == 0 && fstat(s->directory, &opened) == 0 && opened.st_dev == there.st_dev
        && opened.st_ino == there.st_ino;
    free(directory);
    return is;
}

bool save_close(struct save *s, bool ok, struct error *err)
{
    /* a write to s->out by the caller may have failed, and errno may have changed since */
    if (!s->why && ferror(s->out))
        s->why = errno ? errno : EIO;
    if (ok)
        save_finish(s);
    leave_sync(s);
    if (fclose(s->out) != 0 && !s->why)
        s->why = errno;
    if (ok && !s->why && !is_in_place(s))
        s->why = ENOENT;
    if (ok && !s->why && renameat(s->directory, s->temporary, s->directory, s->name) != 0)
        s->why = errno;
    if (!ok || s->why)
        unlinkat(s->directory, s->temporary, 0);
    if (ok && s->why)
        save_fail(err, s->path, strerror(s->why));
    ok = ok && !s->why;
    free_save(s);
    return ok;
}

/* Write BYTES to the opened file and close it. */
static bool write_all(struct save *s, struct slice bytes, struct error *err)
{
    save_write(s, bytes, NULL);
    return save_close(s, true, err);
}

bool save_file(const char *path, struct slice bytes, struct error *err)
{
    struct save s;
    return save_open(&s, path, err) && write_all(&s, bytes, err);
}

bool save_file_in(const char *directory, const char *name, struct slice bytes, struct error *err)
{
    struct save s;
    return save_open_in(&s, directory, name, err) && write_all(&s, bytes, err);
}
