/* Users counted by the values of a column, as a list. */
#ifndef NCRED_UI_COUNT_LIST_H
#define NCRED_UI_COUNT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "export/count_by.h"

struct ui;

struct counting {
    struct count_by by;
    enum count_by_column sort;
    bool inverted;
    int widths[COUNT_COLUMNS]; /* of the columns; 0: not shown */
    size_t at;             /* the value chosen last */
    bool is_chosen;        /* and its query became a filter */
    bool is_written;       /* the file being asked for gets the counts */
};

/* Count by the column in focus. */
void counts_open(struct ui *ui);
/* Count by COLUMN. */
void counts_open_column(struct ui *ui, enum column column);
/* Count by account. */
void counts_open_accounts(struct ui *ui);
/* Open the list as it was left by choosing a value, and remove that value's filter. */
void counts_return(struct ui *ui);
/* Whether the last filter in force came from choosing a value. */
bool counts_is_last_filter(const struct ui *ui);
void counting_free(struct counting *c);

#endif
