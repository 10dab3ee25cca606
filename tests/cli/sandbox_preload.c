/*
 * Preloaded into ncred by tests/cli/sandbox: once the program has confined itself, all attempts are made within it, at
 * that place. The environment says how: NCRED_ATTEMPTS = "printing|browsing FOLDER PID DESCRIPTOR".
 */
#include "unit/base/sandbox_attempts.h"

#include <dlfcn.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum { ARGUMENTS = 6 };

static void attempt_all(bool landlock)
{
    const char *how = getenv("NCRED_ATTEMPTS");
    char mode[16], directory[64];
    int victim, fd;
    if (!how || sscanf(how, "%15s %63s %d %d", mode, directory, &victim, &fd) != 4)
        return;
    attempts_prepare(directory, victim);
    attempts_run(strcmp(mode, "browsing") == 0, landlock, fd);
}

long syscall(long number, ...);

/* The C library's function, through which the filter is put in force. */
long syscall(long number, ...)
{
    long (*call)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    long a[ARGUMENTS];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < ARGUMENTS; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    if (!call)
        abort();
    bool enters = number == SYS_seccomp && (int)a[0] == SECCOMP_SET_MODE_FILTER;
    bool landlock = enters && attempts_landlock() > 0;
    long result = call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (enters && result == 0)
        attempt_all(landlock);
    return result;
}
