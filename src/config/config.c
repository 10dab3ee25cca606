/*
 * Reading, printing and amending the configuration. What can be set is in the tables of options, keys, checks, and so
 * on.
 */
#include "config/config.h"

#include "config/options.h"
#include "base/limits.h"
#include "base/save.h"
#include "base/timestamp.h"
#include "config/column_sets.h"
#include "context/context.h"
#include "audit/check_query.h"
#include "audit/rule.h"
#include "history/time_columns.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A line holds more than a name and a value of these lengths, however it is written: what was read from a line can be
 * printed as one that is read again.
 */
enum { NAME_MAX_LEN = 200, VALUE_MAX_LEN = LIMIT(4096, 256), LINE_MAX_LEN = 2 * VALUE_MAX_LEN };
enum { PROBLEMS_TOLD = 100, SHOWN_MAX = 200 };

void config_init(struct config *c)
{
    *c = (struct config){0};
    keymap_init(&c->keymap);
}

void config_pairs_free(struct config_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        free(pairs->list[i].name);
        free(pairs->list[i].value);
    }
    free(pairs->list);
    *pairs = (struct config_pairs){0};
}

void config_free(struct config *c)
{
    for (size_t i = 0; i < c->text_count; i++)
        free(c->texts[i]);
    free(c->texts);
    free(c->path);
    check_remove_added();
    config_pairs_free(&c->filters);
    config_pairs_free(&c->sets);
    keymap_free(&c->keymap);
    buffer_free(&c->problems);
    unsure_lines_free(&c->unsure);
    *c = (struct config){0};
}

const char *config_pairs_find(const struct config_pairs *pairs, struct slice name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (slice_equal(name, slice_of(pairs->list[i].name)))
            return pairs->list[i].value;
    }
    return NULL;
}

void config_pairs_set(struct config_pairs *pairs, struct slice name, struct slice value)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (slice_equal(name, slice_of(pairs->list[i].name))) {
            free(pairs->list[i].value);
            pairs->list[i].value = slice_copy(value);
            return;
        }
    }
    pairs->list = xrealloc(pairs->list, pairs->count + 1, sizeof *pairs->list);
    pairs->list[pairs->count++] = (struct config_pair){slice_copy(name), slice_copy(value)};
}

static bool is_config_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* ---- the verbs --------------------------------------------------------------------- */

/* Keep a copy of TEXT as long as the configuration, for options to borrow. */
static const char *keep_string(struct config *c, char *text)
{
    c->texts = xrealloc(c->texts, c->text_count + 1, sizeof *c->texts);
    c->texts[c->text_count++] = text;
    return text;
}

char *config_file_name(struct slice value)
{
    const char *home = getenv("HOME");
    struct buffer b = {0};
    if (!home || value.len < 2 || memcmp(value.data, "~/", 2) != 0)
        return slice_copy(value);
    buffer_printf(&b, "%s%.*s", home, (int)value.len - 1, value.data + 1);
    return b.data;
}

static bool set_option(struct options *o, struct slice name, struct slice value, struct error *err)
{
    const struct option_row *row = options_find(name);
    if (!row) {
        const char *near = options_nearest(name);
        return error_set(err, "no option \"%.*s\"%s%s%s", (int)name.len, name.data, near ? "; " : "", near ? near : "",
            near ? "?" : "");
    }
    if (!row->usual)
        return error_set(err, "%.*s is for the command line only", (int)name.len, name.data);
    if (!value.len) /* as it is by default */
        return true;
    const char *text = keep_string(&o->config,
        row->kind == ARGUMENT_FILE ? config_file_name(value) : slice_copy(value));
    return strlen(text) <= VALUE_MAX_LEN ? options_set(o, row, text, true, err)
        : error_set(err, "the file name is longer than %d bytes", VALUE_MAX_LEN);
}

/* Returns where the word of VALUE that begins at AT ends. A number and its unit, as in "60 days", are one word. */
static size_t threshold_end(struct slice value, size_t at)
{
    size_t end = at, next;
    while (end < value.len && !is_config_blank(value.data[end]))
        end++;
    for (size_t i = at; i < end; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return end;
    }
    for (next = end; next < value.len && is_config_blank(value.data[next]); next++)
        continue;
    size_t unit = next;
    while (next < value.len && !is_config_blank(value.data[next]))
        next++;
    int64_t seconds;
    bool joins = end > at && unit < next && duration_parse_named((struct slice){value.data + at, next - at}, &seconds);
    return joins ? next : end;
}

/* Change S as the words of VALUE say: on, off, or a number of days. */
static bool edit_check(struct check_settings *s, struct slice name, struct slice value, struct error *err)
{
    struct check_settings new = *s;
    struct buffer edit = {0};
    bool ok = true, off = false;
    if (!value.len)
        return error_set(err, "expected on, off or a number of days such as 60d");
    for (size_t at = 0, end; ok && at < value.len; at = end + 1) {
        end = threshold_end(value, at);
        struct slice word = {value.data + at, end - at};
        bool on = slice_equal(word, slice_of("on"));
        off |= slice_equal(word, slice_of("off"));
        if (!word.len || slice_equal(word, slice_of("off")))
            continue;
        edit.len = 0;
        buffer_printf(&edit, "%s%.*s%s%.*s", on ? "+" : "", (int)name.len, name.data, on ? "" : "=",
            on ? 0 : (int)word.len, word.data);
        ok = check_settings_edit(&new, (struct slice){edit.data, edit.len}, err);
    }
    if (ok && off) {
        edit.len = 0;
        buffer_printf(&edit, "-%.*s", (int)name.len, name.data);
        ok = check_settings_edit(&new, (struct slice){edit.data, edit.len}, err);
    }
    buffer_free(&edit);
    if (ok)
        *s = new;
    return ok;
}

/* Returns where " where " begins in VALUE, VALUE.len if it does not occur. */
static size_t find_where(struct slice value)
{
    static const char word[] = "where";
    size_t n = sizeof word - 1, at = 1;
    while (at + n < value.len && !(is_config_blank(value.data[at - 1]) && is_config_blank(value.data[at + n])
        && memcmp(value.data + at, word, n) == 0))
        at++;
    return at + n < value.len ? at : value.len;
}

/* As time_columns_are_unasked(). A QUERY that does not parse passes; rule_is_query() refuses it. */
static bool asks_no_history(struct slice query, struct error *err)
{
    struct error ignored;
    struct query *q = rule_parse(query, &ignored);
    bool ok = !q || time_columns_are_unasked(q, err);
    query_free(q);
    return ok;
}

/* Apply a check's line, for all users or, with `where QUERY`, for some. */
static bool set_check(struct options *o, struct slice name, struct slice value, struct error *err)
{
    size_t at = find_where(value), check = check_find(name, o->checks.benchmark, NULL);
    if (at == value.len)
        return edit_check(&o->checks, name, value, err);
    struct slice query = slice_trimmed((struct slice){value.data + at + 5, value.len - at - 5});
    struct check_settings tried = o->checks;
    struct error why;
    tried.days_given = 0;
    if (!edit_check(&tried, name, slice_trimmed((struct slice){value.data, at}), err))
        return false;
    if (!rule_is_query(query, o->checks.other_names, &why))
        return error_at(err, why.offset, "at offset %zu of the query: %s", why.offset, why.text);
    if (!asks_no_history(query, err))
        return false;
    struct check_clause clause = {check, keep_string(&o->config, slice_copy(query)), tried.on >> check & 1,
        tried.days_given >> check & 1 ? tried.days[check] : CHECK_DAYS_OF_OTHERS};
    return check_add_clause(&o->checks, clause)
        || error_set(err, "at most %d lines of checks with where", CHECK_CLAUSES_MAX);
}

static bool set_rule(struct options *o, struct slice name, struct slice value, struct error *err)
{
    const char *colon = memchr(value.data, ':', value.len);
    size_t at = colon ? (size_t)(colon + 1 - value.data) : value.len;
    return asks_no_history((struct slice){value.data + at, value.len - at}, err)
        && rule_define(&o->checks, name, value, err);
}

static bool set_title(struct options *o, struct slice name, struct slice value, struct error *err)
{
    (void)o;
    return rule_describe(name, CHECK_TITLE, value, err);
}

static bool set_remedy(struct options *o, struct slice name, struct slice value, struct error *err)
{
    (void)o;
    return rule_describe(name, CHECK_REMEDY, value, err);
}

static bool set_number(struct options *o, struct slice name, struct slice value, struct error *err)
{
    (void)o;
    return rule_describe(name, CHECK_NUMBER, value, err);
}

static bool config_filter(struct options *o, struct slice name, struct slice value, struct error *err)
{
    if (!options_can_parse(o, value, err))
        return false;
    config_pairs_set(&o->config.filters, name, value);
    return true;
}

static bool config_columns(struct options *o, struct slice name, struct slice value, struct error *err)
{
    char *list = slice_copy(value);
    bool ok = !value.len ? error_set(err, "expected a list of columns, such as user,key_1_age")
        : column_sets_check(name, list, NULL, o->checks.other_names, err);
    free(list);
    if (ok)
        config_pairs_set(&o->config.sets, name, value);
    return ok;
}

/* Apply a key's line. NAME is the key, perhaps after the modes in which it is bound. */
static bool set_key(struct options *o, struct slice name, struct slice value, struct error *err)
{
    size_t at = name.len;
    while (at && name.data[at - 1] != ' ')
        at--;
    struct slice key = {name.data + at, name.len - at}, where = {name.data, at};
    while (where.len && where.data[where.len - 1] == ' ')
        where.len--;
    bool none = slice_equal(value, slice_of("none"));
    enum action action = none ? ACTION_NONE : action_find(value);
    unsigned all = none ? ~0U : action == ACTION_NONE ? 0 : action_modes(action);
    unsigned modes = where.len ? modes_parse(where) : all;
    if (keys_parse(key) == KEYS_NONE)
        return error_set(err, "no key \"%.*s\"; such as: x, C-x, F2, PgDn, Space", (int)key.len, key.data);
    if (!none && action == ACTION_NONE) {
        const char *near = action_nearest(value);
        return error_set(err, "no action \"%.*s\"%s%s%s; ncred --help=keys lists them, none removes the key",
            (int)value.len, value.data, near ? "; " : "", near ? near : "", near ? "?" : "");
    }
    if (!modes) {
        struct buffer places = {0};
        modes_names(&places, ~0U);
        error_set(err, "no place \"%.*s\"; there are %s", (int)where.len, where.data, places.data);
        buffer_free(&places);
        return false;
    }
    if (modes & ~all)
        return error_set(err, "the action %s does nothing there", actions[action].name);
    keymap_bind(&o->config.keymap, key, modes, action);
    return true;
}

static bool set_color(struct options *o, struct slice name, struct slice value, struct error *err)
{
    struct config *c = &o->config;
    enum role role = role_find(name);
    if (role == ROLE_COUNT) {
        struct buffer names = {0};
        for (role = 0; role < ROLE_COUNT; role++)
            buffer_printf(&names, "%s%s", role ? ", " : "", role_name(role));
        error_set(err, "nothing \"%.*s\" has a colour; there are %s", (int)name.len, name.data, names.data);
        buffer_free(&names);
        return false;
    }
    struct look look = themes[0].looks[role];
    if (!look_parse(&look, value, err))
        return false;
    c->looks[role] = look;
    return c->look_is_set[role] = true;
}

/*
 * Lines are read in this order, whatever theirs: first what a check's number means and which other files' columns there
 * are, then which rules there are.
 */
enum config_reading { READ_FIRST, READ_RULES, READ_REST, READINGS };
static bool set_sla(struct options *o, struct slice name, struct slice value, struct error *err)
{
    enum severity severity = severity_find(name);
    int64_t seconds;
    if (severity == SEVERITY_NONE || severity == SEVERITY_COUNT)
        return error_set(err, "expected low, medium, high or critical, got \"%.*s\"", (int)name.len, name.data);
    if (!duration_parse_named(value, &seconds) || seconds < 1)
        return error_set(err, "expected a duration such as 30d, got \"%.*s\"", (int)value.len, value.data);
    o->allowed.seconds[severity] = seconds;
    return true;
}

static const struct verb {
    const char *name;
    bool last_equals; /* NAME may hold an equals sign, VALUE does not */
    bool of_rules;    /* may stand in a file of rules */
    enum config_reading reading;
    bool (*set)(struct options *o, struct slice name, struct slice value, struct error *err);
} verbs[] = {
    {"set", false, false, READ_REST, set_option}, {"check", false, true, READ_REST, set_check},
    {"rule", false, true, READ_RULES, set_rule}, {"title", false, true, READ_REST, set_title},
    {"remedy", false, true, READ_REST, set_remedy}, {"number", false, true, READ_REST, set_number},
    {"filter", false, false, READ_REST, config_filter}, {"columns", false, false, READ_REST, config_columns},
    {"bind", true, false, READ_REST, set_key}, {"color", false, false, READ_REST, set_color},
    {"sla", false, false, READ_REST, set_sla},
};
enum { VERBS = sizeof verbs / sizeof verbs[0] };

/* ---- reading ------------------------------------------------------------------------ */

static void put_source_line(struct buffer *out, const char *name, size_t line)
{
    text_harmless(out, slice_of(name), false);
    if (line)
        buffer_printf(out, ":%zu", line);
}

static void problem(struct config *c, const char *name, size_t line, const char *text)
{
    if (c->problem_count++ >= PROBLEMS_TOLD)
        return;
    put_source_line(&c->problems, name, line);
    buffer_printf(&c->problems, ": %s\n", text);
}

/*
 * Returns where the equals sign between NAME and VALUE is, REST.len if there is none. The key "=" is not taken for
 * it.
 */
static size_t find_equals(struct slice rest, bool last)
{
    size_t at = rest.len;
    for (size_t i = 1; i < rest.len && (last || at == rest.len); i++)
        at = rest.data[i] == '=' ? i : at;
    return at;
}

struct line_parts {
    const struct verb *verb;
    struct slice name, value;
};

/* The parts of a line that is no comment. */
static bool split_line(struct slice line, struct line_parts *p, struct error *err)
{
    size_t n = 0;
    while (n < line.len && !is_config_blank(line.data[n]))
        n++;
    p->verb = NULL;
    for (size_t i = 0; i < VERBS; i++) {
        if (slice_equal((struct slice){line.data, n}, slice_of(verbs[i].name)))
            p->verb = &verbs[i];
    }
    if (!p->verb)
        return error_set(err, "a line begins with set, check, rule, title, remedy, number, filter, columns, bind, "
            "color or sla, not \"%.*s\"", (int)n,
            line.data);
    struct slice rest = slice_trimmed((struct slice){line.data + n, line.len - n});
    size_t at = find_equals(rest, p->verb->last_equals);
    if (at == rest.len)
        return error_set(err, "expected %s NAME = VALUE", p->verb->name);
    p->name = slice_trimmed((struct slice){rest.data, at});
    p->value = slice_trimmed((struct slice){rest.data + at + 1, rest.len - at - 1});
    return p->name.len || error_set(err, "expected %s NAME = VALUE", p->verb->name);
}

static bool is_silent(struct slice line)
{
    return !line.len || line.data[0] == '#';
}

/* Returns the length of the byte order mark at the start of TEXT, 0 if there is none. */
static size_t skip_mark(struct slice text)
{
    return text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Put the line that begins at *AT into LINE and move *AT behind it. Returns false at the end of TEXT. */
static bool config_line(struct slice text, size_t *at, struct slice *line)
{
    if (*at >= text.len)
        return false;
    const char *end = memchr(text.data + *at, '\n', text.len - *at);
    size_t len = end ? (size_t)(end - text.data) - *at : text.len - *at;
    *line = slice_trimmed((struct slice){text.data + *at, len});
    *at += len + 1;
    return true;
}

static bool is_word_part(char c)
{
    return c == '_' || c == '.' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* In which of the readings the line is applied: some lines need what others set. */
static enum config_reading reading_of(const struct line_parts *p)
{
    bool is_first = p->verb == &verbs[0]
        && (slice_equal(p->name, slice_of("benchmark")) || options_gives_names(p->name));
    return is_first ? READ_FIRST : p->verb->reading;
}

/* The query of a rule, or of a check with where; of other lines the whole value. */
static struct slice query_part(const struct line_parts *p)
{
    size_t skip = 0, where = p->verb->set == set_check ? find_where(p->value) : p->value.len;
    const char *colon = p->verb->set == set_rule ? memchr(p->value.data, ':', p->value.len) : NULL;
    if (where < p->value.len)
        skip = where + sizeof "where" - 1;
    else if (colon)
        skip = (size_t)(colon + 1 - p->value.data);
    return slice_trimmed((struct slice){p->value.data + skip, p->value.len - skip});
}

static bool has_usual_length(const struct line_parts *p, struct error *err)
{
    if (p->name.len > NAME_MAX_LEN)
        return error_set(err, "the name is longer than %d bytes", NAME_MAX_LEN);
    return query_part(p).len <= VALUE_MAX_LEN
        || error_set(err, "what follows the equals sign is longer than %d bytes", VALUE_MAX_LEN);
}

/* The part of a line that names columns. */
static struct unsure_line named_columns(const struct options *o, const struct line_parts *p)
{
    struct slice text = query_part(p);
    bool is_check = p->verb->set == set_check; /* the number of a check depends on the benchmark, its id does not */
    struct slice name = is_check ? slice_of(check_at(check_find(p->name, o->checks.benchmark, NULL))->id) : p->name;
    bool is_order = p->verb->set == set_option && slice_equal(p->name, slice_of("sort"));
    return (struct unsure_line){
        .kind = is_order ? UNSURE_ORDER : p->verb->set == config_columns ? UNSURE_COLUMNS
            : is_check || p->verb->set == set_rule ? UNSURE_RULE : UNSURE_QUERY,
        .text = slice_copy(text),
        .name = slice_copy(name),
        .is_rule = p->verb->set == set_rule};
}

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += len) {
        if (!(at > text && is_word_part(at[-1])) && !is_word_part(at[len]))
            return true;
    }
    return false;
}

/*
 * Whether TEXT has a name that ncred gives to what --details, --key-ids and the history tell. A configuration may serve
 * runs with any of them, so that such a name is no mistake where its column is lacking.
 */
static bool names_given_by_ncred(const char *text)
{
    bool names = false;
    for (size_t i = 0; i < CONTEXT_COLUMNS; i++)
        names |= has_word(text, context_columns[i].name);
    for (size_t i = 0; i < TIME_COLUMNS; i++)
        names |= has_word(text, time_columns[i].name);
    return names;
}

/*
 * Apply a line that was refused, if it is right for a report that has other columns than AWS's. Returns whether it is;
 * else it has no effect.
 */
static bool take_unsure(struct options *o, const struct line_parts *p)
{
    struct error ignored;
    bool other_names = o->checks.other_names, ok;
    if (o->config.is_for_aws && !other_names)
        return false;
    o->checks.other_names = true;
    ok = p->verb->set(o, p->name, p->value, &ignored);
    o->checks.other_names = other_names;
    struct unsure_line line = ok ? named_columns(o, p) : (struct unsure_line){0};
    if (ok && !(other_names && names_given_by_ncred(line.text)))
        unsure_lines_add(&o->config.unsure, line);
    else
        unsure_lines_free_line(&line);
    return ok;
}

/* Apply the line if it belongs to reading NOW. A line without a valid verb is reported in the last reading. */
static bool take_line(struct options *o, struct slice line, bool of_rules, enum config_reading now, struct error *err)
{
    struct line_parts p;
    bool last = now == READ_REST;
    if (line.len > LINE_MAX_LEN)
        return !last || error_set(err, "the line is longer than %d bytes", LINE_MAX_LEN);
    if (memchr(line.data, '\0', line.len))
        return !last || error_set(err, "the line contains a NUL byte");
    if (!split_line(line, &p, err))
        return !last;
    if (of_rules && !p.verb->of_rules)
        return !last || error_set(err, "a file of rules has only rule, title, remedy, number and check, not %s",
            p.verb->name);
    if (reading_of(&p) != now)
        return true;
    if (!has_usual_length(&p, err))
        return false;
    /* the report, with its joined columns, is asked also about names like ncred's own that may come from other files */
    bool other_names = o->checks.other_names;
    o->checks.other_names = false;
    bool ok = p.verb->set(o, p.name, p.value, err);
    o->checks.other_names |= other_names;
    return ok || take_unsure(o, &p);
}

/* A file's text; all files are read together, READINGS times. */
struct config_source {
    const char *name;
    struct slice text;
    bool of_rules;
};

static void read_source(struct options *o, const struct config_source *s, enum config_reading now)
{
    struct slice line;
    struct error err;
    size_t number = 1;
    for (size_t at = skip_mark(s->text); config_line(s->text, &at, &line); number++) {
        size_t unsure = o->config.unsure.count;
        if (!is_silent(line) && !take_line(o, line, s->of_rules, now, &err))
            problem(&o->config, s->name, number, err.text);
        if (o->config.unsure.count > unsure) { /* ERR says why it was refused at first */
            struct buffer place = {0};
            put_source_line(&place, s->name, number);
            o->config.unsure.list[unsure].place = place.data;
            o->config.unsure.list[unsure].why = xstrdup(err.text);
        }
    }
}

void config_parse(struct options *o, const char *name, struct slice text)
{
    for (enum config_reading now = 0; now < READINGS; now++)
        read_source(o, &(struct config_source){name, text, false}, now);
}

/* Returns $XDG_CONFIG_HOME/ncred/config, otherwise ~/.config/ncred/config; NULL without both variables. To be freed. */
static char *usual_path(void)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    struct buffer b = {0};
    if (xdg && xdg[0] == '/') /* the XDG specification says to ignore relative paths */
        buffer_printf(&b, "%s/ncred/config", xdg);
    else if (home && *home)
        buffer_printf(&b, "%s/.config/ncred/config", home);
    return b.data;
}

/* Read the file. ONLY_FILE: refuse a pipe, for which the screen would have to wait. */
static bool read_at(const char *path, bool only_file, struct buffer *text)
{
    char bytes[4096];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | (only_file ? O_NONBLOCK : 0));
    if (fd >= 0 && only_file && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        errno = EINVAL;
        return false;
    }
    FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
    if (!f)
        return false;
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;)
        buffer_add(text, bytes, n);
    int why = errno;
    bool ok = !ferror(f);
    fclose(f);
    errno = why;
    return ok;
}

/* Append to LIST the files that lines "set rules = FILE" of TEXT name. */
static void find_rules(struct slice text, char ***list, size_t *count)
{
    struct slice line;
    struct line_parts p;
    struct error ignored;
    for (size_t at = skip_mark(text); config_line(text, &at, &line);) {
        if (is_silent(line) || !split_line(line, &p, &ignored) || p.verb != &verbs[0]
            || !slice_equal(p.name, slice_of("rules"))
            || !p.value.len)
            continue;
        *list = xrealloc(*list, *count + 1, sizeof **list);
        (*list)[(*count)++] = config_file_name(p.value);
    }
}

/* Read the configuration's TEXT and the FILES of rules together, because each may name rules of the others. */
static void read_sources(struct options *o, const char *name, struct slice text, char *const *files, size_t count)
{
    struct buffer *texts = xcalloc(count, sizeof *texts);
    bool *read = xcalloc(count, sizeof *read);
    for (size_t i = 0; i < count; i++) {
        read[i] = read_at(files[i], false, &texts[i]);
        if (!read[i])
            problem(&o->config, files[i], 0, strerror(errno));
    }
    for (enum config_reading now = 0; now < READINGS; now++) {
        read_source(o, &(struct config_source){name, text, false}, now);
        for (size_t i = 0; i < count; i++) {
            if (read[i])
                read_source(o, &(struct config_source){files[i], {texts[i].data, texts[i].len}, true}, now);
        }
    }
    for (size_t i = 0; i < count; i++)
        buffer_free(&texts[i]);
    free(texts);
    free(read);
}

void config_load(struct options *o, const char *path, bool may_lack, char *const *rules, size_t count)
{
    struct config *c = &o->config;
    struct buffer text = {0};
    char **files = NULL;
    size_t n = 0;
    c->path = !path ? usual_path() : *path ? slice_copy(slice_of(path)) : NULL;
    if (c->path && !read_at(c->path, false, &text) && ((path && !may_lack) || (errno != ENOENT && errno != ENOTDIR)))
        problem(c, c->path, 0, strerror(errno));
    find_rules((struct slice){text.data, text.len}, &files, &n);
    for (size_t i = 0; i < count; i++, n++) {
        files = xrealloc(files, n + 1, sizeof *files);
        files[n] = xstrdup(rules[i]);
    }
    read_sources(o, c->path ? c->path : "", (struct slice){text.data ? text.data : "", text.len}, files, n);
    for (size_t i = 0; i < n; i++)
        free(files[i]);
    free(files);
    buffer_free(&text);
}

/* ---- amending ----------------------------------------------------------------------- */

/* Make the directories above PATH. Returns false with errno set. */
static void make_directories(const char *path)
{
    char *at = slice_copy(slice_of(path));
    for (char *slash = at + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(at, 0700);
        *slash = '/';
    }
    free(at);
}

/* Make LINE from VERB, NAME and VALUE. Returns false if it would not be read as these. */
static bool make_line(struct buffer *line, const char *verb, struct slice name, struct slice value, struct error *err)
{
    struct line_parts p;
    if (!text_is_harmless(name) || !text_is_harmless(value)) {
        struct slice bad = text_is_harmless(name) ? value : name;
        return error_set(err, "cannot be saved: the configuration takes no control or invisible characters: %.*s",
            bad.len < SHOWN_MAX ? (int)bad.len : SHOWN_MAX, bad.data);
    }
    buffer_puts(line, verb);
    buffer_putc(line, ' ');
    buffer_add(line, name.data, name.len);
    buffer_puts(line, " = ");
    buffer_add(line, value.data, value.len);
    struct slice all = {line->data, line->len};
    struct error ignored, why;
    if (!slice_equal(slice_trimmed(all), all) || is_silent(all) || !split_line(all, &p, &ignored) || !p.verb
        || strcmp(p.verb->name, verb) != 0 || !slice_equal(p.name, name) || !slice_equal(p.value, value))
        return error_set(err, "cannot be saved: this line would be read as another setting: %.200s", line->data);
    return has_usual_length(&p, &why) || error_set(err, "cannot be saved: %s", why.text);
}

/*
 * The last line of TEXT that sets this name; {NULL, 0} if there is none. A check's lines with `where` are for some
 * users: they are passed over, and a line for all others counts only behind them.
 */
static struct slice find_line(struct slice text, const char *verb, struct slice name)
{
    struct slice found = {NULL, 0}, one;
    struct error ignored;
    struct line_parts p;
    for (size_t at = skip_mark(text); config_line(text, &at, &one);) {
        if (is_silent(one) || !split_line(one, &p, &ignored) || strcmp(p.verb->name, verb) != 0
            || !slice_equal(p.name, name))
            continue;
        bool is_of_some = p.verb->set == set_check && find_where(p.value) < p.value.len;
        found = is_of_some ? (struct slice){NULL, 0} : one;
    }
    return found;
}

bool config_amend(struct buffer *out, struct slice text, const char *verb, struct slice name, struct slice value,
    struct error *err)
{
    struct buffer line = {0};
    if (!make_line(&line, verb, name, value, err)) {
        buffer_free(&line);
        return false;
    }
    struct slice old = find_line(text, verb, name);
    size_t before = old.data ? (size_t)(old.data - text.data) : text.len;
    buffer_add(out, text.data, before);
    if (!old.data && before && text.data[before - 1] != '\n')
        buffer_putc(out, '\n');
    buffer_add(out, line.data, line.len);
    if (old.data)
        buffer_add(out, old.data + old.len, text.len - before - old.len);
    else
        buffer_putc(out, '\n');
    buffer_free(&line);
    return true;
}

/* Read the configuration file, to change it; one that does not exist yet is empty. */
static bool read_to_amend(const struct config *c, struct buffer *text, struct error *err)
{
    if (!c->path)
        return error_set(err, "there is no configuration to save it in: --config= means none");
    return read_at(c->path, true, text) || errno == ENOENT || errno == ENOTDIR
        || error_set(err, "%s: %s", c->path, strerror(errno));
}

static bool save_amended(const struct config *c, const struct buffer *text, struct error *err)
{
    make_directories(c->path);
    return save_file(c->path, (struct slice){text->data, text->len}, err);
}

bool config_remember(const struct config *c, const char *verb, struct slice name, struct slice value, struct error *err)
{
    struct buffer text = {0}, new = {0};
    bool ok = read_to_amend(c, &text, err)
        && config_amend(&new, (struct slice){text.data, text.len}, verb, name, value, err)
        && save_amended(c, &new, err);
    buffer_free(&new);
    buffer_free(&text);
    return ok;
}

/* Append "on 90d". The threshold is left out unless it was set, so that the benchmark's continues to count. */
static void put_check_value(struct buffer *out, const struct check_settings *s, size_t check)
{
    bool is_own = s->days_given >> check & 1 || s->days[check] != check_meaning(check, s->benchmark).days;
    buffer_puts(out, s->on >> check & 1 ? "on" : "off");
    if (is_own)
        buffer_printf(out, " %dd", s->days[check]);
}

bool config_remember_checks(const struct config *c, const struct check_settings *s, uint64_t which, struct error *err)
{
    struct buffer text = {0};
    bool ok = read_to_amend(c, &text, err);
    for (size_t i = 0; ok && i < check_count(); i++) {
        struct buffer value = {0}, new = {0};
        if (!(which >> i & 1))
            continue;
        put_check_value(&value, s, i);
        ok = config_amend(&new, (struct slice){text.data, text.len}, "check", slice_of(check_at(i)->id),
            (struct slice){value.data, value.len}, err);
        buffer_free(&value);
        buffer_free(&text);
        text = new;
    }
    ok = ok && save_amended(c, &text, err);
    buffer_free(&text);
    return ok;
}

/* ---- printing ----------------------------------------------------------------------- */

/* Append QUERY with line ends as blanks, which mean the same in a query. */
static void put_value(struct buffer *out, const char *text)
{
    for (; *text; text++)
        buffer_putc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
    buffer_putc(out, '\n');
}

static void dump_option(struct buffer *out, const struct options *o, const struct option_row *row)
{
    size_t n = 0, last = 0;
    for (size_t i = 0; i < o->given_count; i++)
        last = o->given[i].row == row ? i : last;
    for (size_t i = 0; i < o->given_count; i++) {
        if (o->given[i].row != row || (!row->adds && i != last))
            continue;
        buffer_printf(out, "set %s = ", row->name);
        put_value(out, o->given[i].text);
        n++;
    }
    if (!n)
        buffer_printf(out, "#set %s =%s%s\n", row->name, *row->usual ? " " : "", row->usual);
}

static void dump_checks(struct buffer *out, const struct options *o)
{
    struct check_settings usual;
    check_settings_init(&usual);
    check_settings_choose(&usual, o->checks.benchmark, o->checks.central_root);
    for (size_t i = 0; i < check_count(); i++) {
        bool on = o->checks.on >> i & 1;
        bool same = on == (usual.on >> i & 1) && o->checks.days[i] == usual.days[i];
        buffer_printf(out, "%scheck %s = %s", same ? "#" : "", check_at(i)->id, on ? "on" : "off");
        if (o->checks.days[i] || (o->checks.days_given >> i & 1))
            buffer_printf(out, " %dd", o->checks.days[i]);
        buffer_putc(out, '\n');
    }
}

static void dump_rules(struct buffer *out)
{
    for (size_t i = check_built_in_count(); i < check_count(); i++) {
        const struct check *c = check_at(i);
        buffer_printf(out, "rule %s = %s: %s\n", c->id, severity_name(c->severity), c->rule);
        if (strcmp(c->title, c->id) != 0)
            buffer_printf(out, "title %s = %s\n", c->id, c->title);
        if (strcmp(c->remedy, check_usual_remedy) != 0)
            buffer_printf(out, "remedy %s = %s\n", c->id, c->remedy);
        if (c->rule_number)
            buffer_printf(out, "number %s = %s\n", c->id, c->rule_number);
    }
}

/*
 * Must follow dump_checks(): "off" for all users before a clause leaves the check on for those of the clause; behind
 * all clauses it is off for everybody.
 */
static void dump_clauses(struct buffer *out, const struct check_settings *s)
{
    uint64_t switched_on = 0;
    for (size_t i = 0; i < s->clause_count; i++) {
        const struct check_clause *one = &s->clauses[i];
        buffer_printf(out, "check %s = %s", check_at(one->check)->id, one->on ? "on" : "off");
        if (one->on && one->days != CHECK_DAYS_OF_OTHERS)
            buffer_printf(out, " %dd", one->days);
        buffer_printf(out, " where %s\n", one->where);
        switched_on |= (uint64_t)one->on << one->check;
    }
    for (uint64_t left = switched_on & ~(s->on | s->partly); left; left &= left - 1)
        buffer_printf(out, "check %s = off\n", check_at((size_t)__builtin_ctzll(left))->id);
}

static void dump_allowed(struct buffer *out, const struct options *o)
{
    for (int severity = SEVERITY_CRITICAL; severity > SEVERITY_NONE; severity--) {
        int64_t seconds = o->allowed.seconds[severity];
        if (!seconds)
            continue; /* it is not set */
        if (seconds % TIMESTAMP_DAY)
            buffer_printf(out, "sla %s = %" PRId64 "s\n", severity_name((enum severity)severity), seconds);
        else
            buffer_printf(out, "sla %s = %" PRId64 "d\n", severity_name((enum severity)severity),
                seconds / TIMESTAMP_DAY);
    }
}

static void dump_sets(struct buffer *out, const struct config *c)
{
    for (size_t i = 0; i <= column_set_count; i++) {
        const char *name = i < column_set_count ? column_sets[i].name : column_sets_credentials;
        if (config_pairs_find(&c->sets, slice_of(name)))
            continue;
        buffer_printf(out, "#columns %s = ", name);
        column_sets_list(out, i);
        buffer_putc(out, '\n');
    }
    for (size_t i = 0; i < c->sets.count; i++)
        buffer_printf(out, "columns %s = %s\n", c->sets.list[i].name, c->sets.list[i].value);
}

static void dump_binding(struct buffer *out, const char *mark, const struct binding *b, unsigned modes,
    const char *what)
{
    buffer_printf(out, "%sbind ", mark);
    modes_names(out, modes);
    buffer_printf(out, " %s = %s\n", b->key, what);
}

/* First the defaults that no longer count, then the bindings of the configuration. */
static void dump_keys(struct buffer *out, const struct keymap *m)
{
    for (size_t i = 0; i < binding_count; i++) {
        unsigned gone = 0;
        for (unsigned mode = MODE_TABLE; mode < MODES_END; mode <<= 1)
            gone |= bindings[i].modes & mode
                && keys_action(m, keys_parse(slice_of(bindings[i].key)), (enum mode)mode) == ACTION_NONE ? mode : 0;
        if (gone)
            dump_binding(out, "", &bindings[i], gone, "none");
    }
    for (size_t i = 0; i < m->count; i++)
        dump_binding(out, m->list[i].own ? "" : "#", &m->list[i], m->list[i].modes, actions[m->list[i].action].name);
}

static void dump_colors(struct buffer *out, const struct options *o)
{
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        bool own = o->config.look_is_set[role];
        buffer_printf(out, "%scolor %s = ", own ? "" : "#", role_name(role));
        look_write(out, own ? &o->config.looks[role] : &o->theme->looks[role]);
        buffer_putc(out, '\n');
    }
}

/* Whether TEXT has a line for this setting, in force or as a comment. */
static bool names_setting(struct slice text, const struct line_parts *wanted)
{
    struct slice line;
    struct line_parts p;
    struct error ignored;
    for (size_t at = skip_mark(text); config_line(text, &at, &line);) {
        if (line.len && line.data[0] == '#')
            line = (struct slice){line.data + 1, line.len - 1};
        if (!is_silent(line) && split_line(line, &p, &ignored) && p.verb == wanted->verb
            && slice_equal(p.name, wanted->name))
            return true;
    }
    return false;
}

/* Whether TEXT has the line LINE, given without its line end. */
static bool has_line(struct slice text, struct slice line)
{
    struct slice one;
    for (size_t at = skip_mark(text); config_line(text, &at, &one);) {
        if (slice_equal(one, line))
            return true;
    }
    return false;
}

/*
 * Put into *VALUE the text of the option as the configuration names it. Blanks around it are part of a file name only;
 * a file below a directory called ~ would be read as one in the home directory. Returns false with ERR set if no line
 * can have it.
 */
static bool option_value(const struct option_given *g, struct slice *value, struct error *err)
{
    bool is_file = g->row->kind == ARGUMENT_FILE;
    *value = is_file ? slice_of(g->text) : slice_trimmed(slice_of(g->text));
    return !is_file || strncmp(g->text, "~/", 2) != 0
        || error_set(err, "cannot be saved: the configuration reads ~ as the home directory: %.*s", SHOWN_MAX, g->text);
}

/* Whether a file that does not exist yet, which gets what is dumped, can have the options of the command line. */
static bool check_options(const struct options *o, struct error *err)
{
    for (size_t i = o->configured_count; i < o->given_count; i++) {
        const struct option_given *g = &o->given[i];
        struct buffer line = {0};
        struct slice value;
        bool ok = !g->row->usual
            || (option_value(g, &value, err) && make_line(&line, "set", slice_of(g->row->name), value, err));
        buffer_free(&line);
        if (!ok)
            return false;
    }
    return true;
}

/* Set the options of the command line in TEXT. */
static bool amend_options(struct buffer *text, const struct options *o, struct error *err)
{
    for (size_t i = o->configured_count; i < o->given_count; i++) {
        const struct option_given *g = &o->given[i];
        struct buffer new = {0}, line = {0};
        struct slice value, name = slice_of(g->row->name);
        if (!g->row->usual)
            continue;
        bool ok = option_value(g, &value, err);
        if (ok && g->row->adds) { /* beside the others */
            ok = make_line(&line, "set", name, value, err);
            buffer_add(&new, text->data, text->len);
            if (ok && !has_line((struct slice){text->data, text->len}, (struct slice){line.data, line.len}))
                buffer_printf(&new, "%s%s\n", new.len && new.data[new.len - 1] != '\n' ? "\n" : "", line.data);
        } else if (ok) {
            ok = config_amend(&new, (struct slice){text->data, text->len}, "set", name, value, err);
        }
        buffer_free(&line);
        if (!ok) {
            buffer_free(&new);
            return false;
        }
        buffer_free(text);
        *text = new;
    }
    return true;
}

/* Append the defaults of DUMP that TEXT does not name. */
static void append_defaults(struct buffer *text, struct slice dump)
{
    struct buffer missing = {0};
    struct slice line;
    struct line_parts p;
    struct error ignored;
    for (size_t at = 0; config_line(dump, &at, &line);) {
        struct slice bare = {line.data + 1, line.len - 1};
        if (line.len > 1 && line.data[0] == '#' && split_line(bare, &p, &ignored)
            && !names_setting((struct slice){text->data, text->len}, &p))
            buffer_printf(&missing, "%.*s\n", (int)line.len, line.data);
    }
    if (missing.len && text->len && text->data[text->len - 1] != '\n')
        buffer_putc(text, '\n');
    if (missing.len)
        buffer_printf(text, "\n# Defaults that were not in this file before.\n%s", missing.data);
    buffer_free(&missing);
}

bool config_write(const struct options *o, struct error *err)
{
    const char *path = o->config.path;
    struct buffer text = {0}, dump = {0};
    if (!path)
        return error_set(err, "there is no configuration file to write: --config is empty, or HOME is not set");
    bool ok = read_at(path, true, &text) || errno == ENOENT || errno == ENOTDIR
        || error_set(err, "%s: %s", path, strerror(errno));
    bool is_new = !text.len;
    config_dump(&dump, o);
    if (ok && is_new)
        ok = check_options(o, err);
    else if (ok && (ok = amend_options(&text, o, err)))
        append_defaults(&text, (struct slice){dump.data, dump.len});
    if (ok) {
        struct buffer *whole = is_new ? &dump : &text;
        make_directories(path);
        ok = save_file(path, (struct slice){whole->data, whole->len}, err);
    }
    buffer_free(&dump);
    buffer_free(&text);
    return ok;
}

void config_dump(struct buffer *out, const struct options *o)
{
    buffer_puts(out, "# ncred's configuration, for ~/.config/ncred/config; ncred(1) explains it.\n"
        "# Lines that begin with # show the defaults.\n\n# Options, as on the command line.\n");
    for (size_t i = 0; i < option_row_count; i++) {
        if (option_rows[i].usual)
            dump_option(out, o, &option_rows[i]);
    }
    buffer_puts(out, "\n# Rules: checks of your own, rule NAME = SEVERITY: QUERY; title, remedy and number describe "
        "them.\n");
    dump_rules(out);
    buffer_puts(out, "\n# Checks: on or off, and their thresholds; the first line with where that a user matches "
        "counts.\n");
    dump_checks(out, o);
    dump_clauses(out, &o->checks);
    dump_allowed(out, o);
    buffer_puts(out, "\n# Saved filters, for p: filter NAME = QUERY\n");
    for (size_t i = 0; i < o->config.filters.count; i++)
        buffer_printf(out, "filter %s = %s\n", o->config.filters.list[i].name, o->config.filters.list[i].value);
    buffer_puts(out, "\n# Sets of columns, for Tab: NAME = COLUMN or COLUMN:WIDTH, separated by commas. account? is "
        "shown only if\n# there are several.\n");
    dump_sets(out, &o->config);
    buffer_puts(out, "\n# Keys: where, the key, and the action (none: no more).\n");
    dump_keys(out, &o->config.keymap);
    buffer_puts(out, "\n# Looks: a colour, \"on\" and a colour behind it, bold, underline, reverse.\n");
    dump_colors(out, o);
}
