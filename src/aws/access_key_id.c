/*
 * Access key IDs are a prefix of four letters (IAM User Guide, "IAM identifiers") and 16 digits in base32 (RFC 4648);
 * old ones may have other digits.
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
    /*
     * Ids from before 2019 have I or J here. Newer ones have Q or a later letter or a digit, because their first bit is
     * set. Old ids are not known to be base32: AWS's manuals have AKIAI44QH8DHBEXAMPLE.
     */
    int first = base32_digit(text.data[PREFIX]);
    bool is_old = first >= 0 && first < 'Q' - 'A';
    for (size_t i = PREFIX; i < text.len; i++) {
        bool is_digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (base32_digit(text.data[i]) < 0 && !(is_old && is_digit))
            return ACCESS_KEY_ID_NONE;
    }
    if (is_old)
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
