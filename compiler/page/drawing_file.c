/* A drawing as a file: SVG, PDF, PNG. */
#include "page/drawing_private.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

static cairo_status_t collect(void *buffer, const unsigned char *bytes, unsigned length)
{
    buffer_add(buffer, (const char *)bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

/* ---- SVG ---- */

static void svg_surface(struct buffer *out, const struct picture *picture, double scale)
{
    struct buffer png = {0};
    int coarse = picture_coarse(picture, scale);
    cairo_surface_t *surface = picture_surface(picture, CAIRO_FORMAT_A8, coarse);
    double pixel_mm = picture->pixel_mm * coarse;
    int columns = cairo_image_surface_get_width(surface);
    int rows = cairo_image_surface_get_height(surface);
    cairo_surface_write_to_png_stream(surface, collect, &png);
    cairo_surface_destroy(surface);
    buffer_addf(out,
                "<image width=\"%.4f\" height=\"%.4f\" preserveAspectRatio=\"none\" "
                "href=\"data:image/png;base64,",
                columns * pixel_mm, rows * pixel_mm);
    buffer_add_base64(out, buffer_text(&png), png.length);
    buffer_add_text(out, "\"/>\n");
    buffer_free(&png);
}

/* In pixels' tenths from the point before, which is shorter and as good as what the eye tells apart. */
static void svg_line(struct buffer *out, const struct picture *picture,
                     const struct picture_line *line)
{
    long last[2] = {0, 0};
    for (uint32_t i = 0; i < line->count; i++) {
        const float *point = picture->points[line->first + i];
        long at[2];
        for (int axis = 0; axis < 2; axis++)
            at[axis] = (long)((double)point[axis] / picture->pixel_mm * 10 + 1000.5) - 1000;
        buffer_addf(out,
                    i == 0   ? "M%ld %ld"
                    : i == 1 ? "l%ld %ld"
                             : " %ld %ld",
                    at[0] - last[0], at[1] - last[1]);
        memcpy(last, at, sizeof last);
    }
}

static void svg_lines(struct buffer *out, const struct picture *picture, bool outline, double width)
{
    double tenth = picture->pixel_mm / 10;
    buffer_addf(out, "<path transform=\"scale(%.9g)\" stroke-width=\"%.3f\" d=\"", tenth,
                width / tenth);
    for (uint32_t i = 0; i < picture->line_count; i++)
        if (picture->lines[i].outline == outline)
            svg_line(out, picture, &picture->lines[i]);
    buffer_add_text(out, "\"/>\n");
}

static void svg_picture(struct buffer *out, const struct drawing *drawing, int number)
{
    const struct picture *picture = drawing->pictures[number].picture;
    double scale = drawing->pictures[number].scale;
    buffer_addf(out,
                "<g transform=\"translate(%.3f %.3f) scale(%.9g)\" fill=\"none\" "
                "stroke=\"#000\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n",
                drawing->pictures[number].x, drawing->pictures[number].y, scale);
    svg_surface(out, picture, scale);
    svg_lines(out, picture, false, drawing_line_pt(drawing, false) / scale);
    svg_lines(out, picture, true, drawing_line_pt(drawing, true) / scale);
    buffer_add_text(out, "</g>\n");
}

static void svg_arrow(struct buffer *out, const double from[2], const double to[2])
{
    double corners[3][2];
    arrow_corners(from, to, corners);
    buffer_addf(out, "<path d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fz\"/>\n", corners[0][0],
                corners[0][1], corners[1][0], corners[1][1], corners[2][0], corners[2][1]);
}

static void svg_dimensions(struct buffer *out, const struct drawing *drawing)
{
    for (int i = 0; i < drawing->line_count; i++) {
        const double *from = drawing->lines[i].from, *to = drawing->lines[i].to;
        buffer_addf(out,
                    "<path d=\"M%.2f %.2fL%.2f %.2f\" stroke=\"#000\" stroke-width=\"%.2f\"/>\n",
                    from[0], from[1], to[0], to[1], DIMENSION_PT);
        if (drawing->lines[i].arrow_from)
            svg_arrow(out, to, from);
        if (drawing->lines[i].arrow_to)
            svg_arrow(out, from, to);
    }
    for (int i = 0; i < drawing->text_count; i++)
        buffer_addf(out, "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\">%s</text>\n",
                    drawing->texts[i].x, drawing->texts[i].y,
                    drawing->texts[i].right ? "end" : "middle", drawing->texts[i].text);
}

void drawing_svg(const struct drawing *drawing, const char *title, const char *id,
                 struct buffer *out)
{
    buffer_add_text(out, "<svg ");
    if (id)
        buffer_addf(out, "id=\"%s\" ", id);
    buffer_addf(out,
                "xmlns=\"http://www.w3.org/2000/svg\" width=\"%.2fpt\" height=\"%.2fpt\" "
                "viewBox=\"0 0 %.2f %.2f\" font-family=\"'" DRAWING_FONT "',sans-serif\" "
                "font-size=\"%g\" role=\"img\" aria-label=\"",
                drawing->width_pt, drawing->height_pt, drawing->width_pt, drawing->height_pt,
                DRAWING_TEXT_PT);
    buffer_add_xml(out, title);
    buffer_add_text(out, "\">\n");
    for (int i = 0; i < drawing->picture_count; i++)
        svg_picture(out, drawing, i);
    svg_dimensions(out, drawing);
    buffer_add_text(out, "</svg>\n");
}

/* ---- PDF and PNG ---- */

static const int alone[DRAWING_PICTURES] = {NEVER_SHARED, NEVER_SHARED, NEVER_SHARED};

static bool finish(cairo_surface_t *surface, cairo_status_t status, struct failure *failure)
{
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS ||
           fail(failure, "the picture cannot be drawn: %s", cairo_status_to_string(status));
}

static bool write_pdf(const struct drawing *drawing, const char *title, struct buffer *out,
                      struct failure *failure)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(collect, out, drawing->width_pt, drawing->height_pt);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   "1980-01-01T00:00:00Z"); /* same bytes */
    cairo_t *cairo = cairo_create(surface);
    drawing_draw(drawing, cairo, alone);
    cairo_show_page(cairo);
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    return finish(surface, status, failure);
}

/* One byte a pixel: cairo writes a mask as grey, and there is no colour to lose. */
static cairo_surface_t *grey_of(cairo_surface_t *colored, int width, int height)
{
    cairo_surface_t *grey = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    cairo_surface_flush(colored);
    const unsigned char *from = cairo_image_surface_get_data(colored);
    unsigned char *to = cairo_image_surface_get_data(grey);
    int from_stride = cairo_image_surface_get_stride(colored);
    int to_stride = cairo_image_surface_get_stride(grey);
    for (int row = 0; from && to && row < height; row++)
        for (int column = 0; column < width; column++)
            to[(size_t)row * (size_t)to_stride + (size_t)column] =
                from[(size_t)row * (size_t)from_stride + 4 * (size_t)column + 1];
    cairo_surface_mark_dirty(grey);
    return grey;
}

static bool write_png(const struct drawing *drawing, double pixels_pt, struct buffer *out,
                      struct failure *failure)
{
    int width = (int)(drawing->width_pt * pixels_pt + 0.999);
    int height = (int)(drawing->height_pt * pixels_pt + 0.999);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cairo = cairo_create(surface);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cairo, options);
    cairo_font_options_destroy(options);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, pixels_pt, pixels_pt);
    drawing_draw(drawing, cairo, alone);
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_t *grey = grey_of(surface, width, height);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(grey, collect, out);
    cairo_surface_destroy(grey);
    return finish(surface, status, failure);
}

/* ---- a scene ---- */

#define FILE_PT 360.0 /* the room of the picture */
#define FILE_PIXELS 1200

static void look_for(const struct scene *scene, const char *view, struct picture *pictures,
                     struct drawing *drawing)
{
    static const char *const names[VIEW_COUNT] = {"iso", "front", "top", "right"};
    bool three = strcmp(view, "three") == 0;
    for (enum view one = VIEW_ISO; one < VIEW_COUNT; one++) {
        if (three ? one == VIEW_ISO : strcmp(view, names[one]) != 0)
            continue;
        scene_look(scene, one, three ? FILE_PIXELS / 2 : FILE_PIXELS, &pictures[one]);
        if (!three)
            drawing_of_one(drawing, &pictures[one], FILE_PT, FILE_PT);
    }
    if (three)
        drawing_of_three(drawing, pictures, FILE_PT, FILE_PT);
}

bool drawing_render(const struct scene *scene, const char *view, const char *format,
                    const char *title, struct buffer *out, struct failure *failure)
{
    struct picture pictures[VIEW_COUNT] = {{0}};
    struct drawing drawing = {0};
    bool good = true;
    look_for(scene, view, pictures, &drawing);
    if (strcmp(format, "svg") == 0)
        drawing_svg(&drawing, title, NULL, out);
    else if (strcmp(format, "pdf") == 0)
        good = write_pdf(&drawing, title, out, failure);
    else
        good = write_png(&drawing, FILE_PIXELS / FILE_PT, out, failure);
    for (int view_index = 0; view_index < VIEW_COUNT; view_index++)
        picture_free(&pictures[view_index]);
    return good;
}
