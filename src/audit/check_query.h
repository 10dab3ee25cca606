/* Queries that know the program's own checks: fails(ID), and what the checks say of a credential. */
#ifndef NCRED_CHECK_QUERY_H
#define NCRED_CHECK_QUERY_H

#include "audit/checks.h"
#include "query/query.h"

/* The program's checks, for suggest_query() and query_parse(), whose NUMBERS are then an enum benchmark. */
extern const struct query_checks check_query_checks;

/*
 * As query_parse(), about users. Numbers in fails(...) are looked up in BENCHMARK: fails(cis-1.14) means another check in
 * another version of the CIS benchmark.
 */
struct query *check_query_parse(struct slice text, enum benchmark benchmark, struct error *err);
/* As query_parse_late(), about users or, OF_CREDENTIAL, credentials: names may be columns of other files. */
struct query *check_query_parse_late(struct slice text, bool of_credential, enum benchmark benchmark, struct error *err);
/* As check_query_parse(), about credentials, the rows of the key view. */
struct query *check_query_parse_credential(struct slice text, enum benchmark benchmark, struct error *err);

#endif
