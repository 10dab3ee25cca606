/* Writing the rows shown, or the marked ones, to a file. */
#ifndef NCRED_UI_WRITE_H
#define NCRED_UI_WRITE_H

#include "base/text.h"
#include "export/export.h"

struct error;
struct ui;

struct writing {
    char *path;          /* owned */
    const struct export_format *format;
};

/* Ask for a file name, then write. */
void write_ask(struct ui *ui);
/* Write to PATH, whose ending chooses the format; ask if it does not, or if there is such a file. */
bool write_to(struct ui *ui, struct slice path, struct error *err);
void writing_free(struct writing *w);

#endif
