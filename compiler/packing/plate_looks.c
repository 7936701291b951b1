#include "packing/plate_looks.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { PIXELS = 500 }; /* along the longer side, by which edges are found hidden or seen */

static void add_material(const struct plate_subject *subject, const struct material *material,
                         struct plate_look *look)
{
    const char *title =
        declaration_title(subject->spec, &material->base, subject->sku, subject->arena);
    look->material =
        look->material ? arena_printf(subject->arena, "%s + %s", look->material, title) : title;
    if (!look->color && material->color)
        look->color =
            value_string(subject->spec, &material->color->value, subject->sku, subject->arena);
}

static void look_at(const struct plate_subject *subject, uint32_t i, struct plate_look *look,
                    struct picture *top)
{
    const struct part *part = subject->pieces[i].part;
    const struct material *material =
        part->material ? value_material(&part->material->value, subject->sku) : NULL;
    look->title = declaration_title(subject->spec, &part->base, subject->sku, subject->arena);
    look->height_mm = subject->shapes->heights_mm[i];
    if (material)
        add_material(subject, material, look);
    for (const struct portion *row = part->with; row; row = row->next) {
        const struct material *further = value_material(&row->material, subject->sku);
        if (further)
            add_material(subject, further, look);
    }
    struct scene *scene = scene_open(&subject->shapes->meshes[i]);
    if (scene) {
        scene_look(scene, VIEW_TOP, PIXELS, top);
        look->top = top;
    }
    scene_free(scene);
}

void plate_looks_open(struct plate_looks *looks, const struct plate_subject *subject)
{
    looks->count = subject->shapes->count;
    looks->looks = ARENA_ARRAY(subject->arena, struct plate_look, (int)looks->count + 1);
    looks->tops = memory_zeroed(looks->count + (size_t)1, sizeof *looks->tops);
    for (uint32_t i = 0; i < looks->count; i++)
        look_at(subject, i, &looks->looks[i], &looks->tops[i]);
}

void plate_looks_free(struct plate_looks *looks)
{
    for (uint32_t i = 0; i < looks->count; i++)
        picture_free(&looks->tops[i]);
    free(looks->tops);
}

/* How many parts lie there, and how high the highest reaches. */
static uint32_t measure(const struct plate_subject *subject, const struct packing *packing,
                        uint32_t plate, double *height_mm)
{
    uint32_t count = 0;
    *height_mm = 0;
    for (uint32_t i = 0; i < packing->count; i++) {
        const struct placement *at = &packing->placements[i];
        if (at->plate != plate)
            continue;
        count++;
        *height_mm = fmax(*height_mm, at->z_mm + subject->shapes->heights_mm[at->part]);
    }
    return count;
}

struct plate_words plate_words_of(const struct plate_subject *subject,
                                  const struct packing *packing, uint32_t plate)
{
    const struct product *product = subject->sku->product;
    struct arena *arena = subject->arena;
    double height_mm;
    uint32_t count = measure(subject, packing, plate, &height_mm);
    const char *which = product->sku_count > 1
                            ? sku_code(subject->spec, subject->sku, arena)
                            : declaration_title(subject->spec, &product->base, subject->sku, arena);
    const char *of = packing->plates > 1
                         ? arena_printf(arena, ", plate %u of %u", plate + 1, packing->plates)
                         : "";
    return (struct plate_words){
        arena_printf(arena, "%s: %s%s", which,
                     declaration_title(subject->spec, &subject->step->base, subject->sku, arena),
                     of),
        arena_printf(arena, "%s, bed %g \303\227 %g mm \302\267 %u part%s, up to %.0f mm high",
                     declaration_title(subject->spec, &subject->machine->base, subject->sku, arena),
                     subject->bed->size_mm[0], subject->bed->size_mm[1], count,
                     count == 1 ? "" : "s", ceil(height_mm - 1e-3)),
        arena_printf(arena, "plate-%s-%u", subject->step->base.name, plate + 1)};
}
