/*
 * Builds the new contents of a file of waivers in memory, writes them as a draft and reads them back, so that no file
 * with an error is ever put in place.
 */
#include "audit/waiver_write.h"

#include "audit/checks.h"
#include "audit/waiver_priv.h"
#include "base/memory.h"
#include "base/timestamp.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { AT_ONCE = 1 << 12 }; /* lines between two checks for cancellation */

/*
 * Append USER. Characters become \xNN that would end the field, make it a pattern, a query or a comment, or that are
 * not visible in a terminal.
 */
static void encode_user(struct buffer *b, struct slice user)
{
    size_t from = 0; /* first byte not copied yet */
    for (size_t i = 0; i < user.len;) {
        uint32_t cp;
        size_t n = utf8_decode(user.data + i, user.len - i, &cp);
        bool is_special = cp == ' ' || cp == '\\' || cp == '*' || cp == '?' || ((cp == '#' || cp == '(') && i == 0);
        if (is_special || !codepoint_is_visible(cp)) {
            buffer_add(b, user.data + from, i - from);
            for (size_t k = i; k < i + n; k++)
                buffer_printf(b, "\\x%02x", (unsigned char)user.data[k]);
            from = i + n;
        }
        i += n;
    }
    buffer_add(b, user.data + from, user.len - from);
}

/*
 * Whether TEXT is one visible line, and unless BLANKS one word. Invisible characters are refused because people read
 * the file in terminals and reviews.
 */
static bool is_plain_field(const char *text, bool blanks)
{
    return *text && *text != ' ' && text_is_harmless(slice_of(text)) && (blanks || !strchr(text, ' '));
}

/* Append all fields of the line after the user. Returns false with ERR set if one is missing. */
static bool write_rest(struct buffer *b, const struct waiver *w, struct error *err)
{
    char until[32];
    if (w->check >= check_count())
        return error_set(err, "a waiver must have a user and a check");
    if (!w->owner || !is_plain_field(w->owner, false))
        return error_set(err, "expected an owner in one word, such as a login or an e-mail address");
    if (!w->reason || !is_plain_field(w->reason, true))
        return error_set(err, "expected a reason in one line");
    timestamp_format(until, sizeof until, w->until);
    buffer_printf(b, "  %s  %.10s  %s  %s\n", check_at(w->check)->id, until, w->owner, w->reason);
    return true;
}

static bool write_lines(struct buffer *b, struct slice rest, const struct waivers_new *new, struct cancel_token *p,
    struct error *err)
{
    if (b->len && b->data[b->len - 1] != '\n')
        buffer_putc(b, '\n');
    for (size_t i = 0; i < new->count; i++) {
        if (!new->users[i].len)
            return error_set(err, "a waiver must have a user and a check");
        if (i % AT_ONCE == 0 && cancel_check(p))
            return error_set(err, "cancelled");
        encode_user(b, new->users[i]);
        buffer_add(b, rest.data, rest.len);
    }
    return true;
}

/* ---- drafts ---------------------------------------------------------------------- */

void waivers_patch_free(struct waivers_patch *patch)
{
    free(patch->path);
    buffer_free(&patch->before);
    buffer_free(&patch->after);
    *patch = (struct waivers_patch){0};
}

/* Read the file at PATH into B, with room for MORE bytes; if it does not exist, put the heading of a new file there. */
static bool read_old(struct waivers_draft *d, struct buffer *b, const char *path, size_t more, struct error *err)
{
    d->read.st_nlink = 0;
    if (stat(path, &d->read) == 0 || errno != ENOENT)
        return waivers_read_file(b, path, more, d->cancel, err);
    d->read.st_nlink = 0;
    buffer_puts(b, "# user or ARN  check  until  owner  reason\n");
    return true;
}

/*
 * Whether the file to be replaced is still the one that was read, unchanged. Its folder may have been moved meanwhile.
 */
static bool is_as_read(const struct waivers_draft *d)
{
    struct stat now;
    if (fstatat(d->save.directory, d->save.name, &now, 0) != 0)
        return !d->read.st_nlink && errno == ENOENT;
    return d->read.st_nlink && now.st_ino == d->read.st_ino && now.st_dev == d->read.st_dev
        && now.st_size == d->read.st_size && now.st_mtime == d->read.st_mtime;
}

static uint64_t hash_parts(struct slice a, struct slice b, struct slice c)
{
    return hash_text(a) * 31 + hash_text(b) * 7 + hash_text(c);
}

/* Hash the LEN bytes of TEXT from AT on, and the bytes before and behind them. */
static uint64_t hash_around(struct slice text, size_t at, size_t len)
{
    return hash_parts((struct slice){text.data, at}, (struct slice){text.data + at, len},
        (struct slice){text.data + at + len, text.len - at - len});
}

/* Set PATCH to the difference between OLD and NEW, the contents of the file at PATH before and after. */
static void make_patch(struct waivers_patch *patch, const char *path, struct slice old, struct slice new)
{
    size_t least = old.len < new.len ? old.len : new.len, head = 0, tail = 0;
    while (head < least && old.data[head] == new.data[head])
        head++;
    while (tail < least - head && old.data[old.len - tail - 1] == new.data[new.len - tail - 1])
        tail++;
    *patch = (struct waivers_patch){.path = xstrdup(path), .at = head, .sizes = {old.len, new.len}};
    buffer_add(&patch->before, old.data + head, old.len - head - tail);
    buffer_add(&patch->after, new.data + head, new.len - head - tail);
    patch->hashes[0] = hash_around(old, head, patch->before.len);
    patch->hashes[1] = hash_around(new, head, patch->after.len);
}

/* Write NEW as the draft of the file at PATH, whose contents are OLD. Frees NEW. On failure the draft is removed. */
static bool draft(struct waivers_draft *d, const char *path, struct slice old, struct buffer *new, bool other_names,
    struct error *err)
{
    if (!save_open(&d->save, path, err)) {
        buffer_free(new);
        return false;
    }
    save_keep_mode(&d->save);
    bool ok = save_write(&d->save, (struct slice){new->data, new->len}, d->cancel) || error_set(err, "cancelled");
    if (ok) {
        save_begin_sync(&d->save);
        make_patch(&d->patch, path, old, (struct slice){new->data, new->len});
    }
    /* parse the new contents for d->waivers; this also refuses to add to a file that has an error */
    ok = ok && waivers_read_bytes(&d->waivers, path, other_names, new, d->cancel, err);
    buffer_free(new);
    return ok || waivers_draft_end(d, false, err);
}

bool waivers_draft_wait(struct waivers_draft *d)
{
    return save_wait(&d->save, d->cancel);
}

bool waivers_draft_end(struct waivers_draft *d, bool ok, struct error *err)
{
    if (ok && !is_as_read(d))
        ok = error_set(err, "%s was changed by somebody else meanwhile; try again", d->save.path);
    ok = save_close(&d->save, ok, err);
    if (!ok)
        waivers_patch_free(&d->patch);
    return ok;
}

bool waivers_draft(struct waivers_draft *d, const char *path, const struct waivers_new *new, struct cancel_token *p,
    struct error *err)
{
    struct buffer rest = {0}, bytes = {0}, whole = {0};
    size_t more = 0;
    *d = (struct waivers_draft){.cancel = p, .changed = new->count};
    bool ok = write_rest(&rest, &new->like, err);
    for (size_t i = 0; i < new->count; i++)
        more += new->users[i].len + rest.len;
    ok = ok && read_old(d, &bytes, path, more, err);
    if (ok)
        buffer_add(&whole, bytes.data, bytes.len);
    ok = ok && write_lines(&whole, (struct slice){rest.data, rest.len}, new, p, err)
        && draft(d, path, (struct slice){bytes.data, bytes.len}, &whole, new->other_names, err);
    buffer_free(&whole);
    buffer_free(&bytes);
    buffer_free(&rest);
    return ok;
}

/* ---- lines withdrawn or extended --------------------------------------------------- */

static bool same_waiver(const struct waiver *a, const struct waiver *b)
{
    return a->check == b->check && a->until == b->until && a->is_wide == b->is_wide && slice_equal(a->user, b->user)
        && strcmp(a->owner, b->owner) == 0 && strcmp(a->reason, b->reason) == 0;
}

/*
 * Find V, a line of OF, in NOW, the same file read again, and set its IS_CHOSEN. Tries V's old place first, then
 * chooses all lines equal to V. Returns false if there is none.
 */
static bool choose_line(const struct waivers *now, const struct waivers *of, const struct waiver *v, bool *is_chosen)
{
    size_t at = (size_t)(v - of->list), found = 0;
    if (at < now->count && same_waiver(&now->list[at], v) && !is_chosen[at])
        return is_chosen[at] = true;
    for (size_t i = 0; v->is_wide && i < now->wide_count; i++) {
        at = now->wide[i];
        found += same_waiver(&now->list[at], v) && (is_chosen[at] = true);
    }
    const uint32_t *first = v->is_wide ? NULL : hash_index_find(&now->users, v->user, hash_text(v->user));
    for (uint32_t i = first ? *first : 0; i; i = now->list[i - 1].other) {
        for (uint32_t k = i; k; k = now->list[k - 1].same)
            found += same_waiver(&now->list[k - 1], v) && (is_chosen[k - 1] = true);
    }
    return found > 0;
}

/* Set IS_CHOSEN for each line of NOW that C changes. Returns false with ERR set if C extends a line that is gone. */
static bool choose_lines(const struct waivers *now, const struct waivers_change *c, bool *is_chosen, struct error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct waiver *v = c->lines[i];
        if (!choose_line(now, c->of, v, is_chosen) && !c->withdraw)
            return error_set(err, "%s was changed by somebody else: its line %zu, which waives %s, is gone",
                c->of->file, v->line, check_at(v->check)->id);
    }
    return true;
}

/* Append LINE with the date of C and, if C has them, its owner and reason. Blanks between the fields stay. */
static void extend_line(struct buffer *b, struct slice line, const struct waivers_change *c)
{
    char until[32];
    struct slice rest = slice_trimmed(line);
    timestamp_format(until, sizeof until, c->until);
    if (rest.len && rest.data[0] == '(') {
        size_t n = waiver_query_length(rest);
        rest = slice_trimmed((struct slice){rest.data + n, rest.len - n});
    } else {
        waiver_take_word(&rest);
    }
    waiver_take_word(&rest); /* the check */
    struct slice date = waiver_take_word(&rest), owner = waiver_take_word(&rest);
    const struct {
        struct slice old;
        const char *new; /* NULL keeps the old text */
    } fields[] = {{date, until}, {owner, c->owner}, {rest, c->reason}};
    const char *from = line.data;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct slice old = fields[i].old;
        buffer_add(b, from, (size_t)(old.data - from));
        if (fields[i].new && i == 0)
            buffer_add(b, fields[i].new, 10); /* YYYY-MM-DD without the time */
        else if (fields[i].new)
            buffer_puts(b, fields[i].new);
        else
            buffer_add(b, old.data, old.len);
        from = old.data + old.len;
    }
    buffer_add(b, from, (size_t)(line.data + line.len - from));
}

/* Append TEXT, which was parsed as NOW, with the chosen lines changed as C says. Returns their number. */
static size_t change_lines(struct buffer *b, struct slice text, const struct waivers *now, const bool *is_chosen,
    const struct waivers_change *c)
{
    size_t line = 1, next = 0, changed = 0;
    for (size_t at = 0, end; at < text.len; at = end, line++) {
        const char *newline = memchr(text.data + at, '\n', text.len - at);
        end = newline ? (size_t)(newline - text.data) + 1 : text.len;
        while (next < now->count && now->list[next].line < line)
            next++;
        bool is = next < now->count && now->list[next].line == line && is_chosen[next];
        changed += is;
        struct slice whole = {text.data + at, end - at};
        if (is && !c->withdraw)
            extend_line(b, whole, c);
        else if (!is)
            buffer_add(b, whole.data, whole.len);
    }
    buffer_puts(b, "");
    return changed;
}

bool waivers_draft_change(struct waivers_draft *d, const struct waivers_change *c, struct cancel_token *p,
    struct error *err)
{
    struct buffer bytes = {0}, copy = {0}, new = {0};
    struct waivers now = {0};
    const char *path = c->of->file;
    *d = (struct waivers_draft){.cancel = p};
    if (c->owner && !is_plain_field(c->owner, false))
        return error_set(err, "expected an owner in one word, such as a login or an e-mail address");
    if (c->reason && !is_plain_field(c->reason, true))
        return error_set(err, "expected a reason in one line");
    bool ok = stat(path, &d->read) == 0 || error_set(err, "%s: %s", path, strerror(errno));
    ok = ok && waivers_read_file(&bytes, path, 0, p, err);
    if (ok) {
        buffer_add(&copy, bytes.data, bytes.len);
        buffer_puts(&copy, "");
        ok = waivers_read_bytes(&now, path, c->other_names, &copy, p, err);
    }
    bool *is_chosen = xcalloc(now.count + 1, sizeof *is_chosen);
    ok = ok && choose_lines(&now, c, is_chosen, err);
    if (ok) {
        d->changed = change_lines(&new, (struct slice){bytes.data, bytes.len}, &now, is_chosen, c);
        ok = draft(d, path, (struct slice){bytes.data, bytes.len}, &new, c->other_names, err);
    }
    free(is_chosen);
    waivers_free(&now);
    buffer_free(&new);
    buffer_free(&copy);
    buffer_free(&bytes);
    return ok;
}

/* ---- undo and redo ------------------------------------------------------------------- */

bool waivers_draft_patch(struct waivers_draft *d, const struct waivers_patch *patch, bool back, bool other_names,
    struct cancel_token *p, struct error *err)
{
    struct buffer bytes = {0}, new = {0};
    const struct buffer *from = back ? &patch->after : &patch->before, *to = back ? &patch->before : &patch->after;
    *d = (struct waivers_draft){.cancel = p};
    bool ok = stat(patch->path, &d->read) == 0 || error_set(err, "%s: %s", patch->path, strerror(errno));
    ok = ok && waivers_read_file(&bytes, patch->path, 0, p, err);
    struct slice text = {bytes.data, bytes.len};
    ok = ok && ((text.len == patch->sizes[back] && hash_around(text, patch->at, from->len) == patch->hashes[back])
        || error_set(err, "%s was changed by somebody else since", patch->path));
    if (ok) {
        buffer_add(&new, text.data, patch->at);
        buffer_add(&new, to->data ? to->data : "", to->len);
        buffer_add(&new, text.data + patch->at + from->len, text.len - patch->at - from->len);
        buffer_puts(&new, "");
        ok = draft(d, patch->path, text, &new, other_names, err);
    }
    buffer_free(&new);
    buffer_free(&bytes);
    return ok;
}
