/* Nothing holds the screen up: rows without end, regular expressions without end, pipes in place of files. */
#include "play.h"

#include "base/timestamp.h"
#include "ui/remedy_sheet.h"
#include "ui/write.h"
#include "unit/sample.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A millisecond for each user, or nearly. */
static const char slow[] = "user ~ \"^((.+.+)+(.+)+)+(.+)+[~#]\"";

static const char *users_file(const char *name, size_t count)
{
    struct buffer csv = {0};
    buffer_puts(&csv, "user,arn\n");
    for (size_t i = 0; i < count; i++)
        buffer_printf(&csv, "somebody-with-a-long-name-%zu,arn:aws:iam::123456789012:user/somebody-%zu\n", i, i);
    const char *path = play_file(name, csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

/*
 * A key that is there already ends the filter of the command line; it is in the history, and said not to be in force.
 */
static void test_start_with_slow_filter(void **state)
{
    (void)state;
    const char *path = users_file("many.csv", 20000);
    play_ahead("j");
    struct ui *ui = play_open(24, 100, "-f", slow, path, NULL);
    assert_int_equal(ui->view.filter_count, 0);
    assert_int_equal(ui->view.cursor, 1);
    assert_int_equal(ui->view.count, 20000);
    assert_int_equal(ui->histories[HISTORY_FILTER].count, 1);
    play_close();
    play_ahead("q");
    play_open(24, 100, "-f", slow, path, NULL);
    assert_true(play_has_ended());
    play_close();
}

/* What one more key does to each wait for such a filter: it ends, and nothing that was there is lost. */
static void test_slow_filter(void **state)
{
    (void)state;
    static const char *const waits[] = {"&", "K", "p", "R"};
    const char *path = users_file("fewer.csv", 40);
    struct ui *ui = play_open(24, 100, "-f", slow, path, NULL);
    assert_int_equal(ui->view.filter_count, 1);
    for (size_t i = 0; i < SAMPLE_COUNT(waits); i++) {
        headless_type(slice_of(waits[i]));
        ui_step(ui);
        headless_type(slice_of("\033"));
        play_settle();
        play_keys("Esc");
        while (ui->view.keys)
            play_keys("Esc");
        if (!ui->view.filter_count)
            break;
    }
    play_close();
}

static char said[512];

/* In the place of drawing: what the screen says while something takes long. */
static void note_what_is_said(struct ui *ui)
{
    if (strstr(ui->message, "any key cancels"))
        memcpy(said, ui->message, sizeof said);
}

static void (*really_draw)(struct ui *ui);
static char below[512];

/* After drawing: what stands below the line that is being typed while something takes long. */
static void note_what_stands_below(struct ui *ui)
{
    really_draw(ui);
    if (strstr(play_row(-1), "any key cancels"))
        snprintf(below, sizeof below, "%s", play_row(-1));
}

/*
 * While it works, the screen says what it does, and with how many: below a line that is being typed, and after Enter.
 */
static void test_what_takes_long(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 100, users_file("some.csv", 150), NULL);
    really_draw = ui->draw;
    play_keys("&");
    ui->draw = note_what_stands_below;
    play_type(slow);
    play_settle();
    assert_non_null(strstr(below, "Filtering 150 users"));
    ui->draw = note_what_is_said;
    play_keys("Enter");
    ui->draw = really_draw;
    assert_int_equal(ui->view.filter_count, 1);
    assert_non_null(strstr(said, "Filtering 150 users"));
    play_settle();
    play_lacks("any key cancels");
    play_close();
}

/* What a prompt says while it works does not become a part of its result. */
static void test_note_of_work(void **state)
{
    (void)state;
    struct ui *ui = play_open(24, 100, users_file("searched.csv", 20000), NULL);
    really_draw = ui->draw;
    play_keys("/");
    ui->draw = note_what_stands_below;
    below[0] = '\0';
    ui->waiting.cancel.has_ended = true; /* as after a letter that took long: progress is shown at once */
    play_type("!");
    play_settle();
    ui->draw = really_draw;
    assert_non_null(strstr(below, "any key cancels"));
    play_shows("not found");
    play_lacks("working");
    play_close();
}

/* CPU time of frames with the pane open on a row of N commas. */
static double frame(size_t commas)
{
    struct buffer csv = {0};
    buffer_puts(&csv, "user,arn\nana,arn:aws:iam::123456789012:user/ana");
    for (size_t i = 0; i < commas; i++)
        buffer_putc(&csv, ',');
    buffer_putc(&csv, '\n');
    play_open(24, 80, play_file("commas.csv", csv.data, csv.len), NULL);
    buffer_free(&csv);
    clock_t start = clock();
    play_keys("Enter");
    play_shows("user/ana");
    for (int i = 0; i < 4; i++)
        play_keys("PgDn");
    play_shows("(surplus field)");
    double taken = (double)(clock() - start);
    print_message("%zu commas: %.1f ms a frame\n", commas, taken / CLOCKS_PER_SEC * 1000 / 5);
    play_close();
    return taken;
}

static void test_row_of_commas(void **state)
{
    (void)state;
    double least = 1e9;
    for (int tries = 0; tries < 8 && least > 2.6; tries++) { /* other programs may be in the way of one */
        double one = frame(50000), two = frame(100000);
        least = two / one < least ? two / one : least;
    }
    print_message("twice the commas: %.2f times as long\n", least);
    assert_true(least <= 2.6);
}

static void test_pipe_in_place_of_file(void **state)
{
    (void)state;
    char path[300], waivers[300], config[300], flag[320], waivers_flag[330];
    snprintf(path, sizeof path, "%s", users_file("piped.csv", 3));
    snprintf(waivers, sizeof waivers, "%s", play_file("waivers-piped", "# none\n", 7));
    snprintf(config, sizeof config, "%s", play_file("config-piped", "# none\n", 7));
    snprintf(flag, sizeof flag, "--config=%s", config);
    snprintf(waivers_flag, sizeof waivers_flag, "--waivers=%s", waivers);
    play_open(24, 120, flag, waivers_flag, path, NULL);
    const char *all[] = {path, waivers, config};
    for (size_t i = 0; i < SAMPLE_COUNT(all); i++) {
        assert_int_equal(unlink(all[i]), 0);
        assert_int_equal(mkfifo(all[i], 0600), 0);
    }
    play_keys("R");
    play_shows("not read: it is a pipe");
    play_keys("C-s");
    play_shows("config-piped: ");
    play_close();
    play_open(24, 120, "--demo", NULL);
    play_keys("W Enter Tab ops Tab why Tab");
    play_type(waivers); /* in place of what was proposed */
    play_keys("Enter");
    play_shows("not read: it is a pipe");
    play_close();
}

/* Who is not judged yet has no findings so far: such a list is not written, and there is no sheet for it. */
static void test_judging(void **state)
{
    struct error err;
    char path[300], out[320];
    (void)state;
    snprintf(path, sizeof path, "%s", users_file("judging.csv", 3));
    snprintf(out, sizeof out, "%s.out.csv", path);
    struct ui *ui = play_open(24, 120, path, NULL);
    assert_true(play_settle());
    ui->session->is_judging = true;
    assert_false(write_to(ui, slice_of(out), &err));
    assert_non_null(strstr(err.text, "judged"));
    remedies_open(ui);
    assert_null(ui->menu.kind);
    play_keys("Y s");
    play_shows("judged");
    ui->session->is_judging = false;
    assert_true(write_to(ui, slice_of(out), &err));
    remedies_open(ui);
    assert_non_null(ui->menu.kind);
    play_close();
    assert_int_equal(unlink(out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_with_slow_filter), cmocka_unit_test(test_slow_filter),
            cmocka_unit_test(test_what_takes_long), cmocka_unit_test(test_note_of_work),
        cmocka_unit_test(test_row_of_commas), cmocka_unit_test(test_pipe_in_place_of_file),
        cmocka_unit_test(test_judging),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
