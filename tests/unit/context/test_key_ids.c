/* Key ids as list-access-keys prints them, for one user after the other, and as a table. */
#include "context/key_ids.h"
#include "unit/sample.h"

#define ENTRY(user, id, time) \
    "{\"UserName\":\"" user "\",\"AccessKeyId\":\"" id "\",\"Status\":\"Active\",\"CreateDate\":\"" time "\"}"

static struct key_ids *read_ids(const char *text)
{
    struct key_ids *k = key_ids_new();
    struct error err;
    if (!key_ids_read(k, slice_of(text), "keys.json", &err))
        fail_msg("%s", err.text);
    key_ids_finish(k);
    return k;
}

static void matches(const struct key_ids *k, const char *account, const char *user, const char *time, const char *want)
{
    bool is_ambiguous;
    const struct key_id *id = key_ids_match(k, slice_of(account), slice_of(user), sample_time(time), &is_ambiguous);
    assert_string_equal(id ? id->id : is_ambiguous ? "several" : "none", want);
}

static void test_shapes(void **state)
{
    static const char *const shapes[] = {
        "{\"AccessKeyMetadata\":[" ENTRY("ann", "AKIAQ47UFLPRYKTN3A4E", "2024-01-02T03:04:05+00:00") "]}\n"
        "{\"AccessKeyMetadata\":[" ENTRY("bob", "AKIAIOSFODNN7EXAMPLE",
        "2024-01-02T03:04:05Z") "]}\n{\"AccessKeyMetadata\":[]}",
        "[{\"AccessKeyMetadata\":[" ENTRY("bob", "AKIAIOSFODNN7EXAMPLE", "2024-01-02T03:04:05Z") "]},"
        "{\"AccessKeyMetadata\":[" ENTRY("ann", "AKIAQ47UFLPRYKTN3A4E", "2024-01-02T03:04:05+00:00") "]}]",
        "user,access_key_id,create_date\nann,AKIAQ47UFLPRYKTN3A4E,2024-01-02T03:04:05Z\n"
        "bob,AKIAIOSFODNN7EXAMPLE,2024-01-02T03:04:05Z\n",
        "AccessKeyId;CreateDate;UserName\r\nAKIAIOSFODNN7EXAMPLE;2024-01-02T03:04:05Z;bob\r\n"
        "AKIAQ47UFLPRYKTN3A4E;2024-01-02T03:04:05Z;ann",
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(shapes); i++) {
        assert_true(key_ids_is(slice_of(shapes[i])));
        struct key_ids *k = read_ids(shapes[i]);
        assert_int_equal(k->count, 2);
        matches(k, "062252211171", "ann", "2024-01-02T03:04:05Z", "AKIAQ47UFLPRYKTN3A4E");
        matches(k, "062252211172", "ann", "2024-01-02T03:04:05Z", "none"); /* the id is another account's */
        /* this one tells no account */
        matches(k, "062252211172", "bob", "2024-01-02T03:04:05Z", "AKIAIOSFODNN7EXAMPLE");
        matches(k, "062252211171", "ann", "2024-01-02T03:04:06Z", "none");
        assert_string_equal(key_ids_find(k, slice_of("akiaiosfodnn7example"))->user, "bob");
        assert_null(key_ids_find(k, slice_of("AKIAIOSFODNN7EXAMPLF")));
        key_ids_free(k);
    }
}

static void test_one_second(void **state)
{
    (void)state;
    struct key_ids *k = read_ids("{\"AccessKeyMetadata\":["
        ENTRY("ann", "AKIAQ47UFLPRYKTN3A4E", "2024-01-02T03:04:05Z") ","
        ENTRY("ann", "AKIAQ47UFLPRYKTN3A4F", "2024-01-02T03:04:05Z") ","
        ENTRY("ann", "AKIAQ47UFLPRYKTN3A4E", "2024-01-02T03:04:05Z")
        "," ENTRY("ann", "no id", "2024-01-02T03:04:05Z") "]}");
    assert_int_equal(k->not_ids, 1);
    matches(k, "062252211171", "ann", "2024-01-02T03:04:05Z", "several");
    key_ids_free(k);
}

/* What is behind a NUL belongs to the name and to the id: neither is one. */
static void test_cut_names(void **state)
{
    (void)state;
    struct key_ids *k = read_ids("{\"AccessKeyMetadata\":["
        ENTRY("ann\\u0000x", "AKIAQ47UFLPRYKTN3A4E", "2024-01-02T03:04:05Z") ","
        ENTRY("ann", "AKIAQ47UFLPRYKTN3A4F\\u0000x", "2024-01-02T03:04:05Z") "]}");
    assert_int_equal(k->not_ids, 2);
    matches(k, "062252211171", "ann", "2024-01-02T03:04:05Z", "none");
    key_ids_free(k);
}

/* A member is not the one with whose name it begins before a NUL. */
static void test_nul_in_name(void **state)
{
    (void)state;
    struct key_ids *k = read_ids("[{\"user\\u0000x\":\"eve\",\"user\":\"ann\",\"user\\u0000\":\"mallory\","
        "\"access_key_id\":\"AKIAIOSFODNN7EXAMPLE\"}]");
    assert_string_equal(key_ids_find(k, slice_of("AKIAIOSFODNN7EXAMPLE"))->user, "ann");
    key_ids_free(k);
}

static void test_refused(void **state)
{
    static const char *const texts[] = {"", "{}", "{\"AccessKeyMetadata\":", "user,age\nann,3\n", "[1,2]"};
    struct error err;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++) {
        struct key_ids *k = key_ids_new();
        if (key_ids_read(k, slice_of(texts[i]), "keys.json", &err))
            fail_msg("accepted: %s", texts[i]);
        key_ids_finish(k);
        key_ids_free(k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shapes), cmocka_unit_test(test_one_second),
        cmocka_unit_test(test_cut_names), cmocka_unit_test(test_nul_in_name), cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
