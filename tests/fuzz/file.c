/* A file in memory, for parsers that are handed a path. */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

static int fd = -1;

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static char path[32];
    fd = memfd_create("fuzz", MFD_CLOEXEC);
    FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return path;
}

void fuzz_file_end(void)
{
    close(fd);
    fd = -1;
}
