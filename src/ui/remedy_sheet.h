/* Text pages: the commands that fix the findings of users, and the facts about an access key ID. */
#ifndef NCRED_UI_REMEDY_SHEET_H
#define NCRED_UI_REMEDY_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct ui;

struct sheet {
    struct buffer text;
    struct slice *lines; /* owned array; its slices point into TEXT */
    size_t count;
};

/* Open the commands for the marked users, or for the user under the cursor. Opens nothing if a key cancelled it. */
void remedies_open(struct ui *ui);
/* Open the page of the access key ID. Returns false and sets ERR if ID is not an access key ID. */
bool whose_open(struct ui *ui, struct slice id, struct error *err);
void sheet_free(struct sheet *s);

#endif
