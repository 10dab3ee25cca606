/* What the unit tests share: reports out of a few words, and randomness that can be repeated. */
#ifndef NCRED_SAMPLE_H
#define NCRED_SAMPLE_H

#include "base/error.h"
#include "read/parse.h"
#include "query/query.h"
#include "base/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SAMPLE_COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The time that ages are reckoned from unless a test says otherwise: 2026-06-15T12:00:00Z. */
#define SAMPLE_AS_OF INT64_C(1781524800)

/* The header of a report as AWS writes it today, with its line's end. */
extern const char sample_header[];

/* Append to CSV a user of that name who has nothing, but for CHANGES: "column=value column=value". */
void sample_user(struct buffer *csv, const char *name, const char *changes);
/* Load CSV or fail the test; as of SAMPLE_AS_OF. */
void sample_load(struct report *r, struct slice csv);
/* The time that TEXT stands for, or fail the test. */
int64_t sample_time(const char *text);
/* Fail the test unless the slice has this very text. */
void sample_is(struct slice got, const char *want);

/* The query that TEXT is, by CIS 1.4, to be freed; or fail the test. */
struct query *sample_query(const char *text);
/* What the file at PATH holds, up to 64 KB, valid until the next call; or fail the test. */
const char *sample_text_of(const char *path);

/* Start from NCRED_TEST_SEED, else from a fixed seed; the seed, for messages. */
unsigned long long sample_start(void);
/* A number from 0 to BELOW - 1. */
size_t sample_below(size_t below);
/* How often to repeat a test that tries many cases: FEW times in `make check', MANY times in `make check-long'. */
size_t sample_rounds(size_t few, size_t many);
/* One of the texts of a table. */
#define SAMPLE_ONE_OF(table) ((table)[sample_below(SAMPLE_COUNT(table))])
/* Append a whole well-formed report of ROWS random users, in which every state turns up. */
void sample_random_report(struct buffer *csv, size_t rows);
/* Append LEN random bytes, the awkward ones more often than others. */
void sample_random_bytes(struct buffer *b, size_t len);

#endif
