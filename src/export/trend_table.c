/* Numbers in one array per row: the fixed ones, then one for each severity, then one for each check. */
#include "export/trend_table.h"

#include "audit/checks.h"
#include "base/memory.h"
#include "base/timestamp.h"

#include <stdlib.h>

enum trend_number { TREND_USERS, TREND_CONSOLE, TREND_MFA, TREND_KEYS, TREND_SEVERITIES,
    TREND_CHECKS = TREND_SEVERITIES + SEVERITY_COUNT - 1 };
/* The columns before those with numbers. */
enum { TREND_DATE, TREND_ACCOUNT, TREND_FIXED };

const struct table_column trend_columns[] = {
    {.name = "date", .heading = "DATE", .type = TYPE_TEXT},
    {.name = "account", .heading = "ACCOUNT", .type = TYPE_TEXT},
    {.name = "users", .heading = "USERS", .type = TYPE_NUMBER},
    {.name = "console_users", .heading = "CONSOLE", .type = TYPE_NUMBER},
    {.name = "mfa_users", .heading = "MFA", .type = TYPE_NUMBER},
    {.name = "active_keys", .heading = "KEYS", .type = TYPE_NUMBER},
    {.name = "critical", .heading = "CRITICAL", .type = TYPE_NUMBER},
    {.name = "high", .heading = "HIGH", .type = TYPE_NUMBER},
    {.name = "medium", .heading = "MEDIUM", .type = TYPE_NUMBER},
    {.name = "low", .heading = "LOW", .type = TYPE_NUMBER},
};
enum { TREND_STATIC = sizeof trend_columns / sizeof trend_columns[0] };
const size_t trend_column_count = TREND_STATIC;
_Static_assert((size_t)TREND_STATIC == (size_t)TREND_FIXED + TREND_CHECKS,
    "a column for each number before the checks");

static int64_t day_of(int64_t time)
{
    int64_t within = time % TIMESTAMP_DAY;
    return time - (within < 0 ? within + TIMESTAMP_DAY : within);
}

static void add_numbers(const struct trend *t, struct trend_row *row, const struct chronicle_report *r)
{
    uint32_t *numbers = row->numbers;
    row->not_made |= r->not_made;
    numbers[TREND_USERS] += r->users;
    numbers[TREND_CONSOLE] += r->console_users;
    numbers[TREND_MFA] += r->mfa_users;
    numbers[TREND_KEYS] += r->active_keys;
    for (size_t i = 0; i < check_count(); i++) {
        if (!(t->checks >> i & 1))
            continue;
        if (t->always >> i & 1) {
            const struct check *c = &t->audit->meaning[i];
            numbers[TREND_SEVERITIES + SEVERITY_CRITICAL - c->severity] += r->findings[i] - r->worse[i];
            if (r->worse[i])
                numbers[TREND_SEVERITIES + SEVERITY_CRITICAL - c->worse] += r->worse[i];
        }
        numbers[TREND_CHECKS + i] += r->findings[i];
    }
}

static void put_row_of_trend(struct trend *t, int64_t day, uint32_t account)
{
    t->rows = xrealloc(t->rows, t->count + 1, sizeof *t->rows);
    t->rows[t->count++] = (struct trend_row){day, account, 0, xcalloc(TREND_CHECKS + check_count(), sizeof(uint32_t))};
}

/* Returns the account's number; "" for one that is not known. */
static const char *trend_account(const struct trend *t, const struct trend_row *row)
{
    return chronicle_account(t->chronicle, row->account);
}

/* Add the rows of a day, from the latest report of each account up to then. */
static void end_day(struct trend *t, int64_t day, const uint32_t *latest)
{
    size_t accounts = chronicle_account_count(t->chronicle);
    if (!t->by_account)
        put_row_of_trend(t, day, TREND_ALL);
    for (uint32_t account = 0; account < accounts; account++) {
        if (!latest[account])
            continue;
        const struct chronicle_report *r = chronicle_report(t->chronicle, latest[account] - 1);
        if (t->by_account && day_of(r->time) != day)
            continue;
        if (t->by_account)
            put_row_of_trend(t, day, account);
        add_numbers(t, &t->rows[t->count - 1], r);
    }
}

struct dated_report {
    int64_t time;
    uint32_t index;
};

static int by_date(const void *a, const void *b)
{
    const struct dated_report *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static bool is_fixed_name(struct slice name)
{
    for (size_t i = 0; i < TREND_STATIC; i++) {
        if (slice_equal_nocase(name, slice_of(trend_columns[i].name)))
            return true;
    }
    return false;
}

/*
 * Returns a name for a check's column; a rule may be called like a column, such as users, but names are unique. To be
 * freed.
 */
static char *name_of_check(size_t check)
{
    struct buffer b = {0};
    const char *id = check_at(check)->id;
    buffer_put_all(&b, is_fixed_name(slice_of(id)) ? "check_" : "", id);
    return b.data;
}

/* ID: the column's number, see find_trend_column(). */
static void add_trend_column(struct trend *t, int id, struct table_column column)
{
    t->ids[t->column_count] = id;
    t->columns[t->column_count++] = column;
}

static void describe_trend(struct trend *t)
{
    t->columns = xcalloc(TREND_STATIC + check_count(), sizeof *t->columns);
    t->ids = xcalloc(TREND_STATIC + check_count(), sizeof *t->ids);
    t->names = xcalloc(check_count(), sizeof *t->names);
    for (size_t i = 0; i < TREND_STATIC; i++) {
        if (i != TREND_ACCOUNT || t->by_account)
            add_trend_column(t, (int)i, trend_columns[i]);
    }
    for (size_t i = 0; i < check_count(); i++) {
        if (t->checks >> i & 1)
            add_trend_column(t, (int)(TREND_STATIC + i),
                (struct table_column){.name = t->names[i] = name_of_check(i), .type = TYPE_NUMBER});
    }
}

void trend_make(struct trend *t, const struct report *newest, bool by_account)
{
    const struct chronicle *c = newest->chronicle;
    uint64_t checks = newest->checks_on;
    size_t count = chronicle_report_count(c);
    uint32_t *latest = xcalloc(chronicle_account_count(c) + 1, sizeof *latest);
    struct dated_report *list = xcalloc(count + 1, sizeof *list);
    *t = (struct trend){.chronicle = c, .audit = newest->audit, .checks = checks, .by_account = by_account};
    t->always = checks;
    for (size_t i = 0; i < count; i++)
        t->always &= ~chronicle_report(c, i)->not_made;
    for (uint32_t i = 0; i < count; i++)
        list[i] = (struct dated_report){chronicle_report(c, i)->time, i};
    qsort(list, count, sizeof *list, by_date);
    for (size_t i = 0; i < count; i++) {
        latest[chronicle_report(c, list[i].index)->account] = list[i].index + 1;
        if (i + 1 == count || day_of(list[i + 1].time) != day_of(list[i].time))
            end_day(t, day_of(list[i].time), latest);
    }
    free(list);
    free(latest);
    describe_trend(t);
}

/* ---- as a table ---- */

/* A name counts whether the table has its column or not. */
static int find_trend_column(struct slice name)
{
    for (size_t i = 0; i < TREND_STATIC; i++) {
        if (slice_equal_nocase(name, slice_of(trend_columns[i].name)))
            return (int)i;
    }
    for (size_t i = 0; i < check_count(); i++) {
        char *check = name_of_check(i);
        bool is_it = slice_equal_nocase(name, slice_of(check));
        free(check);
        if (is_it)
            return (int)(TREND_STATIC + i);
    }
    return -1;
}

const struct sort_names trend_sort_names = {"dates", find_trend_column, true};

static struct value trend_text(const char *text)
{
    return (struct value){.state = *text ? STATE_VALUE : STATE_EMPTY, .text = slice_of(text)};
}

static struct value trend_cell(const void *trend, uint32_t index, int column, struct buffer *scratch)
{
    const struct trend *t = trend;
    const struct trend_row *row = &t->rows[index];
    char time[32];
    if (column == TREND_ACCOUNT)
        return trend_text(row->account == TREND_ALL ? "" : trend_account(t, row));
    if (column >= TREND_STATIC && !trend_knows(t, index, (size_t)column - TREND_STATIC))
        return (struct value){.state = STATE_NA};
    if (column != TREND_DATE)
        return (struct value){.state = STATE_VALUE, .number = row->numbers[column - TREND_FIXED]};
    scratch->len = 0;
    buffer_printf(scratch, "%.10s", timestamp_format(time, sizeof time, row->day));
    return trend_text(scratch->data);
}

static enum type trend_type(const void *trend, int column)
{
    (void)trend;
    return column < TREND_STATIC ? trend_columns[column].type : TYPE_NUMBER;
}

void trend_sort(struct trend *t, const struct sort_order *order)
{
    if (!order->count || t->count < 2)
        return;
    struct trend_row *sorted = xcalloc(t->count, sizeof *sorted);
    uint32_t *at = xcalloc(t->count, sizeof *at);
    for (size_t i = 0; i < t->count; i++)
        at[i] = (uint32_t)i;
    sort_ids(order, &(struct sort_source){t, trend_cell, trend_type, false}, at, t->count, NULL);
    for (size_t i = 0; i < t->count; i++)
        sorted[i] = t->rows[at[i]];
    free(at);
    free(t->rows);
    t->rows = sorted;
}

static struct value trend_value(const struct table *table, size_t row, size_t column, struct buffer *scratch)
{
    const struct trend *t = table->source;
    return trend_cell(t, (uint32_t)row, t->ids[column], scratch);
}

struct table trend_table(const struct trend *t, size_t limit)
{
    return (struct table){.columns = t->columns, .column_count = t->column_count,
        .row_count = t->count < limit ? t->count : limit, .source = t, .title = "Trend", .value = trend_value,
        .blanks = true};
}

size_t trend_column_of_check(const struct trend *t, size_t check)
{
    size_t i = 0;
    while (i < t->column_count && t->ids[i] != (int)(TREND_STATIC + check))
        i++;
    return i;
}

bool trend_knows(const struct trend *t, size_t row, size_t check)
{
    return !(t->rows[row].not_made >> check & 1);
}

uint32_t trend_failing(const struct trend *t, size_t row, size_t check)
{
    return t->rows[row].numbers[TREND_CHECKS + check];
}

void trend_free(struct trend *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->rows[i].numbers);
    free(t->rows);
    for (size_t i = 0; t->names && i < check_count(); i++)
        free(t->names[i]);
    free(t->names);
    free(t->columns);
    free(t->ids);
    *t = (struct trend){0};
}
