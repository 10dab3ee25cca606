/* The way through the API: the query protocol of IAM and STS (a form in, XML out), signed by libcurl. */
#include "fetch/api.h"

#include "aws/aws_error.h"
#include "aws/aws_xml.h"
#include "base/wipe.h"
#include "fetch/endpoint.h"
#include "fetch/http.h"

#include <stdio.h>
#include <stdlib.h>

/* Put the partition of ARN, such as "aws-cn" of arn:aws-cn:..., into OUT; "" if it is no ARN. */
static void partition_in_arn(const char *arn, char *out, size_t size)
{
    size_t n = strncmp(arn, "arn:", 4) == 0 ? strcspn(arn + 4, ":") : 0;
    out[0] = '\0';
    if (n < size)
        snprintf(out, size, "%.*s", (int)n, n ? arn + 4 : "");
}

void api_encode(struct buffer *out, struct slice text)
{
    static const char plain[] = "-_.~";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || (c && strchr(plain, c)))
            buffer_putc(out, (char)c);
        else
            buffer_printf(out, "%%%02X", c);
    }
}

static void copy_leaf(char *out, size_t size, const struct aws_xml *x, const char *name)
{
    struct slice s = aws_xml_get(x, name);
    size_t n = s.len < size - 1 ? s.len : size - 1;
    if (n)
        memcpy(out, s.data, n);
    out[n] = '\0';
}

/* Make OUT of H: AWS's answer, an error of AWS, or what a proxy or another server sent in their place. */
static void api_understand(struct http_answer *h, struct answer *out)
{
    struct aws_xml x;
    struct error why;
    bool xml = aws_xml_parse((struct slice){h->body.data, h->body.len}, &x, &why);
    copy_leaf(out->code, sizeof out->code, &x, "Code");
    copy_leaf(out->message, sizeof out->message, &x, "Message");
    copy_leaf(out->state, sizeof out->state, &x, "State");
    if (xml && h->status == 200 && x.root && strstr(x.root, "Response") && strcmp(x.root, "ErrorResponse") != 0) {
        out->kind = ANSWER_YES;
        out->body = h->body;
        h->body = (struct buffer){0};
    } else if (xml && out->code[0]) {
        out->kind = ANSWER_AWS_ERROR;
        /* an error code that aws_error.c does not know, but a status that says that AWS is at fault */
        if (h->status >= 500 && aws_error_next(slice_of(out->code)) == AWS_GIVE_UP)
            answer_fail(out, ANSWER_TRANSIENT, "%s (HTTP %ld)", out->code, h->status);
    } else if (h->status == 429 || h->status >= 500) {
        answer_fail(out, ANSWER_TRANSIENT, "the server's answer (HTTP %ld) does not come from AWS", h->status);
    } else if (h->status == 200) {
        answer_fail(out, ANSWER_TRANSIENT, "the answer is not AWS's: %s", xml ? "other XML" : why.text);
    } else {
        answer_fail(out, ANSWER_FATAL, "the server's answer (HTTP %ld) does not come from AWS; check the proxy and "
            "AWS_ENDPOINT_URL", h->status);
    }
    aws_xml_free(&x);
}

void api_ask(const struct fetch_settings *settings, const struct aws_credentials *credentials, const char *service,
    const char *partition, const char *form, struct answer *out)
{
    struct buffer url = {0}, signing = {0}, token = {0};
    struct http_answer h;
    struct error why;
    char region[ENDPOINT_REGION_MAX];
    if (!endpoint_find(credentials, service, partition, &url, region, &why)) {
        answer_fail(out, ANSWER_FATAL, "%s", why.text);
        buffer_free(&url);
        return;
    }
    buffer_printf(&signing, "aws:amz:%s:%s", region, service);
    struct http_request q = {.url = url.data, .body = form, .credentials = credentials,
        .signing = credentials->id[0] ? signing.data : NULL,
        .ms = settings->request, .connect_ms = settings->request < 10000 ? settings->request : 10000,
        .limit = FETCH_ANSWER_MAX, .settings = settings};
    q.headers[0] = "Content-Type: application/x-www-form-urlencoded; charset=utf-8";
    if (credentials->token[0]) {
        token.cap = sizeof credentials->token + 64;
        token.data = xcalloc(token.cap, 1);
        buffer_printf(&token, "X-Amz-Security-Token: %s", credentials->token);
        q.headers[1] = token.data;
    }
    if (http_ask(&q, &h, &why))
        api_understand(&h, out);
    else
        answer_fail(out, h.transient ? ANSWER_TRANSIENT : ANSWER_FATAL, "%s", why.text);
    wipe_buffer(&h.body);
    wipe_buffer(&token);
    buffer_free(&url);
    buffer_free(&signing);
}

static bool read_role(struct slice xml, struct aws_credentials *c, const char *name, const char *operation,
    struct error *err)
{
    struct aws_xml x;
    struct error why;
    bool ok = aws_xml_parse(xml, &x, &why) && credentials_copy(c->id, sizeof c->id, aws_xml_get(&x, "AccessKeyId"))
        && credentials_copy(c->secret, sizeof c->secret, aws_xml_get(&x, "SecretAccessKey"))
        && credentials_copy(c->token, sizeof c->token, aws_xml_get(&x, "SessionToken")) && c->id[0] && c->secret[0];
    aws_xml_free(&x);
    return ok || error_set(err, "%s: the answer to %s has no credentials", name, operation);
}

/* Send FORM to STS, again if that may help, and make CREDENTIALS those of the role that it answers with. */
static bool take_on(const struct fetch_settings *settings, struct aws_credentials *credentials, const char *role_arn,
    const char *form, const char *operation, const char *name, struct error *err)
{
    struct answer a = {0};
    struct effort effort;
    char partition[32];
    bool again = true;
    partition_in_arn(role_arn, partition, sizeof partition);
    effort_start(&effort, settings);
    while (again) {
        answer_free(&a);
        api_ask(settings, credentials, "sts", partition[0] ? partition : NULL, form, &a);
        bool worth = a.kind == ANSWER_TRANSIENT
            || (a.kind == ANSWER_AWS_ERROR && aws_error_next(slice_of(a.code)) == AWS_BACK_OFF);
        again = worth && effort_back_off(&effort);
    }
    bool ok = a.kind == ANSWER_YES;
    if (ok)
        ok = read_role((struct slice){a.body.data, a.body.len}, credentials, name, operation, err);
    else
        answer_explain(&a, name, operation, err);
    wipe_buffer(&a.body);
    return ok;
}

bool api_assume_role(const struct fetch_settings *settings, struct aws_credentials *credentials, const char *role_arn,
    const char *options, const char *name, struct error *err)
{
    struct buffer form = {0};
    buffer_puts(&form, "Action=AssumeRole&Version=2011-06-15&RoleArn=");
    api_encode(&form, slice_of(role_arn));
    buffer_puts(&form, options);
    if (!strstr(options, "RoleSessionName="))
        buffer_puts(&form, "&RoleSessionName=ncred");
    bool ok = take_on(settings, credentials, role_arn, form.data, "AssumeRole", name, err);
    buffer_free(&form);
    return ok;
}

bool api_assume_role_with_token(const struct fetch_settings *settings, struct aws_credentials *credentials,
    const char *role_arn, const char *session, const char *token, const char *name, struct error *err)
{
    /* room at once: growing would leave copies of the token behind */
    size_t room = 3 * (strlen(token) + strlen(role_arn) + strlen(session)) + 256;
    struct buffer form = {xcalloc(room, 1), 0, room};
    buffer_puts(&form, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=");
    api_encode(&form, slice_of(role_arn));
    buffer_puts(&form, "&RoleSessionName=");
    api_encode(&form, slice_of(session));
    buffer_puts(&form, "&WebIdentityToken=");
    api_encode(&form, slice_of(token));
    bool ok = take_on(settings, credentials, role_arn, form.data, "AssumeRoleWithWebIdentity", name, err);
    wipe_buffer(&form);
    return ok;
}

static void add_parameter(struct buffer *form, const char *name, const char *value)
{
    if (!value)
        return;
    buffer_printf(form, "&%s=", name);
    api_encode(form, slice_of(value));
}

static void ask_api(struct way *w, const struct question *q, struct answer *out)
{
    struct buffer form = {0};
    char partition[32] = "";
    bool is_details = strcmp(q->action, "GetAccountAuthorizationDetails") == 0;
    if (w->target->role_arn)
        partition_in_arn(w->target->role_arn, partition, sizeof partition);
    buffer_printf(&form, "Action=%s&Version=2010-05-08", q->action);
    if (is_details)
        buffer_puts(&form, "&Filter.member.1=User&Filter.member.2=Group&Filter.member.3=LocalManagedPolicy"
            "&Filter.member.4=AWSManagedPolicy");
    if (is_details || q->user)
        buffer_puts(&form, "&MaxItems=1000");
    add_parameter(&form, "UserName", q->user);
    add_parameter(&form, "AccessKeyId", q->key);
    add_parameter(&form, "Marker", q->marker);
    api_ask(w->settings, &w->credentials, "iam", partition[0] ? partition : NULL, form.data, out);
    buffer_free(&form);
    bool generating = strcmp(q->action, "GenerateCredentialReport") == 0;
    if (out->kind == ANSWER_YES && generating && !out->state[0])
        answer_fail(out, ANSWER_TRANSIENT, "the answer does not contain the state of the report");
}

bool api_open(struct way *way, const struct fetch_settings *settings, const struct fetch_target *target,
    const struct aws_credentials *base, struct error *err)
{
    *way = (struct way){.ask = ask_api, .is_xml = true, .settings = settings, .target = target};
    way->credentials = *base; /* not in the literal above: that would be a temporary copy which nobody wipes */
    return !target->role_arn
        || api_assume_role(settings, &way->credentials, target->role_arn, "&DurationSeconds=900", target->name, err);
}
