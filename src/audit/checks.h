/* What can be wrong with a user: one table of checks, each a query, and what of it can be set. */
#ifndef NCRED_CHECKS_H
#define NCRED_CHECKS_H

#include "base/error.h"
#include "report/schema.h"

/*
 * Whose meaning of the checks holds, and whose numbers `fails(cis-1.14)`, the screen and --findings use. NCRED: what
 * ncred finds sensible, by the numbers of CIS 1.4 to 4.0.
 */
enum benchmark { BENCHMARK_NCRED, BENCHMARK_CIS_1_2, BENCHMARK_CIS_1_3, BENCHMARK_CIS_1_4, BENCHMARK_CIS_5_0, BENCHMARK_CIS_6_0, BENCHMARK_CIS_7_0, BENCHMARK_SECURITY_HUB,
    BENCHMARK_AWS_CONFIG, BENCHMARK_PROWLER, BENCHMARK_COUNT };

/* What can be done by command; all else a person has to do. */
enum check_fix {
    FIX_ADVISE,      /* the remedy is told, no more */
    FIX_STOP,        /* deactivate the key or certificate, remove the password */
    FIX_STOP_LESSER, /* deactivate the key that was used longer ago */
    FIX_REPLACE,     /* it is in use: a new one first */
    FIX_DELETE,      /* it is inactive: delete it */
    FIX_RESET,       /* have the password changed at the next sign-in */
    FIX_COUNT,
};

#define CHECK_NONE "" /* in a variant, for a part: none, although the check has one */
enum { CHECK_NO_DAYS = -1 };

/* What a check means by some benchmarks, where that differs; NULL or 0: as the check has it. */
struct check_variant {
    unsigned benchmarks;                  /* one bit each; 0 ends a list of variants */
    int days, worse_days;                 /* CHECK_NO_DAYS: none */
    enum severity severity;
    const char *title, *scope, *who, *user, *password, *key, *cert;
    const char *difference;               /* what differs, in a few words */
};

/* What a check's threshold counts from, so that the day on which it was passed is known; see audit/overdue.h. */
enum check_begin {
    BEGIN_NONE,       /* no threshold, or time alone does not go beyond it */
    BEGIN_AGE,        /* when the credential was made */
    BEGIN_IDLE,       /* its last use, or when it was made */
    BEGIN_NEVER_USED, /* when it was made, if it was never used */
    BEGIN_ALL_IDLE,   /* the last use of any */
};

/*
 * Predicates are queries; {} in them is the threshold in days, and {+1} a day more, for whole days. In the title {} is the
 * threshold with its unit. User-defined rules follow the built-in checks: RULE is then the whole predicate, and nothing is
 * replaced in it.
 */
struct check {
    const char *id;
    const char *title;
    enum severity severity;
    int days;                             /* default threshold; 0: has none */
    int worse_days;                       /* 0, or: with this threshold it is of the severity WORSE */
    enum severity worse;
    bool optional;                        /* off unless switched on, */
    unsigned on_in;                       /* but on by these benchmarks, one bit each, */
    bool central;                         /* and where root is managed centrally */
    const char *numbers[BENCHMARK_COUNT]; /* NULL: not in that benchmark; several have a blank between them */
    const struct check_variant *variants; /* NULL: means the same by all benchmarks */
    const char *difference;               /* what is special about it, by check_meaning() from what NCRED means; NULL: nothing */
    const char *scope;                    /* who is looked at, in a word */
    const char *who;                      /* the users looked at; NULL: all */
    const char *user;                     /* NULL, or: fails as such */
    const char *password;                 /* NULL, or: fails by the password */
    const char *key;                      /* NULL, or, as inside key(...): fails by that key */
    const char *cert;                     /* NULL, or, as inside cert(...): fails by that certificate */
    unsigned lit;                         /* LIT_...: which cells of what is at fault are the reason */
    const char *remedy;                   /* what to do, one line */
    enum check_fix fix;                   /* what the sheet of remedies does about what is at fault */
    const char *rule;                     /* NULL, or a user-defined rule: the query that holds for users that fail */
    const char *rule_number;              /* NULL, or a user-defined rule: its number, whatever the benchmark */
    enum check_begin begin;               /* what the threshold counts from */
    const char *needs;                    /* NULL, or the column of --details without which the check is not made */
};

/*
 * Cells that show why, of each credential at fault or (MFA, USER) of the user. RIGHTS, POLICIES: evidence that only
 * --details has.
 */
enum { LIT_ACTIVE = 1, LIT_AGE = 2, LIT_IDLE = 4, LIT_MFA = 8, LIT_USER = 16, LIT_RIGHTS = 32, LIT_POLICIES = 64 };

enum { CHECKS_MAX = 64, CHECK_CLAUSES_MAX = 128 }; /* one bit each */

/* The checks are numbered from 0; check_at() takes a number below check_count(). */
size_t check_count(void);
/* How many of them are built in; rules follow. */
size_t check_own_count(void);
const struct check *check_at(size_t check);
/* "admin-mfa, admin-key" of the checks in BITS, appended to OUT. */
void check_list(struct buffer *out, uint64_t bits);

/*
 * Add a rule to the table, before anything else uses it: audit/rule.h checks the parts. The texts are copied. Returns its
 * number, or check_count() as it was when the table is full.
 */
size_t check_add(struct slice id, enum severity severity, struct slice rule);
extern const char check_usual_remedy[]; /* of a rule */
/* Set a text of the rule CHECK. */
enum check_text { CHECK_TITLE, CHECK_REMEDY, CHECK_NUMBER, CHECK_TEXTS };
void check_set_text(size_t check, enum check_text which, struct slice text);
/* Remove all rules. */
void check_remove_added(void);

/* A line "check ID = 365d where QUERY": what holds for some users. */
struct check_clause {
    size_t check;
    const char *where; /* borrowed: a query */
    bool on;
    int days;
};

/* What a person can set. */
struct check_settings {
    uint64_t on;           /* one bit per check: it counts */
    int days[CHECKS_MAX];  /* thresholds; 0: has none */
    enum benchmark benchmark;
    struct check_clause clauses[CHECK_CLAUSES_MAX]; /* for each user the first of its check whose WHERE holds */
    size_t clause_count;
    uint64_t partly;       /* checks that are on by a clause only */
    bool central_root;     /* root is managed centrally */
    bool other_names;      /* rules may name columns of other files */
    uint64_t on_given, days_given; /* one bit per check: ON, DAYS were set by check_settings_edit() */
};

enum { CHECK_DAYS_MAX = 36500 };

void check_settings_init(struct check_settings *s);
/* Take over which checks are on, and the thresholds, from a benchmark, but for what check_settings_edit() has set. */
void check_settings_choose(struct check_settings *s, enum benchmark benchmark, bool central_root);
/*
 * Read a list such as "-two-keys,unused=90d": -ID off, +ID on, ID=90d or ID=90 another threshold. A bare ID means that
 * only what the list names counts. IDs are those of check_find. False: ERR says which entry is wrong, S is as it was.
 */
bool check_settings_edit(struct check_settings *s, struct slice list, struct error *err);

/* The benchmark of this name (cis-4.0, security-hub), or BENCHMARK_COUNT. */
enum benchmark benchmark_find(struct slice name);
/* "cis-1.4, cis-1.5, ..." into OUT. */
void benchmark_names(struct buffer *out);
/* Its name, as in --benchmark; of those that share numbers and meaning, the first. */
const char *benchmark_name(enum benchmark benchmark);
/*
 * Index of the check with this id, or with this number in BENCHMARK (cis-1.14) or another one whose numbers cannot be
 * mistaken (iam.4), or check_count(). OF, unless NULL: the benchmark that has the number, BENCHMARK for an id.
 */
size_t check_find(struct slice id, enum benchmark benchmark, enum benchmark *of);
/* The check as BENCHMARK has it: its row with the variant that holds there. */
struct check check_meaning(size_t check, enum benchmark benchmark);
/* Its severity by the benchmark chosen; a finding may be worse (see audit_severity). */
enum severity check_severity(size_t check, const struct check_settings *s);
/* Its number in a benchmark, NULL: it has none. */
const char *check_number_in(const struct check *check, enum benchmark benchmark);
/* The id nearest to a misspelt one, or NULL when none is near. */
const char *check_nearest(struct slice id);
/* Whether the check counts, for all users or for some. */
static inline bool check_is_on(const struct check_settings *s, size_t check)
{
    return (s->on | s->partly) >> check & 1;
}
/* Add a clause. False: there are CHECK_CLAUSES_MAX. */
bool check_add_clause(struct check_settings *s, struct check_clause clause);
/*
 * The users of a check are divided by its clauses: append to GUARD the query that holds for the INDEX-th part of them,
 * nothing if these are all users, and set DAYS to the threshold. Parts for which the check is off are left out. False:
 * there are no more.
 */
bool check_part_of_users(const struct check_settings *s, size_t check, size_t index, struct buffer *guard, int *days);
/* Whether the check has a number in the benchmark. */
bool check_has_number(const struct check *check, enum benchmark benchmark);
/* The number as people write it ("CIS 1.14") appended to OUT; nothing when the benchmark has none. */
void check_number(struct buffer *out, const struct check *check, enum benchmark benchmark);
/* The title with its threshold appended to OUT. */
void check_title(struct buffer *out, size_t check, const struct check_settings *s);
/* The query that holds for the users that fail, appended to OUT. */
void check_predicate(struct buffer *out, size_t check, const struct check_settings *s);
/* The same for a check by check_meaning() and any threshold. */
void check_predicate_of(struct buffer *out, const struct check *check, int days);
/* Whether the check holds for other users by one benchmark than by another. */
bool check_differs(size_t check, enum benchmark a, enum benchmark b);
/* A part of a check's predicate with the threshold put in, appended to OUT. */
void check_fill(struct buffer *out, const char *part, int days);

#endif
