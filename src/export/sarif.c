/*
 * A check is a rule, a finding a result, the report's line its place, a waiver a suppression. Beyond what SARIF
 * demands there is what GitHub's code scanning asks for: security-severity, help text, a fingerprint that outlives
 * line numbers.
 */
#include "export/sarif.h"

#include "export/export.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/timestamp.h"

#include <config.h>
#include <stdlib.h>
#include <unistd.h>

static void put_member(struct buffer *b, const char *name, struct slice text)
{
    buffer_putc(b, '"');
    buffer_puts(b, name);
    buffer_puts(b, "\":");
    export_json_string(b, text);
}

static void puts_field(struct buffer *b, const char *name, const char *text)
{
    put_member(b, name, slice_of(text));
}

/* Append a part of a message. There [ ] would be a link and { } an argument, so they are escaped (SARIF 3.11). */
static void put_message_text(struct buffer *b, struct slice text)
{
    static const char marks[] = "[]\\{}";
    struct buffer plain = {0};
    if (export_json_plain(b, text))
        return;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        const char *mark = c ? strchr(marks, c) : NULL;
        if (mark)
            buffer_putc(&plain, mark < marks + 3 ? '\\' : c);
        buffer_putc(&plain, c);
    }
    export_json_text(b, (struct slice){plain.data, plain.len});
    buffer_free(&plain);
}

/* "name":{"text":...} */
static void put_message(struct buffer *b, const char *name, const struct buffer *text)
{
    buffer_printf(b, "\"%s\":{\"text\":\"", name);
    put_message_text(b, (struct slice){text->data ? text->data : "", text->len});
    buffer_puts(b, "\"}");
}

static const char *level_of(enum severity s)
{
    return s >= SEVERITY_HIGH ? "error" : s == SEVERITY_MEDIUM ? "warning" : "note";
}

/* GitHub's security-severity: over 9.0 critical, from 7.0 high, from 4.0 medium. */
static const char *score_of(enum severity s)
{
    static const char *const scores[SEVERITY_COUNT] = {"0.0", "2.0", "5.0", "8.0", "9.5"};
    return scores[s];
}

static void put_rule(struct buffer *b, size_t check, const struct check_settings *s)
{
    const struct check *c = check_at(check);
    enum severity severity = check_severity(check, s);
    struct buffer text = {0};
    buffer_putc(b, '{');
    puts_field(b, "id", c->id);
    check_title(&text, check, s);
    buffer_puts(b, ",\"shortDescription\":{");
    put_member(b, "text", (struct slice){text.data, text.len});
    text.len = 0;
    buffer_puts(&text, "Users for whom this query holds: ");
    check_predicate(&text, check, s);
    buffer_puts(b, "},\"fullDescription\":{");
    put_member(b, "text", (struct slice){text.data, text.len});
    buffer_puts(b, "},\"help\":{");
    puts_field(b, "text", c->remedy);
    buffer_puts(b, "},\"defaultConfiguration\":{");
    puts_field(b, "level", level_of(severity));
    buffer_puts(b, "},\"properties\":{");
    puts_field(b, "security-severity", score_of(severity));
    buffer_puts(b, ",\"precision\":\"very-high\",\"tags\":[\"security\",\"iam\"");
    if (check_has_number(c, s->benchmark)) {
        text.len = 0;
        check_number(&text, c, s->benchmark);
        buffer_putc(b, ',');
        export_json_string(b, (struct slice){text.data, text.len});
    }
    buffer_puts(b, "]}}");
    buffer_free(&text);
}

/* Append a file's name as a URI reference (RFC 3986): all but unreserved characters and slashes are escaped. */
static void put_uri(struct buffer *b, const char *name)
{
    if (name[0] == '/')
        buffer_puts(b, "file://");
    for (const char *at = name; *at; at++) {
        unsigned char c = (unsigned char)*at;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~/", c);
        if (plain)
            buffer_putc(b, (char)c);
        else
            buffer_printf(b, "%%%02X", c);
    }
}

static void put_suppression(struct buffer *b, const struct waiver *w)
{
    char until[32];
    struct buffer why = {0};
    buffer_puts(b, ",\"suppressions\":[");
    if (w) {
        timestamp_format(until, sizeof until, w->until);
        buffer_printf(&why, "%s (%s, until %.10s)", w->reason, w->owner, until);
        buffer_puts(b, "{\"kind\":\"external\",\"status\":\"accepted\",");
        put_member(b, "justification", (struct slice){why.data, why.len});
        buffer_putc(b, '}');
        buffer_free(&why);
    }
    buffer_putc(b, ']');
}

/* Append when a finding must be fixed and, if older reports say so, since when it exists and how often it was fixed. */
static void put_times(struct buffer *b, const struct findings *all, const struct finding *f)
{
    const struct report *r = all->report;
    struct chronicle_since since;
    char time[32];
    int64_t due;
    if (all->allowed && !f->waiver && time_columns_due(r, f->row, f->check, all->allowed, &due)) {
        buffer_putc(b, ',');
        puts_field(b, "due", timestamp_format(time, sizeof time, due));
        buffer_printf(b, ",\"late\":%s", due < r->as_of ? "true" : "false");
    }
    if (!time_columns_since(r, f->row, f->check, &since))
        return;
    buffer_putc(b, ',');
    puts_field(b, "since", timestamp_format(time, sizeof time, since.time));
    buffer_printf(b, ",\"atLeast\":%s,\"recurred\":%u", since.is_at_least ? "true" : "false", (unsigned)since.recurred);
}

/* The parts that all results of one check have in common, ready to be copied. */
struct rule_texts {
    struct buffer heads[SEVERITY_COUNT]; /* from its brace to the user in its message */
    struct buffer middle; /* of the message, between user and evidence */
    struct buffer id;     /* at the end of the fingerprint */
};

/* The state while findings are written. */
struct sarif {
    const struct findings *findings;
    struct rule_texts rules[CHECKS_MAX];
    struct buffer *uris; /* owned: of each file of the report */
    FILE *out;
    bool is_ascii; /* for a terminal without UTF-8: the same in ASCII */
};

static void prepare_rule(struct rule_texts *t, size_t check, size_t rule, const struct check_settings *s)
{
    const struct check *c = check_at(check);
    struct buffer title = {0};
    for (enum severity severity = SEVERITY_NONE; severity < SEVERITY_COUNT; severity++) {
        struct buffer *head = &t->heads[severity];
        buffer_putc(head, '{');
        puts_field(head, "ruleId", c->id);
        buffer_printf(head, ",\"ruleIndex\":%zu,", rule);
        puts_field(head, "level", level_of(severity));
        buffer_puts(head, ",\"message\":{\"text\":\"");
    }
    buffer_puts(&title, ": ");
    check_title(&title, check, s);
    buffer_puts(&title, ": ");
    put_message_text(&t->middle, (struct slice){title.data, title.len});
    buffer_puts(&t->id, " ");
    export_json_text(&t->id, slice_of(c->id));
    buffer_puts(&t->id, "\"}");
    buffer_free(&title);
}

static void prepare(struct sarif *s, const size_t *rule)
{
    const struct report *r = s->findings->report;
    s->uris = xcalloc(r->file_count + 1, sizeof *s->uris);
    for (size_t i = 0; i < r->file_count; i++)
        put_uri(&s->uris[i], r->files[i].name);
    for (size_t i = 0; i < check_count(); i++)
        prepare_rule(&s->rules[i], i, rule[i], &r->audit->settings);
}

static void free_prepared(struct sarif *s)
{
    for (size_t i = 0; i < s->findings->report->file_count; i++)
        buffer_free(&s->uris[i]);
    free(s->uris);
    for (size_t i = 0; i < check_count(); i++) {
        for (size_t k = 0; k < SEVERITY_COUNT; k++)
            buffer_free(&s->rules[i].heads[k]);
        buffer_free(&s->rules[i].middle);
        buffer_free(&s->rules[i].id);
    }
}

static void put_text(struct buffer *b, const struct buffer *text)
{
    buffer_add(b, text->data, text->len);
}

static void put_place(struct buffer *b, const struct sarif *s, const struct report *r, size_t row, struct slice user,
    struct slice arn)
{
    const struct buffer *uri = &s->uris[report_file_of(r, row)];
    buffer_puts(b, "\"},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
    export_json_text(b, (struct slice){uri->data ? uri->data : "", uri->len});
    buffer_puts(b, "\"},\"region\":{\"startLine\":");
    buffer_number(b, (int64_t)report_line_of(r, row));
    buffer_puts(b, "}},\"logicalLocations\":[{\"name\":\"");
    export_json_text(b, user);
    buffer_puts(b, "\",\"fullyQualifiedName\":\"");
    export_json_text(b, arn.len ? arn : user);
    buffer_puts(b, "\",\"kind\":\"resource\"}]}]");
}

static void put_result(struct buffer *b, const struct sarif *s, const struct report *r, const struct finding *f,
    struct buffer *scratch)
{
    const struct rule_texts *t = &s->rules[f->check];
    struct slice user = report_raw(r, f->row, COL_USER), arn = report_raw(r, f->row, COL_ARN);
    put_text(b, &t->heads[f->severity]);
    put_message_text(b, user);
    put_text(b, &t->middle);
    scratch->len = 0;
    finding_evidence(scratch, r, f);
    put_message_text(b, (struct slice){scratch->data, scratch->len});
    put_place(b, s, r, f->row, user, arn);
    buffer_puts(b, ",\"partialFingerprints\":{\"ncredUserCheck/v1\":\"");
    export_json_text(b, arn.len ? arn : user);
    put_text(b, &t->id);
    put_suppression(b, f->waiver);
    buffer_puts(b, ",\"properties\":{\"account\":\"");
    export_json_text(b, report_value(r, f->row, COL_ACCOUNT).text);
    buffer_puts(b, "\",\"credential\":\"");
    finding_credentials(b, f);
    buffer_puts(b, "\",");
    buffer_puts(b, "\"severity\":\"");
    buffer_puts(b, severity_name(f->severity));
    buffer_putc(b, '"');
    put_times(b, s->findings, f);
    buffer_puts(b, "}}");
}

static size_t put_results(void *sarif, size_t from, size_t to, struct buffer *out)
{
    const struct sarif *s = sarif;
    struct report_split split = {0};
    struct report view = report_view(s->findings->report, &split);
    struct buffer scratch = {0};
    struct finding *list = xcalloc(to - from, sizeof *list);
    size_t i = from;
    findings_get(s->findings, from, to, list);
    for (; i < to && out->len < PARALLEL_TEXT_ENOUGH; i++) {
        if (i + REPORT_CODES_AHEAD < to)
            report_prefetch_codes(&view, list[i + REPORT_CODES_AHEAD - from].row, UINT32_MAX);
        if (i + REPORT_TEXT_AHEAD < to)
            report_prefetch(&view, list[i + REPORT_TEXT_AHEAD - from].row);
        buffer_puts(out, i ? ",\n" : "\n");
        put_result(out, s, &view, &list[i - from], &scratch);
    }
    free(list);
    buffer_free(&scratch);
    report_split_free(&split);
    return i;
}

/* Write TEXT. Returns false if OUT has failed. */
static bool put_out(void *sarif, struct slice text)
{
    const struct sarif *s = sarif;
    struct buffer ascii = {0};
    if (s->is_ascii) {
        export_json_ascii(&ascii, text);
        text = (struct slice){ascii.data, ascii.len};
    }
    fwrite(text.data, 1, text.len, s->out);
    buffer_free(&ascii);
    return !ferror(s->out);
}

/* Append notifications of the run: checks that could not judge every user, and those that were not made. */
static void put_unjudged(struct buffer *b, const struct findings *f, const size_t *rule)
{
    struct buffer text = {0};
    buffer_puts(b, "\"invocations\":[{\"executionSuccessful\":true,\"toolExecutionNotifications\":[");
    for (size_t i = 0; i < unjudged_checks(&f->unjudged); i++) {
        size_t check = unjudged_check(&f->unjudged, i);
        text.len = 0;
        buffer_printf(&text, "%s is unknown for ", check_at(check)->id);
        unjudged_describe(&text, &f->unjudged, check);
        buffer_puts(b, i ? ",\n{" : "\n{");
        puts_field(b, "level", "warning");
        buffer_putc(b, ',');
        put_message(b, "message", &text);
        buffer_printf(b, ",\"associatedRule\":{\"index\":%zu,", rule[check]);
        puts_field(b, "id", check_at(check)->id);
        buffer_puts(b, "}}");
    }
    if (audit_not_made(f->report)) {
        text.len = 0;
        audit_tell_not_made(&text, f->report);
        buffer_puts(b, unjudged_checks(&f->unjudged) ? ",\n{" : "\n{");
        puts_field(b, "level", "note");
        buffer_putc(b, ',');
        put_message(b, "message", &text);
        buffer_putc(b, '}');
    }
    buffer_puts(b, "]}],\n");
    buffer_free(&text);
}

void sarif_write(const struct findings *f, size_t count, FILE *out)
{
    enum { RESULTS_AT_ONCE = 1 << 9 };
    struct sarif sarif = {.findings = f, .out = out, .is_ascii = isatty(fileno(out)) && !utf8_is_in_locale()};
    const struct check_settings *s = &f->report->audit->settings;
    struct buffer b = {0};
    size_t rule[CHECKS_MAX] = {0}, rules = 0;
    buffer_puts(&b, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n"
        "\"tool\":{\"driver\":{\"name\":\"ncred\",\"version\":\"" PACKAGE_VERSION "\",\"rules\":[");
    for (size_t i = 0; i < check_count(); i++) {
        if (!check_is_on(s, i))
            continue;
        buffer_puts(&b, rules ? ",\n" : "\n");
        rule[i] = rules++;
        put_rule(&b, i, s);
    }
    buffer_puts(&b, "]}},\n");
    put_unjudged(&b, f, rule);
    buffer_puts(&b, "\"columnKind\":\"utf16CodeUnits\",\n\"results\":[");
    prepare(&sarif, rule);
    if (put_out(&sarif, (struct slice){b.data, b.len})
        && parallel_text(count, RESULTS_AT_ONCE, put_results, put_out, &sarif, f->cancel))
        put_out(&sarif, slice_of("]\n}]}\n"));
    free_prepared(&sarif);
    buffer_free(&b);
}
