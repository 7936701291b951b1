#include "geometry/walls.h"

#include "base/memory.h"
#include "geometry/faces.h"
#include "geometry/inside.h"

#include <stdlib.h>

enum {
    POINTS_AT_LEAST = 512,
    POINTS_AT_MOST = 4096,
    HITS = 16,
    THIN_POINTS = 3,
    LOOKED_AT_MOST = 20 * 1000 * 1000
};

static const double parallel = -0.96592582628906829; /* the cosine of 165 degrees */
static const double rounding_mm = 1e-4;              /* what two floats may be off */

/* ---- looking inward from one point ---- */

struct hit {
    double depth_mm;
    bool leaves, opposite;
};

struct sight {
    const struct mesh *mesh;
    uint32_t face;
    double from[3], inward[3], least_mm;
    struct hit hits[HITS];
    uint32_t count;
    uint32_t looked; /* faces, from all points: thousands over one another are no part */
};

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double product[3])
{
    product[0] = a[1] * b[2] - a[2] * b[1];
    product[1] = a[2] * b[0] - a[0] * b[2];
    product[2] = a[0] * b[1] - a[1] * b[0];
}

/* Whether the line meets the face (Moller and Trumbore); *depth is then how far away. */
static bool meets(const struct sight *sight, double corners[3][3], double *depth)
{
    double a[3], b[3], p[3], q[3], to[3];
    for (int axis = 0; axis < 3; axis++) {
        a[axis] = corners[1][axis] - corners[0][axis];
        b[axis] = corners[2][axis] - corners[0][axis];
        to[axis] = sight->from[axis] - corners[0][axis];
    }
    cross(sight->inward, b, p);
    double determinant = dot(a, p);
    if (determinant == 0)
        return false;
    double u = dot(to, p) / determinant;
    cross(to, a, q);
    double v = dot(sight->inward, q) / determinant;
    *depth = dot(b, q) / determinant;
    return u >= 0 && v >= 0 && u + v <= 1;
}

static bool look(void *context, uint32_t face)
{
    struct sight *sight = context;
    const float origin[3] = {0, 0, 0};
    double corners[3][3], normal[3], depth;
    if (++sight->looked > LOOKED_AT_MOST)
        return false;
    if (face == sight->face)
        return true;
    face_corners(sight->mesh, face, origin, corners);
    if (!meets(sight, corners, &depth) || depth <= 1e-9 * sight->least_mm ||
        depth >= sight->least_mm)
        return true;
    corners_normal(corners, normal);
    double along = dot(normal, sight->inward) / length_of(normal);
    struct hit hit = {depth, along > 0, along >= -parallel};
    uint32_t at = sight->count++;
    for (; at && sight->hits[at - 1].depth_mm > depth; at--)
        sight->hits[at] = sight->hits[at - 1];
    sight->hits[at] = hit;
    return sight->count < HITS;
}

/* The thickness of the wall below the point; least_mm where it is as thick as that, or no wall. */
static double wall_below(const struct box_tree *tree, struct sight *sight)
{
    float low[3], high[3];
    double wider_mm = 0.01 * sight->least_mm; /* than the rounding of the box */
    for (int axis = 0; axis < 3; axis++) {
        double to = sight->from[axis] + sight->inward[axis] * sight->least_mm;
        low[axis] = (float)(lesser(sight->from[axis], to) - wider_mm);
        high[axis] = (float)(greater(sight->from[axis], to) + wider_mm);
    }
    sight->count = 0;
    boxes_visit(tree, low, high, look, sight);
    int bodies = 1; /* bodies may overlap: it ends where the last of them does */
    for (uint32_t i = 0; i < sight->count && sight->count < HITS; i++) {
        bodies += sight->hits[i].leaves ? -1 : 1;
        if (!bodies)
            return sight->hits[i].opposite ? sight->hits[i].depth_mm : sight->least_mm;
    }
    return sight->least_mm;
}

/* ---- points over the surface ---- */

static double fraction(double x)
{
    return x - (double)(uint32_t)x;
}

/* The n-th of a sequence that fills a square evenly, folded into a triangle. */
static void spread(uint32_t n, double *u, double *v)
{
    *u = fraction(0.5 + n * 0.75487766624669276);
    *v = fraction(0.5 + n * 0.56984029099805327);
    if (*u + *v > 1) {
        *u = 1 - *u;
        *v = 1 - *v;
    }
}

static double *add_areas(const struct mesh *mesh)
{
    double *until = memory_alloc((mesh->triangle_count + (size_t)1) * sizeof *until), sum = 0;
    double corners[3][3];
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        face_corners(mesh, i, mesh->vertices[mesh->triangles[i][0]], corners);
        until[i] = sum += corners_area(corners);
    }
    return until;
}

/* Four squares of the thickness a point, so that the least that counts has more than two. */
static uint32_t points_for(double area, double least_mm)
{
    double points = area / (4 * least_mm * least_mm);
    return points < POINTS_AT_LEAST  ? POINTS_AT_LEAST
           : points > POINTS_AT_MOST ? POINTS_AT_MOST
                                     : (uint32_t)points;
}

/* False on a face without area. */
static bool stand_on(struct sight *sight, uint32_t face, uint32_t n)
{
    const float origin[3] = {0, 0, 0};
    double corners[3][3], normal[3], u, v;
    face_corners(sight->mesh, face, origin, corners);
    corners_normal(corners, normal);
    double length = length_of(normal);
    spread(n, &u, &v);
    for (int axis = 0; axis < 3; axis++) {
        sight->from[axis] = corners[0][axis] + u * (corners[1][axis] - corners[0][axis]) +
                            v * (corners[2][axis] - corners[0][axis]);
        sight->inward[axis] = -normal[axis] / length;
    }
    sight->face = face;
    return length > 0;
}

/* The point is at the outside: a face may also lie within another body. */
static bool is_outside(const struct box_tree *tree, const struct sight *sight)
{
    double at[3];
    for (int axis = 0; axis < 3; axis++)
        at[axis] = sight->from[axis] - sight->inward[axis] * 0.01 * sight->least_mm;
    return bodies_at(tree, at) <= 0;
}

struct thin_walls walls_thinner_than(const struct mesh *mesh, double least_mm)
{
    struct thin_walls thin = {.thickness_mm = least_mm};
    struct sight sight = {.mesh = mesh, .least_mm = least_mm - rounding_mm};
    if (!mesh->triangle_count || sight.least_mm <= 0)
        return (struct thin_walls){0};
    struct box_tree tree = boxes_build(mesh);
    double *until = add_areas(mesh), area = until[mesh->triangle_count - 1];
    uint32_t face = 0, thin_points = 0, points = points_for(area, least_mm);
    for (uint32_t n = 0; n < points && sight.looked <= LOOKED_AT_MOST; n++) {
        double goal = area * (n + 0.5) / points;
        while (face + 1 < mesh->triangle_count && until[face] < goal)
            face++;
        if (!stand_on(&sight, face, n))
            continue;
        double thickness = wall_below(&tree, &sight);
        if (thickness >= sight.least_mm || !is_outside(&tree, &sight))
            continue;
        thin_points++;
        if (thickness >= thin.thickness_mm)
            continue;
        thin.thickness_mm = thickness;
        for (int axis = 0; axis < 3; axis++)
            thin.at[axis] = sight.from[axis];
    }
    free(until);
    boxes_free(&tree);
    thin.area_mm2 = area * thin_points / points;
    if (thin_points < THIN_POINTS || sight.looked > LOOKED_AT_MOST ||
        thin.area_mm2 < 10 * least_mm * least_mm)
        thin = (struct thin_walls){0};
    return thin;
}
