/* Ids that AWS or researchers published, with the accounts that they name; and text that is no id. */
#include "aws/access_key_id.h"
#include "unit/sample.h"

static void is_id(const char *text, enum access_key_id_kind kind, const char *account)
{
    char got[ACCESS_KEY_ID_ACCOUNT_SIZE];
    assert_int_equal(access_key_id_parse(slice_of(text), got), kind);
    assert_string_equal(got, account);
}

static void test_published(void **state)
{
    (void)state;
    is_id("ASIAQNZGKIQY56JQ7WML", ACCESS_KEY_ID_TEMPORARY, "029608264753");
    is_id("AKIAQ47UFLPRYKTN3A4E", ACCESS_KEY_ID_LONG_TERM, "062252211171");
    is_id("akiaq47uflprYKTN3A4E", ACCESS_KEY_ID_LONG_TERM, "062252211171");
}

static void test_old_format(void **state)
{
    (void)state;
    is_id("AKIAIOSFODNN7EXAMPLE", ACCESS_KEY_ID_OLD, "");
    is_id("AKIAI44QH8DHBEXAMPLE", ACCESS_KEY_ID_OLD, ""); /* no base32 */
    is_id("AKIAJ234567ABCDEFGHI", ACCESS_KEY_ID_OLD, "");
    is_id("ASIAI234567ABCDEFGHI", ACCESS_KEY_ID_OLD_TEMPORARY, "");
}

static void test_nonsense(void **state)
{
    static const char *const texts[] = {"", "AKIA", "AKIAQ47UFLPRYKTN3A4", "AKIAQ47UFLPRYKTN3A4EE",
        "AKIAQ47UFLPRYKTN3A48", "AKIAQ47UFLPRYKTN3A4 ", "AIDAQ47UFLPRYKTN3A4E", "AKIAQ47UFLPR\xc3\x96KTN3A4E"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++)
        is_id(texts[i], ACCESS_KEY_ID_NONE, "");
    is_id("AKIA77777777ABCDEFGH", ACCESS_KEY_ID_OLD, ""); /* its number has thirteen digits */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published), cmocka_unit_test(test_old_format),
        cmocka_unit_test(test_nonsense)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
