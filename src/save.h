/* Writing a file whole or not at all. */
#ifndef NCRED_SAVE_H
#define NCRED_SAVE_H

#include "error.h"
#include "text.h"

/* Put BYTES at PATH, mode 0600, in place of what was there; on failure that is still there, and nothing else. */
bool save_file(const char *path, struct slice bytes, struct error *err);

#endif
