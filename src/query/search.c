/* Compares the text's first two bytes at 64 places at once; the whole text is compared only where both match. */
#include "query/search.h"

/*
 * Functions marked so are compiled once per instruction set. EITHER returns one bit for each of the 64 bytes at S that
 * equals A or C.
 */
#define EACH_WAY static inline __attribute__((always_inline))

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void both_cases(char *out, char c)
{
    out[0] = c;
    out[1] = is_letter(c) ? c ^ 0x20 : c;
}

/* Byte by byte, for the end of memory, where less than 64 bytes are left. */
static bool slowly(const struct search *s, struct slice row, unsigned fields)
{
    size_t n = 0;
    while (n < row.len && row.data[n] != '\n' && row.data[n] != '\r' && (row.data[n] != ',' || --fields))
        n++;
    return slice_contains_nocase((struct slice){row.data, n}, s->text);
}

/* Whether the text stands at one of the places FOUND, one bit per byte from AT. */
static inline bool is_at(const struct search *s, const char *at, uint64_t found)
{
    for (; found; found &= found - 1) {
        const char *here = at + (unsigned)__builtin_ctzll(found);
        if (slice_equal_nocase((struct slice){here, s->text.len}, s->text))
            return true;
    }
    return false;
}

static inline uint64_t bits_before(uint64_t ends)
{
    return ends ? (ends & (0 - ends)) - 1 : UINT64_MAX;
}

/* The text has no comma and no line break, so a match that begins in a field also ends in it. */
EACH_WAY bool row_with(uint64_t (*either)(const char *s, char a, char c), const struct search *s, struct slice row,
    unsigned fields)
{
    size_t step = s->text.len > 1;
    for (size_t at = 0;; at += 64) {
        if (row.len - at < 64 + s->text.len)
            return slowly(s, (struct slice){row.data + at, row.len - at}, fields);
        const char *here = row.data + at;
        uint64_t commas = either(here, ',', ',');
        uint64_t found = either(here, s->first[0], s->first[1]) & either(here + step, s->second[0], s->second[1]);
        for (; commas && fields > 1; fields--)
            commas &= commas - 1;
        found &= bits_before(commas);
        if (commas && !found)
            return false; /* the fields end here, wherever the line ends */
        uint64_t ends = either(here, '\n', '\r');
        if (is_at(s, here, found & bits_before(ends)))
            return true;
        if (ends | commas)
            return false;
    }
}

/* Whether fewer than FIELDS commas stand between FROM and TO. Up to 64 bytes behind TO may be read. */
EACH_WAY bool is_within(uint64_t (*either)(const char *s, char a, char c), const char *from, const char *to,
    unsigned fields)
{
    for (; from < to; from += 64) {
        uint64_t commas = either(from, ',', ',');
        if (to - from < 64)
            commas &= (UINT64_C(1) << (to - from)) - 1;
        unsigned n = (unsigned)__builtin_popcountll(commas);
        if (n >= fields)
            return false;
        fields -= n;
    }
    return true;
}

/*
 * Search the contiguous text of all rows without looking for fields. Only when the text is found, the row's commas are
 * counted to see whether it was in the first FIELDS fields. In either case the rest of that row need not be searched.
 */
EACH_WAY void rows_with(uint64_t (*either)(const char *s, char a, char c), const struct search *s,
    const struct search_rows *rows, unsigned fields, uint64_t *bits)
{
    const char *text = rows->text.data;
    size_t step = s->text.len > 1, row = 0, count = rows->count - 1; /* the last row's end is not known */
    while (count && rows->starts[count] - rows->origin + 128 + s->text.len > rows->text.len)
        count--;
    size_t end = rows->starts[count] - rows->origin, at = 0;
    while (at < end) {
        uint64_t found = either(text + at, s->first[0], s->first[1])
            & either(text + at + step, s->second[0], s->second[1]);
        size_t next = at + 64;
        for (; found; found &= found - 1) {
            size_t here = at + (unsigned)__builtin_ctzll(found);
            if (!is_at(s, text + here, 1))
                continue;
            while (row < count && rows->starts[row + 1] - rows->origin <= here)
                row++;
            if (row == count)
                break; /* rows from COUNT on are searched below */
            size_t start = rows->starts[row] - rows->origin;
            bits[row / 64] |= (uint64_t)is_within(either, text + start, text + here, fields) << row % 64;
            next = rows->starts[row + 1] - rows->origin;
            break;
        }
        at = next;
    }
    for (row = count; row < rows->count; row++) {
        size_t start = rows->starts[row] - rows->origin;
        bool holds = row_with(either, s, (struct slice){text + start, rows->text.len - start}, fields);
        bits[row / 64] |= (uint64_t)holds << row % 64;
    }
}

#define WAY(name, needs)                                                                       \
    needs static bool row_##name(const struct search *s, struct slice row, unsigned fields)    \
    {                                                                                          \
        return row_with(either_##name, s, row, fields);                                        \
    }                                                                                          \
    needs static void rows_##name(const struct search *s, const struct search_rows *rows,      \
        unsigned fields, uint64_t *bits)                                                       \
    {                                                                                          \
        rows_with(either_##name, s, rows, fields, bits);                                       \
    }

#if defined __SSE2__
#include "base/avx2.h"

#include <immintrin.h>

static inline uint64_t either_sse2(const char *s, char a, char c)
{
    __m128i x = _mm_set1_epi8(a), y = _mm_set1_epi8(c);
    uint64_t mask = 0;
    for (unsigned i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(s + i * 16));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(bytes, x), _mm_cmpeq_epi8(bytes, y));
        mask |= (uint64_t)(uint16_t)_mm_movemask_epi8(hit) << i * 16;
    }
    return mask;
}
WAY(sse2, )

FOR_AVX2 static inline uint64_t either_avx2(const char *s, char a, char c)
{
    __m256i x = _mm256_set1_epi8(a), y = _mm256_set1_epi8(c);
    uint64_t mask = 0;
    for (unsigned i = 0; i < 2; i++) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)(s + i * 32));
        __m256i hit = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, x), _mm256_cmpeq_epi8(bytes, y));
        mask |= (uint64_t)(uint32_t)_mm256_movemask_epi8(hit) << i * 32;
    }
    return mask;
}
WAY(avx2, FOR_AVX2)
#else
static inline uint64_t either_plain(const char *s, char a, char c)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++)
        mask |= (uint64_t)((s[i] == a) | (s[i] == c)) << i;
    return mask;
}
WAY(plain, )
#endif

static void search_choose_way(struct search *s)
{
#if defined __SSE2__
    bool avx2 = has_avx2();
    s->row = avx2 ? row_avx2 : row_sse2;
    s->rows = avx2 ? rows_avx2 : rows_sse2;
#else
    s->row = row_plain;
    s->rows = rows_plain;
#endif
}

bool search_init(struct search *s, struct slice text)
{
    *s = (struct search){.text = text};
    search_choose_way(s);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == ',' || text.data[i] == '\n' || text.data[i] == '\r')
            return false;
    }
    if (!text.len)
        return false;
    both_cases(s->first, text.data[0]);
    both_cases(s->second, text.data[text.len > 1]);
    return true;
}
