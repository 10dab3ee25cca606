/* Authorization details as the CLI prints them: several pages, documents as objects and as URL-encoded text. */
#include "context/details.h"
#include "unit/sample.h"

static const char page_1[] =
    "{\"UserDetailList\":[{\"Path\":\"/\",\"UserName\":\"ann\",\"UserId\":\"AIDA1\","
    "\"Arn\":\"arn:aws:iam::123456789012:user/ann\","
    "\"CreateDate\":\"2024-01-02T03:04:05+00:00\",\"GroupList\":[\"ops\",\"gone\"],\"AttachedManagedPolicies\":[],"
    "\"Tags\":[{\"Key\":\"Team\",\"Value\":\"Mobile\"},{\"Value\":\"b@example.org\",\"Key\":\"Owner\"}]},"
    "{\"UserName\":\"bob\",\"Arn\":\"arn:aws:iam::123456789012:user/x/bob\",\"CreateDate\":\"2024-01-02T03:04:05Z\","
    "\"GroupList\":[],\"AttachedManagedPolicies\":[],"
    "\"UserPolicyList\":[{\"PolicyName\":\"p\","
    "\"PolicyDocument\":\"%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGet%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D\"}],"
    "\"PermissionsBoundary\":{\"PermissionsBoundaryType\":\"Policy\","
    "\"PermissionsBoundaryArn\":\"arn:aws:iam::123456789012:policy/edge\"}}],"
    "\"IsTruncated\":true,\"Marker\":\"abc\"}\n";
static const char page_2[] =
    "{\"GroupDetailList\":[{\"GroupName\":\"ops\",\"Arn\":\"arn:aws:iam::123456789012:group/ops\","
    "\"GroupPolicyList\":[],"
    "\"AttachedManagedPolicies\":[{\"PolicyName\":\"AdministratorAccess\","
    "\"PolicyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}]}],"
    "\"Policies\":[{\"PolicyName\":\"edge\",\"Arn\":\"arn:aws:iam::123456789012:policy/edge\",\"PolicyVersionList\":["
    "{\"Document\":{\"Statement\":[]},\"VersionId\":\"v1\",\"IsDefaultVersion\":false},"
    "{\"VersionId\":\"v2\",\"IsDefaultVersion\":true,\"Document\":{\"Statement\":[{\"Effect\":\"Allow\","
    "\"Action\":\"s3:*\",\"Resource\":\"*\"}]}}]}],"
    "\"RoleDetailList\":[{\"AssumeRolePolicyDocument\":{}}],\"IsTruncated\":false}";

/* A text that comes in pieces of random sizes, the least of them 1. */
static bool next_piece(void *context, struct buffer *piece, bool *is_end)
{
    struct slice *rest = context;
    size_t n = 1 + sample_below(sample_below(2) ? 7 : 200);
    n = n < rest->len ? n : rest->len;
    buffer_add(piece, rest->data, n);
    *rest = (struct slice){rest->data + n, rest->len - n};
    *is_end = !rest->len;
    return true;
}

/* In pieces, because their ends must not matter, or in one go. */
static bool read_text(struct details *d, struct slice text, struct error *err)
{
    struct json_reader j;
    if (sample_below(4))
        json_reader_start_pieces(&j, next_piece, &text);
    else
        json_reader_start(&j, text);
    bool ok = details_read(d, &j, "details.json", err);
    json_reader_free(&j);
    return ok;
}

static struct details *read_pages(const char *const *pages, size_t count)
{
    struct details *d = details_new();
    struct error err;
    for (size_t i = 0; i < count; i++) {
        if (!read_text(d, slice_of(pages[i]), &err))
            fail_msg("%s", err.text);
    }
    details_finish(d);
    return d;
}

static const struct details_user *user_of(const struct details *d, const char *arn)
{
    bool was_recreated;
    return details_find(d, slice_of(arn), INT64_MIN, &was_recreated);
}

static void test_pages(void **state)
{
    const char *pages[] = {page_1, page_2};
    (void)state;
    struct details *d = read_pages(pages, 2);
    assert_int_equal(d->user_count, 2);
    assert_null(d->truncated_account);
    const struct details_user *ann = user_of(d, "arn:aws:iam::123456789012:user/ann");
    const struct details_user *bob = user_of(d, "arn:aws:iam::123456789012:user/x/bob");
    assert_non_null(ann);
    assert_int_equal(ann->rights, RIGHTS_ADMIN);
    assert_string_equal(ann->rights_by, "group ops: AdministratorAccess");
    assert_false(ann->document_is_missing); /* AdministratorAccess is known by its name */
    assert_int_equal(ann->tag_count, 2);
    assert_string_equal(ann->tags[1].key, "Owner");
    assert_string_equal(ann->tags[1].value, "b@example.org");
    assert_int_equal(ann->group_count, 2);
    assert_non_null(bob);
    assert_int_equal(bob->rights, RIGHTS_READ);
    assert_string_equal(bob->rights_by, "p");
    assert_false(bob->boundary_is_missing);
    assert_true(details_has_account(d, slice_of("123456789012")));
    assert_false(details_has_account(d, slice_of("123456789013")));
    details_free(d);
    d = read_pages(pages, 1);
    assert_string_equal(d->truncated_account, "123456789012");
    assert_true(user_of(d, "arn:aws:iam::123456789012:user/x/bob")->boundary_is_missing);
    details_free(d);
}

/* The same ARN with another creation time is another user. */
static void test_recreated(void **state)
{
    const char *pages[] = {page_1, page_2};
    bool was_recreated;
    struct slice ann = slice_of("arn:aws:iam::123456789012:user/ann");
    (void)state;
    struct details *d = read_pages(pages, 2);
    assert_non_null(details_find(d, ann, sample_time("2024-01-02T03:04:05Z"), &was_recreated));
    assert_null(details_find(d, ann, sample_time("2025-01-02T03:04:05Z"), &was_recreated));
    assert_true(was_recreated);
    assert_null(details_find(d, slice_of("arn:aws:iam::123456789012:user/an"), INT64_MIN, &was_recreated));
    assert_false(was_recreated);
    details_free(d);
}

/* Every prefix of a page is broken, and nothing of it is read twice or leaks. */
static void test_broken(void **state)
{
    struct error err;
    (void)state;
    for (size_t n = 0; n < sizeof page_1 - 2; n++) {
        struct details *d = details_new();
        assert_false(read_text(d, (struct slice){page_1, n}, &err));
        details_finish(d);
        details_free(d);
    }
    assert_true(details_is(slice_of(page_1)));
    assert_true(details_is(slice_of(page_2)));
    assert_false(details_is(slice_of("{\"AccessKeyMetadata\":[]}")));
    assert_false(details_is(slice_of("user,arn\n")));
}

static void test_bad_policy(void **state)
{
    static const char page[] = "{\"UserDetailList\":[{\"Arn\":\"arn:aws:iam::123456789012:user/c\",\"GroupList\":[],"
        "\"AttachedManagedPolicies\":[],\"UserPolicyList\":["
        "{\"PolicyName\":\"b\xc3\xa4"
        "d\",\"PolicyDocument\":{\"Statement\":[{\"Effect\":\"Maybe\",\"Action\":\"*\"}]}},"
        "{\"PolicyName\":\"good\",\"PolicyDocument\":{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"ec2:Stop*\","
        "\"Resource\":\"*\"}}}]}]}";
    const char *pages[] = {page};
    (void)state;
    struct details *d = read_pages(pages, 1);
    assert_int_equal(d->bad_documents, 1);
    assert_int_equal(d->users[0].rights, RIGHTS_WRITE);
    assert_string_equal(d->users[0].rights_by, "good");
    details_free(d);
}

#define USER(members) "{\"UserDetailList\":[{\"Arn\":\"arn:aws:iam::123456789012:user/c\",\"GroupList\":[]" members "}]"
#define NOTHING ",\"AttachedManagedPolicies\":[]"
#define HAS(arn) ",\"AttachedManagedPolicies\":[{\"PolicyName\":\"P\",\"PolicyArn\":\"" arn "\"}]"
#define OWN "arn:aws:iam::123456789012:policy/P"
#define POLICY(members) ",\"Policies\":[{\"Arn\":\"" OWN "\"" members "}]"
#define VERSION(id, members, action) \
    "{\"VersionId\":\"" id "\"" members ",\"Document\":{\"Statement\":{\"Effect\":\"Allow\"," \
    "\"Action\":\"" action "\",\"Resource\":\"*\"}}}"
#define ALL \
    "{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\"," \
    "\"Resource\":\"*\"}}}"
#define YES ",\"IsDefaultVersion\":true"
#define NO ",\"IsDefaultVersion\":false"

/* Nothing is claimed that the file does not tell, and a boundary that it has in some form is not forgotten. */
static void test_what_is_known(void **state)
{
    static const struct {
        const char *page;
        enum rights rights;
        bool is_incomplete, boundary_is_missing;
    } cases[] = {
        /* a customer's own policy may have the name of one of AWS's */
        {USER(HAS("arn:aws:iam::123456789012:policy/AdministratorAccess")) "}", RIGHTS_NONE, true, false},
        {USER(HAS(OWN)) "}", RIGHTS_NONE, true, false},
        {USER(HAS("AdministratorAccess")) "}", RIGHTS_NONE, true, false},
        {USER(HAS("arn:aws:iam::aws:policy/AdministratorAccess")) "}", RIGHTS_ADMIN, false, false},
        {USER(HAS("arn:aws-cn:iam::aws:policy/job-function/ViewOnlyAccess")) "}", RIGHTS_READ, false, false},
        /* which version holds */
        {USER(HAS(OWN)) POLICY(",\"PolicyVersionList\":[" VERSION("v1", "", "s3:Get*") "]") "}", RIGHTS_READ, false,
            false},
        {USER(HAS(OWN)) POLICY(",\"PolicyVersionList\":[" VERSION("v1", NO, "s3:Get*") "]") "}", RIGHTS_NONE, true,
            false},
        {USER(HAS(OWN)) POLICY(",\"DefaultVersionId\":\"v2\",\"PolicyVersionList\":["
            VERSION("v1", "", "s3:Get*") "]") "}", RIGHTS_NONE, true, false},
        {USER(HAS(OWN)) POLICY(",\"PolicyVersionList\":[" VERSION("v1", "", "s3:Get*") "," VERSION("v2", "", "s3:*")
            "],\"DefaultVersionId\":\"v2\"") "}", RIGHTS_WRITE, false, false},
        {USER(HAS(OWN)) POLICY(",\"DefaultVersionId\":\"v2\",\"PolicyVersionList\":[" VERSION("v1", NO, "*") ","
            VERSION("v2", YES, "s3:Get*")
            "]") "}", RIGHTS_READ, false, false},
        {USER(HAS(OWN)) POLICY(",\"DefaultVersionId\":\"v2\",\"PolicyVersionList\":[" VERSION("v1", YES, "*") ","
            VERSION("v2", NO, "*") "]")
            "}", RIGHTS_NONE, true, false},
        {USER(HAS(OWN)) POLICY(",\"PolicyVersionList\":[" VERSION("v1", YES, "s3:Get*") ","
            VERSION("v2", YES, "*") "]") "}", RIGHTS_NONE, true, false},
        /* a boundary without an ARN is one */
        {USER(NOTHING ",\"PermissionsBoundary\":\"x\",\"UserPolicyList\":[" ALL "]") "}", RIGHTS_ADMIN, false, true},
        {USER(NOTHING ",\"PermissionsBoundary\":{},\"UserPolicyList\":[" ALL "]") "}", RIGHTS_ADMIN, false, true},
        {USER(NOTHING ",\"PermissionsBoundary\":null,\"UserPolicyList\":[" ALL "]") "}", RIGHTS_ADMIN, false, false},
        /* of two lists, one may be all there is */
        {USER(NOTHING ",\"UserPolicyList\":[" ALL "],\"UserPolicyList\":[]") "}", RIGHTS_ADMIN, true, false},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++) {
        struct details *d = read_pages(&cases[i].page, 1);
        const struct details_user *u = &d->users[0];
        if (u->rights != cases[i].rights || u->is_incomplete != cases[i].is_incomplete
            || u->boundary_is_missing != cases[i].boundary_is_missing)
            fail_msg("%s: %s, incomplete %d, boundary missing %d", cases[i].page, rights_name(u->rights),
            u->is_incomplete,
                u->boundary_is_missing);
        details_free(d);
    }
}

/* A list that is missing beside others is empty. Without any, nothing is known; see note_missing_of_user(). */
static void test_missing_lists(void **state)
{
    enum { POLICIES = 1, GROUPS = 2, TAGS = 4, BOUNDARY = 8, RIGHTS = 16 };
#define GROUP(members) \
    ",\"GroupDetailList\":[{\"GroupName\":\"g\",\"Arn\":\"arn:aws:iam::123456789012:group/g\"" members "}]"
#define BARE "{\"UserDetailList\":[{\"Arn\":\"arn:aws:iam::123456789012:user/c\""
    static const struct {
        const char *page;
        unsigned unknown;
    } cases[] = {
        {USER(NOTHING) "}", 0},
        {USER(NOTHING ",\"UserPolicyList\":[],\"Tags\":[]") "}", 0},
        {BARE "}]}", POLICIES | GROUPS | TAGS | BOUNDARY | RIGHTS},
        {BARE ",\"Tags\":[],\"PermissionsBoundary\":null}]}", POLICIES | GROUPS | RIGHTS},
        {BARE ",\"UserPolicyList\":null,\"GroupList\":null,\"Tags\":[]}]}", POLICIES | GROUPS | BOUNDARY | RIGHTS},
        {USER("") "}", 0},
        {USER(",\"UserPolicyList\":[]") "}", 0},
        {BARE NOTHING "}]}", 0},
        {BARE NOTHING ",\"UserPolicyList\":[" ALL "]}]}", 0},
        {BARE NOTHING ",\"GroupList\":null}]}", 0},
        {BARE ",\"UserPolicyList\":[" ALL "]}]}", 0},
        {USER(NOTHING ",\"UserPolicyList\":null,\"Tags\":null") "}", 0}, /* as --query writes what is missing */
        {USER(",\"AttachedManagedPolicies\":7") "}", POLICIES | RIGHTS},
        {USER(NOTHING ",\"Tags\":{}") "}", TAGS},
        {BARE NOTHING ",\"GroupList\":[\"g\"]}]" GROUP(NOTHING ",\"GroupPolicyList\":[]") "}", 0},
        {BARE NOTHING ",\"GroupList\":[\"g\"]}]" GROUP("") "}", RIGHTS},
        {BARE NOTHING ",\"GroupList\":[\"g\"]}]" GROUP(NOTHING) "}", 0},
        {BARE NOTHING ",\"GroupList\":[\"g\"]}]" GROUP(",\"GroupPolicyList\":[]") "}", 0},
        {BARE NOTHING ",\"GroupList\":[\"g\"]}]" GROUP(",\"GroupPolicyList\":[" ALL "]") "}", 0},
        {BARE NOTHING ",\"GroupList\":[\"g\"]}]}", RIGHTS},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++) {
        struct details *d = read_pages(&cases[i].page, 1);
        const struct details_user *u = &d->users[0];
        unsigned unknown = (u->policies.may_lack_some ? POLICIES : 0) | (u->may_lack_groups ? GROUPS : 0)
            | (u->may_lack_tags ? TAGS : 0)
            | (u->boundary_is_missing ? BOUNDARY : 0) | (u->is_incomplete ? RIGHTS : 0);
        if (unknown != cases[i].unknown)
            fail_msg("%s: %#x, expected %#x", cases[i].page, unknown, cases[i].unknown);
        details_free(d);
    }
}

/*
 * Of users and groups that are the same the first counts, whatever their number; a user without a time is any of the
 * ARN.
 */
static void test_twice(void **state)
{
#define AGAIN(created, owner) \
    "{\"Arn\":\"arn:aws:iam::123456789012:user/c\"" created ",\"GroupList\":[\"g\",\"g\"]" NOTHING \
    ",\"Tags\":[{\"Key\":\"Owner\",\"Value\":\"" owner "\"}]}"
#define MADE(time) ",\"CreateDate\":" time
#define POLICY_OF_GROUP(action) \
    "{\"GroupName\":\"g\",\"Arn\":\"arn:aws:iam::123456789012:group/g\"" NOTHING ",\"GroupPolicyList\":[" \
    "{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Statement\":{\"Effect\":\"Allow\"," \
    "\"Action\":\"" action "\",\"Resource\":\"*\"}}}]}"
    static const char page[] = "{\"UserDetailList\":[" AGAIN(MADE("300"), "a") "," AGAIN(MADE("100"), "b") ","
        AGAIN(MADE("300"), "c") "," AGAIN("", "d") "," AGAIN(MADE("500"), "e") "," AGAIN("", "f") "],"
        "\"GroupDetailList\":[" POLICY_OF_GROUP("s3:Get*") "," POLICY_OF_GROUP("*") "]}";
    static const struct {
        int64_t created;
        const char *owner;
    } cases[] = {{INT64_MIN, "a"}, {100, "b"}, {300, "a"}, {500, "d"}, {600, "d"}};
    const char *pages[] = {page};
    bool was_recreated;
    (void)state;
    struct details *d = read_pages(pages, 1);
    assert_int_equal(d->user_count, 4);
    assert_int_equal(d->twice, 4); /* c, f, the second group, and d, which may be b */
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++) {
        const struct details_user *u = details_find(d, slice_of("arn:aws:iam::123456789012:user/c"), cases[i].created,
            &was_recreated);
        assert_non_null(u);
        assert_false(was_recreated);
        assert_string_equal(u->tags[0].value, cases[i].owner);
        assert_int_equal(u->rights, RIGHTS_READ);
        assert_string_equal(u->rights_by, "group g: p");
    }
    details_free(d);
}

/* More policies of groups than any user can have: rights are unknown, not worked out from some. */
static void test_too_many_policies(void **state)
{
    enum { GROUPS = 3, EACH = 1000 };
    struct buffer page = {0};
    (void)state;
    buffer_puts(&page, "{\"UserDetailList\":[{\"Arn\":\"arn:aws:iam::123456789012:user/c\""
        NOTHING ",\"GroupList\":[\"g0\",\"g1\",\"g2\"]}],"
        "\"GroupDetailList\":[");
    for (size_t i = 0; i < GROUPS; i++) {
        buffer_printf(&page, "%s{\"GroupName\":\"g%zu\",\"Arn\":\"arn:aws:iam::123456789012:group/g\","
            "\"GroupPolicyList\":[]"
            ",\"AttachedManagedPolicies\":[", i ? "," : "", i);
        for (size_t k = 0; k < EACH; k++)
            buffer_printf(&page, "%s{\"PolicyName\":\"r\",\"PolicyArn\":\"arn:aws:iam::aws:policy/ReadOnlyAccess\"}",
                k ? "," : "");
        buffer_puts(&page, "]}");
    }
    buffer_puts(&page, "]}");
    const char *pages[] = {page.data};
    struct details *d = read_pages(pages, 1);
    assert_true(d->users[0].is_incomplete);
    assert_int_equal(d->incomplete_users, 1);
    details_free(d);
    buffer_free(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages), cmocka_unit_test(test_recreated),
        cmocka_unit_test(test_broken), cmocka_unit_test(test_bad_policy), cmocka_unit_test(test_what_is_known),
        cmocka_unit_test(test_missing_lists), cmocka_unit_test(test_twice), cmocka_unit_test(test_too_many_policies)};
    sample_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
