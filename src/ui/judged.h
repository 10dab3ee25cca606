/* Updates the screen after findings were judged again, with other waivers or other thresholds. */
#ifndef NCRED_UI_JUDGED_H
#define NCRED_UI_JUDGED_H

#include <stdbool.h>

struct ui;

struct report;

/* The report whose users the changes that are shown are about, which must be judged with them; NULL: no changes are shown. */
struct report *judged_users(struct ui *ui);
/*
 * Call when the report that is shown, and judged_users(), were judged again: counts are taken again, and a report that is
 * being compared is judged again.
 */
void judged_anew(struct ui *ui);
/*
 * Judge R, which is not shown now, by the waivers and thresholds in force. Returns false if a key cancelled that: some rows
 * of R are judged by others then, so that it must be judged again before it is shown.
 */
bool judged_again(struct ui *ui, struct report *r);

#endif
