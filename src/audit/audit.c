/*
 * Compiles the table of checks into queries and evaluates them span by span, with several threads. The outcomes are
 * stored in the report's blocks as one word per row, one bit per check.
 */
#include "audit/audit.h"

#include "audit/rule.h"
#include "base/large_pages.h"
#include "base/parallel.h"

#include <stdlib.h>

/* Parse and free TEXT. Cannot fail: test_checks parses every part of every check, and rule_is_query() every rule. */
static struct query *compile(struct buffer *text)
{
    struct error err;
    struct query *q = rule_parse((struct slice){text->data, text->len}, &err);
    if (!q)
        abort();
    buffer_free(text);
    return q;
}

/*
 * Returns the query that holds for users at fault by one PART of the check, whose {} are filled. It is asked only of
 * users who fail the check, so that its users (who) need no mention unless clauses give several groups of them a
 * threshold each. SCOPE, "key" or "cert", limits PART to the credential in SLOT; NULL if PART is about the password.
 * Returns NULL if PART is NULL or the check is off for everybody.
 */
static struct query *compile_part(const struct audit *a, size_t check, const char *part, const char *scope, int slot)
{
    struct buffer b = {0};
    size_t start = 0;
    int days;
    for (size_t i = 0; part && check_part_of_users(&a->settings, check, i, &b, &days); i++, start = b.len) {
        bool has_guard = b.len > start;
        if (has_guard)
            buffer_puts(&b, " and ");
        if (has_guard && a->meaning[check].who) {
            check_fill(&b, a->meaning[check].who, days);
            buffer_puts(&b, " and ");
        }
        if (scope)
            buffer_printf(&b, "%s(slot = %d and (", scope, slot);
        else
            buffer_puts(&b, "((");
        check_fill(&b, part, days);
        buffer_puts(&b, ")) or ");
    }
    b.len -= b.len ? strlen(" or ") : 0;
    return b.len ? compile(&b) : NULL;
}

static void compile_check(struct audit *a, size_t i)
{
    a->meaning[i] = check_meaning(i, a->settings.benchmark);
    const struct check *c = &a->meaning[i];
    struct buffer b = {0};
    check_predicate(&b, i, &a->settings);
    a->whole[i] = compile(&b);
    a->worse[i] = NULL;
    if (c->rule) {
        buffer_puts(&b, c->rule);
        a->rule[i] = compile(&b);
    }
    if (c->worse_days) {
        check_predicate_of(&b, c, c->worse_days);
        a->worse[i] = compile(&b);
    }
    a->part[i][CREDENTIAL_PASSWORD] = compile_part(a, i, c->password, NULL, 0);
    a->part[i][CREDENTIAL_KEY_1] = compile_part(a, i, c->key, "key", 1);
    a->part[i][CREDENTIAL_KEY_2] = compile_part(a, i, c->key, "key", 2);
    a->part[i][CREDENTIAL_CERT_1] = compile_part(a, i, c->cert, "cert", 1);
    a->part[i][CREDENTIAL_CERT_2] = compile_part(a, i, c->cert, "cert", 2);
}

static void compile_all(struct audit *a)
{
    for (size_t i = 0; i < check_count(); i++)
        compile_check(a, i);
    for (size_t i = 0; i < CHECK_CLAUSES_MAX; i++) {
        const struct check_clause *clause = &a->settings.clauses[i];
        struct buffer b = {0};
        a->where[i] = NULL;
        if (i >= a->settings.clause_count || a->meaning[clause->check].begin == BEGIN_NONE)
            continue;
        buffer_puts(&b, clause->where);
        a->where[i] = compile(&b);
    }
}

static void free_check(struct audit *a, size_t i)
{
    query_free(a->whole[i]);
    query_free(a->worse[i]);
    query_free(a->rule[i]);
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
        query_free(a->part[i][c]);
}

static void free_all(struct audit *a)
{
    for (size_t i = 0; i < check_count(); i++)
        free_check(a, i);
    for (size_t i = 0; i < CHECK_CLAUSES_MAX; i++)
        query_free(a->where[i]);
}

void audit_init(struct audit *a, const struct check_settings *settings)
{
    *a = (struct audit){.settings = *settings};
    compile_all(a);
}

void audit_drop_clauses(struct audit *a, size_t check, const char *where)
{
    size_t before = a->settings.clause_count;
    for (size_t i = before; i-- > 0;) {
        if (a->settings.clauses[i].check != check || strcmp(a->settings.clauses[i].where, where) != 0)
            continue;
        query_free(a->where[i]);
        check_remove_clause(&a->settings, i);
        memmove(&a->where[i], &a->where[i + 1], (CHECK_CLAUSES_MAX - 1 - i) * sizeof(struct query *));
        a->where[CHECK_CLAUSES_MAX - 1] = NULL;
    }
    if (a->settings.clause_count == before)
        return;
    free_check(a, check);
    compile_check(a, check);
}

void audit_free(struct audit *a)
{
    free_all(a);
    waivers_free(&a->waivers);
    if (a->baseline)
        a->free_baseline(a->baseline);
    *a = (struct audit){0};
}

/* For each of COUNT rows: set bit I in the row's word if the row's bit in HOLDS is set. */
static void set_bits(uint64_t *words, const uint64_t *holds, size_t i, size_t count)
{
    for (size_t w = 0; w * 64 < count; w++) {
        for (uint64_t left = holds[w]; left; left &= left - 1)
            words[w * 64 + (size_t)__builtin_ctzll(left)] |= UINT64_C(1) << i;
    }
}

/* Store COUNT words, mostly 0, in S from row FIRST on. */
static void keep_words(struct sparse *s, size_t first, size_t count, const uint64_t *words)
{
    uint64_t any = 0;
    for (size_t k = 0; k < count; k++)
        any |= words[k];
    if (!any) {
        sparse_clear(s, first, count);
        return;
    }
    for (size_t k = 0; k < count; k++)
        sparse_set(s, first + k, words[k]);
}

/* Store COUNT sets of checks in S from row FIRST on. */
static void keep_sets(struct check_sets *s, size_t first, size_t count, const uint64_t *sets)
{
    uint64_t others[QUERY_SPAN], any = 0;
    for (size_t k = 0; k < count; k++) {
        s->first[first + k] = (uint32_t)sets[k];
        any |= others[k] = sets[k] >> CHECKS_FIRST;
    }
    if (any)
        atomic_store_explicit(&s->has_others, true, memory_order_relaxed);
    keep_words(&s->others, first, count, others);
}

/*
 * Judge the COUNT rows of a span, from FIRST on, by CHECKS (those that were not made are skipped). Sets the checks'
 * bits in the rows' words: FAILED if the row fails, OPEN if the outcome is unknown, WORSE if the finding has the worse
 * severity.
 */
static void judge_span(const struct audit *a, const struct report *r, size_t first, size_t count, uint64_t checks,
    uint64_t *failed, uint64_t *open, uint64_t *worse)
{
    for (uint64_t left = checks & ~r->checks_not_made; left; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        uint64_t holds[QUERY_WORDS], unknown[QUERY_WORDS];
        query_judge(a->whole[i], r, first, count, holds, unknown);
        set_bits(failed, holds, i, count);
        set_bits(open, unknown, i, count);
        if (a->worse[i]) {
            uint64_t worst[QUERY_WORDS]; /* masked by HOLDS: the threshold may be set shorter than worse_days */
            query_judge(a->worse[i], r, first, count, worst, unknown);
            for (size_t w = 0; w < QUERY_WORDS; w++)
                worst[w] &= holds[w];
            set_bits(worse, worst, i, count);
        }
    }
}

static uint64_t all_checks(void)
{
    return check_count() < 64 ? (UINT64_C(1) << check_count()) - 1 : ~UINT64_C(0);
}

/* Judge the COUNT rows of a span, from FIRST on, by all checks, and store the outcomes in the rows' block. */
static void run_checks(const struct audit *a, struct report *r, size_t first, size_t count)
{
    struct report_block *b = r->blocks[first >> BLOCK_BITS];
    uint64_t failed[QUERY_SPAN], open[QUERY_SPAN], worse[QUERY_SPAN];
    memset(failed, 0, count * sizeof *failed);
    memset(open, 0, count * sizeof *open);
    memset(worse, 0, count * sizeof *worse);
    judge_span(a, r, first, count, all_checks(), failed, open, worse);
    keep_sets(&b->failed, first & BLOCK_MASK, count, failed);
    keep_words(&b->unknown, first & BLOCK_MASK, count, open);
    keep_words(&b->worse, first & BLOCK_MASK, count, worse);
}

/*
 * Store in WAIVED (which belongs to the rows' block) the checks that W waives, for each of COUNT rows from FIRST on.
 * FAILED holds the checks that each row of the block fails; only those in ON can be waived.
 */
static void run_waivers(const struct waivers *w, const struct report *r, size_t first, size_t count,
    const struct check_sets *failed, uint64_t on, struct sparse *waived)
{
    if (!waivers_any(w)) {
        sparse_clear(waived, first & BLOCK_MASK, count);
        return;
    }
    uint64_t counts[QUERY_SPAN] = {0}, found[QUERY_SPAN];
    for (size_t i = 0; i < count; i++)
        counts[i] = check_sets_get(failed, (first + i) & BLOCK_MASK) & on;
    waivers_span(w, r, first, count, counts, found);
    for (size_t i = 0; i < count; i++)
        sparse_set(waived, (first + i) & BLOCK_MASK, found[i]);
}

struct running {
    const struct audit *a;
    struct report *r;
    size_t first; /* the row that FROM and TO of run_piece() are counted from */
};

/* Several threads may write to one block, but never to one row. */
static void run_piece(void *context, size_t from, size_t to)
{
    const struct running *run = context;
    for (size_t first = run->first + from; first < run->first + to; first += QUERY_SPAN) {
        size_t left = run->first + to - first, count = left < QUERY_SPAN ? left : QUERY_SPAN;
        run_checks(run->a, run->r, first, count);
        run_waivers(&run->a->waivers, run->r, first, count, &report_block_of(run->r, first)->failed, run->r->checks_on,
            &run->r->blocks[first >> BLOCK_BITS]->waived);
    }
}

/* A check with a name that R lacks has an unknown outcome for all rows. */
void audit_bind(const struct audit *a, const struct report *r)
{
    for (size_t i = 0; i < check_count(); i++) {
        query_bind_settled(a->whole[i], r);
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
            query_bind_settled(a->part[i][c], r);
        query_bind_settled(a->rule[i], r);
    }
    for (size_t i = 0; i < a->settings.clause_count; i++)
        query_bind_settled(a->where[i], r);
    waivers_bind(&a->waivers, r);
}

/*
 * Whether a rule, a `where` or a waiver has a regular expression: only one thread at a time can use it, so others would
 * only wait.
 */
static bool is_for_one_thread(const struct audit *a)
{
    bool is = waivers_are_for_one_thread(&a->waivers);
    for (size_t i = 0; i < check_count(); i++)
        is |= query_is_for_one_thread(a->whole[i]);
    return is;
}

/*
 * Returns how many rows a thread judges between two checks for cancellation: few where each row is slow. Either a
 * multiple of QUERY_SPAN or a power of two below it, so that no span reaches into another block.
 */
static size_t rows_at_once(const struct waivers *w, bool alone)
{
    enum { TRIES = 1 << 23, FEWEST = 16 }; /* TRIES take some 20 ms; a regular expression can take 1 ms per row */
    uint64_t tries = waivers_tries(w), rows = FEWEST;
    while (!alone && rows < PARALLEL_PIECE && rows * 2 * tries <= TRIES)
        rows *= 2;
    return rows;
}

/*
 * Call WORK(CONTEXT, from, to) for pieces of COUNT rows that are asked by the queries and patterns of W. ALONE: by
 * regular expressions, too. Returns false if P has ended.
 */
static bool run_pieces(const struct waivers *w, bool alone, size_t count,
    void (*work)(void *context, size_t from, size_t to), void *context, struct cancel_token *p)
{
    size_t piece = rows_at_once(w, alone);
    /* for a few rows, threads cost more than they save */
    return parallel_pieces(count, piece, !alone && count >= 2 * piece, work, context, p);
}

/*
 * Returns the checks whose `needs` column R lacks. The column must be one that ncred itself made: a joined table's
 * column of the same name does not count.
 */
static uint64_t checks_without_facts(const struct report *r)
{
    uint64_t lacking = 0;
    for (size_t i = 0; i < check_count(); i++) {
        const char *needs = check_at(i)->needs;
        const struct extra_column *c = needs
            ? extra_columns_at(r->extra, extra_columns_find(r->extra, slice_of(needs))) : NULL;
        if (needs && (!c || c->origin != EXTRA_PROGRAM))
            lacking |= UINT64_C(1) << i;
    }
    return lacking;
}

/*
 * Store in R, besides the rows' outcomes: a pointer to A, which checks are on, which were not made, and their
 * severities.
 */
static void tell_report(const struct audit *a, struct report *r)
{
    r->audit = a;
    r->checks_not_made = checks_without_facts(r);
    r->checks_on = (a->settings.on | a->settings.partly) & ~r->checks_not_made;
    memset(r->of_severity, 0, sizeof r->of_severity);
    memset(r->worse_of_severity, 0, sizeof r->worse_of_severity);
    for (size_t i = 0; i < check_count(); i++) {
        r->of_severity[a->meaning[i].severity] |= UINT64_C(1) << i;
        r->worse_of_severity[a->worse[i] ? a->meaning[i].worse : a->meaning[i].severity] |= UINT64_C(1) << i;
    }
}

size_t audit_run_part(const struct audit *a, struct report *r, size_t first_row, size_t end, struct cancel_token *p)
{
    tell_report(a, r);
    if (first_row >= end)
        return end;
    audit_bind(a, r);
    bool alone = is_for_one_thread(a);
    size_t piece = rows_at_once(&a->waivers, alone);
    /* parts are judged in order, so that the next call can go on where P has ended this one */
    size_t part = !p ? SIZE_MAX : alone ? piece : piece * parallel_threads();
    for (size_t from = first_row - first_row % (piece < QUERY_SPAN ? piece : QUERY_SPAN), to; from < end; from = to) {
        struct running run = {a, r, from};
        to = end - from < part ? end : from + part;
        run_pieces(&a->waivers, alone, to - from, run_piece, &run, NULL);
        cancel_progress(p, to, end);
        if (to < end && cancel_check(p))
            return to;
    }
    return end;
}

bool audit_run_until(const struct audit *a, struct report *r, struct cancel_token *p)
{
    tell_report(a, r);
    audit_bind(a, r);
    struct running run = {a, r, 0};
    return run_pieces(&a->waivers, is_for_one_thread(a), r->row_count, run_piece, &run, p);
}

void audit_run(const struct audit *a, struct report *r)
{
    audit_run_until(a, r, NULL);
}

size_t audit_count_with(const struct audit *a, const struct report *r, size_t check, int days, struct cancel_token *p)
{
    struct check_settings with = a->settings;
    struct buffer b = {0};
    size_t users = 0;
    with.days[check] = days;
    check_predicate(&b, check, &with);
    struct query *q = compile(&b);
    if (query_needs_report(q))
        query_bind(q, r, NULL);
    for (size_t first = 0; first < r->row_count && users != SIZE_MAX; first += QUERY_SPAN) {
        size_t count = r->row_count - first < QUERY_SPAN ? r->row_count - first : QUERY_SPAN;
        uint64_t holds[QUERY_WORDS], unknown[QUERY_WORDS], failed[QUERY_SPAN], waived[QUERY_SPAN];
        if (cancel_check(p)) {
            users = SIZE_MAX;
            break;
        }
        query_judge(q, r, first, count, holds, unknown);
        for (size_t k = 0; k < count; k++)
            failed[k] = (holds[k / 64] >> k % 64 & 1) << check;
        waivers_span(&a->waivers, r, first, count, failed, waived); /* audit_waived() knows only present findings */
        for (size_t k = 0; k < count; k++)
            users += failed[k] && !waived[k];
    }
    query_free(q);
    return users;
}

static size_t block_count(const struct report *r)
{
    return (r->row_count + BLOCK_ROWS - 1) >> BLOCK_BITS;
}

/* ---- other settings ------------------------------------------------------------- */

/* Outcomes for one block under new settings, kept beside those in the report until all are known. */
struct judged_block {
    struct check_sets failed;
    struct sparse unknown, worse, waived;
};

/* Outcomes for one report under new settings. */
struct judging {
    const struct audit *next;     /* has the new settings */
    const struct report *r;
    uint64_t checks;              /* those whose settings differ; outcomes of the others are copied from the report */
    uint64_t on;                  /* the new value of r->checks_on */
    struct judged_block *blocks;  /* owned, one per block of R */
    size_t count;
};

static uint64_t differing_checks(const struct check_settings *a, const struct check_settings *b)
{
    uint64_t checks = (a->on ^ b->on) | (a->partly ^ b->partly);
    for (size_t i = 0; i < check_count(); i++)
        checks |= (uint64_t)(a->days[i] != b->days[i]) << i;
    return checks;
}

static void judge_again(const struct judging *j, size_t first, size_t count)
{
    const struct report_block *now = report_block_of(j->r, first);
    struct judged_block *b = &j->blocks[first >> BLOCK_BITS];
    uint64_t failed[QUERY_SPAN], open[QUERY_SPAN], worse[QUERY_SPAN];
    for (size_t k = 0; k < count; k++) {
        size_t row = (first + k) & BLOCK_MASK;
        failed[k] = check_sets_get(&now->failed, row) & ~j->checks;
        open[k] = sparse_get(&now->unknown, row) & ~j->checks;
        worse[k] = sparse_get(&now->worse, row) & ~j->checks;
    }
    judge_span(j->next, j->r, first, count, j->checks, failed, open, worse);
    keep_sets(&b->failed, first & BLOCK_MASK, count, failed);
    keep_words(&b->unknown, first & BLOCK_MASK, count, open);
    keep_words(&b->worse, first & BLOCK_MASK, count, worse);
    run_waivers(&j->next->waivers, j->r, first, count, &b->failed, j->on, &b->waived);
}

static void judge_piece(void *context, size_t from, size_t to)
{
    for (size_t first = from; first < to; first += QUERY_SPAN)
        judge_again(context, first, to - first < QUERY_SPAN ? to - first : QUERY_SPAN);
}

/*
 * Judge R by NEXT, whose settings differ in CHECKS, and put the outcomes into J. Returns false if P has ended. The
 * caller frees J with free_judging() in either case.
 */
static bool judge_report(struct judging *j, const struct audit *next, const struct report *r, uint64_t checks,
    struct cancel_token *p)
{
    *j = (struct judging){.next = next, .r = r, .checks = checks,
        .on = (next->settings.on | next->settings.partly) & ~r->checks_not_made, .count = block_count(r)};
    j->blocks = xcalloc(j->count + 1, sizeof *j->blocks);
    audit_bind(next, r);
    return run_pieces(&next->waivers, is_for_one_thread(next), r->row_count, judge_piece, j, p);
}

static void free_judging(struct judging *j)
{
    for (size_t i = 0; i < j->count; i++) {
        sparse_free(&j->blocks[i].failed.others);
        sparse_free(&j->blocks[i].unknown);
        sparse_free(&j->blocks[i].worse);
        sparse_free(&j->blocks[i].waived);
    }
    free(j->blocks);
}

/* Exchange the outcomes in R for those in J. */
static void take_judging(struct judging *j, struct report *r)
{
    for (size_t i = 0; i < j->count; i++) {
        struct report_block *b = r->blocks[i];
        size_t rows = r->row_count - (i << BLOCK_BITS);
        memcpy(b->failed.first, j->blocks[i].failed.first,
            (rows < BLOCK_ROWS ? rows : BLOCK_ROWS) * sizeof b->failed.first[0]);
        sparse_swap(&b->failed.others, &j->blocks[i].failed.others);
        b->failed.has_others = j->blocks[i].failed.has_others;
        sparse_swap(&b->unknown, &j->blocks[i].unknown);
        sparse_swap(&b->worse, &j->blocks[i].worse);
        sparse_swap(&b->waived, &j->blocks[i].waived);
    }
}

bool audit_change(struct audit *a, const struct check_settings *settings, struct report *const *reports, size_t count,
    struct cancel_token *p)
{
    struct audit next;
    struct judging *all = xcalloc(count + 1, sizeof *all);
    size_t begun = 0;
    bool known = true;
    audit_init(&next, settings);
    next.waivers = a->waivers; /* still owned by A */
    for (; known && begun < count; begun++)
        known = judge_report(&all[begun], &next, reports[begun], differing_checks(&next.settings, &a->settings), p);
    if (known) {
        struct audit before = *a;
        next.baseline = a->baseline;
        next.free_baseline = a->free_baseline;
        *a = next;
        next = before;
    }
    for (size_t i = count; known && i-- > 0;) { /* backwards, so that names end up bound to the first report */
        take_judging(&all[i], reports[i]);
        tell_report(a, reports[i]);
        audit_bind(a, reports[i]);
    }
    for (size_t i = 0; i < begun; i++)
        free_judging(&all[i]);
    free_all(&next);
    free(all);
    if (!known && count)
        audit_bind(a, reports[0]); /* judge_report() has bound the waivers, which NEXT shares, to another report */
    return known;
}

/* ---- other waivers -------------------------------------------------------------- */

/* What new waivers waive in a report, kept beside what the report has until all is known. */
struct audit_waiving {
    const struct waivers *waivers;
    const struct report *r;
    struct sparse *waived; /* owned: one per block */
};

static void waive_piece(void *context, size_t from, size_t to)
{
    const struct audit_waiving *w = context;
    for (size_t first = from; first < to; first += QUERY_SPAN)
        run_waivers(w->waivers, w->r, first, to - first < QUERY_SPAN ? to - first : QUERY_SPAN,
            &report_block_of(w->r, first)->failed, w->r->checks_on, &w->waived[first >> BLOCK_BITS]);
}

/* Returns A's waivers from FILE. If A has none from that file, appends an empty element and sets *IS_NEW. */
static struct waivers *place_of(struct audit *a, const char *file, bool *is_new)
{
    struct waivers *w = &a->waivers;
    *is_new = false;
    while (w->more && w->file && strcmp(w->file, file) != 0)
        w = w->more;
    if (!w->file || strcmp(w->file, file) == 0)
        return w;
    *is_new = true;
    return w->more = xcalloc(1, sizeof *w);
}

/* Remove the element that place_of() appended. */
static void remove_place(struct audit *a, const struct waivers *place)
{
    struct waivers *w = &a->waivers;
    while (w->more != place)
        w = w->more;
    free(w->more);
    w->more = NULL;
}

/*
 * Exchange the waivers of PLACE and D, and the waived checks of the COUNT REPORTS and OF, one per report. Calling it
 * again restores them.
 */
static void swap_waivers(struct waivers *place, struct report *const *reports, size_t count, struct waivers_draft *d,
    struct audit_waiving *of)
{
    struct waivers before = *place; /* the links to other files' waivers stay as they are */
    *place = d->waivers;
    place->more = before.more;
    d->waivers = before;
    d->waivers.more = NULL;
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < block_count(reports[k]); i++)
            sparse_swap(&reports[k]->blocks[i]->waived, &of[k].waived[i]);
    }
}

/*
 * Put into waived of each of the REPORTS elements of OF what A's waivers will waive in its report once those of D
 * replace PLACE. Returns false if cancelled.
 */
static bool try_waivers(struct audit_waiving *of, size_t reports, const struct audit *a, const struct waivers *place,
    struct waivers_draft *d)
{
    size_t count = 0;
    for (const struct waivers *one = &a->waivers; one; one = one->more)
        count++;
    struct waivers *all = xcalloc(count, sizeof *all); /* a copy, so that A stays unchanged if this is cancelled */
    const struct waivers *one = &a->waivers;
    for (size_t i = 0; i < count; i++, one = one->more) {
        all[i] = one == place ? d->waivers : *one;
        all[i].more = i + 1 < count ? &all[i + 1] : NULL;
    }
    bool known = true;
    for (size_t k = reports; k-- > 0 && known;) { /* names stay bound to the first one, as TAKE needs them */
        of[k].waivers = all;
        waivers_bind(all, of[k].r);
        known = run_pieces(all, waivers_are_for_one_thread(all), of[k].r->row_count, waive_piece, &of[k], d->cancel);
    }
    known = known && waivers_draft_wait(d);
    free(all);
    return known;
}

bool audit_waive(struct audit *a, struct report *const *reports, size_t count, struct waivers_draft *d,
    bool (*take)(void *context), void *context, struct error *err)
{
    struct audit_waiving *of = xcalloc(count, sizeof *of);
    bool is_new;
    for (size_t k = 0; k < count; k++)
        of[k] = (struct audit_waiving){NULL, reports[k], xcalloc(block_count(reports[k]) + 1, sizeof *of->waived)};
    struct waivers *place = place_of(a, d->waivers.file, &is_new);
    bool known = try_waivers(of, count, a, place, d);
    if (known)
        swap_waivers(place, reports, count, d, of);
    bool taken = known && take(context);
    if (!taken)
        error_set(err, "cancelled");
    bool ok = waivers_draft_end(d, taken, err);
    if (known && !ok)
        swap_waivers(place, reports, count, d, of);
    if (is_new && !ok)
        remove_place(a, place);
    if (!ok)
        /* the waivers of other files, which the draft's were tried with, may be bound to another */
        audit_bind(a, reports[0]);
    waivers_free(&d->waivers);
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; i < block_count(reports[k]); i++)
            sparse_free(&of[k].waived[i]);
        free(of[k].waived);
    }
    free(of);
    return ok;
}

uint64_t audit_failed(const struct report *r, size_t row)
{
    return check_sets_get(&report_block_of(r, row)->failed, row & BLOCK_MASK);
}

uint64_t audit_unknown(const struct report *r, size_t row)
{
    return sparse_get(&report_block_of(r, row)->unknown, row & BLOCK_MASK) & r->checks_on;
}

uint64_t audit_not_made(const struct report *r)
{
    return r->audit ? (r->audit->settings.on | r->audit->settings.partly) & r->checks_not_made : 0;
}

void audit_tell_not_made(struct buffer *b, const struct report *r)
{
    if (audit_not_made(r))
        buffer_puts(b, "skipped without --details: ");
    check_list(b, audit_not_made(r));
}

uint64_t audit_waived(const struct report *r, size_t row)
{
    return sparse_get(&report_block_of(r, row)->waived, row & BLOCK_MASK);
}

uint64_t audit_counted(const struct report *r, size_t row)
{
    return audit_failed(r, row) & r->checks_on & ~audit_waived(r, row);
}

/* Set the bits in BITS of those rows that fail CHECK, of COUNT rows from FIRST on. */
static void failing_rows(const struct report *r, size_t first, size_t count, size_t check, uint64_t *bits)
{
    memset(bits, 0, QUERY_WORDS * sizeof *bits);
    for (size_t k = 0; k < count; k++)
        bits[k / 64] |= (audit_failed(r, first + k) >> check & 1) << k % 64;
}

uint64_t audit_worse(const struct report *r, size_t row)
{
    return sparse_get(&report_block_of(r, row)->worse, row & BLOCK_MASK);
}

enum severity audit_severity(const struct report *r, size_t row, size_t check)
{
    const struct check *c = &r->audit->meaning[check];
    return audit_worse(r, row) >> check & 1 ? c->worse : c->severity;
}

uint64_t audit_severe(const struct report *r, size_t row, enum severity severity)
{
    uint64_t severe = 0;
    for (uint64_t left = audit_counted(r, row); left; left &= left - 1) {
        size_t check = (size_t)__builtin_ctzll(left);
        severe |= audit_severity(r, row, check) >= severity ? UINT64_C(1) << check : 0;
    }
    return severe;
}

uint64_t audit_of_severity(const struct report *r, size_t row, uint64_t bits, enum severity severity)
{
    uint64_t worse = bits ? audit_worse(r, row) : 0;
    return bits & ((~worse & r->of_severity[severity]) | (worse & r->worse_of_severity[severity]));
}

enum severity audit_worst(const struct report *r, size_t row, uint64_t bits)
{
    enum severity worst = bits ? SEVERITY_COUNT - 1 : SEVERITY_NONE;
    while (worst > SEVERITY_NONE && !audit_of_severity(r, row, bits, worst))
        worst--;
    return worst;
}

/*
 * For each of COUNT rows from FIRST on, all in one span: store in its word of WORDS those of CHECKS in which its
 * credential C is at fault. Rows that do not fail a check may have its bit set, too.
 */
static void fault_span(const struct report *r, size_t first, size_t count, enum credential c, uint64_t checks,
    uint64_t *words)
{
    memset(words, 0, count * sizeof *words);
    for (uint64_t left = checks; left; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        uint64_t holds[QUERY_WORDS], unknown[QUERY_WORDS];
        if (r->audit->rule[i]) {
            failing_rows(r, first, count, i, holds);
            query_blame(r->audit->rule[i], r, first, count, c, holds);
            set_bits(words, holds, i, count);
        }
        if (!r->audit->part[i][c] || r->checks_not_made >> i & 1)
            continue;
        query_judge(r->audit->part[i][c], r, first, count, holds, unknown);
        set_bits(words, holds, i, count);
    }
}

struct finding_faults {
    const struct report *r;
    struct audit_faults *faults;
};

static void find_faults(void *context, size_t from, size_t to)
{
    const struct finding_faults *f = context;
    uint64_t words[CREDENTIAL_COUNT][QUERY_SPAN];
    for (size_t first = from; first < to; first += QUERY_SPAN) {
        size_t count = to - first < QUERY_SPAN ? to - first : QUERY_SPAN;
        uint8_t *at = f->faults->at_fault + f->faults->of_block[first >> BLOCK_BITS] + f->faults->first[first];
        uint64_t failed = 0; /* checks that some row of the span fails; the others need no look at credentials */
        for (size_t k = 0; k < count; k++)
            failed |= audit_failed(f->r, first + k);
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
            fault_span(f->r, first, count, c, failed & f->r->checks_on, words[c]);
        for (size_t k = 0; k < count; k++) {
            for (uint64_t left = audit_failed(f->r, first + k) & f->r->checks_on; left; left &= left - 1) {
                unsigned check = (unsigned)__builtin_ctzll(left), faults = 0;
                for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
                    faults |= (unsigned)(words[c][k] >> check & 1) << c;
                *at++ = (uint8_t)faults;
            }
        }
    }
}

struct audit_faults audit_faults(const struct report *r, struct cancel_token *p)
{
    struct audit_faults faults = {.of_block = xcalloc((r->row_count >> BLOCK_BITS) + 1, sizeof *faults.of_block),
        .first = large_pages_new(r->row_count, sizeof *faults.first)};
    uint64_t before = 0; /* bytes of the blocks before */
    uint32_t own = 0;    /* bytes of the block's rows so far */
    for (size_t row = 0; row < r->row_count; row++) {
        if (!(row & BLOCK_MASK)) {
            faults.of_block[row >> BLOCK_BITS] = before += own;
            own = 0;
        }
        faults.first[row] = own;
        own += r->audit ? (uint32_t)__builtin_popcountll(audit_failed(r, row) & r->checks_on) : 0;
    }
    faults.at_fault = large_pages_new(before + own, sizeof *faults.at_fault);
    if (r->audit)
        parallel_run(r->row_count, false, find_faults, &(struct finding_faults){r, &faults}, p);
    return faults;
}

void audit_faults_free(struct audit_faults *f)
{
    free(f->of_block);
    free(f->first);
    free(f->at_fault);
    *f = (struct audit_faults){0};
}

void audit_faults_prefetch(const struct audit_faults *f, const struct report *r, size_t row)
{
    __builtin_prefetch(&f->first[row]);
    audit_prefetch(r, row);
}

void audit_prefetch(const struct report *r, size_t row)
{
    const struct report_block *b = report_block_of(r, row);
    size_t i = row & BLOCK_MASK;
    check_sets_prefetch(&b->failed, i);
    sparse_prefetch(&b->waived, i);
    sparse_prefetch(&b->worse, i);
}

uint64_t audit_faults_by(const struct audit_faults *f, const struct report *r, size_t row, enum credential c)
{
    const uint8_t *at = audit_faults_of(f, row);
    uint64_t checks = 0;
    for (uint64_t left = r->audit ? audit_failed(r, row) & r->checks_on : 0; left; left &= left - 1)
        checks |= (uint64_t)(*at++ >> c & 1) << __builtin_ctzll(left);
    return checks;
}

bool audit_is_fault(const struct report *r, size_t row, size_t check, enum credential c)
{
    const struct query *q = r->audit->part[check][c], *rule = r->audit->rule[check];
    uint64_t blamed[QUERY_WORDS] = {1};
    if (rule)
        query_blame(rule, r, row, 1, c, blamed);
    return (rule && blamed[0] & 1) || (q && query_holds_surely(q, r, row));
}

uint64_t audit_fault(const struct report *r, size_t row, enum credential c)
{
    uint64_t bits = 0;
    /* no credential is at fault in a check that its user passes */
    for (uint64_t left = r->audit ? audit_failed(r, row) : 0; left; left &= left - 1) {
        size_t check = (size_t)__builtin_ctzll(left);
        bits |= (uint64_t)audit_is_fault(r, row, check, c) << check;
    }
    return bits;
}
