/*
 * The fast path against libcsv, field by field: whatever the text, however it is cut, whichever instructions look at
 * it. NCRED_TEST_ROUNDS makes the random part longer.
 */
#include "read/load.h"
#include "unit/sample.h"
#include "read/scan.h"
#include "query/search.h"

#include <csv.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- what libcsv, which knows nothing of ncred, makes of a text ---- */

struct expected {
    struct buffer text;   /* all fields end to end */
    size_t *ends;         /* where each ends */
    size_t fields;
    size_t *row_ends;     /* how many fields there are up to the end of each row */
    size_t rows;
    size_t room[2];
};

static void push(size_t **list, size_t *count, size_t *room, size_t value)
{
    if (*count == *room) {
        *room = *room ? *room * 2 : 64;
        *list = xrealloc(*list, *room, sizeof **list);
    }
    (*list)[(*count)++] = value;
}

static void on_field(void *data, size_t len, void *context)
{
    struct expected *e = context;
    buffer_add(&e->text, len ? data : "", len);
    push(&e->ends, &e->fields, &e->room[0], e->text.len);
}

static void on_row(int terminator, void *context)
{
    struct expected *e = context;
    (void)terminator;
    push(&e->row_ends, &e->rows, &e->room[1], e->fields);
}

static int is_never_space(unsigned char c)
{
    (void)c;
    return 0;
}

/* How many blanks stand in LINE from AT on. */
static size_t blanks(struct slice line, size_t at)
{
    size_t n = 0;
    while (at + n < line.len && (line.data[at + n] == ' ' || line.data[at + n] == '\t'))
        n++;
    return n;
}

/*
 * LINE, which libcsv refuses: a quotation mark that opens no field, or closes none before a comma, is one of its bytes.
 */
static void expect_loose(struct expected *e, struct slice line)
{
    for (size_t at = 0, more = 1; more;) {
        size_t from = e->text.len, quote = at + blanks(line, at), close = quote + 1;
        bool is_closed = false;
        for (; quote < line.len && line.data[quote] == '"' && close < line.len && !is_closed; close++) {
            bool is_mark = line.data[close] == '"', is_pair = is_mark && close + 1 < line.len
                && line.data[close + 1] == '"';
            is_closed = is_mark && !is_pair;
            if (!is_closed)
                buffer_putc(&e->text, line.data[close]);
            close += is_pair;
        }
        if (is_closed)
            at = close + blanks(line, close);
        else
            e->text.len = from;
        while (at < line.len && line.data[at] != ',')
            buffer_putc(&e->text, line.data[at++]);
        buffer_add(&e->text, "", 0);
        push(&e->ends, &e->fields, &e->room[0], e->text.len);
        more = at++ < line.len;
    }
    push(&e->row_ends, &e->rows, &e->room[1], e->fields);
}

static size_t first_field(const struct expected *e, size_t row)
{
    return row ? e->row_ends[row - 1] : 0;
}

static struct slice expected_field(const struct expected *e, size_t i)
{
    size_t from = i ? e->ends[i - 1] : 0;
    return (struct slice){e->text.data + from, e->ends[i] - from};
}

/* Drop the last row again if nothing is in any of its columns: it is no user. */
static void drop_empty(struct expected *e)
{
    size_t last = e->rows ? e->rows - 1 : 0, first = first_field(e, last);
    if (e->rows < 2 || (e->fields - first != 1 && e->fields - first != e->row_ends[0]))
        return;
    for (size_t i = first; i < e->fields; i++) {
        if (slice_trimmed(expected_field(e, i)).len)
            return;
    }
    e->rows--;
    e->fields = first;
    e->text.len = e->ends[first - 1];
}

/* Row by row, strictly; of a row that breaks the rules, or has an open quotation mark, its first line is a row. */
static void expect(struct expected *e, struct slice csv)
{
    size_t at = csv.len >= 3 && memcmp(csv.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    enum { WITHIN_FIELD = 2 }; /* which libcsv does not name */
    *e = (struct expected){0};
    while (at < csv.len) {
        struct csv_parser parser;
        size_t from = at, rows = e->rows, fields = e->fields, text = e->text.len;
        csv_init(&parser, CSV_STRICT);
        csv_set_space_func(&parser, is_never_space);
        while (at < csv.len && e->rows == rows && csv_parse(&parser, csv.data + at, 1, on_field, on_row, e) == 1)
            at++;
        bool is_open = at == csv.len && rows && parser.quoted && parser.pstate == WITHIN_FIELD;
        if (at == csv.len && !is_open)
            csv_fini(&parser, on_field, on_row, e);
        if (is_open || csv_error(&parser) != CSV_SUCCESS) {
            e->fields = fields;
            e->text.len = text;
            for (at = from; csv.data[at] == '\n' || csv.data[at] == '\r'; at++)
                ;
            for (from = at; at < csv.len && csv.data[at] != '\n' && csv.data[at] != '\r'; at++)
                ;
            expect_loose(e, (struct slice){csv.data + from, at - from});
        }
        csv_free(&parser);
        if (e->rows > rows)
            drop_empty(e);
    }
}

static void expected_free(struct expected *e)
{
    buffer_free(&e->text);
    free(e->ends);
    free(e->row_ends);
}

/* The same rows with every field in quotation marks: none of them can go the fast way. */
static void quoted(struct buffer *csv, const struct expected *e)
{
    for (size_t row = 0; row < e->rows; row++) {
        for (size_t i = first_field(e, row); i < e->row_ends[row]; i++) {
            struct slice field = expected_field(e, i);
            buffer_puts(csv, i == first_field(e, row) ? "\"" : ",\"");
            for (size_t k = 0; k < field.len; k++) {
                if (field.data[k] == '"')
                    buffer_putc(csv, '"');
                buffer_putc(csv, field.data[k]);
            }
            buffer_putc(csv, '"');
        }
        buffer_putc(csv, '\n');
    }
}

/* ---- what ncred makes of it ---- */

/* How a text is read: with which instructions, on how many threads, and in pieces that end where. */
struct reading {
    const struct scan_way *way;
    int threads;
    const size_t *ends; /* of pieces, ascending; the last piece ends with the text */
    size_t end_count;
    bool moves;         /* what is not yet parsed moves to another segment, as it does when a pipe is read */
};

static void read_text(struct report *r, struct slice csv, const struct reading *how)
{
    struct parse p;
    struct error err;
    *r = (struct report){0};
    parse_start(&p, r, "scan.csv", 0, 0);
    p.way = how->way;
    p.threads = how->threads;
    size_t segment = report_add_segment(r, csv.len), from = 0, base = 0, used = 0;
    for (size_t i = 0; i <= how->end_count; i++) {
        bool final = i == how->end_count;
        size_t to = final ? csv.len : how->ends[i];
        if (how->moves && i) {
            segment = report_add_segment(r, csv.len - from);
            memcpy(r->segments[segment].data, csv.data + from, to - from);
            base = from;
        } else {
            memcpy(r->segments[segment].data + (from - base), csv.data + from, to - from);
        }
        if (!parse_text(&p, segment, from - base, to - base, final, &used, &err))
            fail_msg("%s", err.text);
        from += used;
    }
    assert_int_equal(from, csv.len);
    report_publish_file(r, "scan.csv", &p.header);
    report_publish(r, &p.batch);
    parse_end(&p);
    r->as_of = SAMPLE_AS_OF;
}

static void print_text(struct slice csv)
{
    struct buffer b = {0};
    size_t n = csv.len < 3000 ? csv.len : 3000;
    text_harmless(&b, (struct slice){csv.data + csv.len - n, n}, true);
    print_error("...%s\n", b.data);
    buffer_free(&b);
}

/* Every row has the fields that libcsv found, byte by byte. */
static void same_fields(const struct report *r, const struct expected *e, struct slice csv, const char *how)
{
    struct slice fields[64];
    if (r->row_count + 1 != e->rows) {
        print_text(csv);
        fail_msg("%s: %zu rows, libcsv has %zu", how, r->row_count, e->rows - 1);
    }
    for (size_t row = 0; row < r->row_count; row++) {
        size_t first = first_field(e, row + 1), count = e->row_ends[row + 1] - first;
        size_t n = report_fields(r, row, fields, SAMPLE_COUNT(fields));
        if (n != count) {
            print_text(csv);
            fail_msg("%s: row %zu has %zu fields, libcsv has %zu", how, row, n, count);
        }
        for (size_t i = 0; i < n; i++) {
            struct slice got = i < SAMPLE_COUNT(fields) ? fields[i] : report_field(r, row, i);
            if (!slice_equal(got, expected_field(e, first + i))) {
                print_text(csv);
                fail_msg("%s: row %zu, field %zu: \"%.*s\", libcsv has \"%.*s\"", how, row, i, (int)got.len, got.data,
                    (int)expected_field(e, first + i).len, expected_field(e, first + i).data);
            }
        }
    }
}

/* Every column, derived ones too, says the same of every row. */
static void same_columns(const struct report *a, const struct report *b, struct slice csv, const char *how)
{
    assert_int_equal(a->row_count, b->row_count);
    size_t step = a->row_count > 5000 ? 7 : 1; /* of very many rows some */
    for (size_t row = 0; row < a->row_count; row += step) {
        for (enum column c = 0; c < COL_COUNT; c++) {
            struct value x = report_value(a, row, c), y = report_value(b, row, c);
            if (x.state == y.state && x.number == y.number && slice_equal(x.text, y.text))
                continue;
            print_text(csv);
            fail_msg("%s: row %zu: %s is %d %lld \"%.*s\" and, in quotation marks, %d %lld \"%.*s\"", how, row,
                schema[c].name, (int)x.state, (long long)x.number, (int)x.text.len, x.text.data, (int)y.state,
                (long long)y.number, (int)y.text.len, y.text.data);
        }
    }
}

/* Problems, and the lines that they and the rows stand on, do not depend on how the text is read. */
static void same_places(const struct report *a, const struct report *b, struct slice csv, const char *how)
{
    bool same = a->problem_count == b->problem_count;
    for (size_t i = 0; same && i < a->problem_count; i++)
        same = a->problems[i].line == b->problems[i].line && strcmp(a->problems[i].text, b->problems[i].text) == 0;
    for (size_t row = 0; same && row < a->row_count; row++)
        same = report_line_of(a, row) == report_line_of(b, row);
    if (!same) {
        print_text(csv);
        fail_msg("%s: other problems, or other lines", how);
    }
}

/* Where the rows of a text without quotation marks stand, reckoned byte by byte; the header is the first of them. */
static void right_lines(const struct report *r, struct slice csv, const char *how)
{
    size_t line = 1, row = 0, from = 0, names = 0;
    if (memchr(csv.data, '"', csv.len))
        return;
    for (size_t i = 0; i <= csv.len; i++) {
        bool end = i == csv.len || csv.data[i] == '\n' || csv.data[i] == '\r';
        if (!end)
            continue;
        size_t fields = 1;
        bool is_empty = true;
        for (size_t k = from; k < i; k++) {
            fields += csv.data[k] == ',';
            is_empty &= csv.data[k] == ',' || csv.data[k] == ' ' || csv.data[k] == '\t';
        }
        is_empty &= row > 0 && (fields == 1 || fields == names);
        names = row ? names : fields;
        if (i > from && !is_empty && row++ && report_line_of(r, row - 2) != line) {
            print_text(csv);
            fail_msg("%s: row %zu is on line %zu, not %zu", how, row - 2, line, report_line_of(r, row - 2));
        }
        if (i + 1 < csv.len && csv.data[i] == '\r' && csv.data[i + 1] == '\n')
            i++;
        from = i + 1;
        line++;
    }
}

struct trial {
    struct slice csv;
    struct expected expected;
    struct report reference; /* read whole, the plain way, on one thread */
};

static void trial_start(struct trial *c, struct slice csv)
{
    struct reading plain = {.way = &scan_ways[0], .threads = 1};
    struct expected again;
    struct buffer all_quoted = {0};
    struct report by_grammar;
    *c = (struct trial){.csv = csv};
    expect(&c->expected, csv);
    read_text(&c->reference, csv, &plain);
    same_fields(&c->reference, &c->expected, csv, "plain");
    right_lines(&c->reference, csv, "plain");
    quoted(&all_quoted, &c->expected);
    expect(&again, (struct slice){all_quoted.data, all_quoted.len});
    read_text(&by_grammar, (struct slice){all_quoted.data, all_quoted.len}, &plain);
    same_fields(&by_grammar, &c->expected, csv, "in quotation marks");
    same_columns(&c->reference, &by_grammar, csv, "plain");
    expected_free(&again);
    report_free(&by_grammar);
    buffer_free(&all_quoted);
}

static void trial_reading(struct trial *c, const struct reading *how)
{
    struct report r;
    char name[80];
    snprintf(name, sizeof name, "%s, %d threads, %zu pieces, the first to %zu", how->way->name, how->threads,
        how->end_count + 1, how->end_count ? how->ends[0] : c->csv.len);
    read_text(&r, c->csv, how);
    same_fields(&r, &c->expected, c->csv, name);
    same_columns(&r, &c->reference, c->csv, name);
    same_places(&r, &c->reference, c->csv, name);
    report_free(&r);
}

static void trial_end(struct trial *c)
{
    report_free(&c->reference);
    expected_free(&c->expected);
}

/* ---- texts ---- */

static const char head[] = "user,arn,mfa_active,user_creation_time,access_key_1_last_used_region,odd,"
    "password_last_used,access_key_1_active,access_key_1_last_rotated";

/* The header, and then nothing within the bytes in which a NUL would tell that this is no text. */
static void add_header(struct buffer *b, bool may_hold_nul)
{
    buffer_puts(b, head);
    for (size_t i = 0; may_hold_nul && i < 4096; i++)
        buffer_puts(b, i ? "x" : ",");
    buffer_puts(b, "\n");
}

struct piece {
    const char *text;
    size_t len;
};
#define PIECE(s) {s, sizeof(s) - 1}

static const struct piece plain_pieces[] = {PIECE(","), PIECE(","), PIECE(","), PIECE("\n"), PIECE("\n"), PIECE("\r"),
    PIECE("\r\n"), PIECE("\n\n"), PIECE("\r\r"), PIECE("\n\r"), PIECE("a"), PIECE("true"), PIECE("false"),
    PIECE("TRUE"), PIECE("N/A"), PIECE("no_information"), PIECE("not_supported"), PIECE("2024-02-29T03:04:05+00:00"),
    PIECE("2023-02-29T03:04:05Z"), PIECE("1950-01-01T00:00:00Z"), PIECE("2024-01-02T03:04:05+02:00"),
    PIECE("us-east-1"), PIECE("arn:aws:iam::123456789012:user/x"), PIECE("arn:aws:iam::123456789012:root"),
    PIECE("<root_account>"), PIECE(" "), PIECE("\t"), PIECE("\xef\xbb\xbf"), PIECE("\xc3\xb6"), PIECE("\xff"),
    PIECE("'"), PIECE("\0"), PIECE("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    PIECE("u,arn:aws:iam::123456789012:user/u,true,2024-02-29T03:04:05+00:00,us-east-1,,N/A,false,N/A\n")};
static const struct piece quoting_pieces[] = {PIECE("\""), PIECE("\"\""), PIECE("\"a,b\""), PIECE("\"a\nb\""),
    PIECE("\"\r\n\""), PIECE(",\""), PIECE("\","), PIECE("\"\n"), PIECE("\"x\"y"), PIECE("x\"y\""),
    PIECE("\"a\"\"b\"")};

/* QUOTES of a hundred pieces have quotation marks in them. */
static void add_pieces(struct buffer *b, size_t count, size_t quotes)
{
    for (size_t i = 0; i < count; i++) {
        struct piece p = sample_below(100) < quotes ? SAMPLE_ONE_OF(quoting_pieces) : SAMPLE_ONE_OF(plain_pieces);
        buffer_add(b, p.text, p.len);
    }
}

static size_t rounds(void)
{
    const char *text = getenv("NCRED_TEST_ROUNDS");
    return text ? strtoul(text, NULL, 10) : 60;
}

/* ---- tests ---- */

/* Texts made of whatever is awkward, whole and cut at random. */
static void test_random(void **state)
{
    static const size_t quotes[] = {0, 0, 1, 5, 30};
    print_message("seed %llu\n", sample_start());
    (void)state;
    for (size_t round = 0; round < rounds(); round++) {
        struct buffer b = {0};
        struct trial c;
        if (sample_below(4) == 0)
            buffer_puts(&b, "\xef\xbb\xbf");
        add_header(&b, true);
        size_t header = b.len;
        add_pieces(&b, sample_below(200), SAMPLE_ONE_OF(quotes));
        trial_start(&c, (struct slice){b.data, b.len});
        for (size_t w = 0; w < scan_way_count; w++) {
            size_t ends[3] = {header, header, header};
            for (size_t i = 0; i < 3; i++)
                ends[i] = (i ? ends[i - 1] : header) + sample_below(b.len + 1 - (i ? ends[i - 1] : header));
            struct reading how = {&scan_ways[w], 1 + (int)sample_below(4), ends, sample_below(4), sample_below(2)};
            if (scan_ways[w].is_possible())
                trial_reading(&c, &how);
        }
        trial_end(&c);
        buffer_free(&b);
    }
}

static const char *const hostile[] = {
    "a,b,true\r\nc,d,false\r\n\r\n,,\re,f,N/A\n", "a,b\n\"q\"\"\n,\",x\r\n,\rlast,\"open",
        ",\r\n\r\n,\n\"\"\n\r\r\n\"\r\",x\r",
    "a\"b,c\r\"d\r\n\"\"\"\"\r\n", "u,arn:aws:iam::123456789012:user/u,true,2024-02-29T03:04:05+00:00,us-east-1,,N/A\r",
};

/* Cut at every byte; and at every other place within the 64 bytes that are looked at at once. */
static void test_borders_of_words(void **state)
{
    (void)state;
    for (size_t h = 0; h < SAMPLE_COUNT(hostile); h++) {
        for (size_t shift = h % 2; shift <= 66; shift += sample_rounds(6, 2)) {
            struct buffer b = {0};
            struct trial c;
            add_header(&b, false);
            size_t header = b.len;
            for (size_t i = 0; i < shift; i++)
                buffer_putc(&b, i % 9 == 8 ? ',' : 'x');
            buffer_puts(&b, hostile[h]);
            trial_start(&c, (struct slice){b.data, b.len});
            for (size_t w = 0; w < scan_way_count; w++) {
                size_t end = header + shift + sample_below(strlen(hostile[h]));
                struct reading whole = {.way = &scan_ways[w], .threads = 1};
                struct reading two = {&scan_ways[w], 2, &end, 1, shift % 2};
                if (!scan_ways[w].is_possible())
                    continue;
                trial_reading(&c, shift % 4 < 2 ? &whole : &two);
                for (end = header; shift - h % 2 == 60 && end < b.len; end++)
                    trial_reading(&c, &two);
            }
            trial_end(&c);
            buffer_free(&b);
        }
    }
}

/* Rows of some fifty bytes up to LEN bytes in all. */
static void fill(struct buffer *b, size_t len)
{
    static const char row[] = "u,arn:aws:iam::123456789012:user/u,true,N/A,us-east-1\n";
    while (b->len + sizeof row - 1 <= len)
        buffer_puts(b, row);
    while (b->len < len)
        buffer_putc(b, 'y');
}

/* What is awkward right where files are cut into chunks, and chunks are looked at for quotation marks. */
static void test_borders_of_chunks(void **state)
{
    enum { CHUNK = 1 << 16 };
    (void)state;
    for (size_t h = 0; h < SAMPLE_COUNT(hostile); h++) {
        for (size_t back = 0; back <= strlen(hostile[h]) + 1; back += sample_rounds(13, 1)) {
            struct buffer b = {0};
            struct report r = {0};
            struct error err;
            struct load_time own = {0};
            struct trial c;
            char path[] = "scan-XXXXXX";
            add_header(&b, false);
            fill(&b, CHUNK + 1 - back);
            buffer_puts(&b, hostile[h]);
            trial_start(&c, (struct slice){b.data, b.len});
            struct reading whole = {.way = scan_best(), .threads = 2};
            trial_reading(&c, &whole);
            int fd = mkstemp(path);
            assert_true(fd >= 0);
            assert_int_equal(write(fd, b.data, b.len), (long)b.len);
            close(fd);
            assert_true(load_all(&r, &(struct load_input){.path = path}, 1, NULL, NULL, &own, &err));
            unlink(path);
            same_fields(&r, &c.expected, c.csv, "from a file");
            same_places(&r, &c.reference, c.csv, "from a file");
            report_free(&r);
            trial_end(&c);
            buffer_free(&b);
        }
    }
}

/* A text looked for in the first fields of a row: the same as looking at each of them. */
static void test_search(void **state)
{
    static const char letters[] = "aAbB@`[{.-\xc3";
    (void)state;
    sample_start();
    for (size_t round = 0; round < rounds() * 100; round++) {
        struct buffer b = {0};
        struct search search;
        char text[8];
        struct slice wanted = {text, 1 + sample_below(4)};
        for (size_t i = 0; i < wanted.len; i++)
            text[i] = letters[sample_below(SAMPLE_COUNT(letters) - 1)];
        size_t ends[3], lengths[] = {sample_below(4), sample_below(70), sample_below(150)};
        for (size_t f = 0; f < 3; f++) {
            for (size_t i = 0; i < lengths[f]; i++)
                buffer_putc(&b, letters[sample_below(SAMPLE_COUNT(letters) - 1)]);
            ends[f] = b.len;
            buffer_puts(&b, f == 2 || sample_below(9) == 0 ? "\r" : ",");
        }
        for (size_t i = sample_below(200); i > 0; i--)
            buffer_putc(&b, text[i % wanted.len]);
        size_t line = (size_t)((char *)memchr(b.data, '\r', b.len) - b.data), from = 0;
        assert_true(search_init(&search, wanted));
        for (unsigned fields = 1; fields <= 3; fields++) {
            bool holds = false;
            from = 0;
            for (unsigned f = 0; f < fields && from <= line; f++) {
                holds |= slice_contains_nocase((struct slice){b.data + from, ends[f] - from}, wanted);
                from = ends[f] + 1;
            }
            if (search_row(&search, (struct slice){b.data, b.len}, fields) != holds)
                fail_msg("\"%.*s\" in %u fields of \"%.*s\"", (int)wanted.len, text, fields, (int)b.len, b.data);
        }
        buffer_free(&b);
    }
}

/* Enough for several threads, which split it where lines end. */
static void test_threads(void **state)
{
    static const size_t quotes[] = {0, 1};
    (void)state;
    for (size_t q = 0; q < SAMPLE_COUNT(quotes); q++) {
        struct buffer b = {0};
        struct trial c;
        add_header(&b, true);
        while (b.len < sample_rounds(3, 5) << 18) {
            if (sample_below(1000) < quotes[q])
                buffer_puts(&b, "\"a\nb\",\"\"\n");
            add_pieces(&b, 20, 0);
            buffer_puts(&b, "\n");
        }
        trial_start(&c, (struct slice){b.data, b.len});
        for (int threads = 2; threads <= 8; threads += 3) {
            struct reading how = {.way = scan_best(), .threads = threads};
            trial_reading(&c, &how);
        }
        trial_end(&c);
        buffer_free(&b);
    }
}

int main(void)
{
    mallopt(M_MMAP_THRESHOLD, 1 << 20); /* blocks of rows, of which a few are used, come as untouched pages */
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_borders_of_words),
        cmocka_unit_test(test_borders_of_chunks), cmocka_unit_test(test_threads), cmocka_unit_test(test_search)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
