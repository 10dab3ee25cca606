/*
 * A seccomp filter allows a list of system calls (sandbox_rules.c). A Landlock ruleset refuses what a filter cannot
 * see: actions on paths, and access to other processes through /proc.
 */
#include <config.h> /* first, because it makes system headers declare what is beyond POSIX */

#include "base/sandbox.h"

#ifdef WITH_SANDBOX

#include "base/sandbox_filter.h"
#include "base/sandbox_rules.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- system calls --------------------------------------------------------------- */

#ifdef WITH_BUILT_IN_FILTER

size_t sandbox_filter(bool can_save, uint32_t self, struct sock_filter *code)
{
    const struct built_in_filter *filter = can_save ? &sandbox_filter_browsing : &sandbox_filter_printing;
    for (size_t i = 0; i < filter->count; i++) {
        code[i] = filter->code[i];
        if (code[i].k == FILTER_PID)
            code[i].k = self;
    }
    return filter->count;
}

#else /* cross-compiled: the machine that built this program could not run sandbox_generate.c for this one */

size_t sandbox_filter(bool can_save, uint32_t self, struct sock_filter *code)
{
    /* a tree would cost this start more than it saves */
    return sandbox_rules_compile(&(struct filter_wish){.can_save = can_save, .as_list = true, .self = self}, code);
}

#endif

static bool enter_filter(bool can_save)
{
    struct sock_filter code[FILTER_MAX];
    struct sock_fprog program = {
        .len = (unsigned short)sandbox_filter(can_save, (uint32_t)getpid(), code), .filter = code};
    /* the result is the id of a thread that could not be confined; then none is */
    return program.len && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

/* ---- Landlock, capabilities ------------------------------------------------------ */

/*
 * Landlock's interface, which older headers lack. The numbers of the calls are the same on all architectures but Alpha.
 */
enum { CALL_CREATE = 444, CALL_ADD = 445, CALL_RESTRICT = 446, ASK_VERSION = 1, RULE_BENEATH = 1 };

enum {
    LL_EXECUTE = 1 << 0, LL_WRITE = 1 << 1, LL_REMOVE_DIR = 1 << 4, LL_REMOVE = 1 << 5, LL_MAKE_CHAR = 1 << 6,
    LL_MAKE_DIR = 1 << 7, LL_MAKE_FILE = 1 << 8, LL_MAKE_SOCKET = 1 << 9, LL_MAKE_FIFO = 1 << 10,
    LL_MAKE_BLOCK = 1 << 11, LL_MAKE_LINK = 1 << 12,
    LL_REFER = 1 << 13,    /* since version 2: link or rename to another directory */
    LL_TRUNCATE = 1 << 14, /* since version 3 */
    LL_NETWORK = 3,        /* since version 4: bind and connect of TCP */
    LL_SOCKETS = 1,        /* since version 6: connect to abstract sockets of processes outside */
    LL_SIGNALS = 2,        /* since version 6: signals to processes outside */
};

struct landlock_rules {
    uint64_t files, network, scope; /* actions that are refused unless a rule allows them */
};

struct landlock_beneath {
    uint64_t allowed;
    int32_t directory;
} __attribute__((packed));

/*
 * Allow saving files anywhere, because the user chooses the place. The filter makes sure that only new ones are
 * written.
 */
static bool allow_saving(int rules, uint64_t handled)
{
    struct landlock_beneath all = {
        (LL_WRITE | LL_REMOVE | LL_REMOVE_DIR | LL_MAKE_DIR | LL_MAKE_FILE | LL_REFER | LL_TRUNCATE) & handled,
        open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
    bool ok = all.directory >= 0 && syscall(CALL_ADD, rules, RULE_BENEATH, &all, 0) == 0;
    if (all.directory >= 0)
        close(all.directory);
    return ok;
}

/*
 * Enter Landlock. Whatever the rules are, it keeps the process from inspecting processes outside: /proc/PID/mem,
 * environ, maps and fd. Reading files is not restricted, because the user may name files to read later. Returns the
 * version in force, or 0.
 */
static int enter_landlock(bool can_save)
{
    long version = syscall(CALL_CREATE, NULL, 0, ASK_VERSION);
    if (version < 1)
        return 0;
    struct landlock_rules refuse = {
        .files = LL_EXECUTE | LL_WRITE | LL_REMOVE_DIR | LL_REMOVE | LL_MAKE_CHAR | LL_MAKE_DIR | LL_MAKE_FILE
            | LL_MAKE_SOCKET | LL_MAKE_FIFO | LL_MAKE_BLOCK | LL_MAKE_LINK | (version >= 2 ? LL_REFER : 0)
            | (version >= 3 ? LL_TRUNCATE : 0),
        .network = version >= 4 ? LL_NETWORK : 0,
        .scope = version >= 6 ? LL_SOCKETS | (can_save ? 0 : LL_SIGNALS) : 0, /* see limit_kill */
    };
    size_t size = version >= 6 ? sizeof refuse : version >= 4 ? offsetof(struct landlock_rules, scope)
        : offsetof(struct landlock_rules, network);
    int rules = (int)syscall(CALL_CREATE, &refuse, size, 0);
    if (rules < 0)
        return 0;
    bool ok = (!can_save || allow_saving(rules, refuse.files)) && syscall(CALL_RESTRICT, rules, 0) == 0;
    close(rules);
    return ok ? (int)version : 0;
}

/*
 * If ncred runs as root, keep only the capabilities for opening files. Otherwise it could still inspect processes: from
 * Linux 6.17 on, CAP_PERFMON is enough for /proc/PID/maps and environ, whatever Landlock says.
 */
static void drop_capabilities(void)
{
    enum { FILES = 1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH | 1 << CAP_FOWNER | 1 << CAP_FSETID };
    struct __user_cap_header_struct self = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &self, sets) != 0)
        return;
    for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        sets[i].permitted &= i ? 0 : FILES;
        sets[i].effective &= i ? 0 : FILES;
        sets[i].inheritable = 0;
    }
    syscall(SYS_capset, &self, sets); /* cannot fail: dropping capabilities is always allowed */
}

struct sandbox sandbox_enter(bool can_save)
{
    struct sandbox box = {0};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        drop_capabilities();
        box.landlock = enter_landlock(can_save);
        box.has_filter = enter_filter(can_save);
    }
    if (!box.has_filter)
        box.why = "the kernel does not accept the system call filter";
    else if (!box.landlock)
        box.why = "the kernel has no Landlock, or none left, so /proc shows other processes of yours";
    return box;
}

#else

struct sandbox sandbox_enter(bool can_save)
{
    (void)can_save;
    return (struct sandbox){.why = "this build has no sandbox"};
}

size_t sandbox_filter(bool can_save, uint32_t self, struct sock_filter *code)
{
    (void)can_save;
    (void)self;
    (void)code;
    return 0;
}

#endif
