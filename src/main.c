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
 *   fetch/     reports from AWS: the API (api.c, http.c, libcurl.c, credentials.c, profile.c), or aws (aws_cli.c)
 *   clipboard.c  OSC 52
 *   complete.c completion of queries
 *   save.c     a file written whole or not at all; wipe.c: secrets overwritten
 *   load.c     files on their way into the report, on a thread of their own
 *   parse.c    CSV to rows of the report: libcsv where there are quotation marks,
 *   scan.c     else a scan, on several threads
 *   schema.c   the one table of columns
 *   report.c   the table: blocks of typed columns, states, derived columns; report_build.c fills it
 *   dict.c     words that turn up again and again; sparse.c: numbers that are nearly always 0
 *   session.c  opening what the command line names
 *   pages.c    large pieces of memory; parallel.c: work on several threads; patience.h: work that is given up
 *   stamp.c    times and durations
 *   query_*.c  the query language: lex, parse, eval, running it over rows, and what a query being typed means so far
 *   search.c   a text in rows, many bytes at a time; regex.c: regular expressions, in bounded time
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
 *   theme.c    colours
 *   line.c     a line being typed, and its history
 *   cell.c     a cell as text, for people and for files
 *   table.h    a source of named, typed cells, which users.c and others fill
 *   export.c   tables as csv, tsv, json, jsonl, markdown, text
 *   batch.c    the face without a screen; stream.c: rows printed while they are read
 *   sandbox.c  giving up what is not needed before a report is read
 *   options.c  the command line
 *   config.c   the configuration
 *   help.c     --help
 *   completion.c  completion for shells
 *   demo.c     the built-in sample
 *   text.c     slices, buffers, making untrusted text harmless
 *   error.c    errors as data
 *   ui/        the screen; the only folder that knows curses
 */
#include "cli/print.h"
#include "cli/shell_completion.h"
#include "cli/help.h"
#include "base/sandbox.h"
#include "cli/print_streamed.h"
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

static int print(const struct options *o, const struct report *r)
{
    struct error err;
    print_tell_problems(r);
    if (!print_print(o, r, stdout, &err))
        return complain(err.text);
    size_t failing = print_failing(o, r);
    if (failing)
        fprintf(stderr, "ncred: --fail-on: %zu %s%s with a finding of severity %s or worse\n", failing,
            o->listing == LIST_KEYS ? "credential" : "user", failing == 1 ? "" : "s", severity_name(o->fail_on));
    return failing ? 1 : 0;
}

static void print_config(const struct options *o, FILE *out)
{
    struct buffer text = {0};
    config_dump(&text, o);
    fwrite(text.data, 1, text.len, out);
    buffer_free(&text);
}

/*
 * What is wrong with the configuration. One that was asked for must be right, and so must any when the output is for
 * another program; the screen opens all the same, with what is right in it.
 */
static bool tell_problems(const struct options *o, bool screen)
{
    const struct config *c = &o->config;
    if (!c->problem_count)
        return true;
    for (const char *line = c->problems.data; *line; line += strcspn(line, "\n") + 1)
        fprintf(stderr, "ncred: %.*s\n", (int)strcspn(line, "\n"), line);
    if (screen && !o->config_given)
        return true;
    fputs("ncred: nothing was done, for the configuration is wrong; --config= goes without it\n", stderr);
    return false;
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
    else if (o->dump_config)
        print_config(o, out);
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

/*
 * Without a fetch all that is needed are the files named. Printing needs less still once a fetch is over; on the screen
 * it may come again, and what it starts, such as a credential_process, is not to be confined.
 */
static void confine(const struct options *o, bool screen, bool is_open)
{
    if (is_open ? o->wish.fetch && !screen : !o->wish.fetch)
        sandbox_enter(screen);
}

static int run_batch(const struct options *o, int64_t now)
{
    struct session s;
    struct error err;
    confine(o, false, false);
    if (print_streamed_is_possible(o))
        return print_streamed_print(o, now, stdout);
    int status = session_open(&s, o, now, false, &err) ? 0 : complain(err.text);
    confine(o, false, true);
    if (status == 0) {
        tell_stale_waivers(&s.audit, s.report);
        status = print(o, s.report);
    }
    /* what is there was shown, but somebody who counts on all of it is to know */
    status = status == 0 && s.is_partial ? 2 : status;
    session_close(&s);
    return status;
}

static int64_t seconds_now(void)
{
    return (int64_t)time(NULL);
}

static int run_screen(const struct options *o, int64_t now)
{
    struct session s;
    struct error err;
    confine(o, true, false);
    int status = session_open(&s, o, now, true, &err) ? ui_run(&s, seconds_now) : complain(err.text);
    session_tell(&s);
    status = status == 0 && s.is_partial ? 2 : status;
    session_close(&s);
    return status;
}

static int run(const struct options *o, int64_t now)
{
    if (!o->file_count && !o->demo && !o->wish.fetch && isatty(STDIN_FILENO))
        return complain("name a credential report, or - for standard input; try ncred --demo, or ncred --help");
    bool screen = !print_is_wanted(o) && isatty(STDOUT_FILENO) && ui_is_possible();
    if (!tell_problems(o, screen))
        return 2;
    return screen ? run_screen(o, now) : run_batch(o, now);
}

/* A locale that this machine has not got is still in UTF-8 when its name says so: in a chroot, over SSH. */
static void choose_locale(void)
{
    const char *name = getenv("LC_ALL");
    if (setlocale(LC_CTYPE, ""))
        return;
    name = name && *name ? name : getenv("LC_CTYPE");
    name = name && *name ? name : getenv("LANG");
    if (name && (strstr(name, "UTF-8") || strstr(name, "utf8")))
        setlocale(LC_CTYPE, "C.UTF-8");
}

int main(int argc, char **argv)
{
    struct options o;
    struct error err;
    int64_t now = seconds_now();
    choose_locale();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that grows too large is an error like a full disk */
    int status = 0;
    if (!options_parse(&o, argc, argv, now, &err))
        status = complain(err.text);
    else if (o.dump_config && !tell_problems(&o, false))
        status = 2;
    else if (print_about(&o, stdout))
        status = print_flush(stdout, &err) ? 0 : complain(err.text);
    else
        status = run(&o, now);
    options_free(&o);
    return status;
}
