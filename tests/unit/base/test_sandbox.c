/*
 * What a confined process is refused, and what it keeps.
 * test_sandbox --export printing|browsing PID: write the filter for the process PID to standard output.
 */
#include "unit/sample.h"
#include "base/sandbox.h"
#include "sandbox_attempts.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT = 99 };

/* A process that waits to be ended. */
static pid_t start_victim(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        for (;;)
            pause();
    }
    return pid;
}

/* Run all attempts in a confined child; SAID is what it says of them. Returns its exit status. */
static int run_confined(bool browsing, const char *directory, struct buffer *said)
{
    int ends[2], status;
    char piece[512];
    pid_t victim = start_victim(); /* before the pipe, which it would keep open */
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        attempts_prepare(directory, victim);
        struct sandbox box = sandbox_enter(browsing);
        if (!box.has_filter)
            _exit(CANNOT);
        attempts_run(browsing, box.landlock > 0, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    for (ssize_t n; (n = read(ends[0], piece, sizeof piece)) > 0;)
        buffer_add(said, piece, (size_t)n);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    kill(victim, SIGKILL);
    waitpid(victim, NULL, 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_attempts(void **state)
{
    (void)state;
    for (int browsing = 0; browsing < 2; browsing++) {
        char directory[] = "/tmp/ncred-sandbox-XXXXXX", path[64], expected[32];
        struct buffer said = {0};
        assert_non_null(mkdtemp(directory));
        snprintf(path, sizeof path, "%s/old", directory);
        close(open(path, O_WRONLY | O_CREAT, 0600));
        int status = run_confined(browsing, directory, &said);
        unlink(path);
        snprintf(path, sizeof path, "%s/new", directory);
        rmdir(path);
        rmdir(directory);
        if (status == CANNOT)
            skip();
        snprintf(expected, sizeof expected, "tried %zu\n", attempt_count);
        assert_string_equal(said.data, expected);
        buffer_free(&said);
    }
}

/* Threads that run already are confined with the one that enters. */
static void *enter(void *context)
{
    *(bool *)context = sandbox_enter(false).has_filter;
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
        _exit(socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CANNOT)
        skip();
    assert_int_equal(WEXITSTATUS(status), EPERM);
}

/* The list makes a filter that the kernel would take (at most 4,096 instructions of 8 bytes) on every machine. */
static void test_architectures(void **state)
{
    static const char *const names[] = {"x86", "x86_64", "arm", "aarch64", "riscv64", "ppc64le", "s390x", "mips", "mipsel64"};
    (void)state;
#ifndef WITH_SANDBOX
    skip();
#endif
    for (size_t i = 0; i < SAMPLE_COUNT(names) * 2; i++) {
        struct stat st;
        FILE *out = tmpfile();
        assert_non_null(out);
        bool ok = sandbox_export(names[i / 2], i % 2, 1234, fileno(out));
        assert_int_equal(fstat(fileno(out), &st), 0);
        fclose(out);
        if (!ok || st.st_size < 800 || st.st_size > 4096 * 8)
            fail_msg("%s: %s, %ld bytes", names[i / 2], ok ? "a filter" : "no filter", (long)st.st_size);
    }
}

static int export(const char *mode, const char *pid)
{
    return sandbox_export(NULL, strcmp(mode, "browsing") == 0, strtoll(pid, NULL, 10), STDOUT_FILENO) ? 0 : 77;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--export") == 0)
        return export(argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attempts),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_architectures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
