/* The way through the aws command, which knows every way to sign in. */
#include "fetch/aws_cli.h"

#include "base/system.h"
#include "aws/aws_error.h"
#include "base/wipe.h"
#include "fetch/profile.h"
#include "fetch/spawn.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16, ROLE_ANSWER_MAX = 64 << 10 };

bool aws_cli_found(void)
{
    struct buffer path = {0};
    bool found = spawn_find("aws", &path);
    buffer_free(&path);
    return found;
}

/* ---- the child's environment ---- */

struct environment {
    char **list; /* owned, ends with NULL; its strings are in own or borrowed from this process's environment */
    char *own[8];
    size_t own_count;
};

static void add_variable(struct environment *e, size_t *n, const char *name, const char *value)
{
    struct buffer text = {0};
    buffer_printf(&text, "%s=%s", name, value);
    e->own[e->own_count++] = text.data;
    e->list[(*n)++] = text.data;
}

/*
 * Whether the aws command inherits VARIABLE: not what would make it page or ask, nor, WITH_CREDENTIALS of a role, what
 * names others.
 */
static bool handed_on(const char *variable, bool with_credentials)
{
    static const char *const names[] = {"AWS_PAGER=", "AWS_CLI_AUTO_PROMPT=", "AWS_DEFAULT_OUTPUT=",
        "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_SESSION_TOKEN=", "AWS_SECURITY_TOKEN=", "AWS_PROFILE=",
        "AWS_DEFAULT_PROFILE="};
    size_t count = with_credentials ? sizeof names / sizeof names[0] : 3;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(variable, names[i], strlen(names[i])) == 0)
            return false;
    }
    return true;
}

/*
 * Make the environment for a child that uses the credentials C or, if C has none, finds them itself. Beside
 * credentials, PROFILE says only region, endpoints and certificates.
 */
static void environment_make(struct environment *e, const struct aws_credentials *c, const char *profile)
{
    char **mine = system_environment();
    size_t count = 0, n = 0;
    while (mine[count])
        count++;
    *e = (struct environment){.list = xcalloc(count + 8, sizeof *e->list)};
    for (size_t i = 0; i < count; i++) {
        if (handed_on(mine[i], c->id[0] != '\0'))
            e->list[n++] = mine[i];
    }
    add_variable(e, &n, "AWS_PAGER", "");
    if (!c->id[0])
        return;
    if (profile)
        add_variable(e, &n, "AWS_PROFILE", profile);
    add_variable(e, &n, "AWS_ACCESS_KEY_ID", c->id);
    add_variable(e, &n, "AWS_SECRET_ACCESS_KEY", c->secret);
    if (c->token[0])
        add_variable(e, &n, "AWS_SESSION_TOKEN", c->token);
}

static void environment_free(struct environment *e)
{
    for (size_t i = 0; i < e->own_count; i++) {
        wipe(e->own[i], strlen(e->own[i]));
        free(e->own[i]);
    }
    free(e->list);
}

/* ---- one run ---- */

/* Put the command for ACTION into OUT: GetCredentialReport is get-credential-report. */
static void command_word(const char *action, char *out, size_t size)
{
    size_t n = 0;
    for (const char *c = action; *c && n + 2 < size; c++) {
        if (isupper((unsigned char)*c) && c != action)
            out[n++] = '-';
        out[n++] = (char)tolower((unsigned char)*c);
    }
    out[n] = '\0';
}

static void copy_part(char *out, size_t size, struct slice text)
{
    size_t n = text.len < size - 1 ? text.len : size - 1;
    if (n)
        memcpy(out, text.data, n);
    out[n] = '\0';
}

/* Returns the last line of SAID if SAID is a Python traceback, which says there what happened; otherwise SAID. */
static struct slice after_traceback(struct slice said)
{
    static const char start[] = "Traceback";
    said = slice_trimmed(said);
    if (said.len < sizeof start - 1 || memcmp(said.data, start, sizeof start - 1) != 0)
        return said;
    size_t at = said.len;
    while (at && said.data[at - 1] != '\n')
        at--;
    return (struct slice){said.data + at, said.len - at};
}

/* Make OUT of what a run that failed wrote to standard error: an error of AWS, or another one in its own words. */
static void cli_understand(const struct spawned *s, struct answer *out)
{
    struct slice said = {s->errors.data ? s->errors.data : "", s->errors.len};
    struct aws_error e;
    if (aws_error_in_text(said, &e) && e.code.len) {
        out->kind = ANSWER_AWS_ERROR;
        copy_part(out->code, sizeof out->code, e.code);
        copy_part(out->message, sizeof out->message, e.message);
        return;
    }
    struct error line;
    said = after_traceback(said);
    e = (struct aws_error){{"", 0}, {"", 0}, said};
    if (said.len)
        aws_error_set(&line, "aws", &e);
    else
        error_set(&line, "aws: ended with status %d and no message", s->status);
    answer_fail(out, ANSWER_FATAL, "%s", line.text);
}

static void run_aws(const struct way *w, const char *const *arguments, size_t limit, struct answer *out)
{
    char *argv[ARGUMENTS_MAX + 6];
    struct environment environment;
    struct spawned spawned;
    struct error err;
    size_t n = 0;
    /* posix_spawn() takes char *const *, but does not write to the strings */
    union { const char *const *in; char *const *out; } words = {arguments};
    static char aws[] = "aws", output[] = "--output", json[] = "json", profile_option[] = "--profile";
    argv[n++] = aws;
    for (size_t i = 0; i < ARGUMENTS_MAX && words.out[i]; i++)
        argv[n++] = words.out[i];
    argv[n++] = output;
    argv[n++] = json;
    union { const char *in; char *out; } profile = {w->target->profile};
    if (profile.in && !w->credentials.id[0]) {
        argv[n++] = profile_option;
        argv[n++] = profile.out;
    }
    argv[n] = NULL;
    environment_make(&environment, &w->credentials, profile.in ? profile.in : credentials_profile());
    bool asks = w->asks && !w->credentials.id[0];
    bool ok = (asks ? spawn_run_asking : spawn_run)(argv, environment.list, w->settings, limit, &spawned, &err);
    environment_free(&environment);
    if (!ok) {
        answer_fail(out, ANSWER_FATAL, "%s", err.text);
    } else if (spawned.status != 0) {
        cli_understand(&spawned, out);
    } else {
        out->kind = ANSWER_YES;
        out->body = spawned.output;
        spawned.output = (struct buffer){0};
    }
    spawned_free(&spawned);
}

static void read_state(struct answer *a)
{
    json_error_t why;
    json_t *root = a->body.len ? json_loadb(a->body.data, a->body.len, 0, &why) : NULL;
    const json_t *state = json_object_get(root, "State");
    if (json_is_string(state))
        copy_part(a->state, sizeof a->state, slice_of(json_string_value(state)));
    json_decref(root);
    if (!a->state[0])
        answer_fail(a, ANSWER_FATAL, "aws did not print the state of the report as JSON");
}

/* way.ask. The aws command joins pages itself, so Q->marker is never set. */
static void ask_cli(struct way *w, const struct question *q, struct answer *out)
{
    char word[64];
    const char *arguments[ARGUMENTS_MAX] = {"iam", word};
    size_t n = 2;
    command_word(q->action, word, sizeof word);
    if (strcmp(q->action, "GetAccountAuthorizationDetails") == 0) {
        static const char *const filter[] = {"--filter", "User", "Group", "LocalManagedPolicy", "AWSManagedPolicy"};
        for (size_t i = 0; i < sizeof filter / sizeof filter[0]; i++)
            arguments[n++] = filter[i];
    }
    if (q->user) {
        arguments[n++] = "--user-name";
        arguments[n++] = q->user;
    }
    if (q->key) {
        arguments[n++] = "--access-key-id";
        arguments[n++] = q->key;
    }
    run_aws(w, arguments, FETCH_ANSWER_MAX, out);
    if (out->kind == ANSWER_YES && strcmp(q->action, "GenerateCredentialReport") == 0)
        read_state(out);
}

static bool take_on_role(struct way *w, struct error *err)
{
    const char *const arguments[] = {"sts", "assume-role", "--role-arn", w->target->role_arn, "--role-session-name",
        "ncred", NULL};
    struct answer a = {0};
    struct effort effort;
    struct error why;
    effort_start(&effort, w->settings);
    bool again;
    do {
        answer_free(&a);
        run_aws(w, arguments, ROLE_ANSWER_MAX, &a);
        again = a.kind == ANSWER_AWS_ERROR && aws_error_next(slice_of(a.code)) == AWS_BACK_OFF;
    } while (again && effort_back_off(&effort));
    bool ok = a.kind == ANSWER_YES;
    if (!ok)
        answer_explain(&a, w->target->name, "AssumeRole", err);
    else if (!credentials_from_json((struct slice){a.body.data ? a.body.data : "", a.body.len}, "SessionToken",
            &w->credentials, &why))
        ok = error_set(err, "%s: aws sts assume-role: %s", w->target->name, why.text);
    wipe_buffer(&a.body);
    return ok;
}

/* Whether A says that this version of the aws command has no export-credentials. */
static bool is_unknown_command(const struct answer *a)
{
    struct slice said = slice_of(a->why.text);
    return a->kind == ANSWER_FATAL && (slice_contains_nocase(said, slice_of("usage:"))
        || slice_contains_nocase(said, slice_of("invalid choice"))
        || slice_contains_nocase(said, slice_of("arguments")));
}

bool aws_cli_credentials(const struct fetch_settings *settings, const char *profile, const char *name,
    struct credentials_search *out, struct error *err)
{
    static const char *const arguments[] = {"configure", "export-credentials", "--format", "process", NULL};
    struct fetch_target target = {.name = name, .profile = profile};
    struct way w = {.settings = settings, .target = &target, .asks = profiles_may_ask(profile)};
    struct answer a = {0};
    struct error why;
    *out = (struct credentials_search){.found = CREDENTIALS_BROKEN};
    run_aws(&w, arguments, ROLE_ANSWER_MAX, &a);
    if (a.kind == ANSWER_YES)
        out->found = credentials_from_json((struct slice){a.body.data ? a.body.data : "", a.body.len}, "SessionToken",
            &out->credentials, &why) ? CREDENTIALS_FOUND : CREDENTIALS_NONE;
    else if (is_unknown_command(&a))
        out->found = CREDENTIALS_NONE;
    else
        answer_explain(&a, name, "", err);
    wipe_buffer(&a.body);
    return out->found == CREDENTIALS_FOUND;
}

bool aws_cli_open(struct way *way, const struct fetch_settings *settings, const struct fetch_target *target,
    const struct aws_credentials *base, struct error *err)
{
    *way = (struct way){.ask = ask_cli, .settings = settings, .target = target,
        .asks = profiles_may_ask(target->profile)};
    way->credentials = *base;
    return !target->role_arn || take_on_role(way, err);
}
