/* The list of counts: the users shown, counted by the values of one column, with their findings. */
#ifndef NCRED_UI_COUNT_LIST_H
#define NCRED_UI_COUNT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "export/count_by.h"

struct ui;

/* The state of the list. It outlives the open list, so that counts_return() can open it again. */
struct counting {
    struct count_by by;    /* owned: the counts shown, which last until others are made */
    enum count_by_column sort; /* the column that the list is sorted by, */
    bool inverted;         /* and whether in reverse; see count_by_sort() */
    int widths[COUNT_COLUMNS]; /* of the columns; 0: the column is not shown */
    size_t at;             /* index in BY of the value chosen last */
    bool is_chosen;        /* the query of value AT became a filter */
    bool is_written;       /* the file whose name is being asked for gets these counts, not the table */
};

/*
 * Count the users shown by the column that the cursor is in, and open the list. Cancellable; shows a message if the
 * column cannot be counted.
 */
void counts_open(struct ui *ui);
/* The same by COLUMN. */
void counts_open_column(struct ui *ui, enum column column);
/* The same by account. */
void counts_open_accounts(struct ui *ui);
/*
 * Open the list again in the order and at the value where choosing a value closed it. The caller has removed the
 * filter.
 */
void counts_return(struct ui *ui);
/* Whether the last filter of the view is that of the value chosen in the list. */
bool counts_is_last_filter(const struct ui *ui);
void counting_free(struct counting *c);

#endif
