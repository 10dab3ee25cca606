#include "query/query_text.h"

#include "aws/arn.h"
#include "query/query_priv.h"

/* Append TEXT in quotation marks. Marks of that kind in TEXT are doubled. */
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

/* Whether TEXT is a single word without a special meaning in the language. */
static bool is_plain_word(struct slice text)
{
    static const char *const words[] = {"and", "or", "not", "in"};
    size_t at = 0;
    struct token t = query_lex(text, &at);
    bool is = t.kind == TOKEN_WORD && t.text.len == text.len;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        is &= !slice_equal_nocase(text, slice_of(words[i]));
    for (size_t i = 0; i < query_state_count; i++)
        is &= !slice_equal_nocase(text, slice_of(query_states[i].word));
    return is;
}

void query_text_value(struct buffer *out, struct slice text)
{
    if (is_plain_word(text))
        buffer_add(out, text.data, text.len);
    else
        put_query_string(out, text);
}

void query_text_account(struct buffer *out, struct slice id, bool is_shared)
{
    struct slice partition = arn_id_partition(id);
    buffer_puts(out, "account = ");
    put_query_string(out, arn_id_number(id));
    if (!is_shared)
        return;
    buffer_puts(out, " and partition = ");
    put_query_string(out, partition);
}

static void put_state_condition(struct buffer *out, const char *name, enum state state)
{
    if (state != STATE_ABSENT) {
        buffer_printf(out, "%s = %s", name, state_name(state));
        return;
    }
    buffer_printf(out, "%s = missing", name); /* `missing` alone also holds for cells in the states excluded here */
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
