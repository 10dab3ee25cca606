/*
 * The shared files ~/.aws/config and ~/.aws/credentials, read as botocore reads them (botocore/configloader.py).
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 *
 *     struct profiles p;
 *     if (profiles_read(&p, err))
 *         region = profiles_get(&p, "prod", "region");
 *     profiles_free(&p);
 */
#ifndef NCRED_PROFILE_H
#define NCRED_PROFILE_H

#include "base/error.h"
#include "base/text.h"

/* One option of a section. Key and value are slices of the file's text; the lines of a value are joined by "\n". */
struct profile_option {
    size_t section; /* an index into sections */
    size_t line;    /* in the file, from 1 */
    struct slice key, value;
};

struct profile_file {
    struct buffer text;     /* owned: what the slices below point into */
    struct slice *sections; /* owned: their headers, without brackets */
    size_t section_count;
    struct profile_option *options; /* owned, in the file's order */
    size_t option_count;
};

struct profiles {
    struct profile_file config, credentials; /* empty where there is no such file */
};

/*
 * Read both files: those that AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name (empty: none), otherwise the usual
 * ones. A missing file, or one that is no regular file, counts as empty. Returns false with ERR naming the path and
 * the line if one cannot be read or its syntax is wrong. Free P with profiles_free() either way.
 */
bool profiles_read(struct profiles *p, struct error *err);
/* Wipe and free: the files hold secrets. */
void profiles_free(struct profiles *p);
/* Whether either file has the profile. */
bool profiles_has(const struct profiles *p, const char *profile);
/*
 * Fill ERR with "NAME: there is no profile PROFILE in ...", which names the files and the profile that may be meant.
 * Returns false.
 */
bool profiles_lack(const struct profiles *p, const char *name, const char *profile, struct error *err);
/*
 * Returns a setting of the profile, from the credentials file, otherwise from config. Borrowed from P; data NULL: not
 * set.
 */
struct slice profiles_get(const struct profiles *p, const char *profile, const char *key);
/* The same from one of the files: the credentials file if CREDENTIALS, otherwise config. */
struct slice profiles_get_in(const struct profiles *p, bool credentials, const char *profile, const char *key);
/*
 * Returns KEY from the indented lines below SERVICE in config's section [services NAME]. Borrowed; data NULL: not
 * set.
 */
struct slice profiles_service(const struct profiles *p, const char *name, const char *service, const char *key);
/* Whether config has a section [services NAME]. */
bool profiles_has_services(const struct profiles *p, const char *name);

/*
 * Whether signing in with PROFILE (NULL: the usual one) may ask a person for an MFA code, or runs a credential_process,
 * which may ask for anything. So may the profiles that it leads to by source_profile.
 */
bool profiles_may_ask(const char *profile);

/*
 * Parse TEXT into FILE, which owns it from then on. Returns false with ERR naming the line if the syntax is wrong. Free
 * FILE with profile_file_free() either way.
 */
bool profile_parse(struct profile_file *file, struct buffer text, struct error *err);
void profile_file_free(struct profile_file *file);

#endif
