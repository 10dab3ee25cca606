/* Running another program: no shell, what it prints bounded, and the time too. */
#ifndef NCRED_SPAWN_H
#define NCRED_SPAWN_H

#include "fetch/fetch.h"

#include <signal.h>

struct spawned {
    int status;           /* exit status; 128 and its number after a signal */
    struct buffer output; /* standard output, at most the limit */
    struct buffer errors; /* standard error, the first 16 KiB */
};

/*
 * Run ARGV[0], found on PATH, with ENVIRONMENT (NULL: ours) for as long as SETTINGS grant. False: it could not be
 * started, printed more than LIMIT bytes, or took too long; it is ended then. OUT is freed with spawned_free, which
 * wipes it, after an error too.
 */
bool spawn_run(char *const argv[], char *const environment[], const struct fetch_settings *settings, size_t limit,
    struct spawned *out, struct error *err);
void spawned_free(struct spawned *s);
/*
 * The same for a program that may ask a person: where the settings have a terminal it keeps ours, and no other such
 * program runs meanwhile. Everywhere else programs have a session of their own, and nobody to ask.
 */
bool spawn_run_asking(char *const argv[], char *const environment[], const struct fetch_settings *settings,
    size_t limit, struct spawned *out, struct error *err);

/* While programs are run: a signal that ends this process ends them first, and what they have started. */
struct spawn_watch {
    struct sigaction old[3];
};
void spawn_watch_begin(struct spawn_watch *w);
void spawn_watch_end(const struct spawn_watch *w);
/* Where NAME is on PATH, into OUT; false: nowhere. An entry of PATH that is not absolute is passed over. */
bool spawn_find(const char *name, struct buffer *out);

#endif
