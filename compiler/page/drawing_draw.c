/* A drawing on paper and in pixels, by cairo. */
#include "page/drawing_private.h"

#include "base/memory.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

/* ---- a picture ---- */

/* Tells one surface from another: a PDF then holds it once, however often it is drawn. FNV-1a. */
static uint64_t hash_of(const struct picture *picture)
{
    uint64_t hash = 0xCBF29CE484222325u;
    size_t count = (size_t)picture->columns * (size_t)picture->rows;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ picture->grey[i]) * 0x100000001B3u;
    return hash;
}

static void name_surface(cairo_surface_t *surface, const struct picture *picture)
{
    char *name = memory_alloc(64);
    int length = snprintf(name, 64, "part-%016llx-%dx%d", (unsigned long long)hash_of(picture),
                          picture->columns, picture->rows);
    cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_UNIQUE_ID, (unsigned char *)name,
                                (unsigned long)length, free, name);
}

static void put_row(const struct picture *picture, int row, cairo_format_t format,
                    unsigned char *to)
{
    const unsigned char *grey = picture->grey + (size_t)row * (size_t)picture->columns;
    if (format == CAIRO_FORMAT_A8) {
        memcpy(to, grey, (size_t)picture->columns);
        return;
    }
    for (int column = 0; column < picture->columns; column++)
        ((uint32_t *)(void *)to)[column] = 0xFF000000u | grey[column] * 0x010101u;
}

cairo_surface_t *picture_surface(const struct picture *picture, cairo_format_t format)
{
    cairo_surface_t *surface = cairo_image_surface_create(format, picture->columns, picture->rows);
    unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    cairo_surface_flush(surface);
    for (int row = 0; data && row < picture->rows; row++)
        put_row(picture, row, format, data + (size_t)row * (size_t)stride);
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void draw_surface(cairo_t *cairo, const struct picture *picture)
{
    cairo_surface_t *surface = picture_surface(picture, CAIRO_FORMAT_RGB24);
    name_surface(surface, picture);
    cairo_save(cairo);
    cairo_scale(cairo, picture->pixel_mm, picture->pixel_mm);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_rectangle(cairo, 0, 0, picture->columns, picture->rows);
    cairo_fill(cairo);
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

static void draw_picture(cairo_t *cairo, const struct drawing *drawing, int number)
{
    const struct picture *picture = drawing->pictures[number].picture;
    double scale = drawing->pictures[number].scale;
    cairo_save(cairo);
    cairo_translate(cairo, drawing->pictures[number].x, drawing->pictures[number].y);
    cairo_scale(cairo, scale, scale);
    draw_surface(cairo, picture);
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

void drawing_draw(const struct drawing *drawing, cairo_t *cairo)
{
    for (int i = 0; i < drawing->picture_count; i++)
        draw_picture(cairo, drawing, i);
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
