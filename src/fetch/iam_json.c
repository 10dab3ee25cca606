/*
 * One frame per open element. Whether an element is an object, a list or a text is known when its first child or its
 * end comes.
 */
#include "fetch/iam_json.h"

#include "aws/aws_xml.h"

#include <stdio.h>
#include <stdlib.h>

struct frame {
    char name[64];
    json_t *value; /* NULL: no child has come yet */
};

struct iam_reading {
    const char *wanted; /* the name of the element to return, such as ListAccessKeysResult */
    json_t *result;
    struct frame frames[AWS_XML_DEPTH_MAX];
    size_t depth;
    struct buffer text; /* of the innermost element */
};

static bool is_one_of(const char *name, const char *const names[])
{
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

/* Returns the value of element NAME, which has no children, from its TEXT. */
static json_t *leaf(const char *name, struct buffer *text)
{
    static const char *const lists[] = {"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies",
        "UserPolicyList", "GroupPolicyList", "RolePolicyList", "AttachedManagedPolicies", "GroupList", "Tags",
        "InstanceProfileList", "Roles", "PolicyVersionList", "AccessKeyMetadata", NULL};
    static const char *const documents[] = {"PolicyDocument", "Document", "AssumeRolePolicyDocument", NULL};
    static const char *const booleans[] = {"IsTruncated", "IsAttachable", "IsDefaultVersion", NULL};
    static const char *const numbers[] = {"AttachmentCount", "PermissionsBoundaryUsageCount", NULL};
    if (is_one_of(name, lists))
        return json_array();
    if (is_one_of(name, documents)) {
        struct buffer decoded = {0};
        text_decode_percent(&decoded, (struct slice){text->data ? text->data : "", text->len});
        json_t *document = json_loadb(decoded.data ? decoded.data : "", decoded.len, 0, NULL);
        buffer_free(&decoded);
        if (document)
            return document;
    }
    const char *plain = text->data && text->len ? text->data : "";
    /* not by its text: a user or a tag may be called true */
    if (is_one_of(name, booleans) && (strcmp(plain, "true") == 0 || strcmp(plain, "false") == 0))
        return json_boolean(plain[0] == 't');
    if (is_one_of(name, numbers))
        return json_integer(strtoll(plain, NULL, 10));
    json_t *string = json_stringn(plain, text->len);
    return string ? string : json_string("");
}

static void json_start(void *data, const char *name)
{
    struct iam_reading *r = data;
    struct frame *f = &r->frames[r->depth++];
    *f = (struct frame){.value = NULL};
    /* no name that matters is so long as to be cut */
    snprintf(f->name, sizeof f->name, "%s", name);
    r->text.len = 0;
}

static void take_json_text(void *data, struct slice text)
{
    buffer_add(&((struct iam_reading *)data)->text, text.data, text.len);
}

static void json_end(void *data, const char *name)
{
    struct iam_reading *r = data;
    (void)name;
    struct frame *f = &r->frames[--r->depth], *parent = r->depth ? f - 1 : NULL;
    json_t *value = f->value ? f->value : leaf(f->name, &r->text);
    bool is_member = strcmp(f->name, "member") == 0;
    f->value = NULL;
    r->text.len = 0;
    if (strcmp(f->name, r->wanted) == 0 && !r->result) {
        r->result = value;
        return;
    }
    if (parent && !parent->value)
        parent->value = is_member ? json_array() : json_object();
    if (!parent || (is_member ? json_array_append_new(parent->value, value)
                              : json_object_set_new(parent->value, f->name, value)) != 0) {
        if (!parent)
            json_decref(value);
        return;
    }
}

json_t *iam_json(struct slice xml, const char *action, struct error *err)
{
    char wanted[80];
    struct buffer name = {0};
    buffer_printf(&name, "%sResult", action);
    size_t n = name.len < sizeof wanted ? name.len : sizeof wanted - 1;
    memcpy(wanted, name.data, n);
    wanted[n] = '\0';
    buffer_free(&name);
    struct iam_reading r = {.wanted = wanted};
    struct aws_xml_walker walker = {&r, json_start, take_json_text, json_end};
    bool ok = aws_xml_walk(xml, &walker, err)
        && (json_is_object(r.result) || error_set(err, "there is no %s in the answer", wanted));
    while (r.depth)
        json_decref(r.frames[--r.depth].value);
    buffer_free(&r.text);
    if (!ok) {
        json_decref(r.result);
        r.result = NULL;
    }
    return r.result;
}
