/* The table of kinds of changes with their importance, and changes as texts. */
#include "report/change.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "report/report.h"

#include <stdlib.h>

/*
 * `noun` and `verb` say what happened behind a number, "2 users added"; NULL: left out. `place` orders kinds of equal
 * severity, the greater first. Changes that give somebody more access are most important.
 */
static const struct {
    const char *name, *noun, *verb;
    enum severity severity;
    int place;
} change_kinds[CHANGE_COUNT] = {
    [CHANGE_ADDED] = {"added", "user", "added", SEVERITY_MEDIUM, 7},
    [CHANGE_REMOVED] = {"removed", "user", "removed", SEVERITY_LOW, 5},
    [CHANGE_RECREATED] = {"recreated", "user", "recreated", SEVERITY_MEDIUM, 8},
    [CHANGE_MADE] = {"made", NULL, "created", SEVERITY_MEDIUM, 5},
    [CHANGE_ROTATED] = {"rotated", NULL, "rotated", SEVERITY_NONE, 7},
    [CHANGE_DEACTIVATED] = {"deactivated", NULL, "deactivated", SEVERITY_NONE, 5},
    [CHANGE_REACTIVATED] = {"reactivated", NULL, "activated again", SEVERITY_MEDIUM, 6},
    [CHANGE_DELETED] = {"deleted", NULL, "deleted", SEVERITY_NONE, 4},
    [CHANGE_FIRST_USED] = {"first-used", NULL, "first used", SEVERITY_LOW, 8},
    [CHANGE_MFA_LOST] = {"mfa-lost", NULL, "MFA removed", SEVERITY_HIGH, 8},
    [CHANGE_MFA_GAINED] = {"mfa-gained", NULL, "MFA added", SEVERITY_NONE, 2},
    [CHANGE_PASSWORD_SET] = {"password-set", "password", "set", SEVERITY_MEDIUM, 4},
    [CHANGE_PASSWORD_CHANGED] = {"password-changed", "password", "changed", SEVERITY_NONE, 6},
    [CHANGE_PASSWORD_REMOVED] = {"password-removed", "password", "removed", SEVERITY_NONE, 3},
    /* an entry has the severity of its check */
    [CHANGE_FINDING_NEW] = {"finding-new", "new finding", NULL, SEVERITY_NONE, 9},
    [CHANGE_FINDING_FIXED] = {"finding-fixed", NULL, "fixed", SEVERITY_NONE, 1},
};

const char *change_name(enum change change)
{
    return change_kinds[change].name;
}

enum severity change_severity(const struct changes *all, size_t row)
{
    return all->entries[row].severity;
}

enum severity change_usual_severity(enum change change)
{
    return change_kinds[change].severity;
}

int64_t change_weight(const struct changes *all, size_t row)
{
    return 10 * (int64_t)change_severity(all, row) + change_kinds[all->entries[row].change].place;
}

void change_count(struct buffer *b, const struct changes *all, enum change change, const char *before)
{
    char number[32];
    const char *noun = change_kinds[change].noun, *verb = change_kinds[change].verb;
    buffer_printf(b, "%s%s", before, text_count(number, sizeof number, all->counts[change]));
    if (noun)
        buffer_printf(b, " %s%s", noun, all->counts[change] == 1 ? "" : "s");
    if (verb)
        buffer_printf(b, " %s", verb);
}

void change_summary(struct buffer *b, const struct changes *all)
{
    size_t said = 0;
    for (enum change c = 0; c < CHANGE_COUNT; c++) {
        if (all->counts[c])
            change_count(b, all, c, said++ ? ", " : "");
    }
    if (!said)
        buffer_puts(b, "nothing changed");
    if (all->absent_accounts == 1)
        buffer_printf(b, "; not compared: account %s (%zu user%s), which the newer report lacks", all->absent_account,
            all->absent_users, all->absent_users == 1 ? "" : "s");
    else if (all->absent_accounts)
        buffer_printf(b, "; not compared: %zu accounts (%zu users), which the newer report lacks", all->absent_accounts,
            all->absent_users);
}

struct slice change_cell(const struct changes *all, size_t row, enum column column)
{
    const struct change_entry *e = &all->entries[row];
    switch ((int)column) {
    case COL_CHANGE: return slice_of(change_kinds[e->change].name);
    case COL_WHAT: return slice_of(e->what);
    case COL_BEFORE: return slice_of(all->text.data + e->before);
    default: return slice_of(all->text.data + e->after);
    }
}

/* Returns a kind's importance. New findings come first, although the severity of each depends on its check. */
static int kind_weight(enum change c)
{
    enum { STEP = 10 };
    return STEP * (int)(c == CHANGE_FINDING_NEW ? SEVERITY_COUNT : change_kinds[c].severity) + change_kinds[c].place;
}

enum change change_by_importance(size_t place)
{
    for (enum change c = 0; c < CHANGE_COUNT; c++) {
        size_t before = 0;
        for (enum change k = 0; k < CHANGE_COUNT; k++)
            before += kind_weight(k) > kind_weight(c) || (kind_weight(k) == kind_weight(c) && k < c);
        if (before == place)
            return c;
    }
    return CHANGE_ADDED;
}

/* Returns TEXT or, if it is a time as reports have it (2026-06-10T12:00:00+00:00 or with Z), only its day. */
static struct slice change_day(struct slice text)
{
    enum { DAY = 10 };
    int64_t ignored;
    bool is_time = text.len > DAY && text.data[4] == '-' && text.data[DAY] == 'T' && timestamp_parse(text, &ignored);
    return (struct slice){text.data, is_time ? (size_t)DAY : text.len};
}

static void put_what(struct buffer *b, const char *what)
{
    for (; *what; what++)
        buffer_putc(b, *what == '_' ? ' ' : *what);
}

void change_sentence(struct buffer *b, const struct changes *all, size_t row)
{
    static const struct {
        const char *before, *behind; /* words before and behind what changed; `behind` NULL: it is left out */
        bool after, was;  /* the sentence has the new value, the old value */
        const char *link; /* words before the first of the values */
    } words[CHANGE_COUNT] = {
        [CHANGE_ADDED] = {"", " added", true, false, ", created "},
        [CHANGE_REMOVED] = {"", " removed", false, true, ", created "},
        [CHANGE_RECREATED] = {"", " deleted and created again", true, true, " "},
        [CHANGE_MADE] = {"", " created", true, false, " "}, [CHANGE_ROTATED] = {"", " rotated", true, true, " "},
        [CHANGE_DEACTIVATED] = {"", " deactivated", false, false, NULL},
        [CHANGE_REACTIVATED] = {"", " activated again", false, false, NULL},
        [CHANGE_DELETED] = {"", " deleted", false, true, ", created "},
        [CHANGE_FIRST_USED] = {"", " used for the first time", true, false, " "},
        [CHANGE_MFA_LOST] = {"MFA removed", NULL, false, false, NULL},
        [CHANGE_MFA_GAINED] = {"MFA added", NULL, false, false, NULL},
        [CHANGE_PASSWORD_SET] = {"", " set", false, false, NULL},
        [CHANGE_PASSWORD_CHANGED] = {"", " changed", true, true, " "},
        [CHANGE_PASSWORD_REMOVED] = {"", " removed", false, false, NULL},
        [CHANGE_FINDING_NEW] = {"new finding ", "", true, false, ": "},
        [CHANGE_FINDING_FIXED] = {"fixed ", "", false, true, ", was: "},
    };
    const struct change_entry *e = &all->entries[row];
    struct slice old = change_day(change_cell(all, row, COL_BEFORE)),
        new = change_day(change_cell(all, row, COL_AFTER));
    buffer_puts(b, words[e->change].before);
    if (words[e->change].behind && (e->change == CHANGE_FINDING_NEW || e->change == CHANGE_FINDING_FIXED))
        buffer_puts(b, e->what); /* the id of a check */
    else if (words[e->change].behind)
        put_what(b, e->what);
    buffer_puts(b, words[e->change].behind ? words[e->change].behind : "");
    if (words[e->change].after && new.len)
        buffer_printf(b, "%s%.*s", words[e->change].link, (int)new.len, new.data);
    if (words[e->change].was && old.len)
        buffer_printf(b, "%s%.*s", words[e->change].after ? ", before " : words[e->change].link, (int)old.len,
            old.data);
}

size_t change_first(const struct changes *all, size_t row)
{
    const struct change_entry *e = &all->entries[row];
    while (row && all->entries[row - 1].old_row == e->old_row && all->entries[row - 1].new_row == e->new_row)
        row--;
    return row;
}

size_t change_keep_users(const struct changes *all, uint32_t *entries, size_t count)
{
    bool *is_there = xcalloc(all->new->row_count + 1, sizeof *is_there);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t row = all->entries[entries[i]].new_row;
        if (row != CHANGE_NO_ROW && !is_there[row]) {
            is_there[row] = true;
            entries[kept++] = entries[i];
        }
    }
    free(is_there);
    return kept;
}
