/* Running a program in the terminal: its start, its keys, its signals, waiting for what it does, its end. */
#include "term.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

/* Seconds: generous, for a loaded machine and sanitizers; only a failing test waits this long. */
enum { DEADLINE = 120 };

struct event {
    pid_t job;
    int status; /* of waitpid; -1: it has started */
};

static struct term *terms;
static char directory[256];

static long long now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* When a wait that begins now fails; NCRED_DEADLINE: other seconds. */
static long long deadline(void)
{
    const char *seconds = getenv("NCRED_DEADLINE");
    return now_ms() + 1000 * (seconds ? atoll(seconds) : DEADLINE);
}

/* ---- temporary files ---------------------------------------------------- */

const char *term_directory(void)
{
    if (!directory[0]) {
        const char *tmp = getenv("TMPDIR");
        snprintf(directory, sizeof directory, "%s/ncred-tui-XXXXXX", tmp ? tmp : "/tmp");
        if (!mkdtemp(directory))
            fail_msg("%s: %s", directory, strerror(errno));
    }
    return directory;
}

const char *term_file(const char *name, const char *content, size_t len)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", term_directory(), name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(content, 1, len, f) != len || fclose(f) != 0)
        fail_msg("%s: %s", path, strerror(errno));
    return path;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* ---- the keeper --------------------------------------------------------- */

/* The program's environment: nothing of the person's who runs the tests can change what the screen shows. */
static char **environment(const char *const *changes)
{
    static const char *const drop[] = {"COLORTERM", "COLORFGBG", "COLUMNS", "LINES", "ESCDELAY", "LANG", "LC_",
        "LANGUAGE", "NCRED_", "NCURSES_", "NO_COLOR", "TERM", "TERMINFO", "TMUX", "STY", "XDG_", "HOME", "TZ", "AWS_",
        "CLICOLOR"};
    size_t n = 0, count = 0;
    while (environ[n])
        n++;
    for (const char *const *c = changes; c && *c; c++)
        count++;
    char **env = calloc(n + count + 8, sizeof *env);
    n = 0;
    for (char **e = environ; *e; e++) {
        bool keep = true;
        for (size_t i = 0; i < sizeof drop / sizeof drop[0]; i++)
            keep = keep && strncmp(*e, drop[i], strlen(drop[i])) != 0;
        if (keep)
            env[n++] = strdup(*e);
    }
    static const char *const plain[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8", "TZ=UTC0"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        env[n++] = strdup(plain[i]);
    if (asprintf(&env[n++], "HOME=%s", term_directory()) < 0)
        abort();
    for (const char *const *c = changes; c && *c; c++) {
        size_t name = strcspn(*c, "=");
        for (size_t i = 0; i < n; i++) {
            if (strncmp(env[i], *c, name) == 0 && env[i][name] == '=') {
                free(env[i]);
                env[i--] = env[--n];
                env[n] = NULL;
            }
        }
        if ((*c)[name])
            env[n++] = strdup(*c);
    }
    return env;
}

static void redirect(const char *path, int flags, int fd)
{
    int file = path ? open(path, flags, 0600) : fd;
    if (file < 0 || (file != fd && dup2(file, fd) < 0))
        _exit(126);
}

/* What a shell does not take for itself, and its jobs do. */
static void handle_signals(void (*handler)(int))
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], handler);
}

static _Noreturn void run_job(const struct term_options *o, char **argv, char **env)
{
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid()); /* SIGTTOU is ignored here as in the keeper */
    handle_signals(SIG_DFL);
    if (o->ignore_hangup)
        signal(SIGHUP, SIG_IGN);
    if (chdir(term_directory()) != 0) /* whatever it writes */
        _exit(126);
    redirect(o->input, O_RDONLY, STDIN_FILENO);
    redirect(o->output, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    execvpe(argv[0], argv, env);
    _exit(127);
}

/* What a shell does with a foreground job, and no more: not even the terminal's settings are put right. */
static _Noreturn void run_keeper(const struct term_options *o, char **argv, char **env, int slave, int events,
    int orders)
{
    struct event event = {.status = -1};
    if (login_tty(slave) != 0)
        _exit(1);
    handle_signals(SIG_IGN);
    event.job = fork();
    if (event.job == 0)
        run_job(o, argv, env);
    char order = 0;
    for (;;) {
        if (write(events, &event, sizeof event) != (ssize_t)sizeof event)
            _exit(0);
        bool running = event.status == -1;
        if (!running) {
            if (WIFSTOPPED(event.status))
                tcsetpgrp(STDIN_FILENO, getpid());
            if (read(orders, &order, 1) != 1) /* also after the end, so that the terminal stays as it is */
                _exit(0);
            tcsetpgrp(STDIN_FILENO, event.job);
            kill(-event.job, SIGCONT);
        }
        while (waitpid(event.job, &event.status, WUNTRACED) < 0 && errno == EINTR)
            ;
    }
}

/* ---- start and end ------------------------------------------------------ */

static char **arguments(const struct term_options *o)
{
    size_t n = 0;
    while (o->args && o->args[n])
        n++;
    char **argv = calloc(n + 2, sizeof *argv);
    const char *program = o->program ? o->program : getenv("NCRED");
    argv[0] = realpath(program ? program : "./ncred", NULL);
    if (!argv[0])
        argv[0] = strdup(program ? program : "./ncred");
    for (size_t i = 0; i < n; i++)
        argv[i + 1] = strdup(o->args[i]);
    return argv;
}

static void free_list(char **list)
{
    for (size_t i = 0; list[i]; i++)
        free(list[i]);
    free(list);
}

static void set_size(int fd, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    ioctl(fd, TIOCSWINSZ, &size);
}

static bool has_started(struct term *t, const void *arg)
{
    (void)arg;
    return t->job != 0;
}

struct term *term_start(const struct term_options *o)
{
    struct term *t = calloc(1, sizeof *t);
    int events[2], orders[2], rows = o->rows ? o->rows : 24, columns = o->columns ? o->columns : 80;
    if (openpty(&t->master, &t->slave, NULL, NULL, NULL) != 0 || pipe2(events, O_CLOEXEC) != 0
        || pipe2(orders, O_CLOEXEC) != 0)
        fail_msg("no pseudo-terminal: %s", strerror(errno));
    fcntl(t->master, F_SETFD, FD_CLOEXEC);
    fcntl(t->master, F_SETFL, O_NONBLOCK);
    fcntl(t->slave, F_SETFD, FD_CLOEXEC);
    tcgetattr(t->slave, &t->before);
    t->before.c_iflag |= IXANY; /* something that no program would set by itself */
    t->before.c_cc[VKILL] = 'X' & 31;
    if (o->is_quiet) {
        t->before.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
        t->before.c_iflag &= ~(tcflag_t)IXON; /* a Ctrl-S while it is stopped would keep it from going on */
    }
    tcsetattr(t->slave, TCSANOW, &t->before);
    tcgetattr(t->slave, &t->before);
    set_size(t->master, rows, columns);
    term_screen_new(t, rows, columns);
    char **argv = arguments(o), **env = environment(o->env);
    fflush(NULL);
    t->keeper = fork();
    if (t->keeper == 0) {
        close(t->master);
        close(events[0]);
        close(orders[1]); /* so that it sees the end of the test, however that comes */
        run_keeper(o, argv, env, t->slave, events[1], orders[0]);
    }
    free_list(argv);
    free_list(env);
    close(events[1]);
    close(orders[0]);
    t->events = events[0];
    t->orders = orders[1];
    t->next = terms;
    terms = t;
    term_wait_until(t, has_started, NULL, "the program's start");
    return t;
}

struct term *term_open(int rows, int columns, ...)
{
    const char *args[32] = {0};
    va_list ap;
    va_start(ap, columns);
    for (size_t i = 0; i < 31 && (args[i] = va_arg(ap, const char *)); i++)
        ;
    va_end(ap);
    struct term_options o = {.rows = rows, .columns = columns, .args = args};
    return term_start(&o);
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int term_teardown(void **state)
{
    (void)state;
    while (terms) {
        struct term *t = terms;
        terms = t->next;
        if (t->job && !t->ended)
            kill(-t->job, SIGKILL);
        kill(t->keeper, SIGKILL);
        waitpid(t->keeper, NULL, 0);
        close_fd(&t->events);
        close_fd(&t->orders);
        close_fd(&t->master);
        close_fd(&t->slave);
        term_screen_free(t);
        free(t->raw);
        free(t->unsent);
        free(t);
    }
    if (directory[0])
        nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    directory[0] = '\0';
    return 0;
}

/* ---- reading, writing, waiting ------------------------------------------ */

static void take_event(struct term *t)
{
    struct event event;
    if (read(t->events, &event, sizeof event) != (ssize_t)sizeof event)
        term_fail(t, "the keeper has ended");
    t->job = event.job;
    if (event.status == -1)
        return;
    t->stopped = WIFSTOPPED(event.status);
    t->ended = !t->stopped;
    if (t->ended)
        t->status = WIFSIGNALED(event.status) ? 128 + WTERMSIG(event.status) : WEXITSTATUS(event.status);
}

static bool take_output(struct term *t)
{
    char bytes[65536];
    ssize_t n = read(t->master, bytes, sizeof bytes);
    bool is_end = t->is_draining && n > 0 && bytes[n - 1] == '\0';
    t->is_draining &= !is_end;
    if (n - is_end > 0)
        term_feed(t, bytes, (size_t)(n - is_end));
    else if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        t->lost = true;
    return n > 0;
}

/* How often the program's first thread, which reads its keys, has gone to sleep; 0 where the system does not tell. */
static unsigned long long times_asleep(const struct term *t)
{
    static const char label[] = "\nvoluntary_ctxt_switches:";
    char text[4096];
    snprintf(text, sizeof text, "/proc/%d/status", (int)t->job);
    int fd = open(text, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = '\0';
    const char *at = strstr(text, label);
    return at ? strtoull(at + sizeof label - 1, NULL, 10) : 0;
}

static void give_keys(struct term *t)
{
    unsigned long long before = times_asleep(t);
    ssize_t n = write(t->master, t->unsent, t->unsent_len);
    if (n > 0) {
        t->unsent_len -= (size_t)n;
        memmove(t->unsent, t->unsent + n, t->unsent_len);
        t->sleeps = before;
        t->sent_at = now_ms();
    }
}

bool term_pump(struct term *t, int milliseconds)
{
    bool open = t->master >= 0 && !t->lost;
    struct pollfd fds[2] = {
        {.fd = t->ended ? -1 : t->events, .events = POLLIN},
        {.fd = open ? t->master : -1, .events = (short)(POLLIN | (t->unsent_len && !t->ended ? POLLOUT : 0))},
    };
    if (poll(fds, 2, milliseconds) <= 0)
        return false;
    bool any = false;
    if (fds[1].revents & POLLOUT)
        give_keys(t);
    if (fds[1].revents & (POLLIN | POLLHUP | POLLERR))
        any = take_output(t);
    if (fds[0].revents) {
        take_event(t);
        any = true;
    }
    return any;
}

void term_queue(struct term *t, const char *bytes, size_t len)
{
    t->unsent = realloc(t->unsent, t->unsent_len + len + 1);
    memcpy(t->unsent + t->unsent_len, bytes, len);
    t->unsent_len += len;
}

void term_wait_until(struct term *t, bool (*holds)(struct term *t, const void *arg), const void *arg, const char *what)
{
    long long end = deadline();
    bool was_over = false;
    while (!holds(t, arg)) {
        bool over = t->ended && !term_pump(t, 100); /* what it sent last may still be on its way */
        if (over && was_over)
            term_fail(t, "ended (status %d) before: %s", t->status, what);
        was_over = over;
        if (now_ms() > end)
            term_fail(t, "in vain waited for: %s", what);
        if (!over)
            term_pump(t, 100);
    }
}

static bool all_sent(struct term *t, const void *arg)
{
    (void)arg;
    return t->unsent_len == 0 || t->ended || t->lost || t->master < 0 || t->stopped;
}

void term_send(struct term *t, const void *bytes, size_t len)
{
    term_queue(t, bytes, len);
    term_wait_until(t, all_sent, NULL, "the program to take keys");
}

void term_type(struct term *t, const char *text)
{
    term_send(t, text, strlen(text));
}

/* The state of a thread, as in its file STAT; S where it cannot be told. */
static char state_in(int threads, const char *stat)
{
    char text[512];
    int fd = openat(threads, stat, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = '\0';
    const char *name_end = strrchr(text, ')');
    return name_end && name_end[1] ? name_end[2] : 'S';
}

/* Every thread of the program sleeps, as far as the system can tell: always yes where there is no /proc. */
static bool sleeps(const struct term *t)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)t->job);
    DIR *threads = opendir(path);
    bool all = true;
    for (struct dirent *e; threads && all && (e = readdir(threads));) {
        snprintf(path, sizeof path, "%.32s/stat", e->d_name);
        /* T is no sleep: the news of it, or the signal that ends it, is on its way */
        all = e->d_name[0] == '.' || strchr("SZX", state_in(dirfd(threads), path));
    }
    if (threads)
        closedir(threads);
    return all;
}

/*
 * What was written to the master is on its way to the slave for a moment, in which the slave has nothing unread: only
 * that the program has been awake since tells that it was there. What wakes nobody, such as Ctrl-Q, is not waited for.
 */
static bool has_been_awake(const struct term *t)
{
    enum { WAKES = 1000 };
    unsigned long long now = times_asleep(t);
    return now == 0 || now > t->sleeps || now_ms() - t->sent_at > WAKES;
}

static bool waits_for_keys(struct term *t)
{
    int unread = 0;
    if (t->stopped || t->ended || t->master < 0)
        return true;
    bool started = t->raw_len > 0; /* until then it may well wait for something else */
    return started && t->unsent_len == 0 && ioctl(t->slave, FIONREAD, &unread) == 0 && unread == 0 && sleeps(t)
        && has_been_awake(t);
}

/*
 * For longer than the delay within which bytes after Esc make one key with it: between two looks, the program must be
 * idle.
 */
enum { IDLE = 35, LOOK = 5 };

void term_settle(struct term *t)
{
    long long end = deadline();
    bool waited = waits_for_keys(t);
    for (bool idle = false; !idle;) {
        bool quiet = !term_pump(t, waited ? IDLE : LOOK), waits = waits_for_keys(t);
        idle = waited && quiet && waits;
        waited = waits;
        if (now_ms() > end)
            term_fail(t, "in vain waited for the program to be idle");
    }
}

void term_settle_all(void)
{
    long long end = deadline(), idle_since = 0;
    while (terms && (idle_since == 0 || now_ms() - idle_since < IDLE)) {
        poll(NULL, 0, LOOK);
        for (struct term *t = terms; t; t = t->next) {
            bool idle = !term_pump(t, 0) && waits_for_keys(t);
            if (!idle)
                idle_since = -1;
            if (!idle && now_ms() > end)
                term_fail(t, "in vain waited for the program to be idle");
        }
        idle_since = idle_since < 0 ? 0 : idle_since ? idle_since : now_ms();
    }
}

void term_wait_taken(struct term *t)
{
    long long end = deadline();
    while (!waits_for_keys(t)) {
        term_pump(t, 1);
        if (now_ms() > end)
            term_fail(t, "in vain waited for the program to read what was sent");
    }
}

/* ---- keys --------------------------------------------------------------- */

static const struct {
    const char *name;
    VTermKey key;
    VTermModifier modifier;
} named_keys[] = {
    {"Up", VTERM_KEY_UP, VTERM_MOD_NONE}, {"Down", VTERM_KEY_DOWN, VTERM_MOD_NONE},
    {"Left", VTERM_KEY_LEFT, VTERM_MOD_NONE}, {"Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE},
    {"Home", VTERM_KEY_HOME, VTERM_MOD_NONE}, {"End", VTERM_KEY_END, VTERM_MOD_NONE},
    {"PgUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE}, {"PgDn", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE},
    {"Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE}, {"Tab", VTERM_KEY_TAB, VTERM_MOD_NONE},
    {"S-Tab", VTERM_KEY_TAB, VTERM_MOD_SHIFT}, {"Esc", VTERM_KEY_ESCAPE, VTERM_MOD_NONE},
    {"Backspace", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE}, {"Delete", VTERM_KEY_DEL, VTERM_MOD_NONE},
    {"Insert", VTERM_KEY_INS, VTERM_MOD_NONE}, {"F1", VTERM_KEY_FUNCTION(1), VTERM_MOD_NONE},
};

static void press(struct term *t, const char *name)
{
    for (size_t i = 0; i < sizeof named_keys / sizeof named_keys[0]; i++) {
        if (strcmp(name, named_keys[i].name) == 0) {
            vterm_keyboard_key(t->vt, named_keys[i].key, named_keys[i].modifier);
            return;
        }
    }
    if (strcmp(name, "Space") == 0)
        term_queue(t, " ", 1);
    else if (name[0] == 'C' && name[1] == '-' && name[2] && !name[3])
        term_queue(t, &(char){(char)(name[2] & 31)}, 1);
    else if (name[0] == 'M' && name[1] == '-' && name[2] && !name[3])
        term_queue(t, (char[]){27, name[2]}, 2);
    else
        term_queue(t, name, strlen(name));
}

void term_keys(struct term *t, const char *keys)
{
    char *copy = strdup(keys), *rest = NULL;
    for (char *name = strtok_r(copy, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
        press(t, name);
    free(copy);
    term_send(t, "", 0);
}

void term_paste(struct term *t, const char *text)
{
    vterm_keyboard_start_paste(t->vt);
    term_queue(t, text, strlen(text));
    vterm_keyboard_end_paste(t->vt);
    term_send(t, "", 0);
}

void term_resize(struct term *t, int rows, int columns)
{
    t->resized = true;
    vterm_set_size(t->vt, rows, columns);
    /* a new size makes xterm forget the scroll region, but not libvterm 0.1; setting it moves the cursor */
    char bytes[64];
    int y, x;
    term_cursor(t, &y, &x);
    int n = snprintf(bytes, sizeof bytes, "\033[r\033[%d;%dH", y + 1, x + 1);
    vterm_input_write(t->vt, bytes, (size_t)n);
    set_size(t->master, rows, columns);
}

/* ---- signals and the end ------------------------------------------------ */

void term_signal(struct term *t, int signal)
{
    kill(t->job, signal);
}

/*
 * What the program sent before it ended or stopped may still be on its way to the master, for how long nobody knows: so
 * a byte of our own, which no program sends, follows it.
 */
static void drain(struct term *t)
{
    long long end = deadline();
    t->is_draining = t->slave >= 0 && t->master >= 0 && write(t->slave, "", 1) == 1;
    while (t->is_draining && !t->lost && now_ms() < end)
        term_pump(t, 100);
}

static bool is_stopped(struct term *t, const void *arg)
{
    (void)arg;
    return t->stopped;
}

void term_wait_stopped(struct term *t)
{
    term_wait_until(t, is_stopped, NULL, "the program to stop");
    drain(t);
}

void term_foreground(struct term *t)
{
    t->stopped = false;
    if (write(t->orders, "f", 1) != 1)
        term_fail(t, "the keeper has ended");
}

static bool has_ended(struct term *t, const void *arg)
{
    (void)arg;
    return t->ended;
}

int term_wait_end(struct term *t)
{
    term_wait_until(t, has_ended, NULL, "the program's end");
    drain(t);
    return t->status;
}

void term_hang_up(struct term *t, bool passed)
{
    close_fd(&t->slave);
    close_fd(&t->master);
    if (passed)
        term_signal(t, SIGHUP);
}
