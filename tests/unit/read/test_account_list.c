/* One organization in every form that people and the aws command write: the same accounts, or an error with a line. */
#include "read/account_list.h"
#include "unit/sample.h"

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/ncred-accounts-XXXXXX";

static void write_list(const char *text, size_t len)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(len ? fwrite(text, 1, len, f) : 0, len); /* TEXT is NULL for an empty list */
    assert_int_equal(fclose(f), 0);
}

/* "ID=NAME ID=NAME", in the order of numbers; or the error, without the path. */
static void read_list(const char *text, size_t len, struct buffer *out)
{
    struct accounts a = {0};
    struct error err;
    write_list(text, len);
    out->len = 0;
    if (!account_list_read(&a, path, &err)) {
        assert_memory_equal(err.text, path, strlen(path));
        buffer_puts(out, err.text + strlen(path));
    }
    for (size_t i = 0; i < a.count; i++)
        buffer_printf(out, "%s%s=%s", i ? " " : "", a.list[i].id, a.list[i].name);
    if (a.is_cut)
        buffer_puts(out, " and more");
    accounts_free(&a);
}

/* Each TEXT as it is, with CRLF, and with a byte order mark. */
static void expect_list(const char *text, const char *want)
{
    struct buffer got = {0}, crlf = {0}, mark = {0};
    for (const char *c = text; *c; c++)
        buffer_puts(&crlf, *c == '\n' ? "\r\n" : (const char[]){*c, '\0'});
    buffer_printf(&mark, "\xef\xbb\xbf%s", text);
    const struct slice texts[] = {slice_of(text), {crlf.data, crlf.len}, {mark.data, mark.len}};
    for (size_t i = 0; i < SAMPLE_COUNT(texts); i++) {
        read_list(texts[i].data, texts[i].len, &got);
        if (strcmp(got.data, want) != 0)
            fail_msg("form %zu of\n%s\ngives %s\nnot %s", i, text, got.data, want);
    }
    buffer_free(&got);
    buffer_free(&crlf);
    buffer_free(&mark);
}

#define BOTH "111111111111=Prod EU 222222222222=it's | \"ö\", b"
#define NUMBERS "111111111111= 222222222222="

static void test_json(void **state)
{
    (void)state;
    expect_list("{\"Accounts\": [{\"Id\": \"111111111111\", \"Arn\": \"arn:x\", \"Name\": \"Prod EU\","
        " \"Status\": \"ACTIVE\","
        "\"Paths\": [\"o/r\"]}, {\"Id\": \"222222222222\", \"Name\": \"it's | \\\"ö\\\", b\", \"State\": \"ACTIVE\"},"
        "{\"Id\": \"333333333333\", \"Name\": \"gone\", \"Status\": \"ACTIVE\", \"State\": \"SUSPENDED\"}]}", BOTH);
    expect_list("{\"Accounts\": [{\"Id\": \"111111111111\"}], \"NextToken\": \"x\"}", "111111111111= and more");
    expect_list("{\"Accounts\": [{\"Id\": \"111111111111\"}], \"NextToken\": null}\n"
        "{\"Accounts\": [{\"Id\": \"222222222222\"}]}", NUMBERS);
    expect_list("[[\"111111111111\", \"Prod EU\"], [\"222222222222\", \"it's | \\\"ö\\\", b\"]]", BOTH);
    expect_list("[[\"Prod EU\", \"111111111111\", \"ACTIVE\"], "
        "[\"it's | \\\"ö\\\", b\", \"222222222222\", \"ACTIVE\"],"
        "[\"gone\", \"333333333333\", \"SUSPENDED\"]]", BOTH);
    expect_list("[[\"111111111111\", \"a@b.c\", null], [\"222222222222\", \"d@e.f\", null]]",
        "111111111111=a@b.c 222222222222=d@e.f"); /* better than no name */
    expect_list("[{\"id\": \"111111111111\", \"name\": \"Prod EU\"}, {\"AccountId\": \"222222222222\","
        " \"Account Name\": "
        "\"it's | \\\"ö\\\", b\"}, {\"account_id\": 333333333333, \"status\": \"suspended\"}]", BOTH);
    expect_list("[[{\"Id\": \"111111111111\"}, {\"Id\": \"222222222222\"}]]", NUMBERS);
    expect_list("[\"111111111111\", \"2222-2222-2222\"]", NUMBERS);
    expect_list("\"111111111111 222222222222\"", NUMBERS);
    expect_list("{\"Account\": {\"Id\": \"111111111111\", \"Name\": \"one\"}}", "111111111111=one");
    expect_list("{\"Children\": [{\"Id\": \"111111111111\", \"Type\": \"ACCOUNT\"}, {\"Id\": \"222222222222\"}]}",
        NUMBERS);
    expect_list("{\"111111111111\": \"one\"}", "111111111111=one");
    expect_list("[]", ": there is no account in it");
    expect_list("{\"Users\": []}", ": no list of Accounts in it; aws organizations list-accounts writes one");
    expect_list("[\n\"111111111111\",\n\"2222\"]", ":3: an account of the list has no Id of twelve digits");
    expect_list("[[\"111111111111\", \"a\"], [\"b\", \"c\"]]", ":1: an account of the list has no Id of twelve digits");
    expect_list("{\"Accounts\": [{\"Name\": \"x\"}]}", ":1: an account of the list has no Id of twelve digits");
    expect_list("{\"Accounts\": [{\"Id\": \"111111111111\"}, true]}",
        ":1: an account of the list has no Id of twelve digits");
    struct buffer got = {0};
    read_list("{\"Accounts\": [", 14, &got);
    assert_memory_equal(got.data, ":1: broken JSON: ", 17);
    buffer_free(&got);
}

/* Many more strings than an entry has fields. */
static void test_many(void **state)
{
    struct buffer text = {0}, want = {0};
    (void)state;
    for (int i = 0; i < 100; i++) {
        buffer_printf(&text, "%s\"%012d\"", i ? ", " : "[", i);
        buffer_printf(&want, "%s%012d=", i ? " " : "", i);
    }
    buffer_putc(&text, ']');
    expect_list(text.data, want.data);
    buffer_free(&text);
    buffer_free(&want);
}

static void test_yaml(void **state)
{
    (void)state;
#ifdef WITH_YAML
    expect_list("Accounts:\n- Arn: arn:x\n  Id: '111111111111'\n  Name: Prod EU\n  Paths:\n  - o/r\n  Status: ACTIVE\n"
        "- Id: '222222222222'\n  Name: 'it''s | \"ö\", b'\n  State: ACTIVE\n- Id: '333333333333'\n  State: CLOSED\n",
        BOTH);
    expect_list("- Accounts:\n  - Id: '111111111111'\n  NextToken: x\n- Accounts:\n  - Id: '222222222222'\n",
        NUMBERS " and more");
    expect_list("- '111111111111'\n- '222222222222'\n", NUMBERS);
    expect_list("- - '111111111111'\n  - Prod EU\n- - '222222222222'\n  - 'it''s | \"ö\", b'\n", BOTH);
    expect_list("---\nAccounts: []\n", ": there is no account in it");
    expect_list("- &a '111111111111'\n- *a\n",
        ":2: expected YAML as aws organizations list-accounts --output yaml prints it");
    expect_list("Accounts:\n- Id: '1\n", ":2: broken YAML: found unexpected end of stream");
#else
    expect_list("Accounts:\n- Id: '1'\n",
        ": YAML, which this ncred was built without; list the accounts with --output json");
#endif
}

static void test_text(void **state)
{
    (void)state;
    expect_list("ACCOUNTS\tarn:x\ta@b.c\t111111111111\tCREATED\t1795912603.54\tProd EU\tACTIVE\tACTIVE\nPATHS\to/r\n"
        "ACCOUNTS\tarn:x\ta@b.c\t222222222222\tINVITED\t2020-01-01T00:00:00+00:00\tit's | \"ö\", b\tACTIVE\n"
        "ACCOUNTS\tarn:x\ta@b.c\t333333333333\tINVITED\t1\tSUSPENDED\tPENDING_CLOSURE\tSUSPENDED\n", BOTH);
    expect_list("ACCOUNTS\ta\te\t111111111111\tCREATED\t1\tACTIVE\tACTIVE\nNEXTTOKEN\txyz\n",
        "111111111111=ACTIVE and more");
    expect_list("111111111111\tProd EU\n222222222222\tit's | \"ö\", b\n", BOTH);
    expect_list("111111111111\tProd EU\tACTIVE\n222222222222\tit's | \"ö\", b\tACTIVE\n333333333333\tx\tSUSPENDED\n",
        BOTH);
    expect_list("Prod EU\t111111111111\nit's | \"ö\", b\t222222222222\n", BOTH);
    expect_list("arn:x\ta@b.c\t111111111111\tCREATED\t1795912603.54\tProd EU\tACTIVE\tACTIVE\n"
        "arn:x\ta@b.c\t222222222222\tCREATED\t2020-01-01T00:00:00+00:00\tit's | \"ö\", b\tACTIVE\n"
        "arn:x\ta@b.c\t333333333333\tCREATED\t1\tgone\tACTIVE\tSUSPENDED\n", BOTH);
    expect_list("111111111111\t222222222222\n", NUMBERS);
    expect_list("CHILDREN\t111111111111\tACCOUNT\nCHILDREN\t222222222222\tACCOUNT\n"
        "CHILDREN\tou-1\tORGANIZATIONAL_UNIT\n", NUMBERS);
    expect_list("ACCOUNT\tarn:x\ta@b.c\t111111111111\tCREATED\t1.2\tProd EU\tACTIVE\n", "111111111111=Prod EU");
    expect_list("ACCOUNTS\tarn\te\t5555\tINVITED\t1\tgone\tACTIVE\n",
        ":1: expected an account number of twelve digits, then perhaps a name,"
        " not \"ACCOUNTS^Iarn^Ie^I5555^IINVITED^I1^Igone^IACTIVE\"");
}

static void test_table(void **state)
{
    (void)state;
    expect_list(
        "-----------------------------------------------------------------\n"
        "|                          ListAccounts                         |\n"
        "+---------------------------------------------------------------+\n"
        "||                           Accounts                          ||\n"
        "|+-------------+---------------+-------------------+-----------+|\n"
        "||     Arn     |      Id       |       Name        |  Status   ||\n"
        "|+-------------+---------------+-------------------+-----------+|\n"
        "||  arn:x      |  111111111111 |  Prod EU          |  ACTIVE   ||\n"
        "||  arn:x      |  222222222222 |  it's | \"ö\", b    |  ACTIVE   ||\n"
        "||  arn:x      |  333333333333 |  gone             |  CLOSED   ||\n"
        "|+-------------+---------------+-------------------+-----------+|\n"
        "|||                           Paths                           |||\n"
        "||+-----------------------------------------------------------+||\n"
        "|||  o/r                                                      |||\n", BOTH);
    /* as for a narrow terminal: an account has a table of its own */
    expect_list(
        "------------------------------\n|        ListAccounts        |\n+----------------------------+\n"
        "||         Accounts         ||\n|+---------+----------------+|\n"
        "||  Arn    |  arn:x         ||\n||  Id     |  111111111111  ||\n||  Name   |  Prod EU       ||\n"
        "||  Status |  ACTIVE        ||\n"
        "|+---------+----------------+|\n||         Accounts         ||\n|+---------+----------------+|\n"
        "||  Id     |  222222222222  ||\n||  Name   |  it's | \"ö\", b  ||\n||  State  |  ACTIVE        ||\n"
        "|+---------+----------------+|\n||         Accounts         ||\n|+---------+----------------+|\n"
        "||  Id     |  333333333333  ||\n||  Name   |  gone          ||\n||  State  |  SUSPENDED     ||\n"
        "|+---------+----------------+|\n", BOTH);
    expect_list(
        "------------------------------------\n|           ListAccounts           |\n"
        "+-----------------+----------------+\n"
        "|  Prod EU        |  111111111111  |\n|  it's | \"ö\", b  |  222222222222  |\n"
        "+-----------------+----------------+\n", BOTH);
    expect_list("------------------\n|  ListAccounts  |\n+----------------+\n|  111111111111  |\n|  222222222222  |\n"
        "+----------------+\n",
        NUMBERS);
    expect_list("--------------------------\n|      ListAccounts      |\n+--------------+---------+\n"
        "|      id      |  name   |\n"
        "+--------------+---------+\n|  111111111111|  one    |\n|  222222222222|  two    |\n"
        "+--------------+---------+\n",
        "111111111111=one 222222222222=two");
    expect_list("--------------------------\n|      ListAccounts      |\n+--------------+---------+\n"
        "|      id      |  name   |\n"
        "+--------------+---------+\n|  11111       |  one    |\n",
        ":6: an account of the list has no Id of twelve digits");
    expect_list("--------------\n|ListAccounts|\n+------------+\n", ": there is no account in it");
}

static void test_lines(void **state)
{
    (void)state;
    expect_list("# of ours\n111111111111, Prod EU\n\n222222222222;\"it's | \"ö\", b\"\n", BOTH);
    expect_list("111111111111 Prod EU\n2222-2222-2222\tit's | \"ö\", b", BOTH);
    expect_list("111111111111,222222222222\n", NUMBERS);
    expect_list(" 111111111111   222222222222", NUMBERS);
    expect_list("account name\n111111111111 one\n", "111111111111=one");
    expect_list("111111111111 old\n111111111111 new\n111111111111\n", "111111111111=new");
    /* as the console of AWS Organizations exports it, and as a spreadsheet saves that */
    expect_list("Account ID,ARN,Email,Name,Status,Joined method,Joined timestamp\n"
        "111111111111,arn:x,a@b.c,Prod EU,ACTIVE,Invited,Jan 1\n222222222222,arn:x,a@b.c,\"it's | \"\"ö\"\", b\","
        "ACTIVE,Created,x\n"
        "333333333333,arn:x,a@b.c,gone,SUSPENDED,Created,x\n", BOTH);
    expect_list("\"Name\";\"Account ID\"\n\"Prod EU\";\"111111111111\"\n\"it's | \"\"ö\"\", b\";222222222222\n", BOTH);
    expect_list("account_name\taccount_id\nProd EU\t111111111111\n", "111111111111=Prod EU");
    expect_list("Account ID,Name\n111111111111\n1111,x\n", ":3: an account of the list has no Id of twelve digits");
    expect_list("111111111111 one\n11111111111 two\n",
        ":2: expected an account number of twelve digits, then perhaps a name, not \"11111111111 two\"");
    expect_list("", ": there is no account in it");
    expect_list("# none\n", ": there is no account in it");
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json), cmocka_unit_test(test_many), cmocka_unit_test(test_yaml),
            cmocka_unit_test(test_text),
        cmocka_unit_test(test_table), cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
