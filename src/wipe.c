/* What explicit_bzero() does, for systems without it too. */
#include "wipe.h"

void wipe(void *data, size_t size)
{
    if (!size)
        return;
    memset(data, 0, size);
    /* for all the compiler knows, this reads the zeros */
    __asm__ __volatile__("" : : "r"(data) : "memory");
}

void wipe_buffer(struct buffer *b)
{
    if (b->data)
        wipe(b->data, b->cap);
    buffer_free(b);
}
