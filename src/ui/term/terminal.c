/* Starting and leaving curses on any terminal, even after a crash; signals; reading keys one at a time. */
#include "ui/term/terminal.h"

#include "base/clock.h"
#include "base/error.h"
#include "ui/term/fallback.h"
#include "ui/term/headless_priv.h"

#include <config.h>

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { CODE_PASTE_BEGIN = KEY_MAX + 1, CODE_PASTE_END, GONE_AFTER = 10, LAST_WORDS_SECONDS = 2 };
/* Milliseconds: the longest gap within an answer, and how long after the question an answer is still expected. */
enum { ANSWER_PATIENCE = 300, ASKED_FOR = 2000 };

/* The only state that signal handlers use; everything else is in `terminal`. */
static volatile sig_atomic_t ended_by, resized, stopped, continued, active, suspending;
static int signal_pipe[2] = {-1, -1};
static struct termios before;
static char leave_bytes[256]; /* bytes that restore the terminal when curses can no longer be called */
static size_t leave_len;
static int flags_before; /* of standard output, shared with the shell */

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
static struct sigaction fatal_before[sizeof fatal / sizeof fatal[0]];

static struct {
    SCREEN *screen;
    FILE *tty;           /* /dev/tty, if standard input is not the terminal */
    int fd;              /* where keys are read from */
    int idle_wakes;      /* consecutive wake-ups without a byte: the terminal may be gone */
    bool pasting;
    bool mouse;          /* mouse events are switched on */
    int mouse_y, mouse_x;
    unsigned char bytes[4]; /* an incomplete UTF-8 character */
    size_t byte_count;
    struct answers answers;
    int64_t asked_at;    /* monotonic milliseconds */
} terminal = {.fd = -1};

/* ---- the last resort: only async-signal-safe calls ---------------------- */

static void leave_at_once(void)
{
    if (!active)
        return;
    active = 0;
    fcntl(STDOUT_FILENO, F_SETFL, flags_before | O_NONBLOCK); /* do not block on a terminal that accepts nothing */
    ssize_t ignored = write(STDOUT_FILENO, leave_bytes, leave_len);
    (void)ignored;
    fcntl(STDOUT_FILENO, F_SETFL, flags_before);
    tcsetattr(STDOUT_FILENO, TCSANOW, &before);
}

static void on_crash(int sig)
{
    leave_at_once();
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
        if (fatal[i] == sig)
            sigaction(sig, &fatal_before[i], NULL);
    }
    raise(sig);
}

/* The orderly exit after a signal took longer than LAST_WORDS_SECONDS. */
static void on_alarm(int sig)
{
    (void)sig;
    leave_at_once();
    _exit(128 + (int)ended_by);
}

static void on_signal(int sig)
{
    int kept = errno;
    if (sig == SIGWINCH) {
        resized = 1;
    } else if (sig == SIGTSTP) {
        stopped = 1;
    } else if (sig == SIGCONT) {
        continued = 1;
    } else if (!suspending || (sig != SIGINT && sig != SIGQUIT)) { /* meant for the shell */
        ended_by = sig;
        alarm(LAST_WORDS_SECONDS);
    }
    ssize_t ignored = write(signal_pipe[1], "", 1);
    (void)ignored;
    errno = kept;
}

static int keep_byte(int c)
{
    if (leave_len < sizeof leave_bytes)
        leave_bytes[leave_len++] = (char)c;
    return c;
}

static void keep_capability(const char *name)
{
    const char *s = tigetstr(name);
    if (s && s != (char *)-1)
        tputs(s, 1, keep_byte);
}

static void keep_leave_bytes(void)
{
    leave_len = 0;
    for (const char *s = "\033[?2004l"; terminal.pasting && *s; s++)
        keep_byte(*s);
    for (const char *s = "\033[?1000l\033[?1006l"; terminal.mouse && *s; s++)
        keep_byte(*s);
    keep_capability("sgr0");
    keep_capability("rmkx");
    keep_capability("cnorm");
    keep_capability("rmcup");
    keep_byte('\r');
    keep_byte('\n');
}

/* ---- entering and leaving ------------------------------------------------ */

static void catch(int sig, void (*handler)(int))
{
    struct sigaction old, act = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&act.sa_mask);
    sigaction(sig, NULL, &old);
    if (old.sa_handler != SIG_IGN)
        sigaction(sig, &act, NULL);
}

static void catch_crashes(void)
{
    static char stack[1 << 16];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction act = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND | SA_NODEFER | SA_ONSTACK};
    sigaltstack(&alternate, NULL);
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        sigaction(fatal[i], &act, &fatal_before[i]);
}

/* Must run before newterm(): curses sets no handler for a signal that has one. */
static bool catch_signals(void)
{
    if (pipe(signal_pipe) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
        fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
    }
    static const int caught[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++)
        catch(caught[i], on_signal);
    catch(SIGALRM, on_alarm);
    catch_crashes();
    return true;
}

/*
 * Make curses use the compiled-in description of terminal NAME, by setting TERMINFO. Returns false if there is none.
 * forget_fallback() must then restore TERMINFO, so that child processes do not inherit it.
 */
static bool use_fallback(const char *name)
{
#ifdef WITH_FALLBACKS
    for (size_t i = 0; i < fallback_count; i++) {
        if (strcmp(fallbacks[i].name, name) != 0)
            continue;
        struct buffer code = {0};
        for (const char *const *piece = fallbacks[i].code; *piece; piece++)
            buffer_puts(&code, *piece);
        bool set = setenv("TERMINFO", code.data, 1) == 0;
        buffer_free(&code);
        return set;
    }
#else
    (void)name;
#endif
    return false;
}

static void forget_fallback(const char *before_it)
{
    if (before_it)
        setenv("TERMINFO", before_it, 1);
    else
        unsetenv("TERMINFO");
}

/* newterm() with the system's description of NAME or, if it has none, the compiled-in one. NULL on failure. */
static SCREEN *new_screen(const char *name, FILE *keys)
{
    char *set = getenv("TERMINFO");
    SCREEN *screen = newterm(name, stdout, keys);
    set = set ? xstrdup(set) : NULL;
    if (!screen && use_fallback(name)) {
        screen = newterm(name, stdout, keys);
        forget_fallback(set);
    }
    free(set);
    return screen;
}

bool terminal_is_able(void)
{
    const char *name = getenv("TERM");
    int status;
    if (!name || !*name || setupterm(name, STDOUT_FILENO, &status) != OK)
        return true; /* unknown here; terminal_start() tries known names */
    const char *cup = tigetstr("cup");
    bool able = cup && cup != (char *)-1 && strcmp(name, "dumb") != 0;
    del_curterm(cur_term);
    return able;
}

static FILE *open_keys(void)
{
    if (isatty(STDIN_FILENO))
        return stdin;
    terminal.tty = fopen("/dev/tty", "r");
    if (!terminal.tty && ttyname(STDOUT_FILENO))
        terminal.tty = fopen(ttyname(STDOUT_FILENO), "r");
    return terminal.tty;
}

static bool open_screen(FILE *keys, const char **advice)
{
    static const char *const known[] = {"xterm-256color", "xterm", "vt100", "ansi", "linux"};
    const char *name = getenv("TERM");
    *advice = NULL;
    if (name && *name)
        terminal.screen = new_screen(name, keys);
    for (size_t i = 0; !terminal.screen && i < sizeof known / sizeof known[0]; i++) {
        *advice = "TERM names no known terminal, so the screen may look wrong; try TERM=xterm, or ncred -o text";
        terminal.screen = new_screen(known[i], keys);
    }
    /*
     * Before endwin() was called once, ncurses flushes at each cursor movement: about sixty writes per screen, each its
     * own packet over SSH. After it, doupdate() writes a screen in one go.
     */
    if (terminal.screen)
        endwin();
    return terminal.screen != NULL;
}

/* Send a sequence unknown to curses, and flush: putp() writes to stdio, which curses never flushes. */
static void send_now(const char *sequence)
{
    putp(sequence);
    fflush(stdout);
}

static void define_paste_marks(void)
{
    define_key("\033[200~", CODE_PASTE_BEGIN);
    define_key("\033[201~", CODE_PASTE_END);
}

static bool has_capability(const char *name)
{
    const char *s = tigetstr(name);
    return s && s != (char *)-1;
}

/*
 * Whether the terminal can be sent sequences it may not know: those with 256 colours or more skip unknown ones
 * correctly.
 */
static bool is_modern(void)
{
    return tigetnum("colors") >= 256;
}

/*
 * Switch bracketed paste on. Newer terminfo descriptions have its sequence as BE; without BE, it is sent to modern
 * terminals, which ignore it if they lack it.
 */
static void ask_for_paste_marks(void)
{
    terminal.pasting = is_modern() || has_capability("BE");
    if (!terminal.pasting)
        return;
    define_paste_marks();
    send_now("\033[?2004h");
}

/* Ask the terminal about itself. The answers arrive among the keys, at any time; see terminal_key(). */
static void ask_terminal(void)
{
    terminal.answers = (struct answers){.is_asked = is_modern()};
    if (!terminal.answers.is_asked)
        return;
    terminal.asked_at = clock_monotonic();
    terminal_send(slice_of(answers_questions));
}

enum background terminal_background(void)
{
    return terminal.answers.background;
}

bool terminal_has_answered(void)
{
    return terminal.answers.is_complete;
}

/* Key settings of curses, for a real terminal and the headless one. */
static void set_up_keys(bool mouse)
{
    keypad(stdscr, TRUE);
    meta(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    if (mouse) {
        mouseinterval(0); /* report a press at once instead of waiting for a release */
        terminal.mouse = mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL) != 0;
    }
}

/* Start on the headless screen: no signals, no terminal settings, and all typed bytes are available at once. */
static bool start_headless(bool mouse, const char **advice)
{
    *advice = NULL;
    terminal.fd = headless_open();
    terminal.pasting = false;
    terminal.byte_count = 0;
    terminal.idle_wakes = 0;
    terminal.answers = (struct answers){0};
    if (terminal.fd < 0)
        return false;
    set_escdelay(0);
    set_up_keys(mouse);
    define_paste_marks();
    return true;
}

bool terminal_start(bool mouse, const char **advice)
{
    if (headless_is_on())
        return start_headless(mouse, advice);
    FILE *keys = open_keys();
    if (!keys || tcgetattr(STDOUT_FILENO, &before) != 0 || !catch_signals())
        return false;
    flags_before = fcntl(STDOUT_FILENO, F_GETFL);
    memory_on_exhaustion(leave_at_once);
    if (!open_screen(keys, advice))
        return false;
    terminal.fd = fileno(keys);
    raw(); /* Ctrl-C, Ctrl-Z and Ctrl-\ arrive as keys, so no signal interrupts output to the terminal */
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    idlok(stdscr, TRUE);
    if (!getenv("ESCDELAY"))
        set_escdelay(25);
    ask_for_paste_marks();
    ask_terminal();
    set_up_keys(mouse);
    keep_leave_bytes();
    terminal.pasting = false;
    active = 1;
    return true;
}

/* On terminals without an alternate screen, clear the last line, so that later output does not overwrite the hints. */
static void clear_last_line(void)
{
    const char *leave = tigetstr("rmcup");
    if (leave && leave != (char *)-1)
        return;
    move(LINES - 1, 0);
    clrtoeol();
    refresh();
}

void terminal_stop(void)
{
    if (!active)
        return;
    clear_last_line();
    if (memcmp(leave_bytes, "\033[?2004l", 8) == 0)
        send_now("\033[?2004l");
    endwin();
    active = 0;
    if (terminal.tty)
        fclose(terminal.tty);
    delscreen(terminal.screen);
    terminal.tty = NULL;
    terminal.screen = NULL;
}

int terminal_ended_by(void)
{
    return (int)ended_by;
}

/* ---- while it runs -------------------------------------------------------- */

/* Returns whether the next update changes so many lines that a person could see it happen in pieces. */
static bool differs_much(void)
{
    enum { LINES_MANY = 6, COLUMNS_MAX = 1024 };
    static cchar_t was[COLUMNS_MAX + 1], is[COLUMNS_MAX + 1];
    int width = COLS < COLUMNS_MAX ? COLS : COLUMNS_MAX, count = 0, at[4];
    getyx(curscr, at[0], at[1]);
    getyx(newscr, at[2], at[3]);
    for (int y = 0; y < LINES && count < LINES_MANY; y++) {
        memset(was, 0, sizeof was);
        memset(is, 0, sizeof is);
        count += mvwin_wchnstr(curscr, y, 0, was, width) != OK || mvwin_wchnstr(newscr, y, 0, is, width) != OK
            || memcmp(was, is, sizeof was[0] * (size_t)width) != 0;
    }
    wmove(curscr, at[0], at[1]);
    wmove(newscr, at[2], at[3]);
    return count == LINES_MANY;
}

void terminal_flush(int y, int x)
{
    move(y < LINES ? y : LINES - 1, x < COLS ? x : COLS - 1);
    wnoutrefresh(stdscr);
    bool is_synchronized = terminal.answers.has_synchronized_output && differs_much();
    if (is_synchronized) /* ask the terminal to show the update as a whole */
        terminal_send(slice_of("\033[?2026h"));
    doupdate();
    if (is_synchronized)
        terminal_send(slice_of("\033[?2026l"));
}

void terminal_send(struct slice bytes)
{
    if (headless_is_on()) {
        headless_send(bytes);
        return;
    }
    fwrite(bytes.data, 1, bytes.len, stdout);
    fflush(stdout);
}

void terminal_redraw(void)
{
    clearok(curscr, TRUE);
}

void terminal_suspend(void)
{
    struct sigaction act = {.sa_handler = SIG_DFL}, ours;
    if (headless_is_on())
        return;
    bool marks = memcmp(leave_bytes, "\033[?2004l", 8) == 0;
    suspending = 1;
    if (marks)
        send_now("\033[?2004l");
    clear_last_line();
    endwin();
    fflush(stdout);
    sigemptyset(&act.sa_mask);
    sigaction(SIGTSTP, &act, &ours);
    kill(0, SIGTSTP); /* the whole process group, as the terminal does, so that a pipe into ncred stops too */
    sigaction(SIGTSTP, &ours, NULL);
    stopped = 0;
    if (marks)
        send_now("\033[?2004h");
    resized = 1;
    terminal_redraw();
    refresh();
    suspending = 0;
}

static void take_size(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_row || !size.ws_col)
        return;
    if (is_term_resized(size.ws_row, size.ws_col))
        resizeterm(size.ws_row, size.ws_col);
}

static void take_signals(void)
{
    char sink[64];
    while (read(signal_pipe[0], sink, sizeof sink) > 0)
        ;
    if (stopped)
        terminal_suspend();
    if (continued) {
        continued = 0;
        resized = 1;
        reset_prog_mode();
        terminal_redraw();
    }
    if (resized) {
        resized = 0;
        take_size();
    }
}

bool terminal_wait(int wake_fd, int watch_fd, int milliseconds)
{
    if (headless_is_on())
        return headless_wait(wake_fd, milliseconds);
    struct pollfd waited[] = {{.fd = terminal.fd, .events = POLLIN}, {.fd = signal_pipe[0], .events = POLLIN},
        {.fd = wake_fd, .events = POLLIN}, {.fd = watch_fd, .events = POLLIN}}; /* poll() ignores negative ones */
    int n = poll(waited, sizeof waited / sizeof waited[0], milliseconds);
    if (n < 0 && errno != EINTR)
        return false;
    take_signals();
    if (n > 0 && waited[0].revents)
        terminal.idle_wakes++;
    return terminal.idle_wakes < GONE_AFTER;
}

size_t terminal_typed(void)
{
    int bytes = 0;
    if (!headless_is_on())
        take_signals();
    return ioctl(terminal.fd, FIONREAD, &bytes) == 0 && bytes > 0 ? (size_t)bytes : 0;
}

static uint32_t from_curses(int code)
{
    static const struct {
        int code;
        uint32_t key;
    } table[] = {
        {KEY_UP, KEYS_UP}, {KEY_DOWN, KEYS_DOWN}, {KEY_LEFT, KEYS_LEFT}, {KEY_RIGHT, KEYS_RIGHT},
        {KEY_HOME, KEYS_HOME}, {KEY_FIND, KEYS_HOME}, {KEY_END, KEYS_END}, {KEY_SELECT, KEYS_END},
        {KEY_PPAGE, KEYS_PAGE_UP}, {KEY_NPAGE, KEYS_PAGE_DOWN}, {KEY_BTAB, KEYS_SHIFT_TAB}, {KEY_DC, KEYS_DELETE},
        {KEY_BACKSPACE, KEYS_BACKSPACE}, {KEY_ENTER, KEYS_ENTER}, {'\n', KEYS_ENTER},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].code == code)
            return table[i].key;
    }
    if (code >= KEY_F(1) && code <= KEY_F(12))
        return KEYS_F1 + (uint32_t)(code - KEY_F(1));
    return code < 0x80 ? (uint32_t)code : KEYS_NONE;
}

static uint32_t from_mouse(void)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return KEYS_NONE;
    terminal.mouse_y = event.y;
    terminal.mouse_x = event.x;
    return event.bstate & BUTTON4_PRESSED ? (uint32_t)KEYS_WHEEL_UP : event.bstate & BUTTON5_PRESSED
        ? (uint32_t)KEYS_WHEEL_DOWN : event.bstate & BUTTON1_PRESSED ? (uint32_t)KEYS_CLICK : (uint32_t)KEYS_NONE;
}

void terminal_mouse(int *y, int *x)
{
    *y = terminal.mouse_y;
    *x = terminal.mouse_x;
}

/*
 * Add a byte of UTF-8. Returns the character when it is complete, else KEYS_NONE; the rest may come with a later read.
 */
static uint32_t add_byte(unsigned char byte)
{
    uint32_t cp;
    if ((byte & 0xc0) != 0x80)
        terminal.byte_count = 0;
    terminal.bytes[terminal.byte_count++] = byte;
    size_t n = utf8_decode((const char *)terminal.bytes, terminal.byte_count, &cp);
    if (cp != UINT32_MAX && n == terminal.byte_count) {
        terminal.byte_count = 0;
        return cp;
    }
    if (terminal.byte_count == sizeof terminal.bytes)
        terminal.byte_count = 0;
    return KEYS_NONE;
}

/* Returns the next byte of a key's sequence, or ERR if none comes within ESCDELAY. */
static int sequence_byte(void)
{
    timeout(get_escdelay());
    int code = getch();
    nodelay(stdscr, TRUE);
    return code;
}

/*
 * The same for an answer, which a slow line may delay at any byte. Waiting longer is harmless, because hardly anybody
 * types what an answer begins with.
 */
static int answer_byte(void)
{
    timeout(ANSWER_PATIENCE);
    int code = getch();
    nodelay(stdscr, TRUE);
    return code;
}

/*
 * Returns whether CODE cannot belong to a sequence or string: a key known to curses, or a control character such as
 * C-z.
 */
static bool ends_sequence(int code)
{
    return code >= 0x100 || (code >= 0 && code < 0x20);
}

/*
 * Take a string sent by the terminal, such as an answer, up to BEL or ESC \\. KIND is the byte after its ESC, FIRST the
 * next one. An answer (ESC ] and a digit) may be delayed at any byte; bytes of other strings must come as fast as those
 * of a key, because a person may have typed Alt and the same character. A code that cannot belong to the string ends it
 * and is read again as a key.
 */
static void take_string(int kind, int first)
{
    enum { STRING_MAX = 4096 };
    struct buffer text = {0};
    bool is_answer = kind == ']' && first >= '0' && first <= '9';
    ungetch(first);
    for (int n = 0; n < STRING_MAX; n++) {
        int code = is_answer ? answer_byte() : sequence_byte();
        if (code == KEYS_ESC) {
            int next = is_answer ? answer_byte() : sequence_byte();
            if (next != '\\' && next != ERR)
                ungetch(next);
            if (next != '\\')
                ungetch(KEYS_ESC);
            break;
        }
        if (ends_sequence(code) && code != '\a')
            ungetch(code);
        if (code == ERR || ends_sequence(code))
            break;
        if (code < 0x80)
            buffer_putc(&text, (char)code);
    }
    if (kind == ']')
        answers_take_string(&terminal.answers, (struct slice){text.data, text.len});
    buffer_free(&text);
}

/* Take a control sequence after its ESC [. Returns false if nothing follows: it is Alt-[ then. */
static bool take_control(void)
{
    char text[64];
    size_t n = 0;
    int code = sequence_byte();
    bool is_any = code != ERR && !ends_sequence(code), is_answer = code == '?';
    while (code != ERR && !ends_sequence(code)) {
        if (n < sizeof text && code < 0x80)
            text[n++] = (char)code;
        if (code >= 0x40)
            break;
        code = is_answer ? answer_byte() : sequence_byte();
    }
    if (ends_sequence(code))
        ungetch(code);
    answers_take_control(&terminal.answers, (struct slice){text, n});
    return is_any;
}

/*
 * Returns the code after an ESC, or ERR if there is none. While an answer may be arriving, waits a little longer for
 * it; any other key read in that time is put back.
 */
static int byte_after_esc(void)
{
    const struct answers *a = &terminal.answers;
    int code = getch();
    bool may_be_answer = a->is_asked && !a->is_complete && clock_monotonic() - terminal.asked_at < ASKED_FOR;
    if (code != ERR || !may_be_answer)
        return code;
    code = answer_byte();
    if (code == ERR || code == ']' || code == '[' || code == 'P')
        return code;
    ungetch(code);
    return ERR;
}

/*
 * Returns the key that begins with an ESC not resolved by curses: Esc, or Alt with a key, which sends both at once.
 * Sequences of unnamed keys and answers give KEYS_NONE, because none of their bytes may act as a key.
 */
static uint32_t key_after_esc(void)
{
    int code = byte_after_esc(), next;
    uint32_t key = KEYS_NONE;
    if (code == ERR)
        return KEYS_ESC;
    if (code == KEYS_ESC || code == CODE_PASTE_BEGIN || code == CODE_PASTE_END || code == KEY_MOUSE) {
        ungetch(code);
        return KEYS_ESC;
    }
    switch (code) {
    case '[':
        if (take_control())
            return KEYS_NONE;
        break;
    case 'O':
        next = sequence_byte();
        if (ends_sequence(next))
            ungetch(next);
        else if (next != ERR)
            return KEYS_NONE;
        break;
    case ']':
    case 'P':
    case '_':
    case '^':
        next = code == ']' ? answer_byte() : sequence_byte();
        if (next == ERR)
            break;
        take_string(code, next);
        return KEYS_NONE;
    default:
        break;
    }
    for (; code >= 0x80 && code < 0x100; code = sequence_byte()) {
        key = add_byte((unsigned char)code);
        if (key != KEYS_NONE)
            return key + KEYS_ALT;
    }
    key = code == ERR ? (uint32_t)KEYS_NONE : from_curses(code);
    return key == KEYS_NONE ? key : key + KEYS_ALT;
}

uint32_t terminal_key(bool *pasted)
{
    for (int code; !ended_by && (code = getch()) != ERR;) {
        uint32_t key = KEYS_NONE;
        terminal.idle_wakes = 0;
        if (code == KEYS_ESC && !terminal.pasting)
            key = key_after_esc();
        else if (code == CODE_PASTE_BEGIN || code == CODE_PASTE_END)
            terminal.pasting = code == CODE_PASTE_BEGIN;
        else if (code == KEY_MOUSE)
            key = from_mouse();
        else if (code >= 0x80 && code < 0x100)
            key = add_byte((unsigned char)code);
        else
            key = from_curses(code);
        if (key == KEYS_ESC) /* a paste contains no ESC, so its end mark was lost */
            terminal.pasting = false;
        *pasted = terminal.pasting;
        if (key != KEYS_NONE)
            return key;
    }
    return KEYS_NONE;
}
