/* What --help=TOPIC prints: a table of topics. */
#ifndef NCRED_HELP_H
#define NCRED_HELP_H

#include "base/error.h"

#include <stddef.h>
#include <stdio.h>

struct options;

struct help_topic {
    const char *name;
    void (*print)(const struct options *o, FILE *out);
};

extern const struct help_topic help_topics[];
extern const size_t help_topic_count;

/* Returns the topic NAME; NULL with ERR set, which lists the topics, if there is none. */
const struct help_topic *help_find(const char *name, struct error *err);

#endif
