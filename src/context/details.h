/*
 * Reads what `aws iam get-account-authorization-details` prints about users: groups, policies, boundary and tags, and
 * works out the rights that follow from them (see rights.h). Several files, of several accounts and pages, go into one
 * struct.
 *
 *     struct details *d = details_new();
 *     json_reader_start(&j, text);            // or json_reader_start_pieces()
 *     details_read(d, &j, "prod-details.json", &err);
 *     json_reader_free(&j);
 *     details_finish(d);
 *     const struct details_user *u = details_find(d, arn, created, &was_recreated);
 *     details_free(d);
 */
#ifndef NCRED_DETAILS_H
#define NCRED_DETAILS_H

#include "base/digest_index.h"
#include "base/error.h"
#include "base/json_reader.h"
#include "base/text_pool.h"
#include "context/rights.h"

/* A policy as users and groups name it. Each is kept once. */
struct details_policy {
    const char *name;
    const char *arn;   /* NULL for an inline policy */
    size_t document;   /* of an inline policy: index in details.documents; SIZE_MAX if it could not be read */
    size_t managed;    /* of a policy with ARN, once finished: index in details.managed */
};

struct details_policies {
    const uint32_t *list;        /* indexes in details.policies, in the file's order */
    uint32_t count;
    bool may_lack_some;          /* there may be more: a list is missing, or an element is no policy */
    bool is_named_twice;         /* a member of the owner occurs twice, so it is unknown which one holds */
};

struct details_tag {
    const char *key, *value;
};

/* Texts and lists are in details.texts. */
struct details_user {
    const char *arn;
    int64_t created;                  /* seconds since 1970; INT64_MIN if not in the file */
    struct details_policies policies; /* the user's own, without those of groups */
    const char *const *groups;        /* names, in the file's order */
    const struct details_tag *tags;
    uint32_t group_count, tag_count;
    uint32_t place;                   /* position of the user in all files, from 0 */
    /* Set by details_finish(), of the first user in `users` with this ARN: index of the first one in the files. */
    uint32_t first;
    const char *boundary;             /* ARN of the permissions boundary; NULL if there is none */
    bool may_lack_boundary;           /* a boundary without valid ARN, or the file left out whether there is one */
    bool may_lack_groups;             /* there may be more: the list is missing, or an element is no name */
    bool may_lack_tags;               /* there may be more, likewise */
    /* Set by details_finish(): */
    bool with_conditions, ignores_denies; /* see struct rights_result */
    bool boundary_is_missing;         /* the boundary's document is not in the files, so the boundary was not applied */
    bool is_incomplete;               /* a group or policy document is missing or unreadable: rights are unknown */
    bool document_is_missing;         /* the document of an unknown AWS policy is missing; it counts as writing */
    bool is_quarantined;              /* AWS attached AWSCompromisedKeyQuarantine* after finding a key in public */
    enum rights rights;
    const char *rights_by;            /* sources, "group ops: AdministratorAccess"; "" if none; untrusted */
};

struct details {
    struct details_user *users;       /* owned; once finished sorted by ARN and creation time, without duplicates */
    size_t user_count;
    const char **accounts;            /* owned: ids of the accounts in the files, each once, sorted, once finished */
    size_t account_count;
    size_t bad_documents;             /* number of policy documents that could not be read */
    size_t incomplete_users;          /* number of users with is_incomplete */
    size_t trimmed_users, trimmed_groups; /* number of those without any list of groups or policies */
    size_t missing_lists;             /* number of lists that AWS always sends and that are missing beside others */
    bool has_malformed_lists;         /* a list of users, groups or policies has an element of another kind */
    size_t odd_texts;                 /* number of texts with NUL or 0x1f bytes, which were replaced by ? */
    size_t twice; /* once finished: users, groups and policies that occur again; the first one counts */
    struct json_doubles doubles;      /* members that occur twice */
    char first_bad[200];              /* the first unreadable document and why; safe to print */
    /*
     * The account of which the last page says that another one follows, which was not read; NULL if there is none.
     */
    const char *truncated_account;

    /* What users and groups refer to, see details_store.h. */
    struct text_pool texts;
    struct details_policy *policies;    /* owned */
    size_t policy_count;
    struct details_document *documents; /* owned */
    size_t document_count;
    struct details_group *groups;       /* owned */
    size_t group_count;
    struct details_managed *managed;    /* owned */
    size_t managed_count;
    struct hash_index policy_index;     /* finds policies until details_finish() */
    struct digest_index document_index; /* finds documents until then, by what they say */
};

/* Details of no file yet. Free them with details_free(), which accepts NULL. */
struct details *details_new(void);
void details_free(struct details *d);

/*
 * Whether TEXT looks like such a file: a JSON object with UserDetailList, GroupDetailList, RoleDetailList or Policies
 * among its first members.
 */
bool details_is(struct slice text);

/*
 * Read the output of the aws command (or the API, as JSON): one page, or several in a row. J has been started, and
 * nothing of it was read. Returns false with ERR set if the text is something else or broken, and with ERR as
 * J's json_more leaves it if the text could not be read; what was read before the error stays.
 */
bool details_read(struct details *d, struct json_reader *j, const char *file, struct error *err);

/* Must be called once after the last file: links policies and groups, and works out rights. */
void details_finish(struct details *d);

/* The name of policy INDEX of U, from 0. */
const char *details_policy_name(const struct details *d, const struct details_user *u, size_t index);

/*
 * The user with this ARN who was created at this second (INT64_MIN: at any time), or NULL. *WAS_RECREATED is set to
 * whether the files only have a user of this ARN with another creation time, which is another user.
 */
const struct details_user *details_find(const struct details *d, struct slice arn, int64_t created,
    bool *was_recreated);
/* Whether the files have users or groups of this account; ACCOUNT is an id as of arn_put_account_id(). */
bool details_has_account(const struct details *d, struct slice account);

#endif
