/* config.h must be first, because it makes the system's headers declare what is beyond POSIX. */
#include <config.h>

#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#ifdef HAVE_SYS_RANDOM_H
#include <sys/random.h> /* getentropy() on macOS */
#endif

#if !HAVE_DECL_ENVIRON
extern char **environ;
#endif

bool system_pipe(int ends[2], bool nonblocking)
{
#ifdef HAVE_PIPE2
    return pipe2(ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0)) == 0;
#else
    if (pipe(ends) != 0)
        return false;
    bool ok = true;
    for (int i = 0; i < 2; i++)
        ok = ok && fcntl(ends[i], F_SETFD, FD_CLOEXEC) == 0
            && (!nonblocking || fcntl(ends[i], F_SETFL, O_NONBLOCK) == 0);
    int why = errno;
    for (int i = 0; !ok && i < 2; i++)
        close(ends[i]);
    errno = why;
    return ok;
#endif
}

bool system_random(void *bytes, size_t size)
{
#ifdef HAVE_GETENTROPY
    return getentropy(bytes, size) == 0;
#else
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && read(fd, bytes, size) == (ssize_t)size;
    if (fd >= 0)
        close(fd);
    return ok;
#endif
}

char **system_environment(void)
{
    return environ;
}
