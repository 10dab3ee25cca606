/* What --help prints: one table of topics. */
#ifndef NCRED_HELP_H
#define NCRED_HELP_H

#include <stddef.h>
#include <stdio.h>

struct options;

struct help_topic {
    const char *name;
    void (*print)(const struct options *o, FILE *out);
};

extern const struct help_topic help_topics[];
extern const size_t help_topic_count;

/* The topic of this name, or NULL. */
const struct help_topic *help_find(const char *name);

#endif
