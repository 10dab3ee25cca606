/* What follows when findings are judged anew, by other waivers or other thresholds. */
#ifndef NCRED_UI_JUDGED_H
#define NCRED_UI_JUDGED_H

struct ui;

/*
 * To be called when the report that is shown was judged anew: what was counted is counted again, a report that is coming is
 * judged again, and while changes are shown, so are the users that they are about.
 */
void judged_anew(struct ui *ui);

#endif
