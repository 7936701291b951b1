#include "flowc/lsp/part_picture.h"

#include "base/file.h"
#include "geometry/picture.h"

enum { PIXELS = 220, MODEL_BYTES_AT_MOST = 8 << 20, SVG_BYTES_AT_MOST = 120 << 10 };

static void add_svg(struct buffer *svg, const struct picture *picture)
{
    double longer = picture->width_mm > picture->height_mm ? picture->width_mm : picture->height_mm;
    double scale = PIXELS / longer, margin = 2;
    buffer_addf(svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\">"
                "<g fill=\"none\" stroke=\"#888\" stroke-linejoin=\"round\">",
                picture->width_mm * scale + 2 * margin, picture->height_mm * scale + 2 * margin);
    for (uint32_t i = 0; i < picture->line_count; i++) {
        const struct picture_line *line = &picture->lines[i];
        buffer_addf(svg, "<path stroke-width=\"%s\" d=\"", line->outline ? "2" : "1");
        for (uint32_t k = 0; k < line->count; k++)
            buffer_addf(svg, "%c%.1f %.1f", k ? 'L' : 'M',
                        (double)picture->points[line->first + k][0] * scale + margin,
                        (double)picture->points[line->first + k][1] * scale + margin);
        buffer_add_text(svg, "\"/>");
    }
    buffer_add_text(svg, "</g></svg>");
}

static void draw(const struct mesh *mesh, struct buffer *out)
{
    struct scene *scene = scene_open(mesh);
    struct buffer svg = {0};
    struct picture picture;
    if (!scene)
        return;
    scene_look(scene, VIEW_ISO, PIXELS, &picture);
    add_svg(&svg, &picture);
    if (svg.length <= SVG_BYTES_AT_MOST) {
        buffer_add_text(out, "\n![its model](data:image/svg+xml;base64,");
        buffer_add_base64(out, svg.text, svg.length);
        buffer_add_text(out, ")\n");
    }
    buffer_free(&svg);
    picture_free(&picture);
    scene_free(scene);
}

void add_part_picture(struct server *server, const struct part *part, struct buffer *out)
{
    const struct spec *spec = server->resident.session.spec;
    const struct product *product = spec->product_count ? spec->products[0] : NULL;
    struct sku sku;
    struct mesh mesh;
    for (const struct user *user = spec_users(spec, &part->base); user; user = user->next)
        product = user->product;
    if (!part->model || !product)
        return;
    sku_at(product, 0, &sku);
    const char *path = file_path(spec, &part->base, &part->model->value, &sku, &server->scratch);
    if (!path || file_size(path) > MODEL_BYTES_AT_MOST || !file_exists(path))
        return;
    if (mesh_read(path, &mesh) == MESH_READ)
        draw(&mesh, out);
    mesh_free(&mesh);
}
