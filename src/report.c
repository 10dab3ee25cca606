/* Building the columnar table from fields, and reading cells back, derived columns included. */
#include "report.h"

#include "audit.h"
#include "error.h"
#include "stamp.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct slice field_text(const struct report *r, size_t index)
{
    return (struct slice){r->text.data + r->fields[index].offset, r->fields[index].len};
}

static size_t column_index(struct report *r, struct slice name, bool duplicate)
{
    enum column known = duplicate ? COL_COUNT : schema_find(name);
    if (known >= COL_REPORT_COUNT)
        known = COL_COUNT;
    for (size_t i = 0; i < r->column_count && !duplicate; i++) {
        if (known != COL_COUNT ? r->columns[i].known == known : slice_equal(slice_of(r->columns[i].name), name))
            return i;
    }
    r->columns = xrealloc(r->columns, r->column_count + 1, sizeof *r->columns);
    char *copy = xcalloc(name.len + 1, 1);
    if (name.len)
        memcpy(copy, name.data, name.len);
    r->columns[r->column_count] = (struct report_column){copy, known};
    return r->column_count++;
}

size_t report_add_file(struct report *r, const char *name, const struct slice *header, size_t count)
{
    r->files = xrealloc(r->files, r->file_count + 1, sizeof *r->files);
    struct report_file *f = &r->files[r->file_count];
    *f = (struct report_file){.column_count = count};
    f->name = xcalloc(strlen(name) + 1, 1);
    strcpy(f->name, name);
    f->columns = xcalloc(count, sizeof *f->columns);
    for (size_t c = 0; c < COL_REPORT_COUNT; c++)
        f->position[c] = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        bool duplicate = false;
        for (size_t j = 0; j < i && !duplicate; j++)
            duplicate = slice_equal_nocase(header[i], header[j]);
        f->columns[i] = column_index(r, header[i], duplicate);
        enum column known = r->columns[f->columns[i]].known;
        if (known != COL_COUNT)
            f->position[known] = i;
    }
    return r->file_count++;
}

void report_add_field(struct report *r, struct slice text)
{
    if (r->field_count == r->field_cap) {
        r->field_cap = r->field_cap ? r->field_cap * 2 : 1024;
        r->fields = xrealloc(r->fields, r->field_cap, sizeof *r->fields);
    }
    r->fields[r->field_count++] = (struct field_ref){r->text.len, text.len};
    buffer_add(&r->text, text.data, text.len);
}

static void grow_rows(struct report *r)
{
    r->row_cap = r->row_cap ? r->row_cap * 2 : 256;
    r->rows = xrealloc(r->rows, r->row_cap, sizeof *r->rows);
    for (size_t c = 0; c < COL_REPORT_COUNT; c++) {
        r->state[c] = xrealloc(r->state[c], r->row_cap, 1);
        if (schema[c].type != TYPE_TEXT)
            r->value[c] = xrealloc(r->value[c], r->row_cap, sizeof *r->value[c]);
    }
}

static enum state type_cell(enum type type, struct slice text, int64_t *out)
{
    enum state s = state_of_text(text);
    *out = 0;
    if (s != STATE_VALUE || type == TYPE_TEXT)
        return s;
    if (type == TYPE_BOOL) {
        *out = slice_equal_nocase(text, slice_of("true"));
        return *out || slice_equal_nocase(text, slice_of("false")) ? STATE_VALUE : STATE_MALFORMED;
    }
    return stamp_parse(text, out) ? STATE_VALUE : STATE_MALFORMED;
}

void report_add_row(struct report *r, size_t file, size_t line, size_t count)
{
    if (r->row_count == r->row_cap)
        grow_rows(r);
    size_t row = r->row_count++;
    r->rows[row] = (struct report_row){r->field_count - count, count, file, line};
    const struct report_file *f = &r->files[file];
    if (count != f->column_count)
        report_add_problem(r, file, line, "the row has %zu fields, the header %zu; kept as it is", count, f->column_count);
    for (size_t c = 0; c < COL_REPORT_COUNT; c++) {
        size_t at = f->position[c];
        int64_t number = 0;
        enum state s = STATE_ABSENT;
        if (at < count) {
            struct slice text = field_text(r, r->rows[row].first + at);
            s = type_cell(schema[c].type, text, &number);
            if (s == STATE_MALFORMED)
                report_add_problem(r, file, line, "%s is not a %s: \"%.*s\"", schema[c].name,
                    schema[c].type == TYPE_BOOL ? "boolean" : "time", (int)(text.len > 80 ? 80 : text.len), text.data);
        }
        r->state[c][row] = (uint8_t)s;
        if (r->value[c])
            r->value[c][row] = number;
    }
}

void report_add_problem(struct report *r, size_t file, size_t line, const char *format, ...)
{
    struct error e;
    char raw[400];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    error_set(&e, "%s", raw);
    r->problems = xrealloc(r->problems, r->problem_count + 1, sizeof *r->problems);
    char *copy = xcalloc(strlen(e.text) + 1, 1);
    strcpy(copy, e.text);
    r->problems[r->problem_count++] = (struct problem){file, line, copy};
}

struct slice report_raw(const struct report *r, size_t row, enum column column)
{
    const struct report_row *w = &r->rows[row];
    size_t at = column < COL_REPORT_COUNT ? r->files[w->file].position[column] : SIZE_MAX;
    return at < w->count ? field_text(r, w->first + at) : (struct slice){"", 0};
}

bool report_raw_at(const struct report *r, size_t row, size_t index, struct slice *text)
{
    const struct report_row *w = &r->rows[row];
    const struct report_file *f = &r->files[w->file];
    for (size_t i = 0; i < f->column_count && i < w->count; i++) {
        if (f->columns[i] == index) {
            *text = field_text(r, w->first + i);
            return true;
        }
    }
    *text = (struct slice){"", 0};
    return false;
}

size_t report_file_of(const struct report *r, size_t row)
{
    return r->rows[row].file;
}

size_t report_line_of(const struct report *r, size_t row)
{
    return r->rows[row].line;
}

size_t report_field_count(const struct report *r, size_t row)
{
    return r->rows[row].count;
}

struct slice report_field(const struct report *r, size_t row, size_t index)
{
    return field_text(r, r->rows[row].first + index);
}

/* Part N of arn:PARTITION:iam::ACCOUNT:RESOURCE; the last part is all that is left. */
static struct slice arn_part(struct slice arn, int n)
{
    for (; n > 0; n--) {
        const char *colon = arn.len ? memchr(arn.data, ':', arn.len) : NULL;
        if (!colon)
            return (struct slice){"", 0};
        arn = (struct slice){colon + 1, arn.len - (size_t)(colon + 1 - arn.data)};
    }
    return arn;
}

static struct slice arn_field(struct slice arn, int n)
{
    struct slice s = arn_part(arn, n);
    const char *colon = s.len ? memchr(s.data, ':', s.len) : NULL;
    return colon ? (struct slice){s.data, (size_t)(colon - s.data)} : s;
}

static struct value text_value(struct slice s)
{
    return (struct value){s.len ? STATE_VALUE : STATE_ABSENT, 0, s};
}

static struct value number_value(int64_t n)
{
    return (struct value){.state = STATE_VALUE, .number = n};
}

static struct slice arn_path(struct slice arn)
{
    struct slice s = arn_part(arn, 5);
    if (s.len < 5 || memcmp(s.data, "user/", 5) != 0)
        return slice_of(s.len ? "/" : "");
    size_t end = s.len;
    while (end > 4 && s.data[end - 1] != '/')
        end--;
    return (struct slice){s.data + 4, end - 4};
}

/* Very old reports call root root_account, which is a legal user's name too: there the ARN tells. */
static bool is_root(const struct report *r, size_t row)
{
    struct slice user = report_raw(r, row, COL_USER), resource = arn_part(report_raw(r, row, COL_ARN), 5);
    return slice_equal(resource, slice_of("root")) || slice_equal(user, slice_of("<root_account>"))
        || (slice_equal(user, slice_of("root_account")) && resource.len == 0);
}

static struct value since(const struct report *r, size_t row, enum column column)
{
    struct value v = report_value(r, row, column);
    if (v.state == STATE_VALUE)
        v.number = r->as_of - v.number;
    return v;
}

/* CIS 1.12: what was never used counts from when it was made. Only these two states mean "never". */
static struct value idle_since(const struct report *r, size_t row, enum column used, enum column made)
{
    struct value v = since(r, row, used);
    if (v.state == STATE_NA || v.state == STATE_NO_INFORMATION)
        return since(r, row, made);
    return v;
}

static struct value last_activity(const struct report *r, size_t row)
{
    static const enum column uses[] = {COL_PASSWORD_LAST_USED, COL_KEY_1_LAST_USED_DATE, COL_KEY_2_LAST_USED_DATE};
    struct value best = {.state = STATE_ABSENT};
    for (size_t i = 0; i < 3; i++) {
        struct value v = report_value(r, row, uses[i]);
        if (v.state == STATE_VALUE && (best.state != STATE_VALUE || v.number > best.number))
            best = number_value(v.number);
        else if (best.state == STATE_ABSENT && v.state != STATE_VALUE)
            best.state = v.state;
    }
    return best;
}

static int64_t is_true(const struct report *r, size_t row, enum column column)
{
    return r->state[column][row] == STATE_VALUE && r->value[column][row];
}

static struct value findings(const struct report *r, int64_t n)
{
    return r->failed ? number_value(n) : (struct value){.state = STATE_ABSENT};
}

/* How long the oldest credential that can be used has been there. */
static struct value oldest(const struct report *r, size_t row)
{
    struct value best = {.state = STATE_ABSENT};
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        if (!credential_is_active(r, row, c))
            continue;
        struct value v = since(r, row, credential_columns[c].made);
        if (v.state == STATE_VALUE && (best.state != STATE_VALUE || v.number > best.number))
            best = number_value(v.number);
    }
    return best;
}

static struct value derived(const struct report *r, size_t row, enum column column)
{
    struct slice arn = report_raw(r, row, COL_ARN);
    switch ((int)column) {
    case COL_ACCOUNT: return text_value(arn_field(arn, 4));
    case COL_PARTITION: return text_value(arn_field(arn, 1));
    case COL_PATH: return text_value(arn_path(arn));
    case COL_ROOT: return number_value(is_root(r, row));
    case COL_AGE: return since(r, row, COL_USER_CREATION_TIME);
    case COL_PASSWORD_AGE: return since(r, row, COL_PASSWORD_LAST_CHANGED);
    case COL_PASSWORD_IDLE: return idle_since(r, row, COL_PASSWORD_LAST_USED, COL_PASSWORD_LAST_CHANGED);
    case COL_KEY_1_AGE: return since(r, row, COL_KEY_1_LAST_ROTATED);
    case COL_KEY_2_AGE: return since(r, row, COL_KEY_2_LAST_ROTATED);
    case COL_KEY_1_IDLE: return idle_since(r, row, COL_KEY_1_LAST_USED_DATE, COL_KEY_1_LAST_ROTATED);
    case COL_KEY_2_IDLE: return idle_since(r, row, COL_KEY_2_LAST_USED_DATE, COL_KEY_2_LAST_ROTATED);
    case COL_CERT_1_AGE: return since(r, row, COL_CERT_1_LAST_ROTATED);
    case COL_CERT_2_AGE: return since(r, row, COL_CERT_2_LAST_ROTATED);
    case COL_ACTIVE_KEYS: return number_value(is_true(r, row, COL_KEY_1_ACTIVE) + is_true(r, row, COL_KEY_2_ACTIVE));
    case COL_LAST_ACTIVITY: return last_activity(r, row);
    case COL_IDLE: return since(r, row, COL_LAST_ACTIVITY);
    case COL_FINDINGS: return findings(r, __builtin_popcount(audit_counted(r, row)));
    case COL_WAIVED: return findings(r, __builtin_popcount(audit_waived(r, row)));
    case COL_OLDEST: return oldest(r, row);
    case COL_SEVERITY: return findings(r, r->severity ? r->severity[row] : 0);
    default: return (struct value){.state = STATE_ABSENT};
    }
}

struct value report_value(const struct report *r, size_t row, enum column column)
{
    if (column >= COL_REPORT_COUNT)
        return derived(r, row, column);
    return (struct value){r->state[column][row], r->value[column] ? r->value[column][row] : 0, report_raw(r, row, column)};
}

bool report_key_exists(const struct report *r, size_t row, int slot)
{
    enum column base = slot == 1 ? COL_KEY_1_ACTIVE : COL_KEY_2_ACTIVE;
    return is_true(r, row, base) || r->state[base + 1][row] == STATE_VALUE || r->state[base + 2][row] == STATE_VALUE;
}

bool report_cert_exists(const struct report *r, size_t row, int slot)
{
    enum column base = slot == 1 ? COL_CERT_1_ACTIVE : COL_CERT_2_ACTIVE;
    return is_true(r, row, base) || r->state[base + 1][row] == STATE_VALUE;
}

void report_finish(struct report *r)
{
    struct slice *seen = NULL;
    size_t at = 0;
    r->account_count = 0;
    for (size_t row = 0; row < r->row_count; row++) {
        struct value v = report_value(r, row, COL_ACCOUNT);
        /* users of one account mostly stand together: look where the last one was found first */
        if (v.state != STATE_VALUE || (at < r->account_count && slice_equal(seen[at], v.text)))
            continue;
        for (at = 0; at < r->account_count && !slice_equal(seen[at], v.text); at++)
            ;
        if (at == r->account_count) {
            seen = xrealloc(seen, r->account_count + 1, sizeof *seen);
            seen[r->account_count++] = v.text;
        }
    }
    free(seen);
}

void report_free(struct report *r)
{
    for (size_t i = 0; i < r->file_count; i++) {
        free(r->files[i].name);
        free(r->files[i].columns);
    }
    for (size_t i = 0; i < r->column_count; i++)
        free(r->columns[i].name);
    for (size_t i = 0; i < r->problem_count; i++)
        free(r->problems[i].text);
    for (size_t c = 0; c < COL_REPORT_COUNT; c++) {
        free(r->state[c]);
        free(r->value[c]);
    }
    free(r->files);
    free(r->columns);
    free(r->problems);
    free(r->failed);
    free(r->waived);
    free(r->severity);
    free(r->fields);
    free(r->rows);
    buffer_free(&r->text);
    *r = (struct report){0};
}
