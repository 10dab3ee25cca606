/* Inputs that are fetched from AWS. */
#ifndef NCRED_INPUTS_FETCHED_H
#define NCRED_INPUTS_FETCHED_H

#include "session/inputs.h"

/* Read the list of accounts of W unless W has none or it has been read. Returns false with ERR set on failure. */
bool inputs_read_accounts(const struct inputs_wish *w, struct error *err);
/*
 * Fetch the accounts of W with SETTINGS and add an item to O for each that arrived, a message for each that failed.
 * Saves what arrives if W says so. Returns false with ERR set if W is wrong; nothing was fetched then.
 */
bool inputs_fetch(const struct inputs_wish *w, const struct fetch_settings *settings, struct inputs *o,
    struct error *err);

#endif
