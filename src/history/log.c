/* Events are sorted by the file that has their user, so that each file's rows are copied in one go. */
#include "history/log.h"

#include "base/timestamp.h"
#include "history/row_copy.h"
#include "read/parse.h"
#include "report/report_copy.h"

#include <stdlib.h>

const char log_columns[] = "when,previous,user,change,credential,before,after";

const char log_newest_first[] = "-when,user,-change";

const struct extra_description log_own_columns[LOG_OWN_COLUMNS] = {
    [LOG_WHEN] = {"when", NULL, "history", "the first report that shows the change", TYPE_TIME, false, EXTRA_PROGRAM},
    [LOG_PREVIOUS] = {"previous", NULL, "history", "the report before that one", TYPE_TIME, false, EXTRA_PROGRAM},
    [LOG_CREDENTIAL] = {"credential", NULL, "history",
        "the credential that changed or fails: key_1, password, mfa, ...", TYPE_TEXT, false, EXTRA_PROGRAM},
    [LOG_EVENT] = {"event", "WHAT HAPPENED", "history", "what happened, in plain words", TYPE_TEXT, false,
        EXTRA_PROGRAM},
};

enum { LOG_BETWEEN_CHECKS = 1024 }; /* events between two looks at a cancel token */

/* Returns false with ERR set if CANCEL has ended; looks only at the first of some events. */
static bool log_goes_on(size_t event, struct cancel_token *cancel, struct error *err)
{
    return event % LOG_BETWEEN_CHECKS || !cancel_check(cancel) || error_set(err, "cancelled");
}

/* An event and the place of its user in the newest report. */
struct logged {
    uint32_t event, row; /* row: CHANGE_NO_ROW if the user is not in it */
    uint32_t file;       /* UINT32_MAX if the user is not in it */
};

/* The row of each user of the history in NEWEST, CHANGE_NO_ROW if it has none. The caller frees the list. */
static uint32_t *rows_of_users(const struct report *newest)
{
    size_t users = chronicle_user_count(newest->chronicle);
    uint32_t *rows = xcalloc(users + 1, sizeof *rows);
    memset(rows, 0xff, users * sizeof *rows);
    for (size_t row = newest->row_count; row-- > 0;) {
        if (newest->chronicle_users[row] != UINT32_MAX)
            rows[newest->chronicle_users[row]] = (uint32_t)row;
    }
    return rows;
}

static struct logged logged_event(const struct report *newest, const uint32_t *rows, size_t event)
{
    uint32_t row = rows[chronicle_event(newest->chronicle, event)->user];
    return (struct logged){(uint32_t)event, row,
        row == CHANGE_NO_ROW ? UINT32_MAX : (uint32_t)report_file_of(newest, row)};
}

/*
 * All events that are shown, by file, then by age: counted by file, then put into their places. The caller frees the
 * list, which is NULL, with ERR set, if CANCEL has ended.
 */
static struct logged *list_events(const struct report *newest, size_t *count, struct cancel_token *cancel,
    struct error *err)
{
    const struct chronicle *c = newest->chronicle;
    size_t events = chronicle_event_count(c), files = newest->file_count;
    uint32_t *rows = rows_of_users(newest);
    struct logged *list = xcalloc(events + 1, sizeof *list);
    size_t *places = xcalloc(files + 2, sizeof *places); /* per file where its events begin; then the users of none */
    bool ok = true;
    for (int is_counted = 0; is_counted < 2 && ok; is_counted++) {
        for (size_t i = 0; i < events && (ok = log_goes_on(i, cancel, err)); i++) {
            if (chronicle_event(c, i)->change == CHRONICLE_FOUND)
                continue;
            struct logged one = logged_event(newest, rows, i);
            size_t file = one.file == UINT32_MAX ? files : one.file;
            if (is_counted)
                list[places[file]++] = one;
            else
                places[file + 1]++;
        }
        for (size_t file = 0; file <= files && !is_counted; file++)
            places[file + 1] += places[file];
    }
    *count = places[files];
    free(places);
    free(rows);
    if (!ok)
        free(list);
    return ok ? list : NULL;
}

static void put_gone_user(struct buffer *csv, const struct chronicle *c, uint32_t user)
{
    char time[32];
    uint32_t created = chronicle_user_created(c, user);
    row_copy_field(csv, chronicle_user_name(c, user), false);
    buffer_putc(csv, ',');
    row_copy_field(csv, chronicle_user_arn(c, user), false);
    /* not "", so that a user without name, ARN and account is no empty row, which would be left out */
    buffer_printf(csv, ",%s,%s\n", created > CODE_TEXT ? timestamp_format(time, sizeof time, created) : "N/A",
        chronicle_account(c, chronicle_user_account(c, user)));
}

/*
 * Append the rows of the events FROM to TO (exclusive) to the report of L. All are of users of one file, or all of
 * users that no longer exist.
 */
static bool copy_events(struct history_log *l, const struct report *newest, const struct logged *list, size_t from,
    size_t to, struct cancel_token *cancel, struct error *err)
{
    struct buffer csv = {0};
    struct report_copy copy = {.to = &l->report};
    bool ok = true;
    if (list[from].row == CHANGE_NO_ROW) {
        buffer_puts(&csv, "user,arn,user_creation_time,account_id\n");
        for (size_t i = from; i < to; i++)
            put_gone_user(&csv, newest->chronicle, chronicle_event(newest->chronicle, list[i].event)->user);
        ok = parse_report(&l->report, "history", (struct slice){csv.data, csv.len}, err);
    }
    for (size_t i = from; i < to && list[i].row != CHANGE_NO_ROW && ok; i++)
        ok = log_goes_on(i, cancel, err)
            && (report_copy_row(&copy, newest, list[i].row)
            || error_set(err, "the history has too many events to list"));
    report_copy_publish(&copy);
    report_copy_end(&copy);
    buffer_free(&csv);
    return ok;
}

static void add_entry(struct history_log *l, const struct logged *at, const struct chronicle_event *e)
{
    struct changes *all = &l->changes;
    size_t before = all->text.len;
    chronicle_put_before(&all->text, e);
    buffer_add(&all->text, "", 1);
    size_t after = all->text.len;
    chronicle_put_after(&all->text, e);
    buffer_add(&all->text, "", 1);
    bool is_finding = e->change >= CHANGE_FINDING_NEW;
    all->entries[all->count++] = (struct change_entry){(enum change)e->change, chronicle_event_severity(e),
        CHANGE_NO_ROW, at->row, is_finding ? check_at(e->what)->id : user_part_name(e->what), before, after};
    all->counts[e->change]++;
}

static bool add_log_columns(struct history_log *l, const struct report *newest, const struct logged *list,
    const struct check_settings *settings, uint32_t *users, struct cancel_token *cancel, struct error *err)
{
    struct extra_columns *x = l->report.extra = extra_columns_new();
    struct buffer text = {0};
    for (size_t i = 0; i < LOG_OWN_COLUMNS; i++) {
        if (extra_columns_add(x, &log_own_columns[i]) != i)
            return error_set(err, "more than %d columns", EXTRA_COLUMNS_MAX);
    }
    extra_columns_reserve(x, l->report.row_count);
    bool ok = true;
    for (size_t row = 0; row < l->changes.count && (ok = log_goes_on(row, cancel, err)); row++) {
        const struct chronicle_event *e = chronicle_event(newest->chronicle, list[row].event);
        const struct chronicle_report *r = chronicle_report(newest->chronicle, e->report);
        extra_columns_set(x, LOG_WHEN, row, extra_columns_time(r->time));
        extra_columns_set(x, LOG_PREVIOUS, row, r->previous ? extra_columns_time(chronicle_report(newest->chronicle,
            r->previous - 1)->time) : CODE_NA);
        text.len = 0;
        chronicle_put_credential(&text, e);
        extra_columns_set(x, LOG_CREDENTIAL, row, text.len ? extra_columns_text(x, (struct slice){text.data, text.len})
            : CODE_NA);
        text.len = 0;
        chronicle_put_event(&text, e, settings);
        extra_columns_set(x, LOG_EVENT, row, extra_columns_text(x, (struct slice){text.data, text.len}));
        users[row] = e->user;
        l->events[row] = list[row].event;
    }
    buffer_free(&text);
    return ok;
}

bool log_make(struct history_log *l, const struct report *newest, const struct audit *audit,
    struct cancel_token *cancel, struct error *err)
{
    size_t count, to;
    struct logged *list = list_events(newest, &count, cancel, err);
    *l = (struct history_log){.changes = {.old = newest, .new = newest}};
    l->report.changes = &l->changes;
    l->report.as_of = newest->as_of;
    l->report.account_names = newest->account_names;
    if (!list)
        return false;
    l->changes.entries = xcalloc(count + 1, sizeof *l->changes.entries);
    uint32_t *users = xcalloc(count + 1, sizeof *users);
    l->events = xcalloc(count + 1, sizeof *l->events);
    bool ok = true;
    for (size_t from = 0; from < count && ok; from = to) {
        for (to = from; to < count && list[to].file == list[from].file && ok; to++) {
            ok = log_goes_on(to, cancel, err);
            add_entry(l, &list[to], chronicle_event(newest->chronicle, list[to].event));
        }
        ok = ok && copy_events(l, newest, list, from, to, cancel, err);
    }
    report_add_columns(&l->report, newest);
    /* problems of the copied rows were already reported for the report that they are from */
    for (size_t i = 0; i < l->report.problem_count; i++)
        free(l->report.problems[i].text);
    l->report.problem_count = l->report.problems_left = 0;
    ok = ok && (l->report.row_count == count || error_set(err, "some users of the history cannot be listed"))
        && add_log_columns(l, newest, list, &audit->settings, users, cancel, err)
        && (audit_run_until(audit, &l->report, cancel) || error_set(err, "cancelled"));
    chronicle_attach(&l->report, newest->chronicle, users);
    free(list);
    return ok;
}

void log_describe(struct buffer *b, const struct history_log *l, size_t row, const struct check_settings *settings)
{
    const struct chronicle *c = l->report.chronicle;
    const struct chronicle_event *e = chronicle_event(c, l->events[row]);
    char time[32];
    buffer_printf(b, "%.10s: ", timestamp_format(time, sizeof time, chronicle_report(c, e->report)->time));
    chronicle_put_full_event(b, e, settings);
}

void log_free(struct history_log *l)
{
    report_free(&l->report);
    free(l->changes.entries);
    buffer_free(&l->changes.text);
    free(l->events);
    *l = (struct history_log){0};
}
