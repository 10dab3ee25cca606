/* Other files about users: read once per run, and applied to every report that is opened. */
#ifndef NCRED_SESSION_CONTEXT_H
#define NCRED_SESSION_CONTEXT_H

#include "config/options.h"
#include "context/context.h"
#include "history/diff.h"
#include "session/inputs.h"

/*
 * Read the files of WISH (gzip is unpacked; "-" is not standard input here) into *OUT, which the caller frees with
 * context_free(); NULL if there are none. DEMO: the sample's own come first. Returns false with ERR set if a file
 * cannot be read; *OUT must be freed even then.
 */
bool session_context_read(struct context **out, const struct context_wish *wish, bool demo, struct error *err);
/*
 * Add the files beside the reports of IN, from directories or AWS, to *C, which is created if it is NULL, and finish
 * it. Files that cannot be read are reported in IN->messages. Returns false, with *C not finished, if P (may be NULL)
 * has ended.
 */
bool session_context_finish(struct context **c, struct inputs *in, struct cancel_token *p);
/*
 * Whether a word that stands alone in a filter of O is the name of a column of R that ncred does not know, so that the
 * filter asks for that column; see session_context_apply().
 */
bool session_context_is_named(const struct options *o, const struct report *r);
/* Whether there is anything beside the reports of IN that session_context_finish() would read. */
bool session_context_is_beside(const struct inputs *in);
/*
 * After reports were read again, as IN: returns what the files that came with them and the files of O say now, which
 * the caller frees with context_free(). Returns NULL if what was read before stays valid: nothing came, P (may be NULL)
 * has ended, or a file cannot be read again, which IN->messages reports. Uses no other context, so that a thread may
 * call it.
 */
struct context *session_context_again(const struct options *o, struct inputs *in, struct cancel_token *p);
/*
 * Add to R, which must have all its rows, its own columns that ncred does not know, and the columns of C (may be NULL).
 * Notes are appended to SAID, one line each. Returns false with ERR set if there are too many columns.
 */
bool session_context_apply(struct context *c, struct report *r, struct buffer *said, struct error *err);
/*
 * Add the columns of other files to the complete list of changes D, and judge its users by AUDIT again, because rules
 * may be about such columns. Does nothing if D has them.
 */
bool session_context_to_changes(struct context *c, struct diff *d, const struct audit *audit, struct error *err);

#endif
