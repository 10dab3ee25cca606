/* A seccomp filter, written by hand: a list of system calls that are refused, for an allow-list breaks with each libc. */
#include "base/sandbox.h"

#include <config.h>

#ifdef WITH_SANDBOX

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define FOREIGN_FROM 0x40000000U /* numbers of the x32 interface */
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define FOREIGN_FROM UINT32_MAX
#endif

/* Other processes, the kernel, and ways around this filter. */
static const int never[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_perf_event_open, SYS_bpf, SYS_userfaultfd,
    SYS_add_key, SYS_request_key, SYS_keyctl, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns,
    SYS_unshare, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon,
    SYS_swapoff, SYS_acct, SYS_quotactl, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_sethostname,
    SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_mknodat, SYS_truncate, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_fchownat, SYS_fchown, SYS_symlinkat,
    425, 426, 427, /* io_uring_setup, _enter, _register: they open and connect unseen by a filter */
    428, 429, 430, 431, 432, 433, /* open_tree and the others that mount */
    437, /* openat2: what it is to open for stands in memory; the C library then takes openat */
    438, /* pidfd_getfd */
#ifdef __x86_64__
    SYS_mknod, SYS_chown, SYS_lchown, SYS_symlink, SYS_creat, SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
};

/* What saving a file takes. */
static const int saving[] = {
    SYS_renameat2, SYS_linkat, SYS_unlinkat, SYS_mkdirat, SYS_fchmod, SYS_fchmodat, SYS_utimensat,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef __x86_64__
    SYS_rename, SYS_link, SYS_unlink, SYS_rmdir, SYS_mkdir, SYS_chmod, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

/* Other programs and the network. */
static const int outside[] = {
    SYS_execve, SYS_execveat, SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
};

enum { DENY = SECCOMP_RET_ERRNO | EPERM, ROOM = 256 };

struct program {
    struct sock_filter code[ROOM];
    unsigned short length;
};

static void add(struct program *p, unsigned code, unsigned k, unsigned if_true, unsigned if_false)
{
    if (p->length < ROOM)
        p->code[p->length] = (struct sock_filter){(uint16_t)code, (uint8_t)if_true, (uint8_t)if_false, k};
    p->length++;
}

static void load(struct program *p, size_t offset)
{
    add(p, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

/* The lower half of an argument; both machines have their lower half first. */
static void load_argument(struct program *p, size_t index)
{
    load(p, offsetof(struct seccomp_data, args) + index * 8);
}

static void finish(struct program *p, unsigned result)
{
    add(p, BPF_RET | BPF_K, result, 0, 0);
}

/* If what was loaded is VALUE go on, else jump over the next SKIP. */
static void unless_equal_skip(struct program *p, unsigned value, unsigned skip)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
}

static void refuse(struct program *p, const int *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unless_equal_skip(p, (unsigned)numbers[i], 1);
        finish(p, DENY);
    }
}

/* Files are opened for reading, or as NEW ones that nobody else can have made. */
static void limit_open(struct program *p, int number, size_t flags, bool new)
{
    enum { WRITING = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND };
    unless_equal_skip(p, (unsigned)number, 8);
    load_argument(p, flags);
    add(p, BPF_ALU | BPF_AND | BPF_K, WRITING, 0, 0);
    unless_equal_skip(p, 0, 1);
    finish(p, SECCOMP_RET_ALLOW);
    load_argument(p, flags);
    add(p, BPF_JMP | BPF_JSET | BPF_K, new ? O_EXCL : 0, 1, 0);
    finish(p, DENY);
    finish(p, SECCOMP_RET_ALLOW);
}

/* Nothing is typed for the person into the shell that follows. */
static void limit_ioctl(struct program *p)
{
    enum { LINUX_CONSOLE = 0x541c }; /* TIOCLINUX: pastes */
    unless_equal_skip(p, SYS_ioctl, 5);
    load_argument(p, 1);
    add(p, BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 1, 0);
    unless_equal_skip(p, LINUX_CONSOLE, 1);
    finish(p, DENY);
    finish(p, SECCOMP_RET_ALLOW);
}

static bool write_program(struct program *p, bool can_save)
{
    load(p, offsetof(struct seccomp_data, arch));
    add(p, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    finish(p, DENY);
    load(p, offsetof(struct seccomp_data, nr));
    add(p, BPF_JMP | BPF_JGE | BPF_K, FOREIGN_FROM, 0, 1);
    finish(p, DENY);
    refuse(p, never, sizeof never / sizeof never[0]);
    refuse(p, outside, sizeof outside / sizeof outside[0]);
    if (!can_save)
        refuse(p, saving, sizeof saving / sizeof saving[0]);
    limit_open(p, SYS_openat, 2, can_save);
#ifdef SYS_open
    limit_open(p, SYS_open, 1, can_save);
#endif
    limit_ioctl(p);
    finish(p, SECCOMP_RET_ALLOW);
    return p->length <= ROOM;
}

bool sandbox_enter(bool can_save)
{
    struct program p = {.length = 0};
    if (!write_program(&p, can_save) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    struct sock_fprog filter = {p.length, p.code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0;
}

#else

bool sandbox_enter(bool can_save)
{
    (void)can_save;
    return false;
}

#endif
