/* Fetching from the server beside this file, which plays AWS on good and bad days; waits take no time. */
#include "unit/sample.h"

#include "read/envelope.h"
#include "fetch/credentials.h"
#include "fetch/endpoint.h"
#include "fetch/aws_server.h"
#include "fetch/fetch.h"
#include "fetch/http.h"
#include "fetch/libcurl.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

/* ---- the server, and a home without anything in it ---- */

static sem_t dns_end;
static char home[] = "/tmp/ncred-fetch-XXXXXX";
static char endpoint[64];

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void clean_environment(void)
{
    static const char *const names[] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
        "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ENDPOINT_URL_IAM",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CA_BUNDLE", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_ENDPOINT_URL_STS", "http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"};
    for (size_t i = 0; i < SAMPLE_COUNT(names); i++)
        unsetenv(names[i]);
    setenv("HOME", home, 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    setenv("AWS_ENDPOINT_URL", endpoint, 1);
}

static int start_server(void **state)
{
    char aws[64];
    (void)state;
    if (sem_init(&dns_end, 0, 0) != 0 || !mkdtemp(home))
        return 1;
    int port = aws_server_start();
    if (!port)
        return 1;
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d", port);
    snprintf(aws, sizeof aws, "%s/.aws", home);
    return mkdir(aws, 0700);
}

static int stop_server(void **state)
{
    char command[128];
    (void)state;
    aws_server_stop();
    snprintf(command, sizeof command, "rm -rf %s", home);
    return system(command) != 0;
}

/* ---- time that passes when somebody waits for it ---- */

static _Atomic int64_t fake_time;

static int64_t fake_clock(void)
{
    return fake_time;
}

static void fake_pause(int64_t ms)
{
    assert_true(ms >= 0);
    fake_time += ms;
}

static struct fetch_settings fast(enum fetch_via via)
{
    struct fetch_settings s = fetch_defaults;
    s.via = via;
    s.clock = fake_clock;
    s.pause = fake_pause;
    return s;
}

static void use_keys(const char *play)
{
    char id[64], secret[128], token[128];
    snprintf(id, sizeof id, "AKIA%s", play);
    snprintf(secret, sizeof secret, "secret/+%s", id);
    snprintf(token, sizeof token, "token/+==%s", id);
    setenv("AWS_ACCESS_KEY_ID", id, 1);
    setenv("AWS_SECRET_ACCESS_KEY", secret, 1);
}

/* Whether the target's report is there and is that of ACCOUNT. */
static void assert_report(const struct fetch_target *t, const char *account)
{
    struct envelope e;
    struct error err;
    if (!t->done)
        fail_msg("%s: %s", t->name, t->error.text);
    assert_true(envelope_open((struct slice){t->bytes.data, t->bytes.len}, t->bytes.len, t->name, &e, &err));
    assert_true(e.generated_known);
    assert_int_equal(e.generated, SAMPLE_AS_OF);
    assert_true(slice_contains_nocase(e.csv, slice_of(account)));
    envelope_free(&e);
}

/* ---- a name server that does not answer ---- */

static atomic_bool dns_ended;

/*
 * In place of libc's, also for libcurl: asked for hang.example it returns when DNS_END is posted, or after 20 seconds.
 */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    struct timespec until;
    if (name && strcmp(name, "hang.example") == 0) {
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 20;
        sem_timedwait(&dns_end, &until);
        atomic_store(&dns_ended, true);
        return EAI_AGAIN;
    }
    void *at = dlsym(RTLD_NEXT, "getaddrinfo");
    __typeof__(getaddrinfo) *libc;
    memcpy(&libc, &at, sizeof libc);
    return libc(name, service, hints, result);
}

/* The fetch ends with its patience; libcurl does not wait for the thread that asks the name server. */
static void test_hanging_names(void **state)
{
    struct fetch_settings s = fetch_defaults;
    struct fetch_target t = {.name = "x"};
    (void)state;
    clean_environment();
    use_keys("OK1");
    setenv("AWS_ENDPOINT_URL", "http://hang.example", 1);
    s.patience = 100;
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "no answer from hang.example"));
#if LIBCURL_VERSION_NUM >= 0x075700
    assert_false(atomic_load(&dns_ended));
#endif
    for (int i = 0; i < 16; i++)
        sem_post(&dns_end);
}

/* ---- plays ---- */

static void test_plays(void **state)
{
    static const struct {
        const char *play;
        const char *words[3]; /* of the error; none: there is a report */
    } table[] = {
        {"OK1", {0}}, {"WAIT1", {0}}, {"THROTTLE1", {0}}, {"EXPIRED1", {0}}, {"ABSENT1", {0}}, {"PROGRESS1", {0}},
        {"LIMIT1", {0}}, {"READER1", {0}}, {"FAULT1", {0}}, {"UNHEARD1", {0}}, {"CUT1", {0}},
        {"NEVER1", {"no report after", "--patience"}},
        {"THROTTLED1", {"Throttling", "gave up after 6 tries"}},
        {"GONE1", {"ReportNotPresent"}},
        {"DENIED1", {"AccessDenied", "iam:GetCredentialReport"}},
        {"NOREPORT1", {"AccessDenied", "iam:GenerateCredentialReport"}},
        {"FAULTS1", {"ServiceFailure", "gave up after"}},
        {"TOKEN1", {"ExpiredToken", "sign in again"}},
        {"CUTS1", {"no answer from 127.0.0.1", "gave up after"}},
        {"SLOW1", {"no answer from 127.0.0.1", "gave up after"}},
        {"HUNG1", {"no answer from 127.0.0.1", "gave up after"}},
        {"GARBAGE1", {"not AWS's", "gave up after"}},
        {"HTML1", {"HTTP 403", "AWS_ENDPOINT_URL"}},
        {"ODDSTATE1", {"state of the report", "gave up after"}},
        {"HUGE1", {"sent more than"}},
        {"LONG1", {"AccessDenied", "iam:G"}},
        {"LONGTEXT1", {"HTTP 400"}},
    };
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        struct fetch_settings s = fast(FETCH_VIA_API);
        struct fetch_target t = {.name = table[i].play};
        clean_environment();
        use_keys(table[i].play);
        bool short_of_time = strcmp(table[i].play, "SLOW1") == 0 || strcmp(table[i].play, "HUNG1") == 0;
        s.request = short_of_time ? 60 : 20000;
        s.tries = short_of_time ? 3 : s.tries;
        size_t done = fetch_run(&s, &t, 1);
        if (!table[i].words[0])
            assert_report(&t, "1111111");
        else if (done || t.done || strchr(t.error.text, '\n'))
            fail_msg("%s: done, or no line: %s", table[i].play, t.error.text);
        for (size_t w = 0; w < 3 && table[i].words[w]; w++) {
            if (!strstr(t.error.text, table[i].words[w]) || strstr(t.error.text, "secret/"))
                fail_msg("%s: no \"%s\" in: %s", table[i].play, table[i].words[w], t.error.text);
        }
        fetch_free(&t, 1);
    }
}

static void test_nobody_there(void **state)
{
    struct fetch_settings s = fast(FETCH_VIA_API);
    struct fetch_target t = {.name = "x"};
    (void)state;
    clean_environment();
    use_keys("OK1");
    /* a port that nobody may listen at without being root, and nobody does */
    setenv("AWS_ENDPOINT_URL_IAM", "http://127.0.0.1:1", 1);
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "no answer from 127.0.0.1:1"));
    assert_non_null(strstr(t.error.text, "check the network"));
    setenv("http_proxy", "foo://me:pass-word@127.0.0.1:1", 1);
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "check HTTPS_PROXY"));
    assert_null(strstr(t.error.text, "pass-word"));
    unsetenv("http_proxy");
    setenv("AWS_ENDPOINT_URL_IAM", "file:///etc/passwd", 1);
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "no URL of the form"));
}

/* Twenty at once, of which two fail. */
static void test_twenty(void **state)
{
    struct fetch_settings s = fast(FETCH_VIA_API);
    struct fetch_target targets[20] = {{0}};
    char names[20][16], roles[20][64], account[16];
    (void)state;
    clean_environment();
    use_keys("OK1");
    s.parallel = 20;
    for (size_t i = 0; i < 20; i++) {
        snprintf(names[i], sizeof names[i], "account %zu", i);
        snprintf(roles[i], sizeof roles[i], "arn:aws:iam::%s0000000%02zu:role/audit", i % 10 == 7 ? "999" : "222", i);
        targets[i] = (struct fetch_target){.name = names[i], .role_arn = roles[i]};
    }
    assert_int_equal(fetch_run(&s, targets, 20), 18);
    for (size_t i = 0; i < 20; i++) {
        snprintf(account, sizeof account, "2220000000%02zu", i);
        if (i % 10 == 7)
            assert_non_null(strstr(targets[i].error.text, "sts:AssumeRole"));
        else
            assert_report(&targets[i], account);
    }
    fetch_free(targets, 20);
}

/* ---- where credentials come from ---- */

struct origin {
    const char *name;
    const char *config, *credentials;    /* the files; NULL: empty */
    const char *environment[3][2];
    const char *profile, *role;
    const char *account; /* of the report; NULL: there is none */
    const char *word;    /* of the error */
};

#define KEYS(id) "aws_access_key_id = " id "\naws_secret_access_key = secret/+" id "\n"
#define ENV(id) {"AWS_ACCESS_KEY_ID", id}, {"AWS_SECRET_ACCESS_KEY", "secret/+" id}

static const struct origin origins[] = {
    {"environment", NULL, NULL, {ENV("AKIAOK5")}, NULL, NULL, "111111111115", NULL},
    {"with a token", NULL, NULL, {ENV("ASIAOK6"), {"AWS_SESSION_TOKEN", "token/+==ASIAOK6"}}, NULL, NULL,
        "111111111116", NULL},
    {"without its token", NULL, NULL, {ENV("ASIAOK6")}, NULL, NULL, NULL, "SignatureDoesNotMatch"},
    {"half", NULL, NULL, {{"AWS_ACCESS_KEY_ID", "AKIAOK5"}}, NULL, NULL, NULL, "AWS_SECRET_ACCESS_KEY is not"},
    {"nothing", NULL, NULL, {{0}}, NULL, NULL, NULL, "no credentials were found"},
    {"default profile", NULL, "[other]\n" KEYS("AKIAOK1") "[default]\n" KEYS("AKIAOK21"), {{0}}, NULL, NULL,
        "111111111121", NULL},
    {"config's keys", "# x\n[default]\nregion = eu-west-1\n" KEYS("AKIAOK22"), NULL, {{0}}, NULL, NULL, "111111111122",
        NULL},
    {"profile before environment", "[profile p]\n" KEYS("AKIAOK23"), NULL, {ENV("AKIAOK5")}, "p", NULL, "111111111123",
        NULL},
    {"AWS_PROFILE", "[profile p]\r\n" KEYS("AKIAOK24"), NULL, {{"AWS_PROFILE", "p"}}, NULL, NULL, "111111111124", NULL},
    {"environment before AWS_PROFILE", "[profile p]\n" KEYS("AKIAOK24"), NULL, {ENV("AKIAOK5"), {"AWS_PROFILE", "p"}},
        NULL, NULL, "111111111115", NULL},
    {"quoted name", "[profile \"a b\"]\n" KEYS("AKIAOK25"), NULL, {{0}}, "a b", NULL, "111111111125", NULL},
    {"no such profile", "[profile p]\n" KEYS("AKIAOK24"), NULL, {{0}}, "q", NULL, NULL, "no profile q"},
    {"profile without the word", "[p]\n" KEYS("AKIAOK24"), NULL, {{0}}, "p", NULL, NULL, "no profile p"},
    {"nested settings", "[profile p]\ns3 =\n  aws_access_key_id = wrong\n" KEYS("AKIAOK26"), NULL, {{0}}, "p", NULL,
        "111111111126", NULL},
    {"half a profile", NULL, "[p]\naws_access_key_id = AKIAOK5\n", {{0}}, "p", NULL, NULL, "not both there"},
    {"process", "[profile p]\ncredential_process = sh \"$HOME/p.sh\" 'AKIAOK27' a\\ b\n", NULL, {{0}}, "p", NULL,
        NULL, "credential_process"},
    {"role", "[profile p]\nrole_arn = arn:aws:iam::333000000001:role/audit\nsource_profile = q\nexternal_id = e/+ &x\n"
        "[profile q]\n" KEYS("AKIAOK3"), NULL, {{0}}, "p", NULL, "333000000001", NULL},
    {"role, throttled", "[profile p]\nrole_arn = arn:aws:iam::333000000009:role/busy\nsource_profile = q\n"
        "[profile q]\n" KEYS("AKIAOK39"), NULL, {{0}}, "p", NULL, "333000000009", NULL},
    {"role of itself", "[profile p]\nrole_arn = arn:aws:iam::333000000002:role/audit\nsource_profile = p\n"
        KEYS("AKIAOK3"), NULL, {{0}}, "p", NULL, "333000000002", NULL},
    {"role of a role", "[profile p]\nrole_arn = arn:aws:iam::333000000003:role/audit\nsource_profile = q\n[profile q]\n"
        "role_arn = arn:aws:iam::333000000004:role/hop\nsource_profile = r\n", "[r]\n" KEYS("AKIAOK3"), {{0}}, "p",
        NULL, "333000000003", NULL},
    {"roles in a circle", "[profile p]\nrole_arn = arn:aws:iam::333000000003:role/audit\nsource_profile = q\n"
        "[profile q]\nrole_arn = arn:aws:iam::333000000004:role/hop\nsource_profile = p\n", NULL, {{0}}, "p", NULL,
        NULL, "circle"},
    {"role denied", "[profile p]\nrole_arn = arn:aws:iam::333000000003:role/denied\nsource_profile = q\n[profile q]\n"
        KEYS("AKIAOK3"), NULL, {{0}}, "p", NULL, NULL, "sts:AssumeRole"},
    {"role, no such source", "[profile p]\nrole_arn = arn:aws:iam::333000000003:role/audit\nsource_profile = zz\n",
        NULL, {{0}}, "p", NULL, NULL, "no profile zz"},
    {"role of the environment", "[profile p]\nrole_arn = arn:aws:iam::333000000005:role/audit\n"
        "credential_source = Environment\n", NULL, {ENV("AKIAOK5")}, "p", NULL, "333000000005", NULL},
    {"role of the command line", "[profile p]\n" KEYS("AKIAOK3"), NULL, {{0}}, "p",
        "arn:aws:iam::333000000006:role/audit", "333000000006", NULL},
    {"role with MFA", "[profile p]\nrole_arn = arn:aws:iam::333000000003:role/audit\nsource_profile = q\n"
        "mfa_serial = m\n[profile q]\n" KEYS("AKIAOK3"), NULL, {{0}}, "p", NULL, NULL, "MFA code"},
    {"SSO", "[profile p]\nsso_session = s\nsso_account_id = 1\n", NULL, {{0}}, "p", NULL, NULL, "SSO"},
    {"web identity, no role", NULL, NULL, {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/x"}}, NULL, NULL, NULL, "AWS_ROLE_ARN"},
    {"web identity, no file", NULL, NULL, {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent"},
        {"AWS_ROLE_ARN", "arn:aws:iam::333000000007:role/pod"}}, NULL, NULL, NULL, "cannot be read"},
    {"container elsewhere", NULL, NULL, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/x"}}, NULL, NULL,
        NULL, "neither https nor on this machine"},
    {"container that sounds like loopback", NULL, NULL, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://127.evil.example/"}}, NULL, NULL, NULL, "neither https nor on this machine"},
    {"container at a user's host", NULL, NULL, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://localhost@evil.example/"}}, NULL, NULL, NULL, "neither https nor on this machine"},
    {"container by another scheme", NULL, NULL, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "file://127.0.0.1/etc/passwd"}},
        NULL, NULL, NULL, "neither https nor on this machine"},
    {"container at no path", NULL, NULL, {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil.example/"}}, NULL, NULL,
        NULL, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"},
    {"container's token of two lines", NULL, NULL, {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/"},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\nb: c"}}, NULL, NULL, NULL,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN has more"},
    {"endpoint without a scheme", NULL, NULL, {ENV("AKIAOK5"), {"AWS_ENDPOINT_URL", "localhost:4566"}}, NULL, NULL,
        NULL, "the endpoint of iam is no URL"},
    {"endpoint with a password", NULL, NULL, {ENV("AKIAOK5"), {"AWS_ENDPOINT_URL", "http://me:secret/@localhost"}},
        NULL, NULL, NULL,
        "the endpoint of iam is no URL of the form https://HOST or http://HOST:PORT; check AWS_ENDPOINT_URL"},
    {"region of older FIPS", NULL, NULL, {ENV("AKIAOK5"), {"AWS_REGION", "fips-us-gov-west-1"}}, NULL, NULL, NULL,
        "use_fips_endpoint"},
    {"region of older FIPS, behind", NULL, NULL, {ENV("AKIAOK5"), {"AWS_REGION", "us-east-2-fips"}}, NULL, NULL, NULL,
        "use_fips_endpoint"},
    {"region that is none", NULL, NULL, {ENV("AKIAOK5"), {"AWS_REGION", "a.b/c"}}, NULL, NULL, NULL, "region"},
    {"region that nobody knows", NULL, NULL, {ENV("AKIAOK5"), {"AWS_REGION", "zz-nowhere-1"}}, NULL, NULL, NULL,
        "unknown region \"zz-nowhere-1\""},
    {"partition that nobody knows", NULL, NULL, {ENV("AKIAOK5")}, NULL, "arn:aws-moon:iam::333000000006:role/audit",
        NULL, "unknown partition \"aws-moon\""},
    {"FIPS and an endpoint", NULL, NULL, {ENV("AKIAOK5"), {"AWS_USE_FIPS_ENDPOINT", "true"}}, NULL, NULL, NULL,
        "use_fips_endpoint"},
    {"indented options", "[profile p]\n  role_arn = arn:aws:iam::333000000011:role/audit\n  source_profile = q\n"
        "[profile q]\n" KEYS("AKIAOK3"), NULL, {{0}}, "p", NULL, "333000000011", NULL},
    {"colons", NULL, "[p]\naws_access_key_id: AKIAOK31\nAws_Secret_Access_Key : secret/+AKIAOK31\n", {{0}}, "p", NULL,
        "111111111131", NULL},
    {"byte order mark", NULL, "\xef\xbb\xbf[default]\n" KEYS("AKIAOK32"), {{0}}, NULL, NULL, "111111111132", NULL},
    {"an option twice", NULL, "[p]\n" KEYS("AKIAOK33") "AWS_access_key_id = AKIAOK34\n", {{0}}, "p", NULL, NULL,
        "line 4: AWS_access_key_id is set twice"},
    {"a section twice", NULL, "[p]\n" KEYS("AKIAOK33") "[p]\n", {{0}}, "p", NULL, NULL, "[p] occurs twice"},
    {"no section", "region = x\n", NULL, {ENV("AKIAOK5")}, NULL, NULL, NULL, "line 1: expected a [SECTION]"},
    {"older token", NULL, NULL, {ENV("ASIAOK6"), {"AWS_SECURITY_TOKEN", "token/+==ASIAOK6"}}, NULL, NULL,
        "111111111116", NULL},
    {"a lone secret", NULL, "[default]\n" KEYS("AKIAOK35"), {{"AWS_SECRET_ACCESS_KEY", "x"}}, NULL, NULL,
        "111111111135", NULL},
    {"no config", "[profile p]\n" KEYS("AKIAOK23"), NULL, {{"AWS_CONFIG_FILE", ""}}, "p", NULL, NULL,
        "there is no profile p in (no file) or ~/.aws/credentials"},
    {"a misspelt profile", "[profile production]\n[services prodction]\n", "[x]\n", {{0}}, "prodction", NULL, NULL,
        "there is no profile prodction in ~/.aws/config or ~/.aws/credentials; did you mean production?"},
    {"SSO before keys", NULL, "[p]\nsso_account_id = 1\nsso_role_name = x\n" KEYS("AKIAOK36"), {{0}}, "p", NULL, NULL,
        "SSO"},
    {"a role before a web identity", "[default]\nrole_arn = arn:aws:iam::333000000012:role/audit\n"
        "source_profile = q\n[profile q]\n" KEYS("AKIAOK3"), NULL, {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent"}},
        NULL, NULL, "333000000012", NULL},
    {"endpoint of the profile", "[profile p]\nendpoint_url = http://127.0.0.1:1\n" KEYS("AKIAOK3"), NULL,
        {{"AWS_ENDPOINT_URL", ""}}, "p", NULL, NULL, "127.0.0.1:1"},
};

static void test_origins(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(origins); i++) {
        const struct origin *o = &origins[i];
        struct fetch_settings s = fast(FETCH_VIA_API);
        struct fetch_target t = {.name = o->name, .profile = o->profile, .role_arn = o->role};
        clean_environment();
        write_file(".aws/config", o->config ? o->config : "");
        write_file(".aws/credentials", o->credentials ? o->credentials : "");
        for (size_t v = 0; v < 3 && o->environment[v][0]; v++)
            setenv(o->environment[v][0], o->environment[v][1], 1);
        fetch_run(&s, &t, 1);
        if (o->account)
            assert_report(&t, o->account);
        else if (t.done || !strstr(t.error.text, o->word))
            fail_msg("%s: no \"%s\" in: %s", o->name, o->word, t.done ? "a report" : t.error.text);
        fetch_free(&t, 1);
    }
    write_file(".aws/config", "");
    write_file(".aws/credentials", "");
}

static void expect(const char *account)
{
    struct fetch_settings s = fast(FETCH_VIA_API);
    struct fetch_target t = {.name = account};
    fetch_run(&s, &t, 1);
    assert_report(&t, account);
    fetch_free(&t, 1);
}

static void test_process(void **state)
{
    char config[600];
    (void)state;
    clean_environment();
    write_file("p.sh", "[ $# = 4 ] && [ \"$2\" = 'a b' ] && [ -z \"$3\" ] && [ \"$4\" = '\"' ] || exit\n"
        "echo '{\"Version\": 1, \"AccessKeyId\": \"'$1'\", \"SecretAccessKey\": \"secret/+'$1'\"}'\n");
    snprintf(config, sizeof config,
        "[default]\ncredential_process = sh \"%s/p.sh\" 'AKIAOK27' a\\ b '' '\"'\n", home);
    write_file(".aws/config", config);
    expect("111111111127");
    /* what the program says is told, and what is wrong with its answer */
    static const struct {
        const char *program, *words[2];
    } faults[] = {
        {"echo call the desk >&2; exit 3", {"it ended with status 3", ": call the desk"}},
        {"echo nonsense", {"no JSON with AccessKeyId", ""}},
        {"echo '{\"Version\": 1, \"AccessKeyId\": \"a\"}'", {"no JSON with AccessKeyId", ""}},
        {"echo '{\"Version\": 2, \"AccessKeyId\": \"a\", \"SecretAccessKey\": \"b\"}'",
            {"expected \"Version\": 1", ""}},
        {"echo '{\"AccessKeyId\": \"a\", \"SecretAccessKey\": \"b\"}'; echo old >&2",
            {"expected \"Version\": 1", ": old"}},
    };
    for (size_t i = 0; i < SAMPLE_COUNT(faults); i++) {
        struct fetch_settings s = fast(FETCH_VIA_API);
        struct fetch_target t = {.name = "x"};
        write_file("p.sh", faults[i].program);
        snprintf(config, sizeof config, "[default]\ncredential_process = sh %s/p.sh\n", home);
        write_file(".aws/config", config);
        assert_int_equal(fetch_run(&s, &t, 1), 0);
        for (size_t w = 0; w < 2; w++) {
            if (!strstr(t.error.text, "x: credential_process: ") || !strstr(t.error.text, faults[i].words[w]))
                fail_msg("%s: no \"%s\" in: %s", faults[i].program, faults[i].words[w], t.error.text);
        }
    }
    write_file(".aws/config", "");
}

/* As Kubernetes has it: a token in a file, exchanged by a request that nobody has signed. */
static void test_web_identity(void **state)
{
    char path[256], config[600];
    (void)state;
    clean_environment();
    write_file("web", "web/+== token\n");
    snprintf(path, sizeof path, "%s/web", home);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", path, 1);
    setenv("AWS_ROLE_ARN", "arn:aws:iam::333000000007:role/pod", 1);
    expect("333000000007");
    setenv("AWS_ROLE_SESSION_NAME", "pod-1", 1);
    expect("333000000007");
    write_file("web", "another\n");
    struct fetch_settings s = fast(FETCH_VIA_API);
    struct fetch_target t = {.name = "x"};
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "InvalidIdentityToken"));
    assert_null(strstr(t.error.text, "another"));
    /* a pipe that nobody writes to is waited for no longer than anything else */
    struct fetch_settings impatient = fetch_defaults;
    snprintf(path, sizeof path, "%s/pipe", home);
    assert_int_equal(mkfifo(path, 0600), 0);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", path, 1);
    impatient.via = FETCH_VIA_API;
    impatient.patience = 50;
    assert_int_equal(fetch_run(&impatient, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "/pipe cannot be read: "));
    snprintf(path, sizeof path, "%s/web", home);
    clean_environment();
    write_file("web", "web/+== token");
    snprintf(config, sizeof config,
        "[default]\nweb_identity_token_file = %s\nrole_arn = arn:aws:iam::333000000008:role/pod\n", path);
    write_file(".aws/config", config);
    expect("333000000008");
    write_file(".aws/config", "");
}

static void test_container_and_instance(void **state)
{
    char url[128];
    (void)state;
    clean_environment();
    snprintf(url, sizeof url, "%s/container", endpoint);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url, 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in", 1);
    expect("000000000088");
    write_file("token", "let me in\n");
    snprintf(url, sizeof url, "%s/token", home);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "wrong", 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", url, 1);
    expect("000000000088");
    clean_environment();
    setenv("AWS_EC2_METADATA_DISABLED", "false", 1);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint, 1);
    expect("000000000077");
    snprintf(url, sizeof url, "%s/untrusted", endpoint);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url, 1);
    struct fetch_settings s = fast(FETCH_VIA_API);
    struct fetch_target t = {.name = "x"};
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text,
        "my-role has no credentials: AssumeRoleUnauthorizedAccess: EC2 cannot assume the role"));
    /* the container's own words, and where they are from */
    snprintf(url, sizeof url, "%s/container/nowhere", endpoint);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url, 1);
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "/container/nowhere: HTTP 404"));
}

/* A named profile without credentials goes on to the container; a slow endpoint is waited for, and asked again. */
static void test_after_the_profile(void **state)
{
    char url[128];
    struct fetch_settings s = fast(FETCH_VIA_API);
    struct fetch_target t = {.name = "p", .profile = "p"};
    (void)state;
    assert_true(fetch_defaults.container >= 2000); /* as long as botocore waits */
    clean_environment();
    write_file(".aws/config", "[profile p]\nregion = eu-west-1\n");
    snprintf(url, sizeof url, "%s/container/slow", endpoint);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url, 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in", 1);
    fetch_run(&s, &t, 1);
    assert_report(&t, "000000000088");
    fetch_free(&t, 1);
    snprintf(url, sizeof url, "%s/container/third", endpoint);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url, 1);
    fetch_run(&s, &t, 1);
    assert_report(&t, "000000000088");
    fetch_free(&t, 1);
    write_file(".aws/config", "");
}

static bool find_credentials(const struct fetch_settings *s, struct credentials_search *out, struct error *err)
{
    http_start();
    bool ok = credentials_find(s, NULL, "x", out, err);
    http_end();
    return ok;
}

/* Endpoints of a services section, and settings that switch them off. */
static void test_services(void **state)
{
    char config[600];
    (void)state;
    clean_environment();
    unsetenv("AWS_ENDPOINT_URL");
    snprintf(config, sizeof config, "[default]\n"
        KEYS("AKIAOK41") "endpoint_url = http://127.0.0.1:1\nservices = mine\n"
        "[services mine]\niam =\n  endpoint_url = %s\n", endpoint);
    write_file(".aws/config", config);
    expect("111111111141");
    setenv("AWS_ENDPOINT_URL", endpoint, 1);
    setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false", 1);
    expect("111111111141");
    struct credentials_search search;
    struct error err;
    snprintf(config, sizeof config, "[default]\n" KEYS("AKIAOK41") "ignore_configured_endpoint_urls = TRUE\n");
    write_file(".aws/config", config);
    unsetenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    assert_true(find_credentials(&fetch_defaults, &search, &err));
    assert_string_equal(search.credentials.iam_url, "");
    write_file(".aws/config", "");
}

static void test_endpoints(void **state)
{
    /* as botocore 1.43's endpoint rules resolve them */
    static const struct {
        const char *region;
        bool fips, dual_stack;
        const char *iam, *iam_region, *sts, *sts_region;
    } table[] = {
        {"", false, false, "iam.amazonaws.com", "us-east-1", "sts.us-east-1.amazonaws.com", "us-east-1"},
        {"eu-west-1", false, false, "iam.amazonaws.com", "us-east-1", "sts.eu-west-1.amazonaws.com", "eu-west-1"},
        {"eu-west-1", true, false, "iam-fips.amazonaws.com", "us-east-1", "sts-fips.eu-west-1.amazonaws.com",
            "eu-west-1"},
        {"eu-west-1", false, true, "iam.global.api.aws", "us-east-1", "sts.eu-west-1.api.aws", "eu-west-1"},
        {"eu-west-1", true, true, "iam-fips.global.api.aws", "us-east-1", "sts-fips.eu-west-1.api.aws", "eu-west-1"},
        {"aws-global", false, false, "iam.amazonaws.com", "us-east-1", "sts.us-east-1.amazonaws.com", "us-east-1"},
        {"cn-northwest-1", false, false, "iam.cn-north-1.amazonaws.com.cn", "cn-north-1",
            "sts.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
        {"cn-north-1", true, false, "iam-fips.amazonaws.com.cn", "cn-northwest-1",
            "sts-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"},
        {"us-gov-east-1", false, false, "iam.us-gov.amazonaws.com", "us-gov-west-1", "sts.us-gov-east-1.amazonaws.com",
            "us-gov-east-1"},
        {"us-gov-east-1", true, false, "iam.us-gov.amazonaws.com", "us-gov-west-1", "sts.us-gov-east-1.amazonaws.com",
            "us-gov-east-1"},
        {"us-gov-west-1", true, true, "iam.us-gov.api.aws", "us-gov-west-1", "sts-fips.us-gov-west-1.api.aws",
            "us-gov-west-1"},
        {"us-iso-west-1", false, false, "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1",
            "sts.us-iso-west-1.c2s.ic.gov", "us-iso-west-1"},
        {"us-iso-east-1", true, false, "iam-fips.us-iso-east-1.c2s.ic.gov", "us-iso-east-1",
            "sts-fips.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
        {"us-isob-east-1", false, true, "iam.api.aws.scloud", "us-isob-east-1", "sts.us-isob-east-1.api.aws.scloud",
            "us-isob-east-1"},
        {"us-isob-east-1", true, false, "iam-fips.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
            "sts-fips.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"},
        {"eu-isoe-west-1", false, false, "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1",
            "sts.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"},
        {"eu-isoe-west-1", true, false, "iam-fips.cloud.adc-e.uk", "eu-isoe-west-1",
            "sts-fips.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"},
        {"us-isof-east-1", false, false, "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1",
            "sts.us-isof-east-1.csp.hci.ic.gov", "us-isof-east-1"},
        {"us-isof-south-1", true, false, "iam-fips.csp.hci.ic.gov", "us-isof-south-1",
            "sts-fips.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"},
        {"eusc-de-east-1", false, false, "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1",
            "sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
        {"eusc-de-east-1", true, false, "iam-fips.amazonaws.eu", "eusc-de-east-1",
            "sts-fips.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
    };
    static const char *const unknown[] = {"zz-nowhere-1", "us-east", "us-east-1a", "us-iso-", "-1", "US-EAST-1", "eu",
        "local", "us-east-1.example.com", "eusc-fr-west-1", "aws-moon-global"};
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT(table); i++) {
        for (int is_sts = 0; is_sts < 2; is_sts++) {
            struct aws_credentials c = {.fips = table[i].fips, .dual_stack = table[i].dual_stack};
            struct buffer url = {0};
            struct error err;
            char region[ENDPOINT_REGION_MAX], want[128];
            snprintf(c.region, sizeof c.region, "%s", table[i].region);
            snprintf(want, sizeof want, "https://%s/", is_sts ? table[i].sts : table[i].iam);
            assert_true(endpoint_find(&c, is_sts ? "sts" : "iam", NULL, &url, region, &err));
            assert_string_equal(url.data, want);
            assert_string_equal(region, is_sts ? table[i].sts_region : table[i].iam_region);
            buffer_free(&url);
        }
    }
    for (size_t i = 0; i < SAMPLE_COUNT(unknown); i++) {
        if (endpoint_is_region(unknown[i]))
            fail_msg("%s is taken for a region", unknown[i]);
    }
}

/* On an instance without a region: that of the instance, whose partition then counts. */
static void test_region_of_instance(void **state)
{
    (void)state;
    clean_environment();
    setenv("AWS_EC2_METADATA_DISABLED", "false", 1);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint, 1);
    struct credentials_search search;
    struct error err;
    assert_true(find_credentials(&fetch_defaults, &search, &err));
    assert_string_equal(search.origin, "iam-role");
    assert_string_equal(search.credentials.region, "cn-northwest-1");
    setenv("AWS_REGION", "us-east-2", 1);
    assert_true(find_credentials(&fetch_defaults, &search, &err));
    assert_string_equal(search.credentials.region, "us-east-2");
    /* somebody accepts the connection, but the answer with the token does not come back */
    char url[128];
    snprintf(url, sizeof url, "%s/mute", endpoint);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url, 1);
    struct fetch_settings s = fetch_defaults;
    s.metadata = 100;
    assert_false(find_credentials(&s, &search, &err));
    assert_non_null(strstr(err.text, "hop limit"));
    assert_int_equal(search.found, CREDENTIALS_NONE);
}

/* ---- what is left of a secret ---- */

/* secret/+AKIAOK78 with a bit of each byte turned, so that this program does not hold it itself. */
static const char hidden[] = "rdbsdu.*@JH@NJ69";
enum { HIDDEN = sizeof hidden - 1 };

/* Another process writes the file. */
static void write_secret(void)
{
    pid_t child = fork();
    if (child == 0) {
        char text[128], *end = stpcpy(text, "[default]\naws_access_key_id = AKIAOK78\naws_secret_access_key = ");
        for (size_t i = 0; i < HIDDEN; i++)
            *end++ = (char)(hidden[i] ^ 1);
        *end++ = '\n';
        *end = '\0';
        write_file(".aws/credentials", text);
        _exit(0);
    }
    assert_true(child > 0);
    waitpid(child, NULL, 0);
}

/* Whether SIZE bytes at BYTES hold what TEXT hides. */
static bool holds_secret(const char *bytes, size_t size, const char *text)
{
    size_t n = strlen(text);
    for (size_t at = 0; at + n <= size; at++) {
        size_t i = 0;
        while (i < n && (bytes[at + i] ^ 1) == text[i])
            i++;
        if (i == n)
            return true;
    }
    return false;
}

/*
 * Whether the memory FROM to TO of this process, read through the descriptor MEMORY, holds what TEXT hides. Pages that
 * cannot be read, such as the guard pages that newer C libraries put into a mapping, are passed over. *SEEN grows by
 * the bytes read.
 */
static bool mapping_holds_secret(int memory, uintptr_t from, uintptr_t to, const char *text, size_t *seen)
{
    enum { PAGE = 4096, KEPT = 256 };
    char bytes[KEPT + PAGE]; /* the end of the page before, for a secret across the boundary, and one page */
    size_t kept = 0;
    bool found = false;
    assert_true(strlen(text) < KEPT);
    for (uintptr_t at = from; at < to && !found; at += PAGE) {
        if (pread(memory, bytes + kept, PAGE, (off_t)at) != PAGE) {
            kept = 0;
            continue;
        }
        *seen += PAGE;
        found = holds_secret(bytes, kept + PAGE, text);
        memmove(bytes, bytes + kept + PAGE - KEPT, KEPT);
        kept = KEPT;
    }
    memset(bytes, 0, sizeof bytes);
    return found;
}

/* Fail when writable memory of this process holds what TEXT hides; false: that cannot be told here. */
static bool look_for_secret(const char *text)
{
    char line[512], mode[8];
    uintptr_t from, to;
    size_t places = 0, seen = 0;
    FILE *f = getenv("NCRED_VALGRIND") ? NULL : fopen("/proc/self/maps", "r");
    if (!f)
        return false;
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (memory < 0) {
        fclose(f);
        return false;
    }
    while (fgets(line, sizeof line, f)) {
        bool has = sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to, mode) == 3;
        /* the heap and what malloc maps, stacks, and variables */
        if (!has || strncmp(mode, "rw-p", 4) != 0 || strstr(line, "[v") || to - from > (uintptr_t)1 << 28)
            continue;
        places++;
        if (mapping_holds_secret(memory, from, to, text, &seen))
            fail_msg("a secret is left at %s", line);
    }
    fclose(f);
    close(memory);
    assert_true(places > 3);
    assert_true(seen > 1 << 20);
    return true;
}

/* A token of a web identity, which the server refuses: nothing of it stays, on the stack neither. */
static void test_wiped_web_identity(void **state)
{
    char path[256];
    (void)state;
    clean_environment();
    pid_t child = fork();
    if (child == 0) {
        char text[HIDDEN + 1] = "";
        for (size_t i = 0; i < HIDDEN; i++)
            text[i] = (char)(hidden[i] ^ 1);
        write_file("web", text);
        _exit(0);
    }
    assert_true(child > 0);
    waitpid(child, NULL, 0);
    snprintf(path, sizeof path, "%s/web", home);
    setenv("AWS_WEB_IDENTITY_TOKEN_FILE", path, 1);
    setenv("AWS_ROLE_ARN", "arn:aws:iam::333000000007:role/pod", 1);
    struct fetch_settings s = fast(FETCH_VIA_API);
    struct fetch_target t = {.name = "x"};
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "InvalidIdentityToken"));
    if (!look_for_secret(hidden))
        skip();
    /* the credentials of the role, once it is taken on */
    write_file("web", "web/+== token");
    assert_int_equal(fetch_run(&s, &t, 1), 1);
    fetch_free(&t, 1);
    assert_true(look_for_secret("rdbsdu.*@RH@NJ2221111111"));
    assert_true(look_for_secret("unjdo.*<<@RH@NJ222111111"));
}

/* Wait for the process whose id is in the file NAME to end. */
static void assert_gone(const char *name)
{
    char path[256], text[32] = "";
    snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(text, sizeof text, f));
    fclose(f);
    pid_t child = (pid_t)atoi(text);
    assert_true(child > 1);
    /* nobody waits for an orphan but init, which takes a moment; in a container perhaps nobody does */
    for (int i = 0; i < 500 && kill(child, 0) == 0; i++) {
        char stat_path[64], line[256] = "";
        snprintf(stat_path, sizeof stat_path, "/proc/%d/stat", (int)child);
        f = fopen(stat_path, "r");
        bool is_dead = f && fgets(line, sizeof line, f) && strstr(line, ") Z ");
        if (f)
            fclose(f);
        if (is_dead)
            break;
        assert_true(i < 499);
        poll(NULL, 0, 10);
    }
}

/* What a program has started ends with it when the time is over, also when the program itself has ended before. */
static void test_children(void **state)
{
    char config[600];
    (void)state;
    clean_environment();
    snprintf(config, sizeof config, "[profile waits]\n"
        "credential_process = sh -c 'echo why not >&2; sleep 1000 & echo $! > %s/child; wait'\n"
        "[profile leaves]\ncredential_process = sh -c 'sleep 1000 & echo $! > %s/orphan'\n", home, home);
    write_file(".aws/config", config);
    struct fetch_settings s = fetch_defaults;
    struct fetch_target targets[] = {{.name = "x", .profile = "waits"}, {.name = "y", .profile = "leaves"}};
    s.via = FETCH_VIA_API;
    s.patience = 700;
    assert_int_equal(fetch_run(&s, targets, 2), 0);
    assert_non_null(strstr(targets[0].error.text, "sh did not end within 1 s, which is what was left of --patience"));
    assert_non_null(strstr(targets[1].error.text, "sh ended, but what it started did not close its output within 1 s"));
    assert_gone("child");
    assert_gone("orphan");
    struct fetch_target t = {.name = "x"};
#ifdef __linux__ /* where the program shares the terminal, its children are found only there */
    snprintf(config, sizeof config, "[default]\n"
        "credential_process = sh -c 'sh -c \"sleep 1000 & echo \\$! > %s/child; wait\" & wait'\n", home);
    write_file(".aws/config", config);
    s.terminal = true;
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "did not end"));
    assert_gone("child");
    s.terminal = false;
#endif
    snprintf(config, sizeof config, "[default]\ncredential_process = sh -c 'echo why not >&2; exit 3'\n");
    write_file(".aws/config", config);
    s.patience = 60000;
    assert_int_equal(fetch_run(&s, &t, 1), 0);
    assert_non_null(strstr(t.error.text, "status 3: why not"));
    write_file(".aws/config", "");
}

/* The one question in the id's account, and the keys of the user alone; not in another account. */
static void test_key_owner(void **state)
{
    (void)state;
    clean_environment();
    use_keys("BUSY7");
    struct fetch_settings s = fast(FETCH_VIA_API);
    struct fetch_target t = {.name = "x"};
    s.whose = "AKIAX";
    assert_int_equal(fetch_run(&s, &t, 1), 1);
    assert_string_equal(t.owner.user, "owner of AKIAX");
    assert_string_equal(t.owner.used, "2026-01-02T03:04:00Z");
    assert_string_equal(t.owner.service, "s3");
    assert_string_equal(t.owner.region, "eu-west-1");
    buffer_puts(&t.keys, "");
    assert_non_null(strstr(t.keys.data, "\"AccessKeyId\": \"AKIAX\"")); /* although the list has others */
    assert_non_null(strstr(t.keys.data, "AKIAIALICE"));
    fetch_free(&t, 1);
    use_keys("PLAIN7");
    t = (struct fetch_target){.name = "x"};
    assert_int_equal(fetch_run(&s, &t, 1), 1);
    assert_non_null(strstr(t.owner_error.text, "iam:GetAccessKeyLastUsed"));
    assert_int_equal(t.keys.len, 0);
    fetch_free(&t, 1);
    use_keys("OK7");
    t = (struct fetch_target){.name = "x"};
    s.whose = "AKIARZPUZDIKF3RNWYI2";
    assert_int_equal(fetch_run(&s, &t, 1), 1);
    assert_string_equal(t.owner.user, "");
    assert_int_equal(t.keys.len, 0);
    fetch_free(&t, 1);
}

static void test_wiped(void **state)
{
    (void)state;
    clean_environment();
    write_secret();
    expect("111111111178");
    if (!look_for_secret(hidden))
        skip();
    write_file(".aws/credentials", "");
    /* and no core tells of it */
    struct rlimit core;
    assert_int_equal(getrlimit(RLIMIT_CORE, &core), 0);
    assert_int_equal(core.rlim_cur, 0);
    assert_int_equal(core.rlim_max, 0);
#ifdef PR_GET_DUMPABLE
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
#endif
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plays), cmocka_unit_test(test_hanging_names), cmocka_unit_test(test_nobody_there),
            cmocka_unit_test(test_twenty),
        cmocka_unit_test(test_origins), cmocka_unit_test(test_process), cmocka_unit_test(test_container_and_instance),
        cmocka_unit_test(test_web_identity), cmocka_unit_test(test_after_the_profile), cmocka_unit_test(test_services),
        cmocka_unit_test(test_endpoints), cmocka_unit_test(test_region_of_instance), cmocka_unit_test(test_children),
        cmocka_unit_test(test_key_owner), cmocka_unit_test(test_wiped), cmocka_unit_test(test_wiped_web_identity),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
