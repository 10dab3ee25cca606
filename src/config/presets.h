/* Named filters of `p`: the saved ones, every check, and what is worth a look without being a fault. */
#ifndef NCRED_PRESETS_H
#define NCRED_PRESETS_H

#include "audit/checks.h"
#include "config/config.h"

size_t preset_count(const struct config_pairs *saved);
void preset_title(struct buffer *out, size_t index, const struct config_pairs *saved, const struct check_settings *s);
/* The query, with its thresholds in the text, so that they can be edited in place; KEYS: about credentials. */
void preset_query(struct buffer *out, size_t index, const struct config_pairs *saved, const struct check_settings *s,
    bool keys);

#endif
