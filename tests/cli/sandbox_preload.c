/*
 * Preloaded into ncred by tests/cli/sandbox: once the program has confined itself, all attempts are made within it, at
 * that place. The environment says how: NCRED_ATTEMPTS = "printing|browsing FOLDER PID DESCRIPTOR".
 */
#include "unit/base/sandbox_attempts.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int seccomp_load(void *filter);

int seccomp_load(void *filter)
{
    int (*load)(void *) = (int (*)(void *))dlsym(RTLD_NEXT, "seccomp_load");
    const char *how = getenv("NCRED_ATTEMPTS");
    char mode[16], directory[64];
    int victim, fd;
    bool landlock = attempts_landlock() > 0;
    int result = load ? load(filter) : -1;
    if (result != 0 || !how || sscanf(how, "%15s %63s %d %d", mode, directory, &victim, &fd) != 4)
        return result;
    attempts_prepare(directory, victim);
    attempts_run(strcmp(mode, "browsing") == 0, landlock, fd);
    return result;
}
