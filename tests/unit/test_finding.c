/* Evidence, the cells that show it, waivers in a file, and the sample, in which all of it must turn up. */
#include "sample.h"

#include "demo.h"
#include "finding.h"
#include "remedy.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void load(struct report *r, struct audit *audit, const char *name, const char *changes)
{
    struct buffer csv = {0};
    struct check_settings settings;
    buffer_puts(&csv, sample_header);
    sample_user(&csv, name, changes);
    sample_load(r, (struct slice){csv.data, csv.len});
    buffer_free(&csv);
    check_settings_init(&settings);
    audit_init(audit, &settings);
    audit_run(audit, r);
}

static void unload(struct report *r, struct audit *audit)
{
    report_free(r);
    audit_free(audit);
}

#define ROOT "arn=arn:aws:iam::123456789012:root "
#define KEY_1 "access_key_1_active=true access_key_1_last_rotated="

static const struct {
    const char *name, *changes, *check, *evidence;
    uint64_t cells;
} cases[] = {
    {"svc", KEY_1 "2021-03-21T12:00:00Z", "rotate-key", "key 1: active, 1,912 days old, never used",
        UINT64_C(1) << COL_KEY_1_AGE | UINT64_C(1) << COL_KEY_1_LAST_ROTATED},
    /* What was never used counts from when it was made: that cell is a reason, too. */
    {"svc", KEY_1 "2026-01-01T12:00:00Z", "unused", "key 1: active, 165 days old, never used",
        UINT64_C(1) << COL_KEY_1_IDLE | UINT64_C(1) << COL_KEY_1_LAST_USED_DATE | UINT64_C(1) << COL_KEY_1_LAST_ROTATED},
    {"svc", "access_key_2_active=true access_key_2_last_rotated=2026-03-01T00:00:00Z "
        "access_key_2_last_used_date=2026-04-01T00:00:00Z", "unused", "key 2: active, 106 days old, used 75 days ago",
        UINT64_C(1) << COL_KEY_2_IDLE | UINT64_C(1) << COL_KEY_2_LAST_USED_DATE},
    {"jane", "password_enabled=true password_last_used=2026-06-15T11:00:00Z password_last_changed=2026-06-14T12:00:00Z",
        "console-mfa", "no MFA; password: enabled, 1 day old, used today", UINT64_C(1) << COL_MFA_ACTIVE},
    {"<root_account>", ROOT "password_enabled=not_supported", "root-mfa",
        "no MFA; password: not told by this report, age unknown, never used", UINT64_C(1) << COL_MFA_ACTIVE},
    {"<root_account>", ROOT KEY_1 "2026-06-01T00:00:00Z mfa_active=true", "root-key",
        "key 1: active, 14 days old, never used", UINT64_C(1) << COL_KEY_1_ACTIVE | UINT64_C(1) << COL_KEY_1_AGE},
    {"none", "user_creation_time=2024-06-15T12:00:00Z", "no-credential",
        "no password, key or certificate; user: 730 days old", UINT64_C(1) << COL_USER},
    {"soap", "cert_2_active=true cert_2_last_rotated=2020-06-15T12:00:00Z", "active-cert",
        "certificate 2: active, 2,191 days old", UINT64_C(1) << COL_CERT_2_ACTIVE | UINT64_C(1) << COL_CERT_2_AGE},
    /* A report that is older than what stands in it does not make nonsense of it. */
    {"ahead", KEY_1 "2026-07-01T12:00:00Z access_key_1_last_used_date=2026-07-03T12:00:00Z access_key_2_active=true "
        "access_key_2_last_rotated=2026-06-15T12:00:00Z", "two-keys",
        "key 1: active, 16 days ahead of the report's time, used 18 days after the report's time; "
        "key 2: active, 0 days old, never used",
        UINT64_C(1) << COL_KEY_1_ACTIVE | UINT64_C(1) << COL_KEY_1_AGE | UINT64_C(1) << COL_KEY_2_ACTIVE
            | UINT64_C(1) << COL_KEY_2_AGE},
};

static void test_evidence(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++) {
        struct report r;
        struct audit audit;
        struct finding list[CHECKS_MAX];
        struct buffer b = {0};
        load(&r, &audit, cases[i].name, cases[i].changes);
        size_t n = finding_list(&r, 0, list), at = 0;
        while (at < n && strcmp(checks[list[at].check].id, cases[i].check) != 0)
            at++;
        if (at == n)
            fail_msg("case %zu: %s is not found", i, cases[i].check);
        finding_evidence(&b, &r, &list[at]);
        assert_string_equal(b.data, cases[i].evidence);
        assert_int_equal(finding_cells(&r, &list[at]), cases[i].cells);
        for (size_t k = 1; k < n; k++)
            assert_true(checks[list[k - 1].check].severity >= checks[list[k].check].severity);
        buffer_free(&b);
        unload(&r, &audit);
    }
}

/* Old on one slot and active on the other are not one key: only the one at fault is named and lit. */
static void test_slots(void **state)
{
    struct report r;
    struct audit audit;
    struct buffer b = {0};
    (void)state;
    load(&r, &audit, "svc", "access_key_1_active=false access_key_1_last_rotated=2019-01-01T00:00:00Z "
        "access_key_2_active=true access_key_2_last_rotated=2026-06-01T00:00:00Z "
        "access_key_2_last_used_date=2026-06-15T00:00:00Z");
    struct finding list[CHECKS_MAX];
    assert_int_equal(finding_list(&r, 0, list), 1);
    assert_string_equal(checks[list[0].check].id, "inactive-key");
    finding_credentials(&b, &list[0]);
    assert_string_equal(b.data, "key_1");
    uint64_t cells[SEVERITY_COUNT];
    finding_cells_of_row(&r, 0, cells);
    enum severity severity = checks[list[0].check].severity;
    assert_true(cells[SEVERITY_LOW] & (UINT64_C(1) << COL_KEY_1_AGE));
    assert_false(cells[SEVERITY_LOW] & (UINT64_C(1) << COL_KEY_2_AGE));
    assert_true(cells[severity] == cells[SEVERITY_LOW]);
    for (int worse = severity + 1; worse < SEVERITY_COUNT; worse++)
        assert_true(cells[worse] == 0);
    buffer_free(&b);
    unload(&r, &audit);
}

/* ---- many at once, as one by one ---- */

static void random_load(struct report *r, struct audit *audit, size_t rows)
{
    struct buffer csv = {0};
    struct check_settings settings;
    sample_random_report(&csv, rows);
    sample_load(r, (struct slice){csv.data, csv.len});
    buffer_free(&csv);
    check_settings_init(&settings);
    audit_init(audit, &settings);
    audit_run(audit, r);
}

/* Faults of whole spans are those of each row, and nobody is at fault who does not fail. */
static void test_faults(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (int i = 0; i < 8; i++) {
        struct report r;
        struct audit audit;
        random_load(&r, &audit, sample_below(3000));
        uint32_t *all = audit_faults(&r, NULL);
        for (size_t row = 0; row < r.row_count; row++) {
            for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
                uint32_t own = all[row * CREDENTIAL_COUNT + c];
                if (own != audit_fault(&r, row, c) || (own & ~audit_failed(&r, row)))
                    fail_msg("seed %llu: row %zu, %s", seed, row, credential_name(c));
            }
        }
        free(all);
        unload(&r, &audit);
    }
}

static const char *const credential_queries[] = {"active", "age > 90d", "not idle <= 45d", "last_used = never",
    "last_used != missing", "region = us-east-1", "service ~ ^s", "region = n/a", "used = no_information", "not used",
    "severity >= medium", "findings = 2", "checks ~ unused", "state = inactive", "credential in (key_1, password)",
    "mfa_active and key(active and age > 90d)", "last_rotated < 2025-01-01 or idle = missing", "active = malformed"};

/* What is kept of many credentials is what holds for each. */
static void test_keep_credentials(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (int i = 0; i < 8; i++) {
        struct report r;
        struct audit audit;
        random_load(&r, &audit, 20 + sample_below(2500));
        uint32_t *rows = xcalloc(r.row_count, sizeof *rows), *ids;
        for (uint32_t row = 0; row < r.row_count; row++)
            rows[row] = (uint32_t)r.row_count - 1 - row;
        size_t count = credential_list(&r, rows, r.row_count, &ids);
        uint32_t *kept = xcalloc(count + 1, sizeof *kept);
        for (size_t k = 0; k < SAMPLE_COUNT(credential_queries); k++) {
            struct error err;
            struct query *q = query_parse_credential(slice_of(credential_queries[k]), BENCHMARK_CIS_1_4, &err);
            bool inverted = sample_below(2);
            assert_non_null(q);
            memcpy(kept, ids, count * sizeof *ids);
            size_t n = query_keep_credentials(q, true, &r, kept, count, inverted, NULL), at = 0;
            for (size_t id = 0; id < count; id++) {
                if (query_matches_credential(q, &r, ids[id]) == inverted)
                    continue;
                if (at == n || kept[at++] != ids[id])
                    fail_msg("seed %llu: %s: credential %zu", seed, credential_queries[k], id);
            }
            assert_int_equal(at, n);
            query_free(q);
        }
        free(kept);
        free(ids);
        free(rows);
        unload(&r, &audit);
    }
}

/* ---- waivers ---- */

static char folder[] = "/tmp/ncred-waivers-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const char *path_of(struct buffer *b, const char *name)
{
    b->len = 0;
    buffer_printf(b, "%s/%s", folder, name);
    return b->data;
}

static struct buffer content_of(const char *path)
{
    struct buffer b = {0};
    char chunk[4096];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buffer_add(&b, chunk, n);
    fclose(f);
    return b;
}

static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

static char ops[] = "ops", on_order[] = "on order, OPS-1";

static struct waiver waiver_of(char *user, const char *check, const char *until)
{
    return (struct waiver){.user = user, .owner = ops, .reason = on_order,
        .check = check_find(slice_of(check), BENCHMARK_CIS_1_4), .until = sample_time(until)};
}

static void test_append(void **state)
{
    struct buffer path = {0};
    struct error err;
    struct waivers w;
    struct report r;
    struct audit audit;
    (void)state;
    char svc[] = "svc", strange[] = "#a b\\\n\x7f";
    path_of(&path, "waivers");
    struct waiver one = waiver_of(svc, "rotate-key", "2026-07-01T00:00:00Z");
    struct waiver odd = waiver_of(strange, "unused", "2026-08-01T00:00:00Z");
    assert_true(waivers_append(path.data, &one, 1, &err));
    assert_true(waivers_append(path.data, &odd, 1, &err));
    struct buffer text = content_of(path.data);
    assert_string_equal(text.data, "# user or ARN  check  until  owner  reason\n"
        "svc  rotate-key  2026-07-01  ops  on order, OPS-1\n"
        "\\x23a\\x20b\\x5c\\x0a\\x7f  unused  2026-08-01  ops  on order, OPS-1\n");
    buffer_free(&text);
    assert_true(waivers_load(&w, path.data, &err));
    assert_int_equal(w.count, 2);
    assert_string_equal(w.list[0].user, "#a b\\\n\x7f");
    assert_int_equal(w.list[1].until, one.until);
    load(&r, &audit, "svc", KEY_1 "2021-03-21T12:00:00Z");
    audit.waivers = w;
    audit_run(&audit, &r);
    assert_int_equal(report_value(&r, 0, COL_WAIVED).number, 1);
    struct finding list[CHECKS_MAX];
    size_t n = finding_list(&r, 0, list);
    assert_true(n > 1 && list[n - 1].waiver && !list[0].waiver); /* shown, behind those that count */
    /* On its date the finding counts again, and not a second before. */
    r.as_of = one.until - 1;
    audit_run(&audit, &r);
    assert_int_equal(report_value(&r, 0, COL_WAIVED).number, 1);
    r.as_of = one.until;
    audit_run(&audit, &r);
    assert_int_equal(report_value(&r, 0, COL_WAIVED).number, 0);
    unload(&r, &audit);
    unlink(path.data);
    buffer_free(&path);
}

/* Whole or not at all: what is wrong leaves the file as it was, and nothing beside it. */
static void test_append_refused(void **state)
{
    struct buffer path = {0};
    struct error err;
    (void)state;
    char svc[] = "svc", two_words[] = "two words", two_lines[] = "two\nlines", empty[] = "", good[] = "good";
    path_of(&path, "waivers");
    struct waiver w = waiver_of(svc, "rotate-key", "2026-07-01T00:00:00Z");
    put_file(path.data, "svc rotat-key 2026-07-01 ops why");
    assert_false(waivers_append(path.data, &w, 1, &err));
    assert_non_null(strstr(err.text, "waivers:1: no check \"rotat-key\"; rotate-key?"));
    put_file(path.data, "svc unused 2026-07-01 ops no newline at the end");
    chmod(path.data, 0640);
    w.owner = two_words;
    assert_false(waivers_append(path.data, &w, 1, &err));
    w.owner = ops;
    w.reason = two_lines;
    assert_false(waivers_append(path.data, &w, 1, &err));
    w.reason = empty;
    assert_false(waivers_append(path.data, &w, 1, &err));
    struct buffer text = content_of(path.data);
    assert_string_equal(text.data, "svc unused 2026-07-01 ops no newline at the end");
    buffer_free(&text);
    w.reason = good;
    assert_true(waivers_append(path.data, &w, 1, &err));
    text = content_of(path.data);
    assert_string_equal(text.data, "svc unused 2026-07-01 ops no newline at the end\n"
        "svc  rotate-key  2026-07-01  ops  good\n");
    buffer_free(&text);
    struct stat st;
    assert_true(stat(path.data, &st) == 0 && (st.st_mode & 07777) == 0640);
    unlink(path.data); /* remove_folder() fails when anything else is left */
    path_of(&path, "no/such/folder");
    assert_false(waivers_append(path.data, &w, 1, &err));
    buffer_free(&path);
}

static void test_sheet_file(void **state)
{
    struct buffer path = {0};
    struct error err;
    struct report r;
    struct audit audit;
    struct stat st;
    uint32_t row = 0;
    (void)state;
    load(&r, &audit, "svc", KEY_1 "2021-03-21T12:00:00Z");
    path_of(&path, "sheet");
    assert_true(remedy_save(path.data, &r, &row, 1, &err));
    assert_true(stat(path.data, &st) == 0 && (st.st_mode & 07777) == 0600);
    assert_false(remedy_save(path.data, &r, &row, 1, &err)); /* nobody's file is written over */
    struct buffer next = {0};
    remedy_next(&next, &r, 0);
    assert_string_equal(next.data, "deactivate key 1, watch, delete; then delete the user");
    unlink(path.data);
    buffer_free(&next);
    buffer_free(&path);
    unload(&r, &audit);
}

/* What to do next is what the sheet does, each credential once. */
static void test_next(void **state)
{
    static const struct {
        const char *name, *changes, *next;
    } users[] = {
        {"fresh", KEY_1 "2026-06-14T12:00:00Z", ""},
        {"in-use", KEY_1 "2024-01-01T00:00:00Z access_key_1_last_used_date=2026-06-15T00:00:00Z", "replace key 1"},
        {"two", KEY_1 "2024-01-01T00:00:00Z access_key_1_last_used_date=2026-06-15T00:00:00Z access_key_2_active=true "
            "access_key_2_last_rotated=2024-02-01T00:00:00Z access_key_2_last_used_date=2024-03-01T00:00:00Z",
            "deactivate key 2, watch, delete; replace key 1"},
        {"both", KEY_1 "2024-01-01T00:00:00Z access_key_2_active=true access_key_2_last_rotated=2024-02-01T00:00:00Z",
            "deactivate key 1, key 2, watch, delete; then delete the user"},
        {"left", "access_key_1_active=false access_key_1_last_rotated=2024-01-01T00:00:00Z", "delete key 1"},
        {"console", "password_enabled=true password_last_changed=2024-01-01T00:00:00Z "
            "password_last_used=2026-06-15T00:00:00Z", "register an MFA device with the user, or remove the password; "
            "have the password changed"},
        {"dormant", "password_enabled=true mfa_active=true password_last_changed=2024-01-01T00:00:00Z "
            "password_last_used=2024-06-15T00:00:00Z", "remove the password; then delete the user"},
        /* what else is amiss with a password goes with it */
        {"dormant-no-mfa", "password_enabled=true password_last_changed=2024-01-01T00:00:00Z "
            "password_last_used=2024-06-15T00:00:00Z", "remove the password; then delete the user"},
        {"<root_account>", ROOT KEY_1 "2024-01-01T00:00:00Z mfa_active=true",
            "as root: deactivate the key, watch, delete it"},
        {"none", "", "delete the user, unless it holds SSH keys or passwords for a service"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(users); i++) {
        struct report r;
        struct audit audit;
        struct buffer next = {0};
        load(&r, &audit, users[i].name, users[i].changes);
        buffer_puts(&next, "");
        remedy_next(&next, &r, 0);
        assert_string_equal(next.data, users[i].next);
        buffer_free(&next);
        unload(&r, &audit);
    }
}

/* ---- the sample ---- */

static void test_demo(void **state)
{
    struct report r;
    struct audit audit;
    struct check_settings settings;
    size_t states[STATE_ABSENT + 1] = {0};
    uint32_t failed = 0;
    (void)state;
    sample_load(&r, slice_of(demo_csv));
    r.as_of = demo_as_of;
    check_settings_init(&settings);
    audit_init(&audit, &settings);
    audit_run(&audit, &r);
    for (size_t row = 0; row < r.row_count; row++) {
        failed |= audit_failed(&r, row);
        for (enum column c = 0; c < COL_REPORT_COUNT; c++)
            states[report_value(&r, row, c).state]++;
    }
    for (size_t s = 0; s <= STATE_ABSENT; s++) {
        if (!states[s])
            fail_msg("no cell of the sample is %s", state_name((enum state)s));
    }
    for (size_t i = 0; i < check_count; i++) {
        /* The one root of the sample has a key, and so more than a password. */
        if (!(failed >> i & 1) && strcmp(checks[i].id, "root-password") != 0)
            fail_msg("nobody in the sample fails %s", checks[i].id);
    }
    unload(&r, &audit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evidence), cmocka_unit_test(test_slots), cmocka_unit_test(test_faults),
        cmocka_unit_test(test_keep_credentials), cmocka_unit_test(test_append),
        cmocka_unit_test(test_append_refused), cmocka_unit_test(test_sheet_file),
        cmocka_unit_test(test_next), cmocka_unit_test(test_demo),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
