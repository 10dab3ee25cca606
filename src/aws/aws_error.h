/* Errors that AWS returns instead of a report: what each means, and what to do about it. */
#ifndef NCRED_AWS_ERROR_H
#define NCRED_AWS_ERROR_H

#include "base/error.h"
#include "base/text.h"

/* What to do after an error. */
enum aws_next {
    AWS_GIVE_UP,  /* report the error */
    AWS_BACK_OFF, /* try again, waiting longer each time */
    AWS_WAIT,     /* AWS is still making the report: try again */
    AWS_GENERATE, /* there is no report: ask AWS to make one */
};

/* An error as AWS or the aws command reported it. Borrowed from its text. */
struct aws_error {
    struct slice code;      /* such as AccessDenied; empty if there was none */
    struct slice operation; /* such as GetCredentialReport; empty if unknown */
    struct slice message;   /* often empty */
};

/* Returns what to do after an error with this CODE; AWS_GIVE_UP if the table does not have the code. */
enum aws_next aws_error_next(struct slice code);
/* Set ERR to one line with NAME (what was asked for), the code, what it means and what to do. Returns false. */
bool aws_error_set(struct error *err, const char *name, const struct aws_error *e);
/*
 * Whether TEXT is an error of the aws command, or of the shell that should run it, in the place of a report; fills
 * *OUT.
 */
bool aws_error_in_text(struct slice text, struct aws_error *out);

#endif
