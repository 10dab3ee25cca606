/* Finds the accounts and the time of a report without loading it, to decide which report is the newest. */
#ifndef NCRED_PEEK_H
#define NCRED_PEEK_H

#include "read/load.h"

enum { PEEK_ACCOUNT_SIZE = 40 };

struct peek {
    char (*accounts)[PEEK_ACCOUNT_SIZE]; /* owned: ids, each once, in order of appearance */
    size_t account_count;
    struct load_time own_time; /* the time that the report or its file name tells */
    int64_t time;         /* the same; if unknown, see peek_likely_time() */
};

/*
 * Examine IN. Returns false with ERR set if it cannot be read or is no report. Free OUT with peek_free() in either
 * case. SCRATCH provides memory; it is all zero before the first call, and the caller frees it after the last.
 */
bool peek_at(const struct load_input *in, struct report *scratch, struct peek *out, struct error *err);
void peek_free(struct peek *p);
/*
 * The time of a report that does not tell it: the latest time in rows FROM to TO (exclusive) of R or, if that is later,
 * the date in NAME, its file's name; INT64_MIN if there is neither.
 */
int64_t peek_likely_time(const struct report *r, size_t from, size_t to, const char *name);
/*
 * Whether ROW is the last one of a file, whose rows end before END, and is cut off inside the account number of its
 * ARN: "arn:aws:iam::12345". Such a number is no account that could have a newest report.
 */
bool peek_is_cut_account(const struct report *r, size_t row, size_t end);

#endif
