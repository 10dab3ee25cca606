/* posix_spawn() with a pipe for each output, read until both close or time is over. */
#include "fetch/spawn.h"

#include "base/clock.h"
#include "base/system.h"
#include "base/wipe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ERRORS_MAX = 16 << 10, CHUNK = 16 << 10, LOOK = 200 /* ms between two looks at whether to stop */ };

bool spawn_find(const char *name, struct buffer *out)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t n = strcspn(path, ":");
        out->len = 0;
        buffer_printf(out, "%.*s/%s", (int)n, path, name);
        if (path[0] == '/' && access(out->data, X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

/* ---- what runs ---- */

/*
 * What to kill when this process is ended: process ids, negated for a whole session; 0: a free place. Atomic instead of
 * locked, because a signal handler reads them.
 */
static _Atomic pid_t running[64];
enum { RUNNING = sizeof running / sizeof running[0] };
static pthread_mutex_t terminal_lock = PTHREAD_MUTEX_INITIALIZER;
static const int deadly[] = {SIGINT, SIGTERM, SIGHUP};
enum { DEADLY = sizeof deadly / sizeof deadly[0] };

static size_t remember(pid_t pid)
{
    size_t i = 0;
    pid_t nobody = 0;
    while (i < RUNNING && !atomic_compare_exchange_strong(&running[i], &nobody, pid)) {
        nobody = 0;
        i++;
    }
    return i;
}

static void forget(size_t i)
{
    if (i < RUNNING)
        atomic_store(&running[i], 0);
}

static void on_deadly(int number)
{
    for (size_t i = 0; i < RUNNING; i++) {
        pid_t pid = atomic_load(&running[i]);
        if (pid)
            kill(pid, SIGTERM);
    }
    signal(number, SIG_DFL);
    raise(number);
}

void spawn_watch_begin(struct spawn_watch *w)
{
    struct sigaction ours = {.sa_handler = on_deadly};
    sigemptyset(&ours.sa_mask);
    for (size_t i = 0; i < DEADLY; i++) {
        sigaction(deadly[i], NULL, &w->old[i]);
        if (w->old[i].sa_handler == SIG_DFL)
            sigaction(deadly[i], &ours, NULL);
    }
}

void spawn_watch_end(const struct spawn_watch *w)
{
    for (size_t i = 0; i < DEADLY; i++)
        sigaction(deadly[i], &w->old[i], NULL);
}

/* ---- running ---- */

#ifdef POSIX_SPAWN_SETSID
enum { OWN_SESSION = POSIX_SPAWN_SETSID };
#else
enum { OWN_SESSION = POSIX_SPAWN_SETPGROUP };
#endif

/*
 * Start PATH with standard input from /dev/null, both outputs into pipes, and default actions for signals that this
 * process ignores. Returns 0 or an errno.
 */
static int start(char *const argv[], char *const environment[], const char *path, int out_fd, int err_fd, bool asks,
    pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    for (size_t i = 0; i < DEADLY; i++)
        sigaddset(&defaults, deadly[i]);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err_fd, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, (short)(POSIX_SPAWN_SETSIGDEF | (asks ? 0 : OWN_SESSION)));
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    int why = posix_spawn(pid, path, &actions, &attributes, argv, environment ? environment : system_environment());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return why;
}

/*
 * Append one read() of FD to B, up to LIMIT + 1 bytes in all. Returns false at the end of the file or after an error.
 */
static bool drain_pipe(int fd, struct buffer *b, size_t limit)
{
    char chunk[CHUNK];
    ssize_t n = read(fd, chunk, sizeof chunk);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN;
    size_t room = limit + 1 - b->len;
    buffer_add(b, chunk, (size_t)n < room ? (size_t)n : room);
    wipe(chunk, n > 0 ? (size_t)n : 0);
    return n > 0;
}

/*
 * Wait up to MS milliseconds for PID to end, without reaping it, so that its id is not reused. Returns whether it
 * has.
 */
static bool ends_within(pid_t pid, int64_t ms)
{
    for (int64_t end = clock_monotonic() + ms;;) {
        siginfo_t info = {.si_pid = 0};
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ? errno != EINTR : info.si_pid == pid)
            return true;
        if (clock_monotonic() >= end)
            return false;
        poll(NULL, 0, 5);
    }
}

static bool out_of_time(const char *name, bool has_ended, int64_t ms, bool is_patience, struct error *err)
{
    return error_set(err, "%s %s within %lld s%s", name,
        has_ended ? "ended, but what it started did not close its output" : "did not end",
        (long long)((ms + 999) / 1000), is_patience ? ", which is what was left of --patience" : "");
}

/* Read both outputs of PID to their ends. Returns false with ERR, which calls it NAME, for too much or too late. */
static bool collect(pid_t pid, int out_fd, int err_fd, const char *name, const struct fetch_settings *settings,
    size_t limit, struct spawned *out, struct error *err)
{
    struct pollfd fds[2] = {{out_fd, POLLIN, 0}, {err_fd, POLLIN, 0}};
    int64_t left_of_all = fetch_time_left(settings);
    int64_t ms = settings->command < left_of_all ? settings->command : left_of_all, end = clock_monotonic() + ms;
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        int64_t left = end - clock_monotonic();
        if (left <= 0)
            return out_of_time(name, ends_within(pid, 0), ms, ms == left_of_all, err);
        if (fetch_is_stopped(settings))
            return error_set(err, "%s: cancelled", name);
        if (poll(fds, 2, (int)(left < LOOK ? left : LOOK)) < 0 && errno != EINTR)
            return error_set(err, "%s: %s", name, strerror(errno));
        if (fds[0].revents && !drain_pipe(out_fd, &out->output, limit))
            fds[0].fd = -1;
        if (fds[1].revents && !drain_pipe(err_fd, &out->errors, ERRORS_MAX))
            fds[1].fd = -1;
        fds[0].revents = fds[1].revents = 0;
        if (out->output.len > limit)
            return error_set(err, "%s printed more than %zu bytes", name, limit);
    }
    return true;
}

/* A program and what it has started, and what that has: the beginning of it, if it is very many. */
struct descent {
    pid_t list[64];
    size_t count;
};

/* Add the children of thread THREAD of the process PID, as Linux lists them; other systems have no such file. */
static void add_children(struct descent *d, pid_t pid, const char *thread)
{
    char path[64], text[2048];
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", (int)pid, thread);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
    text[n > 0 ? n : 0] = '\0';
    if (fd >= 0)
        close(fd);
    for (char *at = text, *end; d->count < sizeof d->list / sizeof d->list[0]; at = end) {
        long child = strtol(at, &end, 10);
        if (end == at || child <= 1)
            break;
        d->list[d->count++] = (pid_t)child;
    }
}

static void find_descent(struct descent *d, pid_t pid)
{
    *d = (struct descent){{pid}, 1};
    for (size_t i = 0; i < d->count; i++) {
        char path[32];
        snprintf(path, sizeof path, "/proc/%d/task", (int)d->list[i]);
        DIR *threads = opendir(path);
        for (struct dirent *entry; threads && (entry = readdir(threads));)
            if (entry->d_name[0] != '.')
                add_children(d, d->list[i], entry->d_name);
        if (threads)
            closedir(threads);
    }
}

static void send_descent(const struct descent *d, int number)
{
    for (size_t i = 0; i < d->count; i++) {
        if (i == 0 || getsid(d->list[i]) == getsid(0)) /* else it has ended, and its number is another's */
            kill(d->list[i], number);
    }
}

/*
 * Wait for PID, whose outputs are closed if HAS_CLOSED. Otherwise, and where it does not end then, end it with what it
 * has started: its session or, if it SHARES that of this process, what descends from it. Returns the exit status, or
 * 128 and the number of the signal.
 */
static int finish_child(pid_t pid, bool shares, bool has_closed)
{
    int status = 0;
    if (!has_closed || !ends_within(pid, 5000)) {
        struct descent d = {{-pid}, 1};
        if (shares)
            find_descent(&d, pid);
        send_descent(&d, SIGTERM);
        ends_within(pid, 1000);
        send_descent(&d, SIGKILL);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool run_child(char *const argv[], char *const environment[], const struct fetch_settings *settings,
    size_t limit, bool asks, struct spawned *out, struct error *err)
{
    struct buffer path = {0};
    int out_pipe[2] = {-1, -1}, err_pipe[2] = {-1, -1};
    pid_t pid;
    /* allocated at once, so that a small output with a secret in it is never moved and copied */
    *out = (struct spawned){.output = {xcalloc(CHUNK, 1), 0, CHUNK}};
    if (strchr(argv[0], '/'))
        buffer_puts(&path, argv[0]);
    else if (!spawn_find(argv[0], &path)) {
        buffer_free(&path);
        return error_set(err, "%s was not found on PATH", argv[0]);
    }
    int why = system_pipe(out_pipe, false) && system_pipe(err_pipe, false) ? 0 : errno;
    if (!why)
        why = start(argv, environment, path.data, out_pipe[1], err_pipe[1], asks, &pid);
    size_t place = why ? RUNNING : remember(asks ? pid : -pid);
    for (int i = 0; i < 2; i++) {
        int fd = i ? err_pipe[1] : out_pipe[1];
        if (fd >= 0)
            close(fd);
    }
    bool ok = !why ? collect(pid, out_pipe[0], err_pipe[0], argv[0], settings, limit, out, err)
                   : error_set(err, "%s could not be started: %s", path.data, strerror(why));
    if (!why)
        out->status = finish_child(pid, asks, ok);
    forget(place);
    for (int i = 0; i < 2; i++) {
        int fd = i ? err_pipe[0] : out_pipe[0];
        if (fd >= 0)
            close(fd);
    }
    buffer_free(&path);
    return ok;
}

bool spawn_run(char *const argv[], char *const environment[], const struct fetch_settings *settings, size_t limit,
    struct spawned *out, struct error *err)
{
    return run_child(argv, environment, settings, limit, false, out, err);
}

bool spawn_run_asking(char *const argv[], char *const environment[], const struct fetch_settings *settings,
    size_t limit, struct spawned *out, struct error *err)
{
    if (!settings->terminal)
        return run_child(argv, environment, settings, limit, false, out, err);
    pthread_mutex_lock(&terminal_lock);
    if (settings->progress)
        settings->progress(settings->context, settings->target, FETCH_PROMPTING,
            "if signing in asks for a code or a password, answer it here");
    bool ok = run_child(argv, environment, settings, limit, true, out, err);
    if (settings->progress)
        settings->progress(settings->context, settings->target, FETCH_PROMPT_END, "");
    pthread_mutex_unlock(&terminal_lock);
    return ok;
}

void spawned_free(struct spawned *s)
{
    wipe_buffer(&s->output);
    wipe_buffer(&s->errors);
}
