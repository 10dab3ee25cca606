/*
 * first_row RUNS COMMAND...: milliseconds from starting COMMAND on a terminal of 80x24 until it has sent "root", the
 * name of a report's first user: the median of RUNS. Started from Python, each would take two milliseconds longer.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 999, SCREEN_MAX = 1 << 18 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Run COMMAND on the terminal called NAME. Does not return. */
static void run(char **command, const char *name)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    setsid();
    int fd = open(name, O_RDWR); /* it becomes the controlling terminal */
    ioctl(fd, TIOCSWINSZ, &size);
    for (int i = 0; i < 3; i++)
        dup2(fd, i);
    setenv("TERM", "xterm-256color", 1);
    execvp(command[0], command);
    _exit(127);
}

/* Returns the milliseconds of one start, or -1 if the command ended before. */
static double measure(char **command)
{
    static char seen[SCREEN_MAX];
    size_t len = 0;
    double took = -1;
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0)
        return -1;
    /* so that reading does not fail before the child has it open */
    int own = open(ptsname(fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
    double start = now();
    pid_t pid = fork();
    if (pid == 0)
        run(command, ptsname(fd));
    close(own);
    while (took < 0 && len + 1 < sizeof seen) {
        ssize_t n = read(fd, seen + len, sizeof seen - 1 - len);
        if (n <= 0)
            break;
        len += (size_t)n;
        seen[len] = '\0';
        took = memmem(seen, len, "root", 4) ? now() - start : -1;
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(fd);
    return took;
}

int main(int argc, char **argv)
{
    double took[RUNS_MAX];
    int runs = argc > 2 ? atoi(argv[1]) : 0;
    if (runs < 1 || runs > RUNS_MAX) {
        fputs("usage: first_row RUNS COMMAND...\n", stderr);
        return 2;
    }
    for (int i = 0; i < runs; i++) {
        took[i] = measure(argv + 2);
        if (took[i] < 0) {
            fprintf(stderr, "first_row: %s ended before its first row\n", argv[2]);
            return 1;
        }
    }
    qsort(took, (size_t)runs, sizeof took[0], compare);
    printf("%.3f\n", took[runs / 2]);
    return 0;
}
