/* The message line. */
#ifndef NCRED_UI_MESSAGE_H
#define NCRED_UI_MESSAGE_H

struct ui;

/* Show this text until the next key. It must be harmless already: see text_harmless(). */
void ui_say(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
