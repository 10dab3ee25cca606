/*
 * Hosts and signing regions of IAM and STS in each partition.
 * Source: endpoint-rule-set-1.json of iam and sts, and partitions.json, in botocore;
 * https://docs.aws.amazon.com/general/latest/gr/iam-service.html
 */
#ifndef NCRED_ENDPOINT_H
#define NCRED_ENDPOINT_H

#include "fetch/credentials.h"

enum { ENDPOINT_REGION_MAX = 64 };

/*
 * Append to URL the address of SERVICE, "iam" or "sts", ending in "/", and put the region to sign for into REGION,
 * which has ENDPOINT_REGION_MAX bytes. C says which: its region, configured endpoint, FIPS and dual-stack. PARTITION
 * is that of a role's ARN, such as "aws-cn"; NULL: the partition of C's region, or "aws" where C has none. Returns
 * false with ERR set if the region or the partition is unknown, or if C has a configured endpoint and asks for
 * FIPS or dual-stack, too.
 */
bool endpoint_find(const struct aws_credentials *c, const char *service, const char *partition, struct buffer *url,
    char *region, struct error *err);
/* Whether REGION has the form of a region of some partition, such as us-gov-west-1; new regions have it, too. */
bool endpoint_is_region(const char *region);

#endif
