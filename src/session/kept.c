/* Kept rows are copied from the earlier report into a CSV in memory, which is then loaded with the other inputs. */
#include "session/kept.h"

#include "history/row_copy.h"
#include "session/inputs_items.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static size_t rows_end(const struct report *r, size_t file)
{
    return file + 1 < r->file_count ? r->files[file + 1].first_row : r->row_count;
}

static struct inputs_item *item_named(const struct inputs *o, const char *name)
{
    for (size_t i = 0; i < o->count; i++) {
        if (!o->items[i].is_past && strcmp(o->items[i].name, name) == 0)
            return &o->items[i];
    }
    return NULL;
}

/* Whether the last row of FILE lacks fields, or its last field is no value of its column. */
static bool ends_early(const struct report *r, size_t file)
{
    const struct report_file *f = &r->files[file];
    size_t end = rows_end(r, file);
    if (end == f->first_row || !f->column_count)
        return false;
    size_t fields = report_field_count(r, end - 1);
    enum column last = r->columns[f->columns[f->column_count - 1]].known;
    return fields < f->column_count
        || (fields == f->column_count && last != COL_COUNT && state_is_unknown(report_value(r, end - 1, last).state));
}

/* Whether NOW has all accounts of FILE of BEFORE, from any file. */
static bool is_elsewhere(const struct report *before, size_t file, const struct report *now)
{
    size_t end = rows_end(before, file);
    for (size_t row = before->files[file].first_row; row < end; row++) {
        struct slice account = report_account_id(before, row);
        if (!account.len || !hash_index_find(&now->memory->accounts.index, account, hash_text(account)))
            return false;
    }
    return true;
}

/* Whether NAME is an account that W fetches; its failure was reported by the fetch. */
static bool is_fetched_name(const struct inputs_wish *w, const char *name)
{
    for (size_t i = 0; w->fetch && i < w->profile_count; i++) {
        if (strcmp(w->profiles[i], name) == 0)
            return true;
    }
    for (size_t i = 0; w->fetch && w->accounts && i < w->accounts->count; i++) {
        if (strcmp(w->accounts->list[i].id, name) == 0)
            return true;
    }
    return false;
}

/*
 * Whether FILE of BEFORE is lost: not fetched, missing, rejected, or incomplete. *ITEM is set to the input that should
 * have replaced it, or NULL.
 */
static bool is_lost(struct inputs *o, const struct inputs_wish *w, const struct report *before, size_t file,
    const struct report *now, struct inputs_item **item)
{
    struct error err;
    const char *name = before->files[file].name;
    struct inputs_item *i = *item = item_named(o, name);
    if (!i) {
        if (is_elsewhere(before, file, now))
            return false;
        if (!is_fetched_name(w, name)) {
            error_set(&err, "%s: %s", name, access(name, R_OK) != 0 ? strerror(errno)
                : "not among the reports any more");
            inputs_fail(o, &err);
        }
        return true;
    }
    if (i->left_out)
        return false;
    if (i->is_read && (!ends_early(now, i->file) || ends_early(before, file)))
        return false;
    if (i->is_read) {
        error_set(&err, "%s: its last line is incomplete, as in a file that is still being written", name);
        inputs_fail(o, &err);
    }
    return true;
}

static void kept_keep_rows(struct inputs *o, const struct report *before, size_t file, struct inputs_item *item)
{
    const struct report_file *f = &before->files[file];
    size_t end = rows_end(before, file);
    struct buffer csv = {0};
    row_copy_header(&csv, before, file);
    for (size_t row = f->first_row; row < end; row++)
        row_copy(&csv, before, row);
    if (!item)
        item = inputs_add(o, f->name);
    buffer_free(&item->bytes);
    buffer_free(&item->part);
    item->is_part = false;
    item->bytes = csv;
    item->is_kept = true;
    item->is_file = item->fetched = item->left_out = false;
    o->kept++;
    inputs_say(o, "%s: its %zu user%s stay as they were read before, and are not compared", f->name, end - f->first_row,
        end - f->first_row == 1 ? "" : "s");
}

/* Add rows to keep to O. Returns whether there are any. */
static bool keep_lost(struct inputs *o, const struct inputs_wish *w, const struct report *before,
    const struct report *now)
{
    for (size_t file = 0; file < before->file_count; file++) {
        struct inputs_item *item;
        if (rows_end(before, file) > before->files[file].first_row && is_lost(o, w, before, file, now, &item))
            kept_keep_rows(o, before, file, item);
    }
    return o->kept > 0;
}

/* Whether anything new was read. */
static bool is_any_new(const struct inputs *o)
{
    for (size_t i = 0; i < o->count; i++) {
        if (!o->items[i].left_out && !o->items[i].is_kept && o->items[i].is_read)
            return true;
    }
    return false;
}

static void mark_kept(const struct inputs *o, struct report *r)
{
    for (size_t file = 0; file < r->file_count; file++) {
        const struct inputs_item *item = item_named(o, r->files[file].name);
        r->files[file].is_kept = item && item->is_kept;
    }
}

bool kept_obtain(const struct inputs_wish *w, const struct fetch_settings *settings, const struct report *before,
    struct report *r, struct inputs *out, struct error *err)
{
    if (!inputs_obtain(w, settings, r, out, err))
        return false;
    bool is_stopped = settings->stop && atomic_load(settings->stop);
    if (!before || is_stopped || !keep_lost(out, w, before, r))
        return true;
    if (!is_any_new(out))
        return inputs_explain_none(out, err);
    report_free(r);
    if (!inputs_load(out, r, settings->stop, err))
        return false;
    mark_kept(out, r);
    return true;
}
