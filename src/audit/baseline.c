/*
 * Findings are kept in a hash index by check and user. A user is identified by its ARN or, if the file has none, by
 * name and what the file has of account and partition. Such a user counts only if users of a single account in the
 * report fit it.
 */
#include "audit/baseline.h"

#include "aws/arn.h"
#include "base/hash_index.h"
#include "base/source.h"
#include "read/rows.h"

#include <stdlib.h>

enum baseline_field { FIELD_CHECK, FIELD_ARN, FIELD_ACCOUNT, FIELD_PARTITION, FIELD_USER, FIELD_CREDENTIAL,
    FIELD_WAIVED, FIELDS };

static const char *const field_names[FIELDS] = {"check", "arn", "account", "partition", "user", "credential", "waived"};

struct baseline_entry {
    char *key;      /* owned */
    size_t len;
    unsigned creds; /* credentials at fault, one bit per enum credential */
    bool any;       /* the file has no column credential, so any credential may have been at fault */
    size_t name;    /* index of its user in struct baseline.names; SIZE_MAX if the file has its ARN */
};

/* A user whose ARN the file does not have. */
struct named_user {
    char *key;         /* owned; account and name, see put_key() */
    size_t len;
    uint32_t row;      /* row + 1 of the first user of the report that fits, or 0 */
    bool is_ambiguous; /* users of several accounts fit */
};

struct baseline {
    struct hash_index keys;
    struct baseline_entry *list; /* owned */
    size_t count;
    struct hash_index users; /* of names */
    struct named_user *names; /* owned */
    size_t name_count;
    const struct report *resolved; /* borrowed: the report in which names were looked up, or NULL */
    size_t resolved_rows;          /* its number of rows then */
    size_t at[FIELDS];  /* position of each field in the file, SIZE_MAX if it has no such column */
    const char *path;   /* borrowed */
    size_t nameless;    /* rows without a check, or with neither ARN nor user: they are left out */
    size_t no_checks;   /* rows about checks that do not exist, or not any more */
    struct rows_notes notes;
};

static struct slice entry_key(const void *owner, uint32_t number)
{
    const struct baseline *b = owner;
    return (struct slice){b->list[number].key, b->list[number].len};
}

/*
 * Set OUT to the key of a finding: ARN, account, user and check, each followed by NUL. With an ARN, account and user
 * are "".
 */
static void put_key(struct buffer *out, struct slice arn, struct slice account, struct slice user, struct slice check)
{
    const struct slice parts[] = {arn, arn.len ? slice_of("") : account, arn.len ? slice_of("") : user, check};
    out->len = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        buffer_add(out, parts[i].data, parts[i].len);
        buffer_putc(out, '\0');
    }
}

static struct slice named_user_key(const void *owner, uint32_t number)
{
    const struct baseline *b = owner;
    return (struct slice){b->names[number].key, b->names[number].len};
}

/* Returns the index in names of the user with this name in ACCOUNT, which is added if it is new. */
static size_t add_user(struct baseline *b, struct slice account, struct slice user)
{
    struct buffer key = {0};
    put_key(&key, slice_of(""), account, user, slice_of(""));
    uint32_t *slot = hash_index_add(&b->users, (struct slice){key.data, key.len},
        hash_text((struct slice){key.data, key.len}));
    if (*slot) {
        buffer_free(&key);
        return *slot - 1;
    }
    if (!(b->name_count & (b->name_count - 1)))
        b->names = xrealloc(b->names, b->name_count ? b->name_count * 2 : 1, sizeof *b->names);
    b->names[b->name_count++] = (struct named_user){.key = key.data, .len = key.len};
    *slot = (uint32_t)b->name_count;
    return b->name_count - 1;
}

static bool baseline_header(void *context, const struct slice *names, size_t count, struct error *err)
{
    struct baseline *b = context;
    for (size_t i = 0; i < count; i++) {
        for (enum baseline_field f = 0; f < FIELDS; f++) {
            if (b->at[f] == SIZE_MAX && slice_equal_nocase(slice_trimmed(names[i]), slice_of(field_names[f])))
                b->at[f] = i;
        }
    }
    if (b->at[FIELD_CHECK] == SIZE_MAX || (b->at[FIELD_ARN] == SIZE_MAX && b->at[FIELD_USER] == SIZE_MAX))
        return error_set(err,
            "%s: expected the output of --findings as csv or json, with the columns check and arn or user", b->path);
    return true;
}

static bool is_check(struct slice id)
{
    size_t i = 0;
    while (i < check_count() && !slice_equal(id, slice_of(check_at(i)->id)))
        i++;
    return i < check_count();
}

static unsigned read_credentials(struct slice text)
{
    unsigned bits = 0;
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        for (end = at; end < text.len && text.data[end] != ' '; end++)
            continue;
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
            if (slice_equal((struct slice){text.data + at, end - at}, slice_of(credential_name(c))))
                bits |= 1u << c;
        }
    }
    return bits;
}

static bool baseline_row(void *context, const struct slice *fields, size_t count, size_t line, struct error *err)
{
    struct baseline *b = context;
    struct slice of[FIELDS];
    struct buffer key = {0}, account = {0};
    (void)line, (void)err;
    for (enum baseline_field f = 0; f < FIELDS; f++)
        of[f] = b->at[f] < count ? fields[b->at[f]] : slice_of("");
    if (slice_equal_nocase(of[FIELD_WAIVED], slice_of("true")))
        return true;
    if (!of[FIELD_CHECK].len || (!of[FIELD_ARN].len && !of[FIELD_USER].len)) {
        b->nameless++;
        return true;
    }
    b->no_checks += !is_check(of[FIELD_CHECK]);
    if (of[FIELD_PARTITION].len && of[FIELD_ACCOUNT].len)
        buffer_printf(&account, "%.*s:", (int)of[FIELD_PARTITION].len, of[FIELD_PARTITION].data);
    buffer_add(&account, of[FIELD_ACCOUNT].data, of[FIELD_ACCOUNT].len);
    struct slice id = {account.data, account.len};
    put_key(&key, of[FIELD_ARN], id, of[FIELD_USER], of[FIELD_CHECK]);
    struct slice text = {key.data, key.len};
    uint32_t *slot = hash_index_add(&b->keys, text, hash_text(text));
    if (*slot) {
        buffer_free(&key);
    } else {
        if (!(b->count & (b->count - 1)))
            b->list = xrealloc(b->list, b->count ? b->count * 2 : 1, sizeof *b->list);
        b->list[b->count++] = (struct baseline_entry){.key = key.data, .len = key.len,
            .any = b->at[FIELD_CREDENTIAL] == SIZE_MAX, .name = of[FIELD_ARN].len ? SIZE_MAX
            : add_user(b, id, of[FIELD_USER])};
        *slot = (uint32_t)b->count;
    }
    b->list[*slot - 1].creds |= read_credentials(of[FIELD_CREDENTIAL]);
    buffer_free(&account);
    return true;
}

static void free_baseline(struct baseline *b)
{
    for (size_t i = 0; i < b->count; i++)
        free(b->list[i].key);
    for (size_t i = 0; i < b->name_count; i++)
        free(b->names[i].key);
    free(b->names);
    free(b->list);
    hash_index_free(&b->keys);
    hash_index_free(&b->users);
    free(b);
}

/* Whether TEXT is what --findings prints as json, "[]", or as jsonl, nothing at all, if there are no findings. */
static bool has_no_findings(struct slice text)
{
    text = slice_trimmed(text);
    return !text.len || (text.data[0] == '[' && text.data[text.len - 1] == ']'
        && !slice_trimmed((struct slice){text.data + 1, text.len - 2}).len);
}

bool baseline_load(struct audit *a, const char *path, struct error *err)
{
    struct buffer bytes = {0};
    struct baseline *b = xcalloc(1, sizeof *b);
    *b = (struct baseline){.path = path};
    b->keys = (struct hash_index){.text = entry_key, .owner = b};
    b->users = (struct hash_index){.text = named_user_key, .owner = b};
    for (enum baseline_field f = 0; f < FIELDS; f++)
        b->at[f] = SIZE_MAX;
    const struct rows_sink sink = {b, baseline_header, baseline_row, &b->notes};
    bool ok = source_read_text(path, &bytes, err);
    struct slice text = {bytes.data ? bytes.data : "", bytes.len};
    ok = ok && (has_no_findings(text) || rows_read(text, path, &sink, err));
    buffer_free(&bytes);
    if (!ok) {
        free_baseline(b);
        return false;
    }
    a->baseline = b;
    a->free_baseline = free_baseline;
    return true;
}

static const struct baseline_entry *find_entry(const struct baseline *b, struct buffer *key,
    const struct slice parts[3], struct slice check)
{
    put_key(key, parts[0], parts[1], parts[2], check);
    struct slice text = {key->data, key->len};
    const uint32_t *slot = hash_index_find(&b->keys, text, hash_text(text));
    return slot ? &b->list[*slot - 1] : NULL;
}

/* ---- users without an ARN ---- */

/* The ways in which a baseline may name a row's account: "aws:123456789012", "123456789012", or not at all (""). */
enum { ACCOUNT_WAYS = 3 };

static void account_ways(struct buffer *scratch, const struct report *r, size_t row, struct slice out[ACCOUNT_WAYS])
{
    struct slice id = report_account_id(r, row), number = arn_id_number(id), partition = arn_id_partition(id);
    scratch->len = 0;
    if (id.len)
        buffer_printf(scratch, "%.*s:%.*s", (int)partition.len, partition.data, (int)number.len, number.data);
    out[0] = (struct slice){scratch->data, scratch->len};
    out[1] = number;
    out[2] = slice_of("");
}

/* Look up in R the users in b->names and whether they are ambiguous, unless that was done for R as it is. */
static void resolve_names(struct baseline *b, const struct report *r)
{
    struct buffer key = {0}, scratch = {0};
    struct slice ways[ACCOUNT_WAYS];
    if (b->resolved == r && b->resolved_rows == r->row_count)
        return;
    b->resolved = r;
    b->resolved_rows = r->row_count;
    for (size_t i = 0; i < b->name_count; i++)
        b->names[i].row = b->names[i].is_ambiguous = false;
    for (size_t row = 0; row < r->row_count && b->name_count; row++) {
        account_ways(&scratch, r, row, ways);
        for (size_t i = ways[0].len ? 0 : 2; i < ACCOUNT_WAYS; i++) {
            put_key(&key, slice_of(""), ways[i], report_raw(r, row, COL_USER), slice_of(""));
            struct slice text = {key.data, key.len};
            const uint32_t *slot = hash_index_find(&b->users, text, hash_text(text));
            struct named_user *u = slot ? &b->names[*slot - 1] : NULL;
            if (u && u->row)
                u->is_ambiguous |= !slice_equal(report_account_id(r, u->row - 1), report_account_id(r, row));
            else if (u)
                u->row = (uint32_t)row + 1;
        }
    }
    buffer_free(&key);
    buffer_free(&scratch);
}

static void tell_rows(struct buffer *out, const char *path, size_t count, const char *what)
{
    char number[32], name[200];
    if (!count)
        return;
    text_escape(name, sizeof name, slice_of(path));
    buffer_printf(out, "%s: %s row%s %s\n", name, text_count(number, sizeof number, count), count == 1 ? "" : "s",
        what);
}

void baseline_tell(const struct audit *a, const struct report *r, struct buffer *out)
{
    struct baseline *b = a->baseline;
    size_t ambiguous = 0;
    if (!b)
        return;
    resolve_names(b, r);
    for (size_t i = 0; i < b->count; i++)
        ambiguous += b->list[i].name != SIZE_MAX && b->names[b->list[i].name].is_ambiguous;
    rows_notes_tell(out, b->path, &b->notes, "the first of each counts");
    tell_rows(out, b->path, b->nameless, "ignored: no check, or neither arn nor user");
    tell_rows(out, b->path, b->no_checks, "ignored: no such check; ncred --help=checks lists all");
    tell_rows(out, b->path, ambiguous,
        "ignored: users of several accounts match; add a column arn, or account and partition");
}

bool baseline_has(const struct report *r, const struct finding *f)
{
    struct baseline *b = r->audit->baseline;
    const struct slice none = {"", 0}, user = report_raw(r, f->row, COL_USER), arn = report_raw(r, f->row, COL_ARN);
    struct slice accounts[ACCOUNT_WAYS];
    const struct baseline_entry *e = NULL;
    struct buffer key = {0}, scratch = {0};
    if (!b)
        return false;
    resolve_names(b, r);
    account_ways(&scratch, r, f->row, accounts);
    if (arn.len)
        e = find_entry(b, &key, (const struct slice[3]){arn, none, none}, slice_of(check_at(f->check)->id));
    for (size_t i = accounts[0].len ? 0 : 2; !e && i < ACCOUNT_WAYS; i++) {
        e = find_entry(b, &key, (const struct slice[3]){none, accounts[i], user}, slice_of(check_at(f->check)->id));
        e = e && b->names[e->name].is_ambiguous ? NULL : e;
    }
    buffer_free(&key);
    buffer_free(&scratch);
    return e && (e->any || !(f->at_fault & ~e->creds));
}
