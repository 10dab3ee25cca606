/*
 * What a user may do, as one word, derived from the text of identity policies: the user's own and those of the user's
 * groups.
 *
 * The result is an upper bound. Conditions are assumed to hold, and what the file does not have (service control
 * policies, resource policies, sessions) is not considered. struct rights_result tells which of these assumptions
 * mattered. Rules: IAM User Guide, "Policy evaluation logic" and "Permissions boundaries for IAM entities".
 */
#ifndef NCRED_RIGHTS_H
#define NCRED_RIGHTS_H

#include "base/limits.h"
#include "context/escalation.h"
#include "context/policy.h"
#include "report/schema.h"

/* A set of the actions that occur in escalation paths, one bit each. */
enum { RIGHTS_ACTION_WORDS = 4, RIGHTS_ACTIONS_MAX = RIGHTS_ACTION_WORDS * 64, RIGHTS_PATHS_MAX = 256 };
struct rights_actions {
    uint64_t bits[RIGHTS_ACTION_WORDS];
};

/* The escalation paths as sets of actions. Constant once initialised, so threads may share it. */
struct rights_model {
    const char *actions[RIGHTS_ACTIONS_MAX];      /* the actions of all paths, each once */
    size_t action_count;
    struct rights_actions paths[RIGHTS_PATHS_MAX];
};
/* Fill in M from escalation_paths. */
void rights_model_init(struct rights_model *m);

/* What Allow statements allow. */
struct rights_allowed {
    struct rights_actions any, star;  /* actions allowed on some resource; on every resource */
    bool everything;                  /* "*" on every resource is allowed */
    bool reads, writes;               /* some action of this kind is allowed, before any Deny */
};

/* What one policy says about rights, worked out once per policy. */
struct rights_policy {
    const struct policy *policy;      /* borrowed */
    struct rights_allowed plain, all; /* by the statements without a condition; by all statements */
    struct rights_actions denied;     /* denied in every case (see policy_deny_counts()) */
    bool has_counted_deny, has_other_deny;
};
/* Fill in OUT from POLICY, which must outlive it. */
void rights_prepare(struct rights_policy *out, const struct rights_model *m, const struct policy *policy);

/*
 * The document that stands in for the AWS managed policy of this ARN if its own is not in the files. NULL if the policy
 * is a customer's, whose name tells nothing. *IS_GUESS is set if the name is unknown, and the policy is assumed to
 * write. The caller frees the result.
 */
struct policy *rights_managed_policy(struct slice arn, bool *is_guess);

/* A policy and where the user has it from. */
struct rights_source {
    const struct rights_policy *policy;
    const char *group; /* NULL if it is the user's own */
    const char *name;  /* name of the policy */
};

struct rights_result {
    enum rights rights;
    bool with_conditions;     /* rights would be lower without the statements that have a condition */
    /*
     * Some Deny was not considered, because it has a condition or names resources, or because there are too many
     * patterns.
     */
    bool ignores_denies;
    const struct escalation_path *path; /* the path, for RIGHTS_ESCALATE; else NULL */
    size_t by[ESCALATION_ACTIONS_MAX];  /* indexes of the sources that the rights come from, each once */
    size_t by_count;
};

/*
 * Steps that the searches of all users may take together, so that policies made for it cannot take hours: so many at
 * first, and some more for each user. Policies in use need fewer. A search that is cut off gives an upper bound, see
 * ignores_denies.
 */
enum { RIGHTS_STEPS_FIRST = LIMIT(20000000, 20000), RIGHTS_STEPS_PER_USER = LIMIT(8000, 200) };

/*
 * The rights that the policies of COUNT sources give together, limited by BOUNDARY unless it is NULL. If several
 * sources allow the same, the result names the first one. *STEPS is reduced by the steps taken; no more are taken.
 */
struct rights_result rights_evaluate(const struct rights_model *m, const struct rights_source *sources, size_t count,
    const struct rights_policy *boundary, size_t *steps);

#endif
