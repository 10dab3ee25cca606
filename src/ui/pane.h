/* How the parts of the detail pane write it: from top to bottom, wrapped; lines outside the pane are only counted. */
#ifndef NCRED_PANE_H
#define NCRED_PANE_H

#include "ui/screen.h"

enum { PANE_LABEL = 12 }; /* columns of a label */

struct pane {
    struct ui *ui;
    size_t row;
    int y, x, height, width; /* HEIGHT is 0 where lines are only counted */
    int page;                /* lines that the pane has on screen */
    bool has_head;           /* the user's name stays in a line of its own above these */
    size_t line;
};

/* Whether the line that is written next can be seen, and, when it can, where on the screen it is. */
bool pane_in_sight(const struct pane *p);
int pane_y(const struct pane *p);
/* A label and a text; a text that is too long goes on below. LABEL_WIDTH 0: no label. */
void pane_entry(struct pane *p, const char *label, int label_width, struct slice text, enum role role);
/* The same with what is in B, which is empty afterwards. */
void pane_line(struct pane *p, const char *label, struct buffer *b, enum role role);
/* An empty line and a heading. */
void pane_heading(struct pane *p, const char *title);
/* What happened to the user and each credential, on one axis of time; nothing when no time is known. */
void timeline_draw(struct pane *p);
/* In a list of changes: the user in both reports. */
void changes_draw(struct pane *p);

#endif
