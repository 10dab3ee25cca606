/* The command line: one table of options; parsing, --help and the manual's list come off it. */
#ifndef NCRED_OPTIONS_H
#define NCRED_OPTIONS_H

#include "export.h"
#include "query.h"
#include "sort.h"

#include <stdio.h>

enum { OPTIONS_FILTERS_MAX = 64, OPTIONS_COLUMNS_MAX = 128 };

struct options {
    char *const *files;          /* borrowed from argv */
    size_t file_count;
    struct query *filters[OPTIONS_FILTERS_MAX];
    const char *filter_texts[OPTIONS_FILTERS_MAX];
    size_t filter_text_count, filter_count; /* as given; parsed */
    enum benchmark benchmark;
    struct sort_order sort;
    enum column columns[OPTIONS_COLUMNS_MAX];
    size_t column_count;
    const struct export_format *output; /* NULL: the screen, or text when there is none */
    size_t limit;                /* SIZE_MAX: all */
    bool as_of_given;
    int64_t as_of;
    bool no_color, ascii, demo, help, version;
};

/* NOW is what --as-of now means. */
bool options_parse(struct options *o, int argc, char **argv, int64_t now, struct error *err);
void options_help(FILE *out);
void options_free(struct options *o);

#endif
