/* Recognizes access key IDs and decodes the account number that newer ones contain. */
#ifndef NCRED_ACCESS_KEY_ID_H
#define NCRED_ACCESS_KEY_ID_H

#include "base/text.h"

enum access_key_id_kind {
    ACCESS_KEY_ID_NONE,        /* not an access key ID */
    ACCESS_KEY_ID_OLD,         /* AKIA... in the old format, which does not contain the account */
    ACCESS_KEY_ID_LONG_TERM,   /* AKIA... with the account */
    ACCESS_KEY_ID_TEMPORARY,   /* ASIA... with the account; temporary credentials are never in a report */
    ACCESS_KEY_ID_OLD_TEMPORARY, /* ASIA... in the old format */
};

enum { ACCESS_KEY_ID_LENGTH = 20, ACCESS_KEY_ID_ACCOUNT_SIZE = 13 };

/*
 * Returns the kind of id that TEXT is, ignoring case. ACCOUNT becomes the account's twelve digits if the id contains
 * them, otherwise "". AWS does not document the format (`aws sts get-access-key-info` is the documented way to ask), so
 * messages should say "by the id's format".
 */
enum access_key_id_kind access_key_id_parse(struct slice text, char account[static ACCESS_KEY_ID_ACCOUNT_SIZE]);

#endif
