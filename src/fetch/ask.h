/*
 * What both ways to AWS, the API (api.c) and the aws command (aws_cli.c), have in common: one question, one answer, and
 * the waits between two tries.
 *
 *     struct way way;
 *     struct answer a = {0};
 *     if (api_open(&way, settings, target, &credentials, err)) {
 *         way.ask(&way, &(struct question){.action = "GetCredentialReport"}, &a);
 *         if (a.kind != ANSWER_YES)
 *             answer_explain(&a, target->name, "GetCredentialReport", err);
 *     }
 *     answer_free(&a);
 *     aws_credentials_wipe(&way.credentials);
 */
#ifndef NCRED_ASK_H
#define NCRED_ASK_H

#include "fetch/credentials.h"
#include "fetch/fetch.h"

enum { FETCH_ANSWER_MAX = 64 << 20 }; /* bytes; the largest report of one account has some 4 MB */

enum answer_kind {
    ANSWER_YES,       /* body is filled */
    ANSWER_AWS_ERROR, /* AWS refused: code is filled, and message where AWS sent one; see aws/aws_error.h */
    ANSWER_TRANSIENT, /* why says what failed on the way; another try may help */
    ANSWER_FATAL,     /* why says what failed; another try would fail, too */
};

/* Freed with answer_free(). */
struct answer {
    enum answer_kind kind;
    struct buffer body; /* XML of the API, or JSON of the aws command */
    char state[32];     /* of GenerateCredentialReport: STARTED, INPROGRESS or COMPLETE; "" for other actions */
    char code[80];
    char message[400];
    struct error why;
};

/* A request to IAM. All text is borrowed; NULL where the action has no such parameter. */
struct question {
    const char *action; /* such as "GetCredentialReport" */
    const char *user;   /* UserName */
    const char *key;    /* AccessKeyId */
    const char *marker; /* Marker: the page to begin with; the aws command joins pages itself and ignores it */
};

/* An account that can be asked, by one way or the other. Settings and target are borrowed. */
struct way {
    /* Send one request and wait for its answer, at most until the deadline of the settings. OUT must be zero. */
    void (*ask)(struct way *way, const struct question *question, struct answer *out);
    bool is_xml; /* an answer's body is XML; otherwise JSON */
    const struct fetch_settings *settings;
    const struct fetch_target *target;
    struct aws_credentials credentials; /* empty id: the aws command finds those of the profile; wiped by the caller */
    bool asks; /* the aws command may ask a person for a code, see profiles_may_ask() */
};

/* How often one request was tried, and how long it is waited before the next try. Times are in milliseconds. */
struct effort {
    const struct fetch_settings *settings;
    int64_t start;     /* by settings->clock */
    unsigned failures; /* in a row; the caller sets it to 0 after a success */
    int64_t poll;      /* the next effort_wait() */
};

/* Begin the tries of one request; the clock of SETTINGS, which is borrowed, runs from now on. */
void effort_start(struct effort *e, const struct fetch_settings *settings);
/*
 * Count a failure and wait before the next try: settings->backoff, doubled with each failure up to backoff_max, of
 * which a random part of up to a half is left out, so that many accounts do not come back at once. Returns false if
 * that was the last of settings->tries, if the deadline came first, or if the fetch was cancelled.
 */
bool effort_back_off(struct effort *e);
/*
 * Wait while AWS makes the report, half as long again each time up to poll_max. Returns false as effort_back_off()
 * does.
 */
bool effort_wait(struct effort *e);

/* Fill ERR with one line, "NAME: ...", that says what A, an answer to OPERATION other than ANSWER_YES, means. */
void answer_explain(const struct answer *a, const char *name, const char *operation, struct error *err);
void answer_free(struct answer *a);
/* Make A an answer of KIND, ANSWER_TRANSIENT or ANSWER_FATAL, whose why is the formatted text. */
void answer_fail(struct answer *a, enum answer_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
