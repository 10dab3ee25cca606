/* The checks made ready to run with their settings and waivers, and what they say about each user. */
#ifndef NCRED_AUDIT_H
#define NCRED_AUDIT_H

#include "audit/checks.h"
#include "report/credential.h"
#include "query/query.h"
#include "audit/waiver_write.h"

struct audit {
    struct check_settings settings;
    struct waivers waivers;                             /* owned */
    struct baseline *baseline;                          /* owned; NULL: none; see baseline.h */
    void (*free_baseline)(struct baseline *b);
    struct check meaning[CHECKS_MAX];                   /* the checks as the benchmark chosen has them */
    struct query *whole[CHECKS_MAX];                    /* the users that fail */
    struct query *worse[CHECKS_MAX];                    /* NULL, or: those of them whose finding is of the worse severity */
    struct query *user[CHECKS_MAX];                     /* NULL, or: fails as such */
    struct query *part[CHECKS_MAX][CREDENTIAL_COUNT];   /* NULL, or: fails by this credential */
    struct query *rule[CHECKS_MAX];                     /* NULL, or a user-defined rule, for the credentials at fault */
};

/* Compile the checks with SETTINGS, without waivers (load them into a->waivers). To be freed by audit_free. */
void audit_init(struct audit *a, const struct check_settings *settings);
void audit_free(struct audit *a);

/* Work out what every row fails, as of r->as_of; again after as_of, rows, settings or waivers changed. A outlives R. */
void audit_run(const struct audit *a, struct report *r);
/* The same for the rows from FIRST on, which have come since. */
void audit_run_from(const struct audit *a, struct report *r, size_t first);
/* The same for those before END. */
void audit_run_part(const struct audit *a, struct report *r, size_t first, size_t end);
/*
 * Look up the names in rules and waivers that only R knows (columns of other files). audit_run does it; it is needed again
 * before evidence is asked for, when another report was judged since.
 */
void audit_bind(const struct audit *a, const struct report *r);

/*
 * Returns how many users of R would have an unwaived finding of CHECK if its threshold were DAYS, whether it is on or not;
 * SIZE_MAX if P, which may be NULL, has ended.
 */
size_t audit_count_with(const struct audit *a, const struct report *r, size_t check, int days, struct cancel_token *p);

/*
 * Have A, which all COUNT REPORTS were judged by, and what it says of them follow SETTINGS, of the same benchmark; only checks
 * whose settings differ are judged anew. Names are then bound to the first report (see audit_bind). Returns false, with
 * everything as it was, if P, which may be NULL, has ended.
 */
bool audit_change(struct audit *a, const struct check_settings *settings, struct report *const *reports, size_t count,
    struct cancel_token *p);

/*
 * Put the draft D into force, and end it: A's waivers of that file are replaced by the draft's, R, which A was run for, is
 * judged by them, and the file is replaced. TAKE is called when R is judged and the file is complete; if it returns false,
 * all of that is cancelled. Returns false with ERR set if so, or if the file cannot be replaced; file, A and R are then as
 * they were.
 */
bool audit_waive(struct audit *a, struct report *r, struct waivers_draft *d, bool (*take)(void *context), void *context,
    struct error *err);

/* Bits of the checks that the row fails: all, waived or off or not; those that count; those that are waived. */
uint64_t audit_failed(const struct report *r, size_t row);
uint64_t audit_counted(const struct report *r, size_t row);
uint64_t audit_waived(const struct report *r, size_t row);

/* How bad it is that the row fails CHECK, by the benchmark chosen; some checks are worse for some users. */
enum severity audit_severity(const struct report *r, size_t row, size_t check);
/* Bits of the checks whose finding counts and is of SEVERITY or worse. */
uint64_t audit_severe(const struct report *r, size_t row, enum severity severity);
/* Those of the checks in BITS, which the row fails, whose finding is of that severity. */
uint64_t audit_of_severity(const struct report *r, size_t row, uint64_t bits, enum severity severity);
/* The worst of the checks in BITS, which the row fails; SEVERITY_NONE without any. */
enum severity audit_worst(const struct report *r, size_t row, uint64_t bits);

/* Bits of the enabled checks that cannot judge the row, because a cell that they depend on is unknown. */
uint64_t audit_unknown(const struct report *r, size_t row);
/*
 * Bits of the enabled checks that were not made, because no file gives what they need (see needs in checks.h). They are not
 * in audit_unknown(): who did not give --details did not ask for them. unknown(ID) holds for every user.
 */
uint64_t audit_not_made(const struct report *r);
/* "not made without --details: admin-mfa, admin-key" appended to B; nothing if all were made. */
void audit_tell_not_made(struct buffer *b, const struct report *r);

/* Whether a row fails CHECK, which it fails, by one credential. */
bool audit_is_fault(const struct report *r, size_t row, size_t check, enum credential c);
/* The checks, a bit each, that a row fails by one credential; off and waived ones, too. */
uint64_t audit_fault(const struct report *r, size_t row, enum credential c);

/*
 * The same for all rows, which is faster when most of them are needed: one byte for each check that is on and that a row fails, a
 * bit per credential at fault, in the order of the checks.
 */
struct audit_faults {
    uint32_t *first;   /* owned: where each row's bytes begin */
    uint8_t *at_fault; /* owned */
};

/* Freed by audit_faults_free(). When P, which may be NULL, has ended, what they say is of no use. */
struct audit_faults audit_faults(const struct report *r, struct cancel_token *p);
void audit_faults_free(struct audit_faults *f);
/* The bytes of ROW, one for each check of audit_failed() that is on. */
static inline const uint8_t *audit_faults_of(const struct audit_faults *f, size_t row)
{
    return f->at_fault + f->first[row];
}
/*
 * The faults of this row will be asked for soon: begin to fetch from memory what tells where its bytes are, and, when that
 * is there, the bytes.
 */
void audit_faults_prefetch(const struct audit_faults *f, const struct report *r, size_t row);
static inline void audit_faults_prefetch_bytes(const struct audit_faults *f, size_t row)
{
    __builtin_prefetch(audit_faults_of(f, row));
}
/* As audit_fault(), of the checks that are on. */
uint64_t audit_faults_by(const struct audit_faults *f, const struct report *r, size_t row, enum credential c);

#endif
