/* Every row is worked on once, whatever the number of threads, and nothing is begun once the token has ended. */
#include "unit/sample.h"

#include "audit/checks.h"

#include "base/parallel.h"
#include "browse/view.h"
#include "audit/check_query.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

static void add_one(void *context, size_t from, size_t to)
{
    uint8_t *seen = context;
    for (size_t i = from; i < to; i++)
        seen[i]++;
}

static void test_once_each(void **state)
{
    static const size_t counts[] = {0, 1, PARALLEL_PIECE - 1, PARALLEL_PIECE, PARALLEL_PIECE + 1, 2 * PARALLEL_PIECE,
        9 * PARALLEL_PIECE + 5};
    (void)state;
    for (size_t c = 0; c < SAMPLE_COUNT(counts); c++) {
        for (int alone = 0; alone < 2; alone++) {
            uint8_t *seen = calloc(counts[c] + 1, 1);
            assert_true(parallel_run(counts[c], alone, add_one, seen, NULL));
            for (size_t i = 0; i < counts[c]; i++)
                assert_int_equal(seen[i], 1);
            assert_int_equal(seen[counts[c]], 0);
            free(seen);
        }
    }
}

static bool at_the_third(void *context)
{
    return ++*(int *)context == 3;
}

static void test_cancelled(void **state)
{
    enum { COUNT = 64 * PARALLEL_PIECE };
    uint8_t *seen = calloc(COUNT, 1);
    int asked = 0;
    struct cancel_token p = {.is_over = at_the_third, .context = &asked};
    (void)state;
    assert_false(parallel_run(COUNT, true, add_one, seen, &p));
    assert_int_equal(asked, 3);
    assert_int_equal(seen[2 * PARALLEL_PIECE_ALONE - 1], 1);
    assert_int_equal(seen[2 * PARALLEL_PIECE_ALONE], 0);
    /* a token that has ended stays so, and is not asked again */
    assert_false(parallel_run(COUNT, false, add_one, seen, &p));
    assert_int_equal(asked, 3);
    free(seen);
}

/* Enough rows for several threads: what they find together is what each row says by itself. */
static void test_queries(void **state)
{
    const uint32_t row_count = (uint32_t)sample_rounds(1, 2) * PARALLEL_PIECE + 1000;
    static const char *const queries[] = {"mfa_active", "key(active and age > 90d)", "key(not active)",
        "not cert(active)", "'7'", "'user-1'", "'arn'", "user ~ '9$'", "user != 'user-12' and not mfa_active",
        "mfa_active = missing"};
    struct buffer csv = {0};
    struct report r;
    uint32_t *rows = calloc(row_count, sizeof *rows);
    (void)state;
    buffer_puts(&csv, "user,arn,mfa_active,access_key_1_active,access_key_1_last_rotated\n");
    for (uint32_t i = 0; i < row_count; i++) {
        static const char *const flags[] = {"true", "false", "not_supported", "N/A"};
        if (i % 30011 == 17) /* the grammar, too */
            buffer_printf(&csv, "\"user-%u\",arn,\"true\",false,N/A\n", i);
        else
            buffer_printf(&csv, "user-%u,arn:aws:iam::%012u:user/x,%s,%s,%s\n", i, i % 7, flags[i % 4],
                flags[i / 3 % 3], i % 5 ? "2026-05-01T00:00:00Z" : i % 2 ? "N/A" : "2020-01-01T00:00:00Z");
    }
    sample_load(&r, (struct slice){csv.data, csv.len});
    assert_int_equal(r.row_count, row_count);
    for (size_t i = 0; i < SAMPLE_COUNT(queries); i++) {
        struct query *q = sample_query(queries[i]);
        for (uint32_t k = 0; k < row_count; k++)
            rows[k] = k;
        size_t n = query_keep(q, &r, rows, row_count, false, NULL), at = 0;
        for (uint32_t row = 0; row < row_count; row++) {
            if (!query_matches(q, &r, row))
                continue;
            assert_true(at < n);
            assert_int_equal(rows[at++], row);
        }
        assert_int_equal(at, n);
        query_free(q);
    }
    report_free(&r);
    buffer_free(&csv);
    free(rows);
}

/* Text in pieces: each row once, in order, however many threads make it; and no more once it is not taken. */
struct lines {
    size_t next, pieces, stop_after, most_rows; /* most rows that the work makes at once */
};

static size_t put_row_numbers(void *context, size_t from, size_t to, struct buffer *out)
{
    const struct lines *l = context;
    size_t i = from;
    for (; i < to && i - from < l->most_rows; i++)
        buffer_printf(out, i % 5 ? "%zu\n" : "%zu\n\n", i); /* of different lengths */
    return i;
}

static bool take_lines(void *context, struct slice text)
{
    struct lines *l = context;
    const char *at = text.data, *end = text.data + text.len;
    while (at < end) {
        char *behind;
        assert_int_equal(strtoull(at, &behind, 10), l->next);
        at = behind + 1 + (l->next % 5 == 0);
        l->next++;
    }
    return ++l->pieces != l->stop_after;
}

static void test_text_in_order(void **state)
{
    static const size_t counts[] = {0, 1, 7, 8, 9, 31, 32, 33, 5000, 100001};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(counts); i++) {
        struct lines l = {.most_rows = 1 + i};
        assert_true(parallel_text(counts[i], 8, put_row_numbers, take_lines, &l, NULL));
        assert_int_equal(l.next, counts[i]);
    }
    struct lines l = {.stop_after = 3, .most_rows = 8};
    assert_false(parallel_text(5000, 8, put_row_numbers, take_lines, &l, NULL));
    assert_int_equal(l.pieces, 3);
    assert_int_equal(l.next, 24);
}

/* Where EMIT is slow the others wait, so that memory does not grow with the text. */
struct ahead {
    atomic_size_t made;
    size_t emitted, most;
};

static size_t make_piece(void *context, size_t from, size_t to, struct buffer *out)
{
    struct ahead *a = context;
    atomic_fetch_add(&a->made, 1);
    buffer_printf(out, "%zu-%zu", from, to);
    return to;
}

static bool emit_slowly(void *context, struct slice text)
{
    struct ahead *a = context;
    (void)text;
    for (int i = 0; i < 100; i++)
        sched_yield();
    size_t ahead = atomic_load(&a->made) - a->emitted++;
    a->most = ahead > a->most ? ahead : a->most;
    return true;
}

static void test_text_not_far_ahead(void **state)
{
    enum { PIECES = 500, AHEAD_MOST = 4 * PARALLEL_THREADS_MAX };
    struct ahead a = {.emitted = 0};
    (void)state;
    assert_true(parallel_text(PIECES * 3 - 1, 3, make_piece, emit_slowly, &a, NULL));
    assert_int_equal(a.emitted, PIECES);
    assert_int_equal(atomic_load(&a.made), PIECES);
    assert_true(a.most >= 1 && a.most <= AHEAD_MOST); /* cmocka 2 has another name for assert_in_range() */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_once_each), cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_queries), cmocka_unit_test(test_text_in_order),
        cmocka_unit_test(test_text_not_far_ahead)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
