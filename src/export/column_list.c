/* Choosing columns by name for listings of findings and of credentials. */
#include "export/column_list.h"

#include "report/context_columns.h"

#include <stdio.h>
#include <stdlib.h>

bool column_list_next(const char **at, struct slice *name, int *width)
{
    if (!*at)
        return false;
    size_t len = strcspn(*at, ","), digits = 0;
    while (digits < len && (*at)[len - digits - 1] >= '0' && (*at)[len - digits - 1] <= '9')
        digits++;
    bool has_width = digits && digits + 1 < len && (*at)[len - digits - 1] == ':';
    *name = (struct slice){*at, has_width ? len - digits - 1 : len};
    *width = 0;
    for (size_t i = len - digits; has_width && i < len && *width <= COLUMN_LIST_WIDTH_MAX; i++)
        *width = *width * 10 + (*at)[i] - '0';
    if (has_width && (*width < 1 || *width > COLUMN_LIST_WIDTH_MAX))
        *width = -1;
    *at = (*at)[len] ? *at + len + 1 : NULL;
    return true;
}

void column_list_init(struct column_list *l, const struct column_info *own, size_t own_count, const struct report *r)
{
    *l = (struct column_list){.own = own, .own_count = own_count, .report = r};
}

struct value column_list_user_value(const struct report *r, size_t row, int column, struct buffer *scratch)
{
    struct value v = report_value(r, row, (enum column)column);
    const struct extra_column *extra = extra_columns_at(r->extra, (enum column)column);
    if (extra && extra->is_list && v.state == STATE_VALUE) {
        scratch->len = 0;
        extra_columns_put_list(scratch, v.text);
        v.text = (struct slice){scratch->data, scratch->len};
    }
    return v;
}

struct column_span column_list_span(const struct report *r, const enum column *columns, size_t count)
{
    size_t n = 0;
    if (r->file_count != 1)
        return (struct column_span){0};
    const size_t *position = r->files[0].position;
    while (n < count && columns[n] < COL_REPORT_COUNT && position[columns[n]] != SIZE_MAX
        && (!n || position[columns[n]] == position[columns[n - 1]] + 1))
        n++;
    bool has_name = false;
    size_t user = n;
    for (size_t i = 0; i < n; i++) {
        has_name |= columns[i] == COL_USER || columns[i] == COL_ARN;
        user = columns[i] == COL_USER ? i : user;
    }
    return n < 2 ? (struct column_span){0}
        : (struct column_span){n, position[columns[0]], position[columns[n - 1]], has_name, user};
}

/* Whether field INDEX of TEXT, fields with commas between them, is there and empty. */
static bool is_empty_field(struct slice text, size_t index)
{
    for (; index; index--) {
        const char *comma = memchr(text.data, ',', text.len);
        if (!comma)
            return false;
        text = (struct slice){comma + 1, text.len - (size_t)(comma - text.data) - 1};
    }
    return !text.len || text.data[0] == ',';
}

/*
 * Whether TEXT has a blank or a control character; slice_trimmed() removes some of these. Tests eight bytes at once,
 * because it is called for every row.
 */
static bool has_blank(struct slice text)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    uint64_t found = 0, word;
    size_t i = 0;
    for (; i + sizeof word <= text.len; i += sizeof word) {
        memcpy(&word, text.data + i, sizeof word);
        found |= (word - ones * (' ' + 1)) & ~word; /* the lowest byte up to ' ' gets its high bit */
    }
    for (; i < text.len; i++)
        found |= (unsigned char)text.data[i] <= ' ' ? high : 0;
    return found & high;
}

size_t column_list_copy(const struct column_span *span, const struct report *r, size_t row, struct slice *text)
{
    bool can = span->columns && report_field_span(r, row, span->first, span->last, text);
    return can && !(span->has_name && (has_blank(*text) || is_empty_field(*text, span->user))) ? span->columns : 0;
}

struct slice *column_list_account_words(const struct report *r, size_t *count)
{
    enum { ACCOUNT_WORDS_MAX = 4096 };
    *count = dict_count(report_words(r, COL_ACCOUNT));
    if (*count > ACCOUNT_WORDS_MAX)
        return NULL;
    struct slice *words = xcalloc(*count + 1, sizeof *words);
    for (size_t i = 0; i < *count; i++)
        words[i] = report_word(r, COL_ACCOUNT, (uint32_t)(CODE_FIRST + i));
    return words;
}

size_t column_list_account_word(const struct report *r, size_t row, const struct slice *words, size_t count)
{
    uint32_t code = report_code(r, row, COL_ACCOUNT);
    return code < CODE_FIRST || code - CODE_FIRST >= count || !words[code - CODE_FIRST].len ? TABLE_NO_WORD
        : code - CODE_FIRST;
}

const struct column_info *column_list_info(const struct column_list *l, int column)
{
    return column >= COL_EXTRA ? report_column_info(l->report, (enum column)column)
        : column < COL_COUNT ? &schema[column] : &l->own[column - COL_COUNT];
}

void column_list_add(struct column_list *l, int column)
{
    const struct column_info *info = column_list_info(l, column);
    l->columns = xrealloc(l->columns, l->count + 1, sizeof *l->columns);
    l->described = xrealloc(l->described, l->count + 1, sizeof *l->described);
    l->titles = xrealloc(l->titles, l->count + 1, sizeof *l->titles);
    l->columns[l->count] = column;
    snprintf(l->titles[l->count], sizeof l->titles[0], "%s%s%s", info->group ? info->group : "", info->group ? " " : "",
        info->heading);
    const struct extra_column *extra = column < COL_EXTRA ? NULL
        : extra_columns_at(l->report->extra, (enum column)column);
    bool is_taken = extra && column_list_find(l, slice_of(info->name)) != column;
    l->described[l->count] = (struct table_column){.name = is_taken ? extra->prefixed : info->name, .type = info->type};
    l->count++;
    for (size_t i = 0; i < l->count; i++) /* the array may have moved */
        l->described[i].heading = l->titles[i];
}

int column_list_find(const struct column_list *l, struct slice name)
{
    for (size_t i = 0; i < l->own_count; i++) {
        if (slice_equal_nocase(name, slice_of(l->own[i].name)))
            return COL_COUNT + (int)i;
    }
    enum column c = l->report ? report_column_find(l->report, name) : schema_find(name);
    return c == COL_COUNT ? -1 : (int)c;
}

static bool unknown_column(const struct column_list *l, struct slice name, struct error *err)
{
    struct buffer names = {0};
    if (context_columns_explain(name, l->report ? l->report->extra : NULL, "--columns: ", err))
        return false;
    for (size_t i = 0; i < l->own_count; i++)
        buffer_printf(&names, "%s%s", i ? ", " : "", l->own[i].name);
    error_set(err, "--columns: no column \"%.*s\" here; there are %s, those of ncred --help=columns, "
        "and of other files", (int)name.len,
        name.data, names.data);
    buffer_free(&names);
    return false;
}

bool column_list_choose(struct column_list *l, const char *list, struct error *err)
{
    struct slice name;
    for (int width; column_list_next(&list, &name, &width);) {
        int column = column_list_find(l, name);
        if (column < 0)
            return unknown_column(l, name, err);
        column_list_add(l, column);
    }
    return true;
}

void column_list_free(struct column_list *l)
{
    free(l->columns);
    free(l->described);
    free(l->titles);
    *l = (struct column_list){0};
}
