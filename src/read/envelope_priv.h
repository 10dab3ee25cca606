/* Shared by envelope.c and envelope_doc.c: one layer of envelope and its content. */
#ifndef NCRED_ENVELOPE_PRIV_H
#define NCRED_ENVELOPE_PRIV_H

#include "base/gunzip.h"
#include "read/envelope.h"

/* The result of opening one layer. */
struct layer {
    const char *name;          /* of the file, for messages; borrowed */
    struct gunzip_budget *budget;
    struct slice inner;        /* the content; points into the outer bytes or into OWNED */
    struct buffer owned;
    struct slice generated_at; /* GeneratedTime as written, borrowed as INNER or from TIME_TEXT; empty if missing */
    struct buffer time_text;   /* owned: copy of the time where it cannot be borrowed */
    struct buffer problem;     /* owned: what is odd about a layer that could be opened; empty if nothing */
};

/* Each function unwraps TEXT into L. Returns false with ERR set if TEXT is broken or holds no report. */
bool envelope_json(struct slice text, struct layer *l, struct error *err);
bool envelope_xml(struct slice text, struct layer *l, struct error *err);
bool envelope_yaml(struct slice text, struct layer *l, struct error *err);
/* Unwrap JSON that is a single string, as `--query Content` prints it. Returns false if TEXT is something else. */
bool envelope_json_string(struct slice text, struct layer *l);

#endif
