/* The message line at the bottom of the screen. */
#ifndef NCRED_UI_MESSAGE_H
#define NCRED_UI_MESSAGE_H

struct ui;

/* Show a message until the next key; it is cut at 511 bytes. Text from files must have passed text_harmless(). */
void ui_say(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
