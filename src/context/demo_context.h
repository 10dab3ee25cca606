/* Invented other files for the users of the built-in sample: details, key IDs and owners. */
#ifndef NCRED_DEMO_CONTEXT_H
#define NCRED_DEMO_CONTEXT_H

extern const char demo_details[];  /* as printed by aws iam get-account-authorization-details */
extern const char demo_key_ids[];  /* as printed by aws iam list-access-keys */
extern const char demo_owners[];   /* CSV with the columns user, team, owner */

#endif
