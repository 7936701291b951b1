/* A stack as it is seen from the front: which part is how high. */
#include "packing/plate_sheet.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIDE_ABOVE = 12, SIDE_BELOW = 4 }; /* of it, in units */

/* Left, foot, right, top: as seen from the front. */
struct box {
    double left, foot, right, top;
};

static struct box box_of(const struct sheet *sheet, const struct placement *placement)
{
    const struct silhouette *silhouette = sheet->request->parts[placement->part].silhouette;
    double angle = placement->angle_deg * (3.14159265358979323846 / 180);
    struct box box = {HUGE_VAL, placement->z_mm, -HUGE_VAL,
                      placement->z_mm + sheet->looks[placement->part].height_mm};
    for (uint32_t i = 0; i < silhouette->count; i++)
        for (uint32_t k = 0; k < silhouette->rings[i].count; k++) {
            const double *at = silhouette->rings[i].points[k];
            double x = placement->x_mm + at[0] * cos(angle) - at[1] * sin(angle);
            box.left = fmin(box.left, x);
            box.right = fmax(box.right, x);
        }
    return box;
}

void sheet_measure_side(struct sheet *sheet)
{
    double top = 0;
    bool stacked = false;
    for (uint32_t i = 0; i < sheet->packing->count; i++) {
        const struct placement *at = &sheet->packing->placements[i];
        if (at->plate != sheet->plate)
            continue;
        stacked |= at->z_mm > 0;
        top = fmax(top, at->z_mm + sheet->looks[at->part].height_mm);
    }
    sheet->top_mm = stacked ? top : 0;
}

double sheet_side_height(const struct sheet *sheet)
{
    return sheet->top_mm > 0 ? sheet->top_mm + (SIDE_ABOVE + SIDE_BELOW) * sheet->unit : 0;
}

static void add_heights(const struct sheet *sheet, double floor)
{
    double tick = sheet_tick_mm(sheet->request), unit = sheet->unit;
    char text[40];
    for (double at = 0; at <= sheet->top_mm + 1e-6; at += tick) {
        buffer_addf(sheet->out, "<path class=\"grid\" d=\"M%.2f %.2fH%.2f\"/>\n", -1.5 * unit,
                    floor - at, sheet->request->width_mm);
        snprintf(text, sizeof text, "%g", at);
        sheet_text(sheet, -2.5 * unit, floor - at + 1.1 * unit, 3.2 * unit,
                   " class=\"scale\" text-anchor=\"end\"", text);
    }
}

/* The farthest first, so that what is nearer hides it. */
static void add_boxes(const struct sheet *sheet, double floor)
{
    const struct packing *packing = sheet->packing;
    bool colors = sheet_has_materials(sheet);
    const struct placement **order = memory_alloc((packing->count + (size_t)1) * sizeof *order);
    uint32_t count = 0;
    for (uint32_t i = 0; i < packing->count; i++) {
        const struct placement *at = &packing->placements[i];
        if (at->plate != sheet->plate)
            continue;
        uint32_t k = count++;
        for (; k > 0 && order[k - 1]->y_mm < at->y_mm; k--)
            order[k] = order[k - 1];
        order[k] = at;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct box box = box_of(sheet, order[i]);
        buffer_addf(sheet->out,
                    "<rect class=\"box\" fill=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" "
                    "height=\"%.2f\"><title>",
                    sheet_fill(sheet, order[i]->part, colors), box.left, floor - box.top,
                    box.right - box.left, box.top - box.foot);
        buffer_add_xml(sheet->out, sheet->looks[order[i]->part].title);
        buffer_addf(sheet->out, " from %.1f to %.1f mm</title></rect>\n", box.foot, box.top);
    }
    free(order);
}

void sheet_add_side(const struct sheet *sheet)
{
    double unit = sheet->unit, depth_mm = sheet->request->depth_mm;
    double above = depth_mm + (BELOW + sheet->rows * ROW + 2) * unit;
    double floor = above + SIDE_ABOVE * unit + sheet->top_mm;
    if (sheet->top_mm <= 0)
        return;
    sheet_text(sheet, 0, above + 6 * unit, LETTERS * unit, " font-weight=\"bold\"",
               "FROM THE FRONT, HEIGHTS IN MM");
    add_heights(sheet, floor);
    add_boxes(sheet, floor);
    buffer_addf(sheet->out, "<path class=\"edge\" d=\"M0 %.2fH%.2f\"/>\n", floor,
                sheet->request->width_mm);
}
