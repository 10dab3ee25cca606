/* Reading lists of accounts; the order of numbers makes finding one quick. */
#include "report/accounts.h"

#include "base/hash_index.h"
#include "base/json_reader.h"
#include "base/source.h"

#include <stdio.h>
#include <stdlib.h>

/* Whether ID is twelve digits; dashes, as the console shows them, are taken out into OUT. */
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

/* A list that is being read; of two lines with the same number the later name counts. */
struct account_list {
    struct accounts *a;
    const char *path;
    struct hash_index index;
};

static struct slice account_id(const void *accounts, uint32_t number)
{
    return slice_of(((const struct accounts *)accounts)->list[number].id);
}

static void add_account(struct account_list *l, const char *id, struct slice name)
{
    struct accounts *a = l->a;
    uint32_t *slot = hash_index_add(&l->index, slice_of(id), hash_text(slice_of(id)));
    bool is_new = !*slot;
    if (!is_new && !name.len)
        return;
    if (is_new) {
        if ((a->count & (a->count - 1)) == 0)
            a->list = xrealloc(a->list, a->count ? a->count * 2 : 1, sizeof *a->list);
        struct account *one = &a->list[a->count++];
        *one = (struct account){.name = NULL};
        snprintf(one->id, sizeof one->id, "%s", id);
        *slot = (uint32_t)a->count;
    }
    struct account *same = &a->list[*slot - 1];
    free(same->name);
    same->name = slice_copy(name);
}

static bool json_is_broken(const struct account_list *l, const struct json_reader *j, struct error *err)
{
    return error_set(err, "%s:%zu: broken JSON: %s", l->path, j->line, j->error);
}

/* The members of an account, whose { was read, up to its end. */
static bool read_json_account(struct account_list *l, struct json_reader *j, size_t number, struct error *err)
{
    static const char *const keys[] = {"Id", "Name", "Status", "State"};
    enum { ID, NAME, STATUS, STATE, KEYS };
    struct buffer values[KEYS] = {{0}};
    enum json_event e;
    char id[13];
    while ((e = json_reader_next(j)) == JSON_EVENT_KEY) {
        size_t k = 0;
        while (k < KEYS && !slice_equal(j->text, slice_of(keys[k])))
            k++;
        if (k < KEYS && json_reader_next(j) == JSON_EVENT_STRING) {
            values[k].len = 0;
            buffer_add(&values[k], j->text.data, j->text.len);
        } else if (!json_reader_skip(j)) {
            break;
        }
    }
    /* State is what takes the place of Status */
    const struct buffer *tells = &values[values[STATE].len ? STATE : STATUS];
    struct slice status = {tells->data, tells->len};
    bool ok = e == JSON_EVENT_OBJECT_END || json_is_broken(l, j, err);
    if (ok && !read_id((struct slice){values[ID].data, values[ID].len}, id))
        ok = error_set(err, "%s: account %zu of the list has no Id of twelve digits", l->path, number);
    if (ok && (!status.len || slice_equal(status, slice_of("ACTIVE"))))
        add_account(l, id, (struct slice){values[NAME].data, values[NAME].len});
    for (size_t k = 0; k < KEYS; k++)
        buffer_free(&values[k]);
    return ok;
}

/* The elements of the list, whose [ was read. */
static bool read_json_list(struct account_list *l, struct json_reader *j, struct error *err)
{
    enum json_event e;
    for (size_t number = 1; (e = json_reader_next(j)) != JSON_EVENT_ARRAY_END; number++) {
        char id[13];
        bool is_id = e == JSON_EVENT_STRING && read_id(j->text, id);
        if (is_id)
            add_account(l, id, (struct slice){"", 0});
        if (is_id)
            continue;
        if (e == JSON_EVENT_ERROR || (e != JSON_EVENT_OBJECT && !json_reader_skip(j)))
            return json_is_broken(l, j, err);
        if (e != JSON_EVENT_OBJECT)
            return error_set(err, "%s: account %zu of the list has no Id of twelve digits", l->path, number);
        if (!read_json_account(l, j, number, err))
            return false;
    }
    return true;
}

/* A list of accounts, or an object with one as its member Accounts. */
static bool read_json(struct account_list *l, struct slice text, struct error *err)
{
    struct json_reader j;
    json_reader_start(&j, text);
    j.finds_doubles = true;
    enum json_event e = json_reader_next(&j);
    bool is_list = e == JSON_EVENT_ARRAY, ok = !is_list || read_json_list(l, &j, err);
    while (ok && (e = json_reader_next(&j)) != JSON_EVENT_END && e != JSON_EVENT_ERROR) {
        bool is_accounts = e == JSON_EVENT_KEY && slice_equal(j.text, slice_of("Accounts"));
        if (is_accounts && json_reader_next(&j) == JSON_EVENT_ARRAY) {
            is_list = true;
            ok = read_json_list(l, &j, err);
        } else if (e == JSON_EVENT_KEY) {
            json_reader_skip(&j);
        }
    }
    if (ok && e == JSON_EVENT_ERROR)
        ok = json_is_broken(l, &j, err);
    if (ok && j.doubles.count)
        ok = error_set(err, "%s:%zu: \"%s\" stands twice in one object", l->path, j.doubles.line, j.doubles.name);
    if (ok && !is_list)
        ok = error_set(err, "%s: no list of Accounts in it; aws organizations list-accounts writes one", l->path);
    json_reader_free(&j);
    return ok;
}

/* The next word of S, which ends at a blank, a comma or a semicolon; empty: there is none. */
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

/* One line or several numbers without names: "111111111111 222222222222", as --output text prints a list. */
static bool read_numbers(struct account_list *l, struct slice line)
{
    char id[13];
    size_t count = 0;
    struct slice rest = line, word;
    while ((word = account_word(&rest)).len) {
        if (!read_id(word, id))
            return false;
        count++;
    }
    for (rest = line; count > 1 && (word = account_word(&rest)).len;) {
        if (read_id(word, id))
            add_account(l, id, (struct slice){"", 0});
    }
    return count > 1;
}

/* The next field of a line of --output text. */
static struct slice next_field(struct slice *s)
{
    const char *tab = s->len ? memchr(s->data, '\t', s->len) : NULL;
    struct slice field = {s->data, tab ? (size_t)(tab - s->data) : s->len};
    size_t n = field.len + (tab != NULL);
    *s = (struct slice){s->data + n, s->len - n};
    return slice_trimmed(field);
}

/*
 * A line of aws organizations list-accounts --output text, which has an account's members in the order of their names:
 * ACCOUNTS Arn Email Id JoinedMethod JoinedTimestamp Name (Paths State) Status.
 */
static bool read_printed(struct account_list *l, struct slice line, size_t number, struct error *err)
{
    enum { ID = 3, NAME = 6 };
    static const char *const closed[] = {"SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"};
    struct slice name = {"", 0};
    char id[13] = "";
    bool is_closed = false, ok = true;
    for (size_t field = 0; line.len; field++) {
        struct slice s = next_field(&line);
        if (field == ID)
            ok = read_id(s, id);
        if (field == NAME)
            name = s;
        for (size_t i = 0; field > NAME && i < sizeof closed / sizeof closed[0]; i++)
            is_closed |= slice_equal(s, slice_of(closed[i]));
    }
    if (!ok || !id[0])
        return error_set(err, "%s:%zu: no account number in the fourth field of a line that begins with ACCOUNTS", l->path,
            number);
    if (!is_closed)
        add_account(l, id, name);
    return true;
}

/* A number, then perhaps a name. False: it is none. */
static bool read_named(struct account_list *l, struct slice line)
{
    struct slice rest = line, number = account_word(&rest), name = slice_trimmed(rest);
    char id[13];
    if (!read_id(number, id))
        return false;
    if (name.len && (name.data[0] == ',' || name.data[0] == ';'))
        name = slice_trimmed((struct slice){name.data + 1, name.len - 1});
    if (name.len >= 2 && name.data[0] == '"' && name.data[name.len - 1] == '"')
        name = (struct slice){name.data + 1, name.len - 2};
    add_account(l, id, name);
    return true;
}

static bool read_account_lines(struct account_list *l, struct slice text, struct error *err)
{
    bool is_printed = false;
    for (size_t line = 1; text.len; line++) {
        const char *lf = memchr(text.data, '\n', text.len);
        size_t n = lf ? (size_t)(lf - text.data) : text.len;
        struct slice s = slice_trimmed((struct slice){text.data, n});
        text = (struct slice){text.data + n + (lf != NULL), text.len - n - (lf != NULL)};
        if (!s.len || s.data[0] == '#')
            continue;
        struct slice rest = s, first = next_field(&rest);
        bool is_account = rest.len && slice_equal(first, slice_of("ACCOUNTS"));
        is_printed |= is_account;
        if (is_account && !read_printed(l, s, line, err))
            return false;
        /* such text has lines of other things too: PATHS, NEXTTOKEN */
        if (is_account || is_printed || read_numbers(l, s) || read_named(l, s))
            continue;
        if (line > 1 || !slice_contains_nocase(s, slice_of("account")))
            return error_set(err, "%s:%zu: expected an account number of twelve digits, then perhaps a name, "
                "not \"%.*s\"", l->path, line, (int)(s.len < 60 ? s.len : 60), s.data);
    }
    return true;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct account *)a)->id, ((const struct account *)b)->id);
}

bool accounts_read(struct accounts *a, const char *path, struct error *err)
{
    struct account_list l = {.a = a, .path = path, .index = {.text = account_id, .owner = a}};
    struct buffer bytes = {0};
    for (size_t i = 0; i < a->count; i++)
        *hash_index_add(&l.index, account_id(a, (uint32_t)i), hash_text(account_id(a, (uint32_t)i))) = (uint32_t)i + 1;
    bool ok = source_read_text(path, &bytes, err);
    struct slice text = slice_trimmed((struct slice){bytes.data ? bytes.data : "", bytes.len});
    if (ok && text.len && (text.data[0] == '{' || text.data[0] == '['))
        ok = read_json(&l, text, err);
    else if (ok)
        ok = read_account_lines(&l, text, err);
    buffer_free(&bytes);
    hash_index_free(&l.index);
    if (ok && a->count == 0)
        ok = error_set(err, "%s: there is no account in it", path);
    if (a->count)
        qsort(a->list, a->count, sizeof *a->list, by_id);
    return ok;
}

void accounts_add(struct accounts *a, const struct accounts *more)
{
    struct account_list l = {.a = a, .path = "", .index = {.text = account_id, .owner = a}};
    for (size_t i = 0; i < a->count; i++)
        *hash_index_add(&l.index, account_id(a, (uint32_t)i), hash_text(account_id(a, (uint32_t)i))) = (uint32_t)i + 1;
    for (size_t i = 0; i < more->count; i++)
        add_account(&l, more->list[i].id, slice_of(more->list[i].name ? more->list[i].name : ""));
    hash_index_free(&l.index);
    if (a->count)
        qsort(a->list, a->count, sizeof *a->list, by_id);
}

struct slice accounts_name(const struct accounts *a, struct slice id)
{
    struct account key = {.name = NULL};
    if (!a || !a->count || id.len != 12)
        return (struct slice){"", 0};
    memcpy(key.id, id.data, 12);
    const struct account *found = bsearch(&key, a->list, a->count, sizeof *a->list, by_id);
    return found ? slice_of(found->name) : (struct slice){"", 0};
}

void accounts_free(struct accounts *a)
{
    for (size_t i = 0; i < a->count; i++)
        free(a->list[i].name);
    free(a->list);
    *a = (struct accounts){0};
}
