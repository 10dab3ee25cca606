/* Mouse events. */
#ifndef NCRED_UI_MOUSE_H
#define NCRED_UI_MOUSE_H

#include <stdint.h>

struct ui;

/*
 * Handle a mouse event. KEY is KEYS_CLICK, KEYS_WHEEL_UP or KEYS_WHEEL_DOWN; its position comes from terminal_mouse().
 */
void mouse_take(struct ui *ui, uint32_t key);

#endif
