/*
 * A seccomp filter, built with libseccomp, allows a list of system calls. A Landlock ruleset refuses what a filter
 * cannot see: actions on paths, and access to other processes through /proc.
 */
#include <config.h> /* first, because it makes system headers declare what is beyond POSIX */

#include "base/sandbox.h"

#ifdef WITH_SANDBOX

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- system calls --------------------------------------------------------------- */

/*
 * The system calls that glibc and musl make, on 32 and 64 bits, for reading, drawing, threads, memory and time. Names
 * that libseccomp or this machine does not know are skipped.
 */
static const char *const allowed[] = {
    /* descriptors */
    "read", "readv", "pread64", "preadv", "preadv2", "write", "writev", "pwrite64", "pwritev", "pwritev2", "lseek",
    "_llseek", "close", "close_range", "dup", "dup2", "dup3", "pipe", "pipe2", "fsync", "fdatasync", "ftruncate",
    "ftruncate64", "fadvise64", "fadvise64_64", "arm_fadvise64_64", "readahead", "eventfd2",
    /* information about files */
    "fstat", "fstat64", "stat", "stat64", "lstat", "lstat64", "newfstatat", "fstatat64", "statx", "fstatfs",
    "fstatfs64",
    "statfs", "statfs64", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "getdents",
    "getdents64", "umask",
    /* waiting and time */
    "poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6", "pselect6_time64", "epoll_create1",
    "epoll_ctl",
    "epoll_wait", "epoll_pwait", "nanosleep", "clock_nanosleep", "clock_nanosleep_time64", "clock_gettime",
    "clock_gettime64", "clock_getres", "clock_getres_time64", "gettimeofday", "time", "times", "restart_syscall",
    /* memory */
    "brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise", "msync", "mincore", "map_shadow_stack",
    /* threads; see limit_clone() for clone */
    "futex", "futex_time64", "futex_wait", "futex_wake", "set_robust_list", "rseq", "set_tid_address", "membarrier",
    "sched_yield", "sched_getaffinity", "arch_prctl", "set_thread_area", "exit", "exit_group", "wait4", "waitid",
    /* handling signals; see limit_kill() for sending them */
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait",
    "rt_sigtimedwait_time64", "sigaltstack", "sigreturn", "sigaction", "sigprocmask", "alarm", "setitimer", "pause",
    /* information about the process and the machine */
    "getpid", "gettid", "getppid", "getpgrp", "getpgid", "getsid", "getuid", "getuid32", "geteuid", "geteuid32",
    "getgid",
    "getgid32", "getegid", "getegid32", "getgroups", "getgroups32", "getrlimit", "ugetrlimit", "setrlimit", "getrusage",
    "getcpu", "getrandom", "sysinfo", "uname", "riscv_flush_icache", "riscv_hwprobe", "cacheflush",
};

/* Allowed as well if files can be saved. */
static const char *const saving[] = {
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "chmod",
    "fchmod",
    "fchmodat", "fchmodat2", "utimensat", "utimensat_time64", "utime", "utimes", "futimesat",
};

/* For file_watch.h. */
static const char *const watching[] = {"inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch"};

/*
 * Refused with EPERM. All calls that are in no list, newer ones among them, fail with ENOSYS as on an older kernel, for
 * which C libraries have fallbacks.
 */
static const char *const refused[] = {
    /* other programs and processes */
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
    "process_mrelease", "kcmp", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "get_robust_list", "migrate_pages", "move_pages", "setpriority", "getpriority",
    "ioprio_set", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler", "setpgid", "setsid",
    "perf_event_open", "setns", "unshare",
    /* the network, and communication with other processes */
    "socket", "socketpair", "socketcall", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg",
    "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "msgget", "msgctl", "msgsnd", "msgrcv", "semget", "semctl", "semop",
    "semtimedop", "semtimedop_time64", "shmget", "shmat", "shmctl", "shmdt", "ipc", "mq_open", "mq_unlink",
    "mq_timedsend", "mq_timedreceive", "mq_timedsend_time64", "mq_timedreceive_time64", "mq_notify", "mq_getsetattr",
    /* changes of files other than creating, renaming and removing */
    "creat", "truncate", "truncate64", "fallocate", "copy_file_range", "link", "linkat", "symlink", "symlinkat",
    "mknod", "mknodat", "chown", "chown32", "fchown", "fchown32", "lchown", "lchown32", "fchownat", "setxattr",
    "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "name_to_handle_at", "open_by_handle_at",
    "mount", "umount", "umount2", "pivot_root", "chroot", "memfd_create", "fanotify_init", "quotactl",
    /* the kernel's settings, and ways around this filter */
    "bpf", "userfaultfd", "add_key", "request_key", "keyctl", "init_module", "finit_module", "delete_module",
    "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "settimeofday", "clock_settime",
    "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt", "personality",
    "seccomp",
    "io_setup", "io_submit", "io_uring_setup", "io_uring_enter", "io_uring_register", "setuid", "setgid", "setreuid",
    "setregid", "setresuid", "setresgid", "setgroups", "capset", "syslog", "vhangup",
};

enum { DENY = SCMP_ACT_ERRNO(EPERM), UNKNOWN = SCMP_ACT_ERRNO(ENOSYS) };

/* A filter that is being built. After the first error no more rules are added. */
struct rules {
    scmp_filter_ctx context;
    int result; /* 0, or libseccomp's error for the first rule that failed */
};

static int number_of(const char *name)
{
    return seccomp_syscall_resolve_name(name);
}

/*
 * Add a rule: ACTION for the call NAME if ARGUMENT & MASK is VALUE. Only the lower 32 bits are compared, because these
 * calls' arguments have no more.
 */
static void rule_masked(struct rules *r, uint32_t action, const char *name, unsigned argument, uint32_t mask,
    uint32_t value)
{
    int number = number_of(name);
    if (r->result == 0 && number != __NR_SCMP_ERROR)
        r->result = seccomp_rule_add(r->context, action, number, 1,
            SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value));
}

static void rule_equal(struct rules *r, uint32_t action, const char *name, unsigned argument, uint32_t value)
{
    rule_masked(r, action, name, argument, UINT32_MAX, value);
}

static void rule_list(struct rules *r, uint32_t action, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count && r->result == 0; i++) {
        int number = number_of(names[i]);
        if (number != __NR_SCMP_ERROR)
            r->result = seccomp_rule_add(r->context, action, number, 0);
    }
}

/*
 * Allow opening files for reading only or, if NEW, also with O_CREAT and O_EXCL: then no existing file can be changed.
 */
static void limit_open(struct rules *r, const char *name, unsigned flags, bool new)
{
    static const uint32_t writing[] = {O_CREAT, O_WRONLY, O_RDWR, O_TRUNC, O_APPEND};
    const uint32_t both = O_CREAT | O_EXCL;
    uint32_t any = 0;
    for (size_t i = 0; i < sizeof writing / sizeof writing[0]; i++) {
        uint32_t flag = writing[i];
        any |= flag;
        if (!new)
            rule_masked(r, DENY, name, flags, flag, flag);
        if (new && flag != O_CREAT)
            rule_masked(r, DENY, name, flags, flag | O_CREAT, flag);
        if (new)
            rule_masked(r, DENY, name, flags, flag | O_EXCL, flag);
    }
    rule_masked(r, SCMP_ACT_ALLOW, name, flags, any, 0);
    if (new)
        rule_masked(r, SCMP_ACT_ALLOW, name, flags, both, both);
}

/* Allow clone for new threads, but not for processes or with new namespaces. */
static void limit_clone(struct rules *r)
{
    static const uint32_t namespaces[] = {
        0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000}; /* CLONE_NEWNS and on */
    enum { THREAD = 0x00010000 }; /* CLONE_THREAD */
#ifdef __s390__
    const unsigned flags = 1;
#else
    const unsigned flags = 0;
#endif
    uint32_t any = THREAD;
    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++) {
        any |= namespaces[i];
        rule_masked(r, DENY, "clone", flags, namespaces[i], namespaces[i]);
    }
    rule_masked(r, DENY, "clone", flags, THREAD, 0);
    rule_masked(r, SCMP_ACT_ALLOW, "clone", flags, any, THREAD);
}

/*
 * Allow signals to this process. On the screen also SIGTSTP to its process group, as the terminal sends it for Ctrl-Z,
 * so that other programs of a pipeline stop, too.
 */
static void limit_kill(struct rules *r, bool screen, int64_t self)
{
    static const char *const calls[] = {"kill", "tkill", "tgkill"};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        rule_equal(r, SCMP_ACT_ALLOW, calls[i], 0, (uint32_t)self);
    if (screen && r->result == 0)
        r->result = seccomp_rule_add(r->context, SCMP_ACT_ALLOW, SCMP_SYS(kill), 2,
            SCMP_CMP(0, SCMP_CMP_MASKED_EQ, UINT32_MAX, 0), SCMP_CMP(1, SCMP_CMP_MASKED_EQ, UINT32_MAX, SIGTSTP));
}

/*
 * Allow reading and changing the terminal's settings. TIOCSTI and TIOCLINUX are refused: they could type or paste
 * commands for the shell that runs afterwards.
 */
static void limit_ioctl(struct rules *r)
{
    static const uint32_t terminal[] = {
        TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, TIOCGPGRP, FIONREAD, TIOCOUTQ, TCFLSH, TCXONC, TCSBRK, TCSBRKP,
        0x802c542a, 0x402c542b, 0x402c542c, 0x402c542d, /* TCGETS2, TCSETS2, ..., which glibc 2.42 prefers */
        FIOCLEX, FIONCLEX, FIONBIO,
    };
    enum { LINUX_CONSOLE = 0x541c }; /* TIOCLINUX: pastes */
    for (size_t i = 0; i < sizeof terminal / sizeof terminal[0]; i++)
        rule_equal(r, SCMP_ACT_ALLOW, "ioctl", 1, terminal[i]);
    rule_equal(r, DENY, "ioctl", 1, TIOCSTI);
    rule_equal(r, DENY, "ioctl", 1, LINUX_CONSOLE);
}

/*
 * Allow harmless commands of fcntl, but not F_SETOWN and the like, which make the kernel send signals to other
 * processes.
 */
static void limit_fcntl(struct rules *r)
{
    static const char *const calls[] = {"fcntl", "fcntl64"};
    static const uint32_t commands[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL};
    enum { OWNER_EX = 15 }; /* F_SETOWN_EX */
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (size_t j = 0; j < sizeof commands / sizeof commands[0]; j++)
            rule_equal(r, SCMP_ACT_ALLOW, calls[i], 1, commands[j]);
        rule_equal(r, DENY, calls[i], 1, F_SETOWN);
        rule_equal(r, DENY, calls[i], 1, OWNER_EX);
    }
}

static void add_rules(struct rules *r, bool can_save, int64_t self)
{
    rule_list(r, SCMP_ACT_ALLOW, allowed, sizeof allowed / sizeof allowed[0]);
    rule_list(r, can_save ? SCMP_ACT_ALLOW : DENY, saving, sizeof saving / sizeof saving[0]);
    rule_list(r, can_save ? SCMP_ACT_ALLOW : DENY, watching, sizeof watching / sizeof watching[0]);
    rule_list(r, DENY, refused, sizeof refused / sizeof refused[0]);
    limit_open(r, "open", 1, can_save);
    limit_open(r, "openat", 2, can_save);
    limit_clone(r);
    limit_kill(r, can_save, self);
    limit_ioctl(r);
    limit_fcntl(r);
    rule_equal(r, SCMP_ACT_ALLOW, "prlimit64", 0, 0); /* 0: this process */
    rule_equal(r, SCMP_ACT_ALLOW, "prctl", 0, PR_SET_NAME);
}

/* Returns the filter, or NULL if libseccomp does not accept a rule. Arguments as in sandbox_export(). */
static scmp_filter_ctx build(const char *architecture, bool can_save, int64_t self)
{
    struct rules r = {seccomp_init(UNKNOWN), 0};
    if (!r.context)
        return NULL;
    if (architecture) {
        uint32_t token = seccomp_arch_resolve_name(architecture);
        r.result = token ? seccomp_arch_remove(r.context, seccomp_arch_native()) : -EINVAL;
        r.result = r.result ? r.result : seccomp_arch_add(r.context, token);
    }
    /* calls of another architecture's interface (such as 32-bit ones) fail; by default they would kill the process */
    if (r.result == 0)
        r.result = seccomp_attr_set(r.context, SCMP_FLTATR_ACT_BADARCH, DENY);
    /* not SCMP_FLTATR_CTL_OPTIMIZE 2, a binary tree: making it costs each start more than it saves a run's few calls */
    add_rules(&r, can_save, self);
    if (r.result == 0)
        return r.context;
    seccomp_release(r.context);
    return NULL;
}

bool sandbox_export(const char *architecture, bool can_save, int64_t self, int fd)
{
    scmp_filter_ctx filter = build(architecture, can_save, self);
    bool ok = filter && seccomp_export_bpf(filter, fd) == 0;
    if (filter)
        seccomp_release(filter);
    return ok;
}

static bool enter_filter(bool can_save)
{
    scmp_filter_ctx filter = build(NULL, can_save, getpid());
    if (!filter)
        return false;
    bool ok = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
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

bool sandbox_export(const char *architecture, bool can_save, int64_t self, int fd)
{
    (void)architecture;
    (void)can_save;
    (void)self;
    (void)fd;
    return false;
}

#endif
