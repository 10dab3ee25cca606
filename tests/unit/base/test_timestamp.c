/* Times and durations: published values, and the C library's calendar as an independent oracle. */
#include "unit/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct known {
    const char *text;
    int64_t seconds;
};

/* Published: POSIX, RFC 3339 and the well-known milestones of the epoch. */
static const struct known known_times[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01T00:00:01Z", 1},
    {"1969-12-31T23:59:59Z", -1},
    {"2000-02-29T00:00:00Z", 951782400},
    {"2000-03-01T00:00:00Z", 951868800},
    {"2001-09-09T01:46:40Z", 1000000000},
    {"2004-02-29T12:00:00Z", 1078056000},
    {"2009-02-13T23:31:30Z", 1234567890},
    {"2014-08-28T21:42:50Z", 1409262170},
    {"2033-05-18T03:33:20Z", 2000000000},
    {"2038-01-19T03:14:07Z", 2147483647},
    {"2038-01-19T03:14:08Z", 2147483648},
    {"2100-02-28T23:59:59Z", 4107542399},
    {"2100-03-01T00:00:00Z", 4107542400},
    {"2106-02-07T06:28:15Z", 4294967295},
    {"1901-12-13T20:45:52Z", -2147483648},
    {"9999-12-31T23:59:59Z", 253402300799},
    {"2022-03-08T16:02:25+00:00", 1646755345},
    {"2022-03-08T16:02:25-00:00", 1646755345},
    {"2022-03-08T16:02:25Z", 1646755345},
    {"2022-03-08T18:02:25+02:00", 1646755345},
    {"2022-03-08T08:02:25-08:00", 1646755345},
    {"2022-03-08T21:32:25+05:30", 1646755345},
    {"2022-03-08T12:32:25-03:30", 1646755345},
    {"2022-03-09T00:47:25+08:45", 1646755345},
    {"1985-04-12T23:20:50Z", 482196050},
    {"1996-12-19T16:39:57-08:00", 851042397},
    {"1970-01-01T00:00:00+23:59", -86340},
};

/* As pandas, DuckDB, Athena, JavaScript, Go and people write times. */
static const struct known other_times[] = {
    {"2026-01-31", 1769817600}, {"2026-01-31T10:00Z", 1769853600}, {"2026-01-31T10:00", 1769853600},
    {"2026-01-31T10:00:30", 1769853630}, {"2026-01-31T10:00+01:00", 1769850000}, {"1970-01-01", 0},
    {"2026-01-31T10:00:30-01:00", 1769857230}, {"2022-03-08T16:02Z", 1646755320}, {"2022-03-08T16:02:25", 1646755345},
    {"2022-03-08 16:02:25Z", 1646755345}, {"2022-03-08t16:02:25Z", 1646755345}, {"2022-03-08T16:02:25z", 1646755345},
    {"2022-03-08T16:02:25.5Z", 1646755345}, {"2022-03-08T16:02:25.000Z", 1646755345},
    {"2022-03-08T16:02:25.123456789Z", 1646755345}, {"2022-03-08T16:02:25,5Z", 1646755345},
    {"2022-03-08T16:02:25.999999+00:00", 1646755345}, {"2022-03-08 16:02:25.000 UTC", 1646755345},
    {"2022-03-08T16:02:25+0000", 1646755345}, {"2022-03-08T16:02:25+00", 1646755345},
    {"2022-03-08 16:02:25", 1646755345}, {"2022-03-08 16:02:25+00", 1646755345},
    {"2022-03-08 16:02:25+00:00", 1646755345}, {"2022-03-08 16:02:25 +0000", 1646755345},
    {"2022-03-08 16:02:25 UTC", 1646755345}, {"2022-03-08 16:02:25 utc", 1646755345},
    {"2022-03-08 16:02:25 GMT", 1646755345}, {"2022-03-08T16:02:25UTC", 1646755345},
    {"2022-03-08 16:02:25 +0000 UTC", 1646755345}, {"2022-03-08 16:02:25.5 +0000 UTC", 1646755345},
    {"2022-03-08T18:02:25+0200", 1646755345}, {"2022-03-08 18:02:25+02", 1646755345},
    {"2022-03-08 08:02:25.25-0800", 1646755345}, {" 2022-03-08T16:02:25Z", 1646755345},
    {"20220308T160225Z", 1646755345}, {"20220308T1602", 1646755320}, {"20220308T180225+0200", 1646755345},
    {"2022-03-08T16:02:25Z[UTC]", 1646755345}, {"2022-03-08T17:02:25+01:00[Europe/Berlin]", 1646755345},
    {"2022-03-08T16:02:25Z ", 1646755345}, {"0001-01-01T00:00:00Z", -62135596800},
};

static const char *const not_times[] = {
    "20220308T16", "20220308T160225+", "20220308T162", "20220308 160225Z", "20221308T160225Z", "20220308T166025Z",
    "2022-03-08T16:02:25[UTC]", "[UTC]", "]", "2022-03-08T16:02:25Z[UTC", "", "Z", "N/A", "2022", "2022-03",
    "2022-3-08", "2022-03-32", "2022-03-08T", "2022-03-08T16", "2022-03-08T16:", "2022-03-08T16:0", "2022-03-08T16:02:",
    "2022-03-08T16:02:2", "2022-03-08Z", "2022-03-08x", "today",
    "2022-03-08T16:02ZZ", "2022-03-08T16:02:25.Z", "2022-03-08T16:02:25.", "2022-03-08T16:02+1", "2022-03-08  16:02:25",
    "2022-03-08T16:02:25+00:00Z", "2022-03-08T16:02:25Z+00:0", "2022-03-08T16:02:25+00:", "2022-03-08T16:02:25+000",
    "2022-03-08T16:02:25+00000", "2022-03-08T16:02:25 EST", "2022-03-08 16:02:25 Europe/Berlin",
    "2022-03-08 16:02:25 +0200 CEST", "2022-03-08 04:02:25 PM",
    "2022-03-08T16:02:25+0a:00", "2022-03-08T16:02:25+24:00", "2022-03-08T16:02:25+00:60", "2022-03-08T16:02:25*00:00",
    "2022-13-08T16:02:25Z", "2022-00-08T16:02:25Z", "2022-03-00T16:02:25Z", "2022-03-32T16:02:25Z",
    "2022-04-31T16:02:25Z", "2022-06-31T16:02:25Z", "2022-09-31T16:02:25Z", "2022-11-31T16:02:25Z",
    "2022-02-29T16:02:25Z", "2100-02-29T16:02:25Z", "1900-02-29T16:02:25Z", "2000-02-30T16:02:25Z",
    "2022-03-08T24:00:00Z", "2022-03-08T16:60:25Z", "2022-03-08T16:02:60Z", "2022-03-08T-1:02:25Z",
    "2022-03-08T+1:02:25Z", "2022-3-08T16:02:025Z", "3/8/2022 4:02:25 PM", "08/03/2022 16:02:25Z", "1/28/2025",
    "28.01.2025 08:00", "2022/03/08", "Tue Mar  8 16:02:25 2022", "44628.66835", "1646755345",
    "02022-03-08T16:02:25", "-022-03-08T16:02:25Z", "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01",
};

static void check_times(const struct known *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t got = -12345;
        if (!timestamp_parse(slice_of(table[i].text), &got) || got != table[i].seconds)
            fail_msg("%s: %lld", table[i].text, (long long)got);
    }
}

static void test_known(void **state)
{
    (void)state;
    check_times(known_times, SAMPLE_COUNT(known_times));
    check_times(other_times, SAMPLE_COUNT(other_times));
}

static void test_rejects(void **state)
{
    int64_t t;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(not_times); i++) {
        if (timestamp_parse(slice_of(not_times[i]), &t))
            fail_msg("\"%s\" was taken for a time", not_times[i]);
    }
    assert_false(timestamp_parse((struct slice){"2022-03-08T16:02:25\0", 20}, &t));
}

/* A copy of exactly that length, so that the sanitizer notices reading past it. */
static void test_prefixes(void **state)
{
    static const char *const wholes[] = {"2022-03-08T16:02:25+00:00", "2022-03-08 16:02:25.123 +0000 UTC",
        "status_reports_2018-03-27T03-01-45+00-00", "/Date(1646755345000)/"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(wholes); i++) {
        for (size_t n = 0; n < strlen(wholes[i]); n++) {
            char *part = xcalloc(n, 1);
            int64_t t;
            memcpy(part, wholes[i], n);
            timestamp_parse((struct slice){part, n}, &t);
            timestamp_parse_epoch((struct slice){part, n}, &t);
            timestamp_in_file_name((struct slice){part, n}, &t);
            duration_parse((struct slice){part, n}, &t);
            free(part);
        }
    }
}

static void test_epoch(void **state)
{
    static const struct known table[] = {{"1646755345", 1646755345}, {"1646755345.5", 1646755345},
        {"1646755345000", 1646755345}, {"1646755345123456", 1646755345}, {"1646755345123456789", 1646755345},
        {"/Date(1646755345000)/", 1646755345}, {" 1646755345 ", 1646755345},
        {"1646755345000000000", 1646755345}, {"/Date(1646755345000+0200)/", 1646755345},
        {"/Date(1646755345000-0330)/", 1646755345}};
    static const char *const rejects[] = {"", "0", "20220308", "1646755345x", "-1646755345", "1.6467e9", "/Date(",
        "16467553450000000000", "/Date(-1646755345000)/", "/Date()/", ".5", "N/A", "2022-03-08"};
    int64_t t;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        bool ok = timestamp_parse_epoch(slice_of(table[i].text), &t);
        if (table[i].seconds ? !ok || t != table[i].seconds : ok)
            fail_msg("%s: %lld", table[i].text, (long long)t);
    }
    for (size_t i = 0; i < SAMPLE_COUNT(rejects); i++) {
        if (timestamp_parse_epoch(slice_of(rejects[i]), &t))
            fail_msg("\"%s\" was taken for a time", rejects[i]);
    }
}

static void test_against_library(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (int i = 0; i < 200000; i++) {
        int64_t t = (int64_t)sample_below(315537897600) - 62135596800; /* the years 1 to 9999 */
        time_t library = (time_t)t;
        struct tm tm;
        char want[96], got[32];
        int64_t back;
        assert_non_null(gmtime_r(&library, &tm));
        snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
            tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
        timestamp_format(got, sizeof got, t);
        if (strcmp(got, want) != 0)
            fail_msg("seed %llu: %lld is %s, not %s", seed, (long long)t, want, got);
        if (!timestamp_parse(slice_of(want), &back) || back != (int64_t)timegm(&tm))
            fail_msg("seed %llu: %s is %lld, not %lld", seed, want, (long long)t, (long long)back);
    }
}

/* Every day of four centuries and some: the length of each month, each leap year. */
static void test_every_day(void **state)
{
    char text[32], next[32];
    int64_t back;
    (void)state;
    for (int64_t day = -80000; day < 90000; day++) {
        timestamp_format(text, sizeof text, day * TIMESTAMP_DAY);
        timestamp_format(next, sizeof next, day * TIMESTAMP_DAY + TIMESTAMP_DAY - 1);
        assert_true(timestamp_parse(slice_of(text), &back));
        assert_int_equal(back, day * TIMESTAMP_DAY);
        assert_memory_equal(text, next, 10);
        assert_string_equal(text + 10, "T00:00:00Z");
        assert_string_equal(next + 10, "T23:59:59Z");
    }
}

static void test_offsets(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (int i = 0; i < 20000; i++) {
        int64_t t = (int64_t)sample_below(4000000000), got;
        int minutes = (int)sample_below(2 * 1439 + 1) - 1439;
        char text[64];
        timestamp_format(text, sizeof text, t + minutes * 60);
        snprintf(text + 19, sizeof text - 19, "%c%02d:%02d", minutes < 0 ? '-' : '+', abs(minutes) / 60,
            abs(minutes) % 60);
        if (!timestamp_parse(slice_of(text), &got) || got != t)
            fail_msg("seed %llu: %s is %lld, not %lld", seed, text, (long long)t, (long long)got);
    }
}

static void test_file_names(void **state)
{
    static const struct known table[] = {
        {"status_reports_2018-03-27T03-01-45+00-00.csv", 1522119705},
        {"/tmp/reports/status_reports_2018-03-27T03-01-45+00-00.csv", 1522119705},
        {"prod-status_reports_2018-03-27T03-01-45+00-00.csv", 1522119705},
        {"status_reports_2018-03-27T03-01-45+00-00", 1522119705},
        {"status_reports_2018-03-27T03-01-45Z.csv", 1522119705},
        {"status_reports_2018-03-27T03-01-45.csv", 1522119705},
        {"status_reports_2018-03-27T03-01-45", 1522119705},
        {"status_reports_2018-03-27T05-01-45+02-00.csv", 1522119705},
        {"status_reports_2018-03-26T22-01-45-05-00.csv", 1522119705},
        {"status_reports_2018-03-27T03-01-45+00-00 (1).csv", 1522119705},
        {"status_reports_2018-03-27T03-01-45 (1).csv", 1522119705},
        {"status_reports_2018-03-27T03-01-45-copy.csv", 1522119705},
        {"status_reports_2018-03-27T03:01:45+00:00.csv", 1522119705},
        {"status_reports_2018-03-27T03_01_45+00_00.csv", 1522119705},
        {"status_reports_2018-03-27T03_01_45_00_00.csv", 1522119705},
        {"status_reports_2018-03-27T03%3A01%3A45+00%3A00.csv", 1522119705},
        {"status_reports_2018-03-27T03%3a01%3a45%2B00%3A00.csv", 1522119705},
        {"status_reports_2018_03_27T03_01_45Z.csv", 1522119705},
        {"status_reports_2018-03-27T05%3A01%3A45%2b02%3A00.csv", 1522119705},
        {"status_reports_2017-01-01T00-00-00+00-00/status_reports_2018-03-27T03-01-45+00-00.csv", 1522119705},
    };
    static const char *const rejects[] = {"", "report.csv", "status_reports_.csv", "status_reports_2018-03-27.csv",
        "status_reports_2018-13-27T03-01-45+00-00.csv",
        "status_reports_2018-02-29T03-01-45+00-00.csv", "status_reports_2018-03-27T03-01.csv",
        "2018-03-27T03-01-45+00-00.csv", "status_report", "status_reports_2018-03-27T03-01-45+25-00.csv"};
    int64_t t;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        if (!timestamp_in_file_name(slice_of(table[i].text), &t) || t != table[i].seconds)
            fail_msg("%s: %lld", table[i].text, (long long)t);
    }
    for (size_t i = 0; i < SAMPLE_COUNT(rejects); i++) {
        if (timestamp_in_file_name(slice_of(rejects[i]), &t))
            fail_msg("a time was found in \"%s\"", rejects[i]);
    }
}

static void test_dates_in_file_names(void **state)
{
    static const struct known table[] = {
        {"iam-2018-03-27.csv", 1522108800}, {"2018-03-27", 1522108800}, {"20180327.csv.gz", 1522108800},
        {"report_20180327_a.csv", 1522108800}, {"2018_03_27.csv", 1522108800}, {"2018.03.27.csv", 1522108800},
        {"dir/x/2018-03-27.csv", 1522108800}, {"2017-01-01_2018-03-27.csv", 1522108800},
        {"123456789012-2018-03-27.csv", 1522108800}, {"2018-03-27-123456789012.csv", 1522108800},
        {"2018-03-27 (1).csv", 1522108800}, {"2018-03-27-copy.csv", 1522108800}, {"2018-03-27_99-99.csv", 1522108800},
        {"2018-03-27T03-01-45Z.csv", 1522119705}, {"2018-03-27T03:01:45.csv", 1522119705},
        {"20180327T030145Z.csv", 1522119705}, {"20180327-030145.csv", 1522119705}, {"20180327030145.csv", 1522119705},
        {"iam 2018-03-27 03.csv", 1522108800}, {"2018-03-27_0301.csv", 1522119660},
        {"2018-03-27T03-01.csv", 1522119660},
        {"2018-03-27-0301-45.csv", 1522119660}, {"x-20240229.csv", 1709164800},
    };
    static const char *const rejects[] = {"", "report.csv", "report-2018.csv", "2018-03.csv", "2018-3-27.csv",
        "2018-02-29.csv", "2018-03-27/report.csv", "201801010000.csv", "123456789012.csv", "99920180327.csv",
        "201803271.csv",
        "201803-27.csv", "2018-0327.csv", "1999-01-01.csv", "20189999.csv", "2018-03-275.csv"};
    int64_t t;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        if (!timestamp_date_in_file_name(slice_of(table[i].text), &t) || t != table[i].seconds)
            fail_msg("%s: %lld", table[i].text, (long long)t);
    }
    for (size_t i = 0; i < SAMPLE_COUNT(rejects); i++) {
        if (timestamp_date_in_file_name(slice_of(rejects[i]), &t))
            fail_msg("a date was found in \"%s\"", rejects[i]);
    }
}

static void test_durations(void **state)
{
    static const struct known table[] = {
        {"0d", 0}, {"0s", 0}, {"1s", 1}, {"30s", 30}, {"1m", 60}, {"5m", 300}, {"1h", 3600}, {"36h", 129600},
        {"1d", 86400}, {"90d", 7776000}, {"090d", 7776000}, {"90D", 7776000}, {"1w", 604800}, {"12w", 7257600},
        {"1mo", 2592000}, {"6mo", 15552000}, {"1MO", 2592000}, {"1y", 31536000}, {"10y", 315360000}, {"365d", 31536000},
    };
    static const char *const rejects[] = {"", "d", "90", "-90d", "+90d", "90 d", " 90d", "90d ", "9.5d", "90days",
        "90dd",
        "1mon", "d90", "1e3d", "0x5d", "99999999999999999999d", "9223372036854775807y", "12w3d", "n/a", "1\xc2\xb5s"};
    int64_t t;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        if (!duration_parse(slice_of(table[i].text), &t) || t != table[i].seconds)
            fail_msg("%s: %lld", table[i].text, (long long)t);
    }
    for (size_t i = 0; i < SAMPLE_COUNT(rejects); i++) {
        if (duration_parse(slice_of(rejects[i]), &t))
            fail_msg("\"%s\" was taken for a duration", rejects[i]);
    }
}

static void test_days(void **state)
{
    static const struct {
        int64_t seconds, days;
    } table[] = {{0, 0}, {1, 0}, {86399, 0}, {86400, 1}, {86401, 1}, {172799, 1}, {172800, 2}, {-1, 0}, {-86399, 0},
        {-86400, -1}, {-86401, -1}, {-172800, -2}, {INT64_C(90) * 86400, 90}, {INT64_C(90) * 86400 + 1, 90}};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++)
        assert_int_equal(duration_days(table[i].seconds), table[i].days);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known), cmocka_unit_test(test_rejects), cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_epoch), cmocka_unit_test(test_against_library), cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_offsets), cmocka_unit_test(test_file_names), cmocka_unit_test(test_dates_in_file_names),
        cmocka_unit_test(test_durations), cmocka_unit_test(test_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
