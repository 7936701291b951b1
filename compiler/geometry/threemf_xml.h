/* Private to geometry/: XML as the parts of a 3MF package have it, read as its bytes come. Document types are refused, and
   with them all entities; so are names and remarks of megabytes, and depths that no part has. */
#ifndef FLOW_GEOMETRY_THREEMF_XML_H
#define FLOW_GEOMETRY_THREEMF_XML_H

#include "geometry/mesh.h"

#include <expat.h>

/* What names of the production extension begin with. */
#define XML_PRODUCTION "http://schemas.microsoft.com/3dmanufacturing/production/2015/06|"

struct xml;

/* Names are `namespace|name`, or the name alone. begin and end return false where they have told a problem. */
struct xml_handlers {
    bool (*begin)(struct xml *xml, const char *name, const char **attributes);
    bool (*end)(struct xml *xml);
    void (*text)(struct xml *xml, const char *text, int length);
};

struct xml {
    XML_Parser parser;
    const char *part; /* for problems */
    struct mesh *mesh;
    const struct xml_handlers *handlers;
    int depth;
    int64_t taken; /* bytes */
    struct {
        char prefix[16];
        bool is_known; /* an extension that changes nothing about the shape, or one that we read */
    } declared[32];    /* on the root element */
    int declared_count;
};

void xml_open(struct xml *xml, const char *part, struct mesh *mesh,
              const struct xml_handlers *handlers);
bool xml_take(struct xml *xml, const char *bytes, int length);
/* sound: whether all bytes came. False with a problem where they did not, or are not the whole of a document. */
bool xml_close(struct xml *xml, bool sound);

/* The line of the element that is being handled. */
unsigned long xml_line(const struct xml *xml);
/* Tells a problem with the part and the line; false. The document is read no further. */
bool xml_problem(struct xml *xml, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The name within 3MF's core specification; NULL for one of another namespace. */
const char *xml_core_name(const char *name);
/* Whether all these prefixes, with blanks between, are of extensions that we can read or leave out. */
bool xml_require(struct xml *xml, const char *prefixes);

/* Adds characters to a text of that size, and leaves out what has no room. */
void xml_append(char *text, size_t size, const char *more, int length);

#endif
