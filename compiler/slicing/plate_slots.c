#include "slicing/plate_slots.h"

#include "base/paint.h"
#include "slicing/pieces.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* "#aabbcc" as it is; else by its words. */
static void color_of(const struct spec *spec, const struct material *material,
                     const struct sku *sku, int slot, struct arena *arena, char color[8])
{
    const char *text =
        material->color ? value_string(spec, &material->color->value, sku, arena) : "";
    size_t digits = text[0] == '#' ? strspn(text + 1, "0123456789abcdefABCDEF") : 0;
    char words[64];
    snprintf(words, sizeof words, "%s", text);
    for (char *c = words; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    snprintf(color, 8, "%s", digits == 6 ? text : paint_of_color(words, slot)->fill);
    for (char *c = color; *c; c++)
        *c = (char)toupper((unsigned char)*c);
}

struct slot {
    const struct material *material;
    struct plate_owner owner; /* in whose words it is called */
};

struct finding {
    struct slot slots[MATERIALS_AT_MOST];
    int count;
    struct arena *arena;
};

/* By its name: the material of one spec is that of another. -1 where it has no slot. */
static int slot_of(const struct finding *finding, const struct material *wanted)
{
    for (int slot = 0; slot < finding->count && wanted; slot++)
        if (strcmp(finding->slots[slot].material->base.name, wanted->base.name) == 0)
            return slot;
    return -1;
}

static void add_slot(struct finding *finding, const struct material *material,
                     const struct plate_owner *owner)
{
    if (material && finding->count < MATERIALS_AT_MOST && slot_of(finding, material) < 0)
        finding->slots[finding->count++] = (struct slot){material, *owner};
}

static uint32_t slot_or_first(const struct finding *finding, const struct value *material,
                              const struct sku *sku)
{
    int slot = slot_of(finding, value_material(material, sku));
    return slot < 0 ? 0 : (uint32_t)slot;
}

/* The part's own material is that of the model's first, the further ones follow. */
static bool find_slots(const struct finding *finding, const struct part *part,
                       const struct sku *sku, const struct mesh *mesh, const uint32_t **slots,
                       struct failure *failure)
{
    uint32_t of_part[MATERIALS_AT_MOST] = {0}, count = 0;
    if (part->material)
        of_part[count++] = slot_or_first(finding, &part->material->value, sku);
    for (const struct portion *row = part->with; row && count < MATERIALS_AT_MOST; row = row->next)
        of_part[count++] = slot_or_first(finding, &row->material, sku);
    uint32_t volumes = mesh->volume_count ? mesh->volume_count : 1;
    uint32_t *found = ARENA_ARRAY(finding->arena, uint32_t, (int)volumes + 1);
    uint32_t said = mesh_materials(mesh, mesh->volume_count ? found : NULL);
    bool known = count < 2 || said == count;
    if (!known && failure)
        return fail(failure,
                    "`%s` is of %u materials, and its model has %s; export it as 3MF with a body "
                    "for each, its own material first, or slice the plate by hand and name the "
                    "file: gcode \"FILE\"",
                    part->base.name, count,
                    said == 1 ? "one body, or several of one material" : "another number of them");
    for (uint32_t i = 0; i < volumes; i++)
        found[i] = of_part[count > 1 && known ? found[i] : 0];
    *slots = found;
    return true;
}

/* owners: one for each piece, or, where they are all of the same, the one again and again (step 0). */
static bool describe(const struct finding *finding, const struct plate_owner *owners, uint32_t step,
                     const struct plate_piece *pieces, const struct plate_shapes *shapes,
                     struct plate_slots *slots, struct plate_model **models,
                     struct failure *failure)
{
    struct arena *arena = finding->arena;
    struct threemf_material *materials =
        ARENA_ARRAY(arena, struct threemf_material, finding->count + 1);
    for (int slot = 0; slot < finding->count; slot++) {
        const struct slot *it = &finding->slots[slot];
        materials[slot].name =
            declaration_title(it->owner.spec, &it->material->base, it->owner.sku, arena);
        color_of(it->owner.spec, it->material, it->owner.sku, slot, arena, materials[slot].color);
    }
    *slots = (struct plate_slots){materials, (uint32_t)finding->count};
    *models = ARENA_ARRAY(arena, struct plate_model, (int)shapes->count + 1);
    for (uint32_t i = 0; i < shapes->count; i++) {
        struct plate_model *model = &(*models)[i];
        *model = (struct plate_model){&shapes->meshes[i], pieces[i].part->base.name, NULL};
        if (!find_slots(finding, pieces[i].part, owners[i * step].sku, model->mesh, &model->slots,
                        failure))
            return false;
    }
    return true;
}

bool plate_slots_find(const struct spec *spec, const struct step *step, const struct sku *sku,
                      const struct plate_piece *pieces, const struct plate_shapes *shapes,
                      struct arena *arena, struct plate_slots *slots, struct plate_model **models,
                      struct failure *failure)
{
    struct finding finding = {.arena = arena};
    const struct plate_owner owner = {spec, sku};
    const struct material *materials[MATERIALS_AT_MOST];
    int count = slicing_materials(spec, step, sku, materials);
    for (int i = 0; i < count; i++)
        add_slot(&finding, materials[i], &owner);
    return describe(&finding, &owner, 0, pieces, shapes, slots, models, failure);
}

bool plate_slots_join(const struct plate_owner *owners, const struct plate_piece *pieces,
                      const struct plate_shapes *shapes, struct arena *arena,
                      struct plate_slots *slots, struct plate_model **models,
                      struct failure *failure)
{
    struct finding finding = {.arena = arena};
    for (uint32_t i = 0; i < shapes->count; i++) {
        const struct part *part = pieces[i].part;
        const struct sku *sku = owners[i].sku;
        if (part->material)
            add_slot(&finding, value_material(&part->material->value, sku), &owners[i]);
        for (const struct portion *row = part->with; row; row = row->next)
            add_slot(&finding, value_material(&row->material, sku), &owners[i]);
    }
    return describe(&finding, owners, 1, pieces, shapes, slots, models, failure);
}
