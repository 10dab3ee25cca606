/* A program under a pseudo-terminal whose other end is libvterm: keys in, cells and bytes out. */
#ifndef NCRED_TERM_H
#define NCRED_TERM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>
#include <cmocka.h>

/*
 * As under a shell: a keeper leads the session and runs the program as its foreground job, so that it can be
 * stopped and continued, and so that the terminal's settings after its end are those that it left.
 */
struct term {
    VTerm *vt;
    VTermScreen *screen;
    int master;                /* -1: hung up */
    int slave;                 /* only to ask how many keys are unread */
    int events, orders;        /* pipes from and to the keeper */
    pid_t keeper, job;
    bool stopped, ended, lost; /* lost: nothing more can come from the master */
    bool is_draining;          /* a NUL byte was sent behind the program's output, and has yet to come */
    int status;                /* as a shell counts it: 128 + signal when killed by one */
    bool altscreen, had_altscreen, cursor_visible;
    int mouse;                 /* VTERM_PROP_MOUSE_... */
    struct termios before;     /* settings before the program started */
    char *raw;                 /* every byte that the program sent */
    size_t raw_len, raw_cap;
    char sequence[64];         /* a control sequence on its way, see term_feed */
    size_t sequence_len;
    char *unsent;              /* keys and answers that the program has yet to take */
    size_t unsent_len;
    unsigned long long sleeps; /* how often the program had gone to sleep when bytes were sent last */
    long long sent_at;         /* and when that was, in milliseconds */
    bool resized;              /* which may move what the main screen shows */
    char unknown[64];          /* the last sequence that libvterm did not know */
    char *shown;               /* what term_row and term_text returned last */
    struct term *next;
};

struct term_options {
    int rows, columns;         /* 0: 24 by 80 */
    const char *input;         /* file to be standard input; NULL: the terminal */
    const char *output;        /* file to be standard output; NULL: the terminal */
    const char *const *env;    /* "NAME=value" on top of a plain environment, or "NAME" to take it out */
    const char *program;       /* NULL: $NCRED */
    const char *const *args;   /* behind the program's name, up to a NULL */
    bool ignore_hangup;        /* as under nohup */
    /* what is typed while the program is stopped is not echoed, sends no signal and stops no output */
    bool is_quiet;
};

/* Colours of a cell: -1 the terminal's own, 0 to 255 of the palette, RGB from 0x1000000 on. */
struct term_cell {
    char text[VTERM_MAX_CHARS_PER_CELL * 4 + 1]; /* "" right of a wide character, " " when blank */
    int width;
    bool bold, dim, underline, reverse, italic;
    int fg, bg;
};

/* Start ncred ($NCRED). Whatever fails, here and below, fails the test and shows the screen. */
struct term *term_start(const struct term_options *o);
/* The same at ROWS by COLUMNS with these arguments up to a NULL. */
struct term *term_open(int rows, int columns, ...) __attribute__((sentinel));
/* A test's end: whatever still runs is killed, temporary files go. */
int term_teardown(void **state);
#define TERM_TEST(f) cmocka_unit_test_teardown(f, term_teardown)

/* Name of a file in the test's temporary directory, valid until the test ends; CONTENT is written to it. */
const char *term_file(const char *name, const char *content, size_t len);
const char *term_directory(void);

/*
 * Keys by name, blanks between them: Up Down Left Right Home End PgUp PgDn Enter Tab S-Tab Esc Space Backspace
 * Delete C-x M-x, and any other word as it stands. Esc is to be the last, and its effect waited for: what comes
 * within its delay counts as one key with it.
 */
void term_keys(struct term *t, const char *keys);
/* As the terminal pastes it: marked when the program asked for that. */
void term_paste(struct term *t, const char *text);
/* Bytes as they are. */
void term_type(struct term *t, const char *text);
void term_send(struct term *t, const void *bytes, size_t len);
void term_resize(struct term *t, int rows, int columns);

/* Wait until the screen shows TEXT; until it no longer does; until row Y (negative: from below) holds it. */
void term_wait(struct term *t, const char *text);
void term_wait_gone(struct term *t, const char *text);
void term_wait_row(struct term *t, int y, const char *text);
/* Wait until the screen is the very one of OTHER, which is idle; the cursor aside. */
void term_wait_same(struct term *t, struct term *other);
/* Wait for anything else; WHAT says it in the message. */
void term_wait_until(struct term *t, bool (*holds)(struct term *t, const void *arg), const void *arg, const char *what);
/* Wait until the program has taken every key, drawn, and waits for more: for what must not happen, and for counting. */
void term_settle(struct term *t);
/* The same for all programs that run: it takes no longer than for one. */
void term_settle_all(void);
/*
 * Wait until the program has read every byte that was sent. It may still wait for bytes that make one key with the
 * last.
 */
void term_wait_taken(struct term *t);
/* One round of reading; false when nothing came within MILLISECONDS. */
bool term_pump(struct term *t, int milliseconds);

/* To the program, as `kill` does. */
void term_signal(struct term *t, int signal);
void term_wait_stopped(struct term *t);
/* As the shell's fg. */
void term_foreground(struct term *t);
/* Wait for the end; the status as a shell counts it. */
int term_wait_end(struct term *t);
/* The connection is lost; the shell passes SIGHUP on when PASSED. */
void term_hang_up(struct term *t, bool passed);
/* The terminal is as it was: screen, cursor, attributes, modes, settings. What it showed is spoiled by looking. */
void term_assert_restored(struct term *t);
/* The same without spoiling anything, for a program that is to go on. */
bool term_is_restored(struct term *t);

/* Row Y (negative: from below) without blanks at its end; the whole screen. Valid until the next call. */
const char *term_row(struct term *t, int y);
const char *term_text(struct term *t);
struct term_cell term_cell(struct term *t, int y, int x);
/* The first place that shows TEXT, in rows and columns. */
bool term_find(struct term *t, const char *text, int *y, int *x);
/* The same, or fail. */
void term_locate(struct term *t, const char *text, int *y, int *x);
void term_cursor(struct term *t, int *y, int *x);
int term_rows(struct term *t);
int term_columns(struct term *t);
/* The screen with its attributes, as in the files of tests/tui/screens; to be freed. */
char *term_capture(struct term *t);
/*
 * Wait until the screen is that of tests/tui/screens/NAME.txt. With NCRED_UPDATE set the file is written instead:
 * read the difference before it is committed.
 */
void term_screen(struct term *t, const char *name);

/* Whether the program sent BYTES after position FROM of its output. */
bool term_sent(struct term *t, size_t from, const char *bytes, size_t len);
/*
 * Every byte sent is text, or a sequence that drawing on xterm-256color needs. A sequence out of hostile data is told
 * from these when a number in it has a leading zero (ESC [ 031 m).
 */
void term_assert_plain(struct term *t);
/* Fail with a message, the screen, and the end of what was sent. */
void term_fail(struct term *t, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));

/* What screen.c does for term.c: the terminal's making and end, and bytes from the program, into it and the log. */
void term_screen_new(struct term *t, int rows, int columns);
void term_screen_free(struct term *t);
void term_feed(struct term *t, const char *bytes, size_t len);
void term_queue(struct term *t, const char *bytes, size_t len);

#endif
