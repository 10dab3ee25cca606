/* The shared files ~/.aws/config and ~/.aws/credentials. */
#include "fetch/profile.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const keys[] = {"region", "aws_access_key_id", "credential_process", "s3"};
    struct profiles p = {0};
    struct buffer config = {0}, credentials = {0};
    struct error err;
    buffer_add(&config, size ? (const char *)data : "", size);
    buffer_add(&credentials, size ? (const char *)data : "", size);
    (void)profile_parse(&p.config, config, &err);
    (void)profile_parse(&p.credentials, credentials, &err);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        (void)profiles_get(&p, i % 2 ? "default" : "audit", keys[i]); /* a value may have several lines */
    }
    profiles_has(&p, "audit");
    profiles_free(&p);
    return 0;
}
