/*
 * libcurl, loaded when something is fetched: linked with, it and its own libraries would take most of the time that the
 * program needs to start.
 */
#ifndef NCRED_LIBCURL_H
#define NCRED_LIBCURL_H

#include "base/error.h"

#include <curl/curl.h>

/* The oldest version, which configure requires, too: earlier ones sign wrongly and lack CURLOPT_PROTOCOLS_STR. */
#define LIBCURL_OLDEST 0x075600
#define LIBCURL_OLDEST_NAME "7.86"

/* The functions that http.c uses, without curl_ in front. */
#define LIBCURL_FUNCTIONS(X) \
    X(global_init_mem) X(global_cleanup) X(version_info) X(easy_init) X(easy_setopt) X(easy_perform) X(easy_getinfo) \
    X(easy_strerror) X(easy_cleanup) X(slist_append) X(slist_free_all)

struct libcurl {
#define X(name) __typeof__(curl_##name) *name;
    LIBCURL_FUNCTIONS(X)
#undef X
};

/* Load libcurl, which stays loaded. Returns NULL with ERR set if it is missing or too old. Not thread-safe. */
const struct libcurl *libcurl_load(struct error *err);

#endif
