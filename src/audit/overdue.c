/* Adds the check's threshold to a date of a credential. The check says which date counts, see enum check_begin. */
#include "audit/overdue.h"

#include "base/timestamp.h"

static bool credential_time(const struct report *r, size_t row, enum column column, int64_t *out)
{
    struct value v = {.state = STATE_ABSENT};
    if (column != COL_COUNT)
        v = report_number(r, row, column);
    *out = v.number;
    return v.state == STATE_VALUE;
}

/*
 * Set *FROM to credential C's date that the threshold counts from. Returns false if C is certainly not at fault or has
 * no such date.
 */
static bool counted_from(const struct report *r, size_t row, enum check_begin begin, enum credential c, int64_t *from)
{
    const struct credential_columns *k = &credential_columns[c];
    int64_t used;
    bool is_used = credential_time(r, row, k->used, &used);
    if (begin == BEGIN_ALL_IDLE ? k->used == COL_COUNT : !credential_is_active(r, row, c))
        return false;
    if (begin == BEGIN_NEVER_USED && is_used)
        return false;
    if (begin == BEGIN_AGE || begin == BEGIN_NEVER_USED || !is_used)
        return credential_time(r, row, k->made, from);
    *from = used;
    return true;
}

/* Whether the check has a part about this kind of credential. */
static bool is_about(const struct check *check, enum credential c)
{
    return c == CREDENTIAL_PASSWORD ? check->password != NULL
        : c == CREDENTIAL_KEY_1 || c == CREDENTIAL_KEY_2 ? check->key != NULL : check->cert != NULL;
}

/*
 * The days after which check K, as a benchmark defines it, has a finding. Benchmarks that count whole days begin a day
 * later: their parts have {+1}, see struct check.
 */
static int threshold_days(const struct check *k, int days)
{
    const char *parts[] = {k->password, k->key, k->cert};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i] && strstr(parts[i], "{+1}"))
            return days + 1;
    }
    return days;
}

/* The threshold in the settings for the row, which fails the check: that of the first clause that is about it. */
static int days_for(const struct report *r, size_t row, size_t check)
{
    const struct check_settings *s = &r->audit->settings;
    for (size_t i = 0; i < s->clause_count; i++) {
        if (s->clauses[i].check == check && query_holds_surely(r->audit->where[i], r, row))
            return check_clause_days(s, &s->clauses[i]);
    }
    return s->days[check];
}

bool overdue_began(const struct report *r, size_t row, size_t check, int64_t *began)
{
    if (!r->audit || r->audit->meaning[check].begin == BEGIN_NONE)
        return false;
    const struct check *k = &r->audit->meaning[check];
    bool all = k->begin == BEGIN_ALL_IDLE, found = false;
    int64_t at = 0, from, threshold = threshold_days(k, days_for(r, row, check)) * TIMESTAMP_DAY;
    if (all && credential_time(r, row, COL_USER_CREATION_TIME, &from)) {
        at = from;
        found = true;
    }
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        /* BEGIN_ALL_IDLE: the latest date of all credentials; otherwise that of the credential at fault the longest */
        if (!is_about(k, c) || !counted_from(r, row, k->begin, c, &from) || (found && (all ? from <= at : from >= at)))
            continue;
        if (!all && !audit_is_fault(r, row, check, c))
            continue; /* its last use is unknown, or the check does not look at it, as at root's password */
        at = from;
        found = true;
    }
    *began = at + threshold;
    return found && *began <= r->as_of;
}

bool overdue_worst(const struct report *r, size_t row, int64_t *began)
{
    enum severity worst = SEVERITY_NONE;
    int64_t at;
    for (uint64_t left = r->audit ? audit_counted(r, row) : 0; left; left &= left - 1) {
        size_t check = (size_t)__builtin_ctzll(left);
        enum severity severity = audit_severity(r, row, check);
        if (severity < worst || !overdue_began(r, row, check, &at))
            continue;
        *began = severity > worst || at < *began ? at : *began;
        worst = severity;
    }
    return worst != SEVERITY_NONE;
}
