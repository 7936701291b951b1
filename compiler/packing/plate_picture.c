/* Drawn to be read at the machine, and on a black and white print: the front is below, lengths are in millimetres from
   the front left, and a part is told by its title, or by a number where that has no room on it. */
#include "packing/plate_sheet.h"

#include "base/memory.h"
#include "base/paint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double letter_width = 0.53; /* of its height, of a common typeface */
static const double smallest_name = 2.4, largest_name = 5;

static uint32_t count_of(const struct sheet *sheet, uint32_t part)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < sheet->packing->count; i++)
        count += sheet->packing->placements[i].plate == sheet->plate &&
                 sheet->packing->placements[i].part == part;
    return count;
}

/* ---- colors ---- */

/* Colors tell materials apart, so they are drawn where there are several; else greys tell the parts apart. */
bool sheet_has_materials(const struct sheet *sheet)
{
    const char *first = NULL;
    for (uint32_t part = 0; part < sheet->request->part_count; part++) {
        const char *material = sheet->looks[part].material;
        if (!material || !count_of(sheet, part))
            continue;
        if (first && strcmp(first, material) != 0)
            return true;
        first = material;
    }
    return false;
}

const char *sheet_fill(const struct sheet *sheet, uint32_t part, bool colors)
{
    static const char *const greys[] = {"#e2e2e2", "#bdbdbd", "#f2f2f2",
                                        "#cfcfcf", "#a9a9a9", "#d9d9d9"};
    const struct plate_look *look = &sheet->looks[part];
    if (!colors || !look->material)
        return greys[part % (sizeof greys / sizeof *greys)];
    uint32_t first = 0; /* of that material: what nobody knows the color of looks alike */
    while (!sheet->looks[first].material || strcmp(sheet->looks[first].material, look->material))
        first++;
    return paint_of_color(look->color ? look->color : "", (int)first)->fill;
}

/* ---- texts ---- */

void sheet_text(const struct sheet *sheet, double x, double y, double size, const char *more,
                const char *text)
{
    buffer_addf(sheet->out, "<text x=\"%.2f\" y=\"%.2f\" font-size=\"%.2f\"%s>", x, y, size, more);
    buffer_add_xml(sheet->out, text);
    buffer_add_text(sheet->out, "</text>\n");
}

static double width_of(const char *text, double size)
{
    size_t letters = 0;
    for (; *text; text++)
        letters += (*text & 0xc0) != 0x80; /* what begins a character in UTF-8 */
    return (double)letters * letter_width * size;
}

/* ---- the bed ---- */

/* Ticks every so many mm: a round number, some five of them on the shorter side. */
double sheet_tick_mm(const struct packing_request *request)
{
    double shorter = fmin(request->width_mm, request->depth_mm), tick = 1;
    static const double factors[] = {2, 2.5, 2};
    for (int i = 0; tick * 7 < shorter; i++)
        tick *= factors[i % 3];
    return tick;
}

static void add_grid(const struct sheet *sheet)
{
    const struct packing_request *request = sheet->request;
    double tick = sheet_tick_mm(request), unit = sheet->unit;
    char text[40];
    for (double at = 0; at <= request->width_mm + 1e-6; at += tick) {
        buffer_addf(sheet->out, "<path class=\"grid\" d=\"M%.2f 0V%.2f\"/>\n", at,
                    request->depth_mm + 1.5 * unit);
        snprintf(text, sizeof text, at > 0 ? "%g" : "%g mm", at);
        sheet_text(sheet, at, request->depth_mm + 5.5 * unit, 3.2 * unit,
                   " class=\"scale\" text-anchor=\"middle\"", text);
    }
    for (double at = 0; at <= request->depth_mm + 1e-6; at += tick) {
        buffer_addf(sheet->out, "<path class=\"grid\" d=\"M%.2f %.2fH%.2f\"/>\n", -1.5 * unit,
                    request->depth_mm - at, request->width_mm);
        snprintf(text, sizeof text, "%g", at);
        if (at > 0)
            sheet_text(sheet, -2.5 * unit, request->depth_mm - at + 1.1 * unit, 3.2 * unit,
                       " class=\"scale\" text-anchor=\"end\"", text);
    }
}

static void add_bed(const struct sheet *sheet)
{
    const struct packing_request *request = sheet->request;
    double unit = sheet->unit;
    buffer_addf(sheet->out, "<rect fill=\"#fff\" width=\"%g\" height=\"%g\"/>\n", request->width_mm,
                request->depth_mm);
    add_grid(sheet);
    buffer_addf(sheet->out, "<rect class=\"edge\" width=\"%g\" height=\"%g\"/>\n",
                request->width_mm, request->depth_mm);
    buffer_addf(sheet->out, "<path class=\"front\" d=\"M%.2f %.2fl%.2f %.2fl%.2f %.2fz\"/>\n",
                request->width_mm / 2 - 14 * unit, request->depth_mm + 8 * unit, 4 * unit, 0 * unit,
                -2 * unit, 3 * unit);
    sheet_text(sheet, request->width_mm / 2 - 9 * unit, request->depth_mm + 11 * unit, 4 * unit,
               " font-weight=\"bold\"", "FRONT");
}

static void add_keep_outs(const struct sheet *sheet)
{
    for (uint32_t i = 0; i < sheet->request->keep_out_count; i++) {
        const struct bed_area *area = &sheet->request->keep_outs[i];
        double width = area->high[0] - area->low[0], depth = area->high[1] - area->low[1];
        static const char words[] = "stays free";
        double size = fmin(4 * sheet->unit, 0.6 * depth);
        buffer_addf(sheet->out,
                    "<rect class=\"free\" fill=\"url(#%s-hatch)\" x=\"%g\" y=\"%g\" width=\"%g\" "
                    "height=\"%g\"/>\n",
                    sheet->words->id, area->low[0], sheet->request->depth_mm - area->high[1], width,
                    depth);
        size = fmin(size, width / width_of(words, 1.1));
        if (size >= 2 * sheet->unit)
            sheet_text(sheet, area->low[0] + width / 2,
                       sheet->request->depth_mm - area->low[1] - depth / 2 + size / 3, size,
                       " class=\"name\" text-anchor=\"middle\"", words);
    }
}

/* ---- where a part is, and where its name has most room ---- */

static void measure_parts(struct sheet *sheet)
{
    uint32_t count = sheet->request->part_count;
    sheet->low = memory_alloc((count + (size_t)1) * sizeof *sheet->low);
    sheet->high = memory_alloc((count + (size_t)1) * sizeof *sheet->high);
    for (uint32_t part = 0; part < count; part++) {
        const struct silhouette *silhouette = sheet->request->parts[part].silhouette;
        for (int axis = 0; axis < 2; axis++) {
            double *low = &sheet->low[part][axis], *high = &sheet->high[part][axis];
            *low = HUGE_VAL;
            *high = -HUGE_VAL;
            for (uint32_t i = 0; i < silhouette->count; i++)
                for (uint32_t k = 0; k < silhouette->rings[i].count; k++) {
                    *low = fmin(*low, silhouette->rings[i].points[k][axis]);
                    *high = fmax(*high, silhouette->rings[i].points[k][axis]);
                }
        }
    }
}

/* A text's middle, and how high its letters may be, in mm of the part as it is turned. */
struct label {
    double x, y, size;
};

static double to_side(double x, double y, const double a[2], const double b[2])
{
    double along[2] = {b[0] - a[0], b[1] - a[1]};
    double square = along[0] * along[0] + along[1] * along[1];
    double way = square > 0 ? ((x - a[0]) * along[0] + (y - a[1]) * along[1]) / square : 0;
    way = fmin(1, fmax(0, way));
    return hypot(a[0] + way * along[0] - x, a[1] + way * along[1] - y);
}

/* How far a place is within the ring; 0 outside of it. */
static double room_at(const double (*points)[2], uint32_t count, double x, double y)
{
    double least = HUGE_VAL;
    bool inside = false;
    for (uint32_t i = 0; i < count; i++) {
        const double *a = points[i], *b = points[i + 1 < count ? i + 1 : 0];
        least = fmin(least, to_side(x, y, a, b));
        if ((a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            inside = !inside;
    }
    return inside ? least : 0;
}

/* Lengths along x are taken in widths of the text, and so an upright ellipse around it is a circle; of places on a grid
   the one where that is largest. */
static struct label label_in(const struct ring *ring, double angle_deg, double text_width,
                             double largest)
{
    enum { PLACES = 24 };
    double angle = angle_deg * (3.14159265358979323846 / 180);
    double along = cos(angle), across = sin(angle), low[2] = {HUGE_VAL, HUGE_VAL};
    double high[2] = {-HUGE_VAL, -HUGE_VAL}, most = -HUGE_VAL;
    double(*points)[2] = memory_alloc((ring->count + (size_t)1) * sizeof *points);
    struct label best = {0, 0, 0};
    for (uint32_t i = 0; i < ring->count; i++) {
        const double *from = ring->points[i];
        points[i][0] = (from[0] * along - from[1] * across) / text_width;
        points[i][1] = from[0] * across + from[1] * along;
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = fmin(low[axis], points[i][axis]);
            high[axis] = fmax(high[axis], points[i][axis]);
        }
    }
    for (int i = 0; i < PLACES * PLACES; i++) {
        const int column = i % PLACES, row = i / PLACES;
        double x = low[0] + (high[0] - low[0]) * (column + 0.5) / PLACES;
        double y = low[1] + (high[1] - low[1]) * (row + 0.5) / PLACES;
        double room = room_at((const double(*)[2])points, ring->count, x, y);
        double size = room * 2 / sqrt(2); /* the rectangle in the ellipse, both of its halves */
        double off = hypot((x - (low[0] + high[0]) / 2) * text_width, y - (low[1] + high[1]) / 2);
        double worth = fmin(size, largest) - 0.01 * off; /* not larger than is read well: inward */
        if (size > 0 && worth > most) {
            most = worth;
            best = (struct label){x * text_width, y, size};
        }
    }
    free(points);
    return best;
}

/* In the ring where it is largest: a part may be in pieces. */
static struct label label_of(const struct silhouette *silhouette, double angle_deg,
                             const char *text, double largest)
{
    struct label best = {0, 0, 0};
    for (uint32_t i = 0; i < silhouette->count; i++) {
        struct label label = label_in(&silhouette->rings[i], angle_deg, width_of(text, 1), largest);
        if (label.size > best.size)
            best = label;
    }
    return best;
}

/* ---- parts ---- */

static void part_id(const struct sheet *sheet, uint32_t part, char id[80])
{
    snprintf(id, 80, "%.60s-part%u", sheet->words->id, part + 1);
}

/* Up is up on the bed, and down in SVG. */
static void define_part(const struct sheet *sheet, uint32_t part)
{
    const struct silhouette *silhouette = sheet->request->parts[part].silhouette;
    const struct picture *top = sheet->looks[part].top;
    double left = sheet->low[part][0], back = sheet->high[part][1];
    char id[80];
    part_id(sheet, part, id);
    buffer_addf(sheet->out, "<g id=\"%s\">", id);
    for (uint32_t i = 0; i < silhouette->count; i++) {
        const struct ring *ring = &silhouette->rings[i];
        buffer_add_text(sheet->out, "<polygon points=\"");
        for (uint32_t k = 0; k < ring->count; k++)
            buffer_addf(sheet->out, "%.2f,%.2f ", ring->points[k][0], -ring->points[k][1]);
        buffer_add_text(sheet->out, "\"/>");
    }
    for (uint32_t i = 0; top && i < top->line_count; i++) {
        const struct picture_line *line = &top->lines[i];
        buffer_add_text(sheet->out, i ? "M" : "<path class=\"line\" d=\"M");
        for (uint32_t k = line->first; k < line->first + line->count; k++)
            buffer_addf(sheet->out, "%.2f %.2f ", left + (double)top->points[k][0],
                        (double)top->points[k][1] - back);
    }
    buffer_add_text(sheet->out, top && top->line_count ? "\"/></g>\n" : "</g>\n");
}

static void add_placement(const struct sheet *sheet, const struct placement *placement,
                          const char *fill)
{
    char id[80];
    part_id(sheet, placement->part, id);
    buffer_addf(
        sheet->out,
        "<use href=\"#%s\" fill=\"%s\" transform=\"translate(%.3f %.3f) rotate(%g)\"><title>", id,
        fill, placement->x_mm, sheet->request->depth_mm - placement->y_mm, -placement->angle_deg);
    buffer_add_xml(sheet->out, sheet->looks[placement->part].title);
    buffer_addf(sheet->out, " at %.2f, %.2f mm, turned by %g deg</title></use>\n", placement->x_mm,
                placement->y_mm, placement->angle_deg);
}

/* Whether one that came later lies over a place of this one: in a stack. By the boxes around their outlines. */
static bool is_hidden(const struct sheet *sheet, uint32_t number, double x, double y)
{
    const struct packing *packing = sheet->packing;
    for (uint32_t i = number + 1; i < packing->count; i++) {
        const struct placement *over = &packing->placements[i];
        if (over->plate != sheet->plate || over->z_mm <= 0)
            continue;
        const double *low = sheet->low[over->part], *high = sheet->high[over->part];
        double angle = over->angle_deg * (3.14159265358979323846 / 180);
        double right = x - over->x_mm, up = y - over->y_mm;
        double at[2] = {right * cos(angle) + up * sin(angle), up * cos(angle) - right * sin(angle)};
        if (at[0] > low[0] && at[0] < high[0] && at[1] > low[1] && at[1] < high[1])
            return true;
    }
    return false;
}

/* The title where it is readable; else the number. */
static void add_name(const struct sheet *sheet, uint32_t index)
{
    const struct placement *placement = &sheet->packing->placements[index];
    const struct silhouette *silhouette = sheet->request->parts[placement->part].silhouette;
    const char *title = sheet->looks[placement->part].title;
    char number[16];
    double largest = largest_name * sheet->unit;
    struct label label = label_of(silhouette, placement->angle_deg, title, largest);
    if (label.size < smallest_name * sheet->unit) {
        snprintf(number, sizeof number, "%u", placement->part + 1);
        title = number;
        label = label_of(silhouette, placement->angle_deg, number, largest);
    }
    if (is_hidden(sheet, index, placement->x_mm + label.x, placement->y_mm + label.y))
        return;
    double size = fmin(largest, fmax(label.size, 0.75 * smallest_name * sheet->unit));
    sheet_text(sheet, placement->x_mm + label.x,
               sheet->request->depth_mm - placement->y_mm - label.y + 0.36 * size, size,
               " class=\"name\" text-anchor=\"middle\"", title);
}

static void add_parts(const struct sheet *sheet)
{
    const struct packing *packing = sheet->packing;
    bool colors = sheet_has_materials(sheet);
    buffer_add_text(sheet->out, "<defs>\n");
    for (uint32_t part = 0; part < sheet->request->part_count; part++)
        if (count_of(sheet, part))
            define_part(sheet, part);
    buffer_add_text(sheet->out, "</defs>\n");
    for (int brim = sheet->request->brim_mm > 0; brim >= 0; brim--) {
        buffer_add_text(sheet->out, brim ? "<g class=\"brim\">\n" : "<g class=\"laid\">\n");
        for (uint32_t i = 0; i < packing->count; i++)
            if (packing->placements[i].plate == sheet->plate)
                add_placement(sheet, &packing->placements[i],
                              brim ? "none"
                                   : sheet_fill(sheet, packing->placements[i].part, colors));
        buffer_add_text(sheet->out, "</g>\n");
    }
    for (uint32_t i = 0; i < packing->count; i++)
        if (packing->placements[i].plate == sheet->plate)
            add_name(sheet, i);
}

/* ---- the legend ---- */

static void legend_text(const struct sheet *sheet, uint32_t part, char text[300])
{
    const struct plate_look *look = &sheet->looks[part];
    bool says = look->material && sheet_has_materials(sheet);
    snprintf(text, 300, "%.120s \303\227 %u%s%.120s", look->title, count_of(sheet, part),
             says ? ", " : "", says ? look->material : "");
}

static double width_mm(const struct sheet *sheet)
{
    return sheet->request->width_mm + (LEFT + RIGHT) * sheet->unit;
}

/* As many columns as the longest text leaves room for. */
static void measure_legend(struct sheet *sheet)
{
    double widest = 1;
    uint32_t count = sheet->request->keep_out_count > 0;
    char text[300];
    for (uint32_t part = 0; part < sheet->request->part_count; part++)
        if (count_of(sheet, part)) {
            legend_text(sheet, part, text);
            widest =
                fmax(widest, (SWATCH + 6) * sheet->unit + width_of(text, LETTERS * sheet->unit));
            count++;
        }
    sheet->columns = (uint32_t)fmax(1, floor((sheet->request->width_mm + RIGHT) / widest));
    sheet->rows = (count + sheet->columns - 1) / sheet->columns;
}

/* Down, then across. */
static void add_entry(const struct sheet *sheet, uint32_t entry, const char *fill,
                      const char *number, const char *text)
{
    double unit = sheet->unit, across = (sheet->request->width_mm + RIGHT * unit) / sheet->columns;
    const uint32_t column = entry / sheet->rows, row = entry % sheet->rows;
    double x = column * across, y = sheet->request->depth_mm + (BELOW + row * ROW) * unit;
    buffer_addf(sheet->out,
                "<rect class=\"swatch\" fill=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" "
                "height=\"%.2f\"/>\n",
                fill, x, y, SWATCH * unit, 5 * unit);
    sheet_text(sheet, x + SWATCH * unit / 2, y + 3.8 * unit, 3.6 * unit,
               " class=\"name\" text-anchor=\"middle\"", number);
    sheet_text(sheet, x + (SWATCH + 2) * unit, y + 4 * unit, LETTERS * unit, "", text);
}

static void add_legend(const struct sheet *sheet)
{
    bool colors = sheet_has_materials(sheet);
    uint32_t entry = 0;
    char text[300], number[16];
    for (uint32_t part = 0; part < sheet->request->part_count; part++) {
        if (!count_of(sheet, part))
            continue;
        snprintf(number, sizeof number, "%u", part + 1);
        legend_text(sheet, part, text);
        add_entry(sheet, entry++, sheet_fill(sheet, part, colors), number, text);
    }
    if (sheet->request->keep_out_count) {
        snprintf(text, sizeof text, "url(#%.60s-hatch)", sheet->words->id);
        add_entry(sheet, entry, text, "", "stays free");
    }
}

/* ---- the whole ---- */

/* In a page of HTML a style is of the whole page: each rule is for this drawing alone. */
static void add_style(const struct sheet *sheet)
{
    double unit = sheet->unit, brim_mm = 2 * sheet->request->brim_mm;
    bool colors = sheet_has_materials(sheet); /* lines show on black, too */
    const struct {
        const char *of, *says;
        double stroke;
    } rules[] = {
        {"text", "font-family:Helvetica,Arial,\"Liberation Sans\",sans-serif;fill:#111", 0},
        {".edge", "fill:none;stroke:#222", 0.6 * unit},
        {".grid", "fill:none;stroke:#dcdcdc", 0.25 * unit},
        {".scale", "fill:#555", 0},
        {".free", "stroke:#222", 0.3 * unit},
        {".box", "stroke:#222", 0.3 * unit},
        {".swatch", colors ? "stroke:#222;fill-opacity:.7" : "stroke:#222", 0.3 * unit},
        {".laid",
         colors ? "stroke:#222;stroke-linejoin:round;fill-opacity:.7"
                : "stroke:#222;stroke-linejoin:round",
         0.3 * unit},
        {".brim", "stroke:#dfe6ec;stroke-linejoin:round", brim_mm},
        {".line", "fill:none;stroke:#444;stroke-linejoin:round", 0.12 * unit},
        {".name", "stroke:#fff;stroke-linejoin:round;paint-order:stroke", 0.9 * unit}};
    buffer_add_text(sheet->out, "<style>");
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        buffer_addf(sheet->out, "#%s %s{%s;stroke-width:%.3f}", sheet->words->id, rules[i].of,
                    rules[i].says, rules[i].stroke);
    buffer_addf(
        sheet->out,
        "</style>\n<defs><pattern id=\"%s-hatch\" patternUnits=\"userSpaceOnUse\" "
        "width=\"%.2f\" height=\"%.2f\" patternTransform=\"rotate(45)\"><rect width=\"%.2f\" "
        "height=\"%.2f\" fill=\"#fff\"/><path d=\"M0 0V%.2f\" stroke=\"#444\" "
        "stroke-width=\"%.2f\"/></pattern></defs>\n",
        sheet->words->id, 3 * unit, 3 * unit, 3 * unit, 3 * unit, 3 * unit, 0.7 * unit);
}

/* With the material, where it is one: else it stands with each part. */
static void add_about(const struct sheet *sheet)
{
    const char *material = NULL;
    char text[400];
    for (uint32_t part = 0; part < sheet->request->part_count && !material; part++)
        if (count_of(sheet, part))
            material = sheet->looks[part].material;
    bool says = material && !sheet_has_materials(sheet);
    snprintf(text, sizeof text, "%.250s%s%.120s", sheet->words->about, says ? " \302\267 " : "",
             says ? material : "");
    sheet_text(sheet, 0, -5 * sheet->unit, LETTERS * sheet->unit, "", text);
}

void plate_svg(const struct packing_request *request, const struct packing *packing, uint32_t plate,
               const struct plate_look *looks, const struct plate_words *words, struct buffer *out)
{
    struct sheet sheet = {.request = request,
                          .packing = packing,
                          .plate = plate,
                          .looks = looks,
                          .words = words,
                          .out = out};
    sheet.unit = fmax(request->width_mm, request->depth_mm) / 250;
    measure_legend(&sheet);
    measure_parts(&sheet);
    sheet_measure_side(&sheet);
    double width = width_mm(&sheet);
    double height = request->depth_mm + (TOP + BELOW + sheet.rows * ROW + 2) * sheet.unit +
                    sheet_side_height(&sheet);
    buffer_addf(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"%s\" width=\"%.2fmm\" "
                "height=\"%.2fmm\" viewBox=\"%.2f %.2f %.2f %.2f\">\n<title>",
                words->id, width, height, -LEFT * sheet.unit, -TOP * sheet.unit, width, height);
    buffer_add_xml(out, words->title);
    buffer_add_text(out, "</title>\n");
    add_style(&sheet);
    buffer_addf(out,
                "<rect x=\"%.2f\" y=\"%.2f\" width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
                -LEFT * sheet.unit, -TOP * sheet.unit);
    sheet_text(&sheet, 0, -13 * sheet.unit, TITLE * sheet.unit, " font-weight=\"bold\"",
               words->title);
    add_about(&sheet);
    add_bed(&sheet);
    add_keep_outs(&sheet);
    add_parts(&sheet);
    add_legend(&sheet);
    sheet_add_side(&sheet);
    buffer_add_text(out, "</svg>\n");
    free(sheet.low);
    free(sheet.high);
}
