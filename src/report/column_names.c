/* One table of aliases; what differs only in case, blanks and punctuation needs no row in it. */
#include "report/column_names.h"

enum { PLAIN_MAX = 64 };

/* Lower-case letters and digits only. The first of each column is found before the others when a file has several. */
struct alias {
    const char *plain;
    enum column column;
    enum column_meaning meaning;
};

/* Names of access key N: CloudQuery writes access_key1_active, others key_1_active. */
#define KEY_ALIASES(n)                                                         \
    {"key" #n "active", COL_KEY_##n##_ACTIVE, MEANING_ALIAS},                  \
    {"accesskey" #n "created", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS},     \
    {"accesskey" #n "rotated", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS},     \
    {"accesskey" #n "lastrotateddate", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS}, \
    {"key" #n "lastrotated", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS},       \
    {"accesskey" #n "lastused", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS},  \
    {"accesskey" #n "lastusedtime", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS}, \
    {"key" #n "lastuseddate", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS},    \
    {"key" #n "lastused", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS},        \
    {"key" #n "lastusedregion", COL_KEY_##n##_LAST_USED_REGION, MEANING_ALIAS}, \
    {"key" #n "lastusedservice", COL_KEY_##n##_LAST_USED_SERVICE, MEANING_ALIAS}, \
    {"certificate" #n "active", COL_CERT_##n##_ACTIVE, MEANING_ALIAS},         \
    {"certificate" #n "lastrotated", COL_CERT_##n##_LAST_ROTATED, MEANING_ALIAS}

static const struct alias aliases[] = {
    {"username", COL_USER, MEANING_ALIAS},
    {"iamuser", COL_USER, MEANING_ALIAS},
    {"iamusername", COL_USER, MEANING_ALIAS},
    {"name", COL_USER, MEANING_GUESS},
    {"userarn", COL_ARN, MEANING_ALIAS},
    {"iamuserarn", COL_ARN, MEANING_ALIAS},
    {"usercreationdate", COL_USER_CREATION_TIME, MEANING_ALIAS},
    {"usercreated", COL_USER_CREATION_TIME, MEANING_ALIAS},
    {"usercreatedat", COL_USER_CREATION_TIME, MEANING_ALIAS},
    {"usercreatedate", COL_USER_CREATION_TIME, MEANING_ALIAS},
    {"creationtime", COL_USER_CREATION_TIME, MEANING_GUESS},
    {"creationdate", COL_USER_CREATION_TIME, MEANING_GUESS},
    {"createdate", COL_USER_CREATION_TIME, MEANING_GUESS},
    {"passwordlastuseddate", COL_PASSWORD_LAST_USED, MEANING_ALIAS},
    {"passwordlastrotated", COL_PASSWORD_LAST_CHANGED, MEANING_ALIAS},
    {"passwordlastset", COL_PASSWORD_LAST_CHANGED, MEANING_ALIAS},
    {"mfaenabled", COL_MFA_ACTIVE, MEANING_ALIAS},
    KEY_ALIASES(1),
    KEY_ALIASES(2),
    {"accountid", COL_COUNT, MEANING_ACCOUNT},
    {"account", COL_COUNT, MEANING_ACCOUNT},
    {"awsaccountid", COL_COUNT, MEANING_ACCOUNT},
    {"awsaccount", COL_COUNT, MEANING_ACCOUNT},
    {"accountnumber", COL_COUNT, MEANING_ACCOUNT},
    {"awsaccountnumber", COL_COUNT, MEANING_ACCOUNT},
    {"ownerid", COL_COUNT, MEANING_ACCOUNT},
};

/* NAME's letters, in lower case, and digits, into OUT; empty when it has other characters than those and separators. */
static struct slice plain_name(struct slice name, char out[PLAIN_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        if (c == '_' || c == '-' || c == '.' || c == ' ')
            continue;
        if (n == PLAIN_MAX || !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return (struct slice){"", 0};
        out[n++] = c;
    }
    return (struct slice){out, n};
}

enum column_meaning column_meaning(struct slice name, enum column *column)
{
    char own[PLAIN_MAX], other[PLAIN_MAX];
    *column = schema_find(name);
    if (*column < COL_REPORT_COUNT)
        return MEANING_EXACT;
    struct slice plain = plain_name(name, own);
    for (*column = 0; plain.len && *column < COL_REPORT_COUNT; ++*column) {
        if (slice_equal(plain, plain_name(slice_of(schema[*column].name), other)))
            return MEANING_ALIAS;
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        *column = aliases[i].column;
        if (slice_equal(plain, slice_of(aliases[i].plain)))
            return aliases[i].meaning;
    }
    *column = COL_COUNT;
    return MEANING_OTHER;
}
