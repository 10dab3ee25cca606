/* Preloaded into the program: its allocation number NCRED_FAIL fails, once; NCRED_FAIL_FD is told. For glibc. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static atomic_long left; /* allocations until the one that fails; 0: none will */
static bool own;         /* only those that the program itself asks for count, not its libraries' */
static int fd = -1;

__attribute__((constructor)) static void start(void)
{
    const char *n = getenv("NCRED_FAIL"), *where = getenv("NCRED_FAIL_FD");
    own = getenv("NCRED_FAIL_OWN") != NULL;
    fd = where ? atoi(where) : -1;
    left = n ? atol(n) : 0;
}

/* Whether what this caller asks for counts. */
static bool counts(void *caller)
{
    if (!own)
        return true;
    Dl_info info;
    const void *header = (const void *)getauxval(AT_PHDR); /* within the first page of the program */
    return dladdr(caller, &info) && (size_t)((const char *)header - (const char *)info.dli_fbase) < 4096;
}

static bool fails(void *caller)
{
    if (left <= 0 || !counts(caller) || atomic_fetch_sub(&left, 1) != 1)
        return false;
    ssize_t ignored = write(fd, "!", 1);
    (void)ignored;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
