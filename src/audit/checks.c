/*
 * The table of checks and the functions that read and change it. The predicates follow the audit instructions of the
 * benchmarks whose numbers stand beside them. Predicates for the query language are put together as text.
 */
#include "audit/checks.h"

#include "base/timestamp.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define IN(benchmark) (1u << BENCHMARK_##benchmark)
#define IN_CIS_TO_4 (IN(CIS_5_0) - IN(CIS_1_2)) /* the bits from CIS_1_2 up to, but not including, CIS_5_0 */
#define IN_CIS_FROM_5 (IN(CIS_END) - IN(CIS_5_0))
#define IN_CIS (IN_CIS_TO_4 | IN_CIS_FROM_5)

/*
 * A check's number in each benchmark, NULL where it has none. The numbers of CIS 1.4 hold for 1.5 to 4.0 as well, and
 * ncred uses them when no benchmark is chosen. A check without NUMBERS is in no benchmark.
 */
#define NUMBERS(cis_1_2, cis_1_3, cis_1_4, cis_5_0, cis_6_0, cis_7_0, security_hub, aws_config, prowler) \
    .numbers = {[BENCHMARK_CIS_1_2] = cis_1_2, [BENCHMARK_CIS_1_3] = cis_1_3, [BENCHMARK_CIS_1_4] = cis_1_4, \
        [BENCHMARK_CIS_5_0] = cis_5_0, [BENCHMARK_CIS_6_0] = cis_6_0, [BENCHMARK_CIS_7_0] = cis_7_0, \
        [BENCHMARK_SECURITY_HUB] = security_hub, [BENCHMARK_AWS_CONFIG] = aws_config, [BENCHMARK_PROWLER] = prowler}

/* Holds if root has, or may have, a password: older reports have not_supported in root's password_enabled. */
#define HAS_PASSWORD "password_enabled or password_enabled = not_supported"

static const struct check_variant root_key_variants[] = {
    {IN(SECURITY_HUB) | IN(AWS_CONFIG), .key = "exists", .difference = "an inactive key fails, too"},
    {0}};

static const struct check_variant root_mfa_variants[] = {
    {IN_CIS_TO_4, .user = "root", .difference = "read literally: fails even if root has no credential"},
    {IN_CIS_FROM_5 | IN(SECURITY_HUB) | IN(AWS_CONFIG), .key = CHECK_NONE,
        .difference = "passes without a password, even if root has keys"},
    {0}};

static const struct check_variant console_mfa_variants[] = {
    {IN(SECURITY_HUB), .severity = SEVERITY_MEDIUM},
    {0}};

static const struct check_variant root_used_variants[] = {
    {IN(PROWLER), .days = 1, .title = "root used within {}, in whole days",
        .password = "password_last_used > 1970-01-01 and password_idle < {+1}d", .key = "used and idle < {+1}d",
        .worse_days = CHECK_NO_DAYS, .difference = "whole days: under {+1} days"},
    {0}};

static const struct check_variant admin_policy_variants[] = {
    {IN(PROWLER), .severity = SEVERITY_CRITICAL, .user = "not root and policies = AdministratorAccess",
        .difference = "only AdministratorAccess, attached to the user itself"},
    {0}};

static const struct check_variant rotate_key_variants[] = {
    {IN_CIS | IN(SECURITY_HUB) | IN(AWS_CONFIG), .who = "not root", .scope = "users"},
    {IN(PROWLER), .key = "active and age >= {+1}d", .difference = "whole days: from day {+1} on"},
    {0}};

static const struct check_variant unused_variants[] = {
    {IN(CIS_1_2) | IN(CIS_1_3) | IN(AWS_CONFIG), .days = 90},
    {IN(PROWLER), .who = CHECK_NONE, .password = "not root and password_enabled and password_idle >= {+1}d",
        .key = "active and idle >= {+1}d", .scope = "all",
        .difference = "whole days: from day {+1} on; of root only the keys"},
    {0}};

static const struct check_variant setup_key_variants[] = {
    /* The command-line audit. The console audit compares creation times, too, which the evidence does. */
    {IN_CIS, .key = "active and last_used = never", .days = CHECK_NO_DAYS,
        .difference = "without a grace period, by the command-line audit"},
    {IN(PROWLER), .key = "active and last_used = never", .days = CHECK_NO_DAYS, .severity = SEVERITY_MEDIUM,
        .difference = "without a grace period"},
    {0}};

static const struct check_variant two_keys_variants[] = {
    {IN(PROWLER), .severity = SEVERITY_MEDIUM},
    {0}};

static const struct check built_in[] = {
    {"root-key", "root has an access key", SEVERITY_CRITICAL,
        NUMBERS("1.12", "1.4", "1.4", "1.3", "2.3", "2.4", "IAM.4", "iam-root-access-key-check",
            "iam_no_root_access_key"),
        .variants = root_key_variants, .scope = "root", .who = "root", .key = "active", .lit = LIT_ACTIVE,
        .remedy = "as root: deactivate the key, wait, delete it"},
    {"root-mfa", "root without MFA", SEVERITY_CRITICAL,
        /*
         * IAM.6 asks for hardware MFA. The report does not say which kind root has, so only a root without MFA fails.
         */
        NUMBERS("1.13", "1.5", "1.5", "1.4", "2.4", "2.5", "IAM.9 IAM.6", "root-account-mfa-enabled",
            "iam_root_mfa_enabled"),
        /*
         * A root without credentials passes, because it cannot sign in. So does GovCloud's root, which has no console
         * and cannot have MFA; AWS does not offer the Config rule there, either.
         */
        .variants = root_mfa_variants, .scope = "root",
        .who = "root and mfa_active = false and not partition = aws-us-gov",
        .password = HAS_PASSWORD, .key = "active", .lit = LIT_MFA,
        .remedy = "as root: enable MFA; in a member account: remove root's credentials"},
    /*
     * The first checks that need --details. The column `rights` has the most that the user's policies can allow, see
     * context/rights.h. Administrator-level means admin, or escalate, which is one step away from admin.
     */
    {"quarantined", "AWS found a key of the user in public", SEVERITY_CRITICAL, .needs = "quarantined",
        .scope = "users",
        /*
         * AWS does not say which key it found, so every active one is at fault. A user without an active key, or whose
         * keys are unknown, fails, too, because somebody must still look for what was done with the key.
         */
        .who = "not root and quarantined = true", .user = "quarantined", .key = "active",
        .lit = LIT_ACTIVE | LIT_POLICIES,
        .remedy =
        "deactivate the keys, look in CloudTrail for what was done with them, delete the keys, then detach the policy;"
            " ncred --whose ID prints the commands for a key", .fix = FIX_STOP},
    {"admin-mfa", "administrator-level console user without MFA", SEVERITY_CRITICAL, .needs = "rights",
        .scope = "users",
        .who = "not root and mfa_active = false and rights >= escalate", .password = "password_enabled",
        .lit = LIT_MFA | LIT_RIGHTS,
        .remedy =
        "enable MFA for the user, or remove the password or the policies that give these rights"},
    {"console-mfa", "console user without MFA", SEVERITY_HIGH,
        NUMBERS("1.2", "1.10", "1.10", "1.9", "2.9", "2.10", "IAM.5", "mfa-enabled-for-iam-console-access",
            "iam_user_mfa_enabled_console_access"),
        .variants = console_mfa_variants, .scope = "users", .who = "not root and mfa_active = false",
        .password = "password_enabled", .lit = LIT_MFA,
        .remedy = "enable MFA for the user, or remove the password"},
    {"user-mfa", "user without MFA", SEVERITY_MEDIUM, .optional = true, .on_in = IN(SECURITY_HUB) | IN(AWS_CONFIG),
        NUMBERS(NULL, NULL, NULL, NULL, NULL, NULL, "IAM.19", "iam-user-mfa-enabled", NULL),
        .scope = "users", .user = "not root and mfa_active = false", .lit = LIT_MFA | LIT_USER,
        .remedy = "enable MFA for the user; it protects keys only where policies require it"},
    {"root-used", "root used within {}", SEVERITY_HIGH, .days = 30, .worse_days = 1, .worse = SEVERITY_CRITICAL,
        NUMBERS("1.1", "1.7", "1.7", "1.6", "2.6", "2.7", NULL, NULL, "iam_avoid_root_usage"),
        /*
         * Each of root's three last uses is looked at, so that an old sign-in does not hide a key used today. The
         * benchmarks give no number of days.
         */
        .variants = root_used_variants, .difference = "critical within a day", .scope = "root", .who = "root",
        .password = "password_last_used > 1970-01-01 and password_idle <= {}d",
        .key = "used and idle <= {}d", .lit = LIT_IDLE,
        .remedy = "find out who used root and why; use an IAM role instead"},
    {"root-managed", "root credential where root is managed centrally", SEVERITY_HIGH, .optional = true,
        .central = true,
        NUMBERS(NULL, NULL, NULL, NULL, NULL, "2.1.1", NULL, NULL, NULL),
        .scope = "root", .who = "root", .password = "password_enabled", .key = "exists", .cert = "exists",
        .lit = LIT_ACTIVE, .remedy = "delete root's credentials from the organization's management account"},
    {"admin-key", "administrator-level key older than {}", SEVERITY_HIGH, .days = 30,
        .begin = BEGIN_AGE, .needs = "rights", .scope = "users", .who = "not root and rights >= escalate",
        .key = "active and (age > {}d or idle >= {}d)", .lit = LIT_AGE | LIT_RIGHTS,
        .remedy = "use a role instead of the key, or remove the rights; otherwise rotate the key often",
        .fix = FIX_REPLACE},
    {"admin-policy", "full administrative privileges", SEVERITY_HIGH, .optional = true, .needs = "rights",
        .on_in = IN_CIS | IN(SECURITY_HUB) | IN(AWS_CONFIG) | IN(PROWLER),
        NUMBERS("1.22", "1.16", "1.16", "1.15", "2.15", "2.14", "IAM.1", "iam-policy-no-statements-with-admin-access",
            "iam_user_administrator_access_policy"),
        .variants = admin_policy_variants,
        .difference = "users only: their own policies and those of their groups", .scope = "users",
        .user = "not root and rights = admin", .lit = LIT_USER | LIT_RIGHTS,
        .remedy = "give the user the rights that the work needs, or a role for what is rare"},
    {"rotate-key", "active key not rotated for {}", SEVERITY_MEDIUM, .days = 90, .begin = BEGIN_AGE,
        NUMBERS("1.4", "1.14", "1.14", "1.13", "2.13", "2.12", "IAM.3", "access-keys-rotated",
            "iam_rotate_access_key_90_days"),
        .variants = rotate_key_variants, .scope = "all", .key = "active and age > {}d", .lit = LIT_AGE,
        .remedy = "create a new key, deploy it, deactivate the old one, wait, delete it",
        .fix = FIX_REPLACE},
    {"unused", "credential unused for {}", SEVERITY_MEDIUM, .days = 45, .begin = BEGIN_IDLE,
        NUMBERS("1.3", "1.12", "1.12", "1.11", "2.11", "2.11", "IAM.22", "iam-user-unused-credentials-check",
            "iam_user_accesskey_unused iam_user_console_access_unused"),
        .variants = unused_variants, .scope = "users", .who = "not root",
        .password = "password_enabled and password_idle >= {}d",
        .key = "active and idle >= {}d", .lit = LIT_IDLE,
        .remedy = "deactivate it, wait, delete it", .fix = FIX_STOP},
    {"unused-90", "credential unused for {}", SEVERITY_MEDIUM, .days = 90, .begin = BEGIN_IDLE, .optional = true,
        /* The threshold of CIS 1.2, which Security Hub keeps as a separate control beside IAM.22 (45 days). */
        NUMBERS(NULL, NULL, NULL, NULL, NULL, NULL, "IAM.8", NULL, NULL),
        .scope = "users", .who = "not root", .password = "password_enabled and password_idle >= {}d",
        .key = "active and idle >= {}d", .lit = LIT_IDLE,
        .remedy = "deactivate it, wait, delete it", .fix = FIX_STOP},
    {"setup-key", "console user with a key that was never used", SEVERITY_LOW, .days = 7,
        /* A grace period: a key made this week may not have been put to use yet. */
        NUMBERS("1.21", "1.11", "1.11", "1.10", "2.10", NULL, NULL, NULL, "iam_user_no_setup_initial_access_key"),
        .variants = setup_key_variants, .scope = "console", .who = "password_enabled",
        .key = "active and last_used = never and age > {}d", .lit = LIT_IDLE,
        .remedy = "deactivate and delete the key; create one when it is needed", .fix = FIX_STOP},
    {"two-keys", "two active keys", SEVERITY_LOW,
        NUMBERS(NULL, "1.13", "1.13", "1.12", "2.12", NULL, NULL, NULL, "iam_user_two_active_access_key"),
        .variants = two_keys_variants, .scope = "all", .who = "access_key_1_active and access_key_2_active",
        .key = "active", .lit = LIT_ACTIVE,
        .remedy = "deactivate the key that is used less, wait, delete it", .fix = FIX_STOP_LESSER},
    {"never-used-key", "active key never used in {}", SEVERITY_LOW, .days = 7, .begin = BEGIN_NEVER_USED,
        .scope = "all",
        .key = "active and last_used = never and age > {}d", .lit = LIT_IDLE,
        .remedy = "deactivate the key, wait, delete it", .fix = FIX_STOP},
    {"dormant", "nothing used for {}", SEVERITY_LOW, .days = 365, .begin = BEGIN_ALL_IDLE, .scope = "users",
        /* A credential whose last use cannot be read does not count as unused, hence the double negations. */
        .who = "not root and age > {}d and not password_idle <= {}d and not (password_enabled and not"
            " password_idle > {}d) and not key(not idle > {}d)",
        .password = "password_enabled", .key = "active", .cert = "active", .lit = LIT_IDLE,
        .remedy = "remove the password, deactivate what is left, wait, delete the user", .fix = FIX_STOP},
    {"inactive-key", "inactive key left behind", SEVERITY_LOW, .scope = "all", .key = "active = false",
        .lit = LIT_ACTIVE,
        .remedy = "delete the key", .fix = FIX_DELETE},
    {"no-credential", "user older than {} without any credential", SEVERITY_LOW, .days = 30, .scope = "users",
        /*
         * A young user may yet get a credential. AWS names users that it makes for Bedrock API keys, which no report
         * shows, BedrockAPIKey-... The names are compared with < because a regular expression would force all checks
         * onto one thread.
         */
        .user = "not root and password_enabled = false and access_key_1_active = false"
            " and access_key_2_active = false and not key(exists) and not cert(exists) and age > {}d"
            " and not (user >= \"BedrockAPIKey-\" and user < \"BedrockAPIKey.\")", .lit = LIT_USER,
        .remedy =
        "delete the user, unless it has what no report shows: API keys of Bedrock or CloudWatch Logs, SSH keys,"
            " CodeCommit credentials"},
    {"active-cert", "active signing certificate", SEVERITY_LOW, .scope = "all", .cert = "active", .lit = LIT_ACTIVE,
        .remedy = "deactivate the certificate, wait, delete it", .fix = FIX_STOP},
    {"old-password", "password not changed for {}", SEVERITY_LOW, .days = 365, .begin = BEGIN_AGE, .scope = "all",
        .password = "password_enabled and password_age > {}d", .lit = LIT_AGE,
        .remedy = "require a password change at the next sign-in", .fix = FIX_RESET},
    {"console-and-keys", "console and keys on one user", SEVERITY_LOW, .scope = "users",
        .who = "not root and password_enabled and key(active)", .password = "password_enabled", .key = "active",
        .lit = LIT_ACTIVE, .remedy = "one user for the person, another or a role for the program"},
    {"direct-policy", "policies attached directly", SEVERITY_LOW, .needs = "policies",
        NUMBERS("1.16", "1.15", "1.15", "1.14", "2.14", "2.13", "IAM.2", "iam-user-no-policies-check",
            "iam_policy_attached_only_to_group_or_roles"),
        .scope = "users", .user = "not root and not policies = n/a", .lit = LIT_USER | LIT_POLICIES,
        .remedy = "attach the policies to a group, and put the user into it"},
    {"root-password", "root with a password only", SEVERITY_LOW, .scope = "root",
        .who = "root and mfa_active = false and not key(active) and not cert(active)", .password = "password_enabled",
        .lit = LIT_ACTIVE, .remedy = "a member account: let the organization remove root's password"},
};
enum { BUILT_IN = sizeof built_in / sizeof built_in[0] };
static_assert((int)BUILT_IN <= (int)CHECKS_MAX, "one bit a check");

/* User-defined rules. They are added while the configuration is read; threads start later and only read them. */
static struct added {
    struct check check;
    char *id, *rule, *texts[CHECK_TEXTS]; /* owned */
} added[CHECKS_MAX];
static size_t added_count;

size_t check_count(void)
{
    return (size_t)BUILT_IN + added_count;
}

size_t check_built_in_count(void)
{
    return BUILT_IN;
}

const struct check *check_at(size_t check)
{
    return check < BUILT_IN ? &built_in[check] : &added[check - BUILT_IN].check;
}

void check_list(struct buffer *out, uint64_t bits)
{
    for (uint64_t left = bits; left; left &= left - 1)
        buffer_printf(out, "%s%s", left == bits ? "" : ", ", check_at((size_t)__builtin_ctzll(left))->id);
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

/* The names for --benchmark. CIS 1.5 to 4.0 have the numbers and meanings of CIS 1.4. */
static const struct {
    const char *name;
    enum benchmark benchmark;
} benchmarks[] = {{"ncred", BENCHMARK_NCRED}, {"cis-1.2", BENCHMARK_CIS_1_2}, {"cis-1.3", BENCHMARK_CIS_1_3},
    {"cis-1.4", BENCHMARK_CIS_1_4}, {"cis-1.5", BENCHMARK_CIS_1_4}, {"cis-2.0", BENCHMARK_CIS_1_4},
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

const char *benchmark_choice(size_t index)
{
    return index < sizeof benchmarks / sizeof benchmarks[0] ? benchmarks[index].name : NULL;
}

const char *benchmark_name(enum benchmark benchmark)
{
    size_t i = 0;
    while (benchmarks[i].benchmark != benchmark)
        i++;
    return benchmarks[i].name;
}

const char *check_number_in(const struct check *check, enum benchmark benchmark)
{
    return check->numbers[benchmark == BENCHMARK_NCRED ? BENCHMARK_CIS_1_4 : benchmark];
}

static const char *number_prefix(enum benchmark benchmark)
{
    return benchmark < BENCHMARK_CIS_END ? "CIS " : "";
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

size_t check_find(struct slice id, enum benchmark benchmark, enum benchmark *of)
{
    bool cis = id.len > 4 && slice_equal_nocase((struct slice){id.data, 4}, slice_of("cis-"));
    struct slice number = cis ? (struct slice){id.data + 4, id.len - 4} : id;
    enum benchmark chosen = benchmark > BENCHMARK_CIS_7_0 ? BENCHMARK_CIS_1_4 : benchmark, ignored;
    of = of ? of : &ignored;
    *of = benchmark;
    for (size_t i = 0; i < check_count(); i++) {
        if (slice_equal_nocase(id, slice_of(check_at(i)->id)))
            return i;
        if (check_at(i)->rule_number && slice_equal_nocase(id, slice_of(check_at(i)->rule_number)))
            return i;
        /*
         * CIS versions number differently, so only the chosen one is asked; other numbers occur in one benchmark only.
         */
        for (enum benchmark b = BENCHMARK_NCRED; b < BENCHMARK_COUNT; b++) {
            bool asked = b > BENCHMARK_CIS_7_0 ? !cis : cis && b == chosen;
            if (asked && has_number(check_number_in(check_at(i), b), number)) {
                *of = b;
                return i;
            }
        }
    }
    return check_count();
}

static const char *variant_part(const char *own, const char *part)
{
    return !own ? part : *own ? own : NULL;
}

static int variant_days(int own, int days)
{
    return own == CHECK_NO_DAYS ? 0 : own ? own : days;
}

struct check check_meaning(size_t check, enum benchmark benchmark)
{
    struct check c = *check_at(check);
    const struct check_variant *v = check_number_in(&c, benchmark) ? c.variants : NULL;
    while (v && v->benchmarks && !(v->benchmarks >> benchmark & 1))
        v++;
    if (!v || !v->benchmarks)
        return c;
    c.days = variant_days(v->days, c.days);
    c.worse_days = variant_days(v->worse_days, c.worse_days);
    c.severity = v->severity ? v->severity : c.severity;
    c.title = v->title ? v->title : c.title;
    c.scope = v->scope ? v->scope : c.scope;
    c.who = variant_part(v->who, c.who);
    c.user = variant_part(v->user, c.user);
    c.password = variant_part(v->password, c.password);
    c.key = variant_part(v->key, c.key);
    c.cert = variant_part(v->cert, c.cert);
    c.difference = v->difference ? v->difference : c.difference;
    return c;
}

enum severity check_severity(size_t check, const struct check_settings *s)
{
    return check_meaning(check, s->benchmark).severity;
}

bool check_differs(size_t check, enum benchmark a, enum benchmark b)
{
    struct check one = check_meaning(check, a), other = check_meaning(check, b);
    struct buffer first = {0}, second = {0};
    check_predicate_of(&first, &one, one.days);
    check_predicate_of(&second, &other, other.days);
    bool differs = !slice_equal((struct slice){first.data, first.len}, (struct slice){second.data, second.len});
    buffer_free(&first);
    buffer_free(&second);
    return differs;
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
    return check->rule_number || check_number_in(check, benchmark);
}

void check_number(struct buffer *out, const struct check *check, enum benchmark benchmark)
{
    const char *number = check_number_in(check, benchmark);
    if (check->rule_number)
        buffer_puts(out, check->rule_number);
    if (number)
        buffer_puts(out, number_prefix(benchmark));
    for (; number && *number; number++)
        buffer_puts(out, *number == ' ' ? ", " : (char[]){*number, '\0'});
}

/* Append TEXT to OUT with each {} replaced by WITH. */
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
    for (const char *hole; (hole = strchr(part, '{')); part = strchr(hole, '}') + 1) {
        buffer_add(out, part, (size_t)(hole - part));
        buffer_printf(out, "%d", days + (hole[1] == '+'));
    }
    buffer_puts(out, part);
}

/* Append the thresholds of CHECK to OUT: "90 days", or "90 or 365 days" if clauses set others for some users. */
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
    put_filled(out, check_meaning(check, s->benchmark).title, days.data);
    buffer_free(&days);
}

void check_predicate_of(struct buffer *out, const struct check *c, int days)
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
        check_fill(out, c->who, days);
        buffer_puts(out, count > 1 ? " and (" : " and ");
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!parts[i].text)
            continue;
        /* in the query language, `and` binds tighter than `or` */
        bool wrap = !*parts[i].before && (c->who || count > 1) && strstr(parts[i].text, count > 1 ? " and " : " or ");
        buffer_printf(out, "%s%s%s", n++ ? " or " : "", parts[i].before, wrap ? "(" : "");
        check_fill(out, parts[i].text, days);
        buffer_printf(out, "%s%s", wrap ? ")" : "", parts[i].after);
    }
    if (c->who && count > 1)
        buffer_putc(out, ')');
}

static bool clauses_are_same(const struct check_clause *a, const struct check_clause *b)
{
    return a->check == b->check && a->on == b->on && a->days == b->days && strcmp(a->where, b->where) == 0;
}

bool check_add_clause(struct check_settings *s, struct check_clause clause)
{
    size_t same = 0; /* two configuration files may have the same line */
    while (same < s->clause_count && !clauses_are_same(&s->clauses[same], &clause))
        same++;
    if (same == CHECK_CLAUSES_MAX)
        return false;
    if (same == s->clause_count)
        s->clauses[s->clause_count++] = clause;
    if (clause.on && !(s->on >> clause.check & 1))
        s->partly |= UINT64_C(1) << clause.check;
    return true;
}

void check_remove_clause(struct check_settings *s, size_t index)
{
    size_t check = s->clauses[index].check, on = 0;
    memmove(&s->clauses[index], &s->clauses[index + 1], (--s->clause_count - index) * sizeof *s->clauses);
    for (size_t i = 0; i < s->clause_count; i++)
        on += s->clauses[i].check == check && s->clauses[i].on;
    if (!on)
        s->partly &= ~(UINT64_C(1) << check);
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
            *days = check_clause_days(s, one);
            return true;
        }
        buffer_printf(guard, "%snot (%s)", guard->len > start ? " and " : "", one->where);
    }
    /* the last group: all other users. A check that is off for everybody has it too, for queries like fails(ID) */
    *days = s->days[check];
    if (index == 0 && !(s->partly >> check & 1))
        return true;
    guard->len = start;
    return false;
}

void check_predicate(struct buffer *out, size_t check, const struct check_settings *s)
{
    struct check c = check_meaning(check, s->benchmark);
    struct buffer guard = {0};
    int days;
    for (size_t i = 0; check_part_of_users(s, check, i, &guard, &days); i++, guard.len = 0) {
        buffer_puts(out, i ? " or " : "");
        if (guard.len)
            buffer_printf(out, "%.*s and (", (int)guard.len, guard.data);
        check_predicate_of(out, &c, days);
        buffer_puts(out, guard.len ? ")" : "");
    }
    buffer_free(&guard);
}

void check_settings_init(struct check_settings *s)
{
    *s = (struct check_settings){0};
    check_settings_choose(s, BENCHMARK_NCRED, false);
}

void check_settings_choose(struct check_settings *s, enum benchmark benchmark, bool central_root)
{
    s->benchmark = benchmark;
    s->central_root = central_root;
    for (size_t i = 0; i < check_count(); i++) {
        struct check c = check_meaning(i, benchmark);
        uint64_t bit = UINT64_C(1) << i;
        bool on = !c.optional || c.on_in >> benchmark & 1 || (c.central && central_root);
        if (!(s->days_given & bit))
            s->days[i] = c.days;
        if (!(s->on_given & bit))
            s->on = on ? s->on | bit : s->on & ~bit;
    }
}

static bool unknown_check(struct error *err, struct slice id)
{
    const char *best = check_nearest(id);
    return error_set(err, "no check \"%.*s\"%s%s%s", (int)id.len, id.data, best ? "; " : "", best ? best : "",
        best ? "?" : "; ncred --help=checks lists them");
}

/* Parse a threshold such as 90d or 90. Returns false unless TEXT is a number of whole days up to CHECK_DAYS_MAX. */
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
    if (!duration_parse_named(text, &seconds) || seconds % TIMESTAMP_DAY != 0
        || seconds > CHECK_DAYS_MAX * TIMESTAMP_DAY)
        return false;
    *days = (int)(seconds / TIMESTAMP_DAY);
    return true;
}

/* Apply one entry of a list for check_settings_edit(). Sets *BARE to whether it is an ID without sign and threshold. */
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
    size_t check = check_find(id, s->benchmark, NULL);
    if (check == check_count())
        return unknown_check(err, id);
    if (equal && !check_meaning(check, s->benchmark).days)
        return error_set(err, "the check %s has no threshold", check_at(check)->id);
    if (equal && (off || !read_days(days, &s->days[check])))
        return error_set(err, "expected a number of days up to %d such as %s=%dd, got \"%.*s\"", CHECK_DAYS_MAX,
            check_at(check)->id, check_at(check)->days, (int)entry.len, entry.data);
    *bare = !off && !plus && !equal;
    uint64_t bit = UINT64_C(1) << check;
    s->on = off ? s->on & ~bit : s->on | bit;
    s->partly &= ~bit;
    s->on_given |= bit;
    s->days_given |= equal ? bit : 0;
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
    only.on_given = UINT64_MAX; /* a benchmark chosen later must not switch on what the list does not name */
    *s = any_bare ? only : all;
    return true;
}
