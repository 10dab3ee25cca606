/* The list of inputs, the messages about them, and the files that paths and directories name. */
#include "session/inputs_items.h"

#include "base/source.h"
#include "context/details.h"
#include "context/key_ids.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIRECTORIES_DEEP = 64, PIPED_MAX = 1 << 30 };

/* ---- messages ---- */

void inputs_say(struct inputs *o, const char *format, ...)
{
    struct error line;
    char text[480];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    error_set(&line, "%s", text);
    buffer_printf(&o->messages, "%s\n", line.text);
}

void inputs_fail(struct inputs *o, const struct error *err)
{
    o->last = *err;
    o->failed++;
    inputs_say(o, "%s", err->text);
}

/* ---- items ---- */

struct inputs_item *inputs_add(struct inputs *o, const char *name)
{
    o->items = xrealloc(o->items, o->count + 1, sizeof *o->items);
    struct inputs_item *i = &o->items[o->count++];
    *i = (struct inputs_item){.name = xstrdup(name)};
    return i;
}

static int64_t changed_at(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

/* Fill in ITEM's identity, size and time of change from the file at PATH; ST receives its status. */
static void find_place(struct inputs_item *item, const char *path, struct stat *st)
{
    item->has_place = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, st) == 0 : stat(path, st) == 0;
    if (item->has_place)
        item->place = (struct inputs_place){(uint64_t)st->st_dev, (uint64_t)st->st_ino};
    item->size = item->has_place ? (uint64_t)st->st_size : 0;
    item->changed = item->has_place ? changed_at(st) : 0;
}

bool inputs_is_unchanged(const struct inputs_item *item, const struct stat *st)
{
    return item->has_place && item->place.device == (uint64_t)st->st_dev && item->place.inode == (uint64_t)st->st_ino
        && item->size == (uint64_t)st->st_size && item->changed == changed_at(st);
}

static struct slice bytes_of_place(const struct inputs_place *p)
{
    return (struct slice){(const char *)p, sizeof *p};
}

static struct slice place_of_item(const void *inputs, uint32_t number)
{
    return bytes_of_place(&((const struct inputs *)inputs)->items[number].place);
}

/* Whether PATH, identified by PLACE, was added before, perhaps by another name. A pipe could not be read twice. */
static bool is_named_again(struct inputs *o, const char *path, const struct inputs_item *place)
{
    struct slice bytes = bytes_of_place(&place->place);
    const uint32_t *found = place->has_place ? hash_index_find(&o->by_place, bytes, hash_text(bytes)) : NULL;
    if (!found || *found <= o->past_from)
        return false;
    inputs_say(o, "%s: the same as %s; it is read once", strcmp(path, "-") == 0 ? "(stdin)" : path,
        o->items[*found - 1].name);
    return true;
}

/* Make ITEM, the last one, the one that is_named_again() finds for its place. */
static void set_place(struct inputs *o, struct inputs_item *item, const struct inputs_item *place)
{
    struct slice bytes = bytes_of_place(&place->place);
    item->has_place = place->has_place;
    item->place = place->place;
    o->by_place.text = place_of_item;
    o->by_place.owner = o;
    if (place->has_place)
        *hash_index_add(&o->by_place, bytes, hash_text(bytes)) = (uint32_t)o->count;
}

/* Read a pipe into memory: it can be read only once, but with several inputs two loads may be necessary. */
static void add_pipe(struct inputs *o, const char *path, const struct inputs_item *place)
{
    const char *name = strcmp(path, "-") == 0 ? "(stdin)" : path;
    struct source s;
    struct buffer bytes = {0};
    struct error err;
    char chunk[65536];
    struct sha256 digest;
    bool is_end = false, ok = source_open(&s, path, &err);
    sha256_init(&digest);
    s.digest = &digest;
    while (ok && !is_end) {
        size_t got;
        ok = source_fill(&s, chunk, sizeof chunk, &got, &is_end, &err);
        buffer_add(&bytes, chunk, got);
        if (ok && bytes.len > PIPED_MAX)
            ok = error_set(&err, "%s: more than %d MB beside other reports; name it alone", name, PIPED_MAX >> 20);
    }
    uint64_t taken = s.taken;
    source_close(&s);
    if (ok) {
        struct inputs_item *item = inputs_add(o, name);
        item->bytes = bytes;
        set_place(o, item, place);
        item->size = taken;
        sha256_hex(&digest, item->sha256);
        return;
    }
    buffer_free(&bytes);
    inputs_fail(o, &err);
}

static void add_file(struct inputs *o, const char *path, bool is_alone, const atomic_bool *stop)
{
    struct inputs_item place = {0};
    struct stat st;
    find_place(&place, path, &st);
    if (is_named_again(o, path, &place))
        return;
    bool comes_once = strcmp(path, "-") == 0 || (place.has_place && !S_ISREG(st.st_mode));
    if (comes_once && !is_alone && !stop) { /* if reading can be stopped, the load itself rejects pipes */
        add_pipe(o, path, &place);
        return;
    }
    struct inputs_item *item = inputs_add(o, path);
    item->is_file = true;
    set_place(o, item, &place);
    item->size = place.size;
    item->changed = place.changed;
}

/* The item as an input: all of it, even if only a part is shown. */
struct load_input inputs_whole_item(const struct inputs_item *i)
{
    struct load_input in = {.name = i->name};
    if (i->is_file)
        in.path = i->name;
    else
        in.bytes = (struct slice){i->bytes.data ? i->bytes.data : "", i->bytes.len};
    return in;
}

/* Make the list of inputs from the items that are not left out. */
void inputs_choose(struct inputs *o)
{
    o->inputs = xrealloc(o->inputs, o->count + 1, sizeof *o->inputs);
    o->input_count = 0;
    for (size_t i = 0; i < o->count; i++) {
        if (!o->items[i].left_out)
            o->inputs[o->input_count++] = o->items[i].part.len
                ? (struct load_input){.name = o->items[i].name, .bytes = {o->items[i].part.data, o->items[i].part.len}}
                : inputs_whole_item(&o->items[i]);
    }
}

/* ---- directories ---- */

bool inputs_is_named_like_report(const char *name)
{
    static const char *const ends[] = {".csv", ".tsv", ".json", ".jsonl", ".txt", ".text", ".yaml", ".yml", ".xml",
        ".b64", ".base64", ".gz"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t e = strlen(ends[i]);
        if (n > e && slice_equal_nocase((struct slice){name + n - e, e}, slice_of(ends[i])))
            return true;
    }
    return false;
}

/* Whether the file is no report but has authorization details or access key IDs, judging by its contents. */
static bool is_beside_report(const char *path, const char *name)
{
    enum { LOOK = 4096 };
    char head[LOOK];
    size_t n = strlen(name);
    int fd = n > 5 && slice_equal_nocase(slice_of(name + n - 5), slice_of(".json"))
        ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    ssize_t got = fd >= 0 ? read(fd, head, sizeof head) : -1;
    if (fd >= 0)
        close(fd);
    struct buffer text = {0};
    struct error ignored;
    if (got > 0)
        buffer_add(&text, head, (size_t)got);
    bool is = got > 0 && source_to_utf8(&text, path, &ignored);
    struct slice start = {text.data ? text.data : "", text.len};
    is = is && (details_is(start) || (key_ids_is(start) && start.data[0] != '"'));
    buffer_free(&text);
    return is;
}

static void add_beside(struct inputs *o, const char *path)
{
    o->beside = xrealloc(o->beside, o->beside_count + 1, sizeof *o->beside);
    o->beside[o->beside_count++] = xstrdup(path);
}

static int not_hidden(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static void take_directory(struct inputs *o, const char *path, int deep);

static void take_entry(struct inputs *o, const char *path, const char *name, int deep, size_t *passed)
{
    struct buffer full = {0};
    struct stat link, st;
    buffer_printf(&full, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", name);
    bool ok = lstat(full.data, &link) == 0 && stat(full.data, &st) == 0;
    if (ok && S_ISDIR(st.st_mode) && !S_ISLNK(link.st_mode))
        take_directory(o, full.data, deep + 1);
    else if (ok && S_ISREG(st.st_mode) && is_beside_report(full.data, name))
        add_beside(o, full.data);
    else if (ok && S_ISREG(st.st_mode) && inputs_is_named_like_report(name))
        add_file(o, full.data, false, NULL);
    else
        ++*passed;
    buffer_free(&full);
}

static void take_directory(struct inputs *o, const char *path, int deep)
{
    struct dirent **entries;
    struct error err;
    size_t before = o->count + o->failed, passed = 0;
    if (deep > DIRECTORIES_DEEP) {
        error_set(&err, "%s: more than %d directories deep; name it by itself", path, DIRECTORIES_DEEP);
        inputs_fail(o, &err);
        return;
    }
    int n = scandir(path, &entries, not_hidden, alphasort);
    if (n < 0) {
        error_set(&err, "%s: cannot be read: %s", path, strerror(errno));
        inputs_fail(o, &err);
        return;
    }
    for (int i = 0; i < n; i++) {
        take_entry(o, path, entries[i]->d_name, deep, &passed);
        free(entries[i]);
    }
    free(entries);
    if (deep == 0 && o->count + o->failed == before) {
        error_set(&err, "%s: there is no report in this directory", path);
        inputs_fail(o, &err);
    } else if (passed) {
        inputs_say(o, "%s: skipped %zu %s not named like a report (.csv, .tsv, .json, .jsonl, .txt, .yaml, .xml, "
            ".b64, .gz)", path,
            passed, passed == 1 ? "entry" : "entries");
    }
}

static bool is_directory(const char *path)
{
    struct stat st;
    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void inputs_add_path(struct inputs *o, const char *path, bool alone, const atomic_bool *stop)
{
    if (is_directory(path))
        take_directory(o, path, 0);
    else
        add_file(o, path, alone, stop);
}
