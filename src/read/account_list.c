/*
 * Each form has its reader, which finds the fields of an entry; take_account() or take_fields() makes them an account.
 */
#include "read/account_list.h"

#include "base/json_reader.h"
#include "base/source.h"
#include "read/parse.h"

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef WITH_YAML
#include <yaml.h>
#endif

enum { FIELDS_MAX = 32 };

struct account_list {
    struct accounts a;  /* in the file's order, with duplicates */
    const char *path;
    struct error *err;
};

/* ---- one account ---- */

/* Whether ID is twelve digits. OUT is set to them without dashes, as in 1111-2222-3333 in the console. */
static bool read_id(struct slice id, char out[13])
{
    size_t n = 0;
    for (size_t i = 0; i < id.len; i++) {
        if (id.data[i] == '-' && (i == 4 || i == 9))
            continue;
        if (id.data[i] < '0' || id.data[i] > '9' || n == 12)
            return false;
        out[n++] = id.data[i];
    }
    out[n] = '\0';
    return n == 12;
}

static bool is_id(struct slice text)
{
    char id[13];
    return read_id(text, id);
}

static void add_listed(struct account_list *l, const char *id, struct slice name)
{
    struct accounts *a = &l->a;
    if ((a->count & (a->count - 1)) == 0)
        a->list = xrealloc(a->list, a->count ? a->count * 2 : 1, sizeof *a->list);
    struct account *one = &a->list[a->count++];
    *one = (struct account){.name = slice_copy(name)};
    snprintf(one->id, sizeof one->id, "%s", id);
}

/* The fields of an entry. */
enum list_field { FIELD_ID, FIELD_NAME, FIELD_STATUS, FIELD_STATE, FIELDS, FIELD_OTHER = FIELDS };

/* The field that LABEL (a header cell or a key) names. "Account ID", "account_id" and "AccountId" are the same. */
static enum list_field account_field_of(struct slice label)
{
    static const struct {
        const char *label;
        enum list_field field;
    } labels[] = {
        {"id", FIELD_ID}, {"accountid", FIELD_ID}, {"account", FIELD_ID}, {"accountnumber", FIELD_ID},
        {"awsaccountid", FIELD_ID}, {"awsaccount", FIELD_ID}, {"number", FIELD_ID},
        {"name", FIELD_NAME}, {"accountname", FIELD_NAME}, {"alias", FIELD_NAME}, {"accountalias", FIELD_NAME},
        {"status", FIELD_STATUS}, {"accountstatus", FIELD_STATUS},
        {"state", FIELD_STATE}, {"accountstate", FIELD_STATE},
    };
    char plain[20];
    size_t n = 0;
    for (size_t i = 0; i < label.len; i++) {
        if (strchr(" _-", label.data[i]))
            continue;
        if (n == sizeof plain)
            return FIELD_OTHER;
        plain[n++] = label.data[i];
    }
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (slice_equal_nocase((struct slice){plain, n}, slice_of(labels[i].label)))
            return labels[i].field;
    }
    return FIELD_OTHER;
}

/* Add the account with the fields VALUES, unless it is closed. Returns false if it has no account number. */
static bool take_account(struct account_list *l, const struct slice values[FIELDS])
{
    char id[13];
    /* AWS is replacing Status by State */
    struct slice status = values[values[FIELD_STATE].len ? FIELD_STATE : FIELD_STATUS];
    if (!read_id(values[FIELD_ID], id))
        return false;
    if (!status.len || slice_equal_nocase(status, slice_of("ACTIVE")))
        add_listed(l, id, values[FIELD_NAME]);
    return true;
}

static bool is_one_of_words(struct slice text, const char *const words[])
{
    for (size_t i = 0; words[i]; i++) {
        if (slice_equal(text, slice_of(words[i])))
            return true;
    }
    return false;
}

/* Whether TEXT, which has no label, is a state: a value of Account$State or Account$Status in the API. */
static bool is_state(struct slice text)
{
    static const char *const states[] = {"ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION",
        NULL};
    return is_one_of_words(text, states);
}

/* Whether TEXT, which has no label, is another field of an account: its ARN, address, or how and when it joined. */
static bool is_other_member(struct slice text)
{
    static const char *const joined[] = {"CREATED", "INVITED", "ACCOUNT", NULL};
    size_t digits = 0;
    while (digits < text.len && strchr("0123456789.:TZ+-", text.data[digits]))
        digits++;
    return !text.len || digits == text.len || is_one_of_words(text, joined) || memchr(text.data, '@', text.len)
        || (text.len > 4 && memcmp(text.data, "arn:", 4) == 0);
}

/*
 * Add the accounts in COUNT fields without labels. They are account numbers only, or one number with a name and a
 * state, which are recognized by their form. Returns false if there is no account number, or if there are several and
 * other fields.
 */
static bool take_fields(struct account_list *l, const struct slice *fields, size_t count)
{
    struct slice values[FIELDS] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
    size_t ids = 0, states = 0;
    for (size_t i = 0; i < count; i++)
        ids += is_id(fields[i]);
    if (!ids || (ids > 1 && ids < count))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_plain = !is_id(fields[i]) && !is_state(fields[i]);
        if (is_id(fields[i])) {
            values[FIELD_ID] = fields[i];
            if (ids > 1 && !take_account(l, values))
                return false;
        } else if (!is_plain) {
            /* of several states, such as State and Status, the one that is not ACTIVE counts */
            if (!states++ || !slice_equal(fields[i], slice_of("ACTIVE")))
                values[FIELD_STATE] = fields[i];
        } else if (!values[FIELD_NAME].len && (count == 2 || !is_other_member(fields[i]))) {
            values[FIELD_NAME] = fields[i];
        }
    }
    return ids > 1 || take_account(l, values);
}

/* ---- JSON ---- */

static bool json_is_broken(const struct account_list *l, const struct json_reader *j)
{
    return error_set(l->err, "%s:%zu: broken JSON: %s", l->path, j->line, j->error);
}

static bool has_no_id(const struct account_list *l, size_t line)
{
    return error_set(l->err, "%s:%zu: an account of the list has no Id of twelve digits", l->path, line);
}

/* Whether KEY holds accounts in the output of AWS Organizations' commands. */
static bool is_container(struct slice key)
{
    static const char *const keys[] = {"Accounts", "Account", "Children", "DelegatedAdministrators", NULL};
    return is_one_of_words(key, keys);
}

static bool take_json(struct account_list *l, struct json_reader *j, enum json_event e, bool is_inner);

/* The strings of a list, collected until it is known whether they are one entry. */
struct string_list {
    struct buffer text[FIELDS_MAX];
    size_t count;
};

/* Add the strings: as one entry if IS_INNER, else each as an account number. Empties S. */
static bool take_strings(struct account_list *l, struct string_list *s, bool is_inner, size_t line)
{
    struct slice fields[FIELDS_MAX];
    bool ok = true;
    for (size_t i = 0; i < s->count; i++)
        fields[i] = (struct slice){s->text[i].len ? s->text[i].data : "", s->text[i].len};
    if (is_inner && s->count)
        ok = take_fields(l, fields, s->count);
    for (size_t i = 0; !is_inner && ok && i < s->count; i++)
        ok = take_fields(l, &fields[i], 1);
    for (size_t i = 0; i < s->count; i++)
        buffer_free(&s->text[i]);
    s->count = 0;
    return ok || has_no_id(l, line);
}

/* Read the elements of a list whose [ was read. IS_INNER: it is inside a list, so [Id, Name] is one account. */
static bool take_json_list(struct account_list *l, struct json_reader *j, bool is_inner)
{
    struct string_list strings = {.count = 0};
    enum json_event e = JSON_EVENT_NULL;
    bool ok = true;
    while (ok && (e = json_reader_next(j)) != JSON_EVENT_ARRAY_END && e != JSON_EVENT_ERROR) {
        if (e == JSON_EVENT_STRING || e == JSON_EVENT_NUMBER) {
            strings.text[strings.count] = (struct buffer){0};
            buffer_add(&strings.text[strings.count++], j->text.data, j->text.len);
        } else if (e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY) {
            ok = take_json(l, j, e, true);
        } else if (!is_inner || e != JSON_EVENT_NULL) {
            ok = has_no_id(l, j->line);
        }
        if (strings.count == FIELDS_MAX)
            ok = take_strings(l, &strings, false, j->line) && ok;
    }
    if (e == JSON_EVENT_ERROR)
        ok = json_is_broken(l, j);
    if (ok)
        ok = take_strings(l, &strings, is_inner, j->line);
    for (size_t i = 0; i < strings.count; i++)
        buffer_free(&strings.text[i]);
    return ok;
}

/* Read the member of an object whose key J is at. Fields of an account are stored in VALUES. */
static bool take_json_member(struct account_list *l, struct json_reader *j, struct buffer values[FIELDS],
    bool *has_accounts)
{
    enum list_field field = account_field_of(j->text);
    bool holds_accounts = is_container(j->text), is_more = slice_equal(j->text, slice_of("NextToken"));
    char id[13];
    bool is_number = read_id(j->text, id);
    enum json_event e = json_reader_next(j);
    if (holds_accounts && (e == JSON_EVENT_ARRAY || e == JSON_EVENT_OBJECT)) {
        *has_accounts = true;
        return take_json(l, j, e, false);
    }
    if (is_number && e == JSON_EVENT_STRING) { /* as in {"111122223333": "Production"} */
        *has_accounts = true;
        add_listed(l, id, j->text);
    } else if (field < FIELDS && (e == JSON_EVENT_STRING || e == JSON_EVENT_NUMBER)) {
        values[field].len = 0;
        buffer_add(&values[field], j->text.data, j->text.len);
    } else if (!json_reader_skip(j)) {
        return json_is_broken(l, j);
    }
    l->a.is_cut |= is_more && e == JSON_EVENT_STRING;
    return true;
}

/* Read the members of an object whose { was read: the fields of an account, or members that hold accounts. */
static bool take_json_object(struct account_list *l, struct json_reader *j, bool is_inner)
{
    struct buffer buffers[FIELDS] = {{0}};
    struct slice values[FIELDS];
    enum json_event e = JSON_EVENT_NULL;
    size_t line = j->line;
    bool ok = true, has_accounts = false;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY)
        ok = take_json_member(l, j, buffers, &has_accounts);
    if (ok && e == JSON_EVENT_ERROR)
        ok = json_is_broken(l, j);
    for (size_t i = 0; i < FIELDS; i++)
        values[i] = (struct slice){buffers[i].len ? buffers[i].data : "", buffers[i].len};
    if (ok && !has_accounts && !take_account(l, values))
        ok = is_inner || values[FIELD_ID].len ? has_no_id(l, line) : error_set(l->err,
            "%s: no list of Accounts in it; aws organizations list-accounts writes one", l->path);
    for (size_t i = 0; i < FIELDS; i++)
        buffer_free(&buffers[i]);
    return ok;
}

/* Read the value whose first event E has been read. */
static bool take_json(struct account_list *l, struct json_reader *j, enum json_event e, bool is_inner)
{
    if (e == JSON_EVENT_ARRAY)
        return take_json_list(l, j, is_inner);
    if (e == JSON_EVENT_OBJECT)
        return take_json_object(l, j, is_inner);
    if (e == JSON_EVENT_ERROR)
        return json_is_broken(l, j);
    char id[13];
    bool ok = e == JSON_EVENT_STRING || e == JSON_EVENT_NUMBER;
    for (struct slice text = j->text, word; ok && slice_next_word(&text, &word);) {
        ok = read_id(word, id);
        if (ok)
            add_listed(l, id, slice_of(""));
    }
    return ok || has_no_id(l, j->line);
}

/* Read one or more documents, because pages may have been appended to one file. */
static bool read_json_accounts(struct account_list *l, struct slice text)
{
    struct json_reader j;
    enum json_event e;
    json_reader_start(&j, text);
    j.finds_doubles = j.many = true;
    bool ok = true;
    while (ok && (e = json_reader_next(&j)) != JSON_EVENT_END)
        ok = take_json(l, &j, e, false);
    if (ok && j.doubles.count)
        ok = error_set(l->err, "%s:%zu: \"%s\" occurs twice in one object", l->path, j.doubles.line, j.doubles.name);
    json_reader_free(&j);
    return ok;
}

/* ---- YAML ---- */

/* Whether TEXT begins like the YAML that the aws command prints. */
static bool is_yaml_list(struct slice text)
{
    const char *lf = memchr(text.data, '\n', text.len);
    struct slice line = slice_trimmed((struct slice){text.data, lf ? (size_t)(lf - text.data) : text.len});
    bool is_key = line.len > 1 && line.data[line.len - 1] == ':';
    return slice_equal(line, slice_of("---")) || (line.len > 2 && memcmp(line.data, "- ", 2) == 0)
        || (is_key && is_container((struct slice){line.data, line.len - 1}));
}

#ifdef WITH_YAML
/* Converts YAML to JSON, with every scalar as a string. */
struct yaml_to_json {
    struct buffer out;
    struct { bool is_object, is_value; size_t count; } open[JSON_DEPTH_MAX];
    size_t depth;
};

static void put_json_string(struct buffer *out, struct slice text)
{
    buffer_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < ' ' || c == '"' || c == '\\')
            buffer_printf(out, "\\u%04x", c);
        else
            buffer_putc(out, (char)c);
    }
    buffer_putc(out, '"');
}

/* Append the separator before a value. Returns false if a list or an object is a key. */
static bool begin_json_value(struct yaml_to_json *y, bool is_scalar)
{
    if (!y->depth) {
        buffer_putc(&y->out, '\n');
        return true;
    }
    bool is_value = y->open[y->depth - 1].is_value;
    if (y->open[y->depth - 1].is_object && !is_value && !is_scalar)
        return false;
    if (is_value)
        buffer_puts(&y->out, ": ");
    else if (y->open[y->depth - 1].count++)
        buffer_puts(&y->out, ", ");
    y->open[y->depth - 1].is_value = y->open[y->depth - 1].is_object && !is_value;
    return true;
}

static bool yaml_event_to_json(struct yaml_to_json *y, const yaml_event_t *event)
{
    bool is_object = event->type == YAML_MAPPING_START_EVENT;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (!begin_json_value(y, true))
            return false;
        put_json_string(&y->out, (struct slice){(const char *)event->data.scalar.value, event->data.scalar.length});
        return true;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        if (y->depth == JSON_DEPTH_MAX || !begin_json_value(y, false))
            return false;
        y->open[y->depth].is_object = is_object;
        y->open[y->depth].is_value = false;
        y->open[y->depth++].count = 0;
        buffer_putc(&y->out, is_object ? '{' : '[');
        return true;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        buffer_putc(&y->out, event->type == YAML_MAPPING_END_EVENT ? '}' : ']');
        y->depth--;
        return true;
    default:
        return event->type != YAML_ALIAS_EVENT;
    }
}

static bool read_yaml_accounts(struct account_list *l, struct slice text)
{
    yaml_parser_t parser;
    struct yaml_to_json y = {.out = {0}};
    bool ok = true, ended = false;
    if (!yaml_parser_initialize(&parser))
        return error_set(l->err, "%s: out of memory", l->path);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.len);
    while (ok && !ended) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            ok = error_set(l->err, "%s:%zu: broken YAML: %s", l->path, parser.problem_mark.line + 1,
                parser.problem ? parser.problem : "out of memory");
            break;
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        ok = yaml_event_to_json(&y, &event) || error_set(l->err,
            "%s:%zu: expected YAML as aws organizations list-accounts --output yaml prints it", l->path,
            event.start_mark.line + 1);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    ok = ok && read_json_accounts(l, (struct slice){y.out.len ? y.out.data : "", y.out.len});
    buffer_free(&y.out);
    return ok;
}
#else
static bool read_yaml_accounts(struct account_list *l, struct slice text)
{
    (void)text;
    return error_set(l->err, "%s: YAML, which this ncred was built without; list the accounts with --output json",
        l->path);
}
#endif

/* ---- rows under a header ---- */

/* The field in each column of a table, as found in its header. */
struct columns {
    enum list_field fields[FIELDS_MAX];
    size_t count; /* 0 if there is no header */
};

/* Whether CELLS are a header. If so, COLUMNS is set from it. */
static bool take_account_header(struct columns *c, const struct slice *cells, size_t count)
{
    struct columns found = {.count = count};
    size_t ids = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_id(cells[i]))
            return false;
        found.fields[i] = account_field_of(cells[i]);
        ids += found.fields[i] == FIELD_ID;
    }
    if (ids)
        *c = found;
    return ids;
}

/* Add the account in a row below the header. */
static bool take_row_of_columns(struct account_list *l, const struct columns *c, const struct slice *cells, size_t line)
{
    struct slice values[FIELDS] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
    for (size_t i = 0; i < c->count; i++) {
        /* "Account" may stand beside "Account ID": the cell with a number counts */
        if (c->fields[i] < FIELDS && (c->fields[i] != FIELD_ID || is_id(cells[i])))
            values[c->fields[i]] = cells[i];
    }
    return take_account(l, values) || has_no_id(l, line);
}

/* ---- --output table ---- */

/* Split LINE at its bars into at most FIELDS_MAX cells. WIDE: only a bar followed by two blanks separates. */
static size_t split_cells(struct slice line, bool wide, struct slice *cells)
{
    size_t count = 0;
    while (line.len && line.data[0] == '|')
        line = (struct slice){line.data + 1, line.len - 1};
    while (line.len && line.data[line.len - 1] == '|')
        line.len--;
    for (size_t start = 0, at = 0; at <= line.len && count < FIELDS_MAX; at++) {
        bool is_bar = at < line.len && line.data[at] == '|'
            && (!wide || (at + 2 < line.len && line.data[at + 1] == ' ' && line.data[at + 2] == ' '));
        if (at < line.len && !is_bar)
            continue;
        cells[count++] = slice_trimmed((struct slice){line.data + start, at - start});
        start = at + 1;
    }
    return count;
}

/* The fields of a single account, whose table has one row per field. */
struct member_rows {
    struct slice values[FIELDS];
};

static bool take_member_rows(struct account_list *l, struct member_rows *m)
{
    bool ok = !m->values[FIELD_ID].len || take_account(l, m->values);
    *m = (struct member_rows){{{"", 0}, {"", 0}, {"", 0}, {"", 0}}};
    return ok;
}

static bool take_table_row(struct account_list *l, struct columns *c, struct member_rows *m, struct slice line,
    size_t number)
{
    struct slice cells[FIELDS_MAX], plain[FIELDS_MAX];
    size_t count = split_cells(line, true, cells), plain_count = split_cells(line, false, plain);
    if (count == 2 && account_field_of(cells[0]) < FIELDS && (account_field_of(cells[0]) != FIELD_ID || is_id(cells[1]))
        && (!c->count || c->count != 2)) {
        m->values[account_field_of(cells[0])] = cells[1];
        return true;
    }
    if (plain_count > 1 && take_account_header(c, plain, plain_count))
        return true;
    if (c->count && (count == c->count || plain_count == c->count))
        return take_row_of_columns(l, c, count == c->count ? cells : plain, number);
    l->a.is_cut |= count == 2 && slice_equal(cells[0], slice_of("NextToken"));
    take_fields(l, cells, count); /* if this fails, the line is a title or another field */
    return true;
}

/* Remove the first line from TEXT, which is not empty. Returns it without the blanks around it. */
static struct slice next_list_line(struct slice *text)
{
    const char *lf = memchr(text->data, '\n', text->len);
    struct slice line = {text->data, lf ? (size_t)(lf - text->data) : text->len};
    size_t taken = line.len + (lf != NULL);
    *text = (struct slice){text->data + taken, text->len - taken};
    return slice_trimmed(line);
}

static bool read_table(struct account_list *l, struct slice text)
{
    struct columns c = {.count = 0};
    struct member_rows m = {{{"", 0}, {"", 0}, {"", 0}, {"", 0}}};
    bool ok = true;
    for (size_t number = 1; ok && text.len; number++) {
        struct slice line = next_list_line(&text);
        size_t bars = 0;
        while (bars < line.len && line.data[bars] == '|')
            bars++;
        if (bars < line.len && bars && line.data[bars] != '+')
            ok = take_table_row(l, &c, &m, line, number);
        else /* a ruler */
            ok = take_member_rows(l, &m);
    }
    return take_member_rows(l, &m) && ok;
}

static bool is_table(struct slice text)
{
    size_t n = 0;
    while (n < text.len && text.data[n] == '-')
        n++;
    return n > 3 && n < text.len && (text.data[n] == '\n' || text.data[n] == '\r');
}

/* ---- lines ---- */

/* Split LINE at its tabs into at most FIELDS_MAX fields. */
static size_t split_tabs(struct slice line, struct slice *fields)
{
    size_t count = 0;
    while (count < FIELDS_MAX) {
        const char *tab = line.len ? memchr(line.data, '\t', line.len) : NULL;
        fields[count++] = slice_trimmed((struct slice){line.data, tab ? (size_t)(tab - line.data) : line.len});
        if (!tab)
            break;
        size_t n = (size_t)(tab - line.data) + 1;
        line = (struct slice){line.data + n, line.len - n};
    }
    return count;
}

/*
 * Split a CSV line into at most FIELDS_MAX cells. ROOM, of at least LINE.len bytes, holds them without quotation marks.
 */
static size_t split_commas(struct slice line, char comma, char *room, struct slice *cells)
{
    size_t count = 0, used = 0, start = 0;
    bool quoted = false;
    for (size_t i = 0; i <= line.len && count < FIELDS_MAX; i++) {
        char c = i < line.len ? line.data[i] : comma;
        if (c == '"' && quoted && i + 1 < line.len && line.data[i + 1] == '"') {
            room[used++] = line.data[++i];
        } else if (c == '"' && i < line.len) {
            quoted = !quoted;
        } else if (i == line.len || (c == comma && !quoted)) {
            cells[count++] = slice_trimmed((struct slice){room + start, used - start});
            start = used;
        } else {
            room[used++] = c;
        }
    }
    return count;
}

/* Return the next word of S, which ends at a blank, comma or semicolon, and advance S. Empty if there is none. */
static struct slice account_word(struct slice *s)
{
    size_t start = 0, end;
    while (start < s->len && strchr(", \t;", s->data[start]))
        start++;
    for (end = start; end < s->len && !strchr(", \t;", s->data[end]); end++)
        ;
    struct slice word = {s->data + start, end - start};
    *s = (struct slice){s->data + end, s->len - end};
    return word;
}

/* Add the accounts in a line of account numbers. Returns false if LINE has anything else. */
static bool take_numbers(struct account_list *l, struct slice line)
{
    char id[13];
    struct slice rest = line, word;
    while ((word = account_word(&rest)).len) {
        if (!is_id(word))
            return false;
    }
    for (rest = line; (word = account_word(&rest)).len && read_id(word, id);)
        add_listed(l, id, (struct slice){"", 0});
    return true;
}

/*
 * Add the account in a line with a number and perhaps a name, quoted or not. Returns false if LINE is something else.
 */
static bool take_named(struct account_list *l, struct slice line)
{
    struct slice rest = line, number = account_word(&rest), name = slice_trimmed(rest);
    char id[13];
    if (!read_id(number, id))
        return false;
    if (name.len && (name.data[0] == ',' || name.data[0] == ';'))
        name = slice_trimmed((struct slice){name.data + 1, name.len - 1});
    if (name.len >= 2 && name.data[0] == '"' && name.data[name.len - 1] == '"')
        name = (struct slice){name.data + 1, name.len - 2};
    add_listed(l, id, name);
    return true;
}

struct lines {
    struct columns columns; /* from the header of a CSV file */
    char comma;             /* separator of its cells */
    char asked;             /* the separator that a line before the header tells, or NUL */
    size_t first;           /* number of the first line */
    bool is_printed;        /* a line of --output text was found; such output has other lines, too */
};

/*
 * Add the account in a line of --output text, which begins with its kind and has the fields sorted by name: ACCOUNTS
 * Arn Email Id JoinedMethod JoinedTimestamp Name (State) Status. Returns false if LINE is something else.
 */
static bool take_printed(struct account_list *l, struct lines *lines, const struct slice *fields, size_t count)
{
    static const struct {
        const char *word;
        size_t id, name; /* indexes of these fields */
    } kinds[] = {{"ACCOUNTS", 3, 6}, {"ACCOUNT", 3, 6}, {"CHILDREN", 1, SIZE_MAX}, {"DELEGATEDADMINISTRATORS", 4, 7}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        if (count < 2 || !slice_equal(fields[0], slice_of(kinds[k].word)))
            continue;
        struct slice values[FIELDS] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
        lines->is_printed = true;
        if (kinds[k].id < count)
            values[FIELD_ID] = fields[kinds[k].id];
        if (kinds[k].name < count)
            values[FIELD_NAME] = fields[kinds[k].name];
        for (size_t i = kinds[k].name; i < count && i != SIZE_MAX; i++) {
            if (i > kinds[k].name && is_state(fields[i])
                && (!values[FIELD_STATE].len || !slice_equal(fields[i], slice_of("ACTIVE"))))
                values[FIELD_STATE] = fields[i];
        }
        /* with --query, a list of another shape may have the same kind */
        return take_account(l, values) || take_fields(l, fields + 1, count - 1);
    }
    return false;
}

/* Take LINE as the header of a CSV file. Returns false unless it has several cells, one of them an account number's. */
static bool take_csv_header(struct lines *lines, struct slice line)
{
    char *room = xcalloc(line.len + 1, 1);
    struct slice cells[FIELDS_MAX];
    const char commas[] = {lines->asked ? lines->asked : ',', ',', ';', '\t'};
    bool ok = false;
    for (size_t i = 0; !ok && i < sizeof commas; i++) {
        size_t count = split_commas(line, commas[i], room, cells);
        lines->comma = commas[i];
        ok = count > 1 && take_account_header(&lines->columns, cells, count);
    }
    free(room);
    return ok;
}

static bool take_csv_row(struct account_list *l, const struct lines *lines, struct slice line, size_t number)
{
    char *room = xcalloc(line.len + 1, 1);
    struct slice cells[FIELDS_MAX];
    size_t count = split_commas(line, lines->comma, room, cells);
    while (count < lines->columns.count)
        cells[count++] = (struct slice){"", 0};
    bool ok = take_row_of_columns(l, &lines->columns, cells, number);
    free(room);
    return ok;
}

static bool take_account_line(struct account_list *l, struct lines *lines, struct slice line, size_t number)
{
    struct slice fields[FIELDS_MAX];
    size_t count = split_tabs(line, fields);
    if (lines->columns.count)
        return take_csv_row(l, lines, line, number);
    if (take_printed(l, lines, fields, count))
        return true;
    l->a.is_cut |= lines->is_printed && count == 2 && slice_equal(fields[0], slice_of("NEXTTOKEN"));
    if (lines->is_printed && !slice_equal(fields[0], slice_of("ACCOUNTS")))
        return true; /* skip PATHS, NEXTTOKEN and the like */
    if (take_numbers(l, line) || (count > 1 && take_fields(l, fields, count)) || take_named(l, line))
        return true;
    bool is_title = number == lines->first && slice_contains_nocase(line, slice_of("account"))
        && !slice_equal(fields[0], slice_of("ACCOUNTS"));
    if (!l->a.count && (take_csv_header(lines, line) || is_title))
        return true;
    return error_set(l->err, "%s:%zu: expected an account number of twelve digits, then perhaps a name, not \"%.*s\"",
        l->path, number, (int)(line.len < 60 ? line.len : 60), line.data);
}

static bool read_account_lines(struct account_list *l, struct slice text)
{
    struct lines lines = {.comma = ','};
    bool ok = true;
    lines.first = parse_skip_prelude(&text, &lines.asked) + 1;
    for (size_t number = lines.first; ok && text.len; number++) {
        struct slice line = next_list_line(&text);
        if (line.len && line.data[0] != '#')
            ok = take_account_line(l, &lines, line, number);
    }
    return ok;
}

/* ---- all forms ---- */

/* Whether TEXT is JSON: a list, an object, or a single string. */
static bool is_json_list(struct slice text)
{
    return text.len && (text.data[0] == '{' || text.data[0] == '['
        || (text.data[0] == '"' && memchr(text.data + 1, '"', text.len - 1) == text.data + text.len - 1));
}

bool account_list_read(struct accounts *a, const char *path, struct error *err)
{
    struct account_list l = {.path = path, .err = err};
    struct buffer bytes = {0};
    bool ok = source_read_text(path, &bytes, err);
    struct slice text = slice_trimmed((struct slice){bytes.data ? bytes.data : "", bytes.len});
    if (ok && is_json_list(text))
        ok = read_json_accounts(&l, text);
    else if (ok && text.len && is_table(text))
        ok = read_table(&l, text);
    else if (ok && text.len && is_yaml_list(text))
        ok = read_yaml_accounts(&l, text);
    else if (ok)
        ok = read_account_lines(&l, text);
    buffer_free(&bytes);
    if (ok && !l.a.count)
        ok = error_set(err, "%s: there is no account in it", path);
    if (ok)
        accounts_add(a, &l.a);
    accounts_free(&l.a);
    return ok;
}
