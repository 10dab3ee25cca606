/*
 * Running another program, without a shell, with bounds on its time and its output.
 *
 *     char *argv[] = {"aws", "--version", NULL};
 *     struct spawned s = {0};
 *     if (spawn_run(argv, NULL, settings, 4096, &s, err) && s.status == 0)
 *         use(s.output);
 *     spawned_free(&s);
 */
#ifndef NCRED_SPAWN_H
#define NCRED_SPAWN_H

#include "fetch/fetch.h"

#include <signal.h>

struct spawned {
    int status;           /* exit status; after a signal 128 and its number */
    struct buffer output; /* standard output, at most the limit that was set */
    struct buffer errors; /* standard error, the first 16 KiB */
};

/*
 * Run ARGV[0], which is looked up on PATH, with ENVIRONMENT (NULL: that of this process) in a session of its own, and
 * fill OUT when it ends. It may take settings->command, at most until the deadline. Returns false with ERR set if
 * it cannot be started, prints more than LIMIT bytes, takes too long, or the fetch is cancelled; then it is ended
 * together with what it has started. A status other than 0 is no error. Free OUT with spawned_free(), which wipes it,
 * either way.
 */
bool spawn_run(char *const argv[], char *const environment[], const struct fetch_settings *settings, size_t limit,
    struct spawned *out, struct error *err);
void spawned_free(struct spawned *s);
/*
 * The same for a program that may ask a person something: with settings->terminal it stays in the session and the
 * process group of this process and so can read from its terminal; no other such program runs meanwhile. What such a
 * program has started ends with it only on Linux. Without a terminal there is nobody to ask.
 */
bool spawn_run_asking(char *const argv[], char *const environment[], const struct fetch_settings *settings,
    size_t limit, struct spawned *out, struct error *err);

/* The handlers before spawn_watch_begin(). */
struct spawn_watch {
    struct sigaction old[3];
};
/*
 * Between these two, a signal that ends this process (SIGINT, SIGTERM, SIGHUP) ends the programs that run, and what
 * they have started, first. Handlers that the caller has installed are left alone.
 */
void spawn_watch_begin(struct spawn_watch *w);
void spawn_watch_end(const struct spawn_watch *w);
/*
 * Put the path of program NAME on PATH into OUT. Returns false if there is none; entries that are not absolute are
 * ignored.
 */
bool spawn_find(const char *name, struct buffer *out);

#endif
