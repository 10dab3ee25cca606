/* Waiving findings: for the user under the cursor, or for all marked ones. */
#ifndef NCRED_UI_WAIVE_H
#define NCRED_UI_WAIVE_H

#include <stddef.h>
#include <stdint.h>

#include "audit/checks.h"
#include "audit/waiver.h"

struct ui;

struct waiving {
    struct waiver waiver;         /* owner and reason are owned; the users are those of ROWS */
    uint32_t *rows;               /* owned: the users asked about */
    size_t row_count;
    size_t checks[CHECKS_MAX];    /* what can be waived, as it is listed */
    size_t failing[CHECKS_MAX];   /* for how many of the users each counts */
    size_t waived[CHECKS_MAX];    /* and for how many it is waived */
    size_t count;
};

/* Ask which finding to waive, then until when, by whom and why. */
void waiving_open(struct ui *ui);
void waiving_free(struct waiving *w);

#endif
