/* Getting reports from AWS: have one made, wait until it is there, get it; many accounts side by side. */
#ifndef NCRED_FETCH_H
#define NCRED_FETCH_H

#include "base/error.h"
#include "base/text.h"

#include <stdatomic.h>

enum fetch_via {
    FETCH_VIA_AUTO, /* the API where credentials are found, else the aws command */
    FETCH_VIA_API,
    FETCH_VIA_CLI,
};

#define FETCH_ASKS "if signing in asks for a code or a password, answer it here"
#define FETCH_ASKED "asked"

/* Whose an access key is, and its last use as AWS tells it: "" or "N/A" where there was none. */
struct fetch_key_owner {
    char user[129]; /* "": not asked, or not answered */
    char used[32], service[64], region[64];
};

/* One account, and what came of it. */
struct fetch_target {
    const char *name;     /* what messages and the report call it; borrowed */
    const char *profile;  /* NULL: the environment, or the default profile; borrowed */
    const char *role_arn; /* the role to assume with those credentials; NULL: none; borrowed */
    size_t of;            /* how many there are in all */
    char account[13];     /* of the role through which it was asked, which the report must be of; empty: any */
    bool done;
    struct buffer bytes;  /* done: the answer as AWS, or its CLI, gave it, for envelope_open() */
    struct error error;   /* not done: one line */
    /* done, and asked for: JSON as the aws command prints it. Where the error is set it is cut short, or empty. */
    struct buffer details, keys;
    struct error details_error, keys_error;
    /* done, and asked for: of settings.whose, if it may be a key of this account */
    struct fetch_key_owner owner;
    struct error owner_error; /* why there is no answer */
};

enum fetch_part {
    FETCH_REPORT,
    FETCH_BESIDE, /* details, key ids, the owner of an access key */
};

/* All times in milliseconds. */
struct fetch_settings {
    enum fetch_via via;
    int64_t patience;       /* for one account, from start to report */
    int64_t deadline;       /* the end of that, by CLOCK, which bounds every wait; 0: none */
    int64_t poll, poll_max; /* between questions while AWS makes the report, half as long again each time */
    int64_t backoff, backoff_max; /* the longest wait after the first failure, doubled each time; then jitter */
    unsigned tries;         /* failures in a row before giving up */
    int64_t request;        /* one request, its answer included */
    int64_t metadata;       /* the same to the instance's own address */
    int64_t container;      /* the same to the container's endpoint */
    int64_t command;        /* one run of aws, or of a credential_process */
    size_t parallel;        /* accounts at once */
    bool details, key_ids;  /* what is fetched beside each report */
    const char *whose;      /* the access key id, in capitals, whose user is asked for in its account; NULL: none */
    int64_t (*clock)(void); /* a monotonic clock, and how to wait; tests have their own */
    void (*pause)(int64_t ms);
    /*
     * What is going on with a target, one word or a few; called from several threads, one at a time. May be NULL. A
     * program may ask on the terminal between FETCH_ASKS and FETCH_ASKED.
     */
    void (*progress)(void *context, const struct fetch_target *target, const char *what);
    /*
     * Called as soon as a target's report is there; and again, where more was asked for, when that is there or has
     * failed. One call at a time, as with PROGRESS. It may refuse the report: clear done and set the error. May be NULL.
     */
    void (*arrived)(void *context, struct fetch_target *target, enum fetch_part part);
    void *context;          /* for PROGRESS and ARRIVED */
    bool terminal;          /* programs that are run may ask on the terminal, one at a time */
    const struct fetch_target *target; /* the one that is being fetched; NULL: none */
    const atomic_bool *stop; /* true: cancelled, soon; NULL: never */
};

extern const struct fetch_settings fetch_defaults;

bool fetch_is_stopped(const struct fetch_settings *settings);
/* Milliseconds until the deadline, 0 once it is over; INT64_MAX: there is none. */
int64_t fetch_time_left(const struct fetch_settings *settings);
/* Wait for MS milliseconds. False: cancelled, or the deadline came first; the wait ended then. */
bool fetch_pause(const struct fetch_settings *settings, int64_t ms);

/* Whether the program was built with the API. */
bool fetch_has_api(void);
/*
 * Fetch every one of the COUNT targets; each ends done or with its error, within the settings' patience. The number
 * done. From here on the process leaves no core dump, for it has held secrets. Free with fetch_free.
 */
size_t fetch_run(const struct fetch_settings *settings, struct fetch_target *targets, size_t count);
void fetch_free(struct fetch_target *targets, size_t count);

#endif
