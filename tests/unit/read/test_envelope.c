/* Envelopes opened from memory: what is borrowed, what is owned, and that no bytes at all do harm. */
#include "unit/sample.h"

#include "aws/aws_error.h"
#include "base/base64.h"
#include "read/envelope.h"
#include "base/gunzip.h"

#include <stdio.h>
#include <stdlib.h>

static void test_plain_is_not_copied(void **state)
{
    static const char *const texts[] = {
        "user,arn\na,b\n", "\"user\",\"arn\"\n\"a\",\"b\"\n", "account_id,user,arn\n1,a,b", "user,arn\nPK,<a>\n",
        "dXNlcixhcm4,user,arn\n", "u\n", "Content,user,arn\n", "<root_account>,arn:aws:iam::1:root\n", "",
        "not a report",
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++) {
        struct envelope e;
        struct error err;
        assert_true(envelope_open(slice_of(texts[i]), strlen(texts[i]), "f", &e, &err));
        assert_ptr_equal(e.csv.data, texts[i]);
        assert_int_equal(e.csv.len, strlen(texts[i]));
        assert_null(e.owned.data);
        assert_false(e.generated_known);
        envelope_free(&e);
    }
}

static void test_time(void **state)
{
    static const char *const texts[] = {
        "{\"Content\":\"user,arn,mfa\\n\",\"GeneratedTime\":\"2026-06-15T12:00:00Z\"}",
        "{\"GeneratedTime\":\"2026-06-15T14:00:00+02:00\",\"Content\":\"dXNlcixhcm4sbWZhCg==\"}",
        "dXNlcixhcm4sbWZhCg==\t2026-06-15T12:00:00+00:00\ttext/csv\n",
        "GeneratedTime: 2026-06-15T12:00:00.000Z\nContent: dXNlcixhcm4sbWZhCg==",
        "<A><B><GeneratedTime>2026-06-15T12:00:00Z</GeneratedTime><Content>user,arn,mfa&#10;</Content></B></A>",
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++) {
        struct envelope e;
        struct error err;
        if (!envelope_open(slice_of(texts[i]), strlen(texts[i]), "f", &e, &err))
            fail_msg("%zu: %s", i, err.text);
        sample_is(e.csv, "user,arn,mfa\n");
        assert_true(e.generated_known);
        assert_int_equal(e.generated, SAMPLE_AS_OF);
        envelope_free(&e);
    }
}

/* RFC 4648, section 10, pastes of it, and section 5: - and _ are digits, too. */
static void test_base64(void **state)
{
    static const struct {
        const char *text, *want; /* NULL: an error */
    } table[] = {
        {"", ""}, {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYg==", "foob"}, {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"}, {"Zg", "f"}, {"Zm8", "fo"}, {"Zm\r\n9v\n", "foo"}, {"Zg==\n", "f"}, {"Z", NULL},
        {"Zm9vY", NULL}, {"Zm9v!", NULL}, {"=", NULL}, {"Z===", NULL}, {"Zg==Zg==", NULL}, {"Zm9v=", NULL},
        {"Zm.v", NULL}, {"fn5+", "~~~"}, {"fn5-", "~~~"}, {"Pz8_", "???"}, {"Pz8/", "???"},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct buffer out = {0};
        struct error err;
        bool ok = base64_decode(slice_of(table[i].text), &out, &err);
        if (ok != (table[i].want != NULL))
            fail_msg("\"%s\": %s", table[i].text, ok ? "taken" : err.text);
        if (ok)
            sample_is((struct slice){out.data, out.len}, table[i].want);
        buffer_free(&out);
    }
}

static void test_error_table(void **state)
{
    (void)state;
    assert_int_equal(aws_error_next(slice_of("ReportExpired")), AWS_GENERATE);
    assert_int_equal(aws_error_next(slice_of("ReportNotPresent")), AWS_GENERATE);
    assert_int_equal(aws_error_next(slice_of("ReportInProgress")), AWS_WAIT);
    assert_int_equal(aws_error_next(slice_of("LimitExceeded")), AWS_WAIT);
    assert_int_equal(aws_error_next(slice_of("Throttling")), AWS_BACK_OFF);
    assert_int_equal(aws_error_next(slice_of("ServiceFailure")), AWS_BACK_OFF);
    assert_int_equal(aws_error_next(slice_of("AccessDenied")), AWS_GIVE_UP);
    assert_int_equal(aws_error_next(slice_of("NeverHeardOf")), AWS_GIVE_UP);
    assert_int_equal(aws_error_next(slice_of("")), AWS_GIVE_UP);
}

/* Fail the test unless BYTES, made in step STEP, open as an envelope or there is one line that says why not. */
static void open_or_say_why(const struct buffer *bytes, unsigned long long seed, size_t step)
{
    struct envelope e;
    struct error err = {{0}, 0};
    bool ok = envelope_open((struct slice){bytes->data, bytes->len}, bytes->len, "f", &e, &err);
    if (!ok && (!err.text[0] || strchr(err.text, '\n')))
        fail_msg("seed %llu, step %zu: no line of error", seed, step);
    envelope_free(&e);
}

/* A start that is taken for an envelope, then noise: opens or fails with one line, never crashes. */
static void test_noise(void **state)
{
    static const char *const starts[] = {
        "{\"Content\":\"", "{", "[", "\"", "<", "<A><Content>", "Content: ", "Content: |\n  ", "---\n", "\x1f\x8b\x08",
        "\x1f\x8b", "\xff\xfe", "\xfe\xff", "\xef\xbb\xbf", "An error occurred (", "aws: ", "dXNlcixhcm4sbWZhCg==YSxi",
        "dXNlcixhcm4sbWZhCg==YSxi\t2026-06-15T12:00:00Z\ttext/csv", "user,arn\n", "", "Content: '", "Content: \"\\",
    };
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t i = 0; i < 20000; i++) {
        struct buffer bytes = {0};
        buffer_puts(&bytes, SAMPLE_ONE_OF(starts));
        sample_random_bytes(&bytes, sample_below(60));
        open_or_say_why(&bytes, seed, i);
        buffer_free(&bytes);
    }
}

/* Whole envelopes with a few bytes of them changed, left out or doubled. */
static void test_mutations(void **state)
{
    static const char *const texts[] = {
        "{\"Content\":\"dXNlcixhcm4sbWZhCmEsYixjCg==\",\"GeneratedTime\":\"2026-06-15T12:00:00Z\","
            "\"ReportFormat\":\"text/csv\"}",
        "<GetCredentialReportResponse xmlns=\"x\"><GetCredentialReportResult><Content>dXNlcixhcm4sbWZhCg==</Content>"
            "<GeneratedTime>2026-06-15T12:00:00Z</GeneratedTime></GetCredentialReportResult>"
            "</GetCredentialReportResponse>",
        "Content: dXNlcixhcm4sbWZhCg==\nGeneratedTime: '2026-06-15T12:00:00+00:00'\nReportFormat: text/csv\n",
        "Content: |\n  user,arn\n  a,b\nGeneratedTime: \"2026-06-15T12:00:00Z\"\n",
        "dXNlcixhcm4sbWZhCg==\t2026-06-15T12:00:00Z\ttext/csv\n", "\"dXNlcixhcm4sbWZhCmEsYixjCg==\"",
        "An error occurred (AccessDenied) when calling the GetCredentialReport operation: User: a is not authorized to "
            "perform: iam:GetCredentialReport on resource: *",
        "\x1f\x8b\x08\x01\x01\x01\x01\x01\x02\x03\x2b\x2d\x4e\x2d\xd2\x49\x2c\xca\xe3\x02",
    };
    unsigned long long seed = sample_start();
    (void)state;
    for (size_t i = 0; i < 20000; i++) {
        struct buffer bytes = {0};
        buffer_puts(&bytes, SAMPLE_ONE_OF(texts));
        for (size_t n = 1 + sample_below(3); n; n--) {
            size_t at = sample_below(bytes.len), len = sample_below(bytes.len - at);
            if (sample_below(4) == 0 && len < bytes.len) {
                memmove(bytes.data + at, bytes.data + at + len, bytes.len - at - len);
                bytes.len -= len;
            } else {
                bytes.data[at] = (char)sample_below(256);
            }
        }
        open_or_say_why(&bytes, seed, i);
        buffer_free(&bytes);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_is_not_copied), cmocka_unit_test(test_time), cmocka_unit_test(test_base64),
        cmocka_unit_test(test_error_table), cmocka_unit_test(test_noise),
        cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
