/* A search for a text: it holds for users whose name, ARN (and so path), account name or owner contains the text. */
#include "query/query_priv.h"

#include "query/search.h"
#include "report/accounts.h"

/* Columns of other files with a responsible person: owner, tag.Owner, people.owner. */
static bool is_owner(const struct extra_column *c)
{
    static const struct slice owner = {"owner", 5};
    size_t n = strlen(c->name);
    return c->info.type == TYPE_TEXT && n >= owner.len && (n == owner.len || c->name[n - owner.len - 1] == '.')
        && slice_equal_nocase((struct slice){c->name + n - owner.len, owner.len}, owner);
}

static bool has_column_of_names(const struct report *r)
{
    bool has = false;
    for (size_t i = 0; i < r->column_count && !has; i++)
        has = slice_equal_nocase(slice_of(r->columns[i].name), slice_of(schema[COL_ACCOUNT_NAME].name));
    return has;
}

/*
 * Set in HOLDS those of the rows in ASKED whose word in COLUMN contains the text. If NAME is not NULL, its result for
 * the word is searched instead.
 */
static void contains_words(const struct query *q, const struct span *s, const uint64_t *asked, enum column column,
    struct slice (*name)(const struct report *r, struct slice word), uint64_t *holds)
{
    uint32_t scratch[QUERY_SPAN], seen = CODE_ABSENT;
    const uint32_t *code = report_codes(s->report, s->first, s->count, column, scratch);
    bool held = false;
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = asked[w] & ~holds[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            uint32_t c = code[w * 64 + k];
            if (c < CODE_TEXT)
                continue;
            if (c != seen || c == CODE_TEXT) { /* rows of one account are mostly adjacent */
                struct slice word = c == CODE_TEXT ? report_number(s->report, s->first + w * 64 + k, column).text
                    : report_word(s->report, column, c);
                held = slice_contains_nocase(name ? name(s->report, word) : word, slice_of(q->text));
                seen = c;
            }
            holds[w] |= (uint64_t)held << k;
        }
    }
}

static struct slice name_of_account(const struct report *r, struct slice account)
{
    return accounts_name(r->account_names, account);
}

/* Used when the report has a column of account names itself. */
static void contains_own_names(const struct query *q, const struct span *s, const uint64_t *asked, uint64_t *holds)
{
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = asked[w] & ~holds[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            struct value v = report_value(s->report, s->first + w * 64 + k, COL_ACCOUNT_NAME);
            holds[w] |= (uint64_t)(v.state == STATE_VALUE && slice_contains_nocase(v.text, slice_of(q->text))) << k;
        }
    }
}

/* Set in HOLDS those of the rows in ASKED whose account name or owner contains the text. */
static void contains_elsewhere(const struct query *q, const struct span *s, const uint64_t *asked, uint64_t *holds)
{
    const struct report *r = s->report;
    if (has_column_of_names(r))
        contains_own_names(q, s, asked, holds);
    else if (r->account_names)
        contains_words(q, s, asked, COL_ACCOUNT, name_of_account, holds);
    for (size_t i = 0; r->extra && i < r->extra->count; i++) {
        if (is_owner(&r->extra->list[i]))
            contains_words(q, s, asked, (enum column)(COL_EXTRA + i), NULL, holds);
    }
}

static bool contains_at(const struct query *q, const struct span *s, size_t row)
{
    struct slice want = slice_of(q->text);
    return slice_contains_nocase(report_raw(s->report, row, COL_USER), want)
        || slice_contains_nocase(report_raw(s->report, row, COL_ARN), want);
}

/*
 * Search row by row: only few rows are asked for, or they are not contiguous in memory. SEARCH is NULL if it cannot be
 * used.
 */
static void contains_rows(const struct query *q, const struct span *s, const struct search *search,
    const uint64_t *asked, uint64_t *holds)
{
    for (size_t w = 0; w < QUERY_WORDS; w++) {
        for (uint64_t left = asked[w]; left; left &= left - 1) {
            unsigned k = (unsigned)__builtin_ctzll(left);
            struct slice text;
            size_t row = s->first + w * 64 + k;
            bool is = search && report_plain_text(s->report, row, &text) ? search_row(search, text, 2)
                : contains_at(q, s, row);
            holds[w] |= (uint64_t)is << k;
        }
    }
}

enum column query_word_column(const struct query *q, const struct report *r)
{
    enum column column = q->narrow == narrow_contains && q->is_word && r->extra
        ? extra_columns_find(r->extra, slice_of(q->text)) : COL_COUNT;
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    return extra && extra->info.type == TYPE_BOOL ? column : COL_COUNT;
}

struct query query_of_column(enum column column)
{
    return (struct query){.narrow = narrow_number, .scope = SCOPE_USER, .type = TYPE_BOOL, .cmp = CMP_EQ, .number = 1,
        .id = (int)column};
}

void narrow_contains(const struct query *q, const struct span *s, uint64_t *bits)
{
    enum column column = query_word_column(q, s->report);
    if (column != COL_COUNT) {
        struct query of_column = query_of_column(column);
        narrow_number(&of_column, s, bits);
        return;
    }
    struct search search;
    struct search_rows rows = {.count = s->count};
    uint64_t holds[QUERY_WORDS] = {0};
    size_t asked = 0;
    bool is_fast = search_init(&search, slice_of(q->text)) && report_leads_with_user(s->report, s->first, s->count);
    for (size_t w = 0; w < QUERY_WORDS; w++)
        asked += (size_t)__builtin_popcountll(bits[w]);
    if (is_fast && asked * 4 >= s->count
        && report_plain_rows(s->report, s->first, s->count, &rows.text, &rows.starts, &rows.origin))
        search_rows(&search, &rows, 2, holds);
    else
        contains_rows(q, s, is_fast ? &search : NULL, bits, holds);
    contains_elsewhere(q, s, bits, holds);
    for (size_t w = 0; w < QUERY_WORDS; w++)
        bits[w] &= holds[w];
}
