/* Counts unknown outcomes. The reason is an unknown cell in one of the columns that the check's query reads. */
#include "audit/unjudged.h"

/* Sort the columns of WANTED whose cell in ROW is unknown into *ABSENT and, empty or malformed ones, into *UNREAD. */
static void unknown_cells(const struct report *r, size_t row, uint32_t wanted, uint32_t *absent, uint32_t *unread)
{
    *absent = *unread = 0;
    for (uint32_t left = wanted & report_unknown_columns(r, row); left; left &= left - 1) {
        unsigned column = (unsigned)__builtin_ctz(left);
        uint32_t scratch, code = *report_codes(r, row, 1, (enum column)column, &scratch);
        *absent |= code == CODE_ABSENT ? UINT32_C(1) << column : 0;
        *unread |= code_is_unknown(code) && code != CODE_ABSENT ? UINT32_C(1) << column : 0;
    }
}

/* Returns the name of the first column of another file that Q reads and whose cell in ROW is unknown, or NULL. */
static const char *unknown_late_name(const struct report *r, size_t row, const struct query *q)
{
    enum { LATE_MAX = 16 };
    enum column late[LATE_MAX];
    size_t count = r->extra ? query_bound_columns(q, r, late, 0, LATE_MAX) : 0;
    for (size_t i = 0; i < count; i++) {
        if (state_is_unknown(report_number(r, row, late[i]).state))
            return report_column_info(r, late[i])->name;
    }
    return NULL;
}

void unjudged_count(struct unjudged *u, const struct report *r, const uint32_t *rows, size_t count)
{
    *u = (struct unjudged){.users = count};
    for (size_t i = 0; i < count && r->audit; i++) {
        size_t row = rows ? rows[i] : i;
        uint64_t open = audit_unknown(r, row);
        uint32_t absent, unread;
        if (!open)
            continue;
        unknown_cells(r, row, UINT32_MAX, &absent, &unread);
        for (; open; open &= open - 1) {
            size_t check = (size_t)__builtin_ctzll(open);
            uint32_t reads = query_columns(r->audit->whole[check]);
            u->count[check]++;
            const char *late = unknown_late_name(r, row, r->audit->whole[check]);
            u->late[check] = late ? late : u->late[check];
            u->unbound[check] = query_unbound_name(r->audit->whole[check]);
            u->is_misfit[check] = u->unbound[check]
                && extra_columns_find(r->extra, slice_of(u->unbound[check])) != COL_COUNT;
            if (u->unbound[check] || late) /* one reason is enough */
                continue;
            u->absent[check] |= absent & reads;
            u->unread[check] |= unread & reads;
            if (!((absent | unread) & reads) && !u->late[check]) /* it must be a name inside key(...) */
                u->late[check] = query_late_name(r->audit->whole[check]);
        }
    }
}

size_t unjudged_checks(const struct unjudged *u)
{
    size_t n = 0;
    for (size_t i = 0; i < check_count(); i++)
        n += u->count[i] != 0;
    return n;
}

size_t unjudged_check(const struct unjudged *u, size_t index)
{
    size_t i = 0;
    while (i < check_count() && (!u->count[i] || index-- > 0))
        i++;
    return i;
}

static void put_columns(struct buffer *b, const char *before, uint32_t columns)
{
    for (uint32_t left = columns; left; left &= left - 1)
        buffer_printf(b, "%s%s", left == columns ? before : ", ", schema[__builtin_ctz(left)].name);
}

static void put_reason(struct buffer *b, const char *unbound, bool is_misfit, const char *late, uint32_t absent,
    uint32_t unread)
{
    if (unbound)
        buffer_printf(b, "%s%s%s%s", is_misfit ? "" : "no ", unbound,
            is_misfit ? " is not of the type that the rule compares it with" : "",
            late || absent || unread ? "; " : "");
    if (late)
        buffer_printf(b, "missing, empty or malformed: %s%s", late, absent || unread ? "; " : "");
    put_columns(b, "no ", absent);
    put_columns(b, absent ? "; empty or malformed: " : "empty or malformed: ", unread);
}

void unjudged_reason(struct buffer *b, const struct unjudged *u, size_t check)
{
    put_reason(b, u->unbound[check], u->is_misfit[check], u->late[check], u->absent[check], u->unread[check]);
}

void unjudged_reasons(struct buffer *b, const struct unjudged *u)
{
    uint32_t absent = 0, unread = 0;
    const char *unbound = NULL, *late = NULL;
    bool is_misfit = false;
    for (size_t i = 0; i < check_count(); i++) {
        absent |= u->absent[i];
        unread |= u->unread[i];
        is_misfit = unbound ? is_misfit : u->is_misfit[i];
        unbound = unbound ? unbound : u->unbound[i];
        late = late ? late : u->late[i];
    }
    put_reason(b, unbound, is_misfit, late, absent, unread);
}

void unjudged_describe(struct buffer *b, const struct unjudged *u, size_t check)
{
    char count[32], users[32];
    buffer_printf(b, "%s of %s user%s: ", text_count(count, sizeof count, u->count[check]),
        text_count(users, sizeof users, u->users), u->users == 1 ? "" : "s");
    unjudged_reason(b, u, check);
}
