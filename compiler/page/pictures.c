/* Pictures: SVG by librsvg, codes by zint drawn as rectangles. */
#include "page/private.h"

#include <librsvg/rsvg.h>
#include <string.h>
#include <zint.h>

void page_svg(struct document *document, const struct buffer *svg, double height_pt)
{
    RsvgHandle *handle =
        rsvg_handle_new_from_data((const guint8 *)buffer_text(svg), svg->length, NULL);
    double width = 0, height = 0;
    if (!handle || !rsvg_handle_get_intrinsic_size_in_pixels(handle, &width, &height) ||
        width <= 0 || height <= 0) {
        if (handle)
            g_object_unref(handle);
        return;
    }
    double scale =
        document->width / width < height_pt / height ? document->width / width : height_pt / height;
    if (scale > 0.75)
        scale = 0.75; /* pixels to points: larger letters than the text's help nobody */
    page_clear_aside(document);
    page_need(document, height * scale);
    RsvgRectangle place = {document->left + (document->width - width * scale) / 2, document->y,
                           width * scale, height * scale};
    if (cairo_status(document->cairo) ==
        CAIRO_STATUS_SUCCESS) /* librsvg complains of a full disk in its own words */
        rsvg_handle_render_document(handle, document->cairo, &place, NULL);
    document->y += height * scale + 8;
    g_object_unref(handle);
}

/* Rows of a symbol's modules, each as runs of black. */
static void draw_modules(struct document *document, const struct zint_symbol *symbol, double x,
                         double y, double module, double row_height)
{
    cairo_set_source_rgb(document->cairo, 0, 0, 0);
    for (int row = 0; row < symbol->rows; row++)
        for (int column = 0; column < symbol->width;) {
            int begin = column;
            while (column < symbol->width &&
                   symbol->encoded_data[row][column / 8] >> (column % 8) & 1)
                column++;
            if (column > begin)
                cairo_rectangle(document->cairo, x + begin * module, y + row * row_height,
                                (column - begin) * module, row_height);
            else
                column++;
        }
    cairo_fill(document->cairo);
}

static struct zint_symbol *encode(int symbology, const char *text)
{
    struct zint_symbol *symbol = ZBarcode_Create();
    if (!symbol)
        return NULL;
    symbol->symbology = symbology;
    if (symbology == BARCODE_QRCODE) {
        symbol->input_mode = UNICODE_MODE;
        symbol->option_1 = 2; /* level M: a smudge may cover a seventh */
    }
    if (ZBarcode_Encode(symbol, (const unsigned char *)text, (int)strlen(text)) >= ZINT_ERROR) {
        ZBarcode_Delete(symbol);
        return NULL;
    }
    return symbol;
}

void page_qr_at(struct document *document, double x, double y, double size_pt, const char *text)
{
    struct zint_symbol *symbol = encode(BARCODE_QRCODE, text);
    if (!symbol)
        return;
    double module = size_pt / (symbol->width + 8); /* four modules of quiet on each side */
    draw_modules(document, symbol, x + 4 * module, y + 4 * module, module, module);
    ZBarcode_Delete(symbol);
}

/* Bars finer than this (7.5 mil) are lost on a label printer of 300 dots an inch, wider ones waste the label. */
#define BAR_LEAST (0.19 * MM_PT)
#define BAR_MOST (0.5 * MM_PT)

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

bool page_code128_at(struct document *document, double x, double y, double width, double height,
                     const char *text)
{
    struct zint_symbol *symbol = *text && is_plain(text) ? encode(BARCODE_CODE128, text) : NULL;
    if (!symbol)
        return false;
    double module = width / (symbol->width + 20);
    bool drawn = module >= BAR_LEAST;
    if (module > BAR_MOST)
        module = BAR_MOST;
    if (drawn && height > 0)
        draw_modules(document, symbol, x + 10 * module, y, module, height);
    ZBarcode_Delete(symbol);
    return drawn;
}

void page_qr(struct document *document, const char *text, double size_pt)
{
    double x = document->left + document->width - size_pt;
    page_qr_at(document, x, document->y, size_pt, text);
    document->aside_width = size_pt + 8;
    document->aside_bottom = document->y + size_pt;
}
