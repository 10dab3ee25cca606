/* CSV bytes to report rows; the only file that knows libcsv. */
#ifndef NCRED_PARSE_H
#define NCRED_PARSE_H

#include "error.h"
#include "report.h"

/*
 * Add the credential report in CSV to R. NAME is for messages and is copied, CSV is only read.
 * Odd rows are kept and counted as problems; false: this is no credential report at all.
 */
bool parse_report(struct report *r, const char *name, struct slice csv, struct error *err);

#endif
