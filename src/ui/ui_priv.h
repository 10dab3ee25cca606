/* What the drawers share. */
#ifndef NCRED_UI_PRIV_H
#define NCRED_UI_PRIV_H

#include "../view.h"
#include "ui.h"

struct ui {
    const struct options *options;
    const struct report *report;
    const char *why;     /* where the as-of time comes from */
    struct view view;
    int set;             /* column set shown */
    bool detail;         /* the detail pane is open */
    int detail_top;
    bool quit;
    char message[256];
    struct buffer search;
};

/* Write TEXT, made harmless, at Y, X in WIDTH columns; RIGHT: set to the right. */
void ui_put(const struct ui *ui, int y, int x, int width, struct slice text, bool right);
void table_draw(struct ui *ui, int y, int height, int width);
int table_columns(const struct ui *ui, enum column *columns);
int table_set_count(void);
void detail_draw(struct ui *ui, int y, int x, int height, int width);
/* Ask for a line at the bottom; LIVE is called on every change and fills in what stands to the right. */
bool prompt_read(struct ui *ui, const char *label, struct buffer *line,
    void (*live)(struct ui *ui, struct slice text, struct buffer *note));
void ui_draw(struct ui *ui);

#endif
