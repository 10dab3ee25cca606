/*
 * Reads files of waivers. A line has, separated by blanks: user or ARN, check, until, owner, reason; a line that begins
 * with # is a comment. The file's bytes are kept, and NULs put into them end the words. Users are indexed by hash.
 */
#include "audit/waiver.h"

#include "audit/waiver_priv.h"

#include "audit/checks.h"
#include "audit/rule.h"
#include "base/large_pages.h"
#include "base/limits.h"
#include "base/source.h"
#include "base/timestamp.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Lines, and patterns tried with a span of users, between two checks for cancellation. */
enum { AT_ONCE = 1 << 12, WIDE_AT_ONCE = 1 << 8 };
enum { WAIVERS_MAX = LIMIT(1 << 30, 1 << 8) };

static bool is_waiver_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct slice waiver_take_word(struct slice *rest)
{
    struct slice word = {rest->data, 0};
    while (word.len < rest->len && !is_waiver_blank(rest->data[word.len]))
        word.len++;
    *rest = slice_trimmed((struct slice){rest->data + word.len, rest->len - word.len});
    return word;
}

size_t waiver_query_length(struct slice rest)
{
    size_t depth = 0;
    char quote = 0;
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.data[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
            continue;
        }
        quote = c == '"' || c == '\'' ? c : 0;
        depth += c == '(';
        depth -= c == ')';
        if (c == ')' && !depth)
            return i + 1;
    }
    return 0;
}

static bool is_pattern(struct slice user)
{
    return memchr(user.data, '*', user.len) || memchr(user.data, '?', user.len);
}

/* Returns the byte that \xNN at the start of TEXT stands for, or -1 if TEXT does not start so. */
static int escaped_byte(struct slice text)
{
    if (text.len < 4 || text.data[0] != '\\' || text.data[1] != 'x')
        return -1;
    int high = text_hex_digit(text.data[2]), low = text_hex_digit(text.data[3]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/*
 * Decode \xNN in a user's name, in place. It stands for a byte that would end the field or be special (\x20 for a
 * blank). IAM allows none of those in names, but a report may have any.
 */
static struct slice decode_user(char *text, size_t len)
{
    size_t n = 0;
    if (!memchr(text, '\\', len))
        return (struct slice){text, len};
    for (size_t i = 0; i < len; i++) {
        int byte = escaped_byte((struct slice){text + i, len - i});
        text[n++] = byte >= 0 ? (char)byte : text[i];
        i += byte >= 0 ? 3 : 0;
    }
    return (struct slice){text, n};
}

/*
 * Returns the byte of PATTERN at *AT, with \xNN decoded, and moves *AT behind it. Sets *IS_WILD to whether it is an
 * asterisk or a question mark that was not encoded.
 */
static unsigned char pattern_byte(struct slice pattern, size_t *at, bool *is_wild)
{
    const char *p = pattern.data + *at;
    int byte = escaped_byte((struct slice){p, pattern.len - *at});
    *is_wild = *p == '*' || *p == '?';
    *at += byte >= 0 ? 4 : 1;
    return byte >= 0 ? (unsigned char)byte : (unsigned char)*p;
}

/*
 * Whether TEXT matches PATTERN, in which * stands for any bytes and ? for one. On a mismatch, the last * takes one more
 * byte. The time is at most proportional to the product of both lengths.
 */
static bool matches_pattern(struct slice pattern, struct slice text)
{
    size_t at = 0, i = 0, back = SIZE_MAX, from = 0; /* BACK, FROM: positions behind the last *; SIZE_MAX if none yet */
    while (i < text.len) {
        size_t next = at;
        bool wild = false;
        unsigned char c = at < pattern.len ? pattern_byte(pattern, &next, &wild) : 0;
        if (at < pattern.len && wild && c == '*') {
            back = at = next;
            from = i;
        } else if (at < pattern.len && (wild || c == (unsigned char)text.data[i])) {
            at = next;
            i++;
        } else if (back != SIZE_MAX) {
            at = back;
            i = ++from;
        } else {
            return false;
        }
    }
    while (at < pattern.len && pattern.data[at] == '*')
        at++;
    return at == pattern.len;
}

/*
 * A text's pairs of neighbouring bytes as bits of a hash. A pattern with a bit that a text lacks does not match it,
 * which is known without reading either: a file may have as many patterns as the report has users.
 */
static uint64_t add_pair(uint64_t pairs, unsigned char a, unsigned char b)
{
    return pairs | UINT64_C(1) << (((uint32_t)a << 8 | b) * UINT32_C(0x9e3779b1) >> 26);
}

static uint64_t text_pairs(struct slice text)
{
    uint64_t pairs = 0;
    for (size_t i = 1; i < text.len; i++)
        pairs = add_pair(pairs, (unsigned char)text.data[i - 1], (unsigned char)text.data[i]);
    return pairs;
}

static uint64_t pattern_pairs(struct slice pattern)
{
    uint64_t pairs = 0;
    bool is_after_byte = false, is_wild;
    unsigned char last = 0;
    for (size_t at = 0; at < pattern.len; is_after_byte = !is_wild) {
        unsigned char c = pattern_byte(pattern, &at, &is_wild);
        pairs = is_after_byte && !is_wild ? add_pair(pairs, last, c) : pairs;
        last = c;
    }
    return pairs;
}

static bool read_waiver_date(struct slice text, int64_t *out)
{
    return text.len == 10 && timestamp_parse(text, out);
}

static bool waiver_unknown_check(const char *file, size_t line, struct slice id, struct error *err)
{
    const char *best = check_nearest(id);
    return error_set(err, "%s:%zu: no check \"%.*s\"%s%s%s", file, line, (int)id.len, id.data, best ? "; " : "",
        best ? best : "", best ? "?" : "; ncred --help=checks lists them");
}

/* A file that is being read. The words of the list are parts of its text. */
struct waiver_reading {
    struct waivers *w;
    bool other_names;
    char *text, *end; /* the rest of the text; a NUL is at END */
    size_t line;
};

/* Returns the check called ID, or check_count(). Tries the check of the line before first, as it is often the same. */
static size_t find_check(const struct waivers *w, struct slice id)
{
    size_t check = w->count ? w->list[w->count - 1].check : 0;
    if (slice_equal(id, slice_of(check_at(check)->id)))
        return check;
    check = 0;
    while (check < check_count() && !slice_equal_nocase(id, slice_of(check_at(check)->id)))
        check++;
    return check;
}

/* Put a NUL behind WORD in the text and return the word. The line must have been taken apart before. */
static char *ended(struct waiver_reading *in, struct slice word)
{
    char *at = in->text + (word.data - in->text);
    at[word.len] = '\0';
    return at;
}

/* Remove the first field from *REST: a word, or a query in parentheses, which is parsed into *QUERY. */
static bool take_user(struct waiver_reading *in, struct slice *rest, struct slice *user, struct query **query,
    struct error *err)
{
    struct error why;
    if (rest->data[0] != '(') {
        *user = waiver_take_word(rest);
        return true;
    }
    *user = (struct slice){rest->data, waiver_query_length(*rest)};
    if (!user->len)
        return error_set(err, "%s:%zu: the parenthesis before the query is not closed", in->w->file, in->line);
    struct slice inside = slice_trimmed((struct slice){user->data + 1, user->len - 2});
    struct error ignored;
    bool is_right = rule_is_query(inside, in->other_names, &why);
    if (!is_right)
        error_at(err, why.offset, "%s:%zu: at offset %zu of the query: %s", in->w->file, in->line, why.offset,
            why.text);
    if (!is_right && !rule_is_query(inside, true, &ignored))
        return false;
    if (!is_right && !in->w->doubt)
        in->w->doubt = xstrdup(err->text);
    *query = rule_parse(inside, &ignored);
    *rest = slice_trimmed((struct slice){rest->data + user->len, rest->len - user->len});
    return true;
}

static void add_wide(struct waivers *w, size_t index, struct slice user, bool is_query)
{
    if (!(w->wide_count & (w->wide_count - 1))) {
        size_t room = w->wide_count ? w->wide_count * 2 : 1;
        w->wide = xrealloc(w->wide, room, sizeof *w->wide);
        w->wide_pairs = xrealloc(w->wide_pairs, room, sizeof *w->wide_pairs);
    }
    w->wide_pairs[w->wide_count] = is_query ? 0 : pattern_pairs(user);
    w->wide[w->wide_count++] = (uint32_t)index;
}

/* Read the fields after the user and add the waiver to the list. On success the list owns QUERY. */
static bool read_fields(struct waiver_reading *in, struct slice user, struct query *query, struct slice rest,
    struct error *err)
{
    struct waivers *w = in->w;
    struct slice id = waiver_take_word(&rest), until = waiver_take_word(&rest), owner = waiver_take_word(&rest);
    struct waiver v = {.line = in->line, .check = find_check(w, id), .query = query};
    if (id.len && v.check == check_count())
        return waiver_unknown_check(w->file, v.line, id, err);
    if (until.len && !read_waiver_date(until, &v.until))
        return error_set(err, "%s:%zu: expected a date such as 2026-09-30, got \"%.*s\"", w->file, v.line,
            (int)until.len, until.data);
    if (!rest.len)
        return error_set(err, "%s:%zu: %s is missing; a line is: user or ARN, check, until, owner, reason", w->file,
            v.line, !id.len ? "the check" : !until.len ? "the date" : !owner.len ? "the owner" : "the reason");
    bool wide = query || is_pattern(user);
    v.user = wide ? user : decode_user(ended(in, user), user.len);
    v.owner = ended(in, owner);
    v.reason = ended(in, rest);
    if (w->count == WAIVERS_MAX)
        return error_set(err, "%s: too many waivers", w->file);
    v.is_wide = wide;
    if (wide)
        add_wide(w, w->count, user, query != NULL);
    w->list[w->count++] = v;
    return true;
}

static bool read_line(struct waiver_reading *in, struct slice text, struct error *err)
{
    struct waivers *w = in->w;
    struct slice rest = slice_trimmed(text);
    if (!rest.len || rest.data[0] == '#')
        return true;
    if (memchr(text.data, '\0', text.len))
        return error_set(err, "%s:%zu: not a waiver file: it contains a NUL byte", w->file, in->line);
    struct slice user;
    struct query *query = NULL;
    if (!take_user(in, &rest, &user, &query, err))
        return false;
    bool ok = read_fields(in, user, query, rest, err);
    if (!ok)
        query_free(query);
    return ok;
}

/* Allocate the list with room for a waiver on each line. Returns false if cancelled. */
static bool make_list(const struct waiver_reading *in, struct cancel_token *p, struct error *err)
{
    size_t lines = 1;
    for (const char *at = in->text; (at = memchr(at, '\n', (size_t)(in->end - at))); at++, lines++) {
        if (lines % AT_ONCE == 0 && cancel_check(p))
            return error_set(err, "cancelled");
    }
    in->w->list = large_pages_new(lines, sizeof *in->w->list);
    return true;
}

static bool read_waiver_lines(struct waiver_reading *in, struct cancel_token *p, struct error *err)
{
    for (; in->text < in->end; in->line++) {
        char *end = memchr(in->text, '\n', (size_t)(in->end - in->text));
        size_t len = (size_t)((end ? end : in->end) - in->text);
        if (in->line % AT_ONCE == 0 && cancel_check(p))
            return error_set(err, "cancelled");
        if (!read_line(in, (struct slice){in->text, len}, err))
            return false;
        in->text += len + (end != NULL);
    }
    return true;
}

/* ---- index of the users ---- */

static struct slice waiver_user(const void *list, uint32_t number)
{
    return ((const struct waiver *)list)[number].user;
}

/*
 * Link waiver number I into its user's list, which begins at *FIRST: one waiver per check, the one that ends last (of
 * equals the first in the file). The others of that check follow it by their `same`.
 */
static void link_waiver(struct waivers *w, uint32_t *first, uint32_t i)
{
    struct waiver *new = &w->list[i];
    uint32_t *at = first;
    while (*at && w->list[*at - 1].check != new->check)
        at = &w->list[*at - 1].other;
    struct waiver *longest = *at ? &w->list[*at - 1] : NULL;
    if (longest && longest->until >= new->until) {
        new->same = longest->same;
        longest->same = i + 1;
        return;
    }
    new->same = *at;
    new->other = longest ? longest->other : 0;
    *at = i + 1;
}

/* Users are hashed in groups of this size, so that their slots of the index can be prefetched together. */
enum { TOGETHER = 64 };

static void hash_users(const struct waivers *w, const struct slice *users, size_t count, uint64_t *hashes)
{
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_text(users[i]);
        hash_index_prefetch(&w->users, hashes[i]);
    }
}

static void index_some(struct waivers *w, size_t first, size_t count)
{
    struct slice users[TOGETHER] = {{0}};
    uint64_t hashes[TOGETHER];
    for (size_t i = 0; i < count; i++)
        users[i] = w->list[first + i].is_wide ? slice_of("") : w->list[first + i].user;
    hash_users(w, users, count, hashes);
    for (size_t i = 0; i < count; i++) {
        if (!w->list[first + i].is_wide)
            link_waiver(w, hash_index_add(&w->users, users[i], hashes[i]), (uint32_t)(first + i));
    }
}

static bool index_users(struct waivers *w, struct cancel_token *p, struct error *err)
{
    w->users = (struct hash_index){.text = waiver_user, .owner = w->list};
    hash_index_reserve(&w->users, w->count);
    for (size_t i = 0; i < w->count; i += TOGETHER) {
        index_some(w, i, w->count - i < TOGETHER ? w->count - i : TOGETHER);
        if (i % AT_ONCE == 0 && cancel_check(p))
            return error_set(err, "cancelled");
    }
    return true;
}

bool waivers_read_bytes(struct waivers *w, const char *path, bool other_names, struct buffer *bytes,
    struct cancel_token *p, struct error *err)
{
    *w = (struct waivers){.file = xstrdup(path), .text = bytes->data};
    struct waiver_reading in = {.w = w, .other_names = other_names, .text = bytes->data,
        .end = bytes->data + bytes->len, .line = 1};
    *bytes = (struct buffer){0};
    if (in.end - in.text >= 3 && memcmp(in.text, "\xef\xbb\xbf", 3) == 0)
        in.text += 3;
    bool ok = make_list(&in, p, err) && read_waiver_lines(&in, p, err) && index_users(w, p, err);
    if (!ok)
        waivers_free(w);
    return ok;
}

bool waivers_read_file(struct buffer *b, const char *path, size_t more, struct cancel_token *p, struct error *err)
{
    struct stat st;
    uint64_t size = stat(path, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
    b->cap = (size < source_limit() / 2 ? (size_t)size : 0) + more + 256; /* source_read() reports a file too large */
    b->data = large_pages_new(b->cap, 1);
    return source_read(path, b, p, err);
}

bool waivers_load(struct waivers *w, const char *path, bool other_names, struct error *err)
{
    struct buffer bytes = {0};
    *w = (struct waivers){0};
    bool ok = waivers_read_file(&bytes, path, 0, NULL, err)
        && waivers_read_bytes(w, path, other_names, &bytes, NULL, err);
    buffer_free(&bytes);
    return ok;
}

bool waivers_add(struct waivers *w, const char *path, bool other_names, struct error *err)
{
    struct waivers **end = &w->more;
    if (!w->file)
        return waivers_load(w, path, other_names, err);
    while (*end)
        end = &(*end)->more;
    struct waivers *new = xcalloc(1, sizeof *new);
    if (!waivers_load(new, path, other_names, err)) {
        free(new);
        return false;
    }
    *end = new;
    return true;
}

bool waivers_any(const struct waivers *w)
{
    while (w && !w->count)
        w = w->more;
    return w != NULL;
}

size_t waivers_tries(const struct waivers *w)
{
    enum { OF_QUERY = 40 }; /* a query takes as long as so many patterns, or longer */
    size_t tries = 0;
    for (; w; w = w->more) {
        for (size_t i = 0; i < w->wide_count; i++)
            tries += w->list[w->wide[i]].query ? OF_QUERY : 1;
    }
    return tries;
}

bool waivers_are_for_one_thread(const struct waivers *w)
{
    bool are = false;
    for (; w && !are; w = w->more) {
        for (size_t i = 0; i < w->wide_count && !are; i++)
            are = query_is_for_one_thread(w->list[w->wide[i]].query);
    }
    return are;
}

void waivers_bind(const struct waivers *w, const struct report *r)
{
    for (; w; w = w->more) {
        for (size_t i = 0; i < w->wide_count; i++)
            query_bind_settled(w->list[w->wide[i]].query, r);
    }
}

static bool check_query_names(const struct waivers *w, const struct waiver *v, const struct report *r,
    struct error *err)
{
    struct error why;
    return !v->query || query_bind(v->query, r, &why) || error_set(err, "%s:%zu: at offset %zu of the query: %s",
        w->file, v->line, why.offset, why.text);
}

bool waivers_check_names(const struct waivers *w, const struct report *r, struct error *err)
{
    bool ok = true;
    for (; w && ok; w = w->more) {
        if (w->doubt && !r)
            return error_set(err, "%s", w->doubt);
        for (size_t i = 0; w->doubt && i < w->wide_count && ok; i++)
            ok = check_query_names(w, &w->list[w->wide[i]], r, err);
    }
    return ok;
}

void waivers_free(struct waivers *w)
{
    if (w->more)
        waivers_free(w->more);
    free(w->more);
    for (size_t i = 0; i < w->wide_count; i++)
        query_free(w->list[w->wide[i]].query);
    free(w->wide);
    free(w->wide_pairs);
    free(w->file);
    free(w->text);
    free(w->doubt);
    free(w->list);
    hash_index_free(&w->users);
    *w = (struct waivers){0};
}

/* Returns the index + 1 of the first waiver in USER's list, or 0. */
static uint32_t first_of(const struct waivers *w, struct slice user, uint64_t hash)
{
    const uint32_t *slot = hash_index_find(&w->users, user, hash);
    return slot ? *slot : 0;
}

/* Returns USER's waiver for CHECK that ends last if it is in force, or NULL. */
static const struct waiver *find_by(const struct waivers *w, struct slice user, size_t check, int64_t as_of)
{
    for (uint32_t i = first_of(w, user, hash_text(user)); i; i = w->list[i - 1].other) {
        if (w->list[i - 1].check == check)
            return as_of < w->list[i - 1].until ? &w->list[i - 1] : NULL;
    }
    return NULL;
}

/*
 * Whether the pattern or query of V applies to the row's user. IAM allows neither : nor / in names, so a pattern
 * without them is for names: *user* must not match all ARNs, which contain ":user/".
 */
static bool is_for(const struct waiver *v, const struct report *r, size_t row)
{
    if (v->query)
        return query_holds_surely(v->query, r, row);
    bool may_be_arn = memchr(v->user.data, ':', v->user.len) || memchr(v->user.data, '/', v->user.len);
    return matches_pattern(v->user, report_raw(r, row, COL_USER))
        || (may_be_arn && matches_pattern(v->user, report_raw(r, row, COL_ARN)));
}

/* The pairs of bytes in a row's name and ARN. */
struct row_pairs {
    uint64_t user, arn;
};

static struct row_pairs pairs_of_row(const struct report *r, size_t row)
{
    return (struct row_pairs){text_pairs(report_raw(r, row, COL_USER)), text_pairs(report_raw(r, row, COL_ARN))};
}

/* Whether a row may match a pattern with the pairs NEEDED. A query needs none. */
static bool may_match(uint64_t needed, struct row_pairs row)
{
    return !(needed & ~row.user) || !(needed & ~row.arn);
}

/* Returns the pattern or query in force that waives the finding and ends last, or BEST if none ends later than that. */
static const struct waiver *find_wide(const struct waivers *w, const struct report *r, size_t row, size_t check,
    const struct waiver *best)
{
    struct row_pairs pairs = w->wide_count ? pairs_of_row(r, row) : (struct row_pairs){0, 0};
    for (size_t i = 0; i < w->wide_count; i++) {
        const struct waiver *v = &w->list[w->wide[i]];
        if (may_match(w->wide_pairs[i], pairs) && v->check == check && r->as_of < v->until
            && (!best || v->until > best->until) && is_for(v, r, row))
            best = v;
    }
    return best;
}

static const struct waiver *longer(const struct waiver *a, const struct waiver *b)
{
    return !a || (b && b->until > a->until) ? b : a;
}

const struct waiver *waivers_find(const struct waivers *w, const struct report *r, size_t row, size_t check)
{
    const struct waiver *by_arn = NULL, *by_user = NULL, *wide = NULL;
    struct slice arn = {"", 0}, user = {"", 0};
    if (waivers_any(w)) {
        arn = report_raw(r, row, COL_ARN);
        user = report_raw(r, row, COL_USER);
    }
    for (; w; w = w->more) {
        if (!w->count)
            continue;
        by_arn = longer(by_arn, find_by(w, arn, check, r->as_of));
        by_user = longer(by_user, find_by(w, user, check, r->as_of));
        wide = find_wide(w, r, row, check, wide);
    }
    return by_arn ? by_arn : by_user ? by_user : wide;
}

static const enum column names[] = {COL_USER, COL_ARN};
enum { NAMES = sizeof names / sizeof *names };

/*
 * For each of COUNT users (at most TOGETHER): set in FOUND the bits of the checks that W waives for that name or ARN.
 * Memory is prefetched in three passes (index, list, texts), because users are scattered in it.
 */
static void add_found(const struct waivers *w, int64_t as_of, const struct slice *users, size_t count, uint64_t *found)
{
    uint64_t hashes[TOGETHER];
    uint32_t guesses[TOGETHER];
    hash_users(w, users, count, hashes);
    for (size_t i = 0; i < count; i++) {
        guesses[i] = hash_index_guess(&w->users, hashes[i]);
        __builtin_prefetch(guesses[i] ? &w->list[guesses[i] - 1] : w->list);
    }
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(guesses[i] ? w->list[guesses[i] - 1].user.data : w->text);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t k = guesses[i] ? first_of(w, users[i], hashes[i]) : 0; k; k = w->list[k - 1].other)
            found[i] |= as_of < w->list[k - 1].until ? UINT64_C(1) << w->list[k - 1].check : 0;
    }
}

/* Set in FOUND the bits of WANTED that patterns and queries of W waive. */
static void add_wide_found(const struct waivers *w, const struct report *r, size_t first, size_t count,
    const uint64_t *wanted, uint64_t *found)
{
    struct row_pairs pairs[QUERY_SPAN];
    for (size_t k = 0; k < count && w->wide_count; k++)
        pairs[k] = wanted[k] ? pairs_of_row(r, first + k) : (struct row_pairs){0, 0};
    for (size_t i = 0; i < w->wide_count; i++) {
        const struct waiver *v = &w->list[w->wide[i]];
        uint64_t bit = UINT64_C(1) << v->check, needed = w->wide_pairs[i], yes[QUERY_WORDS], unknown[QUERY_WORDS];
        if (r->as_of >= v->until)
            continue;
        if (v->query)
            query_judge(v->query, r, first, count, yes, unknown);
        for (size_t k = 0; k < count; k++) {
            if (may_match(needed, pairs[k]) && (wanted[k] & ~found[k] & bit)
                && (v->query ? yes[k / 64] >> k % 64 & 1 : is_for(v, r, first + k)))
                found[k] |= bit;
        }
    }
}

/* Set FOUND to the bits of WANTED that W waives by name or ARN. */
static void named_span(const struct waivers *w, const struct report *r, size_t first, size_t count,
    const uint64_t *wanted, uint64_t *found)
{
    for (size_t from = 0; from < count; from += TOGETHER) {
        size_t rows[TOGETHER], n = 0;
        uint64_t some[TOGETHER] = {0};
        for (size_t i = from; i < count && i < from + TOGETHER; i++) {
            found[i] = 0;
            if (wanted[i])
                rows[n++] = i;
        }
        for (size_t name = 0; name < NAMES && w->count; name++) {
            struct slice users[TOGETHER] = {{0}};
            for (size_t i = 0; i < n; i++)
                users[i] = report_raw(r, first + rows[i], names[name]);
            add_found(w, r->as_of, users, n, some);
        }
        for (size_t i = 0; i < n; i++)
            found[rows[i]] = some[i] & wanted[rows[i]];
    }
}

void waivers_span(const struct waivers *w, const struct report *r, size_t first, size_t count, const uint64_t *wanted,
    uint64_t *found)
{
    named_span(w, r, first, count, wanted, found);
    add_wide_found(w, r, first, count, wanted, found);
    for (w = w->more; w; w = w->more) {
        uint64_t more[QUERY_SPAN];
        named_span(w, r, first, count, wanted, more);
        for (size_t k = 0; k < count; k++)
            found[k] |= more[k];
        add_wide_found(w, r, first, count, wanted, found);
    }
}

/* Mark as seen all waivers in the list that begins with number FIRST - 1, unless an earlier row has marked them. */
static void mark_seen(const struct waivers *w, uint32_t first, bool *seen)
{
    for (uint32_t i = first; i && !(i == first && seen[i - 1]); i = w->list[i - 1].other) {
        for (uint32_t k = i; k; k = w->list[k - 1].same)
            seen[k - 1] = true;
    }
}

/* Whether V, a pattern with the pairs NEEDED or a query, is for one of COUNT users from FIRST on with these PAIRS. */
static bool is_for_some(const struct waiver *v, uint64_t needed, const struct report *r, size_t first, size_t count,
    const struct row_pairs *pairs)
{
    uint64_t yes[QUERY_WORDS], unknown[QUERY_WORDS];
    if (v->query)
        query_judge(v->query, r, first, count, yes, unknown);
    for (size_t k = 0; k < count; k++) {
        if (may_match(needed, pairs[k]) && (v->query ? yes[k / 64] >> k % 64 & 1 : is_for(v, r, first + k)))
            return true;
    }
    return false;
}

/* Mark as seen the patterns and queries that some user matches. Returns false if P has ended. */
static bool mark_wide(const struct waivers *w, const struct report *r, bool *seen, struct cancel_token *p)
{
    for (size_t first = 0; first < r->row_count && w->wide_count; first += QUERY_SPAN) {
        size_t count = r->row_count - first < QUERY_SPAN ? r->row_count - first : QUERY_SPAN;
        struct row_pairs pairs[QUERY_SPAN];
        for (size_t k = 0; k < count; k++)
            pairs[k] = pairs_of_row(r, first + k);
        for (size_t i = 0; i < w->wide_count; i++) {
            size_t number = w->wide[i];
            if (i % WIDE_AT_ONCE == 0 && cancel_check(p))
                return false;
            seen[number] = seen[number] || is_for_some(&w->list[number], w->wide_pairs[i], r, first, count, pairs);
        }
    }
    return true;
}

/*
 * Whether V's query has a name or value that does not fit R's columns; WHY then says which. V's own query is not bound:
 * other threads may evaluate it.
 */
static bool is_misspelt(const struct waiver *v, const struct report *r, struct error *why)
{
    struct error ignored;
    if (!v->query || !query_needs_report(v->query))
        return false;
    struct query *q = rule_parse(slice_trimmed((struct slice){v->user.data + 1, v->user.len - 2}), &ignored);
    bool is = q && !query_bind(q, r, why);
    query_free(q);
    return is;
}

/*
 * Put the warning about V into LINE. SEEN: some user of the report has it. Returns false if there is nothing to warn
 * about.
 */
static bool warn(const struct waiver *v, const char *file, const struct report *r, bool seen, struct error *line)
{
    struct error why;
    char until[32];
    int64_t left = v->until - r->as_of;
    timestamp_format(until, sizeof until, v->until);
    if (left <= 0) {
        error_set(line, "%s:%zu: the waiver of %s for %.*s ended on %.10s", file, v->line, check_at(v->check)->id,
            (int)v->user.len, v->user.data, until);
    } else if (is_misspelt(v, r, &why)) {
        error_set(line, "%s:%zu: at offset %zu of the query: %s", file, v->line, why.offset, why.text);
    } else if (!seen) {
        error_set(line, "%s:%zu: no user %.*s in the report", file, v->line, (int)v->user.len, v->user.data);
    } else if (left <= WAIVER_WARN_DAYS * TIMESTAMP_DAY) {
        int64_t days = (left + TIMESTAMP_DAY - 1) / TIMESTAMP_DAY;
        error_set(line, "%s:%zu: the waiver of %s for %.*s ends on %.10s, in %d day%s", file, v->line,
            check_at(v->check)->id, (int)v->user.len, v->user.data, until, (int)days, days == 1 ? "" : "s");
    } else {
        return false;
    }
    return true;
}

bool waivers_stale(const struct waivers *w, const struct report *r, struct buffer *out, struct cancel_token *p)
{
    bool ok = true;
    for (; w && ok; w = w->more) {
        bool *seen = xcalloc(w->count, sizeof *seen);
        for (size_t row = 0; w->count && row < r->row_count; row++) {
            for (size_t n = 0; n < NAMES; n++) {
                struct slice user = report_raw(r, row, names[n]);
                mark_seen(w, first_of(w, user, hash_text(user)), seen);
            }
        }
        ok = mark_wide(w, r, seen, p);
        for (size_t i = 0; ok && i < w->count; i++) {
            struct error line;
            ok = i % WIDE_AT_ONCE || !cancel_check(p);
            if (ok && warn(&w->list[i], w->file, r, seen[i], &line))
                buffer_printf(out, "%s\n", line.text);
        }
        free(seen);
    }
    return ok;
}
