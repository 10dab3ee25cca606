/*
 * The files of --join, --details and --key-ids, as the command line names them. session/session_context.h reads them.
 */
#ifndef NCRED_CONTEXT_WISH_H
#define NCRED_CONTEXT_WISH_H

#include <stddef.h>

enum { CONTEXT_FILES_MAX = 256 };

/* The files of one of these options; the paths are borrowed. */
struct context_files {
    const char *paths[CONTEXT_FILES_MAX];
    size_t count;
};

/* What the command line asks for beside the reports. */
struct context_wish {
    struct context_files joins, details, key_ids;
};

#endif
