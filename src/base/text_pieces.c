/* Pieces are full, also of a pipe, so that there are few of them. */
#include "base/text_pieces.h"

/* Read up to SIZE bytes to OUT: fewer only at the end. */
static bool fill_piece(struct text_pieces *p, char *out, size_t size, size_t *got)
{
    bool ok = true;
    *got = 0;
    while (ok && *got < size && !p->has_ended) {
        size_t more;
        ok = source_fill(&p->source, out + *got, size - *got, &more, &p->has_ended, p->err);
        *got += more;
    }
    p->size += *got;
    if (ok && p->size > source_limit() / 2)
        ok = source_is_too_long(p->source.path, p->err);
    if (ok && cancel_check(p->cancel))
        ok = error_set(p->err, "cancelled");
    return ok;
}

/* Learn the encoding from the first bytes. *MARK is set to the length of their byte order mark. */
static bool begin_text(struct text_pieces *p, struct slice start, size_t *mark)
{
    static const char utf8_mark[] = "\xef\xbb\xbf";
    bool is_marked = start.len >= sizeof utf8_mark - 1 && memcmp(start.data, utf8_mark, sizeof utf8_mark - 1) == 0;
    *mark = is_marked ? sizeof utf8_mark - 1 : 0;
    p->has_begun = true;
    p->is_utf16 = !is_marked && utf16_is(start);
    return !p->is_utf16 || utf16_start(&p->utf16, start, mark, p->source.path, p->err);
}

/* Read one piece of the file and append it to OUT: nothing if it is a part of a character. */
static bool read_piece(struct text_pieces *p, struct buffer *out)
{
    char bytes[65536];
    size_t got, mark = 0;
    if (!fill_piece(p, bytes, sizeof bytes, &got))
        return false;
    if (!p->has_begun && !begin_text(p, (struct slice){bytes, got}, &mark))
        return false;
    if (!p->is_utf16) {
        buffer_add(out, bytes + mark, got - mark);
        return true;
    }
    utf16_more(&p->utf16, out, (struct slice){bytes + mark, got - mark});
    return !p->has_ended || utf16_end(&p->utf16, out, p->source.path, p->err);
}

bool text_pieces_open(struct text_pieces *p, const char *path, struct cancel_token *cancel, struct error *err)
{
    *p = (struct text_pieces){.cancel = cancel, .err = err};
    if (!source_open(&p->source, path, err))
        return false;
    bool ok = true;
    while (ok && !p->first.len && !p->has_ended)
        ok = read_piece(p, &p->first);
    if (!ok)
        text_pieces_close(p);
    return ok;
}

struct slice text_pieces_first(const struct text_pieces *p)
{
    return (struct slice){p->first.data ? p->first.data : "", p->first.len};
}

bool text_pieces_more(void *pieces, struct buffer *out, bool *is_end)
{
    struct text_pieces *p = pieces;
    size_t before = out->len;
    buffer_add(out, p->first.data, p->first.len);
    buffer_free(&p->first);
    while (!p->has_failed && out->len == before && !p->has_ended)
        p->has_failed = !read_piece(p, out);
    *is_end = p->has_ended;
    return !p->has_failed;
}

void text_pieces_finish(struct text_pieces *p)
{
    struct buffer dropped = {0};
    bool is_end = false;
    while (!is_end && text_pieces_more(p, &dropped, &is_end))
        dropped.len = 0;
    buffer_free(&dropped);
}

void text_pieces_close(struct text_pieces *p)
{
    source_close(&p->source);
    buffer_free(&p->first);
}
