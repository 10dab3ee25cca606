/*
 * The remedy sheet: a shell script of AWS CLI commands that fix findings. A person reviews and runs it; ncred never
 * does. The sheet has a part per account, and in it the findings and commands for each user.
 */
#ifndef NCRED_REMEDY_H
#define NCRED_REMEDY_H

#include "audit/audit.h"

/*
 * Append the sheet for the COUNT users at ROWS to B: POSIX sh, harmless to print. Users keep that order within their
 * account, and accounts have the order of their first users. Returns false, with an incomplete sheet in B, if P, which
 * may be NULL, has ended.
 */
bool remedy_sheet(struct buffer *b, const struct report *r, const uint32_t *rows, size_t count, struct cancel_token *p);
/*
 * The same, but call EMIT for one piece of the sheet after the other, so that memory does not grow with the sheet. EMIT
 * must not keep the piece and returns false to stop. Returns false if EMIT stopped it or P has ended.
 */
bool remedy_stream(const struct report *r, const uint32_t *rows, size_t count, struct cancel_token *p,
    bool (*emit)(void *context, struct slice piece), void *context);
/* Append what to do next about the user to B, one line for the detail pane; nothing if no finding counts. */
void remedy_next(struct buffer *b, const struct report *r, size_t row);
/*
 * Write SHEET to a new file at PATH, mode 0600; there must be no such file yet. Returns false with ERR set, and leaves
 * no file, if that fails or P, which may be NULL, has ended.
 */
bool remedy_save(const char *path, struct slice sheet, struct cancel_token *p, struct error *err);

#endif
