/*
 * The grammar of JSON as a state machine that stores one bit per open level. Strings without escapes are borrowed from
 * the text, or from the piece of it that is in memory.
 */
#include "base/json_reader.h"

#include "base/hash_index.h"
#include "base/memory.h"

#include <stdlib.h>

void json_reader_start(struct json_reader *j, struct slice text)
{
    *j = (struct json_reader){.rest = text, .line = 1, .last = JSON_EVENT_END};
}

void json_reader_start_pieces(struct json_reader *j, json_more *more, void *context)
{
    json_reader_start(j, (struct slice){"", 0});
    j->more = more;
    j->context = context;
}

void json_reader_free(struct json_reader *j)
{
    buffer_free(&j->decoded);
    buffer_free(&j->piece);
    free(j->keys);
    j->keys = NULL;
}

static enum json_event refuse_json(struct json_reader *j, const char *error)
{
    j->error = error;
    return JSON_EVENT_ERROR;
}

static void advance(struct json_reader *j, size_t n)
{
    j->rest = (struct slice){j->rest.data + n, j->rest.len - n};
}

/*
 * Get more text behind `rest`, which moves; `text`, too, if it is there. Returns false if there is no more, or if it
 * cannot be read.
 */
static bool get_more(struct json_reader *j)
{
    size_t left = j->rest.len;
    bool is_end = false;
    if (!j->more)
        return false;
    if (j->text.len && j->text.data != j->decoded.data) {
        j->decoded.len = 0;
        buffer_add(&j->decoded, j->text.data, j->text.len);
        j->text = (struct slice){j->decoded.data, j->decoded.len};
    }
    if (left)
        memmove(j->piece.data, j->rest.data, left);
    j->piece.len = left;
    j->has_failed = !j->more(j->context, &j->piece, &is_end);
    if (is_end || j->has_failed)
        j->more = NULL;
    j->rest = (struct slice){j->piece.data ? j->piece.data : "", j->piece.len};
    return j->rest.len > left;
}

/* Have COUNT bytes or more in `rest`, unless the text ends before. */
static void await_bytes(struct json_reader *j, size_t count)
{
    while (j->rest.len < count && get_more(j))
        continue;
}

static void skip_white_space(struct json_reader *j)
{
    do {
        const char *at = j->rest.data, *end = at + j->rest.len;
        for (; at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'); at++)
            j->line += *at == '\n';
        advance(j, (size_t)(at - j->rest.data));
    } while (!j->rest.len && get_more(j));
}

static bool in_array(const struct json_reader *j)
{
    return j->open && (j->is_array[(j->open - 1) / 8] >> (j->open - 1) % 8 & 1);
}

/* ---- members of the same name ---- */

static void push_key(struct json_reader *j, uint64_t word)
{
    if (j->key_count == j->key_room) {
        j->key_room = j->key_room ? 2 * j->key_room : 32;
        j->keys = xrealloc(j->keys, j->key_room, sizeof *j->keys);
    }
    j->keys[j->key_count++] = word;
}

static void open_names(struct json_reader *j)
{
    push_key(j, j->key_from);
    j->key_from = j->key_count;
}

static void close_names(struct json_reader *j)
{
    j->key_count = j->key_from - 1;
    j->key_from = (size_t)j->keys[j->key_count];
}

/* Remember the name that was read and count it if the object has it already. At most REMEMBERED names per object. */
static void note_key(struct json_reader *j)
{
    enum { REMEMBERED = 1024 };
    uint64_t hash = hash_text(j->text);
    for (size_t i = j->key_from; i < j->key_count; i++) {
        if (j->keys[i] != hash)
            continue;
        if (!j->doubles.count++) {
            j->doubles.line = j->line;
            text_escape(j->doubles.name, sizeof j->doubles.name, j->text);
        }
        return;
    }
    if (j->key_count - j->key_from < REMEMBERED)
        push_key(j, hash);
}

void json_doubles_add(struct json_doubles *d, const struct json_doubles *more)
{
    size_t count = d->count + more->count;
    if (!d->count)
        *d = *more;
    d->count = count;
}

void json_doubles_tell(struct buffer *b, const struct json_doubles *d)
{
    char number[32];
    if (d->count)
        buffer_printf(b, "%s member%s named twice in one object, the first \"%s\" on line %zu; the last of each counts",
            text_count(number, sizeof number, d->count), d->count == 1 ? " is" : "s are", d->name, d->line);
}

static enum json_event open_level(struct json_reader *j, bool is_array)
{
    if (j->open == JSON_DEPTH_MAX)
        return refuse_json(j, "too many arrays and objects within each other");
    unsigned char bit = (unsigned char)(1u << j->open % 8), *byte = &j->is_array[j->open / 8];
    *byte = (unsigned char)(is_array ? *byte | bit : *byte & ~bit);
    j->open++;
    if (!is_array && j->finds_doubles && !j->is_skipping)
        open_names(j);
    advance(j, 1);
    return is_array ? JSON_EVENT_ARRAY : JSON_EVENT_OBJECT;
}

static enum json_event close_level(struct json_reader *j)
{
    enum json_event event = in_array(j) ? JSON_EVENT_ARRAY_END : JSON_EVENT_OBJECT_END;
    j->depth = --j->open;
    if (event == JSON_EVENT_OBJECT_END && j->finds_doubles && !j->is_skipping)
        close_names(j);
    advance(j, 1);
    return event;
}

/* ---- strings ---- */

/* Returns the value of the four hexadecimal digits at AT in S, or -1. */
static int32_t hex4(struct slice s, size_t at)
{
    int32_t value = 0;
    if (s.len < at + 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        int digit = text_hex_digit(s.data[i]);
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/*
 * Append the character of \uXXXX at AT, or of two that are a surrogate pair. Returns their length, 0 if they are wrong.
 */
static size_t decode_unicode(struct json_reader *j, struct slice s, size_t at)
{
    int32_t high = hex4(s, at + 2);
    if (high < 0 || (high >= 0xdc00 && high < 0xe000))
        return 0;
    if (high < 0xd800 || high >= 0xe000) {
        buffer_add_utf8(&j->decoded, (uint32_t)high);
        return 6;
    }
    if (s.len < at + 8 || s.data[at + 6] != '\\' || s.data[at + 7] != 'u')
        return 0;
    int32_t low = hex4(s, at + 8);
    if (low < 0xdc00 || low >= 0xe000)
        return 0;
    buffer_add_utf8(&j->decoded, 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
    return 12;
}

/* Append the character of the escape at AT in S. Returns its length, 0 if there is no such escape. */
static size_t decode_escape(struct json_reader *j, struct slice s, size_t at)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (at + 1 >= s.len)
        return 0;
    if (s.data[at + 1] == 'u')
        return decode_unicode(j, s, at);
    const char *found = memchr(from, s.data[at + 1], sizeof from - 1);
    if (!found)
        return 0;
    buffer_putc(&j->decoded, to[found - from]);
    return 2;
}

/* Returns the number of bytes before a control character, a quotation mark, a backslash or broken UTF-8. */
static size_t plain_length(struct slice s)
{
    size_t at = 0;
    while (at < s.len) {
        unsigned char c = (unsigned char)s.data[at];
        uint32_t cp;
        if (c < ' ' || c == '"' || c == '\\')
            break;
        at += c < 0x80 ? 1 : utf8_decode(s.data + at, s.len - at, &cp);
        if (c >= 0x80 && cp == UINT32_MAX) {
            at--;
            break;
        }
    }
    return at;
}

/* Append the COUNT bytes at the front of `rest` to the string unless it is skipped. Returns false if it is too long. */
static bool keep_plain(struct json_reader *j, size_t count)
{
    if (!j->is_skipping)
        buffer_add(&j->decoded, j->rest.data, count);
    advance(j, count);
    return !j->piece.data || j->decoded.len <= JSON_TEXT_MAX;
}

/* Read on in a string of which `decoded` has the beginning. */
static enum json_event read_string_on(struct json_reader *j, enum json_event event)
{
    enum { ESCAPE_MAX = 12, CHARACTER_MAX = 4 }; /* bytes */
    for (;;) {
        if (!keep_plain(j, plain_length(j->rest)))
            return refuse_json(j, "a string is too long");
        char c = j->rest.len ? j->rest.data[0] : '\0';
        if (j->rest.len && c == '"') {
            advance(j, 1);
            j->text = (struct slice){j->decoded.data ? j->decoded.data : "", j->decoded.len};
            return event;
        }
        if (j->rest.len && c == '\\') {
            await_bytes(j, ESCAPE_MAX);
            size_t n = decode_escape(j, j->rest, 0);
            if (!n)
                return refuse_json(j, "a string has an invalid escape");
            advance(j, n);
            j->decoded.len = j->is_skipping ? 0 : j->decoded.len;
        } else if (j->rest.len >= CHARACTER_MAX || !get_more(j)) {
            return refuse_json(j, !j->rest.len ? "a string is not closed"
                : (unsigned char)c >= 0x80 ? "a string is not UTF-8"
                : "a string has a control character or a line end");
        }
    }
}

static enum json_event read_string(struct json_reader *j, enum json_event event)
{
    advance(j, 1);
    size_t n = plain_length(j->rest);
    if (n < j->rest.len && j->rest.data[n] == '"') {
        j->text = (struct slice){j->rest.data, n};
        advance(j, n + 1);
        return event;
    }
    j->decoded.len = 0;
    return read_string_on(j, event);
}

/* ---- numbers and words ---- */

static size_t count_digits(struct slice s, size_t at)
{
    size_t from = at;
    while (at < s.len && s.data[at] >= '0' && s.data[at] <= '9')
        at++;
    return at - from;
}

/* Returns the length of the number at the front of S. *OK is set to whether it is valid. */
static size_t number_length(struct slice s, bool *ok)
{
    size_t at = s.data[0] == '-', n = count_digits(s, at);
    *ok = n && (n == 1 || s.data[at] != '0');
    at += n;
    if (*ok && at < s.len && s.data[at] == '.') {
        n = count_digits(s, at + 1);
        at += 1 + n;
        *ok = n;
    }
    if (*ok && at < s.len && (s.data[at] == 'e' || s.data[at] == 'E')) {
        at++;
        at += at < s.len && (s.data[at] == '+' || s.data[at] == '-');
        n = count_digits(s, at);
        at += n;
        *ok = n;
    }
    return at;
}

static enum json_event read_number(struct json_reader *j)
{
    enum { JSON_NUMBER_MAX = 1 << 10 }; /* few, because a number is read again with each piece */
    bool ok;
    size_t n = number_length(j->rest, &ok);
    while (n == j->rest.len && get_more(j)) { /* it may go on in the next piece */
        if (n > JSON_NUMBER_MAX)
            break;
        n = number_length(j->rest, &ok);
    }
    if (j->piece.data && n > JSON_NUMBER_MAX)
        return refuse_json(j, "a number is too long");
    if (!ok)
        return refuse_json(j, "a number is not valid JSON");
    j->text = (struct slice){j->rest.data, n};
    advance(j, n);
    return JSON_EVENT_NUMBER;
}

static enum json_event read_word(struct json_reader *j)
{
    static const struct {
        const char *word;
        size_t len;
        enum json_event event;
    } words[] = {{"true", 4, JSON_EVENT_TRUE}, {"false", 5, JSON_EVENT_FALSE}, {"null", 4, JSON_EVENT_NULL}};
    await_bytes(j, 5);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = words[i].len;
        if (j->rest.len < n || memcmp(j->rest.data, words[i].word, n) != 0)
            continue;
        j->text = (struct slice){j->rest.data, n};
        advance(j, n);
        return words[i].event;
    }
    return refuse_json(j, "expected a value");
}

static enum json_event read_value(struct json_reader *j)
{
    j->depth = j->open;
    if (!j->rest.len)
        return refuse_json(j, "it ends too early");
    switch (j->rest.data[0]) {
    case '{': return open_level(j, false);
    case '[': return open_level(j, true);
    case '"': return read_string(j, JSON_EVENT_STRING);
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return read_number(j);
    default: return read_word(j);
    }
}

static enum json_event read_key(struct json_reader *j)
{
    j->depth = j->open;
    if (!j->rest.len)
        return refuse_json(j, "it ends too early");
    if (j->rest.data[0] != '"')
        return refuse_json(j, "expected the name of a member");
    if (read_string(j, JSON_EVENT_KEY) == JSON_EVENT_ERROR)
        return JSON_EVENT_ERROR;
    if (j->finds_doubles && !j->is_skipping)
        note_key(j);
    skip_white_space(j);
    if (!j->rest.len || j->rest.data[0] != ':')
        return refuse_json(j, j->rest.len ? "expected a colon" : "it ends too early");
    advance(j, 1);
    return JSON_EVENT_KEY;
}

/* Returns the event at a place where a document may begin. */
static enum json_event next_document(struct json_reader *j)
{
    if (!j->rest.len)
        return j->last == JSON_EVENT_END && !j->many ? refuse_json(j, "it is empty") : JSON_EVENT_END;
    j->is_extra = j->last != JSON_EVENT_END && !j->many;
    return j->is_extra ? refuse_json(j, "a second document begins") : read_value(j);
}

/* Returns the next event in an array or object: its end, an element, or a key. */
static enum json_event next_member(struct json_reader *j)
{
    bool is_array = in_array(j), is_first = j->last == (is_array ? JSON_EVENT_ARRAY : JSON_EVENT_OBJECT);
    if (!j->rest.len)
        return refuse_json(j, "it ends too early");
    if (j->rest.data[0] == (is_array ? ']' : '}'))
        return close_level(j);
    if (!is_first && j->rest.data[0] != ',')
        return refuse_json(j, is_array ? "expected a comma or ]" : "expected a comma or }");
    if (!is_first) {
        advance(j, 1);
        skip_white_space(j);
    }
    return is_array ? read_value(j) : read_key(j);
}

enum json_event json_reader_next(struct json_reader *j)
{
    if (j->last == JSON_EVENT_ERROR)
        return JSON_EVENT_ERROR;
    skip_white_space(j);
    j->text = (struct slice){"", 0};
    enum json_event event = j->last == JSON_EVENT_KEY ? read_value(j) : j->open ? next_member(j) : next_document(j);
    if (j->has_failed)
        event = refuse_json(j, "it cannot be read");
    if (event != JSON_EVENT_END || j->last == JSON_EVENT_END)
        j->last = event;
    return event;
}

bool json_reader_skip(struct json_reader *j)
{
    bool is_open = j->last == JSON_EVENT_OBJECT; /* open_names() was called for the object */
    j->is_skipping = true;
    enum json_event event = j->last == JSON_EVENT_KEY ? json_reader_next(j) : j->last;
    if (event == JSON_EVENT_OBJECT || event == JSON_EVENT_ARRAY) {
        for (size_t depth = j->open; event != JSON_EVENT_ERROR && j->open >= depth;)
            event = json_reader_next(j);
    }
    j->is_skipping = false;
    if (is_open && j->finds_doubles && event != JSON_EVENT_ERROR)
        close_names(j);
    return event != JSON_EVENT_ERROR;
}
