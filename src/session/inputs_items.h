/* The list of inputs: items, messages, and the files that a path names. */
#ifndef NCRED_INPUTS_ITEMS_H
#define NCRED_INPUTS_ITEMS_H

#include "session/inputs.h"

struct stat;

/* Add an item named NAME. The pointer is valid until the next call. */
struct inputs_item *inputs_add(struct inputs *o, const char *name);
/* Add a message; report an error and count its input as failed. Both are made safe to print. */
__attribute__((format(printf, 2, 3))) void inputs_say(struct inputs *o, const char *format, ...);
void inputs_fail(struct inputs *o, const struct error *err);
/*
 * Add the file at PATH ("-" is standard input), or the files that the directory PATH and those in it contain: reports
 * by their names, and authorization details and key IDs beside them. ALONE: it is the only input, so a pipe can be
 * loaded from directly. STOP as for load_all().
 */
void inputs_add_path(struct inputs *o, const char *path, bool alone, const atomic_bool *stop);
/* The item as an input: all of it, even if only a part is shown. Borrows from the item. */
struct load_input inputs_whole_item(const struct inputs_item *i);
/* Make the list of inputs for a load from the items that are not left out. */
void inputs_choose(struct inputs *o);
/* Whether the file at the item's path, with the status ST, is still the one that was found, unchanged. */
bool inputs_is_unchanged(const struct inputs_item *item, const struct stat *st);
/* Whether a file of this name in a directory is taken for a report. */
bool inputs_is_named_like_report(const char *name);

#endif
