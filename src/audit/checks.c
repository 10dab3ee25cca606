/* The table of checks; the predicates follow the audit texts of the benchmarks that are named beside them. */
#include "audit/checks.h"

#include "base/timestamp.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* The benchmarks' numbers, in the order of enum benchmark. */
#define NUMBERS(...) .numbers = {__VA_ARGS__}

static const struct check built_in[] = {
    {"root-key", "root has an access key", SEVERITY_CRITICAL,
        NUMBERS("1.4", "1.3", "2.3", "2.4", "IAM.4", "iam-root-access-key-check", "iam_no_root_access_key"),
        .who = "root", .key = "active", .lit = LIT_ACTIVE,
        .remedy = "as root: deactivate the key, watch, delete it"},
    {"root-mfa", "root without MFA", SEVERITY_CRITICAL,
        NUMBERS("1.5", "1.4", "2.4", "2.5", "IAM.9", "root-account-mfa-enabled", "iam_root_mfa_enabled"),
        /*
         * A root without credentials cannot sign in and passes; old reports say not_supported for its password.
         * GovCloud's root has no console and can have no MFA (the Config rule is not there, either).
         */
        .who = "root and mfa_active = false and not partition = aws-us-gov",
        .password = "password_enabled or password_enabled = not_supported", .key = "active",
        .lit = LIT_MFA, .remedy = "as root: register an MFA device; a member account: remove root's credentials"},
    {"console-mfa", "console user without MFA", SEVERITY_HIGH,
        NUMBERS("1.10", "1.9", "2.9", "2.10", "IAM.5", "mfa-enabled-for-iam-console-access",
            "iam_user_mfa_enabled_console_access"),
        .who = "not root and mfa_active = false", .password = "password_enabled", .lit = LIT_MFA,
        .remedy = "register an MFA device with the user, or remove the password"},
    {"root-used", "root used within {}", SEVERITY_HIGH, .days = 1,
        NUMBERS("1.7", "1.6", "2.6", "2.7", NULL, NULL, "iam_avoid_root_usage"),
        /* Any of the three last uses: an old sign-in does not hide a key used today. */
        .who = "root", .password = "password_last_used > 1970-01-01 and password_idle <= {}d",
        .key = "used and idle <= {}d", .lit = LIT_IDLE,
        .remedy = "find out who used root and why; use an IAM role instead"},
    {"rotate-key", "active key not rotated for {}", SEVERITY_MEDIUM, .days = 90,
        NUMBERS("1.14", "1.13", "2.13", "2.12", "IAM.3", "access-keys-rotated", "iam_rotate_access_key_90_days"),
        .key = "active and age > {}d", .lit = LIT_AGE,
        .remedy = "make a new key, put it where the old one is used, deactivate the old one, watch, delete it",
        .mend = MEND_REPLACE},
    {"unused", "credential unused for {}", SEVERITY_MEDIUM, .days = 45,
        NUMBERS("1.12", "1.11", "2.11", "2.11", "IAM.22", "iam-user-unused-credentials-check",
            "iam_user_accesskey_unused iam_user_console_access_unused"),
        .who = "not root", .password = "password_enabled and password_idle >= {}d",
        .key = "active and idle >= {}d", .lit = LIT_IDLE,
        .remedy = "deactivate it, watch, delete it", .mend = MEND_STOP},
    {"unused-90", "credential unused for {}", SEVERITY_MEDIUM, .days = 90, .optional = true,
        /* CIS 1.2's threshold, which Security Hub keeps as a control of its own beside IAM.22. */
        NUMBERS(NULL, NULL, NULL, NULL, "IAM.8"),
        .who = "not root", .password = "password_enabled and password_idle >= {}d",
        .key = "active and idle >= {}d", .lit = LIT_IDLE,
        .remedy = "deactivate it, watch, delete it", .mend = MEND_STOP},
    {"setup-key", "key made at set-up, never used", SEVERITY_LOW,
        NUMBERS("1.11", "1.10", "2.10", NULL, NULL, NULL, "iam_user_no_setup_initial_access_key"),
        .who = "password_enabled", .key = "active and last_used = never", .lit = LIT_IDLE,
        .remedy = "deactivate the key, delete it; make one when it is needed", .mend = MEND_STOP},
    {"two-keys", "two active keys", SEVERITY_LOW,
        NUMBERS("1.13", "1.12", "2.12", NULL, NULL, NULL, "iam_user_two_active_access_key"),
        .who = "access_key_1_active and access_key_2_active", .key = "active", .lit = LIT_ACTIVE,
        .remedy = "deactivate the key that is used less, watch, delete it", .mend = MEND_STOP_LESSER},
    {"never-used-key", "active key never used in {}", SEVERITY_LOW, .days = 7,
        /* A key made this week is still on its way to where it will be used. */
        .key = "active and last_used = never and age > {}d", .lit = LIT_IDLE,
        .remedy = "deactivate the key, watch, delete it", .mend = MEND_STOP},
    {"dormant", "nothing used for {}", SEVERITY_LOW, .days = 365,
        /* What cannot be read is not known to be unused. */
        .who = "not root and age > {}d and not password_idle <= {}d and not (password_enabled and not"
            " password_idle > {}d) and not key(not idle > {}d)",
        .password = "password_enabled", .key = "active", .cert = "active", .lit = LIT_IDLE,
        .remedy = "remove the password, deactivate what is left, watch, delete the user", .mend = MEND_STOP},
    {"inactive-key", "inactive key left behind", SEVERITY_LOW, .key = "active = false", .lit = LIT_ACTIVE,
        .remedy = "delete the key", .mend = MEND_DELETE},
    {"no-credential", "user without any credential", SEVERITY_LOW,
        .user = "not root and password_enabled = false and access_key_1_active = false"
            " and access_key_2_active = false and not key(exists) and not cert(exists)", .lit = LIT_USER,
        .remedy = "delete the user, unless it holds SSH keys or passwords for a service"},
    {"active-cert", "active signing certificate", SEVERITY_LOW, .cert = "active", .lit = LIT_ACTIVE,
        .remedy = "deactivate the certificate, watch, delete it", .mend = MEND_STOP},
    {"old-password", "password not changed for {}", SEVERITY_LOW, .days = 365,
        .password = "password_enabled and password_age > {}d", .lit = LIT_AGE,
        .remedy = "have the password changed at the next sign-in", .mend = MEND_RESET},
    {"console-and-keys", "console and keys on one user", SEVERITY_LOW,
        .who = "not root and password_enabled and key(active)", .password = "password_enabled", .key = "active",
        .lit = LIT_ACTIVE, .remedy = "one user for the person, another or a role for the program"},
    {"root-password", "root with a password only", SEVERITY_LOW,
        .who = "root and mfa_active = false and not key(active) and not cert(active)", .password = "password_enabled",
        .lit = LIT_ACTIVE, .remedy = "a member account: let the organization remove root's password"},
};
enum { BUILT_IN = sizeof built_in / sizeof built_in[0] };
static_assert((int)BUILT_IN <= (int)CHECKS_MAX, "one bit a check");

/* Rules of the configuration: added while it is read, and only read from then on. */
static struct added {
    struct check check;
    char *id, *rule, *texts[CHECK_TEXTS]; /* owned */
} added[CHECKS_MAX];
static size_t added_count;

size_t check_count(void)
{
    return (size_t)BUILT_IN + added_count;
}

size_t check_own_count(void)
{
    return BUILT_IN;
}

const struct check *check_at(size_t check)
{
    return check < BUILT_IN ? &built_in[check] : &added[check - BUILT_IN].check;
}

const char check_usual_remedy[] = "bring the user in line with the rule, or waive the finding";

size_t check_add(struct slice id, enum severity severity, struct slice rule)
{
    if (check_count() == CHECKS_MAX)
        return CHECKS_MAX;
    struct added *new = &added[added_count++];
    *new = (struct added){.id = slice_copy(id), .rule = slice_copy(rule)};
    new->check = (struct check){.id = new->id, .title = new->id, .severity = severity, .rule = new->rule,
        .remedy = check_usual_remedy};
    return check_count() - 1;
}

void check_set_text(size_t check, enum check_text which, struct slice text)
{
    struct added *a = &added[check - BUILT_IN];
    const char **at = which == CHECK_TITLE ? &a->check.title : which == CHECK_REMEDY ? &a->check.remedy
        : &a->check.rule_number;
    free(a->texts[which]);
    *at = a->texts[which] = slice_copy(text);
}

void check_remove_added(void)
{
    for (; added_count; added_count--) {
        struct added *a = &added[added_count - 1];
        free(a->id);
        free(a->rule);
        for (size_t i = 0; i < CHECK_TEXTS; i++)
            free(a->texts[i]);
    }
}

/* Every name of --benchmark; the numbers of CIS 1.4 held until 4.0. */
static const struct {
    const char *name;
    enum benchmark benchmark;
} benchmarks[] = {{"cis-1.4", BENCHMARK_CIS_1_4}, {"cis-1.5", BENCHMARK_CIS_1_4}, {"cis-2.0", BENCHMARK_CIS_1_4},
    {"cis-3.0", BENCHMARK_CIS_1_4}, {"cis-4.0", BENCHMARK_CIS_1_4}, {"cis-5.0", BENCHMARK_CIS_5_0},
    {"cis-6.0", BENCHMARK_CIS_6_0}, {"cis-7.0", BENCHMARK_CIS_7_0}, {"security-hub", BENCHMARK_SECURITY_HUB},
    {"aws-config", BENCHMARK_AWS_CONFIG}, {"prowler", BENCHMARK_PROWLER}};

enum benchmark benchmark_find(struct slice name)
{
    for (size_t i = 0; i < sizeof benchmarks / sizeof benchmarks[0]; i++) {
        if (slice_equal_nocase(name, slice_of(benchmarks[i].name)))
            return benchmarks[i].benchmark;
    }
    return BENCHMARK_COUNT;
}

void benchmark_names(struct buffer *out)
{
    for (size_t i = 0; i < sizeof benchmarks / sizeof benchmarks[0]; i++)
        buffer_printf(out, "%s%s", i ? ", " : "", benchmarks[i].name);
}

static const char *number_prefix(enum benchmark benchmark)
{
    return benchmark <= BENCHMARK_CIS_7_0 ? "CIS " : "";
}

/* Whether NUMBER is one of the blank-separated NUMBERS. */
static bool has_number(const char *numbers, struct slice number)
{
    while (numbers && *numbers) {
        size_t n = strcspn(numbers, " ");
        if (slice_equal_nocase(number, (struct slice){numbers, n}))
            return true;
        numbers += n + (numbers[n] == ' ');
    }
    return false;
}

size_t check_find(struct slice id, enum benchmark benchmark)
{
    bool cis = id.len > 4 && slice_equal_nocase((struct slice){id.data, 4}, slice_of("cis-"));
    struct slice number = cis ? (struct slice){id.data + 4, id.len - 4} : id;
    for (size_t i = 0; i < check_count(); i++) {
        if (slice_equal_nocase(id, slice_of(check_at(i)->id)))
            return i;
        if (check_at(i)->rule_number && slice_equal_nocase(id, slice_of(check_at(i)->rule_number)))
            return i;
        /* A CIS number is only good in the CIS version chosen; the other benchmarks' names are unmistakable. */
        for (enum benchmark b = BENCHMARK_CIS_1_4; b < BENCHMARK_COUNT; b++) {
            bool asked = b > BENCHMARK_CIS_7_0 ? !cis
                : cis && b == (benchmark > BENCHMARK_CIS_7_0 ? BENCHMARK_CIS_1_4 : benchmark);
            if (asked && has_number(check_at(i)->numbers[b], number))
                return i;
        }
    }
    return check_count();
}

const char *check_nearest(struct slice id)
{
    struct nearest n = nearest_to(id);
    for (size_t i = 0; i < check_count(); i++)
        nearest_try(&n, check_at(i)->id);
    return n.name;
}

bool check_has_number(const struct check *check, enum benchmark benchmark)
{
    return check->rule_number || check->numbers[benchmark];
}

void check_number(struct buffer *out, const struct check *check, enum benchmark benchmark)
{
    const char *number = check->numbers[benchmark];
    if (check->rule_number)
        buffer_puts(out, check->rule_number);
    if (number)
        buffer_puts(out, number_prefix(benchmark));
    for (; number && *number; number++)
        buffer_puts(out, *number == ' ' ? ", " : (char[]){*number, '\0'});
}

/* TEXT with each {} in it replaced, appended to OUT. */
static void put_filled(struct buffer *out, const char *text, const char *with)
{
    for (const char *hole; (hole = strstr(text, "{}")); text = hole + 2) {
        buffer_add(out, text, (size_t)(hole - text));
        buffer_puts(out, with);
    }
    buffer_puts(out, text);
}

void check_fill(struct buffer *out, const char *part, int days)
{
    char number[16];
    snprintf(number, sizeof number, "%d", days);
    put_filled(out, part, number);
}

/* The thresholds of a check as one text: "90 days", or "90 or 365 days" where they differ by user. */
static void put_thresholds(struct buffer *out, size_t check, const struct check_settings *s)
{
    struct buffer guard = {0};
    int low = -1, days;
    for (bool any = true; any;) { /* in ascending order, each once */
        int next = INT_MAX;
        for (size_t i = 0; check_part_of_users(s, check, i, &guard, &days); i++, guard.len = 0)
            next = days > low && days < next ? days : next;
        any = next < INT_MAX;
        if (any)
            buffer_printf(out, "%s%d", low >= 0 ? " or " : "", next);
        low = any ? next : low;
    }
    buffer_puts(out, low == 1 ? " day" : " days");
    buffer_free(&guard);
}

void check_title(struct buffer *out, size_t check, const struct check_settings *s)
{
    struct buffer days = {0};
    if (check_at(check)->rule) {
        buffer_puts(out, check_at(check)->title);
        return;
    }
    put_thresholds(&days, check, s);
    put_filled(out, check_at(check)->title, days.data);
    buffer_free(&days);
}

/* The query of a check with this threshold, appended to OUT. */
static void put_predicate(struct buffer *out, const struct check *c, int threshold)
{
    if (c->rule) {
        buffer_puts(out, c->rule);
        return;
    }
    const struct {
        const char *text, *before, *after;
    } parts[] = {{c->user, "", ""}, {c->password, "", ""}, {c->key, "key(", ")"}, {c->cert, "cert(", ")"}};
    size_t count = 0, n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        count += parts[i].text != NULL;
    if (c->who) {
        check_fill(out, c->who, threshold);
        buffer_puts(out, count > 1 ? " and (" : " and ");
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!parts[i].text)
            continue;
        /* and binds more than or */
        bool wrap = !*parts[i].before && (c->who || count > 1) && strstr(parts[i].text, count > 1 ? " and " : " or ");
        buffer_printf(out, "%s%s%s", n++ ? " or " : "", parts[i].before, wrap ? "(" : "");
        check_fill(out, parts[i].text, threshold);
        buffer_printf(out, "%s%s", wrap ? ")" : "", parts[i].after);
    }
    if (c->who && count > 1)
        buffer_putc(out, ')');
}

bool check_add_clause(struct check_settings *s, struct check_clause clause)
{
    for (size_t i = 0; i < s->clause_count; i++) { /* the same line in two files */
        const struct check_clause *old = &s->clauses[i];
        if (old->check == clause.check && old->on == clause.on && old->days == clause.days
            && strcmp(old->where, clause.where) == 0)
            return true;
    }
    if (s->clause_count == CHECK_CLAUSES_MAX)
        return false;
    s->clauses[s->clause_count++] = clause;
    if (clause.on && !(s->on >> clause.check & 1))
        s->partly |= UINT64_C(1) << clause.check;
    return true;
}

bool check_part_of_users(const struct check_settings *s, size_t check, size_t index, struct buffer *guard, int *days)
{
    size_t start = guard->len;
    for (size_t i = 0; i < s->clause_count; i++) {
        const struct check_clause *one = &s->clauses[i];
        if (one->check != check)
            continue;
        if (one->on && index-- == 0) {
            buffer_printf(guard, "%s(%s)", guard->len > start ? " and " : "", one->where);
            *days = one->days;
            return true;
        }
        buffer_printf(guard, "%snot (%s)", guard->len > start ? " and " : "", one->where);
    }
    /* all others; a check that is off altogether can still be asked for by name */
    *days = s->days[check];
    if (index == 0 && !(s->partly >> check & 1))
        return true;
    guard->len = start;
    return false;
}

void check_predicate(struct buffer *out, size_t check, const struct check_settings *s)
{
    struct buffer guard = {0};
    int days;
    for (size_t i = 0; check_part_of_users(s, check, i, &guard, &days); i++, guard.len = 0) {
        buffer_puts(out, i ? " or " : "");
        if (guard.len)
            buffer_printf(out, "%.*s and (", (int)guard.len, guard.data);
        put_predicate(out, check_at(check), days);
        buffer_puts(out, guard.len ? ")" : "");
    }
    buffer_free(&guard);
}

void check_settings_init(struct check_settings *s)
{
    *s = (struct check_settings){0};
    for (size_t i = 0; i < check_count(); i++) {
        s->days[i] = check_at(i)->days;
        s->on |= check_at(i)->optional ? 0 : UINT64_C(1) << i;
    }
}

static bool unknown_check(struct error *err, struct slice id)
{
    const char *best = check_nearest(id);
    return error_set(err, "no check \"%.*s\"%s%s%s", (int)id.len, id.data, best ? "; " : "", best ? best : "",
        best ? "?" : "; ncred --help=checks lists them");
}

/* A threshold such as 90d, or 90: whole days. */
static bool read_days(struct slice text, int *days)
{
    int64_t seconds;
    char number[16];
    bool bare = text.len > 0 && text.len < 8;
    for (size_t i = 0; i < text.len && bare; i++)
        bare = text.data[i] >= '0' && text.data[i] <= '9';
    if (bare) {
        snprintf(number, sizeof number, "%.*sd", (int)text.len, text.data);
        text = slice_of(number);
    }
    if (!duration_parse_named(text, &seconds) || seconds % TIMESTAMP_DAY != 0 || seconds > CHECK_DAYS_MAX * TIMESTAMP_DAY)
        return false;
    *days = (int)(seconds / TIMESTAMP_DAY);
    return true;
}

/* One entry of the list; BARE is set when it had no sign and no threshold. */
static bool edit_one(struct check_settings *s, struct slice entry, bool *bare, struct error *err)
{
    bool off = entry.len && entry.data[0] == '-', plus = entry.len && entry.data[0] == '+';
    struct slice id = off || plus ? (struct slice){entry.data + 1, entry.len - 1} : entry;
    const char *equal = id.len ? memchr(id.data, '=', id.len) : NULL;
    struct slice days = {"", 0};
    if (equal) {
        days = (struct slice){equal + 1, id.len - (size_t)(equal + 1 - id.data)};
        id.len = (size_t)(equal - id.data);
    }
    size_t check = check_find(id, s->benchmark);
    if (check == check_count())
        return unknown_check(err, id);
    if (equal && !check_at(check)->days)
        return error_set(err, "the check %s has no threshold", check_at(check)->id);
    if (equal && (off || !read_days(days, &s->days[check])))
        return error_set(err, "a number of days up to %d such as %s=%dd is wanted, not \"%.*s\"", CHECK_DAYS_MAX,
            check_at(check)->id, check_at(check)->days, (int)entry.len, entry.data);
    *bare = !off && !plus && !equal;
    if (off)
        s->on &= ~(UINT64_C(1) << check);
    else
        s->on |= UINT64_C(1) << check;
    s->partly &= ~(UINT64_C(1) << check);
    return true;
}

bool check_settings_edit(struct check_settings *s, struct slice list, struct error *err)
{
    struct check_settings all = *s, only = *s;
    bool any_bare = false;
    only.on = only.partly = 0;
    for (size_t at = 0; at <= list.len;) {
        const char *comma = at < list.len ? memchr(list.data + at, ',', list.len - at) : NULL;
        size_t end = comma ? (size_t)(comma - list.data) : list.len;
        struct slice entry = {list.data + at, end - at};
        bool bare = false;
        if (!edit_one(&all, entry, &bare, err))
            return false;
        edit_one(&only, entry, &bare, err);
        any_bare |= bare;
        at = end + 1;
    }
    *s = any_bare ? only : all;
    return true;
}
