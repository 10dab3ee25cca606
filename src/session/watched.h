/* Which files the screen watches: those that the key R reads again. */
#ifndef NCRED_WATCHED_H
#define NCRED_WATCHED_H

#include "base/file_watch.h"
#include "config/options.h"

/*
 * Start to watch the files of O, before they are read. Returns NULL if there are none that R can read again. Free with
 * file_watch_free().
 */
struct file_watch *watched_start(const struct options *o);

#endif
