/* Updates the screen after findings were judged again, with other waivers or other thresholds. */
#ifndef NCRED_UI_JUDGED_H
#define NCRED_UI_JUDGED_H

struct ui;

/*
 * Call when the report that is shown was judged again: counts are taken again, a report that is being compared is judged
 * again, and so are, while changes are shown, the users that they are about.
 */
void judged_anew(struct ui *ui);

#endif
