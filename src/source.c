/* Reading files and pipes. Files are copied, not mapped: one that shrinks or is replaced while it is shown does no harm. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool source_open(struct source *s, const char *path, struct error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    *s = (struct source){.fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), .path = path};
    if (s->fd < 0)
        return error_set(err, "%s: cannot open: %s", path, strerror(errno));
    struct stat st;
    if (fstat(s->fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        source_close(s);
        return error_set(err, "%s: is a directory; name the report files in it", path);
    }
    off_t at = S_ISREG(st.st_mode) ? lseek(s->fd, 0, SEEK_CUR) : -1;
    if (at >= 0 && st.st_size > at)
        s->size = (size_t)(st.st_size - at);
    return true;
}

bool source_fill(struct source *s, char *out, size_t size, size_t *got, bool *is_end, struct error *err)
{
    *got = 0;
    while (*got < size) {
        ssize_t n = read(s->fd, out + *got, size - *got);
        if (n > 0)
            *got += (size_t)n;
        else if (n == 0)
            break;
        else if (errno != EINTR)
            return error_set(err, "%s: cannot read: %s", s->path, strerror(errno));
        if (*got && !s->size)
            return true;
    }
    *is_end = *got < size;
    return true;
}

void source_close(struct source *s)
{
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    s->fd = -1;
}

bool source_read(const char *path, struct buffer *out, struct error *err)
{
    struct source s;
    char chunk[65536];
    bool is_end = false, ok = source_open(&s, path, err);
    if (!ok)
        return false;
    while (ok && !is_end) {
        size_t got;
        ok = source_fill(&s, chunk, sizeof chunk, &got, &is_end, err);
        buffer_add(out, chunk, got);
    }
    source_close(&s);
    return ok;
}
