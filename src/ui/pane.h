/*
 * Writing lines into the detail pane from top to bottom. Texts wrap; lines that are scrolled out of the pane are only
 * counted, so that the same code draws and measures.
 *
 *     pane_heading(p, "ACCESS KEYS");
 *     buffer_printf(&b, "%d active", count);
 *     pane_line(p, "keys", &b, ROLE_TEXT);
 */
#ifndef NCRED_PANE_H
#define NCRED_PANE_H

#include "ui/screen.h"

/* Screen columns, each with a blank: of a label, of the name of a report's column, of a time of a report. */
enum { PANE_LABEL = 12, PANE_FIELD_NAME = 32, PANE_TIME = 26 };

struct pane {
    struct ui *ui;
    size_t row;
    int y, x, height, width; /* HEIGHT is 0 if lines are only counted */
    int page;                /* lines of the pane on screen */
    bool has_head;           /* the user's name has a fixed line of its own above */
    size_t line;
};

/* Whether the next line is on screen, and if so, at which screen line. */
bool pane_in_sight(const struct pane *p);
int pane_y(const struct pane *p);
/* Write a label and TEXT, which wraps to more lines and is made harmless here. LABEL_WIDTH 0 means no label. */
void pane_entry(struct pane *p, const char *label, int label_width, struct slice text, enum role role);
/* Write the contents of B with a label of PANE_LABEL columns, and empty B. */
void pane_line(struct pane *p, const char *label, struct buffer *b, enum role role);
/*
 * Write the NAME of a report's column and its field beside it: NAME in at most NAME_WIDTH columns, or less so that a
 * time does not break. A NAME that does not fit has a line of its own, because several names begin alike.
 */
void pane_field(struct pane *p, const char *name, int name_width, struct slice text, enum role role);
/* Write an empty line and a heading. */
void pane_heading(struct pane *p, const char *title);
/* Draw the events of the user and its credentials on one time axis; nothing if no time is known. */
void timeline_draw(struct pane *p);
/* In a list of changes: write the user's values in both reports. */
void changes_draw(struct pane *p);

#endif
