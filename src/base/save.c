/* A temporary file beside the wanted one, written to disk, then renamed over it. */
#include "base/save.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool fail(struct error *err, const char *path, const char *why)
{
    return error_set(err, "%s: cannot save: %s", path, why);
}

bool save_open(struct save *s, const char *path, struct error *err)
{
    struct stat st;
    struct buffer temporary = {0};
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        fail(err, path, S_ISDIR(st.st_mode) ? "it is a directory" : "it is no plain file");
        return false;
    }
    char *target = realpath(path, NULL); /* through links, which stay */
    *s = (struct save){.path = target ? target : xstrdup(path)};
    buffer_printf(&temporary, "%s.XXXXXX", s->path);
    s->temporary = temporary.data;
    int fd = mkstemp(s->temporary); /* mode 0600 */
    s->out = fd < 0 ? NULL : fdopen(fd, "w");
    if (s->out)
        return true;
    fail(err, path, strerror(errno));
    free(s->path);
    free(s->temporary);
    return false;
}

void save_keep_mode(struct save *s)
{
    struct stat st;
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(fileno(s->out), stat(s->path, &st) == 0 ? st.st_mode & 07777 : 0666 & ~mask) != 0)
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

/* ---- onto the disk --------------------------------------------------------------- */

/* A thread of its own waits for the disk, for nothing ends such a wait. Whoever needs this last frees it. */
struct save_sync {
    pthread_mutex_t lock;
    pthread_cond_t has_ended;
    int fd;
    int why;      /* as in struct save */
    bool is_done;
    bool is_left; /* nobody waits for it any more */
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

/* Let go of it, whether it is done or not. */
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

/* Whether it is done now or within a few milliseconds. */
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

/* Have all of it on the disk. */
static void finish(struct save *s)
{
    if (s->sync)
        save_wait(s, NULL);
    else if (!s->why && (fflush(s->out) != 0 || fsync(fileno(s->out)) != 0))
        s->why = errno;
}

bool save_close(struct save *s, bool ok, struct error *err)
{
    /* a failed write may have been cleared of its reason since */
    if (!s->why && ferror(s->out))
        s->why = errno ? errno : EIO;
    if (ok)
        finish(s);
    leave_sync(s);
    if (fclose(s->out) != 0 && !s->why)
        s->why = errno;
    if (ok && !s->why && rename(s->temporary, s->path) != 0)
        s->why = errno;
    if (!ok || s->why)
        unlink(s->temporary);
    if (ok && s->why)
        fail(err, s->path, strerror(s->why));
    ok = ok && !s->why;
    free(s->path);
    free(s->temporary);
    return ok;
}

bool save_file(const char *path, struct slice bytes, struct error *err)
{
    struct save s;
    if (!save_open(&s, path, err))
        return false;
    save_write(&s, bytes, NULL);
    return save_close(&s, true, err);
}
