/* Brings the screen up to date after the checks were run again with other waivers or thresholds. */
#ifndef NCRED_UI_JUDGED_H
#define NCRED_UI_JUDGED_H

#include <stdbool.h>

struct error;
struct report;
struct ui;

/*
 * Returns the newer of the two reports whose changes are shown, on which the checks must be run as well; NULL if no
 * changes are shown.
 */
struct report *judged_newer(struct ui *ui);
/*
 * Returns whether all users are judged, for what leaves the program: who is not judged yet would look as if without
 * findings. Otherwise ERR says so.
 */
bool judged_all(const struct ui *ui, struct error *err);
/*
 * Call after the checks were run again on the report that is shown and on judged_newer(). Marks counts as out of
 * date, has a report that is still being compared checked again, and fills the columns about time. If a key cancels
 * that, judged_settle() does it later.
 */
void judged_mark_stale(struct ui *ui);
/*
 * Fill the columns about time of the report that is shown and of judged_newer(), if that is due. Returns false if
 * ui->view.cancel has ended.
 */
bool judged_settle(struct ui *ui);
/*
 * Run the checks on R, which is not shown now, with the present waivers and thresholds. Returns false if a key
 * cancelled that; some rows of R then still have older findings, so R must be checked again before it is shown.
 */
bool judged_run_on(struct ui *ui, struct report *r);

#endif
