/* Gives the query language access to the table of checks, which src/query must not include because it comes before. */
#include "audit/check_query.h"

#include "audit/credential_value.h"

static size_t table_count(void)
{
    return check_count();
}

static const char *table_id(size_t check)
{
    return check_at(check)->id;
}

static size_t table_find(struct slice id, int numbers)
{
    return check_find(id, (enum benchmark)numbers, NULL);
}

static void table_meaning(struct buffer *out, struct slice id, int numbers)
{
    enum benchmark of, chosen = (enum benchmark)numbers;
    size_t check = check_find(id, chosen, &of);
    if (check == check_count() || of == chosen || (chosen == BENCHMARK_NCRED && of == BENCHMARK_CIS_1_4)
        || !check_differs(check, of, chosen))
        return;
    struct check c = check_meaning(check, of);
    check_predicate_of(out, &c, c.days);
}

const struct query_checks check_query_checks = {table_count, table_id, table_find, table_meaning, check_nearest,
    credential_value};

struct query *check_query_parse(struct slice text, enum query_subject subject, enum benchmark benchmark,
    struct error *err)
{
    return query_parse(text, subject, &check_query_checks, (int)benchmark, err);
}

struct query *check_query_parse_late(struct slice text, enum query_subject subject, enum benchmark benchmark,
    struct error *err)
{
    return query_parse_late(text, subject, &check_query_checks, (int)benchmark, err);
}
