/*
 * Accounts that are in several reports: the newest report of each is shown, older ones are its history. Files are only
 * peeked at before they are loaded; what was loaded may correct the choice.
 */
#include "session/inputs_newest.h"

#include "base/hash_index.h"
#include "base/parallel.h"
#include "base/timestamp.h"
#include "history/row_copy.h"
#include "session/inputs_items.h"
#include "session/peek.h"

#include <stdlib.h>
#include <sys/stat.h>

/* ---- accounts in several reports ---- */

/* An account of a loaded report. */
struct loaded_account {
    char id[PEEK_ACCOUNT_SIZE]; /* see arn_put_account_id() */
    struct loaded *of;
    bool is_elsewhere;          /* a report that is as new or newer shows it */
};

/* A loaded report: its accounts and its time. */
struct loaded {
    struct inputs_item *item;
    size_t from, to;        /* its rows, TO exclusive */
    struct loaded_account *accounts; /* owned; each once */
    size_t account_count;
    int64_t time;           /* its own time, else see peek_likely_time() */
};

static struct slice loaded_account_id(const void *accounts, uint32_t number)
{
    const struct loaded_account *all = *(struct loaded_account *const *)accounts;
    return slice_of(all[number].id);
}

static void list_accounts(struct loaded *l, const struct report *r)
{
    struct hash_index index = {.text = loaded_account_id, .owner = &l->accounts};
    struct slice last = {"", 0};
    for (size_t row = l->from; row < l->to; row++) {
        struct slice account = report_account_id(r, row);
        if (account.len == 0 || account.len >= sizeof l->accounts->id || slice_equal(account, last)
            || peek_is_cut_account(r, row, l->to))
            continue;
        last = account;
        uint32_t *slot = hash_index_add(&index, account, hash_text(account));
        if (*slot)
            continue;
        if ((l->account_count & (l->account_count - 1)) == 0)
            l->accounts = xrealloc(l->accounts, l->account_count ? l->account_count * 2 : 1, sizeof *l->accounts);
        struct loaded_account *new = &l->accounts[l->account_count++];
        *new = (struct loaded_account){.of = l};
        memcpy(new->id, account.data, account.len);
        *slot = (uint32_t)l->account_count;
    }
    hash_index_free(&index);
}

/* Accounts of the reports that count so far, each with the newest report that has it. */
struct account_holders {
    struct loaded_account *list; /* owned */
    size_t count;
    struct hash_index index;
};

/* Report that another report, which is as new as L, has COUNT accounts of L, of which the first one is ID. */
static void say_as_new(struct inputs *o, const struct loaded *l, const char *id, size_t count,
    const struct loaded *other)
{
    char others[40] = "";
    if (count > 1)
        snprintf(others, sizeof others, " and %zu more", count - 1);
    inputs_say(o, "%s: account%s %s%s %s in %s too, which is equally new and is used", l->item->name,
        count > 1 ? "s" : "", id, others, count > 1 ? "are" : "is", other->item->name);
}

/*
 * Add the accounts of L, which is no newer than the reports added before. Accounts that are there already are not shown
 * from L; if all of them are, L is left out. LAST: report accounts of equally new reports now, because this is the last
 * call.
 */
static void hold_accounts(struct inputs *o, struct account_holders *h, struct loaded *l, bool last)
{
    size_t shared = 0, as_new = 0, first = 0, held = h->count;
    for (size_t i = 0; i < l->account_count; i++) {
        struct slice id = slice_of(l->accounts[i].id);
        uint32_t *slot = hash_index_add(&h->index, id, hash_text(id));
        if (!*slot) {
            h->list[held++] = l->accounts[i];
            h->list[held - 1].of = l;
            *slot = (uint32_t)held;
            continue;
        }
        const struct loaded *newer = h->list[*slot - 1].of;
        l->accounts[i].is_elsewhere = true;
        l->item->is_older |= newer->time > l->time;
        shared++;
        if (newer->time == l->time && as_new++ == 0)
            first = i;
    }
    h->count = held;
    l->item->time = l->time;
    l->item->left_out = shared && shared == l->account_count;
    l->item->is_part = shared && shared < l->account_count;
    if (as_new && (last || l->item->left_out)) {
        struct slice id = slice_of(l->accounts[first].id);
        say_as_new(o, l, id.data, as_new, h->list[*hash_index_add(&h->index, id, hash_text(id)) - 1].of);
    }
}

/* Newest first; equally new ones in the order of the command line. */
static int by_time(const void *a, const void *b)
{
    const struct loaded *x = a, *y = b;
    if (x->time != y->time)
        return x->time > y->time ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* Whether any account is in two of the reports. */
static bool any_twice(const struct loaded *list, size_t count)
{
    struct loaded_account *all = NULL;
    struct hash_index index = {.text = loaded_account_id, .owner = &all};
    size_t n = 0;
    bool twice = false;
    for (size_t i = 0; i < count; i++)
        n += list[i].account_count;
    all = xcalloc(n, sizeof *all);
    n = 0;
    for (size_t i = 0; i < count && !twice; i++) {
        for (size_t k = 0; k < list[i].account_count && !twice; k++) {
            struct slice id = slice_of(list[i].accounts[k].id);
            uint32_t *slot = hash_index_add(&index, id, hash_text(id));
            twice = *slot != 0;
            all[n++] = list[i].accounts[k];
            *slot = (uint32_t)n;
        }
    }
    hash_index_free(&index);
    free(all);
    return twice;
}

static void holders_free(struct account_holders *h)
{
    hash_index_free(&h->index);
    free(h->list);
}

/* Fill in H with the newest report of each account. Frees nothing of H, which the caller frees with holders_free(). */
static void hold_newest(struct inputs *o, struct account_holders *h, struct loaded *list, size_t count, bool last)
{
    size_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += list[i].account_count;
    *h = (struct account_holders){.list = xcalloc(all + 1, sizeof *h->list), .index = {.text = loaded_account_id}};
    h->index.owner = &h->list;
    if (count)
        qsort(list, count, sizeof *list, by_time);
    for (size_t i = 0; i < count; i++)
        hold_accounts(o, h, &list[i], last);
}

static int limits_by_account(const void *a, const void *b)
{
    return strcmp(((const struct chronicle_limit *)a)->account, ((const struct chronicle_limit *)b)->account);
}

/* The history of an account consists of the reports before the one that shows it. */
static void set_limits(struct inputs *o, const struct account_holders *h)
{
    struct chronicle_limits *l = &o->limits;
    l->list = xrealloc(l->list, h->count + 1, sizeof *l->list);
    l->count = 0;
    for (size_t i = 0; i < h->count; i++) {
        struct chronicle_limit *one = &l->list[l->count];
        size_t n = strlen(h->list[i].id);
        if (n >= sizeof one->account)
            continue;
        *one = (struct chronicle_limit){.before = h->list[i].of->time};
        memcpy(one->account, h->list[i].id, n);
        l->count++;
    }
    if (l->count)
        qsort(l->list, l->count, sizeof *l->list, limits_by_account);
}

/* Store the result of loading each input and report those that failed. Fills in LIST; returns its length. */
static size_t take_results(struct inputs *o, const struct report *r, const struct load_result *results,
    struct loaded *list)
{
    size_t n = 0, input = 0;
    for (size_t i = 0; i < o->count; i++) {
        struct inputs_item *item = &o->items[i];
        if (item->left_out)
            continue;
        const struct load_result *result = &results[input++];
        item->is_read = result->is_read;
        item->file = result->file;
        if (!item->part.len) /* else read a second time, without the envelope that may tell the time */
            item->own_time = result->own_time;
        if (!item->is_read && !item->is_told)
            inputs_fail(o, &result->err);
        item->is_told |= !item->is_read;
        size_t file = item->file;
        if (file >= r->file_count)
            continue;
        list[n++] = (struct loaded){.item = item, .from = r->files[file].first_row,
            .to = file + 1 < r->file_count ? r->files[file + 1].first_row : r->row_count};
    }
    return n;
}

/* ---- a part of a report ---- */

/* Whether the account with this id is shown from another report than L. */
static bool is_shown_elsewhere(const struct loaded *l, struct slice id)
{
    for (size_t i = 0; i < l->account_count; i++) {
        if (l->accounts[i].is_elsewhere && slice_equal(slice_of(l->accounts[i].id), id))
            return true;
    }
    return false;
}

/* Append line ends until the next byte is on LINE. *AT is the current line. */
static void pad_to_line(struct buffer *b, size_t *at, size_t line)
{
    for (; *at < line; ++*at)
        buffer_putc(b, '\n');
}

static size_t lines_in(struct slice text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.data[i] == '\n' || (text.data[i] == '\r' && (i + 1 == text.len || text.data[i + 1] != '\n'));
    return n;
}

/*
 * Copy the rows of L that are shown into its item's PART, which is then loaded instead of the file. Rows keep their
 * line numbers, for messages.
 */
static void copy_shown_rows(const struct report *r, const struct loaded *l)
{
    struct buffer *b = &l->item->part;
    size_t file = l->item->file, at = 1;
    uint32_t account = CODE_ABSENT, scratch;
    bool is_elsewhere = false;
    b->len = 0;
    pad_to_line(b, &at, r->files[file].header_line);
    size_t from = b->len;
    row_copy_header(b, r, file);
    at += lines_in((struct slice){b->data + from, b->len - from});
    for (size_t row = l->from; row < l->to; row++) {
        uint32_t code = *report_codes(r, row, 1, COL_ACCOUNT, &scratch);
        if (code != account || code < CODE_FIRST) /* the account is mostly that of the row before */
            is_elsewhere = is_shown_elsewhere(l, report_account_id(r, row));
        account = code;
        if (is_elsewhere)
            continue;
        pad_to_line(b, &at, report_line_of(r, row));
        from = b->len;
        row_copy(b, r, row);
        at += lines_in((struct slice){b->data + from, b->len - from});
    }
}

/* ---- newest and older reports ---- */

static void take_peek(struct loaded *l, struct inputs_item *item, const struct peek *p)
{
    *l = (struct loaded){.item = item, .time = p->time, .account_count = p->account_count,
        .accounts = xcalloc(p->account_count + 1, sizeof *l->accounts)};
    for (size_t i = 0; i < p->account_count; i++) {
        memcpy(l->accounts[i].id, p->accounts[i], sizeof l->accounts[i].id);
        l->accounts[i].of = l;
    }
}

/* Whether ITEM is a pipe, which can be read only once and may be silent: it is not examined before it is loaded. */
static bool is_pipe(const struct inputs_item *item)
{
    struct stat st;
    return item->is_file && stat(item->name, &st) == 0 && !S_ISREG(st.st_mode);
}

/* Whether a report that --history names is older than the one that shows any of its accounts. */
static bool is_older_of_any(const struct loaded *past, const struct account_holders *h)
{
    for (size_t i = 0; i < past->account_count; i++) {
        struct slice id = slice_of(past->accounts[i].id);
        const uint32_t *holder = hash_index_find(&h->index, id, hash_text(id));
        if (holder && *holder && past->time < h->list[*holder - 1].of->time)
            return true;
    }
    return false;
}

struct older {
    struct inputs_item *item; /* borrowed */
};

static int older_first(const void *a, const void *b)
{
    const struct inputs_item *x = ((const struct older *)a)->item, *y = ((const struct older *)b)->item;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Make the list of older reports, oldest first, as inputs of their own. */
static void choose_older(struct inputs *o)
{
    struct older *list = xcalloc(o->count + 1, sizeof *list);
    size_t told = o->older_count;
    o->older_count = 0;
    for (size_t i = 0; i < o->count; i++) {
        struct inputs_item *item = &o->items[i];
        if (item->is_older && item->time == INT64_MIN) {
            inputs_say(o, "%s: it does not contain the time it was made; left out of the history", item->name);
            item->is_older = false;
        }
        if (item->is_older)
            list[o->older_count++].item = item;
    }
    qsort(list, o->older_count, sizeof *list, older_first);
    if (o->older_count && o->older_count != told) {
        char from[32];
        timestamp_format(from, sizeof from, list[0].item->time);
        inputs_say(o, "%zu older report%s since %.10s: the history of what is shown", o->older_count,
            o->older_count == 1 ? "" : "s", from);
    }
    o->older = xrealloc(o->older, o->older_count + 1, sizeof *o->older);
    for (size_t i = 0; i < o->older_count; i++)
        o->older[i] = (struct inputs_older){inputs_whole_item(list[i].item), list[i].item->time,
            (size_t)(list[i].item - o->items)};
    free(list);
}

/* What peek_at() found in an item. */
struct peeked {
    struct peek peek;
    bool is_report, is_skipped; /* skipped: a pipe */
    char *why;                  /* owned: the error if it is no report */
};

struct peeking {
    const struct inputs *o;
    struct peeked *list;
};

static void peek_items(void *context, size_t from, size_t to)
{
    const struct peeking *all = context;
    struct report scratch = {0};
    for (size_t i = from; i < to; i++) {
        struct peeked *p = &all->list[i];
        struct load_input in = inputs_whole_item(&all->o->items[i]);
        struct error err;
        p->is_skipped = is_pipe(&all->o->items[i]);
        p->is_report = !p->is_skipped && peek_at(&in, &scratch, &p->peek, &err);
        if (!p->is_skipped && !p->is_report)
            p->why = xstrdup(err.text);
    }
    report_free(&scratch);
}

/*
 * Peek at all items, on several threads unless a file is so large that the memory for several of them matters. The
 * caller frees the list.
 */
static struct peeked *peek_at_all(const struct inputs *o)
{
    enum { PIECE = 16, SMALL = 1 << 21 };
    struct peeking all = {o, xcalloc(o->count + 1, sizeof *all.list)};
    bool are_small = true;
    for (size_t i = 0; i < o->count; i++)
        are_small &= o->items[i].size <= SMALL;
    parallel_pieces(o->count, PIECE, are_small, peek_items, &all, NULL);
    return all.list;
}

/* Find the newest report of each account, which is shown; older ones become its history. */
void inputs_find_newest(struct inputs *o)
{
    struct loaded *list = xcalloc(o->count + 1, sizeof *list), *past = xcalloc(o->count + 1, sizeof *past);
    struct peeked *peeked = o->count > 1 ? peek_at_all(o) : NULL;
    struct account_holders newest;
    size_t count = 0, past_count = 0;
    for (size_t i = 0; i < o->count && peeked; i++) {
        struct peeked *p = &peeked[i];
        struct inputs_item *item = &o->items[i];
        struct error err;
        if (p->is_report)
            take_peek(item->is_past ? &past[past_count++] : &list[count++], item, &p->peek);
        if (item->is_past && !p->is_skipped && !p->peek.account_count) { /* others are rejected when they are loaded */
            if (p->is_report)
                error_set(&err, "%s: no user's account is known; left out of the history", item->name);
            else
                error_set(&err, "%s; left out of the history", p->why);
            inputs_fail(o, &err);
        }
        peek_free(&p->peek);
        free(p->why);
    }
    free(peeked);
    hold_newest(o, &newest, list, count, false);
    for (size_t i = 0; i < past_count; i++) {
        past[i].item->is_older = is_older_of_any(&past[i], &newest);
        past[i].item->time = past[i].time;
    }
    holders_free(&newest);
    for (size_t i = 0; i < count; i++)
        free(list[i].accounts);
    for (size_t i = 0; i < past_count; i++)
        free(past[i].accounts);
    free(list);
    free(past);
    choose_older(o);
}

/* Set the times of the COUNT reports of LIST, which were loaded into R. */
static void set_times(struct loaded *list, size_t count, const struct report *r)
{
    for (size_t i = 0; i < count; i++)
        list[i].time = list[i].item->own_time.known ? list[i].item->own_time.at
            : peek_likely_time(r, list[i].from, list[i].to, list[i].item->name);
}

bool inputs_settle(struct inputs *o, const struct report *r, const struct load_result *results)
{
    struct loaded *list = xcalloc(o->count, sizeof *list);
    struct account_holders newest = {0};
    size_t count = take_results(o, r, results, list), left_out = 0;
    for (size_t i = 0; i < count && (count > 1 || o->older_count); i++)
        list_accounts(&list[i], r);
    if (o->older_count || any_twice(list, count)) {
        set_times(list, count, r); /* times are needed only in this case */
        hold_newest(o, &newest, list, count, true);
        set_limits(o, &newest);
        holders_free(&newest);
    }
    o->fetched = 0;
    o->own_time = (struct load_time){0};
    for (size_t i = 0; i < count; i++) {
        const struct inputs_item *item = list[i].item;
        if (item->is_part)
            copy_shown_rows(r, &list[i]);
        left_out += item->left_out || item->is_part;
        if (item->own_time.known && !item->left_out)
            load_time_take(&o->own_time, item->own_time.at, item->own_time.why);
        o->fetched += item->fetched && !item->left_out;
        free(list[i].accounts);
    }
    free(list);
    inputs_choose(o);
    if (left_out)
        choose_older(o);
    return left_out > 0;
}

void inputs_were_loaded(struct inputs *o, const struct load_result *results)
{
    size_t n = 0;
    for (size_t i = 0; i < o->count; i++) {
        struct inputs_item *item = &o->items[i];
        if (!item->left_out)
            item->file = results[n++].file;
    }
}
