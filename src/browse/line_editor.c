/* Editing one line of UTF-8; combining characters move and are erased with the character before them. */
#include "browse/line_editor.h"

#include "base/error.h"

#include <stdlib.h>

static void editor_put(struct line_editor *l, struct slice text)
{
    l->text.len = 0;
    buffer_add(&l->text, text.data, text.len);
    l->at = l->text.len;
}

void line_editor_set(struct line_editor *l, const struct line_history *h, struct slice text)
{
    editor_put(l, text);
    l->is_selected = false;
    l->history_at = h ? h->count : 0;
    free(l->kept);
    l->kept = NULL;
}

void line_editor_select(struct line_editor *l)
{
    l->is_selected = l->text.len > 0;
}

void line_editor_free(struct line_editor *l)
{
    buffer_free(&l->text);
    free(l->kept);
    *l = (struct line_editor){0};
}

static size_t decode(const struct line_editor *l, size_t at, uint32_t *cp)
{
    return utf8_decode(l->text.data + at, l->text.len - at, cp);
}

static size_t after(const struct line_editor *l, size_t at)
{
    uint32_t cp;
    if (at < l->text.len)
        at += decode(l, at, &cp);
    while (at < l->text.len) {
        size_t n = decode(l, at, &cp);
        if (codepoint_width(cp) != 0)
            break;
        at += n;
    }
    return at;
}

static size_t character_before(const struct line_editor *l, size_t at)
{
    size_t last = 0;
    for (size_t i = 0; i < at; i = after(l, i))
        last = i;
    return last;
}

static void editor_cut(struct line_editor *l, size_t from, size_t to)
{
    memmove(l->text.data + from, l->text.data + to, l->text.len - to + 1);
    l->text.len -= to - from;
    l->at = from;
}

bool line_editor_insert(struct line_editor *l, uint32_t cp)
{
    char bytes[UTF8_MAX];
    if (cp < 0x20 || codepoint_width(cp) < 0)
        return true;
    if (!l->is_selected && l->text.len + sizeof bytes > LINE_MAX_BYTES)
        return false;
    if (l->is_selected)
        editor_put(l, slice_of(""));
    l->is_selected = false;
    size_t n = utf8_write(bytes, cp), tail = l->text.len - l->at;
    buffer_add(&l->text, bytes, n);
    memmove(l->text.data + l->at + n, l->text.data + l->at, tail);
    memcpy(l->text.data + l->at, bytes, n);
    l->at += n;
    return true;
}

bool line_editor_full(struct error *err)
{
    return error_set(err, "a line holds %d bytes; the rest is left out", LINE_MAX_BYTES);
}

void line_editor_replace(struct line_editor *l, size_t from, struct slice text)
{
    l->is_selected = false;
    editor_cut(l, from, l->at);
    for (size_t i = 0, n; i < text.len; i += n) {
        uint32_t cp;
        n = utf8_decode(text.data + i, text.len - i, &cp);
        line_editor_insert(l, cp);
    }
}

/* Returns the end of the word at or after the cursor. */
static size_t word_end(const struct line_editor *l)
{
    size_t at = l->at;
    while (at < l->text.len && l->text.data[at] == ' ')
        at++;
    while (at < l->text.len && l->text.data[at] != ' ')
        at++;
    return at;
}

/* Returns the start of the word at or before the cursor. */
static size_t word_start(const struct line_editor *l)
{
    size_t at = l->at;
    while (at && l->text.data[at - 1] == ' ')
        at--;
    while (at && l->text.data[at - 1] != ' ')
        at--;
    return at;
}

static void show_history(struct line_editor *l, const struct line_history *h, size_t index)
{
    if (l->history_at == h->count) {
        free(l->kept);
        l->kept = xcalloc(l->text.len + 1, 1);
        memcpy(l->kept, l->text.data, l->text.len);
    }
    l->history_at = index;
    editor_put(l, slice_of(index < h->count ? h->lines[index] : l->kept));
}

bool line_editor_edit(struct line_editor *l, const struct line_history *h, enum action action)
{
    bool is_all = l->is_selected && (action == ACTION_ERASE_BACK || action == ACTION_ERASE);
    l->is_selected = false;
    if (is_all)
        editor_put(l, slice_of(""));
    switch ((int)action) {
    case ACTION_LINE_LEFT: l->at = character_before(l, l->at); return true;
    case ACTION_LINE_RIGHT: l->at = after(l, l->at); return true;
    case ACTION_LINE_HOME: l->at = 0; return true;
    case ACTION_LINE_END: l->at = l->text.len; return true;
    case ACTION_ERASE_BACK: editor_cut(l, character_before(l, l->at), l->at); return true;
    case ACTION_ERASE: editor_cut(l, l->at, after(l, l->at)); return true;
    case ACTION_ERASE_END: editor_cut(l, l->at, l->text.len); return true;
    case ACTION_ERASE_LINE: editor_cut(l, 0, l->at); return true;
    case ACTION_ERASE_WORD: editor_cut(l, word_start(l), l->at); return true;
    case ACTION_ERASE_WORD_RIGHT: editor_cut(l, l->at, word_end(l)); return true;
    case ACTION_WORD_LEFT: l->at = word_start(l); return true;
    case ACTION_WORD_RIGHT: l->at = word_end(l); return true;
    case ACTION_HISTORY_BACK:
        if (h && l->history_at > 0)
            show_history(l, h, l->history_at - 1);
        return true;
    case ACTION_HISTORY_NEXT:
        if (h && l->history_at < h->count)
            show_history(l, h, l->history_at + 1);
        return true;
    default: return false;
    }
}

size_t line_editor_first(const struct line_editor *l, size_t room)
{
    size_t from = 0;
    while (from < l->at && text_width((struct slice){l->text.data + from, l->at - from}) >= room) {
        uint32_t cp;
        from += decode(l, from, &cp);
    }
    return from;
}

void line_history_add(struct line_history *h, struct slice text)
{
    if (!text.len)
        return;
    size_t same = 0;
    while (same < h->count && !slice_equal(slice_of(h->lines[same]), text))
        same++;
    if (same == h->count && h->count < LINE_HISTORY_MAX) {
        h->count++;
    } else {
        same = same == h->count ? 0 : same;
        free(h->lines[same]);
        memmove(&h->lines[same], &h->lines[same + 1], (h->count - same - 1) * sizeof h->lines[0]);
    }
    char *copy = xcalloc(text.len + 1, 1);
    memcpy(copy, text.data, text.len);
    h->lines[h->count - 1] = copy;
}

void line_history_free(struct line_history *h)
{
    for (size_t i = 0; i < h->count; i++)
        free(h->lines[i]);
    h->count = 0;
}
