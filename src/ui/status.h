/* The lines below the table: why the user is listed, how many rows are shown, and the keys. */
#ifndef NCRED_UI_STATUS_H
#define NCRED_UI_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/checks.h"

struct changes;
struct ui;

/* Number of users shown per worst severity; counted again when the rows of the view have changed. */
struct severity_tally {
    unsigned generation; /* view.generation at the last count */
    bool is_counted;
    size_t of[SEVERITY_COUNT];
};

/*
 * Set OLD and NEW to the names, without folders, of the two files that D compares. Returns false if a side is not one
 * file, or both have one name. Borrowed; untrusted.
 */
bool status_names_of_both(const struct changes *d, const char **old, const char **new);
/* Remove the filter whose chip is at column X of the title. */
void status_click(struct ui *ui, int x);
/* Draw the title, the strip of changes, the reason, the status and the bottom line, as far as the layout has them. */
void status_draw(struct ui *ui);

#endif
