/*
 * Users are matched by a digest of their key. Cells are numbers of words, so each distinct word is converted to a value
 * code of the report only once. Threads split the table and compute the digests, piece by piece; the pieces' rows and
 * words are added in the table's order.
 */
#include "context/join.h"

#include "aws/arn.h"
#include "base/large_pages.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "read/rows.h"

#include <stdlib.h>

/* What a row is found by. */
enum join_kind { JOIN_ARN, JOIN_ACCOUNT_USER, JOIN_USER, JOIN_ACCOUNT, JOIN_KINDS };

/* The columns that keys are made of, by the names that reports and other tools give them. */
enum join_part { PART_ARN, PART_USER, PART_ACCOUNT, PART_COUNT };
static const char *const part_names[PART_COUNT][4] = {
    [PART_ARN] = {"arn", "user_arn"},
    [PART_USER] = {"user", "user_name", "username"},
    [PART_ACCOUNT] = {"account", "account_id", "aws_account_id"},
};

/* Rows and users handled together, so that their memory accesses overlap. */
enum { JOIN_AHEAD = 16 };

struct slice join_word_text(const struct join *j, uint32_t number)
{
    size_t from = number ? j->word_ends[number - 1] : 0;
    return (struct slice){j->word_text.data + from, j->word_ends[number] - from};
}

/*
 * The digest of a key, which is the same in upper and lower case: users of one account never differ only in case. BOTH
 * is for keys of two parts.
 */
static inline struct digest join_key(struct buffer *both, enum join_kind kind, struct slice first, struct slice second)
{
    if (kind != JOIN_ACCOUNT_USER)
        return digest_of_lower(first, kind);
    both->len = 0;
    buffer_add(both, first.data, first.len);
    buffer_putc(both, EXTRA_LIST_SEPARATOR);
    buffer_add(both, second.data, second.len);
    return digest_of_lower((struct slice){both->data, both->len}, kind);
}

/* ---- reading ---- */

struct join_reader {
    struct join *join;
    size_t text_len;
    size_t header_count;
    size_t at[PART_COUNT];             /* field number of each part; SIZE_MAX if missing */
    size_t *fields;                    /* owned: field number of each column */
    struct extra_inference *inference; /* owned: one per column */
    /* the piece that is taken; owned arrays */
    const struct join_row **rows;
    struct join_number *words;
    size_t rows_room, words_room;
};

/*
 * A row in a piece:
 *
 *     | join_row | cell 0 | cell 1 | ... | join_word, its text | join_word, its text | ...
 *
 * A cell is the index of one of the piece's words. A word follows the row that has it first. Row and word each have a
 * multiple of eight bytes.
 */
struct join_row {
    uint64_t first;
    uint32_t second;  /* the digest of its key */
    uint32_t line;    /* from the line before the piece */
};

/* A word of a piece, which belongs to one column: other columns with the same text have another. */
struct join_word {
    uint64_t first;
    uint32_t second;  /* the digest of its text */
    uint32_t column, len;
    uint32_t padding;
};

/* A word of the piece that is taken, and its number in the join + 1, or 0 if it was not added yet. */
struct join_number {
    const struct join_word *word;
    uint32_t number;
};

/* Stands at the end of a piece. */
struct join_piece_end {
    size_t row_count, word_count;
    size_t ragged, keyless;
    uint64_t kinds;
};

/* A word that the piece has had lately. Which of them are found again changes the speed, nothing else. */
enum { JOIN_RECENT = LIMIT(1 << 12, 4) };
struct join_recent {
    size_t at;      /* offset of the word in the piece */
    uint32_t word;  /* index + 1, or 0 */
};

/* Rows that one thread reads. */
struct join_piece {
    const struct join_reader *reader;
    struct buffer *out;            /* borrowed */
    struct buffer both;            /* scratch for join_key() */
    struct join_piece_end end;
    struct join_recent recent[JOIN_RECENT];
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

/* Set *KEY to the key of a row. Returns its kind, or JOIN_KINDS if the row has none. */
static enum join_kind join_row_key(struct join_piece *p, const struct slice *fields, size_t count, struct digest *key)
{
    const struct join_reader *r = p->reader;
    struct slice part[PART_COUNT];
    char padded[13];
    for (enum join_part i = 0; i < PART_COUNT; i++)
        part[i] = r->at[i] < count ? slice_trimmed(fields[r->at[i]]) : (struct slice){"", 0};
    part[PART_ACCOUNT] = join_whole_account(part[PART_ACCOUNT], padded);
    enum join_kind kind = part[PART_ARN].len ? JOIN_ARN
        : part[PART_USER].len && part[PART_ACCOUNT].len ? JOIN_ACCOUNT_USER
        : part[PART_USER].len ? JOIN_USER : part[PART_ACCOUNT].len ? JOIN_ACCOUNT : JOIN_KINDS;
    enum join_part first = kind == JOIN_ARN ? PART_ARN : kind == JOIN_USER ? PART_USER : PART_ACCOUNT;
    if (kind != JOIN_KINDS)
        *key = join_key(&p->both, kind, part[first], part[PART_USER]);
    return kind;
}

/* ---- reading: pieces ---- */

static void *join_begin_piece(void *context, struct buffer *out)
{
    struct join_piece *p = xcalloc(1, sizeof *p);
    p->reader = context;
    p->out = out;
    return p;
}

static size_t join_rounded(size_t size)
{
    return (size + 7) / 8 * 8;
}

/* The index of the piece's word for a cell. */
static uint32_t join_piece_word(struct join_piece *p, struct slice text, size_t column)
{
    struct digest d = digest_of(text);
    struct join_recent *recent = &p->recent[d.second % JOIN_RECENT];
    struct join_word *word = (struct join_word *)(void *)(p->out->data + recent->at);
    if (recent->word && word->first == d.first && word->second == d.second && word->column == column)
        return recent->word - 1;
    size_t size = sizeof *word + join_rounded(text.len);
    buffer_reserve(p->out, size);
    word = (struct join_word *)(void *)(p->out->data + p->out->len);
    *word = (struct join_word){d.first, d.second, (uint32_t)column, (uint32_t)text.len, 0};
    memcpy(word + 1, text.data, text.len);
    *recent = (struct join_recent){p->out->len, (uint32_t)++p->end.word_count};
    p->out->len += size;
    return recent->word - 1;
}

static size_t join_row_size(const struct join *j)
{
    return sizeof(struct join_row) + join_rounded(j->column_count * sizeof(uint32_t));
}

static bool join_add_to_piece(void *piece, const struct slice *fields, size_t count, size_t line)
{
    struct join_piece *p = piece;
    const struct join_reader *r = p->reader;
    size_t size = join_row_size(r->join), at = p->out->len;
    p->end.ragged += count != r->header_count;
    struct digest key;
    enum join_kind kind = join_row_key(p, fields, count, &key);
    if (kind == JOIN_KINDS) {
        p->end.keyless++;
        return true;
    }
    buffer_reserve(p->out, size);
    *(struct join_row *)(void *)(p->out->data + at) = (struct join_row){key.first, key.second, (uint32_t)line};
    p->out->len += size;
    for (size_t c = 0; c < r->join->column_count; c++) {
        uint32_t word = join_piece_word(p, r->fields[c] < count ? fields[r->fields[c]] : (struct slice){"", 0}, c);
        ((uint32_t *)(void *)(p->out->data + at + sizeof(struct join_row)))[c] = word;
    }
    p->end.row_count++;
    p->end.kinds |= UINT64_C(1) << kind;
    return p->out->len < PARALLEL_TEXT_ENOUGH;
}

static void join_end_piece(void *piece)
{
    struct join_piece *p = piece;
    buffer_add(p->out, &p->end, sizeof p->end);
    buffer_free(&p->both);
    free(p);
}

/* ---- reading: all pieces ---- */

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

/* Find the rows and words of a piece. */
static void join_open_piece(struct join_reader *r, const char *data, const struct join_piece_end *end)
{
    size_t size = join_row_size(r->join), words = 0;
    if (end->row_count > r->rows_room) {
        r->rows_room = end->row_count;
        r->rows = xrealloc(r->rows, r->rows_room, sizeof(struct join_row *));
    }
    if (end->word_count > r->words_room) {
        r->words_room = end->word_count;
        r->words = xrealloc(r->words, r->words_room, sizeof *r->words);
    }
    for (size_t i = 0; i < end->row_count; i++) {
        r->rows[i] = (const struct join_row *)(const void *)data;
        const uint32_t *cells = (const uint32_t *)(r->rows[i] + 1);
        data += size;
        for (size_t c = 0; c < r->join->column_count; c++) {
            if (cells[c] != words)
                continue;
            r->words[words].word = (const struct join_word *)(const void *)data;
            r->words[words].number = 0;
            data += sizeof(struct join_word) + join_rounded(r->words[words++].word->len);
        }
    }
}

static struct digest join_digest_of(const struct join_word *word)
{
    return (struct digest){word->first, word->second};
}

/* Take TEXT, word number WORD, into account for the type of column C. LINE: where it is. */
static void join_see(struct join_column *c, struct extra_inference *i, struct slice text, uint32_t word, size_t line)
{
    struct extra_inference before = *i;
    struct join_odd odd = {word, line};
    extra_inference_see(i, text);
    c->not_bool = before.is_bool && !i->is_bool ? odd : c->not_bool;
    c->not_number = before.is_number && !i->is_number ? odd : c->not_number;
    c->not_time = before.is_time && !i->is_time ? odd : c->not_time;
}

/* The number in the join of word W of the piece, a cell's in LINE. */
static uint32_t join_number_of(struct join_reader *r, uint32_t w, size_t word_count, size_t line)
{
    struct join_number *n = &r->words[w];
    struct extra_inference *inference = &r->inference[n->word->column];
    struct slice text = {(const char *)(n->word + 1), n->word->len};
    bool is_new = false;
    if (!n->number) {
        if (w + JOIN_AHEAD < word_count)
            digest_index_prefetch(&r->join->words, join_digest_of(n[JOIN_AHEAD].word));
        n->number = join_add_word(r->join, text, join_digest_of(n->word)) + 1;
        is_new = join_note_word(&r->join->columns[n->word->column], n->number - 1);
    }
    if (is_new || inference->seen < EXTRA_INFERENCE_COUNTED)
        join_see(&r->join->columns[n->word->column], inference, text, n->number - 1, line);
    return n->number - 1;
}

/* Make room for COUNT more rows, and for as many as there will be in all if the rest of the text is like READ bytes. */
static void join_make_room(struct join_reader *r, size_t count, size_t read)
{
    enum { JOIN_GROWTH_MAX = 8 }; /* the first rows may be much shorter than the rest */
    struct join *j = r->join;
    size_t needed = j->row_count + count, room = needed;
    if (needed <= j->row_room)
        return;
    if (read < r->text_len)
        room += (size_t)((double)needed / (double)(read ? read : 1) * (double)(r->text_len - read) * 1.03);
    if (room > needed * JOIN_GROWTH_MAX)
        room = needed * JOIN_GROWTH_MAX;
    if (room < j->row_room + j->row_room / 4)
        room = j->row_room + j->row_room / 4;
    size_t per_row = (j->column_count ? j->column_count : 1) * sizeof *j->cells;
    uint32_t *cells = large_pages_new(room, per_row);
    if (j->row_count)
        memcpy(cells, j->cells, j->row_count * per_row);
    free(j->cells);
    j->cells = cells;
    j->row_room = room;
    digest_index_reserve(&j->keys, room);
}

/* Add the rows of a piece. Only the first row of a key counts. */
static bool join_take_piece(void *context, struct slice piece, size_t line, size_t read, struct error *err)
{
    enum { JOIN_ROWS_MAX = LIMIT(1 << 28, 100) };
    struct join_reader *r = context;
    struct join *j = r->join;
    struct join_piece_end end;
    memcpy(&end, piece.data + piece.len - sizeof end, sizeof end);
    join_open_piece(r, piece.data, &end);
    join_make_room(r, end.row_count, read);
    j->ragged += end.ragged;
    j->keyless += end.keyless;
    j->kinds |= (unsigned)end.kinds;
    for (size_t i = 0; i < end.row_count; i++) {
        if (i + JOIN_AHEAD < end.row_count)
            digest_index_prefetch(&j->keys, (struct digest){r->rows[i + JOIN_AHEAD]->first,
                r->rows[i + JOIN_AHEAD]->second});
        uint32_t *number = digest_index_add(&j->keys, (struct digest){r->rows[i]->first, r->rows[i]->second});
        if (*number) {
            j->duplicates++;
            continue;
        }
        if (j->row_count == JOIN_ROWS_MAX)
            return error_set(err, "%s:%zu: more than %d rows", j->name, line + r->rows[i]->line, JOIN_ROWS_MAX);
        const uint32_t *cells = (const uint32_t *)(r->rows[i] + 1);
        for (size_t c = 0; c < j->column_count; c++)
            j->cells[j->row_count * j->column_count + c] = join_number_of(r, cells[c], end.word_count,
                line + r->rows[i]->line);
        *number = (uint32_t)++j->row_count;
    }
    return true;
}

struct join *join_read(struct slice text, const char *name, struct error *err)
{
    struct join *j = xcalloc(1, sizeof *j);
    struct join_reader r = {.join = j, .text_len = text.len};
    const struct rows_pieces pieces = {{&r, join_take_header, NULL, &j->notes}, join_begin_piece, join_add_to_piece,
        join_end_piece, join_take_piece, 0};
    j->name = xstrdup(name);
    bool ok = rows_read_pieces(text, name, &pieces, err);
    for (size_t c = 0; c < j->column_count; c++) {
        j->columns[c].type = extra_inference_type(&r.inference[c]);
        j->columns[c].nearly = extra_inference_nearly(&r.inference[c]);
    }
    j->matched = xcalloc(j->row_count + 1, 1);
    digest_index_free(&j->words); /* no word will be added */
    free(r.fields);
    free(r.inference);
    free(r.rows);
    free(r.words);
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
        free(j->columns[c].before);
    }
    buffer_free(&j->word_text);
    digest_index_free(&j->keys);
    free(j->columns);
    free(j->cells);
    free(j->word_ends);
    free(j->matched);
    free(j->name);
    free(j);
}

/* ---- joining ---- */

/* Convert the words that occur in column C to the report's codes. */
static void join_make_codes(const struct join *j, struct join_column *c, struct extra_columns *x)
{
    size_t count = 0;
    free(c->codes);
    free(c->before);
    c->before = xcalloc(c->has_room + 1, sizeof *c->before);
    for (size_t at = 0; at < c->has_room; at++) {
        c->before[at] = (uint32_t)count;
        count += (size_t)__builtin_popcountll(c->has[at]);
    }
    c->codes = large_pages_new(count + 1, sizeof *c->codes);
    if (c->type == TYPE_TEXT)
        extra_columns_expect(x, count);
    count = 0;
    for (size_t at = 0; at < c->has_room; at++) {
        for (uint64_t left = c->has[at]; left; left &= left - 1) {
            uint32_t word = (uint32_t)(at * 64 + (size_t)__builtin_ctzll(left));
            c->codes[count++] = extra_columns_code(x, c->type, join_word_text(j, word));
        }
    }
}

static inline uint32_t join_code(const struct join_column *c, uint32_t word)
{
    uint64_t lower = c->has[word / 64] & ((UINT64_C(1) << word % 64) - 1);
    return c->codes[c->before[word / 64] + (uint32_t)__builtin_popcountll(lower)];
}

bool join_add_columns(struct join *j, struct extra_columns *x, struct error *err)
{
    for (size_t c = 0; c < j->column_count; c++) {
        struct join_column *column = &j->columns[c];
        column->added = extra_columns_add(x, &(struct extra_description){.name = column->name,
            .heading = column->heading,
            .source = j->name, .type = column->type, .origin = EXTRA_TABLE});
        if (column->added == SIZE_MAX)
            return error_set(err, "%s: more than %d columns from all files", j->name, EXTRA_COLUMNS_MAX);
        join_make_codes(j, column, x);
    }
    return true;
}

/* State of one thread's lookups. */
struct join_search {
    const struct join *join;
    enum join_kind kind;      /* the first kind of key in the table; users are looked up by it first */
    size_t found[JOIN_AHEAD]; /* what the lookup by it found for the next users: rows of the table, or SIZE_MAX */
    struct buffer both;       /* scratch for join_key() */
};

/* The row of the table with this key, or SIZE_MAX. */
static size_t join_find_key(struct join_search *s, enum join_kind kind, struct slice first, struct slice user)
{
    uint32_t number = digest_index_find(&s->join->keys, join_key(&s->both, kind, first, user));
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
        keys[i] = join_key(&s->both, s->kind, join_first_part(r, from + i, s->kind), user);
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
                extra_columns_set(t->report->extra, column->added, from + i, join_code(column, cells[c]));
            }
        }
    }
    buffer_free(&search.both);
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
