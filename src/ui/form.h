/*
 * A form: a few fields in a box over the table, each with what is wrong with it beside it. The part that opens one
 * adds its fields, and is called when it is accepted:
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
    const char *hint;        /* what belongs there, shown while the cursor is in it */
    struct history *history; /* borrowed: lines typed there earlier; NULL: none are kept */
    bool is_fixed;           /* shown, but not to be changed */
};

struct form_kind {
    const char *verb;        /* what Enter does, in a word */
    /* Whether TEXT, which ends with a NUL byte, can stand in FIELD; false: ERR says why not. */
    bool (*check)(const struct ui *ui, size_t field, struct slice text, struct error *err);
    /* All fields were checked. False: the form stays open; what is wrong was told by form_fault() or ui_say(). */
    bool (*accept)(struct ui *ui);
};

void form_open(struct ui *ui, const struct form_kind *kind, const char *title);
/* Add a field that starts as TEXT, a proposal: the first letter typed replaces it. */
void form_add(struct ui *ui, struct form_field field, struct slice text);
/* Close the form, and free it. */
void form_close(struct ui *ui);
/* What stands in a field, up to a NUL byte; until the next key. */
struct slice form_text(const struct ui *ui, size_t field);
/* Go to FIELD, and show what is wrong with it. */
void form_fault(struct ui *ui, size_t field, const char *why);
void form_draw(struct ui *ui);
/* Take a key; PASTED: it is text, whatever it is bound to. */
void form_key(struct ui *ui, uint32_t key, bool pasted);
/* A click: on a field, to go there. */
void form_click(struct ui *ui, int y);

#endif
