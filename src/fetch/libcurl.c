/* Finding libcurl's functions: in the library that configure saw, or linked with where there is none to be loaded. */
#include "libcurl.h"

#include <config.h>
#ifdef LIBCURL_NAME
#include <dlfcn.h>
#include <string.h>

static bool find(void *library, const char *name, void *function)
{
    void *at = dlsym(library, name);
    memcpy(function, &at, sizeof at); /* ISO C has no conversion from one to the other */
    return at;
}

static bool find_all(struct libcurl *l, struct error *err)
{
    void *library = dlopen(LIBCURL_NAME, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return error_set(err, "libcurl is needed for the API, install it or use --via cli: %s", dlerror());
#define X(name)                                       \
    if (!find(library, "curl_" #name, &l->name))      \
        return error_set(err, "libcurl has no curl_" #name ": install 7.86 or later, or use --via cli");
    LIBCURL_FUNCTIONS(X)
#undef X
    return true;
}
#else
static bool find_all(struct libcurl *l, struct error *err)
{
    (void)err;
#define X(name) l->name = curl_##name;
    LIBCURL_FUNCTIONS(X)
#undef X
    return true;
}
#endif

enum { OLDEST = 0x075600 }; /* 7.86: as configure asks for */

const struct libcurl *libcurl_load(struct error *err)
{
    static struct libcurl library;
    static bool is_there;
    if (is_there)
        return &library;
    if (!find_all(&library, err))
        return NULL;
    const curl_version_info_data *version = library.version_info(CURLVERSION_NOW);
    is_there = version->version_num >= OLDEST;
    if (!is_there)
        error_set(err, "libcurl %s is too old: install 7.86 or later, or use --via cli", version->version);
    return is_there ? &library : NULL;
}
