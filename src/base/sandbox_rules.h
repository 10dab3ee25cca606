/*
 * The list of system calls that a confined process may make, compiled by libseccomp to the BPF program that the kernel
 * takes. It runs when ncred is built and in tests; only a cross-compiled ncred calls it at each start.
 */
#ifndef NCRED_SANDBOX_RULES_H
#define NCRED_SANDBOX_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sock_filter; /* <linux/filter.h> */

struct filter_wish {
    const char *architecture; /* libseccomp's name, such as "aarch64"; NULL: the one that this code is compiled for */
    bool can_save;            /* as for sandbox_enter() */
    bool as_list;             /* one comparison for each call, in place of a binary tree */
    uint32_t self;            /* the process that may be sent signals */
};

/*
 * Write the filter to CODE, which has room for FILTER_MAX instructions. Returns how many there are, 0 if there are too
 * many or libseccomp does not accept a rule.
 */
size_t sandbox_rules_compile(const struct filter_wish *wish, struct sock_filter *code);

#endif
