/*
 * What `aws iam get-account-authorization-details` says about users: groups, policies, boundary, tags, and the rights
 * that follow from them (see rights.h). Files of several accounts, and several pages, go into one struct details.
 *
 *     struct details *d = details_new();
 *     details_read(d, text, "prod-details.json", &err);
 *     details_finish(d);
 *     const struct details_user *u = details_find(d, arn, created);
 */
#ifndef NCRED_DETAILS_H
#define NCRED_DETAILS_H

#include "base/error.h"
#include "base/json_reader.h"
#include "context/rights.h"

/* A policy that a user or a group has. */
struct details_policy {
    char *name;              /* owned */
    char *arn;               /* owned; NULL for an inline policy */
    struct policy *document; /* owned; NULL: inline, and it could not be read */
    size_t managed;          /* once finished, of ARN: index of details.managed, or SIZE_MAX */
};

struct details_policies {
    struct details_policy *list; /* owned; inline ones first */
    size_t count;
    bool is_odd;                 /* there are others, or may be: the list is missing, or something in it is no policy */
    bool is_named_twice;         /* a member was named twice: which of them holds is not known */
};

struct details_tag {
    char *key, *value; /* owned */
};

struct details_user {
    size_t place;                     /* number of the user within the files, from 0 */
    char *arn;                        /* owned */
    int64_t created;                  /* seconds since 1970; INT64_MIN: not in the file */
    struct details_policies policies; /* its own */
    char **groups;                    /* owned; names, in the file's order */
    size_t group_count;
    bool has_odd_groups;              /* the user is in other groups, too, or may be: see struct details_policies */
    struct details_tag *tags;         /* owned */
    size_t tag_count;
    bool has_odd_tags;                /* the user has other tags, or may have */
    char *boundary;                   /* owned: the ARN of the permissions boundary; NULL: none, or */
    bool has_odd_boundary;            /* one that has no ARN, or one that the file left out */
    /* once finished: */
    struct rights_result rights;
    bool boundary_is_missing;         /* its document is not in the file; it was not applied */
    bool is_incomplete;               /* a group or a policy document is not in the file, or unreadable: RIGHTS is too low */
    bool document_is_missing;         /* of some policy that is not known by its name; it was taken to write */
    bool is_quarantined;              /* AWS attached AWSCompromisedKeyQuarantine* after finding a key in public */
    char *rights_by;                  /* owned; "group ops: AdministratorAccess"; "" for none. Untrusted. */
};

struct details {
    struct details_user *users;       /* owned; by ARN once finished */
    size_t user_count;
    struct details_group *groups;     /* owned */
    size_t group_count;
    struct details_managed *managed;  /* owned */
    size_t managed_count;
    char **accounts;                  /* owned: those that a file was about, each once, ascending, once finished */
    size_t account_count;
    size_t bad_documents;             /* policy documents that could not be read */
    size_t incomplete_users;          /* users who are is_incomplete */
    size_t trimmed;                   /* users and groups without a list that AWS always sends */
    bool has_odd_lists;               /* a list of users, groups or policies has what is none of them */
    size_t odd_texts;                 /* texts with a byte that would divide or end them; ? is there in its place */
    size_t twice;                     /* once finished: users, groups and policies that stand in the files again; the first counts */
    struct json_doubles doubles;      /* members named twice */
    char first_bad[200];              /* the first of them and why, harmless */
    char *truncated_account;          /* owned; a page of the account of this id says that another follows, and none did; NULL */
};

struct details *details_new(void);
void details_free(struct details *d);

/*
 * Whether TEXT looks like such a file by its first members: one JSON object with UserDetailList, GroupDetailList,
 * RoleDetailList or Policies.
 */
bool details_is(struct slice text);

/*
 * Read what the CLI (or the API, as JSON) printed: one page or several, one behind the other. False: it is not that, or
 * broken; what was read before stays. TEXT is not needed afterwards.
 */
bool details_read(struct details *d, struct slice text, const char *file, struct error *err);

/* After the last file: link policies and groups, work out rights. Call once. */
void details_finish(struct details *d);

/*
 * The user of this ARN, created at this second (INT64_MIN: whenever); NULL: not in the files. *WAS_RECREATED: there is
 * one of this ARN, but of another creation time, so it is another user.
 */
const struct details_user *details_find(const struct details *d, struct slice arn, int64_t created, bool *was_recreated);
/* Whether a file was about the account of this id, see arn_put_account_id(). */
bool details_has_account(const struct details *d, struct slice account);

#endif
