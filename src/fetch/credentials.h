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
    char endpoint[256];   /* the profile's endpoint_url; empty: none */
    char ca_bundle[256];  /* the profile's; empty: none */
};

enum credentials_found {
    CREDENTIALS_FOUND,
    CREDENTIALS_NONE,     /* nowhere */
    CREDENTIALS_CLI_ONLY, /* a way to sign in that only the aws command goes: SSO, MFA */
    CREDENTIALS_BROKEN,   /* somewhere, but wrong or refused */
};

struct credentials_search {
    enum credentials_found found;
    struct aws_credentials credentials;
};

/*
 * Find credentials in the order in which the aws command does. PROFILE NULL: AWS_PROFILE, else "default". NAME is what
 * errors begin with. False with ERR filled unless CREDENTIALS_FOUND. OUT is wiped by the caller.
 */
bool credentials_find(const struct fetch_settings *settings, const char *profile, const char *name,
    struct credentials_search *out, struct error *err);
void credentials_wipe(struct credentials_search *s);
void wipe_credentials(struct aws_credentials *c);
/* Copy TEXT into the array OUT; false when it does not fit, or holds a control byte, which no credential does. */
bool credentials_copy(char *out, size_t size, struct slice text);
/* Read the JSON that credential_process, containers and instances give; false: it is not that. */
bool credentials_from_json(struct slice json, const char *token_key, struct aws_credentials *out, struct error *err);

#endif
