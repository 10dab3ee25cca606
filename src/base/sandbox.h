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
#include <stddef.h>
#include <stdint.h>

struct sock_filter; /* <linux/filter.h> */

struct sandbox {
    bool has_filter;  /* the filter of system calls is in force */
    int landlock;     /* version of Landlock's interface that is in force, or 0 */
    const char *why;  /* static: what is missing; NULL if both are in force */
};

/*
 * Confine the process and all its threads, irrevocably. System calls that browsing needs are allowed; others fail with
 * EPERM if sandbox_rules.c lists them, otherwise with ENOSYS. Files can be opened for reading only or, if CAN_SAVE,
 * also be created (O_CREAT with O_EXCL), renamed and removed. Landlock restricts the calling thread and threads that it
 * starts later, so call this before starting any, and only once.
 */
struct sandbox sandbox_enter(bool can_save);

/*
 * Write the filter that sandbox_enter() puts in force, for the process id SELF, to CODE, which has room for FILTER_MAX
 * instructions. Returns how many there are, 0 if there is no filter. For tests.
 */
size_t sandbox_filter(bool can_save, uint32_t self, struct sock_filter *code);

#endif
