/*
 * Borrowed text (slice), owned text (buffer), and making untrusted text harmless and measurable.
 *
 *     struct buffer b = {0};
 *     buffer_printf(&b, "%zu users", count);
 *     text_harmless(&b, name, ascii);
 *     fputs(b.data, out);
 *     buffer_free(&b);
 */
#ifndef NCRED_TEXT_H
#define NCRED_TEXT_H

#include "base/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Text that something else owns and must keep; not NUL-terminated. */
struct slice {
    const char *data;
    size_t len;
};

/* Text that grows; freed with buffer_free(). {0} is an empty one, whose data is NULL. NUL-terminated once written to. */
struct buffer {
    char *data;
    size_t len;
    size_t cap;
};

static inline struct slice slice_of(const char *s)
{
    return (struct slice){s, strlen(s)};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Equality and order without regard to the case of ASCII letters; the order is as that of memcmp(). */
bool slice_equal_nocase(struct slice a, struct slice b);
int slice_compare_nocase(struct slice a, struct slice b);
/* Whether HAY contains NEEDLE without regard to the case of ASCII letters; every HAY contains the empty one. */
bool slice_contains_nocase(struct slice hay, struct slice needle);
/* S without blanks, tabs and ends of lines around it. */
struct slice slice_trimmed(struct slice s);
/* Take the next word, up to a blank, off TEXT into WORD. Returns false if there is none. */
bool slice_next_word(struct slice *text, struct slice *word);
/* A NUL-terminated copy, to be freed with free(). */
char *slice_copy(struct slice s);

/*
 * "Did you mean": finds the name nearest to TEXT by edit distance, the first of equals.
 *
 *     struct nearest n = nearest_to(typed);
 *     for (size_t i = 0; i < count; i++)
 *         nearest_try(&n, names[i]);
 *     n.name is the nearest one, or NULL if none is near
 */
struct nearest {
    struct slice text;
    const char *name; /* borrowed */
    size_t distance;  /* the next name must be nearer than this */
};
struct nearest nearest_to(struct slice text);
void nearest_try(struct nearest *n, const char *name);

/* For buffer_reserve(), where there is not enough room. Returns b->data, which it moves. */
char *buffer_grow(struct buffer *b, size_t len) __attribute__((returns_nonnull));
/* Make room for LEN more bytes and a NUL. */
static inline void buffer_reserve(struct buffer *b, size_t len)
{
    if (!b->data || b->cap - b->len <= len) /* for compilers and analyzers: afterwards it is not NULL */
        b->data = buffer_grow(b, len);
}
static inline void buffer_add(struct buffer *b, const void *data, size_t len)
{
    buffer_reserve(b, len);
    if (len)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
}
static inline void buffer_puts(struct buffer *b, const char *s)
{
    buffer_add(b, s, strlen(s));
}
static inline void buffer_putc(struct buffer *b, char c)
{
    buffer_reserve(b, 1);
    b->data[b->len++] = c;
    b->data[b->len] = '\0';
}
/* Append several texts one behind the other: buffer_put_all(b, "user ", name, ": "). */
#define buffer_put_all(b, ...) buffer_put_list((b), (const char *const[]){__VA_ARGS__, NULL})
void buffer_put_list(struct buffer *b, const char *const *texts);
/* Append N in decimal. */
void buffer_number(struct buffer *b, int64_t n);
/* The same as text_count() has it: 1,234,567. */
void buffer_count(struct buffer *b, uint64_t n);
void buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Append code point CP, at most 0x10ffff, as UTF-8. */
void buffer_add_utf8(struct buffer *b, uint32_t cp);
void buffer_free(struct buffer *b);

/*
 * Append TEXT to B as what may reach a terminal of this locale: control characters, invisible characters and bytes that
 * are not UTF-8 become visible escapes (^[, \x9b, \u202e). With ASCII, or in a locale without UTF-8, so does everything
 * above 0x7e.
 */
void text_harmless(struct buffer *b, struct slice text, bool ascii);
/* Whether text_harmless() leaves TEXT as it is in a UTF-8 locale; the locale in force does not count. */
bool text_is_harmless(struct slice text);
/* The same into a fixed array, cut to fit at a character's boundary; for messages. */
void text_escape(char *out, size_t size, struct slice text);
/* How many columns of the terminal HARMLESS, made so by text_harmless(), takes. */
size_t text_width(struct slice harmless);
/* The length in bytes of the longest prefix of HARMLESS that fits in COLUMNS; characters are not cut. */
size_t text_fit(struct slice harmless, size_t columns);
/* The same, and no date such as 2026-06-10 is cut. */
size_t text_fit_dates(struct slice harmless, size_t columns);
/*
 * The bytes of S in its first line when it is wrapped at WIDTH columns: between words, unless a word is longer than a line,
 * and not between a date and its time; 0 only if S is empty.
 */
size_t text_first_line(struct slice s, size_t width);
/* Returns how many bytes of TEXT, at most MOST, end with a whole character. */
size_t text_start(struct slice text, size_t most);

/* Returns the value of a hexadecimal digit of either case; -1 if C is none. */
int text_hex_digit(char c);
/* Append TEXT with each %XX replaced by its byte (RFC 3986, 2.1); a % that begins no such code stays. */
void text_decode_percent(struct buffer *out, struct slice text);

/* 1234567 as "1,234,567" in OUT (at least 28 bytes). */
const char *text_count(char *out, size_t size, unsigned long long n);

#endif
