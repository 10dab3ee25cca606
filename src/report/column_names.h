/* The names by which other tools call the report's columns. */
#ifndef NCRED_COLUMN_NAMES_H
#define NCRED_COLUMN_NAMES_H

#include "report/schema.h"

/* What a column of a header is. */
enum column_meaning {
    MEANING_OTHER,   /* not one of the report's columns */
    MEANING_GUESS,   /* a word such as "name", which alone does not make a file a credential report */
    MEANING_ALIAS,   /* another tool's name for one of the report's columns */
    MEANING_EXACT,   /* AWS's own name */
    MEANING_ACCOUNT, /* the number of the account, which AWS tells only within the ARN */
};

/*
 * What NAME, a cell of a header without blanks around it, means; *COLUMN is the column of the report, or COL_COUNT where
 * it is none. Letter case, blanks and punctuation do not matter: UserCreationTime and "MFA active?" are known.
 */
enum column_meaning column_meaning(struct slice name, enum column *column);

#endif
