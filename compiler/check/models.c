#include "check/models.h"

#include "base/file.h"

#include <string.h>
#include <strings.h>

const struct model *model_of(struct spec *spec, const char *path)
{
    for (struct model *model = spec->models; model; model = model->next)
        if (strcmp(model->path, path) == 0)
            return model;
    struct model *model = ARENA_NEW(spec->arena, struct model);
    struct failure failure = {""};
    const char *dot = strrchr(path, '.');
    model->path = path;
    model->is_stl = dot && strcasecmp(dot, ".stl") == 0;
    if (!file_sha256(path, model->sha256, &failure))
        model->sha256[0] = 0;
    if (model->is_stl)
        model->readable = mesh_read(path, &model->facts, &failure);
    model->why = arena_copy_text(spec->arena, failure.message, strlen(failure.message));
    model->next = spec->models;
    spec->models = model;
    return model;
}
