/*
 * What a C library does for a program, done under ncred's filter: sandbox_libc EXPORT MODE, where EXPORT is the unit
 * test that writes the filter. Linked with nothing else, so that any C library will do (cc, musl-gcc -static).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static struct sock_filter code[4096];
static char folder[] = "/tmp/ncred-libc-XXXXXX";
static volatile sig_atomic_t signals;

static void on_signal(int sig)
{
    (void)sig;
    signals++;
}

static void *work(void *context)
{
    char *piece = malloc(1 << 20);
    memset(piece, 1, 1 << 20);
    free(piece);
    return context;
}

static bool threads(void)
{
    pthread_t all[4];
    for (int i = 0; i < 4; i++) {
        if (pthread_create(&all[i], NULL, work, NULL) != 0)
            return false;
    }
    for (int i = 0; i < 4; i++)
        pthread_join(all[i], NULL);
    return true;
}

static bool memory(void)
{
    char *p = malloc(100), *big = malloc(64 << 20);
    p = realloc(p, 1 << 22);
    big = realloc(big, 128 << 20);
    memset(big, 1, 128 << 20);
    bool ok = p && big;
    free(p);
    free(big);
    return ok;
}

static bool reading(void)
{
    struct stat st;
    char line[256], path[PATH_MAX];
    FILE *in = fopen("/etc/passwd", "r");
    DIR *dir = opendir("/");
    bool ok = in && fgets(line, sizeof line, in) && fseek(in, 0, SEEK_END) == 0 && dir && readdir(dir)
        && stat("/", &st) == 0 && lstat("/", &st) == 0 && fstat(0, &st) == 0 && realpath("/tmp/..", path)
        && access("/", R_OK) == 0 && getcwd(path, sizeof path);
    if (in)
        fclose(in);
    if (dir)
        closedir(dir);
    return ok;
}

static bool waiting(void)
{
    int ends[2];
    char c = 'x';
    struct timespec now, little = {0, 1000};
    struct timeval moment = {0, 1000};
    if (pipe(ends) != 0 || write(ends[1], &c, 1) != 1)
        return false;
    struct pollfd p = {ends[0], POLLIN, 0};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    return poll(&p, 1, 1000) == 1 && select(ends[0] + 1, &set, NULL, NULL, &moment) == 1
        && nanosleep(&little, NULL) == 0
        && clock_gettime(CLOCK_REALTIME, &now) == 0 && time(NULL) > 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0
        && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && read(ends[0], &c, 1) == 1 && close(ends[0]) == 0
        && close(ends[1]) == 0;
}

static bool own_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t set;
    sigemptyset(&set);
    return sigaction(SIGUSR1, &action, NULL) == 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0 && raise(SIGUSR1) == 0
        && kill(getpid(), SIGUSR1) == 0 && signals == 2 && alarm(0) == 0;
}

static bool terminal(void)
{
    struct termios t;
    struct winsize size;
    errno = 0;
    return (tcgetattr(0, &t) == 0 || errno == ENOTTY) && (ioctl(1, TIOCGWINSZ, &size) == 0 || errno == ENOTTY);
}

static bool machine(void)
{
    struct rlimit limit;
    char bytes[16];
    return sysconf(_SC_NPROCESSORS_ONLN) > 0 && sysconf(_SC_PHYS_PAGES) > 0 && getrlimit(RLIMIT_AS, &limit) == 0
        && setrlimit(RLIMIT_AS, &limit) == 0 && getentropy(bytes, sizeof bytes) == 0;
}

static bool saving(void)
{
    char path[128], other[128];
    snprintf(path, sizeof path, "%s/file.XXXXXX", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    int fd = mkstemp(path);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    return out && fprintf(out, "text\n") == 5 && fflush(out) == 0 && fchmod(fd, 0600) == 0 && fsync(fd) == 0
        && fclose(out) == 0 && rename(path, other) == 0 && unlink(other) == 0;
}

static bool refusals(void)
{
    return fork() < 0 && system("true") != 0 && socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM
        && open("/etc/passwd", O_WRONLY) < 0 && errno == EPERM && kill(getppid(), 0) < 0;
}

static const struct {
    const char *name;
    bool (*run)(void);
    bool browsing;
} tasks[] = {
    {"memory", memory, false}, {"threads", threads, false}, {"reading", reading, false}, {"waiting", waiting, false},
    {"signals", own_signals, false}, {"terminal", terminal, false}, {"machine", machine, false},
    {"saving", saving, true}, {"refusals", refusals, false},
};

static bool confine(const char *export, const char *mode)
{
    char command[512];
    snprintf(command, sizeof command, "'%s' --export %s %ld", export, mode, (long)getpid());
    FILE *in = popen(command, "r");
    size_t count = in ? fread(code, sizeof code[0], sizeof code / sizeof code[0], in) : 0;
    struct sock_fprog filter = {(unsigned short)count, code};
    return in && pclose(in) == 0 && count && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

int main(int argc, char **argv)
{
    if (argc != 3 || !mkdtemp(folder))
        return 2;
    bool browsing = strcmp(argv[2], "browsing") == 0, ok = true;
    pid_t pid = fork(); /* which leaves the folder to somebody who may remove it */
    int status = 0;
    if (pid != 0) {
        waitpid(pid, &status, 0);
        rmdir(folder);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    }
    if (!confine(argv[1], argv[2])) {
        fprintf(stderr, "no filter\n");
        return 77;
    }
    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
        errno = 0;
        bool fine = (tasks[i].browsing && !browsing) || tasks[i].run();
        if (!fine)
            fprintf(stderr, "%s while %s: %s\n", tasks[i].name, argv[2], strerror(errno));
        ok &= fine;
    }
    return ok ? 0 : 1;
}
