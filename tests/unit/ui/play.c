#include "play.h"

#include "base/timestamp.h"
#include "config/command_line.h"
#include "ui/term/paint.h"
#include "unit/sample.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARGS_MAX = 30, FILES = 8 };

static struct {
    struct options options;
    struct session session;
    struct ui *ui;
    bool has_ended;
    char *argv[ARGS_MAX + 2];
    struct buffer row;
    const char *ahead;
} play;

static char directory[64];

static int64_t play_clock(void)
{
    return SAMPLE_AS_OF;
}

/* ---- files ------------------------------------------------------------------ */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_directory(void)
{
    nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Paths on the screen are cut where they are long: they start from where temporary files are, wherever that is. */
static void enter_temporary(void)
{
    const char *tmp = getenv("TMPDIR"), *top = getenv("srcdir");
    char *absolute = realpath(top ? top : ".", NULL);
    if (absolute)
        setenv("srcdir", absolute, 1);
    free(absolute);
    if (chdir(tmp ? tmp : "/tmp") != 0)
        fail_msg("%s: cannot go there", tmp ? tmp : "/tmp");
}

const char *play_directory(void)
{
    if (!directory[0]) {
        enter_temporary();
        snprintf(directory, sizeof directory, "ncred-ui-XXXXXX");
        if (!mkdtemp(directory))
            fail_msg("%s: cannot make it", directory);
        atexit(remove_directory);
    }
    return directory;
}

const char *play_file(const char *name, const char *content, size_t len)
{
    static char paths[FILES][256];
    static size_t next;
    char *path = paths[next++ % FILES];
    snprintf(path, sizeof paths[0], "%s/%s", play_directory(), name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(content, 1, len, f) != len || fclose(f) != 0)
        fail_msg("%s: cannot write it", path);
    return path;
}

void play_wide_report(struct buffer *csv, size_t rows, size_t columns)
{
    struct buffer changes = {0};
    buffer_puts(csv, sample_header);
    csv->len--; /* the line's end */
    for (size_t i = 0; i < columns; i++)
        buffer_printf(csv, ",extra_%zu", i + 1);
    buffer_puts(csv, "\n");
    for (size_t i = 0; i < rows; i++) {
        char name[32];
        snprintf(name, sizeof name, "user-%zu", i);
        sample_user(csv, name, i % 3 ? "" : "access_key_1_active=true access_key_1_last_rotated=2020-01-01T00:00:00Z");
        csv->len--;
        for (size_t k = 0; k < columns; k++)
            buffer_printf(csv, ",%zu", k);
        buffer_puts(csv, "\n");
    }
    buffer_free(&changes);
}

/* ---- running ------------------------------------------------------------------ */

struct ui *play_open_list(int lines, int columns, const char *const *args)
{
    struct error err;
    int argc = 0;
    bool configured = false;
    play.argv[argc++] = xstrdup("ncred");
    for (; *args && argc < ARGS_MAX; args++) {
        configured |= strncmp(*args, "--config", 8) == 0;
        play.argv[argc++] = xstrdup(*args);
    }
    if (!configured)
        play.argv[argc++] = xstrdup("--config=");
    play.argv[argc] = NULL;
    if (!command_line_parse(&play.options, argc, play.argv, SAMPLE_AS_OF, &err))
        fail_msg("%s", err.text);
    if (!session_open(&play.session, &play.options, SAMPLE_AS_OF, true, &err))
        fail_msg("%s", err.text);
    if (!headless_start(lines, columns))
        skip(); /* no terminal is known here, and none is built in */
    play.has_ended = false;
    headless_type(slice_of(play.ahead ? play.ahead : ""));
    play.ahead = NULL;
    play.ui = ui_open(&play.session, play_clock);
    assert_non_null(play.ui);
    play_settle();
    return play.ui;
}

void play_ahead(const char *text)
{
    play.ahead = text;
}

struct ui *play_open(int lines, int columns, ...)
{
    const char *args[ARGS_MAX] = {0};
    va_list list;
    size_t n = 0;
    va_start(list, columns);
    for (const char *arg; n + 1 < ARGS_MAX && (arg = va_arg(list, const char *));)
        args[n++] = arg;
    va_end(list);
    return play_open_list(lines, columns, args);
}

bool play_settle(void)
{
    while (!play.has_ended) {
        play.has_ended = !ui_step(play.ui);
        if (headless_is_idle())
            break;
    }
    return !play.has_ended;
}

bool play_has_ended(void)
{
    return play.has_ended;
}

bool play_key_comes_later(void *context)
{
    size_t *left = context;
    if (*left)
        --*left;
    return *left == 0;
}

int play_close(void)
{
    int status = ui_close(play.ui);
    session_close(&play.session);
    command_line_free(&play.options);
    buffer_free(&play.row);
    for (char **arg = play.argv; *arg; arg++)
        free(*arg);
    return status;
}

void play_type(const char *text)
{
    headless_type(slice_of(text));
    play_settle();
}

static const struct {
    const char *name, *bytes;
} named[] = {
    {"Up", "\033OA"}, {"Down", "\033OB"}, {"Right", "\033OC"}, {"Left", "\033OD"}, {"Home", "\033OH"},
    {"End", "\033OF"},
    {"PgUp", "\033[5~"}, {"PgDn", "\033[6~"}, {"Delete", "\033[3~"}, {"S-Tab", "\033[Z"}, {"Tab", "\t"},
    {"Enter", "\r"},
    {"Esc", "\033"}, {"Space", " "}, {"Backspace", "\177"}, {"F1", "\033OP"},
};

static void put_named(struct buffer *out, struct slice name)
{
    for (size_t i = 0; i < SAMPLE_COUNT(named); i++) {
        if (slice_equal(name, slice_of(named[i].name))) {
            buffer_puts(out, named[i].bytes);
            return;
        }
    }
    if (name.len == 3 && name.data[1] == '-' && name.data[0] == 'C')
        buffer_putc(out, (char)(name.data[2] & 0x1f));
    else if (name.len >= 3 && name.data[1] == '-' && name.data[0] == 'M') {
        buffer_putc(out, '\033');
        put_named(out, (struct slice){name.data + 2, name.len - 2});
    } else
        buffer_add(out, name.data, name.len);
}

void play_put_key(struct buffer *out, const char *name)
{
    put_named(out, slice_of(name));
}

void play_keys(const char *names)
{
    struct buffer bytes = {0};
    while (*names && !play.has_ended) {
        size_t n = strcspn(names, " ");
        put_named(&bytes, (struct slice){names, n});
        if (n == 3 && memcmp(names, "Esc", 3) == 0) {
            headless_type((struct slice){bytes.data, bytes.len});
            play_settle();
            bytes.len = 0;
        }
        names += n + strspn(names + n, " ");
    }
    if (bytes.len && !play.has_ended)
        headless_type((struct slice){bytes.data, bytes.len});
    play_settle();
    buffer_free(&bytes);
}

/* ---- looking ------------------------------------------------------------------- */

const char *play_row(int y)
{
    play.row.len = 0;
    headless_row(&play.row, y < 0 ? paint_lines() + y : y);
    return play.row.data;
}

bool play_find(const char *text, int *y, int *x)
{
    for (int line = 0; line < paint_lines(); line++) {
        const char *row = play_row(line), *at = strstr(row, text);
        if (!at)
            continue;
        if (y)
            *y = line;
        if (x)
            *x = (int)text_width((struct slice){row, (size_t)(at - row)});
        return true;
    }
    return false;
}

static void show_screen(void)
{
    for (int y = 0; y < paint_lines(); y++)
        print_message("|%s\n", play_row(y));
}

void play_shows(const char *text)
{
    if (play_find(text, NULL, NULL))
        return;
    show_screen();
    fail_msg("\"%s\" is not on the screen", text);
}

void play_lacks(const char *text)
{
    if (!play_find(text, NULL, NULL))
        return;
    show_screen();
    fail_msg("\"%s\" is on the screen", text);
}
