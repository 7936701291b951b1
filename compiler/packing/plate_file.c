#include "packing/plate_file.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* Models stand on the bed with their lowest place, wherever that is in the file. */
static double foot_of(const struct mesh *mesh)
{
    double foot = HUGE_VAL;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++)
            foot = fmin(foot, (double)mesh->vertices[mesh->triangles[i][corner]][2]);
    return isfinite(foot) ? foot : 0;
}

/* The number of a part's object in the file; added where it is the first. */
static uint32_t object_of(struct threemf_object *objects, uint32_t *count, double *feet,
                          const struct plate_model *model)
{
    uint32_t i = 0;
    while (i < *count && objects[i].mesh != model->mesh)
        i++;
    if (i == *count) {
        objects[i] = (struct threemf_object){model->mesh, model->name, model->slots};
        feet[i] = foot_of(model->mesh);
        ++*count;
    }
    return i;
}

bool plate_threemf(const struct packing *packing, uint32_t plate, const struct plate_model *models,
                   const struct plate_slots *slots, const char *title, struct buffer *out,
                   struct failure *failure)
{
    size_t room = packing->count + (size_t)1;
    struct threemf_object *objects = memory_alloc(room * sizeof *objects);
    struct threemf_item *items = memory_alloc(room * sizeof *items);
    double *feet = memory_alloc(room * sizeof *feet);
    struct threemf_scene scene = {.objects = objects,
                                  .items = items,
                                  .materials = slots->materials,
                                  .material_count = slots->count,
                                  .title = title};
    for (uint32_t i = 0; i < packing->count; i++) {
        const struct placement *placement = &packing->placements[i];
        if (placement->plate != plate)
            continue;
        struct threemf_item *item = &items[scene.item_count++];
        item->object = object_of(objects, &scene.object_count, feet, &models[placement->part]);
        threemf_place(item, placement->angle_deg,
                      (const double[]){placement->x_mm, placement->y_mm,
                                       placement->z_mm - feet[item->object]});
    }
    bool good = threemf_write(&scene, out, failure);
    free(objects);
    free(items);
    free(feet);
    return good;
}
