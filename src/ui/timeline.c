/* The timeline: a lane for the user and for each credential, all on one axis that ends now. */
#include "base/timestamp.h"
#include "ui/pane.h"
#include "ui/screen.h"
#include "ui/term/paint.h"

#include <stdio.h>

enum { AXIS_MAX = 200, AXIS_MIN = 12, YEAR_WIDTH = 6 };

struct axis {
    int64_t from, to;
    int width;
};

/* Where a time is on the axis; -1: not on it. */
static int place_of_time(const struct axis *a, int64_t t)
{
    if (t < a->from || t > a->to)
        return -1;
    return (int)((t - a->from) * (a->width - 1) / (a->to > a->from ? a->to - a->from : 1));
}

static bool time_of(const struct pane *p, enum column c, int64_t *t)
{
    struct value v = {.state = STATE_ABSENT};
    if (c < COL_COUNT)
        v = report_value(p->ui->report, p->row, c);
    *t = v.number;
    return v.state == STATE_VALUE;
}

static void widen(struct axis *a, const struct pane *p, enum column c)
{
    int64_t t;
    if (time_of(p, c, &t) && t < a->from)
        a->from = t;
}

/* The years that begin on the axis, as far as there is room for them. */
static void draw_years(struct pane *p, const struct axis *a)
{
    char line[AXIS_MAX + 1], stamp[32], text[32];
    int free_from = 0;
    memset(line, ' ', sizeof line);
    timestamp_format(stamp, sizeof stamp, a->from);
    memcpy(line, stamp, 4);
    free_from = YEAR_WIDTH;
    int first = (stamp[0] - '0') * 1000 + (stamp[1] - '0') * 100 + (stamp[2] - '0') * 10 + stamp[3] - '0';
    for (int year = first + 1; year < first + 200; year++) {
        int64_t t;
        snprintf(text, sizeof text, "%04d-01-01", year);
        if (!timestamp_parse(slice_of(text), &t) || t > a->to)
            break;
        int at = place_of_time(a, t);
        if (at >= free_from && at + YEAR_WIDTH + 2 < a->width) {
            memcpy(line + at, text, 4);
            free_from = at + YEAR_WIDTH;
        }
    }
    if (a->width > AXIS_MIN)
        memcpy(line + a->width - 3, "now", 3); /* NOLINT(bugprone-not-null-terminated-result): a slice, not a string */
    pane_entry(p, "", PANE_LABEL, (struct slice){line, (size_t)a->width}, ROLE_LABEL);
}

struct lane {
    const char *label;
    enum column made, used;
    char made_mark;
    bool goes_on; /* it is active: it lasts until now */
};

static void draw_lane(struct pane *p, const struct axis *a, const struct lane *lane)
{
    char marks[AXIS_MAX] = {0};
    struct buffer b = {0};
    int64_t made, used;
    bool has_made = time_of(p, lane->made, &made), has_used = time_of(p, lane->used, &used);
    int from = has_made ? place_of_time(a, made) : -1, to = has_used ? place_of_time(a, used) : -1;
    int last = lane->goes_on ? a->width - 1 : to > from ? to : from;
    if (from < 0 && to < 0)
        return;
    if (from >= 0)
        marks[from] = lane->made_mark;
    if (to >= 0)
        marks[to] = 'u';
    for (int i = 0; i < a->width; i++) {
        if (marks[i])
            buffer_putc(&b, marks[i]);
        else
            buffer_puts(&b, i > (from < 0 ? to : from) && i <= last ? paint_glyph(GLYPH_LINE) : " ");
    }
    pane_line(p, lane->label, &b, ROLE_TEXT);
    buffer_free(&b);
}

void timeline_draw(struct pane *p)
{
    struct axis a = {p->ui->report->as_of, p->ui->report->as_of, p->width - PANE_LABEL};
    a.width = a.width > AXIS_MAX ? AXIS_MAX : a.width;
    widen(&a, p, COL_USER_CREATION_TIME);
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        widen(&a, p, credential_columns[c].made);
        widen(&a, p, credential_columns[c].used);
    }
    if (a.width < AXIS_MIN || a.from == a.to)
        return;
    pane_heading(p, "TIMELINE");
    draw_years(p, &a);
    draw_lane(p, &a, &(struct lane){"user", COL_USER_CREATION_TIME, COL_COUNT, 'c', true});
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        const struct credential_columns *k = &credential_columns[c];
        static const char *const labels[CREDENTIAL_COUNT] = {"password", "key 1", "key 2", "cert 1", "cert 2"};
        if (credential_exists(p->ui->report, p->row, c))
            draw_lane(p, &a, &(struct lane){labels[c], k->made, k->used, c == CREDENTIAL_PASSWORD ? 's' : 'm',
                credential_is_active(p->ui->report, p->row, c)});
    }
    pane_entry(p, "", PANE_LABEL, slice_of("c created  s set  m made  u last used"), ROLE_HINT);
}
