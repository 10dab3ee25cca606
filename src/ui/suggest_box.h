/* The box above the prompt that lists suggestions for the word before the cursor. */
#ifndef NCRED_UI_SUGGEST_BOX_H
#define NCRED_UI_SUGGEST_BOX_H

#include <stdbool.h>
#include <stddef.h>

#include "browse/value_counts.h"

struct ui;

/* Counted values of columns, kept so that each column is counted once; the one needed now comes first. */
enum { SUGGEST_BOX_KEPT = 16 };
struct suggest_box {
    struct value_counts *kept[SUGGEST_BOX_KEPT]; /* owned, the first COUNT of them */
    size_t count;
    size_t top; /* number of suggestions scrolled away */
};

/*
 * Compute the suggestions for the text before the cursor again and deselect any chosen one. There are none if the text
 * before the word has an error.
 */
void suggest_box_refresh(struct ui *ui);
/* Whether values remain to be counted; suggest_box_work() counts for a few milliseconds. */
bool suggest_box_has_work(const struct ui *ui);
void suggest_box_work(struct ui *ui);
/* Draw the box directly above screen line Y. Returns false if there is no room or no suggestion. */
bool suggest_box_draw(struct ui *ui, int y);
/* Forget the counted values because the report changed; with ONLY_CHECKS, only those that depend on checks. */
void suggest_box_forget(struct ui *ui, bool only_checks);

#endif
