/* What the terminal shows: bytes into libvterm, cells and text out of it, screens kept as files. */
#include "term.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- bytes in ----------------------------------------------------------- */

static void answer(const char *bytes, size_t len, void *t)
{
    term_queue(t, bytes, len);
}

static int set_property(VTermProp property, VTermValue *value, void *arg)
{
    struct term *t = arg;
    if (property == VTERM_PROP_ALTSCREEN) {
        t->altscreen = value->boolean;
        t->had_altscreen |= t->altscreen;
    } else if (property == VTERM_PROP_CURSORVISIBLE)
        t->cursor_visible = value->boolean;
    else if (property == VTERM_PROP_MOUSE)
        t->mouse = value->number;
    return 1;
}

static int unknown_control(unsigned char control, void *arg)
{
    struct term *t = arg;
    snprintf(t->unknown, sizeof t->unknown, "control %02x", control);
    return 0;
}

static int unknown_csi(const char *leader, const long args[], int count, const char *intermediate, char command,
    void *arg)
{
    struct term *t = arg;
    if (command == 't') /* the window's title saved and put back, which some descriptions have in smcup and rmcup */
        return 0;
    snprintf(t->unknown, sizeof t->unknown, "CSI %s%ld%s%s%c", leader ? leader : "", count ? args[0] : 0,
        count > 1 ? ";..." : "", intermediate ? intermediate : "", command);
    return 0;
}

/* COMMAND: the number of an OSC, by libvterm 0.1 with what follows it, or the start of a DCS. */
static int unknown_string(const char *command, size_t len, void *arg)
{
    /* colours as they were; which colour the background has, by 0.2 and later and by 0.1 */
    static const char *const expected[] = {"104", "11", "11;?"};
    struct term *t = arg;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (len == strlen(expected[i]) && memcmp(command, expected[i], len) == 0)
            return 0;
    snprintf(t->unknown, sizeof t->unknown, "OSC or DCS %.*s", (int)len, command);
    return 0;
}

/* libvterm 0.2 and later take the number of an OSC apart, and hand strings over in pieces. */
#if VTERM_VERSION_MAJOR > 0 || VTERM_VERSION_MINOR >= 2
static int unknown_osc(int command, VTermStringFragment piece, void *arg)
{
    char number[16];
    (void)piece;
    snprintf(number, sizeof number, "%d", command);
    return unknown_string(number, strlen(number), arg);
}

static int unknown_dcs(const char *command, size_t len, VTermStringFragment piece, void *arg)
{
    (void)piece;
    return unknown_string(command, len, arg);
}

static const VTermStateFallbacks unknown = {.control = unknown_control, .csi = unknown_csi, .osc = unknown_osc,
    .dcs = unknown_dcs};
#else
static const VTermParserCallbacks unknown = {.control = unknown_control, .csi = unknown_csi, .osc = unknown_string,
    .dcs = unknown_string};
#endif

void term_screen_new(struct term *t, int rows, int columns)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = set_property};
    t->vt = vterm_new(rows, columns);
    vterm_set_utf8(t->vt, 1);
    vterm_output_set_callback(t->vt, answer, t);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_set_callbacks(t->screen, &callbacks, t);
    vterm_screen_set_unrecognised_fallbacks(t->screen, &unknown, t);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_reset(t->screen, 1);
    vterm_input_write(t->vt, "$ ncred\r\n", 9);
}

void term_screen_free(struct term *t)
{
    vterm_free(t->vt);
    free(t->shown);
}

/*
 * libvterm 0.1 does not know dim (SGR 2). Blink (5), which ncred has no use for, takes its place on the way in,
 * and is taken for dim on the way out.
 */
static void feed_sgr(struct term *t)
{
    char out[4 * sizeof t->sequence] = "\033[", *rest = NULL;
    bool private = strchr("<=>?", t->sequence[2]) != NULL;
    t->sequence[t->sequence_len - 1] = '\0';
    int skip = 0;
    for (char *p = strtok_r(t->sequence + 2, ";", &rest); p && !private; p = strtok_r(NULL, ";", &rest)) {
        bool in_colour = skip > 0;
        if (skip == -1)
            skip = strcmp(p, "2") == 0 ? 3 : 1, in_colour = true;
        else if (in_colour)
            skip--;
        else if (strcmp(p, "38") == 0 || strcmp(p, "48") == 0)
            skip = -1;
        if (out[2])
            strcat(out, ";");
        strcat(out, in_colour ? p : strcmp(p, "2") == 0 ? "5" : strcmp(p, "22") == 0 ? "22;25" : p);
    }
    strcat(out, "m");
    if (!private)
        vterm_input_write(t->vt, out, strlen(out));
}

/*
 * libvterm 0.1 writes behind a screen of one column when a wide character comes, which a program may still be sending
 * when it has just become that narrow; there whatever is not ASCII is shown as a question mark.
 */
static void feed_text(struct term *t, const char *bytes, size_t len)
{
    if (term_columns(t) > 1) {
        vterm_input_write(t->vt, bytes, len);
        return;
    }
    for (size_t i = 0; i < len; i++) /* one for a character, not for the bytes that go on with it */
        vterm_input_write(t->vt, (bytes[i] & 0x80) == 0 ? bytes + i : "?", (bytes[i] & 0xc0) != 0x80);
}

static void flush_sequence(struct term *t)
{
    char last = t->sequence[t->sequence_len - 1];
    if (t->sequence_len > 2 && last == 'm' && t->sequence[1] == '[')
        feed_sgr(t);
    else
        vterm_input_write(t->vt, t->sequence, t->sequence_len);
    t->sequence_len = 0;
}

void term_feed(struct term *t, const char *bytes, size_t len)
{
    if (t->raw_len + len > t->raw_cap) {
        t->raw_cap = (t->raw_len + len) * 2;
        t->raw = realloc(t->raw, t->raw_cap);
    }
    memcpy(t->raw + t->raw_len, bytes, len);
    t->raw_len += len;
    size_t plain = 0;
    for (size_t i = 0; i < len; i++) {
        bool starts = bytes[i] == 27;
        if (starts && t->sequence_len)
            flush_sequence(t);
        if (starts || t->sequence_len) {
            if (plain < i)
                feed_text(t, bytes + plain, i - plain);
            plain = i + 1;
            t->sequence[t->sequence_len++] = bytes[i];
            bool csi = t->sequence_len < 2 || t->sequence[1] == '[';
            bool ends = t->sequence_len > 2 && (bytes[i] < '0' || bytes[i] > '?');
            if (!csi || ends || t->sequence_len == sizeof t->sequence - 1)
                flush_sequence(t);
        }
    }
    if (plain < len)
        feed_text(t, bytes + plain, len - plain);
}

bool term_sent(struct term *t, size_t from, const char *bytes, size_t len)
{
    return from < t->raw_len && memmem(t->raw + from, t->raw_len - from, bytes, len) != NULL;
}

/* ---- cells out ---------------------------------------------------------- */

int term_rows(struct term *t)
{
    int rows, columns;
    vterm_get_size(t->vt, &rows, &columns);
    return rows;
}

int term_columns(struct term *t)
{
    int rows, columns;
    vterm_get_size(t->vt, &rows, &columns);
    return columns;
}

static size_t encode(char *out, uint32_t cp)
{
    if (cp < 0x80)
        return out[0] = (char)cp, 1;
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)((0xf0 << (4 - n)) | cp);
    return n;
}

static int colour(VTermColor c)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&c) || VTERM_COLOR_IS_DEFAULT_BG(&c))
        return -1;
    if (VTERM_COLOR_IS_INDEXED(&c))
        return c.indexed.idx;
    return 0x1000000 | c.rgb.red << 16 | c.rgb.green << 8 | c.rgb.blue;
}

struct term_cell term_cell(struct term *t, int y, int x)
{
    VTermScreenCell cell = {0};
    struct term_cell out = {.width = 1};
    size_t n = 0;
    y = y < 0 ? y + term_rows(t) : y;
    vterm_screen_get_cell(t->screen, (VTermPos){.row = y, .col = x}, &cell);
    for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] != UINT32_MAX; i++)
        n += encode(out.text + n, cell.chars[i]);
    if (cell.chars[0] == 0)
        out.text[n++] = ' ';
    out.width = cell.chars[0] == UINT32_MAX ? 0 : cell.width;
    out.bold = cell.attrs.bold;
    out.dim = cell.attrs.blink;
    out.underline = cell.attrs.underline != 0;
    out.reverse = cell.attrs.reverse;
    out.italic = cell.attrs.italic;
    out.fg = colour(cell.fg);
    out.bg = colour(cell.bg);
    return out;
}

/* A row's text, and for each of its bytes the column it is in; both to be freed. */
static char *row_text(struct term *t, int y, int **columns)
{
    int width = term_columns(t);
    size_t len = 0, end = 0;
    size_t most = (size_t)width * sizeof((struct term_cell){0}.text) + 1;
    char *text = calloc(most, 1);
    int *at = calloc(most, sizeof *at);
    for (int x = 0; x < width; x++) {
        struct term_cell c = term_cell(t, y, x);
        for (size_t i = 0; c.text[i]; i++) {
            at[len] = x;
            text[len++] = c.text[i];
            end = c.text[i] != ' ' ? len : end;
        }
    }
    text[end] = '\0';
    if (columns)
        *columns = at;
    else
        free(at);
    return text;
}

const char *term_row(struct term *t, int y)
{
    free(t->shown);
    return t->shown = row_text(t, y, NULL);
}

const char *term_text(struct term *t)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    for (int y = 0; y < term_rows(t); y++) {
        char *row = row_text(t, y, NULL);
        fprintf(f, "%s\n", row);
        free(row);
    }
    fclose(f);
    free(t->shown);
    return t->shown = text;
}

bool term_find(struct term *t, const char *text, int *y, int *x)
{
    for (int row = 0; row < term_rows(t); row++) {
        int *columns;
        char *shown = row_text(t, row, &columns), *at = strstr(shown, text);
        if (at && y)
            *y = row;
        if (at && x)
            *x = columns[at - shown];
        free(shown);
        free(columns);
        if (at)
            return true;
    }
    return false;
}

void term_locate(struct term *t, const char *text, int *y, int *x)
{
    if (!term_find(t, text, y, x))
        term_fail(t, "not on the screen: %s", text);
}

void term_cursor(struct term *t, int *y, int *x)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &at);
    *y = at.row;
    *x = at.col;
}

/* ---- waiting for what is shown ------------------------------------------ */

static bool shows(struct term *t, const void *text)
{
    return term_find(t, text, NULL, NULL);
}

void term_wait(struct term *t, const char *text)
{
    term_wait_until(t, shows, text, text);
}

static bool shows_not(struct term *t, const void *text)
{
    return !shows(t, text);
}

void term_wait_gone(struct term *t, const char *text)
{
    char what[256];
    snprintf(what, sizeof what, "an end of: %s", text);
    term_wait_until(t, shows_not, text, what);
}

struct place {
    int y;
    const char *text;
};

static bool row_shows(struct term *t, const void *arg)
{
    const struct place *p = arg;
    return strstr(term_row(t, p->y), p->text) != NULL;
}

void term_wait_row(struct term *t, int y, const char *text)
{
    char what[256];
    snprintf(what, sizeof what, "in row %d: %s", y, text);
    term_wait_until(t, row_shows, &(struct place){y, text}, what);
}

/* ---- failing ------------------------------------------------------------ */

void term_fail(struct term *t, const char *format, ...)
{
    char message[16384];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    char *screen = term_capture(t);
    fprintf(stderr, "\n---- screen ----\n%s---- the last bytes that were sent ----\n", screen);
    for (size_t i = t->raw_len > 240 ? t->raw_len - 240 : 0; i < t->raw_len; i++) {
        unsigned char c = (unsigned char)t->raw[i];
        fprintf(stderr, c == 27 ? "\\e" : c < 32 || c > 126 ? "\\x%02x" : "%c", c);
    }
    fprintf(stderr, "\n%s\n", t->unknown[0] ? t->unknown : "----");
    free(screen);
    fprintf(stderr, "%s\n", message);
    fail_msg("%.200s", message);
    abort();
}

/* ---- the screen as a file ----------------------------------------------- */

static int describe(char *out, size_t size, const struct term_cell *c)
{
    int n = snprintf(out, size, "%s%s%s%s%s", c->bold ? " bold" : "", c->dim ? " dim" : "",
        c->underline ? " underline" : "", c->italic ? " italic" : "", c->reverse ? " reverse" : "");
    if (c->fg >= 0)
        n += snprintf(out + n, size - (size_t)n, c->fg < 256 ? " fg %d" : " fg %x", c->fg & 0xffffff);
    if (c->bg >= 0)
        n += snprintf(out + n, size - (size_t)n, c->bg < 256 ? " bg %d" : " bg %x", c->bg & 0xffffff);
    return n;
}

/* Plain styles have letters of their own; the others get capitals in the order in which they turn up. */
struct styles {
    char text[52][64];
    int count;
    struct term_cell last; /* whose letter is LETTER, unless that is 0 */
    char letter;
};

static bool same_style(const struct term_cell *a, const struct term_cell *b)
{
    return a->bold == b->bold && a->dim == b->dim && a->underline == b->underline && a->reverse == b->reverse
        && a->italic == b->italic && a->fg == b->fg && a->bg == b->bg;
}

static char new_style(struct styles *s, const struct term_cell *c)
{
    static const struct {
        char letter;
        const char *text;
    } plain[] = {{' ', ""}, {'b', " bold"}, {'d', " dim"}, {'u', " underline"}, {'r', " reverse"}, {'i', " italic"}};
    char text[64] = "";
    describe(text, sizeof text, c);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (strcmp(text, plain[i].text) == 0)
            return plain[i].letter;
    }
    int i = 0;
    while (i < s->count && strcmp(s->text[i], text) != 0)
        i++;
    if (i == 26)
        return '#';
    if (i == s->count)
        strcpy(s->text[s->count++], text);
    return (char)('A' + i);
}

static char style_letter(struct styles *s, const struct term_cell *c)
{
    if (!s->letter || !same_style(&s->last, c))
        s->letter = new_style(s, c);
    s->last = *c;
    return s->letter;
}

char *term_capture(struct term *t)
{
    struct styles styles = {.count = 0};
    char *out = NULL;
    size_t size = 0;
    int y, x, rows = term_rows(t), columns = term_columns(t);
    FILE *f = open_memstream(&out, &size);
    term_cursor(t, &y, &x);
    fprintf(f, "%d x %d, cursor %s at %d, %d\n", columns, rows, t->cursor_visible ? "shown" : "hidden", y, x);
    char *letters = calloc((size_t)columns + 1, 1);
    for (y = 0; y < rows; y++) {
        int end = 0;
        for (x = 0; x < columns; x++) {
            struct term_cell c = term_cell(t, y, x);
            letters[x] = style_letter(&styles, &c);
            end = letters[x] != ' ' ? x + 1 : end;
        }
        char *text = row_text(t, y, NULL);
        fprintf(f, "|%s\n", text);
        if (end)
            fprintf(f, ":%.*s\n", end, letters);
        free(text);
    }
    for (int i = 0; i < styles.count; i++)
        fprintf(f, "%c:%s\n", 'A' + i, styles.text[i]);
    fclose(f);
    free(letters);
    return out;
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *text = calloc(1, 1 << 20);
    size_t n = fread(text, 1, (1 << 20) - 1, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

static bool looks_like(struct term *t, const void *expected)
{
    char *got = term_capture(t);
    bool same = strcmp(got, expected) == 0;
    free(got);
    return same;
}

/* But for the first line, which tells where the cursor is. */
static bool shows_the_same(struct term *t, const void *expected)
{
    char *got = term_capture(t);
    bool same = strcmp(strchr(got, '\n'), strchr(expected, '\n')) == 0;
    free(got);
    return same;
}

void term_wait_same(struct term *t, struct term *other)
{
    char *expected = term_capture(other);
    char *what = calloc(1, strlen(expected) + 64);
    sprintf(what, "the screen to become\n%s", expected);
    term_wait_until(t, shows_the_same, expected, what);
    free(expected);
    free(what);
}

void term_screen(struct term *t, const char *name)
{
    char path[512], what[640];
    const char *top = getenv("srcdir");
    snprintf(path, sizeof path, "%s/tests/tui/screens/%s.txt", top ? top : ".", name);
    if (getenv("NCRED_UPDATE")) {
        term_settle(t);
        char *got = term_capture(t);
        FILE *f = fopen(path, "wb");
        if (!f || fputs(got, f) < 0 || fclose(f) != 0)
            fail_msg("%s: %s", path, strerror(errno));
        free(got);
        return;
    }
    char *expected = read_file(path);
    if (!expected)
        fail_msg("%s: %s (NCRED_UPDATE=1 writes it)", path, strerror(errno));
    snprintf(what, sizeof what, "the screen of %s", path);
    term_wait_until(t, looks_like, expected, what);
    free(expected);
}

/* ---- as it was ---------------------------------------------------------- */

static bool pen_is_plain(struct term *t)
{
    static const VTermAttr attributes[] = {VTERM_ATTR_BOLD, VTERM_ATTR_UNDERLINE, VTERM_ATTR_ITALIC, VTERM_ATTR_BLINK,
        VTERM_ATTR_REVERSE, VTERM_ATTR_STRIKE, VTERM_ATTR_FONT};
    VTermState *state = vterm_obtain_state(t->vt);
    VTermValue value;
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        vterm_state_get_penattr(state, attributes[i], &value);
        if (attributes[i] == VTERM_ATTR_UNDERLINE || attributes[i] == VTERM_ATTR_FONT ? value.number : value.boolean)
            return false;
    }
    vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &value);
    bool plain = colour(value.color) == -1;
    vterm_state_get_penattr(state, VTERM_ATTR_BACKGROUND, &value);
    return plain && colour(value.color) == -1;
}

static bool same_settings(const struct term *t)
{
    struct termios now;
    return tcgetattr(t->slave, &now) == 0 && now.c_iflag == t->before.c_iflag && now.c_oflag == t->before.c_oflag
        && now.c_cflag == t->before.c_cflag && now.c_lflag == t->before.c_lflag
        && memcmp(now.c_cc, t->before.c_cc, sizeof now.c_cc) == 0;
}

bool term_is_restored(struct term *t)
{
    return !t->altscreen && t->cursor_visible && t->mouse == VTERM_PROP_MOUSE_NONE && pen_is_plain(t)
        && same_settings(t);
}

static bool is_restored(struct term *t, const void *arg)
{
    (void)arg;
    return term_is_restored(t);
}

/* Modes that libvterm does not tell are seen by what they do to a few bytes; this spoils the screen. */
static const char *changed_mode(struct term *t)
{
    t->unsent_len = 0;
    vterm_keyboard_key(t->vt, VTERM_KEY_UP, VTERM_MOD_NONE);
    if (t->unsent_len != 3 || memcmp(t->unsent, "\033[A", 3) != 0)
        return "cursor keys send other bytes";
    t->unsent_len = 0;
    vterm_keyboard_start_paste(t->vt);
    if (t->unsent_len)
        return "pastes are bracketed";
    char bytes[64];
    int n = snprintf(bytes, sizeof bytes, "\033[Hqq\033[Hx\033[999;999H\n");
    vterm_input_write(t->vt, bytes, (size_t)n);
    if (term_rows(t) < 4 || term_columns(t) < 4)
        return NULL;
    /*
     * a region set for the size of before, while the new one was on its way, is curses' own and stays in any terminal
     */
    if (t->resized)
        vterm_input_write(t->vt, "\033[r", 3);
    else if (strcmp(term_row(t, 0), "xq") == 0)
        return "only a part of the screen scrolls";
    n = snprintf(bytes, sizeof bytes, "\033[H\033[Kqq\033[Hx\033[1;%dHyz", term_columns(t));
    vterm_input_write(t->vt, bytes, (size_t)n);
    if (strncmp(term_row(t, 0), "xq", 2) != 0)
        return "characters are inserted, or another set";
    return strncmp(term_row(t, 1), "z", 1) == 0 ? NULL : "long lines do not wrap";
}

void term_assert_restored(struct term *t)
{
    term_wait_until(t, is_restored, NULL, "the terminal as it was (screen, cursor, attributes, settings)");
    if (t->had_altscreen && !t->resized && term_rows(t) > 2 && term_columns(t) > 8
        && !strstr(term_row(t, 0), "$ ncred"))
        term_fail(t, "what was on the screen before is gone");
    const char *mode = changed_mode(t);
    if (mode)
        term_fail(t, "the terminal is not as it was: %s", mode);
}
