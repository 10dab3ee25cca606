/* The way to AWS through its API. Only in builds with it, see fetch_has_api(). */
#ifndef NCRED_API_H
#define NCRED_API_H

#include "fetch/ask.h"

/*
 * Send FORM, a form-encoded body, to SERVICE, "iam" or "sts", of PARTITION such as "aws-cn" (NULL: the partition of the
 * credentials' region), signed with Signature Version 4 unless the credentials have no id. OUT must be zero.
 */
void api_ask(const struct fetch_settings *settings, const struct aws_credentials *credentials, const char *service,
    const char *partition, const char *form, struct answer *out);
/*
 * Assume ROLE_ARN by AssumeRoleWithWebIdentity with TOKEN, the contents of the token file, and SESSION as the
 * session's name: CREDENTIALS, whose region and endpoint say where to ask, become those of the role. Returns false
 * with ERR set ("NAME: ...") if AWS refuses, or patience ends.
 */
bool api_assume_role_with_token(const struct fetch_settings *settings, struct aws_credentials *credentials,
    const char *role_arn, const char *session, const char *token, const char *name, struct error *err);
/*
 * Assume ROLE_ARN with CREDENTIALS, which become those of the role. OPTIONS are more parameters of AssumeRole,
 * form-encoded, each beginning with "&"; or "". Returns false with ERR set as above.
 */
bool api_assume_role(const struct fetch_settings *settings, struct aws_credentials *credentials, const char *role_arn,
    const char *options, const char *name, struct error *err);
/* Open WAY through the API with BASE or, for a target with a role, with that role. Errors as with aws_cli_open(). */
bool api_open(struct way *way, const struct fetch_settings *settings, const struct fetch_target *target,
    const struct aws_credentials *base, struct error *err);
/* Append TEXT to OUT percent-encoded, as forms and query strings have it. */
void api_encode(struct buffer *out, struct slice text);

#endif
