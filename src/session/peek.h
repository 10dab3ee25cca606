/* Which accounts a report is of, and of when, without loading it: what has to be known before the newest is chosen. */
#ifndef NCRED_PEEK_H
#define NCRED_PEEK_H

#include "read/load.h"

enum { PEEK_ACCOUNT_SIZE = 40 };

struct peek {
    char (*accounts)[PEEK_ACCOUNT_SIZE]; /* owned; ids, each once, in order of appearance */
    size_t account_count;
    struct load_time own; /* what the report or its name tell of its time */
    int64_t time;         /* that, else the latest event in it */
};

/* Look at IN. False: it cannot be read, or is no report; loading it tells why. Free with peek_free either way. */
bool peek_at(const struct load_input *in, struct peek *out);
void peek_free(struct peek *p);
/* The latest time in rows FROM to TO of R; INT64_MIN: there is none. */
int64_t peek_latest_event(const struct report *r, size_t from, size_t to);

#endif
