/*
 * What authorization details keep: policies, documents and texts once each, because many users have the same ones. Not
 * for other folders.
 *
 *     user --list--> policy --document--> document (inline)
 *     group -list->         --managed---> managed policy --document--> document
 */
#ifndef NCRED_DETAILS_STORE_H
#define NCRED_DETAILS_STORE_H

#include "context/details.h"

/* The document of a policy. Those that say the same are one. */
struct details_document {
    struct policy *policy;          /* owned */
    struct rights_policy *prepared; /* owned: see details_prepared(); NULL before */
    bool is_shared;                 /* several policies have it, or a managed one, which several users may have */
};

struct details_group {
    uint32_t place;            /* position of the group in all files, from 0 */
    const char *account, *name; /* interned; groups are unique by name within an account */
    struct details_policies policies;
    const struct details_user *judged; /* the last user for whom it was gathered; borrowed */
};

/* A managed policy with its default version, or one of which only the name is known. */
struct details_managed {
    const char *arn;
    size_t document;         /* index in details.documents; SIZE_MAX if it could not be read */
    uint32_t place;          /* position of the policy in all files, from 0 */
    bool is_missing;         /* not in the files: DOCUMENT is derived from the name */
    bool is_guess;           /* the name is unknown, too: DOCUMENT assumes that it writes */
};

/* Make room for one more element in an array whose size is a power of two. Returns the array. */
void *details_room(void *list, size_t count, size_t size);
/* The number of the document that says what P says, which is taken over. IS_MANAGED: of a managed policy. */
size_t details_add_document(struct details *d, struct policy *p, bool is_managed);
/* The number of the policy. NAME and ARN are interned, or NULL. */
uint32_t details_add_policy(struct details *d, const char *name, const char *arn, size_t document);
/* The id of the account in ARN, see arn_put_account_id(); interned. */
const char *details_account(struct details *d, const char *arn);
/* Free what only the functions above need. */
void details_seal(struct details *d);

#endif
