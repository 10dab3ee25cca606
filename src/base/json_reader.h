/*
 * Reads JSON strictly (RFC 8259) as a sequence of events, from a text or piece by piece. Memory does not grow with the
 * document.
 *
 *     struct json_reader j;
 *     json_reader_start(&j, text);
 *     for (enum json_event e; (e = json_reader_next(&j)) != JSON_EVENT_END;) {
 *         if (e == JSON_EVENT_ERROR)
 *             return error_set(err, "line %zu: %s", j.line, j.error);
 *         if (e == JSON_EVENT_STRING)
 *             buffer_add(&content, j.text.data, j.text.len);
 *     }
 *     json_reader_free(&j);
 *
 *     piece:  | read already | rest: '"Arn": "arn:aws:ia' |  <- json_more appends 'm::123456789012:user/ann", ...'
 *
 * Pieces may end anywhere: what is left of one moves to the front, and a string that goes on is put together in
 * `decoded`.
 */
#ifndef NCRED_JSON_READER_H
#define NCRED_JSON_READER_H

#include "base/limits.h"
#include "base/text.h"

/* Greatest depth of arrays and objects in each other. */
enum { JSON_DEPTH_MAX = LIMIT(512, 16) };
/* Greatest length in bytes of a string that is read in pieces, except of strings that are skipped. */
enum { JSON_TEXT_MAX = LIMIT(16 << 20, 1 << 10) };

enum json_event {
    JSON_EVENT_END,                      /* only white space is left */
    JSON_EVENT_ERROR,                    /* the text is not JSON; from then on every call returns this */
    JSON_EVENT_OBJECT, JSON_EVENT_OBJECT_END,  /* { and } */
    JSON_EVENT_ARRAY, JSON_EVENT_ARRAY_END,    /* [ and ] */
    JSON_EVENT_KEY,                      /* the name of a member; the next event is its value */
    JSON_EVENT_STRING, JSON_EVENT_NUMBER,
    JSON_EVENT_TRUE, JSON_EVENT_FALSE, JSON_EVENT_NULL,
};

/*
 * Members that have the same name as another one of their object. The last one counts; the others should be reported.
 */
struct json_doubles {
    size_t count;
    size_t line;    /* of the first of them */
    char name[48];  /* of the first of them: harmless to print, cut off if long; empty if there are none */
};

/*
 * Appends the next bytes of a text to PIECE, at least one unless it sets *IS_END. Returns false if the text cannot be
 * read; CONTEXT then knows why.
 */
typedef bool json_more(void *context, struct buffer *piece, bool *is_end);

struct json_reader {
    /* Results of json_reader_next(). */
    struct slice text;      /* a decoded key or string, or a number as written; valid until the next call */
    size_t line;            /* of the event, from 1 */
    size_t depth;           /* of the event: 0 for a document, 1 for its members, ...; { and } have the same depth */
    const char *error;      /* static: what is wrong, after JSON_EVENT_ERROR */
    bool many;              /* option, set after json_reader_start(): several documents may follow each other (JSONL) */
    bool finds_doubles;     /* option, set after json_reader_start(): fill doubles, except in values that are skipped */
    bool has_failed;        /* after JSON_EVENT_ERROR: the text could not be read further */
    bool is_extra;          /* after JSON_EVENT_ERROR: the error is that a second document begins */
    struct json_doubles doubles;

    /* The reader's own. */
    struct slice rest;      /* text that is not read yet */
    struct buffer decoded;  /* owned: the bytes of `text` if it had escapes, or came in several pieces */
    json_more *more;        /* gets what follows `rest`; NULL if nothing does */
    void *context;          /* borrowed: passed to `more` */
    struct buffer piece;    /* owned: what `more` has read; `rest` is its end */
    unsigned char is_array[JSON_DEPTH_MAX / 8]; /* one bit per open level */
    size_t open;            /* number of open levels */
    /* For finds_doubles, owned: for each open object the outer object's key_from, then hashes of the names so far. */
    uint64_t *keys;
    size_t key_count, key_room, key_from; /* key_from: index of the first hash of the innermost object */
    bool is_skipping;
    enum json_event last;
};

/* Read the JSON in TEXT, which is borrowed. Free J with json_reader_free(). */
void json_reader_start(struct json_reader *j, struct slice text);
/* The same piece by piece, as MORE(CONTEXT, ...) appends them. */
void json_reader_start_pieces(struct json_reader *j, json_more *more, void *context);
void json_reader_free(struct json_reader *j);
/* Read up to the next event and return it; the results are in J. */
enum json_event json_reader_next(struct json_reader *j);
/*
 * Skip the rest of the value whose event was returned last: the value of a key, or an object or array up to its end.
 * Returns false if an error came first, see j->error.
 */
bool json_reader_skip(struct json_reader *j);
/* Add MORE to D. */
void json_doubles_add(struct json_doubles *d, const struct json_doubles *more);
/* Append "2 members are named twice in one object, ..."; nothing if there are none. */
void json_doubles_tell(struct buffer *b, const struct json_doubles *d);

#endif
