/*
 * Changing a file of waivers. The new content is written beside the file as a draft; at the end the draft takes the
 * file's place, in one step, or nothing happens:
 *
 *     struct waivers_draft d;
 *     if (waivers_draft(&d, path, &new, cancel, &err) && audit_waive(audit, report, &d, take, context, &err))
 *         waivers_patch_free(&d.patch);
 */
#ifndef NCRED_WAIVER_WRITE_H
#define NCRED_WAIVER_WRITE_H

#include "audit/waiver.h"
#include "base/save.h"

#include <sys/stat.h>

/* Waivers to add: one for each of some users. */
struct waivers_new {
    struct waiver like; /* what they have in common */
    const struct slice *users;
    size_t count;
    bool other_names;   /* see waivers_load() */
};

/* Lines of a file that are withdrawn, or hold until another date. */
struct waivers_change {
    const struct waivers *of;           /* the file as it was read, which the lines are of */
    const struct waiver *const *lines;  /* each once */
    size_t count;
    bool withdraw;
    int64_t until;                      /* unless they are withdrawn; OWNER, REASON: NULL keeps each line's own */
    const char *owner, *reason;
    bool other_names;                   /* see waivers_load() */
};

/* A change of a file that can be undone: the one part of it that is different. */
struct waivers_patch {
    char *path;                 /* owned; NULL: no change */
    size_t at;                  /* the part begins at this byte */
    struct buffer before, after;
    size_t sizes[2];            /* of the whole file, before and after */
    uint64_t hashes[2];
};

/* A file of waivers with a change in it, written beside the one there is. */
struct waivers_draft {
    struct waivers waivers; /* what it holds; to be freed */
    struct waivers_patch patch; /* to be freed by waivers_patch_free() once the draft has ended well */
    size_t changed;         /* lines that were added, withdrawn or extended */
    struct save save;
    struct cancel_token *cancel; /* borrowed */
    struct stat read;       /* the file as it was read; st_nlink 0: there was none */
};

/*
 * Write the new content of the file at PATH, which may not exist yet. False: ERR says why not, or what is missing of a
 * waiver, or P, which may be NULL, has ended; there is nothing to end or to free then.
 */
bool waivers_draft(struct waivers_draft *d, const char *path, const struct waivers_new *new, struct cancel_token *p,
    struct error *err);
/*
 * The same with lines of the file at c->of->file withdrawn or extended; comments and all other lines stay as they are.
 * The file is read again, and the lines are found by what they say. Lines that are gone meanwhile are withdrawn already;
 * extending one of them is an error.
 */
bool waivers_draft_change(struct waivers_draft *d, const struct waivers_change *c, struct cancel_token *p,
    struct error *err);
/* The same with PATCH undone or, unless BACK, done again. False also when the file is not as the patch left it. */
bool waivers_draft_patch(struct waivers_draft *d, const struct waivers_patch *patch, bool back, bool other_names,
    struct cancel_token *p, struct error *err);
void waivers_patch_free(struct waivers_patch *patch);
/* Wait until it is on the disk. False: D's patience has ended. */
bool waivers_draft_wait(struct waivers_draft *d);
/*
 * With OK, put it in the place of the file; d->waivers stay. False: the file is as it was, and d->patch is freed; with
 * OK, ERR says why, for instance that somebody else changed the file since it was read.
 */
bool waivers_draft_end(struct waivers_draft *d, bool ok, struct error *err);

#endif
