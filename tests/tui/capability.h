/* What terminfo says of a terminal; apart from the rest, for curses has a struct term of its own. */
#ifndef NCRED_CAPABILITY_H
#define NCRED_CAPABILITY_H

/* The string WHAT (kcud1) of the terminal NAME, "" when it has none; NULL: no such entry. Valid until the next call. */
const char *capability(const char *name, const char *what);

#endif
