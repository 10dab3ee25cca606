/* The steps from what the command line names to one report in memory. */
#include "session/inputs.h"

#include "session/inputs_fetched.h"
#include "session/inputs_items.h"
#include "session/inputs_newest.h"

#include <stdlib.h>

bool inputs_explain_none(const struct inputs *o, struct error *err)
{
    if (o->failed == 1)
        *err = o->last;
    else
        error_set(err, "none of %zu inputs could be read as a credential report", o->failed);
    return false;
}

/* Add what --history names; none of it is shown. */
static void take_history(struct inputs *o, const struct inputs_wish *w, const atomic_bool *stop)
{
    o->past_from = o->count;
    for (size_t i = 0; i < w->history_count; i++)
        inputs_add_path(o, w->history[i], false, stop);
    for (size_t i = o->past_from; i < o->count; i++)
        o->items[i].is_past = o->items[i].left_out = true;
}

bool inputs_gather(const struct inputs_wish *w, const struct fetch_settings *settings, struct inputs *out,
    struct error *err)
{
    *out = (struct inputs){0};
    bool alone = !w->fetch && w->path_count == 1 && !w->history_count && !w->keeps_pipes;
    for (size_t i = 0; i < w->path_count; i++)
        inputs_add_path(out, w->paths[i], alone, settings->stop);
    bool ok = !w->fetch || inputs_fetch(w, settings, out, err);
    if (ok && !out->count)
        ok = inputs_explain_none(out, err);
    take_history(out, w, settings->stop);
    hash_index_free(&out->by_place);
    inputs_find_newest(out);
    inputs_choose(out);
    return ok;
}

const char *inputs_use_text(enum inputs_use use)
{
    static const char *const texts[] = {[INPUTS_USED] = NULL,
        [INPUTS_UNREADABLE] = "unreadable, or its last line is incomplete",
        [INPUTS_REPEATED] = "differs from another report of the same account and time, which counts",
        [INPUTS_PARTLY_REPEATED] = "some accounts differ from another report of the same time, which counts"};
    return texts[use];
}

bool inputs_reload(struct inputs *o, struct report *r, const atomic_bool *stop, struct error *err)
{
    const struct accounts *names = r->account_names;
    struct load_time ignored = {0}; /* O has it already */
    report_free(r);
    *r = (struct report){.account_names = names};
    struct load_result *results = xcalloc(o->input_count + 1, sizeof *results);
    bool ok = load_all(r, o->inputs, o->input_count, stop, results, &ignored, err);
    inputs_were_loaded(o, results);
    free(results);
    return ok;
}

bool inputs_load(struct inputs *o, struct report *r, const atomic_bool *stop, struct error *err)
{
    struct load_time own = {0};
    inputs_choose(o);
    struct load_result *results = xcalloc(o->input_count + 1, sizeof *results);
    bool ok = load_all(r, o->inputs, o->input_count, stop, results, &own, err);
    bool again = inputs_settle(o, r, results);
    free(results);
    if (!ok)
        return inputs_explain_none(o, err);
    return !again || inputs_reload(o, r, stop, err);
}

bool inputs_obtain(const struct inputs_wish *w, const struct fetch_settings *settings, struct report *r,
    struct inputs *out, struct error *err)
{
    return inputs_gather(w, settings, out, err) && inputs_load(out, r, settings->stop, err);
}

void inputs_free(struct inputs *o)
{
    for (size_t i = 0; i < o->count; i++) {
        free(o->items[i].name);
        buffer_free(&o->items[i].bytes);
        buffer_free(&o->items[i].part);
        buffer_free(&o->items[i].details);
        buffer_free(&o->items[i].keys);
    }
    for (size_t i = 0; i < o->beside_count; i++)
        free(o->beside[i]);
    free(o->beside);
    free(o->items);
    free(o->inputs);
    free(o->older);
    free(o->limits.list);
    buffer_free(&o->messages);
    *o = (struct inputs){0};
}

bool inputs_can_reload(const struct inputs_wish *w)
{
    for (size_t i = 0; i < w->path_count; i++) {
        if (strcmp(w->paths[i], "-") == 0)
            return false;
    }
    return w->path_count || w->fetch;
}
