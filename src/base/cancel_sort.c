/*
 * A merge sort of pointers to the elements; only at its end, when it can no longer be cancelled, are the elements
 * moved.
 */
#include "base/cancel_sort.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { CHECK_EVERY = 1 << 14 }; /* elements between two checks for cancellation */

/*
 * Merge the sorted runs FROM[LOW] to FROM[MIDDLE - 1] and FROM[MIDDLE] to FROM[HIGH - 1] into TO[LOW] to TO[HIGH - 1].
 */
static void merge_runs(const char **from, const char **to, size_t low, size_t middle, size_t high,
    int (*compare)(const void *a, const void *b))
{
    size_t left = low, right = middle;
    for (size_t at = low; at < high; at++) {
        bool is_left = left < middle && (right == high || compare(from[left], from[right]) <= 0);
        to[at] = is_left ? from[left++] : from[right++];
    }
}

/* Sort the pointers in LIST; SPARE has as much room. Returns LIST or SPARE, whichever is sorted; NULL if cancelled. */
static const char **sort_pointers(const char **list, const char **spare, size_t count,
    int (*compare)(const void *a, const void *b), struct cancel_token *p)
{
    size_t compared = 0;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = count - low < width ? count : low + width, high = count - middle < width ? count
                : middle + width;
            merge_runs(list, spare, low, middle, high, compare);
            compared += high - low;
            if (compared < CHECK_EVERY)
                continue;
            compared = 0;
            if (cancel_check(p))
                return NULL;
        }
        const char **sorted = spare;
        spare = list;
        list = sorted;
    }
    return list;
}

/* Move the elements of LIST into the order of the pointers in SORTED, cycle by cycle. Overwrites SORTED. */
static void move_elements(char *list, const char **sorted, size_t count, size_t size)
{
    char *held = xcalloc(1, size);
    for (size_t start = 0; start < count; start++) {
        size_t hole = start, from = (size_t)(sorted[start] - list) / size;
        if (from == start)
            continue;
        memcpy(held, list + start * size, size);
        while (from != start) {
            memcpy(list + hole * size, list + from * size, size);
            sorted[hole] = list + hole * size;
            hole = from;
            from = (size_t)(sorted[hole] - list) / size;
        }
        memcpy(list + hole * size, held, size);
        sorted[hole] = list + hole * size;
    }
    free(held);
}

bool cancel_sort(void *list, size_t count, size_t size, int (*compare)(const void *a, const void *b),
    struct cancel_token *p)
{
    const char **pointers = xcalloc(count + 1, sizeof *pointers), **spare = xcalloc(count + 1, sizeof *spare);
    for (size_t i = 0; i < count; i++)
        pointers[i] = (const char *)list + i * size;
    const char **sorted = sort_pointers(pointers, spare, count, compare, p);
    if (sorted)
        move_elements(list, sorted, count, size);
    free(pointers);
    free(spare);
    return sorted != NULL;
}
