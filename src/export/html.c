/* Writes pages row by row; the policy in the head has the digest of the one style sheet. */
#include "export/html.h"

#include "base/base64.h"
#include "base/parallel.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "export/people_text.h"
#include "export/table_piece.h"
#include "report/cell.h"

/*
 * Colours by severity are those of the theme "safe": they differ in lightness, too. Paper gets the light ones, and a
 * table's heading on each sheet.
 */
static const char style[] =
    ":root{color-scheme:light dark;--page:#fff;--text:#1b1b1b;--dim:#595959;--line:#d0d0d0;--stripe:#f5f5f5;"
    "--bar:#5b7a99;--s4:#a3123f;--s3:#b34700;--s2:#7a5c00;--s1:#4d5d6c}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--page:#161616;--text:#e6e6e6;--dim:#a6a6a6;--line:#444;"
    "--stripe:#1f1f1f;--bar:#7fa3c7;--s4:#ff7aa2;--s3:#ffa35c;--s2:#e3c04f;--s1:#a9bccd}}\n"
    "body{margin:0 auto;padding:1rem;max-width:90rem;overflow-wrap:break-word;background:var(--page);color:var(--text);"
    "font:15px/1.4 system-ui,sans-serif}\n"
    "h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:1.5rem 0 .5rem}p,dl{margin:.3rem 0}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:var(--dim)}dd{margin:0}\n"
    ".side{display:flex;flex-wrap:wrap;gap:0 3rem;align-items:flex-start}.side>div{max-width:100%}.wide,.side>div{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0 1rem}\n"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}\n"
    "th,td{padding:.15rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);"
    "overflow-wrap:break-word;unicode-bidi:isolate}\n"
    "thead th{color:var(--dim);font-size:.85em;white-space:nowrap}\n"
    "tbody th{font-weight:400}tbody th,.wide td{white-space:nowrap}"
    "tbody .l{min-width:12rem;white-space:normal;overflow-wrap:anywhere}tbody tr:nth-child(even){background:var(--stripe)}\n"
    ".n{text-align:right;white-space:nowrap}.s{font-weight:600;white-space:nowrap}\n"
    ".s4{color:var(--s4)}.s3{color:var(--s3)}.s2{color:var(--s2)}.s1{color:var(--s1)}.s0{color:var(--bar)}\n"
    "svg{display:block;width:clamp(4rem,15vw,12rem);height:1rem;margin:.15rem 0}"
    "svg.t{width:clamp(4rem,11vw,9rem);height:1.2rem}\n"
    "rect{fill:currentColor}rect.r{fill:var(--line)}polyline{fill:none;stroke:currentColor;stroke-width:1.5;"
    "vector-effect:non-scaling-stroke}\n"
    "footer{color:var(--dim);margin-top:2rem;font-size:.85rem}\n"
    "@media screen and (max-width:45rem){body{padding:.6rem}th,td{padding:.15rem .3rem}tbody th,.wide td{white-space:normal}tbody th{min-width:7rem}"
    "tbody .l{min-width:9rem}"
    "svg,svg.t{width:3rem}}\n"
    "@media print{body{max-width:none;padding:0;font-size:8pt}.wide,.side>div{overflow:visible}svg,svg.t{width:7em}thead{display:table-header-group}"
    "th,td,thead th,tbody th,.wide td{white-space:normal;padding:.1rem .3rem}tbody .l{min-width:8em}.many{font-size:6pt}.many th,.many td{overflow-wrap:anywhere}"
    "tr,svg{break-inside:avoid}h2{break-after:avoid}rect,polyline{print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}@page{size:landscape;margin:10mm}}\n";

static const char *html_entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void put_entities(struct buffer *b, struct slice text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = html_entity(text.data[i]);
        if (!entity)
            continue;
        buffer_add(b, text.data + from, i - from);
        buffer_puts(b, entity);
        from = i + 1;
    }
    if (text.len > from)
        buffer_add(b, text.data + from, text.len - from);
}

void html_put(struct buffer *b, struct slice text, bool ascii)
{
    struct buffer harmless = {0};
    text_harmless(&harmless, text, ascii);
    put_entities(b, (struct slice){harmless.data, harmless.len});
    buffer_free(&harmless);
}

static bool send(struct buffer *b, FILE *out)
{
    if (b->len)
        fwrite(b->data, 1, b->len, out);
    buffer_free(b);
    return !ferror(out);
}

/* Append the digest of the style sheet in Base64, as the policy has it. */
static void put_style_digest(struct buffer *b)
{
    struct sha256 s;
    unsigned char digest[SHA256_SIZE];
    sha256_init(&s);
    sha256_add(&s, style, sizeof style - 1);
    sha256_end(&s, digest);
    base64_encode((struct slice){(const char *)digest, sizeof digest}, b);
}

void html_begin(FILE *out, const char *title, bool ascii)
{
    struct buffer b = {0};
    buffer_puts(&b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
    put_style_digest(&b);
    buffer_puts(&b, "'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>");
    html_put(&b, slice_of(title), ascii);
    buffer_put_all(&b, "</title>\n<style>", style, "</style>\n</head>\n<body>\n<main>\n<h1>");
    html_put(&b, slice_of(title), ascii);
    buffer_puts(&b, "</h1>\n");
    send(&b, out);
}

void html_end(FILE *out)
{
    fputs("</main>\n</body>\n</html>\n", out);
}

/* ---- tables ------------------------------------------------------------------------- */

struct html_rows {
    const struct table *table;
    bool ascii;
    size_t header; /* the column that names the row */
    FILE *out;
};

/* The class of a cell of severity, whatever it holds. */
static int severity_class(struct value v)
{
    return v.state == STATE_VALUE && v.number > 0 && v.number < SEVERITY_COUNT ? (int)v.number : 0;
}

static void put_html_cell(const struct html_rows *h, const struct table *t, size_t row, size_t i, struct buffer *cell,
    struct buffer *out)
{
    enum { LONG_FROM = 25 }; /* bytes of a text that may break within words, so that it does not squeeze the others */
    enum type type = t->columns[i].type;
    struct buffer scratch = {0};
    cell->len = 0;
    people_text_cell(t, row, i, cell, h->ascii);
    bool is_long = cell->len >= LONG_FROM;
    if (i == h->header)
        buffer_puts(out, is_long ? "<th scope=\"row\" class=\"l\">" : "<th scope=\"row\">");
    else if (type_is_right(type))
        buffer_puts(out, "<td class=\"n\">");
    else if (type == TYPE_SEVERITY)
        buffer_printf(out, "<td class=\"s s%d\">", severity_class(t->value(t, row, i, &scratch)));
    else
        buffer_puts(out, is_long ? "<td class=\"l\">" : "<td>");
    put_entities(out, (struct slice){cell->data, cell->len});
    buffer_puts(out, i == h->header ? "</th>" : "</td>");
    buffer_free(&scratch);
}

static size_t put_html_rows(void *rows, size_t from, size_t to, struct buffer *out)
{
    const struct html_rows *h = rows;
    struct table_piece piece;
    struct buffer cell = {0};
    size_t row = from;
    table_piece_begin(&piece, h->table, from, to);
    for (; row < to && out->len < PARALLEL_TEXT_ENOUGH; row++) {
        table_piece_prefetch(&piece, row);
        buffer_puts(out, "<tr>");
        for (size_t i = 0; i < piece.table.column_count; i++)
            put_html_cell(h, &piece.table, row, i, &cell, out);
        buffer_puts(out, "</tr>\n");
    }
    table_piece_end(&piece);
    buffer_free(&cell);
    return row;
}

static bool send_html_rows(void *rows, struct slice text)
{
    const struct html_rows *h = rows;
    return !text.len || fwrite(text.data, 1, text.len, h->out) == text.len;
}

/* Returns the column that names a row: the user, the name of what is counted, or else the first. */
static size_t header_column(const struct table *t)
{
    static const char *const names[] = {"user", "name", "value"};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        for (size_t i = 0; i < t->column_count; i++) {
            if (strcmp(t->columns[i].name, names[n]) == 0)
                return i;
        }
    }
    return 0;
}

/*
 * A wide table scrolls in a box of its own, which the keyboard can reach; on paper its words are broken where need
 * be.
 */
static void put_table_head(struct buffer *b, const struct table *t, const char *caption, bool ascii)
{
    enum { MANY_COLUMNS = 12 };
    buffer_puts(b, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
    html_put(b, slice_of(caption), ascii);
    buffer_put_all(b, "\">\n<table", t->column_count > MANY_COLUMNS ? " class=\"many\"" : "", ">\n<caption>");
    html_put(b, slice_of(caption), ascii);
    buffer_puts(b, "</caption>\n<thead>\n<tr>");
    for (size_t i = 0; i < t->column_count; i++) {
        struct buffer heading = {0};
        people_text_heading(&t->columns[i], &heading, ascii);
        buffer_puts(b, type_is_right(t->columns[i].type) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        put_entities(b, (struct slice){heading.data, heading.len});
        buffer_puts(b, "</th>");
        buffer_free(&heading);
    }
    buffer_puts(b, "</tr>\n</thead>\n<tbody>\n");
}

bool html_table(const struct table *t, const char *caption, bool ascii, FILE *out)
{
    enum { ROWS_AT_ONCE = 1 << 9 };
    struct html_rows h = {t, ascii, header_column(t), out};
    struct buffer head = {0};
    put_table_head(&head, t, caption, ascii);
    if (!send(&head, out)
        || !parallel_text(t->row_count, ROWS_AT_ONCE, put_html_rows, send_html_rows, &h, t->cancel))
        return false;
    fputs("</tbody>\n</table>\n</div>\n", out);
    return !ferror(out);
}

void html_write(const struct table *t, bool ascii, FILE *out)
{
    struct buffer caption = {0}, about = {0};
    char number[32], stamp[32];
    const char *title = t->title ? t->title : "Table";
    buffer_printf(&caption, "%s: %s row%s", title, text_count(number, sizeof number, t->row_count),
        t->row_count == 1 ? "" : "s");
    html_begin(out, title, ascii);
    if (t->report)
        buffer_printf(&about, "<p>as of %s</p>\n", timestamp_format(stamp, sizeof stamp, t->report->as_of));
    if (send(&about, out) && html_table(t, caption.data, ascii, out))
        html_end(out);
    buffer_free(&caption);
}

/* ---- drawings ----------------------------------------------------------------------- */

/* Coordinates are whole thousandths of the width: a decimal point would depend on the locale. */
enum { DRAWN_WIDTH = 1000, DRAWN_HEIGHT = 100 };

void html_bar(struct buffer *b, size_t part, size_t whole, bool is_share, enum severity severity)
{
    size_t width = whole ? (size_t)((double)part / (double)whole * DRAWN_WIDTH) : 0;
    width = part && !width ? 1 : width > DRAWN_WIDTH ? DRAWN_WIDTH : width;
    buffer_printf(b, "<svg class=\"s%d\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
        (int)severity, DRAWN_WIDTH, DRAWN_HEIGHT);
    if (is_share)
        buffer_printf(b, "<rect class=\"r\" width=\"%d\" height=\"%d\"/>", DRAWN_WIDTH, DRAWN_HEIGHT);
    buffer_printf(b, "<rect width=\"%zu\" height=\"%d\"/></svg>", width, DRAWN_HEIGHT);
}

/* Append the line through points FROM to TO - 1, all known, of COUNT. */
static void put_polyline(struct buffer *b, const uint32_t *numbers, const size_t *places, size_t from, size_t to,
    size_t count, uint32_t most)
{
    enum { MARGIN = 5, DASH = 10 };
    unsigned x = 0, y = 0;
    buffer_puts(b, "<polyline points=\"");
    for (size_t i = from; i < to; i++) {
        x = (unsigned)(count > 1 ? i * DRAWN_WIDTH / (count - 1) : 0);
        y = (unsigned)(DRAWN_HEIGHT - MARGIN - (uint64_t)numbers[places[i]] * (DRAWN_HEIGHT - 2 * MARGIN) / most);
        buffer_printf(b, "%s%u,%u", i > from ? " " : "", x, y);
    }
    if (to - from == 1) /* a point has no length */
        buffer_printf(b, " %u,%u", count == 1 ? DRAWN_WIDTH : x == DRAWN_WIDTH ? x - DASH : x + DASH, y);
    buffer_puts(b, "\"/>");
}

void html_line(struct buffer *b, const uint32_t *numbers, size_t count, enum severity severity)
{
    enum { POINTS_MAX = 400 };
    size_t places[POINTS_MAX], shown = count < POINTS_MAX ? count : POINTS_MAX;
    uint32_t most = 1;
    for (size_t i = 0; i < count; i++)
        most = numbers[i] > most && numbers[i] != HTML_UNKNOWN ? numbers[i] : most;
    for (size_t i = 0; i < shown; i++) /* of more points, some at even distances and the last */
        places[i] = shown > 1 ? i * (count - 1) / (shown - 1) : 0;
    buffer_printf(b, "<svg class=\"t s%d\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
        (int)severity, DRAWN_WIDTH, DRAWN_HEIGHT);
    for (size_t from = 0, to; from < shown; from = to + 1) {
        for (to = from; to < shown && numbers[places[to]] != HTML_UNKNOWN; to++)
            ;
        if (to > from)
            put_polyline(b, numbers, places, from, to, shown, most);
    }
    buffer_puts(b, "</svg>");
}
