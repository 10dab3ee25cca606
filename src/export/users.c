/* The cells of users: values, and texts for files. */
#include "export/users.h"

#include "report/cell.h"
#include "base/error.h"
#include "export/column_list.h"

#include <stdlib.h>

static struct value user_value(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct users *u = t->source;
    const struct users_column *c = &u->columns[column];
    struct slice own;
    if (c->known != COL_COUNT)
        return column_list_user_value(t->report, u->rows[row], (int)c->known, scratch);
    enum state state = report_raw_at(t->report, u->rows[row], c->own, &own) && own.len ? STATE_VALUE : STATE_ABSENT;
    return (struct value){.state = state, .text = own};
}

/* Whether the row has another number of fields than the header, so that its cells may be those of other columns. */
static bool is_unknown(const struct report *r, size_t row, enum column column)
{
    return report_has_codes(column) && report_number(r, row, column).state == STATE_ABSENT;
}

static struct slice user_file_text(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct users *u = t->source;
    const struct users_column *c = &u->columns[column];
    struct slice own;
    if (c->known == COL_COUNT) {
        report_raw_at(t->report, u->rows[row], c->own, &own);
        return own;
    }
    if (c->known < COL_REPORT_COUNT && is_unknown(t->report, u->rows[row], c->known))
        return slice_of("");
    if (c->known < COL_REPORT_COUNT)
        return report_as_written(t->report, u->rows[row], c->known);
    scratch->len = 0;
    buffer_puts(scratch, "");
    cell_for_files(scratch, t->report, u->rows[row], c->known);
    return (struct slice){scratch->data, scratch->len};
}

static void user_people_text(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    const struct users *u = t->source;
    const struct users_column *c = &u->columns[column];
    struct slice own;
    if (c->known != COL_COUNT)
        cell_for_people(b, t->report, u->rows[row], c->known, ascii);
    else if (report_raw_at(t->report, u->rows[row], c->own, &own))
        text_harmless(b, own, ascii);
}

/* table.row_texts, if all columns are the file's own: a row with more or fewer fields is written as it was read. */
static size_t row_texts(const struct table *t, size_t row, struct slice *texts, size_t room)
{
    const struct users *u = t->source;
    return report_fields(t->report, u->rows[row], texts, room);
}

struct table users_table(struct users *u, const struct report *r, const uint32_t *rows, size_t row_count,
    const struct users_column *columns, size_t column_count, bool own)
{
    *u = (struct users){.report = r, .rows = rows, .columns = columns, .own = own};
    u->described = xcalloc(column_count, sizeof *u->described);
    u->titles = xcalloc(column_count, sizeof *u->titles);
    for (size_t i = 0; i < column_count; i++) {
        enum column known = columns[i].known;
        bool by_report = known == COL_COUNT || columns[i].own != SIZE_MAX;
        u->described[i] = (struct table_column){.name = by_report ? r->columns[columns[i].own].name
            : report_column_info(r, known)->name,
            .type = known == COL_COUNT ? TYPE_TEXT : report_column_info(r, known)->type,
            .in_files = own && by_report ? r->columns[columns[i].own].header : NULL};
        if ((size_t)known >= COL_EXTRA)
            u->described[i].heading = report_column_info(r, known)->heading;
        else if (known != COL_COUNT)
            u->described[i].heading = schema_title(known, u->titles[i], sizeof u->titles[i]);
    }
    return (struct table){.columns = u->described, .column_count = column_count, .row_count = row_count, .source = u,
        .title = r->changes ? "Changes" : "Users", .report = r,
        .value = user_value, .file_text = user_file_text, .people_text = user_people_text,
        .row_texts = own && r->file_count == 1 ? row_texts : NULL};
}

size_t users_triage_columns(const struct report *r, enum column *columns)
{
    static const enum column triage[] = {COL_USER, COL_MFA_ACTIVE, COL_PASSWORD_AGE, COL_PASSWORD_IDLE, COL_KEY_1_AGE,
        COL_KEY_1_IDLE, COL_KEY_2_AGE, COL_KEY_2_IDLE};
    size_t n = 0;
    if (r->account_count > 1)
        columns[n++] = r->account_names ? COL_ACCOUNT_NAME : COL_ACCOUNT;
    for (size_t i = 0; i < sizeof triage / sizeof triage[0]; i++)
        columns[n++] = triage[i];
    return n;
}

void users_free(struct users *u)
{
    free(u->described);
    free(u->titles);
    *u = (struct users){0};
}
