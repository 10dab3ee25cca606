/* Privilege escalation paths: sets of actions with which a user can become an administrator. */
#ifndef NCRED_ESCALATION_H
#define NCRED_ESCALATION_H

#include <stddef.h>

enum { ESCALATION_ACTIONS_MAX = 5 };

struct escalation_path {
    const char *id;                              /* as in the catalogue */
    const char *actions[ESCALATION_ACTIONS_MAX]; /* in lower case; all are needed; NULL after the last one */
};

extern const struct escalation_path escalation_paths[];
extern const size_t escalation_path_count;

#endif
