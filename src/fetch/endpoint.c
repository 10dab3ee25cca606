/* One table of partitions, taken from AWS's endpoint rules for IAM and STS (botocore 1.43). */
#include "fetch/endpoint.h"

#include <ctype.h>
#include <stdio.h>

enum { PREFIXES_MAX = 9 };

struct variant {
    const char *host, *region;
};

static const struct partition {
    const char *name;
    const char *prefixes[PREFIXES_MAX + 1]; /* its regions are called PREFIX-WORD-NUMBER; ends with NULL */
    struct variant iam, iam_fips, iam_dual, iam_fips_dual; /* IAM has one endpoint per partition */
    const char *suffix, *dual_suffix; /* STS has one per region: sts.REGION.SUFFIX */
    const char *region;               /* of STS, where no region is set */
    bool fips_is_usual;               /* the usual hosts of STS are also those for FIPS */
} partitions[] = {
    {"aws", {"us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"},
        {"iam.amazonaws.com", "us-east-1"}, {"iam-fips.amazonaws.com", "us-east-1"},
        {"iam.global.api.aws", "us-east-1"}, {"iam-fips.global.api.aws", "us-east-1"},
        "amazonaws.com", "api.aws", "us-east-1", false},
    {"aws-cn", {"cn"},
        {"iam.cn-north-1.amazonaws.com.cn", "cn-north-1"}, {"iam-fips.amazonaws.com.cn", "cn-northwest-1"},
        {"iam.global.api.amazonwebservices.com.cn", "cn-north-1"},
        {"iam-fips.api.amazonwebservices.com.cn", "cn-northwest-1"},
        "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-north-1", false},
    {"aws-us-gov", {"us-gov"},
        {"iam.us-gov.amazonaws.com", "us-gov-west-1"}, {"iam.us-gov.amazonaws.com", "us-gov-west-1"},
        {"iam.us-gov.api.aws", "us-gov-west-1"}, {"iam.us-gov.api.aws", "us-gov-west-1"},
        "amazonaws.com", "api.aws", "us-gov-west-1", true},
    {"aws-iso", {"us-iso"},
        {"iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"}, {"iam-fips.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
        {"iam.api.aws.ic.gov", "us-iso-east-1"}, {"iam-fips.api.aws.ic.gov", "us-iso-east-1"},
        "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1", false},
    {"aws-iso-b", {"us-isob"},
        {"iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
        {"iam-fips.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
        {"iam.api.aws.scloud", "us-isob-east-1"}, {"iam-fips.api.aws.scloud", "us-isob-east-1"},
        "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1", false},
    {"aws-iso-e", {"eu-isoe"},
        {"iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"}, {"iam-fips.cloud.adc-e.uk", "eu-isoe-west-1"},
        {"iam.api.cloud-aws.adc-e.uk", "eu-isoe-west-1"}, {"iam-fips.api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
        "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1", false},
    {"aws-iso-f", {"us-isof"},
        {"iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"}, {"iam-fips.csp.hci.ic.gov", "us-isof-south-1"},
        {"iam.api.aws.hci.ic.gov", "us-isof-south-1"}, {"iam-fips.api.aws.hci.ic.gov", "us-isof-south-1"},
        "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1", false},
    {"aws-eusc", {"eusc-de"},
        {"iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"}, {"iam-fips.amazonaws.eu", "eusc-de-east-1"},
        {"iam.api.amazonwebservices.eu", "eusc-de-east-1"}, {"iam-fips.api.amazonwebservices.eu", "eusc-de-east-1"},
        "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1", false},
};
enum { PARTITIONS = sizeof partitions / sizeof partitions[0] };

/* Whether REGION is PREFIX-WORD-NUMBER. */
static bool has_form(const char *region, const char *prefix)
{
    size_t n = strlen(prefix);
    if (strncmp(region, prefix, n) != 0 || region[n] != '-')
        return false;
    const char *word = region + n + 1, *number = word;
    while (isalnum((unsigned char)*number) || *number == '_')
        number++;
    if (number == word || *number != '-')
        return false;
    size_t digits = strspn(number + 1, "0123456789");
    return digits && number[1 + digits] == '\0';
}

static const struct partition *partition_of_region(const char *region)
{
    char global[32];
    for (size_t i = 0; i < PARTITIONS; i++) {
        const struct partition *p = &partitions[i];
        snprintf(global, sizeof global, "%s-global", p->name);
        if (strcmp(region, global) == 0)
            return p;
        for (size_t k = 0; k < PREFIXES_MAX && p->prefixes[k]; k++) {
            if (has_form(region, p->prefixes[k]))
                return p;
        }
    }
    return NULL;
}

bool endpoint_is_region(const char *region)
{
    return partition_of_region(region);
}

static const struct partition *partition_named(const char *name)
{
    for (size_t i = 0; i < PARTITIONS; i++) {
        if (strcmp(partitions[i].name, name) == 0)
            return &partitions[i];
    }
    return NULL;
}

static void find_iam(const struct aws_credentials *c, const struct partition *p, struct buffer *url, char *region)
{
    const struct variant *v = c->fips ? c->dual_stack ? &p->iam_fips_dual : &p->iam_fips
                                      : c->dual_stack ? &p->iam_dual : &p->iam;
    buffer_printf(url, "https://%s/", v->host);
    snprintf(region, ENDPOINT_REGION_MAX, "%s", v->region);
}

static void find_sts(const struct aws_credentials *c, const struct partition *p, struct buffer *url, char *region)
{
    bool is_usable = c->region[0] && partition_of_region(c->region) == p && !strstr(c->region, "-global");
    snprintf(region, ENDPOINT_REGION_MAX, "%s", is_usable ? c->region : p->region);
    bool fips = c->fips && (c->dual_stack || !p->fips_is_usual);
    buffer_printf(url, "https://sts%s.%s.%s/", fips ? "-fips" : "", region, c->dual_stack ? p->dual_suffix : p->suffix);
}

bool endpoint_find(const struct aws_credentials *c, const char *service, const char *partition, struct buffer *url,
    char *region, struct error *err)
{
    const struct partition *p = partition ? partition_named(partition)
        : c->region[0] ? partition_of_region(c->region) : &partitions[0];
    bool is_iam = strcmp(service, "iam") == 0;
    const char *own = is_iam ? c->iam_url : c->sts_url;
    if (!p && partition)
        return error_set(err, "unknown partition \"%s\" in the role's ARN: expected aws, aws-cn, aws-us-gov, ...",
            partition);
    if (!p)
        return error_set(err, "unknown region \"%s\": expected one such as us-east-1; check AWS_REGION and the profile",
            c->region);
    if (own[0] && (c->fips || c->dual_stack))
        return error_set(err, "%s cannot be combined with another endpoint (%s)",
            c->fips ? "use_fips_endpoint" : "use_dualstack_endpoint", own);
    if (is_iam)
        find_iam(c, p, url, region);
    else
        find_sts(c, p, url, region);
    if (own[0]) {
        url->len = 0;
        buffer_printf(url, "%s%s", own, own[strlen(own) - 1] == '/' ? "" : "/");
    }
    return true;
}
