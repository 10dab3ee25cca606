/*
 * Fetching reports from AWS: for each account have one made (GenerateCredentialReport), wait, get it
 * (GetCredentialReport); several accounts at a time.
 *
 *     struct fetch_settings settings = fetch_defaults;
 *     struct fetch_target target = {.name = "prod", .profile = "prod"};
 *     if (!fetch_run(&settings, &target, 1))
 *         return error_set(err, "%s", target.error.text);
 *     use(target.bytes);
 *     fetch_free(&target, 1);
 */
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

/* What happens to a target. */
enum fetch_event {
    FETCH_ASKING,     /* a request is sent */
    FETCH_WAITING,    /* AWS has answered, but it takes longer: another try, or another of many requests, follows */
    FETCH_DONE,
    FETCH_FAILED,
    FETCH_PROMPTING,  /* from now on a program may ask the person at the terminal for something */
    FETCH_PROMPT_END, /* and from now on no more */
};

/*
 * The owner of an access key and its last use, as GetAccessKeyLastUsed returns them: "" or "N/A" where there was no
 * use.
 */
struct fetch_key_owner {
    char user[129]; /* "": AWS was not asked, or did not answer */
    char used[32];  /* ISO 8601 */
    char service[64], region[64];
};

/* An account to fetch, then what was fetched. The caller fills the first three members; fetch_free() frees the rest. */
struct fetch_target {
    const char *name;     /* borrowed: what messages and the report call it */
    const char *profile;  /* borrowed; NULL: the environment, or the default profile */
    const char *role_arn; /* borrowed: the role to assume with those credentials; NULL: none */
    size_t of;            /* how many targets there are in all; for progress */
    char account[13];     /* the account of the role that was assumed; a report of another one is wrong; empty: any */
    bool done;            /* the report is there */
    struct buffer bytes;  /* the report as AWS or the aws command sent it, for envelope_open() */
    struct error error;   /* if not done: one line that says why */
    /* If asked for: JSON as the aws command prints it. If the error is set, it is incomplete or empty. */
    struct buffer details, keys;
    struct error details_error, keys_error;
    /*
     * If settings.whose is set: its owner; the error says why AWS did not tell. Both empty: a key of another account.
     */
    struct fetch_key_owner owner;
    struct error owner_error;
};

enum fetch_part {
    FETCH_REPORT,
    FETCH_BESIDE, /* details, key IDs, the owner of an access key */
};

/* How to fetch: a copy of fetch_defaults, with changes. All times are in milliseconds. */
struct fetch_settings {
    enum fetch_via via;
    int64_t patience;       /* the most that one account may take; details, key IDs and owner may take it again, each */
    int64_t deadline;       /* set by fetch_run(): when patience ends, by clock; bounds every wait; 0: none */
    int64_t poll, poll_max; /* between two questions whether the report is made: the first wait and the longest */
    int64_t backoff, backoff_max; /* before another try: the first wait and the longest */
    unsigned tries;         /* failures in a row after which the account fails */
    int64_t request;        /* the most that one request to AWS may take, its answer included */
    int64_t metadata;       /* the same for the instance's metadata service */
    int64_t container;      /* the same for the container's endpoint */
    int64_t command;        /* the same for one run of the aws command or a credential_process */
    size_t parallel;        /* accounts at a time */
    bool details, key_ids;  /* fetch these, too */
    const char *whose;      /* fetch the owner of this access key, too; capitals; NULL: of none */
    int64_t (*clock)(void); /* a monotonic clock, and how to wait; tests replace both */
    void (*pause)(int64_t ms);
    /*
     * Called when something happens to a target, which WHAT says in a few words; by several threads, but one at a time.
     * May be NULL.
     */
    void (*progress)(void *context, const struct fetch_target *target, enum fetch_event event, const char *what);
    /*
     * Called as soon as a target's report is there; and again, where more was asked for, when that is there or has
     * failed. One call at a time, as with PROGRESS. It may refuse the report: clear done and set the error. May be
     * NULL.
     */
    void (*arrived)(void *context, struct fetch_target *target, enum fetch_part part);
    void *context;          /* passed to progress and arrived */
    bool terminal;          /* the programs that are run may ask on the terminal, one at a time */
    const struct fetch_target *target; /* set by fetch_run(): the target that is being fetched */
    const atomic_bool *stop; /* true cancels, within a second. NULL: the fetch cannot be cancelled */
};

extern const struct fetch_settings fetch_defaults;

/* Whether the fetch was cancelled. */
bool fetch_is_stopped(const struct fetch_settings *settings);
/* Returns the milliseconds until the deadline, 0 when it has passed, INT64_MAX where there is none. */
int64_t fetch_time_left(const struct fetch_settings *settings);
/* Wait for MS milliseconds. Returns false, earlier, if the fetch was cancelled or the deadline came. */
bool fetch_pause(const struct fetch_settings *settings, int64_t ms);

/* Whether the program was built with the API. */
bool fetch_has_api(void);
/*
 * Fetch the COUNT targets: afterwards each is done, or has its error. Returns how many are done. From then on the
 * process leaves no core dump and cannot be traced, because it has held secrets. Free the targets with fetch_free(),
 * also those that failed. One call at a time per process: it replaces the handlers of SIGINT, SIGTERM and SIGHUP
 * while it runs.
 */
size_t fetch_run(const struct fetch_settings *settings, struct fetch_target *targets, size_t count);
void fetch_free(struct fetch_target *targets, size_t count);

#endif
