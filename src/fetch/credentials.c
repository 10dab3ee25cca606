/* The search for credentials in botocore's order: one function per source, from_...(), and look_everywhere(). */
#include "fetch/credentials.h"

#include "base/wipe.h"
#include "fetch/api.h"
#include "fetch/endpoint.h"
#include "fetch/http.h"
#include "fetch/profile.h"
#include "fetch/spawn.h"
#include "fetch/words.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHAIN_MAX = 8, ANSWER_MAX = 64 << 10, CONTAINER_TRIES = 3, CONTAINER_WAIT = 1000 /* ms */ };

/* One call of credentials_find(). */
struct lookup {
    const struct fetch_settings *settings;
    const char *name;    /* what errors begin with */
    const char *profile; /* the profile that says region, endpoints and certificates */
    bool named;          /* the caller named the profile: credentials in the environment do not count */
    struct profiles profiles;
    struct aws_credentials *out;
    const char *origin;
    char account[13];    /* of the role that was assumed last */
    struct error *err;
    bool explained;      /* err already says why there are none */
};

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static enum credentials_found broken_at(struct lookup *s, const char *what)
{
    error_set(s->err, "%s: %s", s->name, what);
    return CREDENTIALS_BROKEN;
}

static enum credentials_found found_by(struct lookup *s, const char *origin)
{
    s->origin = origin;
    return CREDENTIALS_FOUND;
}

/* ---- the environment ---- */

static enum credentials_found from_environment(struct lookup *s)
{
    const char *id = variable("AWS_ACCESS_KEY_ID"), *secret = variable("AWS_SECRET_ACCESS_KEY");
    const char *token = variable("AWS_SECURITY_TOKEN") ? variable("AWS_SECURITY_TOKEN") : variable("AWS_SESSION_TOKEN");
    if (!id)
        return CREDENTIALS_NONE;
    if (!secret)
        return broken_at(s, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
    if (credentials_copy(s->out->id, sizeof s->out->id, slice_of(id))
        && credentials_copy(s->out->secret, sizeof s->out->secret, slice_of(secret))
        && credentials_copy(s->out->token, sizeof s->out->token, slice_of(token ? token : "")))
        return found_by(s, "env");
    return broken_at(s,
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_SESSION_TOKEN is too long or has control bytes");
}

/* ---- credential_process ---- */

/* Put ": " and what the program wrote to standard error into OUT, or "", to end a message with. */
static void quote_words(char *out, size_t size, const struct spawned *spawned)
{
    struct slice text = slice_trimmed((struct slice){spawned->errors.data ? spawned->errors.data : "",
        spawned->errors.len});
    char words[300];
    text_escape(words, sizeof words, text);
    snprintf(out, size, "%s%s", text.len ? ": " : "", words);
}

/* Whether JSON, printed by a credential_process, has "Version": 1, the only version there is. */
static bool is_version_1(struct slice json)
{
    json_t *root = json_loadb(json.data, json.len, 0, NULL);
    bool is = json_integer_value(json_object_get(root, "Version")) == 1;
    json_decref(root);
    return is;
}

static bool run_process(struct lookup *s, char *const argv[], struct error *why)
{
    struct spawned spawned = {0};
    char words[320];
    bool ok = spawn_run_asking(argv, NULL, s->settings, ANSWER_MAX, &spawned, why);
    if (ok) {
        struct slice output = {spawned.output.data, spawned.output.len};
        quote_words(words, sizeof words, &spawned);
        if (spawned.status != 0)
            ok = error_set(why, "it ended with status %d%s", spawned.status, words);
        else if (!credentials_from_json(output, "SessionToken", s->out, why))
            ok = error_set(why, "it printed no JSON with AccessKeyId and SecretAccessKey%s", words);
        else if (!is_version_1(output))
            ok = error_set(why, "expected \"Version\": 1 in the JSON that it printed%s", words);
    }
    spawned_free(&spawned);
    return ok;
}

static enum credentials_found from_process(struct lookup *s, struct slice command)
{
    char *words = xcalloc(command.len + 2, 1), *argv[WORDS_MAX + 1];
    struct error why;
    bool ok = words_split(command, words, argv) > 0 || error_set(&why, "the command cannot be split into words");
    ok = ok && run_process(s, argv, &why);
    free(words);
    if (ok)
        return found_by(s, "custom-process");
    error_set(s->err, "%s: credential_process: %s", s->name, why.text);
    return CREDENTIALS_BROKEN;
}

/* ---- containers and instances ---- */

/* Put the host of URL into OUT. Returns false if it has none, has a user name, or could be read in two ways. */
static bool host_of(const char *url, char *out, size_t size)
{
    const char *at = strstr(url, "://");
    if (!at || strpbrk(url, "@\\ \t\r\n"))
        return false;
    at += 3;
    bool bracketed = *at == '[';
    at += bracketed;
    size_t n = strcspn(at, bracketed ? "]" : ":/?#");
    if (!n || n >= size || (bracketed && (at[n] != ']' || !strchr(":/?#", at[n + 1]))))
        return false;
    memcpy(out, at, n);
    out[n] = '\0';
    return true;
}

/* Whether requests may go to URL: it is http or https, and has a host but no user name and password. */
static bool is_endpoint(const char *url)
{
    char host[256];
    return (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0) && host_of(url, host, sizeof host);
}

static bool is_loopback(const char *host)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, host, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

/*
 * Whether the container's token may be sent to URL: over https, or to this machine or the link-local addresses of ECS
 * and EKS. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
static bool is_container_host(const char *url)
{
    static const char *const fine[] = {"localhost", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
    char host[256];
    if (!host_of(url, host, sizeof host))
        return false;
    if (strncmp(url, "https://", 8) == 0 || (strncmp(url, "http://", 7) == 0 && is_loopback(host)))
        return true;
    for (size_t i = 0; i < sizeof fine / sizeof fine[0] && strncmp(url, "http://", 7) == 0; i++) {
        if (strcmp(host, fine[i]) == 0)
            return true;
    }
    return false;
}

/*
 * Read FD, which may be a pipe, to its end into OUT, before the deadline. Returns false with errno set if that fails.
 */
static bool read_in_time(const struct fetch_settings *settings, int fd, char *out, size_t size, size_t *len)
{
    enum { LOOK = 100 }; /* ms between two looks at whether to stop */
    struct pollfd p = {fd, POLLIN, 0};
    for (*len = 0; *len < size;) {
        if (fetch_is_stopped(settings) || fetch_time_left(settings) <= 0) {
            errno = ETIMEDOUT;
            return false;
        }
        ssize_t n = poll(&p, 1, LOOK) > 0 ? read(fd, out + *len, size - *len) : -1;
        if (n == 0)
            break;
        if (n < 0 && p.revents && errno != EINTR && errno != EAGAIN)
            return false;
        *len += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/*
 * Put the first line of the token file PATH into OUT, which the caller wipes. Returns false with ERR set on
 * errors.
 */
static bool read_token(const struct fetch_settings *settings, const char *path, char *out, size_t size,
    struct error *err)
{
    size_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool ok = fd >= 0 && read_in_time(settings, fd, out, size - 1, &n);
    if (!ok) {
        error_set(err, "%s cannot be read: %s", path, strerror(errno));
        n = 0;
    }
    if (fd >= 0)
        close(fd);
    out[n] = '\0';
    if (ok && n == size - 1)
        ok = error_set(err, "%s is too long to be a token", path);
    out[strcspn(out, "\r\n")] = '\0';
    return ok;
}

/* Make HEADER the header with the container's token; it stays empty where there is none. The caller wipes it. */
static bool container_token(const struct fetch_settings *settings, struct buffer *header, struct error *err)
{
    const char *file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    struct error why;
    char text[8192] = "";
    bool ok = true;
    if (file && !read_token(settings, file, text, sizeof text, &why))
        ok = error_set(err, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: %s", why.text);
    else if (!file && token && strpbrk(token, "\r\n"))
        ok = error_set(err, "AWS_CONTAINER_AUTHORIZATION_TOKEN has more than one line");
    token = file ? text : token;
    header->cap = sizeof text + 32;
    header->data = xcalloc(header->cap, 1);
    if (ok && token)
        buffer_printf(header, "Authorization: %s", token);
    wipe(text, sizeof text);
    return ok;
}

/* Put ": " and the beginning of BODY, what a server sent instead of credentials, into OUT, to end a message with. */
static void quote_answer(char *out, size_t size, struct slice body)
{
    char words[200];
    body = slice_trimmed(body);
    text_escape(words, sizeof words, body);
    snprintf(out, size, "%s%s", body.len ? ": " : "", words);
}

/* Try once to get credentials from the container's endpoint. */
static bool ask_container(struct lookup *s, const struct http_request *q, struct error *why)
{
    struct http_answer a;
    char words[220];
    bool ok = http_ask(q, &a, why);
    struct slice body = {a.body.data, a.body.len};
    if (ok && a.status != 200) {
        quote_answer(words, sizeof words, body);
        ok = error_set(why, "HTTP %ld%s", a.status, words);
    }
    ok = ok && credentials_from_json(body, "Token", s->out, why);
    wipe_buffer(&a.body);
    return ok;
}

static enum credentials_found from_url(struct lookup *s, const char *url, const char *header)
{
    struct error why;
    struct http_request q = {.url = url, .ms = s->settings->container, .connect_ms = s->settings->container,
        .limit = ANSWER_MAX, .direct = true, .settings = s->settings};
    q.headers[0] = "Accept: application/json";
    q.headers[1] = header;
    for (unsigned i = 0; i < CONTAINER_TRIES; i++) {
        if (i && !fetch_pause(s->settings, CONTAINER_WAIT))
            break;
        if (ask_container(s, &q, &why))
            return found_by(s, "container-role");
    }
    error_set(s->err, "%s: the credentials of the container from %s: %s", s->name, url, why.text);
    return CREDENTIALS_BROKEN;
}

static enum credentials_found from_container(struct lookup *s)
{
    const char *relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    struct buffer url = {0}, header = {0};
    struct error why;
    enum credentials_found found;
    if (!relative && !full)
        return CREDENTIALS_NONE;
    if (relative)
        buffer_printf(&url, "http://169.254.170.2%s%s", relative[0] == '/' ? "" : "/", relative);
    else
        buffer_puts(&url, full);
    if (!is_container_host(url.data)) {
        found = broken_at(s, relative ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path"
                                      : "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor on this machine");
    } else if (!container_token(s->settings, &header, &why)) {
        found = broken_at(s, why.text);
    } else {
        found = from_url(s, url.data, header.len ? header.data : NULL);
    }
    wipe_buffer(&header);
    buffer_free(&url);
    return found;
}

/* Put a setting of the metadata service into OUT: the variable NAME, otherwise KEY of the profile, otherwise "". */
static void metadata_setting(const struct lookup *s, const char *name, const char *key, char *out, size_t size)
{
    const char *set = variable(name);
    if (!credentials_copy(out, size, set ? slice_of(set) : profiles_get(&s->profiles, s->profile, key)))
        out[0] = '\0';
}

/* The instance metadata service: how to ask it, and what came of the last request. */
struct metadata {
    char endpoint[256];
    int64_t ms;
    unsigned tries;
    struct buffer header; /* with the token; wiped by the caller */
    bool is_mute;         /* it accepted the connection, but did not answer in time */
    long status;          /* HTTP status of the last answer; 0: none came */
};

/* Request PATH, and put the answer into OUT, which the caller wipes. Returns false unless it is 200 with a body. */
static bool ask_metadata(const struct lookup *s, struct metadata *m, const char *method, const char *path,
    const char *header, struct buffer *out)
{
    struct buffer url = {0};
    struct http_answer a = {0};
    struct error why;
    bool ok = false;
    buffer_printf(&url, "%s%s", m->endpoint, path);
    struct http_request q = {.method = method, .url = url.data, .ms = m->ms, .connect_ms = m->ms, .limit = ANSWER_MAX,
        .direct = true, .settings = s->settings};
    q.headers[0] = header;
    for (unsigned i = 0; i < m->tries && !ok && fetch_time_left(s->settings) > 0; i++) {
        wipe_buffer(&a.body);
        ok = http_ask(&q, &a, &why);
        m->is_mute = !ok && a.connected;
        m->status = a.status;
    }
    *out = a.body;
    buffer_free(&url);
    return ok && a.status == 200 && a.body.len;
}

static void find_metadata(const struct lookup *s, struct metadata *m)
{
    char mode[16], seconds[16], tries[16];
    *m = (struct metadata){.ms = s->settings->metadata, .tries = 1};
    metadata_setting(s, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint", m->endpoint,
        sizeof m->endpoint);
    metadata_setting(s, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode", mode,
        sizeof mode);
    metadata_setting(s, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", seconds, sizeof seconds);
    metadata_setting(s, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", tries, sizeof tries);
    long set = strtol(seconds, NULL, 10), often = strtol(tries, NULL, 10);
    if (set > 0 && set <= 3600)
        m->ms = set * 1000;
    if (often > 0 && often <= 100)
        m->tries = (unsigned)often;
    if (!m->endpoint[0])
        snprintf(m->endpoint, sizeof m->endpoint, "http://%s",
            slice_equal_nocase(slice_of(mode), slice_of("ipv6")) ? "[fd00:ec2::254]" : "169.254.169.254");
    for (size_t n = strlen(m->endpoint); n && m->endpoint[n - 1] == '/'; n--)
        m->endpoint[n - 1] = '\0';
}

/*
 * Get a token of IMDSv2 for M. Returns false if this is no instance, or it is not allowed. IMDSv1, which needs none,
 * is not used. Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 */
static bool open_metadata(struct lookup *s, struct metadata *m)
{
    const char *off = variable("AWS_EC2_METADATA_DISABLED");
    struct buffer token = {0};
    find_metadata(s, m);
    if (off && slice_equal_nocase(slice_of(off), slice_of("true")))
        return false;
    bool ok = ask_metadata(s, m, "PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds: 300", &token)
        && !strpbrk(token.data, "\r\n");
    if (ok) {
        m->header.cap = token.len + 64;
        m->header.data = xcalloc(m->header.cap, 1);
        buffer_printf(&m->header, "X-aws-ec2-metadata-token: %s", token.data);
    }
    wipe_buffer(&token);
    return ok;
}

static void explain_metadata(struct lookup *s, const struct metadata *m)
{
    if (m->is_mute)
        error_set(s->err, "%s: the instance's metadata service does not answer: in a container its hop limit has to "
            "be 2 "
            "(aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2)", s->name);
    else if (m->status == 403)
        error_set(s->err, "%s: the instance's metadata service is switched off for this instance (HTTP 403)", s->name);
    s->explained = m->is_mute || m->status == 403;
}

/*
 * Say that the instance's ROLE has no credentials, and what the metadata service answered: JSON, perhaps with a Code.
 */
static enum credentials_found broken_role(struct lookup *s, const char *role, long status, struct slice json)
{
    json_t *root = json_loadb(json.data, json.len, 0, NULL);
    const char *code = json_string_value(json_object_get(root, "Code"));
    const char *message = json_string_value(json_object_get(root, "Message"));
    if (code)
        error_set(s->err, "%s: the instance's role %s has no credentials: %s%s%s", s->name, role, code,
            message ? ": " : "", message ? message : "");
    else
        error_set(s->err, "%s: the instance's role %s has no credentials (HTTP %ld)", s->name, role, status);
    json_decref(root);
    return CREDENTIALS_BROKEN;
}

/* Get the credentials of the instance's role: a token, the role's name, its credentials. */
static enum credentials_found from_instance(struct lookup *s)
{
    static const char roles[] = "/latest/meta-data/iam/security-credentials/";
    struct metadata m;
    struct buffer role = {0}, path = {0}, json = {0};
    struct error why;
    enum credentials_found found = CREDENTIALS_NONE;
    if (!open_metadata(s, &m)) {
        explain_metadata(s, &m);
    } else if (ask_metadata(s, &m, NULL, roles, m.header.data, &role)) {
        role.data[strcspn(role.data, "\r\n")] = '\0';
        buffer_printf(&path, "%s%s", roles, role.data);
        bool ok = ask_metadata(s, &m, NULL, path.data, m.header.data, &json);
        if (ok && credentials_from_json((struct slice){json.data, json.len}, "Token", s->out, &why))
            found = found_by(s, "iam-role");
        else
            found = broken_role(s, role.data, m.status, (struct slice){json.len ? json.data : "", json.len});
    }
    wipe_buffer(&m.header);
    buffer_free(&role);
    buffer_free(&path);
    wipe_buffer(&json);
    return found;
}

/* Whether the firmware says that this machine is an EC2 instance; only then is an unset region asked for. */
static bool is_instance(void)
{
    char text[32] = "";
    FILE *f = fopen("/sys/devices/virtual/dmi/id/sys_vendor", "re");
    if (f && !fgets(text, sizeof text, f))
        text[0] = '\0';
    if (f)
        fclose(f);
    return strncmp(text, "Amazon EC2", 10) == 0;
}

/* If no region is set and this is an instance, set the one that the instance is in. */
static void ask_region(struct lookup *s)
{
    struct metadata m;
    struct buffer region = {0};
    const char *origin = s->origin ? s->origin : "";
    if (s->out->region[0] || (strcmp(origin, "iam-role") != 0 && !variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
            && !is_instance()))
        return;
    if (open_metadata(s, &m)) {
        bool ok = ask_metadata(s, &m, NULL, "/latest/meta-data/placement/region", m.header.data, &region);
        if (!ok) {
            buffer_free(&region);
            ok = ask_metadata(s, &m, NULL, "/latest/meta-data/placement/availability-zone", m.header.data, &region);
            region.len -= ok; /* without the zone's letter */
        }
        struct slice text = slice_trimmed((struct slice){region.data, ok ? region.len : 0});
        if (ok && !credentials_copy(s->out->region, sizeof s->out->region, text))
            s->out->region[0] = '\0';
    }
    wipe_buffer(&m.header);
    buffer_free(&region);
}

/* ---- web identity, as Kubernetes gives it ---- */

/*
 * Put KEY of PROFILE into OUT, "" if it is not set. Returns false with the error set if it does not fit or has
 * several lines.
 */
static bool get_setting(struct lookup *s, const char *profile, const char *key, char *out, size_t size)
{
    return credentials_copy(out, size, profiles_get(&s->profiles, profile, key))
        || error_set(s->err, "%s: profile %s: %s is too long or has more than one line", s->name, profile, key);
}

/* The same, but if ENVIRONMENT the variable NAME comes before the profile. */
static bool get_identity(struct lookup *s, const char *profile, bool environment, const char *name, const char *key,
    char *out, size_t size)
{
    const char *set = environment ? variable(name) : NULL;
    if (!set)
        return get_setting(s, profile, key, out, size);
    return credentials_copy(out, size, slice_of(set)) || error_set(s->err, "%s: %s is too long", s->name, name);
}

static bool take_on_with_token(struct lookup *s, const char *path, const char *role, const char *session)
{
    char token[20001] = ""; /* WebIdentityToken has at most 20,000 characters (AssumeRoleWithWebIdentity) */
    struct error why;
    bool ok = read_token(s->settings, path, token, sizeof token, &why)
        || error_set(s->err, "%s: the token of the web identity: %s", s->name, why.text);
    ok = ok && api_assume_role_with_token(s->settings, s->out, role, session[0] ? session : "ncred", token, s->name,
            s->err);
    credentials_account(role, s->account);
    wipe(token, sizeof token);
    return ok;
}

static enum credentials_found from_web_identity(struct lookup *s, const char *profile, bool environment)
{
    char path[1024], role[2049], session[128];
    if (!get_identity(s, profile, environment, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file", path,
            sizeof path)
        || !get_identity(s, profile, environment, "AWS_ROLE_ARN", "role_arn", role, sizeof role)
        || !get_identity(s, profile, environment, "AWS_ROLE_SESSION_NAME", "role_session_name", session,
            sizeof session))
        return CREDENTIALS_BROKEN;
    if (!path[0])
        return CREDENTIALS_NONE;
    if (!role[0])
        return broken_at(s, "a web identity token is set, but no role to assume with it: AWS_ROLE_ARN, or role_arn");
    return take_on_with_token(s, path, role, session) ? found_by(s, "assume-role-with-web-identity")
                                                      : CREDENTIALS_BROKEN;
}

/* ---- profiles ---- */

static bool has_setting(const struct lookup *s, const char *profile, const char *key)
{
    return profiles_get(&s->profiles, profile, key).data;
}

static enum credentials_found from_keys(struct lookup *s, const char *profile, bool credentials)
{
    const struct profiles *p = &s->profiles;
    struct slice id = profiles_get_in(p, credentials, profile, "aws_access_key_id");
    struct slice secret = profiles_get_in(p, credentials, profile, "aws_secret_access_key");
    struct slice token = profiles_get_in(p, credentials, profile, "aws_security_token");
    if (!token.data)
        token = profiles_get_in(p, credentials, profile, "aws_session_token");
    if (!id.data)
        return CREDENTIALS_NONE;
    if (id.len && secret.len && credentials_copy(s->out->id, sizeof s->out->id, id)
        && credentials_copy(s->out->secret, sizeof s->out->secret, secret)
        && credentials_copy(s->out->token, sizeof s->out->token, token))
        return found_by(s, credentials ? "shared-credentials-file" : "config-file");
    error_set(s->err, "%s: profile %s: aws_access_key_id and aws_secret_access_key are not both there, or too long",
        s->name, profile);
    return CREDENTIALS_BROKEN;
}

static enum credentials_found cli_only(struct lookup *s, const char *profile, const char *how)
{
    error_set(s->err, "%s: profile %s %s, which only the aws command does; use --via cli", s->name, profile, how);
    return CREDENTIALS_CLI_ONLY;
}

/*
 * Find the credentials of PROFILE itself: all but a role that is assumed with other credentials. ENVIRONMENT: a web
 * identity may be in the environment.
 */
static enum credentials_found from_profile(struct lookup *s, const char *profile, bool environment)
{
    enum credentials_found found = from_web_identity(s, profile, environment);
    if (found == CREDENTIALS_NONE && (has_setting(s, profile, "sso_role_name")
        || has_setting(s, profile, "sso_account_id")))
        found = cli_only(s, profile, "signs in by SSO");
    if (found == CREDENTIALS_NONE)
        found = from_keys(s, profile, true);
    if (found == CREDENTIALS_NONE && has_setting(s, profile, "login_session"))
        found = cli_only(s, profile, "signs in by login_session");
    if (found == CREDENTIALS_NONE && has_setting(s, profile, "credential_process"))
        found = from_process(s, profiles_get(&s->profiles, profile, "credential_process"));
    return found == CREDENTIALS_NONE ? from_keys(s, profile, false) : found;
}

static bool has_role(const struct lookup *s, const char *profile)
{
    return has_setting(s, profile, "role_arn") && !has_setting(s, profile, "web_identity_token_file");
}

static bool has_keys(const struct lookup *s, const char *profile)
{
    return has_setting(s, profile, "aws_access_key_id") || has_setting(s, profile, "aws_secret_access_key");
}

static void add_option(struct buffer *out, const char *name, struct slice value)
{
    if (!value.len)
        return;
    buffer_printf(out, "&%s=", name);
    api_encode(out, value);
}

/*
 * Profiles with a role each, of which every one is assumed with the credentials of the next: source_profile leads
 * from one to the next, and the credentials that the last role is assumed with are found by find_source().
 */
struct chain {
    char profiles[CHAIN_MAX][256];
    size_t count;
};

static enum credentials_found from_source(struct lookup *s, const char *source, const char *profile)
{
    if (strcmp(source, "Environment") == 0)
        return from_environment(s);
    if (strcmp(source, "EcsContainer") == 0)
        return from_container(s);
    if (strcmp(source, "Ec2InstanceMetadata") == 0)
        return from_instance(s);
    error_set(s->err, "%s: profile %s: unknown credential_source \"%s\": expected Environment, EcsContainer or "
        "Ec2InstanceMetadata", s->name, profile, source);
    return CREDENTIALS_BROKEN;
}

/* Whether the last role of CHAIN may be assumed with the credentials of profile SOURCE; else the error says why not. */
static bool may_follow(struct lookup *s, const struct chain *chain, const char *source)
{
    const char *last = chain->profiles[chain->count - 1];
    if (!profiles_has(&s->profiles, source))
        return error_set(s->err, "%s: there is no profile %s, which profile %s has as its source_profile", s->name,
            source, last);
    if (strcmp(source, last) == 0 && has_keys(s, source))
        return true;
    for (size_t i = 0; i < chain->count; i++) {
        if (strcmp(chain->profiles[i], source) == 0)
            return error_set(s->err, "%s: source_profile forms a circle at profile %s", s->name, source);
    }
    return chain->count < CHAIN_MAX
        || error_set(s->err, "%s: source_profile leads through more than %d profiles", s->name, CHAIN_MAX);
}

/*
 * Follow source_profile from the last profile of CHAIN, adding those with a role, up to one with credentials; find
 * these.
 */
static enum credentials_found find_source(struct lookup *s, struct chain *chain)
{
    for (;;) {
        const char *profile = chain->profiles[chain->count - 1];
        char source[256], other[64];
        if (has_setting(s, profile, "mfa_serial"))
            return cli_only(s, profile, "asks for an MFA code");
        if (!get_setting(s, profile, "source_profile", source, sizeof source)
            || !get_setting(s, profile, "credential_source", other, sizeof other))
            return CREDENTIALS_BROKEN;
        if (!source[0] == !other[0]) {
            error_set(s->err, "%s: profile %s: role_arn takes %s of source_profile and credential_source", s->name,
                profile, source[0] ? "one, not both," : "one");
            return CREDENTIALS_BROKEN;
        }
        if (other[0])
            return from_source(s, other, profile);
        if (!may_follow(s, chain, source))
            return CREDENTIALS_BROKEN;
        if (has_keys(s, source) || !has_role(s, source))
            return from_profile(s, source, false);
        memcpy(chain->profiles[chain->count++], source, sizeof source);
    }
}

static bool take_on_role_of(struct lookup *s, const char *profile)
{
    const struct profiles *p = &s->profiles;
    struct buffer options = {0};
    char role[2049], seconds[16];
    if (!get_setting(s, profile, "role_arn", role, sizeof role))
        return false;
    add_option(&options, "RoleSessionName", profiles_get(p, profile, "role_session_name"));
    add_option(&options, "ExternalId", profiles_get(p, profile, "external_id"));
    if (credentials_copy(seconds, sizeof seconds, profiles_get(p, profile, "duration_seconds"))
        && strspn(seconds, "0123456789") == strlen(seconds))
        add_option(&options, "DurationSeconds", slice_of(seconds));
    buffer_puts(&options, "");
    bool ok = api_assume_role(s->settings, s->out, role, options.data, s->name, s->err);
    credentials_account(role, s->account);
    buffer_free(&options);
    return ok;
}

static enum credentials_found from_role(struct lookup *s, const char *profile)
{
    struct chain chain = {.count = 1};
    if (strlen(profile) >= sizeof chain.profiles[0])
        return broken_at(s, "the profile's name is too long");
    memcpy(chain.profiles[0], profile, strlen(profile) + 1);
    enum credentials_found found = find_source(s, &chain);
    if (found == CREDENTIALS_NONE) {
        if (!s->explained)
            error_set(s->err, "%s: profile %s: no credentials to assume its role with: source_profile or "
                "credential_source has none", s->name, chain.profiles[chain.count - 1]);
        return CREDENTIALS_BROKEN;
    }
    if (found == CREDENTIALS_FOUND)
        ask_region(s);
    for (size_t i = chain.count; found == CREDENTIALS_FOUND && i > 0; i--) {
        if (!take_on_role_of(s, chain.profiles[i - 1]))
            return CREDENTIALS_BROKEN;
    }
    return found == CREDENTIALS_FOUND ? found_by(s, "assume-role") : found;
}

/* ---- region, endpoints, certificates ---- */

static bool setting_is_true(const struct lookup *s, const char *name, const char *key)
{
    const char *set = variable(name);
    return slice_equal_nocase(set ? slice_of(set) : profiles_get(&s->profiles, s->profile, key), slice_of("true"));
}

/*
 * Put the endpoint of SERVICE into OUT: the first that is set of the variable NAME, AWS_ENDPOINT_URL, the profile's
 * services section, its endpoint_url. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
static bool find_url(struct lookup *s, const char *name, const char *service, char *out, size_t size)
{
    const char *set = variable(name) ? variable(name) : variable("AWS_ENDPOINT_URL");
    char section[256];
    struct slice url = profiles_get(&s->profiles, s->profile, "endpoint_url");
    if (setting_is_true(s, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"))
        return true;
    if (!get_setting(s, s->profile, "services", section, sizeof section))
        return false;
    if (section[0] && !set && !profiles_has_services(&s->profiles, section))
        return error_set(s->err, "%s: profile %s: there is no section [services %s]", s->name, s->profile, section);
    struct slice own = section[0] ? profiles_service(&s->profiles, section, service, "endpoint_url") : url;
    if (!credentials_copy(out, size, set ? slice_of(set) : own.len ? own : url))
        return error_set(s->err, "%s: the endpoint of %s is too long or has control bytes", s->name, service);
    return !out[0] || is_endpoint(out)
        || error_set(s->err, "%s: the endpoint of %s is no URL of the form https://HOST or http://HOST:PORT; check "
            "AWS_ENDPOINT_URL and endpoint_url", s->name, service);
}

/* The older way to ask for FIPS endpoints: "fips-us-east-1" and "us-east-1-fips" are the region us-east-1 with FIPS. */
static void take_fips_region(struct aws_credentials *c)
{
    static const char word[] = "fips-";
    enum { WORD = sizeof word - 1 };
    size_t n = strlen(c->region);
    bool before = strncmp(c->region, word, WORD) == 0, behind = n > WORD && strcmp(c->region + n - WORD, "-fips") == 0;
    if (before)
        memmove(c->region, c->region + WORD, n - WORD + 1);
    else if (behind)
        c->region[n - WORD] = '\0';
    c->fips |= before || behind;
}

/* Read region, endpoints and certificates: those of the profile, also where the keys are in the environment. */
static bool read_settings(struct lookup *s)
{
    const char *region = variable("AWS_REGION") ? variable("AWS_REGION") : variable("AWS_DEFAULT_REGION");
    s->out->fips = setting_is_true(s, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
    s->out->dual_stack = setting_is_true(s, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
    if (!credentials_copy(s->out->region, sizeof s->out->region,
            region ? slice_of(region) : profiles_get(&s->profiles, s->profile, "region")))
        return error_set(s->err, "%s: the region that is set is too long or has control bytes", s->name);
    take_fips_region(s->out);
    return find_url(s, "AWS_ENDPOINT_URL_IAM", "iam", s->out->iam_url, sizeof s->out->iam_url)
        && find_url(s, "AWS_ENDPOINT_URL_STS", "sts", s->out->sts_url, sizeof s->out->sts_url)
        && get_setting(s, s->profile, "ca_bundle", s->out->ca_bundle, sizeof s->out->ca_bundle);
}

/* ---- all of it ---- */

static enum credentials_found look_everywhere(struct lookup *s)
{
    bool has_profile = profiles_has(&s->profiles, s->profile);
    if (!has_profile && (s->named || credentials_profile())) {
        profiles_lack(&s->profiles, s->name, s->profile, s->err);
        return CREDENTIALS_NONE;
    }
    enum credentials_found found = s->named ? CREDENTIALS_NONE : from_environment(s);
    if (found == CREDENTIALS_NONE && has_role(s, s->profile))
        found = from_role(s, s->profile);
    if (found == CREDENTIALS_NONE)
        found = from_profile(s, s->profile, !s->named);
    if (found == CREDENTIALS_NONE)
        found = from_container(s);
    if (found == CREDENTIALS_NONE)
        found = from_instance(s);
    if (found == CREDENTIALS_NONE && has_profile && !s->explained)
        error_set(s->err, "%s: profile %s has no credentials; aws configure, or aws sso login", s->name, s->profile);
    else if (found == CREDENTIALS_NONE && !s->explained)
        error_set(s->err, "%s: no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a "
            "profile with --profile, or sign in with aws sso login", s->name);
    return found;
}

bool credentials_find(const struct fetch_settings *settings, const char *profile, const char *name,
    struct credentials_search *out, struct error *err)
{
    struct error why;
    const char *usual = credentials_profile();
    struct lookup s = {.settings = settings, .name = name, .named = profile, .out = &out->credentials, .err = err,
        .profile = profile ? profile : usual ? usual : "default"};
    *out = (struct credentials_search){.found = CREDENTIALS_BROKEN};
    if (!profiles_read(&s.profiles, &why))
        error_set(err, "%s: %s", name, why.text);
    else if (read_settings(&s))
        out->found = look_everywhere(&s);
    if (out->found == CREDENTIALS_FOUND) {
        out->origin = s.origin;
        memcpy(out->account, s.account, sizeof out->account);
        ask_region(&s);
        if (s.out->region[0] && !endpoint_is_region(s.out->region)) {
            error_set(err, "%s: unknown region \"%s\": expected one such as us-east-1; check AWS_REGION and the "
                "profile",
                name, s.out->region);
            out->found = CREDENTIALS_BROKEN;
        }
    }
    profiles_free(&s.profiles);
    return out->found == CREDENTIALS_FOUND;
}
