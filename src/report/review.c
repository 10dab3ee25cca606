/*
 * One pass compares user and ARN of each row and keeps a hash of the user; in the end a table of the hashes finds users
 * that occur twice. A second pass compares times with the as-of time. Both run on several threads.
 */
#include "report/review.h"

#include "aws/arn.h"
#include "base/hash_index.h"
#include "base/large_pages.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/timestamp.h"
#include "report/report_build.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* A pass over rows of one file. */
struct review_task {
    struct report *report;
    struct report_file *file;
    size_t first;           /* first row of the pass; pieces count from it */
    pthread_mutex_t lock;   /* protects the file's tallies */
};

/* ---- user and ARN ---- */

/*
 * Returns a column that shows whether a row has another number of fields than the header, because all its cells are
 * then absent; COL_REPORT_COUNT if the file has none.
 */
static enum column shift_mark(const struct report *r, const struct report_file *f)
{
    enum column c = 0;
    while (c < COL_REPORT_COUNT && (f->position[c] == SIZE_MAX || !report_has_codes(c) || r->unread >> c & 1))
        c++;
    return c;
}

static bool is_shifted(const struct report *r, const struct report_file *f, size_t row)
{
    enum column mark = shift_mark(r, f);
    uint32_t scratch;
    if (mark == COL_REPORT_COUNT)
        return report_field_count(r, row) != f->column_count;
    return *report_codes(r, row, 1, mark, &scratch) == CODE_ABSENT;
}

/* A row's fields user and arn. */
struct row_user {
    struct slice user, arn;
};

/* The account of the row before: the beginning of its ARN, see arn_head(), and the hash of that. */
struct row_account {
    struct slice head;
    uint64_t hash;
};

/* Rows of a span. is_plain: they begin with user and ARN, and text, starts and origin are from report_plain_rows(). */
struct row_span {
    const struct report *view;
    size_t first, count;
    bool is_plain;
    struct slice text;
    const uint32_t *starts;
    uint32_t origin;
};

static void span_start(struct row_span *s, const struct report *view, size_t first, size_t end)
{
    size_t room = REPORT_SPAN - first % REPORT_SPAN;
    *s = (struct row_span){.view = view, .first = first, .count = room < end - first ? room : end - first};
    s->is_plain = report_leads_with_user(view, s->first, s->count)
        && report_plain_rows(view, s->first, s->count, &s->text, &s->starts, &s->origin);
}

static struct row_user span_user(const struct row_span *s, size_t row)
{
    size_t k = row - s->first;
    if (s->is_plain && k + 1 < s->count) {
        const char *line = s->text.data + (s->starts[k] - s->origin);
        size_t len = s->starts[k + 1] - s->starts[k];
        const char *comma = memchr(line, ',', len);
        const char *second = comma ? memchr(comma + 1, ',', len - (size_t)(comma + 1 - line)) : NULL;
        if (second)
            return (struct row_user){slice_trimmed((struct slice){line, (size_t)(comma - line)}),
                slice_trimmed((struct slice){comma + 1, (size_t)(second - comma - 1)})};
    }
    return (struct row_user){report_raw(s->view, row, COL_USER), report_raw(s->view, row, COL_ARN)};
}

/* ---- the hash of a user ---- */

/*
 * hash_name() returns 64 bits that stand for a user's name in an account. With 128-bit products it is faster than
 * hash_text() and as hard to predict, because the account's hash is keyed and different in each run of the program.
 */
#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 product;

static uint64_t mixed(uint64_t a, uint64_t b)
{
    product p = (product)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static uint64_t hash_name(struct slice name, uint64_t account)
{
    uint64_t hash = account ^ name.len, word;
    for (; name.len > sizeof word; name = (struct slice){name.data + sizeof word, name.len - sizeof word}) {
        memcpy(&word, name.data, sizeof word);
        hash = mixed(hash ^ word, account | 1);
    }
    word = 0;
    memcpy(&word, name.data, name.len);
    return mixed(hash ^ word, account | 1);
}
#else
static uint64_t hash_name(struct slice name, uint64_t account)
{
    return hash_text(name) ^ account;
}
#endif

/* Returns the hash of ARN's account, tries that of the row before first, and sets *RESOURCE to the rest of ARN. */
static uint64_t account_hash(struct row_account *a, struct slice arn, struct slice *resource)
{
    struct slice head = a->head;
    if (!head.len || arn.len <= head.len || memcmp(arn.data, head.data, head.len) != 0) {
        a->head = head = arn_head(arn);
        a->hash = hash_text(head);
    }
    *resource = (struct slice){arn.data + head.len, arn.len - head.len};
    return a->hash;
}

/* ---- users ---- */

/* Whether RESOURCE is user/PATH/USER or user/USER, as in nearly all rows. */
static bool is_resource_of(struct slice resource, struct slice user)
{
    size_t from = resource.len - user.len;
    return user.len && resource.len > user.len + 4 && memcmp(resource.data, "user/", 5) == 0
        && resource.data[from - 1] == '/' && memcmp(resource.data + from, user.data, user.len) == 0;
}

/*
 * Returns what is odd about a user and ARN that is_resource_of() did not accept, or REVIEW_KINDS. HEAD is arn_head().
 */
static enum review_kind user_oddity(const struct row_user *u, struct slice head, struct slice resource)
{
    struct slice named = arn_user(u->arn);
    bool is_root = slice_equal(resource, slice_of("root"));
    if (!head.len || !named.len)
        return u->arn.len ? REVIEW_ARN : u->user.len ? REVIEW_KINDS : REVIEW_NOBODY;
    bool same = !u->user.len || slice_equal_nocase(u->user, named) || (is_root
        && (slice_equal_nocase(u->user, slice_of("root_account")) || slice_equal_nocase(u->user, slice_of("root"))));
    return same ? REVIEW_KINDS : REVIEW_NAME;
}

/* Add COUNT to the tally. Threads come in any order, so the earliest ROW and its WHAT are kept for the message. */
static void tally(struct review_tally *t, size_t row, size_t count, struct slice what)
{
    if (!t->count || row < t->first) {
        t->first = (uint32_t)row;
        free(t->what);
        t->what = slice_copy(what);
    }
    t->count += count;
}

static void add_clipped(struct buffer *b, struct slice s)
{
    enum { CLIPPED = 80 };
    text_harmless(b, (struct slice){s.data, s.len < CLIPPED ? s.len : CLIPPED}, false);
    buffer_puts(b, s.len > CLIPPED ? "..." : "");
}

static void tally_oddity(struct review_task *t, enum review_kind kind, size_t row, struct slice user,
    struct slice other)
{
    struct buffer what = {0};
    buffer_puts(&what, kind == REVIEW_NAME ? "\"" : "");
    if (kind == REVIEW_NAME)
        add_clipped(&what, user);
    buffer_puts(&what, kind == REVIEW_NAME ? "\" and " : "\"");
    add_clipped(&what, other);
    buffer_puts(&what, kind == REVIEW_NAME ? "" : "\"");
    pthread_mutex_lock(&t->lock);
    tally(&t->file->tallies[kind], row, 1, (struct slice){what.data, what.len});
    pthread_mutex_unlock(&t->lock);
    buffer_free(&what);
}

/* Check that a column with account numbers, which is used if the ARN has no account, has a valid one in this row. */
static void look_at_account(struct review_task *t, const struct report *view, size_t row)
{
    struct slice account = t->file->account == SIZE_MAX ? (struct slice){"", 0}
        : report_field(view, row, t->file->account);
    if (slice_trimmed(account).len && !arn_account_number(account).len)
        tally_oddity(t, REVIEW_ACCOUNT, row, (struct slice){"", 0}, account);
}

/* Review a row that is_resource_of() did not accept. Returns its user's hash, or 0 if the user is unknown. */
static uint64_t odd_user(struct review_task *t, const struct report *view, size_t row, const struct row_user *u,
    const struct row_account *a, struct slice resource)
{
    if (is_shifted(view, t->file, row))
        return 0;
    enum review_kind kind = user_oddity(u, a->head, resource);
    if (kind != REVIEW_KINDS)
        tally_oddity(t, kind, row, u->user, u->arn);
    if (!arn_account(u->arn).len)
        look_at_account(t, view, row);
    bool is_root = arn_is_root(u->user, u->arn);
    struct slice name = is_root ? slice_of("<root_account>") : arn_user(u->arn);
    uint64_t account = a->hash;
    if (!a->head.len)
        account = hash_text(report_number(view, row, COL_ACCOUNT).text);
    name = name.len ? name : u->user;
    return name.len ? (hash_name(name, account) & ~UINT64_C(1)) | is_root : 0;
}

static void look_at_users(void *context, size_t from, size_t to)
{
    struct review_task *t = context;
    uint64_t *identities = t->report->review.identities;
    struct report_split split = {0};
    struct report view = report_view(t->report, &split);
    struct row_account account = {{"", 0}, 0};
    for (size_t row = t->first + from, end = t->first + to; row < end;) {
        struct row_span s;
        for (span_start(&s, &view, row, end); row < s.first + s.count; row++) {
            struct row_user u = span_user(&s, row);
            struct slice resource;
            uint64_t hash = account_hash(&account, u.arn, &resource);
            if (is_resource_of(resource, u.user))
                hash = hash_name(u.user, hash) & ~UINT64_C(1);
            else
                hash = odd_user(t, &view, row, &u, &account, resource);
            if (row < REVIEW_DOUBLES_MAX)
                identities[row] = hash;
        }
    }
    report_split_free(&split);
}

/* ---- users that occur twice ---- */

/*
 * Tally the rows whose identity an earlier row has. A place of the hash table is 0 or has a row's number, from FIRST on
 * and counted from 1, with bits of the row's identity above it. Because of these bits, other identities are rarely
 * looked up, which takes longer than all the rest.
 */
static void look_for_doubles(struct report *r, struct report_file *f, size_t first, size_t end)
{
    enum { AHEAD = 16, NUMBER_BITS = 21, NUMBER_MASK = (1 << NUMBER_BITS) - 1 };
    _Static_assert((int)REVIEW_DOUBLES_MAX <= (int)NUMBER_MASK, "a number and some bits of the identity share 32 bits");
    const uint64_t *identities = r->review.identities;
    size_t size = 2;
    while (size < 2 * (end - first))
        size *= 2;
    uint32_t *table = large_pages_new(size, sizeof *table);
    memset(table, 0, size * sizeof *table);
    for (size_t row = first; row < end; row++) {
        uint64_t id = identities[row];
        size_t at = (size_t)(id >> 1) & (size - 1);
        uint32_t bits = (uint32_t)(id >> 32) & ~(uint32_t)NUMBER_MASK;
        if (row + AHEAD < end)
            __builtin_prefetch(&table[(identities[row + AHEAD] >> 1) & (size - 1)], 1);
        if (id <= 1)
            continue;
        while (table[at] && ((table[at] ^ bits) > NUMBER_MASK
            || identities[first + (table[at] & NUMBER_MASK) - 1] != id))
            at = (at + 1) & (size - 1);
        if (table[at]) {
            char line[24];
            struct review_tally *t = &f->tallies[id & 1 ? REVIEW_ROOT_TWICE : REVIEW_USER_TWICE];
            size_t before = first + (table[at] & NUMBER_MASK) - 1;
            int len = snprintf(line, sizeof line, "%zu", report_line_of(r, before));
            tally(t, row, 1, (struct slice){line, (size_t)len});
        } else {
            table[at] = (uint32_t)(row - first + 1) | bits;
        }
    }
    free(table);
}

/* ---- times after the as-of time ---- */

static void look_at_times(void *context, size_t from, size_t to)
{
    struct review_task *t = context;
    const struct report *r = t->report;
    int64_t latest = r->as_of + REVIEW_SKEW;
    uint32_t limit = latest < CODE_FIRST ? CODE_FIRST : latest > UINT32_MAX ? UINT32_MAX : (uint32_t)latest;
    struct review_tally found = {0};
    for (enum column c = 0; c < COL_REPORT_COUNT; c++) {
        if (schema[c].type != TYPE_TIME || c == COL_PASSWORD_NEXT_ROTATION || t->file->position[c] == SIZE_MAX
            || r->unread >> c & 1)
            continue;
        for (size_t row = t->first + from, end = t->first + to, n; row < end; row += n) {
            uint32_t scratch[REPORT_SPAN];
            n = REPORT_SPAN - row % REPORT_SPAN;
            n = n < end - row ? n : end - row;
            const uint32_t *codes = report_codes(r, row, n, c, scratch);
            uint64_t later = 0;
            for (size_t k = 0; k < n; k++)
                later |= limit - (uint64_t)codes[k]; /* wraps around, setting bit 63, if the time is later */
            for (size_t k = 0; (later >> 63 || r->has_text_codes) && k < n; k++) {
                struct value v = {.state = STATE_NA};
                if (codes[k] > limit || codes[k] == CODE_TEXT)
                    v = report_number(r, row + k, c);
                if (v.state != STATE_VALUE || v.number <= latest)
                    continue;
                char stamp[32], what[80];
                int len = snprintf(what, sizeof what, "%s %s", schema[c].name,
                    timestamp_format(stamp, sizeof stamp, v.number));
                tally(&found, row + k, 1, (struct slice){what, (size_t)len});
            }
        }
    }
    pthread_mutex_lock(&t->lock);
    if (found.count)
        tally(&t->file->tallies[REVIEW_FUTURE], found.first, found.count, slice_of(found.what));
    pthread_mutex_unlock(&t->lock);
    free(found.what);
}

/* ---- the passes ---- */

static size_t file_end(const struct report *r, size_t file)
{
    return file + 1 < r->file_count ? r->files[file + 1].first_row : r->row_count;
}

/* Call WORK for pieces of the rows FROM to TO - 1, which are of file F, on several threads if there are enough rows. */
static void review_file(struct report *r, struct report_file *f, size_t from, size_t to,
    void (*work)(void *task, size_t from, size_t to))
{
    enum { PIECE = LIMIT(1 << 15, 1 << 7) };
    struct review_task t = {.report = r, .file = f, .first = from};
    if (from >= to)
        return;
    pthread_mutex_init(&t.lock, NULL);
    parallel_pieces(to - from, PIECE, to - from > PIECE, work, &t, NULL);
    pthread_mutex_destroy(&t.lock);
}

/* Make room for the hashes of COUNT rows, at most REVIEW_DOUBLES_MAX. */
static void make_identities(struct review *v, size_t count)
{
    count = count < REVIEW_DOUBLES_MAX ? count : REVIEW_DOUBLES_MAX;
    if (count <= v->identity_count)
        return;
    size_t before = v->identity_count;
    v->identity_count = count < 2 * before ? 2 * before : count;
    uint64_t *identities = large_pages_new(v->identity_count, sizeof *identities);
    if (before)
        memcpy(identities, v->identities, before * sizeof *identities);
    free(v->identities);
    v->identities = identities;
}

void review_rows(struct report *r)
{
    make_identities(&r->review, r->row_count);
    for (size_t i = 0; i < r->file_count; i++) {
        size_t first = r->files[i].first_row > r->review.rows ? r->files[i].first_row : r->review.rows;
        review_file(r, &r->files[i], first, file_end(r, i), look_at_users);
    }
    r->review.rows = r->row_count;
}

/* Whether some time of the report may be after the as-of time. */
static bool has_later_times(const struct report *r)
{
    return r->has_text_codes || (int64_t)r->latest > r->as_of + REVIEW_SKEW;
}

void review_passing_rows(struct report *r)
{
    size_t from = r->review.rows;
    review_rows(r);
    if (r->file_count && has_later_times(r))
        review_file(r, &r->files[0], from, r->row_count, look_at_times);
    r->review.is_passing = true;
}

/* Append "3 rows" or "1 row". */
static void add_count(struct buffer *b, const char *what, size_t count)
{
    char number[32];
    buffer_printf(b, "%s %s%s", text_count(number, sizeof number, count), what, count == 1 ? "" : "s");
}

/*
 * The parts of each kind's message, in this order: `before`, the tally's `what`, `after`, "; ", the count with
 * `counted`, and `one` or, for several, `many` (NULL if it is the same as `one`). If `after` is NULL, `what` is left
 * out. REVIEW_FUTURE has the as-of time before the semicolon.
 */
static const struct {
    const char *before, *after, *counted, *one, *many;
} messages[REVIEW_KINDS] = {
    [REVIEW_NAME] = {"user and ARN name two users, ", "", "row",
        " like that: filters and remedies use the name, waivers and comparisons the ARN", NULL},
    [REVIEW_ARN] = {"no ARN of a user or of root: ", "", "row", " like that: listed and judged by name", NULL},
    [REVIEW_NOBODY] = {"neither a user nor an ARN", NULL, "row", " like that: listed, owner unknown",
        NULL},
    [REVIEW_ACCOUNT] = {"not an account's number, which has 12 digits: ", "", "row",
        " like that: the account is unknown", NULL},
    [REVIEW_USER_TWICE] = {"the user of line ", " once more", "row",
        " of this file repeats a user: each is listed, judged and counted",
        " of this file repeat a user: each is listed, judged and counted"},
    [REVIEW_ROOT_TWICE] = {"a second root user of the account, after line ", "", "row",
        " too many: each is listed, judged and counted", NULL},
    [REVIEW_FUTURE] = {"", " is later than ", "time",
        " like that: such ages are negative and exceed no threshold; see --as-of", NULL},
};

static void tell_tally(struct report *r, size_t file, enum review_kind kind)
{
    const struct review_tally *t = &r->files[file].tallies[kind];
    struct buffer b = {0};
    char stamp[32];
    if (!t->count)
        return;
    buffer_puts(&b, messages[kind].before);
    if (messages[kind].after)
        buffer_printf(&b, "%s%s", t->what, messages[kind].after);
    if (kind == REVIEW_FUTURE)
        buffer_printf(&b, "%s, to which ages count", timestamp_format(stamp, sizeof stamp, r->as_of));
    buffer_puts(&b, "; ");
    add_count(&b, messages[kind].counted, t->count);
    buffer_puts(&b, t->count == 1 || !messages[kind].many ? messages[kind].one : messages[kind].many);
    report_add_problem(r, file, report_line_of(r, t->first), "%s", b.data);
    buffer_free(&b);
}

void review_tell(struct report *r)
{
    struct review *v = &r->review;
    if (v->is_done)
        return;
    v->is_done = true;
    for (size_t i = 0; i < r->file_count; i++) {
        struct report_file *f = &r->files[i];
        size_t end = file_end(r, i), last = end < REVIEW_DOUBLES_MAX ? end : REVIEW_DOUBLES_MAX;
        if (f->first_row < last)
            look_for_doubles(r, f, f->first_row, last);
        if (!v->is_passing && has_later_times(r))
            review_file(r, f, f->first_row, end, look_at_times);
        for (enum review_kind k = 0; k < REVIEW_KINDS; k++)
            tell_tally(r, i, k);
    }
}
