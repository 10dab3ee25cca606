/* Details and key IDs of an account that answers in pages, refuses some of them, or no longer has a user. */
#include "base/wipe.h"
#include "fetch/extras.h"
#include "unit/sample.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const users[] = {"alice", "bob", "carol", "dave", "eve"};

/* What the account does; "": nothing special. */
static const char *play;
static size_t asked;

static int64_t no_clock(void)
{
    return 0;
}

static void no_pause(int64_t ms)
{
    (void)ms;
}

static void no_progress(void *context, const struct fetch_target *target, enum fetch_event event, const char *what)
{
    (void)context;
    (void)target;
    (void)event;
    (void)what;
}

static void refuse(struct answer *out, const char *code)
{
    out->kind = ANSWER_AWS_ERROR;
    snprintf(out->code, sizeof out->code, "%s", code);
    snprintf(out->message, sizeof out->message, "no");
}

static bool plays(const char *name)
{
    return strcmp(play, name) == 0;
}

/* One user per page. */
static void answer_details(const char *marker, struct answer *out)
{
    size_t page = marker ? (size_t)atoi(marker) : 0;
    bool more = page + 1 < SAMPLE_COUNT(users);
    if (plays("refused at the third") && page == 2) {
        refuse(out, "AccessDenied");
        return;
    }
    out->kind = ANSWER_YES;
    if (plays("again and again"))
        page = 0;
    buffer_printf(&out->body, "{\"UserDetailList\": [{\"UserName\": \"%s\"}], \"IsTruncated\": %s", users[page],
        more ? "true" : "false");
    if (plays("NextToken"))
        buffer_puts(&out->body, ", \"NextToken\": \"x\"");
    else if (more && !(plays("no marker") && page == 1))
        buffer_printf(&out->body, ", \"Marker\": \"%zu\"", page + 1);
    buffer_putc(&out->body, '}');
}

static void answer_keys(const char *user, struct answer *out)
{
    bool is_third = strcmp(user, "carol") == 0;
    if (plays("all refused") || (plays("third refused") && is_third)) {
        refuse(out, "AccessDenied");
    } else if (plays("third gone") && is_third) {
        refuse(out, "NoSuchEntity");
    } else if (plays("third unknown") && is_third) {
        refuse(out, "SomethingElse");
    } else {
        out->kind = ANSWER_YES;
        buffer_printf(&out->body, "{\"AccessKeyMetadata\": [{\"UserName\": \"%s\", \"AccessKeyId\": \"AKIA\"}]}", user);
    }
}

static void ask(struct way *way, const struct question *q, struct answer *out)
{
    (void)way;
    asked++;
    if (strcmp(q->action, "GetAccountAuthorizationDetails") == 0) {
        answer_details(q->marker, out);
    } else if (strcmp(q->action, "GetAccessKeyLastUsed") == 0 && plays("nobody's")) {
        refuse(out, "AccessDenied");
    } else if (strcmp(q->action, "GetAccessKeyLastUsed") == 0) {
        out->kind = ANSWER_YES;
        buffer_puts(&out->body, "{\"UserName\": \"carol\", \"AccessKeyLastUsed\": {\"ServiceName\": \"s3\"}}");
    } else {
        answer_keys(q->user, out);
    }
}

/* What is fetched from an account that plays NAME: how many entries, and the error ("" for none). */
struct got {
    size_t entries;
    bool is_truncated;
    char marker[16];
    struct error err;
};

static struct got fetch_extra(const char *name, bool details)
{
    static const char report[] = "user,arn\n<root_account>,arn:aws:iam::111111111111:root\n"
        "alice,arn:aws:iam::111111111111:user/alice\nbob,arn:aws:iam::111111111111:user/bob\n"
        "carol,arn:aws:iam::111111111111:user/carol\ndave,arn:aws:iam::111111111111:user/dave\n"
        "eve,arn:aws:iam::111111111111:user/eve\n";
    const struct fetch_settings settings = {.clock = no_clock, .pause = no_pause, .progress = no_progress, .tries = 2};
    const struct fetch_target target = {.name = "x"};
    struct way way = {.ask = ask, .settings = &settings, .target = &target};
    struct buffer out = {0};
    struct got got = {0};
    play = name;
    asked = 0;
    bool ok = details ? extras_details(&way, &out, &got.err) : extras_keys(&way, slice_of(report), &out, &got.err);
    assert_int_equal(ok, got.err.text[0] == '\0');
    json_t *json = out.len ? json_loadb(out.data, out.len, 0, NULL) : NULL;
    got.entries = json_array_size(json_object_get(json, details ? "UserDetailList" : "AccessKeyMetadata"));
    got.is_truncated = json_is_true(json_object_get(json, "IsTruncated"));
    const char *marker = json_string_value(json_object_get(json, "Marker"));
    snprintf(got.marker, sizeof got.marker, "%s", marker ? marker : "");
    json_decref(json);
    buffer_free(&out);
    return got;
}

static void test_details(void **state)
{
    static const struct {
        const char *play;
        size_t entries;
        const char *marker, *error;
    } table[] = {
        {"", 5, "", ""},
        {"refused at the third", 2, "2",
            "x: AccessDenied: the caller lacks the permission iam:GetAccountAuthorizationDetails "
            "(no); the details of 2 users are there"},
        {"again and again", 2, "1",
            "x: GetAccountAuthorizationDetails: the same page comes again and again; the details of "
            "2 users are there"},
        {"no marker", 2, "", "x: GetAccountAuthorizationDetails: there are more pages, but no marker to request them; "
            "the details of 2 users are there"},
        {"NextToken", 1, "", "x: GetAccountAuthorizationDetails: there are more pages, but no marker to request them; "
            "the details of 1 user are there"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct got got = fetch_extra(table[i].play, true);
        assert_string_equal(got.err.text, table[i].error);
        assert_int_equal(got.entries, table[i].entries);
        assert_int_equal(got.is_truncated, table[i].error[0] != '\0');
        assert_string_equal(got.marker, table[i].marker);
    }
}

static void test_keys(void **state)
{
    static const struct {
        const char *play;
        size_t entries, asked;
        const char *error;
    } table[] = {
        {"", 5, 5, ""},
        /* deleted since the report was made: it has no keys */
        {"third gone", 4, 5, ""},
        /* a policy may allow some users only */
        {"third refused", 4, 5,
            "x: AccessDenied: the caller lacks the permission iam:ListAccessKeys (no); access key IDs of 4 "
            "of 5 users are there"},
        {"all refused", 0, 3,
            "x: AccessDenied: the caller lacks the permission iam:ListAccessKeys (no); access key IDs of 0 "
            "of 5 users are there"},
        {"third unknown", 2, 3, "x: ListAccessKeys: SomethingElse: no; access key IDs of 2 of 5 users are there"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct got got = fetch_extra(table[i].play, false);
        assert_string_equal(got.err.text, table[i].error);
        assert_int_equal(got.entries, table[i].entries);
        assert_int_equal(asked, table[i].asked);
    }
}

/* Whose the key is counts, also where the other keys of that user may not be listed. */
static void test_owner(void **state)
{
    static const struct {
        const char *play, *user, *keys_error, *error;
    } table[] = {
        {"", "carol", "", ""},
        {"third refused", "carol",
            "x: AccessDenied: the caller lacks the permission iam:ListAccessKeys (no); it is unknown "
            "which of the keys of carol this is", ""},
        {"nobody's", "", "", "x: AccessDenied: the caller lacks the permission iam:GetAccessKeyLastUsed (no); AWS "
            "answers so, "
            "too, where the account has no such key"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        const struct fetch_settings settings = {.clock = no_clock, .pause = no_pause, .progress = no_progress,
            .tries = 2};
        const struct fetch_target target = {.name = "x"};
        struct way way = {.ask = ask, .settings = &settings, .target = &target};
        struct fetch_key_owner owner = {.user = ""};
        struct buffer keys = {0};
        struct error keys_error = {.text = ""}, error = {.text = ""};
        play = table[i].play;
        bool ok = extras_owner(&way, "AKIAIOSFODNN7EXAMPLE", slice_of("user,arn\n"), &owner, &keys, &keys_error,
            &error);
        assert_int_equal(ok, table[i].error[0] == '\0');
        assert_string_equal(owner.user, table[i].user);
        assert_string_equal(keys_error.text, table[i].keys_error);
        assert_string_equal(error.text, table[i].error);
        assert_int_equal(keys.len && strstr(keys.data, "AKIAIOSFODNN7EXAMPLE"), ok);
        buffer_free(&keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_details), cmocka_unit_test(test_keys),
        cmocka_unit_test(test_owner)};
    json_set_alloc_funcs(wipe_malloc, wipe_free); /* as fetch_run() does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
