/* Privilege escalation paths: sets of actions that together let a user become an administrator. */
#ifndef NCRED_ESCALATION_H
#define NCRED_ESCALATION_H

#include <stddef.h>

enum { ESCALATION_ACTIONS_MAX = 5 };

struct escalation_path {
    const char *id;                              /* as the catalogue names it */
    const char *actions[ESCALATION_ACTIONS_MAX]; /* lower case; all are needed; NULL after the last */
};

extern const struct escalation_path escalation_paths[];
extern const size_t escalation_path_count;

#endif
