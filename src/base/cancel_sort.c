/* A merge sort of pointers to the elements, which are copied into their order at the end. */
#include "base/cancel_sort.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { CHECK_EVERY = 1 << 14 }; /* elements between two checks for cancellation */

/*
 * Merge the sorted runs FROM[LOW] to FROM[MIDDLE - 1] and FROM[MIDDLE] to FROM[HIGH - 1] into TO[LOW] to TO[HIGH - 1].
 * Returns false if P has ended.
 */
static bool merge_runs(const char **from, const char **to, size_t low, size_t middle, size_t high,
    int (*compare)(const void *a, const void *b), struct cancel_token *p)
{
    size_t left = low, right = middle;
    for (size_t at = low; at < high; at++) {
        bool is_left = left < middle && (right == high || compare(from[left], from[right]) <= 0);
        to[at] = is_left ? from[left++] : from[right++];
        if (at % CHECK_EVERY == CHECK_EVERY - 1 && cancel_check(p))
            return false;
    }
    return true;
}

/* Sort the pointers in LIST; SPARE has as much room. Returns LIST or SPARE, whichever is sorted; NULL if cancelled. */
static const char **sort_pointers(const char **list, const char **spare, size_t count,
    int (*compare)(const void *a, const void *b), struct cancel_token *p)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = count - low < width ? count : low + width, high = count - middle < width ? count
                : middle + width;
            if (!merge_runs(list, spare, low, middle, high, compare, p))
                return NULL;
        }
        const char **sorted = spare;
        spare = list;
        list = sorted;
    }
    return list;
}

/* Put the elements to which SORTED points into LIST. Returns false, with LIST unchanged, if P has ended. */
static bool move_elements(char *list, const char **sorted, size_t count, size_t size, struct cancel_token *p)
{
    char *moved = xcalloc(count + 1, size);
    bool goes_on = true;
    for (size_t i = 0; i < count && goes_on; i++) {
        memcpy(moved + i * size, sorted[i], size);
        goes_on = i % CHECK_EVERY != CHECK_EVERY - 1 || !cancel_check(p);
    }
    if (goes_on)
        memcpy(list, moved, count * size);
    free(moved);
    return goes_on;
}

bool cancel_sort(void *list, size_t count, size_t size, int (*compare)(const void *a, const void *b),
    struct cancel_token *p)
{
    const char **pointers = xcalloc(count + 1, sizeof *pointers), **spare = xcalloc(count + 1, sizeof *spare);
    for (size_t i = 0; i < count; i++)
        pointers[i] = (const char *)list + i * size;
    const char **sorted = sort_pointers(pointers, spare, count, compare, p);
    bool is_done = sorted && move_elements(list, sorted, count, size, p);
    free(pointers);
    free(spare);
    return is_done;
}
