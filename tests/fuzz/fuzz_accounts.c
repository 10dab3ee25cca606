/* Lists of accounts: lines, CSV, and what aws organizations list-accounts prints. */
#include "read/account_list.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct accounts a = {0};
    struct error err;
    if (account_list_read(&a, fuzz_file(data, size), &err)) {
        for (size_t i = 0; i < a.count; i++)
            FUZZ_CHECK(strlen(a.list[i].id) == 12 && accounts_name(&a, slice_of(a.list[i].id)).data);
    } else {
        FUZZ_CHECK(err.text[0]);
    }
    accounts_free(&a);
    fuzz_file_end();
    return 0;
}
