/*
 * Random keys, pastes, resizes, stops and signals that mean nothing: the program goes on, and in the end quits cleanly.
 * Keys and names of actions are those of the tables. NCRED_TEST_SEED: another seed; NCRED_MONKEY: how many events.
 */
#include "browse.h"

#include "config/keys.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static unsigned long long seed;

static unsigned below(unsigned limit)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(seed >> 33) % limit;
}

/* Keys that no default binding has. */
static const char *const unbound[] = {"M-x", "M-b", "F1", "C-@", "0", "9", "m", "x", "(", ")", "'", "~", "Esc", "Esc"};

/* A key that is bound, or one that is not; q, which ends it, less often. */
static const char *any_key(void)
{
    if (below(12) == 0)
        return unbound[below(sizeof unbound / sizeof unbound[0])];
    const char *key = bindings[below((unsigned)binding_count)].key;
    bool ends = strcmp(key, "q") == 0 || strcmp(key, "Q") == 0 || strcmp(key, "F10") == 0;
    return !ends || below(20) == 0 ? key : "Esc";
}

static const char *const texts[] = {
    "mfa_active", "key(active and age > 90d)", "not root", "age > ", "'", "(((((((((", "user ~ [", "user ~ '^a.*'",
        "%s%n",
    "\346\274\242\345\255\227", "e\314\201", "\377\376", "\033[A\033[B", "\033[200~mfa\nroot\tq\003\033[201~",
        "\033[<0;5;5M",
    "\033[M !!", "\033[1;5C", "\033]0;x\007", "\033O", "\033[", "\033[999;999R", "fails(cis-1.14)", "cert(active)",
        "\302",
};

static void resize(struct term *t)
{
    static const int odd[][2] = {{24, 80}, {1, 1}, {5, 20}, {50, 200}, {24, 120}, {2, 300}, {60, 3}};
    unsigned i = below(12);
    if (i < 7)
        term_resize(t, odd[i][0], odd[i][1]);
    else
        term_resize(t, 1 + (int)below(60), 1 + (int)below(200));
}

/* The keys before may have chosen its end in the help. */
static bool has_stopped(struct term *t, const void *arg)
{
    (void)arg;
    return t->stopped || t->ended;
}

/* It may stop once more, or by itself: Enter on "suspend" in the help does it. */
static void resume(struct term *t)
{
    while (t->stopped) {
        term_foreground(t);
        term_settle(t); /* until it has the terminal back, Ctrl-C ends it: rightly */
    }
}

static void end_it(struct term *t)
{
    if (below(2)) {
        /*
         * behind an Esc it would be a part of that; behind Esc ], as a terminal's answer begins, for 300 milliseconds
         */
        term_settle(t);
        while (term_pump(t, 400))
            ;
        term_settle(t);
        term_keys(t, "C-z");
    } else {
        term_signal(t, below(2) ? SIGSTOP : SIGTSTP);
    }
    term_wait_until(t, has_stopped, NULL, "the program to stop");
    if (t->ended)
        return;
    if (below(3) == 0)
        resize(t);
    resume(t);
}

static void event(struct term *t)
{
    unsigned n = below(1000);
    resume(t);
    if (n < 750) {
        char keys[200] = "";
        for (unsigned i = 0, count = below(4) ? 1 : 2 + below(9); i < count; i++)
            snprintf(keys + strlen(keys), sizeof keys - strlen(keys), "%s%s", i ? " " : "", any_key());
        term_keys(t, keys);
        if (strcmp(keys, "Esc") == 0 && below(2))
            term_settle(t);
    } else if (n < 820) {
        char command[80];
        snprintf(command, sizeof command, ":%s\r", actions[below(ACTION_COUNT)].name);
        term_type(t, command);
    } else if (n < 940) {
        term_type(t, texts[below(sizeof texts / sizeof texts[0])]);
    } else if (n < 985) {
        resize(t);
    } else if (n < 990) {
        term_signal(t, below(2) ? SIGWINCH : SIGCONT);
    } else if (n < 992) {
        end_it(t);
    } else {
        term_settle(t);
    }
    if (below(4) == 0)
        term_pump(t, 0);
}

/* A report of ROWS users with COLUMNS columns more than user and arn. */
static const char *wide_file(const char *name, size_t rows, size_t columns)
{
    static char path[300];
    struct buffer csv = {0};
    buffer_puts(&csv, "user,arn");
    for (size_t i = 0; i < columns; i++)
        buffer_printf(&csv, ",column_%zu", i);
    for (size_t row = 0; row < rows; row++) {
        buffer_printf(&csv, "\nuser-%zu,arn:aws:iam::123456789012:user/user-%zu", row, row);
        for (size_t i = 0; i < columns; i++)
            buffer_printf(&csv, ",%zu", i);
    }
    buffer_puts(&csv, "\n");
    snprintf(path, sizeof path, "%s", term_file(name, csv.data, csv.len));
    buffer_free(&csv);
    return path;
}

/* Out of whatever is open, then q. */
static void leave(struct term *t)
{
    if (t->ended)
        return;
    term_send(t, "\033[201~", 6); /* a paste that it may still be in */
    for (int i = 0; i < 80 && !t->ended; i++) {
        resume(t);
        term_settle(t);
        term_keys(t, "C-g Esc");
        term_settle(t);
        if (i > 3)
            term_type(t, ":q!\r");
    }
}

static void test_monkey(void **state)
{
    const char *given = getenv("NCRED_TEST_SEED"), *count = getenv("NCRED_MONKEY");
    unsigned long long first = given ? strtoull(given, NULL, 10) : 20260615;
    long events = count ? atol(count) : 700, left = events, starts = 0;
    (void)state;
    print_message("seed %llu: NCRED_TEST_SEED=%llu repeats it\n", first, first);
    seed = first;
    static const char settings[] = "columns narrow = user:5,report\ncolumns triage = user,age\nbind x = column-hide\n";
    while (left > 0) {
        const char *file = "--demo", *shown = "28 of 28";
        char config[320] = "--config=";
        switch (below(4)) {
        case 0: file = wide_file("none.csv", 3, 0), shown = "3 of 3"; break;
        case 1: file = wide_file("one.csv", 3, 1), shown = "3 of 3"; break;
        case 2: file = wide_file("wide.csv", 3, 300), shown = "3 of 3"; break;
        default: break;
        }
        if (below(2))
            snprintf(config, sizeof config, "--config=%s", term_file("config", settings, sizeof settings - 1));
        /* what it types while ncred is stopped is not ncred's to show, nor to end for */
        struct term *t = term_start(&(struct term_options){.args = (const char *const[]){file, config, NULL},
            .is_quiet = true});
        term_wait(t, shown);
        starts++;
        for (long run = 0; run < 300 && left > 0 && !t->ended; run++, left--)
            event(t);
        leave(t);
        if (term_wait_end(t) != 0)
            term_fail(t, "seed %llu: status %d, %ld events before the end", first, t->status, left);
        term_assert_plain(t);
        term_assert_restored(t);
        term_teardown(state);
    }
    print_message("%ld events in %ld starts\n", events, starts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TERM_TEST(test_monkey)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
