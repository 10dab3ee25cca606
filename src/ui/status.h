/* The lines below the table: why the user is listed, how many are shown, and the keys. */
#ifndef NCRED_UI_STATUS_H
#define NCRED_UI_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/checks.h"

struct ui;

/* How many of the users shown have which severity at worst; counted again whenever others are shown. */
struct tally {
    unsigned generation; /* of the view that was counted */
    bool is_counted;
    size_t of[SEVERITY_COUNT];
};

void status_draw(struct ui *ui);

#endif
