/* Many reports over time: since when, how often, and what happened between one report and the next. */
#include "unit/sample.h"

#include "history/chronicle.h"

#include <stdio.h>

static struct audit audit;

enum { DAY_0 = 1767225600, DAY = 86400 }; /* 2026-01-01 */

/* A report of DAY_0 + DAY days: its users are "name:changes" lines. */
static void add_report(struct chronicle *h, int day, const char *const *users, uint32_t *numbers)
{
    struct buffer csv = {0};
    struct report r;
    buffer_puts(&csv, sample_header);
    for (; *users; users += 2)
        sample_user(&csv, users[0], users[1]);
    sample_load(&r, (struct slice){csv.data, csv.len});
    r.as_of = DAY_0 + (int64_t)day * DAY;
    audit_run(&audit, &r);
    chronicle_add(h, &r, 0, r.row_count, r.as_of, NULL, numbers);
    report_free(&r);
    buffer_free(&csv);
}

/* "2026-01-02 ana mfa-lost mfa true>false", a line each. */
static void log_is(const struct chronicle *h, const char *want)
{
    struct buffer b = {0};
    buffer_puts(&b, "");
    for (size_t i = 0; i < chronicle_event_count(h); i++) {
        const struct chronicle_event *e = chronicle_event(h, i);
        char time[32];
        if (e->change == CHRONICLE_FOUND)
            continue;
        struct slice name = chronicle_user_name(h, e->user);
        timestamp_format(time, sizeof time, chronicle_report(h, e->report)->time);
        buffer_printf(&b, "%.10s %.*s %s ", time, (int)name.len, name.data, change_name((enum change)e->change));
        chronicle_put_credential(&b, e);
        buffer_putc(&b, ' ');
        chronicle_put_before(&b, e);
        buffer_putc(&b, '>');
        chronicle_put_after(&b, e);
        buffer_putc(&b, '\n');
    }
    assert_string_equal(b.data, want);
    buffer_free(&b);
}

static size_t check_named(const char *id)
{
    return check_find(slice_of(id), BENCHMARK_CIS_1_4, NULL);
}

static void since_is(const struct chronicle *h, uint32_t user, const char *check, int day, bool at_least, uint32_t recurred)
{
    struct chronicle_since s;
    assert_true(chronicle_since(h, user, check_named(check), &s));
    assert_int_equal((s.time - DAY_0) / DAY, day);
    assert_int_equal(s.is_at_least, at_least);
    assert_int_equal(s.recurred, recurred);
}

#define CONSOLE "password_enabled=true password_last_used=2026-01-01T00:00:00Z password_last_changed=2026-01-01T00:00:00Z "

static void test_since(void **state)
{
    (void)state;
    struct chronicle *h = chronicle_new();
    struct chronicle_since s;
    uint32_t users[4];
    const char *const safe[] = {"ana", CONSOLE "mfa_active=true", "bob", CONSOLE "mfa_active=false", NULL};
    const char *const lost[] = {"bob", CONSOLE "mfa_active=false", "ana", CONSOLE "mfa_active=false", NULL};
    add_report(h, 1, safe, users);
    assert_false(chronicle_since(h, users[0], check_named("console-mfa"), &s));
    since_is(h, users[1], "console-mfa", 1, true, 0);
    add_report(h, 3, lost, users);
    since_is(h, users[1], "console-mfa", 3, false, 0);
    since_is(h, users[0], "console-mfa", 1, true, 0);
    add_report(h, 5, safe, users);
    add_report(h, 7, lost, users);
    add_report(h, 8, lost, users);
    since_is(h, users[1], "console-mfa", 7, false, 1);
    since_is(h, users[0], "console-mfa", 1, true, 0);
    log_is(h, "2026-01-04 ana mfa-lost mfa true>false\n2026-01-04 ana finding-new password >console-mfa\n"
        "2026-01-06 ana mfa-gained mfa false>true\n2026-01-06 ana finding-fixed  console-mfa>\n"
        "2026-01-08 ana mfa-lost mfa true>false\n2026-01-08 ana finding-new password >console-mfa\n");
    chronicle_free(h);
}

static void test_users(void **state)
{
    (void)state;
    struct chronicle *h = chronicle_new();
    uint32_t users[4];
    bool at_least;
    const char *const first[] = {"ana", "user_creation_time=2025-01-01T00:00:00Z", "bob", "", NULL};
    const char *const second[] = {"ana", "user_creation_time=2026-01-02T00:00:00Z " CONSOLE, "eve", "", NULL};
    const char *const third[] = {"bob", "", "ana", "user_creation_time=2026-01-02T00:00:00Z " CONSOLE, "ana", CONSOLE, NULL};
    add_report(h, 0, first, users);
    add_report(h, 2, second, users);
    assert_int_equal(chronicle_first_seen(h, users[0], &at_least), DAY_0 + 2 * DAY);
    assert_false(at_least);
    add_report(h, 3, third, users);
    assert_int_equal(users[1], users[2]);
    since_is(h, users[1], "console-mfa", 2, false, 0);
    assert_int_equal(chronicle_first_seen(h, users[0], &at_least), DAY_0);
    assert_true(at_least);
    struct buffer b = {0};
    for (size_t i = 0; i < chronicle_event_count(h); i++)
        buffer_printf(&b, "%s ", change_name((enum change)chronicle_event(h, i)->change));
    assert_string_equal(b.data, "recreated finding-new added finding-new removed added finding-new removed ");
    buffer_free(&b);
    struct chronicle_since s; /* of the ana that was removed by being created again */
    assert_false(chronicle_since(h, 0, check_named("console-mfa"), &s));
    const char *const none[] = {"bob", "", NULL};
    add_report(h, 4, none, users + 2);
    assert_false(chronicle_since(h, users[1], check_named("console-mfa"), &s)); /* it is in the latest report no more */
    chronicle_free(h);
}

/* Columns that a report does not have are no change, and what they told before still counts afterwards. */
static void test_shapes(void **state)
{
    (void)state;
    struct chronicle *h = chronicle_new();
    uint32_t users[1];
    const char *const full[] = {"ana", CONSOLE "mfa_active=true cert_1_active=true cert_1_last_rotated=2026-01-01T00:00:00Z", NULL};
    const char *const lost[] = {"ana", CONSOLE "mfa_active=false cert_1_active=true cert_1_last_rotated=2026-01-01T00:00:00Z", NULL};
    add_report(h, 0, full, users);
    struct report r;
    sample_load(&r, slice_of("user,arn,user_creation_time\nana,arn:aws:iam::123456789012:user/ana,2024-01-01T00:00:00Z\n"));
    r.as_of = DAY_0 + DAY;
    audit_run(&audit, &r);
    chronicle_add(h, &r, 0, 1, r.as_of, NULL, users);
    report_free(&r);
    since_is(h, users[0], "active-cert", 0, true, 0);
    add_report(h, 2, full, users);
    since_is(h, users[0], "active-cert", 0, true, 0);
    assert_int_equal(chronicle_event_count(h), 0);
    add_report(h, 3, lost, users);
    log_is(h, "2026-01-04 ana mfa-lost mfa true>false\n2026-01-04 ana finding-new password >console-mfa\n");
    chronicle_free(h);
}

int main(void)
{
    struct check_settings settings;
    check_settings_init(&settings);
    audit_init(&audit, &settings);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_since),
        cmocka_unit_test(test_users),
        cmocka_unit_test(test_shapes),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    audit_free(&audit);
    return failed;
}
