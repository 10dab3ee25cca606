/* Lists of accounts: lines, or the JSON of aws organizations list-accounts. */
#include "report/accounts.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct accounts a = {0};
    struct error err;
    if (accounts_read(&a, fuzz_file(data, size), &err)) {
        for (size_t i = 0; i < a.count; i++)
            FUZZ_CHECK(strlen(a.list[i].id) == 12 && accounts_name(&a, slice_of(a.list[i].id)).data);
    } else {
        FUZZ_CHECK(err.text[0]);
    }
    accounts_free(&a);
    fuzz_file_end();
    return 0;
}
