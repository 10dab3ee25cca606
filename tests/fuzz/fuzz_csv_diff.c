/* The fast path against libcsv: the same fields and lines of the same rows, however the bytes come in. */
#include "fuzz.h"
#include "read/parse.h"

#include <csv.h>
#include <regex.h>

enum { HEADER_FIELDS = 3 };

/* What libcsv makes of the rows after the header: each field's bytes end to end, and where each field and row ends. */
struct expected {
    struct buffer text;
    size_t *field_ends, *row_ends; /* of the text; of the fields */
    size_t fields, rows;
};

static void on_field(void *data, size_t len, void *context)
{
    struct expected *e = context;
    buffer_add(&e->text, len ? data : "", len);
    e->field_ends = xrealloc(e->field_ends, e->fields + 1, sizeof *e->field_ends);
    e->field_ends[e->fields++] = e->text.len;
}

static struct slice expected_field(const struct expected *e, size_t i)
{
    size_t from = i ? e->field_ends[i - 1] : 0;
    return (struct slice){e->text.data + from, e->field_ends[i] - from};
}

/* Whether S is a line that database clients, or ncred itself, write below a table. */
static bool is_below_table(struct slice s)
{
    static const char pattern[] = "^(\\([0-9]+ rows?( affected)?\\)|[0-9]+ rows? selected\\.|"
        "[0-9]+ record\\(s\\) selected\\.|Ages as of .+|\x1a)$";
    static regex_t regex;
    static bool is_ready;
    if (!is_ready && regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        abort();
    is_ready = true;
    char *text = slice_copy(s);
    bool is = strlen(text) == s.len && regexec(&regex, text, 0, NULL, 0) == 0;
    free(text);
    return is;
}

/* Whether the fields from FIRST on are no user's row: a blank row, a ruler, or a line below a table. */
static bool is_left_out(const struct expected *e, size_t first)
{
    size_t count = e->fields - first;
    bool is_blank = count == 1 || count == HEADER_FIELDS, is_ruler = count > 1;
    for (size_t i = first; i < e->fields; i++) {
        struct slice s = slice_trimmed(expected_field(e, i));
        size_t dashes = 0;
        while (dashes < s.len && s.data[dashes] == '-')
            dashes++;
        is_blank &= !s.len;
        is_ruler &= s.len >= 3 && dashes == s.len;
    }
    return is_blank || is_ruler || (count == 1 && is_below_table(slice_trimmed(expected_field(e, first))));
}

static void on_row(int terminator, void *context)
{
    struct expected *e = context;
    size_t first = e->rows ? e->row_ends[e->rows - 1] : 0;
    (void)terminator;
    if (e->rows && is_left_out(e, first)) {
        e->fields = first;
        e->text.len = e->field_ends[first - 1];
        return;
    }
    e->row_ends = xrealloc(e->row_ends, e->rows + 1, sizeof *e->row_ends);
    e->row_ends[e->rows++] = e->fields;
}

static int is_never_space(unsigned char c)
{
    (void)c;
    return 0;
}

/* False: the quotation marks break the rules, and what libcsv makes of them is no measure. */
static bool expect(struct expected *e, struct slice csv)
{
    struct csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&parser, is_never_space);
    bool ok = csv_parse(&parser, csv.data, csv.len, on_field, on_row, e) == csv.len;
    /* a quotation mark that is still open ends with its line here */
    ok = csv_fini(&parser, on_field, on_row, e) == 0 && ok;
    csv_free(&parser);
    return ok;
}

static void compare(const struct report *r, const struct expected *e)
{
    FUZZ_CHECK(r->row_count + 1 == e->rows);
    for (size_t row = 0; row < r->row_count; row++) {
        size_t first = e->row_ends[row], count = e->row_ends[row + 1] - first;
        FUZZ_CHECK(report_field_count(r, row) == count);
        for (size_t i = 0; i < count; i++) {
            FUZZ_CHECK(slice_equal(report_field(r, row, i), expected_field(e, first + i)));
        }
        FUZZ_CHECK(report_line_of(r, row) > (row ? report_line_of(r, row - 1) : 1));
    }
}

/* The same bytes piece by piece, as they come out of a pipe. */
static bool parse_pieces(struct report *r, struct slice csv, size_t step, struct error *err)
{
    struct parse p;
    parse_start(&p, r, "fuzz", 0, 0);
    size_t segment = report_add_segment(r, csv.len), used = 0;
    if (csv.len)
        memcpy(r->segments[segment].data, csv.data, csv.len);
    bool ok = true;
    for (size_t have = step; ok && have < csv.len; have += step) {
        size_t n;
        ok = parse_text(&p, segment, used, have, false, &n, err);
        used += ok ? n : 0;
    }
    size_t n;
    ok = ok && parse_text(&p, segment, used, csv.len, true, &n, err);
    if (ok) {
        report_publish_file(r, "fuzz", &p.header);
        report_publish(r, &p.batch);
    }
    parse_end(&p);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char header[] = "user,arn,mfa_active\n";
    struct report whole = {0}, pieces = {0};
    struct expected e = {0};
    struct error err;
    struct buffer csv = {0};
    if (size == 0 || size > 1 << 16)
        return 0;
    buffer_puts(&csv, header);
    buffer_add(&csv, data + 1, size - 1);
    struct slice text = {csv.data, csv.len};
    bool is_strict = expect(&e, text);
    /* a file that begins with NULs is binary, and refused */
    if (!memchr(text.data, '\0', text.len < 4096 ? text.len : 4096)) {
        bool ok = parse_report(&whole, "fuzz", text, &err);
        /* the header of another report is refused, and so is what exceeds a limit */
        FUZZ_CHECK(parse_pieces(&pieces, text, data[0] + (size_t)1, &err) == ok);
        if (ok && is_strict && !memmem(text.data + sizeof header - 1, text.len - (sizeof header - 1), "user,arn", 8)) {
            compare(&whole, &e); /* the header once more would be no row */
            compare(&pieces, &e);
        }
        FUZZ_CHECK(!ok || whole.row_count == pieces.row_count);
        FUZZ_CHECK(!ok || whole.problem_count == pieces.problem_count);
    }
    report_free(&whole);
    report_free(&pieces);
    buffer_free(&csv);
    buffer_free(&e.text);
    free(e.field_ends);
    free(e.row_ends);
    return 0;
}
