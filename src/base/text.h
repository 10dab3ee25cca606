/*
 * Borrowed text (slice), owned text (buffer), and functions that make untrusted text harmless to print and measure it.
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

/* Text that is borrowed from an owner who must outlive the slice. Not NUL-terminated. */
struct slice {
    const char *data;
    size_t len;
};

/*
 * Text that can grow. {0} is an empty buffer, whose data is NULL; later it is NUL-terminated. Free it with
 * buffer_free().
 */
struct buffer {
    char *data;
    size_t len;
    size_t cap;
};

/* Returns the string S as a slice, without its NUL. */
static inline struct slice slice_of(const char *s)
{
    return (struct slice){s, strlen(s)};
}

/* Whether A and B have the same bytes. */
static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Order by bytes, as strcmp() does, a text before those that it begins. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.data, b.data, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/*
 * Compare ignoring the case of ASCII letters. The second returns a number below, equal to or above 0, as memcmp() does.
 */
bool slice_equal_nocase(struct slice a, struct slice b);
int slice_compare_nocase(struct slice a, struct slice b);
/* Whether HAY contains NEEDLE, ignoring the case of ASCII letters. An empty NEEDLE is always contained. */
bool slice_contains_nocase(struct slice hay, struct slice needle);
/* Returns S without the white space (ASCII) around it. */
struct slice slice_trimmed(struct slice s);
/*
 * Remove the next word from the front of *TEXT and put it into *WORD. Words end at blanks. Returns false if there is
 * none.
 */
bool slice_next_word(struct slice *text, struct slice *word);
/* Returns a NUL-terminated copy. Free it with free(). */
char *slice_copy(struct slice s);

/*
 * "Did you mean": finds the name nearest to TEXT by edit distance, ignoring case; of equally near names the first. A
 * name that begins with TEXT is near, however long it is, unless only_slips is set.
 *
 *     struct nearest n = nearest_to(typed);
 *     for (size_t i = 0; i < count; i++)
 *         nearest_try(&n, names[i]);
 *     n.name is the nearest one, or NULL if none is near
 */
struct nearest {
    struct slice text; /* borrowed */
    const char *name; /* borrowed */
    size_t distance;  /* a name must be nearer than this to replace `name` */
    bool only_slips;  /* TEXT is misspelt or another name, but not the beginning of one */
};
/* Begin a search for the name nearest to TEXT; take NAME into account. */
struct nearest nearest_to(struct slice text);
void nearest_try(struct nearest *n, const char *name);

/* For buffer_reserve(): enlarge B for LEN more bytes and a NUL. Returns the new b->data. */
char *buffer_grow(struct buffer *b, size_t len) __attribute__((returns_nonnull));
/* Make room for LEN more bytes and a NUL. */
static inline void buffer_reserve(struct buffer *b, size_t len)
{
    if (!b->data || b->cap - b->len <= len) /* tests b->data so that analyzers know that it is not NULL afterwards */
        b->data = buffer_grow(b, len);
}
/* Append LEN bytes, a string, a character. DATA may be NULL if LEN is 0. */
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
/* Append TEXT with its ASCII letters in lower case. */
void buffer_add_lower(struct buffer *b, struct slice text);
/* Append several strings: buffer_put_all(b, "user ", name, ": "). */
#define buffer_put_all(b, ...) buffer_put_list((b), (const char *const[]){__VA_ARGS__, NULL})
void buffer_put_list(struct buffer *b, const char *const *texts);
/* Append N in decimal. */
void buffer_number(struct buffer *b, int64_t n);
/* The same with commas, as text_count(): 1,234,567. */
void buffer_count(struct buffer *b, uint64_t n);
/* Append formatted text. */
void buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Append code point CP, at most 0x10ffff, as UTF-8. */
void buffer_add_utf8(struct buffer *b, uint32_t cp);
/* Free the text. B is an empty buffer afterwards. */
void buffer_free(struct buffer *b);

/*
 * Append TEXT to B in a form that may reach a terminal of this locale: control characters, invisible characters and
 * bytes that are not UTF-8 become visible escapes (^[, \x9b, \u202e). If ASCII, or if the locale's encoding is not
 * UTF-8, so does everything but ASCII.
 */
void text_harmless(struct buffer *b, struct slice text, bool ascii);
/* Whether all characters of TEXT are visible. Does not depend on the locale. */
bool text_is_harmless(struct slice text);
/* As text_harmless(), but into OUT, an array of SIZE bytes, cut off between characters to fit. NUL-terminated. */
void text_escape(char *out, size_t size, struct slice text);
/* Returns the terminal columns of HARMLESS, a result of text_harmless(). */
size_t text_width(struct slice harmless);
/* Returns the length in bytes of the longest beginning of HARMLESS that fits into COLUMNS; characters are not cut. */
size_t text_fit(struct slice harmless, size_t columns);
/* The same, but a date such as 2026-06-10 is not cut, either. */
size_t text_fit_dates(struct slice harmless, size_t columns);
/*
 * Returns the length in bytes of the first line of S when it is wrapped at WIDTH columns. Lines end between words,
 * unless a word is longer than a line, and not between a date and its time. 0 only if S is empty.
 */
size_t text_first_line(struct slice s, size_t width);
/* Returns the length in bytes, at most MOST, of the longest beginning of TEXT that cuts no character. */
size_t text_start(struct slice text, size_t most);

/* Returns the value of a hexadecimal digit in either case, or -1 if C is none. */
int text_hex_digit(char c);
/* Append TEXT with each %XX replaced by its byte (RFC 3986, section 2.1). A % without two hexadecimal digits stays. */
void text_decode_percent(struct buffer *out, struct slice text);

/* Write N with commas ("1,234,567") to OUT, which has SIZE bytes (28 are enough), and return OUT. */
const char *text_count(char *out, size_t size, unsigned long long n);

#endif
