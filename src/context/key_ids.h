/*
 * Access key ids, which a credential report does not have: what `aws iam list-access-keys` printed for several users, or a
 * table with user, access_key_id and create_date. A key of the report is matched by its user and the second it was made.
 *
 *     struct key_ids *k = key_ids_new();
 *     key_ids_read(k, text, "prod-keys.json", &err);
 *     key_ids_finish(k);
 *     const struct key_id *id = key_ids_match(k, account, user, made, &is_ambiguous);
 */
#ifndef NCRED_KEY_IDS_H
#define NCRED_KEY_IDS_H

#include "aws/access_key_id.h"
#include "base/error.h"
#include "base/text.h"

struct key_id {
    char *id, *user;                           /* owned */
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE];  /* from the id's format; "" for old ids */
    int64_t created;                           /* seconds since 1970; INT64_MIN: not in the file */
    bool is_active, has_status;
    const char *file;                          /* borrowed from struct key_ids */
};

struct key_ids {
    struct key_id *list; /* owned; by user and creation time once finished */
    size_t count;
    struct key_id_place {
        const char *id;  /* borrowed from LIST[AT] */
        size_t at;
    } *by_id;            /* owned; ascending once finished */
    char **files;        /* owned: their names */
    size_t file_count;
    size_t not_ids;      /* entries left out, because what they have is no access key id */
    size_t timeless;     /* entries without a creation time that can be read: no key of a report is like them */
    size_t doubles;      /* once finished: entries whose id another entry has, of another user or time */
    struct buffer notes; /* what else there is to report, one line each */
};

struct key_ids *key_ids_new(void);
void key_ids_free(struct key_ids *k);
/* Whether TEXT looks like the JSON of list-access-keys (AccessKeyMetadata), or a table with a column of key ids. */
bool key_ids_is(struct slice text);
/* Read one file; several JSON documents may follow each other, also in one array. False: ERR says what is wrong. */
bool key_ids_read(struct key_ids *k, struct slice text, const char *file, struct error *err);
/* After the last file: make lookups possible. Call once. */
void key_ids_finish(struct key_ids *k);

/*
 * The id of USER's key that was made at second CREATED, in ACCOUNT where the id tells its account. NULL: none, or several
 * (*IS_AMBIGUOUS): two keys of one second cannot be told apart.
 */
const struct key_id *key_ids_match(const struct key_ids *k, struct slice account, struct slice user, int64_t created,
    bool *is_ambiguous);
/* The entry of this id, without regard to case; NULL: not in the files. */
const struct key_id *key_ids_find(const struct key_ids *k, struct slice id);

#endif
