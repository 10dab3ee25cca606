/* The parts of credentials.h that a build without the API (--without-api) needs, too. */
#include "fetch/credentials.h"

#include "base/wipe.h"

#include <jansson.h>
#include <stdlib.h>

const char *credentials_profile(void)
{
    const char *profile = getenv("AWS_PROFILE");
    if (!profile || !*profile)
        profile = getenv("AWS_DEFAULT_PROFILE");
    return profile && *profile ? profile : NULL;
}

void credentials_account(const char *arn, char out[13])
{
    const char *at = arn;
    for (int i = 0; at && i < 4; i++)
        at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL;
    bool is_number = at && strspn(at, "0123456789") == 12 && at[12] == ':';
    memcpy(out, is_number ? at : "", is_number ? 12 : 1);
    out[12] = '\0';
}

void aws_credentials_wipe(struct aws_credentials *c)
{
    wipe(c, sizeof *c);
}

void credentials_search_wipe(struct credentials_search *s)
{
    aws_credentials_wipe(&s->credentials);
}

bool credentials_copy(char *out, size_t size, struct slice text)
{
    if (text.len >= size)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
            return false;
    }
    if (text.len)
        memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return true;
}

static bool member(const json_t *root, const char *key, char *out, size_t size)
{
    const json_t *value = json_object_get(root, key);
    struct slice text = {"", 0};
    if (json_is_string(value))
        text = (struct slice){json_string_value(value), json_string_length(value)};
    return credentials_copy(out, size, text);
}

bool credentials_from_json(struct slice json, const char *token_key, struct aws_credentials *out, struct error *err)
{
    json_error_t why;
    json_t *root = json_loadb(json.data, json.len, 0, &why);
    const json_t *from = json_object_get(root, "Credentials") ? json_object_get(root, "Credentials") : root;
    bool ok = member(from, "AccessKeyId", out->id, sizeof out->id)
        && member(from, "SecretAccessKey", out->secret, sizeof out->secret)
        && member(from, token_key, out->token, sizeof out->token) && out->id[0] && out->secret[0];
    json_decref(root);
    return ok || error_set(err, "no AccessKeyId and SecretAccessKey in the answer");
}
