/* Times as seconds since 1970-01-01 UTC, and durations in seconds: reading and writing both. */
#ifndef NCRED_TIMESTAMP_H
#define NCRED_TIMESTAMP_H

#include "base/text.h"

#define TIMESTAMP_DAY INT64_C(86400)

/*
 * Read a time as AWS, people and other tools write it: YYYY-MM-DD, or that and, after T or a blank, hh:mm or hh:mm:ss
 * with or without a fraction, which is dropped, and Z, UTC, GMT, +hh, +hhmm, +hh:mm or nothing, which means UTC.
 * False: anything else, among it dates whose order of day and month depends on the country.
 */
bool timestamp_parse(struct slice text, int64_t *out);
/* Whether T is 0001-01-01T00:00:00Z, which Go and .NET write for a time that is missing. */
bool timestamp_is_zero(int64_t t);
/* Read a number of seconds, milliseconds or microseconds since 1970 (told apart by size), or .NET's /Date(ms)/. */
bool timestamp_parse_epoch(struct slice text, int64_t *out);
/*
 * Find the generation time in a name such as status_reports_2018-03-27T03-01-45+00-00.csv, also where a browser or a
 * sync program has written the colons as '_', ':' or %3A.
 */
bool timestamp_in_file_name(struct slice name, int64_t *out);
/*
 * YYYY-MM-DDThh:mm:ssZ into OUT (at least 32 bytes). A time outside the years 0000 to 9999, which nothing that is read can
 * have, becomes the first or last second of them.
 */
const char *timestamp_format(char *out, size_t size, int64_t t);
/* The same, without a NUL, of a time within the years 0000 to 9999. */
enum { TIMESTAMP_LENGTH = 20 };
void timestamp_write(char out[TIMESTAMP_LENGTH], int64_t t);
/* Read 90d, 12w, 6mo, 1y, 36h, 5m, 30s; 1mo is 30 days, 1y is 365. False: not a duration. */
bool duration_parse(struct slice text, int64_t *seconds);
/* The same, also with blanks before the unit and with its name in full: "60 days", "2 weeks", "1 year". */
bool duration_parse_named(struct slice text, int64_t *seconds);
/* Whole days, rounded towards zero. */
int64_t duration_days(int64_t seconds);
/* Append a duration without its sign, in words: "less than 1 hour", hours under two days ("22 hours"), then "1,912 days". */
void duration_words(struct buffer *b, int64_t seconds);

#endif
