/* Painting the shadow of a mesh, and walking around what was painted. */
#include "geometry/silhouette.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLANK, PAINTED, OUTSIDE }; /* a cell */

/* One row of cells more on every side, so that all that was painted has an outside. */
struct canvas {
    uint32_t columns, rows; /* with the margin */
    double low[2], cell[2];
    unsigned char *cells, *walked; /* walked: the cell's left edge is part of a ring */
};

static const double smallest_mm = 1e-3; /* of a part that has no width at all */
static const double touch = 1e-6;       /* what reaches into a cell by less, in cells, does not */

static unsigned char *cell_at(const struct canvas *canvas, uint32_t column, uint32_t row)
{
    return &canvas->cells[(size_t)row * canvas->columns + column];
}

/* ---- painting ---- */

static bool canvas_open(struct canvas *canvas, const struct mesh *mesh, uint32_t cells)
{
    double high[2] = {-HUGE_VAL, -HUGE_VAL};
    uint32_t counts[2];
    canvas->low[0] = canvas->low[1] = HUGE_VAL;
    for (uint32_t i = 0; i < mesh->triangle_count; i++)
        for (int corner = 0; corner < 3; corner++)
            for (int axis = 0; axis < 2; axis++) {
                double at = (double)mesh->vertices[mesh->triangles[i][corner]][axis];
                if (!isfinite(at))
                    return false;
                canvas->low[axis] = fmin(canvas->low[axis], at);
                high[axis] = fmax(high[axis], at);
            }
    if (!mesh->triangle_count)
        return false;
    double longer = fmax(high[0] - canvas->low[0], high[1] - canvas->low[1]);
    for (int axis = 0; axis < 2; axis++) {
        double side = fmax(high[axis] - canvas->low[axis], smallest_mm);
        counts[axis] = longer > 0 ? (uint32_t)ceil(side / fmax(longer, side) * cells) : 1;
        canvas->cell[axis] = side / counts[axis]; /* the sides are whole: none of it is lost */
    }
    canvas->columns = counts[0] + 2;
    canvas->rows = counts[1] + 2;
    canvas->cells = memory_zeroed((size_t)canvas->columns * canvas->rows, 1);
    canvas->walked = memory_zeroed((size_t)canvas->columns * canvas->rows, 1);
    return true;
}

/* The first and last cell of low..high, which are in cells; at least one. */
static void covered(double low, double high, uint32_t count, uint32_t range[2])
{
    double first = fmin(fmax(floor(low + touch), 0), count - 1);
    double last = fmin(fmax(ceil(high - touch) - 1, first), count - 1);
    range[0] = (uint32_t)first;
    range[1] = (uint32_t)last;
}

/* From where to where along x the triangle reaches between two heights. */
static void reach_between(const double (*corners)[2], double bottom, double top, double reach[2])
{
    reach[0] = HUGE_VAL;
    reach[1] = -HUGE_VAL;
    for (int i = 0; i < 3; i++) {
        const double *a = corners[i], *b = corners[(i + 1) % 3];
        double rise = b[1] - a[1];
        double ends[2] = {0, 1};
        if (rise != 0) {
            double at_bottom = (bottom - a[1]) / rise, at_top = (top - a[1]) / rise;
            ends[0] = fmax(0, fmin(at_bottom, at_top));
            ends[1] = fmin(1, fmax(at_bottom, at_top));
        }
        if (ends[0] > ends[1] || (rise == 0 && (a[1] < bottom || a[1] > top)))
            continue;
        for (int end = 0; end < 2; end++) {
            double x = a[0] + ends[end] * (b[0] - a[0]);
            reach[0] = fmin(reach[0], x);
            reach[1] = fmax(reach[1], x);
        }
    }
}

static void paint_triangle(struct canvas *canvas, const double (*corners)[2])
{
    uint32_t rows[2], columns[2];
    double reach[2];
    covered(fmin(fmin(corners[0][1], corners[1][1]), corners[2][1]),
            fmax(fmax(corners[0][1], corners[1][1]), corners[2][1]), canvas->rows - 2, rows);
    for (uint32_t row = rows[0]; row <= rows[1]; row++) {
        reach_between(corners, row, row + 1.0, reach);
        if (reach[0] > reach[1])
            continue;
        covered(reach[0], reach[1], canvas->columns - 2, columns);
        memset(cell_at(canvas, columns[0] + 1, row + 1), PAINTED, columns[1] - columns[0] + 1);
    }
}

/* Upright faces add nothing to what the others cover, but the cell beside them; `upright` says whether they are painted.
   Returns whether anything was. */
static bool paint(struct canvas *canvas, const struct mesh *mesh, bool upright)
{
    bool any = false;
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        double corners[3][2];
        for (int corner = 0; corner < 3; corner++)
            for (int axis = 0; axis < 2; axis++) {
                double at = (double)mesh->vertices[mesh->triangles[i][corner]][axis];
                corners[corner][axis] = (at - canvas->low[axis]) / canvas->cell[axis];
            }
        double area = (corners[1][0] - corners[0][0]) * (corners[2][1] - corners[0][1]) -
                      (corners[1][1] - corners[0][1]) * (corners[2][0] - corners[0][0]);
        if (!upright && fabs(area) <= touch)
            continue;
        paint_triangle(canvas, (const double(*)[2])corners);
        any = true;
    }
    return any;
}

/* Two cells that meet at a corner only would make a ring touch itself: a third and a fourth are painted. */
static bool fill_corner(struct canvas *canvas, uint32_t column, uint32_t row)
{
    unsigned char *low = cell_at(canvas, column, row), *high = cell_at(canvas, column, row + 1);
    if (low[0] != high[1] || low[1] != high[0] || low[0] == low[1])
        return false;
    low[0] = low[1] = high[0] = high[1] = PAINTED;
    return true;
}

static void fill_corners(struct canvas *canvas)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t row = 0; row + 1 < canvas->rows; row++)
            for (uint32_t column = 0; column + 1 < canvas->columns; column++)
                changed |= fill_corner(canvas, column, row);
    }
}

/* What can be reached from the margin; all else is then the part, its holes too. */
static void flood(struct canvas *canvas)
{
    size_t size = (size_t)canvas->columns * canvas->rows, top = 0;
    size_t *stack = memory_alloc(size * sizeof *stack);
    canvas->cells[0] = OUTSIDE;
    stack[top++] = 0;
    while (top) {
        size_t at = stack[--top], column = at % canvas->columns;
        const struct {
            bool there;
            size_t to;
        } next[] = {{column > 0, at - 1},
                    {column + 1 < canvas->columns, at + 1},
                    {at >= canvas->columns, at - canvas->columns},
                    {at + canvas->columns < size, at + canvas->columns}};
        for (int way = 0; way < 4; way++)
            if (next[way].there && canvas->cells[next[way].to] == BLANK) {
                canvas->cells[next[way].to] = OUTSIDE;
                stack[top++] = next[way].to;
            }
    }
    free(stack);
}

/* ---- walking around ---- */

static bool is_part(const struct canvas *canvas, uint32_t column, uint32_t row)
{
    return *cell_at(canvas, column, row) != OUTSIDE;
}

static void add_point(struct ring *ring, const struct canvas *canvas, uint32_t column, uint32_t row)
{
    if ((ring->count & (ring->count + 1)) == 0)
        ring->points =
            memory_resize(ring->points, (2 * (size_t)ring->count + 2) * sizeof *ring->points);
    ring->points[ring->count][0] = canvas->low[0] + (column - 1) * canvas->cell[0];
    ring->points[ring->count++][1] = canvas->low[1] + (row - 1) * canvas->cell[1];
}

/* Counter-clockwise, with the part on the left, from the corner below a left edge, downward first. At a corner of the
   grid the walk turns left if there is no part ahead on the left, right if there is part ahead on the right. */
static void walk(const struct canvas *canvas, uint32_t column, uint32_t row, struct ring *ring)
{
    static const int steps[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    static const int left[4][2] = {{0, 0}, {-1, 0}, {-1, -1}, {0, -1}};  /* the cell ahead */
    static const int right[4][2] = {{0, -1}, {0, 0}, {-1, 0}, {-1, -1}}; /* by direction */
    const uint32_t start[2] = {column, row};
    int way = 3;
    row++; /* the walk begins with the left edge that was found */
    do {
        if (way == 3)
            canvas->walked[(size_t)(row - 1) * canvas->columns + column] = 1;
        column += (uint32_t)steps[way][0];
        row += (uint32_t)steps[way][1];
        int before = way;
        if (is_part(canvas, column + (uint32_t)right[way][0], row + (uint32_t)right[way][1]))
            way = (way + 3) % 4;
        else if (!is_part(canvas, column + (uint32_t)left[way][0], row + (uint32_t)left[way][1]))
            way = (way + 1) % 4;
        if (way != before)
            add_point(ring, canvas, column, row);
    } while (column != start[0] || row != start[1] + 1 || way != 3);
}

static void trace(const struct canvas *canvas, struct silhouette *silhouette)
{
    for (uint32_t row = 1; row + 1 < canvas->rows; row++)
        for (uint32_t column = 1; column + 1 < canvas->columns; column++) {
            if (!is_part(canvas, column, row) || is_part(canvas, column - 1, row) ||
                canvas->walked[(size_t)row * canvas->columns + column])
                continue;
            silhouette->rings = memory_resize(silhouette->rings,
                                              (silhouette->count + 1) * sizeof *silhouette->rings);
            struct ring *ring = &silhouette->rings[silhouette->count++];
            *ring = (struct ring){0};
            walk(canvas, column, row, ring);
        }
}

struct silhouette silhouette_of(const struct mesh *mesh, uint32_t cells)
{
    struct silhouette silhouette = {0};
    struct canvas canvas = {0};
    if (!canvas_open(&canvas, mesh, cells))
        return silhouette;
    if (!paint(&canvas, mesh, false))
        paint(&canvas, mesh, true); /* a sheet on its edge */
    fill_corners(&canvas);
    flood(&canvas);
    trace(&canvas, &silhouette);
    silhouette_smooth(&silhouette, fmax(canvas.cell[0], canvas.cell[1]));
    free(canvas.cells);
    free(canvas.walked);
    return silhouette;
}

struct silhouette silhouette_copy(const struct silhouette *silhouette)
{
    struct silhouette copy = {silhouette->count, NULL};
    copy.rings = memory_alloc((copy.count + (size_t)1) * sizeof *copy.rings);
    for (uint32_t i = 0; i < copy.count; i++) {
        const struct ring *ring = &silhouette->rings[i];
        copy.rings[i] =
            (struct ring){ring->count, memory_alloc(ring->count * sizeof *ring->points)};
        memcpy(copy.rings[i].points, ring->points, ring->count * sizeof *ring->points);
    }
    return copy;
}

void silhouette_free(struct silhouette *silhouette)
{
    for (uint32_t i = 0; i < silhouette->count; i++)
        free(silhouette->rings[i].points);
    free(silhouette->rings);
    *silhouette = (struct silhouette){0};
}

static double ring_area(const struct ring *ring)
{
    double twice = 0;
    for (uint32_t i = 0; i < ring->count; i++) {
        const double *a = ring->points[i], *b = ring->points[(i + 1) % ring->count];
        twice += a[0] * b[1] - a[1] * b[0];
    }
    return twice / 2;
}

double silhouette_area(const struct silhouette *silhouette)
{
    double area = 0;
    for (uint32_t i = 0; i < silhouette->count; i++)
        area += ring_area(&silhouette->rings[i]);
    return area;
}
