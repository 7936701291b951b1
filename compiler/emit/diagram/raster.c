/* The SVG on paper and in pixels, by librsvg and cairo: Graphviz's own PDF carries the hour of its making. */
#include "emit/diagram/diagram.h"

#include <cairo-pdf.h>
#include <librsvg/rsvg.h>

static const double pixels_per_point = 2; /* sharp on a screen and in a letter */
static const double pixels_at_most = 16000;

struct picture {
    RsvgHandle *handle;
    RsvgRectangle page; /* points */
};

static bool open_picture(struct picture *picture, const char *svg, size_t length,
                         struct failure *failure)
{
    GError *error = NULL;
    gboolean has_width, has_height, has_box;
    RsvgLength width, height;

    picture->handle = rsvg_handle_new_from_data((const guint8 *)svg, length, &error);
    if (!picture->handle) {
        fail(failure, "the diagram cannot be drawn: %s", error->message);
        g_error_free(error);
        return false;
    }
    rsvg_handle_get_intrinsic_dimensions(picture->handle, &has_width, &width, &has_height, &height,
                                         &has_box, &picture->page);
    if (has_box)
        return true;
    g_object_unref(picture->handle);
    return fail(failure, "the diagram cannot be drawn: its SVG has no size");
}

static cairo_status_t collect(void *buffer, const unsigned char *bytes, unsigned length)
{
    buffer_add(buffer, (const char *)bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

/* Draws on the surface, closes both, and says whether all went well. */
static bool draw(struct picture *picture, cairo_surface_t *surface, double scale,
                 struct buffer *png, struct failure *failure)
{
    cairo_t *cairo = cairo_create(surface);
    GError *error = NULL;
    RsvgRectangle page = {0, 0, picture->page.width, picture->page.height};

    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo); /* the last row of pixels is more than the page */
    cairo_scale(cairo, scale, scale);
    bool drawn = rsvg_handle_render_document(picture->handle, cairo, &page, &error);
    cairo_destroy(cairo);
    cairo_status_t status = CAIRO_STATUS_SUCCESS;
    if (drawn && png)
        status = cairo_surface_write_to_png_stream(surface, collect, png);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    g_object_unref(picture->handle);
    if (!drawn) {
        fail(failure, "the diagram cannot be drawn: %s", error->message);
        g_error_free(error);
        return false;
    }
    return status == CAIRO_STATUS_SUCCESS ||
           fail(failure, "the diagram cannot be drawn: %s", cairo_status_to_string(status));
}

bool svg_to_pdf(const char *svg, size_t length, const char *title, struct buffer *out,
                struct failure *failure)
{
    struct picture picture;

    if (!open_picture(&picture, svg, length, failure))
        return false;
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(collect, out, picture.page.width, picture.page.height);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "1980-01-01T00:00:00Z");
    return draw(&picture, surface, 1, NULL, failure);
}

bool svg_to_png(const char *svg, size_t length, struct buffer *out, struct failure *failure)
{
    struct picture picture;
    double scale = pixels_per_point;

    if (!open_picture(&picture, svg, length, failure))
        return false;
    double longer =
        picture.page.width > picture.page.height ? picture.page.width : picture.page.height;
    if (longer * scale > pixels_at_most)
        scale = pixels_at_most / longer;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(picture.page.width * scale + 0.5),
                                   (int)(picture.page.height * scale + 0.5));
    return draw(&picture, surface, scale, out, failure);
}
