/* Model files: there, the one that was pinned, a solid, small enough for a machine, and as heavy as it may be. */
#include "check/models.h"

#include "base/file.h"
#include "base/inputs.h"
#include "check/family.h"
#include "check/making.h"
#include "geometry/flaws.h"
#include "geometry/solid.h"
#include "slicing/pieces.h"

#include <string.h>
#include <strings.h>

/* ---- reading, once each ---- */

static void examine(struct model *model, struct mesh *mesh, const struct making *making)
{
    struct solid solid;
    struct shape asked = shape_asked(making);
    solid_examine_joined(mesh, &solid, NULL);
    model->facts = solid.facts;
    solid_free(&solid);
    if (mesh_is_solid(&model->facts))
        shape_add(model, mesh, &asked);
}

static struct model *read_model(struct arena *arena, const char *path, const struct making *making)
{
    struct model *model = ARENA_NEW(arena, struct model);
    struct failure failure = {""};
    struct mesh mesh;
    model->arena = arena;
    model->path = path;
    model->status = mesh_read(path, &mesh);
    if (model->status == MESH_READ)
        examine(model, &mesh, making);
    memcpy(model->problem, mesh.problem, sizeof model->problem);
    mesh_free(&mesh);
    if (model->status == MESH_ABSENT || !file_sha256(path, model->sha256, &failure))
        model->sha256[0] = 0;
    return model;
}

/* What is kept from one spec to the next (models_remember). A file that changed leaves its old findings behind, until
   there are too many. */
enum { REMEMBERED_AT_MOST = 500 };

struct remembered {
    struct remembered *next;
    struct file_mark mark;
    struct model *model;
};

static _Thread_local struct {
    bool on;
    struct arena arena;
    struct remembered *first;
    int count;
} memory;

void models_remember(bool remember)
{
    arena_free(&memory.arena);
    memory.first = NULL;
    memory.count = 0;
    memory.on = remember;
}

static struct model *remembered_model(const char *path, const struct making *making)
{
    struct file_mark mark = file_mark_of(path);
    inputs_note(path);
    for (const struct remembered *at = memory.first; at; at = at->next)
        if (strcmp(at->model->path, path) == 0 && file_mark_equal(&at->mark, &mark))
            return at->model;
    if (memory.count == REMEMBERED_AT_MOST)
        models_remember(true);
    struct remembered *new = ARENA_NEW(&memory.arena, struct remembered);
    const char *copy = arena_copy_text(&memory.arena, path, strlen(path));
    *new = (struct remembered){memory.first, mark, read_model(&memory.arena, copy, making)};
    memory.first = new;
    memory.count++;
    return new->model;
}

static struct model *model_of(struct spec *spec, const char *path, const struct making *making)
{
    const char *name = intern_text(spec->names, path);
    if (memory.on)
        return remembered_model(path, making);
    for (struct model *model = spec->models; model; model = model->next)
        if (model->path == name)
            return model;
    struct model *model = read_model(spec->arena, name, making);
    model->next = spec->models;
    spec->models = model;
    return model;
}

const struct model *model_known(const struct spec *spec, const char *path)
{
    const struct file_mark mark = memory.on ? file_mark_of(path) : (struct file_mark){0};
    for (const struct remembered *at = memory.on ? memory.first : NULL; at; at = at->next)
        if (strcmp(at->model->path, path) == 0 && file_mark_equal(&at->mark, &mark))
            return at->model;
    const struct model *model = spec->models;
    while (model && strcmp(model->path, path) != 0)
        model = model->next;
    return model;
}

/* ---- one model ---- */

struct modeled {
    struct spec *spec;
    const struct making *making;
    struct model *model;
    const struct value *written; /* the file name */
};

static const struct declaration *product_of(const struct making *making)
{
    return making->product ? &making->product->base : making->part->base.owner;
}

static void check_pin(const struct modeled *at)
{
    struct spec *spec = at->spec;
    const struct part *part = at->making->part;
    const struct value *pin =
        part->pinned ? value_for(&part->pinned->value, at->making->sku) : NULL;
    if (!pin || pin->kind != VALUE_TEXT || !at->model->sha256[0] ||
        strcasecmp(value_string(spec, pin, at->making->sku, spec->scratch), at->model->sha256) == 0)
        return;
    struct diagnostic *d =
        check_report(spec, RULE_model_changed, &part->base, product_of(at->making), pin->span,
                     "the model of `%s` is not the one that was pinned", part->base.name);
    check_help(spec, d, "if the change is meant, pin it anew: \"%s\"", at->model->sha256);
    if (d)
        add_fix(spec->diagnostics, d, FIX_LIKELY, pin->span,
                arena_printf(spec->scratch, "\"%s\"", at->model->sha256), "pin the model as it is");
}

static void check_solid(const struct modeled *at)
{
    struct buffer flaws = {0};
    const struct part *part = at->making->part;
    bool malformed = at->model->status == MESH_MALFORMED;
    if (malformed)
        buffer_add_text(&flaws, at->model->problem);
    else
        mesh_describe_flaws(&flaws, &at->model->facts);
    if (flaws.length) {
        struct diagnostic *d = check_report(
            at->spec, RULE_mesh_broken, &part->base, product_of(at->making), at->written->span,
            "the model of `%s` is no solid: %s", part->base.name, flaws.text);
        check_help(at->spec, d, "%s",
                   malformed ? "export it again" : mesh_remedy(&at->model->facts));
    }
    buffer_free(&flaws);
}

/* ---- does_not_fit ---- */

static void check_fit(const struct modeled *at, const struct operation *operation)
{
    const struct mesh_facts *facts = &at->model->facts;
    const struct part *part = at->making->part;
    bool any = false, unknown = false;
    for (const struct simple *row = operation->step->on; row; row = row->next) {
        const struct machine *machine = machine_at(row, at->making->sku, &unknown);
        if (!machine || !machine_fits(machine, at->making, operation))
            continue;
        any = true;
        if (model_fits(at->model, machine))
            return;
    }
    if (!any || unknown)
        return;
    struct diagnostic *d = check_report(
        at->spec, RULE_does_not_fit, &part->base, product_of(at->making), at->written->span,
        "`%s` is %.1f x %.1f x %.1f mm and fits no machine of `%s`, however it lies",
        part->base.name, facts->high[0] - facts->low[0], facts->high[1] - facts->low[1],
        facts->high[2] - facts->low[2], operation->step->base.name);
    check_note(at->spec, d, operation->step->on->span, "made here");
    check_help(at->spec, d, "a larger machine, or a part in pieces");
}

/* ---- mass_over_solid ---- */

static void check_mass(const struct modeled *at)
{
    const struct part *part = at->making->part;
    const struct sku *sku = at->making->sku;
    const struct material *material =
        part->material ? value_material(&part->material->value, sku) : NULL;
    const struct value *mass = number_for(part->mass, sku);
    const struct value *density = material ? number_for(material->density, sku) : NULL;
    if (!mass || !density || !at->model->facts.closed || at->model->facts.volume_mm3 <= 0)
        return;
    double solid_g = at->model->facts.volume_mm3 * rational_to_double(density->number);
    if (rational_to_double(mass->number) <= solid_g * (1 + 1e-6))
        return;
    struct diagnostic *d = check_report(
        at->spec, RULE_mass_over_solid, &part->base, product_of(at->making), mass->span,
        "%s is more than the solid model would weigh, %.2f g of `%s`",
        value_string(at->spec, mass, NULL, at->spec->scratch), solid_g, material->base.name);
    check_help(at->spec, d, "weigh one, or look at the model's unit");
}

void check_model(struct spec *spec, const struct making *making)
{
    const struct part *part = making->part;
    if (!part->model || part->base.source->shared)
        return;
    const struct value *written = value_for(&part->model->value, making->sku);
    const char *path = file_path(spec, &part->base, written, making->sku, spec->scratch);
    if (!path)
        return;
    struct modeled at = {spec, making, model_of(spec, path, making), written};
    if (at.model->status == MESH_ABSENT) {
        struct diagnostic *d = check_report(
            spec, RULE_mesh_missing, &part->base, product_of(making), written->span,
            "there is no model `%s`", value_string(spec, written, making->sku, spec->scratch));
        check_help(spec, d, "it is looked for as %s", path);
        return;
    }
    check_pin(&at);
    check_shape(spec, making, at.model);
    if (at.model->status != MESH_FOREIGN)
        check_solid(&at);
    if (at.model->status != MESH_READ || !at.model->facts.triangles)
        return;
    if (at.model->facts.closed)
        slicing_know_model(spec, path, &at.model->facts, at.model->sha256);
    for (int i = 0; i < making->count; i++)
        if (!making->operations[i].works)
            check_fit(&at, &making->operations[i]);
    check_mass(&at);
}
