/* Writes a query for the value under the cursor and checks that it matches this row before it becomes a filter. */
#include "ui/cell_filter.h"

#include "audit/credential_value.h"
#include "base/timestamp.h"
#include "query/query_text.h"
#include "ui/columns.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/term/paint.h"
#include "ui/user_table.h"

#include <stdio.h>

/*
 * Append a query that matches the value V of column C, as precisely as the cell shows it: times and durations match by
 * the day. Returns false if there is no such query, as for an empty text.
 */
static bool put_query(struct buffer *b, const struct column_info *c, bool is_list, const struct value *v)
{
    char day[32], next[32];
    long long n = v->number / TIMESTAMP_DAY;
    if ((v->state == STATE_VALUE && c->type == TYPE_TEXT && !v->text.len) || query_text_equal(b, c, is_list, v))
        return b->len > 0;
    if (c->type == TYPE_DURATION && v->number < 0) {
        buffer_printf(b, "%s < 0d", c->name);
    } else if (c->type == TYPE_DURATION) {
        buffer_printf(b, "%s >= %lldd and %s < %lldd", c->name, n, c->name, n + 1);
    } else {
        timestamp_format(day, sizeof day, v->number);
        timestamp_format(next, sizeof next, v->number + TIMESTAMP_DAY);
        buffer_printf(b, "%s >= %.10s", c->name, day);
        if (memcmp(day, next, 10) != 0) /* no day follows 9999-12-31 */
            buffer_printf(b, " and %s < %.10s", c->name, next);
    }
    return true;
}

static bool holds_here(const struct ui *ui, const struct query *q)
{
    uint32_t row = ui->view.rows[ui->view.cursor];
    return ui->view.keys ? query_matches_credential(q, ui->report, row) : query_matches(q, ui->report, row);
}

void cell_filter(struct ui *ui, bool keep)
{
    size_t id = columns_focused(ui);
    int column = table_sort_column(ui, id);
    uint32_t row = ui->view.rows[ui->view.cursor];
    struct buffer query = {0}, scratch = {0}, label = {0};
    struct error err = {.text = ""};
    const struct column_info *info = column < 0 ? NULL : view_column(&ui->view, column);
    struct value v = {.state = STATE_ABSENT};
    const struct extra_column *extra = column < 0 ? NULL : extra_columns_at(ui->report->extra, (enum column)column);
    if (info)
        v = ui->view.keys ? credential_value(ui->report, row, column, &scratch)
            : report_value(ui->report, row, (enum column)column);
    bool ok = info && !(v.text.len && memchr(v.text.data, '\0', v.text.len))
        && put_query(&query, info, extra && extra->is_list, &v);
    struct query *q = ok ? view_parse(&ui->view, (struct slice){query.data, query.len}, &err) : NULL;
    if (!q || !holds_here(ui, q)) {
        ui_say_keys(ui, MODE_TABLE, "no query can match just this cell; {filter} lets you type one");
    } else {
        enum { WIDEST = 40 };
        table_cell(&scratch, ui, row, id);
        size_t fit = text_fit((struct slice){scratch.data, scratch.len}, WIDEST);
        buffer_printf(&label, "%s=%.*s%s", info->name, (int)fit, scratch.data,
            fit < scratch.len ? paint_glyph(GLYPH_CUT) : "");
        if (!view_add_named_filter(&ui->view, (struct slice){query.data, query.len}, !keep, label.data, &err))
            ui_say(ui, "%s", err.text);
    }
    query_free(q);
    buffer_free(&query);
    buffer_free(&scratch);
    buffer_free(&label);
}
