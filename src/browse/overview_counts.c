/* Sections and bars are counted by running each bar's query; accounts are counted in one pass. */
#include "browse/overview_counts.h"

#include "audit/audit.h"
#include "base/cancel_sort.h"
#include "base/error.h"
#include "audit/check_query.h"
#include "aws/arn.h"
#include "query/query_text.h"

#include <stdlib.h>

struct counter {
    struct overview_counts *o;
    const struct report *r;
    const uint32_t *rows;
    size_t count;
    uint32_t *spare; /* room for the rows that match a query */
    enum benchmark benchmark;
    struct cancel_token *cancel;
};

static void start_section(struct overview_counts *o, const char *title)
{
    o->sections[o->section_count++] = (struct overview_section){.title = title, .first = o->bar_count};
}

/* Count BAR by its query and append it. The overview owns the bar's buffers from then on. */
static void add_bar(struct counter *c, struct bar bar)
{
    struct overview_counts *o = c->o;
    struct overview_section *s = &o->sections[o->section_count - 1];
    struct error err;
    struct query *q = check_query_parse((struct slice){bar.query.data, bar.query.len}, QUERY_USERS, c->benchmark, &err);
    if (!q)
        abort(); /* a mistake in a table of this file; test_overview builds every bar */
    if (c->count)
        memcpy(c->spare, c->rows, c->count * sizeof *c->spare);
    bar.count = query_keep(q, c->r, c->spare, c->count, false, c->cancel);
    query_free(q);
    o->bars = xrealloc(o->bars, o->bar_count + 1, sizeof *o->bars);
    o->bars[o->bar_count++] = bar;
    s->count++;
    s->most = bar.count > s->most ? bar.count : s->most;
}

/* Add a bar for each check that is on and was made, those with the worst severity by the chosen benchmark first. */
static void add_checks(struct counter *c, const struct check_settings *settings)
{
    start_section(c->o, "FINDINGS");
    for (int severity = SEVERITY_COUNT - 1; severity > SEVERITY_NONE; severity--) {
        for (size_t i = 0; i < check_count(); i++) {
            struct bar bar = {.severity = check_severity(i, settings), .check = i};
            if ((int)bar.severity != severity || !check_is_on(settings, i) || c->r->checks_not_made >> i & 1)
                continue;
            check_title(&bar.label, i, settings);
            buffer_printf(&bar.query, "fails(%s)", check_at(i)->id);
            add_bar(c, bar);
        }
    }
}

/* Add the checks that could not judge every user, if there are any. */
static void add_unknown(struct counter *c, const struct check_settings *settings)
{
    uint64_t open = 0;
    for (size_t i = 0; i < c->count; i++)
        open |= audit_unknown(c->r, c->rows[i]);
    if (!open)
        return;
    size_t most = c->o->section_count ? c->o->sections[0].most : 0; /* users who fail a check: bars of one scale */
    start_section(c->o, "USERS NOT JUDGED");
    c->o->sections[c->o->section_count - 1].most = most;
    for (size_t i = 0; i < check_count(); i++) {
        struct bar bar = {.severity = SEVERITY_NONE};
        if (!(open >> i & 1))
            continue;
        check_title(&bar.label, i, settings);
        buffer_printf(&bar.query, "unknown(%s)", check_at(i)->id);
        add_bar(c, bar);
    }
}

/* The steps of every histogram in days; they include the benchmarks' thresholds. */
static const int steps[] = {30, 45, 90, 180, 365, 730};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* Add one bar per range of days of WHAT, a duration column. BEFORE and AFTER make a query of each bar's condition. */
static void add_histogram(struct counter *c, const char *title, const char *what, const char *before, const char *after)
{
    start_section(c->o, title);
    c->o->sections[c->o->section_count - 1].is_histogram = true;
    for (int i = 0; i <= STEPS; i++) {
        struct bar bar = {.severity = SEVERITY_NONE};
        buffer_puts(&bar.query, before);
        if (i == 0) {
            buffer_printf(&bar.label, "up to %dd", steps[0]);
            buffer_printf(&bar.query, "%s <= %dd", what, steps[0]);
        } else if (i == STEPS) {
            buffer_printf(&bar.label, "over %dd", steps[STEPS - 1]);
            buffer_printf(&bar.query, "%s > %dd", what, steps[STEPS - 1]);
        } else {
            buffer_printf(&bar.label, "%d-%dd", steps[i - 1], steps[i]);
            buffer_printf(&bar.query, "%s > %dd and %s <= %dd", what, steps[i - 1], what, steps[i]);
        }
        buffer_puts(&bar.query, after);
        add_bar(c, bar);
    }
}

static void add_one(struct counter *c, const char *label, const char *query)
{
    struct bar bar = {.severity = SEVERITY_NONE};
    buffer_puts(&bar.label, label);
    buffer_puts(&bar.query, query);
    add_bar(c, bar);
}

/* ---- accounts -------------------------------------------------------------- */

/* An account: its id, the row of one of its users, and the number of its users. */
struct home {
    struct slice account;
    uint32_t row;
    size_t count;
};

/* Order by number, then by partition. */
static int compare_homes(const void *a, const void *b)
{
    struct slice x = ((const struct home *)a)->account, y = ((const struct home *)b)->account;
    int order = slice_compare_nocase(arn_id_number(x), arn_id_number(y));
    return order ? order : slice_compare_nocase(x, y);
}

static bool has_same_number(const struct home *a, const struct home *b)
{
    return slice_equal(arn_id_number(a->account), arn_id_number(b->account));
}

/* Append the account's number, or its full id if it exists in two partitions (IS_SHARED), and its name if known. */
static void add_account_label(struct buffer *b, const struct report *r, const struct home *home, bool is_shared)
{
    struct value name = report_value(r, home->row, COL_ACCOUNT_NAME);
    struct slice number = arn_id_number(home->account), label = is_shared ? home->account : number;
    buffer_add(b, label.data, label.len);
    if (name.state == STATE_VALUE && !slice_equal(name.text, number))
        buffer_printf(b, " %.*s", (int)name.text.len, name.text.data);
}

static int compare_bars(const void *a, const void *b)
{
    size_t x = ((const struct bar *)a)->count, y = ((const struct bar *)b)->count;
    return (x < y) - (x > y);
}

/*
 * Count users per account by account codes; *HOMES must be freed. An account without a code gets one entry per user;
 * add_accounts() sorts and merges them. Returns the number of entries.
 */
static size_t count_homes(const struct counter *c, struct home **homes)
{
    size_t n = c->r->account_count, room = n + 1;
    struct home *all = xcalloc(room, sizeof *all);
    for (size_t i = 0; i < c->count; i++) {
        uint32_t row = c->rows[i], scratch, code = *report_codes(c->r, row, 1, COL_ACCOUNT, &scratch);
        if (code == CODE_TEXT && n == room)
            all = xrealloc(all, room *= 2, sizeof *all);
        if (code == CODE_TEXT)
            all[n++] = (struct home){report_account_id(c->r, row), row, 1};
        else if (code >= CODE_FIRST && !all[code - CODE_FIRST].count++)
            all[code - CODE_FIRST] = (struct home){dict_word(&c->r->memory->accounts, code - CODE_FIRST), row, 1};
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (all[i].count)
            all[kept++] = all[i];
    }
    *homes = all;
    return kept;
}

/*
 * Add the bars of accounts, the largest first. Counted in one pass instead of one query each, because there may be
 * thousands.
 */
static void add_accounts(struct counter *c)
{
    enum { CHECK_EVERY = 1 << 12 };
    struct overview_counts *o = c->o;
    struct home *all;
    size_t n = count_homes(c, &all);
    bool goes_on = cancel_sort(all, n, sizeof *all, compare_homes, c->cancel);
    start_section(o, "USERS BY ACCOUNT");
    struct overview_section *s = &o->sections[o->section_count - 1];
    for (size_t i = 0, k; i < n && goes_on; i = k) {
        struct slice account = all[i].account;
        struct bar bar = {.severity = SEVERITY_NONE};
        for (k = i; k < n && slice_equal(account, all[k].account); k++)
            bar.count += all[k].count;
        bool is_shared = (i && has_same_number(&all[i - 1], &all[i])) || (k < n && has_same_number(&all[i], &all[k]));
        add_account_label(&bar.label, c->r, &all[i], is_shared);
        query_text_account(&bar.query, account, is_shared);
        o->bars = xrealloc(o->bars, o->bar_count + 1, sizeof *o->bars);
        o->bars[o->bar_count++] = bar;
        s->count++;
        s->most = bar.count > s->most ? bar.count : s->most;
        goes_on = s->count % CHECK_EVERY || !cancel_check(c->cancel);
    }
    if (goes_on) /* if it was cancelled, overview_counts_build() finds that in the token */
        (void)cancel_sort(o->bars + s->first, s->count, sizeof *o->bars, compare_bars, c->cancel);
    free(all);
}

bool overview_counts_build(struct overview_counts *o, const struct report *r, const uint32_t *rows, size_t count,
    const struct check_settings *settings, struct cancel_token *p)
{
    struct counter c = {o, r, rows, count, xcalloc(count, sizeof *rows), settings->benchmark, p};
    *o = (struct overview_counts){0};
    add_checks(&c, settings);
    add_histogram(&c, "USERS BY AGE OF AN ACTIVE KEY", "age", "key(active and ", ")");
    add_histogram(&c, "USERS BY AGE OF THE PASSWORD", "password_age", "password_enabled and ", "");
    add_histogram(&c, "USERS BY LAST ACTIVITY", "idle", "", "");
    add_one(&c, "never", "last_activity = never");
    add_unknown(&c, settings);
    if (r->account_count > 1 && !cancel_check(p))
        add_accounts(&c);
    free(c.spare);
    return !cancel_is_set(p);
}

void overview_counts_free(struct overview_counts *o)
{
    for (size_t i = 0; i < o->bar_count; i++) {
        buffer_free(&o->bars[i].label);
        buffer_free(&o->bars[i].query);
    }
    free(o->bars);
    *o = (struct overview_counts){0};
}
