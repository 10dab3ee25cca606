/*
 * Finding AWS credentials, in the places and the order of botocore: environment, shared files, credential_process, a
 * container's endpoint, an instance's role.
 *
 *     struct credentials_search search;
 *     if (credentials_find(settings, profile, name, &search, err))
 *         api_ask(settings, &search.credentials, "iam", NULL, form, &answer);
 *     credentials_search_wipe(&search);
 */
#ifndef NCRED_CREDENTIALS_H
#define NCRED_CREDENTIALS_H

#include "fetch/fetch.h"

/* Credentials and the settings that go with them. Arrays instead of pointers: wiping the struct wipes every secret. */
struct aws_credentials {
    char id[129];
    char secret[257];
    char token[8193];     /* empty: none */
    char region[64];      /* empty: unknown */
    char iam_url[512];    /* the endpoint that is configured for IAM, an http or https URL; empty: AWS's own */
    char sts_url[512];    /* the same for STS */
    char ca_bundle[256];  /* the profile's file of CA certificates; empty: none */
    bool fips, dual_stack; /* which variant of AWS's own endpoints to use */
};

enum credentials_found {
    CREDENTIALS_FOUND,
    CREDENTIALS_NONE,     /* there are none */
    CREDENTIALS_CLI_ONLY, /* the profile signs in by SSO or asks for an MFA code, which only the aws command does */
    CREDENTIALS_BROKEN,   /* there are some, but they are incomplete, or AWS refused them */
};

struct credentials_search {
    enum credentials_found found;
    const char *origin; /* where they are from, in botocore's words such as "env"; static; NULL: not found */
    char account[13];   /* the account of the role that was assumed; empty: none was */
    struct aws_credentials credentials;
};

/*
 * Find the credentials of PROFILE and fill OUT, which the caller wipes. PROFILE NULL means AWS_PROFILE, otherwise
 * "default". The order is botocore's (botocore/credentials.py, create_credential_resolver): the environment, unless
 * PROFILE was named; the profile's role; a web identity; SSO; keys in the credentials file; credential_process; keys in
 * config; the container's endpoint; the instance's role. Requests and programs on the way are bounded by the settings'
 * deadline. Returns false unless OUT->found is CREDENTIALS_FOUND; ERR then says "NAME: " and why.
 */
bool credentials_find(const struct fetch_settings *settings, const char *profile, const char *name,
    struct credentials_search *out, struct error *err);
/* Overwrite secrets. */
void credentials_search_wipe(struct credentials_search *s);
void aws_credentials_wipe(struct aws_credentials *c);
/* Copy TEXT into the array OUT of SIZE bytes. Returns false if it does not fit or holds a control character. */
bool credentials_copy(char *out, size_t size, struct slice text);
/*
 * Read AccessKeyId, SecretAccessKey and the token under TOKEN_KEY (optional) from JSON into OUT: the format of
 * credential_process, of containers and instances, and, below "Credentials", of STS. Returns false with ERR set if
 * it is another.
 */
bool credentials_from_json(struct slice json, const char *token_key, struct aws_credentials *out, struct error *err);
/* Put the account number of ARN into OUT, or "" where it has none. */
void credentials_account(const char *arn, char out[13]);
/* Returns AWS_PROFILE, otherwise AWS_DEFAULT_PROFILE, which name the usual profile; NULL if neither is set. */
const char *credentials_profile(void);

#endif
