/* Findings as SARIF 2.1.0, which code scanning and CI systems read from scanners. */
#ifndef NCRED_SARIF_H
#define NCRED_SARIF_H

#include "export/finding_table.h"

#include <stdio.h>

/* Write the first COUNT of F's findings; errors stay in OUT. */
void sarif_write(const struct findings *f, size_t count, FILE *out);

#endif
