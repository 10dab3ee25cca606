/*
 * Access key IDs, which credential reports lack. They are read from the output of `aws iam list-access-keys` for
 * several users, or from a table with user, access_key_id and create_date, and perhaps arn, account or partition. A key
 * of the report is matched by its user and the second of its creation, and by its account if the entry or its id tells
 * it.
 *
 *     struct key_ids *k = key_ids_new();
 *     key_ids_read(k, text, "prod-keys.json", &err);
 *     key_ids_finish(k);
 *     const struct key_id *id = key_ids_match(k, report_account_id(r, row), user, made, &is_ambiguous);
 *     key_ids_free(k);
 */
#ifndef NCRED_KEY_IDS_H
#define NCRED_KEY_IDS_H

#include "aws/access_key_id.h"
#include "base/error.h"
#include "base/text.h"

struct key_id {
    char *id, *user;                           /* owned */
    char account[ACCESS_KEY_ID_ACCOUNT_SIZE];  /* number: decoded from the id, else from the file; "" if unknown */
    char *partition;                           /* owned: from the file, as ids do not contain it; NULL if unknown */
    int64_t created;                           /* seconds since 1970; INT64_MIN if not in the file */
    bool is_active, has_status;
    const char *file;                          /* borrowed from struct key_ids */
};

struct key_ids {
    struct key_id *list; /* owned; sorted by user and creation time once finished */
    size_t count;
    struct key_id_place {
        const char *id;  /* borrowed from LIST[AT] */
        size_t at;
    } *by_id;            /* owned; sorted by id once finished */
    char **files;        /* owned: names of the files */
    size_t file_count;
    size_t not_ids;      /* number of entries left out because they have no valid access key ID */
    size_t timeless;     /* number of entries without a readable creation time, which match no key */
    size_t doubles;      /* once finished: entries with an id that occurs again for another user or time */
    struct buffer notes; /* other things to report, one line each */
};

/* A list of no file yet. Free it with key_ids_free(), which accepts NULL. */
struct key_ids *key_ids_new(void);
void key_ids_free(struct key_ids *k);
/* Whether TEXT looks like the JSON of list-access-keys (AccessKeyMetadata) or a table with a column of key IDs. */
bool key_ids_is(struct slice text);
/* Read one file: one or several JSON documents, also in an array, or a table. Returns false with ERR set on failure. */
bool key_ids_read(struct key_ids *k, struct slice text, const char *file, struct error *err);
/* Must be called once after the last file: prepares lookups. */
void key_ids_finish(struct key_ids *k);

/*
 * The id (borrowed) of USER's key created at CREATED (seconds since 1970) in an account, given by its id as of
 * arn_put_account_id(). NULL if there is none, or if there are several (*IS_AMBIGUOUS is then set), because keys of the
 * same second cannot be distinguished. An entry of unknown partition fits every partition, so accounts of the same
 * number may get the same id.
 */
const struct key_id *key_ids_match(const struct key_ids *k, struct slice account_id, struct slice user, int64_t created,
    bool *is_ambiguous);
/* Whether the entry can belong to the account with this id: what the entry tells does not contradict it. */
bool key_id_is_of(const struct key_id *id, struct slice account_id);
/* The entry with this id, in any case, or NULL. */
const struct key_id *key_ids_find(const struct key_ids *k, struct slice id);

#endif
