/* Browsing: whatever is done, the same user stays selected and the cursor stays in sight. */
#include "unit/sample.h"

#include "audit/checks.h"
#include "browse/view.h"
#include "audit/credential_value.h"
#include "audit/check_query.h"

#include <stdio.h>
#include <stdlib.h>

/* Load CSV into R, or fail the test, and show it in V. Free both with close_view(). */
static void open_view(struct view *v, struct report *r, struct slice csv)
{
    sample_load(r, csv);
    view_init(v, r);
}

static void close_view(struct view *v, struct report *r)
{
    view_free(v);
    report_free(r);
}

static void check(const struct view *v, const char *what, unsigned long long seed)
{
    bool ok = v->count <= v->order_count && v->height >= 1 && (v->count ? v->cursor < v->count : v->cursor == 0);
    ok = ok && v->top <= v->cursor && v->cursor < v->top + v->height;
    /* no empty lines below as long as there are rows above */
    ok = ok && (v->top == 0 || v->top + v->height <= v->count);
    for (size_t i = 0; i < v->count && ok; i++) {
        ok = view_user(v, i) < v->report->row_count;
        for (size_t k = 0; k < i && ok; k++)
            ok = v->rows[i] != v->rows[k];
    }
    if (!ok)
        fail_msg("seed %llu: after %s: cursor %zu, top %zu, height %zu, count %zu", seed, what, v->cursor, v->top,
            v->height, v->count);
}

/* The row under the cursor; SIZE_MAX when none is shown. */
static size_t selected(const struct view *v)
{
    return v->count ? v->rows[v->cursor] : SIZE_MAX;
}

static bool is_shown(const struct view *v, size_t row)
{
    for (size_t i = 0; i < v->count; i++) {
        if (v->rows[i] == row)
            return true;
    }
    return false;
}

static const char *step(struct view *v)
{
    static const char *const filters[] = {"mfa_active", "anna", "key(active)", "age > 200d", "nobody at all",
        "not root", "user ~ ["};
    static const long moves[] = {1, -1, 5, -5, 1000, -1000, 0};
    struct error err;
    switch (sample_below(8)) {
    case 0:
        view_add_filter(v, slice_of(SAMPLE_ONE_OF(filters)), sample_below(2), &err);
        return "a filter";
    case 1:
        if (v->filter_count)
            view_remove_filter(v, sample_below(v->filter_count));
        view_refresh(v);
        return "clearing";
    case 2:
        view_sort_by(v, (int)sample_below(COL_COUNT + (v->keys ? (size_t)CREDENTIAL_COLUMNS : 0)));
        return "sorting";
    case 5: view_set_keys(v, sample_below(2)); return "going to the key view";
    case 6:
        view_mark_shown(v, sample_below(2));
        view_mark_range(v);
        return "marking";
    case 3: view_resize(v, sample_below(40)); return "resizing";
    case 4: view_search(v, slice_of("o"), sample_below(2) ? 1 : -1); return "searching";
    default:
        if (sample_below(2))
            view_scroll(v, SAMPLE_ONE_OF(moves));
        else
            view_move(v, SAMPLE_ONE_OF(moves));
        return "moving";
    }
}

static void test_random_steps(void **state)
{
    unsigned long long seed = sample_start();
    (void)state;
    for (int i = 0; i < 200; i++) {
        struct buffer csv = {0};
        struct report r;
        struct view v;
        sample_random_report(&csv, sample_below(40));
        sample_load(&r, (struct slice){csv.data, csv.len});
        view_init(&v, &r);
        for (int k = 0; k < 100; k++) {
            size_t before = selected(&v);
            const char *what = step(&v);
            check(&v, what, seed);
            bool moves = strcmp(what, "moving") == 0 || strcmp(what, "searching") == 0 || strstr(what, "key view");
            if (!moves && before != SIZE_MAX && is_shown(&v, before) && selected(&v) != before)
                fail_msg("seed %llu: %s moved the selection", seed, what);
        }
        view_free(&v);
        report_free(&r);
        buffer_free(&csv);
    }
}

/* Scrolling leaves the cursor on its row until that would leave the screen, and ends at the first and the last row. */
static void test_scroll(void **state)
{
    enum { ROWS = 30, HEIGHT = 10 };
    static const struct {
        long lines;
        size_t top, cursor;
    } steps[] = {{1, 1, 5}, {4, 5, 5}, {1, 6, 6}, {100, 20, 20}, {1, 20, 20}, {-1, 19, 20}, {-100, 0, 9}, {-1, 0, 9}};
    struct buffer csv = {0};
    struct report r;
    struct view v;
    (void)state;
    sample_random_report(&csv, ROWS);
    open_view(&v, &r, (struct slice){csv.data, csv.len});
    view_resize(&v, HEIGHT);
    view_move_to(&v, 5);
    for (size_t i = 0; i < SAMPLE_COUNT(steps); i++) {
        view_scroll(&v, steps[i].lines);
        if (v.top != steps[i].top || v.cursor != steps[i].cursor)
            fail_msg("step %zu: top %zu, cursor %zu", i, v.top, v.cursor);
    }
    close_view(&v, &r);
    buffer_free(&csv);
}

static void test_filters(void **state)
{
    struct report r;
    struct view v;
    struct error err;
    (void)state;
    open_view(&v, &r, slice_of("user,arn,mfa_active\na,x,true\nb,x,false\nc,x,true\nd,x,false\n"));
    assert_int_equal(v.count, 4);
    assert_true(view_add_filter(&v, slice_of("mfa_active"), true, &err));
    assert_int_equal(v.count, 2);
    assert_int_equal(v.rows[0], 1);
    struct query *q = sample_query("user = d");
    assert_int_equal(view_count_with(&v, q, false), 1);
    assert_int_equal(view_count_with(&v, q, true), 1);
    query_free(q);
    assert_true(view_add_filter(&v, slice_of("user = d"), false, &err));
    assert_int_equal(v.count, 1);
    assert_false(view_add_filter(&v, slice_of("mfa_activ = true"), false, &err));
    assert_int_equal(v.filter_count, 2);
    assert_int_equal(v.count, 1);
    view_remove_filter(&v, 0);
    view_remove_filter(&v, 0);
    view_refresh(&v);
    assert_int_equal(v.count, 4);
    close_view(&v, &r);
}

static void test_sort_by(void **state)
{
    struct report r;
    struct view v;
    (void)state;
    open_view(&v, &r, slice_of("user,arn,mfa_active\nb,x,true\na,y,false\nc,x,true\n"));
    view_resize(&v, 2);
    view_move(&v, 1); /* on a */
    view_sort_by(&v, COL_USER);
    assert_int_equal(v.rows[0], 1);
    assert_int_equal(v.cursor, 0);
    view_sort_by(&v, COL_USER);
    assert_int_equal(v.rows[0], 2);
    assert_int_equal(selected(&v), 1);
    assert_int_equal(v.top, 1);
    view_sort_invert(&v);
    assert_int_equal(v.rows[0], 1);
    view_sort_invert(&v);
    /* what was sorted by before decides between equals */
    view_sort_by(&v, COL_ARN);
    assert_int_equal(v.rows[0], 2);
    assert_int_equal(v.rows[1], 0);
    assert_int_equal(v.rows[2], 1);
    close_view(&v, &r);
}

/* Durations and numbers begin with the largest; further columns decide between equals, once more turns them round. */
static void test_sort_then(void **state)
{
    struct report r;
    struct view v;
    (void)state;
    open_view(&v, &r, slice_of("user,arn,mfa_active,user_creation_time\n"
        "a,x,true,2020-01-01T00:00:00Z\nb,x,false,2021-01-01T00:00:00Z\nc,x,true,2019-01-01T00:00:00Z\n"));
    view_sort_by(&v, COL_AGE);
    assert_true(v.sort.keys[0].descending);
    assert_int_equal(v.rows[0], 2);
    view_sort_by(&v, COL_MFA_ACTIVE);
    assert_int_equal(v.sort.count, 1);
    assert_int_equal(v.rows[0], 1);
    view_sort_then(&v, COL_USER);
    assert_int_equal(v.sort.count, 2);
    assert_int_equal(v.rows[1], 0);
    view_sort_then(&v, COL_USER);
    assert_int_equal(v.sort.count, 2);
    assert_int_equal(v.rows[1], 2);
    close_view(&v, &r);
}

/* What is typed is shown at once; leaving it brings everything back, the selected user and the scroll included. */
static void test_preview(void **state)
{
    struct report r;
    struct view v;
    struct error err;
    (void)state;
    open_view(&v, &r, slice_of("user,arn,mfa_active\na,x,true\nb,x,false\nc,x,true\nd,x,false\ne,x,true\n"));
    view_resize(&v, 2);
    view_move(&v, 3); /* on d */
    view_move(&v, -1); /* on c, top is on c too */
    assert_int_equal(v.top, 2);
    assert_true(view_preview(&v, slice_of("!mfa_active"), SIZE_MAX, &err));
    assert_int_equal(v.count, 2);
    assert_int_equal(selected(&v), 3); /* c is hidden, d stood nearest */
    assert_false(view_preview(&v, slice_of("!mfa_active and ("), SIZE_MAX, &err));
    assert_int_equal(err.offset, 17);
    assert_int_equal(v.count, 2); /* the last that was valid */
    assert_int_equal(v.filter_count, 0);
    view_cancel(&v);
    assert_int_equal(v.count, 5);
    assert_int_equal(selected(&v), 2);
    assert_int_equal(v.top, 2);
    /* kept */
    assert_true(view_preview(&v, slice_of("mfa_active"), SIZE_MAX, &err));
    view_accept(&v);
    assert_int_equal(v.filter_count, 1);
    assert_int_equal(v.count, 3);
    /* in the place of one in force */
    assert_true(view_preview(&v, slice_of("!mfa_active"), 0, &err));
    assert_int_equal(v.count, 2);
    view_cancel(&v);
    assert_int_equal(v.count, 3);
    assert_true(view_preview(&v, slice_of("!mfa_active"), 0, &err));
    view_accept(&v);
    assert_int_equal(v.filter_count, 1);
    assert_true(v.filters[0].inverted);
    assert_int_equal(v.count, 2);
    view_invert_filter(&v, 0);
    assert_int_equal(v.count, 3);
    close_view(&v, &r);
}

/* Typing on, letter by letter, shows what typing it at once shows; so does going back, and growing meanwhile. */
static void test_typing_on(void **state)
{
    static const char *const typed[] = {"a", "an", "ann", "anna", "ann", "ann.1", "n", "!n", "na", "N", "NA", "not na"};
    struct buffer csv = {0};
    struct report r;
    struct view v, fresh;
    struct error err;
    (void)state;
    sample_start();
    sample_random_report(&csv, 300);
    open_view(&v, &r, (struct slice){csv.data, csv.len});
    view_sort_by(&v, COL_USER);
    assert_true(view_add_filter(&v, slice_of("not mfa_active"), false, &err));
    for (size_t i = 0; i < SAMPLE_COUNT(typed); i++) {
        for (int in_place = 0; in_place < 2; in_place++) {
            view_init(&fresh, &r);
            view_sort_by(&fresh, COL_USER);
            if (!in_place)
                assert_true(view_add_filter(&fresh, slice_of("not mfa_active"), false, &err));
            size_t index = in_place ? 0 : SIZE_MAX;
            assert_true(view_preview(&v, slice_of(typed[i]), index, &err));
            if (i + 1 < SAMPLE_COUNT(typed) && sample_below(2))
                assert_true(view_preview(&v, slice_of(typed[i + 1]), index, &err));
            assert_true(view_preview(&fresh, slice_of(v.preview.text), SIZE_MAX, &err));
            if (v.preview.inverted) {
                view_accept(&fresh);
                view_invert_filter(&fresh, fresh.filter_count - 1);
            }
            assert_int_equal(v.count, fresh.count);
            if (v.count)
                assert_memory_equal(v.rows, fresh.rows, v.count * sizeof *v.rows);
            view_free(&fresh);
        }
    }
    close_view(&v, &r);
    buffer_free(&csv);
}

static void test_marks(void **state)
{
    struct report r;
    struct view v;
    struct error err;
    (void)state;
    open_view(&v, &r, slice_of("user,arn,mfa_active\na,x,true\nb,x,false\nc,x,true\nd,x,false\ne,x,true\n"));
    view_mark(&v, 1, true);
    view_mark(&v, 1, true);
    assert_int_equal(v.mark_count, 1);
    view_move_to(&v, 3);
    view_mark_range(&v); /* b to d */
    assert_int_equal(v.mark_count, 3);
    assert_false(view_is_marked(&v, 0));
    assert_true(view_is_marked(&v, 2));
    view_mark_shown(&v, true); /* a and e */
    assert_int_equal(v.mark_count, 2);
    assert_true(view_is_marked(&v, 4));
    /* only those shown; the others keep theirs */
    assert_true(view_add_filter(&v, slice_of("not mfa_active"), false, &err));
    view_mark_shown(&v, false);
    assert_int_equal(v.mark_count, 4);
    view_mark_none(&v);
    assert_int_equal(v.mark_count, 0);
    view_mark_range(&v); /* from nowhere: the one here */
    assert_int_equal(v.mark_count, 1);
    close_view(&v, &r);
}

static void assert_chosen(const struct view *v, const char *names)
{
    struct buffer b = {0};
    size_t count;
    uint32_t *rows = view_chosen(v, &count);
    buffer_puts(&b, "");
    for (size_t i = 0; i < count; i++) {
        struct slice name = report_raw(v->report, rows[i], COL_USER);
        buffer_add(&b, name.data, name.len);
    }
    assert_string_equal(b.data, names);
    buffer_free(&b);
    free(rows);
}

/* In the order of the view, then those that a filter hides; nobody marked: the selected one. */
static void test_chosen(void **state)
{
    struct report r;
    struct view v;
    struct error err;
    (void)state;
    open_view(&v, &r, slice_of("user,arn,access_key_1_active,access_key_2_active\na,x,true,false\nb,x,true,true\n"
        "c,x,false,true\nd,x,true,false\n"));
    view_sort_by(&v, COL_USER);
    view_sort_by(&v, COL_USER); /* d c b a */
    view_move_to(&v, 1);
    assert_chosen(&v, "c");
    view_mark(&v, 0, true);
    view_mark(&v, 1, true);
    view_mark(&v, 3, true);
    assert_chosen(&v, "dba");
    assert_true(view_add_filter(&v, slice_of("key(slot = 2)"), false, &err)); /* c b */
    assert_chosen(&v, "bad");
    view_remove_filter(&v, 0);
    view_set_keys(&v, true); /* b is there twice */
    assert_chosen(&v, "abd");
    assert_true(view_add_filter(&v, slice_of("user = nobody"), false, &err));
    assert_chosen(&v, "abd");
    view_mark_none(&v);
    assert_chosen(&v, "");
    close_view(&v, &r);
}

/* Marks are of users, not of lines: in the next report they stay with the ARN. */
static void test_mark_as(void **state)
{
    struct report before, after;
    struct view old, v;
    (void)state;
    sample_load(&before, slice_of("user,arn\na,arn:1\nb,arn:2\nc,\nd,arn:4\ne,arn:5\n"));
    sample_load(&after, slice_of("user,arn\nnew,arn:0\nc,\nd,arn:4\nb,arn:other\nrenamed,arn:2\na,arn:1\n"));
    view_init(&old, &before);
    view_init(&v, &after);
    view_mark_as(&v, &old);
    assert_int_equal(v.mark_count, 0);
    view_mark(&old, 1, true); /* b, who is called otherwise now */
    view_mark(&old, 2, true); /* c, who has no ARN */
    view_mark(&old, 4, true); /* e, who has gone */
    view_mark_as(&v, &old);
    assert_chosen(&v, "crenamed");
    view_free(&old);
    view_free(&v);
    report_free(&before);
    report_free(&after);
}

/* One row a credential, filtered by itself or by its user; the user or one of its credentials stays selected. */
static void test_keys(void **state)
{
    struct report r;
    struct view v;
    struct error err;
    (void)state;
    open_view(&v, &r, slice_of("user,arn,password_enabled,access_key_1_active,access_key_1_last_rotated,"
        "access_key_2_active,access_key_2_last_rotated\n"
        "a,x,true,true,2020-01-01T00:00:00Z,true,2026-06-01T00:00:00Z\n"
        "b,x,false,false,N/A,false,N/A\n"
        "c,x,true,true,2026-06-01T00:00:00Z,false,N/A\n"));
    view_move_to(&v, 2);
    view_set_keys(&v, true);
    assert_int_equal(v.count, 5);
    assert_int_equal(view_selected(&v), 2);
    assert_true(view_add_filter(&v, slice_of("active and age > 90d"), false, &err));
    assert_int_equal(v.count, 1);
    assert_int_equal(view_user(&v, 0), 0);
    assert_int_equal(credential_slot(v.rows[0]), CREDENTIAL_KEY_1);
    view_invert_filter(&v, 0);
    assert_int_equal(v.count, 4);
    view_mark_shown(&v, true); /* a is shown twice: turned once */
    assert_int_equal(v.mark_count, 2);
    view_invert_filter(&v, 0);
    assert_int_equal(view_selected(&v), 0);
    /* what was said about credentials goes with them, what was said about users stays */
    view_set_keys(&v, false);
    assert_int_equal(v.count, 3);
    assert_int_equal(view_selected(&v), 0);
    assert_true(view_add_filter(&v, slice_of("password_enabled"), false, &err));
    assert_int_equal(v.count, 2);
    view_set_keys(&v, true);
    assert_int_equal(v.count, 5);
    assert_int_equal(v.filter_count, 1);
    close_view(&v, &r);
}

/* A report that gets rows while it is shown: nothing moves, the filters hold for the new ones too. */
static void test_grow(void **state)
{
    struct report r;
    struct view v;
    struct error err;
    (void)state;
    sample_load(&r, slice_of("user,arn,mfa_active\nd,x,true\nb,x,false\nc,x,true\na,x,false\n"));
    size_t whole = r.row_count;
    r.row_count = 2;
    view_init(&v, &r);
    assert_true(view_add_filter(&v, slice_of("mfa_active"), false, &err));
    view_sort_by(&v, COL_USER);
    view_mark(&v, 0, true);
    r.row_count = whole;
    view_grow(&v);
    assert_int_equal(v.count, 2);
    assert_int_equal(selected(&v), 0);
    assert_true(view_is_marked(&v, 0));
    assert_false(view_is_marked(&v, 3));
    view_refresh(&v);
    assert_int_equal(v.rows[0], 2);
    assert_int_equal(selected(&v), 0);
    check(&v, "growth", 0);
    close_view(&v, &r);
}

/* A filter that hides everybody, and its end: the cursor comes back from nowhere. */
static void test_nobody(void **state)
{
    struct report r;
    struct view v;
    struct error err;
    (void)state;
    open_view(&v, &r, slice_of("user,arn\na,x\nb,x\n"));
    assert_true(view_add_filter(&v, slice_of("'nobody'"), false, &err));
    assert_int_equal(v.count, 0);
    view_move(&v, 1);
    view_move(&v, -1);
    assert_false(view_search(&v, slice_of("a"), 1));
    check(&v, "nobody", 0);
    view_remove_filter(&v, 0);
    view_refresh(&v);
    check(&v, "everybody", 0);
    assert_int_equal(v.count, 2);
    close_view(&v, &r);
}

/* What is removed is gone from wherever the next filter will stand. */
static void test_remove_then_accept(void **state)
{
    struct report r;
    struct view v;
    struct error err;
    (void)state;
    open_view(&v, &r, slice_of("user,arn,mfa_active\na,x,true\nb,x,true\nc,x,false\n"));
    assert_true(view_add_filter(&v, slice_of("mfa_active"), false, &err));
    assert_true(view_add_filter(&v, slice_of("'b'"), false, &err));
    assert_true(view_remove_filter(&v, 0));
    assert_true(view_preview(&v, slice_of("not 'a'"), SIZE_MAX, &err));
    view_accept(&v);
    assert_int_equal(v.filter_count, 2);
    assert_string_equal(v.filters[0].text, "'b'");
    assert_int_equal(v.count, 1);
    assert_int_equal(selected(&v), 1);
    close_view(&v, &r);
}

/* ---- giving up ------------------------------------------------------------------- */

struct waiter {
    struct cancel_token cancel;
    int asked, answers; /* "go on" so many times, then no more */
};

static bool is_tired(void *context)
{
    struct waiter *w = context;
    return w->asked++ >= w->answers;
}

static bool add_filter(struct view *v)
{
    struct error err;
    return view_add_filter(v, slice_of("key(active) or mfa_active"), false, &err);
}

static bool remove_filter(struct view *v) { return view_remove_filter(v, 0); }
static bool invert_filter(struct view *v) { return view_invert_filter(v, 0); }
static bool sort_by_name(struct view *v) { return view_sort_by(v, COL_USER); }
static bool sort_then(struct view *v) { return view_sort_then(v, COL_AGE); }
static bool sort_invert(struct view *v) { return view_sort_invert(v); }
static bool show_keys(struct view *v) { return view_set_keys(v, true); }

static bool preview(struct view *v)
{
    struct error err;
    return view_preview(v, slice_of("a"), SIZE_MAX, &err);
}

static bool count_with(struct view *v)
{
    struct error err;
    struct query *q = view_parse(v, slice_of("mfa_active"), &err);
    size_t n = view_count_with(v, q, false);
    query_free(q);
    return n != SIZE_MAX;
}

static bool search(struct view *v)
{
    return view_search(v, slice_of("no such user"), 1) || !view_was_cancelled(v);
}

static const struct {
    const char *name;
    bool (*act)(struct view *v);
} acts[] = {{"a filter", add_filter}, {"no filter", remove_filter}, {"the other way round", invert_filter},
    {"by name", sort_by_name}, {"then by age", sort_then}, {"sorting the other way", sort_invert},
    {"keys", show_keys}, {"a preview", preview}, {"counting", count_with}, {"searching", search}};

static void start(struct view *v, const struct report *r)
{
    struct error err;
    view_init(v, r);
    view_resize(v, 10);
    assert_true(view_add_filter(v, slice_of("not root"), false, &err));
    assert_true(view_add_filter(v, slice_of("not cert(age > 20y)"), false, &err));
    view_sort_by(v, COL_USER_CREATION_TIME);
    assert_true(sort_parse(&v->other_sort, slice_of(credential_worst_first), &credential_sort_names, NULL, &err));
    view_move_to(v, 7);
}

static void assert_same(const struct view *a, const struct view *b, const char *what)
{
    bool same = a->keys == b->keys && a->order_count == b->order_count && a->count == b->count && a->cursor == b->cursor
        && a->top == b->top && a->filter_count == b->filter_count && !a->preview.query == !b->preview.query
        && a->sort.count == b->sort.count;
    for (size_t i = 0; same && i < a->sort.count; i++)
        same = a->sort.keys[i].column == b->sort.keys[i].column
            && a->sort.keys[i].descending == b->sort.keys[i].descending;
    for (size_t i = 0; same && i < a->filter_count; i++)
        same = strcmp(a->filters[i].text, b->filters[i].text) == 0 && a->filters[i].inverted == b->filters[i].inverted;
    same = same && memcmp(a->order, b->order, a->order_count * sizeof *a->order) == 0
        && memcmp(a->rows, b->rows, a->count * sizeof *a->rows) == 0;
    if (!same)
        fail_msg("%s is not what it was to be", what);
}

/* Cancelled at any question, the view is as it was before; otherwise it is as without a token. */
static void test_giving_up(void **state)
{
    struct buffer csv = {0};
    struct report r;
    (void)state;
    sample_start();
    sample_random_report(&csv, 5000);
    sample_load(&r, (struct slice){csv.data, csv.len});
    for (size_t i = 0; i < SAMPLE_COUNT(acts); i++) {
        bool done = false;
        for (int answers = 0; !done; answers++) {
            struct view v, other;
            struct waiter w = {.answers = answers};
            w.cancel = (struct cancel_token){.is_over = is_tired, .context = &w};
            start(&v, &r);
            start(&other, &r);
            v.cancel = &w.cancel;
            done = acts[i].act(&v);
            assert_int_equal(done, !w.cancel.has_ended);
            if (done)
                acts[i].act(&other);
            assert_same(&v, &other, acts[i].name);
            if (done && !answers)
                fail_msg("%s asks nobody", acts[i].name);
            view_free(&v);
            view_free(&other);
        }
    }
    report_free(&r);
    buffer_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_steps), cmocka_unit_test(test_scroll),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_sort_by), cmocka_unit_test(test_sort_then), cmocka_unit_test(test_preview),
        cmocka_unit_test(test_typing_on),
        cmocka_unit_test(test_marks), cmocka_unit_test(test_chosen), cmocka_unit_test(test_mark_as),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_grow), cmocka_unit_test(test_nobody), cmocka_unit_test(test_giving_up),
        cmocka_unit_test(test_remove_then_accept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
