/* The errors with which AWS refuses a report: one table of what each means and what to do about it. */
#ifndef NCRED_AWS_ERROR_H
#define NCRED_AWS_ERROR_H

#include "base/error.h"
#include "base/text.h"

/* What the program does after an error. */
enum aws_next {
    AWS_GIVE_UP,
    AWS_BACK_OFF, /* try again, waiting longer each time */
    AWS_WAIT,     /* AWS is still making the report: try again */
    AWS_GENERATE, /* there is no report: ask AWS to make one */
};

/* An error as AWS, or the aws command, reported it; borrowed from that text. */
struct aws_error {
    struct slice code;      /* AccessDenied; empty: AWS gave none */
    struct slice operation; /* GetCredentialReport; empty: unknown */
    struct slice message;   /* may be empty, real ones often are */
};

/* What to do after an error with this CODE; AWS_GIVE_UP for codes that the table does not have. */
enum aws_next aws_error_next(struct slice code);
/* Set ERR to one line: NAME, the code, what it means, what to do. Returns false. */
bool aws_error_set(struct error *err, const char *name, const struct aws_error *e);
/* Whether TEXT is what the aws command, or the shell in its place, prints instead of a report. */
bool aws_error_in_text(struct slice text, struct aws_error *out);

#endif
