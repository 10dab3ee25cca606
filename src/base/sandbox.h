/* Giving up what the program does not need, before it reads what it cannot trust. */
#ifndef NCRED_SANDBOX_H
#define NCRED_SANDBOX_H

#include <stdbool.h>

/*
 * From now on the process, its threads and whatever it becomes are refused (EPERM) what browsing does not need: other
 * programs, sockets, other processes, mounting, opening files for writing. CAN_SAVE: making new files stays possible, and
 * renaming and removing files; what is there is still not opened for writing. It cannot be undone; entering again takes
 * more away. False: this system has no such thing, or the build leaves it out; the program works as it would without.
 */
bool sandbox_enter(bool can_save);

#endif
