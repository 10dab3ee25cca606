/* The filters that the key p offers: saved ones, one per check, and others that often help. Numbered from 0. */
#ifndef NCRED_PRESETS_H
#define NCRED_PRESETS_H

#include "audit/checks.h"
#include "config/config.h"

/* Returns how many there are. */
size_t preset_count(const struct config_pairs *saved);
/* Append the title of preset INDEX to OUT. */
void preset_title(struct buffer *out, size_t index, const struct config_pairs *saved, const struct check_settings *s);
/* Append its query, with the thresholds of S as text that can be edited. KEYS: for credentials instead of users. */
void preset_query(struct buffer *out, size_t index, const struct config_pairs *saved, const struct check_settings *s,
    bool keys);

#endif
