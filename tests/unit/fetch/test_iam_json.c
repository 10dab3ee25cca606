/* XML of IAM becomes the JSON of the aws command, whatever users and tags are called. */
#include "fetch/iam_json.h"
#include "unit/sample.h"

#include <stdlib.h>

static void expect_json(const char *inner, const char *want)
{
    struct buffer xml = {0};
    struct error err;
    buffer_printf(&xml, "<XResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><XResult>%s</XResult>"
        "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></XResponse>", inner);
    json_t *got = iam_json((struct slice){xml.data, xml.len}, "X", &err), *expected = json_loads(want, 0, NULL);
    if (!got)
        fail_msg("%s: %s", inner, err.text);
    assert_non_null(expected);
    if (!json_equal(got, expected)) {
        char *text = json_dumps(got, JSON_COMPACT);
        fail_msg("%s gives %s, not %s", inner, text, want);
    }
    json_decref(got);
    json_decref(expected);
    buffer_free(&xml);
}

static void test_shapes(void **state)
{
    (void)state;
    expect_json("<IsTruncated>false</IsTruncated><UserDetailList/>",
        "{\"IsTruncated\": false, \"UserDetailList\": []}");
    expect_json("<UserDetailList><member><UserName>a &amp; "
        "b</UserName><Tags><member><Key>k</Key><Value/></member></Tags>"
        "</member>\n <member><UserName>\xc3\xa9</UserName></member></UserDetailList>",
        "{\"UserDetailList\": [{\"UserName\": \"a & b\", \"Tags\": [{\"Key\": \"k\", \"Value\": \"\"}]}, "
        "{\"UserName\": \"\xc3\xa9\"}]}");
    expect_json("<Policies><member><AttachmentCount>12</AttachmentCount><IsAttachable>true</IsAttachable>"
        "<PolicyVersionList><member><Document>%7B%22Version%22%3A%20%222012-10-17%22%7D</Document></member></PolicyVersionList></member></Policies>",
        "{\"Policies\": [{\"AttachmentCount\": 12, \"IsAttachable\": true, \"PolicyVersionList\": [{\"Document\": "
        "{\"Version\": \"2012-10-17\"}}]}]}");
}

static void test_names(void **state)
{
    (void)state;
    expect_json("<UserDetailList><member><UserName>true</UserName><GroupList><member>false</member><member>12</member>"
        "</GroupList><Tags><member><Key>true</Key><Value>false</Value></member></Tags></member></UserDetailList>",
        "{\"UserDetailList\": [{\"UserName\": \"true\", \"GroupList\": [\"false\", \"12\"], \"Tags\": "
        "[{\"Key\": \"true\", \"Value\": \"false\"}]}]}");
    expect_json("<AccessKeyMetadata><member><UserName>false</UserName></member></AccessKeyMetadata>",
        "{\"AccessKeyMetadata\": [{\"UserName\": \"false\"}]}");
}

static void test_others(void **state)
{
    static const char *const texts[] = {"", "{}", "<a/>", "<XResponse><YResult/></XResponse>", "<XResponse><XResult>",
        "<XResponse><XResult>text</XResult></XResponse>"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++) {
        struct error err = {.text = ""};
        assert_null(iam_json(slice_of(texts[i]), "X", &err));
        assert_true(err.text[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shapes), cmocka_unit_test(test_names),
        cmocka_unit_test(test_others)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
