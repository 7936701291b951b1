/* What the shape of a model asks of its process: overhang and thin_wall. */
#include "check/models.h"

#include "base/memory.h"
#include "check/family.h"
#include "geometry/flaws.h"
#include "geometry/solid.h"

static const double usual_layer_mm = 0.2; /* where the part says none */

static double limit(const struct simple *row, const struct sku *sku)
{
    const struct value *value = number_for(row, sku);
    return value ? rational_to_double(value->number) : 0;
}

struct shape shape_asked(const struct making *making)
{
    const struct process *process = part_process(making);
    struct shape asked = {0};
    if (!process)
        return asked;
    asked.limit_deg = limit(process->max_overhang, making->sku);
    asked.wall_mm = limit(process->min_wall, making->sku);
    asked.layer_mm = limit(making->part->layer, making->sku);
    if (asked.layer_mm <= 0)
        asked.layer_mm = usual_layer_mm;
    return asked;
}

static const struct shape *shape_find(const struct model *model, const struct shape *asked)
{
    for (const struct shape *shape = model->shapes; shape; shape = shape->next)
        if (shape->limit_deg == asked->limit_deg && shape->wall_mm == asked->wall_mm &&
            shape->layer_mm == asked->layer_mm)
            return shape;
    return NULL;
}

/* The other ways to stand are only of interest where this one hangs over. */
static void find_best_side(struct shape *shape, const struct mesh *mesh)
{
    shape->best_mm2 = shape->overhang.area_mm2;
    for (enum side up = SIDE_BOTTOM; up < SIDE_COUNT && shape->best_mm2 > 0; up++) {
        double area = overhang_of(mesh, up, shape->limit_deg, shape->layer_mm).area_mm2;
        if (area < shape->best_mm2) {
            shape->best_mm2 = area;
            shape->best_up = up;
        }
    }
}

void shape_add(struct model *model, const struct mesh *mesh, const struct shape *asked)
{
    struct shape *shape = ARENA_NEW(model->arena, struct shape);
    *shape = *asked;
    if (asked->limit_deg > 0) {
        shape->overhang = overhang_of(mesh, SIDE_TOP, asked->limit_deg, asked->layer_mm);
        find_best_side(shape, mesh);
    }
    if (asked->wall_mm > 0)
        shape->thin = walls_thinner_than(mesh, asked->wall_mm);
    shape->next = model->shapes;
    model->shapes = shape;
}

/* The same model for another process or layer is read again. */
static const struct shape *shape_of(struct model *model, const struct shape *asked)
{
    const struct shape *shape = shape_find(model, asked);
    struct mesh mesh;
    if (shape)
        return shape;
    if (mesh_read(model->path, &mesh) == MESH_READ) {
        struct solid solid;
        solid_examine_joined(&mesh, &solid, NULL);
        if (mesh_is_solid(&solid.facts))
            shape_add(model, &mesh, asked);
        solid_free(&solid);
    }
    mesh_free(&mesh);
    return shape_find(model, asked);
}

/* ---- the rules ---- */

static const struct declaration *product_of(const struct making *making)
{
    return making->product ? &making->product->base : making->part->base.owner;
}

static const char *place_text(struct spec *spec, const double at[3])
{
    struct buffer text = {0};
    place_describe(&text, at);
    const char *copy = arena_copy_text(spec->scratch, text.text, text.length);
    buffer_free(&text);
    return copy;
}

static void check_overhang(struct spec *spec, const struct making *making,
                           const struct shape *shape)
{
    static const char *const sides[SIDE_COUNT] = {
        [SIDE_TOP] = "",
        [SIDE_BOTTOM] = "upside down",
        [SIDE_RIGHT] = "with its +x side up",
        [SIDE_LEFT] = "with its -x side up",
        [SIDE_BACK] = "with its +y side up",
        [SIDE_FRONT] = "with its -y side up",
    };
    const struct overhang *overhang = &shape->overhang;
    const struct process *process = part_process(making);
    if (overhang->area_mm2 <= 0)
        return;
    struct diagnostic *d = check_report(
        spec, RULE_overhang, &making->part->base, product_of(making), making->part->model->span,
        "%.0f mm^2 of `%s` hang over by up to %.0f deg from upright, the largest patch at %s",
        overhang->area_mm2, making->part->base.name, overhang->steepest_deg,
        place_text(spec, overhang->at));
    const struct value *limit_written = number_for(process->max_overhang, making->sku);
    check_note(spec, d, limit_written->span, "`%s` prints %s without support", process->base.name,
               value_string(spec, limit_written, making->sku, spec->scratch));
    if (shape->best_up == SIDE_TOP || shape->best_mm2 > overhang->area_mm2 / 2)
        check_help(spec, d,
                   "a slope or a rib under it, or support that is meant: `allow overhang "
                   "\"why\"`");
    else if (shape->best_mm2 > 0)
        check_help(spec, d,
                   "stood %s, %.0f mm^2 hang over; or mean the support: `allow overhang "
                   "\"why\"`",
                   sides[shape->best_up], shape->best_mm2);
    else
        check_help(spec, d,
                   "stood %s, nothing hangs over; or mean the support: `allow overhang "
                   "\"why\"`",
                   sides[shape->best_up]);
}

static void check_walls(struct spec *spec, const struct making *making, const struct shape *shape)
{
    const struct process *process = part_process(making);
    if (shape->thin.area_mm2 <= 0)
        return;
    struct diagnostic *d = check_report(
        spec, RULE_thin_wall, &making->part->base, product_of(making), making->part->model->span,
        "walls of `%s` are down to %.2f mm thin, the thinnest at %s", making->part->base.name,
        shape->thin.thickness_mm, place_text(spec, shape->thin.at));
    const struct value *limit_written = number_for(process->min_wall, making->sku);
    check_note(spec, d, limit_written->span, "`%s` makes walls of %s", process->base.name,
               value_string(spec, limit_written, making->sku, spec->scratch));
    check_help(spec, d, "a thicker wall; or, where it is meant, `allow thin_wall \"why\"`");
}

/* Of a model that is none, or that nobody could look at, it is not known whether an allowance is needed. */
static void leave_open(const struct making *making)
{
    static const enum rule rules[] = {RULE_overhang, RULE_thin_wall};
    for (int i = 0; i < 2; i++) {
        is_allowed(rules[i], &making->part->base);
        is_allowed(rules[i], product_of(making));
    }
}

void check_shape(struct spec *spec, const struct making *making, struct model *model)
{
    struct shape asked = shape_asked(making);
    const struct shape *shape = NULL;
    if (model->status == MESH_READ && mesh_is_solid(&model->facts))
        shape = shape_of(model, &asked);
    if (!shape) {
        leave_open(making);
        return;
    }
    check_overhang(spec, making, shape);
    check_walls(spec, making, shape);
}
