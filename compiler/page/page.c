#include "page/private.h"

#include "base/sink.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

/* ---- text ---- */

static void set_text(struct document *document, const char *text, double width,
                     struct text_style style)
{
    PangoFontDescription *font = pango_font_description_from_string("DejaVu Sans");
    pango_font_description_set_absolute_size(font, style.size_pt * PANGO_SCALE);
    if (style.bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(document->layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(document->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    pango_layout_set_wrap(document->layout, PANGO_WRAP_WORD_CHAR);
    static const PangoAlignment alignments[] = {[ALIGN_LEFT] = PANGO_ALIGN_LEFT,
                                                [ALIGN_RIGHT] = PANGO_ALIGN_RIGHT,
                                                [ALIGN_MIDDLE] = PANGO_ALIGN_CENTER};
    pango_layout_set_alignment(document->layout, alignments[style.align]);
    pango_layout_set_spacing(document->layout, (int)(style.size_pt * 0.18 * PANGO_SCALE));
    pango_layout_set_text(document->layout, text, -1);
    pango_layout_set_attributes(document->layout, document->attributes);
}

double text_measure(struct document *document, const char *text, double width,
                    struct text_style style)
{
    int height;
    set_text(document, text, width, style);
    pango_layout_get_size(document->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

struct text_style text_style_fitting(struct document *document, const char *text, double width,
                                     struct text_style style)
{
    double room = document->bottom - document->top - 60; /* a table's head is there too */
    while (style.size_pt > 2 && text_measure(document, text, width, style) > room)
        style.size_pt *= 0.85;
    return style;
}

void text_draw(struct document *document, double x, double y, const char *text, double width,
               struct text_style style)
{
    set_text(document, text, width, style);
    cairo_set_source_rgb(document->cairo, style.grey, style.grey, style.grey);
    cairo_move_to(document->cairo, x, y);
    pango_cairo_show_layout(document->cairo, document->layout);
}

/* ---- pages ---- */

#define HEAD_HEIGHT 30.0

static void rule(struct document *document, double y, double width_pt)
{
    cairo_set_source_rgb(document->cairo, 0.35, 0.35, 0.35);
    cairo_set_line_width(document->cairo, width_pt);
    cairo_move_to(document->cairo, document->left, y);
    cairo_line_to(document->cairo, document->left + document->width, y);
    cairo_stroke(document->cairo);
}

/* On one line whatever it takes: with dots where it is too long. */
static void draw_line(struct document *document, double x, double y, const char *text, double width,
                      struct text_style style)
{
    pango_layout_set_ellipsize(document->layout, PANGO_ELLIPSIZE_END);
    text_draw(document, x, y, text, width, style);
    pango_layout_set_ellipsize(document->layout, PANGO_ELLIPSIZE_NONE);
}

static void draw_frame(struct document *document)
{
    const struct page_setup *setup = document->setup;
    struct text_style left = {8, false, 0.3, ALIGN_LEFT}, right = {8, false, 0.3, ALIGN_RIGHT};
    double top = setup->margin_pt, bottom = setup->height_pt - setup->margin_pt;
    char number[64];
    if (document->pages)
        snprintf(number, sizeof number, "page %d of %d", document->page, document->pages);
    else
        snprintf(number, sizeof number, "page %d", document->page);
    double half = document->width * 0.6;
    draw_line(document, document->left, top, setup->title, half - 8, left);
    draw_line(document, document->left + half, top, setup->head_right ? setup->head_right : "",
              document->width - half, right);
    rule(document, top + 13, 0.5);
    rule(document, bottom - 14, 0.5);
    text_draw(document, document->left, bottom - 10, setup->foot_left ? setup->foot_left : "",
              document->width * 0.8, (struct text_style){7, false, 0.3, ALIGN_LEFT});
    text_draw(document, document->left, bottom - 10, number, document->width, right);
}

static void begin_page(struct document *document)
{
    const struct page_setup *setup = document->setup;
    document->page++;
    document->begun = true;
    document->placed = false;
    document->shown_count = 0;
    document->left = setup->margin_pt;
    document->width = setup->width_pt - 2 * setup->margin_pt;
    document->top = setup->margin_pt + (setup->bare ? 0 : HEAD_HEIGHT);
    document->bottom = setup->height_pt - setup->margin_pt - (setup->bare ? 0 : 22);
    document->y = document->top;
    document->aside_bottom = 0;
    if (!setup->bare)
        draw_frame(document);
}

void page_next(struct document *document)
{
    cairo_show_page(document->cairo);
    begin_page(document);
    if (!document->continued)
        return;
    text_draw(document, document->left, document->y, document->continued, document->width,
              style_small);
    document->y += text_measure(document, document->continued, document->width, style_small) + 5;
    document->top = document->y; /* that alone makes no page */
}

void page_continued(struct document *document, const char *text)
{
    document->continued = text;
}

void page_break(struct document *document)
{
    if (document->y > document->top) /* an empty page is nobody's wish */
        page_next(document);
}

void page_need(struct document *document, double points)
{
    if (document->y + points > document->bottom)
        page_break(document);
}

void page_keep(struct document *document, double points)
{
    page_clear_aside(document);
    page_need(document, points);
}

void page_gap(struct document *document, double points)
{
    if (document->y > document->top)
        document->y += points;
}

double page_left(const struct document *document)
{
    return document->bottom - document->y;
}

double page_full(const struct document *document)
{
    return document->bottom - document->top;
}

/* ---- the file ---- */

struct output {
    struct sink sink;
    struct failure *failure;
    bool failed;
};

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
    struct output *output = closure;
    if (!output->failed && !sink_write(&output->sink, bytes, length, output->failure))
        output->failed = true;
    return output->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static cairo_status_t drop_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
    (void)closure;
    (void)bytes;
    (void)length;
    return CAIRO_STATUS_SUCCESS;
}

/* One pass; returns the number of pages, 0 where cairo failed. */
static int run_pass(const struct page_setup *setup, int pages, struct output *output,
                    void (*draw)(struct document *, void *), void *context)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        output ? write_bytes : drop_bytes, output, setup->width_pt, setup->height_pt);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, setup->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "flowc");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   "1980-01-01T00:00:00Z"); /* same bytes */
    struct document document = {.setup = setup, .cairo = cairo_create(surface), .pages = pages};
    document.layout = pango_cairo_create_layout(document.cairo);
    document.attributes = pango_attr_list_new();
    pango_attr_list_insert(document.attributes, pango_attr_insert_hyphens_new(FALSE));
    begin_page(&document);
    draw(&document, context);
    cairo_show_page(document.cairo);
    pango_attr_list_unref(document.attributes);
    g_object_unref(document.layout);
    bool good = cairo_status(document.cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(document.cairo);
    cairo_surface_finish(surface);
    good = good && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    return good ? document.page : 0;
}

bool document_write(const char *path, const struct page_setup *setup,
                    void (*draw)(struct document *, void *), void *context, struct failure *failure)
{
    struct output output = {.failure = failure};
    /* labels do not say how many there are */
    int pages = setup->bare ? 1 : run_pass(setup, 0, NULL, draw, context);
    if (!pages)
        return fail(failure, "%s could not be drawn", path);
    if (!sink_open(&output.sink, path, failure))
        return false;
    bool good = run_pass(setup, pages, &output, draw, context) > 0 && !output.failed;
    if (!good) {
        sink_abandon(&output.sink);
        return output.failed ? false : fail(failure, "%s could not be drawn", path);
    }
    return sink_commit(&output.sink, failure);
}
