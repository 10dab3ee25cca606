/* Many pages at a time, where the system can. */
#include "pages.h"

#include "error.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

void *pages_new(size_t count, size_t size)
{
#ifdef MADV_HUGEPAGE
    enum { HUGE_PAGE = 1 << 21 };
    void *data;
    if (size && count < PTRDIFF_MAX / size && count * size >= 2 * (size_t)HUGE_PAGE
        && posix_memalign(&data, HUGE_PAGE, count * size) == 0) {
        madvise(data, count * size / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
        return data;
    }
#endif
    return xrealloc(NULL, count, size);
}
