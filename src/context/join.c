/*
 * Users are matched by a digest of their key. Cells are numbers of words, so each distinct word is converted to a value
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

/* Rows and users handled together, so that their memory accesses overlap. */
enum { JOIN_AHEAD = 16 };

static struct slice join_word(const struct join *j, uint32_t number)
{
    size_t from = number ? j->word_ends[number - 1] : 0;
    return (struct slice){j->word_text.data + from, j->word_ends[number] - from};
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

/* A row that has been read, but not added yet: the slots of its key and of its cells' texts are being prefetched. */
struct join_pending {
    struct digest key;
    enum join_kind kind;
    size_t line;
};

/* The text of a pending row's cell, at OFFSET of the reader's `texts`. */
struct join_pending_cell {
    struct digest digest;
    size_t offset, len;
};

struct join_reader {
    struct join *join;
    size_t header_count;
    size_t at[PART_COUNT];             /* field number of each part; SIZE_MAX if missing */
    size_t *fields;                    /* owned: field number of each column */
    struct extra_inference *inference; /* owned: one per column */
    struct buffer key;
    struct join_pending pending[JOIN_AHEAD];
    size_t pending_count;
    struct join_pending_cell *cells;   /* owned: those of the pending rows, one per column, row by row */
    struct buffer texts;               /* their texts */
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
    r->cells = xcalloc(count * JOIN_AHEAD, sizeof *r->cells);
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
        join_put_key(&r->key, kind, part[kind == JOIN_ARN ? PART_ARN : kind == JOIN_USER ? PART_USER : PART_ACCOUNT],
            part[PART_USER]);
    return kind;
}

/* The index of a word, which is added if it is new. */
static uint32_t join_add_word(struct join *j, struct slice text, struct digest digest)
{
    uint32_t *number = digest_index_add(&j->words, digest);
    if (*number)
        return *number - 1;
    if (j->word_count == j->word_room) {
        j->word_room = j->word_room ? j->word_room * 2 : 64;
        j->word_ends = xrealloc(j->word_ends, j->word_room, sizeof *j->word_ends);
    }
    buffer_add(&j->word_text, text.data, text.len);
    j->word_ends[j->word_count++] = j->word_text.len;
    *number = (uint32_t)j->word_count;
    return *number - 1;
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

/* Add a row, whose cells are at FROM. Only the first row of a key counts. */
static bool join_add_row(struct join_reader *r, const struct join_pending *row, const struct join_pending_cell *from,
    struct error *err)
{
    enum { JOIN_ROWS_MAX = LIMIT(1 << 28, 100) };
    struct join *j = r->join;
    uint32_t *number = digest_index_add(&j->keys, row->key);
    if (*number) {
        j->duplicates++;
        return true;
    }
    if (j->row_count == JOIN_ROWS_MAX)
        return error_set(err, "%s:%zu: more than %d rows", j->name, row->line, JOIN_ROWS_MAX);
    if (j->row_count == j->row_room) {
        j->row_room = j->row_room ? j->row_room * 2 : 64;
        j->cells = xrealloc(j->cells, j->row_room, (j->column_count + 1) * sizeof *j->cells);
    }
    uint32_t *cells = j->cells + j->row_count * j->column_count;
    for (size_t c = 0; c < j->column_count; c++) {
        struct slice text = {r->texts.data + from[c].offset, from[c].len};
        cells[c] = join_add_word(j, text, from[c].digest);
        bool is_new = join_note_word(&j->columns[c], cells[c]);
        if (is_new || r->inference[c].seen < EXTRA_INFERENCE_COUNTED)
            extra_inference_see(&r->inference[c], text);
    }
    j->kinds |= 1U << row->kind;
    *number = (uint32_t)++j->row_count;
    return true;
}

static bool join_add_pending(struct join_reader *r, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; i < r->pending_count && ok; i++)
        ok = join_add_row(r, &r->pending[i], r->cells + i * r->join->column_count, err);
    r->pending_count = r->texts.len = 0;
    return ok;
}

static bool join_take_row(void *context, const struct slice *fields, size_t count, size_t line, struct error *err)
{
    struct join_reader *r = context;
    struct join *j = r->join;
    j->ragged += count != r->header_count;
    enum join_kind kind = join_row_key(r, fields, count);
    if (kind == JOIN_KINDS) {
        j->keyless++;
        return true;
    }
    struct digest key = digest_of((struct slice){r->key.data, r->key.len});
    digest_index_prefetch(&j->keys, key);
    struct join_pending_cell *cells = r->cells + r->pending_count * j->column_count;
    for (size_t c = 0; c < j->column_count; c++) {
        struct slice text = r->fields[c] < count ? fields[r->fields[c]] : (struct slice){"", 0};
        cells[c] = (struct join_pending_cell){digest_of(text), r->texts.len, text.len};
        digest_index_prefetch(&j->words, cells[c].digest);
        buffer_add(&r->texts, text.data, text.len);
    }
    r->pending[r->pending_count++] = (struct join_pending){key, kind, line};
    return r->pending_count < JOIN_AHEAD || join_add_pending(r, err);
}

/* An upper bound of the number of rows of TEXT unless it is JSON: its lines that are not empty. */
static size_t join_count_lines(struct slice text)
{
    size_t n = 0;
    for (const char *at = text.data, *end = at + text.len; text.len && at < end
        && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        n += at > text.data && at[-1] != '\n' && at[-1] != '\r';
    return n;
}

struct join *join_read(struct slice text, const char *name, struct error *err)
{
    struct join *j = xcalloc(1, sizeof *j);
    struct join_reader r = {.join = j};
    j->name = xstrdup(name);
    digest_index_reserve(&j->keys, join_count_lines(text));
    bool ok = rows_read(text, name, &(struct rows_sink){&r, join_take_header, join_take_row, &j->notes}, err)
        && join_add_pending(&r, err);
    for (size_t c = 0; c < j->column_count; c++) {
        j->columns[c].type = extra_inference_type(&r.inference[c]);
        j->columns[c].nearly = extra_inference_nearly(&r.inference[c]);
    }
    j->matched = xcalloc(j->row_count + 1, 1);
    free(r.fields);
    free(r.inference);
    free(r.cells);
    buffer_free(&r.key);
    buffer_free(&r.texts);
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
        free(j->columns[c].has);
        free(j->columns[c].codes);
    }
    buffer_free(&j->word_text);
    digest_index_free(&j->keys);
    digest_index_free(&j->words);
    free(j->columns);
    free(j->cells);
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
        column->added = extra_columns_add(x, &(struct extra_description){.name = column->name,
            .heading = column->heading,
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

/* State of one thread's lookups. */
struct join_search {
    const struct join *join;
    enum join_kind kind;      /* the first kind of key in the table; users are looked up by it first */
    size_t found[JOIN_AHEAD]; /* what the lookup by it found for the next users: rows of the table, or SIZE_MAX */
    struct buffer key;        /* scratch */
};

/* The row of the table with this key, or SIZE_MAX. */
static size_t join_find_key(struct join_search *s, enum join_kind kind, struct slice first, struct slice user)
{
    join_put_key(&s->key, kind, first, user);
    uint32_t number = digest_index_find(&s->join->keys, digest_of((struct slice){s->key.data, s->key.len}));
    return number ? number - 1 : SIZE_MAX;
}

static struct slice join_first_part(const struct report *r, size_t row, enum join_kind kind)
{
    return kind == JOIN_ARN ? report_raw(r, row, COL_ARN) : kind == JOIN_USER ? report_raw(r, row, COL_USER)
        : report_account_id(r, row);
}

/*
 * Look up COUNT users (at most JOIN_AHEAD) from row FROM by the first kind of key, and prefetch what is known of them.
 */
static void join_look_up(struct join_search *s, const struct report *r, size_t from, size_t count)
{
    const struct join *j = s->join;
    struct digest keys[JOIN_AHEAD];
    for (size_t i = 0; i < count; i++) {
        struct slice user = s->kind == JOIN_ACCOUNT_USER ? report_raw(r, from + i, COL_USER) : (struct slice){"", 0};
        join_put_key(&s->key, s->kind, join_first_part(r, from + i, s->kind), user);
        keys[i] = digest_of((struct slice){s->key.data, s->key.len});
        digest_index_prefetch(&j->keys, keys[i]);
        if (from + i + JOIN_AHEAD < r->row_count)
            report_prefetch(r, from + i + JOIN_AHEAD);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number = digest_index_find(&j->keys, keys[i]);
        s->found[i] = number ? number - 1 : SIZE_MAX;
        if (number) {
            __builtin_prefetch(&j->matched[number - 1], 1);
            __builtin_prefetch(&j->cells[(number - 1) * j->column_count]);
        }
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
            const uint32_t *cells = j->cells + found * j->column_count;
            for (size_t c = 0; c < j->column_count; c++) {
                const struct join_column *column = &j->columns[c];
                extra_columns_set(t->report->extra, column->added, from + i, column->codes[cells[c]] - 1);
            }
        }
    }
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
