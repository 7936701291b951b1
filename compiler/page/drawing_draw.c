/* A drawing on paper and in pixels, by cairo. */
#include "page/drawing_private.h"

#include "base/memory.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

/* ---- a picture ---- */

/* FNV-1a over the greys. */
uint64_t picture_hash(const struct picture *picture)
{
    uint64_t hash = 0xCBF29CE484222325u;
    size_t count = (size_t)picture->columns * (size_t)picture->rows;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ picture->grey[i]) * 0x100000001B3u;
    return hash;
}

/* Surfaces of one name are one image in a PDF. */
static void name_surface(cairo_surface_t *surface, const struct picture *picture, int coarse,
                         int use)
{
    enum { ROOM = 80 };
    char *name = memory_alloc(ROOM);
    int length =
        snprintf(name, ROOM, "part-%016llx-%dx%d-%d-%d", (unsigned long long)picture_hash(picture),
                 picture->columns, picture->rows, coarse, use);
    cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_UNIQUE_ID, (unsigned char *)name,
                                (unsigned long)length, free, name);
}

/* The mean of a square of pixels; beyond the last ones it is white. */
static unsigned mean_of(const struct picture *picture, int column, int row, int coarse)
{
    unsigned sum = 0;
    for (int y = row * coarse; y < (row + 1) * coarse; y++)
        for (int x = column * coarse; x < (column + 1) * coarse; x++)
            sum += y < picture->rows && x < picture->columns
                       ? picture->grey[(size_t)y * (size_t)picture->columns + (size_t)x]
                       : 255u;
    unsigned count = (unsigned)(coarse * coarse);
    return (sum + count / 2) / count;
}

cairo_surface_t *picture_surface(const struct picture *picture, cairo_format_t format, int coarse)
{
    int columns = (picture->columns + coarse - 1) / coarse;
    int rows = (picture->rows + coarse - 1) / coarse;
    cairo_surface_t *surface = cairo_image_surface_create(format, columns, rows);
    unsigned char *data = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    cairo_surface_flush(surface);
    for (int row = 0; data && row < rows; row++)
        for (int column = 0; column < columns; column++) {
            unsigned grey = mean_of(picture, column, row, coarse);
            unsigned char *to = data + (size_t)row * stride;
            if (format == CAIRO_FORMAT_A8)
                to[column] = (unsigned char)grey;
            else
                ((uint32_t *)(void *)to)[column] = 0xFF000000u | grey * 0x010101u;
        }
    cairo_surface_mark_dirty(surface);
    return surface;
}

/* Finer pixels cost room and show nothing. */
#define DOTS_A_POINT (300.0 / 72)

int picture_coarse(const struct picture *picture, double scale)
{
    int coarse = (int)(1 / (picture->pixel_mm * scale * DOTS_A_POINT));
    return coarse < 1 ? 1 : coarse;
}

static void draw_surface(cairo_t *cairo, const struct picture *picture, double scale, int use)
{
    int coarse = picture_coarse(picture, scale);
    cairo_surface_t *surface = picture_surface(picture, CAIRO_FORMAT_RGB24, coarse);
    if (use != NEVER_SHARED)
        name_surface(surface, picture, coarse, use);
    cairo_save(cairo);
    cairo_scale(cairo, picture->pixel_mm * coarse, picture->pixel_mm * coarse);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_surface_destroy(surface);
}

/* Lines of one weight as one path. */
static void draw_lines(cairo_t *cairo, const struct picture *picture, bool outline, double width)
{
    for (uint32_t i = 0; i < picture->line_count; i++) {
        const struct picture_line *line = &picture->lines[i];
        if (line->outline != outline)
            continue;
        cairo_new_sub_path(cairo);
        for (uint32_t j = 0; j < line->count; j++) {
            const float *point = picture->points[line->first + j];
            cairo_line_to(cairo, (double)point[0], (double)point[1]);
        }
    }
    cairo_set_line_width(cairo, width);
    cairo_stroke(cairo);
}

static void draw_picture(cairo_t *cairo, const struct drawing *drawing, int number, int use)
{
    const struct picture *picture = drawing->pictures[number].picture;
    double scale = drawing->pictures[number].scale;
    cairo_save(cairo);
    cairo_translate(cairo, drawing->pictures[number].x, drawing->pictures[number].y);
    cairo_scale(cairo, scale, scale);
    draw_surface(cairo, picture, scale, use);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    draw_lines(cairo, picture, false, drawing_line_pt(drawing, false) / scale);
    draw_lines(cairo, picture, true, drawing_line_pt(drawing, true) / scale);
    cairo_restore(cairo);
}

/* ---- dimensions ---- */

void arrow_corners(const double from[2], const double to[2], double corners[3][2])
{
    double dx = to[0] - from[0], dy = to[1] - from[1], length = sqrt(dx * dx + dy * dy);
    dx /= length;
    dy /= length;
    for (int corner = 0; corner < 3; corner++) {
        double back = corner ? ARROW_PT : 0, aside = corner == 1   ? ARROW_HALF_PT
                                                     : corner == 2 ? -ARROW_HALF_PT
                                                                   : 0;
        corners[corner][0] = to[0] - back * dx - aside * dy;
        corners[corner][1] = to[1] - back * dy + aside * dx;
    }
}

static void draw_arrow(cairo_t *cairo, const double from[2], const double to[2])
{
    double corners[3][2];
    arrow_corners(from, to, corners);
    for (int corner = 0; corner < 3; corner++)
        cairo_line_to(cairo, corners[corner][0], corners[corner][1]);
    cairo_close_path(cairo);
    cairo_fill(cairo);
}

static void draw_text(cairo_t *cairo, PangoLayout *layout, double x, double y, bool right,
                      const char *text)
{
    int width;
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_size(layout, &width, NULL);
    double wide = (double)width / PANGO_SCALE;
    double baseline = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
    cairo_move_to(cairo, right ? x - wide : x - wide / 2, y - baseline);
    pango_cairo_show_layout(cairo, layout);
}

static void draw_texts(cairo_t *cairo, const struct drawing *drawing)
{
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font = pango_font_description_from_string(DRAWING_FONT);
    pango_font_description_set_absolute_size(font, DRAWING_TEXT_PT * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    for (int i = 0; i < drawing->text_count; i++)
        draw_text(cairo, layout, drawing->texts[i].x, drawing->texts[i].y, drawing->texts[i].right,
                  drawing->texts[i].text);
    g_object_unref(layout);
}

void drawing_draw(const struct drawing *drawing, cairo_t *cairo, const int uses[DRAWING_PICTURES])
{
    for (int i = 0; i < drawing->picture_count; i++)
        draw_picture(cairo, drawing, i, uses[i]);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_line_width(cairo, DIMENSION_PT);
    for (int i = 0; i < drawing->line_count; i++) {
        const double *from = drawing->lines[i].from, *to = drawing->lines[i].to;
        cairo_move_to(cairo, from[0], from[1]);
        cairo_line_to(cairo, to[0], to[1]);
        cairo_stroke(cairo);
        if (drawing->lines[i].arrow_from)
            draw_arrow(cairo, to, from);
        if (drawing->lines[i].arrow_to)
            draw_arrow(cairo, from, to);
    }
    if (drawing->text_count)
        draw_texts(cairo, drawing);
}
