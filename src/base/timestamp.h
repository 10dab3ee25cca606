/* Times as seconds since 1970-01-01 UTC, and durations in seconds: reading and writing both. */
#ifndef NCRED_TIMESTAMP_H
#define NCRED_TIMESTAMP_H

#include "base/text.h"

#define TIMESTAMP_DAY INT64_C(86400)

/* Read YYYY-MM-DDThh:mm:ss with Z or +hh:mm, as reports write times. False: anything else. */
bool timestamp_parse(struct slice text, int64_t *out);
/* Read what a person types too: the date alone, or without seconds, or without an offset (UTC). */
bool timestamp_parse_loose(struct slice text, int64_t *out);
/* Find the generation time in a name such as status_reports_2018-03-27T03-01-45+00-00.csv. */
bool timestamp_in_file_name(struct slice name, int64_t *out);
/* YYYY-MM-DDThh:mm:ssZ into OUT (at least 32 bytes). */
const char *timestamp_format(char *out, size_t size, int64_t t);
/* Read 90d, 12w, 6mo, 1y, 36h, 5m, 30s; 1mo is 30 days, 1y is 365. False: not a duration. */
bool duration_parse(struct slice text, int64_t *seconds);
/* Whole days, rounded towards minus infinity. */
int64_t duration_days(int64_t seconds);

#endif
