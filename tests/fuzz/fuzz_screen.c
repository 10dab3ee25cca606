/*
 * The screen in memory: a report, then keys. The first byte chooses the size and a second report to compare with; a NUL
 * byte ends the report (its last one, so that a report may hold others); what follows is typed, in pieces that a NUL
 * byte separates too when the second bit of the first byte is set.
 */
#include "fuzz.h"

#include "base/save.h"
#include "config/command_line.h"
#include "read/demo.h"
#include "session/session.h"
#include "ui/term/headless.h"
#include "ui/ui.h"

#include <locale.h>
#include <string.h>

static const int sizes[][2] = {{24, 80}, {1, 1}, {5, 20}, {50, 200}, {24, 120}, {2, 300}, {60, 3}, {10, 40}};

static int64_t fuzz_clock(void)
{
    return demo_as_of;
}

static void settle(struct ui *ui, struct slice keys, bool *over)
{
    enum { STEPS_MAX = 100000 };
    headless_type(keys);
    for (int i = 0; i < STEPS_MAX && !*over && !headless_is_idle(); i++)
        *over = !ui_step(ui);
}

static void play(struct session *s, struct slice keys, bool in_pieces)
{
    enum { PIECE = 8, KEYS_MAX = 400 };
    struct ui *ui = ui_open(s, fuzz_clock);
    bool over = false;
    FUZZ_CHECK(ui);
    keys.len = keys.len < KEYS_MAX ? keys.len : KEYS_MAX;
    settle(ui, (struct slice){"", 0}, &over);
    while (keys.len && !over) {
        size_t n = in_pieces && keys.len > PIECE ? PIECE : keys.len;
        settle(ui, (struct slice){keys.data, n}, &over);
        keys = (struct slice){keys.data + n, keys.len - n};
    }
    ui_close(ui);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_set_up;
    struct options o;
    struct session s;
    struct error err;
    char name[] = "ncred", config[] = "--config=", clock[] = "--as-of=2026-06-15T12:00:00Z";
    char *argv[] = {name, config, clock, NULL, NULL};
    if (size < 2)
        return 0;
    if (!is_set_up) {
        setlocale(LC_CTYPE, "C.UTF-8");
        save_forbid();
        is_set_up = true;
    }
    const uint8_t *end = memrchr(data + 1, 0, size - 1);
    size_t report = end ? (size_t)(end - data) - 1 : size - 1;
    struct slice keys = end ? (struct slice){(const char *)end + 1, size - report - 2} : (struct slice){"", 0};
    argv[3] = (char *)(uintptr_t)fuzz_file(data + 1, report);
    const int *lines_columns = sizes[data[0] % (sizeof sizes / sizeof sizes[0])];
    if (!headless_start(lines_columns[0], lines_columns[1]))
        return 0;
    FUZZ_CHECK(command_line_parse(&o, 4, argv, demo_as_of, &err));
    if (session_open(&s, &o, demo_as_of, true, &err))
        play(&s, keys, data[0] & 8);
    session_close(&s);
    command_line_free(&o);
    fuzz_file_end();
    return 0;
}
