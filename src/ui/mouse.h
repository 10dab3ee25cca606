/* The mouse. */
#ifndef NCRED_UI_MOUSE_H
#define NCRED_UI_MOUSE_H

#include <stdint.h>

struct ui;

/* Do what the mouse did: KEY is KEYS_CLICK, KEYS_WHEEL_UP or KEYS_WHEEL_DOWN. */
void mouse_take(struct ui *ui, uint32_t key);

#endif
