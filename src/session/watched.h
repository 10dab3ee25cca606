/* Which files the screen watches: those that R reads again. */
#ifndef NCRED_WATCHED_H
#define NCRED_WATCHED_H

#include "base/file_watch.h"
#include "config/options.h"

/* Watch the files of O as they are now, before they are read. Returns NULL if there are none that R could read again. */
struct file_watch *watched_start(const struct options *o);

#endif
