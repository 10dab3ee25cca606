/* Whose credentials: the environment, the shared files, a credential_process, a container's or an instance's role. */
#ifndef NCRED_CREDENTIALS_H
#define NCRED_CREDENTIALS_H

#include "fetch/fetch.h"

/* Secrets in fixed arrays, so that wiping them wipes all of them. */
struct aws_credentials {
    char id[129];
    char secret[257];
    char token[8193];     /* empty: none */
    char region[64];      /* empty: unknown */
    char iam_url[512];    /* an endpoint set for IAM, and one for STS; empty: AWS's own */
    char sts_url[512];
    char ca_bundle[256];  /* the profile's; empty: none */
    bool fips, dual_stack; /* which of AWS's own endpoints */
};

enum credentials_found {
    CREDENTIALS_FOUND,
    CREDENTIALS_NONE,     /* nowhere */
    CREDENTIALS_CLI_ONLY, /* a way to sign in that only the aws command goes: SSO, MFA */
    CREDENTIALS_BROKEN,   /* somewhere, but wrong or refused */
};

struct credentials_search {
    enum credentials_found found;
    const char *origin; /* which way they were found, by botocore's name for it; NULL: not found */
    char account[13];   /* that of the role that was taken on; empty: none was */
    struct aws_credentials credentials;
};

/*
 * Find credentials in botocore's order: the environment, the profile's role, a web identity, SSO, keys in the credentials
 * file, credential_process, keys in config, the container's endpoint, the instance's role. PROFILE NULL: AWS_PROFILE,
 * else "default"; with one, the environment's credentials are passed over. NAME is what errors begin with. False with
 * ERR filled unless CREDENTIALS_FOUND. OUT is wiped by the caller.
 */
bool credentials_find(const struct fetch_settings *settings, const char *profile, const char *name,
    struct credentials_search *out, struct error *err);
void credentials_wipe(struct credentials_search *s);
void wipe_credentials(struct aws_credentials *c);
/* Copy TEXT into the array OUT; false when it does not fit, or holds a control byte, which no credential does. */
bool credentials_copy(char *out, size_t size, struct slice text);
/* Read the JSON that credential_process, containers, instances and STS give; false: it is not that. */
bool credentials_from_json(struct slice json, const char *token_key, struct aws_credentials *out, struct error *err);
/* The account number in an ARN, into OUT; empty: it has none. */
void credentials_account(const char *arn, char out[13]);
/* The profile in force when none is named: AWS_PROFILE, else AWS_DEFAULT_PROFILE; NULL: neither is set. */
const char *credentials_profile(void);

#endif
