/* Recognizes the envelope by its first bytes (or last ones) and opens layer after layer until what is left is CSV. */
#include "read/envelope_priv.h"

#include "aws/aws_error.h"
#include "base/base64.h"
#include "base/timestamp.h"
#include "base/utf16.h"

#include <stdio.h>

static bool starts(struct slice s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.len >= n && memcmp(s.data, prefix, n) == 0;
}

static struct slice without_blanks(struct slice s)
{
    while (s.len && strchr(" \t\r\n", s.data[0]) && s.data[0])
        s = (struct slice){s.data + 1, s.len - 1};
    return s;
}

static struct slice first_line(struct slice s)
{
    size_t n = 0;
    while (n < s.len && s.data[n] != '\n' && s.data[n] != '\r')
        n++;
    return (struct slice){s.data, n};
}

/* ---- gzip, and other packers ---- */

static bool open_gzip(struct slice s, struct layer *l, struct error *err)
{
    struct error why;
    if (!gunzip(s, l->budget, &l->owned, &why))
        return error_set(err, "%s: %s", l->name, why.text);
    l->inner = (struct slice){l->owned.data, l->owned.len};
    return true;
}

static const struct {
    const char *magic;
    size_t len;
    const char *name;
} packers[] = {
    {"PK\3\4", 4, "zip"}, {"BZh", 3, "bzip2"}, {"\xfd\x37zXZ", 5, "xz"}, {"\x28\xb5\x2f\xfd", 4, "zstd"},
    {"7z\xbc\xaf", 4, "7-Zip"}, {"Rar!\x1a", 5, "RAR"}, {"\x04\x22\x4d\x18", 4, "LZ4"}, {"\x1f\x9d", 2, "compress"},
    {"\x5d\0\0", 3, "lzma"},
};
enum { PACKERS = sizeof packers / sizeof packers[0] };

static size_t packer_of(struct slice s)
{
    size_t i = 0;
    while (i < PACKERS && !(s.len >= packers[i].len && memcmp(s.data, packers[i].magic, packers[i].len) == 0))
        i++;
    /* "BZh" alone could begin a text, so the block mark after the level digit must follow */
    bool bzip2 = s.len > 5 && memcmp(s.data + 4, "1A", 2) == 0;
    return i < PACKERS && packers[i].magic[0] == 'B' && !bzip2 ? PACKERS : i;
}

static bool is_packed(struct slice s)
{
    return packer_of(s) < PACKERS;
}

static bool open_packed(struct slice s, struct layer *l, struct error *err)
{
    return error_set(err, "%s: compressed with %s, which ncred cannot read; unpack it first", l->name,
        packers[packer_of(s)].name);
}

/* ---- file formats of other programs ---- */

static const char as_rows[] = "write its rows as CSV or JSON", unpack[] = "unpack it first";
static const struct {
    const char *magic;
    size_t len, at;
    const char *name, *advice;
} foreign[] = {
    {"PAR1", 4, 0, "a Parquet file", as_rows}, {"ARROW1", 6, 0, "an Arrow file", as_rows},
    {"Obj\1", 4, 0, "an Avro file", as_rows}, {"SQLite format 3", 16, 0, "an SQLite database", as_rows},
    {"%PDF-", 5, 0, "a PDF", as_rows}, {"ustar", 5, 257, "a tar archive", unpack},
    {"b'", 2, 0, "bytes as Python prints them", "write the bytes themselves, to a file opened with \"wb\""},
    {"b\"", 2, 0, "bytes as Python prints them", "write the bytes themselves, to a file opened with \"wb\""},
    {"data:text/", 10, 0, "a data: URL", "decode what follows its comma"},
    {"data:application/", 17, 0, "a data: URL", "decode what follows its comma"},
    {"-----BEGIN ", 11, 0, "base64 as certutil -encode and PEM have it", "decode it first, as with certutil -decode"},
    {"==> ", 4, 0, "several files as head and tail print them", "open the files themselves"},
    {"```", 3, 0, "a text between Markdown's ``` lines", "remove these lines"},
    {"HTTP/", 5, 0, "an HTTP response with its headers", "save its body alone"},
    {"<<<<<<< ", 8, 0, "a file with git's conflict marks", "resolve the conflict first"},
    {"diff --git ", 11, 0, "a patch", "open the files themselves"},
    {"--- a/", 6, 0, "a patch", "open the files themselves"},
    {"version https://git-lfs", 23, 0, "a pointer of Git LFS", "git lfs pull gets the file"},
    {"INSERT INTO ", 12, 0, "SQL", as_rows},
    {"\xa4\xa2\x85\x99\x6b", 5, 0, "text in EBCDIC", "convert it first, as with iconv -f IBM037 -t UTF-8"},
};
enum { FOREIGN = sizeof foreign / sizeof foreign[0] };

static size_t foreign_of(struct slice s)
{
    size_t i = 0;
    while (i < FOREIGN && !(s.len >= foreign[i].at + foreign[i].len
        && memcmp(s.data + foreign[i].at, foreign[i].magic, foreign[i].len) == 0))
        i++;
    return i;
}

static bool is_foreign(struct slice s)
{
    return foreign_of(s) < FOREIGN;
}

static bool open_foreign(struct slice s, struct layer *l, struct error *err)
{
    size_t i = foreign_of(s);
    return error_set(err, "%s: %s, which ncred cannot read; %s", l->name, foreign[i].name, foreign[i].advice);
}

/* ---- UTF-16, which PowerShell's > writes ---- */

static bool open_utf16(struct slice s, struct layer *l, struct error *err)
{
    if (!utf16_decode(&l->owned, s, l->name, err))
        return false;
    l->inner = (struct slice){l->owned.data, l->owned.len};
    return true;
}

static bool is_bom(struct slice s)
{
    return starts(s, "\xef\xbb\xbf");
}

static bool open_bom(struct slice s, struct layer *l, struct error *err)
{
    (void)err;
    l->inner = (struct slice){s.data + 3, s.len - 3};
    return true;
}

/* ---- output of the aws command ---- */

/* An error message has no comma before its first blank; a header has no blank before its first comma. */
static bool is_cli_error(struct slice s)
{
    struct aws_error e;
    s = without_blanks(s);
    size_t n = 0;
    while (n < s.len && s.data[n] != ',' && s.data[n] != ' ')
        n++;
    return n < s.len && s.data[n] == ' ' && aws_error_in_text(s, &e);
}

static bool open_cli_error(struct slice s, struct layer *l, struct error *err)
{
    struct aws_error e;
    struct error why;
    aws_error_in_text(s, &e);
    aws_error_set(&why, "an error of the aws command in place of a report", &e);
    return error_set(err, "%s: %s", l->name, why.text);
}

/* Whether the first line is a ruler, as above a table drawn for people. */
static bool is_drawn_table(struct slice s)
{
    struct slice line = first_line(without_blanks(s));
    size_t n = 0;
    while (n < line.len && (line.data[n] == '-' || line.data[n] == '+'))
        n++;
    return (n > 8 && n == line.len) || starts(line, "\u250c\u2500") || starts(line, "\u256d\u2500")
        || starts(line, "\u250f\u2501") || starts(line, "\u2554\u2550") || starts(line, "\u2552\u2550");
}

static bool open_drawn_table(struct slice s, struct layer *l, struct error *err)
{
    if (!starts(without_blanks(s), "-"))
        return error_set(err,
            "%s: a table as database clients draw it for people; write it as CSV or JSON instead, as with "
            "--output csv", l->name);
    return error_set(err, "%s: the aws command's output as a table, which is for people; run it with --output json or "
        "--output text", l->name);
}

static bool is_workbook(struct slice s)
{
    struct slice head = {s.data, s.len < 512 ? s.len : 512};
    return starts(s, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        || (starts(s, "PK\3\4") && (slice_contains_nocase(head, slice_of("[Content_Types].xml"))
            || slice_contains_nocase(head, slice_of("_rels/.rels")) || slice_contains_nocase(head, slice_of("xl/"))
            || slice_contains_nocase(head, slice_of("opendocument.spreadsheet"))));
}

static bool open_workbook(struct slice s, struct layer *l, struct error *err)
{
    (void)s;
    return error_set(err, "%s: a spreadsheet's own format (.xlsx, .xls or .ods); save it as CSV, in UTF-8", l->name);
}

/* Whether S is an object whose names have no double quotation marks, which only YAML allows. */
static bool is_yaml_object(struct slice s)
{
    struct slice name = without_blanks((struct slice){s.data + 1, s.len - 1});
    return s.data[0] == '{' && name.len && (name.data[0] == '\'' || (name.data[0] >= 'A' && name.data[0] <= 'Z')
        || (name.data[0] >= 'a' && name.data[0] <= 'z'));
}

/* A list in JSON; what follows the [ of a prompt, a log's prefix or a section of a configuration is another text. */
static bool begins_json_list(struct slice s)
{
    struct slice next = without_blanks((struct slice){s.data + 1, s.len - 1});
    return s.data[0] == '[' && (!next.len || (next.data[0] && strchr("{[\"]-0123456789", next.data[0]))
        || starts(next, "null") || starts(next, "true") || starts(next, "false"));
}

static bool is_json(struct slice s)
{
    s = without_blanks(s);
    return s.len && ((s.data[0] == '{' && !is_yaml_object(s)) || begins_json_list(s));
}

/* A report that lost its header begins with <root_account>, which is not XML. */
static bool is_xml(struct slice s)
{
    s = without_blanks(s);
    return starts(s, "<") && !starts(s, "<root_account>");
}

/* Whether LINE begins a list with the report in base64, or its time: what --query '[Content]' prints. */
static bool is_yaml_value(struct slice line)
{
    enum { LETTERS_MIN = 16 };
    int64_t time;
    size_t n = 0;
    if (!starts(line, "- "))
        return false;
    while (starts(line, "- ")) /* yaml-stream prints a list in a list */
        line = without_blanks((struct slice){line.data + 2, line.len - 2});
    line = slice_trimmed(line);
    if (line.len > 2 && (line.data[0] == '"' || line.data[0] == '\''))
        line = (struct slice){line.data + 1, line.len - 2};
    while (n < line.len && base64_char(line.data[n]))
        n++;
    return (n == line.len && n >= LETTERS_MIN) || timestamp_parse(line, &time);
}

/*
 * Whether LINE begins with a name from AWS's answers, with or without quotation marks, and ":", or with "? " and the
 * name.
 */
static bool is_yaml_member(struct slice line)
{
    static const char *const names[] = {"Content", "GeneratedTime", "ReportFormat", "State", "Description",
        "ResponseMetadata"};
    bool is_key = starts(line, "? ");
    if (is_key || starts(line, "- "))
        line = without_blanks((struct slice){line.data + 2, line.len - 2});
    size_t quote = line.len && (line.data[0] == '"' || line.data[0] == '\'');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = strlen(names[i]);
        struct slice rest = {line.data + quote, line.len - quote};
        if (!starts(rest, names[i]))
            continue;
        rest = (struct slice){rest.data + len, rest.len - len};
        if (quote && (!rest.len || rest.data[0] != line.data[0]))
            continue;
        rest = without_blanks((struct slice){rest.data + quote, rest.len - quote});
        if (is_key ? !rest.len : starts(rest, ":"))
            return true;
    }
    return false;
}

static bool is_yaml(struct slice s)
{
    s = without_blanks(s);
    while (starts(s, "#")) { /* skip comments */
        struct slice line = first_line(s);
        s = without_blanks((struct slice){s.data + line.len, s.len - line.len});
    }
    return starts(s, "---") || starts(s, "%YAML") || starts(s, "%TAG") || (s.len && is_yaml_object(s))
        || is_yaml_member(first_line(s)) || is_yaml_value(first_line(s));
}

/*
 * Whether S is a JSON string: one pair of quotation marks around everything, even if only part of it has been read. In
 * a CSV a separator follows the first quoted field.
 */
static bool is_json_string(struct slice s)
{
    s = without_blanks(s);
    if (!starts(s, "\""))
        return false;
    size_t i = 1;
    while (i < s.len && s.data[i] != '"' && s.data[i] != '\n' && s.data[i] != '\r')
        i += s.data[i] == '\\' ? 2 : 1;
    if (i >= s.len)
        return s.len > 16;
    return s.data[i] == '"' && i > 1 && !without_blanks((struct slice){s.data + i + 1, s.len - i - 1}).len;
}

static bool open_json_string(struct slice s, struct layer *l, struct error *err)
{
    return envelope_json_string(s, l) || error_set(err, "%s: a JSON string that is empty, or cut off", l->name);
}

/*
 * The aws command's text output ends with Content TAB GeneratedTime TAB ReportFormat. Returns the offset of the time,
 * or 0 if S does not end so.
 */
static size_t text_tail(struct slice s)
{
    enum { ENDS_MAX = 64 }; /* limit of trailing line ends, which each new piece makes it skip again */
    static const char format[] = "\ttext/csv";
    for (size_t n = 0; n < ENDS_MAX && s.len && (s.data[s.len - 1] == '\n' || s.data[s.len - 1] == '\r'); n++)
        s.len--;
    if (s.len < sizeof format || memcmp(s.data + s.len - (sizeof format - 1), format, sizeof format - 1) != 0)
        return 0;
    s.len -= sizeof format - 1;
    size_t from = s.len;
    while (from && s.len - from <= 40 && s.data[from - 1] != '\t')
        from--;
    return from && s.data[from - 1] == '\t' ? from : 0;
}

static bool is_cli_text(struct slice s)
{
    return text_tail(s) != 0;
}

static bool open_cli_text(struct slice s, struct layer *l, struct error *err)
{
    (void)err;
    size_t from = text_tail(s), n = 0;
    while (s.data[from + n] != '\t')
        n++;
    l->generated_at = (struct slice){s.data + from, n};
    l->inner = (struct slice){s.data, from - 1};
    return true;
}

/*
 * Whether the first line consists of base64 characters; the first line of a CSV has a comma. The name of a column is
 * none: the characters - and _ count only from the 17th on. A shell makes blanks of line ends, and in text output the
 * time follows, which may be incomplete so far.
 */
static bool is_base64(struct slice s)
{
    enum { START = 16, LINE_MIN = 48 };
    struct slice line = first_line(without_blanks(s));
    size_t n = 0;
    while (n < line.len && base64_char(line.data[n]) && (n >= START || !strchr("-_", line.data[n])))
        n++;
    size_t letters = n;
    while (n < line.len && (line.data[n] == ' ' || line.data[n] == '\t'))
        n++;
    bool is_time = n > letters && n < line.len && line.data[n] >= '0' && line.data[n] <= '9';
    bool goes_on = n > letters && letters >= LINE_MIN;
    while (goes_on && n < line.len && (base64_char(line.data[n]) || line.data[n] == ' '))
        n++;
    return letters >= START && (n == line.len || is_time);
}

/* What --query '[Content,GeneratedTime]' prints after Content as text: a tab and the time. NULL if that is not so. */
static const char *time_after_content(struct slice s)
{
    int64_t time;
    while (s.len && strchr("\r\n", s.data[s.len - 1]) && s.data[s.len - 1])
        s.len--;
    const char *tab = s.len ? memchr(s.data, '\t', s.len) : NULL;
    return tab && timestamp_parse((struct slice){tab + 1, (size_t)(s.data + s.len - tab) - 1}, &time) ? tab : NULL;
}

static bool open_base64(struct slice s, struct layer *l, struct error *err)
{
    struct error why;
    const char *tab = time_after_content(s);
    if (tab) {
        l->generated_at = first_line((struct slice){tab + 1, (size_t)(s.data + s.len - tab) - 1});
        s.len = (size_t)(tab - s.data);
    }
    if (!base64_decode(s, &l->owned, &why))
        return error_set(err, "%s: %s", l->name, why.text);
    l->inner = (struct slice){l->owned.data, l->owned.len};
    return true;
}

/* ---- all layers ---- */

/* Tried in this order. If none matches, the content is taken for CSV, and the CSV reader reports what is wrong. */
static const struct {
    bool (*is)(struct slice s);
    bool (*open)(struct slice s, struct layer *l, struct error *err);
    bool is_refused; /* OPEN always fails and says what to do */
} kinds[] = {
    {gunzip_is, open_gzip, false},
    {is_workbook, open_workbook, true},
    {is_packed, open_packed, true},
    {is_foreign, open_foreign, true},
    {utf16_is, open_utf16, false},
    {is_bom, open_bom, false},
    {is_json, envelope_json, false},
    {is_json_string, open_json_string, false},
    {is_xml, envelope_xml, false},
    {is_drawn_table, open_drawn_table, true},
    {is_yaml, envelope_yaml, false},
    {is_cli_error, open_cli_error, false},
    {is_cli_text, open_cli_text, false},
    {is_base64, open_base64, false},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Append the problem of L to those of OUT. */
static void take_problem(const struct layer *l, struct envelope *out)
{
    size_t len = strlen(out->problem);
    if (l->problem.len && len + 4 < sizeof out->problem)
        snprintf(out->problem + len, sizeof out->problem - len, "%s%s", len ? "; " : "", l->problem.data);
}

static void take_time(const struct layer *l, struct envelope *out)
{
    char text[64];
    if (!l->generated_at.len)
        return;
    out->generated_known = timestamp_parse(l->generated_at, &out->generated)
        || timestamp_parse_epoch(l->generated_at, &out->generated);
    text_escape(text, sizeof text, l->generated_at);
    if (!out->generated_known)
        snprintf(out->problem, sizeof out->problem, "GeneratedTime is not a time: \"%s\"", text);
}

bool envelope_open(struct slice bytes, size_t file_size, const char *name, struct envelope *out, struct error *err)
{
    struct gunzip_budget budget = {file_size, file_size != bytes.len ? bytes.len : 0};
    *out = (struct envelope){.csv = bytes};
    for (size_t depth = 0;; depth++) {
        size_t kind = 0;
        while (kind < KINDS && !kinds[kind].is(out->csv))
            kind++;
        if (kind == KINDS)
            return true;
        if (depth == ENVELOPE_DEPTH_MAX)
            return error_set(err, "%s: wrapped more than %d times; unwrap it first", name, ENVELOPE_DEPTH_MAX);
        struct layer l = {.name = name, .budget = &budget};
        bool ok = kinds[kind].open(out->csv, &l, err);
        take_time(&l, out);
        take_problem(&l, out);
        buffer_free(&l.time_text);
        buffer_free(&l.problem);
        if (l.owned.data) {
            buffer_free(&out->owned);
            out->owned = l.owned;
        }
        out->csv = l.inner;
        if (!ok)
            return false;
    }
}

bool envelope_is_refused(struct slice bytes, const char *name, struct error *err)
{
    struct layer l = {.name = name};
    size_t kind = 0;
    while (kind < KINDS && !(kinds[kind].is_refused && kinds[kind].is(bytes)))
        kind++;
    return kind < KINDS && !kinds[kind].open(bytes, &l, err);
}

bool envelope_has_tail(struct slice end, struct envelope *out)
{
    struct layer l = {.name = ""};
    struct error ignored;
    *out = (struct envelope){.csv = end};
    if (!is_cli_text(end) || !open_cli_text(end, &l, &ignored))
        return false;
    take_time(&l, out);
    out->csv = l.inner;
    return true;
}

bool envelope_is_none(struct slice start)
{
    size_t kind = 0;
    if (is_bom(start))
        start = (struct slice){start.data + 3, start.len - 3};
    while (kind < KINDS && !kinds[kind].is(start))
        kind++;
    return kind == KINDS;
}

void envelope_free(struct envelope *e)
{
    buffer_free(&e->owned);
}
