/* The cells of credentials: values, and texts for people and for files. */
#include "export/credential_table.h"

#include "report/cell.h"
#include "audit/credential_value.h"

#include <stdio.h>
#include <stdlib.h>

bool credential_table_choose(struct credential_table *c, const struct report *r, const uint32_t *ids, size_t count,
    const char *list, bool people, struct error *err)
{
    *c = (struct credential_table){.report = r, .ids = ids, .count = count};
    bool has_ids = credential_id_column(r, CREDENTIAL_KEY_1) != COL_COUNT;
    column_list_init(&c->columns, credential_schema, CREDENTIAL_COLUMNS, r);
    for (enum credential k = 0; k < CREDENTIAL_COUNT; k++)
        c->names[k] = slice_of(credential_name(k));
    for (enum severity s = 0; s < SEVERITY_COUNT; s++)
        c->severities[s] = slice_of(severity_name(s));
    for (size_t s = 0; s < CREDENTIAL_STATES; s++)
        c->states[s] = slice_of(credential_states[s]);
    for (size_t n = 0; n <= CHECKS_MAX; n++) {
        int len = snprintf(c->digits[n], sizeof c->digits[n], "%zu", n);
        c->numbers[n] = (struct slice){c->digits[n], (size_t)len};
    }
    c->accounts = column_list_account_words(r, &c->account_count);
    if (!list && people && r->account_count > 1)
        column_list_add(&c->columns, COL_ACCOUNT);
    bool ok = list || (column_list_choose(&c->columns, people ? "user,credential" : "account,user,arn,credential", err)
            && (!has_ids || column_list_choose(&c->columns, "id", err)));
    ok = ok && column_list_choose(&c->columns, list ? list : people ? "state,age,idle,region,service,checks"
        : "state,last_rotated,last_used,age,idle,region,service,severity,findings,waived,checks", err);
    for (size_t i = 0; i < c->columns.count && ok && !c->faults.first; i++) {
        if (r->audit && credential_column_is_of_checks(c->columns.columns[i]))
            c->faults = audit_faults(r, NULL);
    }
    return ok;
}

/* table.begun: what the checks say of the credentials of the rows that one thread writes; see credential_value.c. */
struct credential_piece {
    size_t from;
    struct {
        uint64_t counted;
        uint8_t severity, findings, waived;
    } checks[];
};

static void *begin_credentials(const struct table *t, size_t from, size_t to)
{
    const struct credential_table *c = t->source;
    struct credential_piece *piece = xcalloc(1, sizeof *piece + (to - from) * sizeof *piece->checks);
    piece->from = from;
    for (size_t i = from; i < to && c->faults.first; i++) {
        if (i + REPORT_CODES_AHEAD < to)
            audit_faults_prefetch(&c->faults, c->report, credential_row(c->ids[i + REPORT_CODES_AHEAD]));
        if (i + REPORT_TEXT_AHEAD < to)
            audit_faults_prefetch_bytes(&c->faults, credential_row(c->ids[i + REPORT_TEXT_AHEAD]));
        size_t row = credential_row(c->ids[i]);
        uint64_t own = audit_faults_by(&c->faults, c->report, row, credential_slot(c->ids[i])),
            waived = audit_waived(c->report, row);
        piece->checks[i - from].counted = own & ~waived;
        piece->checks[i - from].severity = (uint8_t)audit_worst(c->report, row, own & ~waived);
        piece->checks[i - from].findings = (uint8_t)__builtin_popcountll(own & ~waived);
        piece->checks[i - from].waived = (uint8_t)__builtin_popcountll(own & waived);
    }
    return piece;
}

static struct value number_value(int64_t number)
{
    return (struct value){.state = STATE_VALUE, .number = number};
}

/* A duration of the user that is about the credential; some credentials have none. */
static struct value duration_of_user(const struct report *r, size_t row, enum column column)
{
    return column == COL_COUNT ? (struct value){.state = STATE_ABSENT} : report_number(r, row, column);
}

static struct value credential_table_cell(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct credential_table *c = t->source;
    const struct credential_piece *piece = t->begun;
    int id = c->columns.columns[column];
    size_t user = credential_row(c->ids[row]), at = row - piece->from;
    const struct credential_columns *of_user = &credential_columns[credential_slot(c->ids[row])];
    if (id >= COL_EXTRA)
        return column_list_user_value(t->report, user, id, scratch);
    if (!c->faults.first && credential_column_is_of_checks(id))
        return credential_value(t->report, c->ids[row], id, scratch);
    switch (id) { /* the columns that take the time, without the detour */
    case COL_COUNT + CRED_AGE: return duration_of_user(t->report, user, of_user->age);
    case COL_COUNT + CRED_IDLE: return duration_of_user(t->report, user, of_user->idle);
    case COL_COUNT + CRED_FINDINGS: return number_value(piece->checks[at].findings);
    case COL_COUNT + CRED_SEVERITY: return number_value(piece->checks[at].severity);
    case COL_COUNT + CRED_WAIVED: return number_value(piece->checks[at].waived);
    case COL_COUNT + CRED_CHECKS: return credential_check_ids(piece->checks[at].counted, scratch);
    default: return credential_value(t->report, c->ids[row], id, scratch);
    }
}

static const struct slice *credential_words(const struct table *t, size_t column, size_t *count)
{
    const struct credential_table *c = t->source;
    switch (c->columns.columns[column] - COL_COUNT) {
    case CRED_CREDENTIAL: *count = CREDENTIAL_COUNT; return c->names;
    case CRED_STATE: *count = CREDENTIAL_STATES; return c->states;
    case CRED_SEVERITY: *count = SEVERITY_COUNT; return c->severities;
    case CRED_FINDINGS:
    case CRED_WAIVED: *count = CHECKS_MAX + 1; return c->numbers;
    default: break;
    }
    if (c->columns.columns[column] == COL_ACCOUNT && c->accounts) {
        *count = c->account_count;
        return c->accounts;
    }
    *count = 0;
    return NULL;
}

static size_t credential_word(const struct table *t, size_t row, size_t column)
{
    const struct credential_table *c = t->source;
    const struct credential_piece *piece = t->begun;
    uint32_t id = c->ids[row];
    int own = c->columns.columns[column];
    if (c->faults.first && own == COL_COUNT + CRED_FINDINGS)
        return piece->checks[row - piece->from].findings;
    if (c->faults.first && own == COL_COUNT + CRED_SEVERITY)
        return piece->checks[row - piece->from].severity;
    if (c->faults.first && own == COL_COUNT + CRED_WAIVED)
        return piece->checks[row - piece->from].waived;
    switch (own) {
    case COL_ACCOUNT: return column_list_account_word(t->report, credential_row(id), c->accounts, c->account_count);
    case COL_COUNT + CRED_CREDENTIAL: return credential_slot(id);
    case COL_COUNT + CRED_STATE: return credential_state(t->report, id);
    default: break;
    }
    struct value number = credential_table_cell(t, row, column, NULL);
    return number.state == STATE_VALUE ? (size_t)number.number : TABLE_NO_WORD;
}

/* Whether csv and tsv get a column's text exactly as it is in the report. */
static bool is_as_written(int id)
{
    int known = id - COL_COUNT;
    return known == CRED_LAST_ROTATED || known == CRED_LAST_USED || known == CRED_REGION || known == CRED_SERVICE;
}

static bool credential_file_is_value(const struct table *t, size_t column)
{
    const struct credential_table *c = t->source;
    int id = c->columns.columns[column];
    return !column_list_is_of_user(id) && !is_as_written(id) && t->columns[column].type != TYPE_TEXT;
}

/* table.file_text: times of the report stay as they are written there. */
static struct slice credential_file_text(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct credential_table *c = t->source;
    int id = c->columns.columns[column];
    if (id < COL_REPORT_COUNT)
        return report_raw(t->report, credential_row(c->ids[row]), (enum column)id);
    if (column_list_is_of_user(id)) {
        scratch->len = 0;
        buffer_puts(scratch, "");
        cell_for_files(scratch, t->report, credential_row(c->ids[row]), (enum column)id);
        return (struct slice){scratch->data, scratch->len};
    }
    if (is_as_written(id)) {
        enum column own = credential_column_of_user((enum credential_column)(id - COL_COUNT),
            credential_slot(c->ids[row]));
        return report_raw(t->report, credential_row(c->ids[row]), own);
    }
    struct value v = credential_table_cell(t, row, column, scratch);
    if (t->columns[column].type == TYPE_TEXT && v.state == STATE_VALUE) /* its text may be in SCRATCH */
        return v.text;
    scratch->len = 0;
    buffer_puts(scratch, "");
    cell_value_for_files(scratch, &v, t->columns[column].type);
    return (struct slice){scratch->data, scratch->len};
}

/* The columns of the report, one bit each, whose codes the column ID of a credential of kind K is made of. */
static uint32_t columns_of_credential(int id, enum credential k)
{
    const struct credential_columns *of = &credential_columns[k];
    enum column columns[2] = {COL_COUNT, COL_COUNT};
    switch (id) {
    case COL_COUNT + CRED_STATE:
    case COL_COUNT + CRED_ACTIVE: columns[0] = of->active; break;
    case COL_COUNT + CRED_AGE:
    case COL_COUNT + CRED_LAST_ROTATED: columns[0] = of->made; break;
    case COL_COUNT + CRED_IDLE: columns[1] = of->made; columns[0] = of->used; break;
    case COL_COUNT + CRED_USED:
    case COL_COUNT + CRED_LAST_USED: columns[0] = of->used; break;
    case COL_COUNT + CRED_REGION: columns[0] = of->region; break;
    case COL_COUNT + CRED_SERVICE: columns[0] = of->service; break;
    case COL_USER:
    case COL_ARN:
    case COL_ACCOUNT: columns[0] = (enum column)id; break;
    default: return id < COL_COUNT ? UINT32_MAX : 0;
    }
    uint32_t bits = 0;
    for (size_t i = 0; i < 2; i++)
        bits |= columns[i] == COL_COUNT ? 0 : UINT32_C(1) << columns[i];
    return bits;
}

static uint32_t credential_report_columns(const struct table *t, size_t row)
{
    const struct credential_table *c = t->source;
    return c->codes[t->in_files][credential_slot(c->ids[row])];
}

static size_t credential_csv_span(const struct table *t, size_t row, size_t column, struct slice *text)
{
    const struct credential_table *c = t->source;
    uint32_t id = c->ids[row];
    return column_list_copy(&c->spans[credential_slot(id)][column], t->report, credential_row(id), text);
}

/* Which columns can be copied together differs from one credential to the next. */
static void find_credential_spans(struct credential_table *c)
{
    size_t count = c->columns.count;
    enum column *columns = xcalloc(count + 1, sizeof *columns);
    for (enum credential k = 0; k < CREDENTIAL_COUNT; k++) {
        c->codes[false][k] = c->codes[true][k] = 0;
        c->spans[k] = xrealloc(c->spans[k], count + 1, sizeof *c->spans[k]);
        for (size_t i = 0; i < count; i++) {
            int id = c->columns.columns[i];
            c->codes[false][k] |= columns_of_credential(id, k);
            c->codes[true][k] |= is_as_written(id) ? 0 : columns_of_credential(id, k);
            columns[i] = is_as_written(id) ? credential_column_of_user((enum credential_column)(id - COL_COUNT), k)
                : id < COL_REPORT_COUNT ? (enum column)id : COL_COUNT;
        }
        for (size_t i = 0; i < count; i++) {
            c->spans[k][i] = column_list_span(c->report, columns + i, count - i);
            c->columns.described[i].spans |= c->spans[k][i].columns > 0;
        }
    }
    free(columns);
}

static void credential_people_text(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    const struct credential_table *c = t->source;
    credential_cell(b, t->report, c->ids[row], c->columns.columns[column], ascii);
}

static size_t report_row_of_credential(const struct table *t, size_t row)
{
    const struct credential_table *c = t->source;
    return credential_row(c->ids[row]);
}

struct table credential_table_get(struct credential_table *c)
{
    find_credential_spans(c);
    return (struct table){.columns = c->columns.described, .column_count = c->columns.count, .row_count = c->count,
        .source = c, .title = "Credentials", .report = c->report, .begin = begin_credentials, .words = credential_words,
        .word = credential_word, .value = credential_table_cell, .report_row = report_row_of_credential,
        .file_text = credential_file_text, .file_is_value = credential_file_is_value, .csv_span = credential_csv_span,
        .report_columns = credential_report_columns,
        .people_text = credential_people_text};
}

void credential_table_free(struct credential_table *c)
{
    audit_faults_free(&c->faults);
    column_list_free(&c->columns);
    for (enum credential k = 0; k < CREDENTIAL_COUNT; k++)
        free(c->spans[k]);
    free(c->accounts);
    *c = (struct credential_table){0};
}
