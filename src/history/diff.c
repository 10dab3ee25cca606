/*
 * Rows of the old report are indexed by identity, then each row of the new one is looked up, then the rows of the old
 * report that were not matched are the removed users. All of this is done in pieces.
 */
#include "history/diff.h"

#include "history/diff_user.h"
#include "aws/arn.h"
#include "base/hash_index.h"
#include "base/large_pages.h"
#include "report/report_copy.h"

#include <stdio.h>
#include <stdlib.h>

const char diff_columns[] = "user,change,what,before,after";

const char diff_worst_first[] = "-change,user";

/* ---- matching users ---- */

/*
 * The rows of the old report by identity. The index holds the first unmatched row of each identity, and NEXT links to
 * the next one, so that many rows of one identity (in a malformed report) are as quick to match as others.
 */
struct matching {
    const struct report *r;
    struct hash_index index;
    uint32_t *next;  /* by row: index + 1 of the next row of the same identity; 0 if there is none */
    uint8_t *flags;  /* by row: MATCHING_TAKEN and MATCHING_DOUBLED */
    bool by_name;    /* only one of the reports has ARNs: match by account and name instead */
    size_t guess;    /* the row after the last one matched; tried first, because most reports have the same order */
    struct buffer names;  /* identities of the rows without an ARN: account, NUL, name */
    struct matching_name {
        size_t from, len; /* of the row's identity in NAMES */
    } *name_of;      /* owned, by row; NULL until a row without an ARN is added */
    struct buffer scratch;
};

enum {
    MATCHING_TAKEN = 1,   /* the row has been matched */
    MATCHING_DOUBLED = 2, /* another row has the same identity */
    MATCHING_AHEAD = 16,  /* number of rows whose index entries are prefetched together */
};

/*
 * What identifies the row's user: the ARN or, without one or BY_NAME, account and name, written to SCRATCH. Borrowed
 * until the next call.
 */
static struct slice user_identity(const struct report *r, uint32_t row, bool by_name, struct buffer *scratch)
{
    struct slice arn = report_raw(r, row, COL_ARN), account, user;
    if (arn.len && !by_name)
        return arn;
    account = report_account_id(r, row);
    user = report_raw(r, row, COL_USER);
    if (arn_is_root(user, arn))
        user = slice_of("<root_account>");
    if (!account.len)
        return user;
    scratch->len = 0;
    buffer_add(scratch, account.data, account.len);
    buffer_putc(scratch, '\0');
    buffer_add(scratch, user.data, user.len);
    return (struct slice){scratch->data, scratch->len};
}

static struct slice matching_identity(const void *matching, uint32_t row)
{
    const struct matching *m = matching;
    struct slice arn = report_raw(m->r, row, COL_ARN);
    return arn.len && !m->by_name ? arn : (struct slice){m->names.data + m->name_of[row].from, m->name_of[row].len};
}

/* Whether any file of R lacks the ARN column. */
static bool lacks_arns(const struct report *r)
{
    size_t i = 0;
    while (i < r->file_count && !(r->files[i].lacks >> COL_ARN & 1))
        i++;
    return i < r->file_count;
}

static void matching_start(struct matching *m, const struct report *r, const struct report *new)
{
    *m = (struct matching){.r = r, .by_name = lacks_arns(r) != lacks_arns(new),
        .index = {.text = matching_identity, .owner = m},
        .next = large_pages_new(r->row_count + 1, sizeof *m->next), .flags = large_pages_new(r->row_count + 1, 1)};
    hash_index_reserve(&m->index, r->row_count);
    memset(m->flags, 0, r->row_count + 1);
}

/*
 * The identity of a row of the old report. Without an ARN it is stored in NAMES, because the index compares with it
 * later.
 */
static struct slice matching_keep(struct matching *m, uint32_t row)
{
    struct slice arn = report_raw(m->r, row, COL_ARN);
    if (arn.len && !m->by_name)
        return arn;
    struct slice who = user_identity(m->r, row, m->by_name, &m->scratch);
    if (!m->name_of)
        m->name_of = xcalloc(m->r->row_count + 1, sizeof *m->name_of);
    m->name_of[row] = (struct matching_name){m->names.len, who.len};
    buffer_add(&m->names, who.data, who.len);
    return who;
}

/*
 * Add the COUNT rows (at most MATCHING_AHEAD) before END, last row first. Each becomes the head of its identity's list,
 * so that the list ends up in row order.
 */
static void matching_add(struct matching *m, size_t end, size_t count)
{
    uint64_t hashes[MATCHING_AHEAD];
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_text(matching_keep(m, (uint32_t)(end - 1 - i)));
        hash_index_prefetch(&m->index, hashes[i]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t row = (uint32_t)(end - 1 - i),
            *first = hash_index_add(&m->index, matching_identity(m, row), hashes[i]);
        if (*first)
            m->flags[row] = m->flags[*first - 1] = MATCHING_DOUBLED;
        m->next[row] = *first;
        *first = row + 1;
    }
}

/*
 * Match WHO with the first unmatched row of that identity, or return CHANGE_NO_ROW. Rows that occur several times are
 * matched in order.
 */
static uint32_t matching_take(struct matching *m, struct slice who)
{
    if (m->guess < m->r->row_count && !m->flags[m->guess]
        && slice_equal(matching_identity(m, (uint32_t)m->guess), who)) {
        m->flags[m->guess] = MATCHING_TAKEN;
        return (uint32_t)m->guess++;
    }
    uint32_t *first = hash_index_find(&m->index, who, hash_text(who));
    uint32_t row = first ? *first - 1 : 0;
    if (!first || m->flags[row] & MATCHING_TAKEN)
        return CHANGE_NO_ROW;
    m->flags[row] |= MATCHING_TAKEN;
    m->guess = (size_t)row + 1;
    if (m->next[row])
        *first = m->next[row];
    return row;
}

static void matching_end(struct matching *m)
{
    hash_index_free(&m->index);
    buffer_free(&m->names);
    buffer_free(&m->scratch);
    free(m->name_of);
    free(m->next);
    free(m->flags);
}

/* ---- the report of the changes ---- */

static const struct report *report_of(const struct diff *d, size_t entry, uint32_t *row)
{
    const struct change_entry *e = &d->changes.entries[entry];
    *row = e->new_row != CHANGE_NO_ROW ? e->new_row : e->old_row;
    return e->new_row != CHANGE_NO_ROW ? d->changes.new : d->changes.old;
}

static void make_report(struct diff *d, size_t from, struct report_copy *copy)
{
    struct report *r = &d->report;
    bool ok = true;
    copy->to = r;
    for (; from < d->changes.count && ok; from++) {
        uint32_t row;
        const struct report *whose = report_of(d, from, &row);
        ok = report_copy_row(copy, whose, row);
    }
    report_copy_publish(copy);
    if (!ok) /* there are more changes than a report can have rows */
        d->changes.count = r->row_count;
}

bool diff_judge(struct diff *d, const struct audit *audit, struct cancel_token *p)
{
    d->judged = audit_run_part(audit, &d->report, d->judged, d->report.row_count, p);
    audit_bind(audit, d->changes.new);
    return d->judged == d->report.row_count;
}

/* ---- step by step ---- */

struct diff_work {
    struct matching m;
    bool is_checked, has_all; /* has_all: every row of the new report has an account; valid once is_checked */
    bool *is_absent;          /* owned; NULL or one flag per account of the old report: the new one lacks it */
    size_t added, compared, asked; /* rows done: old ones indexed, new ones compared, old ones checked for removal */
    struct report_copy copy;  /* into d->report */
};

void diff_begin(struct diff *d, const struct report *old, const struct report *new)
{
    *d = (struct diff){.changes = {.old = old, .new = new}, .work = xcalloc(1, sizeof *d->work)};
    d->report.changes = &d->changes;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void compare_users(struct diff *d, size_t to)
{
    struct diff_work *w = d->work;
    const struct report *new = d->changes.new;
    for (; w->compared < to; w->compared++) {
        uint32_t old_row = matching_take(&w->m, user_identity(new, (uint32_t)w->compared, w->m.by_name, &w->m.scratch));
        if (!new->files[report_file_of(new, w->compared)].is_kept)
            diff_user(d, old_row, (uint32_t)w->compared);
    }
}

/* Whether R has rows and each of them has an account. */
static bool all_have_accounts(const struct report *r)
{
    for (size_t row = 0; row < r->row_count; row++) {
        if (report_number(r, row, COL_ACCOUNT).state != STATE_VALUE)
            return false;
    }
    return r->row_count > 0;
}

/*
 * Whether the new report has no user at all of the account of ROW, a row of the old one. Every account has a root user,
 * so that account was not read, and nothing is known of changes in it.
 */
static bool is_of_absent_account(struct diff *d, size_t row)
{
    struct diff_work *w = d->work;
    const struct report *old = d->changes.old, *new = d->changes.new;
    struct slice account = report_account_id(old, row);
    if (!w->is_checked) {
        w->is_checked = true;
        w->has_all = all_have_accounts(new);
    }
    if (!w->has_all || !account.len || dict_count(&new->memory->accounts) == DICT_MAX)
        return false;
    return !hash_index_find(&new->memory->accounts.index, account, hash_text(account));
}

static void note_absent(struct diff *d, size_t row)
{
    struct changes *c = &d->changes;
    struct slice account = report_account_id(c->old, row);
    uint32_t *slot = hash_index_find(&c->old->memory->accounts.index, account, hash_text(account));
    bool *flags = d->work->is_absent;
    if (!flags)
        flags = d->work->is_absent = xcalloc(dict_count(&c->old->memory->accounts), sizeof *flags);
    c->absent_users++;
    if (!slot || flags[*slot - 1])
        return;
    flags[*slot - 1] = true;
    if (!c->absent_accounts++)
        snprintf(c->absent_account, sizeof c->absent_account, "%.*s", (int)account.len, account.data);
}

static void find_removed(struct diff *d, size_t to)
{
    struct diff_work *w = d->work;
    for (; w->asked < to; w->asked++) {
        if (w->m.flags[w->asked] & MATCHING_TAKEN)
            continue;
        if (is_of_absent_account(d, w->asked))
            note_absent(d, w->asked);
        else
            diff_user(d, (uint32_t)w->asked, CHANGE_NO_ROW);
    }
}

bool diff_step(struct diff *d, const struct audit *audit, struct cancel_token *p)
{
    /* Rows per step: BIG_PIECE where they are only indexed. */
    enum { PIECE = 1 << 12, BIG_PIECE = 1 << 16 };
    struct diff_work *w = d->work;
    size_t from = d->changes.count, old = d->changes.old->row_count, new = d->changes.new->row_count;
    if (!w)
        return false;
    if (d->judged < d->report.row_count && !diff_judge(d, audit, p))
        return true;
    if (!w->m.next) {
        d->report.as_of = d->changes.new->as_of;
        d->report.account_names = d->changes.new->account_names;
        matching_start(&w->m, d->changes.old, d->changes.new);
    }
    if (w->added < old) {
        size_t to = smaller(old, w->added + BIG_PIECE);
        for (size_t n; w->added < to; w->added += n) {
            n = smaller(to - w->added, MATCHING_AHEAD);
            matching_add(&w->m, old - w->added, n);
        }
    } else if (w->compared < new) {
        compare_users(d, smaller(new, w->compared + PIECE));
    } else {
        find_removed(d, smaller(old, w->asked + PIECE));
    }
    make_report(d, from, &w->copy);
    if (!diff_judge(d, audit, p) || w->added < old || w->compared < new || w->asked < old)
        return true;
    report_add_columns(&d->report, d->changes.new);
    report_add_columns(&d->report, d->changes.old);
    diff_stop(d);
    return false;
}

unsigned diff_percent(const struct diff *d)
{
    enum { DEAR = 8 }; /* comparing a row takes about this many times as long as indexing one */
    const struct diff_work *w = d->work;
    uint64_t all = 2 * (uint64_t)d->changes.old->row_count + DEAR * (uint64_t)d->changes.new->row_count;
    return w && all ? (unsigned)((w->added + w->asked + DEAR * (uint64_t)w->compared) * 100 / all) : 100;
}

void diff_stop(struct diff *d)
{
    if (!d->work)
        return;
    matching_end(&d->work->m);
    report_copy_end(&d->work->copy);
    free(d->work->is_absent);
    free(d->work);
    d->work = NULL;
}

void diff_run(struct diff *d, const struct report *old, const struct report *new, const struct audit *audit)
{
    diff_begin(d, old, new);
    while (diff_step(d, audit, NULL))
        ;
}

void diff_free(struct diff *d)
{
    diff_stop(d);
    report_free(&d->report);
    free(d->changes.entries);
    buffer_free(&d->changes.text);
    *d = (struct diff){0};
}
