/* Queries: parsed for users and for credentials, and each way of asking gives the same rows of the sample. */
#include "audit/check_query.h"
#include "audit/audit.h"
#include "read/demo.h"
#include "fuzz.h"
#include "read/parse.h"
#include "query/query.h"

static struct report sample;

static void start(void)
{
    static struct audit audit;
    struct check_settings settings;
    struct error err;
    FUZZ_CHECK(parse_report(&sample, "demo", slice_of(demo_csv), &err));
    sample.as_of = demo_as_of;
    check_settings_init(&settings);
    audit_init(&audit, &settings);
    audit_run(&audit, &sample);
}

static void ask(const struct query *q)
{
    enum { ROWS = QUERY_SPAN };
    uint32_t rows[ROWS];
    size_t count = sample.row_count < ROWS ? sample.row_count : ROWS, matching = 0;
    for (uint32_t row = 0; row < count; row++) {
        rows[row] = row;
        matching += query_matches(q, &sample, row);
    }
    uint64_t bits[QUERY_WORDS] = {0};
    query_span_begin(count, bits);
    query_span_narrow(q, &sample, 0, count, bits);
    for (size_t row = 0; row < count; row++)
        FUZZ_CHECK((bits[row / 64] >> row % 64 & 1) == query_matches(q, &sample, row));
    FUZZ_CHECK(query_keep(q, &sample, rows, count, false, NULL) == matching);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    struct slice text = {(const char *)data, size};
    if (!sample.row_count)
        start();
    struct query *q = check_query_parse(text, QUERY_USERS, BENCHMARK_CIS_1_4, &err);
    if (q)
        ask(q);
    else
        FUZZ_CHECK(err.text[0] && err.offset <= size);
    query_free(q);
    q = check_query_parse(text, QUERY_CREDENTIALS, BENCHMARK_CIS_7_0, &err);
    for (uint32_t row = 0; q && row < sample.row_count; row++)
        query_matches_credential(q, &sample, credential_id(row, CREDENTIAL_KEY_1));
    query_free(q);
    return 0;
}
