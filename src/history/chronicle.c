/*
 * Each row is matched with a known user by its key. Most rows stand where they stood in the report before, so the next
 * user of that report is tried first, then a hash index. Cells are packed; a user's events form a linked list.
 */
#include "history/chronicle.h"

#include "aws/arn.h"
#include "base/hash_index.h"
#include "base/timestamp.h"

#include <stdlib.h>

enum { FLAG_CELLS = USER_CELLS - USER_CELL_TIMES, CELL_USED_ONCE = CODE_FIRST };

struct chronicle_user {
    size_t text; /* where in chronicle.text its key begins; the name follows unless the key ends with it */
    uint32_t key_len, name_len;   /* the key is the ARN or, without one, "ACCOUNT/name" */
    uint32_t first, last;         /* indexes of the first and the latest report with the user */
    uint32_t last_event;          /* index + 1, or 0 if there is none */
    uint32_t time[USER_CELL_TIMES];
    uint8_t flag[FLAG_CELLS];     /* value codes; a time of use is stored as CELL_USED_ONCE, whatever it is */
    bool name_is_tail, has_arn;
    uint32_t unknown_cells;       /* one bit per report column: the cell was unknown in every report so far */
    uint64_t failing, open;       /* one bit per check: it fails / it could not be judged in the latest report */
    uint64_t initial; /* one bit per check that failed in the first report, if that is the account's oldest */
};

struct chronicle_account {
    char id[CHRONICLE_ACCOUNT_SIZE]; /* as arn_put_account_id() writes it */
    bool is_shared;               /* an account of another partition has the same number */
    uint32_t latest;              /* index + 1 of its latest report, or 0 if there is none */
    uint32_t *present;            /* owned: users of the latest report, in its order */
    size_t present_count;
    uint32_t *next;               /* owned: users found so far in the report being added */
    size_t next_count, next_room;
    size_t guess;                 /* index in PRESENT of the user expected in the next row */
    size_t repeated;              /* users of its latest report who are in the one being added, of the same time */
};

struct chronicle {
    struct chronicle_user *users;   /* owned */
    size_t user_count, user_room;
    struct buffer text;
    struct hash_index by_key;     /* key to the latest user that has it */
    struct chronicle_event *events; /* owned */
    size_t event_count, event_room;
    struct chronicle_report *reports; /* owned */
    size_t report_count, report_room;
    struct chronicle_account *accounts; /* owned */
    size_t account_count;
    struct hash_index by_id, by_number;
    int days[CHECKS_MAX];         /* thresholds (days) that the first report was judged with */
    uint64_t is_mixed;            /* one bit per check: a later report was judged with another threshold */
};

static void *with_room(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    *room = *room ? *room * 2 : 64;
    return xrealloc(array, *room, size);
}

/* ---- identity of users ---- */

static struct slice user_key(const struct chronicle_user *u, const struct chronicle *h)
{
    return (struct slice){h->text.data + u->text, u->key_len};
}

static struct slice indexed_user(const void *chronicle, uint32_t number)
{
    const struct chronicle *h = chronicle;
    return user_key(&h->users[number], h);
}

static struct slice indexed_number(const void *chronicle, uint32_t number)
{
    const struct chronicle *h = chronicle;
    return arn_id_number(slice_of(h->accounts[number].id));
}

static struct slice indexed_account(const void *chronicle, uint32_t number)
{
    const struct chronicle *h = chronicle;
    return slice_of(h->accounts[number].id);
}

struct chronicle *chronicle_new(void)
{
    struct chronicle *h = xcalloc(1, sizeof *h);
    h->by_key = (struct hash_index){.text = indexed_user, .owner = h};
    h->by_id = (struct hash_index){.text = indexed_account, .owner = h};
    h->by_number = (struct hash_index){.text = indexed_number, .owner = h};
    return h;
}

void chronicle_free(struct chronicle *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->account_count; i++) {
        free(h->accounts[i].present);
        free(h->accounts[i].next);
    }
    for (size_t i = 0; i < h->report_count; i++) {
        free(h->reports[i].findings);
        free(h->reports[i].worse);
    }
    hash_index_free(&h->by_key);
    hash_index_free(&h->by_id);
    hash_index_free(&h->by_number);
    buffer_free(&h->text);
    free(h->users);
    free(h->events);
    free(h->reports);
    free(h->accounts);
    free(h);
}

static bool ends_with(struct slice text, struct slice end)
{
    return end.len <= text.len && memcmp(text.data + text.len - end.len, end.data, end.len) == 0;
}

/* ---- accounts ---- */

/* Find out whether an account of another partition has the same number, and mark both. */
static void note_same_number(struct chronicle *h, uint32_t account)
{
    struct slice number = arn_id_number(slice_of(h->accounts[account].id));
    uint32_t *slot = hash_index_add(&h->by_number, number, hash_text(number));
    if (*slot)
        h->accounts[account].is_shared = h->accounts[*slot - 1].is_shared = true;
    else
        *slot = account + 1;
}

/*
 * The index of the account with this id, which is added if it is new. All ids that are too long to be one share an
 * account with an empty id.
 */
static uint32_t account_number(struct chronicle *h, struct slice id)
{
    if (id.len >= CHRONICLE_ACCOUNT_SIZE)
        id.len = 0;
    uint32_t *slot = hash_index_add(&h->by_id, id, hash_text(id));
    if (*slot)
        return *slot - 1;
    h->accounts = xrealloc(h->accounts, h->account_count + 1, sizeof *h->accounts);
    struct chronicle_account *a = &h->accounts[h->account_count++];
    *a = (struct chronicle_account){.latest = 0};
    if (id.len)
        memcpy(a->id, id.data, id.len);
    *slot = (uint32_t)h->account_count;
    uint32_t number = *slot - 1;
    note_same_number(h, number);
    return number;
}

/* ---- state while one report is added ---- */

/* A user as it was before a row of the report being added changed it. */
struct changed_user {
    uint32_t number;
    struct chronicle_user before;
};

/* State kept while one report's rows are added. */
struct adding {
    struct chronicle *h;
    const struct report *r;
    int64_t time;
    uint32_t first_report;          /* reports from this index on belong to R: one per account */
    uint32_t row_account, row_code; /* of the previous row: index of its account, and the code of its account cell */
    bool has_account;               /* there was a previous row */
    bool is_late;                   /* ignore its rows: it has a report of this time or later, or LIMITS exclude it */
    bool differs;                   /* an account has a report of this time already, with other users or values */
    uint64_t *repeated;             /* owned: one bit per user of such a report who is in R; NULL if there is none */
    const struct chronicle_limits *limits; /* of older reports; NULL if there are none */
    uint32_t row;                   /* the current row */
    uint32_t user;                  /* its user */
    struct buffer key;              /* scratch: the current row's key if it has no ARN */
    /* What withdraw_rows() needs if CANCEL ends: how much there was, and the users who changed since. */
    struct cancel_token *cancel;    /* NULL if it cannot be cancelled */
    size_t first_user, first_text, first_event, first_account;
    struct changed_user *changed;   /* owned; in the order of the changes; a user may be there several times */
    size_t changed_count, changed_room;
};

/* Must be called before an existing user is changed, except its `last` if the report before R has the user. */
static void note_change(struct adding *a, uint32_t user)
{
    if (!a->cancel || user >= a->first_user)
        return;
    a->changed = with_room(a->changed, a->changed_count, &a->changed_room, sizeof *a->changed);
    a->changed[a->changed_count++] = (struct changed_user){user, a->h->users[user]};
}

static struct chronicle_report *report_in_hand(const struct adding *a)
{
    struct chronicle *h = a->h;
    return &h->reports[h->accounts[a->row_account].latest - 1];
}

static int compare_limits(const void *a, const void *b)
{
    return strcmp(((const struct chronicle_limit *)a)->account, ((const struct chronicle_limit *)b)->account);
}

/* Whether a report of TIME is older than the one that shows the account, so that it belongs to its history. */
static bool is_within(const struct chronicle_limits *limits, const char *account, int64_t time)
{
    struct chronicle_limit key = {.before = 0};
    if (!limits || !*account)
        return true;
    memcpy(key.account, account, strlen(account) + 1);
    const struct chronicle_limit *found = limits->count
        ? bsearch(&key, limits->list, limits->count, sizeof key, compare_limits) : NULL;
    return found && time < found->before;
}

/* The checks with a name that the report to which A is bound lacks: a column of another file. */
static uint64_t unbound_checks(const struct audit *a)
{
    uint64_t unbound = 0;
    for (size_t i = 0; i < check_count(); i++)
        unbound |= query_unbound_name(a->whole[i]) ? UINT64_C(1) << i : 0;
    return unbound;
}

/*
 * The account of ROW. The first row of an account begins a new report of it. Returns NULL if the row must be ignored,
 * because the account already has a report of this time or later, or is not within a->limits.
 */
static struct chronicle_account *account_of_row(struct adding *a, size_t row)
{
    struct chronicle *h = a->h;
    uint32_t scratch, code = *report_codes(a->r, row, 1, COL_ACCOUNT, &scratch);
    if (a->has_account && code == a->row_code && code >= CODE_FIRST)
        return a->is_late ? NULL : &h->accounts[a->row_account];
    uint32_t number = account_number(h, report_account_id(a->r, row));
    struct chronicle_account *account = &h->accounts[number];
    a->row_code = code;
    a->row_account = number;
    a->has_account = true;
    a->is_late = false;
    if (account->latest > a->first_report)
        return account;
    if ((account->latest && h->reports[account->latest - 1].time >= a->time)
        || !is_within(a->limits, account->id, a->time))
        a->is_late = true;
    if (a->is_late)
        return NULL;
    h->reports = with_room(h->reports, h->report_count, &h->report_room, sizeof *h->reports);
    h->reports[h->report_count++] = (struct chronicle_report){.time = a->time, .account = number,
        .previous = account->latest, .not_made = audit_not_made(a->r) | unbound_checks(a->r->audit),
        .findings = xcalloc(check_count(), sizeof(uint32_t)),
        .worse = xcalloc(check_count(), sizeof(uint32_t))};
    account->latest = (uint32_t)h->report_count;
    account->guess = account->next_count = 0;
    return account;
}

static void add_event(struct adding *a, enum change change, unsigned what, uint32_t before, uint32_t after,
    unsigned cells, unsigned at_fault)
{
    struct chronicle *h = a->h;
    struct chronicle_user *u = &h->users[a->user];
    h->events = with_room(h->events, h->event_count, &h->event_room, sizeof *h->events);
    h->events[h->event_count++] = (struct chronicle_event){a->user, h->accounts[a->row_account].latest - 1,
        u->last_event, before, after, (uint8_t)change, (uint8_t)what, (uint8_t)at_fault, {(uint8_t)cells}};
    u->last_event = (uint32_t)h->event_count;
}

/* ---- cells ---- */

/* A row's cells as value codes. */
struct row_codes {
    uint32_t code[USER_CELLS];
};

static bool is_use_cell(int cell)
{
    return cell == CELL_PASSWORD_USED || cell == CELL_KEY_1_USED || cell == CELL_KEY_2_USED;
}

static uint32_t stored_code(const struct chronicle_user *u, int cell)
{
    return cell < USER_CELL_TIMES ? u->time[cell] : u->flag[cell - USER_CELL_TIMES];
}

static void store_code(struct chronicle_user *u, int cell, uint32_t code)
{
    if (cell < USER_CELL_TIMES)
        u->time[cell] = code;
    else
        u->flag[cell - USER_CELL_TIMES] = (uint8_t)(code > CODE_TEXT && is_use_cell(cell) ? CELL_USED_ONCE : code);
}

static int64_t value_of_code(int cell, uint32_t code)
{
    if (code < CODE_TEXT)
        return user_cell_of_state(code_state(code));
    return code == CODE_TEXT || cell < USER_CELL_TIMES || is_use_cell(cell) ? (int64_t)code
        : (int64_t)code - CODE_FIRST;
}

/* Whether the row equals what is known of the user. This is by far the most common case. */
static bool cells_are_same(const struct chronicle_user *u, const struct row_codes *row)
{
    for (int i = 0; i < USER_CELLS; i++) {
        uint32_t code = row->code[i], old = stored_code(u, i);
        if (is_use_cell(i) && code > CODE_TEXT)
            code = CELL_USED_ONCE;
        if (code != old && !code_is_unknown(code))
            return false;
    }
    return true;
}

struct found {
    struct adding *a;
    const struct row_codes *row;
};

static uint32_t shown_code(uint32_t code)
{
    return code_is_unknown(code) ? 0 : code;
}

static void found_change(void *context, enum change change, int part, enum user_cell before, enum user_cell after)
{
    struct found *f = context;
    const struct chronicle_user *u = &f->a->h->users[f->a->user];
    add_event(f->a, change, (unsigned)part, before == CELL_NONE ? 0 : shown_code(stored_code(u, (int)before)),
        after == CELL_NONE ? 0 : shown_code(f->row->code[after]), (unsigned)before | (unsigned)after << 4, 0);
}

/* The cell with the creation time of the key or certificate that CELL belongs to; CELL_NONE for other cells. */
static enum user_cell made_cell(int cell)
{
    switch (cell) {
    case CELL_KEY_1:
    case CELL_KEY_1_USED: return CELL_KEY_1_MADE;
    case CELL_KEY_2:
    case CELL_KEY_2_USED: return CELL_KEY_2_MADE;
    case CELL_CERT_1: return CELL_CERT_1_MADE;
    case CELL_CERT_2: return CELL_CERT_2_MADE;
    default: return CELL_NONE;
    }
}

/*
 * Whether the slot now holds another key or certificate, or is empty and was not, or the other way round, so that the
 * value known of CELL is about an earlier one.
 */
static bool is_of_another(const struct chronicle_user *u, const struct row_codes *row, int cell)
{
    enum user_cell made = made_cell(cell);
    if (made == CELL_NONE)
        return false;
    uint32_t old = stored_code(u, (int)made), new = row->code[made];
    return !code_is_unknown(old) && !code_is_unknown(new) && old != new && (old >= CODE_TEXT || new >= CODE_TEXT);
}

static void compare_cells(struct adding *a, const struct row_codes *row)
{
    struct chronicle_user *u = &a->h->users[a->user];
    struct user_cells old, new;
    struct row_codes all = *row;
    struct found f = {a, &all};
    if (cells_are_same(u, row))
        return;
    note_change(a, a->user);
    for (int i = 0; i < USER_CELLS; i++) {
        if (code_is_unknown(all.code[i]))
            all.code[i] = is_of_another(u, row, i) ? CODE_ABSENT : stored_code(u, i);
        old.value[i] = value_of_code(i, stored_code(u, i));
        new.value[i] = value_of_code(i, all.code[i]);
    }
    user_cells_compare(&old, &new, found_change, &f);
    for (int i = 0; i < USER_CELLS; i++)
        store_code(u, i, all.code[i]);
}

/* ---- findings ---- */

/* Results of the checks for one row. */
struct verdicts {
    uint64_t failing, open; /* one bit per check: it fails / it cannot be judged */
    uint32_t unknown_cells; /* one bit per report column whose cell is unknown */
};

static struct verdicts verdicts_of(const struct report *r, size_t row)
{
    struct verdicts v = {.failing = audit_failed(r, row) & r->checks_on};
    v.open = (audit_unknown(r, row) | audit_not_made(r)) & ~v.failing;
    v.unknown_cells = report_unknown_cells(r, row);
    return v;
}

static void findings_began(struct adding *a, uint64_t bits, enum change change)
{
    for (; bits; bits &= bits - 1) {
        unsigned check = (unsigned)__builtin_ctzll(bits), at_fault = 0;
        for (enum credential c = 0; c < CREDENTIAL_COUNT; c++)
            at_fault |= (unsigned)(audit_fault(a->r, a->row, c) >> check & 1) << c;
        add_event(a, change, check, 0, 0, 0, at_fault);
        a->h->events[a->h->event_count - 1].severity = (uint8_t)audit_severity(a->r, a->row, check);
    }
}

static void findings_fixed(struct adding *a, uint64_t bits)
{
    for (; bits; bits &= bits - 1)
        add_event(a, CHANGE_FINDING_FIXED, (unsigned)__builtin_ctzll(bits), 0, 0, 0, 0);
}

/* The checks among ALL that read any of the report columns in COLUMNS. */
static uint64_t checks_reading(const struct adding *a, uint64_t all, uint32_t columns)
{
    uint64_t reading = 0;
    for (; columns && all; all &= all - 1) {
        unsigned check = (unsigned)__builtin_ctzll(all);
        reading |= query_columns(a->r->audit->whole[check]) & columns ? UINT64_C(1) << check : 0;
    }
    return reading;
}

/* The checks among ALL that use columns of other files. Earlier reports are judged without those files. */
static uint64_t checks_of_context(const struct adding *a, uint64_t all)
{
    uint64_t late = 0;
    for (; all; all &= all - 1) {
        unsigned check = (unsigned)__builtin_ctzll(all);
        late |= query_late_name(a->r->audit->whole[check]) ? UINT64_C(1) << check : 0;
    }
    return late;
}

/*
 * A check that could not be judged before and fails now counts as CHRONICLE_FOUND, not as a new finding, if the reason
 * is that this report has cells, or other files, that earlier ones lacked. Likewise a finding is not fixed, but stays,
 * if it can no longer be judged because this report lacks them.
 */
static void compare_findings(struct adding *a, const struct verdicts *now)
{
    struct chronicle_user *u = &a->h->users[a->user];
    uint64_t began = now->failing & ~u->failing, fixed = u->failing & ~now->failing;
    uint64_t found = checks_reading(a, began & u->open, u->unknown_cells & ~now->unknown_cells)
        | checks_of_context(a, began & u->open);
    fixed &= ~(checks_reading(a, fixed & now->open, now->unknown_cells & ~u->unknown_cells)
        | checks_of_context(a, fixed & now->open));
    if ((began | fixed) || u->open != now->open || (u->unknown_cells & ~now->unknown_cells))
        note_change(a, a->user);
    u->failing = (u->failing | began) & ~fixed;
    u->open = now->open;
    u->unknown_cells &= now->unknown_cells;
    if (began | fixed) {
        findings_began(a, began & ~found, CHANGE_FINDING_NEW);
        findings_fixed(a, fixed);
        findings_began(a, found, (enum change)CHRONICLE_FOUND);
    }
}

/* ---- users ---- */

/* Add a user without events; returns its index. */
static uint32_t new_user(struct adding *a, struct slice key, struct slice name)
{
    struct chronicle *h = a->h;
    h->users = with_room(h->users, h->user_count, &h->user_room, sizeof *h->users);
    struct chronicle_user *u = &h->users[h->user_count];
    *u = (struct chronicle_user){.text = h->text.len, .key_len = (uint32_t)key.len, .name_len = (uint32_t)name.len,
        .name_is_tail = ends_with(key, name), .has_arn = report_raw(a->r, a->row, COL_ARN).len != 0};
    buffer_add(&h->text, key.data, key.len);
    if (!u->name_is_tail)
        buffer_add(&h->text, name.data, name.len);
    return (uint32_t)h->user_count++;
}

/*
 * Take the row's values as the user's state: for a new user, or one that returns after a report without it. IS_NEW: it
 * is a new user. Findings of new users in an account's oldest report are `initial`; all others become events.
 */
static void begin_user(struct adding *a, const struct row_codes *row, const struct verdicts *now, bool is_new)
{
    struct chronicle_user *u = &a->h->users[a->user];
    uint32_t report = a->h->accounts[a->row_account].latest - 1;
    if (is_new)
        u->first = report;
    for (int i = 0; i < USER_CELLS; i++)
        store_code(u, i, row->code[i]);
    u->failing = now->failing;
    u->open = now->open;
    u->unknown_cells = now->unknown_cells;
    if (is_new && !a->h->reports[report].previous)
        u->initial = u->failing;
    else
        findings_began(a, u->failing, CHANGE_FINDING_NEW);
}

/*
 * The known user with this KEY: the expected one, if its key is equal, else by the index. Returns UINT32_MAX if there
 * is none. *SLOT is the key's place in the index, or NULL if the index was not used.
 */
static uint32_t known_user(struct adding *a, struct chronicle_account *account, struct slice key, uint32_t **slot)
{
    struct chronicle *h = a->h;
    *slot = NULL;
    if (account->guess < account->present_count) {
        uint32_t likely = account->present[account->guess];
        /* PRESENT holds only the latest user of a key, never one that was replaced by a user created anew */
        if (slice_equal(user_key(&h->users[likely], h), key)) {
            account->guess++;
            return likely;
        }
    }
    *slot = hash_index_add(&h->by_key, key, hash_text(key));
    if (!**slot)
        return UINT32_MAX;
    uint32_t user = **slot - 1;
    /* some users were removed: continue behind this one, if it is near */
    for (size_t i = account->guess; i < account->present_count && i < account->guess + 8; i++) {
        if (account->present[i] == user) {
            account->guess = i + 1;
            break;
        }
    }
    return user;
}

static struct slice key_of_row(struct adding *a)
{
    struct slice arn = report_raw(a->r, a->row, COL_ARN), name = report_raw(a->r, a->row, COL_USER);
    if (arn.len)
        return arn;
    a->key.len = 0;
    buffer_printf(&a->key, "%s/", a->h->accounts[a->row_account].id);
    buffer_add(&a->key, name.data, name.len);
    return (struct slice){a->key.data, a->key.len};
}

static void put_present(struct chronicle_account *account, uint32_t user)
{
    account->next = with_room(account->next, account->next_count, &account->next_room, sizeof *account->next);
    account->next[account->next_count++] = user;
}

static void add_row(struct adding *a, struct chronicle_account *account, const struct row_codes *row)
{
    struct chronicle *h = a->h;
    uint32_t report = account->latest - 1, *slot;
    struct slice key = key_of_row(a);
    struct verdicts now = verdicts_of(a->r, a->row);
    uint32_t user = known_user(a, account, key, &slot);
    bool is_new = user == UINT32_MAX, was_here = !is_new && h->reports[report].previous
        && h->users[user].last == h->reports[report].previous - 1;
    if (!is_new && h->users[user].last == report) { /* the report has the user twice: the first row counts */
        a->user = user;
        return;
    }
    uint32_t was = is_new ? 0 : h->users[user].time[CELL_CREATED], created = row->code[CELL_CREATED];
    bool is_recreated = !is_new && was >= CODE_TEXT && created >= CODE_TEXT && was != created;
    if (is_new || is_recreated) {
        uint32_t old = user;
        if (is_recreated)
            note_change(a, old);
        if (!slot)
            slot = hash_index_add(&h->by_key, key, hash_text(key));
        uint32_t next = (uint32_t)h->user_count;
        *slot = next + 1;
        user = new_user(a, key, report_raw(a->r, a->row, COL_USER));
        if (is_recreated && was_here)
            h->users[old].last = report; /* marks it as present, so that find_missing() does not report a removal */
        if (is_recreated)
            h->users[old].failing = 0; /* findings of a replaced user have ended */
    }
    a->user = user;
    if (!was_here)
        note_change(a, user);
    h->users[user].last = report;
    put_present(account, user);
    if (!is_new && !is_recreated && was_here) {
        compare_cells(a, row);
        compare_findings(a, &now);
        return;
    }
    if (h->reports[report].previous)
        add_event(a, is_recreated && was_here ? CHANGE_RECREATED : CHANGE_ADDED, USER_ITSELF,
            is_recreated && was_here ? was : 0, shown_code(created), CELL_CREATED | CELL_CREATED << 4, 0);
    begin_user(a, row, &now, is_new || is_recreated);
}

/* ---- all rows ---- */

/* COUNTED: the checks of the row's findings that count; WORSE: those of audit_worse(). */
static void count_row(struct chronicle_report *report, const struct row_codes *row, uint64_t counted, uint64_t worse)
{
    report->users++;
    report->console_users += row->code[CELL_PASSWORD] == CODE_FIRST + 1;
    report->mfa_users += row->code[CELL_MFA] == CODE_FIRST + 1;
    report->active_keys += (row->code[CELL_KEY_1] == CODE_FIRST + 1) + (row->code[CELL_KEY_2] == CODE_FIRST + 1);
    for (worse &= counted; counted; counted &= counted - 1)
        report->findings[__builtin_ctzll(counted)]++;
    for (; worse; worse &= worse - 1)
        report->worse[__builtin_ctzll(worse)]++;
}

/* Add an event for each user that the account's previous report had and R lacks. */
static void find_missing(struct adding *a)
{
    struct chronicle *h = a->h;
    for (uint32_t report = a->first_report; report < h->report_count; report++) {
        struct chronicle_account *account = &h->accounts[h->reports[report].account];
        a->row_account = h->reports[report].account;
        for (size_t i = 0; i < account->present_count; i++) {
            a->user = account->present[i];
            if (h->users[a->user].last != report)
                add_event(a, CHANGE_REMOVED, USER_ITSELF, shown_code(h->users[a->user].time[CELL_CREATED]), 0,
                    CELL_CREATED | CELL_NONE << 4, 0);
        }
        free(account->present);
        account->present = xrealloc(account->next, account->next_count, sizeof *account->next);
        account->present_count = account->next_count;
        account->next = NULL;
        account->next_count = account->next_room = 0;
    }
}

/*
 * The user of an ignored row, if the account's latest report is of the time being added and has that user; otherwise
 * UINT32_MAX.
 */
static uint32_t present_user(struct adding *a, size_t row)
{
    const struct chronicle *h = a->h;
    uint32_t latest = h->accounts[a->row_account].latest;
    a->row = (uint32_t)row;
    if (!latest || h->reports[latest - 1].time != a->time)
        return UINT32_MAX;
    struct slice key = key_of_row(a);
    const uint32_t *slot = hash_index_find(&h->by_key, key, hash_text(key));
    return slot && *slot && h->users[*slot - 1].last == latest - 1 ? *slot - 1 : UINT32_MAX;
}

/* Compare an ignored row with the report of the same time that counts, if there is one. */
static void compare_repeated(struct adding *a, uint32_t user, const struct row_codes *row)
{
    const struct chronicle *h = a->h;
    struct chronicle_account *account = &h->accounts[a->row_account];
    if (!account->latest || h->reports[account->latest - 1].time != a->time)
        return;
    if (!a->repeated) /* users who are added from now on are of other accounts */
        a->repeated = xcalloc(h->user_count / 64 + 1, sizeof *a->repeated);
    if (user == UINT32_MAX) {
        a->differs = true;
        return;
    }
    if (a->repeated[user / 64] >> user % 64 & 1) /* R has the user twice: the first row counts, as in add_row() */
        return;
    a->repeated[user / 64] |= UINT64_C(1) << user % 64;
    account->repeated++;
    a->differs |= !cells_are_same(&h->users[user], row);
}

/* Note accounts of which fewer users were repeated than the report that counts has. */
static void find_not_repeated(struct adding *a)
{
    for (size_t i = 0; a->repeated && i < a->h->account_count; i++) {
        struct chronicle_account *account = &a->h->accounts[i];
        a->differs |= account->repeated && account->repeated < account->present_count;
        account->repeated = 0;
    }
}

static void add_span(struct adding *a, size_t first, size_t count, const bool *selected, uint32_t *users)
{
    uint32_t scratch[USER_CELLS][REPORT_SPAN];
    const uint32_t *codes[USER_CELLS];
    for (int i = 0; i < USER_CELLS; i++)
        codes[i] = report_codes(a->r, first, count, user_cell_columns[i], scratch[i]);
    for (size_t k = 0; k < count; k++) {
        struct row_codes row;
        for (int i = 0; i < USER_CELLS; i++)
            row.code[i] = codes[i][k];
        a->row = (uint32_t)(first + k);
        struct chronicle_account *account = account_of_row(a, first + k);
        if (!account) {
            uint32_t user = present_user(a, first + k);
            compare_repeated(a, user, &row);
            if (users)
                users[first + k] = user;
            continue;
        }
        add_row(a, account, &row);
        if (!selected || selected[first + k])
            count_row(report_in_hand(a), &row, audit_counted(a->r, first + k), audit_worse(a->r, first + k));
        if (users)
            users[first + k] = a->user;
    }
}

/* Note the thresholds that the report was judged with. */
static void note_days(const struct adding *a)
{
    struct chronicle *h = a->h;
    for (size_t i = 0; a->r->audit && i < check_count(); i++) {
        int days = a->r->audit->settings.days[i];
        if (!a->first_report)
            h->days[i] = days;
        h->is_mixed |= h->days[i] == days ? 0 : UINT64_C(1) << i;
    }
}

/* ---- withdrawing a report of which not all rows were added ---- */

/* Make the account's report before REPORT its latest one again, and free what REPORT owns. */
static void withdraw_report(struct chronicle *h, uint32_t report)
{
    struct chronicle_report *r = &h->reports[report];
    struct chronicle_account *account = &h->accounts[r->account];
    account->latest = r->previous;
    for (size_t i = 0; i < account->present_count; i++) {
        struct chronicle_user *u = &h->users[account->present[i]];
        u->last = u->last == report ? r->previous - 1 : u->last;
    }
    free(account->next);
    account->next = NULL;
    account->next_count = account->next_room = 0;
    free(r->findings);
    free(r->worse);
}

/* Make the indexes of users and accounts again, for there are fewer. */
static void index_again(struct chronicle *h)
{
    hash_index_free(&h->by_key);
    hash_index_free(&h->by_id);
    hash_index_free(&h->by_number);
    hash_index_reserve(&h->by_key, h->user_count);
    for (size_t i = 0; i < h->user_count; i++) {
        struct slice key = user_key(&h->users[i], h);
        *hash_index_add(&h->by_key, key, hash_text(key)) = (uint32_t)i + 1;
    }
    for (size_t i = 0; i < h->account_count; i++) {
        struct slice id = slice_of(h->accounts[i].id);
        *hash_index_add(&h->by_id, id, hash_text(id)) = (uint32_t)i + 1;
        h->accounts[i].is_shared = false;
        note_same_number(h, (uint32_t)i);
    }
}

/* Undo all that the rows added so far have changed. Their users must not have been searched for missing ones. */
static void withdraw_rows(struct adding *a)
{
    struct chronicle *h = a->h;
    bool has_more = h->user_count > a->first_user || h->account_count > a->first_account;
    for (size_t i = a->changed_count; i-- > 0;)
        h->users[a->changed[i].number] = a->changed[i].before;
    for (size_t i = h->report_count; i-- > a->first_report;)
        withdraw_report(h, (uint32_t)i);
    for (size_t i = 0; i < h->account_count; i++)
        h->accounts[i].repeated = 0;
    h->report_count = a->first_report;
    h->event_count = a->first_event;
    h->account_count = a->first_account;
    h->user_count = a->first_user;
    h->text.len = a->first_text;
    if (has_more)
        index_again(h);
}

/*
 * Returns false if an account had a report of TIME already that tells something else. If CANCEL ends, H is unchanged
 * and the result is true.
 */
static bool add_rows_of(struct chronicle *h, const struct report *r, size_t from, size_t to, int64_t time,
    const struct chronicle_limits *limits, const bool *selected, uint32_t *users, struct cancel_token *cancel)
{
    struct adding a = {.h = h, .r = r, .time = time, .first_report = (uint32_t)h->report_count, .limits = limits,
        .cancel = cancel, .first_user = h->user_count, .first_text = h->text.len, .first_event = h->event_count,
        .first_account = h->account_count};
    for (size_t first = from, count; first < to && !cancel_check(cancel); first += count) {
        count = REPORT_SPAN - first % REPORT_SPAN;
        count = count < to - first ? count : to - first;
        add_span(&a, first, count, selected, users);
    }
    if (cancel_is_set(cancel)) {
        withdraw_rows(&a);
    } else {
        note_days(&a);
        find_missing(&a);
        find_not_repeated(&a);
    }
    buffer_free(&a.key);
    free(a.repeated);
    free(a.changed);
    return cancel_is_set(cancel) || !a.differs;
}

bool chronicle_add(struct chronicle *h, const struct report *r, size_t from, size_t to, int64_t time,
    const bool *selected, uint32_t *users, struct cancel_token *cancel)
{
    add_rows_of(h, r, from, to, time, NULL, selected, users, cancel);
    return !cancel_is_set(cancel);
}

bool chronicle_add_older(struct chronicle *h, const struct report *r, int64_t time,
    const struct chronicle_limits *limits, const bool *selected, struct cancel_token *cancel)
{
    return add_rows_of(h, r, 0, r->row_count, time, limits, selected, NULL, cancel);
}

static void *fitted(void *array, size_t count, size_t *room, size_t size)
{
    *room = count;
    return count ? xrealloc(array, count, size) : array;
}

void chronicle_fit(struct chronicle *h)
{
    h->users = fitted(h->users, h->user_count, &h->user_room, sizeof *h->users);
    h->events = fitted(h->events, h->event_count, &h->event_room, sizeof *h->events);
    h->reports = fitted(h->reports, h->report_count, &h->report_room, sizeof *h->reports);
    h->text.data = fitted(h->text.data, h->text.len, &h->text.cap, 1);
}

/* ---- answers ---- */

bool chronicle_is_judged_by(const struct chronicle *h, const struct check_settings *s, size_t check)
{
    return !(h->is_mixed >> check & 1) && h->days[check] == s->days[check];
}

bool chronicle_since(const struct chronicle *h, uint32_t user, size_t check, struct chronicle_since *since)
{
    const struct chronicle_user *u = &h->users[user];
    uint32_t spells = u->initial >> check & 1;
    bool is_found = false;
    if (!(u->failing >> check & 1) || u->last + 1 != h->accounts[chronicle_user_account(h, user)].latest)
        return false;
    *since = (struct chronicle_since){.time = h->reports[u->first].time, .is_at_least = true};
    for (uint32_t at = u->last_event; at; at = h->events[at - 1].chain) {
        const struct chronicle_event *e = &h->events[at - 1];
        if ((e->change != CHANGE_FINDING_NEW && e->change != CHRONICLE_FOUND) || e->what != check)
            continue;
        spells++;
        if (!is_found) {
            since->time = h->reports[e->report].time;
            since->is_at_least = e->change == CHRONICLE_FOUND;
        }
        is_found = true;
    }
    since->recurred = spells ? spells - 1 : 0;
    return true;
}

/*
 * The value of since(CHECK): N/A if the user does not fail the check, unknown (STATE_ABSENT) if R or the history cannot
 * tell whether or since when it does.
 */
static struct value since_of_row(const struct report *r, size_t row, size_t check)
{
    struct chronicle_since since;
    uint32_t user = r->chronicle_users[row];
    if (user == UINT32_MAX || !(r->checks_on >> check & 1) || (audit_unknown(r, row) >> check & 1))
        return (struct value){.state = STATE_ABSENT};
    if (!(audit_failed(r, row) >> check & 1))
        return (struct value){.state = STATE_NA};
    if (!chronicle_is_judged_by(r->chronicle, &r->audit->settings, check)
        || !chronicle_since(r->chronicle, user, check, &since)) /* a later report is the latest */
        return (struct value){.state = STATE_ABSENT};
    return (struct value){.number = since.time};
}

void chronicle_attach(struct report *r, const struct chronicle *h, uint32_t *users)
{
    if (r->chronicle_users != users)
        free(r->chronicle_users);
    r->chronicle = h;
    r->chronicle_users = users;
    r->since = since_of_row;
}

int64_t chronicle_first_seen(const struct chronicle *h, uint32_t user, bool *at_least)
{
    const struct chronicle_report *r = &h->reports[h->users[user].first];
    *at_least = !r->previous;
    return r->time;
}

size_t chronicle_event_count(const struct chronicle *h)
{
    return h->event_count;
}

const struct chronicle_event *chronicle_event(const struct chronicle *h, size_t index)
{
    return &h->events[index];
}

uint32_t chronicle_last_event(const struct chronicle *h, uint32_t user)
{
    return h->users[user].last_event;
}

size_t chronicle_report_count(const struct chronicle *h)
{
    return h->report_count;
}

bool chronicle_has_past(const struct report *r)
{
    return r->chronicle && r->chronicle->report_count > 1;
}

const struct chronicle_report *chronicle_report(const struct chronicle *h, size_t index)
{
    return &h->reports[index];
}

const char *chronicle_account(const struct chronicle *h, uint32_t account)
{
    const char *id = h->accounts[account].id;
    return h->accounts[account].is_shared ? id : arn_id_number(slice_of(id)).data;
}

size_t chronicle_account_count(const struct chronicle *h)
{
    return h->account_count;
}

size_t chronicle_user_count(const struct chronicle *h)
{
    return h->user_count;
}

struct slice chronicle_user_arn(const struct chronicle *h, uint32_t user)
{
    const struct chronicle_user *u = &h->users[user];
    return (struct slice){h->text.data + u->text, u->has_arn ? u->key_len : 0};
}

struct slice chronicle_user_name(const struct chronicle *h, uint32_t user)
{
    const struct chronicle_user *u = &h->users[user];
    size_t at = u->text + u->key_len - (u->name_is_tail ? u->name_len : 0);
    return (struct slice){h->text.data + at, u->name_len};
}

uint32_t chronicle_user_created(const struct chronicle *h, uint32_t user)
{
    return h->users[user].time[CELL_CREATED];
}

uint32_t chronicle_user_account(const struct chronicle *h, uint32_t user)
{
    return h->reports[h->users[user].first].account;
}

static void put_code(struct buffer *b, unsigned cell, uint32_t code)
{
    char time[32];
    if (cell == CELL_NONE || code_is_unknown(code))
        return;
    if (code < CODE_TEXT)
        buffer_puts(b, state_name(code_state(code)));
    else if (cell < USER_CELL_TIMES || is_use_cell((int)cell))
        buffer_puts(b, code > CODE_FIRST ? timestamp_format(time, sizeof time, code) : "");
    else if (code >= CODE_FIRST)
        buffer_puts(b, code == CODE_FIRST ? "false" : "true");
}

void chronicle_put_before(struct buffer *b, const struct chronicle_event *e)
{
    if (e->change == CHANGE_FINDING_FIXED)
        buffer_puts(b, check_at(e->what)->id);
    else if (e->change != CHANGE_FINDING_NEW)
        put_code(b, e->cells & 15, e->before);
}

void chronicle_put_after(struct buffer *b, const struct chronicle_event *e)
{
    if (e->change == CHANGE_FINDING_NEW || e->change == CHRONICLE_FOUND)
        buffer_puts(b, check_at(e->what)->id);
    else if (e->change != CHANGE_FINDING_FIXED)
        put_code(b, e->cells >> 4, e->after);
}

void chronicle_put_credential(struct buffer *b, const struct chronicle_event *e)
{
    const char *between = "";
    if (e->change < CHANGE_FINDING_NEW) {
        buffer_puts(b, user_part_name(e->what));
        return;
    }
    for (enum credential c = 0; c < CREDENTIAL_COUNT; c++) {
        if (e->at_fault >> c & 1) {
            buffer_printf(b, "%s%s", between, credential_name(c));
            between = " ";
        }
    }
}

void chronicle_put_event(struct buffer *b, const struct chronicle_event *e, const struct check_settings *settings)
{
    static const char *const words[CHANGE_COUNT + 1] = {
        [CHANGE_ADDED] = "added", [CHANGE_REMOVED] = "removed", [CHANGE_RECREATED] = "deleted and created again",
        [CHANGE_MADE] = "created", [CHANGE_ROTATED] = "rotated", [CHANGE_DEACTIVATED] = "deactivated",
        [CHANGE_REACTIVATED] = "activated again", [CHANGE_DELETED] = "deleted",
        [CHANGE_FIRST_USED] = "used for the first time",
        [CHANGE_MFA_LOST] = "removed", [CHANGE_MFA_GAINED] = "added", [CHANGE_PASSWORD_SET] = "set",
        [CHANGE_PASSWORD_CHANGED] = "changed", [CHANGE_PASSWORD_REMOVED] = "removed",
        [CHANGE_FINDING_NEW] = "new finding: ", [CHANGE_FINDING_FIXED] = "fixed: ", [CHRONICLE_FOUND] = "finding: ",
    };
    static const char *const parts[USER_PARTS] = {[CREDENTIAL_PASSWORD] = "password", [CREDENTIAL_KEY_1] = "key 1",
        [CREDENTIAL_KEY_2] = "key 2", [CREDENTIAL_CERT_1] = "certificate 1", [CREDENTIAL_CERT_2] = "certificate 2",
        [USER_MFA] = "MFA", [USER_ITSELF] = "user"};
    if (e->change < CHANGE_FINDING_NEW) {
        buffer_printf(b, "%s %s", parts[e->what], words[e->change]);
        return;
    }
    buffer_puts(b, words[e->change]);
    check_title(b, e->what, settings);
}

/* Set B to the date of a cell with a time, or to "" if the cell has none or it is unknown. */
static void put_date(struct buffer *b, unsigned cell, uint32_t code)
{
    char time[32];
    b->len = 0;
    buffer_puts(b, "");
    if (cell != CELL_NONE && code > CODE_TEXT && (cell < USER_CELL_TIMES || is_use_cell((int)cell)))
        buffer_printf(b, "%.10s", timestamp_format(time, sizeof time, code));
}

void chronicle_put_full_event(struct buffer *b, const struct chronicle_event *e, const struct check_settings *settings)
{
    struct buffer before = {0}, after = {0};
    chronicle_put_event(b, e, settings);
    if (e->change < CHANGE_FINDING_NEW) {
        put_date(&before, e->cells & 15, e->before);
        put_date(&after, e->cells >> 4, e->after);
    } else {
        chronicle_put_credential(&before, e);
    }
    if (before.len && after.len && strcmp(before.data, after.data) != 0) {
        buffer_printf(b, " (%s to %s)", before.data, after.data);
    } else if (before.len || after.len) {
        buffer_printf(b, " (%s)", after.len ? after.data : before.data);
    }
    buffer_free(&before);
    buffer_free(&after);
}

enum severity chronicle_event_severity(const struct chronicle_event *e)
{
    return e->change == CHANGE_FINDING_NEW || e->change == CHRONICLE_FOUND ? (enum severity)e->severity
        : change_usual_severity((enum change)e->change);
}
