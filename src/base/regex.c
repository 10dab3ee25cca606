/* PCRE2 backtracks, which can take exponential time, so the steps and the memory per text are limited. */
#include "base/regex.h"

#include "base/error.h"

#include <pthread.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { STEPS_MAX = 100000, HEAP_MAX = 16 << 10 }; /* KiB */

struct regex {
    pcre2_code *code;  /* matches characters; NULL if the pattern is not UTF-8 */
    pcre2_code *bytes; /* matches bytes, in texts that are not UTF-8; NULL if the pattern only works with characters */
    pcre2_match_data *match;
    pcre2_match_context *limits;
    pthread_mutex_t lock; /* protects match and gave_up */
    bool gave_up;
};

struct regex *regex_new(struct slice text, bool ignore_case, char *message, size_t size, size_t *at)
{
    int error, ignored;
    size_t nowhere;
    uint32_t flags = ignore_case ? PCRE2_CASELESS : 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.data, text.len, flags | PCRE2_UTF | PCRE2_UCP, &error, at, NULL);
    pcre2_code *bytes = pcre2_compile((PCRE2_SPTR)text.data, text.len, flags, code ? &ignored : &error,
        code ? &nowhere : at, NULL);
    if (!code && !bytes) {
        pcre2_get_error_message(error, (PCRE2_UCHAR *)message, size);
        return NULL;
    }
    struct regex *re = xcalloc(1, sizeof *re);
    pthread_mutex_init(&re->lock, NULL);
    re->code = code;
    re->bytes = bytes;
    re->match = pcre2_match_data_create_from_pattern(code ? code : bytes, NULL);
    re->limits = pcre2_match_context_create(NULL);
    if (re->limits) {
        pcre2_set_match_limit(re->limits, STEPS_MAX);
        pcre2_set_heap_limit(re->limits, HEAP_MAX);
    }
    return re;
}

static int match(struct regex *re, const pcre2_code *code, struct slice text)
{
    return pcre2_match(code, (PCRE2_SPTR)text.data, text.len, 0, 0, re->match, re->limits);
}

bool regex_matches(struct regex *re, struct slice text)
{
    pthread_mutex_lock(&re->lock);
    int n = re->code ? match(re, re->code, text) : PCRE2_ERROR_UTF8_ERR1;
    if (n <= PCRE2_ERROR_UTF8_ERR1 && n >= PCRE2_ERROR_UTF8_ERR21)
        n = re->bytes ? match(re, re->bytes, text) : PCRE2_ERROR_NOMATCH;
    re->gave_up |= n < 0 && n != PCRE2_ERROR_NOMATCH;
    pthread_mutex_unlock(&re->lock);
    return n >= 0;
}

bool regex_gave_up(const struct regex *re)
{
    return re->gave_up;
}

void regex_free(struct regex *re)
{
    if (!re)
        return;
    pcre2_code_free(re->code);
    pcre2_code_free(re->bytes);
    pcre2_match_data_free(re->match);
    pcre2_match_context_free(re->limits);
    pthread_mutex_destroy(&re->lock);
    free(re);
}
