/* The shared files ~/.aws/config and ~/.aws/credentials. */
#ifndef NCRED_PROFILE_H
#define NCRED_PROFILE_H

#include "base/error.h"
#include "base/text.h"

struct profiles {
    struct buffer config, credentials; /* the files; empty when they are not there */
};

/* Read both, from where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say. A file that is not there is empty. */
bool profiles_read(struct profiles *p, struct error *err);
/* Wipes: the files hold secrets. */
void profiles_free(struct profiles *p);
/* Whether either file has the profile. */
bool profiles_has(const struct profiles *p, const char *profile);
/* A setting of the profile, from the credentials file, else from config; empty: not there. Borrowed. */
struct slice profiles_get(const struct profiles *p, const char *profile, const char *key);
/* The same from one file. */
struct slice profiles_get_in(const struct profiles *p, bool credentials, const char *profile, const char *key);

#endif
