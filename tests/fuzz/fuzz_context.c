/*
 * What other files say about users: sections between lines %%, of which the first letter tells whether it is a table to
 * join (j), authorization details (d) or key IDs (k). A small report gets their columns, and whose each key is is told.
 */
#include "audit/audit.h"
#include "context/context.h"
#include "context/whose.h"
#include "fuzz.h"
#include "read/parse.h"

#include <string.h>

static const char report[] =
    "user,arn,user_creation_time,password_enabled,access_key_1_active,access_key_1_last_rotated\n"
    "ann,arn:aws:iam::062252211171:user/ann,2024-01-02T03:04:05Z,true,true,2024-01-02T03:04:05Z\n"
    "ann,arn:aws-cn:iam::062252211171:user/ann,2024-01-02T03:04:05Z,true,true,2024-01-02T03:04:05Z\n"
    "bob,arn:aws:iam::123456789012:user/x/bob,N/A,true,true,2024-01-02T03:04:05Z\n"
    "<root_account>,arn:aws:iam::123456789012:root,2024-01-02T03:04:05Z,true,false,N/A\n";

/* Only lines, of what a terminal may be sent. */
static void check_lines(const struct buffer *b)
{
    for (size_t i = 0; i < b->len; i++)
        FUZZ_CHECK(b->data[i] == '\n' || ((unsigned char)b->data[i] >= ' ' && b->data[i] != 0x7f));
}

/* A text that comes in pieces of 1 to 7 bytes. */
static bool next_piece(void *context, struct buffer *piece, bool *is_end)
{
    struct slice *rest = context;
    size_t n = 1 + rest->len % 7;
    n = n < rest->len ? n : rest->len;
    buffer_add(piece, rest->data, n);
    *rest = (struct slice){rest->data + n, rest->len - n};
    *is_end = !rest->len;
    return true;
}

/* Details read in pieces are those read in one go, unless a text is too long to be read in pieces. */
static void check_pieces(struct slice text, bool ok, const struct error *err)
{
    struct json_reader j;
    struct error other;
    struct details *d = details_new();
    json_reader_start_pieces(&j, next_piece, &text);
    bool same = details_read(d, &j, "details", &other);
    FUZZ_CHECK((j.error && strstr(j.error, "too long")) || (same == ok && (ok || !strcmp(other.text, err->text))));
    json_reader_free(&j);
    details_free(d);
}

static bool read_section(struct context *c, struct slice text)
{
    struct slice rest = {text.data + 1, text.len - 1};
    struct error err;
    bool ok = text.data[0] == 'j' ? context_read_join(c, rest, "join", &err)
        : text.data[0] == 'k' ? context_read_key_ids(c, rest, "keys", &err)
        : context_read_details(c, rest, "details", &err);
    FUZZ_CHECK(ok || err.text[0]);
    if (text.data[0] != 'j' && text.data[0] != 'k')
        check_pieces(rest, ok, &err);
    (void)(details_is(rest) && key_ids_is(rest));
    return ok;
}

static void check_cells(const struct report *r)
{
    for (size_t row = 0; row < r->row_count; row++) {
        for (size_t i = 0; i < r->extra->count; i++) {
            struct value v = report_value(r, row, (enum column)(COL_EXTRA + i));
            FUZZ_CHECK(v.state != STATE_VALUE || r->extra->list[i].info.type != TYPE_RIGHTS
                || (v.number >= 0 && v.number <= RIGHTS_ADMIN));
        }
    }
}

static void tell_whose(const struct context *c, const struct report *r, const char *id)
{
    struct whose w;
    struct buffer b = {0};
    if (whose_find(&w, c, r, slice_of(id)))
        whose_text(&b, &w);
    check_lines(&b);
    buffer_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "\n%%\n";
    struct report r = {.as_of = 1735689600};
    struct context *c = context_new();
    struct buffer notes = {0};
    struct error err;
    bool ok = true;
    for (size_t from = 0, next, len; from < size && ok; from = next) {
        struct slice rest = {(const char *)data + from, size - from};
        const char *end = memmem(rest.data, rest.len, mark, sizeof mark - 1);
        len = end ? (size_t)(end - rest.data) : rest.len;
        next = from + len + (end ? sizeof mark - 1 : 0);
        ok = len == 0 || read_section(c, (struct slice){rest.data, len});
    }
    context_finish(c);
    FUZZ_CHECK(parse_report(&r, "report", slice_of(report), &err));
    if (context_apply(c, &r, &notes, &err)) {
        check_lines(&notes);
        check_cells(&r);
        tell_whose(c, &r, "AKIAQ47UFLPRYKTN3A4E");
        for (size_t i = 0; c->key_ids && i < c->key_ids->count && i < 20; i++)
            tell_whose(c, &r, c->key_ids->list[i].id);
    }
    buffer_free(&notes);
    context_free(c);
    report_free(&r);
    return 0;
}
