/* The surface of a look: each face's samples, the nearest one kept, in greys by where the face looks. */
#include "geometry/picture_private.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Towards the light, above the eye on the left; length 1. A face that looks there is almost white, one that looks away
   still light enough for a line and a letter on it. */
static const double light[3] = {-0.3511, 0.6019, 0.7173};
#define GREY_DARK 128.0
#define GREY_RANGE 122.0
#define GREY_WITHIN 0.8 /* the inner side of a surface that is not closed is darker */

static double grey_of(const struct look *look, const float normal[3], bool from_behind)
{
    double turned[3];
    look_turn(look, normal, turned);
    double sign = from_behind ? -1 : 1;
    double towards =
        sign * (light[0] * turned[0] + light[1] * turned[1] + light[2] * turned[2]); /* -1 .. 1 */
    double grey = GREY_DARK + GREY_RANGE * (1 + towards) / 2;
    return from_behind && look->scene->outward == 0 ? grey * GREY_WITHIN : grey;
}

/* A value that is linear over a face: depth, or grey. */
struct slope {
    double right, down, at_0; /* at the look's top left */
    double least, most; /* what is between the corners; a face seen from its edge has any slope */
};

static struct slope slope_over(const float *const v[3], const double values[3], double twice_area)
{
    struct slope slope;
    double x1 = (double)v[1][0] - (double)v[0][0], y1 = (double)v[1][1] - (double)v[0][1];
    double x2 = (double)v[2][0] - (double)v[0][0], y2 = (double)v[2][1] - (double)v[0][1];
    double d1 = values[1] - values[0], d2 = values[2] - values[0];
    slope.right = (d1 * y2 - d2 * y1) / twice_area;
    slope.down = (d2 * x1 - d1 * x2) / twice_area;
    slope.at_0 = values[0] - slope.right * (double)v[0][0] - slope.down * (double)v[0][1];
    slope.least = fmin(values[0], fmin(values[1], values[2]));
    slope.most = fmax(values[0], fmax(values[1], values[2]));
    return slope;
}

static inline double slope_at(const struct slope *slope, double x, double y)
{
    double value = slope->at_0 + slope->right * x + slope->down * y;
    return value < slope->least ? slope->least : value > slope->most ? slope->most : value;
}

/* Where a row's middle meets the face: from left to right. False where it does not. */
static bool row_span(const float *const v[3], double y, double *left, double *right)
{
    *left = INFINITY;
    *right = -INFINITY;
    for (int i = 0; i < 3; i++) {
        const float *a = v[i], *b = v[i == 2 ? 0 : i + 1];
        double ay = (double)a[1], by = (double)b[1];
        if ((y < ay && y < by) || (y > ay && y > by) || ay == by)
            continue;
        double x = (double)a[0] + (y - ay) / (by - ay) * ((double)b[0] - (double)a[0]);
        *left = fmin(*left, x);
        *right = fmax(*right, x);
    }
    return *left <= *right;
}

static void fill(struct look *look, const float *const v[3], const struct slope *depth,
                 const struct slope *grey)
{
    double top = fmin((double)v[0][1], fmin((double)v[1][1], (double)v[2][1]));
    double bottom = fmax((double)v[0][1], fmax((double)v[1][1], (double)v[2][1]));
    int last_row = (int)floor(bottom - 0.5);
    for (int row = (int)ceil(top - 0.5); row <= last_row; row++) {
        double y = row + 0.5, left, right;
        if (!row_span(v, y, &left, &right))
            continue;
        int last = (int)floor(right - 0.5);
        float *depths = look->depth + (size_t)row * (size_t)look->columns;
        unsigned char *greys = look->grey + (size_t)row * (size_t)look->columns;
        for (int column = (int)ceil(left - 0.5); column <= last; column++) {
            float near = (float)slope_at(depth, column + 0.5, y);
            if (near <= depths[column])
                continue;
            depths[column] = near;
            greys[column] = (unsigned char)(slope_at(grey, column + 0.5, y) + 0.5);
        }
    }
}

static void draw_face(struct look *look, uint32_t face)
{
    const struct scene *scene = look->scene;
    const uint32_t *corners = scene->mesh->triangles[face];
    const float *const v[3] = {look->vertices[corners[0]], look->vertices[corners[1]],
                               look->vertices[corners[2]]};
    double twice_area = ((double)v[1][0] - (double)v[0][0]) * ((double)v[2][1] - (double)v[0][1]) -
                        ((double)v[2][0] - (double)v[0][0]) * ((double)v[1][1] - (double)v[0][1]);
    if (fabs(twice_area) < 1e-9)
        return;
    bool from_behind = twice_area > 0; /* down is positive: outside, corners run clockwise here */
    double depths[3], greys[3];
    for (int corner = 0; corner < 3; corner++) {
        const float *normal = scene->corners ? scene->corners[3 * (size_t)face + (size_t)corner]
                                             : scene->normals[face];
        depths[corner] = (double)v[corner][2];
        greys[corner] = grey_of(look, normal, from_behind);
    }
    struct slope depth = slope_over(v, depths, twice_area);
    struct slope grey = slope_over(v, greys, twice_area);
    fill(look, v, &depth, &grey);
}

void look_surface(struct look *look)
{
    size_t samples = (size_t)look->columns * (size_t)look->rows;
    look->depth = memory_alloc(samples * sizeof *look->depth);
    look->grey = memory_alloc(samples);
    memset(look->grey, 255, samples);
    for (size_t i = 0; i < samples; i++)
        look->depth[i] = -INFINITY;
    for (uint32_t face = 0; face < look->scene->mesh->triangle_count; face++)
        draw_face(look, face);
}
