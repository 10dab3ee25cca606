/*
 * Findings are kept in a hash index by check and user. A user is identified by its ARN or, if the file has none, by
 * account and name.
 */
#include "audit/baseline.h"

#include "base/hash_index.h"
#include "base/source.h"
#include "read/rows.h"

#include <stdlib.h>

enum field { FIELD_CHECK, FIELD_ARN, FIELD_ACCOUNT, FIELD_USER, FIELD_CREDENTIAL, FIELD_WAIVED, FIELDS };

static const char *const field_names[FIELDS] = {"check", "arn", "account", "user", "credential", "waived"};

struct entry {
    char *key;      /* owned */
    size_t len;
    unsigned creds; /* credentials at fault, one bit per enum credential */
    bool any;       /* the file has no column credential, so any credential may have been at fault */
};

struct baseline {
    struct hash_index keys;
    struct entry *list; /* owned */
    size_t count;
    size_t at[FIELDS];  /* position of each field in the file, SIZE_MAX if it has no such column */
    const char *path;   /* borrowed */
    bool has_header;
    size_t nameless;    /* rows without a check, or with neither ARN nor user: they are left out */
    size_t no_checks;   /* rows about checks that do not exist, or not any more */
    size_t anywhere;    /* rows with neither ARN nor account: they hold for that name in every account */
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

static bool baseline_header(void *context, const struct slice *names, size_t count, struct error *err)
{
    struct baseline *b = context;
    b->has_header = true;
    for (size_t i = 0; i < count; i++) {
        for (enum field f = 0; f < FIELDS; f++) {
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
    struct buffer key = {0};
    (void)line, (void)err;
    for (enum field f = 0; f < FIELDS; f++)
        of[f] = b->at[f] < count ? fields[b->at[f]] : slice_of("");
    if (slice_equal_nocase(of[FIELD_WAIVED], slice_of("true")))
        return true;
    if (!of[FIELD_CHECK].len || (!of[FIELD_ARN].len && !of[FIELD_USER].len)) {
        b->nameless++;
        return true;
    }
    b->no_checks += !is_check(of[FIELD_CHECK]);
    b->anywhere += !of[FIELD_ARN].len && !of[FIELD_ACCOUNT].len;
    put_key(&key, of[FIELD_ARN], of[FIELD_ACCOUNT], of[FIELD_USER], of[FIELD_CHECK]);
    struct slice text = {key.data, key.len};
    uint32_t *slot = hash_index_add(&b->keys, text, hash_text(text));
    if (*slot) {
        buffer_free(&key);
    } else {
        if (!(b->count & (b->count - 1)))
            b->list = xrealloc(b->list, b->count ? b->count * 2 : 1, sizeof *b->list);
        b->list[b->count++] = (struct entry){.key = key.data, .len = key.len,
            .any = b->at[FIELD_CREDENTIAL] == SIZE_MAX};
        *slot = (uint32_t)b->count;
    }
    b->list[*slot - 1].creds |= read_credentials(of[FIELD_CREDENTIAL]);
    return true;
}

static void free_baseline(struct baseline *b)
{
    for (size_t i = 0; i < b->count; i++)
        free(b->list[i].key);
    free(b->list);
    hash_index_free(&b->keys);
    free(b);
}

bool baseline_load(struct audit *a, const char *path, struct error *err)
{
    struct buffer bytes = {0};
    struct baseline *b = xcalloc(1, sizeof *b);
    *b = (struct baseline){.path = path};
    b->keys = (struct hash_index){.text = entry_key, .owner = b};
    for (enum field f = 0; f < FIELDS; f++)
        b->at[f] = SIZE_MAX;
    const struct rows_sink sink = {b, baseline_header, baseline_row, &b->notes};
    bool ok = source_read_text(path, &bytes, err)
        && rows_read((struct slice){bytes.data ? bytes.data : "", bytes.len}, path, &sink, err);
    buffer_free(&bytes);
    if (!ok) {
        free_baseline(b);
        return false;
    }
    a->baseline = b;
    a->free_baseline = free_baseline;
    return true;
}

static const struct entry *find_entry(const struct baseline *b, struct buffer *key, const struct slice parts[3],
    struct slice check)
{
    put_key(key, parts[0], parts[1], parts[2], check);
    struct slice text = {key->data, key->len};
    const uint32_t *slot = hash_index_find(&b->keys, text, hash_text(text));
    return slot ? &b->list[*slot - 1] : NULL;
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
    const struct baseline *b = a->baseline;
    if (!b)
        return;
    rows_notes_tell(out, b->path, &b->notes, "the first of each counts");
    tell_rows(out, b->path, b->nameless, "left out: without a check, or with neither arn nor user");
    tell_rows(out, b->path, b->no_checks, "about checks that are not in ncred --help=checks");
    if (r->account_count > 1)
        tell_rows(out, b->path, b->anywhere, "with neither arn nor account: for users of that name in every account");
}

bool baseline_has(const struct report *r, const struct finding *f)
{
    const struct baseline *b = r->audit->baseline;
    const struct slice none = {"", 0}, user = report_raw(r, f->row, COL_USER), arn = report_raw(r, f->row, COL_ARN);
    struct value account = report_value(r, f->row, COL_ACCOUNT);
    struct slice number = account.state == STATE_VALUE ? account.text : none;
    const struct slice ways[][3] = {{arn, none, none}, {none, number, user}, {none, none, user}};
    const struct entry *e = NULL;
    struct buffer key = {0};
    for (size_t i = arn.len ? 0 : 1; b && !e && i < sizeof ways / sizeof ways[0]; i++)
        e = find_entry(b, &key, ways[i], slice_of(check_at(f->check)->id));
    buffer_free(&key);
    return e && (e->any || !(f->at_fault & ~e->creds));
}
