/* Rights of one user from a few policies, as the IAM User Guide's evaluation logic has it. */
#include "context/details.h"
#include "unit/sample.h"

/* The rights that a user with these inline policies has, within BOUNDARY unless it is NULL. */
static struct rights_result rights_of(const char *const *documents, size_t count, const char *boundary)
{
    static struct rights_model model;
    struct rights_policy prepared[8];
    struct rights_source list[8];
    struct policy *compiled[8];
    struct error err;
    rights_model_init(&model);
    for (size_t i = 0; i <= count; i++) {
        const char *text = i < count ? documents[i] : boundary;
        compiled[i] = NULL;
        if (!text)
            continue;
        compiled[i] = policy_compile(slice_of(text), &err);
        if (!compiled[i])
            fail_msg("%s: %s", text, err.text);
        rights_prepare(&prepared[i], &model, compiled[i]);
        list[i] = (struct rights_source){&prepared[i], NULL, "p"};
    }
    size_t steps = RIGHTS_STEPS_FIRST;
    struct rights_result r = rights_evaluate(&model, list, count, boundary ? &prepared[count] : NULL, &steps);
    for (size_t i = 0; i <= count; i++)
        policy_free(compiled[i]);
    return r;
}

#define ALLOW(actions) "{\"Effect\":\"Allow\",\"Action\":" actions ",\"Resource\":\"*\"}"
#define DENY(actions) "{\"Effect\":\"Deny\",\"Action\":" actions ",\"Resource\":\"*\"}"
#define DOCUMENT(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"

static void test_words(void **state)
{
    static const struct {
        const char *document, *boundary;
        enum rights want;
    } cases[] = {
        {DOCUMENT(""), NULL, RIGHTS_NONE},
        {DOCUMENT(ALLOW("\"*\"")), NULL, RIGHTS_ADMIN},
        {DOCUMENT(ALLOW("[\"s3:GetObject\",\"*:*\"]")), NULL, RIGHTS_ADMIN},
        {DOCUMENT(ALLOW("\"*:**\"")), NULL, RIGHTS_ADMIN},
        {DOCUMENT(ALLOW("[\"\",\"s3:PutObject\"]")), NULL, RIGHTS_WRITE},
        {"{\"Statement\":" ALLOW("\"*\"") "}", NULL, RIGHTS_ADMIN},
        /* on some resource only it is no administrator, but every path is open */
        {"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::b/*\"}}", NULL,
            RIGHTS_ESCALATE},
        {DOCUMENT(ALLOW("\"*\"") "," DENY("\"s3:DeleteBucket\"")), NULL, RIGHTS_ESCALATE},
        {DOCUMENT(ALLOW("\"*\"") "," DENY("\"*\"")), NULL, RIGHTS_NONE},
        {DOCUMENT(ALLOW("\"iam:*\"")), NULL, RIGHTS_ESCALATE},
        {DOCUMENT(ALLOW("\"IAM:CreateAccessKey\"")), NULL, RIGHTS_ESCALATE},
        {DOCUMENT(ALLOW("\"iam:PassRole\"")), NULL, RIGHTS_WRITE},
        {DOCUMENT(ALLOW("[\"iam:PassRole\",\"ec2:Run*\"]")), NULL, RIGHTS_ESCALATE},
        {DOCUMENT(ALLOW("\"iam:PassRole\"") "," ALLOW("\"ec2:Run*\"") "," DENY("\"iam:Pass*\"")), NULL, RIGHTS_WRITE},
        {DOCUMENT(ALLOW("\"sts:AssumeRole\"")), NULL, RIGHTS_ESCALATE},
        {"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"arn:aws:iam::1:role/a\"}}",
            NULL, RIGHTS_WRITE},
        {DOCUMENT(ALLOW("\"s3:GetObject\"")), NULL, RIGHTS_READ},
        {DOCUMENT(ALLOW("[\"s3:Get*\",\"ec2:Describe*\",\"sts:GetCallerIdentity\"]")), NULL, RIGHTS_READ},
        {DOCUMENT(ALLOW("\"s3:G*\"")), NULL, RIGHTS_WRITE},
        {DOCUMENT(ALLOW("\"s3:PutObject\"")), NULL, RIGHTS_WRITE},
        {DOCUMENT(ALLOW("[\"s3:Get*\",\"s3:PutObject\"]") "," DENY("\"s3:Put*\"")), NULL, RIGHTS_READ},
        {DOCUMENT("{\"Effect\":\"Allow\",\"NotAction\":\"s3:*\",\"Resource\":\"*\"}"), NULL, RIGHTS_ESCALATE},
        {DOCUMENT(ALLOW("\"*\"") ",{\"Effect\":\"Deny\",\"NotAction\":\"s3:Get*\",\"Resource\":\"*\"}"), NULL,
            RIGHTS_READ},
        /* the boundary caps, and grants nothing */
        {DOCUMENT(ALLOW("\"*\"")), DOCUMENT(ALLOW("\"s3:*\"")), RIGHTS_WRITE},
        {DOCUMENT(ALLOW("\"*\"")), DOCUMENT(ALLOW("\"s3:Get*\"")), RIGHTS_READ},
        {DOCUMENT(ALLOW("\"*\"")), DOCUMENT(ALLOW("\"*\"")), RIGHTS_ADMIN},
        {DOCUMENT(ALLOW("\"s3:Get*\"")), DOCUMENT(ALLOW("\"ec2:*\"")), RIGHTS_NONE},
        {DOCUMENT(ALLOW("\"iam:*\"")), DOCUMENT(ALLOW("\"*\"") "," DENY("\"iam:*\"")), RIGHTS_NONE},
        {DOCUMENT(""), DOCUMENT(ALLOW("\"*\"")), RIGHTS_NONE},
        /* what is allowed is in several patterns at once, of which none is within another */
        {DOCUMENT(ALLOW("\"s3:*Object\"")), DOCUMENT(ALLOW("\"s3:Get*\"")), RIGHTS_READ},
        {DOCUMENT(ALLOW("\"s3:*Object\"")), DOCUMENT(ALLOW("[\"s3:Get*\",\"s3:P*t\"]")), RIGHTS_WRITE},
        {DOCUMENT(ALLOW("\"s3:*Object\"")), DOCUMENT(ALLOW("\"s3:*Bucket\"")), RIGHTS_NONE},
        {DOCUMENT(ALLOW("\"s3:*Object\"") ",{\"Effect\":\"Deny\",\"NotAction\":\"s3:Get*\",\"Resource\":\"*\"}"), NULL,
            RIGHTS_READ},
        {DOCUMENT(ALLOW("\"*:*e*\"") ",{\"Effect\":\"Deny\",\"NotAction\":\"s3:*Object\",\"Resource\":\"*\"}"),
            DOCUMENT(ALLOW("\"s3:Get*\"")), RIGHTS_READ},
        {DOCUMENT(ALLOW("\"s3:GetObject*\"") "," DENY("\"s3:GetObject?*\"")), NULL, RIGHTS_READ},
        {DOCUMENT(ALLOW("\"s3:*\"") "," DENY("[\"s3:z*\",\"s3:q*\"]")), NULL, RIGHTS_WRITE},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(cases); i++) {
        enum rights got = rights_of(&cases[i].document, 1, cases[i].boundary).rights;
        if (got != cases[i].want)
            fail_msg("%s within %s: %s, not %s", cases[i].document, cases[i].boundary ? cases[i].boundary : "nothing",
                rights_name(got), rights_name(cases[i].want));
    }
}

static void test_marks(void **state)
{
    static const char *const conditional =
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
            "\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}}");
    static const char *const both[] = {DOCUMENT(ALLOW("\"*\"")),
        DOCUMENT("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{}}}")};
    static const char *const partial =
        DOCUMENT(ALLOW("\"*\"") ",{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::b\"}");
    (void)state;
    struct rights_result r = rights_of(&conditional, 1, NULL);
    assert_int_equal(r.rights, RIGHTS_ADMIN);
    assert_true(r.with_conditions);
    assert_false(rights_of(both, 2, NULL).with_conditions); /* it holds without the condition, too */
    r = rights_of(&partial, 1, NULL);
    assert_int_equal(r.rights, RIGHTS_ADMIN);
    assert_true(r.ignores_denies);
}

/* A path whose actions come from two policies names both. */
static void test_sources(void **state)
{
    static const char *const documents[] = {DOCUMENT(ALLOW("\"s3:*\"")), DOCUMENT(ALLOW("\"iam:PassRole\"")),
        DOCUMENT(ALLOW("\"ec2:RunInstances\""))};
    (void)state;
    struct rights_result r = rights_of(documents, 3, NULL);
    assert_int_equal(r.rights, RIGHTS_ESCALATE);
    assert_string_equal(r.path->id, "ec2-001");
    assert_int_equal(r.by_count, 2);
    assert_true((r.by[0] == 1 && r.by[1] == 2) || (r.by[0] == 2 && r.by[1] == 1));
}

static void test_bad_documents(void **state)
{
    static const char *const documents[] = {"", "[]", "{}", "{\"Statement\":[1]}",
        "{\"Statement\":{\"Effect\":\"Allow\"}}",
        "{\"Statement\":{\"Effect\":\"Perhaps\",\"Action\":\"*\",\"Resource\":\"*\"}}",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"NotAction\":\"*\",\"Resource\":\"*\"}}",
        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":{\"a\":[]},\"Resource\":\"*\"}}",
        "{\"Statement\":{\"Effect\":",
        "{\"Statement\":{\"Effect\":\"Deny\",\"effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}",
        ("{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"a\":{}},"
            "\"condition\":{}}}"),
        "{\"Statement\":[],\"statement\":[]}", "{\"Statement\":[]} {\"Statement\":[]}", "{\"Statement\":[]}}",
        "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"s3:\\u0001\",\"Resource\":\"*\"}}"};
    struct error err;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(documents); i++)
        assert_null(policy_compile(slice_of(documents[i]), &err));
}

static void test_patterns(void **state)
{
    (void)state;
    assert_true(policy_pattern_matches("s3:*", "s3:getobject"));
    assert_true(policy_pattern_matches("*", ""));
    assert_true(policy_pattern_matches("s3:?et*t", "s3:getobject"));
    assert_true(policy_pattern_matches("a*b*c", "aXbXbXc"));
    assert_false(policy_pattern_matches("s3:get", "s3:getobject"));
    assert_false(policy_pattern_matches("s3:get?", "s3:get"));
    assert_false(policy_pattern_matches("a*b*c", "aXcXb"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words), cmocka_unit_test(test_marks),
        cmocka_unit_test(test_sources), cmocka_unit_test(test_bad_documents), cmocka_unit_test(test_patterns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
