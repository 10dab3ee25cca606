/* Policies are found by the addresses of their texts, which are interned, and documents by a digest. */
#include "context/details_store.h"

#include "aws/arn.h"
#include "base/memory.h"

#include <stdlib.h>

void *details_room(void *list, size_t count, size_t size)
{
    return count & (count - 1) ? list : xrealloc(list, count ? count * 2 : 1, size);
}

/* What tells a policy from others: its members but the last. */
static struct slice policy_key(const struct details_policy *p)
{
    return (struct slice){(const char *)p, offsetof(struct details_policy, managed)};
}

static struct slice details_policy_key(const void *details, uint32_t number)
{
    return policy_key(&((const struct details *)details)->policies[number]);
}

struct details *details_new(void)
{
    struct details *d = xcalloc(1, sizeof *d);
    text_pool_init(&d->texts);
    d->policy_index = (struct hash_index){.text = details_policy_key, .owner = d};
    return d;
}

void details_free(struct details *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->document_count; i++) {
        policy_free(d->documents[i].policy);
        free(d->documents[i].prepared);
    }
    details_seal(d);
    text_pool_free(&d->texts);
    free(d->users);
    free(d->policies);
    free(d->documents);
    free(d->groups);
    free(d->managed);
    free(d->accounts);
    free(d);
}

size_t details_add_document(struct details *d, struct policy *p, bool is_managed)
{
    struct buffer said = {0};
    buffer_puts(&said, "");
    policy_describe(p, &said);
    uint32_t *number = digest_index_add(&d->document_index, digest_of((struct slice){said.data, said.len}));
    buffer_free(&said);
    if (*number) {
        policy_free(p);
        d->documents[*number - 1].is_shared = true;
        return *number - 1;
    }
    d->documents = details_room(d->documents, d->document_count, sizeof *d->documents);
    d->documents[d->document_count] = (struct details_document){.policy = p, .is_shared = is_managed};
    *number = (uint32_t)++d->document_count;
    return d->document_count - 1;
}

uint32_t details_add_policy(struct details *d, const char *name, const char *arn, size_t document)
{
    struct details_policy p = {name, arn, document, SIZE_MAX};
    uint32_t *number = hash_index_add(&d->policy_index, policy_key(&p), hash_text(policy_key(&p)));
    if (!*number) {
        d->policies = details_room(d->policies, d->policy_count, sizeof *d->policies);
        d->policies[d->policy_count] = p;
        *number = (uint32_t)++d->policy_count;
    }
    return *number - 1;
}

const char *details_account(struct details *d, const char *arn)
{
    struct buffer id = {0};
    arn_put_account_id(&id, slice_of(arn ? arn : ""));
    buffer_puts(&id, "");
    const char *account = text_pool_intern(&d->texts, (struct slice){id.data, id.len});
    buffer_free(&id);
    return account;
}

void details_seal(struct details *d)
{
    text_pool_seal(&d->texts);
    hash_index_free(&d->policy_index);
    digest_index_free(&d->document_index);
}
