/* INI as AWS's tools read it: [profile NAME] in config, [NAME] in credentials; indented lines are somebody else's. */
#include "fetch/profile.h"

#include "base/wipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 4 << 20 };

static bool read_whole(const char *path, struct buffer *out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return true;
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        error_set(err, "%s: cannot read: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    bool ok = S_ISREG(st.st_mode) ? st.st_size <= FILE_MAX : !S_ISDIR(st.st_mode);
    /* its size at once: growing would leave copies of secrets behind */
    out->cap = ok && S_ISREG(st.st_mode) ? (size_t)st.st_size + 2 : FILE_MAX;
    out->data = xcalloc(out->cap, 1);
    while (ok && out->len + 1 < out->cap) {
        ssize_t n = read(fd, out->data + out->len, out->cap - out->len - 1);
        if (n == 0)
            break;
        ok = n > 0 || errno == EINTR;
        out->len += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    return ok || error_set(err, "%s: cannot read it as AWS's settings", path);
}

static bool read_one(const char *variable, const char *name, struct buffer *out, struct error *err)
{
    const char *set = getenv(variable), *home = getenv("HOME");
    struct buffer path = {0};
    if (set && strncmp(set, "~/", 2) == 0 && home)
        buffer_printf(&path, "%s%s", home, set + 1);
    else if (set && *set)
        buffer_puts(&path, set);
    else if (home && *home)
        buffer_printf(&path, "%s/.aws/%s", home, name);
    bool ok = !path.len || read_whole(path.data, out, err);
    buffer_free(&path);
    return ok;
}

bool profiles_read(struct profiles *p, struct error *err)
{
    *p = (struct profiles){{0}, {0}};
    return read_one("AWS_CONFIG_FILE", "config", &p->config, err)
        && read_one("AWS_SHARED_CREDENTIALS_FILE", "credentials", &p->credentials, err);
}

void profiles_free(struct profiles *p)
{
    wipe_buffer(&p->config);
    wipe_buffer(&p->credentials);
}

static struct slice next_line(struct slice *rest)
{
    const char *lf = memchr(rest->data, '\n', rest->len);
    struct slice line = {rest->data, lf ? (size_t)(lf - rest->data) : rest->len};
    size_t n = line.len + (lf != NULL);
    *rest = (struct slice){rest->data + n, rest->len - n};
    return line;
}

/* Whether the line [NAME], [profile NAME] or [profile "NAME"] opens the profile. */
static bool opens(struct slice line, bool credentials, const char *profile)
{
    const char *end = memchr(line.data, ']', line.len);
    if (!end)
        return false;
    struct slice name = slice_trimmed((struct slice){line.data + 1, (size_t)(end - line.data) - 1});
    bool blank = name.len > 8 && (name.data[7] == ' ' || name.data[7] == '\t');
    bool prefixed = blank && memcmp(name.data, "profile", 7) == 0;
    if (prefixed && !credentials)
        name = slice_trimmed((struct slice){name.data + 8, name.len - 8});
    if (name.len >= 2 && (name.data[0] == '"' || name.data[0] == '\'') && name.data[name.len - 1] == name.data[0])
        name = (struct slice){name.data + 1, name.len - 2};
    bool is_default = strcmp(profile, "default") == 0;
    return slice_equal(name, slice_of(profile)) && (credentials || prefixed || is_default);
}

/* The value of KEY in the profile; the last one counts. KEY NULL: anything but empty when the profile is there. */
static struct slice look_up(const struct buffer *file, bool credentials, const char *profile, const char *key)
{
    struct slice rest = {file->data ? file->data : "", file->len}, found = {"", 0};
    bool inside = false;
    while (rest.len) {
        struct slice line = next_line(&rest);
        bool nested = line.len && (line.data[0] == ' ' || line.data[0] == '\t');
        if (!line.len || line.data[0] == '#' || line.data[0] == ';')
            continue;
        if (line.data[0] == '[') {
            inside = opens(line, credentials, profile);
            if (inside && !key)
                return slice_of(profile);
            continue;
        }
        const char *equals = inside && !nested && key ? memchr(line.data, '=', line.len) : NULL;
        if (!equals)
            continue;
        size_t at = (size_t)(equals - line.data);
        if (slice_equal_nocase(slice_trimmed((struct slice){line.data, at}), slice_of(key)))
            found = slice_trimmed((struct slice){equals + 1, line.len - at - 1});
    }
    return found;
}

bool profiles_has(const struct profiles *p, const char *profile)
{
    return look_up(&p->credentials, true, profile, NULL).len || look_up(&p->config, false, profile, NULL).len;
}

struct slice profiles_get_in(const struct profiles *p, bool credentials, const char *profile, const char *key)
{
    return look_up(credentials ? &p->credentials : &p->config, credentials, profile, key);
}

struct slice profiles_get(const struct profiles *p, const char *profile, const char *key)
{
    struct slice found = profiles_get_in(p, true, profile, key);
    return found.len ? found : profiles_get_in(p, false, profile, key);
}
