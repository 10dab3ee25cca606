/* A limit, and the smaller one of a build for fuzzing, whose inputs are short and must be able to exceed every limit. */
#ifndef NCRED_LIMITS_H
#define NCRED_LIMITS_H

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define LIMIT(normal, fuzzing) (fuzzing)
#else
#define LIMIT(normal, fuzzing) (normal)
#endif

#endif
