/* Earlier reports for the built-in sample: an invented year before it, derived from the sample's own dates. */
#ifndef NCRED_DEMO_HISTORY_H
#define NCRED_DEMO_HISTORY_H

#include "report/report.h"

/* Number of earlier reports, and the time of report INDEX, oldest first. DEMO is the sample, loaded. */
enum { DEMO_HISTORY_REPORTS = 26 };
int64_t demo_history_time(const struct report *demo, size_t index);
/* Append report INDEX as CSV. It has no user that was created after the report's time. */
void demo_history_write(struct buffer *csv, const struct report *demo, size_t index);

#endif
