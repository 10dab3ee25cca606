/* Reloading is obtaining once more and comparing. */
#include "reload.h"

#include <stdlib.h>

bool reload_run(struct reload *r, const struct obtain_wish *w, const struct fetch_settings *settings,
    const struct report *old, const struct audit *audit, const struct reload_time *time, struct error *err)
{
    *r = (struct reload){.why = NULL};
    if (!obtain_can_again(w))
        return error_set(err, "only files and what was fetched can be read again; standard input is at its end");
    if (!obtain(w, settings, &r->report, &r->obtained, err))
        return false;
    const struct obtained *o = &r->obtained;
    r->report.as_of = time->given ? time->given_time : o->time_known ? o->time : time->now;
    r->why = time->given ? "--as-of" : o->time_known ? o->time_why : "now";
    r->report.account_names = old->account_names;
    audit_run(audit, &r->report);
    diff_run(&r->diff, old, &r->report, audit);
    return true;
}

void reload_free(struct reload *r)
{
    diff_free(&r->diff);
    report_free(&r->report);
    obtained_free(&r->obtained);
}

void reload_summary(struct buffer *b, const struct reload *r)
{
    const struct report *old = r->diff.old;
    buffer_puts(b, "reloaded: ");
    if (r->obtained.fetched && r->obtained.time_known && r->diff.count == 0 && r->obtained.time == old->as_of)
        buffer_puts(b, "still the same report, for AWS keeps one for four hours");
    else
        diff_summary(b, &r->diff);
    if (r->obtained.failed)
        buffer_printf(b, "; %zu could not be had", r->obtained.failed);
}
