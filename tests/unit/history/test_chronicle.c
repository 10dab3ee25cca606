/* Many reports over time: since when, how often, and what happened between one report and the next. */
#include "unit/sample.h"

#include "history/chronicle.h"
#include "history/log.h"

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
    chronicle_add(h, &r, 0, r.row_count, r.as_of, NULL, numbers, NULL);
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

static void since_is(const struct chronicle *h, uint32_t user, const char *check, int day, bool at_least,
    uint32_t recurred)
{
    struct chronicle_since s;
    assert_true(chronicle_since(h, user, check_named(check), &s));
    assert_int_equal((s.time - DAY_0) / DAY, day);
    assert_int_equal(s.is_at_least, at_least);
    assert_int_equal(s.recurred, recurred);
}

#define CONSOLE \
    "password_enabled=true password_last_used=2026-01-01T00:00:00Z password_last_changed=2026-01-01T00:00:00Z "

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
    const char *const third[] = {"bob", "", "ana", "user_creation_time=2026-01-02T00:00:00Z " CONSOLE, "ana", CONSOLE,
        NULL};
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
    const char *const full[] = {"ana",
        CONSOLE "mfa_active=true cert_1_active=true cert_1_last_rotated=2026-01-01T00:00:00Z", NULL};
    const char *const lost[] = {"ana",
        CONSOLE "mfa_active=false cert_1_active=true cert_1_last_rotated=2026-01-01T00:00:00Z", NULL};
    add_report(h, 0, full, users);
    struct report r;
    sample_load(&r, slice_of("user,arn,user_creation_time\nana,arn:aws:iam::123456789012:user/ana,"
        "2024-01-01T00:00:00Z\n"));
    r.as_of = DAY_0 + DAY;
    audit_run(&audit, &r);
    chronicle_add(h, &r, 0, 1, r.as_of, NULL, users, NULL);
    report_free(&r);
    since_is(h, users[0], "active-cert", 0, true, 0);
    add_report(h, 2, full, users);
    since_is(h, users[0], "active-cert", 0, true, 0);
    assert_int_equal(chronicle_event_count(h), 0);
    add_report(h, 3, lost, users);
    log_is(h, "2026-01-04 ana mfa-lost mfa true>false\n2026-01-04 ana finding-new password >console-mfa\n");
    chronicle_free(h);
}

/* ---- cancelling ---- */

/* A cancel token that ends when it is asked for the LEFT-th time. */
static bool ends_later(void *context)
{
    size_t *left = context;
    if (*left)
        --*left;
    return *left == 0;
}

enum { PEOPLE = 2600, SPANS = 3 };

/* A person in all of the random reports. */
struct person {
    bool is_here, mfa, key;
    int made, account, key_made;
};

/* Reports of three accounts, two of which have one number; some users come, go, return, and are created anew. */
static void random_people(struct person *all, int day)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        struct person *p = &all[i];
        if (day == 0)
            *p = (struct person){.is_here = sample_below(8) != 0, .account = (int)(i * 3 / PEOPLE)};
        switch (sample_below(6)) {
        case 0: p->mfa = !p->mfa; break;
        case 1: p->key = !p->key; break;
        case 2: p->key_made = day; break;
        case 3: p->is_here = p->account != 2 || day > 2 ? !p->is_here : false; break;
        case 4: p->made = sample_below(4) ? p->made : day; break;
        default: break;
        }
        p->is_here &= p->account != 2 || day > 2;
    }
}

static void random_report(struct report *r, const struct person *all, int day)
{
    static const char *const accounts[] = {"aws:iam::123456789012", "aws:iam::210987654321",
        "aws-cn:iam::123456789012"};
    struct buffer csv = {0};
    buffer_puts(&csv, "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,"
        "access_key_1_last_rotated\n");
    for (size_t i = 0; i < PEOPLE; i++) {
        const struct person *p = &all[i];
        if (p->is_here)
            buffer_printf(&csv, "u%zu,arn:%s:user/u%zu,2025-01-%02dT00:00:00Z,true,%s,%s,2025-02-%02dT00:00:00Z\n", i,
                accounts[p->account], i, p->made + 1, p->mfa ? "true" : "false", p->key ? "true" : "false",
                p->key_made + 1);
    }
    report_free(r);
    sample_load(r, (struct slice){csv.data, csv.len});
    r->as_of = DAY_0 + (int64_t)day * DAY;
    audit_run(&audit, r);
    buffer_free(&csv);
}

/* Everything that H tells. */
static void dump(struct buffer *b, const struct chronicle *h)
{
    b->len = 0;
    for (size_t i = 0; i < chronicle_event_count(h); i++) {
        const struct chronicle_event *e = chronicle_event(h, i);
        buffer_printf(b, "event %u %u %u %u %u %u %u %u %u\n", e->user, e->report, e->chain, e->before, e->after,
            e->change, e->what, e->at_fault, e->cells);
    }
    for (size_t i = 0; i < chronicle_report_count(h); i++) {
        const struct chronicle_report *r = chronicle_report(h, i);
        buffer_printf(b, "report %lld %u %u %u %u %u %u", (long long)r->time, r->account, r->previous, r->users,
            r->console_users, r->mfa_users, r->active_keys);
        for (size_t check = 0; check < check_count(); check++)
            buffer_printf(b, " %u", r->findings[check]);
    }
    for (size_t i = 0; i < chronicle_account_count(h); i++)
        buffer_printf(b, "account %s\n", chronicle_account(h, (uint32_t)i));
    for (size_t i = 0; i < chronicle_user_count(h); i++) {
        uint32_t user = (uint32_t)i;
        struct slice arn = chronicle_user_arn(h, user), name = chronicle_user_name(h, user);
        bool at_least;
        int64_t first = chronicle_first_seen(h, user, &at_least);
        buffer_printf(b, "user %.*s %.*s %u %u %u %lld %d", (int)arn.len, arn.data, (int)name.len, name.data,
            chronicle_user_created(h, user), chronicle_user_account(h, user), chronicle_last_event(h, user),
            (long long)first, at_least);
        for (size_t check = 0; check < check_count(); check++) {
            struct chronicle_since s;
            if (chronicle_since(h, user, check, &s))
                buffer_printf(b, " %zu %lld %d %u", check, (long long)s.time, s.is_at_least, s.recurred);
        }
        buffer_putc(b, '\n');
    }
}

static void same_history(struct buffer *want, struct buffer *got, const struct chronicle *h)
{
    dump(got, h);
    assert_int_equal(got->len, want->len);
    assert_memory_equal(got->data, want->data, got->len);
}

/* A report that was cancelled anywhere is as if it had never been there, and can be added again. */
static void test_cancel(void **state)
{
    (void)state;
    static struct person people[PEOPLE];
    struct chronicle *h = chronicle_new(), *plain = chronicle_new();
    struct report r = {0};
    struct buffer want = {0}, got = {0};
    sample_start();
    for (int day = 0; day < 7; day++) {
        random_people(people, day);
        random_report(&r, people, day);
        dump(&want, plain);
        for (size_t looks = 1; looks <= SPANS; looks++) {
            size_t left = looks;
            struct cancel_token cancel = {.is_over = ends_later, .context = &left};
            if (looks > (r.row_count + 1023) / 1024) /* the token would not be asked so often */
                continue;
            assert_true(chronicle_add_older(h, &r, r.as_of, NULL, NULL, &cancel));
            assert_true(cancel.has_ended);
            same_history(&want, &got, h);
        }
        size_t never = SIZE_MAX;
        struct cancel_token cancel = {.is_over = ends_later, .context = &never};
        assert_true(chronicle_add_older(h, &r, r.as_of, NULL, NULL, &cancel));
        assert_true(chronicle_add_older(plain, &r, r.as_of, NULL, NULL, NULL));
        dump(&want, plain);
        same_history(&want, &got, h);
    }
    report_free(&r);
    buffer_free(&want);
    buffer_free(&got);
    chronicle_free(h);
    chronicle_free(plain);
}

/* The log of a long history can be cancelled everywhere: it asks its token more often the longer it is. */
static void test_cancel_log(void **state)
{
    (void)state;
    static struct person people[PEOPLE];
    struct chronicle *h = chronicle_new();
    struct report r = {0};
    sample_start();
    for (int day = 0; day < 4; day++) {
        uint32_t *users = xcalloc(PEOPLE, sizeof *users);
        random_people(people, day);
        random_report(&r, people, day);
        chronicle_add(h, &r, 0, r.row_count, r.as_of, NULL, users, NULL);
        chronicle_attach(&r, h, users);
    }
    size_t looks = 0;
    for (bool is_made = false; !is_made; looks++) {
        size_t left = looks + 1;
        struct cancel_token cancel = {.is_over = ends_later, .context = &left};
        struct history_log log;
        struct error err;
        is_made = log_make(&log, &r, &audit, &cancel, &err);
        assert_int_equal(is_made, !cancel.has_ended);
        if (!is_made)
            assert_string_equal(err.text, "cancelled");
        log_free(&log);
    }
    assert_true(looks > 2 * (chronicle_event_count(h) / 1024)); /* copying rows, and adding columns */
    report_free(&r);
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
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_cancel_log),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    audit_free(&audit);
    return failed;
}
