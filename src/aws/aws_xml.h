/* The XML of AWS's query protocol, flattened: the root's name, and the text of each element that has text. */
#ifndef NCRED_AWS_XML_H
#define NCRED_AWS_XML_H

#include "base/error.h"
#include "base/text.h"

enum { AWS_XML_LEAVES_MAX = 64, AWS_XML_DEPTH_MAX = 32 };

struct aws_xml_leaf {
    char *name; /* owned */
    struct buffer text;
};

struct aws_xml {
    char *root; /* owned; the first element's name */
    struct aws_xml_leaf leaves[AWS_XML_LEAVES_MAX];
    size_t leaf_count;
};

/* What is called for each element's start, a part of its text, and its end. */
struct aws_xml_walker {
    void *context;
    void (*start)(void *context, const char *name);
    void (*text)(void *context, struct slice text);
    void (*end)(void *context, const char *name);
};

/* Walk through TEXT, at most AWS_XML_DEPTH_MAX elements deep. False: it is broken, or has a document type. */
bool aws_xml_walk(struct slice text, const struct aws_xml_walker *walker, struct error *err);
/* Read TEXT; leaves beyond the limit are left out. OUT is freed with aws_xml_free, after an error too. */
bool aws_xml_parse(struct slice text, struct aws_xml *out, struct error *err);
/* The text of the first element of that name; empty when there is none. */
struct slice aws_xml_get(const struct aws_xml *x, const char *name);
/* How many elements of that name have text. */
size_t aws_xml_count(const struct aws_xml *x, const char *name);
/* Free it, wiping the texts first, for an answer of STS holds a secret. */
void aws_xml_free(struct aws_xml *x);

#endif
