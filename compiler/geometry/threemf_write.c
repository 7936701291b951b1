#include "geometry/threemf_write.h"

#include "base/memory.h"
#include "geometry/threemf_slots.h"
#include "geometry/threemf_volumes.h"
#include "geometry/zip_library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the model ---- */

/* As short as gives the same float again. */
static void add_float(struct buffer *out, float value)
{
    char text[32];
    for (int digits = 6; digits < 10; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value)
            break;
    }
    buffer_add_text(out, text);
}

static void add_attribute(struct buffer *out, const char *name, float value)
{
    buffer_addf(out, " %s=\"", name);
    add_float(out, value);
    buffer_add_char(out, '"');
}

static bool has_slots(const struct threemf_scene *scene)
{
    return scene->material_count > 1;
}

/* What differs from its object's material is said of each triangle. */
static void add_volume(struct buffer *out, const struct mesh *mesh, uint32_t from, uint32_t to,
                       const char *material)
{
    for (uint32_t i = from; i < to; i++) {
        const uint32_t *corners = mesh->triangles[i];
        if (!threemf_is_flat(corners))
            buffer_addf(out, "     <triangle v1=\"%u\" v2=\"%u\" v3=\"%u\"%s/>\n", corners[0],
                        corners[1], corners[2], material);
    }
}

static void add_triangles(struct buffer *out, const struct threemf_scene *scene,
                          const struct threemf_object *object)
{
    struct written_volume volume = {0};
    uint32_t from = 0;
    while (threemf_next_volume(object, &volume)) {
        char material[48] = "";
        if (has_slots(scene) && volume.material != threemf_material_of(object))
            snprintf(material, sizeof material, " pid=\"%u\" p1=\"%u\"", scene->object_count + 1,
                     volume.material);
        add_volume(out, object->mesh, from, volume.next, material);
        from = volume.next;
    }
}

static void add_mesh(struct buffer *out, const struct threemf_scene *scene,
                     const struct threemf_object *object)
{
    const struct mesh *mesh = object->mesh;
    buffer_add_text(out, "   <mesh>\n    <vertices>\n");
    for (uint32_t i = 0; i < mesh->vertex_count; i++) {
        buffer_add_text(out, "     <vertex");
        add_attribute(out, "x", mesh->vertices[i][0]);
        add_attribute(out, "y", mesh->vertices[i][1]);
        add_attribute(out, "z", mesh->vertices[i][2]);
        buffer_add_text(out, "/>\n");
    }
    buffer_add_text(out, "    </vertices>\n    <triangles>\n");
    add_triangles(out, scene, object);
    buffer_add_text(out, "    </triangles>\n   </mesh>\n");
}

static void add_materials(struct buffer *out, const struct threemf_scene *scene)
{
    buffer_addf(out, "  <basematerials id=\"%u\">\n", scene->object_count + 1);
    for (uint32_t i = 0; i < scene->material_count; i++) {
        buffer_add_text(out, "   <base name=\"");
        buffer_add_xml(out, scene->materials[i].name);
        buffer_addf(out, "\" displaycolor=\"%s\"/>\n", scene->materials[i].color);
    }
    buffer_add_text(out, "  </basematerials>\n");
}

static void add_objects(struct buffer *out, const struct threemf_scene *scene)
{
    buffer_add_text(out, " <resources>\n");
    if (has_slots(scene))
        add_materials(out, scene);
    for (uint32_t i = 0; i < scene->object_count; i++) {
        const struct threemf_object *object = &scene->objects[i];
        buffer_addf(out, "  <object id=\"%u\" type=\"model\" name=\"", i + 1);
        buffer_add_xml(out, object->name);
        buffer_add_char(out, '"');
        if (has_slots(scene))
            buffer_addf(out, " pid=\"%u\" pindex=\"%u\"", scene->object_count + 1,
                        threemf_material_of(object));
        buffer_add_text(out, ">\n");
        add_mesh(out, scene, object);
        buffer_add_text(out, "  </object>\n");
    }
    buffer_add_text(out, " </resources>\n");
}

static void add_items(struct buffer *out, const struct threemf_scene *scene)
{
    buffer_add_text(out, " <build>\n");
    for (uint32_t i = 0; i < scene->item_count; i++) {
        const struct threemf_item *item = &scene->items[i];
        buffer_addf(out, "  <item objectid=\"%u\" transform=\"", item->object + 1);
        for (int k = 0; k < 12; k++)
            buffer_addf(out, k ? " %.9g" : "%.9g", item->matrix[k / 3][k % 3]);
        buffer_add_text(out, "\"/>\n");
    }
    buffer_add_text(out, " </build>\n");
}

static void add_model(struct buffer *out, const struct threemf_scene *scene)
{
    buffer_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<model unit=\"millimeter\" xml:lang=\"en-US\" "
                         "xmlns=\"http://schemas.microsoft.com/3dmanufacturing/core/2015/02\">\n"
                         " <metadata name=\"Application\">flowc " FLOW_VERSION "</metadata>\n"
                         " <metadata name=\"Title\">");
    buffer_add_xml(out, scene->title);
    buffer_add_text(out, "</metadata>\n");
    add_objects(out, scene);
    add_items(out, scene);
    buffer_add_text(out, "</model>\n");
}

void threemf_place(struct threemf_item *item, double angle_deg, const double to[3])
{
    static const double quarters[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    double angle = angle_deg * (3.14159265358979323846 / 180), quarter = angle_deg / 90;
    bool exact = quarter >= 0 && quarter < 4 && quarter == floor(quarter);
    double along = exact ? quarters[(int)quarter][0] : cos(angle);
    double across = exact ? quarters[(int)quarter][1] : sin(angle);
    const double matrix[4][3] = {
        {along, across, 0}, {-across, along, 0}, {0, 0, 1}, {to[0], to[1], to[2]}};
    memcpy(item->matrix, matrix, sizeof matrix);
}

/* ---- the package ---- */

/* 1980-01-01, the first day that a zip file knows; as DOS words, which no time zone moves. */
enum { DOS_TIME = 0, DOS_DATE = (0 << 9) | (1 << 5) | 1 };

struct part {
    const char *name;
    const char *text;
    size_t length;
};

static bool add_part(zip_t *archive, const struct part *part)
{
    zip_error_t error;
    zip_source_t *source = zip.buffer(part->text, part->length, 0, &error);
    zip_int64_t index = source ? zip.add(archive, part->name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        if (source)
            zip.free(source);
        return false;
    }
    zip_uint64_t at = (zip_uint64_t)index;
    return zip.compress(archive, at, ZIP_CM_DEFLATE, 6) == 0 &&
           zip.attributes(archive, at, 0, ZIP_OPSYS_UNIX, 0100644u << 16) == 0 &&
           zip.time(archive, at, DOS_TIME, DOS_DATE, 0) == 0;
}

/* Closes the archive into its target and reads that. */
static bool read_back(zip_t *archive, zip_source_t *target, struct buffer *out)
{
    zip_stat_t about;
    if (zip.close(archive) != 0) {
        zip.discard(archive);
        return false;
    }
    if (zip.source_stat(target, &about) != 0 || zip.source_open(target) != 0)
        return false;
    char *bytes = memory_alloc((size_t)about.size + 1);
    bool whole = zip.source_read(target, bytes, about.size) == (zip_int64_t)about.size;
    if (whole)
        buffer_add(out, bytes, (size_t)about.size);
    free(bytes);
    return zip.source_close(target) == 0 && whole;
}

static bool write_package(const struct part *parts, int count, struct buffer *out)
{
    zip_error_t error;
    zip_source_t *target = zip.buffer(NULL, 0, 0, &error);
    zip_t *archive = target ? zip.open(target, ZIP_TRUNCATE, &error) : NULL;
    if (!archive) {
        if (target)
            zip.free(target);
        return false;
    }
    zip.keep(target); /* the archive lets go of it when it closes */
    bool good = true;
    for (int i = 0; i < count && good; i++)
        good = add_part(archive, &parts[i]);
    if (good)
        good = read_back(archive, target, out);
    else
        zip.discard(archive);
    zip.free(target);
    return good;
}

static const char types[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\n"
    " <Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\n"
    " <Default Extension=\"model\" "
    "ContentType=\"application/vnd.ms-package.3dmanufacturing-3dmodel+xml\"/>\n"
    " <Default Extension=\"config\" ContentType=\"text/xml\"/>\n"
    "</Types>\n";
static const char relations[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\n"
    " <Relationship Target=\"/3D/3dmodel.model\" Id=\"rel0\" "
    "Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel\"/>\n"
    "</Relationships>\n";

bool threemf_write(const struct threemf_scene *scene, struct buffer *out, struct failure *failure)
{
    struct buffer model = {0}, prusa = {0}, bambu = {0};
    enum { CORE = 3, WITH_SLOTS = 5 };
    if (!zip_library_load())
        return fail(failure, "a 3MF file needs %s, which is not there; install libzip",
                    FLOW_LIBZIP);
    add_model(&model, scene);
    threemf_add_prusa(&prusa, scene);
    threemf_add_bambu(&bambu, scene);
    const struct part parts[] = {{"[Content_Types].xml", types, strlen(types)},
                                 {"_rels/.rels", relations, strlen(relations)},
                                 {"3D/3dmodel.model", model.text, model.length},
                                 {THREEMF_PRUSA, prusa.text, prusa.length},
                                 {THREEMF_BAMBU, bambu.text, bambu.length}};
    bool good = write_package(parts, has_slots(scene) ? WITH_SLOTS : CORE, out);
    buffer_free(&model);
    buffer_free(&prusa);
    buffer_free(&bambu);
    return good || fail(failure, "the 3MF package cannot be written");
}
