/*
 * ncred: AWS IAM credential reports in the terminal. The folders, each of which uses the ones above it only:
 *
 *   base/      text, memory, errors, time, files, threads
 *   aws/       ARNs, AWS's errors and XML
 *   report/    the table in memory: columns, cells, credentials, accounts
 *   read/      bytes to a report: envelopes, CSV, files and directories
 *   query/     which rows, in what order: the query language, search, sorting
 *   audit/     checks, findings, waivers, remedies
 *   context/   facts about users from other files
 *   history/   reports compared
 *   fetch/     reports from AWS
 *   export/    tables and their formats
 *   config/    options, configuration, keys, themes
 *   browse/    the view model: rows, filters, order, cursor, marks; no terminal
 *   session/   one run: open, poll, read again
 *   cli/       without a screen: printing, help, completion
 *   ui/        the screen; only ui/term/ includes curses.h
 *
 * Each has a README.md; src/README.md is the map.
 */
#include "audit/baseline.h"
#include "cli/print.h"
#include "cli/shell_completion.h"
#include "cli/help.h"
#include "config/command_line.h"
#include "base/memory.h"
#include "base/sandbox.h"
#include "cli/print_split.h"
#include "cli/print_streamed.h"
#include "context/whose.h"
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

static void tell_written(const char *path)
{
    struct buffer harmless = {0};
    text_harmless(&harmless, slice_of(path), false);
    fprintf(stderr, "ncred: wrote %s\n", harmless.data);
    buffer_free(&harmless);
}

static int print(const struct session *s)
{
    const struct options *o = s->options;
    const struct report *r = s->report;
    struct error err;
    print_tell_missing(o, r);
    print_tell_now(o, r);
    if (r->changes) {
        if (!changes_are_a_log(r->changes))
            print_tell_problems(r->changes->old);
        print_tell_problems(r->changes->new);
    }
    print_tell_problems(r);
    if (o->evidence && !print_evidence(s, &err))
        return complain(err.text);
    if (o->evidence)
        tell_written(o->evidence);
    if (o->split ? !print_split(o, r, &err) : print_has_listing(o) && !print_listing(o, r, stdout, &err))
        return complain(err.text);
    size_t failing = print_failing(o, r), unjudged = print_tell_unjudged(o, r);
    if (failing)
        fprintf(stderr, "ncred: --fail-on: %zu %sfinding%s of severity %s or worse\n", failing,
            o->diff || o->baseline ? "new " : "", failing == 1 ? "" : "s", severity_name(o->fail_on));
    if (!failing && unjudged && o->fail_on != SEVERITY_NONE && !o->allow_unknown)
        return complain("--fail-on: no such finding, but not every check could judge every user; --allow-unknown "
            "accepts that");
    return failing ? 1 : 0;
}

/* Escapes each line: a configuration can contain control characters, which must not reach the terminal. */
static void print_to_terminal(struct slice text, FILE *out)
{
    struct buffer harmless = {0};
    for (size_t at = 0, len; at < text.len; at += len + 1) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        len = end ? (size_t)(end - text.data) - at : text.len - at;
        text_harmless(&harmless, (struct slice){text.data + at, len}, false);
        buffer_putc(&harmless, '\n');
    }
    if (harmless.len)
        fwrite(harmless.data, 1, harmless.len, out);
    buffer_free(&harmless);
}

static void print_config(const struct options *o, FILE *out)
{
    struct buffer text = {0};
    config_dump(&text, o);
    if (isatty(fileno(out)))
        print_to_terminal((struct slice){text.data, text.len}, out);
    else
        fwrite(text.data, 1, text.len, out);
    buffer_free(&text);
}

/* Carries out --write-config; returns the exit status. Names the file, because its path is not on the command line. */
static int write_config(const struct options *o)
{
    struct error err;
    if (!config_write(o, &err))
        return complain(err.text);
    tell_written(o->config.path);
    return 0;
}

/* Without a report nothing tells whether it has the columns that some lines of the configuration name. */
static void print_unsure(const struct unsure_lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        fprintf(stderr, "ncred: %s: %s (unless the reports have such a column)\n", l->list[i].place, l->list[i].why);
}

static void print_config_problems(const struct config *c)
{
    size_t printed = 0;
    for (const char *line = c->problem_count ? c->problems.data : ""; *line; line += strcspn(line, "\n") + 1) {
        fprintf(stderr, "ncred: %.*s\n", (int)strcspn(line, "\n"), line);
        printed++;
    }
    if (c->problem_count > printed)
        fprintf(stderr, "ncred: and %zu more problem%s\n", c->problem_count - printed,
            c->problem_count - printed == 1 ? "" : "s");
}

/*
 * Reports the errors of the configuration; returns whether the run may go on. The screen opens with the lines that are
 * right, unless --config named the file. When printing, any error stops the run: another program reads the output.
 */
static bool tell_problems(const struct options *o, bool screen)
{
    const struct config *c = &o->config;
    print_config_problems(c);
    if (screen && !o->config_given)
        return true;
    if (c->problem_count || ((o->dump_config || o->write_config) && !o->checks.other_names))
        print_unsure(&c->unsure);
    if (!c->problem_count)
        return true;
    fputs("ncred: stopped: fix the configuration, or use --config= to ignore it\n", stderr);
    return false;
}

/* The texts about ncred itself that the command line asks for; NULL: not asked for. */
struct about {
    const struct help_topic *help;
    const struct shell_completion_shell *completion;
};

/* Returns false if --help or --completion names an unknown topic or shell. */
static bool find_about(struct about *a, const struct options *o, struct error *err)
{
    *a = (struct about){NULL, NULL};
    return (!o->help || (a->help = help_find(o->help, err)))
        && (!o->completion || (a->completion = shell_completion_find(o->completion, err)));
}

/* Prints help, a completion script, the version or the configuration; returns false if none was asked for. */
static bool print_about(const struct about *a, const struct options *o, FILE *out)
{
    if (a->help)
        a->help->print(o, out);
    else if (a->completion)
        a->completion->print(out);
    else if (o->version)
        fputs("ncred " PACKAGE_VERSION "\n", out);
    else if (o->dump_config)
        print_config(o, out);
    else
        return false;
    return true;
}

/* Reports waivers without effect and oddities of the baseline. They do not change the exit status. */
static void tell_of_exceptions(const struct audit *audit, const struct report *r)
{
    struct buffer said = {0};
    const struct changes *c = r->changes;    /* then R has no rows of users without a change */
    bool is_log = c && changes_are_a_log(c); /* then waivers are bound to R, not to c->new */
    if (is_log)
        waivers_bind(&audit->waivers, c->new);
    waivers_stale(&audit->waivers, c ? c->new : r, &said, NULL);
    if (is_log)
        waivers_bind(&audit->waivers, r);
    baseline_tell(audit, r, &said);
    for (char *line = said.data, *end; line && (end = strchr(line, '\n')); line = end + 1)
        fprintf(stderr, "ncred: %.*s\n", (int)(end - line), line);
    buffer_free(&said);
}

/* Report how far the run is confined, with --verbose. Returns why it is not, a static text, or NULL. */
static const char *tell_confined(const struct options *o, const struct sandbox *box)
{
    if (o->verbose && box->why)
        fprintf(stderr, "ncred: %s confined: %s\n", box->has_filter ? "partly" : "not", box->why);
    else if (o->verbose)
        fprintf(stderr, "ncred: confined: system calls by seccomp, files and processes by Landlock %d\n",
            box->landlock);
    return box->why;
}

/*
 * Confine the run: it can then read files, save files if CAN_SAVE, and little else. Nothing may be fetched afterwards.
 * Returns why the run is not confined, a static text, or NULL.
 */
static const char *confine(const struct options *o, bool can_save)
{
    struct sandbox box = sandbox_enter(can_save);
    return tell_confined(o, &box);
}

/* The same for the screen, which may fetch again, and what that starts, such as a credential_process, must be free. */
static const char *confine_screen(const struct options *o)
{
    static const struct sandbox none = {
        .why = "--fetch on the screen needs the network and other programs whenever it fetches again"};
    return o->wish.fetch ? tell_confined(o, &none) : confine(o, true);
}

/* Carries out --whose. Returns the exit status: 0 found, 1 not in these reports, 2 not printed. */
static int print_whose(const struct options *o, const struct session *s)
{
    struct whose w;
    struct buffer page = {0};
    struct error err;
    const struct fetch_key_owner *owner = &s->sides[0].inputs.owner;
    whose_find(&w, s->context, s->report, slice_of(o->whose));
    if (owner->user[0]) {
        w.used = owner->used;
        w.service = owner->service;
        w.region = owner->region;
    }
    whose_text(&page, &w);
    if (page.len)
        fwrite(page.data, 1, page.len, stdout);
    buffer_free(&page);
    return !print_flush(stdout, &err) ? complain(err.text) : w.row != SIZE_MAX ? 0 : 1;
}

static int run_batch(const struct options *o, int64_t now)
{
    struct session s;
    struct error err;
    bool can_save = o->evidence || o->split;
    memory_return_blocks();
    if (!o->wish.fetch)
        confine(o, can_save);
    int printed;
    if (print_streamed_is_possible(o) && print_streamed_print(o, now, stdout, &printed))
        return printed;
    int status = session_open(&s, o, now, false, &err) ? 0 : complain(err.text);
    if (o->wish.fetch) /* what was fetched is here */
        confine(o, can_save);
    if (status == 0) {
        tell_of_exceptions(&s.audit, s.report);
        status = o->whose ? print_whose(o, &s) : print(&s);
    }
    /* status 2: inputs could not be read, so the output is incomplete, and the key's user may be in them */
    bool has_answer = status == 0 || (o->whose && status == 1);
    status = has_answer && s.is_partial ? 2 : status;
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
    const char *unconfined = confine_screen(o);
    bool is_open = session_open(&s, o, now, true, &err);
    s.unconfined = unconfined;
    int status = is_open ? ui_run(&s, seconds_now) : complain(err.text);
    session_tell(&s);
    status = status == 0 && s.is_partial ? 2 : status;
    session_close(&s);
    return status;
}

static int run_program(const struct options *o, int64_t now)
{
    if (!o->file_count && !o->demo && !o->wish.fetch && isatty(STDIN_FILENO))
        return complain("name a credential report, or - for standard input; try ncred --demo, or ncred --help");
    bool screen = !print_is_wanted(o) && isatty(STDOUT_FILENO) && ui_is_possible();
    if (!tell_problems(o, screen))
        return 2;
    return screen ? run_screen(o, now) : run_batch(o, now);
}

/* If the locale is not installed (in a chroot, over SSH) but its name says UTF-8, C.UTF-8 takes its place. */
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
    struct about about;
    struct error err;
    int64_t now = seconds_now();
    choose_locale();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* write() then fails with EFBIG, which is reported like a full disk */
    int status = 0;
    if (!command_line_parse(&o, argc, argv, now, &err)) {
        print_config_problems(&o.config); /* an option may name a rule that is missing because of them */
        status = complain(err.text);
    } else if (!find_about(&about, &o, &err)) {
        status = complain(err.text);
    } else if ((o.dump_config || o.write_config) && !tell_problems(&o, false)) {
        status = 2;
    } else if (o.write_config) {
        status = write_config(&o);
    } else if (print_about(&about, &o, stdout)) {
        status = print_flush(stdout, &err) ? 0 : complain(err.text);
    } else {
        status = run_program(&o, now);
    }
    command_line_free(&o);
    return status;
}
