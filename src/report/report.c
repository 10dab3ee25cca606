/*
 * Reads cells: fields from the rows' text, codes from the blocks, and derived columns from other columns' codes. Codes
 * are made for up to a span of rows at once, in loops that compilers can vectorize.
 */
#include "report/report.h"

#include "aws/arn.h"
#include "base/bug.h"
#include "base/memory.h"
#include "report/accounts.h"
#include "report/change.h"
#include "report/report_build.h"
#include "base/timestamp.h"

#include <stdlib.h>

/* ---- fields from the text ---- */

/*
 * Binary search: sets INDEX to the last of the COUNT elements of ARRAY, sorted by MEMBER, with MEMBER <= WANTED; else
 * 0.
 */
#define LAST_UP_TO(array, count, member, wanted, index)                 \
    do {                                                                \
        size_t high_ = (count);                                         \
        (index) = 0;                                                    \
        while (high_ - (index) > 1) {                                   \
            size_t middle_ = (index) + (high_ - (index)) / 2;           \
            if ((array)[middle_].member <= (wanted))                    \
                (index) = middle_;                                      \
            else                                                        \
                high_ = middle_;                                        \
        }                                                               \
    } while (0)

/* Returns the bytes from OFFSET to the end of its segment. */
static struct slice pool_text(const struct report *r, uint64_t offset)
{
    size_t low;
    LAST_UP_TO(r->segments, r->segment_count, start, offset, low);
    size_t from = (size_t)(offset - r->segments[low].start);
    return (struct slice){r->segments[low].data + from, r->segments[low].size - from};
}

static struct slice row_text(const struct report *r, size_t row, bool *decoded)
{
    const struct report_block *b = report_block_of(r, row);
    uint32_t start = b->start[row & BLOCK_MASK];
    *decoded = start >> 31;
    return pool_text(r, b->base[*decoded] + (start & UINT32_C(0x7fffffff)));
}

static inline void prefetch_text(const struct report *r, size_t row, size_t bytes)
{
    enum { CACHE_LINE = 64 };
    bool decoded;
    const char *text = row_text(r, row, &decoded).data;
    for (size_t i = 0; i < bytes; i += CACHE_LINE)
        __builtin_prefetch(text + i);
}

void report_prefetch(const struct report *r, size_t row)
{
    enum { USUAL_ROW = 256 };
    prefetch_text(r, row, USUAL_ROW);
}

void report_prefetch_identity(const struct report *r, size_t row)
{
    enum { USUAL_IDENTITY = 128 };
    prefetch_text(r, row, USUAL_IDENTITY);
}

void report_prefetch_codes(const struct report *r, size_t row, uint32_t columns)
{
    const struct report_block *b = report_block_of(r, row);
    size_t i = row & BLOCK_MASK;
    __builtin_prefetch(&b->start[i]);
    check_sets_prefetch(&b->failed, i);
    for (uint32_t left = columns & ((UINT32_C(2) << COL_ACCOUNT) - 1); left; left &= left - 1) {
        struct column_storage at = report_storage[__builtin_ctz(left)];
        if (at.kind == STORED_TIME)
            __builtin_prefetch(&b->time[at.index][i]);
        else if (at.kind == STORED_WORD)
            __builtin_prefetch(&b->word[at.index][i]);
        else if (at.kind == STORED_FLAG)
            __builtin_prefetch(&b->flag[at.index][i]);
    }
}

bool report_plain_text(const struct report *r, size_t row, struct slice *text)
{
    const struct report_block *b = report_block_of(r, row);
    uint32_t start = b->start[row & BLOCK_MASK];
    uint64_t offset = b->base[0] + start;
    if (start >> 31)
        return false;
    *text = pool_text(r, offset);
    /* the loader may be writing to the bytes behind text_ready */
    if (text->len > r->text_ready - offset)
        text->len = (size_t)(r->text_ready - offset);
    return true;
}

bool report_ends_with_line(const struct report *r)
{
    char last = r->text_ready ? pool_text(r, r->text_ready - 1).data[0] : '\0';
    return last == '\n' || last == '\r';
}

bool report_plain_rows(const struct report *r, size_t first, size_t count, struct slice *text, const uint32_t **starts,
    uint32_t *origin)
{
    const struct report_block *b = report_block_of(r, first);
    const uint32_t *start = b->start + (first & BLOCK_MASK);
    uint32_t decoded = 0;
    bool ascends = true;
    for (size_t i = 0; i < count; i++)
        decoded |= start[i];
    for (size_t i = 1; i < count; i++)
        ascends &= start[i] > start[i - 1];
    *starts = start;
    *origin = start[0];
    return !(decoded >> 31) && ascends && report_plain_text(r, first, text)
        && start[count - 1] - start[0] < text->len;
}

static size_t decoded_fields(struct slice text, size_t first, struct slice *fields, size_t room)
{
    uint32_t count, from = 0, to;
    memcpy(&count, text.data, sizeof count);
    const char *bytes = text.data + (count + (size_t)1) * sizeof count;
    if (first && first <= count)
        memcpy(&from, text.data + first * sizeof from, sizeof from);
    for (size_t i = first; i < count && i - first < room; i++) {
        memcpy(&to, text.data + (i + 1) * sizeof to, sizeof to);
        fields[i - first] = (struct slice){bytes + from, to - from};
        from = to;
    }
    return count;
}

/* Put the first ROOM fields of a plain row into FIELDS. Returns how many it has. */
static size_t plain_fields(struct slice text, struct slice *fields, size_t room)
{
    const char *at = text.data, *end = at + text.len, *from = at;
    size_t n = 0;
    for (;; at++) {
        bool last = at == end || *at == '\n' || *at == '\r';
        if (!last && *at != ',')
            continue;
        if (n < room)
            fields[n] = (struct slice){from, (size_t)(at - from)};
        n++;
        from = at + 1;
        if (last)
            return n;
    }
}

/* ---- rows split once ---- */

#if defined __SSE2__
#include <emmintrin.h>

/*
 * Returns a bit for each of the 64 bytes at S that ends a field; *ENDS gets those of the bytes that also end the line.
 */
static uint64_t find_separators(const char *s, uint64_t *ends)
{
    uint64_t commas = 0;
    *ends = 0;
    for (unsigned i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(s + i * 16));
        __m128i line = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
        __m128i comma = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','));
        *ends |= (uint64_t)(uint16_t)_mm_movemask_epi8(line) << i * 16;
        commas |= (uint64_t)(uint16_t)_mm_movemask_epi8(comma) << i * 16;
    }
    return commas | *ends;
}
#else
static uint64_t find_separators(const char *s, uint64_t *ends)
{
    uint64_t marks = 0;
    *ends = 0;
    for (unsigned i = 0; i < 64; i++) {
        bool line = s[i] == '\n' || s[i] == '\r';
        *ends |= (uint64_t)line << i;
        marks |= (uint64_t)(line || s[i] == ',') << i;
    }
    return marks;
}
#endif

/*
 * Returns a bit for each field that ends in the next 64 bytes of a row, from AT on, of which LEFT may be read. *ENDS is
 * not 0 if the row ends there as well, at its lowest bit.
 */
static uint64_t find_field_ends(const char *at, size_t left, uint64_t *ends)
{
    char spare[64];
    if (left < sizeof spare) { /* the text ends here, and with it the row */
        memset(spare, '\n', sizeof spare);
        memcpy(spare, at, left);
        at = spare;
    }
    uint64_t marks = find_separators(at, ends);
    return *ends ? marks & (*ends ^ (*ends - 1)) : marks;
}

/* Set *FIELD to field INDEX of a plain row. Returns false if it has fewer. Reads no byte behind the row. */
static bool plain_field(struct slice text, size_t index, struct slice *field)
{
    const char *end = text.data + text.len, *from = text.data;
    size_t n = 0;
    for (const char *at = text.data;; at++) {
        bool last = at == end || *at == '\n' || *at == '\r';
        if (!last && *at != ',')
            continue;
        if (n++ == index) {
            *field = (struct slice){from, (size_t)(at - from)};
            return true;
        }
        if (last)
            return false;
        from = at + 1;
    }
}

/* The same for a row that is known to end within TEXT, 64 bytes at a time. */
static bool plain_field_within(struct slice text, size_t index, struct slice *field)
{
    size_t from = 0, n = 0;
    uint64_t ends = 0;
    for (size_t block = 0; !ends; block += 64) {
        for (uint64_t marks = find_field_ends(text.data + block, text.len - block, &ends); marks; marks &= marks - 1) {
            size_t end = block + (size_t)__builtin_ctzll(marks);
            *field = (struct slice){text.data + from, end - from};
            if (n++ == index)
                return true;
            from = end + 1;
        }
    }
    return false;
}

/* Returns the distance from a plain row to the next one if it is at most LEN, otherwise 0. */
static size_t plain_row_size(const struct report *r, size_t row, size_t len)
{
    const struct report_block *b = report_block_of(r, row);
    size_t i = row & BLOCK_MASK;
    if (i == BLOCK_MASK || row + 1 >= r->row_count)
        return 0;
    uint32_t start = b->start[i], next = b->start[i + 1];
    return next >> 31 || next <= start || next - start > len ? 0 : next - start;
}

struct slice report_row_bytes(const struct report *r, size_t row, bool *decoded)
{
    struct slice text = row_text(r, row, decoded);
    uint64_t ends = 0;
    if (*decoded) {
        uint32_t count, last = 0;
        memcpy(&count, text.data, sizeof count);
        memcpy(&last, text.data + count * sizeof last, count ? sizeof last : 0);
        return (struct slice){text.data, (count + (size_t)1) * sizeof count + last};
    }
    report_plain_text(r, row, &text);
    size_t size = plain_row_size(r, row, text.len), at = 0;
    for (; size && !ends; at += 64)
        find_field_ends(text.data + at, size - at, &ends);
    if (size)
        return (struct slice){text.data, at - 64 + (size_t)__builtin_ctzll(ends)};
    while (at < text.len && text.data[at] != '\n' && text.data[at] != '\r')
        at++;
    return (struct slice){text.data, at};
}

/* Add to S the fields that end in the next 64 bytes of the row. */
static void split_more(struct report_split *s)
{
    uint64_t line_ends, marks = find_field_ends(s->text.data + s->block, s->text.len - s->block, &line_ends);
    if (s->room - s->count < 64) {
        s->room = s->room * 2 + 64;
        s->ends = xrealloc(s->ends, s->room, sizeof *s->ends);
    }
    size_t *end = s->ends + s->count, block = s->block;
    for (; marks; marks &= marks - 1)
        *end++ = block + (size_t)__builtin_ctzll(marks);
    s->count = (size_t)(end - s->ends);
    s->is_complete = line_ends != 0;
    s->block += 64;
}

/*
 * Returns r->split with at least the ends of the first INDEX + 1 fields of ROW, or all if it has fewer; none of a
 * decoded row.
 */
static const struct report_split *split_up_to(const struct report *r, size_t row, size_t index)
{
    struct report_split *s = r->split;
    if (!s->is_used || s->row != row) {
        s->is_used = true;
        s->row = row;
        s->count = s->block = 0;
        s->is_plain = report_plain_text(r, row, &s->text);
        s->is_complete = !s->is_plain;
    }
    while (s->count <= index && !s->is_complete)
        split_more(s);
    return s;
}

static struct slice split_field(const struct report_split *s, size_t index)
{
    size_t from = index ? s->ends[index - 1] + 1 : 0;
    return (struct slice){s->text.data + from, s->ends[index] - from};
}

struct report report_view(const struct report *r, struct report_split *split)
{
    struct report view = *r;
    view.split = split;
    return view;
}

void report_split_free(struct report_split *split)
{
    free(split->ends);
    *split = (struct report_split){0};
}

size_t report_fields(const struct report *r, size_t row, struct slice *fields, size_t room)
{
    bool decoded;
    const struct report_split *s = r->split ? split_up_to(r, row, SIZE_MAX) : NULL;
    if (s && s->is_plain) {
        size_t from = 0, n = s->count < room ? s->count : room;
        for (size_t i = 0; i < n; from = s->ends[i++] + 1)
            fields[i] = (struct slice){s->text.data + from, s->ends[i] - from};
        return s->count;
    }
    struct slice text = row_text(r, row, &decoded);
    return decoded ? decoded_fields(text, 0, fields, room) : plain_fields(text, fields, room);
}

size_t report_field_count(const struct report *r, size_t row)
{
    return report_fields(r, row, NULL, 0);
}

/* field_at() for a row that is decoded, or not to be split. */
__attribute__((noinline)) static bool field_of_row(const struct report *r, size_t row, size_t index, struct slice *text)
{
    bool decoded;
    struct slice all, field;
    if (report_plain_text(r, row, &all)) {
        size_t size = index ? plain_row_size(r, row, all.len) : 0; /* the first field is found fast without it */
        bool has = size ? plain_field_within((struct slice){all.data, size}, index, &field)
            : plain_field(all, index, &field);
        *text = has ? field : *text;
        return has;
    }
    all = row_text(r, row, &decoded);
    return index < decoded_fields(all, index, text, 1);
}

/* Set *TEXT to field INDEX of the row. Returns false, with *TEXT unchanged, if the row has fewer fields. */
static bool field_at(const struct report *r, size_t row, size_t index, struct slice *text)
{
    const struct report_split *s = r->split ? split_up_to(r, row, index) : NULL;
    if (!s || !s->is_plain)
        return field_of_row(r, row, index, text);
    if (index >= s->count)
        return false;
    *text = split_field(s, index);
    return true;
}

struct slice report_field(const struct report *r, size_t row, size_t index)
{
    struct slice text = {"", 0};
    field_at(r, row, index, &text);
    return text;
}

bool report_field_span(const struct report *r, size_t row, size_t first, size_t last, struct slice *text)
{
    const struct report_split *s = r->split ? split_up_to(r, row, last) : NULL;
    if (!s || !s->is_plain || last >= s->count)
        return false;
    size_t from = first ? s->ends[first - 1] + 1 : 0;
    *text = (struct slice){s->text.data + from, s->ends[last] - from};
    return true;
}

size_t report_file_of(const struct report *r, size_t row)
{
    size_t low;
    LAST_UP_TO(r->files, r->file_count, first_row, row, low);
    return low;
}

size_t report_line_of(const struct report *r, size_t row)
{
    const struct report_file *f = &r->files[report_file_of(r, row)];
    size_t low;
    LAST_UP_TO(f->marks, f->mark_count, row, row, low);
    return f->marks[low].line + (row - f->marks[low].row);
}

/* Names for groups of columns that are all missing. A group stands before the smaller ones that it contains. */
static const struct {
    const char *name;
    enum column first, last;
} groups[] = {
    {"password_*", COL_PASSWORD_ENABLED, COL_PASSWORD_NEXT_ROTATION},
    {"access_key_*", COL_KEY_1_ACTIVE, COL_KEY_2_LAST_USED_SERVICE},
    {"access_key_1_*", COL_KEY_1_ACTIVE, COL_KEY_1_LAST_USED_SERVICE},
    {"access_key_1_last_used_*", COL_KEY_1_LAST_USED_DATE, COL_KEY_1_LAST_USED_SERVICE},
    {"access_key_2_*", COL_KEY_2_ACTIVE, COL_KEY_2_LAST_USED_SERVICE},
    {"access_key_2_last_used_*", COL_KEY_2_LAST_USED_DATE, COL_KEY_2_LAST_USED_SERVICE},
    {"cert_*", COL_CERT_1_ACTIVE, COL_CERT_2_LAST_ROTATED},
    {"cert_1_*", COL_CERT_1_ACTIVE, COL_CERT_1_LAST_ROTATED},
    {"cert_2_*", COL_CERT_2_ACTIVE, COL_CERT_2_LAST_ROTATED},
};

bool report_tell_missing(const struct report *r, size_t file, uint32_t of, struct buffer *b)
{
    uint32_t lacks = r->files[file].lacks & of;
    const char *between = "columns missing: ";
    for (enum column c = 0; c < COL_REPORT_COUNT; c++) {
        const char *name = lacks >> c & 1 ? schema[c].name : NULL;
        enum column last = c;
        for (size_t g = 0; g < sizeof groups / sizeof groups[0] && last == c; g++) {
            uint32_t all = ((UINT32_C(2) << groups[g].last) - 1) & ~((UINT32_C(1) << c) - 1);
            if (groups[g].first == c && (lacks & all) == all) {
                name = groups[g].name;
                last = groups[g].last;
            }
        }
        if (!name)
            continue;
        buffer_printf(b, "%s%s", between, name);
        between = ", ";
        c = last;
    }
    if (lacks)
        buffer_puts(b, "; what depends on them is unknown");
    return lacks != 0;
}

size_t report_problem_count(const struct report *r)
{
    size_t n = r->problem_count;
    for (size_t i = 0; i < r->file_count; i++)
        n += r->files[i].lacks != 0;
    return n;
}

bool report_leads_with_user(const struct report *r, size_t first, size_t count)
{
    size_t file = report_file_of(r, first);
    const size_t *position = r->files[file].position;
    return file == report_file_of(r, first + count - 1) && position[COL_USER] == 0 && position[COL_ARN] == 1;
}

static bool raw_at(const struct report *r, size_t row, size_t position, struct slice *text)
{
    *text = (struct slice){"", 0};
    return position != SIZE_MAX && field_at(r, row, position, text);
}

struct slice report_as_written(const struct report *r, size_t row, enum column column)
{
    struct slice text = {"", 0};
    if (column >= COL_REPORT_COUNT)
        return text;
    const size_t *position = r->files[report_file_of(r, row)].position;
    raw_at(r, row, position[column], &text);
    return column == COL_USER && !text.len ? arn_user(report_raw(r, row, COL_ARN)) : text;
}

struct slice report_raw(const struct report *r, size_t row, enum column column)
{
    struct slice text = report_as_written(r, row, column);
    if (column != COL_USER && column != COL_ARN)
        return text;
    text = slice_trimmed(text);
    return column == COL_USER && !text.len ? arn_user(report_raw(r, row, COL_ARN)) : text;
}

bool report_raw_at(const struct report *r, size_t row, size_t index, struct slice *text)
{
    const struct report_file *f = &r->files[report_file_of(r, row)];
    size_t i = index < f->column_count && f->columns[index] == index ? index : 0;
    while (i < f->column_count && f->columns[i] != index)
        i++;
    return raw_at(r, row, i < f->column_count ? i : SIZE_MAX, text);
}

/* ---- codes ---- */

/* Write the codes of a column that does not store them as 32 bits. I is the first row's index in B. */
static void stored(const struct report_block *b, size_t i, size_t count, enum column column, uint32_t *out)
{
    int index = report_storage[column].index;
    switch (report_storage[column].kind) {
    case STORED_WORD:
        for (size_t k = 0; k < count; k++)
            out[k] = b->word[index][i + k];
        break;
    case STORED_FLAG:
        for (size_t k = 0; k < count; k++)
            out[k] = b->flag[index][i + k];
        break;
    case STORED_RARE_TIME: sparse_copy(&b->rare_time[index], i, count, out); break;
    case STORED_RARE_FLAG:
        sparse_copy(&b->rare_flag[index], i, count, out);
        for (size_t k = 0; k < count; k++)
            out[k] = rare_code(out[k]);
        break;
    default:
        for (size_t k = 0; k < count; k++)
            out[k] = CODE_ABSENT;
        break;
    }
}

/* Returns the codes of a column stored as STORED_TIME. */
static const uint32_t *times(const struct report_block *b, size_t i, enum column column)
{
    return b->time[report_storage[column].index] + i;
}

/*
 * A credential that was never used is idle since it was made (CIS 1.12). Only N/A and no_information mean "never". If
 * the column of the use is missing and the creation is N/A, there is no credential, so the result is N/A.
 */
static inline uint32_t idle_code(uint32_t used, uint32_t made)
{
    bool is_none = (used == CODE_ABSENT) & (made == CODE_NA);
    return ((used <= CODE_NO_INFORMATION) | is_none) ? made : used;
}

/* Set *USED and *MADE to the columns from which an idle time counts. Returns false for other columns. */
static inline bool idle_counts_from(enum column column, enum column *used, enum column *made)
{
    switch ((int)column) {
    case COL_PASSWORD_IDLE: *used = COL_PASSWORD_LAST_USED; *made = COL_PASSWORD_LAST_CHANGED; return true;
    case COL_KEY_1_IDLE: *used = COL_KEY_1_LAST_USED_DATE; *made = COL_KEY_1_LAST_ROTATED; return true;
    case COL_KEY_2_IDLE: *used = COL_KEY_2_LAST_USED_DATE; *made = COL_KEY_2_LAST_ROTATED; return true;
    default: return false;
    }
}

/*
 * Returns the later of two uses. A time is later than any state. Of two states, unknown ones win over not_supported,
 * that over no_information, and that over N/A, so that the result is "never" only if both are.
 */
static uint32_t later(uint32_t a, uint32_t b)
{
    bool both = a >= CODE_TEXT && b >= CODE_TEXT;
    return both && (a == CODE_TEXT || b == CODE_TEXT) ? CODE_TEXT : a > b ? a : b;
}

static void activity_codes(const struct report_block *b, size_t i, size_t count, uint32_t *out)
{
    const uint32_t *password = times(b, i, COL_PASSWORD_LAST_USED), *first = times(b, i, COL_KEY_1_LAST_USED_DATE),
        *second = times(b, i, COL_KEY_2_LAST_USED_DATE);
    for (size_t k = 0; k < count; k++)
        out[k] = later(later(password[k], first[k]), second[k]);
}

/* Returns the code for the number of active keys; unknown if either key's cell is. */
static uint32_t active_keys_code(uint8_t first, uint8_t second)
{
    return code_is_unknown(first) ? first : code_is_unknown(second) ? second
        : CODE_FIRST + (uint32_t)(first == CODE_FIRST + 1) + (uint32_t)(second == CODE_FIRST + 1);
}

static void active_keys_codes(const struct report_block *b, size_t i, size_t count, uint32_t *out)
{
    const uint8_t *first = b->flag[report_storage[COL_KEY_1_ACTIVE].index] + i,
        *second = b->flag[report_storage[COL_KEY_2_ACTIVE].index] + i;
    for (size_t k = 0; k < count; k++)
        out[k] = active_keys_code(first[k], second[k]);
}

/* Write the codes of findings, waived, unknown_checks or severity. Findings and severity leave out waived ones. */
static void findings_codes(const struct report *r, const struct report_block *b, size_t i, size_t count,
    enum column column, uint32_t *out)
{
    for (size_t k = 0; k < count; k++) {
        uint64_t failed = check_sets_get(&b->failed, i + k) & r->checks_on, waived = sparse_get(&b->waived, i + k),
            counted = failed & ~waived;
        uint64_t unknown = sparse_get(&b->unknown, i + k) & r->checks_on;
        uint32_t n = (uint32_t)__builtin_popcountll(column == COL_WAIVED ? waived : column == COL_UNKNOWN_CHECKS
            ? unknown : counted);
        if (column == COL_SEVERITY) {
            uint64_t worse = counted & sparse_get(&b->worse, i + k);
            n = SEVERITY_COUNT - 1;
            while (n > SEVERITY_NONE && !((counted & ~worse & r->of_severity[n]) | (worse & r->worse_of_severity[n])))
                n--;
        }
        out[k] = r->audit ? CODE_FIRST + n : CODE_ABSENT;
    }
}

/* The columns with the state and the creation of each credential. */
static const struct {
    enum column active, made;
} credentials[] = {{COL_PASSWORD_ENABLED, COL_PASSWORD_LAST_CHANGED}, {COL_KEY_1_ACTIVE, COL_KEY_1_LAST_ROTATED},
    {COL_KEY_2_ACTIVE, COL_KEY_2_LAST_ROTATED}, {COL_CERT_1_ACTIVE, COL_CERT_1_LAST_ROTATED},
    {COL_CERT_2_ACTIVE, COL_CERT_2_LAST_ROTATED}};
enum { CREDENTIALS = sizeof credentials / sizeof credentials[0], FIRST_KEY = 1, KEYS_END = 3 };

/*
 * The credentials that COL_OLDEST and COL_OLDEST_KEY are about: from *FROM to the result - 1; none for other columns.
 */
static size_t oldest_of(enum column column, size_t *from)
{
    *from = column == COL_OLDEST_KEY ? FIRST_KEY : 0;
    return column == COL_OLDEST_KEY ? KEYS_END : column == COL_OLDEST ? CREDENTIALS : 0;
}

/* Write when the oldest active credential was made; N/A if there is none, unknown if the cells do not tell. */
static void oldest_codes(const struct report *r, size_t first, size_t count, enum column column, uint32_t *out)
{
    uint32_t actives[REPORT_SPAN], dates[REPORT_SPAN];
    size_t from, end = oldest_of(column, &from);
    for (size_t k = 0; k < count; k++)
        out[k] = CODE_NA;
    for (size_t c = from; c < end; c++) {
        const uint32_t *active = report_codes(r, first, count, credentials[c].active, actives);
        const uint32_t *made = report_codes(r, first, count, credentials[c].made, dates);
        for (size_t k = 0; k < count; k++) {
            if (active[k] == CODE_FIRST + 1 && made[k] >= CODE_TEXT && (out[k] < CODE_TEXT || made[k] < out[k]))
                out[k] = made[k];
            else if (out[k] == CODE_NA && (code_is_unknown(active[k]) || active[k] == CODE_FIRST + 1))
                out[k] = CODE_ABSENT;
        }
    }
}

bool report_has_codes(enum column column)
{
    if ((size_t)column >= COL_EXTRA)
        return true;
    return report_storage[column].kind != STORED_NOWHERE || schema[column].type != TYPE_TEXT;
}

/* Returns the report column from which an age counts; COLUMN itself if it is no age. */
static enum column column_counted_from(enum column column)
{
    switch ((int)column) {
    case COL_AGE: return COL_USER_CREATION_TIME;
    case COL_PASSWORD_AGE: return COL_PASSWORD_LAST_CHANGED;
    case COL_KEY_1_AGE: return COL_KEY_1_LAST_ROTATED;
    case COL_KEY_2_AGE: return COL_KEY_2_LAST_ROTATED;
    case COL_CERT_1_AGE: return COL_CERT_1_LAST_ROTATED;
    case COL_CERT_2_AGE: return COL_CERT_2_LAST_ROTATED;
    default: return column;
    }
}

const uint32_t *report_codes(const struct report *r, size_t first, size_t count, enum column column, uint32_t *out)
{
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    if (extra)
        return extra_columns_codes(extra, first, count, out);
    if ((size_t)column >= COL_EXTRA) { /* an extra column that this report does not have */
        for (size_t k = 0; k < count; k++)
            out[k] = CODE_ABSENT;
        return out;
    }
    const struct report_block *b = report_block_of(r, first);
    size_t i = first & BLOCK_MASK;
    enum column used, made;
    BUG_ON(count > REPORT_SPAN || i + count > BLOCK_ROWS);
    column = column_counted_from(column);
    if (idle_counts_from(column, &used, &made)) {
        const uint32_t *uses = times(b, i, used), *creations = times(b, i, made);
        for (size_t k = 0; k < count; k++)
            out[k] = idle_code(uses[k], creations[k]);
        return out;
    }
    switch ((int)column) {
    case COL_LAST_ACTIVITY:
    case COL_IDLE: activity_codes(b, i, count, out); return out;
    case COL_ACTIVE_KEYS: active_keys_codes(b, i, count, out); return out;
    case COL_OLDEST:
    case COL_OLDEST_KEY: oldest_codes(r, first, count, column, out); return out;
    case COL_FINDINGS:
    case COL_WAIVED:
    case COL_UNKNOWN_CHECKS:
    case COL_SEVERITY: findings_codes(r, b, i, count, column, out); return out;
    default: break;
    }
    if (report_storage[column].kind == STORED_TIME)
        return times(b, i, column);
    stored(b, i, count, column, out);
    return out;
}

/* Returns the code of one cell. */
static inline uint32_t code_at(const struct report *r, size_t row, enum column column)
{
    uint32_t scratch;
    enum column used, made, stored_in = (size_t)column < COL_COUNT ? column_counted_from(column) : COL_COUNT;
    if (stored_in == COL_COUNT)
        return *report_codes(r, row, 1, column, &scratch);
    const struct report_block *b = report_block_of(r, row);
    size_t i = row & BLOCK_MASK;
    if (idle_counts_from(stored_in, &used, &made))
        return idle_code(*times(b, i, used), *times(b, i, made));
    int index = report_storage[stored_in].index;
    switch (report_storage[stored_in].kind) {
    case STORED_TIME: return b->time[index][i];
    case STORED_WORD: return b->word[index][i];
    case STORED_FLAG: return b->flag[index][i];
    case STORED_RARE_TIME: return (uint32_t)sparse_get(&b->rare_time[index], i);
    case STORED_RARE_FLAG: return rare_code((uint32_t)sparse_get(&b->rare_flag[index], i));
    default: return *report_codes(r, row, 1, column, &scratch);
    }
}

uint32_t report_code(const struct report *r, size_t row, enum column column)
{
    return code_at(r, row, column);
}

const uint8_t *report_flags(const struct report *r, size_t first, enum column column)
{
    if ((size_t)column >= COL_EXTRA)
        return NULL;
    struct column_storage at = report_storage[column];
    return at.kind == STORED_FLAG ? report_block_of(r, first)->flag[at.index] + (first & BLOCK_MASK) : NULL;
}

uint32_t report_unknown_cells(const struct report *r, size_t row)
{
    uint32_t columns = 0, scratch;
    for (uint32_t left = report_unknown_columns(r, row); left; left &= left - 1) {
        enum column c = (enum column)__builtin_ctz(left);
        columns |= (uint32_t)code_is_unknown(*report_codes(r, row, 1, c, &scratch)) << c;
    }
    return columns;
}

bool report_same_codes(const struct report *a, size_t row_a, const struct report *b, size_t row_b)
{
    const struct report_block *x = report_block_of(a, row_a), *y = report_block_of(b, row_b);
    size_t i = row_a & BLOCK_MASK, k = row_b & BLOCK_MASK;
    bool differ = false;
    for (size_t t = 0; t < BLOCK_TIMES; t++)
        differ |= (x->time[t][i] != y->time[t][k]) | (x->time[t][i] == CODE_TEXT);
    for (size_t f = 0; f < BLOCK_FLAGS; f++)
        differ |= x->flag[f][i] != y->flag[f][k];
    for (size_t t = 0; t < BLOCK_RARE_TIMES && !differ; t++) {
        uint64_t code = sparse_get(&x->rare_time[t], i);
        differ = code != sparse_get(&y->rare_time[t], k) || code == CODE_TEXT;
    }
    for (size_t f = 0; f < BLOCK_RARE_FLAGS && !differ; f++)
        differ = sparse_get(&x->rare_flag[f], i) != sparse_get(&y->rare_flag[f], k);
    return !differ;
}

/* ---- values ---- */

static struct value value_of_text(struct slice s)
{
    return (struct value){s.len ? STATE_VALUE : STATE_ABSENT, 0, s};
}

/*
 * Set *NUMBER to the time from which a derived column counts if a code cannot hold it (a year such as 1950 or 2200).
 * Returns its state.
 */
static enum state far_moment(const struct report *r, size_t row, enum column column, int64_t *number)
{
    static const struct {
        enum column derived, parts[3];
        bool latest; /* the latest part counts; otherwise the first one that has a value */
    } table[] = {
        {COL_AGE, {COL_USER_CREATION_TIME}, false}, {COL_PASSWORD_AGE, {COL_PASSWORD_LAST_CHANGED}, false},
        {COL_KEY_1_AGE, {COL_KEY_1_LAST_ROTATED}, false}, {COL_KEY_2_AGE, {COL_KEY_2_LAST_ROTATED}, false},
        {COL_CERT_1_AGE, {COL_CERT_1_LAST_ROTATED}, false}, {COL_CERT_2_AGE, {COL_CERT_2_LAST_ROTATED}, false},
        {COL_PASSWORD_IDLE, {COL_PASSWORD_LAST_USED, COL_PASSWORD_LAST_CHANGED}, false},
        {COL_KEY_1_IDLE, {COL_KEY_1_LAST_USED_DATE, COL_KEY_1_LAST_ROTATED}, false},
        {COL_KEY_2_IDLE, {COL_KEY_2_LAST_USED_DATE, COL_KEY_2_LAST_ROTATED}, false},
        {COL_LAST_ACTIVITY, {COL_PASSWORD_LAST_USED, COL_KEY_1_LAST_USED_DATE, COL_KEY_2_LAST_USED_DATE}, true},
        {COL_IDLE, {COL_PASSWORD_LAST_USED, COL_KEY_1_LAST_USED_DATE, COL_KEY_2_LAST_USED_DATE}, true},
    };
    struct value best = {.state = STATE_ABSENT};
    size_t from, end = oldest_of(column, &from);
    for (size_t c = from; c < end; c++) {
        struct value active = report_value(r, row, credentials[c].active),
            v = report_value(r, row, credentials[c].made);
        if (active.state == STATE_VALUE && active.number && v.state == STATE_VALUE
            && (best.state != STATE_VALUE || v.number < best.number))
            best = (struct value){.state = STATE_VALUE, .number = v.number};
    }
    for (size_t t = 0; t < sizeof table / sizeof table[0]; t++) {
        for (size_t i = 0; table[t].derived == column && i < 3 && table[t].parts[i]; i++) {
            struct value v = report_value(r, row, table[t].parts[i]);
            if (v.state == STATE_VALUE && (best.state != STATE_VALUE || (table[t].latest && v.number > best.number)))
                best = (struct value){.state = STATE_VALUE, .number = v.number};
        }
    }
    *number = best.number;
    return best.state;
}

const struct column_info *report_column_info(const struct report *r, enum column column)
{
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    static const struct column_info none = {"", NULL, "", TYPE_TEXT, 4, ""};
    return extra ? &extra->info : (size_t)column >= COL_EXTRA ? &none : &schema[column];
}

enum column report_column_find(const struct report *r, struct slice name)
{
    enum column known = schema_find(name);
    return known == COL_COUNT ? extra_columns_find(r->extra, name) : known;
}

const struct dict *report_words(const struct report *r, enum column column)
{
    return !r->memory ? NULL : column == COL_ACCOUNT ? &r->memory->accounts : &r->memory->words;
}

struct slice report_word(const struct report *r, enum column column, uint32_t code)
{
    if (extra_columns_at(r->extra, column))
        return extra_columns_word(r->extra, code);
    struct slice word = dict_word(column == COL_ACCOUNT ? &r->memory->accounts : &r->memory->words, code - CODE_FIRST);
    return column == COL_ACCOUNT ? arn_id_number(word) : word;
}

static struct value extra_value(const struct report *r, size_t row, const struct extra_column *c)
{
    uint32_t scratch, code = *extra_columns_codes(c, row, 1, &scratch);
    struct value v = {.state = code_state(code), .text = {"", 0}};
    if (v.state != STATE_VALUE)
        return v;
    switch (c->info.type) {
    case TYPE_TEXT: v.text = extra_columns_word(r->extra, code); break;
    case TYPE_TIME: v.number = code; break;
    case TYPE_DURATION: v.number = r->as_of - (int64_t)code; break;
    default: v.number = (int64_t)code - CODE_FIRST; break;
    }
    return v;
}

/* Returns the account's number from the row's ARN or, if that has none, from a column with account numbers. */
static struct slice account_of(const struct report *r, size_t row)
{
    struct slice account = arn_account(report_raw(r, row, COL_ARN));
    if (!account.len && raw_at(r, row, r->files[report_file_of(r, row)].account, &account))
        account = arn_account_number(account);
    return account;
}

struct slice report_account_id(const struct report *r, size_t row)
{
    uint32_t scratch, code = *report_codes(r, row, 1, COL_ACCOUNT, &scratch);
    if (code == CODE_TEXT) /* the dictionary of accounts was full: the id is the number, without its partition */
        return account_of(r, row);
    return code >= CODE_FIRST ? dict_word(&r->memory->accounts, code - CODE_FIRST) : (struct slice){"", 0};
}

/*
 * Sets *V to the cell of a column with times or flags of its own, which most calls are about. Returns false for other
 * columns, and if the value is in the row's text.
 */
static inline bool plain_number(const struct report *r, size_t row, enum column column, struct value *v)
{
    if ((size_t)column >= COL_REPORT_COUNT)
        return false;
    const struct report_block *b = report_block_of(r, row);
    struct column_storage at = report_storage[column];
    if (at.kind != STORED_TIME && at.kind != STORED_FLAG)
        return false;
    bool is_time = at.kind == STORED_TIME;
    uint32_t code = is_time ? b->time[at.index][row & BLOCK_MASK] : b->flag[at.index][row & BLOCK_MASK];
    *v = (struct value){code_state(code), code < CODE_TEXT ? 0 : (int64_t)code - (is_time ? 0 : CODE_FIRST), {NULL, 0}};
    return code != CODE_TEXT;
}

struct value report_number(const struct report *r, size_t row, enum column column)
{
    struct value plain;
    if (plain_number(r, row, column, &plain))
        return plain;
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    if (extra)
        return extra_value(r, row, extra);
    if ((size_t)column >= COL_EXTRA)
        return (struct value){.state = STATE_ABSENT, .text = {"", 0}};
    uint32_t code = code_at(r, row, column);
    enum state state = code_state(code);
    int64_t number = 0;
    struct slice text = {NULL, 0};
    if (state != STATE_VALUE)
        return (struct value){.state = state};
    bool is_time = schema[column].type == TYPE_TIME || schema[column].type == TYPE_DURATION;
    if (is_time && code != CODE_TEXT)
        number = code;
    else if (is_time && column >= COL_REPORT_COUNT)
        state = far_moment(r, row, column, &number);
    else if (is_time)
        timestamp_parse(report_raw(r, row, column), &number);
    else if (column == COL_ACCOUNT)
        text = code == CODE_TEXT ? account_of(r, row) : report_word(r, COL_ACCOUNT, code);
    else if (schema[column].type != TYPE_TEXT)
        number = (int64_t)code - CODE_FIRST;
    if (schema[column].type == TYPE_DURATION)
        number = r->as_of - number;
    return (struct value){state, number, text}; /* made at once: copying it while it is being written is slow */
}

/* Returns a cell of a list of changes. An empty one is N/A, not unknown: a new user has no value before. */
static struct value change_value(const struct report *r, size_t row, enum column column)
{
    struct slice text = r->changes ? change_cell(r->changes, row, column) : (struct slice){"", 0};
    int64_t number = r->changes && column == COL_CHANGE ? change_weight(r->changes, row) : 0;
    return (struct value){text.len ? STATE_VALUE : r->changes ? STATE_NA : STATE_ABSENT, number, text};
}

/*
 * The name from --account-names or, if there is none, from a column account_name that a script has added to the report.
 */
static struct value account_name_value(const struct report *r, size_t row)
{
    struct slice name = accounts_name(r->account_names, report_number(r, row, COL_ACCOUNT).text);
    for (size_t i = 0; i < r->column_count && !name.len; i++) {
        if (slice_equal_nocase(slice_of(r->columns[i].name), slice_of(schema[COL_ACCOUNT_NAME].name)))
            report_raw_at(r, row, i, &name);
    }
    return value_of_text(name);
}

static struct value partition_value(const struct report *r, size_t row)
{
    return value_of_text(arn_partition(report_raw(r, row, COL_ARN)));
}

static struct value path_value(const struct report *r, size_t row)
{
    return value_of_text(arn_path(report_raw(r, row, COL_ARN)));
}

#define TEXT_VALUE(upper, lower, heading, width, help) [COL_##upper] = lower##_value,
static struct value (*const text_values[COL_COUNT])(const struct report *r, size_t row) = {SCHEMA_TEXTS(TEXT_VALUE)};

struct value report_value(const struct report *r, size_t row, enum column column)
{
    if ((size_t)column >= COL_EXTRA)
        return report_number(r, row, column);
    if (column >= COL_CHANGE)
        return change_value(r, row, column);
    if (text_values[column])
        return text_values[column](r, row);
    if (column >= COL_REPORT_COUNT)
        return report_number(r, row, column);
    if (report_storage[column].kind != STORED_NOWHERE) {
        struct value v = report_number(r, row, column);
        v.text = report_raw(r, row, column);
        return v;
    }
    struct value v = {.state = STATE_ABSENT, .text = report_raw(r, row, column)};
    if (column == COL_USER || column == COL_ARN) { /* always a text, because N/A is a legal user name */
        v.state = v.text.len ? STATE_VALUE : STATE_EMPTY;
        return v;
    }
    const struct report_file *f = &r->files[report_file_of(r, row)];
    if (raw_at(r, row, f->position[column], &v.text) && report_field_count(r, row) == f->column_count)
        v.state = state_of_text(v.text);
    return v;
}

bool report_key_exists(const struct report *r, size_t row, int slot)
{
    enum column base = slot == 1 ? COL_KEY_1_ACTIVE : COL_KEY_2_ACTIVE;
    return code_at(r, row, base) == CODE_FIRST + 1 || code_at(r, row, base + 1) >= CODE_TEXT
        || code_at(r, row, base + 2) >= CODE_TEXT;
}

bool report_cert_exists(const struct report *r, size_t row, int slot)
{
    enum column base = slot == 1 ? COL_CERT_1_ACTIVE : COL_CERT_2_ACTIVE;
    return code_at(r, row, base) == CODE_FIRST + 1 || code_at(r, row, base + 1) >= CODE_TEXT;
}
