/* A sheet of AWS CLI commands that would fix findings: to be reviewed and run by a person, never by ncred. */
#ifndef NCRED_REMEDY_H
#define NCRED_REMEDY_H

#include "audit/audit.h"

/*
 * Append the sheet for the COUNT users at ROWS to B: POSIX sh, harmless to print. Users stay in that order within their
 * account, accounts stand as their first user does. False: P, which may be NULL, has ended, and B is of no use.
 */
bool remedy_sheet(struct buffer *b, const struct report *r, const uint32_t *rows, size_t count, struct cancel_token *p);
/*
 * The same in pieces, which EMIT takes one after the other and never keeps; false from EMIT ends it. Memory does not
 * grow with the sheet. False: EMIT or P ended it.
 */
bool remedy_stream(const struct report *r, const uint32_t *rows, size_t count, struct cancel_token *p,
    bool (*emit)(void *context, struct slice piece), void *context);
/* One line for the detail pane: what to do next about this user, or nothing. Appended to B. */
void remedy_next(struct buffer *b, const struct report *r, size_t row);
/* Write SHEET to a new file at PATH, which must not exist; only the owner can read it. False: ERR says why not. */
bool remedy_save(const char *path, struct slice sheet, struct cancel_token *p, struct error *err);

#endif
