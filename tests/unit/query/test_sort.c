/* Order: against an insertion sort over the fields' own text, which knows nothing of the code under test. */
#include "unit/sample.h"

#include "base/parallel.h"
#include "query/sort.h"

#include <ctype.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void test_parse_lists(void **state)
{
    static const struct {
        const char *list, *columns; /* as a plain list would write them */
    } table[] = {{"user", "+user"}, {"-user", "-user"}, {"-idle,user", "-idle+user"}, {"USER,-Age", "+user-age"},
        {"-key_1_age,-key_2_age,account,user", "-key_1_age-key_2_age+account+user"}};
    static const char *const rejects[] = {"", "-", "nothing", "--user", "user name", "user,,arn", ",user",
        "user,nothing", "+user", "user;arn", "user,arn,age,path,root,idle,account,partition,active_keys"};
    struct sort_order order;
    struct error err;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct buffer got = {0};
        assert_true(sort_parse(&order, slice_of(table[i].list), &sort_users, NULL, &err));
        for (size_t k = 0; k < order.count; k++)
            buffer_printf(&got, "%c%s", order.keys[k].descending ? '-' : '+', schema[order.keys[k].column].name);
        assert_string_equal(got.data, table[i].columns);
        buffer_free(&got);
    }
    for (size_t i = 0; i < SAMPLE_COUNT(rejects); i++) {
        err.text[0] = '\0';
        if (sort_parse(&order, slice_of(rejects[i]), &sort_users, NULL, &err) || !err.text[0])
            fail_msg("\"%s\" was taken for an order", rejects[i]);
    }
}

/* A cell as the oracle sees it: whether there is something to sort by, and that as a number or lower case text. */
struct oracle_cell {
    bool there;
    long long number;
    char text[200];
};

static struct oracle_cell look(const struct report *r, size_t row, enum column column)
{
    struct oracle_cell cell = {.there = true};
    struct slice raw = report_raw(r, row, column);
    snprintf(cell.text, sizeof cell.text, "%.*s", (int)raw.len, raw.data);
    for (char *s = cell.text; *s; s++)
        *s = (char)tolower((unsigned char)*s);
    static const char *const absent[] = {"", "n/a", "no_information", "not_supported"};
    for (size_t i = 0; i < SAMPLE_COUNT(absent); i++)
        cell.there &= strcmp(cell.text, absent[i]) != 0;
    if (schema[column].type == TYPE_BOOL) {
        cell.there = strcmp(cell.text, "true") == 0 || strcmp(cell.text, "false") == 0;
        cell.number = strcmp(cell.text, "true") == 0;
        cell.text[0] = '\0';
    } else if (schema[column].type == TYPE_TIME && cell.there) {
        struct tm tm = {0};
        cell.there = sscanf(cell.text, "%d-%d-%dt%d:%d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
            &tm.tm_min, &tm.tm_sec) == 6;
        tm.tm_year -= 1900;
        tm.tm_mon--;
        cell.number = (long long)timegm(&tm);
        cell.text[0] = '\0';
    }
    return cell;
}

static bool oracle_before(const struct sort_order *order, const struct report *r, size_t a, size_t b)
{
    for (size_t k = 0; k < order->count; k++) {
        struct oracle_cell x = look(r, a, order->keys[k].column), y = look(r, b, order->keys[k].column);
        if (x.there != y.there)
            return x.there;
        if (!x.there)
            continue;
        int d = x.number != y.number ? (x.number < y.number ? -1 : 1) : strcmp(x.text, y.text);
        if (d)
            return order->keys[k].descending ? d > 0 : d < 0;
    }
    return false;
}

static void insertion_sort(const struct sort_order *order, const struct report *r, uint32_t *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t row = rows[i];
        size_t k = i;
        for (; k > 0 && oracle_before(order, r, row, rows[k - 1]); k--)
            rows[k] = rows[k - 1];
        rows[k] = row;
    }
}

static void random_order(struct sort_order *order, size_t most)
{
    order->count = 1 + sample_below(most);
    for (size_t k = 0; k < order->count; k++)
        order->keys[k] = (struct sort_key){(enum column)sample_below(COL_ADDITIONAL_INFO), sample_below(2)};
}

static void test_against_insertion_sort(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t i = 0; i < sample_rounds(150, 400); i++) {
        struct buffer csv = {0};
        struct report r;
        struct sort_order order;
        uint32_t got[40], want[40];
        size_t count = sample_below(SAMPLE_COUNT(got) + 1);
        sample_random_report(&csv, count + sample_below(5));
        sample_load(&r, (struct slice){csv.data, csv.len});
        random_order(&order, 3);
        /* some of the rows, and not in the order of the file */
        for (size_t k = 0; k < count; k++)
            got[k] = want[k] = (uint32_t)(count - 1 - k);
        sort_rows(&order, &r, got, count, NULL);
        insertion_sort(&order, &r, want, count);
        for (size_t k = 0; k < count; k++) {
            if (got[k] != want[k])
                fail_msg("seed %llu, round %zu: place %zu by %s: row %u, not %u", seed, i, k,
                    schema[order.keys[0].column].name, got[k], want[k]);
        }
        report_free(&r);
        buffer_free(&csv);
    }
}

/* For every column, derived ones too: nothing lost, in order, missing last both ways, equal ones as they were. */
static void check_order(const struct report *r, enum column column, bool descending, unsigned long long seed)
{
    struct sort_order order = {.keys = {{column, descending}}, .count = 1};
    uint32_t *rows = xcalloc(r->row_count, sizeof *rows);
    size_t *seen = xcalloc(r->row_count, sizeof *seen);
    for (uint32_t k = 0; k < r->row_count; k++)
        rows[k] = k;
    sort_rows(&order, r, rows, r->row_count, NULL);
    for (size_t k = 0; k < r->row_count; k++)
        assert_int_equal(seen[rows[k]]++, 0);
    for (size_t k = 1; k < r->row_count; k++) {
        struct value a = report_value(r, rows[k - 1], column), b = report_value(r, rows[k], column);
        bool has_a = a.state == STATE_VALUE, has_b = b.state == STATE_VALUE;
        int d = schema[column].type == TYPE_TEXT ? slice_compare_nocase(a.text, b.text)
            : (a.number > b.number) - (a.number < b.number);
        if (!has_a || !has_b)
            d = has_b - has_a;
        else if (descending)
            d = -d;
        if (d > 0 || (d == 0 && rows[k - 1] > rows[k]))
            fail_msg("seed %llu: by %s: row %" PRIu32 " before %" PRIu32, seed, schema[column].name, rows[k - 1],
                rows[k]);
    }
    free(rows);
    free(seen);
}

static void test_every_column(void **state)
{
    unsigned long long seed = sample_start();
    struct buffer csv = {0};
    struct report r;
    (void)state;
    sample_random_report(&csv, 300);
    sample_load(&r, (struct slice){csv.data, csv.len});
    for (enum column c = 0; c < COL_COUNT; c++) {
        check_order(&r, c, false, seed);
        check_order(&r, c, true, seed);
    }
    report_free(&r);
    buffer_free(&csv);
}

static void test_no_order(void **state)
{
    struct sort_order order = {.count = 0};
    struct report r;
    uint32_t rows[] = {2, 0, 1};
    (void)state;
    sample_load(&r, slice_of("user,arn\nb,x\na,x\nc,x\n"));
    sort_rows(&order, &r, rows, 3, NULL);
    assert_int_equal(rows[0], 2);
    assert_int_equal(rows[2], 1);
    order = (struct sort_order){.keys = {{COL_USER, false}}, .count = 1};
    sort_rows(&order, &r, rows, 0, NULL);
    sort_rows(&order, &r, rows, 1, NULL);
    assert_int_equal(rows[0], 2);
    report_free(&r);
}

static const struct report *merging;

static int by_name(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int d = slice_compare_nocase(report_raw(merging, x, COL_USER), report_raw(merging, y, COL_USER));
    return d ? d : (x > y) - (x < y);
}

static int by_name_down(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int d = slice_compare_nocase(report_raw(merging, y, COL_USER), report_raw(merging, x, COL_USER));
    return d ? d : (x > y) - (x < y);
}

/* So many names, most of them alike at the beginning, that they are sorted by counting; one as part of another, too. */
static void test_many_names(void **state)
{
    static const char *const starts[] = {"service-account-for-", "Service-Account-For-", "a", "", "service-"};
    static const char *const ends[] = {"", "", "\0", "\0\0", "\xff", "{", "@"};
    enum { COUNT = 20000 };
    struct buffer csv = {0};
    struct report r;
    uint32_t *got = xcalloc(COUNT, sizeof *got), *want = xcalloc(COUNT, sizeof *want);
    (void)state;
    sample_start();
    buffer_puts(&csv, "user,arn\n");
    while (csv.len < 4096)
        buffer_puts(&csv, "service-account-for-x,\n");
    while (true) {
        size_t end = sample_below(SAMPLE_COUNT(ends));
        buffer_printf(&csv, "%s", SAMPLE_ONE_OF(starts));
        for (size_t n = sample_below(3); n > 0; n--)
            buffer_printf(&csv, "%c%u", "AaZz@[`{"[sample_below(8)], (unsigned)sample_below(20));
        buffer_add(&csv, ends[end], end == 2 ? 1 : end == 3 ? 2 : strlen(ends[end]));
        buffer_puts(&csv, ",\n");
        if (csv.len > COUNT * 25)
            break;
    }
    sample_load(&r, (struct slice){csv.data, csv.len});
    size_t count = r.row_count < COUNT ? r.row_count : COUNT;
    assert_true(count > 10000);
    merging = &r;
    for (int down = 0; down < 2; down++) {
        struct sort_order order = {.keys = {{COL_USER, down}}, .count = 1};
        size_t named = 0;
        for (uint32_t i = 0; i < count; i++) {
            got[i] = i;
            if (report_raw(&r, i, COL_USER).len)
                want[named++] = i;
        }
        qsort(want, named, sizeof *want, down ? by_name_down : by_name);
        for (uint32_t i = 0; i < count; i++) { /* nameless ones come last */
            if (!report_raw(&r, i, COL_USER).len)
                want[named++] = i;
        }
        sort_rows(&order, &r, got, count, NULL);
        assert_memory_equal(got, want, count * sizeof *got);
    }
    report_free(&r);
    buffer_free(&csv);
    free(got);
    free(want);
}

/* ---- against a merge sort over texts and numbers that somebody made up to be hard ---- */

enum { STATES = 10 }; /* one thing in so many has no value */

struct things {
    struct buffer bytes;
    char *folded; /* the same in small letters */
    size_t *start; /* of each text in bytes, and where the last one ends */
    int64_t *numbers;
    bool *missing;
    size_t count;
    bool are_numbers, in_scratch;
};

/* A beginning of one of several lengths, in any case, then a few of the bytes that are near what counts as a letter. */
static void put_hard_text(struct buffer *b, size_t variety)
{
    static const size_t lengths[] = {0, 0, 0, 7, 8, 9, 14, 15, 16, 17, 22, 23, 24, 29, 30, 31, 300};
    static const char bytes[] = "az@AZ[`{09\x01\x7f\x80\xc1\xe1\xff\0\0";
    size_t length = lengths[sample_below(variety < SAMPLE_COUNT(lengths) ? variety : SAMPLE_COUNT(lengths))];
    for (size_t i = 0; i < length; i++)
        buffer_putc(b, (char)((i % 7 ? 'k' : '-') - (i % 7 && sample_below(2) ? 'a' - 'A' : 0)));
    for (size_t n = sample_below(variety % 5 + 2); n > 0; n--)
        buffer_putc(b, bytes[sample_below(sizeof bytes - 1)]);
}

static struct things make_things(size_t count)
{
    static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -256, -1, 0, 1, 255, 256, INT64_MAX - 1, INT64_MAX};
    struct things t = {.start = xcalloc(count + 1, sizeof *t.start), .numbers = xcalloc(count + 1, sizeof *t.numbers),
        .missing = xcalloc(count + 1, sizeof *t.missing), .count = count};
    size_t variety = 1 + sample_below(24), limit = 1 + sample_below(count ? count : 1);
    t.are_numbers = sample_below(6) == 0;
    t.in_scratch = sample_below(2);
    bool counted = sample_below(4) == 0, some_missing = sample_below(2);
    for (size_t i = 0; i < count; i++) {
        t.start[i] = t.bytes.len;
        if (counted)
            buffer_printf(&t.bytes, "%s%u", sample_below(2) ? "svc-" : "SVC-", (unsigned)sample_below(limit));
        else
            put_hard_text(&t.bytes, variety);
        t.numbers[i] = counted ? (int64_t)sample_below(limit) : numbers[sample_below(SAMPLE_COUNT(numbers))];
        t.missing[i] = some_missing && sample_below(STATES) == 0;
    }
    t.start[count] = t.bytes.len;
    t.folded = xcalloc(t.bytes.len + 1, 1);
    for (size_t i = 0; i < t.bytes.len; i++) {
        unsigned char c = (unsigned char)t.bytes.data[i];
        t.folded[i] = (char)(c < 0x80 ? tolower(c) : c);
    }
    return t;
}

static void free_things(struct things *t)
{
    buffer_free(&t->bytes);
    free(t->folded);
    free(t->start);
    free(t->numbers);
    free(t->missing);
}

static struct value thing_value(const void *things, uint32_t id, int column, struct buffer *scratch)
{
    const struct things *t = things;
    struct slice text = {t->start[id + 1] > t->start[id] ? t->bytes.data + t->start[id] : "",
        t->start[id + 1] - t->start[id]};
    (void)column;
    if (t->missing[id])
        return (struct value){.state = STATE_NA};
    if (t->in_scratch && !t->are_numbers) {
        scratch->len = 0;
        buffer_puts(scratch, "");
        buffer_add(scratch, text.data, text.len);
        text.data = scratch->data;
    }
    return (struct value){STATE_VALUE, t->are_numbers ? t->numbers[id] : 0, text};
}

static enum type thing_type(const void *things, int column)
{
    const struct things *t = things;
    (void)column;
    return t->are_numbers ? TYPE_NUMBER : TYPE_TEXT;
}

static int things_compare(const struct things *t, uint32_t a, uint32_t b, bool descending)
{
    size_t x = t->start[a + 1] - t->start[a], y = t->start[b + 1] - t->start[b];
    int order = (t->numbers[a] > t->numbers[b]) - (t->numbers[a] < t->numbers[b]);
    if (t->missing[a] || t->missing[b])
        return t->missing[a] - t->missing[b];
    if (!t->are_numbers) {
        order = memcmp(t->folded + t->start[a], t->folded + t->start[b], x < y ? x : y);
        if (!order)
            order = (x > y) - (x < y);
    }
    return descending ? -order : order;
}

static void things_sort(const struct things *t, uint32_t *at, uint32_t *spare, size_t n, bool descending)
{
    size_t half = n / 2, i = 0, j = half, o = 0;
    if (n < 2)
        return;
    things_sort(t, at, spare, half, descending);
    things_sort(t, at + half, spare, n - half, descending);
    memcpy(spare, at, half * sizeof *at);
    while (i < half)
        at[o++] = j < n && things_compare(t, at[j], spare[i], descending) < 0 ? at[j++] : spare[i++];
}

struct asked {
    pthread_t beginner;
    size_t times, enough;
    bool by_another;
};

static bool has_enough(void *context)
{
    struct asked *a = context;
    a->by_another |= !pthread_equal(a->beginner, pthread_self());
    return ++a->times >= a->enough;
}

/* Whether it was sorted to the end, and then in the order wanted; ENOUGH: the question that is answered with yes. */
static bool try_things(const struct things *t, bool descending, const uint32_t *from, const uint32_t *want,
    size_t enough)
{
    struct sort_order order = {.keys = {{COL_USER, descending}}, .count = 1};
    struct sort_source source = {t, thing_value, thing_type, !t->in_scratch};
    struct asked asked = {pthread_self(), 0, enough, false};
    struct cancel_token p = {.is_over = has_enough, .context = &asked};
    uint32_t *got = xcalloc(t->count + 1, sizeof *got);
    memcpy(got, from, t->count * sizeof *got);
    bool done = sort_ids(&order, &source, got, t->count, &p);
    assert_int_equal(done, asked.times < enough);
    assert_false(asked.by_another);
    bool same = !done || memcmp(got, want, t->count * sizeof *got) == 0;
    free(got);
    if (!same)
        fail_msg("%zu things, %s, %s%s", t->count, t->are_numbers ? "numbers" : "texts",
            descending ? "descending" : "ascending", t->in_scratch ? ", in the scratch buffer" : "");
    return done;
}

/* Sorted, and cancelled at the first question, EACH questions later, and so on to the end. */
static void check_things(size_t count, size_t each, bool descending)
{
    struct things t = make_things(count);
    uint32_t *from = xcalloc(count + 1, sizeof *from), *want = xcalloc(count + 1, sizeof *want),
        *spare = xcalloc(count + 1, sizeof *spare);
    for (uint32_t i = 0; i < count; i++) /* in no order */
        from[i] = i;
    for (size_t i = count; i > 1; i--) {
        size_t k = sample_below(i);
        uint32_t other = from[k];
        from[k] = from[i - 1];
        from[i - 1] = other;
    }
    memcpy(want, from, count * sizeof *want);
    things_sort(&t, want, spare, count, descending);
    assert_true(try_things(&t, descending, from, want, SIZE_MAX));
    for (size_t n = 1; !try_things(&t, descending, from, want, n); n += each)
        ;
    free(from);
    free(want);
    free(spare);
    free_things(&t);
}

static void test_hard_texts(void **state)
{
    (void)state;
    sample_start();
    for (size_t count = 0; count < 70; count++) {
        for (int i = 0; i < 8; i++)
            check_things(count, 1, i % 2);
    }
    static const size_t counts[] = {120, 127, 128, 129, 255, 256, 257, 1000, 4095, 4096, 4097, 9000};
    for (size_t c = 0; c < SAMPLE_COUNT(counts); c++) {
        for (size_t i = 0; i < sample_rounds(4, 12); i++)
            check_things(counts[c], 1, i % 2);
    }
}

/* So many that they are sorted on several threads. */
static void test_many_hard_texts(void **state)
{
    static const size_t counts[] = {PARALLEL_PIECE, PARALLEL_PIECE + 1, 2 * PARALLEL_PIECE + 77, PARALLEL_PIECE - 1,
        4 * PARALLEL_PIECE + 77};
    (void)state;
    sample_start();
    for (size_t c = 0; c < sample_rounds(3, SAMPLE_COUNT(counts)); c++) {
        for (size_t i = 0; i < sample_rounds(1, 4); i++)
            check_things(counts[c], sample_rounds(12000, 60) + sample_below(100), (c + i) % 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse_lists),
        cmocka_unit_test(test_against_insertion_sort),
        cmocka_unit_test(test_every_column), cmocka_unit_test(test_no_order), cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_hard_texts), cmocka_unit_test(test_many_hard_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
