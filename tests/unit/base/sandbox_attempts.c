#include "sandbox_attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static char folder[64], old_path[80], new_path[80], mem_path[64], environ_path[64], maps_path[64], fd_path[64];
static pid_t other;
static struct { long word[16]; } space; /* for whatever a call writes */

void attempts_prepare(const char *directory, pid_t victim)
{
    other = victim;
    snprintf(folder, sizeof folder, "%s", directory);
    snprintf(old_path, sizeof old_path, "%s/old", directory);
    snprintf(new_path, sizeof new_path, "%s/new", directory);
    snprintf(mem_path, sizeof mem_path, "/proc/%d/mem", (int)victim);
    snprintf(environ_path, sizeof environ_path, "/proc/%d/environ", (int)victim);
    snprintf(maps_path, sizeof maps_path, "/proc/%d/maps", (int)victim);
    snprintf(fd_path, sizeof fd_path, "/proc/%d/fd/0", (int)victim);
}

int attempts_landlock(void)
{
    long version = syscall(444, NULL, 0, 1);
    return version > 0 ? (int)version : 0;
}

#define TRY(name, expression) static int name(void) { return (int)(expression); }
#define CALL(name, number, ...) TRY(try_##name, syscall(number, __VA_ARGS__))
#define OPEN(name, path, flags) TRY(try_##name, open(path, flags, 0600))

/* Other programs, and new processes and namespaces. */
static int try_exec(void)
{
    static char path[] = "/bin/true";
    char *const argv[] = {path, NULL};
    return execv(path, argv);
}

static int leave_child(long pid)
{
    if (pid == 0)
        _exit(0);
    return (int)pid;
}

static int try_system(void)
{
    int status = system("true");
    return status == -1 || (status >> 8 & 255) == 127 ? -1 : status;
}

TRY(try_fork, leave_child(fork()))
TRY(try_raw_clone, leave_child(syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L)))
/* without CLONE_VM the kernel refuses them too, but with another error */
CALL(clone_user, SYS_clone, CLONE_THREAD | CLONE_NEWUSER, 0L, 0L, 0L, 0L)
CALL(clone_net, SYS_clone, CLONE_THREAD | CLONE_NEWNET, 0L, 0L, 0L, 0L)
CALL(clone3, 435, &space, 0L)
TRY(try_unshare_user, unshare(CLONE_NEWUSER))
TRY(try_unshare_files, unshare(CLONE_FILES))
TRY(try_setns, setns(-1, 0))
CALL(chroot, SYS_chroot, "/")
TRY(try_mount, mount("none", "/", NULL, MS_REMOUNT | MS_BIND, NULL))
CALL(open_tree, 428, -1, "/", 0)
CALL(fsopen, 430, "tmpfs", 0)

/* The network. */
TRY(try_socket, socket(AF_INET, SOCK_STREAM, 0))
TRY(try_local_socket, socket(AF_UNIX, SOCK_DGRAM, 0))
TRY(try_netlink, socket(AF_NETLINK, SOCK_RAW, 0))
TRY(try_socketpair, socketpair(AF_UNIX, SOCK_STREAM, 0, (int *)&space))

/* Other processes. */
static int try_read_process(void)
{
    struct iovec here = {&space, sizeof space}, there = {&space, sizeof space};
    return (int)process_vm_readv(other, &here, 1, &there, 1, 0);
}

static int try_write_process(void)
{
    struct iovec here = {&space, sizeof space}, there = {&space, sizeof space};
    return (int)process_vm_writev(other, &here, 1, &there, 1, 0);
}

TRY(try_trace_me, ptrace(PTRACE_TRACEME, 0, NULL, NULL))
TRY(try_attach, ptrace(PTRACE_SEIZE, other, NULL, NULL))
CALL(kcmp, SYS_kcmp, other, other, 0, 0, 0)
CALL(pidfd_open, 434, other, 0)
CALL(pidfd_getfd, 438, 0, 0, 0)
CALL(pidfd_send_signal, 424, 0, 0, NULL, 0)
CALL(process_madvise, 440, 0, NULL, 0, 0, 0)
CALL(perf, SYS_perf_event_open, &space, other, -1, -1, 0)
OPEN(read_mem, mem_path, O_RDONLY)
OPEN(write_mem, mem_path, O_RDWR)
OPEN(write_mem_exclusive, mem_path, O_RDWR | O_EXCL)
OPEN(read_environ, environ_path, O_RDONLY)
static int try_read_maps(void)
{
    int fd = open(maps_path, O_RDONLY); /* opened, it is refused when it is read */
    return fd < 0 ? -1 : (int)read(fd, &space, sizeof space);
}
TRY(try_follow_fd, readlink(fd_path, (char *)&space, sizeof space))
TRY(try_kill, kill(other, 0))
TRY(try_kill_group, kill(0, 0))
TRY(try_kill_all, kill(-1, 0))
CALL(tgkill, SYS_tgkill, other, other, 0)
CALL(tkill, SYS_tkill, other, 0)
CALL(queue_signal, SYS_rt_sigqueueinfo, other, 0, &space)
TRY(try_owner, fcntl(STDIN_FILENO, F_SETOWN, other))
TRY(try_limits, prlimit(other, RLIMIT_CORE, NULL, (struct rlimit *)&space))
TRY(try_priority, setpriority(PRIO_PROCESS, (id_t)other, 0))
CALL(affinity, SYS_sched_setaffinity, other, 0, NULL)
CALL(move_pages, SYS_move_pages, other, 0, NULL, NULL, NULL, 0)
CALL(group, SYS_setpgid, 0, 0)

/* Queues and memory that others read. */
#ifdef SYS_msgget
CALL(message_queue, SYS_msgget, 0x6e637265, 0)
CALL(semaphore, SYS_semget, 0x6e637265, 1, 0)
CALL(shared_memory, SYS_shmget, 0x6e637265, 1, 0)
#endif
CALL(posix_queue, SYS_mq_open, "ncred-none", O_RDONLY, 0, NULL)
CALL(posix_queue_away, SYS_mq_unlink, "ncred-none")
CALL(memfd, SYS_memfd_create, "ncred", 0)

/* The kernel, and ways around a filter. */
CALL(bpf, SYS_bpf, 0, &space, 0)
CALL(io_uring, 425, 1, &space)
CALL(userfaultfd, SYS_userfaultfd, 0)
CALL(keys, SYS_add_key, "user", "ncred", "x", 1, -3)
CALL(handle, SYS_open_by_handle_at, -1, &space, 0)
CALL(filter, SYS_seccomp, 2, 0, NULL)
CALL(openat2, 437, AT_FDCWD, "/", &space, sizeof space)
CALL(mseal, 462, 0L, 0L, 0L)
CALL(secret, 447, 0)
CALL(newest, 511, 0L)
#ifdef __x86_64__
CALL(x32, 0x40000000 | SYS_getpid, 0L)
#endif
TRY(try_type, ioctl(STDIN_FILENO, TIOCSTI, "x"))
TRY(try_type_high, syscall(SYS_ioctl, STDIN_FILENO, 1L << 32 | TIOCSTI, "x"))
TRY(try_paste, ioctl(STDIN_FILENO, 0x541c, "\3"))
TRY(try_take_terminal, ioctl(STDIN_FILENO, TIOCSCTTY, 1))

/* Files. */
OPEN(overwrite, old_path, O_WRONLY)
OPEN(update, old_path, O_RDWR)
OPEN(overwrite_exclusive, old_path, O_WRONLY | O_EXCL)
OPEN(empty, old_path, O_RDWR | O_CREAT | O_TRUNC)
OPEN(empty_exclusive, old_path, O_RDWR | O_EXCL | O_TRUNC)
OPEN(empty_read_only, old_path, O_RDONLY | O_TRUNC)
OPEN(append, old_path, O_WRONLY | O_APPEND)
OPEN(create_shared, new_path, O_WRONLY | O_CREAT)
OPEN(create_read_only, new_path, O_RDONLY | O_CREAT)
OPEN(unnamed, folder, O_TMPFILE | O_RDWR)
CALL(high_flags, SYS_openat, AT_FDCWD, old_path, 1L << 32 | O_WRONLY)
#ifdef SYS_creat
CALL(creat, SYS_creat, new_path, 0600)
#endif
TRY(try_truncate, truncate(old_path, 0))
TRY(try_symlink, symlink("/etc/passwd", new_path))
TRY(try_fifo, mkfifo(new_path, 0600))
TRY(try_chown, chown(old_path, getuid(), getgid()))
TRY(try_rmdir, rmdir(new_path))
OPEN(new, new_path, O_WRONLY | O_CREAT | O_EXCL)
TRY(try_chmod, chmod(old_path, 0600))
TRY(try_link, link(old_path, new_path))
TRY(try_remove, unlink(old_path))
TRY(try_rename, rename(new_path, old_path))
TRY(try_remove_renamed, unlink(old_path))
TRY(try_mkdir, mkdir(new_path, 0700))

/* What stays possible. */
OPEN(read, old_path, O_RDONLY | O_CLOEXEC)
OPEN(list, "/", O_RDONLY | O_DIRECTORY)
TRY(try_own_limits, getrlimit(RLIMIT_STACK, (struct rlimit *)&space))
TRY(try_own_signal, kill(getpid(), 0))
TRY(try_raise, raise(0))
TRY(try_window, ioctl(STDOUT_FILENO, TIOCGWINSZ, &space) == 0 || errno == ENOTTY ? 0 : -1)
TRY(try_duplicate, fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0))
TRY(try_clock, clock_gettime(CLOCK_MONOTONIC, (struct timespec *)&space))

static void *nothing(void *context)
{
    return context;
}

static int try_thread(void)
{
    pthread_t thread;
    int why = pthread_create(&thread, NULL, nothing, NULL);
    if (!why)
        return pthread_join(thread, NULL);
    errno = why;
    return -1;
}

#define BOTH(name) {#name, try_##name, true, true, false}
#define LANDLOCK(name) {#name, try_##name, true, true, true}
#define PRINTING(name) {#name, try_##name, true, false, false}
#define NEVER(name) {#name, try_##name, false, false, false}

/* In this order, for what is made by one is removed by another. */
const struct attempt attempts[] = {
    NEVER(read), NEVER(list), NEVER(own_limits), NEVER(own_signal), NEVER(raise), NEVER(window), NEVER(duplicate),
    NEVER(clock), NEVER(thread),
    BOTH(exec), BOTH(system), BOTH(fork), BOTH(raw_clone), BOTH(clone_user), BOTH(clone_net), BOTH(clone3),
    BOTH(unshare_user), BOTH(unshare_files), BOTH(setns), BOTH(chroot), BOTH(mount), BOTH(open_tree), BOTH(fsopen),
    BOTH(socket), BOTH(local_socket), BOTH(netlink), BOTH(socketpair), BOTH(read_process), BOTH(write_process),
    BOTH(trace_me), BOTH(attach), BOTH(kcmp), BOTH(pidfd_open), BOTH(pidfd_getfd), BOTH(pidfd_send_signal),
    BOTH(process_madvise), BOTH(perf), LANDLOCK(read_mem), BOTH(write_mem), BOTH(write_mem_exclusive),
    LANDLOCK(read_environ), LANDLOCK(read_maps), LANDLOCK(follow_fd), BOTH(kill), BOTH(kill_group), BOTH(kill_all),
    BOTH(tgkill), BOTH(tkill), BOTH(queue_signal), BOTH(owner), BOTH(limits), BOTH(priority), BOTH(affinity),
    BOTH(move_pages), BOTH(group),
#ifdef SYS_msgget
    BOTH(message_queue), BOTH(semaphore), BOTH(shared_memory),
#endif
    BOTH(posix_queue), BOTH(posix_queue_away), BOTH(memfd), BOTH(bpf), BOTH(io_uring), BOTH(userfaultfd), BOTH(keys),
    BOTH(handle), BOTH(filter), BOTH(openat2), BOTH(mseal), BOTH(secret), BOTH(newest),
#ifdef __x86_64__
    BOTH(x32),
#endif
    BOTH(type), BOTH(type_high), BOTH(paste), BOTH(take_terminal), BOTH(overwrite), BOTH(update),
    BOTH(overwrite_exclusive), BOTH(empty), BOTH(empty_exclusive), BOTH(empty_read_only), BOTH(append),
    BOTH(create_shared), BOTH(create_read_only), BOTH(unnamed), BOTH(high_flags), BOTH(truncate),
#ifdef SYS_creat
    BOTH(creat),
#endif
    BOTH(symlink), BOTH(fifo), BOTH(chown), PRINTING(new), PRINTING(chmod), BOTH(link),
    PRINTING(remove), PRINTING(rename), PRINTING(remove_renamed), PRINTING(mkdir), PRINTING(rmdir),
};
const size_t attempt_count = sizeof attempts / sizeof attempts[0];

static bool is_refusal(int why)
{
    return why == EPERM || why == ENOSYS || why == EACCES;
}

void attempts_run(bool browsing, bool landlock, int fd)
{
    for (size_t i = 0; i < attempt_count; i++) {
        const struct attempt *a = &attempts[i];
        bool must_fail = (browsing ? a->browsing : a->printing) && (!a->by_landlock || landlock);
        errno = 0;
        int why = a->run() >= 0 ? 0 : errno;
        if (must_fail ? !is_refusal(why) : why && !a->by_landlock)
            dprintf(fd, "%s while %s: %s, must be %s\n", a->name, browsing ? "browsing" : "printing",
                why ? strerror(why) : "works", must_fail ? "refused" : "possible");
    }
    dprintf(fd, "tried %zu\n", attempt_count);
}
