/* The table of AWS's errors. The codes are from the API references of IAM and STS and from botocore's retry tables. */
#include "aws/aws_error.h"

static const char renew[] =
    "the session has expired: sign in again (aws sso login, or new session credentials)";
static const char unknown_key[] =
    "AWS does not know the access key, or it is inactive, or its session token is missing; check the profile's keys";
static const char wrong_secret[] =
    "the secret access key does not match the access key ID, or this machine's clock is wrong";
static const char throttled[] = "AWS is throttling requests; try again in a minute";
static const char broken[] = "AWS had an internal error; try again in a minute";
static const char generate[] =
    "there is no report yet: run aws iam generate-credential-report, or use ncred --fetch";

static const struct {
    const char *code;
    enum aws_next next;
    const char *advice;
} table[] = {
    {"AccessDenied", AWS_GIVE_UP, NULL}, /* NULL: say_permission() names the missing permission */
    {"AccessDeniedException", AWS_GIVE_UP, NULL},
    {"UnauthorizedOperation", AWS_GIVE_UP, NULL},
    {"ReportNotPresent", AWS_GENERATE, generate},
    {"ReportExpired", AWS_GENERATE, generate},
    {"ReportInProgress", AWS_WAIT, "AWS is still making the report; ask again in a few seconds"},
    {"CredentialReportNotPresentException", AWS_GENERATE, generate},
    {"CredentialReportExpiredException", AWS_GENERATE, generate},
    {"CredentialReportNotReadyException", AWS_WAIT, "AWS is still making the report; ask again in a few seconds"},
    {"LimitExceeded", AWS_WAIT, "AWS is making too many reports at once; try again in a minute"},
    {"LimitExceededException", AWS_WAIT, "AWS is making too many reports at once; try again in a minute"},
    {"ServiceFailure", AWS_BACK_OFF, broken},
    {"ServiceFailureException", AWS_BACK_OFF, broken},
    {"InternalFailure", AWS_BACK_OFF, broken},
    {"InternalError", AWS_BACK_OFF, broken},
    {"InternalServerError", AWS_BACK_OFF, broken},
    {"ServiceUnavailable", AWS_BACK_OFF, broken},
    {"ServiceUnavailableException", AWS_BACK_OFF, broken},
    {"RequestTimeout", AWS_BACK_OFF, broken},
    {"RequestTimeoutException", AWS_BACK_OFF, broken},
    {"IDPCommunicationError", AWS_BACK_OFF, broken},
    {"Throttling", AWS_BACK_OFF, throttled},
    {"ThrottlingException", AWS_BACK_OFF, throttled},
    {"ThrottledException", AWS_BACK_OFF, throttled},
    {"RequestThrottled", AWS_BACK_OFF, throttled},
    {"RequestThrottledException", AWS_BACK_OFF, throttled},
    {"RequestLimitExceeded", AWS_BACK_OFF, throttled},
    {"TooManyRequestsException", AWS_BACK_OFF, throttled},
    {"BandwidthLimitExceeded", AWS_BACK_OFF, throttled},
    {"SlowDown", AWS_BACK_OFF, throttled},
    {"ExpiredToken", AWS_GIVE_UP, renew},
    {"ExpiredTokenException", AWS_GIVE_UP, renew},
    {"TokenRefreshRequired", AWS_GIVE_UP, renew},
    {"InvalidClientTokenId", AWS_GIVE_UP, unknown_key},
    {"UnrecognizedClientException", AWS_GIVE_UP, unknown_key},
    {"InvalidAccessKeyId", AWS_GIVE_UP, unknown_key},
    {"AuthFailure", AWS_GIVE_UP, unknown_key},
    {"SignatureDoesNotMatch", AWS_GIVE_UP, wrong_secret},
    {"InvalidSignatureException", AWS_GIVE_UP, wrong_secret},
    {"IncompleteSignature", AWS_GIVE_UP,
        "the request's signature is incomplete; check the profile's keys for stray bytes"},
    {"RequestExpired", AWS_GIVE_UP, "this machine's clock is wrong by more than five minutes"},
    {"RequestTimeTooSkewed", AWS_GIVE_UP, "this machine's clock is wrong by more than five minutes"},
    {"RequestInTheFuture", AWS_GIVE_UP, "this machine's clock is wrong by more than five minutes"},
    {"MissingAuthenticationToken", AWS_GIVE_UP, "the request had no credentials; sign in first"},
    {"MissingAuthenticationTokenException", AWS_GIVE_UP, "the request had no credentials; sign in first"},
    {"InvalidIdentityToken", AWS_GIVE_UP, renew},
    {"OptInRequired", AWS_GIVE_UP, "the account is not signed up for this service"},
    {"InvalidAction", AWS_GIVE_UP, "this endpoint does not know the request; check AWS_ENDPOINT_URL_IAM"},
    {"NoSuchEntity", AWS_GIVE_UP, "there is no such role or user in this account; check its ARN"},
    {"ForbiddenException", AWS_GIVE_UP,
        "the SSO session may not use this role in this account; check sso_account_id and "
        "sso_role_name, or ask for the assignment"},
    {"UnauthorizedException", AWS_GIVE_UP, "the SSO session has expired: run aws sso login"},
    {"RegionDisabledException", AWS_GIVE_UP, "STS is not enabled in this region for the account"},
};
enum { ROWS = sizeof table / sizeof table[0] };

/* Phrases that the aws command and shells print if there was no answer from AWS, and what to do about each. */
static const struct {
    const char *phrase;
    const char *advice;
} said[] = {
    {"unable to locate credentials", "no credentials were found: aws configure, aws sso login, or --profile"},
    {"partial credentials found", "an access key ID is set without its secret, or a secret without its ID"},
    {"the config profile", "there is no such profile; see aws configure list-profiles"},
    {"token has expired and refresh failed", "the SSO session has expired: run aws sso login"},
    {"error loading sso token", "not signed in: run aws sso login"},
    {"the sso session associated with this profile", "the SSO session has expired: run aws sso login"},
    {"error when retrieving credentials", "the AWS CLI could not get the profile's credentials"},
    {"error when retrieving token", "not signed in: run aws sso login"},
    {"could not connect to the endpoint", "AWS could not be reached: check the network, the proxy and the region"},
    {"connect timeout on endpoint", "AWS could not be reached: check the network and the proxy"},
    {"read timeout on endpoint", "AWS did not answer in time: try again"},
    {"failed to connect to proxy", "the proxy could not be reached: check HTTPS_PROXY"},
    {"ssl validation failed", "the server's certificate was not accepted: check AWS_CA_BUNDLE"},
    {"unable to parse config file", "the shared files of AWS cannot be read: check ~/.aws/config"},
    {"you must specify a region", "set a region: AWS_REGION, or region in the profile"},
    {"the provided token has expired", "the session has expired: sign in again"},
    {"aws: command not found", "the AWS CLI is not installed, or not on PATH"},
    {"aws: not found", "the AWS CLI is not installed, or not on PATH"},
    {"usage: aws", "the aws command did not understand its arguments"},
    {"aws: error:", "the aws command did not understand its arguments"},
};

static struct slice from(struct slice s, size_t n)
{
    return (struct slice){s.data + n, s.len - n};
}

static size_t row_of_code(struct slice code)
{
    size_t i = 0;
    while (i < ROWS && !slice_equal(code, slice_of(table[i].code)))
        i++;
    return i;
}

enum aws_next aws_error_next(struct slice code)
{
    size_t i = row_of_code(code);
    return i < ROWS ? table[i].next : AWS_GIVE_UP;
}

/* Returns the permission in "... is not authorized to perform: iam:GetCredentialReport on resource ...", or "". */
static struct slice permission_in(struct slice message)
{
    static const char phrase[] = "to perform: ";
    for (size_t i = 0; i + sizeof phrase <= message.len; i++) {
        if (memcmp(message.data + i, phrase, sizeof phrase - 1) == 0) {
            struct slice rest = from(message, i + sizeof phrase - 1);
            size_t n = 0;
            while (n < rest.len && (unsigned char)rest.data[n] > ' ')
                n++;
            return (struct slice){rest.data, n};
        }
    }
    return (struct slice){"", 0};
}

static void say_permission(struct buffer *line, const struct aws_error *e)
{
    struct slice permission = permission_in(e->message);
    if (permission.len)
        buffer_printf(line, "the caller lacks the permission %.*s", (int)permission.len, permission.data);
    else if (slice_equal(e->operation, slice_of("AssumeRole")))
        buffer_puts(line, "the caller lacks the permission sts:AssumeRole, or the role does not trust the caller");
    else if (e->operation.len)
        buffer_printf(line, "the caller lacks the permission iam:%.*s", (int)e->operation.len, e->operation.data);
    else
        buffer_puts(line, "the caller lacks the permission iam:GenerateCredentialReport or iam:GetCredentialReport");
}

/* Append the first line of MESSAGE, cut so that the rest of the error fits. */
static void say_message(struct buffer *line, struct slice message)
{
    enum { MESSAGE_MAX = 200 };
    char text[MESSAGE_MAX + 20];
    message = slice_trimmed(message);
    const char *lf = message.len ? memchr(message.data, '\n', message.len) : NULL;
    if (lf)
        message = slice_trimmed((struct slice){message.data, (size_t)(lf - message.data)});
    bool is_cut = message.len > MESSAGE_MAX;
    text_escape(text, sizeof text, is_cut ? slice_trimmed((struct slice){message.data, MESSAGE_MAX}) : message);
    buffer_printf(line, "%s%s", text, is_cut ? "..." : "");
}

bool aws_error_set(struct error *err, const char *name, const struct aws_error *e)
{
    struct buffer line = {0};
    size_t row = row_of_code(e->code);
    const char *advice = row < ROWS ? table[row].advice : NULL;
    for (size_t i = 0; !e->code.len && i < sizeof said / sizeof said[0] && !advice; i++) {
        if (slice_contains_nocase(e->message, slice_of(said[i].phrase)))
            advice = said[i].advice;
    }
    buffer_printf(&line, "%s: ", name);
    text_harmless(&line, (struct slice){e->code.data, e->code.len < 60 ? e->code.len : 60}, true);
    if (e->code.len)
        buffer_puts(&line, ": ");
    if (advice)
        buffer_puts(&line, advice);
    else if (row < ROWS)
        say_permission(&line, e);
    if (e->message.len) {
        bool alone = !advice && row == ROWS;
        buffer_puts(&line, alone ? "" : " (");
        say_message(&line, e->message);
        buffer_puts(&line, alone ? "" : ")");
    } else if (!advice && row == ROWS) {
        buffer_puts(&line, "AWS gave no details");
    }
    error_set(err, "%s", line.data);
    buffer_free(&line);
    return false;
}

static bool take_prefix(struct slice *s, const char *prefix)
{
    size_t n = strlen(prefix);
    if (s->len < n || memcmp(s->data, prefix, n) != 0)
        return false;
    *s = from(*s, n);
    return true;
}

static struct slice take_until(struct slice *s, char end)
{
    const char *at = s->len ? memchr(s->data, end, s->len) : NULL;
    struct slice part = {s->data, at ? (size_t)(at - s->data) : s->len};
    *s = from(*s, at ? part.len + 1 : part.len);
    return part;
}

/*
 * The AWS CLI prints "An error occurred (CODE) when calling the OPERATION operation (reached max retries: 4): MESSAGE".
 */
bool aws_error_in_text(struct slice text, struct aws_error *out)
{
    struct slice s = slice_trimmed((struct slice){text.data, text.len < 4096 ? text.len : 4096});
    *out = (struct aws_error){{"", 0}, {"", 0}, {"", 0}};
    struct slice whole = s;
    while (take_prefix(&s, "aws: ") || take_prefix(&s, "[ERROR]: "))
        s = slice_trimmed(s);
    if (take_prefix(&s, "An error occurred (")) {
        out->code = take_until(&s, ')');
        if (take_prefix(&s, " when calling the "))
            out->operation = take_until(&s, ' ');
        if (take_prefix(&s, "operation (")) /* "reached max retries: 4" has a colon, too */
            take_until(&s, ')');
        take_until(&s, ':');
        out->message = slice_trimmed(s);
        return true;
    }
    struct slice line = take_until(&s, '\n');
    struct slice first = {whole.data, whole.len < line.len + 20 ? whole.len : line.len + 20};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (slice_contains_nocase(first, slice_of(said[i].phrase))) {
            out->message = whole;
            return true;
        }
    }
    return false;
}
