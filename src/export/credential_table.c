/* Cells of credentials as the formats want them. */
#include "export/credential_table.h"

#include "report/cell.h"
#include "audit/credential_value.h"

bool credentials_choose(struct credentials *c, const struct report *r, const uint32_t *ids, size_t count,
    const char *list, bool people, struct error *err)
{
    *c = (struct credentials){.report = r, .ids = ids, .count = count};
    column_list_init(&c->columns, credential_schema, CREDENTIAL_COLUMNS);
    if (!list && people && r->account_count > 1)
        column_list_add(&c->columns, COL_ACCOUNT);
    return column_list_choose(&c->columns, list ? list : people ? "user,credential,state,age,idle,region,service,checks"
        : "account,user,arn,credential,state,last_rotated,last_used,age,idle,region,service,severity,findings,waived,"
          "checks", err);
}

static struct value value(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct credentials *c = t->source;
    return credential_value(t->report, c->ids[row], c->columns.columns[column], scratch);
}

/* The report's own times stay as they were written. */
static struct slice file_text(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct credentials *c = t->source;
    int id = c->columns.columns[column];
    if (id < COL_COUNT) {
        scratch->len = 0;
        buffer_puts(scratch, "");
        cell_for_files(scratch, t->report, credential_row(c->ids[row]), (enum column)id);
        return (struct slice){scratch->data, scratch->len};
    }
    struct buffer own = {0};
    struct value v = value(t, row, column, &own);
    enum credential_column known = (enum credential_column)(id - COL_COUNT);
    bool raw = known == CRED_LAST_ROTATED || known == CRED_LAST_USED || known == CRED_REGION || known == CRED_SERVICE;
    scratch->len = 0;
    buffer_puts(scratch, "");
    if (raw)
        buffer_add(scratch, v.text.data, v.text.len);
    else
        cell_value_for_files(scratch, &v, t->columns[column].type);
    buffer_free(&own);
    return (struct slice){scratch->data, scratch->len};
}

static void people_text(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    const struct credentials *c = t->source;
    credential_cell(b, t->report, c->ids[row], c->columns.columns[column], ascii);
}

struct table credentials_table(const struct credentials *c)
{
    return (struct table){.columns = c->columns.described, .column_count = c->columns.count, .row_count = c->count,
        .source = c, .report = c->report, .value = value, .file_text = file_text, .people_text = people_text};
}

void credentials_free(struct credentials *c)
{
    column_list_free(&c->columns);
    *c = (struct credentials){0};
}
