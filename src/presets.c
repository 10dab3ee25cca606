/* The named filters of `p`, in the order of what matters at night. */
#include "presets.h"

const struct preset presets[] = {
    {"root with an access key", "root and key(active)"},
    {"root without MFA", "root and not mfa_active and (password_enabled or password_enabled = not_supported or key(active))"},
    {"console users without MFA", "password_enabled and not mfa_active and not root"},
    {"active keys older than 90 days", "key(active and age > 90d)"},
    {"keys never used", "key(active and last_used = never)"},
    {"credentials unused for 45 days", "not root and ((password_enabled and password_idle >= 45d) or key(active and idle >= 45d))"},
    {"two active keys", "active_keys = 2"},
    {"users with nothing active", "not root and not password_enabled and active_keys = 0 and not cert(active)"},
    {"inactive keys left behind", "key(not active)"},
    {"nothing used for a year", "idle > 1y or (last_activity = never and age > 1y)"},
};
const size_t preset_count = sizeof presets / sizeof presets[0];
