/* Parses and writes times, as seconds since 1970-01-01 UTC, and durations in seconds. */
#ifndef NCRED_TIMESTAMP_H
#define NCRED_TIMESTAMP_H

#include "base/text.h"

#define TIMESTAMP_DAY INT64_C(86400)

/*
 * Parse a time as AWS, people and other tools write it: YYYY-MM-DD, optionally followed by T or a blank and hh:mm or
 * hh:mm:ss (a fraction is dropped), and by Z, UTC, GMT, +hh, +hhmm, +hh:mm or nothing, which means UTC; Java's [UTC]
 * behind an offset is ignored. Or the same without separators, YYYYMMDDThhmmss. Returns false for anything else,
 * including dates in which the order of day and month depends on the country.
 */
bool timestamp_parse(struct slice text, int64_t *out);
/* Whether T is 0001-01-01T00:00:00Z, which Go and .NET write for a missing time. */
bool timestamp_is_zero(int64_t t);
/*
 * Parse a number of seconds, milliseconds, microseconds or nanoseconds since 1970 (its size decides which), or .NET's
 * /Date(ms)/ and /Date(ms+0200)/. Returns false for anything else and for times before 2001-09-09, the billionth
 * second.
 */
bool timestamp_parse_epoch(struct slice text, int64_t *out);
/*
 * Find the time at which a report was made in a file name such as status_reports_2018-03-27T03-01-45+00-00.csv; a
 * browser or a sync program may have written the colons as '_', ':' or %3A. Returns false if there is none.
 */
bool timestamp_in_file_name(struct slice name, int64_t *out);
/*
 * Find the last date in the base name of a file, such as iam-2026-01-31.csv or 20260131.csv, with the time (UTC) that
 * follows it, else the start of the day. Returns false if there is none.
 */
bool timestamp_date_in_file_name(struct slice name, int64_t *out);
/*
 * Write T as YYYY-MM-DDThh:mm:ssZ to OUT, which has SIZE bytes (32 are enough), and return OUT. A time outside the
 * years 0000 to 9999, which no input can have, becomes the first or last second of them.
 */
const char *timestamp_format(char *out, size_t size, int64_t t);
/* The same without a NUL, for a time that must be within the years 0000 to 9999. */
enum { TIMESTAMP_LENGTH = 20 };
void timestamp_write(char out[TIMESTAMP_LENGTH], int64_t t);
/* Parse 90d, 12w, 6mo, 1y, 36h, 5m or 30s; a month has 30 days, a year 365. Returns false if TEXT is no duration. */
bool duration_parse(struct slice text, int64_t *seconds);
/* The same, but also accept blanks before the unit and the unit's name: "60 days", "2 weeks", "1 year". */
bool duration_parse_named(struct slice text, int64_t *seconds);
/* Returns the number of whole days, rounded towards zero. */
int64_t duration_days(int64_t seconds);
/* Append a duration in words, ignoring its sign: "less than 1 hour", "22 hours" below two days, then "1,912 days". */
void duration_words(struct buffer *b, int64_t seconds);

#endif
