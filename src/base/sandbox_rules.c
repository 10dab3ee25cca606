/* Which system calls a confined process may make: tables of names, and rules for calls whose arguments count. */
#include <config.h> /* first, because it makes system headers declare what is beyond POSIX */

#include "base/sandbox_rules.h"

#ifdef WITH_SANDBOX

#include "base/sandbox_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

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
static void limit_kill(struct rules *r, bool screen, uint32_t self)
{
    static const char *const calls[] = {"kill", "tkill", "tgkill"};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        rule_equal(r, SCMP_ACT_ALLOW, calls[i], 0, self);
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

static void add_rules(struct rules *r, bool can_save, uint32_t self)
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

static void choose_architecture(struct rules *r, const char *name)
{
    uint32_t token = seccomp_arch_resolve_name(name);
    r->result = token ? seccomp_arch_remove(r->context, seccomp_arch_native()) : -EINVAL;
    if (r->result == 0)
        r->result = seccomp_arch_add(r->context, token);
}

static void set_attribute(struct rules *r, enum scmp_filter_attr attribute, uint32_t value)
{
    if (r->result == 0)
        r->result = seccomp_attr_set(r->context, attribute, value);
}

/* Write the BPF program to CODE; libseccomp before 2.6 writes only to a file. Returns how many instructions it has. */
static size_t export_code(const struct rules *r, struct sock_filter *code)
{
    const size_t room = FILTER_MAX * sizeof *code;
    int fd = memfd_create("filter", MFD_CLOEXEC);
    ssize_t size = 0;
    if (fd < 0)
        return 0;
    if (seccomp_export_bpf(r->context, fd) == 0 && lseek(fd, 0, SEEK_END) <= (off_t)room)
        size = pread(fd, code, room, 0);
    close(fd);
    return size > 0 ? (size_t)size / sizeof *code : 0;
}

size_t sandbox_rules_compile(const struct filter_wish *wish, struct sock_filter *code)
{
    enum { LIST = 1, TREE = 2 }; /* the kernel's way through a tree is short */
    struct rules r = {seccomp_init(UNKNOWN), 0};
    if (!r.context)
        return 0;
    if (wish->architecture)
        choose_architecture(&r, wish->architecture);
    /* calls of another architecture's interface (such as 32-bit ones) fail; by default they would kill the process */
    set_attribute(&r, SCMP_FLTATR_ACT_BADARCH, DENY);
    set_attribute(&r, SCMP_FLTATR_CTL_OPTIMIZE, wish->as_list ? LIST : TREE);
    add_rules(&r, wish->can_save, wish->self);
    size_t count = r.result == 0 ? export_code(&r, code) : 0;
    seccomp_release(r.context);
    return count;
}

#endif
