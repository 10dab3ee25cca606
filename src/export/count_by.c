/* Counting users by the values of a column: a hash index of the values, then a table of the counts. */
#include "export/count_by.h"

#include "base/cancel_sort.h"
#include "audit/audit.h"
#include "aws/arn.h"
#include "base/hash_index.h"
#include "base/timestamp.h"
#include "query/query_text.h"
#include "report/cell.h"

#include <stdlib.h>

enum { OLD_KEY_DAYS = 90, CANCEL_EVERY = 1 << 12, LAST_YEAR = 9999 /* of times, see timestamp.h */ };

const struct table_column count_by_columns[COUNT_COLUMNS] = {
    [COUNT_VALUE] = {.name = "value", .heading = "VALUE", .type = TYPE_TEXT},
    [COUNT_USERS] = {.name = "users", .heading = "USERS", .type = TYPE_NUMBER},
    [COUNT_CRITICAL] = {.name = "critical", .heading = "CRITICAL", .type = TYPE_NUMBER},
    [COUNT_HIGH] = {.name = "high", .heading = "HIGH", .type = TYPE_NUMBER},
    [COUNT_MEDIUM] = {.name = "medium", .heading = "MEDIUM", .type = TYPE_NUMBER},
    [COUNT_LOW] = {.name = "low", .heading = "LOW", .type = TYPE_NUMBER},
    [COUNT_UNKNOWN] = {.name = "unknown", .heading = "UNKNOWN", .type = TYPE_NUMBER},
    [COUNT_NO_MFA] = {.name = "no_mfa", .heading = "NO MFA", .type = TYPE_NUMBER},
    [COUNT_OLD_KEY] = {.name = "key_over_90d", .heading = "KEY > 90D", .type = TYPE_NUMBER},
    [COUNT_UNUSED] = {.name = "unused", .heading = "UNUSED", .type = TYPE_NUMBER},
    [COUNT_RATE] = {.name = "high_or_worse_percent", .heading = "HIGH OR WORSE", .type = TYPE_NUMBER},
};

/*
 * Where ranges of days end; the usual thresholds of the checks are among them. After the last one everything is one
 * range.
 */
static const int ranges[] = {30, 45, 90, 180, 365, 730};
enum { RANGES = sizeof ranges / sizeof ranges[0] };

/* ---- counting ---------------------------------------------------------------- */

/* The checks behind the counts no_mfa and unused, a bit each. */
struct count_checks {
    uint64_t no_mfa, unused;
};

struct group_count {
    struct count_by *c;
    struct hash_index index;
    size_t room;
    struct count_checks checks;
    struct buffer key;
};

static uint64_t check_bit(const char *id)
{
    size_t check = 0;
    while (check < check_count() && strcmp(check_at(check)->id, id) != 0)
        check++;
    return check < check_count() ? UINT64_C(1) << check : 0;
}

static struct slice group_key(const void *owner, uint32_t number)
{
    const struct count_by *c = owner;
    return (struct slice){c->groups[number].key, c->groups[number].key_len};
}

static bool has_old_key(const struct report *r, size_t row)
{
    static const enum column columns[2][2] = {{COL_KEY_1_ACTIVE, COL_KEY_1_AGE}, {COL_KEY_2_ACTIVE, COL_KEY_2_AGE}};
    for (int i = 0; i < 2; i++) {
        struct value active = report_number(r, row, columns[i][0]), age = report_number(r, row, columns[i][1]);
        if (active.state == STATE_VALUE && active.number && age.state == STATE_VALUE
            && age.number > OLD_KEY_DAYS * TIMESTAMP_DAY)
            return true;
    }
    return false;
}

/* Count the user at ROW in the group whose key is in k->key. */
static void count_user(struct group_count *k, uint32_t row, const struct value *v)
{
    struct count_by *c = k->c;
    struct slice key = {k->key.data, k->key.len};
    uint32_t *slot = hash_index_add(&k->index, key, hash_text(key));
    if (!*slot) {
        if (c->count == k->room)
            c->groups = xrealloc(c->groups, k->room = k->room * 2 + 16, sizeof *c->groups);
        struct count_group *new = &c->groups[c->count++];
        *new = (struct count_group){.key = xcalloc(key.len + v->text.len + 1, 1), .key_len = key.len, .state = v->state,
            .number = v->number, .row = row, .last_row = UINT32_MAX};
        memcpy(new->key, key.data, key.len);
        if (v->text.len)
            memcpy(new->key + key.len, v->text.data, v->text.len);
        new->text = (struct slice){new->key + key.len, v->text.len};
        if (c->column == COL_ACCOUNT && v->state == STATE_VALUE)
            new->account = report_account_id(c->report, row);
        *slot = (uint32_t)c->count;
    }
    struct count_group *g = &c->groups[*slot - 1];
    if (g->last_row == row && g->users)
        return;
    g->last_row = row;
    g->users++;
    uint64_t failed = audit_failed(c->report, row);
    struct value worst = report_number(c->report, row, COL_SEVERITY);
    g->severity[worst.state == STATE_VALUE ? worst.number : SEVERITY_NONE]++;
    g->unknown += audit_unknown(c->report, row) != 0;
    g->no_mfa += (failed & k->checks.no_mfa) != 0;
    g->unused += (failed & k->checks.unused) != 0;
    g->old_key += has_old_key(c->report, row);
}

static int64_t range_of(int64_t seconds)
{
    int i = 0;
    while (i < RANGES && seconds > ranges[i] * TIMESTAMP_DAY)
        i++;
    return i;
}

static int64_t year_of(int64_t time)
{
    char stamp[32];
    timestamp_format(stamp, sizeof stamp, time);
    return strtoll(stamp, NULL, 10);
}

/* Count the user in the group of one value. */
static void count_value(struct group_count *k, uint32_t row, struct value v, enum type type)
{
    k->key.len = 0;
    if (v.state != STATE_VALUE) {
        v.text.len = 0;
        v.number = 0;
        v.state = v.state == STATE_EMPTY ? STATE_ABSENT : v.state; /* both have nothing, so they are one line */
        buffer_printf(&k->key, "s%d", (int)v.state);
    } else if (type == TYPE_TEXT) {
        struct slice text = k->c->column == COL_ACCOUNT ? report_account_id(k->c->report, row) : v.text;
        buffer_putc(&k->key, 't');
        for (size_t i = 0; i < text.len; i++) {
            char ch = text.data[i];
            buffer_putc(&k->key, ch >= 'A' && ch <= 'Z' ? (char)(ch | 0x20) : ch);
        }
    } else {
        v.text.len = 0;
        v.number = type == TYPE_DURATION ? range_of(v.number) : type == TYPE_TIME ? year_of(v.number) : v.number;
        buffer_printf(&k->key, "n%lld", (long long)v.number);
    }
    count_user(k, row, &v);
}

/* Count the user in the group of each element of a list. */
static void count_elements(struct group_count *k, uint32_t row, struct value v)
{
    struct value one = {.state = STATE_VALUE};
    while (extra_columns_next_element(&v.text, &one.text))
        count_value(k, row, one, TYPE_TEXT);
}

/* Groups with values first, in ascending order, then those without, by reason. */
static int compare_values(const struct count_group *a, const struct count_group *b)
{
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    int order = slice_compare_nocase(a->text, b->text);
    return order ? order : slice_compare_nocase(a->account, b->account);
}

static int compare_by_value(const void *a, const void *b)
{
    return compare_values(*(struct count_group *const *)a, *(struct count_group *const *)b);
}

/* Set is_shared of accounts that have the same number in two partitions. Returns false if cancelled. */
static bool find_shared_numbers(struct count_by *c, struct cancel_token *cancel)
{
    if (!cancel_sort(c->order, c->count, sizeof(struct count_group *), compare_by_value, cancel))
        return false;
    for (size_t i = 1; i < c->count; i++) {
        struct count_group *a = c->order[i - 1], *b = c->order[i];
        bool same = a->state == STATE_VALUE && b->state == STATE_VALUE && slice_equal(a->text, b->text);
        a->is_shared |= same;
        b->is_shared |= same;
    }
    return true;
}

bool count_by_build(struct count_by *c, const struct report *r, enum column column, const uint32_t *rows, size_t count,
    struct cancel_token *cancel, struct error *err)
{
    struct group_count k = {.c = c, .index = {.text = group_key, .owner = c},
        .checks = {check_bit("console-mfa") | check_bit("root-mfa"), check_bit("unused")}};
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    enum type type = report_column_info(r, column)->type;
    bool is_name = column == COL_USER || column == COL_ARN;
    *c = (struct count_by){.report = r, .column = column};
    err->text[0] = '\0';
    if (column >= COL_CHANGE && (size_t)column < COL_EXTRA)
        return error_set(err, "%s is a column of changes, not of users", report_column_info(r, column)->name);
    size_t distinct = is_name ? count : extra && type == TYPE_TEXT ? r->extra->words.count : 0;
    /* growing a large index is a wait that no key ends */
    hash_index_reserve(&k.index, distinct < count ? distinct : count);
    for (size_t i = 0; i < count; i++) {
        if (i % CANCEL_EVERY == 0) {
            cancel_progress(cancel, i, count);
            if (cancel_check(cancel))
                break;
        }
        struct value v = type == TYPE_TEXT ? report_value(r, rows[i], column) : report_number(r, rows[i], column);
        if (is_name)
            v.state = v.text.len ? STATE_VALUE : STATE_EMPTY;
        if (extra && extra->is_list && v.state == STATE_VALUE)
            count_elements(&k, rows[i], v);
        else
            count_value(&k, rows[i], v, type);
    }
    hash_index_free(&k.index);
    buffer_free(&k.key);
    if (cancel_is_set(cancel))
        return false;
    memcpy(c->columns, count_by_columns, sizeof c->columns);
    c->order = xcalloc(c->count + 1, sizeof(struct count_group *));
    for (size_t i = 0; i < c->count; i++)
        c->order[i] = &c->groups[i];
    return (column != COL_ACCOUNT || find_shared_numbers(c, cancel)) && count_by_sort(c, COUNT_RATE, false, cancel);
}

void count_by_free(struct count_by *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->groups[i].key);
    free(c->groups);
    free(c->order);
    *c = (struct count_by){0};
}

/* ---- order ------------------------------------------------------------------- */

static size_t bad_users(const struct count_group *g)
{
    return g->severity[SEVERITY_HIGH] + g->severity[SEVERITY_CRITICAL];
}

unsigned count_by_rate(const struct count_group *g)
{
    return g->users ? (unsigned)((bad_users(g) * 200 + g->users) / (2 * g->users)) : 0;
}

int64_t count_by_number(const struct count_group *g, enum count_by_column column)
{
    switch (column) {
    case COUNT_USERS: return (int64_t)g->users;
    case COUNT_CRITICAL: return (int64_t)g->severity[SEVERITY_CRITICAL];
    case COUNT_HIGH: return (int64_t)g->severity[SEVERITY_HIGH];
    case COUNT_MEDIUM: return (int64_t)g->severity[SEVERITY_MEDIUM];
    case COUNT_LOW: return (int64_t)g->severity[SEVERITY_LOW];
    case COUNT_UNKNOWN: return (int64_t)g->unknown;
    case COUNT_NO_MFA: return (int64_t)g->no_mfa;
    case COUNT_OLD_KEY: return (int64_t)g->old_key;
    case COUNT_UNUSED: return (int64_t)g->unused;
    case COUNT_RATE: return count_by_rate(g);
    case COUNT_VALUE:
    case COUNT_COLUMNS: break;
    }
    return 0;
}

/* By group.order, which count_by_sort() filled; of equal ones that with more users first. */
static int compare_by_order(const void *a, const void *b)
{
    const struct count_group *x = *(struct count_group *const *)a, *y = *(struct count_group *const *)b;
    if (x->order != y->order)
        return x->order > y->order ? -1 : 1;
    if (x->users != y->users)
        return x->users > y->users ? -1 : 1;
    return compare_values(x, y);
}

bool count_by_sort(struct count_by *c, enum count_by_column column, bool inverted, struct cancel_token *cancel)
{
    enum { RATE_BITS = 24 };
    for (size_t i = 0; i < c->count; i++) {
        struct count_group *g = &c->groups[i];
        g->order = column == COUNT_RATE ? (int64_t)((bad_users(g) << RATE_BITS) / g->users)
            : count_by_number(g, column);
        g->order = inverted ? -g->order : g->order;
    }
    if (!cancel_sort(c->order, c->count, sizeof(struct count_group *), column == COUNT_VALUE ? compare_by_value
        : compare_by_order, cancel))
        return false;
    for (size_t i = 0; column == COUNT_VALUE && inverted && i < c->count / 2; i++) {
        struct count_group *other = c->order[c->count - 1 - i];
        c->order[c->count - 1 - i] = c->order[i];
        c->order[i] = other;
    }
    return true;
}

/* ---- a group in words -------------------------------------------------------- */

static void put_range_query(struct buffer *out, const char *name, int64_t range)
{
    if (range == 0)
        buffer_printf(out, "%s <= %dd", name, ranges[0]);
    else if (range == RANGES)
        buffer_printf(out, "%s > %dd", name, ranges[RANGES - 1]);
    else
        buffer_printf(out, "%s > %dd and %s <= %dd", name, ranges[range - 1], name, ranges[range]);
}

void count_by_query(struct buffer *out, const struct count_by *c, size_t index)
{
    const struct count_group *g = c->order[index];
    const struct column_info *info = report_column_info(c->report, c->column);
    if (g->is_shared) {
        query_text_account(out, g->account, true);
        return;
    }
    if (g->state == STATE_ABSENT)
        buffer_printf(out, "%s = empty or ", info->name);
    if (query_text_equal(out, info, false, &(struct value){.state = g->state, .number = g->number, .text = g->text}))
        return;
    if (info->type == TYPE_DURATION)
        put_range_query(out, info->name, g->number);
    else if (g->number < LAST_YEAR)
        buffer_printf(out, "%s >= %04lld-01-01 and %s < %04lld-01-01", info->name, (long long)g->number, info->name,
            (long long)g->number + 1);
    else
        buffer_printf(out, "%s >= %04lld-01-01", info->name, (long long)g->number);
}

static void put_range(struct buffer *out, int64_t range)
{
    if (range == 0)
        buffer_printf(out, "up to %dd", ranges[0]);
    else if (range == RANGES)
        buffer_printf(out, "over %dd", ranges[RANGES - 1]);
    else
        buffer_printf(out, "%d-%dd", ranges[range - 1], ranges[range]);
}

/* Append the value of a group that has one; text as it is. */
static void put_group_value(struct buffer *out, const struct count_by *c, const struct count_group *g, bool people)
{
    enum type type = report_column_info(c->report, c->column)->type;
    struct value v = {.state = STATE_VALUE, .number = g->number, .text = g->is_shared ? g->account : g->text};
    if (type == TYPE_DURATION)
        put_range(out, g->number);
    else if (type == TYPE_TIME)
        buffer_printf(out, "%04lld", (long long)g->number);
    else if (people)
        cell_value_for_people(out, &v, type, false);
    else
        cell_value_for_files(out, &v, type);
}

void count_by_label(struct buffer *out, const struct count_by *c, size_t index, bool ascii)
{
    const struct count_group *g = c->order[index];
    buffer_puts(out, "");
    if (g->state == STATE_VALUE && !(g->text.len == 0 && g->key[0] == 't')) {
        if (g->text.len)
            text_harmless(out, g->is_shared ? g->account : g->text, ascii);
        else
            put_group_value(out, c, g, true);
    } else if (g->state == STATE_VALUE || g->state == STATE_ABSENT) {
        buffer_puts(out, "(none)");
    } else {
        buffer_printf(out, "(%s)", state_name(g->state));
    }
    struct value name = {.state = STATE_ABSENT};
    if (c->column == COL_ACCOUNT && g->state == STATE_VALUE)
        name = report_value(c->report, g->row, COL_ACCOUNT_NAME);
    if (name.state == STATE_VALUE && !slice_equal(name.text, g->text)) {
        buffer_putc(out, ' ');
        text_harmless(out, name.text, ascii);
    }
}

/* ---- the table ---------------------------------------------------------------- */

static struct value count_value_of(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct count_by *c = t->source;
    const struct count_group *g = c->order[row];
    if (column != COUNT_VALUE)
        return (struct value){.state = STATE_VALUE, .number = count_by_number(g, (enum count_by_column)column)};
    scratch->len = 0;
    buffer_puts(scratch, "");
    if (g->state == STATE_ABSENT)
        return (struct value){.state = STATE_EMPTY, .text = {"", 0}};
    if (g->state != STATE_VALUE) /* tells N/A, no_information and so on apart */
        return (struct value){.state = STATE_VALUE, .text = slice_of(state_name(g->state))};
    put_group_value(scratch, c, g, false);
    return (struct value){.state = STATE_VALUE, .text = {scratch->data, scratch->len}};
}

static void count_people_text(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    const struct count_by *c = t->source;
    if (column == COUNT_VALUE)
        count_by_label(b, c, row, ascii);
    else
        buffer_printf(b, "%lld%s", (long long)count_by_number(c->order[row], (enum count_by_column)column),
            column == COUNT_RATE ? "%" : "");
}

struct table count_by_table(const struct count_by *c)
{
    return (struct table){.columns = c->columns, .column_count = COUNT_COLUMNS, .row_count = c->count, .source = c,
        .title = "Users by value", .value = count_value_of, .people_text = count_people_text, .blanks = true};
}
