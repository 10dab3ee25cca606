/* What --with adds to a report: authorization details and access key ids; and whose one access key is. */
#ifndef NCRED_EXTRAS_H
#define NCRED_EXTRAS_H

#include "fetch/ask.h"

/*
 * GetAccountAuthorizationDetails of users, groups and policies, all pages in one document of the form that the aws command
 * prints, into OUT. False: ERR says why; what came before that is in OUT, with a Marker as in a page that has another one
 * after it, or OUT is empty.
 */
bool extras_details(struct way *way, struct buffer *out, struct error *err);
/*
 * ListAccessKeys of every user of the report whose bytes are REPORT, in one document of that form, into OUT. False: as
 * above, and ERR says of how many users the ids are there.
 */
bool extras_keys(struct way *way, struct slice report, struct buffer *out, struct error *err);
/*
 * GetAccessKeyLastUsed of access key ID, unless the id tells another account than that of the report whose bytes are REPORT;
 * then, unless KEYS has something already, ListAccessKeys of that one user, so that the key is told from the user's other one.
 * KEYS then has the id, as extras_keys() would. False: ERR says why it is not known.
 */
bool extras_owner(struct way *way, const char *id, struct slice report, struct fetch_key_owner *out, struct buffer *keys,
    struct error *err);

#endif
