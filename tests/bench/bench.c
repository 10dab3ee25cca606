/*
 * bench REPORT [RUNS [PART]]: what the core does with a report. A line a part: its name, and the medians of wall clock
 * and of processor time of all threads, in milliseconds, with tabs between.
 */
#include "audit/check_query.h"
#include "audit/audit.h"
#include "read/load.h"
#include "query/sort.h"
#include "base/timestamp.h"

#include <csv.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 99 };

struct bench {
    char *path;
    struct buffer bytes;
    struct report report;
    uint32_t *rows;
    const char *query;
    struct sort_order order;
    struct check_settings settings;
    struct audit audit;
    uint64_t result; /* keeps the work from being optimised away */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Milliseconds of processor time that all threads have used. */
static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3
        + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static void die(const struct error *err)
{
    fprintf(stderr, "bench: %s\n", err->text);
    exit(2);
}

static void sum_bytes(struct bench *b)
{
    uint64_t sum = 0;
    for (size_t i = 0; i + 8 <= b->bytes.len; i += 8) {
        uint64_t word;
        memcpy(&word, b->bytes.data + i, 8);
        sum += word;
    }
    b->result += sum;
}

static void no_field(void *data, size_t len, void *context)
{
    (void)data;
    *(uint64_t *)context += len;
}

static void no_row(int terminator, void *context)
{
    *(uint64_t *)context += (uint64_t)(terminator != 0);
}

static void libcsv(struct bench *b)
{
    struct csv_parser p;
    csv_init(&p, 0);
    csv_parse(&p, b->bytes.data, b->bytes.len, no_field, no_row, &b->result);
    csv_fini(&p, no_field, no_row, &b->result);
    csv_free(&p);
}

static void load_file(struct bench *b)
{
    struct load_time own = {0};
    struct error err;
    if (!load_all(&b->report, &(struct load_input){.path = b->path}, 1, NULL, NULL, &own, &err))
        die(&err);
    b->report.as_of = 1781524800;
}

static void all_rows(struct bench *b)
{
    for (uint32_t i = 0; i < b->report.row_count; i++)
        b->rows[i] = i;
}

static void keep(struct bench *b)
{
    struct error err;
    struct query *q = check_query_parse(slice_of(b->query), QUERY_USERS, BENCHMARK_CIS_1_4, &err);
    if (!q)
        die(&err);
    b->result += query_keep(q, &b->report, b->rows, b->report.row_count, false, NULL);
    query_free(q);
}

static void sort(struct bench *b)
{
    sort_rows(&b->order, &b->report, b->rows, b->report.row_count, NULL);
}

static void findings(struct bench *b)
{
    audit_init(&b->audit, &b->settings);
    audit_run(&b->audit, &b->report);
    audit_free(&b->audit);
}

static const struct part {
    const char *name;
    void (*work)(struct bench *b);
    const char *query, *order; /* set up before, not timed */
} parts[] = {
    {"sum of the file's bytes", sum_bytes, NULL, NULL},
    {"libcsv alone", libcsv, NULL, NULL},
    {"load into fresh memory", load_file, NULL, NULL},
    {"load", load_file, NULL, NULL},
    {"filter: mfa_active", keep, "mfa_active", NULL},
    {"filter: key(active and age > 90d)", keep, "key(active and age > 90d)", NULL},
    {"substring", keep, "tara.0f", NULL},
    {"sort by time", sort, NULL, "user_creation_time"},
    {"sort by name", sort, NULL, "user"},
    {"findings", findings, NULL, NULL},
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct took {
    double wall, cpu;
};

/* From here on memory that was used once is used again, as it would be by a program that opens reports all day. */
static void keep_memory(struct bench *b)
{
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    load_file(b);
    report_free(&b->report);
}

static struct took median(struct bench *b, const struct part *part, int runs)
{
    double wall[RUNS_MAX], used[RUNS_MAX];
    struct error err;
    b->query = part->query;
    if (part->order && !sort_parse(&b->order, slice_of(part->order), &sort_users, NULL, &err))
        die(&err);
    if (part->work == sum_bytes)
        part->work(b); /* its ratio is what all others are: not to fresh memory */
    for (int i = 0; i < runs; i++) {
        all_rows(b);
        if (part->work == load_file)
            report_free(&b->report);
        if (i == 0 && strcmp(part->name, "load") == 0)
            keep_memory(b);
        double start = now(), before = cpu();
        part->work(b);
        wall[i] = now() - start;
        used[i] = cpu() - before;
    }
    qsort(wall, (size_t)runs, sizeof wall[0], compare);
    qsort(used, (size_t)runs, sizeof used[0], compare);
    return (struct took){wall[runs / 2], used[runs / 2]};
}

static void read_file(struct bench *b)
{
    struct error err;
    FILE *in = fopen(b->path, "rb");
    char chunk[65536];
    size_t n;
    if (!in) {
        error_set(&err, "%s: cannot open", b->path);
        die(&err);
    }
    while ((n = fread(chunk, 1, sizeof chunk, in)) > 0)
        buffer_add(&b->bytes, chunk, n);
    fclose(in);
}

/* Memory of the process now, in bytes. */
static double resident(void)
{
    long pages = 0, all;
    FILE *in = fopen("/proc/self/statm", "r");
    if (in && fscanf(in, "%ld %ld", &all, &pages) != 2)
        pages = 0;
    if (in)
        fclose(in);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

int main(int argc, char **argv)
{
    struct bench b = {.path = argv[1]};
    int runs = argc > 2 ? atoi(argv[2]) : 5;
    if (argc < 2 || runs < 1 || runs > RUNS_MAX) {
        fputs("usage: bench REPORT [RUNS [PART]]\n", stderr);
        return 2;
    }
    check_settings_init(&b.settings);
    double before = resident();
    b.report = (struct report){0};
    load_file(&b);
    audit_init(&b.audit, &b.settings);
    audit_run(&b.audit, &b.report);
    double held = resident() - before;
    audit_free(&b.audit);
    b.report.audit = NULL;
    read_file(&b);
    b.rows = xcalloc(b.report.row_count, sizeof *b.rows);
    printf("users\t%zu\t%zu\n", b.report.row_count, b.bytes.len);
    printf("memory beyond the file's bytes, bytes a user\t%.1f\t%.1f\n",
        (held - (double)b.bytes.len) / (double)b.report.row_count,
        (held - (double)b.bytes.len) / (double)b.report.row_count);
    for (size_t i = 0; i < PARTS; i++) {
        if (argc > 3 && !strstr(parts[i].name, argv[3]))
            continue;
        struct took took = median(&b, &parts[i], runs);
        printf("%s\t%.3f\t%.3f\n", parts[i].name, took.wall, took.cpu);
        fflush(stdout);
    }
    buffer_free(&b.bytes);
    report_free(&b.report);
    free(b.rows);
    return b.result == 42;
}
