/*
 * A form: a few text fields in a box over the table, with error messages beside them. The caller opens it and adds the
 * fields; the functions of its form_kind check them and take the result:
 *
 *     form_open(ui, &kind, "Waive ...");
 *     form_add(ui, (struct form_field){.label = "owner", .hint = "who accepts this risk?"}, slice_of("ana"));
 */
#ifndef NCRED_UI_FORM_H
#define NCRED_UI_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "browse/line_editor.h"

struct ui;
struct form;

struct form_field {
    const char *label;
    const char *hint;        /* what to type, shown while the cursor is in the field */
    struct line_history *history; /* borrowed: lines typed there earlier; NULL: none are kept */
    bool is_fixed;           /* shown, but cannot be edited */
};

struct form_kind {
    const char *verb;        /* what Enter does, in one word for the line of keys */
    /* Whether TEXT, which ends with a NUL byte, is valid in FIELD. Returns false with ERR set if not. */
    bool (*check)(const struct ui *ui, size_t field, struct slice text, struct error *err);
    /* Called when all fields are valid. Returns false, after form_fault() or ui_say(), to keep the form open. */
    bool (*accept)(struct ui *ui);
};

/* Open a form without fields, and close any that is open. TITLE is copied. */
void form_open(struct ui *ui, const struct form_kind *kind, const char *title);
/* Add a field, at most 8, that contains TEXT, which is selected: the first letter typed replaces it. */
void form_add(struct ui *ui, struct form_field field, struct slice text);
/* Close the form, if one is open, and free it. */
void form_close(struct ui *ui);
/* Returns the text of a field, which ends with a NUL byte and is valid until the next key. */
struct slice form_text(const struct ui *ui, size_t field);
/* Move the cursor to FIELD, unless it is fixed, and show WHY as its error. */
void form_fault(struct ui *ui, size_t field, const char *why);
/* Draw the open form over the table, or over the whole screen if that is small. */
void form_draw(struct ui *ui);
/* Handle a key; PASTED: it is text, whatever action it is bound to. */
void form_key(struct ui *ui, uint32_t key, bool pasted);
/* Handle a click in line Y of the screen: on a field it moves the cursor there. */
void form_click(struct ui *ui, int y);

#endif
