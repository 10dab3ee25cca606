/* Reading files and pipes whole. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool source_read(const char *path, struct buffer *out, struct error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, "%s: cannot open: %s", path, strerror(errno));
    struct stat st;
    bool ok = true;
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        ok = error_set(err, "%s: is a directory; name the report files in it", path);
    char chunk[65536];
    while (ok) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n == 0)
            break;
        if (n > 0)
            buffer_add(out, chunk, (size_t)n);
        else if (errno != EINTR)
            ok = error_set(err, "%s: cannot read: %s", path, strerror(errno));
    }
    if (!is_stdin)
        close(fd);
    return ok;
}
