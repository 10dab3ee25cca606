/* A file of waivers that is changed: lines withdrawn and extended among others, undone, done again. */
#include "audit/audit.h"
#include "unit/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], paths[2][128];

static const char first_file[] = "\xef\xbb\xbf# ours, reviewed in June\r\n"
    "\n"
    "ann   rotate-key\t2026-09-01   ops   vendor, OPS-1  \r\n"
    "  (path = \"/ci/\" and not user = \"x)y\")  rotate-key  2026-10-01  ops  robots (all)\n"
    "# ann again: shorter\n"
    "ann rotate-key 2026-08-01 ops vendor, OPS-1\n"
    "bob rotate-key 2026-09-01 ops on order"; /* no newline at the end */
static const char second_file[] = "c* rotate-key 2026-12-01 sec pattern\n";

static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

static void file_is(const char *path, const char *want)
{
    assert_string_equal(sample_text_of(path), want);
}

struct world {
    struct report r;
    struct audit audit;
    size_t check;
};

static int open_folder(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/ncred-waive-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
    if (!mkdtemp(folder))
        return 1;
    for (int i = 0; i < 2; i++)
        snprintf(paths[i], sizeof paths[i], "%s/waivers-%d", folder, i);
    return 0;
}

static int close_folder(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        unlink(paths[i]);
    return rmdir(folder);
}

static void begin(struct world *w)
{
    static const char *const users[] = {"ann", "bob", "cleo", "carl", "dan"};
    struct buffer csv = {0};
    struct check_settings settings;
    struct error err;
    put_file(paths[0], first_file);
    put_file(paths[1], second_file);
    buffer_puts(&csv, sample_header);
    for (size_t i = 0; i < SAMPLE_COUNT(users); i++)
        sample_user(&csv, users[i], "access_key_1_active=true access_key_1_last_rotated=2021-03-21T12:00:00Z");
    sample_load(&w->r, (struct slice){csv.data, csv.len});
    buffer_free(&csv);
    check_settings_init(&settings);
    audit_init(&w->audit, &settings);
    for (int i = 0; i < 2; i++) {
        if (!waivers_add(&w->audit.waivers, paths[i], false, &err))
            fail_msg("%s", err.text);
    }
    audit_run(&w->audit, &w->r);
    w->check = check_find(slice_of("rotate-key"), BENCHMARK_NCRED, NULL);
}

static void end(struct world *w)
{
    report_free(&w->r);
    audit_free(&w->audit);
}

static void is_waived(const struct world *w, const char *users)
{
    struct buffer b = {0};
    buffer_puts(&b, "");
    for (size_t row = 0; row < w->r.row_count; row++) {
        struct slice name = report_raw(&w->r, row, COL_USER);
        bool is = audit_waived(&w->r, row) >> w->check & 1;
        assert_int_equal(is, waivers_find(&w->audit.waivers, &w->r, row, w->check) != NULL);
        if (is)
            buffer_printf(&b, "%.*s ", (int)name.len, name.data);
    }
    assert_string_equal(b.data, users);
    buffer_free(&b);
}

static bool take(void *context)
{
    return *(bool *)context;
}

/* Put D, which is OK, in the place of its file; what can undo it, into PATCH. */
static bool finish(struct world *w, bool ok, struct waivers_draft *d, bool accept, struct waivers_patch *patch,
    struct error *err)
{
    struct report *r = &w->r;
    if (!ok || !audit_waive(&w->audit, &r, 1, d, take, &accept, err))
        return false;
    *patch = d->patch;
    return true;
}

static bool change(struct world *w, size_t row, bool withdraw, const char *until, const char *reason,
    struct waivers_patch *patch, struct error *err)
{
    struct waivers_draft d;
    const struct waiver *v = waivers_find(&w->audit.waivers, &w->r, row, w->check);
    const struct waivers *of = &w->audit.waivers;
    assert_non_null(v);
    while (v < of->list || v >= of->list + of->count)
        of = of->more;
    struct waivers_change c = {.of = of, .lines = &v, .count = 1, .withdraw = withdraw,
        .until = until ? sample_time(until) : 0, .reason = reason};
    return finish(w, waivers_draft_change(&d, &c, NULL, err), &d, true, patch, err);
}

static bool patch_file(struct world *w, const struct waivers_patch *p, bool back, struct error *err)
{
    struct waivers_draft d;
    struct waivers_patch other;
    bool ok = finish(w, waivers_draft_patch(&d, p, back, false, NULL, err), &d, true, &other, err);
    if (ok)
        waivers_patch_free(&other);
    return ok;
}

static void test_withdraw(void **state)
{
    (void)state;
    struct world w;
    struct error err;
    struct waivers_patch long_one, short_one;
    begin(&w);
    is_waived(&w, "ann bob cleo carl ");
    assert_true(change(&w, 0, true, NULL, NULL, &long_one, &err));
    is_waived(&w, "ann bob cleo carl "); /* the shorter one still holds */
    assert_true(change(&w, 0, true, NULL, NULL, &short_one, &err));
    is_waived(&w, "bob cleo carl ");
    file_is(paths[0], "\xef\xbb\xbf# ours, reviewed in June\r\n\n"
        "  (path = \"/ci/\" and not user = \"x)y\")  rotate-key  2026-10-01  ops  robots (all)\n"
        "# ann again: shorter\n"
        "bob rotate-key 2026-09-01 ops on order");
    file_is(paths[1], second_file);
    assert_true(patch_file(&w, &short_one, true, &err));
    assert_true(patch_file(&w, &long_one, true, &err));
    file_is(paths[0], first_file);
    is_waived(&w, "ann bob cleo carl ");
    assert_true(patch_file(&w, &long_one, false, &err));
    assert_false(patch_file(&w, &long_one, false, &err)); /* it is done already */
    assert_non_null(strstr(err.text, "changed by somebody else"));
    waivers_patch_free(&short_one);
    waivers_patch_free(&long_one);
    end(&w);
}

/* Only the words that change do; a pattern in the second file is extended there. */
static void test_extend(void **state)
{
    (void)state;
    struct world w;
    struct error err;
    struct waivers_patch patch;
    begin(&w);
    assert_true(change(&w, 0, false, "2027-01-31T00:00:00Z", NULL, &patch, &err));
    waivers_patch_free(&patch);
    assert_true(change(&w, 1, false, "2027-02-28T00:00:00Z", "later, OPS-2", &patch, &err));
    waivers_patch_free(&patch);
    assert_true(change(&w, 2, false, "2027-03-31T00:00:00Z", NULL, &patch, &err));
    file_is(paths[0], "\xef\xbb\xbf# ours, reviewed in June\r\n\n"
        "ann   rotate-key\t2027-01-31   ops   vendor, OPS-1  \r\n"
        "  (path = \"/ci/\" and not user = \"x)y\")  rotate-key  2026-10-01  ops  robots (all)\n"
        "# ann again: shorter\nann rotate-key 2026-08-01 ops vendor, OPS-1\n"
        "bob rotate-key 2027-02-28 ops later, OPS-2");
    file_is(paths[1], "c* rotate-key 2027-03-31 sec pattern\n");
    assert_true(patch_file(&w, &patch, true, &err));
    file_is(paths[1], second_file);
    waivers_patch_free(&patch);
    assert_false(change(&w, 1, false, "2027-02-28T00:00:00Z", "two\nlines", &patch, &err));
    end(&w);
}

/* Whoever else changes the file loses nothing: the line is found wherever it is, or not at all. */
static void test_meanwhile(void **state)
{
    (void)state;
    struct world w;
    struct error err;
    struct waivers_patch patch;
    struct waivers_draft d;
    begin(&w);
    put_file(paths[0], "# moved down\ndan rotate-key 2026-09-01 ops new\nbob rotate-key 2026-09-01 ops on order\n");
    assert_true(change(&w, 1, true, NULL, NULL, &patch, &err));
    file_is(paths[0], "# moved down\ndan rotate-key 2026-09-01 ops new\n");
    is_waived(&w, "cleo carl dan "); /* what the file says now */
    put_file(paths[0], "# all gone\n");
    assert_false(patch_file(&w, &patch, true, &err));
    assert_non_null(strstr(err.text, "somebody else"));
    waivers_patch_free(&patch);
    assert_false(change(&w, 4, false, "2027-02-28T00:00:00Z", NULL, &patch, &err));
    assert_non_null(strstr(err.text, "is gone"));
    is_waived(&w, "cleo carl dan ");
    assert_true(change(&w, 4, true, NULL, NULL, &patch, &err));
    waivers_patch_free(&patch);
    file_is(paths[0], "# all gone\n");
    is_waived(&w, "cleo carl ");
    put_file(paths[1], "c* rotate-key no-date sec pattern\n");
    assert_false(change(&w, 2, true, NULL, NULL, &patch, &err));
    assert_non_null(strstr(err.text, ":1: expected a date"));
    unlink(paths[1]);
    assert_false(change(&w, 2, true, NULL, NULL, &patch, &err));
    put_file(paths[1], second_file);
    /* between reading it and putting the new one in its place */
    const struct waivers *second = w.audit.waivers.more;
    const struct waiver *line = &second->list[0];
    struct waivers_change c = {.of = second, .lines = &line, .count = 1, .withdraw = true};
    assert_true(waivers_draft_change(&d, &c, NULL, &err));
    put_file(paths[1], "c* rotate-key 2026-12-01 sec pattern\n# mine\n");
    assert_false(finish(&w, true, &d, true, &patch, &err));
    assert_non_null(strstr(err.text, "meanwhile; try again"));
    file_is(paths[1], "c* rotate-key 2026-12-01 sec pattern\n# mine\n");
    is_waived(&w, "cleo carl ");
    end(&w);
}

/* A file that was not there, beside two that were: it counts with them, unless it is cancelled. */
static void test_further_file(void **state)
{
    (void)state;
    struct world w;
    struct error err;
    struct waivers_patch patch;
    char path[160], owner[] = "ops", reason[] = "why";
    begin(&w);
    snprintf(path, sizeof path, "%s/more", folder);
    struct slice user = slice_of("dan");
    struct waivers_new new = {{.check = w.check, .until = sample_time("2026-09-01T00:00:00Z"), .owner = owner,
        .reason = reason}, &user, 1, false};
    for (int accept = 0; accept < 2; accept++) {
        struct waivers_draft d;
        bool ok = waivers_draft(&d, path, &new, NULL, &err);
        assert_true(ok);
        assert_int_equal(finish(&w, ok, &d, accept, &patch, &err), accept);
        assert_int_equal(access(path, F_OK), accept - 1);
        is_waived(&w, accept ? "ann bob cleo carl dan " : "ann bob cleo carl ");
    }
    assert_string_equal(w.audit.waivers.more->more->file, path);
    assert_true(patch_file(&w, &patch, true, &err));
    file_is(path, "# user or ARN  check  until  owner  reason\n");
    is_waived(&w, "ann bob cleo carl ");
    waivers_patch_free(&patch);
    unlink(path);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_withdraw), cmocka_unit_test(test_extend),
        cmocka_unit_test(test_meanwhile), cmocka_unit_test(test_further_file)};
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
