/*
 * The table of checks. A check is a query that holds for the users that fail it, with a title, a severity, a remedy and
 * mostly a threshold in days. Benchmarks (CIS, Security Hub, ...) can change what a check means; settings switch checks
 * on and off and set thresholds.
 *
 *     struct check_settings s;
 *     check_settings_init(&s);
 *     check_settings_edit(&s, slice_of("-two-keys,unused=90d"), &err);
 *     check_predicate(&query, check_find(slice_of("unused"), s.benchmark, NULL), &s);
 */
#ifndef NCRED_CHECKS_H
#define NCRED_CHECKS_H

#include "base/error.h"
#include "report/schema.h"

/*
 * The benchmark that decides what the checks mean and which numbers `fails(cis-1.14)`, the screen and --findings use.
 * BENCHMARK_NCRED has ncred's own choice of meanings and the numbers of CIS 1.4 to 4.0. The versions of CIS come first,
 * in their order.
 */
enum benchmark { BENCHMARK_NCRED, BENCHMARK_CIS_1_2, BENCHMARK_CIS_1_3, BENCHMARK_CIS_1_4, BENCHMARK_CIS_5_0,
    BENCHMARK_CIS_6_0, BENCHMARK_CIS_7_0, BENCHMARK_CIS_END,
    BENCHMARK_SECURITY_HUB = BENCHMARK_CIS_END, BENCHMARK_AWS_CONFIG, BENCHMARK_PROWLER, BENCHMARK_COUNT };

/* The commands that the remedy sheet writes for a credential at fault. */
enum check_fix {
    FIX_ADVISE,      /* no command: the sheet prints the check's remedy for a person to do */
    FIX_STOP,        /* deactivate the key or certificate, remove the password */
    FIX_STOP_LESSER, /* of two active keys, deactivate the one that was used longer ago */
    FIX_REPLACE,     /* create a new key first, because this one is in use */
    FIX_DELETE,      /* delete the inactive key */
    FIX_RESET,       /* require a password change at the next sign-in */
    FIX_COUNT,
};

#define CHECK_NONE "" /* in a variant: the check has this part, but the variant does not */
enum { CHECK_NO_DAYS = -1 };

/* How some benchmarks define a check differently. A field that is NULL or 0 keeps the check's own value. */
struct check_variant {
    unsigned benchmarks;                  /* one bit per benchmark; 0 ends a list of variants */
    int days, worse_days;                 /* CHECK_NO_DAYS if the variant has no threshold */
    enum severity severity;
    const char *title, *scope, *who, *user, *password, *key, *cert;
    const char *difference;               /* the difference in a few words, for --help=checks */
};

/*
 * The date that a check's threshold counts from. It tells since when a finding has been overdue; see audit/overdue.h.
 */
enum check_begin {
    BEGIN_NONE,       /* the check has no threshold, or passing time alone does not make a user fail */
    BEGIN_AGE,        /* creation of the credential */
    BEGIN_IDLE,       /* last use of the credential, or its creation if it was never used */
    BEGIN_NEVER_USED, /* creation of the credential, which was never used */
    BEGIN_ALL_IDLE,   /* latest of the user's creation and all credentials' last uses (creations if never used) */
};

/*
 * A row of the table. The predicate consists of parts (who, user, password, key, cert), each a query in which {} stands
 * for the threshold in days and {+1} for one day more, for benchmarks that count whole days. In the title {} stands for
 * the threshold with its unit. User-defined rules follow the built-in checks; a rule's predicate is `rule` alone, used
 * as it is.
 */
struct check {
    const char *id;
    const char *title;
    enum severity severity;
    int days;                             /* default threshold; 0 if it has none */
    int worse_days;                       /* threshold for the severity `worse`; 0 if all findings have one severity */
    enum severity worse;
    bool optional;                        /* off by default; on_in and central name exceptions */
    unsigned on_in;                       /* benchmarks that switch an optional check on, one bit each */
    bool central;                         /* an optional check is on if root is managed centrally */
    const char *numbers[BENCHMARK_COUNT]; /* separated by blanks if there are several; NULL if not in that benchmark */
    const struct check_variant *variants; /* NULL if all benchmarks define the check alike */
    const char *difference;               /* how it differs from the benchmarks' rules, for --help=checks; or NULL */
    const char *scope;                    /* the users that the check is about, in a word */
    const char *who;                      /* predicate that users must satisfy to be looked at; NULL for all users */
    /* Parts: a user fails if `who` holds and at least one part does. NULL if the check has no such part. */
    const char *user;                     /* about the user itself */
    const char *password;                 /* about the password */
    const char *key;                      /* about one key, as inside key(...) */
    const char *cert;                     /* about one certificate, as inside cert(...) */
    unsigned lit;                         /* LIT_...: the cells that are the reason */
    const char *remedy;                   /* what to do, one line */
    enum check_fix fix;                   /* what the remedy sheet does about a credential at fault */
    const char *rule;                     /* query of a user-defined rule; NULL for built-in checks */
    const char *rule_number;              /* number of a user-defined rule in any benchmark, or NULL */
    enum check_begin begin;               /* what the threshold counts from */
    const char *needs;                    /* column of --details without which the check is not made, or NULL */
};

/*
 * The cells that show why a user fails: MFA and USER are the user's, ACTIVE, AGE and IDLE those of each credential at
 * fault. RIGHTS and POLICIES are evidence that only --details has.
 */
enum { LIT_ACTIVE = 1, LIT_AGE = 2, LIT_IDLE = 4, LIT_MFA = 8, LIT_USER = 16, LIT_RIGHTS = 32, LIT_POLICIES = 64 };

enum { CHECKS_MAX = 64, CHECK_CLAUSES_MAX = 128 }; /* CHECKS_MAX: a set of checks is a word of 64 bits */

/* Number of checks. They are numbered from 0; check_at() takes a number below check_count(). */
size_t check_count(void);
/* Number of built-in checks. They come first; user-defined rules follow. */
size_t check_built_in_count(void);
/* Returns check CHECK. Borrowed from the table. */
const struct check *check_at(size_t check);
/* Append the ids of the checks in BITS to OUT: "admin-mfa, admin-key". */
void check_list(struct buffer *out, uint64_t bits);

/*
 * Add a rule to the table. Its parts must have been checked (see audit/rule.h), and no thread may use the table
 * meanwhile. ID and RULE are copied. Returns the new check's number, or CHECKS_MAX if the table is full.
 */
size_t check_add(struct slice id, enum severity severity, struct slice rule);
extern const char check_usual_remedy[]; /* remedy of a rule that has none of its own */
enum check_text { CHECK_TITLE, CHECK_REMEDY, CHECK_NUMBER, CHECK_TEXTS };
/* Set a text of the rule CHECK to a copy of TEXT. CHECK must not be a built-in check. */
void check_set_text(size_t check, enum check_text which, struct slice text);
/* Remove and free all rules. */
void check_remove_added(void);

/* A line "check ID = 365d where QUERY" of the configuration: the setting of a check for some users. */
struct check_clause {
    size_t check;
    const char *where; /* borrowed: the query that holds for these users */
    bool on;
    int days;          /* CHECK_DAYS_OF_OTHERS: the threshold is that of all other users */
};
enum { CHECK_DAYS_OF_OTHERS = -1 };

/* The settings of all checks. */
struct check_settings {
    uint64_t on;           /* checks that are on for users whom no clause covers */
    int days[CHECKS_MAX];  /* thresholds; 0 if the check has none */
    enum benchmark benchmark;
    struct check_clause clauses[CHECK_CLAUSES_MAX]; /* a user gets the first one of a check whose WHERE holds */
    size_t clause_count;
    uint64_t partly;       /* checks that only clauses switch on, for some users */
    bool central_root;     /* the organization manages root credentials centrally */
    bool other_names;      /* rules may name columns of other files */
    uint64_t on_given, days_given; /* checks whose ON or DAYS was set by check_settings_edit() */
};

enum { CHECK_DAYS_MAX = 36500 };

/* Set S to the defaults of BENCHMARK_NCRED, without clauses. */
void check_settings_init(struct check_settings *s);
/*
 * Choose a benchmark: it decides which checks are on and their thresholds, except those that check_settings_edit() has
 * set. CENTRAL_ROOT says whether root is managed centrally.
 */
void check_settings_choose(struct check_settings *s, enum benchmark benchmark, bool central_root);
/*
 * Apply a list such as "-two-keys,unused=90d": -ID switches a check off, +ID on, ID=90d or ID=90 also sets its
 * threshold. If any entry is an ID alone, all checks that the list does not name go off. An ID is what check_find()
 * accepts. Returns false with ERR set and S unchanged if an entry is wrong.
 */
bool check_settings_edit(struct check_settings *s, struct slice list, struct error *err);

/* Returns the benchmark of this name (cis-4.0, security-hub), or BENCHMARK_COUNT. */
enum benchmark benchmark_find(struct slice name);
/* Returns name INDEX of those that benchmark_find() knows, ncred first; NULL after the last. */
const char *benchmark_choice(size_t index);
/* Returns the benchmark's name as in --benchmark: the first one if several versions share numbers and meaning. */
const char *benchmark_name(enum benchmark benchmark);
/*
 * Returns the index of the check with this id, or with this number: a CIS number (cis-1.14) is looked up in BENCHMARK,
 * any other number (iam.4) in the benchmark that has it. Returns check_count() if there is none. *OF, unless OF is
 * NULL, becomes the benchmark that the number is from, or BENCHMARK if ID is an id.
 */
size_t check_find(struct slice id, enum benchmark benchmark, enum benchmark *of);
/*
 * Returns the check as BENCHMARK defines it: its row of the table, changed by the variant for BENCHMARK if there is
 * one. A benchmark without a number for the check does not have it and changes nothing.
 */
struct check check_meaning(size_t check, enum benchmark benchmark);
/* Returns the check's severity by the benchmark of S. A single finding may be worse (see audit_severity). */
enum severity check_severity(size_t check, const struct check_settings *s);
/* Returns the check's number in BENCHMARK, or NULL. */
const char *check_number_in(const struct check *check, enum benchmark benchmark);
/* Returns the id nearest to a misspelt one, or NULL if none is near. */
const char *check_nearest(struct slice id);
/* Whether the check is on, for all users or for some. */
static inline bool check_is_on(const struct check_settings *s, size_t check)
{
    return (s->on | s->partly) >> check & 1;
}
/* Add a clause, unless S has the same one already. Returns false if there are CHECK_CLAUSES_MAX clauses. */
bool check_add_clause(struct check_settings *s, struct check_clause clause);
/* Remove clause INDEX. A check that is then on for nobody is off. */
void check_remove_clause(struct check_settings *s, size_t index);
/* Returns the clause's threshold in days. */
static inline int check_clause_days(const struct check_settings *s, const struct check_clause *clause)
{
    return clause->days == CHECK_DAYS_OF_OTHERS ? s->days[clause->check] : clause->days;
}
/*
 * The clauses of a check divide the users into groups with a threshold each; groups for which the check is off are left
 * out. Appends to GUARD the query that holds for group INDEX, or nothing if that is all users, and sets *DAYS to its
 * threshold. Returns false if there is no such group.
 */
bool check_part_of_users(const struct check_settings *s, size_t check, size_t index, struct buffer *guard, int *days);
/* Whether the check has a number in the benchmark. */
bool check_has_number(const struct check *check, enum benchmark benchmark);
/* Append the check's number as people write it ("CIS 1.14") to OUT; nothing if it has none. */
void check_number(struct buffer *out, const struct check *check, enum benchmark benchmark);
/* Append the title with its thresholds to OUT: "credential unused for 45 days". */
void check_title(struct buffer *out, size_t check, const struct check_settings *s);
/* Append to OUT the query that holds for the users that fail CHECK by the settings S. */
void check_predicate(struct buffer *out, size_t check, const struct check_settings *s);
/* The same for a check that check_meaning() returned, with the threshold DAYS for all users. */
void check_predicate_of(struct buffer *out, const struct check *check, int days);
/* Whether the check, with default thresholds, holds for other users by benchmark A than by B. */
bool check_differs(size_t check, enum benchmark a, enum benchmark b);
/* Append PART of a check's predicate to OUT, with the threshold DAYS in the place of {}. */
void check_fill(struct buffer *out, const char *part, int days);

#endif
