/* Large pages by madvise(MADV_HUGEPAGE), which Linux has; elsewhere an ordinary allocation. */
#include "base/large_pages.h"

#include "base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

void *large_pages_new(size_t count, size_t size)
{
#ifdef MADV_HUGEPAGE
    enum { HUGE_PAGE = 1 << 21, WORTH_ONE = 1 << 20 }; /* from half a large page on, so that at most half is wasted */
    void *data;
    if (size && count < (PTRDIFF_MAX - HUGE_PAGE) / size && count * size >= WORTH_ONE) {
        size_t rounded = (count * size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        if (posix_memalign(&data, HUGE_PAGE, rounded) == 0) {
            madvise(data, rounded, MADV_HUGEPAGE);
            return data;
        }
    }
#endif
    return xrealloc(NULL, count, size);
}
