/* Columns are added in a fixed order: joins, then details, then key IDs. */
#include "context/context.h"

#include "aws/arn.h"
#include "base/memory.h"

#include <stdlib.h>

enum column context_column_find(const struct report *r, enum context_column which)
{
    enum column c = extra_columns_find(r->extra, slice_of(context_columns[which].name));
    const struct extra_column *extra = extra_columns_at(r->extra, c);
    return extra && extra->origin == EXTRA_PROGRAM ? c : COL_COUNT;
}

bool context_reserves(const struct context *c, struct slice name)
{
    bool of_details = context_columns_have_tag(name), of_key_ids = false;
    for (enum context_column i = 0; i < CONTEXT_COLUMNS; i++)
        *(i < CONTEXT_KEY_1_ID ? &of_details : &of_key_ids) |= slice_equal_nocase(name,
            slice_of(context_columns[i].name));
    return (of_details && (!c || c->details)) || (of_key_ids && (!c || c->key_ids));
}

struct context *context_new(void)
{
    return xcalloc(1, sizeof(struct context));
}

void context_free(struct context *c)
{
    if (!c)
        return;
    while (c->joins) {
        struct join *next = c->joins->next;
        join_free(c->joins);
        c->joins = next;
    }
    details_free(c->details);
    key_ids_free(c->key_ids);
    free(c);
}

bool context_read_join(struct context *c, struct slice text, const char *name, struct error *err)
{
    struct join **end = &c->joins;
    while (*end)
        end = &(*end)->next;
    *end = join_read(text, name, err);
    return *end != NULL;
}

bool context_read_details(struct context *c, struct slice text, const char *name, struct error *err)
{
    struct json_reader j;
    if (!c->details)
        c->details = details_new();
    json_reader_start(&j, text);
    bool ok = details_read(c->details, &j, name, err);
    json_reader_free(&j);
    return ok;
}

bool context_read_details_pieces(struct context *c, struct text_pieces *pieces, const char *name, struct error *err)
{
    struct json_reader j;
    if (!c->details)
        c->details = details_new();
    json_reader_start_pieces(&j, text_pieces_more, pieces);
    bool ok = details_read(c->details, &j, name, err);
    json_reader_free(&j);
    if (!ok)
        text_pieces_finish(pieces); /* damage further on, if any, is the reason */
    return ok;
}

bool context_read_key_ids(struct context *c, struct slice text, const char *name, struct error *err)
{
    if (!c->key_ids)
        c->key_ids = key_ids_new();
    return key_ids_read(c->key_ids, text, name, err);
}

void context_finish(struct context *c)
{
    if (c->details && !c->is_finished)
        details_finish(c->details);
    if (c->key_ids && !c->is_finished)
        key_ids_finish(c->key_ids);
    c->is_finished = true;
}

/* ---- notes ---- */

/* Append "NAME: N THINGs WHAT" unless N is 0. */
static void context_add_note(struct buffer *notes, const char *name, size_t n, const char *thing, const char *what)
{
    char count[28], file[200];
    if (!n)
        return;
    text_escape(file, sizeof file, slice_of(name));
    buffer_printf(notes, "%s: %s %s%s %s\n", file, text_count(count, sizeof count, n), thing, n == 1 ? "" : "s", what);
}

/*
 * Tell that a column which is nearly numbers (or times, bools) is text because of some value: thresholds on it then
 * compare text, and it is sorted as text.
 */
static void context_note_type(const struct join *j, const struct join_column *c, struct buffer *notes)
{
    static const char *const kinds[] = {[TYPE_NUMBER] = "a whole number of up to 9 digits", [TYPE_TIME] = "a time",
        [TYPE_BOOL] = "true or false"};
    const struct join_odd *odd = c->nearly == TYPE_NUMBER ? &c->not_number : c->nearly == TYPE_TIME ? &c->not_time
        : &c->not_bool;
    char file[200], value[100];
    if (c->nearly == TYPE_TEXT || !odd->line)
        return;
    text_escape(file, sizeof file, slice_of(j->name));
    text_escape(value, sizeof value, join_word_text(j, odd->word));
    buffer_printf(notes, "%s:%zu: column %s is text: \"%s\" is not %s\n", file, odd->line, c->name, value,
        kinds[c->nearly]);
}

static void context_note_join(const struct join *j, struct buffer *notes)
{
    struct buffer nested = {0};
    rows_notes_tell(notes, j->name, &j->notes, "the first of each keeps the name");
    context_add_note(notes, j->name, join_unmatched(j), "row", "without a user in the reports");
    context_add_note(notes, j->name, j->duplicates, "row",
        "for a user that an earlier row names; the first one counts");
    context_add_note(notes, j->name, j->ragged, "row", "with more or fewer fields than the header");
    buffer_put_all(&nested, "left empty: lists and objects do not fit in a column, the first is \"",
        j->notes.nested_member, "\"");
    context_add_note(notes, j->name, j->notes.nested, "value", nested.data);
    buffer_free(&nested);
    for (size_t i = 0; i < j->column_count; i++)
        context_note_type(j, &j->columns[i], notes);
    context_add_note(notes, j->name, j->keyless, "row", "ignored: no arn, user or account");
}

/* ---- joins ---- */

static bool context_apply_joins(struct context *c, struct report *r, struct buffer *notes, struct error *err)
{
    for (struct join *j = c->joins; j; j = j->next) {
        if (!join_add_columns(j, r->extra, err))
            return false;
        join_apply(j, r);
        context_note_join(j, notes);
    }
    return true;
}

/* ---- details ---- */

/* The columns of tags by the tags' keys. */
struct tag_columns {
    struct extra_columns *extra;
    struct hash_index index;
    struct tag_column {
        const char *key; /* borrowed from the details */
        size_t column;
    } *list;             /* owned */
    size_t count, room;
    size_t too_many;     /* number of keys that got no column */
};

static struct slice context_tag_key(const void *owner, uint32_t number)
{
    return slice_of(((const struct tag_columns *)owner)->list[number].key);
}

/*
 * Whether KEY is an access key's id. The console stores the description of an access key in such a tag; it gets no
 * column.
 */
static bool describes_a_key(const char *key)
{
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE];
    return access_key_id_parse(slice_of(key), account) != ACCESS_KEY_ID_NONE;
}

/* The column of a tag, which is added if it is new. SIZE_MAX if it has none. */
static size_t context_tag_column(struct tag_columns *t, const char *key)
{
    enum { TAG_COLUMNS_MAX = LIMIT(500, 3) };
    if (describes_a_key(key))
        return SIZE_MAX;
    uint32_t *slot = hash_index_add(&t->index, slice_of(key), hash_text(slice_of(key)));
    if (*slot)
        return t->list[*slot - 1].column;
    struct buffer name = {0};
    buffer_puts(&name, CONTEXT_TAG);
    for (const char *at = key; *at; at++) { /* as extra_columns_name(), which would put a _ before a digit */
        bool plain = (*at >= '0' && *at <= '9') || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z') || strchr("_.:-", *at);
        if (plain || (unsigned char)*at < 0x80 || (unsigned char)*at >= 0xc0)
            buffer_putc(&name, plain ? *at : '_');
    }
    struct buffer heading = {0};
    buffer_printf(&heading, "tag %s", key);
    size_t column = t->count >= TAG_COLUMNS_MAX ? SIZE_MAX : extra_columns_add(t->extra, &(struct extra_description){
        .name = name.data, .heading = heading.data, .source = "--details", .help = "tag of the user"});
    buffer_free(&name);
    buffer_free(&heading);
    t->too_many += column == SIZE_MAX;
    if (t->count == t->room) {
        t->room = t->room ? t->room * 2 : 64;
        t->list = xrealloc(t->list, t->room, sizeof *t->list);
    }
    t->list[t->count++] = (struct tag_column){key, column};
    *slot = (uint32_t)t->count;
    return column;
}

static void context_put_element(struct buffer *list, const char *text)
{
    if (list->len)
        buffer_putc(list, EXTRA_LIST_SEPARATOR);
    buffer_puts(list, text);
}

static uint32_t context_list_code(struct extra_columns *x, const struct buffer *list)
{
    return list->len ? extra_columns_text(x, (struct slice){list->data, list->len}) : CODE_NA;
}

/* The policies that rights come from and, in parentheses, what makes the rights an upper bound. */
static uint32_t rights_by_code(struct extra_columns *x, const struct details_user *u)
{
    static const char *const marks[] = {"with conditions", "some Deny was not considered", "boundary not in the file",
        "document not in the file", "a group or policy could not be read"};
    const bool has[] = {u->with_conditions, u->ignores_denies, u->boundary_is_missing,
        u->document_is_missing, u->is_incomplete};
    struct buffer b = {0};
    const char *separator = " (";
    buffer_puts(&b, u->rights_by);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (has[i]) {
            buffer_printf(&b, "%s%s", b.len ? separator : "(", marks[i]);
            separator = "; ";
        }
    }
    buffer_puts(&b, separator[0] == ';' ? ")" : "");
    uint32_t code = b.len ? extra_columns_text(x, (struct slice){b.data, b.len}) : CODE_NA;
    buffer_free(&b);
    return code;
}

/* Set all cells of tags in ROW to CODE. Keys without a column come last in the list, because there were too many. */
static void context_set_tags(struct extra_columns *x, size_t row, const struct tag_columns *tags, uint32_t code)
{
    for (size_t i = 0; i < tags->count && tags->list[i].column != SIZE_MAX; i++)
        extra_columns_set(x, tags->list[i].column, row, code);
}

/* Copy the cells of ROW from row FROM, which has the same user. */
static void context_copy_user(struct extra_columns *x, size_t row, size_t from, const size_t *columns,
    const struct tag_columns *tags)
{
    for (enum context_column c = CONTEXT_RIGHTS; c <= CONTEXT_QUARANTINED; c++)
        extra_columns_set(x, columns[c], row, x->list[columns[c]].codes[from]);
    for (size_t i = 0; i < tags->count && tags->list[i].column != SIZE_MAX; i++)
        extra_columns_set(x, tags->list[i].column, row, x->list[tags->list[i].column].codes[from]);
}

static void context_apply_user(struct report *r, size_t row, const size_t *columns, struct tag_columns *tags,
    const struct details *d, const struct details_user *u)
{
    struct extra_columns *x = r->extra;
    struct buffer list = {0};
    extra_columns_set(x, columns[CONTEXT_RIGHTS], row,
        u->is_incomplete ? CODE_ABSENT : extra_columns_number(u->rights));
    extra_columns_set(x, columns[CONTEXT_RIGHTS_BY], row, rights_by_code(x, u));
    for (size_t i = 0; i < u->group_count; i++)
        context_put_element(&list, u->groups[i]);
    extra_columns_set(x, columns[CONTEXT_GROUPS], row, u->may_lack_groups
        && !list.len ? CODE_ABSENT : context_list_code(x, &list));
    list.len = 0;
    for (size_t i = 0; i < u->policies.count; i++)
        context_put_element(&list, details_policy_name(d, u, i));
    extra_columns_set(x, columns[CONTEXT_POLICIES], row, u->policies.may_lack_some
        && !list.len ? CODE_ABSENT : context_list_code(x, &list));
    extra_columns_set(x, columns[CONTEXT_QUARANTINED], row,
        u->policies.may_lack_some && !u->is_quarantined ? CODE_ABSENT : extra_columns_number(u->is_quarantined));
    const char *slash = u->boundary ? strrchr(u->boundary, '/') : NULL;
    extra_columns_set(x, columns[CONTEXT_BOUNDARY], row,
        u->boundary ? extra_columns_text(x, slice_of(slash ? slash + 1 : u->boundary)) : u->may_lack_boundary
        ? CODE_ABSENT : CODE_NA);
    context_set_tags(x, row, tags, u->may_lack_tags ? CODE_ABSENT : CODE_NA);
    for (size_t i = 0; i < u->tag_count; i++) {
        size_t column = context_tag_column(tags, u->tags[i].key);
        if (column != SIZE_MAX)
            extra_columns_set(x, column, row, extra_columns_text(x, slice_of(u->tags[i].value)));
    }
    buffer_free(&list);
}

/* Root is in no list of users. Policies of the account do not limit its rights. */
static void context_apply_root(struct report *r, size_t row, const size_t *columns, const struct tag_columns *tags)
{
    extra_columns_set(r->extra, columns[CONTEXT_RIGHTS], row, extra_columns_number(RIGHTS_ADMIN));
    extra_columns_set(r->extra, columns[CONTEXT_RIGHTS_BY], row, extra_columns_text(r->extra, slice_of("root user")));
    for (enum context_column c = CONTEXT_GROUPS; c < CONTEXT_KEY_1_ID; c++)
        extra_columns_set(r->extra, columns[c], row, CODE_NA);
    context_set_tags(r->extra, row, tags, CODE_NA);
}

static int64_t context_creation_time(const struct report *r, size_t row)
{
    struct value v = report_value(r, row, COL_USER_CREATION_TIME);
    return v.state == STATE_VALUE ? v.number : INT64_MIN;
}

static bool add_context_columns(struct extra_columns *x, enum context_column from, enum context_column to,
    size_t *columns, struct error *err)
{
    for (enum context_column c = from; c <= to; c++) {
        columns[c] = extra_columns_add(x, &context_columns[c]);
        if (columns[c] == SIZE_MAX)
            return error_set(err, "%s: more than %d columns from all files", context_columns[c].source,
                EXTRA_COLUMNS_MAX);
    }
    return true;
}

/*
 * Append to NOTES what the details lack and what was ignored of them. RECREATED users were made again since; TAG_KEYS
 * have no column.
 */
static void context_tell_details(const struct details *d, size_t recreated, size_t tag_keys, struct buffer *notes)
{
    context_add_note(notes, "--details", recreated, "user",
        "created at another time than the one of this name in the details");
    context_add_note(notes, "--details", tag_keys, "tag key", "without a column: there are too many");
    if (d->bad_documents) {
        context_add_note(notes, "--details", d->bad_documents, "policy document", "unreadable");
        buffer_printf(notes, "--details: the first of them: %s\n", d->first_bad);
    }
    context_add_note(notes, "--details", d->incomplete_users, "user",
        "whose rights are unknown: a group or policy is not in the file, or unreadable");
    context_add_note(notes, "--details", d->trimmed_users, "user",
        "without lists of groups and policies, which AWS always sends: what is missing is unknown");
    context_add_note(notes, "--details", d->trimmed_groups, "group",
        "without lists of policies, which AWS always sends: what is missing is unknown");
    context_add_note(notes, "--details", d->missing_lists, "list",
        "of groups or policies, which AWS always sends, missing beside others: taken as empty");
    context_add_note(notes, "--details", d->odd_texts, "name", "with a NUL or 0x1f byte, which is ? in its place");
    context_add_note(notes, "--details", d->twice, "duplicate", "of a user, group or policy; the first of each counts");
    if (d->doubles.count) {
        buffer_puts(notes, "--details: ");
        json_doubles_tell(notes, &d->doubles);
        buffer_putc(notes, '\n');
    }
    if (d->has_malformed_lists)
        buffer_puts(notes, "--details: a list of users, groups or policies has elements that are none; they were "
            "ignored\n");
    if (d->truncated_account) {
        struct slice account = arn_account_number(arn_id_number(slice_of(d->truncated_account)));
        buffer_printf(notes, "--details: the file of account %.*s is cut off: get it without --max-items, or give all "
            "pages\n",
            account.len ? (int)account.len : 1, account.len ? account.data : "?");
    }
}

static bool context_apply_details(const struct context *c, struct report *r, struct buffer *notes, struct error *err)
{
    const struct details *d = c->details;
    struct tag_columns tags = {.extra = r->extra};
    size_t columns[CONTEXT_COLUMNS] = {0}, recreated = 0, *rows;
    if (!add_context_columns(r->extra, CONTEXT_RIGHTS, CONTEXT_QUARANTINED, columns, err))
        return false;
    tags.index = (struct hash_index){.text = context_tag_key, .owner = &tags};
    for (size_t i = 0; i < d->user_count; i++) {
        for (size_t k = 0; k < d->users[i].tag_count; k++)
            (void)context_tag_column(&tags, d->users[i].tags[k].key);
    }
    extra_columns_reserve(r->extra, r->row_count);
    rows = xcalloc(d->user_count + 1, sizeof *rows); /* of each user of the details: the first row + 1, or 0 */
    for (size_t row = 0; row < r->row_count; row++) {
        struct value root = report_value(r, row, COL_ROOT);
        bool was_recreated = false;
        if (root.state == STATE_VALUE && root.number) {
            if (details_has_account(d, report_account_id(r, row)))
                context_apply_root(r, row, columns, &tags);
            continue;
        }
        const struct details_user *u = details_find(d, report_raw(r, row, COL_ARN), context_creation_time(r, row),
            &was_recreated);
        size_t *first = u ? &rows[u - d->users] : NULL;
        if (first && *first)
            context_copy_user(r->extra, row, *first - 1, columns, &tags);
        else if (first)
            context_apply_user(r, row, columns, &tags, d, u);
        if (first && !*first)
            *first = row + 1;
        recreated += was_recreated;
    }
    context_tell_details(d, recreated, tags.too_many, notes);
    hash_index_free(&tags.index);
    free(tags.list);
    free(rows);
    return true;
}

/* ---- key IDs ---- */

/* The key of the report that each id matched. An id belongs to one key, so if two match, it is shown for neither. */
struct id_claims {
    const struct key_ids *ids;
    const struct report *report;
    struct id_claim {
        uint32_t row;        /* row + 1 of the key; 0 if none matched */
        uint8_t slot;
        bool is_contested;   /* another key matched, too: of another user or account, or this user's other key */
    } *list;                 /* owned: one per entry of IDS; entries with the same id use the first one's */
    size_t matched, contested;
};

static struct id_claim *claim_of(const struct id_claims *c, const struct key_id *id)
{
    return &c->list[key_ids_find(c->ids, slice_of(id->id)) - c->ids->list];
}

/* Note that ID matches the key in SLOT of ROW. A user may have several rows, as in a list of changes. */
static void claim_id(struct id_claims *c, const struct key_id *id, size_t row, int slot)
{
    struct id_claim *claim = claim_of(c, id);
    if (!claim->row) {
        *claim = (struct id_claim){(uint32_t)row + 1, (uint8_t)slot, false};
        c->matched++;
        return;
    }
    size_t before = claim->row - 1;
    bool is_same = slice_equal(report_account_id(c->report, before), report_account_id(c->report, row))
        && slice_equal(report_raw(c->report, before, COL_USER), report_raw(c->report, row, COL_USER))
        && (before != row || claim->slot == slot);
    c->contested += !is_same && !claim->is_contested;
    claim->is_contested |= !is_same;
}

/*
 * The id of the key in SLOT (0 or 1) of ROW, or NULL if none is known. *MAY_EXIST is set unless the report says that
 * there is no such key.
 */
static const struct key_id *id_of_key(const struct key_ids *ids, const struct report *r, size_t row, int slot,
    bool *may_exist, bool *is_ambiguous)
{
    static const enum column columns[] = {COL_KEY_1_LAST_ROTATED, COL_KEY_2_LAST_ROTATED};
    struct value v = report_value(r, row, columns[slot]);
    *is_ambiguous = false;
    *may_exist = v.state == STATE_VALUE || state_is_unknown(v.state);
    return v.state == STATE_VALUE ? key_ids_match(ids, report_account_id(r, row), report_raw(r, row, COL_USER),
        v.number, is_ambiguous) : NULL;
}

static bool context_apply_key_ids(const struct context *c, struct report *r, struct buffer *notes, struct error *err)
{
    struct id_claims claims = {.ids = c->key_ids, .report = r};
    size_t columns[CONTEXT_COLUMNS] = {0}, ambiguous = 0;
    bool may_exist, is_ambiguous;
    if (!add_context_columns(r->extra, CONTEXT_KEY_1_ID, CONTEXT_KEY_2_ID, columns, err))
        return false;
    extra_columns_reserve(r->extra, r->row_count);
    claims.list = xcalloc(c->key_ids->count + 1, sizeof *claims.list);
    for (size_t row = 0; row < r->row_count; row++) {
        for (int slot = 0; slot < 2; slot++) {
            const struct key_id *id = id_of_key(c->key_ids, r, row, slot, &may_exist, &is_ambiguous);
            ambiguous += is_ambiguous;
            if (id)
                claim_id(&claims, id, row, slot);
        }
    }
    for (size_t row = 0; row < r->row_count; row++) {
        for (int slot = 0; slot < 2; slot++) {
            const struct key_id *id = id_of_key(c->key_ids, r, row, slot, &may_exist, &is_ambiguous);
            size_t column = columns[slot == 0 ? CONTEXT_KEY_1_ID : CONTEXT_KEY_2_ID];
            bool is_known = id && !claim_of(&claims, id)->is_contested;
            extra_columns_set(r->extra, column, row, is_known ? extra_columns_text(r->extra, slice_of(id->id))
                : may_exist ? CODE_ABSENT : CODE_NA);
        }
    }
    context_add_note(notes, "--key-ids", c->key_ids->count > claims.matched ? c->key_ids->count - claims.matched : 0,
        "ID", "without an access key in the reports");
    context_add_note(notes, "--key-ids", ambiguous, "access key",
        "made in the same second as another of the user: ID unknown");
    context_add_note(notes, "--key-ids", claims.contested, "ID",
        "that several access keys of the reports fit: it is shown for none");
    free(claims.list);
    context_add_note(notes, "--key-ids", c->key_ids->not_ids, "row", "without an access key ID");
    context_add_note(notes, "--key-ids", c->key_ids->timeless, "ID",
        "without a creation time, so that no key of the reports can be it");
    context_add_note(notes, "--key-ids", c->key_ids->doubles, "ID", "listed again for another user or time");
    if (c->key_ids->notes.len)
        buffer_puts(notes, c->key_ids->notes.data);
    return true;
}

bool context_apply(struct context *c, struct report *r, struct buffer *notes, struct error *err)
{
    if (!r->extra)
        r->extra = extra_columns_new();
    return context_apply_joins(c, r, notes, err) && (!c->details || context_apply_details(c, r, notes, err))
        && (!c->key_ids || context_apply_key_ids(c, r, notes, err));
}
