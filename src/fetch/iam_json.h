/*
 * Answers of IAM's API, which are XML, as the JSON that the aws command prints for the same request. Source of the
 * lists and documents: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
#ifndef NCRED_IAM_JSON_H
#define NCRED_IAM_JSON_H

#include "base/error.h"
#include "base/text.h"

#include <jansson.h>

/*
 * Returns what the element ACTIONResult of XML holds, such as ListAccessKeysResult: lists without their member
 * elements, policy documents decoded to objects. The caller drops the reference. NULL with ERR set if XML is no
 * answer to ACTION.
 */
json_t *iam_json(struct slice xml, const char *action, struct error *err);

#endif
