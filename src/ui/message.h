/* The message line at the bottom of the screen. */
#ifndef NCRED_UI_MESSAGE_H
#define NCRED_UI_MESSAGE_H

#include "config/keys.h"

struct buffer;
struct ui;

/* Show a message until the next key; it is cut at 511 bytes. Text from files must have passed text_harmless(). */
void ui_say(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Show TEXT, in which {ACTION} stands for the key of an action in MODE, see keys_fill(). */
void ui_say_keys(struct ui *ui, enum mode mode, const char *text);
/* The same appended to OUT, for a message with other parts: only a text of ours may be filled in so. */
void ui_put_keys(const struct ui *ui, struct buffer *out, enum mode mode, const char *text);

/*
 * Append the message TEXT. If it is wider than WIDTH columns, the directories of absolute paths in it become "...", the
 * first path's first, because the end of a message says what happened.
 */
void message_fit(struct buffer *b, const char *text, int width);

#endif
