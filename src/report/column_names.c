/*
 * A table of aliases, searched in its order. Names that differ only in case, blanks and punctuation need no row in it.
 */
#include "report/column_names.h"

enum { PLAIN_MAX = 64 };

/* An alias of a column. */
struct alias {
    const char *plain; /* lower-case letters and digits only, see plain_name() */
    enum column column;
    enum column_meaning meaning;
};

/* Aliases for the columns of key and certificate N: CloudQuery writes access_key1_active, other tools key_1_active. */
#define KEY_ALIASES(n)                                                         \
    {"key" #n "active", COL_KEY_##n##_ACTIVE, MEANING_ALIAS},                  \
    {"accesskey" #n "created", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS},     \
    {"accesskey" #n "rotated", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS},     \
    {"accesskey" #n "enabled", COL_KEY_##n##_ACTIVE, MEANING_ALIAS},           \
    {"accesskey" #n "status", COL_KEY_##n##_ACTIVE, MEANING_GUESS},            \
    {"accesskey" #n "lastrotateddate", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS}, \
    {"accesskey" #n "lastrotatedtime", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS}, \
    {"accesskey" #n "createdate", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS},  \
    {"accesskey" #n "creationdate", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS}, \
    {"accesskey" #n "creationtime", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS}, \
    {"accesskey" #n "createdat", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS},   \
    {"accesskey" #n "lastusedat", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS}, \
    {"key" #n "lastrotated", COL_KEY_##n##_LAST_ROTATED, MEANING_ALIAS},       \
    {"accesskey" #n "lastused", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS},  \
    {"accesskey" #n "lastusedtime", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS}, \
    {"key" #n "lastuseddate", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS},    \
    {"key" #n "lastused", COL_KEY_##n##_LAST_USED_DATE, MEANING_ALIAS},        \
    {"key" #n "lastusedregion", COL_KEY_##n##_LAST_USED_REGION, MEANING_ALIAS}, \
    {"key" #n "lastusedservice", COL_KEY_##n##_LAST_USED_SERVICE, MEANING_ALIAS}, \
    {"certificate" #n "active", COL_CERT_##n##_ACTIVE, MEANING_ALIAS},         \
    {"certificate" #n "lastrotated", COL_CERT_##n##_LAST_ROTATED, MEANING_ALIAS}, \
    {"signingcertificate" #n "active", COL_CERT_##n##_ACTIVE, MEANING_ALIAS},  \
    {"signingcertificate" #n "lastrotated", COL_CERT_##n##_LAST_ROTATED, MEANING_ALIAS}

static const struct alias aliases[] = {
    {"username", COL_USER, MEANING_ALIAS},
    {"iamuser", COL_USER, MEANING_ALIAS},
    {"iamusername", COL_USER, MEANING_ALIAS},
    {"name", COL_USER, MEANING_GUESS},
    {"userarn", COL_ARN, MEANING_ALIAS},
    {"iamuserarn", COL_ARN, MEANING_ALIAS},
    {"iamarn", COL_ARN, MEANING_ALIAS},
    {"resourcearn", COL_ARN, MEANING_GUESS},
    {"principalarn", COL_ARN, MEANING_GUESS},
    {"usercreationdate", COL_USER_CREATION_TIME, MEANING_ALIAS},
    {"usercreated", COL_USER_CREATION_TIME, MEANING_ALIAS},
    {"usercreatedat", COL_USER_CREATION_TIME, MEANING_ALIAS},
    {"usercreatedate", COL_USER_CREATION_TIME, MEANING_ALIAS},
    {"creationtime", COL_USER_CREATION_TIME, MEANING_GUESS},
    {"creationdate", COL_USER_CREATION_TIME, MEANING_GUESS},
    {"createdate", COL_USER_CREATION_TIME, MEANING_GUESS},
    {"created", COL_USER_CREATION_TIME, MEANING_GUESS},
    {"createdat", COL_USER_CREATION_TIME, MEANING_GUESS},
    {"passwordactive", COL_PASSWORD_ENABLED, MEANING_ALIAS},
    {"consolepasswordenabled", COL_PASSWORD_ENABLED, MEANING_ALIAS},
    {"passwordstatus", COL_PASSWORD_ENABLED, MEANING_GUESS}, /* Steampipe has it beside password_enabled */
    {"passwordlastusedtime", COL_PASSWORD_LAST_USED, MEANING_ALIAS},
    {"passwordlastusedat", COL_PASSWORD_LAST_USED, MEANING_ALIAS},
    {"passwordlastuseddate", COL_PASSWORD_LAST_USED, MEANING_ALIAS},
    {"passwordlastrotated", COL_PASSWORD_LAST_CHANGED, MEANING_ALIAS},
    {"passwordlastset", COL_PASSWORD_LAST_CHANGED, MEANING_ALIAS},
    {"passwordlastchangeddate", COL_PASSWORD_LAST_CHANGED, MEANING_ALIAS},
    {"passwordchanged", COL_PASSWORD_LAST_CHANGED, MEANING_ALIAS},
    {"mfaenabled", COL_MFA_ACTIVE, MEANING_ALIAS},
    {"hasmfa", COL_MFA_ACTIVE, MEANING_ALIAS},
    {"mfastatus", COL_MFA_ACTIVE, MEANING_GUESS},
    {"mfa", COL_MFA_ACTIVE, MEANING_GUESS},
    KEY_ALIASES(1),
    KEY_ALIASES(2),
    {"accountid", COL_COUNT, MEANING_ACCOUNT},
    {"account", COL_COUNT, MEANING_ACCOUNT},
    {"awsaccountid", COL_COUNT, MEANING_ACCOUNT},
    {"awsaccount", COL_COUNT, MEANING_ACCOUNT},
    {"accountnumber", COL_COUNT, MEANING_ACCOUNT},
    {"awsaccountnumber", COL_COUNT, MEANING_ACCOUNT},
    {"accountno", COL_COUNT, MEANING_ACCOUNT},
    {"memberaccountid", COL_COUNT, MEANING_ACCOUNT},
    {"linkedaccountid", COL_COUNT, MEANING_ACCOUNT},
    {"ownerid", COL_COUNT, MEANING_ACCOUNT},
    {"generatedtime", COL_COUNT, MEANING_TIME}, /* Steampipe, and AWS's GeneratedTime beside rows */
    {"generatedat", COL_COUNT, MEANING_TIME},
    {"reportgeneratedtime", COL_COUNT, MEANING_TIME},
    {"reportgeneratedat", COL_COUNT, MEANING_TIME},
    {"reportgenerationtime", COL_COUNT, MEANING_TIME},
    {"credentialreportgeneratedtime", COL_COUNT, MEANING_TIME},
    {"reporttime", COL_COUNT, MEANING_TIME},
    {"reporttimestamp", COL_COUNT, MEANING_TIME},
    {"cqsynctime", COL_COUNT, MEANING_TIME}, /* CloudQuery's, of when it fetched the report */
};

/* Returns the length of a blank or invisible character at the start of S, or 0. Spreadsheets and web pages add such. */
static size_t blank_length(struct slice s)
{
    const unsigned char *p = (const unsigned char *)s.data;
    if (s.len >= 2 && p[0] == 0xc2 && (p[1] == 0xa0 || p[1] == 0xad)) /* no-break space, soft hyphen */
        return 2;
    bool is_space = s.len >= 3 && p[0] == 0xe2 && ((p[1] == 0x80 && (p[2] <= 0x8f || p[2] == 0xaf))
        || (p[1] == 0x81 && (p[2] == 0x9f || p[2] == 0xa0))); /* U+2000 to U+200F, U+202F, U+205F, U+2060 */
    bool is_other = s.len >= 3 && ((p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80) /* ideographic space */
        || (p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf)); /* byte order mark */
    return is_space || is_other ? 3 : s.len && s.data[0] && strchr(" \t\r\n", s.data[0]) ? 1 : 0;
}

/*
 * Returns NAME's letters in lower case and digits, written to OUT. Empty if NAME has other characters than letters,
 * digits, blanks and punctuation.
 */
static struct slice plain_name(struct slice name, char out[PLAIN_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + ('a' - 'A'));
        size_t blank = blank_length((struct slice){name.data + i, name.len - i});
        if (blank || (c && strchr("_-./:?()[]`#*", c))) {
            i += blank ? blank - 1 : 0;
            continue;
        }
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
