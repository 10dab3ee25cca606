/* What the command line names as reports: files, directories, and accounts to fetch. session/inputs.h finds them. */
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
    bool keeps_pipes;         /* what comes through a pipe is kept, for its digest */
    bool fetch;
    const char *profiles[INPUTS_PROFILES_MAX];
    size_t profile_count;
    const char *role_template; /* "arn:aws:iam::{account}:role/audit"; NULL: none */
    const char *accounts_path; /* the accounts of the template */
    struct accounts *accounts; /* what ACCOUNTS_PATH lists, read once, for it may be a pipe; empty: not read yet */
    bool with_details, with_key_ids; /* what is fetched beside each report */
    const char *whose;         /* an access key id whose user is asked for in its account; NULL: none */
    const char *save_path;     /* NULL: do not save */
    enum fetch_via via;
    int64_t patience_ms;
};

#endif
