/* As the AWS CLI, the API, spreadsheets and gzip write them. */
#include "wrap.h"

#include "base/memory.h"
#include "fuzz.h"

#include <zlib.h>

static const char time_text[] = "2026-06-15T12:00:00+00:00";

/* LINE: characters per line; 0: all in one. */
static void put_base64(struct buffer *out, struct slice s, size_t line)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t written = 0;
    for (size_t i = 0; i < s.len; i += 3) {
        uint32_t three = (uint32_t)(unsigned char)s.data[i] << 16;
        three |= i + 1 < s.len ? (uint32_t)(unsigned char)s.data[i + 1] << 8 : 0;
        three |= i + 2 < s.len ? (unsigned char)s.data[i + 2] : 0;
        for (int k = 0; k < 4; k++) {
            bool is_there = i + (size_t)(k ? k - 1 : 0) < s.len;
            buffer_putc(out, is_there ? letters[three >> (18 - 6 * k) & 63] : '=');
        }
        written += 4;
        if (line && written % line == 0)
            buffer_putc(out, '\n');
    }
}

static void put_gzip(struct buffer *out, struct slice s)
{
    z_stream z = {0};
    if (deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return;
    size_t room = deflateBound(&z, s.len);
    char *packed = xcalloc(room, 1);
    z.next_in = (Bytef *)(uintptr_t)s.data;
    z.avail_in = (uInt)s.len;
    z.next_out = (Bytef *)packed;
    z.avail_out = (uInt)room;
    FUZZ_CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
    buffer_add(out, packed, z.total_out);
    deflateEnd(&z);
    free(packed);
}

static void put_json_string(struct buffer *out, struct slice s)
{
    buffer_putc(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c < ' ')
            buffer_printf(out, "\\u%04x", c);
        else if (c == '"' || c == '\\')
            buffer_printf(out, "\\%c", c);
        else
            buffer_putc(out, (char)c);
    }
    buffer_putc(out, '"');
}

static void put_xml(struct buffer *out, struct slice s)
{
    buffer_puts(out, "<GetCredentialReportResponse><GetCredentialReportResult><Content>");
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '<' || s.data[i] == '&')
            buffer_puts(out, s.data[i] == '<' ? "&lt;" : "&amp;");
        else
            buffer_putc(out, s.data[i]);
    }
    buffer_printf(out, "</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>%s</GeneratedTime>"
        "</GetCredentialReportResult></GetCredentialReportResponse>\n", time_text);
}

/* Each code point as one or two units of two bytes; a byte that is no UTF-8 is a unit of its own. */
static void put_utf16(struct buffer *out, struct slice s, bool is_big)
{
    uint32_t units[2] = {0xfeff, 0};
    size_t count = 1;
    for (size_t i = 0;;) {
        for (size_t k = 0; k < count; k++) {
            buffer_putc(out, (char)(is_big ? units[k] >> 8 : units[k] & 0xff));
            buffer_putc(out, (char)(is_big ? units[k] & 0xff : units[k] >> 8));
        }
        if (i == s.len)
            return;
        uint32_t cp;
        i += utf8_decode(s.data + i, s.len - i, &cp);
        cp = cp > 0x10ffff ? 0xfffd : cp;
        count = cp < 0x10000 ? 1 : 2;
        units[0] = count == 1 ? cp : 0xd800 + ((cp - 0x10000) >> 10);
        units[1] = 0xdc00 + ((cp - 0x10000) & 0x3ff);
    }
}

/*
 * CSV with quotation marks around every field, or its rows as JSON objects; as far as it is CSV without quotation
 * marks.
 */
static void put_fields(struct buffer *out, struct slice s, bool is_json)
{
    enum { NAMES = 8 };
    struct slice names[NAMES];
    size_t name_count = 0;
    buffer_puts(out, is_json ? "[" : "");
    for (size_t i = 0, row = 0; i < s.len; row++) {
        buffer_puts(out, is_json && row ? row > 1 ? ",{" : "{" : "");
        for (size_t field = 0; i < s.len; field++) {
            size_t from = i;
            while (i < s.len && s.data[i] != ',' && s.data[i] != '\n')
                i++;
            struct slice text = {s.data + from, i - from};
            if (is_json && !row && field < NAMES)
                names[name_count++] = text;
            if (!is_json || (row && field < name_count)) {
                buffer_puts(out, field ? "," : "");
                if (is_json)
                    put_json_string(out, names[field]);
                buffer_puts(out, is_json ? ":" : "");
                if (is_json)
                    put_json_string(out, text);
                else
                    buffer_printf(out, "\"%.*s\"", (int)text.len, text.data);
            }
            if (i == s.len || s.data[i++] == '\n')
                break;
        }
        buffer_puts(out, is_json ? row ? "}" : "" : "\n");
    }
    buffer_puts(out, is_json ? "]" : "");
}

void wrap(struct buffer *out, enum wrap_kind kind, struct slice bytes)
{
    switch (kind) {
    case WRAP_BASE64: put_base64(out, bytes, 0); break;
    case WRAP_BASE64_LINES: put_base64(out, bytes, 76); break;
    case WRAP_GZIP: put_gzip(out, bytes); break;
    case WRAP_JSON_STRING: put_json_string(out, bytes); break;
    case WRAP_JSON:
        buffer_puts(out, "{\"Content\":");
        put_json_string(out, bytes);
        buffer_printf(out, ",\"GeneratedTime\":\"%s\"}", time_text);
        break;
    case WRAP_JSON_ROWS: put_fields(out, bytes, true); break;
    case WRAP_XML: put_xml(out, bytes); break;
    case WRAP_YAML:
        buffer_puts(out, "Content: ");
        put_json_string(out, bytes);
        buffer_printf(out, "\nGeneratedTime: '%s'\n", time_text);
        break;
    case WRAP_CLI_TEXT:
        buffer_add(out, bytes.data, bytes.len);
        buffer_printf(out, "\t%s\ttext/csv\n", time_text);
        break;
    case WRAP_BOM:
        buffer_puts(out, "\xef\xbb\xbf");
        buffer_add(out, bytes.data, bytes.len);
        break;
    case WRAP_UTF16_LE:
    case WRAP_UTF16_BE: put_utf16(out, bytes, kind == WRAP_UTF16_BE); break;
    case WRAP_QUOTED: put_fields(out, bytes, false); break;
    case WRAP_KINDS: break;
    }
}
