/* Between the files of the envelope: one layer, and what it holds. */
#ifndef NCRED_ENVELOPE_PRIV_H
#define NCRED_ENVELOPE_PRIV_H

#include "base/gunzip.h"
#include "read/envelope.h"

/* What a layer of envelope gives. */
struct layer {
    const char *name;          /* of the file, for errors */
    struct gunzip_budget *budget;
    struct slice inner;        /* borrowed from the outer bytes, or from OWNED */
    struct buffer owned;
    struct slice generated_at; /* GeneratedTime as it was written, borrowed as INNER is; empty: not told */
    struct buffer time_text;   /* holds GENERATED_AT when it cannot be borrowed */
    struct buffer problem;     /* what is odd about it, though it opens; empty: nothing */
};

/* Each unwraps TEXT into L, or says what is wrong or what it is instead. */
bool envelope_json(struct slice text, struct layer *l, struct error *err);
bool envelope_xml(struct slice text, struct layer *l, struct error *err);
bool envelope_yaml(struct slice text, struct layer *l, struct error *err);
/* JSON that is one string alone, as `--query Content` prints it; false when TEXT is not that. */
bool envelope_json_string(struct slice text, struct layer *l);

#endif
