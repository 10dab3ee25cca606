/*
 * CSV in pieces, against the same CSV at once: where a piece ends, or the part of a thread, nothing may change. The
 * first byte tells how long the pieces are. Some mutations put a quotation mark or a line end at such a boundary.
 */
#include "fuzz.h"
#include "read/parse.h"
#include "report/report_memory.h"

#include <string.h>

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));

/* Parse CSV, of which at first PIECE bytes are there, then twice as many, and so on. */
static bool parse_pieces(struct report *r, struct slice csv, size_t piece, struct error *err)
{
    struct parse p;
    size_t used = 0;
    bool ok = true, final = false;
    parse_start(&p, r, "fuzz", 0, 0);
    size_t segment = report_add_segment(r, csv.len);
    if (csv.len)
        memcpy(r->segments[segment].data, csv.data, csv.len);
    for (size_t to = piece; ok && !final; to += piece) {
        size_t n;
        final = to >= csv.len;
        char *end = r->segments[segment].data + (final ? csv.len : to), kept = *end;
        ok = parse_text(&p, segment, used, final ? csv.len : to, final, &n, err);
        if (!final)
            *end = kept;
        used += n;
    }
    if (ok) {
        report_publish_file(r, "fuzz", &p.header);
        report_publish(r, &p.batch);
    } else {
        report_forget(r, 0, p.row);
    }
    parse_end(&p);
    return ok;
}

static void check_same(const struct report *a, const struct report *b)
{
    FUZZ_CHECK(a->row_count == b->row_count && a->problem_count == b->problem_count);
    for (size_t row = 0; row < a->row_count; row++) {
        size_t count = report_field_count(a, row);
        FUZZ_CHECK(count == report_field_count(b, row) && report_line_of(a, row) == report_line_of(b, row));
        for (size_t i = 0; i < count; i++)
            FUZZ_CHECK(slice_equal(report_field(a, row, i), report_field(b, row, i)));
    }
    for (size_t i = 0; i < a->problem_count; i++)
        FUZZ_CHECK(a->problems[i].line == b->problems[i].line && !strcmp(a->problems[i].text, b->problems[i].text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report whole = {0}, pieces = {0};
    struct error err, why;
    if (size == 0)
        return 0;
    struct slice csv = {(const char *)data + 1, size - 1};
    bool ok = parse_report(&whole, "fuzz", csv, &err);
    bool same = parse_pieces(&pieces, csv, 1 + data[0] % 200u, &why);
    /* how much room decoded rows take depends on which are read in one go, and here there is little */
    bool is_full = (!ok && strstr(err.text, "split the report")) || (!same && strstr(why.text, "split the report"));
    FUZZ_CHECK(ok == same || is_full);
    if (ok && same)
        check_same(&whole, &pieces);
    report_free(&whole);
    report_free(&pieces);
    return 0;
}

/* Half of the mutations overwrite bytes around a multiple of 64, of 128, or of the length of the pieces. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char bytes[] = "\"\"\r\n,\n";
    if (size < 2 || seed % 2 || !LLVMFuzzerMutate)
        return LLVMFuzzerMutate ? LLVMFuzzerMutate(data, size, max_size) : size;
    size_t steps[] = {64, 128, 1 + data[0] % 200u}, step = steps[seed / 2 % 3];
    size_t at = 1 + step * (seed / 8 % (size / step + 1)) + seed / 64 % 3;
    if (at >= 2 && at - 2 < size - 1)
        data[at - 1] = (uint8_t)bytes[seed / 256 % (sizeof bytes - 1)];
    return size;
}
