/* What a process that has given things up is refused, and what it still can do. */
#include "unit/sample.h"
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { CANNOT = 99 };

static char old_path[64], new_path[64];

static int try_exec(void)
{
    static char path[] = "/bin/true";
    char *const argv[] = {path, NULL};
    return execv(path, argv);
}

static int try_spawn_shell(void)
{
    int status = system("true");
    return WIFEXITED(status) && WEXITSTATUS(status) == 127 ? (errno = EPERM, -1) : status;
}

static int try_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int try_local_socket(void) { return socket(AF_UNIX, SOCK_DGRAM, 0); }
static int try_ptrace(void) { return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static int try_type(void) { return ioctl(STDIN_FILENO, TIOCSTI, "x"); }
static int try_overwrite(void) { return open(old_path, O_WRONLY); }
static int try_truncate(void) { return open(old_path, O_RDWR | O_CREAT | O_TRUNC, 0600); }
static int try_append(void) { return fopen(old_path, "a") ? 0 : -1; }
static int try_new(void) { return open(new_path, O_WRONLY | O_CREAT | O_EXCL, 0600); }
static int try_rename(void) { return rename(old_path, new_path); }
static int try_remove(void) { return unlink(old_path); }
static int try_chmod(void) { return chmod(old_path, 0777); }
static int try_link(void) { return symlink("/etc/passwd", new_path); }
static int try_read(void) { return open(old_path, O_RDONLY | O_CLOEXEC); }
static int try_list(void) { return open("/", O_RDONLY | O_DIRECTORY); }

static const struct {
    const char *name;
    int (*attempt)(void);
    bool printing, browsing; /* whether it is refused then */
} attempts[] = {
    {"exec", try_exec, true, true},
    {"system", try_spawn_shell, true, true},
    {"socket", try_socket, true, true},
    {"local socket", try_local_socket, true, true},
    {"ptrace", try_ptrace, true, true},
    {"typing into the terminal", try_type, true, true},
    {"writing to a file", try_overwrite, true, true},
    {"emptying a file", try_truncate, true, true},
    {"appending to a file", try_append, true, true},
    {"symbolic link", try_link, true, true},
    {"new file", try_new, true, false},
    {"rename", try_rename, true, false},
    {"remove", try_remove, true, false},
    {"chmod", try_chmod, true, false},
    {"read", try_read, false, false},
    {"list", try_list, false, false},
};

/* In a process of its own: the error number, 0 for none, CANNOT when there is no sandbox. */
static int run(int (*attempt)(void), bool can_save)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        if (!sandbox_enter(can_save))
            _exit(CANNOT);
        errno = 0;
        _exit(attempt() >= 0 ? 0 : errno);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_attempts(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(attempts) * 2; i++) {
        bool browsing = i % 2, refused = browsing ? attempts[i / 2].browsing : attempts[i / 2].printing;
        char directory[] = "/tmp/ncred-sandbox-XXXXXX";
        assert_non_null(mkdtemp(directory));
        snprintf(old_path, sizeof old_path, "%s/old", directory);
        snprintf(new_path, sizeof new_path, "%s/new", directory);
        close(open(old_path, O_WRONLY | O_CREAT, 0600));
        int got = run(attempts[i / 2].attempt, browsing);
        unlink(old_path);
        unlink(new_path);
        rmdir(directory);
        if (got == CANNOT)
            skip();
        if ((got == EPERM) != refused || (!refused && got))
            fail_msg("%s while %s: %s", attempts[i / 2].name, browsing ? "browsing" : "printing", strerror(got));
    }
}

/* Threads that run already are confined with the one that enters. */
static void *enter(void *context)
{
    *(bool *)context = sandbox_enter(false);
    return NULL;
}

static void test_threads(void **state)
{
    int status;
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        pthread_t thread;
        bool entered = false;
        if (pthread_create(&thread, NULL, enter, &entered) != 0 || pthread_join(thread, NULL) != 0 || !entered)
            _exit(CANNOT);
        _exit(try_socket() < 0 ? errno : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CANNOT)
        skip();
    assert_int_equal(WEXITSTATUS(status), EPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attempts),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
