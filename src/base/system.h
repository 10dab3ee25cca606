/* What Linux and the BSDs have beyond POSIX.1-2008, with a way of our own where the C library lacks it. */
#ifndef NCRED_SYSTEM_H
#define NCRED_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

/* Make a pipe whose ends are closed on exec, and never block if NONBLOCKING. False: errno says why. */
bool system_pipe(int ends[2], bool nonblocking);
/* Fill SIZE bytes, at most 256, with random ones from the kernel. Returns false if the kernel has none. */
bool system_random(void *bytes, size_t size);
/* The environment of the process, NULL after the last one; owned by the C library. */
char **system_environment(void);

#endif
