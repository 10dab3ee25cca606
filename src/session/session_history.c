/* The newest report is added to the chronicle last, each of its files as of its own time. */
#include "session/session_history.h"

#include "session/session_context.h"

#include "base/memory.h"
#include "history/demo_history.h"

#include <stdlib.h>

/* Whether the command line names a column about time. */
static bool names_time_columns(const struct options *o)
{
    bool names = time_columns_are_named(o->sort_list) || time_columns_are_named(o->column_list)
        || time_columns_are_named(o->by) || time_columns_are_named(o->split);
    for (size_t i = 0; i < o->filter_text_count; i++)
        names |= time_columns_are_named(o->filter_texts[i]);
    return names;
}

/* Whether O is for the summary with its own columns, which has how many findings are late if the sla limits them. */
static bool counts_late(const struct options *o)
{
    return o->listing == LIST_SUMMARY && !o->as_line && !o->by && !o->column_list && time_is_limited(&o->allowed);
}

bool session_history_is_wanted(const struct options *o)
{
    bool wanted = o->listing == LIST_FINDINGS || o->listing == LIST_LOG || o->listing == LIST_TREND
        || options_make_page(o)
        || options_tell_why(o) || names_time_columns(o) || counts_late(o);
    return wanted && !o->diff;
}

/* A report that becomes the newest of the history, with what tells its time. */
struct newest {
    struct report *report;
    const struct inputs *inputs;
    const struct load_time *own_time;
    bool is_read_again; /* files without a time may have been overwritten, so they are of now */
};

/*
 * The time of a file of the newest report: the file's own if known, else the one by which it was found to be newer than
 * the older reports, else the report's.
 */
static int64_t time_of_file(const struct newest *n, size_t file)
{
    for (size_t i = 0; i < n->inputs->count; i++) {
        const struct inputs_item *item = &n->inputs->items[i];
        if (item->left_out || !item->is_read || item->file != file)
            continue;
        if (item->own_time.known)
            return item->own_time.at;
        if (item->time && item->time != INT64_MIN && !n->is_read_again)
            return item->time;
    }
    return n->own_time->known ? n->own_time->at : n->report->as_of;
}

/* Returns false if CANCEL has ended: the report has no history then, and must be taken in again. */
static bool take_newest(struct session *s, const struct newest *n, struct cancel_token *cancel)
{
    struct report *r = n->report;
    uint32_t *users = xcalloc(r->row_count + 1, sizeof *users);
    bool *shown = xcalloc(r->row_count + 1, sizeof *shown);
    int64_t as_of = r->as_of;
    bool moved = false, is_whole = true;
    for (size_t file = 0; file < r->file_count && is_whole; file++) {
        size_t from = r->files[file].first_row;
        size_t to = file + 1 < r->file_count ? r->files[file + 1].first_row : r->row_count;
        int64_t time = time_of_file(n, file);
        if (!s->options->as_of_given && time != as_of) { /* reports of several accounts may be of different times */
            r->as_of = time;
            audit_run_part(&s->audit, r, from, to, NULL);
            moved = true;
        }
        past_select(r, from, to, s->options, shown, NULL);
        is_whole = chronicle_add(s->chronicle, r, from, to, time, shown, users, cancel);
        r->as_of = as_of;
    }
    if (moved)
        audit_run(&s->audit, r);
    free(shown);
    if (is_whole)
        chronicle_attach(r, s->chronicle, users);
    else
        free(users);
    return is_whole;
}

static struct newest newest_at_start(struct session *s)
{
    return (struct newest){s->report, &s->sides[0].inputs, &s->sides[0].own_time, false};
}

/* Set ERR if reading the older reports was stopped. */
static void tell_history(struct session *s, struct error *err)
{
    size_t failed, of, done = past_done(s->past, &of);
    const char *said = past_messages(s->past, &failed);
    if (said)
        buffer_puts(&s->sides[0].inputs.messages, said);
    s->is_partial |= failed != 0;
    if (done < of)
        error_set(err, "stopped: only the first %zu of %zu older reports are in the history", done, of);
}

/*
 * Add what is known to S->report, after it was read, or after its checks were run again. Returns false with ERR set on
 * failure, or if CANCEL (may be NULL) has ended.
 */
static bool session_history_apply(struct session *s, struct cancel_token *cancel, struct error *err)
{
    struct newest n = newest_at_start(s);
    if (s->chronicle && s->report->chronicle != s->chronicle && !take_newest(s, &n, cancel))
        return error_set(err, "cancelled");
    if (s->chronicle)
        chronicle_fit(s->chronicle);
    if (!s->is_screen && s->options->listing != LIST_USERS && !names_time_columns(s->options))
        return true; /* such a list has its own columns about time; those of users are not shown */
    return time_columns_apply(s->report, &s->options->allowed, &s->times, cancel, err);
}

/* Note which of the older reports are not in the history. */
static void note_uses(struct session *s)
{
    struct inputs *in = &s->sides[0].inputs;
    for (size_t i = 0; !s->demo_past && i < in->older_count; i++)
        in->items[in->older[i].item].use = past_use(s->past, i);
}

static bool end_history(struct session *s, struct error *err)
{
    if (!s->chronicle) {
        s->chronicle = past_take(s->past);
        note_uses(s);
    }
    bool ok = session_history_apply(s, s->cancel, err);
    if (!ok && cancel_is_set(s->cancel)) {
        err->text[0] = '\0';
        return false;
    }
    if (ok)
        tell_history(s, err);
    past_free(s->past);
    s->past = NULL;
    return ok;
}

bool session_history_log(struct session *s, const struct report *newest, struct history_log *l,
    struct cancel_token *cancel, struct error *err)
{
    struct buffer ignored = {0};
    struct time_places places = {0};
    bool ok = log_make(l, newest, &s->audit, cancel, err)
        && session_context_apply(s->context, &l->report, &ignored, err);
    if (ok && s->context && !audit_run_until(&s->audit, &l->report, cancel)) /* rules may be about other files */
        ok = error_set(err, "cancelled");
    ok = ok && time_columns_apply(&l->report, &s->options->allowed, &places, cancel, err);
    buffer_free(&ignored);
    return ok;
}

/* Begin the history with the report shown first. Returns false, with no history, if S->cancel has ended. */
static bool begin_with_first(struct session *s)
{
    struct newest first = newest_at_start(s);
    s->chronicle = chronicle_new();
    if (take_newest(s, &first, s->cancel))
        return true;
    chronicle_free(s->chronicle);
    s->chronicle = NULL;
    return false;
}

/* Add the next of the older reports that have appeared. Returns false if S->cancel has ended. */
static bool take_between(struct session *s, struct reload *r)
{
    struct report *one = &r->between[r->between_taken].report;
    one->as_of = r->between[r->between_taken].time;
    if (!audit_run_until(&s->audit, one, s->cancel))
        return false;
    bool *selected = xcalloc(one->row_count + 1, sizeof *selected);
    past_select(one, 0, one->row_count, s->options, selected, NULL);
    bool is_new = chronicle_add_older(s->chronicle, one, one->as_of, &r->obtained.limits, selected, s->cancel);
    free(selected);
    if (cancel_is_set(s->cancel))
        return false;
    if (!is_new) {
        struct inputs_item *item = &r->obtained.items[r->between[r->between_taken].item];
        item->use = past_repeated_use(one);
        past_say_repeated(&r->obtained.messages, item->name);
    }
    r->between_taken++;
    r->is_in_history = true;
    return true;
}

bool session_history_extend(struct session *s, struct report *old, struct reload *r)
{
    struct newest n = {&r->report, &r->obtained, &r->own_time, true};
    struct error ignored;
    bool begins = !s->chronicle && old == s->report && old->row_count <= SESSION_OWN_COLUMNS_ROWS;
    if (begins && !begin_with_first(s))
        return false;
    while (s->chronicle && r->between_taken < r->between_count) {
        if (!take_between(s, r))
            return false;
    }
    r->is_in_history |= s->chronicle != NULL;
    if (s->chronicle && !r->report.chronicle && !take_newest(s, &n, s->cancel))
        return false;
    if (s->chronicle || r->report.row_count <= SESSION_OWN_COLUMNS_ROWS)
        time_columns_apply(&r->report, &s->options->allowed, &r->times, s->cancel, &ignored);
    r->has_history = !cancel_is_set(s->cancel);
    return r->has_history;
}

/* ---- history of the sample ---- */

struct demo_past {
    struct buffer text[DEMO_HISTORY_REPORTS];
    struct inputs_older older[DEMO_HISTORY_REPORTS];
};

/* Whether only the sample is shown. */
static bool is_of_sample(const struct options *o)
{
    return o->demo && !o->file_count && !o->wish.fetch;
}

/* Whether only the sample is shown and something is asked for that needs older reports. */
static bool wants_demo_past(const struct session *s)
{
    const struct options *o = s->options;
    bool wants = o->listing == LIST_LOG || o->listing == LIST_TREND || options_make_page(o);
    for (enum time_column c = TIME_FIRST_SEEN; c <= TIME_RECURRED; c++) {
        struct slice name = slice_of(time_columns[c].name);
        wants |= slice_contains_nocase(slice_of(o->sort_list ? o->sort_list : ""), name)
            || slice_contains_nocase(slice_of(o->column_list ? o->column_list : ""), name);
        for (size_t i = 0; i < o->filter_text_count; i++)
            wants |= slice_contains_nocase(slice_of(o->filter_texts[i]), name);
    }
    return wants && is_of_sample(o);
}

static struct demo_past *make_demo_past(const struct report *demo)
{
    struct demo_past *d = xcalloc(1, sizeof *d);
    for (size_t i = 0; i < DEMO_HISTORY_REPORTS; i++) {
        demo_history_write(&d->text[i], demo, i);
        d->older[i] = (struct inputs_older){{.name = "demo", .bytes = {d->text[i].data, d->text[i].len}},
            demo_history_time(demo, i), 0};
    }
    return d;
}

static void free_demo_past(struct demo_past *d)
{
    for (size_t i = 0; d && i < DEMO_HISTORY_REPORTS; i++)
        buffer_free(&d->text[i]);
    free(d);
}

/* Whether a column set of the configuration has a column about time, which the first frame may then show. */
static bool are_in_sets(const struct options *o)
{
    const struct config_pairs *sets = &o->config.sets;
    bool are = false;
    for (size_t i = 0; i < sets->count; i++)
        are |= time_columns_are_named(sets->list[i].value);
    return are;
}

/* The checks that older reports are judged by: without the lines of the configuration that are wrong. */
static const struct check_settings *checks_of_past(const struct session *s)
{
    return s->has_dropped ? &s->audit.settings : &s->options->checks;
}

bool session_history_open(struct session *s, bool behind, struct error *err)
{
    const struct inputs *o = &s->sides[0].inputs;
    if (wants_demo_past(s))
        s->demo_past = make_demo_past(s->report);
    bool any = s->demo_past || o->older_count || s->options->listing == LIST_LOG || s->options->listing == LIST_TREND;
    /* the first frame does not show these columns, and filling them takes longer than it */
    if (!any && behind && !are_in_sets(s->options))
        return s->has_empty_columns = time_columns_add(s->report, &s->times, err);
    if (!any)
        return session_history_apply(s, NULL, err);
    s->past = s->demo_past
        ? past_start(s->demo_past->older, DEMO_HISTORY_REPORTS, NULL, s->options, checks_of_past(s), s->report, behind)
        : past_start(o->older, o->older_count, &o->limits, s->options, checks_of_past(s), s->report, behind);
    if (behind && past_is_busy(s->past))
        return true;
    if (!end_history(s, err))
        return false;
    if (s->options->listing != LIST_LOG || s->is_screen)
        return true;
    bool ok = session_history_log(s, s->report, &s->log, NULL, err);
    s->report = &s->log.report;
    return ok;
}

bool session_history_has_sample(const struct session *s)
{
    return is_of_sample(s->options) && !s->options->diff && !s->past && !s->chronicle;
}

void session_history_add_sample(struct session *s)
{
    struct error ignored;
    s->demo_past = make_demo_past(s->report);
    s->past = past_start(s->demo_past->older, DEMO_HISTORY_REPORTS, NULL, s->options, checks_of_past(s), s->report,
        false);
    end_history(s, &ignored);
}

void session_history_fill(struct session *s)
{
    if (s->has_empty_columns)
        time_columns_fill(s->report, &s->options->allowed, &s->times, NULL);
    s->has_empty_columns = false;
}

bool session_history_poll(struct session *s, struct error *err)
{
    return s->past && !past_is_busy(s->past) && end_history(s, err);
}

void session_history_close(struct session *s)
{
    past_free(s->past);
    free_demo_past(s->demo_past);
    log_free(&s->log);
    chronicle_free(s->chronicle);
}
