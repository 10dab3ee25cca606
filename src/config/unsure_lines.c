/* A query is right if it can be bound as one about users or as one about credentials. */
#include "config/unsure_lines.h"

#include "audit/check_query.h"
#include "audit/credential_value.h"
#include "config/column_sets.h"
#include "query/sort.h"

#include <stdlib.h>

void unsure_lines_add(struct unsure_lines *l, struct unsure_line line)
{
    l->list = xrealloc(l->list, l->count + 1, sizeof *l->list);
    l->list[l->count++] = line;
}

void unsure_lines_free_line(struct unsure_line *line)
{
    free(line->place);
    free(line->why);
    free(line->text);
    free(line->name);
    *line = (struct unsure_line){0};
}

void unsure_lines_free(struct unsure_lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        unsure_lines_free_line(&l->list[i]);
    free(l->list);
    *l = (struct unsure_lines){0};
}

static bool can_bind(const char *text, enum query_subject subject, const struct report *r, enum benchmark benchmark,
    struct error *err)
{
    struct query *q = check_query_parse_late(slice_of(text), subject, benchmark, err);
    bool ok = q && query_bind(q, r, err);
    query_free(q);
    return ok;
}

bool unsure_lines_is_right(const struct unsure_line *line, const struct report *r, enum benchmark benchmark,
    struct error *err)
{
    struct error ignored, why;
    struct sort_order order;
    switch (line->kind) {
    case UNSURE_RULE:
        return can_bind(line->text, QUERY_USERS, r, benchmark, &why)
            || error_set(err, "at offset %zu of the query: %s", why.offset, why.text);
    case UNSURE_QUERY:
        return can_bind(line->text, QUERY_USERS, r, benchmark, err)
            || can_bind(line->text, QUERY_CREDENTIALS, r, benchmark, &ignored);
    case UNSURE_COLUMNS:
        return column_sets_check(slice_of(line->name), line->text, r, false, err);
    case UNSURE_ORDER:
        return sort_parse(&order, slice_of(line->text), &sort_users, r, err)
            || sort_parse(&order, slice_of(line->text), &credential_sort_names, r, &ignored);
    }
    return false;
}
