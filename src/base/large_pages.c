/* Large pages by madvise(MADV_HUGEPAGE), which Linux has; elsewhere an ordinary allocation. */
#include "base/large_pages.h"

#include "base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 1 << 21 };

/* Returns SIZE bytes, all but the first SMALL in large pages, or NULL. SMALL is a multiple of HUGE_PAGE. */
static char *advised(size_t size, size_t small)
{
#ifdef MADV_HUGEPAGE
    void *data;
    size_t rounded = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    if (posix_memalign(&data, HUGE_PAGE, rounded) == 0) {
        madvise((char *)data + small, rounded - small, MADV_HUGEPAGE);
        return data;
    }
#else
    (void)size;
    (void)small;
#endif
    return NULL;
}

void *large_pages_new(size_t count, size_t size)
{
    enum { WORTH_ONE = HUGE_PAGE / 2 }; /* so that at most half of a large page is wasted */
    void *data = NULL;
    if (size && count < (PTRDIFF_MAX - HUGE_PAGE) / size && count * size >= WORTH_ONE)
        data = advised(count * size, 0);
    return data ? data : xrealloc(NULL, count, size);
}

char *large_pages_later(size_t size)
{
    char *data = size > 2 * HUGE_PAGE && size < PTRDIFF_MAX - HUGE_PAGE ? advised(size, HUGE_PAGE) : NULL;
    return data ? data : xrealloc(NULL, size, 1);
}
