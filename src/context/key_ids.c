/* Reads access key IDs (IAM API reference, ListAccessKeys) and looks them up by user and time, or by id. */
#include "context/key_ids.h"

#include "aws/arn.h"
#include "base/memory.h"
#include "base/json_reader.h"
#include "base/timestamp.h"
#include "read/rows.h"

#include <stdlib.h>

struct key_ids *key_ids_new(void)
{
    return xcalloc(1, sizeof(struct key_ids));
}

void key_ids_free(struct key_ids *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->count; i++) {
        free(k->list[i].id);
        free(k->list[i].user);
        free(k->list[i].partition);
    }
    for (size_t i = 0; i < k->file_count; i++)
        free(k->files[i]);
    free(k->files);
    free(k->list);
    free(k->by_id);
    buffer_free(&k->notes);
    free(k);
}

/* The members of an entry: their names in JSON and as columns of a table, in any case. */
enum member { MEMBER_USER, MEMBER_ID, MEMBER_STATUS, MEMBER_CREATED, MEMBER_ARN, MEMBER_ACCOUNT, MEMBER_PARTITION,
    MEMBER_COUNT };
static const char *const member_names[MEMBER_COUNT][6] = {
    [MEMBER_USER] = {"UserName", "user", "user_name"},
    [MEMBER_ID] = {"AccessKeyId", "access_key_id", "key_id", "access_key"},
    [MEMBER_STATUS] = {"Status", "key_status"},
    [MEMBER_CREATED] = {"CreateDate", "create_date", "created", "create_time", "creation_date"},
    [MEMBER_ARN] = {"arn", "user_arn", "UserArn"},
    [MEMBER_ACCOUNT] = {"account", "account_id", "AccountId", "aws_account_id"},
    [MEMBER_PARTITION] = {"partition"},
};

/* NAME is compared with _ for each blank: AWS's console writes "Access key ID". */
static enum member member_of_name(struct slice name)
{
    if (name.len && memchr(name.data, '\0', name.len)) /* as a C string it would end there */
        return MEMBER_COUNT;
    char *written = slice_copy(name);
    enum member m = 0;
    for (char *c = written; *c; c++)
        *c = *c == ' ' ? '_' : *c;
    for (; m < MEMBER_COUNT; m++) {
        size_t i = 0, most = sizeof member_names[m] / sizeof member_names[m][0];
        while (i < most && member_names[m][i] && !slice_equal_nocase(slice_of(written), slice_of(member_names[m][i])))
            i++;
        if (i < most && member_names[m][i])
            break;
    }
    free(written);
    return m;
}

/* Set the account of an entry: its id's, else the file's columns tell it. Only those columns tell the partition. */
static void key_id_take_account(struct key_id *id, const struct slice *members)
{
    struct slice arn = members[MEMBER_ARN], partition = arn_partition(arn);
    struct slice number = arn_account_number(arn_account(arn));
    if (!number.len)
        number = arn_account_number(members[MEMBER_ACCOUNT]);
    if (!id->account[0] && number.len == sizeof id->account - 1)
        memcpy(id->account, number.data, number.len);
    if (!partition.len)
        partition = members[MEMBER_PARTITION];
    id->partition = partition.len ? slice_copy(partition) : NULL;
}

/* Add an entry of MEMBERS, which are trimmed. Without a user name, the ARN has it. */
static void key_ids_add_entry(struct key_ids *k, struct slice *members)
{
    struct key_id id = {.created = INT64_MIN};
    for (enum member m = 0; m < MEMBER_COUNT; m++)
        members[m] = slice_trimmed(members[m]);
    if (!members[MEMBER_USER].len)
        members[MEMBER_USER] = arn_user(members[MEMBER_ARN]);
    bool is_cut = memchr(members[MEMBER_USER].data, '\0', members[MEMBER_USER].len) != NULL; /* no user name has one */
    if (is_cut || access_key_id_parse(members[MEMBER_ID], id.account) == ACCESS_KEY_ID_NONE) {
        k->not_ids++;
        return;
    }
    if ((k->count & (k->count - 1)) == 0)
        k->list = xrealloc(k->list, k->count ? k->count * 2 : 1, sizeof *k->list);
    id.id = slice_copy(members[MEMBER_ID]);
    id.user = slice_copy(members[MEMBER_USER]);
    key_id_take_account(&id, members);
    id.has_status = members[MEMBER_STATUS].len > 0;
    id.is_active = slice_equal_nocase(members[MEMBER_STATUS], slice_of("Active"));
    id.file = k->files[k->file_count - 1];
    if (!timestamp_parse(members[MEMBER_CREATED], &id.created))
        id.created = INT64_MIN;
    k->timeless += id.created == INT64_MIN;
    k->list[k->count++] = id;
}

/* ---- JSON ---- */

static bool key_ids_read_value(struct json_reader *j, enum json_event e, struct key_ids *k, bool *found);

/*
 * Read the list in AccessKeyMetadata, whose first event is E. Elements that are no entries are counted. Returns false
 * if the JSON is broken, or if it is no list: *IS_LIST is then false.
 */
static bool key_ids_read_list(struct json_reader *j, enum json_event e, struct key_ids *k, bool *found, bool *is_list)
{
    *is_list = e == JSON_EVENT_ARRAY;
    if (!*is_list)
        return false;
    while ((e = json_reader_next(j)) != JSON_EVENT_ARRAY_END) {
        size_t before = k->count + k->not_ids;
        if (!key_ids_read_value(j, e, k, found))
            return false;
        k->not_ids += k->count + k->not_ids == before;
    }
    return true;
}

/* Read the members of an object whose { was read: an entry, or a document with entries in AccessKeyMetadata. */
static bool key_ids_read_object(struct json_reader *j, struct key_ids *k, bool *found)
{
    struct buffer texts[MEMBER_COUNT] = {0};
    bool has_id = false;
    enum json_event e;
    bool ok = true;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        enum member m = member_of_name(j->text);
        if (slice_equal(j->text, slice_of("AccessKeyMetadata"))) {
            bool is_list;
            *found = true;
            ok = key_ids_read_list(j, json_reader_next(j), k, found, &is_list);
            if (!is_list && !j->error)
                j->error = "AccessKeyMetadata is no list";
        } else if (m == MEMBER_COUNT) {
            ok = json_reader_skip(j);
        } else {
            e = json_reader_next(j);
            bool is_text = e == JSON_EVENT_STRING || e == JSON_EVENT_NUMBER;
            texts[m].len = 0;
            if (is_text)
                buffer_add(&texts[m], j->text.data, j->text.len);
            has_id = m == MEMBER_ID ? is_text : has_id;
            ok = e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY ? json_reader_skip(j) : e != JSON_EVENT_ERROR;
        }
    }
    if (ok && e == JSON_EVENT_OBJECT_END && has_id) {
        struct slice members[MEMBER_COUNT];
        for (enum member m = 0; m < MEMBER_COUNT; m++)
            members[m] = (struct slice){texts[m].data ? texts[m].data : "", texts[m].len};
        *found = true;
        key_ids_add_entry(k, members);
    }
    for (enum member m = 0; m < MEMBER_COUNT; m++)
        buffer_free(&texts[m]);
    return ok && e == JSON_EVENT_OBJECT_END;
}

static bool key_ids_read_value(struct json_reader *j, enum json_event e, struct key_ids *k, bool *found)
{
    if (e == JSON_EVENT_OBJECT)
        return key_ids_read_object(j, k, found);
    if (e != JSON_EVENT_ARRAY)
        return e != JSON_EVENT_ERROR && e != JSON_EVENT_END;
    while ((e = json_reader_next(j)) != JSON_EVENT_ARRAY_END) {
        if (!key_ids_read_value(j, e, k, found))
            return false;
    }
    return true;
}

static bool key_ids_read_json(struct key_ids *k, struct slice text, const char *file, struct error *err)
{
    struct json_reader j;
    enum json_event e;
    bool found = false, ok = true;
    json_reader_start(&j, text);
    j.many = j.finds_doubles = true;
    while (ok && (e = json_reader_next(&j)) != JSON_EVENT_END)
        ok = key_ids_read_value(&j, e, k, &found);
    if (!ok)
        error_set(err, "%s:%zu: %s", file, j.line, j.error ? j.error : "the JSON ends early");
    else if (!found)
        ok = error_set(err, "%s: expected the JSON of aws iam list-access-keys: it has no AccessKeyMetadata", file);
    if (j.doubles.count)
        rows_notes_tell(&k->notes, file, &(struct rows_notes){.members = j.doubles}, "");
    json_reader_free(&j);
    return ok;
}

/* ---- tables ---- */

struct table_reader {
    struct key_ids *ids;
    const char *file;
    size_t at[MEMBER_COUNT]; /* column of each member; SIZE_MAX if missing */
};

static bool key_ids_take_header(void *context, const struct slice *names, size_t count, struct error *err)
{
    struct table_reader *t = context;
    for (enum member m = 0; m < MEMBER_COUNT; m++)
        t->at[m] = SIZE_MAX;
    for (size_t i = count; i-- > 0;) {
        enum member m = member_of_name(slice_trimmed(names[i]));
        if (m != MEMBER_COUNT)
            t->at[m] = i;
    }
    return (t->at[MEMBER_ID] != SIZE_MAX && (t->at[MEMBER_USER] != SIZE_MAX || t->at[MEMBER_ARN] != SIZE_MAX))
        || error_set(err, "%s: expected columns user (or arn), access_key_id and create_date", t->file);
}

static bool key_ids_take_row(void *context, const struct slice *fields, size_t count, size_t line, struct error *err)
{
    struct table_reader *t = context;
    struct slice members[MEMBER_COUNT];
    (void)line;
    (void)err;
    for (enum member m = 0; m < MEMBER_COUNT; m++)
        members[m] = t->at[m] < count ? fields[t->at[m]] : (struct slice){"", 0};
    key_ids_add_entry(t->ids, members);
    return true;
}

static bool key_ids_starts_json(struct slice text)
{
    text = slice_trimmed(text);
    return text.len && (text.data[0] == '{' || text.data[0] == '[');
}

bool key_ids_is(struct slice text)
{
    static const char json_sign[] = "\"AccessKeyMetadata\"";
    struct slice head = {text.data, text.len < 4096 ? text.len : 4096};
    if (key_ids_starts_json(text))
        return slice_contains_nocase(head, slice_of(json_sign))
            || slice_contains_nocase(head, slice_of("\"AccessKeyId\""));
    for (size_t i = 0; i < head.len; i++) {
        if (head.data[i] == '\n')
            head.len = i;
    }
    return slice_contains_nocase(head, slice_of("access_key_id"))
        || slice_contains_nocase(head, slice_of("accesskeyid"))
        || slice_contains_nocase(head, slice_of("access key ID"));
}

bool key_ids_read(struct key_ids *k, struct slice text, const char *file, struct error *err)
{
    k->files = xrealloc(k->files, k->file_count + 1, sizeof *k->files);
    k->files[k->file_count++] = xstrdup(file);
    if (key_ids_starts_json(text))
        return key_ids_read_json(k, text, file, err);
    struct table_reader t = {.ids = k, .file = file};
    struct rows_notes notes = {0};
    bool ok = rows_read(text, file, &(struct rows_sink){&t, key_ids_take_header, key_ids_take_row, &notes}, err);
    rows_notes_tell(&k->notes, file, &notes, "the first of each counts");
    return ok;
}

/* ---- lookups ---- */

static int key_ids_compare_owners(const void *a, const void *b)
{
    const struct key_id *x = a, *y = b;
    int order = strcmp(x->user, y->user);
    return order ? order : (x->created > y->created) - (x->created < y->created);
}

static int key_ids_compare_ids(const void *a, const void *b)
{
    const struct key_id_place *x = a, *y = b;
    return slice_compare_nocase(slice_of(x->id), slice_of(y->id));
}

void key_ids_finish(struct key_ids *k)
{
    if (k->count)
        qsort(k->list, k->count, sizeof *k->list, key_ids_compare_owners);
    k->by_id = xcalloc(k->count ? k->count : 1, sizeof *k->by_id);
    for (size_t i = 0; i < k->count; i++)
        k->by_id[i] = (struct key_id_place){k->list[i].id, i};
    if (k->count)
        qsort(k->by_id, k->count, sizeof *k->by_id, key_ids_compare_ids);
    for (size_t i = 1; i < k->count; i++) {
        const struct key_id *a = &k->list[k->by_id[i - 1].at], *b = &k->list[k->by_id[i].at];
        k->doubles += slice_equal_nocase(slice_of(a->id), slice_of(b->id))
            && (strcmp(a->user, b->user) != 0 || a->created != b->created);
    }
}

/* Compare an entry with a user's name and a time, for sorting order. */
static int key_ids_compare_entry(const struct key_id *k, struct slice user, int64_t created)
{
    int order = slice_compare(slice_of(k->user), user);
    return order ? order : (k->created > created) - (k->created < created);
}

bool key_id_is_of(const struct key_id *id, struct slice account_id)
{
    if (!account_id.len)
        return true;
    return (!id->account[0] || slice_equal(arn_id_number(account_id), slice_of(id->account)))
        && (!id->partition || slice_equal_nocase(arn_id_partition(account_id), slice_of(id->partition)));
}

const struct key_id *key_ids_match(const struct key_ids *k, struct slice account_id, struct slice user, int64_t created,
    bool *is_ambiguous)
{
    size_t low = 0, high = k->count;
    const struct key_id *match = NULL;
    *is_ambiguous = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_ids_compare_entry(&k->list[middle], user, created) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < k->count && key_ids_compare_entry(&k->list[low], user, created) == 0; low++) {
        const struct key_id *here = &k->list[low];
        if (!key_id_is_of(here, account_id))
            continue;
        *is_ambiguous |= match && !slice_equal_nocase(slice_of(match->id), slice_of(here->id));
        match = here;
    }
    return *is_ambiguous ? NULL : match;
}

const struct key_id *key_ids_find(const struct key_ids *k, struct slice id)
{
    size_t low = 0, high = k->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare_nocase(slice_of(k->by_id[middle].id), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < k->count && slice_equal_nocase(slice_of(k->by_id[low].id), id) ? &k->list[k->by_id[low].at] : NULL;
}
