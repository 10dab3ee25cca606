/* When to look at the files: after a file event; without events, after a key or, with --watch, at regular times. */
#include "ui/watching.h"

#include "base/clock.h"
#include "base/file_watch.h"
#include "ui/screen.h"

#include <poll.h>

/* Milliseconds. A file unchanged for QUIET is complete. A look may take at most 1/COST of the time. */
enum { QUIET = 200, BETWEEN_LOOKS = 250, BETWEEN_TICKS = 2000, COST = 50 };

static struct file_watch *watch_of(const struct ui *ui)
{
    return ui->session->watch;
}

static int events_of(const struct ui *ui)
{
    return watch_of(ui) ? file_watch_descriptor(watch_of(ui)) : -1;
}

/*
 * Returns -1 while a look is due anyway; otherwise a directory with constant writes would wake the program all the
 * time.
 */
int watching_descriptor(const struct ui *ui)
{
    return ui->watching.due ? -1 : events_of(ui);
}

int watching_wait_at_most(const struct ui *ui)
{
    int64_t due = ui->watching.due, now = due ? clock_monotonic() : 0;
    return !watch_of(ui) || !due ? -1 : due > now ? (int)(due - now) : 0;
}

static bool has_event(const struct ui *ui)
{
    struct pollfd p = {.fd = events_of(ui), .events = POLLIN};
    return p.fd >= 0 && poll(&p, 1, 0) > 0;
}

/*
 * Returns when to look next if nothing happens: regularly with --watch where there are no file events, else 0 (never).
 */
static int64_t next_tick(const struct ui *ui, int64_t now)
{
    return ui->options->watch && events_of(ui) < 0 ? now + BETWEEN_TICKS : 0;
}

bool watching_poll(struct ui *ui, bool has_key, bool can_read)
{
    struct watching *w = &ui->watching;
    int64_t now = watch_of(ui) ? clock_monotonic() : 0;
    if (!watch_of(ui))
        return false;
    bool is_heard = has_event(ui);
    if (!((is_heard || has_key) && now >= w->next_look) && !(w->due && now >= w->due)) {
        w->due = w->due ? w->due : is_heard ? w->next_look : next_tick(ui, now);
        return false;
    }
    bool is_changed = file_watch_look(watch_of(ui)), is_settled = w->due && file_watch_is_settled(watch_of(ui));
    int64_t cost = (clock_monotonic() - now) * COST;
    w->next_look = now + (cost > BETWEEN_LOOKS ? cost : BETWEEN_LOOKS);
    w->is_changed |= is_changed;
    w->has_failed &= !is_changed;
    if (!is_changed || !ui->options->watch)
        w->due = next_tick(ui, now);
    else if (!is_settled || !can_read)
        w->due = now + (cost > QUIET ? cost : QUIET);
    else
        return true;
    return false;
}

void watching_accept(struct ui *ui)
{
    if (watch_of(ui))
        file_watch_accept(watch_of(ui));
    ui->watching.due = 0;
}

void watching_ended(struct ui *ui, bool is_whole)
{
    ui->watching.is_changed &= !is_whole;
    ui->watching.has_failed = ui->watching.is_changed;
}

void watching_tell(const struct ui *ui, struct buffer *b)
{
    const struct watching *w = &ui->watching;
    enum action action = w->has_failed ? ACTION_PROBLEMS : ACTION_RELOAD;
    if (!w->is_changed)
        return;
    buffer_puts(b, w->has_failed ? "changed on disk, unreadable" : "changed on disk");
    size_t end = b->len;
    buffer_puts(b, " (");
    if (keys_of(b, &ui->options->config.keymap, action, MODE_TABLE, 1))
        buffer_puts(b, ")");
    else
        b->len = end;
}
