/* Inputs are found or fetched and loaded one after another; then the newest report of each account is kept. */
#include "session/session.h"
#include "audit/baseline.h"
#include "config/command_line.h"
#include "session/inputs_fetched.h"
#include "session/inputs_newest.h"
#include "session/session_context.h"
#include "session/session_history.h"
#include "session/turn.h"
#include "session/watched.h"

#include "read/account_list.h"
#include "read/demo.h"
#include "fetch/progress.h"
#include "read/parse.h"
#include "report/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Read the names of accounts from both lists that may have them. */
static bool read_names(struct session *s, struct error *err)
{
    const struct options *o = s->options;
    bool ok = (!o->account_names || account_list_read(&s->names, o->account_names, err))
        && inputs_read_accounts(&o->wish, err);
    if (ok && o->wish.accounts)
        accounts_add(&s->names, o->wish.accounts);
    for (int i = 0; i < 2; i++)
        s->sides[i].report.account_names = s->names.count ? &s->names : NULL;
    return ok;
}

static void print_lines(const char *at)
{
    for (; *at; at += strcspn(at, "\n") + 1)
        fprintf(stderr, "ncred: %.*s\n", (int)strcspn(at, "\n"), at);
}

void session_tell(struct session *s)
{
    const struct buffer *said = &s->sides[0].inputs.messages;
    if (said->len > s->messages_printed)
        print_lines(said->data + s->messages_printed);
    s->messages_printed = said->len;
}

/* Find or fetch all of WISH, showing the progress. */
static bool gather_inputs(const struct inputs_wish *wish, struct inputs *out, struct error *err)
{
    struct fetch_progress progress = {.out = stderr, .terminal = isatty(STDERR_FILENO)};
    struct fetch_settings settings = fetch_defaults;
    settings.progress = fetch_progress_tell;
    settings.context = &progress;
    settings.terminal = progress.terminal;
    bool ok = inputs_gather(wish, &settings, out, err);
    fetch_progress_end(&progress);
    return ok;
}

/* Load the inputs into R; with --demo the sample comes first. */
static bool load_into(struct session *s, struct report *r, struct load_result *results, struct error *err)
{
    const struct inputs *o = &s->sides[0].inputs;
    struct load_time own = {0};
    r->account_names = s->names.count ? &s->names : NULL;
    return (!s->options->demo || parse_report(r, "demo", slice_of(demo_csv), err))
        && load_all(r, o->inputs, o->input_count, NULL, results, &own, err);
}

/* After the inputs were loaded: if some must be left out, load the others into SPARE and show that. */
static bool settle(struct session *s, struct report *spare, const struct load_result *results, struct error *err)
{
    bool again = inputs_settle(&s->sides[0].inputs, s->report, results), ok = true;
    if (again) {
        struct load_result *fresh = xcalloc(s->sides[0].inputs.input_count + 1, sizeof *fresh);
        s->report = spare;
        ok = load_into(s, spare, fresh, err);
        inputs_were_loaded(&s->sides[0].inputs, fresh);
        free(fresh);
    }
    if (s->sides[0].inputs.own_time.known)
        load_time_take(&s->sides[0].own_time, s->sides[0].inputs.own_time.at, s->sides[0].inputs.own_time.why);
    s->is_partial |= s->sides[0].inputs.failed > 0;
    return ok;
}

static bool load_now(struct session *s, struct error *err)
{
    struct load_result *results = xcalloc(s->sides[0].inputs.input_count, sizeof *results);
    struct error why;
    bool ok = load_into(s, s->report, results, &why);
    bool settled = settle(s, &s->sides[1].report, results, err);
    free(results);
    return ok ? settled : inputs_explain_none(&s->sides[0].inputs, err);
}

/* Wait until there is a user, or all has been read. */
static void wait_for_start(struct session *s, int which)
{
    enum { WHILE = 1000 };
    while (load_poll(s->sides[which].load) && !s->sides[which].report.row_count)
        load_wait(s->sides[which].load, WHILE);
}

/* Wait until there is a screen of users. Once there is a user, do not wait for a silent input. */
static void wait_for_rows(struct session *s)
{
    enum { SILENCE = 100 }; /* milliseconds */
    for (bool more = true, is_silent = false; more && !is_silent && s->report->row_count < LOAD_FIRST_ROWS;) {
        size_t before = s->report->row_count;
        load_wait(s->sides[0].load, SILENCE);
        more = load_poll(s->sides[0].load);
        is_silent = before && s->report->row_count == before;
    }
}

/* Compile the checks, once, and only if some output depends on them. */
static void compile_checks(struct session *s)
{
    if (s->asks_checks && !s->has_checks)
        audit_init(&s->audit, &s->options->checks);
    s->has_checks = true;
}

/* Returns false only if everything has been read and there was nothing. Other errors are reported by session_poll(). */
static bool start_load(struct session *s, int which, struct inputs *o, struct error *err)
{
    struct load *l = s->sides[which].load = load_start(&s->sides[which].report, o->inputs, o->input_count);
    compile_checks(s); /* while the first rows are read */
    wait_for_start(s, which);
    if (load_succeeded(l, err) || s->sides[which].report.file_count)
        return true;
    inputs_settle(o, &s->sides[which].report, load_results(l));
    return inputs_explain_none(o, err);
}

static bool load_behind(struct session *s, struct error *err)
{
    if (s->options->demo && !parse_report(s->report, "demo", slice_of(demo_csv), err))
        return false;
    return start_load(s, 0, &s->sides[0].inputs, err);
}

static bool open_inputs(struct session *s, bool behind, struct error *err)
{
    static char standard_input[] = "-";
    static char *const only[] = {standard_input};
    const struct options *o = s->options;
    struct inputs_wish wish = o->wish;
    if (o->demo)
        load_time_take(&s->sides[0].own_time, demo_as_of, "sample");
    if (o->demo && !o->file_count && !wish.fetch)
        return parse_report(s->report, "demo", slice_of(demo_csv), err);
    if (!o->file_count && !wish.fetch) {
        wish.paths = only;
        wish.path_count = 1;
    }
    bool ok = gather_inputs(&wish, &s->sides[0].inputs, err)
        && (behind && !session_context_is_beside(&s->sides[0].inputs) ? load_behind(s, err) : load_now(s, err));
    s->is_partial |= s->sides[0].inputs.failed > 0;
    if (!ok && s->sides[0].inputs.failed <= 1) /* ERR has the only message */
        s->messages_printed = s->sides[0].inputs.messages.len;
    session_tell(s);
    return ok;
}

/* Start to read one side of a comparison. */
static bool open_side(struct session *s, int which, const struct inputs_wish *wish, struct inputs *o,
    struct error *err)
{
    bool ok = gather_inputs(wish, o, err) && start_load(s, which, o, err);
    if (!ok && o->failed > 1 && o->messages.data)
        print_lines(o->messages.data);
    return ok;
}

/* OLD is the first file, NEW the second one or what is fetched. */
static bool open_two(struct session *s, struct error *err)
{
    struct inputs_wish old = {.paths = s->options->wish.paths, .path_count = 1}, new = s->options->wish;
    old.keeps_pipes = new.keeps_pipes;
    new.paths++;
    new.path_count--;
    diff_begin(&s->diff, &s->sides[0].report, &s->sides[1].report);
    s->report = &s->diff.report;
    bool ok = open_side(s, 0, &old, &s->sides[0].inputs, err) && open_side(s, 1, &new, &s->sides[1].inputs, err);
    if (!ok) /* all messages have been printed */
        s->messages_printed = s->sides[0].inputs.messages.len;
    return ok;
}

/* Ask the loads for the times known so far. */
static void take_times(struct session *s)
{
    for (int i = 0; i < 2; i++) {
        struct load_time own = {0};
        if (s->sides[i].load)
            own = load_own_time(s->sides[i].load);
        if (own.known)
            load_time_take(&s->sides[i].own_time, own.at, own.why);
    }
}

/* Set the as-of times. With --diff each report has its own, unless --as-of is given. */
static void choose_as_of(struct session *s)
{
    const struct options *o = s->options;
    take_times(s);
    const struct load_time *own = &s->sides[o->diff ? 1 : 0].own_time;
    int64_t as_of = o->as_of_given ? o->as_of : own->known ? own->at : s->now;
    s->as_of_why = o->as_of_given ? "--as-of" : own->known ? own->why : "now";
    s->sides[1].report.as_of = s->diff.report.as_of = as_of;
    s->sides[1].report.as_of_why = s->diff.report.as_of_why = s->as_of_why;
    s->sides[0].report.as_of = o->diff && s->sides[0].own_time.known ? s->sides[0].own_time.at : as_of;
    s->sides[0].report.as_of_why = o->diff && s->sides[0].own_time.known ? s->sides[0].own_time.why : s->as_of_why;
}

/* Must be called when a report has all rows and its as-of time. */
static void review(struct report *r)
{
    review_rows(r);
    review_tell(r);
}

/* ---- two reports ---- */

/*
 * One side has ended. Returns false with ERR set if it is incomplete, because missing users would be taken for removed
 * ones.
 */
static bool finish_side(struct session *s, int which, struct error *err)
{
    struct inputs *o = which ? &s->sides[1].inputs : &s->sides[0].inputs;
    struct load *l = s->sides[which].load;
    struct report *r = &s->sides[which].report;
    bool ok = load_succeeded(l, err);
    if (ok && load_progress(l).is_stopped)
        ok = error_set(err, "stopped before both reports were read: nothing was compared");
    if (inputs_settle(o, r, load_results(l)) && ok) {
        s->sides[which].audited = 0;
        ok = inputs_reload(o, r, NULL, err);
    }
    if (o->own_time.known)
        load_time_take(&s->sides[which].own_time, o->own_time.at, o->own_time.why);
    s->is_partial |= o->failed > 0;
    load_free(l);
    s->sides[which].load = NULL;
    return ok;
}

/* Take in what one side has read. Returns false as finish_side() does. */
static bool poll_side(struct session *s, int which, struct error *err)
{
    struct load *l = s->sides[which].load;
    if (!l)
        return true;
    bool more = load_poll(l);
    s->sides[which].progress = load_progress(l);
    return more || finish_side(s, which, err);
}

/*
 * Begin to judge, or to compare: on screen only for a short time, or until S->cancel ends. Returns the token, which is
 * valid as long as TURN is.
 */
static struct cancel_token *begin_turn(const struct session *s, struct turn *turn)
{
    return s->is_screen ? turn_begin(turn, s->cancel) : NULL;
}

/* Judge the new rows of both reports, or all of them if the as-of time has changed. Returns whether all are judged. */
static bool audit_sides(struct session *s)
{
    struct turn turn;
    struct cancel_token *p = begin_turn(s, &turn);
    s->is_judging = false;
    for (int i = 0; i < 2; i++) {
        struct session_side *side = &s->sides[i];
        struct report *r = &side->report;
        bool moved = r->as_of != side->audited_as_of;
        side->audited = audit_run_part(&s->audit, r, moved ? 0 : side->audited, r->row_count, p);
        side->audited_as_of = r->as_of;
        s->is_judging |= side->audited < r->row_count;
    }
    return !s->is_judging;
}

/* Append the newer report's messages to the older one's. */
static void join_said(struct session *s)
{
    struct buffer *said = &s->sides[1].inputs.messages;
    if (said->len)
        buffer_add(&s->sides[0].inputs.messages, said->data, said->len);
    buffer_puts(&s->sides[0].inputs.messages, "");
    s->sides[0].inputs.failed += s->sides[1].inputs.failed;
}

static bool cancel_two(struct session *s)
{
    for (int i = 0; i < 2; i++) {
        load_free(s->sides[i].load);
        s->sides[i].load = NULL;
    }
    join_said(s);
    diff_stop(&s->diff);
    s->is_judging = false;
    s->is_partial |= !s->is_stopped;
    return false;
}

/* Whether the report, or a side of the comparison, has the columns that the configuration's line needs. */
static bool is_right_line(const struct session *s, const struct unsure_line *line, struct error *err)
{
    enum benchmark benchmark = s->options->checks.benchmark;
    struct error ignored;
    return s->options->diff ? unsure_lines_is_right(line, &s->sides[0].report, benchmark, &ignored)
            || unsure_lines_is_right(line, &s->sides[1].report, benchmark, err)
        : unsure_lines_is_right(line, s->report, benchmark, err);
}

/* Take LINE out of force. Filters and orders are left out by bind_names() and the screen, which refuse them. */
static void drop_line(struct session *s, const struct unsure_line *line)
{
    if (line->kind != UNSURE_RULE)
        return;
    size_t check = check_find(slice_of(line->name), BENCHMARK_NCRED, NULL);
    if (line->is_rule)
        s->audit.settings.on &= ~(UINT64_C(1) << check);
    else
        audit_drop_clauses(&s->audit, check, line->text);
    s->has_dropped = true;
    for (int i = 0; i < 2; i++)
        s->sides[i].audited = 0;
}

/*
 * Report lines of the configuration, and queries of waivers, that name columns that the report turned out not to have.
 * The screen goes on without these lines, as main.c does for other errors. Otherwise returns false with ERR set.
 */
static bool settle_names(struct session *s, struct error *err)
{
    const struct unsure_lines *l = &s->options->config.unsure;
    struct error why;
    size_t wrong = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct unsure_line *line = &l->list[i];
        if (is_right_line(s, line, &why))
            continue;
        buffer_printf(&s->sides[0].inputs.messages, "%s: %s\n", line->place, why.text);
        wrong++;
        drop_line(s, line);
    }
    bool stops = wrong && (!s->is_screen || s->options->config_given);
    if (!s->is_screen || stops) /* session_open() sees to it that the screen is not there then */
        session_tell(s);
    if (stops)
        return error_set(err, "stopped: fix the configuration, or use --config= to ignore it");
    bool is_diff = s->options->diff;
    return (is_diff && waivers_check_names(&s->audit.waivers, &s->sides[0].report, err))
        || waivers_check_names(&s->audit.waivers, is_diff ? &s->sides[1].report : s->report, err);
}

/* Both reports must be judged again then, because rules may be about columns of other files. */
static bool add_context_to_both(struct session *s, struct error *err)
{
    struct buffer ignored = {0};
    /* what came with the newer report is newer, but lacks users that only the older one has */
    struct inputs *in = &s->sides[session_context_is_beside(&s->sides[1].inputs) ? 1 : 0].inputs;
    size_t before = in->messages.len;
    session_context_finish(&s->context, in, NULL);
    if (in != &s->sides[0].inputs && in->messages.len > before)
        buffer_add(&s->sides[0].inputs.messages, in->messages.data + before, in->messages.len - before);
    bool ok = session_context_apply(s->context, &s->sides[0].report, &ignored, err)
        && session_context_apply(s->context, &s->sides[1].report, &s->sides[0].inputs.messages, err);
    buffer_free(&ignored);
    ok = ok && settle_names(s, err);
    for (int i = 0; i < 2; i++) {
        if (s->sides[i].report.extra->count)
            s->sides[i].audited = 0;
    }
    return ok;
}

static bool poll_two(struct session *s, struct error *err)
{
    bool ok = true;
    for (int i = 0; i < 2 && ok; i++)
        ok = poll_side(s, i, err);
    if (!ok)
        return cancel_two(s);
    choose_as_of(s); /* the time of one may be the time of both */
    bool is_judged = audit_sides(s);
    if (s->sides[0].load || s->sides[1].load)
        return true;
    if (!s->has_both) {
        for (int i = 0; i < 2; i++)
            review(&s->sides[i].report);
        join_said(s);
        if (!add_context_to_both(s, err))
            return cancel_two(s);
        is_judged = audit_sides(s);
    }
    s->has_both = true;
    if (!is_judged)
        return true;
    struct turn turn;
    struct cancel_token *p = begin_turn(s, &turn);
    if (s->is_stopped) {
        if (!diff_judge(&s->diff, &s->audit, p))
            return true;
        diff_stop(&s->diff);
        return error_set(err, "stopped: only the changes found until then are listed");
    }
    if (diff_step(&s->diff, &s->audit, p))
        return true;
    /* unless there are many changes and nobody asked for such columns */
    if (s->context || options_need_report(s->options) || s->report->row_count <= SESSION_OWN_COLUMNS_ROWS)
        session_context_to_changes(s->context, &s->diff, &s->audit, err);
    return false;
}

/* Whether the screen goes on without this filter or order of the configuration, as settle_names() has reported. */
static bool is_dropped(const struct session *s, enum unsure_kind kind, const char *text)
{
    const struct options *o = s->options;
    const struct unsure_lines *l = &o->config.unsure;
    struct error ignored;
    bool is = false, configured = false;
    for (size_t i = 0; i < o->configured_count; i++)
        configured |= o->given[i].text == text;
    for (size_t i = 0; s->is_screen && configured && i < l->count && !is; i++)
        is = l->list[i].kind == kind && strcmp(l->list[i].text, text) == 0 && !is_right_line(s, &l->list[i], &ignored);
    return is;
}

/* Look up the names in filters, and on screen in the order, that only the report knows; print.c sorts by itself. */
static bool bind_names(const struct session *s, struct error *err)
{
    const struct options *o = s->options;
    const struct report *r = s->report;
    struct error why;
    struct sort_order ignored;
    for (size_t i = 0; i < o->filter_count; i++) {
        if (!query_bind(o->filters[i], r, &why) && !is_dropped(s, UNSURE_QUERY, o->filter_texts[i]))
            return error_set(err, "--filter: at offset %zu of \"%s\": %s", why.offset, o->filter_texts[i], why.text);
    }
    return !s->is_screen || o->listing != LIST_USERS || command_line_sort(o, r, &ignored, err)
        || is_dropped(s, UNSURE_ORDER, o->sort_list);
}

/* Compare to the end. The summary is printed unless BEHIND, because the screen shows it. */
static bool compare_now(struct session *s, bool behind, struct error *err)
{
    struct buffer summary = {0};
    err->text[0] = '\0';
    while (poll_two(s, err)) {
        if (session_descriptor(s) >= 0)
            load_wait(s->sides[s->sides[0].load ? 0 : 1].load, -1);
    }
    if (err->text[0] && s->sides[0].inputs.failed <= 1) /* ERR has the only message */
        s->messages_printed = s->sides[0].inputs.messages.len;
    session_tell(s);
    if (err->text[0])
        return false;
    if (!bind_names(s, err))
        return false;
    change_summary(&summary, &s->diff.changes);
    if (!behind)
        fprintf(stderr, "ncred: %s\n", summary.data);
    buffer_free(&summary);
    return true;
}

/* Read small files before anything is shown, as long as they keep coming; for large ones the progress is shown. */
static void wait_for_both(struct session *s)
{
    enum { SMALL = 1 << 23, SILENCE = 30 };
    for (int i = 0; i < 2; i++) {
        struct load *l = s->sides[i].load;
        uint64_t total = load_progress(l).total;
        bool more = load_poll(l) && total && total < SMALL;
        while (more) {
            size_t before = s->sides[i].report.row_count;
            load_wait(l, SILENCE);
            more = load_poll(l) && s->sides[i].report.row_count != before;
        }
    }
}

/* Whether checks are asked whose queries a person wrote, so that they may name any column of the report. */
static bool asks_own_queries(const struct session *s)
{
    return s->asks_checks
        && (check_count() > check_built_in_count() || s->options->checks.clause_count || s->options->waiver_count);
}

/* When all rows are there, add the columns of other files. */
static bool add_context(struct session *s, struct error *err)
{
    session_context_finish(&s->context, &s->sides[0].inputs, NULL);
    if (!options_need_report(s->options) && !s->context && !asks_own_queries(s)
        && !s->options->config.unsure.count && !session_context_is_named(s->options, s->report))
        return true;
    bool ok = session_context_apply(s->context, s->report, &s->sides[0].inputs.messages, err) && settle_names(s, err);
    session_tell(s);
    return ok;
}

/* On screen, --log and --trend are lists opened from the users; the names in the filters of --log are not of users. */
static bool is_listed_later(const struct session *s)
{
    return s->is_screen && (s->options->listing == LIST_LOG || s->options->listing == LIST_TREND);
}

static bool check_trend(const struct options *o, struct error *err)
{
    return o->listing != LIST_TREND || !past_counts_all_users(o) || error_set(err,
        "--trend: a filter asks for what older reports do not have: since, failing, late, or columns of other files");
}

/* Make words in filters that name a column of another file mean it in older reports, too, which lack it. */
static bool settle_filters(const struct session *s, struct error *err)
{
    const struct options *o = s->options;
    bool are_for_older = o->listing == LIST_TREND || options_make_page(o);
    for (size_t i = 0; i < o->filter_count && are_for_older; i++)
        query_bind_settled(o->filters[i], s->report);
    return check_trend(o, err);
}

/*
 * The same for columns of the history, and bind the filters. On screen the history is read in the background if nothing
 * on the command line asks for it.
 */
static bool add_history(struct session *s, struct error *err)
{
    bool wanted = session_history_is_wanted(s->options), needs = options_need_report(s->options) || s->context;
    bool behind = s->is_screen && (!wanted || is_listed_later(s));
    bool small = s->sides[0].inputs.older_count || s->report->row_count <= SESSION_OWN_COLUMNS_ROWS;
    bool ok = settle_filters(s, err) && (!(wanted || (behind && small)) || session_history_open(s, behind, err))
        && (!needs || is_listed_later(s) || bind_names(s, err));
    session_tell(s);
    return ok;
}

static bool read_waivers(struct session *s, struct error *err)
{
    const struct options *o = s->options;
    for (size_t i = 0; i < o->waiver_count; i++) {
        if (!waivers_add(&s->audit.waivers, o->waivers[i], o->checks.other_names, err))
            return false;
    }
    /* AWS's reports have no columns of their own: do not fetch one before saying so */
    return (!o->wish.fetch || waivers_check_names(&s->audit.waivers, NULL, err))
        && time_columns_are_unasked_by(&s->audit.waivers, err);
}

bool session_open(struct session *s, const struct options *o, int64_t now, bool behind, struct error *err)
{
    *s = (struct session){.options = o, .now = now, .is_screen = behind};
    s->report = &s->sides[0].report;
    if (behind)
        s->watch = watched_start(o);
    bool asks = s->asks_checks = behind || options_ask_checks(o) || session_history_is_wanted(o);
    if (o->baseline || o->waiver_count)
        compile_checks(s);
    if (!check_trend(o, err))
        return false;
    if (o->baseline && !baseline_load(&s->audit, o->baseline, err))
        return false;
    if (!read_waivers(s, err))
        return false;
    /* names in filters, and errors in the file that --config names, must be known before anything is shown */
    bool may_stop = o->config_given && o->config.unsure.count, needs = options_need_report(o) || may_stop;
    if (!session_context_read(&s->context, &o->context, o->demo && (asks || needs || o->config.unsure.count), err))
        return false;
    bool is_whole = behind && !o->diff && (o->listing != LIST_LOG || may_stop) && needs;
    if (!read_names(s, err) || !(o->diff ? open_two(s, err) : open_inputs(s, behind && !is_whole, err)))
        return false;
    compile_checks(s);
    choose_as_of(s);
    if (o->diff && (!behind || needs))
        return compare_now(s, behind, err);
    if (!o->diff && !s->sides[0].load)
        review(s->report);
    if (!o->diff && !s->sides[0].load && !add_context(s, err))
        return false;
    if (!s->sides[0].load && asks)
        audit_run(&s->audit, s->report);
    return o->diff || s->sides[0].load || add_history(s, err);
}

/* Judge rows that were not judged yet. */
static void judge_more(struct session *s)
{
    struct turn turn;
    size_t *judged = &s->sides[0].audited;
    *judged = audit_run_part(&s->audit, s->report, *judged, s->report->row_count, begin_turn(s, &turn));
    s->is_judging = *judged < s->report->row_count;
}

void session_wait(struct session *s)
{
    if (!s->sides[0].load)
        return;
    if (s->options->diff) {
        wait_for_both(s);
        return;
    }
    wait_for_rows(s);
    choose_as_of(s);
    judge_more(s);
}

/* ---- after the first rows ---- */

/* Everything has been read: report errors, and leave out older reports of an account. */
static void session_finish(struct session *s, struct error *err)
{
    struct error ignored;
    struct load *l = s->sides[0].load;
    if (!load_succeeded(l, err))
        s->is_partial = true;
    else if (load_progress(l).is_stopped)
        error_set(err, "stopped: only what had been read is shown");
    else if (!settle(s, &s->sides[1].report, load_results(l), &ignored))
        s->report = &s->sides[0].report;
    load_free(l);
    s->sides[0].load = NULL;
    if ((s->report->row_count <= SESSION_OWN_COLUMNS_ROWS || asks_own_queries(s)
            || s->options->config.unsure.count)
        && (!session_context_apply(NULL, s->report, &s->sides[0].inputs.messages, &ignored) || !settle_names(s, err)))
        s->is_partial = true;
}

/* Take in the older reports read so far. Returns whether there are more. */
static bool poll_past(struct session *s, struct error *err)
{
    session_history_poll(s, err);
    return s->past != NULL;
}

/* Take in the rows read so far; if they are all, S->ended says what ended that. Returns whether there are more. */
static bool take_loaded(struct session *s)
{
    int64_t as_of = s->report->as_of;
    struct report *shown = s->report;
    bool had_dropped = s->has_dropped;
    bool more = load_poll(s->sides[0].load);
    review_rows(s->report);
    choose_as_of(s);
    if (!more)
        session_finish(s, &s->ended);
    choose_as_of(s);
    if (!more)
        review(s->report);
    /* rules may be about the columns that session_finish() has added, which rows judged before had not */
    bool has_own = !more && s->report->extra && s->report->extra->count && asks_own_queries(s);
    if (s->report->as_of != as_of || s->report != shown || has_own || s->has_dropped != had_dropped)
        s->sides[0].audited = 0;
    return more;
}

static bool poll_one(struct session *s, struct error *err)
{
    if (!s->sides[0].load && !s->is_judging)
        return poll_past(s, err);
    bool more = s->sides[0].load && take_loaded(s);
    judge_more(s);
    if (more || s->is_judging)
        return true;
    *err = s->ended;
    if (s->sides[0].inputs.older_count || s->report->row_count <= SESSION_OWN_COLUMNS_ROWS)
        session_history_open(s, true, err);
    return s->past;
}

bool session_poll(struct session *s, struct error *err)
{
    err->text[0] = '\0';
    return s->options->diff ? poll_two(s, err) : poll_one(s, err);
}

bool session_is_busy(const struct session *s)
{
    return session_is_loading(s) || s->past;
}

bool session_is_loading(const struct session *s)
{
    return s->sides[0].load || s->sides[1].load || s->diff.work || s->is_judging;
}

bool session_is_judging(const struct session *s)
{
    return s->is_judging && !s->sides[0].load && !s->sides[1].load;
}

int session_descriptor(const struct session *s)
{
    if (s->is_judging)
        return -1;
    return s->sides[0].load ? load_descriptor(s->sides[0].load) : s->sides[1].load ? load_descriptor(s->sides[1].load)
        : s->past && !s->chronicle ? past_descriptor(s->past) : -1;
}

int session_wait_at_most(const struct session *s)
{
    enum { BOTH = 200 }; /* the descriptor is that of one load only */
    return s->sides[0].load && s->sides[1].load ? BOTH : -1;
}

static void put_judging(const struct session *s, struct buffer *b)
{
    size_t judged = s->sides[0].audited, rows = s->report->row_count;
    if (s->options->diff) {
        judged += s->sides[1].audited;
        rows = s->sides[0].report.row_count + s->sides[1].report.row_count;
    }
    buffer_printf(b, "judging %u%%", (unsigned)((uint64_t)judged * 100 / (rows ? rows : 1)));
}

void session_progress(struct session *s, struct buffer *b)
{
    uint64_t bytes = 0, total = 0;
    bool is_known = true;
    if (s->past) {
        size_t of, done = past_done(s->past, &of);
        buffer_printf(b, "history: %zu of %zu reports", done, of);
        return;
    }
    for (int i = 0; i < 2; i++) {
        struct load_progress *p = &s->sides[i].progress;
        if (s->sides[i].load)
            *p = load_progress(s->sides[i].load);
        is_known &= !s->sides[i].load || p->total;
        bytes += p->bytes;
        total += s->sides[i].load ? p->total : p->bytes;
    }
    if (session_is_judging(s))
        put_judging(s, b);
    else if (!s->sides[0].load && !s->sides[1].load)
        buffer_printf(b, "comparing %u%%", diff_percent(&s->diff));
    else if (is_known)
        buffer_printf(b, "loading %u%%", (unsigned)(bytes * 100 / total));
    else
        buffer_printf(b, "loading, %.1f MB so far", (double)bytes / 1e6);
}

void session_stop(struct session *s)
{
    for (int i = 0; i < 2; i++) {
        if (s->sides[i].load)
            load_stop(s->sides[i].load);
    }
    if (s->past)
        past_stop(s->past);
    s->is_stopped = true;
}

void session_close(struct session *s)
{
    load_free(s->sides[0].load);
    load_free(s->sides[1].load);
    session_history_close(s); /* ends its thread, which reads what the inputs and reports hold */
    diff_free(&s->diff);
    for (int i = 0; i < 2; i++)
        report_free(&s->sides[i].report);
    inputs_free(&s->sides[0].inputs);
    inputs_free(&s->sides[1].inputs);
    audit_free(&s->audit);
    accounts_free(&s->names);
    context_free(s->context);
    file_watch_free(s->watch);
}
