/* A temporary file beside the wanted one, written to disk, then renamed over it. */
#include "save.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(struct error *err, const char *path, const char *why)
{
    return error_set(err, "%s: cannot save: %s", path, why);
}

bool save_open(struct save *s, const char *path, struct error *err)
{
    struct stat st;
    struct buffer temporary = {0};
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        fail(err, path, S_ISDIR(st.st_mode) ? "it is a directory" : "it is no plain file");
        return false;
    }
    char *target = realpath(path, NULL); /* through links, which stay */
    *s = (struct save){.path = target ? target : xstrdup(path)};
    buffer_printf(&temporary, "%s.XXXXXX", s->path);
    s->temporary = temporary.data;
    int fd = mkstemp(s->temporary); /* mode 0600 */
    s->out = fd < 0 ? NULL : fdopen(fd, "w");
    if (s->out)
        return true;
    fail(err, path, strerror(errno));
    free(s->path);
    free(s->temporary);
    return false;
}

bool save_close(struct save *s, bool ok, struct error *err)
{
    /* a failed write may have been cleared of its reason since */
    int why = ferror(s->out) && errno ? errno : EIO;
    bool whole = !ferror(s->out);
    if (whole && (fflush(s->out) != 0 || fsync(fileno(s->out)) != 0)) {
        whole = false;
        why = errno;
    }
    if (fclose(s->out) != 0 && whole) {
        whole = false;
        why = errno;
    }
    if (ok && whole && rename(s->temporary, s->path) != 0) {
        whole = false;
        why = errno;
    }
    if (!ok || !whole)
        unlink(s->temporary);
    if (ok && !whole)
        fail(err, s->path, strerror(why));
    free(s->path);
    free(s->temporary);
    return ok && whole;
}

bool save_file(const char *path, struct slice bytes, struct error *err)
{
    struct save s;
    if (!save_open(&s, path, err))
        return false;
    if (bytes.len)
        fwrite(bytes.data, 1, bytes.len, s.out);
    return save_close(&s, true, err);
}
