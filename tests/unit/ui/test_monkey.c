/*
 * Random keys on the screen in memory: the keys that are bound, actions by name and directly, several in one write, on
 * reports of every width, with a configuration and without. After each burst the state must be one that every action
 * can start from. NCRED_TEST_SEED: another seed; NCRED_MONKEY: how many bursts.
 */
#include "play.h"

#include "base/save.h"
#include "unit/sample.h"
#include "config/column_sets.h"
#include "ui/actions.h"
#include "ui/columns.h"
#include "ui/menu.h"
#include "ui/state.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *const texts[] = {
    "mfa_active", "key(active and age > 90d)", "not root", "age > ", "'", "(((((((((", "user ~ [", "user ~ '^a.*'",
        "%s%n",
    "\346\274\242\345\255\227", "e\314\201", "\377\376", "\033[A\033[B", "\033[200~mfa\nroot\tq\003\033[201~",
        "\033[<0;5;5M",
    "\033[M !!", "\033[1;5C", "\033]0;x\007", "\033O", "\033[", "\033[999;999R", "fails(cis-1.14)", "cert(active)",
        "\302",
    "\033[M `#", "\033[M #%", "\033[M 5*", "9", "\033b\033f\033d", "2026-12-31", ",", "report", "user:3,report",
    "W\r", "W\r6mo\tme\twhy\r", "aWG\r\r", "T45\r", "T\r9d\r", "T ",
};

static const char waivers[] = "user-3 rotate-key 2027-01-01 ops a\nuser-* unused 2027-01-01 ops b\n"
    "(root) root-key 2027-01-01 ops c\n";
static const char configuration[] = "columns narrow = user:5,report\ncolumns triage = user,age\nbind x = column-hide\n"
    "bind table,overview M-x = quit\nfilter old = age > 90d\nfilter team = team = Web or tag_count > 1\n"
    "bind g = evidence\nbind Tab = count\nbind form Enter = cancel\nbind line C-g = complete\nbind j = up\n"
    "bind k = down\n"
    "columns joined = user:3,team,tag_count,owner.age,failing\ncolumns credentials = user,credential,team:40,id\n"
    "check rotate-key = 30d where user = user-3\nset waivers = ";

static const char details[] =
    "{\"UserDetailList\":[{\"Arn\":\"arn:aws:iam::123456789012:user/user-1\",\"GroupList\":[\"ops\",\"gone\"],"
    "\"AttachedManagedPolicies\":[{\"PolicyName\":\"ReadOnlyAccess\","
    "\"PolicyArn\":\"arn:aws:iam::aws:policy/ReadOnlyAccess\"}],"
    "\"Tags\":[{\"Key\":\"team\",\"Value\":\"\\u001b[31m\"}]},{\"Arn\":\"arn:aws:iam::123456789012:user/user-2\","
    "\"GroupList\":[],"
    "\"AttachedManagedPolicies\":[]}],\"GroupDetailList\":[{\"GroupName\":\"ops\","
    "\"Arn\":\"arn:aws:iam::123456789012:group/ops\","
    "\"GroupPolicyList\":[],\"AttachedManagedPolicies\":[{\"PolicyName\":\"A\","
    "\"PolicyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}]}]}";
static const char key_ids[] = "user,access_key_id,create_date\nuser-1,AKIAIOSFODNN7EXAMPLE,2024-01-01T00:00:00+00:00\n";
static const char rules[] = "rule no-owner = high: not root and mfa_active = false\ntitle no-owner = nobody's\n";

static const int sizes[][2] = {{24, 80}, {1, 1}, {5, 20}, {50, 200}, {24, 120}, {2, 300}, {60, 3}, {3, 10},
    {100, 300}, {15, 60}, {24, 79}, {7, 111}, {1, 300}, {100, 1}};

static void put_event(struct buffer *out)
{
    size_t n = sample_below(100);
    if (n < 75)
        play_put_key(out, bindings[sample_below(binding_count)].key);
    else if (n < 85)
        buffer_puts(out, SAMPLE_ONE_OF(texts));
    else if (n < 95)
        buffer_printf(out, ":%s\r", actions[sample_below(ACTION_COUNT)].name);
    else
        sample_random_bytes(out, 1 + sample_below(6));
}

/* What every action relies on. */
static void check(struct ui *ui)
{
    struct set_column columns[COLUMN_SETS_COLUMNS_MAX];
    const struct view *v = &ui->view;
    size_t shown = columns_shown(ui, columns);
    assert_true(shown > 0 && ui->focus < shown && ui->left < shown);
    assert_true(v->cursor < v->count || (v->cursor == 0 && v->count == 0));
    assert_true(ui->set < ui->sets.count);
    assert_false(ui->bars.is_open && (v->keys || ui->report->changes));
    if (ui->menu.kind)
        assert_true(ui->menu.cursor < ui->menu.kind->count(ui) || ui->menu.kind->count(ui) == 0);
    for (enum action a = 0; a < ACTION_COUNT; a++) {
        if (ui_mode(ui) != MODE_MENU || !ui_can(ui, a))
            continue;
        assert_true(a == ACTION_REDRAW || a == ACTION_SUSPEND || a == ACTION_QUIT || menu_can(ui, a));
    }
}

static const char *file_of(const char *name, size_t rows, size_t columns)
{
    struct buffer csv = {0};
    play_wide_report(&csv, rows, columns);
    const char *path = play_file(name, csv.data, csv.len);
    buffer_free(&csv);
    return path;
}

/* A directory with three reports of one account: a history. */
static const char *history_of(const char *name)
{
    static char path[200];
    char file[100];
    snprintf(path, sizeof path, "%s/%s", play_directory(), name);
    mkdir(path, 0700);
    for (int month = 1; month <= 3; month++) {
        struct buffer csv = {0};
        snprintf(file, sizeof file, "%s/123456789012_status_reports_2026-0%d-01T12-00-00+00-00.csv", name, month);
        sample_random_report(&csv, 12);
        play_file(file, csv.data, csv.len);
        buffer_free(&csv);
    }
    return path;
}

static const char *text_file(const char *name, const char *text)
{
    return play_file(name, text, strlen(text));
}

static void (*really_draw)(struct ui *ui);
static const int *later_size;

/* Draw and then, once, resize the screen to LATER_SIZE: the next key comes before it is drawn in that size. */
static void resize_after_drawing(struct ui *ui)
{
    really_draw(ui);
    ui->draw = really_draw;
    headless_resize(later_size[0], later_size[1]);
}

static void test_monkey(void **state)
{
    (void)state;
    const char *count = getenv("NCRED_MONKEY");
    long left = count ? atol(count) : 700;
    struct buffer keys = {0};
    char config[300], joined[300];
    unsigned long long seed = sample_start();
    const char *reports = history_of("reports"); /* first: play_file() remembers the last paths only */
    struct buffer with_waivers = {0};
    buffer_printf(&with_waivers, "%s%s\n", configuration, text_file("waivers", waivers));
    snprintf(config, sizeof config, "--config=%s", text_file("config", with_waivers.data));
    buffer_free(&with_waivers);
    snprintf(joined, sizeof joined, "--join=%s",
        text_file("owners.csv", "user,team,owner,age,tag_count\nuser-1,Web,ana,3,7\n"
        "user-2,\"a \x1b[31m, b\",,,\nsvc-jenkins-prod,Web,bob,4,1\n"));
    static const char *const names[] = {"details", "key-ids", "rules", "account-names", "history"};
    static char named[SAMPLE_COUNT(names)][300];
    const char *paths[SAMPLE_COUNT(names)] = {text_file("details.json", details), text_file("keys.csv", key_ids),
        text_file("rules", rules), text_file("names.csv", "123456789012,Prod \xe2\x80\xae\n"), reports};
    const char *more[SAMPLE_COUNT(names) + 2] = {"--benchmark=cis-3.0", "--central-root"};
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++) {
        snprintf(named[i], sizeof named[i], "--%s=%s", names[i], paths[i]);
        more[2 + i] = named[i];
    }
    const char *files[] = {file_of("few.csv", 30, 0), file_of("wide.csv", 12, 300), file_of("very-wide.csv", 3, 400),
        file_of("none.csv", 0, 0), text_file("one.csv", "user,arn\nalice,\nbob,\n"), "--demo",
        text_file("old.csv", "user,arn\na,b\nc,d\n"), reports, file_of("long.csv", 3000, 7)};
    print_message("seed %llu: NCRED_TEST_SEED=%llu repeats it\n", seed, seed);
    save_forbid(); /* what is typed may be any file's name */
    while (left > 0) {
        const char *file = SAMPLE_ONE_OF(files);
        bool is_empty = file == files[3], is_configured = !is_empty && sample_below(2); /* no file can tell of nobody */
        bool is_joined = is_configured || (!is_empty && sample_below(2));
        const char *args[6 + SAMPLE_COUNT(more)] = {file, is_configured ? config : "--config=",
            sample_below(2) ? "--mouse" : "--ascii", is_joined ? joined : "--no-color"};
        size_t given = 4;
        size_t diff = sample_below(6);
        if (diff == 0 && strcmp(args[0], "--demo") != 0)
            args[given++] = files[6];
        for (size_t i = 0; i < SAMPLE_COUNT(more) && !is_empty; i++) {
            if (sample_below(4) == 0)
                args[given++] = more[i];
        }
        const int *size = sizes[sample_below(SAMPLE_COUNT(sizes))];
        keys.len = 0;
        for (size_t n = sample_below(9); n > 0; n--) /* these come while the long report is still being read */
            put_event(&keys);
        buffer_puts(&keys, "");
        play_ahead(keys.data);
        struct ui *ui = play_open_list(size[0], size[1], args);
        really_draw = ui->draw;
        for (size_t burst = 20 + sample_below(200); burst > 0 && left > 0 && !play_has_ended(); burst--, left--) {
            keys.len = 0;
            for (size_t n = 1 + sample_below(9); n > 0; n--)
                put_event(&keys);
            if (sample_below(20) == 0) {
                size = sizes[sample_below(SAMPLE_COUNT(sizes))];
                if (sample_below(2)) {
                    later_size = size;
                    ui->draw = resize_after_drawing;
                } else
                    headless_resize(size[0], size[1]);
            }
            if (sample_below(4) == 0)
                ui_act(ui, (enum action)sample_below(ACTION_COUNT));
            buffer_puts(&keys, "");
            headless_type((struct slice){keys.data, keys.len});
            play_settle();
            if (!play_has_ended())
                check(ui);
        }
        play_close();
    }
    buffer_free(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_monkey)};
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
