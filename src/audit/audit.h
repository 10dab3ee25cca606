/*
 * Runs the checks over a report and answers which checks each user fails, how severe that is, and by which credential.
 *
 *     struct audit a;
 *     audit_init(&a, &settings);
 *     waivers_load(&a.waivers, path, false, &err);
 *     audit_run(&a, &r);
 *     uint64_t checks = audit_counted(&r, row);
 *     audit_free(&a);
 *
 * Sets of checks are words of 64 bits: bit I stands for check_at(I).
 */
#ifndef NCRED_AUDIT_H
#define NCRED_AUDIT_H

#include "audit/checks.h"
#include "report/credential.h"
#include "query/query.h"
#include "audit/waiver_write.h"

struct audit {
    struct check_settings settings;
    struct waivers waivers;                             /* owned */
    struct baseline *baseline;                          /* owned, NULL if there is none; see baseline.h */
    void (*free_baseline)(struct baseline *b);
    struct check meaning[CHECKS_MAX];                   /* the checks as the chosen benchmark defines them */
    /* Compiled queries, owned. Each is NULL if the check has no such part; whole is never NULL. */
    struct query *whole[CHECKS_MAX];                    /* holds for users that fail the check */
    struct query *worse[CHECKS_MAX];                    /* holds for users whose finding has the worse severity */
    struct query *part[CHECKS_MAX][CREDENTIAL_COUNT];   /* of users that fail: holds if this credential is at fault */
    struct query *rule[CHECKS_MAX];                     /* a user-defined rule, to find the credentials at fault */
    struct query *where[CHECK_CLAUSES_MAX];             /* of the clauses of checks that are overdue at some time */
};

/* Compile the checks with SETTINGS. There are no waivers yet: load them into a->waivers. Free A with audit_free(). */
void audit_init(struct audit *a, const struct check_settings *settings);
void audit_free(struct audit *a);
/* Remove the clauses of CHECK with the query WHERE. Reports that A has judged must be judged again. */
void audit_drop_clauses(struct audit *a, size_t check, const char *where);

/*
 * Judge every row of R by every check and store the outcomes in R. Ages are computed as of r->as_of. Call it again
 * after as_of, rows, settings or waivers have changed. A must outlive R, which keeps a pointer to it.
 */
void audit_run(const struct audit *a, struct report *r);
/* As audit_run(). Returns false, with some rows not judged, if P has ended. */
bool audit_run_until(const struct audit *a, struct report *r, struct cancel_token *p);
/*
 * Judge only the rows from FIRST to END - 1, in order, until P (may be NULL) ends; some rows are judged even if it has
 * ended. Returns END or, if P has ended, the first row that is not judged yet.
 */
size_t audit_run_part(const struct audit *a, struct report *r, size_t first, size_t end, struct cancel_token *p);
/*
 * Look up in R the names in rules and waivers that only a report knows (columns of other files). audit_run() does so
 * itself. Call this before asking for the evidence of R's findings if A has judged another report since.
 */
void audit_bind(const struct audit *a, const struct report *r);

/*
 * Returns how many users of R would have an unwaived finding of CHECK, on or off, if its threshold were DAYS; SIZE_MAX
 * if P, which may be NULL, has ended.
 */
size_t audit_count_with(const struct audit *a, const struct report *r, size_t check, int days, struct cancel_token *p);

/*
 * Change the settings of A to SETTINGS, which must be of the same benchmark, and update the COUNT REPORTS, all of which
 * A has judged. Only checks whose settings differ are judged again. Names are then bound to the first report (see
 * audit_bind). Returns false, with A and the reports unchanged, if P, which may be NULL, has ended.
 */
bool audit_change(struct audit *a, const struct check_settings *settings, struct report *const *reports, size_t count,
    struct cancel_token *p);

/*
 * Put the draft D into force and end it: replace A's waivers from that file, judge the COUNT REPORTS (which A has
 * judged before; at least one) by the new ones, and replace the file. Names are then bound to the first report (see
 * audit_bind). TAKE is called when the reports are judged and the new file is on the disk, before it replaces the old
 * one; TAKE returns false to cancel. Returns false with ERR set, and with file, A and reports unchanged, if TAKE or
 * d->cancel cancelled, or if the file cannot be replaced. D needs no freeing afterwards but for d->patch, and that only
 * on success.
 */
bool audit_waive(struct audit *a, struct report *const *reports, size_t count, struct waivers_draft *d,
    bool (*take)(void *context), void *context, struct error *err);

/*
 * Return the checks that ROW fails: all of them, even if off or waived; those that are on and not waived; the waived
 * ones.
 */
uint64_t audit_failed(const struct report *r, size_t row);
uint64_t audit_counted(const struct report *r, size_t row);
uint64_t audit_waived(const struct report *r, size_t row);
/*
 * Returns the checks that ROW fails with the worse of their two severities (see struct check), waived or not. May have
 * bits of checks that are off.
 */
uint64_t audit_worse(const struct report *r, size_t row);

/*
 * Returns the severity of ROW's finding of CHECK by the chosen benchmark. Some checks are more severe for some users.
 */
enum severity audit_severity(const struct report *r, size_t row, size_t check);
/* Returns the checks of audit_counted() whose finding has SEVERITY or a worse one. */
uint64_t audit_severe(const struct report *r, size_t row, enum severity severity);
/* Returns those checks of BITS whose finding has exactly SEVERITY. ROW must fail all checks in BITS. */
uint64_t audit_of_severity(const struct report *r, size_t row, uint64_t bits, enum severity severity);
/* Returns the worst severity of the checks in BITS, all of which ROW must fail; SEVERITY_NONE if BITS is 0. */
enum severity audit_worst(const struct report *r, size_t row, uint64_t bits);

/* Returns the enabled checks that cannot judge ROW because a cell that they depend on is unknown. */
uint64_t audit_unknown(const struct report *r, size_t row);
/*
 * Returns the enabled checks that were not made because no file has the column that they need (see needs in checks.h).
 * audit_unknown() leaves them out, because a user who did not give --details did not ask for them. In queries,
 * unknown(ID) holds for every user.
 */
uint64_t audit_not_made(const struct report *r);
/* Append "skipped without --details: admin-mfa, admin-key" to B; nothing if all checks were made. */
void audit_tell_not_made(struct buffer *b, const struct report *r);

/* Returns whether credential C is at fault in CHECK, which ROW must fail. */
bool audit_is_fault(const struct report *r, size_t row, size_t check, enum credential c);
/* Returns the checks that ROW fails because of credential C, even if they are off or waived. */
uint64_t audit_fault(const struct report *r, size_t row, enum credential c);

/*
 * The credentials at fault of all rows at once: faster than audit_fault() if most rows are needed. A row has one byte
 * for each check that is on and that it fails, in the order of the checks; the byte has one bit per credential at
 * fault.
 *
 *     first:     | 0 | 2 | 2 | 5 | ...      row 0 fails two checks, row 1 none, row 2 three
 *     at_fault:  | row 0 | row 0 | row 2 | row 2 | row 2 | row 3 ...
 */
struct audit_faults {
    /* owned: index in at_fault of the first byte of each block of rows, as reports can have over 2^32 findings */
    uint64_t *of_block;
    uint32_t *first;    /* owned: index of each row's first byte among those of its block */
    uint8_t *at_fault;  /* owned */
};

/* Free the result with audit_faults_free(). If P, which may be NULL, has ended, its contents are undefined. */
struct audit_faults audit_faults(const struct report *r, struct cancel_token *p);
void audit_faults_free(struct audit_faults *f);
/* Returns the bytes of ROW, one for each check of audit_failed() that is on. */
static inline const uint8_t *audit_faults_of(const struct audit_faults *f, size_t row)
{
    return f->at_fault + f->of_block[row >> BLOCK_BITS] + f->first[row];
}
/*
 * Prefetch into the cache what finding ROW's bytes takes, and which checks it fails, some rows ahead of use. Once that
 * has arrived, audit_faults_prefetch_bytes() prefetches the bytes themselves.
 */
void audit_faults_prefetch(const struct audit_faults *f, const struct report *r, size_t row);
/* The same without the bytes: which checks ROW fails, and which of them are waived or worse. */
void audit_prefetch(const struct report *r, size_t row);
static inline void audit_faults_prefetch_bytes(const struct audit_faults *f, size_t row)
{
    __builtin_prefetch(audit_faults_of(f, row));
}
/* As audit_fault(), but only the checks that are on; F is what audit_faults() returned for R. */
uint64_t audit_faults_by(const struct audit_faults *f, const struct report *r, size_t row, enum credential c);

#endif
