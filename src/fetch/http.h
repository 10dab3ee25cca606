/*
 * One HTTP request through libcurl, bounded in time and size. libcurl's copies of secrets are wiped, because it
 * allocates with base/wipe.h.
 */
#ifndef NCRED_HTTP_H
#define NCRED_HTTP_H

#include "fetch/credentials.h"

/* All of it is borrowed. Times are in milliseconds. */
struct http_request {
    const char *method;         /* NULL: POST with a body, otherwise GET */
    const char *url;
    const char *body;           /* NULL: none */
    const char *headers[4];     /* "Name: value"; NULL after the last */
    const char *signing;        /* CURLOPT_AWS_SIGV4, such as "aws:amz:us-east-1:iam"; NULL: not signed */
    const struct aws_credentials *credentials; /* to sign with, and the CA bundle; NULL: neither */
    int64_t ms;                 /* the most that the whole request may take */
    int64_t connect_ms;         /* the most that connecting may take, looking up the name included */
    size_t limit;               /* of the answer's body, in bytes */
    bool direct;                /* use no proxy */
    const struct fetch_settings *settings; /* its deadline bounds both times, its stop cancels; NULL: none */
};

struct http_answer {
    long status;        /* of HTTP, such as 200; 0 where none came */
    struct buffer body; /* never NULL after http_ask() returned true; the caller wipes it with wipe_buffer() */
    bool transient;     /* after a failure: another try may help */
    bool connected;     /* after a failure: a server had accepted the connection */
};

/* Load and start libcurl before the first request; end it after the last. Not while other threads use it. */
void http_start(void);
void http_end(void);
/* Send REQUEST and fill OUT, whatever the status. Returns false with ERR set if no complete answer came. */
bool http_ask(const struct http_request *request, struct http_answer *out, struct error *err);

#endif
