/* The texts of cells. Only this file decides between "-", "never", "?" and "n/s" for cells without a value. */
#include "report/cell.h"

#include "base/timestamp.h"
#include "report/credential.h"

bool type_is_right(enum type type)
{
    return type == TYPE_DURATION || type == TYPE_NUMBER;
}

/* Whether a last use or idle time shows "never": the credential exists and was never used. */
static bool never(const struct report *r, size_t row, enum column column)
{
    switch ((int)column) {
    case COL_PASSWORD_IDLE:
    case COL_PASSWORD_LAST_USED:
        switch ((int)report_value(r, row, COL_PASSWORD_LAST_USED).state) {
        case STATE_NO_INFORMATION: return true;
        case STATE_NA: return credential_is_active(r, row, CREDENTIAL_PASSWORD);
        default: return false;
        }
    case COL_KEY_1_IDLE:
    case COL_KEY_1_LAST_USED_DATE: return report_value(r, row, COL_KEY_1_LAST_USED_DATE).state == STATE_NA
        && report_key_exists(r, row, 1);
    case COL_KEY_2_IDLE:
    case COL_KEY_2_LAST_USED_DATE: return report_value(r, row, COL_KEY_2_LAST_USED_DATE).state == STATE_NA
        && report_key_exists(r, row, 2);
    default: return false;
    }
}

/* Whether COLUMN is the creation or age of a credential that is active or may exist. */
static bool may_be_made(const struct report *r, size_t row, enum column column)
{
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        if (column == credential_columns[c].made || column == credential_columns[c].age)
            return credential_is_active(r, row, c) || credential_is_unknown(r, row, c);
    }
    return false;
}

/* Append "off " before the age of an inactive key, and "? " if it is unknown whether the key is active. */
static void key_prefix(struct buffer *b, const struct report *r, size_t row, enum column column)
{
    if (column != COL_KEY_1_AGE && column != COL_KEY_2_AGE)
        return;
    struct value active = report_value(r, row, column == COL_KEY_1_AGE ? COL_KEY_1_ACTIVE : COL_KEY_2_ACTIVE);
    if (active.state != STATE_VALUE)
        buffer_puts(b, "? ");
    else if (!active.number)
        buffer_puts(b, "off ");
}

static void put_whole_days(struct buffer *b, int64_t seconds)
{
    buffer_number(b, duration_days(seconds));
    buffer_putc(b, 'd');
}

void cell_value_for_people(struct buffer *b, const struct value *v, enum type type, bool ascii)
{
    char stamp[32];
    switch (v->state) {
    case STATE_VALUE: break;
    case STATE_NA: buffer_putc(b, '-'); return;
    case STATE_NO_INFORMATION: buffer_puts(b, "never"); return;
    case STATE_MALFORMED:
        buffer_puts(b, "?");
        text_harmless(b, v->text, ascii);
        return;
    case STATE_NOT_SUPPORTED: buffer_puts(b, "n/s"); return;
    case STATE_EMPTY:
    case STATE_ABSENT: buffer_puts(b, "?"); return;
    }
    switch (type) {
    case TYPE_TEXT: text_harmless(b, v->text, ascii); break;
    case TYPE_BOOL: buffer_puts(b, v->number ? "yes" : "no"); break;
    case TYPE_TIME: buffer_puts(b, timestamp_format(stamp, sizeof stamp, v->number)); break;
    case TYPE_DURATION: put_whole_days(b, v->number); break;
    case TYPE_NUMBER: buffer_number(b, v->number); break;
    case TYPE_SEVERITY: buffer_puts(b, severity_name((enum severity)v->number)); break;
    case TYPE_RIGHTS: buffer_puts(b, rights_name((enum rights)v->number)); break;
    }
}

/* Append a text of ncred's own in ASCII: the middle dot that separates its parts becomes "-". */
static void put_in_ascii(struct buffer *b, struct slice text)
{
    static const char point[] = "\u00b7";
    enum { POINT = sizeof point - 1 };
    for (size_t i = 0; i + POINT <= text.len;) {
        if (memcmp(text.data + i, point, POINT) != 0) {
            i++;
            continue;
        }
        text_harmless(b, (struct slice){text.data, i}, true);
        buffer_putc(b, '-');
        text = (struct slice){text.data + i + POINT, text.len - i - POINT};
        i = 0;
    }
    text_harmless(b, text, true);
}

void cell_for_people(struct buffer *b, const struct report *r, size_t row, enum column column, bool ascii)
{
    struct value v = report_value(r, row, column);
    if (never(r, row, column)) {
        buffer_puts(b, "never");
        return;
    }
    if ((column == COL_USER || column == COL_ARN) && v.text.len) { /* N/A is a legal user name */
        text_harmless(b, v.text, ascii);
        return;
    }
    if (v.state == STATE_NA && may_be_made(r, row, column))
        v.state = STATE_ABSENT; /* shows "?"; "-" would mean that there is no such credential */
    if (v.state == STATE_VALUE)
        key_prefix(b, r, row, column);
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    if (extra && r->is_bound && v.state == STATE_VALUE && r->is_bound(r, row, column))
        buffer_puts(b, extra->info.type == TYPE_TIME ? "<= " : ">= ");
    if (extra && extra->is_list && v.state == STATE_VALUE) {
        struct buffer list = {0};
        extra_columns_put_list(&list, v.text);
        text_harmless(b, (struct slice){list.data, list.len}, ascii);
        buffer_free(&list);
        return;
    }
    if (extra && extra->origin == EXTRA_PROGRAM && v.state == STATE_VALUE && extra->info.type == TYPE_TEXT && ascii) {
        put_in_ascii(b, v.text);
        return;
    }
    cell_value_for_people(b, &v, report_column_info(r, column)->type, ascii);
}

void cell_value_for_files(struct buffer *b, const struct value *v, enum type type)
{
    char stamp[32];
    if (v->state != STATE_VALUE) {
        if (v->state <= STATE_NOT_SUPPORTED)
            buffer_puts(b, state_name(v->state));
        return;
    }
    switch (type) {
    case TYPE_TEXT: buffer_add(b, v->text.data, v->text.len); break;
    case TYPE_BOOL: buffer_puts(b, v->number ? "true" : "false"); break;
    case TYPE_TIME: buffer_puts(b, timestamp_format(stamp, sizeof stamp, v->number)); break;
    case TYPE_DURATION: buffer_number(b, duration_days(v->number)); break;
    case TYPE_NUMBER: buffer_number(b, v->number); break;
    case TYPE_SEVERITY: buffer_puts(b, severity_name((enum severity)v->number)); break;
    case TYPE_RIGHTS: buffer_puts(b, rights_name((enum rights)v->number)); break;
    }
}

void cell_for_files(struct buffer *b, const struct report *r, size_t row, enum column column)
{
    struct value v = report_value(r, row, column);
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    if (column < COL_REPORT_COUNT)
        buffer_add(b, v.text.data, v.text.len);
    else if (extra && extra->is_list && v.state == STATE_VALUE)
        extra_columns_put_list(b, v.text);
    else
        cell_value_for_files(b, &v, report_column_info(r, column)->type);
}
