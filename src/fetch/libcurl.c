/* Finds libcurl's functions with dlsym() in the library that configure found; a static build links them. */
#include "fetch/libcurl.h"

#include <config.h>
#ifdef LIBCURL_NAME
#include <dlfcn.h>
#include <string.h>

static bool find_symbol(void *library, const char *name, void *function)
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
#define X(name) \
    if (!find_symbol(library, "curl_" #name, &l->name)) \
        return error_set(err, \
            "libcurl has no curl_" #name ": install " LIBCURL_OLDEST_NAME " or later, or use --via cli");
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

const struct libcurl *libcurl_load(struct error *err)
{
    static struct libcurl library;
    if (!find_all(&library, err))
        return NULL;
    const curl_version_info_data *version = library.version_info(CURLVERSION_NOW);
    if (version->version_num < LIBCURL_OLDEST)
        error_set(err, "libcurl %s is too old: install " LIBCURL_OLDEST_NAME " or later, or use --via cli",
            version->version);
    return version->version_num < LIBCURL_OLDEST ? NULL : &library;
}
