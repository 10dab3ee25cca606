/* Uses report/cell.c, unless the table has a text of its own, or blanks for empty cells. */
#include "export/people_text.h"

#include "report/cell.h"

void people_text_cell(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    if (t->people_text) {
        t->people_text(t, row, column, b, ascii);
        return;
    }
    struct buffer scratch = {0};
    struct value v = t->value(t, row, column, &scratch);
    if (!t->blanks || v.state != STATE_EMPTY)
        cell_value_for_people(b, &v, t->columns[column].type, ascii);
    buffer_free(&scratch);
}

void people_text_heading(const struct table_column *c, struct buffer *b, bool ascii)
{
    text_harmless(b, slice_of(c->heading ? c->heading : c->name), ascii);
}
