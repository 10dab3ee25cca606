/* Functions of Linux and the BSDs beyond POSIX.1-2008, with a replacement if the C library lacks them. */
#ifndef NCRED_SYSTEM_H
#define NCRED_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Make a pipe whose ends are closed on exec and, if NONBLOCKING, never block. Returns false with errno set on failure.
 */
bool system_pipe(int ends[2], bool nonblocking);
/* Fill SIZE bytes, at most 256, with random ones from the kernel. Returns false if it has none. */
bool system_random(void *bytes, size_t size);
/* Returns the environment of the process, a NULL-terminated array that the C library owns. */
char **system_environment(void);

#endif
