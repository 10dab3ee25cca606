/* The two bytes that a text begins with are looked for in 64 places at once; what stands there is then compared. */
#include "search.h"

#if defined __SSE2__
#include <emmintrin.h>

struct block {
    __m128i part[4];
};

static inline struct block block_at(const char *s)
{
    struct block b;
    for (unsigned i = 0; i < 4; i++)
        b.part[i] = _mm_loadu_si128((const __m128i *)(const void *)(s + i * 16));
    return b;
}

/* Which of its bytes are A or B. */
static inline uint64_t either(const struct block *b, char a, char c)
{
    __m128i x = _mm_set1_epi8(a), y = _mm_set1_epi8(c);
    uint64_t mask = 0;
    for (unsigned i = 0; i < 4; i++) {
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(b->part[i], x), _mm_cmpeq_epi8(b->part[i], y));
        mask |= (uint64_t)(uint16_t)_mm_movemask_epi8(hit) << i * 16;
    }
    return mask;
}
#else
struct block {
    const char *bytes;
};

static inline struct block block_at(const char *s)
{
    return (struct block){s};
}

static inline uint64_t either(const struct block *b, char a, char c)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++)
        mask |= (uint64_t)((b->bytes[i] == a) | (b->bytes[i] == c)) << i;
    return mask;
}
#endif

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void both_cases(char *out, char c)
{
    out[0] = c;
    out[1] = is_letter(c) ? c ^ 0x20 : c;
}

bool search_init(struct search *s, struct slice text)
{
    *s = (struct search){.text = text};
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

/* Byte by byte, where less than a block is left. */
static bool slowly(const struct search *s, struct slice row, unsigned fields)
{
    size_t n = 0;
    while (n < row.len && row.data[n] != '\n' && row.data[n] != '\r' && (row.data[n] != ',' || --fields))
        n++;
    return slice_contains_nocase((struct slice){row.data, n}, s->text);
}

/* A text without a comma or a line's end cannot reach out of its field: where it begins is all that matters. */
bool search_row(const struct search *s, struct slice row, unsigned fields)
{
    size_t step = s->text.len > 1;
    for (size_t at = 0;; at += 64) {
        if (row.len - at < 64 + s->text.len)
            return slowly(s, (struct slice){row.data + at, row.len - at}, fields);
        struct block b = block_at(row.data + at), next = block_at(row.data + at + step);
        uint64_t ends = either(&b, '\n', '\r'), commas = either(&b, ',', ',');
        uint64_t found = either(&b, s->first[0], s->first[1]) & either(&next, s->second[0], s->second[1]);
        while (commas && fields > 1) {
            commas &= commas - 1;
            fields--;
        }
        ends |= commas;
        uint64_t inside = ends ? (ends & (0 - ends)) - 1 : UINT64_MAX;
        for (found &= inside; found; found &= found - 1) {
            const char *here = row.data + at + (unsigned)__builtin_ctzll(found);
            if (slice_equal_nocase((struct slice){here, s->text.len}, s->text))
                return true;
        }
        if (ends)
            return false;
    }
}
