#include "query/query_text.h"

/* Text in quotation marks, as a query reads it. */
static void put_query_string(struct buffer *out, struct slice text)
{
    char mark = memchr(text.data, '"', text.len) && !memchr(text.data, '\'', text.len) ? '\'' : '"';
    buffer_putc(out, mark);
    for (size_t i = 0; i < text.len; i++) {
        buffer_putc(out, text.data[i]);
        if (text.data[i] == mark)
            buffer_putc(out, mark);
    }
    buffer_putc(out, mark);
}

static void put_state_condition(struct buffer *out, const char *name, enum state state)
{
    if (state != STATE_ABSENT) {
        buffer_printf(out, "%s = %s", name, state_name(state));
        return;
    }
    buffer_printf(out, "%s = missing", name); /* which is also what holds no value for another reason */
    for (int s = STATE_NA; s < STATE_ABSENT; s++)
        buffer_printf(out, " and not %s = %s", name, state_name((enum state)s));
}

static void put_elements(struct buffer *out, const char *name, struct slice list)
{
    struct slice element;
    for (const char *between = ""; extra_columns_next_element(&list, &element); between = " and ") {
        buffer_printf(out, "%s%s = ", between, name);
        put_query_string(out, element);
    }
}

bool query_text_equal(struct buffer *out, const struct column_info *c, bool is_list, const struct value *v)
{
    if (v->state != STATE_VALUE) {
        put_state_condition(out, c->name, v->state);
        return true;
    }
    switch (c->type) {
    case TYPE_TEXT:
        if (is_list) {
            put_elements(out, c->name, v->text);
            return true;
        }
        buffer_printf(out, "%s = ", c->name);
        put_query_string(out, v->text);
        return true;
    case TYPE_BOOL: buffer_printf(out, "%s = %s", c->name, v->number ? "true" : "false"); return true;
    case TYPE_NUMBER: buffer_printf(out, "%s = %lld", c->name, (long long)v->number); return true;
    case TYPE_SEVERITY: buffer_printf(out, "%s = %s", c->name, severity_name((enum severity)v->number)); return true;
    case TYPE_RIGHTS: buffer_printf(out, "%s = %s", c->name, rights_name((enum rights)v->number)); return true;
    case TYPE_DURATION:
    case TYPE_TIME: break;
    }
    return false;
}
