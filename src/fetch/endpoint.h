/* Where IAM and STS are: host and signing region of each partition. */
#ifndef NCRED_ENDPOINT_H
#define NCRED_ENDPOINT_H

#include "fetch/credentials.h"

enum { ENDPOINT_REGION_MAX = 64 };

/*
 * The URL of SERVICE ("iam" or "sts"), ending in "/", for the region, endpoints and wishes of C; and into REGION, which
 * has ENDPOINT_REGION_MAX bytes, the region to sign for. PARTITION: that of a role's ARN; NULL: the one of C's region.
 * False: the region or the partition is unknown, or an own endpoint and FIPS or dual-stack exclude each other.
 */
bool endpoint_find(const struct aws_credentials *c, const char *service, const char *partition, struct buffer *url,
    char *region, struct error *err);
/* Whether some partition has a region of this form. */
bool endpoint_is_region(const char *region);

#endif
