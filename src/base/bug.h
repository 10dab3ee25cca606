/*
 * Assertions of what only a bug can violate, never what a file or a user can cause. They are checked in builds for
 * fuzzing, with sanitizers, or with -DNCRED_DEBUG, and cost nothing in other builds.
 *
 *     BUG_ON(first % QUERY_SPAN != 0);
 */
#ifndef NCRED_BUG_H
#define NCRED_BUG_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define NCRED_DEBUG 1
#endif
#endif
#if !defined(NCRED_DEBUG) && (defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) \
    || defined(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION))
#define NCRED_DEBUG 1
#endif

#ifdef NCRED_DEBUG
#include <stdio.h>
#include <stdlib.h>
/* If CONDITION is true, print it and its place and abort. */
#define BUG_ON(condition) \
    do { \
        if (__builtin_expect(!!(condition), 0)) { \
            fprintf(stderr, "ncred: bug: %s:%d: %s: %s\n", __FILE__, __LINE__, __func__, #condition); \
            abort(); \
        } \
    } while (0)
#else
#define BUG_ON(condition) ((void)sizeof(!!(condition)))
#endif

#endif
