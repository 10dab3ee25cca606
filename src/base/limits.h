/* LIMIT(normal, fuzzing): builds for fuzzing have smaller limits, so that short inputs can exceed every one of them. */
#ifndef NCRED_LIMITS_H
#define NCRED_LIMITS_H

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define LIMIT(normal, fuzzing) (fuzzing)
#else
#define LIMIT(normal, fuzzing) (normal)
#endif

#endif
