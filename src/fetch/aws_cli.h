/* The way to AWS through the aws command, which has credentials and signs by itself. */
#ifndef NCRED_AWS_CLI_H
#define NCRED_AWS_CLI_H

#include "fetch/ask.h"

/* Whether the aws command is on PATH. */
bool aws_cli_found(void);
/*
 * Get the credentials of PROFILE (NULL: the usual one) from "aws configure export-credentials". Arguments and result
 * are those of credentials_find(), whose OUT is wiped by the caller; CREDENTIALS_NONE: this version of aws has no
 * such command.
 */
bool aws_cli_credentials(const struct fetch_settings *settings, const char *profile, const char *name,
    struct credentials_search *out, struct error *err);
/*
 * Open WAY through the aws command. The role of a target that has one is assumed with BASE or, if BASE's id is empty,
 * with the credentials of the target's profile. Returns false with ERR set if that fails. Wipe way->credentials
 * either way.
 */
bool aws_cli_open(struct way *way, const struct fetch_settings *settings, const struct fetch_target *target,
    const struct aws_credentials *base, struct error *err);

#endif
