/* Documents that hold a report: JSON, AWS's XML, and YAML. */
#include "read/envelope_priv.h"

#include "aws/aws_error.h"
#include "aws/aws_xml.h"
#include "base/json_reader.h"
#include "base/timestamp.h"
#include "read/rows.h"
#include "report/column_names.h"

#include <config.h>
#ifdef WITH_YAML
#include <yaml.h>
#endif

/* Set ERR to what an answer without Content is, judging by its other fields (empty if absent). Returns false. */
static bool without_content(const char *name, struct slice code, struct slice message, struct slice state,
    struct error *err)
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
    return error_set(err,
        "%s: not a credential report: it has no Content, which aws iam get-credential-report writes, and "
        "no rows with user or arn", name);
}

/* ---- JSON ---- */

/* The fields of AWS's answers beside Content. Errors spell some of them in two ways. */
enum answer_field { ANSWER_CODE, ANSWER_TYPE, ANSWER_MESSAGE, ANSWER_LOWER_MESSAGE, ANSWER_STATE, ANSWER_TIME,
    ANSWER_COUNT };
static const char *const answer_keys[ANSWER_COUNT] = {"Code", "__type", "Message", "message", "State", "GeneratedTime"};

struct answer_texts {
    struct buffer of[ANSWER_COUNT];
    size_t members;   /* number of members */
    size_t contents;  /* number of members called Content that have one */
    bool has_content; /* some member is called so */
};

/* Whether NAME is that of the report's member, as AWS writes it or as SDKs of other languages do: content. */
static bool is_content_name(struct slice name)
{
    return slice_equal_nocase(name, slice_of("Content"));
}

/* The field of this name, in SDKs also generatedTime and generated_time; ANSWER_COUNT if there is none. */
static size_t answer_of_name(struct slice name)
{
    size_t k = 0;
    if (slice_equal_nocase(name, slice_of("GeneratedTime")) || slice_equal(name, slice_of("generated_time")))
        return ANSWER_TIME;
    while (k < ANSWER_COUNT && !slice_equal(name, slice_of(answer_keys[k])))
        k++;
    return k;
}

/* Keep the beginning of the string that J is at; the rest cannot matter. */
static void keep_beginning(struct buffer *b, const struct json_reader *j)
{
    enum { ENOUGH = 4096 };
    b->len = 0;
    buffer_add(b, j->text.data, j->text.len < ENOUGH ? j->text.len : ENOUGH);
}

/* Make the string that J is at the content of L. If it has escapes, L takes J's buffer with the decoded text. */
static void hold_text(struct layer *l, struct json_reader *j)
{
    buffer_free(&l->owned);
    l->inner = j->text;
    if (j->text.data != j->decoded.data)
        return;
    l->owned = j->decoded;
    j->decoded = (struct buffer){0};
}

/* Append the byte that J is at as a number. Returns false if it is none. */
static bool add_listed_byte(struct buffer *b, const struct json_reader *j)
{
    unsigned n = 0;
    for (size_t i = 0; i < j->text.len; i++) {
        if (j->text.data[i] < '0' || j->text.data[i] > '9' || i == 3)
            return false;
        n = n * 10 + (unsigned)(j->text.data[i] - '0');
    }
    if (n > 255)
        return false;
    buffer_putc(b, (char)n);
    return true;
}

/*
 * Append the bytes of a list of numbers or an object that holds one, up to its end; EVENT is its first event.
 * JavaScript writes a Buffer as {"type":"Buffer","data":[117,...]} and a Uint8Array as {"0":117,...}. *ARE_BYTES is
 * cleared if something else is in it. Returns false if the JSON is broken.
 */
static bool read_bytes(struct json_reader *j, enum json_event event, struct buffer *b, bool *are_bytes)
{
    bool is_object = event == JSON_EVENT_OBJECT;
    enum json_event e, end = is_object ? JSON_EVENT_OBJECT_END : JSON_EVENT_ARRAY_END;
    while ((e = json_reader_next(j)) != end) {
        if (is_object && e == JSON_EVENT_KEY)
            e = json_reader_next(j);
        if (e == JSON_EVENT_ERROR || e == JSON_EVENT_END)
            return false;
        if (e == JSON_EVENT_NUMBER)
            *are_bytes &= add_listed_byte(b, j);
        else if (e == JSON_EVENT_ARRAY && is_object && !b->len) {
            if (!read_bytes(j, e, b, are_bytes))
                return false;
        } else {
            *are_bytes &= is_object && e == JSON_EVENT_STRING; /* the type */
            if (!json_reader_skip(j))
                return false;
        }
    }
    return true;
}

/* Make the bytes that J is at the content of L, if they are some. Returns false if the JSON is broken. */
static bool hold_bytes(struct layer *l, struct json_reader *j, enum json_event e, size_t *contents)
{
    struct buffer bytes = {0};
    bool are_bytes = true, ok = read_bytes(j, e, &bytes, &are_bytes);
    if (!ok || !are_bytes || !bytes.len) {
        buffer_free(&bytes);
        return ok;
    }
    buffer_free(&l->owned);
    l->owned = bytes;
    l->inner = (struct slice){bytes.data, bytes.len};
    ++*contents;
    return true;
}

/*
 * Read the members of an object whose { was read, up to its end. The members of a nested object called Error go to
 * ERROR, and *HAS_ERROR is set; if ERROR is NULL, members called Content and Error are ignored. Returns false if the
 * JSON is broken.
 */
static bool read_answer(struct json_reader *j, struct layer *l, struct answer_texts *texts, struct answer_texts *error,
    bool *has_error)
{
    enum json_event e;
    while ((e = json_reader_next(j)) == JSON_EVENT_KEY) {
        size_t k = answer_of_name(j->text);
        bool is_content = error && is_content_name(j->text);
        bool is_error = error && slice_equal(j->text, slice_of("Error"));
        texts->members++;
        texts->has_content |= is_content;
        e = json_reader_next(j);
        if (e == JSON_EVENT_STRING && is_content) {
            texts->contents++;
            hold_text(l, j);
        }
        else if (e == JSON_EVENT_STRING && k < ANSWER_COUNT)
            keep_beginning(&texts->of[k], j);
        else if (e == JSON_EVENT_NUMBER && k == ANSWER_TIME) /* some tools write seconds or milliseconds */
            keep_beginning(&texts->of[k], j);
        else if ((e == JSON_EVENT_TRUE || e == JSON_EVENT_FALSE) && k == ANSWER_TIME)
            buffer_puts(&texts->of[k], e == JSON_EVENT_TRUE ? "true" : "false");
        else if ((e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY) && is_content) {
            if (!hold_bytes(l, j, e, &texts->contents))
                return false;
        } else if (e == JSON_EVENT_OBJECT && is_error) {
            *has_error = true;
            if (!read_answer(j, l, error, NULL, NULL))
                return false;
        } else {
            if (k == ANSWER_TIME && (e == JSON_EVENT_OBJECT || e == JSON_EVENT_ARRAY))
                buffer_puts(&texts->of[k], e == JSON_EVENT_OBJECT ? "{...}" : "[...]");
            if (!json_reader_skip(j))
                return false;
        }
    }
    return e == JSON_EVENT_OBJECT_END;
}

static struct slice answer_text(const struct answer_texts *t, enum answer_field first, enum answer_field other)
{
    const struct buffer *b = t->of[first].len ? &t->of[first] : &t->of[other];
    return (struct slice){b->len ? b->data : "", b->len};
}

/* Set ERR to what is wrong with the JSON. Returns false. */
static bool broken_json(const struct layer *l, const struct json_reader *j, struct error *err)
{
    if (j->is_extra)
        return error_set(err, "%s:%zu: a second JSON document begins; put each report in a file of its own", l->name,
            j->line);
    return error_set(err, "%s:%zu: broken JSON: %s", l->name, j->line, j->error);
}

/* Take a string of a list of AWS's values, such as --query '[Content,GeneratedTime]' prints. */
static void take_value(struct json_reader *j, struct layer *l, struct answer_texts *texts)
{
    int64_t time;
    if (timestamp_parse(j->text, &time)) {
        keep_beginning(&texts->of[ANSWER_TIME], j);
    } else if (!slice_equal(j->text, slice_of("text/csv"))) {
        texts->contents++;
        hold_text(l, j);
    }
}

/*
 * Read the only object of the document, alone or in a list, or the only report in a list of values. *COUNT is set to
 * the number of elements in a list with more than that; otherwise to 1.
 */
static bool read_json_report(struct json_reader *j, struct layer *l, struct answer_texts texts[2], bool *has_error,
    size_t *count)
{
    enum json_event e = json_reader_next(j);
    bool is_list = e == JSON_EVENT_ARRAY, are_values = is_list, ok = true;
    if (is_list)
        e = json_reader_next(j);
    for (*count = 0; ok && e != JSON_EVENT_ARRAY_END && e != JSON_EVENT_ERROR; ++*count) {
        are_values &= e == JSON_EVENT_STRING;
        if (are_values)
            take_value(j, l, &texts[0]);
        ok = e == JSON_EVENT_OBJECT && !*count ? read_answer(j, l, &texts[0], &texts[1], has_error)
            : json_reader_skip(j);
        if (!is_list) {
            *count = 1;
            break;
        }
        e = ok ? json_reader_next(j) : e;
    }
    *count = are_values && texts[0].contents == 1 ? 1 : *count;
    return ok && e != JSON_EVENT_ERROR && json_reader_next(j) == JSON_EVENT_END;
}

/* ---- one JSON object per user: in a list, one per line, or below "rows" (Steampipe) ---- */

/* The CSV made of JSON rows. A missing member becomes an empty field, so LIMIT keeps few bytes from becoming many. */
struct rows_as_csv {
    struct buffer *out;
    const char *name; /* of the file */
    size_t limit;     /* bytes */
};

static void add_csv_row(struct buffer *b, const struct slice *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_putc(b, ',');
        if (!fields[i].len)
            continue;
        buffer_putc(b, '"');
        for (size_t k = 0; k < fields[i].len; k++) {
            if (fields[i].data[k] == '"')
                buffer_putc(b, '"');
            buffer_putc(b, fields[i].data[k]);
        }
        buffer_putc(b, '"');
    }
    buffer_putc(b, '\n');
}

static bool take_names(void *context, const struct slice *names, size_t count, struct error *err)
{
    struct rows_as_csv *rows = context;
    (void)err;
    add_csv_row(rows->out, names, count);
    return true;
}

static bool take_row(void *context, const struct slice *fields, size_t count, size_t line, struct error *err)
{
    struct rows_as_csv *rows = context;
    add_csv_row(rows->out, fields, count);
    return rows->out->len <= rows->limit || error_set(err, "%s:%zu: most objects lack most of the members that others "
        "have, so that as rows they would be far longer than the file; write all members, or CSV", rows->name, line);
}

/* Output of other commands, recognized by a member's name, and what to do with it. */
static const struct {
    const char *member, *what;
} other_answers[] = {
    {"UserDetailList", "aws iam get-account-authorization-details, which --details reads beside a report"},
    {"AccessKeyMetadata", "aws iam list-access-keys, which --key-ids reads beside a report"},
    {"Accounts", "aws organizations list-accounts, which --accounts and --account-names read"},
    {"Users", "aws iam list-users; aws iam get-credential-report gets the report"},
    {"SummaryMap", "aws iam get-account-summary; aws iam get-credential-report gets the report"},
    {"ResultSet", "aws athena get-query-results; open the CSV that the query left in S3"},
};
enum { OTHER_ANSWERS = sizeof other_answers / sizeof other_answers[0] };

static size_t other_answer_of(struct slice member)
{
    size_t i = 0;
    while (i < OTHER_ANSWERS && !slice_equal(member, slice_of(other_answers[i].member)))
        i++;
    return i;
}

/* What an object's members tell about it. */
struct json_kind {
    bool is_user; /* a member is called user or arn (or has another name of these) and is neither list nor object */
    bool is_by_column; /* the same, but it is a list or object with the users of all rows */
    size_t cells;      /* number of other members that are report columns */
    bool is_answer;    /* a member is called Content */
    bool is_split;     /* names are in a list called columns, the rows, without names, in one called data */
    size_t other;      /* index in other_answers + 1 if a member is called so; 0 if none is */
    struct slice list; /* the first member that is a list of objects with users */
    size_t lists;      /* number of such members */
};

/* Whether J, just behind the start of a list, is at objects with users. The whole list is consumed. */
static bool list_of_users(struct json_reader *j, bool *ok);

/* Read the members of the object whose { was read, up to its end. Returns false if the JSON is broken. */
static bool look_at_members(struct json_reader *j, struct json_kind *k, bool in_list)
{
    enum json_event e = JSON_EVENT_ERROR;
    bool ok = true;
    while (ok && (e = json_reader_next(j)) == JSON_EVENT_KEY) {
        enum column c;
        bool is_rows = slice_equal(j->text, slice_of("rows"));
        bool is_known = column_meaning(j->text, &c) >= MEANING_ALIAS && c < COL_REPORT_COUNT;
        size_t other = other_answer_of(j->text);
        k->is_answer |= slice_equal(j->text, slice_of("Content"));
        k->other = other < OTHER_ANSWERS ? other + 1 : k->other;
        bool is_names = slice_equal(j->text, slice_of("columns"));
        e = json_reader_next(j);
        k->is_split |= is_names && e == JSON_EVENT_ARRAY;
        bool is_scalar = e != JSON_EVENT_OBJECT && e != JSON_EVENT_ARRAY && e != JSON_EVENT_ERROR;
        bool is_name = is_known && (c == COL_USER || c == COL_ARN);
        k->is_user |= is_name && is_scalar;
        k->is_by_column |= is_name && !is_scalar;
        k->cells += is_known && !is_name && is_scalar;
        const char *from = j->rest.data - 1;
        if (e != JSON_EVENT_ARRAY || in_list) {
            ok = json_reader_skip(j);
            continue;
        }
        bool has_users = list_of_users(j, &ok);
        if ((has_users || is_rows) && ok && !k->lists++)
            k->list = (struct slice){from, (size_t)(j->rest.data - from)};
    }
    return ok && e == JSON_EVENT_OBJECT_END;
}

static bool list_of_users(struct json_reader *j, bool *ok)
{
    struct json_kind k = {.is_user = false};
    enum json_event e = json_reader_next(j);
    *ok = e != JSON_EVENT_OBJECT || look_at_members(j, &k, true);
    if (e == JSON_EVENT_OBJECT && *ok)
        e = json_reader_next(j);
    while (*ok && e != JSON_EVENT_ARRAY_END) {
        *ok = e != JSON_EVENT_ERROR && json_reader_skip(j);
        e = *ok ? json_reader_next(j) : e;
    }
    return k.is_user && k.cells > 1; /* lists of other commands have no more than users' names and ages */
}

/* Go to the first value of a document that is no list. *LISTS is set to the number of lists it is in. */
static enum json_event enter_lists(struct json_reader *j, size_t *lists)
{
    enum json_event e = json_reader_next(j);
    for (*lists = 0; e == JSON_EVENT_ARRAY; ++*lists)
        e = json_reader_next(j);
    return e;
}

/*
 * Add to *LISTS the lists of users in the rest of the document; a user beside them counts as one. Returns false if the
 * JSON is broken.
 */
static bool count_lists(struct json_reader *j, size_t *lists)
{
    enum json_event e;
    bool ok = true;
    while (ok && (e = json_reader_next(j)) != JSON_EVENT_END) {
        struct json_kind k = {.is_user = false};
        ok = e == JSON_EVENT_OBJECT ? look_at_members(j, &k, false) : e != JSON_EVENT_ERROR;
        *lists += k.lists + k.is_user;
    }
    return ok;
}

/*
 * The part of TEXT that has rows: TEXT itself or a list in it. It is empty if TEXT is an answer of AWS, has another
 * shape or is broken. ERR's text is set if that shape is known not to be a report, otherwise it is empty.
 */
static struct slice find_rows(struct slice text, const char *name, struct error *err)
{
    struct json_reader j;
    struct json_kind k = {.is_user = false};
    size_t depth;
    json_reader_start(&j, text);
    enum json_event e = enter_lists(&j, &depth);
    bool ok = e != JSON_EVENT_OBJECT || look_at_members(&j, &k, false);
    if (k.lists && !k.is_user && !k.is_answer && (!ok || !count_lists(&j, &k.lists)))
        k.list = (struct slice){"", 0};
    json_reader_free(&j);
    err->text[0] = '\0';
    if (depth > 1 && !k.is_user)
        error_set(err, "%s: a JSON list of lists, whose rows do not name their columns; write rows as objects, or "
            "as CSV", name);
    else if (k.is_by_column && !k.is_user && !k.is_answer)
        error_set(err, "%s: JSON by columns, as pandas writes it; write rows, in pandas with "
            "to_json(orient=\"records\")", name);
    else if (k.is_split && !k.is_user && !k.is_answer && !k.list.len)
        error_set(err, "%s: JSON with columns and data apart, as pandas writes it; write rows, in pandas with "
            "to_json(orient=\"records\")",
            name);
    else if (k.list.len && k.lists > 1 && !k.is_user && !k.is_answer)
        error_set(err, "%s: JSON with %zu lists of users; make one list of them, or put each in a file of its own",
            name, k.lists);
    else if (k.other && !k.is_user && !k.is_answer && !k.list.len)
        error_set(err, "%s: not a credential report: the output of %s", name, other_answers[k.other - 1].what);
    return k.is_answer ? (struct slice){"", 0} : k.is_user ? text : k.list;
}

bool envelope_json(struct slice text, struct layer *l, struct error *err)
{
    struct error shape;
    struct slice rows = find_rows(text, l->name, &shape);
    if (shape.text[0])
        return error_set(err, "%s", shape.text);
    if (rows.len) {
        enum { EXTRA = LIMIT(16 << 20, 1 << 12) };
        struct rows_notes notes = {0};
        struct rows_as_csv csv = {.out = &l->owned, .name = l->name, .limit = 3 * text.len + EXTRA};
        bool read = rows_read(rows, l->name, &(struct rows_sink){&csv, take_names, take_row, &notes}, err);
        json_doubles_tell(&l->problem, &notes.members);
        l->inner = (struct slice){l->owned.data ? l->owned.data : "", l->owned.len};
        return read;
    }
    struct json_reader j;
    struct answer_texts texts[2] = {{.contents = 0}}; /* of the object and of its member Error */
    size_t count;
    bool has_error = false;
    json_reader_start(&j, text);
    j.finds_doubles = true;
    bool ok = read_json_report(&j, l, texts, &has_error, &count) || broken_json(l, &j, err);
    json_doubles_tell(&l->problem, &j.doubles);
    if (ok && !count)
        ok = error_set(err, "%s: an empty JSON list; every report has at least the root user", l->name);
    else if (ok && count != 1)
        ok = error_set(err, "%s: a JSON list of %zu, not of rows with user or arn; put each report in a file of "
            "its own",
            l->name, count);
    if (ok && texts[0].contents > 1)
        ok = error_set(err, "%s: Content occurs twice: a second report begins; put each in a file of its own", l->name);
    if (ok && l->inner.len) {
        l->time_text = texts[0].of[ANSWER_TIME];
        texts[0].of[ANSWER_TIME] = (struct buffer){0};
        l->generated_at = (struct slice){l->time_text.data, l->time_text.len};
    } else if (ok && texts[0].has_content) {
        ok = error_set(err, "%s: it has no Content that is text or bytes: empty, null or another value; get the report "
            "again", l->name);
    } else if (ok) {
        enum { BARE = 2 }; /* a gateway's error may be a message alone; where there is more, it is anybody's */
        const struct answer_texts *from = &texts[has_error];
        struct slice code = answer_text(from, ANSWER_CODE, ANSWER_TYPE);
        bool is_error = code.len || has_error || from->members <= BARE;
        ok = without_content(l->name, code,
            is_error ? answer_text(from, ANSWER_MESSAGE, ANSWER_LOWER_MESSAGE) : slice_of(""),
            answer_text(&texts[0], ANSWER_STATE, ANSWER_STATE), err);
    }
    for (size_t i = 0; i < 2 * ANSWER_COUNT; i++)
        buffer_free(&texts[i / ANSWER_COUNT].of[i % ANSWER_COUNT]);
    json_reader_free(&j);
    return ok;
}

bool envelope_json_string(struct slice text, struct layer *l)
{
    struct json_reader j;
    json_reader_start(&j, text);
    bool ok = json_reader_next(&j) == JSON_EVENT_STRING && j.text.len;
    if (ok)
        hold_text(l, &j);
    ok = ok && json_reader_next(&j) == JSON_EVENT_END;
    json_reader_free(&j);
    return ok;
}

/* ---- XML ---- */

static bool looks_like_html(struct slice text)
{
    struct slice head = {text.data, text.len < 1024 ? text.len : 1024};
    return slice_contains_nocase(head, slice_of("<html")) || slice_contains_nocase(head, slice_of("<!doctype html"))
        || slice_contains_nocase(head, slice_of("<table")) || slice_contains_nocase(head, slice_of("<tr>"));
}

bool envelope_xml(struct slice text, struct layer *l, struct error *err)
{
    struct aws_xml x;
    struct error why;
    if (looks_like_html(text))
        return error_set(err, "%s: a web page, perhaps one to sign in, and not a credential report", l->name);
    /* an XML declaration is only valid at the very start */
    while (text.len && text.data[0] != '<')
        text = (struct slice){text.data + 1, text.len - 1};
    bool ok = aws_xml_parse(text, &x, &why);
    struct slice content = aws_xml_get(&x, "Content"), time = aws_xml_get(&x, "GeneratedTime");
    if (!ok) {
        error_set(err, "%s: %s", l->name, why.text);
    } else if (aws_xml_count(&x, "Content") > 1) {
        ok = error_set(err, "%s: a second report begins; put each in a file of its own", l->name);
    } else if (content.len) {
        buffer_add(&l->owned, content.data, content.len);
        buffer_add(&l->time_text, time.data, time.len);
        if (aws_xml_count(&x, "GeneratedTime") > 1)
            buffer_puts(&l->problem, "GeneratedTime occurs twice; the first one counts");
        l->inner = (struct slice){l->owned.data, l->owned.len};
        l->generated_at = (struct slice){l->time_text.data, l->time_text.len};
    } else {
        ok = without_content(l->name, aws_xml_get(&x, "Code"), aws_xml_get(&x, "Message"),
            aws_xml_get(&x, "State"), err);
    }
    aws_xml_free(&x);
    return ok;
}

/* ---- YAML ---- */

#ifdef WITH_YAML
enum { YAML_CONTENT, YAML_TIME, YAML_STATE, YAML_VALUES, YAML_DEPTH_MAX = 32 };

/*
 * State while the events of YAML documents are read. Members are kept if they belong to the top object or to an object
 * in a top-level list.
 */
struct yaml_reading {
    yaml_parser_t parser;
    struct buffer values[YAML_VALUES];
    size_t depth, members;  /* nesting of collections; the DEPTH of the members to keep, 0 if outside of them */
    bool is_value;          /* the next event is a member's value */
    int key;                /* of that member: YAML_CONTENT, ...; YAML_VALUES for others */
    size_t contents, times;
    bool has_members;       /* an object began; before that scalars are AWS's values without their names */
};

static int yaml_key_of(struct slice name)
{
    static const char *const keys[YAML_VALUES] = {"Content", "GeneratedTime", "State"};
    int i = 0;
    while (i < YAML_VALUES && !slice_equal(name, slice_of(keys[i])))
        i++;
    return i;
}

/* The member of which TEXT, in a list of AWS's values, is the value. */
static int yaml_key_of_value(struct slice text)
{
    int64_t time;
    return timestamp_parse(text, &time) ? YAML_TIME : slice_equal(text, slice_of("text/csv")) ? YAML_VALUES
        : YAML_CONTENT;
}

/* Take a name or value. IS_FOLDED: YAML joined its lines with blanks; in base64 they become line ends again. */
static void yaml_scalar(struct yaml_reading *y, struct slice text, bool is_folded)
{
    enum { VALUE_MIN = 16 }; /* bytes: less is no report and no time */
    if (y->has_members ? !y->members || y->depth != y->members : y->depth > 2 || text.len < VALUE_MIN)
        return;
    if (!y->has_members) { /* --query '[Content,GeneratedTime]' prints a list of values */
        y->key = yaml_key_of_value(text);
        y->contents += y->key == YAML_CONTENT;
        y->times += y->key == YAML_TIME;
        y->is_value = true;
    }
    if (!y->is_value) {
        y->key = yaml_key_of(text);
        y->contents += y->key == YAML_CONTENT;
        y->times += y->key == YAML_TIME;
    } else if (y->key < YAML_VALUES && y->contents < 2) {
        struct buffer *b = &y->values[y->key];
        b->len = 0;
        buffer_add(b, text.data, text.len);
        for (size_t i = 0; is_folded && y->key == YAML_CONTENT && i < b->len; i++)
            b->data[i] = b->data[i] == ' ' ? '\n' : b->data[i];
    }
    y->is_value = !y->is_value;
}

static void yaml_end(struct yaml_reading *y)
{
    y->members = y->depth == y->members ? 0 : y->members;
    y->depth--;
    if (y->members && y->depth == y->members) { /* the collection was a member's value, or its key */
        y->key = YAML_VALUES;
        y->is_value = !y->is_value;
    }
}

/* Handle one event. Returns false with ERR set on failure. */
static bool yaml_take(struct yaml_reading *y, const yaml_event_t *event, const char *name, struct error *err)
{
    size_t line = event->start_mark.line + 1;
    switch ((int)event->type) {
    case YAML_SCALAR_EVENT:
        yaml_scalar(y, (struct slice){(const char *)event->data.scalar.value, event->data.scalar.length},
            event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
            || event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE);
        break;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        if (++y->depth > YAML_DEPTH_MAX)
            return error_set(err, "%s:%zu: YAML that is nested more than %d deep", name, line, YAML_DEPTH_MAX);
        if (!y->members && event->type == YAML_MAPPING_START_EVENT && y->depth <= 2) {
            y->members = y->depth;
            y->has_members = true;
            y->is_value = false;
        }
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: yaml_end(y); break;
    case YAML_ALIAS_EVENT: return error_set(err, "%s:%zu: YAML with an alias, which the aws command does not write",
        name, line);
    default: break;
    }
    return y->contents < 2
        || error_set(err, "%s:%zu: a second report begins; put each in a file of its own", name, line);
}

static bool yaml_read(struct yaml_reading *y, const char *name, struct error *err)
{
    bool ok = true, ended = false;
    while (ok && !ended) {
        yaml_event_t event;
        if (!yaml_parser_parse(&y->parser, &event))
            return error_set(err, "%s:%zu: broken YAML: %s", name, y->parser.problem_mark.line + 1,
                y->parser.problem ? y->parser.problem : "out of memory");
        ended = event.type == YAML_STREAM_END_EVENT;
        ok = yaml_take(y, &event, name, err);
        yaml_event_delete(&event);
    }
    return ok;
}

bool envelope_yaml(struct slice text, struct layer *l, struct error *err)
{
    struct yaml_reading y = {.key = YAML_VALUES};
    if (!yaml_parser_initialize(&y.parser))
        return error_set(err, "%s: out of memory", l->name);
    yaml_parser_set_input_string(&y.parser, (const unsigned char *)text.data, text.len);
    struct buffer *values = y.values;
    bool ok = yaml_read(&y, l->name, err);
    if (ok && !values[YAML_CONTENT].len && !values[YAML_STATE].len)
        ok = error_set(err, "%s: YAML without Content, which aws iam get-credential-report --output yaml writes",
            l->name);
    else if (ok && !values[YAML_CONTENT].len)
        ok = without_content(l->name, slice_of(""), slice_of(""),
            (struct slice){values[YAML_STATE].data, values[YAML_STATE].len}, err);
    if (ok && y.times > 1)
        buffer_puts(&l->problem, "GeneratedTime occurs twice; the last one counts");
    if (ok) {
        l->owned = values[YAML_CONTENT];
        l->time_text = values[YAML_TIME];
        values[YAML_CONTENT] = values[YAML_TIME] = (struct buffer){0};
        l->inner = (struct slice){l->owned.data, l->owned.len};
        l->generated_at = (struct slice){l->time_text.len ? l->time_text.data : "", l->time_text.len};
    }
    for (size_t i = 0; i < YAML_VALUES; i++)
        buffer_free(&values[i]);
    yaml_parser_delete(&y.parser);
    return ok;
}
#else
bool envelope_yaml(struct slice text, struct layer *l, struct error *err)
{
    (void)text;
    return error_set(err, "%s: YAML, which this ncred was built without; get the report with --output json", l->name);
}
#endif
