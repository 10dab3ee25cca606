/* Cells of credentials as the formats want them. */
#include "export/credential_table.h"

#include "report/cell.h"
#include "audit/credential_value.h"

#include <stdlib.h>

bool credentials_choose(struct credentials *c, const struct report *r, const uint32_t *ids, size_t count,
    const char *list, bool people, struct error *err)
{
    *c = (struct credentials){.report = r, .ids = ids, .count = count};
    bool has_ids = credential_id_column(r, CREDENTIAL_KEY_1) != COL_COUNT;
    column_list_init(&c->columns, credential_schema, CREDENTIAL_COLUMNS, r);
    for (enum credential k = 0; k < CREDENTIAL_COUNT; k++)
        c->names[k] = slice_of(credential_name(k));
    for (enum severity s = 0; s < SEVERITY_COUNT; s++)
        c->severities[s] = slice_of(severity_name(s));
    for (size_t s = 0; s < CREDENTIAL_STATES; s++)
        c->states[s] = slice_of(credential_states[s]);
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

/* The checks that the credentials of one thread's piece fail. */
struct credential_piece {
    size_t from;
    uint64_t checks[];
};

static void *begin_credentials(const struct table *t, size_t from, size_t to)
{
    const struct credentials *c = t->source;
    struct credential_piece *piece = xcalloc(1, sizeof *piece + (to - from) * sizeof *piece->checks);
    piece->from = from;
    for (size_t i = from; i < to && c->faults.first; i++) {
        if (i + REPORT_CODES_AHEAD < to)
            audit_faults_prefetch(&c->faults, c->report, credential_row(c->ids[i + REPORT_CODES_AHEAD]));
        if (i + REPORT_TEXT_AHEAD < to)
            audit_faults_prefetch_bytes(&c->faults, credential_row(c->ids[i + REPORT_TEXT_AHEAD]));
        piece->checks[i - from] = audit_faults_by(&c->faults, c->report, credential_row(c->ids[i]), credential_slot(c->ids[i]));
    }
    return piece;
}

static struct value credential_table_cell(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct credentials *c = t->source;
    const struct credential_piece *piece = t->begun;
    int id = c->columns.columns[column];
    if (id >= COL_EXTRA)
        return column_list_user_value(t->report, credential_row(c->ids[row]), id, scratch);
    return c->faults.first && credential_column_is_of_checks(id)
        ? credential_value_by(t->report, piece->checks[row - piece->from], c->ids[row], id, scratch)
        : credential_value(t->report, c->ids[row], id, scratch);
}

static const struct slice *credential_words(const struct table *t, size_t column, size_t *count)
{
    const struct credentials *c = t->source;
    switch (c->columns.columns[column] - COL_COUNT) {
    case CRED_CREDENTIAL: *count = CREDENTIAL_COUNT; return c->names;
    case CRED_STATE: *count = CREDENTIAL_STATES; return c->states;
    case CRED_SEVERITY: *count = SEVERITY_COUNT; return c->severities;
    default: *count = 0; return NULL;
    }
}

static size_t credential_word(const struct table *t, size_t row, size_t column)
{
    const struct credentials *c = t->source;
    if (c->columns.columns[column] == COL_COUNT + CRED_CREDENTIAL)
        return credential_slot(c->ids[row]);
    if (c->columns.columns[column] == COL_COUNT + CRED_STATE)
        return credential_state(t->report, c->ids[row]);
    struct value severity = credential_table_cell(t, row, column, NULL);
    return severity.state == STATE_VALUE ? (size_t)severity.number : TABLE_NO_WORD;
}

/* Whether a column of credentials, as the report has it, goes to files as it was written. */
static bool is_as_written(int id)
{
    int known = id - COL_COUNT;
    return known == CRED_LAST_ROTATED || known == CRED_LAST_USED || known == CRED_REGION || known == CRED_SERVICE;
}

static bool credential_file_is_value(const struct table *t, size_t column)
{
    const struct credentials *c = t->source;
    int id = c->columns.columns[column];
    return !column_list_is_of_user(id) && !is_as_written(id) && t->columns[column].type != TYPE_TEXT;
}

/* The report's own times stay as they were written. */
static struct slice credential_file_text(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct credentials *c = t->source;
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
        enum column own = credential_column_of_user((enum credential_column)(id - COL_COUNT), credential_slot(c->ids[row]));
        return report_raw(t->report, credential_row(c->ids[row]), own);
    }
    struct value v = credential_table_cell(t, row, column, scratch);
    if (t->columns[column].type == TYPE_TEXT && v.state == STATE_VALUE) /* which may be in SCRATCH */
        return v.text;
    scratch->len = 0;
    buffer_puts(scratch, "");
    cell_value_for_files(scratch, &v, t->columns[column].type);
    return (struct slice){scratch->data, scratch->len};
}

static void credential_people_text(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    const struct credentials *c = t->source;
    credential_cell(b, t->report, c->ids[row], c->columns.columns[column], ascii);
}

static size_t report_row_of_credential(const struct table *t, size_t row)
{
    const struct credentials *c = t->source;
    return credential_row(c->ids[row]);
}

struct table credentials_table(const struct credentials *c)
{
    return (struct table){.columns = c->columns.described, .column_count = c->columns.count, .row_count = c->count,
        .source = c, .title = "Credentials", .report = c->report, .begin = begin_credentials, .words = credential_words,
        .word = credential_word, .value = credential_table_cell, .report_row = report_row_of_credential,
        .file_text = credential_file_text, .file_is_value = credential_file_is_value, .people_text = credential_people_text};
}

void credentials_free(struct credentials *c)
{
    audit_faults_free(&c->faults);
    column_list_free(&c->columns);
    *c = (struct credentials){0};
}
