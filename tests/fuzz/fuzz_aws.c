/* What AWS, its command or a credential process answers: XML, errors, credentials in JSON. */
#include "aws/aws_error.h"
#include "aws/aws_xml.h"
#include "fetch/credentials.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct aws_xml xml;
    struct aws_error error;
    struct aws_credentials credentials = {0};
    struct error err;
    if (aws_xml_parse(text, &xml, &err)) {
        for (size_t i = 0; i < xml.leaf_count; i++)
            FUZZ_CHECK(aws_xml_get(&xml, xml.leaves[i].name).data);
    }
    aws_xml_free(&xml);
    if (aws_error_in_text(text, &error)) {
        aws_error_next(error.code);
        aws_error_set(&err, "fuzz", &error);
        FUZZ_CHECK(err.text[0] && !strpbrk(err.text, "\033\n\r\x7f"));
    }
    credentials_from_json(text, "SessionToken", &credentials, &err);
    return 0;
}
