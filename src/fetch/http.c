/* One easy handle per request. libcurl allocates with wipe_malloc(), because it copies keys and tokens. */
#include "fetch/http.h"

#include "base/wipe.h"
#include "fetch/libcurl.h"

#include <config.h>
#include <stdlib.h>

static const struct libcurl *curl; /* NULL: libcurl is not loaded; no_curl says why */
static struct error no_curl;

/* ---- memory ---- */

static void *get_zeros(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    void *p = wipe_malloc(count * size);
    if (p)
        memset(p, 0, count * size);
    return p;
}

static char *get_copy(const char *text)
{
    size_t n = strlen(text) + 1;
    void *p = wipe_malloc(n);
    return p ? memcpy(p, text, n) : NULL;
}

void http_start(void)
{
    curl = libcurl_load(&no_curl);
    if (curl)
        curl->global_init_mem(CURL_GLOBAL_DEFAULT, wipe_malloc, wipe_free, wipe_realloc, get_copy, get_zeros);
}

void http_end(void)
{
    if (curl)
        curl->global_cleanup();
    /* a later request would make libcurl start by itself, with malloc() */
    curl = NULL;
    error_set(&no_curl, "libcurl has not been started");
}

/* ---- one request ---- */

struct receiving {
    struct buffer *body;
    size_t limit;
    bool too_much;
};

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct receiving *r = context;
    size_t n = size * count;
    if (n > r->limit - r->body->len) {
        r->too_much = true;
        return 0;
    }
    /* room for a page at once, so that a small answer with a secret in it is never moved */
    if (!r->body->data) {
        r->body->data = xcalloc(16384, 1);
        r->body->cap = 16384;
    }
    buffer_add(r->body, data, n);
    return n;
}

/* CURLOPT_XFERINFOFUNCTION, called at least once a second: returning 1 ends the request. */
static int on_progress(void *context, curl_off_t to_get, curl_off_t got, curl_off_t to_send, curl_off_t sent)
{
    (void)to_get, (void)got, (void)to_send, (void)sent;
    return fetch_is_stopped(context);
}

static void set_up(CURL *c, const struct http_request *q, struct curl_slist *headers, char *why)
{
    const char *bundle = getenv("AWS_CA_BUNDLE");
    curl->easy_setopt(c, CURLOPT_URL, q->url);
    curl->easy_setopt(c, CURLOPT_ERRORBUFFER, why);
    curl->easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(c, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
    curl->easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    int64_t left = q->settings ? fetch_time_left(q->settings) : INT64_MAX;
    curl->easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(q->ms < left ? q->ms : left));
    curl->easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)(q->connect_ms < left ? q->connect_ms : left));
#if LIBCURL_VERSION_NUM >= 0x075700
    /* getaddrinfo() cannot be interrupted: libcurl must not wait for its thread after a timeout or a cancellation */
    curl->easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
#endif
    if (q->direct)
        curl->easy_setopt(c, CURLOPT_NOPROXY, "*");
    if (q->body)
        curl->easy_setopt(c, CURLOPT_POSTFIELDS, q->body);
    if (q->settings) {
        /* libcurl takes a void *, but only passes it to on_progress() */
        union { const struct fetch_settings *in; void *out; } same = {q->settings};
        curl->easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
        curl->easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl->easy_setopt(c, CURLOPT_XFERINFODATA, same.out);
    }
    if (q->method)
        curl->easy_setopt(c, CURLOPT_CUSTOMREQUEST, q->method);
    if (q->signing) {
        curl->easy_setopt(c, CURLOPT_AWS_SIGV4, q->signing);
        curl->easy_setopt(c, CURLOPT_USERNAME, q->credentials->id);
        curl->easy_setopt(c, CURLOPT_PASSWORD, q->credentials->secret);
    }
    if ((!bundle || !*bundle) && q->credentials)
        bundle = q->credentials->ca_bundle;
    if (bundle && *bundle)
        curl->easy_setopt(c, CURLOPT_CAINFO, bundle);
}

/* Whether another try may help: not with a wrong certificate or address. */
static bool is_transient(CURLcode code)
{
    switch ((int)code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_NOT_BUILT_IN:
    case CURLE_WRITE_ERROR:
        return false;
    default:
        return true;
    }
}

/* What to do about it, as the end of a line. */
static const char *advice_of(CURLcode code, const struct http_request *q, const char *why)
{
    bool is_proxy = code == CURLE_COULDNT_RESOLVE_PROXY || slice_contains_nocase(slice_of(why), slice_of("proxy"))
        || slice_contains_nocase(slice_of(why), slice_of("CONNECT tunnel"));
    if (q->direct)
        return "";
    if (is_proxy)
        return "; check HTTPS_PROXY";
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT
        ? "; check the network, and HTTPS_PROXY if there is a proxy" : "";
}

static bool said_why(CURLcode code, const struct receiving *r, const struct http_request *q, const char *why,
    struct error *err)
{
    const char *slash = strstr(q->url, "://");
    const char *host = slash ? slash + 3 : q->url;
    int n = (int)strcspn(host, "/?");
    if (r->too_much)
        return error_set(err, "%.*s sent more than %zu bytes", n, host, r->limit);
    if (code == CURLE_SSL_CACERT_BADFILE)
        return error_set(err, "%s: the CA certificates for %.*s cannot be read; check AWS_CA_BUNDLE and "
            "ca_bundle of the profile", why, n, host);
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return error_set(err, "the certificate of %.*s was not accepted; check AWS_CA_BUNDLE (%s)", n, host, why);
    /* libcurl quotes a proxy's URL, perhaps with its password */
    bool is_fit = *why && !strchr(why, '@');
    return error_set(err, "no answer from %.*s: %s%s", n, host, is_fit ? why : curl->easy_strerror(code),
        advice_of(code, q, why));
}

bool http_ask(const struct http_request *request, struct http_answer *out, struct error *err)
{
    struct receiving receiving = {&out->body, request->limit, false};
    struct curl_slist *headers = NULL;
    char why[CURL_ERROR_SIZE] = "";
    *out = (struct http_answer){0};
    /* a timeout of 0 would mean none to libcurl */
    if (request->settings && fetch_time_left(request->settings) <= 0) {
        buffer_puts(&out->body, "");
        out->transient = true;
        return said_why(CURLE_OPERATION_TIMEDOUT, &receiving, request, "no time is left to ask", err);
    }
    CURL *c = curl ? curl->easy_init() : NULL;
    if (!c)
        return error_set(err, "%s", curl ? "cannot start libcurl" : no_curl.text);
    for (size_t i = 0; i < sizeof request->headers / sizeof request->headers[0] && request->headers[i]; i++)
        headers = curl->slist_append(headers, request->headers[i]);
    set_up(c, request, headers, why);
    curl->easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl->easy_setopt(c, CURLOPT_WRITEDATA, &receiving);
    CURLcode code = curl->easy_perform(c);
    curl->easy_getinfo(c, CURLINFO_RESPONSE_CODE, &out->status);
    double connecting = 0;
    curl->easy_getinfo(c, CURLINFO_CONNECT_TIME, &connecting);
    out->connected = connecting > 0;
    curl->slist_free_all(headers);
    curl->easy_cleanup(c);
    wipe_stack(); /* libcurl 8.23 copies headers, and with them the token of a session, into variables */
    out->transient = is_transient(code);
    if (!out->body.data)
        buffer_puts(&out->body, "");
    return code == CURLE_OK || said_why(code, &receiving, request, why, err);
}
