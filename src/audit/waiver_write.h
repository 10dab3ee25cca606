/*
 * Changes a file of waivers: adds lines, withdraws or extends some, undoes a change. The new contents are written to a
 * temporary file beside it, the draft. In the end the draft replaces the file in one step, or the file stays as it was:
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

/* Waivers to add, one per user. */
struct waivers_new {
    struct waiver like; /* the fields that all of them have; its user is ignored */
    const struct slice *users; /* borrowed */
    size_t count;
    bool other_names;   /* see waivers_load() */
};

/* Lines of a file to withdraw or to extend. All pointers are borrowed. */
struct waivers_change {
    const struct waivers *of;           /* the file as it was read, to which the lines belong */
    const struct waiver *const *lines;  /* no line twice */
    size_t count;
    bool withdraw;                      /* remove the lines; otherwise they get the following values */
    int64_t until;
    const char *owner, *reason;         /* NULL keeps each line's own */
    bool other_names;                   /* see waivers_load() */
};

/* A change of a file that can be undone: the one part of the file that differs. */
struct waivers_patch {
    char *path;                 /* owned; NULL if there is no change */
    size_t at;                  /* offset of the part, in bytes */
    struct buffer before, after; /* owned: its text before and after the change */
    size_t sizes[2];            /* of the whole file, before and after */
    uint64_t hashes[2];         /* of the whole file, before and after */
};

/* A changed file of waivers, written beside the one that it will replace. */
struct waivers_draft {
    struct waivers waivers; /* owned: its contents; free them with waivers_free() */
    struct waivers_patch patch; /* owned; free it with waivers_patch_free() if waivers_draft_end() has returned true */
    size_t changed;         /* number of lines added, withdrawn or extended */
    struct save save;
    struct cancel_token *cancel; /* borrowed; may be NULL */
    struct stat read;       /* the file when it was read; st_nlink is 0 if there was none */
};

/*
 * Begin a draft of the file at PATH, which need not exist, with NEW waivers at its end. Returns false with ERR set if a
 * waiver is incomplete, the file cannot be read or written, or P, which may be NULL, has ended; D then needs no end and
 * no freeing.
 */
bool waivers_draft(struct waivers_draft *d, const char *path, const struct waivers_new *new, struct cancel_token *p,
    struct error *err);
/*
 * Begin a draft of the file at c->of->file with lines withdrawn or extended; all other lines, comments included, stay.
 * The file is read again, and the lines are found by their contents. A line that is gone counts as withdrawn; extending
 * it is an error. Returns false as waivers_draft() does.
 */
bool waivers_draft_change(struct waivers_draft *d, const struct waivers_change *c, struct cancel_token *p,
    struct error *err);
/*
 * Begin a draft of the file in which PATCH is undone if BACK, otherwise done again. Returns false also if the file is
 * not as the patch left it.
 */
bool waivers_draft_patch(struct waivers_draft *d, const struct waivers_patch *patch, bool back, bool other_names,
    struct cancel_token *p, struct error *err);
/* Free what PATCH owns; it is then no change. */
void waivers_patch_free(struct waivers_patch *patch);
/* Wait until the draft is on the disk. Returns false if d->cancel has ended before. */
bool waivers_draft_wait(struct waivers_draft *d);
/*
 * End a draft: if OK, replace the file by it, otherwise remove it. Returns false if the file was not replaced; d->patch
 * is then freed. If OK, ERR says why, for instance that somebody else has changed the file since it was read.
 * d->waivers stays.
 */
bool waivers_draft_end(struct waivers_draft *d, bool ok, struct error *err);

#endif
