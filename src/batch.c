/* The face without a screen. */
#include "batch.h"

#include <stdlib.h>

size_t batch_triage_columns(const struct report *r, enum column *columns)
{
    static const enum column triage[] = {COL_USER, COL_MFA_ACTIVE, COL_PASSWORD_AGE, COL_PASSWORD_IDLE, COL_KEY_1_AGE,
        COL_KEY_1_IDLE, COL_KEY_2_AGE, COL_KEY_2_IDLE};
    size_t n = 0;
    if (r->account_count > 1)
        columns[n++] = COL_ACCOUNT;
    for (size_t i = 0; i < sizeof triage / sizeof triage[0]; i++)
        columns[n++] = triage[i];
    return n;
}

static bool all_match(const struct options *o, const struct report *r, size_t row)
{
    for (size_t i = 0; i < o->filter_count; i++) {
        if (!query_matches(o->filters[i], r, row))
            return false;
    }
    return true;
}

bool batch_print(const struct options *o, const struct report *r, FILE *out)
{
    uint32_t *rows = xcalloc(r->row_count, sizeof *rows);
    size_t count = 0;
    for (uint32_t row = 0; row < r->row_count; row++) {
        if (all_match(o, r, row))
            rows[count++] = row;
    }
    sort_rows(&o->sort, r, rows, count);
    enum column triage[16];
    const struct export_format *format = o->output ? o->output : export_find("text");
    bool people = strcmp(format->name, "text") == 0 || strcmp(format->name, "markdown") == 0;
    struct export e = {r, rows, count < o->limit ? count : o->limit, o->columns, o->column_count, false, o->ascii, out};
    if (!o->column_count && people) {
        e.columns = triage;
        e.column_count = batch_triage_columns(r, triage);
    }
    e.own = !o->column_count && !people;
    format->write(&e);
    free(rows);
    return fflush(out) == 0 && !ferror(out);
}
