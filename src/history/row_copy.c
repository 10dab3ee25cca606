/* Fields are quoted only where necessary, because the parser reads lines without quotation marks much faster. */
#include "history/row_copy.h"

#include "base/memory.h"

#include <stdlib.h>

static void put_in_quotes(struct buffer *b, struct slice s)
{
    buffer_putc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"')
            buffer_putc(b, '"');
        buffer_putc(b, s.data[i]);
    }
    buffer_putc(b, '"');
}

void row_copy_field(struct buffer *b, struct slice s, bool alone)
{
    bool quote = alone && !s.len; /* otherwise the line would be blank */
    for (size_t i = 0; i < s.len && !quote; i++)
        quote = s.data[i] == ',' || s.data[i] == '"' || s.data[i] == '\n' || s.data[i] == '\r';
    if (quote)
        put_in_quotes(b, s);
    else
        buffer_add(b, s.data, s.len);
}

void row_copy_header(struct buffer *b, const struct report *r, size_t file)
{
    const struct report_file *f = &r->files[file];
    for (size_t i = 0; i < f->column_count; i++) {
        buffer_puts(b, i ? "," : "");
        put_in_quotes(b, slice_of(r->columns[f->columns[i]].name));
    }
    buffer_putc(b, '\n');
}

void row_copy(struct buffer *b, const struct report *r, size_t row)
{
    struct slice few[64], *fields = few;
    size_t room = sizeof few / sizeof few[0], count = report_fields(r, row, fields, room);
    if (count > room) {
        fields = xcalloc(count, sizeof *fields);
        report_fields(r, row, fields, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_putc(b, ',');
        row_copy_field(b, fields[i], count == 1);
    }
    buffer_putc(b, '\n');
    if (fields != few)
        free(fields);
}
