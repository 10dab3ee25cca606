/*
 * What a user may do, in one word, from the text of identity policies: the user's own and those of the user's groups.
 *
 * It is an upper bound. Conditions are taken to hold, and what is not in the file (service control policies, resource
 * policies, sessions) is not considered; struct rights_result says which of this mattered. Rules: IAM User Guide, "Policy
 * evaluation logic" and "Permissions boundaries for IAM entities".
 */
#ifndef NCRED_RIGHTS_H
#define NCRED_RIGHTS_H

#include "context/escalation.h"
#include "context/policy.h"
#include "report/schema.h"

/* A set of the actions that escalation paths name, one bit each. */
enum { RIGHTS_ACTION_WORDS = 4, RIGHTS_ACTIONS_MAX = RIGHTS_ACTION_WORDS * 64, RIGHTS_PATHS_MAX = 256 };
struct rights_actions {
    uint64_t bits[RIGHTS_ACTION_WORDS];
};

/* The table of escalation paths as sets. Constant once initialised; several threads may use it. */
struct rights_model {
    const char *actions[RIGHTS_ACTIONS_MAX];      /* all that paths name, each once */
    size_t action_count;
    struct rights_actions paths[RIGHTS_PATHS_MAX];
};
void rights_model_init(struct rights_model *m);

/* What statements allow; kept apart for those without a condition and for all. */
struct rights_allowed {
    struct rights_actions any, star;  /* on some resource; on every resource */
    bool everything;                  /* "*" on every resource */
    bool reads, writes;               /* some action of this kind, before any Deny */
};

/* What a policy says about rights, worked out once per policy. */
struct rights_policy {
    const struct policy *policy;      /* borrowed */
    struct rights_allowed plain, all; /* of the statements without a condition; of all */
    struct rights_actions denied;     /* by Denies that count (see policy_deny_counts) */
    bool has_counted_deny, has_other_deny;
};
void rights_prepare(struct rights_policy *out, const struct rights_model *m, const struct policy *policy);

/*
 * The document that stands in for the AWS managed policy of this ARN when its own is not in a file; NULL: the policy is not
 * one of AWS's, so that its name tells nothing. *IS_GUESS: nothing is known of the policy, it is taken to write. The caller
 * frees it.
 */
struct policy *rights_managed_policy(struct slice arn, bool *is_guess);

/* A policy and whose it is. */
struct rights_source {
    const struct rights_policy *policy;
    const char *group; /* NULL: the user's own */
    const char *name;  /* the policy's */
};

struct rights_result {
    enum rights rights;
    bool with_conditions;     /* less without the statements that have a condition */
    bool ignores_denies;      /* some Deny (it has a condition, names resources), or too large a boundary, was not considered */
    const struct escalation_path *path; /* of RIGHTS_ESCALATE */
    size_t by[ESCALATION_ACTIONS_MAX];  /* indexes of the sources that allow it, each once */
    size_t by_count;
};

/*
 * The rights that the policies of COUNT sources give together, within BOUNDARY unless it is NULL. Sources come in the
 * order in which they should be named.
 */
struct rights_result rights_evaluate(const struct rights_model *m, const struct rights_source *sources, size_t count,
    const struct rights_policy *boundary);

#endif
