/*
 * For tests/query/grammar: what the parser makes of each query on standard input, one per line (\n, \t and \\ escaped).
 * answers names: the names that a query can have, one per line: scope, name, type.
 * answers FILE: for each query "error OFFSET MESSAGE", or "ok" and the users of FILE that it holds for, 0 or 1 each.
 * A line that begins with "keys " is read as a query about credentials; of these only errors are told.
 */
#include "audit/audit.h"
#include "audit/check_query.h"
#include "read/parse.h"
#include "report/credential.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>

static void print_members(const char *scope, const struct query_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%s %s %s\n", scope, members[i].name, type_name(members[i].type));
}

static int print_names(void)
{
    for (enum column c = 0; c < COL_COUNT; c++)
        printf("user %s %s\n", schema[c].name, type_name(schema[c].type));
    print_members("key", query_key_members, query_key_member_count);
    print_members("cert", query_cert_members, query_cert_member_count);
    for (size_t i = 0; i < CREDENTIAL_COLUMNS; i++)
        printf("credential %s %s\n", credential_schema[i].name, type_name(credential_schema[i].type));
    for (size_t i = 0; i < schema_alias_count; i++)
        printf("alias %s %s\n", schema_aliases[i].name, schema[schema_aliases[i].column].name);
    for (size_t i = 0; i < check_count(); i++)
        printf("check %s %s\n", check_at(i)->id, check_at(i)->id);
    return 0;
}

static struct slice unescaped(char *line, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        bool escape = line[i] == '\\' && i + 1 < len;
        char c = escape ? line[++i] : line[i];
        line[n++] = escape && c == 'n' ? '\n' : escape && c == 't' ? '\t' : c;
    }
    return (struct slice){line, n};
}

static void answer(const struct report *r, struct slice text)
{
    struct error err;
    bool keys = text.len >= 5 && memcmp(text.data, "keys ", 5) == 0;
    struct slice query = keys ? (struct slice){text.data + 5, text.len - 5} : text;
    struct query *q = keys ? check_query_parse(query, QUERY_CREDENTIALS, BENCHMARK_CIS_1_4, &err)
        : check_query_parse(query, QUERY_USERS, BENCHMARK_CIS_1_4, &err);
    if (!q || !query_bind(q, r, &err)) {
        query_free(q);
        printf("error %zu %s\n", err.offset, err.text);
        return;
    }
    fputs("ok ", stdout);
    for (size_t row = 0; row < r->row_count && !keys; row++)
        putchar('0' + query_matches(q, r, row));
    putchar('\n');
    query_free(q);
}

int main(int argc, char **argv)
{
    static char text[1 << 16], line[1 << 16];
    struct report r = {0};
    struct error err;
    if (argc == 2 && strcmp(argv[1], "names") == 0)
        return print_names();
    FILE *f = argc == 3 ? fopen(argv[1], "rb") : NULL;
    size_t n = f ? fread(text, 1, sizeof text, f) : 0;
    if (!f || fclose(f) != 0 || !timestamp_parse(slice_of(argv[2]), &r.as_of)
        || !parse_report(&r, argv[1], (struct slice){text, n}, &err))
        return 2;
    struct check_settings settings;
    struct audit audit;
    check_settings_init(&settings);
    audit_init(&audit, &settings);
    audit_run(&audit, &r);
    while (fgets(line, sizeof line, stdin))
        answer(&r, unescaped(line, strcspn(line, "\n")));
    audit_free(&audit);
    report_free(&r);
    return ferror(stdin) || fflush(stdout) != 0;
}
