/*
 * Lines of the configuration that are right only if the report has a column of its own that they name. They take effect
 * when the configuration is read, and are judged when the report is there.
 */
#ifndef NCRED_UNSURE_LINES_H
#define NCRED_UNSURE_LINES_H

#include "audit/checks.h"
#include "report/report.h"

enum unsure_kind { UNSURE_QUERY, UNSURE_RULE, UNSURE_COLUMNS, UNSURE_ORDER }; /* RULE: or the part after where */

struct unsure_line {
    enum unsure_kind kind;
    char *place; /* owned: FILE:LINE */
    char *why;   /* owned: what is wrong unless the report has the column */
    char *text;  /* owned: the query, list of columns or order */
    char *name;  /* owned: of the rule, check (its id) or column set */
    bool is_rule;
};

struct unsure_lines {
    struct unsure_line *list; /* owned */
    size_t count;
};

/* Append LINE, whose texts L owns from then on. */
void unsure_lines_add(struct unsure_lines *l, struct unsure_line line);
void unsure_lines_free(struct unsure_lines *l);
/* Free the texts of a line that no list owns. */
void unsure_lines_free_line(struct unsure_line *line);
/* Whether R, which has its extra columns, has those that LINE needs. If not, ERR says what is wrong. */
bool unsure_lines_is_right(const struct unsure_line *line, const struct report *r, enum benchmark benchmark,
    struct error *err);

#endif
