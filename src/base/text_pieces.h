/*
 * Reads a file as UTF-8 text, piece by piece: unpacks gzip, converts UTF-16, and removes a byte order mark.
 *
 *     struct text_pieces p;
 *     bool is_end = false, ok = text_pieces_open(&p, path, NULL, &err);
 *     for (; ok && !is_end; piece.len = 0)
 *         ok = text_pieces_more(&p, &piece, &is_end) && take(piece);
 *     text_pieces_close(&p);
 */
#ifndef NCRED_TEXT_PIECES_H
#define NCRED_TEXT_PIECES_H

#include "base/source.h"
#include "base/utf16.h"

/* Must not move once it is open. */
struct text_pieces {
    struct source source;
    struct utf16 utf16;
    bool is_utf16, has_begun, has_ended, has_failed;
    uint64_t size;               /* bytes read so far, unpacked */
    struct buffer first;         /* owned: the first piece, until it is handed out */
    struct cancel_token *cancel; /* borrowed, or NULL */
    struct error *err;           /* borrowed: for text_pieces_more() */
};

/*
 * Open the file at PATH and read its first piece. CANCEL (may be NULL) is checked before each piece. PATH, CANCEL and
 * ERR are borrowed until P is closed. Returns false with ERR set on failure.
 */
bool text_pieces_open(struct text_pieces *p, const char *path, struct cancel_token *cancel, struct error *err);
/* The first piece, as long as none was handed out: the first 64 KiB of the file, or all of it. */
struct slice text_pieces_first(const struct text_pieces *p);
/*
 * Append the next piece to OUT, at least one byte unless *IS_END is set. Returns false, with the error set that P was
 * opened with, if the file cannot be read or is too large, or if reading was cancelled. A json_more of json_reader.h.
 */
bool text_pieces_more(void *pieces, struct buffer *out, bool *is_end);
/* Read and drop the rest. If it cannot be read, the error is set that P was opened with. */
void text_pieces_finish(struct text_pieces *p);
void text_pieces_close(struct text_pieces *p);

#endif
