/* Recognizes the report's columns in a header, also by the names that other tools give them. */
#ifndef NCRED_COLUMN_NAMES_H
#define NCRED_COLUMN_NAMES_H

#include "report/schema.h"

/* What a name in a header means. From GUESS to EXACT, a greater value is more certain. */
enum column_meaning {
    MEANING_OTHER,   /* not a column of the report */
    MEANING_GUESS,   /* a word such as "name", which alone does not make a file a credential report */
    MEANING_ALIAS,   /* another tool's name for a column of the report */
    MEANING_EXACT,   /* AWS's own name */
    MEANING_ACCOUNT, /* the account's number, which AWS itself has only as part of the ARN */
    MEANING_TIME,    /* time when the report was made, which AWS itself does not write into rows */
};

/*
 * Returns the meaning of NAME, which has no blanks around it. *COLUMN becomes the column of the report, or COL_COUNT.
 * Case, blanks and punctuation are ignored: UserCreationTime and "MFA active?" are recognized.
 */
enum column_meaning column_meaning(struct slice name, enum column *column);

#endif
