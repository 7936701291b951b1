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

static inline double least_of(double a, double b, double c)
{
    double least = a < b ? a : b;
    return least < c ? least : c;
}

static struct slope slope_over(const float *const v[3], const double values[3], double twice_area)
{
    struct slope slope;
    double x1 = (double)v[1][0] - (double)v[0][0], y1 = (double)v[1][1] - (double)v[0][1];
    double x2 = (double)v[2][0] - (double)v[0][0], y2 = (double)v[2][1] - (double)v[0][1];
    double d1 = values[1] - values[0], d2 = values[2] - values[0];
    slope.right = (d1 * y2 - d2 * y1) / twice_area;
    slope.down = (d2 * x1 - d1 * x2) / twice_area;
    slope.at_0 = values[0] - slope.right * (double)v[0][0] - slope.down * (double)v[0][1];
    slope.least = least_of(values[0], values[1], values[2]);
    slope.most = -least_of(-values[0], -values[1], -values[2]);
    return slope;
}

/* The same along one row: float, since there are millions of samples. */
struct row_slope {
    float at_0, right, least, most;
};

static struct row_slope slope_along(const struct slope *slope, double y, double left)
{
    return (struct row_slope){(float)(slope->at_0 + slope->down * y + slope->right * left),
                              (float)slope->right, (float)slope->least, (float)slope->most};
}

static inline float slope_at(const struct row_slope *slope, int step)
{
    float value = slope->at_0 + slope->right * (float)step;
    value = value < slope->least ? slope->least : value;
    return value > slope->most ? slope->most : value;
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
        *left = x < *left ? x : *left;
        *right = x > *right ? x : *right;
    }
    return *left <= *right;
}

static void fill_row(struct look *look, int row, int first, int last, const struct slope *depth,
                     const struct slope *grey)
{
    size_t at = (size_t)row * (size_t)look->columns + (size_t)first;
    struct row_slope depth_row = slope_along(depth, row + 0.5, first + 0.5);
    struct row_slope grey_row = slope_along(grey, row + 0.5, first + 0.5);
    float *depths = look->depth + at;
    unsigned char *greys = look->grey + at;
    for (int step = 0; step <= last - first; step++) {
        float near = slope_at(&depth_row, step);
        if (near <= depths[step])
            continue;
        depths[step] = near;
        greys[step] = (unsigned char)(slope_at(&grey_row, step) + 0.5F);
    }
}

static void fill(struct look *look, const float *const v[3], const struct slope *depth,
                 const struct slope *grey)
{
    double top = least_of((double)v[0][1], (double)v[1][1], (double)v[2][1]);
    double bottom = -least_of(-(double)v[0][1], -(double)v[1][1], -(double)v[2][1]);
    int last_row = (int)floor(bottom - 0.5);
    for (int row = (int)ceil(top - 0.5); row <= last_row; row++) {
        double left, right;
        if (!row_span(v, row + 0.5, &left, &right))
            continue;
        int first = (int)ceil(left - 0.5), last = (int)floor(right - 0.5);
        if (first <= last)
            fill_row(look, row, first, last, depth, grey);
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
