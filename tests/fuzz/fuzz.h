/* What the fuzz drivers share; libFuzzer, AFL++ or standalone.c calls them. */
#ifndef NCRED_FUZZ_H
#define NCRED_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must always hold; a fuzzer keeps the input that brings it here. */
#define FUZZ_CHECK(condition) \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition), abort()))

/* Write the bytes to a file that is only in memory: its path, for functions that read files. Until fuzz_file_end. */
const char *fuzz_file(const uint8_t *data, size_t size);
void fuzz_file_end(void);

#endif
