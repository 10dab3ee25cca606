/*
 * IAM policy documents, compiled to answer one question: which actions does the text allow or deny?
 *
 *     struct policy *p = policy_compile(text, &err);    // {"Version": "2012-10-17", "Statement": [...]}
 *     if (policy_statement_names(&p->statements[0], "iam:passrole"))
 *         ...
 *     policy_free(p);
 *
 * Conditions are assumed to hold and most resources to match, so the answers are an upper bound (see rights.h).
 */
#ifndef NCRED_POLICY_H
#define NCRED_POLICY_H

#include "base/error.h"
#include "base/json_reader.h"

/* One statement: patterns of actions with * and ?, in lower case. */
struct policy_statement {
    char **patterns;       /* the actions that it names or, if is_inverted, does not name */
    size_t count;
    bool is_inverted;      /* NotAction */
    bool is_deny;
    bool has_condition;
    bool on_any_resource;  /* Resource is "*" or contains it */
};

enum { POLICY_PATTERNS_MAX = 10000, POLICY_PATTERN_LENGTH_MAX = 256 };

/* One block of memory, patterns included: many documents can be kept. */
struct policy {
    struct policy_statement *statements;
    size_t count;
    size_t pattern_count;  /* in all statements */
};

/*
 * Compile the document at J, whose first event FIRST has been read: an object, or a string with a document in it,
 * perhaps URL-encoded as the API writes it. Returns NULL with ERR set on failure. Afterwards J is behind the document
 * unless the JSON itself is broken. Free the result with policy_free().
 */
struct policy *policy_read(struct json_reader *j, enum json_event first, struct error *err);
/* Compile the JSON text of a document. Returns NULL with ERR set on failure. Free the result with policy_free(). */
struct policy *policy_compile(struct slice text, struct error *err);
/*
 * A policy with one statement that allows PATTERNS, a NULL-terminated list in lower case, on any resource; IS_INVERTED:
 * all actions but these. Free it with policy_free().
 */
struct policy *policy_of_patterns(const char *const *patterns, bool is_inverted);
void policy_free(struct policy *p);
/* Append bytes to OUT that are the same for two policies if and only if they allow and deny the same by their text. */
void policy_describe(const struct policy *p, struct buffer *out);

/*
 * Whether PATTERN, with * (any text) and ? (one character), matches TEXT. It only ever backtracks to the last *, so it
 * is fast for all patterns.
 */
bool policy_pattern_matches(const char *pattern, const char *text);
/* Whether the statement is about this action (in lower case, without wildcards). */
bool policy_statement_names(const struct policy_statement *s, const char *action);
/* Whether a Deny applies in every case: it has no condition and is about any resource. */
bool policy_deny_counts(const struct policy_statement *s);
/* Whether the statement is about every action: "*" or "*:*". */
bool policy_statement_is_everything(const struct policy_statement *s);

#endif
