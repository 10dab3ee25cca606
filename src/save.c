/* A temporary file beside the wanted one, written to disk, then renamed over it. */
#include "save.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool write_all(int fd, struct slice bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.data, bytes.len);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            bytes = (struct slice){bytes.data + n, bytes.len - (size_t)n};
    }
    return fsync(fd) == 0;
}

bool save_file(const char *path, struct slice bytes, struct error *err)
{
    struct buffer temporary = {0};
    buffer_printf(&temporary, "%s.XXXXXX", path);
    int fd = mkstemp(temporary.data); /* mode 0600 */
    bool ok = fd >= 0 && write_all(fd, bytes);
    int why = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && rename(temporary.data, path) != 0) {
        ok = false;
        why = errno;
    }
    if (!ok && fd >= 0)
        unlink(temporary.data);
    buffer_free(&temporary);
    return ok || error_set(err, "%s: cannot save: %s", path, strerror(why));
}
