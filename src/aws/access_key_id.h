/* Access key ids: telling one from other text, and the account number that newer ids contain. */
#ifndef NCRED_ACCESS_KEY_ID_H
#define NCRED_ACCESS_KEY_ID_H

#include "base/text.h"

enum access_key_id_kind {
    ACCESS_KEY_ID_NONE,        /* not an access key id */
    ACCESS_KEY_ID_OLD,         /* long-term, of the old format, which does not contain the account */
    ACCESS_KEY_ID_LONG_TERM,   /* AKIA...: contains the account */
    ACCESS_KEY_ID_TEMPORARY,   /* ASIA...: contains the account; temporary credentials are never in a report */
    ACCESS_KEY_ID_OLD_TEMPORARY,
};

enum { ACCESS_KEY_ID_LENGTH = 20, ACCESS_KEY_ID_ACCOUNT_SIZE = 13 };

/*
 * What kind of id TEXT is, without regard to the case of letters. For kinds that contain the account, its twelve digits
 * and a NUL are written to ACCOUNT, else the empty string. AWS does not document the format, so a message should say
 * "by the id's format"; `aws sts get-access-key-info` is the documented way to ask.
 */
enum access_key_id_kind access_key_id_parse(struct slice text, char account[static ACCESS_KEY_ID_ACCOUNT_SIZE]);

#endif
