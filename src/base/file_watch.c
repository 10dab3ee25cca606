/*
 * The state of all files is one number: a hash per file, added up per directory, so that the order of its entries does
 * not matter. inotify events are only a hint to look; they are read and ignored.
 */
#include "base/file_watch.h"

#include "base/hash_index.h"
#include "base/memory.h"

#include <config.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#if HAVE_SYS_INOTIFY_H
#include <sys/inotify.h>
#endif

enum { DEEP_MAX = 64, DIRECTORIES_MAX = 1024, ENTRIES_MAX = 200000, READS_MAX = 100 };

struct file_watch {
    char **paths;       /* owned, and so are its elements */
    size_t count;
    bool (*counts)(const char *name);
    uint64_t accepted, last; /* states: accepted, and seen by the last look */
    bool is_settled;
    int events;         /* descriptor of inotify, or -1 */
    size_t directories, entries; /* seen so far by the present look */
};

struct file_watch *file_watch_start(bool (*counts)(const char *name), bool with_events)
{
    struct file_watch *w = xcalloc(1, sizeof *w);
    *w = (struct file_watch){.counts = counts, .events = -1};
#if HAVE_SYS_INOTIFY_H
    if (with_events)
        w->events = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
#else
    (void)with_events;
#endif
    return w;
}

void file_watch_add(struct file_watch *w, const char *path)
{
    w->paths = xrealloc(w->paths, w->count + 1, sizeof *w->paths);
    w->paths[w->count++] = xstrdup(path);
}

int file_watch_descriptor(const struct file_watch *w)
{
    return w->events;
}

/* Stop using inotify. If some events would be missing, the caller has to look at intervals anyway. */
static void no_events(struct file_watch *w)
{
    if (w->events >= 0)
        close(w->events);
    w->events = -1;
}

/* Ask inotify for events of the file at PATH or, if IS_DIRECTORY, of its entries. May be repeated. */
static void arm(struct file_watch *w, const char *path, bool is_directory)
{
#if HAVE_SYS_INOTIFY_H
    uint32_t file = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF;
    uint32_t directory = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MOVE_SELF
        | IN_DELETE_SELF;
    if (w->events >= 0 && inotify_add_watch(w->events, path, is_directory ? directory : file) < 0
        && access(path, R_OK) == 0)
        no_events(w); /* the system's limit of watches is reached */
#else
    (void)w;
    (void)path;
    (void)is_directory;
#endif
}

static void arm_parent(struct file_watch *w, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct buffer parent = {0};
    if (slash)
        buffer_printf(&parent, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    else
        buffer_puts(&parent, ".");
    arm(w, parent.data, true);
    buffer_free(&parent);
}

static uint64_t sum_of_file(const char *path, const struct stat *st)
{
    struct buffer b = {0};
    buffer_printf(&b, "%s %jd %jd %jo %jd %jd.%09ld", path, (intmax_t)st->st_dev, (intmax_t)st->st_ino,
        (uintmax_t)st->st_mode, (intmax_t)st->st_size, (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
    uint64_t sum = hash_text((struct slice){b.data, b.len});
    buffer_free(&b);
    return sum;
}

static uint64_t sum_of_directory(struct file_watch *w, const char *path, int deep);

/*
 * Returns the state of NAME in the directory PATH. Links to files count; links to directories do not, as they may loop.
 */
static uint64_t sum_of_entry(struct file_watch *w, const char *path, const char *name, int deep)
{
    struct buffer full = {0};
    struct stat st;
    uint64_t sum = 0;
    buffer_printf(&full, "%s/%s", path, name);
    bool is_there = lstat(full.data, &st) == 0, is_directory = is_there && S_ISDIR(st.st_mode);
    if (is_there && S_ISLNK(st.st_mode))
        is_there = stat(full.data, &st) == 0;
    if (is_directory && deep < DEEP_MAX)
        sum = sum_of_directory(w, full.data, deep + 1);
    else if (is_there && S_ISREG(st.st_mode) && (!w->counts || w->counts(name)))
        sum = sum_of_file(full.data, &st);
    buffer_free(&full);
    return sum;
}

static uint64_t sum_of_directory(struct file_watch *w, const char *path, int deep)
{
    uint64_t sum = 1;
    DIR *d = opendir(path);
    if (!d)
        return 0;
    if (w->directories++ < DIRECTORIES_MAX)
        arm(w, path, true);
    else
        no_events(w);
    for (struct dirent *e; (e = readdir(d)) && w->entries < ENTRIES_MAX; w->entries++) {
        if (e->d_name[0] != '.')
            sum += sum_of_entry(w, path, e->d_name, deep);
    }
    closedir(d);
    return sum;
}

static uint64_t sum_of_path(struct file_watch *w, const char *path)
{
    struct stat st;
    arm_parent(w, path);
    if (stat(path, &st) != 0)
        return 0;
    if (S_ISDIR(st.st_mode))
        return sum_of_directory(w, path, 0);
    if (!S_ISREG(st.st_mode))
        return 0;
    arm(w, path, false); /* besides the parent: the file behind a symbolic link is in another directory */
    return sum_of_file(path, &st);
}

static void look(struct file_watch *w)
{
    uint64_t sum = 0;
    char ignored[4096];
    /*
     * read events before looking, so that none is lost; READS_MAX, because new ones may come faster than they are read
     */
    for (int i = 0; w->events >= 0 && i < READS_MAX; i++) {
        if (read(w->events, ignored, sizeof ignored) <= 0)
            break;
    }
    w->directories = w->entries = 0;
    for (size_t i = 0; i < w->count; i++)
        sum = sum * 31 + sum_of_path(w, w->paths[i]);
    w->is_settled = sum == w->last;
    w->last = sum;
}

void file_watch_accept(struct file_watch *w)
{
    look(w);
    w->accepted = w->last;
}

bool file_watch_look(struct file_watch *w)
{
    look(w);
    return w->last != w->accepted;
}

bool file_watch_is_settled(const struct file_watch *w)
{
    return w->is_settled;
}

void file_watch_free(struct file_watch *w)
{
    if (!w)
        return;
    no_events(w);
    for (size_t i = 0; i < w->count; i++)
        free(w->paths[i]);
    free(w->paths);
    free(w);
}
