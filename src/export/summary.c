/* Counting findings, and the table of the counts. */
#include "export/summary.h"

static void take_since(struct tally *t, const struct chronicle_since *since)
{
    if (t->has_since && t->since < since->time)
        return;
    t->is_at_least = since->is_at_least || (t->has_since && t->since == since->time && t->is_at_least);
    t->has_since = true;
    t->since = since->time;
}

/* Add what is known about the age of a finding that is not waived. */
static void count_time(struct summary *s, size_t row, size_t check, const struct time_allowed *allowed)
{
    struct tally *of[] = {&s->checks[check], &s->severities[audit_severity(s->report, row, check)], &s->all};
    struct chronicle_since since;
    int64_t due;
    bool has_since = s->has_since && time_columns_since(s->report, row, check, &since);
    bool is_late = s->has_late && time_columns_due(s->report, row, check, allowed, &due) && due < s->report->as_of;
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        of[i]->late += is_late;
        if (has_since)
            take_since(of[i], &since);
    }
}

void summary_count(struct summary *s, const struct report *r, const uint32_t *rows, size_t count,
    const struct time_allowed *allowed)
{
    *s = (struct summary){.report = r, .users = count, .has_since = r->chronicle != NULL,
        .has_late = time_is_limited(allowed)};
    unjudged_count(&s->unjudged, r, rows, count);
    for (size_t i = 0; i < check_count(); i++)
        s->checks[i].unknown = s->unjudged.count[i];
    for (size_t k = 0; k < count; k++) {
        uint64_t counted = audit_counted(r, rows[k]), waived = audit_waived(r, rows[k]),
            open = audit_unknown(r, rows[k]);
        bool seen[SEVERITY_COUNT] = {false};
        for (size_t i = 0; (counted | waived) && i < check_count(); i++) {
            bool one = counted >> i & 1, two = waived >> i & 1;
            enum severity v = one || two ? audit_severity(r, rows[k], i) : SEVERITY_NONE;
            s->checks[i].findings += one;
            s->checks[i].users += one;
            s->checks[i].waived += two;
            s->severities[v].findings += one;
            s->severities[v].users += one && !seen[v];
            s->severities[v].waived += two;
            seen[v] |= one;
            if (one && (s->has_since || s->has_late))
                count_time(s, rows[k], i, allowed);
            s->all.findings += one;
            s->all.waived += two;
        }
        s->all.users += counted != 0;
        s->all.unknown += open != 0;
        for (int v = SEVERITY_NONE; open && v < SEVERITY_COUNT; v++)
            s->severities[v].unknown += (open & r->of_severity[v]) != 0;
    }
}

enum summary_column { SUM_OF, SUM_NAME, SUM_SEVERITY, SUM_NUMBER, SUM_TITLE, SUM_FINDINGS, SUM_WAIVED, SUM_USERS,
    SUM_UNKNOWN, SUM_WHY, SUM_LATE, SUM_SINCE, SUM_COLUMNS };

const struct table_column summary_columns[] = {
    [SUM_OF] = {.name = "of", .heading = "OF", .type = TYPE_TEXT},
    [SUM_NAME] = {.name = "name", .heading = "NAME", .type = TYPE_TEXT},
    [SUM_SEVERITY] = {.name = "severity", .heading = "SEVERITY", .type = TYPE_SEVERITY},
    [SUM_NUMBER] = {.name = "number", .heading = "NUMBER", .type = TYPE_TEXT},
    [SUM_TITLE] = {.name = "title", .heading = "TITLE", .type = TYPE_TEXT},
    [SUM_FINDINGS] = {.name = "findings", .heading = "FINDINGS", .type = TYPE_NUMBER},
    [SUM_WAIVED] = {.name = "waived", .heading = "WAIVED", .type = TYPE_NUMBER},
    [SUM_USERS] = {.name = "users", .heading = "USERS", .type = TYPE_NUMBER},
    [SUM_UNKNOWN] = {.name = "unknown", .heading = "UNKNOWN", .type = TYPE_NUMBER},
    [SUM_LATE] = {.name = "late", .heading = "LATE", .type = TYPE_NUMBER},
    [SUM_SINCE] = {.name = "since", .heading = "SINCE", .type = TYPE_TIME},
    [SUM_WHY] = {.name = "why_unknown", .heading = "WHY UNKNOWN", .type = TYPE_TEXT},
};
const size_t summary_column_count = SUM_COLUMNS;

enum { SEVERITY_ROWS = SEVERITY_COUNT - 1 };

static size_t count_on(const struct summary *s)
{
    return (size_t)__builtin_popcountll(s->report->audit->settings.on | s->report->audit->settings.partly);
}

/* Returns the index of the ROW-th check that is on, or check_count(). */
static size_t check_of(const struct summary *s, size_t row)
{
    for (size_t i = 0; i < check_count(); i++) {
        if (check_is_on(&s->report->audit->settings, i) && row-- == 0)
            return i;
    }
    return check_count();
}

static struct value sum_text(const char *text)
{
    return (struct value){.state = *text ? STATE_VALUE : STATE_EMPTY, .text = slice_of(text)};
}

static struct value summary_cell(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct summary *s = t->source;
    size_t check = check_of(s, row), below = row - count_on(s);
    bool total = check == check_count() && below == SEVERITY_ROWS;
    enum severity severity = check < check_count() ? check_severity(check, &s->report->audit->settings)
        : total ? SEVERITY_NONE : (enum severity)(SEVERITY_CRITICAL - below);
    const struct tally *tally = check < check_count() ? &s->checks[check] : total ? &s->all : &s->severities[severity];
    bool is_made = check == check_count() || !(audit_not_made(s->report) >> check & 1);
    scratch->len = 0;
    buffer_puts(scratch, "");
    if (!is_made && column >= SUM_FINDINGS && column != SUM_WHY)
        return (struct value){.state = STATE_EMPTY};
    switch ((enum summary_column)column) {
    case SUM_OF: return sum_text(check < check_count() ? "check" : total ? "all" : "severity");
    case SUM_NAME: return sum_text(check < check_count() ? check_at(check)->id : total ? "all"
        : severity_name(severity));
    case SUM_SEVERITY:
        return (struct value){.state = total ? STATE_EMPTY : STATE_VALUE, .number = severity};
    case SUM_NUMBER:
        if (check < check_count())
            check_number(scratch, check_at(check), s->report->audit->settings.benchmark);
        break;
    case SUM_TITLE:
        if (check < check_count())
            check_title(scratch, check, &s->report->audit->settings);
        else if (total)
            buffer_printf(scratch, "of %zu user%s", s->users, s->users == 1 ? "" : "s");
        break;
    case SUM_FINDINGS: return (struct value){.state = STATE_VALUE, .number = (int64_t)tally->findings};
    case SUM_WAIVED: return (struct value){.state = STATE_VALUE, .number = (int64_t)tally->waived};
    case SUM_USERS: return (struct value){.state = STATE_VALUE, .number = (int64_t)tally->users};
    case SUM_UNKNOWN: return (struct value){.state = STATE_VALUE, .number = (int64_t)tally->unknown};
    case SUM_WHY:
        if (!is_made)
            buffer_puts(scratch, "skipped without --details");
        else if (check < check_count())
            unjudged_reason(scratch, &s->unjudged, check);
        break;
    case SUM_LATE: return (struct value){.state = s->has_late ? STATE_VALUE : STATE_EMPTY,
        .number = (int64_t)tally->late};
    case SUM_SINCE: return (struct value){.state = tally->has_since ? STATE_VALUE : STATE_EMPTY,
        .number = tally->since};
    case SUM_COLUMNS: break;
    }
    return (struct value){.state = scratch->len ? STATE_VALUE : STATE_EMPTY, .text = {scratch->data, scratch->len}};
}

struct table summary_table(const struct summary *s, bool with_since)
{
    return (struct table){.columns = summary_columns,
        .column_count = with_since ? SUM_COLUMNS : s->has_late ? SUM_SINCE : SUM_LATE,
        .row_count = count_on(s) + SEVERITY_ROWS + 1, .source = s, .title = "Summary", .value = summary_cell,
        .blanks = true};
}
