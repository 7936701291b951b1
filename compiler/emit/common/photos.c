#include "emit/common/photos.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define FILE_AT_MOST ((size_t)64 << 20)

struct photo_file {
    struct photo_file *next;
    const char *path; /* in the arena */
    char *content;    /* NULL where it could not be read */
    size_t length;
};

static const struct photo_file *file_of(struct photo_album *album, const char *path)
{
    for (struct photo_file *file = album->files; file; file = file->next)
        if (strcmp(file->path, path) == 0)
            return file;
    struct photo_file *file = memory_zeroed(1, sizeof *file);
    struct failure unread = {""}; /* the checker has spoken of files that are not there */
    file->path = path;
    if (file_read(path, FILE_AT_MOST, &file->content, &file->length, &unread) != FILE_OK)
        file->content = NULL;
    file->next = album->files;
    album->files = file;
    return file;
}

struct shots {
    struct emit_context *context;
    struct photo_album *album;
    const struct declaration *owner;
    struct page_photo *items;
    int count, capacity;
};

static void add_file(struct shots *shots, const char *path, const char *caption)
{
    const struct photo_file *file = file_of(shots->album, path);
    struct page_photo photo = {.bytes = file->content, .length = file->length, .caption = caption};
    for (int i = 0; i < shots->count; i++)
        if (shots->items[i].bytes == photo.bytes)
            return;
    if (!photo.bytes || !page_photo_look(&photo))
        return;
    if (shots->count == shots->capacity) {
        struct page_photo *more =
            ARENA_ARRAY(shots->context->arena, struct page_photo, 2 * shots->capacity + 2);
        if (shots->count)
            memcpy(more, shots->items, sizeof *more * (size_t)shots->count);
        shots->items = more;
        shots->capacity = 2 * shots->capacity + 2;
    }
    shots->items[shots->count++] = photo;
}

/* Every case; a name may quote the SKU's cases. */
static void add_value(struct shots *shots, const struct value *value, const char *caption)
{
    struct emit_context *context = shots->context;
    const struct product *product = context->product;
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++) {
            const char *key = value->choice->cases[i].key;
            add_value(shots, &value->choice->cases[i].value,
                      *caption ? arena_printf(context->arena, "%s, %s", caption, key) : key);
        }
        return;
    }
    for (long i = 0; i < product->sku_count; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        const char *path = file_path(context->spec, shots->owner, value, &sku, context->arena);
        if (path)
            add_file(shots, path, caption);
        if (value->kind != VALUE_TEXT || !value->text->quotes)
            break;
    }
}

int photos_of(struct emit_context *context, struct photo_album *album,
              const struct declaration *owner, const struct simple *rows,
              struct page_photo **photos)
{
    struct shots shots = {.context = context, .album = album, .owner = owner};
    for (const struct simple *row = rows; row; row = row->next)
        add_value(&shots, &row->value, "");
    *photos = shots.items;
    return shots.count;
}

int photos_of_standard(struct emit_context *context, struct photo_album *album,
                       const struct standard *standard, struct page_photo **photos)
{
    struct shots shots = {.context = context, .album = album, .owner = &standard->base};
    for (const struct photo *row = standard->photo; row; row = row->next) {
        const char *quality = value_word(&row->quality, NULL);
        bool good = quality && strcmp(quality, "good") == 0;
        add_value(&shots, &row->file, good ? "Good" : "Not good");
    }
    *photos = shots.items;
    return shots.count;
}

void photos_free(struct photo_album *album)
{
    while (album->files) {
        struct photo_file *next = album->files->next;
        free(album->files->content);
        free(album->files);
        album->files = next;
    }
}
