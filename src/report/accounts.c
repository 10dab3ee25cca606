/* Reading lists of accounts; the order of numbers makes finding one quick. */
#include "report/accounts.h"

#include "base/source.h"

#include <jansson.h>
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

static void add(struct accounts *a, const char *id, struct slice name)
{
    struct account *same = NULL;
    for (size_t i = 0; i < a->count && !same; i++)
        same = strcmp(a->list[i].id, id) == 0 ? &a->list[i] : NULL;
    if (!same) {
        a->list = xrealloc(a->list, a->count + 1, sizeof *a->list);
        same = &a->list[a->count++];
        *same = (struct account){.name = NULL};
        snprintf(same->id, sizeof same->id, "%s", id);
    } else if (!name.len) {
        return;
    }
    free(same->name);
    same->name = xcalloc(name.len + 1, 1);
    if (name.len)
        memcpy(same->name, name.data, name.len);
}

static struct slice json_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)}
                                 : (struct slice){"", 0};
}

static bool read_json(struct accounts *a, const char *path, struct slice text, struct error *err)
{
    json_error_t why;
    json_t *root = json_loadb(text.data, text.len, 0, &why);
    if (!root)
        return error_set(err, "%s:%d: broken JSON: %s", path, why.line, why.text);
    const json_t *list = json_is_array(root) ? root : json_object_get(root, "Accounts");
    bool ok = json_is_array(list)
        || error_set(err, "%s: no list of Accounts in it; aws organizations list-accounts writes one", path);
    for (size_t i = 0; ok && i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct slice status = json_text(one, "Status");
        char id[13];
        if (!read_id(json_text(one, "Id"), id))
            ok = error_set(err, "%s: account %zu of the list has no Id of twelve digits", path, i + 1);
        else if (!status.len || slice_equal(status, slice_of("ACTIVE")))
            add(a, id, json_text(one, "Name"));
    }
    json_decref(root);
    return ok;
}

static bool read_lines(struct accounts *a, const char *path, struct slice text, struct error *err)
{
    for (size_t line = 1; text.len; line++) {
        const char *lf = memchr(text.data, '\n', text.len);
        size_t n = lf ? (size_t)(lf - text.data) : text.len;
        struct slice s = slice_trimmed((struct slice){text.data, n});
        text = (struct slice){text.data + n + (lf != NULL), text.len - n - (lf != NULL)};
        if (!s.len || s.data[0] == '#')
            continue;
        size_t end = 0;
        while (end < s.len && !strchr(", \t;", s.data[end]))
            end++;
        struct slice name = slice_trimmed((struct slice){s.data + end, s.len - end});
        if (name.len && (name.data[0] == ',' || name.data[0] == ';'))
            name = slice_trimmed((struct slice){name.data + 1, name.len - 1});
        if (name.len >= 2 && name.data[0] == '"' && name.data[name.len - 1] == '"')
            name = (struct slice){name.data + 1, name.len - 2};
        char id[13];
        if (read_id((struct slice){s.data, end}, id))
            add(a, id, name);
        else if (line > 1 || !slice_contains_nocase(s, slice_of("account")))
            return error_set(err, "%s:%zu: an account number of twelve digits is wanted, then perhaps a name, "
                "not \"%.*s\"", path, line, (int)(s.len < 60 ? s.len : 60), s.data);
    }
    return true;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct account *)a)->id, ((const struct account *)b)->id);
}

bool accounts_read(struct accounts *a, const char *path, struct error *err)
{
    struct buffer bytes = {0};
    bool ok = source_read(path, &bytes, NULL, err);
    struct slice text = slice_trimmed((struct slice){bytes.data ? bytes.data : "", bytes.len});
    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        text = slice_trimmed((struct slice){text.data + 3, text.len - 3});
    if (ok && text.len && (text.data[0] == '{' || text.data[0] == '['))
        ok = read_json(a, path, text, err);
    else if (ok)
        ok = read_lines(a, path, text, err);
    buffer_free(&bytes);
    if (ok && a->count == 0)
        ok = error_set(err, "%s: there is no account in it", path);
    if (a->count)
        qsort(a->list, a->count, sizeof *a->list, by_id);
    return ok;
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
