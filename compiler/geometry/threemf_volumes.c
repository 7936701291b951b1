#include "geometry/threemf_volumes.h"

bool threemf_is_flat(const uint32_t corners[3])
{
    return corners[0] == corners[1] || corners[1] == corners[2] || corners[2] == corners[0];
}

bool threemf_next_volume(const struct threemf_object *object, struct written_volume *volume)
{
    const struct mesh *mesh = object->mesh;
    uint32_t volumes = mesh->volume_count ? mesh->volume_count : 1;
    while (volume->number < volumes) {
        uint32_t from = volume->next, number = volume->number++;
        volume->next =
            number + 1 < volumes ? mesh->volumes[number + 1].first : mesh->triangle_count;
        volume->first = volume->end;
        for (uint32_t i = from; i < volume->next; i++)
            volume->end += !threemf_is_flat(mesh->triangles[i]);
        volume->material = object->materials ? object->materials[number] : 0;
        if (volume->end > volume->first)
            return true;
    }
    return false;
}

uint32_t threemf_material_of(const struct threemf_object *object)
{
    return object->materials ? object->materials[0] : 0;
}

static void add_name(struct buffer *out, const char *of, const char *name)
{
    buffer_addf(out, "<metadata%s key=\"name\" value=\"", of);
    buffer_add_xml(out, name);
    buffer_add_text(out, "\"/>\n");
}

static void add_slot(struct buffer *out, const char *of, uint32_t material)
{
    buffer_addf(out, "<metadata%s key=\"extruder\" value=\"%u\"/>\n", of, material + 1);
}

void threemf_add_prusa(struct buffer *out, const struct threemf_scene *scene)
{
    static const char of_object[] = " type=\"object\"", of_volume[] = " type=\"volume\"";
    buffer_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<config>\n");
    for (uint32_t i = 0; i < scene->object_count; i++) {
        const struct threemf_object *object = &scene->objects[i];
        struct written_volume volume = {0};
        buffer_addf(out, "<object id=\"%u\">\n", i + 1);
        add_name(out, of_object, object->name);
        add_slot(out, of_object, threemf_material_of(object));
        while (threemf_next_volume(object, &volume)) {
            buffer_addf(out, "<volume firstid=\"%u\" lastid=\"%u\">\n", volume.first,
                        volume.end - 1);
            add_name(out, of_volume, object->name);
            add_slot(out, of_volume, volume.material);
            buffer_add_text(out, "</volume>\n");
        }
        buffer_add_text(out, "</object>\n");
    }
    buffer_add_text(out, "</config>\n");
}

/* An object that is no assembly is its own part. What part of a mesh is of which material these slicers read from the model
   itself. */
void threemf_add_bambu(struct buffer *out, const struct threemf_scene *scene)
{
    buffer_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<config>\n");
    for (uint32_t i = 0; i < scene->object_count; i++) {
        const struct threemf_object *object = &scene->objects[i];
        buffer_addf(out, "<object id=\"%u\">\n", i + 1);
        add_name(out, "", object->name);
        add_slot(out, "", threemf_material_of(object));
        buffer_addf(out, "<part id=\"%u\" subtype=\"normal_part\">\n", i + 1);
        add_name(out, "", object->name);
        add_slot(out, "", threemf_material_of(object));
        buffer_add_text(out, "</part>\n</object>\n");
    }
    buffer_add_text(out, "</config>\n");
}
