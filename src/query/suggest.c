/*
 * Completion by context: the query is lexed up to the word at the cursor, and the tokens before tell what can follow.
 */
#include "query/suggest.h"

#include "base/timestamp.h"
#include "report/credential.h"
#include "query/query_priv.h"

#include <stdio.h>
#include <stdlib.h>

enum { NESTING_MAX = 64 };

/* ---- the list ------------------------------------------------------------------------ */

void suggest_clear(struct suggestions *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->list[i].texts);
    free(c->list);
    c->list = NULL;
    c->count = c->firm = 0;
}

void suggest_free(struct suggestions *c)
{
    suggest_clear(c);
    *c = (struct suggestions){0};
}

void suggest_start(struct suggestions *c, size_t from)
{
    suggest_free(c);
    c->from = c->typed_from = from;
    c->kind = SUGGEST_WORDS;
}

struct suggestion *suggest_find(struct suggestions *c, const char *word)
{
    for (size_t i = 0; i < c->count; i++) {
        if (strcmp(c->list[i].word, word) == 0)
            return &c->list[i];
    }
    return NULL;
}

/* Copy *TEXT to *AT unless it is NULL, point *TEXT to the copy and advance *AT behind it. */
static void copy_text(const char **text, char **at)
{
    size_t size = *text ? strlen(*text) + 1 : 0;
    if (!size)
        return;
    memcpy(*at, *text, size);
    *text = *at;
    *at += size;
}

static void append_suggestion(struct suggestions *c, const struct suggestion *s, bool is_near)
{
    struct suggestion new = *s;
    const char **texts[] = {&new.word, &new.label, &new.example, &new.note};
    size_t size = 0, count = sizeof texts / sizeof texts[0];
    for (size_t i = 0; i < count; i++)
        size += *texts[i] ? strlen(*texts[i]) + 1 : 0;
    char *at = new.texts = xcalloc(size, 1);
    for (size_t i = 0; i < count; i++)
        copy_text(texts[i], &at);
    new.is_near = is_near;
    c->list = xrealloc(c->list, c->count + 1, sizeof *c->list);
    c->list[c->count++] = new;
}

static bool begins_with(const char *word, struct slice typed)
{
    size_t n = strlen(word);
    return n >= typed.len && (!typed.len || slice_equal_nocase((struct slice){word, typed.len}, typed));
}

void suggest_offer(struct suggestions *c, struct slice text, const char *word)
{
    struct slice typed = {text.data + c->typed_from, text.len - c->typed_from};
    if (begins_with(word, typed) && !suggest_find(c, word))
        append_suggestion(c, &(struct suggestion){.word = word, .count = SIZE_MAX}, false);
    c->firm = c->count;
}

void suggest_add(struct suggestions *c, struct slice text, const struct suggestion *s)
{
    struct slice typed = {text.data + c->typed_from, text.len - c->typed_from};
    const char *label = s->label ? s->label : s->word;
    bool is_firm = begins_with(label, typed);
    if (is_firm || slice_contains_nocase(slice_of(label), typed))
        append_suggestion(c, s, !is_firm);
}

/* Suggestions that begin with what was typed come first, each group sorted by rank, then in the order of adding. */
void suggest_finish(struct suggestions *c)
{
    enum { RANKS = 2 };
    struct suggestion *sorted = xcalloc(c->count + 1, sizeof *sorted);
    size_t n = 0;
    for (int near = 0; near < 2; near++) {
        for (int rank = 0; rank < RANKS; rank++) {
            for (size_t i = 0; i < c->count; i++) {
                if (c->list[i].is_near == near && c->list[i].rank == rank)
                    sorted[n++] = c->list[i];
            }
        }
        c->firm = near ? c->firm : n;
    }
    free(c->list);
    c->list = sorted;
}

size_t suggest_common(const struct suggestions *c)
{
    size_t n = c->firm ? strlen(c->list[0].word) : 0;
    for (size_t i = 1; i < c->firm; i++) {
        size_t k = 0;
        while (k < n && c->list[i].word[k] == c->list[0].word[k])
            k++;
        n = k;
    }
    return n;
}

/* ---- the context of the word ----------------------------------------------------------- */

/* What names mean inside a pair of parentheses. */
enum place { PLACE_USER, PLACE_CREDENTIAL, PLACE_KEY, PLACE_CERT, PLACE_CHECK, PLACE_VALUES };

struct word_context {
    const struct report *report; /* or NULL */
    enum place places[NESTING_MAX];
    enum query_function functions[NESTING_MAX]; /* of each open parenthesis; FUNCTION_COUNT if there is none */
    size_t depth;
    struct slice field;   /* the column that is or was compared */
    /* The function whose parentheses closed last, and the one being compared (FUNCTION_COUNT: a column is). */
    enum query_function closed, compared;
    enum comparison cmp;
    bool wants_value;     /* the last token is a comparison operator */
    bool has_operand;     /* the last token ends an operand, so "and" or "or" must follow */
    bool is_compared;     /* the last token is a value of a comparison */
    struct token last;
};

static bool a_word(const struct token *t, const char *word)
{
    return t->kind == TOKEN_WORD && slice_equal_nocase(t->text, slice_of(word));
}

static enum place place_after(const struct word_context *c)
{
    enum query_function f = c->last.kind == TOKEN_WORD ? query_function_find(c->last.text) : FUNCTION_COUNT;
    if (query_function_takes_check(f))
        return PLACE_CHECK;
    return f == FUNCTION_KEY ? PLACE_KEY : f == FUNCTION_CERT ? PLACE_CERT : a_word(&c->last, "in") ? PLACE_VALUES
        : c->places[c->depth];
}

static void step(struct word_context *c, const struct token *t)
{
    bool joins = a_word(t, "and") || a_word(t, "or") || a_word(t, "not");
    bool compares = t->kind == TOKEN_OPERATOR && t->operator <= CMP_MATCH;
    if (t->kind == TOKEN_OPEN && c->depth + 1 < NESTING_MAX) {
        enum place place = place_after(c);
        c->places[++c->depth] = place;
        c->functions[c->depth] = c->last.kind == TOKEN_WORD ? query_function_find(c->last.text) : FUNCTION_COUNT;
    } else if (t->kind == TOKEN_CLOSE && c->depth) {
        c->closed = c->functions[c->depth--];
    }
    if (compares || a_word(t, "in")) {
        c->field = c->last.kind == TOKEN_WORD ? c->last.text : (struct slice){"", 0};
        c->compared = c->last.kind == TOKEN_CLOSE ? c->closed : FUNCTION_COUNT;
        c->cmp = compares ? t->operator : CMP_EQ;
    }
    c->is_compared = c->wants_value;
    c->wants_value = compares;
    c->has_operand = t->kind == TOKEN_CLOSE || t->kind == TOKEN_STRING || (t->kind == TOKEN_WORD && !joins
        && !a_word(t, "in"));
    c->last = *t;
}

/* What a name means at the cursor. */
struct meaning {
    const char *name;
    enum type type;
    enum column columns[2]; /* report columns whose values it can have */
    size_t column_count;
    bool is_list;
};

static void of_columns(struct meaning *m, enum column first, enum column second)
{
    m->columns[0] = first;
    m->columns[1] = second;
    m->column_count = second == COL_COUNT ? 1 : 2;
}

static bool means_member(struct meaning *m, bool is_key, struct slice name)
{
    const struct query_member *members = is_key ? query_key_members : query_cert_members;
    size_t count = is_key ? query_key_member_count : query_cert_member_count;
    for (size_t i = 0; i < count; i++) {
        if (!slice_equal_nocase(name, slice_of(members[i].name)))
            continue;
        *m = (struct meaning){.name = members[i].name, .type = members[i].type};
        if (is_key && i == KEY_REGION)
            of_columns(m, COL_KEY_1_LAST_USED_REGION, COL_KEY_2_LAST_USED_REGION);
        if (is_key && i == KEY_SERVICE)
            of_columns(m, COL_KEY_1_LAST_USED_SERVICE, COL_KEY_2_LAST_USED_SERVICE);
        return true;
    }
    return false;
}

static bool means_credential(struct meaning *m, struct slice name)
{
    for (int i = 0; i < CREDENTIAL_COLUMNS; i++) {
        if (!slice_equal_nocase(name, slice_of(credential_schema[i].name)))
            continue;
        *m = (struct meaning){.name = credential_schema[i].name, .type = credential_schema[i].type};
        if (i == CRED_REGION)
            of_columns(m, COL_KEY_1_LAST_USED_REGION, COL_KEY_2_LAST_USED_REGION);
        if (i == CRED_SERVICE)
            of_columns(m, COL_KEY_1_LAST_USED_SERVICE, COL_KEY_2_LAST_USED_SERVICE);
        return true;
    }
    return false;
}

static bool means_column(struct meaning *m, const struct report *r, struct slice name)
{
    enum column c = schema_find(name);
    if (c == COL_COUNT && r)
        c = extra_columns_find(r->extra, name);
    if (c == COL_COUNT)
        c = schema_find_alias(name);
    if (c == COL_COUNT)
        return false;
    const struct extra_column *extra = r ? extra_columns_at(r->extra, c) : NULL;
    const struct column_info *info = extra ? &extra->info : &schema[c];
    *m = (struct meaning){.name = info->name, .type = info->type, .is_list = extra && extra->is_list};
    if (info->type != TYPE_TIME && info->type != TYPE_DURATION)
        of_columns(m, c, COL_COUNT);
    return true;
}

/* Returns false if the name means nothing at PLACE. */
static bool means(struct meaning *m, const struct report *r, enum place place, struct slice name)
{
    if (place == PLACE_KEY || place == PLACE_CERT)
        return means_member(m, place == PLACE_KEY, name);
    return (place == PLACE_CREDENTIAL && means_credential(m, name)) || means_column(m, r, name);
}

/* ---- suggestions for that context ------------------------------------------------------- */

static void add(struct suggestions *c, struct slice text, const char *word, const char *note, int rank)
{
    suggest_add(c, text, &(struct suggestion){.word = word, .note = note, .count = SIZE_MAX, .rank = rank});
}

static const char *example_of(enum type type)
{
    static const char *const examples[] = {
        [TYPE_TEXT] = "~ ^ci", [TYPE_BOOL] = "= false", [TYPE_TIME] = "< 2026-01-31", [TYPE_DURATION] = "> 90d",
        [TYPE_NUMBER] = ">= 2", [TYPE_SEVERITY] = ">= high", [TYPE_RIGHTS] = ">= write"};
    return examples[type];
}

static void add_name(struct suggestions *c, struct slice text, const char *name, enum type type, const char *help)
{
    suggest_add(c, text, &(struct suggestion){.word = name, .type = type_name(type), .example = example_of(type),
        .note = help, .count = SIZE_MAX});
}

static void add_members(struct suggestions *c, struct slice text, const struct query_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_name(c, text, members[i].name, members[i].type, members[i].help);
}

/* Add short names, unless what is typed also leads to the column's own name. */
static void add_aliases(struct suggestions *c, struct slice text)
{
    for (size_t i = 0; i < schema_alias_count; i++) {
        const struct column_info *info = &schema[schema_aliases[i].column];
        char help[80];
        snprintf(help, sizeof help, "short for %s", info->name);
        if (text.len > c->from && !begins_with(info->name, slice_of(schema_aliases[i].name)))
            add_name(c, text, schema_aliases[i].name, info->type, help);
    }
}

static void add_functions(struct suggestions *c, struct slice text)
{
    static const struct {
        const char *example, *note;
    } rows[FUNCTION_COUNT] = {
        [FUNCTION_KEY] = {"key(age > 90d)", "one access key matches all of it"},
        [FUNCTION_CERT] = {"cert(active)", "one signing certificate matches all of it"},
        [FUNCTION_FAILS] = {"fails(unused)", "the user fails a check"},
        [FUNCTION_UNKNOWN] = {"unknown(unused)", "a check cannot judge the user"},
        [FUNCTION_SINCE] = {"since(unused) < 2026-01-31", "since when the user has been failing a check"},
        [FUNCTION_FAILING] = {"failing(unused) > 90d", "for how long the user has been failing a check"},
    };
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        char call[32];
        snprintf(call, sizeof call, "%s(", query_functions[i]);
        suggest_add(c, text, &(struct suggestion){.word = call, .example = rows[i].example, .note = rows[i].note,
            .count = SIZE_MAX});
    }
}

static void add_names(struct suggestions *c, struct slice text, enum place place, const struct report *r)
{
    if (place == PLACE_KEY || place == PLACE_CERT) {
        add_members(c, text, place == PLACE_KEY ? query_key_members : query_cert_members,
            place == PLACE_KEY ? query_key_member_count : query_cert_member_count);
        add(c, text, "not", "the opposite", 0);
        return;
    }
    for (size_t i = 0; i < CREDENTIAL_COLUMNS && place == PLACE_CREDENTIAL; i++)
        add_name(c, text, credential_schema[i].name, credential_schema[i].type, credential_schema[i].help);
    add_aliases(c, text);
    for (enum column column = 0; column < COL_COUNT; column++) {
        struct meaning ignored; /* if a column of users has the same name, the credential's is meant */
        bool is_hidden = place == PLACE_CREDENTIAL && means_credential(&ignored, slice_of(schema[column].name));
        if (!is_hidden && (column < COL_CHANGE || (r && r->changes)))
            add_name(c, text, schema[column].name, schema[column].type, schema[column].help);
    }
    for (size_t i = 0; r && r->extra && i < r->extra->count; i++) {
        const struct column_info *info = &r->extra->list[i].info;
        add_name(c, text, info->name, info->type, info->help);
    }
    add_functions(c, text);
    add(c, text, "not", "the opposite", 0);
}

/* Add the name that a misspelt word may stand for. */
static void add_nearest(struct suggestions *c, struct slice text, enum place place, const struct report *r)
{
    struct slice typed = {text.data + c->from, text.len - c->from};
    struct suggestions all = {.from = text.len, .typed_from = text.len};
    struct nearest near = nearest_to(typed);
    add_names(&all, text, place, r);
    for (size_t i = 0; i < all.count; i++)
        nearest_try(&near, all.list[i].word);
    for (size_t i = 0; i < all.count && near.name; i++) {
        if (strcmp(all.list[i].word, near.name) == 0)
            append_suggestion(c, &all.list[i], true);
    }
    suggest_free(&all);
}

static void add_operators(struct suggestions *c, struct slice text, enum type type)
{
    static const struct {
        const char *word, *note, *of_time, *of_duration; /* used instead of note for these types; NULL: use note */
        bool is_for_text, is_for_bool, is_for_rest;
    } rows[] = {
        {"=", "equal", NULL, NULL, true, true, true},
        {"!=", "not equal, and not missing", NULL, NULL, true, true, true},
        {">", "greater", "later", "longer, such as > 90d", false, false, true},
        {">=", "greater or equal", "at that time or later", "as long or longer", false, false, true},
        {"<", "less", "earlier, such as < 2026-01-31", "shorter", false, false, true},
        {"<=", "less or equal", "at that time or earlier", "as long or shorter", false, false, true},
        {"~", "regular expression, such as ~ ^ci", NULL, NULL, true, false, false},
        {"in (", "one of a list", NULL, NULL, true, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is = type == TYPE_TEXT ? rows[i].is_for_text : type == TYPE_BOOL ? rows[i].is_for_bool
            : rows[i].is_for_rest;
        const char *note = type == TYPE_TIME && rows[i].of_time ? rows[i].of_time
            : type == TYPE_DURATION && rows[i].of_duration ? rows[i].of_duration : rows[i].note;
        if (is)
            add(c, text, rows[i].word, note, type == TYPE_BOOL);
    }
}

static void add_joins(struct suggestions *c, struct slice text, const struct word_context *context)
{
    c->kind = SUGGEST_JOINS;
    add(c, text, "and", "this and what follows", 0);
    add(c, text, "or", "this, or what follows", 0);
    if (context->depth)
        add(c, text, ")", "end of the parentheses", 0);
}

static void add_durations(struct suggestions *c, struct slice text)
{
    static const char *const rows[][2] = {{"30d", "30 days"}, {"45d", "45 days"}, {"90d", "90 days"},
        {"6mo", "180 days"},
        {"1y", "365 days"}, {"36h", "36 hours"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        add(c, text, rows[i][0], rows[i][1], 0);
}

static void add_times(struct suggestions *c, struct slice text, const struct report *r)
{
    static const int days[] = {0, 30, 90, 180, 365};
    add(c, text, "now", "the time to which ages count", 0);
    for (size_t i = 0; r && i < sizeof days / sizeof days[0]; i++) {
        char stamp[32], day[16], note[32];
        snprintf(day, sizeof day, "%.10s", timestamp_format(stamp, sizeof stamp, r->as_of - days[i] * TIMESTAMP_DAY));
        snprintf(note, sizeof note, "%d days ago", days[i]);
        add(c, text, day, days[i] ? note : "the day of the report", 0);
    }
}

static void add_states(struct suggestions *c, struct slice text, enum type type)
{
    static const struct {
        int test;
        const char *note;
    } notes[] = {{TEST_NEVER, "a use that never happened"}, {TEST_MISSING, "no value, for any reason"},
        {STATE_NA, "the report says N/A"}, {STATE_NO_INFORMATION, "the report says no_information"},
        {STATE_NOT_SUPPORTED, "the report says not_supported"}, {STATE_EMPTY, "nothing in the cell"},
        {STATE_MALFORMED, "not of the column's type"}};
    for (size_t i = 0; i < query_state_count; i++) {
        const char *note = NULL;
        for (size_t k = 0; k < sizeof notes / sizeof notes[0]; k++)
            note = notes[k].test == query_states[i].test ? notes[k].note : note;
        if (query_states[i].test != TEST_NEVER || type == TYPE_TIME)
            add(c, text, query_states[i].word, note, 1);
    }
}

static void add_values(struct suggestions *c, struct slice text, const struct word_context *context, enum place place)
{
    struct meaning m = {.type = TYPE_TEXT};
    enum type type;
    if (query_function_is_compared(context->compared, &type))
        m = (struct meaning){.name = query_functions[context->compared], .type = type};
    else
        means(&m, context->report, place, context->field);
    c->kind = SUGGEST_VALUES;
    c->subject = m.name;
    c->is_list = m.is_list;
    if (context->cmp == CMP_MATCH)
        return;
    memcpy(c->columns, m.columns, sizeof c->columns);
    c->column_count = m.column_count;
    if (m.type == TYPE_BOOL) {
        add(c, text, "true", NULL, 0);
        add(c, text, "false", NULL, 0);
    }
    for (enum severity s = SEVERITY_NONE; m.type == TYPE_SEVERITY && s < SEVERITY_COUNT; s++)
        add(c, text, severity_name(s), NULL, 0);
    for (enum rights r = RIGHTS_NONE; m.type == TYPE_RIGHTS && r < RIGHTS_COUNT; r++)
        add(c, text, rights_name(r), NULL, 0);
    for (enum credential k = 0; k < CREDENTIAL_COUNT && m.name == credential_schema[CRED_CREDENTIAL].name; k++)
        add(c, text, credential_name(k), NULL, 0);
    if (m.name == credential_schema[CRED_STATE].name) {
        add(c, text, "active", NULL, 0);
        add(c, text, "inactive", NULL, 0);
    }
    if (m.type == TYPE_DURATION)
        add_durations(c, text);
    if (m.type == TYPE_TIME)
        add_times(c, text, context->report);
    if (context->compared == FUNCTION_COUNT && (context->cmp == CMP_EQ || context->cmp == CMP_NE))
        add_states(c, text, m.type);
}

static void add_check_ids(struct suggestions *c, struct slice text, const struct query_checks *checks,
    enum query_function f)
{
    c->kind = SUGGEST_CHECKS;
    c->is_unknown = f == FUNCTION_UNKNOWN;
    for (size_t i = 0; i < checks->count(); i++)
        add(c, text, checks->id(i), NULL, 0);
}

static void add_examples(struct suggestions *c, struct slice text, enum query_subject subject, bool of_changes)
{
    static const char *const users[][2] = {
        {"not mfa", "no MFA device"},
        {"key(active and age > 90d)", "an active key older than 90 days"},
        {"idle > 45d", "nothing used for 45 days"},
        {"severity >= high", "a finding that is high or critical"},
        {"path = /ci/", "by the path; Tab lists those of the report"},
        {"jenkins", "in the name, ARN, path, account name or owner"},
    };
    static const char *const credentials[][2] = {
        {"active and age > 90d", "older than 90 days"},
        {"idle > 45d", "not used for 45 days"},
        {"credential = password", "passwords only"},
        {"severity >= high", "a finding that is high or critical"},
        {"last_used = never", "never used"},
        {"jenkins", "in the name, ARN, path, account name or owner"},
    };
    static const char *const changes[][2] = {
        {"change = finding-new", "new findings"},
        {"severity >= high", "what matters most"},
        {"change in (added, removed)", "users added or removed"},
        {"what = mfa", "changes of one kind of credential"},
        {"jenkins", "in the name, ARN, path, account name or owner"},
    };
    size_t n = of_changes ? sizeof changes / sizeof changes[0] : sizeof users / sizeof users[0];
    c->kind = SUGGEST_EXAMPLES;
    for (size_t i = 0; i < n; i++) {
        const char *const *row = of_changes ? changes[i] : subject == QUERY_CREDENTIALS ? credentials[i] : users[i];
        add(c, text, row[0], row[1], 0);
    }
}

/* ---- the query ------------------------------------------------------------------------- */

static bool is_of_word(char ch)
{
    size_t at = 0;
    struct token t = query_lex((struct slice){&ch, 1}, &at);
    return t.kind == TOKEN_WORD;
}

/*
 * Lex the text before the word. The word may begin earlier, at an open quotation mark; FROM is then moved. Returns
 * false if the text makes no sense.
 */
static bool read_before(struct suggestions *c, struct slice text, struct word_context *context)
{
    size_t at = 0;
    struct slice before = {text.data, c->from};
    if (before.len && before.data[0] == '!')
        at = 1; /* a leading "!" inverts the filter */
    for (struct token t; (t = query_lex(before, &at)).kind != TOKEN_END; step(context, &t)) {
        if (t.kind != TOKEN_BAD)
            continue;
        bool is_quoted = t.text.data[0] == '"' || t.text.data[0] == '\'';
        c->from = t.offset;
        c->typed_from = t.offset + 1;
        return is_quoted;
    }
    return true;
}

static void suggest_there(struct suggestions *c, struct slice text, const struct word_context *context,
    const struct query_checks *checks)
{
    struct meaning m;
    enum place place = context->places[context->depth];
    bool is_quoted = c->typed_from != c->from;
    if (context->wants_value || place == PLACE_VALUES) {
        add_values(c, text, context, place == PLACE_VALUES ? context->places[context->depth - 1] : place);
    } else if (is_quoted) {
        return;
    } else if (place == PLACE_CHECK) {
        if (context->last.kind == TOKEN_WORD)
            add(c, text, ")", NULL, 0);
        else
            add_check_ids(c, text, checks, context->functions[context->depth]);
    } else if (context->has_operand) {
        bool is_name = context->last.kind == TOKEN_WORD && !context->is_compared
            && means(&m, context->report, place, context->last.text);
        if (context->last.kind == TOKEN_CLOSE)
            is_name = query_function_is_compared(context->closed, &m.type);
        if (!is_name || m.type == TYPE_BOOL)
            add_joins(c, text, context);
        if (is_name) {
            c->kind = SUGGEST_OPERATORS;
            add_operators(c, text, m.type);
        }
    } else {
        c->kind = SUGGEST_NAMES;
        add_names(c, text, place, context->report);
        if (!c->count && text.len > c->from + 1)
            add_nearest(c, text, place, context->report);
    }
}

static bool is_blank(struct slice text)
{
    size_t i = 0;
    while (i < text.len && (text.data[i] == ' ' || text.data[i] == '!'))
        i++;
    return i == text.len;
}

void suggest_query(struct suggestions *c, struct slice text, enum query_subject subject,
    const struct query_checks *checks, const struct report *r)
{
    struct word_context context = {.report = r,
        .places = {subject == QUERY_CREDENTIALS ? PLACE_CREDENTIAL : PLACE_USER},
        .functions = {FUNCTION_COUNT}, .closed = FUNCTION_COUNT, .compared = FUNCTION_COUNT,
        .last = {.kind = TOKEN_END}};
    size_t from = text.len;
    while (from && is_of_word(text.data[from - 1]))
        from--;
    suggest_start(c, from);
    c->kind = SUGGEST_NOTHING;
    if (is_blank(text))
        add_examples(c, text, subject, r && r->changes);
    else if (read_before(c, text, &context))
        suggest_there(c, text, &context, checks);
    suggest_finish(c);
}
