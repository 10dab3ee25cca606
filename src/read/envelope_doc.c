/* The documents that hold a report: JSON with jansson, AWS's XML, and the one shape of YAML that the CLI writes. */
#include "read/envelope_priv.h"

#include "aws/aws_error.h"
#include "aws/aws_xml.h"

#include <jansson.h>

/* Say what an answer without Content is, from its fields as they were found (empty: not there). Returns false. */
static bool without_content(const char *name, struct slice code, struct slice message, struct slice state, struct error *err)
{
    struct error why;
    if (code.len || message.len) {
        struct aws_error e = {code, {"", 0}, message};
        aws_error_set(&why, "an error of AWS in place of a report", &e);
        return error_set(err, "%s: %s", name, why.text);
    }
    if (state.len)
        return error_set(err, "%s: the answer of generate-credential-report (%.*s), not the report; "
            "aws iam get-credential-report gets it", name, (int)(state.len < 20 ? state.len : 20), state.data);
    return error_set(err, "%s: not a credential report: it has no Content; "
        "aws iam get-credential-report writes one", name);
}

/* ---- JSON ---- */

static struct slice json_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)}
                                 : (struct slice){"", 0};
}

static bool json_report(const json_t *root, struct layer *l, struct error *err)
{
    struct slice content = json_text(root, "Content"), time = json_text(root, "GeneratedTime");
    if (content.len) {
        buffer_add(&l->owned, content.data, content.len);
        buffer_add(&l->time_text, time.data, time.len);
        l->inner = (struct slice){l->owned.data, l->owned.len};
        l->generated_at = (struct slice){l->time_text.data, l->time_text.len};
        return true;
    }
    const json_t *error = json_object_get(root, "Error");
    const json_t *from = json_is_object(error) ? error : root;
    struct slice code = json_text(from, "Code"), message = json_text(from, "Message");
    if (!code.len)
        code = json_text(from, "__type");
    if (!message.len)
        message = json_text(from, "message");
    return without_content(l->name, code, message, json_text(root, "State"), err);
}

bool envelope_json(struct slice text, struct layer *l, struct error *err)
{
    json_error_t why;
    json_t *root = json_loadb(text.data, text.len, 0, &why);
    if (!root && strstr(why.text, "end of file expected"))
        return error_set(err, "%s:%d: a second JSON document begins; put each report in a file of its own", l->name,
            why.line);
    if (!root)
        return error_set(err, "%s:%d: broken JSON: %s", l->name, why.line, why.text);
    /* a list of one is that one */
    const json_t *one = json_is_array(root) && json_array_size(root) == 1 ? json_array_get(root, 0) : root;
    bool ok = json_is_array(one)
        ? error_set(err, "%s: a JSON list of %zu; put each report in a file of its own", l->name, json_array_size(one))
        : json_report(one, l, err);
    json_decref(root);
    return ok;
}

bool envelope_json_string(struct slice text, struct layer *l)
{
    json_error_t why;
    json_t *root = json_loadb(text.data, text.len, JSON_DECODE_ANY, &why);
    bool ok = json_is_string(root) && json_string_length(root) > 0;
    if (ok) {
        buffer_add(&l->owned, json_string_value(root), json_string_length(root));
        l->inner = (struct slice){l->owned.data, l->owned.len};
    }
    json_decref(root);
    return ok;
}

/* ---- XML ---- */

static bool looks_like_html(struct slice text)
{
    struct slice head = {text.data, text.len < 1024 ? text.len : 1024};
    return slice_contains_nocase(head, slice_of("<html")) || slice_contains_nocase(head, slice_of("<!doctype html"));
}

bool envelope_xml(struct slice text, struct layer *l, struct error *err)
{
    struct aws_xml x;
    struct error why;
    if (looks_like_html(text))
        return error_set(err, "%s: a web page, perhaps one to sign in, and not a credential report", l->name);
    /* an XML declaration stands at the very start or nowhere */
    while (text.len && text.data[0] != '<')
        text = (struct slice){text.data + 1, text.len - 1};
    bool ok = aws_xml_parse(text, &x, &why);
    struct slice content = aws_xml_get(&x, "Content"), time = aws_xml_get(&x, "GeneratedTime");
    if (!ok) {
        error_set(err, "%s: %s", l->name, why.text);
    } else if (content.len) {
        buffer_add(&l->owned, content.data, content.len);
        buffer_add(&l->time_text, time.data, time.len);
        l->inner = (struct slice){l->owned.data, l->owned.len};
        l->generated_at = (struct slice){l->time_text.data, l->time_text.len};
    } else {
        ok = without_content(l->name, aws_xml_get(&x, "Code"), aws_xml_get(&x, "Message"),
            aws_xml_get(&x, "State"), err);
    }
    aws_xml_free(&x);
    return ok;
}

/* ---- YAML: a block of keys; a value is plain, quoted, or a block of indented lines ---- */

struct yaml {
    struct slice rest;
    size_t line;
};

static struct slice yaml_line(struct yaml *y)
{
    const char *lf = memchr(y->rest.data, '\n', y->rest.len);
    size_t n = lf ? (size_t)(lf - y->rest.data) : y->rest.len;
    struct slice line = {y->rest.data, n};
    size_t skip = n + (lf != NULL);
    y->rest = (struct slice){y->rest.data + skip, y->rest.len - skip};
    y->line++;
    if (line.len && line.data[line.len - 1] == '\r')
        line.len--;
    return line;
}

static struct slice yaml_trim(struct slice s)
{
    while (s.len && (s.data[0] == ' ' || s.data[0] == '\t'))
        s = (struct slice){s.data + 1, s.len - 1};
    while (s.len && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* The escapes that a writer of YAML puts into CSV or base 64. */
static bool yaml_double_quoted(struct slice s, struct buffer *out)
{
    size_t i = 1;
    for (; i < s.len && s.data[i] != '"'; i++) {
        if (s.data[i] != '\\') {
            buffer_putc(out, s.data[i]);
            continue;
        }
        static const char from[] = "nrt\"\\/ ", to[] = "\n\r\t\"\\/ ";
        const char *at = ++i < s.len ? memchr(from, s.data[i], sizeof from - 1) : NULL;
        if (!at)
            return false;
        buffer_putc(out, to[at - from]);
    }
    return i + 1 == s.len;
}

static bool yaml_single_quoted(struct slice s, struct buffer *out)
{
    size_t i = 1;
    for (; i < s.len; i++) {
        if (s.data[i] == '\'' && !(i + 1 < s.len && s.data[i + 1] == '\''))
            break;
        i += s.data[i] == '\'';
        buffer_putc(out, s.data[i]);
    }
    return i + 1 == s.len;
}

/* Lines indented deeper than the key, each with its line's end (|) or run together (> and plain). */
static void yaml_block(struct yaml *y, size_t indent, bool keep_ends, struct buffer *out)
{
    size_t inner = SIZE_MAX;
    while (y->rest.len) {
        size_t n = 0;
        while (n < y->rest.len && y->rest.data[n] == ' ')
            n++;
        bool blank = n == y->rest.len || y->rest.data[n] == '\n' || y->rest.data[n] == '\r';
        if (!blank && n <= indent)
            return;
        struct slice line = yaml_line(y);
        if (!blank && inner == SIZE_MAX)
            inner = n;
        size_t cut = blank ? (n < inner ? n : inner) : n < inner ? n : inner;
        if (cut < line.len)
            buffer_add(out, line.data + cut, line.len - cut);
        if (keep_ends)
            buffer_putc(out, '\n');
        else if (blank)
            buffer_putc(out, '\n');
    }
}

static bool yaml_value(struct yaml *y, struct slice s, size_t indent, struct buffer *out)
{
    out->len = 0;
    buffer_puts(out, "");
    if (s.len >= 8 && memcmp(s.data, "!!binary", 8) == 0)
        s = yaml_trim((struct slice){s.data + 8, s.len - 8});
    if (s.len && s.data[0] == '"')
        return yaml_double_quoted(s, out);
    if (s.len && s.data[0] == '\'')
        return yaml_single_quoted(s, out);
    if (s.len && s.data[0] != '|' && s.data[0] != '>') {
        buffer_add(out, s.data, s.len);
        yaml_block(y, indent, false, out);
        return true;
    }
    yaml_block(y, indent, s.len && s.data[0] == '|', out);
    return true;
}

enum { YAML_CONTENT, YAML_TIME, YAML_STATE, YAML_IGNORED };

/* The index of a "Key:" that AWS's answers have, and its value in VALUE; -1 for another line. */
static int yaml_key(struct slice line, struct slice *value, size_t *indent)
{
    static const char *const keys[] = {"Content", "GeneratedTime", "State", "ReportFormat", "Description"};
    struct slice s = line;
    while (s.len && (s.data[0] == ' ' || s.data[0] == '-'))
        s = (struct slice){s.data + 1, s.len - 1};
    *indent = line.len - s.len;
    for (int i = 0; i < (int)(sizeof keys / sizeof keys[0]); i++) {
        size_t n = strlen(keys[i]);
        if (s.len > n && memcmp(s.data, keys[i], n) == 0 && s.data[n] == ':') {
            *value = yaml_trim((struct slice){s.data + n + 1, s.len - n - 1});
            return i;
        }
    }
    return -1;
}

bool envelope_yaml(struct slice text, struct layer *l, struct error *err)
{
    struct yaml y = {text, 0};
    struct buffer values[YAML_IGNORED + 1] = {{0}};
    bool ok = true, seen = false;
    while (ok && y.rest.len) {
        struct slice value, line = yaml_line(&y);
        size_t indent, at = y.line;
        int key = yaml_key(line, &value, &indent);
        struct slice bare = yaml_trim(line);
        if (key < 0 && (bare.len == 0 || bare.data[0] == '#' || slice_equal(bare, slice_of("---"))
            || slice_equal(bare, slice_of("..."))))
            continue;
        if (key == YAML_CONTENT && seen)
            ok = error_set(err, "%s:%zu: a second report begins; put each in a file of its own", l->name, at);
        else if (key < 0 || !yaml_value(&y, value, indent, &values[key < YAML_IGNORED ? key : YAML_IGNORED]))
            ok = error_set(err, "%s:%zu: not YAML as the aws command writes it", l->name, at);
        seen |= key == YAML_CONTENT;
    }
    if (ok && !values[YAML_CONTENT].len)
        ok = without_content(l->name, (struct slice){"", 0}, (struct slice){"", 0},
            (struct slice){values[YAML_STATE].data, values[YAML_STATE].len}, err);
    if (ok) {
        l->owned = values[YAML_CONTENT];
        l->time_text = values[YAML_TIME];
        values[YAML_CONTENT] = values[YAML_TIME] = (struct buffer){0};
        l->inner = (struct slice){l->owned.data, l->owned.len};
        l->generated_at = (struct slice){l->time_text.data, l->time_text.len};
    }
    for (size_t i = 0; i <= YAML_IGNORED; i++)
        buffer_free(&values[i]);
    return ok;
}
