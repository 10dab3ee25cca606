/*
 * Confines the process before it reads untrusted files: a filter of system calls (seccomp) and Landlock.
 *
 *     struct sandbox box = sandbox_enter(false);
 *     if (box.why)
 *         fprintf(stderr, "ncred: not confined: %s\n", box.why);
 */
#ifndef NCRED_SANDBOX_H
#define NCRED_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

struct sandbox {
    bool has_filter;  /* the filter of system calls is in force */
    int landlock;     /* version of Landlock's interface that is in force, or 0 */
    const char *why;  /* static: what is missing; NULL if both are in force */
};

/*
 * Confine the process and all its threads, irrevocably. System calls that browsing needs are allowed; others fail with
 * EPERM if sandbox.c lists them, otherwise with ENOSYS. Files can be opened for reading only or, if CAN_SAVE, also be
 * created (O_CREAT with O_EXCL), renamed and removed. Landlock restricts the calling thread and threads that it starts
 * later, so call this before starting any, and only once.
 */
struct sandbox sandbox_enter(bool can_save);

/*
 * Write the filter to the descriptor FD as the BPF program that the kernel takes: for the process id SELF on
 * ARCHITECTURE, a libseccomp name such as "aarch64", or NULL for this machine. Returns false without libseccomp or if a
 * rule is not accepted. For tests.
 */
bool sandbox_export(const char *architecture, bool can_save, int64_t self, int fd);

#endif
