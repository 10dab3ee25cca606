/*
 * Reads AWS's XML with expat. Document types are refused, and so are all entities but XML's own five. Memory is wiped
 * before it is released, because answers contain secrets.
 */
#include "aws/aws_xml.h"

#include "base/wipe.h"

#include <config.h>
#include <expat.h>
#include <limits.h>
#include <stdlib.h>

/*
 * Returns the line at which expat is, from 1. Newer versions deprecate the function whose result may have only 32 bits.
 */
static unsigned long long line_of(XML_Parser parser)
{
#if HAVE_DECL_XML_GETCURRENTLINENUMBER64
    return XML_GetCurrentLineNumber64(parser);
#else
    return XML_GetCurrentLineNumber(parser);
#endif
}

struct walking {
    const struct aws_xml_walker *walker;
    XML_Parser parser;
    size_t depth;
    bool doctype;
};

static void on_start(void *data, const char *name, const char **attributes)
{
    struct walking *w = data;
    (void)attributes;
    if (++w->depth > AWS_XML_DEPTH_MAX)
        XML_StopParser(w->parser, XML_FALSE);
    else
        w->walker->start(w->walker->context, name);
}

static void on_text(void *data, const char *text, int len)
{
    const struct walking *w = data;
    w->walker->text(w->walker->context, (struct slice){text, (size_t)len});
}

static void on_end(void *data, const char *name)
{
    struct walking *w = data;
    w->depth--;
    w->walker->end(w->walker->context, name);
}

static void on_doctype(void *data, const char *name, const char *system_id, const char *public_id, int internal)
{
    struct walking *w = data;
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)internal;
    w->doctype = true;
    XML_StopParser(w->parser, XML_FALSE);
}

bool aws_xml_walk(struct slice text, const struct aws_xml_walker *walker, struct error *err)
{
    if (text.len > INT_MAX)
        return error_set(err, "XML of more than 2 GiB");
    static const XML_Memory_Handling_Suite memory = {wipe_malloc, wipe_realloc, wipe_free};
    /* a declaration may still name the encoding that a file had before it was decoded */
    enum { DECLARATION = 80 };
    struct slice start = {text.data, text.len < DECLARATION ? text.len : DECLARATION};
    const char *encoding = slice_contains_nocase(start, slice_of("utf-16")) ? "UTF-8" : NULL;
    struct walking w = {.walker = walker, .parser = XML_ParserCreate_MM(encoding, &memory, NULL)};
    if (!w.parser)
        return error_set(err, "cannot start expat");
    XML_SetUserData(w.parser, &w);
    XML_SetElementHandler(w.parser, on_start, on_end);
    XML_SetCharacterDataHandler(w.parser, on_text);
    XML_SetStartDoctypeDeclHandler(w.parser, on_doctype);
    bool ok = XML_Parse(w.parser, text.data, (int)text.len, 1) == XML_STATUS_OK;
    if (w.doctype)
        error_set(err, "XML with a document type, which AWS does not send");
    else if (w.depth > AWS_XML_DEPTH_MAX)
        error_set(err, "XML nested more than %d deep", AWS_XML_DEPTH_MAX);
    else if (!ok)
        error_set(err, "broken XML at line %llu: %s", line_of(w.parser),
            XML_ErrorString(XML_GetErrorCode(w.parser)));
    XML_ParserFree(w.parser);
    return ok;
}

/* ---- flattened ---- */

struct xml_reading {
    struct aws_xml *out;
    struct buffer text; /* owned: text of the present element so far */
    bool leaf;          /* the present element has had no child so far */
};

static void leaf_start(void *data, const char *name)
{
    struct xml_reading *r = data;
    if (!r->out->root)
        r->out->root = xstrdup(name);
    r->leaf = true;
    r->text.len = 0;
}

static void leaf_text(void *data, struct slice text)
{
    struct xml_reading *r = data;
    /* large enough for a session token, because growing would leave copies that are not wiped */
    if (!r->text.data) {
        r->text.data = xcalloc(4096, 1);
        r->text.cap = 4096;
    }
    buffer_add(&r->text, text.data, text.len);
}

static void leaf_end(void *data, const char *name)
{
    struct xml_reading *r = data;
    if (r->leaf && r->text.len && r->out->leaf_count < AWS_XML_LEAVES_MAX) {
        r->out->leaves[r->out->leaf_count++] = (struct aws_xml_leaf){xstrdup(name), r->text};
        r->text = (struct buffer){0};
    }
    r->leaf = false;
    r->text.len = 0;
}

bool aws_xml_parse(struct slice text, struct aws_xml *out, struct error *err)
{
    *out = (struct aws_xml){0};
    struct xml_reading r = {.out = out};
    struct aws_xml_walker walker = {&r, leaf_start, leaf_text, leaf_end};
    bool ok = aws_xml_walk(text, &walker, err);
    wipe_buffer(&r.text);
    return ok;
}

struct slice aws_xml_get(const struct aws_xml *x, const char *name)
{
    for (size_t i = 0; i < x->leaf_count; i++) {
        if (strcmp(x->leaves[i].name, name) == 0)
            return (struct slice){x->leaves[i].text.data, x->leaves[i].text.len};
    }
    return (struct slice){"", 0};
}

size_t aws_xml_count(const struct aws_xml *x, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < x->leaf_count; i++)
        n += strcmp(x->leaves[i].name, name) == 0;
    return n;
}

void aws_xml_free(struct aws_xml *x)
{
    for (size_t i = 0; i < x->leaf_count; i++) {
        free(x->leaves[i].name);
        wipe_buffer(&x->leaves[i].text);
    }
    free(x->root);
    *x = (struct aws_xml){0};
}
