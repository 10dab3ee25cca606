/*
 * sandbox_generate: run when ncred is built, prints the C source of the filters that sandbox_filter.h declares. The
 * process id is filled in at each start, where FILTER_PID stands.
 */
#include <config.h> /* first, because it makes system headers declare what is beyond POSIX */

#include "base/sandbox_filter.h"
#include "base/sandbox_rules.h"

#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>

/* End the build if FILTER_PID is anywhere but in comparisons for equality, or nowhere. */
static void check_places(const struct sock_filter *code, size_t count)
{
    size_t places = 0;
    for (size_t i = 0; i < count; i++) {
        if (code[i].k != FILTER_PID)
            continue;
        places++;
        if (code[i].code != (BPF_JMP | BPF_JEQ | BPF_K)) {
            fprintf(stderr, "sandbox_generate: instruction %zu has the process id's place, but code %#x\n", i,
                code[i].code);
            exit(1);
        }
    }
    if (places == 0) {
        fputs("sandbox_generate: the filter has no place for the process id\n", stderr);
        exit(1);
    }
}

static void print_filter(const char *name, bool can_save)
{
    struct sock_filter code[FILTER_MAX];
    size_t count = sandbox_rules_compile(&(struct filter_wish){.can_save = can_save, .self = FILTER_PID}, code);
    if (count == 0) {
        fprintf(stderr, "sandbox_generate: libseccomp makes no filter, or one of more than %d instructions\n",
            FILTER_MAX);
        exit(1);
    }
    check_places(code, count);
    printf("\nstatic const struct sock_filter %s_code[] = {\n", name);
    for (size_t i = 0; i < count; i++)
        printf("    {%#x, %u, %u, %#x},\n", code[i].code, code[i].jt, code[i].jf, code[i].k);
    printf("};\nconst struct built_in_filter sandbox_filter_%s = {%s_code, %zu};\n", name, name, count);
}

int main(void)
{
    puts("/* Made by src/base/sandbox_generate.c. */\n#include \"base/sandbox_filter.h\"\n\n#include <linux/filter.h>");
    print_filter("printing", false);
    print_filter("browsing", true);
    return fflush(stdout) == 0 ? 0 : 1;
}
