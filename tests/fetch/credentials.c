/*
 * What ncred finds in this environment, one line for tests/fetch/botocore to compare:
 * result, origin, access key ID, session token, account of the role, region, endpoints of IAM and STS, FIPS,
 * dual-stack. With --endpoints: for each line "SERVICE REGION FIPS DUAL_STACK" of standard input the URL and the region
 * to sign for.
 */
#include "fetch/credentials.h"

#include "fetch/endpoint.h"
#include "fetch/http.h"

#include <stdio.h>
#include <stdlib.h>

static void print_endpoints(void)
{
    char line[256], service[8], region[64];
    int fips, dual_stack;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "%7s %63s %d %d", service, region, &fips,
        &dual_stack) == 4) {
        struct aws_credentials c = {.fips = fips, .dual_stack = dual_stack};
        struct buffer url = {0};
        struct error err;
        char signing[ENDPOINT_REGION_MAX];
        snprintf(c.region, sizeof c.region, "%s", region);
        if (endpoint_find(&c, service, NULL, &url, signing, &err))
            printf("%s %s\n", url.data, signing);
        else
            printf("%s\n", err.text);
        buffer_free(&url);
    }
}

int main(int argc, char **argv)
{
    static const char *const results[] = {"found", "none", "cli", "broken"};
    struct credentials_search s;
    struct error err;
    if (argc > 1 && strcmp(argv[1], "--endpoints") == 0) {
        print_endpoints();
        return 0;
    }
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
