/* A line that is being typed: UTF-8 aware editing and history, without a screen. */
#ifndef NCRED_LINE_EDITOR_H
#define NCRED_LINE_EDITOR_H

#include "config/keys.h"

enum { HISTORY_MAX = 100, LINE_MAX_BYTES = 4096 };

/* Lines typed before, the oldest first. */
struct history {
    char *lines[HISTORY_MAX]; /* owned */
    size_t count;
};

struct line_editor {
    struct buffer text; /* always NUL-terminated */
    size_t at;          /* byte offset of the cursor */
    size_t history_at;  /* index of the history's line shown; its count: none */
    bool is_selected;   /* the first character typed replaces all of the text */
    char *kept;         /* owned: what was typed before history was looked at; NULL: nothing */
};

/* Start with TEXT and the cursor at its end. */
void line_editor_set(struct line_editor *l, const struct history *h, struct slice text);
/* Select the text, which somebody else put there: typing replaces it, moving keeps it. */
void line_editor_select(struct line_editor *l);
/* Insert a character at the cursor; what no terminal may see, and what exceeds LINE_MAX_BYTES, is left out. */
void line_editor_insert(struct line_editor *l, uint32_t cp);
/* Put TEXT in the place of what stands between FROM and the cursor, which moves behind it. */
void line_editor_replace(struct line_editor *l, size_t from, struct slice text);
/* Do an editing action; false: it is none. */
bool line_editor_edit(struct line_editor *l, const struct history *h, enum action action);
/* The byte from which on the text is shown so that the cursor is within the first ROOM columns. */
size_t line_editor_first(const struct line_editor *l, size_t room);
void line_editor_free(struct line_editor *l);

/* Remember a line, unless it is empty; an equal one moves to the end. */
void history_add(struct history *h, struct slice text);
void history_free(struct history *h);

#endif
