/*
 * What ncred finds in this environment, one line for tests/fetch/botocore to compare:
 * result, origin, access key id, session token, account of the role, region, endpoints of IAM and STS, FIPS, dual-stack.
 */
#include "fetch/credentials.h"

#include "fetch/http.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static const char *const results[] = {"found", "none", "cli", "broken"};
    struct credentials_search s;
    struct error err;
    http_start();
    if (credentials_find(&fetch_defaults, argc > 1 ? argv[1] : NULL, "x", &s, &err))
        err.text[0] = '\0';
    const struct aws_credentials *c = &s.credentials;
    printf("%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s\x1f%d\x1f%d\x1f%s\n", results[s.found],
        s.origin ? s.origin : "", c->id, c->token, s.account, c->region, c->iam_url, c->sts_url, c->fips, c->dual_stack,
        err.text);
    http_end();
    return 0;
}
