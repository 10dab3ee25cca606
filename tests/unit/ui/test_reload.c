/* Reports that change on disk while they are looked at. */
#include "play.h"

#include "unit/sample.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A report of COUNT users of the account of that digit, made so often that nothing but the time on disk may differ. */
static const char *users(const char *name, char digit, int count, const char *mfa)
{
    struct buffer csv = {0};
    buffer_puts(&csv, "user,arn,mfa_active\n");
    for (int i = 0; i < count; i++)
        buffer_printf(&csv, "%c-user-%d,arn:aws:iam::11111111111%c:user/%c-user-%d,%s\n", digit, i, digit, digit, i, mfa);
    const char *path = play_file(name, csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

/* Why a reload brought nothing, or not all, is in the list of problems in full, at any width. */
static void test_reasons(void **state)
{
    char one[256], two[256];
    (void)state;
    snprintf(one, sizeof one, "%s", users("reasons-one-with-a-long-name-so-that-it-cannot-fit-beside-a-reason.csv", '1', 2, "true"));
    snprintf(two, sizeof two, "%s", users("reasons-two-with-a-long-name-so-that-it-cannot-fit-beside-a-reason.csv", '2', 4, "true"));
    struct ui *ui = play_open(24, 80, one, two, NULL);
    assert_int_equal(unlink(two), 0);
    users("reasons-one-with-a-long-name-so-that-it-cannot-fit-beside-a-reason.csv", '1', 2, "false");
    play_keys("R");
    play_shows("2 mfa-lost");
    play_shows("reloaded, but for 1 report that could not be read: ");
    assert_int_equal(ui->report->row_count, 6);
    play_keys("P");
    play_shows("reading again: ");
    play_shows("No such file");
    play_shows("its 4 users stay as they were");
    play_keys("Esc");
    play_file("reasons-one-with-a-long-name-so-that-it-cannot-fit-beside-a-reason.csv", "user,arn", 8);
    play_keys("R");
    play_shows("Nothing changed (P: why)");
    assert_int_equal(ui->report->row_count, 6);
    play_keys("P");
    play_shows("header and no user");
    play_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reasons)};
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
