/* The shared files ~/.aws/config and ~/.aws/credentials. */
#include "fetch/profile.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const keys[] = {"region", "aws_access_key_id", "credential_process", "s3"};
    struct profiles p = {0};
    buffer_add(&p.config, size ? (const char *)data : "", size);
    buffer_add(&p.credentials, size ? (const char *)data : "", size);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct slice value = profiles_get(&p, i % 2 ? "default" : "audit", keys[i]);
        FUZZ_CHECK(!memchr(value.len ? value.data : "", '\n', value.len));
    }
    profiles_has(&p, "audit");
    profiles_free(&p);
    return 0;
}
