/* The errors of AWS that stand between a person and a report: one table of what each means and what to do. */
#ifndef NCRED_AWS_ERROR_H
#define NCRED_AWS_ERROR_H

#include "base/error.h"
#include "base/text.h"

/* What whoever asked does next. */
enum aws_next {
    AWS_GIVE_UP,
    AWS_BACK_OFF, /* ask again, later each time */
    AWS_WAIT,     /* AWS is at work: ask again */
    AWS_GENERATE, /* there is no report: have one made */
};

/* An error as AWS, or the aws command, told it; borrowed from that text. */
struct aws_error {
    struct slice code;      /* AccessDenied; empty: not one that AWS gave */
    struct slice operation; /* GetCredentialReport; empty: unknown */
    struct slice message;   /* may be empty, real ones often are */
};

enum aws_next aws_error_next(struct slice code);
/* One line into ERR: NAME, the code, what it means, what to do. Returns false. */
bool aws_error_set(struct error *err, const char *name, const struct aws_error *e);
/* Whether TEXT is what the aws command, or the shell in its place, prints instead of a report. */
bool aws_error_in_text(struct slice text, struct aws_error *out);

#endif
