/* Against qsort(): random lists with many equal elements, of odd sizes; cancelled at every look at the token. */
#include "base/cancel_sort.h"
#include "unit/sample.h"

#include <stdlib.h>

struct element {
    unsigned key, place;
    char fill[5];
};

static int by_key(const void *a, const void *b)
{
    const struct element *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static int by_key_and_place(const void *a, const void *b)
{
    const struct element *x = a, *y = b;
    return x->key != y->key ? by_key(a, b) : (x->place > y->place) - (x->place < y->place);
}

/* COUNT elements; the generator is the C standard's example. */
static struct element *make(size_t count, unsigned seed, unsigned keys)
{
    struct element *list = calloc(count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1103515245u + 12345u;
        list[i] = (struct element){(seed >> 16) % keys, (unsigned)i, "fill"};
    }
    return list;
}

static void test_sorted(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 200; n++) {
        size_t count = n < 70 ? n : n * n % 3001;
        struct element *list = make(count, n, n % 3 ? n + 1 : 1u << 15),
            *expected = make(count, n, n % 3 ? n + 1 : 1u << 15);
        assert_true(cancel_sort(list, count, sizeof *list, by_key, NULL));
        if (count)
            qsort(expected, count, sizeof *expected, by_key_and_place);
        assert_memory_equal(list, expected, (count + 1) * sizeof *list);
        free(list);
        free(expected);
    }
}

static size_t compared, most_compared; /* since the last question, and at most between two */

static int by_key_counted(const void *a, const void *b)
{
    compared++;
    return by_key(a, b);
}

static bool is_awake(void *context)
{
    (void)context;
    most_compared = compared > most_compared ? compared : most_compared;
    compared = 0;
    return false;
}

/* However long the list, the questions are as close together, in the last merge too. */
static void test_questions(void **state)
{
    enum { COUNT = 200000, MOST = 1 << 15 };
    (void)state;
    struct element *list = make(COUNT, 3, 1u << 15);
    struct cancel_token cancel = {.is_over = is_awake};
    assert_true(cancel_sort(list, COUNT, sizeof *list, by_key_counted, &cancel));
    free(list);
    assert_true(most_compared > 0 && most_compared <= MOST && compared <= MOST);
}

static bool is_tired(void *context)
{
    int *left = context;
    return --*left < 0;
}

static void test_cancelled(void **state)
{
    enum { COUNT = 100000 };
    struct element *before = make(COUNT, 7, 1000);
    bool is_done = false;
    int answers = 0;
    (void)state;
    for (; !is_done; answers = answers * 2 + 1) {
        int left = answers;
        struct cancel_token cancel = {.is_over = is_tired, .context = &left};
        struct element *list = make(COUNT, 7, 1000);
        is_done = cancel_sort(list, COUNT, sizeof *list, by_key, &cancel);
        if (!is_done)
            assert_memory_equal(list, before, COUNT * sizeof *list);
        free(list);
    }
    assert_true(answers > 50); /* looks at the token: often enough for a key to be seen soon */
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sorted), cmocka_unit_test(test_questions),
        cmocka_unit_test(test_cancelled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
