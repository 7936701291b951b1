/* The files that go along with a packet. */
#include "emit/packet/packet.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define FILE_AT_MOST ((size_t)1 << 30)

static bool is_there(const struct enclosures *enclosures, const char *name)
{
    for (int i = 0; i < enclosures->count; i++)
        if (strcmp(enclosures->items[i].name, name) == 0)
            return true;
    return false;
}

/* Two files of one name in different folders both go along: the second as "2_name". */
static const char *free_name(struct request *request, const char *path)
{
    struct arena *arena = request->context->arena;
    const char *name = arena_printf(arena, "files/%s", path_base(path));
    for (int i = 2; is_there(&request->enclosures, name); i++)
        name = arena_printf(arena, "files/%d_%s", i, path_base(path));
    return name;
}

static bool same_content(const struct enclosures *enclosures, const char *path,
                         const struct enclosure *other)
{
    for (int i = 0; i < enclosures->count; i++)
        if (strcmp(path_base(path), path_base(enclosures->items[i].name)) == 0 &&
            strcmp(enclosures->items[i].sha256, other->sha256) == 0)
            return true;
    return false;
}

/* Takes the content over. */
static void add_enclosure(struct enclosures *to, const struct enclosure *one)
{
    if (to->count == to->capacity) {
        to->capacity = 2 * to->capacity + 8;
        to->items = memory_resize(to->items, sizeof *to->items * (size_t)to->capacity);
    }
    to->items[to->count++] = *one;
}

static bool enclose(struct request *request, const char *path, const struct declaration *owner,
                    const char *what)
{
    struct emit_context *context = request->context;
    struct enclosures *to = &request->enclosures;
    struct enclosure one = {.of = declaration_title(context->spec, owner, NULL, context->arena),
                            .owner = owner,
                            .path = path,
                            .what = what};
    if (file_read(path, FILE_AT_MOST, &one.content, &one.length, context->failure) != FILE_OK)
        return false;
    sha256_hex(one.content, one.length, one.sha256);
    if (same_content(to, path, &one)) {
        free(one.content);
        return true;
    }
    one.name = free_name(request, path);
    add_enclosure(to, &one);
    return true;
}

/* Under a name of its own, by which `flowc verify` finds it. */
static bool enclose_history(struct request *request)
{
    struct emit_context *context = request->context;
    struct enclosure one = {
        .name = PACKET_HISTORY,
        .of = declaration_title(context->spec, &context->product->base, NULL, context->arena),
        .what = "revision history",
        .path = context->history};
    if (!one.path)
        return true;
    if (file_read(one.path, FILE_AT_MOST, &one.content, &one.length, context->failure) != FILE_OK)
        return false;
    sha256_hex(one.content, one.length, one.sha256);
    add_enclosure(&request->enclosures, &one);
    return true;
}

/* Every case of a file slot: a model may differ by SKU. */
static bool enclose_value(struct request *request, const struct declaration *owner,
                          const struct value *value, const char *what)
{
    struct emit_context *context = request->context;
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            if (!enclose_value(request, owner, &value->choice->cases[i].value, what))
                return false;
        return true;
    }
    const struct product *product = context->product;
    for (long i = 0; i < product->sku_count; i++) { /* a name may quote the SKU's cases */
        struct sku sku;
        sku_at(product, i, &sku);
        const char *path = file_path(context->spec, owner, value, &sku, context->arena);
        if (path && !enclose(request, path, owner, what))
            return false;
        if (value->kind != VALUE_TEXT || !value->text->quotes)
            break;
    }
    return true;
}

static bool enclose_photos(struct request *request, const struct standard *standard)
{
    for (const struct photo *row = standard ? standard->photo : NULL; row; row = row->next)
        if (!enclose_value(request, &standard->base, &row->file, "photo"))
            return false;
    return true;
}

bool enclosures_collect(struct request *request)
{
    for (int i = 0; i < request->part_count; i++) {
        const struct part *part = request->parts[i];
        if ((part->model && !enclose_value(request, &part->base, &part->model->value, "model")) ||
            (part->drawing &&
             !enclose_value(request, &part->base, &part->drawing->value, "drawing")))
            return false;
    }
    const struct simple *finish = request->packet->finish;
    return enclose_photos(request, finish ? value_standard(&finish->value, NULL) : NULL) &&
           enclose_history(request);
}

void enclosures_free(struct enclosures *enclosures)
{
    for (int i = 0; i < enclosures->count; i++)
        free(enclosures->items[i].content);
    free(enclosures->items);
    *enclosures = (struct enclosures){0};
}
