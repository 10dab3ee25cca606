/* The XML of IAM's API as the JSON that the aws command prints for the same question. */
#ifndef NCRED_IAM_JSON_H
#define NCRED_IAM_JSON_H

#include "base/error.h"
#include "base/text.h"

#include <jansson.h>

/*
 * The result in XML, an answer to ACTION: what is in its ACTIONResult, lists without their member elements, policy
 * documents as objects. NULL: it is not that; ERR says why. The caller drops the reference.
 */
json_t *iam_json(struct slice xml, const char *action, struct error *err);

#endif
