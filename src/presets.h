/* Named filters, each a query; their thresholds are in the text, so that they can be edited in place. */
#ifndef NCRED_PRESETS_H
#define NCRED_PRESETS_H

#include <stddef.h>

struct preset {
    const char *title;
    const char *query;
};

extern const struct preset presets[];
extern const size_t preset_count;

#endif
