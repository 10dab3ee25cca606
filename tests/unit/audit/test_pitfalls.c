/* Where well-known tools went wrong with credential reports: one test each. */
#include "unit/sample.h"

#include "audit/finding.h"
#include "audit/remedy.h"

#include <stdio.h>
#include <stdlib.h>

#define ROOT "arn=arn:aws:iam::123456789012:root "
#define KEY_1(active, made, used) "access_key_1_active=" active " access_key_1_last_rotated=" made \
    " access_key_1_last_used_date=" used " "
#define KEY_2(active, made, used) "access_key_2_active=" active " access_key_2_last_rotated=" made \
    " access_key_2_last_used_date=" used " "
#define PASSWORD(enabled, set, used) "password_enabled=" enabled " password_last_changed=" set \
    " password_last_used=" used " "
#define MFA "mfa_active=true "
#define TODAY "2026-06-15T11:00:00Z"
#define RECENT "2026-06-01T00:00:00Z"
#define LONG_AGO "2020-01-01T00:00:00Z"

/* A user and all checks, asked as of SAMPLE_AS_OF. */
struct one {
    struct report r;
    struct audit audit;
};

static void open_one(struct one *o, const char *name, const char *changes)
{
    struct buffer csv = {0};
    struct check_settings settings;
    buffer_puts(&csv, sample_header);
    sample_user(&csv, name, changes);
    sample_load(&o->r, (struct slice){csv.data, csv.len});
    buffer_free(&csv);
    check_settings_init(&settings);
    audit_init(&o->audit, &settings);
    audit_run(&o->audit, &o->r);
}

static void close_one(struct one *o)
{
    report_free(&o->r);
    audit_free(&o->audit);
}

/* "check:credential check:credential", what counts against the user, in the order of the table. */
static void describe(struct buffer *b, const struct report *r)
{
    buffer_puts(b, "");
    for (size_t i = 0; i < check_count(); i++) {
        if (!(audit_counted(r, 0) >> i & 1))
            continue;
        buffer_printf(b, "%s%s", b->len ? " " : "", check_at(i)->id);
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
            if (audit_fault(r, 0, c) >> i & 1)
                buffer_printf(b, ":%s", credential_name(c));
        }
    }
}

static void assert_found(const char *name, const char *changes, const char *found)
{
    struct one o;
    struct buffer b = {0};
    open_one(&o, name, changes);
    describe(&b, &o.r);
    assert_string_equal(b.data, found);
    buffer_free(&b);
    close_one(&o);
}

/* "Active" of one key and "old" of the other do not make an active old key (Cloud Custodian 842, 5583). */
static void test_slots_are_not_mixed(void **state)
{
    (void)state;
    assert_found("ci", KEY_1("false", LONG_AGO, LONG_AGO) KEY_2("true", RECENT, TODAY), "inactive-key:key_1");
    assert_found("ci", KEY_1("true", RECENT, TODAY) KEY_2("false", LONG_AGO, "N/A"), "inactive-key:key_2");
    assert_found("ci", KEY_1("true", RECENT, TODAY) KEY_2("true", LONG_AGO, TODAY),
        "rotate-key:key_2 two-keys:key_1:key_2");
    assert_found("ci", KEY_1("false", LONG_AGO, "N/A") KEY_2("true", RECENT, "N/A"),
        "never-used-key:key_2 inactive-key:key_1");
}

/* What was never used is unused, counted from when it was made (Prowler skips N/A). */
static void test_never_used_is_unused(void **state)
{
    (void)state;
    assert_found("ci", KEY_1("true", "2026-04-30T12:00:00Z", "N/A"), "unused:key_1 never-used-key:key_1");
    assert_found("jane", MFA PASSWORD("true", "2026-05-01T12:00:00Z", "no_information"), "unused:password");
    assert_found("jane", MFA PASSWORD("true", "2026-05-01T12:00:01Z", "no_information"), "");
}

/* Each of root's three last uses counts: an old sign-in hides no key used today (Prowler looks at the first). */
static void test_root_use_is_any(void **state)
{
    (void)state;
    assert_found("<root_account>", ROOT MFA PASSWORD("true", RECENT, LONG_AGO) KEY_1("true", RECENT, TODAY),
        "root-key:key_1 root-used:key_1");
    assert_found("<root_account>", ROOT MFA PASSWORD("true", RECENT, LONG_AGO) KEY_1("true", RECENT, LONG_AGO)
        KEY_2("true", RECENT, TODAY), "root-key:key_1:key_2 root-used:key_2 two-keys:key_1:key_2");
    assert_found("<root_account>", ROOT MFA PASSWORD("true", RECENT, TODAY), "root-used:password");
    /* A key that is inactive now was used today all the same. */
    assert_found("<root_account>", ROOT MFA KEY_2("false", RECENT, TODAY), "root-used:key_2 inactive-key:key_2");
}

/* A root without credentials cannot sign in and needs no MFA (ScoutSuite 1710, Prowler 5804). */
static void test_root_without_credentials(void **state)
{
    (void)state;
    assert_found("<root_account>", ROOT PASSWORD("false", "N/A", "N/A"), "");
    assert_found("<root_account>", ROOT PASSWORD("not_supported", "not_supported", "no_information"),
        "root-mfa:password");
    assert_found("<root_account>", ROOT PASSWORD("false", "N/A", "N/A") KEY_1("true", RECENT, RECENT),
        "root-key:key_1 root-mfa:key_1 root-used:key_1");
}

/* GovCloud's root has no console and can have no MFA device (ScoutSuite 1132); its key is a finding all the same. */
static void test_govcloud_root(void **state)
{
    static const char gov[] = "arn=arn:aws-us-gov:iam::123456789012:root password_enabled=not_supported ";
    char with_key[400];
    (void)state;
    assert_found("<root_account>", gov, "");
    snprintf(with_key, sizeof with_key, "%s%s", gov, KEY_1("true", RECENT, RECENT));
    assert_found("<root_account>", with_key, "root-key:key_1 root-used:key_1");
}

/* Root is not one of the users that must have a user's MFA, nor one that has gone unused (Prowler 3519). */
static void test_root_is_no_user(void **state)
{
    (void)state;
    assert_found("<root_account>", ROOT PASSWORD("true", RECENT, LONG_AGO), "root-mfa:password root-password:password");
    assert_found("root", PASSWORD("true", RECENT, RECENT), "console-mfa:password"); /* a user of that name is a user */
}

/* Words for absence, in whatever case, are no use, no age and no "no" (Prowler 538, Steampipe 656). */
static void test_words_for_absence(void **state)
{
    (void)state;
    assert_found("untold", "mfa_active=not_supported access_key_1_active=no_information access_key_2_active=N/A "
        PASSWORD("not_supported", "not_supported", "not_supported"), "");
    assert_found("upper", "mfa_active=FALSE " PASSWORD("TRUE", RECENT, "No_Information"), "console-mfa:password");
    assert_found("unread", MFA PASSWORD("true", "soon", "soon") KEY_1("true", "soon", "soon"),
        "console-and-keys:password:key_1");
}

/* Nothing is lit that is disabled or was just made (ScoutSuite 1621). */
static void test_disabled_and_fresh_are_not_lit(void **state)
{
    static const char *const users[] = {
        PASSWORD("false", LONG_AGO, LONG_AGO) KEY_1("true", RECENT, TODAY),
        MFA PASSWORD("true", "2026-06-14T12:00:00Z", "no_information"),
        KEY_1("true", "2026-06-14T12:00:00Z", "N/A"),
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(users); i++) {
        struct one o;
        open_one(&o, "jane", users[i]);
        uint64_t cells[SEVERITY_COUNT];
        finding_cells_of_row(&o.r, 0, cells);
        assert_int_equal(cells[SEVERITY_LOW], 0);
        close_one(&o);
    }
    /* An inactive key is left behind: that it is inactive is lit, and not its age or idleness as such. */
    struct one o;
    struct finding list[CHECKS_MAX];
    open_one(&o, "ci", KEY_1("false", LONG_AGO, LONG_AGO));
    assert_int_equal(finding_list(&o.r, 0, list), 1);
    assert_int_equal(finding_cells(&o.r, &list[0]) & (UINT64_C(1) << COL_KEY_1_IDLE | UINT64_C(1)
        << COL_KEY_1_LAST_ROTATED), 0);
    close_one(&o);
}

/* Old is not unused (ScoutSuite 910): what is used today is asked to be rotated, no more; and the other way round. */
static void test_old_is_not_unused(void **state)
{
    (void)state;
    assert_found("ci", KEY_1("true", LONG_AGO, TODAY), "rotate-key:key_1");
    assert_found("jane", MFA PASSWORD("true", LONG_AGO, TODAY), "old-password:password");
    assert_found("ci", KEY_1("true", "2026-04-01T00:00:00Z", "2026-04-02T00:00:00Z"), "unused:key_1");
}

/* Ages count to the time of the report, not to today; another time gives other findings (Prowler 108, 854, 2008). */
static void test_ages_count_to_as_of(void **state)
{
    static const struct {
        const char *as_of, *found;
    } times[] = {
        {"2026-01-15T00:00:00Z", ""},
        {"2026-04-02T00:00:00Z", "rotate-key:key_1 unused:key_1"},
        {"2027-06-01T00:00:00Z", "rotate-key:key_1 unused:key_1 dormant:key_1"},
    };
    struct one o;
    (void)state;
    open_one(&o, "ci", KEY_1("true", "2026-01-01T00:00:00Z", "2026-01-10T00:00:00Z"));
    for (size_t i = 0; i < SAMPLE_COUNT(times); i++) {
        struct buffer b = {0};
        o.r.as_of = sample_time(times[i].as_of);
        audit_run(&o.audit, &o.r);
        describe(&b, &o.r);
        assert_string_equal(b.data, times[i].found);
        buffer_free(&b);
    }
    close_one(&o);
}

/* A remedy needs the key's ID, which no report has (Cloud Custodian 2302): it is looked up by when the key was made. */
static void test_remedy_finds_the_id(void **state)
{
    struct one o;
    struct buffer sheet = {0};
    uint32_t row = 0;
    (void)state;
    open_one(&o, "ci", KEY_1("true", RECENT, TODAY) KEY_2("true", "2026-01-02T03:04:05Z", "N/A"));
    assert_true(remedy_sheet(&sheet, &o.r, &row, 1, NULL));
    assert_non_null(strstr(sheet.data, "\nid=$(key_of 'ci' 2026-01-02T03:04:05)\n"
        "aws iam update-access-key --user-name='ci' --access-key-id=\"$id\" --status=Inactive\n"));
    assert_null(strstr(sheet.data, "\nid=$(key_of 'ci' 2026-06-01"));
    buffer_free(&sheet);
    close_one(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slots_are_not_mixed), cmocka_unit_test(test_never_used_is_unused),
        cmocka_unit_test(test_root_use_is_any), cmocka_unit_test(test_root_without_credentials),
        cmocka_unit_test(test_govcloud_root), cmocka_unit_test(test_root_is_no_user),
        cmocka_unit_test(test_words_for_absence), cmocka_unit_test(test_disabled_and_fresh_are_not_lit),
        cmocka_unit_test(test_old_is_not_unused), cmocka_unit_test(test_ages_count_to_as_of),
        cmocka_unit_test(test_remedy_finds_the_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
