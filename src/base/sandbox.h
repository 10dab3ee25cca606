/*
 * Confining the process before it reads what it cannot trust.
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
    bool has_filter;  /* the system calls of the list are allowed, all others fail */
    int landlock;     /* the version of Landlock's interface that is in force, 0: none */
    const char *why;  /* what is missing, a static text; NULL if both are in force */
};

/*
 * Confine the process, its threads and everything that it becomes, for good. Allowed is what browsing needs; every other
 * system call fails with EPERM where this file knows it, else with ENOSYS. Files are opened for reading only, or, with
 * CAN_SAVE, created (O_CREAT with O_EXCL), renamed and removed. Landlock restricts the calling thread and the threads that
 * it starts, so call this before there are others. To be called once: a confined process cannot confine itself further.
 */
struct sandbox sandbox_enter(bool can_save);

/*
 * Write the filter to the descriptor FD, as the program that the kernel takes: for the process SELF, on the machine
 * ARCHITECTURE, a name of libseccomp's such as "aarch64", or NULL for this one. Returns false without libseccomp or if a
 * rule does not fit. For tests.
 */
bool sandbox_export(const char *architecture, bool can_save, int64_t self, int fd);

#endif
