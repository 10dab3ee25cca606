/* The line graph: where points come to lie, in braille and in ASCII, and the numbers on its axis. */
#include "unit/sample.h"

#include "ui/graph.h"

static void row_is(const struct graph *g, int line, const char *want)
{
    struct buffer b = {0};
    graph_put(&b, g, line, 0, g->columns);
    buffer_puts(&b, "");
    assert_string_equal(b.data, want);
    buffer_free(&b);
}

static void test_ascii(void **state)
{
    (void)state;
    struct graph g;
    graph_start(&g, 0, 4, 4, 5, 5, true);
    graph_line(&g, 'b', 0, 2, 4, 2);
    graph_line(&g, 'a', 0, 0, 4, 4);
    row_is(&g, 0, "    a");
    row_is(&g, 1, "   a ");
    row_is(&g, 2, "bbabb");
    row_is(&g, 3, " a   ");
    row_is(&g, 4, "a    ");
    assert_int_equal(graph_letter(&g, 2, 2), 'a'); /* what was drawn last */
    assert_int_equal(graph_letter(&g, 0, 0), 0);
    assert_int_equal(graph_row(&g, 4), 0);
    assert_int_equal(graph_column(&g, 4), 4);
    graph_free(&g);
}

static void test_braille(void **state)
{
    (void)state;
    struct graph g;
    graph_start(&g, 0, 3, 7, 2, 2, false); /* 4 by 8 dots */
    graph_line(&g, 'a', 0, 7, 3, 7);
    row_is(&g, 0, "\u2809\u2809");
    row_is(&g, 1, "  ");
    graph_line(&g, 'b', 3, 7, 3, 0); /* a day's fall: without a gap */
    row_is(&g, 0, "\u2809\u28b9");
    row_is(&g, 1, " \u28b8");
    graph_free(&g);
}

/* Whatever is drawn, it stays within; and both ends of every line are there. */
static void test_any(void **state)
{
    (void)state;
    sample_start();
    for (int i = 0; i < 2000; i++) {
        struct graph g;
        uint32_t most = graph_top((uint32_t)sample_below(i % 2 ? 20 : 1000000));
        int64_t from = (int64_t)sample_below(1 << 30),
            to = from + (int64_t)sample_below(1 << 30) * (int64_t)sample_below(2);
        graph_start(&g, from, to, most, 1 + (int)sample_below(12), 1 + (int)sample_below(40), sample_below(2));
        for (int k = 0; k < 4; k++) {
            int64_t t0 = from + (int64_t)sample_below((size_t)(to - from) + 1),
                t1 = from + (int64_t)sample_below((size_t)(to - from) + 1);
            uint32_t v0 = (uint32_t)sample_below(most + 1), v1 = (uint32_t)sample_below(most + 1);
            graph_line(&g, 'a', t0, v0, t1, v1);
            assert_int_equal(graph_letter(&g, graph_row(&g, v0), graph_column(&g, t0)), 'a');
            assert_int_equal(graph_letter(&g, graph_row(&g, v1), graph_column(&g, t1)), 'a');
        }
        graph_free(&g);
    }
}

static void test_top(void **state)
{
    static const uint32_t cases[][2] = {{0, 1}, {1, 1}, {2, 2}, {3, 4}, {7, 8}, {9, 10}, {11, 12}, {13, 16}, {101, 120},
        {41, 50}, {412, 500},
        {500, 500}, {501, 600}, {999999, 1000000}, {UINT32_MAX - 1, UINT32_MAX}, {UINT32_MAX, UINT32_MAX}};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++)
        assert_int_equal(graph_top(cases[i][0]), cases[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ascii), cmocka_unit_test(test_braille),
        cmocka_unit_test(test_any), cmocka_unit_test(test_top)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
