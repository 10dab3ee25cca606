/* The shared files ~/.aws/config and ~/.aws/credentials, read as botocore reads them. */
#ifndef NCRED_PROFILE_H
#define NCRED_PROFILE_H

#include "base/error.h"
#include "base/text.h"

/* One option of a section; slices of the file's text, in which lines of one value have been joined with "\n". */
struct profile_option {
    size_t section; /* an index of SECTIONS */
    size_t line;
    struct slice key, value;
};

struct profile_file {
    struct buffer text;
    struct slice *sections; /* owned; what stands between the brackets */
    size_t section_count;
    struct profile_option *options; /* owned */
    size_t option_count;
};

struct profiles {
    struct profile_file config, credentials; /* empty where there is no such file */
};

/*
 * Read both, from where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say (set but empty: there is none). What is no
 * regular file counts as none. False: a file cannot be read, or its syntax is wrong; ERR has the path and the line.
 */
bool profiles_read(struct profiles *p, struct error *err);
/* Wipes: the files hold secrets. */
void profiles_free(struct profiles *p);
/* Whether either file has the profile. */
bool profiles_has(const struct profiles *p, const char *profile);
/* A setting of the profile, from the credentials file, else from config. Borrowed; data NULL: not there. */
struct slice profiles_get(const struct profiles *p, const char *profile, const char *key);
/* The same from one file. */
struct slice profiles_get_in(const struct profiles *p, bool credentials, const char *profile, const char *key);
/* A setting of config's section "services NAME", in the block of indented lines for SERVICE. */
struct slice profiles_service(const struct profiles *p, const char *name, const char *service, const char *key);
/* Whether there is such a section. */
bool profiles_has_services(const struct profiles *p, const char *name);

/* Whether signing in with PROFILE (NULL: the usual one) may ask a person for an MFA code, or run a program that asks. */
bool profiles_may_ask(const char *profile);

/* Parse TEXT, which is changed and from then on belongs to FILE. False: ERR has the line; free FILE either way. */
bool profile_parse(struct profile_file *file, struct buffer text, struct error *err);
void profile_file_free(struct profile_file *file);

#endif
