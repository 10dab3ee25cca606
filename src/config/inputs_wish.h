/*
 * The reports that the command line names: files, directories, accounts to fetch. session/inputs.h finds and fetches
 * them.
 */
#ifndef NCRED_INPUTS_WISH_H
#define NCRED_INPUTS_WISH_H

#include "fetch/fetch.h"
#include "report/accounts.h"

enum { INPUTS_PROFILES_MAX = 256, INPUTS_HISTORY_MAX = 64 };

/* All text is borrowed. */
struct inputs_wish {
    char *const *paths;       /* files, directories, "-" */
    size_t path_count;
    const char *history[INPUTS_HISTORY_MAX]; /* files and directories with older reports of the same accounts */
    size_t history_count;
    bool keeps_pipes;         /* keep what comes through a pipe, because its digest is needed */
    bool fetch;               /* --fetch, or an option that implies it */
    const char *profiles[INPUTS_PROFILES_MAX];
    size_t profile_count;
    const char *role_template; /* such as "arn:aws:iam::{account}:role/audit"; NULL: none */
    const char *accounts_path; /* the file of --accounts; NULL: none */
    struct accounts *accounts; /* the accounts in it, read once, because it may be a pipe; empty: not read yet */
    bool with_details, with_key_ids; /* fetch these, too */
    const char *whose;         /* fetch the owner of this access key, too; NULL: of none */
    const char *save_path;     /* a file or a directory; NULL: do not save */
    enum fetch_via via;
    int64_t patience_ms;       /* see fetch_settings.patience; 0: the default */
};

#endif
