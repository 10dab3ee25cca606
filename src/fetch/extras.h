/*
 * What is fetched beside a report: authorization details and access key IDs (--with), and the owner of one access key
 * (--whose). Each is asked for page by page; failures that may pass are tried again as settings->tries allow.
 */
#ifndef NCRED_EXTRAS_H
#define NCRED_EXTRAS_H

#include "fetch/ask.h"

/*
 * Call GetAccountAuthorizationDetails for users, groups and policies and append all pages to OUT, as one document
 * such as `aws iam get-account-authorization-details` prints. Returns false with ERR set if a page is missing: OUT
 * then has those before it, with IsTruncated and, where it is known, the Marker of the missing one; or it is empty.
 */
bool extras_details(struct way *way, struct buffer *out, struct error *err);
/*
 * Call ListAccessKeys for every user but root of REPORT, a report in any envelope, and append one document such as
 * `aws iam list-access-keys` prints to OUT. Users who no longer exist have no keys. Users whose keys may not be
 * listed are left out; after three such in a row from the first on, nobody else is asked for. Returns false if any is
 * missing: ERR says why and for how many users the ids are there.
 */
bool extras_keys(struct way *way, struct slice report, struct buffer *out, struct error *err);
/*
 * Call GetAccessKeyLastUsed for the access key ID and fill OUT; then, if KEYS is empty, ListAccessKeys for that user,
 * whose keys are appended to KEYS in the form of extras_keys() and tell which of the two keys it is. If they cannot
 * be listed, KEYS has ID alone, and KEYS_ERR says why. Nothing is asked, and true returned with OUT unchanged, if the
 * id belongs to another account than REPORT. Returns false with ERR set if AWS does not say whose the key is.
 */
bool extras_owner(struct way *way, const char *id, struct slice report, struct fetch_key_owner *out,
    struct buffer *keys, struct error *keys_err, struct error *err);

#endif
