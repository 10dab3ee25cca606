/* Every terminal that has a description here: started, drawn, quit, given back; and colours, or none, or no UTF-8. */
#include "browse.h"
#include "capability.h"

#include <stdlib.h>
#include <string.h>

static struct term *open_with(const char *const *env, const char *const *args)
{
    return term_start(&(struct term_options){.env = env, .args = args});
}

static const char *const demo[] = {"--demo", NULL};

static struct term *open_as(const char *name)
{
    char term[64];
    snprintf(term, sizeof term, "TERM=%s", name);
    return open_with((const char *[]){term, NULL}, demo);
}

static void test_each(void **state)
{
    static const char *const names[] = {"xterm-256color", "xterm", "screen", "screen-256color", "tmux", "tmux-256color",
        "linux", "vt100", "vt220", "putty", "rxvt-unicode", "rxvt-unicode-256color", "konsole", "foot", "alacritty"};
    char *expected = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *down = capability(names[i], "kcud1");
        if (!down) {
            print_message("%s: skipped, it has no terminfo entry here (Debian: ncurses-term)\n", names[i]);
            continue;
        }
        struct term *t = open_as(names[i]);
        term_wait(t, "28 of 28");
        term_settle(t);
        if (!expected)
            expected = strdup(term_text(t));
        if (strcmp(expected, term_text(t)) != 0)
            term_fail(t, "%s shows something else than xterm-256color", names[i]);
        browse_wait_selected(t, "<root_account>");
        term_type(t, down);
        browse_wait_selected(t, "jane.doe"); /* she is an administrator */
        term_keys(t, "G");
        browse_wait_selected(t, "zoe.imported");
        term_keys(t, "g Enter");
        term_wait(t, "arn:aws:iam::123456789012:root");
        term_keys(t, "Esc");
        term_wait_gone(t, "arn:aws:iam::123456789012:root");
        browse_quit(t);
        term_teardown(state);
    }
    free(expected);
}

static bool has_sent(const struct term *t, size_t from, const char *bytes)
{
    size_t n = strlen(bytes);
    for (; from + n <= t->raw_len; from++) {
        if (memcmp(t->raw + from, bytes, n) == 0)
            return true;
    }
    return false;
}

/* The colour of the heading USER. */
static int heading_color(struct term *t)
{
    term_settle(t);
    return term_cell(t, 1, 5).fg;
}

/*
 * The terminal is asked for its background. Its answer, however late, in whatever form, and in one piece or byte by
 * byte, chooses the colours, and no byte of it is a key.
 */
static void test_background(void **state)
{
    static const struct {
        const char *answer;
        int color;
    } answers[] = {
        {"\033]11;rgb:ffff/ffff/ffff\033\\", 24}, {"\033]11;rgb:fd/f6/e3\a", 24}, {"\033]11;#ffffff\033\\", 24},
        {"\033]11;rgba:ffff/ffff/ffff/8000\033\\", 24}, {"\033]11;rgb:0000/2b2b/3636\033\\", 80},
        {"\033]11;rgb:0/0/0\a", 80},
        {"\033]11;rgb:zz/0/0\a", 67}, {"\033]11;white q\033\\", 67}, {"\033]10;rgb:ffff/ffff/ffff\033\\", 67},
        {"\033P1+r5463=q\033\\", 67}, {"\033[?1;2q", 67},
    };
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const char *answer = answers[i].answer;
        struct term *t = open_as("xterm-256color");
        term_wait(t, "28 of 28");
        assert_true(has_sent(t, 0, "\033]11;?\033\\"));
        assert_int_equal(heading_color(t), 67);
        term_keys(t, "j");
        browse_wait_selected(t, "jane.doe");
        if (i % 4) {
            term_send(t, answer, strlen(answer));
        } else {
            term_send(t, answer, 2); /* libvterm has answered the last question, so an ESC alone is a key again */
            for (size_t k = 2; k < strlen(answer); k++) {
                term_wait_taken(t);
                term_send(t, answer + k, 1);
            }
        }
        term_keys(t, "j");
        browse_wait_selected(t, "former.employee");
        if (heading_color(t) != answers[i].color)
            term_fail(t, "answer %zu: colour %d, expected %d", i, heading_color(t), answers[i].color);
        assert_null(strstr(term_text(t), "no such key"));
        browse_quit(t);
        term_teardown(state);
    }
}

/*
 * A terminal that says so is sent large changes as one; a theme that was chosen stays; who would not answer is not
 * asked.
 */
static void test_answers(void **state)
{
    static const char *const silent[] = {"linux", "vt100", "xterm"};
    static const char *const chosen[] = {"--demo", "--theme", "safe", NULL};
    static const char light[] = "\033]11;rgb:ffff/ffff/ffff\033\\", synchronized[] = "\033[?2026;2$y";
    (void)state;
    struct term *t = open_with(NULL, chosen);
    term_wait(t, "28 of 28");
    assert_false(has_sent(t, 0, "\033[?2026h"));
    term_send(t, light, sizeof light - 1);
    term_send(t, synchronized, sizeof synchronized - 1);
    term_settle(t);
    assert_int_equal(heading_color(t), 67);
    size_t from = t->raw_len;
    term_keys(t, "j");
    browse_wait_selected(t, "jane.doe");
    assert_false(has_sent(t, from, "\033[?2026h"));
    term_keys(t, "o");
    term_wait(t, "users have no finding");
    term_settle(t);
    assert_true(has_sent(t, from, "\033[?2026h"));
    assert_true(has_sent(t, from, "\033[?2026l"));
    term_keys(t, "Q");
    assert_int_equal(term_wait_end(t), 0);
    term_teardown(state);
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        if (!capability(silent[i], "kcud1"))
            continue;
        t = open_as(silent[i]);
        term_wait(t, "28 of 28");
        assert_false(has_sent(t, 0, "\033]11"));
        assert_false(has_sent(t, 0, "\033[c"));
        browse_quit(t);
        term_teardown(state);
    }
}

/*
 * What a person types may begin as a string of the terminal does, Esc and ] on a slow line for one: then no key that
 * comes a moment later is lost, and no control character at all.
 */
static void test_typed_strings(void **state)
{
    static const char *const starts[] = {"\033]", "\033]x", "\033]1", "\033P", "\033Pa", "\033^", "\033^a", "\033_",
        "\033_a", "\033[", "\033[1", "\033[?", "\033O", "\033X"};
    (void)state;
    struct term *t[sizeof starts / sizeof starts[0]];
    size_t count = sizeof starts / sizeof starts[0];
    for (size_t i = 0; i < count; i++)
        t[i] = open_as("xterm-256color");
    for (size_t i = 0; i < count; i++) {
        term_wait(t[i], "28 of 28");
        term_send(t[i], starts[i], strlen(starts[i]));
        term_send(t[i], "\032", 1);
        term_wait_stopped(t[i]);
        term_foreground(t[i]);
    }
    term_settle_all();
    for (size_t i = 0; i < count; i++)
        term_send(t[i], starts[i], strlen(starts[i]));
    for (int k = 0; k < 12; k++) { /* an answer may pause for longer than anything else */
        term_settle_all();
        for (size_t i = 0; i < count; i++) {
            if (k != (starts[i][1] == ']' || starts[i][2] == '?' ? 11 : 2))
                continue;
            term_keys(t[i], "G");
            browse_wait_selected(t[i], "zoe.imported");
            browse_quit(t[i]);
        }
    }
}

/* A terminal without addressing gets the rows as text. */
static void test_dumb(void **state)
{
    (void)state;
    struct term *t = open_as("dumb");
    assert_int_equal(term_wait_end(t), 0);
    term_wait(t, "zoe.imported");
    assert_false(term_sent(t, 0, "\033", 1));
    term_assert_restored(t);
}

/* No description: the screen all the same, and one line of advice. */
static void test_unknown(void **state)
{
    /* ncurses 6.4 loses a little memory when it finds no description, which the program cannot help */
    static const char leaks[] = "ASAN_OPTIONS=detect_leaks=0";
    static const char *const none[] = {leaks, "TERM", NULL}, *const odd[] = {leaks, "TERM=no-such-terminal", NULL},
                      *const empty[] = {leaks, "TERM=", NULL};
    const char *const *const envs[] = {none, odd, empty};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct term *t = open_with(envs[i], demo);
        term_wait(t, "28 of 28");
        term_wait(t, "TERM=xterm");
        term_keys(t, "j");
        browse_wait_selected(t, "jane.doe");
        browse_quit(t);
        term_teardown(state);
    }
}

/* The highest colour on the screen, -1: none. */
static int most_colour(struct term *t)
{
    int most = -1;
    for (int y = 0; y < term_rows(t); y++) {
        for (int x = 0; x < term_columns(t); x++) {
            struct term_cell c = term_cell(t, y, x);
            most = c.fg > most ? c.fg : most;
            most = c.bg > most ? c.bg : most;
        }
    }
    return most;
}

static void test_colours(void **state)
{
    static const struct {
        const char *env[3];
        const char *args[3];
        int least, most;
    } cases[] = {
        {{"TERM=xterm-256color"}, {"--demo"}, 16, 255},
        {{"TERM=xterm"}, {"--demo"}, 0, 7},
        {{"TERM=linux"}, {"--demo"}, 0, 7},
        {{"TERM=screen"}, {"--demo"}, 0, 7},
        {{"TERM=xterm-16color"}, {"--demo"}, 0, 15},
        /* for dark and for light backgrounds, and with the terminal's own sixteen */
        {{"TERM=xterm-256color"}, {"--theme=dark", "--demo"}, 16, 255},
        {{"TERM=xterm-256color"}, {"--theme=light", "--demo"}, 16, 255},
        {{"TERM=xterm-256color"}, {"--theme=terminal", "--demo"}, 0, 15},
        {{"TERM=xterm-256color"}, {"--theme=mono", "--demo"}, -1, -1},
        {{"TERM=vt100"}, {"--demo"}, -1, -1},
        {{"TERM=xterm-256color", "NO_COLOR=1"}, {"--demo"}, -1, -1},
        {{"TERM=xterm-256color", "NO_COLOR="}, {"--demo"}, 16, 255},
        {{"TERM=xterm-256color"}, {"--no-color", "--demo"}, -1, -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = cases[i].env[0] + strlen("TERM=");
        if (!capability(name, "kcud1")) {
            print_message("%s: skipped, it has no terminfo entry here (Debian: ncurses-term)\n", name);
            continue;
        }
        struct term *t = open_with(cases[i].env, cases[i].args);
        term_wait(t, "28 of 28");
        term_settle(t);
        int most = most_colour(t);
        if (most < cases[i].least || most > cases[i].most)
            term_fail(t, "case %zu: the highest colour is %d", i, most);
        /* which user is selected, and how bad it is with each, is told by signs as well */
        browse_wait_selected(t, "<root_account>");
        assert_non_null(strstr(term_row(t, 3), "!! <root_account>"));
        if (cases[i].most < 0) {
            term_keys(t, "p");
            term_wait(t, "Saved filters");
            term_settle(t);
            assert_int_equal(most_colour(t), -1);
        }
        term_teardown(state);
    }
}

/* Where the locale has no UTF-8, or is asked for, only ASCII is sent, and columns stay straight. */
static void test_ascii(void **state)
{
    static const struct {
        const char *env[2];
        const char *flag;
    } cases[] = {{{"LC_ALL=C"}, "--no-color"}, {{"LC_ALL=POSIX"}, "--no-color"}, {{"LC_ALL=C.UTF-8"}, "--ascii"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const char report[] =
            "user,arn,user_creation_time,password_enabled,password_last_changed,mfa_active\n"
            "\346\274\242\345\255\227\302\233,arn:aws:iam::123456789012:user/x,2020-01-01T00:00:00Z,true,"
            "2026-01-01T12:00:00Z,true\n"
            "na\303\257ve,arn:aws:iam::123456789012:user/y,2020-01-01T00:00:00Z,true,2026-01-01T12:00:00Z,true\n";
        const char *args[] = {cases[i].flag, "--as-of", BROWSE_AS_OF, term_file("r.csv", report, sizeof report - 1),
            NULL};
        struct term *t = open_with(cases[i].env, args);
        term_wait(t, "2 of 2");
        term_keys(t, "p");
        term_wait(t, "Saved filters");
        term_keys(t, "Esc");
        term_wait_gone(t, "Saved filters");
        term_keys(t, "o");
        term_wait(t, "USERS BY");
        term_settle(t);
        term_keys(t, "Esc");
        term_wait(t, "yes");
        int header, mfa, y, x;
        term_locate(t, "MFA", &header, &mfa);
        term_locate(t, "yes", &y, &x);
        assert_int_equal(x, mfa);
        assert_int_equal(term_cell(t, y + 1, mfa).text[0], 'y');
        term_keys(t, "Enter");
        term_wait(t, "created");
        term_keys(t, "PgDn PgDn");
        term_settle(t);
        browse_quit(t);
        for (size_t k = 0; k < t->raw_len; k++) {
            if ((unsigned char)t->raw[k] > 126)
                term_fail(t, "case %zu: byte %02x at %zu", i, (unsigned char)t->raw[k], k);
        }
        term_teardown(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_each), TERM_TEST(test_background), TERM_TEST(test_answers),
        TERM_TEST(test_typed_strings), TERM_TEST(test_dumb), TERM_TEST(test_unknown),
        TERM_TEST(test_colours), TERM_TEST(test_ascii)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
