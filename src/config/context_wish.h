/* Files that say more about users, as the command line names them; session/session_context.h reads them. */
#ifndef NCRED_CONTEXT_WISH_H
#define NCRED_CONTEXT_WISH_H

#include <stddef.h>

enum { CONTEXT_FILES_MAX = 256 };

/* All text is borrowed. */
struct context_files {
    const char *paths[CONTEXT_FILES_MAX];
    size_t count;
};

struct context_wish {
    struct context_files joins, details, key_ids;
};

#endif
