/*
 * Recursive descent from tokens to the tree. Every error has an offset and, for misspelt names, the nearest known one.
 */
#include "query/query_priv.h"

#include "report/context_columns.h"
#include "report/credential.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 200 };

const struct query_member query_key_members[KEY_MEMBERS] = {
    [KEY_EXISTS] = {"exists", TYPE_BOOL, "the key is active, or the report has a date of it"},
    [KEY_ACTIVE] = {"active", TYPE_BOOL, "the key can be used"},
    [KEY_USED] = {"used", TYPE_BOOL, "the key was used at least once"},
    [KEY_AGE] = {"age", TYPE_DURATION, "since last_rotated"},
    [KEY_IDLE] = {"idle", TYPE_DURATION, "since last_used, or since last_rotated if never used"},
    [KEY_LAST_ROTATED] = {"last_rotated", TYPE_TIME, "when the key was created"},
    [KEY_LAST_USED] = {"last_used", TYPE_TIME, "when the key was last used"},
    [KEY_REGION] = {"region", TYPE_TEXT, "region of its last use"},
    [KEY_SERVICE] = {"service", TYPE_TEXT, "service of its last use"},
    [KEY_ID] = {"id", TYPE_TEXT, "its access key ID, from --key-ids"},
    [KEY_SLOT] = {"slot", TYPE_NUMBER, "1 or 2"},
};
const size_t query_key_member_count = KEY_MEMBERS;

const struct query_member query_cert_members[CERT_MEMBERS] = {
    [CERT_EXISTS] = {"exists", TYPE_BOOL, "the certificate is active, or the report has its date"},
    [CERT_ACTIVE] = {"active", TYPE_BOOL, "the certificate can be used"},
    [CERT_AGE] = {"age", TYPE_DURATION, "since last_rotated"},
    [CERT_LAST_ROTATED] = {"last_rotated", TYPE_TIME, "when the certificate was created"},
    [CERT_SLOT] = {"slot", TYPE_NUMBER, "1 or 2"},
};
const size_t query_cert_member_count = CERT_MEMBERS;

const char *const query_functions[FUNCTION_COUNT] = {
    [FUNCTION_KEY] = "key", [FUNCTION_CERT] = "cert", [FUNCTION_FAILS] = "fails",
    [FUNCTION_UNKNOWN] = "unknown", [FUNCTION_SINCE] = "since", [FUNCTION_FAILING] = "failing",
};

bool query_function_takes_check(enum query_function f)
{
    return f == FUNCTION_FAILS || f == FUNCTION_UNKNOWN || f == FUNCTION_SINCE || f == FUNCTION_FAILING;
}

bool query_function_is_compared(enum query_function f, enum type *type)
{
    *type = f == FUNCTION_SINCE ? TYPE_TIME : TYPE_DURATION;
    return f == FUNCTION_SINCE || f == FUNCTION_FAILING;
}

enum query_function query_function_find(struct slice name)
{
    enum query_function f = 0;
    while (f < FUNCTION_COUNT && !slice_equal_nocase(name, slice_of(query_functions[f])))
        f++;
    return f;
}

const struct query_state query_states[] = {
    {"never", TEST_NEVER}, {"missing", TEST_MISSING}, {"n/a", STATE_NA}, {"no_information", STATE_NO_INFORMATION},
    {"not_supported", STATE_NOT_SUPPORTED}, {"empty", STATE_EMPTY}, {"malformed", STATE_MALFORMED},
};
const size_t query_state_count = sizeof query_states / sizeof query_states[0];

static size_t no_count(void)
{
    return 0;
}

static const char *no_id(size_t check)
{
    (void)check;
    return NULL;
}

static size_t no_find(struct slice id, int numbers)
{
    (void)id, (void)numbers;
    return 0;
}

static const char *no_nearest(struct slice id)
{
    (void)id;
    return NULL;
}

/* For the query with which a benchmark defines a check: fails(...) is an error in it. */
static const struct query_checks query_no_checks = {no_count, no_id, no_find, NULL, no_nearest, NULL};

struct parser {
    struct slice text;
    size_t at;
    struct token token; /* the next token, not consumed yet */
    struct token unknown; /* the name before the current operator if only a report can know it; otherwise TOKEN_END */
    enum scope scope;
    bool late;        /* any name may be one that only a report knows */
    bool credentials; /* the query is about credentials, whose names come before those of users */
    int depth;
    const struct query_checks *checks;
    int numbers;      /* the benchmark for checks->find */
    struct error *err;
};

static struct query *parse_or(struct parser *p);

static void next(struct parser *p)
{
    p->token = query_lex(p->text, &p->at);
}

static struct query *node(struct query template)
{
    struct query *q = xcalloc(1, sizeof *q);
    *q = template;
    return q;
}

/* The operands of one "and" or "or", side by side, so that a chain of thousands is long but not deep. */
struct operands {
    struct query *first, **end;
    size_t count;
};

/* Append ONE, which LIST owns from then on. ONE is NULL if it did not parse: LIST is then freed and false returned. */
static bool add_operand(struct operands *list, struct query *one)
{
    if (!one) {
        query_free(list->first);
        *list = (struct operands){0};
        return false;
    }
    *(list->first ? list->end : &list->first) = one;
    list->end = &one->next;
    list->count++;
    return true;
}

/*
 * One node with the operands of LIST, or the operand itself if it is the only one. NULL if LIST is empty after an
 * error.
 */
static struct query *chain(struct operands list, void (*narrow)(const struct query *, const struct span *, uint64_t *))
{
    return list.count < 2 ? list.first : node((struct query){.narrow = narrow, .inside = list.first});
}

static bool at_word(const struct parser *p, const char *word)
{
    return p->token.kind == TOKEN_WORD && slice_equal_nocase(p->token.text, slice_of(word));
}

static bool is_operator(const struct parser *p, enum comparison c)
{
    return p->token.kind == TOKEN_OPERATOR && p->token.operator == c;
}

static struct query *parse_fail(struct parser *p, size_t offset, const char *what)
{
    error_at(p->err, offset, "%s", what);
    return NULL;
}

static struct query *fail_here(struct parser *p, const char *wanted)
{
    const struct token *t = &p->token;
    if (t->kind == TOKEN_BAD && (t->text.data[0] == '"' || t->text.data[0] == '\''))
        error_at(p->err, t->offset, "the quotation mark is not closed");
    else if (t->kind == TOKEN_END)
        error_at(p->err, t->offset, "%s is missing at the end", wanted);
    else
        error_at(p->err, t->offset, "%s expected before \"%.*s\"", wanted, (int)t->text.len, t->text.data);
    return NULL;
}

static const char *name_in_scope(enum scope scope, size_t i)
{
    switch (scope) {
    case SCOPE_KEY: return i < KEY_MEMBERS ? query_key_members[i].name : NULL;
    case SCOPE_CERT: return i < CERT_MEMBERS ? query_cert_members[i].name : NULL;
    case SCOPE_CREDENTIAL: return i < CREDENTIAL_COLUMNS ? credential_schema[i].name : NULL;
    default: return i < COL_COUNT ? schema[i].name : NULL;
    }
}

static void try_scope(struct nearest *n, enum scope scope)
{
    const char *name;
    for (size_t i = 0; (name = name_in_scope(scope, i)); i++)
        nearest_try(n, name);
}

/* The first name that begins with TEXT, or NULL. */
static const char *completed(enum scope scope, struct slice text)
{
    const char *name;
    for (size_t i = 0; (name = name_in_scope(scope, i)); i++) {
        if (strlen(name) >= text.len && slice_equal_nocase((struct slice){name, text.len}, text))
            return name;
    }
    return NULL;
}

/* The name that a misspelt or half-typed one may stand for; NULL if none is similar. */
static const char *near_name(const struct parser *p, struct slice text)
{
    const char *best = text.len > 2 ? completed(p->scope, text) : NULL;
    struct nearest n = nearest_to(text);
    if (best)
        return best;
    try_scope(&n, p->scope);
    if (p->credentials && p->scope == SCOPE_USER)
        try_scope(&n, SCOPE_CREDENTIAL);
    for (size_t i = 0; i < schema_alias_count && p->scope == SCOPE_USER; i++)
        nearest_try(&n, schema_aliases[i].name);
    return n.name;
}

static struct query *unknown_name(struct parser *p, const struct token *t)
{
    static const char *const places[] = {
        [SCOPE_USER] = "", [SCOPE_KEY] = " in key(...)", [SCOPE_CERT] = " in cert(...)", [SCOPE_CREDENTIAL] = ""};
    const char *best = near_name(p, t->text);
    if (p->scope == SCOPE_USER && context_columns_explain(t->text, NULL, "", p->err)) {
        p->err->offset = t->offset;
        return NULL;
    }
    error_at(p->err, t->offset, "no column \"%.*s\"%s%s%s%s", (int)t->text.len, t->text.data, places[p->scope],
        best ? "; " : "", best ? best : "", best ? "?" : "");
    return NULL;
}

/*
 * Whether NAME may be one that only a report knows. A misspelt column is not, unless columns of other files are
 * expected.
 */
static bool is_for_report(const struct parser *p, struct slice name)
{
    struct nearest n = {.text = name, .distance = name.len / 2 + 1};
    if (p->scope != SCOPE_USER || p->checks == &query_no_checks)
        return false;
    if (p->late)
        return true;
    try_scope(&n, SCOPE_USER);
    if (p->credentials)
        try_scope(&n, SCOPE_CREDENTIAL);
    return !n.name && !completed(SCOPE_USER, name);
}

/*
 * Whether TEXT looks like a misspelt or unfinished column name rather than part of a user's name. Searching for it
 * would silently find nobody.
 */
static bool is_nearly_a_field(struct slice text)
{
    if (!text.len || !memchr(text.data, '_', text.len))
        return false;
    struct nearest n = {.text = text, .distance = 3};
    try_scope(&n, SCOPE_USER);
    return n.name || completed(SCOPE_USER, text);
}

static enum type type_in_scope(enum scope scope, size_t i)
{
    switch (scope) {
    case SCOPE_KEY: return query_key_members[i].type;
    case SCOPE_CERT: return query_cert_members[i].type;
    case SCOPE_CREDENTIAL: return credential_schema[i].type;
    default: return schema[i].type;
    }
}

static bool resolve_in(enum scope scope, struct slice name, struct query *q)
{
    const char *known;
    for (int i = 0; (known = name_in_scope(scope, (size_t)i)); i++) {
        if (!slice_equal_nocase(name, slice_of(known)))
            continue;
        q->id = i;
        q->scope = scope;
        q->type = type_in_scope(scope, (size_t)i);
        return true;
    }
    return false;
}

/* Fill in Q with the column or member that NAME means in the current scope. Returns false if there is none. */
static bool resolve(const struct parser *p, struct slice name, struct query *q)
{
    q->checks = p->checks;
    return (p->credentials && p->scope == SCOPE_USER && resolve_in(SCOPE_CREDENTIAL, name, q))
        || resolve_in(p->scope, name, q);
}

/* The same for a short name of a column, such as `mfa`. */
static bool resolve_alias(const struct parser *p, struct slice name, struct query *q)
{
    enum column column = p->scope == SCOPE_USER ? schema_find_alias(name) : COL_COUNT;
    return column != COL_COUNT && resolve_in(SCOPE_USER, slice_of(schema[column].name), q);
}

static bool is_use(const struct query *q)
{
    if (q->scope == SCOPE_KEY)
        return q->id == KEY_LAST_USED;
    if (q->scope == SCOPE_CREDENTIAL)
        return q->id == CRED_LAST_USED;
    return q->scope == SCOPE_USER && (q->id == COL_PASSWORD_LAST_USED || q->id == COL_KEY_1_LAST_USED_DATE
        || q->id == COL_KEY_2_LAST_USED_DATE || q->id == COL_LAST_ACTIVITY);
}

/* Make Q a test for a state if T names one. Returns 1 if it does, 0 if it does not, -1 on an error. */
static int state_value(struct parser *p, const struct token *t, struct query *q)
{
    if (t->kind != TOKEN_WORD)
        return 0;
    for (size_t i = 0; i < query_state_count; i++) {
        if (!slice_equal_nocase(t->text, slice_of(query_states[i].word)))
            continue;
        q->test = query_states[i].test;
        q->narrow = narrow_state;
        if (q->cmp != CMP_EQ && q->cmp != CMP_NE) {
            parse_fail(p, t->offset, "a state is compared with = or !=");
            return -1;
        }
        if (q->test == TEST_NEVER && !is_use(q)) {
            parse_fail(p, t->offset,
                "\"never\" is for the last use: password_last_used, last_activity, key(last_used = never)");
            return -1;
        }
        return 1;
    }
    return 0;
}

/* The offset in the query of byte AT of the text that T stands for. */
static size_t offset_in(const struct token *t, size_t at)
{
    size_t from = 0;
    for (size_t i = 0; i < at && from < t->text.len; i++, from++)
        from += t->doubled && t->text.data[from] == t->text.data[-1];
    return t->offset + (t->kind == TOKEN_STRING) + from;
}

/* Smart case: a pattern with an upper-case letter is case-sensitive, others are not. */
static bool regex_value(struct parser *p, const struct token *t, struct query *q)
{
    bool upper = false;
    for (size_t i = 0; i < t->text.len; i++)
        upper |= t->text.data[i] >= 'A' && t->text.data[i] <= 'Z' && (i == 0 || t->text.data[i - 1] != '\\');
    char message[120];
    size_t at;
    struct buffer pattern = {0};
    query_put_text(&pattern, t);
    q->regex = regex_new((struct slice){pattern.data, pattern.len}, !upper, message, sizeof message, &at);
    buffer_free(&pattern);
    if (!q->regex)
        return error_at(p->err, offset_in(t, at), "regular expression: %s", message);
    q->narrow = narrow_text;
    q->holds = holds_regex;
    return true;
}

static char *text_of(const struct token *t)
{
    struct buffer text = {0};
    query_put_text(&text, t);
    return text.data;
}

/* Returns the path that T means: /ci/ for /ci and ci too, because every path begins and ends with a slash. */
static char *path_of(const struct token *t)
{
    struct buffer path = {0}, text = {0};
    query_put_text(&text, t);
    buffer_put_all(&path, text.len && text.data[0] != '/' ? "/" : "", text.data,
        text.len && text.data[text.len - 1] != '/' ? "/" : "");
    buffer_free(&text);
    return path.data;
}

static bool typed_value(struct parser *p, const struct token *t, struct query *q)
{
    static const char *const wanted[] = {
        [TYPE_TEXT] = "a text", [TYPE_BOOL] = "true or false",
        [TYPE_TIME] = "a time such as 2026-01-31 or 2026-01-31T10:00Z, or now",
        [TYPE_DURATION] = "a duration such as 90d, 12w, 6mo, 1y or 36h", [TYPE_NUMBER] = "a number",
        [TYPE_SEVERITY] = "none, low, medium, high or critical",
        [TYPE_RIGHTS] = "none, read, write, escalate or admin"};
    bool ok = true, is_now = t->kind == TOKEN_WORD && slice_equal_nocase(t->text, slice_of("now"));
    q->narrow = narrow_number;
    switch (q->type) {
    case TYPE_TEXT:
        if (is_now && q->name && q->cmp != CMP_EQ && q->cmp != CMP_NE) { /* a tag, or a column with a bad date */
            q->narrow = narrow_moment;
            break;
        }
        q->narrow = narrow_text;
        q->holds = holds_compared;
        bool is_path = q->scope == SCOPE_USER && q->id == COL_PATH && (q->cmp == CMP_EQ || q->cmp == CMP_NE);
        q->text = is_path ? path_of(t) : text_of(t);
        break;
    case TYPE_BOOL:
        q->number = slice_equal_nocase(t->text, slice_of("true")) || slice_equal_nocase(t->text, slice_of("yes"));
        ok = q->number || slice_equal_nocase(t->text, slice_of("false")) || slice_equal_nocase(t->text, slice_of("no"));
        break;
    case TYPE_TIME:
        q->is_now = is_now;
        ok = is_now || timestamp_parse(t->text, &q->number);
        break;
    case TYPE_DURATION:
        ok = duration_parse(t->text, &q->number);
        break;
    case TYPE_NUMBER:
        ok = t->text.len > 0 && t->text.len < 10;
        for (size_t i = 0; i < t->text.len && ok; i++) {
            ok = t->text.data[i] >= '0' && t->text.data[i] <= '9';
            q->number = q->number * 10 + (t->text.data[i] - '0');
        }
        break;
    case TYPE_SEVERITY:
        q->number = severity_find(t->text);
        ok = q->number < SEVERITY_COUNT;
        break;
    case TYPE_RIGHTS:
        q->number = rights_find(t->text);
        ok = q->number < RIGHTS_COUNT;
        break;
    }
    if (!ok)
        return error_at(p->err, t->offset, "expected %s, not \"%.*s\"", wanted[q->type], (int)t->text.len,
            t->text.data);
    return true;
}

/* Make Q a leaf that query_bind() binds to the report's column NAME. T is the value. */
static void defer(struct query *q, struct slice name, size_t offset, const struct token *t, bool of_credential)
{
    q->name = xcalloc(1, sizeof *q->name);
    q->name->name = slice_copy(name);
    q->name->offset = offset;
    q->name->of_credential = of_credential;
    q->name->value = text_of(t);
    q->name->value_offset = t->offset;
    q->name->is_string = t->kind == TOKEN_STRING;
    q->narrow = narrow_unbound;
}

/* Parse the current token as the value that TEMPLATE (name and operator) is compared with. */
static struct query *parse_value(struct parser *p, struct query template)
{
    struct token t = p->token;
    if (t.kind != TOKEN_WORD && t.kind != TOKEN_STRING)
        return fail_here(p, "a value");
    struct query *q = node(template);
    bool ok = true;
    if (p->unknown.kind != TOKEN_END) {
        defer(q, p->unknown.text, p->unknown.offset, &t, p->credentials);
    } else if (q->cmp == CMP_MATCH) {
        ok = q->type == TYPE_TEXT ? regex_value(p, &t, q) : error_at(p->err, t.offset, "~ needs a text column");
    } else {
        int state = state_value(p, &t, q);
        ok = state > 0 || (state == 0 && typed_value(p, &t, q));
    }
    if (ok && q->scope == SCOPE_KEY && q->id == KEY_ID)
        defer(q, (struct slice){"id", 2}, t.offset, &t, p->credentials);
    if (!ok) {
        query_free(q);
        return NULL;
    }
    if (q->scope == SCOPE_CREDENTIAL)
        q->narrow = narrow_credential;
    if (q->scope == SCOPE_CHECK)
        q->narrow = narrow_since;
    next(p);
    return q;
}

static struct query *parse_list(struct parser *p, struct query template)
{
    next(p);
    if (p->token.kind != TOKEN_OPEN)
        return fail_here(p, "\"(\"");
    struct operands list = {0};
    do {
        next(p);
        if (!add_operand(&list, parse_value(p, template)))
            return NULL;
    } while (p->token.kind == TOKEN_COMMA);
    if (p->token.kind != TOKEN_CLOSE) {
        add_operand(&list, NULL);
        return fail_here(p, "\",\" or \")\"");
    }
    next(p);
    struct query_words *words = query_words_new(list.first, list.count);
    struct query *q = chain(list, narrow_or);
    q->words = words;
    return q;
}

static struct query *parse_scope(struct parser *p, enum scope scope, size_t offset)
{
    if (p->scope != SCOPE_USER)
        return parse_fail(p, offset, "key(...) and cert(...) cannot be nested");
    next(p);
    p->scope = scope;
    struct query *inside = parse_or(p);
    p->scope = SCOPE_USER;
    if (inside && p->token.kind != TOKEN_CLOSE) {
        query_free(inside);
        return fail_here(p, "\")\"");
    }
    if (!inside)
        return NULL;
    next(p);
    return node((struct query){.narrow = scope == SCOPE_KEY ? narrow_key : narrow_cert, .inside = inside});
}

static struct query *query_unknown_check(struct parser *p, const struct token *t)
{
    const char *best = p->checks->nearest(t->text);
    error_at(p->err, t->offset, "no check \"%.*s\"%s%s%s", (int)t->text.len, t->text.data, best ? "; " : "",
        best ? best : "", best ? "?" : "");
    return NULL;
}

/* The node for fails(ID) or unknown(ID) if ID is the number of another benchmark, which defines the check as TEXT. */
static struct query *by_other_benchmark(const struct parser *p, enum query_function function, struct slice text)
{
    struct query *inside = query_parse(text, QUERY_USERS, &query_no_checks, 0, p->err);
    return inside ? node((struct query){.narrow = function == FUNCTION_FAILS ? narrow_fails_by : narrow_unknown_by,
        .inside = inside}) : NULL;
}

/* Parse the comparison after since(ID) or failing(ID). The function began at OFFSET. */
static struct query *parse_since(struct parser *p, enum query_function function, size_t offset, size_t check)
{
    struct query q = {.id = (int)check, .scope = SCOPE_CHECK, .cmp = CMP_EQ};
    query_function_is_compared(function, &q.type);
    p->unknown = (struct token){.kind = TOKEN_END};
    if (at_word(p, "in"))
        return parse_list(p, q);
    if (p->token.kind != TOKEN_OPERATOR || p->token.operator > CMP_MATCH) {
        error_at(p->err, offset, "%s(...) is a %s: compare it, as in %s(%s) %s", query_functions[function],
            type_name(q.type), query_functions[function], p->checks->id(check),
            q.type == TYPE_TIME ? "< 2026-01-31" : "> 30d");
        return NULL;
    }
    q.cmp = p->token.operator;
    next(p);
    return parse_value(p, q);
}

/* Parse a function of a check, such as fails(ID). The current token is the opening parenthesis. */
static struct query *parse_check(struct parser *p, enum query_function function, size_t offset)
{
    struct query q = {.narrow = function == FUNCTION_FAILS ? narrow_fails : narrow_unknown};
    if (p->scope != SCOPE_USER) {
        error_at(p->err, offset, "%s(...) is about a user, not about one key or certificate",
            query_functions[function]);
        return NULL;
    }
    next(p);
    struct token id = p->token;
    if (id.kind != TOKEN_WORD && id.kind != TOKEN_STRING)
        return fail_here(p, "the id of a check, such as root-key or cis-1.14,");
    size_t check = p->checks->find(id.text, p->numbers);
    if (check == p->checks->count())
        return query_unknown_check(p, &id);
    next(p);
    if (p->token.kind != TOKEN_CLOSE)
        return fail_here(p, "\")\"");
    next(p);
    q.id = (int)check;
    struct buffer text = {0};
    enum type ignored;
    bool is_compared = query_function_is_compared(function, &ignored);
    if (p->checks->meaning)
        p->checks->meaning(&text, id.text, p->numbers);
    if (is_compared && text.len) {
        buffer_free(&text);
        error_at(p->err, id.offset,
            "%s(%.*s): the history is of the checks as they run, and the benchmark of this number"
            " means other users; choose it with --benchmark, or ask for %s(%s)", query_functions[function],
            (int)id.text.len, id.text.data, query_functions[function], p->checks->id(check));
        return NULL;
    }
    if (is_compared)
        return parse_since(p, function, offset, check);
    struct query *by = text.len ? by_other_benchmark(p, function, (struct slice){text.data, text.len}) : node(q);
    buffer_free(&text);
    return by;
}

static struct query *contains(const struct token *t)
{
    return node((struct query){.narrow = narrow_contains, .text = text_of(t)});
}

/* A name without a comparison: a bool column, or text to search for. */
static struct query *name_alone(struct parser *p, const struct token *t, bool known, struct query q)
{
    if (known && q.type == TYPE_BOOL) {
        q.narrow = q.scope == SCOPE_CREDENTIAL ? narrow_credential : narrow_number; /* means `= true` */
        q.number = 1;
        return node(q);
    }
    if (known) {
        error_at(p->err, t->offset, "\"%.*s\" is a %s: compare it, or quote it to search for the text",
            (int)t->text.len, t->text.data, type_name(q.type));
        return NULL;
    }
    bool is_nearly = is_nearly_a_field(t->text);
    if (p->scope != SCOPE_USER || (is_nearly && !p->late))
        return unknown_name(p, t);
    struct query *word = contains(t);
    word->is_word = true;
    word->is_column = is_nearly;
    word->offset = t->offset;
    return word;
}

static struct query *query_unknown_function(struct parser *p, const struct token *t)
{
    struct buffer known = {0};
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        buffer_printf(&known, "%s%s(...)", i == 0 ? "" : i + 1 < FUNCTION_COUNT ? ", " : " and ", query_functions[i]);
    error_at(p->err, t->offset, "no function \"%.*s\"; %s are known", (int)t->text.len, t->text.data, known.data);
    buffer_free(&known);
    return NULL;
}

static struct query *parse_name(struct parser *p)
{
    struct token t = p->token;
    next(p);
    if (p->token.kind == TOKEN_OPEN) {
        switch (query_function_find(t.text)) {
        case FUNCTION_KEY: return parse_scope(p, SCOPE_KEY, t.offset);
        case FUNCTION_CERT: return parse_scope(p, SCOPE_CERT, t.offset);
        case FUNCTION_FAILS:
        case FUNCTION_UNKNOWN:
        case FUNCTION_SINCE:
        case FUNCTION_FAILING: return parse_check(p, query_function_find(t.text), t.offset);
        case FUNCTION_COUNT: break;
        }
        return query_unknown_function(p, &t);
    }
    struct query q = {.cmp = CMP_EQ};
    bool known = resolve(p, t.text, &q);
    bool in = at_word(p, "in");
    if (!in && (p->token.kind != TOKEN_OPERATOR || p->token.operator > CMP_MATCH))
        return name_alone(p, &t, known || resolve_alias(p, t.text, &q), q);
    /* another file may have a column of this short name; query_bind() decides */
    known = known || (!p->late && resolve_alias(p, t.text, &q));
    if (!known && !is_for_report(p, t.text))
        return unknown_name(p, &t);
    p->unknown = known ? (struct token){.kind = TOKEN_END} : t;
    if (in)
        return parse_list(p, q);
    q.cmp = p->token.operator;
    next(p);
    return parse_value(p, q);
}

static struct query *parse_primary(struct parser *p)
{
    struct token t = p->token;
    if (t.kind == TOKEN_OPEN) {
        next(p);
        struct query *q = parse_or(p);
        if (q && p->token.kind != TOKEN_CLOSE) {
            query_free(q);
            return fail_here(p, "\")\"");
        }
        if (q)
            next(p);
        return q;
    }
    if (t.kind == TOKEN_STRING && p->scope == SCOPE_USER) {
        next(p);
        return contains(&t);
    }
    if (t.kind != TOKEN_WORD || at_word(p, "and") || at_word(p, "or"))
        return fail_here(p, "a condition");
    return parse_name(p);
}

static struct query *parse_unary(struct parser *p)
{
    if (++p->depth > DEPTH_MAX)
        return parse_fail(p, p->token.offset, "nested too deeply");
    struct query *q;
    if (is_operator(p, CMP_NOT) || at_word(p, "not")) {
        next(p);
        q = parse_unary(p);
        q = q ? node((struct query){.narrow = narrow_not, .inside = q}) : NULL;
    } else {
        q = parse_primary(p);
    }
    p->depth--;
    return q;
}

/* Whether the current token is text to search for, not followed by anything that makes it a comparison or a call. */
static bool is_plain_text(const struct parser *p)
{
    struct query ignored = {0};
    size_t at = p->at;
    if (p->scope != SCOPE_USER || p->token.kind == TOKEN_STRING)
        return p->scope == SCOPE_USER;
    if (p->token.kind != TOKEN_WORD || at_word(p, "and") || at_word(p, "or") || at_word(p, "not") || at_word(p, "in")
        || resolve(p, p->token.text, &ignored) || resolve_alias(p, p->token.text, &ignored))
        return false;
    struct token behind = query_lex(p->text, &at);
    return behind.kind != TOKEN_OPEN && !(behind.kind == TOKEN_OPERATOR && behind.operator <= CMP_MATCH)
        && !(behind.kind == TOKEN_WORD && slice_equal_nocase(behind.text, slice_of("in")));
}

/* Parse operands joined by "and", which may be omitted between texts to search for. */
static struct query *parse_and(struct parser *p)
{
    struct operands list = {0};
    for (;;) {
        struct query *one = parse_unary(p);
        if (!add_operand(&list, one) || !one)
            break;
        if (is_operator(p, CMP_AND) || at_word(p, "and"))
            next(p);
        else if (one->narrow != narrow_contains || !is_plain_text(p))
            break;
    }
    return chain(list, narrow_and);
}

static struct query *parse_or(struct parser *p)
{
    struct operands list = {0};
    while (add_operand(&list, parse_and(p)) && (is_operator(p, CMP_OR) || at_word(p, "or")))
        next(p);
    return chain(list, narrow_or);
}

static bool has_any_word(const struct query *q)
{
    bool has = false;
    for (; q && !has; q = q->next)
        has = q->is_word || has_any_word(q->inside);
    return has;
}

static struct query *parse_query(struct slice text, enum query_subject subject, const struct query_checks *checks,
    int numbers, bool late, struct error *err)
{
    struct parser p = {.text = text, .err = err, .checks = checks, .numbers = numbers, .late = late,
        .credentials = subject == QUERY_CREDENTIALS};
    next(&p);
    struct query *q = parse_or(&p);
    if (q && p.token.kind != TOKEN_END) {
        query_free(q);
        return fail_here(&p, "\"and\" or \"or\"");
    }
    if (q)
        q->columns = query_node_columns(q);
    if (q)
        q->needs_report = query_needs_report(q) || has_any_word(q);
    return q;
}

struct query *query_parse(struct slice text, enum query_subject subject, const struct query_checks *checks, int numbers,
    struct error *err)
{
    return parse_query(text, subject, checks, numbers, false, err);
}

struct query *query_parse_late(struct slice text, enum query_subject subject, const struct query_checks *checks,
    int numbers, struct error *err)
{
    return parse_query(text, subject, checks, numbers, true, err);
}

/* ---- names that only a report knows ---- */

/*
 * Report that there is no column NAME, which stands at OFFSET, with the nearest name. Returns false. Nothing is
 * searched if ERR is NULL.
 */
static bool no_column(const char *name, size_t offset, bool of_credential, const struct report *r, struct error *err)
{
    if (!err)
        return false;
    if (context_columns_explain(slice_of(name), r->extra, "", err)) {
        err->offset = offset;
        return false;
    }
    struct nearest near = {.text = slice_of(name), .distance = strlen(name) / 2 + 2};
    const struct parser p = {.credentials = of_credential};
    for (size_t i = 0; r->extra && r->extra->list && i < r->extra->count; i++)
        nearest_try(&near, r->extra->list[i].name);
    const char *best = near_name(&p, slice_of(name));
    if (near.name && best)
        nearest_try(&near, best);
    best = near.name ? near.name : best;
    return error_at(err, offset, "no column \"%s\"%s%s%s", name, best ? "; " : "", best ? best : "", best ? "?" : "");
}

/* Turn the value's text into the leaf's value, once its column's type is known. */
static bool bind_value(struct query *q, struct error *err)
{
    struct query_name *n = q->name;
    struct parser p = {.err = err};
    struct token t = {.kind = n->is_string ? TOKEN_STRING : TOKEN_WORD, .offset = n->value_offset,
        .text = slice_of(n->value)};
    int state = q->cmp == CMP_MATCH ? 0 : state_value(&p, &t, q);
    if (state)
        return state > 0;
    if (q->cmp == CMP_MATCH)
        return q->type == TYPE_TEXT ? regex_value(&p, &t, q) : error_at(err, n->value_offset, "~ needs a text column");
    return typed_value(&p, &t, q);
}

static bool bind_leaf(struct query *q, const struct report *r, struct error *err)
{
    struct query_name *n = q->name;
    bool is_id = q->scope == SCOPE_KEY;
    n->is_bound = false;
    q->narrow = narrow_unbound;
    free(q->text);
    regex_free(q->regex);
    q->text = NULL;
    q->regex = NULL;
    q->test = 0;
    q->number = 0;
    q->is_now = false;
    for (int slot = 0; slot < 2; slot++)
        n->slots[slot] = is_id ? credential_id_column(r, slot ? CREDENTIAL_KEY_2 : CREDENTIAL_KEY_1) : COL_COUNT;
    enum column column = is_id ? n->slots[0] : extra_columns_find(r->extra, slice_of(n->name));
    const struct extra_column *extra = extra_columns_at(r->extra, column);
    struct error ignored;
    if (!extra && !err && (is_id || schema_find_alias(slice_of(n->name)) == COL_COUNT))
        return false;
    if (!extra && is_id)
        return error_at(err, n->offset, "no key IDs are known; --key-ids FILE reads them");
    if (!extra)
        column = schema_find_alias(slice_of(n->name));
    if (column == COL_COUNT)
        return no_column(n->name, n->offset, n->of_credential, r, err);
    q->type = report_column_info(r, column)->type;
    if (!is_id)
        q->id = (int)column;
    if (!bind_value(q, err ? err : &ignored)) {
        q->narrow = narrow_unbound;
        return false;
    }
    if (extra && extra->is_list && q->holds && !q->test)
        q->holds = holds_element;
    n->is_bound = true;
    return true;
}

/* Whether TEXT looks like a misspelt name of a column that only R has; see is_nearly_a_field(). */
static bool is_nearly_a_column(struct slice text, const struct report *r)
{
    struct nearest n = {.text = text, .distance = 3};
    bool is_start = false;
    if (!text.len || !memchr(text.data, '_', text.len))
        return false;
    for (size_t i = 0; r->extra && i < r->extra->count; i++) {
        struct slice name = slice_of(r->extra->list[i].name);
        nearest_try(&n, name.data);
        is_start |= name.len > text.len && slice_equal_nocase((struct slice){name.data, text.len}, text);
    }
    return n.name || is_start;
}

/*
 * Bind a word that stands alone: it is the name of one of R's columns, or text to search for. Returns false with ERR
 * set if it looks like a misspelt column.
 */
static bool bind_word(const struct query *q, const struct report *r, struct error *err)
{
    struct slice text = slice_of(q->text);
    return (r->extra && extra_columns_find(r->extra, text) != COL_COUNT)
        || (!q->is_column && !is_nearly_a_column(text, r)) || no_column(q->text, q->offset, false, r, err);
}

/* Make words in Q that name a bool column of R comparisons with it. Returns whether there were any. */
static bool settle_words(struct query *q, const struct report *r)
{
    static const struct token yes = {.kind = TOKEN_WORD, .text = {"true", 4}};
    bool any = false;
    for (struct query *one = q; one; one = one->next) {
        if (query_word_column(one, r) != COL_COUNT) {
            defer(one, slice_of(one->text), one->offset, &yes, false);
            free(one->text);
            one->text = NULL;
            one->is_word = one->is_column = false;
            one->scope = SCOPE_USER;
            one->cmp = CMP_EQ;
            any = true;
        }
        any |= settle_words(one->inside, r);
    }
    if (q)
        q->needs_report |= any;
    return any;
}

bool query_bind(struct query *q, const struct report *r, struct error *err)
{
    bool ok = true;
    for (; q; q = q->next) {
        struct error *first = ok ? err : NULL; /* only the first error is reported */
        bool this_one = (!q->name || bind_leaf(q, r, first)) && (!q->is_word || !q->text || bind_word(q, r, first))
            && (!q->inside || query_bind(q->inside, r, first));
        ok = ok && this_one;
    }
    return ok;
}

void query_bind_settled(struct query *q, const struct report *r)
{
    if (r->extra)
        settle_words(q, r);
    if (query_needs_report(q))
        query_bind(q, r, NULL);
}

const char *query_late_name(const struct query *q)
{
    const char *name = NULL;
    for (; q && !name; q = q->next)
        name = q->name ? q->name->name : query_late_name(q->inside);
    return name;
}

const char *query_unbound_name(const struct query *q)
{
    const char *name = NULL;
    for (; q && !name; q = q->next)
        name = q->name && !q->name->is_bound ? q->name->name : query_unbound_name(q->inside);
    return name;
}

/* Returns the column of R that the leaf Q names by a word or was bound to, outside key(...), or COL_COUNT. */
static enum column bound_column(const struct query *q, const struct report *r)
{
    if (!q->name)
        return query_word_column(q, r);
    return q->name->is_bound && q->scope == SCOPE_USER && q->id >= COL_EXTRA ? (enum column)q->id : COL_COUNT;
}

size_t query_bound_columns(const struct query *q, const struct report *r, enum column *list, size_t count, size_t max)
{
    for (; q; q = q->next) {
        enum column column = bound_column(q, r);
        size_t i = 0;
        while (i < count && list[i] != column)
            i++;
        if (i == count && i < max && column != COL_COUNT)
            list[count++] = column;
        count = query_bound_columns(q->inside, r, list, count, max);
    }
    return count;
}

bool query_has_word(const struct query *q, struct slice name)
{
    bool has = false;
    for (; q && !has; q = q->next)
        has = (q->is_word && slice_equal_nocase(slice_of(q->text), name)) || query_has_word(q->inside, name);
    return has;
}

bool query_has_late_name(const struct query *q, struct slice name)
{
    bool has = false;
    for (; q && !has; q = q->next)
        has = (q->name && slice_equal_nocase(slice_of(q->name->name), name)) || query_has_late_name(q->inside, name);
    return has;
}

bool query_needs_report(const struct query *q)
{
    for (; q; q = q->next) {
        if (q->name || q->is_column || q->narrow == narrow_since || query_needs_report(q->inside))
            return true;
    }
    return false;
}

void query_free(struct query *q)
{
    while (q) {
        struct query *next = q->next;
        query_free(q->inside);
        if (q->name) {
            free(q->name->name);
            free(q->name->value);
        }
        free(q->name);
        query_words_free(q->words);
        free(q->text);
        regex_free(q->regex);
        free(q);
        q = next;
    }
}
