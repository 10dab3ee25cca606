/*
 * Writes a user from top to bottom into a struct pane, which wraps and clips (ui/pane.h): identity, credentials,
 * findings, time line, history, and every field as the report has it. A pane of height 0 only counts the lines.
 */
#include "ui/detail_pane.h"

#include "audit/finding.h"
#include "audit/remedy.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "context/context.h"
#include "history/chronicle.h"
#include "history/time_columns.h"
#include "report/cell.h"
#include "ui/layout.h"
#include "ui/pane.h"
#include "ui/screen.h"
#include "ui/severity.h"
#include "ui/term/paint.h"

#include <stdlib.h>
#include <stdio.h>

enum { SEVERITY_LABEL = 9 };

/*
 * Append the time in column C, such as "2021-03-21 12:00Z, 1,912 days ago", with the same number of days as in
 * evidence. If there is no time, append the reason in words: NEVER for N/A and no_information.
 */
static void add_time(struct buffer *b, const struct pane *p, enum column c, const char *never)
{
    struct value v = report_value(p->ui->report, p->row, c);
    char stamp[32];
    if (v.state == STATE_NA || v.state == STATE_NO_INFORMATION) {
        buffer_puts(b, never);
    } else if (v.state == STATE_MALFORMED) {
        buffer_printf(b, "unreadable: \"%.*s\"", (int)v.text.len, v.text.data);
    } else if (v.state == STATE_NOT_SUPPORTED) {
        buffer_puts(b, "not reported by AWS");
    } else if (v.state != STATE_VALUE) {
        buffer_puts(b, "unknown: the report does not say");
    } else {
        int64_t ago = p->ui->report->as_of - v.number;
        timestamp_format(stamp, sizeof stamp, v.number);
        buffer_printf(b, "%.10s %.5sZ, ", stamp, stamp + 11);
        buffer_puts(b, ago < 0 ? "in " : "");
        duration_words(b, ago);
        buffer_puts(b, ago < 0 ? "" : " ago");
    }
}

/* Append YES or NO for the value in column C, or in words why there is none. */
static void add_bool(struct buffer *b, const struct pane *p, enum column c, const char *yes, const char *no)
{
    struct value v = report_value(p->ui->report, p->row, c);
    if (v.state == STATE_VALUE)
        buffer_puts(b, v.number ? yes : no);
    else if (v.state == STATE_MALFORMED)
        buffer_printf(b, "unreadable: \"%.*s\"", (int)v.text.len, v.text.data);
    else if (v.state == STATE_NOT_SUPPORTED)
        buffer_puts(b, "not reported by AWS");
    else if (v.state == STATE_NA)
        buffer_puts(b, "N/A");
    else
        buffer_puts(b, "unknown: the report does not say");
}

/* Append the day of the first report with the user. Returns false, appending nothing, without older reports. */
static bool put_first_seen(struct buffer *b, const struct pane *p)
{
    const struct report *r = p->ui->report;
    char time[32];
    bool at_least;
    if (!chronicle_has_past(r) || r->chronicle_users[p->row] == UINT32_MAX)
        return false;
    int64_t first = chronicle_first_seen(r->chronicle, r->chronicle_users[p->row], &at_least);
    buffer_printf(b, "%.10s%s", timestamp_format(time, sizeof time, first), at_least ? ", the oldest report" : "");
    return true;
}

/* Draw the user's name and "N of COUNT" in line Y, in the colours of the selected row, which the pane is about. */
static void draw_head(const struct pane *p, int y)
{
    struct buffer b = {0};
    char at[32], all[32];
    const struct view *v = &p->ui->view;
    buffer_printf(&b, "%s of %s", text_count(at, sizeof at, v->cursor + 1), text_count(all, sizeof all, v->count));
    int beside = p->width > 2 * (int)b.len ? (int)b.len : 0;
    paint_blank(y, p->x - 1, p->width + 1, ROLE_SELECTED);
    paint_right(y, p->x + p->width - beside, beside, (struct slice){b.data, b.len}, ROLE_SELECTED);
    paint_text(y, p->x, p->width - (beside ? beside + 1 : 0), report_raw(p->ui->report, p->row, COL_USER),
        ROLE_SELECTED);
    buffer_free(&b);
}

/* IS_BRIEF: account and creation time share one line if they fit. */
static void pane_identity(struct pane *p, bool is_brief)
{
    struct ui *ui = p->ui;
    struct buffer b = {0};
    if (!p->has_head && pane_in_sight(p))
        draw_head(p, pane_y(p));
    p->line += !p->has_head;
    pane_entry(p, "", 0, report_raw(ui->report, p->row, COL_ARN), ROLE_TEXT);
    struct value account = report_value(ui->report, p->row, COL_ACCOUNT);
    struct value path = report_value(ui->report, p->row, COL_PATH);
    if (account.state == STATE_VALUE)
        buffer_printf(&b, "%.*s  ", (int)account.text.len, account.text.data);
    if (path.state == STATE_VALUE)
        buffer_printf(&b, "path %.*s", (int)path.text.len, path.text.data);
    struct buffer created = {0};
    add_time(&created, p, COL_USER_CREATION_TIME, "unknown");
    bool is_joined = is_brief && b.len && PANE_LABEL + b.len + strlen("  created ") + created.len <= (size_t)p->width;
    if (is_joined)
        buffer_printf(&b, "  created %s", created.data);
    if (b.len)
        pane_line(p, "account", &b, ROLE_TEXT);
    if (!is_joined)
        pane_line(p, "created", &created, ROLE_TEXT);
    buffer_free(&created);
    if (put_first_seen(&b, p))
        pane_line(p, "first seen", &b, ROLE_TEXT);
    buffer_free(&b);
}

/* Append when the password or key C was last used. */
static void add_use(struct buffer *b, const struct pane *p, enum credential c)
{
    const char *since = finding_recorded_since(p->ui->report, p->row, c);
    char never[32];
    if (since)
        snprintf(never, sizeof never, "not since %s", since);
    add_time(b, p, credential_columns[c].used, since ? never : "never");
}

static void password(struct pane *p)
{
    struct buffer b = {0};
    struct value enabled = report_value(p->ui->report, p->row, COL_PASSWORD_ENABLED);
    add_bool(&b, p, COL_PASSWORD_ENABLED, "enabled", "none");
    pane_line(p, "password", &b, ROLE_TEXT);
    if (enabled.state != STATE_VALUE || enabled.number) {
        add_time(&b, p, COL_PASSWORD_LAST_CHANGED, "unknown");
        pane_line(p, "  set", &b, ROLE_TEXT);
        add_use(&b, p, CREDENTIAL_PASSWORD);
        pane_line(p, "  used", &b, ROLE_TEXT);
        add_time(&b, p, COL_PASSWORD_NEXT_ROTATION, "never");
        pane_line(p, "  expires", &b, ROLE_TEXT);
    }
    add_bool(&b, p, COL_MFA_ACTIVE, "active", "not active");
    pane_line(p, "MFA", &b, ROLE_TEXT);
    buffer_free(&b);
}

/* Append the cell of COLUMN as it is shown. Returns false if COLUMN is COL_COUNT or the cell has no value. */
static bool put_extra(struct buffer *b, const struct pane *p, enum column column)
{
    if (column == COL_COUNT || report_value(p->ui->report, p->row, column).state != STATE_VALUE)
        return false;
    cell_for_people(b, p->ui->report, p->row, column, paint_is_ascii());
    return b->len > 0;
}

static void key(struct pane *p, int slot)
{
    const struct report *r = p->ui->report;
    enum column base = slot == 1 ? COL_KEY_1_ACTIVE : COL_KEY_2_ACTIVE;
    struct buffer b = {0};
    struct value active = report_value(r, p->row, base);
    if (!report_key_exists(r, p->row, slot) && active.state == STATE_VALUE) {
        buffer_puts(&b, "none");
        pane_line(p, slot == 1 ? "key 1" : "key 2", &b, ROLE_TEXT);
        buffer_free(&b);
        return;
    }
    add_bool(&b, p, base, "active", "inactive");
    pane_line(p, slot == 1 ? "key 1" : "key 2", &b, ROLE_TEXT);
    if (put_extra(&b, p, extra_columns_find(r->extra,
        slice_of(context_columns[slot == 1 ? CONTEXT_KEY_1_ID : CONTEXT_KEY_2_ID].name))))
        pane_line(p, "  id", &b, ROLE_TEXT);
    add_time(&b, p, base + 1, "unknown");
    pane_line(p, "  created", &b, ROLE_TEXT);
    add_use(&b, p, slot == 1 ? CREDENTIAL_KEY_1 : CREDENTIAL_KEY_2);
    struct value region = report_value(r, p->row, base + 3), service = report_value(r, p->row, base + 4);
    if (service.state == STATE_VALUE)
        buffer_printf(&b, ", %.*s", (int)service.text.len, service.text.data);
    if (region.state == STATE_VALUE)
        buffer_printf(&b, " in %.*s", (int)region.text.len, region.text.data);
    pane_line(p, "  used", &b, ROLE_TEXT);
    buffer_free(&b);
}

static void certificate(struct pane *p, int slot)
{
    enum column base = slot == 1 ? COL_CERT_1_ACTIVE : COL_CERT_2_ACTIVE;
    struct buffer b = {0};
    struct value active = report_value(p->ui->report, p->row, base);
    if (!report_cert_exists(p->ui->report, p->row, slot) && active.state == STATE_VALUE) {
        buffer_puts(&b, "none");
    } else {
        add_bool(&b, p, base, "active", "inactive");
        buffer_puts(&b, ", created ");
        add_time(&b, p, base + 1, "unknown");
    }
    pane_line(p, slot == 1 ? "cert 1" : "cert 2", &b, ROLE_TEXT);
    buffer_free(&b);
}

/* Write one line per joined table, labelled with the file's name: all of its values for the user. */
static void put_joined(struct pane *p)
{
    enum { LABEL_MAX = 11 };
    const struct extra_columns *x = p->ui->report->extra;
    struct buffer cell = {0}, line = {0};
    for (size_t i = 0; x && i < x->count; i++) {
        const struct extra_column *c = &x->list[i];
        cell.len = 0;
        if (c->origin == EXTRA_TABLE && put_extra(&cell, p, (enum column)(COL_EXTRA + i)))
            buffer_printf(&line, "%s%s = %s", line.len ? ", " : "", c->name, cell.data);
        bool is_last = i + 1 == x->count || strcmp(x->list[i + 1].source, c->source) != 0;
        if (is_last && line.len) {
            char label[LABEL_MAX * 4 + 1];
            struct slice name = extra_columns_base_name(c->source);
            name.len = text_fit(name, LABEL_MAX);
            text_escape(label, sizeof label, name);
            pane_line(p, label, &line, ROLE_TEXT);
            line.len = 0;
        }
    }
    buffer_free(&cell);
    buffer_free(&line);
}

/* Append the user's rights in words. Returns false, appending nothing, if they are not known. */
static bool put_rights(struct buffer *b, const struct pane *p)
{
    size_t before = b->len;
    if (!put_extra(b, p, context_column_find(p->ui->report, CONTEXT_RIGHTS)))
        return false;
    if (strcmp(b->data + before, "escalate") == 0)
        buffer_puts(b, ": may become an administrator");
    return true;
}

/* Write what other files say about the user: rights and the policies that grant them, groups, tags, tables. */
static void context(struct pane *p)
{
    static const enum context_column columns[] = {CONTEXT_GROUPS, CONTEXT_POLICIES, CONTEXT_BOUNDARY};
    const struct extra_columns *x = p->ui->report->extra;
    struct buffer b = {0}, by = {0};
    if (put_rights(&b, p)) {
        if (put_extra(&by, p, context_column_find(p->ui->report, CONTEXT_RIGHTS_BY)))
            buffer_printf(&b, "   by %s", by.data);
        pane_line(p, "rights", &b, ROLE_TEXT);
    }
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (put_extra(&b, p, context_column_find(p->ui->report, columns[i])))
            pane_line(p, context_columns[columns[i]].name, &b, ROLE_TEXT);
    }
    buffer_free(&by);
    for (size_t i = 0; x && i < x->count; i++) {
        if (!context_columns_have_tag(slice_of(x->list[i].name)))
            continue;
        b.len = 0;
        if (put_extra(&b, p, (enum column)(COL_EXTRA + i)))
            buffer_printf(&by, "%s%s = %s", by.len ? ", " : "", x->list[i].name + strlen(CONTEXT_TAG), b.data);
    }
    if (by.len)
        pane_line(p, "tags", &by, ROLE_TEXT);
    put_joined(p);
    buffer_free(&by);
    buffer_free(&b);
}

static void credential(struct pane *p, enum credential c)
{
    switch (c) {
    case CREDENTIAL_PASSWORD:
        password(p);
        break;
    case CREDENTIAL_KEY_1:
    case CREDENTIAL_KEY_2:
        key(p, c == CREDENTIAL_KEY_1 ? 1 : 2);
        break;
    case CREDENTIAL_CERT_1:
    case CREDENTIAL_CERT_2:
        certificate(p, c == CREDENTIAL_CERT_1 ? 1 : 2);
        break;
    case CREDENTIAL_COUNT:
        break;
    }
}

/* Append since when the finding exists, how often it had been fixed before, and when it is due. */
static void put_since(struct buffer *b, const struct pane *p, const struct finding *f)
{
    const struct report *r = p->ui->report;
    struct chronicle_since since;
    char time[32];
    int64_t due;
    if (time_columns_since(r, p->row, f->check, &since))
        buffer_printf(b, "; since %.10s%s, %lld days", timestamp_format(time, sizeof time, since.time),
            since.is_at_least ? " or before" : "", (long long)duration_days(r->as_of - since.time));
    else
        since.recurred = 0;
    if (since.recurred)
        buffer_printf(b, "; it had been fixed %u time%s", since.recurred, since.recurred == 1 ? "" : "s");
    if (!f->waiver && time_columns_due(r, p->row, f->check, &p->ui->options->allowed, &due))
        buffer_printf(b, "; due %.10s%s", timestamp_format(time, sizeof time, due), due < r->as_of ? ": late" : "");
}

/* Write a finding in one line: its title with the evidence if that fits, else with the brief reason, if any. */
static void brief_finding(struct pane *p, const struct finding *f)
{
    struct buffer b = {0}, brief = {0}, evidence = {0};
    finding_title(&b, p->ui, f);
    finding_brief(&brief, p->ui->report, f);
    finding_evidence(&evidence, p->ui->report, f);
    bool has_brief = !strstr(b.data, brief.data); /* finding_brief() returns the title if there is no brief reason */
    bool fits = (int)(text_width((struct slice){b.data, b.len})
        + text_width((struct slice){evidence.data, evidence.len}))
        + SEVERITY_LABEL + 2 <= p->width;
    buffer_printf(&b, ": %s", fits || !has_brief ? evidence.data : brief.data);
    buffer_free(&evidence);
    pane_entry(p, severity_name(f->severity), SEVERITY_LABEL, (struct slice){b.data, b.len},
        f->waiver ? ROLE_MISSING : role_of_severity(f->severity));
    buffer_free(&brief);
    buffer_free(&b);
}

/* Write the findings, the checks that could not be judged, and what to do next. IS_BRIEF: one line per finding. */
static void pane_findings(struct pane *p, const char *heading, bool is_brief)
{
    struct buffer b = {0};
    struct finding list[CHECKS_MAX];
    struct unjudged u;
    uint32_t row = (uint32_t)p->row;
    size_t n = finding_list(p->ui->report, p->row, list);
    pane_heading(p, heading);
    for (size_t i = 0; i < n; i++) {
        if (is_brief) {
            brief_finding(p, &list[i]);
            continue;
        }
        finding_title(&b, p->ui, &list[i]);
        pane_entry(p, severity_name(list[i].severity), SEVERITY_LABEL, (struct slice){b.data, b.len},
            list[i].waiver ? ROLE_MISSING : role_of_severity(list[i].severity));
        b.len = 0;
        finding_evidence(&b, p->ui->report, &list[i]);
        put_since(&b, p, &list[i]);
        pane_entry(p, "", 2, (struct slice){b.data, b.len}, ROLE_TEXT);
        b.len = 0;
        if (list[i].waiver) {
            buffer_printf(&b, "because: %s", list[i].waiver->reason);
            pane_entry(p, "", 2, (struct slice){b.data, b.len}, ROLE_TEXT);
            b.len = 0;
        }
    }
    unjudged_count(&u, p->ui->report, &row, 1);
    for (size_t i = 0; i < unjudged_checks(&u); i++)
        buffer_printf(&b, "%s%s", i ? ", " : "", check_at(unjudged_check(&u, i))->id);
    if (b.len) {
        pane_entry(p, "unknown", SEVERITY_LABEL, (struct slice){b.data, b.len}, ROLE_MISSING);
        b.len = 0;
        unjudged_reasons(&b, &u);
        pane_entry(p, "", 2, (struct slice){b.data, b.len}, ROLE_TEXT);
        b.len = 0;
    }
    n += unjudged_checks(&u);
    remedy_next(&b, p->ui->report, p->row);
    if (b.len)
        buffer_puts(&b, "   (r: the commands)");
    if (b.len)
        pane_entry(p, "next", SEVERITY_LABEL, (struct slice){b.data, b.len}, ROLE_NOTE);
    if (!n)
        pane_entry(p, "", 0, slice_of("none"), ROLE_HINT);
    buffer_free(&b);
}

/* Write every field as it stands in the report, including unknown columns and surplus fields of a long row. */
static void fields(struct pane *p)
{
    enum { SURPLUS_MAX = 1 << 20 };
    const struct report *r = p->ui->report;
    const struct report_file *f = &r->files[report_file_of(r, p->row)];
    struct buffer b = {0};
    pane_heading(p, "REPORT");
    buffer_printf(&b, "%s:%zu", f->name, report_line_of(r, p->row));
    pane_entry(p, "", 0, (struct slice){b.data, b.len}, ROLE_HINT);
    /* all fields are read in one pass: looking each up from the row's start takes quadratic time in a row with many */
    size_t count = report_field_count(r, p->row), room = f->column_count + SURPLUS_MAX;
    size_t kept = count < room ? count : room, *place = xcalloc(r->column_count + 1, sizeof *place);
    struct slice *list = xcalloc(kept + 1, sizeof *list);
    report_fields(r, p->row, list, kept);
    /* place[c] is column c's first position in the file, counted from 1; 0 if the file does not have it */
    for (size_t i = f->column_count; i-- > 0;) {
        if (f->columns[i] < r->column_count)
            place[f->columns[i]] = i + 1;
    }
    for (size_t i = 0; i < r->column_count; i++) {
        bool there = place[i] && place[i] <= kept;
        enum column known = r->columns[i].known;
        bool bad = known != COL_COUNT && report_value(r, p->row, known).state == STATE_MALFORMED;
        pane_field(p, r->columns[i].name, PANE_FIELD_NAME, there ? list[place[i] - 1] : slice_of("(not in this row)"),
            bad ? ROLE_FAULT : there ? ROLE_TEXT : ROLE_MISSING);
    }
    for (size_t i = f->column_count; i < kept; i++)
        pane_field(p, "(surplus field)", PANE_FIELD_NAME, list[i], ROLE_FAULT);
    if (kept < count) {
        b.len = 0;
        buffer_printf(&b, "(%zu more surplus fields)", count - kept);
        pane_entry(p, "", 0, (struct slice){b.data, b.len}, ROLE_FAULT);
    }
    free(place);
    free(list);
    buffer_free(&b);
}

/* Write what happened to the user from one report to the next, the latest event first, at most EVENTS_MAX. */
static void events(struct pane *p)
{
    enum { EVENTS_MAX = 200 };
    const struct report *r = p->ui->report;
    const struct chronicle *c = r->chronicle;
    uint32_t user = c ? r->chronicle_users[p->row] : UINT32_MAX;
    size_t shown = 0;
    for (uint32_t at = c && user != UINT32_MAX ? chronicle_last_event(c, user) : 0; at && shown < EVENTS_MAX;) {
        const struct chronicle_event *e = chronicle_event(c, at - 1);
        struct buffer b = {0};
        char time[32], day[16];
        at = e->chain;
        if (!shown++)
            pane_heading(p, "HISTORY");
        snprintf(day, sizeof day, "%.10s", timestamp_format(time, sizeof time, chronicle_report(c, e->report)->time));
        chronicle_put_full_event(&b, e, &p->ui->audit->settings);
        pane_line(p, day, &b, role_of_severity(chronicle_event_severity(e)));
        buffer_free(&b);
    }
}

/* Write the password and each key in one line, as evidence describes them, the MFA and the rights. */
static void pane_summary(struct pane *p)
{
    static const enum credential list[] = {CREDENTIAL_PASSWORD, CREDENTIAL_KEY_1, CREDENTIAL_KEY_2};
    const struct report *r = p->ui->report;
    struct buffer b = {0};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        const char *name = NULL; /* with which the description begins; it is the label */
        if (credential_exists(r, p->row, list[i])) {
            finding_describe(&b, r, p->row, list[i]);
            name = strstr(b.data, ": ");
        } else {
            add_bool(&b, p, credential_columns[list[i]].active, "none", "none");
        }
        pane_entry(p, credential_title(list[i]), PANE_LABEL, slice_of(name ? name + 2 : b.data), ROLE_TEXT);
        b.len = 0;
        if (list[i] == CREDENTIAL_PASSWORD) {
            add_bool(&b, p, COL_MFA_ACTIVE, "active", "not active");
            pane_line(p, "MFA", &b, ROLE_TEXT);
        }
    }
    if (put_rights(&b, p))
        pane_line(p, "rights", &b, ROLE_TEXT);
    buffer_free(&b);
}

/* Write identity, context, findings in full, and credentials, in this order. */
static void in_full(struct pane *p)
{
    /* in the key view the credential under the cursor comes before all the rest */
    const struct view *v = &p->ui->view;
    enum credential first = v->keys ? credential_slot(v->rows[v->cursor]) : CREDENTIAL_COUNT;
    pane_identity(p, false);
    if (v->keys)
        pane_heading(p, "THIS CREDENTIAL");
    credential(p, first);
    context(p);
    pane_findings(p, "FINDINGS", false);
    if (v->keys)
        pane_heading(p, "OTHER CREDENTIALS");
    else
        p->line++;
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        if (c != first)
            credential(p, c);
    }
}

/*
 * The same for a pane too low to show all of that at once: first password, keys and findings, with one line per
 * finding if the page does not hold more, then context, findings in full and credentials.
 */
static void page_by_page(struct pane *p)
{
    struct pane unseen = *p;
    unseen.height = 0;
    unseen.line = 0;
    pane_identity(&unseen, true);
    pane_summary(&unseen);
    pane_findings(&unseen, "FINDINGS", false);
    bool is_brief = unseen.line > (size_t)p->page;
    pane_identity(p, true);
    pane_summary(p);
    pane_findings(p, "FINDINGS", is_brief);
    size_t before = p->line++;
    context(p);
    p->line = p->line == before + 1 ? before : p->line; /* no blank line if context() wrote nothing */
    if (is_brief)
        pane_findings(p, "FINDINGS IN FULL", false);
    pane_heading(p, "CREDENTIALS");
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
        credential(p, c);
}

/* Whether in_full() fits one page of the pane. */
static bool fits_page(const struct pane *p)
{
    struct pane unseen = *p;
    unseen.height = 0;
    unseen.line = 0;
    in_full(&unseen);
    return unseen.line <= (size_t)p->page;
}

static void draw_all(struct pane *p)
{
    p->line = 0;
    if (p->ui->report->changes && !p->ui->log.is_open) {
        pane_identity(p, false);
        changes_draw(p);
        if (p->ui->report->changes->entries[p->row].new_row != CHANGE_NO_ROW)
            pane_findings(p, "FINDINGS", false);
        p->ui->detail_lines = p->line;
        return;
    }
    if (p->ui->report->changes && p->ui->report->changes->entries[p->row].new_row == CHANGE_NO_ROW) {
        pane_identity(p, false);
        pane_entry(p, "", 0, slice_of("This user is not in the newest report."), ROLE_NOTE);
        timeline_draw(p);
        events(p);
        p->ui->detail_lines = p->line;
        return;
    }
    if (p->ui->view.keys || fits_page(p))
        in_full(p);
    else
        page_by_page(p);
    timeline_draw(p);
    events(p);
    fields(p);
    p->ui->detail_lines = p->line;
}

/* Returns the pane as ui->layout puts it. From HEAD_FROM lines on, the user's name stays above what scrolls. */
static struct pane pane_of(struct ui *ui)
{
    enum { HEAD_FROM = 4 };
    const struct layout *l = &ui->layout;
    int lines = l->rows + l->row_lines - l->header, border = l->table_width > 0;
    bool has_head = lines >= HEAD_FROM;
    return (struct pane){.ui = ui, .row = view_selected(&ui->view), .y = l->header + has_head,
        .x = l->pane_x + 1 + border, .height = lines - has_head, .page = lines - has_head, .has_head = has_head,
        .width = l->pane_width - 2 - border};
}

/* Returns the greatest useful ui->detail_top: the one that shows the last of ui->detail_lines at the bottom. */
static size_t last_top(const struct pane *p)
{
    size_t window = p->height > 0 ? (size_t)p->height : 1;
    return p->ui->detail_lines > window ? p->ui->detail_lines - window : 0;
}

void detail_scroll(struct ui *ui, long lines)
{
    ui_lay_out(ui);
    struct pane p = pane_of(ui), unseen = p;
    unseen.height = 0;
    if (p.row == SIZE_MAX || p.width < 1)
        return;
    draw_all(&unseen); /* counts the lines of this user at this width */
    long top = (long)ui->detail_top + lines, last = (long)last_top(&p);
    ui->detail_top = top < 0 ? 0 : (size_t)(top < last ? top : last);
}

void detail_draw(struct ui *ui)
{
    const struct layout *l = &ui->layout;
    bool border = l->table_width > 0;
    struct pane p = pane_of(ui);
    int top = l->header, bottom = p.y + p.height;
    for (int y = top; y < bottom && border; y++)
        paint_text(y, l->pane_x, 1, slice_of(paint_glyph(GLYPH_VERTICAL)), ROLE_BORDER);
    if (p.row == SIZE_MAX || p.width < 1) {
        if (!border)
            paint_text(top, 1, paint_columns() - 1, slice_of("no user is shown"), ROLE_NOTE);
        return;
    }
    if (p.has_head)
        draw_head(&p, top);
    draw_all(&p);
    if (ui->detail_top > last_top(&p)) { /* the text became shorter or the pane larger */
        ui->detail_top = last_top(&p);
        for (int y = p.y; y < bottom; y++)
            paint_blank(y, p.x, p.width, ROLE_TEXT);
        draw_all(&p);
    }
    if (ui->detail_top < last_top(&p)) {
        struct buffer more = {0}, keys = {0};
        /* without ui->detail the paging keys move in the table */
        enum action action = ui->detail ? ACTION_PAGE_DOWN : ACTION_OPEN;
        keys_of(&keys, &ui->options->config.keymap, action, ui->detail ? MODE_DETAIL : MODE_TABLE, 1);
        size_t lines = last_top(&p) - ui->detail_top;
        buffer_printf(&more, " %zu more line%s below%s%s ", lines, lines == 1 ? "" : "s", keys.len ? ": " : "",
            keys.len ? keys.data : "");
        /* clear the whole line, because the rest of a half-covered line would be misread */
        paint_blank(bottom - 1, p.x, p.width, ROLE_TEXT);
        paint_right(bottom - 1, p.x, p.width, (struct slice){more.data, more.len}, ROLE_FOCUS);
        buffer_free(&more);
        buffer_free(&keys);
    }
    if (!border) {
        ui->cursor_y = top;
        ui->cursor_x = p.x;
    }
}
