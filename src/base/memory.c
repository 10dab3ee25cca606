/* The only place that ends the program from within: when memory is out. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static void (*memory_hook)(void);

void memory_on_exhaustion(void (*hook)(void))
{
    memory_hook = hook;
}

void memory_return_blocks(void)
{
#ifdef __GLIBC__ /* which otherwise raises the first limit to the size of the largest block freed */
    mallopt(M_MMAP_THRESHOLD, 1 << 22);
    mallopt(M_TRIM_THRESHOLD, 1 << 23);
#endif
}

static _Noreturn void memory_exhausted(void)
{
    static const char message[] = "ncred: out of memory: close other programs or open fewer reports\n";
    if (memory_hook)
        memory_hook();
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(2);
}

void *xrealloc(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        memory_exhausted();
    size_t bytes = count * size;
    void *p = realloc(old, bytes ? bytes : 1);
    if (!p)
        memory_exhausted();
    return p;
}

char *xstrdup(const char *s)
{
    size_t size = strlen(s) + 1;
    return memcpy(xrealloc(NULL, size, 1), s, size);
}

void *xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}
