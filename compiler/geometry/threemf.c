/* The package's relationships name its root model; the root's build names objects, in this part or another one, and objects
   name components. What a build would grow to is reckoned before any of it is put together. */
#include "geometry/threemf.h"

#include "base/memory.h"
#include "geometry/package.h"
#include "geometry/reader.h"
#include "geometry/threemf_model.h"
#include "geometry/threemf_slots.h"
#include "geometry/threemf_xml.h"
#include "geometry/weld.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A bed full of large parts stays far below; components that double at each level do not. */
enum { FACES_AT_MOST = 32000000, BODIES_AT_MOST = 1000000, DEEPEST = 64 };

struct threemf {
    struct mesh *mesh;
    struct package *package; /* NULL: a lone part */
    struct arena arena;
    struct model **models; /* by the number of the part in the package; 0 where it is a lone one */
    struct threemf_slots slots;
    struct welder welder;
    uint32_t volume_capacity;
    uint32_t *welded; /* of one object's vertices: that of the mesh + 1 */
    uint32_t others;  /* vertices of the volumes before this one */
};

/* ---- which part is the root ---- */

struct relationships {
    struct xml xml; /* first: what its handlers are given is this */
    struct arena *arena;
    const char *root;
};

static bool ends_in(const char *text, const char *tail)
{
    size_t length = strlen(text), tail_length = strlen(tail);
    return length >= tail_length && strcmp(text + length - tail_length, tail) == 0;
}

static bool begin_relationship(struct xml *xml, const char *name, const char **attributes)
{
    struct relationships *relationships = (struct relationships *)xml;
    const char *target = NULL;
    bool is_model = false;
    if (!ends_in(name, "|Relationship"))
        return true;
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], "Target") == 0)
            target = attributes[1];
        if (strcmp(attributes[0], "Type") == 0)
            is_model = ends_in(attributes[1], "/3dmodel");
    }
    if (is_model && target && !relationships->root)
        relationships->root =
            arena_copy_text(relationships->arena, target + (*target == '/'), strlen(target));
    return true;
}

static bool take_relationships(void *reader, const char *bytes, int length)
{
    return xml_take(reader, bytes, length);
}

/* NULL with a problem. A package without relationships has its model where everyone puts it. */
static const char *root_of(struct threemf *threemf)
{
    static const struct xml_handlers handlers = {begin_relationship, NULL, NULL};
    static const char list[] = "_rels/.rels", usual[] = "3D/3dmodel.model";
    int64_t part = package_find(threemf->package, list, true);
    if (part < 0)
        return usual;
    struct relationships relationships = {.arena = &threemf->arena};
    xml_open(&relationships.xml, list, threemf->mesh, &handlers);
    bool sound =
        package_read(threemf->package, part, threemf->mesh, take_relationships, &relationships.xml);
    if (!xml_close(&relationships.xml, sound))
        return NULL;
    if (!relationships.root)
        mesh_problem(threemf->mesh, "%s: no relationship says which part is the 3D model", list);
    return relationships.root;
}

/* ---- parts and objects ---- */

/* Read once each; NULL with a problem. */
static struct model *model_at(struct threemf *threemf, int64_t part, const char *name)
{
    if (threemf->models[part])
        return threemf->models[part];
    struct model_reader *reader = model_reader_open(name, &threemf->arena, threemf->mesh);
    bool sound = package_read(threemf->package, part, threemf->mesh, model_reader_take, reader);
    return threemf->models[part] = model_reader_close(reader, sound);
}

/* The object that a placement in this model names; NULL with a problem. */
static struct object *object_at(struct threemf *threemf, const struct placement *placement,
                                struct model **model)
{
    if (placement->part) {
        const char *in = (*model)->part;
        int64_t part =
            threemf->package ? package_find(threemf->package, placement->part, false) : -1;
        if (part < 0) {
            mesh_problem(threemf->mesh, "%.40s, line %lu: the package has no part %.60s", in,
                         placement->line, placement->part);
            return NULL;
        }
        *model = model_at(threemf, part, placement->part);
        if (!*model)
            return NULL;
    }
    struct object *object = model_object(*model, placement->object);
    if (!object)
        mesh_problem(threemf->mesh, "line %lu: there is no object %u in %.60s", placement->line,
                     placement->object, (*model)->part);
    return object;
}

/* ---- how much it is ---- */

static bool measure_list(struct threemf *threemf, struct model *model,
                         const struct placements *list, int depth, struct bulk *bulk);

/* What it grows to with its components; which also finds those that are their own. */
static bool measure(struct threemf *threemf, struct model *model, struct object *object, int depth)
{
    if (object->state == MEASURED)
        return true;
    if (object->state == IS_MEASURED)
        return mesh_problem(threemf->mesh, "%.60s, line %lu: object %u is a component of itself",
                            model->part, object->line, object->id);
    object->state = IS_MEASURED;
    object->bulk = (struct bulk){.faces = object->face_count, .bodies = 1};
    if (depth == DEEPEST)
        return mesh_problem(threemf->mesh, "%.60s, line %lu: components more than %d deep",
                            model->part, object->line, DEEPEST);
    if (!measure_list(threemf, model, &object->components, depth + 1, &object->bulk))
        return false;
    object->bulk.height++;
    object->state = MEASURED;
    return true;
}

static bool measure_list(struct threemf *threemf, struct model *model,
                         const struct placements *list, int depth, struct bulk *bulk)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct model *in = model;
        struct object *object = object_at(threemf, &list->items[i], &in);
        if (!object || !measure(threemf, in, object, depth))
            return false;
        if (!object->is_model)
            continue;
        bulk->faces += object->bulk.faces;
        bulk->bodies += object->bulk.bodies;
        if (bulk->height < object->bulk.height)
            bulk->height = object->bulk.height;
        if (bulk->faces > FACES_AT_MOST || bulk->bodies > BODIES_AT_MOST || bulk->height > DEEPEST)
            return mesh_problem(threemf->mesh,
                                "%.40s, line %lu: it grows to more than %d triangles, %d bodies or "
                                "components %d deep",
                                model->part, list->items[i].line, FACES_AT_MOST, BODIES_AT_MOST,
                                DEEPEST);
    }
    return true;
}

/* ---- putting it together ---- */

static struct transform combine(const struct transform *inner, const struct transform *outer)
{
    struct transform both = {0};
    for (int row = 0; row < 4; row++)
        for (int axis = 0; axis < 3; axis++) {
            both.rows[row][axis] = row == 3 ? outer->rows[3][axis] : 0;
            for (int i = 0; i < 3; i++)
                both.rows[row][axis] += inner->rows[row][i] * outer->rows[i][axis];
        }
    return both;
}

/* Turned inside out by a mirror, unless its faces are turned round too. */
static bool mirrors(const struct transform *transform)
{
    const double(*m)[3] = transform->rows;
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
               m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
               m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]) <
           0;
}

static bool put(const float from[3], const struct transform *transform, float to[3])
{
    bool within = true;
    for (int axis = 0; axis < 3; axis++) {
        double at = transform->rows[3][axis];
        for (int i = 0; i < 3; i++)
            at += (double)from[i] * transform->rows[i][axis];
        within &= fabs(at) <= (double)FLT_MAX;
        to[axis] = within ? (float)at : 0;
    }
    return within;
}

static void begin_volume(struct threemf *threemf, uint64_t material)
{
    struct mesh *mesh = threemf->mesh;
    if (mesh->volume_count == threemf->volume_capacity) {
        threemf->volume_capacity = threemf->volume_capacity ? threemf->volume_capacity * 2 : 8;
        mesh->volumes =
            memory_resize(mesh->volumes, threemf->volume_capacity * sizeof *mesh->volumes);
    }
    mesh->volumes[mesh->volume_count++] =
        (struct mesh_volume){weld_count(&threemf->welder), material};
}

/* An object is one volume, unless a slicer's project has it in several, one after another. */
static void look_for_volume(struct threemf *threemf, const struct object *object, uint32_t triangle)
{
    const struct threemf_slot *slot = threemf_slot_at(&threemf->slots, object->id, triangle);
    if (!slot && triangle)
        return;
    weld_forget(&threemf->welder);
    threemf->others = threemf->mesh->vertex_count;
    begin_volume(threemf, slot ? slot->extruder : object->material);
}

static bool build_mesh(struct threemf *threemf, const struct model *model,
                       const struct object *object, const struct transform *transform)
{
    bool mirrored = mirrors(transform);
    threemf->welded =
        memory_resize(threemf->welded, (object->place_count + (size_t)1) * sizeof *threemf->welded);
    memset(threemf->welded, 0, object->place_count * sizeof *threemf->welded);
    for (uint32_t i = 0; i < object->face_count; i++) {
        uint32_t face[3];
        look_for_volume(threemf, object, i);
        for (int corner = 0; corner < 3; corner++) {
            uint32_t named = object->faces[i][corner], *welded = &threemf->welded[named];
            float at[3];
            if (*welded <= threemf->others) {
                if (!put(object->places[named], transform, at))
                    return mesh_problem(threemf->mesh, "%.60s: object %u is put too far out",
                                        model->part, object->id);
                *welded = weld_vertex(&threemf->welder, at) + 1;
            }
            face[mirrored && corner ? 3 - corner : corner] = *welded - 1;
        }
        weld_face(&threemf->welder, face);
    }
    return true;
}

static bool build_list(struct threemf *threemf, struct model *model, const struct placements *list,
                       const struct transform *outer)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct model *in = model;
        struct object *object = object_at(threemf, &list->items[i], &in);
        struct transform transform = combine(&list->items[i].transform, outer);
        if (!object)
            return false;
        if (!object->is_model)
            continue;
        if ((object->face_count && !build_mesh(threemf, in, object, &transform)) ||
            !build_list(threemf, in, &object->components, &transform))
            return false;
    }
    return true;
}

static bool build(struct threemf *threemf, struct model *root)
{
    const struct transform as_it_is = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 0}}};
    struct bulk bulk = {0};
    if (!measure_list(threemf, root, &root->build, 0, &bulk))
        return false;
    weld_open(&threemf->welder, threemf->mesh, (uint32_t)bulk.faces);
    bool sound = build_list(threemf, root, &root->build, &as_it_is);
    weld_close(&threemf->welder);
    free(threemf->welded);
    return sound;
}

/* ---- the two ways in ---- */

static bool read_root(struct threemf *threemf)
{
    const char *root = root_of(threemf);
    if (!root)
        return false;
    int64_t part = package_find(threemf->package, root, true);
    if (part < 0)
        return mesh_problem(threemf->mesh, "the package has no part %.60s", root);
    struct model *model = model_at(threemf, part, root);
    threemf_slots_read(threemf->package, &threemf->slots);
    bool sound = model && build(threemf, model);
    free(threemf->slots.items);
    return sound;
}

static bool read_threemf(const unsigned char *bytes, size_t length, struct mesh *mesh)
{
    struct threemf threemf = {.mesh = mesh};
    mesh->format = "3MF";
    if (!length)
        return mesh_problem(mesh, "it is empty");
    threemf.package = package_open(bytes, length, mesh);
    if (!threemf.package)
        return false;
    uint32_t parts = package_count(threemf.package);
    threemf.models = memory_zeroed(parts, sizeof(struct model *));
    bool sound = read_root(&threemf);
    for (uint32_t i = 0; i < parts; i++)
        model_free(threemf.models[i]);
    free(threemf.models);
    package_close(threemf.package);
    arena_free(&threemf.arena);
    return sound;
}

bool threemf_read_xml(const char *xml, size_t length, struct mesh *mesh)
{
    struct threemf threemf = {.mesh = mesh};
    bool sound = true;
    struct model_reader *reader = model_reader_open("the model", &threemf.arena, mesh);
    for (size_t at = 0; at < length && sound;) {
        int piece = length - at < 65536 ? (int)(length - at) : 65536;
        sound = model_reader_take(reader, xml + at, piece);
        at += (size_t)piece;
    }
    struct model *model = model_reader_close(reader, sound);
    sound = model && build(&threemf, model);
    model_free(model);
    arena_free(&threemf.arena);
    return sound;
}

/* A zip archive whose list of parts, at its end, has a model. Whether it can be unpacked is no question yet. */
static bool is_likely(const unsigned char *bytes, size_t length)
{
    enum { LOOKED_AT = 1 << 20 };
    size_t tail = length < LOOKED_AT ? length : LOOKED_AT;
    return length > 4 && memcmp(bytes, "PK\3\4", 4) == 0 &&
           memmem(bytes + length - tail, tail, ".model", 6) != NULL;
}

const struct mesh_reader threemf_reader = {".3mf", is_likely, read_threemf};
