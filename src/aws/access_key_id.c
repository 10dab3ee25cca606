/*
 * Access key IDs are a prefix of four letters (IAM User Guide, "IAM identifiers") and 16 digits in base32 (RFC 4648).
 */
#include "aws/access_key_id.h"

#include <inttypes.h>
#include <stdio.h>

enum { PREFIX = 4, ACCOUNT_BITS_SHIFT = 7 };

/* Returns the value of a base32 digit, or -1. */
static int base32_digit(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    return c >= 'A' && c <= 'Z' ? c - 'A' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

enum access_key_id_kind access_key_id_parse(struct slice text, char account[static ACCESS_KEY_ID_ACCOUNT_SIZE])
{
    account[0] = '\0';
    if (text.len != ACCESS_KEY_ID_LENGTH)
        return ACCESS_KEY_ID_NONE;
    struct slice prefix = {text.data, PREFIX};
    bool temporary = slice_equal_nocase(prefix, slice_of("ASIA"));
    if (!temporary && !slice_equal_nocase(prefix, slice_of("AKIA")))
        return ACCESS_KEY_ID_NONE;
    for (size_t i = PREFIX; i < text.len; i++) {
        if (base32_digit(text.data[i]) < 0)
            return ACCESS_KEY_ID_NONE;
    }
    /* Ids from before 2019 have I or J here. Newer ones have Q or a later letter, because their first bit is set. */
    if (base32_digit(text.data[PREFIX]) < 'Q' - 'A')
        return temporary ? ACCESS_KEY_ID_OLD_TEMPORARY : ACCESS_KEY_ID_OLD;
    /* The account is in the first 48 bits, which are nine digits of 5 bits and the upper 3 bits of the tenth. */
    uint64_t n = 0;
    for (size_t i = PREFIX; i < PREFIX + 9; i++)
        n = n << 5 | (uint64_t)base32_digit(text.data[i]);
    n = n << 3 | (uint64_t)base32_digit(text.data[PREFIX + 9]) >> 2;
    uint64_t number = (n & UINT64_C(0x7fffffffff80)) >> ACCOUNT_BITS_SHIFT;
    if (number > UINT64_C(999999999999))
        return temporary ? ACCESS_KEY_ID_OLD_TEMPORARY : ACCESS_KEY_ID_OLD;
    snprintf(account, ACCESS_KEY_ID_ACCOUNT_SIZE, "%012" PRIu64, number);
    return temporary ? ACCESS_KEY_ID_TEMPORARY : ACCESS_KEY_ID_LONG_TERM;
}
