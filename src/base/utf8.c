/* UTF-8 according to RFC 3629. Categories, default-ignorable characters and widths come from utf8proc. */
#include "base/utf8.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

size_t utf8_decode(const char *s, size_t len, uint32_t *cp)
{
    const unsigned char *u = (const unsigned char *)s;
    *cp = UINT32_MAX;
    if (u[0] < 0x80) {
        *cp = u[0];
        return 1;
    }
    size_t n = u[0] >= 0xf0 && u[0] < 0xf5 ? 4 : u[0] >= 0xe0 && u[0] < 0xf0 ? 3 : u[0] >= 0xc2 && u[0] < 0xe0 ? 2 : 0;
    if (n == 0 || n > len)
        return 1;
    uint32_t c = u[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 1;
        c = c << 6 | (u[i] & 0x3f);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 1;
    *cp = c;
    return n;
}

size_t utf8_write(char *out, uint32_t cp)
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)(lead[n == 1 ? 0 : n] | cp);
    return n;
}

bool utf8_is_in_locale(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Symbols by category, but blank in every font: BRAILLE PATTERN BLANK and MUSICAL SYMBOL NULL NOTEHEAD. */
static bool is_blank_symbol(uint32_t cp)
{
    return cp == 0x2800 || cp == 0x1d159;
}

static bool is_visible_property(const utf8proc_property_t *p)
{
    switch (p->category) {
    case UTF8PROC_CATEGORY_CN: /* unassigned */
    case UTF8PROC_CATEGORY_CO: /* private use: fonts may show anything or nothing */
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF: /* bidi controls, zero-width characters, tags */
    case UTF8PROC_CATEGORY_ZS: /* look like U+0020, for which this is not called */
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return !p->ignorable;
    }
}

bool codepoint_is_visible(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= ' ' && cp != 0x7f;
    return cp <= 0x10ffff && !is_blank_symbol(cp) && is_visible_property(utf8proc_get_property((utf8proc_int32_t)cp));
}

/*
 * Returns the width that C libraries and terminals use. utf8proc differs for spacing marks and medial and final jamo.
 */
static int unicode_width(uint32_t cp)
{
    const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)cp);
    if (p->category == UTF8PROC_CATEGORY_MC)
        return 1;
    if (p->boundclass == UTF8PROC_BOUNDCLASS_V || p->boundclass == UTF8PROC_BOUNDCLASS_T)
        return 0;
    return utf8proc_charwidth((utf8proc_int32_t)cp);
}

int codepoint_width(uint32_t cp)
{
    if (cp >= ' ' && cp < 0x7f)
        return 1;
    if (!codepoint_is_visible(cp))
        return -1;
    int width = unicode_width(cp);
    /* in a multibyte locale wcwidth() knows the width that curses uses */
    return MB_CUR_MAX > 1 && wcwidth((wchar_t)cp) != width ? -1 : width;
}
