/*
 * Findings as SARIF 2.1.0, the format in which CI systems and code scanning read the results of scanners:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
#ifndef NCRED_SARIF_H
#define NCRED_SARIF_H

#include "export/finding_table.h"

#include <stdio.h>

/* Write the first COUNT findings of F to OUT, where errors stay (ferror()). */
void sarif_write(const struct findings *f, size_t count, FILE *out);

#endif
