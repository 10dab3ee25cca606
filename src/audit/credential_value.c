/* Takes a credential's values from its user's row, and the checks' results from the credentials at fault. */
#include "audit/credential_value.h"

#include "report/cell.h"

#include <stdlib.h>

const char credential_worst_first[] = "-severity,-findings,-age";

static struct value credential_number(int64_t number)
{
    return (struct value){.state = STATE_VALUE, .number = number};
}

/* Returns COLUMN of the credential's user; STATE_ABSENT if COLUMN is COL_COUNT, as for kinds without such a column. */
static struct value of_user(const struct report *r, uint32_t id, enum column column)
{
    return column == COL_COUNT ? (struct value){.state = STATE_ABSENT} : report_value(r, credential_row(id), column);
}

/* The same without the value's text, which is faster. */
static struct value number_of_user(const struct report *r, uint32_t id, enum column column)
{
    return column == COL_COUNT ? (struct value){.state = STATE_ABSENT} : report_number(r, credential_row(id), column);
}

static struct value used_value(const struct report *r, uint32_t id)
{
    struct value v = number_of_user(r, id, credential_columns[credential_slot(id)].used);
    bool never = v.state == STATE_NA || v.state == STATE_NO_INFORMATION;
    return v.state == STATE_VALUE || never ? credential_number(!never) : (struct value){.state = v.state};
}

static struct value credential_text(const char *text)
{
    return (struct value){.state = *text ? STATE_VALUE : STATE_EMPTY, .text = slice_of(text)};
}

const char *const credential_states[CREDENTIAL_STATES] = {"inactive", "active", "unknown"};

size_t credential_state(const struct report *r, uint32_t id)
{
    struct value v = number_of_user(r, id, credential_columns[credential_slot(id)].active);
    return v.state != STATE_VALUE ? CREDENTIAL_STATES - 1 : v.number ? 1 : 0;
}

struct value credential_check_ids(uint64_t bits, struct buffer *scratch)
{
    scratch->len = 0;
    buffer_puts(scratch, "");
    for (; bits; bits &= bits - 1) {
        buffer_puts(scratch, scratch->len ? " " : "");
        buffer_puts(scratch, check_at((size_t)__builtin_ctzll(bits))->id);
    }
    return (struct value){.state = scratch->len ? STATE_VALUE : STATE_EMPTY, .text = {scratch->data, scratch->len}};
}

bool credential_column_is_of_checks(int column)
{
    return column >= COL_COUNT + CRED_FINDINGS && !credential_column_is_of_user(column);
}

/* Returns the value of a column with checks' results. OWN holds the checks in which the credential is at fault. */
static struct value check_value(const struct report *r, size_t row, uint64_t own, int column, struct buffer *scratch)
{
    uint64_t counted = own & audit_counted(r, row);
    switch (column - COL_COUNT) {
    case CRED_FINDINGS: return credential_number(__builtin_popcountll(counted));
    case CRED_SEVERITY: return credential_number(counted ? audit_worst(r, row, counted) : SEVERITY_NONE);
    case CRED_WAIVED: return credential_number(__builtin_popcountll(own & audit_waived(r, row)));
    default: return credential_check_ids(counted, scratch);
    }
}

struct value credential_value(const struct report *r, uint32_t id, int column, struct buffer *scratch)
{
    size_t row = credential_row(id);
    if (credential_column_is_of_user(column))
        return report_value(r, row, (enum column)column);
    switch ((enum credential_column)(column - COL_COUNT)) {
    case CRED_CREDENTIAL: return credential_text(credential_name(credential_slot(id)));
    case CRED_STATE: return credential_text(credential_states[credential_state(r, id)]);
    case CRED_USED: return used_value(r, id);
    case CRED_ACTIVE: case CRED_AGE: case CRED_IDLE: case CRED_LAST_ROTATED: case CRED_LAST_USED: case CRED_REGION:
    case CRED_SERVICE:
        return of_user(r, id, credential_column_of_user((enum credential_column)(column - COL_COUNT),
            credential_slot(id)));
    case CRED_ID: return of_user(r, id, credential_id_column(r, credential_slot(id)));
    case CRED_FINDINGS: case CRED_SEVERITY: case CRED_WAIVED: case CRED_CHECKS:
        return check_value(r, row, audit_failed(r, row) ? audit_fault(r, row, credential_slot(id)) : 0, column,
            scratch);
    case CREDENTIAL_COLUMNS: break;
    }
    return (struct value){.state = STATE_ABSENT};
}

/* The same if the caller has the CHECKS in which the credential is at fault, from audit_faults_by(). Faster. */
static struct value credential_value_by(const struct report *r, uint64_t checks, uint32_t id, int column,
    struct buffer *scratch)
{
    if (credential_column_is_of_checks(column))
        return check_value(r, credential_row(id), checks, column, scratch);
    return credential_value(r, id, column, scratch);
}

/*
 * Whether reports never have this column for this kind of credential. Such a cell shows "-"; an absent cell that a
 * report could have is unknown instead.
 */
static bool is_never_told(int column, enum credential c)
{
    bool is_of_report = column == CRED_ACTIVE || (column >= CRED_AGE && column <= CRED_LAST_USED)
        || column == CRED_REGION || column == CRED_SERVICE;
    if (column == CRED_USED)
        return credential_columns[c].used == COL_COUNT;
    if (column == CRED_ID)
        return c != CREDENTIAL_KEY_1 && c != CREDENTIAL_KEY_2;
    return is_of_report && credential_column_of_user((enum credential_column)column, c) == COL_COUNT;
}

void credential_cell(struct buffer *b, const struct report *r, uint32_t id, int column, bool ascii)
{
    if (credential_column_is_of_user(column)) {
        cell_for_people(b, r, credential_row(id), (enum column)column, ascii);
        return;
    }
    struct buffer scratch = {0};
    struct value v = credential_value(r, id, column, &scratch), used = used_value(r, id);
    int own = column - COL_COUNT;
    if ((own == CRED_IDLE || own == CRED_LAST_USED) && used.state == STATE_VALUE && !used.number)
        buffer_puts(b, "never");
    else if (v.state == STATE_ABSENT && is_never_told(own, credential_slot(id)))
        buffer_putc(b, '-'); /* for example, passwords have no region and certificates no last use */
    else if (v.state == STATE_NA && (own == CRED_AGE || own == CRED_IDLE || own == CRED_LAST_ROTATED))
        buffer_putc(b, '?'); /* not "-", which would mean that there is no such credential */
    else if (v.state != STATE_EMPTY || own != CRED_CHECKS)
        cell_value_for_people(b, &v, credential_schema[own].type, ascii);
    buffer_free(&scratch);
}

static int find_common_column(struct slice name)
{
    return credential_column_find(NULL, name);
}

const struct sort_names credential_sort_names = {"credentials", find_common_column, false};

/* What sorted_value() needs. */
struct credential_sorting {
    const struct report *r;
    const struct audit_faults *faults; /* NULL if they are not needed */
};

static struct value sorted_value(const void *context, uint32_t id, int column, struct buffer *scratch)
{
    const struct credential_sorting *s = context;
    if (s->faults && credential_column_is_of_checks(column))
        return credential_value_by(s->r, audit_faults_by(s->faults, s->r, credential_row(id), credential_slot(id)), id,
            column, scratch);
    return credential_value(s->r, id, column, scratch);
}

static enum type sorted_type(const void *context, int column)
{
    const struct credential_sorting *s = context;
    return credential_column_info(s->r, column)->type;
}

bool credential_sort(const struct sort_order *order, const struct report *r, const struct audit_faults *faults,
    uint32_t *ids, size_t count, struct cancel_token *p)
{
    struct audit_faults own = {0};
    bool asked = false;
    for (size_t k = 0; k < order->count; k++)
        asked |= credential_column_is_of_checks((int)order->keys[k].column);
    if (asked && !faults && count > 1)
        own = audit_faults(r, p);
    struct credential_sorting sorting = {r, faults ? faults : own.first ? &own : NULL};
    bool ok = sort_ids(order, &(struct sort_source){&sorting, sorted_value, sorted_type, false}, ids, count, p);
    audit_faults_free(&own);
    return ok;
}
