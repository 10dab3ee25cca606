/* How severities and findings are displayed, the same in every part of the screen. */
#include "ui/severity.h"

#include "base/timestamp.h"
#include "history/time_columns.h"
#include "ui/screen.h"

enum role role_of_severity(enum severity severity)
{
    static const enum role roles[SEVERITY_COUNT] = {ROLE_TEXT, ROLE_LOW, ROLE_MEDIUM, ROLE_HIGH, ROLE_CRITICAL};
    return roles[severity];
}

const char *glyph_of_severity(enum severity severity)
{
    static const char *const glyphs[SEVERITY_COUNT] = {"  ", ". ", "+ ", "! ", "!!"};
    return glyphs[severity];
}

void finding_since(struct buffer *b, const struct ui *ui, size_t row, size_t check, const char *between)
{
    const struct report *r = ui->report;
    struct chronicle_since since;
    int64_t due;
    bool has_since = time_columns_since(r, row, check, &since)
        && !(since.is_at_least && duration_days(r->as_of - since.time) == 0); /* omit "at least 0 days" */
    bool is_late = time_columns_due(r, row, check, &ui->options->allowed, &due) && due < r->as_of;
    if (has_since)
        buffer_printf(b, "%sfailing %s%lldd", between, since.is_at_least ? ">=" : "",
            (long long)duration_days(r->as_of - since.time));
    if (has_since && since.recurred)
        buffer_printf(b, " again");
    if (is_late)
        buffer_printf(b, "%slate", has_since ? ", " : between);
}

void finding_title(struct buffer *b, const struct ui *ui, const struct finding *f)
{
    const struct check_settings *s = &ui->audit->settings;
    size_t start = b->len;
    check_number(b, check_at(f->check), s->benchmark);
    if (b->len > start)
        buffer_putc(b, ' ');
    check_title(b, f->check, s);
    if (f->waiver) {
        char stamp[32];
        buffer_printf(b, " (waived until %.10s by %s)", timestamp_format(stamp, sizeof stamp, f->waiver->until),
            f->waiver->owner);
    }
}
