/* The documents that are open in the editor, and their texts, which stand before the files. */
#ifndef FLOW_LSP_DOCUMENTS_H
#define FLOW_LSP_DOCUMENTS_H

#include "base/buffer.h"
#include "base/inputs.h"
#include "flowc/lsp/places.h"

#include <jansson.h>

struct document {
    char *uri; /* as the editor writes it */
    char *path;
    struct buffer text;
    struct lined_text lined; /* of the text: see document_lines */
    json_int_t version;
};

struct documents {
    struct document **items;  /* sorted by path */
    struct input_text *texts; /* theirs, to stand in for the files */
    int count, capacity;
};

/* NULL where none is open. */
struct document *documents_find(const struct documents *documents, const char *path);
/* Opens it, or takes the text of one that is open. The text is copied. */
struct document *documents_open(struct documents *documents, const char *uri, const char *path,
                                const char *text, size_t length, json_int_t version);
void documents_shut(struct documents *documents, struct document *document);
void documents_close(struct documents *documents);

/* Puts text in the place of bytes [begin, end). */
void document_replace(struct documents *documents, struct document *document, uint32_t begin,
                      uint32_t end, const char *text, size_t length);
const struct lined_text *document_lines(struct document *document);
/* Whether it is a YAML file: read by the eyes of who uses it, and no text of the language. */
bool is_yaml(const char *path);
/* Whether the path ends so: ".flow". */
bool path_ends(const char *path, const char *ending);

#endif
