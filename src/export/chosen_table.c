#include "export/chosen_table.h"

#include "base/memory.h"
#include "export/column_list.h"

#include <stdlib.h>

static const struct chosen_table *chosen_of(const struct table *t)
{
    return t->source;
}

static struct value chosen_value(const struct table *t, size_t row, size_t column, struct buffer *scratch)
{
    const struct chosen_table *c = chosen_of(t);
    return c->of.value(&c->of, row, c->places[column], scratch);
}

static void chosen_people_text(const struct table *t, size_t row, size_t column, struct buffer *b, bool ascii)
{
    const struct chosen_table *c = chosen_of(t);
    c->of.people_text(&c->of, row, c->places[column], b, ascii);
}

/* Returns the index of the column of this name, the table's column_count if there is none. */
static size_t find_named(const struct table *t, struct slice name)
{
    size_t i = 0;
    while (i < t->column_count && !slice_equal_nocase(name, slice_of(t->columns[i].name)))
        i++;
    return i;
}

static bool no_such_column(const struct table *t, struct slice name, struct error *err)
{
    struct buffer names = {0};
    for (size_t i = 0; i < t->column_count; i++)
        buffer_printf(&names, "%s%s", i ? "," : "", t->columns[i].name);
    error_set(err, "--columns: no column \"%.*s\" here; there are %s", (int)name.len, name.data, names.data);
    buffer_free(&names);
    return false;
}

bool chosen_table_make(struct chosen_table *c, const struct table *t, const char *list, struct error *err)
{
    *c = (struct chosen_table){.table = *t, .of = *t};
    if (!list)
        return true;
    c->table.source = c;
    c->table.value = chosen_value;
    c->table.people_text = t->people_text ? chosen_people_text : NULL;
    c->table.column_count = 0;
    struct slice name;
    for (int width; column_list_next(&list, &name, &width);) { /* widths are for the screen only */
        size_t place = find_named(t, name), n = c->table.column_count++;
        if (place == t->column_count)
            return no_such_column(t, name, err);
        c->columns = xrealloc(c->columns, n + 1, sizeof *c->columns);
        c->places = xrealloc(c->places, n + 1, sizeof *c->places);
        c->columns[n] = t->columns[place];
        c->places[n] = place;
    }
    c->table.columns = c->columns;
    return true;
}

void chosen_table_free(struct chosen_table *c)
{
    free(c->columns);
    free(c->places);
    *c = (struct chosen_table){0};
}
