/* What flows down the page: headings, paragraphs, lines of work, cautions, pairs, blanks. */
#include "page/private.h"

#include <math.h>
#include <stdio.h>

double page_text_width(const struct document *document)
{
    return document->y < document->aside_bottom ? document->width - document->aside_width
                                                : document->width;
}

void page_clear_aside(struct document *document)
{
    if (document->y < document->aside_bottom)
        document->y = document->aside_bottom + 4;
}

void page_heading(struct document *document, int level, const char *text)
{
    static const double sizes[] = {20, 14, 11.5}, before[] = {0, 16, 11}, after[] = {8, 6, 4};
    /* A heading alone at the foot of a page says nothing: room for a table's head and a row, below a remark. */
    static const double behind[] = {70, 130, 96};
    struct text_style style = {sizes[level - 1], true, 0, ALIGN_LEFT};
    page_gap(document, before[level - 1]);
    double width = page_text_width(document), height = text_measure(document, text, width, style);
    page_need(document, height + behind[level - 1]);
    text_draw(document, document->left, document->y, text, width, style);
    document->y += height + 2;
    if (level == 2) {
        cairo_set_source_rgb(document->cairo, 0, 0, 0);
        cairo_set_line_width(document->cairo, 0.8);
        cairo_move_to(document->cairo, document->left, document->y + 1);
        cairo_line_to(document->cairo, document->left + document->width, document->y + 1);
        cairo_stroke(document->cairo);
    }
    document->y += after[level - 1];
}

#define FORM_CODE 66.0

void page_form(struct document *document, const char *title, const char *about, const char *code)
{
    struct text_style large = {20, true, 0, ALIGN_LEFT}, small = {10.5, false, 0.2, ALIGN_LEFT};
    double width = document->width - FORM_CODE - 12;
    page_break(document);
    double height = text_measure(document, title, width, large) + 5;
    text_draw(document, document->left, document->y, title, width, large);
    text_draw(document, document->left, document->y + height, about, width, small);
    height += text_measure(document, about, width, small);
    page_qr_at(document, document->left + document->width - FORM_CODE, document->y - 4, FORM_CODE,
               code);
    document->y += height > FORM_CODE ? height + 8 : FORM_CODE;
}

static void paragraph(struct document *document, const char *text, struct text_style style)
{
    double width = page_text_width(document);
    style = text_style_fitting(document, text, width, style);
    double height = text_measure(document, text, width, style);
    page_need(document, height);
    text_draw(document, document->left, document->y, text, width, style);
    document->y += height + 5;
}

void page_paragraph(struct document *document, const char *text)
{
    paragraph(document, text, style_body);
}

void page_remark(struct document *document, const char *text)
{
    paragraph(document, text, style_small);
}

#define BOX 11.0
#define INDENT 42.0

void page_step(struct document *document, int number, const char *text, const char *detail)
{
    double width = document->width - INDENT;
    struct text_style body =
        text_style_fitting(document, text, width, (struct text_style){11, false, 0, ALIGN_LEFT});
    double height = text_measure(document, text, width, body);
    double detail_height =
        detail && *detail ? text_measure(document, detail, width, style_small) + 3 : 0;
    char digits[16];
    snprintf(digits, sizeof digits, "%d", number);
    page_clear_aside(document);
    page_need(document, height + detail_height + 6);
    cairo_set_source_rgb(document->cairo, 0, 0, 0);
    cairo_set_line_width(document->cairo, 0.9);
    cairo_rectangle(document->cairo, document->left + 0.5, document->y + 2, BOX, BOX);
    cairo_stroke(document->cairo);
    text_draw(document, document->left + BOX + 4, document->y, digits, 22,
              (struct text_style){11, true, 0, ALIGN_RIGHT});
    text_draw(document, document->left + INDENT, document->y, text, width, body);
    if (detail_height > 0)
        text_draw(document, document->left + INDENT, document->y + height + 2, detail, width,
                  style_small);
    document->y += height + detail_height + 8;
}

/* The warning triangle of ISO 7010 W001, drawn to be read in black and white. */
static void triangle(struct document *document, double x, double y, double size)
{
    cairo_t *cairo = document->cairo;
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_line_width(cairo, 1.4);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_move_to(cairo, x + size / 2, y);
    cairo_line_to(cairo, x + size, y + size * 0.88);
    cairo_line_to(cairo, x, y + size * 0.88);
    cairo_close_path(cairo);
    cairo_stroke(cairo);
    cairo_move_to(cairo, x + size / 2, y + size * 0.30);
    cairo_line_to(cairo, x + size / 2, y + size * 0.58);
    cairo_stroke(cairo);
    cairo_arc(cairo, x + size / 2, y + size * 0.72, 0.9, 0, 2 * M_PI);
    cairo_fill(cairo);
}

void page_caution(struct document *document, const char *text)
{
    double width = document->width - INDENT - 46;
    struct text_style style = text_style_fitting(document, text, width, style_bold);
    double height = text_measure(document, text, width, style);
    double box = height + 12 > 30 ? height + 12 : 30;
    page_clear_aside(document);
    page_need(document, box + 4);
    cairo_set_source_rgb(document->cairo, 0, 0, 0);
    cairo_set_line_width(document->cairo, 1.2);
    cairo_rectangle(document->cairo, document->left + INDENT, document->y, document->width - INDENT,
                    box);
    cairo_stroke(document->cairo);
    triangle(document, document->left + INDENT + 8, document->y + box / 2 - 10, 22);
    text_draw(document, document->left + INDENT + 38, document->y + (box - height) / 2, text, width,
              style);
    document->y += box + 7;
}

static const struct text_style style_name = {9, false, 0.3, ALIGN_LEFT};

struct pair_place {
    double x, name_width, value_width;
};

static double pair_height(struct document *document, const struct pair_place *place,
                          const char *const pair[2])
{
    double name = text_measure(document, pair[0], place->name_width - 6, style_name);
    double value =
        text_measure(document, pair[1], place->value_width,
                     text_style_fitting(document, pair[1], place->value_width, style_body));
    return name > value ? name : value;
}

static void draw_pair(struct document *document, const struct pair_place *place,
                      const char *const pair[2])
{
    text_draw(document, place->x, document->y, pair[0], place->name_width - 6, style_name);
    text_draw(document, place->x + place->name_width, document->y, pair[1], place->value_width,
              text_style_fitting(document, pair[1], place->value_width, style_body));
}

void page_pairs(struct document *document, const char *const (*pairs)[2], int count)
{
    enum { ONE_LINE = 26 };
    for (int i = 0; i < count;) {
        double width = page_text_width(document), half = width / 2;
        double name = document->width * 0.17; /* beside a picture too: values stay in line */
        struct pair_place left = {document->left, name, half - name - 8};
        struct pair_place right = {document->left + half, name, half - name - 8};
        double height = pair_height(document, &left, pairs[i]);
        double other = i + 1 < count ? pair_height(document, &right, pairs[i + 1]) : ONE_LINE;
        bool two = height < ONE_LINE && other < ONE_LINE;
        if (two) {
            height = height > other ? height : other;
        } else { /* as wide as the page, its name as wide as in the half */
            left.value_width = width - name;
            height = pair_height(document, &left, pairs[i]);
        }
        page_need(document, height);
        draw_pair(document, &left, pairs[i]);
        if (two)
            draw_pair(document, &right, pairs[i + 1]);
        document->y += height + 4;
        i += two ? 2 : 1;
    }
    document->y += 4;
}

void page_blanks(struct document *document, const char *const *names, int count)
{
    double width = document->width / count;
    page_clear_aside(document);
    page_need(document, BLANKS_HEIGHT);
    document->y += BLANKS_HEIGHT - 18;
    for (int i = 0; i < count; i++) {
        double x = document->left + width * i;
        cairo_set_source_rgb(document->cairo, 0, 0, 0);
        cairo_set_line_width(document->cairo, 0.7);
        cairo_move_to(document->cairo, x, document->y);
        cairo_line_to(document->cairo, x + width - 12, document->y);
        cairo_stroke(document->cairo);
        text_draw(document, x, document->y + 2, names[i], width - 12, style_small);
    }
    document->y += 18;
}
