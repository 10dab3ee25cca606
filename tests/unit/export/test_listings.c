/* Listings of findings and credentials: their order against a sorted list, and prepared words against plain cells. */
#include "export/credential_table.h"
#include "export/export.h"
#include "export/finding_table.h"
#include "unit/sample.h"

#include <stdio.h>
#include <stdlib.h>

struct judged {
    struct report r;
    struct audit audit;
    uint32_t *rows; /* all, shuffled */
};

/* A random report, judged, with waivers for some checks of all users. */
static void judged_make(struct judged *j, size_t rows)
{
    static const char waivers[] = "/tmp/ncred-listings-XXXXXX";
    char path[sizeof waivers];
    struct buffer csv = {0};
    struct check_settings settings;
    struct error err;
    sample_random_report(&csv, rows);
    sample_load(&j->r, (struct slice){csv.data, csv.len});
    buffer_free(&csv);
    memcpy(path, waivers, sizeof waivers);
    FILE *f = fdopen(mkstemp(path), "w");
    assert_non_null(f);
    fputs("* rotate-key 2999-01-01 ops,dev new \"keys\" soon\n(mfa_active = no) console-mfa 2999-01-01 sec phones\n",
        f);
    assert_int_equal(fclose(f), 0);
    check_settings_init(&settings);
    audit_init(&j->audit, &settings);
    assert_true(waivers_load(&j->audit.waivers, path, false, &err));
    assert_int_equal(remove(path), 0);
    audit_run(&j->audit, &j->r);
    j->rows = xcalloc(j->r.row_count, sizeof *j->rows);
    for (uint32_t i = 0; i < j->r.row_count; i++) {
        size_t other = sample_below(i + (size_t)1);
        j->rows[i] = j->rows[other];
        j->rows[other] = i;
    }
}

static void judged_free(struct judged *j)
{
    free(j->rows);
    report_free(&j->r);
    audit_free(&j->audit);
}

/* ---- the order ---- */

struct listed {
    struct finding finding;
    size_t place;
};

static int by_class(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    if (!x->finding.waiver != !y->finding.waiver)
        return x->finding.waiver ? 1 : -1;
    if (x->finding.severity != y->finding.severity)
        return x->finding.severity > y->finding.severity ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
    return a->row == b->row && a->check == b->check && a->at_fault == b->at_fault && a->severity == b->severity
        && a->waiver == b->waiver;
}

/* Whatever part is asked for is that part of all findings, sorted; so is the list. */
static void test_order(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t round = 0; round < 6; round++) {
        struct judged j;
        struct findings f;
        size_t count = 0;
        judged_make(&j, round ? sample_below(1800) : 0);
        struct listed *all = xcalloc(j.r.row_count * CHECKS_MAX + 1, sizeof *all);
        for (size_t i = 0; i < j.r.row_count; i++) {
            struct finding own[CHECKS_MAX];
            size_t n = finding_list(&j.r, j.rows[i], own);
            for (size_t k = 0; k < n; k++, count++)
                all[count] = (struct listed){own[k], count};
        }
        qsort(all, count, sizeof *all, by_class);
        findings_collect(&f, &j.r, j.rows, j.r.row_count, NULL);
        assert_int_equal(f.count, count);
        struct finding *got = xcalloc(count + 1, sizeof *got);
        for (size_t part = 0; part < 30; part++) {
            size_t from = sample_below(count + 1), to = from + sample_below(count - from + 1);
            if (part == 20)
                findings_list(&f);
            findings_get(&f, from, to, got);
            for (size_t i = from; i < to; i++) {
                if (!same_finding(&got[i - from], &all[i].finding))
                    fail_msg("seed %llu, round %zu: finding %zu of %zu", seed, round, i, count);
            }
        }
        free(got);
        free(all);
        findings_free(&f);
        judged_free(&j);
    }
}

/* ---- words ---- */

static struct buffer written(const struct table *t, const char *format)
{
    struct buffer b = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    export_find(format)->write(t, false, out);
    fclose(out);
    buffer_add(&b, text, size);
    free(text);
    return b;
}

/* The same text when every cell is made by itself. */
static void same_without_words(const struct table *t, unsigned long long seed)
{
    static const char *const formats[] = {"csv", "tsv", "json", "jsonl"};
    for (size_t i = 0; i < 2 * SAMPLE_COUNT(formats); i++) {
        struct table fast = *t, plain = *t;
        fast.spreadsheet_safe = plain.spreadsheet_safe = i >= SAMPLE_COUNT(formats);
        plain.words = NULL;
        plain.report_row = NULL;
        struct buffer a = written(&fast, formats[i % SAMPLE_COUNT(formats)]),
            b = written(&plain, formats[i % SAMPLE_COUNT(formats)]);
        if (!slice_equal((struct slice){a.data, a.len}, (struct slice){b.data, b.len}))
            fail_msg("seed %llu: %s differs", seed, formats[i % SAMPLE_COUNT(formats)]);
        buffer_free(&a);
        buffer_free(&b);
    }
}

static void test_words(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t round = 0; round < 4; round++) {
        struct judged j;
        struct findings f;
        struct credential_table c;
        struct error err;
        uint32_t *ids;
        judged_make(&j, 20 + sample_below(1500));
        findings_collect(&f, &j.r, j.rows, j.r.row_count, NULL);
        assert_true(findings_choose(&f, round % 2 ? NULL : "severity,user,waived,until,credential,number,owner,line",
            false, &err));
        struct table table = findings_table(&f, round == 3 ? f.count / 2 : SIZE_MAX);
        same_without_words(&table, seed);
        findings_free(&f);
        size_t count = credential_list(&j.r, 0, j.r.row_count, &ids);
        assert_true(credential_table_choose(&c, &j.r, ids, count,
            round % 2 ? NULL : "severity,credential,state,age,user", false, &err));
        table = credential_table_get(&c);
        same_without_words(&table, seed);
        credential_table_free(&c);
        free(ids);
        judged_free(&j);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order), cmocka_unit_test(test_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
