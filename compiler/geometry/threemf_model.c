/* The XML of a model part, streamed: a large model is never a tree in memory. What is not of the core specification is
   skipped, unless the part says that it is needed. */
#include "geometry/threemf_model.h"

#include "base/memory.h"
#include "geometry/reader.h"
#include "geometry/scan.h"
#include "geometry/threemf_xml.h"
#include "geometry/weld.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum element {
    NOWHERE,
    MODEL,
    METADATA,
    RESOURCES,
    OBJECT,
    MESH,
    VERTICES,
    VERTEX,
    TRIANGLES,
    TRIANGLE,
    COMPONENTS,
    COMPONENT,
    BUILD,
    ITEM
};

struct model_reader {
    struct xml xml; /* first: what its handlers are given is this */
    struct arena *arena;
    struct model *model;
    enum element at;
    int skipped; /* how deep in an element that says nothing to us */
    double unit_mm;
    char *text; /* where characters go, NULL; size of the field */
    size_t text_size;
};

/* ---- attributes ---- */

/* The value of an attribute without a namespace; NULL. */
static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static bool number_of(struct scan *scan, double *number)
{
    scan_blanks(scan);
    return scan_number(scan, 0, number);
}

static bool ends(struct scan *scan)
{
    scan_blanks(scan);
    return scan->at == scan->end;
}

static struct scan scan_text(const char *text)
{
    return scan_open((const unsigned char *)text, strlen(text));
}

/* A whole number below 2^31, which is what the specification allows. */
static bool whole_of(struct model_reader *reader, const char *name, const char *text,
                     uint32_t *number)
{
    struct scan scan = scan_text(text ? text : "");
    uint64_t value = 0;
    scan_blanks(&scan);
    const unsigned char *first = scan.at;
    for (; scan.at < scan.end && is_digit(*scan.at) && value <= INT32_MAX; scan.at++)
        value = value * 10 + (uint64_t)(*scan.at - '0');
    if (scan.at == first || value > INT32_MAX || !ends(&scan))
        return xml_problem(&reader->xml, text ? "%s is no number" : "%s is missing", name);
    *number = (uint32_t)value;
    return true;
}

static bool transform_of(struct model_reader *reader, const char *text, struct transform *transform)
{
    *transform = (struct transform){{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 0}}};
    if (!text)
        return true;
    struct scan scan = scan_text(text);
    for (int i = 0; i < 12; i++)
        if (!number_of(&scan, &transform->rows[i / 3][i % 3]))
            return xml_problem(&reader->xml, "a transform is not twelve numbers");
    for (int axis = 0; axis < 3; axis++)
        transform->rows[3][axis] *= reader->unit_mm;
    return ends(&scan) || xml_problem(&reader->xml, "a transform is more than twelve numbers");
}

/* ---- model ---- */

static bool begin_model(struct model_reader *reader, const char **attributes)
{
    static const struct {
        const char *name;
        double mm;
    } units[] = {{"millimeter", 1}, {"micron", 0.001}, {"centimeter", 10},
                 {"inch", 25.4},    {"foot", 304.8},   {"meter", 1000}};
    const char *unit = attribute(attributes, "unit");
    reader->unit_mm = unit ? 0 : 1;
    for (size_t i = 0; unit && i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0)
            reader->unit_mm = units[i].mm;
    if (reader->unit_mm == 0)
        return xml_problem(&reader->xml, "`%.30s` is no unit of a 3MF file", unit);
    const char *required = attribute(attributes, "requiredextensions");
    return !required || xml_require(&reader->xml, required);
}

/* The first is kept; the root part comes before the others. */
static bool begin_metadata(struct model_reader *reader, const char **attributes)
{
    struct mesh *mesh = reader->xml.mesh;
    const char *name = attribute(attributes, "name");
    bool is_title = name && strcmp(name, "Title") == 0;
    if (!is_title && !(name && strcmp(name, "Designer") == 0))
        return true;
    char *field = is_title ? mesh->title : mesh->designer;
    reader->text = field[0] ? NULL : field;
    reader->text_size = is_title ? sizeof mesh->title : sizeof mesh->designer;
    return true;
}

static bool end_metadata(struct model_reader *reader)
{
    if (reader->text)
        mesh_tidy(reader->text);
    reader->text = NULL;
    return true;
}

/* ---- objects ---- */

/* A list of materials or colors, and the place in it. Neither is looked up: only which objects share one matters. */
static uint64_t material_of(const char **attributes)
{
    const char *list = attribute(attributes, "pid"), *place = attribute(attributes, "pindex");
    uint64_t number = list ? (uint32_t)strtoul(list, NULL, 10) : 0;
    return number << 32 | (uint32_t)(place ? strtoul(place, NULL, 10) : 0);
}

static bool begin_object(struct model_reader *reader, const char **attributes)
{
    static const char *const others[] = {"support", "solidsupport", "other"};
    struct model *model = reader->model;
    if (model->object_count == model->object_capacity) {
        model->object_capacity = model->object_capacity ? model->object_capacity * 2 : 8;
        model->objects =
            memory_resize(model->objects, model->object_capacity * sizeof *model->objects);
    }
    struct object *object = &model->objects[model->object_count++];
    *object = (struct object){.is_model = true, .line = xml_line(&reader->xml)};
    const char *type = attribute(attributes, "type");
    for (size_t i = 0; type && i < sizeof others / sizeof *others; i++)
        object->is_model &= strcmp(type, others[i]) != 0;
    object->material = material_of(attributes);
    return whole_of(reader, "the number of an object", attribute(attributes, "id"), &object->id);
}

static struct object *last_object(struct model_reader *reader)
{
    return &reader->model->objects[reader->model->object_count - 1];
}

static bool begin_vertex(struct model_reader *reader, const char **attributes)
{
    struct object *object = last_object(reader);
    double place[3];
    int seen = 0;
    for (; *attributes; attributes += 2) {
        const char *name = attributes[0];
        if (name[0] < 'x' || name[0] > 'z' || name[1])
            continue;
        int axis = name[0] - 'x';
        struct scan scan = scan_text(attributes[1]);
        if (!number_of(&scan, &place[axis]) || !ends(&scan))
            return xml_problem(&reader->xml, "%s of a vertex is no number, or too large", name);
        seen |= 1 << axis;
    }
    if (seen != 7)
        return xml_problem(&reader->xml, "a vertex lacks x, y or z");
    if (object->place_count == TRIANGLES_AT_MOST)
        return xml_problem(&reader->xml, "too many vertices");
    if (object->place_count == object->place_capacity) {
        object->place_capacity = object->place_capacity ? object->place_capacity * 2 : 64;
        object->places =
            memory_resize(object->places, object->place_capacity * sizeof *object->places);
    }
    for (int axis = 0; axis < 3; axis++) {
        float coordinate = (float)(place[axis] * reader->unit_mm);
        if (!isfinite(coordinate))
            return xml_problem(&reader->xml, "a vertex is too far out");
        object->places[object->place_count][axis] = coordinate;
    }
    object->place_count++;
    return true;
}

static bool begin_triangle(struct model_reader *reader, const char **attributes)
{
    struct object *object = last_object(reader);
    uint32_t face[3];
    int seen = 0;
    for (; *attributes; attributes += 2) {
        const char *name = attributes[0];
        if (name[0] != 'v' || name[1] < '1' || name[1] > '3' || name[2])
            continue;
        int corner = name[1] - '1';
        if (!whole_of(reader, name, attributes[1], &face[corner]))
            return false;
        if (face[corner] >= object->place_count)
            return xml_problem(&reader->xml, "a triangle names vertex %u, of %u", face[corner],
                               object->place_count);
        seen |= 1 << corner;
    }
    if (seen != 7)
        return xml_problem(&reader->xml, "a triangle lacks v1, v2 or v3");
    if (object->face_count == TRIANGLES_AT_MOST)
        return xml_problem(&reader->xml, "too many triangles");
    if (object->face_count == object->face_capacity) {
        object->face_capacity = object->face_capacity ? object->face_capacity * 2 : 64;
        object->faces = memory_resize(object->faces, object->face_capacity * sizeof *object->faces);
    }
    memcpy(object->faces[object->face_count++], face, sizeof face);
    return true;
}

/* ---- placements ---- */

static bool place(struct model_reader *reader, struct placements *list, const char **attributes)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 4;
        list->items = memory_resize(list->items, list->capacity * sizeof *list->items);
    }
    struct placement *placement = &list->items[list->count++];
    *placement = (struct placement){.line = xml_line(&reader->xml)};
    const char *part = attribute(attributes, XML_PRODUCTION "path");
    if (part) {
        part += *part == '/';
        const struct placement *last = list->count > 1 ? placement - 1 : NULL; /* often the same */
        placement->part = last && last->part && strcmp(last->part, part) == 0
                              ? last->part
                              : arena_copy_text(reader->arena, part, strlen(part));
    }
    return whole_of(reader, "objectid", attribute(attributes, "objectid"), &placement->object) &&
           transform_of(reader, attribute(attributes, "transform"), &placement->transform);
}

static bool begin_component(struct model_reader *reader, const char **attributes)
{
    return place(reader, &last_object(reader)->components, attributes);
}

static bool begin_item(struct model_reader *reader, const char **attributes)
{
    return place(reader, &reader->model->build, attributes);
}

/* ---- elements ---- */

/* What may stand in what. */
static const struct {
    enum element in;
    const char *name;
    enum element element;
    bool (*begin)(struct model_reader *reader, const char **attributes);
    bool (*end)(struct model_reader *reader);
} elements[] = {
    {VERTICES, "vertex", VERTEX, begin_vertex, NULL},
    {TRIANGLES, "triangle", TRIANGLE, begin_triangle, NULL},
    {NOWHERE, "model", MODEL, begin_model, NULL},
    {MODEL, "metadata", METADATA, begin_metadata, end_metadata},
    {MODEL, "resources", RESOURCES, NULL, NULL},
    {RESOURCES, "object", OBJECT, begin_object, NULL},
    {OBJECT, "mesh", MESH, NULL, NULL},
    {MESH, "vertices", VERTICES, NULL, NULL},
    {MESH, "triangles", TRIANGLES, NULL, NULL},
    {OBJECT, "components", COMPONENTS, NULL, NULL},
    {COMPONENTS, "component", COMPONENT, begin_component, NULL},
    {MODEL, "build", BUILD, NULL, NULL},
    {BUILD, "item", ITEM, begin_item, NULL},
};

static bool begin_element(struct xml *xml, const char *name, const char **attributes)
{
    struct model_reader *reader = (struct model_reader *)xml;
    const char *local = reader->skipped ? NULL : xml_core_name(name);
    for (size_t i = 0; local && i < sizeof elements / sizeof *elements; i++)
        if (elements[i].in == reader->at && strcmp(elements[i].name, local) == 0) {
            reader->at = elements[i].element;
            return !elements[i].begin || elements[i].begin(reader, attributes);
        }
    if (reader->at == NOWHERE)
        return xml_problem(xml, "not the model of a 3MF file");
    reader->skipped++;
    return true;
}

static bool end_element(struct xml *xml)
{
    struct model_reader *reader = (struct model_reader *)xml;
    if (reader->skipped) {
        reader->skipped--;
        return true;
    }
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (elements[i].element == reader->at) {
            reader->at = elements[i].in;
            return !elements[i].end || elements[i].end(reader);
        }
    return true;
}

static void take_text(struct xml *xml, const char *text, int length)
{
    struct model_reader *reader = (struct model_reader *)xml;
    if (reader->text && !reader->skipped)
        xml_append(reader->text, reader->text_size, text, length);
}

/* ---- the whole part ---- */

struct model_reader *model_reader_open(const char *part, struct arena *arena, struct mesh *mesh)
{
    static const struct xml_handlers handlers = {begin_element, end_element, take_text};
    struct model_reader *reader = memory_zeroed(1, sizeof *reader);
    reader->arena = arena;
    reader->model = memory_zeroed(1, sizeof *reader->model);
    reader->model->part = part;
    xml_open(&reader->xml, part, mesh, &handlers);
    return reader;
}

bool model_reader_take(void *reader, const char *bytes, int length)
{
    return xml_take(reader, bytes, length);
}

static int by_number(const void *a, const void *b)
{
    const struct object *left = a, *right = b;
    return (left->id > right->id) - (left->id < right->id);
}

static bool sort_objects(struct model *model, struct mesh *mesh)
{
    if (model->object_count)
        qsort(model->objects, model->object_count, sizeof *model->objects, by_number);
    for (uint32_t i = 1; i < model->object_count; i++)
        if (model->objects[i].id == model->objects[i - 1].id)
            return mesh_problem(mesh, "%.60s: two objects have the number %u", model->part,
                                model->objects[i].id);
    return true;
}

struct model *model_reader_close(struct model_reader *reader, bool sound)
{
    struct model *model = reader->model;
    struct mesh *mesh = reader->xml.mesh;
    sound = xml_close(&reader->xml, sound) && sort_objects(model, mesh);
    free(reader);
    if (sound)
        return model;
    model_free(model);
    return NULL;
}

void model_free(struct model *model)
{
    if (!model)
        return;
    for (uint32_t i = 0; i < model->object_count; i++) {
        free(model->objects[i].places);
        free(model->objects[i].faces);
        free(model->objects[i].components.items);
    }
    free(model->objects);
    free(model->build.items);
    free(model);
}

struct object *model_object(const struct model *model, uint32_t id)
{
    const struct object key = {.id = id};
    return model->object_count ? bsearch(&key, model->objects, model->object_count,
                                         sizeof *model->objects, by_number)
                               : NULL;
}
