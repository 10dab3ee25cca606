/*
 * The filter line teaches: what can follow is shown above it with counts, faults come first, and nothing is cut
 * silently.
 */
#include "play.h"

#include "unit/sample.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static const char *typed_line(const struct ui *ui)
{
    return ui->prompt.line.text.data;
}

/* The row of the box in which a suggestion stands that begins with TEXT, or -1. */
static int row_of(const char *text)
{
    int y;
    char with_border[100];
    snprintf(with_border, sizeof with_border, "\342\224\202   %s", text);
    return play_find(with_border, &y, NULL) ? y : -1;
}

/* An empty line shows examples; Down chooses one, Esc takes it back, and once more leaves the line. */
static void test_examples(void **state)
{
    static const char *const looks[] = {"--theme=dark", "--theme=mono"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(looks); i++) {
        struct ui *ui = play_open(24, 80, looks[i], "--demo", NULL);
        play_keys("&");
        play_shows("examples");
        int y = row_of("not mfa");
        assert_true(y > 0 && !headless_cell(y, 4).reverse && headless_cell(y, 4).back < 0);
        play_keys("Down");
        assert_string_equal(typed_line(ui), "not mfa");
        struct headless_cell chosen = headless_cell(y, 4);
        assert_true(chosen.reverse || chosen.back >= 0);
        play_shows("18 of 28");
        play_keys("Esc");
        assert_string_equal(typed_line(ui), "");
        assert_non_null(ui->prompt.kind);
        play_shows("28 of 28");
        play_keys("Esc");
        assert_null(ui->prompt.kind);
        play_close();
    }
}

/* Columns with type and example, then the operators that go with the type, then values with counts. */
static void test_steps(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("& idl");
    play_shows("columns");
    play_shows("idle           duration  > 90d");
    play_keys("Tab");
    assert_string_equal(typed_line(ui), "idle ");
    play_shows("operators");
    play_shows("longer, such as > 90d");
    play_lacks("regular expression");
    play_keys("> Space");
    play_shows("values of idle");
    play_keys("90");
    play_keys("Tab");
    assert_string_equal(typed_line(ui), "idle > 90d ");
    play_shows("go on with");
    play_keys("an Tab pat Tab");
    assert_string_equal(typed_line(ui), "idle > 90d and path ");
    play_shows("regular expression");
    play_keys("= Space");
    play_shows("values of path");
    play_keys("Down");
    assert_string_equal(typed_line(ui) + strlen("idle > 90d and path = "), ui->prompt.complete.list[0].word);
    play_keys("Up Up");
    play_keys("Esc");
    assert_string_equal(typed_line(ui), "idle > 90d and path = ");
    play_keys("C-u m");
    assert_true(row_of("mfa_active") > 0 && row_of("name") > 0); /* a short name, too */
    play_keys("C-u key( serv Tab = Space");
    play_shows("values of service");
    assert_true(row_of("s3") > 0);
    play_close();
}

/* Every value that is offered finds as many users as it says, whatever bytes it is made of. */
static void check_values(struct ui *ui, const char *column)
{
    char start[300];
    snprintf(start, sizeof start, "&%s = ", column);
    play_type(start);
    size_t n = ui->prompt.complete.count;
    play_keys("C-c");
    for (size_t i = 0; i < n && i < 40; i += i < 5 ? 1 : sample_rounds(5, 1)) {
        play_type(start);
        const struct suggestion *s = &ui->prompt.complete.list[i];
        size_t count = s->count;
        if (s->rank) { /* a state */
            play_keys("C-c");
            continue;
        }
        assert_true(count != SIZE_MAX || strcmp(column, "mfa_active") == 0);
        char downs[5 * 40 + 1] = "";
        for (size_t k = 0; k <= i; k++)
            memcpy(downs + 5 * k, "Down ", sizeof "Down ");
        play_keys(downs);
        assert_false(ui->prompt.is_faulty);
        play_keys("Enter");
        assert_int_equal(ui->view.filter_count, 1);
        if (count != ui->view.count && count != SIZE_MAX)
            fail_msg("%s: %zu, not %zu", ui->view.filters[0].text, ui->view.count, count);
        play_keys("Backspace");
    }
}

static void test_values(void **state)
{
    static const char *const columns[] = {"account", "path", "mfa_active", "severity", "findings", "active_keys",
        "team", "tag.Team", "groups", "rights", "access_key_1_last_used_region", "access_key_1_last_used_service",
        "user"};
    (void)state;
    struct ui *ui = play_open(24, 100, "--demo", NULL);
    for (size_t i = 0; i < SAMPLE_COUNT(columns); i++)
        check_values(ui, columns[i]);
    play_close();
}

static void test_checks(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("& fails(");
    play_shows("checks");
    size_t n = ui->prompt.complete.count;
    assert_int_equal(n, check_count());
    play_keys("C-c");
    for (size_t i = 0; i < n; i++) {
        char query[100];
        play_keys("& fails(");
        size_t count = ui->prompt.complete.list[i].count;
        snprintf(query, sizeof query, "%s)", ui->prompt.complete.list[i].word);
        play_type(query);
        play_keys("Enter");
        assert_int_equal(ui->view.count, count);
        play_keys("Backspace");
    }
    play_close();
}

/* Names that are blanks, quotation marks, signs of the language, wide, or control characters. */
static void test_hostile_values(void **state)
{
    static const char *const paths[] = {"/a b/", "/it's/", "/say \"\"x\"\"/", "/and/", "/\346\274\242/", "/(x,y)/",
        "/\033[31mred/", "/\302\233/", "/\342\200\256rtl/", "/%s%n/", "/=cmd/"};
    struct buffer csv = {0};
    (void)state;
    buffer_puts(&csv, sample_header);
    for (size_t i = 0; i < SAMPLE_COUNT(paths) * 2; i++) {
        struct buffer user = {0};
        char name[32];
        snprintf(name, sizeof name, "user-%zu", i);
        sample_user(&user, name, "arn=ARN");
        const char *at = strstr(user.data, "ARN");
        assert_non_null(at);
        buffer_add(&csv, user.data, (size_t)(at - user.data));
        buffer_printf(&csv, "\"arn:aws:iam::123456789012:user%s%s\"%s", paths[i / 2], name, at + 3);
        buffer_free(&user);
    }
    struct ui *ui = play_open(24, 80, play_file("hostile.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    play_type("&path = ");
    play_shows("values of path");
    play_lacks("\033");
    play_lacks("red/"); /* control characters cannot be typed */
    play_lacks("rtl");
    play_keys("C-c");
    check_values(ui, "path");
    play_type("&path = \"/a ");
    assert_int_equal(ui->prompt.complete.firm, 1);
    play_keys("Tab");
    assert_string_equal(typed_line(ui), "path = \"/a b/\" ");
    play_keys("Enter");
    assert_int_equal(ui->view.count, 2);
    play_close();
}

/* A fault is shown under the line at its place, with the nearest name, whatever there is to suggest. */
static void test_faults_first(void **state)
{
    static const struct {
        const char *text, *fault, *tab;
    } rows[] = {
        {"id_", "no column \"id_\"; ", "id"},
        {"idle > 9x", "expected a duration", NULL},
        {"mfa_activ = true", "mfa_active?", NULL},
        {"severity >= hihg", "none, low, medium, high or critical", NULL},
        {"path ~ '['", "regular expression", NULL},
        {"fails(unusd)", "unused", NULL},
        {"idle =", "a value is missing at the end", NULL},
    };
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    for (size_t i = 0; i < SAMPLE_COUNT(rows); i++) {
        play_type("&");
        play_type(rows[i].text);
        assert_true(ui->prompt.is_faulty);
        const char *below = play_row(-1);
        if (!strstr(below, rows[i].fault))
            fail_msg("%s: %s", rows[i].text, below);
        assert_non_null(strchr(below, '^'));
        if (ui->prompt.fault.offset < 30)
            assert_string_equal(headless_cell(23, 2 + (int)ui->prompt.fault.offset).text, "^");
        play_shows("- of 28");
        if (i == 2) /* what is wrong is not where the cursor is */
            assert_int_equal(ui->prompt.complete.count, 0);
        if (rows[i].tab) {
            play_keys("Tab");
            assert_non_null(strstr(typed_line(ui), rows[i].tab));
        }
        play_keys("C-c");
    }
    play_close();
}

/* No number stands beside a text that is not what the table shows. */
static void test_count_is_never_stale(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_type("&mfa");
    play_shows("10 of 28");
    play_type("_");
    play_shows("- of 28");
    play_type("active");
    play_shows("10 of 28");
    play_type(" and ke");
    play_shows("- of 28");
    play_type("y(active)");
    assert_false(ui->prompt.is_faulty);
    play_lacks("- of 28");
    play_type(" or idle");
    play_shows("- of 28");
    play_keys("Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace");
    play_lacks("- of 28");
    play_close();
}

/* C-p and, in an empty line, Up bring earlier filters back; Up and Down stay with them. */
static void test_history(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("& root Enter");
    play_keys("& jane Enter");
    play_keys("& Up");
    assert_string_equal(typed_line(ui), "jane");
    play_keys("Up");
    assert_string_equal(typed_line(ui), "root");
    play_keys("Down Down");
    assert_string_equal(typed_line(ui), "");
    play_keys("C-p");
    assert_string_equal(typed_line(ui), "jane");
    play_keys("C-u m Down");
    assert_string_equal(typed_line(ui), "mfa_active");
    play_close();
}

/* Changes have their own examples and values, credentials their own columns. */
static void test_other_rows(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("K &");
    play_shows("credential = password");
    play_type("credential = k");
    assert_true(row_of("key_1") > 0 && row_of("key_2") > 0);
    play_type("ey_1");
    play_lacks("- of");
    play_keys("C-u region Space = Space");
    play_shows("values of region");
    play_close();
    struct buffer old = {0}, new = {0};
    char paths[2][300];
    buffer_puts(&old, sample_header);
    buffer_puts(&new, sample_header);
    sample_user(&old, "anna", "arn=arn:aws:iam::123456789012:user/anna password_enabled=true mfa_active=true");
    sample_user(&new, "anna", "arn=arn:aws:iam::123456789012:user/anna password_enabled=true mfa_active=false");
    sample_user(&new, "bob", "arn=arn:aws:iam::123456789012:user/bob");
    snprintf(paths[0], sizeof paths[0], "%s", play_file("old.csv", old.data, old.len));
    snprintf(paths[1], sizeof paths[1], "%s", play_file("new.csv", new.data, new.len));
    buffer_free(&old);
    buffer_free(&new);
    ui = play_open(24, 80, "--diff", paths[0], paths[1], NULL);
    play_keys("&");
    play_shows("change = finding-new");
    play_type("change = ");
    assert_true(row_of("mfa-lost") > 0 && row_of("added") > 0);
    play_keys("C-c");
    check_values(ui, "change");
    check_values(ui, "what");
    play_close();
}

/* The box is never higher than 8 lines, fits any screen, and follows its size. */
static void test_sizes(void **state)
{
    static const int sizes[][2] = {{24, 80}, {10, 40}, {50, 200}, {6, 30}, {4, 20}, {2, 10}, {1, 1}, {35, 120}};
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("&");
    for (size_t i = 0; i < SAMPLE_COUNT(sizes); i++) {
        headless_resize(sizes[i][0], sizes[i][1]);
        play_keys("C-l");
        play_keys("C-u k");
        int top = -1, bottom = -1;
        for (int y = 0; y < paint_lines(); y++) {
            const char *row = play_row(y);
            top = strncmp(row, "\342\224\214", 3) == 0 ? y : top;
            bottom = strncmp(row, "\342\224\224", 3) == 0 ? y : bottom;
        }
        if (sizes[i][0] >= 6) {
            assert_true(top >= 1 && bottom == sizes[i][0] - 3);
            assert_true(bottom - top + 1 <= 8);
            for (int k = 0; k < 30; k++) {
                play_keys("Down");
                assert_true(ui->prompt.completed >= ui->suggest_box.top);
                assert_true(ui->prompt.completed - ui->suggest_box.top < (size_t)(bottom - top - 1));
            }
        }
    }
    play_close();
}

/* A line longer than the screen is wide: the cursor stays in sight. */
static void test_long_line(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 80, "--demo", NULL);
    play_keys("&");
    for (int i = 0; i < 12; i++)
        play_type("jane.doe or zoe.imported or ");
    play_type("paul.oneil");
    assert_non_null(strstr(play_row(-2), "paul.oneil"));
    assert_int_equal(ui->cursor_y, 22);
    assert_true(ui->cursor_x >= 10 && ui->cursor_x <= 79);
    play_keys("C-a");
    assert_non_null(strstr(play_row(-2), "& jane.doe or"));
    assert_int_equal(ui->cursor_x, 2);
    play_keys("C-e Enter");
    assert_non_null(strstr(play_row(-2), "3 of 28"));
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples), cmocka_unit_test(test_steps),
        cmocka_unit_test(test_values), cmocka_unit_test(test_checks), cmocka_unit_test(test_hostile_values),
        cmocka_unit_test(test_faults_first), cmocka_unit_test(test_count_is_never_stale),
        cmocka_unit_test(test_history), cmocka_unit_test(test_other_rows), cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_long_line)};
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
