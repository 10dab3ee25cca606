/* What the built-in sample would have said earlier: an invented year before it, made out of the sample's own dates. */
#ifndef NCRED_DEMO_HISTORY_H
#define NCRED_DEMO_HISTORY_H

#include "report/report.h"

/* How many reports there are before DEMO, the sample, loaded; and the time of each, oldest first. */
enum { DEMO_HISTORY_REPORTS = 26 };
int64_t demo_history_time(const struct report *demo, size_t index);
/* Append report INDEX as CSV. */
void demo_history_write(struct buffer *csv, const struct report *demo, size_t index);

#endif
