/* Evidence that cannot be completed leaves nothing behind; inputs that changed are told; names are safe. */
#include "unit/sample.h"

#include "config/command_line.h"
#include "session/evidence.h"
#include "session/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A session of one report, and a folder for it. */
struct place {
    char directory[64], report[96], folder[96], stranger[128], *arguments[6];
    struct options options;
    struct session session;
    struct evidence evidence;
    uint32_t rows[4];
};

static void write_report(const char *path, const char *mode)
{
    FILE *f = fopen(path, mode);
    assert_non_null(f);
    fputs("user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated\n"
        "ann,arn:aws:iam::123456789012:user/ann,true,false,true,2020-01-01T00:00:00Z\n"
        "bob,arn:aws:iam::123456789012:user/bob,false,false,false,N/A\n", f);
    assert_int_equal(fclose(f), 0);
}

static void place_open(struct place *p)
{
    static char program[] = "ncred", plain[] = "--config=", as_of[] = "--as-of=2026-06-15", evidence[] = "--evidence=x";
    struct error err;
    *p = (struct place){.directory = "/tmp/ncred-evidence-XXXXXX"};
    assert_non_null(mkdtemp(p->directory));
    snprintf(p->report, sizeof p->report, "%s/report.csv", p->directory);
    snprintf(p->folder, sizeof p->folder, "%s/folder", p->directory);
    snprintf(p->stranger, sizeof p->stranger, "%s/stranger", p->folder);
    write_report(p->report, "w");
    char *const arguments[] = {program, plain, as_of, evidence, p->report, NULL};
    memcpy(p->arguments, arguments, sizeof arguments);
    assert_true(command_line_parse(&p->options, 5, p->arguments, SAMPLE_AS_OF, &err));
    assert_true(session_open(&p->session, &p->options, SAMPLE_AS_OF, false, &err));
    p->rows[1] = 1;
    p->evidence = (struct evidence){.options = &p->options, .audit = &p->session.audit,
        .inputs = {&p->session.sides[0].inputs, NULL},
        .report = p->session.report, .rows = p->rows, .count = 2, .now = SAMPLE_AS_OF};
}

static void remove_files(const char *folder)
{
    static const char *const names[] = {"findings.csv", "users.csv", "report.html", "README.md"};
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void place_close(struct place *p)
{
    session_close(&p->session);
    command_line_free(&p->options);
    unlink(p->report);
    assert_int_equal(rmdir(p->directory), 0);
}

/* Asked so often, it is over. */
struct patience {
    size_t asked, most;
    const char *makes; /* NULL, or a file to be made in the folder then */
};

static bool is_over(void *context)
{
    struct patience *p = context;
    if (p->asked++ < p->most)
        return false;
    FILE *f = p->makes ? fopen(p->makes, "w") : NULL;
    if (f)
        fclose(f);
    return true;
}

/* Wherever it is cancelled, nothing is left; and uncancelled all of it is there. In `make check' every fourth place. */
static void test_cancelled_anywhere(void **state)
{
    struct place p;
    struct stat st;
    struct error err;
    bool ok = false;
    size_t most = 0;
    (void)state;
    place_open(&p);
    for (; !ok && most < 10000; most += sample_rounds(4, 1)) {
        struct patience patience = {.most = most};
        struct cancel_token token = {.is_over = is_over, .context = &patience};
        p.evidence.cancel = &token;
        ok = evidence_write(&p.evidence, p.folder, &err);
        if (!ok && (err.text[0] || lstat(p.folder, &st) == 0))
            fail_msg("cancelled when asked for the %zuth time: \"%s\", or the folder is there", most, err.text);
    }
    assert_true(ok);
    assert_true(most > 10);
    remove_files(p.folder);
    place_close(&p);
}

/* What somebody else put there is not removed, and the folder that stays is named. */
static void test_stranger(void **state)
{
    struct place p;
    struct error err;
    struct stat st;
    (void)state;
    place_open(&p);
    struct patience patience = {.most = 5, .makes = p.stranger};
    p.evidence.cancel = &(struct cancel_token){.is_over = is_over, .context = &patience};
    assert_false(evidence_write(&p.evidence, p.folder, &err));
    assert_non_null(strstr(err.text, p.folder));
    assert_int_equal(lstat(p.stranger, &st), 0);
    unlink(p.stranger);
    assert_int_equal(rmdir(p.folder), 0);
    place_close(&p);
}

static char *read_readme(const char *folder)
{
    char path[160];
    char *text = xcalloc(1 << 16, 1);
    snprintf(path, sizeof path, "%s/README.md", folder);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_true(fread(text, 1, (1 << 16) - 1, f) > 0);
    fclose(f);
    return text;
}

/* A report that has changed, or gone, since it was read is not passed off for what was read. */
static void test_changed_input(void **state)
{
    static const struct {
        bool goes;
        const char *told;
    } table[] = {{false, "| CHANGED since it was read"}, {true, "| cannot be opened now |"}};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct place p;
        struct error err;
        place_open(&p);
        if (table[i].goes)
            unlink(p.report);
        else
            write_report(p.report, "a");
        assert_true(evidence_write(&p.evidence, p.folder, &err));
        char *readme = read_readme(p.folder);
        assert_non_null(strstr(readme, table[i].told));
        free(readme);
        remove_files(p.folder);
        place_close(&p);
    }
}

/* The folder's name has nothing of a report but twelve digits. */
static void test_name(void **state)
{
    static const struct {
        const char *accounts[2], *name;
    } table[] = {
        {{"123456789012", NULL}, "evidence-123456789012-2026-06-15"},
        {{"../../etc/x;$(y)", NULL}, "evidence-2026-06-15"},
        {{"12345678901\xe2\x80\xae", NULL}, "evidence-2026-06-15"},
        {{"123456789012", "210987654321"}, "evidence-2-accounts-2026-06-15"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct buffer csv = {0}, name = {0};
        struct report r;
        buffer_puts(&csv, sample_header);
        for (size_t k = 0; k < 2 && table[i].accounts[k]; k++) {
            char cells[128];
            snprintf(cells, sizeof cells, "arn=arn:aws:iam::%s:user/x", table[i].accounts[k]);
            sample_user(&csv, "x", cells);
        }
        sample_load(&r, (struct slice){csv.data, csv.len});
        r.as_of = SAMPLE_AS_OF;
        evidence_name(&name, &r);
        assert_string_equal(name.data, table[i].name);
        buffer_free(&name);
        buffer_free(&csv);
        report_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cancelled_anywhere), cmocka_unit_test(test_stranger),
        cmocka_unit_test(test_changed_input), cmocka_unit_test(test_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
