/*
 * Users are matched by a hash of their key. Cells are numbers of words, so each distinct word is converted to a value
 * code of the report only once.
 */
#include "context/join.h"

#include "aws/arn.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "read/rows.h"

#include <stdlib.h>

/* What a row is found by. Its letter is the first byte of the key. */
enum join_kind { JOIN_ARN, JOIN_ACCOUNT_USER, JOIN_USER, JOIN_ACCOUNT, JOIN_KINDS };
static const char kind_letters[JOIN_KINDS] = {'a', 'u', 'n', 'c'};

/* The columns that keys are made of, by the names that reports and other tools give them. */
enum join_part { PART_ARN, PART_USER, PART_ACCOUNT, PART_COUNT };
static const char *const part_names[PART_COUNT][4] = {
    [PART_ARN] = {"arn", "user_arn"},
    [PART_USER] = {"user", "user_name", "username"},
    [PART_ACCOUNT] = {"account", "account_id", "aws_account_id"},
};

static struct slice join_text_number(const struct buffer *text, const size_t *ends, size_t number)
{
    size_t from = number ? ends[number - 1] : 0;
    return (struct slice){text->data + from, ends[number] - from};
}

static struct slice join_key(const void *owner, uint32_t number)
{
    const struct join *j = owner;
    return join_text_number(&j->key_text, j->key_ends, number);
}

static struct slice join_word(const void *owner, uint32_t number)
{
    const struct join *j = owner;
    return join_text_number(&j->word_text, j->word_ends, number);
}

/* Convert the ASCII letters of TEXT to lower case, eight at a time: bytes from A to Z get bit 5. */
static void join_lower(char *text, size_t len)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t i = 0;
    for (uint64_t x; i + sizeof x <= len; i += sizeof x) {
        memcpy(&x, text + i, sizeof x);
        uint64_t low = x & ones * 0x7f, from_a = low + ones * (0x80 - 'A'), past_z = low + ones * (0x7f - 'Z');
        x |= ((from_a ^ past_z) & ~x & ones * 0x80) >> 2;
        memcpy(text + i, &x, sizeof x);
    }
    for (; i < len; i++) {
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] - 'A' + 'a');
    }
}

/* Set KEY to a key in lower case; users of one account never differ only in case. */
static inline void join_put_key(struct buffer *key, enum join_kind kind, struct slice first, struct slice second)
{
    size_t len = 1 + first.len;
    key->len = 0;
    buffer_reserve(key, len + 1 + second.len);
    key->data[0] = kind_letters[kind];
    memcpy(key->data + 1, first.data, first.len);
    if (kind == JOIN_ACCOUNT_USER) {
        key->data[len++] = EXTRA_LIST_SEPARATOR;
        memcpy(key->data + len, second.data, second.len);
        len += second.len;
    }
    key->data[len] = '\0';
    key->len = len;
    join_lower(key->data + 1, len - 1);
}

/* ---- reading ---- */

/*
 * A cache of a column's recent words, indexed by a hash of the text, because most cells repeat one of them. TAG, other
 * bits of the hash, rules out most other texts without comparing them.
 */
enum { JOIN_RECENT_BITS = 12, JOIN_RECENT = 1 << JOIN_RECENT_BITS };
struct join_recent {
    struct {
        uint32_t word; /* index + 1; 0 if empty */
        uint32_t tag;
    } words[JOIN_RECENT];
};

struct join_reader {
    struct join *join;
    size_t header_count;
    size_t at[PART_COUNT];             /* field number of each part; SIZE_MAX if missing */
    size_t *fields;                    /* owned: field number of each column */
    struct extra_inference *inference; /* owned: one per column */
    struct join_recent *recent;        /* owned: one per column */
    struct buffer key;
};

static enum join_part join_part_of(struct slice name)
{
    for (enum join_part p = 0; p < PART_COUNT; p++) {
        for (size_t i = 0; i < 4 && part_names[p][i]; i++) {
            if (slice_equal_nocase(name, slice_of(part_names[p][i])))
                return p;
        }
    }
    return PART_COUNT;
}

static bool join_take_header(void *context, const struct slice *names, size_t count, struct error *err)
{
    struct join_reader *r = context;
    struct join *j = r->join;
    for (enum join_part p = 0; p < PART_COUNT; p++)
        r->at[p] = SIZE_MAX;
    r->header_count = count;
    j->columns = xcalloc(count, sizeof *j->columns);
    r->fields = xcalloc(count, sizeof *r->fields);
    r->inference = xcalloc(count, sizeof *r->inference);
    r->recent = xcalloc(count, sizeof *r->recent);
    for (size_t i = 0; i < count; i++) {
        enum join_part part = join_part_of(slice_trimmed(names[i]));
        if (part != PART_COUNT && r->at[part] == SIZE_MAX) {
            r->at[part] = i;
            continue;
        }
        struct join_column *c = &j->columns[j->column_count];
        struct buffer name = {0};
        extra_columns_name(&name, names[i]);
        *c = (struct join_column){.name = name.data, .heading = slice_copy(slice_trimmed(names[i])), .added = SIZE_MAX};
        r->fields[j->column_count] = i;
        extra_inference_start(&r->inference[j->column_count++]);
    }
    if (r->at[PART_ARN] == SIZE_MAX && r->at[PART_USER] == SIZE_MAX && r->at[PART_ACCOUNT] == SIZE_MAX)
        return error_set(err, "%s: expected a column arn, user or account to find users by", j->name);
    return true;
}

/* Restore the leading zeros that a spreadsheet removed from an account number. */
static struct slice join_whole_account(struct slice account, char out[static 13])
{
    if (!account.len || account.len > 12)
        return account;
    for (size_t i = 0; i < account.len; i++) {
        if (account.data[i] < '0' || account.data[i] > '9')
            return account;
    }
    memset(out, '0', 12 - account.len);
    memcpy(out + 12 - account.len, account.data, account.len);
    return (struct slice){out, 12};
}

/* Set R->key to the key of a row. Returns its kind, or JOIN_KINDS if the row has none. */
static enum join_kind join_row_key(struct join_reader *r, const struct slice *fields, size_t count)
{
    struct slice part[PART_COUNT];
    char padded[13];
    for (enum join_part p = 0; p < PART_COUNT; p++)
        part[p] = r->at[p] < count ? slice_trimmed(fields[r->at[p]]) : (struct slice){"", 0};
    part[PART_ACCOUNT] = join_whole_account(part[PART_ACCOUNT], padded);
    enum join_kind kind = part[PART_ARN].len ? JOIN_ARN
        : part[PART_USER].len && part[PART_ACCOUNT].len ? JOIN_ACCOUNT_USER
        : part[PART_USER].len ? JOIN_USER : part[PART_ACCOUNT].len ? JOIN_ACCOUNT : JOIN_KINDS;
    if (kind != JOIN_KINDS)
        join_put_key(&r->key, kind, part[kind == JOIN_ARN ? PART_ARN : kind == JOIN_USER ? PART_USER : PART_ACCOUNT], part[PART_USER]);
    return kind;
}

static uint32_t join_add_word(struct join *j, struct slice text)
{
    uint32_t *slot = hash_index_add(&j->words, text, hash_text(text));
    if (*slot)
        return *slot - 1;
    if (j->word_count == j->word_room) {
        j->word_room = j->word_room ? j->word_room * 2 : 64;
        j->word_ends = xrealloc(j->word_ends, j->word_room, sizeof *j->word_ends);
    }
    buffer_add(&j->word_text, text.data, text.len);
    j->word_ends[j->word_count++] = j->word_text.len;
    *slot = (uint32_t)j->word_count;
    return *slot - 1;
}

/* Note that column C contains WORD. Returns whether it is new there. */
static bool join_note_word(struct join_column *c, uint32_t word)
{
    enum { BITS = 64 };
    size_t at = word / BITS;
    if (at >= c->has_room) {
        size_t room = at + 1 + at / 2;
        c->has = xrealloc(c->has, room, sizeof *c->has);
        memset(c->has + c->has_room, 0, (room - c->has_room) * sizeof *c->has);
        c->has_room = room;
    }
    bool is_new = !(c->has[at] >> word % BITS & 1);
    c->has[at] |= UINT64_C(1) << word % BITS;
    return is_new;
}

/* A hash of the text's length, beginning and end, where texts of one column usually differ. */
static uint64_t join_recent_number(struct slice text)
{
    uint64_t first = 0, last = 0;
    size_t n = text.len < sizeof first ? text.len : sizeof first;
    if (n) {
        memcpy(&first, text.data, n);
        memcpy(&last, text.data + text.len - n, n);
    }
    return (first ^ last * UINT64_C(0x9e3779b97f4a7c15) ^ text.len) * UINT64_C(0xc2b2ae3d27d4eb4f);
}

/* The index of the word in a cell of column C. */
static uint32_t join_cell(struct join_reader *r, size_t c, struct slice text)
{
    struct join *j = r->join;
    uint64_t number = join_recent_number(text);
    uint32_t *word = &r->recent[c].words[number >> (64 - JOIN_RECENT_BITS)].word;
    uint32_t *tag = &r->recent[c].words[number >> (64 - JOIN_RECENT_BITS)].tag;
    bool is_known = *word && *tag == (uint32_t)number && slice_equal(join_word(j, *word - 1), text);
    if (!is_known) {
        *word = join_add_word(j, text) + 1;
        *tag = (uint32_t)number;
        is_known = !join_note_word(&j->columns[c], *word - 1);
    }
    if (!is_known || r->inference[c].seen < EXTRA_INFERENCE_COUNTED)
        extra_inference_see(&r->inference[c], text);
    return *word - 1;
}

static bool join_take_row(void *context, const struct slice *fields, size_t count, size_t line, struct error *err)
{
    enum { JOIN_ROWS_MAX = LIMIT(1 << 28, 100) };
    struct join_reader *r = context;
    struct join *j = r->join;
    j->ragged += count != r->header_count;
    enum join_kind kind = join_row_key(r, fields, count);
    if (kind == JOIN_KINDS) {
        j->keyless++;
        return true;
    }
    if (j->row_count == JOIN_ROWS_MAX)
        return error_set(err, "%s:%zu: more than %d rows", j->name, line, JOIN_ROWS_MAX);
    struct slice key = {r->key.data, r->key.len};
    uint32_t *slot = hash_index_add(&j->keys, key, hash_text(key));
    if (*slot) {
        j->duplicates++;
        return true;
    }
    if (j->row_count == j->row_room) {
        j->row_room = j->row_room ? j->row_room * 2 : 64;
        j->key_ends = xrealloc(j->key_ends, j->row_room, sizeof *j->key_ends);
        for (size_t c = 0; c < j->column_count; c++)
            j->columns[c].cells = xrealloc(j->columns[c].cells, j->row_room, sizeof *j->columns[c].cells);
    }
    buffer_add(&j->key_text, key.data, key.len);
    j->key_ends[j->row_count] = j->key_text.len;
    for (size_t c = 0; c < j->column_count; c++) {
        struct slice text = r->fields[c] < count ? fields[r->fields[c]] : (struct slice){"", 0};
        j->columns[c].cells[j->row_count] = join_cell(r, c, text);
    }
    j->kinds |= 1U << kind;
    *slot = (uint32_t)++j->row_count;
    return true;
}

/* An upper bound of the number of rows of TEXT unless it is JSON: its lines that are not empty. */
static size_t join_count_lines(struct slice text)
{
    size_t n = 0;
    for (const char *at = text.data, *end = at + text.len; text.len && at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        n += at > text.data && at[-1] != '\n' && at[-1] != '\r';
    return n;
}

struct join *join_read(struct slice text, const char *name, struct error *err)
{
    struct join *j = xcalloc(1, sizeof *j);
    struct join_reader r = {.join = j};
    j->name = xstrdup(name);
    j->keys = (struct hash_index){.text = join_key, .owner = j};
    j->words = (struct hash_index){.text = join_word, .owner = j};
    hash_index_reserve(&j->keys, join_count_lines(text));
    bool ok = rows_read(text, name, &(struct rows_sink){&r, join_take_header, join_take_row, &j->notes}, err);
    for (size_t c = 0; c < j->column_count; c++) {
        j->columns[c].type = extra_inference_type(&r.inference[c]);
        j->columns[c].nearly = extra_inference_nearly(&r.inference[c]);
    }
    j->matched = xcalloc(j->row_count + 1, 1);
    free(r.fields);
    free(r.inference);
    free(r.recent);
    buffer_free(&r.key);
    if (ok)
        return j;
    join_free(j);
    return NULL;
}

void join_free(struct join *j)
{
    if (!j)
        return;
    for (size_t c = 0; c < j->column_count; c++) {
        free(j->columns[c].name);
        free(j->columns[c].heading);
        free(j->columns[c].cells);
        free(j->columns[c].has);
        free(j->columns[c].codes);
    }
    buffer_free(&j->key_text);
    buffer_free(&j->word_text);
    hash_index_free(&j->keys);
    hash_index_free(&j->words);
    free(j->columns);
    free(j->key_ends);
    free(j->word_ends);
    free(j->matched);
    free(j->name);
    free(j);
}

/* ---- joining ---- */

bool join_add_columns(struct join *j, struct extra_columns *x, struct error *err)
{
    for (size_t c = 0; c < j->column_count; c++) {
        struct join_column *column = &j->columns[c];
        column->added = extra_columns_add(x, &(struct extra_description){.name = column->name, .heading = column->heading,
            .source = j->name, .type = column->type, .origin = EXTRA_TABLE});
        if (column->added == SIZE_MAX)
            return error_set(err, "%s: more than %d columns from all files", j->name, EXTRA_COLUMNS_MAX);
        free(column->codes);
        column->codes = xcalloc(j->word_count ? j->word_count : 1, sizeof *column->codes);
        for (size_t at = 0; at < column->has_room; at++) { /* convert only the words that occur in this column */
            for (uint64_t left = column->has[at]; left; left &= left - 1) {
                uint32_t word = (uint32_t)(at * 64 + (size_t)__builtin_ctzll(left));
                column->codes[word] = extra_columns_code(x, column->type, join_word(j, word)) + 1;
            }
        }
    }
    return true;
}

enum { JOIN_AHEAD = 16 }; /* users looked up together, so that their memory accesses overlap */

/* State of one thread's lookups. */
struct join_search {
    const struct join *join;
    enum join_kind kind; /* the first kind of key in the table; users are looked up by it first */
    struct buffer keys[JOIN_AHEAD]; /* keys of that kind for the next users */
    size_t found[JOIN_AHEAD];       /* their rows in the table, or SIZE_MAX */
    size_t guess;        /* the row after the last one found: tables mostly have the report's order */
    struct buffer key;   /* scratch: a key of another kind */
};

/* The row of the table with this key, or SIZE_MAX. */
static size_t join_find_key(struct join_search *s, enum join_kind kind, struct slice first, struct slice user)
{
    join_put_key(&s->key, kind, first, user);
    struct slice text = {s->key.data, s->key.len};
    const uint32_t *slot = hash_index_find(&s->join->keys, text, hash_text(text));
    return slot ? *slot - 1 : SIZE_MAX;
}

static struct slice join_first_part(const struct report *r, size_t row, enum join_kind kind)
{
    return kind == JOIN_ARN ? report_raw(r, row, COL_ARN) : kind == JOIN_USER ? report_raw(r, row, COL_USER)
        : report_account_id(r, row);
}

/* Prefetch data of row NUMBER: where its key ends, and its cells, if FIRST; otherwise the key itself. */
static void join_prefetch(const struct join *j, size_t number, bool first)
{
    if (!first) {
        __builtin_prefetch(j->key_text.data + (number ? j->key_ends[number - 1] : 0));
        return;
    }
    __builtin_prefetch(&j->key_ends[number]);
    __builtin_prefetch(&j->matched[number]);
    for (size_t c = 0; c < j->column_count; c++)
        __builtin_prefetch(&j->columns[c].cells[number]);
}

/* Look up COUNT users (at most JOIN_AHEAD) from row FROM by the first kind of key. */
static void join_look_up(struct join_search *s, const struct report *r, size_t from, size_t count)
{
    const struct join *j = s->join;
    uint64_t hashes[JOIN_AHEAD];
    uint32_t near[JOIN_AHEAD]; /* index + 1 of the likely row; 0 if none */
    for (size_t i = 0; i < count; i++) {
        struct slice user = s->kind == JOIN_ACCOUNT_USER ? report_raw(r, from + i, COL_USER) : (struct slice){"", 0};
        join_put_key(&s->keys[i], s->kind, join_first_part(r, from + i, s->kind), user);
        struct slice text = {s->keys[i].data, s->keys[i].len};
        bool is_next = s->guess < j->row_count && slice_equal(join_key(j, (uint32_t)s->guess), text);
        s->found[i] = is_next ? s->guess++ : SIZE_MAX;
        if (!is_next)
            hash_index_prefetch(&j->keys, hashes[i] = hash_text(text));
    }
    for (size_t i = 0; i < count; i++) {
        near[i] = s->found[i] == SIZE_MAX ? hash_index_guess(&j->keys, hashes[i]) : 0;
        if (near[i])
            join_prefetch(j, near[i] - 1, true);
    }
    for (size_t i = 0; i < count; i++) {
        if (near[i])
            join_prefetch(j, near[i] - 1, false);
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t *slot = near[i] ? hash_index_find(&j->keys, (struct slice){s->keys[i].data, s->keys[i].len}, hashes[i])
            : NULL;
        if (slot)
            s->guess = (s->found[i] = *slot - 1) + 1;
    }
}

/*
 * The row of the table that the user in ROW matches, or SIZE_MAX. I is the user's index among those looked up. An
 * account in the table is a number, which is valid in every partition, or an id such as aws-cn:123456789012.
 */
static size_t join_find_row(struct join_search *s, const struct report *r, size_t row, size_t i)
{
    const struct join *j = s->join;
    struct slice user = {"", 0}, id = {"", 0}, number = {"", 0};
    if (s->found[i] != SIZE_MAX || j->kinds == 1U << JOIN_ARN)
        return s->found[i];
    user = report_raw(r, row, COL_USER);
    id = report_account_id(r, row);
    number = arn_id_number(id);
    for (enum join_kind kind = s->kind; kind < JOIN_KINDS; kind++) {
        if (!(j->kinds >> kind & 1))
            continue;
        size_t found = kind == s->kind ? SIZE_MAX : join_find_key(s, kind, join_first_part(r, row, kind), user);
        if (found == SIZE_MAX && kind != JOIN_ARN && kind != JOIN_USER && number.len != id.len)
            found = join_find_key(s, kind, number, user);
        if (found != SIZE_MAX)
            return found;
    }
    return SIZE_MAX;
}

struct join_task {
    struct join *join;
    struct report *report;
};

static void join_rows(void *context, size_t from, size_t to)
{
    const struct join_task *t = context;
    struct join *j = t->join;
    struct join_search search = {.join = j, .kind = (enum join_kind)__builtin_ctz(j->kinds)};
    struct report_split split = {0};
    struct report view = report_view(t->report, &split);
    for (size_t count; from < to; from += count) {
        count = to - from < JOIN_AHEAD ? to - from : JOIN_AHEAD;
        join_look_up(&search, t->report, from, count);
        for (size_t i = 0; i < count; i++) {
            size_t found = join_find_row(&search, &view, from + i, i);
            if (found == SIZE_MAX)
                continue;
            __atomic_store_n(&j->matched[found], 1, __ATOMIC_RELAXED); /* several threads may set it */
            for (size_t c = 0; c < j->column_count; c++) {
                const struct join_column *column = &j->columns[c];
                extra_columns_set(t->report->extra, column->added, from + i, column->codes[column->cells[found]] - 1);
            }
        }
    }
    for (size_t i = 0; i < JOIN_AHEAD; i++)
        buffer_free(&search.keys[i]);
    buffer_free(&search.key);
    report_split_free(&split);
}

void join_apply(struct join *j, struct report *r)
{
    struct join_task task = {j, r};
    extra_columns_reserve(r->extra, r->row_count);
    if (j->row_count)
        parallel_run(r->row_count, false, join_rows, &task, NULL);
}

size_t join_unmatched(const struct join *j)
{
    size_t n = 0;
    for (size_t i = 0; i < j->row_count; i++)
        n += !j->matched[i];
    return n;
}
