#include "page/text.h"

#include "base/buffer.h"

#include <string.h>

/* Readable at arm's length: DejaVu's small letters are as tall as those of other faces two sizes larger. */
static const struct {
    const char *family;
    double size;
    PangoWeight weight;
    double grey;
    double line_spacing; /* of the font's own */
} styles[TEXT_STYLE_COUNT] = {
    [TEXT_BODY] = {"DejaVu Sans", 9, PANGO_WEIGHT_NORMAL, 0, 1.12},
    [TEXT_STRONG] = {"DejaVu Sans", 9, PANGO_WEIGHT_BOLD, 0, 1.12},
    [TEXT_SMALL] = {"DejaVu Sans", 7.5, PANGO_WEIGHT_NORMAL, 0.25, 1.1},
    [TEXT_LABEL] = {"DejaVu Sans", 7.5, PANGO_WEIGHT_BOLD, 0.25, 1.1},
    [TEXT_TITLE] = {"DejaVu Sans", 20, PANGO_WEIGHT_BOLD, 0, 1.05},
    [TEXT_HEADING] = {"DejaVu Sans", 14, PANGO_WEIGHT_BOLD, 0, 1.05},
    [TEXT_SUBHEADING] = {"DejaVu Sans", 10, PANGO_WEIGHT_BOLD, 0, 1.05},
    [TEXT_CODE] = {"DejaVu Sans Mono", 7.5, PANGO_WEIGHT_NORMAL, 0, 1.1},
};

const struct page_format page_formats[PAGE_SIZE_COUNT] = {
    [PAGE_A4] = {595.2756, 841.8898, 51, 62, 54},
    [PAGE_LETTER] = {612, 792, 54, 62, 54},
    [PAGE_ROLL_62] = {62 * POINTS_PER_MM, 40 * POINTS_PER_MM, 7, 6, 6},
    [PAGE_4X6] = {288, 432, 16, 16, 16},
};

double style_grey(enum text_style style)
{
    return styles[style].grey;
}

void typesetter_open(struct typesetter *typesetter)
{
    typesetter->fonts = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(typesetter->fonts), 72);
    typesetter->context = pango_font_map_create_context(typesetter->fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(typesetter->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(typesetter->context, FALSE);
    pango_context_set_language(typesetter->context, pango_language_from_string("en"));
}

void typesetter_close(struct typesetter *typesetter)
{
    g_object_unref(typesetter->context);
    g_object_unref(typesetter->fonts);
}

/* Letters only: what a terminal obeys and what is no text would be drawn as boxes of hexadecimal. */
static char *clean(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    for (char *at = valid; *at; at++)
        if (((unsigned char)*at < ' ' && *at != '\n') || *at == 127)
            *at = ' ';
    return valid;
}

PangoLayout *typeset_sized(const struct typesetter *typesetter, const char *text,
                           enum text_style style, double size, double width,
                           enum alignment alignment)
{
    static const PangoAlignment alignments[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                                PANGO_ALIGN_RIGHT};
    PangoLayout *layout = pango_layout_new(typesetter->context);
    PangoFontDescription *font = pango_font_description_new();
    char *letters = clean(text);

    pango_font_description_set_family(font, styles[style].family);
    pango_font_description_set_weight(font, styles[style].weight);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_line_spacing(layout, (float)styles[style].line_spacing);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, alignments[alignment]);
    pango_layout_set_width(layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    pango_layout_set_text(layout, letters, -1);
    g_free(letters);
    return layout;
}

PangoLayout *typeset(const struct typesetter *typesetter, const char *text, enum text_style style,
                     double width, enum alignment alignment)
{
    return typeset_sized(typesetter, text, style, styles[style].size, width, alignment);
}

double layout_height(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return pango_units_to_double(logical.height);
}

double layout_width(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return pango_units_to_double(logical.width);
}
