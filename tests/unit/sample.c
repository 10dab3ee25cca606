/* Sample reports in the form in which AWS writes them, and a small generator of random numbers. */
#include "unit/sample.h"

#include "audit/check_query.h"

#include <stdio.h>
#include <stdlib.h>

const char sample_header[] =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
    "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n";

/* What the field of a user without credentials holds. */
static const char *nothing(enum column column)
{
    switch ((int)column) {
    case COL_USER_CREATION_TIME: return "2024-01-01T00:00:00Z";
    case COL_PASSWORD_ENABLED:
    case COL_MFA_ACTIVE:
    case COL_KEY_1_ACTIVE:
    case COL_KEY_2_ACTIVE:
    case COL_CERT_1_ACTIVE:
    case COL_CERT_2_ACTIVE: return "false";
    default: return "N/A";
    }
}

/* The value that CHANGES gives to a column. */
static bool changed(const char *changes, const char *column, struct slice *value)
{
    size_t len = strlen(column);
    while (*changes) {
        size_t n = strcspn(changes, " ");
        if (n > len && memcmp(changes, column, len) == 0 && changes[len] == '=') {
            *value = (struct slice){changes + len + 1, n - len - 1};
            return true;
        }
        changes += n + (changes[n] == ' ');
    }
    return false;
}

/* A slip in a test's own text is not to pass in silence. */
static void check_changes(const char *changes)
{
    while (*changes) {
        size_t n = strcspn(changes, " "), name = strcspn(changes, "=");
        if (name >= n || schema_find((struct slice){changes, name}) >= COL_ADDITIONAL_INFO)
            fail_msg("no such column: %s", changes);
        changes += n + (changes[n] == ' ');
    }
}

void sample_user(struct buffer *csv, const char *name, const char *changes)
{
    check_changes(changes);
    for (enum column c = COL_USER; c < COL_ADDITIONAL_INFO; c++) {
        struct slice value;
        if (c)
            buffer_putc(csv, ',');
        if (changed(changes, schema[c].name, &value))
            buffer_add(csv, value.data, value.len);
        else if (c == COL_USER)
            buffer_puts(csv, name);
        else if (c == COL_ARN)
            buffer_printf(csv, "arn:aws:iam::123456789012:user/%s", name);
        else
            buffer_puts(csv, nothing(c));
    }
    buffer_putc(csv, '\n');
}

void sample_load(struct report *r, struct slice csv)
{
    struct error err;
    *r = (struct report){0};
    if (!parse_report(r, "test", csv, &err))
        fail_msg("%s", err.text);
    r->as_of = SAMPLE_AS_OF;
}

int64_t sample_time(const char *text)
{
    int64_t t = 0;
    if (!timestamp_parse(slice_of(text), &t))
        fail_msg("not a time: %s", text);
    return t;
}

void sample_is(struct slice got, const char *want)
{
    if (!slice_equal(got, slice_of(want)))
        fail_msg("got \"%.*s\", not \"%s\"", (int)got.len, got.data, want);
}

struct query *sample_query(const char *text)
{
    struct error err;
    struct query *q = check_query_parse(slice_of(text), QUERY_USERS, BENCHMARK_CIS_1_4, &err);
    if (!q)
        fail_msg("%s: %s", text, err.text);
    return q;
}

const char *sample_text_of(const char *path)
{
    static char text[65536];
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be opened", path);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

static uint64_t random_state;

unsigned long long sample_start(void)
{
    const char *given = getenv("NCRED_TEST_SEED");
    random_state = given ? strtoull(given, NULL, 0) : 20140828;
    return random_state;
}

size_t sample_rounds(size_t few, size_t many)
{
    return getenv("NCRED_TEST_LONG") ? many : few;
}

/* splitmix64: short, and any seed will do. */
size_t sample_below(size_t below)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (size_t)((z ^ z >> 31) % below);
}

static void random_time(struct buffer *b)
{
    char text[32];
    /* few distinct values, so that equal ones meet; some after the as-of time */
    timestamp_format(text, sizeof text, SAMPLE_AS_OF - (int64_t)sample_below(60) * 20 * TIMESTAMP_DAY
        + 5 * TIMESTAMP_DAY);
    text[19] = '\0';
    buffer_printf(b, "%s%s", text, sample_below(2) ? "Z" : "+00:00");
}

void sample_random_report(struct buffer *csv, size_t rows)
{
    static const char *const absent[] = {"N/A", "no_information", "not_supported", "", "some day", "n/a"};
    static const char *const names[] = {"anna", "Bob", "ci-deploy", "x.y@z", "ANNA", "b=b+", "zoe", "<root_account>"};
    static const char *const words[] = {"us-east-1", "eu-west-1", "s3", "iam", "S3", "true"};
    static const char *const paths[] = {"", "ci/", "a/b/"};
    buffer_puts(csv, sample_header);
    for (size_t row = 0; row < rows; row++) {
        const char *name = SAMPLE_ONE_OF(names);
        buffer_printf(csv, "%s,arn:aws:iam::%lld:", name, 123456789012LL + (long long)sample_below(3));
        buffer_printf(csv, name[0] == '<' ? "root" : "user/%s%s", SAMPLE_ONE_OF(paths), name);
        for (enum column c = COL_USER_CREATION_TIME; c < COL_ADDITIONAL_INFO; c++) {
            buffer_putc(csv, ',');
            if (sample_below(4) == 0)
                buffer_puts(csv, SAMPLE_ONE_OF(absent));
            else if (schema[c].type == TYPE_BOOL)
                buffer_puts(csv, sample_below(2) ? "true" : "false");
            else if (schema[c].type == TYPE_TIME)
                random_time(csv);
            else
                buffer_puts(csv, SAMPLE_ONE_OF(words));
        }
        buffer_putc(csv, '\n');
    }
}

void sample_random_bytes(struct buffer *b, size_t len)
{
    static const char *const awkward[] = {"\x1b", "\n", "\r\n", "\x7f", "\xc2\x9b", "\xe2\x80\xae", "\xc3\xa9",
        "\xe4\xb8\xad", "e\xcc\x81", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "\xf0\x9f", "\"", "\"\"", ",", "|", "\\"};
    size_t end = b->len + len;
    while (b->len < end) {
        const char *s = SAMPLE_ONE_OF(awkward);
        size_t n = strlen(s);
        if (sample_below(3) == 0 && b->len + n <= end)
            buffer_add(b, s, n);
        else
            buffer_putc(b, (char)(sample_below(2) ? sample_below(256) : ' ' + sample_below(95)));
    }
}
