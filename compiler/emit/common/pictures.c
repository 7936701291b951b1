#include "emit/common/pictures.h"

#include "base/file.h"
#include "base/memory.h"
#include "emit/common/worksheet.h"

#include <stdlib.h>
#include <string.h>

enum { MODELS_A_PART = 6, PIXELS_ISO = 400, PIXELS_VIEW = 360, ASSEMBLY_AT_MOST = 24 };

/* ---- which parts ---- */

struct part_list {
    const struct part **items;
    int count, capacity;
};

static void add_part(struct emit_context *context, struct part_list *list, const struct part *part)
{
    for (int i = 0; i < list->count; i++)
        if (list->items[i] == part)
            return;
    if (list->count == list->capacity) {
        const struct part **more =
            ARENA_ARRAY(context->arena, const struct part *, 2 * list->capacity + 8);
        if (list->count)
            memcpy(more, list->items, sizeof *more * (size_t)list->count);
        list->items = more;
        list->capacity = 2 * list->capacity + 8;
    }
    list->items[list->count++] = part;
}

static void add_parts(struct emit_context *context, struct part_list *list,
                      const struct value *value)
{
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++)
            add_parts(context, list, &value->choice->cases[i].value);
        return;
    }
    const struct part *part = value_part(value, NULL);
    if (part)
        add_part(context, list, part);
}

int product_parts(struct emit_context *context, const struct part ***parts)
{
    struct part_list list = {0};
    const struct counted *rows[] = {context->product->contains, context->product->spare};
    for (int i = 0; i < 2; i++)
        for (const struct counted *row = rows[i]; row; row = row->next)
            add_parts(context, &list, &row->what);
    *parts = list.items;
    return list.count;
}

/* ---- their models ---- */

/* A part whose pictures are being gathered. */
struct gathering {
    struct emit_context *context;
    const struct part *part;
    enum pictures_wanted wanted;
    struct part_pictures *pictures;
    const char *paths[MODELS_A_PART];
    int path_count, first; /* of its pictures */
};

static bool is_known(struct gathering *gathering, const char *path)
{
    for (int i = 0; i < gathering->path_count; i++)
        if (strcmp(gathering->paths[i], path) == 0)
            return true;
    if (gathering->path_count == MODELS_A_PART)
        return true;
    gathering->paths[gathering->path_count++] = path;
    return false;
}

static struct part_picture *new_picture(struct part_pictures *pictures)
{
    if (pictures->count == pictures->capacity) {
        pictures->capacity = 2 * pictures->capacity + 4;
        pictures->items =
            memory_resize(pictures->items, sizeof *pictures->items * (size_t)pictures->capacity);
    }
    struct part_picture *picture = &pictures->items[pictures->count++];
    *picture = (struct part_picture){0};
    return picture;
}

/* sku: whose model it is, NULL for all of the case. */
static void draw_model(struct gathering *gathering, const char *path, const char *which,
                       const struct sku *sku)
{
    struct mesh mesh;
    struct scene *scene = NULL;
    if (mesh_read(path, &mesh) == MESH_READ)
        scene = scene_open(&mesh);
    if (scene) {
        struct part_picture *picture = new_picture(gathering->pictures);
        picture->part = gathering->part;
        picture->which = which;
        picture->title = declaration_title(gathering->context->spec, &gathering->part->base, sku,
                                           gathering->context->arena);
        picture->file = path_base(path);
        scene_look(scene, VIEW_ISO, PIXELS_ISO, &picture->views[VIEW_ISO]);
        for (enum view view = VIEW_FRONT;
             gathering->wanted == PICTURES_ALL_VIEWS && view < VIEW_COUNT; view++)
            scene_look(scene, view, PIXELS_VIEW, &picture->views[view]);
    }
    scene_free(scene);
    mesh_free(&mesh);
}

/* "ring_16.5" of "models/ring_16.5.stl": the cases are in the name. */
static const char *stem_of(struct emit_context *context, const char *path)
{
    const char *name = path_base(path), *dot = strrchr(name, '.');
    return arena_copy_text(context->arena, name, dot ? (size_t)(dot - name) : strlen(name));
}

static void gather_value(struct gathering *gathering, const struct value *value, const char *which)
{
    struct emit_context *context = gathering->context;
    const struct product *product = context->product;
    if (value->kind == VALUE_CHOICE) {
        for (int i = 0; i < value->choice->count; i++) {
            const char *key = value->choice->cases[i].key;
            gather_value(gathering, &value->choice->cases[i].value,
                         *which ? arena_printf(context->arena, "%s, %s", which, key) : key);
        }
        return;
    }
    bool quotes = value->kind == VALUE_TEXT && value->text->quotes;
    for (long i = 0; i < product->sku_count && gathering->path_count < MODELS_A_PART; i++) {
        struct sku sku;
        sku_at(product, i, &sku);
        const char *path =
            file_path(context->spec, &gathering->part->base, value, &sku, context->arena);
        if (path && !is_known(gathering, path))
            draw_model(gathering, path, quotes ? stem_of(context, path) : which,
                       quotes ? &sku : NULL);
        if (!quotes)
            break;
    }
}

/* A title that quotes the case says which; another one needs it said. */
static void name_pictures(struct gathering *gathering)
{
    struct emit_context *context = gathering->context;
    const char *title = title_of(context, &gathering->part->base);
    for (int i = gathering->first; i < gathering->pictures->count; i++) {
        struct part_picture *picture = &gathering->pictures->items[i];
        if (gathering->path_count == 1)
            picture->which = "";
        if (*picture->which && strcmp(picture->title, title) == 0)
            picture->title = arena_printf(context->arena, "%s (%s)", title, picture->which);
    }
}

void pictures_collect(struct emit_context *context, const struct part *const *parts, int count,
                      enum pictures_wanted wanted, struct part_pictures *pictures)
{
    for (int i = 0; i < count; i++) {
        struct gathering gathering = {.context = context,
                                      .part = parts[i],
                                      .wanted = wanted,
                                      .pictures = pictures,
                                      .first = pictures->count};
        if (!parts[i]->model)
            continue;
        gather_value(&gathering, &parts[i]->model->value, "");
        name_pictures(&gathering);
    }
}

void pictures_free(struct part_pictures *pictures)
{
    for (int i = 0; i < pictures->count; i++)
        for (int view = 0; view < VIEW_COUNT; view++)
            picture_free(&pictures->items[i].views[view]);
    free(pictures->items);
    *pictures = (struct part_pictures){0};
}

const struct part_picture *pictures_find(const struct part_pictures *pictures,
                                         const struct declaration *part)
{
    for (int i = 0; i < pictures->count; i++)
        if (&pictures->items[i].part->base == part)
            return &pictures->items[i];
    return NULL;
}

/* ---- side by side ---- */

static struct page_part *room_for(struct emit_context *context,
                                  const struct part_pictures *pictures)
{
    return ARENA_ARRAY(context->arena, struct page_part, pictures->count + 1);
}

/* Every picture of the part, unless they are there: a spare one is contained as well. */
static int add_page_parts(struct emit_context *context, const struct part_pictures *pictures,
                          const struct declaration *part, const char *count_text,
                          struct page_part *parts, int count)
{
    const struct part_picture *first = pictures_find(pictures, part);
    for (int i = 0; first && i < count; i++)
        if (parts[i].picture == &first->views[VIEW_ISO])
            return count;
    for (int i = 0; i < pictures->count && count < ASSEMBLY_AT_MOST; i++)
        if (&pictures->items[i].part->base == part)
            parts[count++] = (struct page_part){&pictures->items[i].views[VIEW_ISO],
                                                arena_printf(context->arena, "%s\n\303\227 %s",
                                                             pictures->items[i].title, count_text)};
    return count;
}

int pictures_assembly(struct emit_context *context, const struct part_pictures *pictures,
                      struct page_part **parts)
{
    struct work_content *rows;
    int row_count = worksheet_contents(context, &rows), count = 0;
    *parts = room_for(context, pictures);
    for (int i = 0; i < row_count; i++)
        count = add_page_parts(context, pictures, rows[i].what, rows[i].count, *parts, count);
    return count;
}

struct step_parts {
    struct emit_context *context;
    const struct part_pictures *pictures;
    struct page_part *parts;
    int count;
};

static void add_consumed(struct step_parts *of, const struct consumption *rows)
{
    for (; rows; rows = rows->next) {
        const struct part *part = value_part(&rows->what, NULL);
        if (part)
            of->count =
                add_page_parts(of->context, of->pictures, &part->base,
                               value_cases(of->context, &rows->count), of->parts, of->count);
    }
}

static void add_consumed_by(struct step_parts *of, const struct instruction *rows)
{
    for (; rows; rows = rows->next)
        add_consumed(of, rows->consume);
}

int pictures_of_step(struct emit_context *context, const struct part_pictures *pictures,
                     const struct step *step, struct page_part **parts)
{
    struct step_parts of = {context, pictures, room_for(context, pictures), 0};
    for (const struct simple *row = step->using; row; row = row->next) {
        const struct standard *standard = value_standard(&row->value, NULL);
        if (standard)
            add_consumed_by(&of, standard->do_);
    }
    add_consumed_by(&of, step->do_);
    add_consumed(&of, step->consume);
    *parts = of.parts;
    return of.count;
}
