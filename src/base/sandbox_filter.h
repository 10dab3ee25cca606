/*
 * The filter of system calls as the kernel takes it: a BPF program. sandbox_generate.c makes it when ncred is built, so
 * that no start has to.
 */
#ifndef NCRED_SANDBOX_FILTER_H
#define NCRED_SANDBOX_FILTER_H

#include <stddef.h>

enum {
    FILTER_MAX = 1024,       /* instructions at most; the kernel takes 4,096 */
    FILTER_PID = 0x7069643f, /* stands for the process id, and is larger than any */
};

struct sock_filter; /* <linux/filter.h> */

struct built_in_filter {
    const struct sock_filter *code;
    size_t count;
};

extern const struct built_in_filter sandbox_filter_printing, sandbox_filter_browsing;

#endif
