/* The box above the line that is being typed: what the word before the cursor could become. */
#ifndef NCRED_UI_SUGGEST_BOX_H
#define NCRED_UI_SUGGEST_BOX_H

#include <stdbool.h>
#include <stddef.h>

#include "browse/value_counts.h"

struct ui;

/* Values of columns that were counted, so that each is counted once; the one needed now comes first. */
enum { SUGGEST_BOX_KEPT = 16 };
struct suggest_box {
    struct value_counts *kept[SUGGEST_BOX_KEPT]; /* owned */
    size_t count;
    size_t top; /* suggestions scrolled away */
};

/*
 * Find again what can follow the text before the cursor, with no suggestion chosen. There are none if the text before the
 * word has an error.
 */
void suggest_box_refresh(struct ui *ui);
/* Whether values are still to be counted; count some of them, a few milliseconds' worth. */
bool suggest_box_has_work(const struct ui *ui);
void suggest_box_work(struct ui *ui);
/* Draw it right above line Y. False: there is no room, or nothing to suggest. */
bool suggest_box_draw(struct ui *ui, int y);
/* Forget the counted values, because the report is another one; ONLY_CHECKS: those that depend on the checks. */
void suggest_box_forget(struct ui *ui, bool only_checks);

#endif
