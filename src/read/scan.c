/* Finds separators in 64 bytes at a time, as bits of a word, with the best vector instructions available. */
#include "read/scan.h"

#include <stdlib.h>

/*
 * Functions marked so are compiled once per instruction set. MASK returns one bit for each of the 64 bytes at S that
 * equals C.
 */
#define EACH_WAY static inline __attribute__((always_inline))

/* The 64 bytes at AT, or what is left of TEXT padded with zeros, in SPARE. */
static inline const char *window(struct slice text, size_t at, char *spare)
{
    if (text.len - at >= 64)
        return text.data + at;
    memset(spare, 0, 64);
    memcpy(spare, text.data + at, text.len - at);
    return spare;
}

/* Whether the line-end character at AT counts as a line end: LF, CR LF (once), or CR alone. */
static inline bool ends_line(struct slice text, size_t at)
{
    return text.data[at] == '\r' || at == 0 || text.data[at - 1] != '\r';
}

EACH_WAY struct scan_count count_with(uint64_t (*mask)(const char *s, char c), struct slice text)
{
    struct scan_count n = {0};
    char spare[64];
    size_t from = 0;
    for (size_t block = 0; block < text.len && !n.has_quote; block += 64) {
        const char *s = window(text, block, spare);
        uint64_t ends = mask(s, '\n') | mask(s, '\r'), quotes = mask(s, '"');
        n.has_quote = quotes != 0;
        if (quotes)
            ends &= (quotes & (0 - quotes)) - 1; /* line ends before the first quotation mark */
        for (; ends; ends &= ends - 1) {
            size_t at = block + (size_t)__builtin_ctzll(ends);
            n.lines += ends_line(text, at);
            n.rows += at > from;
            from = at + 1;
        }
    }
    n.length = n.has_quote ? from : text.len;
    n.rows += n.length > from;
    return n;
}

/* ---- rows ---- */

/* Where the fields of the current row end. A report's row has 22 fields, but any number must be accepted. */
struct ends {
    uint32_t *at;
    size_t count, room;
    uint32_t first[256];
};

/*
 * Double the room. Returns false if the row has more fields than can be kept. Callers need room for 64 ends and 8 more
 * that add_ends() overwrites.
 */
__attribute__((noinline)) static bool grow(struct ends *e)
{
    if (e->room > ROW_FIELDS_MAX)
        return false;
    uint32_t *more = xrealloc(e->at == e->first ? NULL : e->at, e->room * 2, sizeof *more);
    if (e->at == e->first)
        memcpy(more, e->first, sizeof e->first);
    e->at = more;
    e->room *= 2;
    return true;
}

EACH_WAY uint32_t next_end(uint64_t *marks, size_t base)
{
    size_t bit = (size_t)__builtin_ctzll(*marks | UINT64_C(1) << 63);
    *marks &= *marks - 1;
    return (uint32_t)(base + bit);
}

/* Append the position BASE + N for each bit N in MARKS. */
EACH_WAY void add_ends(struct ends *e, uint64_t marks, size_t base)
{
    uint32_t *out = e->at + e->count;
    e->count += (size_t)__builtin_popcountll(marks);
    for (; marks; out += 8) { /* eight at a time without a branch; surplus ones are overwritten by the next call */
        out[0] = next_end(&marks, base);
        out[1] = next_end(&marks, base);
        out[2] = next_end(&marks, base);
        out[3] = next_end(&marks, base);
        out[4] = next_end(&marks, base);
        out[5] = next_end(&marks, base);
        out[6] = next_end(&marks, base);
        out[7] = next_end(&marks, base);
    }
}

EACH_WAY void rows_with(uint64_t (*mask)(const char *s, char c), struct report_writer *w, struct slice text, size_t row,
    size_t line, uint64_t at)
{
    struct ends e = {.room = sizeof e.first / sizeof e.first[0]};
    struct report_row fields = {.text = text.data, .gap = 1};
    char spare[64];
    e.at = e.first;
    for (size_t block = 0; block < text.len && w->no_user_at == UINT64_MAX; block += 64) {
        const char *s = window(text, block, spare);
        uint64_t ends = mask(s, '\n') | mask(s, '\r'), marks = ends | mask(s, ',');
        if (e.count + 64 + 8 > e.room && !grow(&e))
            e.count = e.room - 64 - 8; /* report_write() rejects a row with that many fields */
        for (; ends; ends &= ends - 1) {
            uint64_t up_to = ends ^ (ends - 1);
            size_t end = block + (size_t)__builtin_ctzll(ends);
            add_ends(&e, marks & up_to, block);
            marks &= ~up_to;
            fields.ends = e.at;
            fields.count = e.count;
            if (end > fields.start) /* otherwise the line is blank */
                report_write(w, row++, line, &fields, at + fields.start, false);
            e.count = 0;
            fields.start = (uint32_t)end + 1;
            line += ends_line(text, end);
        }
        add_ends(&e, marks, block);
    }
    if (text.len > fields.start && w->no_user_at == UINT64_MAX) {
        add_ends(&e, 1, text.len);
        fields.ends = e.at;
        fields.count = e.count;
        report_write(w, row, line, &fields, at + fields.start, false);
    }
    if (e.at != e.first)
        free(e.at);
}

/* ---- marks ---- */

EACH_WAY size_t marks_with(uint64_t (*mask)(const char *s, char c), struct slice text, char separator, uint32_t *marks)
{
    struct ends found;
    char spare[64];
    found.at = marks;
    found.count = 0;
    for (size_t block = 0; block < text.len; block += 64) {
        const char *s = window(text, block, spare);
        uint64_t here = mask(s, separator) | mask(s, '\n') | mask(s, '\r') | mask(s, '"');
        if (text.len - block < 64) /* what the window is padded with may be separators */
            here &= (UINT64_C(1) << (text.len - block)) - 1;
        add_ends(&found, here, block);
    }
    return found.count;
}

#define WAY(name, needs)                                                                                            \
    needs static struct scan_count count_##name(struct slice text)                                                  \
    {                                                                                                               \
        return count_with(mask_##name, text);                                                                       \
    }                                                                                                               \
    needs static void rows_##name(struct report_writer *w, struct slice text, size_t row, size_t line, uint64_t at) \
    {                                                                                                               \
        rows_with(mask_##name, w, text, row, line, at);                                                             \
    }                                                                                                               \
    needs static size_t marks_##name(struct slice text, char separator, uint32_t *marks)                            \
    {                                                                                                               \
        return marks_with(mask_##name, text, separator, marks);                                                     \
    }

static bool always(void)
{
    return true;
}

static inline uint64_t mask_plain(const char *s, char c)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++)
        mask |= (uint64_t)(s[i] == c) << i;
    return mask;
}
WAY(plain, )

#if defined __SSE2__
#include "base/avx2.h"

#include <immintrin.h>

static inline uint64_t mask_sse2(const char *s, char c)
{
    __m128i want = _mm_set1_epi8(c);
    uint64_t mask = 0;
    for (unsigned i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(s + i * 16));
        mask |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, want)) << i * 16;
    }
    return mask;
}
WAY(sse2, )

FOR_AVX2 static inline uint64_t mask_avx2(const char *s, char c)
{
    __m256i want = _mm256_set1_epi8(c);
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)s);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(s + 32));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, want))
        | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, want)) << 32;
}
WAY(avx2, FOR_AVX2)
#elif defined __aarch64__
#include <arm_neon.h>

static inline uint64_t mask_neon(const char *s, char c)
{
    static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t want = vdupq_n_u8((uint8_t)c), bit = vld1q_u8(bits);
    uint64_t mask = 0;
    for (unsigned i = 0; i < 4; i++) {
        uint8x16_t hit = vandq_u8(vceqq_u8(vld1q_u8((const uint8_t *)s + i * 16), want), bit);
        mask |= (uint64_t)(vaddv_u8(vget_low_u8(hit)) | vaddv_u8(vget_high_u8(hit)) << 8) << i * 16;
    }
    return mask;
}
WAY(neon, )
#endif

const struct scan_way scan_ways[] = {
    {"plain", always, count_plain, rows_plain, marks_plain},
#if defined __SSE2__
    {"sse2", always, count_sse2, rows_sse2, marks_sse2},
    {"avx2", has_avx2, count_avx2, rows_avx2, marks_avx2},
#elif defined __aarch64__
    {"neon", always, count_neon, rows_neon, marks_neon},
#endif
};
const size_t scan_way_count = sizeof scan_ways / sizeof scan_ways[0];

const struct scan_way *scan_best(void)
{
    size_t i = scan_way_count - 1;
    while (!scan_ways[i].is_possible())
        i--;
    return &scan_ways[i];
}
