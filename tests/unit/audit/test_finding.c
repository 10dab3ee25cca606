/* Evidence, the cells that show it, waivers in a file, and the sample, in which all of it must turn up. */
#include "unit/sample.h"

#include "read/demo.h"
#include "audit/check_query.h"
#include "audit/finding.h"
#include "session/reload.h"
#include "audit/remedy.h"
#include "audit/rule.h"
#include "browse/view.h"

#include <dirent.h>
#include <limits.h>
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
        UINT64_C(1) << COL_KEY_1_IDLE | UINT64_C(1) << COL_KEY_1_LAST_USED_DATE
            | UINT64_C(1) << COL_KEY_1_LAST_ROTATED},
    {"svc", "access_key_2_active=true access_key_2_last_rotated=2026-03-01T00:00:00Z "
        "access_key_2_last_used_date=2026-04-01T00:00:00Z", "unused", "key 2: active, 106 days old, used 75 days ago",
        UINT64_C(1) << COL_KEY_2_IDLE | UINT64_C(1) << COL_KEY_2_LAST_USED_DATE},
    {"jane", "password_enabled=true password_last_used=2026-06-15T11:00:00Z password_last_changed=2026-06-14T12:00:00Z",
        "console-mfa", "no MFA; password: enabled, 24 hours old, used 1 hour ago", UINT64_C(1) << COL_MFA_ACTIVE},
    {"<root_account>", ROOT "password_enabled=not_supported", "root-mfa",
        "no MFA; password: AWS does not report whether it is enabled, age unknown, never used", UINT64_C(1) << COL_MFA_ACTIVE},
    {"<root_account>", ROOT "password_enabled=not_supported password_last_changed=not_supported "
        "password_last_used=2026-06-10T12:00:00Z", "root-mfa",
        "no MFA; password: state and age not reported by AWS, used 5 days ago", UINT64_C(1) << COL_MFA_ACTIVE},
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
        "key 2: active, less than 1 hour old, never used",
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
        while (at < n && strcmp(check_at(list[at].check)->id, cases[i].check) != 0)
            at++;
        if (at == n)
            fail_msg("case %zu: %s is not found", i, cases[i].check);
        finding_evidence(&b, &r, &list[at]);
        assert_string_equal(b.data, cases[i].evidence);
        assert_int_equal(finding_cells(&r, &list[at]), cases[i].cells);
        for (size_t k = 1; k < n; k++)
            assert_true(check_at(list[k - 1].check)->severity >= check_at(list[k].check)->severity);
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
    assert_string_equal(check_at(list[0].check)->id, "inactive-key");
    finding_credentials(&b, &list[0]);
    assert_string_equal(b.data, "key_1");
    uint64_t cells[SEVERITY_COUNT];
    finding_cells_of_row(&r, 0, cells);
    enum severity severity = check_at(list[0].check)->severity;
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

/* Faults of all rows are those of each row by the checks that are on, and nobody is at fault who does not fail. */
static void test_faults(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t i = 0; i < sample_rounds(4, 8); i++) {
        struct report r;
        struct audit audit;
        random_load(&r, &audit, sample_below(sample_rounds(2000, 3000)));
        struct audit_faults all = audit_faults(&r, NULL);
        for (size_t row = 0; row < r.row_count; row++) {
            for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
                uint64_t own = audit_faults_by(&all, &r, row, c);
                if (own != (audit_fault(&r, row, c) & r.checks_on) || (own & ~audit_failed(&r, row)))
                    fail_msg("seed %llu: row %zu, %s", seed, row, credential_name(c));
            }
        }
        audit_faults_free(&all);
        unload(&r, &audit);
    }
}

static const char *const credential_queries[] = {"active", "age > 90d", "not idle <= 45d", "last_used = never",
    "last_used != missing", "region = us-east-1", "service ~ ^s", "region = n/a", "used = no_information", "not used",
    "severity >= medium", "findings = 2", "checks ~ unused", "state = inactive", "credential in (key_1, password)",
    "mfa_active and key(active and age > 90d)", "last_rotated < 2025-01-01 or idle = missing", "active = malformed"};

/* Lists the credentials of all users from some row on, each of which must exist or perhaps exist. */
static size_t list_credentials(const struct report *r, unsigned long long seed, uint32_t **ids)
{
    size_t first = sample_below(3) ? 0 : sample_below(r->row_count), at = 0;
    size_t count = credential_list(r, first, r->row_count - first, ids);
    for (size_t row = first; row < r->row_count; row++) {
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
            if (!credential_exists(r, row, c) && !credential_is_unknown(r, row, c))
                continue;
            if (at == count || (*ids)[at++] != credential_id((uint32_t)row, c))
                fail_msg("seed %llu: credential %d of row %zu", seed, (int)c, row);
        }
    }
    assert_int_equal(at, count);
    return count;
}

/* What is kept of many credentials is what holds for each. */
static void test_keep_credentials(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t i = 0; i < sample_rounds(3, 20); i++) {
        struct report r;
        struct audit audit;
        random_load(&r, &audit, 20 + sample_below(sample_rounds(1200, 2500)));
        uint32_t *ids;
        size_t count = list_credentials(&r, seed, &ids);
        uint32_t *kept = xcalloc(count + 1, sizeof *kept);
        for (size_t k = 0; k < count / 2; k++) { /* backwards, because any order must do */
            uint32_t id = ids[k];
            ids[k] = ids[count - 1 - k];
            ids[count - 1 - k] = id;
        }
        for (size_t k = 0; k < SAMPLE_COUNT(credential_queries); k++) {
            struct error err;
            struct query *q =
                check_query_parse(slice_of(credential_queries[k]), QUERY_CREDENTIALS, BENCHMARK_CIS_1_4, &err);
            bool inverted = sample_below(2);
            assert_non_null(q);
            memcpy(kept, ids, count * sizeof *ids);
            size_t n = query_keep_credentials(q, QUERY_CREDENTIALS, &r, kept, count, inverted, NULL), at = 0;
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

static struct waiver waiver_of(const char *user, const char *check, const char *until)
{
    return (struct waiver){.user = slice_of(user), .owner = ops, .reason = on_order,
        .check = check_find(slice_of(check), BENCHMARK_CIS_1_4, NULL), .until = sample_time(until)};
}

/* Add a waiver to the file alone. */
static bool append(const char *path, const struct waiver *w, struct error *err)
{
    struct waivers_draft d;
    if (!waivers_draft(&d, path, &(struct waivers_new){*w, &w->user, 1, false}, NULL, err))
        return false;
    waivers_free(&d.waivers);
    bool ok = waivers_draft_end(&d, true, err);
    waivers_patch_free(&d.patch);
    return ok;
}

static void test_append(void **state)
{
    struct buffer path = {0};
    struct error err;
    struct waivers w;
    struct report r;
    struct audit audit;
    (void)state;
    const char *strange = "#a b\\\n\x7f\xc2\x9b\x9b\xe2\x80\xae\xc3\xa9";
    path_of(&path, "waivers");
    struct waiver one = waiver_of("svc", "rotate-key", "2026-07-01T00:00:00Z");
    struct waiver odd = waiver_of(strange, "unused", "2026-08-01T00:00:00Z");
    assert_true(append(path.data, &one, &err));
    assert_true(append(path.data, &odd, &err));
    struct buffer text = content_of(path.data);
    assert_string_equal(text.data, "# user or ARN  check  until  owner  reason\n"
        "svc  rotate-key  2026-07-01  ops  on order, OPS-1\n"
        "\\x23a\\x20b\\x5c\\x0a\\x7f\\xc2\\x9b\\x9b\\xe2\\x80\\xae\xc3\xa9  unused  2026-08-01  ops  on order, OPS-1\n");
    buffer_free(&text);
    assert_true(waivers_load(&w, path.data, false, &err));
    assert_int_equal(w.count, 2);
    assert_int_equal(w.list[0].until, one.until);
    assert_true(slice_equal(w.list[1].user, slice_of(strange)));
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
    char two_words[] = "two words", two_lines[] = "two\nlines", empty[] = "", good[] = "good";
    path_of(&path, "waivers");
    struct waiver w = waiver_of("svc", "rotate-key", "2026-07-01T00:00:00Z");
    put_file(path.data, "svc rotat-key 2026-07-01 ops why");
    assert_false(append(path.data, &w, &err));
    assert_non_null(strstr(err.text, "waivers:1: no check \"rotat-key\"; rotate-key?"));
    put_file(path.data, "svc unused 2026-07-01 ops no newline at the end");
    chmod(path.data, 0640);
    w.owner = two_words;
    assert_false(append(path.data, &w, &err));
    w.owner = ops;
    w.reason = two_lines;
    assert_false(append(path.data, &w, &err));
    w.reason = empty;
    assert_false(append(path.data, &w, &err));
    struct buffer text = content_of(path.data);
    assert_string_equal(text.data, "svc unused 2026-07-01 ops no newline at the end");
    buffer_free(&text);
    w.reason = good;
    assert_true(append(path.data, &w, &err));
    text = content_of(path.data);
    assert_string_equal(text.data, "svc unused 2026-07-01 ops no newline at the end\n"
        "svc  rotate-key  2026-07-01  ops  good\n");
    buffer_free(&text);
    struct stat st;
    assert_true(stat(path.data, &st) == 0 && (st.st_mode & 07777) == 0640);
    unlink(path.data); /* remove_folder() fails when anything else is left */
    path_of(&path, "no/such/folder");
    assert_false(append(path.data, &w, &err));
    buffer_free(&path);
}

/* The mode of a new file is that of any other. */
static void test_append_new(void **state)
{
    struct buffer path = {0};
    struct error err;
    struct stat st;
    struct waiver w = waiver_of("svc", "rotate-key", "2026-07-01T00:00:00Z");
    (void)state;
    path_of(&path, "waivers");
    mode_t mask = umask(027);
    assert_true(append(path.data, &w, &err));
    umask(mask);
    assert_true(stat(path.data, &st) == 0 && (st.st_mode & 07777) == 0640);
    unlink(path.data);
    buffer_free(&path);
}

/* Several waivers of one user, whose name or ARN they give, and of one finding: the longest holds. */
static void test_longest(void **state)
{
    static const char text[] = "svc rotate-key 2026-08-01 a second\nsvc unused 2026-08-02 a other\n"
        "svc rotate-key 2026-09-01 b longest\nSVC rotate-key 2027-01-01 x nobody\nsvc rotate-key 2026-07-01 c third\n"
        "arn:aws:iam::123456789012:user/svc old-password 2026-07-01 d arn\nsvc two-keys 2026-01-01 e past\n";
    struct buffer path = {0};
    struct error err;
    struct report r;
    struct audit audit;
    uint64_t all = UINT64_MAX, found = 0, want = 0;
    (void)state;
    path_of(&path, "waivers");
    put_file(path.data, text);
    load(&r, &audit, "svc", "arn=arn:aws:iam::123456789012:user/svc " KEY_1 "2021-03-21T12:00:00Z");
    assert_true(waivers_load(&audit.waivers, path.data, false, &err));
    static const char *const checks_in_force[] = {"rotate-key", "unused", "old-password"};
    static const char *const lines[] = {"b", "a", "d"};
    for (size_t i = 0; i < SAMPLE_COUNT(lines); i++) {
        size_t check = check_find(slice_of(checks_in_force[i]), BENCHMARK_CIS_1_4, NULL);
        const struct waiver *w = waivers_find(&audit.waivers, &r, 0, check);
        assert_non_null(w);
        assert_string_equal(w->owner, lines[i]);
        want |= UINT64_C(1) << check;
    }
    assert_null(waivers_find(&audit.waivers, &r, 0, check_find(slice_of("two-keys"), BENCHMARK_CIS_1_4, NULL)));
    waivers_span(&audit.waivers, &r, 0, 1, &all, &found);
    assert_int_equal(found, want);
    all = UINT64_C(1) << audit.waivers.list[0].check;
    waivers_span(&audit.waivers, &r, 0, 1, &all, &found);
    assert_int_equal(found, all);
    unload(&r, &audit);
    unlink(path.data);
    buffer_free(&path);
}

/* ---- other settings ---- */

/* What two reports of the same text, judged by two audits, say of their rows is the same. */
static void assert_judged_alike(const struct report *a, const struct report *b, unsigned long long seed)
{
    assert_int_equal(a->checks_on, b->checks_on);
    assert_memory_equal(a->of_severity, b->of_severity, sizeof a->of_severity);
    for (size_t row = 0; row < a->row_count; row++) {
        uint64_t failed = audit_failed(a, row);
        bool same = failed == audit_failed(b, row) && audit_unknown(a, row) == audit_unknown(b, row)
            && audit_waived(a, row) == audit_waived(b, row);
        for (int s = SEVERITY_NONE; s <= SEVERITY_CRITICAL; s++)
            same = same
                && audit_of_severity(a, row, failed, (enum severity)s)
                    == audit_of_severity(b, row, failed, (enum severity)s);
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
            same = same && audit_fault(a, row, c) == audit_fault(b, row, c);
        if (!same)
            fail_msg("seed %llu: row %zu is judged otherwise than from the start", seed, row);
    }
}

/* Switch some checks, and give some that have a threshold another one. */
static void change_settings(struct check_settings *s)
{
    for (size_t n = sample_below(4); n > 0; n--) {
        size_t i = sample_below(check_count());
        s->on ^= UINT64_C(1) << i;
        i = sample_below(check_count());
        if (s->days[i])
            s->days[i] = 1 + (int)sample_below(500);
    }
}

static bool is_always(void *context)
{
    (void)context;
    return true;
}

/*
 * Settings that change are as if they had been there from the start, waivers too; cancelled, they have changed
 * nothing.
 */
static void test_change(void **state)
{
    static const char waivers[] = "* rotate-key 2027-01-01 ops all\n* unused 2027-01-01 ops all\n";
    unsigned long long seed = sample_start();
    (void)state;
    struct buffer path = {0};
    struct error err;
    path_of(&path, "waivers-change");
    put_file(path.data, waivers);
    for (int i = 0; i < 4; i++) {
        struct buffer csv = {0};
        struct report r[2];
        struct audit audit[2];
        struct check_settings s;
        check_settings_init(&s);
        sample_random_report(&csv, sample_below(sample_rounds(700, 2500)));
        for (int k = 0; k < 2; k++) {
            sample_load(&r[k], (struct slice){csv.data, csv.len});
            audit_init(&audit[k], &s);
            assert_true(waivers_load(&audit[k].waivers, path.data, false, &err));
            audit_run(&audit[k], &r[k]);
        }
        buffer_free(&csv);
        for (int step = 0; step < 6; step++) {
            struct report *one = &r[0];
            struct cancel_token key = {.is_over = is_always};
            change_settings(&s);
            if (audit_change(&audit[0], &s, &one, 1, &key))
                assert_int_equal(r[0].row_count, 0);
            else
                assert_judged_alike(&r[0], &r[1], seed);
            assert_true(audit_change(&audit[0], &s, &one, 1, NULL));
            struct waivers kept = audit[1].waivers;
            audit[1].waivers = (struct waivers){0};
            audit_free(&audit[1]);
            audit_init(&audit[1], &s);
            audit[1].waivers = kept;
            audit_run(&audit[1], &r[1]);
            assert_judged_alike(&r[0], &r[1], seed);
        }
        for (int k = 0; k < 2; k++)
            unload(&r[k], &audit[k]);
    }
    unlink(path.data);
    buffer_free(&path);
}

static bool is_second(void *context)
{
    size_t *asked = context;
    return ++*asked == 2;
}

/* With very many patterns, few rows are judged between two checks for cancellation, and what was judged is kept. */
static void test_many_patterns(void **state)
{
    enum { USERS = 2000, PATTERNS = 40000 };
    struct buffer csv = {0}, text = {0}, path = {0};
    struct report r[2];
    struct audit audit;
    struct check_settings s;
    struct error err;
    size_t asked = 0, calls = 0;
    (void)state;
    buffer_puts(&csv, sample_header);
    for (int i = 0; i < USERS; i++) {
        char name[32];
        snprintf(name, sizeof name, "user-%d", i);
        sample_user(&csv, name, KEY_1 "2021-03-21T12:00:00Z");
    }
    for (int i = 0; i < PATTERNS; i++)
        buffer_printf(&text, "user-%d%s rotate-key 2027-01-01 ops all\n", i, i % 3 ? "*x" : "?");
    path_of(&path, "waivers-many");
    put_file(path.data, text.data);
    check_settings_init(&s);
    audit_init(&audit, &s);
    assert_true(waivers_load(&audit.waivers, path.data, false, &err));
    for (int k = 0; k < 2; k++)
        sample_load(&r[k], (struct slice){csv.data, csv.len});
    audit_run(&audit, &r[0]);
    struct cancel_token second = {.is_over = is_second, .context = &asked};
    assert_false(audit_run_until(&audit, &r[1], &second));
    for (size_t row = 0; row < USERS; calls++) {
        struct cancel_token key = {.is_over = is_always};
        size_t next = audit_run_part(&audit, &r[1], row, USERS, &key);
        assert_true(next > row);
        row = next;
    }
    assert_true(calls > 1);
    for (size_t row = 0; row < USERS; row++)
        assert_true(audit_failed(&r[0], row) == audit_failed(&r[1], row)
            && audit_waived(&r[0], row) == audit_waived(&r[1], row));
    assert_true(audit_waived(&r[0], 30) != 0);
    text.len = 0;
    asked = 0;
    struct cancel_token again = {.is_over = is_second, .context = &asked};
    assert_false(waivers_stale(&audit.waivers, &r[0], &text, &again));
    audit_free(&audit);
    for (int k = 0; k < 2; k++)
        report_free(&r[k]);
    unlink(path.data);
    buffer_free(&csv);
    buffer_free(&text);
    buffer_free(&path);
}

/* As many rules as there may be: each has a bit of its own, whether all rows or only what changed is judged. */
static void test_all_checks(void **state)
{
    struct check_settings s;
    struct error err;
    struct report r;
    struct audit audit;
    struct buffer csv = {0};
    char id[16], query[64];
    (void)state;
    check_settings_init(&s);
    size_t built_in = check_count();
    for (size_t i = built_in; i < CHECKS_MAX; i++) {
        snprintf(id, sizeof id, "rule-%zu", i);
        snprintf(query, sizeof query, "low: user = \"user-%zu\"", i);
        assert_true(rule_define(&s, slice_of(id), slice_of(query), &err));
    }
    buffer_puts(&csv, sample_header);
    for (size_t i = 0; i < CHECKS_MAX; i++) {
        snprintf(id, sizeof id, "user-%zu", i);
        sample_user(&csv, id, "");
    }
    sample_load(&r, (struct slice){csv.data, csv.len});
    buffer_free(&csv);
    audit_init(&audit, &s);
    audit_run(&audit, &r);
    for (int change = 0; change < 3; change++) {
        for (size_t i = 0; i < CHECKS_MAX; i++)
            assert_int_equal(audit_failed(&r, i) >> built_in, i < built_in ? 0 : UINT64_C(1) << (i - built_in));
        struct report *one = &r;
        s.on ^= UINT64_C(1) << 40;
        assert_true(audit_change(&audit, &s, &one, 1, NULL));
    }
    unload(&r, &audit);
    check_remove_added();
}

/* ---- all of it or nothing ---- */

enum { MANY = 9000 };

/* Under valgrind fewer do: it takes a hundred times as long. */
static size_t many(void)
{
    return getenv("NCRED_VALGRIND") ? MANY / 5 : MANY;
}


/* A report of many whose key is old, the view of those for whom that counts, and a file with a waiver of one. */
struct whole {
    /* OTHER is as R, like the users behind a list of changes; nobody is in the older one */
    struct report r, other, older;
    struct audit audit;
    struct view view;
    struct buffer path, text;
    struct slice users[MANY];
    struct cancel_token cancel;
    int asked, answers; /* "go on" so many times, then no more */
    const char *moved;  /* where the folder goes just before the file would be put in its place; NULL: nowhere */
};

static bool is_tired(void *context)
{
    struct whole *w = context;
    return w->asked++ >= w->answers;
}

static bool show(void *context)
{
    struct whole *w = context;
    if (w->moved)
        assert_int_equal(rename(folder, w->moved), 0);
    return view_sort(&w->view, &w->view.sort);
}

static void start(struct whole *w)
{
    struct buffer csv = {0};
    struct check_settings settings;
    struct error err;
    char name[32];
    *w = (struct whole){.cancel = {.is_over = is_tired, .context = w}};
    buffer_puts(&csv, sample_header);
    for (size_t i = 0; i < many(); i++) {
        snprintf(name, sizeof name, "user-%zu", i * 7919 % many());
        sample_user(&csv, name, KEY_1 "2021-03-21T12:00:00Z");
    }
    sample_load(&w->r, (struct slice){csv.data, csv.len});
    sample_load(&w->other, (struct slice){csv.data, csv.len});
    buffer_free(&csv);
    sample_load(&w->older, slice_of(sample_header));
    for (size_t i = 0; i < many(); i++)
        w->users[i] = report_raw(&w->r, i, i % 2 ? COL_ARN : COL_USER);
    check_settings_init(&settings);
    audit_init(&w->audit, &settings);
    path_of(&w->path, "waivers");
    put_file(w->path.data, "user-1 rotate-key 2027-01-01 before it was there");
    w->text = content_of(w->path.data);
    assert_true(waivers_load(&w->audit.waivers, w->path.data, false, &err));
    audit_run(&w->audit, &w->r);
    audit_run(&w->audit, &w->other);
    view_init(&w->view, &w->r);
    assert_true(view_add_filter(&w->view, slice_of("waived = 0"), false, &err));
    assert_int_equal(w->view.count, many() - 1);
    finding_worst_first(&w->view.sort, &w->r);
    view_refresh(&w->view);
}

static void end(struct whole *w)
{
    view_free(&w->view);
    report_free(&w->older);
    report_free(&w->other);
    unload(&w->r, &w->audit);
    unlink(w->path.data);
    buffer_free(&w->path);
    buffer_free(&w->text);
}

/* Waive what they all fail, giving up after so many questions. */
static bool waive_all(struct whole *w, int answers, struct error *err)
{
    struct waivers_draft d;
    struct waivers_new new = {waiver_of("", "rotate-key", "2026-09-01T00:00:00Z"), w->users, many(), false};
    w->cancel.has_ended = false;
    w->asked = 0;
    w->answers = answers;
    w->view.cancel = &w->cancel;
    struct report *reports[] = {&w->r, &w->other};
    bool ok = waivers_draft(&d, w->path.data, &new, &w->cancel, err)
        && audit_waive(&w->audit, reports, 2, &d, show, w, err);
    if (ok)
        waivers_patch_free(&d.patch);
    return ok;
}

static size_t files_in(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static void assert_as_before(const struct whole *w, int answers)
{
    struct buffer text = content_of(w->path.data);
    size_t check = check_find(slice_of("rotate-key"), BENCHMARK_CIS_1_4, NULL);
    bool same = text.len == w->text.len && memcmp(text.data, w->text.data, text.len) == 0 && files_in(folder) == 1;
    same = same && w->audit.waivers.count == 1 && strcmp(w->audit.waivers.list[0].owner, "before") == 0;
    for (size_t row = 0; row < many() && same; row++) {
        bool waived = slice_equal(report_raw(&w->r, row, COL_USER), slice_of("user-1"));
        same = (audit_waived(&w->r, row) >> check & 1) == waived
            && audit_waived(&w->other, row) == audit_waived(&w->r, row);
    }
    if (!same || w->view.count != many() - 1)
        fail_msg("cancelled after %d questions, and it is not as it was", answers);
    buffer_free(&text);
}

static void assert_waived(const struct whole *w)
{
    struct error err;
    struct waivers read;
    size_t check = check_find(slice_of("rotate-key"), BENCHMARK_CIS_1_4, NULL);
    assert_int_equal(w->view.count, 0);
    assert_int_equal(files_in(folder), 1);
    assert_true(waivers_load(&read, w->path.data, false, &err));
    assert_int_equal(read.count, many() + 1);
    assert_int_equal(w->audit.waivers.count, many() + 1);
    for (size_t row = 0; row < many(); row++) {
        const struct waiver *v = waivers_find(&read, &w->r, row, check);
        assert_true(v && (audit_waived(&w->r, row) >> check & 1) && (audit_waived(&w->other, row) >> check & 1));
        bool first = slice_equal(report_raw(&w->r, row, COL_USER), slice_of("user-1"));
        bool by_name = !slice_equal(v->user, report_raw(&w->r, row, COL_ARN));
        assert_string_equal(v->owner, first && by_name ? "before" : "ops");
    }
    waivers_free(&read);
}

static void test_giving_up(void **state)
{
    struct whole *w = xcalloc(1, sizeof *w);
    struct error err;
    int answers = 0;
    (void)state;
    start(w);
    while (!waive_all(w, answers, &err)) {
        assert_true(w->cancel.has_ended);
        assert_string_equal(err.text, "cancelled");
        assert_as_before(w, answers++);
    }
    assert_true(answers > 12); /* all that takes long asks */
    assert_waived(w);
    end(w);
    free(w);
}

/* A report that is being taken in while other waivers come has none of the old ones, wherever it was. */
static void test_reload_meanwhile(void **state)
{
    struct whole *w = xcalloc(1, sizeof *w);
    struct error err;
    (void)state;
    start(w);
    size_t check = w->audit.waivers.list[0].check, steps = 1;
    for (size_t before = 1; before <= steps; before += sample_rounds(5, 1)) {
        struct reload r = {.report = w->r, .old = &w->older};
        waivers_free(&w->audit.waivers);
        audit_run(&w->audit, &r.report);
        bool more = true;
        for (steps = 0; more && steps < before; steps++)
            more = reload_step(&r, &w->audit);
        assert_true(waivers_load(&w->audit.waivers, w->path.data, false, &err));
        reload_audit_again(&r);
        while (reload_step(&r, &w->audit))
            steps++;
        size_t waived = 0, listed = 0;
        for (size_t row = 0; row < r.report.row_count; row++)
            waived += audit_waived(&r.report, row) >> check & 1;
        for (size_t row = 0; row < r.diff.report.row_count; row++)
            listed += audit_waived(&r.diff.report, row) >> check & 1;
        assert_int_equal(waived, 1);
        assert_true(listed >= 1);
        diff_free(&r.diff);
    }
    end(w);
    free(w);
}

/* The folder goes when all but its place is ready. */
static void test_no_place(void **state)
{
    struct whole *w = xcalloc(1, sizeof *w);
    struct error err;
    char moved[sizeof folder + 8];
    (void)state;
    start(w);
    snprintf(moved, sizeof moved, "%s-moved", folder);
    w->moved = moved;
    assert_false(waive_all(w, INT_MAX, &err));
    assert_non_null(strstr(err.text, "cannot save"));
    view_refresh(&w->view);
    assert_int_equal(files_in(moved), 1); /* what was written is gone, wherever the folder is */
    assert_int_equal(rename(moved, folder), 0);
    assert_as_before(w, INT_MAX);
    end(w);
    free(w);
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
    struct buffer text = {0};
    assert_true(remedy_sheet(&text, &r, &row, 1, NULL));
    struct slice sheet = {text.data, text.len};
    assert_true(remedy_save(path.data, sheet, NULL, &err));
    assert_true(stat(path.data, &st) == 0 && (st.st_mode & 07777) == 0600);
    assert_true((size_t)st.st_size == sheet.len);
    assert_false(remedy_save(path.data, sheet, NULL, &err)); /* nobody's file is written over */
    buffer_free(&text);
    struct buffer next = {0};
    remedy_next(&next, &r, 0);
    assert_string_equal(next.data, "deactivate key 1, wait, delete; then delete the user");
    unlink(path.data);
    buffer_free(&next);
    buffer_free(&path);
    unload(&r, &audit);
}

/* A sheet for many is cancelled at any question, and leaves no file; otherwise it is the same as without a token. */
static void test_sheet_cancelled(void **state)
{
    enum { FEW = 1500 };
    struct whole *w = xcalloc(1, sizeof *w);
    struct buffer path = {0}, sheet = {0};
    struct error err;
    (void)state;
    start(w);
    path_of(&path, "sheet");
    uint32_t rows[FEW];
    for (uint32_t i = 0; i < FEW; i++)
        rows[i] = i;
    assert_true(remedy_sheet(&sheet, &w->r, rows, FEW, NULL));
    struct slice whole = {sheet.data, sheet.len};
    bool done = false;
    for (int answers = 0; !done; answers++) {
        struct buffer again = {0};
        w->asked = 0;
        w->answers = answers;
        w->cancel.has_ended = false;
        done = remedy_sheet(&again, &w->r, rows, FEW, &w->cancel);
        assert_true(!done || slice_equal(whole, (struct slice){again.data, again.len}));
        done = done && remedy_save(path.data, whole, &w->cancel, &err);
        assert_int_equal(access(path.data, F_OK), done ? 0 : -1);
        assert_true(done || answers < INT_MAX);
        buffer_free(&again);
    }
    assert_int_equal(unlink(path.data), 0);
    buffer_free(&sheet);
    buffer_free(&path);
    end(w);
    free(w);
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
            "deactivate key 2, wait, delete; replace key 1"},
        {"both", KEY_1 "2024-01-01T00:00:00Z access_key_2_active=true access_key_2_last_rotated=2024-02-01T00:00:00Z",
            "deactivate key 1, key 2, wait, delete; then delete the user"},
        {"left", "access_key_1_active=false access_key_1_last_rotated=2024-01-01T00:00:00Z", "delete key 1"},
        {"console", "password_enabled=true password_last_changed=2024-01-01T00:00:00Z "
            "password_last_used=2026-06-15T00:00:00Z", "enable MFA for the user, or remove the password; "
            "require a password change"},
        {"dormant", "password_enabled=true mfa_active=true password_last_changed=2024-01-01T00:00:00Z "
            "password_last_used=2024-06-15T00:00:00Z", "remove the password; then delete the user"},
        /* what else is amiss with a password goes with it */
        {"dormant-no-mfa", "password_enabled=true password_last_changed=2024-01-01T00:00:00Z "
            "password_last_used=2024-06-15T00:00:00Z", "remove the password; then delete the user"},
        {"<root_account>", ROOT KEY_1 "2024-01-01T00:00:00Z mfa_active=true",
            "as root: deactivate the key, wait, delete it"},
        {"none", "",
            "delete the user, unless it has what no report shows: API keys of Bedrock or CloudWatch Logs, SSH keys,"
            " CodeCommit credentials"},
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
    uint64_t failed = 0;
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
    for (size_t i = 0; i < check_count(); i++) {
        /* The one root of the sample has a key, and so more than a password; here are no details. */
        if (!(failed >> i & 1) && !check_at(i)->needs && strcmp(check_at(i)->id, "root-password") != 0)
            fail_msg("nobody in the sample fails %s", check_at(i)->id);
    }
    unload(&r, &audit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evidence), cmocka_unit_test(test_slots), cmocka_unit_test(test_faults),
        cmocka_unit_test(test_keep_credentials), cmocka_unit_test(test_change), cmocka_unit_test(test_many_patterns),
        cmocka_unit_test(test_all_checks), cmocka_unit_test(test_append),
        cmocka_unit_test(test_append_refused), cmocka_unit_test(test_append_new), cmocka_unit_test(test_longest),
        cmocka_unit_test(test_giving_up), cmocka_unit_test(test_reload_meanwhile), cmocka_unit_test(test_no_place),
        cmocka_unit_test(test_sheet_file), cmocka_unit_test(test_sheet_cancelled),
        cmocka_unit_test(test_next), cmocka_unit_test(test_demo),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
