/*
 * What wraps a report: JSON, XML, YAML, base 64, gzip, UTF-16, in each other. Mutations open what an input holds,
 * change it and wrap it anew, so that they get behind several layers.
 */
#include "base/gunzip.h"
#include "read/envelope.h"
#include "read/parse.h"
#include "report/review.h"
#include "fuzz.h"
#include "wrap.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));

/* What bytes that are in no envelope become in one that holds any: it must give them back. */
static void check_wrapped(struct slice bytes)
{
    static const enum wrap_kind kinds[] = {WRAP_BASE64, WRAP_BASE64_LINES, WRAP_GZIP};
    enum { SHORTEST = 12 }; /* less is not taken for base 64 */
    bool has_bom = bytes.len >= 3 && memcmp(bytes.data, "\xef\xbb\xbf", 3) == 0;
    if (bytes.len < SHORTEST || has_bom || !envelope_is_none(bytes))
        return;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct buffer once = {0}, twice = {0};
        struct envelope e;
        struct error err;
        wrap(&once, kinds[i], bytes);
        wrap(&twice, i % 2 ? WRAP_GZIP : WRAP_BASE64, (struct slice){once.data, once.len});
        FUZZ_CHECK(envelope_open((struct slice){twice.data, twice.len}, twice.len, "fuzz", &e, &err));
        FUZZ_CHECK(slice_equal(e.csv, bytes));
        envelope_free(&e);
        buffer_free(&once);
        buffer_free(&twice);
    }
}

/* The report in an envelope is read, and its rows are looked at, whatever it is. */
static void read_report(struct slice csv)
{
    enum { ENOUGH = 1 << 14 };
    struct report r = {0};
    struct error err;
    csv.len = csv.len < ENOUGH ? csv.len : ENOUGH;
    if (parse_report(&r, "fuzz", csv, &err)) {
        r.as_of = INT64_C(1781524800);
        review_rows(&r);
        review_tell(&r);
    }
    report_free(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct envelope e;
    struct error err;
    struct slice bytes = {(const char *)data, size};
    envelope_is_none(bytes);
    if (envelope_open(bytes, size, "fuzz", &e, &err)) {
        /* no bomb gets further than this */
        FUZZ_CHECK(e.csv.len <= GUNZIP_ALWAYS + size * GUNZIP_RATIO);
        read_report(e.csv);
    } else {
        FUZZ_CHECK(err.text[0] && !strpbrk(err.text, "\033\n\r\x7f"));
    }
    envelope_free(&e);
    check_wrapped(bytes);
    return 0;
}

/* The next of some numbers out of *STATE. */
static unsigned draw(unsigned *state, unsigned below)
{
    *state = *state * 1103515245 + 12345;
    return (*state >> 16) % below;
}

/* What DATA holds, opened and changed, or DATA itself, in one to four envelopes; 0: it would be too long. */
static size_t nest(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct envelope e = {.csv = {"", 0}};
    struct error err;
    struct slice all = {(const char *)data, size};
    bool is_open = draw(&seed, 2) && envelope_open(all, size, "fuzz", &e, &err) && e.csv.len <= max_size;
    struct slice inner = is_open ? e.csv : all;
    struct buffer now = {0};
    uint8_t *changed = malloc(max_size);
    size_t n = 0;
    if (changed && inner.len <= max_size) {
        if (inner.len)
            memcpy(changed, inner.data, inner.len);
        buffer_add(&now, (char *)changed, LLVMFuzzerMutate(changed, inner.len, max_size));
    }
    for (unsigned layers = 1 + draw(&seed, 4); layers && now.len && now.len <= max_size; layers--) {
        struct buffer outer = {0};
        wrap(&outer, (enum wrap_kind)draw(&seed, WRAP_KINDS), (struct slice){now.data, now.len});
        buffer_free(&now);
        now = outer;
    }
    if (now.len && now.len <= max_size) {
        n = now.len;
        memcpy(data, now.data, n);
    }
    envelope_free(&e);
    buffer_free(&now);
    free(changed);
    return n;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    if (!LLVMFuzzerMutate)
        return size;
    size_t n = seed % 3 == 0 ? nest(data, size, max_size, seed) : 0;
    return n ? n : LLVMFuzzerMutate(data, size, max_size);
}
