/*
 * What a confined process is refused, and what it keeps.
 * test_sandbox --export printing|browsing PID: write the filter for the process PID to standard output.
 */
#include "unit/sample.h"
#include "base/sandbox.h"
#include "base/sandbox_filter.h"
#include "base/sandbox_rules.h"
#include "sandbox_attempts.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#ifdef WITH_SANDBOX
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#endif
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
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

#ifdef WITH_SANDBOX

/* The list makes a filter that there is room for on every machine. */
static void test_architectures(void **state)
{
    static const char *const names[] = {"x86", "x86_64", "arm", "aarch64", "riscv64", "ppc64le", "s390x", "mips",
        "mipsel64"};
    struct sock_filter code[FILTER_MAX];
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(names) * 2; i++) {
        size_t count = sandbox_rules_compile(
            &(struct filter_wish){.architecture = names[i / 2], .can_save = i % 2, .self = 1234}, code);
        if (count < 100)
            fail_msg("%s: %zu instructions", names[i / 2], count);
    }
}

static uint32_t word_at(const struct seccomp_data *data, uint32_t offset)
{
    uint32_t word;
    assert_true(offset % 4 == 0 && offset + 4 <= sizeof *data);
    memcpy(&word, (const char *)data + offset, sizeof word);
    return word;
}

static bool jumps(uint16_t comparison, uint32_t a, uint32_t k)
{
    switch (comparison) {
    case BPF_JEQ: return a == k;
    case BPF_JGT: return a > k;
    case BPF_JGE: return a >= k;
    default: return (a & k) != 0;
    }
}

/* What the kernel does with a filter: returns the action for one call. */
static uint32_t run_filter(const struct sock_filter *code, size_t count, const struct seccomp_data *data)
{
    uint32_t a = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t k = code[i].k;
        switch (code[i].code) {
        case BPF_LD | BPF_W | BPF_ABS: a = word_at(data, k); break;
        case BPF_ALU | BPF_AND | BPF_K: a &= k; break;
        case BPF_JMP | BPF_JA: i += k; break;
        case BPF_RET | BPF_K: return k;
        default:
            if (BPF_CLASS(code[i].code) != BPF_JMP)
                fail_msg("instruction %zu: code %#x is not known", i, code[i].code);
            i += jumps(BPF_OP(code[i].code), a, k) ? code[i].jt : code[i].jf;
        }
    }
    fail_msg("the filter has no end");
    return 0;
}

/* Returns the architecture that the filter is for, which it compares first. */
static uint32_t native_architecture(const struct sock_filter *code)
{
    assert_int_equal(code[0].k, offsetof(struct seccomp_data, arch));
    return code[1].k;
}

/*
 * The filter that was made when ncred was built decides as one that is made now, for another process id and by
 * comparing with one call after the other, for each call with arguments around those that the rules compare.
 */
static void test_built_in(void **state)
{
    enum { SELF = 4194000, X32 = 0x40000000, CALLS = 600 };
    static const uint32_t values[] = {
        0, 1, 2, 3, 4, 6, 8, 15, 20, SELF, SELF + 1, FILTER_PID, O_WRONLY | O_CREAT, O_WRONLY | O_EXCL, O_RDWR | O_EXCL,
        O_RDWR | O_CREAT | O_EXCL, O_CREAT | O_EXCL | O_TRUNC, O_TRUNC, O_APPEND, O_CREAT, O_CLOEXEC | O_NOFOLLOW,
        0x3d0f00, 0x10000, 0x10000000, 0x10010000, 0x7d0f00, TCGETS, TIOCSTI, TIOCGWINSZ, 0x541c, 0x802c542a,
        UINT32_MAX,
    };
    struct sock_filter built[FILTER_MAX], list[FILTER_MAX];
    (void)state;
    for (int can_save = 0; can_save < 2; can_save++) {
        size_t count = sandbox_filter(can_save, SELF, built);
        size_t listed = sandbox_rules_compile(
            &(struct filter_wish){.can_save = can_save, .as_list = true, .self = SELF}, list);
        assert_true(count > 100 && listed > 100);
        struct seccomp_data data = {.arch = native_architecture(list)};
        for (int i = 0; i < CALLS * 2; i++) {
            data.nr = i < CALLS ? i : X32 + i - CALLS;
            for (size_t j = 0; j < SAMPLE_COUNT(values) * 3; j++) {
                memset(data.args, 0, sizeof data.args);
                data.args[j % 3] = values[j / 3];
                data.args[(j + 1) % 3] = j % 2 ? SIGTSTP : 0;
                uint32_t must = run_filter(list, listed, &data), is = run_filter(built, count, &data);
                if (must != is)
                    fail_msg("call %#x, argument %zu %#x: %#x, must be %#x", (unsigned)data.nr, j % 3, values[j / 3],
                        is, must);
            }
        }
        data.arch++;
        assert_int_equal(run_filter(built, count, &data), SECCOMP_RET_ERRNO | EPERM);
    }
}

#else

static void test_architectures(void **state)
{
    (void)state;
    skip();
}

static void test_built_in(void **state)
{
    (void)state;
    skip();
}

#endif

static int export(const char *mode, const char *pid)
{
#ifdef WITH_SANDBOX
    struct sock_filter code[FILTER_MAX];
    size_t count = sandbox_filter(strcmp(mode, "browsing") == 0, (uint32_t)strtoul(pid, NULL, 10), code);
    return fwrite(code, sizeof code[0], count, stdout) == count && fflush(stdout) == 0 ? 0 : 1;
#else
    (void)mode;
    (void)pid;
    return 77;
#endif
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--export") == 0)
        return export(argv[2], argv[3]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attempts),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_architectures),
        cmocka_unit_test(test_built_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
