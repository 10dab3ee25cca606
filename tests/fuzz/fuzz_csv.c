/* CSV to a report, and all of it printed: in the format and as the listing that the first byte says. */
#include "audit/audit.h"
#include "cli/print.h"
#include "fuzz.h"
#include "read/parse.h"
#include "audit/remedy.h"
#include "base/timestamp.h"

static struct audit audit;

static void print_all(struct report *r, const struct options *o)
{
    struct error err;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    FUZZ_CHECK(out);
    bool ok = print_listing(o, r, out, &err);
    fclose(out);
    for (size_t i = 0; ok && o->output->people && i < len; i++)
        FUZZ_CHECK(text[i] == '\n' || (unsigned char)text[i] >= ' ');
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum listing_kind listings[] = {LIST_USERS, LIST_FINDINGS, LIST_SUMMARY, LIST_KEYS, LIST_REMEDIES};
    struct report r = {.as_of = 20000 * TIMESTAMP_DAY};
    struct options o = {.limit = SIZE_MAX};
    struct error err;
    if (size == 0)
        return 0;
    if (!audit.whole[0]) {
        struct check_settings settings;
        check_settings_init(&settings);
        audit_init(&audit, &settings);
    }
    o.listing = listings[data[0] % 5];
    o.output = &export_formats[data[0] / 5 % export_format_count];
    o.ascii = data[0] & 0x80;
    if (parse_report(&r, "fuzz", (struct slice){(const char *)data + 1, size - 1}, &err)) {
        audit_run(&audit, &r);
        print_all(&r, &o);
        for (size_t i = 0; i < r.problem_count; i++)
            FUZZ_CHECK(r.problems[i].line >= 1);
    }
    report_free(&r);
    return 0;
}
