/* The checks have titles and queries of their own; only the other filters are listed here. */
#include "config/presets.h"

static const struct {
    const char *title, *query;
} others[] = {
    {"anything found", "findings > 0"},
    {"any active key never used", "key(active and last_used = never)"},
    {"password older than 90 days", "password_enabled and password_age > 90d"},
    {"console users", "password_enabled"},
    {"key users", "active_keys > 0"},
    {"created in the last 30 days", "age <= 30d"},
    {"used in the last day", "idle <= 1d"},
};
enum { OTHERS = sizeof others / sizeof others[0] };

size_t preset_count(const struct config_pairs *saved)
{
    return saved->count + check_count() + OTHERS;
}

void preset_title(struct buffer *out, size_t index, const struct config_pairs *saved, const struct check_settings *s)
{
    if (index < saved->count)
        buffer_puts(out, saved->list[index].name);
    else if (index - saved->count < check_count())
        check_title(out, index - saved->count, s);
    else
        buffer_puts(out, others[index - saved->count - check_count()].title);
}

void preset_query(struct buffer *out, size_t index, const struct config_pairs *saved, const struct check_settings *s,
    bool keys)
{
    size_t check = index - saved->count;
    if (index < saved->count)
        buffer_puts(out, saved->list[index].value);
    else if (keys && check < check_count()) /* only the credentials that the check finds */
        buffer_printf(out, "fails(%s)", check_at(check)->id);
    else if (check < check_count())
        check_predicate(out, check, s);
    else
        buffer_puts(out, others[check - check_count()].query);
}
