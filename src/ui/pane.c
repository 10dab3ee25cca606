/* Writing into the detail pane: entries wrap, and lines outside the pane are only counted. */
#include "ui/pane.h"

#include "ui/screen.h"
#include "ui/term/paint.h"

bool pane_in_sight(const struct pane *p)
{
    return p->line >= p->ui->detail_top && p->line < p->ui->detail_top + (size_t)p->height;
}

int pane_y(const struct pane *p)
{
    return p->y + (int)(p->line - p->ui->detail_top);
}

/* Longest text shown, in bytes; and the most columns that one byte can take after text_harmless(). */
enum { PANE_TEXT_MAX = 1 << 14, ESCAPED_MAX = 8 };

void pane_entry(struct pane *p, const char *label, int label_width, struct slice text, enum role role)
{
    struct buffer b = {0};
    char number[32];
    int room = p->width - label_width;
    room = room > 0 ? room : 1;
    if (!pane_in_sight(p) && text.len * ESCAPED_MAX <= (size_t)room) { /* certainly one line, and not visible */
        p->line++;
        return;
    }
    size_t all = text.len;
    text.len = all > PANE_TEXT_MAX ? text_start(text, PANE_TEXT_MAX) : all;
    text_harmless(&b, text, paint_is_ascii());
    if (text.len < all)
        buffer_printf(&b, " %s (%s bytes in all)", paint_glyph(GLYPH_CUT), text_count(number, sizeof number, all));
    buffer_puts(&b, "");
    struct slice rest = {b.data, b.len};
    for (bool first = true; first || rest.len; first = false, p->line++) {
        size_t n = text_first_line(rest, (size_t)room);
        if (pane_in_sight(p) && first && label_width)
            paint_text(pane_y(p), p->x, label_width - 1, slice_of(label), ROLE_LABEL);
        if (pane_in_sight(p))
            paint_text(pane_y(p), p->x + label_width, room, (struct slice){rest.data, n}, role);
        n += n < rest.len && rest.data[n] == ' ';
        rest = (struct slice){rest.data + n, rest.len - n};
    }
    buffer_free(&b);
}

void pane_line(struct pane *p, const char *label, struct buffer *b, enum role role)
{
    pane_entry(p, label, PANE_LABEL, (struct slice){b->data, b->len}, role);
    b->len = 0;
}

void pane_field(struct pane *p, const char *name, int name_width, struct slice text, enum role role)
{
    enum { NAME_MIN = 10 };
    int left = p->width - PANE_TIME, width = left < NAME_MIN ? p->width / 2 : left < name_width ? left : name_width;
    bool is_long = (int)text_width(slice_of(name)) >= width;
    if (is_long)
        pane_entry(p, "", 0, slice_of(name), ROLE_LABEL);
    pane_entry(p, is_long ? "" : name, width, text, role);
}

void pane_heading(struct pane *p, const char *title)
{
    p->line++;
    pane_entry(p, "", 0, slice_of(title), ROLE_HEADER);
}
