/* Files are read a second time, because evidence may be requested long after they were loaded. */
#include "session/input_digest.h"

#include "session/inputs_items.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read FD to its end. Returns false if CANCEL has ended. */
static bool digest_descriptor(struct input_digest *d, int fd, struct cancel_token *cancel)
{
    static const char why[] = "cannot be read now";
    struct sha256 s;
    char bytes[65536];
    sha256_init(&s);
    for (ssize_t n; (n = read(fd, bytes, sizeof bytes)) != 0;) {
        if (cancel_check(cancel))
            return false;
        if (n < 0 && errno != EINTR) {
            d->why = why;
            return true;
        }
        if (n > 0) {
            sha256_add(&s, bytes, (size_t)n);
            d->size += (uint64_t)n;
        }
    }
    sha256_hex(&s, d->sha256);
    return true;
}

/* ITEM tells what the file was like when it was loaded; NULL if that is unknown. */
static bool digest_path(struct input_digest *d, const char *path, const struct inputs_item *item,
    struct cancel_token *cancel)
{
    struct stat before, after;
    *d = (struct input_digest){.why = NULL};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* do not wait for a pipe in place of the file */
    if (fd < 0 || fstat(fd, &before) != 0 || !S_ISREG(before.st_mode)) {
        d->why = fd < 0 ? "cannot be opened now" : "not a regular file, and not kept";
        if (fd >= 0)
            close(fd);
        return true;
    }
    bool ok = digest_descriptor(d, fd, cancel);
    if (ok && item && (!inputs_is_unchanged(item, &before) || fstat(fd, &after) != 0
        || !inputs_is_unchanged(item, &after)))
        d->why = "CHANGED since it was read: this is the digest of the file as it is now, not of the data in this "
            "evidence";
    close(fd);
    return ok;
}

bool input_digest_file(struct input_digest *d, const char *path, struct cancel_token *cancel)
{
    return digest_path(d, path, NULL, cancel);
}

bool input_digest_bytes(struct input_digest *d, struct slice bytes, struct cancel_token *cancel)
{
    enum { AT_ONCE = 1 << 20 };
    struct sha256 s;
    *d = (struct input_digest){.why = NULL};
    sha256_init(&s);
    for (size_t at = 0, n; at < bytes.len && !cancel_check(cancel); at += n) {
        n = bytes.len - at < AT_ONCE ? bytes.len - at : AT_ONCE;
        sha256_add(&s, bytes.data + at, n);
    }
    sha256_hex(&s, d->sha256);
    d->size = bytes.len;
    return !cancel_is_set(cancel);
}

bool input_digest_item(struct input_digest *d, const struct inputs_item *item, struct cancel_token *cancel)
{
    *d = (struct input_digest){.why = NULL};
    if (item->is_file && strcmp(item->name, "-") != 0)
        return digest_path(d, item->name, item, cancel);
    if (item->sha256[0]) {
        memcpy(d->sha256, item->sha256, sizeof d->sha256);
        d->size = item->size;
        d->why = "as it came through a pipe";
        return true;
    }
    if (item->is_file) {
        d->why = "standard input, which was not kept";
        return true;
    }
    bool ok = input_digest_bytes(d, (struct slice){item->bytes.data, item->bytes.len}, cancel);
    d->why = item->is_kept ? "could not be read again: its rows as they were read before" : "as AWS sent it";
    return ok;
}
