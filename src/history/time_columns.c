/* Each row tells of one finding that counts: the worst one and, of several that are equally severe, the oldest. */
#include "history/time_columns.h"

#include "audit/finding.h"
#include "audit/overdue.h"

const struct extra_description time_columns[TIME_COLUMNS] = {
    [TIME_FIRST_SEEN] = {"first_seen", NULL, "history", "the first report with the user", TYPE_TIME, false,
        EXTRA_PROGRAM},
    [TIME_SINCE] = {"since", NULL, "history", "first report with the worst finding, without a break since then",
        TYPE_TIME, false, EXTRA_PROGRAM},
    [TIME_FAILING] = {"failing", NULL, "history", "how long the worst finding has existed without a break",
        TYPE_DURATION, false, EXTRA_PROGRAM},
    [TIME_RECURRED] = {"recurred", NULL, "history", "how often the worst finding had been fixed before", TYPE_NUMBER,
        false, EXTRA_PROGRAM},
    [TIME_OVERDUE] = {"overdue", NULL, "history", "how long ago the worst finding with a threshold passed it",
        TYPE_DURATION, false, EXTRA_PROGRAM},
    [TIME_DUE] = {"due", NULL, "history", "when the first finding must be fixed, by the configuration's sla", TYPE_TIME,
        false, EXTRA_PROGRAM},
    [TIME_LATE] = {"late", NULL, "history", "a finding has existed for longer than that", TYPE_BOOL, false,
        EXTRA_PROGRAM},
    [TIME_WHY] = {"why", NULL, "checks", "the findings in brief, worst first", TYPE_TEXT, false, EXTRA_PROGRAM},
};

bool time_columns_since(const struct report *r, size_t row, size_t check, struct chronicle_since *since)
{
    return r->chronicle && r->chronicle_users[row] != UINT32_MAX
        && chronicle_is_judged_by(r->chronicle, &r->audit->settings, check)
        && chronicle_since(r->chronicle, r->chronicle_users[row], check, since);
}

bool time_is_limited(const struct time_allowed *allowed)
{
    bool any = false;
    for (size_t i = 0; allowed && i < SEVERITY_COUNT; i++)
        any |= allowed->seconds[i] != 0;
    return any;
}

bool time_columns_due(const struct report *r, size_t row, size_t check, const struct time_allowed *allowed,
    int64_t *due)
{
    struct chronicle_since since = {0};
    int64_t seconds = allowed->seconds[audit_severity(r, row, check)];
    if (!seconds)
        return false;
    bool is_known = time_columns_since(r, row, check, &since);
    *due = since.time;
    if (!is_known && !overdue_began(r, row, check, due))
        return false;
    *due += seconds;
    return true;
}

static void set_time_cell(struct report *r, const struct time_places *p, enum time_column column, size_t row,
    int64_t time)
{
    extra_columns_set(r->extra, p->index[column], row, extra_columns_time(time));
}

/*
 * Since when the user has the worst of the findings whose beginning is known; the oldest of several. Returns false if
 * there is none.
 */
static bool worst_since(const struct report *r, size_t row, struct chronicle_since *worst)
{
    struct chronicle_since since;
    enum severity severity = SEVERITY_NONE;
    *worst = (struct chronicle_since){0};
    if (!r->chronicle || r->chronicle_users[row] == UINT32_MAX)
        return false;
    for (uint64_t left = audit_counted(r, row); left; left &= left - 1) {
        size_t check = (size_t)__builtin_ctzll(left);
        enum severity own = audit_severity(r, row, check);
        if (own < severity || !time_columns_since(r, row, check, &since))
            continue;
        if (own > severity || since.time < worst->time)
            *worst = since;
        severity = own;
    }
    return severity != SEVERITY_NONE;
}

static void fill_since(struct report *r, const struct time_places *p, size_t row)
{
    struct chronicle_since worst;
    bool at_least;
    for (enum time_column c = TIME_FIRST_SEEN; c <= TIME_RECURRED; c++)
        extra_columns_set(r->extra, p->index[c], row, CODE_NA);
    if (!r->chronicle || r->chronicle_users[row] == UINT32_MAX)
        return;
    set_time_cell(r, p, TIME_FIRST_SEEN, row, chronicle_first_seen(r->chronicle, r->chronicle_users[row], &at_least));
    if (!worst_since(r, row, &worst))
        return;
    set_time_cell(r, p, TIME_SINCE, row, worst.time);
    set_time_cell(r, p, TIME_FAILING, row, worst.time);
    extra_columns_set(r->extra, p->index[TIME_RECURRED], row, extra_columns_number(worst.recurred));
}

/* Whether the cell's time may be too late, because the account's oldest report shows the user or finding already. */
static bool is_bound(const struct report *r, size_t row, enum column column)
{
    struct chronicle_since worst;
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    struct slice name = slice_of(extra ? extra->name : "");
    bool at_least = false;
    if (!r->chronicle || r->chronicle_users[row] == UINT32_MAX)
        return false;
    if (slice_equal(name, slice_of(time_columns[TIME_FIRST_SEEN].name)))
        chronicle_first_seen(r->chronicle, r->chronicle_users[row], &at_least);
    else if (slice_equal(name, slice_of(time_columns[TIME_SINCE].name))
        || slice_equal(name, slice_of(time_columns[TIME_FAILING].name)))
        at_least = worst_since(r, row, &worst) && worst.is_at_least;
    return at_least;
}

static void fill_due(struct report *r, const struct time_allowed *allowed, const struct time_places *p, size_t row)
{
    int64_t began, due, first = INT64_MAX;
    if (overdue_worst(r, row, &began))
        set_time_cell(r, p, TIME_OVERDUE, row, began);
    else
        extra_columns_set(r->extra, p->index[TIME_OVERDUE], row, CODE_NA);
    for (uint64_t left = audit_counted(r, row); left; left &= left - 1) {
        if (time_columns_due(r, row, (size_t)__builtin_ctzll(left), allowed, &due) && due < first)
            first = due;
    }
    if (first != INT64_MAX)
        set_time_cell(r, p, TIME_DUE, row, first);
    else
        extra_columns_set(r->extra, p->index[TIME_DUE], row, CODE_NA);
    extra_columns_set(r->extra, p->index[TIME_LATE], row, extra_columns_number(first < r->as_of));
}

enum { BETWEEN_CHECKS = 1024 }; /* rows between two looks at a cancel token */

/* Returns false if CANCEL has ended. */
static bool fill_why(struct report *r, size_t index, struct cancel_token *cancel)
{
    struct buffer b = {0};
    struct audit_faults faults = audit_faults(r, NULL);
    extra_columns_reserve(r->extra, r->row_count);
    for (size_t row = 0; row < r->row_count; row++) {
        if (row % BETWEEN_CHECKS == 0 && cancel_check(cancel))
            break;
        b.len = 0;
        finding_why(&b, r, row, &faults, " \u00b7 ", 0);
        extra_columns_set(r->extra, index, row, b.len ? extra_columns_text(r->extra, (struct slice){b.data, b.len})
            : CODE_NA);
    }
    audit_faults_free(&faults);
    buffer_free(&b);
    return !cancel_is_set(cancel);
}

bool time_columns_add(struct report *r, struct time_places *places, struct error *err)
{
    if (!r->extra)
        r->extra = extra_columns_new();
    for (enum time_column c = TIME_FIRST_SEEN; c < TIME_COLUMNS && !places->has_places; c++) {
        places->index[c] = extra_columns_add(r->extra, &time_columns[c]);
        if (places->index[c] == SIZE_MAX)
            return error_set(err, "more than %d columns from all files", EXTRA_COLUMNS_MAX);
    }
    places->has_places = true;
    r->is_bound = is_bound;
    return true;
}

bool time_columns_fill(struct report *r, const struct time_allowed *allowed, const struct time_places *places,
    struct cancel_token *cancel)
{
    extra_columns_reserve(r->extra, r->row_count);
    for (size_t row = 0; row < r->row_count; row++) {
        if (row % BETWEEN_CHECKS == 0 && cancel_check(cancel))
            return false;
        fill_since(r, places, row);
        fill_due(r, allowed, places, row);
    }
    return fill_why(r, places->index[TIME_WHY], cancel);
}

bool time_columns_apply(struct report *r, const struct time_allowed *allowed, struct time_places *places,
    struct cancel_token *cancel, struct error *err)
{
    return time_columns_add(r, places, err)
        && (time_columns_fill(r, allowed, places, cancel) || error_set(err, "cancelled"));
}

enum column time_columns_why(struct report *r, struct cancel_token *cancel)
{
    if (!r->extra)
        r->extra = extra_columns_new();
    enum column column = extra_columns_find(r->extra, slice_of(time_columns[TIME_WHY].name));
    size_t index = column == COL_COUNT ? extra_columns_add(r->extra, &time_columns[TIME_WHY])
        : (size_t)column - COL_EXTRA;
    if (index == SIZE_MAX)
        return COL_COUNT;
    r->has_stale_times |= !fill_why(r, index, cancel);
    return (enum column)(COL_EXTRA + index);
}

bool time_columns_refresh(struct report *r, const struct time_allowed *allowed, struct cancel_token *cancel)
{
    struct time_places places = {.has_places = true};
    bool has_why = false;
    for (enum time_column c = TIME_FIRST_SEEN; c < TIME_COLUMNS; c++) {
        enum column column = extra_columns_find(r->extra, slice_of(time_columns[c].name));
        const struct extra_column *own = extra_columns_at(r->extra, column);
        bool has = own && own->origin == EXTRA_PROGRAM;
        has_why |= has && c == TIME_WHY;
        places.has_places &= has;
        places.index[c] = has ? (size_t)column - COL_EXTRA : SIZE_MAX;
    }
    r->has_stale_times = places.has_places ? !time_columns_fill(r, allowed, &places, cancel)
        : has_why && !fill_why(r, places.index[TIME_WHY], cancel); /* see time_columns_why() */
    return !r->has_stale_times;
}

bool time_columns_reserve(struct slice name)
{
    bool is = false;
    for (enum time_column c = TIME_FIRST_SEEN; c < TIME_COLUMNS; c++)
        is |= slice_equal_nocase(name, slice_of(time_columns[c].name));
    return is;
}

bool time_columns_are_unasked(const struct query *q, struct error *err)
{
    bool ok = true;
    for (enum time_column c = TIME_FIRST_SEEN; c < TIME_COLUMNS && ok; c++) {
        struct slice name = slice_of(time_columns[c].name);
        bool is_word = time_columns[c].type == TYPE_BOOL && query_has_word(q, name);
        if (is_word || query_has_late_name(q, name))
            ok = error_set(err,
                "rules, where and waivers cannot ask for %s, which is known only after the checks have run%s",
                name.data, is_word ? "; quote it to search for the text" : "");
    }
    return ok;
}

bool time_columns_are_unasked_by(const struct waivers *w, struct error *err)
{
    struct error why;
    for (; w; w = w->more) {
        for (size_t i = 0; i < w->wide_count; i++) {
            const struct waiver *v = &w->list[w->wide[i]];
            if (v->query && !time_columns_are_unasked(v->query, &why))
                return error_set(err, "%s:%zu: %s", w->file, v->line, why.text);
        }
    }
    return true;
}

bool time_columns_are_named(const char *text)
{
    for (enum time_column c = TIME_FIRST_SEEN; text && c < TIME_COLUMNS; c++) {
        if (slice_contains_nocase(slice_of(text), slice_of(time_columns[c].name)))
            return true;
    }
    return false;
}
