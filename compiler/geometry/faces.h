/* A face in doubles. */
#ifndef FLOW_GEOMETRY_FACES_H
#define FLOW_GEOMETRY_FACES_H

#include "geometry/mesh.h"

#include <math.h>

/* fmin() and fmax() ask about what is no number, and are calls. */
static inline double lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double greater(double a, double b)
{
    return a > b ? a : b;
}

static inline float lesser_float(float a, float b)
{
    return a < b ? a : b;
}

static inline float greater_float(float a, float b)
{
    return a > b ? a : b;
}

/* The corners as seen from a place: near ones lose no digits to a far origin. */
static inline void face_corners(const struct mesh *mesh, uint32_t face, const float from[3],
                                double corners[3][3])
{
    for (int corner = 0; corner < 3; corner++)
        for (int axis = 0; axis < 3; axis++)
            corners[corner][axis] =
                (double)mesh->vertices[mesh->triangles[face][corner]][axis] - (double)from[axis];
}

/* Six times the tetrahedron's with the place they are seen from, which keeps sums of whole numbers exact; negative where
   that place is outside. */
static inline double corners_six_volumes(double c[3][3])
{
    return c[0][0] * (c[1][1] * c[2][2] - c[1][2] * c[2][1]) +
           c[0][1] * (c[1][2] * c[2][0] - c[1][0] * c[2][2]) +
           c[0][2] * (c[1][0] * c[2][1] - c[1][1] * c[2][0]);
}

/* Outward, as long as twice the area. */
static inline void corners_normal(double c[3][3], double normal[3])
{
    double a[3], b[3];
    for (int axis = 0; axis < 3; axis++) {
        a[axis] = c[1][axis] - c[0][axis];
        b[axis] = c[2][axis] - c[0][axis];
    }
    normal[0] = a[1] * b[2] - a[2] * b[1];
    normal[1] = a[2] * b[0] - a[0] * b[2];
    normal[2] = a[0] * b[1] - a[1] * b[0];
}

static inline double length_of(const double a[3])
{
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

static inline double corners_area(double corners[3][3])
{
    double normal[3];
    corners_normal(corners, normal);
    return length_of(normal) / 2;
}

#endif
