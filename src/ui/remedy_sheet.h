/* Sheets to read: the commands for the users shown, and the page of an access key id. */
#ifndef NCRED_UI_REMEDY_SHEET_H
#define NCRED_UI_REMEDY_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct ui;

struct sheet {
    struct buffer text;
    struct slice *lines; /* owned; parts of TEXT */
    size_t count;
};

/* Open the commands for the marked users, or for the one under the cursor. */
void remedies_open(struct ui *ui);
/* Open the page of the access key with this id. Returns false and sets ERR if it is no id. */
bool whose_open(struct ui *ui, struct slice id, struct error *err);
void sheet_free(struct sheet *s);

#endif
