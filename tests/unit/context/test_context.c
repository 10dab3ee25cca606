/* Tables, details and key IDs as columns of a report. */
#include "context/context.h"
#include "unit/sample.h"

#include <stdio.h>

/* Three users of one account, ann with a key, loaded from text. */
static void load_users(struct report *r, struct buffer *csv)
{
    buffer_puts(csv, sample_header);
    sample_user(csv, "ann", "user_creation_time=2024-01-02T03:04:05Z access_key_1_active=true "
        "access_key_1_last_rotated=2024-02-02T03:04:05Z");
    sample_user(csv, "bob", "user_creation_time=2024-01-02T03:04:05Z");
    sample_user(csv, "Eve", "user_creation_time=2024-01-02T03:04:05Z");
    sample_load(r, (struct slice){csv->data, csv->len});
}

static void cell_is(const struct report *r, size_t row, const char *column, const char *want)
{
    enum column c = report_column_find(r, slice_of(column));
    if (c == COL_COUNT)
        fail_msg("no column %s", column);
    struct value v = report_value(r, row, c);
    if (v.state != STATE_VALUE)
        assert_string_equal(state_name(v.state), want);
    else if (report_column_info(r, c)->type == TYPE_TEXT)
        sample_is(v.text, want);
    else {
        char text[32];
        snprintf(text, sizeof text, "%lld", (long long)v.number);
        assert_string_equal(text, want);
    }
}

static void test_join(void **state)
{
    struct report r = {0};
    struct buffer csv = {0}, notes = {0};
    struct error err;
    (void)state;
    load_users(&r, &csv);
    struct context *c = context_new();
    assert_true(context_read_join(c, slice_of("user,team,seats,contractor\nANN,Mobile,3,yes\neve,\"Web, two\",12,no\n"
        "eve,again,1,no\nmallory,x,1,no\n,nobody,1,no\n"), "owners.csv", &err));
    struct slice account = report_number(&r, 0, COL_ACCOUNT).text;
    struct buffer accounts = {0};
    buffer_printf(&accounts, "account_id;owner;age\n%.*s;ana;old\n999999999999;zoe;new\n", (int)account.len,
        account.data);
    assert_true(context_read_join(c, (struct slice){accounts.data, accounts.len}, "accounts.csv", &err));
    context_finish(c);
    assert_true(context_apply(c, &r, &notes, &err));
    cell_is(&r, 0, "team", "Mobile");
    cell_is(&r, 0, "SEATS", "3");
    cell_is(&r, 0, "contractor", "1");
    cell_is(&r, 1, "team", "unknown");
    cell_is(&r, 2, "team", "Web, two");
    cell_is(&r, 1, "owner", "ana");
    cell_is(&r, 1, "accounts.age", "old");
    assert_string_equal(notes.data, "owners.csv: 1 row without a user in the reports\n"
        "owners.csv: 1 row for a user that an earlier row names; the first one counts\n"
        "owners.csv: 1 row ignored: no arn, user or account\n"
        "accounts.csv: 1 row without a user in the reports\n");
    context_free(c);
    report_free(&r);
    buffer_free(&csv);
    buffer_free(&notes);
    buffer_free(&accounts);
}

static void test_refused(void **state)
{
    static const char *const texts[] = {"team,owner\na,b\n", "", "user"};
    struct error err;
    (void)state;
    struct context *c = context_new();
    for (size_t i = 0; i < 2; i++)
        assert_false(context_read_join(c, slice_of(texts[i]), "x.csv", &err));
    assert_true(context_read_join(c, slice_of(texts[2]), "x.csv", &err));
    context_free(c);
}

static void test_details_and_ids(void **state)
{
    struct report r = {0};
    struct buffer csv = {0}, notes = {0}, json = {0};
    struct error err;
    (void)state;
    load_users(&r, &csv);
    struct slice arn = report_raw(&r, 0, COL_ARN), other = report_raw(&r, 1, COL_ARN);
    buffer_printf(&json, "{\"UserDetailList\":[{\"Arn\":\"%.*s\",\"CreateDate\":\"2024-01-02T03:04:05+00:00\","
        "\"GroupList\":[\"b\",\"a\"],"
        "\"AttachedManagedPolicies\":[],"
        "\"UserPolicyList\":[{\"PolicyName\":\"own\",\"PolicyDocument\":{\"Statement\":{\"Effect\":\"Allow\","
        "\"Action\":\"s3:*\",\"Resource\":\"*\"}}}],"
        "\"PermissionsBoundary\":{\"PermissionsBoundaryArn\":\"arn:aws:iam::1:policy/x/edge\"},"
        "\"Tags\":[{\"Key\":\"Cost centre\",\"Value\":\"42\"},{\"Key\":\"AKIAQ47UFLPRYKTN3A4E\","
        "\"Value\":\"laptop\"}]},"
        "{\"Arn\":\"%.*s\",\"CreateDate\":\"2020-01-02T03:04:05+00:00\",\"GroupList\":[],"
        "\"AttachedManagedPolicies\":[]}],\"GroupDetailList\":[", (int)arn.len, arn.data, (int)other.len,
        other.data);
    for (const char *name = "ab"; *name; name++)
        buffer_printf(&json, "%s{\"GroupName\":\"%c\",\"Arn\":\"%.*sgroup/%c\",\"GroupPolicyList\":[],"
            "\"AttachedManagedPolicies\":[]}", *name == 'a' ? "" : ",", *name,
            (int)(arn.len - strlen("user/ann")), arn.data, *name);
    buffer_puts(&json, "]}");
    struct context *c = context_new();
    if (!context_read_details(c, (struct slice){json.data, json.len}, "d.json", &err)
        || !context_read_key_ids(c,
            slice_of("user,access_key_id,create_date\nann,AKIAIOSFODNN7EXAMPLE,2024-02-02T03:04:05Z\n"), "k.csv", &err))
        fail_msg("%s", err.text);
    context_finish(c);
    assert_true(context_apply(c, &r, &notes, &err));
    cell_is(&r, 0, "rights", "2");
    cell_is(&r, 0, "rights_by", "own (boundary not in the file)");
    cell_is(&r, 0, "groups", "b\x1f" "a");
    cell_is(&r, 0, "policies", "own");
    cell_is(&r, 0, "boundary", "edge");
    cell_is(&r, 0, "tag.Cost_centre", "42");
    cell_is(&r, 0, "key_1_id", "AKIAIOSFODNN7EXAMPLE");
    cell_is(&r, 0, "key_2_id", "N/A");
    cell_is(&r, 1, "rights", "unknown");
    assert_int_equal(report_column_find(&r, slice_of("tag.AKIAQ47UFLPRYKTN3A4E")), COL_COUNT);
    assert_string_equal(notes.data,
        "--details: 1 user created at another time than the one of this name in the details\n");
    context_free(c);
    report_free(&r);
    buffer_free(&csv);
    buffer_free(&notes);
    buffer_free(&json);
}

/* Whether no tag, group, policy or boundary is there, or nothing is known about them. */
static void test_none_or_unknown(void **state)
{
    static const char *const columns[] = {"groups", "policies", "boundary", "quarantined", "tag.Team", "rights"};
    static const char *const want[2][6] = {{"N/A", "N/A", "N/A", "0", "N/A", "0"},
        {"unknown", "unknown", "unknown", "unknown", "unknown", "unknown"}};
    struct report r = {0};
    struct buffer csv = {0}, notes = {0}, json = {0};
    struct error err;
    (void)state;
    load_users(&r, &csv);
    for (size_t row = 0; row < 3; row++) {
        struct slice arn = report_raw(&r, row, COL_ARN);
        static const char *const members[] = {",\"GroupList\":[],\"AttachedManagedPolicies\":[]", "",
            ",\"GroupList\":[],\"AttachedManagedPolicies\":[],\"Tags\":[{\"Key\":\"Team\",\"Value\":\"x\"}]"};
        buffer_printf(&json, "%s{\"Arn\":\"%.*s\"%s}", row ? "," : "{\"UserDetailList\":[", (int)arn.len, arn.data,
            members[row]);
    }
    buffer_puts(&json, "]}");
    struct context *c = context_new();
    assert_true(context_read_details(c, (struct slice){json.data, json.len}, "d.json", &err));
    context_finish(c);
    assert_true(context_apply(c, &r, &notes, &err));
    for (size_t row = 0; row < 2; row++) {
        for (size_t i = 0; i < SAMPLE_COUNT(columns); i++)
            cell_is(&r, row, columns[i], want[row][i]);
    }
    cell_is(&r, 2, "tag.Team", "x");
    assert_non_null(strstr(notes.data, "--details: 1 user without lists"));
    context_free(c);
    report_free(&r);
    buffer_free(&csv);
    buffer_free(&notes);
    buffer_free(&json);
}

/* What the file does not hold may allow anything: rights are then unknown, unless they are the highest already. */
static void test_incomplete_details(void **state)
{
    static const char *const groups[] = {"", ",\"GroupList\":[]", ",\"GroupList\":[\"gone\"]",
        ",\"GroupList\":[\"here\"]", ",\"GroupList\":[{}]", ",\"GroupList\":{\"here\":1}",
        ",\"GroupList\":[],\"UserPolicyList\":[{\"PolicyName\":\"p\",\"PolicyDocument\":\"%%7b\"}]",
        ",\"GroupList\":[],\"UserPolicyList\":[{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Statement\":[]}}]"};
    static const char *const want[] = {"0", "0", "unknown", "4", "unknown", "unknown", "unknown", "0"};
    struct error err;
    (void)state;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        struct report r = {0};
        struct buffer csv = {0}, notes = {0}, json = {0};
        load_users(&r, &csv);
        struct slice arn = report_raw(&r, 0, COL_ARN);
        buffer_printf(&json, "{\"UserDetailList\":[{\"Arn\":\"%.*s\",\"AttachedManagedPolicies\":[]%s}],"
            "\"GroupDetailList\":[{\"GroupName\":\"here\",\"Arn\":\"%.*s"
            "group/here\",\"GroupPolicyList\":[{\"PolicyName\":\"all\","
            "\"PolicyDocument\":{\"Statement\":{\"Effect\":\"Allow\","
            "\"Action\":\"*\",\"Resource\":\"*\"}}}]}]}", (int)arn.len, arn.data, groups[i],
            (int)(arn.len - strlen("user/ann")), arn.data);
        struct context *c = context_new();
        if (!context_read_details(c, (struct slice){json.data, json.len}, "d.json", &err))
            fail_msg("%s", err.text);
        context_finish(c);
        assert_true(context_apply(c, &r, &notes, &err));
        cell_is(&r, 0, "rights", want[i]);
        assert_int_equal(c->details->incomplete_users, strcmp(want[i], "unknown") == 0);
        context_free(c);
        report_free(&r);
        buffer_free(&csv);
        buffer_free(&notes);
        buffer_free(&json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_join), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_details_and_ids), cmocka_unit_test(test_none_or_unknown),
        cmocka_unit_test(test_incomplete_details)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
