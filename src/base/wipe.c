/* Wipes with explicit_bzero(), or with memset() and a compiler barrier if the C library lacks it. */
#include <config.h> /* first, because it makes system headers declare what is beyond POSIX */

#include "base/wipe.h"

#include <stdlib.h>
#include <string.h>

void wipe(void *data, size_t size)
{
    if (!size)
        return;
#ifdef HAVE_EXPLICIT_BZERO
    explicit_bzero(data, size);
#else
    memset(data, 0, size);
    /* the compiler must assume that this reads the zeros, so it cannot drop memset() */
    __asm__ __volatile__("" : : "r"(data) : "memory");
#endif
}

/* Must not be inlined: its array has to lie where the frames of functions called before were. */
__attribute__((noinline)) void wipe_stack(void)
{
    char below[64 << 10];
    wipe(below, sizeof below);
}

void wipe_buffer(struct buffer *b)
{
    if (b->data)
        wipe(b->data, b->cap);
    buffer_free(b);
}

/* Precedes each allocation: its size, and padding for alignment. */
union head {
    size_t size;
    max_align_t align;
};

void *wipe_malloc(size_t size)
{
    union head *h = size < SIZE_MAX - sizeof *h ? malloc(sizeof *h + size) : NULL;
    if (!h)
        return NULL;
    h->size = size;
    return h + 1;
}

void wipe_free(void *p)
{
    if (!p)
        return;
    union head *h = (union head *)p - 1;
    wipe(p, h->size);
    free(h);
}

void *wipe_realloc(void *old, size_t size)
{
    void *p = wipe_malloc(size);
    if (p && old) {
        size_t had = ((union head *)old - 1)->size;
        memcpy(p, old, had < size ? had : size);
        wipe_free(old);
    }
    return p;
}
