/* Between the two ways to AWS and what goes on over either: one question, one answer, and the waits between. */
#ifndef NCRED_ASK_H
#define NCRED_ASK_H

#include "fetch/credentials.h"
#include "fetch/fetch.h"

enum { FETCH_ANSWER_MAX = 64 << 20 }; /* bytes; the largest report of one account has some 4 MB */

enum answer_kind {
    ANSWER_YES,       /* BODY is what was asked for */
    ANSWER_AWS_ERROR, /* CODE, perhaps MESSAGE */
    ANSWER_TRANSIENT, /* WHY; another try may help */
    ANSWER_FATAL,     /* WHY */
};

struct answer {
    enum answer_kind kind;
    struct buffer body;
    char state[32];    /* of a report being made */
    char code[80];
    char message[400];
    struct error why;
};

/* A question to IAM. Text is borrowed; NULL: not part of it. */
struct question {
    const char *action; /* such as GetCredentialReport */
    const char *user, *key, *marker;
};

/* A way to AWS. */
struct way {
    /* OUT starts out zero. */
    void (*ask)(struct way *way, const struct question *question, struct answer *out);
    bool is_xml; /* what it answers; else JSON */
    const struct fetch_settings *settings;
    const struct fetch_target *target;
    struct aws_credentials credentials; /* empty id: those of the profile */
    bool asks; /* of the aws command: its profile may ask a person for something */
};

/* The tries and the time that one account may still take. */
struct effort {
    const struct fetch_settings *settings;
    int64_t start;
    unsigned failures;
    int64_t poll;
};

void effort_start(struct effort *e, const struct fetch_settings *settings);
/* Wait, longer each time, and jittered; false when tries or patience have run out. */
bool effort_back_off(struct effort *e);
bool effort_wait(struct effort *e);

/* One line on what an answer other than ANSWER_YES says. */
void answer_explain(const struct answer *a, const char *name, const char *operation, struct error *err);
void answer_free(struct answer *a);
/* Fill ANSWER as ANSWER_TRANSIENT or ANSWER_FATAL. */
void answer_fail(struct answer *a, enum answer_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* aws_cli.c: whether aws is on PATH. */
bool aws_cli_found(void);
/* The credentials of PROFILE, as credentials_find; CREDENTIALS_NONE: this version of aws cannot tell them. */
bool aws_cli_base(const struct fetch_settings *settings, const char *profile, const char *name,
    struct credentials_search *out, struct error *err);
/* Ask through it. For a target with a role take that on with BASE; BASE's id empty: with the profile's credentials. */
bool aws_cli_open(struct way *way, const struct fetch_settings *settings, const struct fetch_target *target,
    const struct aws_credentials *base, struct error *err);

/* api.c, in a build with it: ask SERVICE ("iam" or "sts") of PARTITION (NULL: the region's) with a form body, signed. */
void api_ask(const struct fetch_settings *settings, const struct aws_credentials *credentials, const char *service,
    const char *partition, const char *form, struct answer *out);
/* Take on ROLE_ARN with TOKEN, a web identity's, and nothing else: CREDENTIALS become the role's. */
bool api_assume_role_with_token(const struct fetch_settings *settings, struct aws_credentials *credentials,
    const char *role_arn, const char *session, const char *token, const char *name, struct error *err);
/* Take on ROLE_ARN: CREDENTIALS become the role's. OPTIONS: more parameters of AssumeRole, form-encoded, or "". */
bool api_assume_role(const struct fetch_settings *settings, struct aws_credentials *credentials, const char *role_arn,
    const char *options, const char *name, struct error *err);
bool api_open(struct way *way, const struct fetch_settings *settings, const struct fetch_target *target,
    const struct aws_credentials *base, struct error *err);
/* Append TEXT percent-encoded, as a form wants it. */
void api_encode(struct buffer *out, struct slice text);

#endif
