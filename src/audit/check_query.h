/* Queries that can ask for checks: fails(ID), unknown(ID) and the columns with the checks' results. */
#ifndef NCRED_CHECK_QUERY_H
#define NCRED_CHECK_QUERY_H

#include "audit/checks.h"
#include "query/query.h"

/* The table of checks for query_parse() and suggest_query(). Their argument NUMBERS is then an enum benchmark. */
extern const struct query_checks check_query_checks;

/*
 * Parse a query as query_parse() does. Numbers in fails(...) are those of BENCHMARK: fails(cis-1.14) means different
 * checks in different versions of the CIS benchmark.
 */
struct query *check_query_parse(struct slice text, enum query_subject subject, enum benchmark benchmark,
    struct error *err);
/* The same where names may be columns of other files, see query_parse_late(). */
struct query *check_query_parse_late(struct slice text, enum query_subject subject, enum benchmark benchmark,
    struct error *err);

#endif
