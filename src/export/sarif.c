/*
 * A check is a rule, a finding a result, the report's line its place, a waiver a suppression. Beyond what SARIF
 * demands there is what GitHub's code scanning asks for: security-severity, help text, a fingerprint that outlives
 * line numbers.
 */
#include "export/sarif.h"

#include "export/export.h"
#include "base/timestamp.h"

#include <config.h>
#include <unistd.h>

static void put(struct buffer *b, const char *name, struct slice text)
{
    buffer_printf(b, "\"%s\":", name);
    export_json_string(b, text);
}

static void puts_field(struct buffer *b, const char *name, const char *text)
{
    put(b, name, slice_of(text));
}

/* "name":{"text":...}, in which SARIF takes [ ] for a link and { } for an argument. */
static void put_message(struct buffer *b, const char *name, const struct buffer *text)
{
    struct buffer plain = {0};
    for (size_t i = 0; i < text->len; i++) {
        char c = text->data[i];
        if (c == '[' || c == ']' || c == '\\')
            buffer_putc(&plain, '\\');
        if (c == '{' || c == '}')
            buffer_putc(&plain, c);
        buffer_putc(&plain, c);
    }
    buffer_printf(b, "\"%s\":{", name);
    put(b, "text", (struct slice){plain.data ? plain.data : "", plain.len});
    buffer_putc(b, '}');
    buffer_free(&plain);
}

static const char *level_of(enum severity s)
{
    return s >= SEVERITY_HIGH ? "error" : s == SEVERITY_MEDIUM ? "warning" : "note";
}

/* GitHub's bands: over 9.0 critical, from 7.0 high, from 4.0 medium. */
static const char *score_of(enum severity s)
{
    static const char *const scores[SEVERITY_COUNT] = {"0.0", "2.0", "5.0", "8.0", "9.5"};
    return scores[s];
}

static void put_rule(struct buffer *b, size_t check, const struct check_settings *s)
{
    const struct check *c = check_at(check);
    struct buffer text = {0};
    buffer_putc(b, '{');
    puts_field(b, "id", c->id);
    check_title(&text, check, s);
    buffer_puts(b, ",\"shortDescription\":{");
    put(b, "text", (struct slice){text.data, text.len});
    text.len = 0;
    buffer_puts(&text, "Users for whom this query holds: ");
    check_predicate(&text, check, s);
    buffer_puts(b, "},\"fullDescription\":{");
    put(b, "text", (struct slice){text.data, text.len});
    buffer_puts(b, "},\"help\":{");
    puts_field(b, "text", c->remedy);
    buffer_puts(b, "},\"defaultConfiguration\":{");
    puts_field(b, "level", level_of(c->severity));
    buffer_puts(b, "},\"properties\":{");
    puts_field(b, "security-severity", score_of(c->severity));
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

/* A file's name as a URI reference: all but unreserved characters and slashes are escaped. */
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

static void put_place(struct buffer *b, const struct report *r, const struct finding *f)
{
    struct buffer uri = {0};
    struct slice user = report_raw(r, f->row, COL_USER), arn = report_raw(r, f->row, COL_ARN);
    put_uri(&uri, r->files[report_file_of(r, f->row)].name);
    buffer_puts(b, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{");
    put(b, "uri", (struct slice){uri.data ? uri.data : "", uri.len});
    buffer_printf(b, "},\"region\":{\"startLine\":%zu}},\"logicalLocations\":[{", report_line_of(r, f->row));
    put(b, "name", user);
    buffer_putc(b, ',');
    put(b, "fullyQualifiedName", arn.len ? arn : user);
    buffer_puts(b, ",\"kind\":\"resource\"}]}]");
    buffer_free(&uri);
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
        put(b, "justification", (struct slice){why.data, why.len});
        buffer_putc(b, '}');
        buffer_free(&why);
    }
    buffer_putc(b, ']');
}

static void put_result(struct buffer *b, const struct report *r, const struct finding *f, size_t rule)
{
    struct buffer text = {0};
    const struct check *c = check_at(f->check);
    struct slice user = report_raw(r, f->row, COL_USER), arn = report_raw(r, f->row, COL_ARN);
    buffer_putc(b, '{');
    puts_field(b, "ruleId", c->id);
    buffer_printf(b, ",\"ruleIndex\":%zu,", rule);
    puts_field(b, "level", level_of(c->severity));
    buffer_putc(b, ',');
    buffer_add(&text, user.data, user.len);
    buffer_puts(&text, ": ");
    check_title(&text, f->check, &r->audit->settings);
    buffer_puts(&text, ": ");
    finding_evidence(&text, r, f);
    put_message(b, "message", &text);
    put_place(b, r, f);
    text.len = 0;
    buffer_add(&text, arn.len ? arn.data : user.data, arn.len ? arn.len : user.len);
    buffer_printf(&text, " %s", c->id);
    buffer_puts(b, ",\"partialFingerprints\":{");
    put(b, "ncredUserCheck/v1", (struct slice){text.data, text.len});
    buffer_putc(b, '}');
    put_suppression(b, f->waiver);
    text.len = 0;
    buffer_puts(&text, "");
    finding_credentials(&text, f);
    buffer_puts(b, ",\"properties\":{");
    put(b, "account", report_value(r, f->row, COL_ACCOUNT).text);
    buffer_putc(b, ',');
    put(b, "credential", (struct slice){text.data, text.len});
    buffer_putc(b, ',');
    puts_field(b, "severity", severity_name(c->severity));
    buffer_puts(b, "}}");
    buffer_free(&text);
}

/* Write what B holds and empty it; a terminal that does not take UTF-8 gets the same in ASCII. */
static void put_out(struct buffer *b, FILE *out)
{
    struct buffer ascii = {0};
    struct slice text = {b->data, b->len};
    if (isatty(fileno(out)) && !utf8_is_in_locale()) {
        export_json_ascii(&ascii, text);
        text = (struct slice){ascii.data, ascii.len};
    }
    fwrite(text.data, 1, text.len, out);
    buffer_free(&ascii);
    b->len = 0;
}

/* The checks that could not judge every user, as notifications of the run. */
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
    buffer_puts(b, "]}],\n");
    buffer_free(&text);
}

void sarif_write(const struct findings *f, size_t count, FILE *out)
{
    enum { AT_ONCE = 1 << 10 };
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
    for (size_t i = 0; i < count && !ferror(out) && (i % AT_ONCE || !cancel_check(f->cancel)); i++) {
        buffer_puts(&b, i ? ",\n" : "\n");
        put_result(&b, f->report, &f->list[i], rule[f->list[i].check]);
        if (b.len > 1 << 16)
            put_out(&b, out);
    }
    buffer_puts(&b, "]\n}]}\n");
    put_out(&b, out);
    buffer_free(&b);
}
