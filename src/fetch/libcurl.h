/* libcurl, loaded when something is fetched: with all that it needs itself it would be most of a start. */
#ifndef NCRED_LIBCURL_H
#define NCRED_LIBCURL_H

#include "base/error.h"

#include <curl/curl.h>

/* As configure asks for: from there on its Signature Version 4 is right, and CURLOPT_PROTOCOLS_STR is there. */
#define LIBCURL_OLDEST 0x075600
#define LIBCURL_OLDEST_NAME "7.86"

/* The functions that are used, without curl_ in front. */
#define LIBCURL_FUNCTIONS(X) \
    X(global_init_mem) X(global_cleanup) X(version_info) X(easy_init) X(easy_setopt) X(easy_perform) X(easy_getinfo) \
    X(easy_strerror) X(easy_cleanup) X(slist_append) X(slist_free_all)

struct libcurl {
#define X(name) __typeof__(curl_##name) *name;
    LIBCURL_FUNCTIONS(X)
#undef X
};

/* Load it; it stays. NULL: it is not there, or too old; ERR says so. By one thread at a time. */
const struct libcurl *libcurl_load(struct error *err);

#endif
