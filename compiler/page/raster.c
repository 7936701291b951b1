/* The SVG on paper and in pixels, by librsvg and cairo: Graphviz's own PDF carries the hour of its making. */
#include "page/raster.h"

#include <cairo-pdf.h>
#include <librsvg/rsvg.h>

static const double pixels_per_point = 2; /* sharp on a screen and in a letter */
static const double pixels_at_most = 16000;

struct picture {
    RsvgHandle *handle;
    double width_pt, height_pt;
};

static bool open_picture(struct picture *picture, const char *svg, size_t length,
                         struct failure *failure)
{
    GError *error = NULL;
    picture->handle = rsvg_handle_new_from_data((const guint8 *)svg, length, &error);
    if (!picture->handle) {
        fail(failure, "the picture cannot be drawn: %s", error->message);
        g_error_free(error);
        return false;
    }
    rsvg_handle_set_dpi(picture->handle, 72); /* a pixel is a point */
    if (rsvg_handle_get_intrinsic_size_in_pixels(picture->handle, &picture->width_pt,
                                                 &picture->height_pt))
        return true;
    g_object_unref(picture->handle);
    return fail(failure, "the picture cannot be drawn: its SVG has no size");
}

static cairo_status_t collect(void *buffer, const unsigned char *bytes, unsigned length)
{
    buffer_add(buffer, (const char *)bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

/* On the surface, at that scale; the picture is closed. */
static bool paint(struct picture *picture, cairo_surface_t *surface, double scale,
                  struct failure *failure)
{
    cairo_t *cairo = cairo_create(surface);
    GError *error = NULL;
    RsvgRectangle page = {0, 0, picture->width_pt, picture->height_pt};

    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo); /* the last row of pixels is more than the page */
    cairo_scale(cairo, scale, scale);
    bool drawn = rsvg_handle_render_document(picture->handle, cairo, &page, &error);
    if (!drawn) {
        fail(failure, "the picture cannot be drawn: %s", error->message);
        g_error_free(error);
    }
    cairo_show_page(cairo);
    cairo_destroy(cairo);
    g_object_unref(picture->handle);
    return drawn;
}

/* Closes the surface, and says whether all went well. */
static bool finish(cairo_surface_t *surface, bool good, struct failure *failure)
{
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (!good)
        return false;
    return status == CAIRO_STATUS_SUCCESS ||
           fail(failure, "the picture cannot be drawn: %s", cairo_status_to_string(status));
}

bool svgs_to_pdf(const struct buffer *svgs, int count, const char *title, struct buffer *out,
                 struct failure *failure)
{
    bool good = true;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(collect, out, 1, 1);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "1980-01-01T00:00:00Z");
    for (int i = 0; i < count && good; i++) {
        struct picture picture;
        good = open_picture(&picture, buffer_text(&svgs[i]), svgs[i].length, failure);
        if (!good)
            break;
        cairo_pdf_surface_set_size(surface, picture.width_pt, picture.height_pt);
        good = paint(&picture, surface, 1, failure);
    }
    return finish(surface, good, failure);
}

bool svg_to_png(const struct buffer *svg, struct buffer *out, struct failure *failure)
{
    struct picture picture;
    double scale = pixels_per_point;

    if (!open_picture(&picture, buffer_text(svg), svg->length, failure))
        return false;
    double longer = picture.width_pt > picture.height_pt ? picture.width_pt : picture.height_pt;
    if (longer * scale > pixels_at_most)
        scale = pixels_at_most / longer;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(picture.width_pt * scale + 0.5),
                                   (int)(picture.height_pt * scale + 0.5));
    bool good = paint(&picture, surface, scale, failure);
    cairo_status_t status =
        good ? cairo_surface_write_to_png_stream(surface, collect, out) : CAIRO_STATUS_SUCCESS;
    if (status != CAIRO_STATUS_SUCCESS)
        good = fail(failure, "the picture cannot be drawn: %s", cairo_status_to_string(status));
    return finish(surface, good, failure);
}
