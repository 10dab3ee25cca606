/*
 * A line of UTF-8 that is being typed: editing and history, without a screen.
 *
 *     line_editor_set(&l, &history, slice_of(""));
 *     line_editor_insert(&l, key);                            // a character
 *     line_editor_edit(&l, &history, ACTION_ERASE_BACK);      // or an editing action
 *     line_history_add(&history, (struct slice){l.text.data, l.text.len});
 */
#ifndef NCRED_LINE_EDITOR_H
#define NCRED_LINE_EDITOR_H

#include "config/keys.h"

struct error;

enum { LINE_HISTORY_MAX = 100, LINE_MAX_BYTES = 4096 };

/* Lines typed before, the oldest first. */
struct line_history {
    char *lines[LINE_HISTORY_MAX]; /* owned */
    size_t count;
};

struct line_editor {
    struct buffer text; /* always NUL-terminated */
    size_t at;          /* byte offset of the cursor */
    size_t history_at;  /* index of the line of the history that is shown; the history's count if none is */
    bool is_selected;   /* the next character typed replaces the whole text */
    char *kept;         /* owned: the text from before the history was shown, to return to; NULL: none */
};

/* Start with TEXT and the cursor at its end. */
void line_editor_set(struct line_editor *l, const struct line_history *h, struct slice text);
/* Select the text, which is a proposal: typing replaces it, moving the cursor keeps it. */
void line_editor_select(struct line_editor *l);
/*
 * Insert a character at the cursor; one that no terminal may get is ignored. Returns false if the line has
 * LINE_MAX_BYTES already.
 */
bool line_editor_insert(struct line_editor *l, uint32_t cp);
/* Set ERR to the message for what did not fit, and return false. */
bool line_editor_full(struct error *err);
/* Replace the text between byte FROM and the cursor by TEXT, and move the cursor to its end. */
void line_editor_replace(struct line_editor *l, size_t from, struct slice text);
/* Do an editing action. Returns false if ACTION is none. */
bool line_editor_edit(struct line_editor *l, const struct line_history *h, enum action action);
/* Returns the byte from which to show the text so that the cursor is visible in ROOM columns. */
size_t line_editor_first(const struct line_editor *l, size_t room);
void line_editor_free(struct line_editor *l);

/* Append TEXT unless it is empty. An equal line moves to the end; the oldest of LINE_HISTORY_MAX lines is dropped. */
void line_history_add(struct line_history *h, struct slice text);
void line_history_free(struct line_history *h);

#endif
