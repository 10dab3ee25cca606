/* What other files say about the users of the built-in sample: details, key ids and owners, all invented. */
#ifndef NCRED_DEMO_CONTEXT_H
#define NCRED_DEMO_CONTEXT_H

extern const char demo_details[];  /* as aws iam get-account-authorization-details prints it */
extern const char demo_key_ids[];  /* as aws iam list-access-keys prints it */
extern const char demo_owners[];   /* CSV: user, team, owner */

#endif
