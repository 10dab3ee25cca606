/* What a confined process is refused and what it keeps, tried: by the unit test, and within the running program. */
#ifndef NCRED_SANDBOX_ATTEMPTS_H
#define NCRED_SANDBOX_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct attempt {
    const char *name;
    int (*run)(void);         /* below 0: failed, errno says how */
    bool printing, browsing;  /* whether it must be refused then */
    bool by_landlock;         /* and only if Landlock is in force */
};

extern const struct attempt attempts[];
extern const size_t attempt_count;

/* Files are tried in the folder DIRECTORY, where "old" exists; other processes are VICTIM, one of the same user. */
void attempts_prepare(const char *directory, pid_t victim);
/*
 * Try them all in this process, which is confined, and write to FD one line for each that does not end as it must, then
 * "tried N". LANDLOCK: it is in force.
 */
void attempts_run(bool browsing, bool landlock, int fd);
/* The version of Landlock that the kernel has, 0: none; to be asked before the process is confined. */
int attempts_landlock(void);

#endif
