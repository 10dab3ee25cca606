/* The timeline: one lane for the user and one per credential, on a common time axis that ends now. */
#include "base/timestamp.h"
#include "history/chronicle.h"
#include "ui/pane.h"
#include "ui/screen.h"
#include "ui/term/paint.h"

#include <stdio.h>

enum { AXIS_MAX = 200, AXIS_MIN = 12, YEAR_WIDTH = 6 };

struct axis {
    int64_t from, to;
    int width;
};

/* Returns the column of time T on the axis, or -1 if T is outside it. */
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

/* Draw the years that begin on the axis, leaving out those without room. */
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

/* Lanes of events from older reports: parts of the user (see user_part_name), its findings, or no events. */
enum { LANE_FINDINGS = USER_PARTS, LANE_NONE };

struct lane {
    const char *label;
    enum column made, used;
    char made_mark;
    bool goes_on; /* active, so the line continues until now */
    int part;     /* a part of the user, LANE_FINDINGS or LANE_NONE */
};

/* Returns the letter of an event, or NUL for events that the lane's own times show already. */
static char mark_of_event(const struct chronicle_event *e)
{
    switch ((int)e->change) {
    case CHANGE_ROTATED: return 'r';
    case CHANGE_FIRST_USED: return 'f';
    case CHANGE_DEACTIVATED: return 'd';
    case CHANGE_REACTIVATED: return 'a';
    case CHANGE_DELETED:
    case CHANGE_PASSWORD_REMOVED: return 'x';
    case CHANGE_PASSWORD_SET:
    case CHANGE_PASSWORD_CHANGED: return 's';
    case CHANGE_MADE: return 'c';
    case CHANGE_MFA_GAINED: return '+';
    case CHANGE_MFA_LOST: return '-';
    case CHANGE_FINDING_NEW:
    case CHRONICLE_FOUND: return '!';
    case CHANGE_FINDING_FIXED: return 'v';
    default: return '\0';
    }
}

/*
 * Put the letters of PART's events into empty places of MARKS, which may be NULL. Returns whether there are any on the
 * axis.
 */
static bool mark_events(const struct pane *p, const struct axis *a, int part, char *marks)
{
    const struct report *r = p->ui->report;
    bool any = false;
    if (!r->chronicle || r->chronicle_users[p->row] == UINT32_MAX)
        return false;
    for (uint32_t at = chronicle_last_event(r->chronicle, r->chronicle_users[p->row]); at;) {
        const struct chronicle_event *e = chronicle_event(r->chronicle, at - 1);
        bool is_finding = e->change >= CHANGE_FINDING_NEW;
        int place = place_of_time(a, chronicle_report(r->chronicle, e->report)->time);
        char mark = (is_finding ? LANE_FINDINGS : (int)e->what) == part ? mark_of_event(e) : '\0';
        at = e->chain;
        any |= mark && place >= 0;
        if (mark && place >= 0 && marks && !marks[place])
            marks[place] = mark;
    }
    return any;
}

static void draw_lane(struct pane *p, const struct axis *a, const struct lane *lane)
{
    char marks[AXIS_MAX] = {0};
    struct buffer b = {0};
    int64_t made, used;
    bool has_made = time_of(p, lane->made, &made), has_used = time_of(p, lane->used, &used);
    int from = has_made ? place_of_time(a, made) : -1, to = has_used ? place_of_time(a, used) : -1;
    int last = lane->goes_on ? a->width - 1 : to > from ? to : from;
    if (from >= 0)
        marks[from] = lane->made_mark;
    if (to >= 0)
        marks[to] = 'u';
    bool has_events = mark_events(p, a, lane->part, marks), has_line = from >= 0 || to >= 0;
    if (!has_line && !has_events)
        return;
    for (int i = 0; i < a->width; i++) {
        if (marks[i])
            buffer_putc(&b, marks[i]);
        else
            buffer_puts(&b, has_line && i > (from < 0 ? to : from) && i <= last ? paint_glyph(GLYPH_LINE) : " ");
    }
    pane_line(p, lane->label, &b, ROLE_TEXT);
    buffer_free(&b);
}

/* Write the legend; an item is never broken across lines. */
static void put_legend(struct pane *p, const char *const *items, size_t count)
{
    struct buffer b = {0};
    int room = p->width - PANE_LABEL;
    for (size_t i = 0; i < count; i++) {
        if (b.len && (int)(b.len + 2 + strlen(items[i])) > room) {
            pane_entry(p, "", PANE_LABEL, (struct slice){b.data, b.len}, ROLE_HINT);
            b.len = 0;
        }
        buffer_printf(&b, "%s%s", b.len ? "  " : "", items[i]);
    }
    pane_entry(p, "", PANE_LABEL, (struct slice){b.data, b.len}, ROLE_HINT);
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
    draw_lane(p, &a, &(struct lane){"user", COL_USER_CREATION_TIME, COL_COUNT, 'c', true, LANE_NONE});
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        const struct credential_columns *k = &credential_columns[c];
        static const char *const labels[CREDENTIAL_COUNT] = {"password", "key 1", "key 2", "cert 1", "cert 2"};
        if (credential_exists(p->ui->report, p->row, c) || mark_events(p, &a, (int)c, NULL))
            draw_lane(p, &a, &(struct lane){labels[c], k->made, k->used, c == CREDENTIAL_PASSWORD ? 's' : 'c',
                credential_is_active(p->ui->report, p->row, c), (int)c});
    }
    draw_lane(p, &a, &(struct lane){"MFA", COL_COUNT, COL_COUNT, '\0', false, USER_MFA});
    draw_lane(p, &a, &(struct lane){"findings", COL_COUNT, COL_COUNT, '\0', false, LANE_FINDINGS});
    static const char *const ends[] = {"c created", "s set", "u last used"};
    static const char *const between[] = {"r rotated", "f first used", "d off", "a on", "x gone", "+ MFA added",
        "- MFA removed", "! new", "v fixed"};
    put_legend(p, ends, sizeof ends / sizeof ends[0]);
    bool has_events = false;
    for (int part = 0; part <= LANE_FINDINGS; part++)
        has_events |= mark_events(p, &a, part, NULL);
    if (has_events)
        put_legend(p, between, sizeof between / sizeof between[0]);
}
