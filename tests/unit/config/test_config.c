/* The configuration: every kind of line, what is said of wrong ones, and that what is printed can be read back. */
#include "unit/sample.h"
#include "config/command_line.h"
#include "config/column_sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void read_text(struct options *o, const char *text)
{
    command_line_init(o, SAMPLE_AS_OF);
    config_parse(o, "config", slice_of(text));
}

static void test_lines(void **state)
{
    struct options o;
    (void)state;
    read_text(&o,
        "# a comment\n"
        "\n"
        "  set ascii=yes\r\n"
        "set sort = -key_1_age,user\n"
        "set filter = not root\n"
        "set columns = user:24,tag:owner,mfa_active\n"
        "set filter = mfa_active = false\n"
        "set benchmark = cis-5.0\n"
        "check unused = 60d\n"
        "check two-keys = off\n"
        "check unused-90 = on 100\n"
        "filter old ones = key(active and age > 1y)\n"
        "columns triage = user:30,mfa_active,key_1_age:8\n"
        "columns mine = user,report.whatever\n"
        "bind x = sort\n"
        "bind table,detail F5 = reload\n"
        "bind q = none\n"
        "color critical = white on 160 bold\n"
        "set theme = light");
    if (o.config.problem_count)
        fail_msg("%s", o.config.problems.data);
    assert_true(o.ascii);
    assert_string_equal(o.sort_list, "-key_1_age,user");
    assert_int_equal(o.filter_text_count, 2);
    assert_string_equal(o.filter_texts[1], "mfa_active = false");
    assert_int_equal(o.checks.benchmark, BENCHMARK_CIS_5_0);
    assert_int_equal(o.checks.days[check_find(slice_of("unused"), BENCHMARK_CIS_1_4, NULL)], 60);
    assert_false(o.checks.on >> check_find(slice_of("two-keys"), BENCHMARK_CIS_1_4, NULL) & 1);
    assert_true(o.checks.on >> check_find(slice_of("unused-90"), BENCHMARK_CIS_1_4, NULL) & 1);
    assert_int_equal(o.checks.days[check_find(slice_of("unused-90"), BENCHMARK_CIS_1_4, NULL)], 100);
    assert_string_equal(config_pairs_find(&o.config.filters, slice_of("old ones")), "key(active and age > 1y)");
    assert_string_equal(o.column_list, "user:24,tag:owner,mfa_active");
    assert_int_equal(o.column_count, 2);
    assert_string_equal(config_pairs_find(&o.config.sets, slice_of("triage")), "user:30,mfa_active,key_1_age:8");
    const struct keymap *m = &o.config.keymap;
    assert_int_equal(keys_action(m, 'x', MODE_TABLE), ACTION_SORT);
    assert_int_equal(keys_action(m, 's', MODE_TABLE), ACTION_SORT);
    assert_int_equal(keys_action(m, KEYS_F1 + 4, MODE_DETAIL), ACTION_RELOAD);
    assert_int_equal(keys_action(m, 'q', MODE_TABLE), ACTION_NONE);
    assert_int_equal(keys_action(m, 'q', MODE_MENU), ACTION_NONE);
    assert_int_equal(o.config.looks[ROLE_CRITICAL].color256, 7);
    assert_int_equal(o.config.looks[ROLE_CRITICAL].back, 160);
    assert_int_equal(o.config.looks[ROLE_CRITICAL].attributes, LOOK_BOLD);
    assert_string_equal(o.theme->name, "light");
    command_line_free(&o);
}

/* The key that does an action first is the one that a person gave. */
static void test_bindings(void **state)
{
    struct options o;
    struct buffer keys = {0};
    (void)state;
    read_text(&o, "bind x = sort\nbind y = sort\nbind = = sort\nbind table # = sort\nbind s = help\n");
    assert_int_equal(o.config.problem_count, 0);
    assert_true(keys_of(&keys, &o.config.keymap, ACTION_SORT, MODE_TABLE, 9));
    assert_string_equal(keys.data, "x y = #");
    assert_int_equal(keys_action(&o.config.keymap, '#', MODE_DETAIL), ACTION_COUNT_BY);
    assert_int_equal(keys_action(&o.config.keymap, 's', MODE_TABLE), ACTION_HELP);
    assert_int_equal(keys_action(&o.config.keymap, 's', MODE_MENU), ACTION_HELP);
    buffer_free(&keys);
    command_line_free(&o);
}

static void test_faults(void **state)
{
    static const struct {
        const char *line, *told;
    } faults[] = {
        {"sort = user", "a line begins with set, check, rule, title, remedy, number, filter, columns, bind,"
            " color or sla, not \"sort\""},
        {"set", "expected set NAME = VALUE"},
        {"set = 1", "expected set NAME = VALUE"},
        {"set sotr = user", "no option \"sotr\"; sort?"},
        {"set version = yes", "version is for the command line only"},
        {"set ascii = perhaps", "expected yes or no, got \"perhaps\""},
        {"set sort = usre", "no column \"usre\""},
        {"set filter = key(", "a condition is missing at the end"},
        {"set benchmark = cis-99", "no benchmark \"cis-99\""},
        {"set theme = pink", "no theme \"pink\""},
        {"check unsued = off", "no check \"unsued\"; unused?"},
        {"check unused = sometimes", "a number of days"},
        {"check unused =", "on, off or a number of days"},
        {"check two-keys = 5d", "has no threshold"},
        {"filter mine = ag > 90d", "no column \"ag\""},
        {"columns mine = user,key_1_aeg", "no column \"key_1_aeg\"; key_1_age?"},
        {"set columns = user:201", "the width of user must be from 1 to 200"},
        {"columns mine = user:0", "the width of user must be from 1 to 200"},
        {"columns mine =", "expected a list of columns"},
        {"columns mine = user,state", "no column \"state\""},
        {"bind Foo = sort", "no key \"Foo\""},
        {"bind x = sorting", "no action \"sorting\""},
        {"bind line x = sort", "the action sort does nothing there"},
        {"bind tabel x = sort", "no place \"tabel\""},
        {"color critical = pink", "invalid colour \"pink\""},
        {"color critical = red on", "expected a colour after \"on\""},
        {"color crit = red", "nothing \"crit\" has a colour"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(faults); i++) {
        struct options o;
        struct buffer text = {0};
        buffer_printf(&text, "set ascii = yes\n%s\nset sort = user", faults[i].line);
        read_text(&o, text.data);
        bool is_unsure = strncmp(faults[i].told, "no column", 9) == 0; /* the report may have it, AWS's has not */
        assert_int_equal(o.config.unsure.count, is_unsure);
        if (is_unsure) {
            assert_int_equal(o.config.problem_count, 0);
            assert_string_equal(o.config.unsure.list[0].place, "config:2");
            assert_non_null(strstr(o.config.unsure.list[0].why, faults[i].told));
            command_line_free(&o);
            command_line_init(&o, 0);
            o.config.is_for_aws = o.checks.other_names = true; /* joined tables may have it */
            config_parse(&o, "config", (struct slice){text.data, text.len});
            assert_int_equal(o.config.problem_count, 0);
            assert_int_equal(o.config.unsure.count, 1);
            assert_true(o.checks.other_names);
            command_line_free(&o);
            command_line_init(&o, 0);
            o.config.is_for_aws = true;
            config_parse(&o, "config", (struct slice){text.data, text.len});
        }
        if (o.config.problem_count != 1)
            fail_msg("%s: %zu problems: %s", faults[i].line, o.config.problem_count,
                o.config.problem_count ? o.config.problems.data : "");
        if (!strstr(o.config.problems.data, faults[i].told) || strncmp(o.config.problems.data, "config:2: ", 10) != 0)
            fail_msg("%s: %s", faults[i].line, o.config.problems.data);
        /* all others hold */
        assert_true(o.ascii);
        assert_string_equal(o.sort_list, "user");
        buffer_free(&text);
        command_line_free(&o);
    }
}

/* What is printed, read back, prints the same; and so do all of the defaults in it, taken at their word. */
static void test_dump(void **state)
{
    static const char *const texts[] = {"",
        "set ascii = yes\nset filter = root\nset filter = not root\nset profile = a\nset checks = -unused\n"
        "check two-keys = off\ncheck rotate-key = 60d\nfilter a b = key(active)\ncolumns triage = user:9\n"
        "columns credentials = user,state:9\ncolumns mine = report.x:20\nset columns = user:24,age\n"
        "bind table x = sort\nbind y = sort\nbind q = none\n"
        "bind detail Enter = none\nbind list w = back\ncolor low = bright-blue on 17 underline reverse\n"
        "set theme = dark\n"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++) {
        struct buffer first = {0}, again = {0}, bare = {0};
        struct options o;
        read_text(&o, texts[i]);
        if (o.config.problem_count)
            fail_msg("%s", o.config.problems.data);
        config_dump(&first, &o);
        command_line_free(&o);
        read_text(&o, first.data);
        config_dump(&again, &o);
        assert_string_equal(again.data, first.data);
        command_line_free(&o);
        for (const char *c = first.data; *c; c++) {
            if (*c != '#' || c[1] == ' ' || (c > first.data && c[-1] != '\n'))
                buffer_putc(&bare, *c);
        }
        read_text(&o, bare.data);
        if (o.config.problem_count)
            fail_msg("%s", o.config.problems.data);
        command_line_free(&o);
        buffer_free(&first);
        buffer_free(&again);
        buffer_free(&bare);
    }
}

static void remember(struct config *c, const char *before, const char *name, const char *value, const char *after)
{
    struct error err;
    char text[512];
    FILE *f = fopen(c->path, "w");
    assert_non_null(f);
    fputs(before, f);
    fclose(f);
    if (!config_remember(c, "columns", slice_of(name), slice_of(value), &err))
        fail_msg("%s", err.text);
    f = fopen(c->path, "r");
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(text, after);
}

static void remember_checks(struct config *c, const struct check_settings *s, uint64_t which, const char *before,
    const char *after)
{
    struct error err;
    char text[2048];
    FILE *f = fopen(c->path, "w");
    assert_true(f && fputs(before, f) >= 0 && fclose(f) == 0);
    if (!config_remember_checks(c, s, which, &err))
        fail_msg("%s", err.text);
    f = fopen(c->path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(text, after);
}

static void test_remember(void **state)
{
    char directory[] = "/tmp/ncred-config-XXXXXX", path[64];
    struct config c;
    struct error err;
    (void)state;
    config_init(&c);
    assert_false(config_remember(&c, "columns", slice_of("a"), slice_of("user"), &err));
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/below/config", directory);
    c.path = xstrdup(path);
    assert_true(config_remember(&c, "columns", slice_of("a"), slice_of("user"), &err)); /* makes the directory */
    remember(&c, "", "a", "user", "columns a = user\n");
    remember(&c, "# mine\nset ascii = yes", "a", "user", "# mine\nset ascii = yes\ncolumns a = user\n");
    struct check_settings s;
    check_settings_init(&s);
    size_t rotate = check_find(slice_of("rotate-key"), BENCHMARK_NCRED, NULL);
    size_t keys = check_find(slice_of("two-keys"), BENCHMARK_NCRED, NULL);
    uint64_t both = UINT64_C(1) << rotate | UINT64_C(1) << keys;
    s.on &= ~(UINT64_C(1) << keys);
    s.days[rotate] = 45;
    remember_checks(&c, &s, both, "", "check rotate-key = on 45d\ncheck two-keys = off\n");
    remember_checks(&c, &s, both,
        "check two-keys = on # no\ncheck rotate-key = 9d\ncheck rotate-key = 9d where root\nset mouse = yes",
        "check two-keys = off\ncheck rotate-key = 9d\ncheck rotate-key = 9d where root\nset mouse = yes\n"
        "check rotate-key = on 45d\n");
    remember_checks(&c, &s, both, "check rotate-key = 9d where root\ncheck rotate-key = 10d\n#check two-keys = on\n",
        "check rotate-key = 9d where root\ncheck rotate-key = on 45d\n#check two-keys = on\ncheck two-keys = off\n");
    s.days[rotate] = 90; /* as by default: whichever benchmark is chosen later */
    remember_checks(&c, &s, UINT64_C(1) << rotate, "check rotate-key = off\n", "check rotate-key = on\n");
    remember(&c, "columns a = arn\n  columns  a=arn # no\ncolumns b = arn\n", "a", "user",
        "columns a = arn\n  columns a = user\ncolumns b = arn\n");
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
    rmdir(directory);
    config_free(&c);
}

/* What a report can put into a name or a value never becomes another setting: it is refused, and TEXT stays. */
static void test_remember_refused(void **state)
{
    static const struct {
        const char *verb, *name, *value, *told;
    } cases[] = {
        {"columns", "report", "user,report.x\nset waivers = /w\nbind j = quit", "no control or invisible characters"},
        {"filter", "a", "account = \"x\nset filter = user != 'mallory'\n#\"", "no control or invisible characters"},
        {"filter", "a\nset waivers = /w\n#", "root", "no control or invisible characters"},
        {"filter", "a\rb", "root", "no control or invisible characters"},
        {"filter", "a", "root\r", "no control or invisible characters"},
        {"filter", "a", "user = \"\x1b[2J\"", "no control or invisible characters"},
        {"filter", "a", "user = \"\t\"", "no control or invisible characters"},
        {"filter", "a", "user = \"\x9b\"", "no control or invisible characters"},
        {"filter", "a", "user = \"\xe2\x80\xae\"", "no control or invisible characters"},
        {"filter", "a = b", "root", "another setting"},
        {"filter", "", "root", "another setting"},
        {"filter", " a", "root", "another setting"},
        {"filter", "a", "root ", "another setting"},
        {"filte", "a", "root", "another setting"},
        {"bind", "x", "sort = quit", "another setting"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++) {
        struct buffer out = {0}, longer = {0};
        struct error err;
        if (config_amend(&out, slice_of("# mine\n"), cases[i].verb, slice_of(cases[i].name), slice_of(cases[i].value),
            &err))
            fail_msg("%zu: not refused: %s", i, out.data);
        if (!strstr(err.text, cases[i].told))
            fail_msg("%zu: %s", i, err.text);
        assert_int_equal(out.len, 0);
        while (longer.len < 4097)
            buffer_putc(&longer, 'a');
        assert_false(config_amend(&out, slice_of(""), "filter", slice_of("a"), (struct slice){longer.data, longer.len},
            &err));
        assert_non_null(strstr(err.text, "4096 bytes"));
        buffer_free(&longer);
        buffer_free(&out);
    }
}

/* Whatever the bytes, the program goes on, and what it keeps it can print and read. */
static void test_random(void **state)
{
    static const char *const pieces[] = {"set ", "check ", "filter ", "columns ", "bind ", "color ", "=", " = ", "\n",
        "#", "unused", "60d", "off", "x", "sort", "ascii", "yes", "critical", "red", " on ", "user", ":", ",", "C-x",
        "table", "F1", "none", "root", "("};
    (void)state;
    unsigned long long seed = sample_start();
    for (int round = 0, rounds = getenv("NCRED_VALGRIND") ? 300
        : (int)sample_rounds(120, 6000); round < rounds; round++) {
        struct buffer text = {0}, first = {0}, again = {0};
        struct options o;
        for (size_t n = sample_below(30); n > 0; n--) {
            if (sample_below(8) == 0)
                sample_random_bytes(&text, sample_below(6));
            else
                buffer_puts(&text, SAMPLE_ONE_OF(pieces));
        }
        command_line_init(&o, SAMPLE_AS_OF);
        config_parse(&o, "config", (struct slice){text.data, text.len});
        config_dump(&first, &o);
        command_line_free(&o);
        command_line_init(&o, SAMPLE_AS_OF);
        config_parse(&o, "config", (struct slice){first.data, first.len});
        config_dump(&again, &o);
        if (again.len != first.len || memcmp(again.data, first.data, first.len) != 0)
            fail_msg("seed %llu, round %d: read back as another configuration:\n%s\n%s", seed, round, first.data,
                again.data);
        command_line_free(&o);
        buffer_free(&text);
        buffer_free(&first);
        buffer_free(&again);
    }
}

/* Whatever the option, a value that is refused changes nothing: what was set before stays. */
static void test_refused_values(void **state)
{
    static const char *const values[] = {"", " ", "a", "mono,", "-1", "1x", "9999999999999999999999", "2026-99-99",
        "low high", "user,,arn", "user:9999", "user,mfa_active,user:0", "((", "key(", "AKIA", "no-such", "-no-such",
        "+no-such=1d", "unused=x", "cis-9.9", "http", "details,no-such", "1:2:3", "\xff"};
    struct options o, before;
    struct error err;
    size_t refused = 0;
    (void)state;
    for (size_t row = 0; row < option_row_count; row++) {
        for (size_t i = 0; i < SAMPLE_COUNT(values); i++) {
            command_line_init(&o, SAMPLE_AS_OF);
            if (!option_rows[row].argument) {
                command_line_free(&o);
                continue;
            }
            memcpy(&before, &o, sizeof o);
            bool is_refused = !options_set(&o, &option_rows[row], values[i], true, &err);
            if (is_refused && memcmp(&before, &o, sizeof o) != 0)
                fail_msg("--%s: \"%s\" is refused, but has an effect", option_rows[row].name, values[i]);
            refused += is_refused;
            command_line_free(&o);
        }
    }
    assert_in_range(refused, 100, option_row_count * SAMPLE_COUNT(values));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_bindings),
        cmocka_unit_test(test_refused_values), cmocka_unit_test(test_faults), cmocka_unit_test(test_dump),
        cmocka_unit_test(test_remember), cmocka_unit_test(test_remember_refused), cmocka_unit_test(test_random)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
