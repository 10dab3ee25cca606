/*
 * Random keys, pastes, resizes, stops and signals that mean nothing: the program goes on, and in the end quits cleanly.
 * NCRED_TEST_SEED: another seed; NCRED_MONKEY: how many events (a long one: 100000).
 */
#include "browse.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned long long seed;

static unsigned below(unsigned limit)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(seed >> 33) % limit;
}

/* Not q, which is for the end. Esc is more often, so that it gets around. */
static const char *const keys[] = {
    "j", "k", "Down", "Up", "Left", "Right", "h", "l", "g", "G", "Home", "End", "PgUp", "PgDn", "C-f", "C-b", "C-d", "C-u",
    "Enter", "Enter", "Tab", "S-Tab", "Esc", "Esc", "Esc", "C-g", "C-c", "Backspace", "Delete", "Space", "C-l", "C-a", "C-e", "C-k",
    "C-w", "C-p", "C-n", "s", "S", "<", ">", "I", "&", "/", "n", "N", "p", "F", "o", "P", "?", "K", "e", "d", "!", "v",
    "*", "a", "u", "r", "w", "y", "Y", "D", "R", ":", "M-x", "F1", "Insert", "C-@", "0", "9", "m", "x", "(", ")", "'", "~", "=",
};

static const char *const texts[] = {
    "mfa_active", "key(active and age > 90d)", "not root", "age > ", "'", "(((((((((", "user ~ [", "user ~ '^a.*'", "%s%n",
    "\346\274\242\345\255\227", "e\314\201", "\377\376", "\033[A\033[B", "\033[200~mfa\nroot\tq\003\033[201~", "\033[<0;5;5M",
    "\033[M !!", "\033[1;5C", "\033]0;x\007", "\033O", "\033[", "\033[999;999R", "fails(cis-1.14)", "cert(active)", "\302",
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
    if (below(2))
        term_keys(t, "C-z");
    else
        term_signal(t, below(2) ? SIGSTOP : SIGTSTP);
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
    if (n < 800) {
        const char *key = keys[below(sizeof keys / sizeof keys[0])];
        term_keys(t, key);
        if (strcmp(key, "Esc") == 0 && below(2))
            term_settle(t);
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
            term_type(t, "q");
    }
}

static void test_monkey(void **state)
{
    const char *given = getenv("NCRED_TEST_SEED"), *count = getenv("NCRED_MONKEY");
    unsigned long long first = given ? strtoull(given, NULL, 10) : (unsigned long long)time(NULL);
    long events = count ? atol(count) : 3000, left = events, starts = 0;
    (void)state;
    print_message("seed %llu: NCRED_TEST_SEED=%llu repeats it\n", first, first);
    seed = first;
    while (left > 0) {
        /* what it types while ncred is stopped is not ncred's to show */
        struct term *t = term_start(&(struct term_options){.args = (const char *const[]){"--demo", NULL}, .no_echo = true});
        term_wait(t, "28 of 28");
        starts++;
        for (long run = 0; run < 2000 && left > 0 && !t->ended; run++, left--)
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
