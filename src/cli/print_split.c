/*
 * --split: counts the values of a column as --by does, and prints the usual listing of each value's users into a file.
 */
#include "cli/print_split.h"

#include "audit/check_query.h"
#include "base/memory.h"
#include "base/save.h"
#include "cli/print.h"
#include "export/count_by.h"
#include "report/context_columns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- file names ------------------------------------------------------------------------ */

/* Names for users without a value, and with an empty text. Other names never begin with _, so they cannot collide. */
static const char no_value[] = "_none", empty_text[] = "_empty";

/* Returns whether C stands for itself in a name; fewer characters do at its start (FIRST). */
static bool is_plain(char c, bool first)
{
    bool is_letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    return is_letter || (c && strchr(first ? "@+=," : "@+=,.-_", c));
}

/* FNV-1a, because the hash must be the same in every run. */
static uint64_t name_hash(struct slice text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/*
 * Append the file name for TEXT, without extension. Letters, digits and @ + = , . - _ stand for themselves; every other
 * byte, and . - _ at the start, becomes % and two hexadecimal digits. So different texts get different names, and none
 * is hidden, an option or a path. A name over LENGTH_MAX is cut and ends with its hash.
 */
static void print_split_name(struct buffer *out, struct slice text)
{
    enum { LENGTH_MAX = 200 };
    size_t start = out->len;
    for (size_t i = 0; i < text.len && out->len - start <= LENGTH_MAX; i++) {
        if (is_plain(text.data[i], i == 0))
            buffer_putc(out, text.data[i]);
        else
            buffer_printf(out, "%%%02X", (unsigned char)text.data[i]);
    }
    if (out->len - start <= LENGTH_MAX)
        return;
    out->len = start + LENGTH_MAX;
    buffer_printf(out, "%%%016llx", (unsigned long long)name_hash(text));
}

/* ---- files ---------------------------------------------------------------------------- */

struct split_file {
    struct buffer name, query; /* owned; QUERY selects its users */
};

struct split {
    const struct options *options;
    const struct report *report;
    const struct export_format *format;
    struct split_file *files; /* owned */
    size_t count;
};

/* Add a file for the users of QUERY, which it takes over. The name is OWN_NAME or, if that is NULL, made from TEXT. */
static void add_split_file(struct split *s, struct slice text, const char *own_name, struct buffer query)
{
    s->files = xrealloc(s->files, s->count + 1, sizeof *s->files);
    struct split_file *f = &s->files[s->count++];
    *f = (struct split_file){.query = query};
    if (own_name)
        buffer_puts(&f->name, own_name);
    else
        print_split_name(&f->name, text);
    buffer_printf(&f->name, ".%s", s->options->listing == LIST_REMEDIES ? "sh" : s->format->extension);
}

static void add_group(struct split *s, const struct count_by *c, size_t index)
{
    const struct count_group *g = c->order[index];
    struct buffer query = {0}, label = {0};
    count_by_query(&query, c, index);
    if (report_column_info(c->report, c->column)->type == TYPE_TEXT) {
        struct slice text = g->is_shared ? g->account : g->text; /* an account number that exists in two partitions */
        add_split_file(s, text, text.len ? NULL : empty_text, query);
        return;
    }
    count_by_label(&label, c, index, true);
    add_split_file(s, (struct slice){label.data, label.len}, NULL, query);
    buffer_free(&label);
}

/* Add a file for each value in C, and one for all users without a value. */
static void add_split_files(struct split *s, struct count_by *c)
{
    bool lacks = false;
    count_by_sort(c, COUNT_VALUE, false, NULL);
    for (size_t i = 0; i < c->count; i++) {
        lacks |= c->order[i]->state != STATE_VALUE;
        if (c->order[i]->state == STATE_VALUE)
            add_group(s, c, i);
    }
    if (lacks) {
        struct buffer query = {0};
        buffer_printf(&query, "%s = missing", report_column_info(c->report, c->column)->name);
        add_split_file(s, slice_of(""), no_value, query);
    }
}

static void free_split(struct split *s)
{
    for (size_t i = 0; i < s->count; i++) {
        buffer_free(&s->files[i].name);
        buffer_free(&s->files[i].query);
    }
    free(s->files);
}

/* ---- writing -------------------------------------------------------------------------- */

/* Returns whether a file of the name F in DIRECTORY is none that --force may replace: a link, a directory, ... */
static bool is_refused(const struct split_file *f, const char *directory, struct error *err)
{
    struct stat st;
    struct buffer path = {0};
    char shown[512];
    buffer_printf(&path, "%s/%s", directory, f->name.data);
    const char *why = lstat(path.data, &st) == 0 ? save_refusal(&st) : NULL;
    text_escape(shown, sizeof shown, (struct slice){path.data, path.len});
    if (why)
        error_set(err, "%s: cannot save: %s; nothing was written", shown, why);
    buffer_free(&path);
    return why != NULL;
}

/*
 * Returns whether the directory exists and all files can be written there: without --force none may exist, with it only
 * regular files. Sets ERR if not.
 */
static bool is_free(const struct split *s, struct error *err)
{
    const char *directory = s->options->wish.save_path;
    struct stat st;
    char shown[512];
    size_t taken = 0, first = 0;
    text_escape(shown, sizeof shown, slice_of(directory));
    if (stat(directory, &st) != 0 || !S_ISDIR(st.st_mode))
        return error_set(err, "--save: expected a directory for the files of --split, which %s is not", shown);
    for (size_t i = 0; i < s->count && s->options->force; i++) {
        if (is_refused(&s->files[i], directory, err))
            return false;
    }
    for (size_t i = 0; i < s->count && !s->options->force; i++) {
        struct buffer path = {0};
        buffer_printf(&path, "%s/%s", directory, s->files[i].name.data);
        bool is_there = lstat(path.data, &st) == 0 || errno != ENOENT;
        first = is_there && !taken ? i : first;
        taken += is_there;
        buffer_free(&path);
    }
    return !taken || error_set(err, "%s/%s exists%s; --force overwrites, nothing was written", shown,
        s->files[first].name.data, taken > 1 ? ", and so do others" : "");
}

static bool write_split_file(const struct split *s, const struct split_file *f, struct error *err)
{
    struct options only = *s->options;
    struct save save;
    struct error why;
    struct query *q = check_query_parse_late((struct slice){f->query.data, f->query.len}, QUERY_USERS,
        only.checks.benchmark, &why);
    bool ok = q && query_bind(q, s->report, &why);
    if (!ok)
        error_set(err, "--split: %s", why.text); /* possible only through a mistake in count_by_query() */
    only.only = q;
    only.output = s->format;
    if (ok && (ok = save_open_in(&save, only.wish.save_path, f->name.data, err))) {
        ok = print_listing(&only, s->report, save.out, err);
        ok &= save_close(&save, ok, ok ? err : &why);
    }
    query_free(q);
    return ok;
}

static const struct export_format *split_format(const struct options *o)
{
    return o->output ? o->output : export_find(o->listing == LIST_REMEDIES ? "text" : "csv");
}

bool print_split(const struct options *o, const struct report *r, struct error *err)
{
    struct split s = {.options = o, .report = r, .format = split_format(o)};
    struct count_by by;
    enum column column = report_column_find(r, slice_of(o->split));
    size_t count, written = 0;
    if (column == COL_COUNT && context_columns_explain(slice_of(o->split), r->extra, "--split: ", err))
        return false;
    if (column == COL_COUNT)
        return error_set(err, "--split: no column \"%s\"; ncred --help=columns lists them", o->split);
    uint32_t *rows = print_chosen_users(o, r, &count);
    bool ok = count_by_build(&by, r, column, rows, count, NULL, err);
    if (ok) {
        add_split_files(&s, &by);
        ok = is_free(&s, err);
    }
    for (; ok && written < s.count; written += ok)
        ok = write_split_file(&s, &s.files[written], err);
    if (written) {
        char shown[512], number[32];
        text_escape(shown, sizeof shown, slice_of(o->wish.save_path));
        fprintf(stderr, "ncred: %s: wrote %s file%s, by %s\n", shown, text_count(number, sizeof number, written),
            written == 1 ? "" : "s", report_column_info(r, column)->name);
    }
    count_by_free(&by);
    free_split(&s);
    free(rows);
    return ok;
}
