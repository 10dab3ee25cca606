/* The search for credentials, in the aws command's order. */
#include "fetch/ask.h"

#include "base/wipe.h"
#include "fetch/http.h"
#include "fetch/profile.h"
#include "fetch/spawn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHAIN_MAX = 8, ANSWER_MAX = 64 << 10, WORDS_MAX = 64 };

struct search {
    const struct fetch_settings *settings;
    const char *name; /* for errors */
    struct profiles profiles;
    struct aws_credentials *out;
    struct error *err;
};

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static enum credentials_found broken(struct search *s, const char *what)
{
    error_set(s->err, "%s: %s", s->name, what);
    return CREDENTIALS_BROKEN;
}

/* ---- the environment ---- */

static enum credentials_found from_environment(struct search *s)
{
    const char *id = variable("AWS_ACCESS_KEY_ID"), *secret = variable("AWS_SECRET_ACCESS_KEY");
    const char *token = variable("AWS_SESSION_TOKEN");
    if (!id && !secret)
        return CREDENTIALS_NONE;
    if (!id || !secret)
        return broken(s, id ? "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"
                            : "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not");
    if (credentials_copy(s->out->id, sizeof s->out->id, slice_of(id))
        && credentials_copy(s->out->secret, sizeof s->out->secret, slice_of(secret))
        && credentials_copy(s->out->token, sizeof s->out->token, slice_of(token ? token : "")))
        return CREDENTIALS_FOUND;
    return broken(s, "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_SESSION_TOKEN is too long or has control bytes");
}

/* ---- credential_process ---- */

/* Words as a shell would cut them, without a shell: blanks, both quotation marks, the backslash. False: no end. */
static bool split_words(struct slice text, char *out, char *argv[WORDS_MAX + 1])
{
    size_t n = 0;
    char quote = '\0';
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (!quote && (c == ' ' || c == '\t')) {
            if (inside)
                *out++ = '\0';
            inside = false;
            continue;
        }
        if (!inside) {
            if (n == WORDS_MAX)
                return false;
            argv[n++] = out;
        }
        inside = true;
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? '\0' : c;
        else if (c == '\\' && quote != '\'' && i + 1 < text.len)
            *out++ = text.data[++i];
        else
            *out++ = c;
    }
    *out = '\0';
    argv[n] = NULL;
    return n && !quote;
}

static enum credentials_found from_process(struct search *s, struct slice command)
{
    char *words = xcalloc(command.len + 2, 1), *argv[WORDS_MAX + 1];
    struct spawned spawned = {0};
    struct error why;
    bool ok = split_words(command, words, argv) || error_set(&why, "it cannot be cut into words");
    if (ok)
        ok = spawn_run(argv, NULL, s->settings, ANSWER_MAX, &spawned, &why);
    if (ok && spawned.status != 0)
        ok = error_set(&why, "it ended with status %d", spawned.status);
    if (ok)
        ok = credentials_from_json((struct slice){spawned.output.data ? spawned.output.data : "", spawned.output.len},
            "SessionToken", s->out, &why);
    spawned_free(&spawned);
    free(words);
    if (ok)
        return CREDENTIALS_FOUND;
    error_set(s->err, "%s: credential_process: %s", s->name, why.text);
    return CREDENTIALS_BROKEN;
}

/* ---- containers and instances ---- */

static enum credentials_found from_answer(struct search *s, struct http_request *q, const char *what)
{
    struct http_answer a;
    struct error why;
    q->ms = q->connect_ms = s->settings->metadata;
    q->limit = ANSWER_MAX;
    q->direct = true;
    q->settings = s->settings;
    bool ok = http_ask(q, &a, &why) && (a.status == 200 || error_set(&why, "HTTP %ld", a.status))
        && credentials_from_json((struct slice){a.body.data, a.body.len}, "Token", s->out, &why);
    wipe_buffer(&a.body);
    if (ok)
        return CREDENTIALS_FOUND;
    error_set(s->err, "%s: the credentials of the %s: %s", s->name, what, why.text);
    return CREDENTIALS_BROKEN;
}

/* Only https, or addresses that stay on the machine: the token is not for anyone else. */
static bool is_container_host(const char *url)
{
    static const char *const fine[] = {"https://", "http://127.", "http://localhost/", "http://localhost:",
        "http://[::1]", "http://169.254.170.2/", "http://169.254.170.23/", "http://[fd00:ec2::23]/"};
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        if (strncmp(url, fine[i], strlen(fine[i])) == 0)
            return !strchr(url, '@');
    }
    return false;
}

/* The first line of a file that holds a token, into OUT; the caller wipes it. */
static bool read_token(const char *path, char *out, size_t size, struct error *err)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return error_set(err, "%s cannot be read: %s", path, strerror(errno));
    setvbuf(f, NULL, _IONBF, 0);
    size_t n = fread(out, 1, size - 1, f);
    bool too_long = n == size - 1;
    out[n] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    fclose(f);
    return !too_long || error_set(err, "%s is too long to be a token", path);
}

/* The token of the container's endpoint as a header; false: the file that holds it cannot be read. */
static bool container_token(struct buffer *header, struct error *err)
{
    const char *file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    char text[8192] = "";
    bool ok = !file || read_token(file, text, sizeof text, err);
    if (file)
        token = text;
    header->cap = sizeof text + 32;
    header->data = xcalloc(header->cap, 1);
    if (ok && token && !strpbrk(token, "\r\n"))
        buffer_printf(header, "Authorization: %s", token);
    wipe(text, sizeof text);
    return ok;
}

static enum credentials_found from_container(struct search *s)
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
        found = broken(s, "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor on this machine");
    } else if (!container_token(&header, &why)) {
        error_set(s->err, "%s: AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: %s", s->name, why.text);
        found = CREDENTIALS_BROKEN;
    } else {
        struct http_request q = {.url = url.data};
        q.headers[0] = header.len ? header.data : NULL;
        found = from_answer(s, &q, "container");
    }
    wipe_buffer(&header);
    buffer_free(&url);
    return found;
}

/* One text from the instance's own address; false: it is no instance, or has not got it. */
static bool metadata(struct search *s, const char *method, const char *path, const char *header, struct buffer *out)
{
    const char *endpoint = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    const char *mode = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
    struct buffer url = {0};
    struct http_answer a;
    struct error why;
    if (!endpoint)
        endpoint = mode && strcmp(mode, "IPv6") == 0 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
    int n = (int)strlen(endpoint);
    while (n && endpoint[n - 1] == '/')
        n--;
    buffer_printf(&url, "%.*s%s", n, endpoint, path);
    struct http_request q = {.method = method, .url = url.data, .ms = s->settings->metadata,
        .connect_ms = s->settings->metadata, .limit = ANSWER_MAX, .direct = true, .settings = s->settings};
    q.headers[0] = header;
    bool ok = http_ask(&q, &a, &why) && a.status == 200 && a.body.len;
    *out = a.body;
    buffer_free(&url);
    return ok;
}

/* IMDSv2: a token, the role's name, the role's credentials. */
static enum credentials_found from_instance(struct search *s)
{
    static const char roles[] = "/latest/meta-data/iam/security-credentials/";
    const char *off = variable("AWS_EC2_METADATA_DISABLED");
    struct buffer token = {0}, header = {0}, role = {0}, path = {0}, json = {0};
    struct error why;
    if (off && slice_equal_nocase(slice_of(off), slice_of("true")))
        return CREDENTIALS_NONE;
    enum credentials_found found = CREDENTIALS_NONE;
    if (metadata(s, "PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds: 300", &token)
        && !strpbrk(token.data, "\r\n")) {
        buffer_printf(&header, "X-aws-ec2-metadata-token: %s", token.data);
        if (metadata(s, NULL, roles, header.data, &role)) {
            role.data[strcspn(role.data, "\r\n")] = '\0';
            buffer_printf(&path, "%s%s", roles, role.data);
            found = metadata(s, NULL, path.data, header.data, &json)
                    && credentials_from_json((struct slice){json.data, json.len}, "Token", s->out, &why)
                ? CREDENTIALS_FOUND : broken(s, "the instance's role has no credentials to give");
        }
    }
    wipe_buffer(&token);
    wipe_buffer(&header);
    buffer_free(&role);
    buffer_free(&path);
    wipe_buffer(&json);
    return found;
}

/* ---- web identity, as Kubernetes gives it ---- */

/* The role ARN with the token in the file at PATH; WHAT names the setting, for errors. */
static enum credentials_found from_token(struct search *s, const char *path, const char *role, const char *session,
    const char *what)
{
    char token[20001] = ""; /* STS takes 20,000 at most */
    struct error why;
    if (!role || !*role) {
        error_set(s->err, "%s: %s is set, but no role to take on with it: AWS_ROLE_ARN, or role_arn", s->name, what);
        return CREDENTIALS_BROKEN;
    }
    bool ok = read_token(path, token, sizeof token, &why) || error_set(s->err, "%s: %s: %s", s->name, what, why.text);
    if (ok)
        ok = api_assume_role_with_token(s->settings, s->out, role, session && *session ? session : "ncred", token,
            s->name, s->err);
    wipe(token, sizeof token);
    return ok ? CREDENTIALS_FOUND : CREDENTIALS_BROKEN;
}

static enum credentials_found from_token_of_environment(struct search *s)
{
    const char *path = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
    return path ? from_token(s, path, variable("AWS_ROLE_ARN"), variable("AWS_ROLE_SESSION_NAME"),
        "AWS_WEB_IDENTITY_TOKEN_FILE") : CREDENTIALS_NONE;
}

static enum credentials_found from_token_of_profile(struct search *s, const char *profile)
{
    char path[1024], role[512], session[128];
    if (!credentials_copy(path, sizeof path, profiles_get(&s->profiles, profile, "web_identity_token_file"))
        || !credentials_copy(role, sizeof role, profiles_get(&s->profiles, profile, "role_arn"))
        || !credentials_copy(session, sizeof session, profiles_get(&s->profiles, profile, "role_session_name")))
        return broken(s, "web_identity_token_file, role_arn or role_session_name is too long");
    return path[0] ? from_token(s, path, role, session, "web_identity_token_file") : CREDENTIALS_NONE;
}

/* ---- profiles ---- */

static enum credentials_found from_profile(struct search *s, const char *profile, const char **chain, size_t depth);

static enum credentials_found keys_of(struct search *s, const char *profile, bool credentials)
{
    const struct profiles *p = &s->profiles;
    struct slice id = profiles_get_in(p, credentials, profile, "aws_access_key_id");
    struct slice secret = profiles_get_in(p, credentials, profile, "aws_secret_access_key");
    struct slice token = profiles_get_in(p, credentials, profile, "aws_session_token");
    if (!id.len && !secret.len)
        return CREDENTIALS_NONE;
    if (id.len && secret.len && credentials_copy(s->out->id, sizeof s->out->id, id)
        && credentials_copy(s->out->secret, sizeof s->out->secret, secret)
        && credentials_copy(s->out->token, sizeof s->out->token, token))
        return CREDENTIALS_FOUND;
    error_set(s->err, "%s: profile %s: aws_access_key_id and aws_secret_access_key are not both there, or too long",
        s->name, profile);
    return CREDENTIALS_BROKEN;
}

static enum credentials_found source_of_role(struct search *s, const char *profile, const char **chain, size_t depth)
{
    struct slice source = profiles_get(&s->profiles, profile, "source_profile");
    struct slice other = profiles_get(&s->profiles, profile, "credential_source");
    char name[256];
    if (source.len && credentials_copy(name, sizeof name, source)) {
        /* a role may stand in the profile that has the keys to take it on */
        if (strcmp(name, profile) == 0) {
            enum credentials_found found = keys_of(s, profile, true);
            return found == CREDENTIALS_NONE ? keys_of(s, profile, false) : found;
        }
        return from_profile(s, name, chain, depth + 1);
    }
    if (slice_equal_nocase(other, slice_of("Environment")))
        return from_environment(s);
    if (slice_equal_nocase(other, slice_of("EcsContainer")))
        return from_container(s);
    if (slice_equal_nocase(other, slice_of("Ec2InstanceMetadata")))
        return from_instance(s);
    return CREDENTIALS_NONE;
}

static void add_option(struct buffer *out, const char *name, struct slice value)
{
    if (!value.len)
        return;
    buffer_printf(out, "&%s=", name);
    api_encode(out, value);
}

static enum credentials_found from_role(struct search *s, const char *profile, struct slice arn, const char **chain,
    size_t depth)
{
    const struct profiles *p = &s->profiles;
    struct buffer options = {0};
    char role[512];
    if (profiles_get(p, profile, "mfa_serial").len) {
        error_set(s->err, "%s: profile %s asks for an MFA code, which only the aws command does; use --via cli",
            s->name, profile);
        return CREDENTIALS_CLI_ONLY;
    }
    if (!credentials_copy(role, sizeof role, arn))
        return broken(s, "role_arn is too long");
    enum credentials_found found = source_of_role(s, profile, chain, depth);
    if (found == CREDENTIALS_NONE) {
        error_set(s->err, "%s: profile %s: no credentials to take on %s with: source_profile or "
            "credential_source has none", s->name, profile, role);
        return CREDENTIALS_BROKEN;
    }
    if (found != CREDENTIALS_FOUND)
        return found;
    add_option(&options, "RoleSessionName", profiles_get(p, profile, "role_session_name"));
    add_option(&options, "ExternalId", profiles_get(p, profile, "external_id"));
    add_option(&options, "DurationSeconds", profiles_get(p, profile, "duration_seconds"));
    buffer_puts(&options, "");
    bool ok = api_assume_role(s->settings, s->out, role, options.data, s->name, s->err);
    buffer_free(&options);
    return ok ? CREDENTIALS_FOUND : CREDENTIALS_BROKEN;
}

static enum credentials_found from_profile(struct search *s, const char *profile, const char **chain, size_t depth)
{
    static const char *const cli_only[] = {"sso_session", "sso_start_url", "sso_account_id", "login_session",
        "credential_provider"};
    for (size_t i = 0; i < depth; i++) {
        if (strcmp(chain[i], profile) == 0 || depth == CHAIN_MAX)
            return broken(s, "source_profile leads round in a circle, or through more than 8 profiles");
    }
    chain[depth] = profile;
    if (!profiles_has(&s->profiles, profile)) {
        error_set(s->err, "%s: there is no profile %s in ~/.aws/config or ~/.aws/credentials", s->name, profile);
        return depth ? CREDENTIALS_BROKEN : CREDENTIALS_NONE;
    }
    struct slice role = profiles_get(&s->profiles, profile, "role_arn");
    enum credentials_found found = from_token_of_profile(s, profile);
    if (found != CREDENTIALS_NONE)
        return found;
    if (role.len)
        return from_role(s, profile, role, chain, depth);
    found = keys_of(s, profile, true);
    struct slice process = profiles_get(&s->profiles, profile, "credential_process");
    for (size_t i = 0; i < sizeof cli_only / sizeof cli_only[0] && found == CREDENTIALS_NONE; i++) {
        if (profiles_get(&s->profiles, profile, cli_only[i]).len) {
            error_set(s->err, "%s: profile %s signs in by %s, which only the aws command does; use --via cli", s->name,
                profile, strncmp(cli_only[i], "sso", 3) == 0 ? "SSO" : cli_only[i]);
            return CREDENTIALS_CLI_ONLY;
        }
    }
    if (found == CREDENTIALS_NONE && process.len)
        found = from_process(s, process);
    return found == CREDENTIALS_NONE ? keys_of(s, profile, false) : found;
}

/* ---- all of it ---- */

/* Region, endpoint and certificates are the profile's even where the keys come from the environment. */
static bool read_settings(struct search *s, const char *profile)
{
    const char *region = variable("AWS_REGION");
    if (!region)
        region = variable("AWS_DEFAULT_REGION");
    struct slice set = region ? slice_of(region) : profiles_get(&s->profiles, profile, "region");
    struct slice url = profiles_get(&s->profiles, profile, "endpoint_url");
    struct slice bundle = profiles_get(&s->profiles, profile, "ca_bundle");
    bool ok = credentials_copy(s->out->region, sizeof s->out->region, set)
        && credentials_copy(s->out->endpoint, sizeof s->out->endpoint, url)
        && credentials_copy(s->out->ca_bundle, sizeof s->out->ca_bundle, bundle);
    for (size_t i = 0; ok && i < set.len; i++)
        ok = strchr("abcdefghijklmnopqrstuvwxyz0123456789-", set.data[i]) && set.data[i];
    return ok || error_set(s->err, "%s: the region, endpoint_url or ca_bundle that is set cannot be right", s->name);
}

static enum credentials_found look_everywhere(struct search *s, const char *given, const char *profile)
{
    const char *chain[CHAIN_MAX + 1];
    /* a profile that was asked for by name comes before the environment, as with the aws command */
    enum credentials_found found = given ? CREDENTIALS_NONE : from_environment(s);
    if (found == CREDENTIALS_NONE && !given)
        found = from_token_of_environment(s);
    bool has = profiles_has(&s->profiles, profile);
    if (found == CREDENTIALS_NONE && (has || given || variable("AWS_PROFILE") || variable("AWS_DEFAULT_PROFILE")))
        found = from_profile(s, profile, chain, 0);
    if (found != CREDENTIALS_NONE || given || variable("AWS_PROFILE") || variable("AWS_DEFAULT_PROFILE")) {
        if (found == CREDENTIALS_NONE && has)
            error_set(s->err, "%s: profile %s has no credentials; aws configure, or aws sso login", s->name, profile);
        return found;
    }
    found = from_container(s);
    if (found == CREDENTIALS_NONE)
        found = from_instance(s);
    if (found == CREDENTIALS_NONE)
        error_set(s->err, "%s: no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a "
            "profile with --profile, or sign in with aws sso login", s->name);
    return found;
}

bool credentials_find(const struct fetch_settings *settings, const char *profile, const char *name,
    struct credentials_search *out, struct error *err)
{
    struct error why;
    struct search s = {.settings = settings, .name = name, .out = &out->credentials, .err = err};
    const char *set = variable("AWS_PROFILE") ? variable("AWS_PROFILE") : variable("AWS_DEFAULT_PROFILE");
    const char *wanted = profile ? profile : set ? set : "default";
    *out = (struct credentials_search){.found = CREDENTIALS_BROKEN};
    if (!profiles_read(&s.profiles, &why))
        error_set(err, "%s: %s", name, why.text);
    else if (read_settings(&s, wanted))
        out->found = look_everywhere(&s, profile, wanted);
    profiles_free(&s.profiles);
    return out->found == CREDENTIALS_FOUND;
}
