/*
 * Long work is cancelled as soon as another key comes. Until then its cancel token, which the work polls, also redraws
 * a notice with the progress and follows changes of the screen size.
 */
#include "ui/waiting.h"

#include "base/clock.h"
#include "ui/message.h"
#include "ui/screen.h"
#include "ui/term/paint.h"
#include "ui/term/terminal.h"


/*
 * Milliseconds. Work counts as long only if it also used WORKED of processor time, so that a busy machine does not make
 * short work long.
 */
enum { LONG = 50, WORKED = 10, BETWEEN_LOOKS = 20, BETWEEN_WORDS = 500 };

static void tell_progress(struct ui *ui)
{
    struct waiting *w = &ui->waiting;
    w->lines = paint_lines();
    w->columns = paint_columns();
    char count[32];
    const struct cancel_token *c = &w->cancel;
    size_t percent = c->of ? (c->done < c->of ? c->done : c->of) * 100 / c->of : 0;
    bool is_credentials = ui->view.keys && !ui->bars.is_open;
    struct buffer b = {0};
    buffer_printf(&b, "%s %s %s", w->doing ? w->doing : "Working on", text_count(count, sizeof count, ui->view.users),
        is_credentials ? "users' credentials" : ui->report->changes ? "changes" : "users");
    if (percent)
        buffer_printf(&b, ", %zu%%", percent);
    ui_say(ui, "%s... any key cancels", b.data);
    buffer_free(&b);
    w->told_at = clock_monotonic();
    struct buffer note = ui->prompt.note; /* the work may append to it */
    ui->prompt.note = (struct buffer){0};
    if (ui->prompt.kind)
        buffer_puts(&ui->prompt.note, "working");
    ui->draw(ui);
    buffer_free(&ui->prompt.note);
    ui->prompt.note = note;
    ui->message[0] = '\0';
}

static bool is_over(void *context)
{
    struct ui *ui = context;
    struct waiting *w = &ui->waiting;
    int64_t now = clock_monotonic();
    if (now < w->next_look || clock_milliseconds(CLOCK_THREAD_CPUTIME_ID) < w->worked)
        return false;
    w->next_look = now + BETWEEN_LOOKS;
    bool over = terminal_typed() > w->typed || terminal_ended_by();
    if (!over && (w->lines != paint_lines() || w->columns != paint_columns() || now - w->told_at >= BETWEEN_WORDS))
        tell_progress(ui);
    return over;
}

void waiting_begin(struct ui *ui, bool is_typing)
{
    /*
     * Keys typed ahead of a command do not cancel it. While typing a text, they do: the result for the text before the
     * next letter is not needed.
     */
    bool at_once = is_typing && ui->waiting.cancel.has_ended; /* the previous letter's work took long */
    ui->waiting = (struct waiting){.cancel = {.is_over = is_over, .context = ui},
        .typed = is_typing ? 0 : terminal_typed()};
    if (!at_once) {
        ui->waiting.next_look = clock_monotonic() + LONG;
        ui->waiting.worked = clock_milliseconds(CLOCK_THREAD_CPUTIME_ID) + WORKED;
    }
    ui->view.cancel = &ui->waiting.cancel;
}

bool waiting_end(struct ui *ui)
{
    ui->view.cancel = NULL;
    return ui->waiting.cancel.has_ended;
}
