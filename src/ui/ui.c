/* Starting and leaving curses, the main loop, and what each key does. */
#include "ui_priv.h"

#include "../stamp.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t ended_by;

static void on_end(int sig)
{
    ended_by = sig;
}

void ui_put(const struct ui *ui, int y, int x, int width, struct slice text, bool right)
{
    if (width <= 0 || y < 0 || y >= LINES || x < 0 || x >= COLS)
        return;
    if (x + width > COLS)
        width = COLS - x;
    struct buffer b = {0};
    text_harmless(&b, text, ui->options->ascii);
    buffer_puts(&b, "");
    size_t n = text_fit((struct slice){b.data, b.len}, (size_t)width);
    int used = (int)text_width((struct slice){b.data, n});
    mvaddnstr(y, right ? x + width - used : x, b.data, (int)n);
    if (n < b.len)
        mvaddch(y, x + width - 1, '~');
    buffer_free(&b);
}

static void draw_status(struct ui *ui)
{
    char shown[32], all[32], stamp[32];
    struct buffer b = {0};
    buffer_printf(&b, " %s of %s", text_count(shown, sizeof shown, ui->view.count), text_count(all, sizeof all, ui->report->row_count));
    buffer_printf(&b, "  as of %.16sZ (%s)", stamp_format(stamp, sizeof stamp, ui->report->as_of), ui->why);
    if (ui->report->problem_count)
        buffer_printf(&b, "  %zu problems", ui->report->problem_count);
    for (size_t i = 0; i < ui->view.filter_count; i++)
        buffer_printf(&b, "  %s%s", ui->view.filters[i].inverted ? "not " : "", ui->view.filters[i].text);
    if (LINES > 2)
        ui_put(ui, LINES - 2, 0, COLS, (struct slice){b.data, b.len}, false);
    ui_put(ui, LINES - 1, 0, COLS, slice_of(ui->message[0] ? ui->message
        : " & filter  / search  s sort  I invert  Tab columns  Enter detail  Esc back  q quit"), false);
    buffer_free(&b);
}

void ui_draw(struct ui *ui)
{
    erase();
    int height = LINES > 3 ? LINES - 2 : 1;
    bool beside = ui->detail && COLS >= 120;
    int table = beside ? 78 : COLS;
    if (!ui->detail || beside)
        table_draw(ui, 0, height, table);
    if (ui->detail)
        detail_draw(ui, 0, beside ? table + 1 : 0, height, beside ? COLS - table - 1 : COLS);
    draw_status(ui);
}

static void preview(struct ui *ui, struct slice text, struct buffer *note)
{
    struct error err;
    bool inverted = text.len && text.data[0] == '!';
    struct slice rest = inverted ? (struct slice){text.data + 1, text.len - 1} : text;
    struct query *q = query_parse(rest, &err);
    char n[32], all[32];
    if (q)
        buffer_printf(note, "%s of %s", text_count(n, sizeof n, view_count_with(&ui->view, q, inverted)),
            text_count(all, sizeof all, ui->report->row_count));
    else if (text.len)
        buffer_puts(note, err.text);
    query_free(q);
}

static void ask_filter(struct ui *ui)
{
    struct buffer line = {0};
    struct error err;
    if (prompt_read(ui, "& ", &line, preview) && line.len) {
        bool inverted = line.data[0] == '!';
        if (!view_add_filter(&ui->view, (struct slice){line.data + inverted, line.len - inverted}, inverted, &err))
            snprintf(ui->message, sizeof ui->message, " at %zu: %.200s", err.offset + inverted, err.text);
    }
    buffer_free(&line);
}

static void search(struct ui *ui, int step)
{
    if (ui->search.len && !view_search(&ui->view, (struct slice){ui->search.data, ui->search.len}, step))
        snprintf(ui->message, sizeof ui->message, " nothing found");
}

static void ask_sort(struct ui *ui)
{
    struct buffer line = {0};
    struct error err;
    struct sort_order order;
    if (prompt_read(ui, "sort by (-idle,user): ", &line, NULL) && line.len) {
        if (sort_parse(&order, (struct slice){line.data, line.len}, &err)) {
            ui->view.sort = order;
            view_refresh(&ui->view);
        } else {
            snprintf(ui->message, sizeof ui->message, " %.200s", err.text);
        }
    }
    buffer_free(&line);
}

/* Move the sort to the next visible column. */
static void shift_sort(struct ui *ui, int step)
{
    enum column columns[OPTIONS_COLUMNS_MAX];
    int n = table_columns(ui, columns), at = 0;
    for (int i = 0; i < n; i++) {
        if (ui->view.sort.count && columns[i] == ui->view.sort.keys[0].column)
            at = i + step;
    }
    view_sort_by(&ui->view, columns[(at + n) % n]);
}

static void back(struct ui *ui)
{
    if (ui->detail) {
        ui->detail = false;
    } else if (ui->view.filter_count) {
        view_remove_filter(&ui->view, ui->view.filter_count - 1);
        view_refresh(&ui->view);
    }
}

static void handle_key(struct ui *ui, int c)
{
    long page = (long)ui->view.height;
    ui->message[0] = '\0';
    switch (c) {
    case 'q': ui->quit = true; break;
    case 'j': case KEY_DOWN: view_move(&ui->view, 1); break;
    case 'k': case KEY_UP: view_move(&ui->view, -1); break;
    case KEY_NPAGE: case 6: view_move(&ui->view, page); break;
    case KEY_PPAGE: case 2: view_move(&ui->view, -page); break;
    case 'g': case KEY_HOME: view_move(&ui->view, -(long)ui->view.count); break;
    case 'G': case KEY_END: view_move(&ui->view, (long)ui->view.count); break;
    case '\t': ui->set = (ui->set + 1) % table_set_count(); break;
    case '\n': case KEY_ENTER: ui->detail = true; ui->detail_top = 0; break;
    case ' ': if (ui->detail) ui->detail_top = ui->detail_top > COL_COUNT ? 0 : ui->detail_top + 10; break;
    case 27: back(ui); break;
    case '&': ask_filter(ui); break;
    case 's': ask_sort(ui); break;
    case '<': shift_sort(ui, -1); break;
    case '>': shift_sort(ui, 1); break;
    case 'I': if (ui->view.sort.count) view_sort_by(&ui->view, ui->view.sort.keys[0].column); break;
    case '/': ui->search.len = 0; if (prompt_read(ui, "/", &ui->search, NULL)) search(ui, 1); break;
    case 'n': search(ui, 1); break;
    case 'N': search(ui, -1); break;
    case 12: clearok(stdscr, TRUE); break;
    default: break;
    }
}

/* Keys come from the terminal even when the report is standard input. */
static bool start(FILE **tty)
{
    *tty = isatty(STDIN_FILENO) ? NULL : fopen("/dev/tty", "r");
    SCREEN *s = newterm(NULL, stdout, *tty ? *tty : stdin);
    if (!s)
        s = newterm("vt100", stdout, *tty ? *tty : stdin);
    if (!s)
        return false;
    set_term(s);
    cbreak();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    set_escdelay(25);
    struct sigaction act = {.sa_handler = on_end};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGHUP, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    return true;
}

int ui_run(const struct options *o, struct report *r, const char *why)
{
    struct ui ui = {.options = o, .report = r, .why = why};
    struct error err;
    FILE *tty;
    if (!start(&tty)) {
        fputs("ncred: cannot use this terminal; try -o text, or TERM=vt100\n", stderr);
        return 2;
    }
    view_init(&ui.view, r);
    ui.view.sort = o->sort;
    for (size_t i = 0; i < o->filter_count; i++)
        view_add_filter(&ui.view, slice_of(o->filter_texts[i]), false, &err);
    view_refresh(&ui.view);
    while (!ui.quit && !ended_by) {
        ui_draw(&ui);
        refresh();
        errno = 0;
        int c = getch();
        if (c != ERR)
            handle_key(&ui, c == '\r' ? '\n' : c);
        else if (errno != EINTR)
            break; /* the terminal is gone */
    }
    endwin();
    view_free(&ui.view);
    buffer_free(&ui.search);
    return ended_by ? 128 + (int)ended_by : 0;
}
