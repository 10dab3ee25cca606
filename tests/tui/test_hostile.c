/*
 * Reports from somewhere else: whatever stands in them is shown, and nothing in them reaches the terminal as a command.
 */
#include "term.h"

#include <stdlib.h>
#include <string.h>

/* Numbers with leading zeros, so that no sequence of drawing's own looks like these. */
static const char *const payloads[] = {
    "\033[031;041mred", "\033[02J", "\033[007;007Hmoved", "\033]0;title\007", "\033]52;c;cHduZWQ=\033\\",
        "\033P1$r\033\\",
    "\033[?01049h", "\033[?025l", "\033c", "\033[06n", "\033[0c", "\033Z", "\233031mC1", "\302\233031mC1",
        "\302\2350;t\302\234",
    "\033#8", "\033(0qqq", "\016shift", "\007bell", "back\b\b\b\b", "tab\tstop", "line\rfeed", "form\ffeed",
        "nul-less\001\002\003",
    "\177del", "\342\200\256rtl", "\342\201\246isolate", "\357\273\277bom", "\342\200\213zero", "\360\237\230\200emoji",
    "\377\376invalid", "\300\257overlong", "\355\240\200surrogate",
    "e\314\201\314\201\314\201\314\201\314\201\314\201\314\201\314\201", "\346\274\242\345\255\227wide",
    "\033_apc\033\\", "\033^pm\033\\", "\033X\033\\", "%s%n%d", "\\033[031m", "~",
    "\342\200\250ls",
};
enum { PAYLOADS = sizeof payloads / sizeof payloads[0], COLUMNS = 22 };

static const char header[] =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
    "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated,odd\033[031m\n";

/* Row after row, every payload in every column. */
static char *hostile_report(size_t rows, size_t *len)
{
    char *text = NULL;
    FILE *f = open_memstream(&text, len);
    fputs(header, f);
    for (size_t row = 0; row < rows; row++) {
        fprintf(f, "\"u%03zu%s\",\"arn:aws:iam::123456789012:user/%s/x\"", row, payloads[row % PAYLOADS],
            payloads[(row + 1) % PAYLOADS]);
        for (size_t column = 2; column <= COLUMNS; column++)
            fprintf(f, ",\"%s\"", payloads[(row + column) % PAYLOADS]);
        fputc('\n', f);
    }
    fclose(f);
    return text;
}

static struct term *open_hostile(int rows, int columns)
{
    size_t len;
    char *text = hostile_report(100, &len);
    struct term *t = term_open(rows, columns, term_file("h\033[031mx.csv", text, len), NULL);
    free(text);
    term_wait(t, "100 of 100");
    return t;
}

static void quit(struct term *t)
{
    term_type(t, ":q!\r"); /* users are marked */
    assert_int_equal(term_wait_end(t), 0);
    term_assert_plain(t);
    term_assert_restored(t);
}

static void test_table(void **state)
{
    (void)state;
    struct term *t = open_hostile(24, 80);
    /* what it is can be seen */
    term_wait(t, "u000^[[03");
    for (int set = 0; set < 8; set++) {
        term_keys(t, "Tab");
        for (int i = 0; i < 4; i++) {
            term_keys(t, "PgDn Down Right");
            term_wait_taken(t);
        }
        term_keys(t, "Home g");
    }
    quit(t);
}

static void test_wide_table(void **state)
{
    (void)state;
    struct term *t = open_hostile(50, 300);
    for (int set = 0; set < 8; set++) {
        term_keys(t, "Tab");
        term_wait_taken(t);
        term_keys(t, "PgDn");
        term_wait_taken(t);
    }
    quit(t);
}

static void test_detail(void **state)
{
    static const int sizes[][2] = {{24, 80}, {50, 160}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct term *t = open_hostile(sizes[i][0], sizes[i][1]);
        term_keys(t, "Enter");
        for (int row = 0; row < 100; row++) {
            term_keys(t, row % 2 ? "j" : "PgDn Space j");
            if (row % 10 == 0)
                term_wait_taken(t);
        }
        term_wait_taken(t);
        quit(t);
        term_teardown(state);
    }
}

/* Payloads pasted into the prompts: history, messages and filters show them. */
static void test_prompts(void **state)
{
    (void)state;
    struct term *t = open_hostile(24, 80);
    for (size_t i = 0; i < PAYLOADS; i++) {
        term_keys(t, i % 2 ? "&" : "/");
        for (const char *c = payloads[i]; *c; c++) {
            if ((unsigned char)*c >= 32 && *c != 127)
                term_send(t, c, 1);
        }
        term_wait_taken(t);
        term_keys(t, "Enter");
        term_wait_taken(t);
    }
    term_signal(t, 15);
    assert_int_equal(term_wait_end(t), 143);
    term_assert_plain(t);
    term_assert_restored(t);
}

/* Messages on the way out are for a terminal, too. */
static void test_messages(void **state)
{
    (void)state;
    const char *path = term_file("x\033[031m\302\2330m.csv", "<html>\033[031m\n", 13);
    struct term *t = term_open(24, 80, path, "-f", "\033[031m", NULL);
    assert_int_equal(term_wait_end(t), 2);
    term_settle(t);
    term_assert_plain(t);
    t = term_open(24, 80, path, NULL);
    assert_int_equal(term_wait_end(t), 2);
    term_wait(t, "x^[[031m");
    term_assert_plain(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_table), TERM_TEST(test_wide_table), TERM_TEST(test_detail),
        TERM_TEST(test_prompts), TERM_TEST(test_messages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
