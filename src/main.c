/*
 * ncred: AWS IAM credential reports in the terminal. The way of the data:
 *
 *   source.c   bytes from files and pipes
 *   envelope*  what wraps a report: JSON, XML, YAML, base 64 (base64.c), gzip (gunzip.c), UTF-16
 *   aws_*.c    AWS's errors, each with what to do, and AWS's XML
 *   diff.c     what changed between two reports, as a report
 *   reload.c   the same reports again, and what changed since
 *   obtain.c   files, directories and accounts to fetch; the newest report of each account counts
 *   accounts.c lists of accounts and their names
 *   fetch/     reports from AWS: the API (api.c, http.c, credentials.c, profile.c) or the aws command (aws_cli.c)
 *   save.c     a file written whole or not at all; wipe.c: secrets overwritten
 *   parse.c    CSV (libcsv) to rows of the report
 *   schema.c   the one table of columns
 *   report.c   the columnar table, typed cells and their states, derived columns
 *   stamp.c    times and durations
 *   query_*.c  the query language: lex, parse, eval
 *   checks.c   the one table of checks, each a query, and their settings
 *   audit.c    asking all checks of all users, waivers applied
 *   waiver.c   findings that somebody answers for until a date
 *   finding.c  evidence, and the cells that show it
 *   finding_table.c, summary.c, sarif.c  findings printed, counted, for scanners' readers
 *   remedy.c   a sheet of commands that would mend findings
 *   credential.c  a user's credentials as rows of their own
 *   presets.c  named filters
 *   sort.c     stable order over row numbers
 *   view.c     what is shown: rows, filters, order, cursor, marks; no curses
 *   overview.c counts that show a whole report at once
 *   sets.c     column sets of the screen
 *   keys.c     actions and the keys that do them
 *   line.c     a line being typed, and its history
 *   cell.c     a cell as text, for people and for files
 *   table.h    a source of named, typed cells, which users.c and others fill
 *   export.c   tables as csv, tsv, json, jsonl, markdown, text
 *   batch.c    the face without a screen
 *   options.c  the command line
 *   help.c     --help
 *   completion.c  completion for shells
 *   demo.c     the built-in sample
 *   text.c     slices, buffers, making untrusted text harmless
 *   error.c    errors as data
 *   ui/        the screen; the only folder that knows curses
 */
#include "audit.h"
#include "batch.h"
#include "completion.h"
#include "demo.h"
#include "diff.h"
#include "envelope.h"
#include "help.h"
#include "fetch/progress.h"
#include "parse.h"
#include "source.h"
#include "stamp.h"
#include "ui/ui.h"

#include <config.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int complain(const char *message)
{
    fprintf(stderr, "ncred: %s\n", message);
    return 2;
}

/* The latest time that a report, or the name of its file, tells of itself. */
struct own_time {
    bool known;
    int64_t at;
    const char *why;
};

static void own_time_take(struct own_time *own, int64_t t, const char *why)
{
    if (!own->known || t > own->at)
        *own = (struct own_time){true, t, why};
}

static bool load_file(struct report *r, const char *path, struct own_time *own, struct error *err)
{
    struct buffer bytes = {0};
    struct envelope e = {0};
    const char *name = strcmp(path, "-") == 0 ? "(stdin)" : path;
    int64_t t;
    bool ok = source_read(path, &bytes, err)
        && envelope_open((struct slice){bytes.data ? bytes.data : "", bytes.len}, name, &e, err)
        && parse_report(r, name, e.csv, err);
    if (ok && e.problem[0])
        report_add_problem(r, r->file_count - 1, 1, "%s", e.problem);
    if (ok && e.generated_known)
        own_time_take(own, e.generated, "report");
    else if (ok && stamp_in_file_name(slice_of(name), &t))
        own_time_take(own, t, "file name");
    envelope_free(&e);
    buffer_free(&bytes);
    return ok;
}

/* Several reports, or fetched ones; what is to be said of them is said here. */
static bool load_many(const struct obtain_wish *wish, struct report *r, struct own_time *own, bool *partly,
    struct error *err)
{
    struct fetch_progress progress = {.out = stderr, .terminal = isatty(STDERR_FILENO)};
    struct fetch_settings settings = fetch_defaults;
    struct obtained obtained;
    settings.progress = fetch_progress_tell;
    settings.context = &progress;
    bool ok = obtain(wish, &settings, r, &obtained, err);
    fetch_progress_end(&progress);
    if (ok && obtained.time_known)
        own_time_take(own, obtained.time, obtained.time_why);
    *partly = *partly || obtained.failed > 0;
    /* of one that failed the error tells already */
    bool told = !ok && obtained.failed <= 1;
    for (const char *at = told || !obtained.said.data ? "" : obtained.said.data; *at; at += strcspn(at, "\n") + 1)
        fprintf(stderr, "ncred: %.*s\n", (int)strcspn(at, "\n"), at);
    obtained_free(&obtained);
    return ok;
}

static bool load(const struct options *o, struct report *r, struct own_time *own, bool *partly, struct error *err)
{
    *partly = false;
    if (o->demo && !parse_report(r, "demo", slice_of(demo_csv), err))
        return false;
    if (o->demo)
        own_time_take(own, demo_as_of, "sample");
    if (o->wish.fetch || (o->file_count && !obtain_is_plain(&o->wish)))
        return load_many(&o->wish, r, own, partly, err);
    if (o->file_count && !load_file(r, o->files[0], own, err))
        return false;
    if (!o->file_count && !o->demo && !load_file(r, "-", own, err))
        return false;
    return true;
}

/* The as-of time and, for the status line, why it is that. */
static const char *choose_as_of(const struct options *o, struct report *r, const struct own_time *own, int64_t now)
{
    r->as_of = o->as_of_given ? o->as_of : own->known ? own->at : now;
    return o->as_of_given ? "--as-of" : own->known ? own->why : "now";
}

static int print(const struct options *o, const struct report *r)
{
    for (size_t i = 0; i < r->problem_count; i++)
        fprintf(stderr, "ncred: %s:%zu: %s\n", r->files[r->problems[i].file].name, r->problems[i].line, r->problems[i].text);
    struct error err;
    if (!batch_print(o, r, stdout, &err))
        return complain(err.text);
    size_t failing = batch_failing(o, r);
    if (failing)
        fprintf(stderr, "ncred: --fail-on: %zu %s%s with a finding of severity %s or worse\n", failing,
            o->listing == LIST_KEYS ? "credential" : "user", failing == 1 ? "" : "s", severity_name(o->fail_on));
    return failing ? 1 : 0;
}

/* Help, version or a completion script, when one is asked for. */
static bool print_about(const struct options *o, FILE *out)
{
    if (o->help)
        o->help->print(o, out);
    else if (o->completion)
        o->completion->print(out);
    else if (o->version)
        fputs("ncred " PACKAGE_VERSION "\n", out);
    else
        return false;
    return true;
}

/* Waivers that do nothing any more are worth a word, but nothing fails for them. */
static void tell_stale_waivers(const struct audit *audit, const struct report *r)
{
    struct buffer stale = {0};
    waivers_stale(&audit->waivers, r, &stale);
    for (char *line = stale.data, *end; line && (end = strchr(line, '\n')); line = end + 1)
        fprintf(stderr, "ncred: %.*s\n", (int)(end - line), line);
    buffer_free(&stale);
}

static int show(const struct options *o, struct report *r, struct audit *audit, const char *why)
{
    audit_run(audit, r);
    if (!batch_is_wanted(o) && isatty(STDOUT_FILENO) && ui_is_possible())
        return ui_run(o, r, audit, why);
    tell_stale_waivers(audit, r);
    return print(o, r);
}

/* Names of accounts, from either list that may hold them. */
static bool read_names(const struct options *o, struct accounts *names, struct error *err)
{
    return (!o->account_names || accounts_read(names, o->account_names, err))
        && (!o->wish.accounts_path || accounts_read(names, o->wish.accounts_path, err));
}

/* The audit ready to run, or what is wrong with the waivers. */
static bool start_audit(const struct options *o, struct audit *audit, struct error *err)
{
    audit_init(audit, &o->checks);
    return !o->waivers || waivers_load(&audit->waivers, o->waivers, err);
}

/* OLD is the first file; NEW the second, or what is fetched. */
static bool load_two(const struct options *o, struct report two[2], struct own_time own[2], bool *partly,
    struct error *err)
{
    struct obtain_wish old = {.paths = o->wish.paths, .path_count = 1}, new = o->wish;
    new.paths++;
    new.path_count--;
    return load_many(&old, &two[0], &own[0], partly, err) && load_many(&new, &two[1], &own[1], partly, err);
}

static int show_diff(const struct options *o, const struct accounts *names, int64_t now, bool *partly)
{
    struct error err;
    struct report two[2] = {{0}, {0}};
    struct own_time own[2] = {{0}, {0}};
    struct audit audit;
    struct diff d = {0};
    int status;
    bool ok = start_audit(o, &audit, &err) && load_two(o, two, own, partly, &err);
    if (ok) {
        const char *why = choose_as_of(o, &two[1], &own[1], now);
        two[0].as_of = own[0].known ? own[0].at : two[1].as_of;
        for (int i = 0; i < 2; i++) {
            two[i].account_names = names->count ? names : NULL;
            audit_run(&audit, &two[i]);
        }
        diff_run(&d, &two[0], &two[1], &audit);
        struct buffer summary = {0};
        diff_summary(&summary, &d);
        if (batch_is_wanted(o) || !isatty(STDOUT_FILENO))
            fprintf(stderr, "ncred: %s\n", summary.data);
        buffer_free(&summary);
        status = show(o, &d.report, &audit, why);
    } else {
        status = complain(err.text);
    }
    diff_free(&d);
    report_free(&two[0]);
    report_free(&two[1]);
    audit_free(&audit);
    return status;
}

static int show_report(const struct options *o, const struct accounts *names, int64_t now, bool *partly)
{
    struct error err;
    struct report r = {0};
    struct own_time own = {0};
    struct audit audit;
    int status;
    if (start_audit(o, &audit, &err) && load(o, &r, &own, partly, &err)) {
        const char *why = choose_as_of(o, &r, &own, now);
        r.account_names = names->count ? names : NULL;
        status = show(o, &r, &audit, why);
    } else {
        status = complain(err.text);
    }
    report_free(&r);
    audit_free(&audit);
    return status;
}

static int run(struct options *o, int64_t now)
{
    struct error err;
    struct accounts names = {0};
    bool partly = false;
    if (!o->file_count && !o->demo && !o->wish.fetch && isatty(STDIN_FILENO))
        return complain("name a credential report, or - for standard input; try ncred --demo, or ncred --help");
    int status = !read_names(o, &names, &err) ? complain(err.text)
        : o->diff ? show_diff(o, &names, now, &partly) : show_report(o, &names, now, &partly);
    accounts_free(&names);
    /* what is there was shown, but somebody who counts on all of it is to know */
    return status == 0 && partly ? 2 : status;
}

int main(int argc, char **argv)
{
    struct options o;
    struct error err;
    int64_t now = (int64_t)time(NULL);
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    int status = 0;
    if (!options_parse(&o, argc, argv, now, &err))
        status = complain(err.text);
    else if (print_about(&o, stdout))
        status = batch_flush(stdout, &err) ? 0 : complain(err.text);
    else
        status = run(&o, now);
    options_free(&o);
    return status;
}
