/*
 * Access key ids, which a credential report does not have: what `aws iam list-access-keys` printed for several users, or a
 * table with user, access_key_id and create_date, perhaps with arn, account or partition. A key of the report is matched by
 * its user and the second it was made, within the account as far as the entry or its id tells which that is.
 *
 *     struct key_ids *k = key_ids_new();
 *     key_ids_read(k, text, "prod-keys.json", &err);
 *     key_ids_finish(k);
 *     const struct key_id *id = key_ids_match(k, report_account_id(r, row), user, made, &is_ambiguous);
 */
#ifndef NCRED_KEY_IDS_H
#define NCRED_KEY_IDS_H

#include "aws/access_key_id.h"
#include "base/error.h"
#include "base/text.h"

struct key_id {
    char *id, *user;                           /* owned */
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE];  /* its number: by the id's format, else as the file has it; "": unknown */
    char *partition;                           /* owned; as the file has it; NULL: unknown, an id does not tell */
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
 * The id of USER's key that was made at second CREATED (seconds since 1970) in the account of this id, see
 * arn_put_account_id(); borrowed. NULL: there is none, or there are several (*IS_AMBIGUOUS): two keys of one second cannot
 * be told apart. An entry that does not tell its partition fits every partition, so the same id can be returned for two
 * accounts of one number.
 */
const struct key_id *key_ids_match(const struct key_ids *k, struct slice account_id, struct slice user, int64_t created,
    bool *is_ambiguous);
/* Whether the entry may be of the account of this id, as far as the entry tells. */
bool key_id_is_of(const struct key_id *id, struct slice account_id);
/* The entry of this id, without regard to case; NULL: not in the files. */
const struct key_id *key_ids_find(const struct key_ids *k, struct slice id);

#endif
