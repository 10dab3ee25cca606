/* If every line has an ARN, its accounts are found by scanning for them, much faster than by parsing rows. */
#include "session/peek.h"

#include "aws/arn.h"
#include "base/hash_index.h"
#include "base/source.h"
#include "base/timestamp.h"
#include "read/envelope.h"
#include "read/parse.h"

#include <stdlib.h>

static struct slice peeked_account(const void *peek, uint32_t number)
{
    return slice_of(((const struct peek *)peek)->accounts[number]);
}

static void add_peeked_account(struct peek *p, struct hash_index *index, struct slice id)
{
    if (!id.len || id.len >= PEEK_ACCOUNT_SIZE)
        return;
    uint32_t *slot = hash_index_add(index, id, hash_text(id));
    if (*slot)
        return;
    p->accounts = xrealloc(p->accounts, p->account_count + 1, sizeof *p->accounts);
    memset(p->accounts[p->account_count], 0, PEEK_ACCOUNT_SIZE);
    memcpy(p->accounts[p->account_count++], id.data, id.len);
    *slot = (uint32_t)p->account_count;
}

int64_t peek_likely_time(const struct report *r, size_t from, size_t to, const char *name)
{
    int64_t latest = INT64_MIN, named;
    for (size_t row = from; row < to; row++) {
        for (enum column c = 0; c < COL_REPORT_COUNT; c++) {
            if (schema[c].type != TYPE_TIME || c == COL_PASSWORD_NEXT_ROTATION)
                continue;
            struct value v = report_value(r, row, c);
            if (v.state == STATE_VALUE && v.number > latest)
                latest = v.number;
        }
    }
    return timestamp_date_in_file_name(slice_of(name), &named) && named > latest ? named : latest;
}

bool peek_is_cut_account(const struct report *r, size_t row, size_t end)
{
    if (row + 1 != end)
        return false;
    const struct report_file *f = &r->files[report_file_of(r, row)];
    struct slice number = arn_id_number(report_account_id(r, row));
    size_t fields = report_field_count(r, row);
    bool is_cut = fields < f->column_count || (fields == f->column_count && !report_ends_with_line(r));
    return is_cut && fields && number.len && !arn_account_number(number).len
        && r->columns[f->columns[fields - 1]].known == COL_ARN;
}

/*
 * The partition and account number of the first IAM ARN in the line: "aws:iam::123456789012", or nothing if there is
 * none.
 */
static struct slice account_in_line(const char *line, const char *end)
{
    static const char mark[] = ":iam::";
    enum { MARK = sizeof mark - 1, DIGITS = 12 };
    for (const char *at = line; (at = memchr(at, ':', (size_t)(end - at))) && end - at > MARK + DIGITS; at++) {
        const char *partition = at;
        while (partition > line && partition[-1] != ':')
            partition--;
        if (partition > line && memcmp(at, mark, MARK) == 0 && at[MARK + DIGITS] == ':')
            return (struct slice){partition, (size_t)(at + MARK + DIGITS - partition)};
    }
    return (struct slice){"", 0};
}

/*
 * Add the accounts of all lines after the first to P. Returns false if a line has no ARN with an account number, or if
 * there are no such lines.
 */
static bool scan_arns(struct peek *p, struct slice csv)
{
    struct hash_index index = {.text = peeked_account, .owner = p};
    struct slice last = {"", 0};
    struct buffer arn = {0}, id = {0};
    const char *line = memchr(csv.data, '\n', csv.len), *end = csv.data + csv.len;
    bool all = line != NULL;
    while (all && ++line < end) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        stop = stop ? stop : end;
        struct slice account = account_in_line(line, stop);
        bool is_blank = stop - line <= 1;
        all = is_blank || account.len;
        if (account.len && !slice_equal(account, last)) {
            arn.len = 0;
            buffer_printf(&arn, "arn:%.*s:", (int)account.len, account.data);
            id.len = 0;
            arn_put_account_id(&id, (struct slice){arn.data, arn.len});
            add_peeked_account(p, &index, (struct slice){id.data, id.len});
            last = account;
        }
        line = stop;
    }
    hash_index_free(&index);
    buffer_free(&arn);
    buffer_free(&id);
    return all && p->account_count;
}

static bool parse_accounts(struct peek *p, struct slice csv, const char *name, struct report *r, struct error *err)
{
    struct hash_index index = {.text = peeked_account, .owner = p};
    report_clear(r);
    bool ok = parse_report(r, name, csv, err);
    p->account_count = 0;
    for (size_t row = 0; ok && row < r->row_count; row++) {
        if (!peek_is_cut_account(r, row, r->row_count))
            add_peeked_account(p, &index, report_account_id(r, row));
    }
    if (ok && !p->own_time.known && r->generated) {
        load_time_take(&p->own_time, r->generated, "report");
        p->time = r->generated;
    } else if (ok && !p->own_time.known) {
        p->time = peek_likely_time(r, 0, r->row_count, name);
    }
    hash_index_free(&index);
    return ok;
}

static bool peek_bytes(struct peek *p, struct slice bytes, const char *name, struct report *scratch, struct error *err)
{
    enum { TAIL = 4096 };
    struct envelope e, tail = {0};
    int64_t time;
    bool ok = envelope_open(bytes, bytes.len, name, &e, err);
    if (ok && e.generated_known)
        load_time_take(&p->own_time, e.generated, "report");
    size_t cut = ok && e.csv.len > TAIL ? e.csv.len - TAIL : 0;
    if (ok && envelope_has_tail((struct slice){e.csv.data + cut, e.csv.len - cut}, &tail) && tail.generated_known)
        load_time_take(&p->own_time, tail.generated, "report");
    envelope_free(&tail);
    if (ok && timestamp_in_file_name(slice_of(name), &time))
        load_time_take(&p->own_time, time, "file name");
    p->time = p->own_time.at;
    ok = ok && ((p->own_time.known && scan_arns(p, e.csv)) || parse_accounts(p, e.csv, name, scratch, err));
    envelope_free(&e);
    return ok;
}

/* Read a whole file, decompressed. */
static bool peek_read(const char *path, struct buffer *bytes, struct error *err)
{
    struct source s;
    bool is_end = false, ok = source_open(&s, path, err);
    while (ok && !is_end) {
        size_t got = 0, room = s.size > bytes->len ? s.size - bytes->len + 1 : 1 << 16;
        if (bytes->len + room > source_limit())
            ok = source_is_too_long(path, err);
        if (ok && bytes->len + room + 1 > bytes->cap) {
            bytes->cap = bytes->len + room + 1 > 2 * bytes->cap ? bytes->len + room + 1 : 2 * bytes->cap;
            bytes->data = xrealloc(bytes->data, bytes->cap, 1);
        }
        ok = ok && source_fill(&s, bytes->data + bytes->len, room, &got, &is_end, err);
        bytes->len += ok ? got : 0;
    }
    source_close(&s);
    return ok;
}

bool peek_at(const struct load_input *in, struct report *scratch, struct peek *out, struct error *err)
{
    struct buffer bytes = {0};
    *out = (struct peek){.time = INT64_MIN};
    bool ok = !in->path || peek_read(in->path, &bytes, err);
    const char *name = in->path ? in->path : in->name;
    ok = ok && peek_bytes(out, in->path ? (struct slice){bytes.data ? bytes.data : "", bytes.len} : in->bytes, name,
        scratch, err);
    buffer_free(&bytes);
    return ok;
}

void peek_free(struct peek *p)
{
    free(p->accounts);
    *p = (struct peek){0};
}
