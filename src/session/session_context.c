/* Reads other files about users, and adds the columns of a report that ncred does not know. */
#include "session/session_context.h"

#include "base/memory.h"
#include "base/source.h"
#include "context/demo_context.h"
#include "history/time_columns.h"
#include "read/envelope.h"

#include <stdlib.h>

/* Reads one file into C. P may be NULL. */
typedef bool read_context_file(struct context *c, const char *path, struct cancel_token *p, struct error *err);

/* Read a whole file with READ, unless it is of a kind that ncred knows but does not read. */
static bool read_context_text(struct context *c, const char *path,
    bool (*read)(struct context *c, struct slice text, const char *name, struct error *err), struct error *err)
{
    struct buffer bytes = {0};
    bool ok = source_read_text(path, &bytes, err);
    struct slice text = {ok && bytes.data ? bytes.data : "", ok ? bytes.len : 0};
    ok = ok && !envelope_is_refused(text, path, err) && read(c, text, path, err);
    buffer_free(&bytes);
    return ok;
}

static bool read_join_file(struct context *c, const char *path, struct cancel_token *p, struct error *err)
{
    (void)p;
    return read_context_text(c, path, context_read_join, err);
}

static bool read_key_ids_file(struct context *c, const char *path, struct cancel_token *p, struct error *err)
{
    (void)p;
    return read_context_text(c, path, context_read_key_ids, err);
}

/* The same for authorization details, which can be large, piece by piece. */
static bool read_details_file(struct context *c, const char *path, struct cancel_token *p, struct error *err)
{
    struct text_pieces pieces;
    if (!text_pieces_open(&pieces, path, p, err))
        return false;
    bool is_refused = envelope_is_refused(text_pieces_first(&pieces), path, err);
    if (is_refused)
        text_pieces_finish(&pieces); /* damage further on, if any, is the reason */
    bool ok = !is_refused && context_read_details_pieces(c, &pieces, path, err);
    text_pieces_close(&pieces);
    return ok;
}

/* AGAIN: the files were read before, which a pipe cannot be. */
static bool read_files(struct context *c, const struct context_files *files, bool again, read_context_file *read,
    struct cancel_token *p, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; i < files->count && ok; i++) {
        if (again && !source_is_file(files->paths[i]))
            return error_set(err, "%s: no regular file, which can be read once only", files->paths[i]);
        ok = (!cancel_check(p) || error_set(err, "cancelled")) && read(c, files->paths[i], p, err);
    }
    return ok;
}

static bool read_demo(struct context *c, struct error *err)
{
    return context_read_join(c, slice_of(demo_owners), "demo owners", err)
        && context_read_details(c, slice_of(demo_details), "demo details", err)
        && context_read_key_ids(c, slice_of(demo_key_ids), "demo key IDs", err);
}

static bool read_context(struct context **out, const struct context_wish *wish, bool demo, bool again,
    struct cancel_token *p, struct error *err)
{
    *out = NULL;
    if (!demo && !wish->joins.count && !wish->details.count && !wish->key_ids.count)
        return true;
    *out = context_new();
    if ((demo && !read_demo(*out, err)) || !read_files(*out, &wish->joins, again, read_join_file, p, err)
        || !read_files(*out, &wish->details, again, read_details_file, p, err)
        || !read_files(*out, &wish->key_ids, again, read_key_ids_file, p, err))
        return false;
    return true;
}

bool session_context_read(struct context **out, const struct context_wish *wish, bool demo, struct error *err)
{
    return read_context(out, wish, demo, false, NULL, err);
}

bool session_context_is_named(const struct options *o, const struct report *r)
{
    bool is = false;
    for (size_t i = 0; o->filter_count && i < r->column_count && !is; i++) {
        struct buffer name = {0};
        if (r->columns[i].known != COL_COUNT)
            continue;
        extra_columns_name(&name, slice_of(r->columns[i].name));
        for (size_t f = 0; f < o->filter_count; f++)
            is |= query_has_word(o->filters[f], (struct slice){name.data, name.len});
        buffer_free(&name);
    }
    return is;
}

/* ---- beside reports ---- */

bool session_context_is_beside(const struct inputs *in)
{
    bool is = in->beside_count > 0;
    for (size_t i = 0; i < in->count; i++)
        is |= in->items[i].details.len || in->items[i].keys.len;
    return is;
}

static struct slice bytes_of(const struct buffer *b)
{
    return (struct slice){b->data ? b->data : "", b->len};
}

/* Details or key IDs, judging by the file's beginning. */
static bool read_beside(struct context *c, const char *path, struct cancel_token *p, struct error *err)
{
    struct text_pieces pieces;
    struct buffer bytes = {0};
    bool is_end = false, ok = text_pieces_open(&pieces, path, p, err);
    if (!ok)
        return false;
    if (details_is(text_pieces_first(&pieces))) {
        ok = context_read_details_pieces(c, &pieces, path, err);
    } else {
        while (ok && !is_end)
            ok = text_pieces_more(&pieces, &bytes, &is_end);
        ok = ok && context_read_key_ids(c, bytes_of(&bytes), path, err);
    }
    text_pieces_close(&pieces);
    buffer_free(&bytes);
    return ok;
}

bool session_context_finish(struct context **c, struct inputs *in, struct cancel_token *p)
{
    struct error err;
    if (!*c && session_context_is_beside(in))
        *c = context_new();
    for (size_t i = 0; i < in->beside_count && !cancel_check(p); i++) {
        if (!read_beside(*c, in->beside[i], p, &err))
            buffer_printf(&in->messages, "%s\n", err.text);
    }
    for (size_t i = 0; i < in->count && !cancel_check(p); i++) {
        struct inputs_item *item = &in->items[i];
        if ((item->details.len && !context_read_details(*c, bytes_of(&item->details), item->name, &err))
            || (item->keys.len && !context_read_key_ids(*c, bytes_of(&item->keys), item->name, &err)))
            buffer_printf(&in->messages, "%s\n", err.text);
    }
    if (*c && !cancel_check(p))
        context_finish(*c);
    return !cancel_is_set(p);
}

struct context *session_context_again(const struct options *o, struct inputs *in, struct cancel_token *p)
{
    struct context *fresh = NULL;
    struct error err;
    if (!session_context_is_beside(in))
        return NULL;
    bool ok = read_context(&fresh, &o->context, o->demo, true, p, &err);
    if (!ok && !cancel_is_set(p))
        buffer_printf(&in->messages, "%s; rights, owners and key IDs are those read before\n", err.text);
    if (ok && session_context_finish(&fresh, in, p))
        return fresh;
    context_free(fresh);
    return NULL;
}

/* ---- the report's own columns ---- */

/* A column that only the report has, while it is added to the extra columns. */
struct own_column {
    size_t index; /* in report.columns */
    struct extra_inference inference;
    enum type type; /* the one that all its texts fit */
    size_t column;  /* its index among the extra columns */
};

/*
 * Read the cells of the COUNT columns OF, to learn their types or, if these are known (ARE_TYPED), to store them. Goes
 * row by row, because finding a cell splits its row. Of a row whose number of fields differs from the header's nothing
 * is read, because its fields may belong to other columns.
 */
static void read_own_cells(struct report *r, struct own_column *of, size_t count, bool are_typed)
{
    struct report_split split = {0};
    struct report view = report_view(r, &split);
    struct slice text;
    for (size_t row = 0; row < r->row_count; row++) {
        if (report_field_count(&view, row) != r->files[report_file_of(r, row)].column_count)
            continue;
        for (size_t i = 0; i < count; i++) {
            if (!report_raw_at(&view, row, of[i].index, &text))
                continue;
            if (are_typed)
                extra_columns_set(r->extra, of[i].column, row, extra_columns_code(r->extra, of[i].type, text));
            else
                extra_inference_see(&of[i].inference, text);
        }
    }
    report_split_free(&split);
}

/* Add the column to the extra columns of R, with the type of its texts. Returns false if there is no room for it. */
static bool add_own_column(struct report *r, struct own_column *own)
{
    struct buffer name = {0};
    own->type = extra_inference_type(&own->inference);
    extra_columns_name(&name, slice_of(r->columns[own->index].name));
    own->column = extra_columns_add(r->extra, &(struct extra_description){.name = name.data,
        .heading = r->columns[own->index].name, .source = "report", .help = "column of the report", .type = own->type,
        .origin = EXTRA_REPORT});
    buffer_free(&name);
    return own->column != SIZE_MAX;
}

/*
 * Add the columns of R that ncred does not know. The cells of rows that lack them take memory, too, so that many such
 * columns of short rows are left out; SAID is told.
 */
static void add_own_columns(struct report *r, struct buffer *said)
{
    enum { OWN_MAX = EXTRA_COLUMNS_MAX / 5 * 4, CELL = sizeof(uint32_t), SLACK = LIMIT(64 << 20, 1 << 16) };
    size_t count = 0, added = 0, left = 0;
    uint64_t text = r->memory ? r->memory->text_end : 0;
    uint64_t room = (text * CELL + SLACK) / CELL; /* a cell that is there takes a byte of text or more */
    struct own_column *of = xcalloc(r->column_count + 1, sizeof *of);
    for (size_t i = 0; i < r->column_count; i++) {
        if (r->columns[i].known != COL_COUNT)
            continue;
        bool fits = !left && count < OWN_MAX && (uint64_t)(count + 1) * r->row_count <= room;
        left += !fits;
        if (!fits)
            continue;
        of[count].index = i;
        extra_inference_start(&of[count++].inference);
    }
    if (count)
        read_own_cells(r, of, count, false);
    while (added < count && add_own_column(r, &of[added]))
        added++;
    left += count - added;
    if (added) {
        extra_columns_reserve(r->extra, r->row_count);
        read_own_cells(r, of, added, true);
    }
    free(of);
    if (left)
        buffer_printf(said, "%zu of the %zu columns that ncred does not know cannot be used by their names: too many\n",
            left, left + added);
}

/* CONTEXT is NULL for the report's own columns, which must never have a name that ncred uses for other data. */
static bool is_reserved(const void *context, struct slice name)
{
    return context_reserves(context, name) || time_columns_reserve(name);
}

bool session_context_apply(struct context *c, struct report *r, struct buffer *said, struct error *err)
{
    if (!r->extra) {
        r->extra = extra_columns_new();
        r->extra->is_reserved = is_reserved;
    }
    r->extra->reserver = NULL;
    add_own_columns(r, said);
    r->extra->reserver = c;
    return !c || context_apply(c, r, said, err);
}

bool session_context_to_changes(struct context *c, struct diff *d, const struct audit *audit, struct error *err)
{
    struct buffer said_before = {0};
    if (d->report.extra)
        return true;
    bool ok = session_context_apply(c, &d->report, &said_before, err);
    audit_run(audit, &d->report);
    audit_bind(audit, d->changes.new);
    buffer_free(&said_before);
    return ok;
}
