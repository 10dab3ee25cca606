/* Finds the parts of ARNs by their colons and slashes. */
#include "aws/arn.h"

/* Returns all of ARN from part N on; arn:PARTITION:iam::ACCOUNT:RESOURCE has the parts 0 to 5. */
static struct slice arn_part(struct slice arn, int n)
{
    for (; n > 0; n--) {
        const char *colon = arn.len ? memchr(arn.data, ':', arn.len) : NULL;
        if (!colon)
            return (struct slice){"", 0};
        arn = (struct slice){colon + 1, arn.len - (size_t)(colon + 1 - arn.data)};
    }
    return arn;
}

static struct slice arn_field(struct slice arn, int n)
{
    struct slice s = arn_part(arn, n);
    const char *colon = s.len ? memchr(s.data, ':', s.len) : NULL;
    return colon ? (struct slice){s.data, (size_t)(colon - s.data)} : s;
}

struct slice arn_partition(struct slice arn)
{
    return arn_field(arn, 1);
}

struct slice arn_account(struct slice arn)
{
    return arn_field(arn, 4);
}

void arn_put_account_id(struct buffer *out, struct slice arn)
{
    struct slice account = arn_account(arn), partition = arn_partition(arn);
    bool is_aws = !partition.len || slice_equal(partition, slice_of("aws"));
    if (account.len && !is_aws)
        {
        buffer_add(out, partition.data, partition.len);
        buffer_putc(out, ':');
    }
    buffer_add(out, account.data, account.len);
}

/* Returns the offset of the number in an account id: behind the colon, if there is one. */
static size_t id_number_at(struct slice id)
{
    const char *colon = id.len ? memchr(id.data, ':', id.len) : NULL;
    return colon ? (size_t)(colon - id.data) + 1 : 0;
}

struct slice arn_id_number(struct slice id)
{
    size_t at = id_number_at(id);
    return (struct slice){id.data + at, id.len - at};
}

struct slice arn_id_partition(struct slice id)
{
    size_t at = id_number_at(id);
    return at ? (struct slice){id.data, at - 1} : slice_of("aws");
}

struct slice arn_account_number(struct slice text)
{
    enum { DIGITS = 12 };
    text = slice_trimmed(text);
    size_t n = 0;
    while (n < text.len && text.data[n] >= '0' && text.data[n] <= '9')
        n++;
    return n == DIGITS && text.len == DIGITS ? text : (struct slice){"", 0};
}

struct slice arn_user(struct slice arn)
{
    struct slice s = arn_part(arn, 5);
    if (slice_equal(s, slice_of("root")))
        return slice_of("<root_account>");
    if (s.len <= 5 || memcmp(s.data, "user/", 5) != 0)
        return (struct slice){"", 0};
    size_t start = s.len;
    while (s.data[start - 1] != '/')
        start--;
    return (struct slice){s.data + start, s.len - start};
}

struct slice arn_path(struct slice arn)
{
    struct slice s = arn_part(arn, 5);
    if (s.len < 5 || memcmp(s.data, "user/", 5) != 0)
        return slice_of(s.len ? "/" : "");
    size_t end = s.len;
    while (end > 4 && s.data[end - 1] != '/')
        end--;
    return (struct slice){s.data + 4, end - 4};
}

bool arn_is_root(struct slice user, struct slice arn)
{
    struct slice resource = slice_trimmed(arn_part(arn, 5));
    user = slice_trimmed(user);
    return slice_equal(resource, slice_of("root")) || slice_equal(user, slice_of("<root_account>"))
        || (slice_equal(user, slice_of("root_account")) && resource.len == 0);
}

struct slice arn_head(struct slice arn)
{
    size_t colons = 0, i = 0;
    for (; i < arn.len && colons < 5; i++)
        colons += arn.data[i] == ':';
    return (struct slice){arn.data, colons == 5 ? i : 0};
}
