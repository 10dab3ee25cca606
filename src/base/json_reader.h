/*
 * Reading JSON as a sequence of events, in memory that does not grow with the document (RFC 8259, strictly).
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
 */
#ifndef NCRED_JSON_READER_H
#define NCRED_JSON_READER_H

#include "base/limits.h"
#include "base/text.h"

/* Arrays and objects within each other. */
enum { JSON_DEPTH_MAX = LIMIT(512, 16) };

enum json_event {
    JSON_EVENT_END,                      /* nothing but white space is left */
    JSON_EVENT_ERROR,                    /* the text is not JSON; the same event is returned from then on */
    JSON_EVENT_OBJECT, JSON_EVENT_OBJECT_END,  /* { and } */
    JSON_EVENT_ARRAY, JSON_EVENT_ARRAY_END,    /* [ and ] */
    JSON_EVENT_KEY,                      /* its value is the next event */
    JSON_EVENT_STRING, JSON_EVENT_NUMBER,
    JSON_EVENT_TRUE, JSON_EVENT_FALSE, JSON_EVENT_NULL,
};

/* Members of one object that have the same name: the reader takes the last one, and should report it. */
struct json_doubles {
    size_t count;
    size_t line;    /* of the first of them, */
    char name[48];  /* and its name, harmless, cut off when long; empty: none */
};

struct json_reader {
    struct slice text;      /* a key or string decoded, a number as written; valid until the next call */
    size_t line;            /* of the event, from 1 */
    size_t depth;           /* of the event: 0 is a document, 1 a member of it; { and its } have the same depth */
    const char *error;      /* after JSON_EVENT_ERROR: what is wrong; static */
    bool many;              /* set after json_reader_start: several documents may follow each other (JSONL) */
    bool finds_doubles;     /* set after json_reader_start: count members with the same name, but for what is skipped */
    bool is_extra;          /* after JSON_EVENT_ERROR: it is the beginning of a second document */
    struct json_doubles doubles;

    struct slice rest;      /* not read yet */
    struct buffer decoded;  /* holds TEXT when it has escapes; owned */
    unsigned char is_array[JSON_DEPTH_MAX / 8]; /* one bit per level that is open */
    size_t open;            /* levels */
    uint64_t *keys;         /* owned, with FINDS_DOUBLES: of each open object where the one around it starts, and hashes of its names */
    size_t key_count, key_room, key_from;
    bool is_skipping;
    enum json_event last;
};

/* Read the JSON in TEXT, which must outlive J. */
void json_reader_start(struct json_reader *j, struct slice text);
void json_reader_free(struct json_reader *j);
enum json_event json_reader_next(struct json_reader *j);
/*
 * Pass over the rest of the value whose event was returned last: the value of a key, all of an object or array up to its
 * end. False: an error came first, see j->error.
 */
bool json_reader_skip(struct json_reader *j);
/* Add MORE to D. */
void json_doubles_add(struct json_doubles *d, const struct json_doubles *more);
/* Append what there is to report: "2 members are named twice in one object, ..."; nothing where there are none. */
void json_doubles_tell(struct buffer *b, const struct json_doubles *d);

#endif
