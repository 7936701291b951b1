#include "shop/part_pages.h"

#include "geometry/mesh.h"
#include "page/drawing.h"

bool part_draw(const struct spec *spec, const struct part *part, const struct sku *sku,
               struct buffer *out, struct failure *failure)
{
    struct arena arena = {0};
    struct mesh mesh = {0};
    struct scene *scene = NULL;
    const char *path =
        part->model ? file_path(spec, &part->base, &part->model->value, sku, &arena) : NULL;

    if (path && mesh_read(path, &mesh) == MESH_READ)
        scene = scene_open(&mesh);
    bool drawn =
        scene && drawing_render(scene, "iso", "svg",
                                declaration_title(spec, &part->base, sku, &arena), out, failure);
    if (!scene)
        fail(failure, "%s has no model that can be drawn", part->base.name);
    scene_free(scene);
    mesh_free(&mesh);
    arena_free(&arena);
    return drawn;
}
