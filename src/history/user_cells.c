/* Keys and certificates are compared slot by slot, then password and MFA. */
#include "history/user_cells.h"

const enum column user_cell_columns[USER_CELLS] = {
    [CELL_CREATED] = COL_USER_CREATION_TIME,
    [CELL_PASSWORD_CHANGED] = COL_PASSWORD_LAST_CHANGED,
    [CELL_KEY_1_MADE] = COL_KEY_1_LAST_ROTATED,
    [CELL_KEY_2_MADE] = COL_KEY_2_LAST_ROTATED,
    [CELL_CERT_1_MADE] = COL_CERT_1_LAST_ROTATED,
    [CELL_CERT_2_MADE] = COL_CERT_2_LAST_ROTATED,
    [CELL_PASSWORD] = COL_PASSWORD_ENABLED,
    [CELL_PASSWORD_USED] = COL_PASSWORD_LAST_USED,
    [CELL_MFA] = COL_MFA_ACTIVE,
    [CELL_KEY_1] = COL_KEY_1_ACTIVE,
    [CELL_KEY_1_USED] = COL_KEY_1_LAST_USED_DATE,
    [CELL_KEY_2] = COL_KEY_2_ACTIVE,
    [CELL_KEY_2_USED] = COL_KEY_2_LAST_USED_DATE,
    [CELL_CERT_1] = COL_CERT_1_ACTIVE,
    [CELL_CERT_2] = COL_CERT_2_ACTIVE,
};

const char *user_part_name(int part)
{
    return part == USER_MFA ? "mfa" : part == USER_ITSELF ? "user" : credential_name((enum credential)part);
}

void user_cells_read(const struct report *r, size_t row, struct user_cells *out)
{
    for (int i = 0; i < USER_CELLS; i++) {
        struct value v = report_number(r, row, user_cell_columns[i]);
        out->value[i] = v.state == STATE_VALUE ? v.number : user_cell_of_state(v.state);
    }
}

/* Arguments of user_cells_compare(). */
struct readings {
    const struct user_cells *old, *new;
    user_change *found;
    void *context;
};

static void cells_changed(const struct readings *r, enum change change, int part, enum user_cell before,
    enum user_cell after)
{
    r->found(r->context, change, part, before, after);
}

static bool cell_is_known(const struct user_cells *c, enum user_cell cell)
{
    return !state_is_unknown(user_cell_state(c->value[cell]));
}

static bool cell_has_value(const struct user_cells *c, enum user_cell cell)
{
    return user_cell_state(c->value[cell]) == STATE_VALUE;
}

static bool cell_is(const struct user_cells *c, enum user_cell cell, bool value)
{
    return cell_has_value(c, cell) && c->value[cell] == (int64_t)value;
}

/* ---- keys and certificates ---- */

/* The cells of one key or certificate. `used` is CELL_NONE for a certificate. */
struct cells_of_part {
    int part;
    enum user_cell active, made, used;
};

static const struct cells_of_part slot_cells[][2] = {
    {{CREDENTIAL_KEY_1, CELL_KEY_1, CELL_KEY_1_MADE, CELL_KEY_1_USED},
        {CREDENTIAL_KEY_2, CELL_KEY_2, CELL_KEY_2_MADE, CELL_KEY_2_USED}},
    {{CREDENTIAL_CERT_1, CELL_CERT_1, CELL_CERT_1_MADE, CELL_NONE},
        {CREDENTIAL_CERT_2, CELL_CERT_2, CELL_CERT_2_MADE, CELL_NONE}},
};

enum existence { EXISTS_NOT, EXISTS, EXISTS_PERHAPS };

/*
 * A credential exists if it is active or has a date. If its creation date is unknown, an inactive credential cannot be
 * told from none.
 */
static enum existence part_exists(const struct user_cells *c, const struct cells_of_part *p)
{
    if (cell_is(c, p->active, true) || cell_has_value(c, p->made)
        || (p->used != CELL_NONE && cell_has_value(c, p->used)))
        return EXISTS;
    return cell_is_known(c, p->made) ? EXISTS_NOT : EXISTS_PERHAPS;
}

/*
 * Whether the old credential A and the new one B may be the same: equal creation times or, if one of them is unknown,
 * the same slot.
 */
static bool part_is_same(const struct readings *r, const struct cells_of_part *a, const struct cells_of_part *b)
{
    bool dated = cell_has_value(r->old, a->made) && cell_has_value(r->new, b->made);
    return dated ? r->old->value[a->made] == r->new->value[b->made] : a == b;
}

/*
 * Report changes of a credential that is A in the old cells and B in the new ones. PERHAPS: it is not known whether
 * both exist, so becoming active or inactive counts as created or deleted.
 */
static void compare_part(const struct readings *r, const struct cells_of_part *a, const struct cells_of_part *b,
    bool perhaps)
{
    bool off = cell_is(r->old, a->active, true) && cell_is(r->new, b->active, false);
    bool on = cell_is(r->old, a->active, false) && cell_is(r->new, b->active, true);
    if (perhaps && off)
        cells_changed(r, CHANGE_DELETED, a->part, a->made, CELL_NONE);
    else if (off)
        cells_changed(r, CHANGE_DEACTIVATED, b->part, a->active, b->active);
    if (perhaps && on)
        cells_changed(r, CHANGE_MADE, b->part, CELL_NONE, b->made);
    else if (on)
        cells_changed(r, CHANGE_REACTIVATED, b->part, a->active, b->active);
    if (a->used != CELL_NONE && cell_is_known(r->old, a->used) && !cell_has_value(r->old, a->used)
        && cell_has_value(r->new, b->used))
        cells_changed(r, CHANGE_FIRST_USED, b->part, a->used, b->used);
}

/*
 * Pair the old credentials with the new ones, same slot first, and report the changes: as one credential or, if
 * ROTATED, as one replaced by another. A credential may move to the other slot, because AWS numbers only those that
 * exist.
 */
static void pair_parts(const struct readings *r, const struct cells_of_part *slots, enum existence *old,
    enum existence *new, bool rotated)
{
    for (int step = 0; step < 4; step++) {
        int i = step & 1, j = step < 2 ? i : 1 - i;
        bool perhaps = !rotated && i == j && (old[i] == EXISTS_PERHAPS || new[j] == EXISTS_PERHAPS);
        if (!perhaps && (old[i] != EXISTS || new[j] != EXISTS))
            continue;
        if (rotated)
            cells_changed(r, CHANGE_ROTATED, slots[j].part, slots[i].made, slots[j].made);
        else if (part_is_same(r, &slots[i], &slots[j]))
            compare_part(r, &slots[i], &slots[j], perhaps);
        else
            continue;
        old[i] = new[j] = EXISTS_NOT;
    }
}

static void compare_slots(const struct readings *r, const struct cells_of_part *slots)
{
    enum existence old[2], new[2];
    for (int i = 0; i < 2; i++) {
        old[i] = part_exists(r->old, &slots[i]);
        new[i] = part_exists(r->new, &slots[i]);
    }
    pair_parts(r, slots, old, new, false);
    pair_parts(r, slots, old, new, true);
    for (int i = 0; i < 2; i++) {
        if (new[i] == EXISTS)
            cells_changed(r, CHANGE_MADE, slots[i].part, CELL_NONE, slots[i].made);
        if (old[i] == EXISTS)
            cells_changed(r, CHANGE_DELETED, slots[i].part, slots[i].made, CELL_NONE);
    }
}

/* ---- password and MFA ---- */

static void compare_sign_in(const struct readings *r)
{
    const struct user_cells *old = r->old, *new = r->new;
    bool had = cell_is(old, CELL_PASSWORD, true), has = cell_is(new, CELL_PASSWORD, true);
    if (cell_is(old, CELL_PASSWORD, false) && has)
        cells_changed(r, CHANGE_PASSWORD_SET, CREDENTIAL_PASSWORD, CELL_PASSWORD_CHANGED, CELL_PASSWORD_CHANGED);
    if (had && cell_is(new, CELL_PASSWORD, false))
        cells_changed(r, CHANGE_PASSWORD_REMOVED, CREDENTIAL_PASSWORD, CELL_PASSWORD_CHANGED, CELL_PASSWORD_CHANGED);
    if (had && has && cell_has_value(old, CELL_PASSWORD_CHANGED) && cell_has_value(new, CELL_PASSWORD_CHANGED)
        && old->value[CELL_PASSWORD_CHANGED] != new->value[CELL_PASSWORD_CHANGED])
        cells_changed(r, CHANGE_PASSWORD_CHANGED, CREDENTIAL_PASSWORD, CELL_PASSWORD_CHANGED, CELL_PASSWORD_CHANGED);
    if (cell_is_known(old, CELL_PASSWORD_USED) && !cell_has_value(old, CELL_PASSWORD_USED)
        && cell_has_value(new, CELL_PASSWORD_USED))
        cells_changed(r, CHANGE_FIRST_USED, CREDENTIAL_PASSWORD, CELL_PASSWORD_USED, CELL_PASSWORD_USED);
    if (cell_is(old, CELL_MFA, true) && cell_is(new, CELL_MFA, false))
        cells_changed(r, CHANGE_MFA_LOST, USER_MFA, CELL_MFA, CELL_MFA);
    if (cell_is(old, CELL_MFA, false) && cell_is(new, CELL_MFA, true))
        cells_changed(r, CHANGE_MFA_GAINED, USER_MFA, CELL_MFA, CELL_MFA);
}

void user_cells_compare(const struct user_cells *old, const struct user_cells *new, user_change *found, void *context)
{
    struct readings r = {old, new, found, context};
    for (size_t i = 0; i < sizeof slot_cells / sizeof slot_cells[0]; i++)
        compare_slots(&r, slot_cells[i]);
    compare_sign_in(&r);
}

bool user_cells_recreated(const struct user_cells *old, const struct user_cells *new)
{
    return cell_has_value(old, CELL_CREATED) && cell_has_value(new, CELL_CREATED)
        && old->value[CELL_CREATED] != new->value[CELL_CREATED];
}
