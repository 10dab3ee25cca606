/* HTTP through libcurl: bounded in time and size, and its copies of secrets wiped. */
#ifndef NCRED_HTTP_H
#define NCRED_HTTP_H

#include "fetch/credentials.h"

struct http_request {
    const char *method;         /* NULL: GET, or POST with a body */
    const char *url;
    const char *body;           /* NULL: none */
    const char *headers[4];     /* "Name: value"; NULL at the end */
    const char *signing;        /* libcurl's provider1:provider2:region:service; NULL: not signed */
    const struct aws_credentials *credentials;
    int64_t ms;                 /* for all of it */
    int64_t connect_ms;
    size_t limit;               /* of the answer, in bytes */
    bool direct;                /* past any proxy */
    const struct fetch_settings *settings; /* whose stop counts */
};

struct http_answer {
    long status;
    struct buffer body; /* the caller wipes and frees it */
    bool transient;     /* of a failure: another try may help */
    bool connected;     /* of a failure: somebody accepted the connection */
};

/* Before the first request and after the last. */
void http_start(void);
void http_end(void);
/* False: no whole answer came; ERR says why. */
bool http_ask(const struct http_request *request, struct http_answer *out, struct error *err);

#endif
