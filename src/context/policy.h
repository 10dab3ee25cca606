/*
 * IAM policy documents compiled for one question: which actions does their text allow?
 *
 *     struct policy *p = policy_compile(text, &err);    // {"Version": "2012-10-17", "Statement": [...]}
 *     policy_statement_names(&p->statements[0], "iam:passrole")
 *
 * Conditions are taken to hold and most resources to match, so the answers are an upper bound (see rights.h).
 */
#ifndef NCRED_POLICY_H
#define NCRED_POLICY_H

#include "base/error.h"
#include "base/json_reader.h"

/* A list of action patterns with * and ?, lower case: those that a statement names, or all but those (NotAction). */
struct policy_statement {
    char **patterns;       /* owned */
    size_t count;
    bool is_inverted;      /* NotAction */
    bool is_deny;
    bool has_condition;
    bool on_any_resource;  /* Resource is or contains "*" */
};

enum { POLICY_PATTERNS_MAX = 10000, POLICY_PATTERN_LENGTH_MAX = 256 };

struct policy {
    struct policy_statement *statements; /* owned */
    size_t count;
    size_t pattern_count;  /* of all statements */
};

/*
 * Compile the document whose first event, FIRST, J returned last: an object, or text that holds one, perhaps URL-encoded
 * as the API writes it. Its last event has been read afterwards. NULL: ERR says what is wrong with the document; J is past
 * it unless the JSON itself is broken (J then returns JSON_ERROR).
 */
struct policy *policy_read(struct json_reader *j, enum json_event first, struct error *err);
/* Compile the JSON text of a document. */
struct policy *policy_compile(struct slice text, struct error *err);
/* A policy of one statement that allows these patterns, a NULL-terminated list, on any resource; IS_INVERTED: all but these. */
struct policy *policy_of_patterns(const char *const *patterns, bool is_inverted);
void policy_free(struct policy *p);

/* Whether PATTERN, with * (any text) and ? (one character), matches TEXT. Linear in practice: one point to return to. */
bool policy_pattern_matches(const char *pattern, const char *text);
/* Whether the statement's list applies to this action (lower case, no wildcards). */
bool policy_statement_names(const struct policy_statement *s, const char *action);
/* Whether a Deny takes its actions away in every case: no condition, any resource. */
bool policy_deny_counts(const struct policy_statement *s);
/* Whether the statement allows every action: "*" or "*:*". */
bool policy_statement_is_everything(const struct policy_statement *s);

#endif
