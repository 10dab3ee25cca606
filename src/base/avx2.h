/* Whether this processor has AVX2; for x86 only. */
#ifndef NCRED_AVX2_H
#define NCRED_AVX2_H

#include <stdbool.h>
#include <stdlib.h> /* defines __GLIBC__ where it is */

#if defined __GLIBC__ && __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif

/* Functions marked so may be called if has_avx2(). */
#define FOR_AVX2 __attribute__((target("avx2,bmi,popcnt")))

static inline bool has_avx2(void)
{
#ifdef CPU_FEATURE_ACTIVE
    /* the compiler's own function asks the processor again, at each start, which takes long in a virtual machine */
    return CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(BMI1) && CPU_FEATURE_ACTIVE(POPCNT);
#else
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
#endif
}

#endif
