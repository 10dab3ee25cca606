/* Runs a fuzz driver on the files of its corpus, or on those named: the stand-in for a fuzzer's own main. */
#include "fuzz.h"
#include "base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t files;

static int run_file(const char *path)
{
    struct buffer bytes = {0};
    char chunk[65536];
    FILE *f = fopen(path, "rb");
    for (size_t n; f && (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buffer_add(&bytes, chunk, n);
    bool ok = f && !ferror(f);
    if (f)
        fclose(f);
    if (!ok) {
        perror(path);
    } else {
        /* of its very size, so that a sanitizer sees a byte too far */
        uint8_t *copy = malloc(bytes.len ? bytes.len : 1);
        FUZZ_CHECK(copy);
        if (bytes.len)
            memcpy(copy, bytes.data, bytes.len);
        fprintf(stderr, "%s\n", path); /* the last one named is the one that failed */
        LLVMFuzzerTestOneInput(copy, bytes.len);
        free(copy);
        files++;
    }
    buffer_free(&bytes);
    return ok ? 0 : 1;
}

static int run_directory(const char *path)
{
    int status = 0;
    DIR *directory = opendir(path);
    if (!directory) {
        perror(path);
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        struct stat st;
        struct buffer name = {0};
        buffer_printf(&name, "%s/%s", path, entry->d_name);
        if (stat(name.data, &st) == 0 && S_ISREG(st.st_mode))
            status |= run_file(name.data);
        buffer_free(&name);
    }
    closedir(directory);
    return status;
}

/* The driver fuzz_csv has its corpus in corpus/csv. */
static int run_own_corpus(const char *program)
{
    const char *source = getenv("srcdir"), *name = strstr(program, "fuzz_");
    for (const char *next = name; next && (next = strstr(next + 1, "fuzz_"));)
        name = next;
    if (!name) {
        fprintf(stderr, "usage: %s FILE|DIRECTORY...\n", program);
        return 2;
    }
    struct buffer path = {0};
    buffer_printf(&path, "%s/tests/fuzz/corpus/%s", source ? source : ".", name + 5);
    int status = run_directory(path.data);
    buffer_free(&path);
    return status;
}

int main(int argc, char **argv)
{
    int status = argc > 1 ? 0 : run_own_corpus(argv[0]);
    for (int i = 1; i < argc; i++) {
        struct stat st;
        status |= stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode) ? run_directory(argv[i]) : run_file(argv[i]);
    }
    fprintf(stderr, "%zu files\n", files);
    return status ? status : files == 0;
}
