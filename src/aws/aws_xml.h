/*
 * Reads the XML of AWS's query protocol, either as callbacks or flattened into a list of the elements that have text:
 *
 *     struct aws_xml x;
 *     if (aws_xml_parse(answer, &x, &err))
 *         token = aws_xml_get(&x, "SessionToken");
 *     aws_xml_free(&x);
 */
#ifndef NCRED_AWS_XML_H
#define NCRED_AWS_XML_H

#include "base/error.h"
#include "base/text.h"

enum { AWS_XML_LEAVES_MAX = 64, AWS_XML_DEPTH_MAX = 32 };

struct aws_xml_leaf {
    char *name; /* owned */
    struct buffer text; /* owned; may be a secret */
};

struct aws_xml {
    char *root; /* owned: name of the root element */
    struct aws_xml_leaf leaves[AWS_XML_LEAVES_MAX];
    size_t leaf_count;
};

/* Functions that are called for each element's start, pieces of its text, and its end. */
struct aws_xml_walker {
    void *context;
    void (*start)(void *context, const char *name);
    void (*text)(void *context, struct slice text);
    void (*end)(void *context, const char *name);
};

/*
 * Call the functions of WALKER for all elements of TEXT. Returns false with ERR set if TEXT is broken, has a document
 * type, or is nested more than AWS_XML_DEPTH_MAX elements deep.
 */
bool aws_xml_walk(struct slice text, const struct aws_xml_walker *walker, struct error *err);
/* Fill OUT with the leaves of TEXT, at most AWS_XML_LEAVES_MAX. Free OUT with aws_xml_free(), also after an error. */
bool aws_xml_parse(struct slice text, struct aws_xml *out, struct error *err);
/* Returns the text of the first element of this name, borrowed from X; empty if there is none. */
struct slice aws_xml_get(const struct aws_xml *x, const char *name);
/* Returns the number of elements of this name that have text. */
size_t aws_xml_count(const struct aws_xml *x, const char *name);
/* Wipe and free X; answers of STS contain secrets. */
void aws_xml_free(struct aws_xml *x);

#endif
