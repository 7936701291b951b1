#include "flowc/lsp/documents.h"

#include "base/memory.h"
#include "base/sorted.h"

#include <stdlib.h>
#include <string.h>

bool path_ends(const char *path, const char *ending)
{
    size_t length = strlen(path), end = strlen(ending);
    return length > end && strcmp(path + length - end, ending) == 0;
}

bool is_yaml(const char *path)
{
    return path_ends(path, ".yaml") || path_ends(path, ".yml");
}

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(memory_alloc(size), text, size);
}

static const char *path_of(const void *list, int index)
{
    return ((const struct documents *)list)->items[index]->path;
}

static int place_among(const struct documents *documents, const char *path, bool *there)
{
    return sorted_place(documents, documents->count, path_of, path, there);
}

struct document *documents_find(const struct documents *documents, const char *path)
{
    bool there;
    int at = place_among(documents, path, &there);
    return there ? documents->items[at] : NULL;
}

/* What stands in for the files is the texts where they are now. */
static void show_texts(struct documents *documents)
{
    for (int i = 0; i < documents->count; i++) {
        const struct document *document = documents->items[i];
        documents->texts[i] = (struct input_text){document->path, buffer_text(&document->text),
                                                  document->text.length};
    }
}

static struct document *insert(struct documents *documents, int at, const char *path)
{
    if (documents->count == documents->capacity) {
        documents->capacity = documents->capacity ? documents->capacity * 2 : 16;
        size_t capacity = (size_t)documents->capacity;
        documents->items = memory_resize(documents->items, sizeof *documents->items * capacity);
        documents->texts = memory_resize(documents->texts, sizeof *documents->texts * capacity);
    }
    memmove(documents->items + at + 1, documents->items + at,
            sizeof *documents->items * (size_t)(documents->count - at));
    documents->count++;
    documents->items[at] = memory_zeroed(1, sizeof **documents->items);
    documents->items[at]->path = copy(path);
    return documents->items[at];
}

struct document *documents_open(struct documents *documents, const char *uri, const char *path,
                                const char *text, size_t length, json_int_t version)
{
    bool there;
    int at = place_among(documents, path, &there);
    struct document *document = there ? documents->items[at] : insert(documents, at, path);
    free(document->uri);
    document->uri = copy(uri);
    document->version = version;
    document_replace(documents, document, 0, (uint32_t)document->text.length, text, length);
    return document;
}

static void document_free(struct document *document)
{
    lined_text_close(&document->lined);
    buffer_free(&document->text);
    free(document->uri);
    free(document->path);
    free(document);
}

void documents_shut(struct documents *documents, struct document *document)
{
    bool there;
    int at = place_among(documents, document->path, &there);
    memmove(documents->items + at, documents->items + at + 1,
            sizeof *documents->items * (size_t)(documents->count - at - 1));
    documents->count--;
    show_texts(documents);
    document_free(document);
}

void documents_close(struct documents *documents)
{
    for (int i = 0; i < documents->count; i++)
        document_free(documents->items[i]);
    free(documents->items);
    free(documents->texts);
    *documents = (struct documents){0};
}

void document_replace(struct documents *documents, struct document *document, uint32_t begin,
                      uint32_t end, const char *text, size_t length)
{
    struct buffer whole = {0};
    buffer_add(&whole, buffer_text(&document->text), begin);
    buffer_add(&whole, text, length);
    buffer_add(&whole, buffer_text(&document->text) + end, document->text.length - end);
    buffer_free(&document->text);
    document->text = whole;
    lined_text_close(&document->lined);
    show_texts(documents);
}

const struct lined_text *document_lines(struct document *document)
{
    if (!document->lined.lines)
        lined_text_open(&document->lined, buffer_text(&document->text), document->text.length);
    return &document->lined;
}
