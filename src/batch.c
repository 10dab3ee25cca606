/* The face without a screen. */
#include "batch.h"

#include "users.h"

#include <errno.h>
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

/* What is printed: columns that grow as the list is read. */
struct chosen {
    struct users_column *columns; /* owned */
    size_t count;
};

static void choose(struct chosen *c, enum column known, size_t own)
{
    c->columns = xrealloc(c->columns, c->count + 1, sizeof *c->columns);
    c->columns[c->count++] = (struct users_column){known, own};
}

static void choose_own(struct chosen *c, const struct report *r)
{
    for (size_t i = 0; i < r->column_count; i++)
        choose(c, r->columns[i].known, i);
}

/* NAME as a column of the schema, or as one that only this report has. */
static bool choose_name(struct chosen *c, const struct report *r, struct slice name)
{
    enum column known = schema_find(name);
    if (known != COL_COUNT) {
        choose(c, known, SIZE_MAX);
        return true;
    }
    for (size_t i = 0; i < r->column_count; i++) {
        if (slice_equal_nocase(name, slice_of(r->columns[i].name))) {
            choose(c, COL_COUNT, i);
            return true;
        }
    }
    return false;
}

static bool choose_list(struct chosen *c, const struct report *r, const char *list, struct error *err)
{
    for (const char *at = list;; at++) {
        struct slice name = {at, strcspn(at, ",")};
        if (slice_equal_nocase(name, slice_of("report")))
            choose_own(c, r);
        else if (!choose_name(c, r, name))
            return error_set(err, "--columns: no column \"%.*s\", neither in the report nor in ncred --help=columns",
                (int)name.len, name.data);
        at += name.len;
        if (!*at)
            return true;
    }
}

static void choose_triage(struct chosen *c, const struct report *r)
{
    enum column triage[16];
    size_t n = batch_triage_columns(r, triage);
    for (size_t i = 0; i < n; i++)
        choose(c, triage[i], SIZE_MAX);
}

static uint32_t *choose_rows(const struct options *o, const struct report *r, size_t *count)
{
    uint32_t *rows = xcalloc(r->row_count, sizeof *rows);
    *count = 0;
    for (uint32_t row = 0; row < r->row_count; row++) {
        if (all_match(o, r, row))
            rows[(*count)++] = row;
    }
    sort_rows(&o->sort, r, rows, *count);
    if (*count > o->limit)
        *count = o->limit;
    return rows;
}

bool batch_flush(FILE *out, struct error *err)
{
    bool failed = ferror(out);
    if ((fflush(out) == 0 && !failed) || errno == EPIPE)
        return true;
    return error_set(err, "cannot write: %s", strerror(errno));
}

bool batch_print(const struct options *o, const struct report *r, FILE *out, struct error *err)
{
    struct chosen c = {0};
    const struct export_format *format = o->output ? o->output : export_find("text");
    bool own = !o->column_list && !format->people;
    if (o->column_list && !choose_list(&c, r, o->column_list, err)) {
        free(c.columns);
        return false;
    }
    if (own)
        choose_own(&c, r);
    else if (!o->column_list)
        choose_triage(&c, r);
    size_t count;
    uint32_t *rows = choose_rows(o, r, &count);
    errno = 0;
    struct users users;
    struct table table = users_table(&users, r, rows, count, c.columns, c.count, own);
    format->write(&table, o->ascii, out);
    users_free(&users);
    bool ok = batch_flush(out, err);
    free(rows);
    free(c.columns);
    return ok;
}
