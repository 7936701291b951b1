/* Whether a part fits a machine: on any of its sides, turned by any angle about the upright. Nearly every part fits as its
   box lies, and then nothing else is asked. */
#include "check/models.h"

#include <string.h>

static const double rounding_mm = 1e-4; /* a model's figures are floats */

/* An answer that was given. */
struct fit {
    struct fit *next;
    double room[3];
    bool fits;
};

static void sort_down(double sides[3])
{
    for (int i = 0; i < 3; i++)
        for (int j = i + 1; j < 3; j++)
            if (sides[i] < sides[j]) {
                double swap = sides[i];
                sides[i] = sides[j];
                sides[j] = swap;
            }
}

/* Without turning, but on any side: sorted, each side must fit its own. */
static bool box_fits(const double size[3], const double room[3])
{
    double sides[3], spaces[3];
    memcpy(sides, size, sizeof sides);
    memcpy(spaces, room, sizeof spaces);
    sort_down(sides);
    sort_down(spaces);
    for (int i = 0; i < 3; i++)
        if (sides[i] > spaces[i] + rounding_mm)
            return false;
    return true;
}

/* Reads the model again: its triangles were not kept, and this is asked of few. */
static void find_outlines(struct model *model)
{
    struct mesh mesh;
    model->outlines = ARENA_ARRAY(model->arena, struct outline, 3);
    if (mesh_read(model->path, &mesh) == MESH_READ)
        for (int up = 0; up < 3; up++) {
            struct outline outline = outline_of(&mesh, up), *kept = &model->outlines[up];
            kept->count = outline.count;
            kept->points = arena_alloc(model->arena, outline.count * sizeof *kept->points + 1);
            if (outline.count)
                memcpy(kept->points, outline.points, outline.count * sizeof *kept->points);
            outline_free(&outline);
        }
    mesh_free(&mesh);
}

static bool turned_fits(const struct model *model, const double size[3], const double room[3])
{
    for (int up = 0; up < 3; up++)
        if (size[up] <= room[2] + rounding_mm &&
            outline_fits(&model->outlines[up], room[0], room[1]))
            return true;
    return false;
}

static struct fit *fit_of(struct model *model, const double room[3])
{
    for (struct fit *fit = model->fits; fit; fit = fit->next)
        if (memcmp(fit->room, room, sizeof fit->room) == 0)
            return fit;
    struct fit *fit = ARENA_NEW(model->arena, struct fit);
    double size[3];
    memcpy(fit->room, room, sizeof fit->room);
    for (int i = 0; i < 3; i++)
        size[i] = model->facts.high[i] - model->facts.low[i];
    fit->fits = box_fits(size, room);
    if (!fit->fits) {
        if (!model->outlines)
            find_outlines(model);
        fit->fits = turned_fits(model, size, room);
    }
    fit->next = model->fits;
    model->fits = fit;
    return fit;
}

bool model_fits(struct model *model, const struct machine *machine)
{
    const struct extent *volume = machine->volume;
    if (!volume || volume->x.kind != VALUE_NUMBER || volume->y.kind != VALUE_NUMBER ||
        volume->z.kind != VALUE_NUMBER)
        return true;
    double room[3] = {rational_to_double(volume->x.number), rational_to_double(volume->y.number),
                      rational_to_double(volume->z.number)};
    return fit_of(model, room)->fits;
}
