/* The files that say more about users: read once per run, applied to every report that is opened. */
#ifndef NCRED_SESSION_CONTEXT_H
#define NCRED_SESSION_CONTEXT_H

#include "config/options.h"
#include "context/context.h"
#include "history/diff.h"
#include "session/inputs.h"

/*
 * Read the files of WISH ("-" is no file here; gzip is unpacked) into *OUT, which the caller frees with context_free();
 * NULL when there are none. DEMO: what belongs to the sample comes first. False: ERR says which file cannot be read, and why.
 */
bool session_context_read(struct context **out, const struct context_wish *wish, bool demo, struct error *err);
/*
 * Add to *C, which is made when it is NULL, what lies beside the reports of IN, in directories or from AWS; and finish it.
 * What cannot be read is said in IN->said.
 */
void session_context_finish(struct context **c, struct inputs *in);
/* Whether anything lies beside the reports of IN that session_context_finish() would read. */
bool session_context_is_beside(const struct inputs *in);
/*
 * Called when reports were read again, as IN: replace *C by what came with them and the files of O. *C stays if nothing
 * came, or if a file cannot be read again, which IN->said reports.
 */
void session_context_again(struct context **c, const struct options *o, struct inputs *in);
/*
 * Add to R, all of whose rows are there, the columns of C (NULL: none) and those of its own files that ncred does not
 * know. Notes go to standard error's list SAID, one line each.
 */
bool session_context_apply(struct context *c, struct report *r, struct buffer *said, struct error *err);
/*
 * Add to the list of changes D, which is complete, the columns of the users that they are about, and judge these users by
 * AUDIT once more: rules may be about such columns. Nothing happens the second time.
 */
bool session_context_to_changes(struct context *c, struct diff *d, const struct audit *audit, struct error *err);

#endif
